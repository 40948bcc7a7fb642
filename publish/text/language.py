"""A locale file -> Language: words, ordinals, dates, numerals, list markers, direction. The only owner of Babel.

Every fixed word stands in `locales/*.yaml`; this file knows how such words are put together, and nothing of any one
language. `Words` is the closed list: a key that is missing or unknown is a finding.
"""

from __future__ import annotations

import re
import string
import unicodedata
from dataclasses import dataclass, is_dataclass, replace
from functools import cache, cached_property, lru_cache
from typing import TYPE_CHECKING, Annotated, Any, Literal, get_args, get_origin, get_type_hints

import roman_numerals
from babel import Locale, UnknownLocaleError

from publish.finding import Finding, Place, Rejected, suggest
from publish.text import inline
from publish.text.inline import Direction  # noqa: TC001  # the words' types are read at run time
from publish.text.source import Node, Reader, read

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path


def _form(needed: str = "", optional: str = "") -> dict[str, Any]:
    """A pattern with placeholders: those it must have, and those it may have; `*` is any list marker."""
    return {"needed": set(needed.split()), "optional": set(optional.split())}


def _keys(words: str) -> dict[str, Any]:
    """A mapping with just these keys."""
    return {"keys": words.split()}


@dataclass(frozen=True)
class Organ:
    """How an organ is named on its documents."""

    name: str
    enacting: str
    enacting_alone: str
    resolution: Annotated[str, _form(optional="date")]
    resolutions: Annotated[str, _form(optional="date")]


@dataclass(frozen=True)
class MastheadDate:
    """The masthead's date keeps its own language: English in Arabic, Chinese and Russian documents."""

    cldr: Annotated[str, {"cldr": True}]
    form: Annotated[str, _form("day month year")]


@dataclass(frozen=True)
class AgendaItems:
    """The line of agenda items, for one, two and more of them."""

    one: Annotated[str, _form("items")]
    two: Annotated[str, _form("items")]
    many: Annotated[str, _form("items")]


@dataclass(frozen=True)
class SourceLine:
    """Where the text came from: a committee's report, or the plenary itself."""

    committee: Annotated[str, _form("committee symbols")]
    plenary: Annotated[str, _form("symbols")]


@dataclass(frozen=True)
class Vote:
    """The words of a recorded vote."""

    heading: Annotated[str, _form("in_favour against abstentions")]
    in_favour: Annotated[str, _form()]
    against: Annotated[str, _form()]
    abstaining: Annotated[str, _form()]
    none: Annotated[str, _form()]
    zero: Annotated[str, _form()]
    abstentions: Annotated[
        dict[str, str], {"among": "zero one two few many other", "has": "other", **_form(optional="number")}
    ]
    list: Annotated[str, _form("choice states")]


@dataclass(frozen=True)
class Dates:
    """A date in running form; `first_day` is what stands for the first of a month; no months means CLDR's names."""

    form: Annotated[str, _form("day month year")]
    first_day: Annotated[str, _form()]
    months: Annotated[tuple[str, ...], {"length": 12, "or_none": True}]


@dataclass(frozen=True)
class Enumeration:
    """What stands between the members of a list, and before its last one."""

    comma: str
    last: str


@dataclass(frozen=True)
class Spacing:
    """Where no line breaks in a text as it is typed: after and before which words and marks, before which words that
    follow a number, at which signs inside a word, and at the hyphen of which prefixes and of which endings of numbers;
    before which marks a space is narrow; and what stands between ideographs and Latin letters or digits.
    """

    after: tuple[str, ...]
    before: tuple[str, ...]
    after_number: tuple[str, ...]
    narrow: tuple[str, ...]
    joined: tuple[str, ...]
    prefixes: tuple[str, ...]
    suffixes: tuple[str, ...]
    latin: Literal["none", "thin"]


