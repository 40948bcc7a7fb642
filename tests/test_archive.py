"""Finished files in the hands of others: validators, and the same bytes wherever and whenever they are made."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

import pikepdf
import pytest
import showcase
import tags
from conftest import LANGUAGES, ROOT
from test_cli import run

from publish.desk import press
from publish.paper import compose
from publish.text import resolution

JARS = ("preflight", "pdfbox2", "fontbox2", "xmpbox", "commons-logging", "commons-io", "javax.activation", "jaxb-api")
SAMPLE = ROOT / "resolutions" / "A_RES_56_149"
NAMES = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "pdf": "http://ns.adobe.com/pdf/1.3/",
    "pdfaid": "http://www.aiim.org/pdfa/ns/id/",
    "xmp": "http://ns.adobe.com/xap/1.0/",
}


def preflight(data: bytes) -> list[str]:
    """Give what PDFBox finds wrong with a PDF/A-1b file.

    Its reader of metadata wants every name space at each description, and its reader of files no streams of objects.
    """
    pdf = tags.opened(data)
    words = pdf.Root.Metadata.read_bytes().decode()
    spaces = " ".join(f'xmlns:{name}="{space}"' for name, space in NAMES.items())
    words = re.sub(r"<rdf:RDF [^>]*>", '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">', words)
    pdf.Root.Metadata.write(words.replace("<rdf:Description", f"<rdf:Description {spaces}").encode())
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.pdf"
        pdf.save(path, object_stream_mode=pikepdf.ObjectStreamMode.disable, force_version="1.4")
        jars = ":".join(f"/usr/share/java/{name}.jar" for name in JARS)
        command = ["java", "-cp", jars, "org.apache.pdfbox.preflight.Validator_A1b", str(path)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    said = (done.stdout + done.stderr).splitlines()
    return [] if any("is a valid PDF/A-1b file" in line for line in said) else said


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_sibling_is_valid_pdf_a_1b(worker: press.Worker, tmp_path: Path, code: str) -> None:
    """What is drawn, its typefaces, widths and colours are valid by PDFBox's validator, made as PDF/A-1b."""
    found, _ = resolution.load(showcase.write(tmp_path, edition=2013), worker.desk.house)
    proof = compose.compose(found, worker.desk.language(code, "2013"), worker.desk.project)
    assert [] == preflight(worker.press.typeset(proof, "pdf/a-1b").data)


def test_the_validator_finds_faults(worker: press.Worker) -> None:
    """A file without its output intent, as which no colour is known, is not valid."""
    found, _ = resolution.load(SAMPLE, worker.desk.house)
    proof = compose.compose(found, worker.desk.language("en", "1998"), worker.desk.project)
    pdf = tags.opened(worker.press.typeset(proof, "pdf/a-1b").data)
    del pdf.Root.OutputIntents
    assert preflight(tags.saved(pdf))


def test_the_same_bytes_in_other_places_and_times(tmp_path: Path) -> None:
    """Neither the zone, the language of the machine, the seed of its hashes, the folder nor the clock is in a file."""
    made = []
    for number, (zone, seed, locale) in enumerate((("UTC", "0", "C"), ("Asia/Kolkata", "1", "C.UTF-8"))):
        here = tmp_path / f"project{number}"
        here.mkdir()
        shutil.copytree(SAMPLE, here / "resolutions" / SAMPLE.name)
        shutil.copy(ROOT / "publish.yaml", here)
        own = {"TZ": zone, "PYTHONHASHSEED": seed, "LC_ALL": locale, "PUBLISH_CACHE": str(tmp_path / f"cache{number}")}
        run("build", "-j", str(number + 1), here=here, **own)
        made.append({path.name: path.read_bytes() for path in (here / "output").rglob("*.pdf")})
    assert 6 == len(made[0])
    assert made[0] == made[1]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with its files."""
    here = tmp_path_factory.mktemp("verify") / "project"
    here.mkdir()
    shutil.copytree(SAMPLE, here / "resolutions" / SAMPLE.name)
    shutil.copy(ROOT / "publish.yaml", here)
    run("build", here=here)
    return here


def verified(here: Path, path: Path, ok: int) -> dict[str, object]:
    return json.loads(run("verify", "--json", str(path), here=here, ok=ok))


@pytest.mark.parametrize("suffix", ["AR", "ZH", "EN"])
def test_a_file_is_built_again_from_what_it_carries(built: Path, tmp_path: Path, suffix: str) -> None:
    """Without its project's sources a file comes out the same, to the byte."""
    shutil.copy(ROOT / "publish.yaml", tmp_path)
    path = built / "output" / SAMPLE.name / f"{SAMPLE.name}-{suffix}.pdf"
    told = verified(tmp_path, path, 0)
    assert [True] == [one["same"] for one in told["files"]]


