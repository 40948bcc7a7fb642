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

    A fix whose words no longer stand at its place is left out, and of two that overlap the second. A file that would no
    longer be read is left as it is.
    """
    fixes = sorted({finding.fix for finding in findings if finding.fix}, key=_position)
    for path, group in groupby(fixes, key=lambda fix: fix.place.file):
        before = path.read_bytes().decode("utf-8")
        after, count = _applied(before, list(group))
        try:
            parse(after.removeprefix("\ufeff"), path)
        except Rejected:
            continue
        if after != before:
            yield Change(path, before, after, count)


def _position(fix: Fix) -> tuple[str, int, int]:
    return str(fix.place.file), fix.place.line, fix.place.column


def _applied(text: str, fixes: list[Fix]) -> tuple[str, int]:
    """Apply fixes from the last to the first, so that places stay where they are."""
    lines = text.splitlines(keepends=True)
    count = 0
    applied: dict[int, int] = {}
    for fix in reversed(fixes):
        number, start = fix.place.line - 1, fix.place.column - 1
        end = start + len(fix.old)
        if number < len(lines) and lines[number][start:end] == fix.old and end <= applied.get(number, end):
            lines[number] = lines[number][:start] + fix.new + lines[number][end:]
            applied[number] = start
            count += 1
    return "".join(lines), count
