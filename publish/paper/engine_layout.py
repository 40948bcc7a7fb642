"""What WeasyPrint 70.0 does not lay out as official documents ask, put right in one place.

Written for just that version, which the press insists on; the tests say when the engine no longer needs a part.

1. Justification. The engine re-shapes a line with wider spaces and misses the edge; it knows no space in Chinese.
   Here the extra goes to the advances of glyphs when the line is drawn: exact in every script, and in Chinese also
   between ideographs.
2. Line ends in Chinese. A closing mark has its outline in the left half of an em. Here its empty half may stand beyond
   the edge, so that it makes no dent in it, and a mark that fits without that half stays on its line.
3. Right-to-left. A first-line indent and automatic margins go to the wrong side, and a space that ends a line keeps
   its room at the left edge.
4. Squeezing. The official edition takes one more word into a justified line by narrowing its spaces, which the engine
   never does.
5. Notes. Where a paragraph does not fit, the engine sends notes that stand on the page already to the next one to make
   room, away from their calls. Here the paragraph moves instead. And it never parts a note: one that does not fit goes
   to the next page with its line, or alone. Here it begins below its call and goes on overleaf.
6. Line ends before a link, a call or emphasis. Of a text that fits a line but for the space that ends it, the engine
   takes the first word alone. Here it takes the whole, or what stands before a last word that may not part from the
   next.
7. Words longer than a line. The engine takes the start of an element for that of the line, and breaks words there.
8. Numbers of lines, which no style sheet gives.
9. Drawing. The engine rounds each advance by itself, so that lines that it means to end at the edge end up to half a
   point before it. Here what is rounded off is carried on, and tracking is said once for a text. Also, the engine
   writes empty strings between glyphs, after which PDFium, as in Chrome, forgets the last space of a run of type. Here
   they are left out. And of a letter drawn with several glyphs it says once for the whole document
   that the last of them stands for nothing, which loses that letter elsewhere.
10. Speed. The engine lays every right-to-left line out twice, as it takes it for one that moved; it works out each
   property of a style by itself, and what a style alone decides anew for each piece of text; and it lays out all notes
   of a page for each that is added. The bytes of a file are the same with and without.
"""

from __future__ import annotations

import linecache
import re
import unicodedata
from bisect import bisect
from collections import defaultdict
from contextlib import contextmanager
from functools import cache, wraps
from math import ceil, inf
from typing import TYPE_CHECKING, Any

from weasyprint import css, document, layout
from weasyprint.css.computed_values import COMPUTER_FUNCTIONS
from weasyprint.css.properties import INHERITED, INITIAL_VALUES, ZERO_PIXELS
from weasyprint.draw import text as drawing
from weasyprint.formatting_structure import boxes, build
from weasyprint.layout import block, inline, page, preferred
from weasyprint.pdf.stream import Stream
from weasyprint.text import line_break
from weasyprint.text.ffi import TO_UNITS, ffi

if TYPE_CHECKING:
    from collections.abc import Iterator

POINTS = frozenset("，。、；：！？．")
SPACES = frozenset(" \u00a0")
ZERO_WIDTH = "\u200b"
WIDEST = 0.45  # of the type size: a Chinese line that would need more is left as it is
_IDEOGRAPHIC = (
    (0x2E80, 0x2FDF),
    (0x3000, 0x303F),
    (0x3040, 0x30FF),
    (0x3400, 0x4DBF),
    (0x4E00, 0x9FFF),
    (0xF900, 0xFAFF),
    (0xFF00, 0xFFEF),
)


def install() -> None:
    """Put the engine's layout right, once a process."""
    if inline.justify_line is _justify_line:
        return
    inline.justify_line = _justify_line
    inline.split_inline_box = _squeezed(_from_its_start(inline.split_inline_box))
    inline.split_text_box = _at_line_start(inline.split_text_box)
    inline.text_align = _aligned(inline.text_align)
    line_break.Layout.get_first_line = _expanded(line_break.Layout.get_first_line)
    line_break.Layout.reactivate = _reactivate
    _rewrite(inline, "get_next_linebox", {MOVED_FROM_THE_RIGHT: MOVED})
    inline.get_next_linebox = _indented(inline.get_next_linebox)
    inline.remove_last_whitespace = _trimmed(inline.remove_last_whitespace)
    inline.split_first_line = _overhanging(_whole(inline.split_first_line))
    Stream.show_text = _without_empty_strings(Stream.show_text)
    drawing._characters = _characters
    drawing._track = _track
    drawn = {STANDS_FOR_SOMETHING: KNOWN_TO_STAND, ALL_OF_A_CLUSTER: ITS_SHARE}
    _rewrite(drawing, "draw_first_line", drawn | CARRIED_ON)
    _keep_notes()
    without_limits = _margins(block.block_level_width.without_min_max)
    block.block_level_width = _margins(block.block_level_width)
    block.block_level_width.without_min_max = without_limits
    for style in (css.ComputedStyle, css.AnonymousStyle):
        style.__missing__ = _all_at_once(style.__missing__)
    line_break.get_font_description = _once_a_style(line_break.get_font_description)
    line_break.strut = inline.strut = _once_a_style(line_break.strut)
    layout.LayoutContext._update_footnote_area = _note_by_note(layout.LayoutContext._update_footnote_area)


