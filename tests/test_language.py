"""Locale files and the language they make."""

from __future__ import annotations

import dataclasses
import datetime
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publish.finding import Rejected
from publish.text import inline, language
from publish.text.source import Node, read

if TYPE_CHECKING:
    from publish.finding import Finding
    from publish.text.language import Language

SHIPPED = Path(__file__).parent.parent / "locales"
CODES = ("ar", "zh", "en", "fr", "ru", "es")
EDITIONS = ("1998", "2013")
NO_BREAK = "\u00a0"
# The Member States of the United Nations, and the two observer States.
MEMBERS = (
    "AD AE AF AG AL AM AO AR AT AU AZ BA BB BD BE BF BG BH BI BJ BN BO BR BS BT BW BY BZ CA CD CF CG CH CI CL CM "
    "CN CO CR CU CV CY CZ DE DJ DK DM DO DZ EC EE EG ER ES ET FI FJ FM FR GA GB GD GE GH GM GN GQ GR GT GW GY HN "
    "HR HT HU ID IE IL IN IQ IR IS IT JM JO JP KE KG KH KI KM KN KP KR KW KZ LA LB LC LI LK LR LS LT LU LV LY MA "
    "MC MD ME MG MH MK ML MM MN MR MT MU MV MW MX MY MZ NA NE NG NI NL NO NP NR NZ OM PA PE PG PH PK PL PT PW PY "
    "QA RO RS RU RW SA SB SC SD SE SG SI SK SL SM SN SO SR SS ST SV SY SZ TD TG TH TJ TL TM TN TO TR TT TV TZ UA "
    "UG US UY UZ VC VE VN VU WS YE ZA ZM ZW PS VA"
)


def load(code: str, edition: str = "2013") -> Language:
    """Load a shipped language."""
    return language.load(code, [SHIPPED], edition)


def overlaid(folder: Path, code: str, words: str, edition: str = "2013") -> Language:
    """Load a shipped language with a project's own words over it."""
    (folder / f"{code}.yaml").write_text(words, encoding="utf-8")
    return language.load(code, [SHIPPED, folder], edition)


def findings(folder: Path, code: str, words: str) -> tuple[Finding, ...]:
    """Give what is found wrong in a project's own words."""
    with pytest.raises(Rejected) as caught:
        overlaid(folder, code, words)
    return caught.value.findings


def keys(node: Node) -> list[str]:
    """Give the keys of a mapping."""
    assert isinstance(node.value, dict)
    return list(node.value)


# ---- The files


@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize("code", CODES)
def test_shipped_locales_are_complete(code: str, edition: str) -> None:
    """Every shipped locale loads for every edition without a finding."""
    assert code == load(code, edition).code


@pytest.mark.parametrize("code", CODES)
def test_locales_have_the_same_words_in_the_same_order(code: str) -> None:
    """A translator finds every word of one locale at the same place of another."""
    model, own = read(SHIPPED / "en.yaml"), read(SHIPPED / f"{code}.yaml")
    assert keys(model) == keys(own)
    for key, below in model.value.items():  # type: ignore[union-attr]
        if isinstance(below.value, dict) and key not in {
            "numeric_ordinals",
            "ordinals",
            "alphabets",
            "states",
            "editions",
        }:
            assert keys(below) == keys(own.value[key]), key  # type: ignore[call-overload, index]


def test_the_known_languages_are_those_with_a_file(tmp_path: Path) -> None:
    """A language is known when any of the folders has its locale file."""
    (tmp_path / "pt.yaml").write_text("", encoding="utf-8")
    assert sorted([*CODES, "pt"]) == language.known([SHIPPED, tmp_path])


@pytest.mark.parametrize("code", CODES)
def test_every_locale_names_the_states_that_english_names(code: str) -> None:
    """Where English has a name of its own for a state, so has every other language."""
    assert set() == set(load("en").words.states) - set(load(code).words.states)


@pytest.mark.parametrize("code", CODES)
def test_states_have_names_of_their_own(code: str) -> None:
    """No two states share a name, and none bears a name of CLDR's that abbreviates or explains itself."""
    names = load(code).states(MEMBERS.split())
    assert 195 == len(MEMBERS.split()) == len(set(names))
    assert not [name for name in names if re.search(r"&|\.|о-ва|КНДР|ОАЭ|\((?:Burma|Birmanie|布)", name)]


@pytest.mark.parametrize("code", CODES)
def test_openings_are_rich_and_written_once(code: str) -> None:
    """Each kind of opening has thirty or more, none twice, and in the case that the language asks for."""
    openings = load(code).words.openings
    for words in (openings.preambular, openings.operative):
        assert len(words) >= 30
        assert len(words) == len(set(words))
        for word in words:
            expected = {"capital": word[0].upper(), "lower": word[0].lower(), "none": word[0]}[openings.letter_case]
            assert expected == word[0]


@pytest.mark.parametrize("code", CODES)
def test_the_starter_opens_with_known_words(code: str) -> None:
    """A new source begins with paragraphs whose opening words the language knows."""
    words = load(code).words
    for opening, known in (
        (words.starter.preambular, words.openings.preambular),
        (words.starter.operative, words.openings.operative),
    ):
        found = re.match(r"\*(.+?)\*", opening)
        assert found
        assert found[1] in known


