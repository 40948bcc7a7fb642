"""How long it takes from the save of a source until a browser shows it; in milliseconds, medians of some saves."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import sync_playwright

from publish.desk import press
from publish.desk.press import Style, Worker
from publish.project import load

ROOT = Path(__file__).parent.parent
TURNS = 15
SHOWN = """([code, words]) => {
    const pages = [...document.querySelectorAll("iframe")].map((one) => one.contentDocument);
    return pages.find((one) => one.documentElement?.lang === code)?.body?.textContent.includes(words);
}"""
NAMES = '() => [...document.querySelectorAll(".sheet")].map((one) => one.name).join()'
TYPESET = """([before, sheets]) => {
    const all = [...document.querySelectorAll(".sheet")];
    const same = new Set(before.split(","));
    const changed = all.filter((one) => !same.has(one.name)).length;
    return changed >= sheets && all.every((one) => one.querySelector("img").complete);
}"""


def main() -> None:
    """Print the figures."""
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        shutil.copytree(ROOT / "resolutions", root / "resolutions")
        (root / "publish.yaml").touch()
        command = [sys.executable, "-m", "publish", "preview", "--json", "--no-open", "--port", "0", "--root", name]
        server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert server.stdout is not None
        address = json.loads(server.stdout.readline())["address"]
        try:
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
                _measure(browser.new_page(viewport={"width": 1600, "height": 1000}), address, root)
                browser.close()
        finally:
            server.terminate()
            server.wait()


def _measure(page: Any, address: str, root: Path) -> None:
    print(f"{'typesetting alone, warm':30}{_alone(root):6.0f} ms")
    document = "#doc=A_RES_56_149"
    page.goto(f"{address}{document}&languages=en")
    page.wait_for_function(SHOWN, arg=["en", "Reaffirming"])
    layout = [_until(page, root, ["en"], lambda mark: (SHOWN, ["en", mark])) for _ in range(TURNS)]
    print(f"{'changed layout':30}{median(layout):6.0f} ms")
    everything = ["ar", "zh", "en", "fr", "ru", "es"]
    for title, codes, sheets in (("changed page", ["en"], 1), ("changed pages, six languages", everything, 6)):
        page.goto(f"{address}{document}&languages={','.join(codes)}&view=pages")
        page.wait_for_function(TYPESET, arg=["", sheets])
        page.wait_for_function("() => !document.querySelector('.busy:not([hidden])')")
        taken = []
        for _ in range(TURNS):
            before = page.evaluate(NAMES)
            taken.append(_until(page, root, codes, lambda _: (TYPESET, [before, sheets])))  # noqa: B023
        print(f"{title:30}{median(taken):6.0f} ms")


def _alone(root: Path) -> float:
    worker = Worker(load(root))
    found, _ = press.load(worker.desk, root / "resolutions/A_RES_56_149")
    taken = []
    for _ in range(TURNS):
        began = time.monotonic()
        worker.typeset(found, "en", Style())
        taken.append(1000 * (time.monotonic() - began))
    return median(taken)


def _until(page: Any, root: Path, codes: list[str], condition: Any) -> float:
    mark = f"{time.monotonic_ns() % 10**9:09d}"
    began = time.monotonic()
    for code in codes:
        path = root / "resolutions/A_RES_56_149" / f"{code}.yaml"
        original = (ROOT / "resolutions/A_RES_56_149" / f"{code}.yaml").read_text("utf-8")
        first = original.index("preamble:")
        at = original.index("\n", original.index("- >-", first)) + 1
        path.write_text(f"{original[:at]}    {mark} {original[at:].lstrip()}", "utf-8")
    expression, argument = condition(mark)
    page.wait_for_function(expression, arg=argument, polling=5)
    taken = 1000 * (time.monotonic() - began)
    page.wait_for_timeout(400)
    return taken


if __name__ == "__main__":
    main()
