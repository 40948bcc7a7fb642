"""Each wording by the rules of its language: what is wrong is found, and what can be mended is mended."""

from __future__ import annotations

import datetime
import json
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from conftest import LANGUAGES, ROOT
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from publish.text import form, mend, resolution

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from publish.desk.press import Desk
    from publish.finding import Finding
    from publish.text.language import Language
    from publish.text.resolution import Resolution

SAMPLE = ROOT / "resolutions" / "A_RES_56_149"
FACTS = {
    "symbol": "A/RES/80/1",
    "session": "80",
    "adopted": {"date": "2025-09-15", "meeting": "3"},
    "report": {"symbols": ["A/80/L.1"]},
    "distribution": "general",
    "distributed": "2025-09-18",
    "job_number": "25-14701",
}

# Texts in which nothing is wrong; the tests put others in their places.
SOUND = {
    "ar": {
        "title": "تعزيز التعاون الدولي",
        "preambular": "*إذ تشير* إلى قرارها 55/109،",
        "operative": "*تطلب* تقديم تقرير شامل؛",
        "last": "*تقرر* مواصلة النظر في هذه المسألة.",
    },
    "zh": {
        "title": "加强国际合作",
        "preambular": "*回顾*其第55/109号决议，",
        "operative": "*请*秘书长提出报告；",
        "last": "*决定*继续审议这一问题。",
    },
    "en": {
        "title": "Cooperation among libraries",
        "preambular": "*Recalling* its resolution 55/109,",
        "operative": "*Requests* the Secretary-General to report;",
        "last": "*Decides* to continue its consideration of the question.",
    },
    "fr": {
        "title": "Renforcement de la coopération",
        "preambular": "*Rappelant* sa résolution 55/109,",
        "operative": "*Prie* le Secrétaire général de faire rapport;",
        "last": "*Décide* de poursuivre l’examen de la question.",
    },
    "ru": {
        "title": "Укрепление сотрудничества",
        "preambular": "*ссылаясь* на свою резолюцию 55/109,",
        "operative": "*просит* Генерального секретаря представить доклад;",
        "last": "*постановляет* продолжить рассмотрение этого вопроса.",
    },
    "es": {
        "title": "Fortalecimiento de la cooperación",
        "preambular": "*Recordando* su resolución 55/109,",
        "operative": "*Pide* al Secretario General que presente un informe;",
        "last": "*Decide* continuar el examen de la cuestión.",
    },
}

# What each language writes at the end of preambular, operative and last paragraphs, and before items.
ENDS = {"ar": "،؛.:", "zh": "，；。：", "en": ",;.:", "fr": ",;.:", "ru": ",;.:", "es": ",;.:"}

