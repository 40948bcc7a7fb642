"""fonts/ -> the faces that the engine sees: derived from the distribution's, cached, checked.

`fonts.yaml` says what is derived from what; `fonts.conf` is the engine's whole view of typefaces. The only owner of
fontTools, which is imported where a face is built: most runs only look into the cache.
"""

from __future__ import annotations

import hashlib
import html
import os
import platform
import re
import struct
import tempfile
import unicodedata
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from publish.finding import Finding, Place, Rejected, suggest
from publish.project import caches
from publish.text.source import Node, Reader, read

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

RECIPE = 3  # raise it where a change of this file changes derived faces
FIX = "publish doctor --fix"
STYLES = ("Regular", "Bold", "Italic", "Bold Italic")
SPACES = {0x20, 0xA0}  # in every face: Pango takes a space from the face of the text before it
SIDES = ("left", "middle", "right")
FONT_FILES = {".ttf", ".otf", ".ttc", ".otc"}
_CODE = re.compile(r"U\+([0-9A-F]{4,5})(?:-([0-9A-F]{4,5}))?")
_SUM = re.compile("[0-9a-f]{64}")


@dataclass(frozen=True)
class Source:
    """A face of the distribution; sums are SHA-256 by release."""

    name: str
    family: str
    path: Path
    index: int
    package: str
    licence: str
    sums: Mapping[str, str]


@dataclass(frozen=True)
class Record:
    """What a derived face is on a release."""

    size: int
    sum: str


@dataclass(frozen=True)
class Line:
    """How far a line, and the ideographs in it, reach above and below the baseline, in thousandths of an em."""

    ascent: int
    descent: int
    gap: int
    ideographs: int


@dataclass(frozen=True)
class Face:
    """A derived face: what it is called, what it is made from and how, and what came out on each release."""

    family: str
    style: str
    source: Source
    characters: frozenset[int]
    features: tuple[str, ...]
    copies: Mapping[int, int]
    wide: Mapping[int, str]
    width: int
    advances: Mapping[int, int]
    opening: frozenset[int]
    closing: frozenset[int]
    line: Line
    records: Mapping[str, Record]

    @property
    def name(self) -> str:
        """The full name."""
        return f"{self.family} {self.style}"

    @property
    def file(self) -> str:
        """The file name, which is also the PostScript name."""
        return f"{self.family}-{self.style}.ttf".replace(" ", "")


@dataclass(frozen=True)
class Catalogue:
    """What fonts.yaml says."""

    releases: tuple[str, ...]
    sources: tuple[Source, ...]
    faces: tuple[Face, ...]


def load(folder: Path) -> Catalogue:
    """Read the catalogue `fonts.yaml` of a folder. Raises Rejected with all that is wrong in it."""
    path = folder / "fonts.yaml"
    try:
        changed = path.stat().st_mtime_ns
    except OSError:
        changed = 0
    return _loaded(path, changed)


@lru_cache(maxsize=4)
def _loaded(path: Path, changed: int) -> Catalogue:  # noqa: ARG001  # what a file is known by
    reader = _Loader()
    catalogue = reader.catalogue(read(path))
    reader.close()
    return catalogue


def prepared(folder: Path) -> Path:
    """Give the cache folder of the derived faces, which changes whenever the faces could come out otherwise.

    Raises Rejected where fonts.yaml cannot be read.
    """
    from fontTools import version  # noqa: PLC0415

    path = folder / "fonts.yaml"
    try:
        lines = path.read_bytes().splitlines()
    except OSError as error:
        raise Rejected([Finding("S18", f"cannot read the file: {error.strerror}", Place(path))]) from None
    data = b"\n".join(line for line in lines if not line.lstrip().startswith(b"#"))
    state = hashlib.sha256(data + f"recipe {RECIPE}, fontTools {version}".encode())
    return _cache() / state.hexdigest()[:16]