# ---- Justification


def _justify_line(context: Any, line: Any, extra: float) -> None:  # noqa: ARG001  # the engine's own signature
    """Share the room left in a line among its opportunities: spaces, and in Chinese the joints of ideographs."""
    texts = [box for box in _text_boxes(line) if box is None or box.text]
    last = texts[-1] if texts else None
    if last is not None and not hasattr(last.pango_layout, "overhang") and _ends_half_empty(last.text):
        extra += last.style["font_size"] / 2
    plan: dict[int, list[int]] = {}
    for index, box in enumerate(texts):
        if box is not None:
            follower = texts[index + 1] if index + 1 < len(texts) else None
            after = follower.text.lstrip(ZERO_WIDTH)[:1] if follower is not None else ""
            plan[id(box)] = _opportunities(box.text, after)
    total = sum(map(len, plan.values()))
    if not total:
        return
    step = extra / total
    if step > WIDEST * line.style["font_size"] and any(map(_is_ideographic, "".join(box.text for box in texts if box))):
        return
    _widen(line, step, 0, plan)


def _text_boxes(box: Any) -> list[Any]:
    """Give the text boxes of a line in logical order, and None for each box that is not text."""
    if isinstance(box, boxes.TextBox):
        return [box]
    if isinstance(box, boxes.LineBox | boxes.InlineBox):
        return [found for child in box.children if child.is_in_normal_flow() for found in _text_boxes(child)]
    return [None] if box.is_in_normal_flow() else []


def _opportunities(text: str, after: str) -> list[int]:
    """Give the indexes of the characters after which room may be added; `after` is what follows the text."""
    shown = [(index, character) for index, character in enumerate(text) if character != ZERO_WIDTH]
    followers = [character for _, character in shown[1:]] + [after]
    return [
        index
        for (index, character), follower in zip(shown, followers, strict=False)
        if follower and (character in SPACES or _may_part(character, follower))
    ]


def _may_part(character: str, follower: str) -> bool:
    if not (_is_ideographic(character) or _is_ideographic(follower)):
        return False
    return not (_opens(character) or _closes(follower) or follower in SPACES)


@cache
def _opens(character: str) -> bool:
    return unicodedata.category(character) in {"Ps", "Pi"}


@cache
def _closes(character: str) -> bool:
    return character in POINTS or unicodedata.category(character) in {"Pe", "Pf"}


@cache
def _is_ideographic(character: str) -> bool:
    return any(first <= ord(character) <= last for first, last in _IDEOGRAPHIC)


def _widen(box: Any, step: float, advance: float, plan: dict[int, list[int]]) -> float:
    """Widen the text boxes below a box by their share and move what stands after them; gives the advance so far."""
    if isinstance(box, boxes.TextBox):
        box.position_x += advance
        indexes = plan.get(id(box), [])
        if indexes:
            offsets = _byte_offsets(box.text, indexes)
            box.pango_layout.expansion = dict.fromkeys(offsets, step * TO_UNITS)
            box.pango_layout.text = box.text
            box.width += step * len(indexes)
            advance += step * len(indexes)
    elif isinstance(box, boxes.LineBox | boxes.InlineBox):
        before = advance
        box.position_x += advance
        children = box.children[::-1] if box.style["direction"] == "rtl" else box.children
        for child in children:
            if child.is_in_normal_flow():
                advance = _widen(child, step, advance, plan)
        box.width += advance - before
    else:
        box.translate(advance, 0)
    return advance


def _byte_offsets(text: str, indexes: list[int]) -> list[int]:
    return indexes if text.isascii() else [len(text[:index].encode()) for index in indexes]


def _reactivate(layout: Any, style: Any) -> None:
    layout.setup(style)
    layout.set_text(layout.text, justify=not hasattr(layout, "expansion"))
    layout.to_expand = hasattr(layout, "expansion")