# Wrong words inside of a paragraph, and the right ones, which come by themselves.
INSIDE = {
    "ar": [
        ("C207", "هذا  التقرير كله", "هذا التقرير كله"),
        ("C207", "هذا التقرير ، كله", "هذا التقرير، كله"),
        ("C207", "هذا التقرير : كله", "هذا التقرير: كله"),
        ("C207", "هذا ( التقرير) كله", "هذا (التقرير) كله"),
        ("C207", "هذا (التقرير ) كله", "هذا (التقرير) كله"),
        ("C207", "هذا التقرير،كله هنا", "هذا التقرير، كله هنا"),
        ("C207", "هذا التقرير؛كله هنا", "هذا التقرير؛ كله هنا"),
        ("C207", "هذا التقرير, كله", "هذا التقرير، كله"),
        ("C207", "هذا التقرير; كله", "هذا التقرير؛ كله"),
        ("C207", "هذا التقرير? كله", "هذا التقرير؟ كله"),
        ("C208", "هذا التقرير،[^first] كله", "هذا التقرير[^first]، كله"),
        ("C215", "من الامم المتحدة كلها", "من الأمم المتحدة كلها"),
        ("C215", "من حقوق الانسان كلها", "من حقوق الإنسان كلها"),
    ],
    "zh": [
        ("C206", '题为"报告"的文件', "题为“报告”的文件"),
        ("C207", "提出报告,文件等", "提出报告，文件等"),
        ("C207", "提出报告;文件等", "提出报告；文件等"),
        ("C207", "提出报告:文件等", "提出报告：文件等"),
        ("C207", "提出报告?文件等", "提出报告？文件等"),
        ("C207", "提出报告 ，文件等", "提出报告，文件等"),
        ("C207", "提出报告 、文件等", "提出报告、文件等"),
        ("C207", "题为“ 报告”的文件", "题为“报告”的文件"),
        ("C207", "题为“报告 ”的文件", "题为“报告”的文件"),
        ("C207", "题为《 报告》的文件", "题为《报告》的文件"),
        ("C207", "提出报告  文件等", "提出报告 文件等"),
        ("C215", "提交联合国大會报告", "提交联合国大会报告"),
        ("C215", "提交聯合國报告", "提交联合国报告"),
    ],
    "en": [
        ("C206", 'the "report" itself', "the “report” itself"),
        ("C206", "that State's report", "that State’s report"),
        ("C207", "the  report itself", "the report itself"),
        ("C207", "the report , itself", "the report, itself"),
        ("C207", "the report ; itself", "the report; itself"),
        ("C207", "the ( report) itself", "the (report) itself"),
        ("C207", "the (report ) itself", "the (report) itself"),
        ("C207", "the “ report” itself", "the “report” itself"),
        ("C207", "the “report ” itself", "the “report” itself"),
        ("C207", "the report,itself here", "the report, itself here"),
        ("C207", "the report:itself here", "the report: itself here"),
        ("C208", "the report[^first], itself", "the report,[^first] itself"),
        ("C208", "the report[^first]; itself", "the report;[^first] itself"),
        ("C215", "forty percent here", "forty per cent here"),
        ("C215", "the General assembly here", "the General Assembly here"),
    ],
    "fr": [
        ("C206", 'le "rapport" même', "le «\u00a0rapport\u00a0» même"),
        ("C206", "avant l'examen même", "avant l’examen même"),
        ("C207", "le  rapport même", "le rapport même"),
        ("C207", "le rapport , même", "le rapport, même"),
        ("C207", "le ( rapport) même", "le (rapport) même"),
        ("C207", "le (rapport ) même", "le (rapport) même"),
        ("C207", "le rapport,même ici", "le rapport, même ici"),
        ("C207", "le rapport: même", "le rapport : même"),
        ("C207", "le rapport :même ici", "le rapport : même ici"),
        ("C207", "le « rapport» même", "le « rapport » même"),
        ("C207", "le «rapport » même", "le « rapport » même"),
        ("C208", "le rapport,[^first] même", "le rapport[^first], même"),
        ("C215", "des Etats Membres", "des États Membres"),
        ("C215", "aux Nations unies mêmes", "aux Nations Unies mêmes"),
    ],
    "ru": [
        ("C206", 'этот "доклад" здесь', "этот «доклад» здесь"),
        ("C206", "доклад Кот-д'Ивуара здесь", "доклад Кот-д’Ивуара здесь"),
        ("C207", "этот  доклад здесь", "этот доклад здесь"),
        ("C207", "этот доклад , здесь", "этот доклад, здесь"),
        ("C207", "этот ( доклад) здесь", "этот (доклад) здесь"),
        ("C207", "этот « доклад» здесь", "этот «доклад» здесь"),
        ("C207", "этот «доклад » здесь", "этот «доклад» здесь"),
        ("C207", "этот доклад,здесь же", "этот доклад, здесь же"),
        ("C207", "этот доклад— здесь", "этот доклад — здесь"),
        ("C207", "этот доклад —здесь же", "этот доклад — здесь же"),
        ("C208", "этот доклад,[^first] здесь", "этот доклад[^first], здесь"),
        ("C215", "из Объединённых Наций", "из Объединенных Наций"),
        ("C215", "сам Генеральный Секретарь здесь", "сам Генеральный секретарь здесь"),
    ],
    "es": [
        ("C206", 'el "informe" mismo', "el “informe” mismo"),
        ("C206", "antes de Côte d'Ivoire", "antes de Côte d’Ivoire"),
        ("C207", "el  informe mismo", "el informe mismo"),
        ("C207", "el informe , mismo", "el informe, mismo"),
        ("C207", "el informe : mismo", "el informe: mismo"),
        ("C207", "el ( informe) mismo", "el (informe) mismo"),
        ("C207", "el “ informe” mismo", "el “informe” mismo"),
        ("C207", "¿ qué informe? mismo", "¿qué informe? mismo"),
        ("C207", "¡ qué informe! mismo", "¡qué informe! mismo"),
        ("C207", "el informe,mismo aquí", "el informe, mismo aquí"),
        ("C208", "el informe,[^first] mismo", "el informe[^first], mismo"),
        ("C215", "el periodo de sesiones", "el período de sesiones"),
        ("C215", "las Naciones unidas mismas", "las Naciones Unidas mismas"),
    ],
}

# Whole texts that are mended by themselves, at their place.
WHOLE = {
    "ar": [("C210", "title", "تعزيز التعاون الدولي.", "تعزيز التعاون الدولي")],
    "zh": [("C210", "title", "加强国际合作。", "加强国际合作")],
    "en": [
        ("C203", "preambular", "*recalling* its resolution 55/109,", "*Recalling* its resolution 55/109,"),
        ("C203", "operative", "*requests* a report;", "*Requests* a report;"),
        ("C210", "title", "Cooperation among libraries.", "Cooperation among libraries"),
        ("C210", "title", "Cooperation among libraries;[^first]", "Cooperation among libraries[^first]"),
    ],
    "fr": [
        ("C203", "preambular", "*soulignant* sa résolution 55/109,", "*Soulignant* sa résolution 55/109,"),
        ("C203", "operative", "*prie* les États de faire rapport;", "*Prie* les États de faire rapport;"),
        ("C203", "last", "*réaffirme* sa résolution 55/109.", "*Réaffirme* sa résolution 55/109."),
        ("C210", "title", "Renforcement de la coopération.", "Renforcement de la coopération"),
    ],
    "ru": [
        ("C203", "preambular", "*Ссылаясь* на резолюцию 55/109,", "*ссылаясь* на резолюцию 55/109,"),
        ("C203", "operative", "*Просит* представить доклад;", "*просит* представить доклад;"),
        ("C210", "title", "Укрепление сотрудничества,", "Укрепление сотрудничества"),
    ],
    "es": [
        ("C203", "preambular", "*recordando* su resolución 55/109,", "*Recordando* su resolución 55/109,"),
        ("C203", "operative", "*pide* un informe;", "*Pide* un informe;"),
        ("C210", "title", "Fortalecimiento de la cooperación:", "Fortalecimiento de la cooperación"),
    ],
}

