"""The preview in the browser: layouts and pages of all languages, as their files change.

The server binds to the loopback unless told otherwise, answers only to names of its own, and serves nothing but what it
has made. The page is `layouts/preview/`; its policy runs the page's own script and no other.
"""

from __future__ import annotations

import asyncio
import contextlib
import io
import json
import secrets
import socket
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import uvicorn
import watchfiles
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.responses import FileResponse, JSONResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from publish.desk import preview_page
from publish.desk.live import Live, told
from publish.desk.pool import Outdated, Pool
from publish.desk.press import Style
from publish.finding import Rejected
from publish.paper import fonts
from publish.project import SETTINGS, SHIPPED

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Sequence
    from pathlib import Path

    from starlette.requests import Request
    from starlette.types import ASGIApp, Receive, Scope, Send

ASSETS = {"preview.js": "text/javascript", "preview.css": "text/css", "screen.css": "text/css"}
LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
COOKIE = "publish-preview"
ALIVE = 15.0  # seconds between signs of life
LOOK = 1000  # milliseconds after which files are looked at even if the system tells of no change
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}


def serve(root: Path, host: str, port: int, processes: int, opened: Callable[[str], None]) -> None:
    """Serve the preview of a project until it is interrupted; `opened` is told its address once it answers.

    Raises Rejected where the project cannot be read, OSError where the host or the port is not to be had.
    """
    with socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET) as listening:
        bound = listening.getsockname()[1]
        name = f"[{host}]" if ":" in host else host
        server = Server(root, host, processes)
        server.live.desk().house  # noqa: B018  # its faults are found before anything is served
        application = server.application(lambda path: opened(f"http://{name}:{bound}{path}"))
        config = uvicorn.Config(application, log_level="warning", timeout_graceful_shutdown=1, server_header=False)
        with contextlib.suppress(KeyboardInterrupt):
            _Uvicorn(config, server).run([listening])


class _Uvicorn(uvicorn.Server):
    """Ends the streams that are open before it waits for whoever is still answered."""

    def __init__(self, config: uvicorn.Config, server: Server) -> None:
        super().__init__(config)
        self.preview = server

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for one in self.preview.listeners:
            one.end()
        await super().shutdown(sockets)


@dataclass(frozen=True)
class Wish:
    """What a page shows: a resolution in some languages, as layouts or pages."""

    name: str
    codes: tuple[str, ...]
    view: str
    style: Style


