"""Inline Markdown -> runs: text, emphasis, note calls, links, and the stretches that read the other way.

The only owner of markdown-it-py. The subset is `*emphasis*`, `**strong**`, `^raised^`, `[words](address)`,
`[^note]` and the backslash that takes a mark's meaning away; all else, HTML included, is text.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Literal, NamedTuple

from markdown_it import MarkdownIt
from markdown_it.rules_inline.state_inline import Delimiter
from mdit_py_plugins.superscript import superscript_plugin

from publish.text import symbol

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from markdown_it.rules_inline import StateInline
    from markdown_it.token import Token

Direction = Literal["ltr", "rtl"]
DEEPEST = 12
MOST_UNCLOSED = 3  # named in one text; a fourth asterisk that closes nothing says no more
SCHEMES = ("http://", "https://", "mailto:")


@dataclass(frozen=True, slots=True)
class Text:
    """Plain characters."""

    text: str
    kind: str = "text"


@dataclass(frozen=True, slots=True)
class Span:
    """Runs that share a property: emphasis, strong, raised, a reading direction of their own (`ltr`, `rtl`), or what
    stands out among ideographs (`latin`, a word with an apostrophe, and `thin`, a space).
    """

    kind: Literal["emphasis", "strong", "raised", "ltr", "rtl", "latin", "thin"]
    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """Runs that lead to an address the author wrote."""

    address: str
    runs: tuple[Run, ...]
    kind: str = "link"


@dataclass(frozen=True, slots=True)
class SymbolLink:
    """A document symbol or resolution number as it stands in the text; it never breaks and reads left to right."""

    symbol: symbol.Symbol
    text: str
    kind: str = "symbol"


@dataclass(frozen=True, slots=True)
class NoteCall:
    """A call of the note `id`. The resolution numbers it: 1, 2, ... or, as an annotation, by asterisks (negative).

    first tells whether the note is called here for the first time, so that it stands at the foot of this page.
    """

    id: str
    number: int = 0
    first: bool = True
    kind: str = "note"


Run = Text | Span | Link | SymbolLink | NoteCall
_THIN = Span("thin", (Text(" "),))


class Fault(NamedTuple):
    """What is wrong in a text: a finding's code, message and hint, and which occurrence of which words it is about."""

    code: str
    message: str
    words: str
    occurrence: int = 0
    hint: str = ""


def parse(text: str, direction: Direction = "ltr") -> tuple[tuple[Run, ...], list[Fault]]:
    """Read a text of a given base direction into runs, with what is wrong in it."""
    faults = list(_unpaired_marks(text))
    tokens = _markdown().parseInline(text.replace("\n", " ").replace("\t", " ").strip(" "))[0].children or []
    if _depth(tokens) > DEEPEST:
        return (Text(text),), [Fault("S21", f"marks are nested more than {DEEPEST} deep", "*")]
    faults.extend(_unclosed(tokens))
    runs = _runs(iter(tokens), faults)
    return _islands(runs, direction), faults


def plain(runs: Sequence[Run]) -> str:
    """Give the characters of runs, note calls left out."""
    return "".join(_plain(run) for run in runs)


def _plain(run: Run) -> str:
    if isinstance(run, Text | SymbolLink):
        return run.text
    return "" if isinstance(run, NoteCall) else plain(run.runs)


def calls(runs: Sequence[Run]) -> Iterator[NoteCall]:
    """Give the note calls of runs in reading order."""
    for run in runs:
        if isinstance(run, NoteCall):
            yield run
        elif isinstance(run, Span | Link):
            yield from calls(run.runs)


def number_calls(runs: Sequence[Run], numbered: Iterator[NoteCall]) -> tuple[Run, ...]:
    """Put the numbered calls in the place of the runs' own, in reading order."""
    result: list[Run] = []
    for run in runs:
        if isinstance(run, NoteCall):
            result.append(next(numbered))
        elif isinstance(run, Span | Link):
            result.append(replace(run, runs=number_calls(run.runs, numbered)))
        else:
            result.append(run)
    return tuple(result)


