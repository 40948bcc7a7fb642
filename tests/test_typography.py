"""The craft of lines and pages, as it can be read from finished PDFs."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from random import Random
from statistics import median
from typing import Any

import pdf
import pytest
import showcase
import yaml
from conftest import LANGUAGES, ROOT
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from publish.desk import press
from publish.paper import compose, inspect_pdf
from publish.text import language, resolution

LEFT, RIGHT, HEIGHT = 115.04, 482.24, 841.89  # the column and the height of A4
SIZES = dict.fromkeys(LANGUAGES, 10.0) | {"ar": 13.0, "zh": 10.5}
SAMPLES = {code: showcase.words(code) for code in LANGUAGES}

Setter = Callable[..., bytes]


@pytest.fixture
def typeset(worker: press.Worker, tmp_path: Path) -> Setter:
    """Typeset a wording in a language, with words of a locale and a style sheet laid over the shipped ones."""
    count = iter(range(10_000))

    def typeset(code: str, wording: dict[str, Any], locale: Any = None, css: str = "", **facts: Any) -> bytes:
        root = tmp_path / str(next(count))
        folder = root / "A_RES_80_77"
        folder.mkdir(parents=True)
        own = {"reissued": None, "vote": None, "sponsors": None, "languages": [code]} | facts
        own = {key: value for key, value in (showcase.FACTS | own).items() if value is not None}
        (folder / "resolution.yaml").write_text(json.dumps(own), encoding="utf-8")
        (folder / f"{code}.yaml").write_text(json.dumps(wording, ensure_ascii=False), encoding="utf-8")
        (root / f"{code}.yaml").write_text(yaml.safe_dump(locale or {}), encoding="utf-8")
        (root / "own.css").write_text(css, encoding="utf-8")
        found, findings = resolution.load(folder, worker.desk.house, [code])
        assert [] == findings
        words = language.load(code, [ROOT / "locales", root], found.facts.edition)
        proof = compose.compose(found, words, worker.desk.project)
        return worker.press.typeset(replace(proof, stylesheets=(*proof.stylesheets, root / "own.css"))).data

    return typeset


def glue(code: str) -> str:
    return "" if code == "zh" else " "


def plain(code: str) -> str:
    """Give the preamble of the sample as one text without marks and note calls."""
    return re.sub(r"\[\^\w+\]|\*", "", glue(code).join(SAMPLES[code]["preamble"]))


def one_paragraph(code: str, text: str = "", times: int = 3) -> dict[str, Any]:
    """Give a wording of one long paragraph."""
    return {"title": SAMPLES[code]["title"], "operative": [glue(code).join([text or plain(code)] * times)]}


def paragraph(data: bytes, code: str) -> list[pdf.Line]:
    """Give the lines of the longest paragraph."""
    runs: list[list[pdf.Line]] = [[]]
    lines = [line for line in pdf.lines(data, SIZES[code]) if LEFT - 6 < line.left and line.right < RIGHT + 8]
    for before, line in zip([None, *lines], lines, strict=False):
        close = before and (before.page != line.page or line.baseline - before.baseline < 1.65 * SIZES[code])
        runs.append([*runs.pop(), line] if close else [line])
    return max(runs, key=len)


def measure(width: float) -> str:
    """Give a style sheet that makes the column so wide."""
    return f"main {{ margin-inline-end: {492 - 63.4 - width}pt }} .note {{ margin-inline-end: 0 }}"


def closes(mark: str) -> bool:
    """Tell whether a line may not begin with a mark."""
    return unicodedata.category(mark) in {"Pe", "Pf"} or mark in "，。、；：！？,.;:!?،؛؟"


# ---- Lines


@pytest.mark.parametrize("width", range(200, 368, 24))
def test_chinese_lines_reach_both_edges(typeset: Setter, width: int) -> None:
    """In Chinese every full line begins and ends within half a point of the measure, whatever the measure.

    A closing mark that ends a line has its empty half beyond the edge.
    """
    lines = paragraph(typeset("zh", one_paragraph("zh"), css=measure(width)), "zh")
    assert len(lines) > 15
    ends = [5.25 if closes(line.text[-1]) and line.text[-1] != ")" else 0 for line in lines]
    off = [line for line in lines[1:] if abs(line.left - LEFT) > 0.5]
    off += [line for line, end in zip(lines[:-1], ends, strict=False) if abs(line.right - end - LEFT - width) > 0.5]
    assert [] == off
    assert any(ends)


@pytest.mark.parametrize("code", [code for code in LANGUAGES if code != "zh"])
def test_lines_reach_both_edges(typeset: Setter, code: str) -> None:
    """Every full line begins and ends at the same edges, but for the joining strokes of the naskh."""
    lines = paragraph(typeset(code, one_paragraph(code)), code)
    assert len(lines) > 15
    first, last = (lines[:-1], lines[1:]) if code == "ar" else (lines[1:], lines[:-1])
    left, right = median(line.left for line in first), median(line.right for line in last)
    assert right - left > 360
    most = 1.5 if code == "ar" else 0.05
    assert [] == [line for line in first if abs(line.left - left) > most]
    assert [] == [line for line in last if abs(line.right - right) > most]


@pytest.mark.parametrize("code", [code for code in LANGUAGES if code != "zh"])
def test_a_text_that_fits_but_for_its_last_space_is_not_parted(typeset: Setter, code: str) -> None:
    """No full line has a single word, wherever emphasis begins after a space."""
    filler = plain(code).split(" ")[:60]
    parts = [" ".join(filler[index % 50 : index % 50 + index % 9 + 3]) for index in range(120)]
    text = " ".join(f"*{part}*" if index % 2 else part for index, part in enumerate(parts))
    alone = []
    for width in range(200, 368, 12):
        lines = paragraph(typeset(code, one_paragraph(code, text, 1), css=measure(width)), code)
        alone += [(width, line.text, after.text) for line, after in pairwise(lines) if len(line.text) < 18]
    assert [] == alone


@pytest.mark.parametrize("code", ["en", "fr", "es", "ru"])
def test_no_word_is_cut(typeset: Setter, code: str) -> None:
    """A line ends with a whole word, also where an element begins it and further elements stand inside."""
    words = [word for word in re.findall(r"[^\W\d_]+", plain(code)) if len(word) > 5][:48]
    parts = [f"**{one} *{two}* {three}** {four}" for one, two, three, four in zip(*[iter(words)] * 4, strict=True)]
    heading, text = " ".join(parts[:6]), " ".join(parts)
    wording = {"title": heading, "operative": [text], "annexes": [{"title": heading, "body": [text]}]}
    cut = set()
    for width in range(180, 368, 17):
        for page in pdf.words(typeset(code, wording, css=measure(width))):
            printed = {word.text for word in page if len(word.text) > 3} - set(words)
            cut |= {one for one in printed if any(word.startswith(one) or word.endswith(one) for word in words)}
    assert set() == cut


@pytest.mark.parametrize("code", LANGUAGES)
def test_no_line_begins_with_a_closing_mark_or_ends_with_an_opening_one(typeset: Setter, code: str) -> None:
    """Closing marks begin no line and opening ones end none, in narrow and wide columns."""
    wrong = []
    for width in range(190, 368, 22):
        for line in paragraph(typeset(code, one_paragraph(code), css=measure(width)), code):
            first, last = (line.text[0], line.text[-1]) if code != "ar" else (line.text[-1], line.text[0])
            # The brackets of Arabic are read back as they are drawn.
            begins = first in "،؛.:" if code == "ar" else closes(first)
            ends = False if code == "ar" else unicodedata.category(last) in {"Ps", "Pi"}
            wrong += [line] if begins or ends else []
    assert [] == wrong


BREAKS = {
    "ar": ["8 أيلول/سبتمبر", "25 حزيران/يونيه", "8 و 9 تشرين الثاني/نوفمبر"],
    "en": ["25 June", "8 September", "No. 3"],
    "es": ["25 de junio", "8 de septiembre", "núm. 3", "50 %"],
    "fr": ["25 juin", "« texte »", "suit :", "116 000 000", "50 %"],
    "ru": ["88-е", "2000-х", "о-ва", "в Уставе", "и к ней", "25 июня", "1993 года", "№ 3", "В целом —"],
}


@pytest.mark.parametrize("code", BREAKS)
def test_words_that_belong_together_stand_on_one_line(typeset: Setter, code: str) -> None:
    """A day stands with its month, a Russian one-letter word with the next, a French mark with its word."""
    filler = plain(code).split(" ")[:9]
    text = " ".join(f"{' '.join(filler[: number % 9 + 1])} {kept}" for number in range(17) for kept in BREAKS[code])
    parted = []
    for width in range(200, 368, 42):
        lines = paragraph(typeset(code, one_paragraph(code, text, 1), css=measure(width)), code)
        lines = [line._replace(text=line.text[::-1] if code == "ar" else line.text) for line in lines]
        printed = "".join(line.text for line in lines)
        for before, after in pairwise(lines):
            joint = f"{before.text[-9:]}|{after.text[:9]}"
            for kept in BREAKS[code]:
                letters = kept.replace(" ", "")
                halves = (f"{letters[:at]}|{letters[at:]}" for at in range(1, len(letters)))
                parted += [joint for half in halves if code != "ar" and half in joint]
        if code == "ar":
            parted += [line.text for line in lines if re.search(r"(/|\dو|^\D*\bو)$", line.text)]
        assert printed
    assert [] == parted


def test_russian_lines_end_with_no_one_letter_word(typeset: Setter) -> None:
    """Whatever the measure, no Russian line ends with a word of one letter."""
    stranded = []
    for width in range(190, 368, 30):
        data = typeset("ru", one_paragraph("ru", times=1), css=measure(width))
        for page in pdf.words(data):
            rows: dict[float, list[pdf.Word]] = {}
            for word in page:
                rows.setdefault(round(word.bottom), []).append(word)
            stranded += [row[-1] for row in rows.values() if re.fullmatch("[авикосуя]", row[-1].text, re.IGNORECASE)]
    assert [] == stranded


@pytest.mark.parametrize("code", ["en", "fr", "es", "ru"])
def test_words_are_hyphenated_where_a_layout_asks(typeset: Setter, code: str) -> None:
    """Words are whole, unless a style sheet says `hyphens: auto`: then narrow lines end with hyphens."""
    whole, parted = (
        paragraph(typeset(code, one_paragraph(code, times=1), css=measure(170) + css), code)
        for css in ("", "main { hyphens: auto; hyphenate-limit-chars: 6 3 3 }")
    )
    hyphens = [[line for line in lines if line.text[-1] in "-\u2010\x02\ufffe"] for lines in (whole, parted)]
    words = {line.text[-8:] for line in hyphens[0]}
    assert all("-" in plain(code) for _ in words)
    assert len(hyphens[1]) > len(hyphens[0]) + 3
    assert len(parted) <= len(whole)


# ---- Chinese


def test_chinese_marks_that_meet_share_an_em(typeset: Setter) -> None:
    """Of two marks that meet the first takes half an em, in each face."""
    marks = "《甲》、《乙》，“丙。”丁"
    data = typeset("zh", {"title": marks, "operative": [f"*{marks}*", marks]})
    for face in ("Kai", "Song", "Hei"):
        row = [one for one in pdf.glyphs(data) if f"Press-{face}" in one.face]
        steps = {
            a.text + b.text: (b.left - a.left) / a.size
            for a, b in pairwise(row)
            if a.baseline == b.baseline and a.text + b.text in marks
        }
        half = {"》、", "、《", "》，", "，“", "。”"}
        assert half <= steps.keys()
        assert dict.fromkeys(half, 0.5) == {pair: round(steps[pair], 2) for pair in half}
        assert {1.0} == {round(step, 2) for pair, step in steps.items() if pair not in half | {"”丁"}}


def test_chinese_lines_break_at_quotation_marks(typeset: Setter) -> None:
    """A line may begin with an opening quotation mark and end with a closing one, and never the other way round."""
    text = "题为“不同文明之间的对话”的决议，" * 9
    begins, ends = set(), set()
    for width in range(200, 368, 7):
        lines = paragraph(typeset("zh", one_paragraph("zh", text, 1), css=measure(width)), "zh")
        begins |= {line.text[0] for line in lines[1:]}
        ends |= {line.text[-1] for line in lines[:-1]}
    assert "“" in begins
    assert "”" in ends
    assert not {"”"} & begins
    assert not {"“"} & ends


def test_chinese_dashes_take_their_share(typeset: Setter) -> None:
    """A line with a dash of two ems is flush as any other."""
    text = "联合国大会——包括其主要委员会——审议了该问题，并" * 6
    for width in range(200, 368, 12):
        lines = paragraph(typeset("zh", one_paragraph("zh", text, 1), css=measure(width)), "zh")
        ends = [5.25 if closes(line.text[-1]) else 0 for line in lines]
        off = [line for line, end in zip(lines[:-1], ends, strict=False) if abs(line.right - end - LEFT - width) > 0.5]
        assert [] == off


def test_chinese_faces_say_what_a_text_is(typeset: Setter) -> None:
    """Opening words are set in Kai, headings in Hei and the body in Song, and first lines begin two characters in."""
    wording = {"title": "标题", "preamble": ["*回顾*其正文"], "operative": ["*决定*正文"]}
    data = typeset("zh", wording)
    faces: dict[str, set[str]] = {}
    for glyph in pdf.glyphs(data):
        faces.setdefault(glyph.text, set()).add(glyph.face)
    assert {"Press-Kai"} == faces["顾"]
    assert {"Press-Song"} == faces["文"]
    assert {"Press-Hei-Bold"} == faces["标"]
    (first,) = (line for line in pdf.lines(data, 10.5) if line.text.startswith("回顾"))
    assert abs(first.left - LEFT - 21) < 0.5


def test_chinese_is_marked_as_simplified(typeset: Setter) -> None:
    """The document says that it is Chinese in simplified characters."""
    assert "zh-Hans" == pdf.tongue(typeset("zh", {"title": "标题", "operative": ["正文"]}))


def test_latin_words_in_chinese_keep_their_apostrophe(typeset: Setter) -> None:
    """An apostrophe inside a Latin word is the narrow one of its face, and Chinese quotation marks stay wide."""
    data = typeset("zh", {"title": "题", "operative": ["在Côte d’Ivoire的‘正文’"]})
    apostrophe, quotation = (one for one in pdf.glyphs(data) if one.text == "’")
    assert "Press-Serif" == apostrophe.face
    assert apostrophe.right - apostrophe.left < 0.4 * apostrophe.size
    assert "Press-Song" == quotation.face


def test_a_locale_asks_for_thin_spaces_between_ideographs_and_latin(typeset: Setter) -> None:
    """With `spacing: {latin: thin}` a gap of an eighth to a fifth of an em parts Chinese from letters and digits."""
    wording = {"title": "题", "operative": ["在第55/109号UNESCO文件"]}
    for locale, least, most in (({}, -0.01, 0.01), ({"spacing": {"latin": "thin"}}, 0.125, 0.2)):
        row = [one for one in pdf.glyphs(typeset("zh", wording, locale)) if one.size == 10.5]
        gaps = [
            (b.left - a.right) / a.size
            for a, b in pairwise(row)
            if a.text + b.text in {"第5", "9号", "号U", "O文"} and a.baseline == b.baseline
        ]
        assert 4 == len(gaps)
        assert all(least < gap < most for gap in gaps)


# ---- Arabic

LATIN = [
    ("*Treaty Series*, vol. 2302, No. 41032", "TreatySeries,vol.2302,No.41032"),
    ("[Official Records](https://www.un.org/) *of the* **General** Assembly", "OfficialRecordsoftheGeneralAssembly"),
    ("Part[^a] **II**, *sect.* 3", "PartII,sect.3"),
    ("A/56/583/Add.2", "A/56/583/Add.2"),
    ("A/RES/**56**/149", "A/RES/56/149"),
    ("A/CONF.157/24 (Part I)", "A/CONF.157/24(PartI)"),
    ("*E/CN.4/2001/2*-E/CN.4/Sub.2/2000/46", "E/CN.4/2001/2-E/CN.4/Sub.2/2000/46"),
    ("United Nations, Treaty Series, pp. 10-12", "UnitedNations,TreatySeries,pp.10-12"),
    ("ISO 639-2", "ISO639-2"),
    ("*UNESCO* (Paris)", "UNESCO(Paris)"),
    ("*Treaty Series*, vol. 2302 (1999)", "TreatySeries,vol.2302(1999)"),
    ("A/56/583 (2001)", "A/56/583(2001)"),
    ("*Article* 3(1)(b)", "Article3(1)(b)"),
    ("“*UNESCO*”", "“UNESCO”"),
]
NUMBERS = [
    ("55/*109*", "55/109"),
    ("*55*/109", "55/109"),
    ("2001/[67](https://www.un.org/)", "2001/67"),
    ("10:*30*", "10:30"),
    ("55/109، 56/6", "56/6،55/109"),
    ("(55/109) (2000)", ")2000()55/109("),
]


@pytest.mark.parametrize(("typed", "read"), LATIN)
@pytest.mark.parametrize("digits", ["0123456789", "٠١٢٣٤٥٦٧٨٩"])
def test_latin_runs_in_arabic_read_from_the_left(typeset: Setter, typed: str, read: str, digits: str) -> None:
    """A run of Latin words and numbers is read from left to right, whatever marks, links or calls are in it."""
    notes = {"notes": {"a": "انظر أدناه."}} if "[^a]" in typed else {}
    wording = {"title": "قرار", "operative": [f"انظر {typed}، من فضلك."], **notes}
    printed = [line.text.translate(pdf.MIRRORED) for line in pdf.lines(typeset("ar", wording, {"digits": digits}), 13)]
    assert any(read.translate(pdf.MIRRORED) in line for line in printed)


@pytest.mark.parametrize(("typed", "read"), NUMBERS)
@pytest.mark.parametrize("digits", ["0123456789", "٠١٢٣٤٥٦٧٨٩"])
def test_arabic_numbers_read_as_one(typeset: Setter, typed: str, read: str, digits: str) -> None:
    """A number reads from the left whatever marks are in it, and a list of numbers from the right."""
    wording = {"title": "قرار", "operative": [f"انظر {typed} من فضلك."]}
    printed = [line.text.translate(pdf.MIRRORED) for line in pdf.lines(typeset("ar", wording, {"digits": digits}), 13)]
    wanted = read.translate(dict(zip(map(ord, "0123456789"), digits, strict=True))).translate(pdf.MIRRORED)
    assert any(wanted in line for line in printed)


def test_latin_runs_in_arabic_are_cut_into_lines_in_their_order(typeset: Setter) -> None:
    """Where a Latin run goes over a line's end, each of its parts reads from the left."""
    filler = [word for word in plain("ar").split(" ") if word.isalpha()]
    latin = "United Nations, Treaty Series, vol. 2302, No. 41032, New York"
    whole = latin.replace(" ", "")
    for count in range(6, 22):
        text = " ".join([*filler[:count], latin, *filler[:9]])
        lines = paragraph(typeset("ar", one_paragraph("ar", text, 1)), "ar")
        parts = [part for line in lines for part in re.findall("[A-Za-z0-9.,]+", line.text)]
        assert whole == "".join(parts)


