"""The server of the preview, as a browser and as a stranger meet it."""

from __future__ import annotations

import contextlib
import http.client
import io
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from conftest import LANGUAGES, ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PUBLISH = [sys.executable, "-m", "publish"]
NAME = "A_RES_56_149"
SUFFIXES = ["AR", "EN", "ES", "FR", "RU", "ZH"]
SECRET = "nobody is to read this"
LIMIT = 60  # seconds until a test gives up; none of them measures


def until(condition: Callable[[], Any]) -> Any:
    """Wait until something holds, and give it."""
    end = time.monotonic() + LIMIT
    while not (found := condition()):
        assert time.monotonic() < end, "it never comes"
        time.sleep(0.02)
    return found


def house(root: Path, *names: str) -> Path:
    """Make a project with the resolution of this repository, and new ones by symbol."""
    shutil.copytree(ROOT / "resolutions", root / "resolutions")
    for code in ("locales", "layouts"):
        (root / code).mkdir()
    (root / "publish.yaml").write_text("", "utf-8")
    for name in names:
        subprocess.run([*PUBLISH, "new", name, "--root", str(root)], check=True, capture_output=True)
    return root


def limited(folder: Path, *codes: str) -> None:
    """Leave a resolution in some languages alone."""
    path = folder / "resolution.yaml"
    path.write_text(re.sub(r"(?m)^languages: .*", f"languages: [{', '.join(codes)}]", path.read_text("utf-8")), "utf-8")
    for code in {*LANGUAGES} - {*codes}:
        (folder / f"{code}.yaml").unlink()


@dataclass
class Preview:
    """A running server, and what it says."""

    process: subprocess.Popen[str]
    root: Path
    address: str
    log: Path
    streams: list[Stream] = field(default_factory=list)

    @property
    def host(self) -> str:
        return urlsplit(self.address).hostname or ""

    @property
    def port(self) -> int:
        return urlsplit(self.address).port or 0

    @property
    def token(self) -> str:
        return urlsplit(self.address).query.removeprefix("token=")

    @property
    def origin(self) -> str:
        return f"http://{self.host}:{self.port}"

    def ask(self, path: str, method: str = "GET", **headers: str) -> Answer:
        """Ask for a path, which goes out as it is written."""
        connection = http.client.HTTPConnection(self.host, self.port, timeout=LIMIT)
        with contextlib.closing(connection):
            connection.putrequest(method, path, skip_host="host" in headers)
            for name, value in headers.items():
                connection.putheader(name, value)
            connection.endheaders()
            answer = connection.getresponse()
            streaming = answer.getheader("content-type", "").startswith("text/event-stream")
            body = b"" if streaming else answer.read()
            return Answer(answer.status, {name.lower(): value for name, value in answer.getheaders()}, body)

    def file(self, path: str) -> bytes:
        """Give a download, asked for again while the sources that it is made of change."""
        answer = self.ask(path)
        assert 200 == answer.status, answer.body
        return answer.body

    def follow(self, query: str, name: str = NAME) -> Stream:
        stream = Stream(self, f"/events/{name}?{query}")
        self.streams.append(stream)
        return stream

    def leave(self) -> None:
        """Close all streams."""
        while self.streams:
            self.streams.pop().close()

    def workers(self) -> set[int]:
        """Give the processes of the group that typeset, each a child of the process that forks them."""
        return {pid for pid, parent in group(self.process.pid).items() if parent not in {self.process.pid, os.getpid()}}

    def stop(self, how: signal.Signals = signal.SIGINT) -> int:
        self.process.send_signal(how)
        return self.process.wait(LIMIT)


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes


class Stream:
    """A stream of events, read one by one."""

    def __init__(self, server: Preview, path: str) -> None:
        self.connection = http.client.HTTPConnection(server.host, server.port, timeout=LIMIT)
        self.connection.request("GET", path)
        self.answer = self.connection.getresponse()
        assert 200 == self.answer.status

    def events(self) -> Iterator[dict[str, Any]]:
        while line := self.answer.readline():
            if line.startswith(b"data: "):
                yield json.loads(line.removeprefix(b"data: "))

    def wait(self, wanted: Callable[[dict[str, Any]], Any]) -> dict[str, Any]:
        """Read until an event is the one that is waited for."""
        end = time.monotonic() + LIMIT
        for event in self.events():
            if wanted(event):
                return event
            assert time.monotonic() < end, "it never comes"
        pytest.fail("the stream ends")

    def close(self) -> None:
        self.answer.close()
        self.connection.close()


def group(leader: int) -> dict[int, int]:
    """Give the living processes of a group, each with its parent."""
    found = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            state, parent, own, *_ = path.read_text("utf-8").rpartition(")")[2].split()
            if int(own) == leader and state not in "ZX":
                found[int(path.parent.name)] = int(parent)
    return found