_LATIN_WORD = re.compile(r"((?:[A-Za-z\u00c0-\u024f]+’)+[A-Za-z\u00c0-\u024f]+)")
_LATIN = "[A-Za-z0-9\u00c0-\u024f]"
_IDEOGRAPH = "[\u3400-\u4dbf\u4e00-\u9fff]"
_JOINT = re.compile(f"(?<={_IDEOGRAPH})(?={_LATIN})|(?<={_LATIN})(?={_IDEOGRAPH})")


def apart(runs: Sequence[Run], *, thin: bool) -> tuple[Run, ...]:
    """Set Latin words with an apostrophe apart in a text of ideographs, which has a wide apostrophe of its own.

    With `thin`, a thin space stands wherever ideographs meet Latin letters or digits.
    """
    result: list[Run] = []
    for run in runs:
        if thin and result and _JOINT.search(f"{_plain(result[-1])[-1:]}{_plain(run)[:1]}"):
            result.append(_THIN)
        if isinstance(run, Text):
            for index, part in enumerate(_JOINT.split(run.text) if thin else [run.text]):
                words = [Text(one) if turn % 2 == 0 else Span("latin", (Text(one),)) for turn, one in _cuts(part)]
                result.extend([_THIN, *words] if index else words)
        else:
            result.append(run)
    return tuple(result)


def _cuts(text: str) -> Iterator[tuple[int, str]]:
    return ((turn, one) for turn, one in enumerate(_LATIN_WORD.split(text)) if one)


def unparted(runs: Sequence[Run], *, names: Collection[str]) -> tuple[Run, ...]:
    """Keep names on one line, and the last line of a heading from being a single word."""
    result: list[Run] = []
    last = max((index for index, run in enumerate(runs) if not isinstance(run, NoteCall)), default=0)
    for index, run in enumerate(runs):
        if isinstance(run, Text):
            words = run.text
            for name in names:
                words = words.replace(name, name.replace(" ", "\u00a0"))
            if index == last:
                words = "\u00a0".join(words.rsplit(" ", 1))
            result.append(Text(words))
        else:
            result.append(run)
    return tuple(result)


LONGEST_PIECE = 600
_ENDS = ".;!?。；！？؛؟"


def pieces(runs: Sequence[Run]) -> list[tuple[Run, ...]]:
    """Cut a text that could be longer than a page into pieces of some 600 characters, after sentences where it can.

    A text of up to two pieces' length stays whole.
    """
    return _parted(runs) if len(plain(runs)) > 2 * LONGEST_PIECE else [tuple(runs)]


def _parted(runs: Sequence[Run]) -> list[tuple[Run, ...]]:
    done: list[tuple[Run, ...]] = []
    current: list[Run] = []
    length = 0
    for run in _small(runs):
        rest = run
        while isinstance(rest, Text) and length + len(rest.text) > LONGEST_PIECE:
            cut = _cut(rest.text, LONGEST_PIECE - length)
            done.append((*current, Text(rest.text[:cut].rstrip())))
            current, length, rest = [], 0, Text(rest.text[cut:].lstrip())
        current.append(rest)
        length += len(_plain(rest))
    return [*done, tuple(current)] if plain(current) else done


def _small(runs: Sequence[Run]) -> Iterator[Run]:
    """Give runs, a span or link that is itself too long in several of its kind."""
    for run in runs:
        if isinstance(run, Span | Link) and len(plain(run.runs)) > LONGEST_PIECE:
            for part in _parted(run.runs):
                yield replace(run, runs=part)
                yield Text(" ")
        else:
            yield run


def _cut(text: str, room: int) -> int:
    """Give the place to cut a text within some room: after a sentence, else at a space, else where the room ends."""
    room = max(room, 1)
    for kind in (_ENDS, " "):
        for index in range(min(room, len(text)), 0, -1):
            follows = text[index : index + 1]
            if text[index - 1] in kind and (kind == " " or not follows or not follows.isascii() or follows == " "):
                return index
    return room


# ---- Markdown


@cache
def _markdown() -> MarkdownIt:
    markdown = MarkdownIt("zero").enable(["escape", "link", "emphasis", "balance_pairs"]).use(superscript_plugin)
    markdown.validateLink = lambda _: True  # type: ignore[method-assign,assignment]  # judged by _link, with a finding
    markdown.disable(["fragments_join", "text_join"])  # an asterisk left alone stays a token of its own
    markdown.inline.ruler.at("emphasis", _emphasis)
    markdown.inline.ruler.before("link", "note_call", _note_call)
    return markdown


