"""The faces that documents are set in."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pytest
from fontTools.ttLib import TTFont

from publish.finding import Finding, Rejected
from publish.paper import fonts

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER = Path(__file__).parent.parent / "fonts"
FACES = {face.name: face for face in fonts.load(FOLDER).faces}
FAMILIES = sorted({face.family for face in FACES.values()})
CHINESE = ("Press Song", "Press Hei", "Press Kai")
BOLD = FACES["Press Serif Bold"]
SMALL = """\
releases: [debian-12, ubuntu-24.04]
line: {{ascent: 891, descent: 216, gap: 42, ideographs: 105}}
root: {root}
sources:
  Serif:
    family: {family}
    file: {file}
    package: fonts-example
    licence: OFL-1.1
    sha256: {{debian-12: {sum}}}
sets:
  letters: [U+0041-005A, U+2010-2011]
families:
  Small Serif:
    characters: [letters]
    copies: {{U+2011: U+2010}}
    faces:
      Bold: {{source: Serif{record}}}
"""


@cache
def font(name: str) -> TTFont:
    """Open a prepared face by its full name."""
    return TTFont(fonts.prepared(FOLDER) / FACES[name].file)


@cache
def characters(family: str) -> frozenset[int]:
    """The characters that all faces of a family set."""
    sets = [set(font(name).getBestCmap()) for name, face in FACES.items() if face.family == family]
    return frozenset(set.intersection(*sets))


def missing(family: str, text: str) -> str:
    """Give the characters of a text that a family cannot set."""
    return "".join(one for one in text if ord(one) not in characters(family))


def present(family: str, text: str) -> str:
    """Give the characters of a text that a family can set."""
    return "".join(one for one in text if ord(one) in characters(family))


def widths(name: str, text: str) -> list[float]:
    """Give the widths of characters in em."""
    face = font(name)
    return [face["hmtx"][face.getBestCmap()[ord(one)]][0] / face["head"].unitsPerEm for one in text]


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Write a catalogue of one face made from a copy of a source, with a cache of its own, on Debian 12."""
    monkeypatch.setenv("PUBLISH_FONT_CACHE", str(tmp_path / "cache"))
    system(monkeypatch, "debian", "12")
    (tmp_path / "system").mkdir()
    (tmp_path / "system" / "Serif.ttf").write_bytes(BOLD.source.path.read_bytes())

    def write(**words: str) -> Path:
        found = {
            "root": tmp_path / "system",
            "family": "Liberation Serif",
            "file": "S*.ttf",
            "sum": fonts._sum(BOLD.source.path),
            "record": "",
        }
        (tmp_path / "fonts.yaml").write_text(SMALL.format(**(found | words)), "utf-8")
        return tmp_path

    return write


def system(monkeypatch: pytest.MonkeyPatch, name: str, version: str) -> None:
    """Pretend that a system is the one we run on."""
    monkeypatch.setattr("platform.freedesktop_os_release", lambda: {"ID": name, "VERSION_ID": version})


def words(finding: Finding) -> tuple[str, str, str]:
    """Give how grave a finding is, its message and its hint."""
    return finding.severity, finding.message, finding.hint


def test_every_face_is_recorded() -> None:
    """Each source and each derived face has a record for Debian 12, and each source a free licence and a package."""
    catalogue = fonts.load(FOLDER)
    assert ("debian-12", "ubuntu-24.04") == catalogue.releases
    assert [] == [one.name for one in catalogue.sources if "debian-12" not in one.sums]
    assert [] == [one.name for one in catalogue.faces if "debian-12" not in one.records]
    assert {"OFL-1.1"} == {one.licence for one in catalogue.sources}
    assert all(one.package.startswith("fonts-") for one in catalogue.sources)


def test_the_prepared_faces_are_the_recorded_ones() -> None:
    """Both the quick look and the full one find nothing wrong on a supported release."""
    assert [] == fonts.ready(FOLDER)
    assert [] == [finding for finding in fonts.audit(FOLDER) if finding.severity == "error"]


