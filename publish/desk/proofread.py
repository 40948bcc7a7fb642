"""Proofreading at the desk: many resolutions reviewed, mended, followed, and how far each of them is."""

from __future__ import annotations

import os
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from importlib.metadata import version
from typing import TYPE_CHECKING

from publish.desk import output
from publish.desk import report as reports
from publish.desk import sarif as forms
from publish.desk.press import Desk, context, load
from publish.finding import Finding, Place, Rejected
from publish.paper import compose, fonts, inspect_pdf
from publish.project import SHIPPED
from publish.text import follow, inline, resolution, review
from publish.text import mend as mending
from publish.text.outline import outline
from publish.text.review import Review

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
    from pathlib import Path

    from publish.paper.compose import Proof
    from publish.project import Project
    from publish.text.mend import Change
    from publish.text.resolution import Resolution
    from publish.text.review import Allowed

FEWEST_APART = 12  # resolutions that are worth another process


def proofread(
    desk: Desk,
    folders: Sequence[Path],
    *,
    only: Collection[str] = (),
    jobs: int = 0,
    reviewed: Callable[[Review, int, int], None] = lambda review, done, of: None,  # noqa: ARG005
) -> list[Review]:
    """Read resolutions and proofread their languages, or `only` some; gives what came out for each, in order.

    `reviewed` is told of each as it is finished, with how many are done and how many there are. Raises Rejected with
    the faults of locales and settings.
    """
    desk.house  # noqa: B018  # its faults are everybody's
    jobs = min(jobs or os.cpu_count() or 1, len(folders) // FEWEST_APART + 1)
    done = []
    for found in _reviews(desk, folders, only, jobs):
        done.append(found)
        reviewed(found, len(done), len(folders))
    return done


def _reviews(desk: Desk, folders: Sequence[Path], only: Collection[str], jobs: int) -> Iterator[Review]:
    if jobs == 1:
        yield from (_review(desk, folder, only) for folder in folders)
        return
    with ProcessPoolExecutor(jobs, context(), initializer=_read, initargs=(desk.project,)) as pool:
        try:
            yield from pool.map(_reviewed, folders, [only] * len(folders), chunksize=4)
        except BrokenProcessPool:
            raise Rejected([Finding("T07", "a worker process died", hint="try fewer jobs, with -j 1")]) from None


def _review(desk: Desk, folder: Path, only: Collection[str]) -> Review:
    try:
        found, warnings = load(desk, folder, only)
        edition = found.facts.edition
        languages = {code: desk.language(code, edition) for code in found.wordings}
        finders = {code: desk.finder(code, edition) for code in found.wordings}
    except Rejected as rejected:
        return Review(folder.name.replace("_", "/"), tuple(rejected.findings))
    done = review.review(found, languages, finders)
    return replace(done, findings=(*warnings, *done.findings))


_desk: Desk | None = None


def _read(project: Project) -> None:
    global _desk  # noqa: PLW0603  # a process of the pool has one desk, for its life
    _desk = Desk(project)


def _reviewed(folder: Path, only: Collection[str]) -> Review:
    assert _desk is not None
    return _review(_desk, folder, only)


PASSES = 9  # a fix may stand in the way of its neighbour, which the next pass then finds


def mend(
    desk: Desk, folders: Sequence[Path], reviews: list[Review], only: Collection[str], jobs: int
) -> tuple[list[Review], list[Change]]:
    """Write the fixes of all findings into their files, and proofread again as long as there are any.

    Gives what is found then, and what has changed. Raises Rejected where a file cannot be written.
    """
    changed: dict[Path, Change] = {}
    for _ in range(PASSES):
        changes = list(mending.mend(finding for one in reviews for finding in one.findings))
        for change in changes:
            output.replace(change.path, change.after.encode())
            first = changed.get(change.path, change)
            fixes = change.fixes + (first.fixes if first is not change else 0)
            changed[change.path] = change._replace(before=first.before, fixes=fixes)
        if not changes:
            break
        reviews = proofread(desk, folders, only=only, jobs=jobs)
    return reviews, list(changed.values())


def accept(desk: Desk, folders: Iterable[Path], codes: Sequence[str]) -> Iterator[tuple[Path, int]]:
    """Write that translations follow their originals as they stand; gives the files, and how many texts they have.

    Raises Rejected where a source has faults.
    """
    for folder in folders:
        found, _ = resolution.load(folder, desk.house)
        for code in codes:
            if code in found.wordings and code != found.facts.original:
                words = follow.record(found, code)
                output.replace(follow.path(found, code), words.encode())
                yield follow.path(found, code), words.count("\n") - 2


@dataclass(frozen=True)
class Status:
    """How far the languages of a resolution are, as a whole and text by text."""

    symbol: str
    title: str
    languages: dict[str, str]
    texts: dict[str, dict[str, str]]


STATES = ("final", "unofficial", "stale", "missing", "faulty")


def status(desk: Desk, folder: Path) -> Status:
    """Say of each language whether it is missing, stale, unofficial or final; one that cannot be read is faulty."""
    wanted, found, faults = readable(desk, folder)
    faulty = dict.fromkeys(faults, "faulty")
    rows: dict[str, dict[str, str]] = {}
    if found is None:
        return Status(folder.name.replace("_", "/"), "", {code: faulty.get(code, "missing") for code in wanted}, rows)
    original = found.facts.original if found.facts.original in found.wordings else next(iter(found.wordings))
    stale = {code: follow.stale(found, code) for code in found.wordings}
    for units in desk.side_by_side(found):
        if not (first := units.get(original)):
            continue
        rows[first.name] = {
            code: _state(found, code, code in units, first.id in stale.get(code, ())) for code in wanted
        }
        rows[first.name] |= faulty
    worst = {code: max((row[code] for row in rows.values()), key=STATES.index) for code in wanted}
    title = inline.plain(found.wordings[original].title)
    return Status(str(found.facts.symbol), title, worst, rows)


def _state(found: Resolution, code: str, there: bool, stale: bool) -> str:
    if not there:
        return "missing"
    if stale:
        return "stale"
    return "final" if found.wordings[code].official else "unofficial"


def readable(desk: Desk, folder: Path) -> tuple[Sequence[str], Resolution | None, dict[str, list[Finding]]]:
    """Read the languages that can be read; gives those wanted, the resolution, and what is wrong with the others."""
    wanted: Sequence[str] = desk.house.languages
    sound = {path.stem for path in folder.glob("??.yaml")}
    faults: dict[str, list[Finding]] = {}
    for code in sorted(sound):
        try:
            wanted = resolution.load(folder, desk.house, [code])[0].facts.languages
        except Rejected as rejected:
            faults[code] = list(rejected.findings)
            sound.discard(code)
    try:
        found = resolution.load(folder, desk.house, sorted(sound))[0] if sound else None
    except Rejected:
        found = None
    return wanted, found, faults


def sarif(findings: Iterable[Finding], allowed: Iterable[Allowed], desk: Desk) -> dict[str, object]:
    """Give findings in the form of code hosts, with paths from the project's folder on."""
    return forms.sarif(findings, allowed, version("publish-resolutions"), desk.project.root)


def side_by_side(desk: Desk, folders: Sequence[Path], reviews: Sequence[Review]) -> str:
    """Give a page with the languages of each resolution side by side, and what was found."""
    shown = []
    for folder, one in zip(folders, reviews, strict=True):
        try:
            found = resolution.load(folder, desk.house)[0]
        except Rejected:
            found = None
        shown.append((found, one))
    return reports.report(desk, shown)


@dataclass(frozen=True)
class Inspected:
    """A finished file: what it is of, and the page on which each text starts."""

    path: Path
    symbol: str
    language: str
    starts: dict[str, int]


def inspect(desk: Desk, files: Iterable[Path]) -> tuple[list[Inspected], list[Finding]]:
    """Compare finished files with their sources, which their names tell; gives what was read, and all findings."""
    families = fonts.families(SHIPPED / "fonts", desk.project.own_fonts)
    done: list[Inspected] = []
    findings: list[Finding] = []
    for path in files:
        try:
            proof, found = _proof_of(desk, path)
            data = path.read_bytes()
        except Rejected as rejected:
            findings += rejected.findings
            continue
        except OSError as error:
            findings.append(Finding("S18", f"cannot read the file: {error.strerror}", Place(path)))
            continue
        findings += [replace(one, place=Place(path)) for one in inspect_pdf.inspect(data, proof, families)]
        try:
            pages = inspect_pdf.synopsis(data)
        except ValueError:
            continue
        named = {unit.id: unit.name for unit in outline(found.wordings[proof.language]).walk()}
        starts = {named[identity]: page for identity, page in pages.items() if identity in named}
        ordered = {name: starts[name] for name in named.values() if name in starts}
        done.append(Inspected(path, str(found.facts.symbol), proof.language, ordered))
    return done, findings


def _proof_of(desk: Desk, path: Path) -> tuple[Proof, Resolution]:
    """Compose the proof that a file should have been made from. Raises Rejected."""
    name, _, suffix = path.stem.rpartition("-")
    folder = desk.project.resolutions / name
    for code in desk.house.directions if (folder / "resolution.yaml").is_file() else ():
        if desk.language(code, desk.house.edition).words.file_suffix == suffix:
            found, _ = load(desk, folder, [code])
            if code in found.wordings:
                return compose.compose(found, desk.language(code, found.facts.edition), desk.project), found
    hint = "it is named after its resolution and language, as A_RES_56_149-FR.pdf"
    raise Rejected([Finding("S18", "no source belongs to the file", Place(path), hint)])
