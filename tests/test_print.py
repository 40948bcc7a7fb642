"""Files for a printing press: the clauses of PDF/X-4, bleed and crop marks, even pages, booklets."""

from __future__ import annotations

import datetime
import itertools
import shutil
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID
from xml.etree import ElementTree

import pdf as reading
import pikepdf
import pytest
import showcase
import tags
from conftest import LANGUAGES, ROOT
from PIL import Image
from test_cli import PUBLISH, run

from publish.desk import inputs, press
from publish.desk.press import Style
from publish.finding import Rejected
from publish.paper import compose
from publish.paper.compose import Printing, Proof
from publish.paper.impose import impose, order
from publish.paper.inspect_pdf import inspect
from publish.project import Project, Settings
from publish.text import resolution

SAMPLE = ROOT / "resolutions" / "A_RES_56_149"
BLEED = 72 / 25.4 * 3
OTHER = Path("/usr/share/color/icc/ghostscript/ps_cmyk.icc")
NAMES = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "pdf": "http://ns.adobe.com/pdf/1.3/",
    "pdfxid": "http://www.npes.org/pdfx/ns/id/",
    "xmp": "http://ns.adobe.com/xap/1.0/",
    "xmpMM": "http://ns.adobe.com/xap/1.0/mm/",
}


# ---- PDF/X-4, clause by clause


def metadata(pdf: pikepdf.Pdf) -> dict[str, str]:
    """Give what the metadata of a file say, by prefix and name."""
    root = ElementTree.fromstring(pdf.Root.Metadata.read_bytes())
    prefixes = {space: prefix for prefix, space in NAMES.items()}
    found = {}
    for one in root.iter():
        space, _, name = one.tag[1:].partition("}")
        if space in prefixes:
            found[f"{prefixes[space]}:{name}"] = "".join(one.itertext()).strip()
        elif space == "http://ns.adobe.com/pdfx/1.3/":
            found[f"pdfx:{name}"] = ""
    return found


def contents(pdf: pikepdf.Pdf) -> Iterator[Any]:
    """Give all that draws: pages, forms and patterns."""
    yield from pdf.pages
    for one in pdf.objects:
        if isinstance(one, pikepdf.Stream) and (str(one.get("/Subtype", "")) == "/Form" or "/PatternType" in one):
            yield one


def spaces(pdf: pikepdf.Pdf) -> set[str]:
    """Give the colour spaces that anything is drawn in."""
    own = {"rg": "RGB", "RG": "RGB", "g": "/DeviceGray", "G": "/DeviceGray", "k": "/DeviceCMYK", "K": "/DeviceCMYK"}
    found = set()
    for one in contents(pdf):
        for operands, operator in pikepdf.parse_content_stream(one):
            if str(operator) in {"cs", "CS"}:
                found.add(str(operands[0]))
            elif str(operator) in {"BI", "INLINE IMAGE"}:
                found.add("an image in the line")
            elif str(operator) in own:
                found.add(own[str(operator)])
    for one in pdf.objects:
        if not isinstance(one, pikepdf.Dictionary | pikepdf.Stream):
            continue
        if "/ShadingType" in one or str(one.get("/Subtype", "")) == "/Image":
            found.add(str(one.ColorSpace))
        if "/Group" in one:
            found.add(str(one.Group.get("/CS", "none")))
    return found - {"/Pattern"}


def black(pdf: pikepdf.Pdf) -> set[tuple[float, ...]]:
    """Give the colours that text is filled with."""
    found: set[tuple[float, ...]] = set()
    for page in pdf.pages:
        now: tuple[float, ...] = ()
        stack = []
        for operands, operator in pikepdf.parse_content_stream(page):
            match str(operator):
                case "q":
                    stack.append(now)
                case "Q":
                    now = stack.pop()
                case "scn" | "k":
                    now = tuple(map(float, operands))
                case "TJ" | "Tj":
                    found.add(now)
    return found


def nested(page: Any) -> bool:
    """Whether the trimmed page lies in the bleed, and that on the paper."""
    trim, bleed, media = ([float(one) for one in page[name]] for name in ("/TrimBox", "/BleedBox", "/MediaBox"))
    return all(
        outer[0] <= inner[0] < inner[2] <= outer[2] and outer[1] <= inner[1] < inner[3] <= outer[3]
        for inner, outer in ((trim, bleed), (bleed, media))
    )