@dataclass(frozen=True)
class Reading:
    """How numbers and dates are read in a text, so that languages can be compared. A word that ends with a hyphen is a
    stem, which may have any short ending.
    """

    months: Annotated[dict[str, tuple[str, ...]], {"numbers": 2}]
    days: tuple[str, ...]
    first_days: tuple[str, ...]
    thousands: tuple[str, ...]
    decimal: str
    groups: Literal["forward", "either"]
    numbers: Annotated[dict[str, tuple[str, ...]], {"numbers": 3}]
    scales: Annotated[dict[str, tuple[str, ...]], {"numbers": 13}]
    joiners: tuple[str, ...]
    ones: Literal["after", "before"]
    clitics: tuple[str, ...]
    article: tuple[str, ...]
    session: tuple[str, ...]
    percent: tuple[str, ...]
    money: tuple[str, ...]


@dataclass(frozen=True)
class Ends:
    """The marks at the end of preambular and operative paragraphs, of the last one, and before items."""

    preamble: str
    operative: str
    last: str
    items: str


@dataclass(frozen=True)
class Form:
    """How a text is written: where note calls stand beside a mark, what ends paragraphs, which marks have no space and
    which have one before and after them, which marks (after a letter of the script) and words stand for wrong ones, and
    the words that keep the matter on the agenda.
    """

    note_call: Literal["before", "after", "any"]
    ends: Ends
    tight_before: tuple[str, ...]
    tight_after: tuple[str, ...]
    spaced_before: tuple[str, ...]
    spaced_after: tuple[str, ...]
    marks: dict[str, str]
    apostrophe: str
    seized: tuple[str, ...]
    words: dict[str, str]


@dataclass(frozen=True)
class Quotation:
    """The marks that open and close a quotation, and one inside it."""

    outer: Annotated[tuple[str, ...], {"length": 2}]
    inner: Annotated[tuple[str, ...], {"length": 2}]


@dataclass(frozen=True)
class Openings:
    """The words that preambular and operative paragraphs open with, and the case of their first letter."""

    letter_case: Literal["capital", "lower", "none"]
    preambular: tuple[str, ...]
    operative: tuple[str, ...]


@dataclass(frozen=True)
class Starter:
    """The text that a new source begins with."""

    title: str
    preambular: str
    operative: str


@dataclass(frozen=True)
class Catalogue:
    """The words of the pages that list issued documents."""

    title: str
    year: Annotated[str, _form("year")]
    part: Annotated[str, _form("number")]
    parts: str
    newest: str
    years: str
    all: str
    newer: str
    older: str
    skip: str
    found: Annotated[str, _form("number")]
    only_page: str
    issued: Annotated[str, _form("date")]
    files: Annotated[str, _form("symbol")]
    pages: Annotated[
        dict[str, str], {"among": "zero one two few many other", "has": "other", **_form(optional="number")}
    ]
    size: Annotated[str, _form("size")]
    between: str
    corrigendum: Annotated[str, _form("symbol")]
    revision: Annotated[str, _form("symbol")]
    amended: str
    earlier: str
    none: str
    feed: str
    data: str


@dataclass(frozen=True)
class Forms:
    """The words of a document in other forms than pages that are not the document's own."""

    skip: str
    pdf: str
    notes: str
    back: str
    contents: str


@dataclass(frozen=True)
class Interface:
    """The words of the preview's own page, of the list of issued documents, and of other forms than pages."""

    title: str
    resolutions: str
    search: str
    languages: str
    view_html: str
    view_pages: str
    draft: str
    line_numbers: str
    findings: str
    downloads: str
    all_languages: str
    close: str
    missing: str
    stale: str
    unofficial: str
    final: str
    faulty: str
    issued: str
    live: str
    reconnecting: str
    building: str
    broken: str
    no_findings: str
    nothing_found: str
    source: str
    open_editor: str
    interface: str
    next_paragraph: str
    previous_paragraph: str
    toggle_language: str
    page: str
    keys: str
    count: str
    none_open: str
    catalogue: Catalogue
    forms: Forms


@dataclass(frozen=True)
class Collation:
    """How names are put in order: as in another language (`follow`), which beginnings do not count (`ignore`), and
    which characters count as others (`fold`).
    """

    follow: str
    ignore: tuple[str, ...]
    fold: dict[str, str]


