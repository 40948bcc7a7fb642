"""Findings -> changed files: the fixes are put in place, and nothing else is touched."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_form import blocks, formed, mended, typed, wording, write

from publish.finding import Finding, Fix, Place
from publish.text import mend, source

if TYPE_CHECKING:
    from pathlib import Path

    from publish.desk.press import Desk

SOURCE = """\
# allow nothing: percent of percent
title:   'ten percent'   # as printed

preamble: [ "ten percent" , 'it''s ten percent' ]
operative:
    -   ten percent
    - >-
      ten percent
      of it
"""


def fix(path: Path, line: int, column: int, old: str, new: str) -> Finding:
    """Give a finding with a fix at a place."""
    return Finding("C215", "a word", fix=Fix(Place(path, line, column), old, new))


def after(path: Path, *findings: Finding) -> tuple[str, int]:
    """Give a file after the fixes of findings, and how many were put in place; as it was where nothing changes."""
    changes = list(mend.mend(findings))
    if not changes:
        return path.read_bytes().decode(), 0
    (change,) = changes
    assert (path, path.read_bytes().decode()) == (change.path, change.before)
    return change.after, change.fixes


def written(folder: Path, text: str, name: str = "en.yaml") -> Path:
    path = folder / name
    path.write_bytes(text.encode())
    return path


# ---- What is kept


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("last", [True, False])
def test_all_else_is_kept_byte_for_byte(tmp_path: Path, end: str, mark: str, last: bool) -> None:
    """Comments, quotes, blank lines, indentation, line ends, a byte order mark and a missing last line end stay."""
    text = mark + SOURCE.replace("\n", end)
    text = text if last else text.removesuffix(end)
    path = written(tmp_path, text)
    places = [(2, 15), (4, 18), (4, 40), (6, 13), (8, 11)]
    found, count = after(path, *(fix(path, line, column, "percent", "per cent") for line, column in places))
    head, gap, rest = text.partition(end)
    assert head + gap + rest.replace("percent", "per cent") == found
    assert len(places) == count


def test_a_file_of_mixed_line_ends_keeps_them(tmp_path: Path) -> None:
    """Each line keeps its own end."""
    path = written(tmp_path, "a: one\r\nb: one\nc: one\r\nd: one")
    found, _ = after(path, *(fix(path, line, 4, "one", "two") for line in (1, 2, 3, 4)))
    assert "a: two\r\nb: two\nc: two\r\nd: two" == found


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_a_source_keeps_its_layout(desk: Desk, tmp_path: Path, end: str, mark: str) -> None:
    """What the proofreader finds in a source is mended in it, with its comments, quotes and line ends."""
    wrong = """\
# the organisation's own
title: Books and   libraries # of the organisation

operative:
  - '*Requests* ten percent of  the States'' books , all;'   # as in "print"
  - "*requests* the \\"report\\";"

  -   >-
      *Requests* the organisation

      to count  them;
  # the end
  -    "*Decides* to continue;"
"""
    right = """\
# the organisation's own
title: Books and libraries # of the organisation

operative:
  - '*Requests* ten per cent of the States'' books, all;'   # as in "print"
  - "*Requests* the \\"report\\";"

  -   >-
      *Requests* the organization

      to count them;
  # the end
  -    "*Decides* to continue."
