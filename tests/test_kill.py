"""Issuing that is struck: by a killed process, by lost power, by a full disk, by a register that is lost."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from conftest import ROOT
from issuing import AFTER, codes, document, files, house, issuing, make, stock, symbols, whole

from publish import project
from publish.desk import press
from publish.issue import manifest, register, settle, store

if TYPE_CHECKING:
    from collections.abc import Iterator

SYMBOLS = ("A/RES/80/1", "A/RES/80/2", "A/RES/80/3")
HOOK = "webhooks: ['http://127.0.0.1:9/x']\nbase_address: https://a.example.org/\n"


def names(*wanted: str) -> list[str]:
    return [symbol.replace("/", "_") for symbol in wanted]


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with three documents that are due, of which the second was built before."""
    folder = make(tmp_path_factory.mktemp("struck"), *SYMBOLS, settings=HOOK)
    desk = press.Desk(project.load(folder))
    press.build(desk, press.resolutions(desk.project), to=folder / "built", crew=stock)
    return folder


def strike(root: Path, work: Path, points: list[str]) -> dict[str, list[int]]:
    command = [sys.executable, str(ROOT / "tests" / "struck.py"), str(root), str(work), *points]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "" == done.stderr
    told = [json.loads(line) for line in done.stdout.splitlines()]
    return {words: [struck, ended] for words, struck, ended in told}


def visible(folder: Path) -> list[str]:
    """Give the documents of an output folder; fails where one is not whole."""
    found = sorted(path.name for path in folder.glob("A_RES*"))
    assert all(whole(folder / name) for name in found)
    return found


