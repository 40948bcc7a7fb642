"""Resolution + Language -> Proof: the HTML of one document in one language. The only owner of Jinja2.

Layouts decide every tag and every measure; this file finds them and hands them the document.
"""

from __future__ import annotations

import json
import os
import re
import stat
import unicodedata
from contextlib import suppress
from dataclasses import dataclass
from functools import cache, partial
from io import BytesIO
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any

import jinja2
from jinja2.sandbox import ImmutableSandboxedEnvironment

from publish.finding import Finding, Place, Rejected
from publish.project import SHIPPED, caches
from publish.text import inline
from publish.text.data import data
from publish.text.outline import outline

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator, Mapping, Sequence

    from publish.project import Project
    from publish.text.language import Language
    from publish.text.resolution import Block, Resolution

KIND = "resolution"
DRAFT = "-draft"  # in the names of files
PRINT = "-print"


@dataclass(frozen=True)
class Attachment:
    """A file that a document carries, and what it is to the document, in the words of PDF: its Source, or Data."""

    name: str
    data: bytes
    relationship: str
    description: str


@dataclass(frozen=True)
class Printing:
    """How a file is made for a printing press: on another paper, with bleed and crop marks, to an even page, folded."""

    paper: str = ""
    bleed: bool = False
    recto: bool = False
    booklet: bool = False


@dataclass(frozen=True)
class Proof:
    """A document in one language before it is typeset: HTML, its style sheets, and the files it may show.

    texts are what its pages must show, each with the name of its place; size is that of its paper, in points; date is
    what the file says of its age; its lines may be numbered. One for a printing press has the profile of its colours.
    """

    name: str
    language: str
    direction: inline.Direction
    html: str
    stylesheets: tuple[Path, ...]
    images: tuple[Path, ...]
    texts: tuple[tuple[str, str], ...]
    size: tuple[float, float]
    date: datetime.date
    line_numbers: bool = False
    attachments: tuple[Attachment, ...] = ()
    printing: Printing | None = None
    profile: Path | None = None


def editions(layouts: Sequence[Path]) -> list[str]:
    """Give the editions that the layouts know."""
    return sorted({path.stem for folder in layouts for path in (folder / KIND / "editions").glob("*.html")})


def papers(layouts: Sequence[Path]) -> list[str]:
    """Give the papers that the layouts know."""
    return sorted({path.stem for folder in layouts for path in (folder / "base" / "papers").glob("*.css")})


def compose(  # noqa: PLR0913  # the choices of a style
    resolution: Resolution,
    language: Language,
    project: Project,
    *,
    draft: bool = False,
    line_numbers: bool = False,
    printing: Printing | None = None,
) -> Proof:
    """Set the text of a resolution in one language into its layout, which marks a draft as one.

    Raises Rejected where the layout is missing, does not parse or fails.
    """
    facts = resolution.facts
    template = f"{KIND}/editions/{facts.edition}.html"
    suffix = PRINT if printing else ""
    return Proof(
        name=file_name(resolution, language, draft=draft or line_numbers) + suffix,
        language=language.code,
        direction=language.direction,
        html=fill(template, resolution, language, project, {"draft": draft}),
        stylesheets=tuple(style_sheets(resolution, language, project.layouts, draft=draft, printing=printing)),
        images=(project.settings.emblem,),
        texts=tuple(_texts(resolution, language)),
        size=_size(_paper(resolution, printing), tuple(project.layouts)),
        line_numbers=line_numbers,
        date=facts.distributed,
        attachments=() if printing else tuple(_attachments(resolution, language.code)),
        printing=printing,
        profile=project.settings.output_profile if printing else None,
    )


def fill(template: str, resolution: Resolution, language: Language, project: Project, given: Mapping[str, Any]) -> str:
    """Fill in a template with a document in one language, and with what else it is given. Raises Rejected."""
    return render(template, project.layouts, _context(resolution, language, project) | dict(given))


def file_name(resolution: Resolution, language: Language, *, draft: bool = False) -> str:
    """Give the name of a document's file in one language, without its ending."""
    return f"{resolution.facts.symbol.file_name}-{language.words.file_suffix}{DRAFT if draft else ''}"


def style_sheets(
    resolution: Resolution,
    language: Language,
    layouts: Sequence[Path],
    *,
    draft: bool = False,
    printing: Printing | None = None,
) -> list[Path]:
    """Give the style sheets of the pages of a document, the winning one last."""
    facts, paper = resolution.facts, _paper(resolution, printing)
    names = ["base/base.css", f"base/papers/{paper}.css", f"{KIND}/layout.css"]
    names += [f"{KIND}/editions/{facts.edition}.css", f"{KIND}/languages/{language.code}.css"]
    names += ["base/draft.css"] if draft else []
    names += [f"{KIND}/papers/{paper}.css"]
    names += ["base/print.css"] if printing else []
    names += ["base/bleed.css"] if printing and printing.bleed else []
    return [path for name in names if (path := find(name, layouts))]


