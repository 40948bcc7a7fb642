"""Inline Markdown -> runs."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from publish.text import inline
from publish.text.inline import Link, NoteCall, Span, SymbolLink, Text


def runs(words: str, direction: inline.Direction = "ltr") -> tuple[inline.Run, ...]:
    found, faults = inline.parse(words, direction)
    assert [] == faults
    return found


def faults(words: str) -> list[tuple[str, int]]:
    return [(fault.code, fault.occurrence) for fault in inline.parse(words)[1]]


def test_emphasis_strong_and_raised() -> None:
    """The marks of the subset make spans, nested ones too."""
    assert (Span("emphasis", (Text("Recalls "), Span("strong", (Text("all"),)))),) == runs("*Recalls **all***")
    assert (Text("88"), Span("raised", (Text("e"),)), Text(" séance")) == runs("88^e^ séance")


def test_emphasis_needs_no_spaces_around_it() -> None:
    """Emphasis opens and closes between Chinese characters and beside their punctuation."""
    expected = (
        Span("emphasis", (Text("重申"),)),
        Text("《宪章》"),
        Span("emphasis", (Text("《公约》"),)),
        Text("第三条"),
    )
    assert expected == runs("*重申*《宪章》*《公约》*第三条")


def test_html_and_templates_are_text() -> None:
    """HTML, entities and template marks are printed as they stand."""
    words = "<b>x</b> &amp; {{ x }} {% y %} `c` # d"
    assert (Text(words),) == runs(words)


def test_a_backslash_takes_the_meaning_away() -> None:
    """An escaped mark is that character."""
    assert (Text("a * b [^c]"),) == runs(r"a \* b \[^c]")


def test_note_calls_and_links() -> None:
    """Note calls keep their name, links their address and the runs inside."""
    assert (Text("x,"), NoteCall("vienna"), Text(" y")) == runs("x,[^vienna] y")
    assert (NoteCall("*"),) == runs("[^*]")
    expected = (Link("https://un.org/?a=1&b=2", (Text("the "), Span("emphasis", (Text("Site"),)))),)
    assert expected == runs("[the *Site*](https://un.org/?a=1&b=2)")


def test_symbols_become_links() -> None:
    """A symbol becomes a link wherever it stands, inside emphasis too, but not inside a link."""
    (span,) = runs("*see A/56/1*")
    assert isinstance(span, Span)
    assert isinstance(span.runs[1], SymbolLink)
    assert (Text("shared 50/50"),) == runs(r"shared 50\/50")
    (link,) = runs("[A/56/1](https://un.org)")
    assert isinstance(link, Link)
    assert (Text("A/56/1"),) == link.runs


def test_a_latin_stretch_of_several_runs_reads_left_to_right_in_arabic() -> None:
    """What reads from the left in Arabic stays one run of that direction, its emphasis and calls inside."""
    found = runs("انظر *Treaty Series*[^m], vol. 2302, No. 5[^n]، الفصل", "rtl")
    inside = (Span("emphasis", (Text("Treaty Series"),)), NoteCall("m"), Text(", vol. 2302, No. 5"))
    assert (Text("انظر "), Span("ltr", inside), NoteCall("n"), Text("، الفصل")) == found


def test_arabic_runs_are_left_to_the_engine() -> None:
    """Emphasis and calls between Arabic words need no run of their own."""
    found = runs("*وإذ تشير* إلى القرار 55/109[^a]،", "rtl")
    assert not [run for run in found if isinstance(run, Span) and run.kind == "ltr"]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("*Recalls its", [("S25", 0)]),
        ("*a* * b", [("S25", 2)]),
        ("a [^x y", [("S25", 0)]),
        ("[a](javascript:alert)", [("S19", 0)]),
        ("[a](file:///etc/passwd)", [("S19", 0)]),
        ("\u202eabc", [("S16", 0)]),
        ("abc\u2069", [("S16", 0)]),
        ("\u2066a\u2069", []),
    ],
)
def test_faults(words: str, expected: list[tuple[str, int]]) -> None:
    """Marks that stay open, unsafe addresses and unpaired direction marks are faults, with the occurrence meant."""
    assert expected == faults(words)


MARKED = st.lists(
    st.sampled_from(
        [
            "*",
            "**",
            "^",
            "[^a]",
            "[",
            "]",
            "(",
            ")",
            "\\",
            " ",
            "A/56/1",
            "55/109",
            "word",
            "الأمم",
            "联合国",
            "،",
            "1",
            "\u2066",
            "\u2069",
        ]
    ),
    max_size=25,
).map("".join)


@given(MARKED, st.sampled_from(["ltr", "rtl"]))
def test_no_character_is_lost(words: str, direction: inline.Direction) -> None:
    """Apart from the marks that mean something, every letter of the text is in the runs, in order."""
    found, faults = inline.parse(words, direction)
    assume(all(fault.code != "S20" for fault in faults))  # a link without words is refused
    meaning = "*^[]()\\ a"
    expected = [character for character in words.replace("[^a]", "") if character not in meaning]
    actual = [character for character in inline.plain(found) if character not in meaning]
    assert expected == actual


@given(st.text(max_size=200), st.sampled_from(["ltr", "rtl"]))
def test_no_text_crashes_the_parser(words: str, direction: inline.Direction) -> None:
    """Any text gives runs."""
    inline.parse(words, direction)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("*a " * 40 + "b" + " c*" * 40, "S21"),
        ('[words](https://www.un.org/ "a title")', "S25"),
        ("[](https://www.un.org/)", "S20"),
    ],
)
def test_what_would_be_lost_or_never_end_is_a_fault(words: str, code: str) -> None:
    """Marks nested without end, a link's title and a link without words are faults."""
    assert code in {fault for fault, _ in faults(words)}


def test_latin_words_stand_apart_among_ideographs() -> None:
    """A Latin word with an apostrophe is a run of its own; thin spaces stand at joints, also between runs."""
    runs = inline.parse("在Côte d’Ivoire的第55/109号*UNESCO*‘文’")[0]
    words = inline.apart(runs, thin=False)
    assert inline.plain(runs) == inline.plain(words)
    assert ["d’Ivoire"] == [inline.plain([run]) for run in words if run.kind == "latin"]
    spaced = inline.apart(runs, thin=True)
    assert "在 Côte d’Ivoire 的第 55/109 号 UNESCO‘文’" == inline.plain(spaced)
    assert inline.plain(runs) == inline.plain([run for run in spaced if run.kind != "thin"])


def test_a_latin_run_may_begin_in_emphasis() -> None:
    """A run that begins with a symbol in emphasis is kept whole in Arabic; a number begins none."""
    (island,) = (run for run in inline.parse("انظر *A/56/1*-A/56/2 أدناه", "rtl")[0] if isinstance(run, inline.Span))
    assert ("ltr", "A/56/1-A/56/2") == (island.kind, inline.plain(island.runs))
    assert [] == [run for run in inline.parse("*2001 A* ب", "rtl")[0] if run.kind == "ltr"]


def test_a_heading_keeps_names_and_its_last_words_together() -> None:
    """A name in a heading stays on one line, and no heading ends with a line of one word, whatever note it calls."""
    runs, _ = inline.parse("Report of the General Assembly on human rights[^a]", "ltr")
    kept = inline.unparted(runs, names=["General Assembly"])
    assert "Report of the General\u00a0Assembly on human\u00a0rights" == inline.plain(kept)
    assert [call.id for call in inline.calls(runs)] == [call.id for call in inline.calls(kept)]