@dataclass(frozen=True)
class Words:
    """The closed list of what a locale file says."""

    name: str
    cldr: Annotated[str, {"cldr": True}]
    direction: Direction
    file_suffix: Annotated[str, {"file_name": True}]
    job_letter: str
    digits: Annotated[str, {"length": 10}]
    organization: str
    unofficial: str
    draft: str
    recycle: str
    organs: Annotated[dict[str, Organ], {"has": "A"}]
    distribution: Annotated[dict[str, str], _keys("general limited restricted")]
    masthead_date: MastheadDate
    session: Annotated[str, _form(optional="ordinal Ordinal number")]
    special_session: Annotated[str, _form(optional="ordinal Ordinal number")]
    emergency_session: Annotated[str, _form(optional="ordinal Ordinal number")]
    agenda_item: Annotated[str, _form("number")]
    agenda_subitem: Annotated[str, _form("number", "*")]
    agenda_items: AgendaItems
    source_line: SourceLine
    committees: Annotated[dict[str, str], _keys("first second third fourth fifth sixth general credentials")]
    heading: Annotated[str, _form("number")]
    part: Annotated[str, _form("*")]
    section: Annotated[str, _form("*")]
    paragraph: Annotated[str, _form("number")]
    items: Annotated[tuple[str, ...], {"needed": {"*"}, "length": 4}]
    annex: Annotated[str, _form()]
    annexes: Annotated[str, _form("*")]
    annex_part: Annotated[str, _form("*")]
    table: Annotated[str, _form("number")]
    note_call: Annotated[str, _form("number")]
    note_mark: Annotated[str, _form("number")]
    signature: Annotated[tuple[str, ...], _form(optional="number ordinal date")]
    reissued: Annotated[str, _form("date")]
    vote: Vote
    sponsors: Annotated[str, _form("states")]
    dates: Dates
    enumeration: Enumeration
    state_list: Enumeration
    numeric_ordinals: Annotated[dict[str, str], {"has": "other", "needed": {"number"}}]
    ordinals: Annotated[dict[str, tuple[str, ...]], {"numbers": 3, "full": True, **_form(optional="rest")}]
    alphabets: Annotated[dict[str, tuple[str, ...]], {"full": True}]
    spacing: Spacing
    reading: Reading
    quotation: Quotation
    form: Form
    openings: Openings
    states: dict[str, str]
    collation: Collation
    starter: Starter
    interface: Interface


