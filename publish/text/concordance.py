"""Resolution -> findings: whether its languages say the same.

The languages are laid beside each other piece by piece. What most of them have is what all should have; where they are
evenly divided the original decides. A finding names the place in the language that differs, and beside it the place in
one that does not.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from math import log2
from typing import TYPE_CHECKING, Literal, NamedTuple

from publish.finding import Finding, Place
from publish.text import inline
from publish.text.outline import Unit, outline

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from publish.text.language import Language
    from publish.text.mention import Finder, Mention, Value
    from publish.text.resolution import Resolution

FEWEST_STATES = 3  # names that make a list
SHORTEST_TWICE, SHORTEST_IDEOGRAPHIC = 12, 3  # characters of a text that does not stand twice by chance
SURE = 99.0  # likeness of what can be nothing else

_SENTENCES = re.compile(r"[:;.：；。؛]+")

Units = dict[str, Unit]


def concordance(
    resolution: Resolution, languages: Mapping[str, Language], finders: Mapping[str, Finder]
) -> Iterator[Finding]:
    """Compare all wordings of a resolution, each with its language and what finds mentions in it."""
    trees = {code: outline(wording) for code, wording in resolution.wordings.items()}
    yield from _Comparison(resolution, trees, languages, finders).findings()


def side_by_side(
    resolution: Resolution, languages: Mapping[str, Language], finders: Mapping[str, Finder]
) -> list[Units]:
    """Lay the texts of all wordings beside each other, by language, in their order."""
    trees = {code: outline(wording) for code, wording in resolution.wordings.items()}
    comparison = _Comparison(resolution, trees, languages, finders)
    list(comparison.compare(trees))
    return comparison.rows


class _Difference(NamedTuple):
    """What a unit of a language lacks, or has in addition; `at` is where it stands, in the language that has it."""

    what: Literal["mention", "note"]
    value: Value | str
    language: str
    unit: Unit
    lacks: bool
    at: Place
    words: str


@dataclass
class _Signature:
    """By what a piece of text is known again in another language."""

    kind: str
    share: float
    values: Counter[object]


class _Comparison:
    def __init__(
        self,
        resolution: Resolution,
        trees: Mapping[str, Unit],
        languages: Mapping[str, Language],
        finders: Mapping[str, Finder],
    ) -> None:
        self.resolution = resolution
        self.trees = dict(trees)
        self.languages = languages
        self.finders = finders
        self.original = resolution.facts.original
        self.mentions: dict[tuple[str, str], list[Mention]] = {}
        self.sizes = {code: sum(len(unit.plain) for unit in tree.walk()) or 1 for code, tree in trees.items()}
        self.rows: list[Units] = []
        self.differences: list[_Difference] = []
        self.told: dict[tuple[str, str, str, bool], list[tuple[int, int]]] = {}

    def findings(self) -> Iterator[Finding]:
        yield from self.compare(self.trees)
        yield from self.said(self.differences)

    # -- who is right

    def odd(self, having: Iterable[str], among: Iterable[str]) -> tuple[set[str], bool]:
        """Give the languages that stand alone, and whether they lack what the others have."""
        have = set(having)
        lack = set(among) - have
        if len(have) == len(lack):
            return (lack, True) if self.original in have else (have, False)
        return (lack, True) if len(have) > len(lack) else (have, False)

    def model(self, codes: Iterable[str]) -> str:
        """Give the language to show beside: the original where it may be, else the first of the document's."""
        order = (self.original, *self.resolution.facts.languages)
        return min(codes, key=lambda code: order.index(code) if code in order else len(order))

    # -- structure

    def compare(self, units: Units) -> Iterator[Finding]:
        """Compare units that stand at the same place, and all below them."""
        if any(unit.runs for unit in units.values()):
            self.rows.append(units)
        self.texts(units)
        yield from self.emphasis(units)
        yield from self.states(units)
        below = {code: list(unit.units) for code, unit in units.items()}
        if not any(below.values()):
            return
        kind = next(iter(units.values())).kind
        if kind == "notes":
            yield from self.notes(below)
            return
        if kind == "table":
            odd = self.uneven({code: max((len(row.units) for row in rows), default=0) for code, rows in below.items()})
            for code in odd:
                message = f"{units[code].name} has {max(len(row.units) for row in below[code])} columns in '{code}'"
                yield self.finding("C104", message, units[code], units[self.model(set(units) - odd)])
                del below[code]
        for code, listed in below.items():
            for finding, unit in list(self.twice(code, listed, below)):
                yield finding
                listed.remove(unit)
                self.rows += [{code: one} for one in unit.walk() if one.runs]
        columns = self.columns(below)
        for index, column in enumerate(columns):
            missing = set(below) - set(column)
            if missing and next(iter(column.values())).kind != "running title":  # a short title needs none
                yield from self.missing(columns, index, missing, units)
            yield from self.compare(column)

    def uneven(self, counts: Mapping[str, int]) -> set[str]:
        """Give the languages whose count is not that of most, or of the original where most do not agree."""
        often = Counter(counts.values()).most_common(2)
        usual = often[0][0]
        if len(often) > 1 and often[0][1] == often[1][1] and self.original in counts:
            usual = counts[self.original]
        return {code for code, count in counts.items() if count != usual}

    def missing(self, columns: Sequence[Units], index: int, missing: set[str], parents: Units) -> Iterator[Finding]:
        """Say who lacks a unit, or has it alone; the place is that of the unit before which it should stand."""
        column = columns[index]
        odd, lacking = self.odd(column, {*column, *missing})

        def gap(code: str) -> Place:
            after = [one[code] for one in columns[index + 1 :] if code in one]
            before = [one[code] for one in columns[index::-1] if code in one]
            near = [unit for unit in (*after, *before) if unit.node]
            return self.place(code, near[0] if near else parents[code])

        if lacking:
            model = column[self.model(column)]
            for code in sorted(odd):
                message = f"'{code}' lacks {model.name}: '{_beginning(model)}'"
                hint = "translate it, or take it out of the others"
                yield Finding("C101", message, gap(code), hint, beside=self.at(model))
            return
        for code in sorted(odd):
            unit = column[code]
            message = f"{unit.name} stands only in '{code}': '{_beginning(unit)}'"
            hint = "take it out, or add it to the other languages"
            yield Finding("C102", message, self.at(unit), hint, beside=gap(self.model(missing)))

    def twice(
        self, code: str, units: Sequence[Unit], below: Mapping[str, Sequence[Unit]]
    ) -> Iterator[tuple[Finding, Unit]]:
        """Give the units whose text stands before already, where other languages have fewer units."""
        most = Counter(map(len, below.values())).most_common(1)[0][0]
        surplus = len(units) - most if len(below) > 2 else len(units) - min(map(len, below.values()))
        least = SHORTEST_IDEOGRAPHIC if self.languages[code].ideographic else SHORTEST_TWICE
        for before, unit in pairwise(units):
            if surplus > 0 and len(_whole(unit)) >= least and _whole(before) == _whole(unit):
                surplus -= 1
                message = f"{unit.name} stands twice in '{code}': '{_beginning(unit)}'"
                yield Finding("C103", message, self.at(unit), "remove one of the two", beside=self.at(before)), unit

    def columns(self, below: Mapping[str, Sequence[Unit]]) -> list[Units]:
        """Lay lists of units beside each other: by their order where most have as many, by what they say elsewhere."""
        odd = self.uneven({code: len(units) for code, units in below.items()})
        alike = [code for code in below if code not in odd]
        kinds = {tuple(unit.kind for unit in below[code]) for code in alike}
        if len(kinds) > 1:
            alike = [code for code in alike if _kinds(below[code]) == _kinds(below[self.model(alike)])]
        length = len(below[alike[0]])
        table: list[Units] = [{code: below[code][index] for code in alike} for index in range(length)]
        profile = [self.profile(column) for column in table]
        extra: list[tuple[int, Units]] = []
        for code in below:
            if code in alike:
                continue
            own = [self.signature(code, unit) for unit in below[code]]
            last = -1
            for unit, position in zip(below[code], _aligned(profile, own), strict=True):
                if position is None:
                    extra.append((last, {code: unit}))
                else:
                    table[position][code] = unit
                    last = position
        ordered = [*enumerate(table), *extra]
        return [column for _, column in sorted(ordered, key=lambda one: one[0])]

    def profile(self, column: Units) -> _Signature:
        signatures = [self.signature(code, unit) for code, unit in column.items()]
        counts: Counter[object] = Counter(value for one in signatures for value in one.values)
        share = sum(one.share for one in signatures) / len(signatures)
        values = Counter(value for value, count in counts.items() if 2 * count >= len(signatures))
        return _Signature(signatures[0].kind, share, values)

    def signature(self, code: str, unit: Unit) -> _Signature:
        values: Counter[object] = Counter()
        size = 0
        for one in unit.walk():
            size += len(one.plain)
            values.update({mention.value: 1 for mention in self.found(code, one) if mention.certain})
            values.update({call.id: 1 for call in inline.calls(one.runs)})
        return _Signature(unit.kind, size / self.sizes[code], values)

    def notes(self, below: Mapping[str, Sequence[Unit]]) -> Iterator[Finding]:
        """Compare notes by their names; where one is not called is said at its calls."""
        named = {code: {unit.id: unit for unit in units} for code, units in below.items()}
        for identity in dict.fromkeys(unit.id for units in below.values() for unit in units):
            yield from self.compare({code: units[identity] for code, units in named.items() if identity in units})

    # -- texts

    def found(self, code: str, unit: Unit) -> list[Mention]:
        key = (code, unit.id)
        if key not in self.mentions:
            self.mentions[key] = self.finders[code].find(unit.plain) if unit.runs else []
        return self.mentions[key]

    def texts(self, units: Units) -> None:
        """Note what a text mentions or calls, and the others do not."""
        certain = {
            code: Counter(one.value for one in self.found(code, unit) if one.certain) for code, unit in units.items()
        }
        known = {code: _known(self.found(code, unit)) for code, unit in units.items()}
        for value in dict.fromkeys(value for counts in certain.values() for value in counts):
            holders = {code for code in units if value in certain[code]}
            having = {code for code in units if value in known[code]}
            if len(having) == len(units):
                continue
            odd, lacking = self.odd(having, units)
            if not lacking:
                odd &= holders
            elif 2 * len(holders) < len(units):
                continue
            for code in sorted(odd):
                self.differ(value, code, units, holders - odd if lacking else {code}, lacks=lacking)
        self.replaced(units, certain)
        self.calls(units)

    def replaced(self, units: Units, certain: Mapping[str, Counter[Value]]) -> None:
        """Note a value that is lost where the text has it elsewhere too, which only counting shows.

        A symbol counts as lost only if another has come into its place: languages may say "the said resolution".
        """
        for code in units:
            others = [counts for one, counts in certain.items() if one != code]
            if len(others) < 2:
                continue
            agreed = {value: others[0][value] for value in others[0] if len({counts[value] for counts in others}) == 1}
            fewer = [value for value, count in agreed.items() if 0 < certain[code][value] < count]
            more = [value for value, count in agreed.items() if certain[code][value] > count]
            if fewer and (more or isinstance(fewer[0], Decimal)):
                self.differ(fewer[0], code, units, set(units) - {code}, lacks=True)
            if fewer and more:
                self.differ(more[0], code, units, {code}, lacks=False)

    def calls(self, units: Units) -> None:
        counts = {code: Counter(call.id for call in inline.calls(unit.runs)) for code, unit in units.items()}
        for name in dict.fromkeys(name for called in counts.values() for name in called):
            calling = [code for code in units if counts[code][name]]
            if len(calling) == len(units):
                continue
            odd, lacking = self.odd(calling, units)
            for code in sorted(odd):
                holder = self.model(calling if lacking else [code])
                at = _find(units[holder], f"[^{name}]")
                self.differences.append(_Difference("note", name, code, units[code], lacking, at, name))

    def differ(self, value: Value, code: str, units: Units, holders: Iterable[str], *, lacks: bool) -> None:
        holder = self.model(holders)
        plain = units[holder].plain
        mention = next(one for one in self.found(holder, units[holder]) if one.value == value)
        told = self.told.setdefault((code, holder, units[code].id, lacks), [])
        if any(first <= mention.start and mention.end <= last for first, last in told):
            return  # the year of a date
        told.append((mention.start, mention.end))
        words = plain[mention.start : mention.end].strip()
        at = _find(units[holder], words, plain[: mention.start].count(words))
        self.differences.append(_Difference("mention", value, code, units[code], lacks, at, words))

    def said(self, differences: Sequence[_Difference]) -> Iterator[Finding]:
        """Put differences into words; what one place lacks and another has in addition is said once."""
        lacking = [one for one in differences if one.lacks]
        for one in (one for one in differences if not one.lacks):
            same = [other for other in lacking if (other.what, other.language) == (one.what, one.language)]
            moved = [other for other in same if other.value == one.value]
            if moved:
                lacking.remove(moved[0])
                what = f"note '{one.words}' is called" if one.what == "note" else f"'{one.words}' stands"
                message = f"{what} in {one.unit.name} in '{one.language}', and in {moved[0].unit.name} in the others"
                yield Finding("C108", message, one.at, "see whether two texts have changed places", beside=moved[0].at)
                continue
            instead = [other for other in same if other.unit is one.unit and _alike(other, one)]
            if instead:
                lacking.remove(instead[0])
                message = (
                    f"{one.unit.name} has '{one.words}' in '{one.language}', and '{instead[0].words}' in the others"
                )
                yield Finding("C107", message, one.at, "mend the one that is wrong", beside=instead[0].at)
            elif one.what == "note":
                message = f"{one.unit.name} calls note '{one.words}' only in '{one.language}'"
                yield Finding("C109", message, one.at, "take the call out, or add it to the other languages")
            else:
                message = f"{one.unit.name} has '{one.words}' only in '{one.language}'"
                yield Finding("C106", message, one.at, "see what the other languages say", beside=self.beside(one))
        for one in lacking:
            what, code = ("a call of note", "C109") if one.what == "note" else ("what the others have,", "C105")
            message = f"{one.unit.name} lacks {what} '{one.words}' in '{one.language}'"
            yield Finding(code, message, self.at(one.unit), "add it", beside=one.at)

    def beside(self, one: _Difference) -> Place | None:
        """Give the same unit in a language that does not have it."""
        code = self.model([code for code in self.trees if code != one.language])
        unit = next((unit for unit in self.trees[code].walk() if unit.id == one.unit.id), None)
        return self.at(unit) if unit else None

    # -- emphasis, states

    def emphasis(self, units: Units) -> Iterator[Finding]:
        if next(iter(units.values())).kind not in {"preambular", "operative"}:
            return
        opened = [code for code, unit in units.items() if unit.emphasized]
        if len(opened) in {0, len(units)}:
            return
        odd, lacking = self.odd(opened, units)
        for code in sorted(odd):
            model = units[self.model(set(units) - odd)]
            what = "does not open with emphasis" if lacking else "opens with emphasis"
            message = f"{units[code].name} {what} in '{code}', unlike in the others"
            yield Finding("C110", message, self.at(units[code]), "", "warning", self.at(model))

    def states(self, units: Units) -> Iterator[Finding]:
        """Compare lists of states, and look at their order."""
        lists = {code: self.listed(code, unit) for code, unit in units.items()}
        if not any(lists.values()):
            return
        for code, listed in lists.items():
            named = [(state, name) for state, name in listed if state]
            expected = self.languages[code].states([state for state, _ in named], self.resolution.wordings[code].states)
            for (_, name), right in zip(named, expected, strict=True):
                if name != right:
                    message = f"'{name}' stands before '{right}' in '{code}'"
                    yield Finding("C112", message, _find(units[code], name), "put states in the order of the language")
                    break
        lengths = {code: len(listed) for code, listed in lists.items()}
        for code in sorted(self.uneven(lengths)):
            model = self.model([one for one in units if one != code])
            apart = [
                name
                for one, other in ((code, model), (model, code))
                for state, name in lists[one]
                if state and state not in dict(lists[other])
            ]
            message = f"a list in {units[code].name} has {lengths[code]} states in '{code}', not {lengths[model]}"
            hint = f"compare {', '.join(apart[:FEWEST_STATES])}" if apart else ""
            yield Finding("C111", message, self.at(units[code]), hint, beside=self.at(units[model]))

    def listed(self, code: str, unit: Unit) -> list[tuple[str, str]]:
        """Give the states that a text lists, each with its name; one that has another name today is of no state."""
        words = self.languages[code].words
        comma = words.state_list.comma.strip()
        if unit.plain.count(comma) < FEWEST_STATES - 1:
            return []
        own = {name: state for state, name in self.resolution.wordings[code].states.items()}
        names = self.languages[code].state_codes | own
        for sentence in _SENTENCES.split(unit.plain):
            parts = [part.strip() for part in sentence.split(comma)]
            found = [name for part in parts if part for name in _parted(part, words.enumeration.last, names)]
            states = [(names.get(name, ""), name) for name in found]
            known = sum(bool(state) for state, _ in states)
            if known >= FEWEST_STATES and 2 * known >= len(states):
                return states
        return []

    # -- places

    def at(self, unit: Unit) -> Place:
        assert unit.node is not None
        return unit.node.place

    def place(self, code: str, unit: Unit) -> Place:
        """Give where a unit begins, or its file where it is the whole."""
        return unit.node.place if unit.node else Place(self.resolution.folder / f"{code}.yaml")

    def finding(self, code: str, message: str, unit: Unit, model: Unit) -> Finding:
        return Finding(code, message, self.at(unit), beside=self.at(model))


