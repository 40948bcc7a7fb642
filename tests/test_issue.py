"""A document is issued in all its languages at once, never before its time, never twice, and never changed."""

from __future__ import annotations

import datetime
import json
import os
import shutil
import subprocess
import zoneinfo
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from conftest import LANGUAGES
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from issuing import (
    AFTER,
    BEFORE,
    RELEASE,
    SECOND,
    codes,
    document,
    files,
    house,
    issuing,
    make,
    stock,
    symbols,
    timeless,
    whole,
)
from postgres import Server, postgres
from test_cli import PUBLISH, run

from publish import project
from publish.desk import press
from publish.issue import manifest, settle
from publish.issue.issue import Ask

if TYPE_CHECKING:
    from collections.abc import Iterator

assert postgres  # a fixture
DAY = datetime.timedelta(days=1)
FAR = "2999-01-01T00:00:00Z"
SECRET = "Geheimnis"  # of a document that is not due


@pytest.fixture
def nothing_kept(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty cache."""
    monkeypatch.setenv("PUBLISH_CACHE", str(tmp_path_factory.mktemp("cache")))


def outputs(root: Path) -> list[str]:
    return sorted(path.name for path in (root / "output").glob("[!.]*") if path.is_dir())


def prepare(root: Path) -> None:
    """Let the cache have what the commands would typeset."""
    desk = press.Desk(project.load(root))
    press.build(desk, press.resolutions(desk.project), to=root / "elsewhere", crew=stock)


def told(root: Path, *words: str, ok: int = 0, **environment: str) -> Any:
    return json.loads(run("issue", "--json", *words, here=root, ok=ok, **environment))


# ---- When


def test_what_is_due_is_issued_and_nothing_else(tmp_path: Path) -> None:
    """At its moment a document is issued in six languages; a second before it is not, nor one without a moment."""
    root = make(tmp_path, "A/RES/80/1")
    document(root, "A/RES/80/2", release=FAR)
    document(root, "A/RES/80/3", release=None)
    early = issuing(root, BEFORE)
    assert ([], 2, []) == (early.issued, early.waiting, early.findings)
    assert [] == outputs(root)
    (one,) = issuing(root, RELEASE).issued
    assert (set(LANGUAGES), "first", RELEASE) == (set(one.titles), one.kind, one.issued)
    assert ["A_RES_80_1"] == outputs(root)
    assert whole(root / "output" / "A_RES_80_1")


ZONES = ["UTC", "America/New_York", "Europe/Paris", "Asia/Kolkata", "Pacific/Apia", "Australia/Lord_Howe"]
# wall clocks that stand near the hours that daylight saving skips or repeats
EDGES = [(2026, 3, 8, 2), (2026, 3, 29, 2), (2026, 4, 5, 1), (2026, 10, 4, 2), (2026, 10, 25, 2), (2026, 11, 1, 1)]


@st.composite
def moments(draw: st.DrawFn) -> datetime.datetime:
    zone = zoneinfo.ZoneInfo(draw(st.sampled_from(ZONES)))
    edge = datetime.datetime(*draw(st.sampled_from(EDGES)), tzinfo=zone)
    apart = datetime.timedelta(seconds=draw(st.integers(-7200, 7200)))
    return (edge.replace(tzinfo=None) + apart).replace(tzinfo=zone, fold=draw(st.integers(0, 1)))


def test_never_before_its_time(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """Whatever zones clocks and sources are in, a document is issued if and only if its instant has come."""
    one = house(make(tmp_path))

    @settings(
        max_examples=1000 if request.config.getoption("--long") else 60,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        derandomize=True,
    )
    @given(moments(), st.sampled_from([-3600, -1, 0, 1, 3600]), st.sampled_from(ZONES))
    @example(datetime.datetime(2026, 11, 1, 1, 30, tzinfo=zoneinfo.ZoneInfo(ZONES[1]), fold=1), -1, ZONES[2])
    def holds(release: datetime.datetime, apart: int, zone: str) -> None:
        written = datetime.datetime.fromisoformat(release.isoformat())
        document(tmp_path, "A/RES/80/1", release=release.isoformat())
        now = (written.astimezone(datetime.UTC) + apart * SECOND).astimezone(zoneinfo.ZoneInfo(zone))
        found = issuing(one, now, Ask(dry=True))
        due = now.timestamp() >= written.timestamp()
        assert (due, not due) == (bool(found.issued), bool(found.waiting)), (release, now)

    holds()


WAYS = {
    "flow": '{{"symbol": "A/RES/80/1", "release": "{0}", {1}}}',
    "flow over lines": '{{"symbol": "A/RES/80/1",\n "release":\n  "{0}",\n {1}}}',
    "quoted": '"release": "{0}"\n{2}',
    "spaced": "release : {0}\n{2}",
    "questioned": "? release\n: {0}\n{2}",
    "escaped": '"rele\\x61se": {0}\n{2}',
    "on the next line": "release:\n  {0}\n{2}",
    "last": "{2}release: {0}",
}


@pytest.mark.parametrize("way", WAYS)
def test_however_the_moment_is_written(tmp_path: Path, way: str) -> None:
    """Whichever way YAML has of writing it, the moment counts, also for a document that is asked for by name."""
    root = make(tmp_path, "A/RES/80/1")
    path = root / "resolutions" / "A_RES_80_1" / "resolution.yaml"
    lines = [line for line in path.read_text().splitlines() if not line.startswith(("symbol", "release"))]
    flow = ", ".join(f'"{key}": {value}' for key, _, value in (line.partition(": ") for line in lines))
    path.write_text(WAYS[way].format(RELEASE.isoformat(), flow, "symbol: A/RES/80/1\n" + "\n".join(lines) + "\n"))
    one = house(root)
    named = issuing(one, BEFORE, Ask(), path.parent)
    assert (1, [], ["I02"]) == (named.waiting, named.issued, codes(named))
    assert [] == issuing(one, BEFORE).issued
    assert ["A/RES/80/1"] == symbols(issuing(one, RELEASE, Ask(), path.parent).issued)


@pytest.mark.parametrize("way", ["flow", "flow over lines", "quoted", "spaced", "last"])
def test_however_it_is_written_it_is_found_due(tmp_path: Path, way: str) -> None:
    """A moment in a less common way of YAML is found when everything that is due is asked for."""
    root = make(tmp_path, "A/RES/80/1")
    path = root / "resolutions" / "A_RES_80_1" / "resolution.yaml"
    lines = [line for line in path.read_text().splitlines() if not line.startswith(("symbol", "release"))]
    flow = ", ".join(f'"{key}": {value}' for key, _, value in (line.partition(": ") for line in lines))
    path.write_text(WAYS[way].format(RELEASE.isoformat(), flow, "symbol: A/RES/80/1\n" + "\n".join(lines) + "\n"))
    assert ["A/RES/80/1"] == symbols(issuing(root, RELEASE).issued)


def test_a_trial_issues_nothing(tmp_path: Path) -> None:
    """--dry-run says what would be issued now, or --at a moment with its zone, and leaves no file."""
    root = make(tmp_path)
    document(root, "A/RES/80/1", release=FAR)
    prepare(root)
    assert "0 to issue, 0 held back, 1 not due yet" in run("issue", "--dry-run", here=root)
    assert "would issue A/RES/80/1" in run("issue", "--dry-run", "--at", "2999-01-01T00:00:00Z", here=root)
    assert [] == told(root, "--dry-run", "--at", "2999-01-01T00:59:59+01:00")["issued"]
    run("issue", "--at", "2999-01-01T00:00:00Z", here=root, ok=2)
    run("issue", "--dry-run", "--at", "2999-01-01T00:00:00", here=root, ok=2)
    assert {} == files(root / "output")


def test_what_is_named(tmp_path: Path) -> None:
    """A named document is issued alone, also without a moment, but not before the one it has."""
    root = make(tmp_path, "A/RES/80/1")
    document(root, "A/RES/80/2", release=FAR)
    document(root, "A/RES/80/3", release=None)
    prepare(root)
    assert ["A/RES/80/3"] == symbols_of(told(root, "A/RES/80/3"))
    report = told(root, "80/2", ok=1)
    assert ([], ["I02"]) == (report["issued"], [one["code"] for one in report["findings"]])
    assert ["A_RES_80_3"] == outputs(root)
    assert ["A/RES/80/1"] == symbols_of(told(root))


def symbols_of(report: Any) -> list[str]:
    return [one["symbol"] for one in report["issued"]]


# ---- What holds back


def _unsound(folder: Path) -> None:
    (folder / "ar.yaml").write_text("title: [", encoding="utf-8")


def _missing(folder: Path) -> None:
    (folder / "ru.yaml").unlink()


def _warned(folder: Path) -> None:
    path = folder / "en.yaml"
    path.write_text(path.read_text().replace("Decides* the text", "Decides* the the text"), encoding="utf-8")


def _facts(folder: Path) -> None:
    path = folder / "resolution.yaml"
    path.write_text(path.read_text() + "nonsense: 1\n", encoding="utf-8")


def _no_file(folder: Path) -> None:
    (folder / "fr.yaml").unlink()
    (folder / "fr.yaml").mkdir()


def _dead_link(folder: Path) -> None:
    (folder / "zz.yaml").symlink_to("/nowhere")


def _uncommon(folder: Path) -> None:
    path = folder / "es.yaml"
    path.write_text(path.read_text().replace("Título", "Título \U0001f600"), encoding="utf-8")


FAULTS = {"a syntax error": _unsound, "a missing file": _missing, "an unknown key": _facts, "a folder": _no_file,
          "a dead link": _dead_link}  # fmt: skip


@pytest.mark.parametrize("what", FAULTS)
def test_one_language_holds_back_its_document_and_no_other(tmp_path: Path, what: str) -> None:
    """With one language unsound a document is not issued in any, the report says why, and all others are issued."""
    root = make(tmp_path, "A/RES/80/1", "A/RES/80/2", "A/RES/80/3")
    FAULTS[what](root / "resolutions" / "A_RES_80_2")
    found = issuing(root)
    assert (["A/RES/80/1", "A/RES/80/3"], ["A/RES/80/2"]) == (symbols(found.issued), found.held)
    assert {"A_RES_80_2"} == {one.place.file.parent.name for one in found.findings if one.place}
    assert ["A_RES_80_1", "A_RES_80_3"] == outputs(root)
    assert not any("80_2" in name or b"80/2" in data for name, data in files(root / "output").items())
    shutil.rmtree(root / "resolutions" / "A_RES_80_2")
    document(root, "A/RES/80/2")
    assert ["A/RES/80/2"] == symbols(issuing(root).issued)


def test_a_warning_holds_back(tmp_path: Path) -> None:
    """What is only a warning to `check` is a reason not to issue."""
    root = make(tmp_path, "A/RES/80/1")
    path = root / "resolutions" / "A_RES_80_1" / "en.yaml"
    path.write_text(path.read_text().replace("the paragraph.", "the paragraph, ten percent."), encoding="utf-8")
    found = issuing(root)
    assert ([], ["A/RES/80/1"]) == (found.issued, found.held)
    assert {"warning"} == {one.severity for one in found.findings}
    assert [] == outputs(root)


def test_what_typesetting_finds_holds_back(tmp_path: Path, nothing_kept: None) -> None:
    """A fault that only the engine finds in one language holds back all of them, and no other document."""
    root = make(tmp_path, "A/RES/80/1")
    (root / "publish.yaml").write_text("languages: [en, es]\n", encoding="utf-8")
    _uncommon(document(root, "A/RES/80/2", languages=["en", "es"]))
    document(root, "A/RES/80/1", languages=["en", "es"])
    found = issuing(house(root, press.Processes(2)))
    assert (["A/RES/80/1"], ["A/RES/80/2"]) == (symbols(found.issued), found.held)
    assert "T01" in codes(found)
    assert ["A_RES_80_1"] == outputs(root)


def test_a_source_that_changes_meanwhile_holds_back(tmp_path: Path, nothing_kept: None) -> None:
    """What was written after it was proofread is not issued, nor what was typeset by layouts that changed meanwhile."""
    root = make(tmp_path, "A/RES/80/1", "A/RES/80/2")
    path = root / "resolutions" / "A_RES_80_1" / "en.yaml"

    def hasty(*values: Any) -> Iterator[Any]:
        path.write_text(path.read_text().replace("Title", "Heading"), encoding="utf-8")
        yield from stock(*values)

    found = issuing(house(root, hasty))
    assert (["A/RES/80/2"], ["A/RES/80/1"], ["I03"]) == (symbols(found.issued), found.held, codes(found))
    document(root, "A/RES/80/4")

    def rebuilding(*values: Any) -> Iterator[Any]:
        (root / "locales").mkdir()
        (root / "locales" / "en.yaml").write_text("organs: {A: {name: Other}}\n")
        yield from stock(*values)

    found = issuing(house(root, rebuilding))
    assert ([], {"I03"}) == (found.issued, set(codes(found)))
    assert ["A/RES/80/1", "A/RES/80/4"] == symbols(issuing(root).issued)


# ---- No leak


BROKEN = {
    "sound": Path.exists,
    "a broken text": lambda folder: (folder / "en.yaml").write_text(f"title: [{SECRET}"),
    "broken facts": lambda folder: (folder / "resolution.yaml").write_text(f"release: {FAR}\nsymbol: [{SECRET}"),
    "a broken moment": lambda folder: (folder / "resolution.yaml").write_text(f"release: soon\nsymbol: {SECRET}\n"),
    "no UTF-8": lambda folder: (folder / "resolution.yaml").write_bytes(b"release: 2999-01-01T00:00:00Z\n\xff"),
    "a moment out of reach": lambda folder: (folder / "resolution.yaml").write_text(
        f"release: 0001-01-01T00:00:00+10:00\nsymbol: {SECRET}\n"
    ),
    "nested": lambda folder: (folder / "resolution.yaml").write_text(f"release: {'[' * 3000}\nsymbol: {SECRET}\n"),
    "flow": lambda folder: (folder / "resolution.yaml").write_text(f'{{"release": "{FAR}", "symbol": "{SECRET}'),
}


@pytest.mark.parametrize("what", BROKEN)
def test_nothing_of_it_is_known_before_its_moment(tmp_path: Path, what: str) -> None:
    """No symbol, title or file of a document that is not due stands in what is printed or written, sound or not."""
    root = make(tmp_path, "A/RES/80/1", settings="base_address: https://a.example.org/\n")
    prepare(root)
    BROKEN[what](document(root, "A/RES/80/4711", title=SECRET, release=FAR))
    printed = []
    for words in (["issue"], ["issue", "--json"], ["issue", "--dry-run"], ["register", "list"], ["register", "verify"]):
        done = subprocess.run([*PUBLISH, *words], cwd=root, capture_output=True, text=True, check=False)
        assert "Traceback" not in done.stderr
        printed.append(done.stdout + done.stderr)
    assert "issued A/RES/80/1" in printed[0]
    held = [path.read_bytes() for path in (root / "output").rglob("*") if path.is_file()]
    named = [str(path).encode() for path in (root / "output").rglob("*")]
    for data in [*held, *named, *(words.encode() for words in printed)]:
        assert b"4711" not in data
        assert SECRET.encode() not in data


# ---- Once


def written(folder: Path) -> dict[str, int]:
    return {name: (folder / name).stat().st_mtime_ns for name in files(folder)}


def test_twice_is_once(tmp_path: Path) -> None:
    """A second run issues nothing and touches no file."""
    root = make(tmp_path, "A/RES/80/1")
    issuing(root)
    before = written(root / "output")
    again = issuing(root, AFTER + DAY)
    assert ([], [], []) == (again.issued, again.held, again.findings)
    assert before == written(root / "output")


@pytest.fixture(params=["sqlite", "postgresql"])
def environment(request: pytest.FixtureRequest) -> dict[str, str]:
    """Where the register is."""
    if request.param == "sqlite":
        return {}
    server: Server = request.getfixturevalue("postgres")
    return {"PUBLISH_REGISTER": server.database()}


def test_four_processes_at_once_issue_once(tmp_path: Path, environment: dict[str, str]) -> None:
    """Of four processes that start together each document is issued by one, and in the end all are."""
    wanted = [f"A/RES/80/{number}" for number in range(1, 6)]
    root = make(tmp_path, *wanted)
    prepare(root)
    command = [*PUBLISH, "issue", "--json"]
    own = {**os.environ, **environment}
    pipe: dict[str, Any] = {"stdout": subprocess.PIPE, "text": True}
    running = [subprocess.Popen(command, cwd=root, env=own, **pipe) for _ in range(4)]
    reports = [json.loads(one.communicate()[0]) for one in running]
    assert [0] * 4 == [one.returncode for one in running]
    assert wanted == sorted(symbol for report in reports for symbol in symbols_of(report))
    assert all(whole(root / "output" / name) for name in outputs(root))
    listed = json.loads(run("register", "list", "--json", here=root, **environment))["issues"]
    assert wanted == sorted(one["symbol"] for one in listed)
    told_of = json.loads((root / "output" / "index.json").read_bytes())
    assert all(symbol in json.dumps(told_of) for symbol in wanted)
    assert "5 documents, 30 files" in run("register", "verify", here=root, **environment)


def test_a_server_that_falls_over_in_the_middle(tmp_path: Path, postgres: Server) -> None:
    """With the register's server gone in mid-run nothing is half issued, and with it back the rest follows, once."""
    root = make(tmp_path, *(f"A/RES/80/{number}" for number in range(1, 5)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PUBLISH_REGISTER", postgres.database())
        one = house(root)
        entries = []

        def done(symbol: str) -> None:
            entries.append(symbol)
            if len(entries) == 2:
                postgres.stop()

        from publish.issue import issue as issuer

        found = issuer.issue(one, press.resolutions(one.desk.project), AFTER, done=done)
        assert (["A/RES/80/1", "A/RES/80/2"], True) == (symbols(found.issued), found.failed)
        assert {"I06"} == set(codes(found)) - {"I09"}  # it is later than the documents think
        assert ["A_RES_80_1", "A_RES_80_2"] == outputs(root)
        postgres.start()
        again = issuing(one)
        assert ["A/RES/80/3", "A/RES/80/4"] == symbols(again.issued)
        assert [] == list(settle.verify(one))
        one.register.close()


def test_clocks_that_are_apart_issue_nothing_early(tmp_path: Path, postgres: Server) -> None:
    """A host whose clock is ahead of the register's issues nothing early, and says that clocks differ."""
    real = datetime.datetime.now(datetime.UTC)
    root = make(tmp_path)
    document(root, "A/RES/80/1", release=(real + 2 * DAY).isoformat(timespec="seconds"))
    document(root, "A/RES/80/2")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PUBLISH_REGISTER", postgres.database())
        one = house(root)
        ahead = issuing(one, real + 3 * DAY)
        assert (["A/RES/80/2"], ["I09"]) == (symbols(ahead.issued), codes(ahead))
        assert abs(ahead.issued[0].issued - real) < DAY
        behind = issuing(one, real - 3 * DAY)
        assert ([], ["I09"]) == (behind.issued, codes(behind))
        one.register.close()
    assert ["A_RES_80_2"] == outputs(root)


# ---- Never changed


def test_a_changed_source_is_reported_and_not_issued(tmp_path: Path) -> None:
    """What changes after its issue is reported, by name as an error, and what was issued stays as it is."""
    root = make(tmp_path, "A/RES/80/1")
    issuing(root)
    before = files(root / "output")
    folder = document(root, "A/RES/80/1", title="Another title")
    found = issuing(root, AFTER + DAY)
    assert ([], [("I03", "warning")]) == (found.issued, [(one.code, one.severity) for one in found.findings])
    named = issuing(root, AFTER + DAY, Ask(), folder)
    assert ([], [("I03", "error")]) == (named.issued, [(one.code, one.severity) for one in named.findings])
    _unsound(folder)
    assert [] == issuing(root, AFTER + DAY).held
    assert before == files(root / "output")


def test_building_does_not_write_over_what_is_issued(tmp_path: Path) -> None:
    """`build` writes over no issued document, nor a draft beside it; to another place it may."""
    root = make(tmp_path, "A/RES/80/1")
    issuing(root)
    run("build", here=root)  # which would change nothing
    document(root, "A/RES/80/1", title="Another title")
    prepare(root)
    before = files(root / "output")
    for words in (["build"], ["build", "-o", "output"], ["build", "--draft", "-l", "en"]):
        report = json.loads(run(*words, "--json", here=root, ok=1))
        assert ["I04"] == [one["code"] for one in report["findings"]]
    assert before == files(root / "output")
    run("build", "-o", "another", here=root)
    assert 6 == len(files(root / "another"))


def test_what_is_issued_while_it_is_built_is_not_written_over(tmp_path: Path) -> None:
    """A build that began before a document was issued does not write over it either."""
    root = make(tmp_path, "A/RES/80/1")

    def slow(*values: Any) -> Iterator[Any]:
        issuing(root)
        yield from stock(*values)

    desk = press.Desk(project.load(root))
    with pytest.raises(press.Rejected) as rejected:
        press.build(desk, press.resolutions(desk.project), crew=slow, held=manifest.over, style=press.Style(draft=True))
    assert ["I04"] == [one.code for one in rejected.value.findings]
    assert whole(root / "output" / "A_RES_80_1")


UNSEEN = dict.fromkeys([*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x2060, 0xFEFF])


def test_a_reissue_says_so_on_its_page(tmp_path: Path, nothing_kept: None) -> None:
    """A document that is issued again has the mark and the note on its first page in each language."""
    root = make(tmp_path)
    document(root, "A/RES/80/1")
    issuing(root)
    before = files(root / "output" / "A_RES_80_1")
    folder = document(root, "A/RES/80/1", reissued="2025-12-12")
    one = house(root, press.Processes(2))
    (again,) = issuing(one, RELEASE + 3 * DAY, Ask(reason="A name was wrong."), folder).issued
    assert ("reissue", 1, "A name was wrong.") == (again.kind, again.serial, again.reason)
    assert ["A_RES_80_1", "A_RES_80_1.reissue-1"] == outputs(root)
    place = root / "output" / again.name
    for file in again.files:
        text = subprocess.run(
            ["pdftotext", "-l", "1", str(place / file.name), "-"], capture_output=True, text=True, check=True
        ).stdout
        lines = ["".join(line.translate(UNSEEN).split()) for line in text.splitlines()]
        assert 2 == text.count("*"), file.language  # at the symbol, and at the note
        spoken = one.desk.language(file.language, "2013")
        note = spoken.words.reissued.format(date=spoken.date(datetime.date(2025, 12, 12)))
        letters = Counter("".join(note.translate(UNSEEN).split()))  # Arabic may be read in another order
        assert any(not letters - Counter(line) for line in lines), file.language
    assert before == files(root / "output" / "A_RES_80_1")


def test_issuing_again_needs_a_reason_and_a_day(tmp_path: Path) -> None:
    """It needs a reason, a document that was issued, and a day of reissue from the last issue to today."""
    root = make(tmp_path, "A/RES/80/1")
    folder = root / "resolutions" / "A_RES_80_1"
    now, reason = AFTER + 10 * DAY, Ask(reason="A name was wrong.")
    one = house(root)
    assert ["I05"] == codes(issuing(one, now, reason, folder))
    issuing(one)
    for day, expected in ((None, "I05"), ("2025-12-09", "I05"), ("2025-12-21", "I02")):
        document(root, "A/RES/80/1", reissued=day)
        found = issuing(one, now, reason, folder)
        assert ([], [expected]) == (found.issued, codes(found)), day
    document(root, "A/RES/80/1", reissued="2025-12-10")
    assert ["I03"] == codes(issuing(one, now, Ask(), folder))
    assert [1] == [issue.serial for issue in issuing(one, now, reason, folder).issued]
    same = issuing(one, now, reason, folder)
    assert ([], ["I05"]) == (same.issued, codes(same))
    document(root, "A/RES/80/1", reissued="2025-12-20")
    assert [2] == [issue.serial for issue in issuing(one, now, reason, folder).issued]
    assert [0, 1, 2] == [issue.serial for issue in one.register.issues()]
    assert [] == list(settle.verify(one))
    run("issue", "--reason", "x", here=root, ok=2)


def test_a_reissue_that_was_begun_is_not_begun_again(tmp_path: Path) -> None:
    """When the run that issues a document again is killed, the same command finishes it and makes no third."""
    root = make(tmp_path, "A/RES/80/1")
    one = house(root)
    issuing(one)
    folder = document(root, "A/RES/80/1", reissued="2025-12-11")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(one.register, "complete", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            issuing(one, AFTER + 3 * DAY, Ask(reason="x"), folder)
    again = issuing(house(root), AFTER + 3 * DAY, Ask(reason="x"), folder)
    assert ([1], [], []) == ([entry.serial for entry in again.finished], again.issued, again.findings)
    assert ["A_RES_80_1", "A_RES_80_1.reissue-1"] == outputs(root)


def test_corrigenda_and_revisions(tmp_path: Path) -> None:
    """A corrigendum and a revision are documents of their own, which say what they belong to."""
    root = make(tmp_path, "A/RES/80/1")
    issuing(root)
    before = files(root / "output" / "A_RES_80_1")
    document(root, "A/RES/80/1/Corr.1")
    document(root, "A/RES/80/1/Rev.1")
    found = issuing(root, AFTER + DAY).issued
    expected = [("A/RES/80/1/Corr.1", "corrigendum", "A/RES/80/1"), ("A/RES/80/1/Rev.1", "revision", "A/RES/80/1")]
    assert expected == [(one.symbol, one.kind, one.corrects) for one in found]
    assert ["A_RES_80_1", "A_RES_80_1_Corr.1", "A_RES_80_1_Rev.1"] == outputs(root)
    assert before == files(root / "output" / "A_RES_80_1")


def test_an_issue_is_the_same_on_every_machine(tmp_path: Path) -> None:
    """Entries and files of the same sources differ in nothing but the moment of issue, wherever they are issued."""
    one, other = make(tmp_path / "a", "A/RES/80/1"), make(tmp_path / "b", "A/RES/80/1")
    issuing(one)
    issuing(other, AFTER + DAY)
    assert timeless(house(one).register.issues()) == timeless(house(other).register.issues())
    pages = [files(root / "output" / "A_RES_80_1", but=("manifest",)) for root in (one, other)]
    assert pages[0] == pages[1]
