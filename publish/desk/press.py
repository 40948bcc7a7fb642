"""The stages in order: sources are read, checked, composed and typeset, and the files written."""

from __future__ import annotations

import ctypes
import gc
import json
import multiprocessing
import os
import re
import signal
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import cached_property, partial
from itertools import groupby, product
from multiprocessing.connection import wait
from pathlib import Path
from typing import TYPE_CHECKING

from publish.desk import output
from publish.desk.cache import cache
from publish.desk.inputs import FILE, Inputs, hashed, of, sources
from publish.finding import Finding, Place, Rejected
from publish.paper import compose, fonts, forms, impose
from publish.paper.inspect_pdf import inspect
from publish.paper.typeset import Pdf, Press, missing_libraries
from publish.project import SETTINGS, SHIPPED, Project
from publish.text import language, resolution, symbol
from publish.text.concordance import side_by_side
from publish.text.mention import Finder
from publish.text.source import read

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from multiprocessing.process import BaseProcess

    from publish.desk.cache import Cache
    from publish.text.concordance import Units
    from publish.text.inline import Direction
    from publish.text.language import Language
    from publish.text.resolution import House, Resolution


PDF = "pdf"
OFTEN = 30  # documents


@dataclass(frozen=True)
class Printed:
    """A file that was written; a form that has no pages has none."""

    path: Path
    symbol: str
    language: str
    pages: int
    bytes: int
    sha256: str


@dataclass(frozen=True)
class Style:
    """How documents are set beside what their sources say: as drafts, with numbers of lines, for a printing press."""

    draft: bool = False
    line_numbers: bool = False
    printing: compose.Printing | None = None


class Desk:
    """A project at work: its languages, read once, and what its layouts know."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.inputs = Inputs(project)  # as they are before anything is read
        self._languages: dict[tuple[str, str], Language] = {}
        self._finders: dict[tuple[str, str], Finder] = {}

    def language(self, code: str, edition: str) -> Language:
        """Give a language as an edition writes it. Raises Rejected."""
        key = (code, edition)
        if key not in self._languages:
            self._languages[key] = language.load(code, self.project.locales, edition)
        return self._languages[key]

    def finder(self, code: str, edition: str) -> Finder:
        """Give what finds mentions in the texts of a language. Raises Rejected."""
        key = (code, edition)
        if key not in self._finders:
            self._finders[key] = Finder(self.language(code, edition))
        return self._finders[key]

    def side_by_side(self, found: Resolution) -> list[Units]:
        """Lay the texts of a resolution's languages beside each other. Raises Rejected."""
        edition = found.facts.edition
        languages = {code: self.language(code, edition) for code in found.wordings}
        return side_by_side(found, languages, {code: self.finder(code, edition) for code in found.wordings})

    @cached_property
    def house(self) -> House:
        """What the sources may refer to. Raises Rejected with the faults of all locales and settings."""
        project, settings = self.project, self.project.settings
        known = language.known(project.locales)
        editions = compose.editions(project.layouts)
        directions: dict[str, Direction] = {}
        findings: list[Finding] = []
        for code in known:
            try:
                directions[code] = self.language(code, settings.edition).direction
            except Rejected as rejected:
                findings.extend(rejected.findings)
        suffixes: dict[str, str] = {}
        for code in directions:
            suffix = self.language(code, settings.edition).words.file_suffix.casefold()
            if suffix in suffixes:
                message = f"'{code}' and '{suffixes[suffix]}' have the same file_suffix, so that one PDF would be lost"
                findings.append(Finding("K03", message, Place(project.locales[-1] / f"{code}.yaml")))
            suffixes[suffix] = code
        for what, value, choices in (
            ("edition", settings.edition, editions),
            ("paper", settings.paper, compose.papers(project.layouts)),
            *(("languages", code, known) for code in settings.languages),
            *(("organization", code, known) for code in settings.organization),
        ):
            if value not in choices:
                code = "S17" if what in {"edition", "paper"} else "S14"
                place = _setting(project, what, value)
                what = "language" if code == "S14" else what  # noqa: PLW2901
                findings.append(Finding(code, f"unknown {what} '{value}'", place, f"known: {', '.join(choices)}"))
        if findings:
            raise Rejected(findings)
        return resolution.House(
            languages=settings.languages,
            edition=settings.edition,
            paper=settings.paper,
            directions=directions,
            editions=editions,
            papers=compose.papers(project.layouts),
        )


