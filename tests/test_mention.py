"""Mentions in texts of six languages."""

from __future__ import annotations

import datetime
from collections import Counter
from decimal import Decimal
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from conftest import LANGUAGES
from hypothesis import given, settings
from hypothesis import strategies as st

from publish.text import inline, language
from publish.text.mention import Finder

if TYPE_CHECKING:
    from collections.abc import Sequence

    from publish.text.language import Language
    from publish.text.mention import Mention

    Said = tuple[str, object]

SHIPPED = Path(__file__).parent.parent / "locales"
NO_BREAK, NARROW = "\u00a0", "\u202f"
ONE_DATE = {"date", "month"}


@cache
def spoken(code: str, edition: str = "2013") -> Language:
    """Load a shipped language."""
    return language.load(code, [SHIPPED], edition)


@cache
def finder(code: str, edition: str = "2013") -> Finder:
    """Give what finds mentions in a shipped language."""
    return Finder(spoken(code, edition))


def certain(code: str, text: str) -> Counter[Said]:
    """Give what other languages must mention too, whatever its order."""
    return Counter((one.kind, one.value) for one in finder(code).find(text) if one.certain)


def uncertain(code: str, text: str) -> list[Said]:
    """Give what only answers to a mention elsewhere."""
    return [(one.kind, one.value) for one in finder(code).find(text) if not one.certain]


def each(table: Sequence[tuple[str, list[Said], dict[str, str]]]) -> list[object]:
    """Make a case of each language of each row: how it says it, and what all languages say."""
    return [
        pytest.param(code, texts[code], said, id=f"{name}-{code}") for name, said, texts in table for code in LANGUAGES
    ]


# ---- Dates

DATES: list[tuple[str, list[Said], dict[str, str]]] = [
    (
        "one day",
        [("date", (12, 17)), ("number", 1999)],
        {
            "ar": "المعقودة في 17 كانون الأول/ديسمبر 1999،",
            "zh": "于1999年12月17日举行",
            "en": "held on 17 December 1999,",
            "fr": "tenue le 17 décembre 1999,",
            "ru": "состоявшейся 17 декабря 1999 года,",
            "es": "celebrada el 17 de diciembre de 1999,",
        },
    ),
    (
        "a day without its year",
        [("date", (6, 25))],
        {
            "ar": "يوم 25 حزيران/يونيه من كل عام",
            "zh": "每年6月25日",
            "en": "on 25 June each year",
            "fr": "le 25 juin de chaque année",
            "ru": "25 июня каждого года",
            "es": "el 25 de junio de cada año",
        },
    ),
    (
        "days of one month",
        [("date", (6, 3)), ("date", (6, 5)), ("date", (6, 9)), ("number", 2014)],
        {
            "ar": "في 3 و 5 و 9 حزيران/يونيه 2014",
            "zh": "2014年6月3日、5日和9日",
            "en": "on 3, 5 and 9 June 2014",
            "fr": "les 3, 5 et 9 juin 2014",
            "ru": "3, 5 и 9 июня 2014 года",
            "es": "los días 3, 5 y 9 de junio de 2014",
        },
    ),
    (
        "from day to day",
        [("date", (5, 4)), ("date", (5, 6)), ("number", 2015)],
        {
            "ar": "في الفترة من 4 إلى 6 أيار/مايو 2015",
            "zh": "2015年5月4日至6日",
            "en": "from 4 to 6 May 2015",
            "fr": "du 4 au 6 mai 2015",
            "ru": "с 4 по 6 мая 2015 года",
            "es": "del 4 al 6 de mayo de 2015",
        },
    ),
    (
        "from day to day with a dash",
        [("date", (5, 4)), ("date", (5, 6)), ("number", 2015)],
        {
            "ar": "(4-6 أيار/مايو 2015)",
            "zh": "(2015年5月4-6日)",
            "en": "(4–6 May 2015)",
            "fr": "(4-6 mai 2015)",
            "ru": "(4–6 мая 2015 года)",
            "es": "(4-6 de mayo de 2015)",
        },
    ),
    (
        "from month to month",
        [("date", (8, 31)), ("date", (9, 8)), ("number", 2001)],
        {
            "ar": "في الفترة من 31 آب/أغسطس إلى 8 أيلول/سبتمبر 2001",
            "zh": "2001年8月31日至9月8日",
            "en": "from 31 August to 8 September 2001",
            "fr": "du 31 août au 8 septembre 2001",
            "ru": "с 31 августа по 8 сентября 2001 года",
            "es": "del 31 de agosto al 8 de septiembre de 2001",
        },
    ),
    (
        "days of two years",
        [("date", (2, 15)), ("number", 2013), ("date", (8, 29)), ("number", 2014)],
        {
            "ar": "المؤرختان 15 شباط/فبراير 2013 و 29 آب/أغسطس 2014",
            "zh": "2013年2月15日和2014年8月29日",
            "en": "of 15 February 2013 and 29 August 2014",
            "fr": "des 15 février 2013 et 29 août 2014",
            "ru": "от 15 февраля 2013 года и 29 августа 2014 года",
            "es": "de 15 de febrero de 2013 y 29 de agosto de 2014",
        },
    ),
    (
        "the first of a month",
        [("date", (1, 1)), ("number", 2010)],
        {
            "ar": "اعتبارا من 1 كانون الثاني/يناير 2010",
            "zh": "自2010年1月1日起",
            "en": "from 1 January 2010",
            "fr": "à compter du 1er janvier 2010",
            "ru": "с 1 января 2010 года",
            "es": "a partir del 1 de enero de 2010",
        },
    ),
    (
        "a month with its year",
        [("month", ("month", 9)), ("number", 2002)],
        {
            "ar": "في أيلول/سبتمبر 2002",
            "zh": "于2002年9月",
            "en": "in September 2002",
            "fr": "en septembre 2002",
            "ru": "в сентябре 2002 года",
            "es": "en septiembre de 2002",
        },
    ),
    (
        "months of two years",
        [("month", ("month", 5)), ("number", 2013), ("month", ("month", 11)), ("number", 2014)],
        {
            "ar": "من أيار/مايو 2013 إلى تشرين الثاني/نوفمبر 2014",
            "zh": "从2013年5月至2014年11月",
            "en": "from May 2013 to November 2014",
            "fr": "de mai 2013 à novembre 2014",
            "ru": "с мая 2013 года по ноябрь 2014 года",
            "es": "de mayo de 2013 a noviembre de 2014",
        },
    ),
]