@contextlib.contextmanager
def serving(root: Path, *options: str) -> Iterator[Preview]:
    """Run the command until its tests are done."""
    log = root.parent / f"{root.name}.log"
    command = [*PUBLISH, "preview", "--json", "--no-open", "--port", "0", "--root", str(root), *options]
    with log.open("w", encoding="utf-8") as errors:
        process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=errors, text=True, cwd=root, start_new_session=True
        )
    assert process.stdout is not None
    try:
        line = process.stdout.readline()
        assert line, log.read_text("utf-8")
        running = Preview(process, root, json.loads(line)["address"], log)
        yield running
        running.leave()
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait(LIMIT)
        process.stdout.close()


def build(root: Path, *options: str) -> dict[str, bytes]:
    """Give the files that `publish build` writes of the resolution, by name."""
    to = root.parent / " ".join(["built", *options])
    subprocess.run(
        [*PUBLISH, "build", "56/149", "--root", str(root), "-o", str(to), *options], check=True, capture_output=True
    )
    return {path.name: path.read_bytes() for path in sorted(to.rglob("*.pdf"))}


def saved(root: Path, code: str, words: str, name: str = NAME) -> None:
    """Save a text as it is in this repository, with words before its first paragraph."""
    text = (ROOT / "resolutions" / NAME / f"{code}.yaml").read_text("utf-8")
    at = text.index("\n", text.index("- >-")) + 1
    (root / "resolutions" / name / f"{code}.yaml").write_text(f"{text[:at]}    {words} {text[at:].lstrip()}", "utf-8")


def unescaped(text: str) -> str:
    return text.replace("&#34;", '"').replace("&amp;", "&")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Preview]:
    """A server whose sources nobody changes, with secrets around them."""
    outside = tmp_path_factory.mktemp("outside")
    root = house(outside / "house", "A/RES/80/1")
    for name in ("secret.css", "secret.yaml", "secret.pdf"):
        (outside / name).write_text(f"title: {SECRET}\noperative: [{SECRET}]\n", "utf-8")
    (root / "layouts" / "linked.css").symlink_to(outside / "secret.css")
    (root / "layouts" / "own.css").write_text("main {}", "utf-8")
    shutil.copytree(root / "resolutions" / "A_RES_80_1", outside / "A_RES_80_8")
    (outside / "A_RES_80_8" / "en.yaml").write_text(f"title: {SECRET}\noperative: ['*Decides* {SECRET}.']\n", "utf-8")
    (root / "resolutions" / "A_RES_80_8").symlink_to(outside / "A_RES_80_8")
    shutil.copytree(root / "resolutions" / "A_RES_80_1", root / "resolutions" / "A_RES_80_9")
    (root / "resolutions" / "A_RES_80_9" / "en.yaml").unlink()
    (root / "resolutions" / "A_RES_80_9" / "en.yaml").symlink_to(outside / "secret.yaml")
    with serving(root, "-j", "2") as running:
        yield running


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Preview]:
    """A server that answers on more than the loopback."""
    with serving(house(tmp_path_factory.mktemp("wide") / "house"), "--host", "0.0.0.0", "-j", "1") as running:
        yield running


@pytest.fixture(scope="module")
def changing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Preview]:
    """A server with one process that typesets, whose sources the tests change."""
    with serving(house(tmp_path_factory.mktemp("changing") / "house"), "-j", "1") as running:
        yield running


@pytest.fixture
def fresh(changing: Preview) -> Iterator[Preview]:
    """The same, with the sources as they are here."""
    for path in (ROOT / "resolutions" / NAME).iterdir():
        own = changing.root / "resolutions" / NAME / path.name
        if not own.is_file() or own.read_bytes() != path.read_bytes():
            own.write_bytes(path.read_bytes())
    yield changing
    changing.leave()


# ---- Who is let in


def listening(port: int) -> set[str]:
    """Give the addresses at which something listens on a port, as the system writes them."""
    found = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        for line in Path(table).read_text("utf-8").splitlines()[1:]:
            address, number = line.split()[1].split(":")
            if int(number, 16) == port and line.split()[3] == "0A":
                found.add(address)
    return found


def test_it_listens_on_the_loopback_alone(server: Preview) -> None:
    """Unless told otherwise the port is open on 127.0.0.1, and on no other address."""
    assert {"0100007F"} == listening(server.port)


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost", "[::1]"])
def test_its_own_names_are_served(server: Preview, name: str) -> None:
    """A request that names the loopback is answered, whatever port it was forwarded from."""
    assert [200, 200] == [server.ask("/", host=host).status for host in (f"{name}:{server.port}", name)]


@pytest.mark.parametrize(
    "name", ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example", "x@127.0.0.1", "192.0.2.7", "0.0.0.0"]
)
@pytest.mark.parametrize("path", ["/", "/list.json", f"/files/{NAME}/en.pdf", f"/events/{NAME}?languages=en"])
def test_a_foreign_name_is_refused(server: Preview, name: str, path: str) -> None:
    """A request that names another host gets nothing, so that no page from elsewhere reads by a name of its own."""
    assert [421, 421] == [server.ask(path, host=host).status for host in (f"{name}:{server.port}", name)]


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_nothing_is_written_through_it(server: Preview, method: str) -> None:
    """No method but those that look is answered."""
    assert 405 == server.ask("/", method).status


REFUSED = [
    "",
    "?token=",
    "?token=wrong",
    "?token={half}",
    "?token={token}x",
    "?TOKEN={token}",
    "?other=token={token}",
]