@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize("code", CODES)
def test_forms_are_sound_inline_text(code: str, edition: str) -> None:
    """What the printed forms give is inline Markdown without a fault."""
    words = load(code, edition)
    day = datetime.date(2001, 12, 1)
    phrases = [
        words.session("56"),
        words.agenda_items([(119, 2)]),
        words.source_line("third", ["A/56/583/Add.2"]),
        *words.signature(1, day),
        words.words.organs["A"].enacting,
        words.words.organs["A"].resolution.format(date=words.date(day)),
        words.words.reissued.format(date=words.date(day)),
        words.words.sponsors.format(states=words.state_list(["FR", "CI"])),
        words.words.vote.list.format(choice=words.words.vote.against, states=words.state_list(["FR", "CI"])),
    ]
    for phrase in phrases:
        assert [] == inline.parse(phrase, words.direction)[1]
        assert "{" not in phrase


# ---- Ordinals


@pytest.mark.parametrize(
    ("code", "number", "ordinal"),
    [
        ("en", 1, "first"),
        ("en", 12, "twelfth"),
        ("en", 20, "twentieth"),
        ("en", 56, "fifty-sixth"),
        ("en", 73, "seventy-third"),
        ("en", 80, "eightieth"),
        ("en", 100, "one hundredth"),
        ("en", 101, "one hundred and first"),
        ("en", 112, "one hundred and twelfth"),
        ("fr", 1, "première"),
        ("fr", 2, "deuxième"),
        ("fr", 17, "dix-septième"),
        ("fr", 21, "vingt et unième"),
        ("fr", 22, "vingt-deuxième"),
        ("fr", 51, "cinquante et unième"),
        ("fr", 56, "cinquante-sixième"),
        ("fr", 61, "soixante et unième"),
        ("fr", 69, "soixante-neuvième"),
        ("fr", 70, "soixante-dixième"),
        ("fr", 71, "soixante et onzième"),
        ("fr", 77, "soixante-dix-septième"),
        ("fr", 80, "quatre-vingtième"),
        ("fr", 81, "quatre-vingt-unième"),
        ("fr", 82, "quatre-vingt-deuxième"),
        ("fr", 90, "quatre-vingt-dixième"),
        ("fr", 91, "quatre-vingt-onzième"),
        ("fr", 99, "quatre-vingt-dix-neuvième"),
        ("fr", 100, "centième"),
        ("fr", 101, "cent unième"),
        ("fr", 121, "cent vingt et unième"),
        ("es", 1, "primer"),
        ("es", 3, "tercer"),
        ("es", 10, "décimo"),
        ("es", 11, "undécimo"),
        ("es", 13, "decimotercer"),
        ("es", 18, "decimoctavo"),
        ("es", 21, "vigésimo primer"),
        ("es", 53, "quincuagésimo tercer"),
        ("es", 56, "quincuagésimo sexto"),
        ("es", 67, "sexagésimo séptimo"),
        ("es", 69, "sexagésimo noveno"),
        ("es", 70, "septuagésimo"),
        ("es", 98, "nonagésimo octavo"),
        ("es", 101, "centésimo primer"),
        ("es", 120, "centésimo vigésimo"),
        ("ru", 3, "третья"),
        ("ru", 10, "десятая"),
        ("ru", 11, "одиннадцатая"),
        ("ru", 20, "двадцатая"),
        ("ru", 28, "двадцать восьмая"),
        ("ru", 40, "сороковая"),
        ("ru", 48, "сорок восьмая"),
        ("ru", 56, "пятьдесят шестая"),
        ("ru", 69, "шестьдесят девятая"),
        ("ru", 70, "семидесятая"),
        ("ru", 80, "восьмидесятая"),
        ("ru", 93, "девяносто третья"),
        ("ru", 100, "сотая"),
        ("ru", 112, "сто двенадцатая"),
        ("zh", 1, "一"),
        ("zh", 10, "十"),
        ("zh", 11, "十一"),
        ("zh", 20, "二十"),
        ("zh", 56, "五十六"),
        ("zh", 69, "六十九"),
        ("zh", 100, "一百"),
        ("zh", 101, "一百零一"),
        ("zh", 110, "一百一十"),
        ("zh", 111, "一百一十一"),
        ("zh", 120, "一百二十"),
        ("ar", 1, "الأولى"),
        ("ar", 3, "الثالثة"),
        ("ar", 10, "العاشرة"),
        ("ar", 11, "الحادية عشرة"),
        ("ar", 12, "الثانية عشرة"),
        ("ar", 20, "العشرون"),
        ("ar", 21, "الحادية والعشرون"),
        ("ar", 28, "الثامنة والعشرون"),
        ("ar", 56, "السادسة والخمسون"),
        ("ar", 69, "التاسعة والستون"),
        ("ar", 70, "السبعون"),
        ("ar", 71, "الحادية والسبعون"),
        ("ar", 80, "الثمانون"),
        ("ar", 100, "المائة"),
        ("ar", 101, "الأولى بعد المائة"),
        ("ar", 121, "الحادية والعشرون بعد المائة"),
    ],
)
def test_ordinals_in_words(code: str, number: int, ordinal: str) -> None:
    """An ordinal is written in words as the sessions of the language need it."""
    assert ordinal == load(code).ordinal(number)