class Server:
    """The routes, and who listens."""

    def __init__(self, root: Path, host: str, processes: int) -> None:
        self.root = root
        self.token = "" if host in {"127.0.0.1", "localhost", "::1"} else secrets.token_urlsafe(24)
        self.hosts = {*LOOPBACK, host}
        self.live = Live(root, Pool(processes))
        self.listeners: set[Session] = set()

    def application(self, opened: Callable[[str], None] = lambda address: None) -> ASGIApp:  # noqa: ARG005
        """Give the application; `opened` is told the path at which it is to be opened."""
        routes = [
            Route("/", self.page),
            Route("/assets/{name}", self.asset),
            Route("/layouts/{name:path}", self.layout),
            Route("/fonts/{name}", self.font),
            Route("/emblem", self.emblem),
            Route("/list.json", self.listed),
            Route("/status/{name}.json", self.status),
            Route("/events/{name}", self.events),
            Route("/pages/{name}.png", self.picture),
            Route("/files/{name}/{code}.pdf", self.pdf),
            Route("/files/{name}.zip", self.archive),
        ]

        @contextlib.asynccontextmanager
        async def lifespan(_: Starlette) -> AsyncIterator[None]:
            self.live.pool.start()
            watching = asyncio.create_task(self.watch())
            opened(f"/?token={self.token}" if self.token else "/")
            try:
                yield
            finally:
                watching.cancel()
                self.live.pool.stop()

        handlers = {Rejected: _rejected, KeyError: _unknown}
        served = Starlette(routes=routes, lifespan=lifespan, exception_handlers=handlers)
        served.router.redirect_slashes = False
        return Guard(served, self.hosts, self.token)

    async def watch(self) -> None:
        """Tell all who listen when a file of the project or of the press changes."""
        folders = [self.root / "resolutions", self.root / "locales", self.root / "layouts", self.root / SETTINGS]
        folders += [SHIPPED / "locales", SHIPPED / "layouts"]
        while True:
            present = _present(folders)
            with contextlib.suppress(OSError, RuntimeError):  # one of them goes this moment
                async for _ in watchfiles.awatch(
                    *present, step=20, debounce=60, rust_timeout=LOOK, yield_on_timeout=True
                ):
                    self.live.looked.clear()
                    for one in self.listeners:
                        one.refresh()
                    if present != _present(folders):
                        break
            await asyncio.sleep(0)

    # -- the page

    async def page(self, request: Request) -> Response:
        """Give the page itself, in the language that is asked for."""
        desk = self.live.last_desk()
        known = list(desk.house.directions)
        wanted = [request.query_params.get("ui", ""), *_accepted(request.headers.get("accept-language", ""))]
        code = next((one for one in wanted if one in known), "en" if "en" in known else known[0])
        return Response(preview_page.page(desk, code, {}), media_type="text/html")

    async def asset(self, request: Request) -> Response:
        """Give the script or a style sheet of the page."""
        name = request.path_params["name"]
        if name == "faces.css":
            rules = preview_page.faces(lambda face: f"/fonts/{quote(face.file)}")
            return Response("".join(rules), media_type="text/css")
        if name not in ASSETS:
            raise HTTPException(404)
        return FileResponse(preview_page.FOLDER / name, media_type=ASSETS[name])

    async def layout(self, request: Request) -> Response:
        """Give a style sheet of the layouts, shipped or own."""
        sheets = preview_page.style_sheets(self.live.last_desk().project)
        wanted = quote(request.path_params["name"])
        path = next((path for path, name in sheets.items() if name == wanted), None)
        folders = [folder.resolve() for folder in self.live.last_desk().project.layouts]
        if path is None or not any(path.resolve().is_relative_to(folder) for folder in folders):
            raise HTTPException(404)
        return FileResponse(path, media_type="text/css")

    async def font(self, request: Request) -> Response:
        """Give a derived typeface."""
        names = {face.file for face in fonts.load(SHIPPED / "fonts").faces}
        if request.path_params["name"] not in names:
            raise HTTPException(404)
        path = fonts.prepared(SHIPPED / "fonts") / request.path_params["name"]
        return FileResponse(path, media_type="font/ttf", headers={"cache-control": "max-age=86400"})

    async def emblem(self, _: Request) -> Response:
        """Give the emblem."""
        path = self.live.last_desk().project.settings.emblem
        return FileResponse(path, media_type="image/svg+xml" if path.suffix.lower() == ".svg" else "image/png")

    # -- what there is

    async def listed(self, _: Request) -> Response:
        """Give the list of resolutions."""
        return JSONResponse(await self.live.listed())

    async def status(self, request: Request) -> Response:
        """Give how far the languages of a resolution are."""
        try:
            return JSONResponse(await self.live.status(request.path_params["name"]))
        except Rejected:
            return JSONResponse({})

    async def events(self, request: Request) -> Response:
        """Give what a page shows, now and whenever it changes, as a stream of events."""
        query = request.query_params
        name = self.live.folder(request.path_params["name"]).name
        known = self.live.last_desk().house.directions
        codes = tuple(code for code in dict.fromkeys(query.get("languages", "").split(",")) if code in known)
        wish = Wish(name, codes, query.get("view", "html"), _style(request))
        session = Session(self.live, wish)
        return StreamingResponse(self.stream(session), media_type="text/event-stream")

    async def stream(self, session: Session) -> AsyncIterator[str]:
        """Give the events of a session for as long as somebody listens."""
        self.listeners.add(session)
        try:
            session.refresh()
            yield "retry: 500\n\n"
            while not session.ended:
                try:
                    event = await asyncio.wait_for(session.next(), ALIVE)
                except TimeoutError:
                    yield ": alive\n\n"
                    continue
                if event is None:
                    return
                yield f"event: {event['type']}\ndata: {json.dumps(event, ensure_ascii=False)}\n\n"
        finally:
            self.listeners.discard(session)
            session.close()

    # -- files

    async def picture(self, request: Request) -> Response:
        """Give a page as a picture."""
        found = self.live.pictures.get(request.path_params["name"])
        if found is None:
            raise HTTPException(404)
        return Response(found.png, media_type="image/png", headers={"cache-control": "max-age=86400, immutable"})

    async def pdf(self, request: Request) -> Response:
        """Give a PDF, as `publish build` would write it."""
        name, code = request.path_params["name"], request.path_params["code"]
        proof, data = await self.made(name, code, _style(request))
        return Response(data, media_type="application/pdf", headers=_download(f"{proof}.pdf"))

    async def archive(self, request: Request) -> Response:
        """Give the PDFs of all languages in one archive."""
        name = request.path_params["name"]
        entry = next((one for one in await self.live.listed() if one["name"] == name), None)
        if entry is None:
            raise HTTPException(404)
        wanted = [(name, code, _style(request)) for code in entry["languages"]]
        await asyncio.gather(*(self.live.composed(*one) for one in wanted))  # what is wrong with one is told before all
        made = await asyncio.gather(*(self.made(*one) for one in wanted))
        whole = io.BytesIO()
        with zipfile.ZipFile(whole, "w") as archive:
            for proof, data in made:
                archive.writestr(zipfile.ZipInfo(f"{proof}.pdf", (1980, 1, 1, 0, 0, 0)), data)
        return Response(whole.getvalue(), media_type="application/zip", headers=_download(f"{name}.zip"))

    async def made(self, name: str, code: str, style: Style) -> tuple[str, bytes]:
        """Give a PDF and its name."""
        composed = await self.live.composed(name, code, style)
        try:
            typeset = await self.live.typeset(name, code, style)
        except Outdated:
            raise HTTPException(409, "the sources have changed; ask again") from None
        return composed.proof.name, typeset.data


