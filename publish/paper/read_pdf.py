"""A finished PDF, read back: what is on its pages, and pictures of them. The only owner of PDFium and pikepdf."""

from __future__ import annotations

import ctypes
import hashlib
import re
import struct
import unicodedata
import zlib
from collections import defaultdict
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from io import BytesIO
from math import ceil, floor, hypot
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence


COLOURS = 128  # of a smaller picture
SMALLEST = 1.0  # points of type that can be read
FAINTEST = 16  # of 256 greys between type and what is behind it
WIDEST = 1.5  # of the type size: wider gaps between ink are looked into
AROUND = 1.0  # points by which the ink of a character may leave its box
ROOM = 4096  # characters of most texts
LARGEST = 2000  # dots along a page whose ink is looked for


class Glyphs(NamedTuple):
    """A run of type on a page: its characters, its edges from the bottom left in points, and its typeface.

    unseen are those of its characters that nobody sees; in_text tells it from margins and other artifacts.
    """

    text: str
    unseen: str
    left: float
    bottom: float
    right: float
    top: float
    face: str
    in_text: bool


@dataclass
class Page:
    """What is on a page: its size, its type, the addresses that its links lead to, and how many links lead nowhere.

    unmarked is how many things are drawn that are neither tagged nor an artifact.
    """

    width: float
    height: float
    glyphs: list[Glyphs] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)
    broken: int = 0
    unmarked: int = 0


@dataclass(frozen=True)
class Annotation:
    """A link on a page, from 0: its edges in points, what it says of itself, and the point of a page it leads to."""

    page: int
    left: float
    bottom: float
    right: float
    top: float
    description: str
    target: tuple[int, float, float] | None


@dataclass
class Element:
    """An element of the structure tree: its type, its language, the text that it stands for, and that describes it.

    kids are elements, marked content by its page, from 0, and number, and links; None is a link that is on no page.
    """

    type: str
    lang: str
    actual: str | None
    alternative: str
    kids: list[Element | tuple[int, int] | Annotation | None] = field(default_factory=list)

    def walk(self) -> Iterator[Element]:
        """Give the element and all that are in it, in the order in which they are read."""
        yield self
        for kid in self.kids:
            if isinstance(kid, Element):
                yield from kid.walk()


@dataclass
class Tags:
    """What a file tells a reader who does not see it: its structure tree, and what it says of itself.

    roots are the elements that stand in no other, texts what the glyphs of marked content stand for, untabbed the
    pages, from 1, whose order of tabs is not that of the tags, and metadata its XMP packet.
    """

    roots: list[Element]
    texts: dict[tuple[int, int], str]
    annotations: list[Annotation]
    untabbed: list[int]
    marked: bool
    shows_title: bool
    metadata: bytes


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
    tags: Tags


@dataclass(frozen=True)
class Picture:
    """A page as a picture: the bytes of a PNG, and a name that only equal pictures have."""

    name: str
    png: bytes
    width: float
    height: float


def pictures(data: bytes, scale: float, known: Collection[str] = ()) -> list[Picture]:
    """Draw the pages of a PDF, `scale` dots to a point; one whose name is known comes without its bytes."""
    from pypdfium2 import PdfDocument  # noqa: PLC0415

    found = []
    document = PdfDocument(data)
    try:
        for page in document:
            bitmap = page.render(scale=scale, rev_byteorder=True)
            name = hashlib.sha256(bitmap.buffer).hexdigest()[:32]
            png = BytesIO()
            if name not in known:
                bitmap.to_pil().save(png, "png", compress_level=1)
            found.append(Picture(name, png.getvalue(), page.get_width(), page.get_height()))
    finally:
        document.close()
    return found


def smaller(png: bytes) -> bytes:
    """Give a picture of a page in few colours, for files that are sent."""
    from PIL import Image  # noqa: PLC0415

    data = BytesIO()
    Image.open(BytesIO(png)).quantize(COLOURS, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE).save(
        data, "png", optimize=True
    )
    return data.getvalue()


def read(data: bytes, *, trimmed: bool = False) -> Contents:
    """Read what is to be seen in a PDF, on its paper or on its trimmed pages.

    Raises ValueError where it is none, or is damaged or encrypted.
    """
    import pikepdf  # noqa: PLC0415

    with _opened(data, trimmed=trimmed) as (reading, pdf):
        drawn = [_content(pikepdf, page) for page in pdf.pages]
        texts, missing = _printed(pdf, drawn)
        return reading.contents(missing, _Tree(pikepdf, pdf).tags(texts))


