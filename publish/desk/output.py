"""Files into the output folder, all of them or none, and each whole.

Everything is written to a hidden folder beside its place first; only when all is there do the files take their names.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from publish.finding import Finding, Place, Rejected

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def staged(folder: Path) -> Iterator[Path]:
    """Give an empty folder inside `folder`; on leaving well its files move to the same places in `folder`.

    Whatever fails, the staging folder goes and nothing else has changed. Raises Rejected where the output folder
    cannot be written.
    """
    new = [one for one in (folder, *folder.parents) if not one.exists()]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        staging = Path(tempfile.mkdtemp(prefix=".staging-", dir=folder))
    except OSError as error:
        raise _unwritable(folder, error) from None
    try:
        yield staging
        try:
            _move(staging, folder)
        except OSError as error:
            raise _unwritable(folder, error) from None
    finally:
        shutil.rmtree(staging, ignore_errors=True)
        for one in new:
            if not any(one.iterdir()):
                one.rmdir()


def write(path: Path, data: bytes) -> None:
    """Write a file and see it to the disk. Raises Rejected where that fails."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise _unwritable(path.parent, error) from None


def replace(path: Path, data: bytes) -> None:
    """Write a file whole, or leave it as it was. Raises Rejected."""
    new = path.with_name(f".{path.name}.new")
    try:
        write(new, data)
        new.replace(path)
    except OSError as error:
        raise _unwritable(path.parent, error) from None
    finally:
        with suppress(OSError):
            new.unlink(missing_ok=True)


def _move(staging: Path, folder: Path) -> None:
    moves = [(path, folder / path.relative_to(staging)) for path in sorted(staging.rglob("*")) if path.is_file()]
    for _, target in moves:
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.is_dir() or not os.access(target.parent, os.W_OK):
            message = "Is a directory" if target.is_dir() else "Permission denied"
            raise OSError(0, message, str(target))
    for path, target in moves:
        path.replace(target)


def _unwritable(folder: Path, error: OSError) -> Rejected:
    where = Path(error.filename) if isinstance(error.filename, str) else folder
    hint = "give another folder with -o, or make this one writable"
    message = f"cannot write: {(error.strerror or str(error)).lower()}"
    if isinstance(error, FileExistsError | NotADirectoryError):
        hint = "give another folder with -o, or move the file away"
        message = "cannot write: a file stands where a folder should be"
    return Rejected([Finding("I01", message, Place(where), hint)])
