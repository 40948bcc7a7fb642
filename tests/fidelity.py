"""How far pages follow the official edition, line by line: `make fidelity`.

A/RES/73/3 and 73/6 are built from what their official PDFs say, A/RES/56/149 from its source; the measuring tool and
the official files are in the folder that PUBLISH_SHARED names.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

import official

from publish import project
from publish.desk import press
from publish.paper import compose
from publish.text import resolution

ROOT = Path(__file__).parent.parent
TOOL = official.SHARED / "tools" / "line_fidelity.py"
DOCUMENTS = {
    "A_RES_73_3": "A_RES_73_3.en.pdf",
    "A_RES_73_6": "A_RES_73_6.en.pdf",
    "A_RES_56_149": "A_RES_56_149.en.lines.txt",
}


class Fidelity(NamedTuple):
    """How many lines, in per cent, are identical and in place; of how many."""

    identical: float
    placed: float
    lines: int


def at_hand() -> bool:
    """Tell whether there is anything to measure with."""
    return TOOL.is_file() and all((official.FOLDER / name).is_file() for name in DOCUMENTS.values())


def build(name: str, worker: press.Worker, folder: Path) -> Path:
    """Typeset a document in English and give its PDF."""
    if DOCUMENTS[name].endswith(".pdf"):
        sources = official.write(official.FOLDER / DOCUMENTS[name], folder)
    else:
        sources = ROOT / "resolutions" / name
    found, _ = resolution.load(sources, worker.desk.house, ["en"])
    proof = compose.compose(found, worker.desk.language("en", found.facts.edition), worker.desk.project)
    path = folder / f"{name}.pdf"
    path.write_bytes(worker.press.typeset(proof).data)
    return path


def measure(name: str, ours: Path) -> Fidelity:
    """Compare a PDF with the official document."""
    command = [sys.executable, str(TOOL), "--show", "0", str(official.FOLDER / DOCUMENTS[name]), str(ours)]
    out = subprocess.run(command, capture_output=True, check=True, text=True).stdout
    found = re.search(r"identical ([\d.]+) % in place ([\d.]+) % of (\d+) lines", out)
    assert found, out
    return Fidelity(float(found[1]), float(found[2]), int(found[3]))


def main() -> None:
    """Print a row for each document."""
    if not at_hand():
        sys.exit(f"fidelity: skipped, there are no official documents in {official.SHARED} (PUBLISH_SHARED)")
    worker = press.Worker(project.load(ROOT))
    with tempfile.TemporaryDirectory() as folder:
        for name, file in DOCUMENTS.items():
            found = measure(name, build(name, worker, Path(folder)))
            placed = f"  in place {found.placed:5.1f} %" if file.endswith(".pdf") else ""
            print(f"{name:13} identical {found.identical:5.1f} %{placed}  of {found.lines} lines")
    print("no source has a no-break space or hyphen: with and without them the figures are the same")


if __name__ == "__main__":
    main()
