"""A PDF read back, for tests."""

from __future__ import annotations

import ctypes
import re
import subprocess
import unicodedata
from collections import Counter
from html import unescape
from statistics import mode
from typing import NamedTuple

import pypdfium2
from pypdfium2 import raw

# A bracket that is mirrored in right-to-left text is read back as its counterpart.
MIRRORED = str.maketrans(">)]}»”’", "<([{«“‘")
INVISIBLE = set("\u2060\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u00ad\ufffe")


class Word(NamedTuple):
    """A word on a page, with its box in points from the top left."""

    left: float
    top: float
    right: float
    bottom: float
    text: str


def direction(data: bytes) -> str:
    """Give the reading direction that the file tells viewers."""
    document = pypdfium2.PdfDocument(data)
    name = ctypes.create_string_buffer(8)
    try:
        raw.FPDF_VIEWERREF_GetName(document, b"Direction", name, len(name))
        return name.value.decode()
    finally:
        document.close()


def tongue(data: bytes) -> str:
    """Give the language that the file says it is in."""
    document = pypdfium2.PdfDocument(data)
    name = (ctypes.c_ushort * 40)()
    try:
        length = raw.FPDFCatalog_GetLanguage(document, name, len(name))
        return "".join(map(chr, name[: length // 2 - 1]))
    finally:
        document.close()


def text(data: bytes) -> str:
    """Give the text of all pages."""
    document = pypdfium2.PdfDocument(data)
    try:
        return "\n".join(page.get_textpage().get_text_bounded() for page in document)
    finally:
        document.close()


def words(data: bytes) -> list[list[Word]]:
    """Give the words of each page with their boxes, as poppler reads them."""
    command = ["pdftotext", "-bbox", "-", "-"]
    out = subprocess.run(command, input=data, capture_output=True, check=True).stdout.decode()
    pattern = re.compile(r'<word xMin="([\d.-]+)" yMin="([\d.-]+)" xMax="([\d.-]+)" yMax="([\d.-]+)">(.*?)</word>')
    return [
        [Word(*map(float, found[:4]), unescape(found[4])) for found in pattern.findall(page)]  # type: ignore[arg-type]
        for page in out.split("<page ")[1:]
    ]


def characters(words: str) -> Counter[str]:
    """Count the characters that count: no white space, no invisible marks, compatibility forms as letters."""
    words = words.replace("\x02", "-")  # pdfium's sign for a hyphen that ends a line
    folded = unicodedata.normalize("NFKC", words).replace("\u2010", "-").replace("\u2011", "-").translate(MIRRORED)
    return Counter(one for one in folded if not one.isspace() and one not in INVISIBLE and one != "\u0640")


class Glyph(NamedTuple):
    """A character as it is printed: its edges, the baseline from the top of the page, its size and face."""

    page: int
    left: float
    right: float
    baseline: float
    size: float
    face: str
    text: str


def glyphs(data: bytes) -> list[Glyph]:
    """Give every printed character but spaces, page by page in the order of the file."""
    found = []
    document = pypdfium2.PdfDocument(data)
    x, y, name = ctypes.c_double(), ctypes.c_double(), ctypes.create_string_buffer(80)
    try:
        for number, page in enumerate(document, 1):
            height = page.get_height()
            textpage = page.get_textpage()
            for index in range(textpage.count_chars()):
                character = chr(raw.FPDFText_GetUnicode(textpage, index))
                if character.isspace() or character in INVISIBLE or raw.FPDFText_IsGenerated(textpage, index):
                    continue
                left, _, right, _ = textpage.get_charbox(index, loose=True)
                raw.FPDFText_GetCharOrigin(textpage, index, ctypes.byref(x), ctypes.byref(y))
                size = raw.FPDFText_GetFontSize(textpage, index) * 0.75  # the engine writes CSS pixels
                raw.FPDFText_GetFontInfo(textpage, index, name, len(name), None)
                face = name.value.decode().partition("+")[2]
                found.append(Glyph(number, left, right, height - y.value, size, face, character))
    finally:
        document.close()
    return found


class Line(NamedTuple):
    """A line of type: its edges, and its characters from left to right."""

    page: int
    baseline: float
    left: float
    right: float
    text: str


def lines(data: bytes, size: float) -> list[Line]:
    """Give the lines of type of a size, from the first to the last; what stands raised or smaller is left out."""
    rows: list[list[Glyph]] = []
    for glyph in sorted(glyphs(data), key=lambda one: (one.page, one.baseline)):
        if abs(glyph.size - size) < 0.1:
            first = rows[-1][0] if rows else None
            if first and first.page == glyph.page and glyph.baseline - first.baseline < size * 0.6:
                rows[-1].append(glyph)
            else:
                rows.append([glyph])
    return [
        Line(
            row[0].page,
            mode(round(one.baseline, 1) for one in row),
            min(one.left for one in row),
            max(one.right for one in row),
            "".join(one.text for one in sorted(row, key=lambda one: one.left)),
        )
        for row in rows
    ]
