"""The languages of a resolution beside each other."""

from __future__ import annotations

import json
from copy import deepcopy
from itertools import combinations
from typing import TYPE_CHECKING, Any

import concordance as harness
import pytest
import showcase
from conftest import LANGUAGES

from publish.text import resolution
from publish.text.concordance import side_by_side
from publish.text.outline import outline

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from publish.finding import Finding, Place
    from publish.text.resolution import Resolution

    Wordings = dict[str, dict[str, Any]]

TEXTS: dict[str, list[str]] = {
    "ar": [
        "المكتبات العامة",
        "*إذ تشير* إلى قرارها 70/5 المؤرخ 3 تشرين الأول/أكتوبر 2015[^first]،",
        "*وإذ تلاحظ* أن عدد القراء بلغ 000 116 قارئ في حزيران/يونيه 2014،",
        "*تطلب* إلى الأمين العام أن يقدم إليها تقريرا في دورتها الحادية والثمانين؛",
        "*تدعو* الدول، وفقا للمادة 12 من الميثاق، إلى ما يلي:",
        "فتح 250 مكتبة؛",
        "تدريب 3,5 مليون قارئ؛",
        "إعارة كل كتاب لديها مدة 30 يوما؛",
        "*تقرر* أن تعقد اجتماعا في 6 و 7 أيار/مايو 2026 في القاعة الكبرى؛",
        "*تقرر أيضا* رفع نسبة القراء إلى 40 في المائة[^first]؛",
        "*تقرر* أن تبقي المسألة قيد نظرها.",
        "انظر A/70/12، الفصل الثاني.",
        "الأرقام",
        "جميع الأرقام هي أرقام عام 2015.",
        "السنة",
        "المكتبات",
    ],
    "zh": [
        "公共图书馆",
        "*回顾*其2015年10月3日第70/5号决议，[^first]",
        "*注意到*2014年6月读者共有116,000人，",
        "*请*秘书长向其第八十一届会议提出报告；",
        "*邀请*各国根据《宪章》第十二条：",
        "为公众开设250个新图书馆；",
        "培训350万名读者；",
        "每本藏书出借30天；",
        "*决定*于2026年5月6日和7日在大会堂举行会议；",
        "*又决定*将读者比例提高到百分之40；[^first]",
        "*决定*继续处理此案。",
        "见A/70/12，第二章。",
        "数字",
        "所有数字均为2015年数字。",
        "年份",
        "图书馆",
    ],
    "en": [
        "Public libraries",
        "*Recalling* its resolution 70/5 of 3 October 2015,[^first]",
        "*Noting* that 116,000 readers were counted in June 2014,",
        "*Requests* the Secretary-General to report to it at its eighty-first session;",
        "*Invites* States, in accordance with Article 12 of the Charter:",
        "To open 250 libraries;",
        "To train 3.5 million readers;",
        "To lend every book that they have for thirty days;",
        "*Decides* to convene a meeting on 6 and 7 May 2026 in the great hall;",
        "*Also decides* to raise the share of readers to 40 per cent;[^first]",
        "*Decides* to remain seized of the matter.",
        "See A/70/12, chap. II.",
        "Figures",
        "All figures are those of 2015.",
        "Year",
        "Libraries",
    ],
    "fr": [
        "Bibliothèques publiques",
        "*Rappelant* sa résolution 70/5 du 3 octobre 2015[^first],",
        "*Notant* que 116 000 lecteurs ont été comptés en juin 2014,",
        "*Prie* le Secrétaire général de lui faire rapport à sa quatre-vingt-unième session ;",
        "*Invite* les États, conformément à l’Article 12 de la Charte :",
        "À ouvrir 250 bibliothèques ;",
        "À former 3,5 millions de lecteurs ;",
        "À prêter chacun de leurs livres pendant 30 jours ;",
        "*Décide* de tenir une réunion les 6 et 7 mai 2026 dans la grande salle ;",
        "*Décide également* de porter la part des lecteurs à 40 pour cent[^first] ;",
        "*Décide* de rester saisie de la question.",
        "Voir A/70/12, chap. II.",
        "Chiffres",
        "Tous les chiffres sont ceux de 2015.",
        "Année",
        "Bibliothèques",
    ],
    "ru": [
        "Публичные библиотеки",
        "*ссылаясь* на свою резолюцию 70/5 от 3 октября 2015 года[^first],",
        "*отмечая*, что в июне 2014 года насчитывалось 116 000 читателей,",
        "*просит* Генерального секретаря представить ей доклад на ее восемьдесят первой сессии;",
        "*предлагает* государствам в соответствии со статьей 12 Устава:",
        "открыть 250 библиотек;",
        "подготовить 3,5 миллиона читателей;",
        "выдавать каждую свою книгу на 30 дней;",
        "*постановляет* провести совещание 6 и 7 мая 2026 года в большом зале;",
        "*постановляет также* увеличить долю читателей до 40 процентов[^first];",
        "*постановляет* продолжать заниматься этим вопросом.",
        "См. A/70/12, глава II.",
        "Цифры",
        "Все цифры относятся к 2015 году.",
        "Год",
        "Библиотеки",
    ],
    "es": [
        "Bibliotecas públicas",
        "*Recordando* su resolución 70/5, de 3 de octubre de 2015[^first],",
        "*Observando* que en junio de 2014 se contaron 116.000 lectores,",
        "*Solicita* al Secretario General que le presente un informe en su octogésimo primer período de sesiones;",
        "*Invita* a los Estados a que, de conformidad con el Artículo 12 de la Carta:",
        "Abran 250 bibliotecas;",
        "Capaciten a 3,5 millones de lectores;",
        "Presten cada uno de sus libros durante 30 días;",
        "*Decide* celebrar una reunión los días 6 y 7 de mayo de 2026 en la sala grande;",
        "*Decide también* elevar la proporción de lectores al 40 por ciento[^first];",
        "*Decide* seguir ocupándose de la cuestión.",
        "Véase A/70/12, cap. II.",
        "Cifras",
        "Todas las cifras son de 2015.",
        "Año",
        "Bibliotecas",
    ],
}
DATES = {
    "ar": "3 تشرين الأول/أكتوبر 2015",
    "zh": "2015年10月3日",
    "en": "3 October 2015",
    "fr": "3 octobre 2015",
    "ru": "3 октября 2015",
    "es": "3 de octubre de 2015",
}
# Brazil, Chad, France, Japan and Kenya in the order of each language; Chinese has the English one.
STATES = {
    "ar": ["البرازيل", "تشاد", "فرنسا", "كينيا", "اليابان"],
    "zh": ["巴西", "乍得", "法国", "日本", "肯尼亚"],
    "en": ["Brazil", "Chad", "France", "Japan", "Kenya"],
    "fr": ["Brésil", "France", "Japon", "Kenya", "Tchad"],
    "ru": ["Бразилия", "Кения", "Франция", "Чад", "Япония"],
    "es": ["Brasil", "Chad", "Francia", "Japón", "Kenya"],
}
CHAD = {"ar": "تشاد", "zh": "乍得", "en": "Chad", "fr": "Tchad", "ru": "Чад", "es": "Chad"}
LISTED = {
    "ar": "*تدعو* الدول التالية: {}.",
    "zh": "*邀请*下列国家：{}。",
    "en": "*Invites* the following States: {}.",
    "fr": "*Invite* les États suivants : {}.",
    "ru": "*предлагает* следующим государствам: {}.",
    "es": "*Invita* a los Estados siguientes: {}.",
}
COMMA = dict.fromkeys(LANGUAGES, ", ") | {"ar": "، ", "zh": "、"}