@pytest.mark.parametrize(("code", "text", "said"), each(DATES))
def test_a_date_is_the_same_in_every_language(code: str, text: str, said: list[Said]) -> None:
    """Days, months and years are read as the same values in whatever words and order a language writes them."""
    assert Counter(said) == certain(code, text)
    assert [] == uncertain(code, text)


@pytest.mark.parametrize(
    ("code", "text", "days"),
    [
        ("fr", "1o janvier 2010", [(1, 1)]),
        ("fr", "le 1er et le 2 mai 2010", [(5, 1), (5, 2)]),
        ("es", "el 1° de enero de 2010", [(1, 1)]),
        ("es", "el 1º de enero de 2010", [(1, 1)]),
        ("es", "los días 1º y 2 de mayo de 2010", [(5, 1), (5, 2)]),
        ("zh", "2010年5月1至2日", [(5, 1), (5, 2)]),
        ("en", "12 and the 14 may 2010", [(5, 12), (5, 14)]),
        ("ru", f"1{NO_BREAK}мая 2010{NO_BREAK}года", [(5, 1)]),
        ("ar", "١ و ٢ أيار/مايو ٢٠١٠", [(5, 1), (5, 2)]),
        ("ar", f"1{NO_BREAK}أيار/مايو 2010", [(5, 1)]),
    ],
)
def test_the_forms_of_a_day(code: str, text: str, days: list[tuple[int, int]]) -> None:
    """Raised letters, degree signs, unbroken spaces and Eastern digits do not hide a day."""
    assert Counter([("number", 2010), *(("date", day) for day in days)]) == certain(code, text)


CASES = {
    1: ("январь", "январе", "январем", "январю"),
    2: ("февраль", "феврале", "февралем", "февралю"),
    3: ("март", "марте", "мартом", "марту"),
    4: ("апрель", "апреле", "апрелем", "апрелю"),
    5: ("май", "мае", "маем", "маю"),
    6: ("июнь", "июне", "июнем", "июню"),
    7: ("июль", "июле", "июлем", "июлю"),
    8: ("август", "августе", "августом", "августу"),
    9: ("сентябрь", "сентябре", "сентябрем", "сентябрю"),
    10: ("октябрь", "октябре", "октябрем", "октябрю"),
    11: ("ноябрь", "ноябре", "ноябрем", "ноябрю"),
    12: ("декабрь", "декабре", "декабрем", "декабрю"),
}


@pytest.mark.parametrize(("month", "forms"), [*CASES.items()])
def test_russian_months_in_every_case(month: int, forms: tuple[str, ...]) -> None:
    """A Russian month is read in whatever case it stands."""
    for form in forms:
        assert Counter([("month", ("month", month)), ("number", 2015)]) == certain("ru", f"{form} 2015 года"), form


DOUBLE = [
    ("كانون الثاني", "يناير"),
    ("شباط", "فبراير"),
    ("آذار", "مارس"),
    ("نيسان", "أبريل"),
    ("أيار", "مايو"),
    ("حزيران", "يونيه"),
    ("تموز", "يوليه"),
    ("آب", "أغسطس"),
    ("أيلول", "سبتمبر"),
    ("تشرين الأول", "أكتوبر"),
    ("تشرين الثاني", "نوفمبر"),
    ("كانون الأول", "ديسمبر"),
]


@pytest.mark.parametrize(("month", "names"), [*enumerate(DOUBLE, 1)])
def test_arabic_months_under_both_names(month: int, names: tuple[str, str]) -> None:
    """An Arabic month is read by either of its names, and by both as one month."""
    for name in (*names, "/".join(names)):
        assert Counter([("date", (month, 12)), ("number", 2015)]) == certain("ar", f"12 {name} 2015"), name


@pytest.mark.parametrize("code", ["ar", "zh", "ru"])
def test_the_date_of_the_masthead_is_english(code: str) -> None:
    """An English date is read in the languages whose masthead has one."""
    assert Counter([("date", (12, 1)), ("number", 2025)]) == certain(code, "Distr.: Limited 1 December 2025")


