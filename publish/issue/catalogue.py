"""What the world is told of issued documents: an index in six languages, a feed, JSON and a sitemap.

The files stand beside the folders of the documents and say of them what their manifests say, in the same bytes for the
same documents. The pages are `layouts/issued/issued.html`; they need no server and no script.
"""

from __future__ import annotations

import datetime
import json
import math
import mimetypes
import re
from dataclasses import dataclass
from functools import cached_property
from html import escape
from itertools import groupby
from typing import TYPE_CHECKING, Any
from urllib.parse import quote
from xml.etree import ElementTree as ET

from publish.issue import manifest
from publish.paper import compose
from publish.paper.forms import allowed, inlined
from publish.text import inline

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from publish.desk.press import Desk
    from publish.issue.manifest import Issue
    from publish.text.language import Language

FORM = 1  # of the JSON
MOST, HEAVIEST = 100, 240_000  # documents of a page, and what they weigh in bytes
NEWEST = 20  # documents of an index that leads to pages of years
ENTRIES = 50  # of a feed
URLS, LARGEST_SITEMAP = 50_000, 48_000_000  # of a sitemap: sitemaps.org allows 50 MB
LARGEST_EMBLEM = 20_000  # bytes that each page may carry
ATOM, SITEMAP, XHTML = (
    "http://www.w3.org/2005/Atom",
    "http://www.sitemaps.org/schemas/sitemap/0.9",
    "http://www.w3.org/1999/xhtml",
)
POLICY = (
    "default-src 'none'; script-src {script}; style-src {style}; img-src data:; connect-src {connect}; "
    "base-uri 'none'; form-action 'none'"
)

_BLANKS = " \t\r\n"
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_DAWN = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)  # when a house has issued nothing, it was so ever since


def catalogue(issues: Sequence[Issue], desk: Desk, address: str) -> dict[str, bytes]:
    """Give the files that tell of all documents that were ever issued, by their names; raises Rejected.

    address is that of the folder they stand in, as the world knows it; without one there are no feeds and no sitemap,
    which must name whole addresses.
    """
    newest = sorted(issues, key=lambda one: (one.issued, one.symbol, one.serial, one.name), reverse=True)
    base = address and address.rstrip("/") + "/"
    book = _Book(desk, _documents(newest), base)
    files = {"index.json": _json(newest, base)}
    for code in book.codes:
        files |= book.pages_in(code)
    files["index.html"] = files[f"index.{book.codes[0]}.html"]
    if base:
        for name, code in (("feed.atom", book.codes[0]), *((f"feed.{code}.atom", code) for code in book.codes)):
            files[name] = _feed(book, name, code, newest)
        files |= _sitemaps(book)
    return files


# ---- Documents


@dataclass(frozen=True)
class Document:
    """What was issued under one symbol, the newest version first, and what was issued to correct it."""

    symbol: str
    versions: tuple[Issue, ...]
    amended: tuple[str, ...]

    @property
    def anchor(self) -> str:
        """The name of its place in a page, which is that of its first folder."""
        return self.versions[-1].name

    @property
    def issued(self) -> datetime.datetime:
        """When its newest version was issued."""
        return self.versions[0].issued.astimezone(datetime.UTC)

    @cached_property
    def weight(self) -> int:
        """About how many bytes it takes in a page, in the language that needs most."""
        titles = max((len(escape(file.title).encode()) for one in self.versions for file in one.files), default=0)
        files = sum(200 + len(quote(one.name)) + len(quote(file.name)) for one in self.versions for file in one.files)
        return 600 + titles + files + 300 * len(self.versions) + 200 * len(self.amended)


@dataclass(frozen=True)
class Page:
    """A page of the index in every language; the index itself is of no year."""

    stem: str
    documents: tuple[Document, ...]
    year: int = 0
    part: int = 0