def sound(*languages: str) -> Wordings:
    """Give a resolution whose languages say the same: paragraphs, items, a note called twice, and a table."""
    wordings = {}
    for code in languages or LANGUAGES:
        title, first, second, report, invited, opening, training, lending, meeting, share, seized, note, *annex = TEXTS[
            code
        ]
        head, figures, year, libraries = annex
        table = {"head": [year, libraries], "rows": [["2013", "110"], ["2014", "120"], ["2015", "180"]]}
        wordings[code] = {
            "title": title,
            "preamble": [first, second],
            "operative": [report, {"text": invited, "items": [opening, training, lending]}, meeting, share, seized],
            "annexes": [{"title": head, "body": [figures, {"table": table}]}],
            "notes": {"first": note},
        }
    return wordings


def listing(names: dict[str, list[str]]) -> Wordings:
    """Give a resolution of one paragraph that lists states."""
    return {
        code: {"title": "-", "operative": [LISTED[code].format(COMMA[code].join(listed))]}
        for code, listed in names.items()
    }


def replaced(wording: dict[str, Any], old: str, new: str) -> dict[str, Any]:
    """Give a wording with other words in the one place where it has some."""
    text = json.dumps(wording, ensure_ascii=False)
    assert 1 == text.count(old), old
    return dict(json.loads(text.replace(old, new)))


def edited(wordings: Wordings, code: str, edit: Callable[[dict[str, Any]], object]) -> Wordings:
    """Give the wordings with one of them edited in place."""
    own = deepcopy(wordings[code])
    edit(own)
    return wordings | {code: own}


@pytest.fixture(scope="session")
def comparison(tmp_path_factory: pytest.TempPathFactory) -> harness.Comparison:
    """What compares wordings as `publish check` does."""
    return harness.Comparison(tmp_path_factory.mktemp("concordance"))


def load(comparison: harness.Comparison, wordings: Wordings, original: str = "en") -> Resolution:
    """Write wordings, one text a line, and read them."""
    facts = json.loads((comparison.folder / "resolution.yaml").read_text("utf-8"))
    facts |= {"languages": list(wordings), "original": original}
    for name, data in {"resolution": facts, **wordings}.items():
        text = json.dumps(data, ensure_ascii=False, indent=1)
        (comparison.folder / f"{name}.yaml").write_text(text, "utf-8")
    return resolution.load(comparison.folder, comparison.desk.house)[0]


def compare(comparison: harness.Comparison, wordings: Wordings, original: str = "en") -> list[Finding]:
    """Compare wordings, the original among them."""
    return comparison.findings(load(comparison, wordings, original))


def told(findings: list[Finding]) -> list[tuple[str, str]]:
    """Give the codes and messages."""
    return [(finding.code, finding.message) for finding in findings]


def points(place: Place | None, words: str) -> tuple[str, str]:
    """Give the file of a place, and as many characters from there as words have, as the file on disk has them."""
    assert place
    line = place.file.read_text("utf-8").splitlines()[place.line - 1]
    return place.file.name, line[place.column - 1 :][: len(words)]


def model(code: str) -> str:
    """Give the language that is shown beside another: the original, or else the first."""
    return "en" if code != "en" else "ar"


# ---- What agrees


def test_the_sample_agrees(comparison: harness.Comparison) -> None:
    """The six languages of the sample say the same."""
    wordings = {code: showcase.words(code) for code in LANGUAGES}
    assert [] == told(compare(comparison, wordings))


@pytest.mark.parametrize("parts", [False, True])
def test_the_showcase_agrees(comparison: harness.Comparison, tmp_path: Path, parts: bool) -> None:
    """The showcase agrees but for a session that only its Chinese texts, which it cuts at the same length, keep."""
    found = resolution.load(showcase.write(tmp_path, parts=parts), comparison.desk.house)[0]
    cut = [*(f"annex I, table 1, row {row}, cell 1" for row in (6, 13, 20, 27)), "note 'second'"]
    expected = [("C106", f"{name} has '五十七' only in 'zh'") for name in cut]
    assert expected == told(comparison.findings(found))


@pytest.mark.parametrize("original", LANGUAGES)
def test_languages_that_say_the_same(comparison: harness.Comparison, original: str) -> None:
    """Nothing is found where all languages say the same, each in its own way, whichever is the original."""
    assert [] == told(compare(comparison, sound(), original))


@pytest.mark.parametrize("pair", [*combinations(LANGUAGES, 2)])
def test_any_two_languages_that_say_the_same(comparison: harness.Comparison, pair: tuple[str, str]) -> None:
    """Nothing is found between any two of them."""
    assert [] == told(compare(comparison, sound(*pair), pair[1]))


