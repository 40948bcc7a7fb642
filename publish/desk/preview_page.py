"""What a page of the preview is made of, for the server and for files that open without one."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from publish.paper import compose, fonts
from publish.project import SHIPPED

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator
    from pathlib import Path

    from publish.desk.live import Composed
    from publish.desk.pool import Typeset
    from publish.desk.press import Desk
    from publish.project import Project

FOLDER = SHIPPED / "layouts" / "preview"
SHORTCUTS = (
    (("j",), ("next_paragraph",)),
    (("k",), ("previous_paragraph",)),
    (("v",), ("view_html", "view_pages")),
    (("1", "…", "9"), ("toggle_language",)),
    (("/",), ("resolutions",)),
    (("f",), ("findings",)),
    (("p",), ("downloads",)),
    (("d",), ("draft",)),
    (("l",), ("line_numbers",)),
    (("o",), ("open_editor",)),
    (("?",), ("keys",)),
    (("Esc",), ("close",)),
)


def page(desk: Desk, code: str, settings: dict[str, Any], **static: str) -> str:
    """Give the page, whose words are those of a language at first.

    settings is what its script is told beside words and languages; static are script, style and policy of a page that
    carries them. Raises Rejected.
    """
    edition = desk.project.settings.edition
    known = {one: desk.language(one, edition).words for one in desk.house.directions}
    languages = [
        {"code": one, "name": words.name, "cldr": words.cldr, "direction": desk.house.directions[one]}
        for one, words in known.items()
    ]
    told = {
        "ui": code,
        "root": desk.project.root.as_posix(),
        "editor": desk.project.settings.editor,
        "languages": languages,
        "words": {one: asdict(words.interface) for one, words in known.items()},
        "distributions": {one: words.distribution for one, words in known.items()},
    }
    context = {
        "ui": code,
        "cldr": known[code].cldr,
        "direction": desk.house.directions[code],
        "words": known[code].interface,
        "languages": languages,
        "shortcuts": SHORTCUTS,
        "settings": told | settings,
        "static": bool(static),
        **static,
    }
    return compose.render("preview/preview.html", desk.project.layouts, context)


def layout(composed: Composed, project: Project, emblem: str, sheets: dict[Path, str]) -> dict[str, Any]:
    """Give a layout as data: its HTML, the addresses of its style sheets, and where each text was typed."""
    return {
        "html": composed.proof.html.replace(project.settings.emblem.as_uri(), emblem),
        "sheets": [sheets[path] for path in composed.proof.stylesheets if path in sheets],
        "lines": composed.lines,
    }


def pages(typeset: Typeset) -> dict[str, Any]:
    """Give pages as data: their pictures by name, and their runs of type."""
    return {
        "pages": [
            {"name": one.name, "width": one.width, "height": one.height, "runs": runs}
            for one, runs in zip(typeset.pages, typeset.runs, strict=True)
        ]
    }


def faces(address: Callable[[fonts.Face], str], only: Collection[str] | None = None) -> Iterator[str]:
    """Give the rules by which a browser finds the press's typefaces, or those with these names in a PDF."""
    for face in fonts.load(SHIPPED / "fonts").faces:
        if only is not None and face.name.removesuffix(" Regular").replace(" ", "-") not in only:
            continue
        weight = "bold" if "Bold" in face.style else "normal"
        slant = "italic" if "Italic" in face.style else "normal"
        style = f'font-family: "{face.family}"; font-weight: {weight}; font-style: {slant}'
        yield f'@font-face {{ {style}; src: url("{address(face)}") }}\n'


def style_sheets(project: Project) -> dict[Path, str]:
    """Give the style sheets of a project's layouts, each with the part of an address that names it."""
    return {
        path: f"{which}/{quote(path.relative_to(folder).as_posix())}"
        for which, folder in enumerate(project.layouts)
        for path in sorted(folder.rglob("*.css"))
    }
