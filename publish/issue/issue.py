"""Issuing: what is due goes out in all its languages at once, never before its time, never twice, never changed.

A document is entered into the register, takes its place among the issued ones, and is marked as issued, in this order
and alone: whatever ends the work, the next run finds the entry, looks whether the document stands in its place, and
finishes what was begun or takes the entry out.
"""

from __future__ import annotations

import datetime
import re
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from publish.desk import inputs, press, proofread
from publish.desk.cache import cache
from publish.finding import Finding, Place, Rejected
from publish.issue import catalogue, manifest, settle, webhook
from publish.issue.manifest import File, Issue
from publish.text import inline, resolution

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from publish.desk.press import Desk, Document
    from publish.issue.manifest import Kind
    from publish.issue.register import Register
    from publish.issue.settle import House
    from publish.paper.typeset import Pdf

AT_ONCE = 40  # documents that are typeset before the first of them is issued
APART = datetime.timedelta(minutes=1)  # that clocks may be, as nothing is issued before the later one allows it
STAMP = "catalogue.sha256"


@dataclass
class Run:
    """What came of a run: the documents issued, the symbols held back, how many wait for their moment, and findings.

    finished are those that an earlier run had begun; busy are the symbols that another run is at work on. A run that
    failed did not get to the end, as the register was lost or a locale is faulty.
    """

    issued: list[Issue] = field(default_factory=list)
    finished: list[Issue] = field(default_factory=list)
    held: list[str] = field(default_factory=list)
    busy: list[str] = field(default_factory=list)
    waiting: int = 0
    failed: bool = False
    findings: list[Finding] = field(default_factory=list)


class Ask(NamedTuple):
    """What is asked for: named resolutions or all that are due, why one is issued again, whether only to try."""

    named: bool = False
    reason: str = ""
    dry: bool = False


ALL_DUE = Ask()


class Due(NamedTuple):
    """A resolution whose moment has come, with what was issued under its symbol before."""

    folder: Path
    symbol: str
    release: datetime.datetime
    before: tuple[Issue, ...]
    sources: dict[str, bytes]


def issue(
    house: House,
    folders: Iterable[Path],
    now: datetime.datetime,
    ask: Ask = ALL_DUE,
    done: Callable[[str], None] = lambda symbol: None,  # noqa: ARG005
) -> Run:
    """Issue what is due at a moment: of all resolutions those whose release has come, of named ones each.

    A document that was issued before is issued again only where it is named and there is a reason. Before a document's
    moment its symbol is told to nobody. `done` is told the symbol of each that went out.
    """
    run = Run()
    try:
        if not ask.dry:
            now = _earlier(now, house.register, run)
            _recover(house, now, run)
        due = list(_due(house, folders, now, run, ask))
        for start in range(0, len(due), AT_ONCE):
            _issue(house, due[start : start + AT_ONCE], now, run, ask, done)
        if not ask.dry:
            announce(house)
    except Rejected as rejected:
        run.failed = True
        run.findings += rejected.findings
    run.findings = list(dict.fromkeys(run.findings))
    return run


def _recover(house: House, now: datetime.datetime, run: Run) -> None:
    try:
        for one in settle.recover(house, now):
            run.finished.append(one)
    except Rejected as rejected:  # of one document, which keeps no other from being issued
        run.findings += rejected.findings


def _earlier(now: datetime.datetime, register: Register, run: Run) -> datetime.datetime:
    """Give the moment that this machine and the register have both reached."""
    theirs = register.now()
    if theirs and abs(theirs - now) > APART:
        message = f"the clocks of this machine and of the register are {abs(theirs - now)} apart"
        hint = "nothing is issued before both allow it; set them by a time server"
        run.findings.append(Finding("I09", message, hint=hint, severity="warning"))
    return min(now, theirs) if theirs else now


# ---- What is due


def _due(house: House, folders: Iterable[Path], now: datetime.datetime, run: Run, ask: Ask) -> Iterator[Due]:
    issued: dict[str, list[Issue]] = {}
    for one in house.register.issues():
        issued.setdefault(one.symbol, []).append(one)
    names = {one.name: one.symbol for ones in issued.values() for one in ones}
    finished = {one.symbol for one in run.finished}
    for folder in folders:
        moment = _released(house.desk, folder, now, run, ask)
        if moment is None:
            continue
        try:
            facts = resolution.facts(folder, house.desk.house)
            sources = inputs.sources(folder)
        except Rejected as rejected:
            if folder.name not in names:
                run.held.append(folder.name.replace("_", "/"))
            run.findings += rejected.findings
            continue
        if facts.release and facts.release > now:  # somebody has just put it off
            _wait(folder, facts.release, run, ask)
            continue
        before = tuple(issued.get(str(facts.symbol), ()))
        if ask.reason and str(facts.symbol) in finished:  # what is asked for was begun before
            continue
        fault = _again(before, folder, facts, sources, now, ask)
        if fault:
            run.findings.append(fault)
        elif ask.reason or not before:
            yield Due(folder, str(facts.symbol), facts.release or now, before, sources)