# Texts that somebody has to decide on, at their place; the second is what may come of it.
DECIDED = {
    "ar": [
        (["C202"], "preambular", "إذ تشير إلى قرارها 55/109،", "*إذ تشير* إلى قرارها 55/109،"),
        (["C202"], "operative", "*تحيط* علما مع التقدير بالتقرير؛", "*تحيط علما مع التقدير* بالتقرير؛"),
        (["C206"], "operative", '*تطلب* تقديم "تقرير؛', "*تطلب* تقديم تقرير؛"),
        (["C206", "C206"], "operative", "*تطلب* تقديم «التقرير» كله؛", "*تطلب* تقديم “التقرير” كله؛"),
        (["C206"], "operative", "*تطلب* تقديم “التقرير كله؛", "*تطلب* تقديم “التقرير” كله؛"),
        (["C211"], "operative", "*تقرر* أن تبقي المسألة قيد نظرها؛", "*تقرر* أن تواصل النظر فيها؛"),
    ],
    "zh": [
        (["C202"], "preambular", "回顾其第55/109号决议，", "*回顾*其第55/109号决议，"),
        (["C202"], "operative", "*赞赏*地注意到这份报告；", "*赞赏地注意到*这份报告；"),
        (["C206"], "operative", '*请*秘书长提出"报告；', "*请*秘书长提出报告；"),
        (["C206", "C206"], "operative", "*请*秘书长提出«报告»等；", "*请*秘书长提出“报告”等；"),
        (["C206"], "operative", "*请*秘书长提出报告”等；", "*请*秘书长提出“报告”等；"),
        (["C211"], "operative", "*决定*继续处理此案；", "*决定*继续审议；"),
    ],
    "en": [
        (["C202"], "preambular", "Recalling its resolution 55/109,", "*Recalling* its resolution 55/109,"),
        (["C202"], "operative", "*Takes* note of the report;", "*Takes note* of the report;"),
        (["C206"], "operative", '*Requests* the "report;', "*Requests* the report;"),
        (["C206", "C206"], "operative", "*Requests* the «report» itself;", "*Requests* the “report” itself;"),
        (["C206"], "operative", "*Requests* the “report itself;", "*Requests* the “report” itself;"),
        (["C206"], "operative", "*Requests* the report” itself;", "*Requests* the “report” itself;"),
        (["C210"], "title", "COOPERATION AMONG LIBRARIES", "Cooperation among libraries"),
        (["C211"], "operative", "*Decides* to remain seized of the matter;", "*Decides* to go on;"),
    ],
    "fr": [
        (["C202"], "preambular", "Rappelant sa résolution 55/109,", "*Rappelant* sa résolution 55/109,"),
        (["C202"], "operative", "*Prie* instamment les États;", "*Prie instamment* les États;"),
        (["C206"], "operative", '*Prie* de faire "rapport;', "*Prie* de faire rapport;"),
        (["C206"], "operative", "*Prie* de faire „rapport” ici;", "*Prie* de faire « rapport » ici;"),
        (["C206"], "operative", "*Prie* de faire « rapport ici;", "*Prie* de faire « rapport » ici;"),
        (["C210"], "title", "RENFORCEMENT DE LA COOPÉRATION", "Renforcement de la coopération"),
        (["C211"], "operative", "*Décide* de rester saisie de la question;", "*Décide* de continuer;"),
    ],
    "ru": [
        (["C202"], "preambular", "ссылаясь на резолюцию 55/109,", "*ссылаясь* на резолюцию 55/109,"),
        (["C202"], "operative", "*принимает* к сведению доклад;", "*принимает к сведению* доклад;"),
        (["C206"], "operative", '*просит* представить "доклад;', "*просит* представить доклад;"),
        (["C206"], "operative", "*просит* представить “доклад” здесь;", "*просит* представить «доклад» здесь;"),
        (["C206"], "operative", "*просит* представить доклад» здесь;", "*просит* представить «доклад» здесь;"),
        (["C210"], "title", "УКРЕПЛЕНИЕ СОТРУДНИЧЕСТВА", "Укрепление сотрудничества"),
        (["C211"], "operative", "*постановляет* заниматься этим вопросом;", "*постановляет* продолжить;"),
    ],
    "es": [
        (["C202"], "preambular", "Recordando su resolución 55/109,", "*Recordando* su resolución 55/109,"),
        (["C202"], "operative", "*Acoge* con satisfacción el informe;", "*Acoge con satisfacción* el informe;"),
        (["C206"], "operative", '*Pide* el "informe;', "*Pide* el informe;"),
        (["C206", "C206"], "operative", "*Pide* el «informe» mismo;", "*Pide* el “informe” mismo;"),
        (["C206"], "operative", "*Pide* el “informe mismo;", "*Pide* el “informe” mismo;"),
        (["C210"], "title", "FORTALECIMIENTO DE LA COOPERACIÓN", "Fortalecimiento de la cooperación"),
        (["C211"], "operative", "*Decide* seguir ocupándose de la cuestión;", "*Decide* continuar;"),
    ],
}