def _find(unit: Unit, words: str, occurrence: int = 0) -> Place:
    assert unit.node is not None
    return unit.node.find(words, occurrence)


def _known(mentions: Sequence[Mention]) -> set[Value]:
    """Give all values of a text; a day answers to its month."""
    values = {one.value for one in mentions}
    return values | {("month", one.value[0]) for one in mentions if one.kind == "date" and isinstance(one.value, tuple)}


def _alike(one: _Difference, other: _Difference) -> bool:
    return one.what == other.what == "mention" and isinstance(one.value, tuple) == isinstance(other.value, tuple)


def _beginning(unit: Unit) -> str:
    words = _whole(unit)
    return words if len(words) <= 60 else words[:60].rstrip() + " ..."


def _whole(unit: Unit) -> str:
    return " ".join(one.plain for one in unit.walk() if one.runs)


def _parted(part: str, last: str, names: Mapping[str, str]) -> Sequence[str]:
    """Part the last two names of a list, joined by a word that may stand in a name too, or touch the second."""
    if part in names:
        return [part]
    joints = re.finditer(re.escape(last.rstrip()), part)
    pairs = [(part[: one.start()].strip(), part[one.end() :].strip()) for one in joints]
    best = max(pairs, key=lambda pair: sum(name in names for name in pair), default=(part,))
    return best if any(name in names for name in best) else [part]