def _paper(resolution: Resolution, printing: Printing | None) -> str:
    return (printing and printing.paper) or resolution.facts.paper


def _attachments(resolution: Resolution, code: str) -> Iterator[Attachment]:
    """Give the sources that a file is made from, and the same as data for programs."""
    for name, nodes in (("resolution", resolution.facts.nodes), (code, resolution.wordings[code].nodes)):
        text = next(iter(nodes.values())).file.text
        yield Attachment(f"{name}.yaml", text.encode(), "Source", f"source of this document: {name}.yaml")
    words = json.dumps(data(resolution, code), ensure_ascii=False, indent=1)
    yield Attachment(f"{code}.json", words.encode(), "Data", "the text of this document as data")


def _texts(resolution: Resolution, language: Language) -> Iterator[tuple[str, str]]:
    """Give what pages must show: the texts of the wording, but a running title, and the words of the masthead."""
    for unit in outline(resolution.wordings[language.code]).walk():
        if unit.runs and unit.kind != "running title":
            yield unit.name, unit.plain
    yield from masthead(resolution, language)


def masthead(resolution: Resolution, language: Language) -> Iterator[tuple[str, str]]:
    """Give what stands around the wording, each with the name of its place."""
    facts = resolution.facts
    organ = language.words.organs[facts.symbol.organ]
    yield "the symbol", str(facts.symbol.text)
    yield "the organ", organ.name
    for name, phrase in (
        ("the session", language.session(facts.session)),
        ("the distribution", language.words.distribution[facts.distribution]),
        ("the date of distribution", language.masthead_date(facts.distributed)),
        *(("the signature", line) for line in language.signature(facts.meeting, facts.adopted)),
    ):
        yield name, inline.plain(inline.parse(phrase)[0])
    yield "the job number", facts.job_number


@cache
def _size(paper: str, layouts: tuple[Path, ...]) -> tuple[float, float]:
    """Read the size of a paper from its style sheet; it is of no size where that does not say it in points."""
    path = find(f"base/papers/{paper}.css", layouts)
    found = re.search(r"\bsize:\s*([\d.]+)pt\s+([\d.]+)pt", path.read_text(encoding="utf-8")) if path else None
    return (float(found[1]), float(found[2])) if found else (0.0, 0.0)


def find(name: str, layouts: Sequence[Path]) -> Path | None:
    """Find a file of the layouts, where there is one."""
    return next((path for folder in reversed(layouts) if (path := folder / name).is_file()), None)


def _context(resolution: Resolution, language: Language, project: Project) -> dict[str, Any]:
    facts, words = resolution.facts, language.words
    wording = resolution.wordings[language.code]
    organ = words.organs[facts.symbol.organ]
    title = organ.resolutions if _parted(wording.body) else organ.resolution

    def address(found: Any) -> str:
        return str(found.address(project.settings.symbol_links))

    return {
        "form": "",
        "facts": facts,
        "wording": wording,
        "language": language,
        "words": words,
        "organ": organ,
        "organization": project.settings.organization.get(language.code, words.organization),
        "emblem": project.settings.emblem.as_uri(),
        "source_line": language.source_line(
            facts.committee,
            [
                printed.replace("*", r"\*") if printed == str(found) else f"[{printed}]({address(found)})"
                for printed, found in facts.symbols
            ],
        ),
        "adopted": title.format(date=language.date(facts.adopted)),
        "vote_heading": language.vote_heading(*map(len, facts.vote.lists)) if facts.vote else "",
        "votes": list(_votes(resolution, language)),
        "address": address,
        "inline": lambda phrase: inline.parse(phrase, language.direction)[0],
        "unparted": partial(inline.unparted, names=[organ.name]),
        "apart": partial(inline.apart, thin=words.spacing.latin == "thin") if language.ideographic else tuple,
        "plain": inline.plain,
        "columns": _columns,
        "declaring": any(block.kind == "declaration" for block in wording.body),
        "parted": _parted,
        "note_call": lambda number: note_sign(words.note_call, number, language),
        "note_mark": lambda number: note_sign(words.note_mark, number, language),
        "barcode": _Lazy(lambda: _barcode(facts.job_number)),
        "qr_code": _Lazy(lambda: _qr_code(address(facts.symbol))),
    }


def _columns(words: str) -> int:
    """Count the width of a text in Latin letters, of which an ideograph takes two."""
    return sum(2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in words)


def _parted(body: Sequence[Block]) -> bool:
    return any(block.kind == "part" for block in body)


def note_sign(form: str, number: int, language: Language) -> str:
    """Write the sign of a note; a negative number gives asterisks."""
    return "*" * -number if number < 0 else form.format(number=language.number(number))


def _votes(resolution: Resolution, language: Language) -> Iterator[tuple[str, str]]:
    vote, words = resolution.facts.vote, language.words.vote
    if vote is None:
        return
    own = resolution.wordings[language.code].states
    for choice, codes in zip((words.in_favour, words.against, words.abstaining), vote.lists, strict=True):
        yield choice, language.state_list(codes, own) if codes else words.none