def embedded(pdf: pikepdf.Pdf) -> bool:
    fonts = [one for one in pdf.objects if isinstance(one, pikepdf.Dictionary) and "/FontDescriptor" in one]
    return bool(fonts) and all({"/FontFile2", "/FontFile3"} & set(one.FontDescriptor.keys()) for one in fonts)


def keys(pdf: pikepdf.Pdf) -> set[str]:
    """Give every key of every object of a file."""
    found: set[str] = set()
    stack: list[Any] = [*pdf.objects, pdf.trailer]
    while stack:
        one = stack.pop()
        if isinstance(one, pikepdf.Dictionary | pikepdf.Stream):
            found |= set(one.keys())
            kids = [kid for _, kid in one.items()]
        else:
            kids = list(one) if isinstance(one, pikepdf.Array) else []
        stack += [kid for kid in kids if isinstance(kid, pikepdf.Object) and not kid.is_indirect]
    return found


def intent(pdf: pikepdf.Pdf) -> Any:
    (one,) = pdf.Root.OutputIntents
    return one


def dated(pdf: pikepdf.Pdf) -> bool:
    """Whether both places for dates have them, and the same."""
    own = [str(pdf.docinfo.get(f"/{name}", ""))[2:10] for name in ("CreationDate", "ModDate")]
    said = [metadata(pdf).get(f"xmp:{name}", "")[:10].replace("-", "") for name in ("CreateDate", "ModifyDate")]
    return own == said and "" not in own and "xmp:MetadataDate" in metadata(pdf)


ACTIVE = {"/JS", "/JavaScript", "/AA", "/OpenAction", "/A", "/URI", "/Annots", "/AcroForm", "/EmbeddedFiles", "/AF"}
CLAUSES: dict[str, Callable[[pikepdf.Pdf], bool]] = {
    "the version is 1.6": lambda pdf: pdf.pdf_version == "1.6",
    "the metadata say PDF/X-4": lambda pdf: metadata(pdf).get("pdfxid:GTS_PDFXVersion") == "PDF/X-4",
    "nothing says an older PDF/X": lambda pdf: (
        "/GTS_PDFXVersion" not in keys(pdf) and not any(one.startswith("pdfx:") for one in metadata(pdf))
    ),
    "the metadata identify the document": lambda pdf: bool(
        UUID(metadata(pdf)["xmpMM:DocumentID"].removeprefix("xmp.did:"))
        and UUID(metadata(pdf)["xmpMM:InstanceID"].removeprefix("xmp.iid:"))
    ),
    "the metadata say version and rendition": lambda pdf: (
        {"xmpMM:VersionID", "xmpMM:RenditionClass"} <= set(metadata(pdf))
    ),
    "the metadata have the title": lambda pdf: metadata(pdf).get("dc:title") == str(pdf.docinfo.get("/Title")),
    "dates are there, and agree": dated,
    "it is said not to be trapped": lambda pdf: (
        str(pdf.docinfo.get("/Trapped")) == "/False" and metadata(pdf).get("pdf:Trapped") == "False"
    ),
    "the metadata can be read without unpacking": lambda pdf: "/Filter" not in pdf.Root.Metadata,
    "there is one output intent, of PDF/X": lambda pdf: str(intent(pdf).S) == "/GTS_PDFX",
    "it names its condition": lambda pdf: bool(str(intent(pdf).OutputConditionIdentifier) and str(intent(pdf).Info)),
    "its profile is in the file, of four colours": lambda pdf: (
        int(intent(pdf).DestOutputProfile.N) == 4
        and intent(pdf).DestOutputProfile.read_bytes()[12:20] == b"prtrCMYK"
        and intent(pdf).DestOutputProfile.read_bytes()[36:40] == b"acsp"
    ),
    "each page has a TrimBox and no ArtBox": lambda pdf: all(
        "/TrimBox" in page and "/ArtBox" not in page for page in pdf.pages
    ),
    "boxes lie in each other": lambda pdf: all(map(nested, pdf.pages)),
    "it is not encrypted": lambda pdf: not pdf.is_encrypted and "/Encrypt" not in pdf.trailer,
    "it has an identifier": lambda pdf: (
        len(pdf.trailer.ID) == 2 and all(len(bytes(one)) >= 16 for one in pdf.trailer.ID)
    ),
    "nothing acts, is annotated or attached": lambda pdf: set() == ACTIVE & keys(pdf),
    "nothing is elsewhere or alternative": lambda pdf: (
        set() == {"/F", "/Ref", "/OPI", "/Alternates", "/PS", "/TR", "/HTP"} & keys(pdf)
    ),
    "typefaces are in the file": embedded,
    "colours are grey or of four": lambda pdf: spaces(pdf) <= {"/DeviceCMYK", "/DeviceGray"},
    "text is black alone": lambda pdf: black(pdf) == {(0, 0, 0, 1)},
}


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory, desk: press.Desk) -> resolution.Resolution:
    """The document that shows every construct."""
    return resolution.load(showcase.write(tmp_path_factory.mktemp("print"), edition=2013, paper="letter"), desk.house)[
        0
    ]


