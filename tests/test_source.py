"""YAML text -> nodes that know their place."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publish.finding import Rejected
from publish.text import source
from publish.text.source import Reader

HERE = Path("here.yaml")


def codes(text: str) -> list[str]:
    with pytest.raises(Rejected) as rejected:
        source.parse(text, HERE)
    return [finding.code for finding in rejected.value.findings]


def test_every_value_knows_its_line_and_column() -> None:
    """A node's place is where its value begins, counted from 1."""
    node = source.parse("a: 1\nb:\n  - x\n  - [y, z]\n", HERE)
    b = node.value["b"].value
    assert (1, 4) == (node.value["a"].place.line, node.value["a"].place.column)
    assert (4, 9) == (b[1].value[1].place.line, b[1].value[1].place.column)
    assert "  - [y, z]" == b[1].place.excerpt


def test_columns_count_characters_in_every_script() -> None:
    """A column counts characters, not bytes, after Arabic and Chinese text."""
    node = source.parse("{القرار: x, 决议: y}\n", HERE)
    assert [10, 17] == [value.place.column for value in node.value.values()]


def test_scalars_stay_the_text_that_was_typed() -> None:
    """YAML's own guesses at booleans, numbers and dates are not made."""
    node = source.parse("[no, 1_000, 2001-12-19, 0x10, 56/149, on, 1e3]", HERE)
    assert ["no", "1_000", "2001-12-19", "0x10", "56/149", "on", "1e3"] == [one.value for one in node.value]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: [1\nb: 2", ["S01"]),
        ("a: 1\n---\nb: 2", ["S01"]),
        ("\ta: b", ["S02"]),
        ("a:\n  b: 1\n\tc: 2", ["S02"]),
        ("a: 1\na: 2\nb: 1\nb: 2", ["S03", "S03"]),
        ("a: &x 1\nb: *x", ["S04", "S04"]),
        ("a: !!int 3", ["S04"]),
        ("a: \x07b\nc: \x08", ["S15", "S15"]),
        ('a: "\\x07"', ["S15"]),
        ("a: [" * 30 + "]" * 30, ["S05"]),
        ("a: " + "x" * 200_000, ["S05"]),
        ("? [a, b]\n: c", ["S08"]),
    ],
)
def test_what_is_refused(text: str, expected: list[str]) -> None:
    """Each fault of the YAML has its code, and all of them come out at once."""
    assert expected == codes(text)


def test_an_alias_bomb_is_refused_at_once() -> None:
    """Aliases are refused where they stand, so they never multiply."""
    bomb = "a: &a [x, x]\n" + "".join(f"{c}: &{c} [*{p}, *{p}]\n" for p, c in zip("abcdefgh", "bcdefghi", strict=True))
    assert {"S04"} == set(codes(bomb))


def test_a_huge_file_is_refused_before_it_is_read(tmp_path: Path) -> None:
    """A file of a hundred megabytes is judged by its size alone."""
    path = tmp_path / "huge.yaml"
    with path.open("wb") as file:
        file.truncate(100_000_000)
    with pytest.raises(Rejected) as rejected:
        source.read(path)
    assert ["S05"] == [finding.code for finding in rejected.value.findings]


def test_bytes_that_are_no_utf8_are_placed(tmp_path: Path) -> None:
    """The first byte that is not UTF-8 is named with its line and column."""
    path = tmp_path / "latin.yaml"
    path.write_bytes("a: 1\nb: é".encode("latin-1"))
    with pytest.raises(Rejected) as rejected:
        source.read(path)
    (finding,) = rejected.value.findings
    assert ("S15", 2, 4) == (finding.code, finding.place.line, finding.place.column)


def test_words_inside_a_folded_value_are_found() -> None:
    """The place of some words inside a long value is where they stand in the file."""
    node = source.parse("a: >-\n  one two\n  three two\n", HERE).value["a"]
    assert (2, 7) == (node.find("two").line, node.find("two").column)
    assert (3, 9) == (node.find("two", 1).line, node.find("two", 1).column)


def test_fields_report_every_fault_and_suggest() -> None:
    """Unknown, missing, empty and malformed fields are all reported, a near miss with a suggestion."""
    reader = Reader()
    node = source.parse("symbl: x\ndate: 2001-02-30\nempty:\nmeeting: -4\nkind: genral\nn: many", HERE)
    found = reader.mapping(node, ("symbol", "date"), ("empty", "meeting", "kind", "n"))
    reader.date(found["date"])
    reader.integer(found["meeting"])
    reader.choice(found["kind"], ("general", "limited"))
    reader.integer(found["n"])
    assert ["S06", "S07", "S20", "S10", "S11", "S17", "S08"] == [finding.code for finding in reader.findings]
    assert "did you mean 'symbol'?" == reader.findings[0].hint
    assert "did you mean 'general'?" == reader.findings[5].hint


def test_a_moment_needs_its_zone() -> None:
    """A moment without a zone could be any of two dozen, and is refused."""
    reader = Reader()
    reader.moment(source.parse("2002-02-08T10:00:00", HERE))
    assert ["S10"] == [finding.code for finding in reader.findings]
    moment = Reader().moment(source.parse("2002-02-08T10:00:00-05:00", HERE))
    assert "2002-02-08T10:00:00-05:00" == moment.isoformat()


@given(st.text(max_size=300))
def test_no_text_crashes_the_reader(text: str) -> None:
    """Whatever the file holds, the outcome is a node or findings that have a place."""
    try:
        node = source.parse(text, HERE)
    except Rejected as rejected:
        assert all(finding.place is not None for finding in rejected.findings)  # noqa: PT017  # one of two outcomes
    else:
        assert node.kind in {"a text", "a list", "a mapping", "nothing"}