def test_arabic_ranges_read_from_the_right(typeset: Setter) -> None:
    """The first number of a range stands on the right, in whatever digits and after whatever marks."""
    for digits, range_ in (("0123456789", "12-10"), ("٠١٢٣٤٥٦٧٨٩", "١٢-١٠")):
        wording = {"title": "قرار", "operative": ["الفقرات 10-12 و*الفقرات* 10-12."]}
        printed = "".join(line.text for line in pdf.lines(typeset("ar", wording, {"digits": digits}), 13))
        assert 2 == printed.count(range_)


def test_a_locale_sets_the_digits_of_arabic(typeset: Setter) -> None:
    """Eastern digits stand in dates, items, paragraphs, calls, pages and text; Western ones in symbols and Latin."""
    text = "انظر القرار 55/109 المؤرخ 4 آذار/مارس 2000 وvol. 2302 والوثيقة A/56/583[^a]"
    wording = {"title": "قرار", "operative": [text, *["الفقرة"] * 40], "notes": {"a": "الفصل 3"}}
    data = typeset("ar", wording, {"digits": "٠١٢٣٤٥٦٧٨٩"})
    sizes = {one.size for one in pdf.glyphs(data)}
    printed = " ".join(line.text for size in sizes for line in pdf.lines(data, size))
    for western in ("25-19622", "101225", "8December2025", "A/80/583", "Corr.1", "A/80/584", "vol.2302", "A/56/583"):
        assert western in printed
        printed = printed.replace(western, "")
    assert "" == re.sub("[^0-9]", "", printed.replace("RES/80/77", ""))
    for eastern in ("٢٠٢٥", "١١٩", "-١", "-٤١", "٥٥/١٠٩", "٢٠٠٠", ")١(", "٣", "٢/٣", "٨٠/٧٧"):
        assert eastern.translate(pdf.MIRRORED) in printed.translate(pdf.MIRRORED)