def _setting(project: Project, key: str, value: str) -> Place:
    """Give the place where the settings say a value, or their file where it is a default."""
    path = project.root / SETTINGS
    entries = read(path).value if path.is_file() else {}
    return entries[key].find(value) if isinstance(entries, dict) and key in entries else Place(path)


def resolutions(project: Project) -> list[Path]:
    """Give the folders of all resolutions of a project, in order."""
    return sorted(path.parent for path in project.resolutions.glob("*/resolution.yaml"))


def find(project: Project, words: str, here: Path) -> Path | None:
    """Give the source folder that a symbol ("A/RES/56/149", "56/149") or a path names, or None."""
    path = Path(os.path.abspath(here / words))  # noqa: PTH100  # a link keeps its own name
    try:
        if (path / "resolution.yaml").is_file():
            return path
    except OSError:  # a name too long for the system
        return None
    try:
        folder = project.resolutions / symbol.parse(words).file_name
    except ValueError:
        return None
    return folder if (folder / "resolution.yaml").is_file() else None


def examine(desk: Desk) -> Iterator[Finding]:
    """Read every locale in every edition, and the settings; gives what is wrong."""
    try:
        house = desk.house
    except Rejected as rejected:
        yield from rejected.findings
        return
    for code in house.directions:
        for edition in house.editions:
            try:
                desk.language(code, edition)
            except Rejected as rejected:
                yield from rejected.findings
        for edition, place in language.editions(code, desk.project.locales).items():
            if edition not in house.editions:
                yield Finding("K02", f"no layout has an edition '{edition}'", place)


def check(desk: Desk, folders: Iterable[Path], only: Collection[str] = ()) -> tuple[list[Resolution], list[Finding]]:
    """Read resolutions with all that they need to be set; gives the sound ones, and every finding of all of them."""
    sound, findings = [], []
    desk.house  # noqa: B018  # its faults are everybody's
    for folder in folders:
        try:
            found, warnings = load(desk, folder, only)
            findings.extend(warnings)
            sound.append(found)
        except Rejected as rejected:
            findings.extend(rejected.findings)
    return sound, list(dict.fromkeys(findings))


def load(desk: Desk, folder: Path, only: Collection[str] = ()) -> tuple[Resolution, list[Finding]]:
    """Read a resolution with all that it needs to be set; gives it with the warnings. Raises Rejected."""
    found, warnings = resolution.load(folder, desk.house, only)
    for code in found.wordings:
        desk.language(code, found.facts.edition)
    for code in [code for code in only if code not in found.wordings]:
        place = Place(folder / "resolution.yaml")
        message = f"{found.facts.symbol} is not to be had in '{code}'"
        hint = "name the language under 'languages', and write its file"
        warnings.append(Finding("S14", message, place, hint, "warning"))
    return found, warnings


@dataclass(frozen=True, eq=False)
class Document:
    """A resolution without errors, to be typeset: its folder, its name among files, and a key for each language's file.

    found is None where nothing has changed since an earlier run found it sound; `read` gives it then.
    """

    folder: Path
    symbol: str
    name: str
    keys: dict[str, str]
    found: Resolution | None = None

    def read(self, desk: Desk) -> Resolution:
        """Give the resolution. Raises Rejected."""
        return self.found or load(desk, self.folder, self.keys)[0]


Task = tuple[Document, str]
Crew = Callable[["Project", Sequence[tuple["Resolution", str]], Style], Iterator[tuple[int, "Pdf | Rejected"]]]


