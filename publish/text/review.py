"""Resolution -> Review: all that the proofreader finds, and what somebody has decided to let stand.

A comment directly above an entry lets a rule go unheeded there, with the reason:
`# allow C204: the text ends so as it was adopted`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from publish.finding import Finding
from publish.text.concordance import concordance
from publish.text.follow import follow
from publish.text.form import form

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from publish.finding import Place
    from publish.text.language import Language
    from publish.text.mention import Finder
    from publish.text.resolution import Resolution
    from publish.text.source import File

_ALLOW = re.compile(r"\s*#\s*allow\s+(C\d{3})\s*:?\s*(.*?)\s*$")


class Allowed(NamedTuple):
    """A finding that is let stand, and why."""

    finding: Finding
    reason: str


@dataclass(frozen=True)
class Review:
    """What came out for a resolution."""

    symbol: str
    findings: tuple[Finding, ...]
    allowed: tuple[Allowed, ...] = ()

    @property
    def sound(self) -> bool:
        """Whether nothing is wrong; warnings are not."""
        return not any(finding.severity == "error" for finding in self.findings)


def review(resolution: Resolution, languages: Mapping[str, Language], finders: Mapping[str, Finder]) -> Review:
    """Proofread a resolution: its languages against each other and the original, and each by its own rules."""
    found = [*concordance(resolution, languages, finders), *form(resolution, languages), *follow(resolution)]
    allowances = _Allowances(resolution)
    findings, allowed = [], []
    for finding in dict.fromkeys(found):
        reason = allowances.reason(finding)
        if reason:
            allowed.append(Allowed(finding, reason))
        else:
            findings.append(finding)
    findings += allowances.faults()
    return Review(str(resolution.facts.symbol), tuple(findings), tuple(allowed))


class _Allowances:
    """The comments of a resolution's files, each for the entry in the line below it."""

    def __init__(self, resolution: Resolution) -> None:
        self.entries: dict[Path, set[int]] = {}
        self.inside: dict[Path, set[int]] = {}  # lines of texts, where a comment is none
        files: dict[Path, File] = {}
        for nodes in (resolution.facts.nodes, *(wording.nodes for wording in resolution.wordings.values())):
            for node in nodes.values():
                self.entries.setdefault(node.file.path, set()).add(node.line)
                lines = range(node.line + 1, node.end_line + 1) if isinstance(node.value, str) else ()
                self.inside.setdefault(node.file.path, set()).update(lines)
                files[node.file.path] = node.file
        self.reasons: dict[tuple[Path, int, str], tuple[str, Place]] = {}
        self.used: set[tuple[Path, int, str]] = set()
        for file in files.values():
            self.read(file)

    def read(self, file: File) -> None:
        if "allow" not in file.text:
            return
        above: list[tuple[str, str, Place]] = []
        for number, line in enumerate(file.lines):
            match = None if number in self.inside[file.path] else _ALLOW.fullmatch(line)
            if match:
                above.append((match[1], match[2], file.place(number, line.index("#"))))
            elif not line.lstrip().startswith("#"):
                self.reasons |= {(file.path, number, code): (reason, place) for code, reason, place in above}
                above = []
        self.reasons |= {(file.path, len(file.lines), code): (reason, place) for code, reason, place in above}

    def reason(self, finding: Finding) -> str:
        """Give why a finding is let stand, or nothing."""
        place = finding.place
        if place is None or not self.reasons:
            return ""
        entry = max((line for line in self.entries.get(place.file, ()) if line < place.line), default=-1)
        key = (place.file, entry, finding.code)
        reason, _ = self.reasons.get(key, ("", None))
        if reason:
            self.used.add(key)
        return reason

    def faults(self) -> Iterator[Finding]:
        """Give the comments that have no effect."""
        for key, (reason, place) in self.reasons.items():
            if not reason:
                hint = f"write it as '# allow {key[2]}: why'"
                yield Finding("C001", f"{key[2]} is allowed without a reason", place, hint, "warning")
            elif key not in self.used:
                message = f"{key[2]} is allowed, and not found"
                yield Finding("C001", message, place, "remove the comment", "warning")
