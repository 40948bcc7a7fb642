"""Where issued documents stand: a folder of this machine, or an address of a kind that fsspec knows.

A document takes its place whole: in a folder by a rename, elsewhere by its manifest, which is written last.
"""

from __future__ import annotations

import errno
import glob
import os
import re
import secrets
import shutil
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from publish.desk import output
from publish.finding import Finding, Place, Rejected
from publish.issue import manifest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


class Store(Protocol):
    """A place for issued documents, a folder each. Every method raises Rejected where it does not answer."""

    def manifest(self, name: str) -> bytes | None:
        """Give the manifest of an issued document, or None where there is no such document."""

    def names(self) -> set[str]:
        """Give the names of all issued documents."""

    def read(self, path: str) -> bytes | None:
        """Give a file of an issued document, or one beside them, or None where it is missing."""

    def files(self, name: str) -> set[str]:
        """Give the names of all files in the folder of an issued document."""

    def commit(self, name: str, files: Mapping[str, bytes]) -> bool:
        """Put a document with its manifest in its place; gives False where there is one already."""

    def sweep(self, name: str) -> None:
        """Take away what is left of a document that never took its place."""

    def write(self, file: str, data: bytes) -> None:
        """Put a file beside the documents, or a new one in its stead."""


def store(address: str, root: Path) -> Store:
    """Open the place at an address: a path, which may be relative to `root`, or an address as fsspec reads it."""
    return Remote(address) if "://" in address else Folder(root / address)


