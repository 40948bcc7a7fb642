"""The commands; the only file that prints."""

from __future__ import annotations

import atexit
import datetime
import functools
import gc
import json
import os
import signal
import sys
import time
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, Self

import click
from click.shell_completion import get_completion_class

from publish.finding import Finding, Place, Rejected, suggest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from publish.desk.press import Crew, Desk, Printed
    from publish.issue.health import Outcome
    from publish.issue.manifest import Issue
    from publish.issue.settle import House
    from publish.paper.compose import Printing
    from publish.project import Project
    from publish.text.review import Review

# Direction marks would turn a line of the terminal around.
_VISIBLE = {9: " "} | dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)], "\ufffd")
# A run makes many objects and drops few; and at its end there is nothing to look for in those that are left.
gc.set_threshold(50_000, 10, 5)
atexit.register(gc.freeze)
FEW = 20  # resolutions that need no progress bar
HEADINGS = {"error": "red", "warning": "yellow"}


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="publish-resolutions", message="%(package)s %(version)s")
def main() -> None:
    """Official multilingual documents: structured sources in, print-ready PDFs out.

    A project is a folder with a publish.yaml; commands look for it from the working folder upwards.
    """


def _command(*, needs_project: bool) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Give a command its common options, and turn findings into words or JSON and an exit code."""

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        @click.option("--json", "as_json", is_flag=True, help="Print one JSON object, for programs.")
        @functools.wraps(function)
        def command(*, as_json: bool, **options: Any) -> None:
            report = _Report(as_json=as_json)
            try:
                function(report, **options)
            except Rejected as rejected:
                report.findings.extend(rejected.findings)
            report.close()

        if needs_project:
            root = click.Path(path_type=Path, exists=True, file_okay=False)
            command = click.option("--root", type=root, help="The project's folder.")(command)
        return command

    return decorate


class _Report:
    """What a command has to say: words as they come, or one object at the end."""

    def __init__(self, *, as_json: bool) -> None:
        self.as_json = as_json
        self.strict = False
        self.announced = False
        self.findings: list[Finding] = []
        self.result: dict[str, Any] = {}

    def say(self, words: str) -> None:
        if not self.as_json:
            click.echo(words)

    def announce(self, words: str, result: dict[str, Any]) -> None:
        """Say at once what others wait for, before the work that goes on."""
        click.echo(json.dumps(result) if self.as_json else words)
        sys.stdout.flush()
        self.announced = True

    def close(self) -> NoReturn:
        findings = _in_order(dict.fromkeys(self.findings))
        if self.strict:
            findings = [replace(finding, severity="error") for finding in findings]
        errors = sum(finding.severity == "error" for finding in findings)
        if self.as_json and not self.announced:
            found = [_as_data(finding) for finding in findings]
            click.echo(json.dumps(self.result | {"findings": found}, ensure_ascii=False, indent=2, default=str))
        else:
            for finding in findings:
                click.echo(_as_words(finding) + "\n", err=True)
            if findings:
                click.echo(_counted(errors, "error") + ", " + _counted(len(findings) - errors, "warning"), err=True)
        sys.exit(1 if errors else 0)


def _in_order(findings: Iterable[Finding]) -> list[Finding]:
    """Put the findings of each file in the order of its lines; what has no place comes last."""
    files: dict[Path, int] = {}
    keys = {}
    for finding in findings:
        place = finding.place
        rank = files.setdefault(place.file, len(files)) if place else float("inf")
        keys[finding] = (rank, place.line if place else 0, place.column if place else 0)
    return sorted(keys, key=lambda finding: keys[finding])


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" + ("" if number == 1 else "s")


def _as_data(finding: Finding) -> dict[str, Any]:
    data = asdict(finding)
    for key, place in (("place", finding.place), ("beside", finding.beside)):
        if place:
            data[key] |= {"file": str(place.file)}
    if finding.fix:
        data["fix"]["place"] |= {"file": str(finding.fix.place.file)}
    return data


def _as_words(finding: Finding) -> str:
    """Write a finding as compilers do: what, where, the line with the spot marked, and what to do."""
    head = click.style(f"{finding.severity}[{finding.code}]", fg=HEADINGS[finding.severity], bold=True)
    lines = [f"{head}: {finding.message}"]
    for arrow, place in (("-->", finding.place), (":::", finding.beside)):
        if place is not None:
            lines.append(f"  {arrow} {_near(place)}")
            lines += _excerpt(place)
    if finding.hint:
        lines.append(f"  hint: {finding.hint}")
    return "\n".join(lines)


def _excerpt(place: Place) -> list[str]:
    """Give the line of a place with the spot marked."""
    if not place.excerpt:
        return []
    start = max(0, min(place.column - 60, len(place.excerpt) - 110))
    excerpt = place.excerpt[start : start + 110].translate(_VISIBLE)
    before = place.excerpt[start : place.column - 1]
    gutter = " " * len(str(place.line))
    return [f"{gutter} |", f"{place.line} | {excerpt}", f"{gutter} | {' ' * _columns(before)}^"]


def _columns(words: str) -> int:
    """Count the columns that a text takes in a terminal."""
    import unicodedata  # noqa: PLC0415

    wide = sum(unicodedata.east_asian_width(one) in "WF" for one in words)
    return len(words) + wide - sum(unicodedata.combining(one) > 0 for one in words)


def _near(place: Place) -> str:
    here = Path.cwd()
    file = place.file.relative_to(here) if place.file.is_relative_to(here) else place.file
    return f"{file}:{place.line}:{place.column}" if place.line else str(file)


# ---- What the commands share


def _project(root: Path | None) -> Project:
    from publish import project  # noqa: PLC0415

    found = root or project.find_root(Path.cwd())
    if found is None or not (found / project.SETTINGS).is_file():
        message = f"no {project.SETTINGS} in {root}" if root else f"no {project.SETTINGS} here or in any folder above"
        message += "; 'publish init DIR' makes a project"
        raise click.UsageError(message)
    return project.load(found.resolve())


def _folders(desk: Desk, wanted: Sequence[str]) -> list[Path]:
    from publish.desk import press  # noqa: PLC0415

    if not wanted:
        found = press.resolutions(desk.project)
        if not found:
            message = f"no resolutions in {desk.project.resolutions}; 'publish new SYMBOL' makes one"
            raise click.UsageError(message)
        return found
    folders = []
    for words in wanted:
        folder = press.find(desk.project, words, Path.cwd())
        if folder is None:
            known = [folder.name.replace("_", "/") for folder in press.resolutions(desk.project)]
            hint = suggest(words, known)
            message = f"'{words}' names no resolution of the project and no source folder"
            raise click.UsageError(message + (f"; {hint}" if hint else ""))
        folders.append(folder)
    return list(dict.fromkeys(folders))


def _languages(desk: Desk, wanted: str | None) -> list[str]:
    from publish.text import language  # noqa: PLC0415

    known = language.known(desk.project.locales)
    codes = [code.strip() for code in wanted.split(",") if code.strip()] if wanted else []
    if wanted is not None and not codes:
        message = "no language is named"
        raise click.BadParameter(message, param_hint="-l")
    for code in codes:
        if code not in known:
            message = f"unknown language '{code}'; {suggest(code, known)}"
            raise click.BadParameter(message, param_hint="-l")
    return codes


_FILE = click.Path(path_type=Path, dir_okay=False)
_SYMBOLS = click.argument("symbols", nargs=-1, metavar="[SYMBOL or PATH]...")
_ONLY = click.option("-l", "--languages", metavar="CODES", help="Only these languages, as ar,fr.")


_WORKERS = click.option(
    "-j", "--workers", "--jobs", type=click.IntRange(1), help="How many processes; one a core unless told."
)
_CLUSTER = click.option("--cluster", metavar="ADDRESS", help="Typeset on this Dask cluster, as tcp://host:8786.")


def _crew(workers: int | None, cluster: str | None) -> Crew:
    from publish.desk import press  # noqa: PLC0415

    if cluster is None:
        return press.Processes(workers or 0)
    from publish.desk import cluster as clusters  # noqa: PLC0415

    return clusters.on_cluster(cluster)


def _held(paths: Sequence[Path]) -> Iterable[Finding]:
    from publish.issue import manifest  # noqa: PLC0415

    return manifest.over(paths)


# ---- The commands


@main.command()
@_SYMBOLS
@_ONLY
@click.option(
    "-o", "--output", "to", type=click.Path(path_type=Path, file_okay=False), help="Write here, not to output/."
)
@_WORKERS
@_CLUSTER
@click.option("--draft", is_flag=True, help="Mark the pages as those of a draft; their files are named -draft.")
@click.option("--line-numbers", is_flag=True, help="Number every fifth line, as a draft does.")
@click.option(
    "--for",
    "purpose",
    type=click.Choice(["archive", "print"]),
    default="archive",
    show_default=True,
    help="Tagged files to keep and read, or PDF/X-4 for a printing press, whose files are named -print.",
)
@click.option("--paper", default="", metavar="NAME", help="For print: on this paper, as a4, a5 or letter.")
@click.option("--bleed", is_flag=True, help="For print: with 3 mm of bleed, and crop marks.")
@click.option("--recto", is_flag=True, help="For print: to an even page, so that the next document begins on a recto.")
@click.option("--booklet", is_flag=True, help="For print: two pages beside each other, to be folded and stapled.")
@click.option(
    "--form",
    "kinds",
    type=click.Choice(["pdf", "html", "epub", "text"]),
    multiple=True,
    default=["pdf"],
    help="Write the documents in this form, and in others where it is given again; pdf unless told.",
)
@_command(needs_project=True)
def build(
    report: _Report,
    symbols: Sequence[str],
    languages: str | None,
    to: Path | None,
    workers: int | None,
    cluster: str | None,
    draft: bool,
    line_numbers: bool,
    purpose: str,
    paper: str,
    bleed: bool,
    recto: bool,
    booklet: bool,
    kinds: Sequence[str],
    root: Path | None,
) -> None:
    """Typeset resolutions and write their PDFs, one a language; or web pages, e-books and plain text.

    SYMBOL is A/RES/56/149, 56/149 or a source folder anywhere; none means every resolution of the project. Where
    anything is wrong with any of them, nothing is written.
    """
    from publish.desk import press  # noqa: PLC0415
    from publish.paper import compose  # noqa: PLC0415

    began = time.monotonic()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # what is staged goes, whatever ends the work
    desk = press.Desk(_project(root))
    only = _languages(desk, languages)
    folders = _folders(desk, symbols)
    printing = _printing(desk, purpose, compose.Printing(paper, bleed, recto, booklet))
    with _Progress(report) as progress:
        files, report.findings = press.build(
            desk,
            folders,
            only=only,
            to=to,
            crew=_crew(workers, cluster),
            style=press.Style(draft, line_numbers, printing),
            kinds=kinds,
            held=_held,
            printed=progress.printed,
        )
    report.result = {"files": [asdict(file) for file in files], "seconds": round(time.monotonic() - began, 3)}
    pages = sum(file.pages for file in files)
    seconds = time.monotonic() - began
    pdfs = sum(file.path.suffix == ".pdf" for file in files)
    counted = [_counted(pdfs, "PDF"), _counted(pages, "page")] if pdfs else []
    counted += [_counted(len(files) - pdfs, "other form" if pdfs else "form")] if len(files) > pdfs else []
    report.say(f"{', '.join(counted)} in {to or desk.project.output}, {seconds:.1f} s")


def _printing(desk: Desk, purpose: str, asked: Printing) -> Printing | None:
    """Give what is asked of files for a press, where files are for one."""
    from publish.paper import compose  # noqa: PLC0415

    if purpose != "print":
        if asked != compose.Printing():
            message = "--paper, --bleed, --recto and --booklet are for --for print"
            raise click.UsageError(message)
        return None
    papers = compose.papers(desk.project.layouts)
    if asked.paper and asked.paper not in papers:
        message = f"unknown paper '{asked.paper}'; known: {', '.join(papers)}"
        raise click.BadParameter(message, param_hint="--paper")
    return asked


class _Progress:
    """A bar on a terminal, plain lines elsewhere for what was written, nothing for programs."""

    def __init__(self, report: _Report, label: str = "typesetting") -> None:
        self.report = report
        self.label = label
        self.bar: Any = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        if self.bar is not None:
            self.bar.__exit__(None, None, None)

    def printed(self, file: Printed, done: int, of: int) -> None:
        """Show that a file is finished."""
        if self.report.as_json:
            return
        if not sys.stdout.isatty():
            pages = f"{_counted(file.pages, 'page')}, " if file.pages else ""
            name = file.path.stem if file.pages else file.path.name
            click.echo(f"[{done}/{of}] {name} ({pages}{file.bytes / 1000:.0f} kB)")
            return
        self.step(file.path.name, of)

    def reviewed(self, review: Review, _: int, of: int) -> None:
        """Show that a resolution is proofread; a few are done before anybody looks."""
        if not self.report.as_json and sys.stdout.isatty() and of > FEW:
            self.step(review.symbol, of)

    def step(self, name: str, of: int) -> None:
        if self.bar is None:
            self.bar = click.progressbar(length=of, label=self.label, item_show_func=lambda one: one)
            self.bar.__enter__()
        self.bar.update(1, name)


@main.command()
@_SYMBOLS
@_ONLY
@click.option("--strict", is_flag=True, help="Take warnings for errors.")
@click.option("--fix", is_flag=True, help="Mend what can be mended without asking, and show the difference.")
@click.option("--accept", metavar="CODES", help="Say that these translations follow the original as it stands.")
@click.option("--pdf", "pdfs", type=_FILE, multiple=True, help="Compare a finished file with its source instead.")
@click.option("--html", "page", type=_FILE, help="Write a page with the languages side by side.")
@click.option("--sarif", "sarif_file", type=_FILE, help="Write the findings for a code host.")
@click.option("-j", "--jobs", type=click.IntRange(1), help="How many processes; one a core unless told.")
@_command(needs_project=True)
def check(
    report: _Report,
    symbols: Sequence[str],
    languages: str | None,
    strict: bool,
    fix: bool,
    accept: str | None,
    pdfs: Sequence[Path],
    page: Path | None,
    sarif_file: Path | None,
    jobs: int | None,
    root: Path | None,
) -> None:
    """Proofread sources without typesetting: each language by its rules, all against each other.

    A rule is let go unheeded by a comment above the entry: "# allow C204: why".
    """
    from publish.desk import output, press, proofread  # noqa: PLC0415

    report.strict = strict
    desk = press.Desk(_project(root))
    if pdfs:
        _inspect(report, desk, pdfs)
        return
    only = _languages(desk, languages)
    folders = _folders(desk, symbols)
    if accept is not None:
        _accept(report, desk, folders, _languages(desk, accept))
    with _Progress(report, "proofreading") as progress:
        reviews = proofread.proofread(desk, folders, only=only, jobs=jobs or 0, reviewed=progress.reviewed)
        if fix:
            reviews, changes = proofread.mend(desk, folders, reviews, only, jobs or 0)
            for change in changes:
                report.say(change.diff)
            report.result["fixes"] = {str(change.path): change.fixes for change in changes}
    report.findings += [finding for one in reviews for finding in one.findings]
    report.findings += press.examine(desk)
    allowed = [one for review in reviews for one in review.allowed]
    report.result["sound"] = [review.symbol for review in reviews if review.sound]
    report.result["allowed"] = [_as_data(one.finding) | {"reason": one.reason} for one in allowed]
    for one in allowed:
        report.say(f"allowed[{one.finding.code}]: {one.finding.message}: {one.reason}")
    if sarif_file:
        data = proofread.sarif(report.findings, allowed, desk)
        output.replace(sarif_file, json.dumps(data, ensure_ascii=False, indent=1).encode())
    if page:
        output.replace(page, proofread.side_by_side(desk, folders, reviews).encode())
    sound = len(report.result["sound"])
    report.say(f"{_counted(sound, 'resolution')} sound" + (f" of {len(reviews)}" if sound < len(reviews) else ""))


def _inspect(report: _Report, desk: Desk, files: Sequence[Path]) -> None:
    """Inspect finished files, and show where each text starts in each language."""
    from publish.desk import proofread  # noqa: PLC0415

    done, report.findings = proofread.inspect(desk, [path.absolute() for path in files])
    report.result["files"] = [asdict(one) for one in done]
    for symbol in dict.fromkeys(one.symbol for one in done):
        columns = {one.language: one.starts for one in done if one.symbol == symbol}
        names = dict.fromkeys(name for starts in columns.values() for name in starts)
        rows = [(name, {code: str(starts.get(name, "-")) for code, starts in columns.items()}) for name in names]
        _table(report, [(f"{symbol}, page", {}), *rows], list(columns), 4)


def _table(report: _Report, rows: Sequence[tuple[str, Mapping[str, str]]], codes: Sequence[str], cell: int) -> None:
    """Show rows by language."""
    width = max(len(name) for name, _ in rows)
    report.say(" ".join([" " * width, *(f"{code:{cell}}" for code in codes)]).rstrip())
    for name, row in rows:
        report.say(" ".join([f"{name:{width}}", *(f"{row.get(code, ''):{cell}}" for code in codes)]).rstrip())


def _accept(report: _Report, desk: Desk, folders: Sequence[Path], codes: Sequence[str]) -> None:
    from publish.desk import proofread  # noqa: PLC0415

    for path, count in proofread.accept(desk, folders, codes):
        report.say(f"{_near(Place(path))}: {_counted(count, 'text')} followed")


@main.command()
@click.argument("symbol", required=False, metavar="[SYMBOL]")
@click.option("--port", type=click.IntRange(0, 65535), default=8056, show_default=True, help="Where to answer; 0: any.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Which address of this machine answers.")
@click.option("--no-open", is_flag=True, help="Do not open a browser.")
@click.option("--export", "to", type=click.Path(path_type=Path, file_okay=False), help="Write files instead.")
@click.option("-j", "--jobs", type=click.IntRange(1), help="How many processes; one a core unless told.")
@_command(needs_project=True)
def preview(
    report: _Report,
    symbol: str | None,
    port: int,
    host: str,
    no_open: bool,
    to: Path | None,
    jobs: int | None,
    root: Path | None,
) -> None:
    """Show layouts and pages of all languages in the browser, as their files change.

    With --export, write pages that open without a server, one for each resolution, with the PDFs beside them.
    """
    from publish.desk import press  # noqa: PLC0415

    desk = press.Desk(_project(root))
    folders = _folders(desk, [symbol] if symbol else [])
    if folders[0].parent != desk.project.resolutions:
        message = f"{folders[0]} is not in {desk.project.resolutions}"
        raise click.UsageError(message)
    if missing := press.unready():
        raise Rejected(missing)
    processes = jobs or os.cpu_count() or 1
    if to is not None:
        from publish.desk import standalone  # noqa: PLC0415

        def written(name: str, done: int, of: int) -> None:
            report.say(f"[{done}/{of}] {name}")

        standalone.export(desk.project.root, [folder.name for folder in folders], to, processes, written)
        report.result = {"index": to / "index.html"}
        return
    from publish.desk import preview as server  # noqa: PLC0415

    def opened(address: str) -> None:
        address += f"#doc={folders[0].name}" if symbol else ""
        report.announce(f"{address}\nCtrl-C ends it.", {"address": address})
        if not no_open:
            click.launch(address)

    try:
        server.serve(desk.project.root, host, port, processes, opened)
    except OSError as error:
        message = f"cannot answer at {host}, port {port}: {(error.strerror or str(error)).lower()}"
        raise click.UsageError(message) from None


@main.command("verify")
@click.argument("files", nargs=-1, required=True, type=_FILE, metavar="FILE...")
@_command(needs_project=True)
def verify_files(report: _Report, files: Sequence[Path], root: Path | None) -> None:
    """Build finished files again from the sources that they carry, and say whether they come out the same."""
    from publish.desk import verify  # noqa: PLC0415

    project = _project(root)
    done = []
    for path in files:
        try:
            done.append(verify.verify(project, path.absolute()))
        except Rejected as rejected:
            report.findings += rejected.findings
            continue
        report.findings += verify.told(done[-1])
        if done[-1].same:
            report.say(f"{path.name}: the same")
    report.result["files"] = [asdict(one) for one in done]


@main.command()
@_SYMBOLS
@_command(needs_project=True)
def status(report: _Report, symbols: Sequence[str], root: Path | None) -> None:
    """Show how far each language is: missing, stale, unofficial or final; of one resolution by paragraph."""
    from publish.desk import press, proofread  # noqa: PLC0415

    desk = press.Desk(_project(root))
    states = [proofread.status(desk, folder) for folder in _folders(desk, symbols)]
    report.result = {"resolutions": [asdict(one) for one in states]}
    codes = list(dict.fromkeys(code for one in states for code in one.languages))
    if len(states) == 1:
        rows = [(states[0].symbol, states[0].languages), *states[0].texts.items()]
    else:
        rows = [(one.symbol, one.languages) for one in states]
    _table(report, rows, codes, 10)


def _house(desk: Desk, crew: Crew) -> House:
    """Open the register and the place of issued documents."""
    from publish.issue import register, settle, store  # noqa: PLC0415

    project = desk.project
    return settle.House(
        desk, register.Register(project.register), store.store(project.settings.issued, project.root), crew
    )


def _moment(words: str | None) -> datetime.datetime:
    """Read a moment with its zone, or ask the clock."""
    if words is None:
        return _now()
    try:
        moment = datetime.datetime.fromisoformat(words)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        message = f"'{words}' is no moment with its zone, as 2026-12-01T10:00:00-05:00 is"
        raise click.BadParameter(message)
    return moment


@main.command()
@_SYMBOLS
@click.option("--dry-run", is_flag=True, help="Do everything but issue.")
@click.option("--at", metavar="MOMENT", help="With --dry-run: as if it were then, as 2026-12-01T10:00:00-05:00.")
@click.option("--reason", default="", metavar="WORDS", help="Why a document that was issued is issued again.")
@_WORKERS
@_CLUSTER
@_command(needs_project=True)
def issue(
    report: _Report,
    symbols: Sequence[str],
    dry_run: bool,
    at: str | None,
    reason: str,
    workers: int | None,
    cluster: str | None,
    root: Path | None,
) -> None:
    """Issue what is due: in all languages at once, not before its moment, and once.

    Without a SYMBOL everything whose 'release' has come is issued. One document that is not sound in one language is
    held back in all of them, and no other.
    """
    if at and not dry_run:
        message = "--at is for --dry-run; what is issued is issued now"
        raise click.UsageError(message)
    if reason and len(symbols) != 1:
        message = "a reason is that of one document; name it"
        raise click.UsageError(message)
    from publish.desk import press  # noqa: PLC0415
    from publish.issue import issue as issuing  # noqa: PLC0415
    from publish.issue import webhook  # noqa: PLC0415

    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    now = _moment(at)
    desk = press.Desk(_project(root))
    folders = _folders(desk, symbols) if symbols else press.resolutions(desk.project)
    house = _house(desk, _crew(workers, cluster))
    ask = issuing.Ask(bool(symbols), reason, dry_run)
    run = issuing.issue(house, folders, now, ask)
    if not dry_run:
        run.findings += webhook.deliver(house.register, now, os.environ.get(webhook.SECRET, ""))
    report.findings += run.findings
    report.result = {
        "issued": [_entry(one) for one in run.issued],
        "finished": [_entry(one) for one in run.finished],
        "held": run.held,
        "busy": run.busy,
        "waiting": run.waiting,
        "dry_run": dry_run,
    }
    for one in run.finished:
        report.say(f"finished {one.symbol}, which an earlier run had begun")
    for one in run.issued:
        report.say(f"{'would issue' if dry_run else 'issued'} {one.symbol} ({', '.join(sorted(one.titles))})")
    for symbol in run.held:
        report.say(f"held back {symbol}")
    for symbol in run.busy:
        report.say(f"left {symbol} to another run, which is at work on it")
    count = f"{len(run.issued)} {'to issue' if dry_run else 'issued'}"
    report.say(f"{count}, {len(run.held)} held back, {run.waiting} not due yet")


def _entry(one: Issue) -> dict[str, Any]:
    from publish.issue import manifest  # noqa: PLC0415

    return dict(json.loads(manifest.write(one)))


@main.command()
@click.option("--list", "listing", is_flag=True, help="Show what is to be issued and when, and end.")
@click.option("--port", type=click.IntRange(0, 65535), default=8057, show_default=True, help="Where to answer; 0: any.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Which address of this machine answers.")
@_WORKERS
@_command(needs_project=True)
def schedule(report: _Report, listing: bool, port: int, host: str, workers: int | None, root: Path | None) -> None:
    """Stay, and issue each document when its moment comes, as 'publish issue' would.

    /ready, /status and /metrics tell how it fares. SIGHUP asks for a run, SIGTERM and Ctrl-C end it when the document
    that is being placed stands in its place.
    """
    from publish.desk import press  # noqa: PLC0415
    from publish.issue import health  # noqa: PLC0415
    from publish.issue import schedule as scheduling  # noqa: PLC0415

    project = _project(root)
    if listing:
        _releases(report, project)
        return
    told = health.Health(_now, scheduling.EVERY)
    crew = press.Processes(workers or 0, apart=True)
    resident = scheduling.Resident(
        lambda: _house(press.Desk(_project(project.root)), crew),
        _now,
        told,
        lambda outcome: _log(outcome, as_json=report.as_json),
    )
    try:
        with health.served(told, host, port) as address:
            report.announce(f"{address}/status\nCtrl-C ends it.", {"address": address})
            resident.serve()
    except OSError as error:
        message = f"cannot answer at {host}, port {port}: {(error.strerror or str(error)).lower()}"
        raise click.UsageError(message) from None


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)


def _releases(report: _Report, project: Project) -> None:
    """Show what is to be issued, the next first, each in UTC and as the clocks here say."""
    from publish.desk import press  # noqa: PLC0415
    from publish.issue import schedule as scheduling  # noqa: PLC0415

    house = _house(press.Desk(project), press.Processes())
    found, findings = scheduling.releases(house, _now())
    report.findings += findings
    report.result["releases"] = [
        asdict(one) | {"moment": one.moment.astimezone(datetime.UTC).isoformat(), "local": _local(one.moment)}
        for one in found
    ]
    width = max((len(one.symbol) for one in found), default=0)
    for one in found:
        languages = f"lacks {' '.join(one.missing)}" if one.missing else " ".join(one.languages)
        moment = one.moment.astimezone(datetime.UTC)
        due = "; due, and not issued" if one.due else ""
        report.say(f"{one.symbol:{width}}  {moment:%Y-%m-%d %H:%M:%S}Z  {_local(one.moment)}  {languages}{due}")
    if not found:
        report.say("nothing waits for its moment")


def _local(moment: datetime.datetime) -> str:
    return moment.astimezone().isoformat(sep=" ")


def _log(outcome: Outcome, *, as_json: bool) -> None:
    """Write one line of a run, as words or as a JSON object."""
    if as_json:
        data = outcome.data() | {"issued": outcome.issued, "finished": outcome.finished}
        click.echo(json.dumps(data, ensure_ascii=False), err=True)
        return
    counts = [f"{count} {what}" for count, what in ((outcome.held, "held back"), (outcome.busy, "busy")) if count]
    parts = [
        f"failed, {outcome.failed}" if outcome.failed else "",
        f"finished {', '.join(outcome.finished)}" if outcome.finished else "",
        f"issued {', '.join(outcome.issued)}" if outcome.issued else "issued nothing",
        *counts,
        f"{outcome.waiting} not due yet",
        f"findings {', '.join(f'{code}: {count}' for code, count in outcome.findings.items())}"
        if outcome.findings
        else "",
        f"{outcome.undelivered} notices undelivered" if outcome.undelivered else "",
        "stopped" if outcome.stopped else "",
        f"next {outcome.next.astimezone(datetime.UTC):%Y-%m-%d %H:%M:%S}Z" if outcome.next else "",
        f"{outcome.seconds:.1f} s",
    ]
    click.echo(f"{outcome.began:%Y-%m-%d %H:%M:%S}Z {'; '.join(part for part in parts if part)}", err=True)


@main.group()
def register() -> None:
    """Look into the register of what was issued, prove it, and give it away."""


_SINCE = click.option("--since", metavar="MOMENT", help="Only what was issued from then on.")
_UNTIL = click.option("--until", metavar="MOMENT", help="Only what was issued before.")
_KIND = click.option("--kind", type=click.Choice(["first", "reissue", "corrigendum", "revision"]), help="Only these.")
_LANGUAGE = click.option("-l", "--language", metavar="CODE", help="Only what was issued in this language.")
_WANTED = click.argument("symbols", nargs=-1, metavar="[SYMBOL]...")


def _filtered(*options: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda function: functools.reduce(lambda inner, option: option(inner), reversed(options), function)


_FILTERS = _filtered(_WANTED, _SINCE, _UNTIL, _KIND, _LANGUAGE)


def _entries(root: Path | None, symbols: Sequence[str], filters: dict[str, Any]) -> list[Issue]:
    from publish.desk import press  # noqa: PLC0415

    for key in ("since", "until"):
        filters[key] = _moment(filters[key]) if filters[key] else None
    house = _house(press.Desk(_project(root)), press.Processes())
    return house.register.issues(symbols, **filters)


@register.command("list")
@_FILTERS
@_command(needs_project=True)
def list_(report: _Report, symbols: Sequence[str], root: Path | None, **filters: Any) -> None:
    """Show what was issued, in the order of issue."""
    entries = _entries(root, symbols, filters)
    report.result = {"issues": [_entry(one) for one in entries]}
    width = max((len(one.symbol) for one in entries), default=0)
    for one in entries:
        mark = "*" * one.serial
        languages = " ".join(sorted(one.titles))
        report.say(f"{one.symbol + mark:{width + 3}} {one.issued:%Y-%m-%d %H:%M}Z {one.kind:11} {languages}")


@register.command()
@_FILTERS
@click.option("--form", type=click.Choice(["json", "csv"]), default="json", show_default=True, help="The form.")
@click.option("-o", "--output", "to", type=_FILE, help="Write here, not to the terminal.")
@_command(needs_project=True)
def export(
    report: _Report, symbols: Sequence[str], root: Path | None, form: str, to: Path | None, **filters: Any
) -> None:
    """Give the register as JSON, an entry a document, or as CSV, a row a file."""
    from publish.desk import output  # noqa: PLC0415

    entries = [_entry(one) for one in _entries(root, symbols, filters)]
    words = _csv(entries) if form == "csv" else json.dumps({"issues": entries}, ensure_ascii=False, indent=1) + "\n"
    if to:
        output.replace(to, words.encode())
    report.result = {"issues": len(entries)} if to else {"export": words}
    report.say(f"{len(entries)} in {to}" if to else words.rstrip())


_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # the last four are as wide as ideographs


def _csv(entries: Sequence[dict[str, Any]]) -> str:
    import csv  # noqa: PLC0415
    import io  # noqa: PLC0415

    own = ["symbol", "serial", "name", "kind", "corrects", "reason", "release", "issued", "fingerprint"]
    of_files = ["language", "file", "title", "pages", "bytes", "sha256"]
    words = io.StringIO()
    rows = csv.DictWriter(words, own + of_files, extrasaction="ignore")
    rows.writeheader()
    for entry in entries:
        for file in entry["files"]:
            row = entry | file | {"name": entry["name"], "file": file["name"]}
            # a spreadsheet takes a text that begins so for a formula
            rows.writerow({key: f"'{one}" if str(one).startswith(_FORMULA) else one for key, one in row.items()})
    return words.getvalue()


@register.command()
@_command(needs_project=True)
def verify(report: _Report, root: Path | None) -> None:
    """Prove that every issued file still is what it was."""
    from publish.desk import press  # noqa: PLC0415
    from publish.issue import settle  # noqa: PLC0415

    house = _house(press.Desk(_project(root)), press.Processes())
    report.findings += settle.verify(house)
    entries = house.register.issues()
    files = sum(len(one.files) for one in entries)
    report.result = {"documents": len(entries), "files": files}
    report.say(f"{_counted(len(entries), 'document')}, {_counted(files, 'file')} looked at")


@register.command()
@_command(needs_project=True)
def restore(report: _Report, root: Path | None) -> None:
    """Enter what stands among the issued documents and the register does not know, as after its loss."""
    from publish.desk import press  # noqa: PLC0415
    from publish.issue import settle  # noqa: PLC0415

    house = _house(press.Desk(_project(root)), press.Processes())
    entries = [*settle.recover(house, _moment(None)), *settle.restore(house)]
    report.result = {"restored": [one.symbol for one in entries]}
    report.say(f"{_counted(len(entries), 'document')} entered")


@main.command()
@click.option("--clear", is_flag=True, help="Let everything go.")
@_command(needs_project=False)
def cache(report: _Report, *, clear: bool) -> None:
    """Show what is kept so that nothing is typeset twice; PUBLISH_CACHE names another folder for it."""
    from publish.desk import cache as caches  # noqa: PLC0415

    kept = caches.cache()
    if clear:
        kept.clear()
    usage = kept.usage()
    report.result = {"folder": kept.folder, "entries": usage.entries, "bytes": usage.bytes, "limit": kept.limit}
    entries = f"{usage.entries} entr{'y' if usage.entries == 1 else 'ies'}"
    report.say(f"{kept.folder}: {entries}, {usage.bytes / 1e6:.1f} of {kept.limit / 1e6:.0f} MB")


@main.command()
@click.argument("symbol", metavar="SYMBOL")
@_command(needs_project=True)
def new(report: _Report, symbol: str, root: Path | None) -> None:
    """Begin the source of a resolution, which builds as it stands."""
    from publish.desk import press, starter  # noqa: PLC0415
    from publish.text import symbol as symbols  # noqa: PLC0415

    try:
        parsed = symbols.parse(symbol)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="SYMBOL") from None
    if parsed.organ != "A":
        message = f"'{parsed}' is not a resolution of the General Assembly, as A/RES/80/1 is"
        raise click.BadParameter(message, param_hint="SYMBOL")
    if parsed.reissue or not 1 <= int(parsed.session.rpartition("-")[2] or 0) <= 120:
        message = f"'{parsed}' cannot be begun: write it without an asterisk, in a session from 1 to 120"
        raise click.BadParameter(message, param_hint="SYMBOL")
    desk = press.Desk(_project(root))
    settings = desk.project.settings
    spoken = {code: desk.language(code, settings.edition) for code in desk.house.languages}
    today = datetime.datetime.now().astimezone().date()
    try:
        files = starter.resolution(desk.project.resolutions, parsed, spoken, today)
    except FileExistsError as error:
        message = f"{error} exists already"
        raise click.UsageError(message) from None
    report.result = {"files": files}
    for file in files:
        report.say(str(file))


@main.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), metavar="DIR")
@_command(needs_project=False)
def init(report: _Report, folder: Path) -> None:
    """Make a project of your own: settings, a first source, folders for layouts, locales and fonts."""
    from publish import project  # noqa: PLC0415
    from publish.desk import press, starter  # noqa: PLC0415
    from publish.text import symbol as symbols  # noqa: PLC0415

    folder = folder.resolve()
    desk = press.Desk(project.Project(folder, project.Settings()))
    spoken = {code: desk.language(code, desk.project.settings.edition) for code in desk.house.languages}
    today = datetime.datetime.now().astimezone().date()
    try:
        starter.project(folder, spoken)
        starter.resolution(desk.project.resolutions, symbols.parse("A/RES/80/1"), spoken, today)
    except FileExistsError as error:
        message = f"{error} exists already"
        raise click.UsageError(message) from None
    report.result = {"project": folder}
    report.say(f"made {folder}; 'publish build' there writes its first PDFs")


@main.command()
@click.option("--fix", is_flag=True, help="Prepare the fonts.")
@_command(needs_project=True)
def doctor(report: _Report, *, fix: bool, root: Path | None) -> None:
    """Look whether this machine can typeset: libraries, fonts, locales; with the fix for each fault."""
    from publish import project  # noqa: PLC0415
    from publish.desk import press  # noqa: PLC0415
    from publish.paper import fonts, typeset  # noqa: PLC0415

    folder = project.SHIPPED / "fonts"
    if fix:
        report.findings += fonts.prepare(folder, os.cpu_count() or 1)
    root = root or project.find_root(Path.cwd())
    own = project.load(root) if root else project.Project(Path.cwd(), project.Settings())
    checks: list[tuple[str, Callable[[], Iterable[Finding]]]] = [
        ("system libraries", typeset.missing_libraries),
        ("fonts", lambda: fonts.audit(folder)),
        ("locales and settings", lambda: press.examine(press.Desk(own))),
    ]
    for name, examine in checks:
        found = list(examine())
        report.findings += found
        errors = any(one.severity == "error" for one in found)
        report.say(f"{'FAULT' if errors else 'ok':6}{name}")
    report.result = {"sound": not any(one.severity == "error" for one in report.findings)}


@main.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print the script that completes commands in a shell: eval "$(publish completion bash)"."""
    kind = get_completion_class(shell)
    assert kind is not None
    click.echo(kind(main, {}, "publish", "_PUBLISH_COMPLETE").source())
