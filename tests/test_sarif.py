"""Findings in the form of code hosts, SARIF 2.1.0."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_form import blocks, formed, wording, write

from publish.desk.sarif import SCHEMA, sarif
from publish.finding import CODES, Finding, Fix, Place
from publish.text.review import Allowed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from publish.desk.press import Desk

ROOT = Path("/house")
EN = ROOT / "resolutions" / "A_RES_80_1" / "en.yaml"
WRONG = Finding("C215", "a word", Place(EN, 7, 12, "..."), "write another", "warning")


def closed(*required: str, **properties: dict[str, Any]) -> dict[str, Any]:
    """Give the schema of an object that has just these properties."""
    return {"type": "object", "required": [*required], "properties": properties, "additionalProperties": False}


def some(schema: dict[str, Any], least: int = 0) -> dict[str, Any]:
    return {"type": "array", "items": schema, "minItems": least, "uniqueItems": True}


# What SARIF 2.1.0 says of the objects that are written, as its own schema says it.
COUNT, TEXT = {"type": "integer", "minimum": 1}, {"type": "string"}
ARTIFACT = closed("uri", uri={"type": "string", "format": "uri-reference"}, uriBaseId=TEXT)
REGION = closed("startLine", startLine=COUNT, startColumn=COUNT, endColumn=COUNT)
LOCATION = closed(
    id={"type": "integer", "minimum": -1},
    physicalLocation=closed("artifactLocation", artifactLocation=ARTIFACT, region=REGION),
)
REPLACEMENT = closed("deletedRegion", deletedRegion=REGION, insertedContent=closed("text", text=TEXT))
CHANGE = closed("artifactLocation", "replacements", artifactLocation=ARTIFACT, replacements=some(REPLACEMENT, 1))
RESULT = closed(
    *("message", "ruleId", "ruleIndex", "level"),
    ruleId=TEXT,
    ruleIndex={"type": "integer", "minimum": -1},
    level={"enum": ["none", "note", "warning", "error"]},
    message=closed("text", text=TEXT),
    locations=some(LOCATION),
    relatedLocations=some(LOCATION),
    fixes=some(closed("artifactChanges", artifactChanges=some(CHANGE, 1))),
    suppressions=some(closed("kind", kind={"enum": ["inSource", "external"]}, justification=TEXT)),
    partialFingerprints={"type": "object", "additionalProperties": TEXT},
)
RULE = closed("id", id=TEXT, shortDescription=closed("text", text=TEXT))
RUN = closed(
    *("tool", "results"),
    tool=closed("driver", driver=closed("name", name=TEXT, version=TEXT, rules=some(RULE))),
    columnKind={"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
    results={"type": "array", "items": RESULT},
)
LOG = closed(
    "version", "runs", **{"$schema": TEXT, "version": {"const": "2.1.0"}, "runs": {"type": "array", "items": RUN}}
)


def ran(findings: Sequence[Finding], allowed: Sequence[Allowed] = (), root: Path = ROOT) -> dict[str, Any]:
    """Give the one run that findings make, as a code host reads it."""
    log = json.loads(json.dumps(sarif(findings, allowed, "1.2.3", root)))
    jsonschema.validate(log, LOG)
    (run,) = log["runs"]
    return run


def result(finding: Finding, root: Path = ROOT) -> dict[str, Any]:
    """Give the result that a finding makes."""
    (one,) = ran([finding], root=root)["results"]
    return one


def test_a_log_says_what_it_is() -> None:
    """A log names its schema and version, the tool with its version, and how columns are counted."""
    log = sarif([], [], "1.2.3", ROOT)
    assert (SCHEMA, "2.1.0") == (log["$schema"], log["version"])
    assert SCHEMA.endswith("sarif-schema-2.1.0.json")
    run = ran([])
    driver = run["tool"]["driver"]
    assert ("publish", "1.2.3", "unicodeCodePoints") == (driver["name"], driver["version"], run["columnKind"])
    assert [] == run["results"]


def test_the_rules_are_all_codes() -> None:
    """Each code is a rule, with its sentence, in the order of the list."""
    rules = ran([])["tool"]["driver"]["rules"]
    assert CODES == {rule["id"]: rule["shortDescription"]["text"] for rule in rules}
    assert list(CODES) == [rule["id"] for rule in rules]


@pytest.mark.parametrize("code", CODES)
def test_a_result_points_to_its_rule(code: str) -> None:
    """The index of a result's rule is that of its code."""
    run = ran([Finding(code, "it is wrong")])
    (one,) = run["results"]
    assert (code, code) == (one["ruleId"], run["tool"]["driver"]["rules"][one["ruleIndex"]]["id"])


def test_results_are_in_the_order_of_the_findings() -> None:
    """What is found comes first, as it was found, and then what is let stand."""
    findings = [Finding("C215", "b"), Finding("C001", "a"), Finding("S01", "c")]
    results = ran(findings, [Allowed(Finding("C101", "d"), "why")])["results"]
    assert ["b", "a", "c", "d"] == [one["message"]["text"] for one in results]


@pytest.mark.parametrize("severity", ["error", "warning"])
def test_the_level_is_the_severity(severity: Any) -> None:
    """An error is an error to a code host, and a warning a warning."""
    assert severity == result(Finding("C204", "it ends", severity=severity))["level"]


def test_the_message_has_the_hint() -> None:
    """What to do stands behind what is wrong, where there is a hint."""
    assert "a word; write another" == result(WRONG)["message"]["text"]
    assert "a word" == result(Finding("C215", "a word"))["message"]["text"]


# ---- Places


