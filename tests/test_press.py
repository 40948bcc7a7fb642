"""From sources to paper: whole documents, read back."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pdf
import pytest
import showcase
from conftest import LANGUAGES, ROOT
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from publish.desk import press
from publish.finding import Rejected
from publish.paper import compose
from publish.text import inline, resolution

SAMPLE = ROOT / "resolutions" / "A_RES_56_149"


def typeset(worker: press.Worker, folder: Path, language: str) -> bytes:
    """Typeset one language of a source."""
    found, _ = resolution.load(folder, worker.desk.house, [language])
    proof = compose.compose(found, worker.desk.language(language, found.facts.edition), worker.desk.project)
    return worker.press.typeset(proof).data


def source_characters(value: Any, direction: inline.Direction) -> list[str]:
    """Give the printed characters of every text of plain source data, Markdown's marks left out."""
    if isinstance(value, str):
        return [inline.plain(inline.parse(value, direction)[0])]
    values = value.values() if isinstance(value, dict) else value
    return [found for one in values for found in source_characters(one, direction)]


def printed_keys(data: dict[str, Any]) -> dict[str, Any]:
    """Leave out what a language file holds besides printed text."""
    data = {key: value for key, value in data.items() if key not in {"status", "running_title", "states"}}
    if "annexes" in data:
        data["annexes"] = [{k: v for k, v in annex.items() if k != "numbered"} for annex in data["annexes"]]
    return data


def missing(data: dict[str, Any], direction: inline.Direction, printed: bytes) -> dict[str, int]:
    """Count the characters of a wording that its PDF does not have."""
    wanted = pdf.characters("".join(source_characters(printed_keys(data), direction)))
    return dict(wanted - pdf.characters(pdf.text(printed)))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_sample_is_printed_whole(worker: press.Worker, language: str) -> None:
    """Every character of A/RES/56/149 stands in its PDF, in every language."""
    data = typeset(worker, SAMPLE, language)
    direction = worker.desk.house.directions[language]
    assert {} == missing(showcase.words(language), direction, data)


def test_the_english_sample_breaks_its_page_as_printed(worker: press.Worker) -> None:
    """A/RES/56/149 has two pages, and the first ends with the fifth preambular paragraph."""
    pages = pdf.words(typeset(worker, SAMPLE, "en"))
    assert 2 == len(pages)
    assert "Civilizations”," in [word.text for word in pages[0]]
    assert "Emphasizing" in [word.text for word in pages[1]]


def test_the_masthead_reads_in_order(worker: press.Worker) -> None:
    """Organization, symbol, organ, distribution, date, session and agenda item follow each other."""
    found = " ".join(pdf.text(typeset(worker, SAMPLE, "en")).split())
    parts = ("United Nations", "A/RES/56/149", "General Assembly", "Distr.: General", "8 February 2002")
    places = [found.index(part) for part in (*parts, "Fifty-sixth session", "Agenda item 119 (b)")]
    assert sorted(places) == places


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("ar", "ترجمة غير رسمية"),
        ("zh", "非正式译文"),
        ("fr", "Traduction non officielle"),
        ("ru", "Неофициальный перевод"),
        ("es", "Traducción no oficial"),
    ],
)
def test_an_unofficial_translation_says_so(worker: press.Worker, language: str, line: str) -> None:
    """A translation of ours carries a line that it is unofficial, in its own language; the original carries none."""
    found, _ = resolution.load(SAMPLE, worker.desk.house, [language])
    proof = compose.compose(found, worker.desk.language(language, "1998"), worker.desk.project)
    assert worker.desk.language(language, "1998").words.unofficial in proof.html
    assert line.split(maxsplit=1)[0] in worker.desk.language(language, "1998").words.unofficial
    english, _ = resolution.load(SAMPLE, worker.desk.house, ["en"])
    assert "Unofficial" not in compose.compose(english, worker.desk.language("en", "1998"), worker.desk.project).html


def test_arabic_is_mirrored(worker: press.Worker) -> None:
    """In Arabic the symbol stands at the left edge and the organization on the right; in English the reverse."""
    for language, symbol_left in (("ar", True), ("en", False)):
        (first, *_) = pdf.words(typeset(worker, SAMPLE, language))
        symbol = next(word for word in first if "RES/56/149" in word.text)
        assert symbol_left == (symbol.left < 306)


