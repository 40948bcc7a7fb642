"""The documentation says what the code does."""

from __future__ import annotations

import dataclasses
import datetime
import json
import re
import tomllib
from inspect import getmembers, isfunction
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest
import showcase
import yaml
from conftest import LANGUAGES, ROOT
from test_layers import ORDER

from publish import project
from publish.desk import press
from publish.finding import CODES
from publish.paper import compose, fonts
from publish.text import inline, language, resolution, source, symbol

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PAGES = sorted(path for folder in (ROOT, ROOT / "docs") for path in folder.glob("*.md"))
SCHEMAS = ROOT / "publish" / "schemas"
SAMPLE = ROOT / "resolutions" / "A_RES_56_149"
SETTINGS = tuple(one.name for one in dataclasses.fields(project.Settings))
FACTS = {
    "symbol": "A/RES/80/1",
    "session": "80",
    "adopted": {"date": "2025-09-15", "meeting": "3"},
    "report": {"symbols": ["A/80/L.1"]},
    "distribution": "general",
    "distributed": "2025-09-18",
    "job_number": "25-14701",
}
WORDING = {"title": "Cooperation", "operative": ["*Decides* on it."]}
BODIES = {"operative", "sections", "parts"}


def page(name: str) -> str:
    """Give a page of the documentation."""
    return (ROOT / name).read_text(encoding="utf-8")


def code_words(name: str) -> set[str]:
    """Give the words that stand as code in the running text and the tables of a page."""
    running = re.sub(r"^```.*?^```$", "", page(name), flags=re.MULTILINE | re.DOTALL)
    return {word for code in re.findall(r"`([^`\n]+)`", running) for word in re.findall(r"[\w-]+", code)}


def rows(name: str, heading: str) -> list[str]:
    """Give what stands as code in the first column of the table below a heading."""
    below = page(name).partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    return [
        word for cell in re.findall(r"^\|([^|]+)\|", below, re.MULTILINE) for word in re.findall(r"`([^`]+)`", cell)
    ]


def blocks(name: str, *kinds: str) -> Iterator[tuple[str, str]]:
    """Give the blocks of code of some kinds, each with the file that its first line names."""
    for kind, block in re.findall(r"^```(\w+)\n(.*?)^```$", page(name), re.MULTILINE | re.DOTALL):
        if kind in kinds:
            first, _, rest = block.partition("\n")
            yield re.sub(r"^(# |\{# |/\* )|( #\}| \*/)$", "", first), rest


EXAMPLES = [one for one in blocks("docs/source-format.md", "yaml") if one[1]]


def typed(value: Any) -> Any:
    """Give what YAML's own rules make of a source, as an editor does, with days and moments as texts."""
    if isinstance(value, dict):
        return {key: typed(one) for key, one in value.items()}
    if isinstance(value, list):
        return [typed(one) for one in value]
    return value.isoformat() if isinstance(value, datetime.date) else value


def in_editor(data: dict[str, Any]) -> Any:
    """Give plain data as an editor reads it once it is written as YAML without quotes."""
    if isinstance(data, dict):
        return {key: in_editor(one) for key, one in data.items()}
    if isinstance(data, list):
        return [in_editor(one) for one in data]
    return int(data) if data.isdecimal() and data.isascii() else data


def schema(name: str) -> dict[str, Any]:
    """Give a schema."""
    return dict(json.loads((SCHEMAS / f"{name}.json").read_text(encoding="utf-8")))


def faults(data: Any, name: str) -> list[str]:
    """Give what a schema finds wrong in data."""
    validator = jsonschema.Draft202012Validator(schema(name), format_checker=jsonschema.FormatChecker())
    return [error.message for error in validator.iter_errors(data)]


# ---- The source format


