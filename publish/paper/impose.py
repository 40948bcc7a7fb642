"""The pages of a file as a printing press wants them: with crop marks, to an even page, on sheets to be folded."""

from __future__ import annotations

import re
import uuid
from io import BytesIO
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from publish.paper.compose import Printing
    from publish.text.inline import Direction

# Points from the edge of the trimmed page: crop marks begin outside of the bleed.
MARKS = 12.0, 27.0
SLUG = 30.0
HAIRLINE = 0.25


def order(pages: int, direction: Direction) -> list[tuple[int, int]]:
    """Give the pages on the sides of a booklet's sheets, the left one first; 0 is blank.

    A sheet is folded into another, so that one side has the first page and the last, and its back the next ones.
    """
    last = -(-pages // 4) * 4
    sides = [(last - side, side + 1) if side % 2 == 0 else (side + 1, last - side) for side in range(last // 2)]
    ordered = sides if direction == "ltr" else [(right, left) for left, right in sides]
    return [(left * (left <= pages), right * (right <= pages)) for left, right in ordered]


def impose(data: bytes, printing: Printing, direction: Direction) -> tuple[bytes, int]:
    """Arrange the pages of a PDF/X file, as it is asked for; gives the file, and its number of pages."""
    import pikepdf  # noqa: PLC0415

    with pikepdf.open(BytesIO(data)) as pdf:
        if printing.recto and len(pdf.pages) % 2:
            _add(pdf, pdf.pages[-1], b"", 0)
        if printing.booklet:
            _fold(pdf, direction)
        if printing.bleed:
            for page in pdf.pages:
                _mark(pdf, page, folded=printing.booklet)
        _identify(pdf, f"{printing} {direction}")
        out = BytesIO()
        pdf.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
        return out.getvalue(), len(pdf.pages)


def _add(pdf: Any, like: Any, content: bytes, wider: float) -> None:
    """Add a page with the boxes and typefaces of another, so much wider."""
    import pikepdf  # noqa: PLC0415

    page = pikepdf.Dictionary(Type=pikepdf.Name.Page, Resources=like.Resources, Contents=pdf.make_stream(content))
    for name in ("/MediaBox", "/TrimBox", "/BleedBox"):
        left, bottom, right, top = like[name]
        page[name] = pikepdf.Array([left, bottom, float(right) + wider, top])
    pdf.pages.append(pikepdf.Page(page))


def _fold(pdf: Any, direction: Direction) -> None:
    """Put the pages onto sheets; neither runs over the fold, and the names of places, which led to pages, go."""
    pages = list(pdf.pages)
    left, _, right, _ = map(float, pages[0].TrimBox)
    start, foot, end, head = map(float, pages[0].BleedBox)
    for numbers in order(len(pages), direction):
        halves = []
        for number, shift, low, high in zip(numbers, (0, right - left), (start, left), (right, end), strict=True):
            if number:
                clip = f"q 1 0 0 1 {shift:g} 0 cm {low:g} {foot:g} {high - low:g} {head - foot:g} re W n\n"
                halves += [clip.encode(), pages[number - 1].Contents.read_bytes(), b"\nQ\n"]
        _add(pdf, pages[0], b"".join(halves), right - left)
    del pdf.pages[: len(pages)]
    for key in ("/Names", "/PageLabels"):
        if key in pdf.Root:
            del pdf.Root[key]


def _mark(pdf: Any, page: Any, *, folded: bool) -> None:
    """Make the paper larger, and draw on it where it is cut, and where it is folded."""
    left, bottom, right, top = map(float, page.TrimBox)
    page.MediaBox = [left - SLUG, bottom - SLUG, right + SLUG, top + SLUG]
    upright = [left, right, *([(left + right) / 2] if folded else [])]
    lines = [*_lines(upright, (bottom, top)), *((y, x, v, u) for x, y, u, v in _lines((bottom, top), (left, right)))]
    drawn = "".join(f"{x:g} {y:g} m {u:g} {v:g} l S\n" for x, y, u, v in lines)
    # The content of the page may leave its own matrix behind.
    page.contents_add(pdf.make_stream(b"q\n"), prepend=True)
    page.contents_add(pdf.make_stream(f"Q\nq 0 0 0 1 K {HAIRLINE} w\n{drawn}Q\n".encode()))


def _lines(places: Sequence[float], edges: tuple[float, float]) -> Iterator[tuple[float, float, float, float]]:
    """Give the marks beyond both edges, as if they stood upright."""
    low, high = edges
    for place in places:
        yield place, low - MARKS[0], place, low - MARKS[1]
        yield place, high + MARKS[0], place, high + MARKS[1]


def _identify(pdf: Any, choices: str) -> None:
    """Give the file an identifier of its own, of what it was and what was asked for."""
    words = pdf.Root.Metadata.read_bytes().decode()
    own = uuid.uuid5(uuid.NAMESPACE_OID, words + choices)
    pdf.Root.Metadata.write(re.sub(r"xmp\.iid:[0-9a-f-]+", f"xmp.iid:{own}", words).encode())