def test_every_latin_symbol_reads_from_the_left_in_arabic(worker: press.Worker) -> None:
    """Symbols and numbers in Arabic text stand on the page in their own order, unbroken."""
    found = " ".join(word.text for page in pdf.words(typeset(worker, SAMPLE, "ar")) for word in page)
    for symbol in ("A/56/583/Add.2", "A/CONF.157/24", "55/109", "2001/67", "E/2001/23", "E/CN.4/Sub.2/2000/46"):
        assert symbol in found


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("edition", "paper", "parts"), [("2013", "a4", False), ("1998", "letter", True)])
def test_every_construct_is_printed_whole(  # noqa: PLR0913  # a case is a whole document
    worker: press.Worker, tmp_path: Path, language: str, edition: str, paper: str, parts: bool
) -> None:
    """A source with every construct loses no character, and no word leaves its page."""
    folder = showcase.write(tmp_path, parts=parts, edition=edition, paper=paper)
    data = typeset(worker, folder, language)
    direction = worker.desk.house.directions[language]
    assert {} == missing(showcase.wording(language, parts=parts), direction, data)
    width, height = (595.28, 841.89) if paper == "a4" else (612, 792)
    outside = [
        word
        for page in pdf.words(data)
        for word in page
        if word.left < 0 or word.right > width or word.top < 0 or word.bottom > height
    ]
    assert [] == outside


def test_a_note_called_twice_keeps_its_number(worker: press.Worker, tmp_path: Path) -> None:
    """A note called again repeats the number of its first call, and is printed once."""
    folder = showcase.write(tmp_path)
    found, _ = resolution.load(folder, worker.desk.house, ["en"])
    wording = found.wordings["en"]
    first, again = (
        call
        for block in (wording.preamble[0], wording.body[0])
        for call in inline.calls(block.runs)
        if call.id == "first"
    )
    assert (1, True, 1, False) == (first.number, first.first, again.number, again.first)
    html = compose.compose(found, worker.desk.language("en", "2013"), worker.desk.project).html
    assert 1 == html.count('data-call="1"')
    assert 2 == html.count('<span class="call">1</span>')


def test_the_same_source_gives_the_same_bytes(worker: press.Worker) -> None:
    """Typeset twice, a document is the same byte for byte."""
    assert typeset(worker, SAMPLE, "zh") == typeset(worker, SAMPLE, "zh")


def test_only_our_faces_are_embedded(worker: press.Worker, tmp_path: Path) -> None:
    """Every font of a finished file is one of the faces prepared for the press, embedded as a subset."""
    for language in LANGUAGES:
        path = tmp_path / f"{language}.pdf"
        path.write_bytes(typeset(worker, SAMPLE, language))
        out = subprocess.run(["pdffonts", str(path)], capture_output=True, check=True, text=True).stdout
        names = [line.split()[0] for line in out.splitlines()[2:]]
        assert names
        assert [] == [name for name in names if "Press" not in name]


def test_one_resolution_in_six_languages(desk: press.Desk, tmp_path: Path) -> None:
    """Building writes the six files under the UN's own names, in processes or in one."""
    printed, findings = press.build(desk, [SAMPLE], to=tmp_path / "out", crew=press.Processes(2))
    assert [] == findings
    names = [f"A_RES_56_149-{suffix}.pdf" for suffix in ("AR", "EN", "ES", "FR", "RU", "ZH")]
    assert names == sorted(path.name for path in (tmp_path / "out" / "A_RES_56_149").iterdir())
    assert names == [file.path.name for file in printed]
    assert ["A_RES_56_149"] == [path.name for path in (tmp_path / "out").iterdir()]


