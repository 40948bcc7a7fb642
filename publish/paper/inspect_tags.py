"""Tags -> findings: whether who hears a finished file is told all that its proof says.

What is asked is of ISO 14289-1 (PDF/UA-1), clauses 6.2 and 7.1 to 7.18, and ISO 19005-3 (PDF/A-3), clause 6.6.4. The
tags are read from the finished bytes; nothing that `engine_structure.py` knows is taken for granted.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from publish.finding import Finding
from publish.paper.read_pdf import Annotation, Element, folded

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from publish.paper.read_pdf import Contents, Tags

NEAR = 1.0  # points by which a link may miss what it leads to
SHOWN = 40  # characters of a text that is named
CELLS = {"TD", "TH"}  # which are there even where they are empty


@dataclass
class Spoken:
    """What a proof says in its order, notes beside their calls: texts with their languages, pictures, notes.

    A text of None parts two blocks.
    """

    texts: list[tuple[str, str | None]] = field(default_factory=list)
    pictures: list[str] = field(default_factory=list)
    notes: int = 0


def faults(contents: Contents, spoken: Spoken, language: str, name: str) -> list[Finding]:
    """Compare the tags of a file with what its proof says; language is that of the proof."""
    elements = [one for root in contents.tags.roots for one in root.walk()]
    return [
        *_structure(contents, elements, name),
        *_text(contents, elements, spoken, language, name),
        *_notes(elements, spoken, name),
        *_descriptions(contents, elements, spoken, name),
    ]


def standards(tags: Tags, name: str) -> Iterator[Finding]:
    """Find what a file leaves out of what PDF/A-3a and PDF/UA-1 want it to say of itself."""
    lacking = [what for what, pattern in _IDENTIFIERS.items() if not pattern.search(tags.metadata)]
    if lacking:
        yield Finding("P116", f"{name}: the metadata do not say {' and '.join(lacking)}", hint=_MADE)
    if not (tags.marked and tags.shows_title):
        what = "that it is tagged" if not tags.marked else "to show its title"
        yield Finding("P116", f"{name}: the file does not say {what}", hint=_MADE)
    if tags.untabbed:
        message = f"{name}: the tabulator does not follow the tags on page {tags.untabbed[0]}"
        yield Finding("P116", message, hint=_MADE)


_IDENTIFIERS = {
    "PDF/A-3a": re.compile(rb"pdfaid:part\W+3\b.*pdfaid:conformance\W+A\b", re.DOTALL),
    "PDF/UA-1": re.compile(rb"<pdfuaid:part>1<|pdfuaid:part=.1"),
}
_MADE = "the press writes this; build the file again"


def _structure(contents: Contents, elements: list[Element], name: str) -> Iterator[Finding]:
    roots = [one.type for one in contents.tags.roots]
    if roots != ["Document"]:
        message = f"{name}: the tags begin with {', '.join(roots) or 'nothing'}, not with one Document"
        yield Finding("P115", message, hint=_MADE)
    level = 0
    for one in elements:
        if _HEADING.fullmatch(one.type):
            if int(one.type[1]) > level + 1:
                after = f"H{level}" if level else "none"
                yield Finding("P115", f"{name}: a heading {one.type} follows {after}", hint="leave no level out")
            level = int(one.type[1])
    for kind, count in Counter(one.type for one in elements if not one.kids and one.type not in CELLS).items():
        counted = f"an element {kind} is" if count == 1 else f"{count} elements {kind} are"
        yield Finding("P115", f"{name}: {counted} empty", hint="see what the template leaves without content")


_HEADING = re.compile("H[1-6]")


def _text(contents: Contents, elements: list[Element], spoken: Spoken, language: str, name: str) -> Iterator[Finding]:
    """Every character is read once, in the order of the proof, in its language."""
    for number, page in enumerate(contents.pages, 1):
        if page.unmarked:
            message = f"{name}: something on page {number} is neither tagged nor an artifact"
            yield Finding("P111", message, hint=_MADE)
    places = Counter(kid for one in elements for kid in one.kids if isinstance(kid, tuple))
    if twice := [page for (page, _), count in places.items() if count > 1]:
        yield Finding("P111", f"{name}: something on page {twice[0] + 1} is read twice", hint=_MADE)
    tags = contents.tags
    read = [one for root in tags.roots for one in _read(root, language, tags.texts)]
    heard = _folded(words for _, words in read)
    said = _folded(words or "" for _, words in spoken.texts)
    if not _is_within(said, heard):
        words = _first_missing(spoken, heard)
        message = f"{name}: read by its tags, the file does not say this in its place: '{words}'"
        yield Finding("P111", message, hint="see what a style sheet moves in front of other text")
        return
    yield from _languages(spoken, read, name)


def _languages(spoken: Spoken, read: list[tuple[str, str]], name: str) -> Iterator[Finding]:
    """All that a proof says in a language is read in it, and nothing in another one."""
    said: dict[str, list[str]] = {}
    for lang, words in spoken.texts:
        said.setdefault(lang.lower(), []).append(words or " ")
    strange = next(((lang, words) for lang, words in read if lang.lower() not in said), None)
    if strange:
        message = f"{name}: the tags say that this is '{strange[0]}': '{strange[1][:SHOWN]}'"
        yield Finding("P113", message, hint=_MADE)
        return
    for lang, texts in said.items():
        if not _is_within(_folded(texts), _folded(words for one, words in read if one.lower() == lang)):
            shown = " ".join("".join(texts).split())[:SHOWN]
            yield Finding("P113", f"{name}: the tags do not say that this is '{lang}': '{shown}'", hint=_MADE)


def _read(element: Element, lang: str, texts: dict[tuple[int, int], str]) -> Iterator[tuple[str, str]]:
    """Give what is read of an element, with its language."""
    lang = element.lang or lang
    if element.actual is not None:
        yield lang, element.actual
        return
    for kid in element.kids:
        if isinstance(kid, Element):
            yield from _read(kid, lang, texts)
        elif isinstance(kid, tuple):
            yield lang, texts.get(kid, "")


def _folded(words: Iterable[str]) -> str:
    """Give the characters of texts that count, accents in one order."""
    return folded(unicodedata.normalize("NFKD", "".join(words)))


def _is_within(said: str, heard: str) -> bool:
    """Tell whether all is heard in its order; a style sheet may add to it by `content`."""
    rest = iter(heard)
    return said == heard or all(one in rest for one in said)


def _first_missing(spoken: Spoken, heard: str) -> str:
    """Give the first block that is not heard after the one before it."""
    at, block = 0, ""
    for _, words in [*spoken.texts, ("", None)]:
        if words is not None:
            block += words
        elif whole := _folded([block]):
            found = heard.find(whole, at)
            if found < 0:
                break
            at, block = found + len(whole), ""
    return " ".join(block.split())[:SHOWN]


def _notes(elements: list[Element], spoken: Spoken, name: str) -> Iterator[Finding]:
    notes = sum(one.type == "Note" for one in elements)
    if notes != spoken.notes:
        message = f"{name}: the tags have {notes} notes, and the document {spoken.notes}"
        yield Finding("P112", message, hint=_NOTE)
    for parent in elements:
        before = None
        for kid in parent.kids:
            if isinstance(kid, Element) and kid.type == "Note" and (fault := _untied(before, kid)):
                yield Finding("P112", f"{name}: a note has {fault}", hint=_NOTE)
            before = kid if isinstance(kid, Element) else None


_NOTE = "a note is an element of the class 'note', set as a footnote; see layouts/base/runs.html"


def _untied(call: Element | None, note: Element) -> str:
    """Say what a note lacks beside the element before it, if anything."""
    label = note.kids[0] if note.kids else None
    if not isinstance(label, Element) or label.type != "Lbl":
        return "no label"
    if call is None or call.type != "Reference":
        return "no reference before it"
    there, back = _link(call), _link(label)
    if there is None or not _leads(there, back):
        return "no link from its call"
    return "" if _leads(back, there) else "no link to its call"


def _link(element: Element) -> Annotation | None:
    return next((kid for one in element.walk() for kid in one.kids if isinstance(kid, Annotation)), None)


def _leads(link: Annotation | None, to: Annotation | None) -> bool:
    """Tell whether a link leads to where another one is; where there is no other, whether it leads anywhere."""
    if link is None or link.target is None:
        return False
    page, x, y = link.target
    return to is None or (
        page == to.page and to.left - NEAR <= x <= to.right + NEAR and to.bottom - NEAR <= y <= to.top + NEAR
    )


def _descriptions(contents: Contents, elements: list[Element], spoken: Spoken, name: str) -> Iterator[Finding]:
    figures = Counter(one.alternative for one in elements if one.type == "Figure")
    untold = list((Counter(filter(None, spoken.pictures)) - figures).elements())
    if figures[""] and not untold:
        yield Finding("P114", f"{name}: a figure has no alternative text", hint="write the alt of the picture")
    for alternative in untold:
        message = f"{name}: no figure is tagged as '{alternative[:SHOWN]}'"
        yield Finding("P114", message, hint="write the alt of the picture")
    told = {kid for one in elements if one.type == "Link" for kid in one.kids if isinstance(kid, Annotation)}
    undescribed = [one for one in contents.tags.annotations if not one.description]
    untagged = [one for one in contents.tags.annotations if one not in told]
    for what, links in (("no description", undescribed), ("no tag", untagged)):
        if links:
            yield Finding("P114", f"{name}: a link on page {links[0].page + 1} has {what}", hint=_MADE)
    if any(kid is None for one in elements for kid in one.kids):
        yield Finding("P114", f"{name}: the tags name a link that is on no page", hint=_MADE)