@pytest.mark.parametrize("code", CODES)
def test_ordinals_differ(code: str) -> None:
    """The ordinals of all sessions that can be asked for are there, and no two are alike."""
    words = load(code)
    ordinals = [words.ordinal(number) for number in range(1, 121)]
    assert 120 == len(set(ordinals))
    assert all(ordinal == ordinal.strip() != "" for ordinal in ordinals)


@pytest.mark.parametrize("number", [0, -1])
@pytest.mark.parametrize("code", CODES)
def test_an_ordinal_out_of_reach_is_refused(code: str, number: int) -> None:
    """A number below what the rules reach has no ordinal."""
    with pytest.raises(ValueError, match="no ordinal"):
        load(code).ordinal(number)


@pytest.mark.parametrize(
    ("code", "edition", "number", "ordinal"),
    [
        ("en", "2013", 1, "1st"),
        ("en", "2013", 11, "11th"),
        ("en", "2013", 12, "12th"),
        ("en", "2013", 13, "13th"),
        ("en", "2013", 81, "81st"),
        ("en", "2013", 82, "82nd"),
        ("en", "2013", 83, "83rd"),
        ("en", "2013", 88, "88th"),
        ("en", "2013", 111, "111th"),
        ("en", "2013", 121, "121st"),
        ("fr", "2013", 1, "1^re^"),
        ("fr", "2013", 2, "2^e^"),
        ("fr", "2013", 21, "21^e^"),
        ("fr", "1998", 81, "81^e^"),
        ("es", "1998", 81, "81a."),
        ("es", "2013", 81, "81ª"),
        ("ru", "2013", 88, "88-е"),
        ("zh", "2013", 88, "88"),
        ("ar", "2013", 88, "88"),
    ],
)
def test_ordinals_in_digits(code: str, edition: str, number: int, ordinal: str) -> None:
    """The number of a meeting takes the ending that the language and the edition give it."""
    assert ordinal == load(code, edition).numeric_ordinal(number)


# ---- The block above the text


@pytest.mark.parametrize(
    ("code", "session", "line"),
    [
        ("en", "56", "Fifty-sixth session"),
        ("en", "S-26", "Twenty-sixth special session"),
        ("en", "ES-10", "Tenth emergency special session"),
        ("fr", "56", "Cinquante-sixième session"),
        ("fr", "80", "Quatre-vingtième session"),
        ("fr", "S-26", "Vingt-sixième session extraordinaire"),
        ("fr", "ES-10", "Dixième session extraordinaire d’urgence"),
        ("es", "56", "Quincuagésimo sexto período de sesiones"),
        ("es", "S-26", "Vigésimo sexto período extraordinario de sesiones"),
        ("es", "ES-10", "Décimo período extraordinario de sesiones de emergencia"),
        ("ru", "56", "Пятьдесят шестая сессия"),
        ("ru", "S-26", "Двадцать шестая специальная сессия"),
        ("ru", "ES-10", "Десятая чрезвычайная специальная сессия"),
        ("zh", "56", "第五十六届会议"),
        ("zh", "S-26", "第二十六届特别会议"),
        ("zh", "ES-10", "第十届紧急特别会议"),
        ("ar", "56", "الدورة السادسة والخمسون"),
        ("ar", "S-26", "الدورة الاستثنائية السادسة والعشرون"),
        ("ar", "ES-10", "الدورة الاستثنائية الطارئة العاشرة"),
    ],
)
def test_sessions(code: str, session: str, line: str) -> None:
    """A regular, a special and an emergency special session each have their line."""
    assert line == load(code).session(session)


@pytest.mark.parametrize(
    ("code", "edition", "items", "line"),
    [
        ("en", "2013", [(119, 2)], "Agenda item 119 (b)"),
        ("en", "2013", [(132, 0), (17, 3)], "Agenda items 132 and 17 (c)"),
        ("en", "2013", [(1, 0), (2, 0), (3, 0)], "Agenda items 1, 2 and 3"),
        ("fr", "1998", [(4, 0)], "Point 4 de l’ordre du jour"),
        ("fr", "1998", [(119, 2)], "Point 119, b, de l’ordre du jour"),
        ("fr", "2013", [(119, 2)], "Point 119 b) de l’ordre du jour"),
        ("fr", "2013", [(132, 0), (17, 3)], "Points 132 et 17 c) de l’ordre du jour"),
        ("fr", "2013", [(1, 0), (2, 0), (3, 0)], "Points 1, 2 et 3 de l’ordre du jour"),
        ("es", "2013", [(119, 2)], "Tema 119 b) del programa"),
        ("es", "2013", [(132, 0), (17, 3)], "Temas 132 y 17 c) del programa"),
        ("es", "2013", [(1, 0), (2, 0), (3, 0)], "Temas 1, 2 y 3 del programa"),
        ("ru", "1998", [(119, 2)], "Пункт 119 b повестки дня"),
        ("ru", "2013", [(113, 2)], "Пункт 113(b) повестки дня"),
        ("ru", "2013", [(132, 0), (17, 3)], "Пункты 132 и 17(c) повестки дня"),
        ("ru", "2013", [(1, 0), (2, 0), (3, 0)], "Пункты 1, 2 и 3 повестки дня"),
        ("zh", "2013", [(119, 2)], "议程项目119(b)"),
        ("zh", "2013", [(132, 0), (17, 3)], "议程项目132和17(c)"),
        ("zh", "2013", [(1, 0), (2, 0), (3, 0)], "议程项目1、2和3"),
        ("ar", "2013", [(119, 2)], "البند 119 (ب) من جدول الأعمال"),
        ("ar", "2013", [(132, 0), (17, 3)], f"البندان 132 و{NO_BREAK}17 (ج) من جدول الأعمال"),
        ("ar", "2013", [(1, 0), (2, 0), (3, 0)], f"البنود 1 و{NO_BREAK}2 و{NO_BREAK}3 من جدول الأعمال"),
    ],
)
def test_agenda_items(code: str, edition: str, items: list[tuple[int, int]], line: str) -> None:
    """One, two and more agenda items each have their form, sub-items their letter."""
    assert line == load(code, edition).agenda_items(items)