@pytest.mark.parametrize(
    ("code", "text", "said"),
    [
        ("en", "May they, and all that march, arrive", []),
        ("en", "12 marches", [12]),
        ("fr", "3 maisons", [3]),
        ("es", "5 de mayoría", [5]),
        ("ru", "3 майора", [3]),
        ("zh", "12月", [12]),
        ("ar", "7 آبار", [7]),
        ("ru", "мартеновский цех 2015", [2015]),
    ],
)
def test_what_only_begins_like_a_month(code: str, text: str, said: list[int]) -> None:
    """A word that only begins like a month, and a month alone, are no dates."""
    assert Counter(("number", value) for value in said) == certain(code, text)


def test_a_number_before_a_month_is_no_day() -> None:
    """The last digits of a longer number are no day of the month that follows."""
    assert Counter([("number", 115), ("month", ("month", 5)), ("number", 2015)]) == certain("en", "room 115 May 2015")


@settings(deadline=None)  # the first text of a language waits for its words
@given(st.dates(datetime.date(1946, 1, 1), datetime.date(2040, 12, 31)), st.sampled_from(LANGUAGES))
def test_every_date_is_read_back(date: datetime.date, code: str) -> None:
    """A date as any edition of a language writes it, in a text or a masthead, is read as its day, month and year."""
    for edition in ("1998", "2013"):
        words = spoken(code, edition)
        for written in (words.date(date), words.masthead_date(date)):
            text = f"({inline.plain(inline.parse(written, words.direction)[0])})"
            found = finder(code, edition).find(text)
            expected = Counter([("date", (date.month, date.day), True), ("number", date.year, True)])
            assert expected == Counter((one.kind, one.value, one.certain) for one in found), text


# ---- Symbols

SYMBOLS: list[tuple[str, list[Said], dict[str, str]]] = [
    (
        "the number of a resolution",
        [("symbol", ("55/109",))],
        {
            "ar": "إلى قرارها 55/109 بشأن",
            "zh": "其第55/109号决议",
            "en": "its resolution 55/109 on",
            "fr": "sa résolution 55/109 sur",
            "ru": "на свою резолюцию 55/109 о",
            "es": "su resolución 55/109 sobre",
        },
    ),
    (
        "the number of a resolution of a special session",
        [("symbol", ("26/2",))],
        {
            "ar": "القرار د-26/2 بشأن",
            "zh": "第S-26/2号决议",
            "en": "resolution S-26/2 on",
            "fr": "la résolution S-26/2 sur",
            "ru": "резолюцию S-26/2 о",
            "es": "la resolución S-26/2 sobre",
        },
    ),
    (
        "symbols of documents",
        [("symbol", ("A/70/12/Add.1",)), ("symbol", ("70/5",))],
        {
            "ar": "انظر A/70/12/Add.1 و A/RES/70/5.",
            "zh": "见A/70/12/Add.1和A/RES/70/5。",
            "en": "See A/70/12/Add.1 and A/RES/70/5.",
            "fr": "Voir A/70/12/Add.1 et A/RES/70/5.",
            "ru": "См. A/70/12/Add.1 и A/RES/70/5.",
            "es": "Véanse A/70/12/Add.1 y A/RES/70/5.",
        },
    ),
    (
        "the Security Council's number with its year",
        [("symbol", ("1325", "2000"))],
        {
            "ar": "قرار مجلس الأمن 1325 (2000) بشأن",
            "zh": "安全理事会第1325（2000）号决议",
            "en": "Security Council resolution 1325 (2000) on",
            "fr": "la résolution 1325 (2000) du Conseil",
            "ru": "резолюцию 1325 (2000) Совета",
            "es": "la resolución 1325 (2000) del Consejo",
        },
    ),
    (
        "a number with a slash",
        [("symbol", ("2001/67",))],
        {
            "ar": "قرار اللجنة 2001/67 بشأن",
            "zh": "委员会第2001/67号决议",
            "en": "Commission resolution 2001/67 on",
            "fr": "la résolution 2001/67 de la Commission",
            "ru": "резолюцию 2001/67 Комиссии",
            "es": "la resolución 2001/67 de la Comisión",
        },
    ),
    (
        "a number of three parts",
        [("symbol", ("1.2.3",))],
        {
            "ar": "الهدف 1.2.3.",
            "zh": "目标1.2.3。",
            "en": "target 1.2.3.",
            "fr": "la cible 1.2.3.",
            "ru": "задача 1.2.3.",
            "es": "la meta 1.2.3.",
        },
    ),
]


@pytest.mark.parametrize(("code", "text", "said"), each(SYMBOLS))
def test_a_symbol_is_the_same_in_every_language(code: str, text: str, said: list[Said]) -> None:
    """Symbols and numbers of resolutions are read whole, as one value each."""
    assert Counter(said) == certain(code, text)


@pytest.mark.parametrize("code", LANGUAGES)
def test_symbols_of_all_kinds_together(code: str) -> None:
    """Symbols and numbers with a slash are found in whatever order they stand."""
    text = "2001/67; A/70/12; 1325 (2000); 2002/5"
    expected = [("symbol", one) for one in (("2001/67",), ("A/70/12",), ("1325", "2000"), ("2002/5",))]
    assert expected == [(one.kind, one.value) for one in finder(code).find(text) if one.certain]


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_number_of_the_security_council_answers_alone_too(code: str) -> None:
    """A number with its year in brackets answers to the number alone."""
    assert [("number", 1325)] == uncertain(code, "1325 (2000)")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("A/RES/217 (III) A", "217"),
        ("resolution 55/109 B", "55/109"),
        ("resolution 55/109 A", "55/109"),
        ("A/RES/55/109", "55/109"),
    ],
)
def test_letters_after_a_symbol_do_not_count(text: str, value: str) -> None:
    """The letter of a part, which languages write differently, is not asked of the others."""
    assert Counter([("symbol", (value,))]) == certain("en", text)