def test_a_place_is_in_the_project() -> None:
    """The address of a file is relative to the project's folder, with line and column from 1."""
    expected = {
        "physicalLocation": {
            "artifactLocation": {"uri": "resolutions/A_RES_80_1/en.yaml", "uriBaseId": "%SRCROOT%"},
            "region": {"startLine": 7, "startColumn": 12},
        }
    }
    assert [expected] == result(WRONG)["locations"]


def test_a_place_outside_of_the_project() -> None:
    """A file elsewhere has its whole address, and no base."""
    one = result(WRONG, ROOT / "elsewhere")
    (location,) = one["locations"]
    expected = {"uri": "file:///house/resolutions/A_RES_80_1/en.yaml"}
    assert expected == location["physicalLocation"]["artifactLocation"]


def test_a_whole_file_has_no_region() -> None:
    """A finding about a file has no line, and one about nothing no place."""
    (location,) = result(Finding("S18", "no file", Place(EN)))["locations"]
    assert ["artifactLocation"] == list(location["physicalLocation"])
    assert not {"locations", "relatedLocations", "fixes", "suppressions"} & set(result(Finding("T07", "it failed")))


def test_what_it_is_compared_with_is_a_related_place() -> None:
    """The place in the other language is told beside that of the finding."""
    other = Place(EN.with_name("fr.yaml"), 4, 5)
    one = result(Finding("C107", "two numbers", Place(EN, 7, 12), beside=other))
    (location,) = one["relatedLocations"]
    physical = location["physicalLocation"]
    assert "resolutions/A_RES_80_1/fr.yaml" == physical["artifactLocation"]["uri"]
    assert ({"startLine": 4, "startColumn": 5}, 1) == (physical["region"], location["id"])
    assert 7 == one["locations"][0]["physicalLocation"]["region"]["startLine"]


# ---- Fixes, fingerprints, and what is let stand


def test_a_fix_says_what_to_put_in_place() -> None:
    """The words that go are a region of their line, whose end is the column behind them."""
    (fix,) = result(Finding("C215", "a word", Place(EN, 7, 1), fix=Fix(Place(EN, 7, 12), "percent", "per cent")))[
        "fixes"
    ]
    (change,) = fix["artifactChanges"]
    (replacement,) = change["replacements"]
    assert {"uri": "resolutions/A_RES_80_1/en.yaml", "uriBaseId": "%SRCROOT%"} == change["artifactLocation"]
    assert {"startLine": 7, "startColumn": 12, "endColumn": 19} == replacement["deletedRegion"]
    assert {"text": "per cent"} == replacement["insertedContent"]


@settings(max_examples=30)
@given(before=st.text("ab 的é𝄞", max_size=9), old=st.text("xyя", min_size=1, max_size=5), new=st.text("ab", max_size=5))
def test_a_host_that_applies_a_fix_has_the_right_line(before: str, old: str, new: str) -> None:
    """Taken by code points, the region of a fix is exactly the words that go."""
    line = f"{before}{old} and so on"
    (fix,) = result(Finding("C215", "a word", fix=Fix(Place(EN, 3, len(before) + 1, line), old, new)))["fixes"]
    ((replacement,),) = (change["replacements"] for change in fix["artifactChanges"])
    region = replacement["deletedRegion"]
    start, end = region["startColumn"] - 1, region["endColumn"] - 1
    assert f"{before}{new} and so on" == line[:start] + replacement["insertedContent"]["text"] + line[end:]


def test_what_is_let_stand_is_suppressed() -> None:
    """A finding that is allowed is a result like any other, suppressed in the source with its reason."""
    found, allowed = ran([WRONG], [Allowed(WRONG, "as it was adopted")])["results"]
    kept = allowed.pop("suppressions")
    assert [{"kind": "inSource", "justification": "as it was adopted"}] == kept
    assert found == allowed


def test_a_fingerprint_is_of_what_is_wrong() -> None:
    """A finding that moves to another line keeps its fingerprint, and another finding has another."""

    def fingerprint(code: str, message: str, line: int) -> dict[str, str]:
        return result(Finding(code, message, Place(EN, line, 1)))["partialFingerprints"]

    assert fingerprint("C204", "it ends", 3) == fingerprint("C204", "it ends", 30)
    several = [("C204", "it ends"), ("C204", "it begins"), ("C203", "it ends")]
    assert 3 == len({str(fingerprint(*one, 3)) for one in several})


def test_the_findings_of_a_source(desk: Desk, tmp_path: Path) -> None:
    """What the proofreader finds in a source is a sound log, and its fixes have their places in that source."""
    texts = {
        "en": wording("en", operative="*Requests* ten percent , all of it."),
        "ar": wording("ar", operative="*تطلب* تقديم, تقرير؛"),
    }
    folder = write(tmp_path, {code: blocks(text) for code, text in texts.items()})
    results = ran(formed(desk, folder), root=tmp_path)["results"]
    found = []
    for one in results:
        (change,) = one["fixes"][0]["artifactChanges"]
        lines = (tmp_path / change["artifactLocation"]["uri"]).read_text(encoding="utf-8").splitlines()
        region = change["replacements"][0]["deletedRegion"]
        words = lines[region["startLine"] - 1][region["startColumn"] - 1 : region["endColumn"] - 1]
        found.append((one["ruleId"], words))
    assert [("C204", "it."), ("C207", "t ,"), ("C207", "م,"), ("C215", "percent")] == sorted(found)


def test_an_address_is_an_address() -> None:
    """Spaces and letters of other scripts are escaped in addresses."""
    one = result(Finding("S18", "x", Place(Path("/house/my drafts/é.yaml"))))
    uri = one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert "my%20drafts/%C3%A9.yaml" == uri
