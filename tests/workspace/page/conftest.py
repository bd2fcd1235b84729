"""A served workspace with its page, and people who use it through the page's routes."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import ClientResponse, ClientSession
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from app.workspace import Shortcut, SlackApp, Workspace, WorkspaceServer, seed_workspace
from app.workspace.page import add_page

SHORTCUTS = (Shortcut("declare", "Declare an incident", "global"), Shortcut("mark_entry", "Mark", "message"))


class Browser:
    """What the page's script does: it looks at screens and acts, as one person."""

    def __init__(self, session: ClientSession, url: str, person: str) -> None:
        self.session = session
        self.url = url
        self.person = person

    async def get(self, path: str, **how: Any) -> ClientResponse:
        return await self.session.get(f"{self.url}{path}", allow_redirects=False, **how)

    async def look(self, screen: str) -> Any:
        answer = await self.get(f"/page/as/{self.person}/{screen}")
        assert answer.status == 200, await answer.text()
        return await answer.json()

    async def messages(self, channel: str) -> list[Any]:
        screen = await self.look(f"channels/{channel}")
        return [one for one in screen["messages"] if not one["system"]]

    async def send(self, deed: str, **body: Any) -> tuple[int, Any]:
        answer = await self.session.post(f"{self.url}/page/as/{self.person}/{deed}", json=body)
        return answer.status, await answer.json()

    async def act(self, deed: str, **body: Any) -> Any:
        status, answer = await self.send(deed, **body)
        assert status == 200, answer
        return answer


class Scene:
    """The workspace, its server, the app's client and Bolt app, and a browser for each person."""

    def __init__(self, workspace: Workspace, server: WorkspaceServer, session: ClientSession) -> None:
        self.workspace = workspace
        self.server = server
        self.session = session
        app = workspace.app
        self.client = AsyncWebClient(token=app.bot_token, base_url=server.api_url)
        self.bolt = AsyncApp(
            client=self.client, signing_secret=app.signing_secret, raise_error_for_unhandled_request=False
        )

    async def handle(self, request: Any) -> Any:
        return await to_aiohttp_response(await self.bolt.async_dispatch(await to_bolt_request(request)))

    def as_(self, name: str) -> Browser:
        return Browser(self.session, self.server.url, self.workspace.user(name).id)

    def channel(self, name: str) -> str:
        return self.workspace.channel(name).id


@pytest.fixture
async def scene(bench: Any) -> AsyncIterator[Scene]:
    app = SlackApp(commands=frozenset({"/ai-incident"}), shortcuts=SHORTCUTS)
    workspace = seed_workspace(app, retry_delays=(0.0,))
    server = WorkspaceServer(workspace)
    add_page(server.aio_app, workspace)
    async with server, ClientSession() as session:
        scene = Scene(workspace, server, session)
        app.request_url = await bench.serve(scene.handle)
        yield scene
