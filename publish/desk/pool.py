"""Processes that typeset for the preview: warm, out of the server's way, and stopped when their work is out of date.

Of several requests for the same document in the same language only the newest counts: one that waits gives way, and one
that takes too long is killed with its process.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from publish.desk.press import Style, Worker, context
from publish.finding import Finding, Rejected
from publish.paper import compose
from publish.paper.read_pdf import Picture, pictures, read
from publish.project import load

if TYPE_CHECKING:
    from collections.abc import Collection, Coroutine
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess
    from pathlib import Path

    from publish.text.resolution import Resolution

PATIENCE = 0.6  # seconds that outdated work may take before its process is killed
SCALE = 1.6  # dots to a point


@dataclass(frozen=True)
class Order:
    """What to typeset. state is that of settings, locales and layouts: with another one a process reads them anew."""

    root: Path
    state: str
    found: Resolution
    code: str
    style: Style
    known: Collection[str]


@dataclass(frozen=True)
class Typeset:
    """A document typeset: its PDF, its pages as pictures, their runs of type with their edges, and its typefaces."""

    data: bytes
    pages: tuple[Picture, ...]
    runs: tuple[tuple[tuple[str, float, float, float, float], ...], ...]
    faces: tuple[str, ...]


class Outdated(Exception):
    """The work was given up, as there is newer work."""


@dataclass(eq=False)
class _Job:
    key: tuple[str, str, Style]
    order: Order
    done: asyncio.Future[Typeset]
    process: _Process | None = None
    began: float = 0.0


@dataclass(eq=False)
class _Process:
    process: BaseProcess
    connection: Connection
    job: _Job | None = None
    stopped: bool = field(default=False)


class Pool:
    """Some processes, each with a press of its own. To be used within one event loop."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.processes: list[_Process] = []
        self.waiting: list[_Job] = []
        self.tasks: set[asyncio.Task[None]] = set()

    def start(self) -> None:
        """Start the processes, which get warm by themselves."""
        self.processes = [_started() for _ in range(self.count)]

    def stop(self) -> None:
        """Kill the processes."""
        for one in self.processes:
            one.stopped = True
            one.process.kill()
        for job in self.waiting:
            job.done.cancel()

    async def typeset(self, order: Order) -> Typeset:
        """Typeset a document. Raises Rejected with what is wrong, Outdated where newer work took its place."""
        key = (str(order.found.folder), order.code, order.style)
        for job in [job for job in self.waiting if job.key == key]:
            self.waiting.remove(job)
            _fail(job, Outdated())
        for one in self.processes:
            if one.job and one.job.key == key:
                self.later(self.give_up(one, one.job))
        job = _Job(key, order, asyncio.get_running_loop().create_future())
        self.waiting.append(job)
        self.assign()
        return await job.done

    def later(self, work: Coroutine[Any, Any, None]) -> None:
        """Let some work go on by itself."""
        task = asyncio.get_running_loop().create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def give_up(self, one: _Process, job: _Job) -> None:
        """Kill a process that is still at outdated work when it should be done."""
        await asyncio.sleep(max(0.0, PATIENCE - (time.monotonic() - job.began)))
        if one.job is job and not job.done.done():
            one.process.kill()

    def assign(self) -> None:
        """Give waiting work to idle processes."""
        for one in [*self.processes]:
            if one.job is None and self.waiting:
                able = one if one.process.is_alive() else self.another(one)
                able.job = self.waiting.pop(0)
                able.job.began = time.monotonic()
                self.later(self.run(able, able.job))

    def another(self, dead: _Process) -> _Process:
        """Start a process in the place of one that has died."""
        new = self.processes[self.processes.index(dead)] = _started()
        dead.connection.close()
        return new

    async def run(self, one: _Process, job: _Job) -> None:
        """Let a process do its job, and take another in its place where it dies."""
        try:
            answer = await asyncio.to_thread(_asked, one.connection, job.order)
        except (EOFError, OSError):
            if one.stopped:
                return
            self.another(one)
            newer = any(other.key == job.key for other in self.waiting) or time.monotonic() - job.began > PATIENCE
            died = Rejected([Finding("T07", "a worker process died", hint="save the file again")])
            _fail(job, Outdated() if newer else died)
        else:
            one.job = None
            if isinstance(answer, Exception):
                _fail(job, answer)
            elif not job.done.done():
                job.done.set_result(answer)
        self.assign()


def _fail(job: _Job, error: Exception) -> None:
    if not job.done.done():
        job.done.set_exception(error)


def _asked(connection: Connection, order: Order) -> Typeset | Exception:
    connection.send(order)
    answer: Typeset | Exception = connection.recv()
    return answer


def _started() -> _Process:
    mine, theirs = context().Pipe()
    process = context().Process(target=_serve, args=(theirs,), daemon=True)  # type: ignore[attr-defined]
    process.start()
    theirs.close()
    return _Process(process, mine)


def _serve(connection: Connection) -> None:
    """Answer orders for as long as there are any."""
    worker: Worker | None = None
    state = ""
    while True:
        try:
            order: Order = connection.recv()
        except (EOFError, KeyboardInterrupt):
            return
        try:
            if worker is None:
                worker, state = Worker(load(order.root)), order.state
            elif state != order.state:
                worker.renew(load(order.root))
                forget()
                state = order.state
            connection.send(_typeset(worker, order))
        except Rejected as rejected:
            connection.send(rejected)
        except Exception as error:  # noqa: BLE001  # whatever it is, the process lives on
            message = f"typesetting fails: {type(error).__name__}: {error}"
            connection.send(Rejected([Finding("T07", message)]))


def forget() -> None:
    """Forget what was found in layouts: a template of one's own may have come before a shipped one, or a paper."""
    compose._environment.cache_clear()
    compose._size.cache_clear()


def _typeset(worker: Worker, order: Order) -> Typeset:
    pdf = worker.typeset(order.found, order.code, order.style)
    contents = read(pdf.data)
    runs = tuple(
        tuple((one.text, one.left, one.bottom, one.right, one.top) for one in page.glyphs if one.text.strip())
        for page in contents.pages
    )
    faces = tuple(name.partition("+")[2] for name in contents.embedded)
    return Typeset(pdf.data, tuple(pictures(pdf.data, SCALE, order.known)), runs, faces)