def _expanded(get_first_line: Any) -> Any:
    def get_first_line_expanded(layout: Any) -> Any:
        line, index = get_first_line(layout)
        if getattr(layout, "to_expand", False):
            layout.to_expand = False
            _expand(line, layout.expansion)
        return line, index

    return get_first_line_expanded


def _expand(line: Any, expansion: dict[int, float]) -> None:
    """Add to the advance of the last glyph of each cluster what its characters get, carrying what rounding leaves."""
    carry = 0.0
    run = line.runs
    while run != ffi.NULL:
        glyphs, item = run.data.glyphs, run.data.item
        last = {start: index for index, start in enumerate(ffi.unpack(glyphs.log_clusters, glyphs.num_glyphs))}
        starts = sorted(last)
        extras: dict[int, float] = defaultdict(float)
        for offset, extra in expansion.items():
            if 0 <= offset - item.offset < item.length:
                extras[last[starts[bisect(starts, offset - item.offset) - 1]]] += extra
        for index, extra in sorted(extras.items()):
            whole = round(extra + carry)
            carry += extra - whole
            glyphs.glyphs[index].geometry.width += whole
        run = run.next


# ---- Squeezing

LISTS = 5  # how many lists the engine's function fills: absolute, fixed and placed boxes, floats, children of the line
CROWDED = 0.45  # spaces to an em of a line, more than any text has
ROUNDING = 0.01


def _squeezed(split_inline_box: Any) -> Any:
    """Let a justified line take what comes next where its spaces may be narrowed for that.

    The style sheet says how far, in `--squeeze: MOST RATIO`: a space may lose MOST of the type size, and at most RATIO
    of what the spaces would have to gain without the additional word.
    """

    def split_inline_box_squeezed(  # noqa: PLR0913  # the engine's own signature
        context: Any, box: Any, position: float, edge: float, bottom: float, skip: Any, block: Any, *rest: Any
    ) -> Any:
        most, ratio = _squeeze(box)
        if not most:
            return split_inline_box(context, box, position, edge, bottom, skip, block, *rest)

        def lay(edge: float) -> tuple[Any, float, list[list[Any]]]:
            """Give a line, by how much it is too long, and what the engine listed while it laid it out."""
            lists: list[list[Any]] = [[] for _ in rest[:LISTS]]
            found = split_inline_box(context, box, position, edge, bottom, skip, block, *lists, *rest[LISTS:])
            excess = found[0].width - measure
            return found, excess if excess <= 0 else _excess(context, found[0], measure), lists

        measure = edge - box.position_x
        line = longer = lay(edge + CROWDED * most * measure / box.style["font_size"])
        while line[1] > 0:
            shorter = lay(edge + line[1] - ROUNDING)
            if shorter[1] >= line[1]:
                break
            line, longer = shorter, line
        if line[1] <= 0 < longer[1]:
            loss = longer[1] / _spaces(longer[0][0])
            gain = -_excess(context, line[0][0], measure) / _spaces(line[0][0])
            if loss <= min(most, ratio * gain):
                line = longer
        for whole, part in zip(rest, line[2], strict=False):
            whole.extend(part)
        return line[0]

    return split_inline_box_squeezed


def _squeeze(box: Any) -> tuple[float, float]:
    """Give how much a space of a line may lose, and in what ratio to the gain; nothing where it may not."""
    if not isinstance(box, boxes.LineBox) or box.style["text_align_all"] != "justify":
        return 0, 0
    numbers = [token.value for token in box.style["__squeeze"] or [] if token.type == "number"]
    return (numbers[0] * box.style["font_size"], numbers[1]) if len(numbers) > 1 else (0, 0)


def _excess(context: Any, line: Any, measure: float) -> float:
    """Give by how much a line is longer than the measure, without the space that ends it."""
    return float(line.width - preferred.trailing_whitespace_size(context, line) - measure)


def _spaces(line: Any) -> int:
    words = "".join(box.text for box in _text_boxes(line) if box is not None).strip(" ")
    return max(1, sum(character in SPACES for character in words))


def _aligned(text_align: Any) -> Any:
    def text_align_squeezed(context: Any, line: Any, available: float, last: bool) -> Any:
        excess = line.width - available
        if 0 < excess <= _squeeze(line)[0] * _spaces(line):
            _justify_line(context, line, -excess)
            return 0
        return text_align(context, line, available, last)

    return text_align_squeezed


# ---- Line ends