@pytest.fixture(scope="module")
def made(shown: resolution.Resolution, worker: press.Worker) -> Callable[[str, Printing], bytes]:
    """Give a file for a press; each is made once."""
    known: dict[tuple[str, Printing], bytes] = {}

    def make(code: str, printing: Printing) -> bytes:
        if (code, printing) not in known:
            known[code, printing] = worker.typeset(shown, code, Style(printing=printing)).data
        return known[code, printing]

    return make


Made = Callable[[str, Printing], bytes]
PLAIN, BLED, FOLDED = Printing(), Printing(bleed=True), Printing(bleed=True, booklet=True)


def kept(data: bytes) -> list[str]:
    """Give the clauses that a file keeps."""
    found = []
    for clause, keeps in CLAUSES.items():
        try:
            found += [clause] if keeps(tags.opened(data)) else []
        except (AttributeError, KeyError, ValueError):
            continue
    return found


@pytest.mark.parametrize("printing", [PLAIN, FOLDED], ids=["plain", "folded"])
@pytest.mark.parametrize("code", LANGUAGES)
def test_every_clause_of_pdf_x_4_is_kept(made: Made, code: str, printing: Printing) -> None:
    """The document that shows every construct keeps each clause of PDF/X-4 above, in each language."""
    assert list(CLAUSES) == kept(made(code, printing))


def _describe(pdf: pikepdf.Pdf, old: bytes, new: bytes) -> None:
    pdf.Root.Metadata.write(pdf.Root.Metadata.read_bytes().replace(old, new))


def _draw(pdf: pikepdf.Pdf, content: bytes) -> None:
    pdf.pages[0].contents_add(pdf.make_stream(content))


FAULTS: dict[str, Callable[[pikepdf.Pdf], Any]] = {
    "the metadata say PDF/X-4": lambda pdf: _describe(pdf, b"PDF/X-4", b"PDF/X-3"),
    "the metadata identify the document": lambda pdf: _describe(pdf, b"xmp.did:", b"xmp.did:x"),
    "dates are there, and agree": lambda pdf: pdf.docinfo.__setitem__("/ModDate", "D:20250101"),
    "it is said not to be trapped": lambda pdf: pdf.docinfo.__delitem__("/Trapped"),
    "there is one output intent, of PDF/X": lambda pdf: pdf.Root.OutputIntents.append(pdf.Root.OutputIntents[0]),
    "its profile is in the file, of four colours": lambda pdf: intent(pdf).DestOutputProfile.write(b"x"),
    "each page has a TrimBox and no ArtBox": lambda pdf: pdf.pages[0].__setitem__("/ArtBox", pdf.pages[0].TrimBox),
    "boxes lie in each other": lambda pdf: pdf.pages[0].__setitem__("/BleedBox", pikepdf.Array([9, 9, 20, 20])),
    "nothing acts, is annotated or attached": lambda pdf: pdf.Root.__setitem__(
        "/OpenAction", pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.beep()")
    ),
    "typefaces are in the file": lambda pdf: [
        one.FontDescriptor.__delitem__("/FontFile2")
        for one in pdf.objects
        if isinstance(one, pikepdf.Dictionary) and "/FontDescriptor" in one
    ],
    "colours are grey or of four": lambda pdf: _draw(pdf, b"1 0 0 rg 0 0 9 9 re f"),
}


