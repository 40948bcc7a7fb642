"""The tree of a wording's texts."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
import showcase
from conftest import LANGUAGES

from publish.text import inline, resolution
from publish.text.outline import outline

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from publish.desk.press import Desk
    from publish.text.outline import Unit
    from publish.text.resolution import Resolution

# The keys of the sources that hold texts, in the order in which what they hold is read.
READING = (
    *("title", "running_title", "heading", "part", "text", "caption", "head", "rows", "preamble", "operative"),
    *("items", "sections", "parts", "table", "body", "declaration", "annexes"),
)


def load(folder: Path, desk: Desk, *, parts: bool) -> Resolution:
    """Read the showcase."""
    return resolution.load(showcase.write(folder, parts=parts), desk.house)[0]


def tree(folder: Path, desk: Desk, language: str = "en", **wording: Any) -> Unit:
    """Give the outline of a wording in one language."""
    own = folder / showcase.SYMBOL.replace("/", "_")
    own.mkdir()
    facts = showcase.FACTS | {"languages": [language]}
    (own / "resolution.yaml").write_text(json.dumps(facts, ensure_ascii=False), encoding="utf-8")
    (own / f"{language}.yaml").write_text(json.dumps(wording, ensure_ascii=False), encoding="utf-8")
    return outline(resolution.load(own, desk.house)[0].wordings[language])


def typed(data: Any) -> Iterator[str]:
    """Give the texts of a source in the order of reading, the notes at the end."""
    if isinstance(data, str):
        yield data
    elif isinstance(data, list):
        for one in data:
            yield from typed(one)
    else:
        for key in READING:
            yield from typed(data.get(key, []))
        yield from data.get("notes", {}).values()


def names(unit: Unit, kind: str = "") -> list[str]:
    """Give the names of the units, or of those of one kind."""
    return [one.name for one in unit.walk() if kind in {"", one.kind}]


@pytest.mark.parametrize("parts", [False, True])
def test_every_text_is_there_once_in_the_order_of_reading(tmp_path: Path, desk: Desk, parts: bool) -> None:
    """The units with a text are those of the source, each once, from the title to the last note."""
    for code, wording in load(tmp_path, desk, parts=parts).wordings.items():
        direction = desk.house.directions[code]
        data = showcase.wording(code, parts=parts)
        expected = [inline.plain(inline.parse(text, direction)[0]) for text in typed(data) if text]
        assert expected == [unit.plain for unit in outline(wording).walk() if unit.runs]


@pytest.mark.parametrize("parts", [False, True])
def test_identities_and_names_are_unique_and_of_no_language(tmp_path: Path, desk: Desk, parts: bool) -> None:
    """No two units have one identity or one name, and both are the same in all languages."""
    wordings = load(tmp_path, desk, parts=parts).wordings
    units = {code: list(outline(wording).walk()) for code, wording in wordings.items()}
    model = [(unit.id, unit.kind, unit.name) for unit in units["en"]]
    assert len(model) == len({identity for identity, _, _ in model})
    assert len(model) == len({name for _, _, name in model})
    for code in LANGUAGES:
        assert model == [(unit.id, unit.kind, unit.name) for unit in units[code]]


@pytest.mark.parametrize("parts", [False, True])
def test_a_unit_knows_where_it_was_typed(tmp_path: Path, desk: Desk, parts: bool) -> None:
    """The node of each text is what its language's own file says, and only the whole and the notes have none."""
    found = load(tmp_path, desk, parts=parts)
    for code, wording in found.wordings.items():
        units = list(outline(wording).walk())
        assert ["the text", "the notes"] == [unit.name for unit in units if unit.node is None]
        assert {found.folder / f"{code}.yaml"} == {unit.node.place.file for unit in units if unit.node}
        for unit in units:
            if unit.runs:
                assert unit.node
                assert isinstance(unit.node.value, str)
                words = inline.plain(inline.parse(unit.node.value, desk.house.directions[code])[0])
                assert words == unit.plain, unit.name


def test_paragraphs_and_items_have_their_printed_numbers(tmp_path: Path, desk: Desk) -> None:
    """Paragraphs are called by their kind and number, items by the marks of the four levels."""
    deep: Any = "j"
    for text in "ihgf":
        deep = {"text": text, "items": ["-", deep]}
    found = tree(tmp_path, desk, title="-", preamble=["a", {"text": "b", "items": ["c"]}], operative=["d", deep])
    own = ["", ", item (a)", ", item (b)", ", item (b)(i)", ", item (b)(ii)", ", item (b)(ii) a.", ", item (b)(ii) b."]
    own += [", item (b)(ii) b. i.", ", item (b)(ii) b. ii."]
    expected = [
        *("the text", "title", "preambular paragraph 1", "preambular paragraph 2", "preambular paragraph 2, item (a)"),
        *("operative paragraph 1", *(f"operative paragraph 2{mark}" for mark in own), "the notes"),
    ]
    assert expected == names(found)


def test_letters_of_items_begin_anew_doubled(tmp_path: Path, desk: Desk) -> None:
    """After item (z) comes item (aa)."""
    items = [f"item {number}" for number in range(28)]
    found = names(tree(tmp_path, desk, title="-", operative=[{"text": "a", "items": items}]), "item")
    assert ["item (a)", "item (z)", "item (aa)", "item (bb)"] == [
        found[number].rpartition(", ")[2] for number in (0, 25, 26, 27)
    ]


