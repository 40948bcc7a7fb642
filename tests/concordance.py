"""How well the languages of real documents are compared: `make concordance`.

Officially aligned paragraphs are put together into documents. As they stand, hardly any paragraph may be found at
fault; and of a thousand small faults that are put into one language of them nearly all must be found, at their place.
The paragraphs are in the folder that PUBLISH_SHARED names.
"""

from __future__ import annotations

import json
import re
import sys
import tempfile
from collections import Counter
from copy import deepcopy
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import official
import showcase

from publish import project
from publish.desk import press
from publish.finding import Finding
from publish.text import concordance, mention, resolution
from publish.text.outline import Unit, outline

ROOT = Path(__file__).parent.parent
SEGMENTS = official.SHARED / "texts" / "resolution_segments.six_languages.json"
WHOLE = official.SHARED / "texts"
LANGUAGES = showcase.LANGUAGES
ITEMS = 4
NUMBERED = re.compile(r"^\s*(\d+)\s*[.．-]\s*")

Wordings = dict[str, dict[str, Any]]


class Fault(NamedTuple):
    """A fault put into a language: its kind, and the names of the places at which it may be found."""

    kind: str
    language: str
    names: set[str]
    wording: dict[str, Any]


def at_hand() -> bool:
    """Tell whether there are paragraphs to compare."""
    return SEGMENTS.is_file()


def escaped(text: str) -> str:
    """Write characters that would be marks of the sources as what they are."""
    return re.sub(r"([*\[\]^\\])", r"\\\1", " ".join(text.split()))


def aligned() -> list[dict[str, list[str]]]:
    """Give the documents of the aligned paragraphs: by language, their paragraphs."""
    documents = json.loads(SEGMENTS.read_text("utf-8"))
    return [{code: [one[code] for one in document["segments"]] for code in LANGUAGES} for document in documents]


def assembled(documents: list[dict[str, list[str]]]) -> list[Wordings]:
    """Put paragraphs together into wordings: preambular and operative paragraphs, items, notes and their calls."""
    result = []
    for index, document in enumerate(documents):
        lent = documents[(index + 1) % len(documents)]
        notes = showcase.words("en")["notes"].keys()
        wordings: Wordings = {}
        for code in LANGUAGES:
            texts = [escaped(text) for text in document[code]]
            numbered = [bool(NUMBERED.match(text)) for text in document["en"]]
            operative: list[Any] = [NUMBERED.sub("", text) for text, one in zip(texts, numbered, strict=True) if one]
            preamble = [text for text, one in zip(texts, numbered, strict=True) if not one]
            items = [NUMBERED.sub("", escaped(text)) for text in lent[code][:ITEMS]]
            operative.append({"text": showcase.words(code)["operative"][0], "items": items})
            wording: dict[str, Any] = {"title": showcase.words(code)["title"], "operative": operative}
            if preamble:
                wording["preamble"] = preamble
            lists = [wording[key] for key in ("preamble", "operative") if key in wording]
            places = [(one, at) for one in lists for at, text in enumerate(one) if isinstance(text, str)]
            own = {name: showcase.words(code)["notes"][name] for name in list(notes)[: len(places)]}
            for name, (one, at) in zip(own, places, strict=False):
                one[at] += f"[^{name}]"
            wordings[code] = wording | {"notes": own}
        result.append(wordings)
    return result


class Comparison:
    """Compares wordings as `publish check` does."""

    def __init__(self, folder: Path) -> None:
        self.desk = press.Desk(project.load(ROOT))
        self.languages = {code: self.desk.language(code, "2013") for code in LANGUAGES}
        self.finders = {code: mention.Finder(language) for code, language in self.languages.items()}
        self.folder = folder / "A_RES_80_77"
        self.folder.mkdir(exist_ok=True)
        facts = showcase.FACTS | {"vote": None, "sponsors": None, "reissued": None}
        facts = {key: value for key, value in facts.items() if value is not None}
        (self.folder / "resolution.yaml").write_text(json.dumps(facts), "utf-8")

    def read(self, wordings: Wordings, *changed: str) -> resolution.Resolution:
        """Write the wordings, or only those that changed, and read all of them."""
        for code in changed or LANGUAGES:
            (self.folder / f"{code}.yaml").write_text(json.dumps(wordings[code], ensure_ascii=False), "utf-8")
        return resolution.load(self.folder, self.desk.house)[0]

    def findings(self, found: resolution.Resolution) -> list[Finding]:
        """Compare the languages of a resolution."""
        return list(concordance.concordance(found, self.languages, self.finders))


# ---- Faults


