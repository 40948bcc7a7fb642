"""What is kept so that nothing is typeset twice, and never given for something else."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from conftest import LANGUAGES
from issuing import document, files, make, stock

from publish import project
from publish.desk import press
from publish.desk.cache import Cache
from publish.desk.inputs import Inputs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from publish.paper.typeset import Pdf
    from publish.text.resolution import Resolution

PLAIN = press.Style()
KEY = hashlib.sha256(b"key").hexdigest()
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="{}"/></svg>'


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Cache:
    """An empty cache, which is the user's."""
    folder = tmp_path / "cache"
    monkeypatch.setenv("PUBLISH_CACHE", str(folder))
    return Cache(folder)


class Crew:
    """A quick crew that counts its work, and does something meanwhile."""

    def __init__(self, meanwhile: Callable[[], object] = lambda: None) -> None:
        self.work: list[str] = []
        self.meanwhile = meanwhile

    def __call__(
        self, own: project.Project, orders: Sequence[tuple[Resolution, str]], style: press.Style
    ) -> Iterator[tuple[int, Pdf]]:
        self.meanwhile()
        self.work += [code for _, code in orders]
        yield from stock(own, orders, style)


def build(root: Path, crew: press.Crew, to: Path, style: press.Style = PLAIN) -> dict[str, bytes]:
    """Build a project as the command does; gives the files."""
    desk = press.Desk(project.load(root))
    press.build(desk, press.resolutions(desk.project), to=to, crew=crew, style=style)
    return files(to)


def test_the_same_is_not_made_again(tmp_path: Path, kept: Cache) -> None:
    """Equal inputs hit, in a project that stands elsewhere too, and write the same bytes without typesetting."""
    make(tmp_path / "a", "A/RES/80/1")
    crew = Crew()
    first = build(tmp_path / "a", crew, tmp_path / "one")
    shutil.copytree(tmp_path / "a", tmp_path / "b")
    second = build(tmp_path / "b", crew, tmp_path / "two")
    assert sorted(LANGUAGES) == sorted(crew.work)
    assert first == second


def _source(root: Path) -> None:
    path = root / "resolutions" / "A_RES_80_1" / "fr.yaml"
    path.write_bytes(path.read_bytes() + b"\n")


def _write(name: str, words: str) -> Callable[[Path], None]:
    def change(root: Path) -> None:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(words, encoding="utf-8")

    return change


def _facts(root: Path) -> None:
    document(root, "A/RES/80/1", job_number="25 19623")


SHEET = "layouts/base/papers/a5.css"
CHANGES: dict[str, tuple[Callable[[Path], None], list[str]]] = {
    "a byte of one source": (_source, ["fr"]),
    "the facts": (_facts, list(LANGUAGES)),
    "a locale": (_write("locales/es.yaml", "organs: {A: {name: Otra Asamblea}}\n"), ["es"]),
    "a layout": (_write(SHEET, "@page { size: A5; margin: 31pt }"), list(LANGUAGES)),
    "a layout's folder": (
        lambda root: (root / SHEET).rename(root / "layouts" / "papers.css"),  # type: ignore[arg-type, return-value]
        list(LANGUAGES),
    ),
    "the settings": (
        lambda root: _write("publish.yaml", (root / "publish.yaml").read_text() + "paper: a4\n")(root),
        list(LANGUAGES),
    ),
    "the emblem": (_write("emblem.svg", SVG.format(8)), list(LANGUAGES)),
    "an own font": (_write("fonts/own.ttf", "no font"), list(LANGUAGES)),
}


@pytest.mark.parametrize("what", CHANGES)
def test_what_has_changed_is_made_again(tmp_path: Path, kept: Cache, what: str) -> None:
    """Any changed input is typeset again, and what it has no part in is not."""
    change, expected = CHANGES[what]
    root = make(tmp_path / "a", "A/RES/80/1", settings="emblem: emblem.svg\n" if what == "the emblem" else "")
    _write("emblem.svg", SVG.format(9))(root)
    _write(SHEET, "@page { size: A5; margin: 30pt }")(root)
    _write("locales/es.yaml", "organs: {A: {name: Asamblea}}\n")(root)
    build(root, Crew(), tmp_path / "one")
    change(root)
    crew = Crew()
    build(root, crew, tmp_path / "two")
    assert sorted(expected) == sorted(crew.work)


