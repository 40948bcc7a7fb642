"""The resident form of issuing, as it runs and as its clock, its register and its end are played with."""

from __future__ import annotations

import contextlib
import datetime
import json
import os
import re
import shutil
import signal
import subprocess
import threading
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from test_cli import PUBLISH, run

from publish import project
from publish.desk import cache, press
from publish.finding import Finding, Rejected
from publish.issue import health, schedule, settle
from publish.issue.register import Register
from publish.issue.store import Folder
from publish.paper.typeset import Pdf

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from publish.issue.health import Outcome

PATIENCE = 60.0  # seconds; what is waited for comes much sooner
FAR = "2125-01-01T00:00:00Z"
PAST = "2026-01-01T00:00:00Z"
PASSWORD, SECRET = "geheim%2Fwort", "whsec_c2VjcmV0"  # noqa: S105


def now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)


def until(ready: Callable[[], Any], patience: float = PATIENCE) -> Any:
    """Wait until something is the case, and give it."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        if found := ready():
            return found
        time.sleep(0.02)
    raise AssertionError("it never came")


def document(own: Path, number: int, release: str = "", title: str = "Libraries", languages: str = "en") -> Path:
    """Write the source of a document, A/RES/80/number."""
    folder = own / "resolutions" / f"A_RES_80_{number}"
    writing = own / f"writing-{number}"
    folder.parent.mkdir(exist_ok=True)
    writing.mkdir()
    facts = {
        "symbol": f"A/RES/80/{number}",
        "session": "80",
        "adopted": {"date": "2025-09-15", "meeting": "3"},
        "report": {"symbols": ["A/80/L.1"]},
        "distribution": "general",
        "distributed": "2025-09-18",
        "job_number": "25-14701",
        "languages": languages.split(),
    }
    lines = [f"{key}: {json.dumps(value)}\n" for key, value in facts.items()]
    lines += [f"release: {release}\n"] if release else []
    (writing / "resolution.yaml").write_text("".join(lines), encoding="utf-8")
    wording = {"title": title, "operative": ["*Decides* to return to the question."]}
    (writing / "en.yaml").write_text(json.dumps(wording), encoding="utf-8")
    writing.rename(folder)
    return folder


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project without documents, as `init` makes it."""
    folder = tmp_path_factory.mktemp("made")
    run("init", "house", here=folder)
    shutil.rmtree(folder / "house" / "resolutions")
    return folder / "house"


