"""The resident form of issuing: it waits for each moment of release and issues then. The only owner of APScheduler.

What is due is found out by each run anew, from the sources, the register and the clock, so that a run which comes late,
as after the machine slept or its clock was put right, does what those before it would have done. Settings, locales and
layouts are read anew for each run, and typesetting has processes of its own, which read the typefaces anew.
"""

from __future__ import annotations

import datetime
import logging
import multiprocessing
import os
import queue
import signal
import threading
import time
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from publish.desk import press
from publish.finding import Rejected
from publish.issue import health, issue, webhook
from publish.text import resolution

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from publish.desk.press import Crew, Style
    from publish.finding import Finding
    from publish.issue.health import Health, Outcome
    from publish.issue.settle import House
    from publish.paper.typeset import Pdf
    from publish.project import Project
    from publish.text.resolution import Resolution

EVERY = 60.0  # seconds between two runs
LOOK = 1.0  # seconds between two looks at the clock
JUMP = 2.0  # seconds by which a clock may be set without a run
AGAIN = datetime.timedelta(seconds=1)  # until the next look, where the register's clock is behind
NEVER = datetime.datetime(9999, 1, 1, tzinfo=datetime.UTC)
LOST = {"I01", "I06", "I08"}  # what is no fault of a document
STOP, RESCAN = "stop", "rescan"
SIGNALS = {signal.SIGTERM: STOP, signal.SIGINT: STOP, signal.SIGHUP: RESCAN}


class Stopped(Exception):
    """The process is to end: what is begun is finished, and nothing else is begun."""


# ---- What is to come


@dataclass(frozen=True)
class Release:
    """A document that is to be issued: when, in which languages, and which of them have no file yet."""

    symbol: str
    moment: datetime.datetime
    languages: tuple[str, ...]
    missing: tuple[str, ...]
    due: bool


def releases(house: House, now: datetime.datetime) -> tuple[list[Release], list[Finding]]:
    """Give what is to be issued, the next first, and what cannot be read. It is for those who may know of it."""
    found: list[Release] = []
    findings: list[Finding] = []
    issued = {one.symbol for one in house.register.issues()}
    for folder in press.resolutions(house.desk.project):
        try:
            moment = resolution.release(folder)
            if moment is None:
                continue
            facts = resolution.facts(folder, house.desk.house)
        except Rejected as rejected:
            findings += rejected.findings
            continue
        if str(facts.symbol) not in issued:
            missing = tuple(code for code in facts.languages if not (folder / f"{code}.yaml").is_file())
            found.append(Release(str(facts.symbol), moment, tuple(facts.languages), missing, moment <= now))
    return sorted(found, key=lambda one: (one.moment, one.symbol)), findings


def upcoming(folders: Sequence[Path], after: datetime.datetime) -> list[datetime.datetime]:
    """Give the moments of release after another one, in order."""
    moments = []
    for folder in folders:
        try:
            moment = resolution.release(folder)
        except Rejected:
            continue
        if moment and moment > after and moment < NEVER:
            moments.append(moment)
    return sorted(moments)


# ---- The process


