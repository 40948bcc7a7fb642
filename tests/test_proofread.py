"""Proofreading at the desk, as a user runs it: check, mend, accept, and how far each language is."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest
from conftest import LANGUAGES
from test_form import SAMPLE, SOUND, blocks, wording, write
from test_sarif import LOG

from publish.desk import proofread

if TYPE_CHECKING:
    from pathlib import Path

    from publish.desk.press import Desk

PUBLISH = [sys.executable, "-m", "publish"]
WRONG = "*Requests* ten percent of books , and all of it;"
RIGHT = "*Requests* ten per cent of books, and all of it;"
OPEN = "*Requests* ten books of “all;"


def run(*words: str, here: Path, ok: int = 0, command: list[str] = PUBLISH) -> tuple[str, str]:
    """Run the command and give what it prints and what it finds."""
    done = subprocess.run([*command, *words], cwd=here, capture_output=True, text=True, check=False)
    assert ok == done.returncode, done.stderr
    return done.stdout, done.stderr


def data(*words: str, here: Path, ok: int = 0) -> dict[str, Any]:
    """Run the command for a program, which prints one object and nothing else."""
    printed, rest = run(*words, "--json", here=here, ok=ok)
    assert "" == rest
    found = json.loads(printed)
    assert isinstance(found, dict)
    return found


def found(report: dict[str, Any]) -> list[tuple[str, str]]:
    """Give the code and the file of each finding of a report."""
    return [(one["code"], one["place"]["file"].rpartition("/")[2]) for one in report["findings"]]


def files(folder: Path) -> dict[str, tuple[int, bytes]]:
    """Give every file below a folder, with the time of its last change and what it holds."""
    paths = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    return {str(path.relative_to(folder)): (path.stat().st_mtime_ns, path.read_bytes()) for path in paths}


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A project with a resolution in English and French, in which nothing is wrong."""
    (tmp_path / "publish.yaml").write_text("languages: [en, fr]\n", encoding="utf-8")
    resolve(tmp_path)
    return tmp_path


def resolve(house: Path, **texts: str) -> Path:
    """Write the resolution of a project, with other operative paragraphs; gives its folder."""
    sources = {
        code: blocks(wording(code, operative=texts.get(code, SOUND[code]["operative"]))) for code in ("en", "fr")
    }
    return write(house / "resolutions", sources)


# ---- Exit codes


def test_a_sound_project(house: Path) -> None:
    """Where nothing is wrong the command says so, and is done, strictly too."""
    assert ("1 resolution sound\n", "") == run("check", here=house)
    assert ("1 resolution sound\n", "") == run("check", "--strict", here=house)


def test_warnings_are_no_failure_unless_strictly(house: Path) -> None:
    """A warning is told and let pass; strictly it is an error, and fails."""
    resolve(house, en="*Requets* a report;")
    printed, rest = run("check", here=house)
    assert "1 resolution sound\n" == printed
    assert rest.startswith("warning[C201]: operative paragraph 1 opens with 'Requets'\n  --> resolutions/A_RES_80_1/")
    assert rest.endswith("\n0 errors, 1 warning\n")
    _, rest = run("check", "--strict", here=house, ok=1)
    assert rest.startswith("error[C201]")
    assert rest.endswith("\n1 error, 0 warnings\n")


def test_an_error_fails(house: Path) -> None:
    """An error is told on the other stream, and fails."""
    resolve(house, en=OPEN, fr="*Prie* les États de donner dix livres;")
    printed, rest = run("check", here=house, ok=1)
    assert ("0 resolutions sound of 1\n", "1 error, 0 warnings") == (printed, rest.splitlines()[-1])


def test_only_some_languages(house: Path) -> None:
    """With -l the other languages are not looked at."""
    resolve(house, fr="*Prie* les États « de donner;")
    assert ("1 resolution sound\n", "") == run("check", "-l", "en", here=house)
    assert [("C206", "fr.yaml")] == found(data("check", "-l", "en,fr", here=house, ok=1))


# ---- Mending