@pytest.mark.parametrize("query", REFUSED)
@pytest.mark.parametrize("path", ["/", "/list.json", "/assets/preview.js", f"/files/{NAME}.zip"])
def test_without_the_token_nothing_is_told(guarded: Preview, path: str, query: str) -> None:
    """Where it answers on more than the loopback, nobody gets anything without the whole token."""
    token = guarded.token
    answer = guarded.ask(
        path + query.format(token=token, half=token[: len(token) // 2]), host=f"127.0.0.1:{guarded.port}"
    )
    assert 403 == answer.status
    assert token.encode() not in answer.body + repr(answer.headers).encode()


@pytest.mark.parametrize(
    "cookie", ["", "publish-preview=", "publish-preview=wrong", "publish-preview=\xe9", "x", "=;=;"]
)
def test_a_wrong_cookie_is_refused(guarded: Preview, cookie: str) -> None:
    """A cookie that is not the token is refused, of whatever bytes it is."""
    assert 403 == guarded.ask("/", cookie=cookie).status


def test_the_token_becomes_a_cookie(guarded: Preview) -> None:
    """Who opens the printed address is sent on without the token, and is known by a cookie that no script reads."""
    first = guarded.ask(f"/?token={guarded.token}")
    assert (307, "/") == (first.status, first.headers["location"])
    cookie = first.headers["set-cookie"]
    assert {"httponly", "samesite=strict"} <= set(cookie.lower().replace(" ", "").split(";"))
    assert 200 == guarded.ask("/list.json", cookie=f"other=1; {cookie.split(';')[0]}").status


def test_nobody_guesses_the_token(guarded: Preview) -> None:
    """The token has the letters of 24 random bytes, and another server has another."""
    assert re.fullmatch(r"[\w-]{32}", guarded.token)
    with serving(guarded.root, "--host", "127.0.0.2", "-j", "1") as other:
        assert re.fullmatch(r"[\w-]{32}", other.token)
        assert other.token != guarded.token
        assert 403 == other.ask("/").status


def test_the_token_is_in_no_log(guarded: Preview) -> None:
    """Beyond the address that is printed first, nothing that the command says holds the token."""
    for path in (f"/?token={guarded.token}", f"/nowhere?token={guarded.token}", "/?token=wrong", "/\x7f"):
        with socket.create_connection(("127.0.0.1", guarded.port), LIMIT) as raw:
            raw.sendall(f"GET {path} HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\r\n".encode())
            while raw.recv(65536):
                pass
    assert guarded.token not in guarded.log.read_text("utf-8")


def test_it_is_known_by_the_address_at_which_it_is_met(guarded: Preview) -> None:
    """Bound to every address it answers to each of them by its number, and to no name."""
    cookie = f"publish-preview={guarded.token}"
    with socket.create_connection(("127.0.0.5", guarded.port), LIMIT) as raw:
        raw.sendall(f"GET / HTTP/1.1\r\nhost: 127.0.0.5:{guarded.port}\r\ncookie: {cookie}\r\n\r\n".encode())
        assert raw.recv(65536).startswith(b"HTTP/1.1 200")
    assert 421 == guarded.ask("/", host="evil.example", cookie=cookie).status
    assert 421 == guarded.ask("/", host="192.0.2.7", cookie=cookie).status


# ---- What may be reached

PATHS = [
    "/../secret.css",
    "/assets/../secret.css",
    "/assets/..%2f..%2fsecret.css",
    "/assets/%2e%2e/%2e%2e/secret.css",
    "/assets/preview.html",
    "/assets/%00",
    "/assets/preview.js%00.css",
    "/layouts/1/../../secret.css",
    "/layouts/1/..%2f..%2fsecret.css",
    "/layouts/1/%2e%2e%2f%2e%2e%2fsecret.css",
    "/layouts/1/..%5c..%5csecret.css",
    "/layouts/1//etc/passwd",
    "/layouts//etc/passwd",
    "/layouts/%2fetc%2fpasswd",
    "/layouts/1/own.css%00",
    "/layouts/1/linked.css",
    "/layouts/0/preview/../../publish.yaml",
    "/layouts/1/own.css/",
    "/layouts/2/own.css",
    "/layouts/-1/own.css",
    "/fonts/../secret.css",
    "/fonts/..%2f..%2fsecret.css",
    "/fonts/fonts.yaml",
    "/fonts/%00",
    "/pages/..%2f..%2fsecret.png",
    "/pages/%00.png",
    "/files/../en.pdf",
    "/files/..%2f..%2foutside/en.pdf",
    "/files/%2e%2e/secret.pdf",
    "/files/./secret.pdf",
    "/files//en.pdf",
    "/files/%00/en.pdf",
    f"/files/{NAME}/%00.pdf",
    f"/files/{NAME}/..%2f..%2f..%2fsecret.pdf",
    f"/files/{NAME}/../../../secret.pdf",
    f"/files/{NAME}/resolution.pdf",
    f"/files/{NAME}/xx.pdf",
    f"/files/{NAME}/{'x' * 5000}.pdf",
    "/files/A_RES_80_8/en.pdf",
    "/files/A_RES_80_8.zip",
    "/files/A_RES_80_9/en.pdf",
    "/files/A_RES_80_9.zip",
    "/files/..%2f..%2fsecret.zip",
    "/files/%00.zip",
    "/status/..%2f...json",
    "/status/%00.json",
    "/status/A_RES_80_8.json",
    "/status/A_RES_80_9.json",
    "/events/..",
    "/events/%00",
    "/events/A_RES_80_8?languages=en",
    "/events/A_RES_80_9?languages=en",
    "/emblem/../../publish.yaml",
    "/publish.yaml",
    "/resolutions/A_RES_56_149/en.yaml",
    "//etc/passwd",
    "file:///etc/passwd",
    "http://evil.example/",
]


@pytest.mark.parametrize("path", PATHS)
def test_no_path_leaves_the_project(server: Preview, path: str) -> None:
    """Whatever is asked for beside what there is is not found: no way up, no encoded one, no link, no zero byte."""
    with socket.create_connection((server.host, server.port), LIMIT) as raw:
        raw.sendall(f"GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n".encode())
        whole = b""
        while part := raw.recv(65536):
            whole += part
    head, _, body = whole.partition(b"\r\n\r\n")
    assert b"404" == head.split()[1]
    assert not any(one in body for one in (SECRET.encode(), b"root:", b"sources:"))


def test_what_there_is_is_found(server: Preview) -> None:
    """The same routes do answer for what is the project's, so that the refusals say something."""
    paths = ["/", "/assets/preview.js", "/assets/preview.css", "/assets/screen.css", "/assets/faces.css", "/emblem"]
    paths += ["/layouts/1/own.css", "/layouts/0/base/base.css", "/fonts/PressSerif-Regular.ttf", "/list.json"]
    paths += [f"/status/{NAME}.json", f"/events/{NAME}?languages=en"]
    assert dict.fromkeys(paths, 200) == {path: server.ask(path).status for path in paths}


def test_links_out_of_the_project_are_not_listed(server: Preview) -> None:
    """A folder of sources that is a link to elsewhere is no resolution, and a text that is one has no title."""
    listed = {one["name"]: one for one in json.loads(server.ask("/list.json").body)}
    assert {NAME, "A_RES_80_1"} == set(listed)


@pytest.mark.parametrize("codes", ["..", "resolution", "%00", "../../../secret", "xx", "en%0a", "x" * 3000, ",,,", ""])
def test_languages_that_are_none_are_left_out(server: Preview, codes: str) -> None:
    """An open page that wants what is no language is told the findings, and nothing of other files."""
    stream = server.follow(f"languages={codes}")
    event = next(stream.events())
    stream.close()
    assert ("findings", "") == (event["type"], event["language"])


# ---- What it says to the browser

ANSWERS = [
    ("/", 200),
    ("/list.json", 200),
    (f"/status/{NAME}.json", 200),
    (f"/events/{NAME}?languages=en", 200),
    ("/assets/preview.js", 200),
    ("/assets/faces.css", 200),
    ("/layouts/0/base/base.css", 200),
    ("/fonts/PressSerif-Regular.ttf", 200),
    ("/emblem", 200),
    (f"/files/{NAME}/en.pdf", 200),
    (f"/files/{NAME}.zip", 200),
    ("/nowhere", 404),
    ("/assets/nothing", 404),
    ("/list.json/", 404),
]


def strict(answer: Answer) -> None:
    """See that an answer lets the page's own script run and nothing else, from nowhere else."""
    policy = dict(part.strip().partition(" ")[::2] for part in answer.headers["content-security-policy"].split(";"))
    fetched = {"script-src", "style-src", "img-src", "font-src", "connect-src", "frame-src"}
    closed = {"default-src", "base-uri", "form-action", "frame-ancestors"}
    assert dict.fromkeys(fetched, "'self'") | dict.fromkeys(closed, "'none'") == policy
    assert "nosniff" == answer.headers["x-content-type-options"]
    assert "no-referrer" == answer.headers["referrer-policy"]
    assert "same-origin" == answer.headers["cross-origin-resource-policy"]
    assert not any(name.startswith("access-control-") for name in answer.headers)


@pytest.mark.parametrize(("path", "status"), ANSWERS)
def test_every_answer_has_the_policy(server: Preview, path: str, status: int) -> None:
    """Every answer, found or not, tells the browser to run and to load nothing but the page's own."""
    answer = server.ask(path)
    assert status == answer.status
    strict(answer)


def test_refusals_have_the_policy(server: Preview, guarded: Preview) -> None:
    """So do the answers to those who are not let in."""
    answers = [server.ask("/", host="evil.example"), server.ask("/", "POST"), guarded.ask("/")]
    answers.append(guarded.ask(f"/?token={guarded.token}"))
    assert [421, 405, 403, 307] == [one.status for one in answers]
    for one in answers:
        strict(one)


def test_the_page_has_nothing_inline(server: Preview) -> None:
    """The page holds no style and no script but data, and loads nothing of another origin."""
    page = server.ask("/").body.decode()
    assert [] == re.findall(r"<style|\son\w+=|\sstyle=|(?:src|href)=\"(?!/(?:assets/|emblem\"))", page)
    assert ['type="application/json" id="settings"', 'src="/assets/preview.js"'] == re.findall(
        r"<script ([^>]*)>", page
    )


@pytest.mark.parametrize(
    ("query", "header", "expected"),
    [
        ("", "", "en"),
        ("", "ar-EG, en;q=0.5", "ar"),
        ("", "de, zh-CN;q=0.5", "zh"),
        ("", "de", "en"),
        ("?ui=ru", "fr", "ru"),
        ("?ui=../x", "fr", "fr"),
        ("?ui=%00", "*", "en"),
    ],
)
def test_the_page_speaks_the_language_that_is_asked_for(
    server: Preview, query: str, header: str, expected: str
) -> None:
    """Words and direction of the page are those of the address, or of the browser, or English."""
    page = server.ask(f"/{query}", **{"accept-language": header}).body.decode()
    lang, direction = re.findall(r'<html lang="([^"]+)" dir="(\w+)">', page)[0]
    assert (expected, "rtl" if expected == "ar" else "ltr") == (lang[:2], direction)


# ---- The same bytes as a build


@pytest.fixture(scope="module")
def built(server: Preview) -> dict[str, bytes]:
    """What `publish build` writes of the same sources."""
    return build(server.root)


def unpacked(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in sorted(archive.namelist())}


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_download_is_the_file_of_a_build(server: Preview, built: dict[str, bytes], code: str) -> None:
    """The PDF of each language has the name and the bytes that `publish build` writes."""
    answer = server.ask(f"/files/{NAME}/{code}.pdf")
    name = f"{NAME}-{code.upper()}.pdf"
    assert f'attachment; filename="{name}"' == answer.headers["content-disposition"]
    assert built[name] == answer.body


def test_the_archive_holds_the_files_of_a_build(server: Preview, built: dict[str, bytes]) -> None:
    """The archive of all languages holds the six files of a build, and is the same bytes each time."""
    archive = server.file(f"/files/{NAME}.zip")
    assert [f"{NAME}-{suffix}.pdf" for suffix in SUFFIXES] == list(built)
    assert built == unpacked(archive)
    assert archive == server.file(f"/files/{NAME}.zip")


def test_drafts_with_lines_are_those_of_a_build(server: Preview) -> None:
    """With both marks set the PDFs and their names are what `build --draft --line-numbers` writes."""
    built = build(server.root, "--draft", "--line-numbers", "-l", "ar,en")
    answers = [server.ask(f"/files/{NAME}/{code}.pdf?draft&lines") for code in ("ar", "en")]
    assert list(built.values()) == [one.body for one in answers]
    names = [f'attachment; filename="{name}"' for name in built]
    assert names == [one.headers["content-disposition"] for one in answers]


def test_a_draft_is_that_of_a_build(server: Preview, built: dict[str, bytes]) -> None:
    """Each mark alone gives what a build gives with it alone, and no two of them the same."""
    draft = build(server.root, "--draft", "-l", "en")
    lines = build(server.root, "--line-numbers", "-l", "en")
    assert list(draft.values()) == [server.file(f"/files/{NAME}/en.pdf?draft=")]
    assert list(lines.values()) == [server.file(f"/files/{NAME}/en.pdf?lines=1")]
    assert 3 == len({built[f"{NAME}-EN.pdf"], *draft.values(), *lines.values()})


def test_pages_come_as_pictures(server: Preview) -> None:
    """The pages view is told of pictures, which are PNG and there to be had, with the text of each page."""
    stream = server.follow("languages=en&view=pages")
    pages = stream.wait(lambda event: event["type"] == "pages")["pages"]
    stream.close()
    assert 2 == len(pages)
    for page in pages:
        answer = server.ask(f"/pages/{page['name']}.png")
        assert (200, "image/png", b"\x89PNG") == (answer.status, answer.headers["content-type"], answer.body[:4])
    assert "A/RES/56/149" in "".join(text for text, *_ in pages[0]["runs"])


# ---- What changes


def shows(words: str, code: str = "en") -> Callable[[dict[str, Any]], bool]:
    return lambda event: event["language"] == code and words in unescaped(event.get("html", ""))


def prints(words: str) -> Callable[[dict[str, Any]], bool]:
    def holds(event: dict[str, Any]) -> bool:
        runs = [text for page in event.get("pages", []) for text, *_ in page["runs"]]
        return words in "".join(runs).replace(" ", "")

    return holds


def test_a_save_is_told(fresh: Preview) -> None:
    """Who listens is told of a change without asking, in the language that has changed and in no other."""
    stream = fresh.follow("languages=en,fr")
    wanted = {"en", "fr", ""}
    stream.wait(lambda event: wanted.discard(event["language"]) or not wanted)
    saved(fresh.root, "en", "TOLD")
    seen = []
    stream.wait(lambda event: seen.append(event["language"]) or shows("TOLD")(event))
    assert "fr" not in seen


def test_a_storm_of_saves_ends_with_the_last(fresh: Preview) -> None:
    """200 writes while 50 pages are open leave it answering, and every page with the last text."""
    streams = [fresh.follow("languages=en") for _ in range(50)]
    for stream in streams:
        stream.wait(shows("Reaffirming"))
    for number in range(1, 201):
        saved(fresh.root, "en", f"STORM{number:03}")
        if number % 50 == 0:
            assert 200 == fresh.ask("/list.json").status
        time.sleep(0.004)
    for stream in streams:
        stream.wait(shows("STORM200"))
        stream.close()
    assert b"%PDF" == fresh.file(f"/files/{NAME}/en.pdf")[:4]
    stream = fresh.follow("languages=en&view=pages")
    stream.wait(prints("STORM200"))
    stream.close()
    assert "Traceback" not in fresh.log.read_text("utf-8")


def test_two_saves_within_one_tick_of_the_clock_are_told_apart(fresh: Preview) -> None:
    """A text of the same length with the same time of change is another text."""
    path = fresh.root / "resolutions" / NAME / "en.yaml"
    stream = fresh.follow("languages=en")
    stream.wait(shows("Reaffirming"))
    saved(fresh.root, "en", "TICK1")
    stream.wait(shows("TICK1"))
    before = path.stat()
    text = path.read_text("utf-8").replace("TICK1", "TICK2")
    path.write_text(text, "utf-8")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    stream.wait(shows("TICK2"))
    stream.close()


def ticks(pids: set[int]) -> int:
    """Give how long processes have worked."""
    return sum(
        sum(map(int, Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()[11:13])) for pid in pids
    )


def test_a_slow_build_is_cancelled_by_the_next_save(fresh: Preview) -> None:
    """At a text that takes long the process is killed when another text is saved, and a new process typesets that."""
    stream = fresh.follow("languages=en&view=pages")
    stream.wait(prints("Reaffirming"))
    before = fresh.workers()
    assert 1 == len(before)
    path = fresh.root / "resolutions" / NAME / "en.yaml"
    long = "".join(f"    - {'many words that take long, ' * 20} {n}.\n" for n in range(400))
    idle = ticks(before)
    path.write_text(path.read_text("utf-8") + f"\nannexes:\n  - title: Long\n    body:\n{long}", "utf-8")
    until(lambda: ticks(before) > idle + 80)
    saved(fresh.root, "en", "QUICK")
    event = stream.wait(lambda event: event["type"] == "pages")
    stream.close()
    assert prints("QUICK")(event)
    until(lambda: len(fresh.workers()) == 1)
    assert set() == before & fresh.workers()


def test_a_process_that_dies_is_replaced(fresh: Preview) -> None:
    """When the process that typesets is killed, the next request is typeset by another."""
    (one,) = until(lambda: len(found := fresh.workers()) == 1 and found)
    os.kill(one, signal.SIGKILL)
    saved(fresh.root, "en", "ANOTHER")
    stream = fresh.follow("languages=en&view=pages")
    events = stream.events()
    event = next(event for event in events if event["type"] == "pages")
    if "findings" in event:
        assert ["T07"] == [one["code"] for one in event["findings"]]
        saved(fresh.root, "en", "ANOTHER AGAIN")
        event = next(event for event in events if event["type"] == "pages")
    stream.close()
    assert prints("ANOTHER")(event)
    assert one not in fresh.workers()


BROKEN = {
    "no YAML": ("en.yaml", "title: [", "S01"),
    "no text": ("en.yaml", "", "S"),
    "no mapping": ("en.yaml", "- a\n", "S"),
    "a key unknown": ("en.yaml", "titel: x\n", "S"),
    "bytes of another kind": ("en.yaml", "\udcff\udcfe", "S"),
    "a zero byte": ("en.yaml", "title: \x00", "S"),
    "no facts": ("resolution.yaml", "symbol: ]", "S"),
    "an impossible fact": ("resolution.yaml", "symbol: A/RES/x", "S"),
}


@pytest.mark.parametrize("what", BROKEN)
def test_a_broken_source_is_a_finding(fresh: Preview, what: str) -> None:
    """What is wrong with a source is told as findings in both views, refuses downloads, and heals with the source."""
    file, text, code = BROKEN[what]
    path = fresh.root / "resolutions" / NAME / file
    good = path.read_bytes()
    html, pages = fresh.follow("languages=en"), fresh.follow("languages=en&view=pages")
    html.wait(shows("Reaffirming"))
    pages.wait(lambda event: event["type"] == "pages" and "pages" in event)
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    for stream, kind in ((html, "html"), (pages, "pages")):
        event = stream.wait(lambda event, kind=kind: event["type"] == kind and "findings" in event)
        assert all(one["code"].startswith(code) and one["message"] for one in event["findings"])
        assert f"resolutions/{NAME}/{file}" == event["findings"][0]["file"]
    answers = {path: fresh.ask(path) for path in (f"/files/{NAME}/en.pdf", f"/files/{NAME}.zip")}
    assert dict.fromkeys(answers, 409) == {path: one.status for path, one in answers.items()}
    for one in answers.values():
        strict(one)
    paths = ["/", "/list.json", f"/status/{NAME}.json", "/assets/faces.css"]
    assert dict.fromkeys(paths, 200) == {path: fresh.ask(path).status for path in paths}
    path.write_bytes(good)
    html.wait(shows("Reaffirming"))
    pages.wait(lambda event: event["type"] == "pages" and "pages" in event)
    html.close()
    pages.close()
    assert "Traceback" not in fresh.log.read_text("utf-8")


SHARED = {
    "settings": ("publish.yaml", "edition: [", "S01"),
    "a locale": ("locales/en.yaml", "name: [", "S01"),
    "a locale that knows too much": ("locales/en.yaml", "nothing: x\n", "K"),
    "a layout": ("layouts/resolution/layout.html", "{% if %}", "L"),
    "the page itself": ("layouts/preview/preview.html", "{{ nothing }}", "L"),
}


@pytest.mark.parametrize("what", SHARED)
def test_a_broken_project_is_a_finding(fresh: Preview, what: str) -> None:
    """What is wrong with settings, locales or layouts is told, never an error of the server, and heals with them."""
    file, text, code = SHARED[what]
    stream = fresh.follow("languages=en")
    stream.wait(shows("Reaffirming"))
    path = fresh.root / file
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(".new")
    new.write_text(text, "utf-8")
    good = path.read_bytes() if path.exists() else None
    new.replace(path)
    try:
        if what != "the page itself":
            event = stream.wait(lambda event: event["type"] == "html" and "findings" in event)
            assert all(one["code"].startswith(code) for one in event["findings"])
        else:
            until(lambda: fresh.ask("/").status == 409)
        paths = ["/", "/list.json", f"/status/{NAME}.json", "/emblem", "/layouts/0/base/base.css"]
        statuses = {path: fresh.ask(path).status for path in paths}
        assert dict.fromkeys(paths, 200) | ({"/": 409} if what == "the page itself" else {}) == statuses
    finally:
        if good is None:
            path.unlink()
        else:
            new.write_bytes(good)
            new.replace(path)
    saved(fresh.root, "en", "HEALED")
    stream.wait(shows("HEALED"))
    stream.close()
    assert 200 == fresh.ask("/").status
    assert "Traceback" not in fresh.log.read_text("utf-8")


def test_a_layout_of_ones_own_is_taken_up(fresh: Preview) -> None:
    """A style sheet and a template that come, change and go are seen, though shipped ones stood in their place."""
    html, pages = fresh.follow("languages=en"), fresh.follow("languages=en&view=pages")
    html.wait(shows("Reaffirming"))
    width = pages.wait(lambda event: "pages" in event)["pages"][0]["width"]
    own = fresh.root / "layouts"
    sheet, template = own / "base" / "papers" / "letter.css", own / "resolution" / "layout.html"
    for path in (sheet, template):
        path.parent.mkdir(parents=True, exist_ok=True)
    shipped = (ROOT / "layouts" / "resolution" / "layout.html").read_text("utf-8")
    template.write_text(shipped.replace("</body>", "<p>OWN WORDS</p></body>"), "utf-8")
    html.wait(shows("OWN WORDS"))
    template.unlink()
    html.wait(lambda event: event["type"] == "html" and "OWN WORDS" not in event["html"])
    for wanted in (600, 580):
        sheet.write_text(f"@page {{ size: {wanted}pt 792pt }}", "utf-8")
        pages.wait(lambda event, wanted=wanted: "pages" in event and event["pages"][0]["width"] == wanted)
    sheet.unlink()
    pages.wait(lambda event: "pages" in event and event["pages"][0]["width"] == width)
    html.close()
    pages.close()


def test_settings_are_seen_after_they_are_replaced(fresh: Preview) -> None:
    """A save that puts a new file in the place of the old one is told, the second one too."""
    stream = fresh.follow("languages=en")
    stream.wait(shows("United Nations"))
    settings, new = fresh.root / "publish.yaml", fresh.root / ".new"
    for name in ("First House", "Second House", ""):
        new.write_text(f"organization: {{en: {name}}}\n" if name else "", "utf-8")
        new.replace(settings)
        stream.wait(shows(name or "United Nations"))
    stream.close()


def test_folders_may_come_and_go(fresh: Preview) -> None:
    """A resolution that goes is told as gone; the folder that comes back, and a new one, are seen."""
    stream = fresh.follow("languages=en")
    stream.wait(shows("Reaffirming"))
    folder, away = fresh.root / "resolutions", fresh.root / "away"
    folder.rename(away)
    stream.wait(lambda event: event["type"] == "html" and event.get("gone"))
    assert [] == json.loads(fresh.ask("/list.json").body)
    assert 404 == fresh.ask(f"/files/{NAME}/en.pdf").status
    away.rename(folder)
    stream.wait(shows("Reaffirming"))
    saved(fresh.root, "en", "BACK")
    stream.wait(shows("BACK"))
    stream.close()


def test_the_end_of_a_page_is_the_end_of_its_stream(fresh: Preview) -> None:
    """200 pages that are opened and left at once leave no connection behind."""
    for _ in range(200):
        fresh.follow("languages=en,fr,ar&view=pages").close()
    held = Path(f"/proc/{fresh.process.pid}/fd")
    until(lambda: sum(str(one.readlink()).startswith("socket:") for one in held.iterdir() if one.is_symlink()) < 20)
    assert 200 == fresh.ask("/list.json").status


# ---- Its end


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_it_leaves_no_process(tmp_path: Path, how: signal.Signals) -> None:
    """Interrupted in the midst of typesetting, with a page open, it ends well, says nothing, and no process is left."""
    with serving(house(tmp_path / "house"), "-j", "2") as running:
        stream = running.follow("languages=en,fr,ar&view=pages")
        next(stream.events())
        until(lambda: len(running.workers()) >= 2)
        running.stop(how)
        until(lambda: not group(running.process.pid))
        assert (0 if how == signal.SIGINT else -how) == running.process.returncode
        assert "" == running.log.read_text("utf-8")


def test_killed_it_leaves_no_process(tmp_path: Path) -> None:
    """Its processes end with it even where it is killed."""
    with serving(house(tmp_path / "house"), "-j", "2") as running:
        until(lambda: len(running.workers()) >= 2)
        running.stop(signal.SIGKILL)
        until(lambda: not group(running.process.pid))


def test_a_port_that_is_taken_is_told(server: Preview) -> None:
    """A port that is taken is wrong usage, told in a line."""
    command = [*PUBLISH, "preview", "--no-open", "--port", str(server.port), "--root", str(server.root)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=LIMIT)
    assert 2 == done.returncode
    assert f"cannot answer at 127.0.0.1, port {server.port}" in done.stderr


# ---- Files to send


def export(root: Path, to: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [*PUBLISH, "preview", "--export", str(to), "--root", str(root), "--json", *words]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=LIMIT)


@pytest.fixture(scope="module")
def exported(server: Preview, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of two resolutions."""
    root = house(tmp_path_factory.mktemp("sent") / "house", "A/RES/80/1")
    limited(root / "resolutions" / "A_RES_80_1", "ar", "en")
    to = root.parent / "handout"
    assert 0 == export(root, to).returncode
    return to


def test_export_writes_a_page_a_resolution(exported: Path, built: dict[str, bytes]) -> None:
    """There are a page for each resolution, the list, and PDFs that are those of a build."""
    pages = [path.name for path in sorted(exported.glob("*"))]
    assert [NAME, f"{NAME}.html", "A_RES_80_1", "A_RES_80_1.html", "index.html"] == pages
    assert built == {path.name: path.read_bytes() for path in sorted((exported / NAME).iterdir())}


def test_exported_pages_refer_to_nowhere(exported: Path) -> None:
    """Nothing in a file is loaded from elsewhere, its policy forbids it, and it does not say where it was made."""
    for path in sorted(exported.glob("*.html")):
        page = path.read_text("utf-8")
        data = json.loads(re.search(r'<script type="application/json" id="settings">(.*?)</script>', page)[1])  # type: ignore[index]
        assert [] == re.findall(r"<(?:script|img|link|iframe|base)\b[^>]*\s(?:src|href)=", page)
        sheets = data["sheets"].values()
        found = [one for sheet in sheets for one in re.findall(r"@import|url\((?![\"']?data:)[^)]*", sheet)]
        assert [] == found
        layouts = [one["html"] for one in data["documents"]["html"].values()]
        assert [] == [one for html in layouts for one in re.findall(r"src=\"(?!data:)[^\"]*", html)]
        assert (path.stem == "index") == (not layouts)
        policy = unescaped(re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page)[1])  # type: ignore[index]
        sources = re.findall(r"[^ ;]+", policy.replace("&#39;", "'"))
        assert "'none'" == sources[1]
        assert [] == [one for one in sources if re.match(r"https?:|\*|'unsafe|blob:|'self'", one)]
        assert [] == [word for word in (str(exported.parent), str(ROOT), str(Path.home()), "file:/") if word in page]


def test_the_export_of_one(exported: Path, tmp_path: Path) -> None:
    """With a symbol its page alone is written, with the same PDFs; again over itself, the same bytes."""
    to = tmp_path / "one"
    written = []
    for _ in range(2):
        assert 0 == export(exported.parent / "house", to, "80/1").returncode
        written.append({str(path.relative_to(to)): path.read_bytes() for path in to.rglob("*") if path.is_file()})
    assert {f"A_RES_80_1/A_RES_80_1-{suffix}.pdf" for suffix in ("AR", "EN")} == {*written[0]} - {
        "A_RES_80_1.html",
        "index.html",
    }
    assert written[0] == written[1]
    for path in (exported / "A_RES_80_1").iterdir():
        assert path.read_bytes() == written[0][f"A_RES_80_1/{path.name}"]


@pytest.mark.parametrize("what", ["no YAML", "no facts"])
def test_nothing_is_exported_of_a_broken_source(tmp_path: Path, what: str) -> None:
    """Where a source is at fault the export says so and writes nothing."""
    root = house(tmp_path / "house", "A/RES/80/1")
    file, text, code = BROKEN[what]
    (root / "resolutions" / "A_RES_80_1" / file).write_text(text, "utf-8")
    done = export(root, tmp_path / "handout")
    assert 1 == done.returncode, done.stderr
    assert all(one["code"].startswith(code) for one in json.loads(done.stdout)["findings"])
    assert not (tmp_path / "handout").exists()
