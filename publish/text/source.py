"""YAML text -> Node tree whose every value remembers its file, line and column. The only owner of PyYAML.

Every scalar stays the text its author typed (`no` is two letters, `56/149` is not a number); the reader of a
field decides what it means. Anchors, aliases and tags are refused, so a small file cannot grow.
"""

from __future__ import annotations

import datetime
import re
import unicodedata
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

import yaml

from publish.finding import Finding, Fix, Place, Rejected, suggest

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator
    from pathlib import Path

LARGEST_FILE = 4_000_000
LARGEST_VALUE = 100_000
DEEPEST = 24
REACH = 240  # how far behind a fault its line is shown
_T = TypeVar("_T", bound=datetime.date)
_DATED = re.compile(r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?(?:[+-]\d\d:\d\d|Z)?)?", re.ASCII)
_BLOCK = re.compile(r"[>|][-+1-9]*\s*(?:#.*)?")
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class File:
    """The text that nodes point into."""

    path: Path
    text: str

    @cached_property
    def lines(self) -> list[str]:
        """The lines as YAML counts them."""
        return self.text.splitlines()

    def place(self, line: int, column: int) -> Place:
        """Give the place at a line and column that count from 0."""
        excerpt = self.lines[line] if line < len(self.lines) else ""
        return Place(self.path, line + 1, column + 1, excerpt[: column + REACH])


@dataclass(frozen=True)
class Node:
    """A value of a YAML file: a text, a list of nodes, or a mapping of key texts to nodes."""

    value: str | list[Node] | dict[str, Node]
    file: File
    line: int
    column: int
    end_line: int
    keys: dict[str, Place] = field(default_factory=dict)

    @property
    def place(self) -> Place:
        """Where the value begins; that of a block is its first line of text."""
        lines = self.file.lines
        if self.line + 1 < len(lines) and _BLOCK.fullmatch(lines[self.line], self.column):
            below = lines[self.line + 1]
            return self.file.place(self.line + 1, len(below) - len(below.lstrip()))
        return self.file.place(self.line, self.column)

    @property
    def kind(self) -> str:
        """What the value is, in a user's words."""
        if isinstance(self.value, str):
            return "a text" if self.value else "nothing"
        return "a list" if isinstance(self.value, list) else "a mapping"

    def find(self, words: str, occurrence: int = 0) -> Place:
        """Give the place of the n-th occurrence of `words` inside this value, or where the value begins.

        Where the words have a space, the file may break the line.
        """
        found = self._typed(words)
        return found[occurrence][0] if occurrence < len(found) else self.place

    def fix(self, start: int, end: int, new: str) -> Fix | None:
        """Say what stands for the characters from `start` to `end` of a text where they are to become `new`.

        Gives nothing where it is not certain that they were typed as they are read.
        """
        assert isinstance(self.value, str)
        old = self.value[start:end]
        typed = self._typed(old)
        occurrence = self.value.count(old, 0, start)
        if len(typed) != self.value.count(old) or typed[occurrence][1] != old:
            return None
        return Fix(typed[occurrence][0], old, new)

    def _typed(self, words: str) -> list[tuple[Place, str]]:
        """Give all places of words inside this value, with the words as they were typed."""
        if not words:
            return []
        lines = self.file.lines[self.line : self.end_line + 1]
        text = "\n".join(lines)
        pattern = re.compile(r"\s+".join(map(re.escape, words.split(" "))))
        found = []
        for match in pattern.finditer(text, self.column):
            before = text[: match.start()]
            line = self.line + before.count("\n")
            found.append((self.file.place(line, len(before) - before.rfind("\n") - 1), match[0]))
        return found


def read(path: Path) -> Node:
    """Read a YAML file. Raises Rejected with all that can be found wrong before its meaning is asked for."""
    return parse(_text(path), path)


def entry(path: Path, key: str) -> Node | None:
    """Read one entry at the top of a YAML file without the rest of it, where there is one. Raises Rejected."""
    found = re.search(rf"^{key}:.*(?:\n(?:[ \t].*)?)*", _text(path), re.MULTILINE)
    value = parse(found[0], path).value if found else None
    return value.get(key) if isinstance(value, dict) else None