def test_one_bad_source_holds_back_all(desk: press.Desk, tmp_path: Path) -> None:
    """Where one of several sources is at fault nothing is written at all."""
    good = showcase.write(tmp_path / "good")
    bad = showcase.write(tmp_path / "bad", session="seventy")
    with pytest.raises(Rejected) as rejected:
        press.build(desk, [good, bad], to=tmp_path / "out", crew=press.Processes(1))
    assert ["S08"] == [finding.code for finding in rejected.value.findings]
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("language", LANGUAGES)
def test_notes_stand_on_the_page_of_their_call(worker: press.Worker, tmp_path: Path, language: str) -> None:
    """However pages break, a note stands at the foot of the page that calls it."""
    words = SAMPLES[language].split(" ") if language != "zh" else list(SAMPLES[language])
    glue = "" if language == "zh" else " "
    folder = tmp_path / "A_RES_80_77"
    folder.mkdir()
    numbers = range(60)
    wording = {
        "title": words[0],
        "operative": [
            glue.join(words * (1 + number * 7 % 5)) + f" call{number}x[^n{number}] " + glue.join(words[: number % 9])
            for number in numbers
        ],
        "notes": {f"n{number}": f"note{number}x " + glue.join(words * (number % 3)) for number in numbers},
    }
    facts = showcase.FACTS | {"languages": [language]}
    (folder / "resolution.yaml").write_text(json.dumps(facts), encoding="utf-8")
    (folder / f"{language}.yaml").write_text(json.dumps(wording, ensure_ascii=False), encoding="utf-8")
    apart = []
    for page in pdf.words(typeset(worker, folder, language)):
        found = " ".join(word.text for word in page)
        calls, notes = (set(re.findall(rf"{kind}(\d+)x", found)) for kind in ("call", "note"))
        apart += sorted(calls ^ notes)
    assert [] == apart


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_note_longer_than_a_page_goes_on(worker: press.Worker, tmp_path: Path, language: str) -> None:
    """A note of more than a page's length goes on over the following pages, and loses no character."""
    folder = tmp_path / "A_RES_80_77"
    folder.mkdir()
    glue = "" if language == "zh" else " "
    wording = {
        "title": SAMPLES[language][:20],
        "operative": [SAMPLES[language] + "[^long]", *[SAMPLES[language]] * 40],
        "notes": {"long": glue.join([SAMPLES[language]] * (250 if language == "zh" else 120))},
    }
    facts = showcase.FACTS | {"languages": [language]}
    (folder / "resolution.yaml").write_text(json.dumps(facts), encoding="utf-8")
    (folder / f"{language}.yaml").write_text(json.dumps(wording, ensure_ascii=False), encoding="utf-8")
    printed = typeset(worker, folder, language)
    assert {} == missing(wording, worker.desk.house.directions[language], printed)
    height = 841.89
    assert [] == [word for page in pdf.words(printed) for word in page if word.top < 0 or word.bottom > height]


# ---- Generated documents

SAMPLES = {
    "ar": "إذ تؤكد من جديد التزامها بتعزيز التعاون الدولي، ولا سيما في الفقرة "
    "3 من المادة 1؛ القرار 55/109 المؤرخ 4 كانون الأول/ديسمبر 2000",
    "zh": "重申承诺按照《联合国宪章》、特别是第一条第三项的规定，“促进国际合作”；1993年6月25日通过的第55/109号决议(二)",
    "en": "Reaffirming its commitment to “promoting” international co-operation, "
    "Article 1, paragraph 3; A/56/583/Add.2 of 4 December 2000",
    "fr": "Réaffirmant l’œuvre « commune » de coopération internationale "
    ": l’Article premier, paragraphe 3; 1999 à Genève, où déjà",
    "ru": "подтверждая свою приверженность «международному» сотрудничеству "
    "— пункт 3 статьи 1; резолюция 55/109 от 4 декабря 2000 года",
    "es": "Reafirmando su compromiso de “fomentar” la cooperación, ¿qué "
    "niño? el Artículo 1, párrafo 3; años ¡así! según 55/109",
}