def test_a_file_that_was_changed_is_found(built: Path, tmp_path: Path) -> None:
    """Where a byte was changed and all that it was made with is here, that is what is said."""
    data = bytearray((built / "output" / SAMPLE.name / f"{SAMPLE.name}-EN.pdf").read_bytes())
    at = data.index(b"/Title") if b"/Title" in data else len(data) // 2
    path = tmp_path / "changed.pdf"
    path.write_bytes(data + b"%")
    told = verified(built, path, 1)
    assert ["P109"] == [one["code"] for one in told["findings"]]
    assert "changed afterwards" in told["findings"][0]["hint"]
    assert at


def test_what_differs_is_named(built: Path, tmp_path: Path) -> None:
    """With another layout, locale or setting than where it was made, a file comes out otherwise, and they are named."""
    here = tmp_path / "project"
    shutil.copytree(built, here)
    (here / "locales").mkdir()
    (here / "locales" / "en.yaml").write_text("organization: League of Nations\n", encoding="utf-8")
    (here / "layouts" / "resolution" / "editions").mkdir(parents=True)
    shutil.copy(ROOT / "layouts/resolution/editions/1998.css", here / "layouts/resolution/editions")
    with (here / "publish.yaml").open("a", encoding="utf-8") as file:
        file.write("organization: {fr: Société des Nations}\n")
    told = verified(here, built / "output" / SAMPLE.name / f"{SAMPLE.name}-EN.pdf", 1)
    assert ["the layouts", "the locale", "the settings"] == told["files"][0]["differing"]


def test_a_file_without_its_source_is_told(tmp_path: Path, built: Path) -> None:
    """A PDF of another press carries no source, and is said not to."""
    pdf = pikepdf.new()
    pdf.add_blank_page()
    pdf.save(tmp_path / "foreign.pdf")
    told = verified(built, tmp_path / "foreign.pdf", 1)
    assert ["P109"] == [one["code"] for one in told["findings"]]
    (tmp_path / "no.pdf").write_bytes(b"no PDF")
    assert ["P106"] == [one["code"] for one in verified(built, tmp_path / "no.pdf", 1)["findings"]]


def verapdf(tmp_path: Path, path: str) -> subprocess.CompletedProcess[str]:
    """Make the target, with nothing to be built before it, where commands are found on a path."""
    command = ["make", "-f", str(ROOT / "Makefile"), "-o", "pdfs", "verapdf"]
    return subprocess.run(command, cwd=tmp_path, env={"PATH": path}, capture_output=True, text=True, check=False)


def test_without_verapdf_that_is_said(tmp_path: Path) -> None:
    """Where the machine has no veraPDF its target is skipped, says so in one line, and does not fail."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in ("make", "sh"):
        (folder / name).symlink_to(str(shutil.which(name)))
    done = verapdf(tmp_path, str(folder))
    assert (0, "verapdf is not installed: skipped\n", "") == (done.returncode, done.stdout, done.stderr)


def test_verapdf_is_asked_where_it_is(tmp_path: Path) -> None:
    """A command of that name is called for both standards with each file that is kept, and its failure is the target's.

    It proves how veraPDF is called, and nothing of the files.
    """
    (tmp_path / "output" / "A").mkdir(parents=True)
    for name in ("A-EN.pdf", "A-EN-print.pdf"):
        (tmp_path / "output" / "A" / name).touch()
    command = tmp_path / "verapdf"
    path = f"{tmp_path}:/usr/bin:/bin"
    for code in (0, 1):
        command.write_text(f'#!/bin/sh\necho "$@"\nexit {code}\n')
        command.chmod(0o755)
        done = verapdf(tmp_path, path)
        asked = [f"--flavour {one} --format text output/A/A-EN.pdf" for one in ("3a", "ua1")]
        assert (code != 0, asked[: 2 - code]) == (done.returncode != 0, done.stdout.splitlines())