def _documents(newest: Sequence[Issue]) -> list[Document]:
    """Put issues together by their symbols; gives the newest first."""
    versions: dict[str, list[Issue]] = {}
    amended: dict[str, list[str]] = {}
    for one in newest:
        versions.setdefault(one.symbol, []).append(one)
        if one.corrects and one.symbol not in amended.setdefault(one.corrects, []):
            amended[one.corrects].append(one.symbol)
    return [Document(symbol, tuple(own), tuple(amended.get(symbol, ()))) for symbol, own in versions.items()]


def _parts(documents: Sequence[Document]) -> list[tuple[Document, ...]]:
    """Part documents into pages that are not too large. The last part has the newest, so that the others stay."""
    parts: list[list[Document]] = [[]]
    weight = 0
    for one in reversed(documents):
        if parts[-1] and (len(parts[-1]) == MOST or weight + one.weight > HEAVIEST):
            parts.append([])
            weight = 0
        parts[-1].insert(0, one)
        weight += one.weight
    return [tuple(part) for part in parts]


def _plan(documents: Sequence[Document]) -> list[Page]:
    """Give the pages, the index first and then the newest: one alone where all documents have room in it."""
    if len(_parts(documents)) == 1:
        return [Page("index", tuple(documents))]
    pages = [Page("index", _parts(documents[:NEWEST])[-1])]
    for year, own in groupby(sorted(documents, key=lambda one: -one.issued.year), key=lambda one: one.issued.year):
        parts = _parts(list(own))
        for number in range(len(parts), 0, -1):
            stem = f"{year}" if number == len(parts) else f"{year}-{number}"
            pages.append(Page(stem, parts[number - 1], year, number if len(parts) > 1 else 0))
    return pages


# ---- Pages


class _Book:
    """All pages, and what they share."""

    def __init__(self, desk: Desk, documents: Sequence[Document], base: str) -> None:
        self.desk, self.documents, self.base = desk, documents, base
        self.edition = desk.project.settings.edition
        self.codes = desk.project.settings.languages
        self.pages = _plan(documents)
        self._files: dict[str, list[tuple[str, str, str, str, int, int]]] = {}
        self.whole = len(self.pages) == 1
        self.at = {one.symbol: (page.stem, one) for page in self.pages for one in page.documents}  # the index gives way
        self.script, self.style, self.emblem = self.asset("issued.js"), self.asset("issued.css"), self.picture()
        self.policy = POLICY.format(
            script=allowed(self.script), style=allowed(self.style), connect="'none'" if self.whole else "'self'"
        )

    def asset(self, name: str) -> str:
        folder = next(one for one in reversed(self.desk.project.layouts) if (one / "issued" / name).is_file())
        return (folder / "issued" / name).read_text("utf-8")

    def picture(self) -> str:
        emblem = self.desk.project.settings.emblem
        if not emblem.is_file() or emblem.stat().st_size > LARGEST_EMBLEM:
            return ""
        return inlined(emblem.read_bytes(), mimetypes.guess_type(emblem.name)[0] or "image/png")

    def language(self, code: str) -> Language:
        return self.desk.language(code, self.edition)

    @cached_property
    def tongues(self) -> dict[str, tuple[str, str, str]]:
        """The languages that documents or pages are in, each with its CLDR name, direction and name."""
        known = self.desk.house.directions
        codes = {file.language for one in self.documents for issue in one.versions for file in issue.files}
        found = {}
        for code in dict.fromkeys([*self.codes, *sorted(codes)]):
            words = self.language(code).words if code in known else None
            found[code] = (words.cldr, words.direction, words.name) if words else (code, "auto", code)
        return found

    def organization(self, code: str) -> str:
        return self.desk.project.settings.organization.get(code) or self.language(code).words.organization

    def place(self, symbol: str, code: str) -> str:
        """Give the address of a document in the pages of a language, or nothing where it was not issued."""
        if symbol not in self.at:
            return ""
        stem, document = self.at[symbol]
        return f"{stem}.{code}.html#{quote(document.anchor)}"

    def files(self, issue: Issue) -> list[tuple[str, str, str, str, int, int]]:
        """Give the files of an issue in the order of the house's languages: the address of each, its language by its
        CLDR name, direction and name, its pages and bytes.
        """
        if issue.name not in self._files:
            order = list(self.tongues)
            self._files[issue.name] = [
                (_address(issue.name, file.name), *self.tongues[file.language], file.pages, file.bytes)
                for file in sorted(issue.files, key=lambda file: order.index(file.language))
            ]
        return self._files[issue.name]

    def pages_in(self, code: str) -> dict[str, bytes]:
        """Give the pages of a language, and what is searched beyond a page where there are several."""
        teller = _Teller(self, code)
        files = {}
        for number, page in enumerate(self.pages):
            html = compose.render("issued/issued.html", self.desk.project.layouts, teller.context(page, number))
            files[f"{page.stem}.{code}.html"] = html.encode()
        if not self.whole:
            found = []
            for one in self.documents:
                text, cldr, direction = teller.title(one.versions[0])
                found.append([_fit(one.symbol), text, self.place(one.symbol, code), cldr, direction])
            files[f"search.{code}.json"] = _dumped(found)
        return files


