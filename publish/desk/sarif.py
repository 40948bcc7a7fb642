"""Findings -> SARIF 2.1.0, the form in which code hosts show what is wrong beside the lines of a change."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from publish.finding import CODES

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from publish.finding import Finding, Place
    from publish.text.review import Allowed

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


def sarif(findings: Iterable[Finding], allowed: Iterable[Allowed], version: str, root: Path) -> dict[str, Any]:
    """Give one run of the tool in a version of it; paths are from `root` on. What is allowed is there, suppressed."""
    results = [_result(finding, root) for finding in findings]
    for finding, reason in allowed:
        kept = {"kind": "inSource", "justification": reason}
        results.append(_result(finding, root) | {"suppressions": [kept]})
    rules = [{"id": code, "shortDescription": {"text": words}} for code, words in CODES.items()]
    driver = {"name": "publish", "version": version, "rules": rules}
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _result(finding: Finding, root: Path) -> dict[str, Any]:
    words = f"{finding.message}; {finding.hint}" if finding.hint else finding.message
    sum_ = hashlib.sha256(f"{finding.code} {finding.message}".encode()).hexdigest()
    result: dict[str, Any] = {
        "ruleId": finding.code,
        "ruleIndex": list(CODES).index(finding.code),
        "level": finding.severity,
        "message": {"text": words},
        "partialFingerprints": {"finding/v1": sum_},
    }
    if finding.place:
        result["locations"] = [_location(finding.place, root)]
    if finding.beside:
        result["relatedLocations"] = [{"id": 1} | _location(finding.beside, root)]
    if finding.fix:
        result["fixes"] = [_fix(finding, root)]
    return result


def _location(place: Place, root: Path) -> dict[str, Any]:
    physical: dict[str, Any] = {"artifactLocation": _artifact(place, root)}
    if place.line:
        physical["region"] = {"startLine": place.line, "startColumn": place.column}
    return {"physicalLocation": physical}


def _artifact(place: Place, root: Path) -> dict[str, str]:
    if place.file.is_relative_to(root):
        return {"uri": quote(place.file.relative_to(root).as_posix()), "uriBaseId": "%SRCROOT%"}
    return {"uri": place.file.as_uri() if place.file.is_absolute() else quote(place.file.as_posix())}


def _fix(finding: Finding, root: Path) -> dict[str, Any]:
    fix = finding.fix
    assert fix
    end = fix.place.column + len(fix.old)
    region = {"startLine": fix.place.line, "startColumn": fix.place.column, "endColumn": end}
    change = {"artifactLocation": _artifact(fix.place, root)}
    change["replacements"] = [{"deletedRegion": region, "insertedContent": {"text": fix.new}}]  # type: ignore[assignment]
    return {"artifactChanges": [change]}