def test_one_language_is_compared_with_none(comparison: harness.Comparison) -> None:
    """A resolution in one language agrees with itself, repeated paragraphs and all."""
    wordings = edited(sound("fr"), "fr", lambda own: own["operative"].append(own["operative"][0]))
    assert [] == told(compare(comparison, wordings, "fr"))


# ---- Who is right


@pytest.mark.parametrize("code", LANGUAGES)
def test_what_most_have_is_right(comparison: harness.Comparison, code: str) -> None:
    """Another number than in five languages is found in the sixth, the original or not, beside one of the five."""
    wordings = sound()
    wordings[code] = replaced(wordings[code], "250", "260")
    (finding,) = compare(comparison, wordings)
    message = f"operative paragraph 2, item (a) has '260' in '{code}', and '250' in the others"
    assert ("C107", message, "error") == (finding.code, finding.message, finding.severity)
    assert (f"{code}.yaml", "260") == points(finding.place, "260")
    assert (f"{model(code)}.yaml", "250") == points(finding.beside, "250")


@pytest.mark.parametrize(("original", "wrong"), [("en", {"ar", "ru", "zh"}), ("ar", {"en", "fr", "es"})])
def test_the_original_decides_a_tie(comparison: harness.Comparison, original: str, wrong: set[str]) -> None:
    """Where three languages say one thing and three another, those that follow the original are right."""
    wordings = sound()
    wordings |= {code: replaced(wordings[code], "250", "260") for code in ("ar", "ru", "zh")}
    findings = compare(comparison, wordings, original)
    right, other = ("250", "260") if original == "en" else ("260", "250")
    expected = {
        f"operative paragraph 2, item (a) has '{other}' in '{code}', and '{right}' in the others" for code in wrong
    }
    assert {("C107", message) for message in expected} == set(told(findings))
    assert len(wrong) == len(findings)
    assert {(f"{original}.yaml", right)} == {points(finding.beside, right) for finding in findings}


@pytest.mark.parametrize(("original", "wrong", "number"), [("en", "zh", "260"), ("zh", "en", "250")])
def test_of_two_languages_the_original_is_right(
    comparison: harness.Comparison, original: str, wrong: str, number: str
) -> None:
    """Of two languages that differ the translation is told."""
    wordings = sound("en", "zh")
    wordings["zh"] = replaced(wordings["zh"], "250", "260")
    (finding,) = compare(comparison, wordings, original)
    assert ("C107", (f"{wrong}.yaml", number)) == (finding.code, points(finding.place, number))


def test_of_three_languages_two_outvote_the_original(comparison: harness.Comparison) -> None:
    """Two translations that agree are right against the original."""
    wordings = sound("en", "fr", "ru")
    wordings["en"] = replaced(wordings["en"], "250", "260")
    (finding,) = compare(comparison, wordings)
    assert ("C107", ("en.yaml", "260")) == (finding.code, points(finding.place, "260"))
    assert ("fr.yaml", "250") == points(finding.beside, "250")


def test_three_numbers_in_three_languages(comparison: harness.Comparison) -> None:
    """Where no two languages agree each is told."""
    wordings = sound("en", "fr", "ru")
    wordings |= {code: replaced(wordings[code], "250", number) for code, number in {"fr": "260", "ru": "270"}.items()}
    assert {"250", "260", "270"} == {
        points(finding.place, "250")[1] for finding in compare(comparison, wordings) if finding.code == "C106"
    }


# ---- Mentions


@pytest.mark.parametrize("code", LANGUAGES)
def test_what_is_lacking(comparison: harness.Comparison, code: str) -> None:
    """A date that a language lacks is found once, its year included, where the text begins and beside the date."""
    wordings = sound()
    wordings[code] = replaced(wordings[code], DATES[code], "")
    (finding,) = compare(comparison, wordings)
    message = f"preambular paragraph 1 lacks what the others have, '{DATES[model(code)]}' in '{code}'"
    assert ("C105", message) == (finding.code, finding.message)
    begins = '"' + TEXTS[code][1][:5]
    assert (f"{code}.yaml", begins) == points(finding.place, begins)
    assert (f"{model(code)}.yaml", DATES[model(code)]) == points(finding.beside, DATES[model(code)])


@pytest.mark.parametrize("code", LANGUAGES)
def test_what_stands_in_one_language_only(comparison: harness.Comparison, code: str) -> None:
    """A symbol that only one language has is found there, beside the same text in another."""
    wordings = edited(sound(), code, lambda own: own["operative"].insert(2, own["operative"].pop(2) + " A/70/99"))
    (finding,) = compare(comparison, wordings)
    assert ("C106", f"operative paragraph 3 has 'A/70/99' only in '{code}'") == (finding.code, finding.message)
    assert (f"{code}.yaml", "A/70/99") == points(finding.place, "A/70/99")
    begins = '"' + TEXTS[model(code)][8]
    assert (f"{model(code)}.yaml", begins) == points(finding.beside, begins)


@pytest.mark.parametrize(
    ("code", "old", "new", "others"),
    [
        ("ar", "الحادية والثمانين", "الثمانين", "eighty-first"),
        ("zh", "第八十一届", "第八十届", "eighty-first"),
        ("en", "eighty-first", "eighty-second", "الحادية والثمانين"),
        ("fr", "quatre-vingt-unième", "quatre-vingtième", "eighty-first"),
        ("ru", "восемьдесят первой", "восемьдесят второй", "eighty-first"),
        ("es", "octogésimo primer ", "octogésimo ", "eighty-first"),
        ("zh", "第十二条", "第十三条", "12"),
        ("ar", "000 116", "000 160", "116,000"),
        ("fr", "116 000", "116 000 000", "116,000"),
        ("ru", "3,5 миллиона", "3,5 миллиарда", "3.5 million"),
        ("es", "6 y 7 de mayo", "6 y 8 de mayo", "6 and 7 May 2026"),
        ("ru", "в июне 2014", "в июле 2014", "June 2014"),
        ("fr", "70/5", "70/6", "70/5"),
        ("zh", "A/70/12", "A/70/13", "A/70/12"),
    ],
)
def test_another_value_in_any_form(comparison: harness.Comparison, code: str, old: str, new: str, others: str) -> None:
    """Sessions in words, articles, thousands, millions, days, months and symbols that differ are found once."""
    wordings = sound()
    wordings[code] = replaced(wordings[code], old, new)
    (finding,) = compare(comparison, wordings)
    assert "C107" == finding.code
    assert finding.message.endswith(f" in '{code}', and '{others}' in the others")
    assert (f"{model(code)}.yaml", others) == points(finding.beside, others)