@pytest.mark.parametrize("name", FACES)
def test_names_are_our_own(name: str) -> None:
    """Family, style, full, PostScript and unique names agree and reserve nobody's word; rights and makers are kept."""
    face, table = FACES[name], font(name)["name"]
    texts = {record.nameID: record.toUnicode() for record in table.names}
    assert len(table.names) == len(texts)
    postscript = face.family.replace(" ", "") + "-" + face.style.replace(" ", "")
    assert (face.family, face.style, name, postscript) == tuple(texts[number] for number in (1, 2, 4, 6))
    assert texts[3].endswith(name)
    assert texts[5].endswith("derived")
    reserved = ("liberation", "tinos", "amiri", "noto", "source", "lxgw", "霞鹜", "klee")
    assert [] == [word for word in reserved for number in (1, 2, 3, 4, 6) if word in texts[number].lower()]
    assert face.source.name in texts[10]
    assert "opyright" in texts[0] or "©" in texts[0]
    assert "SIL Open Font License" in texts[13]


@pytest.mark.parametrize("name", FACES)
def test_styles_are_told_to_the_engine(name: str) -> None:
    """The weight and the slant that fontconfig reads are those of the style."""
    face, os2 = FACES[name], font(name)["OS/2"]
    assert (700 if "Bold" in face.style else 400) == os2.usWeightClass
    assert ("Italic" in face.style) == bool(os2.fsSelection & 1)
    assert ("Bold" in face.style) == bool(os2.fsSelection & 32)


@pytest.mark.parametrize("name", FACES)
def test_all_faces_share_one_line(name: str) -> None:
    """Ascent, descent and baselines are the same in em, so that a mixed line is as high as a plain one."""
    em, hhea, os2 = (font(name)[table] for table in ("head", "hhea", "OS/2"))
    em = em.unitsPerEm
    base = font(name)["BASE"].table.HorizAxis
    coordinates = [one.Coordinate for one in base.BaseScriptList.BaseScriptRecord[0].BaseScript.BaseValues.BaseCoord]
    assert ["icfb", "romn"] == base.BaseTagList.BaselineTag
    for heights in ((hhea.ascent, hhea.descent), (os2.sTypoAscender, os2.sTypoDescender)):
        assert [0.891, -0.216, -0.105, 0] == [round(one / em, 3) for one in (*heights, *coordinates)]


@pytest.mark.parametrize("name", FACES)
def test_faces_are_plain_truetype(name: str) -> None:
    """No face has PostScript outlines, which PDF/A-1 forbids, nor instructions, nor anything for vertical setting."""
    assert "glyf" in font(name)
    assert set() == {"CFF ", "fpgm", "prep", "cvt ", "vhea", "vmtx", "DSIG"} & set(font(name).keys())


@pytest.mark.parametrize("family", FAMILIES)
def test_every_family_has_the_space(family: str) -> None:
    """Space and no-break space are in every face."""
    assert "" == missing(family, " \u00a0")


def test_the_serif_sets_four_languages() -> None:
    """Letters, punctuation, spaces and signs of English, French, Russian and Spanish documents are all there."""
    text = "AZaz09ÀÿŒœŸŠșțĞğİıŁłÅåÑñÇçß АЯаяЁёЄєІіЇїҐґЎўЉљЊњЂђЋћЏџ ΑΩαω"
    marks = "–—―‘’‚“”„«»‹›…•†‡‰′″№§©®™°ªº¹²³⁴⁵⁶⁷⁸⁹ⁿ₀₉½⅓⅔¼¾⅛€£¥$¢×÷±−≤≥≠→←↔■□●○¿¡"
    assert "" == missing("Press Serif", text + marks + "\u2002\u2003\u2009\u202f\u2010\u2011\u200c\u200d")


def test_the_thin_spaces_are_thin() -> None:
    """The spaces of French and of numbers are a sixth to a fifth of an em."""
    for width in widths("Press Serif Regular", "\u2009\u202f"):
        assert 0.16 < width < 0.21


