"""What the proofreader finds, and what a comment above an entry lets stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from test_form import FACTS, blocks, codes, read, spoken, wording, write

from publish.text import follow, review

if TYPE_CHECKING:
    from pathlib import Path

    from publish.desk.press import Desk
    from publish.finding import Finding
    from publish.text.review import Review

WHY = "the text ends so as it was adopted"


def reviewed(desk: Desk, folder: Path) -> Review:
    """Review a resolution that can be read."""
    found = read(desk, folder)
    finders = {code: desk.finder(code, found.facts.edition) for code in found.wordings}
    return review.review(found, spoken(desk, found), finders)


def lines(findings: tuple[Finding, ...]) -> list[tuple[str, int]]:
    """Give the code and the line of each finding."""
    return [(finding.code, finding.place.line) for finding in findings if finding.place]


def english(desk: Desk, folder: Path, source: str) -> Review:
    """Review an English source."""
    return reviewed(desk, write(folder, {"en": source}))


def stood(found: Review) -> list[tuple[str, str]]:
    """Give the code and the reason of each finding that is let stand."""
    return [(one.finding.code, one.reason) for one in found.allowed]


# ---- What a comment silences


@pytest.mark.parametrize(
    "text",
    [
        '- "*Requests* a report,"',
        "- >-\n    *Requests* a\n    report,",
        "- |-\n    *Requests* a report,",
        "- '*Requests* a report,'",
        '- text: "*Requests* a report,"',
        '-\n    "*Requests* a report,"',
    ],
)
def test_a_comment_above_an_entry_lets_a_rule_go_unheeded(desk: Desk, tmp_path: Path, text: str) -> None:
    """However the text is typed, the finding is let stand, with the reason, and nothing else is said."""
    source = f'title: Books\noperative:\n  # allow C204: {WHY}\n  {text}\n  - "*Decides* to continue."\n'
    if text.startswith("-\n"):
        source = source.replace(f"  # allow C204: {WHY}\n  -\n", f"  -\n    # allow C204: {WHY}\n")
    found = english(desk, tmp_path, source)
    assert ([("C204", WHY)], ()) == (stood(found), found.findings)
    (one,) = found.allowed
    assert "operative paragraph 1 ends with ',', not with ';'" == one.finding.message


def test_without_the_comment_it_is_found(desk: Desk, tmp_path: Path) -> None:
    """The same source without its comment has the finding, and lets nothing stand."""
    source = 'title: Books\noperative:\n  - "*Requests* a report,"\n  - "*Decides* to continue."\n'
    found = english(desk, tmp_path, source)
    assert ([("C204", 3)], ()) == (lines(found.findings), found.allowed)


def test_a_comment_is_for_its_entry_alone(desk: Desk, tmp_path: Path) -> None:
    """The same fault in the entries above and below is found."""
    source = """\
title: Books
operative:
  - "*Requests* a report,"
  # allow C204: it ends so
  - "*Invites* all,"
  - "*Encourages* all,"
  - "*Decides* to continue."
"""
    found = english(desk, tmp_path, source)
    assert ([("C204", "it ends so")], [("C204", 3), ("C204", 6)]) == (stood(found), lines(found.findings))


def test_a_comment_is_for_its_code_alone(desk: Desk, tmp_path: Path) -> None:
    """Other findings in the same entry stay."""
    source = """\
title: Books
operative:
  # allow C204: it ends so
  - "*requests*  a report,"
  - "*Decides* to continue."
"""
    found = english(desk, tmp_path, source)
    assert ([("C204", "it ends so")], ["C203", "C207"]) == (stood(found), codes(found.findings))


def test_a_comment_is_for_every_finding_of_its_code(desk: Desk, tmp_path: Path) -> None:
    """Two findings of a code in one entry are both let stand."""
    source = """\
title: Books
operative:
  # allow C215: quoted from the report
  - "*Requests* ten percent of the organisation, all of it;"
  - "*Decides* to continue."
"""
    found = english(desk, tmp_path, source)
    assert ([("C215", "quoted from the report")] * 2, ()) == (stood(found), found.findings)


def test_several_comments_above_an_entry(desk: Desk, tmp_path: Path) -> None:
    """Each of several comments lets its own rule go, and other comments between them are just that."""
    source = """\
title: Books
operative:
  # allow C203: a small letter
  # what the committee wrote
  #   allow   C204 :   a comma
  #allow C207 two spaces
  - "*requests*  a report,"
  - "*Decides* to continue."
"""
    found = english(desk, tmp_path, source)
    expected = [("C203", "a small letter"), ("C204", "a comma"), ("C207", "two spaces")]
    assert (expected, ()) == (sorted(stood(found)), found.findings)


def test_a_comment_above_an_item(desk: Desk, tmp_path: Path) -> None:
    """An item's comment is its own, and not its neighbours' or that of the text above."""
    source = """\