def starts(data: bytes) -> dict[str, int]:
    """Give the pages, from 1, on which the named places of a PDF are. Raises ValueError as `read` does."""
    with _opened(data) as (reading, _):
        return dict(reading.starts())


@contextmanager
def _opened(data: bytes, *, trimmed: bool = False) -> Iterator[tuple[_Reading, Any]]:
    """Open a PDF with PDFium and with pikepdf; whatever goes wrong in it is the file's fault."""
    import pikepdf  # noqa: PLC0415  # only who inspects pays for it
    from pypdfium2 import PdfDocument, raw  # noqa: PLC0415

    try:
        with pikepdf.open(BytesIO(data), attempt_recovery=False, suppress_warnings=True) as pdf:
            if pdf.is_encrypted:
                raise pikepdf.PasswordError
            for one in pdf.objects:
                if isinstance(one, pikepdf.Stream) and one.get("/Filter") == "/FlateDecode":
                    zlib.decompress(one.read_raw_bytes() or _NOTHING)  # which compares the sum of what it holds
            document = PdfDocument(data)
            try:
                yield _Reading(raw, document, trimmed=trimmed), pdf
            finally:
                document.close()
    except pikepdf.PasswordError:
        message = "the file is encrypted"
        raise ValueError(message) from None
    except Exception as error:  # a damaged file may fail anywhere
        message = f"the file is no PDF that can be read: it is damaged ({type(error).__name__})"
        raise ValueError(message) from error


def _content(pikepdf: Any, page: Any) -> bytes:
    """Give what draws a page, with its strings in hexadecimal digits, as the engine writes them."""
    page.contents_coalesce()
    content: bytes = page.Contents.read_bytes() if "/Contents" in page else b""
    if b"(" in content:
        content = pikepdf.unparse_content_stream(pikepdf.parse_content_stream(page, _TEXT))
        content = _LITERAL.sub(lambda one: b"<%s>" % bytes(pikepdf.Object.parse(one[0])).hex().encode(), content)
    return content


_NOTHING = zlib.compress(b"")


class _Face:
    """A typeface of a file: which characters its codes stand for, and which codes are printed."""

    def __init__(self, font: Any) -> None:
        self.font = font
        self.coding = "utf-16-be" if "/DescendantFonts" in font else "latin-1"
        self.meanings = _meanings(font)
        self.printed: set[tuple[int, int]] = set()

    def missing(self) -> int:
        """Count the glyphs that are printed and not in the file."""
        descriptor: Any = self.font.get("/DescendantFonts", [{}])[0].get("/FontDescriptor", {})
        count = _glyph_count(descriptor.FontFile2.read_bytes()) if "/FontFile2" in descriptor else 0
        return sum(not 0 < 256 * high + low < count for high, low in self.printed) if count else 0

    @property
    def name(self) -> str:
        return str(self.font.DescendantFonts[0].FontDescriptor.FontName).lstrip("/")


def _printed(pdf: Any, contents: Sequence[bytes]) -> tuple[dict[tuple[int, int], str], dict[str, int]]:
    """Read what draws pages.

    Gives what the glyphs of marked content stand for, in the order of the file, by page and number, and how many glyphs
    the typefaces lack, by their names.
    """
    faces: dict[tuple[int, int], _Face] = {}
    texts: dict[tuple[int, int], str] = defaultdict(str)
    for number, (page, content) in enumerate(zip(pdf.pages, contents, strict=True)):
        fonts = page.Resources.get("/Font", {})
        named: dict[bytes, _Face] = {}
        face: _Face | None = None
        states: list[_Face | None] = []
        marks: list[int] = []
        for token in _TOKEN.finditer(content):
            word = token[0]
            if name := token["face"]:
                if name not in named:
                    font = fonts[name.decode()]
                    named[name] = faces[font.objgen] = faces.get(font.objgen) or _Face(font)
                face = named[name]
            elif token["strings"]:
                mark = next((one for one in reversed(marks) if one >= 0), -1)
                codes = bytes.fromhex(b"".join(_CODES.findall(word)).decode())
                if face:
                    face.printed.update(zip(codes[::2], codes[1::2], strict=False))
                    texts[number, mark] += codes.decode(face.coding, "surrogatepass").translate(face.meanings)
            elif word == b"q":
                states.append(face)
            elif word == b"Q":
                face = states.pop()
            elif word == b"EMC":
                marks.pop()
            else:
                marks.append(int(token["mark"] or -1))
    return texts, {face.name: count for face in faces.values() if (count := face.missing())}


