"""What WeasyPrint 70.0 does not lay out as official documents ask, put right in one place.

Written for just that version, which the press insists on; the tests say when the engine no longer needs a part.

1. Justification. The engine re-shapes a line with wider spaces and misses the edge; it knows no space in Chinese.
   Here the extra goes to the advances of glyphs when the line is drawn: exact in every script, and in Chinese also
   between ideographs.
2. Right-to-left. A first-line indent and automatic margins go to the wrong side, and a space that ends a line keeps
   its room at the left edge.
3. Squeezing. The official edition takes one more word into a justified line by narrowing its spaces, which the engine
   never does.
4. Notes. Where a paragraph does not fit, the engine sends notes that stand on the page already to the next one to make
   room, away from their calls. Here the paragraph moves instead.
"""

from __future__ import annotations

import inspect
from typing import Any

OPENING = frozenset("《〈「『【〔（“‘")
CLOSING = frozenset("》〉」』】〕）”’，。；：、！？．")
SPACES = frozenset(" \u00a0")
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
    from weasyprint.layout import block, inline  # noqa: PLC0415
    from weasyprint.text import line_break  # noqa: PLC0415

    if inline.justify_line is _justify_line:
        return
    inline.justify_line = _justify_line
    inline.split_inline_box = _squeezed(inline.split_inline_box)
    inline.text_align = _aligned(inline.text_align)
    line_break.Layout.get_first_line = _expanded(line_break.Layout.get_first_line)
    line_break.Layout.reactivate = _reactivate
    inline.get_next_linebox = _indented(inline.get_next_linebox)
    inline.remove_last_whitespace = _trimmed(inline.remove_last_whitespace)
    _keep_notes(block)
    without_limits = _margins(block.block_level_width.without_min_max)
    block.block_level_width = _margins(block.block_level_width)
    block.block_level_width.without_min_max = without_limits


# ---- Justification


def _justify_line(context: Any, line: Any, extra: float) -> None:  # noqa: ARG001  # the engine's own signature
    """Share the room left in a line among its opportunities: spaces, and in Chinese the joints of ideographs."""
    texts = [box for box in _text_boxes(line) if box is None or box.text]
    chinese = (line.style["lang"] or "").startswith(("zh", "ja"))
    plan: dict[int, list[int]] = {}
    for index, box in enumerate(texts):
        if box is not None:
            follower = texts[index + 1] if index + 1 < len(texts) else None
            after = follower.text[0] if follower is not None else ""
            plan[id(box)] = _opportunities(box.text, after, chinese=chinese)
    total = sum(map(len, plan.values()))
    if not total:
        return
    step = extra / total
    if chinese and step > WIDEST * line.style["font_size"]:
        return
    _widen(line, step, 0, plan)


def _text_boxes(box: Any) -> list[Any]:
    """Give the text boxes of a line in logical order, and None for each box that is not text."""
    from weasyprint.formatting_structure import boxes  # noqa: PLC0415

    if isinstance(box, boxes.TextBox):
        return [box]
    if isinstance(box, boxes.LineBox | boxes.InlineBox):
        return [found for child in box.children if child.is_in_normal_flow() for found in _text_boxes(child)]
    return [None] if box.is_in_normal_flow() else []


def _opportunities(text: str, after: str, *, chinese: bool) -> list[int]:
    """Give the indexes of the characters after which room may be added; `after` is what follows the text."""
    found = []
    for index, character in enumerate(text):
        follower = text[index + 1] if index + 1 < len(text) else after
        if character in SPACES:
            if follower:
                found.append(index)
        elif chinese and follower and _may_part(character, follower):
            found.append(index)
    return found


def _may_part(character: str, follower: str) -> bool:
    if character in OPENING or follower in CLOSING or follower in SPACES:
        return False
    return _is_ideographic(character) or _is_ideographic(follower)


def _is_ideographic(character: str) -> bool:
    return any(first <= ord(character) <= last for first, last in _IDEOGRAPHIC)


def _widen(box: Any, step: float, advance: float, plan: dict[int, list[int]]) -> float:
    """Widen the text boxes below a box by their share and move what stands after them; gives the advance so far."""
    from weasyprint.formatting_structure import boxes  # noqa: PLC0415
    from weasyprint.text.ffi import TO_UNITS  # noqa: PLC0415

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
    wanted, offsets, offset = set(indexes), [], 0
    for index, character in enumerate(text):
        if index in wanted:
            offsets.append(offset)
        offset += len(character.encode())
    return offsets


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
    """Add to the advance of the last glyph of each cluster before an opportunity, carrying what rounding leaves."""
    from weasyprint.text.ffi import ffi  # noqa: PLC0415

    carry = 0.0
    run = line.runs
    while run != ffi.NULL:
        glyphs, item = run.data.glyphs, run.data.item
        clusters, count = glyphs.log_clusters, glyphs.num_glyphs
        for index in range(count):
            if index + 1 < count and clusters[index + 1] == clusters[index]:
                continue
            extra = expansion.get(item.offset + clusters[index])
            if extra:
                whole = round(extra + carry)
                carry += extra - whole
                glyphs.glyphs[index].geometry.width += whole
        run = run.next


