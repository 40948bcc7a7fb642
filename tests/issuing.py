"""What the tests of issuing share: a house of documents, and a crew that is quick."""

from __future__ import annotations

import datetime
import hashlib
import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from conftest import LANGUAGES

from publish import project
from publish.desk import press
from publish.issue import issue, register, settle, store
from publish.paper.typeset import Pdf

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from publish.text.resolution import Resolution

RELEASE = datetime.datetime.fromisoformat("2025-12-10T10:00:00-05:00")
SECOND = datetime.timedelta(seconds=1)
BEFORE, AFTER = RELEASE - SECOND, RELEASE + SECOND
WORDS = {
    "ar": ("عنوان القرار", "*إذ تشير* إلى نص فقرة الديباجة،", "*تقرر* نص فقرة المنطوق."),
    "zh": ("决议标题", "*回顾*序言段案文，", "*决定*执行段案文。"),
    "en": ("Title of the resolution", "*Recalling* the text of the paragraph,", "*Decides* the text of the paragraph."),
    "fr": ("Titre de la résolution", "*Rappelant* le texte de l’alinéa,", "*Décide* du texte du paragraphe."),
    "ru": ("Название резолюции", "*ссылаясь* на текст пункта,", "*постановляет* принять текст пункта."),
    "es": ("Título de la resolución", "*Recordando* el texto del párrafo,", "*Decide* el texto del párrafo."),
}


def document(root: Path, symbol: str, *, title: str = "", **facts: Any) -> Path:
    """Write the source of a document in which nothing is wrong; gives its folder."""
    folder = root / "resolutions" / symbol.replace("/", "_")
    folder.mkdir(parents=True, exist_ok=True)
    found = {
        "symbol": symbol,
        "session": "80",
        "agenda_items": ["1"],
        "adopted": {"date": "2025-12-01", "meeting": "61"},
        "report": {"committee": "none", "symbols": ["A/80/L.1"]},
        "distribution": "general",
        "distributed": "2025-12-08",
        "job_number": "25 19622",
        "release": RELEASE.isoformat(),
        **facts,
    }
    lines = [f"{key}: {json.dumps(value, ensure_ascii=False)}\n" for key, value in found.items() if value is not None]
    (folder / "resolution.yaml").write_text("".join(lines), encoding="utf-8")
    for code in LANGUAGES:
        heading, preambular, operative = WORDS[code]
        data = {"title": title or heading, "preamble": [preambular], "operative": [operative]}
        (folder / f"{code}.yaml").write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    return folder


def make(root: Path, *symbols: str, settings: str = "") -> Path:
    """Make a project with documents that are released at the same moment."""
    root.mkdir(parents=True, exist_ok=True)
    (root / "publish.yaml").write_text(f"languages: [{', '.join(LANGUAGES)}]\n{settings}", encoding="utf-8")
    for symbol in symbols:
        document(root, symbol)
    return root


def stock(
    project: project.Project,
    orders: Sequence[tuple[Resolution, str]],
    style: press.Style,
) -> Iterator[tuple[int, Pdf]]:
    """Typeset nothing, but give for each text some bytes of its own, at once."""
    for number, (found, code) in enumerate(orders):
        data = b"%PDF-1.7\n" + hashlib.sha256(repr(found.wordings).encode()).hexdigest().encode() * 50
        yield number, Pdf(f"{found.facts.symbol.file_name}-{code.upper()}", code, data, 1)


def house(root: Path, crew: press.Crew = stock) -> settle.House:
    """Open a project as the command does."""
    found = project.load(root)
    place = store.store(found.settings.issued, root)
    return settle.House(press.Desk(found), register.Register(found.register), place, crew)


def issuing(
    one: settle.House | Path, now: datetime.datetime = AFTER, ask: issue.Ask = issue.ALL_DUE, *folders: Path
) -> issue.Run:
    """Issue what is due, or what is named."""
    one = house(one) if isinstance(one, Path) else one
    if folders:
        ask = ask._replace(named=True)
    return issue.issue(one, folders or press.resolutions(one.desk.project), now, ask)


def symbols(found: Sequence[Any]) -> list[str]:
    """Give the symbols of entries."""
    return [one.symbol for one in found]


def codes(run: issue.Run) -> list[str]:
    """Give the codes of what was found."""
    return [one.code for one in run.findings]


def files(folder: Path, *, but: tuple[str, ...] = ()) -> dict[str, bytes]:
    """Give every file below a folder with what it holds, but for those of the register and its locks."""
    but = (*but, "register.sqlite", ".locks")
    paths = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    named = {str(path.relative_to(folder)): path for path in paths}
    return {name: path.read_bytes() for name, path in named.items() if not name.startswith(but)}


def whole(folder: Path) -> bool:
    """Tell whether a folder of the output holds a whole document: a manifest, and just what it tells of."""
    data = json.loads((folder / "manifest.json").read_bytes())
    told = {one["name"]: one["sha256"] for one in data["files"]}
    there = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}
    there.pop("manifest.json")
    return len(told) == len(LANGUAGES) and told == there


def timeless(issues: Sequence[Any]) -> list[Any]:
    """Give entries without the moments at which they were issued."""
    return sorted((replace(one, issued=RELEASE) for one in issues), key=lambda one: (one.symbol, one.serial))
