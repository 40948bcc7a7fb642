"""Pdf -> findings: whether the finished file shows all that its proof says.

The file is read as a stranger would read it, and nothing that typesetting knows is taken for granted.
"""

from __future__ import annotations

from collections import Counter
from html.parser import HTMLParser
from typing import TYPE_CHECKING

from publish.finding import Finding
from publish.paper import inspect_tags
from publish.paper.read_pdf import folded, read, starts
from publish.text.inline import SCHEMES

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from publish.paper.compose import Proof
    from publish.paper.read_pdf import Contents

NEAR = 1.0  # points by which outlines may leave their page, and pages differ
SHOWN = 12  # of the characters that are missing


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
    if not proof.printing:  # which has no tags
        if not found:  # what is lost on a page is not told twice
            found += inspect_tags.faults(contents, page.spoken, page.tongue, proof.name)
        found += inspect_tags.standards(contents.tags, proof.name)
    return list(dict.fromkeys(found))


def synopsis(data: bytes) -> dict[str, int]:
    """Give the page on which each identified piece of text starts. Raises ValueError where the file is no PDF."""
    return starts(data)


# ---- What is compared

BLOCK = "\0"  # stands between blocks of a proof


def _text(contents: Contents, page: _Page, proof: Proof) -> Iterator[Finding]:
    """Every character of the source is in the proof, and every one of the proof on a page, with a glyph of its own."""
    blocks = BLOCK.join(["".join(page.words), "".join(page.notes), *page.running]).split(BLOCK)
    for where, words in _not_set(proof.texts, blocks):
        yield Finding("P101", f"{proof.name}: {where} is not set whole: '{words[:60]}'", hint=_TEMPLATE)
    flow = [one for sheet in contents.pages for one in sheet.glyphs if one.in_text]
    printed = Counter(folded("".join(one.text for one in flow)))
    printed.subtract(Counter(folded("".join(one.unseen for one in flow))))
    expected = Counter(folded("".join([*page.words, *page.notes, *page.signs]).replace(BLOCK, "")))
    margins = [
        [folded(one.text) for one in sheet.glyphs if not (one.in_text or one.unseen)] for sheet in contents.pages
    ]
    running = [folded(words) for words in page.running]
    if proof.printing:  # which has no tags that would tell margins from the text
        expected.update("".join(running))
        running = []
    lost = "".join(words for words in running if not any(_stands_in(margin, words) for margin in margins))
    missing = "".join(sorted((expected - printed + Counter(lost)).elements()))
    if missing:
        shown = missing[:SHOWN] + ("..." if len(missing) > SHOWN else "")
        counted = "1 character is" if len(missing) == 1 else f"{len(missing)} characters are"
        untagged = Counter("".join(one for margin in margins for one in margin))
        hint = _STYLE if len(missing) <= SHOWN or Counter(missing) - untagged else _TAGGED
        yield Finding("P101", f"{proof.name}: {counted} on no page: '{shown}'", hint=hint)
    for face, count in contents.missing.items():
        counted = "1 glyph" if count == 1 else f"{count} glyphs"
        message = f"{proof.name}: the file has no outline for {counted} of {face.partition('+')[2]} that it prints"
        yield Finding("P104", message, hint="put a typeface that has them into the project's fonts folder")


def _not_set(texts: Collection[tuple[str, str]], blocks: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Give the texts that have no place of their own: blocks, then longest texts first, each uses up its place."""
    free, parts = Counter(map(folded, blocks)), []
    for at, (_, words) in enumerate(texts):
        whole = folded(words)
        if free[whole]:
            free[whole] -= 1
        else:
            parts.append((-len(whole), at, whole))
    left, absent = BLOCK.join(free.elements()), set()
    for _, at, words in sorted(parts):
        before, found, after = left.partition(words)
        if found:
            left = f"{before}{BLOCK}{after}"
        else:
            absent.add(at)
    return (one for at, one in enumerate(texts) if at in absent)


def _stands_in(margin: list[str], words: str) -> bool:
    """Tell whether pieces of type that follow each other in a margin are just these words, in any order."""
    for start in range(len(margin)):
        joined = ""
        for piece in margin[start:]:
            joined += piece
            if len(joined) >= len(words):
                break
        if sorted(joined) == sorted(words):
            return True
    return not words


_TEMPLATE = "see whether the template prints it"
_TAGGED = "see whether it is tagged, as what is an artifact does not count, and whether a style sheet hides it"
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
        self.spoken = inspect_tags.Spoken()
        self.within: list[tuple[str, str]] = []  # elements that are open, and their languages

    @property
    def lang(self) -> str:
        return self.within[-1][1] if self.within else ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {key: value or "" for key, value in attrs}
        classes = given.get("class", "").split()
        if tag not in _VOID:
            self.within.append((tag, given.get("lang") or self.lang))
        self.told(tag, given)
        self.in_title = self.in_title or (tag == "title" and not self.hidden)
        if tag in _BLOCKS:
            self.part()
        if self.hidden or tag in {"style", "svg"}:
            self.hidden += tag not in _VOID
        elif self.foot or "data-running" in given:
            self.foot += tag not in _VOID
        elif self.note or "note" in classes:
            self.note += tag not in _VOID
            if "note" in classes:
                self.part()
                signs = [given.get("data-call", ""), given.get("data-mark", "")]
                self.signs += signs
                self.spoken.texts.append((self.lang, "".join(signs)))
                self.spoken.notes += 1
        elif tag == "img":
            self.spoken.pictures.append(given.get("alt", ""))

    def told(self, tag: str, given: dict[str, str]) -> None:
        """Read what a tag says of the whole document, and where it leads."""
        if tag == "html":
            self.tongue = given.get("lang", "")
        elif tag == "meta" and given.get("name") == "author":
            self.author = given.get("content", "")
        elif tag == "a" and "href" in given:
            self.addresses.add(given["href"])

    def handle_endtag(self, tag: str) -> None:
        self.in_title = False
        if tag in _BLOCKS:
            self.part()
        if tag in _VOID:
            return
        if any(tag == one for one, _ in self.within):
            while self.within.pop()[0] != tag:
                pass
        if self.hidden:
            self.hidden -= 1
        elif self.foot:
            self.foot -= 1
        elif self.note:
            self.note -= 1

    def part(self) -> None:
        (self.notes if self.note else self.words).append(BLOCK)
        self.spoken.texts.append((self.lang, None))

    def handle_data(self, data: str) -> None:
        if self.in_title:
            self.title += data
        elif not self.hidden:
            (self.running if self.foot else self.notes if self.note else self.words).append(data)
            if not self.foot:
                self.spoken.texts.append((self.lang, data))


_VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"}
_BLOCKS = {"caption", "dd", "div", "dt", "h1", "h2", "h3", "h4", "h5", "h6", "li", "main", "p", "section", "td", "th"}