def _released(desk: Desk, folder: Path, now: datetime.datetime, run: Run, ask: Ask) -> datetime.datetime | None:
    """Give the moment of a resolution where it has come: now, where it has none and is asked for by name."""
    desk.house  # noqa: B018  # its faults are everybody's
    try:
        moment = _moment(desk, folder)
    except Rejected as rejected:
        message, hint = "the moment of release of a resolution cannot be read", "'publish check' says what is wrong"
        nameless = [Finding("I02", message, hint=hint)]  # as it may be one of which nobody is to know yet
        run.findings += rejected.findings if ask.named else nameless
        return None
    if moment is None:
        return now if ask.named else None
    if moment > now:
        _wait(folder, moment, run, ask)
        return None
    return moment


def _moment(desk: Desk, folder: Path) -> datetime.datetime | None:
    """Read the moment of release of a resolution, where it has one. Raises Rejected."""
    file = folder / "resolution.yaml"
    moment = resolution.release(folder)
    try:
        if moment is None and b"release" in file.read_bytes():  # it may be written in a less common way
            moment = resolution.facts(folder, desk.house).release
        return moment and moment.astimezone(datetime.UTC)
    except (OSError, OverflowError):
        raise Rejected([Finding("S10", "the moment of release cannot be read", Place(file))]) from None


def _wait(folder: Path, moment: datetime.datetime, run: Run, ask: Ask) -> None:
    run.waiting += 1
    if ask.named:
        message = f"it is not to be issued before {moment.isoformat()}"
        run.findings.append(Finding("I02", message, Place(folder / "resolution.yaml")))


def _again(  # noqa: PLR0913
    before: Sequence[Issue],
    folder: Path,
    facts: resolution.Facts,
    sources: Mapping[str, bytes],
    now: datetime.datetime,
    ask: Ask,
) -> Finding | None:
    """Tell what stands against issuing a document again, or against saying why where it was never issued."""
    place = Place(folder / "resolution.yaml")
    if not before:
        message = f"{facts.symbol} was not issued before, so that there is nothing to give a reason for"
        return Finding("I05", message, place) if ask.reason else None
    last = before[-1]
    zone = facts.release.tzinfo if facts.release else datetime.UTC  # of the house, whose days are printed
    day = last.issued.astimezone(zone).date()
    when = day.isoformat()
    if ask.reason:
        if facts.reissued and facts.reissued > now.astimezone(zone).date():
            return Finding("I02", f"it is not to be issued again before {facts.reissued.isoformat()}", place)
        if facts.reissued and facts.reissued >= day:
            return None
        message = f"{facts.symbol} was issued on {when} and does not say that it is issued again"
        return Finding(
            "I05", message, place, "give the day as 'reissued: 2002-03-01', which prints the mark and the note"
        )
    own = {name: inputs.hashed(data) for name, data in sources.items()}
    if own == last.inputs["sources"]:
        return None
    message = f"{facts.symbol} was issued on {when}, and its source has changed since"
    hint = "write a corrigendum, or give 'reissued' and issue it by its symbol with --reason, or take the change back"
    return Finding("I03", message, place, hint, "error" if ask.named else "warning")


# ---- Issuing


def _issue(  # noqa: PLR0913
    house: House, due: Sequence[Due], now: datetime.datetime, run: Run, ask: Ask, done: Callable[[str], None]
) -> None:
    with ExitStack() as locks:
        ours = [one for one in due if ask.dry or locks.enter_context(house.register.lock(one.folder.name))]
        run.busy += [one.symbol for one in due if one not in ours]
        if not ask.dry:  # somebody may have issued them in the meantime
            ours = [one for one in ours if tuple(house.register.issues([one.symbol])) == one.before]
        sound = list(_sound(house, ours, run))
        for one, made, pdfs in _typeset(house, sound, run):
            entry = _entry(one, made, pdfs, now, ask.reason)
            if one.before and entry.fingerprint == one.before[-1].fingerprint:
                message = f"{one.symbol} was issued just so, and nothing that it is made from has changed since"
                run.findings.append(Finding("I05", message, Place(one.folder / "resolution.yaml")))
                continue
            files = {file.name: pdf.data for file, pdf in zip(entry.files, pdfs, strict=True)}
            try:
                placed = ask.dry or _place(house, entry, files)
            except Rejected as rejected:
                if any(found.code == "I06" for found in rejected.findings):
                    raise
                _hold(one, rejected.findings, run)  # what is in its way need not be in that of others
                continue
            if placed:
                run.issued.append(entry)
                done(entry.symbol)
        if not ask.dry:
            _tell_of_held(house, [one for one in ours if one.symbol in run.held], now, run)


def _sound(house: House, due: Sequence[Due], run: Run) -> Iterator[Due]:
    """Proofread what is due, to which warnings are errors; gives what may be issued."""
    if due and (findings := list(press.examine(house.desk))):
        raise Rejected(findings)
    reviews = proofread.proofread(house.desk, [one.folder for one in due])
    for one, review in zip(due, reviews, strict=True):
        if review.findings:
            _hold(one, review.findings, run)
        else:
            yield one