@pytest.mark.parametrize("clause", FAULTS)
def test_a_clause_that_is_broken_is_seen(made: Made, clause: str) -> None:
    """Each clause fails where it alone is broken, or with those that rest on it."""
    pdf = tags.opened(made("en", PLAIN))
    FAULTS[clause](pdf)
    assert clause not in kept(tags.saved(pdf))


# ---- Colours of layouts and emblems


SVG = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 30 10"><title>E</title><defs>
<linearGradient id="g"><stop offset="0" stop-color="#f00"/><stop offset="1" stop-color="#00f"/></linearGradient></defs>
<rect width="9" height="9" fill="#369"/><rect x="10" width="9" height="9" fill="url(#g)"/>
<g opacity=".5"><rect x="20" width="9" height="9" fill="device-cmyk(1 0.4 0 0)" stroke="hsl(90 50% 50%)"/></g></svg>"""


def with_emblem(worker: press.Worker, emblem: Path) -> pikepdf.Pdf:
    """Give the sample for a press, with another emblem."""
    found, _ = resolution.load(SAMPLE, worker.desk.house)
    own = Project(ROOT, replace(worker.desk.project.settings, emblem=emblem))
    proof = compose.compose(found, worker.desk.language("en", "1998"), own, printing=PLAIN)
    return tags.opened(worker.press.typeset(proof).data)


def test_colours_of_a_drawing(worker: press.Worker, tmp_path: Path) -> None:
    """RGB in a drawn emblem becomes grey, its gradients and see-through parts too; what is given in CMYK stays."""
    emblem = tmp_path / "e.svg"
    emblem.write_text(SVG, encoding="utf-8")
    pdf = with_emblem(worker, emblem)
    assert {"/DeviceCMYK", "/DeviceGray"} == spaces(pdf)
    drawn = [
        tuple(map(float, operands))
        for one in contents(pdf)
        for operands, operator in pikepdf.parse_content_stream(one)
        if str(operator) == "scn" and len(operands) == 4
    ]
    assert {(0, 0, 0, 1), (1, 0.4, 0, 0), (0, 0, 0, 0.637)} == set(drawn)


def test_colours_of_a_picture(worker: press.Worker, tmp_path: Path) -> None:
    """A PNG emblem becomes grey, and white where it was transparent."""
    emblem = tmp_path / "e.png"
    picture = Image.new("RGBA", (2, 1), (255, 0, 0, 255))
    picture.putpixel((1, 0), (0, 0, 0, 0))
    picture.save(emblem)
    pdf = with_emblem(worker, emblem)
    (image,) = (one for one in pdf.objects if isinstance(one, pikepdf.Stream) and str(one.get("/Subtype")) == "/Image")
    assert ("/DeviceGray", b"\x4c\xff") == (str(image.ColorSpace), pikepdf.PdfImage(image).as_pil_image().tobytes())
    assert "/SMask" not in image


def test_a_draft_is_grey(shown: resolution.Resolution, worker: press.Worker) -> None:
    """The mark of a draft is a light black, and the file says both in its name."""
    done = worker.typeset(shown, "en", Style(draft=True, printing=PLAIN))
    assert {(0, 0, 0, 1), (0, 0, 0, 0.1059)} == black(tags.opened(done.data))
    assert done.name.endswith("-EN-draft-print")


# ---- Pages


@pytest.mark.parametrize("code", ["en", "ar"])
def test_bleed_in_points(made: Made, code: str) -> None:
    """The bleed is 3 mm on each side of the trimmed page, and the paper is larger by 30 points."""
    for page in tags.opened(made(code, BLED)).pages:
        boxes = [[round(float(edge), 3) for edge in page[name]] for name in ("/TrimBox", "/BleedBox", "/MediaBox")]
        bleed = [-BLEED, -BLEED, 612 + BLEED, 792 + BLEED]
        assert boxes == [[0, 0, 612, 792], [round(edge, 3) for edge in bleed], [-30, -30, 642, 822]]


def test_without_bleed_the_paper_is_the_page(made: Made) -> None:
    """Unless asked for, there is neither bleed nor mark: all boxes are the page."""
    for page in tags.opened(made("en", PLAIN)).pages:
        assert [[0, 0, 612, 792]] * 3 == [
            [float(edge) for edge in page[name]] for name in ("/TrimBox", "/BleedBox", "/MediaBox")
        ]


def marks(page: Any) -> list[tuple[float, ...]]:
    """Give the strokes of a page's last stream."""
    found, start = [], ()
    for operands, operator in pikepdf.parse_content_stream(page.Contents[-1]):
        if str(operator) == "m":
            start = tuple(map(float, operands))
        elif str(operator) == "l":
            found.append((*start, *map(float, operands)))
    return found


