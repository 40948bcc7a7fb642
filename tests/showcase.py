"""A source that shows every construct in six languages, put together from the words of A/RES/56/149."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parent.parent
LANGUAGES = ("ar", "zh", "en", "fr", "ru", "es")
SYMBOL = "A/RES/80/77"

FACTS = {
    "symbol": SYMBOL,
    "session": "80",
    "agenda_items": ["14", "119 (b)", "120"],
    "adopted": {"date": "2025-12-01", "meeting": "61"},
    "report": {"committee": "third", "symbols": ["A/80/583", "Corr.1", "A/80/584"]},
    "distribution": "limited",
    "distributed": "2025-12-08",
    "job_number": "25-19622",
    "issued": "2025-12-10",
    "edition": "2013",
    "paper": "a4",
    "languages": list(LANGUAGES),
    "original": "en",
    "release": "2025-12-10T10:00:00-05:00",
    "reissued": "2025-12-20",
    "vote": {"in_favour": ["FR", "CI", "DZ", "EG", "KR", "LA"], "against": ["US"], "abstaining": ["AF", "GB"]},
    "sponsors": ["BO", "CU", "GH", "IR"],
}


def words(language: str) -> dict[str, Any]:
    """Give the plain data of the sample's wording in a language."""
    path = ROOT / "resolutions" / "A_RES_56_149" / f"{language}.yaml"
    return dict(yaml.safe_load(path.read_text(encoding="utf-8")))


def _bare(text: str) -> str:
    """Leave the note calls of the sample out."""
    while "[^" in text:
        start = text.index("[^")
        text = text[:start] + text[text.index("]", start) + 1 :]
    return text


def wording(language: str, *, parts: bool = False) -> dict[str, Any]:
    """Give a wording with sections, items to four levels, annexes, tables and notes; or one in parts A and B."""
    sample = words(language)
    title, preamble = sample["title"], [_bare(one) for one in sample["preamble"]]
    operative = [_bare(one) for one in sample["operative"]]
    short = [text[:60].rsplit(" ", 1)[0].replace("*", "") for text in operative]
    deep: dict[str, Any] = {"text": short[3]}
    for text in (short[2], short[1], short[0]):
        deep = {"text": text, "items": [deep, {"text": short[4]}]}
    notes = {
        "*": short[5],
        "first": sample["notes"]["commission"],
        "second": f"[{short[6]}](https://www.un.org/) {sample['notes']['vienna']}",
        "third": f"**{short[0]}** *{short[1]}* {short[2]}",
    }
    body: dict[str, Any] = {
        "preamble": [f"{preamble[0]}[^first]", {"text": preamble[1], "items": [short[0], short[1]]}],
        "operative": [
            f"{operative[0]}[^second] {short[1]}[^first]",
            {"text": operative[1], "items": [f"{short[2]}[^third]", deep, short[3]]},
        ],
    }
    sections = [
        {"heading": title, "operative": operative[2:4]},
        {"heading": short[1], "preamble": [preamble[2]], "operative": [operative[4], operative[5]]},
        {"operative": [operative[6]]},
    ]
    annexes = [
        {
            "title": f"{title}[^first]",
            "numbered": "true",
            "body": [
                operative[0],
                {"heading": short[3]},
                {"part": short[4], "body": [operative[1], {"text": operative[2], "items": [short[0], deep]}]},
                {"part": short[5], "body": [{"heading": short[0]}, operative[3]]},
                {
                    "table": {
                        "caption": title,
                        "head": [short[0], short[1], "2001"],
                        "rows": [[short[n % 7], f"A/56/{n}/Add.2", str(n * 1000)] for n in range(1, 30)],
                    }
                },
            ],
        },
        {"title": short[2], "body": [preamble[3], {"table": {"head": [title, "55/109"], "rows": [["", "1"]]}}]},
        {"body": [*preamble[4:], f"{preamble[0]}[^third]"]},
    ]
    data: dict[str, Any] = {"title": f"{title}[^*]", "running_title": short[5], "notes": notes, "annexes": annexes}
    if parts:
        return data | {
            "preamble": [preamble[4]],
            "parts": [{"title": title, **body}, {"title": short[0], "operative": operative[:2], "sections": sections}],
        }
    return data | body | {"sections": sections}


def write(folder: Path, *, parts: bool = False, **facts: Any) -> Path:
    """Write the source into a folder of resolutions; gives its own folder."""
    own = folder / SYMBOL.replace("/", "_")
    own.mkdir(parents=True)
    (own / "resolution.yaml").write_text(json.dumps(FACTS | facts, ensure_ascii=False), encoding="utf-8")
    for language in LANGUAGES:
        data = wording(language, parts=parts)
        (own / f"{language}.yaml").write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    return own
