"""What is wrong, and exactly where: the one shape in which every stage reports."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

Severity = Literal["error", "warning"]

CODES = {
    "S01": "the YAML does not parse",
    "S02": "a tab stands where YAML wants spaces",
    "S03": "a key or an entry is written twice",
    "S04": "an anchor, an alias or a tag is used",
    "S05": "a file, a value or its nesting is too large",
    "S06": "a key is unknown",
    "S07": "a key is missing",
    "S08": "a value is of the wrong kind",
    "S09": "a symbol is none, or none that can stand there",
    "S10": "a date or moment does not exist",
    "S11": "a number is out of range",
    "S12": "a note is called but not written",
    "S13": "a note is written but never called",
    "S14": "a language is unknown or has no file",
    "S15": "a control character or invalid byte is in the file",
    "S16": "a direction mark is unpaired",
    "S17": "a value is not one of the known ones",
    "S18": "a file is missing or cannot be read",
    "S19": "a link leads to an address that is not allowed",
    "S20": "a value is empty",
    "S21": "items are nested too deeply",
    "S22": "the rows of a table are of unequal length",
    "S23": "a folder is not named as its symbol asks",
    "S24": "two facts exclude each other",
    "S25": "an asterisk or bracket opens markup that never closes",
    "K01": "a locale lacks a word",
    "K02": "a locale has an unknown word",
    "K03": "a word of a locale is of the wrong kind",
    "K04": "a word of a locale uses an unknown or misses a needed placeholder",
    "K05": "a locale names a CLDR locale that does not exist",
    "L01": "a template does not exist",
    "L02": "a template cannot be parsed",
    "L03": "a template fails",
    "T01": "a glyph is missing from the fonts",
    "T02": "an image or other resource cannot be used",
    "T03": "a rule of a style sheet is ignored",
    "T04": "a font is missing or is not the expected one",
    "T05": "a system library is missing",
    "T06": "the engine reports a problem",
    "T07": "the engine fails",
    "T08": "a text runs off its page",
    "T09": "a cluster does not answer, or cannot typeset",
    "C001": "a rule is allowed without a reason, or where it finds nothing",
    "C101": "a language lacks a paragraph or another piece of text",
    "C102": "a piece of text stands in one language only",
    "C103": "a piece of text stands twice",
    "C104": "a table has another number of columns",
    "C105": "a text lacks a number, date or symbol that it has in the other languages",
    "C106": "a text has a number, date or symbol in one language only",
    "C107": "a number, date or symbol is another than in the other languages",
    "C108": "a number, date, symbol or call of a note stands in another place than in the other languages",
    "C109": "a note is called in some languages only",
    "C110": "the opening words are emphasized in some languages only",
    "C111": "a list of states is not the same",
    "C112": "a list of states is not in the order of its language",
    "C201": "a paragraph opens with other words than paragraphs do",
    "C202": "the opening words are not the emphasized ones",
    "C203": "the opening word begins with a letter of the wrong case",
    "C204": "a paragraph or item ends with the wrong mark",
    "C205": "a number or letter is typed that comes by itself",
    "C206": "a quotation mark is not the language's, or stands alone",
    "C207": "a space or mark is not written as in the language",
    "C208": "a note is called on the wrong side of a mark",
    "C209": "the distribution is not that of such a document",
    "C210": "a title is not written as titles are",
    "C211": "the paragraph that keeps the matter on the agenda is not the last",
    "C212": "dates are not in their order",
    "C213": "a meeting is not plausible",
    "C214": "the date of adoption lies outside of the session",
    "C215": "a word is written in another way than in documents",
    "C301": "a paragraph has changed in the original since the translation followed it",
    "P101": "a part of the text is on no page",
    "P102": "type stands outside of its page",
    "P103": "a note begins on another page than its call",
    "P104": "a glyph is missing",
    "P105": "a typeface is not in the file, or is a foreign one",
    "P106": "pages are too many or too few, blank, or of another size",
    "P107": "a link leads nowhere, or is lost",
    "P108": "the file does not say its title, author or language",
    "P109": "the file is not what its source gives, or does not carry it",
    "P110": "a form says its text in another order, or its markup is not sound",
    "P111": "read by its tags, a file says another text, or in another order",
    "P112": "a note is not tagged as one, or not tied to its call",
    "P113": "the tags do not say in which language a text is",
    "P114": "a figure or a link has no description, or no tag",
    "P115": "the tags are not in one tree: a level is left out, or an element is empty",
    "P116": "the file does not say that it is PDF/A-3a and PDF/UA-1",
    "I01": "the output folder cannot be written",
    "I02": "a document is not to be issued yet, or has no moment of release",
    "I03": "a document was issued, and what it is made from has changed since",
    "I04": "a file would be written over one that was issued",
    "I05": "a document is to be issued again without a reason or its mark, or for the first time with one",
    "I06": "the register does not answer",
    "I07": "an issued file is missing or is another one",
    "I08": "the place of issued documents does not answer, or something is in the way there",
    "I09": "clocks differ",
    "I10": "a notice could not be delivered",
}


@dataclass(frozen=True, slots=True)
class Place:
    """A spot in a file: line and column count from 1; the excerpt is that line of the file."""

    file: Path
    line: int = 0
    column: int = 0
    excerpt: str = ""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}" if self.line else str(self.file)


@dataclass(frozen=True, slots=True)
class Fix:
    """What may safely be written instead: the words that stand at a place now, and those to come."""

    place: Place
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong. The message is lower case without a full stop; the hint says what to do.

    beside is the place that it is compared with, as in another language; fix mends it without a decision of anybody.
    """

    code: str
    message: str
    place: Place | None = None
    hint: str = ""
    severity: Severity = "error"
    beside: Place | None = None
    fix: Fix | None = None

    def __post_init__(self) -> None:
        if self.code not in CODES:
            raise KeyError(self.code)


class Rejected(Exception):
    """The work stops; the findings say why."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__("; ".join(f"{finding.code}: {finding.message}" for finding in self.findings))

    def __reduce__(self) -> tuple[type[Rejected], tuple[tuple[Finding, ...]]]:
        return Rejected, (self.findings,)


def suggest(word: str, known: Iterable[str]) -> str:
    """Give a hint naming the known word nearest to `word`, or listing the few known ones, or nothing."""
    known = [str(one) for one in known]
    near = difflib.get_close_matches(word, known, n=1)
    if near:
        return f"did you mean '{near[0]}'?"
    return f"known: {', '.join(known)}" if 0 < len(known) <= 12 else ""
