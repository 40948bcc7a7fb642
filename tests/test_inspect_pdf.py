"""Finished files, inspected: what is sound passes, and whatever is lost, foreign or broken is found."""

from __future__ import annotations

import json
import random
import re
import shutil
import time
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple

import pikepdf
import pytest
import showcase
from conftest import LANGUAGES, ROOT
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st
from test_cli import run
from test_press import wordings
from test_typography import glue, marked, of_any_length, page_texts, plain

from publish.desk import press
from publish.finding import CODES, Finding
from publish.paper import compose
from publish.paper.compose import Proof
from publish.paper.inspect_pdf import folded, inspect, read, synopsis
from publish.text import resolution
from publish.text.outline import Unit, outline

SAMPLE = ROOT / "resolutions" / "A_RES_56_149"
WORDS = {code: showcase.words(code) for code in LANGUAGES}
A4 = (595, 842)

generated = settings(
    phases=[Phase.generate],
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
    database=None,
)


# ---- Making files


@dataclass(frozen=True)
class Finished:
    """A document with its proof and its file."""

    worker: press.Worker
    proof: Proof
    units: dict[str, Unit]
    data: bytes
    pages: int

    def found(self, data: bytes | None = None, pages: int = 0) -> list[Finding]:
        """Inspect the file, or another in its place."""
        return inspect(self.data if data is None else data, self.proof, self.worker.families, pages)

    def codes(self, data: bytes | None = None, pages: int = 0) -> list[str]:
        """Give the codes of what is found."""
        return sorted({one.code for one in self.found(data, pages)})

    def messages(self, data: bytes | None = None, pages: int = 0) -> list[str]:
        """Give what is found, without the name of the file."""
        return [f"{one.code} {one.message.partition(': ')[2]}" for one in self.found(data, pages)]

    def spoiled(self, spoil: Callable[[pikepdf.Pdf], None]) -> bytes:
        """Change something in the file."""
        out = BytesIO()
        with pikepdf.open(BytesIO(self.data)) as pdf:
            spoil(pdf)
            pdf.save(out, deterministic_id=True)
        return out.getvalue()


Maker = Callable[..., Finished]


@pytest.fixture(scope="module")
def finish(worker: press.Worker, tmp_path_factory: pytest.TempPathFactory) -> Maker:
    """Typeset a source, with a style sheet of one's own and templates in which words are replaced."""

    def finish(
        folder: Path, code: str, css: str = "", templates: dict[str, list[tuple[str, str]]] | None = None
    ) -> Finished:
        root = tmp_path_factory.mktemp("own")
        for name, changes in (templates or {}).items():
            words = (ROOT / "layouts" / name).read_text(encoding="utf-8")
            for old, new in changes:
                assert old in words
                words = words.replace(old, new)
            (root / "layouts" / name).parent.mkdir(parents=True, exist_ok=True)
            (root / "layouts" / name).write_text(words, encoding="utf-8")
        sheet = root / "own.css"
        sheet.write_text(css, encoding="utf-8")
        found, findings = resolution.load(folder, worker.desk.house, [code])
        assert [] == findings
        project = replace(worker.desk.project, root=root)
        proof = compose.compose(found, worker.desk.language(code, found.facts.edition), project)
        proof = replace(proof, stylesheets=(*proof.stylesheets, sheet))
        pdf = worker.press.typeset(proof)
        units = {unit.name: unit for unit in outline(found.wordings[code]).walk()}
        return Finished(worker, proof, units, pdf.data, pdf.pages)

    return finish


@pytest.fixture(scope="module")
def document(finish: Maker, tmp_path_factory: pytest.TempPathFactory) -> Maker:
    """Write a document in one language, and typeset it."""

    def document(code: str, wording: dict[str, Any], css: str = "", templates: Any = None, **facts: Any) -> Finished:
        folder = tmp_path_factory.mktemp("source") / "A_RES_80_77"
        folder.mkdir()
        own = {"reissued": None, "vote": None, "sponsors": None, "languages": [code]} | facts
        own = {key: value for key, value in (showcase.FACTS | own).items() if value is not None}
        (folder / "resolution.yaml").write_text(json.dumps(own), encoding="utf-8")
        (folder / f"{code}.yaml").write_text(json.dumps(wording, ensure_ascii=False), encoding="utf-8")
        return finish(folder, code, css, templates)

    return document


def itemized(code: str) -> dict[str, Any]:
    """Give the sample with two of its paragraphs as items of another."""
    first, second, third, fourth, *rest = WORDS[code]["operative"]
    return WORDS[code] | {"operative": [first, {"text": second, "items": [third, fourth]}, *rest]}


@pytest.fixture(scope="module")
def sound(document: Maker) -> Callable[[str], Finished]:
    """Give a document without fault in a language, made once."""
    made: dict[str, Finished] = {}

    def sound(code: str) -> Finished:
        if code not in made:
            made[code] = document(code, itemized(code))
        return made[code]

    return sound


@pytest.fixture(scope="module")
def shown(finish: Maker, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, str], Finished]:
    """Give the document with every construct in a language and an edition, made once; of 1998 it has parts."""
    made: dict[tuple[str, str], Finished] = {}

    def shown(code: str, edition: str) -> Finished:
        if (code, edition) not in made:
            old = edition == "1998"
            folder = showcase.write(
                tmp_path_factory.mktemp("shown"), parts=old, edition=edition, paper="letter" if old else "a4"
            )
            made[code, edition] = finish(folder, code)
        return made[code, edition]

    return shown


def lost(*texts: str) -> str:
    """Give what is said of texts that are on no page."""
    missing = "".join(sorted(folded("".join(texts))))
    shown = missing[:12] + ("..." if len(missing) > 12 else "")
    counted = "1 character is" if len(missing) == 1 else f"{len(missing)} characters are"
    return f"P101 {counted} on no page: '{shown}'"


# ---- What is sound


@pytest.mark.parametrize("edition", ["1998", "2013"])
@pytest.mark.parametrize("code", LANGUAGES)
def test_every_construct_passes(shown: Callable[[str, str], Finished], code: str, edition: str) -> None:
    """In a document with every construct nothing is found."""
    done = shown(code, edition)
    assert [] == done.found(pages=done.pages)


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_sample_passes(finish: Maker, code: str) -> None:
    """In A/RES/56/149 nothing is found, and its type is no less than its source."""
    done = finish(SAMPLE, code)
    assert [] == done.found(pages=done.pages)
    printed = "".join(one.text for page in read(done.data).pages for one in page.glyphs if one.in_text)
    assert len(folded(printed)) > sum(len(folded(unit.plain)) for unit in done.units.values()) > 700


@pytest.mark.parametrize("code", LANGUAGES)
def test_generated_documents_pass(document: Maker, code: str, request: pytest.FixtureRequest) -> None:
    """Whatever constructs a source combines, and however long it is, nothing is found in its file."""
    long = request.config.getoption("--long")

    @settings(generated, max_examples=60 if long else 3)
    @given(wordings(code), st.sampled_from(["1998", "2013"]))
    def of_any_constructs(wording: dict[str, Any], edition: str) -> None:
        done = document(code, wording, edition=edition)
        assert [] == done.found(pages=done.pages)

    @settings(generated, max_examples=20 if long else 1)
    @given(st.integers(0, 2**32))
    def of_any_size(seed: int) -> None:
        done = document(code, of_any_length(code, seed))
        assert [] == done.found(pages=done.pages)

    of_any_constructs()
    of_any_size()


