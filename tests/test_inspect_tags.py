"""The tags of finished files, inspected: what is sound passes, and what nobody would hear rightly is found.

Each fault is planted into a real file with another library than the one that made it.
"""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
import showcase
import tags
from conftest import LANGUAGES, ROOT
from test_cli import run

from publish.desk import press
from publish.finding import Finding
from publish.paper import compose, inspect_tags, read_pdf
from publish.paper.compose import Printing, Proof
from publish.paper.inspect_pdf import inspect
from publish.text import resolution

SAMPLE = ROOT / "resolutions" / "A_RES_56_149"
MILLISECONDS = 30  # a machine that is busy with other tests takes several times what one at rest does


@dataclass(frozen=True)
class Made:
    """A document with its proof and its file."""

    worker: press.Worker
    proof: Proof
    data: bytes

    def found(self, spoil: Callable[[pikepdf.Pdf], None] | None = None) -> list[Finding]:
        """Inspect the file, or what it is after a change."""
        data = self.data
        if spoil:
            pdf = tags.opened(data)
            spoil(pdf)
            data = tags.saved(pdf)
        return inspect(data, self.proof, self.worker.families)


@pytest.fixture(scope="module")
def shown(worker: press.Worker, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Made]:
    """The document that shows every construct, in each language."""
    found, _ = resolution.load(showcase.write(tmp_path_factory.mktemp("tags"), edition=2013), worker.desk.house)
    proofs = {
        code: compose.compose(found, worker.desk.language(code, "2013"), worker.desk.project) for code in LANGUAGES
    }
    return {code: Made(worker, proof, worker.press.typeset(proof).data) for code, proof in proofs.items()}


def first(pdf: pikepdf.Pdf, kind: str) -> pikepdf.Object:
    return next(one for one in tags.elements(pdf) if str(one.S) == f"/{kind}")


def kids(element: pikepdf.Object) -> list[pikepdf.Object]:
    return list(element.K) if isinstance(element.K, pikepdf.Array) else [element.K]


def described(pdf: pikepdf.Pdf, old: bytes, new: bytes) -> None:
    data = pdf.Root.Metadata.read_bytes()
    assert old in data
    pdf.Root.Metadata.write(data.replace(old, new))


# ---- Text


def swap_two_paragraphs(pdf: pikepdf.Pdf) -> None:
    document = pdf.Root.StructTreeRoot.K[0]
    every = kids(document)
    document.K = pikepdf.Array([*every[:-2], every[-1], every[-2]])


def untag_a_paragraph(pdf: pikepdf.Pdf) -> None:
    document = pdf.Root.StructTreeRoot.K[0]
    document.K = pikepdf.Array([one for one in kids(document) if one.objgen != first(pdf, "H1").objgen])


def read_a_paragraph_twice(pdf: pikepdf.Pdf) -> None:
    document = pdf.Root.StructTreeRoot.K[0]
    twin = pdf.make_indirect(pikepdf.Dictionary(first(pdf, "H1")))
    document.K = pikepdf.Array([*kids(document), twin])


def draw_without_a_mark(pdf: pikepdf.Pdf) -> None:
    pdf.pages[1].contents_add(pdf.make_stream(b"0 0 0 rg 20 20 9 9 re f"))


def say_something_else(pdf: pikepdf.Pdf) -> None:
    next(one for one in tags.elements(pdf) if "/ActualText" in one).ActualText = pikepdf.String("?")


# ---- Notes


def untag_a_note(pdf: pikepdf.Pdf) -> None:
    first(pdf, "Note").S = pikepdf.Name.Span


def lose_a_label(pdf: pikepdf.Pdf) -> None:
    first(pdf, "Lbl").S = pikepdf.Name.Span


def untag_a_call(pdf: pikepdf.Pdf) -> None:
    first(pdf, "Reference").S = pikepdf.Name.Span


def lead_a_call_astray(pdf: pikepdf.Pdf) -> None:
    """Let the first call lead to the head of its page."""
    call = link_in(first(pdf, "Reference"))
    call.Dest[3] = call.Dest[3] + 300


def lead_a_note_astray(pdf: pikepdf.Pdf) -> None:
    """Let the first note lead to another page than its call's."""
    link_in(next(one for one in kids(first(pdf, "Note")) if str(one.S) == "/Lbl")).Dest[0] = pdf.pages[-1].obj


def link_in(element: pikepdf.Object) -> pikepdf.Object:
    """Give the link of a reference or a label."""
    return next(kid.Obj for kid in kids(kids(element)[0]) if isinstance(kid, pikepdf.Dictionary) and "/Obj" in kid)


# ---- Languages, pictures, links, the tree


def lose_languages(pdf: pikepdf.Pdf) -> None:
    for one in tags.elements(pdf):
        if "/Lang" in one:
            del one.Lang