# ---- Squeezing


def _squeezed(split_inline_box: Any) -> Any:
    """Let a justified line take what comes next where its spaces may be narrowed for that.

    The style sheet says how far, in `--squeeze: MOST RATIO`: a space may lose MOST of the type size, and at most RATIO
    of what the spaces would have to gain without the additional word.
    """

    def split_inline_box_squeezed(
        context: Any, box: Any, position: float, edge: float, bottom: float, skip: Any, block: Any, *rest: Any
    ) -> Any:
        most, ratio = _squeeze(box)

        def lay(edge: float) -> tuple[Any, list[list[Any]]]:
            lists: list[list[Any]] = [[] for _ in rest[:LISTS]]
            found = split_inline_box(context, box, position, edge, bottom, skip, block, *lists, *rest[LISTS:])
            return found, lists

        if not most:
            return split_inline_box(context, box, position, edge, bottom, skip, block, *rest)
        measure = edge - box.position_x
        wide = None
        found, lists = lay(edge + CROWDED * most * measure / box.style["font_size"])
        while (excess := _natural_width(context, found[0]) - measure) > 0:
            narrower = lay(edge + excess - ROUNDING)
            if _natural_width(context, narrower[0][0]) >= measure + excess - ROUNDING:
                break
            wide = found, lists, excess
            found, lists = narrower
        else:
            if wide and wide[0][1] is not None and _may_squeeze(context, found[0], measure, wide[0][0], wide[2], most, ratio):
                found, lists = wide[:2]
        for whole, part in zip(rest, lists, strict=False):
            whole.extend(part)
        return found

    return split_inline_box_squeezed


LISTS = 5  # how many lists the engine's function fills: absolute, fixed and placed boxes, floats, children of the line
CROWDED = 0.45  # spaces to an em of a line, more than any text has
ROUNDING = 0.01


def _squeeze(box: Any) -> tuple[float, float]:
    """Give how much a space of a line may lose, and in what ratio to the gain; nothing where it may not."""
    from weasyprint.formatting_structure import boxes  # noqa: PLC0415

    if not isinstance(box, boxes.LineBox) or box.style["text_align_all"] != "justify":
        return 0, 0
    numbers = [token.value for token in box.style["__squeeze"] or [] if token.type == "number"]
    return (numbers[0] * box.style["font_size"], numbers[1]) if len(numbers) == 2 else (0, 0)  # noqa: PLR2004


def _may_squeeze(context: Any, natural: Any, measure: float, wide: Any, excess: float, most: float, ratio: float) -> bool:
    loss = excess / max(_spaces(wide), 1)
    gain = (measure - _natural_width(context, natural)) / max(_spaces(natural), 1)
    return loss <= most and loss <= ratio * gain


def _natural_width(context: Any, line: Any) -> float:
    from weasyprint.layout.preferred import trailing_whitespace_size  # noqa: PLC0415

    return float(line.width - trailing_whitespace_size(context, line))


def _aligned(text_align: Any) -> Any:
    def text_align_squeezed(context: Any, line: Any, available: float, last: bool) -> Any:  # noqa: FBT001
        excess = line.width - available
        most = _squeeze(line)[0]
        if not last and 0 < excess <= most * _spaces(line):
            _justify_line(context, line, -excess)
            return 0
        return text_align(context, line, available, last)

    return text_align_squeezed


def _spaces(line: Any) -> int:
    texts = [box.text for box in _text_boxes(line) if box is not None]
    return sum(text.count(" ") + text.count("\u00a0") for text in texts) - (bool(texts) and texts[-1].endswith(" "))


# ---- Notes

SENDING_NOTES_AWAY = "report = not context.in_column and can_break_now and not could_break_before"


def _keep_notes(block: Any) -> None:
    """Replace one condition in the engine's layout of lines; the function is too long to write again for it."""
    source = inspect.getsource(block._linebox_layout)
    if source.count(SENDING_NOTES_AWAY) != 1:
        message = "the engine lays out notes in another way than this file was written for"
        raise RuntimeError(message)
    exec(source.replace(SENDING_NOTES_AWAY, "report = False"), vars(block))  # noqa: S102  # the engine's own source


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
        from weasyprint.formatting_structure import boxes  # noqa: PLC0415
        from weasyprint.layout import inline  # noqa: PLC0415

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
        from weasyprint.formatting_structure import boxes  # noqa: PLC0415

        left, right = box.margin_left, box.margin_right
        block_level_width(box, containing_block, *arguments, **options)
        mirrored = isinstance(containing_block, boxes.Box) and containing_block.style["direction"] == "rtl"
        if mirrored and not box.is_column:
            box.position_x -= (box.margin_left if left == "auto" else 0) + (box.margin_right if right == "auto" else 0)

    return block_level_width_mirrored
