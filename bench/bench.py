"""Ours beside others on the same documents, in turn, so that a noisy machine is noisy for all.

    python bench/bench.py [full|quick]

Each figure is a median of some rounds, and only ratios within one run mean anything. `full` writes its table and its
chart into docs/performance.md; `quick` takes less than a minute and prints three ratios last. Others are measured where
they are installed: Typst in bench/requirements.lock, Chromium among the packages for the tests, XeLaTeX by hand.
"""

from __future__ import annotations

import asyncio
import compileall
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from documents import EVERY, ROOT, SAMPLE, project, written

from publish.paper import fonts
from publish.project import SHIPPED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

HERE = Path(__file__).parent
PUBLISH = Path(sys.executable).with_name("publish")
STOCK = Path(sys.executable).with_name("weasyprint")
CHROMIUM = "/usr/bin/chromium"
BARE = ["--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer"]
THREE = ("en", "zh", "ar")  # the languages of a batch
PAGE = ROOT / "docs" / "performance.md"
CHART = ROOT / "docs" / "images" / "performance.svg"
FACES = str(fonts.prepared(SHIPPED / "fonts"))
SEEN = str(fonts.configure(SHIPPED / "fonts", None))


@dataclass
class Contest:
    """Ways to do the same work: the seconds of each round, and the most memory of all their processes, in MB."""

    ways: dict[str, Callable[[], None]]
    seconds: dict[str, list[float]] = field(default_factory=dict)
    memory: dict[str, float] = field(default_factory=dict)

    def run(self, rounds: int) -> Contest:
        """Let each way work once a round."""
        for _ in range(rounds):
            for name, work in self.ways.items():
                with _watched() as memory:
                    began = time.perf_counter()
                    work()
                    self.seconds.setdefault(name, []).append(time.perf_counter() - began)
                self.memory[name] = max(self.memory.get(name, 0), *memory)
        return self

    def median(self, name: str) -> float:
        """Give the median of a way's seconds."""
        return statistics.median(self.seconds[name])

    def ratio(self, name: str, other: str) -> float:
        """Give the median of the ratios of two ways within a round."""
        return statistics.median(a / b for a, b in zip(self.seconds[name], self.seconds[other], strict=True))


@contextmanager
def _watched() -> Iterator[list[float]]:
    """Look at the memory of all processes below this one, ten times a second; gives each sum in MB."""
    found, done = [0.0], threading.Event()

    def watch() -> None:
        while not done.wait(0.1):
            found.append(sum(_resident(one) for one in _below(os.getpid())))

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield found
    finally:
        done.set()
        thread.join()


def _below(process: int) -> set[int]:
    try:
        words = " ".join(one.read_text() for one in Path(f"/proc/{process}/task").glob("*/children"))
    except OSError:
        return set()
    own = set(map(int, words.split()))
    return own.union(*map(_below, own))


def _resident(process: int) -> float:
    """Give the memory of a process, in MB, what it shares counted by its share."""
    try:
        return (
            int(re.findall(r"^Pss:\s+(\d+)", Path(f"/proc/{process}/smaps_rollup").read_text(), re.MULTILINE)[0]) / 1000
        )
    except (OSError, IndexError):
        return 0


def _run(*command: object, **settings: str) -> None:
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    subprocess.run(list(map(str, command)), check=True, capture_output=True, env=environment | settings)


