"""What the world is told of issued documents."""

from __future__ import annotations

import base64
import datetime
import functools
import hashlib
import http.server
import itertools
import json
import os
import random
import re
import subprocess
import sys
import threading
from collections import Counter
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urldefrag
from xml.etree import ElementTree as ET

import pytest
from axe_playwright_python.sync_playwright import Axe
from browsing import visit
from conftest import LANGUAGES, ROOT
from hypothesis import given, settings
from hypothesis import strategies as st

from publish import project
from publish.desk import press
from publish.issue import manifest
from publish.issue.catalogue import ENTRIES, NEWEST, catalogue
from publish.issue.manifest import File, Issue

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from playwright.sync_api import Browser

    from publish.issue.manifest import Kind

BASE = "https://docs.example.org/issued/"
ATOM = "{http://www.w3.org/2005/Atom}"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
XHTML = "{http://www.w3.org/1999/xhtml}"
CLDR = {"ar": "ar", "zh": "zh-Hans", "en": "en", "fr": "fr", "ru": "ru", "es": "es"}
TITLES = {
    "ar": "القضاء على جميع أشكال التعصب الديني",
    "zh": "消除一切形式的宗教不容忍",
    "en": "Elimination of all forms of religious intolerance",
    "fr": "Élimination de toutes les formes d’intolérance religieuse",
    "ru": "Ликвидация всех форм религиозной нетерпимости",
    "es": "Eliminación de todas las formas de intolerancia religiosa",
}
DANGEROUS = """</title><script>alert("1")</script> & ' " {{ 7 * 7 }} {% raw %} <!-- ]]> """
DANGEROUS += "\u200f\u202eabc\u200e \x00\x0b\x1b\ufffe"


def moment(*parts: int) -> datetime.datetime:
    """Give a moment in UTC."""
    return datetime.datetime(*parts, tzinfo=datetime.UTC)  # type: ignore[misc, arg-type]


def issue(  # noqa: PLR0913
    symbol: str,
    when: datetime.datetime,
    titles: Mapping[str, str] = TITLES,
    *,
    serial: int = 0,
    kind: Kind = "first",
    corrects: str = "",
    reason: str = "",
) -> Issue:
    """Give an issued document with a file for each title."""
    stem = symbol.replace("/", "_").replace(" ", "")
    files = tuple(
        File(code, f"{stem}-{code.upper()}.pdf", title, 1 + number, 200_001 + 1024 * number, f"{number:064x}")
        for number, (code, title) in enumerate(titles.items())
    )
    name = stem + (f".reissue-{serial}" if serial else "")
    release = when - datetime.timedelta(minutes=5)
    return Issue(symbol, serial, name, kind, corrects, reason, release, when, "f" * 64, {}, files)


CHAIN = (
    issue("A/RES/56/149", moment(2025, 12, 1, 15)),
    issue("A/RES/56/149", moment(2026, 3, 1, 9), serial=1, kind="reissue", reason="a page was lost"),
    issue("A/RES/56/149/Corr.1", moment(2026, 4, 2), kind="corrigendum", corrects="A/RES/56/149"),
    issue("A/RES/80/1", moment(2025, 9, 16), {"en": "Only in English", "fr": "Seulement en français"}),
    issue("A/RES/80/1/Rev.1", moment(2025, 9, 26), kind="revision", corrects="A/RES/80/1"),
    issue("S/RES/1325 (2000)", moment(2024, 1, 1)),
    issue("A/RES/79/3/Corr.1", moment(2024, 2, 1), kind="corrigendum", corrects="A/RES/79/3"),  # of what was printed
)


def many(count: int) -> list[Issue]:
    """Give documents that were issued fifteen hours after each other."""
    start, step = moment(1990, 1, 1), datetime.timedelta(hours=15)
    return [issue(f"A/RES/{40 + one // 500}/{one % 500 + 1}", start + one * step) for one in range(count)]


def desk_of(*languages: str) -> press.Desk:
    """Give the shipped project at work in some languages."""
    shipped = project.load(ROOT)
    return press.Desk(replace(shipped, settings=replace(shipped.settings, languages=languages)))


@dataclass
class Element:
    """An element of a page: its name, its attributes, and all text in it."""

    tag: str
    attributes: dict[str, str]
    text: str = ""