def parse(text: str, path: Path) -> Node:
    """Read YAML text that came from, or would stand at, `path`."""
    file = File(path, text)
    if findings := list(_forbidden_characters(file)):
        raise Rejected(findings)
    builder = _Builder(file)
    try:
        events = yaml.parse(text, Loader=_LOADER)
        node = builder.document(events)
    except yaml.MarkedYAMLError as error:
        raise Rejected([*builder.findings, _syntax(file, error)]) from None
    if builder.findings:
        raise Rejected(builder.findings)
    return node


def _text(path: Path) -> str:
    try:
        size = path.stat().st_size
        if size > LARGEST_FILE:
            hint = f"a source file holds at most {LARGEST_FILE:,} bytes; split the document or remove what is no text"
            raise Rejected([Finding("S05", f"the file is too large ({size:,} bytes)", Place(path), hint)])
        data = path.read_bytes()
    except OSError as error:
        raise Rejected([Finding("S18", f"cannot read the file: {error.strerror}", Place(path))]) from None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start)
        column = error.start - data.rfind(b"\n", 0, error.start) - 1
        excerpt = data.splitlines()[line].decode(errors="replace")
        place = Place(path, line + 1, column + 1, excerpt[: column + REACH])
        raise Rejected([Finding("S15", "the file is not UTF-8", place, "save it as UTF-8")]) from None


_NONCHARACTERS = "".join(chr(plane + last) for plane in range(0, 0x110000, 0x10000) for last in (0xFFFE, 0xFFFF))
_CONTROL = re.compile(
    f"[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufdd0-\ufdef\ufeff{_NONCHARACTERS}]"
)


def is_control(character: str) -> bool:
    """Tell whether a character may not stand in a source: a control, a separator of lines, a surrogate."""
    return _CONTROL.match(character) is not None


def _forbidden_characters(file: File) -> Iterator[Finding]:
    if not _CONTROL.search(file.text):
        return
    for number, line in enumerate(file.text.split("\n")):
        for column, character in enumerate(line.rstrip("\r")):
            if is_control(character):
                excerpt = "".join("\ufffd" if is_control(one) else one for one in line)
                place = Place(file.path, number + 1, column + 1, excerpt[: column + REACH])
                yield Finding("S15", f"control character U+{ord(character):04X}", place, "remove it")


def _syntax(file: File, error: yaml.MarkedYAMLError) -> Finding:
    mark = error.problem_mark or error.context_mark
    if mark is None:
        return Finding("S01", str(error), Place(file.path))
    place = file.place(mark.line, mark.column)
    line = file.lines[mark.line] if mark.line < len(file.lines) else ""
    indent = line[: len(line) - len(line.lstrip())]
    if "\t" in indent or line[mark.column : mark.column + 1] == "\t":
        return Finding("S02", "a tab stands where YAML wants spaces", place, "indent with two spaces")
    if "alias" in (error.context or "") and error.context_mark:
        place = file.place(error.context_mark.line, error.context_mark.column)
        hint = "put a text that begins with * in quotes, or on the next line after '>-'"
        return Finding("S01", "a text that begins with an asterisk needs quotes", place, hint)
    return _unparsed(file, error, place)


def _unparsed(file: File, error: yaml.MarkedYAMLError, place: Place) -> Finding:
    problem = (error.problem or "the text is no YAML").lower()
    if problem == "mapping values are not allowed in this context":
        hint = "put a text that holds ': ' in quotes, or on the next line after '>-'; of a key, mend the indentation"
        return Finding("S01", "a colon stands where no key can stand", place, hint)
    if not (error.context and error.context_mark):
        return Finding("S01", f"the YAML does not parse: {problem}", place, "check indentation, quotes and colons")
    begun = file.place(error.context_mark.line, error.context_mark.column)
    if "quoted scalar" in error.context and "end of stream" in problem:
        hint = "close it, or put the text on the next line after '>-'"
        return Finding("S01", "a quotation mark opens a text that never closes", begun, hint)
    message = f"the YAML does not parse: {problem} {error.context} that begins in line {begun.line}"
    return Finding("S01", message, place if place.excerpt else begun, "check indentation, quotes, brackets and colons")