def _meanings(font: Any) -> dict[int, str]:
    """Read which characters the codes of a typeface stand for."""
    words = font.ToUnicode.read_bytes().decode() if "/ToUnicode" in font else ""
    return {
        int(code, 16): bytes.fromhex(text).decode("utf-16-be", "replace")
        for block in _MEANINGS.findall(words)
        for code, text in _MEANING.findall(block)
    }


_TEXT = "Tf TJ Tj q Q BDC BMC EMC"
_LITERAL = re.compile(rb"\((?:\\.|[^\\)])*\)", re.DOTALL)
_TOKEN = re.compile(
    rb"(?P<face>/\S+)\s+\S+\s+Tf\b|(?P<strings>\[[^\]]*\]\s*TJ|<[\da-fA-F\s]*>\s*Tj)"
    rb"|<<[^>]*?/MCID\s+(?P<mark>\d+)[^>]*>>\s*BDC\b|\b(?:BDC|BMC|EMC|q|Q)\b"
)
_CODES = re.compile(rb"<([\da-fA-F\s]*)>")
_MEANINGS = re.compile("beginbfchar(.*?)endbfchar", re.DOTALL)
_MEANING = re.compile(r"<(\w+)>\s*<(\w*)>")


def _glyph_count(font: bytes) -> int:
    """Read from a TrueType font how many glyphs it has: the number in its table "maxp"."""
    (tables,) = struct.unpack_from(">H", font, 4)
    for at in range(12, 12 + 16 * tables, 16):
        if font[at : at + 4] == b"maxp":
            (offset,) = struct.unpack_from(">I", font, at + 8)
            return int(struct.unpack_from(">H", font, offset + 4)[0])
    return 0


class _Tree:
    """Reads the structure tree of a file; what is in it twice is read once."""

    def __init__(self, pikepdf: Any, pdf: Any) -> None:
        self.pikepdf = pikepdf
        self.pdf = pdf
        self.pages = {page.obj.objgen: number for number, page in enumerate(pdf.pages)}
        self.annotations = {
            one.objgen: self.annotation(one, number)
            for number, page in enumerate(pdf.pages)
            for one in page.obj.get("/Annots", ())
        }
        self.known: set[tuple[int, int]] = set()

    def tags(self, texts: dict[tuple[int, int], str]) -> Tags:
        root = self.pdf.Root
        return Tags(
            [self.element(one) for one in self.several(root.get("/StructTreeRoot", {}).get("/K"))],
            texts,
            list(self.annotations.values()),
            [number for number, page in enumerate(self.pdf.pages, 1) if page.obj.get("/Tabs") != "/S"],
            root.get("/MarkInfo", {}).get("/Marked") is True,
            root.get("/ViewerPreferences", {}).get("/DisplayDocTitle") is True,
            root.Metadata.read_bytes() if "/Metadata" in root else b"",
        )

    def several(self, given: Any) -> list[Any]:
        """Give what an entry has, be it one or a list."""
        if given is None:
            return []
        return list(given) if isinstance(given, self.pikepdf.Array) else [given]

    def element(self, given: Any) -> Element:
        self.known.add(given.objgen)
        text = {key: str(value) for key, value in given.items() if key in _SAID}
        own = Element(text["/S"][1:], text.get("/Lang", ""), text.get("/ActualText"), text.get("/Alt", ""))
        page = given.get("/Pg")
        for kid in self.several(given.get("/K")):
            if isinstance(kid, int):
                own.kids.append((self.pages.get(page.objgen, -1), kid))
            elif "/MCID" in kid:
                own.kids.append((self.pages.get(kid.get("/Pg", page).objgen, -1), int(kid.MCID)))
            elif "/Obj" in kid:
                own.kids.append(self.annotations.get(kid.Obj.objgen))
            elif kid.objgen not in self.known or not kid.is_indirect:
                own.kids.append(self.element(kid))
        return own

    def annotation(self, given: Any, page: int) -> Annotation:
        left, bottom, right, top = map(float, given.Rect)
        target, point = given.get("/Dest"), None
        if isinstance(target, self.pikepdf.Array) and len(target) > 3:  # page, /XYZ, left, top
            point = self.pages.get(target[0].objgen, -1), float(target[2] or 0), float(target[3] or 0)
        return Annotation(page, left, bottom, right, top, str(given.get("/Contents", "")), point)


_SAID = {"/S", "/Lang", "/ActualText", "/Alt"}


