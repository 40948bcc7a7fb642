"""Pages as pictures: a change that no other test names is seen here."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest
import showcase
from conftest import LANGUAGES, ROOT
from PIL import Image, ImageChops, ImageOps

from publish.desk import press
from publish.paper import compose
from publish.text import resolution

EXPECTED = ROOT / "tests" / "pages"
DIFFERENT = ROOT / "output" / "different-pages"
DOTS = 45  # to the inch: a line of type is seen, and a picture has some kilobytes
CELL = 6  # dots: where edges are smoothed otherwise, the mean of a cell hardly changes
MOST = 14  # of 255


def pages(worker: press.Worker, folder: Path, code: str, *sheets: Path) -> list[Image.Image]:
    """Give pictures of the pages of a document in sixteen greys."""
    found, _ = resolution.load(folder, worker.desk.house, [code])
    proof = compose.compose(found, worker.desk.language(code, found.facts.edition), worker.desk.project)
    data = worker.press.typeset(replace(proof, stylesheets=(*proof.stylesheets, *sheets))).data
    document = pypdfium2.PdfDocument(data)
    try:
        pictures = [page.render(scale=DOTS / 72, grayscale=True).to_pil().convert("L") for page in document]
        return [picture.point([round(grey / 17) * 17 for grey in range(256)]) for picture in pictures]
    finally:
        document.close()


def differ(expected: Image.Image, actual: Image.Image) -> bool:
    """Tell whether two pictures show different pages."""
    return expected.size != actual.size or ImageChops.difference(expected, actual).reduce(CELL).getextrema()[1] > MOST


def side_by_side(expected: Image.Image, actual: Image.Image) -> Image.Image:
    """Show what was expected, what came out, and what differs, in black."""
    difference = ImageOps.invert(ImageChops.difference(expected, actual.resize(expected.size)))
    sheet = Image.new("L", (3 * expected.width, max(expected.height, actual.height)), 128)
    for number, picture in enumerate((expected, actual, difference)):
        sheet.paste(picture, (number * expected.width, 0))
    return sheet


@pytest.mark.parametrize("edition", ["1998", "2013"])
@pytest.mark.parametrize("code", LANGUAGES)
def test_pages_look_as_they_did(worker: press.Worker, tmp_path: Path, code: str, edition: str, update: bool) -> None:
    """A document with every construct looks as in the pictures of `tests/pages`, page by page, in each edition."""
    folder = showcase.write(tmp_path, parts=edition == "1998", edition=edition)
    actual = pages(worker, folder, code)
    assert len(actual) >= 8
    files = [EXPECTED / f"{edition}-{code}-{number:02}.png" for number in range(1, len(actual) + 1)]
    if update:
        for file in EXPECTED.glob(f"{edition}-{code}-*.png"):
            file.unlink()
        EXPECTED.mkdir(exist_ok=True)
        for file, picture in zip(files, actual, strict=True):
            picture.save(file, optimize=True)
    assert files == sorted(EXPECTED.glob(f"{edition}-{code}-*.png"))
    different = []
    for file, picture in zip(files, actual, strict=True):
        with Image.open(file) as image:
            expected = image.convert("L")
        (DIFFERENT / file.name).unlink(missing_ok=True)
        if differ(expected, picture):
            DIFFERENT.mkdir(parents=True, exist_ok=True)
            side_by_side(expected, picture).save(DIFFERENT / file.name)
            different.append(str(DIFFERENT / file.name))
    assert [] == different


def test_a_line_moved_by_a_point_is_seen(worker: press.Worker, tmp_path: Path) -> None:
    """Pictures differ where one paragraph stands a point lower, and not where nothing has changed."""
    folder = showcase.write(tmp_path)
    sheet = tmp_path / "moved.css"
    sheet.write_text(".signature { position: relative; top: 1pt }", encoding="utf-8")
    before, again, moved = (pages(worker, folder, "en", *sheets) for sheets in ([], [], [sheet]))
    assert not any(map(differ, before, again))
    assert 1 == sum(map(differ, before, moved))