def build(  # noqa: PLR0913  # the command's own choices
    desk: Desk,
    folders: Sequence[Path],
    *,
    only: Collection[str] = (),
    to: Path | None = None,
    crew: Crew | None = None,
    style: Style = Style(),  # it is frozen
    kinds: Collection[str] = (PDF,),
    held: Callable[[Sequence[Path]], Iterable[Finding]] = lambda paths: (),  # noqa: ARG005
    printed: Callable[[Printed, int, int], None] = lambda printed, done, of: None,  # noqa: ARG005
) -> tuple[list[Printed], list[Finding]]:
    """Typeset resolutions and write their PDFs, or their other forms; gives the files, and the warnings.

    Where anything is wrong with any of them nothing is written, and Rejected holds every finding. `printed` is told of
    each file as it is finished, with how many are done and how many there are; `held` gives what stands against writing
    files. What was typeset from the same inputs before is not typeset again.
    """
    kept, inputs, crew = cache(), desk.inputs, crew or Processes()
    pieces = len(folders) * (len(only) or len(desk.project.settings.languages)) if PDF in kinds else 0
    with _expecting(crew, desk.project, pieces) as expect:
        documents, findings = prepare(desk, kept, inputs, folders, only, style, expect)
        findings += _same_names(documents)
        _insist(findings)
        every = [(document, code) for document in documents for code in document.keys]
        if not every:
            raise Rejected([replace(finding, severity="error") for finding in findings])
        target = to or desk.project.output
        done: list[Printed] = []
        tasks = every if PDF in kinds else []
        standing = {task: one for task in tasks if (one := _standing(kept, target, task))}
        changed = [task for task in tasks if task not in standing]
        other = [kind for kind in forms.ENDINGS if kind in kinds]
        places = [target / document.name / code for document, code in (every if other else changed)]
        _insist(list(held(places)))
        made, faults = _formed(desk, documents, other, style)
        findings += faults
        if not changed:
            _insist(findings)

        def finish(one: Printed) -> None:
            done.append(one)
            printed(one, len(done), len(tasks) + len(made))

        for one in standing.values():
            finish(one)
        if not changed and not made:
            return sorted(done, key=lambda one: one.path), findings
        with output.staged(target) as staging:
            for (document, _), result in typeset(desk, kept, inputs, changed, crew, style):
                if isinstance(result, Rejected):
                    findings.extend(result.findings)
                    continue
                path = Path(document.name) / f"{result.name}.pdf"
                output.write(staging / path, result.data)
                finish(_printed(target / path, document.symbol, result))
            for document, form in made:
                path = Path(document.name) / form.name
                output.write(staging / path, form.data)
                digest = hashed(form.data)
                finish(Printed(target / path, document.symbol, form.language, 0, len(form.data), digest))
            _insist([*findings, *held(places)])  # which may have been issued in the meantime
        return sorted(done, key=lambda one: one.path), findings


@contextmanager
def _expecting(crew: Crew, project: Project, pieces: int) -> Iterator[Callable[[], None]]:
    """Give what lets a crew get ready, where it is one that can; what has no work in the end is stopped."""
    if not isinstance(crew, Processes):
        yield lambda: None
        return
    try:
        yield partial(crew.expect, project, pieces)
    finally:
        crew.dismiss()


def _formed(
    desk: Desk, documents: Sequence[Document], kinds: Collection[str], style: Style
) -> tuple[list[tuple[Document, forms.Form]], list[Finding]]:
    """Make other forms than pages of documents; gives them, and what is wrong with them."""
    made: list[tuple[Document, forms.Form]] = []
    findings: list[Finding] = []
    for document in documents if kinds else ():
        try:
            found = document.read(desk)
            languages = [desk.language(code, found.facts.edition) for code in found.facts.languages]
        except Rejected as rejected:
            findings.extend(rejected.findings)
            continue
        draft = style.draft or style.line_numbers
        for kind, spoken in product(kinds, (one for one in languages if one.code in found.wordings)):
            try:
                made.append((document, forms.form(kind, found, spoken, languages, desk.project, draft=draft)))
            except Rejected as rejected:
                findings.extend(rejected.findings)
    return made, findings


def _printed(path: Path, symbol: str, pdf: Pdf) -> Printed:
    return Printed(path, symbol, pdf.language, pdf.pages, len(pdf.data), hashed(pdf.data))


def _insist(findings: Sequence[Finding]) -> None:
    """Stop where there are errors."""
    if any(finding.severity == "error" for finding in findings):
        raise Rejected(dict.fromkeys(findings))


