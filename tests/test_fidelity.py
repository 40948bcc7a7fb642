"""Pages that follow the official edition, where the official documents are at hand."""

from __future__ import annotations

from pathlib import Path

import fidelity
import official
import pdf
import pypdfium2
import pytest

from publish.desk import press

pytestmark = pytest.mark.skipif(
    not fidelity.at_hand(), reason=f"there are no official documents in {official.SHARED} (PUBLISH_SHARED)"
)
WHOLE = [name for name, file in fidelity.DOCUMENTS.items() if file.endswith(".pdf")]


@pytest.mark.parametrize("name", fidelity.DOCUMENTS)
def test_lines_end_where_the_official_ones_do(worker: press.Worker, tmp_path: Path, name: str) -> None:
    """At least 92 of 100 lines are the same, and 90 stand at the same place."""
    found = fidelity.measure(name, fidelity.build(name, worker, tmp_path))
    assert found.identical >= 92
    assert found.placed >= 90


@pytest.mark.parametrize("name", WHOLE)
def test_pages_end_where_the_official_ones_do(worker: press.Worker, tmp_path: Path, name: str) -> None:
    """There are as many pages, and each ends with the same line of text."""
    expected = last_lines(official.FOLDER / fidelity.DOCUMENTS[name], official.BODY * 0.75)  # its unit is the point
    actual = last_lines(fidelity.build(name, worker, tmp_path), official.BODY)
    assert expected == actual


@pytest.mark.parametrize("name", WHOLE)
def test_a_source_needs_no_help(tmp_path: Path, name: str) -> None:
    """What was read from the official document has no no-break space, no no-break hyphen, and no line break."""
    folder = official.write(official.FOLDER / fidelity.DOCUMENTS[name], tmp_path)
    text = (folder / "en.yaml").read_text("utf-8")
    assert not {"\u00a0", "\u202f", "\u2011", "\u2060"} & set(text)
    assert "\\n" not in text


def last_lines(path: Path, size: float) -> list[str]:
    """Give the letters of the last line of text on each page."""
    data = path.read_bytes()
    last = {line.page: line.text for line in pdf.lines(data, size) if line.left > 120 and line.baseline < 735}
    with pypdfium2.PdfDocument(data) as document:
        assert len(document) == len(last)
    return ["".join(filter(str.isalnum, text)) for text in last.values()]