class _Teller:
    """Tells of documents in a language. What a template loops over are tuples, as there may be very many."""

    def __init__(self, book: _Book, code: str) -> None:
        self.book, self.code, self.language = book, code, book.language(code)
        self.words = self.language.words.interface.catalogue
        self._told: dict[tuple[str, datetime.date], tuple[tuple[str, str], ...]] = {}
        self._sizes: dict[tuple[int, int], str] = {}

    def context(self, page: Page, number: int) -> dict[str, Any]:
        book, words = self.book, self.words
        pages = book.pages
        in_year = sorted((one for one in pages if one.year and one.year == page.year), key=lambda one: one.part)
        heading = words.year.format(year=self.language.number(page.year)) if page.year else words.title
        return {
            "words": words,
            "interface": self.language.words.interface,
            "digits": self.language.words.digits,
            "organization": book.organization(self.code),
            "code": self.code,
            "cldr": self.language.words.cldr,
            "direction": self.language.direction,
            "languages": [(f"{page.stem}.{code}.html", *book.tongues[code], code == self.code) for code in book.codes],
            "base": book.base,
            "name": f"{page.stem}.{self.code}.html",
            "index": f"index.{self.code}.html",
            "page": page,
            "heading": heading,
            "part": words.part.format(number=self.language.number(page.part)) if page.part else "",
            "parts": [(self.named(one), self.language.number(one.part), one is page) for one in in_year if one.part],
            "newer": self.named(pages[number - 1]) if number > 1 else "",
            "older": self.named(pages[number + 1]) if page.year and number + 1 < len(pages) else "",
            "years": [] if page.year else list(self.years()),
            "whole": book.whole,
            "groups": list(self.groups(page)),
            "script": book.script,
            "style": book.style,
            "policy": book.policy,
            "emblem": book.emblem,
        }

    def named(self, page: Page) -> str:
        return f"{page.stem}.{self.code}.html"

    def years(self) -> Iterator[tuple[str, str, str]]:
        """Give the years with their pages, each with how many documents are in it."""
        for year, pages in groupby((page for page in self.book.pages if page.year), key=lambda page: page.year):
            own = list(pages)
            count = sum(len(page.documents) for page in own)
            yield self.named(own[0]), self.language.number(year), self.language.number(count)

    def groups(self, page: Page) -> Iterator[tuple[str, list[Any]]]:
        """Give the documents of a page with the headings over them: years, where the whole index is one page."""
        if page.year:
            yield "", [self.entry(one) for one in page.documents]
        elif not self.book.whole:
            yield self.words.newest, [self.entry(one) for one in page.documents]
        else:
            for year, own in groupby(page.documents, key=lambda one: one.issued.year):
                yield self.language.number(year), [self.entry(one) for one in own]

    def entry(self, document: Document) -> tuple[Any, ...]:
        place = self.book.place
        return (
            document.anchor,
            _fit(document.symbol),
            self.title(document.versions[0]),
            self.relation(document),
            [self.version(one) for one in document.versions],
            [(_fit(symbol), place(symbol, self.code)) for symbol in reversed(document.amended)],
            self.words.files.format(symbol=_fit(document.symbol)),
        )

    def title(self, issue: Issue) -> tuple[str, str, str]:
        """Give the title in this language or else in the first that has one, with the name and direction of that."""
        titles = {file.language: file.title for file in issue.files if file.title.strip(_BLANKS)}
        code = self.code if self.code in titles else next(iter(titles), self.code)
        cldr, direction, _ = self.book.tongues[code]
        return _fit(titles.get(code, "")), cldr, direction

    def relation(self, document: Document) -> tuple[str, str, str, str] | None:
        """Give the words on what a document corrects, the symbol with its place in the midst of them."""
        corrects = document.versions[0].corrects
        if not corrects:
            return None
        revision = any(one.kind == "revision" for one in document.versions)
        before, _, after = (self.words.revision if revision else self.words.corrigendum).partition("{symbol}")
        return before, _fit(corrects), self.book.place(corrects, self.code), after

    def version(self, issue: Issue) -> tuple[Any, ...]:
        form = self.language.words.reissued if issue.serial else self.words.issued
        day = issue.issued.astimezone(datetime.UTC).date()
        if (form, day) not in self._told:
            runs, _ = inline.parse(form.format(date=self.language.date(day)), self.language.direction)
            self._told[form, day] = tuple((run.kind, inline.plain([run])) for run in runs)
        files = [(*facts, self.size(pages, size)) for *facts, pages, size in self.book.files(issue)]
        return _moment(issue.issued), self._told[form, day], files

    def size(self, pages: int, size: int) -> str:
        kilobytes = math.ceil(size / 1024)
        if (pages, kilobytes) not in self._sizes:
            counted = self.language.counted(self.words.pages, pages)
            size_of = self.words.size.format(size=self.language.number(kilobytes))
            self._sizes[pages, kilobytes] = f"{counted}{self.words.between}{size_of}"
        return self._sizes[pages, kilobytes]