CURIOUS = {
    "ligatures": ("en", "office affluent fifty flow \ufb01ne"),
    "accents by themselves": ("fr", "Re\u0301solution de l’e\u0301tat a\u0300 Gene\u0300ve, n\u0303 o\u0308 q\u0301"),
    "accents of Russian": ("ru", "за\u0301мок, замо\u0301к, и\u0306, е\u0308, ё"),
    "accents in heaps": ("fr", "Việt Nam, ễ, ǖ, x\u0323\u0301"),
    "raised and lowered": ("en", "10² m³ x^2^ H^*a*^ CO₂ 1ª Nº ™ ℃ … ½ ®"),
    "soft hyphens": ("en", "inter\u00adnational co\u00adoper\u00adation " * 40),
    "hyphens that do not break": ("en", "co\u2011operation and non\u2011proliferation " * 30),
    "dashes": ("en", "co-operation co\u2010op \u2012 \u2013 \u2014 \u2015 \u2212 " * 20),
    "a very long word": ("en", "x" * 3000),
    "a very long word of Arabic": ("ar", "م" * 800),
    "emphasis in links": ("en", "[see *the* **whole** x^2^](https://un.org/a?b=c&d=%20e), [*all*](mailto:a@un.org)"),
    "letters in addresses": ("fr", "[texte](https://www.un.org/été/ф)"),
    "HTML": ("en", "<b>x</b> &amp; &lt; <!-- c --> <style>y</style>"),
    "spaces": ("en", "a\u00a0b\u2009c\u202fd\u3000e\u2003f\u200bg\u2060h"),
    "marks of direction": ("en", "a\u200eb\u200f \u2068c\u2069 d"),
    "quotation marks": ("en", "“a” ‘b’ ’tis ‚c‘ „d“ «e» ‹f› \"g\" 'h'"),
    "three scripts in English": ("en", "the words قرار (لا), 决议《约章》 and резолюция"),
    "lengthened letters": ("ar", "قـــرر أن محمـــد"),
    "vowels of Arabic": ("ar", "وفقاً جداً أيضًا، الأمم المتّحدة، حقّ، بناءً على"),
    "joined letters": ("ar", "لا لأ لإ لآ الإسلام الله"),
    "forms of letters": ("ar", "ﻣﺤﻤﺪ ﻻ"),
    "brackets of Arabic": ("ar", "انظر (الفقرة 3) [أ] {ب} «ج» “د” ‘ه’ (A/56/1) [A/RES/1/1]"),
    "digits of Arabic": ("ar", "١٢٣ ۴۵۶ 123 في ٢٠٠١"),
    "full-width forms": ("zh", "ＡＢＣ１２３（甲）【乙】「丙」『丁』〈戊〉《己》！？～"),
    "full-width forms in English": ("en", "ＡＢＣ１２３"),
    "numbers in circles": ("zh", "①②③ ㈠㈡ ㎏ Ⅳ ⅳ"),
    "accents at the edge of emphasis": ("fr", "é*\u0323solution* **o\u0301**\u0323t l’*é*\u0323tat"),
    "mirrored signs of Arabic": ("ar", "انظر ‹أ› 2 ≤ 3 ≥ 2 ≠ 1 و«ب» ثم <ج>"),
    "Chinese brackets in Arabic": ("ar", "انظر 《أ》 و「ب」 و【ج】 و〔د〕"),
    "signs that are taken apart in Arabic": ("ar", "علامة ® ونصف ½ وثلاثة أرباع ¾ و² و©"),
    "dashes and dots of Chinese": ("zh", "“甲”‘乙’——……·•、。"),
}


@pytest.mark.parametrize("name", CURIOUS)
def test_curious_texts_pass(document: Maker, name: str) -> None:
    """Ligatures, accents, long words, foreign scripts and the like are found on their page, and in notes."""
    code, text = CURIOUS[name]
    title = WORDS[code]["title"]
    note = text[:200]
    done = document(code, {"title": title, "operative": [f"{text}[^a]", title], "notes": {"a": note}})
    assert [] == done.found(pages=done.pages)


@pytest.mark.parametrize("code", LANGUAGES)
def test_equal_notes_below_each_other_pass(document: Maker, code: str) -> None:
    """Lines that are the same, one close below the other, are all found."""
    title = WORDS[code]["title"]
    note = re.sub(r"[*\[\]^]", "", WORDS[code]["operative"][0])[:85].rsplit(" ", 1)[0]
    called = title + "".join(f"[^{name}] {title}" for name in "abcdef")
    done = document(code, {"title": title, "operative": [called, title], "notes": dict.fromkeys("abcdef", note)})
    assert [] == done.found(pages=done.pages)


def test_an_accent_behind_the_call_of_a_note_passes(document: Maker) -> None:
    """A letter and its accent count the same whether type stands between them on the page or not."""
    title = WORDS["fr"]["title"]
    done = document("fr", {"title": title, "operative": ["Re[^a]\u0301solution", title], "notes": {"a": title}})
    assert [] == done.found(pages=done.pages)


LETTERS_OF_ARABIC = "ابتثجحخدذرزسشصضطظعغفقكلمنهويءآأؤإئىة"
VOWELS_OF_ARABIC = "\u064b\u064c\u064d\u064e\u064f\u0650\u0652"
SHADDA = "\u0651"


@pytest.mark.parametrize("seed", range(4))
def test_any_letters_of_arabic_pass(document: Maker, seed: int) -> None:
    """Whatever letters stand beside each other, with vowels or without, each is found on its page."""
    chance = random.Random(seed)  # noqa: S311
    words = [
        "".join(
            chance.choice(LETTERS_OF_ARABIC)
            + (SHADDA if chance.random() < 0.08 else "")
            + (chance.choice(VOWELS_OF_ARABIC) if chance.random() < 0.2 else "")
            for _ in range(chance.randint(2, 8))
        )
        for _ in range(400)
    ]
    done = document("ar", {"title": WORDS["ar"]["title"], "operative": [" ".join(words)]})
    assert [] == done.found(pages=done.pages)


@pytest.mark.parametrize("code", ["en", "fr", "es", "ru"])
def test_hyphens_of_a_layout_pass(document: Maker, code: str) -> None:
    """Where a style sheet lets words be hyphenated nothing is found."""
    css = "main { margin-inline-end: 300pt; hyphens: auto; hyphenate-limit-chars: 6 3 3 }"
    done = document(code, WORDS[code], css)
    assert [] == done.found(pages=done.pages)
    assert len(re.findall("[\x02\u2010]", "".join(one.text for page in read(done.data).pages for one in page.glyphs)))


