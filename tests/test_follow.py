"""Whether a translation still follows the original, text by text."""

from __future__ import annotations

import hashlib
import re
from copy import deepcopy
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_form import blocks, read, write

from publish.finding import Rejected
from publish.text import follow

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from publish.desk.press import Desk
    from publish.finding import Finding

ENGLISH: dict[str, Any] = {
    "title": "Cooperation among libraries",
    "preamble": ["*Recalling* its resolution 55/109,[^first]", "*Noting* the report,[^second]"],
    "operative": [
        "*Requests* a report;",
        {"text": "*Invites* States:", "items": ["To give books;", "To lend books;", "To read books;"]},
        "*Takes note* of the libraries;",
        "*Decides* to continue.",
    ],
    "notes": {"first": "See A/55/1.", "second": "See A/55/2."},
}
FRENCH: dict[str, Any] = {
    "title": "Coopération entre les bibliothèques",
    "preamble": ["*Rappelant* sa résolution 55/109[^first],", "*Notant* le rapport[^second],"],
    "operative": [
        "*Demande* un rapport;",
        {"text": "*Invite* les États :", "items": ["À donner;", "À prêter;", "À lire;"]},
        "*Prend note* des bibliothèques;",
        "*Décide* de continuer.",
    ],
    "notes": {"first": "Voir A/55/1.", "second": "Voir A/55/2."},
}
ALL = [
    *("title", "preamble__para_1", "preamble__para_2", "para_1", "para_2", "para_2__item_1", "para_2__item_2"),
    *("para_2__item_3", "para_3", "para_4", "note__first", "note__second"),
]


def translated(folder: Path, english: dict[str, Any] = ENGLISH, **sources: str) -> Path:
    """Write the original and its translations, which are the French unless told."""
    return write(folder, {"en": blocks(english)} | (sources or {"fr": blocks(FRENCH)}))


def accepted(desk: Desk, folder: Path, code: str = "fr") -> Path:
    """Say that a translation follows the original as it stands; gives the file that says it."""
    found = read(desk, folder)
    path = follow.path(found, code)
    path.write_text(follow.record(found, code), encoding="utf-8")
    return path