def _emphasis(state: StateInline, silent: bool) -> bool:
    """Scan asterisks; unlike CommonMark any letter may touch them, as no space parts words in Chinese."""
    start = state.pos
    if state.src[start] != "*" or silent:
        return False
    end = start
    while end < state.posMax and state.src[end] == "*":
        end += 1
    opens = end < state.posMax and not state.src[end].isspace()
    closes = start > 0 and not state.src[start - 1].isspace()
    for _ in range(end - start):
        state.push("text", "", 0).content = "*"
        state.delimiters.append(
            Delimiter(
                marker=ord("*"), length=end - start, token=len(state.tokens) - 1, end=-1, open=opens, close=closes
            )
        )
    state.pos = end
    return True


def _note_call(state: StateInline, silent: bool) -> bool:
    if not state.src.startswith("[^", state.pos):
        return False
    end = state.src.find("]", state.pos, state.posMax)
    name = state.src[state.pos + 2 : end]
    if end < 0 or not name or not all(one.isalnum() or one in "*_-." for one in name):
        return False
    if not silent:
        state.push("note_call", "", 0).content = name
    state.pos = end + 1
    return True


_SPANS: dict[str, Literal["emphasis", "strong", "raised"]] = {
    "em_open": "emphasis",
    "strong_open": "strong",
    "sup_open": "raised",
}


def _runs(tokens: Iterator[Token], faults: list[Fault], *, symbols: bool = True) -> tuple[Run, ...]:
    """Give the runs up to the token that closes their span; an escaped character is no part of a symbol."""
    runs: list[Run] = []
    for token in tokens:
        if token.type.endswith("_close"):
            break
        if token.type in _SPANS:
            kind = _SPANS[token.type]
            runs.append(Span(kind, _runs(tokens, faults, symbols=symbols and kind != "raised")))
        elif token.type == "link_open":
            if "title" in token.attrs:
                faults.append(
                    Fault("S25", "a link has a title, which is not printed", "](", hint="leave the title out")
                )
            inside = _runs(tokens, faults, symbols=False)
            if not inside:
                faults.append(Fault("S20", "a link has no words", "[](", hint="write its words between the brackets"))
            runs.append(_link(str(token.attrs["href"]), inside, faults))
        elif token.type == "note_call":
            runs.append(NoteCall(token.content))
        elif symbols and token.type == "text":
            runs.extend(_symbols(token.content))
        elif token.content:
            runs.append(Text(token.content))
    return tuple(_joined(runs))


def _joined(runs: Sequence[Run]) -> Iterator[Run]:
    pending = ""
    for run in runs:
        if isinstance(run, Text):
            pending += run.text
            continue
        if pending:
            yield Text(pending)
            pending = ""
        yield run
    if pending:
        yield Text(pending)


def _link(address: str, runs: tuple[Run, ...], faults: list[Fault]) -> Run:
    if not address.startswith(SCHEMES):
        hint = "an address begins with https://, http:// or mailto:"
        message = f"a link leads to '{address[:60]}', which is not allowed"
        faults.append(Fault("S19", message, address or "](", hint=hint))
    return Link(address, runs)


def _unclosed(tokens: Sequence[Token]) -> Iterator[Fault]:
    """Asterisks that open or close nothing would be printed; so would the brackets of a note call that is none."""
    asterisks = brackets = unclosed = 0
    for token in tokens:
        if token.type == "text" and token.content == "*" and unclosed < MOST_UNCLOSED:
            unclosed += 1
            hint = r"close the emphasis with a second asterisk right after a word, or write \* for an asterisk"
            yield Fault("S25", "an asterisk opens or closes no emphasis", "*", asterisks, hint)
        elif token.type == "text" and "[^" in token.content:
            hint = r"a note call is written [^name], with letters, digits and hyphens; write \[ for a bracket"
            yield Fault("S25", "a bracket opens a note call that does not close", "[^", brackets, hint)
        asterisks += (token.content + token.markup).count("*") if token.type != "text_special" else token.content == "*"
        brackets += token.type == "note_call"


