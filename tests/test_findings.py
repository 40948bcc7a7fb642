"""Bad input -> findings: what a command prints for each, pinned word by word.

A folder of `findings/` holds the files that are laid over a copy of `findings/sound`, the command where it is not
`check`, and the words that it prints. It is named by its code, and by what it shows where a code has several.
"""

from __future__ import annotations

import ast
import datetime
import json
import re
import shutil
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import pikepdf
import pytest
from click.testing import CliRunner, Result

from publish import cli, project
from publish.desk import cache, press
from publish.finding import CODES, Finding, Place
from publish.issue import manifest, register, webhook
from publish.paper import compose, typeset

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parent.parent
FINDINGS = Path(__file__).parent / "findings"
PAGE = ROOT / "docs" / "findings.md"
NAMES = sorted(path.name for path in FINDINGS.iterdir() if path.name != "sound")
SOURCE = "resolutions/A_RES_80_1"
OWN = {"command.txt", "expected.txt"}

touched: list[str] = []


def watch(event: str, arguments: tuple[Any, ...]) -> None:
    """Note the addresses and the foreign files that this process asks for."""
    if event in {"socket.connect", "socket.getaddrinfo", "urllib.Request"} or (
        event == "open" and str(arguments[0]).startswith("/etc/passwd")
    ):
        touched.append(f"{event}: {arguments[:2]}")


sys.addaudithook(watch)


# ---- What files alone cannot provoke, or should not hold


