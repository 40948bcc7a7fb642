"""Issue a project's documents again and again, each time struck dead at another point, and once more to the end.

    python struck.py PROJECT WORK KIND:POINT...

A point is the number of a line of the programs that issue, or of an effect: a file opened, made, renamed or removed, a
statement or commit of the register. For each, WORK/KIND-POINT/struck is what was left, WORK/KIND-POINT/end what the
next run made of it, and end.json what that says. Point 0 strikes nothing; struck.json then says how many there
are, and how many there had been when each document was issued. Documents are not typeset, as the cache has them.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from issuing import AFTER, stock, symbols

from publish import project
from publish.desk import press
from publish.issue import issue, manifest, register, settle, store

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

LINES = ("publish/issue/", "publish/desk/output.py", "publish/desk/cache.py")
EFFECTS = {"open", "os.rename", "os.mkdir", "os.remove", "os.rmdir", "sqlite3.connect", "os.utime"}


class Strike:
    """What ends the process at a point, without a word."""

    def __init__(self, kind: str, point: int) -> None:
        self.kind = kind
        self.point = point
        self.counts = {"line": 0, "effect": 0}

    def step(self, kind: str) -> None:
        self.counts[kind] += 1
        if (kind, self.counts[kind]) == (self.kind, self.point):
            os.kill(os.getpid(), signal.SIGKILL)

    def ready(self) -> None:
        sys.addaudithook(lambda event, _: self.step("effect") if event in EFFECTS else None)
        for name in ("before_cursor_execute", "commit"):
            sa.event.listen(sa.Engine, name, lambda *_: self.step("effect"))
        fsync = os.fsync

        def counted(handle: int) -> None:
            self.step("effect")
            fsync(handle)

        os.fsync = counted
        sys.settrace(self.trace)

    def trace(self, frame: FrameType, event: str, _: Any) -> Any:
        if not any(name in frame.f_code.co_filename for name in LINES):
            return None
        if event == "line":
            self.step("line")
        return self.trace


def work(desk: press.Desk, out: Path, strike: Strike | None) -> None:
    """Issue into a folder, and say beside it what came of it."""
    if strike:
        strike.ready()
    house = settle.House(desk, register.Register(f"sqlite:///{out}/register.sqlite"), store.Folder(out), stock)
    marks: list[dict[str, int]] = []

    def done(_: str) -> None:
        marks.append(dict(strike.counts) if strike else {})

    run = issue.issue(house, press.resolutions(desk.project), AFTER, done=done)
    sys.settrace(None)
    told = {
        "issues": [manifest.write(one).decode() for one in house.register.issues()],
        "prepared": len(house.register.prepared()),
        "notices": sorted(one.id for one in house.register.undelivered(AFTER)),
        "run": {"issued": symbols(run.issued), "finished": symbols(run.finished), "held": run.held, "busy": run.busy},
        "findings": [one.message for one in run.findings],
        "counts": strike.counts if strike else {},
        "marks": marks,
    }
    out.with_suffix(".json").write_text(json.dumps(told), encoding="utf-8")


def apart(function: Callable[..., None], *values: Any) -> int:
    """Do something in a process of its own; gives how it ended."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            function(*values)
            code = 0
        finally:
            sys.stdout.flush()
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def main(root: Path, folder: Path, points: list[str]) -> None:
    desk = press.Desk(project.load(root))
    list(press.examine(desk))  # so that every process has read the locales
    for words in points:
        kind, _, point = words.partition(":")
        own = folder / f"{kind}-{point}"
        own.mkdir(parents=True)
        struck = apart(work, desk, own / "struck", Strike(kind, int(point)))
        shutil.copytree(own / "struck", own / "end")
        ended = apart(work, desk, own / "end", None)
        sys.stdout.write(json.dumps([words, struck, ended]) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:])