def say_a_wrong_language(pdf: pikepdf.Pdf) -> None:
    first(pdf, "H1").Lang = pikepdf.String("de")


def lose_an_alternative(pdf: pikepdf.Pdf) -> None:
    del first(pdf, "Figure").Alt


def change_an_alternative(pdf: pikepdf.Pdf) -> None:
    first(pdf, "Figure").Alt = pikepdf.String("a picture")


def lose_a_description(pdf: pikepdf.Pdf) -> None:
    del pdf.pages[0].Annots[0].Contents


def untag_a_link(pdf: pikepdf.Pdf) -> None:
    """Take out of the tags the link of an address, and leave its text."""
    for one in tags.elements(pdf):
        several = kids(one) if "/K" in one else []
        kept = [kid for kid in several if not (isinstance(kid, pikepdf.Dictionary) and "/A" in kid.get("/Obj", {}))]
        if len(kept) < len(several):
            one.K = pikepdf.Array(kept)
            return


def skip_a_level(pdf: pikepdf.Pdf) -> None:
    first(pdf, "H2").S = pikepdf.Name.H4


def leave_an_element_empty(pdf: pikepdf.Pdf) -> None:
    document = pdf.Root.StructTreeRoot.K[0]
    document.K = pikepdf.Array([*kids(document), pdf.make_indirect(pikepdf.Dictionary(S=pikepdf.Name.P))])


def grow_a_second_root(pdf: pikepdf.Pdf) -> None:
    document = pdf.Root.StructTreeRoot.K[0]
    pdf.Root.StructTreeRoot.K = pikepdf.Array([document, pdf.make_indirect(pikepdf.Dictionary(S=pikepdf.Name.P))])


def name_the_root_otherwise(pdf: pikepdf.Pdf) -> None:
    pdf.Root.StructTreeRoot.K[0].S = pikepdf.Name.Sect


# ---- What a file says of itself


def not_for_archives(pdf: pikepdf.Pdf) -> None:
    described(pdf, b'conformance="A"', b'conformance="B"')


def not_for_everybody(pdf: pikepdf.Pdf) -> None:
    described(pdf, b"<pdfuaid:part>1</pdfuaid:part>", b"")


def lose_the_order_of_tabs(pdf: pikepdf.Pdf) -> None:
    del pdf.pages[1].Tabs


def not_marked(pdf: pikepdf.Pdf) -> None:
    del pdf.Root.MarkInfo


def not_showing_its_title(pdf: pikepdf.Pdf) -> None:
    del pdf.Root.ViewerPreferences


FAULTS = {
    swap_two_paragraphs: ("P111", "does not say this in its place"),
    read_a_paragraph_twice: ("P111", "is read twice"),
    draw_without_a_mark: ("P111", "on page 2 is neither tagged nor an artifact"),
    untag_a_note: ("P112", "notes, and the document"),
    lose_a_label: ("P112", "no label"),
    untag_a_call: ("P112", "no reference before it"),
    lead_a_call_astray: ("P112", "no link from its call"),
    lead_a_note_astray: ("P112", "no link to its call"),
    say_a_wrong_language: ("P113", "say that this is 'de'"),
    lose_an_alternative: ("P114", "no figure is tagged as"),
    change_an_alternative: ("P114", "no figure is tagged as"),
    lose_a_description: ("P114", "has no description"),
    untag_a_link: ("P114", "has no tag"),
    skip_a_level: ("P115", "a heading H4 follows H1"),
    leave_an_element_empty: ("P115", "an element P is empty"),
    grow_a_second_root: ("P115", "not with one Document"),
    name_the_root_otherwise: ("P115", "begin with Sect"),
    not_for_archives: ("P116", "do not say PDF/A-3a"),
    not_for_everybody: ("P116", "do not say PDF/UA-1"),
    lose_the_order_of_tabs: ("P116", "on page 2"),
    not_showing_its_title: ("P116", "to show its title"),
}


@pytest.mark.parametrize("code", LANGUAGES)
def test_nothing_is_found_in_what_is_sound(shown: dict[str, Made], code: str) -> None:
    """In the tags of the document with every construct nothing is found."""
    assert [] == shown[code].found()


@pytest.mark.parametrize("fault", FAULTS, ids=lambda one: one.__name__)
@pytest.mark.parametrize("code", ["ar", "zh", "en"])
def test_a_planted_fault_is_found(shown: dict[str, Made], code: str, fault: Callable[[pikepdf.Pdf], None]) -> None:
    """Each fault of the tags is found, as what it is."""
    wanted, said = FAULTS[fault]
    found = shown[code].found(fault)
    assert [wanted] == [one.code for one in found if said in one.message]
    assert {one.code for one in found} <= {wanted, "P112" if wanted == "P115" else wanted}


