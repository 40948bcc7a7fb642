"""Document symbols."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publish.text import symbol


@pytest.mark.parametrize(
    ("words", "printed", "short", "file_name"),
    [
        ("A/RES/56/149", "A/RES/56/149", "56/149", "A_RES_56_149"),
        ("56/149", "A/RES/56/149", "56/149", "A_RES_56_149"),
        ("A_RES_56_149", "A/RES/56/149", "56/149", "A_RES_56_149"),
        ("A/RES/S-26/2", "A/RES/S-26/2", "S-26/2", "A_RES_S-26_2"),
        ("ES-11/1", "A/RES/ES-11/1", "ES-11/1", "A_RES_ES-11_1"),
        ("A/RES/67/132A-B", "A/RES/67/132 A-B", "67/132 A-B", "A_RES_67_132A-B"),
        ("A/RES/217(III)A", "A/RES/217 (III) A", "217 (III) A", "A_RES_217(III)A"),
        ("A/RES/3411 A and B (XXX)", None, None, None),
        ("A/RES/377 (V)", "A/RES/377 (V)", "377 (V)", "A_RES_377(V)"),
        ("1325 (2000)", "S/RES/1325 (2000)", "1325 (2000)", "S_RES_1325(2000)"),
        ("S/RES/1325(2000)", "S/RES/1325 (2000)", "1325 (2000)", "S_RES_1325(2000)"),
        ("E/RES/2001/5", "E/RES/2001/5", "2001/5", "E_RES_2001_5"),
        ("A/HRC/RES/44/11", "A/HRC/RES/44/11", "44/11", "A_HRC_RES_44_11"),
        ("A/56/583/Add.2", "A/56/583/Add.2", "A/56/583/Add.2", "A_56_583_Add.2"),
        ("A/CONF.157/24 (Part I)", "A/CONF.157/24 (Part I)", "A/CONF.157/24 (Part I)", "A_CONF.157_24(PartI)"),
        ("A/C.5/67/L.37", "A/C.5/67/L.37", "A/C.5/67/L.37", "A_C.5_67_L.37"),
        ("ST/SGB/2018/1", "ST/SGB/2018/1", "ST/SGB/2018/1", "ST_SGB_2018_1"),
    ],
)
def test_symbols_are_read_and_printed(words: str, printed: str | None, short: str, file_name: str) -> None:
    """A symbol, its short form and its file name all name the same document."""
    if printed is None:
        with pytest.raises(ValueError, match="no document symbol"):
            symbol.parse(words)
        return
    found = symbol.parse(words)
    assert (printed, short, file_name) == (found.text, found.short, found.file_name)


@pytest.mark.parametrize(
    "words", ["A/RES/foo", "A/RES", "56-149", "HIV/", "", "A//1", "a/res/56/149", "A/RES/56/149/../x"]
)
def test_what_is_no_symbol_is_refused(words: str) -> None:
    """Words that are no symbol are refused, a path that climbs out of a folder among them."""
    with pytest.raises(ValueError, match="no document symbol"):
        symbol.parse(words)


def test_a_reissue_keeps_its_mark_apart() -> None:
    """The asterisk of a reissue is printed, and is not part of the file's name or address."""
    found = symbol.parse("A/RES/67/1*")
    assert ("A/RES/67/1*", "A_RES_67_1") == (str(found), found.file_name)
    assert "https://undocs.org/A/RES/67/1" == found.address("https://undocs.org/{symbol}")


def test_addresses_have_no_spaces() -> None:
    """An address is a symbol without its spaces, quoted where it must be."""
    found = symbol.parse("A/CONF.157/24 (Part I)")
    assert "https://undocs.org/A/CONF.157/24(PartI)" == found.address("https://undocs.org/{symbol}")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("See E/CN.4/2001/2-E/CN.4/Sub.2/2000/46, chap. II", ["E/CN.4/2001/2", "E/CN.4/Sub.2/2000/46"]),
        ("resolution 55/109 of 4 December 2000", ["55/109"]),
        ("Commission resolution 2001/67 of 25 April", []),
        ("HIV/AIDS and/or 24/7, 9/11", []),
        ("A/CONF.157/24 (Part I), chap. III", ["A/CONF.157/24 (Part I)"]),
        ("(A/56/583/Add.2).", ["A/56/583/Add.2"]),
        ("其2000年12月4日第55/109号决议和第1325(2000)号决议", ["55/109"]),
        ("Treaty Series, vol. 2302 (2005)", []),
        ("S/RES/1325 (2000) and resolution 1325 (2000)", ["S/RES/1325 (2000)"]),
        ("القرار 55/109 المؤرخ", ["55/109"]),
        ("резолюцию 55/109, S-26/2 и 54/168 A", ["55/109", "S-26/2", "54/168 A"]),
        ("FCCC/CP/2015/10/Add.1, decision 1/CP.21", ["FCCC/CP/2015/10/Add.1"]),
        ("1234/56/149 and 56/149/2", []),
    ],
)
def test_symbols_are_found_in_text(text: str, expected: list[str]) -> None:
    """In running text of any language, symbols are found whole, and what only looks like one is left."""
    assert expected == [text[start:end] for start, end, _ in symbol.find(text)]


SYMBOLS = st.one_of(
    st.builds("A/RES/{}/{}".format, st.integers(1, 130), st.integers(1, 9999)),
    st.builds("A/RES/{}-{}/{}".format, st.sampled_from(["S", "ES"]), st.integers(1, 99), st.integers(1, 99)),
    st.builds("S/RES/{} ({})".format, st.integers(1, 9999), st.integers(1946, 2099)),
    st.builds("A/{}/{}/Add.{}".format, st.integers(1, 99), st.integers(1, 999), st.integers(1, 99)),
    st.builds("E/CN.{}/{}/L.{}".format, st.integers(1, 20), st.integers(1990, 2030), st.integers(1, 99)),
    st.builds(
        "A/RES/{} {}".format, st.from_regex(r"[1-9][0-9]{0,3}/[1-9][0-9]{0,2}", fullmatch=True), st.sampled_from("ABC")
    ),
)


@given(SYMBOLS.filter(lambda words: re.search(r"\d{4}/\d+ [ABC]", words) is None))
def test_file_names_lead_back_to_their_symbols(words: str) -> None:
    """A symbol's printed form and its file name both parse to the same symbol again."""
    found = symbol.parse(words)
    assert words == str(found)
    assert found == symbol.parse(found.file_name)


@given(SYMBOLS.filter(lambda words: words.startswith(("S/RES", "A/RES/S", "A/RES/E", "E/"))))
def test_a_symbol_in_a_sentence_is_found_whole(words: str) -> None:
    """Whatever stands around it, a symbol in text is found from end to end."""
    assert [words] == [str(found) for _, _, found in symbol.find(f"see {words}, annex")]


@given(st.text())
def test_no_text_crashes_the_search(text: str) -> None:
    """Any text can be searched, and what is found lies inside it."""
    assert all(0 <= start < end <= len(text) for start, end, _ in symbol.find(text))
