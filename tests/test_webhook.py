"""Telling others: signed, until they answer, once, and never in the way of issuing."""

from __future__ import annotations

import base64
import datetime
import hashlib
import hmac
import http.server
import json
import socket
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
from issuing import AFTER, document, house, issuing, make, symbols

from publish.issue import webhook
from publish.issue.issue import Ask
from publish.issue.register import Register

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
MINUTE = datetime.timedelta(minutes=1)


class Receiver(http.server.ThreadingHTTPServer):
    """A receiver that keeps what it is sent, and answers as it is told."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.status = 204
        self.location = ""
        self.got: list[tuple[str, dict[str, str], bytes]] = []

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/hook/token-of-ours?key=letmein"


class _Handler(http.server.BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:  # noqa: N802
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append((self.path, {key.lower(): value for key, value in self.headers.items()}, body))
        self.send_response(self.server.status)
        if self.server.location:
            self.send_header("Location", self.server.location)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A receiver at work."""
    with Receiver() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@contextmanager
def raw(answer: bytes, *, drip: float = 0) -> Iterator[str]:
    """Serve what is no proper answer: bytes, at once or one after the other, or nothing; gives the address."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        ended = threading.Event()

        def serve() -> None:
            while True:
                try:
                    connection, _ = listening.accept()
                except OSError:
                    return
                threading.Thread(target=talk, args=(connection,), daemon=True).start()

        def talk(connection: socket.socket) -> None:
            with connection:
                try:
                    for number in range(len(answer)) if drip else ():
                        connection.sendall(answer[number : number + 1])
                        ended.wait(drip)
                    if not drip:
                        connection.recv(10)
                        connection.sendall(answer)
                    if not answer:
                        ended.wait(60)
                except OSError:
                    pass

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/hook/token-of-ours"
        ended.set()
        listening.shutdown(socket.SHUT_RDWR)


def keep(tmp_path: Path, *addresses: str, events: int = 1) -> Register:
    """Give a register with notices to some addresses."""
    register = Register(f"sqlite:///{tmp_path / 'r.sqlite'}")
    for number in range(events):
        register.tell(webhook.notices("document.issued", f"A {number}", {"symbol": "A"}, addresses, AFTER))
    return register


def verified(secret: str, headers: dict[str, str], body: bytes) -> bool:
    """Verify as the Standard Webhooks specification says."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    content = b".".join([headers["webhook-id"].encode(), headers["webhook-timestamp"].encode(), body])
    wanted = base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()
    return any(hmac.compare_digest(wanted, one.removeprefix("v1,")) for one in headers["webhook-signature"].split(" "))


def test_the_example_of_the_specification() -> None:
    """The signature of the specification's own example is ours."""
    body = b'{"test": 2432232314}'
    expected = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    assert expected == webhook.signature(SECRET, "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", body)


def test_a_receiver_can_verify_what_it_is_told(tmp_path: Path, receiver: Receiver) -> None:
    """What is issued is told once, signed as the specification says, with address and checksum of every file."""
    root = make(
        tmp_path, "A/RES/80/1", settings=f"webhooks: ['{receiver.address}']\nbase_address: https://a.example.org/\n"
    )
    one = house(root)
    issuing(one)
    assert [] == receiver.got  # documents are issued first
    assert [] == webhook.deliver(one.register, AFTER, SECRET)
    ((path, headers, body),) = receiver.got
    assert "/hook/token-of-ours?key=letmein" == path
    assert verified(SECRET, headers, body)
    assert not verified(SECRET, headers, body + b" ")
    assert not verified("whsec_" + base64.b64encode(b"another").decode(), headers, body)
    assert str(int(AFTER.timestamp())) == headers["webhook-timestamp"]
    told = json.loads(body)
    assert ("document.issued", "A/RES/80/1") == (told["type"], told["data"]["symbol"])
    (entry,) = one.register.issues()
    sums = {f"https://a.example.org/A_RES_80_1/{file.name}": file.sha256 for file in entry.files}
    assert sums == {file["address"]: file["sha256"] for file in told["data"]["files"]}
    issuing(one)
    assert [] == webhook.deliver(one.register, AFTER + 9999 * MINUTE, SECRET)
    assert 1 == len(receiver.got)