class _Ink:
    """What the type of a page adds to its picture: the page is drawn with it and without it."""

    def __init__(self, page: Any, show: Callable[[bool], Any]) -> None:
        from PIL import ImageChops  # noqa: PLC0415

        self.left, self.bottom, _, _ = page.get_cropbox()
        self.height = page.get_height()
        self.scale: float = min(1, LARGEST / max(page.get_width(), self.height))
        pictures = []
        for on in (False, True):
            show(on)
            pictures.append(page.render(scale=self.scale, grayscale=True).to_pil())
        ink = ImageChops.difference(*pictures).point([one >= FAINTEST for one in range(256)])
        (self.columns, self.rows), self.dots = ink.size, ink.tobytes()

    def under(self, left: float, bottom: float, right: float, top: float) -> bytes:
        """Tell of each column of dots in a box whether it has ink; gives nothing where the box leaves the page."""
        first, last = floor((left - self.left) * self.scale), ceil((right - self.left) * self.scale)
        head = self.bottom + self.height
        rows = range(floor((head - top) * self.scale), ceil((head - bottom) * self.scale))
        if not (0 <= first < last <= self.columns and 0 <= rows.start < rows.stop <= self.rows):
            return b""
        every = 0
        for row in rows:
            every |= int.from_bytes(self.dots[row * self.columns + first : row * self.columns + last], "big")
        return every.to_bytes(last - first, "big")

    def gapes(self, inked: bytes, gap: float) -> bool:
        """Tell whether columns of dots have no ink, or none for more points than a gap."""
        return b"\1" not in inked or bytes(floor(gap * self.scale) + 1) in inked