@dataclass(frozen=True)
class Language:
    """A language as an edition of the documents writes it. Forms come out as inline Markdown."""

    code: str
    words: Words
    english: Language | None = None

    @property
    def direction(self) -> Direction:
        """The base direction of the script."""
        return self.words.direction

    def number(self, number: int) -> str:
        """Write a whole number in the language's digits."""
        return str(number).translate(self._digits)

    @cached_property
    def _digits(self) -> dict[int, str]:
        return dict(zip(map(ord, string.digits), self.words.digits, strict=True))

    @property
    def ideographic(self) -> bool:
        """Whether the script is one of ideographs."""
        return (Locale.parse(self.words.cldr, sep="-").script or "").startswith("Han")

    def set(self, text: str, *, latin: bool = False) -> str:
        """Give a text as it is set: with the language's digits, without breaks where `spacing` has none, and with those
        that Unicode's line breaking (UAX 14) has not: at Chinese quotation marks, and before a bracket after one.

        Digits after a Latin letter stay Western; `latin` says that the text before ends with one.
        """
        if not latin:
            for pattern, replacement in self._unbroken:
                text = pattern.sub(replacement, text)
        return self._in_digits(text, latin=latin) if self.words.digits != string.digits else text

    @cached_property
    def _unbroken(self) -> list[tuple[re.Pattern[str], str]]:
        """What stands instead of spaces and signs at which a line would break."""
        spacing, dates = self.words.spacing, self.words.dates
        months = dates.months or _months(self.words.cldr)
        before_month = dates.form.partition("{day}")[2].partition("{month}")[0]
        day = rf"(?<![^\W_])(\d{{1,2}}|{re.escape(dates.first_day)}|^){re.escape(before_month)}(?={_any(months)})"
        rules = [
            (day, "\\1" + before_month.replace(" ", "\u00a0"), [" " in before_month]),
            (rf"(?<!\w){_any(spacing.after)} (?=\S|$)", "\\1\u00a0", spacing.after),
            (rf" (?={_any(spacing.before)}(?!\w))", "\u00a0", spacing.before),
            (rf"(?<=\d) (?={_any(spacing.after_number)}(?!\w))", "\u00a0", spacing.after_number),
            (rf" (?={_any(spacing.narrow)})", "\u202f", spacing.narrow),
            (rf"(?<=[^\W\d_]){_any(spacing.joined)}(?=[^\W\d_])", "\\1\u2060", spacing.joined),
            (rf"(?<![\w-]){_any(spacing.prefixes)}-(?=\w)", "\\1-\u2060", spacing.prefixes),
            (rf"(?<=\d)-(?={_any(spacing.suffixes)}(?!\w))", "-\u2060", spacing.suffixes),
            (r"(?<=\d) (?=\d{3}(?!\d))", "\u00a0", ["thousands"]),
            (r"(?<=[”»’])(?= [(\[])", "\u200b", ["a bracket after a quotation"]),
            (r"(?<=[\u3400-\u9fff])(?=[“‘])|(?<=[”’])(?=[\u3400-\u9fff])", "\u200b", [self.ideographic]),
            (r"(?<=\d)-(?=\d)", "-\u200f", [self.direction == "rtl"]),
        ]
        return [(re.compile(pattern), instead) for pattern, instead, wanted in rules if any(wanted)]

    def _in_digits(self, text: str, *, latin: bool) -> str:
        result = []
        for character in text:
            if character.isalpha():
                latin = unicodedata.bidirectional(character) == "L"
            result.append(character if latin else character.translate(self._digits))
        return "".join(result)

    @property
    def date_forms(self) -> list[tuple[str, dict[str, tuple[str, ...]]]]:
        """The forms of dates that a text may have, each with the names of the months by their numbers.

        The first is the language's own; another is that of its masthead, which may be in English.
        """
        own, more = self.words.dates.months or _months(self.words.cldr), self.words.reading.months
        named = {str(one): (name, *name.split("/"), *more.get(str(one), ())) for one, name in enumerate(own, 1)}
        forms = [(self.words.dates.form, named)]
        masthead = self.words.masthead_date
        if masthead.cldr != self.words.cldr:
            forms.append((masthead.form, {str(one): (name,) for one, name in enumerate(_months(masthead.cldr), 1)}))
        return forms

    @property
    def day_suffixes(self) -> tuple[str, ...]:
        """What may follow the digits of a day, as in the first of a month."""
        editions = (self.words.dates.first_day, *self.words.reading.first_days)
        return tuple(day.replace("^", "").lstrip(string.digits) for day in editions)

    def ordinal(self, number: int) -> str:
        """Write an ordinal in words, "fifty-sixth". Raises ValueError past what the locale's rules reach.

        The rules are of the rule-based kind of CLDR: the entry of the number itself, or else of the greatest number
        below it that takes a rest.
        """
        rules = self.words.ordinals
        if entry := rules.get(str(number)):
            return entry[0]
        base = max((int(key) for key, entry in rules.items() if len(entry) > 1 and int(key) < number), default=0)
        if not base:
            message = f"no ordinal for {number} in '{self.code}'"
            raise ValueError(message)
        return rules[str(base)][1].format(rest=self.ordinal(number - base))

    def numeric_ordinal(self, number: int) -> str:
        """Write an ordinal in digits, "88th": the form of the exact number ("=1"), or of its longest ending."""
        forms = self.words.numeric_ordinals
        digits = str(number)
        endings = (digits[start:] for start in range(len(digits)))
        key = f"={digits}" if f"={digits}" in forms else next((end for end in endings if end in forms), "other")
        return forms[key].format(number=self.number(number))

    def session(self, session: str) -> str:
        """Write the line of a session given as "56", "S-26" (special) or "ES-11" (emergency special)."""
        prefix, _, digits = session.rpartition("-")
        form = {"": self.words.session, "S": self.words.special_session, "ES": self.words.emergency_session}[prefix]
        ordinal = self.ordinal(int(digits)) if "rdinal}" in form else ""
        capital = ordinal[:1].upper() + ordinal[1:]
        return form.format(ordinal=ordinal, Ordinal=capital, number=self.number(int(digits)))

    def date(self, date: datetime.date) -> str:
        """Write a date in running form."""
        dates = self.words.dates
        months = dates.months or _months(self.words.cldr)
        day = dates.first_day if date.day == 1 else self.number(date.day)
        return dates.form.format(day=day, month=months[date.month - 1], year=self.number(date.year))

    def masthead_date(self, date: datetime.date) -> str:
        """Write a date as the masthead does, which may be in English."""
        form = self.words.masthead_date
        if form.cldr == self.words.cldr:
            return self.date(date)
        return form.form.format(day=date.day, month=_months(form.cldr)[date.month - 1], year=date.year)

    def marker(self, form: str, number: int) -> str:
        """Write a list marker or a number in one of the locale's forms, as "({lower-alpha})" and 2 give "(b)"."""
        return form.format_map(_Markers(self, number))

    def item(self, level: int, number: int) -> str:
        """Write the marker of an item; levels count from 0."""
        return self.marker(self.words.items[level], number)

    def enumerate(self, names: Sequence[str]) -> str:
        """Join names in a list, "a, b and c"."""
        return _joined(names, self.words.enumeration)

    def agenda_items(self, items: Sequence[tuple[int, int]]) -> str:
        """Write the line of agenda items, each a number and a sub-item (0 for none)."""
        names = [
            self.marker(self.words.agenda_subitem.replace("{number}", self.number(number)), part)
            if part
            else self.words.agenda_item.format(number=self.number(number))
            for number, part in items
        ]
        forms = self.words.agenda_items
        form = {1: forms.one, 2: forms.two}.get(len(names), forms.many)
        return form.format(items=self.enumerate(names))

    def counted(self, forms: Mapping[str, str], number: int) -> str:
        """Write a number with its noun, in the form that CLDR's plural rules ask; "zero" is for none at all."""
        category = "zero" if number == 0 else Locale.parse(self.words.cldr, sep="-").plural_form(number)
        return forms.get(category, forms["other"]).format(number=self.number(number))

    def vote_heading(self, in_favour: int, against: int, abstaining: int) -> str:
        """Write the sentence before a recorded vote."""
        vote = self.words.vote
        return vote.heading.format(
            in_favour=self.number(in_favour),
            against=self.number(against) if against else vote.zero,
            abstentions=self.counted(vote.abstentions, abstaining),
        )

    def source_line(self, committee: str, symbols: Sequence[str]) -> str:
        """Write the bracketed line on where the text came from; no committee means the plenary."""
        if committee:
            of_committee = self.words.committees[committee]
            return self.words.source_line.committee.format(committee=of_committee, symbols=self.enumerate(symbols))
        return self.words.source_line.plenary.format(symbols=self.enumerate(symbols))

    def signature(self, meeting: int, date: datetime.date) -> list[str]:
        """Write the lines below the text: the meeting and the date of adoption."""
        parts = {
            "number": self.number(meeting),
            "ordinal": self.numeric_ordinal(meeting),
            "date": self.date(date),
        }
        return [line.format_map(parts) for line in self.words.signature]

    def states(self, codes: Iterable[str], own: Mapping[str, str] | None = None) -> list[str]:
        """Name states by their ISO 3166 codes, in the alphabetical order of the language.

        A name comes from `own` (the document's words), the locale, or CLDR.
        """
        other = self.english if self.words.collation.follow else None
        named = {code: (own or {}).get(code) or self._state(code) for code in codes}
        keys = {code: (other or self)._sort_key(other._state(code) if other else named[code]) for code in named}
        return [named[code] for code in sorted(named, key=lambda code: keys[code])]

    def state_list(self, codes: Iterable[str], own: Mapping[str, str] | None = None) -> str:
        """Name states in one line."""
        return _joined(self.states(codes, own), self.words.state_list)

    @cached_property
    def state_codes(self) -> dict[str, str]:
        """The ISO 3166 codes of states by their names."""
        return {self._state(code): code for code in states()}

    def _state(self, code: str) -> str:
        names = Locale.parse(self.words.cldr, sep="-").territories
        return self.words.states.get(code) or names.get(code) or str(Locale.parse("en").territories[code])

    def _sort_key(self, name: str) -> Any:
        collation = self.words.collation
        for beginning in collation.ignore:
            name = name.removeprefix(beginning)
        return _collator().sort_key(name.translate({ord(one): other for one, other in collation.fold.items()}))


