"""The tags of finished files: all that the source says, in its order, as what it is."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element

import pytest
import showcase
import tags
import tinyhtml5
from conftest import LANGUAGES

from publish.desk import press
from publish.paper import compose
from publish.text import resolution


class Made:
    """A document with its proof, its file and the tree of its tags."""

    def __init__(self, worker: press.Worker, found: resolution.Resolution, code: str) -> None:
        self.found = found
        self.proof = compose.compose(found, worker.desk.language(code, found.facts.edition), worker.desk.project)
        self.data = worker.press.typeset(self.proof).data
        self.tree = tags.tree(self.data)


@pytest.fixture(scope="module")
def shown(worker: press.Worker, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Made]:
    """The document that shows every construct, in each language."""
    folder = showcase.write(tmp_path_factory.mktemp("structure"), edition=2013)
    found, _ = resolution.load(folder, worker.desk.house)
    return {code: Made(worker, found, code) for code in LANGUAGES}


def said(html: str) -> str:
    """Give what the HTML of a document says in its order, notes beside their calls, without its running parts."""

    def walk(element: Element) -> str:
        tag = str(element.tag).rpartition("}")[2]
        if tag in {"head", "style", "svg"} or "data-running" in element.attrib:
            return element.tail or ""
        before = element.get("data-call", "") + element.get("data-mark", "")
        inside = (element.text or "") + "".join(walk(one) for one in element)
        return before + inside + (element.tail or "")

    return walk(tinyhtml5.parse(html, namespace_html_elements=False))


def plain(text: str) -> str:
    """Leave out what cannot be seen: marks of direction, joiners and spaces."""
    return re.sub(r"[\s\u200b-\u200f\u2060-\u2069\u202a-\u202e\u061c\ufeff]+", "", text)


@pytest.mark.parametrize("code", LANGUAGES)
def test_tags_say_all_of_the_source_in_its_order(shown: dict[str, Made], code: str) -> None:
    """Read by its tags, a file gives the characters of its document in their order, each once."""
    assert plain(said(shown[code].proof.html)) == plain(shown[code].tree.text)