def _from_its_start(split_inline_box: Any) -> Any:
    def split_inline_box_from_its_start(context: Any, box: Any, position: float, *rest: Any) -> Any:
        if isinstance(box, boxes.LineBox):
            context.line_start = position
        return split_inline_box(context, box, position, *rest)

    return split_inline_box_from_its_start


def _at_line_start(split_text_box: Any) -> Any:
    """Let a word break anywhere only where it is the first of its line, and not of its element."""

    def split_text_box_at_line_start(context: Any, box: Any, width: Any, skip: Any, is_line_start: bool = True) -> Any:
        at = getattr(box, "position_x", 0)  # which it has not while its width is looked for
        begins = at - getattr(context, "line_start", at) < ROUNDING
        return split_text_box(context, box, width, skip, is_line_start and begins)

    return split_text_box_at_line_start


def _whole(split_first_line: Any) -> Any:
    def split_first_line_whole(  # the engine's own signature
        text: str, style: Any, context: Any, max_width: float | None, *rest: Any, **options: Any
    ) -> Any:
        def split(text: str, width: float | None) -> Any:
            return split_first_line(text, style, context, width, *rest, **options)

        line = split(text, max_width)
        if line[2] is None or text[-1] not in SPACES or " " in line[0].text.rstrip():
            return line
        bare = split(text.rstrip(), max_width)
        if bare[2] is not None:
            return line
        return split(text, None if text[-1] == " " else bare[3] - ROUNDING)

    return split_first_line_whole


def _overhanging(split_first_line: Any) -> Any:
    def split_first_line_overhanging(  # noqa: PLR0913  # the engine's own signature
        text: str,
        style: Any,
        context: Any,
        max_width: float | None,
        justification_spacing: float,
        is_line_start: bool = True,
        minimum: bool = False,
    ) -> Any:
        def split(width: float | None) -> Any:
            return split_first_line(text, style, context, width, justification_spacing, is_line_start, minimum)

        line = split(max_width)
        resume_at = line[2]
        if resume_at is None or max_width is None or max_width == inf:
            return line
        half = style["font_size"] / 2
        if any(_closes(one) for one in text.encode()[resume_at:].decode()[:4]):
            longer = split(max_width + half)
            if longer[1] > line[1] and _ends_half_empty(longer[0].text) and longer[3] - half <= max_width:
                line = longer
        if not _ends_half_empty(line[0].text):
            return line
        layout, length, resume_at, width, height, baseline = line
        layout.overhang = half
        return layout, length, resume_at, width - half, height, baseline

    return split_first_line_overhanging


def _ends_half_empty(text: str) -> bool:
    """Tell whether a text ends with a closing mark a full em wide; a quotation mark is so after Chinese alone."""
    text = text.rstrip(ZERO_WIDTH)
    last, before = text[-1:] or " ", text[-2:-1] or " "
    return (_closes(last) and _is_ideographic(last)) or (last in "”’" and _is_ideographic(before))


# ---- Notes

SENDING_NOTES_AWAY = "report = not context.in_column and can_break_now and not could_break_before"
SENDING_A_NOTE_AWAY = """                if overflow:
                    context.report_footnote(footnote)"""
PARTING_NOTES = """                bottom = new_position_y + offset_y + bottom_space
                if overflow and not _part_notes(context, line, bottom):
                    context.report_footnote(footnote)"""
KEEPING_A_REST = """        if overflow and i != 0:
            context.report_footnote(reported_footnote)"""
PARTING_A_REST = """        if overflow and _part_rest(context, reported_footnote):
            context.reported_footnotes += reported_footnotes[i + 1:]
            break
        if overflow and i != 0:
            context.report_footnote(reported_footnote)"""
FEWEST_LINES = 2  # of a note on a page


def _keep_notes() -> None:
    """Replace conditions in the engine's layout of lines and pages; its functions are too long to write again."""
    block._part_notes, page._part_rest = _part_notes, _part_rest
    _rewrite(block, "_linebox_layout", {SENDING_NOTES_AWAY: "report = False", SENDING_A_NOTE_AWAY: PARTING_NOTES})
    _rewrite(page, "make_page", {KEEPING_A_REST: PARTING_A_REST})
    layout.LayoutContext.unlayout_footnote = _restored(layout.LayoutContext.unlayout_footnote)


def _rewrite(module: Any, function: str, instead: dict[str, str]) -> None:
    source = _source(getattr(module, function))
    for condition, other in instead.items():
        if source.count(condition) != 1:
            message = f"the engine's function {function} is not the one that this file was written for"
            raise RuntimeError(message)
        source = source.replace(condition, other)
    exec(source, vars(module))  # noqa: S102  # the engine's own source


