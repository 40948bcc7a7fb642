"""The register, in SQLite and in a real PostgreSQL: what it says, proves, gives away, survives."""

from __future__ import annotations

import csv
import datetime
import io
import json
import shutil
import sqlite3
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
from issuing import AFTER, document, files, house, issuing, make, symbols
from postgres import Server, postgres
from test_cli import run

from publish.cli import _csv
from publish.finding import Rejected
from publish.issue import manifest
from publish.issue.issue import Ask
from publish.issue.manifest import File, Issue
from publish.issue.register import SCHEMA, Register, migrate
from publish.issue.webhook import notices

if TYPE_CHECKING:
    from pathlib import Path

assert postgres  # a fixture
DAY = datetime.timedelta(days=1)


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'register.sqlite'}"
    server: Server = request.getfixturevalue("postgres")
    return server.database()


def entry(number: int = 1, serial: int = 0, **values: Any) -> Issue:
    """Give an entry of a document that nobody has issued."""
    symbol = f"A/RES/80/{number}"
    known = {
        "symbol": symbol,
        "serial": serial,
        "name": symbol.replace("/", "_") + (f".reissue-{serial}" if serial else ""),
        "kind": "reissue" if serial else "first",
        "corrects": "",
        "reason": "",
        "release": AFTER,
        "issued": AFTER + number * DAY,
        "fingerprint": "f" * 64,
        "inputs": {"sources": {"en.yaml": "0" * 64}},
        "files": (File("en", "A-EN.pdf", "Title ü 题", 3, 10**10, "0" * 64),),
    }
    return Issue(**(known | values))


def code(action: Any) -> list[str]:
    with pytest.raises(Rejected) as rejected:
        action()
    return [one.code for one in rejected.value.findings]


# ---- Entries


def test_an_entry_is_given_back_as_it_was(address: str) -> None:
    """What is prepared is no issue until it is completed; then it is the same, to the microsecond, in any zone."""
    zone = datetime.timezone(datetime.timedelta(hours=5, minutes=45))
    one = entry(issued=AFTER.replace(microsecond=123456).astimezone(zone))
    register = Register(address)
    assert register.prepare(one)
    assert ([one], []) == (register.prepared(), register.issues())
    assert register.complete(one)
    assert ([], [one]) == (register.prepared(), Register(address).issues())


def test_nothing_is_entered_twice(address: str) -> None:
    """A symbol is entered once with each serial, and what is issued neither changes nor goes away."""
    register = Register(address)
    one, other = entry(), entry(issued=AFTER, fingerprint="0" * 64)
    assert [True, False] == [register.prepare(one), register.prepare(other)]
    assert [True, False, False] == [register.complete(one), register.complete(one), register.complete(other)]
    register.withdraw(one)
    assert not register.prepare(other)
    assert [one] == register.issues()


def test_what_stands_in_its_place_wins(address: str) -> None:
    """What was prepared gives way to what is said to be issued, with its files, and its notices are kept once."""
    register = Register(address)
    other = entry(issued=AFTER, files=(File("fr", "B.pdf", "T", 1, 1, "1" * 64),))
    register.prepare(entry())
    told = notices("document.issued", "x", {}, ["https://a.example.org/"], AFTER)
    assert register.complete(other, [*told, *told])
    register.tell(told)
    assert ([other], [], told) == (register.issues(), register.prepared(), register.undelivered(AFTER))


def test_filters(address: str) -> None:
    """Entries are given in the order of issue, and filtered by symbol, moment, kind and language."""
    register = Register(address)
    french = (*entry().files, *(File("fr", name, "T", 1, 1, "1" * 64) for name in ("A-FR.pdf", "A-b.pdf", "A_C.pdf")))
    entries = [entry(1), entry(2, files=french), entry(3, kind="corrigendum"), entry(4, serial=1)]
    for one in reversed(entries):
        register.complete(one)
    assert entries == register.issues()
    assert entries[1:3] == register.issues(since=entries[1].issued, until=entries[3].issued)
    assert entries[2:3] == register.issues(kind="corrigendum")
    assert ["A/RES/80/2"] == symbols(register.issues(language="fr"))
    assert entries[::3] == register.issues(["A/RES/80/1", "A/RES/80/4", "A/RES/80/9"])
    assert [] == register.issues(["A/RES/80/1"], kind="reissue")