@pytest.mark.parametrize(
    ("heading", "keys"),
    [
        ("resolution.yaml", resolution.FACTS_NEEDED + resolution.FACTS_OPTIONAL),
        ("The file of a language", resolution.WORDING_NEEDED + resolution.WORDING_OPTIONAL),
        ("publish.yaml", SETTINGS),
    ],
)
def test_every_key_of_a_source_has_its_row(heading: str, keys: tuple[str, ...]) -> None:
    """The tables of the source format have every key of the three kinds of file, and no other."""
    assert sorted(keys) == sorted(rows("docs/source-format.md", heading))


@pytest.mark.parametrize("words", [resolution.DISTRIBUTIONS, resolution.COMMITTEES, resolution.STATUSES])
def test_every_choice_is_named(words: tuple[str, ...]) -> None:
    """The source format names every word of a closed list."""
    assert [] == [word for word in words if word not in code_words("docs/source-format.md")]


@pytest.mark.parametrize(("file", "example"), EXAMPLES)
def test_examples_load(file: str, example: str, desk: press.Desk, tmp_path: Path) -> None:
    """An example of the source format is sound: by itself where it is whole, else with the keys that it leaves out."""
    given = yaml.load(example, yaml.BaseLoader)  # noqa: S506  # texts alone, as the press reads them
    if file == "publish.yaml":
        (tmp_path / file).write_text(example, encoding="utf-8")
        assert press.Desk(project.load(tmp_path)).house
        return
    facts, wording = dict(FACTS), dict(WORDING)
    code = file.partition(".")[0]
    if code == "resolution":
        facts, code = facts | given, "en"
    elif given.keys() & BODIES:
        wording = {"title": wording["title"]} | given
    else:
        wording |= given
        wording["title"] += "".join(f"[^{name}]" for name in given.get("notes", {}) if f"[^{name}]" not in example)
    folder = tmp_path / symbol.parse(facts["symbol"]).file_name
    folder.mkdir()
    (folder / "resolution.yaml").write_text(json.dumps(facts | {"languages": [code]}), encoding="utf-8")
    (folder / f"{code}.yaml").write_text(json.dumps(wording), encoding="utf-8")
    found, warnings = resolution.load(folder, desk.house)
    assert ([code], []) == (list(found.wordings), warnings)


@pytest.mark.parametrize(("file", "example"), [one for one in EXAMPLES if one[0] != "publish.yaml"])
def test_examples_are_read_as_they_stand(file: str, example: str, tmp_path: Path) -> None:
    """The YAML of an example has no fault for the press, and its schema finds none but keys that are left out."""
    path = tmp_path / file
    path.write_text(example, encoding="utf-8")
    source.read(path)
    found = faults(typed(yaml.safe_load(example)), "resolution" if file == "resolution.yaml" else "text")
    assert [] == [fault for fault in found if "is a required property" not in fault]


def test_sections_number_their_paragraphs_as_the_example_says(desk: press.Desk, tmp_path: Path) -> None:
    """In the example of sections the paragraphs are 1; 2; 1; 2."""
    (example,) = (one for file, one in EXAMPLES if "sections:" in one)
    folder = tmp_path / "A_RES_80_1"
    folder.mkdir()
    (folder / "resolution.yaml").write_text(json.dumps(FACTS | {"languages": ["en"]}), encoding="utf-8")
    (folder / "en.yaml").write_text(f"title: Cooperation\n{example}", encoding="utf-8")
    first, *sections = resolution.load(folder, desk.house)[0].wordings["en"].body
    assert [1, [2], [1], [2]] == [first.number, *([one.number for one in section.body] for section in sections)]


def table(heading: str) -> list[tuple[str, str]]:
    """Give the first two cells of the rows of the table of the source format that a heading row begins."""
    below = page("docs/source-format.md").partition(f"\n| {heading} |")[2].partition("\n\n")[0]
    return re.findall(r"^\| ([^|]+) \| ([^|]+) \|$", below, re.MULTILINE)


def links(words: str) -> list[str]:
    """Give the symbols that become links in a text."""
    return [one.text for one in inline.parse(words)[0] if isinstance(one, inline.SymbolLink)]