@dataclass
class Html(HTMLParser):
    """A page as a browser reads it: its elements in their order."""

    page: str
    elements: list[Element] = field(default_factory=list)
    open: list[Element] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()
        self.feed(self.page)
        self.close()
        assert [] == self.open, "each element that begins ends"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin an element."""
        assert len(attrs) == len(dict(attrs))
        self.elements.append(Element(tag, {name: value or "" for name, value in attrs}))
        if tag not in {"meta", "link", "img", "input"}:
            self.open.append(self.elements[-1])

    def handle_endtag(self, tag: str) -> None:
        """End an element."""
        assert tag == self.open.pop().tag

    def handle_data(self, data: str) -> None:
        """Add to the text of all that is open."""
        for one in self.open:
            one.text += data

    def all(self, tag: str, **attributes: str) -> list[Element]:
        """Give the elements of a name that have some attributes."""
        wanted = attributes.items()
        return [one for one in self.elements if one.tag == tag and wanted <= one.attributes.items()]

    def classed(self, name: str) -> list[Element]:
        """Give the elements of a class."""
        return [one for one in self.elements if one.attributes.get("class") == name]

    def entry(self, anchor: str) -> str:
        """Give the text of an entry, its words one space apart."""
        (found,) = (one for one in self.classed("entry") if one.attributes["id"] == anchor)
        return " ".join(found.text.split())


def html(files: Mapping[str, bytes], name: str) -> Html:
    """Read a page."""
    return _html(files[name])


@functools.lru_cache(maxsize=300)
def _html(data: bytes) -> Html:
    return Html(data.decode())


def pages(files: Mapping[str, bytes]) -> list[str]:
    """Give the names of all pages."""
    return [name for name in files if name.endswith(".html")]


def xml(files: Mapping[str, bytes], name: str) -> ET.Element:
    """Read an XML file."""
    return ET.fromstring(files[name])


def whole(issues: Sequence[Issue]) -> set[str]:
    """Give the addresses of all PDFs and manifests, below the folder of what is issued."""
    return {f"{one.name}/{name}" for one in issues for name in (*(file.name for file in one.files), manifest.FILE)}


def broken(files: Mapping[str, bytes], issues: Sequence[Issue]) -> list[tuple[str, str]]:
    """Give the links of pages that lead nowhere, each with its page."""
    read = {name: html(files, name) for name in pages(files)}
    ids = {
        name: {one.attributes["id"] for one in page.elements if "id" in one.attributes} for name, page in read.items()
    }
    there = whole(issues) | set(files)
    found = []
    for name, page in read.items():
        for one in page.all("a"):
            target, fragment = urldefrag(one.attributes["href"])
            target = unquote(target) or name
            if target not in there or (fragment and unquote(fragment) not in ids[target]):
                found.append((name, one.attributes["href"]))
    return found


@pytest.fixture(scope="module")
def told(desk: press.Desk) -> dict[str, bytes]:
    """What is told of a few documents with their chains."""
    return catalogue(CHAIN, desk, BASE)


@pytest.fixture(scope="module")
def crowd(request: pytest.FixtureRequest) -> list[Issue]:
    """Twenty thousand documents at full length, and otherwise so many that a sitemap is too small for them."""
    return many(20_000 if request.config.getoption("--long") else 9_000)


@pytest.fixture(scope="module")
def large(crowd: list[Issue]) -> dict[str, bytes]:
    """What is told of very many documents in six languages, by a house that has one."""
    return catalogue(crowd, desk_of("en"), BASE)


# ---- The same for the same


def drawn(titles: st.SearchStrategy[str]) -> st.SearchStrategy[list[Issue]]:
    """Give a strategy for issues of different symbols and versions."""
    one = st.builds(
        lambda number, serial, days, own: issue(
            f"A/RES/80/{number}",
            moment(2026, 1, 1) + datetime.timedelta(days=days),
            own,
            serial=serial,
            kind="reissue" if serial else "first",
        ),
        st.integers(1, 4),
        st.integers(0, 2),
        st.integers(0, 800),
        st.dictionaries(st.sampled_from(LANGUAGES), titles, min_size=1),
    )
    return st.lists(one, max_size=6, unique_by=lambda one: one.name)


@settings(max_examples=25, deadline=None)
@given(issues=drawn(st.text(max_size=20)), seed=st.randoms(use_true_random=False))
def test_the_order_in_which_issues_come_does_not_matter(
    desk: press.Desk, issues: list[Issue], seed: random.Random
) -> None:
    """The same issues in another order give the same bytes, whatever their titles are."""
    shuffled = list(issues)
    seed.shuffle(shuffled)
    assert catalogue(issues, desk, BASE) == catalogue(shuffled, desk, BASE)


def test_another_process_gives_the_same() -> None:
    """Two processes that hash otherwise give the same bytes."""
    program = (
        "import hashlib, test_catalogue as t; f = t.catalogue(t.CHAIN, t.desk_of(*t.LANGUAGES), t.BASE);"
        "print(len(f), hashlib.sha256(repr(list(f.items())).encode()).hexdigest())"
    )
    folder = Path(__file__).parent
    first, second = (
        subprocess.run(
            [sys.executable, "-c", program],
            cwd=folder,
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for seed in ("1", "2")
    )
    assert first.startswith("16 ")
    assert first == second


def test_another_issue_gives_others(desk: press.Desk, told: dict[str, bytes]) -> None:
    """Where a document is issued every file tells of it: none is left as it was."""
    more = catalogue([*CHAIN, issue("A/RES/81/5", moment(2026, 5, 1))], desk, BASE)
    assert told.keys() == more.keys()
    assert [] == [name for name in told if told[name] == more[name]]


def test_nothing_but_what_is_given_is_told(desk: press.Desk) -> None:
    """Where nothing was issued every file says so, and no resolution of the project's sources is named."""
    files = catalogue([], desk, BASE)
    assert [ROOT / "resolutions" / "A_RES_56_149"] == press.resolutions(desk.project)
    assert [] == [name for name, data in files.items() if b"RES" in data or b"149" in html_free(data)]
    assert [] == json.loads(files["index.json"])["documents"]
    words = desk.language("en", "2013").words.interface.catalogue
    assert words.none in files["index.en.html"].decode()
    assert [] == atom_faults(files, "feed.atom")


def html_free(data: bytes) -> bytes:
    """Give a file without what is written in base64 or as a style."""
    return re.sub(rb"base64,[^\"]+|sha256-[^']+|<style>.*?</style>", b"", data, flags=re.DOTALL)


