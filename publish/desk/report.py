"""Reviews -> a page of its own: the languages side by side, with what differs marked and every finding below its row.

The page is `layouts/report/report.html`; it loads nothing and runs no script.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from publish.paper import compose

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


class Told(NamedTuple):
    """A finding in words: where is the file and line."""

    code: str
    severity: str
    message: str
    hint: str
    where: str


@dataclass(frozen=True)
class Row:
    """A text in all languages, with what was found in it."""

    name: str
    cells: tuple[Cell, ...]
    findings: tuple[Told, ...]


@dataclass(frozen=True)
class Sheet:
    """A resolution: its languages with their directions and CLDR names, its rows, what belongs to none of them, and
    what is let stand, with the reasons.
    """

    symbol: str
    languages: tuple[tuple[str, str, str], ...]
    rows: tuple[Row, ...]
    findings: tuple[Told, ...]
    allowed: tuple[tuple[Told, str], ...]
    count: int


def report(desk: Desk, shown: Sequence[tuple[Resolution | None, Review]]) -> str:
    """Give the page of reviews, each with its resolution where that could be read. Raises Rejected."""
    sheets = [_sheet(desk, found, review) for found, review in shown]
    return compose.render("report/report.html", desk.project.layouts, {"sheets": sheets})


def _sheet(desk: Desk, found: Resolution | None, review: Review) -> Sheet:
    rows = list(_rows(desk, found, review.findings)) if found else []
    told = {one for row in rows for one in row.findings}
    return Sheet(
        symbol=review.symbol,
        languages=tuple(_languages(desk, found)) if found else (),
        rows=tuple(rows),
        findings=tuple(one for one in map(_told, review.findings) if one not in told),
        allowed=tuple((_told(one.finding), one.reason) for one in review.allowed),
        count=len(review.findings),
    )


def _languages(desk: Desk, found: Resolution) -> Iterator[tuple[str, str, str]]:
    for code in found.wordings:
        language = desk.language(code, found.facts.edition)
        yield code, language.direction, language.words.cldr


def _told(finding: Finding) -> Told:
    place = finding.place
    where = f"{place.file.name}:{place.line}" if place and place.line else place.file.name if place else ""
    return Told(finding.code, finding.severity, finding.message, finding.hint, where)


def _rows(desk: Desk, found: Resolution, findings: Sequence[Finding]) -> Iterator[Row]:
    """Give a row for each text, as the languages are laid beside each other."""
    places = [place for one in findings for place in (one.place, one.beside) if place]
    order = (found.facts.original, *found.wordings)
    for units in desk.side_by_side(found):
        name = next(units[code].name for code in order if code in units)
        own = tuple(
            _told(one) for one in findings if one.place and any(_holds(unit, one.place) for unit in units.values())
        )
        yield Row(name, tuple(_cell(desk, found, code, units.get(code), places) for code in found.wordings), own)


def _holds(unit: Unit | None, place: Place) -> bool:
    if unit is None or unit.node is None:
        return False
    node = unit.node
    return node.file.path == place.file and node.line < place.line <= node.end_line + 1


def _cell(desk: Desk, found: Resolution, code: str, unit: Unit | None, places: Sequence[Place]) -> Cell:
    if unit is None or unit.node is None:
        return Cell(code, ())
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
    return Cell(code, (*pieces, Piece(plain[done:])))