@pytest.fixture
def own(empty: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project of one's own without documents, of which nothing was typeset before."""
    monkeypatch.setenv(cache.FOLDER, str(tmp_path / "typeset"))
    return shutil.copytree(empty, tmp_path / "house")


# ---- As it runs


class Process:
    """The command at work, and what it has printed."""

    def __init__(self, here: Path, *words: str, **settings: str) -> None:
        self.process = subprocess.Popen(
            [*PUBLISH, "schedule", "--port", "0", "--json", *words],
            cwd=here,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, **settings},
        )
        assert self.process.stdout
        assert self.process.stderr
        self.first = self.process.stdout.readline()
        self.address = json.loads(self.first)["address"]
        self.lines: list[str] = []
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self) -> None:
        assert self.process.stderr
        for line in self.process.stderr:
            self.lines.append(line)

    @property
    def runs(self) -> list[dict[str, Any]]:
        """What it said of its runs."""
        return [json.loads(line) for line in list(self.lines)]

    def issued(self) -> list[str]:
        """The symbols that it said were issued."""
        return [symbol for one in self.runs for symbol in one["issued"]]

    def end(self, number: int = signal.SIGTERM) -> int:
        """End it, and give its exit code."""
        self.process.send_signal(number)
        code = self.process.wait(PATIENCE)
        self.close()
        return code

    def close(self) -> None:
        """See that nothing is left of it."""
        self.process.kill()
        self.process.wait(PATIENCE)
        self.reader.join(PATIENCE)
        for pipe in (self.process.stdout, self.process.stderr):
            assert pipe
            pipe.close()

    def ask(self, path: str, **headers: str) -> tuple[int, str]:
        """Ask it something over its port."""
        request = urllib.request.Request(self.address + path, headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()


@dataclass
class Story:
    """What was seen of a process from its start to its end."""

    house: Path
    release: datetime.datetime
    before: str = ""
    all: str = ""
    answers: dict[str, tuple[int, str]] = field(default_factory=dict)
    runs: list[dict[str, Any]] = field(default_factory=list)
    files: str = ""
    code: int | None = None
    seconds: float = 0.0


@pytest.fixture(scope="module")
def story(empty: Path, tmp_path_factory: pytest.TempPathFactory) -> Story:
    """A process that comes too late for one document, waits for others, is asked to look again, and is ended."""
    house = shutil.copytree(empty, tmp_path_factory.mktemp("story") / "house")
    release = (now() + datetime.timedelta(seconds=9)).replace(microsecond=0)
    document(house, 1, PAST)
    document(house, 2, PAST, title="Secretbroken [^nowhere]")
    document(house, 3, release.astimezone(datetime.timezone(datetime.timedelta(hours=14))).isoformat())
    document(house, 4, FAR, title="Secretlater")
    document(house, 5, PAST, title="Secretuntranslated", languages="en fr")
    found = Story(house, release)
    process = Process(house, "-j", "2", PUBLISH_WEBHOOK_SECRET=SECRET)
    try:
        until(lambda: process.runs)
        early = {path: process.ask(path) for path in ("/ready", "/status", "/metrics")}
        words = f"{process.first} {process.lines} {early}"
        found.before = words if now() < release else ""
        until(lambda: "A/RES/80/3" in process.issued())
        (house / "publish.yaml").write_text("organization: {en: Model United Nations}\n", encoding="utf-8")
        document(house, 6, PAST)
        document(house, 7, PAST, title="Secretunnamed [^nowhere]")
        process.process.send_signal(signal.SIGHUP)
        until(lambda: "A/RES/80/6" in process.issued())
        until(lambda: json.loads(process.ask("/status")[1])["last_run"]["issued"])
        found.answers = {path: process.ask(path) for path in ("/ready", "/status", "/metrics", "/", "/elsewhere")}
        found.answers["foreign"] = process.ask("/status", Host="documents.example.org")
        found.files = Path(f"/proc/{process.process.pid}/maps").read_text()
        began = time.monotonic()
        found.code = process.end()
        found.seconds = time.monotonic() - began
        found.runs = process.runs
        found.all = f"{process.first} {process.lines} {found.answers}"
    finally:
        process.close()
    return found


def when(story: Story, number: int) -> tuple[datetime.datetime, datetime.datetime]:
    """Give when a document was to be issued, and when it was, by its manifest."""
    data = json.loads((story.house / "output" / f"A_RES_80_{number}" / "manifest.json").read_text())
    return datetime.datetime.fromisoformat(data["release"]), datetime.datetime.fromisoformat(data["issued"])


def test_what_is_late_is_made_up_for(story: Story) -> None:
    """What was due before the process was there is issued by its first run; one that lacks a language is not."""
    assert ["A/RES/80/1"] == story.runs[0]["issued"]


def test_it_issues_at_the_moment_and_not_before(story: Story) -> None:
    """A document is issued when its moment has come, as its offset says, and within seconds."""
    due, issued = when(story, 3)
    assert story.release == due
    assert due <= issued <= due + datetime.timedelta(seconds=10)


def test_a_fault_holds_back_its_own_document_alone(story: Story) -> None:
    """Broken sources are held back by each run, and the others go out."""
    assert [["A/RES/80/1"], ["A/RES/80/3"], ["A/RES/80/6"]] == [one["issued"] for one in story.runs if one["issued"]]
    assert (2, 3) == (story.runs[0]["held"], story.runs[-1]["held"])
    assert {"S12", "S14"} <= set(story.runs[0]["findings"])
    issued = sorted(path.parent.name for path in story.house.glob("output/*/manifest.json"))
    assert ["A_RES_80_1", "A_RES_80_3", "A_RES_80_6"] == issued


def test_settings_are_read_anew(story: Story) -> None:
    """After SIGHUP a new document is issued with settings that were changed meanwhile."""
    inputs = [
        json.loads((story.house / "output" / f"A_RES_80_{number}" / "manifest.json").read_text())["inputs"]
        for number in (1, 3, 6)
    ]
    first, second, third = (one["settings"] for one in inputs)
    assert first == second != third


def test_it_never_loads_the_engine(story: Story) -> None:
    """The process that stays has looked at no typeface: a process sees for its life those that there were then."""
    assert "python" in story.files
    assert not re.search(r"\.cache-|\.ttf|\.otf", story.files)


def test_it_ends_at_once_and_soundly(story: Story) -> None:
    """SIGTERM ends it within seconds, with exit code 0."""
    assert 0 == story.code
    assert story.seconds < 10


def test_it_tells_how_it_fares(story: Story) -> None:
    """/ready, /status and /metrics say what runs did, and nothing else is there."""
    assert (200, "ready\n") == story.answers["/ready"]
    status = json.loads(story.answers["/status"][1])
    assert (1, 1, 3) == tuple(status["last_run"][key] for key in ("issued", "waiting", "held"))
    assert FAR[:19] == status["next_release"][:19]
    assert (3, 0) == (status["totals"]["issued"], status["totals"]["failed"])
    metrics = dict(line.rsplit(" ", 1) for line in story.answers["/metrics"][1].splitlines() if line[:1] != "#")
    expected = {
        "publish_documents_issued_total": 3,
        "publish_runs_failed_total": 0,
        "publish_documents_waiting": 1,
        "publish_documents_held_now": 3,
        "publish_notices_undelivered": 0,
        "publish_runs_total": len(story.runs),
        "publish_run_seconds_count": len(story.runs),
        "publish_next_release_timestamp_seconds": datetime.datetime.fromisoformat(FAR).timestamp(),
    }
    assert expected == {name: float(metrics[name]) for name in expected}
    assert [404, 404] == [story.answers[path][0] for path in ("/", "/elsewhere")]


def test_foreign_names_are_refused(story: Story) -> None:
    """A request that means another host is not answered."""
    assert (421, "this name is not served here") == story.answers["foreign"]


def test_nothing_tells_of_what_is_not_issued(story: Story) -> None:
    """No line and no answer names what waits or is held back, nor what is about to be issued; none has a secret."""
    assert "80/3" not in story.before
    words = [f"80{mark}{number}" for mark in "/_" for number in (2, 4, 5, 7)]
    assert [] == [one for one in [*words, "Secret", SECRET] if one in story.all]


def test_it_ends_while_it_typesets(own: Path) -> None:
    """A process that is ended while it typesets does not wait for it; the next run issues what it left."""
    for number in range(1, 9):
        document(own, number, PAST)
    process = Process(own, "-j", "2")
    pid = process.process.pid
    try:
        until(lambda: (own / "output" / "register.sqlite").exists() and "forkserver" in children(pid))
        began = time.monotonic()
        assert 0 == process.end()
        assert time.monotonic() - began < 15
    finally:
        process.close()
    assert len(process.issued()) == len(list(own.glob("output/*/manifest.json"))) < 8
    assert not list(own.glob("output/.*.new*"))
    assert [0] * len(process.runs) == [one["held"] for one in process.runs]
    assert len(process.issued()) == json.loads(run("register", "verify", "--json", here=own))["documents"]


def children(pid: int) -> str:
    """Give the command lines of the processes below another."""
    found = ""
    with contextlib.suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                found += Path(f"/proc/{child}/cmdline").read_text() + children(int(child))
    return found


# ---- Moments and zones


def test_the_list_of_releases(own: Path) -> None:
    """--list gives what is to come in its order, in UTC and as clocks here say it, and which languages lack a file."""
    year = now().year + 1
    spring, autumn = fold(year)
    document(own, 1, f"{autumn}T01:30:00-05:00")
    document(own, 2, f"{autumn}T01:30:00-04:00", languages="en fr")
    document(own, 3, f"{spring}T02:30:00-05:00")
    document(own, 4)
    document(own, 5, PAST)
    report = json.loads(run("schedule", "--list", "--json", here=own, TZ="America/New_York"))
    assert [] == report["findings"]
    assert [
        ("A/RES/80/5", PAST[:19] + "+00:00", "2025-12-31 19:00:00-05:00", [], True),
        ("A/RES/80/3", f"{spring}T07:30:00+00:00", f"{spring} 03:30:00-04:00", [], False),
        ("A/RES/80/2", f"{autumn}T05:30:00+00:00", f"{autumn} 01:30:00-04:00", ["fr"], False),
        ("A/RES/80/1", f"{autumn}T06:30:00+00:00", f"{autumn} 01:30:00-05:00", [], False),
    ] == [(one["symbol"], one["moment"], one["local"], one["missing"], one["due"]) for one in report["releases"]]
    words = run("schedule", "--list", here=own, TZ="America/New_York").splitlines()
    assert f"A/RES/80/2  {autumn} 05:30:00Z  {autumn} 01:30:00-04:00  lacks fr" == words[2]


def fold(year: int) -> tuple[str, str]:
    """Give the days on which clocks are set in New York: the second Sunday of March, the first of November."""
    days = [datetime.date(year, month, first) for month, first in ((3, 8), (11, 1))]
    spring, autumn = (day + datetime.timedelta(days=(6 - day.weekday()) % 7) for day in days)
    return spring.isoformat(), autumn.isoformat()


def test_moments_around_a_change_of_clocks(own: Path) -> None:
    """The two half past one of an autumn night are an hour apart, and the half past two of spring is one moment."""
    document(own, 1, "2027-11-07T01:30:00-04:00")
    document(own, 2, "2027-11-07T01:30:00-05:00")
    document(own, 3, "2027-03-14T02:30:00-05:00")
    folders = press.resolutions(project.load(own))
    moments = schedule.upcoming(folders, datetime.datetime(2027, 1, 1, tzinfo=datetime.UTC))
    expected = ["2027-03-14T07:30", "2027-11-07T05:30", "2027-11-07T06:30"]
    assert expected == [one.astimezone(datetime.UTC).isoformat()[:16] for one in moments]


# ---- With its clock, its register and its workers played with


@dataclass
class Played:
    """A resident with a clock that can be set, and typesetting that takes no time."""

    root: Path
    ahead: datetime.timedelta = datetime.timedelta(0)
    outcomes: list[Outcome] = field(default_factory=list)
    broken: Exception | None = None
    behind: datetime.timedelta | None = None
    typesetting: Callable[[], None] = lambda: None
    placing: Callable[[], None] = lambda: None
    every: float = 60.0

    def __post_init__(self) -> None:
        self.health = health.Health(self.now, self.every)
        self.resident = schedule.Resident(self.open, self.now, self.health, self.outcomes.append)

    def now(self) -> datetime.datetime:
        return now() + self.ahead

    def open(self) -> settle.House:
        if self.broken:
            raise self.broken
        played = self
        desk = press.Desk(project.load(self.root))

        class Clocked(Register):
            def now(self) -> datetime.datetime | None:
                return played.behind and now() - played.behind

        class Watched(Folder):
            def commit(self, name: str, files: Any) -> bool:
                played.placing()
                return super().commit(name, files)

        return settle.House(desk, Clocked(desk.project.register), Watched(self.root / "output"), self.crew)

    def crew(self, _: Any, orders: Sequence[Any], __: Any) -> Iterator[tuple[int, Pdf]]:
        for number, (found, code) in enumerate(orders):
            self.typesetting()
            yield number, Pdf(f"{found.facts.symbol.file_name}-{code.upper()}", code, os.urandom(9), 1)

    @property
    def issued(self) -> list[str]:
        return [symbol for one in list(self.outcomes) for symbol in one.issued]

    @contextlib.contextmanager
    def at_work(self) -> Iterator[None]:
        """Let it run."""
        self.resident.start()
        watching = threading.Thread(target=self.resident._watch)
        watching.start()
        try:
            until(lambda: self.outcomes)
            yield
        finally:
            self.resident.orders.put(schedule.STOP)
            watching.join(PATIENCE)
            self.resident.stop()


def test_a_clock_that_was_set(own: Path) -> None:
    """When the clock jumps, as after the machine slept, what is due by then is issued at once, in one run; and back."""
    later = now() + datetime.timedelta(hours=5)
    document(own, 1, later.isoformat(timespec="seconds"))
    document(own, 2, (later + datetime.timedelta(hours=1)).isoformat(timespec="seconds"))
    played = Played(own)
    with played.at_work():
        assert [] == played.issued
        played.ahead = datetime.timedelta(hours=7)
        until(lambda: played.issued)
        assert ("A/RES/80/1", "A/RES/80/2") == played.outcomes[-1].issued
        runs = len(played.outcomes)
        played.ahead = datetime.timedelta(0)
        until(lambda: len(played.outcomes) > runs)
    assert 2 == len(played.issued)


def test_a_register_whose_clock_is_behind(own: Path) -> None:
    """What is due by the clock of the machine is issued as soon as it is by that of the register, and not before."""
    moment = (now() + datetime.timedelta(seconds=2)).replace(microsecond=0)
    document(own, 1, moment.isoformat())
    played = Played(own, behind=datetime.timedelta(seconds=2))
    with played.at_work():
        until(lambda: played.issued)
        assert moment + datetime.timedelta(seconds=2) <= now() <= moment + datetime.timedelta(seconds=20)


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (
            Rejected([Finding("I06", f"the register does not answer: postgresql://me:{PASSWORD}@here/x is away")]),
            "I06: the register does not answer: postgresql://***@here/x is away",
        ),
        (
            Rejected([Finding("I08", "issued documents cannot be kept at output/.A_RES_80_2.new: no space left")]),
            "I08: the place of issued documents does not answer, or something is in the way there",
        ),
        (OSError(28, "No space left on device", "A_RES_80_2"), "OSError 28 in open, line"),
        (RuntimeError("A/RES/80/2"), "RuntimeError in open, line"),
    ],
)
def test_a_run_that_fails(error: Exception, expected: str, own: Path) -> None:
    """A run that fails ends nothing: it is told of without a name or a secret, and the next one does its work."""
    document(own, 2, PAST)
    played = Played(own, broken=error)
    assert "the first run is not over" == played.health.unready
    with played.at_work():
        assert expected in played.outcomes[0].failed
        assert played.outcomes[0].failed == played.health.unready
        assert 1 == played.health.totals["failed"]
        played.broken = None
        played.resident.orders.put(schedule.RESCAN)
        until(lambda: played.issued)
        assert "" == played.health.unready
    assert not {"80/2", "80_2", PASSWORD} & set(json.dumps(played.outcomes[0].data()).split('"'))