def test_arabic_is_upright(typeset: Setter) -> None:
    """Arabic letters are set in the regular and the bold naskh, and emphasis is bold."""
    data = typeset("ar", {"title": "قرار", "operative": ["*تقرر* أن **تنظر** في ذلك."]})
    faces: dict[str, set[str]] = {}
    for glyph in pdf.glyphs(data):
        if unicodedata.bidirectional(glyph.text) == "AL":
            faces.setdefault(glyph.face, set()).add(glyph.text)
    assert {"Press-Naskh", "Press-Naskh-Bold"} == set(faces)
    assert {"ت", "ق"} <= faces["Press-Naskh-Bold"]


@pytest.mark.parametrize("code", LANGUAGES)
def test_viewers_learn_the_reading_direction(typeset: Setter, code: str) -> None:
    """The PDF says on which side its facing pages begin."""
    data = typeset(code, {"title": SAMPLES[code]["title"], "operative": [plain(code)]})
    assert (code == "ar") == (pdf.direction(data) == "R2L")


WIDEST = {"ar": 0.8, "en": 1.2, "fr": 1.2, "es": 1.2, "ru": 1.3}


@pytest.mark.parametrize("code", WIDEST)
def test_word_spaces_are_bounded(typeset: Setter, code: str) -> None:
    """In the column of the documents no space of the sample is wider than the bound of its language, in ems."""
    data = typeset(code, one_paragraph(code, times=2))
    lines = {line.baseline: line for line in paragraph(data, code)[1:-1] if line.page == 1}
    rows: dict[float, list[pdf.Glyph]] = {}
    for glyph in pdf.glyphs(data):
        if glyph.page == 1 and round(glyph.baseline, 1) in lines and LEFT - 3 < glyph.left < RIGHT:
            rows.setdefault(round(glyph.baseline, 1), []).append(glyph)
    widest = max(b.left - a.right for row in rows.values() for a, b in pairwise(sorted(row, key=lambda one: one.left)))
    assert 0.2 < widest / SIZES[code] < WIDEST[code]