def prepare(  # noqa: PLR0913
    desk: Desk,
    kept: Cache,
    inputs: Inputs,
    folders: Iterable[Path],
    only: Collection[str] = (),
    style: Style = Style(),
    expect: Callable[[], None] = lambda: None,
) -> tuple[list[Document], list[Finding]]:
    """Read resolutions, but for those that were found sound before; gives the sound ones, and every finding.

    `expect` is told of each that is read, before that is done.
    """
    documents: list[Document] = []
    findings: list[Finding] = []
    for folder in folders:
        try:
            files = sources(folder)
            if known := kept.facts(_key(inputs, folder, files, only)):
                keys = _keys(inputs, files, style, known["languages"])
                documents.append(Document(folder, known["symbol"], known["name"], keys))
                continue
            expect()
            sound, found = check(desk, [folder], only)
            while files != (now := sources(folder)):  # somebody writes
                files = now
                sound, found = check(desk, [folder], only)
        except Rejected as rejected:
            desk.house  # noqa: B018  # its faults are everybody's
            findings.extend(rejected.findings)
            continue
        findings.extend(found)
        for one in sound:
            document = Document(
                folder,
                str(one.facts.symbol),
                one.facts.symbol.file_name,
                _keys(inputs, files, style, one.wordings),
                one,
            )
            documents.append(document)
            if not found and inputs.unchanged:
                facts = {"symbol": document.symbol, "name": document.name, "languages": list(document.keys)}
                kept.put(_key(inputs, folder, files, only), facts)
    return documents, list(dict.fromkeys(findings))


def _key(inputs: Inputs, folder: Path, files: dict[str, bytes], only: Collection[str]) -> str:
    """Give the key under which it is kept that a resolution is sound."""
    return of([inputs.everything, folder.name, {name: hashed(data) for name, data in files.items()}, sorted(only)])


def _keys(inputs: Inputs, files: dict[str, bytes], style: Style, codes: Iterable[str]) -> dict[str, str]:
    facts = files["resolution.yaml"]
    return {code: inputs.of_file(facts, files[f"{code}.yaml"], code, style) for code in codes}


def _standing(kept: Cache, target: Path, task: Task) -> Printed | None:
    """Give the file that stands in its place already as it would be made, or None."""
    document, code = task
    facts = kept.facts(document.keys[code])
    if facts is None:
        return None
    path = target / document.name / f"{facts['name']}.pdf"
    try:
        data = path.read_bytes()
    except OSError:
        return None
    pdf = Pdf(facts["name"], code, data, facts["pages"])
    return _printed(path, document.symbol, pdf) if hashed(data) == facts["sha256"] else None


def typeset(  # noqa: PLR0913
    desk: Desk, kept: Cache, inputs: Inputs, tasks: Sequence[Task], crew: Crew, style: Style = Style()
) -> Iterator[tuple[Task, Pdf | Rejected]]:
    """Typeset documents, one language each, or give what was typeset from the same inputs before.

    Raises Rejected where this machine lacks what typesetting needs.
    """
    new = []
    for task in tasks:
        entry = kept.get(task[0].keys[task[1]])
        if entry:
            yield task, Pdf(entry.facts["name"], task[1], entry.data, entry.facts["pages"])
        else:
            new.append(task)
    if not new:
        return
    if missing := unready():
        raise Rejected(missing)
    orders, asked, keep = [], [], set()
    for document, group in groupby(new, key=lambda task: task[0]):
        tasks = list(group)
        try:
            found = document.read(desk)
            if _is_current(inputs, document, style):
                keep.add(document)
            orders += [(_only(found, code), code) for _, code in tasks]
            asked += tasks
        except Rejected as rejected:
            yield from ((task, rejected) for task in tasks)
    for number, result in crew(desk.project, orders, style) if orders else ():
        document, code = asked[number]
        if not isinstance(result, Rejected) and document in keep and inputs.unchanged:
            kept.put(document.keys[code], {"name": result.name, "pages": result.pages}, result.data)
        yield asked[number], result
    kept.bound()