@pytest.mark.parametrize(
    ("code", "old", "new"),
    [("fr", "30 jours", "trente jours"), ("ru", "30 дней", "тридцать дней"), ("es", "30 días", "treinta días")],
)
def test_words_answer_to_digits(comparison: harness.Comparison, code: str, old: str, new: str) -> None:
    """A number in words is one in digits elsewhere."""
    wordings = sound()
    wordings[code] = replaced(wordings[code], old, new)
    assert [] == told(compare(comparison, wordings))


def test_words_are_not_asked_of_others(comparison: harness.Comparison) -> None:
    """A number in words that only one language has is no finding."""
    wordings = sound()
    wordings["en"] = replaced(wordings["en"], "To open 250", "To open one or two of the 250")
    assert [] == told(compare(comparison, wordings))


def test_what_only_some_have_in_digits(comparison: harness.Comparison) -> None:
    """A number that most languages have, but fewer than half in digits, is asked of nobody."""
    wordings = sound("en", "fr", "ru", "es")
    wordings["ru"] = replaced(wordings["ru"], "30 дней", "тридцать дней")
    wordings["es"] = replaced(wordings["es"], "30 días", "cierto tiempo")
    assert [] == told(compare(comparison, wordings))


def test_a_number_inside_another_is_not_its_place(comparison: harness.Comparison) -> None:
    """Where the digits of a number stand inside another one before it, the place is that of the number itself."""
    wordings = {own: replaced(wording, "2026", "2026 (160)") for own, wording in sound().items()}
    wordings["fr"] = replaced(wordings["fr"], "2026 (160)", "2026 (160, 60)")
    (finding,) = compare(comparison, wordings)
    assert ("C106", ("fr.yaml", "60)")) == (finding.code, points(finding.place, "60)"))


def test_a_symbol_does_not_stand_for_a_number(comparison: harness.Comparison) -> None:
    """A symbol too many and a number too few are two findings, and so are two numbers in two texts."""
    wordings = sound()
    wordings["fr"] = replaced(wordings["fr"], "250", "A/70/99")
    wordings["ru"] = replaced(replaced(wordings["ru"], "250", ""), "116 000", "116 000 (300)")
    expected = {
        ("C106", "operative paragraph 2, item (a) has 'A/70/99' only in 'fr'"),
        ("C105", "operative paragraph 2, item (a) lacks what the others have, '250' in 'fr'"),
        ("C106", "preambular paragraph 2 has '300' only in 'ru'"),
        ("C105", "operative paragraph 2, item (a) lacks what the others have, '250' in 'ru'"),
    }
    findings = compare(comparison, wordings)
    assert (expected, len(expected)) == (set(told(findings)), len(findings))


def test_a_day_answers_to_its_month(comparison: harness.Comparison) -> None:
    """Where one language has just the month of a day, the day is lacking there, and the month nowhere."""
    wordings = sound()
    wordings["en"] = replaced(wordings["en"], "6 and 7 May 2026", "May 2026")
    message = "operative paragraph 3 lacks what the others have, '6 و 7 أيار/مايو 2026' in 'en'"
    assert [("C105", message)] == told(compare(comparison, wordings))


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_repeated_number_that_is_replaced(comparison: harness.Comparison, code: str) -> None:
    """A number that stands twice in a text, and once with another beside it in one language, is found."""
    wordings = {own: replaced(wording, "250", "250 (250)") for own, wording in sound().items()}
    wordings[code] = replaced(wordings[code], "250 (250)", "250 (260)")
    (finding,) = compare(comparison, wordings)
    message = f"operative paragraph 2, item (a) has '260' in '{code}', and '250' in the others"
    assert ("C107", message) == (finding.code, finding.message)
    assert (f"{code}.yaml", "260") == points(finding.place, "260")


def test_a_repeated_number_that_is_lost(comparison: harness.Comparison) -> None:
    """A number that stands twice in a text, and once in one language, is lacking there."""
    wordings = {own: replaced(wording, "250", "250 (250)") for own, wording in sound().items()}
    wordings["ru"] = replaced(wordings["ru"], "250 (250)", "250")
    message = "operative paragraph 2, item (a) lacks what the others have, '250' in 'ru'"
    assert [("C105", message)] == told(compare(comparison, wordings))


def test_the_said_resolution(comparison: harness.Comparison) -> None:
    """A symbol may be named less often in one language, as in "the said resolution"."""
    wordings = {own: replaced(wording, "70/5", "70/5 (70/5)") for own, wording in sound().items()}
    wordings["en"] = replaced(wordings["en"], "70/5 (70/5)", "70/5 (the said resolution)")
    assert [] == told(compare(comparison, wordings))


def test_a_repeated_symbol_that_is_replaced(comparison: harness.Comparison) -> None:
    """A symbol named less often is found where another of the text's has come into its place."""
    wordings = {own: replaced(wording, "70/5", "70/5 (71/6, 70/5)") for own, wording in sound().items()}
    wordings["fr"] = replaced(wordings["fr"], "70/5 (71/6, 70/5)", "70/5 (71/6, 71/6)")
    (finding,) = compare(comparison, wordings)
    message = "preambular paragraph 1 has '71/6' in 'fr', and '70/5' in the others"
    assert ("C107", message) == (finding.code, finding.message)