def _processes(commands: Sequence[Sequence[object]]) -> None:
    """Run commands, two at a time."""
    left = iter(commands)

    def work() -> None:
        for command in left:
            _run(*command)

    threads = [threading.Thread(target=work) for _ in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()


# ---- First-time PDFs, and the same again


def batch(folder: Path, count: int, rounds: int, *, others: bool) -> Contest:
    """Make the PDFs of so many variants in three languages."""
    project(folder / "p", count, THREE)
    names = written(folder / "p", folder / "in", "typ")
    files = [(folder / "in" / f"{one}.typ", folder / "out" / f"{one}.pdf") for one in names]
    (folder / "out").mkdir()
    build = (PUBLISH, "build", "--root", folder / "p", "-j", "2")
    cache = {"PUBLISH_CACHE": str(folder / "cache")}

    def first() -> None:
        shutil.rmtree(folder / "cache", ignore_errors=True)
        shutil.rmtree(folder / "p" / "output", ignore_errors=True)
        _run(*build, **cache)

    ways: dict[str, Callable[[], None]] = {"publish build": first, "again": lambda: _run(*build, **cache)}
    if _has_typst():
        ways["Typst, a process each"] = lambda: _processes(
            [(sys.executable, HERE / "compile.py", FACES, *one) for one in files]
        )
        ways["Typst, a pool"] = lambda: _run(
            sys.executable, HERE / "compile.py", FACES, *(path for one in files for path in one)
        )
    if not others:
        return Contest(ways).run(rounds)
    _run(*build, "--form", "html", "-o", folder / "html", **cache)
    pages = sorted((folder / "html").rglob("*.html"))
    ways["Chromium, four tabs"] = lambda: asyncio.run(_tabs(pages, folder / "out"))
    if shutil.which("xelatex"):
        written(folder / "p", folder / "tex", "tex")
        options = ("-interaction=batchmode", f"-output-directory={folder / 'out'}")
        ways["XeLaTeX, a process each"] = lambda: _processes(
            [("xelatex", *options, folder / "tex" / f"{one}.tex") for one in names]
        )
    return Contest(ways).run(rounds)


def _has_typst() -> bool:
    return subprocess.run([sys.executable, "-c", "import typst"], capture_output=True, check=False).returncode == 0


async def _tabs(pages: Sequence[Path], to: Path) -> None:
    from playwright.async_api import async_playwright

    left = iter(pages)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])

        async def tab() -> None:
            page = await browser.new_page()
            for one in left:
                await page.goto(one.as_uri())
                await page.pdf(path=to / f"{one.stem}-chromium.pdf", prefer_css_page_size=True, tagged=True)

        await asyncio.gather(*(tab() for _ in range(4)))
        await browser.close()


# ---- One document in a fresh process


def cold(folder: Path, rounds: int, *, others: bool) -> Contest:
    """Make one English document."""
    project(folder / "p", 1, ("en",))
    written(folder / "p", folder / "in", "typ")
    (name,) = written(folder / "p", folder / "in", "tex")
    html, sheets = _composed(folder / "p", "en")
    (folder / "in.html").write_text(html, "utf-8")
    options = [word for one in sheets for word in ("-s", one)]
    number = iter(range(1_000_000))

    def ours() -> None:
        cache = {"PUBLISH_CACHE": str(folder / f"cache{next(number)}")}
        shutil.rmtree(folder / "p" / "output", ignore_errors=True)
        _run(PUBLISH, "build", "--root", folder / "p", "-l", "en", **cache)

    ways: dict[str, Callable[[], None]] = {
        "publish build": ours,
        "WeasyPrint's command": lambda: _run(
            STOCK, "--pdf-tags", *options, folder / "in.html", folder / "out.pdf", FONTCONFIG_FILE=SEEN
        ),
    }
    if others and _has_typst():
        ways["Typst"] = lambda: _run(
            sys.executable, HERE / "compile.py", FACES, folder / "in" / f"{name}.typ", folder / "out.pdf"
        )
    if others and shutil.which("xelatex"):
        tex = ("xelatex", "-interaction=batchmode", f"-output-directory={folder}")
        ways["XeLaTeX"] = lambda: _run(*tex, folder / "in" / f"{name}.tex")
    if others:
        ways["Chromium"] = lambda: _run(
            CHROMIUM, *BARE, f"--print-to-pdf={folder / 'out.pdf'}", (folder / "in.html").as_uri()
        )
    return Contest(ways).run(rounds)


def _composed(root: Path, code: str) -> tuple[str, tuple[Path, ...]]:
    from publish import project as projects
    from publish.desk import press
    from publish.paper import compose

    desk = press.Desk(projects.load(root))
    found, _ = press.load(desk, press.resolutions(desk.project)[0])
    proof = compose.compose(found, desk.language(code, found.facts.edition), desk.project)
    return proof.html, proof.stylesheets


# ---- One document, warm