def test_what_is_mended_is_shown_and_checked_again(house: Path) -> None:
    """--fix shows the difference, and then there is nothing to find any more."""
    folder = resolve(house, en=WRONG)
    before = (folder / "en.yaml").read_text(encoding="utf-8")
    assert ["C215", "C207"] == [code for code, _ in found(data("check", here=house))]
    printed, rest = run("check", "--fix", here=house)
    assert before.replace(WRONG, RIGHT) == (folder / "en.yaml").read_text(encoding="utf-8")
    assert f"-    {WRONG}\n+    {RIGHT}\n" in printed
    assert printed.startswith(f"--- {folder / 'en.yaml'}\n+++ ")
    assert printed.endswith("\n1 resolution sound\n")
    assert "" == rest


def test_what_cannot_be_mended_is_still_found(house: Path) -> None:
    """After --fix just what somebody has to decide on is told, and an error still fails."""
    folder = resolve(house, en="*Requests* ten percent of “all;")
    report = data("check", "--fix", here=house, ok=1)
    assert ({str(folder / "en.yaml"): 1}, [("C206", "en.yaml")]) == (report["fixes"], found(report))
    assert "ten per cent of “all;" in (folder / "en.yaml").read_text(encoding="utf-8")


def test_what_is_let_stand_is_not_mended(house: Path) -> None:
    """--fix leaves a finding that is allowed alone, and mends the others."""
    folder = resolve(house, en=WRONG)
    source = (
        (folder / "en.yaml")
        .read_text(encoding="utf-8")
        .replace("  - >-\n    *Req", "  # allow C215: why\n  - >-\n    *Req")
    )
    (folder / "en.yaml").write_text(source, encoding="utf-8")
    report = data("check", "--fix", here=house)
    assert ["C215"] == [one["code"] for one in report["allowed"]]
    assert ["why"] == [one["reason"] for one in report["allowed"]]
    assert source.replace(" ,", ",") == (folder / "en.yaml").read_text(encoding="utf-8")
    printed, _ = run("check", here=house)
    assert "allowed[C215]: operative paragraph 1 has 'percent', and documents write 'per cent': why\n" in printed


def test_a_sound_project_stays_untouched(tmp_path: Path) -> None:
    """--fix changes no byte and no time of a project in which nothing is wrong."""
    (tmp_path / "publish.yaml").write_text("", encoding="utf-8")
    shutil.copytree(SAMPLE, tmp_path / "resolutions" / SAMPLE.name)
    before = files(tmp_path)
    assert ("1 resolution sound\n", "") == run("check", "--fix", here=tmp_path)
    assert before == files(tmp_path)


def test_nothing_is_written_without_being_asked(house: Path) -> None:
    """A check, and a look at the states, leave every file as it is."""
    resolve(house, en=WRONG)
    before = files(house)
    run("check", here=house)
    run("status", here=house)
    assert before == files(house)


# ---- Following


def test_a_translation_follows_until_the_original_changes(house: Path) -> None:
    """--accept writes what a translation follows; a change of the original is then an error until it is accepted."""
    folder = house / "resolutions" / "A_RES_80_1"
    printed, rest = run("check", "--accept", "fr", here=house)
    assert ("resolutions/A_RES_80_1/fr.follows.yaml: 4 texts followed\n1 resolution sound\n", "") == (printed, rest)
    assert ["en.yaml", "fr.follows.yaml", "fr.yaml", "resolution.yaml"] == sorted(files(folder))
    resolve(house, en="*Requests* the Secretary-General to report again;")
    report = data("check", here=house, ok=1)
    assert [("C301", "fr.yaml")] == found(report)
    (finding,) = report["findings"]
    assert "operative paragraph 1 has changed or moved in 'en', and 'fr' has not followed" == finding["message"]
    assert "en.yaml" == finding["beside"]["file"].rpartition("/")[2]
    run("check", "--accept", "fr,en", here=house)
    assert ["en.yaml", "fr.follows.yaml", "fr.yaml", "resolution.yaml"] == sorted(files(folder))
    assert ("1 resolution sound\n", "") == run("check", here=house)


