"""The engine's tags, made anew: what a reader who does not see the page is told, and in which order.

Written for version 70.0 of WeasyPrint, as `engine_layout.py` is; the tests say when the engine no longer needs it. The
engine makes an element of each box; here each element of the HTML becomes at most one, however many boxes and pages it
is set in, as what its name, its `role` and its place say it is:

1. Notes. The engine leaves them at the end of their page as spans (issue 1836). Here a `Note` with its label stands
   beside the `Reference` that calls it, and each has a link to the other.
2. Running heads and feet, and the heads of a table on its further pages. The engine makes elements of them that are in
   no tree, or again in it. Here they are artifacts.
3. Languages. The engine says that of the document only. Here every run in another language says its own.
4. Lists, headings and emptiness. `role="list"` and `role="listitem"` make lists with labels, levels of headings leave
   none out, and what has no content is no element.
5. Arabic. Glyphs are drawn from left to right, and so read. Here each run says its text in its own order, and the space
   that ends a line and is not drawn.
6. Both of PDF/A and PDF/UA in one file (issue 2467), labels of pages, and each attached file named once.
7. PDF/X-4. The engine draws in RGB, and writes the time and a random identifier. Here there is CMYK alone, black where
   RGB was asked for, the profile of the press, and an identifier of the content.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
import uuid
import zlib
from contextlib import contextmanager
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pydyf
from PIL.ImageCms import ImageCmsProfile
from tinycss2.color5 import Color
from weasyprint import pdf as engine
from weasyprint.formatting_structure import boxes
from weasyprint.layout import inline
from weasyprint.pdf.stream import Stream

if TYPE_CHECKING:
    from collections.abc import Iterator

_TAGS = {"p": "P", "section": "Sect", "table": "Table", "thead": "THead", "tbody": "TBody", "tr": "TR", "th": "TH"}
_TAGS |= {"td": "TD", "a": "Link"}
_HEADING = re.compile(r"h([1-6])")
_TEXTUAL = {"P", "TH", "TD", "Link", "Span", "Note", "Lbl", "Reference", *(f"H{level}" for level in range(1, 7))}
_CELLS = {"TH", "TD"}  # which are there even where they are empty
_RIGHT_TO_LEFT = {"R", "AL", "AN"}
COMPRESSION = 6  # 9 takes twice the time for a fiftieth less
CMYK = "device-cmyk"  # the output intent of files for a press, in the engine's words


def install() -> None:
    """Put the engine's tags right, once a process."""
    Stream.marked = _marked
    Stream.set_color = _in_cmyk(Stream.set_color)
    Stream.add_shading = _shading_in_grey(Stream.add_shading)
    inline.remove_last_whitespace = _remembering(inline.remove_last_whitespace)
    engine.add_tags = _add_tags
    engine.ColorProfile = _closing(engine.ColorProfile)


def _closing(profile: Any) -> Any:
    """Close the file of a colour profile, which the engine leaves open."""

    def profile_closing(file: Any, *arguments: Any) -> Any:
        with file:
            return profile(file, *arguments)

    return profile_closing


def _in_cmyk(set_color: Any) -> Any:
    """Draw in black what is given in RGB, where a file is for a press."""

    def set_color_in_cmyk(stream: Any, color: Any, stroke: bool = False) -> None:
        if stream._output_intent == CMYK and color.space != CMYK:
            grey = _grey(*color.to("srgb").coordinates)
            color = Color(CMYK, (0, 0, 0, round(1 - grey, 4)), color.alpha)
        set_color(stream, color, stroke)

    return set_color_in_cmyk


def _shading_in_grey(add_shading: Any) -> Any:
    """Shade from grey to grey, where a file is for a press."""

    def add_shading_in_grey(  # noqa: PLR0913  # the engine's own
        stream: Any, kind: int, domain: Any, coords: Any, extend: Any, function: Any, space: str | None = None
    ) -> Any:
        if stream._output_intent == CMYK and space is None:
            space = "DeviceGray"
            for one in function["Functions"]:
                one["C0"], one["C1"] = (pydyf.Array([round(_grey(*one[end]), 4)]) for end in ("C0", "C1"))
        return add_shading(stream, kind, domain, coords, extend, function, space)

    return add_shading_in_grey


def _grey(red: float, green: float, blue: float) -> float:
    """Give how light a colour is, as televisions and Pillow have it."""
    return 0.299 * red + 0.587 * green + 0.114 * blue