# ---- Pages


def marked(code: str, number: int, words: int) -> str:
    """Give a paragraph whose first and last word say so."""
    filler = [word for word in plain(code).split(" ") if word.isalpha()] if code != "zh" else list(plain(code))
    return f"b{number}x {glue(code).join(filler[at % len(filler)] for at in range(words))} e{number}x"


def page_texts(data: bytes) -> list[str]:
    """Give the words of each page, as poppler reads them."""
    return [" ".join(word.text for word in page) for page in pdf.words(data)]


@pytest.mark.parametrize("code", LANGUAGES)
def test_pages_begin_and_end_with_two_lines_of_a_paragraph(typeset: Setter, code: str) -> None:
    """No page ends with the first line of a paragraph alone, or begins with the last one."""
    scale = 3 if code == "zh" else 1
    operative = [marked(code, number, scale * (30 + number * 7 % 41)) for number in range(70)]
    data = typeset(code, {"title": SAMPLES[code]["title"], "operative": operative})
    lines = [line for line in pdf.lines(data, SIZES[code]) if LEFT - 6 < line.left and line.right < RIGHT + 8]
    alone = []
    for before, line in pairwise(lines):
        if before.page != line.page:
            beginning, end = re.search(r"b\d+x", before.text), re.search(r"e\d+x", line.text)
            alone += [before] if beginning and not re.search(r"e\d+x", before.text) else []
            alone += [line] if end and not re.search(r"b\d+x", line.text) else []
    assert lines[-1].page > 4
    assert [] == alone