def test_a_full_disk(own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a document cannot be placed the run fails, and the next one places it."""
    document(own, 1, PAST)

    def full() -> None:
        raise Rejected([Finding("I08", "issued documents cannot be kept at output: no space left on device")])

    played = Played(own, placing=full)
    with played.at_work():
        assert "I08" == played.outcomes[0].failed[:3]
        played.placing = lambda: None
        played.resident.orders.put(schedule.RESCAN)
        until(lambda: played.issued)
    assert ["A/RES/80/1"] == played.issued


def test_runs_come_one_at_a_time(own: Path) -> None:
    """What asks for runs while one is at work gets one more, after it."""
    document(own, 1, PAST)
    go_on, at_work = threading.Event(), threading.Event()

    def slowly() -> None:
        at_work.set()
        go_on.wait(PATIENCE)

    played = Played(own, typesetting=slowly)
    played.resident.start()
    try:
        assert at_work.wait(PATIENCE)
        for _ in range(20):
            played.resident.again()
        go_on.set()
        until(lambda: len(played.outcomes) >= 2)
        until(lambda: len(played.resident.scheduler.get_jobs()) == 1)
        until(lambda: not played.resident.busy.locked())
    finally:
        played.resident.stop()
    assert [("A/RES/80/1",), ()] == [one.issued for one in played.outcomes]


def test_it_runs_at_its_interval(own: Path) -> None:
    """Without being asked it looks again after its interval, and finds what was written since."""
    (own / "resolutions").mkdir()
    played = Played(own, every=1.0)
    with played.at_work():
        document(own, 1, PAST)
        until(lambda: played.issued)


def test_what_is_being_placed_is_finished(own: Path) -> None:
    """Ended while a document is placed, it finishes that one and begins no other, and tells nobody that one is held."""
    for number in (1, 2, 3):
        document(own, number, PAST)
    (own / "publish.yaml").write_text("webhooks: [http://127.0.0.1:9/hook]\n", encoding="utf-8")
    played = Played(own)
    played.placing = played.resident.stopped.set
    outcome = played.resident._run(health.Outcome(now()))
    assert (True, "", ("A/RES/80/1",), {}) == (outcome.stopped, outcome.failed, outcome.issued, outcome.findings)
    kept = Register(project.load(own).register)
    assert ["A/RES/80/1"] == [one.symbol for one in kept.issues()]
    assert [] == kept.prepared()
    far = datetime.datetime(9000, 1, 1, tzinfo=datetime.UTC)
    assert ["document.issued"] == [json.loads(one.body)["type"] for one in kept.undelivered(far)]
    again = Played(own)
    assert ("A/RES/80/2", "A/RES/80/3") == again.resident._run(health.Outcome(now())).issued


def test_what_is_being_typeset_is_left(own: Path) -> None:
    """Ended while it typesets, it issues nothing, and calls nothing held or failed."""
    document(own, 1, PAST)
    played = Played(own)
    played.typesetting = played.resident.stopped.set
    outcome = played.resident._run(health.Outcome(now()))
    assert (True, "", (), 0) == (outcome.stopped, outcome.failed, outcome.issued, outcome.held)


# ---- What is told


def told(**facts: Any) -> health.Health:
    """Give the health after one run at noon."""
    noon = datetime.datetime(2026, 12, 1, 12, tzinfo=datetime.UTC)
    found = health.Health(lambda: noon, 60)
    found.told(health.Outcome(noon, **facts))
    return found


def test_a_run_that_never_ends_makes_it_unready() -> None:
    """When no run has ended for three intervals it is not ready."""
    found = told(seconds=2.0)
    assert "" == found.unready
    noon = found.now()
    found.now = lambda: noon + datetime.timedelta(seconds=185)
    assert "no run has ended for 183 s" == found.unready


def test_the_next_run_is_the_nearer_one() -> None:
    """The next run is that at the interval, or that at a moment of release before it."""
    noon = datetime.datetime(2026, 12, 1, 12, tzinfo=datetime.UTC)
    minute, soon = datetime.timedelta(minutes=1), datetime.timedelta(seconds=7)
    assert [noon + minute, noon + soon, noon + minute] == [
        told(next=one).upcoming() for one in (None, noon + soon, noon + 2 * minute)
    ]


def test_secrets_are_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords in addresses, written in either way, and the secret of notices are taken out of what is told."""
    monkeypatch.setenv("PUBLISH_WEBHOOK_SECRET", SECRET)
    hidden = health.secrets([f"postgresql://me:{PASSWORD}@here/x", "sqlite:///here"])
    assert {PASSWORD, "geheim/wort", SECRET} == hidden
    found = Finding("I06", f"no {PASSWORD}, geheim/wort, {SECRET}, postgresql://me@here, sftp://a:b@c/d")
    assert "I06: no ***, ***, ***, postgresql://***@here, sftp://***@c/d" == health.words(found, hidden)


def test_a_finding_of_a_document_is_told_by_its_kind() -> None:
    """Of a finding that may name a document only the sentence of its code is told."""
    found = Finding("I03", "A/RES/80/1 was issued, and its source has changed since")
    assert "I03: a document was issued, and what it is made from has changed since" == health.words(found)


def test_a_port_that_is_taken(own: Path) -> None:
    """Where its port is taken the command says so, and ends as one that was called wrongly."""
    with health.served(told(), "127.0.0.1", 0) as address:
        port = address.rpartition(":")[2]
        run("schedule", "--port", port, here=own, ok=2)