class _Markers(dict[str, str]):
    """The forms of one number, by the names of CSS counter styles and of the locale's own alphabets."""

    def __init__(self, language: Language, number: int) -> None:
        super().__init__(number=language.number(number), decimal=language.number(number))
        self.language, self.index = language, number

    def __missing__(self, style: str) -> str:
        if style.endswith("-roman"):
            numeral = roman_numerals.RomanNumeral(self.index)
            return numeral.to_lowercase() if style == "lower-roman" else numeral.to_uppercase()
        letters = _ALPHABETS.get(style) or self.language.words.alphabets[style]
        turn, place = divmod(self.index - 1, len(letters))
        return letters[place] * (turn + 1)


_ALPHABETS = {"lower-alpha": string.ascii_lowercase, "upper-alpha": string.ascii_uppercase}
_STYLES = {*_ALPHABETS, "lower-roman", "upper-roman", "decimal", "number"}


def _joined(names: Sequence[str], between: Enumeration) -> str:
    """Join names; one that ends with the comma, as French "119, b,", has it once."""
    before = [name.removesuffix(between.comma.rstrip()) for name in names[:-2]]
    return between.last.join(part for part in (between.comma.join([*before, *names[-2:-1]]), *names[-1:]) if part)


def _any(words: Sequence[str]) -> str:
    """Write a pattern of words, which may begin with a capital."""
    forms = {form for word in words if word for form in (word, word[:1].upper() + word[1:])}
    return f"({'|'.join(re.escape(form) for form in sorted(forms))})"


