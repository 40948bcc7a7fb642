"""Where a project keeps its things, and what its `publish.yaml` says.

A project's own layouts, locales and fonts are laid over the shipped ones; the later folder of each pair wins.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING

from publish.text.inline import SCHEMES
from publish.text.source import Node, Reader, read

if TYPE_CHECKING:
    from collections.abc import Iterator

_HERE = Path(__file__).parent
SHIPPED = _HERE / "shipped" if (_HERE / "shipped").is_dir() else _HERE.parent
SETTINGS = "publish.yaml"
REGISTER = "PUBLISH_REGISTER"
LONGEST_ADDRESS = 500
OFFICIAL = ("ar", "zh", "en", "fr", "ru", "es")


def caches() -> Path:
    """Give the folder of the user's caches, by the desktop's rules. Raises RuntimeError where there is no home."""
    return Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache").expanduser() / "publish"


@dataclass(frozen=True)
class Settings:
    """What an organization sets once for all its documents."""

    organization: dict[str, str] = field(default_factory=dict)
    emblem: Path = SHIPPED / "layouts" / "base" / "emblem.svg"
    output_profile: Path = Path("/usr/share/color/icc/ghostscript/default_cmyk.icc")  # of libgs-common
    symbol_links: str = "https://undocs.org/{symbol}"
    languages: tuple[str, ...] = OFFICIAL
    edition: str = "2013"
    paper: str = "letter"
    editor: str = ""
    register: str = ""
    issued: str = "output"
    base_address: str = ""
    webhooks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Project:
    """A folder with a `publish.yaml`, and the folders that its work reads and writes."""

    root: Path
    settings: Settings

    @property
    def resolutions(self) -> Path:
        """The folder of sources, one folder a resolution."""
        return self.root / "resolutions"

    @property
    def output(self) -> Path:
        """The folder that finished documents are written to unless another is asked for."""
        return self.root / "output"

    @property
    def register(self) -> str:
        """The address of the register, as SQLAlchemy reads it; PUBLISH_REGISTER may hold one with a password.

        A file is named from the folder of the project, wherever the command is run.
        """
        own = os.environ.get(REGISTER) or self.settings.register or "sqlite:///output/register.sqlite"
        return re.sub(r"^(sqlite[^:]*:///)(?![/:])", lambda found: f"{found[1]}{self.root}/", own)

    @property
    def own_fonts(self) -> Path:
        """The folder of the project's own fonts, which need not exist."""
        return self.root / "fonts"

    @property
    def locales(self) -> list[Path]:
        """The folders of locale files, the winning one last."""
        return self._layered("locales")

    @property
    def layouts(self) -> list[Path]:
        """The folders of layouts, the winning one last."""
        return self._layered("layouts")

    def _layered(self, name: str) -> list[Path]:
        own = self.root / name
        shipped = SHIPPED / name
        return [shipped, own] if own.is_dir() and own.resolve() != shipped.resolve() else [shipped]


def find_root(start: Path) -> Path | None:
    """Give the nearest folder, from `start` upwards, that has a `publish.yaml`."""
    return next((folder for folder in (start, *start.parents) if (folder / SETTINGS).is_file()), None)


def load(root: Path) -> Project:
    """Read a project's settings. Raises Rejected."""
    return Project(root, _settings(read(root / SETTINGS), root))


def _settings(node: Node, root: Path) -> Settings:
    if not node.value:
        return Settings()
    reader = Reader()
    keys = [one.name for one in fields(Settings)]
    entries = reader.mapping(node, needed=(), optional=keys)
    given: dict[str, object] = dict(_given(reader, entries, root))
    reader.close()
    return Settings(**given)  # type: ignore[arg-type]


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # a name too long for the system
        return False


def _given(reader: Reader, entries: dict[str, Node], root: Path) -> Iterator[tuple[str, object]]:
    for key, node in entries.items():
        if key == "organization":
            yield key, {language: reader.text(name) for language, name in reader.entries(node).items()}
        elif key == "languages":
            yield key, tuple(reader.text(one) for one in reader.sequence(node))
        elif key == "webhooks":
            addresses = [(one, reader.text(one)) for one in reader.sequence(node)]
            for one, address in addresses:
                _examine(reader, one, address, _ADDRESSES[key])
            yield key, tuple(address for _, address in addresses)
        elif key in _FILES:
            yield key, _file(reader, node, root, *_FILES[key])
        else:
            value = reader.text(node)
            if key in _ADDRESSES:
                _examine(reader, node, value, _ADDRESSES[key])
            yield key, value


def _file(reader: Reader, node: Node, root: Path, what: str, kinds: tuple[str, ...]) -> Path:
    """Give the file that an entry names, and find one that is missing or of another kind."""
    name = reader.text(node)
    path = (root / name).resolve()
    if name and not _is_file(path):
        reader.fault("S18", f"the {what} '{name}' does not exist", node, "name it from the project's folder")
    elif name and path.suffix.upper()[1:] not in kinds:
        reader.fault("S17", f"the {what} '{name}' is no {' or '.join(kinds)} file", node)
    return path


_FILES = {"emblem": ("emblem", ("SVG", "PNG")), "output_profile": ("output profile", ("ICC", "ICM"))}


def _examine(reader: Reader, node: Node, address: str, rule: tuple[str, str, str]) -> None:
    """Find an address that lacks the part to be filled in, or leads where none may."""
    part, allowed, example = rule
    if part not in address:
        reader.fault("S08", f"the address has no {part}", node, f"as in {example}")
    elif not re.fullmatch(allowed, address) or len(address) > LONGEST_ADDRESS:
        reader.fault("S19", "the address is not allowed", node, f"as in {example}")


_ADDRESSES = {
    "symbol_links": ("{symbol}", rf"(?:{'|'.join(SCHEMES)})[^ ]+", "https://undocs.org/{symbol}"),
    "base_address": ("", r"https?://[^ ?#]+/", "https://documents.example.org/"),
    "webhooks": (
        "",
        r"https://[^ ]+|http://(?:localhost|127\.0\.0\.1|\[::1\])[:/][^ ]+",
        "https://hooks.example.org/publish",
    ),
    "editor": ("{path}", r"(?!javascript:|vbscript:|data:|blob:)[a-z][a-z0-9+.-]*:[^ ]+", "vscode://file{path}:{line}"),
}
