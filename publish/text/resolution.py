"""Nodes -> Resolution: the model, in the words of the UN and of Akoma Ntoso. It knows nothing of YAML or HTML.

`resolution.yaml` holds the facts that all languages share; one file a language holds its wording. All faults of all
files of a resolution come out together.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Literal, TypeVar

from publish.finding import Finding, Place, Rejected, suggest
from publish.text import inline, symbol
from publish.text.language import states
from publish.text.source import Node, Reader, entry, read

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable, Collection, Iterator, Mapping
    from pathlib import Path

    from publish.text.inline import Direction, NoteCall, Run
    from publish.text.symbol import Symbol

_T = TypeVar("_T")

FACTS_NEEDED = ("symbol", "session", "adopted", "report", "distribution", "distributed", "job_number")
FACTS_OPTIONAL = (
    *("agenda_items", "issued", "edition", "paper", "languages", "original", "release"),
    *("reissued", "vote", "sponsors"),
)
WORDING_NEEDED = ("title",)
WORDING_OPTIONAL = (
    *("status", "running_title", "preamble", "operative", "sections", "parts", "declaration"),
    *("annexes", "notes", "states"),
)
DISTRIBUTIONS = ("general", "limited", "restricted")
COMMITTEES = ("first", "second", "third", "fourth", "fifth", "sixth", "general", "credentials", "none")
STATUSES = ("official", "unofficial")
LEVELS = 4
MOST_ITEMS = 999


# ---- The model


@dataclass(frozen=True)
class Vote:
    """A recorded vote: the ISO 3166 codes of the states, by their choice."""

    in_favour: tuple[str, ...]
    against: tuple[str, ...]
    abstaining: tuple[str, ...]

    @property
    def lists(self) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
        """The three lists in the order they are printed."""
        return self.in_favour, self.against, self.abstaining


@dataclass(frozen=True)
class Facts:
    """What all languages of a resolution share.

    session is "56", "S-26" or "ES-11"; agenda_items are (item, sub-item) with 0 for no sub-item; committee is empty
    where there was no reference to one; symbols are the sources as printed, each with its document; issued is the day
    after the job number; nodes say where each key was typed.
    """

    symbol: Symbol
    session: str
    agenda_items: tuple[tuple[int, int], ...]
    adopted: datetime.date
    meeting: int
    committee: str
    symbols: tuple[tuple[str, Symbol], ...]
    distribution: str
    distributed: datetime.date
    job_number: str
    issued: datetime.date | None
    edition: str
    paper: str
    languages: tuple[str, ...]
    original: str
    release: datetime.datetime | None
    reissued: datetime.date | None
    vote: Vote | None
    sponsors: tuple[str, ...]
    nodes: dict[str, Node] = field(compare=False, repr=False)


@dataclass(frozen=True)
class Item:
    """A lettered sub-paragraph; its number counts from 1 on its level."""

    id: str
    number: int
    runs: tuple[Run, ...]
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Paragraph:
    """A paragraph with its items; number is 0 where it has none, as a single operative paragraph."""

    id: str
    kind: Literal["preambular", "operative", "annex"]
    number: int
    runs: tuple[Run, ...]
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Heading:
    """A heading in an annex or a declaration, without a number."""

    id: str
    runs: tuple[Run, ...]
    kind: str = "heading"


@dataclass(frozen=True)
class Table:
    """A table of an annex, numbered through the document; every row has as many cells as the head."""

    id: str
    number: int
    caption: tuple[Run, ...]
    head: tuple[tuple[Run, ...], ...]
    rows: tuple[tuple[tuple[Run, ...], ...], ...]
    kind: str = "table"


@dataclass(frozen=True)
class Division:
    """A division: a section or lettered part of the resolution, its declaration, an annex, or a part of these two.

    number is 0 for a declaration, of which a resolution has one at most.
    """

    id: str
    kind: Literal["section", "part", "declaration", "annex_part", "annex"]
    number: int
    heading: tuple[Run, ...]
    preamble: tuple[Block, ...] = ()
    body: tuple[Block, ...] = ()


Block = Paragraph | Heading | Table | Division


@dataclass(frozen=True)
class Note:
    """A note at the foot of a page: numbered from 1, or an annotation marked by asterisks (-1 is one asterisk)."""

    id: str
    number: int
    runs: tuple[Run, ...]


@dataclass(frozen=True)
class Wording:
    """The text of a resolution in one language; nodes say where the text of each identity was typed, and how."""

    language: str
    official: bool
    title: tuple[Run, ...]
    running_title: str
    preamble: tuple[Paragraph, ...]
    body: tuple[Block, ...]
    annexes: tuple[Division, ...]
    notes: dict[str, Note]
    states: dict[str, str]
    nodes: dict[str, Node] = field(compare=False, repr=False)


@dataclass(frozen=True)
class Resolution:
    """A resolution in all its languages."""

    folder: Path
    facts: Facts
    wordings: dict[str, Wording]


@dataclass(frozen=True)
class House:
    """What the reader must know of the house: its defaults, and what its locales, layouts and CLDR know."""

    languages: tuple[str, ...]
    edition: str
    paper: str
    directions: Mapping[str, Direction]
    editions: Collection[str]
    papers: Collection[str]


# ---- Reading


def load(folder: Path, house: House, only: Collection[str] = ()) -> tuple[Resolution, list[Finding]]:
    """Read a resolution's folder, in all its languages or `only` some; gives it with the warnings.

    Raises Rejected with every fault of every file.
    """
    reader = Reader()
    facts = _attempt(reader, lambda: _facts(reader, read(folder / "resolution.yaml"), folder, house))
    languages = facts.languages if facts else tuple(sorted(path.stem for path in folder.glob("??.yaml")))
    wordings = {}
    for language in languages:
        if language not in house.directions or (only and language not in only):
            continue
        path = folder / f"{language}.yaml"
        if not path.is_file() and facts:
            hint = f"write it, or take '{language}' out of the languages"
            reader.findings.append(Finding("S14", f"language '{language}' has no file", Place(path), hint))
            continue
        wording = _attempt(reader, partial(_wording, reader, path, house, bool(facts and facts.reissued)))
        if wording:
            wordings[language] = wording
    errors = [finding for finding in reader.findings if finding.severity == "error"]
    if errors or facts is None:
        raise Rejected(reader.findings)
    return Resolution(folder, facts, wordings), reader.findings


def facts(folder: Path, house: House) -> Facts:
    """Read only the facts of a resolution. Raises Rejected."""
    reader = Reader()
    found = _facts(reader, read(folder / "resolution.yaml"), folder, house)
    reader.close()
    return found


def release(folder: Path) -> datetime.datetime | None:
    """Read only the moment of release, where there is one. Raises Rejected."""
    node = entry(folder / "resolution.yaml", "release")
    reader = Reader()
    moment = reader.moment(node) if node else None
    reader.close()
    return moment


def title(path: Path) -> str:
    """Read only the title of a wording, without its markup. Raises Rejected."""
    node = entry(path, "title")
    return inline.plain(inline.parse(str(node.value))[0]) if node else ""


def _wording(reader: Reader, path: Path, house: House, reissued: bool) -> Wording:
    return _Wording(reader, read(path), house, reissued).wording()


def _attempt(reader: Reader, work: Callable[[], _T]) -> _T | None:
    try:
        return work()
    except Rejected as rejected:
        reader.findings.extend(rejected.findings)
        return None


def _facts(reader: Reader, node: Node, folder: Path, house: House) -> Facts:
    found = reader.mapping(node, FACTS_NEEDED, FACTS_OPTIONAL)

    def get(key: str, convert: Callable[[Node], _T], otherwise: _T) -> _T:
        return convert(found[key]) if key in found else otherwise

    adopted = reader.mapping(found["adopted"], ("date", "meeting")) if "adopted" in found else {}
    report = reader.mapping(found["report"], ("symbols",), ("committee",)) if "report" in found else {}
    committee = reader.choice(report["committee"], COMMITTEES) if "committee" in report else "none"
    today = None
    own_symbol = get("symbol", lambda one: _symbol(reader, one, folder), symbol.Symbol(""))
    session = get("session", lambda one: _session(reader, one), "")
    if session and own_symbol.session and session != own_symbol.session:
        hint = f"the symbol says session {own_symbol.session}"
        reader.fault("S24", f"session {session} does not belong to {own_symbol}", found["session"], hint)
    return Facts(
        symbol=own_symbol,
        session=session,
        agenda_items=get("agenda_items", lambda one: tuple(_agenda_items(reader, one)), ()),
        adopted=reader.date(adopted["date"]) if "date" in adopted else today,  # type: ignore[arg-type]
        meeting=reader.integer(adopted["meeting"]) if "meeting" in adopted else 0,
        committee="" if committee == "none" else committee,
        symbols=tuple(_source_symbols(reader, report["symbols"])) if "symbols" in report else (),
        distribution=get("distribution", lambda one: reader.choice(one, DISTRIBUTIONS), ""),
        distributed=get("distributed", reader.date, today),  # type: ignore[arg-type]
        job_number=get("job_number", lambda one: _job_number(reader, one), ""),
        issued=get("issued", reader.date, None),
        edition=get("edition", lambda one: reader.choice(one, house.editions), house.edition),
        paper=get("paper", lambda one: reader.choice(one, house.papers), house.paper),
        languages=get("languages", lambda one: tuple(_languages(reader, one, house)), house.languages),
        original=get("original", lambda one: reader.choice(one, house.directions), "en"),
        release=get("release", reader.moment, None),
        reissued=get("reissued", reader.date, None),
        vote=get("vote", lambda one: _vote(reader, one), None),
        sponsors=get("sponsors", lambda one: _states(reader, one), ()),
        nodes=found | {f"adopted.{key}": one for key, one in adopted.items()},
    )


def _symbol(reader: Reader, node: Node, folder: Path) -> Symbol:
    words = reader.text(node)
    try:
        found = symbol.parse(words)
    except ValueError as error:
        if words:
            reader.fault("S09", str(error), node, "a resolution's symbol is like A/RES/56/149")
        return symbol.Symbol("")
    if not found.organ:
        reader.fault("S09", f"'{found}' is not the symbol of a resolution", node, "one is like A/RES/56/149")
    elif found.organ != "A":
        reader.fault(
            "S09", f"no layout sets '{found}' yet", node, "resolutions of the General Assembly, A/RES/..., are set"
        )
    elif found.reissue:
        hint = f"write {found.text}, and the day of the reissue as 'reissued: 2002-03-01', which prints the asterisk"
        reader.fault("S24", f"the asterisk of '{found}' is no part of a symbol", node, hint)
    elif folder.name != found.file_name:
        hint = f"rename the folder to {found.file_name}, or mend the symbol"
        reader.fault("S23", f"the folder '{folder.name}' does not belong to {found}", node, hint)
    return found


def _session(reader: Reader, node: Node) -> str:
    words = reader.text(node)
    match = re.fullmatch(r"(?:S-|ES-)?(-?\d{1,4})", words, re.ASCII)
    if not match:
        if words:
            reader.fault("S08", f"'{words[:40]}' is no session", node, "write 56, S-26 (special) or ES-11 (emergency)")
        return ""
    if not 1 <= int(match[1]) <= 120:
        reader.fault("S11", f"session {match[1]} is out of range", node, "from 1 to 120")
        return ""
    return words


def _agenda_items(reader: Reader, node: Node) -> Iterator[tuple[int, int]]:
    for one in reader.sequence(node):
        words = reader.text(one)
        match = re.fullmatch(r"(\d{1,3})(?: ?\(([a-z])\))?", words, re.ASCII)
        if match and int(match[1]):
            yield int(match[1]), ord(match[2]) - ord("a") + 1 if match[2] else 0
        elif words:
            reader.fault("S08", f"'{words[:40]}' is no agenda item", one, "write 119, or 119 (b) for a sub-item")


def _source_symbols(reader: Reader, node: Node) -> Iterator[tuple[str, Symbol]]:
    """The symbols of reports and drafts; after a whole one, "Corr.1" stands for its corrigendum."""
    whole: Symbol | None = None
    for one in reader.sequence(node):
        words = reader.text(one)
        short = whole is not None and re.fullmatch(r"(?:Add|Corr|Rev|Amend)\.\d{1,3}", words, re.ASCII)
        try:
            found = symbol.parse(f"{whole}/{words}" if short else words)
        except ValueError as error:
            if words:
                reader.fault("S09", str(error), one, "a report's symbol is like A/56/583/Add.2")
            continue
        whole = whole if short else found
        yield words if short else str(found), found


def _job_number(reader: Reader, node: Node) -> str:
    words = reader.text(node)
    if words and not re.fullmatch(r"\d\d[- ]\d{5}", words, re.ASCII):
        reader.fault("S08", f"'{words[:40]}' is no job number", node, "write it as 01 48658 or 18-17962")
    return words


def _languages(reader: Reader, node: Node, house: House) -> Iterator[str]:
    seen: set[str] = set()
    for one in reader.sequence(node):
        code = reader.text(one)
        if code in seen:
            reader.fault("S03", f"language '{code}' is listed twice", one)
        elif code and code not in house.directions:
            reader.fault("S14", f"unknown language '{code}'", one, suggest(code, house.directions))
        elif code:
            seen.add(code)
            yield code


def _vote(reader: Reader, node: Node) -> Vote:
    choices = ("in_favour", "against", "abstaining")
    found = reader.mapping(node, ("in_favour",), choices[1:])
    lists = {choice: _states(reader, found[choice]) if choice in found else () for choice in choices}
    seen: dict[str, str] = {}
    for choice, codes in lists.items():
        for code in codes:
            if code in seen:
                place = found[choice].find(code)
                reader.fault("S03", f"'{code}' votes twice, {seen[code]} and {choice}", place)
            seen[code] = choice
    return Vote(**lists)


def _states(reader: Reader, node: Node) -> tuple[str, ...]:
    codes = []
    for one in reader.sequence(node):
        code = reader.text(one)
        if code and code not in states():
            reader.fault("S17", f"'{code}' is no ISO 3166 code of a state", one, "as FR for France")
        elif code in codes:
            reader.fault("S03", f"'{code}' is listed twice", one)
        else:
            codes.append(code)
    return tuple(codes)


class _Wording:
    """Reads one language's file in the order of the printed text, so that notes are numbered as they are called."""

    def __init__(self, reader: Reader, node: Node, house: House, reissued: bool) -> None:
        self.reader = reader
        self.node = node
        self.house = house
        self.language = node.file.path.stem
        self.direction = house.directions[self.language]
        self.found = reader.mapping(node, WORDING_NEEDED, WORDING_OPTIONAL)
        self.note_nodes = reader.entries(self.found["notes"]) if "notes" in self.found else {}
        self.numbers: dict[str, int] = {}
        self.annotations = int(reissued)  # the reissue has the first asterisk
        self.tables = 0
        self.nodes: dict[str, Node] = {}

    def wording(self) -> Wording:
        title = self.named("title", self.found, "title")
        running = self.found.get("running_title")
        if running:
            self.nodes["running_title"] = running
        preamble = self.paragraphs(self.found.get("preamble"), "preambular", "preamble")
        body = (*self.body(), *self.declaration())
        annexes = self.annexes()
        return Wording(
            language=self.language,
            official=self.status() == "official",
            title=title,
            running_title=inline.plain(self.without_calls(running, "a running title") if running else title),
            preamble=preamble,
            body=body,
            annexes=annexes,
            notes=dict(self.notes()),
            states=self.states(),
            nodes=self.nodes,
        )

    def status(self) -> str:
        node = self.found.get("status")
        return self.reader.choice(node, STATUSES) if node else "official"

    def states(self) -> dict[str, str]:
        node = self.found.get("states")
        named = {}
        for code, name in self.reader.entries(node).items() if node else ():
            if code not in states():
                self.reader.fault("S17", f"'{code}' is no ISO 3166 code of a state", name)
            self.without_calls(name, "a name")
            named[code] = self.reader.text(name)
        return named

    # -- the body

    def body(self) -> tuple[Block, ...]:
        kinds = [key for key in ("operative", "sections", "parts") if key in self.found]
        if not kinds and isinstance(self.node.value, dict) and "operative" not in self.node.keys:
            self.reader.fault("S07", "missing key 'operative'", self.node, "or 'sections', or 'parts'")
        if "parts" in kinds and len(kinds) > 1:
            hint = "each part has its own operative paragraphs and sections"
            self.reader.fault("S24", f"'parts' excludes '{kinds[0]}'", self.node.keys["parts"], hint)
        if "parts" in self.found:
            return tuple(self.parts(self.found["parts"]))
        return self.operative_body(self.found, "")

    def operative_body(self, found: Mapping[str, Node], prefix: str) -> tuple[Block, ...]:
        operative = self.paragraphs(found.get("operative"), "operative", prefix)
        if "sections" not in found:
            return (replace(operative[0], number=0),) if len(operative) == 1 else operative
        return (*operative, *self.sections(found["sections"], prefix, len(operative)))

    def parts(self, node: Node) -> Iterator[Division]:
        for number, one in enumerate(self.reader.sequence(node), 1):
            found = self.reader.mapping(one, ("title",), ("preamble", "operative", "sections"))
            lacks = "operative" not in found and "sections" not in found and "operative" not in one.keys
            if lacks and isinstance(one.value, dict):
                self.reader.fault("S07", "missing key 'operative'", one, "or 'sections'")
            prefix = f"part_{number}__"
            self.nodes[f"part_{number}"] = one
            yield Division(
                id=f"part_{number}",
                kind="part",
                number=number,
                heading=self.named(f"{prefix}heading", found, "title"),
                preamble=self.paragraphs(found.get("preamble"), "preambular", f"{prefix}preamble"),
                body=self.operative_body(found, prefix),
            )

    def sections(self, node: Node, prefix: str, count: int) -> Iterator[Division]:
        """Sections number their paragraphs through, but one with a preamble of its own begins anew."""
        for number, one in enumerate(self.reader.sequence(node), 1):
            found = self.reader.mapping(one, ("operative",), ("heading", "preamble"))
            own = f"{prefix}sec_{number}__"
            self.nodes[own.removesuffix("__")] = one
            heading = self.named(f"{own}heading", found, "heading")
            preamble = self.paragraphs(found.get("preamble"), "preambular", f"{own}preamble")
            count = 0 if preamble else count
            body = self.paragraphs(found.get("operative"), "operative", own, count)
            count += len(body)
            yield Division(own.removesuffix("__"), "section", number, heading, preamble, body)

    def paragraphs(
        self, node: Node | None, kind: Literal["preambular", "operative"], prefix: str, count: int = 0
    ) -> tuple[Paragraph, ...]:
        if node is None:
            return ()
        result = []
        for index, one in enumerate(self.reader.sequence(node), 1):
            number = count + index if kind == "operative" else 0
            identity = f"{prefix}para_{number}" if number else f"{prefix}__para_{index}"
            result.append(self.paragraph(one, kind, number, identity))
        return tuple(result)

    def paragraph(
        self, node: Node, kind: Literal["preambular", "operative", "annex"], number: int, identity: str
    ) -> Paragraph:
        runs, items = self.with_items(node, identity, 0)
        return Paragraph(identity, kind, number, runs, items)

    def with_items(self, node: Node, identity: str, level: int) -> tuple[tuple[Run, ...], tuple[Item, ...]]:
        """Read what may be a text, or a text with items under it."""
        self.nodes[identity] = node
        if not isinstance(node.value, dict) or not {"text", "items"} & node.value.keys():
            return self.inline(node), ()
        found = self.reader.mapping(node, ("text",), ("items",))
        runs = self.named(identity, found, "text")
        if "items" not in found:
            return runs, ()
        if level == LEVELS:
            self.reader.fault("S21", f"items are nested more than {LEVELS} deep", node.keys["items"])
            return runs, ()
        items = []
        entries = self.reader.sequence(found["items"])
        if len(entries) > MOST_ITEMS:
            self.reader.fault(
                "S11", f"{len(entries)} items stand under one text", found["items"], f"at most {MOST_ITEMS}"
            )
        for number, one in enumerate(entries[:MOST_ITEMS], 1):
            own = f"{identity}__item_{number}"
            items.append(Item(own, number, *self.with_items(one, own, level + 1)))
        return runs, tuple(items)

    # -- declaration and annexes

    def declaration(self) -> Iterator[Division]:
        node = self.found.get("declaration")
        if node is None:
            return
        found = self.reader.mapping(node, ("title", "body"), ("preamble", "numbered"))
        self.nodes["declaration"] = node
        heading = self.named("declaration__heading", found, "title")
        preamble: Iterator[Block] = iter(())
        if "preamble" in found:
            preamble = self.annex_body(found["preamble"], "declaration__preamble", _Counter(on=False), "a preamble")
        numbered = _Counter(self.flag(found.get("numbered")))
        body = self.annex_body(found["body"], "declaration", numbered) if "body" in found else ()
        yield Division("declaration", "declaration", 0, heading, tuple(preamble), tuple(body))

    def annexes(self) -> tuple[Division, ...]:
        node = self.found.get("annexes")
        if node is None:
            return ()
        result = []
        for number, one in enumerate(self.reader.sequence(node), 1):
            found = self.reader.mapping(one, ("body",), ("title", "numbered"))
            identity = f"annex_{number}"
            numbered = _Counter(self.flag(found.get("numbered")))
            self.nodes[identity] = one
            heading = self.named(f"{identity}__heading", found, "title")
            body = tuple(self.annex_body(found["body"], identity, numbered)) if "body" in found else ()
            result.append(Division(identity, "annex", number, heading, (), body))
        return tuple(result)

    def flag(self, node: Node | None) -> bool:
        return node is not None and self.reader.choice(node, ("true", "false")) == "true"

    def annex_body(self, node: Node, prefix: str, numbered: _Counter, flat: str = "") -> Iterator[Block]:
        parts = 0
        for index, one in enumerate(self.reader.sequence(node), 1):
            keys = one.value if isinstance(one.value, dict) else {}
            identity = f"{prefix}__block_{index}"
            if "heading" in keys:
                found = self.reader.mapping(one, ("heading",))
                yield Heading(identity, self.named(identity, found, "heading"))
            elif "table" in keys:
                found = self.reader.mapping(one, ("table",))
                if found:
                    yield self.table(found["table"], identity)
            elif "part" in keys:
                if flat:
                    self.reader.fault("S21", f"{flat} holds no parts", one, "write a heading")
                    continue
                parts += 1
                own = f"{prefix}__part_{parts}"
                found = self.reader.mapping(one, ("part", "body"))
                self.nodes[own] = one
                heading = self.named(f"{own}__heading", found, "part")
                body = tuple(self.annex_body(found["body"], own, numbered, "a part")) if "body" in found else ()
                yield Division(own, "annex_part", parts, heading, (), body)
            else:
                yield self.paragraph(one, "annex", numbered.next(), identity)

    def table(self, node: Node, identity: str) -> Table:
        found = self.reader.mapping(node, ("head", "rows"), ("caption",))
        self.tables += 1
        number = self.tables
        self.nodes[identity] = node
        caption = self.named(f"{identity}__caption", found, "caption")
        head = self.cells(found["head"], f"{identity}__row_0") if "head" in found else ()
        rows = []
        for index, row in enumerate(self.reader.sequence(found["rows"]) if "rows" in found else (), 1):
            cells = self.cells(row, f"{identity}__row_{index}", may_be_empty=True)
            if len(cells) != len(head):
                message = f"a row of {len(cells)} cells stands under a head of {len(head)}"
                self.reader.fault("S22", message, row, "give an empty cell as ''")
            rows.append(cells)
        return Table(identity, number, caption, head, tuple(rows))

    def cells(self, row: Node, identity: str, *, may_be_empty: bool = False) -> tuple[tuple[Run, ...], ...]:
        self.nodes[identity] = row
        cells = self.reader.sequence(row)
        self.nodes.update({f"{identity}__cell_{column}": cell for column, cell in enumerate(cells, 1)})
        return tuple(self.inline(cell, may_be_empty=may_be_empty) for cell in cells)

    # -- inline text and notes

    def named(self, identity: str, found: Mapping[str, Node], key: str) -> tuple[Run, ...]:
        """Read the text of a key, if it is there, and keep where it was typed."""
        if key not in found:
            return ()
        self.nodes[identity] = found[key]
        return self.inline(found[key])

    def inline(self, node: Node, *, may_be_empty: bool = False) -> tuple[Run, ...]:
        if may_be_empty and node.value == "":
            return ()
        runs = self.parsed(node)
        return inline.number_calls(runs, (self.numbered(call, node) for call in inline.calls(runs)))

    def parsed(self, node: Node) -> tuple[Run, ...]:
        runs, faults = inline.parse(self.reader.text(node), self.direction)
        for fault in faults:
            self.reader.fault(fault.code, fault.message, node.find(fault.words, fault.occurrence), fault.hint)
        return runs

    def without_calls(self, node: Node, where: str) -> tuple[Run, ...]:
        runs = self.parsed(node)
        for call in inline.calls(runs):
            self.reader.fault("S12", f"note '{call.id}' is called in {where}", node, f"{where} calls no notes")
        return runs

    def numbered(self, call: NoteCall, node: Node) -> NoteCall:
        if call.id not in self.note_nodes:
            hint = suggest(call.id, self.note_nodes) or "write it under 'notes'"
            self.reader.fault("S12", f"note '{call.id}' is called but not written", node.find(f"[^{call.id}]"), hint)
        first = call.id not in self.numbers
        if first and not call.id.strip("*"):
            self.annotations += 1
            self.numbers[call.id] = -self.annotations
        elif first:
            self.numbers[call.id] = 1 + sum(number > 0 for number in self.numbers.values())
        return inline.NoteCall(call.id, self.numbers[call.id], first)

    def notes(self) -> Iterator[tuple[str, Note]]:
        for name, node in self.note_nodes.items():
            self.nodes[f"note__{name}"] = node
            runs = self.parsed(node)
            for call in inline.calls(runs):
                place = node.find(f"[^{call.id}]")
                self.reader.fault("S12", f"note '{call.id}' is called inside a note", place, "notes call no notes")
            if name in self.numbers:
                yield name, Note(name, self.numbers[name], runs)
            else:
                place = self.found["notes"].keys[name]
                self.reader.fault("S13", f"note '{name}' is written but never called", place, f"call it as [^{name}]")


@dataclass
class _Counter:
    """Numbers the paragraphs of an annex, or leaves them without."""

    on: bool
    count: int = 0

    def next(self) -> int:
        self.count += self.on
        return self.count if self.on else 0
