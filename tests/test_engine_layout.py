"""The engine is quicker, and lays out the same."""

from __future__ import annotations

import operator
import subprocess
import sys
from typing import Any

import pytest
from conftest import LANGUAGES, ROOT

from publish.desk import press
from publish.paper import compose
from publish.paper.typeset import _engine_log

LINES = """
import os
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
print(len(laid), flush=True)
os._exit(0)  # as Python may close the engine's libraries before it frees what is theirs
"""


def laid(direction: str, *, installed: bool) -> int:
    """Count how often a line is laid out in a text of some lines."""
    script = LINES.format(direction=direction, installed=installed)
    command = [sys.executable, "-X", "faulthandler", "-c", script]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert 0 == done.returncode, done.stderr
    return int(done.stdout)


def test_a_line_from_the_right_is_laid_out_once() -> None:
    """A text from the right costs as many lines as one from the left."""
    assert laid("ltr", installed=True) == laid("rtl", installed=True)


def test_the_engine_still_lays_it_out_twice() -> None:
    """By itself the engine takes a line from the right for one that moved; when it does not, this help may go."""
    assert 2 * laid("ltr", installed=False) == laid("rtl", installed=False)


VARIED = """<html lang=en style="--room: 2em; font: 11px serif">
<style>
@page :first { margin: 15% } @page { @footnote { max-height: 3cm; border-top: 1px solid; margin-top: 1em } }
@page { size: 12cm 17cm; margin: 5%; @bottom-center { content: counter(page) "/" counter(pages); width: 50% } }
body { margin-inline: 1em 5%; text-indent: 1vw } p { margin-block: .5em; padding-inline-start: var(--room) }
.far { margin: 1em 0 } .low { max-height: 2em } .holds u { float: right; height: 3em }
.call { float: footnote } .side { float: left; width: 30%; margin: 2% } .near { float: right; max-width: 8em }
.box { display: inline-block; min-width: 4em; border: 1px solid; padding: 0 calc(1% + 2px) }
.over { position: absolute; inset-inline-end: 1em; top: 3% } u { text-decoration: underline wavy red }
.row { display: flex; gap: 1em; justify-content: space-between } .row > * { width: auto; min-height: 2em }
.grid { display: grid; grid-template-columns: 1fr 2fr; column-gap: 3% } .many { columns: 2; height: 20% }
.long { width: 70%; padding: 3%; margin-block: 2%; border-style: solid } .down { flex-direction: column; height: 9em }
table { border-collapse: collapse; border: 6px solid; width: 100% } td { border: 2px solid; padding: 2px }
.apart { border-collapse: separate; border-spacing: 3px; box-sizing: border-box; height: 5em } b { page: other }
.rtl { direction: rtl; text-align: justify; border-inline-start: 3px solid } li::marker { color: blue }
h1 { break-before: page; font-variant-caps: small-caps; outline: 1px dotted } img { width: 10%; height: auto }
</style><body><h1>Heading</h1>
<p>Some <b>bold <i>slanted</i></b> words<span class=call>A note.</span> <span class=box>1.</span> <u>more <b>of</b></u>
<div class=side>Aside of some words</div><div class=near>Near it, in a long line that breaks</div>
<p class=box>A paragraph as a box which is too wide for its line and breaks in <span class=box>two</span> or more.
<div class=long>LONG</div>
<div class="row down"><div style="flex: 1 1 30%">One</div><p style="max-height: 20%; flex-grow: 2">Two</p></div>
<p>NOTES</p><div style="columns: 2"><p>NOTES</p></div>
<div class=over>Over</div><div class=row><div>One</div><div>Two words</div><p>Three</p></div>
<div class=grid><p>First</p><p>Second of them</p></div>
<div class=many><p>Left</p><p>Right<span class=call>Another.</span></div>
<table><tr><td>a<td>b b<td>c</table><table class=apart><tr><td>a<td>b<td>c</table>
<ol><li>Item<li>Item<ul style="margin: auto; width: 40%"><li>Below</ul></ol>
<div class=rtl><p>مرحبا <b>بكم</b> في الصفحة <span class=box>١</span></div>"""
PLAIN = [("", size) for size in (1, 9, 30, 2, 60, 1, 20, 9, 40, 3)]
FAR, HOLDS, LOW = ("far", 1), ("holds", 3), ("low", 90)
NOTES = [FAR, FAR, *PLAIN, LOW, LOW, *PLAIN, HOLDS, *PLAIN, FAR, FAR, *PLAIN[:4], LOW, *PLAIN[:3]]
CALLS = [
    f"A line with <b>calls</b><span class='call {kind}'>{'Words. ' * size}<u>End</u></span>" for kind, size in NOTES
]
VARIED = VARIED.replace("LONG", "Words of a long text. " * 99).replace(
    "NOTES", " and so on, word by word. ".join(CALLS)
)
QUICKER = {
    "weasyprint.css": ("ComputedStyle.__missing__", "AnonymousStyle.__missing__"),
    "weasyprint.text.line_break": ("get_font_description", "strut"),
    "weasyprint.layout": ("LayoutContext._update_footnote_area",),
    "weasyprint.layout.inline": ("strut",),
}


def test_pages_are_those_of_the_engine(worker: press.Worker, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page of all that CSS can do is the same bytes without what makes the engine quicker."""
    engine = worker.press._engine

    def typeset() -> bytes:
        return bytes(engine.HTML(string=VARIED).write_pdf(pdf_tags=True))

    quick = typeset()
    assert quick == typeset()
    for module, names in QUICKER.items():
        for name in names:
            function = operator.attrgetter(name)(sys.modules[module])
            monkeypatch.setattr(f"{module}.{name}", function.__wrapped__)
    assert quick == typeset()


WRONG = "".join(
    f"<p style='--a: 3px; {name}: var(--a)'>x <i>y</i></p>"
    for name in ("caption-side", "widows", "empty-cells", "quotes", "hyphens", "text-transform", "visibility", "color")
)


def test_what_was_typeset_before_makes_no_difference(worker: press.Worker) -> None:
    """The engine complains of the same values in a process that has set other documents, and no sooner than it must."""

    def said() -> list[str]:
        with _engine_log() as records:
            worker.press._engine.HTML(string=WRONG).write_pdf()
        return [one.getMessage() for one in records]

    before = said()
    worker.press._engine.HTML(string=VARIED + "<table><caption><q>Words</q></caption><tr><td></table>").write_pdf()
    assert before == said()


@pytest.mark.parametrize(
    "body",
    [
        "<div style='columns: 2'>One<p>Two<span style='float: footnote'>A note.</span></div>",
        "<div style='float: right'>Ends with <b>a space </b> </div>",
    ],
)
def test_what_layouts_may_ask_for(worker: press.Worker, body: str) -> None:
    """Notes in columns, and boxes as wide as a text that ends with a space, are laid out."""
    assert worker.press._engine.HTML(string=body).write_pdf()


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