@pytest.mark.parametrize("code", LANGUAGES)
def test_headings_stand_with_the_text_that_they_head(typeset: Setter, code: str) -> None:
    """A heading of a section, a part or an annex is followed by text on its page."""
    scale = 3 if code == "zh" else 1
    sections = [
        {"heading": f"h{number}x", "operative": [marked(code, number, scale * (11 + number * 13 % 67))]}
        for number in range(40)
    ]
    body = [
        part
        for number in range(40, 80)
        for part in ({"heading": f"h{number}x"}, marked(code, number, scale * (9 + number * 17 % 61)))
    ]
    wording = {"title": SAMPLES[code]["title"], "sections": sections, "annexes": [{"title": "x", "body": body}]}
    pages = page_texts(typeset(code, wording))
    heads, texts = ([set(re.findall(rf"{kind}(\d+)x", page)) for page in pages] for kind in "hb")
    assert len(pages) > 6
    assert [set()] * len(pages) == [head - text for head, text in zip(heads, texts, strict=True)]


@pytest.mark.parametrize("last", ["*question*", "A/56/1", "[question](https://www.un.org/)", "**the *question***"])
def test_the_last_line_of_a_heading_has_two_words(typeset: Setter, last: str) -> None:
    """The last word of a title never stands alone, be it emphasized, a link or a symbol."""
    words = plain("en").split(" ")
    for count in range(6, 26):
        wording = {"title": f"{' '.join(words[:count])} before {last}[^a]", "operative": ["x"], "notes": {"a": "b"}}
        *_, line = (line for line in pdf.lines(typeset("en", wording), 12.14) if line.left > LEFT - 60)
        assert line.text not in {"question", "A/56/1"}


