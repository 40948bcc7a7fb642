"""Proof -> PDF. The only owner of WeasyPrint.

One press a process: fonts, style sheets and counter styles are read once. What the engine logs becomes findings, so
nothing that it leaves out of a page goes unseen.
"""

from __future__ import annotations

import contextlib
import datetime
import logging
import os
import re
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from publish.finding import Finding, Place, Rejected
from publish.paper import engine_start

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from publish.paper.compose import Attachment, Proof

ENGINE = "70.0"
ARCHIVE = "pdf/a-3a"  # and PDF/UA-1, which the engine cannot write together
PRESS = "pdf/x-4"
LIBRARIES = {
    "libpango-1.0.so.0": "libpango-1.0-0",
    "libpangoft2-1.0.so.0": "libpangoft2-1.0-0",
    "libharfbuzz.so.0": "libharfbuzz0b",
    "libharfbuzz-subset.so.0": "libharfbuzz-subset0",
}


@dataclass(frozen=True)
class Pdf:
    """A finished file, and its number of pages."""

    name: str
    language: str
    data: bytes
    pages: int


class Press:
    """The engine, warm: made once a process and used for every document.

    fontconfig is the file that names the only fonts the engine may see.
    """

    def __init__(self, fontconfig: Path) -> None:
        if missing := missing_libraries():
            raise Rejected(missing)
        _see_only(fontconfig)
        weasyprint = engine_start.engine(fontconfig.parent)
        from weasyprint.css.counters import CounterStyle  # noqa: PLC0415  # now that it is read as it should
        from weasyprint.text.fonts import FontConfiguration  # noqa: PLC0415

        from publish.paper import engine_layout, engine_structure  # noqa: PLC0415

        if weasyprint.__version__ != ENGINE:
            message = f"WeasyPrint {weasyprint.__version__} is installed, and {ENGINE} is what pages are made for"
            raise Rejected([Finding("T05", message, hint=f"pip install weasyprint=={ENGINE}")])
        engine_layout.install()
        engine_structure.install()
        self._engine, self._layout, self._structure = weasyprint, engine_layout, engine_structure
        self._fonts = FontConfiguration()
        self._counters = CounterStyle()
        self._sheets: dict[tuple[tuple[Path, int], ...], tuple[list[Any], list[Finding]]] = {}

    def typeset(self, proof: Proof, variant: str = "") -> Pdf:
        """Typeset a proof as a variant of PDF, in the engine's words; unless told, as what it is for.

        Raises Rejected with all that the engine could not set as asked.
        """
        variant = variant or (PRESS if proof.profile else ARCHIVE)
        profile = _profile(proof.profile) if proof.profile else b""
        sheets, findings = self._stylesheets(proof.stylesheets)
        findings = list(findings)
        with _engine_log() as records:
            try:
                fetcher = _fetcher(proof.images, grey=bool(profile))
                html = self._engine.HTML(string=proof.html, url_fetcher=fetcher, base_url=None)
                document = html.render(stylesheets=sheets, font_config=self._fonts, counter_style=self._counters)
                if profile:
                    _for_press(document, proof.date, self._structure.CMYK)
                with self._layout.numbered(on=proof.line_numbers):
                    data = document.write_pdf(
                        pdf_variant=variant,
                        attachments=[self._attachment(one, proof.date, fetcher) for one in proof.attachments],
                        finisher=lambda _, pdf: self._structure.finish(
                            pdf, proof.direction, for_people=variant == ARCHIVE, profile=profile
                        ),
                    )
            except Exception as error:  # the engine may fail in any way
                message = f"the engine fails on {proof.name}: {type(error).__name__}: {error}".rstrip(": ")
                raise Rejected([*_findings(records, proof.name), Finding("T07", message)]) from error
        findings += _findings(records, proof.name)
        findings += _off_the_page(document.pages, proof.name)
        if findings:
            raise Rejected(findings)
        return Pdf(proof.name, proof.language, data, len(document.pages))

    def _attachment(self, one: Attachment, date: datetime.date, fetcher: Any) -> Any:
        moment = datetime.datetime.combine(date, datetime.time(), datetime.UTC)
        return self._engine.Attachment(
            string=one.data,
            url_fetcher=fetcher,
            name=one.name,
            description=one.description,
            relationship=one.relationship,
            created=moment,
            modified=moment,
        )

    def _stylesheets(self, paths: tuple[Path, ...]) -> tuple[list[Any], list[Finding]]:
        state = tuple((path, path.stat().st_mtime_ns) for path in paths)
        if state not in self._sheets:
            sheets, findings = [], []
            for path in paths:
                try:
                    path.read_text(encoding="utf-8")
                except UnicodeDecodeError:
                    findings.append(Finding("T03", "the style sheet is not UTF-8", Place(path), "save it as UTF-8"))
                    continue
                with _engine_log() as records:
                    sheets.append(
                        self._engine.CSS(
                            filename=path,
                            font_config=self._fonts,
                            counter_style=self._counters,
                            url_fetcher=_fetcher(()),
                        )
                    )
                findings += _findings(records, path)
            self._sheets[state] = sheets, findings
        return self._sheets[state]


