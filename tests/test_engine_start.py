"""The engine is ready sooner, and is the same."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from publish.paper import engine_start

SHOWN = """
import hashlib, os, sys
from pathlib import Path
from publish.paper import engine_start
engine = engine_start.engine(Path(sys.argv[1]))
from weasyprint.text.ffi import ffi
pdf = engine.HTML(string="<p>Hello, \\u0627\\u0644\\u0639\\u0631\\u0628\\u064a\\u0629").write_pdf()
print(type(ffi).__name__, hashlib.sha256(pdf).hexdigest(), "fontTools.subset" in sys.modules)
from fontTools import subset
print(subset.Options().glyph_names, flush=True)
os._exit(0)  # as Python may close the engine's libraries before it frees what is theirs
"""
PLAIN = "import sys, weasyprint; print(type(weasyprint.text.ffi.ffi), 'fontTools.subset' in sys.modules)"


def shown(folder: Path) -> list[str]:
    """Typeset a line in a process of its own; gives the kind of declarations, a digest, and what fontTools does."""
    return subprocess.run(
        [sys.executable, "-c", SHOWN, str(folder)], capture_output=True, text=True, check=True, env=os.environ
    ).stdout.split()


def test_what_is_kept_gives_the_same_bytes(tmp_path: Path) -> None:
    """The second process takes the declarations that the first one kept, and writes the same file."""
    first, second = shown(tmp_path), shown(tmp_path)
    assert (["FFI", "False", "False"], ["Declared", "False", "False"]) == (
        first[::2] + first[3:],
        second[::2] + second[3:],
    )
    assert first[1] == second[1]
    assert 1 == len(list(tmp_path.iterdir()))


@pytest.mark.parametrize("damage", [b"", b"{}", b"0\n{}", bytes(range(200, 256))])
def test_what_has_suffered_is_made_again(tmp_path: Path, damage: bytes) -> None:
    """A file that is not whole is not used, and a whole one takes its place."""
    before = shown(tmp_path)
    (kept,) = tmp_path.iterdir()
    whole = kept.read_bytes()
    kept.write_bytes(damage)
    assert before == shown(tmp_path)
    assert whole == kept.read_bytes()


@pytest.mark.parametrize("opposite", [True, False])
@pytest.mark.parametrize("characters", ["<&", " \t\n", "]^-\\", "\u0645\u4e00"])
def test_patterns_of_the_reader_of_html(characters: str, opposite: bool) -> None:
    """A pattern matches what the reader's own one does, and is made once."""
    kept = engine_start._Patterns()
    listed = "".join(f"\\u{ord(one):04x}" for one in characters)
    own = re.compile(f"[{'' if opposite else '^'}{listed}]+")
    text = f"{characters} and {characters}"
    key = frozenset(characters), opposite
    assert [one.span() for one in own.finditer(text)] == [one.span() for one in kept[key].finditer(text)]
    assert kept[key] is kept[key]


def test_a_folder_that_cannot_be_written_is_no_hindrance(tmp_path: Path) -> None:
    """Where nothing can be kept the engine starts as it does by itself."""
    (tmp_path / "file").touch()
    assert "FFI" == shown(tmp_path / "file" / "below")[0]


def test_the_engine_still_needs_it() -> None:
    """By itself the engine parses its declarations, and imports what takes glyphs out of typefaces."""
    done = subprocess.run([sys.executable, "-c", PLAIN], capture_output=True, text=True, check=True)
    assert "<class 'cffi.api.FFI'> True" == done.stdout.strip()