@pytest.mark.parametrize("code", ["en", "zh", "ar"])
@pytest.mark.parametrize("lengths", [(250, 250, 5), (400, 5, 5), (600, 600, 1), (800, 5, 1), (450, 450, 5)])
def test_notes_called_on_one_line_begin_on_its_page(typeset: Setter, code: str, lengths: tuple[int, ...]) -> None:
    """However long they are, notes called together begin on the page of the call, and pages before are full."""
    scale = 2 if code == "zh" else 1
    notes = {f"n{number}": marked(code, number, length * scale * 6) for number, length in enumerate(lengths)}
    calls = "".join(f"[^{name}]" for name in notes)
    operative = [marked(code, 10, 700), f"{marked(code, 11, 500)}{calls}", marked(code, 12, 500)]
    wording = {"title": SAMPLES[code]["title"], "operative": operative, "notes": notes}
    data = typeset(code, wording, edition="1998")
    assert_whole(wording, data)
    starts = inspect_pdf.synopsis(data)
    assert {name: starts[f"call__{name}"] for name in notes} == {name: starts[f"note__{name}"] for name in notes}
    for page in pdf.words(data)[1:-1]:
        body = [word for word in page if 82 < word.top < 740]
        assert max(word.bottom for word in body) - min(word.top for word in body) > 400


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_signature_never_stands_alone(typeset: Setter, code: str, request: pytest.FixtureRequest) -> None:
    """However long a text is, its last page has two lines of it above the signature."""
    scale = 3 if code == "zh" else 1
    pages = set()
    for length in range(2, 44, 1 if request.config.getoption("--long") else 3):
        operative = [marked(code, number, scale * 40) for number in range(3)] + [marked(code, 3, scale * 9 * length)]
        data = typeset(code, {"title": SAMPLES[code]["title"], "operative": operative})
        lines = [line for line in pdf.lines(data, SIZES[code]) if LEFT - 6 < line.left and line.right < RIGHT + 8]
        last = [line for line in lines if line.page == lines[-1].page]
        pages.add(last[0].page)
        assert len(last) >= 4
    assert len(pages) > 1


