"""Files import only upwards, and each engine has one owner."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "publish"
ORDER = [
    *("finding", "symbol", "source", "text", "language", "resolution", "project", "compose", "fonts"),
    *("engine_layout", "typeset", "output", "press", "starter", "cli", "__main__"),
]
OWNERS = {
    "yaml": "source",
    "markdown_it": "text",
    "babel": "language",
    "jinja2": "compose",
    "fontTools": "fonts",
    "weasyprint": "typeset engine_layout",
    "click": "cli",
}


def imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module == "publish":
            found |= {f"publish.{name.name}" for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found


def test_every_file_has_its_place_in_the_order() -> None:
    """The order names every file of the package, and no other."""
    assert sorted(ORDER) == sorted(path.stem for path in PACKAGE.glob("*.py") if path.stem != "__init__")


@pytest.mark.parametrize("name", ORDER)
def test_files_import_only_from_above(name: str) -> None:
    """A file imports only from files above it."""
    ours = {module.split(".")[1] for module in imports(PACKAGE / f"{name}.py") if module.startswith("publish.")}
    assert set() == ours - set(ORDER[: ORDER.index(name)])


@pytest.mark.parametrize("engine", OWNERS)
def test_each_engine_has_one_owner(engine: str) -> None:
    """Only its owner imports an engine."""
    users = {name for name in ORDER if any(one.split(".")[0] == engine for one in imports(PACKAGE / f"{name}.py"))}
    assert set(OWNERS[engine].split()) == users


def test_the_root_re_exports_nothing() -> None:
    """The package's root holds its one sentence alone."""
    tree = ast.parse((PACKAGE / "__init__.py").read_text(encoding="utf-8"))
    assert 1 == len(tree.body)