def _is_current(inputs: Inputs, document: Document, style: Style = Style()) -> bool:
    """Tell whether the source of a document is still the one that its keys were made of. Raises Rejected."""
    try:
        return _keys(inputs, sources(document.folder), style, document.keys) == document.keys
    except KeyError:  # a file has gone
        return False


def _only(found: Resolution, code: str) -> Resolution:
    """Give a resolution with one of its wordings, to be sent to another process. Raises Rejected."""
    if code not in found.wordings:
        place = Place(found.folder / "resolution.yaml")
        raise Rejected([Finding("S14", f"language '{code}' was taken out while it was typeset", place)])
    return replace(found, wordings={code: found.wordings[code]})


def unready() -> list[Finding]:
    """Give what this machine lacks to typeset: fonts, libraries."""
    return [*fonts.ready(SHIPPED / "fonts"), *missing_libraries()]


def _same_names(documents: Sequence[Document]) -> Iterator[Finding]:
    names = Counter(document.name for document in documents)
    for document in documents:
        if names[document.name] > 1:
            message = f"{document.symbol} has more than one source"
            yield Finding("S03", message, Place(document.folder / "resolution.yaml"), "build them apart, with -o")


# ---- One process or several


class Worker:
    """What one process needs to typeset: made once, and kept."""

    def __init__(self, project: Project) -> None:
        if missing := fonts.ready(SHIPPED / "fonts"):
            raise Rejected(missing)
        self.desk, self.inputs = Desk(project), Inputs(project)
        self.press = Press(fonts.configure(SHIPPED / "fonts", project.own_fonts))
        self.families = fonts.families(SHIPPED / "fonts", project.own_fonts)
        self._done = 0

    def renew(self, project: Project) -> None:
        """Read the settings, locales and layouts anew; the typefaces stay those of the process."""
        self.desk, self.inputs = Desk(project), Inputs(project)

    def typeset(self, found: Resolution, code: str, style: Style) -> Pdf:
        """Compose, typeset and inspect one language of a resolution. Raises Rejected."""
        spoken = self.desk.language(code, found.facts.edition)
        try:
            proof = compose.compose(
                found,
                spoken,
                self.desk.project,
                draft=style.draft,
                line_numbers=style.line_numbers,
                printing=style.printing,
            )
            if not proof.printing:
                proof = replace(proof, attachments=(*proof.attachments, self._made_with(code)))
            pdf = self.press.typeset(proof)
        except Rejected as rejected:
            text = found.folder / f"{code}.yaml"
            raise Rejected(_in_text(finding, text) for finding in rejected.findings) from None
        if faults := inspect(pdf.data, proof, self.families, pdf.pages):
            raise Rejected(faults)
        self._tidy()
        return self._imposed(pdf, proof)

    def _tidy(self) -> None:
        """Give back now and then what documents leave behind, so that memory stays flat however many there are."""
        self._done += 1
        if self._done % OFTEN == 0:
            gc.collect()
            with suppress(AttributeError, TypeError):  # not every system's library has it
                ctypes.CDLL(None).malloc_trim(0)

    def _imposed(self, pdf: Pdf, proof: compose.Proof) -> Pdf:
        """Give the pages of a file for a press as it wants them. Raises Rejected."""
        if not proof.printing:
            return pdf
        data, pages = impose.impose(pdf.data, proof.printing, proof.direction)
        width, height = proof.size
        proof = replace(proof, size=(width * 2, height)) if proof.printing.booklet else proof
        if faults := inspect(data, proof, self.families, pages):
            raise Rejected(faults)
        return replace(pdf, data=data, pages=pages)

    def _made_with(self, code: str) -> compose.Attachment:
        words = json.dumps(self.inputs.of_pdf(code), indent=1, sort_keys=True)
        return compose.Attachment(FILE, words.encode(), "Supplement", "what this document was made with")


def _in_text(finding: Finding, path: Path) -> Finding:
    """Point a missing glyph at its character, where the text has it."""
    if not (match := re.search(r"\(U\+([0-9A-F]+)\)$", finding.message)):
        return finding
    character, root = chr(int(match[1], 16)), read(path)
    return replace(finding, place=root.find(character)) if character in root.file.text else finding