# ---- JSON


def _json(newest: Sequence[Issue], base: str) -> bytes:
    """Give all documents as data, a line each."""
    documents = [
        {
            "symbol": one.symbol,
            "serial": one.serial,
            "kind": one.kind,
            "corrects": one.corrects,
            "reason": one.reason,
            "release": one.release.astimezone(datetime.UTC).isoformat(),
            "issued": one.issued.astimezone(datetime.UTC).isoformat(),
            "titles": one.titles,
            "manifest": base + _address(one.name, manifest.FILE),
            "files": [
                {
                    "language": file.language,
                    "address": base + _address(one.name, file.name),
                    "sha256": file.sha256,
                    "bytes": file.bytes,
                    "pages": file.pages,
                }
                for file in one.files
            ],
        }
        for one in newest
    ]
    lines = b",\n".join(_dumped(one) for one in documents)
    return b'{"form":%d,"documents":[\n%s\n]}\n' % (FORM, lines)


def _dumped(data: Any) -> bytes:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()


# ---- Feeds


def _feed(book: _Book, name: str, code: str, newest: Sequence[Issue]) -> bytes:
    """Give the newest issues as Atom (RFC 4287), told in a language."""
    teller, base = _Teller(book, code), book.base
    root = ET.Element("feed", {"xmlns": ATOM, "xml:lang": teller.language.words.cldr})
    organization = _fit(book.organization(code))
    _element(root, "id", base + name)
    _element(root, "title", f"{organization} – {teller.words.title}")
    _element(root, "updated", _moment(newest[0].issued if newest else _DAWN))
    _element(_element(root, "author"), "name", organization)
    _element(root, "link", rel="self", type="application/atom+xml", href=base + name)
    for one in book.codes:
        page = f"{base}index.{one}.html"
        _element(root, "link", rel="alternate", type="text/html", hreflang=book.tongues[one][0], href=page)
    for issue in newest[:ENTRIES]:
        _entry(root, teller, issue)
    return _written(root)