@pytest.mark.parametrize(
    ("code", "edition", "committee", "line"),
    [
        ("en", "1998", "third", "[on the report of the Third Committee (A/56/583/Add.2)]"),
        ("fr", "1998", "third", "[sur le rapport de la Troisième Commission (A/56/583/Add.2)]"),
        ("fr", "2013", "third", "[sur la base du rapport de la Troisième Commission (A/56/583/Add.2)]"),
        ("fr", "2013", "general", "[sur la base du rapport du Bureau (A/56/583/Add.2)]"),
        ("es", "1998", "third", "[sobre la base del informe de la Tercera Comisión (A/56/583/Add.2)]"),
        ("es", "2013", "general", "[sobre la base del informe de la Mesa (A/56/583/Add.2)]"),
        ("ru", "1998", "third", "[по докладу Третьего комитета (A/56/583/Add.2)]"),
        ("ru", "2013", "credentials", "[по докладу Комитета по проверке полномочий (A/56/583/Add.2)]"),
        ("zh", "1998", "third", "[根据第三委员会的报告(A/56/583/Add.2)通过]"),
        ("zh", "2013", "fourth", "[根据特别政治和非殖民化委员会(第四委员会)的报告(A/56/583/Add.2)通过]"),
        ("ar", "1998", "third", "[بناء على تقرير اللجنة الثالثة (A/56/583/Add.2)]"),
        ("ar", "2013", "general", "[بناء على تقرير المكتب (A/56/583/Add.2)]"),
    ],
)
def test_source_line_of_a_committee(code: str, edition: str, committee: str, line: str) -> None:
    """The line names the committee in the case that its report asks for."""
    assert line == load(code, edition).source_line(committee, ["A/56/583/Add.2"])


@pytest.mark.parametrize(
    ("code", "line"),
    [
        ("en", "[without reference to a Main Committee (A/73/L.6 and Add.1)]"),
        ("fr", "[sans renvoi à une grande commission (A/73/L.6 et Add.1)]"),
        ("es", "[sin remisión previa a una Comisión Principal (A/73/L.6 y Add.1)]"),
        ("ru", "[без передачи в главные комитеты (A/73/L.6 и Add.1)]"),
        ("zh", "[未经发交主要委员会而通过(A/73/L.6和Add.1)]"),
        ("ar", f"[دون الإحالة إلى لجنة رئيسية (A/73/L.6 و{NO_BREAK}Add.1)]"),
    ],
)
def test_source_line_of_the_plenary(code: str, line: str) -> None:
    """Without a committee the line says so, and joins the symbols of the drafts."""
    assert line == load(code).source_line("", ["A/73/L.6", "Add.1"])


@pytest.mark.parametrize(
    ("code", "dated", "undated"),
    [
        (
            "en",
            "Resolution adopted by the General Assembly on 26 October 2018",
            "Resolution adopted by the General Assembly",
        ),
        (
            "fr",
            "Résolution adoptée par l’Assemblée générale le 26 octobre 2018",
            "Résolution adoptée par l’Assemblée générale",
        ),
        (
            "es",
            "Resolución aprobada por la Asamblea General el 26 de octubre de 2018",
            "Resolución aprobada por la Asamblea General",
        ),
        (
            "ru",
            f"Резолюция, принятая Генеральной Ассамблеей 26 октября 2018{NO_BREAK}года",
            "Резолюция, принятая Генеральной Ассамблеей",
        ),
        ("zh", "2018年10月26日大会决议", "大会决议"),
        ("ar", "قرار اتخذته الجمعية العامة في 26 تشرين الأول/أكتوبر 2018", "قرار اتخذته الجمعية العامة"),
    ],
)
def test_titles_bear_a_date_in_the_later_edition_only(code: str, dated: str, undated: str) -> None:
    """The title names the day of adoption in the edition of 2013, and no day in that of 1998."""
    later, earlier = load(code, "2013"), load(code, "1998")
    day = later.date(datetime.date(2018, 10, 26))
    assert dated == later.words.organs["A"].resolution.format(date=day)
    assert undated == earlier.words.organs["A"].resolution.format(date=day)