def texts(wording: dict[str, Any]) -> list[tuple[Any, Any]]:
    """Give each text of a wording as the list or mapping that holds it, and its index there."""
    found: list[tuple[Any, Any]] = []
    for key in ("preamble", "operative"):
        for index, one in enumerate(wording.get(key, [])):
            found.append((wording[key], index) if isinstance(one, str) else (one, "text"))
            if isinstance(one, dict):
                found += [(one["items"], item) for item in range(len(one["items"]))]
    return found + [(wording["notes"], name) for name in wording["notes"]]


def lists(wording: dict[str, Any]) -> list[list[Any]]:
    """Give the lists of paragraphs and items."""
    whole = [wording[key] for key in ("preamble", "operative") if key in wording]
    return whole + [one["items"] for key in whole for one in key if isinstance(one, dict)]


def names(tree: Unit) -> list[str]:
    """Give the names of the texts in the order of `texts`."""
    return [unit.name for unit in tree.walk() if unit.node and unit.kind in {"preambular", "operative", "item", "note"}]


def spoil(random: Random, wordings: Wordings, comparison: Comparison, trees: dict[str, Unit]) -> Fault | None:
    """Put a random fault into a random language; gives nothing where the language has no place for it."""
    code = random.choice(LANGUAGES)
    wording = deepcopy(wordings[code])
    kind = random.choice(list(KINDS))
    places = KINDS[kind](random, wording, comparison.finders[code], names(trees[code]))
    return Fault(kind, code, places, wording) if places else None


def _drop(random: Random, wording: dict[str, Any], finder: mention.Finder, named: list[str]) -> set[str]:
    one = random.choice([one for one in lists(wording) if len(one) > 1] or [[]])
    if not one:
        return set()
    index = random.randrange(len(one))
    place = _named(wording, one, index, named)
    if _called(one[index]):
        return set()  # a note that is no longer called is found before languages are compared
    del one[index]
    return {place}


def _double(random: Random, wording: dict[str, Any], finder: mention.Finder, named: list[str]) -> set[str]:
    one = random.choice(lists(wording))
    index = random.randrange(len(one))
    place = _named(wording, one, index, named)
    one.insert(index + 1, deepcopy(one[index]))
    return {place, re.sub(r"\d+$", lambda match: str(int(match[0]) + 1), place), _next_item(place)}


def _next_item(name: str) -> str:
    return re.sub(r"\((\w)\)$", lambda match: f"({chr(ord(match[1]) + 1)})", name)


def _digit(random: Random, wording: dict[str, Any], *, remove: bool) -> tuple[Any, Any] | None:
    found = [
        (holder, key, match.start())
        for holder, key in texts(wording)
        for match in re.finditer(r"\d", re.sub(r"\[\^\w+\]", lambda call: "~" * len(call[0]), holder[key]))
    ]
    if not found:
        return None
    holder, key, at = random.choice(found)
    text = holder[key]
    zero = ord("0") if text[at].isascii() else ord("٠")
    other = "" if remove else chr(zero + (int(text[at]) + random.randrange(1, 10)) % 10)
    holder[key] = text[:at] + other + text[at + 1 :]
    return holder, key


def _change_digit(random: Random, wording: dict[str, Any], finder: mention.Finder, named: list[str]) -> set[str]:
    place = _digit(random, wording, remove=False)
    return {_named(wording, *place, named)} if place else set()


def _delete_digit(random: Random, wording: dict[str, Any], finder: mention.Finder, named: list[str]) -> set[str]:
    place = _digit(random, wording, remove=True)
    return {_named(wording, *place, named)} if place else set()


def _delete(kinds: set[str]) -> Any:
    def delete(random: Random, wording: dict[str, Any], finder: mention.Finder, named: list[str]) -> set[str]:
        found = [
            (holder, key, one)
            for holder, key in texts(wording)
            for one in finder.find(re.sub(r"\[\^\w+\]", lambda call: "~" * len(call[0]), holder[key]))
            if one.certain and one.kind in kinds
        ]
        if not found:
            return set()
        holder, key, one = random.choice(found)
        holder[key] = holder[key][: one.start] + holder[key][one.end :]
        return {_named(wording, holder, key, named)}

    return delete


def _note(*, move: bool) -> Any:
    def change(random: Random, wording: dict[str, Any], finder: mention.Finder, named: list[str]) -> set[str]:
        called = [place for place in texts(wording) if _called(place[0][place[1]])]
        if not called:
            return set()
        holder, key = random.choice(called)
        call = re.search(r"\[\^\w+\]", holder[key])
        assert call
        holder[key] = holder[key].replace(call[0], "", 1)
        places = {_named(wording, holder, key, named)}
        others = [place for place in texts(wording) if place[0] is not wording["notes"] and place != (holder, key)]
        if move:
            holder, key = random.choice(others)
            holder[key] += call[0]
            places.add(_named(wording, holder, key, named))
        elif not any(call[0] in one[at] for one, at in others):
            del wording["notes"][call[0][2:-1]]
        return places

    return change


