"""Pdf -> findings: whether the finished file shows all that its proof says. The only owner of PDFium and pikepdf.

The file is read as a stranger would read it, and nothing that typesetting knows is taken for granted.
"""

from __future__ import annotations

import ctypes
import struct
import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from html.parser import HTMLParser
from io import BytesIO
from typing import TYPE_CHECKING, Any, NamedTuple

from publish.finding import Finding
from publish.text.inline import SCHEMES

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from publish.paper.compose import Proof

NEAR = 1.0  # points by which outlines may leave their page, and pages differ
SHOWN = 12  # of the characters that are missing
_FOLDED = str.maketrans({"\x02": "-", "\u2010": "-", "\u2011": "-"} | dict.fromkeys("\ufffe\ufeff\u0640", ""))


class Glyphs(NamedTuple):
    """A run of type on a page: its characters, its edges from the bottom left in points, and its typeface."""

    text: str
    left: float
    bottom: float
    right: float
    top: float
    face: str
    in_text: bool


@dataclass
class Page:
    """What is on a page: its size, its type, and the addresses and names that its links lead to."""

    width: float
    height: float
    glyphs: list[Glyphs] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)
    broken: int = 0


@dataclass
class Contents:
    """What was read from a file.

    starts are the pages, from 1, on which named places are; embedded tells of each typeface whether it is in the file,
    missing how many glyphs of it are printed that are not.
    """

    pages: list[Page]
    starts: dict[str, int]
    embedded: dict[str, bool]
    missing: dict[str, int]
    title: str
    author: str
    tongue: str


def inspect(data: bytes, proof: Proof, families: Collection[str], pages: int = 0) -> list[Finding]:
    """Compare a finished file with its proof.

    families are the names of the typefaces that it may use, pages is how many pages there should be (0 if that is not
    known).
    """
    try:
        contents = read(data)
    except ValueError as error:
        return [Finding("P106", f"{proof.name}: {error}")]
    page = _Page()
    page.feed(proof.html)
    page.close()
    found = [
        *_text(contents, page, proof),
        *_boxes(contents, proof, pages),
        *_notes(contents, proof.name),
        *_typefaces(contents, families, proof.name),
        *_links(contents, page, proof.name),
        *_metadata(contents, page, proof.name),
    ]
    return list(dict.fromkeys(found))


def synopsis(data: bytes) -> dict[str, int]:
    """Give the page on which each identified piece of text starts. Raises ValueError where the file is no PDF."""
    return read(data).starts


# ---- What is compared


def _text(contents: Contents, page: _Page, proof: Proof) -> Iterator[Finding]:
    """Every character of the source is in the proof, and every one of the proof on a page, with a glyph of its own."""
    body, notes, running = (folded("".join(words)) for words in (page.words, page.notes, page.running))
    for where, words in proof.texts:
        if folded(words) not in (notes if where.startswith("note ") else body) and folded(words) not in running:
            yield Finding("P101", f"{proof.name}: {where} is not set whole: '{words[:60]}'", hint=_TEMPLATE)
    printed, around = (
        Counter(folded("".join(one.text for sheet in contents.pages for one in sheet.glyphs if one.in_text is side)))
        for side in (True, False)
    )
    expected = Counter(f"{body}{notes}{folded(''.join(page.signs))}")
    missing = "".join(sorted((expected - printed + (Counter(running) - around)).elements()))
    if missing:
        shown = missing[:SHOWN] + ("..." if len(missing) > SHOWN else "")
        counted = "1 character is" if len(missing) == 1 else f"{len(missing)} characters are"
        yield Finding("P101", f"{proof.name}: {counted} on no page: '{shown}'", hint=_STYLE)
    for face, count in contents.missing.items():
        counted = "1 glyph" if count == 1 else f"{count} glyphs"
        message = f"{proof.name}: the file has no outline for {counted} of {face.partition('+')[2]} that it prints"
        yield Finding("P104", message, hint="put a typeface that has them into the project's fonts folder")


_TEMPLATE = "see whether the template prints it"
_STYLE = "see whether a style sheet hides it, or takes it out of the flow"


