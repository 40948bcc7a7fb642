"""Text -> the mentions in it: what a translation must say as well, understood by the words of its language.

Symbols, resolution numbers, dates, articles, sessions, percentages, sums of money and other numbers come out with the
same value whatever language they are written in: `17 December 1999`, `1999年12月17日`, `17 كانون الأول/ديسمبر 1999`;
`116,000`, `116 000` and `000 116`; `sixty-ninth session` and `第六十九届会议`.
How a language writes them is in `reading` of its locale.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Literal, NamedTuple

from roman_numerals import InvalidRomanNumeralError, RomanNumeral

from publish.text import symbol

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from publish.text.language import Language, Reading

Kind = Literal["symbol", "date", "month", "article", "session", "percentage", "sum", "number"]
Value = tuple[str | int, ...] | Decimal

SESSIONS, YEARS = 11, 1000  # a smaller ordinal before "session" may count meetings of any kind, a greater is a year
THREE = 3  # digits of a group
_FOLDED: dict[int, int | str] = {
    **{zero + digit: ord("0") + digit for zero in (0x660, 0x6F0, 0xFF10) for digit in range(10)},
    0xFF08: "(",
    0xFF09: ")",
    **dict.fromkeys([0xFF0E, 0x66B], "."),
    **dict.fromkeys([0x09, 0x0A, 0xA0, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000], " "),
}
TAKEN = "\ufffc"  # stands where a mention was found already
_ORDINAL = re.compile(r"(?:\.?[ºª°]|-?[^\W\d_]{1,3})? ")  # what follows the digits of an ordinal
_ROMAN = re.compile(r"(?<![A-Za-z.])[IVXLC]{2,8}(?![A-Za-z])|(?<=\()[IVXLC]{1,8}(?=\))")
_OF_YEAR = re.compile(r"(?<!\d)(\d{1,4}) ?\(((?:19|20)\d\d)\)")
_SLASHED = re.compile(r"(?<![\d/])\d+(?:/\d+)+(?![\d/])")
_DOTTED = re.compile(r"(?<![\d.])\d+(?:\.\d+){2,}(?!\d)")
_SPECIAL = re.compile(r"^E?S-")


class Mention(NamedTuple):
    """What a text mentions, from `start` to `end` of its characters.

    certain is whether other languages must mention it too: a number in digits, an article, a session. A number in words
    only answers to one in digits elsewhere.
    """

    kind: Kind
    value: Value
    start: int
    end: int
    certain: bool = True


class Finder:
    """Finds mentions in texts of one language."""

    def __init__(self, language: Language) -> None:
        reading = self.reading = language.words.reading
        self.gapless = language.ideographic
        before, after = ("", "") if self.gapless else (r"(?<!\w)", r"(?!\w)")
        clitics = f"(?:{_any(reading.clitics)})?" if reading.clitics else ""
        self.kinds: dict[Kind, re.Pattern[str]] = {
            "article": _pattern(f"{before}{clitics}{_any(reading.article)}{after}"),
            "session": _pattern(f"{before}{clitics}{_any(reading.session)}{after}"),
            "percentage": _pattern(_any(reading.percent)),
            "sum": _pattern(_any(reading.money)),
        }
        self.units, self.scales = _Lookup(reading.numbers), _Lookup(reading.scales)
        words = f"(?P<unit>{self.units.pattern})|(?P<scale>{self.scales.pattern})"
        self.word = _pattern(f"{before}{clitics}(?:{words}){after}")
        self.scale = _pattern(rf" ?(?P<scale>{self.scales.pattern}){after}")
        self.joint = _pattern(f"{_any(reading.joiners)}{'?' if self.gapless else ''}")
        self.number = _number(reading)
        self.dates = [(_date(language, form, months), _Lookup(months)) for form, months in language.date_forms]

    def find(self, text: str) -> list[Mention]:
        """Give what a text mentions, in its order."""
        rest = text.translate(_FOLDED)
        words = {kind: [match.span() for match in pattern.finditer(rest)] for kind, pattern in self.kinds.items()}
        for start, end in words["percentage"]:
            rest = _without(rest, start, end)  # "pour cent" is no hundred
        found: list[Mention] = []
        for search in (_symbols, _of_year, self._dates, self._dotted, self._numbers, _romans, self._spelled):
            new = list(search(rest))
            found += new
            for mention in new:
                rest = _without(rest, mention.start, mention.end)
        return sorted((self._named(rest, mention, words) for mention in found), key=lambda one: (one.start, -one.end))

    def _dates(self, text: str) -> Iterator[Mention]:
        """Give days, months that stand alone, and their years, each by itself: a range names its year once."""
        for pattern, months in self.dates:
            for match in pattern.finditer(text):
                for year in ("year", "year_alone"):
                    if match[year]:
                        yield Mention("number", Decimal(match[year]), *match.span(year))
                if match["month_alone"]:
                    yield Mention("month", ("month", int(months[match["month_alone"]])), *match.span())
                for day in re.findall(r"\d+", match["days"] or ""):
                    yield Mention("date", (int(months[match["month"]]), int(day)), *match.span())

    def _dotted(self, text: str) -> Iterator[Mention]:
        """Give numbers of several parts, as "1.2.3", but not the groups of thousands that a language parts so."""
        for match in _DOTTED.finditer(text):
            number = self.number.match(text, match.start())
            if number and number.end() < match.end():
                yield Mention("symbol", (match[0],), *match.span())

    def _numbers(self, text: str) -> Iterator[Mention]:
        end = 0
        while match := self.number.search(text, end):
            values, end = self._scaled(text, match)
            while self.gapless and (more := self.number.match(text, end)):  # 1亿5 000万
                (smaller,), end = self._scaled(text, more)
                values = [value + smaller for value in values]
            for turn, value in enumerate(values):
                yield Mention("number", value, match.start(), end, certain=not turn)

    def _scaled(self, text: str, match: re.Match[str]) -> tuple[list[Decimal], int]:
        """Give what digits and the scales after them may mean, and where they end."""
        times, end = Decimal(1), match.end()
        while scale := self.scale.match(text, end):
            times, end = times * self.scales[scale["scale"]], scale.end()
        return [value * times for value in self._values(match)], end

    def _values(self, match: re.Match[str]) -> Iterator[Decimal]:
        """Read digits. Of groups of three that may stand in either order the second reading is less likely."""
        groups = re.findall(r"\d+", match["whole"])
        fraction = f".{match['fraction']}" if match["fraction"] else ""
        either = self.reading.groups == "either" and len(groups) > 1 and len(groups[0]) == THREE
        if either:
            yield Decimal("".join(reversed(groups)) + fraction)
        if not either or (len(groups[-1]) == THREE and groups[0][0] != "0"):
            yield Decimal("".join(groups) + fraction)

    def _spelled(self, text: str) -> Iterator[Mention]:
        """Give the numbers in words, each of one word or several: "sixty-ninth", "трех тысяч", "五十九"."""
        run: list[re.Match[str]] = []
        for match in self.word.finditer(text):
            if run and not self._continues(run, match, text[run[-1].end() : match.start()]):
                yield self._composed(run)
                run = []
            run.append(match)
        if run:
            yield self._composed(run)

    def _continues(self, run: Sequence[re.Match[str]], match: re.Match[str], between: str) -> bool:
        if not self.joint.fullmatch(between):
            return False
        if self.gapless or match["scale"] or run[-1]["scale"]:
            return True
        last, value = self.units[run[-1]["unit"]], self.units[match["unit"]]
        if last >= 20 and not last % 100:
            return value < 100
        if self.reading.ones == "before":
            return (last < 10 and (value == 10 or (value >= 20 and not value % 10))) or value == 100
        return last >= 20 and not last % 10 and value < 20

    def _composed(self, run: Sequence[re.Match[str]]) -> Mention:
        """Add up units; a scale multiplies what is smaller before it."""
        parts: list[Decimal] = []
        for match in run:
            if match["unit"]:
                parts.append(self.units[match["unit"]])
                continue
            scale, before = self.scales[match["scale"]], Decimal(0)
            while parts and parts[-1] < scale:
                before += parts.pop()
            parts.append((before or 1) * scale)
        value = sum(parts, Decimal(0))
        if self.gapless and len(run) > 1 and not any(match["scale"] for match in run):
            value = Decimal("".join(map(str, parts)))
        return Mention("number", value, run[0].start(), run[-1].end(), certain=False)

    def _named(self, text: str, mention: Mention, words: Mapping[Kind, Sequence[tuple[int, int]]]) -> Mention:
        """Tell what a number counts by the word next to it; an article or a session is certain even in words."""
        if not isinstance(mention.value, Decimal):
            return mention
        for kind, spans in words.items():
            if any(self._joins(kind, _between(text, mention, *span)) for span in spans):
                if kind == "session" and mention.value >= YEARS:
                    continue
                small = kind == "session" and mention.value < SESSIONS
                certain = mention.certain or (kind in {"article", "session"} and not small)
                return mention._replace(kind=kind, certain=certain)
        return mention

    def _joins(self, kind: Kind, between: str | None) -> bool:
        if between is None:
            return False
        return between in {"", " "} or (kind == "session" and _ORDINAL.fullmatch(between) is not None)


def _between(text: str, mention: Mention, start: int, end: int) -> str | None:
    """Give what stands between a mention and a word, and None where one is in the other."""
    if end <= mention.start:
        return text[end : mention.start]
    return text[mention.end : start] if mention.end <= start else None


def _without(text: str, start: int, end: int) -> str:
    return f"{text[:start]}{TAKEN * (end - start)}{text[end:]}"


def _symbols(text: str) -> Iterator[Mention]:
    """Give symbols, the numbers of resolutions and other numbers with a slash, without what languages write apart:
    letters behind, and those of special sessions before.
    """
    done = 0
    for start, end, found in symbol.find(text):
        yield from _slashed(text, done, start)
        yield Mention("symbol", (_SPECIAL.sub("", found.short.partition(" ")[0]),), start, end)
        done = end
    yield from _slashed(text, done, len(text))


def _slashed(text: str, start: int, end: int) -> Iterator[Mention]:
    for match in _SLASHED.finditer(text, start, end):
        yield Mention("symbol", (match[0],), *match.span())


def _of_year(text: str) -> Iterator[Mention]:
    """Give the numbers of the Security Council's resolutions, which count with their year: "1325 (2000)"."""
    for match in _OF_YEAR.finditer(text):
        yield Mention("symbol", match.groups(), *match.span())
        yield Mention("number", Decimal(match[1]), match.start(), match.end(1), certain=False)