# ---- Numbers

NUMBERS: list[tuple[str, list[Said], dict[str, str]]] = [
    (
        "thousands",
        [("number", 116_000)],
        {
            "ar": "لعدد 000 116 من المعلمين",
            "zh": "116,000名教师",
            "en": "for 116,000 teachers",
            "fr": "à 116 000 enseignants",
            "ru": "для 116 000 учителей",
            "es": "a 116.000 maestros",
        },
    ),
    (
        "thousands with unbroken spaces",
        [("number", 116_000)],
        {
            "ar": f"لعدد 000{NO_BREAK}116 من المعلمين",
            "zh": f"116{NO_BREAK}000名教师",
            "en": "116,000",
            "fr": f"à 116{NARROW}000 enseignants",
            "ru": f"для 116{NO_BREAK}000 учителей",
            "es": f"a 116{NO_BREAK}000 maestros",
        },
    ),
    (
        "a decimal",
        [("number", Decimal("2.75"))],
        {
            "ar": "زاد 2,75 مرة",
            "zh": "增加2.75倍",
            "en": "grew 2.75 times",
            "fr": "a été multiplié par 2,75",
            "ru": "увеличилось в 2,75 раза",
            "es": "se multiplicó por 2,75",
        },
    ),
    (
        "a number of two parts",
        [("number", Decimal("17.18"))],
        {
            "ar": "الهدف 17.18",
            "zh": "目标17.18",
            "en": "target 17.18",
            "fr": "la cible 17.18",
            "ru": "задача 17.18",
            "es": "la meta 17.18",
        },
    ),
    (
        "millions before a bracket",
        [("number", 2_500_000)],
        {
            "ar": "2.5 مليون (تقديرا)",
            "zh": "250万 (估计)",
            "en": "2.5 million (estimated)",
            "fr": "2,5 millions (estimation)",
            "ru": "2,5 млн (оценка)",
            "es": "2,5 millones (estimación)",
        },
    ),
    (
        "millions and more",
        [("number", 150_000_000)],
        {
            "ar": "000 000 150 شخص",
            "zh": "1亿5 000万人",
            "en": "150 million people",
            "fr": "150 millions de personnes",
            "ru": "150 млн человек",
            "es": "150 millones de personas",
        },
    ),
    (
        "a million in digits",
        [("number", 3_000_000)],
        {
            "ar": "000 000 3",
            "zh": "3 000 000",
            "en": "3,000,000",
            "fr": "3 000 000",
            "ru": "3 000 000",
            "es": "3.000.000",
        },
    ),
    (
        "millions",
        [("number", 2_500_000)],
        {
            "ar": "لعدد 2,5 مليون طفل",
            "zh": "250万儿童",
            "en": "for 2.5 million children",
            "fr": "à 2,5 millions d’enfants",
            "ru": "для 2,5 миллиона детей",
            "es": "a 2,5 millones de niños",
        },
    ),
    (
        "billions",
        [("number", 3_000_000_000)],
        {
            "ar": "لعدد 3 بلايين شخص",
            "zh": "30亿人",
            "en": "for 3 billion people",
            "fr": "à 3 milliards de personnes",
            "ru": "для 3 миллиардов человек",
            "es": "a 3.000 millones de personas",
        },
    ),
    (
        "trillions",
        [("number", 1_200_000_000_000)],
        {
            "ar": "بقيمة 1,2 تريليون",
            "zh": "1.2万亿",
            "en": "worth 1.2 trillion",
            "fr": "de 1 200 milliards",
            "ru": "на 1,2 трлн",
            "es": "de 1,2 billones",
        },
    ),
    (
        "a percentage",
        [("percentage", Decimal("0.7"))],
        {
            "ar": "نسبة 0,7 في المائة",
            "zh": "百分之0.7",
            "en": "some 0.7 per cent",
            "fr": "de 0,7 pour cent",
            "ru": "около 0,7 процента",
            "es": "del 0,7 por ciento",
        },
    ),
    (
        "a percentage with its sign",
        [("percentage", 50)],
        {"ar": "50٪", "zh": "50％", "en": "50%", "fr": f"50{NO_BREAK}%", "ru": "50 %", "es": "50 %"},
    ),
    (
        "a sum of dollars",
        [("sum", 116_000)],
        {
            "ar": "مبلغ 000 116 دولار",
            "zh": "116,000美元",
            "en": "the sum of $116,000",
            "fr": "116 000 dollars",
            "ru": "116 000 долларов",
            "es": "116.000 dólares",
        },
    ),
    (
        "a sum of euros",
        [("sum", 20_000_000)],
        {
            "ar": "مبلغ 20 مليون يورو",
            "zh": "2 000万欧元",
            "en": "€20 million",
            "fr": "20 millions d’euros",
            "ru": "20 млн евро",
            "es": "20 millones de euros",
        },
    ),
    (
        "an article",
        [("article", 12)],
        {
            "ar": "وفقا للمادة 12 من الميثاق",
            "zh": "根据《宪章》第12条",
            "en": "under Article 12 of the Charter",
            "fr": "en vertu de l’Article 12 de la Charte",
            "ru": "согласно статье 12 Устава",
            "es": "con arreglo al Artículo 12 de la Carta",
        },
    ),
    (
        "an article in words",
        [("article", 1)],
        {
            "ar": "المادة الأولى من الميثاق",
            "zh": "《宪章》第一条",
            "en": "Article One of the Charter",
            "fr": "l’Article premier de la Charte",
            "ru": "статья первая Устава",
            "es": "el artículo primero de la Carta",
        },
    ),
    (
        "a session in digits",
        [("session", 69)],
        {
            "ar": "في الدورة 69",
            "zh": "第69届会议",
            "en": "at its 69th session",
            "fr": "à sa 69e session",
            "ru": "на 69-й сессии",
            "es": "en su 69º período de sesiones",
        },
    ),
]