def test_a_faulty_source_is_not_accepted(house: Path) -> None:
    """Where a source has faults nobody can say that it follows: they are told, and nothing is written."""
    path = house / "resolutions" / "A_RES_80_1" / "fr.yaml"
    path.write_text("title: *Coopération\n", encoding="utf-8")
    before = files(house)
    _, rest = run("check", "--accept", "fr", here=house, ok=1)
    assert rest.startswith("error[S01]")
    assert before == files(house)


# ---- States


@pytest.fixture
def progress(tmp_path: Path) -> Path:
    """A project whose resolution is in every state."""
    (tmp_path / "publish.yaml").write_text("", encoding="utf-8")
    spanish = wording("es") | {"operative": [SOUND["es"]["last"]]}
    sources = {
        "ar": "status: unofficial\n" + blocks(wording("ar", "*تطلب* تقديم 300 كتاب؛")),
        "zh": "title: *\n",
        "en": blocks(wording("en", "*Requests* 300 books;")),
        "fr": blocks(wording("fr", "*Prie* de donner 300 livres;")),
        "es": blocks(spanish),
    }
    folder = write(tmp_path / "resolutions", sources, languages=list(LANGUAGES), original="en")
    (folder / "zh.yaml").rename(tmp_path / "zh.yaml")
    facts = (folder / "resolution.yaml").read_text(encoding="utf-8")
    (folder / "resolution.yaml").write_text(facts.replace('"zh", ', "").replace(', "ru"', ""), encoding="utf-8")
    run("check", "--accept", "ar,fr", here=tmp_path, ok=1)  # Spanish lacks a paragraph
    (folder / "resolution.yaml").write_text(facts, encoding="utf-8")
    (tmp_path / "zh.yaml").rename(folder / "zh.yaml")
    changed = sources["en"].replace("Cooperation among", "Exchange among")
    (folder / "en.yaml").write_text(changed, encoding="utf-8")
    (folder / "ar.follows.yaml").unlink()
    return tmp_path


STATES = {"ar": "unofficial", "zh": "faulty", "en": "final", "fr": "stale", "ru": "missing", "es": "missing"}


def test_the_states_of_a_resolution(progress: Path) -> None:
    """A language is in the worst of the states of its texts: final, unofficial, stale, missing; or it is faulty."""
    (one,) = data("status", here=progress)["resolutions"]
    assert ("A/RES/80/1", "Exchange among libraries", STATES) == (one["symbol"], one["title"], one["languages"])
    names = ["title", "preambular paragraph 1", "operative paragraph 1", "operative paragraph 2"]
    assert names == list(one["texts"])
    expected = {
        "ar": ["unofficial"] * 4,
        "zh": ["faulty"] * 4,
        "en": ["final"] * 4,
        "fr": ["stale", "final", "final", "final"],
        "ru": ["missing"] * 4,
        "es": ["final", "final", "missing", "final"],
    }
    assert expected == {code: [one["texts"][name][code] for name in names] for code in LANGUAGES}


def test_the_states_are_a_table(progress: Path) -> None:
    """Of one resolution each text is a row below the whole; of several each resolution is one."""
    printed, rest = run("status", here=progress)
    rows = [line.rsplit(maxsplit=6) for line in printed.splitlines()]
    assert [*LANGUAGES] == printed.splitlines()[0].split()
    assert ["A/RES/80/1", *(STATES[code] for code in LANGUAGES)] == rows[1]
    assert ["title", "unofficial", "faulty", "final", "stale", "missing", "final"] == rows[2]
    assert "operative paragraph 2" == rows[-1][0]
    assert "" == rest
    write(progress / "resolutions", {"en": blocks(wording("en"))}, symbol="A/RES/80/2")
    printed, _ = run("status", here=progress)
    assert ["A/RES/80/1", "A/RES/80/2"] == [line.split()[0] for line in printed.splitlines()[1:]]
    printed, _ = run("status", "80/2", here=progress)
    assert ["A/RES/80/2", "final"] == printed.splitlines()[1].split()


# ---- Many