@pytest.mark.parametrize("address", ["", BASE])
def test_the_files(desk: press.Desk, address: str) -> None:
    """Each language has a page and a feed, and all have one; feeds and a sitemap are there only with an address."""
    expected = {"index.json", "index.html", *(f"index.{code}.html" for code in LANGUAGES)}
    if address:
        expected |= {"sitemap.xml", "feed.atom", *(f"feed.{code}.atom" for code in LANGUAGES)}
    assert expected == set(catalogue(CHAIN, desk, address))


def test_the_index_is_in_the_first_language_of_the_house(told: dict[str, bytes]) -> None:
    """index.html is the page of the language that the settings name first, and another house has another."""
    assert told["index.ar.html"] == told["index.html"]
    files = catalogue(CHAIN, desk_of("fr", "en"), "")
    assert {"index.html", "index.fr.html", "index.en.html", "index.json"} == set(files)
    assert files["index.fr.html"] == files["index.html"] != files["index.en.html"]


def test_an_address_without_a_stroke_is_the_same(desk: press.Desk, told: dict[str, bytes]) -> None:
    """An address that lacks its last stroke leads to the same folder."""
    assert told == catalogue(CHAIN, desk, BASE.rstrip("/"))


# ---- JSON


@pytest.mark.parametrize("address", ["", BASE])
@settings(max_examples=30, deadline=None)
@given(issues=drawn(st.text(max_size=20)))
def test_the_json_says_what_the_manifests_say(desk: press.Desk, address: str, issues: list[Issue]) -> None:
    """Each document of the JSON has what its manifest has, with addresses; the newest comes first."""
    data = json.loads(catalogue(issues, desk, address)["index.json"])
    assert 1 == data["form"]
    expected = []
    for one in issues:
        own = json.loads(manifest.write(one))
        keys = ("symbol", "serial", "kind", "corrects", "reason", "release", "issued")
        entry: dict[str, Any] = {key: own[key] for key in keys}
        entry["titles"] = {file["language"]: file["title"] for file in own["files"]}
        entry["manifest"] = f"{address}{one.name}/manifest.json"
        entry["files"] = [
            {
                "language": file["language"],
                "address": f"{address}{one.name}/{file['name']}",
                **{key: file[key] for key in ("sha256", "bytes", "pages")},
            }
            for file in own["files"]
        ]
        expected.append(entry)
    found = data["documents"]
    assert [one["issued"] for one in found] == sorted((one["issued"] for one in found), reverse=True)
    name = lambda one: one["manifest"]  # noqa: E731
    assert sorted(expected, key=name) == sorted(found, key=name)


def test_the_json_is_a_line_a_document(told: dict[str, bytes]) -> None:
    """A document is a line of the JSON, so that what changes can be seen."""
    lines = told["index.json"].decode().splitlines()
    assert len(CHAIN) + 2 == len(lines)
    assert "a page was lost" in lines[2]


# ---- Feeds


def atom_faults(files: Mapping[str, bytes], name: str) -> list[str]:
    """Give what RFC 4287 finds wrong in a feed."""
    root = xml(files, name)
    faults = [] if root.tag == f"{ATOM}feed" else ["it is no feed"]
    for one, author in ((root, True), *((entry, False) for entry in root.findall(f"{ATOM}entry"))):
        count = Counter(child.tag for child in one)
        faults += [f"{tag}: {count[ATOM + tag]}" for tag in ("id", "title", "updated") if count[ATOM + tag] != 1]
        faults += [] if not author or one.findtext(f"{ATOM}author/{ATOM}name") else ["no author"]
        for tag in ("updated", "published"):
            for found in one.findall(ATOM + tag):
                if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", found.text or ""):
                    faults.append(f"{found.text} is no moment")
        links = [child.attrib for child in one.findall(f"{ATOM}link")]
        faults += [f"{link} is relative" for link in links if not link["href"].startswith(BASE)]
        alternates = Counter((link["type"], link["hreflang"]) for link in links if link["rel"] == "alternate")
        faults += [f"{pair} twice" for pair, times in alternates.items() if times > 1]
        faults += [] if author or alternates else ["an entry without content and alternate"]
        faults += [] if (one.findtext(f"{ATOM}id") or "").startswith("https:") else ["no IRI"]
    ids = Counter(found.text for found in root.iter(f"{ATOM}id"))
    return faults + [f"{one} twice" for one, times in ids.items() if times > 1]


@settings(max_examples=25, deadline=None)
@given(issues=drawn(st.text(max_size=20)))
def test_feeds_are_valid(desk: press.Desk, issues: list[Issue]) -> None:
    """Each feed has what Atom asks for, whatever the titles are."""
    files = catalogue(issues, desk, BASE)
    feeds = [name for name in files if name.endswith(".atom")]
    assert 7 == len(feeds)
    assert [] == [fault for name in feeds for fault in atom_faults(files, name)]


def test_the_check_of_feeds_finds_faults(told: dict[str, bytes]) -> None:
    """A feed that lacks its author, or that names a relative address, is found faulty."""
    feed = told["feed.en.atom"]
    assert [] == atom_faults({"feed": feed}, "feed")
    assert ["no author"] == atom_faults({"feed": feed.replace(b"name>", b"nome>")}, "feed")
    assert atom_faults({"feed": feed.replace(b'href="https:', b'href="')}, "feed")