@pytest.mark.parametrize("printing", [BLED, FOLDED], ids=["pages", "sheets"])
def test_crop_marks(made: Made, printing: Printing) -> None:
    """Two marks at each corner, and two at a fold, are in line with the cut, outside of the bleed, on the paper."""
    for page in tags.opened(made("en", printing)).pages:
        left, bottom, right, top = map(float, page.TrimBox)
        strokes = marks(page)
        assert (10 if printing.booklet else 8) == len(set(strokes))
        cuts = {left, right, (left + right) / 2} if printing.booklet else {left, right}
        for x, y, u, v in strokes:
            assert (x == u in cuts and not bottom - 10 < y < top + 10) or y == v in {bottom, top}
            assert (x, y, u, v) == tuple(min(max(one, -30), 2 * right) for one in (x, y, u, v))
            outside = [
                one < low - BLEED or one > high + BLEED
                for one, low, high in ((x, left, right), (y, bottom, top), (u, left, right), (v, bottom, top))
            ]
            assert outside in ([True, False, True, False], [False, True, False, True])


@pytest.mark.parametrize("pages", [1, 2, 3, 4])
def test_a_document_ends_on_a_verso(made: Made, pages: int) -> None:
    """An odd number of pages gets a blank one of the same size, an even number none."""
    pdf = tags.opened(made("en", PLAIN))
    del pdf.pages[pages:]
    data, count = impose(tags.saved(pdf), Printing(recto=True, bleed=True), "ltr")
    after = tags.opened(data)
    assert pages + pages % 2 == count == len(after.pages)
    assert [False] * pages + [True] * (pages % 2) == [not words for words in reading.words(data)]
    assert 1 == len({str(list(map(float, page.TrimBox))) for page in after.pages})
    assert {8} == {len(marks(page)) for page in after.pages}


def test_recto_goes_through(shown: resolution.Resolution, worker: press.Worker) -> None:
    """A file that ends on a blank page is not taken for a faulty one."""
    done = worker.typeset(shown, "en", Style(printing=Printing(recto=True)))
    assert 0 == done.pages % 2


# ---- Booklets


ORDERS = {
    1: [(0, 1), (0, 0)],
    2: [(0, 1), (2, 0)],
    3: [(0, 1), (2, 3)],
    4: [(4, 1), (2, 3)],
    5: [(0, 1), (2, 0), (0, 3), (4, 5)],
    6: [(0, 1), (2, 0), (6, 3), (4, 5)],
    7: [(0, 1), (2, 7), (6, 3), (4, 5)],
    8: [(8, 1), (2, 7), (6, 3), (4, 5)],
    9: [(0, 1), (2, 0), (0, 3), (4, 9), (8, 5), (6, 7)],
}


@pytest.mark.parametrize("pages", ORDERS)
def test_the_order_of_a_booklet(pages: int) -> None:
    """The first page is at the right of the first sheet, or at its left where pages run from right to left."""
    assert ORDERS[pages] == order(pages, "ltr")
    assert [(right, left) for left, right in ORDERS[pages]] == order(pages, "rtl")


@pytest.mark.parametrize("pages", range(1, 40))
def test_a_folded_booklet_reads_in_order(pages: int) -> None:
    """Sheets laid into each other, folded and leafed through show the pages from the first to the last, then blanks."""
    sides = order(pages, "ltr")
    sheets = [(sides[at], sides[at + 1]) for at in range(0, len(sides), 2)]
    first = [number for front, back in sheets for number in (front[1], back[0])]
    second = [number for front, back in reversed(sheets) for number in (back[1], front[0])]
    read = first + second
    assert [*range(1, pages + 1), *[0] * (-pages % 4)] == read