def _romans(text: str) -> Iterator[Mention]:
    for match in _ROMAN.finditer(text):
        try:
            yield Mention("number", Decimal(int(RomanNumeral.from_string(match[0]))), *match.span(), certain=False)
        except InvalidRomanNumeralError:
            continue


# ---- Patterns of a language


class _Lookup:
    """Numbers by the forms of their words."""

    def __init__(self, forms: Mapping[str, Iterable[str]]) -> None:
        known = [(form, Decimal(number)) for number, words in forms.items() for form in words]
        self.known = [(_pattern(_form(form)), number) for form, number in sorted(known, key=lambda one: -len(one[0]))]
        self.pattern = _any([form for form, _ in known])
        self.read: dict[str, Decimal] = {}

    def __getitem__(self, word: str) -> Decimal:
        if word not in self.read:
            self.read[word] = next(number for pattern, number in self.known if pattern.fullmatch(word))
        return self.read[word]


def _form(word: str) -> str:
    """Write the pattern of a word or several; a stem, which ends with a hyphen, has any short ending."""
    ending = r"[^\W\d_]{0,4}"
    return re.sub(r"(?<=\w)\\-(?=\\ |$)", lambda _: ending, re.escape(word))


def _any(words: Iterable[str]) -> str:
    """Write a pattern of words, the longest first; of no words, one that matches nothing."""
    forms = map(_form, sorted(filter(None, words), key=lambda word: -len(word)))
    return f"(?:{'|'.join(forms) or '(?!)'})"