def test_two_processes_find_what_one_finds(tmp_path: Path) -> None:
    """Thirty resolutions are proofread in two processes with the same findings, in the same order, as in one."""
    (tmp_path / "publish.yaml").write_text("languages: [en, fr]\n", encoding="utf-8")
    for number in range(30):
        english = wording("en", operative=[WRONG, RIGHT, OPEN][number % 3])
        french = wording("fr", operative=f"*Prie* les États de donner {number + 20} livres;")
        sources = {"en": blocks(english), "fr": "title: *\n" if number == 7 else blocks(french)}
        write(tmp_path / "resolutions", sources, symbol=f"A/RES/80/{number + 1}")
    one = data("check", "-j", "1", here=tmp_path, ok=1)
    two = data("check", "-j", "2", here=tmp_path, ok=1)
    assert one == two
    assert {"C106", "C206", "C207", "C215", "S01"} == {code for code, _ in found(one)}
    assert 29 == sum(code == "C106" for code, _ in found(one))


def test_a_check_does_not_load_the_engine(tmp_path: Path) -> None:
    """A check of a resolution in six languages, with everything it can write, does not import WeasyPrint."""
    (tmp_path / "publish.yaml").write_text("", encoding="utf-8")
    shutil.copytree(SAMPLE, tmp_path / "resolutions" / SAMPLE.name)
    hooked = "import sys, atexit; atexit.register(lambda: 'weasyprint' in sys.modules and __import__('os')._exit(9));"
    words = ["check", "56/149", "--fix", "--accept", "fr", "--html", "page.html", "--sarif", "log.json"]
    script = [sys.executable, "-c", f"{hooked} from publish.cli import main; main()"]
    printed, _ = run(*words, here=tmp_path, command=script)
    assert printed.endswith("1 resolution sound\n")
    assert {"page.html", "log.json"} <= set(files(tmp_path))


# ---- For programs


def spoiled(house: Path, what: str) -> None:
    """Spoil something in a project."""
    folder = house / "resolutions" / "A_RES_80_1"
    path, words = {
        "a source": (folder / "fr.yaml", "title: *"),
        "a fact": (folder / "resolution.yaml", "symbol: 1\nadopted: never\n"),
        "a record": (folder / "fr.follows.yaml", "- title\n"),
        "a locale": (house / "locales" / "fr.yaml", "organs: 1\n"),
        "the settings": (house / "publish.yaml", "edition: 1900\n"),
        "bytes": (folder / "en.yaml", "title: \udcff\n"),
    }[what]
    path.parent.mkdir(exist_ok=True)
    path.write_text(words, encoding="utf-8", errors="surrogateescape")


@pytest.mark.parametrize("what", ["a source", "a fact", "a record", "a locale", "the settings", "bytes"])
def test_whatever_happens_is_one_object(house: Path, what: str) -> None:
    """Whatever is wrong, a program gets one object with what was found, and nothing beside it."""
    spoiled(house, what)
    accept = [] if what == "a record" else ["--accept", "fr"]
    report = data("check", "--fix", *accept, here=house, ok=1)
    assert report["findings"]
    assert {"error"} == {one["severity"] for one in report["findings"]}


def test_what_a_program_is_told(house: Path) -> None:
    """The object has what is sound, what is let stand, what was mended, and each finding with its fix."""
    folder = resolve(house, en="*Requests* ten percent of it;")
    report = data("check", here=house)
    assert ["sound", "allowed", "findings"] == list(report)
    (finding,) = report["findings"]
    place = {"file": str(folder / "en.yaml"), "line": 8, "column": 20, "excerpt": "    *Requests* ten percent of it;"}
    assert place == finding["place"]
    assert {"place": place, "old": "percent", "new": "per cent"} == finding["fix"]
    assert [["A/RES/80/1"], []] == [report["sound"], report["allowed"]]
    assert {str(folder / "en.yaml"): 1} == data("check", "--fix", here=house)["fixes"]


# ---- For people and hosts