@pytest.mark.parametrize(("code", "direction"), [("en", "ltr"), ("ar", "rtl"), ("zh", "ltr")])
def test_pages_stand_on_their_sheets(made: Made, code: str, direction: Any) -> None:
    """On each half of each side stands just the page that belongs there, each character in its place."""

    def placed(data: bytes) -> Counter[tuple[int, float, float, str]]:
        return Counter((one.page, round(one.left), round(one.baseline), one.text) for one in reading.glyphs(data))

    pages = placed(made(code, PLAIN))
    count = len(tags.opened(made(code, PLAIN)).pages)
    where = {
        number: (side, half * 612)
        for side, halves in enumerate(order(count, direction), 1)
        for half, number in enumerate(halves)
        if number
    }
    expected = Counter(
        {(where[page][0], left + where[page][1], line, text): n for (page, left, line, text), n in pages.items()}
    )
    assert expected == placed(made(code, Printing(booklet=True)))


def test_a_sheet_is_two_pages_wide(made: Made) -> None:
    """The boxes of a sheet are those of two pages beside each other."""
    for page in tags.opened(made("ar", FOLDED)).pages:
        boxes = [[round(float(edge), 3) for edge in page[name]] for name in ("/TrimBox", "/BleedBox", "/MediaBox")]
        bleed = [round(edge, 3) for edge in (-BLEED, -BLEED, 1224 + BLEED, 792 + BLEED)]
        assert boxes == [[0, 0, 1224, 792], bleed, [-30, -30, 1254, 822]]


# ---- Inspection


def proof_of(shown: resolution.Resolution, worker: press.Worker) -> Proof:
    return compose.compose(shown, worker.desk.language("en", "2013"), worker.desk.project, printing=BLED)


@pytest.mark.parametrize(
    ("code", "change"),
    [
        ("P106", lambda proof: replace(proof, size=(595.28, 841.89))),
        ("P101", lambda proof: replace(proof, html=proof.html.replace("<main", "<p>Ω Ω Ω</p><main"))),
        ("P101", lambda proof: replace(proof, texts=(*proof.texts, ("the end", "never set")))),
        ("P108", lambda proof: replace(proof, html=proof.html.replace("<title>", "<title>Not "))),
    ],
)
def test_a_print_file_is_inspected(
    shown: resolution.Resolution, worker: press.Worker, made: Made, code: str, change: Callable[[Proof], Proof]
) -> None:
    """A size, a text or a title that is not that of the proof is found; sizes are those of the trimmed page."""
    proof = proof_of(shown, worker)
    data = made("en", BLED)
    assert [] == inspect(data, proof, worker.families)
    assert {code} == {one.code for one in inspect(data, change(proof), worker.families)}


def test_type_beyond_the_cut_is_found(shown: resolution.Resolution, worker: press.Worker, made: Made) -> None:
    """Type that stands in the bleed is not on the page."""
    pdf = tags.opened(made("en", BLED))
    for page in pdf.pages:
        page.TrimBox = pikepdf.Array([100, 0, 712, 792])
    found = {one.code for one in inspect(tags.saved(pdf), proof_of(shown, worker), worker.families)}
    assert {"P102"} == found


# ---- The command


def project(folder: Path, settings: str = "") -> Path:
    """Make a project with the sample."""
    shutil.copytree(SAMPLE, folder / "resolutions" / SAMPLE.name)
    (folder / "publish.yaml").write_text(settings, encoding="utf-8")
    return folder


def test_the_same_bytes_in_other_places_and_times(tmp_path: Path) -> None:
    """Neither the zone, the seed of hashes, the folder nor the clock is in a file for a press, folded or not."""
    made = []
    for number, (zone, seed) in enumerate((("UTC", "0"), ("Asia/Kolkata", "1"))):
        here = project(tmp_path / f"project{number}")
        own = {"TZ": zone, "PYTHONHASHSEED": seed, "PUBLISH_CACHE": str(tmp_path / f"cache{number}")}
        run("build", "--for", "print", "--recto", "-j", str(number + 1), here=here, **own)
        run("build", "--for", "print", "--bleed", "--booklet", "-l", "en,ar", "-o", "folded", here=here, **own)
        made.append({str(path.relative_to(here)): path.read_bytes() for path in here.rglob("*.pdf")})
    assert 8 == len(made[0])
    assert made[0] == made[1]


def test_files_differ_in_their_identifiers(made: Made) -> None:
    """Another language, and other pages of the same, have identifiers of their own; the document keeps its own."""
    plain, folded, other = (
        metadata(tags.opened(data))
        for data in (made("en", PLAIN), made("en", Printing(booklet=True)), made("fr", PLAIN))
    )
    assert plain["xmpMM:DocumentID"] == folded["xmpMM:DocumentID"] != other["xmpMM:DocumentID"]
    assert 3 == len({one["xmpMM:InstanceID"] for one in (plain, folded, other)})