@cache
def _months(cldr: str) -> list[str]:
    names = Locale.parse(cldr, sep="-").months["format"]["wide"]
    return [names[month] for month in range(1, 13)]


@cache
def _collator() -> Any:
    from pyuca import Collator  # noqa: PLC0415  # its table takes a tenth of a second to load

    return Collator()


# ---- Reading


def known(folders: Iterable[Path]) -> list[str]:
    """Give the codes of the languages that have a locale file in one of the folders."""
    return sorted({path.stem for folder in folders for path in folder.glob("*.yaml")})


@cache
def states() -> frozenset[str]:
    """Give the ISO 3166 codes that CLDR has names for."""
    no_states = {"EU", "EZ", "QO", "UN", "XA", "XB", "XK", "ZZ"}
    codes = map(str, Locale.parse("en").territories)
    return frozenset(code for code in codes if len(code) == len("XX")) - no_states


def load(code: str, folders: Sequence[Path], edition: str, *, alone: bool = False) -> Language:
    """Load a language for an edition; a later folder's file changes single words of an earlier one's.

    `alone` leaves out the language that its collation follows. Raises Rejected with every word that is missing, unknown
    or malformed.
    """
    nodes = [_read(path) for folder in folders if (path := folder / f"{code}.yaml").is_file()]
    if not nodes:
        raise Rejected([Finding("S14", f"language '{code}' has no locale file", Place(folders[-1]))])
    merged: Node | None = None
    for node in nodes:
        own_editions = node.value.get("editions") if isinstance(node.value, dict) else None
        if own_editions is not None and not isinstance(own_editions.value, dict):
            message = f"expected a mapping of editions, and this is {own_editions.kind}"
            raise Rejected([Finding("K03", message, own_editions.place)])
        own = _entries(node, "editions").get(edition)
        for layer in (_without(node, "editions"), own):
            merged = layer if merged is None else _merge(merged, layer) if layer else merged
    assert merged is not None
    reader = _LocaleReader(alphabets=frozenset(_entries(merged, "alphabets")))
    words = _read_dataclass(reader, merged, Words)
    reader.close()
    follow = "" if alone else words.collation.follow
    if follow and follow not in known(folders):
        place = _entries(merged, "collation")["follow"]
        reader.fault(
            "K03", f"'{follow}' is no language whose order can be followed", place, suggest(follow, known(folders))
        )
        reader.close()
    english = load(follow, folders, edition, alone=True) if follow else None
    return Language(code, words, english)