"""
    folder = write(tmp_path, {"en": mark + wrong.replace("\n", end)})
    mended(formed(desk, folder))
    assert (mark + right.replace("\n", end)).encode() == (folder / "en.yaml").read_bytes()


# ---- Which fixes are put in place


def test_fixes_of_a_line_come_in_any_order(tmp_path: Path) -> None:
    """Fixes that make a line longer or shorter do not move the places of each other, whatever their order."""
    path = written(tmp_path, "a: one two three\n")
    fixes = [
        fix(path, 1, 4, "one", "a long number"),
        fix(path, 1, 8, "two", ""),
        fix(path, 1, 12, "three", "III"),
    ]
    for findings in (fixes, fixes[::-1], [fixes[1], fixes[0], fixes[2]]):
        assert ("a: a long number  III\n", 3) == after(path, *findings)


def test_fixes_may_touch_each_other(tmp_path: Path) -> None:
    """Where one fix ends another may begin."""
    path = written(tmp_path, "a: onetwo\n")
    assert ("a: 12\n", 2) == after(path, fix(path, 1, 4, "one", "1"), fix(path, 1, 7, "two", "2"))


@pytest.mark.parametrize(("left", "right"), [("1 2", "II III"), ("one 2", "two III"), ("1 two", "II three")])
def test_of_fixes_that_overlap_one_is_put_in_place(tmp_path: Path, left: str, right: str) -> None:
    """Of two fixes that share a character one is left out, though its words may still stand, and the other put in."""
    path = written(tmp_path, "a: one two three\n")
    first, second = fix(path, 1, 4, "one two", left), fix(path, 1, 8, "two three", right)
    found, count = after(path, first, second)
    assert 1 == count
    assert found in {f"a: {left} three\n", f"a: one {right}\n"}
    assert (found, count) == after(path, second, first)


def test_the_same_fix_of_two_findings_counts_once(tmp_path: Path) -> None:
    """Two rules that want the same change get it once."""
    path = written(tmp_path, "a: one one\n")
    same = Finding("C207", "another", fix=Fix(Place(path, 1, 4), "one", "two"))
    assert ("a: two one\n", 1) == after(path, fix(path, 1, 4, "one", "two"), same)


@pytest.mark.parametrize(
    ("line", "column", "old"),
    [(1, 4, "two"), (1, 3, "one"), (1, 40, "one"), (1, 9, "three"), (2, 1, "x"), (99, 1, "a")],
)
def test_words_that_have_changed_since(tmp_path: Path, line: int, column: int, old: str) -> None:
    """A fix whose words no longer stand at its place is left out, and the others are put in place."""
    path = written(tmp_path, "a: one two\n")
    expected = ("a: one 2\n", 1)
    assert expected == after(path, fix(path, line, column, old, "new"), fix(path, 1, 8, "two", "2"))
    assert ("a: one two\n", 0) == after(path, fix(path, line, column, old, "new"))


def test_findings_without_a_fix_change_nothing(tmp_path: Path) -> None:
    """What somebody has to decide on leaves the files alone, and so does nothing at all."""
    path = written(tmp_path, "a: one\n")
    assert [] == list(mend.mend([]))
    assert [] == list(mend.mend([Finding("C201", "an opening", Place(path, 1, 4))]))
    assert [] == list(mend.mend([fix(path, 1, 4, "one", "one")]))


def test_nothing_is_written(tmp_path: Path) -> None:
    """The changes are given, and the file is as it was."""
    path = written(tmp_path, "a: one\n")
    assert ("a: two\n", 1) == after(path, fix(path, 1, 4, "one", "two"))
    assert "a: one\n" == path.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("old", "new"),
    [("one", "one: two"), ("one", '"one'), ("one", "[one"), ("one", "&one"), ("one", "*one"), ("one", "o\x07ne")],
)
def test_a_fix_that_breaks_a_file_leaves_it_alone(tmp_path: Path, old: str, new: str) -> None:
    """A fix after which a file could not be read, or said something else, is left out, and the others are made."""
    path = written(tmp_path, "a: one\nb: two\n")
    assert ("a: one\nb: 2\n", 1) == after(path, fix(path, 1, 4, old, new), fix(path, 2, 4, "two", "2"))


# ---- Several files, and what is shown


def test_each_file_is_changed_once(tmp_path: Path) -> None:
    """The fixes of a file come together, whatever stands between them."""
    paths = [written(tmp_path, "a: one\nb: one\n", name) for name in ("fr.yaml", "en.yaml", "ru.yaml")]
    findings = [fix(path, line, 4, "one", "two") for line in (2, 1) for path in paths]
    changes = list(mend.mend(findings))
    assert ["en.yaml", "fr.yaml", "ru.yaml"] == [change.path.name for change in changes]
    assert {("a: two\nb: two\n", 2)} == {(change.after, change.fixes) for change in changes}


def test_the_difference_is_shown(tmp_path: Path) -> None:
    """The difference has the lines that change, with one around them, and the file's name."""
    path = written(tmp_path, "a: 1\nb: 2\nc: 3\nd: 4\ne: 5\nf: 6\n")
    (change,) = mend.mend([fix(path, 2, 4, "2", "two"), fix(path, 6, 4, "6", "six")])
    expected = f"""\
--- {path}
+++ {path}
@@ -1,3 +1,3 @@
 a: 1
-b: 2
+b: two
 c: 3
@@ -5,2 +5,2 @@
 e: 5
-f: 6
+f: six
"""
    assert expected == change.diff


# ---- What was typed otherwise than it is read