@pytest.mark.parametrize("code", LANGUAGES)
def test_tables_break_between_rows_and_repeat_their_heads(typeset: Setter, code: str) -> None:
    """A table over several pages shows its head on each, keeps rows whole, and starts with its title."""
    rows = [[marked(code, number, 60 if code == "zh" else 20), str(number)] for number in range(60)]
    table = {"caption": "titlex", "head": ["headx", "x"], "rows": rows}
    annexes = [{"title": "x", "body": [marked(code, 99, 100), {"table": table}]}]
    wording = {"title": SAMPLES[code]["title"], "operative": ["x"], "annexes": annexes}
    pages = [page for page in page_texts(typeset(code, wording)) if re.search(r"\bb(?!99x)\d+x", page)]
    assert len(pages) > 2
    assert [1] * len(pages) == [page.count("headx") for page in pages]
    assert "titlex" in pages[0]
    for page in pages:
        assert set(re.findall(r"\bb(\d+)x", page)) == set(re.findall(r"\be(\d+)x", page))


# ---- Documents of any length


def of_any_length(code: str, seed: int) -> dict[str, Any]:
    """Make up a document of one line or of many pages, with notes and tables of any length."""
    draw = Random(seed)

    def words(most: int) -> str:
        return marked(code, draw.randint(0, 999), draw.choice([1, 7, 40, most]))

    wording: dict[str, Any] = {"title": words(20), "operative": [words(400) for _ in range(draw.randint(1, 25))]}
    if draw.random() < 0.5:
        names = [f"n{number}" for number in range(draw.randint(1, 6))]
        wording["notes"] = {name: words(1500) for name in names}
        for name in names:
            wording["operative"][draw.randrange(len(wording["operative"]))] += f"[^{name}]"
    if draw.random() < 0.5:
        columns = draw.randint(1, 4)
        rows = [[words(30) for _ in range(columns)] for _ in range(draw.randint(1, 80))]
        table = {"head": [words(7) for _ in range(columns)], "rows": rows}
        wording["annexes"] = [{"title": words(7), "body": [{"table": table}]}]
    return wording


