"""The register: what was issued, when, from which inputs and in which files. The only owner of SQLAlchemy and Alembic.

It stands in SQLite for one publishing host, and in PostgreSQL for several. An entry is first prepared, then its files
take their place, then the entry is completed; whoever finds an entry that is only prepared looks at the place of the
files to learn which of the two happened.
"""

from __future__ import annotations

import datetime
import fcntl
import hashlib
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from publish.finding import Finding, Rejected
from publish.issue.manifest import File, Issue

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from publish.issue.manifest import Kind

SCHEMA = "0002"  # the newest of migrations/versions
PREPARED, ISSUED = "prepared", "issued"
PATIENCE = 30  # seconds to wait for other writers


class Moment(sa.TypeDecorator[datetime.datetime]):
    """A moment with its zone, kept as UTC, which every database knows."""

    impl = sa.DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime.datetime | None, dialect: Any) -> datetime.datetime | None:  # noqa: ARG002
        """Give what the database keeps."""
        return value and value.astimezone(datetime.UTC).replace(tzinfo=None)

    def process_result_value(self, value: Any, dialect: Any) -> datetime.datetime | None:  # noqa: ARG002
        """Give what the database kept."""
        return value.replace(tzinfo=datetime.UTC) if isinstance(value, datetime.datetime) else None


_tables = sa.MetaData()
_issues = sa.Table(
    "issues",
    _tables,
    sa.Column("id", sa.Integer, primary_key=True),
    *(sa.Column(name, sa.String) for name in ("symbol", "name", "kind", "corrects", "reason", "fingerprint", "state")),
    sa.Column("serial", sa.Integer),
    sa.Column("release", Moment),
    sa.Column("issued", Moment),
    sa.Column("inputs", sa.JSON),
)
_files = sa.Table(
    "files",
    _tables,
    sa.Column("issue", sa.ForeignKey("issues.id"), primary_key=True),
    sa.Column("name", sa.String, primary_key=True),
    *(sa.Column(name, sa.String) for name in ("language", "title", "sha256")),
    *(sa.Column(name, sa.BigInteger) for name in ("pages", "bytes")),
)
_notices = sa.Table(
    "notices",
    _tables,
    sa.Column("id", sa.String, primary_key=True),
    *(sa.Column(name, sa.String) for name in ("address", "body", "error")),
    sa.Column("attempts", sa.Integer),
    *(sa.Column(name, Moment) for name in ("created", "next", "delivered")),
)


@dataclass(frozen=True)
class Notice:
    """What somebody is to be told: the address and the JSON; next is when to try, None when there is nothing to do."""

    id: str
    address: str
    body: str
    created: datetime.datetime
    attempts: int = 0
    next: datetime.datetime | None = None
    delivered: datetime.datetime | None = None
    error: str = ""


