"""Official PDFs read into sources, so that what the press makes of them can be measured against them.

Nothing of them stays: a source is written into a temporary folder and built there.
"""

from __future__ import annotations

import ctypes
import datetime
import os
import re
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

import pypdfium2
import yaml
from pypdfium2 import raw

SHARED = Path(os.environ.get("PUBLISH_SHARED", Path(__file__).parent.parent.parent / "shared"))
FOLDER = SHARED / "official"

BODY, TITLE, NOTE, CALL, MARK = 9.96, 12.0, 8.52, 6.48, 5.52
COLUMN, INDENT = 123.4, 147.1


class Glyph(NamedTuple):
    """A character of a page: its baseline from the head of the page, its left, its size and its face."""

    page: int
    baseline: float
    left: float
    right: float
    size: float
    italic: bool
    bold: bool
    character: str


class Line(NamedTuple):
    """The characters that stand on one baseline, with the notes called among them as `[^n]`."""

    page: int
    baseline: float
    left: float
    size: float
    bold: bool
    text: str


def glyphs(path: Path) -> list[Glyph]:
    """Read the visible characters of a PDF in the order of its pages."""
    found = []
    document = pypdfium2.PdfDocument(path)
    for number, page in enumerate(document, 1):
        height, text = page.get_height(), page.get_textpage()
        name, flags = ctypes.create_string_buffer(100), ctypes.c_int()
        x, y, box = ctypes.c_double(), ctypes.c_double(), raw.FS_RECTF()
        for index in range(text.count_chars()):
            character = chr(raw.FPDFText_GetUnicode(text, index))
            if character in "\r\n" or raw.FPDFText_IsGenerated(text, index):
                continue
            raw.FPDFText_GetCharOrigin(text, index, x, y)
            raw.FPDFText_GetLooseCharBox(text, index, box)
            raw.FPDFText_GetFontInfo(text, index, name, 100, flags)
            size = round(raw.FPDFText_GetFontSize(text, index), 2)
            face = name.value.decode()
            place = number, round(height - y.value, 1), x.value, box.right, size
            found.append(Glyph(*place, "Italic" in face, "Bold" in face, "-" if character == "\x02" else character))
    document.close()
    return found


def lines(found: list[Glyph], main: tuple[float, ...], raised: float) -> list[Line]:
    """Join characters of the `main` sizes into lines, with the `raised` ones as calls, emphasis between asterisks."""
    result = []
    rows: dict[tuple[int, float], list[Glyph]] = {}
    for one in found:
        if one.size in main:
            rows.setdefault((one.page, one.baseline), []).append(one)
    for one in found:
        if one.size == raised:
            below = [key for key in rows if key[0] == one.page and 2.5 < key[1] - one.baseline < 4.5]  # noqa: PLR2004
            for key in below[:1]:
                rows[key].append(one)
    for (page, baseline), row in sorted(rows.items()):
        row.sort(key=lambda one: one.left)
        while row and row[-1].character == " ":
            row.pop()
        while row and row[0].character == " ":
            row.pop(0)
        if row:
            visible = _spaced([one for one in row if one.size != raised or one.character != " "])
            words = "".join(
                f"[^{''.join(one.character for one in part)}]" if kind[0] else _emphasized(part, kind[1])
                for kind, part in _runs(visible, raised)
            )
            result.append(Line(page, baseline, row[0].left, row[0].size, row[0].bold, words))
    return result


def _spaced(row: list[Glyph]) -> list[Glyph]:
    """Put a space where there is room for one: not every space of a PDF is a character."""
    result = row[:1]
    for one in row[1:]:
        last = result[-1]
        if one.left - last.right > 1.8 and " " not in {one.character, last.character}:  # noqa: PLR2004
            larger = max(last, one, key=lambda glyph: glyph.size)
            result.append(larger._replace(left=last.right, right=one.left, character=" "))
        result.append(one)
    return result


def _runs(row: list[Glyph], raised: float) -> list[tuple[tuple[bool, bool], list[Glyph]]]:
    return [(kind, list(part)) for kind, part in groupby(row, key=lambda one: (one.size == raised, one.italic))]


def _emphasized(part: list[Glyph], italic: bool) -> str:  # noqa: FBT001
    words = "".join(one.character for one in part)
    core = words.strip()
    return words.replace(core, f"*{core}*") if italic and core else words


def joined(parts: list[str]) -> str:
    """Join the lines of a paragraph; one that ends with a hyphen goes on without a space."""
    words = parts[0]
    for part in parts[1:]:
        words += part if words.endswith("-") else f" {part}"
    words = re.sub(r"\s+", " ", words).replace("* *", " ")
    return re.sub(r" +(\[\^\d+\])", r"\1", words).strip()


