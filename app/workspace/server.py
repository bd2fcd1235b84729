"""The workspace on a real socket."""

import asyncio
import json
from urllib.parse import urlencode

from aiohttp import web

from app.workspace import responses
from app.workspace.errors import SlackError
from app.workspace.model import File, Json
from app.workspace.web_api.dispatch import WebApi
from app.workspace.workspace import Workspace

UPLOAD_BYTES = 64 * 1024 * 1024
# Of the event loop: in the first an accepted connection is made, in the second it begins to wait for its request.
TURNS = 2


class WorkspaceServer:
    """Serves a workspace's Web API, Socket Mode, uploads and response URLs over HTTP.

    With port 0 a free one is taken at the start. `others` are further workspaces with the same app,
    told apart by their tokens. Add routes to `aio_app` before `start()`.
    """

    def __init__(
        self,
        workspace: Workspace,
        host: str = "127.0.0.1",
        port: int = 0,
        others: tuple[Workspace, ...] = (),
    ) -> None:
        self.workspace = workspace
        self.aio_app = web.Application(client_max_size=UPLOAD_BYTES)
        self._workspaces = (workspace, *others)
        for other in others:
            # An app's sockets are shared by all workspaces that it is installed in.
            other.sockets = workspace.sockets
        self._host = host
        self._port = port
        self._runner = web.AppRunner(self.aio_app, access_log=None, shutdown_timeout=1.0)
        self._listening: asyncio.Server | None = None
        self._add_routes()

    def _add_routes(self) -> None:
        api = WebApi(self._workspaces)
        router = self.aio_app.router
        router.add_route("*", "/api/{method}", api.handle)
        router.add_get("/link", self.workspace.sockets.serve)
        router.add_post("/respond/{token:.+}", self._respond)
        router.add_post("/upload/{file}", self._upload)
        router.add_get("/files/{file}/{name}", self._download)
        router.add_get("/oauth/v2/authorize", self._authorize)

    @property
    def url(self) -> str:
        """Where the server stands, without a trailing slash."""
        return f"http://{self._host}:{self._port}"

    @property
    def api_url(self) -> str:
        """The Web API's base, with a trailing slash."""
        return f"{self.url}/api/"

    async def start(self) -> None:
        """Begin to listen; afterwards `url` and `api_url` are right."""
        await self._runner.setup()
        assert self._runner.server is not None
        self._listening = await asyncio.get_running_loop().create_server(self._runner.server, self._host, self._port)
        self._port = self._listening.sockets[0].getsockname()[1]
        for workspace in self._workspaces:
            workspace.base_url = self.url

    async def stop(self) -> None:
        """Give up deliveries, close sockets and stop listening."""
        for workspace in self._workspaces:
            await workspace.close()
        if self._listening is not None:
            await _stop_listening(self._listening)
            self._listening = None
        await self._runner.cleanup()
        for workspace in self._workspaces:
            # A request that was under way may have brought about one more delivery.
            await workspace.close()

    async def __aenter__(self) -> "WorkspaceServer":
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def _respond(self, request: web.Request) -> web.Response:
        for workspace in self._workspaces:
            if workspace.response_urls.knows(request.match_info["token"]):
                return await _respond(workspace, request)
        return web.json_response({"ok": False, "error": "invalid_url"}, status=404)

    async def _upload(self, request: web.Request) -> web.Response:
        for workspace in self._workspaces:
            file = workspace.files.get(request.match_info["file"])
            if file is not None and not file.complete:
                return await _receive(workspace, file, request)
        return web.Response(status=404, text="no such upload")

    async def _download(self, request: web.Request) -> web.Response:
        for workspace in self._workspaces:
            file = workspace.files.get(request.match_info["file"])
            if file is not None and file.complete:
                return web.Response(body=file.content, content_type=file.mimetype)
        raise web.HTTPNotFound

    async def _authorize(self, request: web.Request) -> web.Response:
        """What the Allow button of Slack's installation page does, for the first administrator."""
        workspace = next((one for one in self._workspaces if one.team.id == request.query.get("team")), self.workspace)
        answer = {"code": workspace.oauth_code(), "state": request.query.get("state", "")}
        raise web.HTTPFound(f"{request.query['redirect_uri']}?{urlencode(answer)}")


async def _receive(workspace: Workspace, file: File, request: web.Request) -> web.Response:
    """Take a file's content, unless a fault of `upload` is planned."""
    fault = workspace.faults.strike("upload", {"file": file.id})
    content = await _raw(request)
    if fault is None or fault.name == "lost_answer":
        file.content = content
    if fault is not None and fault.name in ("lost_answer", "dropped") and request.transport is not None:
        request.transport.abort()
    return web.Response(status=500 if fault is not None else 200, text=f"OK - {len(content)}")


async def _stop_listening(listening: asyncio.Server) -> None:
    """Stop accepting, and a little later listening: what has just been accepted is a connection by then."""
    for socket in listening.sockets:
        asyncio.get_running_loop().remove_reader(socket.fileno())
    for _ in range(TURNS):
        await asyncio.sleep(0)
    listening.close()


async def _raw(request: web.Request) -> bytes:
    if request.content_type == "multipart/form-data":
        form = await request.post()
        for value in form.values():
            if isinstance(value, web.FileField):
                return value.file.read()
    return await request.read()


async def _respond(workspace: Workspace, request: web.Request) -> web.Response:
    try:
        url = workspace.response_urls.use(request.match_info["token"])
        body: Json = json.loads(await request.text())
        responses.apply(workspace, url, body)
    except SlackError as refused:
        status = 404 if refused.code.endswith("_url") else 500
        return web.json_response({"ok": False, "error": refused.code} | refused.details, status=status)
    except ValueError:
        return web.json_response({"ok": False, "error": "invalid_payload"}, status=400)
    return web.Response(text="ok")
