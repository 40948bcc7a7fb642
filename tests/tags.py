"""Finished files read by their tags, as a reader does who does not see the page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

import pikepdf


@dataclass
class Element:
    """A structure element: its tag, its attributes, and its kids, which are elements or texts."""

    tag: str
    lang: str
    actual: str | None
    alt: str | None
    given: Any
    kids: list[Any] = field(default_factory=list)

    @property
    def text(self) -> str:
        """What is read: the actual text, where there is one, or what the kids say."""
        if self.actual is not None:
            return self.actual
        return "".join(kid if isinstance(kid, str) else kid.text for kid in self.kids)

    def walk(self) -> Iterator[Element]:
        yield self
        for kid in self.kids:
            if isinstance(kid, Element):
                yield from kid.walk()

    def all(self, tag: str) -> list[Element]:
        return [one for one in self.walk() if one.tag == tag]


def meaning(font: Any) -> dict[str, str]:
    """Read what the glyphs of a typeface say."""
    found = {}
    table = font.ToUnicode.read_bytes().decode()
    for block in re.findall(r"beginbfchar(.*?)endbfchar", table, re.DOTALL):
        for code, words in re.findall(r"<(\w+)>\s*<(\w*)>", block):
            found[code.lower()] = bytes.fromhex(words).decode("utf-16-be")
    return found


def marked(pdf: pikepdf.Pdf) -> dict[tuple[int, int], str]:
    """Give what the glyphs of each piece of marked content say, by page and number."""
    found: dict[tuple[int, int], str] = {}
    for number, page in enumerate(pdf.pages):
        fonts = {name: meaning(font) for name, font in page.Resources.Font.items()}
        numbers: list[int | None] = []
        says: dict[str, str] = {}
        for operands, operator in pikepdf.parse_content_stream(page):
            match str(operator):
                case "BDC":
                    numbers.append(operands[1].get("/MCID") if isinstance(operands[1], pikepdf.Dictionary) else None)
                case "BMC":
                    numbers.append(None)
                case "EMC":
                    numbers.pop()
                case "Tf":
                    says = fonts[str(operands[0])]
                case "TJ" | "Tj":
                    strings = operands[0] if isinstance(operands[0], pikepdf.Array) else [operands[0]]
                    codes = "".join(bytes(one).hex() for one in strings if isinstance(one, pikepdf.String))
                    words = "".join(says[codes[at : at + 4]] for at in range(0, len(codes), 4))
                    inside = [one for one in numbers if one is not None]
                    if inside:
                        found[number, inside[-1]] = found.get((number, inside[-1]), "") + words
    return found


def tree(data: bytes) -> Element:
    """Read the tree of a file."""
    pdf = pikepdf.open(BytesIO(data))
    texts = marked(pdf)
    pages = {page.obj.objgen: number for number, page in enumerate(pdf.pages)}

    def read(given: Any) -> Element:
        def said(key: str) -> str | None:
            return str(given[key]) if key in given else None

        element = Element(str(given.S)[1:], said("/Lang") or "", said("/ActualText"), said("/Alt"), given)
        kids = given.get("/K", pikepdf.Array())
        for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
            if isinstance(kid, int):
                element.kids.append(texts.get((pages[given.Pg.objgen], kid), ""))
            elif str(kid.get("/Type", "")) == "/MCR":
                element.kids.append(texts.get((pages[kid.Pg.objgen], int(kid.MCID)), ""))
            elif str(kid.get("/Type", "")) != "/OBJR":
                element.kids.append(read(kid))
        return element

    return read(pdf.Root.StructTreeRoot.K[0])