class Session:
    """One page in a browser: what it shows, and the events that it has not been told yet."""

    def __init__(self, live: Live, wish: Wish) -> None:
        self.live = live
        self.wish = wish
        self.events: dict[tuple[str, str], dict[str, Any]] = {}
        self.told = asyncio.Event()
        self.ended = False
        self.states: dict[tuple[str, str], str] = {}
        self.tasks: set[asyncio.Task[None]] = set()

    def refresh(self) -> None:
        """Ask anew for whatever is made of files that have changed."""
        wish = self.wish
        kind = "pages" if wish.view == "pages" else "html"
        for key in [*((kind, code) for code in wish.codes), ("findings", "")]:
            try:
                state = self.live.state(wish.name, key[1])
            except (KeyError, OSError):  # OSError: it goes this moment
                state = "gone"
            if self.states.get(key) != state:
                self.states[key] = state
                task = asyncio.create_task(self.answer(*key, state))
                self.tasks.add(task)
                task.add_done_callback(self.tasks.discard)

    async def answer(self, kind: str, code: str, state: str) -> None:
        """Make an event, and tell it if it is not out of date by then."""
        event: dict[str, Any] = {"type": kind, "language": code}
        try:
            event |= await self.asked(kind, code)
        except Rejected as rejected:
            event["findings"] = [told(one, self.live.root) for one in rejected.findings]
        except Outdated:
            return
        except OSError:  # a file goes this moment: look again
            self.states.pop((kind, code), None)
            return
        except KeyError:
            event["gone"] = True
        if self.states.get((kind, code)) == state:
            self.events[kind, code] = event
            self.told.set()

    async def next(self) -> dict[str, Any] | None:
        """Give the next event, or None at the end; of those about the same thing only the newest has been kept."""
        while not self.events and not self.ended:
            self.told.clear()
            await self.told.wait()
        return None if self.ended else self.events.pop(next(iter(self.events)))

    def end(self) -> None:
        """Tell who listens that there is no more."""
        self.ended = True
        self.told.set()

    async def asked(self, kind: str, code: str) -> dict[str, Any]:
        """Give what an event tells. Raises Rejected, Outdated, or KeyError where there is no such resolution."""
        wish = self.wish
        if kind == "findings":
            return await self.live.proofread(wish.name)
        if kind == "html":
            composed = await self.live.composed(wish.name, code, wish.style)
            project = self.live.last_desk().project
            sheets = {
                path: f"/layouts/{name}?{path.stat().st_mtime_ns}"
                for path, name in preview_page.style_sheets(project).items()
            }
            return preview_page.layout(composed, project, "/emblem", sheets)
        return preview_page.pages(await self.live.typeset(wish.name, code, wish.style))

    def close(self) -> None:
        """Leave off what nobody waits for any more."""
        for task in self.tasks:
            task.cancel()