@pytest.mark.parametrize(
    "rule", ["text-transform: uppercase", "text-transform: capitalize", "font-variant: small-caps"]
)
@pytest.mark.parametrize("code", ["en", "ru"])
def test_capitals_of_a_style_sheet_pass(document: Maker, code: str, rule: str) -> None:
    """Where a style sheet sets texts in capitals nothing is found, and what it hides is lost all the same."""
    done = document(code, itemized(code), f"main, .note, .first-foot {{ {rule} }}")
    assert [] == done.found(pages=done.pages)
    hidden = done.units["preambular paragraph 3"]
    done = document(code, itemized(code), f"main {{ {rule} }} #{hidden.id} {{ display: none }}")
    assert [lost(hidden.plain)] == [one for one in done.messages() if one.startswith("P101")]


def test_elements_without_an_end_hide_nothing(document: Maker) -> None:
    """After an element that has no end, written in either way, the text of notes and of the body stays apart."""
    empty = "<br><wbr><br/><wbr/><col><area><input>"
    templates = {
        "base/runs.html": [("{{ runs(body) }}</span>", f"{empty}{{{{ runs(body) }}}}</span>")],
        "resolution/editions/2013.html": [('<span class="recycle">', f'{empty}<span class="recycle">')],
    }
    done = document("en", WORDS["en"], templates=templates)
    assert [] == done.found()
    (unit,) = (one for one in done.units.values() if one.name == "operative paragraph 7")
    done = document("en", WORDS["en"], f"#{unit.id} {{ display: none }}", templates)
    assert lost(f"7.{unit.plain}") in done.messages()


# ---- What is lost

HIDING = ["display: none", "visibility: hidden", "opacity: 0"]


@pytest.mark.parametrize(("code", "rule"), list(zip(LANGUAGES, HIDING * 2, strict=True)))
def test_a_paragraph_that_a_style_sheet_hides_is_found(
    sound: Callable[[str], Finished], document: Maker, code: str, rule: str
) -> None:
    """A paragraph that is not drawn is found missing, to the last character."""
    unit = sound(code).units["preambular paragraph 3"]
    done = document(code, itemized(code), f"#{unit.id} {{ {rule} }}")
    assert lost(unit.plain) in done.messages()
    assert {"P101"} <= set(done.codes()) <= {"P101", "P107"}


@pytest.mark.parametrize("code", LANGUAGES)
def test_words_of_the_masthead_that_are_hidden_are_found(document: Maker, code: str) -> None:
    """A session that is hidden in the masthead is found missing."""
    done = document(code, itemized(code), ".session { visibility: hidden }")
    (session,) = (words for name, words in done.proof.texts if name == "the session")
    assert [lost(session)] == done.messages()


@pytest.mark.parametrize("code", LANGUAGES)
def test_words_of_the_foot_that_are_hidden_are_found(document: Maker, code: str) -> None:
    """Words that are hidden at the foot of a document of one page are found missing."""
    done = document(code, {"title": "A", "operative": ["A"]}, ".recycle { visibility: hidden }")
    (words,) = re.findall('<span class="recycle">(.*?)</span>', done.proof.html)
    assert [lost(words)] == done.messages(pages=1)


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_note_that_is_dropped_is_found(document: Maker, code: str) -> None:
    """A note that is not drawn is found missing, with its call and its mark."""
    name, text = "vienna", WORDS[code]["notes"]["vienna"]
    done = document(code, itemized(code), f"#note__{name} {{ display: none }}")
    (call, mark) = re.search(f'id="note__{name}".*?data-call="(.*?)" data-mark="(.*?)"', done.proof.html).groups()  # type: ignore[union-attr]
    assert "*" not in text
    assert lost(done.units[f"note '{name}'"].plain, call, mark) in done.messages()


@pytest.mark.parametrize("code", LANGUAGES)
def test_what_a_template_leaves_out_is_named(document: Maker, code: str) -> None:
    """Each text that a template does not print is found, by the name of its place, and no other."""
    templates = {
        "resolution/layout.html": [
            ("{{ text.runs(unparted(wording.title)) }}", ""),
            ("{{ text.phrase(language.session(facts.session)) }}", ""),
            ("<div>{{ text.phrase(line) }}</div>", ""),
            ('<span dir="ltr">{{ facts.job_number }}</span>', ""),
        ],
        "resolution/blocks.html": [("{% for item in all %}", "{% for item in all if item.number != 2 %}")],
        "base/runs.html": [("{{ runs(body) }}</span>", "</span>")],
    }
    wording = itemized(code) | {"title": " ".join([WORDS[code]["title"]] * 2)}
    done = document(code, wording, templates=templates, edition="1998")
    places = {"title", "the session", "the signature", "the job number", "operative paragraph 2, item (b)"}
    places |= {f"note '{name}'" for name in WORDS[code]["notes"]}
    found = re.findall(r"^P101 (.*?) is not set whole: '", "\n".join(done.messages()), re.MULTILINE)
    assert places == set(found)
    assert ["P101"] == done.codes()