class _Builder:
    """Events of the parser into nodes; what is refused is collected and left out."""

    def __init__(self, file: File) -> None:
        self.file = file
        self.findings: list[Finding] = []

    def document(self, events: Iterator[Any]) -> Node:
        node: Node | None = None
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                if node is not None:
                    self.refuse("S01", "a second document begins in the file", event, "keep one document a file")
                    break
                node = self.node(next(events), events, 0)
        return node or Node("", self.file, 0, 0, 0)

    def refuse(self, code: str, message: str, event: Any, hint: str = "") -> None:
        mark = event.start_mark
        self.findings.append(Finding(code, message, self.file.place(mark.line, mark.column), hint))

    def node(self, event: Any, events: Iterator[Any], depth: int) -> Node:
        mark = event.start_mark
        if isinstance(event, yaml.AliasEvent):
            self.refuse(
                "S04", f"alias '*{event.anchor}' is not allowed", event, "write the value out, or quote the text"
            )
        elif event.anchor:
            self.refuse("S04", f"anchor '&{event.anchor}' is not allowed", event, "remove it, or quote the text")
        elif event.tag not in {None, "!"}:
            tag = event.tag.replace("tag:yaml.org,2002:", "!!")
            self.refuse("S04", f"tag '{tag}' is not allowed", event, "remove it, or quote the text")
        if depth > DEEPEST:
            self.refuse("S05", f"values are nested more than {DEEPEST} deep", event)
            raise Rejected(self.findings)
        if isinstance(event, yaml.SequenceStartEvent):
            return self.sequence(events, depth, mark)
        if isinstance(event, yaml.MappingStartEvent):
            return self.mapping(events, depth, mark)
        return self.scalar(event)

    def scalar(self, event: Any) -> Node:
        mark = event.start_mark
        text = getattr(event, "value", "")
        if isinstance(event, yaml.ScalarEvent) and not event.style and text in {"~", "null"}:
            text = ""
        if len(text) > LARGEST_VALUE:
            hint = f"a value holds at most {LARGEST_VALUE:,} characters; split it into paragraphs"
            self.refuse("S05", f"the value is too long ({len(text):,} characters)", event, hint)
            text = ""
        if found := _CONTROL.search(text):
            self.refuse("S15", f"control character U+{ord(found[0]):04X}", event, "remove its escape")
        return Node(text, self.file, mark.line, mark.column, self.last_line(event))

    def last_line(self, event: Any) -> int:
        """Give the last line of a text; the parser's end of a block is where the next thing begins."""
        first, last = event.start_mark.line, event.end_mark.line
        if getattr(event, "style", None) in {"|", ">"}:
            last = min(last, len(self.file.lines)) - 1
            while last > first and not self.file.lines[last].strip():
                last -= 1
        return int(last)

    def sequence(self, events: Iterator[Any], depth: int, mark: Any) -> Node:
        items: list[Node] = []
        for event in events:
            if isinstance(event, yaml.SequenceEndEvent):
                return Node(items, self.file, mark.line, mark.column, event.end_mark.line)  # type: ignore[union-attr]  # the parser marks every event
            items.append(self.node(event, events, depth + 1))
        raise AssertionError  # the parser closes what it opened, or raises

    def mapping(self, events: Iterator[Any], depth: int, mark: Any) -> Node:
        entries: dict[str, Node] = {}
        keys: dict[str, Place] = {}
        for event in events:
            if isinstance(event, yaml.MappingEndEvent):
                return Node(entries, self.file, mark.line, mark.column, event.end_mark.line, keys)  # type: ignore[union-attr]
            key = self.node(event, events, depth + 1)
            value = self.node(next(events), events, depth + 1)
            if not isinstance(key.value, str):
                self.refuse("S08", f"a key must be a text, and this is {key.kind}", event, "quote it")
            elif key.value in entries:
                hint = f"it stands in line {keys[key.value].line} already"
                self.refuse("S03", f"key '{key.value}' is written twice", event, hint)
            else:
                entries[key.value], keys[key.value] = value, key.place
        raise AssertionError  # the parser closes what it opened, or raises


