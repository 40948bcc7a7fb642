"""Wording -> Unit: the tree of the pieces of text that are translated one by one, and that have to agree.

What stands at the same place of the tree in two languages says the same; the identities are those of the model.
"""

from __future__ import annotations

import string
from dataclasses import dataclass
from typing import TYPE_CHECKING

from roman_numerals import RomanNumeral

from publish.text import inline
from publish.text.resolution import Heading, Paragraph, Table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from publish.text.inline import Run
    from publish.text.resolution import Block, Division, Item, Wording
    from publish.text.source import Node


@dataclass(frozen=True)
class Unit:
    """A piece of text with what stands below it.

    name is what people call it ("operative paragraph 2, item (a)"); node is where it was typed, None for the whole; a
    unit without runs only holds others.
    """

    id: str
    kind: str
    name: str
    node: Node | None
    runs: tuple[Run, ...] = ()
    units: tuple[Unit, ...] = ()

    @property
    def plain(self) -> str:
        """The characters of the text, note calls left out."""
        return inline.plain(self.runs)

    @property
    def emphasized(self) -> str:
        """The words that the text opens with, if they are emphasized."""
        first = self.runs[0] if self.runs else None
        while isinstance(first, inline.Span) and first.kind in {"ltr", "rtl", "number"} and first.runs:
            first = first.runs[0]
        return inline.plain(first.runs) if isinstance(first, inline.Span) and first.kind == "emphasis" else ""

    def walk(self) -> Iterator[Unit]:
        """Give this unit and all below it, in reading order."""
        yield self
        for unit in self.units:
            yield from unit.walk()


def outline(wording: Wording) -> Unit:
    """Give the tree of a wording: title, preamble, body, annexes and notes."""
    return _Outline(wording).whole()


class _Outline:
    def __init__(self, wording: Wording) -> None:
        self.wording = wording

    def whole(self) -> Unit:
        wording = self.wording
        units = [self.unit("title", "title", "title", wording.title)]
        if "running_title" in wording.nodes:
            node = wording.nodes["running_title"]
            runs = (inline.Text(wording.running_title),)
            units.append(Unit("running_title", "running title", "running title", node, runs))
        units += self.blocks((*wording.preamble, *wording.body), "")
        units += [self.division(annex, "") for annex in wording.annexes]
        notes = tuple(
            self.unit(f"note__{name}", "note", f"note '{name}'", note.runs) for name, note in wording.notes.items()
        )
        return Unit("", "whole", "the text", None, (), (*units, Unit("notes", "notes", "the notes", None, (), notes)))

    def unit(self, identity: str, kind: str, name: str, runs: Sequence[Run], units: Sequence[Unit] = ()) -> Unit:
        return Unit(identity, kind, name, self.wording.nodes.get(identity), tuple(runs), tuple(units))

    def blocks(self, blocks: Sequence[Block], where: str) -> Iterator[Unit]:
        counts: dict[str, int] = {}
        for block in blocks:
            counts[block.kind] = counts.get(block.kind, 0) + 1
            if isinstance(block, Table):
                yield self.table(block, where)
            elif isinstance(block, Heading):
                yield self.unit(block.id, "heading", f"{where}heading {counts['heading']}", block.runs)
            elif isinstance(block, Paragraph):
                yield self.paragraph(block, f"{where}{_paragraph(block, counts[block.kind])}")
            else:
                yield self.division(block, where)

    def paragraph(self, block: Paragraph, name: str) -> Unit:
        return self.unit(block.id, block.kind, name, block.runs, self.items(block.items, f"{name}, item ", 0))

    def items(self, items: Sequence[Item], name: str, level: int) -> list[Unit]:
        found = []
        for item in items:
            own = f"{name}{_MARKERS[level](item.number)}"
            found.append(self.unit(item.id, "item", own, item.runs, self.items(item.items, own, level + 1)))
        return found

    def division(self, block: Division, where: str) -> Unit:
        own = f"{where}{_division(block)}"
        units = [*self.optional(f"{block.id}__heading", "heading", own, block.heading)]
        units += self.blocks(block.preamble, f"{own}, preamble, " if block.kind == "declaration" else f"{own}, ")
        units += self.blocks(block.body, f"{own}, ")
        return self.unit(block.id, block.kind, own, (), units)

    def table(self, block: Table, where: str) -> Unit:
        name = f"{where}table {block.number}"
        units = [*self.optional(f"{block.id}__caption", "caption", name, block.caption)]
        for index, row in enumerate((block.head, *block.rows)):
            own = f"{name}, row {index}" if index else f"{name}, head"
            identity = f"{block.id}__row_{index}"
            cells = [
                self.unit(f"{identity}__cell_{column}", "cell", f"{own}, cell {column}", cell)
                for column, cell in enumerate(row, 1)
            ]
            units.append(self.unit(identity, "row", own, (), cells))
        return self.unit(block.id, "table", name, (), units)

    def optional(self, identity: str, kind: str, where: str, runs: Sequence[Run]) -> Iterator[Unit]:
        if runs:
            yield self.unit(identity, kind, f"{where}, {kind}", runs)


def _paragraph(block: Paragraph, count: int) -> str:
    if block.kind == "annex":
        return f"paragraph {block.number or count}"
    return f"{block.kind} paragraph {block.number or count}"


def _division(block: Division) -> str:
    if block.kind == "declaration":
        return block.kind
    mark = _letter(block.number).upper() if block.kind == "part" else str(RomanNumeral(block.number))
    return f"{block.kind.removeprefix('annex_')} {mark}"


def _letter(number: int) -> str:
    turn, place = divmod(number - 1, 26)
    return string.ascii_lowercase[place] * (turn + 1)


def _roman(number: int) -> str:
    return RomanNumeral(number).to_lowercase()


_MARKERS: tuple[Callable[[int], str], ...] = (
    lambda number: f"({_letter(number)})",
    lambda number: f"({_roman(number)})",
    lambda number: f" {_letter(number)}.",
    lambda number: f" {_roman(number)}.",
)