@pytest.mark.parametrize("left_out", [2, 3, 4])
@pytest.mark.parametrize("code", LANGUAGES)
def test_a_text_that_stands_elsewhere_too_is_named(document: Maker, code: str, left_out: int) -> None:
    """A paragraph that a template leaves out is found though its words are those, or a part, of another."""
    long = plain(code)
    part = long[: len(long) // 2].strip()
    wording = {"title": WORDS[code]["title"], "operative": [long, long, part, f"{part} 17"]}
    blocks = ("{{ paragraph(block) }}", f"{{% if block.number != {left_out} %}}{{{{ paragraph(block) }}}}{{% endif %}}")
    done = document(code, wording, templates={"resolution/blocks.html": [blocks]})
    found = [one.partition(" is not set whole")[0] for one in done.messages() if "not set whole" in one]
    assert len(found) == 1
    same = {2: ("1", "2"), 3: ("3",), 4: ("4",)}[left_out]
    assert found[0] in {f"P101 operative paragraph {number}" for number in same}


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_text_without_a_number_that_stands_elsewhere_too_is_named(document: Maker, code: str) -> None:
    """Of two paragraphs of the preamble with the same words one is found when a template leaves the other out."""
    wording = {"title": WORDS[code]["title"], "preamble": [plain(code)] * 2, "operative": ["A"]}
    assert [] == document(code, wording).found()
    first = ("{% for block in all %}", "{% for block in all if block.id != 'preamble__para_2' %}")
    done = document(code, wording, templates={"resolution/blocks.html": [first]})
    (found,) = done.messages()
    assert found.startswith("P101 preambular paragraph 2 is not set whole: ")


def with_a_table(code: str, rows: int, words: str) -> dict[str, Any]:
    """Give a document with a paragraph, and a table of so many rows whose head has the same words."""
    table = {"table": {"caption": "A", "head": [words, words], "rows": [["1", "2"]] * rows}}
    title = WORDS[code]["title"]
    return {"title": title, "operative": [words, title], "annexes": [{"title": title, "body": [title, table]}]}


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_repeated_head_of_a_table_stands_in_for_nothing(document: Maker, code: str) -> None:
    """A table's head is repeated on each of its pages; a paragraph, or a head, of the same words is found missing."""
    wording = with_a_table(code, 75, plain(code)[:40])
    done = document(code, wording)
    (cell,) = wording["annexes"][0]["body"][1]["table"]["head"][:1]
    drawn = ["".join(one.text for one in page.glyphs if not one.in_text) for page in read(done.data).pages]
    assert any(folded(cell) in folded(words) for words in drawn)
    assert [] == done.found(pages=done.pages)
    unit = done.units["operative paragraph 1"]
    hidden = document(code, wording, f"#{unit.id} {{ visibility: hidden }}")
    (found,) = hidden.messages()
    assert len(folded(unit.plain)) <= int(found.split()[1])
    headless = document(code, wording, "thead { visibility: hidden }")
    assert [lost(cell, cell)] == headless.messages()


UNSEEN = [
    "color: #fff",
    "color: rgba(0, 0, 0, .02)",
    "color: #fdfdfd",
    "font-size: .6pt",
    "overflow: hidden; height: 0; margin-bottom: 90pt",
    "position: relative",
]
COVER = "{0}::after {{ content: ''; position: absolute; top: 0; left: 0; width: 100%; height: 100%; background: #fff }}"


@pytest.mark.parametrize(("number", "rule"), list(enumerate(UNSEEN)))
def test_text_that_is_not_to_be_seen_is_found(
    sound: Callable[[str], Finished], document: Maker, number: int, rule: str
) -> None:
    """White, transparent, tiny, clipped and covered text is in the file, and is found missing from its page."""
    code = LANGUAGES[number % len(LANGUAGES)]
    unit = sound(code).units["preambular paragraph 3"]
    css = f"#{unit.id} {{ {rule} }}" + COVER.format(f"#{unit.id}") * (rule == "position: relative")
    done = document(code, itemized(code), f"{css} #{unit.id} * {{ color: inherit }}")
    printed = "".join(one.text for page in read(done.data).pages for one in page.glyphs)
    assert Counter(folded(unit.plain)) <= Counter(folded(printed))
    assert lost(unit.plain) in done.messages()


@pytest.mark.parametrize("code", LANGUAGES)
def test_text_without_ink_is_found(sound: Callable[[str], Finished], code: str) -> None:
    """Text that a file only has for searching, drawn neither full nor in outline, is found missing."""

    def searchable(pdf: pikepdf.Pdf) -> None:
        page = pdf.pages[0]
        page.contents_coalesce()
        page.Contents = pdf.make_stream(page.Contents.read_bytes().replace(b"BT\n", b"BT\n3 Tr\n"))

    done = sound(code)
    page = read(done.data).pages[0]
    words = "".join(one.text for one in page.glyphs)
    assert [lost(words)] == [one for one in done.messages(done.spoiled(searchable)) if one.startswith("P101")]


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_part_that_is_covered_is_found(sound: Callable[[str], Finished], code: str) -> None:
    """Of a line that is covered from here to there, the characters under the cover are found missing."""
    done = sound(code)
    pages = read(done.data).pages
    line = max((one for one in pages[0].glyphs if one.in_text), key=lambda one: one.right - one.left)
    third = (line.right - line.left) / 3
    cover = f"q 1 g {line.left + third} {line.bottom} {third} {line.top - line.bottom} re f Q"

    def paint(pdf: pikepdf.Pdf) -> None:
        pdf.pages[0].contents_add(b"q", prepend=True)
        pdf.pages[0].contents_add(b"Q " + cover.encode())

    (found,) = done.messages(done.spoiled(paint))
    match = re.fullmatch(r"P101 (\d+) characters are on no page: '.*'", found)
    assert match
    assert 0.6 < 3 * int(match[1]) / len(folded(line.text)) < 1.3


@pytest.mark.parametrize(
    "rule", ["color: #00f", "color: #bbb", "color: #fff; background: #060", "font-size: 4pt", "letter-spacing: 5pt"]
)
def test_text_that_is_to_be_seen_passes(document: Maker, rule: str) -> None:
    """Coloured, grey, reversed, small and spaced text is seen."""
    done = document("en", itemized("en"), f".preambular, .note {{ {rule} }}")
    assert [] == done.found(pages=done.pages)


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_job_number_of_the_first_page_is_found(document: Maker, code: str) -> None:
    """A job number that is hidden on the first page is found missing, though the others have it at their foot."""
    css = ".job { visibility: hidden }"
    done = document(code, WORDS[code], css, issued=None)
    (words,) = re.findall('<div class="job" dir="ltr">(.*?)</div>', done.proof.html)
    margins = ["".join(one.text for one in page.glyphs if not one.in_text) for page in read(done.data).pages]
    assert "25-19622" not in folded(margins[0])
    assert all("25-19622" in folded(margin) for margin in margins[1:])
    assert [lost(words)] == done.messages()


class Sort(NamedTuple):
    """A piece of type: where it stands in the file, the number of its glyph, and what it says."""

    page: int
    instruction: int
    part: int
    at: int
    face: str
    glyph: bytes
    text: str


def sorts(pdf: pikepdf.Pdf) -> list[Sort]:
    """Give the type of the text, without that of its margins."""
    found, tagged = [], set(in_tree(pdf.Root.StructTreeRoot))
    for number, page in enumerate(pdf.pages):
        meanings = {str(name): meaning(font) for name, font in page.Resources.Font.items()}
        face, inside = "", [-1]
        for index, (operands, operator) in enumerate(pikepdf.parse_content_stream(page)):
            match str(operator):
                case "BMC" | "BDC":
                    inside.append(int(operands[1].MCID) if len(operands) > 1 and "/MCID" in operands[1] else -1)
                case "EMC":
                    inside.pop()
                case "Tf":
                    face = str(operands[0])
                case "TJ" if (page.objgen, inside[-1]) in tagged:
                    for part, one in enumerate(operands[0]):  # type: ignore[arg-type]
                        codes = bytes(one) if isinstance(one, pikepdf.String) else b""
                        for at in range(0, len(codes), 2):
                            glyph = codes[at : at + 2]
                            text = meanings[face].get(glyph, "")
                            found.append(Sort(number, index, part, at, face, glyph, text))
    return found


def in_tree(element: Any) -> Iterator[tuple[tuple[int, int], int]]:
    """Give the pages and the numbers of the pieces of content that are in the tree of the text."""
    below = element.get("/K", pikepdf.Array())
    for one in below if isinstance(below, pikepdf.Array) else [below]:
        if isinstance(one, int):
            yield element.Pg.objgen, one
        elif "/MCID" in one:
            yield one.get("/Pg", element.get("/Pg")).objgen, int(one.MCID)
        else:
            yield from in_tree(one)


def meaning(font: Any) -> dict[bytes, str]:
    """Read what the glyphs of a typeface say."""
    rows = re.findall(rb"<(\w{4})> <(\w*)>", font.ToUnicode.read_bytes().partition(b"beginbfchar")[2])
    return {
        bytes.fromhex(glyph.decode()): bytes.fromhex(text.decode()).decode("utf-16-be", "replace")
        for glyph, text in rows
    }


def put(pdf: pikepdf.Pdf, sort: Sort, glyph: bytes) -> None:
    """Put another glyph, or none, in the place of one."""
    page = pdf.pages[sort.page]
    instructions = list(pikepdf.parse_content_stream(page))
    operands: Any = instructions[sort.instruction].operands
    parts = list(operands[0])
    codes = bytes(parts[sort.part])
    parts[sort.part] = pikepdf.String(codes[: sort.at] + glyph + codes[sort.at + 2 :])
    instructions[sort.instruction] = pikepdf.ContentStreamInstruction([pikepdf.Array(parts)], pikepdf.Operator("TJ"))
    page.Contents = pdf.make_stream(pikepdf.unparse_content_stream(instructions))


@pytest.mark.parametrize("code", LANGUAGES)
def test_any_single_character_that_is_lost_is_found(
    sound: Callable[[str], Finished], code: str, request: pytest.FixtureRequest
) -> None:
    """Whichever character of the text is taken out of the file, it is found missing, and nothing else."""
    done = sound(code)
    with pikepdf.open(BytesIO(done.data)) as pdf:
        all_sorts = [one for one in sorts(pdf) if folded(one.text)]
    assert len(all_sorts) > 800

    @settings(generated, max_examples=200 if request.config.getoption("--long") else 6)
    @given(st.sampled_from(all_sorts))
    def check(sort: Sort) -> None:
        assert [lost(sort.text)] == done.messages(done.spoiled(lambda pdf: put(pdf, sort, b"")))

    check()


@pytest.mark.parametrize("code", LANGUAGES)
def test_any_digit_that_is_another_is_found(
    sound: Callable[[str], Finished], code: str, request: pytest.FixtureRequest
) -> None:
    """Whichever digit of the text is printed as another, it is found missing, and nothing else."""
    done = sound(code)
    with pikepdf.open(BytesIO(done.data)) as pdf:
        digits = [one for one in sorts(pdf) if one.text.isdigit()]
    pairs = [(one, other) for one in digits for other in {(other.face, other.glyph, other.text) for other in digits}]
    pairs = [(one, other) for one, other in pairs if one.face == other[0] and one.text != other[2]]
    assert len(pairs) > 100

    @settings(generated, max_examples=100 if request.config.getoption("--long") else 4)
    @given(st.sampled_from(pairs))
    def check(pair: tuple[Sort, tuple[str, bytes, str]]) -> None:
        sort, (_, glyph, _) = pair
        assert [lost(sort.text)] == done.messages(done.spoiled(lambda pdf: put(pdf, sort, glyph)))

    check()


@pytest.mark.parametrize("code", LANGUAGES)
def test_running_heads_stand_in_for_nothing(sound: Callable[[str], Finished], document: Maker, code: str) -> None:
    """A paragraph is found missing though its characters are all in heads, page numbers and job numbers."""
    running = glue(code).join(plain(code).split(glue(code) or None)[:3])[:30]
    words = f"{running} A/RES/80/77 25-19622 2"
    wording = {
        "title": WORDS[code]["title"],
        "running_title": running,
        "preamble": [words],
        "operative": [plain(code)] * 4,
    }
    identity = sound(code).units["preambular paragraph 1"].id
    done = document(code, wording, f"#{identity} {{ display: none }}")
    outside = [one.text for page in read(done.data).pages for one in page.glyphs if not one.in_text]
    assert Counter(folded(words)) <= Counter(folded("".join(outside)))
    assert lost(words) in done.messages()


@pytest.mark.parametrize("code", LANGUAGES)
def test_what_a_style_sheet_adds_stands_in_for_nothing_else(
    sound: Callable[[str], Finished], document: Maker, code: str
) -> None:
    """Letters that a style sheet adds to the text do not make up for others that it hides."""
    unit = sound(code).units["preambular paragraph 3"]
    added = "".join(one for one in "QXZЖЮ龘" if folded(one) not in folded(unit.plain))
    assert len(added) > 2
    css = f'.preambular::before {{ content: "{added * 40}" }} #{unit.id} {{ display: none }}'
    done = document(code, itemized(code), css)
    assert added in "".join(one.text for page in read(done.data).pages for one in page.glyphs)
    assert lost(unit.plain) in done.messages()


# ---- What stands at the wrong place

MOVES = ["translate(900pt, 0)", "translate(-900pt, 0)", "translate(0, 1700pt)"]


@pytest.mark.parametrize(("code", "move"), list(zip(LANGUAGES, MOVES * 2, strict=True)))
def test_text_off_the_page_is_found(sound: Callable[[str], Finished], document: Maker, code: str, move: str) -> None:
    """A paragraph that is moved over an edge of its page is found, with its words and its page."""
    unit = sound(code).units["preambular paragraph 3"]
    done = document(code, itemized(code), f"#{unit.id} {{ transform: {move} }}")
    assert ["P102"] == done.codes()
    (found,) = done.messages()
    words = re.fullmatch("P102 '(.*)' runs off page 1", found)
    assert words
    assert folded(words[1])[:4] in folded(unit.plain)


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_note_elsewhere_is_found(sound: Callable[[str], Finished], code: str) -> None:
    """A note that begins on another page than its call is found by its name."""

    def move(pdf: pikepdf.Pdf) -> None:
        names = pdf.Root.Names.Dests.Names
        at = next(index for index, one in enumerate(names) if str(one) == "note__vienna")
        names[at + 1][0] = pdf.pages[1].obj

    done = sound(code)
    expected = ["P103 note 'vienna' begins on page 2 and is called on page 1"]
    assert expected == done.messages(done.spoiled(move))


# ---- Glyphs and typefaces


@pytest.mark.parametrize("glyph", [b"\xff\xff", b"\0\0"])
@pytest.mark.parametrize("code", LANGUAGES)
def test_a_glyph_that_the_typeface_lacks_is_found(sound: Callable[[str], Finished], code: str, glyph: bytes) -> None:
    """A glyph beyond the last of its typeface, or the one for what is missing, is found and counted."""
    done = sound(code)
    with pikepdf.open(BytesIO(done.data)) as pdf:
        sort = [one for one in sorts(pdf) if folded(one.text)][400]
        name = str(pdf.pages[sort.page].Resources.Font[sort.face].BaseFont).partition("+")[2]
    expected = [lost(sort.text), f"P104 the file has no outline for 1 glyph of {name} that it prints"]
    found = done.messages(done.spoiled(lambda pdf: put(pdf, sort, glyph)))
    assert expected == found


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_typeface_that_is_not_in_the_file_is_found(sound: Callable[[str], Finished], code: str) -> None:
    """Each typeface that is left out of the file is found by its name, and no other."""
    names = set()

    def take_out(pdf: pikepdf.Pdf) -> None:
        for font in list(pdf.pages[0].Resources.Font.values())[:2]:
            names.add(str(font.BaseFont).partition("+")[2])
            del font.DescendantFonts[0].FontDescriptor.FontFile2

    done = sound(code)
    found = [one for one in done.messages(done.spoiled(take_out)) if one.startswith("P105")]
    assert len(names) == 2
    assert {f"P105 the typeface {name} is not in the file" for name in names} == set(found)


@pytest.mark.parametrize("name", ["Comic-Sans", "Press-Serifier", "Comic-Press-Serif"])
@pytest.mark.parametrize("code", LANGUAGES)
def test_a_foreign_typeface_is_found(sound: Callable[[str], Finished], code: str, name: str) -> None:
    """A typeface that the press does not know is found, though its name be like one of the press's."""

    def rename(pdf: pikepdf.Pdf) -> None:
        (font, *_) = pdf.pages[0].Resources.Font.values()
        for one in (font, font.DescendantFonts[0]):
            one.BaseFont = pikepdf.Name(f"/ABCDEF+{name}")

    done = sound(code)
    expected = [f"P105 the typeface {name} is none of the press's and none of the project's"]
    assert expected == done.messages(done.spoiled(rename))


# ---- Pages


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_page_of_another_size_is_found(sound: Callable[[str], Finished], code: str) -> None:
    """Each page that is larger or smaller than the paper is found by its number."""

    def cut(pdf: pikepdf.Pdf) -> None:
        pdf.pages[1].MediaBox = pikepdf.Array([0, 0, 612, 842])

    done = sound(code)
    assert ["P106 page 2 is 612 x 842 pt, not 595 x 842"] == done.messages(done.spoiled(cut))


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_wrong_count_of_pages_is_found(sound: Callable[[str], Finished], code: str) -> None:
    """A page too many or too few is found where the number of pages is known, and a page that is lost by its text."""
    done = sound(code)
    for wrong in (done.pages - 1, done.pages + 1):
        assert [f"P106 the file has {done.pages} pages, not {wrong}"] == done.messages(pages=wrong)

    def drop(pdf: pikepdf.Pdf) -> None:
        del pdf.pages[-1]

    assert {"P101"} <= set(done.codes(done.spoiled(drop)))


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_blank_last_page_is_found(sound: Callable[[str], Finished], document: Maker, code: str) -> None:
    """A last page without text is found, be it empty or with a running head."""
    done = sound(code)
    blank = "P106 the last page is blank"

    def add(pdf: pikepdf.Pdf) -> None:
        pdf.add_blank_page(page_size=A4).Tabs = pikepdf.Name.S

    assert [blank] == done.messages(done.spoiled(add))
    css = "main::after { content: ''; display: block; height: 1pt; break-before: page }"
    headed = document(code, itemized(code), css)
    assert done.pages + 1 == headed.pages
    assert any(one.text.strip() for one in read(headed.data).pages[-1].glyphs)
    assert [blank] == headed.messages()


# ---- Links


def a_broken_link(pdf: pikepdf.Pdf) -> None:
    """Let a link lead to a name that is nowhere."""
    (link, *_) = links(pdf)
    del link.A
    link.Dest = pikepdf.String("nowhere")


def a_script(pdf: pikepdf.Pdf) -> None:
    """Let a link run a script."""
    (link, *_) = links(pdf)
    link.A = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert(1)"))


def an_address_of_a_script(pdf: pikepdf.Pdf) -> None:
    """Let a link lead to an address that is a script."""
    (link, *_) = links(pdf)
    link.A.URI = pikepdf.String("javascript:alert(1)")


def a_file(pdf: pikepdf.Pdf) -> None:
    """Let a link lead to a file of the reader's machine."""
    (link, *_) = links(pdf)
    link.A.URI = pikepdf.String("file:///etc/passwd")


def links(pdf: pikepdf.Pdf) -> list[Any]:
    """Give the links of the first page whose address is there twice, so that spoiling one loses no address."""
    every = [one for page in pdf.pages for one in page.get("/Annots", []) if one.Subtype == "/Link"]
    counted = Counter(str(one.A.URI) for one in every)
    return [one for one in every if counted[str(one.A.URI)] > 1]


SPOILED_LINKS = [
    (a_broken_link, "P107 a link leads nowhere"),
    (a_script, "P107 a link leads nowhere"),
    (an_address_of_a_script, "P107 a link leads to 'javascript:alert(1)'"),
    (a_file, "P107 a link leads to 'file:///etc/passwd'"),
]


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_spoiled_link_is_found(document: Maker, code: str) -> None:
    """A link to nowhere, to a script or to a file is found, and nothing else."""
    done = document(code, {"title": WORDS[code]["title"], "operative": ["A/RES/1/1, A/RES/1/1"]})
    assert [] == done.found()
    for spoil, expected in SPOILED_LINKS:
        assert [expected] == done.messages(done.spoiled(spoil))


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_lost_link_is_found(sound: Callable[[str], Finished], code: str) -> None:
    """Each address that no link of the file leads to is found, and no other."""
    done = sound(code)
    addresses = set(re.findall('href="(.*?)"', done.proof.html))
    assert len(addresses) > 4
    for address in sorted(addresses)[:3]:

        def take_out(pdf: pikepdf.Pdf, address: str = address) -> None:
            for page in pdf.pages:
                kept = [one for one in page.get("/Annots", []) if str(one.get("/A", {}).get("/URI", "")) != address]
                page.Annots = pikepdf.Array(kept)

        assert [f"P107 the link to '{address}' is on no page"] == done.messages(done.spoiled(take_out))


# ---- What the file says of itself


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_file_that_says_something_else_of_itself_is_found(sound: Callable[[str], Finished], code: str) -> None:
    """A title, an author or a language that is left out or another is found."""

    def leave_out(pdf: pikepdf.Pdf) -> None:
        del pdf.docinfo["/Title"], pdf.docinfo["/Author"], pdf.Root.Lang

    def change(pdf: pikepdf.Pdf) -> None:
        pdf.docinfo["/Title"], pdf.docinfo["/Author"] = pikepdf.String("untitled"), pikepdf.String("nobody")
        pdf.Root.Lang = pikepdf.String("la")

    done = sound(code)
    for spoil, title, author, tongue in ((leave_out, "", "", ""), (change, "untitled", "nobody", "la")):
        found = done.messages(done.spoiled(spoil))
        said = [("title", title), ("author", author), ("language", tongue)]
        assert [f"P108 the file's {what} is '{is_}'" for what, is_ in said] == [one.split(", not ")[0] for one in found]


# ---- What is no file of ours


def test_what_is_no_pdf_is_found(sound: Callable[[str], Finished]) -> None:
    """Nothing, a text, a picture and the mere head of a file are found to be no PDF, and have no synopsis."""
    done = sound("en")
    for data in (b"", b"A/RES/80/77", b"\x89PNG\r\n\x1a\n", b"%PDF-1.7\n%%EOF", done.data[:1000]):
        assert ["P106"] == [one.code for one in done.found(data)]
        with pytest.raises(ValueError, match="no PDF that can be read"):
            synopsis(data)


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_truncated_file_is_found(sound: Callable[[str], Finished], code: str) -> None:
    """However much of its end a file has lost, it is found."""
    done = sound(code)

    @settings(generated, max_examples=12)
    @given(st.floats(0, 0.98))
    def check(part: float) -> None:
        assert done.found(done.data[: int(part * len(done.data))])

    check()


def test_whatever_is_damaged_is_found(sound: Callable[[str], Finished]) -> None:
    """A file that ends too early, or in whose streams a bit is another, is a finding of its own, wherever that is."""
    done = sound("en")
    spans = [one.span(1) for one in re.finditer(rb"stream\r?\n(.*?)\r?\nendstream", done.data, re.DOTALL)]
    assert sum(end - start for start, end in spans) > len(done.data) / 2
    chance = random.Random(56)  # noqa: S311
    for _ in range(100):
        assert ["P106"] == done.codes(done.data[: chance.randrange(len(done.data) - 8)])
        start, end = chance.choice(spans)
        damaged = bytearray(done.data)
        damaged[chance.randrange(start, end)] ^= 1 << chance.randrange(8)
        assert ["P106"] == done.codes(bytes(damaged))


def test_damage_never_ends_the_command(sound: Callable[[str], Finished]) -> None:
    """Whatever bytes of a file are others, it is read, or found to be unreadable; nothing else happens."""
    known = {code for code in CODES if code.startswith("P1")}
    done = sound("ar")
    chance = random.Random(149)  # noqa: S311
    for number in range(200):
        damaged = bytearray(done.data)
        for _ in range(1 + number % 3 * 10):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        assert set(done.codes(bytes(damaged))) <= known - {"P109", "P110"}


@pytest.mark.parametrize("user", ["", "secret"])
def test_an_encrypted_file_is_found(sound: Callable[[str], Finished], user: str) -> None:
    """A file that asks for a password, for reading or for changing it, is found to be encrypted, and nothing else."""
    done, out = sound("en"), BytesIO()
    with pikepdf.open(BytesIO(done.data)) as pdf:
        pdf.save(out, encryption=pikepdf.Encryption(owner="owner", user=user))
    assert ["P106 the file is encrypted"] == done.messages(out.getvalue())


def test_a_long_document_costs_no_more_a_page(document: Maker) -> None:
    """The time that inspection takes grows with the pages, and no faster."""

    def seconds(done: Finished) -> float:
        times = []
        for _ in range(5):
            start = time.process_time()
            assert [] == done.found()
            times.append(time.process_time() - start)
        return min(times)

    short, long = (document("en", WORDS["en"] | {"operative": WORDS["en"]["operative"] * times}) for times in (1, 40))
    assert long.pages > 20
    assert seconds(long) / long.pages < 1.5 * seconds(short) / short.pages


# ---- The characters that count

LATIN = st.characters(max_codepoint=0x24F, categories=("L", "N", "P"))
WRITTEN = st.one_of(
    LATIN,
    st.characters(min_codepoint=0x400, max_codepoint=0x4FF, categories=("L",)),
    st.characters(min_codepoint=0x600, max_codepoint=0x66C, categories=("L", "N", "P")),
    st.characters(min_codepoint=0x3001, max_codepoint=0x3011, categories=("L", "P")),
    st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF, categories=("L",)),
    st.characters(min_codepoint=0xFF01, max_codepoint=0xFF5E, categories=("L", "N", "P")),
)
MARKS = st.text(
    " \t\n\u00a0\u00ad\u2009\u200b\u200e\u200f\u202a\u202b\u202c\u202f\u2060\u2066\u2067\u2069\u3000\ufeff\u0640"
)