title: Books
operative:
  - text: "*Requests* libraries;"
    items:
      - To give books;
      # allow C204: as adopted
      - text: "To lend books,"
        items:
          - To read them.
          # allow C204: at the end of the page
          - To keep them,
  - "*Decides* to continue."
"""
    found = english(desk, tmp_path, source)
    assert ["as adopted", "at the end of the page"] == [one.reason for one in found.allowed]
    assert [("C204", 3), ("C204", 9)] == lines(found.findings)


def test_a_comment_above_the_first_of_items(desk: Desk, tmp_path: Path) -> None:
    """A comment between a text and its items is the first item's."""
    source = """\
title: Books
operative:
  - text: "*Requests* libraries;"
    items:
      # allow C204: as adopted
      - To give books,
      - To lend books;
  - "*Decides* to continue."
"""
    found = english(desk, tmp_path, source)
    assert ([("C204", "as adopted")], [("C204", 3)]) == (stood(found), lines(found.findings))


def test_a_comment_above_a_title(desk: Desk, tmp_path: Path) -> None:
    """A title, a heading and a note are entries too."""
    source = """\
# allow C210: it ends so
title: Books and libraries.
sections:
  - heading: Books
    operative: ["*Requests* ten books;[^one]"]
  -
    # allow C207: a heading
    heading: Books  and more
    operative: ["*Decides* to continue."]
notes:
  # allow C215: an old name
  one: See the organisation.
"""
    found = english(desk, tmp_path, source)
    expected = [("C207", "a heading"), ("C210", "it ends so"), ("C215", "an old name")]
    assert (expected, ()) == (sorted(stood(found)), found.findings)


def test_a_comment_above_a_fact(desk: Desk, tmp_path: Path) -> None:
    """Facts may be let stand as well, those inside of another key too."""
    folder = write(tmp_path, {"en": blocks(wording("en"))})
    (folder / "resolution.yaml").write_text(
        """\
symbol: A/RES/80/1
session: 80
adopted:
  # allow C214: adopted at a resumed session
  date: 2026-12-01
  # allow C213: counted with the committees
  meeting: 300
report: {symbols: [A/80/L.1]}
# allow C209: never printed
distribution: limited
# allow C212: distributed in advance
distributed: 2025-09-18
job_number: 25-14701
languages: [en]
""",
        encoding="utf-8",
    )
    found = reviewed(desk, folder)
    expected = [
        ("C209", "never printed"),
        ("C212", "distributed in advance"),
        ("C213", "counted with the committees"),
        ("C214", "adopted at a resumed session"),
    ]
    assert (expected, (), True) == (sorted(stood(found)), found.findings, found.sound)


def test_a_comment_in_one_language_is_for_it_alone(desk: Desk, tmp_path: Path) -> None:
    """A comment in a translation lets nothing stand in another."""
    english, french = (blocks(wording(code)) for code in ("en", "fr"))
    mark = "# allow C210: it ends so\n"
    title = mark + french.replace("coopération\n", "coopération.\n")
    found = reviewed(desk, write(tmp_path, {"en": english.replace("libraries\n", "libraries.\n"), "fr": title}))
    assert ([("C210", "it ends so")], ["C210"]) == (stood(found), codes(found.findings))
    assert found.findings[0].place is not None
    assert "en.yaml" == found.findings[0].place.file.name


def test_a_comparison_may_be_let_stand(desk: Desk, tmp_path: Path) -> None:
    """What differs between the languages, or has not followed, is let stand where it is found."""
    french = wording("fr", operative="*Prie* le Secrétaire général de faire rapport en 2027;")
    sources = {"en": blocks(wording("en")), "fr": blocks(french)}
    folder = write(tmp_path, sources)
    assert ["C106"] == codes(reviewed(desk, folder).findings)
    found = read(desk, folder)
    follow.path(found, "fr").write_text(follow.record(found, "fr"), encoding="utf-8")
    english = blocks(wording("en", operative="*Requests* the Secretary-General to report now;"))
    mark = "  # allow C106: the year is meant\n  # allow C301: it says so already\n"
    first = "operative:\n"
    folder = write(tmp_path, {"en": english, "fr": sources["fr"].replace(first, first + mark)})
    found = reviewed(desk, folder)
    expected = [("C106", "the year is meant"), ("C301", "it says so already")]
    assert (expected, (), True) == (sorted(stood(found)), found.findings, found.sound)


# ---- Comments that have no effect


@pytest.mark.parametrize("comment", ["# allow C204", "# allow C204:", "#allow C204  :  "])
def test_a_reason_is_needed(desk: Desk, tmp_path: Path, comment: str) -> None:
    """A comment without a reason lets nothing stand, and is found itself."""
    source = f'title: Books\noperative:\n  {comment}\n  - "*Requests* a report,"\n  - "*Decides* to continue."\n'
    found = english(desk, tmp_path, source)
    assert ([("C204", 4), ("C001", 3)], ()) == (lines(found.findings), found.allowed)
    finding = found.findings[1]
    assert ("warning", "write it as '# allow C204: why'") == (finding.severity, finding.hint)
    assert ("C204 is allowed without a reason", True) == (finding.message, found.sound)