def test_mentions_are_compared_in_titles_notes_annexes_and_cells(comparison: harness.Comparison) -> None:
    """A difference is found in whatever piece it stands."""
    wordings = sound()
    wordings["es"] = replaced(wordings["es"], '"Bibliotecas públicas"', '"Bibliotecas públicas 7"')
    wordings["fr"] = replaced(wordings["fr"], "ceux de 2015", "ceux de 2016")
    wordings["ru"] = replaced(wordings["ru"], "120", "121")
    wordings["zh"] = replaced(wordings["zh"], "A/70/12", "A/70/21")
    expected = {
        ("C106", "title has '7' only in 'es'"),
        ("C107", "annex I, paragraph 1 has '2016' in 'fr', and '2015' in the others"),
        ("C107", "annex I, table 1, row 2, cell 2 has '121' in 'ru', and '120' in the others"),
        ("C107", "note 'first' has 'A/70/21' in 'zh', and 'A/70/12' in the others"),
    }
    findings = compare(comparison, wordings)
    assert (expected, len(expected)) == (set(told(findings)), len(findings))


# ---- Structure


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_dropped_paragraph(comparison: harness.Comparison, code: str) -> None:
    """A paragraph that a language lacks is named, and nothing else; its place is before the one that follows."""
    wordings = edited(sound(), code, lambda own: own["operative"].pop(2))
    (finding,) = compare(comparison, wordings)
    beginning = TEXTS[model(code)][8].replace("*", "")
    beginning = beginning if len(beginning) <= 60 else f"{beginning[:60].rstrip()} ..."
    assert ("C101", f"'{code}' lacks operative paragraph 3: '{beginning}'") == (finding.code, finding.message)
    following, lacking = '"' + TEXTS[code][9], '"' + TEXTS[model(code)][8]
    assert (f"{code}.yaml", following) == points(finding.place, following)
    assert (f"{model(code)}.yaml", lacking) == points(finding.beside, lacking)


@pytest.mark.parametrize("code", ["ar", "zh"])
@pytest.mark.parametrize(
    ("name", "missing", "following"),
    [
        ("preambular paragraph 1", 1, 2),
        ("preambular paragraph 2", 2, 3),
        ("operative paragraph 1", 3, 4),
        ("operative paragraph 3", 8, 9),
        ("operative paragraph 4", 9, 10),
        ("operative paragraph 5", 10, 12),
    ],
)
def test_a_dropped_paragraph_is_named_right_in_other_scripts(
    comparison: harness.Comparison, code: str, name: str, missing: int, following: int
) -> None:
    """In Arabic and Chinese too it is the missing paragraph that is named, the first, the last or any."""
    wordings = {own: replaced(wording, "250", "250[^first]") for own, wording in sound().items()}  # the note is kept
    key = "preamble" if missing < 3 else "operative"
    left = [one for one in wordings[code][key] if one != TEXTS[code][missing]]
    (finding,) = compare(comparison, wordings | {code: wordings[code] | {key: left}})
    assert ("C101", f"'{code}' lacks {name}") == (finding.code, finding.message.partition(":")[0])
    assert ("en.yaml", f'"{TEXTS["en"][missing]}') == points(finding.beside, f'"{TEXTS["en"][missing]}')
    assert f"{code}.yaml" == points(finding.place, "")[0]
    assert finding.place
    lines = finding.place.file.read_text("utf-8").splitlines()[finding.place.line - 1 :]
    assert TEXTS[code][following] in lines[0] + lines[1]  # a mapping begins on the line before its first text


@pytest.mark.parametrize("code", ["ar", "zh", "en"])
@pytest.mark.parametrize("index", range(4))
def test_a_dropped_paragraph_without_a_number(comparison: harness.Comparison, code: str, index: int) -> None:
    """Of paragraphs that mention nothing the missing one is known by the lengths of the others."""
    words = dict.fromkeys(LANGUAGES, "book ") | {"ar": "كتاب ", "zh": "书"}
    wordings = {
        own: {"title": TEXTS[own][0], "operative": [word * times for times in (10, 40, 15, 100)]}
        for own, word in words.items()
    }
    (finding,) = compare(comparison, edited(wordings, code, lambda own: own["operative"].pop(index)))
    expected = ("C101", f"'{code}' lacks operative paragraph {index + 1}")
    assert expected == (finding.code, finding.message.partition(":")[0])


def test_a_paragraph_of_the_other_kind(comparison: harness.Comparison) -> None:
    """An operative paragraph that one language has as a preambular one is missing there, and one too many here."""
    wordings = edited(sound(), "fr", lambda own: own["preamble"].append(own["operative"].pop(0)))
    expected = [
        ("C101", "'fr' lacks operative paragraph 1"),
        ("C102", "preambular paragraph 3 stands only in 'fr'"),
    ]
    assert expected == sorted(
        (code, message.partition(":")[0]) for code, message in told(compare(comparison, wordings))
    )


@pytest.mark.parametrize("index", range(3))
@pytest.mark.parametrize("code", LANGUAGES)
def test_a_dropped_item(comparison: harness.Comparison, code: str, index: int) -> None:
    """An item that a language lacks is named by its letter."""
    wordings = edited(sound(), code, lambda own: own["operative"][1]["items"].pop(index))
    (finding,) = compare(comparison, wordings)
    expected = f"'{code}' lacks operative paragraph 2, item ({'abc'[index]}): '{TEXTS[model(code)][5 + index]}'"
    assert ("C101", expected) == (finding.code, finding.message)


def test_a_dropped_annex_row_or_list_of_items(comparison: harness.Comparison) -> None:
    """A whole annex, a row of a table, or all items of a paragraph are missing as one."""
    wordings = edited(sound(), "fr", lambda own: own.pop("annexes"))
    wordings = edited(wordings, "ru", lambda own: own["annexes"][0]["body"][1]["table"]["rows"].pop(1))
    wordings = edited(wordings, "es", lambda own: own["operative"][1].pop("items"))
    expected = [
        *(("C101", f"'es' lacks operative paragraph 2, item ({letter})") for letter in "abc"),
        ("C101", "'fr' lacks annex I"),
        ("C101", "'ru' lacks annex I, table 1, row 2"),
    ]
    findings = compare(comparison, wordings)
    assert expected == [(code, message.partition(":")[0]) for code, message in told(findings)]