def test_the_serif_keeps_the_widths_of_its_source() -> None:
    """Each character of the serif is exactly as wide as in Liberation Serif, and so as in Times New Roman."""
    for name, face in FACES.items():
        if face.family == "Press Serif":
            ours = font(name)["hmtx"], font(name).getBestCmap()
            with TTFont(face.source.path) as source:
                theirs = source["hmtx"], source.getBestCmap()
            same = sorted(ours[1].keys() & theirs[1].keys())
            assert 1500 < len(same)
            assert [theirs[0][theirs[1][code]][0] for code in same] == [ours[0][ours[1][code]][0] for code in same]


def test_chinese_sets_its_own_marks() -> None:
    """The Latin face before a Chinese one lacks just the marks that Chinese sets a full em wide."""
    assert "" == present("Press Serif Han", "“”‘’…—―‖·→■●")
    assert "" == missing("Press Serif Han", " \u00a0AZaz09()[]/.,:;-–%&'\"№°")
    assert "" == "".join(missing(family, "“”‘’…—―‖·→■●") for family in CHINESE)


@pytest.mark.parametrize("family", CHINESE)
def test_chinese_is_complete(family: str) -> None:
    """The Chinese faces have GB 2312, the zero, full-width forms and the names that the standard lacks."""
    standard = "".join(bytes((row, cell)).decode("gb2312") for row in range(0xB0, 0xF7) for cell in range(0xA1, 0xFA))
    assert 6319 == len(standard)
    assert "" == missing(family, standard + "〇《》〈〉「」『』【】〔〕、。，；：？！（）％／～￥①⑩⑴Ⅳ㈠℃※镕喆堃玥赟")


@pytest.mark.parametrize("name", [name for name, face in FACES.items() if face.family in CHINESE])
def test_chinese_marks_fill_an_em(name: str) -> None:
    """Quotation marks, dash, dots and points are as wide as an ideograph."""
    assert [1.0] * 17 == widths(name, "国“”‘’…—·、。，；：（）《》")


