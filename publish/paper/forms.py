"""Resolution + Language -> the document in another form than pages: for browsers, for e-book readers, as plain text.

Layouts decide how a form looks, as they do for pages. Each form is read back, and one that lacks a character of its
source, or says it in another order, is not given.
"""

from __future__ import annotations

import base64
import hashlib
import mimetypes
import unicodedata
import uuid
import zipfile
from dataclasses import dataclass
from functools import partial
from html.parser import HTMLParser
from io import BytesIO
from typing import TYPE_CHECKING, Any
from xml.parsers import expat

from publish.finding import Finding, Rejected
from publish.paper import compose
from publish.text import inline
from publish.text.inline import SCHEMES
from publish.text.outline import outline
from publish.text.resolution import Note

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

    from publish.project import Project
    from publish.text.inline import Direction, Run
    from publish.text.language import Language
    from publish.text.resolution import Resolution

ENDINGS = {"html": ".html", "epub": ".epub", "text": ".txt"}
EARLIEST, LATEST = 1980, 2107  # the years that a ZIP archive can say
SHOWN = 60


@dataclass(frozen=True)
class Form:
    """A document in one language and one form, as a file."""

    name: str
    language: str
    data: bytes


@dataclass(frozen=True)
class Sister:
    """A document in one of its languages; stem is the name of its files without their endings."""

    cldr: str
    direction: Direction
    name: str
    stem: str


def form(  # noqa: PLR0913
    kind: str,
    resolution: Resolution,
    language: Language,
    languages: Iterable[Language],
    project: Project,
    *,
    draft: bool = False,
) -> Form:
    """Give a document in one of ENDINGS. languages are all in which it is to be had.

    Raises Rejected where a layout fails, or where the form does not say what its source says.
    """
    make = {"html": _html, "epub": _epub, "text": _text}[kind]
    stem = compose.file_name(resolution, language, draft=draft)
    sisters = [
        Sister(one.words.cldr, one.direction, one.words.name, compose.file_name(resolution, one, draft=draft))
        for one in languages
    ]
    given = {
        "form": kind,
        "draft": draft,
        "stem": stem,
        "sisters": sisters,
        "endnotes": list(_notes(resolution, language)),
        "modified": resolution.facts.reissued or resolution.facts.distributed,
    }
    data, faults = make(_Maker(resolution, language, project, f"{stem}{ENDINGS[kind]}", given))
    if faults:
        raise Rejected(faults)
    return Form(f"{stem}{ENDINGS[kind]}", language.code, data)


@dataclass(frozen=True)
class _Maker:
    """What all forms are made from: a document in one language, and what its templates are given besides."""

    resolution: Resolution
    language: Language
    project: Project
    name: str
    given: dict[str, Any]

    def fill(self, template: str, **more: Any) -> str:
        return compose.fill(f"forms/{template}", self.resolution, self.language, self.project, self.given | more)

    def sheet(self, name: str) -> str:
        path = compose.find(f"forms/{name}", self.project.layouts)
        return path.read_text(encoding="utf-8") if path else ""

    def told(self, printed: str, sign: Callable[[int], str], *, addresses: bool = False) -> list[Finding]:
        """Compare what a form prints with the source."""
        texts = list(_texts(self.resolution, self.language, partial(_words, sign=sign, addresses=addresses)))
        return list(_lost(self.name, printed, texts, compose.masthead(self.resolution, self.language)))

    def sign(self, number: int) -> str:
        return compose.note_sign(self.language.words.note_call, number, self.language)


def _notes(resolution: Resolution, language: Language) -> Iterator[Note]:
    """Give the notes by their numbers, asterisks first."""
    reissued = resolution.facts.reissued
    if reissued:
        phrase = language.words.reissued.format(date=language.date(reissued))
        yield Note("reissued", -1, inline.parse(phrase, language.direction)[0])
    notes = resolution.wordings[language.code].notes.values()
    yield from sorted(notes, key=lambda note: (note.number > 0, abs(note.number)))


# ---- For browsers


def _html(maker: _Maker) -> tuple[bytes, list[Finding]]:
    """Give one page that carries all that it shows, and asks nobody for anything."""
    layouts, emblem = maker.project.layouts, maker.project.settings.emblem
    paths = compose.style_sheets(maker.resolution, maker.language, layouts, draft=maker.given["draft"])
    pages = "".join(path.read_text(encoding="utf-8") for path in paths)
    style = f"@media print {{\n{pages}\n{maker.sheet('print.css')}}}\n@media screen {{\n{maker.sheet('screen.css')}}}\n"
    style = style.replace("</", "<\\/")  # where it would end
    picture = inlined(emblem.read_bytes(), _media_type(emblem.name))
    page = maker.fill("page.html", style=style, allowed=allowed(style), emblem=picture)
    read = _Page(page)
    files = {f"{one.stem}{ending}" for one in maker.given["sisters"] for ending in (".html", ".pdf")}
    faults = [*maker.told(read.text, maker.sign), *_astray(maker.name, read.links, read.ids, files | {"data:,"})]
    return page.encode(), faults