def _boxes(contents: Contents, proof: Proof, pages: int) -> Iterator[Finding]:
    name = proof.name
    if pages and len(contents.pages) != pages:
        yield Finding("P106", f"{name}: the file has {len(contents.pages)} pages, not {pages}")
    for number, page in enumerate(contents.pages, 1):
        width, height = proof.size
        if width and max(abs(page.width - width), abs(page.height - height)) > NEAR:
            message = (
                f"{name}: page {number} is {page.width:.0f} x {page.height:.0f} pt, not {width:.0f} x {height:.0f}"
            )
            yield Finding("P106", message, hint="one paper sets one size; see the style sheets")
        outside = [
            one
            for one in page.glyphs
            if one.text.strip()
            and (min(one.left, one.bottom) < -NEAR or one.right > page.width + NEAR or one.top > page.height + NEAR)
        ]
        for one in outside[:1]:
            message = f"{name}: '{one.text.strip()[:40]}' runs off page {number}"
            yield Finding("P102", message, hint="shorten it, or make its box narrower")
    if contents.pages and not any(one.in_text and one.text.strip() for one in contents.pages[-1].glyphs):
        yield Finding("P106", f"{name}: the last page is blank", hint="see the page breaks of the style sheets")


def _notes(contents: Contents, name: str) -> Iterator[Finding]:
    for call, page in contents.starts.items():
        note = call.replace("call__", "note__", 1)
        if call.startswith("call__") and contents.starts.get(note, page) != page:
            message = f"{name}: note '{note[6:]}' begins on page {contents.starts[note]} and is called on page {page}"
            yield Finding("P103", message, hint="shorten the note, or part its paragraph")


def _typefaces(contents: Contents, families: Collection[str], name: str) -> Iterator[Finding]:
    known = tuple(family.replace(" ", "-") for family in families)
    for face, embedded in contents.embedded.items():
        bare = (face.partition("+")[2] or face).replace(",", "")  # which Pango puts after some names
        if not embedded:
            yield Finding("P105", f"{name}: the typeface {bare} is not in the file")
        elif not any(bare == family or bare.startswith(f"{family}-") for family in known):
            message = f"{name}: the typeface {bare} is none of the press's and none of the project's"
            yield Finding("P105", message, hint="put it into the project's fonts folder")


def _links(contents: Contents, page: _Page, name: str) -> Iterator[Finding]:
    broken = sum(sheet.broken for sheet in contents.pages)
    if broken:
        counted = "a link leads" if broken == 1 else f"{broken} links lead"
        yield Finding("P107", f"{name}: {counted} nowhere", hint="see the identities that they name")
    printed = {address for sheet in contents.pages for address in sheet.addresses}
    for address in sorted(printed):
        if not address.startswith(SCHEMES):
            yield Finding("P107", f"{name}: a link leads to '{address[:80]}'", hint="as https://, http:// or mailto:")
    for address in sorted(page.addresses - printed):
        yield Finding("P107", f"{name}: the link to '{address[:80]}' is on no page", hint=_STYLE)


def _metadata(contents: Contents, page: _Page, name: str) -> Iterator[Finding]:
    for what, found, wanted in (
        ("title", contents.title, page.title),
        ("author", contents.author, page.author),
        ("language", contents.tongue, page.tongue),
    ):
        if not wanted:
            yield Finding("P108", f"{name}: the template gives no {what}", hint="docs/layouts.md has what a head says")
        elif " ".join(found.split()) != " ".join(wanted.split()):
            message = f"{name}: the file's {what} is '{found[:60]}', not '{wanted[:60]}'"
            yield Finding("P108", message, hint="see the head of the template")


def folded(words: str) -> str:
    """Give the characters that count, as they can be compared: one form of each, no spaces, no invisible marks."""
    words = unicodedata.normalize("NFKC", words.translate(_FOLDED)).translate(_MIRRORED)
    if words.isascii():
        return "".join(words.split())
    kept = (one for one in words if not one.isspace() and unicodedata.category(one) not in {"Cf", "Zs"})
    return "".join(str(unicodedata.digit(one, one)) if one.isdigit() else one for one in kept)


# A bracket in right-to-left text is read back as its counterpart.
_MIRRORED = str.maketrans(")]}>»”’", "([{<«“‘")