def _depth(tokens: Sequence[Token]) -> int:
    depth = deepest = 0
    for token in tokens:
        depth += token.type.endswith("_open") - token.type.endswith("_close")
        deepest = max(deepest, depth)
    return deepest


# ---- Symbols


def _symbols(text: str) -> Iterator[Run]:
    done = 0
    for start, end, found in symbol.find(text):
        if start > done:
            yield Text(text[done:start])
        yield SymbolLink(found, text[start:end])
        done = end
    if done < len(text):
        yield Text(text[done:])


# ---- Direction

_LEFT = {"L"}
_RIGHT = {"R", "AL"}
_OPENERS = dict.fromkeys("\u202a\u202b\u202d\u202e", "\u202c") | dict.fromkeys("\u2066\u2067\u2068", "\u2069")


def _unpaired_marks(text: str) -> Iterator[Fault]:
    """Embeddings, overrides and isolates must close in the text that opens them, or they turn the page around."""
    open_marks: list[str] = []
    for character in text:
        if character in _OPENERS:
            open_marks.append(character)
        elif character in _OPENERS.values() and (not open_marks or _OPENERS[open_marks.pop()] != character):
            yield _unpaired(character)
            return
    for character in open_marks:
        yield _unpaired(character)


def _unpaired(character: str) -> Fault:
    name = unicodedata.name(character).lower()
    hint = "remove it, or write its partner"
    return Fault("S16", f"{name} (U+{ord(character):04X}) is unpaired", character, hint=hint)


def _islands(runs: tuple[Run, ...], base: Direction) -> tuple[Run, ...]:
    """Wrap each stretch of several runs that reads against the base direction.

    The engine orders characters within a run by the Unicode bidirectional algorithm, but runs by the base
    direction alone; so "*Treaty Series*, vol. 2302" in Arabic must stand in a run of its own direction.
    """
    other: Direction = "rtl" if base == "ltr" else "ltr"
    pieces: list[Run] = []
    for run in runs:
        if isinstance(run, Text):
            pieces.extend(Text(word) for word in _stretches(run.text))
        elif isinstance(run, Span | Link):
            pieces.append(replace(run, runs=_islands(run.runs, base)))
        else:
            pieces.append(run)
    result: list[Run] = []
    while pieces:
        length = _island(pieces, other)
        inside = tuple(_joined(pieces[: max(length, 1)]))
        if length and (len(inside) > 1 or isinstance(inside[0], Span)):
            result.append(Span(other, inside))
        else:
            result.extend(inside)
        del pieces[: max(length, 1)]
    return tuple(_joined(result))


def _stretches(text: str) -> Iterator[str]:
    """Cut a text before and after each character that has no strong direction next to one that has."""
    start = 0
    for index in range(1, len(text)):
        if _strength(text[index]) != _strength(text[index - 1]):
            yield text[start:index]
            start = index
    yield text[start:]


def _strength(character: str) -> str:
    kind = unicodedata.bidirectional(character)
    return "ltr" if kind in _LEFT else "rtl" if kind in _RIGHT else "number" if kind in {"EN", "AN"} else ""


def _island(pieces: Sequence[Run], other: Direction) -> int:
    """Count the leading pieces that make one stretch of the other direction: it begins strongly and ends so.

    A note called at its end stands after it in the base direction, so a call counts only inside.
    """
    if not pieces or _beginning(pieces[0]) != other or _leaning(pieces[0]) - {"number"} != {other}:
        return 0
    length = 0
    for number, piece in enumerate(pieces, 1):
        leaning = _leaning(piece) - {"number"}
        if leaning - {other}:
            break
        if leaning or "number" in _leaning(piece):
            length = number
    return length


def _beginning(run: Run) -> str:
    if isinstance(run, SymbolLink):
        return "ltr"
    return next((strength for character in _plain(run) if (strength := _strength(character))), "")


def _leaning(run: Run) -> set[str]:
    if isinstance(run, SymbolLink):
        return {"ltr"}
    return {strength for character in _plain(run) if (strength := _strength(character))}