def inlined(data: bytes, media_type: str) -> str:
    """Give an address that holds what it leads to."""
    return f"data:{media_type};base64,{base64.b64encode(data).decode()}"


def allowed(text: str) -> str:
    """Give what a policy calls a script or a style of just this text."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _media_type(name: str) -> str:
    return mimetypes.guess_type(name)[0] or "image/png"


# ---- For e-book readers


def _epub(maker: _Maker) -> tuple[bytes, list[Finding]]:
    """Give an EPUB 3.3 publication; nothing in it is packed, so that its bytes are the same wherever it is made."""
    emblem = maker.project.settings.emblem
    fill = partial(
        maker.fill,
        emblem=f"emblem{emblem.suffix.lower()}",
        emblem_type=_media_type(emblem.name),
        identifier=uuid.uuid5(uuid.NAMESPACE_URL, f"{maker.resolution.facts.symbol}#{maker.language.code}").urn,
    )
    texts = {
        "META-INF/container.xml": fill("container.xml"),
        "EPUB/package.opf": fill("package.opf"),
        "EPUB/nav.xhtml": fill("nav.xhtml").lstrip(),
        "EPUB/document.xhtml": fill("document.xhtml"),
        "EPUB/style.css": maker.sheet("epub.css"),
    }
    files = {"mimetype": b"application/epub+zip"} | {name: text.encode() for name, text in texts.items()}
    files[f"EPUB/emblem{emblem.suffix.lower()}"] = emblem.read_bytes()
    read, contents = _Page(texts["EPUB/document.xhtml"]), _Page(texts["EPUB/nav.xhtml"])
    ids = {*read.ids, *(f"document.xhtml#{one}" for one in read.ids)}
    faults = [
        *(fault for name, text in texts.items() if not name.endswith(".css") for fault in _malformed(maker.name, text)),
        *maker.told(read.text, maker.sign),
        *_astray(maker.name, [*read.links, *contents.links], ids, {"style.css"}),
    ]
    return _packed(files, maker.given["modified"].timetuple()[:3]), faults


def _packed(files: dict[str, bytes], date: tuple[int, ...]) -> bytes:
    out = BytesIO()
    year, month, day = date
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in files.items():
            entry = zipfile.ZipInfo(name, (min(max(year, EARLIEST), LATEST), month, day, 0, 0, 0))
            entry.create_system = 3  # whatever the system is
            archive.writestr(entry, data)
    return out.getvalue()


def _malformed(name: str, text: str) -> Iterator[Finding]:
    try:
        expat.ParserCreate().Parse(text, True)
    except expat.ExpatError as error:
        lines = text.splitlines()
        around = lines[error.lineno - 1][max(0, error.offset - 20) :][:SHOWN] if error.lineno <= len(lines) else ""
        message = f"{name}: the markup of an e-book is not XML: {expat.ErrorString(error.code)} at '{around}'"
        yield Finding("P110", message, hint="a template closes what it opens, and names no HTML entities")


# ---- As plain text


def _text(maker: _Maker) -> tuple[bytes, list[Finding]]:
    """Give the lines of a document, as they are read: those of a script from the right to the left too."""
    language = maker.language

    def call(number: int) -> str:
        return f"[{compose.note_sign('{number}', number, language)}]"

    columns = partial(_columns, wide="WFA" if language.ideographic else "WF")
    text = maker.fill(
        "document.txt",
        call=call,
        wrapped=partial(_wrapped, columns=columns),
        spread=partial(_spread, columns=columns),
    )
    lines: list[str] = []
    for line in text.splitlines():
        if line.strip() or (lines and lines[-1]):
            lines.append(_led(line.rstrip(), language.direction))
    printed = "\n".join(lines) + "\n"
    return printed.encode(), maker.told(printed, call, addresses=True)


def _columns(words: str, wide: str) -> int:
    """Count the columns that a text takes where an ideograph takes two."""
    return sum(
        0 if unicodedata.category(one) in {"Mn", "Me", "Cf"} else 1 + (unicodedata.east_asian_width(one) in wide)
        for one in words
    )


def _wrapped(words: str, width: int, first: str = "", rest: str | None = None, *, columns: Callable[[str], int]) -> str:
    """Break a text into lines; without `rest` the later ones begin where the words of the first do.

    What is longer than a line and has no place to break stays whole.
    """
    before = " " * columns(first) if rest is None else rest
    lines, line = [], first
    at_start = True
    for piece in _pieces(words):
        if not at_start and columns(line + piece.rstrip(" ")) > width:
            lines.append(line.rstrip(" "))
            line = before
        line += piece
        at_start = False
    return "\n".join([*lines, line.rstrip(" ")])


def _spread(start: str, end: str, width: int, *, columns: Callable[[str], int]) -> str:
    """Set two texts at the two ends of a line, or on two lines where they do not fit."""
    gap = width - columns(start) - columns(end)
    return f"{start}{' ' * gap}{end}" if gap > 0 or not start else f"{start}\n{' ' * (width - columns(end))}{end}"


_INVISIBLE = dict.fromkeys(map(ord, "\u2060\u200b"))  # which say to the engine alone where lines may break
_OPENING, _CLOSING = {"Ps", "Pi"}, {"Pe", "Pf", "Po", "Mn", "Cf"}


def _pieces(words: str) -> Iterator[str]:
    """Cut a text where a line may end: after spaces, and beside ideographs, but not from the marks that are theirs."""
    piece = ""
    for one in words.translate(_INVISIBLE):
        before = piece[-1:]
        beside = before and "W" in (unicodedata.east_asian_width(before), unicodedata.east_asian_width(one))
        held = unicodedata.category(one) in _CLOSING or (before and unicodedata.category(before) in _OPENING)
        if one != " " and (before == " " or (beside and not held)):
            yield piece
            piece = ""
        piece += one
    yield piece


def _led(line: str, direction: Direction) -> str:
    """Begin a line with a mark of its direction where its first letter would have it read the other way."""
    strong = next((found for one in line if (found := unicodedata.bidirectional(one)) in {"L", "R", "AL"}), "")
    if not strong or (strong == "L") == (direction == "ltr"):
        return line
    return ("\u200e" if direction == "ltr" else "\u200f") + line


# ---- Read back


class _Page(HTMLParser):
    """Reads a page: its text, its identities, and where its links lead."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.hidden = False
        self.feed(page)
        self.close()
        self.text = "".join(self.words)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.hidden = tag in {"title", "style"}
        self.ids += [given["id"] or ""] if "id" in given else []
        self.links += [given["href"] or ""] if "href" in given else []

    def handle_endtag(self, _: str) -> None:
        self.hidden = False

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.words.append(data)