def editions(code: str, folders: Sequence[Path]) -> dict[str, Place]:
    """Give the editions that a language's files have words for, each with the place that names it."""
    found: dict[str, Place] = {}
    for folder in folders:
        path = folder / f"{code}.yaml"
        node = _read(path).value if path.is_file() else {}
        if isinstance(node, dict) and "editions" in node:
            found |= node["editions"].keys
    return found


def _read(path: Path) -> Node:
    """Read a file, once for all editions as long as it does not change."""
    state = path.stat()
    return _as_it_is(path, state.st_mtime_ns, state.st_size)


@lru_cache(maxsize=64)
def _as_it_is(path: Path, changed: int, size: int) -> Node:  # noqa: ARG001  # what a file is known by
    return read(path)


@dataclass
class _LocaleReader(Reader):
    """Collects the faults of a locale, and knows its own alphabets."""

    alphabets: frozenset[str] = frozenset()


def _entries(node: Node, key: str) -> dict[str, Node]:
    child = node.value.get(key) if isinstance(node.value, dict) else None
    return child.value if child and isinstance(child.value, dict) else {}


def _without(node: Node, key: str) -> Node:
    if not isinstance(node.value, dict):
        return node
    return replace(node, value={name: value for name, value in node.value.items() if name != key})


def _merge(below: Node, above: Node) -> Node:
    """Lay a mapping over another, key by key; any other value is replaced."""
    if not (isinstance(below.value, dict) and isinstance(above.value, dict)):
        return above
    value = dict(below.value)
    for key, node in above.value.items():
        value[key] = _merge(value[key], node) if key in value else node
    return replace(below, value=value, keys=below.keys | above.keys)


@cache
def _hints(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind, include_extras=True)


def _read_dataclass(reader: _LocaleReader, node: Node, kind: Any) -> Any:
    hints = _hints(kind)
    if not isinstance(node.value, dict):
        reader.fault("K03", f"expected a mapping, and this is {node.kind}", node)
        return None
    for key in node.value:
        if key not in hints:
            reader.fault("K02", f"unknown word '{key}'", node.keys[key], suggest(key, hints))
    values = {}
    for name, hint in hints.items():
        if name not in node.value:
            reader.fault("K01", f"the locale lacks '{name}'", node, "docs/locales.md says what it is for")
            continue
        kind_of_value, rules = get_args(hint) if get_origin(hint) is Annotated else (hint, {})
        values[name] = _read_value(reader, node.value[name], kind_of_value, rules)
    return kind(**values) if len(values) == len(hints) and not reader.findings else None


def _read_value(reader: _LocaleReader, node: Node, hint: Any, metadata: Mapping[str, Any]) -> Any:
    if is_dataclass(hint):
        return _read_dataclass(reader, node, hint)
    shape, arguments = get_origin(hint), get_args(hint)
    if shape is dict:
        return _read_dict(reader, node, arguments[1], metadata)
    if shape is tuple:
        return _read_tuple(reader, node, metadata)
    if not isinstance(node.value, str):
        reader.fault("K03", f"expected a text, and this is {node.kind}", node)
        return ""
    if shape and node.value not in arguments:
        reader.fault("K03", f"'{node.value}' is none of {', '.join(arguments)}", node)
    _check_text(reader, node, node.value, metadata)
    return node.value