@pytest.mark.parametrize(("code", "text", "said"), each(NUMBERS))
def test_a_number_is_the_same_in_every_language(code: str, text: str, said: list[Said]) -> None:
    """A number is read as the same value and kind, however a language groups its digits and names what it counts."""
    assert Counter(said) == certain(code, text)


@pytest.mark.parametrize(
    ("code", "text", "values"),
    [
        ("en", "In 2014, 500 books", [2014, 500]),
        ("en", "1,234,567.89", [Decimal("1234567.89")]),
        ("en", "pages 12, 13 and 140", [12, 13, 140]),
        ("en", "2014-2015", [2014, 2015]),
        ("fr", "En 2014 500 livres", [2014, 500]),
        ("fr", "1 234 567,89", [Decimal("1234567.89")]),
        ("ru", "1 234 567,89", [Decimal("1234567.89")]),
        ("ru", "14 тыс. и 3 млрд.", [14_000, 3_000_000_000]),
        ("es", "1.234.567,89", [Decimal("1234567.89")]),
        ("es", "En 2014 500 libros", [2014, 500]),
        ("zh", "1 234 567.89", [Decimal("1234567.89")]),
        ("zh", "5万和1.5亿", [50_000, 150_000_000]),
        ("zh", "3亿2千万和2万5千", [320_000_000, 25_000]),
        ("zh", "1万亿2 000亿", [1_200_000_000_000]),
        ("zh", "２．５万", [25_000]),
        ("es", "3 mil millones", [3_000_000_000]),
        ("zh", "2014年500本", [2014, 500]),
        ("ar", "في عام 2014 500 كتاب", [2014, 500]),
        ("ar", "000 25 و 500 2", [25_000, 2_500]),
        ("ar", "25 000", [25_000]),
        ("ar", "000 500 2 و 000 000 150", [2_500_000, 150_000_000]),
        ("ar", "2٫5 مليون", [2_500_000]),
        ("en", "dismay 2015", [2015]),
    ],
)
def test_digits_end_where_a_number_ends(code: str, text: str, values: list[object]) -> None:
    """Groups of three digits and a fraction belong to a number, and what only stands beside it does not."""
    assert Counter(("number", value) for value in values) == certain(code, text)


@pytest.mark.parametrize("text", ["50 pour cent", "cinquante pour cent"])
def test_per_cent_is_no_hundred(text: str) -> None:
    """The word for a hundred in that for a percentage is no number of its own."""
    assert [("percentage", 50)] == [(one.kind, one.value) for one in finder("fr").find(text)]
    for code, other in {"es": "50 por ciento", "ar": "50 في المائة", "zh": "百分之五十"}.items():
        assert [("percentage", 50)] == [(one.kind, one.value) for one in finder(code).find(other)]


def test_arabic_groups_may_stand_in_either_order() -> None:
    """In Arabic the least group may stand first, which is what is asked of other languages, or last."""
    assert (Counter([("number", 116_250)]), [("number", 250_116)]) == (
        certain("ar", "250 116"),
        uncertain("ar", "250 116"),
    )
    assert [] == uncertain("ar", "000 116")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("١٢", [("number", 12)]),
        ("٠٠٠ ١١٦", [("number", 116_000)]),
        ("٢,٥ مليون", [("number", 2_500_000)]),
        ("٥٠ في المائة", [("percentage", 50)]),
        ("المادة ٥", [("article", 5)]),
        ("الدورة ٦٩", [("session", 69)]),
        ("القرار ٥٥/١٠٩", [("symbol", ("55/109",))]),
        ("القرار ٢٠٠١/٦٧", [("symbol", ("2001/67",))]),
        ("القرار ١٣٢٥ (٢٠٠٠)", [("symbol", ("1325", "2000"))]),
        ("۱۲", [("number", 12)]),
    ],
)
def test_eastern_digits_are_digits(text: str, said: list[Said]) -> None:
    """Eastern digits, Arabic and Persian, are read as Western ones."""
    assert Counter(said) == certain("ar", text)