def _remembering(remove_last_whitespace: Any) -> Any:
    """Remember of a run at the end of a line that a space followed it."""

    def remove_last_whitespace_remembering(context: Any, line: Any) -> None:
        box = line
        while isinstance(box, boxes.LineBox | boxes.InlineBox) and box.children:
            box = box.children[-1]
        text = box.text if isinstance(box, boxes.TextBox) else ""
        remove_last_whitespace(context, line)
        if text.endswith(" ") and not box.text.endswith(" "):
            box.before_space = True

    return remove_last_whitespace_remembering


@contextmanager
def _marked(stream: Any, box: Any, tag: str) -> Iterator[None]:
    """Mark what is drawn for a box, and remember where, so that it may yet become an artifact."""
    if stream._tags is None:
        yield
        return
    number = len(stream._tags)
    properties = pydyf.Dictionary({"MCID": number})
    stream._tags[box] = {"mcid": number, "properties": properties, "stream": stream.stream, "at": len(stream.stream)}
    stream.begin_marked_content(tag, properties)
    try:
        yield
    finally:
        stream.end_marked_content()


def _artifact(mark: dict[str, Any]) -> None:
    mark["stream"][mark["at"]] = "/Artifact"
    mark["properties"].clear()
    mark["properties"]["Type"] = "/Pagination"


class _Node:
    """A structure element to be: its tag, its attributes, and its kids, which are nodes or pieces of marked content."""

    def __init__(self, tag: str, parent: _Node | None, lang: str = "") -> None:
        self.tag = tag
        self.parent = parent
        self.lang: str = lang or (parent.lang if parent else "")
        self.kids: list[Any] = []
        self.extra: dict[str, Any] = {}
        self.body: _Node | None = None  # of an item of a list
        self.links: list[tuple[int, Any]] = []  # pages and annotations

    def add(self, tag: str, lang: str = "", after: _Node | None = None) -> _Node:
        node = _Node(tag, self, lang)
        self.kids.insert(self.kids.index(after) + 1 if after else len(self.kids), node)
        return node

    def prune(self) -> bool:
        """Take out what has no content; tells whether there is anything left."""
        self.kids = [kid for kid in self.kids if not isinstance(kid, _Node) or kid.prune()]
        return bool(self.kids) or self.tag in _CELLS

    def within(self, tags: set[str]) -> bool:
        return self.tag in tags or bool(self.parent and self.parent.within(tags))


_IDENTIFICATION = b"""<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>the part of ISO 14289 that the file conforms to</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>
<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/"><pdfuaid:part>1</pdfuaid:part>
</rdf:Description></rdf:RDF>"""


def finish(pdf: Any, direction: str, *, for_people: bool, profile: bytes = b"") -> None:
    """Say on which side facing pages begin, each attached file once, and of a PDF/A file that it is PDF/UA too.

    A PDF/X file gets the profile of its press, and its identifier.
    """
    for one in pdf.objects:
        if for_people and isinstance(one, pydyf.Stream) and one.extra.get("Type") == "/Metadata":
            one.stream[0] = one.stream[0].replace(b"</rdf:RDF>", _IDENTIFICATION)
    preferences = pdf.catalog.setdefault("ViewerPreferences", pydyf.Dictionary())
    preferences["Direction"] = "/R2L" if direction == "rtl" else "/L2R"
    if "AF" in pdf.catalog:
        pdf.catalog["AF"] = pydyf.Array(dict.fromkeys(pdf.catalog["AF"]))
    if profile:
        _intend(pdf, profile)
        _identify(pdf)
    for one in pdf.objects:
        if isinstance(one, pydyf.Stream) and one.compress:
            _compress(one)


def _compress(stream: Any) -> None:
    """Compress a stream for good; pydyf would do it once for the identifier, and again for the file."""
    stream.stream = [zlib.compress(b"\n".join(map(pydyf._to_bytes, stream.stream)), COMPRESSION)]
    stream.extra["Filter"] = "/FlateDecode"
    stream.compress = False


def _intend(pdf: Any, profile: bytes) -> None:
    """Say for which printing condition a file is, and give its profile."""
    stream = pydyf.Stream([profile], {"N": 4}, compress=True)
    pdf.add_object(stream)
    name = pydyf.String(ImageCmsProfile(BytesIO(profile)).profile.profile_description or "CMYK")
    intent = {"Type": "/OutputIntent", "S": "/GTS_PDFX", "OutputConditionIdentifier": name, "Info": name}
    pdf.catalog["OutputIntents"] = pydyf.Array([pydyf.Dictionary(intent | {"DestOutputProfile": stream.reference})])