def a_large_value(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Write a title of two hundred thousand letters."""
    change(folder / SOURCE / "en.yaml", "libraries", "x" * 200_000)


def a_large_file(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Write a file of a gigabyte, without taking any room."""
    with (folder / SOURCE / "en.yaml").open("r+b") as file:
        file.truncate(1_000_000_000)


def a_folder_for_a_file(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put a folder where the facts should be."""
    facts = folder / SOURCE / "resolution.yaml"
    facts.unlink()
    facts.mkdir()


def no_typefaces(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Look for the prepared typefaces in an empty folder, and have typeset nothing before."""
    monkeypatch.setenv(cache.FOLDER, str(folder.parent / "made"))
    monkeypatch.setenv("PUBLISH_FONT_CACHE", str(folder / "cache"))


def no_library(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Need a library that no system has, and have typeset nothing before."""
    monkeypatch.setenv(cache.FOLDER, str(folder.parent / "made"))
    monkeypatch.setattr(typeset, "LIBRARIES", {"libnowhere.so.0": "libnowhere0"})


def a_finished_file(spoil: Callable[[pikepdf.Pdf], None]) -> Callable[[Path, pytest.MonkeyPatch], None]:
    """Build the document, and change something in its PDF."""

    def arrange(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        assert 0 == run("build", "-j", "1", "-o", str(folder)).exit_code
        path = folder / "A_RES_80_1" / "A_RES_80_1-EN.pdf"
        with pikepdf.open(path, allow_overwriting_input=True) as pdf:
            spoil(pdf)
            pdf.save(path, deterministic_id=True)

    return arrange


def a_note_elsewhere(pdf: pikepdf.Pdf) -> None:
    """Let the name of a note stand on another page than its call."""
    pdf.add_blank_page(page_size=(612, 792))
    pdf.pages[1].Tabs = pikepdf.Name.S
    names = pdf.Root.Names.Dests.Names
    at = next(index for index, one in enumerate(names) if str(one) == "note__first")
    names[at + 1][0] = pdf.pages[1].obj


def without_sources(pdf: pikepdf.Pdf) -> None:
    """Take out what the file carries."""
    del pdf.Root.Names["/EmbeddedFiles"]


def a_missing_glyph(pdf: pikepdf.Pdf) -> None:
    """Print a glyph that the typeface does not have in the place of another."""
    page = pdf.pages[0]
    data = re.sub(rb"<[0-9a-f]{4}(?=[0-9a-f]{4})", b"<ffff", page.Contents.read_bytes(), count=1)
    page.Contents = pdf.make_stream(data)


def a_foreign_face(pdf: pikepdf.Pdf) -> None:
    """Rename a typeface, and leave another out of the file."""
    first, second, *_ = pdf.pages[0].Resources.Font.values()
    for one in (first, first.DescendantFonts[0]):
        one.BaseFont = pikepdf.Name("/ABCDEF+Comic-Sans")
    del second.DescendantFonts[0].FontDescriptor.FontFile2


def a_broken_link(pdf: pikepdf.Pdf) -> None:
    """Let one link lead to a name that is nowhere, another to a script, and leave a third out."""
    first, second, *_ = pdf.pages[0].Annots
    del pdf.pages[0].Annots[2]
    del first.A
    first.Dest = pikepdf.String("nowhere")
    second.A.URI = pikepdf.String("javascript:alert(1)")


def in_tags(pdf: pikepdf.Pdf, kind: str) -> pikepdf.Object:
    """Give the first element of a kind."""
    return next(
        one for one in pdf.objects if isinstance(one, pikepdf.Dictionary) and "/P" in one and one.get("/S") == kind
    )


def an_order_swapped(pdf: pikepdf.Pdf) -> None:
    """Read the last two paragraphs in another order."""
    document = pdf.Root.StructTreeRoot.K[0]
    *most, one, other = document.K
    document.K = pikepdf.Array([*most, other, one])


def a_call_untagged(pdf: pikepdf.Pdf) -> None:
    """Let the call of a note be a piece of text like others."""
    in_tags(pdf, "/Reference").S = pikepdf.Name.Span


def a_wrong_language(pdf: pikepdf.Pdf) -> None:
    """Say of the title that it is French."""
    in_tags(pdf, "/H1").Lang = pikepdf.String("fr")


def no_alternative(pdf: pikepdf.Pdf) -> None:
    """Take out what the emblem says, and the description of a link."""
    del in_tags(pdf, "/Figure").Alt
    del pdf.pages[0].Annots[0].Contents


def a_level_skipped(pdf: pikepdf.Pdf) -> None:
    """Begin with a heading of the second level, and leave an element without content."""
    in_tags(pdf, "/H1").S = pikepdf.Name.H2
    document = pdf.Root.StructTreeRoot.K[0]
    document.K.append(pdf.make_indirect(pikepdf.Dictionary(S=pikepdf.Name.P, P=document)))


def nothing_said(pdf: pikepdf.Pdf) -> None:
    """Take out the metadata, and the order of tabs."""
    pdf.Root.Metadata.write(b"<x/>")
    del pdf.pages[0].Tabs


def a_register(folder: Path, monkeypatch: pytest.MonkeyPatch) -> register.Register:
    """Keep a register outside of the project."""
    address = f"sqlite:///{folder.parent / 'register.sqlite'}"
    monkeypatch.setenv(project.REGISTER, address)
    return register.Register(address)


def an_empty_register(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have issued nothing yet."""
    a_register(folder, monkeypatch)


def an_issued_document(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have issued the document some time ago, from another source."""
    then = datetime.datetime(2025, 12, 1, 15, tzinfo=datetime.UTC)
    file = manifest.File("en", "A_RES_80_1-EN.pdf", "Cooperation among libraries", 1, 9, "0" * 64)
    known = {"sources": {"resolution.yaml": "0" * 64}}
    entry = manifest.Issue(
        *("A/RES/80/1", 0, "A_RES_80_1", "first", "", "", then, then, "0" * 64, known, (file,))  # type: ignore[arg-type]
    )
    kept = a_register(folder, monkeypatch)
    kept.prepare(entry)
    kept.complete(entry)


def a_later_register(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have a register that a later version of the press made."""
    kept = a_register(folder, monkeypatch)
    with kept.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")


def another_clock(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the register's clock stand at a moment far from now."""
    a_register(folder, monkeypatch)
    ahead = datetime.timedelta(hours=1, seconds=-1)
    monkeypatch.setattr(cli, "_now", lambda: datetime.datetime(2026, 12, 1, tzinfo=datetime.UTC))
    monkeypatch.setattr(register.Register, "now", lambda _: datetime.datetime(2026, 12, 1, tzinfo=datetime.UTC) + ahead)


def a_deaf_receiver(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have a notice that was tried so often that this is the last time, and nobody takes it."""
    then = datetime.datetime(2025, 12, 1, 15, tzinfo=datetime.UTC)
    often = len(webhook.BACKOFF)
    kept = a_register(folder, monkeypatch)
    kept.tell([register.Notice("1", "https://hooks.example.org/publish", "{}", then, often, then)])
    monkeypatch.setattr(webhook, "_send", lambda *_: "HTTP 503")


def no_dask(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have no Dask, and have typeset nothing before."""
    monkeypatch.setenv(cache.FOLDER, str(folder.parent / "made"))
    monkeypatch.setitem(sys.modules, "distributed", None)


ARRANGED: dict[str, Callable[[Path, pytest.MonkeyPatch], None]] = {
    "S05-large-file": a_large_file,
    "S05-large-value": a_large_value,
    "S18-folder": a_folder_for_a_file,
    "I02": an_empty_register,
    "I02-nameless": an_empty_register,
    "I03": an_issued_document,
    "I05": an_empty_register,
    "I05-mark": an_issued_document,
    "I06-later": a_later_register,
    "I07": an_issued_document,
    "I08": an_empty_register,
    "I09": another_clock,
    "I10": a_deaf_receiver,
    "P103": a_finished_file(a_note_elsewhere),
    "P104": a_finished_file(a_missing_glyph),
    "P105": a_finished_file(a_foreign_face),
    "P107": a_finished_file(a_broken_link),
    "P109": a_finished_file(without_sources),
    "P111": a_finished_file(an_order_swapped),
    "P112": a_finished_file(a_call_untagged),
    "P113": a_finished_file(a_wrong_language),
    "P114": a_finished_file(no_alternative),
    "P115": a_finished_file(a_level_skipped),
    "P116": a_finished_file(nothing_said),
    "T04": no_typefaces,
    "T05": no_library,
    "T09": no_dask,
}


def change(path: Path, old: str, new: str) -> None:
    """Put some words of a file in the place of others."""
    words = path.read_text(encoding="utf-8")
    assert old in words
    path.write_text(words.replace(old, new), encoding="utf-8")


# ---- Running


@pytest.fixture
def sound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the sound project, which the command runs in."""
    folder = tmp_path / "project"
    shutil.copytree(FINDINGS / "sound", folder)
    monkeypatch.chdir(folder)
    return folder


def lay(name: str, over: Path) -> None:
    """Lay the files of a folder of findings over a project."""
    for path in (FINDINGS / name).rglob("*"):
        inside = path.relative_to(FINDINGS / name)
        if path.is_file() and str(inside) not in OWN:
            (over / inside).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, over / inside)


def command(name: str) -> list[str]:
    """Give the command that shows the findings of a folder."""
    path = FINDINGS / name / "command.txt"
    return path.read_text(encoding="utf-8").split() if path.is_file() else ["check"]


def run(*arguments: str) -> Result:
    """Run a command in this process."""
    return CliRunner().invoke(cli.main, arguments, prog_name="publish", catch_exceptions=False)


def printed(words: str, folder: Path) -> str:
    """Take out of what is printed what another machine or another release of Python would print otherwise."""
    words = words.replace(str(folder), "<project>").replace(str(ROOT), "<shipped>")
    words = re.sub(r"(?<=cache/)[0-9a-f]{16}\b", "<sum>", words)
    return re.sub(r"(?<=recursion depth exceeded).*", "", words)


def files(folder: Path) -> dict[Path, int]:
    """Give every file below a folder with the time of its last change."""
    return {path: path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}


def findings(result: Result) -> list[Finding]:
    """Read the findings of a command's JSON."""
    found = []
    for one in json.loads(result.stdout)["findings"]:
        place, beside = (
            where and Place(**where | {"file": Path(where["file"])}) for where in (one["place"], one["beside"])
        )
        found.append(Finding(**one | {"place": place, "beside": beside, "fix": None}))
    return found


def where(found: list[Finding]) -> list[tuple[str, str, int]]:
    """Give the code, the file and the line of each finding."""
    return [(one.code, one.place.file.name, one.place.line) for one in found if one.place]


# ---- Each finding


def test_the_sound_project_is_sound(sound: Path) -> None:
    """Nothing is found in the project that every folder of findings spoils."""
    result = run("check")
    assert (0, "1 resolution sound\n", "") == (result.exit_code, result.stdout, result.stderr)


@pytest.mark.parametrize("name", NAMES)
def test_a_finding(name: str, sound: Path, monkeypatch: pytest.MonkeyPatch, update: bool) -> None:
    """Place, excerpt, wording and hint are as pinned, nothing foreign was touched, and no file is written."""
    lay(name, sound)
    if name in ARRANGED:
        ARRANGED[name](sound, monkeypatch)
    before = files(sound)
    touched.clear()
    result = run(*command(name))
    assert [] == touched
    path = FINDINGS / name / "expected.txt"
    actual = printed(result.stderr, sound)
    if update:
        path.write_text(actual, encoding="utf-8")
    expected = path.read_text(encoding="utf-8")
    assert expected == actual
    code = name.partition("-")[0]
    assert code in re.findall(r"^\w+\[(\w+)\]", actual, re.MULTILINE)
    assert int(not re.search(r"^0 errors", actual, re.MULTILINE)) == result.exit_code
    assert before == files(sound)


@pytest.mark.parametrize("name", [name for name in NAMES if command(name) == ["check"]])
def test_the_same_as_data(name: str, sound: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With --json the same findings come out as data, and nothing else."""
    lay(name, sound)
    if name in ARRANGED:
        ARRANGED[name](sound, monkeypatch)
    result = run("check", "--json")
    found = findings(result)
    *expected, _ = (FINDINGS / name / "expected.txt").read_text(encoding="utf-8").split("\n\n")
    assert expected == [printed(click.unstyle(cli._as_words(one)), sound) for one in found]
    assert ("", int(any(one.severity == "error" for one in found))) == (result.stderr, result.exit_code)


def test_a_failing_build_as_data(sound: Path) -> None:
    """A build that fails gives its findings as data, and names no file."""
    lay("L03", sound)
    result = run("build", "-j", "1", "--json")
    assert [("L03", "2013.html", 3)] == where(findings(result))
    assert ["findings"] == list(json.loads(result.stdout))
    assert ("", 1) == (result.stderr, result.exit_code)


# ---- Several findings


def test_all_faults_of_all_files_come_out_at_once(sound: Path) -> None:
    """Faults in several files of several resolutions are all reported together, in the order of their lines."""
    second = sound / "resolutions" / "A_RES_80_2"
    shutil.copytree(sound / SOURCE, second)
    lay("S11", sound)
    lay("S12", sound)
    change(sound / SOURCE / "resolution.yaml", "distribution: general\n", "")
    change(sound / SOURCE / "resolution.yaml", "job_number", "languages: [en, fr, es]\njob_number")
    (sound / SOURCE / "fr.yaml").write_text("title: *Coopération\n", encoding="utf-8")
    change(second / "resolution.yaml", "80/1", "80/2")
    change(second / "en.yaml", "*Decides*", "*Decides")
    result = run("check", "--json")
    expected = [
        ("S07", "resolution.yaml", 1),
        ("S11", "resolution.yaml", 4),
        ("S12", "en.yaml", 7),
        ("S01", "fr.yaml", 1),
        ("S14", "es.yaml", 0),
        ("S25", "en.yaml", 7),
    ]
    assert sorted(expected) == sorted(where(findings(result)))
    assert [] == json.loads(result.stdout)["sound"]
    lines = [line for code, name, line in where(findings(result)) if name == "resolution.yaml"]
    assert sorted(lines) == lines


def test_what_is_sound_is_checked_beside_what_is_not(sound: Path) -> None:
    """A fault in one resolution does not keep another from being checked."""
    second = sound / "resolutions" / "A_RES_80_2"
    shutil.copytree(sound / SOURCE, second)
    result = run("check", "--json")
    assert [("S23", "resolution.yaml", 1)] == where(findings(result))
    assert ["A/RES/80/1"] == json.loads(result.stdout)["sound"]


# ---- What is no finding


class Html(HTMLParser):
    """Collects the elements, the attributes and the text of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.values: set[str] = set()
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element and the values of its attributes."""
        self.tags.add(tag)
        self.values |= {value or "" for _, value in attrs}

    def handle_data(self, data: str) -> None:
        """Note a piece of text."""
        self.words.append(data)


def test_html_and_templates_in_a_text_are_printed_as_text(sound: Path) -> None:
    """Tags, entities, quotation marks and template marks in a source reach the page as they are written."""
    words = """<script>alert('"')</script> &lt; {{ 7 + 7 }} {% include 'x' %} {# y #} <img src=x onerror="alert(1)">"""
    source = {"title": words, "operative": [words, {"text": words, "items": [words]}]}
    (sound / SOURCE / "en.yaml").write_text(json.dumps(source), encoding="utf-8")
    desk = press.Desk(project.load(sound))
    (found,), nothing = press.check(desk, press.resolutions(desk.project))
    assert [] == nothing
    page = Html()
    page.feed(compose.compose(found, desk.language("en", found.facts.edition), desk.project).html)
    printed = "".join(page.words).replace("\u00a0", " ")
    assert 5 == printed.count(words)  # the title is the document's, too
    assert words in page.values  # of the running title
    assert not {"script"} & page.tags
    assert not {"x", "alert(1)"} & page.values


def test_a_locale_may_follow_itself(sound: Path) -> None:
    """A language whose names are ordered as in itself, or in a circle, is read like any other."""
    for code, follow in (("en", "fr"), ("fr", "en"), ("es", "es")):
        path = sound / "locales" / f"{code}.yaml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"collation: {{follow: {follow}}}\n", encoding="utf-8")
    assert (0, "") == (run("check").exit_code, run("check").stderr)


# ---- Misuse


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["check", "A/RES/80/2"], "'A/RES/80/2' names no resolution of the project"),
        (["build", "A/RES/80/10"], "did you mean 'A/RES/80/1'?"),
        (["build", "elsewhere"], "'elsewhere' names no resolution of the project"),
        (["check", "-l", "en,xx"], "unknown language 'xx'; known: ar, en, es, fr, ru, zh"),
        (["check", "--root", "elsewhere"], "'elsewhere' does not exist"),
        (["check", "--root", "resolutions"], "no publish.yaml in resolutions"),
        (["build", "-j", "0"], "0 is not in the range"),
        (["new", "A/RES"], "'A/RES' is no document symbol"),
        (["new", "A/RES/80/1"], "exists already"),
        (["print"], "No such command 'print'"),
    ],
)
def test_misuse(arguments: list[str], expected: str, sound: Path) -> None:
    """A command that is called wrongly says so and exits with 2; it has looked at no source."""
    result = run(*arguments)
    assert 2 == result.exit_code
    assert expected in " ".join(result.stderr.split())
    assert "error[" not in result.stderr


def test_no_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Outside of any project a command says how one is made, and exits with 2."""
    monkeypatch.chdir(tmp_path)
    result = run("check")
    assert 2 == result.exit_code
    assert "no publish.yaml here or in any folder above; 'publish init DIR' makes a project" in result.stderr


def test_no_resolutions(sound: Path) -> None:
    """A project without resolutions says how one is begun, and exits with 2."""
    shutil.rmtree(sound / SOURCE)
    result = run("check")
    assert 2 == result.exit_code
    assert "'publish new SYMBOL' makes one" in result.stderr


# ---- The list is closed


def used() -> set[str]:
    """Give the codes that the program's files other than the list itself use."""
    found = set()
    for path in (ROOT / "publish").rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        literals = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)}
        if path.name != "finding.py":
            found |= {one for one in literals if isinstance(one, str) and re.fullmatch(r"[A-Z]\d{2,3}", one)}
    return found


def documented() -> dict[str, str]:
    """Give the codes of the page on findings with their sentences, in the page's order."""
    rows = re.findall(r"^\| (\w\d{2,3}) \| ([^|]+) \| ([^|]+) \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    return {code: sentence for code, sentence, _ in rows}


def test_every_code_has_a_folder() -> None:
    """Every code is shown by a folder, and every folder shows a code."""
    assert sorted(CODES) == sorted({name.partition("-")[0] for name in NAMES})


def test_every_code_is_used() -> None:
    """The program uses just the codes that are listed."""
    assert sorted(CODES) == sorted(used())


def test_every_code_is_documented() -> None:
    """The page on findings has every code with its sentence, in the order of the list."""
    assert list(CODES.items()) == list(documented().items())


def test_the_page_shows_what_is_printed() -> None:
    """The example of the page on findings is what is printed."""
    expected = (FINDINGS / "S12" / "expected.txt").read_text(encoding="utf-8")
    assert f"```\n{expected}```" in PAGE.read_text(encoding="utf-8")


def test_every_arrangement_has_a_folder() -> None:
    """What the tests arrange belongs to a folder."""
    assert set() == set(ARRANGED) - set(NAMES)
