"""Findings -> changed files: the fixes that need nobody's decision, put in place and nothing else touched."""

from __future__ import annotations

from difflib import unified_diff
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from publish.finding import Rejected
from publish.text.source import parse

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from publish.finding import Finding, Fix
    from publish.text.source import Node


class Change(NamedTuple):
    """A file before and after its fixes, and how many there were."""

    path: Path
    before: str
    after: str
    fixes: int

    @property
    def diff(self) -> str:
        """The change as lines of a unified difference."""
        name = str(self.path)
        before, after = (text.splitlines(keepends=True) for text in (self.before, self.after))
        return "".join(unified_diff(before, after, name, name, n=1))


def mend(findings: Iterable[Finding]) -> Iterator[Change]:
    """Give the files that the fixes of findings change.

    A fix is left out if its words no longer stand at its place, if another one stands there already, or if the file
    would then say anything else than meant.
    """
    fixes = sorted({finding.fix for finding in findings if finding.fix}, key=_position)
    for path, group in groupby(fixes, key=lambda fix: fix.place.file):
        raw = path.read_bytes().decode("utf-8")
        mark = raw[: len(raw) - len(raw.removeprefix("\ufeff"))]
        before = raw[len(mark) :]
        after, count = _applied(before, list(group), path)
        if after != before:
            yield Change(path, mark + before, mark + after, count)


def _position(fix: Fix) -> tuple[str, int, int, str, str]:
    return str(fix.place.file), fix.place.line, fix.place.column, fix.old, fix.new


def _applied(text: str, fixes: list[Fix], path: Path) -> tuple[str, int]:
    """Apply fixes from the last to the first, so that places stay where they are."""
    chosen: list[Fix] = []
    for fix in fixes:
        last = chosen[-1] if chosen else None
        if last is None or (last.place.line, last.place.column + len(last.old)) <= (fix.place.line, fix.place.column):
            chosen.append(fix)
    count = 0
    try:
        texts = _texts(parse(text, path))
    except Rejected:
        return text, 0
    for fix in reversed(chosen):
        lines = text.splitlines(keepends=True)
        number, start = fix.place.line - 1, fix.place.column - 1
        end = start + len(fix.old)
        if number >= len(lines) or lines[number][start:end] != fix.old:
            continue
        lines[number] = lines[number][:start] + fix.new + lines[number][end:]
        mended = "".join(lines)
        try:
            now = _texts(parse(mended, path))
        except Rejected:
            continue
        if _as_meant(texts, now, fix):
            text, texts, count = mended, now, count + 1
    return text, count


def _texts(node: Node) -> list[str]:
    """Give all keys and texts below a node, and the shape that they are in."""
    if isinstance(node.value, str):
        return [node.value]
    if isinstance(node.value, list):
        return ["[", *(text for one in node.value for text in _texts(one)), "]"]
    return ["{", *(text for key, one in node.value.items() for text in (key, *_texts(one))), "}"]


def _as_meant(before: list[str], after: list[str], fix: Fix) -> bool:
    """Tell whether one text has changed, as the fix says, and nothing else."""
    if len(before) != len(after):
        return False
    changed = [(old, new) for old, new in zip(before, after, strict=True) if old != new]
    if len(changed) != 1:
        return False
    ((old, new),) = changed
    starts = (at for at in range(len(old)) if old.startswith(fix.old, at))
    return any(f"{old[:at]}{fix.new}{old[at + len(fix.old) :]}" == new for at in starts)