@pytest.mark.parametrize("code", LANGUAGES)
def test_an_added_paragraph(comparison: harness.Comparison, code: str) -> None:
    """A paragraph that only one language has is found there, beside where it would stand in another."""
    added = "*Thanks* the readers of A/70/88, who are 19 in number;"
    wordings = edited(sound(), code, lambda own: own["operative"].insert(1, added))
    (finding,) = compare(comparison, wordings)
    message = f"operative paragraph 2 stands only in '{code}': '{added.replace('*', '')}'"
    assert ("C102", message) == (finding.code, finding.message)
    assert (f"{code}.yaml", f'"{added}"') == points(finding.place, f'"{added}"')
    assert f"{model(code)}.yaml" == points(finding.beside, "")[0]


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_doubled_paragraph(comparison: harness.Comparison, code: str) -> None:
    """A paragraph that stands twice in one language is found at its second place, beside the first."""
    wordings = edited(sound(), code, lambda own: own["operative"].insert(3, own["operative"][2]))
    (finding,) = compare(comparison, wordings)
    assert ("C103", f"operative paragraph 4 stands twice in '{code}'") == (
        finding.code,
        finding.message.partition(":")[0],
    )
    words = f'"{TEXTS[code][8]}"'
    assert [(f"{code}.yaml", words)] * 2 == [points(place, words) for place in (finding.place, finding.beside)]
    assert finding.place
    assert finding.beside
    assert 1 == finding.place.line - finding.beside.line


@pytest.mark.parametrize("short", ["*决定*休会；", "删除。"])
def test_a_doubled_paragraph_of_few_ideographs(comparison: harness.Comparison, short: str) -> None:
    """A Chinese paragraph that stands twice is found even where it has few characters."""
    opening = "*" * ("*" in short)
    wordings = sound()
    for code in LANGUAGES:
        text = short if code == "zh" else f"{opening}Decides{opening} to close;"
        wordings = edited(wordings, code, lambda own, text=text: own["operative"].insert(2, text))
    wordings = edited(wordings, "zh", lambda own: own["operative"].insert(2, short))
    message = f"operative paragraph 4 stands twice in 'zh': '{short.replace('*', '')}'"
    assert [("C103", message)] == told(compare(comparison, wordings))


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_running_title_of_some_languages(comparison: harness.Comparison, code: str) -> None:
    """A running title, which only a long title needs, may be there in one language, or lacking in one."""
    wordings = sound()
    wordings[code]["running_title"] = TEXTS[code][15]
    assert [] == told(compare(comparison, wordings))
    wordings = sound()
    for own in LANGUAGES:
        if own != code:
            wordings[own]["running_title"] = TEXTS[own][15]
    assert [] == told(compare(comparison, wordings))


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_short_title_beside_long_ones(comparison: harness.Comparison, code: str) -> None:
    """A title is the counterpart of the other titles however short it is, where a language has fewer texts too."""
    wordings = sound()
    for wording in wordings.values():
        wording["title"] *= 5
    wordings = edited(wordings, code, lambda own: own["operative"].pop(2))
    wordings[code]["title"] = "-"
    (finding,) = compare(comparison, wordings)
    assert ("C101", f"'{code}' lacks operative paragraph 3") == (finding.code, finding.message.partition(":")[0])


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_doubled_item(comparison: harness.Comparison, code: str) -> None:
    """An item that stands twice in one language is found, and the items after it are not taken for others."""
    wordings = edited(
        sound(), code, lambda own: own["operative"][1]["items"].insert(1, own["operative"][1]["items"][0])
    )
    (finding,) = compare(comparison, wordings)
    message = f"operative paragraph 2, item (b) stands twice in '{code}': '{TEXTS[code][5]}'"
    assert ("C103", message) == (finding.code, finding.message)


@pytest.mark.parametrize("pair", [("fr", "en"), ("en", "fr")])
def test_of_two_languages_one_has_a_text_twice(comparison: harness.Comparison, pair: tuple[str, str]) -> None:
    """Of two languages that differ by a doubled paragraph it is the double that is found."""
    wordings = edited(sound(*pair), "fr", lambda own: own["operative"].insert(3, own["operative"][2]))
    (finding,) = compare(comparison, wordings)
    assert ("C103", "fr.yaml") == (finding.code, points(finding.place, "")[0])


def test_what_stands_twice_in_all_languages(comparison: harness.Comparison) -> None:
    """A paragraph that all languages repeat is none too many."""
    wordings = sound()
    for code in LANGUAGES:
        wordings = edited(wordings, code, lambda own: own["operative"].insert(3, own["operative"][2]))
    assert [] == told(compare(comparison, wordings))
    wordings = edited(wordings, "fr", lambda own: own["operative"].insert(4, own["operative"][2]))
    (finding,) = compare(comparison, wordings)
    assert ("C103", "operative paragraph 4 stands twice in 'fr'") == (finding.code, finding.message.partition(":")[0])


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_column_too_many(comparison: harness.Comparison, code: str) -> None:
    """A table with another number of columns is found as a whole, and its cells are left alone."""

    def widen(own: dict[str, Any]) -> None:
        table = own["annexes"][0]["body"][1]["table"]
        for number, row in enumerate([table["head"], *table["rows"]]):
            row.insert(1, str(900 + number))

    (finding,) = compare(comparison, edited(sound(), code, widen))
    assert ("C104", f"annex I, table 1 has 3 columns in '{code}'") == (finding.code, finding.message)
    assert (f"{code}.yaml", "{") == points(finding.place, "{")
    assert (f"{model(code)}.yaml", "{") == points(finding.beside, "{")
    assert finding.place
    assert '"table": {' == finding.place.excerpt.strip()


# ---- What changes places


@pytest.mark.parametrize("code", LANGUAGES)
def test_swapped_items(comparison: harness.Comparison, code: str) -> None:
    """Two items that have changed places are found by what they mention, each beside its right place."""
    wordings = sound()
    wordings[code]["operative"][1]["items"][:2] = reversed(sound()[code]["operative"][1]["items"][:2])
    findings = compare(comparison, wordings)
    expected = [
        ("C108", f"operative paragraph 2, item ({here}) in '{code}', and in operative paragraph 2, item ({there})")
        for here, there in ("ab", "ba")
    ]
    assert expected == [
        (finding.code, finding.message.partition(" stands in ")[2].removesuffix(" in the others"))
        for finding in findings
    ]
    here, there = [(f"{code}.yaml", "250")], [(f"{model(code)}.yaml", "250")]
    assert (here, there) == (
        [points(finding.place, "250") for finding in findings if "'250'" in finding.message],
        [points(finding.beside, "250") for finding in findings if "'250'" in finding.message],
    )


