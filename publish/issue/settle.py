"""Settling what was begun: the register is brought in line with what stands among the issued documents.

A manifest in its place is the truth. An entry that is only prepared is completed where its manifest is there, and taken
out where it is not.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from publish.desk import inputs
from publish.finding import Finding, Rejected
from publish.issue import manifest, webhook

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator

    from publish.desk.press import Crew, Desk
    from publish.issue.manifest import Issue
    from publish.issue.register import Register
    from publish.issue.store import Store

AGAIN = ".reissue-"  # and the serial: the names of what was issued again


@dataclass(frozen=True)
class House:
    """Where documents are issued from and to."""

    desk: Desk
    register: Register
    store: Store
    crew: Crew


def recover(house: House, now: datetime.datetime) -> Iterator[Issue]:
    """Finish what earlier runs began and could not end.

    Raises Rejected, of those of which it is not known what to do, when the others are finished.
    """
    findings: list[Finding] = []
    for entry in house.register.prepared():
        with house.register.lock(entry.name.partition(AGAIN)[0]) as ours:
            if not ours or entry not in house.register.prepared():  # somebody else is at work on it, or was
                continue
            try:
                found = finish(house, entry, now)
            except Rejected as rejected:
                findings += rejected.findings
                continue
            if found:
                yield found
    if findings:
        raise Rejected(findings)


def finish(house: House, entry: Issue, now: datetime.datetime) -> Issue | None:
    """Make the register say of a prepared entry what is the case: it is issued, or it never was. Raises Rejected."""
    found = placed(house.store, entry.name)
    if found is None:
        house.store.sweep(entry.name)
        house.register.withdraw(entry)
        return None
    if found != entry:
        house.register.withdraw(entry)
    addresses = house.desk.project.settings.webhooks
    told = webhook.notices("document.issued", f"{found.symbol} {found.serial}", _told(house, found), addresses, now)
    house.register.complete(found, told)
    return found


def restore(house: House) -> Iterator[Issue]:
    """Enter what stands among the issued documents and the register does not know; nobody is told of it again.

    Raises Rejected, of those of which the manifest is none, when the others are entered.
    """
    findings: list[Finding] = []
    known = {one.name for one in house.register.issues()}
    for name in sorted(house.store.names() - known):
        try:
            entry = placed(house.store, name)
        except Rejected as rejected:
            findings += rejected.findings
            continue
        if entry and house.register.complete(entry):
            yield entry
    if findings:
        raise Rejected(findings)


def placed(store: Store, name: str) -> Issue | None:
    """Read the manifest of an issued document, where there is one. Raises Rejected where it is none."""
    data = store.manifest(name)
    if data is None:
        return None
    try:
        return manifest.read(data)
    except ValueError as error:
        message = f"{name}/{manifest.FILE} is no manifest: {error}"
        raise Rejected([Finding("I08", message, hint="restore it from a backup")]) from None


def verify(house: House) -> Iterator[Finding]:
    """Compare every issued file with its checksum, and what stands there with the register. Raises Rejected."""
    entries = house.register.issues()
    for entry in entries:
        try:
            found = placed(house.store, entry.name)
        except Rejected as rejected:
            yield from rejected.findings
            found = None
        if found != entry:
            yield Finding("I07", f"{entry.symbol}: its manifest in {entry.name} is missing or another one")
        for name in sorted(house.store.files(entry.name) - {manifest.FILE, *(file.name for file in entry.files)}):
            hint = "it was not issued with the document; take it away"
            yield Finding("I07", f"{entry.symbol}: {entry.name}/{name} does not belong to it", hint=hint)
        for file in entry.files:
            data = house.store.read(f"{entry.name}/{file.name}")
            if data is None:
                yield Finding("I07", f"{entry.symbol}: {entry.name}/{file.name} is missing")
            elif inputs.hashed(data) != file.sha256:
                yield Finding("I07", f"{entry.symbol}: {entry.name}/{file.name} is not the one that was issued")
    known = {one.name for one in (*entries, *house.register.prepared(), *house.register.issues())}
    for name in sorted(house.store.names() - known):
        yield Finding("I07", f"{name} is not in the register", hint="'publish register restore' enters it")


def _told(house: House, entry: Issue) -> dict[str, Any]:
    base = house.desk.project.settings.base_address
    files = [
        {"language": file.language, "address": f"{base}{entry.name}/{file.name}", "sha256": file.sha256}
        for file in entry.files
    ]
    return {
        "symbol": entry.symbol,
        "kind": entry.kind,
        "issued": entry.issued.isoformat(),
        "titles": entry.titles,
        "files": files,
    }