# Openings that are nearly one of the language's, and the one that is meant.
NEAR = [
    ("ar", "preambular", "*إذ تشر* إلى قرارها 55/109،", "إذ تشير"),
    ("ar", "operative", "*تحيد علما* بالتقرير؛", "تحيط علما"),
    ("zh", "preambular", "*着重支出*这份报告，", "着重指出"),
    ("zh", "operative", "*满意的注意到*这份报告；", "满意地注意到"),
    ("en", "preambular", "*Recaling* its resolution 55/109,", "Recalling"),
    ("en", "operative", "*Requets* a report;", "Requests"),
    ("fr", "preambular", "*Rapelant* sa résolution 55/109,", "Rappelant"),
    ("fr", "operative", "*Réafirme* sa résolution 55/109;", "Réaffirme"),
    ("ru", "preambular", "*ссылась* на резолюцию 55/109,", "ссылаясь"),
    ("ru", "operative", "*просет* представить доклад;", "просит"),
    ("es", "preambular", "*Recodando* su resolución 55/109,", "Recordando"),
    ("es", "operative", "*Pidde* un informe;", "Pide"),
]

# Texts in which nothing is wrong, though they look like it.
FREE = [
    ("ar", "operative", "*تطلب* تقديم 5,000 تقرير (انظر A/80/1) الآن؛"),
    ("ar", "preambular", "*وإذ تشير أيضا* إلى قرارها 55/109[^first]،"),
    ("zh", "operative", "*请*秘书长在10:30提出12,000份报告(见A/80/1)；"),
    ("zh", "preambular", "*回顾*其决议[^first]，又回顾其报告，[^first]"),
    ("zh", "operative", "*请*秘书长提出“《报告》和‘文件’”；"),
    ("zh", "operative", "*请*UNESCO,ICAO等提出报告；"),
    ("ar", "operative", "*تطلب إلى* (UNESCO, ICAO) تقديم تقرير؛"),
    ("en", "operative", "*Requests* the percentages, the 10:30 train and ‘“both”’;"),
    ("en", "operative", "*Requests* what https://undocs.org/a,b;c has to say;"),
    ("en", "operative", "*Requests* [what stands there](https://undocs.org/a,b;c) in full;"),
    ("en", "operative", "*Requests the Secretary-General* to report;"),
    ("en", "operative", "*REQUESTS* a report;"),
    ("en", "last", "*Decides* to answer “the question.”"),
    ("en", "last", "*Decides* to remain seized of the matter."),
    ("en", "title", "UNESCO"),
    ("fr", "operative", "*Prie* les États-Unis de l’Etatique ; de l’ONU : ici;"),
    ("fr", "operative", "*Prie* de faire « rapport », « “ici” »;"),
    ("ru", "operative", "*просит* представить доклад — «„весь“» — здесь;"),
    ("ru", "last", "*постановляет* продолжать заниматься этим вопросом."),
    ("es", "operative", "*Pide* el informe: ¿qué informe?; ¡este!;"),
]

# The marker of a paragraph, and those of three levels of items.
MARKERS = {
    "ar": ("1 - ", "(أ) ", "’1‘ ", "أ - "),
    "zh": ("1. ", "(a) ", "(一) ", "a. "),
    "en": ("12. ", "(a) ", "(ii) ", "c. "),
    "fr": ("1. ", "a) ", "ii) ", "c. "),
    "ru": ("1. ", "(a) ", "(i) ", "a. "),
    "es": ("3. ", "b) ", "i) ", "a. "),
}

# The marks at the ends of a text, its item (a), its item (b) with items (i) and (ii), and its item (c), as English
# writes them; and which of them are wrong.
ITEMS = [
    ("preambular", ":,:;;,", []),
    ("preambular", ":;:;;,", []),
    ("preambular", ",;:;;,", [""]),
    ("preambular", ":.:;;,", [", item (a)"]),
    ("preambular", ":;:;;.", [", item (c)"]),
    ("operative", ":;:;;;", []),
    ("operative", ".;:;;;", [""]),
    ("operative", ":,:;;;", [", item (a)"]),
    ("operative", ":;;;;;", [", item (b)"]),
    ("operative", ":;:,;;", [", item (b)(i)"]),
    ("operative", ":;:;.;", [", item (b)(ii)"]),
    ("operative", ":;:;;.", [", item (c)"]),
    ("operative", ";,.,.,", ["", ", item (a)", ", item (b)", ", item (b)(i)", ", item (b)(ii)", ", item (c)"]),
    ("last", ":;:;;.", []),
    ("last", ":;:;;;", [", item (c)"]),
    ("last", ":;:;..", [", item (b)(ii)"]),
]

# The marks at the ends of the two paragraphs of section I and the one of section II, as English writes them.
SECTIONS = [
    (";;.", []),
    (";..", []),
    (".;.", ["section I, operative paragraph 1"]),
    (";,.", ["section I, operative paragraph 2"]),
    (";;;", ["section II, operative paragraph 3"]),
    (",.,", ["section I, operative paragraph 1", "section II, operative paragraph 3"]),
]

DAYS = [
    ("80", "2025-09-01", []),
    ("80", "2026-09-30", []),
    ("80", "2025-08-31", ["C214"]),
    ("80", "2026-10-01", ["C214"]),
    ("1", "1946-01-10", []),
    ("1", "1945-12-31", ["C214"]),
    ("2", "1947-08-31", ["C214"]),
    ("S-26", "2001-06-27", []),
    ("ES-11", "2022-03-02", []),
]