# ---- Dates and the signature


@pytest.mark.parametrize(
    ("code", "edition", "date", "masthead"),
    [
        ("en", "1998", "1 December 2001", "1 December 2001"),
        ("fr", "1998", "1^er^ décembre 2001", "1^er^ décembre 2001"),
        ("es", "1998", "1° de diciembre de 2001", "1° de diciembre de 2001"),
        ("es", "2013", "1 de diciembre de 2001", "1 de diciembre de 2001"),
        ("ru", "1998", f"1 декабря 2001{NO_BREAK}года", "1 December 2001"),
        ("zh", "1998", "2001年12月1日", "1 December 2001"),
        ("ar", "1998", "1 كانون الأول/ديسمبر 2001", "1 December 2001"),
    ],
)
def test_first_days_of_a_month(code: str, edition: str, date: str, masthead: str) -> None:
    """The first of a month has its own form; the masthead of three languages keeps to English."""
    words, day = load(code, edition), datetime.date(2001, 12, 1)
    assert (date, masthead) == (words.date(day), words.masthead_date(day))


@pytest.mark.parametrize(
    ("code", "months"),
    [
        ("en", "January February March April May June July August September October November December"),
        ("fr", "janvier février mars avril mai juin juillet août septembre octobre novembre décembre"),
        ("es", "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre"),
        ("ru", "января февраля марта апреля мая июня июля августа сентября октября ноября декабря"),
    ],
)
def test_months(code: str, months: str) -> None:
    """Months stand in the form, and the case of the first letter, that a date needs."""
    words = load(code)
    dates = [words.date(datetime.date(2001, month, 17)) for month in range(1, 13)]
    assert all(month in date.split() for month, date in zip(months.split(), dates, strict=True))


def test_arabic_months_have_both_names() -> None:
    """Each month bears its Levantine name and, after a stroke, the other one."""
    words = load("ar")
    assert "17 حزيران/يونيه 1999" == words.date(datetime.date(1999, 6, 17))
    assert "17 كانون الثاني/يناير 1999" == words.date(datetime.date(1999, 1, 17))
    assert all("/" in month for month in words.words.dates.months)


@pytest.mark.parametrize(
    ("code", "edition", "lines"),
    [
        ("en", "1998", ["88th plenary meeting", "19 December 2001"]),
        ("fr", "1998", ["88^e^ séance plénière", "19 décembre 2001"]),
        ("es", "1998", ["88a. sesión plenaria", "19 de diciembre de 2001"]),
        ("es", "2013", ["88ª sesión plenaria", "19 de diciembre de 2001"]),
        ("ru", "1998", ["88-е пленарное заседание,", f"19 декабря 2001{NO_BREAK}года"]),
        ("zh", "1998", ["2001年12月19日", "第88次全体会议"]),
        ("ar", "1998", ["الجلسة العامة 88", "19 كانون الأول/ديسمبر 2001"]),
    ],
)
def test_signatures(code: str, edition: str, lines: list[str]) -> None:
    """Below the text stand the meeting and its day, in the order of the language."""
    assert lines == load(code, edition).signature(88, datetime.date(2001, 12, 19))


# ---- Markers


@pytest.mark.parametrize(
    ("code", "markers"),
    [
        ("en", ["(b)", "(ii)", "b.", "ii."]),
        ("fr", ["b)", "ii)", "b.", "ii."]),
        ("es", ["b)", "ii)", "b.", "ii."]),
        ("ru", ["(b)", "(ii)", "b.", "ii."]),
        ("zh", ["(b)", "(二)", "b.", "二."]),
        ("ar", ["(ب)", "’2‘", "ب -", "(2)"]),
    ],
)
def test_items_have_four_distinct_levels(code: str, markers: list[str]) -> None:
    """The markers of the four levels of items are those of the language, and no two levels look alike."""
    words = load(code)
    assert markers == [words.item(level, 2) for level in range(4)]
    assert 4 == len({words.item(level, 1) for level in range(4)})


@pytest.mark.parametrize(
    ("code", "edition", "part", "section", "paragraph", "annex"),
    [
        ("en", "2013", "B", "II", "2.", "Annex II"),
        ("fr", "2013", "B", "II", "2.", "Annexe II"),
        ("es", "2013", "B", "II", "2.", "Anexo II"),
        ("ru", "2013", "B", "II", "2.", "Приложение II"),
        ("zh", "2013", "B", "二", "2.", "附件二"),
        ("zh", "1998", "B", "二", "2．", "附件二"),
        ("ar", "2013", "باء", "ثانيا", "2 -", "المرفق الثاني"),
    ],
)
def test_divisions_and_paragraphs(  # noqa: PLR0913  # one argument a column
    code: str, edition: str, part: str, section: str, paragraph: str, annex: str
) -> None:
    """Parts, sections, paragraphs and annexes are numbered in the signs of the language."""
    loaded = load(code, edition)
    words = loaded.words
    forms = (words.part, words.section, words.paragraph, words.annexes)
    assert (part, section, paragraph, annex) == tuple(loaded.marker(form, 2) for form in forms)