def test_what_becomes_a_link() -> None:
    """Every example that the source format calls a link is one, whole."""
    examples = ", ".join(example for _, example in table("becomes a link"))
    assert re.split(r", (?=\w)", examples) == links(examples)


def test_what_stays_text() -> None:
    """No example that the source format calls text becomes a link."""
    examples = [example.strip("`") for _, example in table("stays text")]
    assert [] == [link for example in examples for link in links(example)]


def test_the_limits_are_those_of_the_code() -> None:
    """The limits of the source format are those that the reader keeps."""
    limits = dict(re.findall(r"^\| ([^|]+) \| ([\d,]+)", page("docs/source-format.md"), re.MULTILINE))
    expected = {
        "a file": source.LARGEST_FILE,
        "a value": source.LARGEST_VALUE,
        "nesting of lists and mappings": source.DEEPEST,
        "levels of items": resolution.LEVELS,
    }
    assert expected == {what: int(limits[what].replace(",", "").split()[0]) for what in expected}


# ---- The schemas


@pytest.mark.parametrize(
    ("name", "needed", "optional"),
    [
        ("resolution", resolution.FACTS_NEEDED, resolution.FACTS_OPTIONAL),
        ("text", resolution.WORDING_NEEDED, resolution.WORDING_OPTIONAL),
    ],
)
def test_schemas_have_the_keys_of_the_reader(name: str, needed: tuple[str, ...], optional: tuple[str, ...]) -> None:
    """A schema asks for the keys that the reader asks for, and completes those that it knows."""
    found = schema(name)
    assert (sorted(needed), sorted(needed + optional)) == (sorted(found["required"]), sorted(found["properties"]))


def test_schemas_have_the_choices_of_the_reader() -> None:
    """Distributions, committees and statuses are the same in the schemas and in the reader."""
    facts, words = schema("resolution")["properties"], schema("text")["properties"]
    expected = (resolution.DISTRIBUTIONS, resolution.COMMITTEES, resolution.STATUSES)
    found = (facts["distribution"], facts["report"]["properties"]["committee"], words["status"])
    assert expected == tuple(tuple(one["enum"]) for one in found)


@pytest.mark.parametrize("path", sorted(SAMPLE.glob("*.yaml")), ids=lambda path: path.stem)
def test_schemas_accept_the_sample(path: Path) -> None:
    """An editor marks nothing in the sources of A/RES/56/149."""
    data = typed(yaml.safe_load(path.read_text(encoding="utf-8")))
    assert [] == faults(data, "resolution" if path.stem == "resolution" else "text")


@pytest.mark.parametrize("parts", [False, True])
def test_schemas_accept_every_construct(parts: bool) -> None:
    """An editor marks nothing in a source that shows every construct."""
    found = [fault for code in LANGUAGES for fault in faults(in_editor(showcase.wording(code, parts=parts)), "text")]
    assert [] == [*faults(in_editor(showcase.FACTS), "resolution"), *found]


@pytest.mark.parametrize("name", ["resolution", "text"])
def test_schemas_are_schemas(name: str) -> None:
    """A schema is sound by the rules for schemas."""
    jsonschema.Draft202012Validator.check_schema(schema(name))


# ---- Layouts


@pytest.fixture(scope="module")
def sample(desk: press.Desk) -> resolution.Resolution:
    """The sample."""
    return press.check(desk, [SAMPLE])[0][0]


def test_every_name_of_a_template_is_explained(desk: press.Desk, sample: resolution.Resolution) -> None:
    """The table of what a template is given has every name of the context, and no other."""
    context = compose._context(sample, desk.language("en", sample.facts.edition), desk.project)
    below = page("docs/layouts.md").partition("\n## What a template is given\n")[2].partition("\n### ")[0]
    assert sorted(context) == sorted(re.findall(r"^\| `(\w+)", below, re.MULTILINE))


