"""Sources on the disk -> what the preview shows of them, again whenever they change.

Everything is asked for with the state of the files that it is made of, so that nothing is done twice and nothing is
shown that is out of date. What takes long runs in a thread, or in the processes of the pool.
"""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from publish.desk import proofread
from publish.desk.pool import Order, Pool, Typeset, forget
from publish.desk.press import Desk, Style
from publish.finding import Finding, Place, Rejected
from publish.paper import compose
from publish.project import SETTINGS, SHIPPED, load
from publish.text import resolution
from publish.text.review import review

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable
    from pathlib import Path

    from publish.paper.compose import Proof
    from publish.paper.read_pdf import Picture
    from publish.text.outline import Unit
    from publish.text.resolution import Resolution

T = TypeVar("T")
KEPT = 400  # results, and as many pictures
MOMENT = 0.03  # seconds
MARKED = 60  # differences that one text can show


@dataclass(frozen=True)
class Composed:
    """A proof with where each of its texts was typed."""

    proof: Proof
    lines: dict[str, int]


class Live:
    """A project whose files are looked at again for each question."""

    def __init__(self, root: Path, pool: Pool) -> None:
        self.root = root
        self.pool = pool
        self.results: OrderedDict[tuple[Any, ...], asyncio.Future[Any]] = OrderedDict()
        self.pictures: OrderedDict[str, Picture] = OrderedDict()
        self.thread = ThreadPoolExecutor(1, "sources")
        self.looked: dict[str, tuple[float, str]] = {}
        self.entries: dict[str, tuple[str, dict[str, Any]]] = {}
        self.opened: tuple[str, Desk] | None = None

    # -- the state of files

    def settings_state(self) -> str:
        """Give the state of settings, locales and layouts, shipped and own."""
        return self.lately("", self._settings_state)

    def lately(self, key: str, look: Callable[[], str]) -> str:
        """Look at files, or tell what was seen a moment ago: many may ask after one change."""
        now = time.monotonic()
        seen, state = self.looked.get(key, (0.0, ""))
        if now - seen > MOMENT:
            state = look()
            self.looked[key] = now, state
        return state

    def _settings_state(self) -> str:
        folders = [SHIPPED / "locales", SHIPPED / "layouts", self.root / "locales", self.root / "layouts"]
        files = [path for folder in folders for path in folder.rglob("*") if path.suffix in {".yaml", ".html", ".css"}]
        return _state([self.root / SETTINGS, *files])

    def state(self, name: str, code: str = "") -> str:
        """Give the state of a resolution's facts and of one language, or of all its files. Raises KeyError."""
        if code and not (code.isascii() and code.isalpha()):
            raise KeyError(code)
        return f"{self.settings_state()} {self.lately(f'{name}/{code}', lambda: self._own_state(name, code))}"

    def _own_state(self, name: str, code: str) -> str:
        folder = self.folder(name)
        own = (
            [folder / f"{code}.yaml"]
            if code
            else sorted(folder.glob("??.yaml")) + sorted(folder.glob("??.follows.yaml"))
        )
        files = [folder / "resolution.yaml", *own]
        return f"{_state(files)} {_sum(files)}"

    def folder(self, name: str) -> Path:
        """Give the folder of a resolution. Raises KeyError where there is none."""
        folders = self.root / "resolutions"
        folder = folders / name
        if "\0" in name or folder.parent != folders or name == ".." or not _is_own(folder):
            raise KeyError(name)
        return folder

    def names(self) -> list[str]:
        """Give the names of the folders of all resolutions."""
        return sorted(folder.name for folder in (self.root / "resolutions").glob("*") if _is_own(folder))

    # -- questions

    async def composed(self, name: str, code: str, style: Style) -> Composed:
        """Give the HTML of a document. Raises Rejected."""

        def work() -> Composed:
            desk, found = self._load(name, code)
            language = desk.language(code, found.facts.edition)
            proof = compose.compose(found, language, desk.project, draft=style.draft, line_numbers=style.line_numbers)
            nodes = found.wordings[code].nodes
            return Composed(proof, {identity: node.place.line for identity, node in nodes.items()})

        return await self.once(("composed", name, code, style, self.state(name, code)), lambda: self.threaded(work))

    async def typeset(self, name: str, code: str, style: Style) -> Typeset:
        """Give the pages of a document. Raises Rejected, or Outdated where the files have changed meanwhile."""
        state = self.state(name, code)

        async def work() -> Typeset:
            _, found = await self.threaded(lambda: self._load(name, code))
            order = Order(self.root, self.settings_state(), found, code, style, frozenset(self.pictures))
            done = await self.pool.typeset(order)
            for picture in done.pages:
                if picture.png:
                    self.pictures[picture.name] = picture
                self.pictures.move_to_end(picture.name)
            while len(self.pictures) > KEPT:
                self.pictures.popitem(last=False)
            return done

        return await self.once(("typeset", name, code, style, state), work)

    async def proofread(self, name: str) -> dict[str, Any]:
        """Give the findings of a resolution, its rows, and what differs in which text."""
        return await self.once(("review", name, self.state(name)), lambda: self.threaded(lambda: self._review(name)))

    async def listed(self) -> list[dict[str, Any]]:
        """Give what the list of resolutions shows of each before anybody looks closer."""
        return await self.threaded(lambda: [self._entry(name) for name in self.names()])

    async def status(self, name: str) -> dict[str, str]:
        """Give how far each language of a resolution is. Raises Rejected."""

        def work() -> dict[str, str]:
            return proofread.status(self.desk(), self.folder(name)).languages

        return await self.once(("status", name, self.state(name)), lambda: self.threaded(work))

    # -- once for all who ask

    async def once(self, key: tuple[Any, ...], work: Callable[[], Awaitable[T]]) -> T:
        """Do some work that nobody has done, or wait for who does it."""
        found = self.results.get(key)
        if found is None or (found.done() and _to_be_repeated(found)):
            found = self.results[key] = asyncio.ensure_future(work())
            found.add_done_callback(lambda one: one.cancelled() or one.exception())
        self.results.move_to_end(key)
        while len(self.results) > KEPT:
            self.results.popitem(last=False)
        result: T = await asyncio.shield(found)
        return result

    async def threaded(self, work: Callable[[], T]) -> T:
        """Do some work in the thread of the sources."""
        return await asyncio.get_running_loop().run_in_executor(self.thread, work)

    # -- in the thread

    def desk(self) -> Desk:
        """Give the desk of the project as it is now. Raises Rejected."""
        state = self.settings_state()
        if self.opened is None or self.opened[0] != state:
            desk = Desk(load(self.root))
            desk.house  # noqa: B018  # with faults in it the last one stays
            forget()
            self.opened = state, desk
        return self.opened[1]

    def last_desk(self) -> Desk:
        """Give the desk as it is now, or as it last was where that fails. Raises Rejected where it never was."""
        try:
            return self.desk()
        except Rejected:
            if self.opened is None:
                raise
            return self.opened[1]

    def _load(self, name: str, code: str = "") -> tuple[Desk, Resolution]:
        desk = self.desk()
        if code and code not in desk.house.directions:
            raise KeyError(code)
        found, _ = resolution.load(self.folder(name), desk.house, [code] if code else [])
        if code and code not in found.wordings:
            hint = "name the language under 'languages', and write its file"
            raise Rejected(
                [Finding("S14", f"language '{code}' has no file", Place(found.folder / f"{code}.yaml"), hint)]
            )
        return desk, found

    def _review(self, name: str) -> dict[str, Any]:
        desk = self.desk()
        _, found, faults = proofread.readable(desk, self.folder(name))
        wrong = [told(one, self.root) for one in dict.fromkeys(one for faulty in faults.values() for one in faulty)]
        entry = self._entry(name)
        if found is None:
            return {"entry": entry, "findings": wrong, "rows": [], "marks": {}}
        edition = found.facts.edition
        languages = {code: desk.language(code, edition) for code in found.wordings}
        done = review(found, languages, {code: desk.finder(code, edition) for code in found.wordings})
        rows = desk.side_by_side(found)
        return {
            "entry": entry,
            "findings": wrong + [told(one, self.root) | {"unit": _unit(found, one)} for one in done.findings],
            "rows": [{code: unit.id for code, unit in units.items()} for units in rows],
            "marks": _marks(desk, found, rows, done.findings),
        }

    def _entry(self, name: str) -> dict[str, Any]:
        folder = self.root / "resolutions" / name
        state = f"{self.settings_state()} {_state([folder / 'resolution.yaml', *sorted(folder.glob('??.yaml'))])}"
        if self.entries.get(name, ("", {}))[0] != state:
            self.entries[name] = state, self._read_entry(name, folder)
        return self.entries[name][1]

    def _read_entry(self, name: str, folder: Path) -> dict[str, Any]:
        house = self.last_desk().house
        written = [code for code in house.directions if (folder / f"{code}.yaml").is_file()]
        entry: dict[str, Any] = {"name": name, "symbol": name.replace("_", "/"), "titles": {}, "languages": written}
        with suppress(Rejected):  # what is wrong is shown where the resolution is
            facts = resolution.facts(folder, house)
            entry |= {
                "symbol": str(facts.symbol),
                "edition": facts.edition,
                "distribution": facts.distribution,
                "languages": list(facts.languages),
                "original": facts.original,
            }
        for code in sorted(entry["languages"], key=lambda one: one != entry.get("original")):
            with suppress(Rejected):
                entry["titles"][code] = resolution.title(folder / f"{code}.yaml")
        return entry


