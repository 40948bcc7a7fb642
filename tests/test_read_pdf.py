"""Pages that are written by hand are read as they are seen."""

from __future__ import annotations

from io import BytesIO

import pikepdf
import pytest

from publish.paper import read_pdf

LINE = b"BT /F 20 Tf 20 100 Td (abcdefghijklmnop) Tj ET "
GAPING = b"BT /F 20 Tf 20 100 Td [(Ag)-3000(xxxxmn)] TJ ET "
COVER = b"q 1 g %d 90 %d 30 re f Q "  # from the left, so wide
RARE = {0x62: "d835dc00"}  # b stands for a character beyond the first 65,536


def page(content: bytes, meanings: dict[int, str]) -> bytes:
    """Make a page of 200 points by its content; codes mean their ASCII characters unless told."""
    codes = {code: f"{code:04x}" for code in range(0x20, 0x7F)} | meanings
    mapped = "\n".join(f"<{code:02x}> <{text}>" for code, text in codes.items()).encode()
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(400, 200))
        font = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
        head = b"/CIDInit /ProcSet findresource begin begincmap 1 begincodespacerange <00> <ff> endcodespacerange "
        rows = b"%d beginbfchar\n%s\nendbfchar endcmap end" % (len(codes), mapped)
        font.ToUnicode = pdf.make_stream(head + rows)
        pdf.pages[0].Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F=pdf.make_indirect(font)))
        pdf.pages[0].Contents = pdf.make_stream(content)
        data = BytesIO()
        pdf.save(data)
    return data.getvalue()


@pytest.mark.parametrize(
    ("content", "meanings", "expected"),
    [
        (LINE, {}, ""),
        (LINE + COVER % (20, 80), {}, "abcdefg"),
        (LINE + COVER % (132, 200), {}, "nop"),
        (LINE.replace(b"a", b"b") + COVER % (132, 200), RARE, "nop"),
        (LINE.replace(b"abc", b"bbb") + COVER % (132, 200), RARE, "nop"),
        (LINE.replace(b"100 Td", b"150 Td") + LINE + COVER % (132, 200), {}, "nop"),
        (GAPING, {}, ""),
        (GAPING + b"q 1 g 106 98 44 14 re f Q BT /F 20 Tf 100 117 Td (gypqj) Tj ET", {}, "xxx"),
    ],
    ids=["nothing", "head", "end", "one rare", "rare", "twice", "gap", "below a line that reaches into it"],
)
def test_what_nobody_sees_is_named(content: bytes, meanings: dict[int, str], expected: str) -> None:
    """Characters that are covered are told from those beside them, and ink of another line is not theirs."""
    found = read_pdf.read(page(content, meanings))
    assert expected == "".join(one.unseen for one in found.pages[0].glyphs)


def test_a_line_like_the_one_before_it_is_read() -> None:
    """Equal lines whose boxes meet are both read."""
    found = read_pdf.read(page(LINE + LINE.replace(b"100 Td", b"86 Td"), {}))
    assert ["abcdefghijklmnop"] * 2 == [one.text for one in found.pages[0].glyphs]


@pytest.mark.parametrize("first", [b"BT () Tj ET ", b"BT (x) Tj ET "])
def test_text_before_any_typeface_is_nothing(first: bytes) -> None:
    """A string that no typeface is chosen for prints nothing, and what follows is read."""
    assert "abcdefghijklmnop" == read_pdf.read(page(first + LINE, {})).pages[0].glyphs[-1].text