@pytest.mark.parametrize(
    "model",
    [
        *(resolution.Facts, resolution.Vote, resolution.Wording, resolution.Paragraph, resolution.Item),
        *(resolution.Division, resolution.Heading, resolution.Table, resolution.Note),
        *(symbol.Symbol, inline.Text, inline.Span, inline.Link, inline.SymbolLink, inline.NoteCall),
    ],
)
def test_every_field_of_the_model_is_named(model: type) -> None:
    """What a template can ask the document for is on the page on layouts."""
    assert [] == [one.name for one in dataclasses.fields(model) if one.name not in code_words("docs/layouts.md")]


def test_every_verb_of_a_language_is_explained() -> None:
    """The table of what a language gives has every field and function of one, and no other."""
    below = page("docs/layouts.md").partition("\n### Language\n")[2].partition("\n## ")[0]
    functions = [name for name, _ in getmembers(language.Language, isfunction)]
    properties = [name for name, _ in getmembers(language.Language, lambda one: isinstance(one, property))]
    names = [*functions, *properties, *(one.name for one in dataclasses.fields(language.Language))]
    expected = {name for name in names if not name.startswith("_")}
    assert sorted(expected) == sorted(re.findall(r"^\| `language\.(\w+)", below, re.MULTILINE))


@pytest.mark.parametrize("pattern", ["*.css", "*.html"])
def test_every_file_of_the_layouts_is_named(pattern: str) -> None:
    """The table of files has every shipped template and sheet; editions, papers and languages stand together."""
    below = page("docs/layouts.md").partition("\n## The files\n")[2].partition("\n## ")[0]
    kinds = {"papers": "PAPER", "editions": "EDITION", "languages": "LANGUAGE"}
    paths = [path.relative_to(ROOT / "layouts") for path in (ROOT / "layouts").rglob(pattern)]
    expected = {str(path.with_stem(kinds.get(path.parent.name, path.stem))) for path in paths}
    assert expected == {one for one in re.findall(r"^\| `([^`]+)`", below, re.MULTILINE) if one.endswith(pattern[1:])}


def test_the_examples_of_layouts_typeset(worker: press.Worker, sample: resolution.Resolution, tmp_path: Path) -> None:
    """The files that the page on layouts shows work in a project of one's own, each edition and paper of them."""
    for file, example in blocks("docs/layouts.md", "html", "css"):
        path = tmp_path / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(example, encoding="utf-8")
    own = project.Project(tmp_path, project.Settings())
    assert {"council", "b5"} <= {*compose.editions(own.layouts), *compose.papers(own.layouts)}
    for edition, paper in (("council", "b5"), ("2013", "letter")):
        facts = dataclasses.replace(sample.facts, edition=edition, paper=paper)
        asked = dataclasses.replace(sample, facts=facts)
        proof = compose.compose(asked, worker.desk.language("en", edition), own)
        assert 2 <= worker.press.typeset(proof).pages
        assert [tmp_path] == sorted({tmp_path for path in proof.stylesheets if path.is_relative_to(tmp_path)})


# ---- Locales, dependencies, licences


def test_every_word_of_a_locale_is_explained() -> None:
    """The page on locales has every key of a locale file, and the keys below it."""
    known, said = code_words("docs/locales.md"), set(re.findall(r"\w+", page("docs/locales.md")))
    missing = []
    for name, hint in language.get_type_hints(language.Words).items():
        below = [part for part in (hint, *language.get_args(hint)) if dataclasses.is_dataclass(part)]
        missing += [] if name in known else [name]
        missing += [f"{name}.{one.name}" for part in below for one in dataclasses.fields(part) if one.name not in said]
    assert [] == missing


def test_every_dependency_is_explained() -> None:
    """The page on dependencies has every package of pyproject.toml, and no other."""
    settings = tomllib.loads(page("pyproject.toml"))
    extras = [one for needed in settings["project"]["optional-dependencies"].values() for one in needed]
    developing = settings["dependency-groups"]["dev"]
    assert set() == set(extras) - set(developing)  # the tests prove them
    for heading, needed in (
        ("To run", settings["project"]["dependencies"]),
        ("To develop", [one for one in developing if one not in extras]),
    ):
        assert sorted(re.split(r"[<>=]", one)[0] for one in needed) == sorted(rows("docs/dependencies.md", heading))


