"""Pdf -> findings: whether the finished file shows all that its proof says.

The file is read as a stranger would read it, and nothing that typesetting knows is taken for granted.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from html.parser import HTMLParser
from typing import TYPE_CHECKING

from publish.finding import Finding
from publish.paper.read_pdf import read
from publish.text.inline import SCHEMES

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from publish.paper.compose import Proof
    from publish.paper.read_pdf import Contents

NEAR = 1.0  # points by which outlines may leave their page, and pages differ
SHOWN = 12  # of the characters that are missing
_FOLDED = str.maketrans({"\x02": "-", "\u2010": "-", "\u2011": "-"} | dict.fromkeys("\ufffe\ufeff\u0640", ""))


def inspect(data: bytes, proof: Proof, families: Collection[str], pages: int = 0) -> list[Finding]:
    """Compare a finished file with its proof.

    families are the names of the typefaces that it may use, pages is how many pages there should be (0 if that is not
    known).
    """
    try:
        contents = read(data, trimmed=bool(proof.printing))
    except ValueError as error:
        return [Finding("P106", f"{proof.name}: {error}")]
    page = _Page()
    page.feed(proof.html)
    page.close()
    found = [
        *_text(contents, page, proof),
        *_boxes(contents, proof, pages),
        *_notes(contents, proof.name),
        *_typefaces(contents, families, proof.name),
        *(() if proof.printing else _links(contents, page, proof.name)),
        *_metadata(contents, page, proof.name),
    ]
    return list(dict.fromkeys(found))


def synopsis(data: bytes) -> dict[str, int]:
    """Give the page on which each identified piece of text starts. Raises ValueError where the file is no PDF."""
    return read(data).starts


# ---- What is compared


def _text(contents: Contents, page: _Page, proof: Proof) -> Iterator[Finding]:
    """Every character of the source is in the proof, and every one of the proof on a page, with a glyph of its own."""
    body, notes, running = (folded("".join(words)) for words in (page.words, page.notes, page.running))
    for where, words in proof.texts:
        if folded(words) not in (notes if where.startswith("note ") else body) and folded(words) not in running:
            yield Finding("P101", f"{proof.name}: {where} is not set whole: '{words[:60]}'", hint=_TEMPLATE)
    printed, around = (
        Counter(folded("".join(one.text for sheet in contents.pages for one in sheet.glyphs if one.in_text is side)))
        for side in (True, False)
    )
    expected, margins = Counter(f"{body}{notes}{folded(''.join(page.signs))}"), Counter(running)
    if proof.printing:  # which has no tags that would tell one from the other
        expected, margins = expected + margins, Counter()
    missing = "".join(sorted((expected - printed + (margins - around)).elements()))
    if missing:
        shown = missing[:SHOWN] + ("..." if len(missing) > SHOWN else "")
        counted = "1 character is" if len(missing) == 1 else f"{len(missing)} characters are"
        yield Finding("P101", f"{proof.name}: {counted} on no page: '{shown}'", hint=_STYLE)
    for face, count in contents.missing.items():
        counted = "1 glyph" if count == 1 else f"{count} glyphs"
        message = f"{proof.name}: the file has no outline for {counted} of {face.partition('+')[2]} that it prints"
        yield Finding("P104", message, hint="put a typeface that has them into the project's fonts folder")


_TEMPLATE = "see whether the template prints it"
_STYLE = "see whether a style sheet hides it, or takes it out of the flow"


def _boxes(contents: Contents, proof: Proof, pages: int) -> Iterator[Finding]:
    name = proof.name
    if pages and len(contents.pages) != pages:
        yield Finding("P106", f"{name}: the file has {len(contents.pages)} pages, not {pages}")
    for number, page in enumerate(contents.pages, 1):
        width, height = proof.size
        if width and max(abs(page.width - width), abs(page.height - height)) > NEAR:
            message = (
                f"{name}: page {number} is {page.width:.0f} x {page.height:.0f} pt, not {width:.0f} x {height:.0f}"
            )
            yield Finding("P106", message, hint="one paper sets one size; see the style sheets")
        outside = [
            one
            for one in page.glyphs
            if one.text.strip()
            and (min(one.left, one.bottom) < -NEAR or one.right > page.width + NEAR or one.top > page.height + NEAR)
        ]
        for one in outside[:1]:
            message = f"{name}: '{one.text.strip()[:40]}' runs off page {number}"
            yield Finding("P102", message, hint="shorten it, or make its box narrower")
    last = contents.pages[-1:] if not proof.printing else []  # which may end on a blank page
    if last and not any(one.in_text and one.text.strip() for one in last[0].glyphs):
        yield Finding("P106", f"{name}: the last page is blank", hint="see the page breaks of the style sheets")


def _notes(contents: Contents, name: str) -> Iterator[Finding]:
    for call, page in contents.starts.items():
        note = call.replace("call__", "note__", 1)
        if call.startswith("call__") and contents.starts.get(note, page) != page:
            message = f"{name}: note '{note[6:]}' begins on page {contents.starts[note]} and is called on page {page}"
            yield Finding("P103", message, hint="shorten the note, or part its paragraph")


def _typefaces(contents: Contents, families: Collection[str], name: str) -> Iterator[Finding]:
    known = tuple(family.replace(" ", "-") for family in families)
    for face, embedded in contents.embedded.items():
        bare = (face.partition("+")[2] or face).replace(",", "")  # which Pango puts after some names
        if not embedded:
            yield Finding("P105", f"{name}: the typeface {bare} is not in the file")
        elif not any(bare == family or bare.startswith(f"{family}-") for family in known):
            message = f"{name}: the typeface {bare} is none of the press's and none of the project's"
            yield Finding("P105", message, hint="put it into the project's fonts folder")


def _links(contents: Contents, page: _Page, name: str) -> Iterator[Finding]:
    broken = sum(sheet.broken for sheet in contents.pages)
    if broken:
        counted = "a link leads" if broken == 1 else f"{broken} links lead"
        yield Finding("P107", f"{name}: {counted} nowhere", hint="see the identities that they name")
    printed = {address for sheet in contents.pages for address in sheet.addresses}
    for address in sorted(printed):
        if not address.startswith(SCHEMES):
            yield Finding("P107", f"{name}: a link leads to '{address[:80]}'", hint="as https://, http:// or mailto:")
    for address in sorted(page.addresses - printed):
        yield Finding("P107", f"{name}: the link to '{address[:80]}' is on no page", hint=_STYLE)


def _metadata(contents: Contents, page: _Page, name: str) -> Iterator[Finding]:
    for what, found, wanted in (
        ("title", contents.title, page.title),
        ("author", contents.author, page.author),
        ("language", contents.tongue, page.tongue),
    ):
        if not wanted:
            yield Finding("P108", f"{name}: the template gives no {what}", hint="docs/layouts.md has what a head says")
        elif " ".join(found.split()) != " ".join(wanted.split()):
            message = f"{name}: the file's {what} is '{found[:60]}', not '{wanted[:60]}'"
            yield Finding("P108", message, hint="see the head of the template")


def folded(words: str) -> str:
    """Give the characters that count, as they can be compared: one form of each, no spaces, no invisible marks."""
    words = unicodedata.normalize("NFKC", words.translate(_FOLDED)).translate(_MIRRORED)
    if words.isascii():
        return "".join(words.split())
    kept = (one for one in words if not one.isspace() and unicodedata.category(one) not in {"Cf", "Zs"})
    return "".join(str(unicodedata.digit(one, one)) if one.isdigit() else one for one in kept)


# A bracket in right-to-left text is read back as its counterpart.
_MIRRORED = str.maketrans(")]}>»”’", "([{<«“‘")


class _Page(HTMLParser):
    """Reads a proof: its text without notes, its notes, their signs, what runs in margins, its links and metadata."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.notes: list[str] = []
        self.signs: list[str] = []
        self.running: list[str] = []
        self.addresses: set[str] = set()
        self.title = self.author = self.tongue = ""
        self.hidden = 0
        self.note = 0
        self.foot = 0
        self.in_title = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {key: value or "" for key, value in attrs}
        classes = given.get("class", "").split()
        if tag == "html":
            self.tongue = given.get("lang", "")
        elif tag == "meta" and given.get("name") == "author":
            self.author = given.get("content", "")
        elif tag == "a" and "href" in given:
            self.addresses.add(given["href"])
        self.in_title = self.in_title or (tag == "title" and not self.hidden)
        if self.hidden or tag in {"style", "svg"}:
            self.hidden += tag not in _VOID
        elif self.foot or "data-running" in given:
            self.foot += tag not in _VOID
        elif self.note or "note" in classes:
            self.note += tag not in _VOID
            if "note" in classes:
                self.signs += [given.get("data-call", ""), given.get("data-mark", "")]

    def handle_endtag(self, _: str) -> None:
        self.in_title = False
        if self.hidden:
            self.hidden -= 1
        elif self.foot:
            self.foot -= 1
        elif self.note:
            self.note -= 1

    def handle_data(self, data: str) -> None:
        if self.in_title:
            self.title += data
        elif not self.hidden:
            (self.running if self.foot else self.notes if self.note else self.words).append(data)


_VOID = {"meta", "img", "br", "link", "input", "hr"}
