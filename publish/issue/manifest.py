"""An issued document as data: what was issued, when, from which inputs, in which files.

The manifest is the last file of an issued document to come into being, and what it says is true: a document is issued
if and only if its manifest stands in its place.
"""

from __future__ import annotations

import datetime
import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Literal

from publish.finding import Finding, Place

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

FILE = "manifest.json"
FORM = 1  # of the JSON

Kind = Literal["first", "reissue", "corrigendum", "revision"]


@dataclass(frozen=True)
class File:
    """A file of an issued document, with its size in bytes and its SHA-256; the title is in its language."""

    language: str
    name: str
    title: str
    pages: int
    bytes: int
    sha256: str


@dataclass(frozen=True)
class Issue:
    """A document as it was issued in all its languages.

    serial counts the issues of a symbol, the first one being 0; name is that of its folder; corrects is the symbol
    that a corrigendum or revision belongs to, or empty; reason is why it was issued again. release is the moment before
    which it was not to be issued, and issued the one when it was. inputs holds digests by what they are of, and
    fingerprint is the digest of them all.
    """

    symbol: str
    serial: int
    name: str
    kind: Kind
    corrects: str
    reason: str
    release: datetime.datetime
    issued: datetime.datetime
    fingerprint: str
    inputs: dict[str, Any]
    files: tuple[File, ...]

    @property
    def titles(self) -> dict[str, str]:
        """The titles by language."""
        return {file.language: file.title for file in self.files}


def write(issue: Issue) -> bytes:
    """Give the manifest of an issued document, the same bytes for the same issue."""
    moments: dict[str, Any] = {
        key: getattr(issue, key).astimezone(datetime.UTC).isoformat() for key in ("release", "issued")
    }
    data = {"form": FORM} | asdict(issue) | moments
    return json.dumps(data, ensure_ascii=False, indent=1).encode() + b"\n"


def read(data: bytes) -> Issue:
    """Read a manifest. Raises ValueError where it is none."""
    try:
        values = json.loads(data)
        if values.pop("form") != FORM:
            raise ValueError("it is of another form")
        moments: dict[str, Any] = {
            key: datetime.datetime.fromisoformat(values.pop(key)) for key in ("release", "issued")
        }
        if any(moment.tzinfo is None for moment in moments.values()):
            raise ValueError("its moments have no zone")
        files = tuple(File(**one) for one in values.pop("files"))
        return Issue(**values, **moments, files=files)
    except (TypeError, KeyError, AttributeError) as error:
        raise ValueError(str(error)) from None


def over(paths: Sequence[Path]) -> list[Finding]:
    """Find the files that would be written over issued ones."""
    names = dict.fromkeys((path.parent, path.parent.name) for path in paths)
    hint = "issue it again with a reason, or write elsewhere with -o"
    return [
        Finding("I04", f"{name} is issued, and is not written over", Place(folder), hint)
        for folder, name in names
        if (folder / FILE).exists()
    ]
