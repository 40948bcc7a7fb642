"""Takes the pictures of the preview that README shows; `make images` runs it."""

from __future__ import annotations

import io
import tempfile
from pathlib import Path

from browsing import CHROMIUM, QUIET
from conftest import LANGUAGES, ROOT
from PIL import Image
from playwright.sync_api import Page, sync_playwright
from test_preview import NAME, house, serving
from test_preview_browser import show

COLOURS = 256


def main() -> None:
    """Write `docs/images/preview-*.png`."""
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(house(Path(folder) / "house")) as server,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        page = browser.new_page(viewport={"width": 1600, "height": 900}, locale="en-GB")
        show(page, server, *LANGUAGES)
        take(page, "layout")
        show(page, server, "en", "ar", view="pages")
        take(page, "pages")
        path = server.root / "resolutions" / NAME / "fr.yaml"
        path.write_text(path.read_text("utf-8").replace("55/109", "55/190"), "utf-8")
        show(page, server, "en", "fr")
        page.wait_for_function("() => columns.get('fr').page.querySelector('mark')")
        page.click("#open-findings")
        page.click("#findings .finding button")
        page.evaluate("() => document.getElementById('columns').scrollTop -= 60")
        take(page, "findings")
        browser.close()


def take(page: Page, name: str) -> None:
    """Take a picture as soon as everything in it is there, in few colours."""
    page.wait_for_function("() => [...document.querySelectorAll('.sheet img')].every((one) => one.naturalWidth)")
    page.wait_for_function(
        "() => Promise.all([...columns.values()].map((one) => one.page?.fonts.ready)).then(() => true)"
    )
    page.mouse.move(0, 0)
    picture = Image.open(io.BytesIO(page.screenshot(animations="disabled"))).convert("RGB")
    picture.quantize(COLOURS, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE).save(
        ROOT / "docs/images" / f"preview-{name}.png", optimize=True
    )


if __name__ == "__main__":
    main()