# ---- Writing and reading sources


def blocks(data: Any, indent: str = "") -> str:
    """Write data with each text in a block of its own, where every character stands as it is read."""
    if isinstance(data, str):
        return f" >-\n{indent}  {data}\n"
    pairs = data.items() if isinstance(data, dict) else ((None, one) for one in data)
    lines = []
    for key, value in pairs:
        head = f"{indent}-" if key is None else f"{indent}{key}:"
        lines.append(head + (blocks(value, indent) if isinstance(value, str) else f"\n{blocks(value, indent + '  ')}"))
    return "".join(lines)


def write(folder: Path, sources: Mapping[str, str], **facts: object) -> Path:
    """Write a resolution: its facts, a key a line, and the source of each language; gives its folder."""
    known = FACTS | {"languages": list(sources), "original": next(iter(sources))} | facts
    own = folder / str(known["symbol"]).replace("/", "_")
    own.mkdir(parents=True, exist_ok=True)
    lines = [f"{key}: {json.dumps(value)}\n" for key, value in known.items()]
    (own / "resolution.yaml").write_text("".join(lines), encoding="utf-8")
    for language, source in sources.items():
        (own / f"{language}.yaml").write_bytes(source.encode())
    return own


def read(desk: Desk, folder: Path, only: Sequence[str] = ()) -> Resolution:
    """Read a resolution in which no source is faulty."""
    return resolution.load(folder, desk.house, only)[0]


def spoken(desk: Desk, found: Resolution) -> dict[str, Language]:
    """Give the languages of a resolution."""
    return {code: desk.language(code, found.facts.edition) for code in found.wordings}


def formed(desk: Desk, folder: Path) -> list[Finding]:
    """Give what is found in the form of a resolution."""
    found = read(desk, folder)
    return list(form.form(found, spoken(desk, found)))


def wording(language: str, *operative: str, **texts: Any) -> dict[str, Any]:
    """Give a sound wording of a language with other texts in some places, and other operative paragraphs."""
    words = SOUND[language] | texts
    data = {
        "title": words["title"],
        "preamble": [words["preambular"]],
        "operative": [*(operative or [words["operative"]]), words["last"]],
    }
    return data | ({"notes": {"first": "A/80/1"}} if "[^first]" in str(data) else {})


def codes(findings: Iterable[Finding]) -> list[str]:
    return [finding.code for finding in findings]


def mended(findings: Iterable[Finding]) -> int:
    """Write the fixes of findings into their files; gives how many files that changes."""
    changes = list(mend.mend(findings))
    for change in changes:
        change.path.write_bytes(change.after.encode())
    return len(changes)


def typed(folder: Path, language: str) -> Any:
    """Give what a source says now."""
    return yaml.safe_load((folder / f"{language}.yaml").read_text(encoding="utf-8"))


def ended(language: str, text: str, mark: str) -> str:
    """Give a text with a mark at its end, before which French has a space where it is a colon."""
    return f"{text} {mark}" if (language, mark) == ("fr", ":") else f"{text}{mark}"


def inside(language: str, *fragments: str) -> str:
    """Give an operative paragraph that holds some words."""
    opening, _, rest = SOUND[language]["operative"].rpartition("*")
    joint = "，" if language == "zh" else " "
    return f"{opening}*{joint.strip('，')}{joint.join([*fragments, rest.strip()])}"


# ---- Texts


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_sample_has_the_form_of_its_language(desk: Desk, language: str) -> None:
    """In A/RES/56/149 nothing is found, in any language."""
    found = read(desk, SAMPLE, [language])
    assert [language] == list(found.wordings)
    assert [] == list(form.form(found, spoken(desk, found)))


@pytest.mark.parametrize(
    ("language", "code", "wrong", "right"), [(language, *row) for language in LANGUAGES for row in INSIDE[language]]
)
def test_words_that_are_mended(  # noqa: PLR0913  # the columns of a table
    desk: Desk, tmp_path: Path, language: str, code: str, wrong: str, right: str
) -> None:
    """Each wrong word, space or mark inside of a text is found, and its fix gives the right one, which is sound."""
    folder = write(tmp_path, {language: blocks(wording(language, operative=inside(language, wrong)))})
    findings = formed(desk, folder)
    assert {code} == set(codes(findings))
    assert 1 == mended(findings)
    assert wording(language, operative=inside(language, right)) == typed(folder, language)
    assert [] == formed(desk, folder)


@pytest.mark.parametrize(
    ("language", "code", "key", "wrong", "right"),
    [(language, *row) for language in LANGUAGES for row in WHOLE[language]],
)
def test_texts_that_are_mended(  # noqa: PLR0913  # the columns of a table
    desk: Desk, tmp_path: Path, language: str, code: str, key: str, wrong: str, right: str
) -> None:
    """A first letter of the wrong case and a mark that ends a title are mended, each in its language."""
    folder = write(tmp_path, {language: blocks(wording(language, **{key: wrong}))})
    findings = formed(desk, folder)
    assert [(code, "warning")] == [(one.code, one.severity) for one in findings]
    assert 1 == mended(findings)
    assert wording(language, **{key: right}) == typed(folder, language)
    assert [] == formed(desk, folder)