@pytest.mark.parametrize(
    ("code", "text", "said"),
    [
        ("en", "articles 3 and 4", [("article", 3), ("number", 4)]),
        ("en", "in art. 7", [("article", 7)]),
        ("fr", "l'Article premier", [("article", 1)]),
        ("fr", "articles 3 et 4", [("article", 3), ("number", 4)]),
        ("es", "los artículos 3 y 4", [("article", 3), ("number", 4)]),
        ("ru", "в статьях 3 и 4", [("article", 3), ("number", 4)]),
        ("ru", "статьей 12", [("article", 12)]),
        ("zh", "第十二条", [("article", 12)]),
        ("zh", "第二十一条", [("article", 21)]),
        ("zh", "第3条和第4条", [("article", 3), ("article", 4)]),
        ("ar", "المادة الثانية عشرة", [("article", 12)]),
        ("ar", "والمادة الحادية والعشرين", [("article", 21)]),
        ("ar", "المادتان 3 و 4", [("article", 3), ("number", 4)]),
        ("en", "no articles of the two", []),
        ("en", "twelve articles", [("article", 12)]),
    ],
)
def test_articles_are_certain_in_words_too(code: str, text: str, said: list[Said]) -> None:
    """A number next to the word for an article is that of an article, and asked of other languages in words too."""
    assert Counter(said) == certain(code, text)


@settings(deadline=None)  # the first text of a language waits for its words
@given(st.integers(0, 10**15 - 1), st.sampled_from([code for code in LANGUAGES if code != "ar"]))
def test_every_number_is_read_back(number: int, code: str) -> None:
    """A whole number is read as its value, with each of the language's signs between its thousands and with none."""
    for sign in (*spoken(code).words.reading.thousands, ""):
        text = f"({number:,})".replace(",", sign)
        assert [("number", number, True)] == [(one.kind, one.value, one.certain) for one in finder(code).find(text)]


@settings(deadline=None)  # the first text of a language waits for its words
@given(st.one_of(st.integers(0, 999_999), st.integers(10**8, 10**9 - 1)))
def test_every_arabic_number_is_read_back(number: int) -> None:
    """A whole number in Arabic, its groups from right to left or none, in either digits, is read as its value."""
    for text in (" ".join(reversed(f"{number:,}".split(","))), str(number)):
        for written in (text, text.translate(dict(zip(range(0x30, 0x3A), "٠١٢٣٤٥٦٧٨٩", strict=True)))):
            assert Counter([("number", number)]) == certain("ar", f"({written})"), written


# ---- Sessions

# The greatest number of a session in words that is written, and read.
READ = 199


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_session_is_read_back(code: str) -> None:
    """The line of each session from the eleventh on is read as just that number, and is certain."""
    for number in range(11, READ + 1):
        line = spoken(code).session(str(number))
        assert [("session", number, True)] == [(one.kind, one.value, one.certain) for one in finder(code).find(line)]


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_small_ordinal_may_count_other_sessions(code: str) -> None:
    """A session up to the tenth is not asked of others, for it may be one of a committee's meetings."""
    for number in range(1, 11):
        line = spoken(code).session(str(number))
        assert [("session", number, False)] == [(one.kind, one.value, one.certain) for one in finder(code).find(line)]


@pytest.mark.parametrize("code", LANGUAGES)
def test_special_sessions_are_read_back(code: str) -> None:
    """The words between an ordinal and its session, as of a special one, do not part them."""
    for session in ("S-26", "ES-11"):
        expected = [("session", int(session.partition("-")[2]), True)]
        found = finder(code).find(spoken(code).session(session))
        assert expected == [(one.kind, one.value, one.certain) for one in found]