def _identify(pdf: Any) -> None:
    """Put an identifier of the content into the metadata, and leave out what older versions of PDF/X have there."""
    (metadata,) = (one for one in pdf.objects if getattr(one, "extra", {}).get("Type") == "/Metadata")
    others = [one.data for one in pdf.objects if one.free != "f" and one is not metadata]
    own = uuid.UUID(bytes=hashlib.sha256(b"".join([*others, pdf.info.data])).digest()[:16], version=5)
    words = re.sub(rb"<pdfx:(\w+)>[^<]*</pdfx:\1>", b"", metadata.stream[0])
    ids = f"xmp.did:{own}</xmpMM:DocumentID><xmpMM:InstanceID>xmp.iid:{own}</xmpMM:InstanceID>"
    metadata.stream[0] = re.sub(rb"xmp\.did:[0-9a-f-]+</xmpMM:DocumentID>", ids.encode(), words)


def _add_tags(pdf: Any, document: Any, _: Any, page_streams: Any) -> None:
    """Take the place of the engine's function of this name."""
    _Tree(pdf, document).write(page_streams)


class _Tree:
    def __init__(self, pdf: Any, document: Any) -> None:
        self.pdf = pdf
        self.document = document
        self.root = _Node("Document", None, document.metadata.lang or "")
        self.nodes: dict[Any, _Node] = {}
        self.calls: dict[Any, _Node] = {}
        self.notes: dict[Any, _Node] = {}
        self.heads: set[Any] = set()
        self.level = 0
        self.pages: list[Any] = [one for one in pdf.objects if isinstance(one, dict) and one.get("Type") == "/Page"]
        self.places: dict[_Node, tuple[int, Any]] = {}

    # ---- From boxes to nodes

    def walk(self, box: Any, parent: _Node, page: int, tags: dict[Any, Any]) -> None:
        box = getattr(box, "_box", box)
        if isinstance(box, boxes.MarginBox) or self.repeated(box, page):
            self.leave(box, tags)
        elif isinstance(box, boxes.TextBox):
            self.text(box, parent, tags)
        elif isinstance(box, boxes.ReplacedBox):
            if box in tags:
                self.figure(box, parent, page, tags)
        elif isinstance(box, boxes.LineBox):
            for child in box.children:
                self.walk(child, parent, page, tags)
        else:
            node = self.node(box, parent, page)
            if box.link_annotation and node.tag == "Link":
                node.links.append((page, box.link_annotation))
            for child in box.children:
                self.walk(child, node, page, tags)

    def repeated(self, box: Any, page: int) -> bool:
        """Tell whether a box is the head of a table that was read on an earlier page."""
        if not getattr(box, "is_header", False):
            return False
        known = any(element is box.element and number < page for element, number in self.heads)
        self.heads.add((box.element, page))
        return known

    def leave(self, box: Any, tags: dict[Any, Any]) -> None:
        box = getattr(box, "_box", box)
        if mark := tags.pop(box, None):
            _artifact(mark)
        for child in getattr(box, "children", ()):
            self.leave(child, tags)

    def text(self, box: Any, parent: _Node, tags: dict[Any, Any]) -> None:
        mark = tags.pop(box, None)
        if mark is None:
            return
        kid = (mark["page"], mark["mcid"])
        spaced = getattr(box, "before_space", False)
        turned = box.style["direction"] == "rtl" or any(
            unicodedata.bidirectional(one) in _RIGHT_TO_LEFT for one in box.text
        )
        lang = box.style["lang"] or ""
        node = parent
        if turned or spaced or (lang and lang != parent.lang):
            node = parent.add("Span", lang)
        if turned or spaced:
            node.extra["ActualText"] = box.text + (" " if spaced else "")
        node.kids.append(kid)

    def figure(self, box: Any, parent: _Node, page: int, tags: dict[Any, Any]) -> None:
        mark = tags.pop(box)
        node = parent.add("Figure")
        title = box.element.find("{http://www.w3.org/2000/svg}title")
        node.extra["Alt"] = (box.element.get("alt") or "") if title is None else (title.text or "")
        left, top, right, bottom = self.area(box, page, content=True)
        bounds = pydyf.Array((left, bottom, right, top))
        node.extra["A"] = pydyf.Dictionary({"O": "/Layout", "BBox": bounds, "Placement": "/Block"})
        node.kids.append((mark["page"], mark["mcid"]))

    def area(self, box: Any, page: int, *, content: bool = False) -> tuple[float, float, float, float]:
        """Give the edges of a box on its page in points: left, top, right, bottom."""
        left, top = box.position_x, box.position_y
        width, height = (box.width, box.height) if content else (box.margin_width(), box.margin_height())
        if content:
            left, top = box.content_box_x(), box.content_box_y()
        foot = self.document.pages[page].height
        return left * 0.75, (foot - top) * 0.75, (left + width) * 0.75, (foot - top - height) * 0.75

    def node(self, box: Any, parent: _Node, page: int) -> _Node:
        """Give the node that the content of a box belongs to."""
        element, tag = box.element, box.element_tag
        if element is None or tag in {"html", "body", "main", "header"}:
            return parent
        if tag.endswith("::footnote-call"):
            return self.call(box, parent, page)
        if element in self.calls:
            return self.note(box, page)
        if "::" in tag:
            return parent
        if element not in self.nodes:
            self.nodes[element] = self.made(box, element, parent)
        return self.nodes[element]

    def made(self, box: Any, element: Any, parent: _Node) -> _Node:
        """Make the node of an element, or give that of its parent where it is none of its own."""
        lang = box.style["lang"] or ""
        if element.get("role") == "list":
            node = self.items(element, parent)
        elif element.get("role") == "listitem":
            item = parent.add("LI", lang)
            node = item.body = item.add("LBody")
        elif element.get("class") == "number" and parent.within({"LBody"}):
            node = self.label(parent)
        elif heading := _HEADING.fullmatch(element.tag):
            self.level = min(int(heading[1]), self.level + 1)
            node = parent.add(f"H{self.level}", lang)
        elif tag := _TAGS.get(element.tag):
            node = self.attributed(parent.add(tag, lang))
        elif not parent.within(_TEXTUAL) and self.lined(box):
            node = parent.add("P", lang)
        elif lang and lang != parent.lang and parent.within(_TEXTUAL):
            node = parent.add("Span", lang)
        else:
            node = parent
        return node

    @staticmethod
    def lined(box: Any) -> bool:
        """Tell whether a box holds lines of its own, as paragraphs do."""
        return isinstance(box, boxes.BlockBox) and any(isinstance(one, boxes.LineBox) for one in box.children)

    def items(self, element: Any, parent: _Node) -> _Node:
        node = parent.add("L")
        numbering = element.get("data-numbering", "None")
        node.extra["A"] = pydyf.Dictionary({"O": "/List", "ListNumbering": f"/{numbering}"})
        return node

    @staticmethod
    def label(parent: _Node) -> _Node:
        body = parent
        while body.tag != "LBody":
            assert body.parent is not None
            body = body.parent
        assert body.parent is not None
        label = _Node("Lbl", body.parent)
        body.parent.kids.insert(0, label)
        return label

    @staticmethod
    def attributed(node: _Node) -> _Node:
        if node.tag == "TH":
            node.extra["A"] = pydyf.Dictionary({"O": "/Table", "Scope": "/Column"})
        return node

    def call(self, box: Any, parent: _Node, page: int) -> _Node:
        if box.element not in self.calls:
            reference = parent.add("Reference")
            self.calls[box.element] = reference
            self.places[reference] = page, box
        return self.calls[box.element].kids[0] if self.calls[box.element].kids else self.calls[box.element].add("Link")

    def note(self, box: Any, page: int) -> _Node:
        """Give the note of a call, or its label."""
        element, reference = box.element, self.calls[box.element]
        if element not in self.notes:
            assert reference.parent is not None
            self.notes[element] = reference.parent.add("Note", box.style["lang"] or "", after=reference)
            self.notes[element].extra["ID"] = element.get("id")
        note = self.notes[element]
        if box.element_tag.endswith("::footnote-marker"):
            self.places[note] = page, box
            label = next((kid for kid in note.kids if isinstance(kid, _Node) and kid.tag == "Lbl"), None)
            return label.kids[0] if label else note.add("Lbl").add("Link")
        return note

    # ---- From nodes to the file

    def write(self, page_streams: Any) -> None:
        for number, (page, stream) in enumerate(zip(self.document.pages, page_streams, strict=True)):
            for mark in stream._tags.values():
                mark["page"] = number
            self.walk(page._page_box, self.root, number, stream._tags)
            for mark in stream._tags.values():  # what no box of the page has
                _artifact(mark)
        for element, note in self.notes.items():
            self.tie(self.calls[element], note)
        self.root.prune()
        parents: list[dict[int, Any]] = [{} for _ in self.pages]
        further: list[Any] = []
        tree: Any = pydyf.Dictionary({"Type": "/StructTreeRoot"})
        self.pdf.add_object(tree)
        root = self.element(self.root, tree.reference, parents, further)
        tree["K"] = pydyf.Array([root])
        numbers = pydyf.Array()
        for number, of_page in enumerate(parents):
            last = max(of_page, default=-1)
            numbers += [number, pydyf.Array([of_page.get(mark, "null") for mark in range(last + 1)])]
        for number, (annotation, reference) in enumerate(further, len(parents)):
            annotation["StructParent"] = number
            numbers += [number, reference]
        mapping: Any = pydyf.Dictionary({"Nums": numbers})
        self.pdf.add_object(mapping)
        tree["ParentTree"] = mapping.reference
        tree["ParentTreeNextKey"] = len(parents) + len(further)
        catalog = self.pdf.catalog
        catalog["StructTreeRoot"] = tree.reference
        catalog["ViewerPreferences"] = pydyf.Dictionary({"DisplayDocTitle": "true"})
        catalog["MarkInfo"] = pydyf.Dictionary({"Marked": "true"})
        labels = pydyf.Dictionary({"Nums": pydyf.Array([0, pydyf.Dictionary({"S": "/D"})])})
        catalog["PageLabels"] = labels

    def tie(self, reference: _Node, note: _Node) -> None:
        """Make links from a call to its note, and back."""
        label = next((kid for kid in note.kids if isinstance(kid, _Node) and kid.tag == "Lbl"), None)
        if label is None or reference not in self.places or note not in self.places or not reference.kids:
            return
        for node, target, link in ((reference, note, reference.kids[0]), (note, reference, label.kids[0])):
            self.link(link, self.places[node], self.places[target], self.words(target))

    def words(self, node: _Node) -> str:
        """Give what a link to a call or a note says of it."""
        box = self.places[node][1]
        text = "".join(one.text for one in box.descendants() if hasattr(one, "text"))
        return text.strip("\u2060 ") or "*"

    def link(self, node: _Node, place: tuple[int, Any], target: tuple[int, Any], words: str) -> None:
        page, box = place
        left, top, right, bottom = self.area(box, page)
        where, other = target
        x, y, _, _ = self.area(other, where)
        annotation: Any = pydyf.Dictionary(
            {
                "Type": "/Annot",
                "Subtype": "/Link",
                "Rect": pydyf.Array([left, bottom, right, top]),
                "BS": pydyf.Dictionary({"W": 0}),
                "Contents": pydyf.String(words),
                "Dest": pydyf.Array([self.pages[where].reference, "/XYZ", x, y, 0]),
            }
        )
        self.pdf.add_object(annotation)
        self.pages[page].setdefault("Annots", pydyf.Array()).append(annotation.reference)
        node.links.append((page, annotation))

    def element(self, node: _Node, parent: Any, parents: list[dict[int, Any]], further: list[Any]) -> Any:
        """Write a node with all that is in it; gives its reference."""
        element: Any = pydyf.Dictionary({"S": f"/{node.tag}", "P": parent})
        self.pdf.add_object(element)
        own = element.reference
        kids = pydyf.Array()
        first = next((kid[0] for kid in node.kids if isinstance(kid, tuple)), None)
        if first is not None:
            element["Pg"] = self.pages[first].reference
        for kid in node.kids:
            if isinstance(kid, _Node):
                kids.append(self.element(kid, own, parents, further))
                continue
            page, mark = kid
            parents[page][mark] = own
            piece = pydyf.Dictionary({"Type": "/MCR", "Pg": self.pages[page].reference, "MCID": mark})
            kids.append(mark if page == first else piece)
        for page, annotation in node.links:
            further.append((annotation, own))
            where = self.pages[page].reference
            kids.append(pydyf.Dictionary({"Type": "/OBJR", "Obj": annotation.reference, "Pg": where}))
        if kids:
            element["K"] = kids[0] if len(kids) == 1 else kids
        if node.parent and node.lang != node.parent.lang:
            element["Lang"] = pydyf.String(node.lang)
        for key, value in node.extra.items():
            element[key] = pydyf.String(value) if isinstance(value, str) else value
        return own