@pytest.mark.parametrize(
    ("language", "expected", "key", "wrong", "right"),
    [(language, *row) for language in LANGUAGES for row in DECIDED[language]],
)
def test_texts_that_somebody_decides_on(  # noqa: PLR0913  # the columns of a table
    desk: Desk, tmp_path: Path, language: str, expected: list[str], key: str, wrong: str, right: str
) -> None:
    """What has more than one remedy is found and carries no fix; where somebody has mended it, nothing is found."""
    folder = write(tmp_path, {language: blocks(wording(language, **{key: wrong}))})
    findings = formed(desk, folder)
    assert expected == codes(findings)
    assert {None} == {finding.fix for finding in findings}
    assert [] == formed(desk, write(tmp_path, {language: blocks(wording(language, **{key: right}))}))


@pytest.mark.parametrize(("language", "key", "text"), FREE)
def test_texts_that_look_wrong(desk: Desk, tmp_path: Path, language: str, key: str, text: str) -> None:
    """Numbers, addresses, calls of notes and inner quotations are taken for what they are."""
    folder = write(tmp_path, {language: blocks(wording(language, **{key: text}))})
    assert [] == formed(desk, folder)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_of_a_locale_is_mended(desk: Desk, tmp_path: Path, language: str) -> None:
    """Each word that documents write otherwise is found in the middle of a text, and mended."""
    words = desk.language(language, "2013").words.form.words
    assert 3 < len(words)
    for wrong, right in words.items():
        folder = write(tmp_path, {language: blocks(wording(language, operative=inside(language, wrong)))})
        findings = formed(desk, folder)
        assert ["C215"] == codes(findings)
        assert 1 == mended(findings)
        assert wording(language, operative=inside(language, right)) == typed(folder, language)
        assert [] == formed(desk, folder)


# ---- Openings


@pytest.mark.parametrize(("language", "key", "wrong", "meant"), NEAR)
def test_an_opening_that_is_nearly_right(  # noqa: PLR0913  # the columns of a table
    desk: Desk, tmp_path: Path, language: str, key: str, wrong: str, meant: str
) -> None:
    """Opening words that the language does not know are found, and the nearest known ones are suggested."""
    folder = write(tmp_path, {language: blocks(wording(language, **{key: wrong}))})
    (finding,) = formed(desk, folder)
    assert ("C201", f"did you mean '{meant}'?", None) == (finding.code, finding.hint, finding.fix)


@pytest.mark.parametrize("language", LANGUAGES)
def test_openings_belong_to_their_kind(desk: Desk, tmp_path: Path, language: str) -> None:
    """Every opening of the locale is known at its kind of paragraph."""
    openings = desk.language(language, "2013").words.openings
    gap = "" if language == "zh" else " "
    data = wording(language) | {
        "preamble": [f"*{words}*{gap}{ENDS[language][0]}" for words in openings.preambular],
        "operative": [*(f"*{words}*{gap}{ENDS[language][1]}" for words in openings.operative), SOUND[language]["last"]],
    }
    found = formed(desk, write(tmp_path, {language: blocks(data)}))
    assert [] == [finding for finding in found if finding.code in {"C201", "C202", "C203"}]


@pytest.mark.parametrize("language", ["ar", "zh"])
def test_a_script_without_case_has_no_wrong_one(desk: Desk, tmp_path: Path, language: str) -> None:
    """A small Latin letter at the beginning is an unknown opening in Arabic and Chinese, and no wrong case."""
    text = f"*requests*{SOUND[language]['operative'][-1]}"
    folder = write(tmp_path, {language: blocks(wording(language, operative=text))})
    assert ["C201"] == [code for code in codes(formed(desk, folder)) if code in {"C201", "C203"}]


# ---- Ends


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("place", "key"), [(0, "preambular"), (1, "operative"), (2, "last")])
def test_the_end_of_a_paragraph(desk: Desk, tmp_path: Path, language: str, place: int, key: str) -> None:
    """Of all marks, and of none, just that of its kind may end a paragraph, and any other is mended to it."""
    right = SOUND[language][key]
    assert ENDS[language][place] == right[-1]
    for mark in ("", *ENDS[language][: 3 if language == "fr" else 4]):
        folder = write(tmp_path, {language: blocks(wording(language, **{key: right[:-1] + mark}))})
        findings = formed(desk, folder)
        assert ([] if mark == right[-1] else ["C204"]) == codes(findings)
        mended(findings)
        assert wording(language) == typed(folder, language)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("number", range(len(ITEMS)))
def test_the_ends_of_items(desk: Desk, tmp_path: Path, language: str, number: int) -> None:
    """A colon is before items, and each item ends as a paragraph there would; what does not is named, and mended."""
    key, pattern, wrong = ITEMS[number]
    marks = pattern.translate(str.maketrans(",;.:", ENDS[language]))
    words = SOUND[language]["title"]
    texts = [ended(language, words, mark) for mark in marks]
    items = [texts[1], {"text": texts[2], "items": texts[3:5]}, texts[5]]
    text = {"text": ended(language, SOUND[language][key][:-1], marks[0]), "items": items}
    folder = write(tmp_path, {language: blocks(wording(language, **{key: text}))})
    findings = formed(desk, folder)
    name = {"preambular": "preambular paragraph 1", "operative": "operative paragraph 1"}.get(key)
    expected = [f"{name or 'operative paragraph 2'}{one}" for one in wrong]
    assert expected == [finding.message.partition(" ends with")[0] for finding in findings]
    assert {"C204"} >= set(codes(findings))
    mended(findings)
    assert [] == [finding for finding in formed(desk, folder) if finding.code == "C204"]