@pytest.mark.parametrize(
    "text",
    [
        "'*Requests* the State''s report;'",
        '"*Requests* the \\"report\\";"',
        '"*Requests* the State\\x27s report;"',
        '"*Requests* the report \\\n      ;"',
        ">-\n    *Requests* the report\n    ;",
    ],
)
def test_what_is_typed_otherwise_is_left_alone(desk: Desk, tmp_path: Path, text: str) -> None:
    """A mark that is escaped, or parted from its word by a line, is found and not mended."""
    folder = write(tmp_path, {"en": f'title: Books\noperative:\n  - {text}\n  - "*Decides* to continue."\n'})
    findings = formed(desk, folder)
    assert {"C206", "C207"} >= {finding.code for finding in findings} > set()
    assert {None} == {finding.fix for finding in findings}
    assert 0 == mended(findings)


def test_values_stay_what_they_are(desk: Desk, tmp_path: Path) -> None:
    """After mending, a source says what it said but for the words that were wrong."""
    data = wording("en", operative={"text": "*Requests* ten percent of:", "items": ["It , all;", "That  one;"]})
    folder = write(tmp_path, {"en": blocks(data)})
    mended(formed(desk, folder))
    right = {"text": "*Requests* ten per cent of:", "items": ["It, all;", "That one;"]}
    assert wording("en", operative=right) == typed(folder, "en")


# ---- Any text


class Entry(NamedTuple):
    """A text in a source: its style, its words, after which of them the line is broken, and a comment."""

    style: str
    words: list[str]
    breaks: list[bool]
    comment: str

    def typed(self, words: list[str], end: str) -> str:
        """Give words as they are typed in this style."""
        joints = [f"{end}    " if one and self.style != "|-" else " " for one in self.breaks]
        if self.style == '"':
            words = [json.dumps(one, ensure_ascii=False)[1:-1] for one in words]
        elif self.style == "'":
            words = [one.replace("'", "''") for one in words]
        text = "".join(f"{joint}{one}" for joint, one in zip(["", *joints], words, strict=False))
        if self.style in {">-", "|-"}:
            return f"{self.style}{end}    {text}"
        return f"{self.style}{text}{self.style}" + (f"  # {self.comment}" if self.comment else "")


letters = st.sampled_from("abcХЦéß的议إق")
marks = st.sampled_from(",;.’“”«»؛，-")
indicators = st.sampled_from("'\"\\#:[]{}&*!|>%@`?~=")
plain = st.builds("{}{}".format, letters, st.text(letters | marks, max_size=4))
free = st.builds("{}{}".format, letters, st.text(letters | marks | indicators, max_size=6))
FAULT = "\ufffc"


@st.composite
def entries(draw: st.DrawFn) -> Entry:
    """Give a text in any style; the mark of a fault stands in some of its words."""
    style = draw(st.sampled_from(["", "'", '"', ">-", "|-"]))
    words = draw(st.lists(free if style else plain, min_size=1, max_size=6))
    faulty = draw(st.lists(st.integers(0, len(words) - 1), max_size=3))
    for index in faulty:
        at = draw(st.integers(1, len(words[index])))
        words[index] = f"{words[index][:at]}{FAULT}{words[index][at:]}"
    return Entry(
        style, words, draw(st.lists(st.booleans(), min_size=5, max_size=5)), draw(st.text(letters, max_size=5))
    )


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(found=st.lists(entries(), min_size=1, max_size=6), end=st.sampled_from(["\n", "\r\n"]), mark=st.booleans())
def test_faults_in_any_text_are_mended(tmp_path: Path, found: list[Entry], end: str, mark: bool) -> None:
    """In plain, quoted and block texts each planted fault is mended, and every other character of the file stays."""

    def planted(number: int, words: list[str], *, right: bool) -> list[str]:
        return [one.replace(FAULT, f"R{number}“ß”" if right else f"W{number}w") for one in words]

    def file(*, right: bool) -> str:
        lines = [f"# {found[0].comment}", "texts:"]
        for number, entry in enumerate(found):
            lines += [
                f"  # above {entry.comment}",
                f"  - {entry.typed(planted(number, entry.words, right=right), end)}",
            ]
        return ("\ufeff" if mark else "") + end.join(lines) + end

    path = written(tmp_path, file(right=False))
    texts: Any = source.read(path).value
    findings = []
    for number, node in enumerate(texts["texts"].value):
        wrong = f"W{number}w"
        for start in range(len(node.value)):
            if node.value.startswith(wrong, start):
                mending = node.fix(start, start + len(wrong), f"R{number}“ß”")
                assert mending is not None
                findings.append(Finding("C215", "a word", fix=mending))
    changed, count = after(path, *findings)
    assert file(right=True) == changed
    assert "".join("".join(entry.words) for entry in found).count(FAULT) == count == len(findings)
    expected = [" ".join(planted(number, entry.words, right=True)) for number, entry in enumerate(found)]
    assert expected == yaml.safe_load(changed.removeprefix("\ufeff"))["texts"]


