"""Telling others of what was issued and what was held back, signed, and again until they answer.

Notices are kept in the register with what they tell of, so that none is lost and none comes before it is true. Headers
and signature are those of the Standard Webhooks specification, version 1.
"""

from __future__ import annotations

import base64
import binascii
import datetime
import hashlib
import hmac
import json
import re
import threading
import time
import urllib.error
import urllib.request
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from publish.finding import Finding, Rejected
from publish.issue.register import Notice

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from publish.issue.register import Register

SECRET = "PUBLISH_WEBHOOK_SECRET"  # noqa: S105  # the name of the variable
PREFIX = "whsec_"
TIMEOUT = 5  # seconds for a whole answer
LONGEST = 30  # seconds after which what is left is left for the next time
ANSWERED = "HTTP"
AT_ONCE = 8
# How long to wait after each failure; after the last one the notice is given up.
BACKOFF = tuple(datetime.timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 720, 1440))


def notices(
    event: str, key: str, data: Mapping[str, Any], addresses: Sequence[str], now: datetime.datetime
) -> list[Notice]:
    """Give what is to be told of an event to each address; the same event and key are told once."""
    body = json.dumps({"type": event, "timestamp": now.isoformat(), "data": data}, ensure_ascii=False)
    return [
        Notice(hashlib.sha256(f"{event} {key} {address}".encode()).hexdigest()[:32], address, body, now, next=now)
        for address in addresses
    ]


def deliver(
    register: Register,
    now: datetime.datetime,
    secret: str,
    go_on: Callable[[], bool] = lambda: True,
) -> list[Finding]:
    """Deliver the notices that are due, unless another process does; gives a warning for each that was not taken.

    A few are sent at a time, for as long as `go_on` says so, and not for long: the others stay due. A receiver that is
    silent is not asked again before the next time.
    """
    findings = []
    try:
        with register.lock("notices") as ours:
            due = register.undelivered(now) if ours else []
            end = time.monotonic() + LONGEST
            while due and go_on() and time.monotonic() < end:
                some, due = due[:AT_ONCE], due[AT_ONCE:]
                for notice, error in zip(some, _send_all(some, now, secret), strict=True):
                    after = _after(notice, error, now)
                    register.tried(after)
                    if error:
                        findings.append(_untaken(after))
                    if error and not error.startswith(ANSWERED):
                        due = [one for one in due if one.address != notice.address]
    except Rejected as rejected:
        findings += rejected.findings
    return findings


def _untaken(notice: Notice) -> Finding:
    found = re.match(r"https?://(?:[^/?#]*@)?([^/?#]*)", notice.address)
    host = found[1] if found else "no address"  # what comes before and after may be secret
    message = f"a receiver at {host} did not take a notice: {notice.error}"
    hint = f"it is tried again after {notice.next.isoformat()}" if notice.next else "it is given up"
    return Finding("I10", message, hint=hint, severity="warning")


def _send_all(notices: Sequence[Notice], now: datetime.datetime, secret: str) -> list[str]:
    """Send some notices at the same time; gives for each why it was not taken, or nothing."""
    errors: dict[str, str] = {}

    def send(notice: Notice) -> None:
        errors[notice.id] = _send(notice, now, secret)

    threads = [threading.Thread(target=send, args=(notice,), daemon=True) for notice in notices]
    for thread in threads:
        thread.start()
    end = time.monotonic() + TIMEOUT
    for thread in threads:
        thread.join(max(0, end - time.monotonic()))
    return [errors.get(notice.id, f"no whole answer in {TIMEOUT} s") for notice in notices]


def _after(notice: Notice, error: str, now: datetime.datetime) -> Notice:
    attempts = notice.attempts + 1
    if not error:
        return replace(notice, attempts=attempts, next=None, delivered=now, error="")
    later = now + BACKOFF[attempts - 1] if attempts <= len(BACKOFF) else None
    return replace(notice, attempts=attempts, next=later, error=error)


class _NoOtherPlace(urllib.request.HTTPRedirectHandler):
    """A notice goes where the settings say, and nowhere else."""

    def redirect_request(self, *_: Any) -> None:
        """Follow no redirection."""


def _send(notice: Notice, now: datetime.datetime, secret: str) -> str:
    """Send a notice; gives why it was not taken, or nothing."""
    body, moment = notice.body.encode(), str(int(now.timestamp()))
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "publish",
        "webhook-id": notice.id,
        "webhook-timestamp": moment,
        **({"webhook-signature": signature(secret, notice.id, moment, body)} if secret else {}),
    }
    try:
        request = urllib.request.Request(notice.address, body, headers, method="POST")  # noqa: S310  # settings allow http(s)
        with urllib.request.build_opener(_NoOtherPlace).open(request, timeout=TIMEOUT) as answer:
            return "" if answer.status < 300 else f"{ANSWERED} {answer.status}"
    except urllib.error.HTTPError as error:
        return f"{ANSWERED} {error.code}"
    except OSError as error:
        return (str(getattr(error, "reason", error)) or type(error).__name__)[:200]
    except Exception as error:  # noqa: BLE001  # whatever a receiver answers; words might repeat the address
        return type(error).__name__


def signature(secret: str, name: str, moment: str, body: bytes) -> str:
    """Sign a notice: HMAC-SHA-256 of its id, time and body; after "whsec_" the secret is in base64."""
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True) if secret.startswith(PREFIX) else b""
    except binascii.Error:
        key = b""
    signed = hmac.new(key or secret.encode(), f"{name}.{moment}.".encode() + body, hashlib.sha256)
    return f"v1,{base64.b64encode(signed.digest()).decode()}"