def test_every_dependency_is_pinned() -> None:
    """The lock pins every package that pyproject.toml asks for, to run and to develop."""
    settings = tomllib.loads(page("pyproject.toml"))
    pinned = set(re.findall(r"^([\w.-]+)==", page("requirements.lock"), re.MULTILINE))
    needed = settings["project"]["dependencies"] + settings["dependency-groups"]["dev"]
    assert set() == {re.split(r"[\[<>=]", one)[0].lower() for one in needed} - pinned


def test_every_extra_is_explained() -> None:
    """The page on dependencies has every package of an extra, with its extra, and no other."""
    extras = tomllib.loads(page("pyproject.toml"))["project"]["optional-dependencies"]
    expected = [word for extra, needed in extras.items() for word in (re.split(r"[<>=]", needed[0])[0], extra)]
    below = page("docs/dependencies.md").partition("\n## Extras\n")[2].partition("\n## ")[0]
    assert sorted(expected) == sorted(
        word for row in re.findall(r"^\| `([^`]+)` \| `([^`]+)` \|", below, re.MULTILINE) for word in row
    )


def test_every_system_package_is_explained() -> None:
    """The page on dependencies has every package that set-up installs, and no other."""
    needed = [line for line in page("setup/packages.txt").splitlines() if line and not line.startswith("#")]
    assert sorted(needed) == sorted(rows("docs/dependencies.md", "System packages"))


def test_every_source_of_a_typeface_has_its_notice() -> None:
    """The licence file names every family that faces are derived from, with its package, under the licence it has."""
    licence = page("LICENSE")
    sources = fonts.load(ROOT / "fonts").sources
    assert {"OFL-1.1"} == {one.licence for one in sources}
    assert [] == [one.family for one in sources if one.family not in licence or one.package not in licence]


# ---- The whole


def test_the_order_of_files_is_the_proven_one() -> None:
    """The order that ARCHITECTURE.md gives is the one that the test of layers proves."""
    below = page("ARCHITECTURE.md").partition("only from files above it:\n\n")[2].partition("\n")[0]
    assert ORDER == re.findall(r"`([\w.]+)`", below)


def test_every_stage_stands_in_the_architecture() -> None:
    """ARCHITECTURE.md names every file of the package, and the folder of the steps of the register's tables."""
    files = [path for path in (ROOT / "publish").rglob("*.py") if not path.name.startswith("__")]
    files = {"migrations/" if "migrations" in path.parts else path.name for path in files}
    assert [] == [name for name in files if f"`{name}`" not in page("ARCHITECTURE.md")]


def test_the_changelog_has_the_version() -> None:
    """The version of the package has its entry in the changelog."""
    assert f"## [{tomllib.loads(page('pyproject.toml'))['project']['version']}]" in page("CHANGELOG.md")


def anchors(path: Path) -> set[str]:
    """Give the anchors of the headings of a page, as they are made of their words."""
    headings = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_links_lead_somewhere(path: Path) -> None:
    """A link from one page to another leads to a file that exists, and to a heading that it has."""
    running = re.sub(r"^```.*?^```$|`[^`\n]*`", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    broken = []
    for target in re.findall(r"\]\((?!\w+:)([^)\s]+)\)", running):
        name, _, anchor = target.partition("#")
        file = (path.parent / name).resolve() if name else path
        if not file.exists() or (anchor and anchor not in anchors(file)):
            broken.append(target)
    assert [] == broken


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_codes_that_pages_name_exist(path: Path) -> None:
    """A finding that a page names by its code is one of the list."""
    named = re.findall(r"\b[SKLTI]\d\d\b", path.read_text(encoding="utf-8"))
    assert set() == set(named) - set(CODES)