def test_a_killed_run_leaves_all_or_nothing(root: Path, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """Killed anywhere, a run has issued each document whole or not at all, and the next run ends where one run would.

    Every file, entry and notice is then the same, byte for byte.
    """
    strike(root, tmp_path, ["line:0", "effect:0"])
    expected = files(tmp_path / "line-0" / "struck")
    undisturbed = json.loads((tmp_path / "line-0" / "struck.json").read_bytes())
    assert names(*SYMBOLS) == visible(tmp_path / "line-0" / "struck")
    assert (list(SYMBOLS), 3) == (undisturbed["run"]["issued"], len(undisturbed["notices"]))
    chance = random.Random(80)
    each = 50 if request.config.getoption("--long") else 6
    points = []
    for kind, count in undisturbed["counts"].items():
        first, *_, last = (mark[kind] for mark in undisturbed["marks"])
        middle = range(first - (last - first) // 2, last)  # while documents take their places
        chosen = {*chance.sample(middle, each * 2 // 3), *chance.sample(range(1, count + 1), each)}
        points += [f"{kind}:{point}" for point in sorted(chance.sample(sorted(chosen), each))]
    outcomes = strike(root, tmp_path, points)
    assert {point: [-signal.SIGKILL, 0] for point in points} == outcomes
    left = set()
    for point in points:
        folder = tmp_path / point.replace(":", "-")
        left.add(len(visible(folder / "struck")))
        found = json.loads((folder / "end.json").read_bytes())
        assert expected == files(folder / "end"), point
        assert undisturbed["issues"] == found["issues"], point
        assert (undisturbed["notices"], 0, []) == (found["notices"], found["prepared"], found["findings"]), point
        hidden = [path.name for path in (folder / "end").iterdir() if path.name.startswith(".")]
        assert [".locks"] == hidden, point
    assert len(left) > 2  # the points are spread over the work


# ---- Power


class Disk:
    """A folder as a disk would keep it, if all that nobody asked to be kept were lost.

    `lost` has names only where their folder was synced since, `kept` has all names; both have of each file what it held
    when it was last synced.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.names: dict[int, dict[str, tuple[int, bool]]] = {}
        self.data: dict[int, bytes] = {}
        self.alive: list[int] = []  # so that no number of a file is given twice

    def synced(self, handle: int) -> None:
        path = Path(f"/proc/self/fd/{handle}").resolve()
        number = os.fstat(handle).st_ino
        if path.is_dir():
            self.names[number] = {one.name: (one.inode(), one.is_dir()) for one in os.scandir(path)}
        else:
            self.data[number] = path.read_bytes()

    def hold(self, path: Any, folder: int = -1) -> None:
        with suppress(OSError):
            self.alive.append(os.open(path, os.O_RDONLY, dir_fd=None if folder == -1 else folder))

    def lost(self, to: Path, number: int | None = None) -> None:
        number = self.root.stat().st_ino if number is None else number
        to.mkdir()
        for name, (inner, is_folder) in self.names.get(number, {}).items():
            if is_folder:
                self.lost(to / name, inner)
            else:
                (to / name).write_bytes(self.data.get(inner, b""))

    def kept(self, to: Path) -> None:
        to.mkdir()
        for path in sorted(self.root.rglob("*")):
            if path.is_dir():
                (to / path.relative_to(self.root)).mkdir()
            else:
                (to / path.relative_to(self.root)).write_bytes(self.data.get(path.stat().st_ino, b""))


def test_lost_power_leaves_all_or_nothing(  # noqa: C901, PLR0915
    root: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """Whatever was not seen to the disk when power is lost, a document is whole or not there, and then issued.

    What the register has as issued is always whole.
    """
    moments: list[str] = []
    out, records = tmp_path / "out", tmp_path / "records"
    out.mkdir()
    disk = Disk(out)
    chance = random.Random(149)
    share = 1.0 if request.config.getoption("--long") else 0.12
    listening = True

    def record() -> None:
        if not records.exists() or chance.random() > share:
            return
        for kind in (disk.lost, disk.kept):
            moments.append(f"{len(moments)}-{kind.__name__}")
            own = tmp_path / "records" / moments[-1]
            kind(own)
            shutil.copy(tmp_path / "register.sqlite", own.with_suffix(".sqlite"))

    def heard(event: str, values: tuple[Any, ...]) -> None:
        nonlocal listening
        if not listening or event not in {"open", "os.rename", "os.mkdir", "os.remove", "os.rmdir"}:
            return
        path = str(values[0])
        writing = event != "open" or (isinstance(values[2], int) and values[2] & (os.O_WRONLY | os.O_RDWR))
        if not writing or ((path.startswith("/") and str(out) not in path) or "/.locks" in path):
            return
        listening = False
        try:
            if event in {"os.remove", "os.rmdir"}:
                disk.hold(path, values[-1])
            elif event == "os.rename":
                disk.hold(values[1])
            record()
        finally:
            listening = True

    fsync = os.fsync

    def synced(handle: int) -> None:
        nonlocal listening
        listening = False
        record()
        fsync(handle)
        disk.synced(handle)
        listening = True

    desk = press.Desk(project.load(root))

    def opened(folder: Path, database: Path) -> settle.House:
        return settle.House(desk, register.Register(f"sqlite:///{database}"), store.Folder(folder), stock)

    first = opened(out, tmp_path / "register.sqlite")
    records.mkdir()
    sys.addaudithook(heard)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", synced)
        run = issuing(first)
    listening = False
    for handle in disk.alive:
        os.close(handle)
    assert list(SYMBOLS) == symbols(run.issued)
    expected, entries = files(out), first.register.issues()
    disk.lost(tmp_path / "in the end")
    assert expected == files(tmp_path / "in the end")
    assert len(moments) > 10
    states = set()
    for moment in moments:
        state = records / moment
        again = opened(state, state.with_suffix(".sqlite"))
        states.add(len(visible(state)))
        assert {one.name for one in again.register.issues()} <= set(visible(state)), moment
        ended = issuing(again)
        assert [] == ended.findings, moment
        assert expected == files(state), moment
        assert entries == again.register.issues(), moment
    assert len(states) > 1


# ---- A full disk


def test_a_full_disk_at_each_write(root: Path, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """With no room left at any write, nothing is half issued, the fault is named, and the next run ends the work."""
    desk = press.Desk(project.load(root))
    fsync = os.fsync
    total = 0
    expected: dict[str, bytes] = {}
    failed = []
    step = 1 if request.config.getoption("--long") else 5
    for point in range(0, 60, step):
        calls = 0

        def full(handle: int) -> None:
            nonlocal calls
            calls += 1
            if calls == point:  # noqa: B023
                raise OSError(28, "No space left on device")
            fsync(handle)

        out = tmp_path / str(point)
        one = settle.House(desk, register.Register(f"sqlite:///{out}/register.sqlite"), store.Folder(out), stock)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(os, "fsync", full)
            run = issuing(one)
        visible(out)
        if point == 0:
            total, expected = calls, files(out)
            continue
        failed.append(bool(run.findings))
        assert set(codes(run)) <= {"I08", "I01"}
        assert {entry.name for entry in one.register.issues()} == set(visible(out))
        assert [] == issuing(one).findings
        assert expected == files(out)
        if point > total:
            break
    assert failed.count(True) > 40 / step


def mounts() -> bool:
    """Tell whether a disk can be mounted here."""
    if os.geteuid() != 0:
        return False
    done = subprocess.run(["unshare", "-m", "mount", "-t", "tmpfs", "none", "/mnt"], check=False, capture_output=True)
    return done.returncode == 0


@contextmanager
def small_disk(folder: Path, size: int) -> Iterator[None]:
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}k", "none", str(folder)], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", str(folder)], check=True)


@pytest.mark.skipif(not mounts(), reason="no disk can be mounted here")
@pytest.mark.parametrize("size", [8, 48, 80, 100, 120, 160])
def test_a_disk_that_fills_up(root: Path, tmp_path: Path, size: int) -> None:
    """On a disk without room a document is issued whole or not, and with room the rest follows."""
    desk = press.Desk(project.load(root))
    out = tmp_path / "out"
    with small_disk(out, size):
        one = settle.House(desk, register.Register(f"sqlite:///{tmp_path}/register.sqlite"), store.Folder(out), stock)
        run = issuing(one)
        assert {"I08", "I01"} & set(codes(run))
        assert {entry.name for entry in one.register.issues()} == set(visible(out))
        subprocess.run(["mount", "-o", "remount,size=9000k", str(out)], check=True)
        assert [] == issuing(one).findings
        assert names(*SYMBOLS) == visible(out)


# ---- A lost register


def test_a_register_that_is_removed(tmp_path: Path) -> None:
    """A register that is gone is made again; nothing is issued twice, and what was issued stays as it is."""
    place = make(tmp_path, *SYMBOLS)
    issuing(place)
    before = files(tmp_path / "output")
    (tmp_path / "output" / "register.sqlite").unlink()
    document(tmp_path, "A/RES/80/2", title="Another title")
    run = issuing(place, AFTER + (AFTER - AFTER.replace(minute=0)))
    assert [] == run.issued
    assert before == files(tmp_path / "output")
    assert list(SYMBOLS) == symbols(house(place).register.issues())
    assert [] == list(settle.verify(house(place)))


STATEMENTS = 12


@pytest.mark.parametrize("what", ["removed", "unwritable", "locked"])
def test_a_register_that_fails_at_each_step(
    root: Path, tmp_path: Path, what: str, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    """A register that is removed, read-only or locked at any step is a finding, and afterwards all is as ever."""
    import sqlite3

    import sqlalchemy as sa

    monkeypatch.setattr(register, "PATIENCE", 0.05)
    desk = press.Desk(project.load(root))
    seen = []
    for point in range(1, STATEMENTS, 1 if request.config.getoption("--long") else 3):
        out = tmp_path / str(point)
        database = out / "register.sqlite"
        one = settle.House(desk, register.Register(f"sqlite:///{database}"), store.Folder(out), stock)
        steps = 0
        holding: list[sqlite3.Connection] = []

        def step(*_: Any) -> None:
            nonlocal steps
            steps += 1
            if steps != point:  # noqa: B023
                return
            if what == "removed":
                database.unlink()  # noqa: B023
            elif what == "locked":
                holding.append(sqlite3.connect(database, isolation_level=None))  # noqa: B023
                holding[0].execute("BEGIN EXCLUSIVE")  # noqa: B023
            else:
                database.rename(out / "elsewhere")  # noqa: B023
                database.mkdir()  # noqa: B023

        sa.event.listen(one.register.engine, "do_connect", step)
        run = issuing(one)
        sa.event.remove(one.register.engine, "do_connect", step)
        visible(out)
        seen.append("I06" in codes(run))
        for connection in holding:
            connection.close()
        if what == "unwritable" and database.is_dir():
            database.rmdir()
            (out / "elsewhere").rename(database)
        again = settle.House(desk, register.Register(f"sqlite:///{database}"), store.Folder(out), stock)
        assert not issuing(again).failed
        assert names(*SYMBOLS) == visible(out)
        assert list(SYMBOLS) == symbols(again.register.issues())
        assert [] == list(settle.verify(again))
        manifests = [manifest.read((out / name / manifest.FILE).read_bytes()) for name in names(*SYMBOLS)]
        assert manifests == again.register.issues()
    assert all(seen)