def _for_press(document: Any, date: datetime.date, colours: str) -> None:
    """Take out what a press has no use for, and give the colours and dates that it asks for."""
    document.output_intent = colours
    for page in document.pages:
        page.links.clear()
        page.bookmarks.clear()
    document.metadata.created = document.metadata.created or date.isoformat()
    document.metadata.modified = document.metadata.modified or date.isoformat()


def _profile(path: Path) -> bytes:
    """Read the profile of a press. Raises Rejected where there is none, or it is not that of a press in CMYK."""
    try:
        data = path.read_bytes()
    except OSError:
        hint = "as root: apt-get install -y libgs-common, or name another as output_profile in publish.yaml"
        raise Rejected([Finding("T02", f"the output profile {path} is missing", hint=hint)]) from None
    if (data[12:20], data[36:40]) != (b"prtrCMYK", b"acsp"):
        hint = "name one as output_profile in publish.yaml"
        raise Rejected([Finding("T02", f"the output profile {path} is not that of a CMYK press", hint=hint)])
    return data


def _off_the_page(pages: Sequence[Any], name: str) -> Iterator[Finding]:
    """Find the first text of each page that stands outside of it, where no reader can see it."""
    for number, page in enumerate(pages, 1):
        for box in page._page_box.descendants():
            words = getattr(box, "text", "").strip()
            if not words:
                continue
            right, bottom = box.position_x + box.width, box.position_y + box.height
            if box.position_x < -1 or box.position_y < -1 or right > page.width + 1 or bottom > page.height + 1:
                message = f"{name}: '{words[:40]}' runs off page {number}"
                yield Finding("T08", message, hint="shorten it, or make the table narrower or its rows shorter")
                break


def missing_libraries() -> list[Finding]:
    """Look for the system libraries that the engine needs.

    HarfBuzz's subsetter is one: without it a Chinese page takes seconds, and files differ from run to run.
    """
    import ctypes  # noqa: PLC0415

    findings = []
    for library, package in LIBRARIES.items():
        try:
            ctypes.CDLL(library)
        except OSError:
            message = f"the system library {library} is missing"
            findings.append(Finding("T05", message, hint=f"as root: apt-get install -y {package}"))
    return findings


def _see_only(fontconfig: Path) -> None:
    """Point fontconfig at our file; it reads the variable once a process, when the engine is first imported."""
    current = os.environ.get("FONTCONFIG_FILE")
    if _see_only.__dict__.setdefault("file", fontconfig) != fontconfig:
        message = f"this process sees the fonts of {current} already"
        raise RuntimeError(message)
    os.environ["FONTCONFIG_FILE"] = str(fontconfig)
    os.environ.pop("FONTCONFIG_PATH", None)


