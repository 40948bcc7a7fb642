"""How the resident form of issuing fares, told to whoever watches over it: what it did, counted, and what comes next.

It names no document: of what is not issued yet nobody is to know, and of what is issued the register tells.
"""

from __future__ import annotations

import datetime
import os
import re
import socket
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import uvicorn
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from starlette.applications import Starlette
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from publish.desk.preview import LOOPBACK, Guard
from publish.finding import CODES
from publish.issue.webhook import SECRET

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence

    from starlette.requests import Request
    from starlette.types import ASGIApp

    from publish.finding import Finding

LATE = 3  # intervals without the end of a run, after which something is wrong
HIDDEN = "***"
# Findings whose own words name no document and no secret address; of others only the sentence of their code is told.
TELLING = {"I06", "I09"}
BUCKETS = (0.1, 0.3, 1, 3, 10, 30, 60, 180, 600, 1800)  # seconds


@dataclass(frozen=True)
class Outcome:
    """What came of a run, for everybody to know: symbols only of what is issued.

    failed says in words why it did not get to its end, stopped that it was cut short; next is the next moment of
    release.
    """

    began: datetime.datetime
    seconds: float = 0.0
    issued: tuple[str, ...] = ()
    finished: tuple[str, ...] = ()
    held: int = 0
    busy: int = 0
    waiting: int = 0
    undelivered: int = 0
    findings: dict[str, int] = field(default_factory=dict)
    failed: str = ""
    stopped: bool = False
    next: datetime.datetime | None = None

    def data(self) -> dict[str, Any]:
        """Give it as plain data."""
        return {
            "began": _iso(self.began),
            "seconds": round(self.seconds, 3),
            "issued": len(self.issued),
            "finished": len(self.finished),
            "held": self.held,
            "busy": self.busy,
            "waiting": self.waiting,
            "undelivered": self.undelivered,
            "findings": self.findings,
            "failed": self.failed,
            "stopped": self.stopped,
            "next_release": self.next and _iso(self.next),
        }


def words(found: Finding, secrets: Collection[str] = ()) -> str:
    """Say what is wrong without naming a document or a secret."""
    told = f"{found.code}: {found.message if found.code in TELLING else CODES[found.code]}"
    for secret in sorted(secrets, key=len, reverse=True):
        told = told.replace(secret, HIDDEN)
    return re.sub(r"(?<=://)[^\s/]*@", f"{HIDDEN}@", told)


def secrets(addresses: Sequence[str]) -> set[str]:
    """Give what is never to be told: the passwords in some addresses, and the secret that signs notices."""
    found = {os.environ.get(SECRET, "")}
    for address in addresses:
        _, _, rest = address.partition("://")
        password = rest.rpartition("@")[0].partition(":")[2]
        found |= {password, unquote(password)}
    return found - {""}


def _iso(moment: datetime.datetime) -> str:
    return moment.astimezone(datetime.UTC).isoformat(timespec="seconds")