def _style(request: Request) -> Style:
    return Style("draft" in request.query_params, "lines" in request.query_params)


def _download(name: str) -> dict[str, str]:
    return {"content-disposition": f'attachment; filename="{name}"'}


def _in_words(rejected: Rejected) -> str:
    return "\n".join(f"{one.code}: {one.message}" for one in rejected.findings)


async def _rejected(_: Request, error: Exception) -> Response:
    assert isinstance(error, Rejected)
    return Response(_in_words(error), 409, media_type="text/plain")


async def _unknown(_: Request, error: Exception) -> Response:  # noqa: ARG001
    return Response("Not Found", 404, media_type="text/plain")


def _present(paths: Sequence[Path]) -> dict[Path, int]:
    """Give those of some paths that there are, each with what the system knows it by."""
    found = {}
    for path in paths:
        with contextlib.suppress(OSError):
            found[path] = path.stat().st_ino
    return found


def _accepted(header: str) -> list[str]:
    """Give the languages that a browser asks for, the first choice first."""
    return [part.split(";")[0].strip().split("-")[0].lower() for part in header.split(",")]


class Guard:
    """Lets only requests in that mean this server, and have its token where there is one."""

    def __init__(self, app: ASGIApp, hosts: Sequence[str] | set[str], token: str) -> None:
        self.app = app
        self.hosts = hosts
        self.token = token

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        refused = self.refused(scope)
        if refused is not None:
            await refused(scope, receive, _with_headers(send))
            return
        await self.app(scope, receive, _with_headers(send))

    def refused(self, scope: Scope) -> Response | None:
        """Give the answer to a request that is not let in."""
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        host = headers.get("host", "")
        bare = host.rpartition(":")[0] if host.rpartition(":")[2].isdigit() else host
        met, _ = scope.get("server") or ("", 0)
        if not {bare, bare.strip("[]")} & {*self.hosts, met}:
            return Response("this name is not served here", 421, media_type="text/plain")
        if scope["method"] not in {"GET", "HEAD"}:
            return Response("only to be looked at", 405, media_type="text/plain")
        if not self.token:
            return None
        query = dict(one.split("=", 1) for one in scope["query_string"].decode("latin-1").split("&") if "=" in one)
        if self.is_token(query.get("token", "")):
            answer = RedirectResponse("/")
            answer.set_cookie(COOKIE, self.token, httponly=True, samesite="strict")
            return answer
        cookies = dict(one.strip().split("=", 1) for one in headers.get("cookie", "").split(";") if "=" in one)
        if self.is_token(cookies.get(COOKIE, "")):
            return None
        return Response("open the address that was printed, with its token", 403, media_type="text/plain")

    def is_token(self, words: str) -> bool:
        """Compare with the token, in the same time however much of it is right."""
        return secrets.compare_digest(words.encode(), self.token.encode())


def _with_headers(send: Send) -> Send:
    async def send_with_headers(message: Any) -> None:
        if message["type"] == "http.response.start":
            present = {name for name, _ in message["headers"]}
            more = [(name.encode(), value.encode()) for name, value in HEADERS.items() if name.encode() not in present]
            message["headers"] = [*message["headers"], *more]
        await send(message)

    return send_with_headers