# ---- Who is at work


LOCKER = """
import sys
from publish.issue.register import Register
register = Register(sys.argv[1])
with register.lock("A_RES_80_1") as ours:
    print(ours, flush=True)
    sys.stdin.readline()
"""


def test_a_lock_ends_with_who_holds_it(address: str) -> None:
    """A document that a process is at work on is nobody else's, until that process ends, be it killed."""
    command = [sys.executable, "-c", LOCKER, address]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert "True\n" == process.stdout.readline()
        register = Register(address)
        with register.lock("A_RES_80_1") as ours, register.lock("A_RES_80_2") as other:
            assert [False, True] == [ours, other]
        process.kill()
        process.wait()
        with register.lock("A_RES_80_1", wait=True) as ours:
            assert ours
        register.close()


def test_a_server_that_falls_over_takes_the_locks(postgres: Server) -> None:
    """When the server ends, its locks are known to be lost, and a register that lives long takes new ones later."""
    register = Register(postgres.database())
    with register.lock("A_RES_80_1") as ours:
        assert ours
        register.watch()
        postgres.stop()
        postgres.start()
        assert ["I06"] == code(register.watch)
        assert ["I06"] == code(register.watch)
    with register.lock("A_RES_80_1") as ours:
        assert ours
        register.watch()
    register.close()


# ---- The schema


def columns(register: Register) -> Any:
    found = sa.inspect(register.engine)
    return {name: [column["name"] for column in found.get_columns(name)] for name in sorted(found.get_table_names())}


def test_an_old_register_is_brought_up_to_date(address: str) -> None:
    """A register of the first schema is migrated to the newest with all that it holds."""
    url = sa.make_url(address)
    engine = sa.create_engine(url.set(drivername="postgresql+psycopg") if "postgresql" in address else url)
    one = entry()
    with engine.begin() as connection:
        migrate(connection, "0001")
        assert "0001" == connection.scalar(sa.text("SELECT version_num FROM alembic_version"))
    held = sa.MetaData()
    held.reflect(engine)
    values = {key: getattr(one, key) for key in ("symbol", "serial", "name", "kind", "corrects", "reason")}
    naive = {key: getattr(one, key).astimezone(datetime.UTC).replace(tzinfo=None) for key in ("release", "issued")}
    rest = {"id": 7, "fingerprint": one.fingerprint, "inputs": one.inputs, "state": "issued"}
    file = {key: getattr(one.files[0], key) for key in ("name", "language", "title", "pages", "bytes", "sha256")}
    with engine.begin() as connection:
        connection.execute(held.tables["issues"].insert().values(**values, **naive, **rest))
        connection.execute(held.tables["files"].insert().values(issue=7, **file))
    engine.dispose()
    register = Register(address)
    assert [one] == register.issues()
    assert {"alembic_version", "files", "issues", "notices"} == set(columns(register))
    with register.engine.connect() as connection:
        assert SCHEMA == connection.scalar(sa.text("SELECT version_num FROM alembic_version"))


def test_a_later_register_is_refused(address: str) -> None:
    """A register of a later schema is not touched."""
    register = Register(address)
    with register.engine.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    before = columns(register)
    assert ["I06"] == code(lambda: Register(address))
    assert before == columns(register)


OPENER = """
import sys
from publish.issue.register import Register
sys.stdin.readline()
register = Register(sys.argv[1])
print(len(register.issues()), register.now() is None)
"""


def test_eight_processes_open_a_new_register_at_once(address: str) -> None:
    """Whoever opens a new register first makes its tables, and the others find them."""
    command = [sys.executable, "-c", OPENER, address]
    pipe: dict[str, Any] = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
    running = [subprocess.Popen(command, text=True, **pipe) for _ in range(8)]
    for one in running:
        one.stdin.write("\n")
        one.stdin.flush()
    assert [(f"0 {'sqlite' in address}\n", "")] * 8 == [one.communicate() for one in running]


