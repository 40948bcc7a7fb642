"""Reviews -> a page of its own: the languages side by side, with what differs marked and every finding below its row.

The page is `layouts/report/report.html`; it loads nothing and runs no script.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from publish.paper import compose
from publish.text.outline import outline

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from publish.desk.press import Desk
    from publish.finding import Finding, Place
    from publish.text.outline import Unit
    from publish.text.resolution import Resolution
    from publish.text.review import Review


class Piece(NamedTuple):
    """Some characters of a text: plain, mentioned (what all languages should have), or differing."""

    text: str
    kind: str = ""


@dataclass(frozen=True)
class Cell:
    """A text in a language; without pieces where the language lacks it."""

    language: str
    pieces: tuple[Piece, ...]
    line: int


@dataclass(frozen=True)
class Row:
    """A text in all languages, with what was found in it."""

    name: str
    cells: tuple[Cell, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class Sheet:
    """A resolution: its rows, and the findings that belong to none of them."""

    symbol: str
    languages: tuple[tuple[str, str, str], ...]
    rows: tuple[Row, ...]
    findings: tuple[Finding, ...]
    review: Review


def report(desk: Desk, shown: Sequence[tuple[Resolution | None, Review]]) -> str:
    """Give the page of reviews, each with its resolution where that could be read. Raises Rejected."""
    sheets = [_sheet(desk, found, review) for found, review in shown]
    return compose.render("report/report.html", desk.project.layouts, {"sheets": sheets})


def _sheet(desk: Desk, found: Resolution | None, review: Review) -> Sheet:
    if found is None:
        return Sheet(review.symbol, (), (), review.findings, review)
    languages = tuple(
        (code, desk.language(code, found.facts.edition).direction, desk.language(code, found.facts.edition).words.cldr)
        for code in found.wordings
    )
    rows = tuple(_rows(desk, found, review.findings))
    told = {finding for row in rows for finding in row.findings}
    rest = tuple(finding for finding in review.findings if finding not in told)
    return Sheet(review.symbol, languages, rows, rest, review)


def _rows(desk: Desk, found: Resolution, findings: Sequence[Finding]) -> Iterator[Row]:
    """Give a row for each text of the original, in its order, and then for those that only other languages have."""
    codes = list(found.wordings)
    trees = {code: {unit.id: unit for unit in outline(found.wordings[code]).walk() if unit.runs} for code in codes}
    first = found.facts.original if found.facts.original in trees else codes[0]
    names = {identity: unit.name for code in (first, *codes) for identity, unit in reversed(trees[code].items())}
    order = dict.fromkeys(identity for code in (first, *codes) for identity in trees[code])
    places = [place for one in findings for place in (one.place, one.beside) if place]
    for identity in order:
        units = {code: trees[code].get(identity) for code in codes}
        own = tuple(one for one in findings if one.place and any(_holds(unit, one.place) for unit in units.values()))
        cells = tuple(_cell(desk, found, code, unit, places) for code, unit in units.items())
        yield Row(names[identity], cells, own)


def _holds(unit: Unit | None, place: Place) -> bool:
    if unit is None or unit.node is None:
        return False
    node = unit.node
    return node.file.path == place.file and node.line < place.line <= node.end_line + 1


def _cell(desk: Desk, found: Resolution, code: str, unit: Unit | None, places: Sequence[Place]) -> Cell:
    if unit is None or unit.node is None:
        return Cell(code, (), 0)
    pieces = []
    plain, done = unit.plain, 0
    for mention in desk.finder(code, found.facts.edition).find(plain):
        if mention.start < done or not mention.certain:
            continue
        words = plain[mention.start : mention.end].strip()
        place = unit.node.find(words, plain[: mention.start].count(words))
        pieces += [Piece(plain[done : mention.start])]
        pieces += [Piece(plain[mention.start : mention.end], "differs" if place in places else "mention")]
        done = mention.end
    return Cell(code, (*pieces, Piece(plain[done:])), unit.node.line + 1)
