"""WeasyPrint, ready sooner. What it works out anew in every process is kept, and what it never uses is left unread.

Written for version 70.0; the tests say when the engine no longer needs a part.

1. cffi parses the C declarations of the engine's libraries, and asks a compiler for those that are not installed. What
   it finds is kept as data, and cffi's own loader takes it from there. This halves the time of the import.
2. The engine imports the parts of fontTools that it would use without HarfBuzz's subsetter, which the press insists on.
3. The reader of HTML keeps its patterns under names that it never asks for, and so makes each anew every time.
4. Python looks for garbage whenever there are 700 objects more; a document is made of some hundred thousand.
"""

from __future__ import annotations

import ast
import gc
import hashlib
import importlib
import os
import platform
import re
import sys
import tempfile
from contextlib import contextmanager, redirect_stdout, suppress
from importlib.metadata import version
from importlib.util import find_spec
from io import StringIO
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

GARBAGE = (50_000, 10, 5)
SELDOM = ("fontTools.subset", "fontTools.varLib.instancer")


def engine(folder: Path) -> Any:
    """Import WeasyPrint and give it; its declarations are kept in a folder, where that can be written."""
    if "weasyprint" not in sys.modules:
        gc.set_threshold(*GARBAGE)
        with _unread(), _declared(folder):
            importlib.import_module("weasyprint")
    reader: Any = sys.modules["tinyhtml5.inputstream"]
    reader.characters_until_regex = _Patterns(reader.characters_until_regex)
    return sys.modules["weasyprint"]


# ---- What is never used


class _Later(ModuleType):
    """Stands for a module until one of its functions is called."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)

        def function(*words: Any, **options: Any) -> Any:
            return getattr(importlib.import_module(self.__name__), name)(*words, **options)

        return function


@contextmanager
def _unread() -> Iterator[None]:
    stand_ins = {name: _Later(name) for name in SELDOM if name not in sys.modules}
    sys.modules.update(stand_ins)
    try:
        yield
    finally:
        for name in stand_ins:
            del sys.modules[name]


# ---- The patterns


class _Patterns(dict[tuple[frozenset[str], bool], re.Pattern[str]]):
    """What matches the longest text without some characters, or of none but these."""

    def __missing__(self, key: tuple[frozenset[str], bool]) -> re.Pattern[str]:
        characters, opposite = key
        listed = re.escape("".join(sorted(characters)))
        self[key] = re.compile(f"[{'' if opposite else '^'}{listed}]+")
        return self[key]


# ---- The declarations


@contextmanager
def _declared(folder: Path) -> Iterator[None]:
    """Let the engine have its declarations as they were kept; where they are not, keep them for the next time."""
    import _cffi_backend  # noqa: PLC0415
    import cffi  # noqa: PLC0415

    spec = find_spec("weasyprint")
    assert spec is not None
    source = Path(str(spec.origin)).with_name("text") / "ffi.py"
    key = f"{platform.python_version()} {version('cffi')}\n".encode() + source.read_bytes()
    path = folder / f"declarations-{hashlib.sha256(key).hexdigest()[:16]}"
    own = cffi.FFI
    if kept := _read(path):

        class Declared(_cffi_backend.FFI):  # type: ignore[misc]
            def cdef(self, source: str) -> None:
                """Do nothing, as all is declared."""

        cffi.FFI = lambda: Declared("weasyprint", **kept)
    try:
        yield
    finally:
        cffi.FFI = own
    if not kept:
        _keep(path, _facts(sys.modules["weasyprint.text.ffi"].ffi))


def _read(path: Path) -> dict[str, Any] | None:
    """Read what was kept: a digest, and data. Gives None where there is nothing, or it has suffered."""
    with suppress(OSError, ValueError, SyntaxError):
        digest, _, data = path.read_text("ascii").partition("\n")
        if digest == hashlib.sha256(data.encode()).hexdigest():
            facts: dict[str, Any] = ast.literal_eval(data)
            return facts
    return None


def _facts(declared: Any) -> dict[str, Any]:
    """Give what cffi would write into a module for the declarations, as data."""
    facts: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "module.py"
        declared.set_source("module", None)
        with redirect_stdout(StringIO()):
            declared.emit_python_code(str(path))
        call = ast.parse(path.read_text("utf-8")).body[-1]
    assert isinstance(call, ast.Assign)
    assert isinstance(call.value, ast.Call)
    for keyword in call.value.keywords:
        facts[str(keyword.arg)] = ast.literal_eval(keyword.value)
    return facts


def _keep(path: Path, facts: dict[str, Any]) -> None:
    data = repr(facts)
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".new-")
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(f"{hashlib.sha256(data.encode()).hexdigest()}\n{data}")
        Path(name).replace(path)