@dataclass
class Reader:
    """Asks nodes for what a field means, and collects what is wrong instead of raising.

    Every method gives a usable value even where it has found fault, so that all faults of a file come out together.
    """

    findings: list[Finding] = field(default_factory=list)

    def fault(self, code: str, message: str, place: Place | Node, hint: str = "") -> None:
        """Record an error."""
        self.findings.append(Finding(code, message, place.place if isinstance(place, Node) else place, hint))

    def close(self) -> None:
        """Raise Rejected where anything was found."""
        if self.findings:
            raise Rejected(self.findings)

    def mapping(self, node: Node, needed: Collection[str], optional: Collection[str] = ()) -> dict[str, Node]:
        """Read a mapping with just these keys; one that is left empty counts as absent."""
        entries = self.entries(node)
        if not isinstance(node.value, dict):
            return {}
        for key in entries:
            if key not in needed and key not in optional:
                self.fault("S06", f"unknown key '{key}'", node.keys[key], suggest(key, [*needed, *optional]))
        for key in needed:
            if key not in entries:
                self.fault("S07", f"missing key '{key}'", node)
        present = {}
        for key, value in entries.items():
            if value.value not in ("", [], {}):
                present[key] = value
            elif key in needed or key in optional:
                self.fault("S20", f"'{key}' is empty", node.keys[key], "write its value, or remove the key")
        return present

    def entries(self, node: Node) -> dict[str, Node]:
        """Read a mapping with any keys."""
        if isinstance(node.value, dict):
            return node.value
        self.fault("S08", f"expected a mapping, and this is {node.kind}", node, "write 'key: value' lines")
        return {}

    def sequence(self, node: Node) -> list[Node]:
        """Read a list."""
        if isinstance(node.value, list):
            return node.value
        self.fault("S08", f"expected a list, and this is {node.kind}", node, "begin each entry with '- '")
        return []

    def text(self, node: Node) -> str:
        """Read a text."""
        if not isinstance(node.value, str):
            hint = "quote the text" if node.kind == "a mapping" else "write one text, without '- ' and brackets"
            self.fault("S08", f"expected a text, and this is {node.kind}", node, hint)
            return ""
        if not any(unicodedata.category(one) not in {"Cf", "Cc", "Zs"} for one in node.value):
            self.fault("S20", "the text is empty", node, "write it, or remove the entry")
        return node.value

    def choice(self, node: Node, known: Collection[str]) -> str:
        """Read one of some known words; gives the first of them where it is none."""
        word = self.text(node)
        if word and word not in known:
            self.fault("S17", f"'{word}' is not known here", node, suggest(word, known))
        return word if word in known else next(iter(known))

    def integer(self, node: Node, least: int = 1, most: int = 99_999) -> int:
        """Read a whole number in a range."""
        word = self.text(node)
        if not re.fullmatch(r"-?\d{1,18}", word, re.ASCII):
            if word:
                self.fault("S08", f"expected a whole number, and this is '{word[:40]}'", node)
            return least
        number = int(word)
        if not least <= number <= most:
            self.fault("S11", f"{number} is out of range", node, f"from {least} to {most}")
        return number

    def date(self, node: Node) -> datetime.date:
        """Read a date written as year-month-day."""
        return self._moment(node, datetime.date.fromisoformat, datetime.date.min, "write it as 2001-12-19")

    def moment(self, node: Node) -> datetime.datetime:
        """Read a date and time with its zone."""
        hint = "write it with its zone, as 2002-02-08T10:00:00-05:00"
        never = datetime.datetime.min.replace(tzinfo=datetime.UTC)
        moment = self._moment(node, datetime.datetime.fromisoformat, never, hint)
        if moment.tzinfo is None:
            self.fault("S10", f"'{node.value}' names no zone", node, hint)
        return moment

    def _moment(self, node: Node, convert: Callable[[str], _T], otherwise: _T, hint: str) -> _T:
        word = self.text(node)
        try:
            if not _DATED.fullmatch(word):
                raise ValueError(word)
            return convert(word)
        except ValueError:
            if _DATED.fullmatch(word):
                self.fault("S10", f"'{word}' does not exist", node, "mend the day, the month or the hour")
            elif word:
                self.fault("S10", f"'{word[:40]}' is not written as a date", node, hint)
            return otherwise
