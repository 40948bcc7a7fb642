"""The page with the languages side by side."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest
from conftest import LANGUAGES
from test_form import SAMPLE, SOUND, blocks, read, wording, write
from test_review import reviewed

from publish.desk import report
from publish.finding import Finding
from publish.text.outline import outline
from publish.text.review import Allowed, Review

if TYPE_CHECKING:
    from pathlib import Path

    from publish.desk.press import Desk
    from publish.finding import Severity
    from publish.text.resolution import Resolution

SYMBOL = "A/RES/80/1"
MARKUP = """<script>alert('"')</script> &lt; {{ 7 + 7 }} {% include 'x' %} {# y #} <img src=x onerror="alert(1)">"""


@dataclass
class Cell:
    """A cell of a table: what it says of itself, its text, and the pieces of it that are marked and underlined."""

    attributes: dict[str, str | None]
    text: str = ""
    marked: list[str] = field(default_factory=list)
    underlined: list[str] = field(default_factory=list)


class Page(HTMLParser):
    """A page as a browser reads it: its elements, its rows of cells, its entries of lists, and its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.rows: list[list[Cell]] = []
        self.entries: list[str] = []
        self.texts: dict[str, list[str]] = {}
        self.open: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin an element."""
        self.elements.append((tag, dict(attrs)))
        if tag != "meta":
            self.open.append(tag)
        if tag == "tr":
            self.rows.append([])
        elif tag in {"td", "th"}:
            self.rows[-1].append(Cell(dict(attrs)))
        elif tag == "li":
            self.entries.append("")
        elif tag in {"mark", "span"}:
            cell = self.rows[-1][-1]
            (cell.marked if tag == "mark" else cell.underlined).append("")

    def handle_endtag(self, tag: str) -> None:
        """End an element, which must be the last that began."""
        assert tag == self.open.pop()

    def handle_data(self, data: str) -> None:
        """Add a text to what is open."""
        self.texts.setdefault(self.open[-1] if self.open else "", []).append(data)
        if "li" in self.open:
            self.entries[-1] += data
        if "td" in self.open or "th" in self.open:
            cell = self.rows[-1][-1]
            cell.text += data
            if self.open[-1] in {"mark", "span"}:
                (cell.marked if self.open[-1] == "mark" else cell.underlined)[-1] += data

    @property
    def listed(self) -> list[str]:
        """The entries of all lists, their blanks made one."""
        return [" ".join(entry.split()) for entry in self.entries]

    @property
    def names(self) -> list[str]:
        """The names of the rows, in their order."""
        return [row[0].text for row in self.rows if row[0].attributes.get("scope") == "rowgroup"]

    def row(self, name: str) -> list[Cell]:
        """Give the cells below the name of a row."""
        return self.rows[self.place(name) + 1]

    def place(self, name: str) -> int:
        """Give which row it is that has just this name."""
        return next(index for index, row in enumerate(self.rows) if [name] == [cell.text for cell in row])

    def found(self, name: str) -> str:
        """Give what is told below a row, which may be nothing."""
        (first, *_), *_ = [*self.rows[self.place(name) + 2 :], [Cell({"scope": "rowgroup"})]]
        return "" if first.attributes.get("scope") == "rowgroup" else " ".join(first.text.split())


def shown(desk: Desk, found: Resolution | None, *findings: Finding, allowed: tuple[Allowed, ...] = ()) -> Page:
    """Give the page of one resolution."""
    return Page(report.report(desk, [(found, Review(SYMBOL, findings, allowed))]))


def both(folder: Path, **texts: str) -> Path:
    """Write a resolution in English and French with other operative paragraphs."""
    sources = {
        code: blocks(wording(code, **({"operative": texts[code]} if code in texts else {}))) for code in ("en", "fr")
    }
    return write(folder, sources)


# ---- The page


def test_the_page_stands_alone(desk: Desk) -> None:
    """The page loads nothing, leads nowhere and runs nothing, so that it can be sent and kept."""
    html = report.report(desk, [(read(desk, SAMPLE), Review("A/RES/56/149", ()))])
    page = Page(html)
    tags = {tag for tag, _ in page.elements}
    assert {"table", "style", "section"} <= tags
    assert set() == tags & {"script", "link", "img", "iframe", "object", "embed", "base", "form", "a", "svg", "audio"}
    names = {name for _, attributes in page.elements for name in attributes}
    assert {"lang", "dir", "class", "scope", "colspan", "charset", "name", "content"} >= names
    style = "".join(page.texts["style"])
    assert None is re.search(r"url\(|@import|expression\(|https?:", style)
    assert [] == page.open


def test_the_page_names_what_it_shows(desk: Desk, tmp_path: Path) -> None:
    """Several resolutions stand one after the other under their symbols, which the title of the page lists."""
    first, second = read(desk, both(tmp_path)), None
    reviews = [(first, Review("A/RES/80/1", ())), (second, Review("A/RES/80/2", ()))]
    page = Page(report.report(desk, reviews))
    assert ["A/RES/80/1, A/RES/80/2: proofreading"] == page.texts["title"]
    assert ["A/RES/80/1", "A/RES/80/2"] == page.texts["h2"]
    assert ["0 found, 0 let stand"] * 2 == page.texts["p"]


# ---- Side by side


def test_six_languages_stand_side_by_side(desk: Desk) -> None:
    """Each text is a row of six cells in the order of the languages, in the order of the original."""
    found = read(desk, SAMPLE)
    page = shown(desk, found)
    assert [*LANGUAGES] == [cell.text for cell in page.rows[0]]
    units = {code: [one for one in outline(found.wordings[code]).walk() if one.runs] for code in LANGUAGES}
    assert [unit.name for unit in units["en"]] == page.names
    for number, name in enumerate(page.names):
        assert [units[code][number].plain for code in LANGUAGES] == [cell.text for cell in page.row(name)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_cell_reads_as_its_language(desk: Desk, language: str) -> None:
    """A cell names its language, and Arabic reads from the right."""
    page = shown(desk, read(desk, SAMPLE))
    cells = [page.row(name)[LANGUAGES.index(language)].attributes for name in page.names]
    direction = "rtl" if language == "ar" else "ltr"
    assert {("zh-Hans" if language == "zh" else language, direction)} == {(one["lang"], one["dir"]) for one in cells}


def test_a_text_that_is_missing_leaves_its_cell_empty(desk: Desk, tmp_path: Path) -> None:
    """Where a language lacks a text its cell says so, and what follows it is beside the others."""
    english = wording("en", "*Requests* 300 books;", "*Invites* 40 States to read them;")
    french = wording("fr", "*Prie* de donner 300 livres;") | {"annexes": [{"body": ["*Une annexe*"]}]}
    page = shown(desk, read(desk, write(tmp_path, {"en": blocks(english), "fr": blocks(french)})))
    expected = ["title", "preambular paragraph 1", *(f"operative paragraph {number}" for number in (1, 2, 3))]
    assert [*expected, "annex I, paragraph 1"] == page.names
    there, missing = page.row("operative paragraph 2")
    assert ("Invites 40 States to read them;", "missing") == (there.text, missing.text)
    assert "missing" == missing.attributes["class"]
    assert ["missing", "Une annexe"] == [cell.text for cell in page.row("annex I, paragraph 1")]
    last = [SOUND[code]["last"].replace("*", "") for code in ("en", "fr")]
    assert last == [cell.text for cell in page.row("operative paragraph 3")]


def test_rows_have_the_names_of_the_original(desk: Desk, tmp_path: Path) -> None:
    """Where texts of different numbers are beside each other, it is the original's that names them."""
    english = wording("en", "*Requests* 300 books;", "*Invites* 40 States to read them;")
    french = wording("fr", "*Prie* de donner 300 livres;")
    sources = {"en": blocks(english), "fr": blocks(french)}
    page = shown(desk, read(desk, write(tmp_path, sources, original="fr")))
    names = ["title", "preambular paragraph 1", *(f"operative paragraph {number}" for number in (1, 2, 2))]
    assert names == page.names
    assert SOUND["en"]["last"].replace("*", "") == page.rows[-1][0].text


# ---- What is marked


def test_what_all_languages_say_is_underlined(desk: Desk, tmp_path: Path) -> None:
    """Numbers, dates and symbols are set apart in each language where they agree."""
    texts = {"en": "*Requests* 300 books by 1 May 2027;", "fr": "*Prie* de donner 300 livres au 1er mai 2027;"}
    page = shown(desk, read(desk, both(tmp_path, **texts)))
    english, french = page.row("operative paragraph 1")
    assert ["300", "1 May 2027"] == english.underlined
    assert ["300", "1er mai 2027"] == french.underlined
    assert ["Requests 300 books by 1 May 2027;", []] == [english.text, english.marked + french.marked]


def test_words_that_differ_are_marked(desk: Desk, tmp_path: Path) -> None:
    """What a finding is about, or compares with, is marked, and the same words elsewhere are not."""
    texts = {"en": "*Requests* 300 books and 300 pages;", "fr": "*Prie* de donner 300 livres et 200 pages;"}
    found = read(desk, both(tmp_path, **texts))
    second = found.wordings["en"].nodes["para_1"].find("300", 1)
    html = report.report(desk, [(found, Review(SYMBOL, (Finding("C107", "another number", beside=second),)))])
    english, french = Page(html).row("operative paragraph 1")
    assert (["300"], ["300"], []) == (english.marked, english.underlined, french.marked)
    assert '<span class="mention">300</span> books and <mark>300</mark> pages;' in html


# ---- What was found


def test_what_is_found_stands_below_its_row(desk: Desk, tmp_path: Path) -> None:
    """Each finding is told once, below the row of its text, with its code, what to do, its file and its line."""
    texts = {"en": "*Requets* 300 books;", "fr": "*Prie* de donner 200 livres;"}
    found = read(desk, both(tmp_path, **texts))
    done = reviewed(desk, found.folder)
    page = Page(report.report(desk, [(found, done)]))
    words = page.found("operative paragraph 1")
    assert "C201 operative paragraph 1 opens with 'Requets'; did you mean 'Requests'? en.yaml:8" in words
    assert ["C107", "C201"] == sorted({finding.code for finding in done.findings})
    assert all(f"{finding.code} {finding.message}" in words for finding in done.findings)
    assert len(done.findings) == len(page.entries)
    english, french = page.row("operative paragraph 1")
    assert (["300"], ["200"]) == (english.marked, french.marked)
    for name in ("title", "preambular paragraph 1", "operative paragraph 2"):
        assert "" == page.found(name)


def test_what_a_language_lacks_is_told_below_its_row(desk: Desk, tmp_path: Path) -> None:
    """A finding that is only of one language is below the row of all of them, and its line is that of its own file."""
    text = {"text": "*Requests*:", "items": ["One book", "Two books;"]}
    sources = {code: blocks(wording(code, **({"operative": text} if code == "en" else {}))) for code in ("fr", "en")}
    found = read(desk, write(tmp_path, sources, original="en"))
    page = Page(report.report(desk, [(found, reviewed(desk, found.folder))]))
    words = page.found("operative paragraph 1, item (a)")
    assert "C204 operative paragraph 1, item (a) ends with 'k', not with ';' en.yaml:12" in words
    assert "C101" not in words


def test_what_belongs_to_no_text_stands_above(desk: Desk, tmp_path: Path) -> None:
    """A finding without a text of its own is listed before the table, with its code and what to do."""
    found = read(desk, both(tmp_path))
    finding = Finding("C209", "distribution is limited", hint="write general")
    page = shown(desk, found, finding)
    assert ["C209 distribution is limited; write general"] == page.listed
    tags = [tag for tag, _ in page.elements]
    assert tags.index("li") < tags.index("table")
    assert ["1 found, 0 let stand"] == page.texts["p"]


@pytest.mark.parametrize("severity", ["error", "warning"])
def test_the_severity_is_seen(desk: Desk, severity: Severity) -> None:
    """An error and a warning look different."""
    page = shown(desk, None, Finding("C209", "distribution is limited", severity=severity))
    assert [severity] == [attributes["class"] for tag, attributes in page.elements if tag == "li"]


def test_what_cannot_be_read_has_no_table(desk: Desk) -> None:
    """Of a resolution that cannot be read the findings are listed, and nothing else."""
    page = shown(desk, None, Finding("S18", "cannot read the file"), Finding("S01", "no YAML"))
    assert ["S18 cannot read the file", "S01 no YAML"] == page.listed
    assert [] == page.rows


def test_what_is_let_stand_is_listed(desk: Desk, tmp_path: Path) -> None:
    """A finding that is allowed stands under the table with its reason, and not among those found."""
    found = read(desk, both(tmp_path))
    place = found.wordings["en"].nodes["para_1"].place
    page = shown(desk, found, allowed=(Allowed(Finding("C204", "it ends", place), "as it was adopted"),))
    assert ["C204 it ends: as it was adopted en.yaml:8"] == page.listed
    tags = [tag for tag, _ in page.elements]
    assert tags.index("table") < tags.index("li")
    assert ["0 found, 1 let stand"] == page.texts["p"]


# ---- What a source can say


def test_markup_in_a_source_is_printed_as_text(desk: Desk, tmp_path: Path) -> None:
    """Tags, entities and template marks in a text, a message, a hint or a reason reach the page as they are written."""
    sources = {
        "en": blocks(wording("en", title=MARKUP, operative=f"*Requests* {MARKUP};")),
        "fr": blocks(wording("fr")),
    }
    found = read(desk, write(tmp_path, sources))
    allowed = Allowed(Finding("C204", MARKUP), MARKUP)
    page = shown(desk, found, Finding("C210", MARKUP, hint=MARKUP), allowed=(allowed,))
    assert [MARKUP, f"Requests {MARKUP};"] == [page.row(name)[0].text for name in ("title", "operative paragraph 1")]
    assert [f"C210 {MARKUP}; {MARKUP}", f"C204 {MARKUP}: {MARKUP}"] == page.listed
    assert set() == {tag for tag, _ in page.elements} & {"script", "img"}


def test_quotes_in_a_source_do_not_leave_their_attribute(desk: Desk) -> None:
    """A symbol that is no symbol is text in the title of the page, too."""
    page = Page(report.report(desk, [(None, Review('"><script>x</script>', ()))]))
    assert ['"><script>x</script>'] == page.texts["h2"]
    assert "script" not in {tag for tag, _ in page.elements}


def test_a_finding_stands_below_one_row(desk: Desk, tmp_path: Path) -> None:
    """A finding in a quoted text is not told of the block above it as well."""
    source = 'title: T\noperative:\n  - >-\n    *Requests* books;\n  - "*Invites* all,"\n  - "*Decides* it."\n'
    folder = write(tmp_path, {"en": source})
    sheet = report._sheet(desk, read(desk, folder), reviewed(desk, folder))
    assert ["operative paragraph 2"] == [row.name for row in sheet.rows if row.findings]
