"""What was made once, kept under the digest of what it was made from.

Any number of processes may share the folder: an entry is written beside its place and then takes its name, and one that
is not whole any more is taken for missing.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from publish.project import caches

LIMIT = 4_000_000_000  # bytes
KEPT = 0.8  # of the limit, after the oldest entries had to go
FOLDER = "PUBLISH_CACHE"
FOLDERS = "[0-9a-f][0-9a-f]"
_NAME = re.compile(r"[0-9a-f]{62}|\.new-.*")


class Entry(NamedTuple):
    """What is kept: facts about it, and its data."""

    facts: dict[str, Any]
    data: bytes


@dataclass(frozen=True)
class Usage:
    """How much a cache keeps: entries, and their size in bytes."""

    entries: int
    bytes: int


class Cache:
    """A folder of entries. What cannot be read or written there is no fault: it is made again."""

    def __init__(self, folder: Path, limit: int = LIMIT) -> None:
        self.folder = folder
        self.limit = limit
        self._added = False

    def facts(self, key: str) -> dict[str, Any] | None:
        """Give the facts about an entry, without looking at its data."""
        try:
            with self._path(key).open("rb") as file:
                return _facts(key, file.readline())
        except OSError:
            return None

    def get(self, key: str) -> Entry | None:
        """Give an entry, which counts as used now; None where there is none or it has suffered."""
        path = self._path(key)
        try:
            head, end, data = path.read_bytes().partition(b"\n")
        except OSError:
            return None
        facts = _facts(key, head + end)
        if facts is None or facts["sha256"] != hashlib.sha256(data).hexdigest():
            return None
        with suppress(OSError):  # it may be somebody else's, to be read only
            os.utime(path)
        return Entry(facts, data)

    def put(self, key: str, facts: dict[str, Any], data: bytes = b"") -> None:
        """Keep an entry."""
        path = self._path(key)
        head = json.dumps(facts | {"sha256": hashlib.sha256(data).hexdigest()}).encode()
        with suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=path.parent, prefix=".new-")
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(_sum(key, head) + b" " + head + b"\n" + data)
                Path(name).replace(path)
                self._added = True
            finally:
                Path(name).unlink(missing_ok=True)

    def usage(self) -> Usage:
        """Count what is kept."""
        sizes = [size for _, size, _ in self._entries()]
        return Usage(len(sizes), sum(sizes))

    def bound(self) -> None:
        """Where entries were added, let the ones go that were not used for longest, if all are too large together."""
        if not self._added:
            return
        entries = sorted(self._entries())
        total = sum(size for _, size, _ in entries)
        if total <= self.limit:
            return
        for _, size, path in entries:
            with suppress(OSError):
                path.unlink()
            total -= size
            if total <= KEPT * self.limit:
                return

    def clear(self) -> None:
        """Let everything go."""
        for _, _, path in self._entries():
            with suppress(OSError):
                path.unlink()
        for folder in self.folder.glob(FOLDERS):
            with suppress(OSError):
                folder.rmdir()

    def _path(self, key: str) -> Path:
        return self.folder / key[:2] / key[2:]

    def _entries(self) -> list[tuple[float, int, Path]]:
        found = []
        for folder in self.folder.glob(FOLDERS):
            with suppress(OSError), os.scandir(folder) as entries:
                for entry in entries:
                    if not _NAME.fullmatch(entry.name):
                        continue  # it is somebody else's
                    with suppress(OSError):
                        state = entry.stat()
                        found.append((state.st_mtime, state.st_size, Path(entry.path)))
        return found


def _sum(key: str, head: bytes) -> bytes:
    return hashlib.sha256(key.encode() + b" " + head).hexdigest().encode()


def _facts(key: str, line: bytes) -> dict[str, Any] | None:
    """Read the first line of an entry: a digest of the key and of what follows, then the facts; None if it suffered."""
    found, _, head = line.partition(b" ")
    if not head.endswith(b"\n") or found != _sum(key, head[:-1]):
        return None
    facts: dict[str, Any] = json.loads(head)
    return facts


def cache() -> Cache:
    """Give the user's cache: the folder that PUBLISH_CACHE names, or that of the desktop's rules."""
    named = os.environ.get(FOLDER)
    return Cache(Path(named).expanduser() if named else caches() / "documents")