class Register:
    """A register in a database. Every method raises Rejected where the database does not answer."""

    def __init__(self, address: str) -> None:
        """Open the register at an address as SQLAlchemy reads it, and bring its tables up to date."""
        with _told():
            url = _url(address)
            if url.drivername in {"postgresql", "postgres"}:
                url = url.set(drivername="postgresql+psycopg")
            self.local = url.get_backend_name() == "sqlite"
            self.folder = Path(url.database or "register").absolute().parent
            if self.local:
                self.folder.mkdir(parents=True, exist_ok=True)
            wait = {"timeout": PATIENCE} if self.local else {"connect_timeout": PATIENCE}
            self.engine = sa.create_engine(url, poolclass=sa.NullPool, connect_args=wait)
            if self.local:
                sa.event.listen(self.engine, "connect", _durable)
                sa.event.listen(self.engine, "begin", _alone)
            self._guard: sa.Connection | None = None
            self._locks = 0
            self._upgrade()

    def _upgrade(self) -> None:
        with self.lock("schema", wait=True), self.engine.connect() as connection:
            known = sa.inspect(connection).has_table("alembic_version")
            found = connection.scalar(sa.text("SELECT version_num FROM alembic_version")) if known else ""
            if (found or "") > SCHEMA:
                message = f"the register is of a later version of the press (schema {found}, not {SCHEMA})"
                raise Rejected([Finding("I06", message, hint="use the press that wrote it")])
        if found != SCHEMA:
            with self.lock("schema", wait=True), self.engine.begin() as connection:
                migrate(connection)

    def close(self) -> None:
        """Give up the connection that holds locks, where there is one."""
        if self._guard is not None:
            with suppress(sa.exc.SQLAlchemyError):
                self._guard.close()
            self._guard = None

    def now(self) -> datetime.datetime | None:
        """Ask the database what time it is; None where its clock is that of this machine."""
        if self.local:
            return None
        with _told(), self.engine.connect() as connection:
            moment: datetime.datetime = connection.scalar(sa.text("SELECT clock_timestamp()"))
            return moment

    # ---- Who is at work

    @contextmanager
    def lock(self, name: str, *, wait: bool = False) -> Iterator[bool]:
        """Keep others away from a document; gives False where somebody else is at work on it.

        The lock ends with the process or the connection that holds it, however they end.
        """
        with ExitStack() as stack:
            with _told():
                held = stack.enter_context((self._lock_file if self.local else self._lock_row)(name, wait))
            yield held

    @contextmanager
    def _lock_file(self, name: str, wait: bool) -> Iterator[bool]:
        folder = self.folder / ".locks"
        folder.mkdir(exist_ok=True)
        with (folder / name).open("w") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
            except BlockingIOError:
                yield False
                return
            yield True

    @contextmanager
    def _lock_row(self, name: str, wait: bool) -> Iterator[bool]:
        number = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], signed=True)
        function = "pg_advisory_lock" if wait else "pg_try_advisory_lock"
        if self._guard is not None and self._guard.invalidated and not self._locks:
            self.close()
        if self._guard is None:
            self._guard = self.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        held = self._guard.scalar(sa.text(f"SELECT {function}(:number)"), {"number": number}) is not False
        self._locks += held
        try:
            yield held
        finally:
            self._locks -= held
            if held and self._guard is not None:
                with suppress(sa.exc.SQLAlchemyError):  # the lock has ended with the connection
                    self._guard.execute(sa.text("SELECT pg_advisory_unlock(:number)"), {"number": number})

    def watch(self) -> None:
        """See that what was locked still is. Raises Rejected where the connection that holds the locks has ended."""
        if self._guard is not None:
            with _told():
                self._guard.execute(sa.text("SELECT 1"))

    # ---- Entries

    def prepare(self, issue: Issue) -> bool:
        """Enter an issue whose files are about to take their place; gives False where there is one already."""
        with _told():
            try:
                with self.engine.begin() as connection:
                    _enter(connection, issue, PREPARED)
            except sa.exc.IntegrityError:
                return False
        return True

    def complete(self, issue: Issue, notices: Sequence[Notice] = ()) -> bool:
        """Say that the files of an issue stand in their place, and whom to tell; False where that was said before.

        Whatever was prepared under its symbol or its name gives way.
        """
        with _told():
            try:
                with self.engine.begin() as connection:
                    if connection.scalar(sa.select(_issues.c.id).where(*_is(issue), _issues.c.state == ISSUED)):
                        return False
                    _take_out(connection, sa.or_(sa.and_(*_is(issue)), _issues.c.name == issue.name))
                    _enter(connection, issue, ISSUED)
                    _keep(connection, notices)
            except sa.exc.IntegrityError:  # somebody says so at the same moment
                return False
        return True

    def withdraw(self, issue: Issue) -> None:
        """Take out an entry whose files never took their place."""
        with _told(), self.engine.begin() as connection:
            _take_out(connection, sa.and_(*_is(issue)))

    def prepared(self) -> list[Issue]:
        """Give the entries of which it is not known whether their files stand in their place."""
        return self._select(_issues.c.state == PREPARED)

    def issues(
        self,
        symbols: Collection[str] = (),
        *,
        since: datetime.datetime | None = None,
        until: datetime.datetime | None = None,
        kind: Kind | None = None,
        language: str | None = None,
    ) -> list[Issue]:
        """Give what was issued, in the order of issue: all of it, or what the filters let through."""
        where = [_issues.c.state == ISSUED]
        if symbols:
            where.append(_issues.c.symbol.in_(symbols))
        if since:
            where.append(_issues.c.issued >= since)
        if until:
            where.append(_issues.c.issued < until)
        if kind:
            where.append(_issues.c.kind == kind)
        if language:
            where.append(_issues.c.id.in_(sa.select(_files.c.issue).where(_files.c.language == language)))
        return self._select(*where)

    def _select(self, *where: Any) -> list[Issue]:
        with _told(), self.engine.connect() as connection:
            chosen = sa.select(_issues.c.id).where(*where)
            rows = connection.execute(_files.select().where(_files.c.issue.in_(chosen)))
            files: dict[int, list[File]] = {}
            for row in rows.mappings():
                files.setdefault(row["issue"], []).append(
                    File(row["language"], row["name"], row["title"], row["pages"], row["bytes"], row["sha256"])
                )
            found = []
            for row in connection.execute(_issues.select().where(*where)).mappings():
                values = {key: value for key, value in row.items() if key not in {"id", "state"}}
                own = sorted(files.get(row["id"], ()), key=lambda one: one.name)  # databases sort by languages
                found.append(Issue(**values, files=tuple(own)))
            return sorted(found, key=lambda one: (one.issued, one.symbol, one.serial))

    # ---- Notices

    def tell(self, notices: Sequence[Notice]) -> None:
        """Keep notices until they are delivered; one that is kept already stays as it is."""
        with _told(), self.engine.begin() as connection:
            _keep(connection, notices)

    def undelivered(self, until: datetime.datetime) -> list[Notice]:
        """Give the notices that are to be tried until a moment."""
        with _told(), self.engine.connect() as connection:
            rows = connection.execute(_notices.select().where(_notices.c.next <= until).order_by(_notices.c.next))
            return [Notice(**row) for row in rows.mappings()]

    def tried(self, notice: Notice) -> None:
        """Keep what came of a notice."""
        with _told(), self.engine.begin() as connection:
            connection.execute(_notices.update().where(_notices.c.id == notice.id).values(**asdict(notice)))


