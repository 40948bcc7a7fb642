"""The commands, as a user runs them."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path
from typing import Any

import pytest
from conftest import LANGUAGES, ROOT
from jinja2.bccache import bc_magic

PUBLISH = [sys.executable, "-m", "publish"]
SUFFIXES = ["AR", "EN", "ES", "FR", "RU", "ZH"]


def run(*words: str, here: Path, ok: int = 0, command: list[str] | None = None, **settings: str) -> str:
    """Run the command and give what it prints."""
    environment = {**os.environ, **settings}
    done = subprocess.run(
        [*(command or PUBLISH), *words], cwd=here, capture_output=True, text=True, check=False, env=environment
    )
    assert ok == done.returncode, done.stderr
    return done.stdout


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A project of one's own, as `init` makes it."""
    run("init", "house", here=tmp_path)
    return tmp_path / "house"


def names(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_a_new_project_builds_at_once(own: Path) -> None:
    """`init` makes a project whose first source builds, in six languages."""
    run("build", here=own)
    expected = [f"A_RES_80_1/A_RES_80_1-{suffix}.pdf" for suffix in SUFFIXES]
    assert expected == names(own / "output")


def test_a_new_source_checks_and_builds(own: Path) -> None:
    """`new` makes a source without a finding, found again by its short form and built in the languages asked for."""
    run("new", "A/RES/80/2", here=own)
    assert "1 resolution sound" in run("check", "80/2", here=own)
    run("build", "80/2", "-l", "zh,ar", "-o", "elsewhere", "-j", "1", here=own)
    assert ["A_RES_80_2/A_RES_80_2-AR.pdf", "A_RES_80_2/A_RES_80_2-ZH.pdf"] == names(own / "elsewhere")


def test_a_source_folder_anywhere_is_built(own: Path, tmp_path: Path) -> None:
    """A path to a source folder outside the project is built with the project's settings."""
    folder = tmp_path / "A_RES_80_1"
    (own / "resolutions" / "A_RES_80_1").rename(folder)
    run("build", str(folder), "-l", "en", here=own)
    assert ["A_RES_80_1/A_RES_80_1-EN.pdf"] == names(own / "output")


def test_an_existing_source_is_not_written_over(own: Path) -> None:
    """`new` for a symbol that has a source, and `init` of a project that exists, are usage errors."""
    before = names(own)
    run("new", "A/RES/80/1", here=own, ok=2)
    run("init", ".", here=own, ok=2)
    assert before == names(own)


def test_json_reports_the_files(own: Path) -> None:
    """`build --json` prints one object with every file, its pages and its checksum."""
    report = json.loads(run("build", "--json", here=own))
    assert list(SUFFIXES) == [file["path"][-6:-4] for file in report["files"]]
    assert all(len(file["sha256"]) == 64 and file["pages"] for file in report["files"])
    assert [] == report["findings"]


def test_words_of_ones_own(own: Path) -> None:
    """A project's settings and locale words stand on its pages instead of the shipped ones."""
    (own / "locales" / "en.yaml").write_text("organs: {A: {name: Model Assembly}}\n", encoding="utf-8")
    settings = own / "publish.yaml"
    settings.write_text(settings.read_text(encoding="utf-8") + "organization: {en: Model United Nations}\n", "utf-8")
    run("build", "-l", "en", here=own)
    path = own / "output" / "A_RES_80_1" / "A_RES_80_1-EN.pdf"
    text = subprocess.run(["pdftotext", str(path), "-"], capture_output=True, check=True, text=True).stdout
    assert "Model United Nations" in text
    assert "Model Assembly" in text


def test_a_layout_of_ones_own(own: Path) -> None:
    """A style sheet in the project's layouts wins over the shipped one of the same path."""
    sheet = own / "layouts" / "base" / "papers" / "a5.css"
    sheet.parent.mkdir(parents=True)
    sheet.write_text("@page { size: A5; margin-left: 20pt; margin-right: 20pt }", encoding="utf-8")
    settings = own / "publish.yaml"
    settings.write_text(settings.read_text(encoding="utf-8").replace("paper: letter", "paper: a5  "), "utf-8")
    run("build", "-l", "en", here=own)
    info = subprocess.run(
        ["pdfinfo", str(own / "output" / "A_RES_80_1" / "A_RES_80_1-EN.pdf")],
        capture_output=True,
        check=True,
        text=True,
    ).stdout
    assert "419.528 x 595.276" in info


def test_a_font_of_ones_own_wins(own: Path) -> None:
    """A face named Times New Roman in the project's fonts folder is used in place of ours."""
    from fontTools.ttLib import TTFont

    from publish.paper import fonts

    prepared = fonts.prepared(ROOT / "fonts")
    face = TTFont(prepared / "PressSerif-Regular.ttf")
    for record in face["name"].names:
        if record.nameID in {1, 4, 16}:
            record.string = "Times New Roman"
        elif record.nameID == 6:
            record.string = "TimesNewRomanPSMT"
    face.save(own / "fonts" / "times.ttf")
    run("build", "-l", "en", here=own)
    path = own / "output" / "A_RES_80_1" / "A_RES_80_1-EN.pdf"
    out = subprocess.run(["pdffonts", str(path)], capture_output=True, check=True, text=True).stdout
    assert "Times-New-Roman" in out


def test_a_seventh_language_is_a_matter_of_files(own: Path) -> None:
    """German is added by a locale file, a source file and a line of settings, and nothing else."""
    english = (ROOT / "locales" / "en.yaml").read_text(encoding="utf-8")
    german = (
        english.replace("name: English", "name: Deutsch", 1)
        .replace("cldr: en\n", "cldr: de\n", 1)
        .replace("file_suffix: EN", "file_suffix: DE")
        .replace("organization: United Nations", "organization: Vereinte Nationen")
        .replace("name: General Assembly", "name: Generalversammlung")
        .replace('session: "{Ordinal} session"', 'session: "{number}. Tagung"')
        .replace('  form: "{day} {month} {year}"\n  first_day', '  form: "{day}. {month} {year}"\n  first_day')
    )
    (own / "locales" / "de.yaml").write_text(german, encoding="utf-8")
    folder = own / "resolutions" / "A_RES_80_1"
    (folder / "de.yaml").write_text(
        'title: Titel\noperative: ["*Beschließt*, die Prüfung dieser Frage fortzusetzen."]\n', encoding="utf-8"
    )
    facts = (folder / "resolution.yaml").read_text(encoding="utf-8").replace("languages: [ar", "languages: [de, ar")
    (folder / "resolution.yaml").write_text(facts, encoding="utf-8")
    run("build", here=own)
    path = own / "output" / "A_RES_80_1" / "A_RES_80_1-DE.pdf"
    text = subprocess.run(["pdftotext", str(path), "-"], capture_output=True, check=True, text=True).stdout
    for words in ("Vereinte Nationen", "Generalversammlung", "80. Tagung", "Beschließt"):
        assert words in text


def test_help_and_check_do_not_load_the_engine(own: Path) -> None:
    """Help, `new` and `check` answer without importing WeasyPrint."""
    script = (
        "import sys; from publish.cli import main; main(sys.argv[1:], standalone_mode=False)"
        " if '--help' in sys.argv else None; sys.exit('weasyprint' in sys.modules)"
    )
    run("-c", script, "--help", here=own, command=[sys.executable])
    hooked = "import sys, atexit; atexit.register(lambda: 'weasyprint' in sys.modules and __import__('os')._exit(9));"
    for words in (["check"], ["new", "A/RES/80/3"]):
        run("-c", f"{hooked} from publish.cli import main; main()", *words, here=own, command=[sys.executable])


@pytest.mark.parametrize("command", ["build", "check", "new", "init", "doctor", "completion"])
def test_every_command_has_help(command: str, tmp_path: Path) -> None:
    """Every command says what it does and takes."""
    assert "Usage: publish" in run(command, "--help", here=tmp_path)


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_for_shells(shell: str, tmp_path: Path) -> None:
    """The completion script of each shell asks our command."""
    assert "_PUBLISH_COMPLETE" in run("completion", shell, here=tmp_path)


def test_doctor_finds_this_machine_sound(tmp_path: Path) -> None:
    """Where the tests run, the doctor has nothing to find."""
    report = json.loads(run("doctor", "--json", here=tmp_path))
    assert ([], True) == (report["findings"], report["sound"])


def test_a_wheel_works_elsewhere(tmp_path: Path) -> None:
    """A wheel built from the checkout carries all it needs: installed elsewhere, it serves init, new and build."""
    built = tmp_path / "dist"
    run("-m", "hatchling", "build", "-t", "wheel", "-d", str(built), here=ROOT, command=[sys.executable])
    (wheel,) = built.glob("*.whl")
    elsewhere = tmp_path / "elsewhere"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(elsewhere)
    environment = tmp_path / "environment"
    run("-m", "venv", "--without-pip", str(environment), here=tmp_path, command=[sys.executable])
    site = next(environment.glob("lib/python*/site-packages"))
    for part in elsewhere.iterdir():
        part.rename(site / part.name)
    # The libraries come from this environment, in which the checkout itself is not on the path.
    libraries = next(path for path in map(Path, sys.path) if path.name == "site-packages")
    links = [path for path in libraries.iterdir() if "publish" not in path.name and path.suffix != ".pth"]
    for path in links:
        if not (site / path.name).exists():
            (site / path.name).symlink_to(path)
    python = [str(environment / "bin" / "python"), "-m", "publish"]
    run("init", "house", here=tmp_path, command=python)
    house = tmp_path / "house"
    where = run("-c", "import publish; print(publish.__file__)", here=house, command=python[:1])
    assert str(site) in where
    run("new", "A/RES/80/9", here=house, command=python)
    run("build", "80/9", here=house, command=python)
    assert len(LANGUAGES) == len(names(house / "output"))


def test_a_layout_reads_and_writes_no_file(own: Path) -> None:
    """No path is within a template's reach, so a layout can neither read nor write a file."""
    page = own / "layouts" / "resolution" / "editions" / "2013.html"
    page.parent.mkdir(parents=True)
    target = own / "written"
    for reach in ("wording.nodes.title.place.file", "facts.symbol.__class__", "wording.nodes.title.file.path"):
        page.write_text(f'{{{{ {reach}.joinpath("{target}").write_text("x") }}}}', encoding="utf-8")
        report = json.loads(run("build", "-l", "en", "-j", "1", "--json", here=own, ok=1))
        assert ["L03"] == [finding["code"] for finding in report["findings"]]
    assert not target.exists()


def test_two_languages_never_share_a_file(own: Path) -> None:
    """A locale that ends its files as another does is refused, as one of two PDFs would be lost."""
    (own / "locales" / "fr.yaml").write_text("file_suffix: EN\n", encoding="utf-8")
    report = json.loads(run("build", "--json", here=own, ok=1))
    assert ["K03"] == [finding["code"] for finding in report["findings"]]


def test_init_writes_over_nothing(tmp_path: Path) -> None:
    """`init` in a folder that has files of these names is a usage error, and leaves them and all else alone."""
    (tmp_path / "README.md").write_text("mine", encoding="utf-8")
    run("init", ".", here=tmp_path, ok=2)
    assert ["README.md"] == names(tmp_path)
    assert "mine" == (tmp_path / "README.md").read_text(encoding="utf-8")


def test_a_language_that_is_not_to_be_had_is_no_success(own: Path) -> None:
    """Asking for a language that no source has, or for none at all, does not end as if it were built."""
    facts = own / "resolutions" / "A_RES_80_1" / "resolution.yaml"
    facts.write_text(
        facts.read_text(encoding="utf-8").replace("languages: [ar, zh, en, fr, ru, es]", "languages: [en]"), "utf-8"
    )
    for code in ("ar", "zh", "fr", "ru", "es"):
        (facts.parent / f"{code}.yaml").unlink()
    run("build", "-l", "ru", here=own, ok=1)
    run("build", "-l", ",", here=own, ok=2)
    run("build", "x" * 5000, here=own, ok=2)


def below(process: int) -> set[int]:
    """Give the processes that a process started, and those that they started."""
    listed = Path(f"/proc/{process}/task/{process}/children")
    own = {int(one) for one in listed.read_text("ascii").split()} if listed.exists() else set()
    return own.union(*map(below, own))


def runs(process: int) -> bool:
    """Tell whether a process has not ended."""
    state = Path(f"/proc/{process}/stat")
    return state.exists() and state.read_text("utf-8").rpartition(")")[2].split()[0] != "Z"


@pytest.mark.parametrize(("command", "processes"), [("build", 2), ("issue", 4)])
def test_no_process_outlives_the_command(tmp_path: Path, command: str, processes: int) -> None:
    """Where the command is killed, what typesets for it ends too, and what helps to start that."""
    (tmp_path / "publish.yaml").touch()
    shutil.copytree(ROOT / "resolutions", tmp_path / "resolutions")
    environment = {**os.environ, "PUBLISH_CACHE": str(tmp_path / "cache")}
    with subprocess.Popen([*PUBLISH, command], cwd=tmp_path, env=environment, stdout=subprocess.DEVNULL) as running:
        deadline = time.monotonic() + 60
        while len(started := below(running.pid)) < processes and time.monotonic() < deadline:
            time.sleep(0.01)
        running.kill()
    assert processes <= len(started)
    while (left := [one for one in started if runs(one)]) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert [] == left


@pytest.mark.parametrize("seconds", [0.2, 0.4, 0.8])
def test_an_interrupt_ends_the_command_at_once(tmp_path: Path, seconds: float) -> None:
    """Whatever is being done when somebody interrupts it, all processes end in silence, and nothing is written."""
    (tmp_path / "publish.yaml").touch()
    for number in range(1, 9):
        source = tmp_path / "resolutions" / f"A_RES_56_{number}"
        shutil.copytree(ROOT / "resolutions" / "A_RES_56_149", source)
        facts = (source / "resolution.yaml").read_text("utf-8").replace("56/149", f"56/{number}")
        (source / "resolution.yaml").write_text(facts, "utf-8")
    options: dict[str, Any] = {"stderr": subprocess.PIPE, "stdout": subprocess.DEVNULL, "start_new_session": True}
    environment = {**os.environ, "PUBLISH_CACHE": str(tmp_path / "cache")}
    with subprocess.Popen([*PUBLISH, "build"], cwd=tmp_path, env=environment, text=True, **options) as running:
        time.sleep(seconds)
        os.killpg(running.pid, signal.SIGINT)
        said = running.communicate(timeout=20)[1]
    assert "Traceback" not in said or seconds < 0.3  # Python itself may not have begun
    assert running.returncode != 0
    assert not list(tmp_path.glob("output/A*"))


HALF_BEGUN = """
from concurrent.futures import ProcessPoolExecutor
launch = ProcessPoolExecutor._launch_processes
def interrupted(self):
    launch(self)
    raise KeyboardInterrupt
ProcessPoolExecutor._launch_processes = interrupted
from publish.cli import main
main(["build", "-j", "2"])
"""


def test_processes_that_are_half_begun_end_too(tmp_path: Path) -> None:
    """An interrupt while processes are being started leaves none of them waiting, and none complains."""
    shutil.copytree(ROOT / "resolutions", tmp_path / "resolutions")
    (tmp_path / "publish.yaml").touch()
    environment = {**os.environ, "PUBLISH_CACHE": str(tmp_path / "cache")}
    command = [sys.executable, "-c", HALF_BEGUN]
    done = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False, timeout=60
    )
    assert (1, "Aborted!") == (done.returncode, done.stderr.strip())


def test_templates_that_have_suffered_are_compiled_again(tmp_path: Path) -> None:
    """A kept template that is damaged, or cannot be kept, is no hindrance."""
    words = ("build", "56/149", "-l", "en", "--form", "html", "-o", str(tmp_path / "out"))
    from publish.paper import fonts  # noqa: PLC0415

    home = {"XDG_CACHE_HOME": str(tmp_path / "home"), "PUBLISH_FONT_CACHE": str(fonts._cache())}
    run(*words, here=ROOT, **home)
    (folder,) = (tmp_path / "home" / "publish").glob("templates-*")
    kept = list(folder.iterdir())
    assert kept
    for one in kept:
        one.write_bytes(bc_magic + b"\xff" * 40)
    run(*words, here=ROOT, **home)
    for one in kept:
        one.unlink()
        one.mkdir()
    run(*words, here=ROOT, **home)