def _texts(
    resolution: Resolution, language: Language, words: Callable[[Sequence[Run]], str]
) -> Iterator[tuple[str, str]]:
    """Give the texts of a wording with the names of their places, in the order in which a form has them."""
    for unit in outline(resolution.wordings[language.code]).walk():
        if unit.runs and unit.kind not in {"running title", "note"}:
            yield unit.name, words(unit.runs)
    for note in _notes(resolution, language):
        yield f"note '{note.id}'", words(note.runs)


def _words(runs: Sequence[Run], *, sign: Callable[[int], str], addresses: bool) -> str:
    """Give the characters of runs, with the signs of their notes, and the addresses where they are printed."""
    result = ""
    for run in runs:
        if isinstance(run, inline.NoteCall):
            result += sign(run.number)
        elif isinstance(run, inline.Text | inline.SymbolLink):
            result += run.text
        else:
            result += _words(run.runs, sign=sign, addresses=addresses)
            result += f"<{run.address}>" if addresses and isinstance(run, inline.Link) else ""
    return result


def _lost(
    name: str, printed: str, texts: Iterable[tuple[str, str]], around: Iterable[tuple[str, str]]
) -> Iterator[Finding]:
    """Find each text after the one before it, and what stands around them anywhere."""
    whole, end = _folded(printed), 0
    for where, words in texts:
        wanted = _folded(words)
        start = whole.find(wanted, end)
        if start >= 0:
            end = start + len(wanted)
        elif wanted in whole:
            yield Finding("P110", f"{name}: {where} stands out of its order: '{words[:SHOWN]}'", hint=_TEMPLATE)
        else:
            yield Finding("P101", f"{name}: {where} is not set whole: '{words[:SHOWN]}'", hint=_TEMPLATE)
    for where, words in around:
        if _folded(words) not in whole:
            yield Finding("P101", f"{name}: {where} is not set whole: '{words[:SHOWN]}'", hint=_TEMPLATE)


_TEMPLATE = "see whether the template prints it"


def _astray(name: str, links: Iterable[str], ids: Collection[str], files: Collection[str]) -> Iterator[Finding]:
    """Find links that lead nowhere, and identities that are given twice."""
    for address in dict.fromkeys(links):
        if not (address.startswith(SCHEMES) or address in files or address.removeprefix("#") in ids):
            yield Finding("P107", f"{name}: a link leads nowhere: '{address[:SHOWN]}'", hint="see the template")
    if len(set(ids)) != len(ids):
        yield Finding("P107", f"{name}: an identity is given twice", hint="see the template")


def _folded(words: str) -> str:
    """Give the characters that count, one form of each, without spaces and invisible marks."""
    kept = (one for one in unicodedata.normalize("NFKC", words) if not one.isspace())
    return "".join(
        str(unicodedata.digit(one, one)) if one.isdigit() else one for one in kept if unicodedata.category(one) != "Cf"
    )
