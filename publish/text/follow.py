"""Whether a translation still follows the original: which paragraphs have changed since somebody said that it does.

What a translation follows is kept beside it, in `fr.follows.yaml`: a fingerprint of each piece of the original's text,
in its order. `publish check --accept fr` writes it.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, NamedTuple

from publish.finding import Finding, Place, Rejected
from publish.text.outline import outline
from publish.text.source import Reader, read

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from publish.text.outline import Unit
    from publish.text.resolution import Resolution

_HEAD = """\
# What {code}.yaml follows: fingerprints of the text in '{original}'.
# 'publish check --accept {code}' writes this file anew when the translation has followed.
"""


class Followed(NamedTuple):
    """A piece of the original's text as a translation followed it."""

    name: str
    fingerprint: str


def path(resolution: Resolution, code: str) -> Path:
    """Give the file that says what a translation follows."""
    return resolution.folder / f"{code}.follows.yaml"


def record(resolution: Resolution, code: str) -> str:
    """Give what that file says when the translation follows the original as it stands."""
    original = resolution.facts.original
    lines = [f"{unit.id}: {_fingerprint(unit)}" for unit in _texts(resolution, original)]
    return _HEAD.format(code=code, original=original) + "".join(f"{line}\n" for line in lines)


def stale(resolution: Resolution, code: str) -> set[str]:
    """Give the identities of the original's texts that have changed since the translation followed them.

    Nothing is known where nobody has said that it follows. Raises Rejected where the file cannot be read.
    """
    return {unit.id for unit in _changes(resolution, code)[0]}


def follow(resolution: Resolution) -> Iterator[Finding]:
    """Name the paragraphs of each translation that have not followed the original."""
    original = resolution.facts.original
    for code in resolution.wordings:
        try:
            changed, gone = _changes(resolution, code)
        except Rejected as rejected:
            yield from rejected.findings
            continue
        hint = f"translate it anew, then say so: publish check --accept {code}"
        nodes = resolution.wordings[code].nodes
        for unit in changed:
            place = nodes[unit.id].place if unit.id in nodes else Place(resolution.folder / f"{code}.yaml")
            message = f"{unit.name} has changed or moved in '{original}', and '{code}' has not followed"
            yield Finding("C301", message, place, hint, beside=unit.node.place if unit.node else None)
        for name in gone:
            message = f"what was '{name}' has gone from '{original}', and '{code}' has not followed"
            yield Finding("C301", message, Place(resolution.folder / f"{code}.yaml"), hint)


def _changes(resolution: Resolution, code: str) -> tuple[list[Unit], list[str]]:
    """Give the texts of the original that are new or have changed, and the identities of those that have gone."""
    original = resolution.facts.original
    file = path(resolution, code)
    if code == original or original not in resolution.wordings or not file.is_file():
        return [], []
    reader = Reader()
    before = [Followed(name, reader.text(node)) for name, node in reader.entries(read(file)).items()]
    reader.close()
    now = _texts(resolution, original)
    prints = [_fingerprint(unit) for unit in now]
    changed: list[Unit] = []
    gone: list[str] = []
    surplus = Counter(one.fingerprint for one in before) - Counter(prints)
    matcher = SequenceMatcher(None, [one.fingerprint for one in before], prints, autojunk=False)
    for what, first, last, start, end in matcher.get_opcodes():
        if what != "equal":
            changed += now[start:end]
            gone += [one.name for one in before[first + (end - start) : last] if surplus[one.fingerprint]]
    return changed, gone


def _texts(resolution: Resolution, code: str) -> list[Unit]:
    return [unit for unit in outline(resolution.wordings[code]).walk() if unit.runs and unit.node]


def _fingerprint(unit: Unit) -> str:
    """Give a short sum of a text as it was typed, whatever its line breaks."""
    assert unit.node is not None
    return hashlib.sha256(" ".join(str(unit.node.value).split()).encode()).hexdigest()[:16]
