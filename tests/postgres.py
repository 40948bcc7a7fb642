"""A real PostgreSQL server for the tests, from Debian's package, on a socket of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

QUIET = "-c listen_addresses='' -c fsync=off -c log_min_messages=fatal -c shared_buffers=16MB"


@dataclass
class Server:
    """A server in a folder, which it shares with nobody."""

    folder: Path
    programs: Path
    count: int = 0

    def run(self, program: str, *words: str) -> str:
        """Run a program of the package, as a user who is not root."""
        command = [str(self.programs / program), *words]
        if os.geteuid() == 0:
            command = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", *command]
        environment = {**os.environ, "PGHOST": str(self.folder), "PGUSER": "publish", "PGDATABASE": "postgres"}
        done = subprocess.run(command, env=environment, cwd=self.folder, capture_output=True, text=True, check=False)
        assert 0 == done.returncode, done.stderr
        return done.stdout

    def make(self) -> None:
        """Make the server's files."""
        words = ["-U", "publish", "-A", "trust", "-E", "UTF8", "--locale-provider=icu", "--icu-locale=en", "--locale=C"]
        self.run("initdb", "-D", str(self.folder / "data"), "--no-sync", *words)

    def start(self) -> None:
        """Start the server, and wait until it answers."""
        options = f"{QUIET} -k {self.folder}"
        log = str(self.folder / "log")
        # its own output must not hold that of pg_ctl open
        self.run("pg_ctl", "-D", str(self.folder / "data"), "-w", "-t", "60", "-l", log, "-o", options, "start")

    def stop(self, mode: str = "immediate") -> None:
        """Stop the server; immediately is as if it fell over."""
        self.run("pg_ctl", "-D", str(self.folder / "data"), "-w", "-m", mode, "stop")

    def database(self) -> str:
        """Make an empty database; gives its address."""
        self.count += 1
        name = f"register{self.count}"
        self.run("psql", "-q", "-c", f"CREATE DATABASE {name}")
        return self.address(name)

    def address(self, name: str) -> str:
        """Give the address of a database."""
        return f"postgresql://publish@/{name}?host={self.folder}"


def programs() -> Path | None:
    """Find the programs of the newest server that is installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[4]))
    return found[-1].parent if found else None


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A running server."""
    where = programs()
    assert where, "install the Debian package postgresql"
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))  # the name of a socket is at most 107 bytes
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres", "postgres")
        server = Server(folder, where)
        server.make()
        server.start()
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
