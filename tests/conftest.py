"""What the tests share."""

from __future__ import annotations

from pathlib import Path

import pytest

from publish import project
from publish.desk import press

ROOT = Path(__file__).parent.parent
LANGUAGES = ("ar", "zh", "en", "fr", "ru", "es")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update", action="store_true", help="write the expected files anew")
    parser.addoption("--long", action="store_true", help="run everything at its full length")


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