@pytest.mark.parametrize("code", ["", *LANGUAGES])
def test_a_feed_tells_of_each_issue(told: dict[str, bytes], code: str) -> None:
    """A feed names itself, is as new as its newest issue, and leads to each language's file of each issue."""
    name = f"feed.{code}.atom" if code else "feed.atom"
    root, spoken = xml(told, name), code or "ar"
    assert CLDR[spoken] == root.get("{http://www.w3.org/XML/1998/namespace}lang")
    (own,) = root.findall(f"{ATOM}link[@rel='self']")
    assert (BASE + name, BASE + name) == (own.get("href"), root.findtext(f"{ATOM}id"))
    assert "2026-04-02T00:00:00Z" == root.findtext(f"{ATOM}updated")
    newest = sorted(CHAIN, key=lambda one: one.issued, reverse=True)
    entries = root.findall(f"{ATOM}entry")
    assert [f"{BASE}{one.name.replace('(', '%28').replace(')', '%29')}/" for one in newest] == [
        one.findtext(f"{ATOM}id") for one in entries
    ]
    for one, entry in zip(newest, entries, strict=True):
        links = {unquote(link.attrib["href"]): link.attrib["hreflang"] for link in entry.findall(f"{ATOM}link")}
        assert {f"{BASE}{one.name}/{file.name}": CLDR[file.language] for file in one.files} == links
        title = one.titles.get(spoken) or one.files[0].title
        assert f"{one.symbol}: {title}" == entry.findtext(f"{ATOM}title")
    assert {"application/pdf"} == {one.get("type") for one in root.iterfind(f"{ATOM}entry/{ATOM}link")}


def test_a_feed_has_the_newest_fifty(desk: press.Desk) -> None:
    """Of many issues a feed has the newest fifty."""
    issues = many(ENTRIES + 7)
    root = xml(catalogue(issues, desk, BASE), "feed.en.atom")
    assert 50 == ENTRIES
    expected = [f"{BASE}{one.name}/" for one in reversed(issues[7:])]
    assert expected == [one.text for one in root.iterfind(f"{ATOM}entry/{ATOM}id")]


def test_entries_keep_their_names(desk: press.Desk) -> None:
    """An entry has the same identity and moment after more was issued, so that nobody reads it twice."""
    before = xml(catalogue(CHAIN[:4], desk, BASE), "feed.en.atom")
    after = xml(catalogue(CHAIN, desk, BASE), "feed.en.atom")
    known = [
        {one.findtext(f"{ATOM}id"): one.findtext(f"{ATOM}updated") for one in root.iterfind(f"{ATOM}entry")}
        for root in (before, after)
    ]
    assert 4 == len(known[0])
    assert known[0].items() < known[1].items()


# ---- Sitemaps


def test_the_sitemap_leads_to_every_page_and_every_newest_file(told: dict[str, bytes]) -> None:
    """The sitemap has each page and the files of each newest version, each with all its languages."""
    urls = xml(told, "sitemap.xml").findall(f"{MAP}url")
    locations = [unquote(one.findtext(f"{MAP}loc") or "") for one in urls]
    newest = [one for one in CHAIN if one.name != "A_RES_56_149"]
    files = {f"{BASE}{one.name}/{file.name}" for one in newest for file in one.files}
    assert sorted(files | {BASE + name for name in pages(told)}) == sorted(locations)
    alternates = {}
    for location, url in zip(locations, urls, strict=True):
        links = [(one.attrib["hreflang"], unquote(one.attrib["href"])) for one in url.findall(f"{XHTML}link")]
        assert len(links) == len(dict(links))
        alternates[location] = set(links)
    for location, links in alternates.items():
        assert location in {address for _, address in links}
        assert all(links == alternates[address] for _, address in links), "languages name each other"
    assert ("x-default", BASE + "index.html") in alternates[BASE + "index.fr.html"]
    assert 7 == len(alternates[BASE + "index.fr.html"])


