"""A PDF read back, for tests."""

from __future__ import annotations

import re
import subprocess
import unicodedata
from collections import Counter
from html import unescape
from typing import NamedTuple

import pypdfium2

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