@given(st.lists(WRITTEN).map("".join), MARKS)
def test_what_is_folded_stays(words: str, marks: str) -> None:
    """Characters that are folded twice are as those that are folded once."""
    assert folded(words) == folded(folded(words + marks))


@given(st.lists(st.tuples(WRITTEN, MARKS)))
def test_spaces_and_marks_never_count(pieces: list[tuple[str, str]]) -> None:
    """Wherever spaces, marks of direction, word joiners and lengthening strokes stand, they are as nothing."""
    assert folded("".join(one for one, _ in pieces)) == folded("".join(one + marks for one, marks in pieces))


@given(st.lists(st.one_of(WRITTEN, st.sampled_from("0123456789"))).map("".join))
def test_digits_count_the_same_in_every_script(words: str) -> None:
    """Western, Eastern, Persian and full-width digits are the same."""
    assume(any(one.isdigit() for one in words))
    for digits in ("٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹", "０１２３４５６７８９"):
        other = words.translate(str.maketrans("0123456789", digits))
        assert folded(words) == folded(other)


@given(st.lists(WRITTEN).map("-".join))
def test_hyphens_count_the_same(words: str) -> None:
    """A hyphen is the same whether a line may break after it or not, and however PDFium reads it at a line's end."""
    for hyphen in "\u2010\u2011\x02":
        assert folded(words) == folded(words.replace("-", hyphen))