def test_what_is_held_back_is_told_once(tmp_path: Path, receiver: Receiver) -> None:
    """A document that is held back is told of with what is wrong, once as long as that is the same."""
    root = make(tmp_path, settings=f"webhooks: ['{receiver.address}']\n")
    folder = document(root, "A/RES/80/1")
    (folder / "fr.yaml").unlink()
    one = house(root)
    for _ in range(2):
        issuing(one)
        assert [] == webhook.deliver(one.register, AFTER, SECRET)
    (told,) = [json.loads(body) for _, _, body in receiver.got]
    assert ("document.held", "A/RES/80/1") == (told["type"], told["data"]["symbol"])
    assert told["data"]["findings"][0].startswith("S14")


def test_of_what_is_not_due_nobody_is_told(tmp_path: Path, receiver: Receiver) -> None:
    """Neither a sound document nor a faulty one is told of before its moment, nor by a trial."""
    root = make(tmp_path, "A/RES/80/1", settings=f"webhooks: ['{receiver.address}']\n")
    (document(root, "A/RES/80/2") / "fr.yaml").unlink()
    one = house(root)
    issuing(one, AFTER - 10 * MINUTE)
    issuing(one, AFTER, Ask(dry=True))
    assert [] == webhook.deliver(one.register, AFTER + MINUTE, SECRET)
    assert [] == receiver.got


def test_a_notice_is_tried_again(tmp_path: Path, receiver: Receiver) -> None:
    """A notice that is not taken is tried again after 1, 5 and 30 minutes, 2, 12 and 24 hours, under its own id."""
    register = keep(tmp_path, receiver.address)
    receiver.status = 503
    now = AFTER
    for number, minutes in enumerate((1, 5, 30, 120, 720, 1440)):
        (found,) = webhook.deliver(register, now, SECRET)
        assert ("I10", "warning") == (found.code, found.severity)
        assert "HTTP 503" in found.message
        assert number + 1 == len(receiver.got)
        now += minutes * MINUTE
        assert [] == webhook.deliver(register, now - MINUTE / 60, SECRET)
    assert "given up" in webhook.deliver(register, now, SECRET)[0].hint
    assert [] == webhook.deliver(register, now + 99999 * MINUTE, SECRET)
    assert 7 == len(receiver.got)
    assert 1 == len({headers["webhook-id"] for _, headers, _ in receiver.got})


def test_a_notice_is_taken_in_the_end(tmp_path: Path, receiver: Receiver) -> None:
    """A receiver that recovers is told once, and then no more."""
    register = keep(tmp_path, receiver.address)
    receiver.status = 500
    assert 1 == len(webhook.deliver(register, AFTER, SECRET))
    receiver.status = 200
    assert [] == webhook.deliver(register, AFTER + MINUTE, SECRET)
    assert [] == webhook.deliver(register, AFTER + 99999 * MINUTE, SECRET)
    assert 2 == len(receiver.got)


def test_two_processes_tell_once(tmp_path: Path, receiver: Receiver) -> None:
    """While one process delivers, another leaves it to it."""
    register = keep(tmp_path, receiver.address)
    with register.lock("notices") as ours:
        assert ours
        assert [] == webhook.deliver(Register(f"sqlite:///{tmp_path / 'r.sqlite'}"), AFTER, SECRET)
    assert [] == receiver.got
    webhook.deliver(register, AFTER, SECRET)
    assert 1 == len(receiver.got)