def test_large_sitemaps_are_split(crowd: list[Issue], large: dict[str, bytes]) -> None:
    """Beyond fifty thousand addresses sitemaps are split, and an index names them; no address is lost or twice."""
    index = xml(large, "sitemap.xml")
    assert f"{MAP}sitemapindex" == index.tag
    maps = [one.text or "" for one in index.iterfind(f"{MAP}sitemap/{MAP}loc")]
    names = [name for name in large if name.startswith("sitemap-")]
    assert [BASE + name for name in names] == maps
    counts = []
    found: set[str] = set()
    for name in names:
        assert len(large[name]) < 50_000_000
        here = [one.text or "" for one in xml(large, name).iterfind(f"{MAP}url/{MAP}loc")]
        counts.append(len(here))
        found |= set(here)
    total = len(crowd) * 6 + len(pages(large))
    assert total == len(found) == sum(counts)
    assert [50_000] * (total // 50_000) == counts[:-1]


# ---- Pages


def test_every_link_leads_somewhere(told: dict[str, bytes]) -> None:
    """Each link of each page leads to a page, a place in it, a file beside it, or a PDF that was issued."""
    assert [] == broken(told, CHAIN)
    assert ("index.html", "A_RES_80_1/A_RES_80_1-FR.pdf") in broken(told, CHAIN[:3])


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_file_ever_issued_is_linked(told: dict[str, bytes], code: str) -> None:
    """A page leads to each file of each version, and says in which language it is, how long and how large."""
    page = html(told, f"index.{code}.html")
    links = page.all("a", type="application/pdf")
    found = {unquote(one.attributes["href"]): one.attributes["hreflang"] for one in links}
    expected = {f"{one.name}/{file.name}": CLDR[file.language] for one in CHAIN for file in one.files}
    assert expected == found
    assert len(expected) == len(links)
    number = [one.text.split() for one in page.all("small")]
    assert len(expected) == len(number)
    assert all(re.search(r"\d", words[-2] + words[-1]) for words in number)


@pytest.mark.parametrize(
    ("code", "size"),
    [
        ("ar", "صفحتان، 197\u00a0كيلوبايت"),
        ("zh", "2页，197\u00a0KB"),
        ("en", "2 pages, 197\u00a0KB"),
        ("fr", "2 pages, 197\u00a0Ko"),
        ("ru", "2 страницы, 197\u00a0Кбайт"),
        ("es", "2 páginas, 197\u00a0KB"),
    ],
)
def test_the_size_of_a_file(told: dict[str, bytes], code: str, size: str) -> None:
    """A file's pages are counted by the language's grammar, and its bytes are whole kilobytes, rounded up."""
    assert size in {one.text for one in html(told, f"index.{code}.html").all("small")}


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_page_is_in_its_language(desk: press.Desk, told: dict[str, bytes], code: str) -> None:
    """A page is in its language and its direction, with titles and words of that language."""
    page, words = html(told, f"index.{code}.html"), desk.language(code, "2013").words
    (root,), (heading,) = page.all("html"), page.all("h1")
    assert (CLDR[code], "rtl" if code == "ar" else "ltr") == (root.attributes["lang"], root.attributes["dir"])
    assert words.interface.catalogue.title == heading.text
    assert TITLES[code] in {one.text for one in page.classed("title")}
    (here,) = page.all("a", **{"aria-current": "page"})
    assert (words.name, f"index.{code}.html") == (here.text, here.attributes["href"])
    assert list(CLDR.values()) == [one.attributes["lang"] for one in page.all("a") if "lang" in one.attributes][:6]


def test_pages_of_different_languages_differ_in_every_word(told: dict[str, bytes]) -> None:
    """No heading or label of one language stands in the page of another, but for years and symbols."""
    said = {}
    for code in LANGUAGES:
        page = html(told, f"index.{code}.html")
        labels = {one.attributes["aria-label"] for one in page.elements if "aria-label" in one.attributes}
        texts = {one.text for tag in ("h1", "label", "summary", "time") for one in page.all(tag)}
        said[code] = labels | texts
        assert len(said[code]) > 10
    assert [] == [(a, b) for a, b in itertools.combinations(LANGUAGES, 2) if said[a] & said[b]]


@pytest.mark.parametrize("code", LANGUAGES)
def test_no_placeholder_is_left(told: dict[str, bytes], code: str) -> None:
    """What the words of a page leave open is filled in, but for the count that the script fills in."""
    page = re.sub(r"<(style|script)>.*?</\1>", "", told[f"index.{code}.html"].decode(), flags=re.DOTALL)
    assert ["{number}"] == re.findall(r"\{\w*\}", page)


@pytest.mark.parametrize(
    ("code", "date"),
    [
        ("ar", "1 كانون الثاني/يناير 2024"),
        ("zh", "2024年1月1日"),
        ("en", "1 January 2024"),
        ("fr", "1er janvier 2024"),
        ("ru", "1 января 2024\u00a0года"),
        ("es", "1 de enero de 2024"),
    ],
)
def test_dates_are_written_as_the_language_writes_them(told: dict[str, bytes], code: str, date: str) -> None:
    """The day of issue is written as the language writes dates, with its moment for programs."""
    (time,) = html(told, f"index.{code}.html").all("time", datetime="2024-01-01T00:00:00Z")
    assert date in time.text
    if code == "fr":
        assert "1<sup>er</sup> janvier" in told["index.fr.html"].decode()


def test_the_newest_comes_first_below_its_year(told: dict[str, bytes]) -> None:
    """Documents stand below their years, the newest first; what was issued again stands where its last issue does."""
    page = html(told, "index.en.html")
    seen = [one.text for one in page.elements if one.tag == "h2" or one.attributes.get("class") == "symbol"]
    assert seen == [
        *("2026", "A/RES/56/149/Corr.1", "A/RES/56/149"),
        *("2025", "A/RES/80/1/Rev.1", "A/RES/80/1"),
        *("2024", "A/RES/79/3/Corr.1", "S/RES/1325 (2000)"),
    ]


def test_a_chain_is_shown(told: dict[str, bytes]) -> None:
    """A document issued again says so, and has its earlier version below it; what corrects it is linked both ways."""
    page = html(told, "index.en.html")
    entry = page.entry("A_RES_56_149")
    order = [
        "Reissued for technical reasons on 1 March 2026.",
        "Earlier versions",
        "Issued on 1 December 2025",
        "Corrigenda and revisions",
        "A/RES/56/149/Corr.1",
    ]
    places = [entry.find(words) for words in order]
    assert -1 not in places
    assert sorted(places) == places
    assert "Corrigendum to A/RES/56/149 Issued on 2 April 2026" in page.entry("A_RES_56_149_Corr.1")
    assert "Revision of A/RES/80/1" in page.entry("A_RES_80_1_Rev.1")
    targets = {one.attributes["href"]: one.text for one in page.all("a") if "#A_" in one.attributes["href"]}
    assert targets == {
        "index.en.html#A_RES_56_149": "A/RES/56/149",
        "index.en.html#A_RES_56_149_Corr.1": "A/RES/56/149/Corr.1",
        "index.en.html#A_RES_80_1": "A/RES/80/1",
        "index.en.html#A_RES_80_1_Rev.1": "A/RES/80/1/Rev.1",
    }
    assert "Corrigendum to A/RES/79/3 " in page.entry("A_RES_79_3_Corr.1")
    assert "Reissued" not in page.entry("S_RES_1325(2000)") + page.entry("A_RES_80_1")
    assert 1 == len(page.all("details"))


def test_a_missing_title_is_that_of_another_language(told: dict[str, bytes]) -> None:
    """A title that a language lacks is that of the first that has one, marked as being of it."""
    (title,) = (one for one in html(told, "index.ar.html").classed("title") if one.text == "Only in English")
    assert {"class": "title", "lang": "en", "dir": "ltr"} == title.attributes
    assert "Seulement en français" in {one.text for one in html(told, "index.fr.html").classed("title")}


def test_a_language_that_the_house_does_not_know_is_named_by_its_code(desk: press.Desk) -> None:
    """A file in a language without a locale is linked by the language's code, and read in the direction of its text."""
    files = catalogue([issue("A/RES/80/9", moment(2026, 1, 1), {"pt": "Liberdade"})], desk, BASE)
    (link,) = html(files, "index.en.html").all("a", type="application/pdf")
    assert ("pt", "pt", "auto") == (link.text, link.attributes["hreflang"], link.attributes["dir"])
    assert [] == atom_faults(files, "feed.en.atom")


# ---- What titles may hold


def fit(text: str) -> str:
    """Give a text as a page can hold it."""
    kept = "".join(
        one if one in "\t\n\r" or (" " <= one < "\x7f") or (one > "\x9f" and one not in "\ufffe\uffff") else "\ufffd"
        for one in text
    )
    return re.sub(r"[ \t\r\n]+", " ", kept).strip(" ")


@settings(max_examples=60, deadline=None)
@given(title=st.one_of(st.just(DANGEROUS), st.text(alphabet=st.sampled_from([*DANGEROUS, *"\t\r\n\u2067\u2069é文"]))))
def test_titles_are_safe(title: str) -> None:
    """A title comes out as its characters, and changes nothing else: in pages, in feeds and in JSON."""
    desk = DESK()
    plain = catalogue([issue("A/RES/80/9", moment(2026, 1, 1), {"en": "x"})], desk, BASE)
    files = catalogue([issue("A/RES/80/9", moment(2026, 1, 1), {"en": title})], desk, BASE)
    expected = fit(title)
    page, model = html(files, "index.en.html"), html(plain, "index.en.html")
    assert ([expected] if expected else []) == [one.text for one in page.classed("title")]
    shown = [(one.tag, one.attributes) for one in page.elements]
    assert [(one.tag, one.attributes) for one in model.elements if expected or one.text != "x"] == shown
    entry = f"A/RES/80/9: {expected}" if expected else "A/RES/80/9"
    assert entry == xml(files, "feed.en.atom").findtext(f"{ATOM}entry/{ATOM}title")
    assert {"en": title} == json.loads(files["index.json"])["documents"][0]["titles"]


@functools.cache
def DESK() -> press.Desk:  # noqa: N802
    """Give a desk in one language, which is quick."""
    return desk_of("en")


# ---- No request to anywhere else


@pytest.mark.parametrize("name", ["index.html", "index.en.html"])
def test_a_page_asks_nobody(told: dict[str, bytes], name: str) -> None:
    """A page carries its style and script, loads nothing, and leads only to what stands beside it."""
    page = html(told, name)
    assert [] == page.all("iframe") + page.all("object") + page.all("base")
    loaded = [one.attributes["src"] for one in page.elements if "src" in one.attributes]
    loaded += [one.attributes["href"] for one in page.all("link") if one.attributes["rel"] in {"icon", "stylesheet"}]
    assert [] == [address for address in loaded if not address.startswith("data:image/svg+xml;base64,")]
    assert [] == [one.attributes["href"] for one in page.all("a") if re.match(r"\w+:|/", one.attributes["href"])]
    (style,) = page.all("style")
    assert "url(" not in style.text
    assert "@import" not in style.text
    active = [key for one in page.elements for key in one.attributes if key.startswith("on") or key == "style"]
    assert [] == active


@pytest.mark.parametrize(("name", "connect"), [("told", "'none'"), ("large", "'self'")])
def test_the_policy_allows_what_the_page_carries(request: pytest.FixtureRequest, name: str, connect: str) -> None:
    """The policy allows just this script and this style; only where there is a list to search may it be asked for."""
    page = html(request.getfixturevalue(name), "index.en.html")
    (policy,) = page.all("meta", **{"http-equiv": "Content-Security-Policy"})

    def digest(tag: str) -> str:
        (one,) = page.all(tag)
        return f"'sha256-{base64.b64encode(hashlib.sha256(one.text.encode()).digest()).decode()}'"

    expected = {
        "default-src": "'none'",
        "script-src": digest("script"),
        "style-src": digest("style"),
        "img-src": "data:",
        "connect-src": connect,
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    assert expected == dict(one.strip().split(" ", 1) for one in policy.attributes["content"].split(";"))


# ---- Very many documents


def test_many_documents_are_split_into_small_pages(crowd: list[Issue], large: dict[str, bytes]) -> None:
    """Very many documents stand on pages below 300 KB, each on one of its year, and the newest on the index."""
    assert max(len(large[name]) for name in pages(large)) < 300_000
    index = html(large, "index.en.html")
    assert [one.name for one in reversed(crowd[-NEWEST:])] == [one.attributes["id"] for one in index.classed("entry")]
    found = []
    for name in pages(large):
        if re.fullmatch(r"\d{4}(-\d+)?\.en\.html", name):
            entries = html(large, name).classed("entry")
            assert {name[:4]} == set(re.findall(r'datetime="(\d{4})', large[name].decode()))
            found += [one.attributes["id"] for one in entries]
    assert [one.name for one in reversed(crowd)] == found


def test_every_page_of_a_year_is_reached_from_the_index(crowd: list[Issue], large: dict[str, bytes]) -> None:
    """From the index each page can be reached, by years and their parts, and every link leads somewhere."""
    assert [] == broken(large, crowd)
    seen, todo = set(), ["index.en.html"]
    while todo:
        seen.add(name := todo.pop())
        links = {urldefrag(one.attributes["href"])[0] for one in html(large, name).all("a")}
        todo += [one for one in links if one.endswith(".en.html") and one not in seen and one not in todo]
    assert {name for name in large if name.endswith(".en.html")} == seen


def test_the_index_counts_the_documents_of_years(crowd: list[Issue], large: dict[str, bytes]) -> None:
    """Beside each year the index says how many documents it has."""
    after = large["index.en.html"].decode().partition('class="years"')[2]
    counts = dict(re.findall(r'<a href="(\d{4})\.en\.html">\d{4}</a> <small>(\d+)</small>', after))
    assert Counter(str(one.issued.year) for one in crowd) == {year: int(one) for year, one in counts.items()}


def test_full_pages_stay_as_they_are() -> None:
    """When more is issued in a year, the full pages of its beginning keep their documents."""
    desk = desk_of("en")
    before, after = (catalogue(many(count), desk, "") for count in (450, 460))
    ids = [
        {name: [one.attributes["id"] for one in html(files, name).classed("entry")] for name in pages(files)}
        for files in (before, after)
    ]
    full = [name for name in ids[0] if "-" in name]
    assert ["1990-4.en.html", "1990-3.en.html", "1990-2.en.html", "1990-1.en.html"] == full
    assert {name: ids[0][name] for name in full} == {name: ids[1][name] for name in full}
    assert {"1990.en.html", "index.en.html", "index.html"} == ids[0].keys() - set(full)


@pytest.mark.parametrize("title", ['"' * 2_000, "文" * 3_000, "<>" * 1_000])
def test_long_titles_make_pages_of_fewer_documents(title: str) -> None:
    """Pages are below 300 KB also where titles are very long, and with many versions."""
    issues = [issue(f"A/RES/80/{number}", moment(2026, 1, 1, 1), {"en": title}) for number in range(150)]
    issues += [
        issue(f"A/RES/79/{number}", moment(2026, 2, 1 + serial), serial=serial, kind="reissue" if serial else "first")
        for number in range(60)
        for serial in range(5)
    ]
    files = catalogue(issues, DESK(), "")
    assert 2 < len(pages(files))
    assert [] == [name for name in pages(files) if len(files[name]) >= 300_000]
    assert [] == broken(files, issues)


def test_the_list_to_search_has_every_document(crowd: list[Issue], large: dict[str, bytes]) -> None:
    """The list that is searched leads to the place of each document on the page of its year."""
    rows = json.loads(large["search.en.json"])
    assert len(crowd) == len(rows)
    symbol, title, address, lang, direction = rows[-1]
    assert ("A/RES/40/1", TITLES["en"], "en", "ltr") == (symbol, title, lang, direction)
    name, fragment = urldefrag(address)
    assert f'id="{fragment}"' in large[name].decode()
    assert len(rows) == len({row[2] for row in rows})
    assert {urldefrag(row[2])[0] for row in rows} <= large.keys()


# ---- In a browser


def written(files: Mapping[str, bytes], folder: Path) -> Path:
    """Write files into a folder."""
    for name, data in files.items():
        (folder / name).write_bytes(data)
    return folder


@pytest.fixture(scope="module")
def few_written(told: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of a few documents, in a folder."""
    return written(told, tmp_path_factory.mktemp("few"))


@pytest.fixture(scope="module")
def many_written(desk: press.Desk, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of documents that need several pages, in a folder."""
    return written(catalogue(many(450), desk, BASE), tmp_path_factory.mktemp("many"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["few index.en", "few index.ar", "many index.en", "many 1990-2.ar"])
def test_pages_are_accessible(browser: Browser, few_written: Path, many_written: Path, name: str, scheme: Any) -> None:
    """Axe finds nothing wrong in a page from a folder; it asks for nothing but itself, and the console is silent."""
    which, _, file = name.partition(" ")
    address = ({"few": few_written, "many": many_written}[which] / f"{file}.html").as_uri()
    made = visit(browser, address, color_scheme=scheme)
    dark = made.page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(22, 24, 27)"
    assert (scheme == "dark") == dark
    made.page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")
    found = Axe().run(made.page)
    assert 0 == found.violations_count, found.generate_report()
    assert 20 < len(found.response["passes"])
    made.page.fill("#search", "zzz")
    assert 0 == Axe().run(made.page).violations_count
    assert ([address], []) == ([one for one in made.asked if not one.startswith("data:")], made.said)
    made.page.close()


def test_axe_finds_what_is_wrong(browser: Browser, few_written: Path) -> None:
    """The examination is one that can fail: a field without its label is found."""
    made = visit(browser, (few_written / "index.en.html").as_uri())
    made.page.evaluate("document.querySelector('label').remove()")
    assert ["label"] == [one["id"] for one in Axe().run(made.page).response["violations"]]
    made.page.close()


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("width", [320, 1100])
def test_nothing_is_wider_than_the_window(browser: Browser, few_written: Path, code: str, width: int) -> None:
    """A page never scrolls sideways, be the window wide or that of a telephone; Arabic begins at the right."""
    made = visit(browser, (few_written / f"index.{code}.html").as_uri(), viewport={"width": width, "height": 700})
    root = "document.documentElement"
    assert made.page.evaluate(f"{root}.scrollWidth") == made.page.evaluate(f"{root}.clientWidth") == width
    box = made.page.locator("h1").bounding_box()
    symbol = made.page.locator(".symbol bdi").first.bounding_box()
    assert box
    assert symbol
    if code == "ar":
        assert abs(symbol["x"] + symbol["width"] - box["x"] - box["width"]) < 1
    else:
        assert abs(symbol["x"] - box["x"]) < 1
    made.page.close()


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("56/149", ["A/RES/56/149/Corr.1", "A/RES/56/149"]),
        ("RELIGIEUSE elimination 1325", ["S/RES/1325 (2000)"]),
        ("nothing has this", []),
    ],
)
def test_the_search_of_a_page(browser: Browser, few_written: Path, words: str, expected: list[str]) -> None:
    """The search leaves what has all its words in symbol or title, be they written with accents or capitals or not."""
    made = visit(browser, (few_written / "index.fr.html").as_uri())
    assert 6 == made.page.locator(".entry:visible").count()
    made.page.fill("#search", words)
    assert expected == made.page.locator(".symbol:visible").all_text_contents()
    assert int(bool(expected)) == made.page.locator("h2:visible").count()
    said = f"Documents trouvés\u00a0: {len(expected)}" if expected else "Rien n’a été trouvé"
    assert said == made.page.locator("#said").text_content()
    made.page.press("#search", "Enter")
    made.page.fill("#search", "")
    assert (6, "") == (made.page.locator(".entry:visible").count(), made.page.locator("#said").text_content())
    assert [] == made.said
    made.page.close()


def test_without_a_script_all_is_there(browser: Browser, many_written: Path, few_written: Path) -> None:
    """Without a script the search is not shown, and documents, years and files are."""
    options = {"java_script_enabled": False}
    made = visit(browser, (many_written / "index.en.html").as_uri(), **options)
    assert not made.page.locator("#find").is_visible()
    assert NEWEST == made.page.locator(".entry:visible").count()
    made.page.click(".years a")
    made.page.click(".turn a[rel=next]")
    assert "Documents issued in 1990 Part 4" == made.page.locator("h1").text_content()
    assert 100 * 6 == made.page.locator(".entry .files a:visible").count()
    made.page.close()
    made = visit(browser, (few_written / "index.en.html").as_uri(), **options)
    made.page.click("summary")
    assert made.page.locator('a[href="A_RES_56_149/A_RES_56_149-FR.pdf"]').is_visible()
    made.page.close()


class Quiet(http.server.SimpleHTTPRequestHandler):
    """A server of files that says nothing."""

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Say nothing."""


@pytest.fixture(scope="module")
def served(many_written: Path) -> Iterator[str]:
    """The address of a server of the files that need several pages."""
    handler = functools.partial(Quiet, directory=str(many_written))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}/"
        server.shutdown()
        thread.join()


def test_the_search_of_all_pages(browser: Browser, served: str) -> None:
    """From a server the search finds what is on other pages, asks for its list once, and leads to the documents."""
    made = visit(browser, f"{served}index.en.html")
    before = len(made.asked)
    made.page.fill("#search", "40/17")
    made.page.wait_for_selector("#results a")
    found = made.page.locator("#results a").all_text_contents()
    assert [*(f"A/RES/40/{number}" for number in range(179, 169, -1)), "A/RES/40/17"] == found
    assert "Documents found: 11" == made.page.locator("#said").text_content()
    assert 0 == made.page.locator(".entry:visible").count()
    assert 0 == Axe().run(made.page).violations_count
    made.page.fill("#search", "40/17 intolerance")
    assert [f"{served}search.en.json"] == made.asked[before:]
    made.page.locator("#results a").last.click()
    made.page.wait_for_url("**/1990-1.en.html#A_RES_40_17")
    assert made.page.locator("#A_RES_40_17").is_visible()
    made.page.fill("#search", "40/450")
    made.page.wait_for_selector("#results a")
    made.page.fill("#search", "")
    assert made.page.locator("#A_RES_40_17").is_visible()
    assert [] == [one for one in made.said if "favicon" not in one]
    made.page.close()


def test_a_search_that_cannot_ask_says_so(browser: Browser, many_written: Path) -> None:
    """From a folder only the page that is open is searched, and this is said."""
    made = visit(browser, (many_written / "1990-1.en.html").as_uri())
    made.page.fill("#search", "40/17")
    made.page.wait_for_function("document.getElementById('said').textContent")
    assert "Documents found: 1 – Only this page is searched" == made.page.locator("#said").text_content()
    assert ["A/RES/40/17"] == made.page.locator(".symbol:visible").all_text_contents()
    assert [] == made.said
    made.page.close()