@given(st.integers(1, 28))
def test_arabic_letters_differ(number: int) -> None:
    """Each of the twenty-eight items of a list has a letter of its own."""
    words = load("ar")
    others = {words.item(0, other) for other in range(1, 29) if other != number}
    assert words.item(0, number) not in others


@pytest.mark.parametrize(("number", "marker"), [(26, "(z)"), (27, "(aa)"), (28, "(bb)"), (53, "(aaa)")])
def test_letters_are_doubled_when_they_run_out(number: int, marker: str) -> None:
    """After the last letter of the alphabet its letters come doubled, then trebled."""
    assert marker == load("en").item(0, number)


def test_notes_are_called_in_brackets_in_arabic_only() -> None:
    """Arabic puts the number of a note between brackets, at the call and at the note."""
    for code in CODES:
        words = load(code).words
        expected = "({number})" if code == "ar" else "{number}"
        assert (expected, expected) == (words.note_call, words.note_mark)


# ---- States


@pytest.mark.parametrize(
    ("code", "listed"),
    [
        ("en", "Côte d’Ivoire, Iran (Islamic Republic of), Türkiye, United States of America, Viet Nam"),
        ("fr", "Côte d’Ivoire, États-Unis d’Amérique, Iran (République islamique\u00a0d’), Türkiye, Viet Nam"),
        ("es", "Côte d’Ivoire, Estados Unidos de América, Irán (República Islámica del), Türkiye, Viet Nam"),
        ("ru", "Вьетнам, Иран (Исламская Республика), Кот-д’Ивуар, Соединенные Штаты Америки, Турция"),
        ("zh", "科特迪瓦、伊朗伊斯兰共和国、土耳其、美利坚合众国、越南"),
        ("ar", "إيران (جمهورية - الإسلامية)، تركيا، فييت نام، كوت ديفوار، الولايات المتحدة الأمريكية"),
    ],
)
def test_states_stand_in_the_order_of_the_language(code: str, listed: str) -> None:
    """States bear the names of the United Nations, ordered by the language's own alphabet."""
    assert listed == load(code).state_list(["VN", "US", "TR", "IR", "CI"])


def test_arabic_order_passes_over_the_article() -> None:
    """The article counts for nothing in the order of Arabic names."""
    assert ["ألمانيا", "باكستان", "البرازيل", "جزر مارشال", "اليمن"] == load("ar").states(
        ["YE", "BR", "MH", "PK", "DE"]
    )


def test_chinese_follows_the_order_of_english_names() -> None:
    """Chinese names stand in the order of their English names."""
    english, chinese = load("en"), load("zh")
    for codes in (["ZW", "AF", "CD", "CG", "KR"], ["US", "GB", "TZ", "AE", "TR"]):
        ordered = english.states(codes)
        names = dict(zip(codes, (chinese.states([code])[0] for code in codes), strict=True))
        by_english = {english.states([code])[0]: names[code] for code in codes}
        assert [by_english[name] for name in ordered] == chinese.states(codes)


def test_accents_do_not_move_a_state() -> None:
    """A letter with an accent is ordered with its plain letter."""
    assert ["Égypte", "El Salvador", "Émirats arabes unis", "Équateur", "Espagne"] == load("fr").states(
        ["ES", "EC", "AE", "SV", "EG"]
    )


def test_a_document_may_name_a_state_itself() -> None:
    """A name that the document gives takes the place of the locale's, and its place in the order."""
    assert "Albania, Swaziland, Sweden" == load("en").state_list(["SE", "AL", "SZ"], {"SZ": "Swaziland"})


# ---- Words of a project


def test_own_words_lie_over_the_shipped_ones(tmp_path: Path) -> None:
    """A project changes single words, and keeps all others."""
    words = overlaid(tmp_path, "fr", "organization: Modèle des Nations Unies\nvote: {none: Aucun}\n").words
    assert ("Modèle des Nations Unies", "Aucun", "Ont voté pour") == (
        words.organization,
        words.vote.none,
        words.vote.in_favour,
    )


def test_own_words_may_be_an_editions(tmp_path: Path) -> None:
    """Words under an edition count for documents of that edition only."""
    own = 'editions: {"1998": {recycle: Veuillez recycler}}\n'
    assert "Veuillez recycler" == overlaid(tmp_path, "fr", own, "1998").words.recycle
    assert "Merci de recycler" == overlaid(tmp_path, "fr", own, "2013").words.recycle


def test_own_words_win_over_a_shipped_edition(tmp_path: Path) -> None:
    """What a project says of all editions holds against what the shipped locale says of one."""
    assert "1er" == overlaid(tmp_path, "es", "dates: {first_day: 1er}\n", "1998").words.dates.first_day


def test_a_seventh_language_is_a_file(tmp_path: Path) -> None:
    """A complete locale file in the project's folder is all that a language needs."""
    words = (SHIPPED / "es.yaml").read_text(encoding="utf-8")
    words = words.replace("cldr: es", "cldr: pt").replace("Naciones Unidas", "Nações Unidas")
    loaded = overlaid(tmp_path, "pt", words)
    assert ("pt", "Nações Unidas") == (loaded.code, loaded.words.organization)
    assert "19 de dezembro de 2001" == loaded.date(datetime.date(2001, 12, 19))