@pytest.mark.parametrize(
    ("code", "number", "texts"),
    [
        (
            "en",
            69,
            ["its sixty-ninth session", "at the sixty-ninth regular session of", "the Sixty-ninth Session"],
        ),
        ("en", 101, ["its one hundred and first session", "the hundred and first session"]),
        ("fr", 69, ["sa soixante-neuvième session", "la soixante-neuvième session ordinaire"]),
        ("fr", 71, ["sa soixante et onzième session", "SA SOIXANTE ET ONZIÈME SESSION"]),
        ("fr", 97, ["sa quatre-vingt-dix-septième session"]),
        ("es", 69, ["su sexagésimo noveno período de sesiones", "Sexagésimo noveno período ordinario de sesiones"]),
        ("es", 69, ["69º período de sesiones", "69° período de sesiones", "69.º período de sesiones"]),
        ("es", 57, ["su quincuagésimo séptimo periodo de sesiones"]),
        ("es", 83, ["el octogésimo tercer período de sesiones"]),
        (
            "ru",
            69,
            [
                "шестьдесят девятая сессия",
                "до шестьдесят девятой сессии",
                "на шестьдесят девятую сессию",
                "перед своей шестьдесят девятой сессией",
                "на своей шестьдесят девятой очередной сессии",
            ],
        ),
        ("ru", 57, ["пятьдесят седьмой сессии", "Пятьдесят седьмая сессия"]),
        ("ru", 80, ["восьмидесятая сессия", "восьмидесятой сессии", "восьмидесятую сессию"]),
        ("ru", 43, ["сорок третьей сессии"]),
        ("ru", 90, ["девяностой сессии"]),
        (
            "ar",
            69,
            [
                "الدورة التاسعة والستون",
                "في الدورة التاسعة والستين",
                "في دورتها التاسعة والستين",
                "في دورتها العادية التاسعة والستين",
                "للدورة التاسعة والستين",
                "بدورتها التاسعة والستين",
                "ولدورته التاسعة والستين",
            ],
        ),
        ("ar", 121, ["دورتها الحادية والعشرين بعد المائة"]),
        ("ru", 121, ["на своей сто двадцать первой сессии"]),
        ("es", 121, ["su centésimo vigésimo primer período de sesiones"]),
        ("ar", 57, ["دورتها السابعة والخمسين", "دورته السابعة والخمسون"]),
        ("ar", 71, ["الدورة الحادية والسبعين"]),
        ("ar", 80, ["دورتها الثمانين", "الدورة الثمانون"]),
        ("ar", 12, ["دورتها الثانية عشرة"]),
        ("zh", 69, ["第六十九届会议", "大会第六十九届常会", "第六十九届"]),
        ("zh", 101, ["第一百零一届会议"]),
    ],
)
def test_sessions_are_read_in_every_form(code: str, number: int, texts: list[str]) -> None:
    """An ordinal in words before or after the session that it counts is certain, in whatever case and form."""
    for text in texts:
        assert Counter([("session", number)]) == certain(code, text), text


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("en", "its fifty-seventh and fifty-eighth sessions"),
        ("fr", "ses cinquante-septième et cinquante-huitième sessions"),
        ("es", "sus períodos de sesiones quincuagésimo séptimo y quincuagésimo octavo"),
        ("ru", "своих пятьдесят седьмой и пятьдесят восьмой сессиях"),
        ("zh", "第五十七届和第五十八届会议"),
        ("ar", "دورتيها السابعة والخمسين والثامنة والخمسين"),
    ],
)
def test_two_sessions_are_two_numbers(code: str, text: str) -> None:
    """Of two sessions named together each is a number of its own."""
    assert [57, 58] == [one.value for one in finder(code).find(text)]


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("en", "the sixty-ninth volume, which the session read"),
        ("en", "the sixty-ninth of many anniversaries and one session"),
        ("en", "the sixty-ninth birthday of that venerable assembly in session"),
        ("fr", "le soixante-neuvième volume, lu en session"),
        ("zh", "六十九次会议届"),
        ("ru", "шестьдесят девятый том, сессия"),
    ],
)
def test_far_from_its_word_a_number_counts_no_session(code: str, text: str) -> None:
    """Behind a comma, or too many words, an ordinal is a number in words and no more."""
    assert ("number", 69) in uncertain(code, text)
    assert Counter() == certain(code, text)


@pytest.mark.parametrize(
    ("code", "text", "value"),
    [
        ("en", "sixty-nine States at the session", 69),
        ("en", "twenty meetings in session", 20),
        ("fr", "quinze membres de la session", 15),
        ("es", "en un período de quince años", 15),
        ("ar", "الدورة التي حضرها خمسون", 50),
    ],
)
def test_only_next_to_its_word_a_number_counts_a_session(code: str, text: str, value: int) -> None:
    """A number counts a session only next to one of the language's words for sessions."""
    assert ("number", value) in uncertain(code, text)
    assert Counter() == certain(code, text)


@pytest.mark.parametrize(
    ("code", "text"),
    [("en", "its 2015 session"), ("fr", "session 2015"), ("es", "período 2015"), ("ru", "сессии 2015 года")],
)
def test_a_year_is_no_session(code: str, text: str) -> None:
    """The year in which a session is held is a number."""
    assert Counter([("number", 2015)]) == certain(code, text)


# ---- What is uncertain


@pytest.mark.parametrize(
    ("text", "value"),
    [("chapter IV", 4), ("World War II", 2), ("(V)", 5), ("part LIX", 59), ("3411 (XXX)", 30), ("XCIX", 99)],
)
@pytest.mark.parametrize("code", LANGUAGES)
def test_roman_numerals_are_uncertain(code: str, text: str, value: int) -> None:
    """A Roman numeral answers to a number elsewhere, and is asked of nobody."""
    assert [("number", value)] == uncertain(code, text)


@pytest.mark.parametrize("text", ["I, as President", "IIII", "CIVIL", "VIVID", "e.g. A.IV", "XXth"])
def test_capitals_are_no_numerals_by_chance(text: str) -> None:
    """A single capital, a word in capitals, and capitals in an order that no numeral has are none."""
    assert [] == finder("en").find(text)


@pytest.mark.parametrize(
    ("code", "text", "value"),
    [
        ("en", "seven", 7),
        ("en", "two hundred and five thousand", 205_000),
        ("en", "thirty-one", 31),
        ("en", "one hundred and twenty-five", 125),
        ("en", "two million", 2_000_000),
        ("en", "a dozen", 12),
        ("fr", "soixante et onze", 71),
        ("fr", "quatre-vingt-dix-sept", 97),
        ("fr", "deux cent cinq mille", 205_000),
        ("fr", "cent vingt-cinq", 125),
        ("fr", "vingt et un", 21),
        ("fr", "trois milliards", 3_000_000_000),
        ("es", "treinta y uno", 31),
        ("es", "doscientos cinco mil", 205_000),
        ("es", "ciento veinticinco", 125),
        ("es", "veintiuna", 21),
        ("es", "mil millones", 1_000_000_000),
        ("ru", "двести пять тысяч", 205_000),
        ("ru", "тридцать один", 31),
        ("ru", "тридцати одного", 31),
        ("ru", "двадцатью пятью", 25),
        ("ru", "трех тысяч", 3_000),
        ("ru", "два миллиона", 2_000_000),
        ("ar", "مائة وخمسة وعشرون", 125),
        ("ar", "مائتان وخمسة آلاف", 205_000),
        ("ar", "واحد وثلاثون", 31),
        ("ar", "ثلاثة آلاف", 3_000),
        ("ar", "بخمسة وعشرين", 25),
        ("zh", "一亿五千万", 150_000_000),
        ("zh", "二十万五千", 205_000),
        ("zh", "一百二十五", 125),
        ("zh", "三十一", 31),
        ("zh", "二〇一五", 2015),
        ("zh", "两千零五", 2_005),
    ],
)
def test_numbers_in_words_are_put_together_and_uncertain(code: str, text: str, value: int) -> None:
    """Words that make up one number are read as its value, which answers to digits elsewhere and is asked of nobody."""
    assert [("number", value)] == uncertain(code, text)
    assert Counter() == certain(code, text)


