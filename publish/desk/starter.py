"""First sources: a resolution that builds as it stands, and a project to keep it in."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from publish.desk import output
from publish.project import SETTINGS
from publish.text.form import days_of

if TYPE_CHECKING:
    import datetime
    from collections.abc import Mapping

    from publish.text.language import Language
    from publish.text.symbol import Symbol

_SCHEMAS = Path(__file__).parent.parent / "schemas"

_FACTS = """\
{schema}# What all languages share. Replace every value; docs/source-format.md says what each is.
symbol: {symbol}
session: {session}
agenda_items: [1]
adopted: {{date: {today}, meeting: 1}}
report: {{committee: none, symbols: [{draft}]}}
distribution: general
distributed: {today}
job_number: 00 00000
languages: [{languages}]
original: {original}
"""

_WORDING = """\
{schema}status: {status}

title: {title}

preamble:
  - {preambular}

operative:
  - {operative}
"""

_SETTINGS = """\
# What this house sets once for all its documents. Every line may be left out.
languages: [{languages}]            # those that a resolution has unless it says otherwise
edition: 2013                       # or 1998
paper: letter                       # or a4, a5
# organization: {{en: Model United Nations, fr: Modèle des Nations Unies}}
# emblem: emblem.svg
# symbol_links: https://undocs.org/{{symbol}}
"""

_README = """\
# A house of documents

- `resolutions/`: one folder a resolution; `publish new A/RES/80/2` begins another
- `locales/`: words of your own, laid over the shipped ones key by key (`en.yaml`: `organization: ...`)
- `layouts/`: templates and style sheets of your own, which win over the shipped ones by their path
- `fonts/`: your own licensed fonts; Times New Roman, SimSun, KaiTi, SimHei and Traditional Arabic are taken up by name
- `output/`: the finished PDFs

`publish build` makes them; `publish doctor --fix` prepares this machine first.
"""


def resolution(folder: Path, symbol: Symbol, languages: Mapping[str, Language], today: datetime.date) -> list[Path]:
    """Write a source for a symbol into the folder of resolutions, in the given languages; gives its files.

    Raises FileExistsError where the symbol has a source, Rejected where the folder cannot be written.
    """
    own = folder / symbol.file_name
    if own.exists():
        raise FileExistsError(own)
    session = symbol.session
    with output.staged(folder) as staging:
        target = staging / symbol.file_name
        facts = _FACTS.format(
            schema=_schema(folder, "resolution"),
            symbol=symbol,
            session=session,
            today=_within(today, session).isoformat(),
            draft=f"A/{session}/L.1",
            languages=", ".join(languages),
            original="en" if "en" in languages else next(iter(languages)),
        )
        output.write(target / "resolution.yaml", facts.encode())
        for code, language in languages.items():
            starter = language.words.starter
            wording = _WORDING.format(
                schema=_schema(folder, "text"),
                status="official" if code == "en" else "unofficial",
                title=_quoted(starter.title),
                preambular=_quoted(starter.preambular),
                operative=_quoted(starter.operative),
            )
            output.write(target / f"{code}.yaml", wording.encode())
    return [own / name for name in ("resolution.yaml", *(f"{code}.yaml" for code in languages))]


def _within(today: datetime.date, session: str) -> datetime.date:
    """Give today, or the day of the session that is nearest to it."""
    first, last = days_of(session)
    return min(max(today, first), last)


def project(folder: Path, languages: Mapping[str, Language]) -> None:
    """Write the settings and folders of a new project. Raises FileExistsError where there is one, Rejected."""
    if (folder / SETTINGS).exists():
        raise FileExistsError(folder / SETTINGS)
    standing = [
        path for name in ("README.md", ".gitignore", "resolutions", "schemas") if (path := folder / name).exists()
    ]
    if standing:
        raise FileExistsError(standing[0])
    with output.staged(folder) as staging:
        output.write(staging / SETTINGS, _SETTINGS.format(languages=", ".join(languages)).encode())
        output.write(staging / "README.md", _README.encode())
        output.write(staging / ".gitignore", b"/output/\n")
        for schema in sorted(_SCHEMAS.glob("*.json")):
            output.write(staging / "schemas" / schema.name, schema.read_bytes())
        for own in ("resolutions", "locales", "layouts", "fonts"):
            output.write(staging / own / ".keep", b"")


def _schema(folder: Path, name: str) -> str:
    """Point editors at the schema, where the project has it."""
    known = (folder.parent / "schemas" / f"{name}.json").is_file()
    return f"# yaml-language-server: $schema=../../schemas/{name}.json\n" if known else ""


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