@given(st.lists(WRITTEN, min_size=1).map("".join), st.data())
def test_no_character_is_folded_away(words: str, data: st.DataObject) -> None:
    """A text is folded into another when one of its letters is left out."""
    at = data.draw(st.integers(0, len(words) - 1))
    assume(words[at].isalnum() and words[at] != "\u0640")
    assert Counter(folded(words)) > Counter(folded(words[:at] + words[at + 1 :]))


SIGNS = [
    *(range(0x21, 0x17F), range(0x2010, 0x2028), range(0x2030, 0x205F), range(0x2070, 0x20D0), range(0x2100, 0x2400)),
    *(range(0x2460, 0x2500), range(0x2768, 0x2794), range(0x27E6, 0x27F0), range(0x2983, 0x2999)),
    *(range(0x3001, 0x3020), range(0xFE50, 0xFE6C), range(0xFF01, 0xFF65)),
]
# What PDFium reads as another sign, of a name without a side; no document of the press has them.
UNLIKE = frozenset("℧∄∈∉∊∋∌∍⅀∼∽≃⋍∕⊘≒≓⊏⊐⊑⊒⋤⋥⋢⋣⊢⊣⊦⊨⊩⊫⊬⊭⊮⊯⊰⊱⊲⊳⊴⊵⊶⊷⋪⋫⋬⋭⋲⋳⋴⋶⋷⋺⋻⋼⋽⋾⋰⋱⦍⦎⦏⦐⦕⦖≔≕≶≷≸≹⋚⋛")