@pytest.mark.parametrize(
    ("source", "others"),
    [
        ('title: Books\noperative:\n  # allow C204: it ends so\n  - "*Decides* to continue."\n', []),
        ('title: Books\noperative:\n  # allow C204: it ends so\n\n  - "*Decides* to continue,"\n', ["C204"]),
        ('# allow C204: it ends so\ntitle: Books\noperative:\n  - "*Decides* to continue,"\n', ["C204"]),
        ('title: Books\n# allow C204: it ends so\noperative:\n  - "*Decides* to continue,"\n', ["C204"]),
    ],
)
def test_a_comment_that_lets_nothing_stand(desk: Desk, tmp_path: Path, source: str, others: list[str]) -> None:
    """A comment above what is sound, or not directly above an entry, lets nothing stand, and is found itself."""
    found = english(desk, tmp_path, source)
    assert ([*others, "C001"], ()) == (codes(found.findings), found.allowed)
    finding = found.findings[-1]
    expected = ("C204 is allowed, and not found", "warning", "remove the comment")
    assert expected == (finding.message, finding.severity, finding.hint)


def test_a_comment_lets_no_fault_of_the_source_stand(desk: Desk, tmp_path: Path) -> None:
    """Only what the proofreader finds can be let stand: another comment is no allowance."""
    source = 'title: Books\noperative:\n  # allow S13: it is meant\n  - "*Decides* to continue,"\n'
    assert ["C204"] == codes(english(desk, tmp_path, source).findings)


def test_a_comment_after_an_entry_is_no_allowance(desk: Desk, tmp_path: Path) -> None:
    """A comment in the line of an entry says nothing."""
    source = 'title: Books\noperative:\n  - "*Decides* to continue," # allow C204: it ends so\n'
    found = english(desk, tmp_path, source)
    assert (["C204"], ()) == (codes(found.findings), found.allowed)


# ---- The whole


def test_a_review_is_sound_with_warnings(desk: Desk, tmp_path: Path) -> None:
    """A warning leaves a resolution sound, an error does not, and one that is let stand does."""
    text = 'title: Books.\noperative:\n  - "*Decides* to continue."\n'
    assert (["C210"], True) == _verdict(english(desk, tmp_path, text))
    typed = text.replace('"*D', '"1. *D').replace("Books.", "Books")
    assert (["C205"], False) == _verdict(english(desk, tmp_path, typed))
    kept = typed.replace("  -", "  # allow C205: it is part of the text\n  -")
    assert ([], True) == _verdict(english(desk, tmp_path, kept))


def _verdict(found: Review) -> tuple[list[str], bool]:
    return codes(found.findings), found.sound


def test_a_review_says_everything_once(desk: Desk, tmp_path: Path) -> None:
    """What languages, form and record find comes out together, once, under the resolution's symbol."""
    french = wording("fr", operative="*Prie* le Secrétaire général de faire  rapport en 2027;")
    sources = {"en": blocks(wording("en")), "fr": blocks(french)}
    folder = write(tmp_path, sources, distribution="limited")
    (folder / "fr.follows.yaml").write_text("title: 0000000000000000\n", encoding="utf-8")
    found = reviewed(desk, folder)
    assert {"C106", "C207", "C209", "C301"} == set(codes(found.findings))
    assert (FACTS["symbol"], len(set(found.findings))) == (found.symbol, len(found.findings))


def test_a_comment_in_a_block_is_text(desk: Desk, tmp_path: Path) -> None:
    """What looks like a comment in the text of a block lets nothing stand, and is not found itself."""
    text = "- |-\n    *Requests* it;\n    # allow C204: why;\n"
    source = f'title: Books\noperative:\n  {text}  - "*Invites* all,"\n  - "*Decides* to end."\n'
    found = english(desk, tmp_path, source)
    assert (["C204"], []) == (codes(found.findings), stood(found))


def test_a_comment_in_a_block_is_not_unused(desk: Desk, tmp_path: Path) -> None:
    """Nor is it told as a comment without effect."""
    source = "title: Books\noperative:\n  - |-\n    *Decides*:\n    # allow C204: why\n    to end.\n"
    assert () == english(desk, tmp_path, source).findings


def test_a_comment_at_the_end_of_a_file(desk: Desk, tmp_path: Path) -> None:
    """A comment above nothing lets nothing stand, and is found."""
    source = 'title: Books\noperative:\n  - "*Decides* to continue."\n  # allow C204: it ends so\n'
    assert ["C001"] == codes(english(desk, tmp_path, source).findings)
