"""What one warm PDF costs in each language, beside stock WeasyPrint on the same HTML.

    python bench/bench.py [full|quick]

Two processes, ours and a stock one, typeset the same proofs in turn, so that a noisy machine is noisy for both. The
stock process has the same fonts and libraries, and reads its style sheets and font configuration anew for each
document, as a plain use of the engine does; both write tagged files. Medians, in milliseconds; the ratio counts.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from publish import project
from publish.desk import press
from publish.paper import compose, fonts
from publish.project import SHIPPED
from publish.text import resolution

ROOT = Path(__file__).parent.parent
LANGUAGES = ("en", "fr", "es", "ru", "zh", "ar")


def proofs() -> dict[str, compose.Proof]:
    """Compose the sample in six languages."""
    desk = press.Desk(project.load(ROOT))
    found, _ = resolution.load(ROOT / "resolutions" / "A_RES_56_149", desk.house)
    return {code: compose.compose(found, desk.language(code, found.facts.edition), desk.project) for code in LANGUAGES}


def stock(proof: compose.Proof) -> bytes:
    """Typeset a proof as the engine's manual does."""
    import weasyprint
    from weasyprint.text.fonts import FontConfiguration

    configuration = FontConfiguration()
    sheets = [weasyprint.CSS(filename=path, font_config=configuration) for path in proof.stylesheets]
    html = weasyprint.HTML(string=proof.html)
    return bytes(html.write_pdf(stylesheets=sheets, font_config=configuration, pdf_tags=True))


def serve(kind: str) -> None:
    """Typeset the language of each line of input and print the milliseconds and the size."""
    import os

    ours = press.Worker(project.load(ROOT)) if kind == "ours" else None
    os.environ["FONTCONFIG_FILE"] = str(fonts.configure(SHIPPED / "fonts", None))
    composed = proofs()
    for line in sys.stdin:
        proof = composed[line.strip()]
        began = time.perf_counter()
        data = ours.press.typeset(proof).data if ours else stock(proof)
        print(json.dumps([1000 * (time.perf_counter() - began), len(data)]), flush=True)


def ask(process: subprocess.Popen[str], language: str) -> Any:
    """Have a process typeset a language."""
    assert process.stdin is not None
    assert process.stdout is not None
    print(language, file=process.stdin, flush=True)
    return json.loads(process.stdout.readline())


def main(rounds: int) -> None:
    """Print the table."""
    pair = {
        kind: subprocess.Popen(
            [sys.executable, __file__, "serve", kind],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        for kind in ("ours", "stock")
    }
    print(f"one warm PDF of A/RES/56/149, median of {rounds}\n\nlanguage  ours ms  stock ms  ratio  ours kB  stock kB")
    for language in LANGUAGES:
        times: dict[str, list[float]] = {kind: [] for kind in pair}
        sizes = {}
        for number in range(rounds + 2):
            for kind, process in pair.items():
                spent, sizes[kind] = ask(process, language)
                if number > 1:
                    times[kind].append(spent)
        ours, stocks = (statistics.median(times[kind]) for kind in ("ours", "stock"))
        size = f"{sizes['ours'] / 1000:7.0f}  {sizes['stock'] / 1000:8.0f}"
        print(f"{language:8}  {ours:7.0f}  {stocks:8.0f}  {ours / stocks:5.2f}  {size}")
    for process in pair.values():
        process.terminate()


if __name__ == "__main__":
    if sys.argv[1:2] == ["serve"]:
        serve(sys.argv[2])
    else:
        main(5 if sys.argv[1:] == ["quick"] else 25)