def _source(function: Any) -> str:
    """Give the source of a function of a module, as `inspect` does at ten times the cost."""
    lines = linecache.getlines(function.__code__.co_filename)
    first = last = function.__code__.co_firstlineno
    while last < len(lines) and lines[last][:1] in {" ", "\n", ")", "#"}:
        last += 1
    return "".join(lines[first - 1 : last])


def _part_notes(context: Any, line: Any, bottom: float) -> bool:
    """Leave on a page what fits of the notes of its last line, whose text ends at `bottom`, and report the rest.

    Tells whether each can begin on the page of its call.
    """
    here = [rest for first, rest in _parted(context).values() if first in context.current_page_footnotes]
    if context.in_column or any(note not in here for note in context.reported_footnotes):
        return False
    own = [box.footnote for box in line.descendants() if getattr(box, "footnote", None)]
    return _give_up_lines(context, own, bottom)


def _part_rest(context: Any, note: Any) -> bool:
    """Leave on a page what fits of a note that comes from the page before, and report the rest."""
    return _give_up_lines(context, [note], -inf)


def _give_up_lines(context: Any, own: list[Any], bottom: float) -> bool:
    """Part notes, from the last to the first, until they fit below `bottom`; where they cannot, all is as before."""
    before = context.current_page_footnotes[:], context.reported_footnotes[:], dict(_parted(context))
    for note in (None, *reversed(own)):
        excess = max(bottom - context.page_bottom, _excess_of_notes(context))
        if excess < ROUNDING or (note and _part_note(context, note, excess, own)):
            return True
    context.current_page_footnotes[:], context.reported_footnotes[:], context.parted_notes = before
    context._update_footnote_area()
    return False


def _parted(context: Any) -> dict[Any, list[Any]]:
    """Give the two parts of each parted note."""
    return context.__dict__.setdefault("parted_notes", {})  # type: ignore[no-any-return]


def _excess_of_notes(context: Any) -> float:
    """Give by how much the notes of a page are higher than the area that they may take."""
    area, _ = _laid_area(context)
    last = area.children[-1].children[-1]
    return float(last.position_y + last.height - area.position_y - area.padding_top - area.height)


def _laid_area(context: Any) -> tuple[Any, Any]:
    """Lay out the area of notes of the current page as the engine does; gives it with its boxes before that."""
    area = build.create_anonymous_boxes(context.current_footnote_area.deepcopy())
    return block.block_level_layout(context, area, -inf, None, context.current_footnote_area.page)[0], area


def _part_note(context: Any, note: Any, excess: float, own: list[Any]) -> bool:
    """Part a note so that it is lower by `excess` on this page, or as low as it may be; a parted one, further up.

    Its rest is reported in the order of `own`, the notes that belong together. Tells whether it had lines enough.
    """
    parted = _parted(context)
    if note in parted and parted[note][0] not in context.current_page_footnotes:
        del parted[note]
    first = parted[note][0] if note in parted else note
    if first not in context.current_page_footnotes:
        return False
    at = context.current_page_footnotes.index(first)
    area, unlaid = _laid_area(context)
    lines, (own_line,) = area.children[at].children, unlaid.children[at].children
    kept = len(lines) - ceil(excess / lines[-1].height - ROUNDING)
    if first is note:
        kept = min(kept, len(lines) - FEWEST_LINES)
    enough, kept = kept >= FEWEST_LINES, max(kept, FEWEST_LINES)
    if kept > len(lines) - (FEWEST_LINES if first is note else 1) or len(own_line.children) != len(first.children):
        return False
    parts = [cut(note, lines[kept - 1].resume_at) for cut in (_before, _after)]
    parts[1].style = parts[1].style.copy()
    parts[1].style["text_indent"] = type(note.style["text_indent"])(0, "px")
    context.current_page_footnotes[at] = parts[0]
    if note in parted:
        context.reported_footnotes.remove(parted[note][1])
    context.reported_footnotes.append(parts[1])
    parted[note] = parts
    origins = {id(rest): origin for origin, (_, rest) in parted.items()}
    places = {id(one): index for index, one in enumerate(own)}
    context.reported_footnotes.sort(key=lambda one: places.get(id(origins.get(id(one), one)), -1))
    context._update_footnote_area()
    return bool(enough)