def _enter(connection: sa.Connection, issue: Issue, state: str) -> None:
    values = {key: value for key, value in asdict(issue).items() if key != "files"}
    done = connection.execute(_issues.insert().values(**values, state=state))
    number = done.inserted_primary_key[0]  # type: ignore[index]
    connection.execute(_files.insert(), [asdict(one) | {"issue": number} for one in issue.files])


def _take_out(connection: sa.Connection, which: sa.ColumnElement[bool]) -> None:
    """Take out the prepared entries among some."""
    which = sa.and_(which, _issues.c.state == PREPARED)
    connection.execute(_files.delete().where(_files.c.issue.in_(sa.select(_issues.c.id).where(which))))
    connection.execute(_issues.delete().where(which))


def _keep(connection: sa.Connection, notices: Sequence[Notice]) -> None:
    for notice in notices:
        if connection.scalar(sa.select(_notices.c.id).where(_notices.c.id == notice.id)) is None:
            connection.execute(_notices.insert().values(**asdict(notice)))


def _is(issue: Issue) -> tuple[Any, Any]:
    return _issues.c.symbol == issue.symbol, _issues.c.serial == issue.serial


def _url(address: str) -> sa.URL:
    try:
        return sa.make_url(address)
    except ValueError:  # of the port; the words of the address are not repeated, as it may hold a password
        raise Rejected([Finding("I06", "the address of the register cannot be read")]) from None


def _durable(connection: Any, _: Any) -> None:
    """Let SQLite see every entry to the disk, and keep whole what belongs together, tables included."""
    connection.isolation_level = None
    connection.execute("PRAGMA synchronous = EXTRA")
    connection.execute("PRAGMA foreign_keys = ON")


def _alone(connection: sa.Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def migrate(connection: sa.Connection, to: str = "head") -> None:
    """Bring the tables to a version of the schema."""
    from alembic import command  # noqa: PLC0415  # most runs have nothing to migrate
    from alembic.config import Config  # noqa: PLC0415

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    command.upgrade(config, to)


@contextmanager
def _told() -> Iterator[None]:
    """Turn what a database says into a finding."""
    try:
        yield
    except (sa.exc.SQLAlchemyError, OSError, ImportError) as error:
        words = str(getattr(error, "orig", None) or error).strip().splitlines() or [type(error).__name__]
        raise Rejected([Finding("I06", f"the register does not answer: {words[0]}")]) from None