def test_print_files_stand_beside_those_that_are_kept(tmp_path: Path) -> None:
    """A file for a press has a name of its own, and what is kept stays as it was."""
    here = project(tmp_path / "project")
    kept = here / "output" / SAMPLE.name / f"{SAMPLE.name}-EN.pdf"
    kept.parent.mkdir(parents=True)
    kept.write_bytes(b"kept")
    run("build", "-l", "en", "--for", "print", "--paper", "a4", here=here)
    assert [f"{SAMPLE.name}-EN-print.pdf", kept.name] == sorted(one.name for one in kept.parent.iterdir())
    assert b"kept" == kept.read_bytes()
    pdf = pikepdf.open(kept.with_name(f"{SAMPLE.name}-EN-print.pdf"))
    assert [0, 0, 595.28, 841.89] == [round(float(edge), 2) for edge in pdf.pages[0].TrimBox]


def told(*words: str, here: Path, ok: int) -> str:
    """Run the command and give what it says is wrong."""
    done = subprocess.run([*PUBLISH, *words], cwd=here, capture_output=True, text=True, check=False)
    assert ok == done.returncode
    return " ".join(done.stderr.split())


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--bleed"], "are for --for print"),
        (["--paper", "a4"], "are for --for print"),
        (["--for", "print", "--paper", "a6"], "unknown paper 'a6'; known: a4, a5, letter"),
    ],
)
def test_what_cannot_be_asked_for(tmp_path: Path, options: list[str], said: str) -> None:
    """What is for a press is not asked of other files, and a paper is one that there is."""
    assert said in told("build", *options, here=project(tmp_path / "project"), ok=2)


# ---- A5

A5 = (419.53, 595.28)
FRAME = (32.0, A5[0] - 32.0)


@pytest.fixture(scope="module", params=["1998", "2013"])
def small(
    request: pytest.FixtureRequest, worker: press.Worker, tmp_path_factory: pytest.TempPathFactory
) -> Callable[..., bytes]:
    """Set the document with every construct on A5, in an edition; of 1998 it has parts."""
    old = request.param == "1998"
    folder = showcase.write(tmp_path_factory.mktemp("a5"), parts=old, edition=request.param)
    found, _ = resolution.load(folder, worker.desk.house)

    def small(code: str, *, draft: bool = False, **printing: bool) -> bytes:
        style = Style(draft=draft, line_numbers=draft, printing=Printing("a5", **printing))
        return worker.typeset(found, code, style).data

    return small


@pytest.mark.parametrize("code", LANGUAGES)
def test_a5_has_a_frame_of_its_own(small: Callable[..., bytes], code: str) -> None:
    """Every word of every page stands in the frame, and the head of a page has room for its title."""
    data = small(code)
    assert {A5} == {tuple(round(float(edge), 2) for edge in page.TrimBox)[2:] for page in tags.opened(data).pages}
    words = [one for page in reading.words(data) for one in page]
    empty = 5.25 if code == "zh" else 0  # the half of a closing mark that nobody sees
    assert FRAME[0] - 1 < min(one.left for one in words)
    assert FRAME[1] + 1 + empty > max(one.right for one in words)
    assert 12 < min(one.top for one in words) < max(one.bottom for one in words) < A5[1] - 12


@pytest.mark.parametrize("code", LANGUAGES)
def test_words_of_a5_are_apart(small: Callable[..., bytes], code: str) -> None:
    """No word of a page stands in another one, nor do the numbers of lines in the text."""
    found = [clashes(page) for page in reading.words(small(code, draft=True))]
    assert [] == [one for page in found for one in page]


def clashes(page: list[reading.Word]) -> list[tuple[str, str]]:
    """Give the words of one line that stand in each other; the mark of a draft is in no line."""
    words = [one for one in page if one.bottom - one.top < 30]
    return [
        (one.text, other.text)
        for one, other in itertools.combinations(words, 2)
        if abs(one.bottom - other.bottom) < 2 and min(one.right, other.right) - max(one.left, other.left) > 1.5
    ]


