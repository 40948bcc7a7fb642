"""A finished file against its own source: it is built again from what it carries, and must come out the same."""

from __future__ import annotations

import json
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from publish.desk.inputs import FILE, Inputs
from publish.desk.press import Style, Worker, unready
from publish.finding import Finding, Place, Rejected
from publish.paper import compose, read_pdf
from publish.text import resolution

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from publish.project import Project

FACTS = "resolution.yaml"


@dataclass(frozen=True)
class Verified:
    """A file that was built again: whether it came out the same, and what it was made with that is another here."""

    path: Path
    symbol: str
    language: str
    same: bool
    differing: tuple[str, ...]


def verify(project: Project, path: Path) -> Verified:
    """Build a file again from the sources that it carries, with what is here. Raises Rejected where it cannot."""
    data, carried = _carried(path)
    code = next(name.removesuffix(".yaml") for name in carried if name.endswith(".yaml") and name != FACTS)
    if missing := unready():
        raise Rejected(missing)
    worker = Worker(project)
    with tempfile.TemporaryDirectory() as name:
        facts = json.loads(carried[f"{code}.json"])["facts"]
        folder = Path(name) / str(facts["symbol"]).replace("/", "_")
        folder.mkdir()
        for file in (FACTS, f"{code}.yaml"):
            (folder / file).write_bytes(carried[file])
        found, _ = resolution.load(folder, worker.desk.house, [code])
        draft = compose.DRAFT in path.stem
        styles = [Style()] if not draft else [Style(draft=True), Style(True, True), Style(line_numbers=True)]
        same = any(worker.typeset(found, code, style).data == data for style in styles)
    made = Inputs(project).of_pdf(code)
    differing = () if same else tuple(_differing(json.loads(carried[FILE]), made))
    return Verified(path, str(found.facts.symbol), code, same, differing)


def told(verified: Verified) -> list[Finding]:
    """Give what is wrong with a file that was built again."""
    if verified.same:
        return []
    message = f"built again from its source, the file of {verified.symbol} comes out otherwise"
    if verified.differing:
        hint = f"other here than where it was made: {', '.join(verified.differing)}"
    else:
        hint = "everything it was made with is the same here, so that it was changed afterwards"
    return [Finding("P109", message, Place(verified.path), hint)]


def _carried(path: Path) -> tuple[bytes, dict[str, bytes]]:
    """Read a file and what it carries."""
    try:
        data = path.read_bytes()
        carried = read_pdf.attachments(data)
    except OSError as error:
        raise Rejected([Finding("S18", f"cannot read the file: {error.strerror}", Place(path))]) from None
    except ValueError:
        raise Rejected([Finding("P106", "the file is no PDF, or damaged", Place(path))]) from None
    sources = [name for name in carried if name.endswith(".yaml")]
    if FACTS not in sources or FILE not in carried or len(sources) != 2:
        message = "the file does not carry the sources that it was made from"
        raise Rejected([Finding("P109", message, Place(path), "build it with this press")])
    return data, carried


def _differing(then: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[str]:
    """Name what differs between what a file was made with and what is here."""
    for key in dict.fromkeys([*then, *now]):
        before, after = then.get(key), now.get(key)
        if isinstance(before, dict) and isinstance(after, dict):
            yield from (
                f"{name} {before.get(name, 'none')}, here {after.get(name, 'none')}"
                for name in dict.fromkeys([*before, *after])
                if before.get(name) != after.get(name)
            )
        elif before != after:
            yield f"{key} {before}, here {after}" if key == "press" else f"the {key}"