class Folder:
    """Documents in a folder of this machine, or of a file system that it shares with others."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._settled = False

    def manifest(self, name: str) -> bytes | None:
        """Give the manifest of an issued document, or None where there is no such document."""
        return self.read(f"{name}/{manifest.FILE}")

    def names(self) -> set[str]:
        """Give the names of all issued documents."""
        return {path.parent.name for path in self.root.glob(f"[!.]*/{manifest.FILE}")}

    def read(self, path: str) -> bytes | None:
        """Give a file of an issued document, or one beside them, or None where it is missing."""
        try:
            return (self.root / path).read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise _silent(str(self.root / path), error) from None

    def files(self, name: str) -> set[str]:
        """Give the names of all files in the folder of an issued document."""
        folder = self.root / name
        return {str(path.relative_to(folder)) for path in folder.rglob("*") if not path.is_dir()}

    def commit(self, name: str, files: Mapping[str, bytes]) -> bool:
        """Put a document with its manifest in its place; gives False where there is one already.

        What was only built there gives way.
        """
        self.sweep(name)
        try:
            self._settle()
            staging = self.root / f".{name}.new-{secrets.token_hex(8)}"
            staging.mkdir()
            for file, data in files.items():
                _write(staging / file, data)
            _sync(staging)
            done = self._take_place(name, staging)
            _sync(self.root)
        except OSError as error:
            raise _silent(str(self.root), error) from None
        finally:
            self.sweep(name)
        return done

    def _take_place(self, name: str, staging: Path) -> bool:
        place, old = self.root / name, self.root / f".{name}.old-{staging.name.rpartition('-')[2]}"
        if place.is_dir() and not (place / manifest.FILE).exists():
            place.rename(old)
            if (old / manifest.FILE).exists():  # somebody was faster
                old.rename(place)
                return False
        try:
            staging.rename(place)
        except OSError as error:
            if error.errno not in {errno.ENOTEMPTY, errno.EEXIST}:
                raise
            return False
        return True

    def _settle(self) -> None:
        """Make the folder, and see its name to the disk, and those of the folders it stands in."""
        if self._settled:
            return
        self.root.mkdir(parents=True, exist_ok=True)
        for folder in self.root.parents:
            with suppress(OSError):  # one that others own may not be looked into
                _sync(folder)
        self._settled = True

    def sweep(self, name: str) -> None:
        """Take away what is left of a document that never took its place.

        It gets another name first: whoever still were at work on it cannot put it in its place half swept.
        """
        for path in self.root.glob(f".{glob.escape(name)}.[no][el][wd]-*"):
            issued = ".old-" in path.name and (path / manifest.FILE).exists()  # it was in the way for a moment
            with suppress(OSError):
                path.rename(self.root / name if issued else path.with_name(f".dead-{secrets.token_hex(8)}"))
        for path in self.root.glob(".dead-*"):
            shutil.rmtree(path, ignore_errors=True)

    def write(self, file: str, data: bytes) -> None:
        """Put a file beside the documents, or a new one in its stead."""
        if self.read(file) != data:
            output.replace(self.root / file, data)
            try:
                _sync((self.root / file).parent)
            except OSError as error:
                raise _silent(str(self.root), error) from None


class Remote:
    """Documents at an address that knows no rename, as in an object store."""

    def __init__(self, address: str) -> None:
        self.address = address.rstrip("/")
        with self._answering():
            import fsspec  # noqa: PLC0415  # most places are folders

            self.system, self.root = fsspec.core.url_to_fs(self.address)

    @contextmanager
    def _answering(self) -> Iterator[None]:
        try:
            yield
        except Rejected:
            raise
        except Exception as error:  # noqa: BLE001  # each kind of place fails in its own way
            raise _silent(self.address, error) from None

    def manifest(self, name: str) -> bytes | None:
        """Give the manifest of an issued document, or None where there is no such document."""
        return self.read(f"{name}/{manifest.FILE}")

    def names(self) -> set[str]:
        """Give the names of all issued documents."""
        with self._answering():
            self.system.invalidate_cache()
            return {path.split("/")[-2] for path in self.system.glob(f"{self.root}/*/{manifest.FILE}")}

    def read(self, path: str) -> bytes | None:
        """Give a file of an issued document, or one beside them, or None where it is missing."""
        with self._answering():
            try:
                data: bytes = self.system.cat_file(f"{self.root}/{path}")
            except FileNotFoundError:
                return None
            return data

    def files(self, name: str) -> set[str]:
        """Give the names of all files in the folder of an issued document."""
        with self._answering():
            self.system.invalidate_cache()
            paths = self.system.find(f"{self.root}/{name}")
            return {path.partition(f"{self.root}/{name}/")[2] for path in paths} - {""}

    def commit(self, name: str, files: Mapping[str, bytes]) -> bool:
        """Put a document with its manifest in its place; gives False where there is one already."""
        if self.manifest(name) is not None:
            return False
        folder = f"{self.root}/{name}"
        with self._answering():
            self.system.makedirs(folder, exist_ok=True)
            for file in self.files(name) - set(files):
                self.system.rm_file(f"{folder}/{file}")
            for file, data in files.items():
                if file != manifest.FILE:
                    self.system.pipe_file(f"{folder}/{file}", data)
            try:
                self.system.pipe_file(f"{folder}/{manifest.FILE}", files[manifest.FILE], mode="create")
            except Exception:  # each kind of place has its own
                if self.manifest(name) is None:
                    raise
                return False  # somebody was faster
        return True

    def sweep(self, name: str) -> None:
        """Leave what is there: without a manifest it is no document, and it is written over."""

    def write(self, file: str, data: bytes) -> None:
        """Put a file beside the documents, or a new one in its stead."""
        with self._answering():
            self.system.makedirs(self.root, exist_ok=True)
            self.system.pipe_file(f"{self.root}/{file}", data)


def _sync(folder: Path) -> None:
    """See the names in a folder to the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _write(path: Path, data: bytes) -> None:
    """Write a file into a folder that is there, and see it to the disk."""
    with path.open("xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _silent(where: str, error: Any) -> Rejected:
    words = str(getattr(error, "strerror", "") or error).strip().splitlines() or [type(error).__name__]
    where = re.sub(r"(?<=://)[^/]*@", "", where)  # who is known there, and the password
    place = None if "://" in where else Place(Path(where))
    return Rejected([Finding("I08", f"issued documents cannot be kept at {where}: {words[0]}", place)])
