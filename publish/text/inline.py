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
    """Runs that share a property: emphasis, strong, raised, a reading direction of their own (`ltr`, `rtl`; `number` is
    one from the left in the digits of the text), or what stands out among ideographs (`latin`, a word with an
    apostrophe, and `thin`, a space).
    """

    kind: Literal["emphasis", "strong", "raised", "ltr", "rtl", "number", "latin", "thin"]
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


_MARKED = re.compile(r"[*\[\]^\\\u202a-\u202e\u2066-\u2069]")


def is_plain(text: str) -> bool:
    """Tell whether a text has no mark of the subset and no direction mark, so that nothing can be wrong in it."""
    return not _MARKED.search(text)


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
    for run in runs:
        words = run.text if isinstance(run, Text) else ""
        for name in names:
            words = words.replace(name, name.replace(" ", "\u00a0"))
        result.append(Text(words) if words else run)
    return _last_unparted(result)[0]


def _last_unparted(runs: Sequence[Run]) -> tuple[tuple[Run, ...], bool]:
    """Put a no-break space before the last word of runs; tells whether they have a space before it."""
    result = list(runs)
    for index in reversed(range(len(result))):
        run = result[index]
        if isinstance(run, Text) and " " in run.text.rstrip(" " if index == len(result) - 1 else ""):
            result[index] = Text("\u00a0".join(run.text.rsplit(" ", 1)))
            return tuple(result), True
        if isinstance(run, Span | Link):
            inside, done = _last_unparted(run.runs)
            if done:
                result[index] = replace(run, runs=inside)
                return tuple(result), True
    return tuple(result), False


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
_MAY_TURN = re.compile("[\u0590-\u08ff\u200f\ufb1d-\ufdff\ufe70-\ufeff\U00010800-\U00010fff\U0001e800-\U0001efff]")
_OPENERS = dict.fromkeys("\u202a\u202b\u202d\u202e", "\u202c") | dict.fromkeys("\u2066\u2067\u2068", "\u2069")


_MARKS = re.compile("[\u202a-\u202e\u2066-\u2069]")


def _unpaired_marks(text: str) -> Iterator[Fault]:
    """Embeddings, overrides and isolates must close in the text that opens them, or they turn the page around."""
    open_marks: list[str] = []
    for character in _MARKS.findall(text):
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
    """Wrap each stretch that reads against the base direction, and each number that is made of several runs.

    The engine orders the characters of a line's part of a run by the Unicode bidirectional algorithm, but runs and
    lines by the base direction alone; so "*Treaty Series*, vol. 2302" in Arabic must stand in a run of its own
    direction, with the brackets that belong to it.
    """
    if base == "ltr" and not any(map(_MAY_TURN.search, map(_plain, runs))):
        return runs
    other: Direction = "rtl" if base == "ltr" else "ltr"
    pieces: list[Run] = []
    for run in runs:
        if isinstance(run, Text):
            pieces.extend(Text(word) for word in _stretches(run.text))
        elif isinstance(run, Span | Link):
            inside = _islands(run.runs, base)
            match inside:
                case (Span(kind=kind, runs=whole),) if kind == other:
                    inside = whole
            pieces.append(replace(run, runs=inside))
        else:
            pieces.append(run)
    result: list[Run] = []
    while pieces:
        length = _island(pieces, other)
        number = 0 if length or base == "ltr" else _number(pieces)
        length = length or number
        inside = tuple(_joined(pieces[: max(length, 1)]))
        if length and not all(isinstance(run, Text) and run.text.isalpha() for run in inside):
            result.append(Span("number" if number else other, inside))
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


@cache
def _strength(character: str) -> str:
    kind = unicodedata.bidirectional(character)
    return "ltr" if kind in _LEFT else "rtl" if kind in _RIGHT else "number" if kind in {"EN", "AN"} else ""


def _island(pieces: list[Run], other: Direction) -> int:
    """Count the leading pieces that make one stretch of the other direction: it begins strongly and ends so.

    A note called at its end stands after it in the base direction, so a call counts only inside. A closing bracket
    that belongs to it is parted from the piece that follows.
    """
    if not pieces or _beginning(pieces[0]) != other or _leaning(pieces[0]) - {"number"} != {other}:
        return 0
    length = 0
    for number, piece in enumerate(pieces, 1):
        leaning = _leaning(piece)
        if leaning - {"number", other} or _COMMA in _plain(piece):
            break
        if leaning:
            length = number
    return _balanced(pieces, length)


def _balanced(pieces: list[Run], length: int) -> int:
    """Let a stretch have the partners of its brackets, or neither."""
    open_: list[tuple[str, int]] = []
    for number, piece in enumerate(pieces[:length]):
        for character in _plain(piece):
            if character in _PARTNERS:
                open_.append((_PARTNERS[character], number))
            elif character in _PARTNERS.values() and (not open_ or open_.pop()[0] != character):
                return _trimmed(pieces, number)
    closing = "".join(partner for partner, _ in reversed(open_))
    follows = pieces[length] if length < len(pieces) else None
    if closing and isinstance(follows, Text) and follows.text.startswith(closing):
        rest = follows.text[len(closing) :]
        pieces[length : length + 1] = [Text(closing), *([Text(rest)] if rest else [])]
        return length + 1
    return _trimmed(pieces, open_[0][1]) if open_ else length


_COMMA = "،"
_PARTNERS = dict(zip("([{“«", ")]}”»", strict=True))


def _trimmed(pieces: Sequence[Run], length: int) -> int:
    """Leave out pieces without direction at the end of a stretch."""
    while length and not _leaning(pieces[length - 1]):
        length -= 1
    return length


_IN_NUMBER = re.compile(r"[\d./:,]+")


def _number(pieces: Sequence[Run]) -> int:
    """Count the leading pieces that make one number with a mark, a link or a call inside, as "55/*109*"."""
    length = 0
    for number, piece in enumerate(pieces, 1):
        if isinstance(piece, NoteCall) and length:
            continue
        if not _IN_NUMBER.fullmatch(_plain(piece)) or (not length and _beginning(piece) != "number"):
            break
        if _leaning(piece):
            length = number
    return 0 if all(isinstance(piece, Text) for piece in pieces[:length]) or length == 1 else length


def _beginning(run: Run) -> str:
    return next((strength for character in _plain(run) if (strength := _strength(character))), "")


def _leaning(run: Run) -> set[str]:
    if isinstance(run, SymbolLink):
        return {_strength(run.text[0])}
    return {strength for character in _plain(run) if (strength := _strength(character))}