def right_to_left(signs: str) -> bytes:
    """Make a file in which each sign stands in a line of its own, between two letters of Hebrew."""
    pdf, name, entry = pikepdf.new(), pikepdf.Name, pikepdf.Dictionary
    rows = "".join(f"1 beginbfchar <{ord(one):04x}> <{ord(one):04x}> endbfchar\n" for one in {*signs, "א"})
    meanings = f"begincmap 1 begincodespacerange <0000> <ffff> endcodespacerange\n{rows}endcmap"
    system = entry(Registry=pikepdf.String("Adobe"), Ordering=pikepdf.String("Identity"), Supplement=0)
    face = entry(Type=name.Font, Subtype=name.CIDFontType2, BaseFont=name.X, CIDSystemInfo=system, DW=500)
    font = entry(Type=name.Font, Subtype=name.Type0, BaseFont=name.X, Encoding=name("/Identity-H"))
    font.DescendantFonts = pikepdf.Array([pdf.make_indirect(face)])
    font.ToUnicode = pdf.make_stream(meanings.encode())
    page = pdf.add_blank_page(page_size=(100, 20 * len(signs) + 20))
    page.Resources = entry(Font=entry(F=pdf.make_indirect(font)))
    lines = (f"1 0 0 1 9 {20 * at + 9} Tm <05d0{ord(one):04x}05d0> Tj" for at, one in enumerate(signs))
    page.Contents = pdf.make_stream(f"BT /F 9 Tf {' '.join(lines)} ET".encode())
    out = BytesIO()
    pdf.save(out)
    return out.getvalue()