def _pattern(words: str) -> re.Pattern[str]:
    return re.compile(words, re.IGNORECASE)


def _number(reading: Reading) -> re.Pattern[str]:
    """Write the pattern of a number in digits, with its groups of three and its fraction, which may stand after a point
    in any language.
    """
    between = f"[{re.escape(''.join(reading.thousands))}]"
    grouped = rf"\d{{1,3}}(?:{between}\d{{3}})+(?!\d)"
    if reading.groups == "either":
        grouped = rf"\d{{3}}(?:{between}\d{{3}})*{between}\d{{1,2}}(?!\d)|{grouped}"
    fraction = rf"(?:[.{re.escape(reading.decimal)}](?P<fraction>\d+)(?![.,]?\d))?"
    return re.compile(rf"(?<!\d)(?P<whole>{grouped}|\d+){fraction}")


def _date(language: Language, form: str, months: Mapping[str, Iterable[str]]) -> re.Pattern[str]:
    """Write the pattern of a date in some form, or of a month with its year; days may be several."""
    month = _Lookup(months).pattern
    order = re.findall(r"\{(day|month|year)\}([^{]*)", form.replace("\u00a0", " "))
    after = {name: re.escape(words) for name, words in order}
    joiner = rf" ?{_any(language.words.reading.days)} ?"
    if order[0][0] == "year":
        day = rf"\d{{1,2}}(?!\d|{after['month']})(?:{after['day']})?"
        return _pattern(
            rf"(?:(?P<year>\d{{4}}){after['year']})?(?<!\d)(?P<month>{month}){after['month']}"
            rf"(?P<days>{day}(?:{joiner}{day})*)"
            rf"|(?P<year_alone>\d{{4}}){after['year']}(?P<month_alone>{month}){after['month']}"
        )
    day = rf"\d{{1,2}}(?:{_any(language.day_suffixes)})?"
    return _pattern(
        rf"(?<!\d)(?P<days>{day}(?:{joiner}{day})*){after['day']}"
        rf"(?P<month>{month})(?!\w)(?:{after['month']}(?P<year>\d{{4}}))?"
        rf"|(?<!\w)(?P<month_alone>{month})(?!\w){after['month']}(?P<year_alone>\d{{4}})"
    )
