"""The preview as files that open without a server: one for each resolution, which carries all that it shows.

They may be sent to anybody: nothing in them tells where they were made, and they ask nobody for anything.
"""

from __future__ import annotations

import asyncio
import mimetypes
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from publish.desk import output, press, preview_page
from publish.desk.live import Live
from publish.desk.pool import Pool
from publish.desk.press import Style
from publish.finding import Rejected
from publish.paper import fonts
from publish.paper.forms import allowed, inlined
from publish.paper.read_pdf import smaller
from publish.project import SHIPPED

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from pathlib import Path

    from publish.desk.live import Composed
    from publish.desk.pool import Typeset
    from publish.desk.press import Desk
    from publish.finding import Finding

POLICY = (
    "default-src 'none'; script-src {script}; style-src {styles}; img-src data:; font-src data:; base-uri 'none'; "
    "form-action 'none'"
)


def export(root: Path, names: Collection[str], to: Path, jobs: int, done: Callable[[str, int, int], None]) -> None:
    """Write pages and PDFs of the resolutions that are named, or of all; `done` is told of each.

    Raises Rejected with everything that is wrong, and nothing is written then.
    """
    asyncio.run(_Export(root, jobs, done).write(names, to))


@dataclass
class _Shown:
    """What a page carries of a resolution: its languages composed and typeset, and what the proofreader found."""

    composed: dict[str, Composed] = field(default_factory=dict)
    typeset: dict[str, Typeset] = field(default_factory=dict)
    pictures: dict[str, str] = field(default_factory=dict)
    findings: dict[str, Any] = field(default_factory=dict)


class _Export:
    def __init__(self, root: Path, jobs: int, done: Callable[[str, int, int], None]) -> None:
        self.live = Live(root, Pool(jobs))
        self.done = done
        self.findings: list[Finding] = []

    async def write(self, names: Collection[str], to: Path) -> None:
        self.live.pool.start()
        try:
            listed = [one for one in await self.live.listed() if not names or one["name"] in names]
            _, findings = press.check(self.live.desk(), [self.live.folder(one["name"]) for one in listed])
            if any(one.severity == "error" for one in findings):
                raise Rejected(findings)
            told = [one | {"status": await self.live.status(one["name"])} for one in listed]
            with output.staged(to) as staging:
                for number, one in enumerate(told, 1):
                    shown = await self.shown(one["name"], one["languages"])
                    files = {
                        code: f"{one['name']}/{composed.proof.name}.pdf" for code, composed in shown.composed.items()
                    }
                    for code, name in files.items():
                        output.write(staging / name, shown.typeset[code].data)
                    page = _page(self.live.desk(), one["name"], told, shown, files)
                    output.write(staging / f"{one['name']}.html", page.encode())
                    self.done(one["symbol"], number, len(told))
                output.write(staging / "index.html", _page(self.live.desk(), "", told, _Shown(), {}).encode())
                if self.findings:
                    raise Rejected(dict.fromkeys(self.findings))
        finally:
            self.live.pool.stop()

    async def shown(self, name: str, codes: Collection[str]) -> _Shown:
        shown = _Shown()
        results = await asyncio.gather(*(self.language(name, code, shown) for code in codes), return_exceptions=True)
        for result in results:
            if isinstance(result, Rejected):
                self.findings += result.findings
            elif isinstance(result, BaseException):
                raise result
        shown.composed = {code: shown.composed[code] for code in codes if code in shown.composed}
        shown.typeset = {code: shown.typeset[code] for code in shown.composed if code in shown.typeset}
        pictures = [page.name for typeset in shown.typeset.values() for page in typeset.pages]
        shown.pictures = {picture: shown.pictures[picture] for picture in pictures if picture in shown.pictures}
        shown.findings = await self.live.proofread(name)
        for one in shown.findings["findings"]:
            one.pop("path", None)
        return shown

    async def language(self, name: str, code: str, shown: _Shown) -> None:
        composed = await self.live.composed(name, code, Style())
        typeset = await self.live.typeset(name, code, Style())
        shown.composed[code], shown.typeset[code] = composed, typeset
        for picture in typeset.pages:
            png = await asyncio.to_thread(smaller, self.live.pictures[picture.name].png)
            shown.pictures[picture.name] = inlined(png, "image/png")


def _page(desk: Desk, name: str, told: list[dict[str, Any]], shown: _Shown, files: dict[str, str]) -> str:
    """Give the page of a resolution, or of the list alone."""
    project = desk.project
    emblem = project.settings.emblem
    media_type = mimetypes.guess_type(emblem.name)[0] or "image/png"
    address = inlined(emblem.read_bytes(), media_type)
    sheets = {path: path.read_text("utf-8") for one in shown.composed.values() for path in one.proof.stylesheets}
    names = {path: name for path, name in preview_page.style_sheets(project).items() if path in sheets}
    screen = (preview_page.FOLDER / "screen.css").read_text("utf-8")
    texts = {"faces": _faces(shown), **{names[path]: text for path, text in sheets.items()}, "screen": screen}
    script = (preview_page.FOLDER / "preview.js").read_text("utf-8")
    style = (preview_page.FOLDER / "preview.css").read_text("utf-8")
    styles = " ".join(allowed(text) for text in dict.fromkeys([style, *texts.values()]))
    settings = {
        "name": name,
        "root": "",
        "editor": "",
        "list": told,
        "files": files,
        "pictures": shown.pictures,
        "sheets": texts,
        "documents": {
            "html": {
                code: {"language": code, **preview_page.layout(one, project, address, names)}
                for code, one in shown.composed.items()
            },
            "pages": {code: {"language": code, **preview_page.pages(one)} for code, one in shown.typeset.items()},
            "findings": shown.findings,
        },
    }
    first = project.settings.languages[0]
    code = "en" if "en" in desk.house.directions else first
    policy = POLICY.format(script=allowed(script), styles=styles)
    return preview_page.page(desk, code, settings, script=script, style=style, policy=policy)


def _faces(shown: _Shown) -> str:
    """Give the rules of the typefaces that the pages use, cut down to the letters of the layouts."""
    used = {name for typeset in shown.typeset.values() for name in typeset.faces}
    letters = "".join(sorted({letter for one in shown.composed.values() for letter in one.proof.html}))
    cut = partial(fonts.subset, SHIPPED / "fonts", letters=letters)
    return "".join(preview_page.faces(lambda face: inlined(cut(face), "font/woff2"), used))
