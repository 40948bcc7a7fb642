"""Places of issued documents that are no folder: memory, and a real S3 server on this machine."""

from __future__ import annotations

import logging
import os
import threading
from typing import TYPE_CHECKING, Any

import boto3
import fsspec
import pytest
from issuing import AFTER, codes, document, files, house, issuing, make, symbols
from moto.server import ThreadedMotoServer

from publish.finding import Rejected
from publish.issue import manifest, settle, store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FILES = {"A-EN.pdf": b"english", "manifest.json": b"manifest", "Z-FR.pdf": b"french"}
NAMES = ("A/RES/80/1", "A/RES/80/2")


@pytest.fixture(scope="session")
def s3() -> Iterator[str]:
    """A running S3 server; gives its address."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    keys = {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing", "AWS_DEFAULT_REGION": "us-east-1"}
    with pytest.MonkeyPatch.context() as patch:
        for key, value in keys.items():
            patch.setenv(key, value)
        patch.setenv("FSSPEC_S3_ENDPOINT_URL", f"http://{host}:{port}")
        patch.setenv("AWS_ENDPOINT_URL", f"http://{host}:{port}")
        yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(params=["memory", "s3"])
def address(request: pytest.FixtureRequest) -> str:
    """The address of an empty place of each kind."""
    name = f"bucket-{abs(hash(request.node.name))}"
    if request.param == "s3":
        boto3.client("s3", endpoint_url=request.getfixturevalue("s3")).create_bucket(Bucket=name)
    return f"{request.param}://{name}/issued"


def place(address: str) -> store.Remote:
    """Open a place as another process would, with nothing remembered."""
    fsspec.get_filesystem_class(address.partition(":")[0]).clear_instance_cache()
    found = store.store(address, None)  # type: ignore[arg-type]
    assert isinstance(found, store.Remote)
    return found


def own(tmp_path: Path, address: str) -> Path:
    return make(tmp_path, *NAMES, settings=f"issued: {address}\nregister: sqlite:///{tmp_path}/register.sqlite\n")


def write(address: str, path: str, data: bytes) -> None:
    one = place(address)
    one.system.pipe_file(f"{one.root}/{path}", data)


def test_documents_are_issued_there(tmp_path: Path, address: str) -> None:
    """Documents and what tells of them stand at the address as they would in a folder, once, and are proved."""
    root = own(tmp_path / "a", address)
    one = house(root)
    assert list(NAMES) == symbols(issuing(one).issued)
    issuing(make(tmp_path / "b", *NAMES))
    found = files(tmp_path / "b" / "output", but=("catalogue.sha256",))
    expected = {name: data for name, data in found.items() if "manifest" not in name}  # other settings are told there
    assert 12 < len(expected)
    there = {name: place(address).read(name) for name in expected}
    assert expected == there
    run = issuing(house(root))
    assert ([], []) == (run.issued, run.findings)
    assert {"A_RES_80_1", "A_RES_80_2"} == place(address).names()
    assert [] == list(settle.verify(house(root)))
    write(address, "A_RES_80_1/A_RES_80_1-EN.pdf", b"another")
    write(address, "A_RES_80_1/extra.pdf", b"another")
    assert ["I07", "I07"] == [found.code for found in settle.verify(house(root))]


def order(one: store.Remote, patch: pytest.MonkeyPatch, stop: int = -1) -> list[str]:
    """Note what is written, in order; at some write the process is as if it had died."""
    written: list[str] = []
    pipe = one.system.pipe_file

    def noted(path: str, data: bytes, **options: Any) -> None:
        if len(written) == stop:
            raise KeyboardInterrupt
        pipe(path, data, **options)
        written.append(path.rpartition("/")[2])

    patch.setattr(one.system, "pipe_file", noted)
    return written


def test_the_manifest_is_the_last_to_be_written(address: str) -> None:
    """Whoever sees a manifest sees every file that it tells of."""
    with pytest.MonkeyPatch.context() as patch:
        one = place(address)
        written = order(one, patch)
        assert one.commit("A", FILES)
    assert ["A-EN.pdf", "Z-FR.pdf", "manifest.json"] == written


@pytest.mark.parametrize("stop", range(len(FILES)))
def test_what_ends_before_the_manifest_is_no_document(address: str, stop: int) -> None:
    """A crash at any write leaves no document, and the next run writes it whole, with nothing of the first."""
    with pytest.MonkeyPatch.context() as patch:
        one = place(address)
        order(one, patch, stop)
        with pytest.raises(KeyboardInterrupt):
            one.commit("A", FILES)
    again = place(address)
    assert (set(), None) == (again.names(), again.manifest("A"))
    write(address, "A/A-RU.pdf", b"which is not to be issued now")
    assert again.commit("A", FILES)
    assert set(FILES) == place(address).files("A")
    assert FILES == {name: place(address).read(f"A/{name}") for name in FILES}


def test_of_two_writers_one_issues(address: str) -> None:
    """Of two that write the same document at the same moment one has issued it, and its manifest stays."""
    barrier = threading.Barrier(2)
    done: dict[bytes, bool] = {}

    def work(mark: bytes) -> None:
        one = place(address)
        ask = one.manifest

        def asked(name: str) -> bytes | None:
            found = ask(name)
            if mark not in done:
                done[mark] = False
                barrier.wait()  # both have seen that there is no document
            return found

        one.manifest = asked  # type: ignore[method-assign]
        done[mark] = one.commit("A", {**FILES, "manifest.json": mark})

    threads = [threading.Thread(target=work, args=(mark,)) for mark in (b"first", b"second")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (winner,) = [mark for mark, won in done.items() if won]
    assert winner == place(address).manifest("A")


def test_a_document_that_is_there_stays(tmp_path: Path, address: str) -> None:
    """With the register lost, and a changed source, what was issued stays as it is and is entered again."""
    root = own(tmp_path, address)
    issuing(root)
    before = place(address).manifest("A_RES_80_1")
    (tmp_path / "register.sqlite").unlink()
    document(root, "A/RES/80/1", title="Another title")
    assert [] == issuing(root).issued
    assert before == place(address).manifest("A_RES_80_1")
    assert list(NAMES) == symbols(house(root).register.issues())
    assert [] == list(settle.verify(house(root)))


def test_a_run_that_dies_is_finished(tmp_path: Path, address: str) -> None:
    """A document whose manifest was written and that was not entered is finished by the next run; others are issued."""
    root = own(tmp_path, address)
    one = house(root)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(one.register, "complete", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            issuing(one)
    assert {"A_RES_80_1"} == place(address).names()
    run = issuing(house(root))
    assert (["A/RES/80/1"], ["A/RES/80/2"]) == (symbols(run.finished), symbols(run.issued))


def test_a_server_that_fails_is_a_finding(tmp_path: Path, s3: str) -> None:
    """Where the server refuses, or nobody answers, it is a finding, nothing is issued, and later all is."""
    root = own(tmp_path, "s3://no-such-bucket-x/issued")
    one = house(root)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(one.store.system, "_makedirs", lambda *_, **__: None, raising=False)  # type: ignore[attr-defined]

        def refused(*_: Any, **__: Any) -> None:
            raise PermissionError(13, "Access Denied")

        patch.setattr(one.store.system, "pipe_file", refused)  # type: ignore[attr-defined]
        run = issuing(one)
    assert {"I08"} == set(codes(run))
    assert ([], list(NAMES)) == (run.issued, run.held)
    run = issuing(house(root))
    assert list(NAMES) == symbols(run.issued)


def test_nobody_answers(tmp_path: Path) -> None:
    """An address where nobody answers, or of an unknown kind, is a finding without the password in it."""
    for address in ("nonsense://user:geheim@x/y", "ftp://user:geheim@127.0.0.1:9/y"):
        with pytest.raises(Rejected) as rejected:
            store.store(address, tmp_path)
        assert ["I08"] == [one.code for one in rejected.value.findings]
        assert "geheim" not in str(rejected.value)


# ---- Folders


def test_a_folder_gives_way_only_where_nothing_was_issued(tmp_path: Path) -> None:
    """What was only built gives way whole to what is issued; what is issued gives way to nothing."""
    folder = store.Folder(tmp_path / "out")
    (tmp_path / "out" / "A").mkdir(parents=True)
    (tmp_path / "out" / "A" / "A-DRAFT.pdf").write_bytes(b"built")
    assert folder.commit("A", FILES)
    assert not folder.commit("A", {**FILES, "manifest.json": b"another"})
    assert {f"A/{name}": data for name, data in FILES.items()} == files(tmp_path / "out")
    assert ["A"] == [path.name for path in (tmp_path / "out").iterdir()]


def test_who_comes_late_takes_nothing_away(tmp_path: Path) -> None:
    """One that saw a built document, and finds an issued one when it makes room, puts it back."""
    folder = store.Folder(tmp_path)
    (tmp_path / "A").mkdir()
    (tmp_path / "A" / "built.pdf").write_bytes(b"built")
    rename = type(tmp_path).rename

    def late(self: Path, target: Path) -> Path:
        if self == tmp_path / "A" and (tmp_path / "A" / "built.pdf").exists():
            (tmp_path / "A" / "built.pdf").unlink()
            for name, data in {**FILES, "manifest.json": b"faster"}.items():
                (tmp_path / "A" / name).write_bytes(data)
        return rename(self, target)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(type(tmp_path), "rename", late)
        assert not folder.commit("A", FILES)
    assert b"faster" == folder.manifest("A")
    assert set(FILES) == folder.files("A")


def test_what_is_swept_is_never_half_issued(tmp_path: Path) -> None:
    """When another takes a document's files away while they are written, they do not take their place."""
    folder, other = store.Folder(tmp_path), store.Folder(tmp_path)
    written = 0
    fsync = os.fsync

    def swept(handle: int) -> None:
        nonlocal written
        written += 1
        if written == 12:
            other.sweep("A")
        fsync(handle)

    many = {**{f"{number}.pdf": b"x" for number in range(20)}, "manifest.json": b"manifest"}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", swept)
        with pytest.raises(Rejected) as rejected:
            folder.commit("A", many)
    assert ["I08"] == [one.code for one in rejected.value.findings]
    assert ({}, set()) == (files(tmp_path), folder.names())
    assert folder.commit("A", many)
    assert set(many) == folder.files("A")


def test_a_file_in_the_way_of_one_is_in_that_of_no_other(tmp_path: Path) -> None:
    """Where something stands in the place of one document, it is held back, and the others are issued."""
    root = make(tmp_path, *NAMES)
    (tmp_path / "output").mkdir()
    (tmp_path / "output" / "A_RES_80_1").write_bytes(b"a file")
    run = issuing(root)
    assert (["A/RES/80/2"], ["A/RES/80/1"], ["I08"]) == (symbols(run.issued), run.held, codes(run))
    (tmp_path / "output" / "A_RES_80_1").unlink()
    assert ["A/RES/80/1"] == symbols(issuing(root, AFTER).issued)
    assert manifest.read((tmp_path / "output" / "A_RES_80_1" / "manifest.json").read_bytes())