def assert_whole(wording: dict[str, Any], data: bytes) -> None:
    """Check that a PDF has every character of a wording, inside its pages."""
    texts = [wording["title"], *wording["operative"], *wording.get("notes", {}).values()]
    for annex in wording.get("annexes", []):
        table = annex["body"][0]["table"]
        texts += [annex["title"], *table["head"], *(cell for row in table["rows"] for cell in row)]
    wanted = pdf.characters(re.sub(r"\[\^\w+\]", "", "".join(texts)))
    assert {} == dict(wanted - pdf.characters(pdf.text(data)))
    assert [] == [
        one for one in pdf.glyphs(data) if not (0 < one.left and one.right < 595.28 and 0 < one.baseline < HEIGHT)
    ]


@pytest.mark.parametrize("code", LANGUAGES)
def test_documents_of_any_length_are_whole(typeset: Setter, code: str, request: pytest.FixtureRequest) -> None:
    """A document of one line, with long notes or with long tables loses no character."""

    @settings(
        max_examples=60 if request.config.getoption("--long") else 5,
        phases=[Phase.generate],
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
        database=None,
    )
    @given(st.integers(0, 2**32))
    def check(seed: int) -> None:
        wording = of_any_length(code, seed)
        assert_whole(wording, typeset(code, wording))

    check()


@pytest.mark.parametrize("code", LANGUAGES)
def test_sixty_pages_are_whole(typeset: Setter, code: str, request: pytest.FixtureRequest) -> None:
    """A document of sixty pages loses no character (of twelve, unless the tests run at full length)."""
    pages = 60 if request.config.getoption("--long") else 12
    scale = 3 if code == "zh" else 1
    operative = [f"{marked(code, number, scale * 90)}[^n{number % 7}]" for number in range(8 * pages)]
    notes = {f"n{number}": marked(code, number, 300) for number in range(7)}
    wording = {"title": SAMPLES[code]["title"], "operative": operative, "notes": notes}
    data = typeset(code, wording)
    assert len(pdf.words(data)) >= pages
    assert_whole(wording, data)