def _kinds(units: Sequence[Unit]) -> tuple[str, ...]:
    return tuple(unit.kind for unit in units)


def _aligned(profile: Sequence[_Signature], own: Sequence[_Signature]) -> list[int | None]:
    """Give for each of one's own units the position of its counterpart, in the same order, or None.

    The only unit of a kind is always the counterpart of the only one, as a title is, whatever it says.
    Where pieces are missing the others take a larger share of the text, so the shares are tried at several scales.
    """
    scales = {1.0, *(1 - one.share for one in profile), *(1 / (1 - one.share) for one in own if one.share < 1)}
    return max((_at_scale(profile, own, scale) for scale in scales), key=lambda found: found[0])[1]


def _at_scale(profile: Sequence[_Signature], own: Sequence[_Signature], scale: float) -> tuple[float, list[int | None]]:
    """Give the most alike pairing of two lists, with how much alike it is."""
    only = [kind for kind in _once(profile) if kind in _once(own)]
    alike = [
        [SURE if there.kind == here.kind in only else _likeness(there, here, scale) for here in own]
        for there in profile
    ]
    best = [[0.0] * (len(own) + 1) for _ in range(len(profile) + 1)]
    for i in range(1, len(profile) + 1):
        for j in range(1, len(own) + 1):
            best[i][j] = max(best[i - 1][j], best[i][j - 1], best[i - 1][j - 1] + alike[i - 1][j - 1])
    result: list[int | None] = [None] * len(own)
    i, j = len(profile), len(own)
    while i and j:
        if best[i][j] == best[i - 1][j - 1] + alike[i - 1][j - 1]:
            i, j = i - 1, j - 1
            result[j] = i
        elif best[i][j] == best[i - 1][j]:
            i -= 1
        else:
            j -= 1
    return best[-1][-1], result


def _once(units: Sequence[_Signature]) -> list[str]:
    return [kind for kind, count in Counter(one.kind for one in units).items() if count == 1]


def _likeness(there: _Signature, here: _Signature, scale: float) -> float:
    """Tell how much two units look like translations of each other: by what they mention, and by their length."""
    if there.kind != here.kind:
        return -9.0
    shared = sum((there.values & here.values).values())
    apart = sum((there.values - here.values).values()) + sum((here.values - there.values).values())
    length = abs(log2((here.share * scale + 1e-6) / (there.share + 1e-6)))
    return 6 + 3 * shared - 2 * apart - 3 * length