def _swap(random: Random, wording: dict[str, Any], finder: mention.Finder, named: list[str]) -> set[str]:
    def facts(one: Any) -> frozenset[Any]:
        return frozenset(found.value for found in finder.find(str(one)) if found.certain)

    pairs = [
        (one, first, second)
        for one in lists(wording)
        for first in range(len(one))
        for second in range(first)
        if facts(one[first]) != facts(one[second]) and not _called(one[first]) and not _called(one[second])
    ]
    if not pairs:
        return set()
    one, first, second = random.choice(pairs)
    places = {_named(wording, one, first, named), _named(wording, one, second, named)}
    one[first], one[second] = one[second], one[first]
    return places


KINDS = {
    "drop a paragraph or item": _drop,
    "double a paragraph or item": _double,
    "change a digit": _change_digit,
    "delete a digit": _delete_digit,
    "delete a date": _delete({"date", "month"}),
    "delete a number": _delete({"number", "session", "article", "percentage", "sum"}),
    "delete a symbol or reference": _delete({"symbol"}),
    "drop a note call": _note(move=False),
    "move a note call": _note(move=True),
    "swap two paragraphs or items": _swap,
}


def _called(one: Any) -> bool:
    return "[^" in (json.dumps(one) if isinstance(one, dict) else one)


def _named(wording: dict[str, Any], holder: Any, key: Any, named: list[str]) -> str:
    if isinstance(holder, list) and isinstance(holder[key], dict):
        holder, key = holder[key], "text"
    index = next(number for number, (one, at) in enumerate(texts(wording)) if one is holder and at == key)
    return named[index]


# ---- Figures


class Figures(NamedTuple):
    """What came out: flagged paragraphs of how many, and found faults of how many, with what was missed."""

    flagged: dict[str, list[str]]
    paragraphs: int
    found: Counter[str]
    faults: Counter[str]
    missed: list[tuple[Fault, list[str]]]


def measure(count: int, seed: int, folder: Path) -> Figures:
    """Compare real paragraphs as they stand, and with a number of faults in them, by the same rules."""
    comparison = Comparison(folder)
    documents = aligned()
    flagged: dict[str, list[str]] = {}
    for number, document in enumerate(documents):
        plain: Wordings = {
            code: {"title": "-", "operative": [NUMBERED.sub("", escaped(text)) for text in document[code]]}
            for code in LANGUAGES
        }
        for finding in comparison.findings(comparison.read(plain)):
            name = re.search(r"operative paragraph \d+", finding.message)
            flagged.setdefault(f"document {number + 1}, {name[0] if name else '?'}", []).append(finding.message)
    wordings = assembled(documents)
    random = Random(seed)
    faults: Counter[str] = Counter()
    found: Counter[str] = Counter()
    missed = []
    while faults.total() < count:
        whole = random.choice(wordings)
        sound = comparison.read(whole)
        trees = {code: outline(one) for code, one in sound.wordings.items()}
        known = {finding.message for finding in comparison.findings(sound)}
        for _ in range(10):
            fault = spoil(random, whole, comparison, trees)
            if fault is None or fault.wording == whole[fault.language] or faults.total() == count:
                continue
            new = comparison.findings(comparison.read(whole | {fault.language: fault.wording}, fault.language))
            comparison.read(whole, fault.language)
            messages = [one.message for one in new if one.message not in known]
            faults[fault.kind] += 1
            hit = any(f"'{fault.language}'" in one and any(name in one for name in fault.names) for one in messages)
            found[fault.kind] += hit
            if not hit:
                missed.append((fault, messages))
    return Figures(flagged, sum(len(document["en"]) for document in documents), found, faults, missed)


def main() -> None:
    """Print both figures, and what they are made of."""
    if not at_hand():
        sys.exit(f"concordance: skipped, there are no aligned paragraphs in {SEGMENTS.parent} (PUBLISH_SHARED)")
    with tempfile.TemporaryDirectory() as folder:
        figures = measure(1000, 1945, Path(folder))
    for name, messages in figures.flagged.items():
        print(f"flagged: {name}: {'; '.join(messages)}")
    for kind, total in sorted(figures.faults.items()):
        print(f"{kind:32} {figures.found[kind]:4} of {total:4}")
    print(f"{len(figures.flagged)} of {figures.paragraphs} aligned paragraphs flagged")
    share = 100 * figures.found.total() / figures.faults.total()
    print(f"{share:.1f} % of {figures.faults.total()} faults found at their place")
    if "-v" in sys.argv:
        for fault, messages in figures.missed:
            print(fault.kind, fault.language, fault.names, messages)


if __name__ == "__main__":
    main()