lines = st.lists(st.text("ab:-#'\"[]{}*& ,é的", max_size=12), max_size=4).map("\n".join)
places = st.tuples(st.integers(1, 5), st.integers(1, 14), st.text("ab: ", max_size=3), st.text("ab:'[ #\n", max_size=3))


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(text=lines, fixes=st.lists(places, max_size=5))
def test_no_fix_leaves_a_file_that_cannot_be_read(
    tmp_path: Path, text: str, fixes: list[tuple[int, int, str, str]]
) -> None:
    """Whatever fixes say of whatever file, what comes out can be read, and counts what was put in place."""
    path = written(tmp_path, text)
    for change in mend.mend(fix(path, *one) for one in fixes):
        assert source.parse(change.after, path).file.text == change.after != text == change.before
        assert 1 <= change.fixes <= len(fixes)


def test_a_byte_order_mark_moves_no_place(desk: Desk, tmp_path: Path) -> None:
    """The first line of a file with a byte order mark is mended too."""
    folder = write(tmp_path, {"en": '\ufefftitle: Books.\noperative: ["*Decides* to end."]\n'})
    mended(formed(desk, folder))
    assert '\ufefftitle: Books\noperative: ["*Decides* to end."]\n'.encode() == (folder / "en.yaml").read_bytes()


def test_of_two_that_overlap_the_second_is_left_out(tmp_path: Path) -> None:
    """As the docstring of mend says."""
    path = written(tmp_path, "a: one two three\n")
    assert ("a: 1 2 three\n", 1) == after(path, fix(path, 1, 4, "one two", "1 2"), fix(path, 1, 8, "two three", "x"))


def test_a_fix_does_not_change_what_an_entry_is(desk: Desk, tmp_path: Path) -> None:
    """A space behind a colon would turn a plain text into a mapping."""
    source = (
        'title: T\noperative:\n  - text: "*Requests*:"\n    items:\n      - To report:yearly;\n  - "*Decides* it."\n'
    )
    folder = write(tmp_path, {"en": source})
    mended(formed(desk, folder))
    formed(desk, folder)


def test_one_fix_that_cannot_be_does_not_keep_the_others_out(desk: Desk, tmp_path: Path) -> None:
    """A title that would break the file is left alone, and the rest of the file is mended."""
    folder = write(
        tmp_path, {"en": 'title: Books:two\noperative:\n  - "*Requests* ten percent;"\n  - "*Decides* it."\n'}
    )
    mended(formed(desk, folder))
    assert "ten per cent" in (folder / "en.yaml").read_text(encoding="utf-8")


def test_a_comment_is_not_mended(desk: Desk, tmp_path: Path) -> None:
    """A word that is escaped in a text is not mended in the comment beside it."""
    source = 'title: T\noperative:\n  - "*Requests* ten per\\u0063ent;" # percent\n  - "*Decides* it."\n'
    folder = write(tmp_path, {"en": source})
    mended(formed(desk, folder))
    assert source == (folder / "en.yaml").read_text(encoding="utf-8")


def test_mending_does_not_hang_on_chance(tmp_path: Path) -> None:
    """Of several fixes at one place the same is put in place on every run."""
    source = "title: T\noperative:\n  - >-\n    *Requests* the States'  , too;\n  - '*Decides* it.'\n"
    results = set()
    for seed in range(8):
        folder = write(tmp_path / "resolutions", {"en": source})
        (tmp_path / "publish.yaml").write_text("languages: [en]\n", encoding="utf-8")
        subprocess.run(
            [sys.executable, "-m", "publish", "check", "--fix"],
            cwd=tmp_path,
            capture_output=True,
            check=False,
            env={**os.environ, "PYTHONHASHSEED": str(seed)},
        )
        results.add((folder / "en.yaml").read_bytes())
    assert 1 == len(results)