def test_a_colon_at_the_end_of_a_french_text(desk: Desk, tmp_path: Path) -> None:
    """The space before a colon is there before items, too, and put there."""
    text = {"text": "*Prie* l’Assemblée:", "items": ["De donner;", "De prêter;"]}
    folder = write(tmp_path, {"fr": blocks(wording("fr", operative=text))})
    findings = formed(desk, folder)
    assert ["C207"] == codes(findings)
    mended(findings)
    assert wording("fr", operative=text | {"text": "*Prie* l’Assemblée :"}) == typed(folder, "fr")
    assert [] == formed(desk, folder)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("pattern", "wrong"), SECTIONS)
def test_the_ends_of_sections(desk: Desk, tmp_path: Path, language: str, pattern: str, wrong: list[str]) -> None:
    """The last paragraph of a section may end the sentence or go on; that of the whole ends it."""
    marks = pattern.translate(str.maketrans(",;.", ENDS[language][:3]))
    first, second, last = (SOUND[language]["operative"][:-1] + mark for mark in marks)
    data = {"title": SOUND[language]["title"], "sections": [{"operative": [first, second]}, {"operative": [last]}]}
    folder = write(tmp_path, {language: blocks(data)})
    findings = formed(desk, folder)
    assert wrong == [finding.message.partition(" ends with")[0] for finding in findings]
    mended(findings)
    assert [] == formed(desk, folder)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_last_paragraph_of_a_part(desk: Desk, tmp_path: Path, language: str) -> None:
    """Each lettered part may end its sentence."""
    words = SOUND[language]
    part = {"title": words["title"], "operative": [words["operative"], words["last"]]}
    data = {"title": words["title"], "parts": [part, part]}
    assert [] == formed(desk, write(tmp_path, {language: blocks(data)}))


# ---- Markers


@pytest.mark.parametrize("language", LANGUAGES)
def test_markers_that_are_typed(desk: Desk, tmp_path: Path, language: str) -> None:
    """Numbers and letters of all levels that come by themselves are errors where they are typed, and taken out."""

    def text(paragraph: str, first: str, second: str, third: str) -> dict[str, Any]:
        words, (*_, semicolon, _, colon) = SOUND[language], ENDS[language]
        deep = {
            "text": ended(language, f"{second}{words['title']}", colon),
            "items": [f"{third}{words['title']}{semicolon}"],
        }
        item = {"text": ended(language, f"{first}{words['title']}", colon), "items": [deep]}
        return {"text": ended(language, f"{paragraph}{words['operative'][:-1]}", colon), "items": [item]}

    folder = write(tmp_path, {language: blocks(wording(language, operative=text(*MARKERS[language])))})
    findings = formed(desk, folder)
    assert [("C205", "error")] * 4 == [(finding.code, finding.severity) for finding in findings]
    assert 1 == mended(findings)
    assert wording(language, operative=text("", "", "", "")) == typed(folder, language)
    assert [] == formed(desk, folder)


def test_a_marker_inside_the_emphasis_is_typed_too(desk: Desk, tmp_path: Path) -> None:
    """A number within the opening emphasis is taken out of it."""
    folder = write(tmp_path, {"en": blocks(wording("en", operative="*1. Requests* a report;"))})
    findings = formed(desk, folder)
    assert ["C205"] == codes(findings)
    mended(findings)
    assert wording("en", operative="*Requests* a report;") == typed(folder, "en")


# ---- Facts


@pytest.mark.parametrize(
    ("distribution", "expected"), [("general", []), ("limited", ["C209"]), ("restricted", ["C209"])]
)
def test_the_distribution_of_a_resolution(desk: Desk, tmp_path: Path, distribution: str, expected: list[str]) -> None:
    """A resolution is for general distribution."""
    folder = write(tmp_path, {"en": blocks(wording("en"))}, distribution=distribution)
    assert expected == codes(formed(desk, folder))


ORDER = {"adopted": "2025-09-15", "distributed": "2025-09-18", "issued": "2025-09-19"}
ORDER |= {"release": "2025-09-20T10:00:00+00:00", "reissued": "2025-09-21"}


@pytest.mark.parametrize("key", list(ORDER)[1:])
def test_dates_are_in_their_order(desk: Desk, tmp_path: Path, key: str) -> None:
    """Two days may be the same; one that is before its predecessor is an error at its own place."""
    facts: dict[str, object] = dict(ORDER) | {"adopted": {"date": ORDER["adopted"], "meeting": "3"}}
    before = ORDER[list(ORDER)[list(ORDER).index(key) - 1]][:10]
    time = "T10:00:00+00:00" if key == "release" else ""
    sources = {"en": blocks(wording("en"))}
    assert [] == formed(desk, write(tmp_path, sources, **facts))
    assert [] == formed(desk, write(tmp_path, sources, **facts | {key: before + time}))
    earlier = datetime.date.fromisoformat(before) - datetime.timedelta(days=1)
    (finding,) = formed(desk, write(tmp_path, sources, **facts | {key: f"{earlier}{time}"}))
    assert finding.place is not None
    assert ("C212", "error", key) == (finding.code, finding.severity, finding.place.excerpt.partition(":")[0])