def test_text_that_is_not_tagged_is_found(shown: dict[str, Made]) -> None:
    """What stands on a page and is not tagged does not count as the text that it is."""
    (finding,) = shown["en"].found(untag_a_paragraph)
    assert ("P101", True) == (finding.code, "whether it is tagged" in finding.hint)


def test_a_file_that_does_not_say_that_it_is_tagged_is_found(shown: dict[str, Made]) -> None:
    """Whatever else comes of it, that is said."""
    assert "P116" in [one.code for one in shown["en"].found(not_marked)]


def test_a_wrong_text_for_a_run_is_found(shown: dict[str, Made]) -> None:
    """Where a run of Arabic stands for other words than its own, that is found."""
    assert ["P111"] == [one.code for one in shown["ar"].found(say_something_else)]


@pytest.mark.parametrize("code", ["ar", "zh", "ru"])
def test_a_language_that_is_lost_is_found(shown: dict[str, Made], code: str) -> None:
    """Where English words of a masthead are not said to be English, they are named."""
    (finding,) = shown[code].found(lose_languages)
    assert ("P113", True) == (finding.code, "'en': '" in finding.message)


def test_a_picture_that_says_nothing_is_found(worker: press.Worker, shown: dict[str, Made]) -> None:
    """A picture of a template without an alternative text is found."""
    html = shown["en"].proof.html.replace('alt="United Nations"', 'alt=""')
    proof = Proof(**vars(shown["en"].proof) | {"html": html})
    (finding,) = inspect(worker.press.typeset(proof).data, proof, worker.families)
    assert ("P114", True) == (finding.code, "no alternative text" in finding.message)


def test_words_of_a_style_sheet_may_be_read(worker: press.Worker, shown: dict[str, Made]) -> None:
    """What a style sheet adds to the text by `content` is read with it, and is no fault."""
    html = shown["en"].proof.html.replace("</head>", "<style>h1::before { content: 'On ' }</style></head>")
    proof = Proof(**vars(shown["en"].proof) | {"html": html})
    data = worker.press.typeset(proof).data
    assert "On " in "".join(tags.tree(data).text)
    assert [] == inspect(data, proof, worker.families)


def test_a_press_needs_no_tags(worker: press.Worker) -> None:
    """A file for a printing press has no tags, and none are asked of it."""
    found, _ = resolution.load(SAMPLE, worker.desk.house, ["en"])
    proof = compose.compose(found, worker.desk.language("en", "1998"), worker.desk.project, printing=Printing())
    data = worker.press.typeset(proof).data
    assert "/StructTreeRoot" not in tags.opened(data).Root
    assert [] == inspect(data, proof, worker.families)


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A project with the sample in English."""
    shutil.copytree(SAMPLE, tmp_path / "resolutions" / SAMPLE.name)
    (tmp_path / "publish.yaml").touch()
    return tmp_path


def test_a_build_writes_no_file_whose_tags_are_at_fault(house: Path) -> None:
    """Where a template of one's own leaves out what its emblem says, that is told, and nothing is written."""
    words = (ROOT / "layouts/resolution/layout.html").read_text(encoding="utf-8")
    own = house / "layouts" / "resolution" / "layout.html"
    own.parent.mkdir(parents=True)
    own.write_text(words.replace('alt="{{ organization }}"', 'alt=""'), encoding="utf-8")
    told = json.loads(run("build", "-l", "en", "--json", here=house, ok=1))
    assert ["P114"] == [one["code"] for one in told["findings"]]
    assert [] == list(house.rglob("*.pdf"))


def test_a_file_that_is_there_is_heard_too(house: Path) -> None:
    """What another program has done to the tags of a file is told as data, as other findings are."""
    run("build", "-l", "en", here=house)
    (path,) = house.rglob("*.pdf")
    assert [] == json.loads(run("check", "--pdf", str(path), "--json", here=house))["findings"]
    pdf = tags.opened(path.read_bytes())
    untag_a_note(pdf)
    path.write_bytes(tags.saved(pdf))
    told = json.loads(run("check", "--pdf", str(path), "--json", here=house, ok=1))
    assert {"P112"} == {one["code"] for one in told["findings"]}


def test_tags_cost_little(shown: dict[str, Made]) -> None:
    """To read the tags of a file and to compare them takes some milliseconds."""
    made = shown["en"]
    contents = read_pdf.read(made.data)
    with pikepdf.open(BytesIO(made.data)) as pdf:
        drawn = [read_pdf._content(pikepdf, page) for page in pdf.pages]
        best = 1.0
        for _ in range(10):
            start = time.perf_counter()
            read_pdf._Tree(pikepdf, pdf).tags(read_pdf._printed(pdf, drawn)[0])
            inspect_tags.faults(contents, inspect_tags.Spoken(), "en", made.proof.name)
            best = min(best, time.perf_counter() - start)
    assert best * 1000 < MILLISECONDS