def _fetcher(images: Sequence[Path], *, grey: bool = False) -> Any:
    """Give a fetcher that opens the named files and nothing else: no network, no other file; pixels may become grey."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse  # noqa: PLC0415

    class Fetcher(URLFetcher):  # type: ignore[misc]
        def fetch(self, url: str, headers: Any = None) -> Any:  # noqa: ARG002
            parts = urlsplit(url)
            path = Path(unquote(parts.path))
            if parts.scheme != "file" or path not in images:
                message = "not allowed"
                raise ValueError(message)
            drawn = path.suffix.lower() == ".svg"
            if grey and not drawn:  # without its address, as the engine would read the file again
                return URLFetcherResponse("", _in_grey(path.read_bytes()), {"Content-Type": "image/png"})
            kind = "image/svg+xml" if drawn else "image/png"
            return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": kind})

    return Fetcher(allowed_protocols={"file"})


def _in_grey(png: bytes) -> bytes:
    """Give a picture in grey, on white where it was transparent."""
    from PIL import Image  # noqa: PLC0415

    picture, data = Image.open(BytesIO(png)).convert("RGBA"), BytesIO()
    Image.alpha_composite(Image.new("RGBA", picture.size, "white"), picture).convert("L").save(data, "png")
    return data.getvalue()


# ---- The engine's log


@contextlib.contextmanager
def _engine_log() -> Iterator[list[logging.LogRecord]]:
    records: list[logging.LogRecord] = []

    class Handler(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            records.append(record)

    handler = Handler(logging.WARNING)
    loggers = [logging.getLogger(name) for name in ("weasyprint", "fontTools")]
    before = [(logger.propagate, list(logger.handlers)) for logger in loggers]
    for logger in loggers:
        logger.propagate = False
        logger.handlers = [handler]
    try:
        yield records
    finally:
        for logger, (propagate, handlers) in zip(loggers, before, strict=True):
            logger.propagate = propagate
            logger.handlers = handlers


_KINDS = (
    ("T01", re.compile(r"\.notdef glyph rendered")),
    ("T02", re.compile(r"Failed to (load|render)|without a base URI|Malformed URL|cannot be loaded")),
    ("T03", re.compile(r"Ignored|Invalid|Unknown|unsupported|Expected|Parse error|Unable to compute")),
)
_HINTS = (
    (re.compile("not allowed|base URI"), "pages open the emblem of publish.yaml, and no other file or address"),
    (re.compile("font-face"), "put the font into the project's fonts folder, where it is found by its name"),
    (re.compile("image"), "see that the file is a sound SVG or PNG"),
)


def _findings(records: Sequence[logging.LogRecord], where: str | Path) -> list[Finding]:
    findings: dict[Finding, None] = {}
    for record in records:
        words = " ".join(record.getMessage().split())
        place = Place(where) if isinstance(where, Path) else None
        code = next((code for code, pattern in _KINDS if pattern.search(words)), "T03" if place else "T06")
        words = (words[:1].lower() + words[1:]).replace("ValueError: ", "").rstrip(" .:")
        message = words if place else f"{where}: {words}"
        hint = ""
        if code == "T01":
            missing = re.findall(r"\(U\+([0-9A-F]+)\)", words)
            characters = ", ".join(f"{chr(int(one, 16))!r} (U+{one})" for one in missing) or words
            message = f"{where}: no font has a glyph for {characters}"
            hint = "use another character, or put a font that has it into the project's fonts folder"
        elif code == "T02":
            hint = next((hint for pattern, hint in _HINTS if pattern.search(words)), "")
        elif code == "T03" and (match := re.search(r"at (\d+):(\d+)", words)) and place:
            line, column = int(match[1]), int(match[2])
            message = words.replace(f" {match[0]}", "")
            lines = place.file.read_text(encoding="utf-8").splitlines()
            place = Place(place.file, line, column, lines[line - 1] if line <= len(lines) else "")
        findings[Finding(code, message[:300], place, hint)] = None
    return list(findings)