def test_swapped_paragraphs(comparison: harness.Comparison) -> None:
    """Paragraphs that have changed places take their mentions and their calls of notes with them."""
    wordings = edited(sound(), "ru", lambda own: own["operative"].insert(2, own["operative"].pop(3)))
    expected = [
        ("C108", "'40' stands in operative paragraph 3 in 'ru', and in operative paragraph 4 in the others"),
        ("C108", "note 'first' is called in operative paragraph 3 in 'ru', and in operative paragraph 4 in the others"),
        (
            "C108",
            "'6 и 7 мая 2026' stands in operative paragraph 4 in 'ru', and in operative paragraph 3 in the others",
        ),
    ]
    findings = compare(comparison, wordings)
    assert expected == told(findings)
    assert [("en.yaml", "40"), ("en.yaml", "[^first]"), ("en.yaml", "6 and 7 May 2026")] == [
        points(finding.beside, words)
        for finding, words in zip(findings, ["40", "[^first]", "6 and 7 May 2026"], strict=True)
    ]


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_moved_call(comparison: harness.Comparison, code: str) -> None:
    """A note that is called in another text than elsewhere is found at its call, beside the right one."""
    wordings = sound()
    wordings[code]["operative"][3] = wordings[code]["operative"][3].replace("[^first]", "")
    wordings[code]["operative"][2] += "[^first]"
    (finding,) = compare(comparison, wordings)
    where = f"operative paragraph 3 in '{code}', and in operative paragraph 4 in the others"
    assert ("C108", f"note 'first' is called in {where}") == (finding.code, finding.message)
    assert (f"{code}.yaml", '[^first]"') == points(finding.place, '[^first]"')
    assert (f"{model(code)}.yaml", "[^first]") == points(finding.beside, "[^first]")
    assert finding.beside
    assert TEXTS[model(code)][9] in finding.beside.excerpt


# ---- Calls, emphasis


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_call_that_is_lacking(comparison: harness.Comparison, code: str) -> None:
    """A note that one language does not call is found at the text that should call it, beside a call."""
    wordings = sound()
    wordings[code]["operative"][3] = text = wordings[code]["operative"][3].replace("[^first]", "")
    (finding,) = compare(comparison, wordings)
    assert ("C109", f"operative paragraph 4 lacks a call of note 'first' in '{code}'") == (
        finding.code,
        finding.message,
    )
    assert (f"{code}.yaml", f'"{text}"') == points(finding.place, f'"{text}"')
    assert (f"{model(code)}.yaml", "[^first]") == points(finding.beside, "[^first]")


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_call_too_many(comparison: harness.Comparison, code: str) -> None:
    """A note that only one language calls in a text is found at its call."""
    wordings = sound()
    wordings[code]["operative"][2] += "[^first]"
    (finding,) = compare(comparison, wordings)
    assert ("C109", f"operative paragraph 3 calls note 'first' only in '{code}'") == (finding.code, finding.message)
    assert (f"{code}.yaml", '[^first]"') == points(finding.place, '[^first]"')


def test_a_note_of_one_language(comparison: harness.Comparison) -> None:
    """A note that only one language has is told at its call, and not a second time as a text."""
    wordings = sound()
    wordings["fr"]["operative"][2] += "[^own]"
    wordings["fr"]["notes"]["own"] = "Voir A/70/99."
    assert [("C109", "operative paragraph 3 calls note 'own' only in 'fr'")] == told(compare(comparison, wordings))


@pytest.mark.parametrize("code", LANGUAGES)
def test_opening_words_without_emphasis(comparison: harness.Comparison, code: str) -> None:
    """Opening words that are emphasized in all languages but one are a warning there, and so the other way round."""
    plain = sound()
    for wording in plain.values():
        wording["preamble"][1] = wording["preamble"][1].replace("*", "")
    wordings = sound()
    lacks = wordings | {code: wordings[code] | {"preamble": plain[code]["preamble"]}}
    alone = wordings | {own: wordings[own] | {"preamble": plain[own]["preamble"]} for own in LANGUAGES if own != code}
    for mixed, what, index in ((lacks, "does not open", 0), (alone, "opens", 1)):
        (finding,) = compare(comparison, mixed)
        message = f"preambular paragraph 2 {what} with emphasis in '{code}', unlike in the others"
        assert ("C110", "warning", message) == (finding.code, finding.severity, finding.message)
        for place, own, text in (
            (finding.place, code, (plain, wordings)[index]),
            (finding.beside, model(code), (wordings, plain)[index]),
        ):
            words = f'"{text[own]["preamble"][1]}"'
            assert (f"{own}.yaml", words) == points(place, words)


# ---- Lists of states


def test_lists_of_states_that_agree(comparison: harness.Comparison) -> None:
    """A list of the same states is in the order of each language."""
    assert [] == told(compare(comparison, listing(STATES)))


@pytest.mark.parametrize("code", LANGUAGES)
def test_an_incomplete_list_of_states(comparison: harness.Comparison, code: str) -> None:
    """A state that is missing from a list is named by a language that has it."""
    names = STATES | {code: [name for name in STATES[code] if name != CHAD[code]]}
    (finding,) = compare(comparison, listing(names))
    message = f"a list in operative paragraph 1 has 4 states in '{code}', not 5"
    expected = ("C111", message, f"compare {CHAD[model(code)]}")
    assert expected == (finding.code, finding.message, finding.hint)
    begins = {own: '"' + LISTED[own].partition("{}")[0] for own in LANGUAGES}
    assert (f"{code}.yaml", begins[code]) == points(finding.place, begins[code])
    assert (f"{model(code)}.yaml", begins[model(code)]) == points(finding.beside, begins[model(code)])