@st.composite
def wordings(  # noqa: C901, PLR0915  # one draw after another
    draw: st.DrawFn, language: str
) -> dict[str, Any]:
    """Draw a wording that may use any construct, in words and letters of the language."""
    sample = SAMPLES[language]
    if language == "zh":
        pieces = st.sampled_from([sample[start : start + 7] for start in range(0, len(sample) - 7, 3)])
        glue = ""
    else:
        pieces = st.sampled_from(sample.split(" "))
        glue = " "
    plain = st.lists(pieces, min_size=1, max_size=25).map(glue.join)
    names = draw(st.lists(st.sampled_from("abcdef"), max_size=4, unique=True))
    marked = st.one_of(
        plain,
        plain.map(lambda words: f"*{words}*{glue or ''}{sample[:5]}"),
        plain.map(lambda words: f"**{words}**"),
        plain.map(lambda words: f"[{words}](https://www.un.org/{len(words)})"),
        st.sampled_from(["A/RES/S-26/2", "E/CN.4/2001/2-E/CN.4/Sub.2/2000/46", "<b>{{ x }}</b> &amp;", r"\*"]),
    )

    def words() -> str:
        return draw(st.lists(marked, min_size=1, max_size=3).map(" ".join))

    def item(level: int) -> Any:
        if level < 4 and draw(st.integers(0, 2)) == 0:
            return {"text": words(), "items": [item(level + 1) for _ in range(draw(st.integers(1, 2)))]}
        return words()

    def paragraphs(least: int = 1) -> list[Any]:
        return [item(0) for _ in range(draw(st.integers(least, 3)))]

    def sections() -> list[Any]:
        made = []
        for _ in range(draw(st.integers(1, 2))):
            section: dict[str, Any] = {"operative": paragraphs()}
            if draw(st.booleans()):
                section["heading"] = words()
            if draw(st.booleans()):
                section["preamble"] = paragraphs()
            made.append(section)
        return made

    data: dict[str, Any] = {"title": words()}
    if draw(st.booleans()):
        data["preamble"] = paragraphs()
    if draw(st.booleans()):
        data["parts"] = [
            {"title": words(), "operative": paragraphs(), "sections": sections()},
            {"title": words(), "operative": paragraphs()},
        ]
    else:
        data["operative"] = paragraphs()
        if draw(st.booleans()):
            data["sections"] = sections()
    if draw(st.booleans()):
        columns = draw(st.integers(1, 4))
        table = {
            "head": [words() for _ in range(columns)],
            "rows": [[words() for _ in range(columns)] for _ in range(draw(st.integers(1, 12)))],
        }
        body = [words(), {"heading": words()}, {"part": words(), "body": [item(0), {"table": table}]}]
        data["annexes"] = [{"title": words(), "numbered": draw(st.sampled_from(["true", "false"])), "body": body}]
    key = "parts" if "parts" in data else "operative"
    if names:
        calls = "".join(f"[^{name}]" for name in names + names[:1])
        data["notes"] = {name: words() for name in names}
        if key == "parts":
            data["parts"][0]["title"] += calls
        else:
            data["operative"].append(words() + calls)
    return data


@pytest.mark.parametrize("language", LANGUAGES)
def test_generated_documents_lose_nothing(
    worker: press.Worker, tmp_path_factory: pytest.TempPathFactory, language: str, request: pytest.FixtureRequest
) -> None:
    """Whatever constructs a source combines, building does not fail and every character is on a page."""
    examples = 100 if request.config.getoption("--long") else 10
    base = tmp_path_factory.mktemp(language)

    @settings(
        max_examples=examples,
        phases=[Phase.generate],  # shrinking whole documents takes minutes
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
        database=None,
    )
    @given(wordings(language), st.sampled_from(["1998", "2013"]))
    def check(data: dict[str, Any], edition: str) -> None:
        folder = base / "A_RES_80_77"
        folder.mkdir(exist_ok=True)
        facts = showcase.FACTS | {"edition": edition, "languages": [language]}
        (folder / "resolution.yaml").write_text(json.dumps(facts), encoding="utf-8")
        (folder / f"{language}.yaml").write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
        direction = worker.desk.house.directions[language]
        assert {} == missing(data, direction, typeset(worker, folder, language))

    check()


def test_reissued_reports_keep_their_asterisks(worker: press.Worker, tmp_path: Path) -> None:
    """The asterisks of reissued reports are printed in the source line, and are no emphasis."""
    report = {"committee": "third", "symbols": ["A/80/583*", "A/80/584*"]}
    data = typeset(worker, showcase.write(tmp_path, report=report), "en")
    assert "(A/80/583* and A/80/584*)" in " ".join(pdf.text(data).split())