def prepare(folder: Path, jobs: int, progress: Callable[[str], None] | None = None) -> list[Finding]:
    """Derive the faces that are missing or damaged, in up to `jobs` processes; say what could not be derived.

    `progress` is called with a line for each face done. Raises Rejected for a faulty catalogue or an unwritable cache.
    """
    catalogue = load(folder)
    release = _release()
    target = prepared(folder)
    unsound = _unsound_sources(catalogue, release)
    findings = [*_unverified(catalogue, release), *unsound.values()]
    missing = [face for face in catalogue.faces if _face_fault(face, release, target)]
    missing = [face for face in missing if face.source.name not in unsound]
    if not missing:
        return findings
    with _writing(target) as temporary:
        target.mkdir(exist_ok=True)
        for done, (face, fault) in enumerate(_built(missing, temporary, jobs), 1):
            if deviation := fault or _deviation(face, release, temporary):
                findings.append(deviation)
            else:
                (temporary / face.file).replace(target / face.file)
            if progress:
                progress(f"{face.name} ({done} of {len(missing)})")
    return findings


def audit(folder: Path) -> list[Finding]:
    """Compare every source face and every derived face, byte by byte, with what is recorded for this release.

    Raises Rejected for a faulty catalogue.
    """
    catalogue = load(folder)
    release = _release()
    target = prepared(folder)
    derived = (_face_fault(face, release, target) for face in catalogue.faces)
    return [
        *_unverified(catalogue, release),
        *_unsound_sources(catalogue, release).values(),
        *(finding for finding in derived if finding),
    ]


def ready(folder: Path) -> list[Finding]:
    """Look quickly whether all derived faces are in the cache and of the recorded size.

    Raises Rejected for a faulty catalogue.
    """
    catalogue = load(folder)
    release = _release()
    target = prepared(folder)
    missing = 0
    for face in catalogue.faces:
        record = face.records.get(release)
        try:
            size = (target / face.file).stat().st_size
        except OSError:
            size = 0
        missing += not size or (record is not None and record.size != size)
    if not missing:
        return []
    return [Finding("T04", f"{missing} of {len(catalogue.faces)} typefaces are not prepared", Place(target), FIX)]