@pytest.mark.parametrize(
    ("code", "names", "first", "second"),
    [
        ("ar", ["اليابان", "البرازيل", "تشاد", "فرنسا", "كينيا"], "اليابان", "البرازيل"),
        ("ar", ["البرازيل", "تشاد", "فرنسا", "اليابان", "كينيا"], "اليابان", "كينيا"),
        ("zh", ["巴西", "法国", "肯尼亚", "日本", "乍得"], "法国", "乍得"),
        ("zh", ["巴西", "乍得", "日本", "法国", "肯尼亚"], "日本", "法国"),
        ("ru", ["Бразилия", "Чад", "Франция", "Япония", "Кения"], "Чад", "Кения"),
        ("ru", ["Кения", "Бразилия", "Франция", "Чад", "Япония"], "Кения", "Бразилия"),
        ("en", ["Brazil", "Chad", "France", "Kenya", "Japan"], "Kenya", "Japan"),
        ("fr", ["Brésil", "Tchad", "France", "Japon", "Kenya"], "Tchad", "France"),
        ("es", ["Brasil", "Chad", "Japón", "Francia", "Kenya"], "Japón", "Francia"),
    ],
)
def test_a_list_of_states_in_another_order(
    comparison: harness.Comparison, code: str, names: list[str], first: str, second: str
) -> None:
    """A state that stands before one which precedes it in the order of the language is found, once a list."""
    (finding,) = compare(comparison, listing(STATES | {code: names}))
    assert ("C112", f"'{first}' stands before '{second}' in '{code}'") == (finding.code, finding.message)
    assert (f"{code}.yaml", first) == points(finding.place, first)


def test_a_name_of_the_documents_own(comparison: harness.Comparison) -> None:
    """A name that the document gives a state counts as that state, in the place that the name has."""
    names = STATES | {"en": ["Brazil", "France", "Japan", "Kenya", "Tchad"]}
    wordings = edited(listing(names), "en", lambda own: own.update(states={"TD": "Tchad"}))
    assert [] == told(compare(comparison, wordings))
    wordings["en"]["operative"] = listing(STATES | {"en": ["Brazil", "Tchad", "France", "Japan", "Kenya"]})["en"][
        "operative"
    ]
    assert [("C112", "'Tchad' stands before 'France' in 'en'")] == told(compare(comparison, wordings))


def test_two_states_are_no_list(comparison: harness.Comparison) -> None:
    """Two states that are only named, in whatever order, are left alone."""
    assert [] == told(compare(comparison, listing({code: names[1::-1] for code, names in STATES.items()})))


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_list_of_states_may_end_in_any_way(comparison: harness.Comparison, code: str) -> None:
    """A comma or a semicolon after the last state of a list, and what follows it, are no further state."""
    comma, semicolon, stop = COMMA[code].strip(), {"ar": "؛", "zh": "；"}.get(code, ";"), LISTED[code][-1]
    for end in (comma, semicolon, f"{semicolon} -{comma} -{comma} -."):
        wordings = listing(STATES)
        (text,) = wordings[code]["operative"]
        wordings[code]["operative"] = [text.removesuffix(stop) + end]
        assert [] == told(compare(comparison, wordings)), end


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_last_two_states_of_a_list(comparison: harness.Comparison, code: str) -> None:
    """The word that joins the last two states parts them, and no name in which it stands too."""
    joint = {"ar": " و", "zh": "和", "en": " and ", "fr": " et ", "ru": " и ", "es": " y "}
    names = {own: comparison.languages[own].states(["BR", "CF", "FR", "JP", "KE", "TT"], {}) for own in LANGUAGES}
    wordings = listing(names)
    *others, before, last = names[code]
    words = COMMA[code].join([*others, f"{before}{joint[code]}{last}"])
    wordings[code]["operative"] = [LISTED[code].format(words)]
    assert [] == told(compare(comparison, wordings))


# ---- Side by side


@pytest.mark.parametrize("parts", [False, True])
def test_every_text_stands_beside_its_counterparts(comparison: harness.Comparison, tmp_path: Path, parts: bool) -> None:
    """Side by side each text of each language stands once, in the order of reading, beside those of its identity."""
    found = resolution.load(showcase.write(tmp_path, parts=parts), comparison.desk.house)[0]
    rows = side_by_side(found, comparison.languages, comparison.finders)
    for code, wording in found.wordings.items():
        expected = [unit.id for unit in outline(wording).walk() if unit.runs]
        assert expected == [row[code].id for row in rows if row[code].runs]
    assert all(1 == len({unit.id for unit in row.values()}) for row in rows)


def test_a_missing_text_leaves_a_gap(comparison: harness.Comparison) -> None:
    """Where a language lacks a paragraph the ones after it stay beside their counterparts; a doubled one is alone."""
    wordings = edited(sound(), "zh", lambda own: own["operative"].pop(2))
    wordings = edited(wordings, "ru", lambda own: own["operative"].insert(3, own["operative"][2]))
    rows = side_by_side(load(comparison, wordings), comparison.languages, comparison.finders)
    texts = [{code: unit.plain for code, unit in row.items()} for row in rows]
    plain = {code: [text.replace("*", "").replace("[^first]", "") for text in TEXTS[code]] for code in LANGUAGES}
    assert {code: plain[code][8] for code in LANGUAGES if code != "zh"} in texts
    assert {code: plain[code][9] for code in LANGUAGES} in texts
    assert {"ru": plain["ru"][8]} in texts


# ---- Real documents


@pytest.mark.skipif(
    not harness.at_hand(), reason=f"no aligned paragraphs in {harness.SEGMENTS.parent} (PUBLISH_SHARED)"
)
def test_faults_in_real_documents_are_found(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """Of faults put into real paragraphs nearly all are found at their place, and hardly a paragraph is without."""
    count, least = (1000, 0.98) if request.config.getoption("--long") else (150, 0.97)
    figures = harness.measure(count, 1945, tmp_path)
    assert count == figures.faults.total()
    assert set(harness.KINDS) == set(figures.faults)
    assert figures.found.total() >= least * count, figures.missed
    assert len(figures.flagged) <= 3, figures.flagged