class _Page(HTMLParser):
    """Reads a proof: its text without notes, its notes, their signs, what runs in margins, its links and metadata."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.notes: list[str] = []
        self.signs: list[str] = []
        self.running: list[str] = []
        self.addresses: set[str] = set()
        self.title = self.author = self.tongue = ""
        self.hidden = 0
        self.note = 0
        self.foot = 0
        self.in_title = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {key: value or "" for key, value in attrs}
        classes = given.get("class", "").split()
        if tag == "html":
            self.tongue = given.get("lang", "")
        elif tag == "meta" and given.get("name") == "author":
            self.author = given.get("content", "")
        elif tag == "a" and "href" in given:
            self.addresses.add(given["href"])
        self.in_title = self.in_title or (tag == "title" and not self.hidden)
        if self.hidden or tag in {"style", "svg"}:
            self.hidden += tag not in _VOID
        elif self.foot or "data-running" in given:
            self.foot += tag not in _VOID
        elif self.note or "note" in classes:
            self.note += tag not in _VOID
            if "note" in classes:
                self.signs += [given.get("data-call", ""), given.get("data-mark", "")]

    def handle_endtag(self, _: str) -> None:
        self.in_title = False
        if self.hidden:
            self.hidden -= 1
        elif self.foot:
            self.foot -= 1
        elif self.note:
            self.note -= 1

    def handle_data(self, data: str) -> None:
        if self.in_title:
            self.title += data
        elif not self.hidden:
            (self.running if self.foot else self.notes if self.note else self.words).append(data)


_VOID = {"meta", "img", "br", "link", "input", "hr"}


# ---- Reading


def read(data: bytes) -> Contents:
    """Read what is to be seen in a PDF. Raises ValueError where it is none."""
    from pypdfium2 import PdfDocument, PdfiumError, raw  # noqa: PLC0415  # only who inspects pays for it

    try:
        document = PdfDocument(data)
    except PdfiumError as error:
        message = f"the file is no PDF that can be read: {error}"
        raise ValueError(message) from None
    try:
        return _Reading(raw, document).contents(dict(_missing(data)))
    finally:
        document.close()


def _missing(data: bytes) -> Iterator[tuple[str, int]]:
    """Count the glyphs that pages print and their typefaces do not have."""
    import pikepdf  # noqa: PLC0415

    with pikepdf.open(BytesIO(data)) as pdf:
        used: dict[str, set[bytes]] = {}
        fonts: dict[str, Any] = {}
        for page in pdf.pages:
            fonts |= {str(key): font for key, font in page.Resources.get("/Font", {}).items()}
            face = ""
            for instruction in pikepdf.parse_content_stream(page, "Tf TJ Tj"):
                operands: Any = instruction.operands
                if str(instruction.operator) == "Tf":
                    face = str(operands[0])
                    continue
                strings = operands[0] if str(instruction.operator) == "TJ" else operands
                codes = b"".join(bytes(one) for one in strings if isinstance(one, pikepdf.String))
                used.setdefault(face, set()).update(codes[at : at + 2] for at in range(0, len(codes), 2))
        for face, glyphs in used.items():
            descendants: Any = fonts[face].get("/DescendantFonts") if face in fonts else None
            file = descendants[0].FontDescriptor.get("/FontFile2") if descendants else None
            count = _glyph_count(file.read_bytes()) if file is not None else 0
            absent = sum(not 0 < int.from_bytes(glyph, "big") < count for glyph in glyphs)
            if count and absent:
                yield str(descendants[0].FontDescriptor.FontName).lstrip("/"), absent


def _glyph_count(font: bytes) -> int:
    """Read from a TrueType font how many glyphs it has: the number in its table "maxp"."""
    (tables,) = struct.unpack_from(">H", font, 4)
    for at in range(12, 12 + 16 * tables, 16):
        if font[at : at + 4] == b"maxp":
            (offset,) = struct.unpack_from(">I", font, at + 8)
            return int(struct.unpack_from(">H", font, offset + 4)[0])
    return 0


class _Reading:
    """Reads a document through PDFium's functions, whose names tell what they give."""

    def __init__(self, raw: Any, document: Any) -> None:
        self.raw = raw
        self.document = document
        self.faces: dict[int, str] = {}
        self.embedded: dict[str, bool] = {}

    def contents(self, missing: dict[str, int]) -> Contents:
        pages = [self.page(page) for page in self.document]
        return Contents(
            pages,
            dict(self.starts()),
            self.embedded,
            missing,
            self.document.get_metadata_value("Title"),
            self.document.get_metadata_value("Author"),
            self.string(self.raw.FPDFCatalog_GetLanguage, self.document),
        )

    def string(self, function: Any, *arguments: Any) -> str:
        """Call a function that fills a buffer with UTF-16, and give the text."""
        size = function(*arguments, None, 0)
        buffer = (ctypes.c_ushort * (size // 2))()
        function(*arguments, buffer, size)
        return bytes(buffer)[:-2].decode("utf-16-le", "replace")

    def page(self, page: Any) -> Page:
        raw = self.raw
        sheet = Page(page.get_width(), page.get_height())
        textpage = page.get_textpage()
        tagged = set(self.tagged(page))
        left, bottom, right, top = (ctypes.c_float() for _ in range(4))
        for index in range(raw.FPDFPage_CountObjects(page)):
            one = raw.FPDFPage_GetObject(page, index)
            if raw.FPDFPageObj_GetType(one) != raw.FPDF_PAGEOBJ_TEXT:
                continue
            raw.FPDFPageObj_GetBounds(one, left, bottom, right, top)
            edges = left.value, bottom.value, right.value, top.value
            text = self.string(raw.FPDFTextObj_GetText, one, textpage)
            in_text = not tagged or raw.FPDFPageObj_GetMarkedContentID(one) in tagged
            sheet.glyphs.append(Glyphs(text, *edges, self.face(one), in_text))
        self.links(page, sheet)
        return sheet

    def face(self, one: Any) -> str:
        font = self.raw.FPDFTextObj_GetFont(one)
        key = ctypes.cast(font, ctypes.c_void_p).value or 0
        if key not in self.faces:
            name = ctypes.create_string_buffer(120)
            self.raw.FPDFFont_GetBaseFontName(font, name, len(name))
            self.faces[key] = name.value.decode("utf-8", "replace")
            self.embedded[self.faces[key]] = bool(self.raw.FPDFFont_GetIsEmbedded(font))
        return self.faces[key]

    def tagged(self, page: Any) -> Iterator[int]:
        """Give the marked contents of a page that belong to the text, and not to its head and foot."""
        raw = self.raw
        tree = raw.FPDF_StructTree_GetForPage(page)
        if not tree:
            return
        stack = [raw.FPDF_StructTree_GetChildAtIndex(tree, at) for at in range(raw.FPDF_StructTree_CountChildren(tree))]
        while stack:
            element = stack.pop()
            if not element:
                continue
            for at in range(raw.FPDF_StructElement_GetMarkedContentIdCount(element)):
                yield raw.FPDF_StructElement_GetMarkedContentIdAtIndex(element, at)
            count = raw.FPDF_StructElement_CountChildren(element)
            stack += [raw.FPDF_StructElement_GetChildAtIndex(element, at) for at in range(max(count, 0))]
        raw.FPDF_StructTree_Close(tree)

    def links(self, page: Any, sheet: Page) -> None:
        raw = self.raw
        position, link = ctypes.c_int(0), raw.FPDF_LINK()
        while raw.FPDFLink_Enumerate(page, position, link):
            action = raw.FPDFLink_GetAction(link)
            if action and raw.FPDFAction_GetType(action) == raw.PDFACTION_URI:
                size = raw.FPDFAction_GetURIPath(self.document, action, None, 0)
                buffer = ctypes.create_string_buffer(size)
                raw.FPDFAction_GetURIPath(self.document, action, buffer, size)
                sheet.addresses.append(buffer.value.decode("utf-8", "replace"))
            elif not raw.FPDFLink_GetDest(self.document, link):
                sheet.broken += 1

    def starts(self) -> Iterator[tuple[str, int]]:
        raw = self.raw
        for index in range(raw.FPDF_CountNamedDests(self.document)):
            size = ctypes.c_long(0)
            raw.FPDF_GetNamedDest(self.document, index, None, size)
            buffer = ctypes.create_string_buffer(max(size.value, 2))
            destination = raw.FPDF_GetNamedDest(self.document, index, buffer, size)
            page = raw.FPDFDest_GetDestPageIndex(self.document, destination) if destination else -1
            if page >= 0:
                yield buffer.raw[: size.value - 2].decode("utf-16-le", "replace"), page + 1
