"""Resolution -> findings: whether each text is written as documents of its language are.

The rules of a language are in its locale: `openings`, `quotation`, `form`. What can be mended without asking anybody
carries its fix.
"""

from __future__ import annotations

import datetime
import re
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from publish.finding import Finding, suggest
from publish.text.outline import outline

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from publish.text.language import Language
    from publish.text.outline import Unit
    from publish.text.resolution import Facts, Resolution

DISTRIBUTIONS = (("/L.", "limited"), ("/R.", "restricted"), ("/RES/", "general"))
FIRST_SESSION = 1946  # sessions begin in September of the year before the one they are counted from
MOST_MEETINGS = 200
LONGEST_CAPITALS = 12
HIDDEN = "\ufffc"  # stands for what is not printed as it is typed
MARKS = "[,.;:،؛]"
_CALL = r"\[\^[^\]]+\]"
_HIDDEN = re.compile(r"\[\^[^\]]+\]|\]\([^)]*\)|https?://\S+")
_TAIL = re.compile(r"(?:\[\^[^\]]+\]|[*^\s])+$")
_CLOSING = "”’»)]"
_ENDS = ",;.:،؛。；，："


def form(resolution: Resolution, languages: Mapping[str, Language]) -> Iterator[Finding]:
    """Look at the facts and at each wording of a resolution."""
    yield from _facts(resolution.facts)
    for code, wording in resolution.wordings.items():
        tree = outline(wording)
        checks = _Checks(languages[code])
        yield from checks.body(tree)
        for unit in tree.walk():
            if unit.runs and unit.node:
                yield from checks.text(unit)


# ---- Facts


def _facts(facts: Facts) -> Iterator[Finding]:
    nodes = facts.nodes
    for part, distribution in DISTRIBUTIONS:
        if part in str(facts.symbol) and facts.distribution != distribution:
            message = f"distribution of {facts.symbol} is {facts.distribution}, not {distribution}"
            yield Finding("C209", message, nodes["distribution"].place, f"write {distribution}")
            break
    days = [
        ("adopted", "adopted.date", facts.adopted),
        ("distributed", "distributed", facts.distributed),
        ("issued", "issued", facts.issued),
        ("released", "release", facts.release.date() if facts.release else None),
        ("reissued", "reissued", facts.reissued),
    ]
    known = [(name, key, day) for name, key, day in days if day]
    for (before, _, first), (after, key, second) in pairwise(known):
        if second < first:
            message = f"the document is {after} on {second}, before it is {before} on {first}"
            yield Finding("C212", message, nodes[key].place, "mend one of the two dates")
    if facts.meeting > MOST_MEETINGS:
        message = f"no session has {facts.meeting} plenary meetings"
        yield Finding("C213", message, nodes["adopted.meeting"].place, severity="warning")
    first, last = days_of(facts.session)
    if not first <= facts.adopted <= last:
        message = f"session {facts.session} was from {first:%B %Y} to {last:%B %Y}, and not on {facts.adopted}"
        yield Finding("C214", message, nodes["adopted.date"].place, "mend the date or the session")


def days_of(session: str) -> tuple[datetime.date, datetime.date]:
    """Give the first and the last day on which a session may have adopted a text.

    A regular session is counted from 1946 and lasts from one September to the next; a special one may be at any time.
    """
    if not session.isdigit():
        return datetime.date(FIRST_SESSION, 1, 1), datetime.date.max
    year = FIRST_SESSION + int(session) - 1
    begins = datetime.date(year, 9, 1) if session != "1" else datetime.date(FIRST_SESSION, 1, 1)
    return begins, datetime.date(year + 1, 9, 30)


# ---- Wordings


