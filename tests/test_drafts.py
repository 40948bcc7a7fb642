"""What a draft shows besides its text: a mark across each page, and numbers of lines."""

from __future__ import annotations

import json
from itertools import groupby
from pathlib import Path

import pdf
import pytest
import showcase
from conftest import LANGUAGES
from test_cli import run

from publish.desk import press
from publish.desk.press import Style
from publish.text import resolution

NUMBER = 6.98  # points


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory, desk: press.Desk) -> resolution.Resolution:
    """The document that shows every construct."""
    folder = showcase.write(tmp_path_factory.mktemp("drafts"), edition=2013)
    return resolution.load(folder, desk.house)[0]


def beside(one: pdf.Glyph) -> bool:
    """Whether a character stands beside the text, as numbers of lines do."""
    return abs(one.size - NUMBER) < 0.03 and (one.left < 75 or one.left > 510) and 60 < one.baseline < 770


def numbers(data: bytes) -> list[tuple[int, float, float, int]]:
    """Give the numbers beside lines, with their page, left edge and baseline."""
    small = [one for one in pdf.glyphs(data) if beside(one)]
    places = sorted(small, key=lambda one: (one.page, round(one.baseline), one.left))
    rows = groupby(places, key=lambda one: (one.page, round(one.baseline)))
    return [
        (page, min(one.left for one in row), baseline, int("".join(one.text for one in row)))
        for (page, baseline), row in ((key, list(row)) for key, row in rows)
    ]


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_fifth_line_of_a_page_has_its_number(
    worker: press.Worker, shown: resolution.Resolution, code: str
) -> None:
    """The numbers are 5, 10, 15 and on, anew on each page, from head to foot, at the edge where lines begin."""
    data = worker.typeset(shown, code, Style(line_numbers=True)).data
    found = numbers(data)
    pages = [[one for one in found if one[0] == page] for page in sorted({one[0] for one in found})]
    assert len(pages) > 2
    for page in pages:
        in_order = sorted(page, key=lambda one: one[2])
        assert [one[3] for one in in_order] == list(range(5, 5 * len(page) + 1, 5))
        assert all(left > 500 if code == "ar" else left < 75 for _, left, _, _ in page)
    bases = {(one.page, round(one.baseline)) for one in pdf.glyphs(data) if not beside(one)}
    assert all((page, round(baseline)) in bases for page, _, baseline, _ in found)


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_draft_breaks_its_pages_as_the_document_does(
    worker: press.Worker, shown: resolution.Resolution, code: str
) -> None:
    """The mark and the numbers move nothing: all other characters stand where they stand without them."""
    plain = pdf.glyphs(worker.typeset(shown, code, Style()).data)
    draft = worker.typeset(shown, code, Style(draft=True, line_numbers=True)).data
    mark = worker.desk.language(code, "2013").words.draft
    pages = {one.page for one in plain}
    large = [one for one in pdf.glyphs(draft) if one.size > 60]
    own = [one for one in pdf.glyphs(draft) if one.size <= 60 and not beside(one)]
    assert pages == {one.page for one in large}
    assert len(pages) * len(mark) == len(large)
    assert sorted(own) == sorted(plain)


def test_the_names_of_drafts_are_their_own(own_project: Path) -> None:
    """A draft is never taken for the document, nor written over it."""
    files = json.loads(run("build", "--json", "--draft", "-l", "en", here=own_project))["files"]
    assert ["A_RES_80_1-EN-draft.pdf"] == [Path(one["path"]).name for one in files]
    files = json.loads(run("build", "--json", "--line-numbers", "-l", "en", here=own_project))["files"]
    assert ["A_RES_80_1-EN-draft.pdf"] == [Path(one["path"]).name for one in files]


@pytest.fixture
def own_project(tmp_path: Path) -> Path:
    """A project of one's own."""
    run("init", "house", here=tmp_path)
    return tmp_path / "house"
