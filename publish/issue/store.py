"""Where issued documents stand: a folder of this machine, or an address of a kind that fsspec knows.

A document takes its place whole: in a folder by a rename, elsewhere by its manifest, which is written last.
"""

from __future__ import annotations

import errno
import os
import shutil
from contextlib import contextmanager
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

    def commit(self, name: str, files: Mapping[str, bytes]) -> bool:
        """Put a document with its manifest in its place; gives False where there is one already.

        What was only built there gives way.
        """
        staging, place, old = self.root / f".{name}.new", self.root / name, self.root / f".{name}.old"
        self.sweep(name)
        for file, data in files.items():
            output.write(staging / file, data)
        try:
            _sync(staging)
            if place.is_dir() and not (place / manifest.FILE).exists():
                place.rename(old)
            try:
                staging.rename(place)
            except OSError as error:
                if error.errno not in {errno.ENOTEMPTY, errno.EEXIST}:
                    raise
                self.sweep(name)
                return False
            _sync(self.root)
        except OSError as error:
            raise _silent(str(self.root), error) from None
        self.sweep(name)
        return True

    def sweep(self, name: str) -> None:
        """Take away what is left of a document that never took its place."""
        for path in (self.root / f".{name}.new", self.root / f".{name}.old"):
            shutil.rmtree(path, ignore_errors=True)

    def write(self, file: str, data: bytes) -> None:
        """Put a file beside the documents, or a new one in its stead."""
        if self.read(file) != data:
            output.replace(self.root / file, data)


class Remote:
    """Documents at an address that knows no rename, as in an object store."""

    def __init__(self, address: str) -> None:
        self.address = address.rstrip("/")
        with self._answering():
            import fsspec  # noqa: PLC0415  # most places are folders

            self.files, self.root = fsspec.core.url_to_fs(self.address)

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
            self.files.invalidate_cache()
            return {path.split("/")[-2] for path in self.files.glob(f"{self.root}/*/{manifest.FILE}")}

    def read(self, path: str) -> bytes | None:
        """Give a file of an issued document, or one beside them, or None where it is missing."""
        with self._answering():
            try:
                data: bytes = self.files.cat_file(f"{self.root}/{path}")
            except FileNotFoundError:
                return None
            return data

    def commit(self, name: str, files: Mapping[str, bytes]) -> bool:
        """Put a document with its manifest in its place; gives False where there is one already."""
        if self.manifest(name) is not None:
            return False
        with self._answering():
            self.files.makedirs(f"{self.root}/{name}", exist_ok=True)
            for file, data in sorted(files.items(), key=lambda one: one[0] == manifest.FILE):
                self.files.pipe_file(f"{self.root}/{name}/{file}", data)
        return True

    def sweep(self, name: str) -> None:
        """Leave what is there: without a manifest it is no document, and it is written over."""

    def write(self, file: str, data: bytes) -> None:
        """Put a file beside the documents, or a new one in its stead."""
        with self._answering():
            self.files.makedirs(self.root, exist_ok=True)
            self.files.pipe_file(f"{self.root}/{file}", data)


def _sync(folder: Path) -> None:
    """See the names in a folder to the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _silent(where: str, error: Any) -> Rejected:
    words = str(getattr(error, "strerror", "") or error).strip().splitlines() or [type(error).__name__]
    place = None if "://" in where else Place(Path(where))
    return Rejected([Finding("I08", f"issued documents cannot be kept at {where}: {words[0]}", place)])