def told(finding: Finding, root: Path) -> dict[str, Any]:
    """Give a finding as data, with its place counted from the project's folder."""
    place = finding.place
    data: dict[str, Any] = {
        "code": finding.code,
        "severity": finding.severity,
        "message": finding.message,
        "hint": finding.hint,
    }
    if place is not None:
        file = place.file.relative_to(root) if place.file.is_relative_to(root) else place.file
        data |= {"file": file.as_posix(), "path": str(place.file), "line": place.line, "column": place.column}
        data["excerpt"] = place.excerpt[:160]
    return data


def _unit(found: Resolution, finding: Finding) -> str:
    """Give the identity of the text that a finding is about."""
    if finding.place is None:
        return ""
    wording = found.wordings.get(finding.place.file.stem)
    lines = {node.line: identity for identity, node in wording.nodes.items()} if wording else {}
    return lines.get(max((line for line in lines if line < finding.place.line), default=-1), "")


def _marks(
    desk: Desk, found: Resolution, rows: Iterable[dict[str, Unit]], findings: Iterable[Finding]
) -> dict[str, dict[str, list[tuple[str, int]]]]:
    """Give by language and identity the words that differ, each with how often it stands before."""
    places = {place for one in findings for place in (one.place, one.beside) if place}
    marks: dict[str, dict[str, list[tuple[str, int]]]] = {}
    for code, unit in ((code, unit) for units in rows for code, unit in units.items()):
        plain = unit.plain
        if unit.node is None or not any(unit.node.line < place.line <= unit.node.end_line + 1 for place in places):
            continue
        for mention in desk.finder(code, found.facts.edition).find(plain)[:MARKED]:
            words = plain[mention.start : mention.end].strip()
            before = plain[: mention.start].count(words)
            if unit.node.find(words, before) in places:
                marks.setdefault(code, {}).setdefault(unit.id, []).append((words, before))
    return marks