def source(path: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """Read the facts and the English wording of a General Assembly resolution in the edition of 2013."""
    found = glyphs(path)
    whole = "\n".join(line.text for line in lines([one for one in found if one.page == 1], (BODY, 14.04), 0))
    symbol = "A/RES/" + _match(r"/RES/(\S+)", whole)
    session, agenda = symbol.split("/")[2], _match(r"Agenda item (\S+)", whole)
    adopted = _day(_match(r"\bon\s+(\d+ \w+ \d{4})\n", whole.replace("*", "")))
    issued = re.search(r"(\d\d-\d{5}) \(E\)\s+(\d\d)(\d\d)(\d\d)", whole)
    assert issued
    sources = re.search(r"\[(.*)\]", whole.replace("*", ""))
    assert sources
    distributed = [line for line in whole.splitlines() if re.fullmatch(r"\d+ \w+ \d{4}", line)]
    body = [one for one in found if one.size in {BODY, TITLE, CALL}]
    text = [line for line in lines(body, (BODY, TITLE), CALL) if _in_column(line)]
    notes = [one for one in found if one.size in {NOTE, MARK} and 100 < one.baseline < 740]  # noqa: PLR2004
    facts = {
        "symbol": symbol,
        "session": session,
        "agenda_items": [agenda],
        "adopted": {"date": adopted, "meeting": int(_match(r"(\d+)\w\w plenary", _plain(text)))},
        "report": {"symbols": re.findall(r"A/[\w./]+\w", sources[1])},
        "distribution": "general",
        "distributed": _day(distributed[0]),
        "job_number": issued[1],
        "issued": datetime.date(2000 + int(issued[4]), int(issued[3]), int(issued[2])),
        "languages": ["en"],
    }
    wording = _wording(text)
    wording["notes"] = _notes(lines(notes, (NOTE,), MARK))
    return facts, wording


def write(path: Path, folder: Path) -> Path:
    """Write the sources of an official PDF below a folder and give their own folder."""
    facts, wording = source(path)
    own = folder / facts["symbol"].replace("/", "_")
    own.mkdir(parents=True)
    (own / "resolution.yaml").write_text(yaml.safe_dump(facts, allow_unicode=True), "utf-8")
    (own / "en.yaml").write_text(yaml.safe_dump(wording, allow_unicode=True, width=10_000), "utf-8")
    return own


def _in_column(line: Line) -> bool:
    return line.left > 84 and 300 < line.baseline + 300 * (line.page > 1) < 1042  # noqa: PLR2004


def _match(pattern: str, words: str) -> str:
    found = re.search(pattern, words)
    assert found, pattern
    return next(group for group in found.groups() if group)


def _day(words: str) -> datetime.date:
    return datetime.datetime.strptime(words, "%d %B %Y").date()  # noqa: DTZ007  # a day has no zone


def _plain(text: list[Line]) -> str:
    return "\n".join(line.text for line in text).replace("*", "")


def _wording(text: list[Line]) -> dict[str, Any]:
    """Sort the lines of the column into title, preamble, operative paragraphs and declaration."""
    number = re.match(r"\d+/\d+\.", next(line.text for line in text if line.size == TITLE))
    assert number
    blocks: list[tuple[str, list[str]]] = []
    previous: Line | None = None
    for line in text:
        if "plenary meeting" in line.text:
            break
        if line.text.startswith("[") or line.text.startswith("*["):
            continue
        kind = "title" if line.size == TITLE else "heading" if line.bold else "paragraph"
        gap = line.baseline - previous.baseline if previous and previous.page == line.page else 0
        begins = line.left > INDENT - 2 if kind == "paragraph" else gap > 16  # noqa: PLR2004
        if begins or not blocks or blocks[-1][0] != kind:
            blocks.append((kind, []))
        blocks[-1][1].append(line.text)
        previous = line
    whole = [(kind, joined(parts)) for kind, parts in blocks]
    title = whole[0][1].removeprefix(number[0]).strip()
    body = [one for one in whole[1:] if not one[1].startswith("*The General Assembly")]
    headings = [index for index, (kind, _) in enumerate(body) if kind == "title"]
    before = [words for _, words in body[: headings[0]]] if headings else [words for _, words in body]
    wording: dict[str, Any] = {"title": title}
    numbered = [words for words in before if re.match(r"\d+\. ", words)]
    if numbered:
        first = before.index(numbered[0])
        wording["preamble"] = before[:first]
        wording["operative"] = [re.sub(r"^\d+\. *", "", words) for words in before[first:]]
    else:
        wording["operative"] = before
    if headings:
        rest = body[headings[0] + 1 :]
        first = next(index for index, (_, words) in enumerate(rest) if re.match(r"\d+\. ", words))
        blocks_of = [{"heading": words} if kind == "heading" else words for kind, words in rest]
        wording["declaration"] = {
            "title": body[headings[0]][1],
            "preamble": blocks_of[:first],
            "numbered": "true",
            "body": [re.sub(r"^\d+\. *", "", one) if isinstance(one, str) else one for one in blocks_of[first:]],
        }
    return wording


def _notes(text: list[Line]) -> dict[str, str]:
    notes: dict[str, list[str]] = {}
    for line in text:
        mark = re.match(r"\[\^(\d+)\]\s*", line.text)
        if mark:
            notes[mark[1]] = [line.text[mark.end() :]]
        elif notes and line.left > 100:  # noqa: PLR2004
            notes[list(notes)[-1]].append(line.text)
    return {name: joined(parts) for name, parts in notes.items()}
