"""Typeset one document again and again: KIND FOLDER, with the language of each on a line of input.

KIND is "typeset", "whole" (typeset, and read back and compared), or "stock": the engine as its manual shows it, which
reads its style sheets and typefaces anew for each document. All have the same HTML, typefaces and libraries, and tags.
Prints milliseconds and bytes.
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path

from publish import project
from publish.desk import press
from publish.paper import compose, fonts
from publish.paper.inspect_pdf import inspect
from publish.project import SHIPPED

ROOT = Path(__file__).parent.parent


def stock(proof: compose.Proof) -> bytes:
    """Typeset a proof as the engine's manual does."""
    import weasyprint
    from weasyprint.text.fonts import FontConfiguration

    configuration = FontConfiguration()
    sheets = [weasyprint.CSS(filename=path, font_config=configuration) for path in proof.stylesheets]
    html = weasyprint.HTML(string=proof.html)
    return bytes(html.write_pdf(stylesheets=sheets, font_config=configuration, pdf_tags=True))


def main(kind: str, folder: Path) -> None:
    """Answer each line of input."""
    desk = press.Desk(project.load(ROOT))
    found, _ = press.load(desk, folder)
    os.environ["FONTCONFIG_FILE"] = str(fonts.configure(SHIPPED / "fonts", None))
    languages = {code: desk.language(code, found.facts.edition) for code in found.wordings}
    composed = {code: compose.compose(found, one, desk.project) for code, one in languages.items()}
    worker = press.Worker(desk.project) if kind != "stock" else None
    for line in sys.stdin:
        proof = composed[line.strip()]
        began = time.perf_counter()
        if worker:
            pdf = worker.press.typeset(proof)
            assert kind == "typeset" or not inspect(pdf.data, proof, worker.families, pdf.pages)
        data = pdf.data if worker else stock(proof)
        print(json.dumps([1000 * (time.perf_counter() - began), len(data)]), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