def _before(box: Any, resume_at: Any) -> Any:
    ((index, inner),) = resume_at.items()
    if hasattr(box, "text"):
        return box.copy_with_text(box.text.encode()[:index].decode())
    return box.copy_with_children([*box.children[:index], *([_before(box.children[index], inner)] if inner else [])])


def _after(box: Any, resume_at: Any) -> Any:
    ((index, inner),) = resume_at.items()
    if hasattr(box, "text"):
        return box.copy_with_text(box.text.encode()[index:].decode())
    first = _after(box.children[index], inner) if inner else box.children[index]
    return box.copy_with_children([first, *box.children[index + 1 :]])


def _restored(unlayout_footnote: Any) -> Any:
    """Put a parted note together again when the engine takes it off its page."""

    def unlayout_footnote_restored(context: Any, note: Any) -> None:
        first, rest = _parted(context).pop(note, (None, None))
        if first in context.current_page_footnotes:
            context.current_page_footnotes[context.current_page_footnotes.index(first)] = note
            context.reported_footnotes.remove(rest)
        unlayout_footnote(context, note)

    return unlayout_footnote_restored


# ---- Right to left


def _indented(get_next_linebox: Any) -> Any:
    def get_next_linebox_indented(context: Any, linebox: Any, *arguments: Any, **options: Any) -> Any:
        indent = linebox.text_indent
        line, resume_at = get_next_linebox(context, linebox, *arguments, **options)
        if line is not None and indent and linebox.style["direction"] == "rtl":
            for child in line.children:
                if child.is_in_normal_flow():
                    child.translate(dx=-indent)
        return line, resume_at

    return get_next_linebox_indented


def _trimmed(remove_last_whitespace: Any) -> Any:
    def remove_last_whitespace_trimmed(context: Any, line: Any) -> None:
        box = line
        while isinstance(box, boxes.LineBox | boxes.InlineBox) and box.children:
            box = box.children[-1]
        if not isinstance(box, boxes.TextBox) or line.style["direction"] != "rtl":
            remove_last_whitespace(context, line)
            return
        text, width = box.text, box.width
        remove_last_whitespace(context, line)
        if box.text and box.text != text:
            box.pango_layout = inline.split_text_box(context, box, None, 0)[0].pango_layout
            box.translate(dx=width - box.width)

    return remove_last_whitespace_trimmed


def _margins(block_level_width: Any) -> Any:
    def block_level_width_mirrored(box: Any, containing_block: Any, *arguments: Any, **options: Any) -> None:
        left, right = box.margin_left, box.margin_right
        block_level_width(box, containing_block, *arguments, **options)
        mirrored = isinstance(containing_block, boxes.Box) and containing_block.style["direction"] == "rtl"
        if mirrored and not box.is_column:
            box.position_x -= (box.margin_left if left == "auto" else 0) + (box.margin_right if right == "auto" else 0)

    return block_level_width_mirrored


# ---- Numbers of lines

EVERY = 5  # lines of the text of a page
LINE_NUMBER = {
    "font_size": 9.3,
    "font_style": "normal",
    "font_weight": 400,
    "direction": "ltr",
    "letter_spacing": "normal",
}


@contextmanager
def numbered(*, on: bool) -> Iterator[None]:
    """Write the number of every fifth line of a page's text beside it, as no part of the text."""
    draw_page = document.draw_page

    def draw_page_numbered(page: Any, stream: Any) -> None:
        draw_page(page, stream)
        heights = sorted({round(line.position_y): line for line in _lines_of_text(page)}.items())
        for number, (_, line) in enumerate(heights, 1):
            if number % EVERY == 0:
                _draw_number(page, stream, line, str(number))

    document.draw_page = draw_page_numbered if on else draw_page
    try:
        yield
    finally:
        document.draw_page = draw_page


def _lines_of_text(box: Any, inside: bool = False) -> Iterator[Any]:
    if isinstance(box, boxes.MarginBox | boxes.FootnoteAreaBox):
        return
    if inside and isinstance(box, boxes.LineBox):
        yield box
        return
    inside = inside or box.element_tag == "main"
    for child in getattr(box, "children", ()):
        yield from _lines_of_text(getattr(child, "_box", child), inside)


def _draw_number(page: Any, stream: Any, line: Any, number: str) -> None:
    style = line.style.copy()
    for key, value in LINE_NUMBER.items():
        style[key] = value
    layout = line_break.create_layout(number, style, None, None, 0)
    width, _ = line_break.line_size(layout.get_first_line()[0], style)
    layout.deactivate()
    box = boxes.TextBox("line-number", style, None, number)
    box.pango_layout, box.width, box.baseline = layout, width, 0
    left = page.content_box_x()
    box.position_x = left + page.width - width if line.style["direction"] == "rtl" else left
    box.position_y = line.position_y + line.baseline
    with stream.artifact():
        drawing.draw_text(stream, box, 0, "clip", "none")


