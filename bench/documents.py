"""Documents to measure with: A/RES/56/149 in as many variants as are asked for, for us and for others.

Each variant has other citations and begins with another paragraph, so that nothing made for one serves another.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from publish import project as projects
from publish.desk import press
from publish.text import inline

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from publish.text.inline import Run
    from publish.text.resolution import Wording

ROOT = Path(__file__).parent.parent
SAMPLE = ROOT / "resolutions" / "A_RES_56_149"
EVERY = ("en", "fr", "es", "ru", "zh", "ar")
FACES = {"zh": ("Press Serif Han", "Press Song", "Press Song Rare"), "ar": ("Press Serif Arab", "Press Naskh")}
SIZES = {"zh": 10.5, "ar": 13}


def project(folder: Path, count: int, languages: Sequence[str] = EVERY, *, times: int = 1) -> None:
    """Make a project of so many variants; `times` is how often each repeats its operative paragraphs."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(ROOT / "publish.yaml", folder)
    for number in range(1, count + 1):
        own = folder / "resolutions" / f"A_RES_56_{number}"
        own.mkdir(parents=True)
        facts = (SAMPLE / "resolution.yaml").read_text("utf-8")
        facts = facts.replace("symbol: A/RES/56/149", f"symbol: A/RES/56/{number}")
        facts = re.sub(r"^languages: .*$", f"languages: [{', '.join(languages)}]", facts, flags=re.MULTILINE)
        (own / "resolution.yaml").write_text(facts, "utf-8")
        for code in languages:
            text = (SAMPLE / f"{code}.yaml").read_text("utf-8")
            (own / f"{code}.yaml").write_text(_varied(text, number, times), "utf-8")


def _varied(text: str, number: int, times: int) -> str:
    before, preamble, rest = re.split(r"^(?=preamble:|\noperative:)", text, maxsplit=2, flags=re.MULTILINE)
    first, *paragraphs = re.split(r"^(?=  - )", preamble, flags=re.MULTILINE)
    at = number % len(paragraphs)
    last = paragraphs[-1]  # which ends the sentence
    paragraphs = [*paragraphs[at:-1], *paragraphs[:at], last] if at < len(paragraphs) - 1 else paragraphs
    preamble = first + "".join(paragraphs)
    if times > 1:
        head, *operative, end = re.split(r"^(?=  - |\n\w)", rest.lstrip("\n"), flags=re.MULTILINE)
        operative, closing = operative[:-1], operative[-1:]
        rest = "\n" + head + "".join(operative * times + closing) + end
    return (before + preamble + rest).replace("55/109", f"55/{100 + number}").replace("2001/67", f"2001/{number % 900}")


# ---- For others


def written(folder: Path, to: Path, kind: str) -> list[str]:
    """Write the variants of a project as sources of Typst ("typ") or XeLaTeX ("tex"); gives their names."""
    desk = press.Desk(projects.load(folder))
    to.mkdir(parents=True, exist_ok=True)
    names = []
    for source in press.resolutions(desk.project):
        found, _ = press.load(desk, source)
        for code, wording in found.wordings.items():
            name = f"{found.facts.symbol.file_name}-{code}"
            (to / f"{name}.{kind}").write_text(_WRITERS[kind](wording, str(found.facts.symbol)), "utf-8")
            names.append(name)
    return names


class _Marks(NamedTuple):
    """How a program wants its text: signs to escape, and what stands around WORDS that are a note, a link, emphasis."""

    special: str
    note: str
    link: str
    emphasis: str


_TYPST = _Marks(
    r"([\\#$*_`<>@~\[\]/=+-])", "#footnote[WORDS];", '#link("https://undocs.org/URL")[WORDS];', "#emph[WORDS];"
)
_LATEX = _Marks(r"([#$%&_{}])", "\\footnote{WORDS}", "\\mbox{WORDS}", "\\emph{WORDS}")


def _text(words: str, marks: _Marks) -> str:
    return re.sub(marks.special, r"\\\1", words)


def _runs(several: Sequence[Run], wording: Wording, marks: _Marks) -> str:
    written = []
    for one in several:
        if isinstance(one, inline.NoteCall):
            written.append(marks.note.replace("WORDS", _runs(wording.notes[one.id].runs, wording, marks)))
        elif isinstance(one, inline.Text):
            written.append(_text(one.text, marks))
        elif isinstance(one, inline.SymbolLink):
            written.append(marks.link.replace("URL", one.text).replace("WORDS", _text(one.text, marks)))
        else:
            inside = _runs(one.runs, wording, marks)
            written.append(marks.emphasis.replace("WORDS", inside) if one.kind == "emphasis" else inside)
    return "".join(written)


def _body(wording: Wording, marks: _Marks) -> str:
    preambular = [_runs(one.runs, wording, marks) for one in wording.preamble]
    operative = [f"{one.number}. {_runs(one.runs, wording, marks)}" for one in wording.body]  # type: ignore[union-attr]
    return "\n\n".join([*preambular, *operative])


def _typst(wording: Wording, symbol: str) -> str:
    code = wording.language
    faces = ", ".join(f'"{one}"' for one in (*FACES.get(code, ()), "Press Text"))
    return f"""#set document(title: "{symbol}")
#set page(paper: "us-letter", margin: (x: 123pt, y: 72pt), numbering: "1")
#set page(header: context if counter(page).get().first() > 1 [{_text(symbol, _TYPST)}])
#set text(font: ({faces}), size: {SIZES.get(code, 10)}pt, lang: "{code}")
#set par(justify: true, first-line-indent: (amount: 24pt, all: true), leading: 5pt, spacing: 11pt)
#grid(columns: (1fr, auto), stroke: (bottom: 1pt), inset: 4pt, [United Nations], [{_text(symbol, _TYPST)}])
= {_runs(wording.title, wording, _TYPST)}

{_body(wording, _TYPST)}
"""


def _latex(wording: Wording, symbol: str) -> str:
    code = wording.language
    locale = '\\XeTeXlinebreaklocale "zh"\n\\XeTeXlinebreakskip=0pt plus 1pt\n' if code == "zh" else ""
    face = {"zh": "{Noto Serif CJK SC}", "ar": "{Amiri}[Script=Arabic]"}.get(code, "{Liberation Serif}")
    right = "\\TeXXeTstate=1\n\\everypar{\\setbox0=\\lastbox\\beginR\\box0}\n" if code == "ar" else ""
    return f"""\\documentclass[10pt]{{article}}
\\usepackage[paperwidth=612pt, paperheight=792pt, hmargin=123pt, vmargin=72pt]{{geometry}}
\\usepackage{{fontspec}}
\\setmainfont{face}
{locale}\\begin{{document}}
\\noindent United Nations \\hfill {_text(symbol, _LATEX)}

\\noindent\\hrulefill
{right}
\\section*{{{_runs(wording.title, wording, _LATEX)}}}

{_body(wording, _LATEX)}
\\end{{document}}
"""


_WRITERS: dict[str, Callable[[Wording, str], str]] = {"typ": _typst, "tex": _latex}