def _hold(due: Due, findings: Sequence[Finding], run: Run) -> None:
    run.held.append(due.symbol)
    run.findings += findings


def _tell_of_held(house: House, held: Sequence[Due], now: datetime.datetime, run: Run) -> None:
    for one in held:
        own = [found for found in run.findings if found.place and found.place.file.is_relative_to(one.folder)]
        told = [f"{found.code}: {found.message}" for found in own]
        data = {"symbol": one.symbol, "release": one.release.isoformat(), "findings": told}
        addresses = house.desk.project.settings.webhooks
        house.register.tell(webhook.notices("document.held", inputs.of(data), data, addresses, now))


class Made(NamedTuple):
    """A document that was typeset, and what it was made from."""

    document: Document
    inputs: dict[str, Any]
    titles: dict[str, str]


def _typeset(house: House, due: Sequence[Due], run: Run) -> Iterator[tuple[Due, Made, list[Pdf]]]:
    """Typeset documents; gives those of which all languages are sound, each with its files."""
    desk, kept, now = house.desk, cache(), house.desk.inputs
    made: dict[Path, Made] = {}
    files: dict[Path, list[Pdf]] = {}
    sources = {one.folder: one.sources for one in due}
    documents, findings = press.prepare(desk, kept, now, sources)
    faults = {one.place.file.parent for one in findings if one.place}
    run.findings += findings
    for document in documents:
        made[document.folder] = _made(desk, document, sources[document.folder])
    tasks = [(document, code) for document in documents for code in document.keys]
    for (document, _), result in press.typeset(desk, kept, now, tasks, house.crew):
        if isinstance(result, Rejected):
            run.findings += result.findings
            faults.add(document.folder)
        else:
            files.setdefault(document.folder, []).append(result)
    for one in due:
        whole = one.folder in made and len(files.get(one.folder, ())) == len(made[one.folder].document.keys)
        if one.folder in faults or not whole:
            run.held.append(one.symbol)
        elif not (now.unchanged and _are(sources[one.folder], one.folder)):
            run.held.append(one.symbol)
            message = f"what {one.symbol} is made from was changed while it was typeset"
            run.findings.append(Finding("I03", message, Place(one.folder / "resolution.yaml"), "run it again"))
        else:
            yield one, made[one.folder], sorted(files[one.folder], key=lambda pdf: pdf.name)


def _made(desk: Desk, document: Document, sources: dict[str, bytes]) -> Made:
    titles: dict[str, str] = {}
    with suppress(Rejected):  # which typesetting says too
        wordings = document.read(desk).wordings
        titles = {code: inline.plain(one.title) for code, one in wordings.items()}
    return Made(document, desk.inputs.of_document(sources, document.keys), titles)


def _are(sources: Mapping[str, bytes], folder: Path) -> bool:
    try:
        return inputs.sources(folder) == sources
    except Rejected:
        return False


def _entry(due: Due, made: Made, pdfs: Sequence[Pdf], now: datetime.datetime, reason: str) -> Issue:
    serial = len(due.before)
    part = re.fullmatch(r"(.+)/(Corr|Rev)\.\d+", due.symbol)
    kind: Kind = "reissue" if serial else "first"
    if part and not serial:
        kind = "corrigendum" if part[2] == "Corr" else "revision"
    files = [
        File(
            pdf.language,
            f"{pdf.name}.pdf",
            made.titles[pdf.language],
            pdf.pages,
            len(pdf.data),
            inputs.hashed(pdf.data),
        )
        for pdf in pdfs
    ]
    return Issue(
        symbol=due.symbol,
        serial=serial,
        name=made.document.name + (f"{settle.AGAIN}{serial}" if serial else ""),
        kind=kind,
        corrects=part[1] if part else "",
        reason=reason,
        release=due.release,
        issued=now,
        fingerprint=inputs.of(made.inputs),
        inputs=made.inputs,
        files=tuple(files),
    )


def _place(house: House, entry: Issue, files: Mapping[str, bytes]) -> bool:
    """Let a document take its place; gives False where it turns out to be issued already."""
    house.register.watch()
    if not house.register.prepare(entry):
        return False
    try:
        placed = house.store.commit(entry.name, {**files, manifest.FILE: manifest.write(entry)})
    except Rejected:
        if settle.finish(house, entry, entry.issued) != entry:
            raise
        return True  # what failed was only to look after it
    settle.finish(house, entry, entry.issued)
    return placed


# ---- Telling


def announce(house: House) -> None:
    """Write the index, the feeds and the sitemap anew where something was issued since, or they would be others."""
    with house.register.lock(STAMP, wait=True):  # who has seen less writes before who has seen more
        issues = house.register.issues()
        stamp = inputs.of([house.desk.inputs.everything, [manifest.write(one).decode() for one in issues]]).encode()
        if house.store.read(STAMP) == stamp:
            return
        files = catalogue.catalogue(issues, house.desk, house.desk.project.settings.base_address)
        for name, data in files.items():
            house.store.write(name, data)
        house.store.write(STAMP, stamp)