def warm(rounds: int, languages: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Typeset A/RES/56/149 in three processes in turn; gives milliseconds, ratios to stock and bytes by language."""
    pair = {kind: _Served(kind) for kind in ("typeset", "whole", "stock")}
    found: dict[str, dict[str, Any]] = {}
    for code in languages:
        times: dict[str, list[float]] = {kind: [] for kind in pair}
        sizes = {}
        for number in range(rounds + 2):
            for kind, process in pair.items():
                spent, sizes[kind] = process.ask(code)
                if number > 1:
                    times[kind].append(spent)
        medians = {kind: statistics.median(times[kind]) for kind in pair}
        ratios = {
            kind: statistics.median(a / b for a, b in zip(times[kind], times["stock"], strict=True)) for kind in pair
        }
        found[code] = {"ms": medians, "ratios": ratios, "bytes": sizes}
    for process in pair.values():
        process.close()
    return found


class _Served:
    """A process that typesets a document again and again."""

    def __init__(self, kind: str, folder: Path = SAMPLE) -> None:
        command = [sys.executable, HERE / "warm.py", kind, folder]
        pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
        self.process = subprocess.Popen(command, text=True, **pipes)

    def ask(self, code: str) -> tuple[float, int]:
        """Give the milliseconds of a PDF, and its bytes."""
        assert self.process.stdin
        assert self.process.stdout
        print(code, file=self.process.stdin, flush=True)
        spent, size = json.loads(self.process.stdout.readline())
        return spent, size

    def close(self) -> None:
        """End the process."""
        self.process.communicate()


def long(folder: Path, rounds: int) -> tuple[float, float, int]:
    """Typeset a document of two pages and one of sixty in turn; gives the milliseconds of both, and the pages."""
    project(folder / "short", 1, ("en",))
    project(folder / "long", 1, ("en",), times=108)
    pair = [_Served("whole", folder / one / "resolutions" / "A_RES_56_1") for one in ("short", "long")]
    times: list[list[float]] = [[], []]
    for number in range(rounds + 1):
        for one, process in zip(times, pair, strict=True):
            spent, _ = process.ask("en")
            if number:
                one.append(spent)
    for process in pair:
        process.close()
    _run(PUBLISH, "build", "--root", folder / "long", PUBLISH_CACHE=str(folder / "cache"))
    (pdf,) = (folder / "long" / "output").rglob("*.pdf")
    told = subprocess.check_output(["pdfinfo", pdf], text=True)
    return statistics.median(times[0]), statistics.median(times[1]), int(re.findall(r"Pages:\s+(\d+)", told)[0])


# ---- Commands, and a large house


def commands(folder: Path, rounds: int) -> Contest:
    """Run the commands that typeset nothing."""
    project(folder / "p", 1)
    number = iter(range(1_000_000))
    return Contest(
        {
            "python": lambda: _run(sys.executable, "-c", "pass"),
            "publish --help": lambda: _run(PUBLISH, "--help"),
            "publish new": lambda: _run(PUBLISH, "new", f"A/RES/57/{next(number) + 1}", "--root", folder / "p"),
            "publish check": lambda: _run(PUBLISH, "check", "--root", folder / "p", "A/RES/56/1"),
        }
    ).run(rounds)


@dataclass
class Archive:
    """A house of many resolutions in six languages: seconds, and the memory of its processes, in MB."""

    pdfs: int
    first: float
    again: float
    changed: float
    early: float
    late: float


def archive(folder: Path, count: int, rounds: int) -> Archive:
    """Build so many resolutions in six languages, then again, then with one word changed in one of them."""
    project(folder / "p", count)
    build = [PUBLISH, "build", "--root", folder / "p", "-j", "2"]
    environment = os.environ | {"PUBLISH_CACHE": str(folder / "cache")}
    began, seen = time.perf_counter(), []
    with subprocess.Popen([*map(str, build)], stdout=subprocess.PIPE, text=True, env=environment) as running:
        assert running.stdout
        for done, _ in enumerate(running.stdout, 1):
            if done % 100 == 0:
                seen.append(max(map(_resident, _below(running.pid)), default=0))
    first = time.perf_counter() - began
    again, changed = [], []
    for number in range(rounds):
        began = time.perf_counter()
        _run(*build, PUBLISH_CACHE=environment["PUBLISH_CACHE"])
        again.append(time.perf_counter() - began)
        path = folder / "p" / "resolutions" / f"A_RES_56_{count // 2}" / "fr.yaml"
        path.write_text(path.read_text("utf-8").replace("progrès", f"progrès{number}", 1), "utf-8")
        began = time.perf_counter()
        _run(*build, PUBLISH_CACHE=environment["PUBLISH_CACHE"])
        changed.append(time.perf_counter() - began)
    return Archive(
        count * 6, first, statistics.median(again), statistics.median(changed), seen[0], max(seen[1:] or seen)
    )


# ---- What is printed


def quick() -> None:
    """Print three ratios."""
    with tempfile.TemporaryDirectory() as name:
        found = batch(Path(name), 6, 2, others=False)
    for way in found.ways:
        print(f"18 PDFs, {way:24}{found.median(way):8.2f} s")
    each = warm(3, THREE)
    typeset, whole = (_mean(each, kind) for kind in ("typeset", "whole"))
    print(f"a warm PDF, ours to stock WeasyPrint's: {typeset:.2f} typeset, {whole:.2f} read back too")
    if "Typst, a pool" in found.ways:
        ratio = found.ratio("publish build", "Typst, a process each")
        print(f"first-time PDFs, ours to Typst's, a process each: {ratio:.2f}")
        print(f"the same again, ours to Typst's pool: {found.ratio('again', 'Typst, a pool'):.2f}")


def full() -> None:
    """Print the table, and write it with its chart into the page."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        many = batch(folder / "batch", 20, 3, others=True)
        one = cold(folder / "cold", 7, others=True)
        small = commands(folder / "commands", 9)
        short, sixty, pages = long(folder / "long", 3)
        house = archive(folder / "archive", 1000, 3)
    each = warm(15, EVERY)
    text = "\n\n".join(
        (
            _table("60 PDFs in English, Chinese and Arabic, none made before", many, "publish build"),
            _table("one English PDF in a fresh process", one, "publish build"),
            _table("commands", small, "python"),
            _beside_stock(each),
            _house(house),
            f"A document of {pages} pages takes {sixty:.0f} ms, {sixty / short:.1f} times what one of 2 pages takes.",
        )
    )
    print(text)
    page = PAGE.read_text("utf-8")
    begin, end = "<!-- figures -->\n", "<!-- end of figures -->"
    head, _, rest = page.partition(begin)
    PAGE.write_text(f"{head}{begin}\n{text}\n\n{end}{rest.partition(end)[2]}", "utf-8")
    CHART.write_text(_chart(many), "utf-8")


def _table(title: str, found: Contest, ours: str) -> str:
    lines = [f"| {title} | s | ours to it | MB |", "|---|---|---|---|"]
    for way in sorted(found.ways, key=found.median):
        ratio = "" if way == ours else f"{found.ratio(ours, way):.2f}"
        lines.append(f"| {way} | {found.median(way):.2f} | {ratio} | {found.memory[way]:.0f} |")
    return "\n".join(lines)


def _beside_stock(found: dict[str, dict[str, Any]]) -> str:
    lines = [
        "| one warm PDF | stock, ms | typeset | read back too | stock, kB | ours, kB |",
        "|---|---|---|---|---|---|",
    ]
    for code, one in found.items():
        ours = " | ".join(f"{one['ms'][kind]:.0f} ({one['ratios'][kind]:.2f})" for kind in ("typeset", "whole"))
        sizes = " | ".join(f"{one['bytes'][kind] / 1000:.0f}" for kind in ("stock", "whole"))
        lines.append(f"| {code} | {one['ms']['stock']:.0f} | {ours} | {sizes} |")
    means = " | ".join(f"({_mean(found, kind):.2f})" for kind in ("typeset", "whole"))
    return "\n".join([*lines, f"| mean ratio | | {means} | | |"])


def _mean(found: dict[str, dict[str, Any]], kind: str) -> float:
    return statistics.mean(one["ratios"][kind] for one in found.values())


def _house(found: Archive) -> str:
    return "\n".join(
        (
            f"| {found.pdfs:,} PDFs | |",
            "|---|---|",
            f"| none made before | {found.first:.0f} s |",
            f"| the same again | {found.again:.2f} s |",
            f"| one word changed in one language of one | {found.changed:.2f} s |",
            f"| most memory of a process, after 100 PDFs and then | {found.early:.0f} and {found.late:.0f} MB |",
        )
    )


def _chart(found: Contest) -> str:
    """Draw the seconds of each way as bars."""
    ways = sorted(found.ways, key=found.median)
    longest = max(map(found.median, ways))
    bars = []
    for row, way in enumerate(ways):
        length, top = 400 * found.median(way) / longest, 24 * row
        colour = "#1f6feb" if way in {"publish build", "again"} else "#9aa4b2"
        bars.append(
            f'<text x="190" y="{top + 15}" text-anchor="end">{way}</text>'
            f'<rect x="200" y="{top + 3}" width="{length:.1f}" height="16" fill="{colour}"/>'
            f'<text x="{206 + length:.1f}" y="{top + 15}">{found.median(way):.2f} s</text>'
        )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 680 {24 * len(ways)}" font-family="sans-serif" '
        f'font-size="13"><title>60 PDFs on two cores</title>{"".join(bars)}</svg>\n'
    )


if __name__ == "__main__":
    compileall.compile_dir(ROOT / "publish", quiet=1)
    quick() if sys.argv[1:] == ["quick"] else full()