@pytest.mark.parametrize(
    ("code", "text", "values"),
    [
        ("en", "one of the two", [1, 2]),
        ("en", "seven, eight", [7, 8]),
        ("en", "five and six", [5, 6]),
        ("fr", "deux ou trois", [2, 3]),
        ("es", "dos y tres", [2, 3]),
        ("es", "veintiuna y dos", [21, 2]),
        ("ru", "два три", [2, 3]),
        ("ar", "خمسة وسبعة", [5, 7]),
        ("zh", "三和四", [3, 4]),
    ],
)
def test_numbers_in_words_that_only_stand_together(code: str, text: str, values: list[int]) -> None:
    """Two numbers in words that make up none are two."""
    assert [("number", value) for value in values] == uncertain(code, text)


@pytest.mark.parametrize(
    ("code", "text"),
    [("en", "often, someone attends"), ("fr", "uniquement, dixit"), ("es", "unidos"), ("ru", "стоит"), ("ar", "ستار")],
)
def test_a_number_inside_a_word_is_none(code: str, text: str) -> None:
    """The letters of a number inside another word are no number."""
    assert [] == finder(code).find(text)


# ---- Places

PIECES = {code: [row[2][code] for row in (*DATES, *SYMBOLS, *NUMBERS)] for code in LANGUAGES}
BETWEEN = st.sampled_from([" ", ", ", "; ", "(", ") ", "", "-", "/", " 7 ", " XII ", "1,5", "、"])


def texts(code: str) -> st.SearchStrategy[str]:
    """Make texts of what a language says, put together in any way."""
    pieces = st.lists(st.tuples(st.sampled_from(PIECES[code]), BETWEEN), min_size=1, max_size=5)
    return pieces.map(lambda found: "".join(piece for pair in found for piece in pair))


def together(one: Mention, other: Mention) -> bool:
    """Tell whether two mentions may share characters."""
    if one.kind in ONE_DATE and other.kind in ONE_DATE:
        return (one.start, one.end) == (other.start, other.end)
    inside = one.start <= other.start and other.end <= one.end
    if one.kind in ONE_DATE:
        return inside and other.certain and other.end - other.start == len("1999")
    if one.kind == "symbol":
        return inside and one.start == other.start  # 1325 of "1325 (2000)"
    return (one.start, one.end) == (other.start, other.end) and not (one.certain and other.certain)


@settings(deadline=None)  # the first text of a language waits for its words
@given(st.data(), st.sampled_from(LANGUAGES))
def test_mentions_share_no_characters(data: st.DataObject, code: str) -> None:
    """Apart from days of one month, a year in its date, and what a number may be as well, mentions do not overlap."""
    text = data.draw(texts(code))
    found = finder(code).find(text)
    assert found
    shared = [(a, b) for a, b in combinations(found, 2) if a.start < b.end and b.start < a.end]
    assert [] == [(a, b) for a, b in shared if not together(a, b) and not together(b, a)], text


@settings(deadline=None)  # the first text of a language waits for its words
@given(st.data(), st.sampled_from(LANGUAGES))
def test_mentions_come_in_their_order_and_lie_in_the_text(data: st.DataObject, code: str) -> None:
    """Of any text the mentions come in the order in which they begin, and each has a character of it."""
    text = data.draw(st.one_of(texts(code), st.text()))
    found = finder(code).find(text)
    assert sorted(one.start for one in found) == [one.start for one in found]
    assert all(0 <= one.start < one.end <= len(text) for one in found)


@pytest.mark.parametrize(
    ("code", "text", "words"),
    [
        ("en", "On 3 and 5 June 2014, resolution 55/109", ["3 and 5 June 2014", "3 and 5 June 2014", "2014", "55/109"]),
        ("zh", "2014年6月3日第55/109号", ["2014年6月3日", "2014", "55/109"]),
        ("ar", "القرار 55/109 المؤرخ 3 حزيران/يونيه 2014", ["55/109", "3 حزيران/يونيه 2014", "2014"]),
        ("ru", "2,5 млн человек 3 июня 2014 года", ["2,5 млн", "3 июня 2014", "2014"]),
        ("es", "en su sexagésimo noveno período de sesiones, 116.000", ["sexagésimo noveno", "116.000"]),
        ("fr", "l’Article premier et 50 %", ["premier", "50"]),
    ],
)
def test_a_mention_is_where_its_words_stand(code: str, text: str, words: list[str]) -> None:
    """The characters from the start to the end of a mention are its words, without what tells its kind."""
    assert words == [text[one.start : one.end] for one in finder(code).find(text)]