def test_words_that_are_not_apart_are_found() -> None:
    """The examination is one that can fail: the name of an organ that runs into what is beside it is found."""
    page = [reading.Word(86, 60, 252, 80, "Assembly"), reading.Word(248, 62, 280, 80.5, "Distr.")]
    assert [("Assembly", "Distr.")] == clashes(page)


@pytest.mark.parametrize(("size", "expected"), [(9.96, 30), (8.52, 3)])
def test_type_of_a5_is_that_of_a4(small: Callable[..., bytes], size: float, expected: int) -> None:
    """Text and notes have the sizes of the larger papers."""
    sizes = Counter(round(one.size, 2) for one in reading.glyphs(small("en")))
    assert expected < sizes[size]


@pytest.mark.parametrize("code", ["en", "ar"])
def test_a_booklet_of_a5_is_printed_on_a4(small: Callable[..., bytes], code: str) -> None:
    """Two pages of A5 make a sheet of A4, to the accuracy of papers."""
    for page in tags.opened(small(code, booklet=True)).pages:
        left, bottom, right, top = map(float, page.TrimBox)
        assert pytest.approx((841.89, 595.28), abs=3) == (right - left, top - bottom)


def test_another_profile(tmp_path: Path) -> None:
    """The settings name the profile, from the folder of the project; with another one files are made anew."""
    here = project(tmp_path / "project", "output_profile: press.icc\n")
    made = []
    for profile in (Settings().output_profile, OTHER):
        shutil.copy(profile, here / "press.icc")
        run("build", "-l", "en", "--for", "print", here=here)
        pdf = pikepdf.open(here / "output" / SAMPLE.name / f"{SAMPLE.name}-EN-print.pdf")
        made.append(intent(pdf).DestOutputProfile.read_bytes())
    assert [Settings().output_profile.read_bytes(), OTHER.read_bytes()] == made


@pytest.mark.parametrize(
    ("content", "said"),
    [(None, "is missing"), (b"x", "is not that of a CMYK press"), ("default_rgb.icc", "is not that of a CMYK press")],
)
def test_a_profile_that_cannot_be_used(
    worker: press.Worker, shown: resolution.Resolution, tmp_path: Path, content: bytes | str | None, said: str
) -> None:
    """Where the profile is missing or not that of a CMYK press there is no file, and the finding says what to do."""
    path = tmp_path / "press.icc"
    if content is not None:
        path.write_bytes(content if isinstance(content, bytes) else OTHER.with_name(content).read_bytes())
    with pytest.raises(Rejected) as caught:
        worker.press.typeset(replace(proof_of(shown, worker), profile=path))
    (finding,) = caught.value.findings
    assert ("T02", True) == (finding.code, said in finding.message)
    assert ("libgs-common" if content is None else "output_profile") in finding.hint


@pytest.mark.parametrize(("name", "code"), [("none.icc", "S18"), ("publish.yaml", "S17")])
def test_a_profile_is_a_file(tmp_path: Path, name: str, code: str) -> None:
    """A profile that the settings name is there, and is a profile by its name."""
    here = project(tmp_path / "project", f"output_profile: {name}\n")
    assert f"error[{code}]" in told("check", here=here, ok=1)


def test_only_files_for_a_press_depend_on_its_profile(tmp_path: Path) -> None:
    """A new profile asks for new files for the press, and for no others."""
    profile = tmp_path / "press.icc"
    keys = []
    for content in (b"a", b"b"):
        profile.write_bytes(content)
        found = inputs.Inputs(Project(ROOT, replace(Settings(), output_profile=profile)))
        keys.append([found.of_file(b"", b"", "en", Style(printing=one)) for one in (None, PLAIN, BLED)])
    assert [True, False, False] == [one == other for one, other in zip(*keys, strict=True)]
    assert 3 == len(set(keys[0]))


def test_dates_where_a_template_gives_none(shown: resolution.Resolution, worker: press.Worker) -> None:
    """A template without dates gets those of the source, and not those of the clock."""
    proof = proof_of(shown, worker)
    lines = [line for line in proof.html.splitlines(keepends=True) if "dcterms" not in line]
    pdf = tags.opened(worker.press.typeset(replace(proof, html="".join(lines), date=datetime.date(2001, 2, 3))).data)
    assert CLAUSES["dates are there, and agree"](pdf)
    assert "2001-02-03" == metadata(pdf)["xmp:ModifyDate"]