def changed(change: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
    """Give the original after a change."""
    data = deepcopy(ENGLISH)
    change(data)
    return data


def named(findings: list[Finding]) -> list[str]:
    """Give what each finding is about."""
    return [re.split(" has (?:changed|gone)", finding.message)[0].removeprefix("what was ") for finding in findings]


# ---- Nothing is stale


def test_nothing_is_known_without_a_record(desk: Desk, tmp_path: Path) -> None:
    """Where nobody has said that a translation follows, nothing is stale, however different the texts are."""
    found = read(desk, translated(tmp_path))
    assert (set(), []) == (follow.stale(found, "fr"), list(follow.follow(found)))


def test_nothing_is_stale_after_a_record(desk: Desk, tmp_path: Path) -> None:
    """A translation follows the original that was recorded, and the record names each of its texts in their order."""
    folder = translated(tmp_path)
    path = accepted(desk, folder)
    assert folder / "fr.follows.yaml" == path
    assert ALL == list(yaml.safe_load(path.read_text(encoding="utf-8")))
    found = read(desk, folder)
    assert (set(), []) == (follow.stale(found, "fr"), list(follow.follow(found)))


def test_a_record_is_a_sum_of_each_text(desk: Desk, tmp_path: Path) -> None:
    """A fingerprint is that of the text as it was typed, so that a record can be compared on any machine."""
    path = accepted(desk, translated(tmp_path))
    expected = hashlib.sha256(ENGLISH["title"].encode()).hexdigest()[:16]
    assert expected == yaml.safe_load(path.read_text(encoding="utf-8"))["title"]


def test_the_original_never_follows(desk: Desk, tmp_path: Path) -> None:
    """Even with a record of its own, that has changed since, the original is not stale."""
    folder = translated(tmp_path)
    accepted(desk, folder, "en")
    found = read(desk, translated(tmp_path, changed(lambda data: data.update(title="Libraries"))))
    assert (folder / "en.follows.yaml").is_file()
    assert (set(), []) == (follow.stale(found, "en"), list(follow.follow(found)))


def test_nothing_is_known_where_the_original_is_not_read(desk: Desk, tmp_path: Path) -> None:
    """A translation that is read by itself has nothing to follow."""
    folder = translated(tmp_path)
    accepted(desk, folder)
    translated(tmp_path, changed(lambda data: data.update(title="Libraries")))
    found = read(desk, folder, ["fr"])
    assert (set(), []) == (follow.stale(found, "fr"), list(follow.follow(found)))


def test_line_breaks_do_not_matter(desk: Desk, tmp_path: Path) -> None:
    """Texts that are broken, folded and quoted in another way are the same texts."""
    folder = translated(tmp_path)
    accepted(desk, folder)
    (folder / "en.yaml").write_text(yaml.safe_dump(ENGLISH, width=10), encoding="utf-8")
    assert [] == list(follow.follow(read(desk, folder)))
    (folder / "en.yaml").write_text(yaml.safe_dump(ENGLISH, default_style='"', width=20), encoding="utf-8")
    assert [] == list(follow.follow(read(desk, folder)))
    lines = blocks(ENGLISH).replace(">-", "|-").replace("*Takes note* of", "*Takes note*\n    of")
    (folder / "en.yaml").write_text(lines, encoding="utf-8")
    assert "*Takes note*\nof the libraries;" == yaml.safe_load(lines)["operative"][2]
    assert [] == list(follow.follow(read(desk, folder)))


def test_what_a_translation_says_does_not_matter(desk: Desk, tmp_path: Path) -> None:
    """A translation may change as it likes."""
    folder = translated(tmp_path)
    accepted(desk, folder)
    other = FRENCH | {"title": "Autre chose", "operative": ["*Décide* de continuer."]}
    assert [] == list(follow.follow(read(desk, translated(tmp_path, fr=blocks(other)))))


# ---- Something is


CHANGES: list[tuple[str, Callable[[dict[str, Any]], object], list[str], list[str]]] = [
    ("the title", lambda data: data.update(title="Libraries"), ["title"], ["title"]),
    (
        "a preambular paragraph",
        lambda data: data["preamble"].__setitem__(1, "*Noting* it,[^second]"),
        ["preamble__para_2"],
        ["preambular paragraph 2"],
    ),
    (
        "an operative one",
        lambda data: data["operative"].__setitem__(0, "*Requests* it;"),
        ["para_1"],
        ["operative paragraph 1"],
    ),
    (
        "an item",
        lambda data: data["operative"][1]["items"].__setitem__(1, "To borrow books;"),
        ["para_2__item_2"],
        ["operative paragraph 2, item (b)"],
    ),
    (
        "the text above items",
        lambda data: data["operative"][1].update(text="*Invites* all:"),
        ["para_2"],
        ["operative paragraph 2"],
    ),
    ("a note", lambda data: data["notes"].update(second="See A/55/3."), ["note__second"], ["note 'second'"]),
    (
        "two",
        lambda data: (data.update(title="Libraries"), data["notes"].update(first="See A/55/3.")),
        ["title", "note__first"],
        ["title", "note 'first'"],
    ),
    (
        "one more at the beginning",
        lambda data: data["operative"].insert(0, "*Affirms* it;"),
        ["para_1"],
        ["operative paragraph 1"],
    ),
    (
        "one more in the middle",
        lambda data: data["operative"].insert(2, "*Affirms* it;"),
        ["para_3"],
        ["operative paragraph 3"],
    ),
    (
        "one more item",
        lambda data: data["operative"][1]["items"].append("To write books;"),
        ["para_2__item_4"],
        ["operative paragraph 2, item (d)"],
    ),
    ("one fewer", lambda data: data["operative"].pop(2), [], ["'para_3'"]),
    ("one item fewer", lambda data: data["operative"][1]["items"].pop(0), [], ["'para_2__item_1'"]),
    (
        "one note fewer",
        lambda data: (data["notes"].pop("second"), data["preamble"].__setitem__(1, "*Noting* the report,")),
        ["preamble__para_2"],
        ["preambular paragraph 2", "'note__second'"],
    ),
    (
        "a paragraph with its items fewer",
        lambda data: data["operative"].pop(1),
        [],
        ["'para_2'", "'para_2__item_1'", "'para_2__item_2'", "'para_2__item_3'"],
    ),
]


@pytest.mark.parametrize(
    ("change", "stale", "names"), [row[1:] for row in CHANGES], ids=[row[0].replace(" ", "-") for row in CHANGES]
)
def test_what_has_changed_is_named(
    desk: Desk, tmp_path: Path, change: Callable[[dict[str, Any]], object], stale: list[str], names: list[str]
) -> None:
    """A text of the original that is another, more, or no longer there is named, and no other."""
    folder = translated(tmp_path)
    accepted(desk, folder)
    found = read(desk, translated(tmp_path, changed(change)))
    findings = list(follow.follow(found))
    assert set(stale) == follow.stale(found, "fr")
    assert names == named(findings)
    assert {("C301", "error")} == {(finding.code, finding.severity) for finding in findings}
    accepted(desk, folder)
    assert [] == list(follow.follow(found))


def test_a_paragraph_that_has_moved_is_named(desk: Desk, tmp_path: Path) -> None:
    """A paragraph that has moved is named at its new place alone."""
    folder = translated(tmp_path)
    accepted(desk, folder)
    found = read(
        desk, translated(tmp_path, changed(lambda data: data["operative"].insert(0, data["operative"].pop(2))))
    )
    assert {"para_1"} == follow.stale(found, "fr")
    assert ["operative paragraph 1"] == named(list(follow.follow(found)))


def test_notes_that_have_changed_places_are_named(desk: Desk, tmp_path: Path) -> None:
    """Of two notes that stand in the other order one is named."""
    folder = translated(tmp_path)
    accepted(desk, folder)
    notes = {"notes": dict(reversed(ENGLISH["notes"].items()))}
    found = read(desk, translated(tmp_path, ENGLISH | notes))
    assert 1 == len(follow.stale(found, "fr"))
    assert {"note__first", "note__second"} > follow.stale(found, "fr")


def test_where_a_finding_is(desk: Desk, tmp_path: Path) -> None:
    """A finding is at the translation's text of the same identity, beside the original's; else at the whole file."""
    folder = translated(tmp_path)
    accepted(desk, folder)
    data = changed(lambda data: (data["operative"].append("*Ends*."), data["notes"].update(first="See A/1/1.")))
    found = read(desk, translated(tmp_path, data))
    new, note = follow.follow(found)
    assert new.place is not None
    assert note.place is not None
    assert note.beside is not None
    assert (folder / "fr.yaml", 0) == (new.place.file, new.place.line)
    assert "Voir A/55/1." == note.place.excerpt.strip()
    assert "See A/1/1." == note.beside.excerpt.strip()
    assert "translate it anew, then say so: publish check --accept fr" == note.hint


def test_each_translation_has_its_own_record(desk: Desk, tmp_path: Path) -> None:
    """What one language follows says nothing of another."""
    spanish = blocks(FRENCH)
    folder = translated(tmp_path, fr=blocks(FRENCH), es=spanish)
    accepted(desk, folder, "fr")
    data = changed(lambda data: data.update(title="Libraries"))
    found = read(desk, translated(tmp_path, data, fr=blocks(FRENCH), es=spanish))
    assert ({"title"}, set()) == (follow.stale(found, "fr"), follow.stale(found, "es"))
    assert ["title has changed or moved in 'en', and 'fr' has not followed"] == [
        one.message for one in follow.follow(found)
    ]


@pytest.mark.parametrize(
    ("record", "code"),
    [
        ("title: [", "S01"),
        ("- title", "S08"),
        ("title: {a: b}", "S08"),
        ("title: x\ntitle: y", "S03"),
        ("title: x\nwas: *that", "S04"),
        ("title: \x07", "S15"),
    ],
)
def test_a_record_that_cannot_be_read(desk: Desk, tmp_path: Path, record: str, code: str) -> None:
    """A faulty record is a finding in it, and does not keep the other languages from being looked at."""
    folder = translated(tmp_path, es=blocks(FRENCH), fr=blocks(FRENCH))
    accepted(desk, folder, "fr")
    (folder / "es.follows.yaml").write_text(record, encoding="utf-8")
    data = changed(lambda data: data.update(title="Libraries"))
    found = read(desk, translated(tmp_path, data, es=blocks(FRENCH), fr=blocks(FRENCH)))
    first, second = follow.follow(found)
    assert first.place is not None
    assert (code, folder / "es.follows.yaml", "C301") == (first.code, first.place.file, second.code)
    with pytest.raises(Rejected):
        follow.stale(found, "es")


texts = st.lists(st.sampled_from([f"*Requests* book {number};" for number in range(12)]), min_size=1, max_size=8)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(before=texts, after=texts)
def test_texts_are_stale_just_where_they_differ(
    desk: Desk, tmp_path: Path, before: list[str], after: list[str]
) -> None:
    """Whatever becomes of the original, it is stale just if it differs, and what is left of it is what was followed."""
    folder = translated(tmp_path, {"title": "Books", "operative": before})
    accepted(desk, folder)
    found = read(desk, translated(tmp_path, {"title": "Books", "operative": after}))
    stale = follow.stale(found, "fr")
    kept = [text for number, text in enumerate(after, 1) if f"para_{number}" not in stale]
    rest = iter(before)
    assert (before == after) == (not list(follow.follow(found)))
    assert [] == [text for text in kept if text not in rest]