# ---- Drawing


def _without_empty_strings(show_text: Any) -> Any:
    def show_text_without_empty_strings(stream: Any, text: str) -> None:
        show_text(stream, text.replace("<>", " "))

    return show_text_without_empty_strings


CARRIED_ON = {
    "    stream.set_text_matrix(*matrix.values)\n": """    stream.set_text_matrix(*matrix.values)
    tracking, shift = _track(stream, textbox.style), 0.0
""",
    "offset = glyph_info.geometry.x_offset / font_size": (
        "offset = glyph_info.geometry.x_offset * 1000 * FROM_UNITS / font_size\n            shift -= offset"
    ),
    """                if offset:
                    string = f'{-offset}'
""": """                string, shift = f'{shift:.3f}', 0.0
""",
    """                if offset:
                    string += f'>{-offset}<'
""": """                if whole := round(shift):
                    string += f'>{whole}<'
                    shift -= whole
""",
    """            if kerning:
                string += f'>{int(kerning)}<'
""": """            shift += kerning + tracking / font_size
""",
}


def _track(stream: Any, style: Any) -> float:
    """Say the tracking of a text once; gives it in thousandths of the engine's unit."""
    spacing = 0.0 if style["letter_spacing"] == "normal" else style["letter_spacing"]
    stream.stream.append(f"{spacing:.5f} Tc".encode())
    return float(spacing * 1000)


STANDS_FOR_SOMETHING = "if glyph_id not in font.to_unicode:"
NOTHING = "\u2060"  # each glyph must stand for something, and this can be neither seen nor read
KNOWN_TO_STAND = f"if font.to_unicode.get(glyph_id, {NOTHING!r}) == {NOTHING!r}:"
ALL_OF_A_CLUSTER = "utf8_text[offset+t1:offset+t2].decode()"
ITS_SHARE = "_characters(utf8_text[offset:offset + glyph_item.item.length], glyph_item.item, clusters, num_glyphs, i)"


def _characters(text: bytes, item: Any, clusters: Any, glyphs: int, index: int) -> str:
    """Give the characters that a glyph stands for.

    Glyphs of one cluster share its characters where there is one for each; else the first to be read has them all.
    """
    start = clusters[index]
    first = last = index
    while first and clusters[first - 1] == start:
        first -= 1
    while last < glyphs - 1 and clusters[last + 1] == start:
        last += 1
    if item.analysis.level % 2:
        end = clusters[first - 1] if first else len(text)
        place = last - index
        if len(mirrored := text[start:end].decode()) == 1 and unicodedata.mirrored(mirrored):
            return _mirror(mirrored)
    else:
        end = clusters[last + 1] if last < glyphs - 1 else len(text)
        place = index - first
    characters = _MARKS.sub(_as_set, text[start:end].decode())
    if len(characters) == last - first + 1:
        return characters[place]
    return NOTHING if place else characters or NOTHING


@cache
def _mirror(sign: str) -> str:
    """Give the sign that a bracket or the like looks as when it is read from right to left."""
    name = re.sub("LEFT|RIGHT|LESS|GREATER", lambda one: _TURNED[one[0]], unicodedata.name(sign))
    try:
        return unicodedata.lookup(name)
    except KeyError:
        return sign


_TURNED = {"LEFT": "RIGHT", "RIGHT": "LEFT", "LESS": "GREATER", "GREATER": "LESS"}

# HarfBuzz sets the marks on a letter in another order than they are typed in: hamzas first, and a shadda before vowels.
_MARKS = re.compile("[\u064b-\u065f\u0670]{2,}")
_FIRST = {"\u0655": 0, "\u0654": 1, "\u0651": 2}


def _as_set(marks: re.Match[str]) -> str:
    return "".join(sorted(marks[0], key=lambda mark: _FIRST.get(mark, unicodedata.combining(mark))))


# ---- Speed

MOVED_FROM_THE_RIGHT = """condition = (position_x + line.width, position_y) == (
                original_position_x + original_width, original_position_y)"""
MOVED = "condition = (position_x, position_y) == (original_position_x, original_position_y)"