def _is_own(folder: Path) -> bool:
    """Say whether a folder is a resolution's, and neither it nor a file of it is a link to elsewhere."""
    if not (folder / "resolution.yaml").is_file():
        return False
    home = folder.parent.resolve()
    links = [one for one in (folder, *folder.glob("*.yaml")) if one.is_symlink()]
    return all(one.resolve().is_relative_to(home) for one in links)


def _to_be_repeated(done: asyncio.Future[Any]) -> bool:
    """Say whether work came to nothing that lasts: given up, or failed by other faults than the sources'."""
    if done.cancelled():
        return True
    error = done.exception()
    return error is not None and not isinstance(error, Rejected)


def _sum(paths: Iterable[Path]) -> str:
    """Give what files hold in short, as two saves may fall within one tick of their clock."""
    whole = hashlib.blake2b(digest_size=12)
    for path in paths:
        with suppress(OSError):
            whole.update(path.read_bytes())
    return whole.hexdigest()


def _state(paths: Iterable[Path]) -> str:
    whole = hashlib.blake2b(digest_size=12)
    for path in paths:
        try:
            stat = path.stat()
        except OSError:
            continue
        whole.update(f"{path} {stat.st_mtime_ns} {stat.st_size}\n".encode())
    return whole.hexdigest()