@pytest.mark.parametrize(("meeting", "expected"), [("1", []), ("200", []), ("201", ["C213"])])
def test_the_number_of_a_meeting(desk: Desk, tmp_path: Path, meeting: str, expected: list[str]) -> None:
    """No session has more than two hundred plenary meetings."""
    adopted = {"date": "2025-09-15", "meeting": meeting}
    folder = write(tmp_path, {"en": blocks(wording("en"))}, adopted=adopted)
    assert expected == codes(formed(desk, folder))


@pytest.mark.parametrize(("session", "day", "expected"), DAYS)
def test_the_day_of_a_session(desk: Desk, tmp_path: Path, session: str, day: str, expected: list[str]) -> None:
    """A regular session lasts from one September to the next, and a special one is at any time."""
    folder = write(
        tmp_path,
        {"en": blocks(wording("en"))},
        symbol=f"A/RES/{session}/2",
        session=session,
        adopted={"date": day, "meeting": "3"},
        distributed=day,
    )
    assert expected == codes(formed(desk, folder))


# ---- All at once


@pytest.mark.parametrize("language", LANGUAGES)
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_a_mended_file_is_not_mended_again(desk: Desk, tmp_path: Path, language: str, data: st.DataObject) -> None:
    """However many faults stand in how many texts, all are mended at once, and a second time changes nothing."""
    rows = st.lists(st.sampled_from(INSIDE[language]), max_size=4)
    chosen = data.draw(st.lists(rows, min_size=1, max_size=4))
    wrong, right = (
        wording(language, *(inside(language, *(row[side] for row in rows)) for rows in chosen)) for side in (1, 2)
    )
    folder = write(tmp_path, {language: blocks(wrong)})
    mended(formed(desk, folder))
    first = (folder / f"{language}.yaml").read_bytes()
    assert right == typed(folder, language)
    assert {None} >= {finding.fix for finding in formed(desk, folder)}
    assert 0 == mended(formed(desk, folder))
    assert first == (folder / f"{language}.yaml").read_bytes()


def test_straight_quotation_marks_in_arabic_become_sound(desk: Desk, tmp_path: Path) -> None:
    """What quotation.outer of the locale writes is what tight_before and tight_after want, and the sample has."""
    folder = write(tmp_path, {"ar": blocks(wording("ar", operative=inside("ar", 'هذا "التقرير" كله')))})
    mended(formed(desk, folder))
    assert wording("ar", operative=inside("ar", "هذا “التقرير” كله")) == typed(folder, "ar")
    assert [] == formed(desk, folder)


def test_a_first_word_of_one_letter(desk: Desk, tmp_path: Path) -> None:
    """The case of a word of one letter is mended inside of its emphasis."""
    folder = write(tmp_path, {"ru": blocks(wording("ru", preambular="*С* беспокойством отмечая это,"))})
    mended(formed(desk, folder))
    assert "*с* беспокойством отмечая это," == typed(folder, "ru")["preamble"][0]
    assert ["C202"] == codes(formed(desk, folder))


def test_a_colon_before_items_in_french(desk: Desk, tmp_path: Path) -> None:
    """The colon that is put before items has its space."""
    text = {"text": "*Prie* les États;", "items": ["De donner;"]}
    folder = write(tmp_path, {"fr": blocks(wording("fr", operative=text))})
    mended(formed(desk, folder))
    assert "*Prie* les États :" == typed(folder, "fr")["operative"][0]["text"]


def test_a_block_text_is_mended_whatever_stands_below(desk: Desk, tmp_path: Path) -> None:
    """The line below a block is no part of it ('ra' stands in 'operative:')."""
    folder = write(tmp_path, {"fr": blocks(wording("fr", preambular="*rappelant* sa résolution 55/109,"))})
    assert [True] == [bool(finding.fix) for finding in formed(desk, folder)]


def test_a_straight_inner_quotation_is_not_half_mended(desk: Desk, tmp_path: Path) -> None:
    """'words' in straight inner marks do not become 'words’."""
    folder = write(tmp_path, {"en": blocks(wording("en", operative="*Requests* the 'report' now;"))})
    mended(formed(desk, folder))
    assert "'report’" not in typed(folder, "en")["operative"][0]


def test_marks_of_preambular_items_on_the_second_level(desk: Desk, tmp_path: Path) -> None:
    """Items of items in a preamble may end with commas, as items there do."""
    deep = {"text": "Two:", "items": ["Three,", "Four,"]}
    text = {"text": "*Recalling*:", "items": ["One,", deep, "Five,"]}
    assert [] == formed(desk, write(tmp_path, {"en": blocks(wording("en", preambular=text))}))


def test_a_marker_in_chinese_has_no_space(desk: Desk, tmp_path: Path) -> None:
    """(a) right before an ideograph is a typed marker."""
    text = {"text": "*请*：", "items": ["(a)报告；"]}
    assert ["C205"] == codes(formed(desk, write(tmp_path, {"zh": blocks(wording("zh", operative=text))})))
