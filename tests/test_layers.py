"""Files import only upwards, and each engine has one owner."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "publish"
ORDER = [
    *("finding", "text.symbol", "text.source", "text.inline", "text.language", "text.resolution"),
    *("text.data", "text.outline"),
    *("text.mention", "text.concordance", "text.form", "text.follow", "text.review", "text.mend"),
    *(
        "project",
        "paper.compose",
        "paper.forms",
        "paper.fonts",
        "paper.engine_start",
        "paper.engine_layout",
        "paper.engine_structure",
        "paper.typeset",
        "paper.read_pdf",
        "paper.inspect_tags",
        "paper.inspect_pdf",
        "paper.impose",
    ),
    *(
        "desk.output",
        "desk.inputs",
        "desk.cache",
        "desk.press",
        "desk.cluster",
        "desk.verify",
        "desk.report",
        "desk.sarif",
        "desk.proofread",
        "desk.starter",
    ),
    *("desk.pool", "desk.live", "desk.preview_page", "desk.preview", "desk.standalone"),
    *("issue.manifest", "issue.catalogue", "issue.register", "issue.store", "issue.webhook"),
    *("issue.settle", "issue.issue", "issue.health", "issue.schedule"),
    *("cli", "__main__"),
]
OWNERS = {
    "yaml": "text.source",
    "markdown_it": "text.inline",
    "babel": "text.language",
    "jinja2": "paper.compose",
    "fontTools": "paper.fonts",
    "weasyprint": "paper.typeset paper.engine_layout paper.engine_structure",
    "pydyf": "paper.engine_structure",
    "pypdfium2": "paper.read_pdf",
    "pikepdf": "paper.read_pdf paper.impose",
    "starlette": "desk.preview issue.health",
    "uvicorn": "desk.preview issue.health",
    "watchfiles": "desk.preview",
    "apscheduler": "issue.schedule",
    "prometheus_client": "issue.health",
    "sqlalchemy": "issue.register",
    "alembic": "issue.register",
    "fsspec": "issue.store",
    "distributed": "desk.cluster",
    "click": "cli",
}


def path(name: str) -> Path:
    return PACKAGE.joinpath(*name.split(".")).with_suffix(".py")


def imports(name: str) -> set[str]:
    """Give the modules that a file imports; of our rooms, the files in them."""
    found = set()
    for node in ast.walk(ast.parse(path(name).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {one.name for one in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            module = node.module
            room = module == "publish" or (PACKAGE / module.removeprefix("publish.")).is_dir()
            found |= {f"{module}.{one.name}" for one in node.names} if room else {module}
    return found


def test_every_file_has_its_place_in_the_order() -> None:
    """The order names every file of the package, and no other; Alembic loads the steps of the register's tables."""
    files = (file.relative_to(PACKAGE).with_suffix("") for file in PACKAGE.rglob("*.py") if file.stem != "__init__")
    files = (file for file in files if "migrations" not in file.parts)
    assert sorted(ORDER) == sorted(".".join(file.parts) for file in files)


@pytest.mark.parametrize("name", ORDER)
def test_files_import_only_from_above(name: str) -> None:
    """A file imports only from files above it."""
    ours = {module.removeprefix("publish.") for module in imports(name) if module.startswith("publish.")}
    assert set() == ours - set(ORDER[: ORDER.index(name)])


@pytest.mark.parametrize("engine", OWNERS)
def test_each_engine_has_one_owner(engine: str) -> None:
    """Only its owner imports an engine."""
    users = {name for name in ORDER if any(one.split(".")[0] == engine for one in imports(name))}
    assert set(OWNERS[engine].split()) == users


@pytest.mark.parametrize("room", ["", "text", "paper", "desk", "issue"])
def test_rooms_re_export_nothing(room: str) -> None:
    """The root of the package and of each room holds its one sentence alone."""
    tree = ast.parse((PACKAGE / room / "__init__.py").read_text(encoding="utf-8"))
    assert 1 == len(tree.body)