def _entry(root: ET.Element, teller: _Teller, issue: Issue) -> None:
    book = teller.book
    text, cldr, _ = teller.title(issue)
    entry = _element(root, "entry")
    _element(entry, "id", f"{book.base}{quote(issue.name)}/")
    title = _element(entry, "title", f"{_fit(issue.symbol)}: {text}" if text else _fit(issue.symbol))
    title.set("xml:lang", cldr)
    _element(entry, "published", _moment(issue.issued))
    _element(entry, "updated", _moment(issue.issued))
    _, told, files = teller.version(issue)
    relation = teller.relation(book.at[issue.symbol][1])
    about = [f"{relation[0]}{relation[1]}{relation[3]}"] if relation else []
    _element(entry, "summary", " – ".join([*about, "".join(piece for _, piece in told)]))
    if not files:
        page = book.base + book.place(issue.symbol, teller.code)
        _element(entry, "link", rel="alternate", type="text/html", href=page)
    for address, hreflang, _, _, _ in files:
        whole = book.base + address
        _element(entry, "link", rel="alternate", type="application/pdf", hreflang=hreflang, href=whole)


# ---- Sitemaps


def _sitemaps(book: _Book) -> dict[str, bytes]:
    """Give the pages and the newest files, each with those in other languages, in as many maps as they need."""
    maps: list[tuple[ET.Element, datetime.datetime]] = []
    count = size = 0
    for alternates, when in _mapped(book):
        links = [
            ET.Element("xhtml:link", rel="alternate", hreflang=hreflang, href=address)
            for hreflang, address in alternates
        ]
        weight = sum(_long(hreflang, address) + 50 for hreflang, address in alternates)
        for address in dict.fromkeys(address for _, address in alternates):
            own = weight + _long(address) + 66
            if not maps or count == URLS or size + own > LARGEST_SITEMAP:
                maps.append((ET.Element("urlset", {"xmlns": SITEMAP, "xmlns:xhtml": XHTML}), when))
                count = size = 0
            maps[-1] = (maps[-1][0], max(maps[-1][1], when))
            url = _element(maps[-1][0], "url")
            _element(url, "loc", address)
            _element(url, "lastmod", _moment(when))
            url.extend(links)
            count, size = count + 1, size + own
    if len(maps) == 1:
        return {"sitemap.xml": _written(maps[0][0])}
    root = ET.Element("sitemapindex", xmlns=SITEMAP)
    files = {}
    for number, (urls, when) in enumerate(maps, 1):
        one = _element(root, "sitemap")
        _element(one, "loc", f"{book.base}sitemap-{number}.xml")
        _element(one, "lastmod", _moment(when))
        files[f"sitemap-{number}.xml"] = _written(urls)
    return {"sitemap.xml": _written(root), **files}


def _mapped(book: _Book) -> Iterator[tuple[list[tuple[str, str]], datetime.datetime]]:
    """Give what the maps name, each in all its languages and with the moment of its last change: the oldest first."""
    for document in reversed(book.documents):
        newest = document.versions[0]
        yield [(hreflang, book.base + address) for address, hreflang, *_ in book.files(newest)], document.issued
    for page in reversed(book.pages):
        pages = [(book.tongues[code][0], f"{book.base}{page.stem}.{code}.html") for code in book.codes]
        default = [] if page.year else [("x-default", f"{book.base}index.html")]
        yield pages + default, max((one.issued for one in page.documents), default=_DAWN)


# ---- Words, addresses, XML


def _fit(text: str) -> str:
    """Give a text as XML and HTML can hold it, in one line."""
    return re.sub(f"[{_BLANKS}]+", " ", _UNFIT.sub("\ufffd", text)).strip(" ")


def _long(*texts: str) -> int:
    """Give how many bytes texts take in XML."""
    return sum(len(escape(one).encode()) for one in texts)


def _address(folder: str, file: str) -> str:
    return f"{quote(folder)}/{quote(file)}"


def _moment(moment: datetime.datetime) -> str:
    return moment.astimezone(datetime.UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _element(parent: ET.Element, tag: str, text: str = "", **attributes: str) -> ET.Element:
    element = ET.SubElement(parent, tag, attributes)
    element.text = text or None
    return element


def _written(root: ET.Element) -> bytes:
    text: str = ET.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'.encode()
