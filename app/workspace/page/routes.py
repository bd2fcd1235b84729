"""The page's routes on the workspace's web application."""

import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from aiohttp import web

from app.workspace.errors import AppFailureError, FormRefusedError, NotOnScreenError, SlackError
from app.workspace.model import Json
from app.workspace.page import guard, screens
from app.workspace.page.deeds import DEEDS, Request
from app.workspace.page.live import Live
from app.workspace.page.unread import Unread
from app.workspace.page.wording import BadRequestError, refusal
from app.workspace.person import Person
from app.workspace.workspace import Workspace

STATIC = Path(__file__).parent / "static"
TYPES = {".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
MESSAGES_SHOWN = 200
MESSAGES_AT_MOST = 5000
SHOWN_TO_PEOPLE = (AppFailureError, FormRefusedError, NotOnScreenError, SlackError, BadRequestError)

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def add_page(aio_app: web.Application, workspace: Workspace) -> None:
    """Mount the page on a workspace's web application, at `/page/`, before it starts.

    `/` and permalinks lead to the page. Whoever opens it can act as anybody in the workspace, so it is
    for a server bound to this machine; requests of other sites are refused.
    """
    page = Page(workspace)
    router = aio_app.router
    router.add_get("/", page.to_page)
    router.add_get("/page", page.to_page)
    router.add_get("/archives/{channel}", page.to_place)
    router.add_get("/archives/{channel}/{message}", page.to_place)
    router.add_get("/page/", page.index)
    router.add_get("/page/static/{name}", page.static)
    router.add_get("/page/start", page.guarded(page.start))
    router.add_get("/page/as/{person}/changes", page.guarded(page.changes))
    router.add_get("/page/as/{person}/sidebar", page.guarded(page.sidebar))
    router.add_get("/page/as/{person}/channels/{channel}", page.guarded(page.channel))
    router.add_get("/page/as/{person}/home", page.guarded(page.home))
    router.add_get("/page/as/{person}/modals", page.guarded(page.modals))
    router.add_post("/page/as/{person}/read", page.guarded(page.read))
    router.add_post("/page/as/{person}/{deed}", page.guarded(page.act))
    aio_app.on_response_prepare.append(guard.harden)
    aio_app.on_shutdown.append(page.live.close)


class Page:
    """The handlers of the page of one workspace."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.unread = Unread(workspace)
        self.live = Live(workspace)

    def guarded(self, handler: Handler) -> Handler:
        """Let only the page itself in, and tell refusals of the workspace as JSON."""

        async def answer(request: web.Request) -> web.StreamResponse:
            guard.check(request)
            try:
                return await handler(request)
            except SHOWN_TO_PEOPLE as error:
                status, body = refusal(error, self.workspace.answer_timeout_seconds)
                return web.json_response(body, status=status)

        return answer

    def person(self, request: web.Request) -> Person:
        """The person in the address, by id; bots can't be acted as. `NotOnScreenError`."""
        wanted = request.match_info["person"]
        user = self.workspace.users.get(wanted)
        if user is None or user.is_bot:
            raise NotOnScreenError(f"nobody has the id {wanted}")
        return self.workspace.person(wanted)

    async def to_page(self, _: web.Request) -> web.StreamResponse:
        """Lead to the page."""
        raise web.HTTPFound("/page/")

    async def to_place(self, request: web.Request) -> web.StreamResponse:
        """Lead a permalink to its message on the page."""
        place = f"/page/#//{request.match_info['channel']}"
        message = request.match_info.get("message", "")
        thread = request.query.get("thread_ts")
        if thread:
            place += f"/thread/{thread}"
        if len(message) > 7 and message[1:].isdigit():
            place += f"/at/{message[1:-6]}.{message[-6:]}"
        raise web.HTTPFound(place)

    async def index(self, _: web.Request) -> web.StreamResponse:
        """The page."""
        return self._file(STATIC / "index.html")

    async def static(self, request: web.Request) -> web.StreamResponse:
        """A script, a style sheet or the icon."""
        name = request.match_info["name"]
        if name not in {one.name for one in STATIC.iterdir()}:
            raise web.HTTPNotFound
        return self._file(STATIC / name)

    def _file(self, path: Path) -> web.StreamResponse:
        headers = {"Content-Type": f"{TYPES[path.suffix]}; charset=utf-8", "Cache-Control": "no-cache"}
        return web.FileResponse(path, headers=headers)

    async def start(self, _: web.Request) -> web.StreamResponse:
        """What is the same for everybody."""
        self.unread.opened()
        return web.json_response(screens.start(self.workspace))

    async def changes(self, request: web.Request) -> web.StreamResponse:
        """A WebSocket of changes."""
        return await self.live.serve(request, self.person(request))

    async def sidebar(self, request: web.Request) -> web.StreamResponse:
        """Where a person can go."""
        return web.json_response(screens.sidebar(self.workspace, self.person(request), self.unread))

    async def channel(self, request: web.Request) -> web.StreamResponse:
        """A channel's messages; `limit` is how many outside threads."""
        limit = request.query.get("limit", str(MESSAGES_SHOWN))
        if not limit.isdecimal() or not 1 <= int(limit) <= MESSAGES_AT_MOST:
            raise BadRequestError(f"limit is a number from 1 to {MESSAGES_AT_MOST}")
        person, ref = self.person(request), request.match_info["channel"]
        return web.json_response(screens.channel(self.workspace, person, ref, self.unread, int(limit)))

    async def home(self, request: web.Request) -> web.StreamResponse:
        """A person's Home tab."""
        return web.json_response(screens.home(self.workspace, self.person(request)))

    async def modals(self, request: web.Request) -> web.StreamResponse:
        """A person's open modals."""
        return web.json_response(screens.modals(self.workspace, self.person(request)))

    async def read(self, request: web.Request) -> web.StreamResponse:
        """Note that a person has read a channel."""
        person, body = self.person(request), await _body(request)
        room = person.channel(Request(self.workspace, person, body).text("channel"))
        self.unread.read(person.id, room)
        return web.json_response({})

    async def act(self, request: web.Request) -> web.StreamResponse:
        """Do something as a person."""
        deed = DEEDS.get(request.match_info["deed"])
        if deed is None:
            raise web.HTTPNotFound
        person, body = self.person(request), await _body(request)
        return web.json_response(await deed(Request(self.workspace, person, body)))


async def _body(request: web.Request) -> Json:
    # A form of another site can be sent without asking first, JSON can't.
    if request.content_type != "application/json":
        raise web.HTTPUnsupportedMediaType(text="send JSON")
    try:
        body: Any = json.loads(await request.text())
    except ValueError as broken:
        raise BadRequestError("the body is not JSON") from broken
    if not isinstance(body, dict):
        raise BadRequestError("the body must be an object")
    return body