class Health:
    """What is told of the runs so far. A run tells it, from its thread; the server asks it, from another."""

    def __init__(self, now: Callable[[], datetime.datetime], every: float) -> None:
        self.now = now
        self.every = every
        self.started = now()
        self.last: Outcome | None = None
        self.totals = {"runs": 0, "failed": 0, "issued": 0, "held": 0}
        self.registry = CollectorRegistry()

        def counter(name: str, what: str) -> Counter:
            return Counter(name, what, registry=self.registry)

        def gauge(name: str, what: str) -> Gauge:
            return Gauge(name, what, registry=self.registry)

        self.runs = counter("publish_runs", "Runs of the publishing job.")
        self.failed = counter("publish_runs_failed", "Runs that did not get to their end.")
        self.issued = counter("publish_documents_issued", "Documents issued.")
        self.held_back = counter("publish_documents_held", "Documents held back, at each run again.")
        self.seconds = Histogram("publish_run_seconds", "How long runs take.", buckets=BUCKETS, registry=self.registry)
        self.last_run = gauge("publish_last_run_timestamp_seconds", "When the last run began.")
        self.last_success = gauge("publish_last_success_timestamp_seconds", "When the last sound run began.")
        self.next_run = gauge("publish_next_run_timestamp_seconds", "When the next run begins at the latest.")
        self.next_release = gauge("publish_next_release_timestamp_seconds", "The next moment of release, or 0.")
        self.waiting = gauge("publish_documents_waiting", "Documents whose moment has not come.")
        self.held = gauge("publish_documents_held_now", "Documents that the last run held back.")
        self.undelivered = gauge("publish_notices_undelivered", "Notices that are yet to be delivered.")

    def told(self, outcome: Outcome) -> None:
        """Take in what came of a run."""
        self.last = outcome
        failed = bool(outcome.failed)
        for name, count in (
            ("runs", 1),
            ("failed", int(failed)),
            ("issued", len(outcome.issued)),
            ("held", outcome.held),
        ):
            self.totals[name] += count
        self.runs.inc()
        self.failed.inc(int(failed))
        self.issued.inc(len(outcome.issued))
        self.held_back.inc(outcome.held)
        self.seconds.observe(outcome.seconds)
        self.last_run.set(outcome.began.timestamp())
        self.next_run.set(self.upcoming().timestamp())
        if not failed:
            self.last_success.set(outcome.began.timestamp())
            self.next_release.set(outcome.next.timestamp() if outcome.next else 0)
            self.waiting.set(outcome.waiting)
            self.held.set(outcome.held)
            self.undelivered.set(outcome.undelivered)

    def upcoming(self) -> datetime.datetime:
        """Give the moment by which the next run begins."""
        last = self.last.began if self.last else self.started
        rescan = last + datetime.timedelta(seconds=self.every)
        return min(rescan, self.last.next) if self.last and self.last.next else rescan

    @property
    def unready(self) -> str:
        """Why nothing would be issued now, or nothing."""
        if self.last is None:
            return "the first run is not over"
        if self.last.failed:
            return self.last.failed
        silent = self.now() - self.last.began - datetime.timedelta(seconds=self.last.seconds)
        if silent > LATE * datetime.timedelta(seconds=self.every):
            return f"no run has ended for {int(silent.total_seconds())} s"
        return ""

    # ---- Answers

    def application(self, host: str) -> ASGIApp:
        """Give the application, which answers to names of its own."""
        routes = [Route("/ready", self._ready), Route("/status", self._status), Route("/metrics", self._metrics)]
        return Guard(Starlette(routes=routes), {*LOOPBACK, host}, "")

    async def _ready(self, _: Request) -> Response:
        why = self.unready
        return Response(f"{why or 'ready'}\n", 503 if why else 200, media_type="text/plain")

    async def _status(self, _: Request) -> Response:
        data = {
            "ready": not self.unready,
            "started": _iso(self.started),
            "last_run": self.last and self.last.data(),
            "next_run": _iso(self.upcoming()),
            "next_release": self.last and self.last.next and _iso(self.last.next),
            "totals": self.totals,
        }
        return JSONResponse(data)

    async def _metrics(self, _: Request) -> Response:
        return Response(generate_latest(self.registry), headers={"content-type": CONTENT_TYPE_PLAIN_0_0_4})


@contextmanager
def served(health: Health, host: str, port: int) -> Iterator[str]:
    """Answer at a host and a port, from a thread of its own; gives the address. Raises OSError where that fails."""
    with socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET) as listening:
        config = uvicorn.Config(
            health.application(host),
            log_level="error",
            access_log=False,
            timeout_graceful_shutdown=1,
            server_header=False,
            lifespan="off",
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, args=([listening],), daemon=True)
        thread.start()
        try:
            yield f"http://{f'[{host}]' if ':' in host else host}:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(3)