def _read_tuple(reader: _LocaleReader, node: Node, metadata: Mapping[str, Any]) -> tuple[str, ...]:
    if isinstance(node.value, str) and "length" not in metadata:
        return (_read_value(reader, node, str, metadata),)
    if not isinstance(node.value, list):
        reader.fault("K03", f"expected a list, and this is {node.kind}", node, "begin each entry with '- '")
        return ()
    length = metadata.get("length")
    if length and len(node.value) != length and not (metadata.get("or_none") and not node.value):
        reader.fault("K03", f"expected {length} entries, and these are {len(node.value)}", node)
    inner = {key: value for key, value in metadata.items() if key != "length"}
    return tuple(_read_value(reader, one, str, inner) for one in node.value)


def _read_dict(reader: _LocaleReader, node: Node, hint: Any, metadata: Mapping[str, Any]) -> dict[str, Any]:
    if not isinstance(node.value, dict):
        reader.fault("K03", f"expected a mapping, and this is {node.kind}", node)
        return {}
    wanted = metadata.get("keys", ())
    allowed = wanted or metadata.get("among", "").split()
    for key in node.value if metadata.get("numbers") else ():
        if not re.fullmatch(rf"\d{{1,{metadata['numbers']}}}", key, re.ASCII):
            reader.fault("K03", f"'{key}' is no number", node.keys[key], "each key is the number that it names")
    for key in node.value if allowed else ():
        if key not in allowed:
            reader.fault("K02", f"unknown word '{key}'", node.keys[key], suggest(key, allowed))
    for key in wanted or metadata.get("has", "").split():
        if key not in node.value:
            reader.fault("K01", f"the locale lacks '{key}'", node)
    for key in node.value if metadata.get("full") else ():
        if node.value[key].value in ("", []):
            reader.fault("K03", f"'{key}' is empty", node.keys[key])
    inner = {key: value for key, value in metadata.items() if key in {"needed", "optional"}}
    return {key: _read_value(reader, value, hint, inner) for key, value in node.value.items()}


def _check_text(reader: _LocaleReader, node: Node, text: str, metadata: Mapping[str, Any]) -> None:
    length = metadata.get("length")
    if length and len(text) != length:
        reader.fault("K03", f"expected {length} characters, and these are {len(text)}", node)
    if metadata.get("file_name") and not re.fullmatch(r"[\w-]+", text, re.ASCII):
        reader.fault("K03", f"'{text}' cannot end the name of a file", node, "use letters, digits and hyphens")
    if metadata.get("cldr"):
        try:
            Locale.parse(text, sep="-")
        except (UnknownLocaleError, ValueError):
            reader.fault("K05", f"CLDR has no locale '{text}'", node, "as en, fr or pt-BR")
    if not inline.is_plain(text):
        runs, faults = inline.parse(text)
        if any(inline.calls(runs)):
            reader.fault("K03", "a word of a locale calls no note", node)
        for fault in faults:
            reader.fault("K03", fault.message, node.find(fault.words, fault.occurrence), fault.hint)
    if "needed" in metadata:
        _check_placeholders(reader, node, text, metadata)


def _check_placeholders(reader: _LocaleReader, node: Node, form: str, metadata: Mapping[str, Any]) -> None:
    try:
        fields = [found[1:] for found in string.Formatter().parse(form) if found[1] is not None]
    except ValueError as error:
        reader.fault("K04", f"the form does not parse: {error}", node, "a placeholder is written {name}")
        return
    names = {name for name, _, _ in fields}
    if any(spec or conversion for _, spec, conversion in fields):
        reader.fault("K04", "a placeholder has a format", node, "write the name alone, as {number}")
    needed, optional = metadata["needed"], metadata.get("optional", set())
    markers = _STYLES | reader.alphabets if "*" in needed | optional else set()
    known = (needed | optional | markers) - {"*"}
    for name in sorted(names - known):
        reader.fault("K04", f"unknown placeholder '{{{name}}}'", node, suggest(name, known))
    for name in sorted(needed - names - {"*"}):
        reader.fault("K04", f"the placeholder '{{{name}}}' is missing", node)
    if "*" in needed and not names:
        reader.fault("K04", "the form has no list marker", node, "as {decimal} or {lower-alpha}")
