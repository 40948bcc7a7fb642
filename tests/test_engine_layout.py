"""The engine is quicker, and lays out the same."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest
from conftest import LANGUAGES, ROOT

from publish.desk import press
from publish.paper import compose

LINES = """
from publish.paper import engine_layout
from weasyprint import HTML
from weasyprint.layout import inline
if {installed}:
    engine_layout.install()
split, laid = inline.split_inline_box, []
def count(context, box, *rest):
    laid.append(box)
    return split(context, box, *rest)
inline.split_inline_box = count
HTML(string="<html dir={direction} style='direction: {direction}; width: 5em'>" + "word " * 40).render()
print(len(laid))
"""


def laid(direction: str, *, installed: bool) -> int:
    """Count how often a line is laid out in a text of some lines."""
    script = LINES.format(direction=direction, installed=installed)
    return int(subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout)


def test_a_line_from_the_right_is_laid_out_once() -> None:
    """A text from the right costs as many lines as one from the left."""
    assert laid("ltr", installed=True) == laid("rtl", installed=True)


def test_the_engine_still_lays_it_out_twice() -> None:
    """By itself the engine takes a line from the right for one that moved; when it does not, this help may go."""
    assert 2 * laid("ltr", installed=False) == laid("rtl", installed=False)


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_property_has_the_value_that_the_engine_gives_it(
    worker: press.Worker, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every property of every element and margin box is the one of the engine's longer way."""
    from weasyprint.css import INITIAL_VALUES, ComputedStyle, StyleFor  # noqa: PLC0415

    styles: list[Any] = []
    original = StyleFor.set_computed_styles

    def kept(self: Any, element: Any, *words: Any, pseudo_type: Any = None, **options: Any) -> None:
        original(self, element, *words, pseudo_type=pseudo_type, **options)
        styles.append(self.get_computed_styles()[element, pseudo_type])

    monkeypatch.setattr(StyleFor, "set_computed_styles", kept)
    sample, _ = press.load(worker.desk, ROOT / "resolutions" / "A_RES_56_149")
    worker.press.typeset(compose.compose(sample, worker.desk.language(code, "1998"), worker.desk.project))
    assert 100 < len(styles)

    def anew(one: Any) -> Any:
        words = ("parent_style", "cascaded", "pseudo_type", "root_style", "base_url", "font_config")
        return ComputedStyle(*(getattr(one, word) for word in words), one.initial_page_sizes)

    quick = [{key: style[key] for key in INITIAL_VALUES} for style in map(anew, styles)]
    monkeypatch.setattr(ComputedStyle, "__missing__", ComputedStyle.__missing__.__wrapped__)
    assert quick == [{key: style[key] for key in INITIAL_VALUES} for style in map(anew, styles)]