@pytest.mark.parametrize(
    "address",
    ["", "nonsense", "postgresql://u:geheim@/x?host=/nowhere", "oracle://u:geheim@h/x", "postgresql://u:geheim@h:a/x",
     "sqlite:////proc/nowhere/x"],
)  # fmt: skip
def test_a_register_that_does_not_answer(address: str) -> None:
    """An address that is none, or where nothing answers, is a finding that does not tell the password."""
    with pytest.raises(Rejected) as rejected:
        Register(address)
    assert ["I06"] == [one.code for one in rejected.value.findings]
    assert "geheim" not in str(rejected.value)


# ---- As a user sees it


@pytest.fixture(scope="module")
def issued(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with three issued documents, one of which has a dangerous title, and a reissue."""
    root = make(tmp_path_factory.mktemp("register"), "A/RES/80/1", "A/RES/80/1/Corr.1")
    document(root, "A/RES/80/2", title="+ title")
    one = house(root)
    issuing(one)
    folder = document(root, "A/RES/80/1", reissued="2025-12-12")
    found = issuing(one, AFTER + 3 * DAY, Ask(reason='=HYPERLINK("x")'), folder)
    assert ["A/RES/80/1"] == symbols(found.issued), found.findings
    return root


def listed(root: Path, *words: str) -> list[tuple[str, int]]:
    entries = json.loads(run("register", "list", "--json", *words, here=root))["issues"]
    return [(one["symbol"], one["serial"]) for one in entries]


def test_the_list_is_filtered(issued: Path) -> None:
    """`register list` shows what was issued, all of it or what is asked for."""
    first, again, second = ("A/RES/80/1", 0), ("A/RES/80/1", 1), ("A/RES/80/2", 0)
    corrigendum = ("A/RES/80/1/Corr.1", 0)
    assert [first, corrigendum, second, again] == listed(issued)
    assert [again] == listed(issued, "--since", "2025-12-11T00:00:00Z", "-l", "fr")
    assert [corrigendum] == listed(issued, "--until", "2025-12-11T00:00:00Z", "--kind", "corrigendum")
    assert "A/RES/80/1*" in run("register", "list", "A/RES/80/1", here=issued)
    run("register", "list", "--since", "yesterday", here=issued, ok=2)


def test_the_export_is_whole(issued: Path, tmp_path: Path) -> None:
    """The JSON export has what the manifests say; the CSV has a row a file, and no cell is taken for a formula."""
    run("register", "export", "-o", str(tmp_path / "r.json"), here=issued)
    found = json.loads((tmp_path / "r.json").read_bytes())["issues"]
    assert [json.loads((issued / "output" / one["name"] / "manifest.json").read_bytes()) for one in found] == found
    run("register", "export", "--form", "csv", "-o", str(tmp_path / "r.csv"), here=issued)
    rows = list(csv.DictReader(io.StringIO((tmp_path / "r.csv").read_bytes().decode())))
    assert sum(len(one["files"]) for one in found) == len(rows) == 24
    assert {"'+ title"} == {row["title"] for row in rows if row["symbol"] == "A/RES/80/2"}
    assert {"", '\'=HYPERLINK("x")'} == {row["reason"] for row in rows}
    assert not [cell for row in rows for cell in row.values() if cell.startswith(("=", "+", "-", "@"))]


@pytest.mark.parametrize("reason", ["=1", "+1", "-1", "@A1", "\t=1", "\r=1", "＝1"])
def test_no_cell_is_a_formula(reason: str) -> None:
    """A text that a spreadsheet might take for a formula is marked as a text."""
    one = json.loads(manifest.write(entry(reason=reason)))
    (row,) = csv.DictReader(io.StringIO(_csv([one]), newline=""))
    assert f"'{reason}" == row["reason"]


def test_verify_finds_what_is_not_as_it_was(issued: Path, tmp_path: Path) -> None:
    """A changed, a missing and an extra file are found, a changed manifest, and a document that nobody entered."""
    root = shutil.copytree(issued, tmp_path / "copy")
    out = root / "output"
    assert "4 documents, 24 files" in run("register", "verify", here=root)
    (out / "A_RES_80_1" / "A_RES_80_1-EN.pdf").write_bytes(b"another")
    (out / "A_RES_80_1" / "A_RES_80_1-FR.pdf").unlink()
    (out / "A_RES_80_1" / "A_RES_80_1-EN-draft.pdf").write_bytes(b"extra")
    shutil.copytree(out / "A_RES_80_2", out / "A_RES_80_9")
    (out / "A_RES_80_2" / "manifest.json").write_bytes(b"{")
    path = out / "A_RES_80_1_Corr.1" / "manifest.json"
    path.write_bytes(path.read_bytes().replace(b'"corrigendum"', b'"revision"'))
    report = json.loads(run("register", "verify", "--json", here=root, ok=1))
    expected = [
        ("I07", "A/RES/80/1: A_RES_80_1/A_RES_80_1-EN-draft.pdf does not belong to it"),
        ("I07", "A/RES/80/1: A_RES_80_1/A_RES_80_1-EN.pdf is not the one that was issued"),
        ("I07", "A/RES/80/1: A_RES_80_1/A_RES_80_1-FR.pdf is missing"),
        ("I07", "A/RES/80/1/Corr.1: its manifest in A_RES_80_1_Corr.1 is missing or another one"),
        ("I07", "A/RES/80/2: its manifest in A_RES_80_2 is missing or another one"),
        ("I07", "A_RES_80_9 is not in the register"),
    ]
    found = sorted((one["code"], one["message"]) for one in report["findings"])
    assert sorted(expected) == [one for one in found if one[0] == "I07"]
    assert ["I08"] == [one[0] for one in found if one[0] != "I07"]


# ---- Backup and loss


def test_a_lost_register_is_restored(issued: Path, tmp_path: Path) -> None:
    """After its total loss `register restore` enters every document from its manifest, and tells nobody again."""
    root = shutil.copytree(issued, tmp_path / "copy")
    before, entries = files(root / "output"), house(root).register.issues()
    (root / "output" / "register.sqlite").unlink()
    (root / "publish.yaml").write_text((root / "publish.yaml").read_text() + "webhooks: ['http://127.0.0.1:9/x']\n")
    assert "4 documents entered" in run("register", "restore", here=root)
    again = house(root).register
    assert entries == again.issues()
    assert [] == again.undelivered(AFTER + 9999 * DAY)
    assert "0 documents entered" in run("register", "restore", here=root)
    run("register", "verify", here=root)
    assert before == files(root / "output")


def test_one_damaged_manifest_keeps_no_other(issued: Path, tmp_path: Path) -> None:
    """A manifest that is none is a finding, and all others are restored."""
    root = shutil.copytree(issued, tmp_path / "copy")
    (root / "output" / "register.sqlite").unlink()
    (root / "output" / "A_RES_80_1" / "manifest.json").write_bytes(b"[]")
    report = json.loads(run("register", "restore", "--json", here=root, ok=1))
    assert ["I08"] == [one["code"] for one in report["findings"]]
    assert ["A/RES/80/1/Corr.1", "A/RES/80/2", "A/RES/80/1"] == symbols(house(root).register.issues())


def test_a_backup_of_sqlite_is_taken_at_work(issued: Path, tmp_path: Path) -> None:
    """SQLite's own backup, taken while the register is open, is a register."""
    root = shutil.copytree(issued, tmp_path / "copy")
    entries = house(root).register.issues()
    source, target = sqlite3.connect(root / "output" / "register.sqlite"), sqlite3.connect(tmp_path / "backup.sqlite")
    source.backup(target)
    source.close()
    target.close()
    shutil.move(tmp_path / "backup.sqlite", root / "output" / "register.sqlite")
    assert entries == house(root).register.issues()
    run("register", "verify", here=root)


def test_a_dump_of_postgresql_is_taken_at_work(issued: Path, tmp_path: Path, postgres: Server) -> None:
    """What pg_dump writes while the register is open, psql reads into an empty database, which is a register."""
    root = shutil.copytree(issued, tmp_path / "copy")
    entries = house(root).register.issues()
    address, other = postgres.database(), postgres.database()
    run("register", "restore", here=root, PUBLISH_REGISTER=address)
    with Register(address).lock("x"):
        postgres.run("pg_dump", "--no-owner", "-f", str(postgres.folder / "dump.sql"), f"register{postgres.count - 1}")
    script = str(postgres.folder / "dump.sql")
    postgres.run("psql", "-q", "-v", "ON_ERROR_STOP=1", "-f", script, "-d", f"register{postgres.count}")
    assert entries == Register(other).issues()
    run("register", "verify", here=root, PUBLISH_REGISTER=other)