class Resident:
    """Runs at each moment of release, at an interval, when it is asked to, and when the clock was set.

    `opened` opens the house with what its settings say now, `now` says what time it is, `log` is told of each run.
    """

    def __init__(
        self,
        opened: Callable[[], House],
        now: Callable[[], datetime.datetime],
        told: Health,
        log: Callable[[Outcome], None],
    ) -> None:
        self.opened = opened
        self.now = now
        self.health = told
        self.log = log
        self.moments: list[datetime.datetime] = []  # of release, by the last run that found them out
        self.busy = threading.Lock()
        self.stopped = threading.Event()
        self.asked = threading.Event()
        self.orders: queue.SimpleQueue[str] = queue.SimpleQueue()  # a signal may put into it at any moment
        logging.getLogger("apscheduler").setLevel(logging.ERROR)
        self.scheduler = BackgroundScheduler(
            timezone=datetime.UTC,
            executors={"default": ThreadPoolExecutor(1)},  # one run at a time
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )

    def serve(self) -> None:
        """Work until a signal ends it: SIGTERM and SIGINT do, SIGHUP asks for a run."""
        before = {number: signal.signal(number, self._heard) for number in SIGNALS}
        try:
            self.start()
            self._watch()
        finally:
            self.stop()
            for number, handler in before.items():
                signal.signal(number, handler)

    def _heard(self, number: int, _: object) -> None:
        self.orders.put(SIGNALS[signal.Signals(number)])

    def start(self) -> None:
        """Begin with a run."""
        self.scheduler.start()
        self.scheduler.add_job(self.work, "interval", seconds=self.health.every, id="rescan", name="rescan")
        self.again()

    def _watch(self) -> None:
        drift = self._drift()
        while True:
            try:
                order = self.orders.get(timeout=LOOK)
            except queue.Empty:
                order = ""
            if order == STOP:
                return
            set_by, drift = abs(self._drift() - drift), self._drift()
            if order == RESCAN or set_by > JUMP:
                self.again()

    def _drift(self) -> float:
        """Give how far the clock is from one that nobody sets and that stands still while the machine sleeps."""
        return self.now().timestamp() - time.monotonic()

    def again(self) -> None:
        """Run as soon as may be, and count the interval from now."""
        self.asked.set()
        self.scheduler.reschedule_job("rescan", trigger="interval", seconds=self.health.every)
        self.scheduler.add_job(self._work_if_asked, name="asked")

    def stop(self) -> None:
        """Finish what is begun, and begin nothing else."""
        self.stopped.set()
        for child in multiprocessing.active_children():  # what they typeset is not waited for
            child.terminate()
        with self.busy:  # the scheduler's own waiting would keep a run from its last entry
            self.scheduler.shutdown()

    # ---- A run

    def _work_if_asked(self) -> None:
        if self.asked.is_set():  # else an earlier run has done it
            self.work()

    def work(self) -> None:
        """Issue what is due, tell of it, and find the next moment. It raises nothing."""
        with self.busy:
            self.asked.clear()
            if self.stopped.is_set():
                return
            began, timed = self.now(), time.monotonic()
            outcome = self._run(health.Outcome(began))
            coming = outcome.next or next((one for one in self.moments if one > began), None)
            outcome = replace(outcome, seconds=time.monotonic() - timed, next=coming)
            if coming:
                self.scheduler.add_job(
                    self.work, "date", run_date=coming, id="release", name="release", replace_existing=True
                )
            self.health.told(outcome)
            self.log(outcome)

    def _run(self, outcome: Outcome) -> Outcome:
        issued: list[str] = []
        hidden: set[str] = set()
        try:
            house = self.opened()
            settings = house.desk.project
            hidden |= health.secrets([settings.register, settings.settings.issued, *settings.settings.webhooks])
            try:
                return self._issue(replace(house, crew=self._crew(house.crew)), outcome, issued, hidden)
            finally:
                house.register.close()
        except Stopped:
            return replace(outcome, issued=tuple(issued), stopped=True)
        except Rejected as rejected:
            why = health.words(rejected.findings[0], hidden)
            counts = dict(Counter(one.code for one in rejected.findings))
            outcome = replace(outcome, issued=tuple(issued), findings=counts, failed=why)
        except Exception as error:  # noqa: BLE001  # whatever it is, the next run tries again
            outcome = replace(outcome, issued=tuple(issued), failed=_where(error))
        return replace(outcome, failed="", stopped=True) if self.stopped.is_set() else outcome

    def _issue(self, house: House, outcome: Outcome, issued: list[str], hidden: set[str]) -> Outcome:
        folders = press.resolutions(house.desk.project)
        now = outcome.began

        def done(symbol: str) -> None:
            issued.append(symbol)
            self._go_on()

        run = issue.issue(house, self._each(folders), now, done=done)
        findings = list(run.findings)
        if not run.failed:
            findings += webhook.deliver(
                house.register, now, os.environ.get(webhook.SECRET, ""), lambda: not self.stopped.is_set()
            )
        self._go_on()
        errors = [one for one in findings if one.severity == "error"]
        fault = errors[-1] if run.failed else next((one for one in errors if one.code in LOST), None)
        self.moments = upcoming(folders, now)
        coming = self.moments[0] if self.moments else None
        # What is due by this clock and waits all the same is not due yet by that of the register.
        if run.waiting > len(self.moments) and "I09" not in {one.code for one in findings}:
            coming = min(coming or now + AGAIN, now + AGAIN)
        for_ever = datetime.datetime.max.replace(tzinfo=datetime.UTC)
        return replace(
            outcome,
            issued=tuple(one.symbol for one in run.issued),
            finished=tuple(one.symbol for one in run.finished),
            held=len(run.held),
            busy=len(run.busy),
            waiting=run.waiting,
            undelivered=0 if run.failed else len(house.register.undelivered(for_ever)),
            findings=dict(Counter(one.code for one in findings)),
            failed=health.words(fault, hidden) if fault else "",
            next=coming,
        )

    def _go_on(self) -> None:
        if self.stopped.is_set():
            raise Stopped

    def _each(self, folders: Sequence[Path]) -> Iterator[Path]:
        for folder in folders:
            self._go_on()
            yield folder

    def _crew(self, crew: Crew) -> Crew:
        """Give a crew that leaves off when the process is to end."""

        def leaving_off(
            project: Project, orders: Sequence[tuple[Resolution, str]], style: Style
        ) -> Iterator[tuple[int, Pdf | Rejected]]:
            self._go_on()
            for one in crew(project, orders, style):
                self._go_on()
                yield one

        return leaving_off


def _where(error: Any) -> str:
    """Say which error it is and where it came from, not in its own words, which may name anything."""
    trace = error.__traceback__
    while trace.tb_next is not None:
        trace = trace.tb_next
    code = trace.tb_frame.f_code
    number = f" {error.errno}" if isinstance(error, OSError) and error.errno else ""
    file = code.co_filename.rpartition(os.sep)[2]
    return f"{type(error).__name__}{number} in {code.co_name}, line {trace.tb_lineno} of {file}"