def test_eastern_digits(tmp_path: Path) -> None:
    """A project sets the digits of its Arabic documents; the masthead's English date keeps Western ones."""
    words = overlaid(tmp_path, "ar", 'digits: "٠١٢٣٤٥٦٧٨٩"\n')
    day = datetime.date(2001, 12, 19)
    assert ["الجلسة العامة ٨٨", "١٩ كانون الأول/ديسمبر ٢٠٠١"] == words.signature(88, day)
    assert "البند ١١٩ (ب) من جدول الأعمال" == words.agenda_items([(119, 2)])
    assert "’٢‘" == words.item(1, 2)
    assert "19 December 2001" == words.masthead_date(day)


# ---- What is wrong in a locale


def test_a_missing_word_is_found(tmp_path: Path) -> None:
    """Every word that a new locale lacks is found, the mapping's place shown."""
    words = (SHIPPED / "en.yaml").read_text(encoding="utf-8")
    words = words.replace("recycle: Please recycle\n", "").replace("  third: the Third Committee\n", "")
    found = findings(tmp_path, "pt", words)
    assert [("K01", "the locale lacks 'recycle'"), ("K01", "the locale lacks 'third'")] == sorted(
        (one.code, one.message) for one in found
    )
    assert all(one.place and one.place.file.name == "pt.yaml" for one in found)


def test_an_unknown_word_is_found(tmp_path: Path) -> None:
    """A word that no locale has is found at its line, with the word that was meant."""
    (found,) = findings(tmp_path, "fr", "organization: ONU\nrecycel: Merci\n")
    assert ("K02", "unknown word 'recycel'", "did you mean 'recycle'?") == (found.code, found.message, found.hint)
    assert found.place
    assert (tmp_path / "fr.yaml", 2, 1, "recycel: Merci") == (
        found.place.file,
        found.place.line,
        found.place.column,
        found.place.excerpt,
    )


@pytest.mark.parametrize(
    ("words", "message", "hint"),
    [
        ("vote: {nome: Aucun}", "unknown word 'nome'", "did you mean 'none'?"),
        ("committees: {thirt: de la Troisième}", "unknown word 'thirt'", "did you mean 'third'?"),
        ("distribution: {generale: Distr.}", "unknown word 'generale'", "did you mean 'general'?"),
    ],
)
def test_an_unknown_word_inside_another_is_found(tmp_path: Path, words: str, message: str, hint: str) -> None:
    """Unknown words are found at any depth."""
    (found,) = findings(tmp_path, "fr", words)
    assert ("K02", message, hint) == (found.code, found.message, found.hint)


@pytest.mark.parametrize(
    ("words", "message", "line"),
    [
        ("organization: [ONU]", "expected a text, and this is a list", 1),
        ("\nvote: Aucun", "expected a mapping, and this is a text", 2),
        ("items: a)", "expected a list, and this is a text", 1),
        ("states: [France]", "expected a mapping, and this is a list", 1),
        ("direction: up", "'up' is none of ltr, rtl", 1),
    ],
)
def test_a_word_of_the_wrong_kind_is_found(tmp_path: Path, words: str, message: str, line: int) -> None:
    """A text, a list or a mapping where another is wanted is found at its line."""
    (found,) = findings(tmp_path, "fr", words)
    assert ("K03", message) == (found.code, found.message)
    assert found.place
    assert line == found.place.line


@pytest.mark.parametrize(
    ("words", "message", "hint"),
    [
        ('paragraph: "{numbr}."', "unknown placeholder '{numbr}'", "did you mean 'number'?"),
        ('paragraph: "1."', "the placeholder '{number}' is missing", ""),
        ('session: "{Ordnal} session"', "unknown placeholder '{Ordnal}'", "did you mean 'Ordinal'?"),
        ("table: Tableau {number", "the form does not parse", "a placeholder is written {name}"),
        ("part: Partie", "the form has no list marker", "as {decimal} or {lower-alpha}"),
        ('vote: {list: "{choice}"}', "the placeholder '{states}' is missing", ""),
        ("vote: {none: '{number}'}", "unknown placeholder '{number}'", ""),
    ],
)
def test_a_wrong_placeholder_is_found(tmp_path: Path, words: str, message: str, hint: str) -> None:
    """A placeholder that is unknown, missing or broken is found, with the one that was meant."""
    found = findings(tmp_path, "fr", words)
    assert all(one.code == "K04" for one in found)
    assert any(one.message.startswith(message) and one.hint == hint for one in found)
    assert all(one.place and one.place.line == 1 for one in found)


def test_all_faults_come_out_together(tmp_path: Path) -> None:
    """The faults of a file are given all at once."""
    found = findings(tmp_path, "fr", "colour: rouge\norganization: []\nparagraph: x\n")
    assert ["K02", "K03", "K04"] == sorted(one.code for one in found)