def subset(folder: Path, face: Face, letters: str) -> bytes:
    """Give a derived face with no other characters than these, as WOFF2."""
    from fontTools import subset  # noqa: PLC0415

    options = subset.Options(flavor="woff2", layout_features=["*"])
    font = subset.load_font(str(prepared(folder) / face.file), options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(text=letters)
    subsetter.subset(font)
    data = BytesIO()
    subset.save_font(font, data, options)
    return data.getvalue()


def configure(folder: Path, own: Path | None) -> Path:
    """Write the fontconfig file that shows the prepared faces, and a project's own where it has any, and give its path.

    Raises Rejected where `fonts.conf` cannot be read or the cache cannot be written.
    """
    path = folder / "fonts.conf"
    try:
        template = path.read_text("utf-8")
    except OSError as error:
        raise Rejected([Finding("S18", f"cannot read the file: {error.strerror}", Place(path))]) from None
    folders = [prepared(folder), *([own.resolve()] if own and _fonts_in(own) else [])]
    cache = _cache()
    element = "<dir>@FACES@</dir>"
    elements = "\n  ".join(element.replace("@FACES@", html.escape(str(one))) for one in folders)
    text = template.replace(element, elements).replace("@CACHE@", html.escape(str(cache / "fontconfig")))
    target = cache / "conf" / f"{hashlib.sha256(text.encode()).hexdigest()[:16]}.conf"
    if target.exists():
        return target
    with _writing(target) as temporary:
        (temporary / target.name).write_text(text, "utf-8")
        (temporary / target.name).replace(target)
    return target


def families(folder: Path, own: Path) -> frozenset[str]:
    """Give the names of all families of faces that the engine sees. Raises Rejected."""
    found = {face.family for face in load(folder).faces}
    for path in _fonts_in(own):
        found |= set(_families_in(path))
    return frozenset(found)


def _families_in(path: Path) -> Iterator[str]:
    """Give the names of the families in a file."""
    from fontTools.ttLib import TTCollection, TTFont, TTLibError  # noqa: PLC0415

    try:
        collection = path.suffix.lower() in {".ttc", ".otc"}
        for font in TTCollection(path, lazy=True) if collection else [TTFont(path, lazy=True)]:
            yield from filter(None, (font["name"].getDebugName(number) for number in (1, 16)))
    except (OSError, TTLibError, LookupError) as error:
        raise Rejected([Finding("T04", f"cannot read the typeface: {error}", Place(path))]) from None


def fingerprint(folder: Path, own: Path | None) -> str:
    """Give a SHA-256 over all faces that the engine sees, the prepared ones and a project's own.

    Raises Rejected where one cannot be read.
    """
    whole = hashlib.sha256()
    target = prepared(folder)
    for path in [*(target / face.file for face in load(folder).faces), *(_fonts_in(own) if own else [])]:
        try:
            whole.update(f"{path.name} {_sum(path)}\n".encode())
        except OSError as error:
            message = f"cannot read the typeface: {error.strerror}"
            raise Rejected([Finding("T04", message, Place(path), FIX)]) from None
    return whole.hexdigest()


def _cache() -> Path:
    if folder := os.environ.get("PUBLISH_FONT_CACHE"):
        return Path(folder).resolve()
    return caches().resolve() / "fonts"


def _release() -> str:
    try:
        system = platform.freedesktop_os_release()
    except OSError:
        return "an unknown system"
    return f"{system['ID']}-{system.get('VERSION_ID', 'unstable')}"


def _fonts_in(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.suffix.lower() in FONT_FILES and path.is_file())


def _sum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def _writing(target: Path) -> Iterator[Path]:
    """Give a temporary folder beside `target`, from where a finished file is moved into its place."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix="building-", dir=target.parent) as folder:
            yield Path(folder)
    except OSError as error:
        hint = "set PUBLISH_FONT_CACHE to a folder that can be written"
        message = f"cannot write the cache of typefaces: {error.strerror}"
        raise Rejected([Finding("T04", message, Place(target), hint)]) from None


def _unverified(catalogue: Catalogue, release: str) -> list[Finding]:
    if release not in catalogue.releases:
        hint = f"supported are {', '.join(catalogue.releases)}"
        return [Finding("T04", f"typefaces are not verified on {release}", hint=hint, severity="warning")]
    records = [source.sums for source in catalogue.sources] + [face.records for face in catalogue.faces]
    if any(release not in record for record in records):
        message = f"typefaces have no records for {release} yet and are not verified"
        return [Finding("T04", message, severity="warning")]
    return []


def _unsound_sources(catalogue: Catalogue, release: str) -> dict[str, Finding]:
    """Give the fault of each source that has one, by the source's name."""
    faults = {source.name: _source_fault(source, release) for source in catalogue.sources}
    return {name: fault for name, fault in faults.items() if fault}


def _source_fault(source: Source, release: str) -> Finding | None:
    place = Place(source.path)
    try:
        same = source.sums.get(release) in {None, _sum(source.path)}
    except FileNotFoundError:
        hint = f"as root: apt-get install -y {source.package}"
        return Finding("T04", f"the typeface {source.name} is missing", place, hint)
    except OSError as error:
        return Finding("T04", f"cannot read the typeface {source.name}: {error.strerror}", place)
    if same:
        return None
    message = f"the typeface {source.name} is not the one recorded for {release}"
    return Finding("T04", message, place, _reinstall(source))


def _reinstall(source: Source) -> str:
    return f"as root: apt-get install -y --reinstall {source.package}"


def _face_fault(face: Face, release: str, folder: Path) -> Finding | None:
    path = folder / face.file
    try:
        same = face.records.get(release) in {None, _measure(path)}
    except OSError:
        return Finding("T04", f"the typeface {face.name} is not prepared", Place(path), FIX)
    if same:
        return None
    return Finding("T04", f"the typeface {face.name} is not the one recorded for {release}", Place(path), FIX)


def _deviation(face: Face, release: str, folder: Path) -> Finding | None:
    found = _measure(folder / face.file)
    if face.records.get(release) in {None, found}:
        return None
    message = f"the typeface {face.name} did not come out as recorded for {release}"
    return Finding("T04", message, hint=f"it has {found.size} bytes and the SHA-256 {found.sum}")


def _measure(path: Path) -> Record:
    return Record(path.stat().st_size, _sum(path))


class _Loader(Reader):
    """Reads the catalogue. A missing key ends the reading; all other faults are collected."""

    releases: tuple[str, ...] = ()

    def fields(self, node: Node, needed: Collection[str], optional: Collection[str] = ()) -> dict[str, Node]:
        entries = self.mapping(node, needed, optional)
        if not entries.keys() >= set(needed):
            self.close()
        return entries

    def catalogue(self, node: Node) -> Catalogue:
        entries = self.fields(node, ("releases", "line", "root", "sources", "sets", "families"))
        self.releases = tuple(self.text(one) for one in self.sequence(entries["releases"]))
        root = Path(self.text(entries["root"]))
        sources = {name: self.source(name, one, root) for name, one in self.entries(entries["sources"]).items()}
        sets = {"gb2312": _gb2312()}
        for name, one in self.entries(entries["sets"]).items():
            sets[name] = self.characters(one, sets)
        heights = self.fields(entries["line"], ("ascent", "descent", "gap", "ideographs"))
        line = Line(**{name: self.integer(one, 0, 2000) for name, one in heights.items()})
        families = self.entries(entries["families"])
        faces = [face for name, one in families.items() for face in self.family(name, one, sources, sets, line)]
        return Catalogue(self.releases, tuple(sources.values()), tuple(faces))

    def source(self, name: str, node: Node, root: Path) -> Source:
        entries = self.fields(node, ("family", "file", "package", "licence"), ("index", "sha256"))
        pattern = self.text(entries["file"])
        found = sorted(root.glob(pattern))
        sums = self.mapping(entries["sha256"], (), self.releases) if "sha256" in entries else {}
        return Source(
            name=name,
            family=self.text(entries["family"]),
            path=found[-1] if found else root / pattern,
            index=self.integer(entries["index"], 0) if "index" in entries else 0,
            package=self.text(entries["package"]),
            licence=self.text(entries["licence"]),
            sums={release: self.sum(one) for release, one in sums.items()},
        )

    def sum(self, node: Node) -> str:
        text = self.text(node)
        if text and not _SUM.fullmatch(text):
            self.fault("S08", "expected a SHA-256 of 64 small hexadecimal digits", node)
        return text

    def family(
        self, name: str, node: Node, sources: Mapping[str, Source], sets: Mapping[str, frozenset[int]], line: Line
    ) -> Iterator[Face]:
        entries = self.fields(
            node, ("characters", "faces"), ("without", "features", "copies", "wide", "width", "halves")
        )
        characters = self.characters(entries["characters"], sets)
        if "without" in entries:
            characters -= self.characters(entries["without"], sets)
        characters |= SPACES
        features = self.sequence(entries["features"]) if "features" in entries else []
        copies = self.entries(entries["copies"]) if "copies" in entries else {}
        wide = self.entries(entries["wide"]) if "wide" in entries else {}
        width = self.integer(entries["width"], 50, 200) if "width" in entries else 100
        halves = self.fields(entries["halves"], ("opening", "closing")) if "halves" in entries else {}
        opening, closing = (
            self.characters(halves[side], sets) if halves else frozenset[int]() for side in ("opening", "closing")
        )
        for style, one in self.entries(entries["faces"]).items():
            if style not in STYLES:
                self.fault("S17", f"'{style}' is not known here", node, suggest(style, STYLES))
            face = self.fields(one, ("source",), ("advances", *self.releases))
            advances = self.entries(face["advances"]) if "advances" in face else {}
            source = self.choice(face["source"], sources)
            yield Face(
                family=name,
                style=style,
                source=sources[source],
                characters=characters,
                features=tuple(self.text(feature) for feature in features) or ("*",),
                copies={self.character(new, one): self.character(self.text(old), old) for new, old in copies.items()},
                wide={self.character(mark, side): self.choice(side, SIDES) for mark, side in wide.items()},
                width=width,
                advances={self.character(of, one): self.integer(one, 1, 9_999) for of, one in advances.items()},
                opening=opening,
                closing=closing,
                line=line,
                records={release: self.record(face[release]) for release in self.releases if release in face},
            )

    def record(self, node: Node) -> Record:
        entries = self.fields(node, ("bytes", "sha256"))
        return Record(self.integer(entries["bytes"], 1, 99_999_999), self.sum(entries["sha256"]))

    def characters(self, node: Node, sets: Mapping[str, frozenset[int]]) -> frozenset[int]:
        return frozenset[int]().union(*(self.some(one, sets) for one in self.sequence(node)))

    def some(self, node: Node, sets: Mapping[str, frozenset[int]]) -> frozenset[int]:
        """Read one entry of a set of characters."""
        word = self.text(node)
        if word in sets:
            return sets[word]
        if code := _CODE.fullmatch(word):
            first, last = int(code[1], 16), int(code[2] or code[1], 16)
            return frozenset(range(first, last + 1))
        if word[:1].isascii() and word[:1].isalpha():
            self.fault("S17", f"'{word}' is not known here", node, suggest(word, sets))
        return frozenset(map(ord, word))

    def character(self, word: str, node: Node) -> int:
        """Read one character, written as it is or as its code point."""
        if code := _CODE.fullmatch(word):
            return int(code[1], 16)
        if len(word) != 1:
            self.fault("S08", f"expected one character, and this is '{word[:40]}'", node, "write it as U+2011")
        return ord(word[:1] or " ")


def _gb2312() -> frozenset[int]:
    pairs = b"".join(bytes((row, cell, 10)) for row in range(0xA1, 0xF8) for cell in range(0xA1, 0xFF))
    return frozenset(map(ord, pairs.decode("gb2312", "ignore"))) - {10} | frozenset(range(0x20, 0x7F))


def _built(faces: list[Face], folder: Path, jobs: int) -> Iterator[tuple[Face, Finding | None]]:
    """Build faces into a folder, the largest first, and give each with its fault when it is done."""
    from concurrent.futures import ProcessPoolExecutor, as_completed  # noqa: PLC0415
    from concurrent.futures.process import BrokenProcessPool  # noqa: PLC0415
    from multiprocessing import get_context  # noqa: PLC0415

    faces = sorted(faces, key=lambda face: len(face.characters), reverse=True)
    with ProcessPoolExecutor(max(1, min(jobs, len(faces))), get_context("spawn")) as pool:
        building = {pool.submit(_derive, face, folder): face for face in faces}
        try:
            for future in as_completed(building):
                yield building[future], future.result()
        except BrokenProcessPool:
            hint = "free memory, or give fewer jobs"
            raise Rejected([Finding("T04", "a process that derives typefaces was stopped", hint=hint)]) from None


def _derive(face: Face, folder: Path) -> Finding | None:
    """Build one face into a folder: the same bytes wherever and however often."""
    from fontTools.subset import Options, Subsetter  # noqa: PLC0415
    from fontTools.ttLib import TTFont, TTLibError  # noqa: PLC0415

    source = face.source
    try:
        with TTFont(source.path, fontNumber=source.index, lazy=True, recalcTimestamp=False) as font:
            family = font["name"].getDebugName(1)
            if family != source.family:
                message = f"typeface {source.index} of the file is {family}, not {source.family}"
                return Finding("T04", message, Place(source.path), _reinstall(source))
            outlines = font.getGlyphSet()
            curves = "CFF " in font
            if curves:
                del font["CFF "]  # many times faster than subsetting it
            _copy(font, face.copies)
            options = Options(
                layout_features=face.features,
                name_IDs=["*"],
                notdef_outline=True,
                hinting=False,
                harfbuzz_repacker=False,
                legacy_kern=face.width != 100,
            )
            options.drop_tables += ["BASE", "FFTM", "VORG", "gasp", "vhea", "vmtx"]
            subsetter = Subsetter(options)
            subsetter.populate(unicodes=face.characters)
            subsetter.subset(font)
            if curves:
                _quadratic(font, outlines)
            _widen(font, face.wide)
            _stretch(font, face.width)
            _advance(font, face.advances)
            _contract(font, face)
            _level(font, face.line)
            _rename(font, face)
            font.save(folder / face.file)
    except (OSError, TTLibError, LookupError, ValueError, struct.error) as error:
        return Finding("T04", f"the typeface {face.name} cannot be derived: {error}", Place(source.path))
    return None


def _copy(font: Any, copies: Mapping[int, int]) -> None:
    """Let characters be set with the glyphs of others; leave variation sequences out."""
    font["cmap"].tables = [table for table in font["cmap"].tables if table.isUnicode() and table.format != 14]
    for table in font["cmap"].tables:
        table.cmap.update({new: table.cmap[old] for new, old in copies.items() if old in table.cmap})


def _quadratic(font: Any, outlines: Any) -> None:
    """Give a font without outlines TrueType ones, at most a thousandth of an em off."""
    from fontTools.pens.cu2quPen import Cu2QuPen  # noqa: PLC0415
    from fontTools.pens.ttGlyphPen import TTGlyphPen  # noqa: PLC0415
    from fontTools.ttLib import newTable  # noqa: PLC0415

    glyphs = {}
    for name in font.getGlyphOrder():
        pen = TTGlyphPen(None)
        outlines[name].draw(Cu2QuPen(pen, max_err=font["head"].unitsPerEm / 1000, reverse_direction=True))
        glyphs[name] = pen.glyph()
    font["loca"] = newTable("loca")
    font["glyf"] = newTable("glyf")
    font["glyf"].glyphOrder = font.getGlyphOrder()
    font["glyf"].glyphs = glyphs
    font["maxp"] = maxp = newTable("maxp")
    maxp.tableVersion = 0x00010000
    maxp.maxZones = 1
    maxp.maxTwilightPoints = maxp.maxStorage = maxp.maxFunctionDefs = maxp.maxInstructionDefs = 0
    maxp.maxStackElements = maxp.maxSizeOfInstructions = maxp.maxComponentElements = 0
    font["head"].glyphDataFormat = 0
    font["post"].formatType = 3
    font.sfntVersion = "\0\1\0\0"


def _widen(font: Any, wide: Mapping[int, str]) -> None:
    """Place marks at a side of a full em."""
    from fontTools.pens.recordingPen import DecomposingRecordingPen  # noqa: PLC0415
    from fontTools.pens.transformPen import TransformPen  # noqa: PLC0415
    from fontTools.pens.ttGlyphPen import TTGlyphPen  # noqa: PLC0415

    em = font["head"].unitsPerEm
    names = font.getBestCmap()
    outlines = font.getGlyphSet()
    sides = {names[mark]: SIDES.index(side) for mark, side in wide.items() if mark in names}
    drawings = {name: DecomposingRecordingPen(outlines) for name in sides}
    for name, drawing in drawings.items():
        outlines[name].draw(drawing)
    for name, drawing in drawings.items():
        width, bearing = font["hmtx"][name]
        shift = (em - width) * sides[name] // 2
        pen = TTGlyphPen(None)
        drawing.replay(TransformPen(pen, (1, 0, 0, 1, shift, 0)))
        font["glyf"][name] = pen.glyph()
        font["hmtx"][name] = em, bearing + shift


def _stretch(font: Any, width: int) -> None:
    """Draw all glyphs wider, with their advances, their kerning and the places of their accents."""
    from fontTools.ttLib.tables.otTraverse import dfs_base_table  # noqa: PLC0415

    if width == 100:
        return

    def stretched(measure: float) -> int:
        return round(measure * width / 100)

    _stretch_outlines(font, stretched)
    for table in font["kern"].kernTables if "kern" in font else []:
        table.kernTable = {pair: stretched(kern) for pair, kern in table.kernTable.items()}
    for path in dfs_base_table(font["GPOS"].table) if "GPOS" in font else []:
        if hasattr(path[-1].value, "XCoordinate"):
            path[-1].value.XCoordinate = stretched(path[-1].value.XCoordinate)


def _stretch_outlines(font: Any, stretched: Callable[[float], int]) -> None:
    glyphs = font["glyf"]
    for name in font.getGlyphOrder():
        glyph = glyphs[name]
        if glyph.isComposite():
            for component in glyph.components:
                component.x = stretched(component.x)
        elif glyph.numberOfContours:
            glyph.coordinates = type(glyph.coordinates)([(stretched(x), y) for x, y in glyph.coordinates])
    for name in font.getGlyphOrder():
        glyphs[name].recalcBounds(glyphs)
        font["hmtx"][name] = stretched(font["hmtx"][name][0]), getattr(glyphs[name], "xMin", 0)


def _advance(font: Any, advances: Mapping[int, int]) -> None:
    """Give glyphs the advances of an edition, an accented letter that of its base; both sides share the difference."""
    glyphs = font["glyf"]
    named = {}
    for of, name in font.getBestCmap().items():
        base = ord(unicodedata.normalize("NFD", chr(of))[0])
        named[name] = advances.get(of, advances.get(base, 0))
    for name, advance in ((name, advance) for name, advance in named.items() if advance):
        was, bearing = font["hmtx"][name]
        shift = (advance - was) // 2 if glyphs[name].numberOfContours else 0
        if shift and glyphs[name].isComposite():
            for component in glyphs[name].components:
                component.x += shift
        elif shift:
            glyphs[name].coordinates.translate((shift, 0))
        glyphs[name].recalcBounds(glyphs)
        font["hmtx"][name] = advance, bearing + shift


def _contract(font: Any, face: Face) -> None:
    """Let marks that stand in one half of an em give up the empty half between two of them (the feature chws)."""
    from fontTools.feaLib.builder import addOpenTypeFeaturesFromString  # noqa: PLC0415

    names = font.getBestCmap()
    opening, closing = (
        " ".join(sorted(names[mark] for mark in marks & names.keys())) for marks in (face.opening, face.closing)
    )
    if opening and closing:
        half = font["head"].unitsPerEm // 2
        pairs = f"pos [{closing}] -{half} [{opening} {closing}]; pos [{opening}] -{half} [{opening}];"
        addOpenTypeFeaturesFromString(font, f"feature chws {{ {pairs} }} chws;", tables=["GPOS"])


def _level(font: Any, line: Line) -> None:
    """Set the line metrics that all faces share."""
    from fontTools.feaLib.builder import addOpenTypeFeaturesFromString  # noqa: PLC0415

    em = font["head"].unitsPerEm
    ascent, descent, gap, ideographs = (
        round(height * em / 1000) for height in (line.ascent, line.descent, line.gap, line.ideographs)
    )
    table = font["hhea"]
    table.ascent, table.descent, table.lineGap = ascent, -descent, gap
    table = font["OS/2"]
    table.sTypoAscender, table.sTypoDescender, table.sTypoLineGap = ascent, -descent, gap
    baselines = f"HorizAxis.BaseTagList icfb romn; HorizAxis.BaseScriptList DFLT romn -{ideographs} 0;"
    addOpenTypeFeaturesFromString(font, f"table BASE {{ {baselines} }} BASE;", tables=["BASE"])


def _rename(font: Any, face: Face) -> None:
    """Name a derived face; of its source's names keep those of its makers, its rights and its features."""
    table = font["name"]
    edition = table.getDebugName(5)
    english = (record for record in table.names if (record.platformID, record.langID) == (3, 0x409))
    table.names = [record for record in english if record.nameID in {0, 7, 8, 9, 11, 12, 13, 14} or record.nameID > 255]
    names = {
        1: face.family,
        2: face.style,
        3: f"{edition}; {face.name}",
        4: face.name,
        5: f"{edition}; derived",
        6: Path(face.file).stem,
        10: f"Derived from {face.source.name} ({face.source.package}): a selection of characters, renamed.",
    }
    for number, text in names.items():
        table.setName(text, number, 3, 1, 0x409)