class _Reading:
    """Reads a document through PDFium's functions, whose names tell what they give."""

    def __init__(self, raw: Any, document: Any, *, trimmed: bool = False) -> None:
        self.raw = raw
        self.trimmed = trimmed
        self.document = document
        self.faces: dict[bytes, str] = {}
        self.embedded: dict[str, bool] = {}
        self.buffer = (ctypes.c_ushort * ROOM)()

    def contents(self, missing: dict[str, int], tags: Tags) -> Contents:
        tagged = {kid for root in tags.roots for one in root.walk() for kid in one.kids if isinstance(kid, tuple)}
        pages = [self.page(page, number, tagged) for number, page in enumerate(self.document)]
        return Contents(
            pages,
            dict(self.starts()),
            self.embedded,
            missing,
            self.document.get_metadata_value("Title"),
            self.document.get_metadata_value("Author"),
            self.string(self.raw.FPDFCatalog_GetLanguage, self.document),
            tags,
        )

    def string(self, function: Any, *arguments: Any) -> str:
        """Call a function that fills a buffer with UTF-16 if it is large enough, and give the text."""
        size = function(*arguments, self.buffer, len(self.buffer) * 2)
        if size > len(self.buffer) * 2:
            self.buffer = (ctypes.c_ushort * (size // 2))()
            function(*arguments, self.buffer, size)
        return ctypes.string_at(self.buffer, max(size - 2, 0)).decode("utf-16-le", "replace")

    def page(self, page: Any, number: int, tagged: set[tuple[int, int]]) -> Page:
        raw = self.raw
        x, y, right_edge, top_edge = page.get_trimbox() if self.trimmed else page.get_cropbox()
        sheet = Page(right_edge - x, top_edge - y)
        textpage = page.get_textpage()
        all_read = not raw.FPDFCatalog_IsTagged(self.document)
        drawn = [raw.FPDFPage_GetObject(page, index) for index in range(raw.FPDFPage_CountObjects(page))]
        sheet.unmarked = sum(not raw.FPDFPageObj_CountMarks(one) for one in drawn)
        runs = [one for one in drawn if raw.FPDFPageObj_GetType(one) == raw.FPDF_PAGEOBJ_TEXT]
        ink = _Ink(page, lambda on: [raw.FPDFPageObj_SetIsActive(one, on) for one in runs])
        left, bottom, right, top = (ctypes.c_float() for _ in range(4))
        for one in runs:
            raw.FPDFPageObj_GetBounds(one, left, bottom, right, top)
            edges = left.value, bottom.value, right.value, top.value
            text, own = self.string(raw.FPDFTextObj_GetText, one, textpage), textpage
            if not text:  # as PDFium takes a line like the one before it for the same, drawn twice
                own = self.alone(page, one, runs)
                text = self.string(raw.FPDFTextObj_GetText, one, own)
            size = self.size(one)
            unseen = ""
            if size < SMALLEST:
                unseen = text
            elif (inked := ink.under(*edges)) and ink.gapes(inked, WIDEST * size):
                unseen = "".join(self.unseen(self.characters(one, text, own), own, ink))
            mark = raw.FPDFPageObj_GetMarkedContentID(one)
            on_page = left.value - x, bottom.value - y, right.value - x, top.value - y
            sheet.glyphs.append(Glyphs(text, unseen, *on_page, self.face(one), all_read or (number, mark) in tagged))
        self.links(page, sheet)
        return sheet

    def alone(self, page: Any, one: Any, runs: Sequence[Any]) -> Any:
        """Read the text of a page as if no type but one run were on it."""
        for other in runs:
            self.raw.FPDFPageObj_SetIsActive(other, other is one)
        textpage = page.get_textpage()
        for other in runs:
            self.raw.FPDFPageObj_SetIsActive(other, True)
        return textpage

    def size(self, one: Any) -> float:
        """Give the size of type, in points as printed."""
        size, matrix = ctypes.c_float(), self.raw.FS_MATRIX()
        self.raw.FPDFTextObj_GetFontSize(one, size)
        self.raw.FPDFPageObj_GetMatrix(one, matrix)
        return size.value * hypot(matrix.c, matrix.d)

    def characters(self, one: Any, text: str, textpage: Any) -> Sequence[int]:
        """Give the indexes of the characters of a run of type on its page, where as a rule they follow each other."""
        words, run, own = textpage.get_text_range(), self.raw.FPDFText_GetTextObject, bytes(one)
        start, size = words.find(text) if text else -1, len(text.encode("utf-16-le")) // 2
        while start >= 0:
            found = range(start, start + size)
            first, last, after = (bytes(run(textpage, at)) for at in (start, start + size - 1, start + size))
            if own == first == last != after:
                return found
            start = words.find(text, start + 1)
        return [at for at in range(self.raw.FPDFText_CountChars(textpage)) if own == bytes(run(textpage, at))]

    def unseen(self, characters: Sequence[int], textpage: Any, ink: _Ink) -> Iterator[str]:
        """Give the characters of a run of type that leave no ink."""
        raw = self.raw
        left, bottom, right, top = (ctypes.c_double() for _ in range(4))
        for index in characters:
            character = chr(raw.FPDFText_GetUnicode(textpage, index))
            raw.FPDFText_GetCharBox(textpage, index, left, right, bottom, top)
            edges = left.value - AROUND, bottom.value - AROUND, right.value + AROUND, top.value + AROUND
            if not character.isspace() and (inked := ink.under(*edges)) and b"\1" not in inked:
                yield character

    def face(self, one: Any) -> str:
        font = self.raw.FPDFTextObj_GetFont(one)
        key = bytes(font)
        if key not in self.faces:
            name = ctypes.create_string_buffer(120)
            self.raw.FPDFFont_GetBaseFontName(font, name, len(name))
            self.faces[key] = name.value.decode("utf-8", "replace")
            self.embedded[self.faces[key]] = bool(self.raw.FPDFFont_GetIsEmbedded(font))
        return self.faces[key]

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


def folded(words: str) -> str:
    """Give the characters that count, as they can be compared: one form of each, no spaces, no invisible marks."""
    return words.translate(_FOLDED)


class _Folds(dict[int, str]):
    """What each character is folded into, found when it is first asked for."""

    def __missing__(self, code: int) -> str:
        parts = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", chr(code)).casefold())
        self[code] = "".join(map(_fold, parts))
        return self[code]


def _fold(one: str) -> str:
    """Fold a character that has no parts. PDFium reads a bracket in right-to-left text as its counterpart."""
    category = unicodedata.category(one)
    if one in _READ_AS:
        return _READ_AS[one]
    if one.isspace() or category == "Cf":
        return ""
    if category in {"Nd", "No"}:
        return f"{unicodedata.numeric(one):g}"
    if category == "Pf" or unicodedata.mirrored(one):
        with suppress(KeyError):
            return unicodedata.lookup(_SIDE.sub(lambda side: _OTHER_SIDE[side[0]], unicodedata.name(one)))
    return one


_FOLDED = _Folds()
_READ_AS = {"\x02": "-", "\u2010": "-", "\u2044": "/", "\u0338": "/", "\u0640": "", "\ufffe": ""}
_READ_AS |= {"®": "r", "℞": "r", "℟": "r", "℣": "v"}  # in right-to-left text
_OTHER_SIDE = {"RIGHT": "LEFT", "GREATER": "LESS", "SUPERSET": "SUBSET", "SUCCEED": "PRECEDE"}
_SIDE = re.compile("|".join(_OTHER_SIDE))


def attachments(data: bytes) -> dict[str, bytes]:
    """Give the files that a PDF carries, by name. Raises ValueError where it is no PDF."""
    import pikepdf  # noqa: PLC0415

    try:
        with pikepdf.open(BytesIO(data)) as pdf:
            return {name: bytes(one.get_file().read_bytes()) for name, one in pdf.attachments.items()}
    except pikepdf.PdfError as error:
        raise ValueError(str(error)) from None
