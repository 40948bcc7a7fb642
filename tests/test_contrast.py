"""Text that can be told from what is behind it, as WCAG 2.2 asks in 1.4.3 (AA): 4.5 to 1, whatever its size."""

from __future__ import annotations

import ctypes
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
import showcase
from axe_playwright_python.sync_playwright import Axe
from conftest import LANGUAGES
from pypdfium2 import raw
from test_forms import made

from publish.desk import press
from publish.paper import compose
from publish.text import resolution

LEAST = 4.5
MARK = (0xE4, 0xE4, 0xE4)  # of a draft: decoration, which the name of the file says in words
SCALE = 2.0  # dots to a point

Colour = tuple[int, int, int]


def luminance(colour: Colour) -> float:
    """Give the relative luminance of a colour, as WCAG defines it."""
    parts = [one / 255 for one in colour]
    red, green, blue = (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def ratio(one: Colour, other: Colour) -> float:
    """Give the contrast of two colours, as WCAG defines it."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def contrasts(data: bytes) -> Iterator[tuple[float, Colour, str]]:
    """Give the least contrast of each run of type with what the page shows behind it, its colour, and its text."""
    document = pypdfium2.PdfDocument(data)
    for page in document:
        textpage = page.get_textpage()
        drawn = [raw.FPDFPage_GetObject(page, at) for at in range(raw.FPDFPage_CountObjects(page))]
        runs = [(one, filled(one)) for one in drawn if raw.FPDFPageObj_GetType(one) == raw.FPDF_PAGEOBJ_TEXT]
        for one, colour in runs:
            raw.FPDFPageObj_SetIsActive(one, colour == MARK)
        behind = page.render(scale=SCALE, rev_byteorder=True).to_pil().convert("RGB")
        for one, colour in runs:
            if colour == MARK:
                continue
            left, bottom, right, top = (ctypes.c_float() for _ in range(4))
            raw.FPDFPageObj_GetBounds(one, left, bottom, right, top)
            head = page.get_height()
            box = [left.value, head - top.value, right.value, head - bottom.value]
            around = behind.crop([round(edge * SCALE) for edge in box])
            text = raw_text(one, textpage)
            if text.strip() and around.width and around.height:
                yield min(ratio(colour, shade) for _, shade in around.getcolors(1 << 20)), colour, text
    document.close()


def filled(run: Any) -> Colour:
    """Give the colour that a run of type is drawn in."""
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    raw.FPDFPageObj_GetFillColor(run, red, green, blue, alpha)
    assert 255 == alpha.value
    return red.value, green.value, blue.value


def raw_text(run: Any, textpage: Any) -> str:
    size = raw.FPDFTextObj_GetText(run, textpage, None, 0)
    buffer = (ctypes.c_ushort * (size // 2))()
    raw.FPDFTextObj_GetText(run, textpage, buffer, size)
    return bytes(buffer)[:-2].decode("utf-16-le", "replace")


def typeset(worker: press.Worker, folder: Path, code: str, css: str = "", **style: Any) -> bytes:
    found, _ = resolution.load(folder, worker.desk.house, [code])
    spoken = worker.desk.language(code, found.facts.edition)
    proof = compose.compose(found, spoken, worker.desk.project, **style)
    html = proof.html.replace("</head>", f"<style>{css}</style></head>")
    return worker.press.typeset(replace(proof, html=html)).data


@pytest.mark.parametrize("edition", ["1998", "2013"])
@pytest.mark.parametrize("code", LANGUAGES)
def test_text_can_be_told_from_its_page(worker: press.Worker, tmp_path: Path, code: str, edition: str) -> None:
    """Text, notes, links, heads and numbers of lines are dark enough, over the mark of a draft too."""
    folder = showcase.write(tmp_path, parts=edition == "1998", edition=edition)
    found = list(contrasts(typeset(worker, folder, code, draft=True, line_numbers=True)))
    assert {(0, 0, 0), (0, 0, 255)} == {colour for _, colour, _ in found}
    assert [] == [one for one in found if one[0] < LEAST]
    assert min(one for one, _, _ in found) < 21 == round(max(one for one, _, _ in found))  # over the mark, and not


@pytest.mark.parametrize("rule", ["color: #777", "color: #fff", "background: #333", "color: #00f; background: #888"])
def test_text_that_is_too_faint_is_found(worker: press.Worker, tmp_path: Path, rule: str) -> None:
    """Grey on white, black on grey and blue on grey are told, and nothing else."""
    data = typeset(worker, showcase.write(tmp_path), "en", f".source-line {{ {rule} }}")
    faint = "".join(text for least, _, text in contrasts(data) if least < LEAST)
    assert "on the report of the Third Committee" in faint
    assert "Recalling" not in faint


@pytest.mark.parametrize(("colours", "expected"), [("#000 #fff", 21), ("#777 #fff", 4.48), ("#00f #fff", 8.59)])
def test_the_ratio_is_that_of_wcag(colours: str, expected: float) -> None:
    """Known pairs have the contrast that WCAG's own tools give them."""
    one, other = (tuple(int(part * 2, 16) for part in colour[1:]) for colour in colours.split())
    assert expected == round(ratio(one, other), 2)  # type: ignore[arg-type]


@pytest.mark.parametrize("code", LANGUAGES)
def test_an_e_book_can_be_told_from_its_page(
    browser: Any,
    desk: press.Desk,
    tmp_path: Path,
    code: str,
) -> None:
    """Axe finds no text of an e-book that is too faint, and finds one that is made so."""
    book = zipfile.ZipFile(BytesIO(made(desk, showcase.write(tmp_path), code, "epub")))
    book.extractall(tmp_path / "book")
    options = {"runOnly": ["color-contrast"]}
    pages = sorted((tmp_path / "book").rglob("*.xhtml"))
    assert pages
    for path in pages:
        page = browser.new_page()
        page.goto(path.as_uri())
        assert 0 == Axe().run(page, options=options).violations_count
        page.evaluate("document.querySelectorAll('*').forEach(one => one.style.color = '#999')")
        assert 1 == Axe().run(page, options=options).violations_count
        page.close()
