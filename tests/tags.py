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
    pdf: Any = None  # kept open

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


def opened(data: bytes) -> pikepdf.Pdf:
    return pikepdf.open(BytesIO(data))


def saved(pdf: pikepdf.Pdf) -> bytes:
    out = BytesIO()
    pdf.save(out)
    return out.getvalue()


def elements(pdf: pikepdf.Pdf) -> Iterator[Any]:
    """Give the structure elements of a file in their order."""
    stack = [pdf.Root.StructTreeRoot.K[0]]
    while stack:
        one = stack.pop()
        yield one
        kids = one.get("/K", pikepdf.Array())
        kids = list(kids) if isinstance(kids, pikepdf.Array) else [kids]
        stack += [kid for kid in reversed(kids) if isinstance(kid, pikepdf.Dictionary) and "/S" in kid]


KNOWN = {"Document", "Sect", "P", "L", "LI", "Lbl", "LBody", "Table", "THead", "TBody", "TR", "TH", "TD", "Note"}
KNOWN |= {"Reference", "Link", "Span", "Figure", *(f"H{level}" for level in range(1, 7))}


def faults(data: bytes) -> Iterator[str]:
    """Say what is wrong with the tags of a file, as the clauses 7.1 to 7.9 and 7.18 of ISO 14289-1 ask."""
    pdf = opened(data)
    if "/Lang" not in pdf.Root:
        yield "no language"
    root = tree(data)
    yield from (f"an empty {one.tag}" for one in root.walk() if not one.kids and one.tag not in {"TD", "TH"})
    yield from (f"an unknown {one.tag}" for one in root.walk() if one.tag not in KNOWN)
    level = 0
    for one in root.walk():
        if re.fullmatch("H[1-6]", one.tag):
            if int(one.tag[1]) > level + 1:
                yield f"{one.tag} after H{level}"
            level = int(one.tag[1])
    names = [str(one.given.get("/ID", "")) for one in root.all("Note")]
    if len(set(names)) < len(names) or "" in names:
        yield "notes without names of their own"
    for one in root.walk():
        yield from _within(one)
    yield from _links(pdf)
    yield from _unmarked(pdf)


def _within(one: Element) -> Iterator[str]:
    kids = [kid.tag if isinstance(kid, Element) else "" for kid in one.kids]
    inside = [kid for kid in kids if kid]
    asked = {
        "Note": (inside[:1] == ["Lbl"], "a note without its label"),
        "LI": (inside == ["Lbl", "LBody"], "an item without its label or body"),
        "L": (set(inside) == {"LI"}, "a list of other things than items"),
        "Figure": (bool(one.alt), "a figure without a text"),
        "Link": (bool(one.text.strip()), "a link without a text"),
        "Table": (len({len(row.kids) for row in one.all("TR")}) == 1, "a table with rows of several lengths"),
    }
    sound, fault = asked.get(one.tag, (True, ""))
    if not sound:
        yield fault
    if any(kid == "Reference" and following != "Note" for kid, following in zip(kids, [*kids[1:], ""], strict=False)):
        yield "a reference without its note"
    if one.tag == "TH" and str(one.given.get("/A", {}).get("/Scope", "")) != "/Column":
        yield "a head of a table without its scope"
    if one.tag == "L" and str(one.given.A.ListNumbering) not in {"/LowerAlpha", "/LowerRoman"}:
        yield "a list without its numbering"


def _links(pdf: pikepdf.Pdf) -> Iterator[str]:
    """Say which links are not told of, or told of and not there."""
    told = {}
    for element in elements(pdf):
        kids = element.get("/K", pikepdf.Array())
        for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
            if isinstance(kid, pikepdf.Dictionary) and str(kid.get("/Type", "")) == "/OBJR":
                told[kid.Obj.objgen] = str(element.S)
    there = {one.objgen: one for page in pdf.pages for one in page.get("/Annots", pikepdf.Array())}
    yield from ("a link that is on no page" for one in told if one not in there)
    yield from ("a link without an element" for one in there if told.get(one) != "/Link")
    yield from ("a link without a description" for one in there.values() if not str(one.get("/Contents", "")))


def _unmarked(pdf: pikepdf.Pdf) -> Iterator[str]:
    """Say where something is drawn that is neither read nor an artifact."""
    read = set()
    pages = {page.obj.objgen: number for number, page in enumerate(pdf.pages)}
    for element in elements(pdf):
        kids = element.get("/K", pikepdf.Array())
        for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
            if isinstance(kid, int):
                read.add((pages[element.Pg.objgen], kid))
            elif str(kid.get("/Type", "")) == "/MCR":
                read.add((pages[kid.Pg.objgen], int(kid.MCID)))
    for number, page in enumerate(pdf.pages):
        within: list[bool] = []
        for operands, operator in pikepdf.parse_content_stream(page):
            if str(operator) in {"BMC", "BDC"}:
                mark = operands[1].get("/MCID") if len(operands) > 1 else None
                within.append(str(operands[0]) == "/Artifact" or (number, mark) in read)
            elif str(operator) == "EMC":
                within.pop()
            elif str(operator) in {"TJ", "Tj", "f", "S", "B", "f*", "Do"} and not any(within):
                yield f"something on page {number + 1} that is neither read nor an artifact"
                break


def tree(data: bytes) -> Element:
    """Read the tree of a file."""
    pdf = opened(data)
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

    root = read(pdf.Root.StructTreeRoot.K[0])
    root.pdf = pdf
    return root