@pytest.mark.parametrize("name", [name for name, face in FACES.items() if face.family in CHINESE])
def test_meeting_chinese_marks_give_up_half_an_em(name: str) -> None:
    """The feature chws takes half an em from the first of two marks that meet, and no other changes forms."""
    positions = font(name)["GPOS"].table
    assert ["chws"] == [one.FeatureTag for one in positions.FeatureList.FeatureRecord]
    names, halved = font(name).getBestCmap(), set()
    for pairs in (found for lookup in positions.LookupList.Lookup for found in lookup.SubTable):
        second = pairs.ClassDef2.classDefs
        for glyph in pairs.Coverage.glyphs:
            row = pairs.Class1Record[pairs.ClassDef1.classDefs.get(glyph, 0)].Class2Record
            taken = {other: row[kind].Value1.XAdvance for other, kind in second.items() if row[kind].Value1}
            halved |= {(glyph, other) for other, width in taken.items() if width == -font(name)["head"].unitsPerEm // 2}
    meeting = ["》、", "”，", "。”", "），", "《《", "“《", "：“", "》《", "）（"]
    assert [] == [pair for pair in meeting if (names[ord(pair[0])], names[ord(pair[1])]) not in halved]
    assert [] == [pair for pair in ("（）", "《国", "国，") if (names[ord(pair[0])], names[ord(pair[1])]) in halved]
    if "GSUB" in font(name):
        assert {one.FeatureTag for one in font(name)["GSUB"].table.FeatureList.FeatureRecord} <= {"ccmp"}


def test_rare_ideographs_are_elsewhere() -> None:
    """The rare face has the ideographs that the text face lacks, and nothing twice but spaces."""
    everyday, rare = characters("Press Song"), characters("Press Song Rare")
    assert set() == set(range(0x4E00, 0x9FA6)) - everyday - rare
    assert set() == {code for code in everyday & rare if not chr(code).isspace()}
    assert "" == missing("Press Song Rare", "龘體臺灣䶮𬭳𠮷")


def test_the_latin_face_before_arabic_leaves_the_sentence_alone() -> None:
    """It sets words, numbers and symbols, and no mark of the Arabic sentence."""
    assert "" == missing("Press Serif Arab", " \u00a0AZaz09éŒœ/.-–&%№°²½€\u2011")
    assert "" == present("Press Serif Arab", "()[]{}«»“”‘’\"',:;!?…،؛؟٠٩أ\u061c\u200c\u200d")


def test_arabic_is_complete() -> None:
    """The naskh has letters, vowel signs, both kinds of digits, all marks and their joining, and no Latin letters."""
    text = "ءآأؤإئابةتثجحخدذرزسشصضطظعغـفقكلمنهوىيًٌٍَُِّْٰٱپچژکگی٠١٢٣٤٥٦٧٨٩۰۹0123456789"
    assert "" == missing("Press Naskh", text + " \u00a0\u202f()[]{}«»“”‘’\"',:;!?.…،؛؟٪٫٬-–—/ﷲﷺ\u200c\u200d")
    assert "" == present("Press Naskh", "AZazéΩЖ国\u061c")
    for name in ("Press Naskh Regular", "Press Naskh Bold"):
        forms = {one.FeatureTag for one in font(name)["GSUB"].table.FeatureList.FeatureRecord}
        marks = {one.FeatureTag for one in font(name)["GPOS"].table.FeatureList.FeatureRecord}
        assert {"init", "medi", "fina", "rlig", "ccmp", "calt"} <= forms
        assert {"mark", "mkmk", "curs", "kern"} <= marks


def test_the_same_face_comes_out_each_time(small: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Built twice, with another seed of Python's hashes, a face is the same byte for byte."""
    folder, built = small(), []
    for seed in ("1", "2"):
        monkeypatch.setenv("PUBLISH_FONT_CACHE", str(tmp_path / seed))
        monkeypatch.setenv("PYTHONHASHSEED", seed)
        assert [] == [one for one in fonts.prepare(folder, 1) if one.severity == "error"]
        built.append((fonts.prepared(folder) / "SmallSerif-Bold.ttf").read_bytes())
    assert built[0] == built[1]
    (tmp_path / "small.ttf").write_bytes(built[0])
    assert {0x20, 0xA0, *range(0x41, 0x5B), 0x2010, 0x2011} == set(TTFont(tmp_path / "small.ttf").getBestCmap())


def test_two_builders_do_not_hurt_each_other(small: Any, tmp_path: Path) -> None:
    """Two that prepare the same faces at once both succeed, and leave nothing but the faces."""
    folder, told = small(), []
    with ThreadPoolExecutor(2) as pool:
        results = [pool.submit(fonts.prepare, folder, 1, told.append) for _ in range(2)]
    assert [[], []] == [[one for one in result.result() if one.severity == "error"] for result in results]
    assert ["Small Serif Bold (1 of 1)"] * 2 == told
    assert ["SmallSerif-Bold.ttf"] == [path.name for path in fonts.prepared(folder).iterdir()]
    assert [fonts.prepared(folder)] == list((tmp_path / "cache").iterdir())


def test_a_missing_source(small: Any, tmp_path: Path) -> None:
    """A source that is not installed is named with its package, and nothing is built from it."""
    (tmp_path / "system" / "Serif.ttf").unlink()
    folder = small()
    finding = ("error", "the typeface Serif is missing", "as root: apt-get install -y fonts-example")
    assert finding in [words(one) for one in fonts.audit(folder)]
    assert finding in [words(one) for one in fonts.prepare(folder, 1)]
    assert not fonts.prepared(folder).exists()


def test_a_damaged_source(small: Any, tmp_path: Path) -> None:
    """A source of other bytes than recorded is an error."""
    with (tmp_path / "system" / "Serif.ttf").open("ab") as file:
        file.write(b"\0")
    message = "the typeface Serif is not the one recorded for debian-12"
    hint = "as root: apt-get install -y --reinstall fonts-example"
    assert ("error", message, hint) in [words(one) for one in fonts.audit(small())]


def test_another_face_in_the_file(small: Any) -> None:
    """A source whose file holds another family is not built from."""
    findings = [words(one) for one in fonts.prepare(small(family="Times"), 1)]
    message = "typeface 0 of the file is Liberation Serif, not Times"
    assert ("error", message, "as root: apt-get install -y --reinstall fonts-example") in findings


def test_a_source_that_is_no_font(small: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A broken file ends in a finding, not in a traceback."""
    (tmp_path / "system" / "Serif.ttf").write_bytes(b"no font")
    system(monkeypatch, "debian", "13")
    assert "the typeface Small Serif Bold cannot be derived" in fonts.prepare(small(), 1)[1].message


@pytest.mark.parametrize(
    ("name", "version", "message"),
    [
        ("ubuntu", "24.04", "typefaces have no records for ubuntu-24.04 yet and are not verified"),
        ("fedora", "41", "typefaces are not verified on fedora-41"),
    ],
)
def test_other_releases_are_warned_of(
    name: str, version: str, message: str, small: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where nothing is recorded for a release, faces are used with a warning."""
    system(monkeypatch, name, version)
    folder = small(sum="0" * 64)
    assert [("warning", message)] == [words(one)[:2] for one in fonts.prepare(folder, 1)]
    assert [("warning", message)] == [words(one)[:2] for one in fonts.audit(folder)]
    assert [] == fonts.ready(folder)


def test_missing_and_damaged_faces_are_found_and_mended(small: Any) -> None:
    """A derived face that is missing, cut short or altered is found by the checks, and built anew."""
    fonts.prepare(small(), 1)
    face = fonts.prepared(small()) / "SmallSerif-Bold.ttf"
    data, record = face.read_bytes(), fonts._measure(face)
    folder = small(record=f", debian-12: {{bytes: {record.size}, sha256: {record.sum}}}")
    face = fonts.prepared(folder) / "SmallSerif-Bold.ttf"
    absent = [("error", "the typeface Small Serif Bold is not prepared", fonts.FIX)]
    other = [("error", "the typeface Small Serif Bold is not the one recorded for debian-12", fonts.FIX)]
    assert absent == [words(one) for one in fonts.audit(folder)]
    assert ["1 of 1 typefaces are not prepared"] == [one.message for one in fonts.ready(folder)]
    assert [] == fonts.prepare(folder, 1)
    assert data == face.read_bytes()
    assert [] == fonts.ready(folder) + fonts.audit(folder)
    face.write_bytes(data[:-1] + b"x")
    assert [] == fonts.ready(folder)
    assert other == [words(one) for one in fonts.audit(folder)]
    face.write_bytes(data[:-1])
    assert ["1 of 1 typefaces are not prepared"] == [one.message for one in fonts.ready(folder)]
    assert [] == fonts.prepare(folder, 1)
    assert data == face.read_bytes()


def test_a_face_that_comes_out_otherwise_is_refused(small: Any) -> None:
    """A face that differs from its record is not used, and what came out is told."""
    folder = small(record=f", debian-12: {{bytes: 5, sha256: {'0' * 64}}}")
    finding = fonts.prepare(folder, 1)[0]
    assert "the typeface Small Serif Bold did not come out as recorded for debian-12" == finding.message
    assert "bytes and the SHA-256 " in finding.hint
    assert [] == list(fonts.prepared(folder).iterdir())


def test_a_cache_that_cannot_be_written(small: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the cache cannot be written the finding says how to name another."""
    folder = small()
    monkeypatch.setenv("PUBLISH_FONT_CACHE", str(tmp_path / "fonts.yaml" / "cache"))
    with pytest.raises(Rejected) as rejected:
        fonts.prepare(folder, 1)
    assert ["set PUBLISH_FONT_CACHE to a folder that can be written"] == [one.hint for one in rejected.value.findings]


def test_the_cache_follows_the_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The cache is where PUBLISH_FONT_CACHE says, else in the user's cache folder, and changes with the catalogue."""
    monkeypatch.setenv("PUBLISH_FONT_CACHE", "/one")
    assert Path("/one") == fonts.prepared(FOLDER).parent
    monkeypatch.delenv("PUBLISH_FONT_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", "/two")
    assert Path("/two/publish/fonts") == fonts.prepared(FOLDER).parent
    (tmp_path / "fonts.yaml").write_text("other: catalogue", "utf-8")
    assert fonts.prepared(FOLDER) != fonts.prepared(tmp_path)


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("[letters]", "[leters]", "S17"),
        ("source: Serif", "source: Sans", "S17"),
        ("Bold: {", "Black: {", "S17"),
        ("debian-12: {sum}", "debian-11: {sum}", "S06"),
        ("{sum}", "abc", "S08"),
        ("U+2011: ", "ab: ", "S08"),
        ("root: ", "rot: ", "S07"),
        ("sets:\n", "line: 5\nsets:\n", "S03"),
    ],
)
def test_faults_of_the_catalogue_are_findings(
    old: str, new: str, code: str, small: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is wrong in the catalogue is told with its place."""
    monkeypatch.setattr(sys.modules[__name__], "SMALL", SMALL.replace(old, new))
    with pytest.raises(Rejected) as rejected:
        fonts.load(small())
    assert code in {one.code for one in rejected.value.findings}
    assert all(one.place and one.place.line for one in rejected.value.findings)


def test_the_engine_sees_the_prepared_and_the_own_faces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The engine's configuration names our cache, and a project's own folder where there are fonts in it."""
    monkeypatch.setenv("PUBLISH_FONT_CACHE", str(tmp_path / "cache"))
    own = tmp_path / "own & licensed"
    bare = fonts.configure(FOLDER, None)
    assert bare == fonts.configure(FOLDER, own)
    own.mkdir()
    (own / "readme.txt").touch()
    assert bare == fonts.configure(FOLDER, own)
    (own / "Times.TTF").touch()
    both = fonts.configure(FOLDER, own)
    assert [str(fonts.prepared(FOLDER))] == [one.text for one in ET.parse(bare).iter("dir")]
    assert [str(fonts.prepared(FOLDER)), str(own)] == [one.text for one in ET.parse(both).iter("dir")]
    for path in (bare, both):
        assert tmp_path / "cache" in path.parents
        assert [str(tmp_path / "cache" / "fontconfig")] == [one.text for one in ET.parse(path).iter("cachedir")]


def test_the_fingerprint_covers_all_faces(small: Any, tmp_path: Path) -> None:
    """It changes with every face that the engine sees, a project's own ones too."""
    folder, own = small(), tmp_path / "own"
    with pytest.raises(Rejected):
        fonts.fingerprint(folder, None)
    fonts.prepare(folder, 1)
    prints = [fonts.fingerprint(folder, None)]
    assert prints[0] == fonts.fingerprint(folder, own)
    own.mkdir()
    for content in (b"a", b"b"):
        (own / "Times.ttf").write_bytes(content)
        prints.append(fonts.fingerprint(folder, own))
    (fonts.prepared(folder) / "SmallSerif-Bold.ttf").write_bytes(b"x")
    prints.append(fonts.fingerprint(folder, own))
    assert 4 == len(set(prints))


def test_only_our_faces_are_seen(tmp_path: Path) -> None:
    """Generic and unknown families are set in the serif, an ideograph in its face; what no face has is reported."""
    script = (
        "import logging, weasyprint\n"
        "logging.basicConfig()\n"
        "text = '<p style=\"font-family:FAMILY\">Ab <b>c</b> 国 龘 ش \\ue000'\n"
        "page = ''.join(text.replace('FAMILY', one) for one in ('serif', 'sans-serif', 'monospace', 'Nobody'))\n"
        f"weasyprint.HTML(string=page).write_pdf({str(tmp_path / 'page.pdf')!r})\n"
    )
    seen = {**os.environ, "FONTCONFIG_FILE": str(fonts.configure(FOLDER, None))}
    done = subprocess.run([sys.executable, "-c", script], env=seen, capture_output=True, check=True, text=True)
    assert {"U+E000"} == {word.strip("()") for word in done.stderr.split() if word.startswith("(U+")}
    listed = subprocess.run(["pdffonts", tmp_path / "page.pdf"], capture_output=True, check=True, text=True).stdout
    names = {line.split()[0].partition("+")[2] for line in listed.splitlines()[2:]}
    assert {"Press-Serif", "Press-Serif-Bold", "Press-Song", "Press-Song-Rare", "Press-Naskh"} == names
