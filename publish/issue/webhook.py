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
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from publish.finding import Finding
from publish.issue.register import Notice

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from publish.issue.register import Register

SECRET = "PUBLISH_WEBHOOK_SECRET"  # noqa: S105  # the name of the variable
PREFIX = "whsec_"
TIMEOUT = 5  # seconds
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
    """Deliver the notices that are due; gives a warning for each that was not taken. Raises Rejected.

    A few are sent at a time, for as long as `go_on` says so.
    """
    findings = []
    due = register.undelivered(now)
    for start in range(0, len(due), AT_ONCE):
        if not go_on():
            break
        some = due[start : start + AT_ONCE]
        with ThreadPoolExecutor(AT_ONCE) as threads:
            errors = list(threads.map(lambda notice: _send(notice, now, secret), some))
        for notice, error in zip(some, errors, strict=True):
            after = _after(notice, error, now)
            register.tried(after)
            if error:
                hint = f"it is tried again after {after.next.isoformat()}" if after.next else "it is given up"
                message = f"{notice.address} did not take a notice: {error}"
                findings.append(Finding("I10", message, hint=hint, severity="warning"))
    return findings


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
    body, time = notice.body.encode(), str(int(now.timestamp()))
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "publish",
        "webhook-id": notice.id,
        "webhook-timestamp": time,
        "webhook-signature": signature(secret, notice.id, time, body),
    }
    request = urllib.request.Request(notice.address, body, headers, method="POST")  # noqa: S310  # settings allow http(s)
    try:
        with urllib.request.build_opener(_NoOtherPlace).open(request, timeout=TIMEOUT) as answer:
            return "" if answer.status < 300 else f"HTTP {answer.status}"
    except urllib.error.HTTPError as error:
        return f"HTTP {error.code}"
    except (OSError, ValueError) as error:
        return str(getattr(error, "reason", error))[:200]


def signature(secret: str, name: str, time: str, body: bytes) -> str:
    """Sign a notice: HMAC-SHA-256 of its id, time and body; after "whsec_" the secret is in base64."""
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True) if secret.startswith(PREFIX) else b""
    except binascii.Error:
        key = b""
    signed = hmac.new(key or secret.encode(), f"{name}.{time}.".encode() + body, hashlib.sha256)
    return f"v1,{base64.b64encode(signed.digest()).decode()}"