class _Spot(NamedTuple):
    """Some characters of a text as it was typed."""

    unit: Unit
    start: int
    end: int

    @property
    def value(self) -> str:
        assert self.unit.node is not None
        return str(self.unit.node.value)

    @property
    def words(self) -> str:
        return self.value[self.start : self.end]

    def warning(self, code: str, message: str, hint: str = "", new: str | None = None) -> Finding:
        """Give a warning about the text; it is mended by `new` in the place of the characters."""
        assert self.unit.node is not None
        place = self.unit.node.find(self.words, self.value.count(self.words, 0, self.start))
        fix = None if new is None else self.unit.node.fix(self.start, self.end, new)
        return Finding(code, f"{self.unit.name} {message}", place, hint, "warning", fix=fix)

    def error(self, code: str, message: str, hint: str = "", new: str | None = None) -> Finding:
        return replace(self.warning(code, message, hint, new), severity="error")


class _Checks:
    """The rules of one language."""

    def __init__(self, language: Language) -> None:
        self.language = language
        self.form = language.words.form
        self.openings = language.words.openings
        levels = range(len(language.words.items))
        typed = {language.item(level, number) for level in levels for number in range(1, 21)}
        typed |= {language.words.paragraph.format(number=number) for number in range(1, 100)}
        self.markers = sorted(typed, key=len, reverse=True)

    def body(self, tree: Unit) -> Iterator[Finding]:
        """Look at paragraphs at their place in the whole."""
        paragraphs = [unit for unit in tree.walk() if unit.kind in {"preambular", "operative"}]
        operative = [unit for unit in paragraphs if unit.kind == "operative"]
        divisions = [unit for unit in tree.walk() if unit.kind in {"section", "part"}]
        last = {unit.units[-1].id for unit in divisions if unit.units}
        ends = self.form.ends
        for unit in paragraphs:
            if not self.marker(_Spot(unit, 0, 0).value):
                yield from self.opening(unit)
            if unit.kind == "preambular":
                either = ends.preamble + ends.operative
                yield from self.end(unit, either if unit.units else ends.preamble, either)
            elif unit is operative[-1]:
                yield from self.end(unit, ends.last, ends.operative)
            else:
                marks = ends.operative + (ends.last if unit.id in last else "")
                yield from self.end(unit, marks, ends.operative)
        for unit in operative[:-1]:
            for phrase in self.form.seized:
                at = unit.plain.find(phrase)
                if at >= 0:
                    message = "keeps the matter on the agenda and is not the last"
                    yield _spot(unit, phrase).warning("C211", message, "move it to the end")
        for unit in tree.units:
            if unit.kind == "title":
                yield from self.title(unit)

    def opening(self, unit: Unit) -> Iterator[Finding]:
        known = self.openings.preambular if unit.kind == "preambular" else self.openings.operative
        plain, folded = unit.plain, unit.plain.casefold()
        words = max((one for one in known if self.begins(folded, one.casefold())), key=len, default="")
        emphasized = unit.emphasized
        first = _spot(unit, plain[:1])
        if not words:
            near = suggest(emphasized or " ".join(plain.split(" ")[:2]), known)
            opening = emphasized or plain[:30]
            yield first.warning("C201", f"opens with '{opening}'", near or "see 'openings' of the locale")
        if not emphasized:
            yield first.warning("C202", "opens without emphasis", "write the opening words as *...*")
        elif len(emphasized) < len(words):
            yield first.warning("C202", f"opens with '{words}', and only '{emphasized}' is emphasized")
        wanted = {"capital": str.upper, "lower": str.lower}.get(self.openings.letter_case)
        if wanted and plain[:1].isalpha() and plain[:1] != wanted(plain[:1]):
            what = "a capital" if wanted is str.upper else "a small letter"
            start = _Spot(unit, 0, 0).value.find(plain[0])
            spot = _Spot(unit, start, start + len(re.split(r"[\W\d_]", _Spot(unit, start, len(unit.plain)).words)[0]))
            yield spot.warning("C203", f"begins with '{plain[:1]}', not {what}", new=wanted(plain[0]) + spot.words[1:])

    def begins(self, text: str, words: str) -> bool:
        """Tell whether a text begins with some words, and not with a part of one."""
        whole = self.language.ideographic or not text[len(words) : len(words) + 1].isalpha()
        return text.startswith(words) and whole

    def end(self, unit: Unit, marks: str, between: str) -> Iterator[Finding]:
        """Compare the last mark of a paragraph and of its items with those that may stand there.

        The last item ends as the paragraph does; `between` are the marks after the others.
        """
        if not unit.units:
            yield from self.last_mark(unit, marks)
            return
        yield from self.last_mark(unit, self.form.ends.items)
        for item in unit.units[:-1]:
            yield from self.end(item, between, between)
        yield from self.end(unit.units[-1], marks, between)

    def last_mark(self, unit: Unit, marks: str) -> Iterator[Finding]:
        value = _Spot(unit, 0, 0).value
        stop = len(_TAIL.sub("", value))
        found = value[stop - 1 : stop]
        if not found or found in marks or (found in _CLOSING and value[stop - 2 : stop - 1] in marks):
            return
        word = _Spot(unit, max(value.rfind(" ", 0, stop - 1) + 1, stop - 24), stop)
        new = None
        mark = f" {marks[0]}" if marks[0] in self.form.spaced_before else marks[0]
        if found in _ENDS:
            new = word.words[:-1].rstrip() + mark
        elif len(marks) == 1 and (found.isalnum() or found in _CLOSING):
            new = word.words + mark
        wanted = "' or '".join(dict.fromkeys(marks))
        yield word.warning("C204", f"ends with '{found}', not with '{wanted}'", new=new)

    def title(self, unit: Unit) -> Iterator[Finding]:
        value = _Spot(unit, 0, 0).value
        stop = len(_TAIL.sub("", value))
        last = _Spot(unit, max(stop - 8, 0), stop)
        if last.words and last.words[-1] in _ENDS:
            yield last.warning("C210", f"ends with '{last.words[-1]}'", "take it out", last.words[:-1])
        letters = [one for one in unit.plain if one.isalpha()]
        if len(letters) > LONGEST_CAPITALS and all(one.isupper() for one in letters):
            yield last.warning("C210", "is in capitals", "write it as in a sentence")

    # -- any text

    def text(self, unit: Unit) -> Iterator[Finding]:
        """Look at marks, spaces and words, whatever the text is."""
        assert unit.node is not None
        value = unit.node.value
        if not isinstance(value, str):
            return
        shown = _HIDDEN.sub(lambda match: HIDDEN * len(match[0]), value)
        if unit.kind in {"preambular", "operative", "annex", "item"}:
            yield from self.typed_marker(unit, shown)
        for rule in (self.quotation, self.apostrophes, self.spaces, self.foreign_marks, self.words):
            yield from rule(unit, shown)
        yield from self.note_calls(unit, value)

    def marker(self, value: str) -> str:
        """Give the number or letter that a text begins with."""
        space = "" if self.language.ideographic else " "
        return next((one for one in self.markers if value.lstrip("*").startswith(one + space)), "")

    def typed_marker(self, unit: Unit, value: str) -> Iterator[Finding]:
        if marker := self.marker(value):
            start = len(value) - len(value.lstrip("*"))
            rest = value[start + len(marker) :]
            spot = _Spot(unit, start, start + len(marker) + len(rest) - len(rest.lstrip()))
            yield spot.error("C205", f"begins with '{marker}', which comes by itself", "take it out", "")

    def quotation(self, unit: Unit, value: str) -> Iterator[Finding]:
        outer, inner = self.language.words.quotation.outer, self.language.words.quotation.inner
        opening, closing = outer[0].strip(), outer[1].strip()
        own = {opening, closing, *map(str.strip, inner), self.form.apostrophe}
        hint = f"write {opening}...{closing}"
        straight = [match.span() for match in re.finditer('"', value)]
        for turn, span in enumerate(straight):
            new = outer[turn % 2] if len(straight) % 2 == 0 else None
            yield _Spot(unit, *span).warning("C206", "has a straight quotation mark", hint, new)
        for match in re.finditer("[“”„«»‹›‟]", value):
            if match[0] not in own:
                message = f"has '{match[0]}', which is no quotation mark of the language"
                yield _Spot(unit, *match.span()).warning("C206", message, hint)
        if opening != closing and value.count(opening) != value.count(closing):
            message = f"has {value.count(opening)} '{opening}' and {value.count(closing)} '{closing}'"
            at = value.find(opening if opening in value else closing)
            yield _Spot(unit, at, at + 1).error("C206", message, "close what is open")

    def apostrophes(self, unit: Unit, value: str) -> Iterator[Finding]:
        if re.search(r"(?<!\w)'(?=\w)", value):
            for match in re.finditer("'", value):
                yield _Spot(unit, *match.span()).warning("C206", "has a straight quotation mark or apostrophe")
            return
        for match in re.finditer(r"(?<=[^\W\d_])'", value) if self.form.apostrophe else ():
            yield _Spot(unit, *match.span()).warning("C206", "has a straight apostrophe", new=self.form.apostrophe)

    def spaces(self, unit: Unit, value: str) -> Iterator[Finding]:
        form = self.form
        rules = (
            ("two spaces", r"(?<=\S) {2,}(?=\S)", " "),
            ("a space before '{after}'", rf"(?<=[^\s{HIDDEN}])[ \u00a0\u202f]+(?={_marks(form.tight_before)})", ""),
            ("a space after '{before}'", rf"(?<={_marks(form.tight_after)})[ \u00a0\u202f]+", ""),
            ("no space before '{after}'", rf"(?<=[^\W\d_])(?={_marks(form.spaced_before)}(?:\s|$))", " "),
            ("no space after '{before}'", rf"(?<={_marks(form.spaced_after)})(?=[^\W\d_])", " "),
        )
        for what, pattern, new in rules:
            for match in re.finditer(pattern, value):
                spot = _Spot(unit, match.start() - 1, match.end() + 1)
                before, after = spot.words[:1], spot.words[-1:]
                message = f"has {what.format(before=before, after=after)}"
                yield spot.warning("C207", message, new=f"{before}{new}{after}")

    def foreign_marks(self, unit: Unit, value: str) -> Iterator[Finding]:
        """Look for marks of another script after a letter of this one."""
        for wrong, right in self.form.marks.items():
            for match in re.finditer(rf"(?![\x00-\u024f])[^\W\d_]{re.escape(wrong)}", value):
                message = f"has '{wrong}', and the language writes '{right}'"
                yield _Spot(unit, *match.span()).warning("C207", message, new=match[0][0] + right)

    def words(self, unit: Unit, value: str) -> Iterator[Finding]:
        before, after = ("", "") if self.language.ideographic else (r"(?<![\w-])", r"(?![\w-])")
        for wrong, right in self.form.words.items():
            for match in re.finditer(f"{before}{re.escape(wrong)}{after}", value) if wrong in value else ():
                message = f"has '{wrong}', and documents write '{right}'"
                yield _Spot(unit, *match.span()).warning("C215", message, new=right)

    def note_calls(self, unit: Unit, value: str) -> Iterator[Finding]:
        side = self.form.note_call
        wrong = {"before": rf"({MARKS})({_CALL})", "after": rf"({_CALL})({MARKS})"}.get(side)
        for match in re.finditer(wrong, value) if wrong else ():
            message = f"calls a note {'after' if side == 'before' else 'before'} a mark"
            hint = f"the language calls notes {side} a mark"
            yield _Spot(unit, *match.span()).warning("C208", message, hint, match[2] + match[1])


def _spot(unit: Unit, words: str) -> _Spot:
    """Give the first place of some characters of the printed text in the typed one."""
    value = _Spot(unit, 0, 0).value
    at = max(value.find(words), 0)
    return _Spot(unit, at, at + len(words))


def _marks(marks: Sequence[str]) -> str:
    return f"[{re.escape(''.join(marks))}]" if marks else "(?!)"
