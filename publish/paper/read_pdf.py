"""A finished PDF, read back: what is on its pages, and pictures of them. The only owner of PDFium and pikepdf."""

from __future__ import annotations

import ctypes
import hashlib
import struct
from dataclasses import dataclass, field
from io import BytesIO
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator


COLOURS = 128  # of a smaller picture


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
    """Read what is to be seen in a PDF, on its paper or on its trimmed pages. Raises ValueError where it is none."""
    from pypdfium2 import PdfDocument, PdfiumError, raw  # noqa: PLC0415  # only who inspects pays for it

    try:
        document = PdfDocument(data)
    except PdfiumError as error:
        message = f"the file is no PDF that can be read: {error}"
        raise ValueError(message) from None
    try:
        return _Reading(raw, document, trimmed=trimmed).contents(dict(_missing(data)))
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

    def __init__(self, raw: Any, document: Any, *, trimmed: bool = False) -> None:
        self.raw = raw
        self.trimmed = trimmed
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
        x, y, right_edge, top_edge = page.get_trimbox() if self.trimmed else page.get_cropbox()
        sheet = Page(right_edge - x, top_edge - y)
        textpage = page.get_textpage()
        tagged = set(self.tagged(page))
        left, bottom, right, top = (ctypes.c_float() for _ in range(4))
        for index in range(raw.FPDFPage_CountObjects(page)):
            one = raw.FPDFPage_GetObject(page, index)
            if raw.FPDFPageObj_GetType(one) != raw.FPDF_PAGEOBJ_TEXT:
                continue
            raw.FPDFPageObj_GetBounds(one, left, bottom, right, top)
            edges = left.value - x, bottom.value - y, right.value - x, top.value - y
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


def attachments(data: bytes) -> dict[str, bytes]:
    """Give the files that a PDF carries, by name. Raises ValueError where it is no PDF."""
    import pikepdf  # noqa: PLC0415

    try:
        with pikepdf.open(BytesIO(data)) as pdf:
            return {name: bytes(one.get_file().read_bytes()) for name, one in pdf.attachments.items()}
    except pikepdf.PdfError as error:
        raise ValueError(str(error)) from None
