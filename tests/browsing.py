"""What the tests that use a browser share."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

CHROMIUM = "/usr/bin/chromium"
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@dataclass
class Visit:
    """A page in the browser, with all that it asked for and complained of."""

    page: Page
    asked: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)


def visit(browser: Browser, address: str, **options: Any) -> Visit:
    """Open a page."""
    made = Visit(browser.new_page(**options))
    made.page.on("request", lambda one: made.asked.append(one.url))
    made.page.on("console", lambda one: made.said.append(one.text))
    made.page.on("pageerror", lambda one: made.said.append(str(one)))
    made.page.goto(address)
    return made