def context() -> multiprocessing.context.BaseContext:
    """Give the way in which further processes are started."""
    return multiprocessing.get_context("forkserver" if hasattr(os, "fork") else "spawn")


_worker: Worker | Rejected | None = None


def start(project: Project) -> None:
    """Make the one worker that this process may have."""
    global _worker  # noqa: PLW0603  # a process of the pool has one worker, for its life
    try:
        _worker = Worker(project)
    except Rejected as rejected:  # told by each piece of work, as an initializer that fails only prints a traceback
        _worker = rejected


def work(found: Resolution, code: str, style: Style) -> Pdf | Rejected:
    """Let the worker of this process typeset one language of a resolution; gives the fault, where there is one."""
    assert _worker is not None
    return _worker if isinstance(_worker, Rejected) else attempt(_worker, found, code, style)


def attempt(worker: Worker, found: Resolution, code: str, style: Style) -> Pdf | Rejected:
    """Typeset one language of a resolution; gives the fault, where there is one."""
    try:
        return worker.typeset(found, code, style)
    except Rejected as rejected:
        return rejected


def _start_here(project: Project) -> None:
    """Make the worker of a process of this machine, which ends when the one that started it says so, or itself ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    threading.Thread(target=_end_with, args=[multiprocessing.parent_process()], daemon=True).start()
    start(project)


def _end_with(parent: BaseProcess | None) -> None:
    if parent:
        wait([parent.sentinel])
        os._exit(1)


class Processes:
    """A crew of processes, one a core unless told; for one piece of work this process does it, unless apart.

    A process sees the typefaces that there were when it first typeset, so that one that lives long keeps apart.
    """

    def __init__(self, jobs: int = 0, *, apart: bool = False) -> None:
        self.jobs = jobs or os.cpu_count() or 1
        self.apart = apart
        self._pool: ProcessPoolExecutor | None = None

    def expect(self, project: Project, pieces: int) -> None:
        """Let processes get ready for so many pieces of work, where they can be split off from this one."""
        count = min(self.jobs, pieces)
        if self._pool or not count or self.jobs == 1 or self.apart or not _is_early():
            return
        with _uninterrupted():
            self._pool = ProcessPoolExecutor(count, multiprocessing.get_context("fork"), _start_here, (project,))
            self._pool.submit(os.getpid)

    def __call__(
        self, project: Project, orders: Sequence[tuple[Resolution, str]], style: Style
    ) -> Iterator[tuple[int, Pdf | Rejected]]:
        """Typeset pieces of work; gives each by its number, as it is finished."""
        count = min(self.jobs, len(orders))
        if count <= 1 and not (self.apart or self._pool):
            worker = Worker(project)
            for number, (found, code) in enumerate(orders):
                yield number, attempt(worker, found, code, style)
            return
        pool = self._pool = self._pool or ProcessPoolExecutor(count, context(), _start_here, (project,))
        try:
            with _uninterrupted():
                futures = {pool.submit(work, *order, style): number for number, order in enumerate(orders)}
            for future in as_completed(futures):
                yield futures.pop(future), future.result()
        except BrokenProcessPool:
            yield 0, Rejected([Finding("T07", "a worker process died", hint="try fewer jobs, with -j 1")])
        except BaseException:
            self.dismiss()
            raise
        finally:
            pool.shutdown(cancel_futures=True)
            self._pool = None

    def dismiss(self) -> None:
        """Stop the processes, whatever they do."""
        pool, self._pool = self._pool, None
        if pool:
            for process in list((pool._processes or {}).values()):
                process.kill()
            # Or what one of them had half written would be waited for.
            pool._result_queue._writer.close()  # type: ignore[attr-defined]
            pool.shutdown(cancel_futures=True)


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Put an interrupt off while processes are started, half of which it would leave behind; they know of none."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [])
    try:
        signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _is_early() -> bool:
    """Tell whether nothing has been begun in this process that could not be split: threads, the engine."""
    return hasattr(os, "fork") and threading.active_count() == 1 and "weasyprint" not in sys.modules