def test_a_log_for_a_code_host(house: Path) -> None:
    """--sarif writes what was found and what is let stand, with addresses from the project's folder on."""
    folder = resolve(house, en=WRONG)
    path = folder / "en.yaml"
    source = path.read_text(encoding="utf-8").replace("operative:\n", "operative:\n  # allow C215: as adopted\n")
    path.write_text(source, encoding="utf-8")
    run("check", "--sarif", "new/log.sarif", here=house)
    log = json.loads((house / "new" / "log.sarif").read_text(encoding="utf-8"))
    jsonschema.validate(log, LOG)
    results = log["runs"][0]["results"]
    assert [("C207", False), ("C215", True)] == [(one["ruleId"], "suppressions" in one) for one in results]
    addresses = [one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for one in results]
    assert ["resolutions/A_RES_80_1/en.yaml"] * 2 == addresses


def test_a_page_for_people(house: Path) -> None:
    """--html writes the page of the languages side by side, with what is found, and what cannot be read."""
    resolve(house, en=WRONG)
    faulty = write(house / "resolutions", {"en": "title: *\n"}, symbol="A/RES/80/2")
    assert [("S01", "en.yaml")] == found(data("check", str(faulty), "--html", "page.html", here=house, ok=1))
    assert "S01" in (house / "page.html").read_text(encoding="utf-8")
    run("check", "--html", "page.html", here=house, ok=1)
    page = (house / "page.html").read_text(encoding="utf-8")
    for words in ("A/RES/80/1", "A/RES/80/2", "C207", "C215", "S01", "en.yaml:8"):
        assert words in page
    assert page.startswith("<!DOCTYPE html>")
    for code in ("en", "fr"):
        assert SOUND[code]["title"] in page


def test_what_is_written_is_what_is_left_after_mending(house: Path) -> None:
    """With --fix the log is of the mended sources."""
    resolve(house, en=WRONG)
    run("check", "--fix", "--sarif", "log.sarif", "--html", "page.html", here=house)
    log = json.loads((house / "log.sarif").read_text(encoding="utf-8"))
    assert [] == log["runs"][0]["results"]
    assert "ten per cent of books, and" in (house / "page.html").read_text(encoding="utf-8")


def test_progress_is_told_in_order(desk: Desk, tmp_path: Path) -> None:
    """Whoever asks is told of each resolution as it is done, with the count, and the reviews are in the same order."""
    sources = {"en": blocks(wording("en"))}
    folders = [write(tmp_path, sources, symbol=f"A/RES/80/{number}") for number in (3, 1, 2)]
    told: list[tuple[str, int, int]] = []
    reviews = proofread.proofread(
        desk, folders, jobs=1, reviewed=lambda review, done, of: told.append((review.symbol, done, of))
    )
    assert ["A/RES/80/3", "A/RES/80/1", "A/RES/80/2"] == [one.symbol for one in reviews]
    assert [("A/RES/80/3", 1, 3), ("A/RES/80/1", 2, 3), ("A/RES/80/2", 3, 3)] == told


@pytest.mark.parametrize("option", ["--html", "--sarif"])
def test_a_report_that_cannot_be_written_is_one_object(house: Path, option: str) -> None:
    """A target that cannot be written is a finding like any other."""
    report = data("check", option, "publish.yaml/page", here=house, ok=1)
    assert ["I01"] == [one["code"] for one in report["findings"]]


def test_what_was_found_is_told_though_a_report_cannot_be_written(house: Path) -> None:
    """The findings of the sources are told all the same."""
    resolve(house, en="*Requets* it;")
    (house / "log").mkdir()
    report = data("check", "--sarif", "log/../publish.yaml/x", here=house, ok=1)
    assert "C201" in [one["code"] for one in report["findings"]]


def test_faulty_facts_are_not_missing_languages(house: Path) -> None:
    """Where the facts cannot be read, no language is said to be missing that has a file."""
    path = house / "resolutions" / "A_RES_80_1" / "resolution.yaml"
    path.write_text("symbol: 1\n", encoding="utf-8")
    (one,) = data("status", here=house)["resolutions"]
    assert "missing" not in one["languages"].values()