@dataclass
class _Lazy:
    """A picture that only some editions show."""

    draw: Any

    def __html__(self) -> str:
        return str(self.draw())


def _barcode(job_number: str) -> str:
    """Draw a job number in Code 39, whose start and stop sign is the asterisk printed in the text layer of old."""
    from barcode.codex import Code39  # noqa: PLC0415  # only later editions show one

    modules = Code39("".join(filter(str.isdigit, job_number)), add_checksum=False).build()[0]
    bars = "".join(f"M{at} 0h1v10h-1z" for at, module in enumerate(modules) if module == "1")
    label = f"*{''.join(filter(str.isdigit, job_number))}*"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {len(modules)} 10" preserveAspectRatio="none">'
        f'<title>{label}</title><path fill="#000" d="{bars}"/></svg>'
    )


def _qr_code(address: str) -> str:
    import segno  # noqa: PLC0415  # only later editions show one

    out = BytesIO()
    segno.make(address, micro=False, error="m").save(
        out, kind="svg", border=0, xmldecl=False, svgclass=None, lineclass=None, omitsize=True, title=address
    )
    return out.getvalue().decode()


def render(template: str, layouts: Sequence[Path], context: dict[str, Any]) -> str:
    """Fill in a template of the layouts. Raises Rejected where it is missing, does not parse or fails."""
    try:
        return _environment(tuple(layouts)).get_template(template).render(context)
    except jinja2.TemplateNotFound as error:
        place = _failing_line(error, layouts) or Place(layouts[-1])
        hint = "a template is named from the layouts folder, as base/runs.html"
        raise Rejected([Finding("L01", f"there is no template '{error.name}'", place, hint)]) from None
    except UnicodeDecodeError:
        message = "a template is not UTF-8"
        raise Rejected([Finding("L02", message, Place(layouts[-1]), "save it as UTF-8")]) from None
    except jinja2.TemplateSyntaxError as error:
        message = f"the template does not parse: {(error.message or '').rstrip('.')}"
        raise Rejected([Finding("L02", message, _template_place(error.filename, error.lineno))]) from None
    except Exception as error:  # noqa: BLE001  # a template may fail in any way
        place = _failing_line(error, layouts) or Place(layouts[-1] / template)
        words = re.sub(r"'publish\.[\w.]+\.(\w+) object'", r"'\1'", str(error).rstrip("."))
        message = f"the template fails: {words}"
        raise Rejected([Finding("L03", message, place, "docs/layouts.md lists what a template is given")]) from None


class _Sandbox(ImmutableSandboxedEnvironment):
    """A sandbox in which no path is within a template's reach: a path could read and write any file."""

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Tell whether a template may use an attribute."""
        if isinstance(obj, PurePath | Place | _Lazy) or isinstance(value, PurePath | Place):
            return False
        return super().is_safe_attribute(obj, attr, value)


@cache
def _environment(layouts: tuple[Path, ...]) -> jinja2.Environment:
    return _Sandbox(
        loader=jinja2.FileSystemLoader([*reversed(layouts)]),
        undefined=jinja2.StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=True,
        bytecode_cache=_compiled() if layouts == (SHIPPED / "layouts",) else None,
    )


class _Compiled(jinja2.FileSystemBytecodeCache):
    """Keeps compiled templates; what cannot be kept, or has suffered, is compiled again."""

    def load_bytecode(self, bucket: jinja2.bccache.Bucket) -> None:
        """Read a template."""
        try:
            super().load_bytecode(bucket)
        except Exception:  # noqa: BLE001  # what is damaged may fail in any way
            bucket.reset()

    def dump_bytecode(self, bucket: jinja2.bccache.Bucket) -> None:
        """Keep a template."""
        with suppress(OSError):
            super().dump_bytecode(bucket)


def _compiled() -> jinja2.BytecodeCache | None:
    """Give where the shipped templates are kept compiled: a folder that nobody else can write, as they are run."""
    try:
        folder = caches() / f"templates-{jinja2.__version__}"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        state = folder.stat()
    except (OSError, RuntimeError):  # there may be no home
        return None
    if not hasattr(os, "getuid"):
        return None
    own = state.st_uid == os.getuid() and not state.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
    return _Compiled(str(folder)) if own and os.access(folder, os.W_OK) else None


def _failing_line(error: Exception, layouts: Sequence[Path]) -> Place | None:
    """Give the innermost line of a template that the failure passed through."""
    place, trace = None, error.__traceback__
    while trace is not None:
        file = Path(trace.tb_frame.f_code.co_filename)
        if any(file.is_relative_to(folder) for folder in layouts):
            place = _template_place(str(file), trace.tb_lineno)
        trace = trace.tb_next
    return place


def _template_place(file: str | None, line: int) -> Place | None:
    if file is None or not Path(file).is_file():
        return None
    lines = Path(file).read_text(encoding="utf-8").splitlines()
    excerpt = lines[line - 1] if line <= len(lines) else ""
    return Place(Path(file), line, len(excerpt) - len(excerpt.lstrip()) + 1, excerpt[:300])