@pytest.mark.parametrize("code", CODES)
def test_a_vote_counts_in_the_language(code: str) -> None:
    """No, one and many abstentions each take the language's own form, and nobody against has a word."""
    spoken = load(code)
    sentences = {spoken.vote_heading(106, against, abstaining) for against in (0, 1) for abstaining in (0, 1, 67)}
    assert 6 == len(sentences)
    assert "Adopted by a recorded vote of 106 to none, with 1 abstention, as follows:" == load("en").vote_heading(
        106, 0, 1
    )


def test_french_sub_items_of_old_do_not_double_their_commas() -> None:
    """The comma that ends a sub-item of 1998 is also the comma of the list."""
    assert "Points 119, b, 120 et 121, a, de l’ordre du jour" == load("fr", "1998").agenda_items(
        [(119, 2), (120, 0), (121, 1)]
    )


def test_states_are_ordered_as_printed() -> None:
    """Hyphens do not count in French, nor the seat of a hamza in Arabic."""
    assert ["Sainte-Lucie", "Saint-Kitts-et-Nevis"] == load("fr").states(["KN", "LC"])
    assert ["أفغانستان", "إكوادور", "أوغندا"] == load("ar").states(["UG", "EC", "AF"])


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("cldr: xx-nowhere", "K05"),
        ("digits: '0123'", "K03"),
        ("items: ['{abjad}']", "K03"),
        ("section: '{abjd}'", "K04"),
        ("dates: {months: [a, b]}", "K03"),
        ("numeric_ordinals: {other: th}", "K04"),
        ("openings: {letter_case: tall}", "K03"),
    ],
)
def test_what_cannot_be_printed_is_found_on_loading(tmp_path: Path, words: str, code: str) -> None:
    """A word that could not be printed is found when the locale is read, not when a document is."""
    assert code in {one.code for one in findings(tmp_path, "ar", words)}


def test_editions_that_are_no_mapping_are_found(tmp_path: Path) -> None:
    """Edition words that are not a mapping are a finding, and not passed over."""
    assert ["K03"] == [one.code for one in findings(tmp_path, "en", "editions: nonsense")]


def test_a_session_in_digits_needs_no_ordinals(tmp_path: Path) -> None:
    """A locale that writes sessions in digits need not have ordinals in words."""
    words = 'session: "{number}. Tagung"\nordinals: {1: first}\n'
    (tmp_path / "en.yaml").write_text(words, encoding="utf-8")
    german = language.load("en", [SHIPPED, tmp_path], "2013")
    bare = language.Language("de", dataclasses.replace(german.words, ordinals={}))
    assert "80. Tagung" == bare.session("80")


@pytest.mark.parametrize(
    ("code", "typed", "printed"),
    [
        ("en", "on 25 June 1993, see No. 3 and 116 000", "on 25~June 1993, see No.~3 and 116~000"),
        ("fr", "le 25 juin « mot » : 50 % ; vol. 3 !", "le 25~juin «~mot~»~: 50~%_; vol.~3_!"),
        ("es", "el 25 de junio de 1993, núm. 3", "el 25~de~junio de 1993, núm.~3"),
        ("ru", "В Уставе и с ним 25 июня 1993 года — № 3", "В~Уставе и~с~ним 25~июня 1993~года~— №~3"),
        ("ru", "слова, годами и Актом", "слова, годами и~Актом"),
        ("ar", "في 25 حزيران/يونيه و 9 و/أو 55/109", "في 25~حزيران/+يونيه و~9 و/+أو 55/109"),
        ("ar", "الفقرات 10-12", "الفقرات 10-<12"),
        ("zh", "1993年6月25日", "1993年6月25日"),
    ],
)
def test_typed_texts_break_where_the_language_does(code: str, typed: str, printed: str) -> None:
    """Words that belong together get no-break spaces (~), narrow ones (_), joiners (+); ranges a direction mark (<)."""
    marks = str.maketrans({"\u00a0": "~", "\u202f": "_", "\u2060": "+", "\u200f": "<"})
    assert printed == load(code).set(typed).translate(marks)


@given(st.sampled_from(CODES), st.text(st.characters(exclude_categories=["Cs"]), max_size=60))
def test_setting_a_text_loses_no_character(code: str, typed: str) -> None:
    """Setting a text changes spaces alone, and puts invisible marks in; set again, it stays as it is."""
    loaded = load(code)
    printed = loaded.set(typed)
    spaces = str.maketrans(dict.fromkeys("\u00a0\u202f", " ") | dict.fromkeys("\u2060\u200f"))
    assert typed.translate(spaces) == printed.translate(spaces)
    assert printed == loaded.set(printed)


def test_eastern_digits_leave_latin_alone(tmp_path: Path) -> None:
    """Digits of a text become the language's own, but for those that follow a Latin letter."""
    (tmp_path / "ar.yaml").write_text('digits: "٠١٢٣٤٥٦٧٨٩"\n', encoding="utf-8")
    own = language.load("ar", [SHIPPED, tmp_path], "2013")
    assert "٥٥/١٠٩ في A/56/583، عام ٢٠٠١" == own.set("55/109 في A/56/583، عام 2001")
    assert ", 2302" == own.set(", 2302", latin=True)


def test_only_chinese_is_ideographic() -> None:
    """CLDR says which script a language is written in."""
    assert ["zh"] == [code for code in CODES if load(code).ideographic]
