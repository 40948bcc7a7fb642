"""Document symbols: parse and print them, find them in text, and give their file names, short forms and addresses.

The grammar follows the Dag Hammarskjöld Library's description of symbols: components parted by slashes, the first
naming the organ or series, suffixes for addenda and the like at the end.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from roman_numerals import InvalidRomanNumeralError, RomanNumeral

if TYPE_CHECKING:
    from collections.abc import Iterator

_SUFFIX = r"(?:/(?:Add|Corr|Rev|Amend)\.\d{1,3}|/Summary)*"
_LETTERS = r"(?: ?[A-Z](?:(?:-| to | and )[A-Z])?)?"
_SESSION = r"(?:(?:S|ES)-\d{1,2}|\d{1,3})"
_ROMAN_SESSION = r"\((?:S-|ES-)?[IVXLC]+\)"
_YEAR = r"(?:19|20)\d\d"
_PART = r"(?: ?\((?:Part|Vol\.) ?[IVXLC]+\))?"
_COMPONENT = r"(?:(?:S|ES)-\d+|[A-Za-z]+\.\d+[A-Za-z]?|[A-Za-z]+\.|\d+[A-Za-z]?|[A-Za-z]+)"

# Organs and series whose symbols are recognized in running text. "HIV/AIDS" shows why a closed list is needed.
_ROOTS = (
    "A|S|E|T|ST|TD|DP|CCPR|CRC|CERD|CEDAW|CAT|CMW|CRPD|CED|HRI|UNEP|FCCC|CBD|HSP|ID|"
    "IDB|LOS|SPLOS|ISBA|NPT|BWC|CD|DC|PBC|UNW|ECE|ESCAP|ICCD|UNODC|CAC|COSP|CTOC|SAICM"
)

_RESOLUTIONS = {
    "A": rf"A/RES/(?P<number>{_SESSION}/\d{{1,4}}{_LETTERS})(?P<suffix>{_SUFFIX})",
    "A (roman)": rf"A/RES/(?P<number>\d{{1,4}}(?: ?[A-Z])? ?{_ROMAN_SESSION}(?: ?[A-Z])?)(?P<suffix>)",
    "S": rf"S/RES/(?P<number>\d{{1,4}} ?\({_YEAR}\))(?P<suffix>{_SUFFIX})",
    "E": rf"E/RES/(?P<number>{_YEAR}/\d{{1,4}})(?P<suffix>{_SUFFIX})",
    "A/HRC": rf"A/HRC/RES/(?P<number>(?:S-)?\d{{1,3}}/\d{{1,3}})(?P<suffix>{_SUFFIX})",
}
_RESOLUTION = {organ: re.compile(pattern + r"(?P<reissue>\*{0,3})") for organ, pattern in _RESOLUTIONS.items()}
_OTHER = re.compile(rf"[A-Z]{{1,6}}(?:/(?!RES(?:/|$)){_COMPONENT})+{_PART}\*{{0,3}}")

# From the thirty-first session on a resolution is cited as "55/109"; "2001/67" is another body's numbering, and
# "1325 (2000)" may be a volume and its year.
_BARE = r"(?:3[1-9]|[4-9]\d|1[0-2]\d|(?:S|ES)-\d{1,2})/\d{1,4}(?: [A-Z](?:-[A-Z])?(?!\w))?"
_IN_TEXT = re.compile(
    r"(?<![\w/.])(?:"
    + "|".join(f"(?:{re.sub(r'[?]P<[a-z]+>', '?:', pattern)})" for pattern in _RESOLUTIONS.values())
    + rf"|(?:{_ROOTS})(?=[A-Za-z./-]{{0,60}}\d)(?:/(?!RES/){_COMPONENT})+{_PART}"
    + rf"|{_BARE})(?![\w/]|[.-]\w*\d)",
    re.ASCII,  # a Chinese character or a Russian letter may touch a symbol
)


@dataclass(frozen=True, slots=True)
class Symbol:
    """A document symbol in its printed form, as "A/RES/56/149" or "S/RES/1325 (2000)".

    organ is the organ of a resolution ("A", "S", "E", "A/HRC"), empty for other documents; number is what a
    resolution is cited by ("56/149"), empty for others; reissue holds the asterisks of a technical reissue.
    """

    text: str
    organ: str = ""
    number: str = ""
    reissue: str = ""

    def __str__(self) -> str:
        return self.text + self.reissue

    @property
    def short(self) -> str:
        """What running text cites: "56/149" for a resolution, the whole symbol for another document."""
        return self.number or self.text

    @property
    def file_name(self) -> str:
        """The symbol as the name of a file or folder: "A_RES_56_149"."""
        return self.text.replace("/", "_").replace(" ", "")

    @property
    def initial(self) -> str:
        """The organ's letters that the masthead prints large: "A"."""
        return self.text.partition("/")[0]

    @property
    def session(self) -> str:
        """The session in which a resolution of the General Assembly was adopted: "56", "S-26", "ES-11", or empty."""
        if "/" in self.number:
            return self.number.partition("/")[0]
        match = re.search(r"\((S-|ES-)?([IVXLC]+)\)", self.number)
        try:
            return f"{match[1] or ''}{int(RomanNumeral.from_string(match[2]))}" if match else ""
        except InvalidRomanNumeralError:
            return ""

    def address(self, base: str) -> str:
        """Give the document's address; in `base` the words {symbol} stand for the symbol."""
        return base.replace("{symbol}", quote(self.text.replace(" ", ""), safe="/().-"))


def parse(words: str) -> Symbol:
    """Read a symbol, a short form ("56/149", "1325 (2000)") or a file name ("A_RES_56_149").

    Raises ValueError, whose text says what a symbol looks like.
    """
    words = words.strip()
    if "/" not in words and "_" in words:
        words = words.replace("_", "/")
    for form in (words, f"A/RES/{words}", f"S/RES/{words}"):
        for organ, pattern in _RESOLUTION.items():
            if match := pattern.fullmatch(form):
                return _resolution(organ.partition(" ")[0], match)
    if _OTHER.fullmatch(words):
        text = words.rstrip("*")
        return Symbol(re.sub(r" ?\((Part|Vol\.) ?", r" (\1 ", text), reissue=words[len(text) :])
    message = f"'{words[:60]}' is no document symbol"
    raise ValueError(message)


def _resolution(organ: str, match: re.Match[str]) -> Symbol:
    number = re.sub(r"(?<=\d) ?(?=[A-Z(])|(?<=[A-Z]) ?(?=\()|(?<=\)) ?(?=[A-Z])", " ", match["number"])
    prefix = match[0][: match.start("number") - match.start()]
    return Symbol(prefix + number + match["suffix"], organ, number, match["reissue"])


def find(text: str) -> Iterator[tuple[int, int, Symbol]]:
    """Find the symbols and resolution numbers in running text, each with its start and end."""
    for match in _IN_TEXT.finditer(text):
        try:
            yield match.start(), match.end(), parse(match[0])
        except ValueError:
            continue