def test_a_draft_is_no_official_copy(tmp_path: Path, kept: Cache) -> None:
    """Each style is kept by itself."""
    root = make(tmp_path / "a", "A/RES/80/1")
    for style in (press.Style(), press.Style(draft=True), press.Style(line_numbers=True)):
        for expected in (LANGUAGES, ()):
            crew = Crew()
            shutil.rmtree(tmp_path / "out", ignore_errors=True)
            build(root, crew, tmp_path / "out", style)
            assert sorted(expected) == sorted(crew.work)


def test_another_engine_has_other_digests(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The versions of the engine, of Python and of what compresses are inputs."""
    own = project.load(make(tmp_path))
    found = Inputs(own).libraries
    assert {"weasyprint", "python", "zlib", "pango", "harfbuzz"} <= set(found)
    before = Inputs(own).everything
    monkeypatch.setattr("zlib.ZLIB_RUNTIME_VERSION", "0")
    assert before != Inputs(own).everything
    assert "0" == Inputs(own).libraries["zlib"]


def test_what_has_suffered_is_missing(tmp_path: Path) -> None:
    """An entry that was cut anywhere, or has a byte changed anywhere, is taken for missing; so is another's entry."""
    kept = Cache(tmp_path)
    kept.put(KEY, {"name": "A", "pages": 3}, b"data\nof two lines")
    path = tmp_path / KEY[:2] / KEY[2:]
    sound = path.read_bytes()
    entry = kept.get(KEY)
    assert entry is not None
    assert ("A", 3, b"data\nof two lines") == (entry.facts["name"], entry.facts["pages"], entry.data)
    head = sound.index(b"\n")
    for length in range(len(sound)):
        path.write_bytes(sound[:length])
        assert kept.get(KEY) is None
        assert length <= head or kept.facts(KEY) is not None  # facts do not look at the data
        assert length > head or kept.facts(KEY) is None
    for place in range(len(sound)):
        path.write_bytes(sound[:place] + bytes([sound[place] ^ 1]) + sound[place + 1 :])
        assert kept.get(KEY) is None
        assert place > head or kept.facts(KEY) is None
    other = hashlib.sha256(b"other").hexdigest()
    (tmp_path / other[:2]).mkdir()
    (tmp_path / other[:2] / other[2:]).write_bytes(sound)
    assert (None, None) == (kept.get(other), kept.facts(other))


WRITER = """
import hashlib, random, sys
from pathlib import Path
from publish.desk.cache import Cache
kept = Cache(Path(sys.argv[1]), 60_000)
chance = random.Random(sys.argv[2])
for _ in range(300):
    number = chance.randrange(40)
    key = hashlib.sha256(str(number).encode()).hexdigest()
    entry = kept.get(key)
    assert entry is None or entry.data == str(number).encode() * 2000 and entry.facts["number"] == number
    kept.put(key, {"number": number}, str(number).encode() * 2000)
    if not chance.randrange(9):
        kept.bound()
    if not chance.randrange(60):
        kept.clear()
"""


def test_processes_share_a_cache(tmp_path: Path) -> None:
    """Four processes that write, bound and clear the same entries at once never read a wrong one, and none fails."""
    command = [sys.executable, "-c", WRITER, str(tmp_path)]
    running = [subprocess.Popen([*command, str(seed)], stderr=subprocess.PIPE, text=True) for seed in range(4)]
    assert [""] * 4 == [one.communicate()[1] for one in running]


def test_the_oldest_goes_first(tmp_path: Path) -> None:
    """A cache that has grown too large lets go what was not used for longest, and only where something was added."""
    kept = Cache(tmp_path, 5_000)
    keys = [hashlib.sha256(str(number).encode()).hexdigest() for number in range(10)]
    for number, key in enumerate(keys):
        kept.put(key, {}, b"x" * 900)
        os.utime(tmp_path / key[:2] / key[2:], (number, number))
    assert kept.get(keys[0]) is not None  # which is using it
    Cache(tmp_path, 5_000).bound()
    assert 10 == kept.usage().entries
    kept.bound()
    left = kept.usage()
    assert [keys[0], *keys[11 - left.entries :]] == [key for key in keys if kept.get(key)]
    assert 2_000 < left.bytes <= 0.8 * 5_000


def test_clearing_takes_only_what_is_its_own(tmp_path: Path) -> None:
    """Clearing a cache leaves what stands beside its entries, even in folders of two letters."""
    kept = Cache(tmp_path)
    kept.put(KEY, {}, b"x")
    for name in ("go/work.txt", "ab/notes.txt", "note.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("mine", encoding="utf-8")
    assert 1 == kept.usage().entries
    kept.clear()
    assert ["ab/notes.txt", "go/work.txt", "note.txt"] == sorted(files(tmp_path))


def test_a_cache_that_cannot_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the cache cannot be written, documents are built all the same."""
    (tmp_path / "file").write_text("no folder", encoding="utf-8")
    monkeypatch.setenv("PUBLISH_CACHE", str(tmp_path / "file" / "cache"))
    root = make(tmp_path / "a", "A/RES/80/1")
    assert 6 == len(build(root, Crew(), tmp_path / "one"))


READER = """
import os, sys
from pathlib import Path
from publish.desk.cache import Cache
os.setgid(65534); os.setuid(65534)
kept = Cache(Path(sys.argv[1]))
kept.put("00" * 32, {}, b"new")
sys.exit(0 if kept.get(sys.argv[2]).data == b"data" and kept.get("00" * 32) is None else 1)
"""


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_a_cache_to_be_read_only(tmp_path: Path) -> None:
    """Who may read a cache and not write it is given what it keeps."""
    folder = Path("/tmp") / f"cache-{os.getpid()}"  # which others may enter
    try:
        Cache(folder).put(KEY, {}, b"data")
        for path in (folder, *folder.rglob("*")):
            path.chmod(0o755)
        assert 0 == subprocess.run([sys.executable, "-c", READER, str(folder), KEY], check=False).returncode
    finally:
        shutil.rmtree(folder)


def test_what_changes_meanwhile_poisons_nothing(tmp_path: Path, kept: Cache) -> None:
    """A source or a locale that is written while a document is typeset leaves no entry that is not true."""
    root = make(tmp_path / "a", "A/RES/80/1")
    path = root / "resolutions" / "A_RES_80_1" / "en.yaml"
    old, new = path.read_text(), path.read_text().replace("Title", "Heading")
    build(root, Crew(), tmp_path / "one")
    for data in kept.folder.rglob("*"):
        if data.is_file() and data.read_bytes().count(b"%PDF"):
            data.unlink()  # what is left says that the source is sound

    reading = press.Document.read

    def read(self: press.Document, desk: press.Desk) -> Resolution:
        path.write_text(new)  # after the keys were made
        return reading(self, desk)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(press.Document, "read", read)
        made = build(root, Crew(), tmp_path / "two")
    path.write_text(old)
    again = build(root, Crew(), tmp_path / "three")
    name = "A_RES_80_1/A_RES_80_1-EN.pdf"
    assert made[name] != again[name]
    assert files(tmp_path / "one") == again

    locale = root / "locales" / "en.yaml"
    locale.parent.mkdir()
    locale.write_text("organs: {A: {name: First}}\n")
    build(root, Crew(lambda: locale.write_text("organs: {A: {name: Other}}\n")), tmp_path / "four")
    locale.write_text("organs: {A: {name: First}}\n")
    crew = Crew()
    build(root, crew, tmp_path / "five")
    assert sorted(LANGUAGES) == sorted(crew.work)


def test_settings_that_change_as_they_are_read(tmp_path: Path, kept: Cache) -> None:
    """What is made by settings that were read before they changed is not kept as if made by the new ones."""
    root = make(tmp_path / "a", "A/RES/80/1")
    old = project.load(root)
    (root / "publish.yaml").write_text(f"languages: [{', '.join(LANGUAGES)}]\npaper: a4\n", encoding="utf-8")
    desk = press.Desk(old)
    press.build(desk, press.resolutions(old), to=tmp_path / "one", crew=Crew())
    crew = Crew()
    build(root, crew, tmp_path / "two")
    assert sorted(LANGUAGES) == sorted(crew.work)


def test_real_pages_are_kept_byte_for_byte(tmp_path: Path, kept: Cache) -> None:
    """A PDF from the cache is, byte for byte, the one that the engine makes again."""
    root = make(tmp_path / "a", "A/RES/80/1", settings="")
    (root / "publish.yaml").write_text("languages: [en, fr]\n", encoding="utf-8")
    document(root, "A/RES/80/1", languages=["en", "fr"])
    crew = press.Processes(2)
    first, second = build(root, crew, tmp_path / "one"), build(root, crew, tmp_path / "two")
    kept.clear()
    assert 0 == kept.usage().entries
    third = build(root, crew, tmp_path / "three")
    assert 2 == len(first)
    assert first == second == third
