"""What the tests share."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from browsing import CHROMIUM, QUIET
from playwright.sync_api import sync_playwright

from publish import project
from publish.desk import cache, press

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

ROOT = Path(__file__).parent.parent
LANGUAGES = ("ar", "zh", "en", "fr", "ru", "es")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update", action="store_true", help="write the expected files anew")
    parser.addoption("--long", action="store_true", help="run everything at its full length")


@pytest.fixture(scope="session", autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Nothing that a test typesets comes from another run."""
    os.environ[cache.FOLDER] = str(tmp_path_factory.mktemp("cache"))


@pytest.fixture
def update(request: pytest.FixtureRequest) -> bool:
    """Whether expected files are to be written anew."""
    return bool(request.config.getoption("--update"))


@pytest.fixture(scope="session")
def desk() -> press.Desk:
    """The shipped project at work."""
    return press.Desk(project.load(ROOT))


@pytest.fixture(scope="session")
def worker() -> press.Worker:
    """One warm engine for the whole run of this process, with the shipped fonts."""
    return press.Worker(project.load(ROOT))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser for all tests of a file, which is on nobody's net."""
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield found
        found.close()