def test_the_only_operative_paragraph_is_the_first(tmp_path: Path, desk: Desk) -> None:
    """A single operative paragraph, which is printed without a number, is called the first."""
    assert ["operative paragraph 1"] == names(tree(tmp_path, desk, title="-", operative=["a"]), "operative")


def test_divisions_are_named_before_what_they_hold(tmp_path: Path, desk: Desk) -> None:
    """Sections and annexes have Roman numbers, parts of a resolution letters, and their texts bear their names."""
    sections = [{"heading": "a", "operative": ["b"]}, {"preamble": ["c"], "operative": ["d"]}]
    found = tree(tmp_path, desk, title="-", parts=[{"title": "e", "operative": ["f"], "sections": sections}])
    expected = [
        *("", ", heading", ", operative paragraph 1"),
        *(", section I", ", section I, heading", ", section I, operative paragraph 2"),
        *(", section II", ", section II, preambular paragraph 1", ", section II, operative paragraph 1"),
    ]
    assert [f"part A{name}" for name in expected] == names(found)[2:-1]


def test_declarations_and_annexes(tmp_path: Path, desk: Desk) -> None:
    """A declaration is called so; paragraphs of an annex have the number printed, or are counted where none is."""
    declaration = {"title": "a", "body": ["c", {"heading": "d"}, "e"]}
    parts = [{"part": "g", "body": ["h"]}, {"part": "i", "body": [{"heading": "j"}, "k"]}]
    annexes = [{"title": "f", "numbered": "true", "body": parts}, {"body": ["l", {"heading": "m"}, "n"]}]
    found = tree(tmp_path, desk, title="-", operative=["o"], declaration=declaration, annexes=annexes)
    expected = [
        *("declaration", "declaration, heading", "declaration, paragraph 1", "declaration, heading 1"),
        *("declaration, paragraph 2", "annex I", "annex I, heading", "annex I, part I"),
        *("annex I, part I, heading", "annex I, part I, paragraph 1", "annex I, part II", "annex I, part II, heading"),
        *("annex I, part II, heading 1", "annex I, part II, paragraph 2", "annex II", "annex II, paragraph 1"),
        *("annex II, heading 1", "annex II, paragraph 2"),
    ]
    assert expected == names(found)[3:-1]


def test_the_preamble_of_a_declaration_has_names_of_its_own(tmp_path: Path, desk: Desk) -> None:
    """Paragraphs and headings of a declaration's preamble are not called as those of its numbered body."""
    texts = [{"heading": "a"}, "b", "c"]
    declaration = {"title": "-", "preamble": texts, "numbered": "true", "body": texts}
    found = tree(tmp_path, desk, title="-", operative=["-"], declaration=declaration)
    own = ["heading 1", "paragraph 1", "paragraph 2"]
    expected = [*(f"declaration, preamble, {name}" for name in own), *(f"declaration, {name}" for name in own)]
    assert expected == names(found)[5:-1]
    assert len(names(found)) == len(set(names(found)))


def test_tables_are_numbered_through_the_document(tmp_path: Path, desk: Desk) -> None:
    """A table is called by its number in the document, its rows and cells by theirs; an empty cell has its place."""
    tables = [
        {"table": {"caption": "a", "head": ["b"], "rows": [["c"]]}},
        {"table": {"head": ["d", "e"], "rows": [["", "f"]]}},
    ]
    found = tree(tmp_path, desk, title="-", operative=["g"], annexes=[{"body": tables[:1]}, {"body": tables[1:]}])
    expected = [
        *("annex I, table 1", "annex I, table 1, caption", "annex I, table 1, head", "annex I, table 1, head, cell 1"),
        *("annex I, table 1, row 1", "annex I, table 1, row 1, cell 1", "annex II", "annex II, table 2"),
        *("annex II, table 2, head", "annex II, table 2, head, cell 1", "annex II, table 2, head, cell 2"),
        *("annex II, table 2, row 1", "annex II, table 2, row 1, cell 1", "annex II, table 2, row 1, cell 2"),
    ]
    assert expected == names(found)[4:-1]
    assert ["b", "c", "d", "e", "", "f"] == [unit.plain for unit in found.walk() if unit.kind == "cell"]


def test_notes_have_their_names(tmp_path: Path, desk: Desk) -> None:
    """Notes come last, under the names by which they are called, and calls are no part of a text."""
    found = tree(tmp_path, desk, title="-", operative=["a,[^second] b[^first]"], notes={"first": "c", "second": "d"})
    assert ["the notes", "note 'first'", "note 'second'"] == names(found)[-3:]
    assert ["a, b"] == [unit.plain for unit in found.walk() if unit.kind == "operative"]


@pytest.mark.parametrize(
    ("language", "text", "words"),
    [
        ("en", "*Recalls* its resolution", "Recalls"),
        ("en", "*Also recalls* the *Treaty Series*", "Also recalls"),
        ("en", "Recalls the *Treaty Series*", ""),
        ("en", "**Recalls** its resolution", ""),
        ("ar", "*وإذ تشير* إلى القرار", "وإذ تشير"),
        ("ar", "*UNESCO Courier*, vol. 3, No. 4", "UNESCO Courier"),
    ],
)
def test_the_opening_words_that_are_emphasized(
    tmp_path: Path, desk: Desk, language: str, text: str, words: str
) -> None:
    """The emphasized words that a text opens with are found, inside a stretch of another direction too."""
    assert words == tree(tmp_path, desk, language, title="-", operative=[text]).units[1].emphasized