_DEPENDING = {"position", "float", "display", "page"} | {key for key in INITIAL_VALUES if key.startswith("text_d")}
_PLAIN = INITIAL_VALUES.keys() - INHERITED - css.INITIAL_NOT_COMPUTED - _DEPENDING
_INHERITED = INHERITED - _DEPENDING
_SIMPLE = _PLAIN | _INHERITED
_LINES = ("outline", *(f"border_{side}" for side in ("top", "right", "bottom", "left")))
_WIDTHS = {f"{line}_width": f"{line}_style" for line in _LINES}
_PHYSICAL: dict[str, set[str]] = defaultdict(set)  # properties, by the logical ones that set them
for _key, _function in css.PHYSICAL_FUNCTIONS.items():
    for _direction in ("ltr", "rtl"):
        _PHYSICAL[_function(block="ttb", inline=_direction)].add(_key)


def _all_at_once(missing: Any) -> Any:
    """Give a style, when it is first asked for a property, all that others were asked for and no rule sets on it.

    These are initial values, and what its parent has; the engine works out each by itself.
    """

    @wraps(missing)
    def missing_filled(style: Any, key: str) -> Any:
        if style.parent_style is None:
            return missing(style, key)
        if key == "anchor":  # which is asked of all when they are made
            ruled = getattr(style, "cascaded", ())
        else:
            ruled = _filled(style)
            if key in style:
                return style[key]
        if key in ruled or key not in _SIMPLE:
            return missing(style, key)
        if key in _PLAIN:
            _asked[key] = style[key] = INITIAL_VALUES[key]
        else:
            style[key] = style.parent_style[key]
            if key not in COMPUTER_FUNCTIONS:  # lengths may depend on a page that is not there yet
                _asked_of_parents.add(key)
        return style[key]

    return missing_filled


_asked: dict[str, Any] = {}
_asked_of_parents: set[str] = set()


def _filled(style: Any) -> set[str]:
    """Set on a style, once, what others were asked for; gives the properties that rules set.

    What its parent would have to work out is left: the engine says of values that are wrong only where they are used.
    """
    own = vars(style)
    if "ruled" not in own:
        own["ruled"] = ruled = set(getattr(style, "cascaded", ()))
        ruled.update(*(_PHYSICAL[key] for key in ruled & _PHYSICAL.keys()))
        parent = style.parent_style
        if parent is None:
            values = {key: INITIAL_VALUES[key] for key in _asked_of_parents}
        else:
            _filled(parent)
            values = _asked | {key: parent[key] for key in _asked_of_parents if key in parent}
            values |= {width: 0 for width, line in _WIDTHS.items() if line not in ruled}
        for key in (*ruled, *style):
            values.pop(key, None)
        style.update(values)
    return own["ruled"]  # type: ignore[no-any-return]


def _note_by_note(update_footnote_area: Any) -> Any:
    """Lay out the note that is added to a page, and not those that stand there already, where heights just add up."""

    @wraps(update_footnote_area)
    def update(context: Any) -> Any:
        area, notes = context.current_footnote_area, context.current_page_footnotes
        last_area, others = vars(context).get("notes_in_area", (None, []))
        added = notes and area is last_area and notes[:-1] == others and not context.in_column
        context.notes_in_area = area, notes[:]
        if not (added and all(map(_adds_up, (area, *notes)))):
            return update_footnote_area(context)
        before, area.children = area.height, notes[-1:]
        own = _laid_area(context)[0]
        area.children = notes
        if before + own.height > area.max_height - ROUNDING:
            return update_footnote_area(context)
        context.page_bottom += area.margin_height()
        area.height = before + own.height
        context.page_bottom -= own.margin_height() - own.height + area.height
        return False

    return update


def _adds_up(box: Any) -> bool:
    """Tell whether the area of notes, or a note in it, is as high as what is in it, and moves what follows by that."""
    known = vars(box)
    if "adds_up" not in known:
        style = box.style
        if isinstance(box, boxes.FootnoteAreaBox):
            values = {style[key] for key in ("height", "min_height", "column_width", "column_count")}
            known["adds_up"] = values == {"auto"}
        else:
            margins = {style["margin_top"], style["margin_bottom"]}
            floats = (one for child in box.children for one in child.descendants() if one.is_floated())
            known["adds_up"] = isinstance(box, boxes.BlockBox) and margins == {ZERO_PIXELS} and not any(floats)
    return bool(known["adds_up"])


def _once_a_style(function: Any) -> Any:
    """Let a function of a style alone give again what it gave for the same style."""
    name = f"once_{function.__name__}"

    @wraps(function)
    def once(style: Any) -> Any:
        if name not in vars(style):
            setattr(style, name, function(style))
        return getattr(style, name)

    return once
