"""What a file is made from, as digests: the same digests mean the same bytes."""

from __future__ import annotations

import ctypes
import hashlib
import json
import platform
import sys
import zlib
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from publish.finding import Finding, Place, Rejected
from publish.paper import compose
from publish.project import SETTINGS, SHIPPED, load

if TYPE_CHECKING:
    from collections.abc import Iterable

    from publish.project import Project

FILE = "inputs.json"  # of a finished file
# What has a say in the bytes of a file, besides the press itself.
PACKAGES = (
    *("babel", "cssselect2", "fonttools", "jinja2", "markdown_it_py", "markupsafe", "mdit_py_plugins", "pillow"),
    *("pydyf", "pyphen", "python_barcode", "roman_numerals", "segno", "tinycss2", "tinyhtml5", "weasyprint", "zopfli"),
)
NATIVE = {"pango": ("libpango-1.0.so.0", "pango_version_string"), "harfbuzz": ("libharfbuzz.so.0", "hb_version_string")}


class Inputs:
    """The digests of everything a project's documents are made from. Each is taken once, and then kept.

    They are those of the files as they are now, which what was read before need not be; `unchanged` tells.
    """

    def __init__(self, project: Project) -> None:
        self.project = project
        self._locales: dict[str, str] = {}
        self._state = self._look()

    @cached_property
    def libraries(self) -> dict[str, str]:
        """The versions of the engine and of what else draws pages."""
        found: dict[str, str] = {}
        for folder in map(Path, sys.path):
            if folder.is_dir():
                for path in folder.glob("*.dist-info"):
                    name, _, version = path.name.removesuffix(".dist-info").partition("-")
                    found.setdefault(name.lower(), version)
        own = {"python": platform.python_version(), "zlib": zlib.ZLIB_RUNTIME_VERSION}
        return {name: found[name] for name in PACKAGES if name in found} | own | dict(_native())

    @cached_property
    def shared(self) -> dict[str, Any]:
        """The digests of what all documents and languages share."""
        settings = self.project.root / SETTINGS
        emblem = self.project.settings.emblem
        return {
            "press": _digest_of([Path(__file__).parents[1]], "*.py"),
            "libraries": self.libraries,
            "typefaces": of([digest([SHIPPED / "fonts" / "fonts.yaml"]), _digest_of([self.project.own_fonts])]),
            "layouts": _digest_of(self.project.layouts),
            "settings": digest([settings, emblem]),
        }

    def of_pdf(self, code: str) -> dict[str, Any]:
        """Give what a file says of what it was made with, besides its sources: versions, and digests."""
        settings = self.project.settings
        own = [settings.organization, settings.symbol_links, settings.edition, settings.paper]
        layouts = [folder / kind for folder in self.project.layouts for kind in ("base", compose.KIND)]
        return {
            "press": version("publish-resolutions"),
            "libraries": {name: found for name, found in self.libraries.items() if name != "python"},
            "typefaces": self.shared["typefaces"],
            "layouts": _digest_of(layouts),
            "locale": self.locale(code),
            "settings": of([own, digest([settings.emblem])]),
        }

    def locale(self, code: str) -> str:
        """Give the digest of a language's own files."""
        if code not in self._locales:
            self._locales[code] = digest([folder / f"{code}.yaml" for folder in self.project.locales])
        return self._locales[code]

    @cached_property
    def everything(self) -> str:
        """One digest of all that any document is made from but its own sources."""
        return of([self.shared, _digest_of(self.project.locales)])

    @property
    def unchanged(self) -> bool:
        """Whether no file of the project but its sources was written since this began to look."""
        return self._current and self._state == self._look()

    @cached_property
    def _current(self) -> bool:
        """Whether the settings at hand are those of the file."""
        if not (self.project.root / SETTINGS).is_file():
            return True
        try:
            return load(self.project.root).settings == self.project.settings
        except Rejected:
            return False

    def _look(self) -> list[tuple[str, int, int, int]]:
        project = self.project
        folders = [*project.layouts, *project.locales, project.own_fonts, SHIPPED / "fonts"]
        settings = project.settings
        paths = [project.root / SETTINGS, settings.emblem, settings.output_profile]
        paths += [path for one in folders for path in _files(one)]
        states = [(str(path), path.stat()) for path in paths if path.is_file()]
        return [(path, state.st_mtime_ns, state.st_size, state.st_ino) for path, state in states]

    def of_file(self, facts: bytes, wording: bytes, code: str, style: Any) -> str:
        """Give the digest of what one language's file is made from."""
        found = [self.shared, self.locale(code), code, hashed(facts), hashed(wording), str(style)]
        if style.printing:
            found += [digest([self.project.settings.output_profile]), version("pikepdf")]
        return of(found)

    def of_document(self, sources: dict[str, bytes], codes: Iterable[str]) -> dict[str, Any]:
        """Give the digests of what a document in all its languages is made from, by what they are of."""
        own = {name: hashed(data) for name, data in sorted(sources.items())}
        return {"sources": own, "locales": {code: self.locale(code) for code in codes}, **self.shared}


def sources(folder: Path) -> dict[str, bytes]:
    """Give the files of a resolution's folder by name. Raises Rejected where one cannot be read."""
    found = {}
    for path in sorted(folder.glob("*.yaml")):
        try:
            found[path.name] = path.read_bytes()
        except OSError as error:
            raise Rejected([Finding("S18", f"cannot read the file: {error.strerror}", Place(path))]) from None
    return found


def digest(paths: Iterable[Path]) -> str:
    """Give one digest of files and their names, in this order; what is not there counts as empty."""
    found = hashlib.sha256()
    for path in paths:
        data = path.read_bytes() if path.is_file() else b""
        found.update(f"{path.name} {len(data)}\n".encode())
        found.update(data)
    return found.hexdigest()


def of(data: Any) -> str:
    """Give the digest of plain data."""
    return hashed(json.dumps(data, sort_keys=True, ensure_ascii=False).encode())


def hashed(data: bytes) -> str:
    """Give the SHA-256 of some bytes."""
    return hashlib.sha256(data).hexdigest()


def _digest_of(folders: Iterable[Path], pattern: str = "*") -> str:
    """Give one digest of folders that are laid over each other, and of the files below them."""
    found = [(folder, _files(folder, pattern)) for folder in folders]
    return of([{str(path.relative_to(folder)): digest([path]) for path in paths} for folder, paths in found])


def _files(folder: Path, pattern: str = "*") -> list[Path]:
    return sorted(path for path in folder.rglob(pattern) if path.is_file()) if folder.is_dir() else []


def _native() -> Iterable[tuple[str, str]]:
    for name, (library, function) in NATIVE.items():
        try:
            ask = getattr(ctypes.CDLL(library), function)
        except (OSError, AttributeError):
            continue
        ask.restype = ctypes.c_char_p
        yield name, ask().decode()