def test_no_redirection_is_followed(tmp_path: Path, receiver: Receiver) -> None:
    """A notice goes nowhere but to the address of the settings."""
    with Receiver() as other:
        thread = threading.Thread(target=other.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        for status in (301, 302, 303, 307, 308):
            (tmp_path / str(status)).mkdir()
            receiver.status, receiver.location = status, other.address
            (found,) = webhook.deliver(keep(tmp_path / str(status), receiver.address), AFTER, SECRET)
            assert f"HTTP {status}" in found.message
        other.shutdown()
        thread.join()
        assert [] == other.got


BROKEN = {
    "garbage": b"\x00\xff garbage\r\n\r\n",
    "no status": b"HTTP/1.1 abc\r\n\r\n",
    "a long line": b"HTTP/1.1 200 OK\r\nX: " + b"x" * 70_000 + b"\r\n\r\n",
    "many headers": b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200 + b"\r\n",
    "an end": b"HTTP/1.1",
}


@pytest.mark.parametrize("what", BROKEN)
def test_no_answer_breaks_anything(tmp_path: Path, what: str) -> None:
    """Whatever a receiver answers, it is a warning."""
    with raw(BROKEN[what]) as address:
        (found,) = webhook.deliver(keep(tmp_path, address), AFTER, SECRET)
    assert ("I10", "warning") == (found.code, found.severity)


@pytest.mark.parametrize(
    "address",
    [
        "http://localhost:99999/token-of-ours",
        "http://localhost:1/token-of-ours",
        "https://[x/token-of-ours",
        "https://u:token-of-ours@nowhere.invalid:a/",
        "http://localhost:1/tök en-of-ours",
    ],
)
def test_no_address_breaks_anything(tmp_path: Path, address: str) -> None:
    """An address where nobody is, or that is none, is a warning that does not repeat what may be secret of it."""
    (found,) = webhook.deliver(keep(tmp_path, address), AFTER, SECRET)
    assert "I10" == found.code
    assert "en-of-ours" not in f"{found.message} {found.hint}"


def test_slow_receivers_are_left(tmp_path: Path, receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    """Receivers that say nothing, or a byte now and then for ever, hold up neither the others nor the end."""
    monkeypatch.setattr(webhook, "TIMEOUT", 2)
    with raw(b"") as silent, raw(b"HTTP/1.1 200 OK\r\nX: y" + b"y" * 900, drip=0.3) as slow:
        register = keep(tmp_path, silent, slow, receiver.address, events=20)
        began = time.monotonic()
        findings = webhook.deliver(register, AFTER, SECRET)
        seconds = time.monotonic() - began
    assert 20 == len(receiver.got)
    assert seconds < 8
    assert {"no whole answer in 2 s"} == {found.message.partition("notice: ")[2] for found in findings} - {"timed out"}


def test_delivering_comes_to_an_end(tmp_path: Path, receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    """After a while what is left is left for the next time, and nothing is lost."""
    monkeypatch.setattr(webhook, "LONGEST", 0.0001)
    register = keep(tmp_path, receiver.address, events=20)
    while webhook.deliver(register, AFTER, SECRET) == [] and register.undelivered(AFTER):
        assert 0 == len(receiver.got) % webhook.AT_ONCE
    assert 20 == len({headers["webhook-id"] for _, headers, _ in receiver.got}) == len(receiver.got)


def test_a_dead_receiver_is_no_fault_of_a_document(tmp_path: Path) -> None:
    """Where nobody listens, documents are issued all the same, and there is no error."""
    one = house(make(tmp_path, "A/RES/80/1", settings="webhooks: ['http://127.0.0.1:9/x']\n"))
    run = issuing(one)
    assert (["A/RES/80/1"], []) == (symbols(run.issued), run.findings)
    assert ["warning"] == [found.severity for found in webhook.deliver(one.register, AFTER, SECRET)]


def test_secrets_and_bodies_are_told_to_nobody(tmp_path: Path, receiver: Receiver) -> None:
    """Neither the secret nor the body nor what may be secret of an address stands in a finding or in a header."""
    register = keep(tmp_path, receiver.address, receiver.address.replace("127.0.0.1", "user:pass@127.0.0.1"))
    receiver.status = 500
    words = repr(webhook.deliver(register, AFTER, SECRET))
    for secret in (SECRET, SECRET[6:], "token-of-ours", "letmein", "pass@", "symbol", "document.issued"):
        assert secret not in words
    assert all(SECRET[6:] not in str(headers) for _, headers, _ in receiver.got)


def test_without_a_secret_nothing_is_signed(tmp_path: Path, receiver: Receiver) -> None:
    """A signature with an empty key would say nothing, so there is none."""
    webhook.deliver(keep(tmp_path, receiver.address), AFTER, "")
    assert ["webhook-signature" in headers for _, headers, _ in receiver.got] == [False]


def test_a_lost_register_is_a_finding(tmp_path: Path) -> None:
    """Where the register is lost before notices are delivered, that is said, and what was issued still is."""
    register = keep(tmp_path, "http://127.0.0.1:9/x")
    (tmp_path / "r.sqlite").write_bytes(b"no database at all" * 100)
    assert ["I06"] == [found.code for found in webhook.deliver(register, AFTER, SECRET)]