@pytest.mark.parametrize("block", SIGNS, ids=str)
def test_signs_count_the_same_in_both_directions(block: range) -> None:
    """Whatever PDFium makes of a sign in right-to-left text, mirrored or taken apart, it is the same sign."""
    kept = (one for one in map(chr, block) if one.isprintable() and one not in UNLIKE)
    signs = "".join(one for one in kept if unicodedata.category(one) != "Mn" and folded(one))
    (page,) = read(right_to_left(signs)).pages
    found = {sign: folded(one.text.strip("א")) for sign, one in zip(signs, page.glyphs, strict=True)}
    assert {sign: Counter(folded(sign)) for sign in signs} == {sign: Counter(words) for sign, words in found.items()}


# ---- Where each text starts


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_synopsis_has_every_text(shown: Callable[[str, str], Finished], code: str) -> None:
    """Every paragraph, item, note, section, annex and table starts on a page, none before the last, notes at calls."""
    done = shown(code, "2013")
    starts = synopsis(done.data)
    kinds = {"preambular", "operative", "item", "section", "annex", "annex_part", "table", "note"}
    units = [unit for unit in done.units.values() if unit.kind in kinds]
    assert kinds == {unit.kind for unit in units}
    assert [] == [unit.name for unit in units if unit.id not in starts]
    assert set(range(1, done.pages + 1)) >= {starts[unit.id] for unit in units}
    pages = [starts[unit.id] for unit in units if unit.kind != "note"]
    assert sorted(pages) == pages
    assert pages[-1] > 3
    notes = [unit.id.removeprefix("note__") for unit in units if unit.kind == "note"]
    assert {name: starts[f"call__{name}"] for name in notes} == {name: starts[f"note__{name}"] for name in notes}


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_synopsis_says_what_the_pages_show(document: Maker, code: str) -> None:
    """Each paragraph starts on the page that has its first word, and each note on the page that has its own."""
    scale = 3 if code == "zh" else 1
    texts = [marked(code, number, scale * (20 + number * 11 % 61)) for number in range(30)]
    numbers = range(0, 30, 3)
    wording = {
        "title": WORDS[code]["title"],
        "preamble": texts[:10],
        "operative": [f"{text}[^n{at}]" if at in numbers else text for at, text in enumerate(texts[10:], 10)],
        "notes": {f"n{number}": f"n{number}x" for number in numbers if number >= 10},
    }
    done = document(code, wording)
    starts = synopsis(done.data)
    printed = page_texts(done.data)

    def page(word: str) -> int:
        (found,) = (number for number, words in enumerate(printed, 1) if re.search(rf"\b{word}\b", words))
        return found

    paragraphs = [unit for unit in done.units.values() if unit.kind in {"preambular", "operative"}]
    assert len(printed) > 3
    assert [page(f"b{number}x") for number in range(30)] == [starts[unit.id] for unit in paragraphs]
    assert {f"note__{name}": page(f"{name}x") for name in wording["notes"]} == {
        name: start for name, start in starts.items() if name.startswith("note__")
    }


# ---- The command


@pytest.fixture
def shelf(finish: Maker, tmp_path: Path) -> Path:
    """A folder with the finished sample in three languages."""
    for code in ("ar", "en", "fr"):
        (tmp_path / f"A_RES_56_149-{code.upper()}.pdf").write_bytes(finish(SAMPLE, code).data)
    return tmp_path


def check(*files: Path, ok: int = 0) -> dict[str, Any]:
    """Inspect files with the command, and give what it says as data."""
    return dict(json.loads(run("check", "--json", *(f"--pdf={file}" for file in files), here=ROOT, ok=ok)))


def test_several_files_give_one_synopsis(shelf: Path) -> None:
    """`check --pdf` of several languages prints one table, with a row for each text and a column for each language."""
    files = [shelf / f"A_RES_56_149-{suffix}.pdf" for suffix in ("EN", "AR", "FR")]
    head, title, *rows = run("check", *(f"--pdf={file}" for file in files), here=ROOT).splitlines()
    assert ["en", "ar", "fr"] == head.split()
    assert "A/RES/56/149, page" == title
    report = check(*files)
    assert [] == report["findings"]
    assert ["en", "ar", "fr"] == [one["language"] for one in report["files"]]
    assert ["A/RES/56/149"] * 3 == [one["symbol"] for one in report["files"]]
    starts = [one["starts"] for one in report["files"]]
    names = [f"preambular paragraph {number}" for number in range(1, 9)]
    names += [f"operative paragraph {number}" for number in range(1, 8)]
    names += [f"note '{name}'" for name in WORDS["en"]["notes"]]
    assert [names] * 3 == [list(one) for one in starts]
    expected = [f"{name} {' '.join(str(one[name]) for one in starts)}" for name in starts[0]]
    assert expected == [" ".join(row.split()) for row in rows]


def test_a_file_under_another_name_is_refused(shelf: Path) -> None:
    """The French file under the Spanish name lacks Spanish letters, and has the wrong title, author and language."""
    spanish = shelf / "A_RES_56_149-ES.pdf"
    shutil.copyfile(shelf / "A_RES_56_149-FR.pdf", spanish)
    report = check(spanish, ok=1)
    assert ["P101", "P108", "P108", "P108"] == [one["code"] for one in report["findings"]]
    assert {str(spanish)} == {one["place"]["file"] for one in report["findings"]}
    assert "the file's language is 'fr', not 'es'" in report["findings"][-1]["message"]


def test_files_that_cannot_be_compared_are_findings(shelf: Path) -> None:
    """Files that belong to no source, are not there, are no PDF, cut short or locked keep no other from it."""
    foreign = [
        shelf / name for name in ("A_RES_56_150-FR.pdf", "A_RES_56_149-XX.pdf", "minutes.pdf", "A_RES_56_149.pdf")
    ]
    for path in foreign:
        shutil.copyfile(shelf / "A_RES_56_149-FR.pdf", path)
    absent, text = shelf / "A_RES_56_149-RU.pdf", shelf / "A_RES_56_149-ZH.pdf"
    text.write_text("no PDF", encoding="utf-8")
    short, locked = shelf / "A_RES_56_149-ES.pdf", shelf / "A_RES_56_149-FR.pdf"
    short.write_bytes(locked.read_bytes()[:-100])
    with pikepdf.open(locked, allow_overwriting_input=True) as pdf:
        pdf.save(locked, encryption=pikepdf.Encryption(owner="owner", user="secret"))
    report = check(*foreign, absent, text, short, locked, shelf / "A_RES_56_149-EN.pdf", ok=1)
    expected = [*(("S18", path) for path in (*foreign, absent)), *(("P106", path) for path in (text, short, locked))]
    assert expected == [(one["code"], Path(one["place"]["file"])) for one in report["findings"]]
    assert ["en"] == [one["language"] for one in report["files"]]
