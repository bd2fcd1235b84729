"""A workspace on a socket and a small real Bolt app that is connected to it."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from app.web.server import Server
from app.workspace import SlackApp, Workspace, WorkspaceServer, seed_workspace


@dataclass
class Site:
    """The workspace, its server and a client with the bot's token."""

    workspace: Workspace
    server: WorkspaceServer
    client: AsyncWebClient
    bolt: AsyncApp
    heard: list[Any] = field(default_factory=list)

    async def settled(self) -> None:
        await self.workspace.events.settled()


def bolt_app(app: SlackApp, api_url: str) -> AsyncApp:
    """A Bolt app that talks to the workspace."""
    client = AsyncWebClient(token=app.bot_token, base_url=api_url)
    return AsyncApp(client=client, signing_secret=app.signing_secret, raise_error_for_unhandled_request=False)


class Bench:
    """Starts sites and ends them when the test does."""

    def __init__(self) -> None:
        self._ends: list[Callable[[], Any]] = []

    async def workspace(self, app: SlackApp | None = None, **how: Any) -> Site:
        """A served workspace with a Bolt app that nothing reaches yet."""
        how.setdefault("retry_delays", (0.0, 0.05, 0.1))
        workspace = seed_workspace(app, **how)
        server = WorkspaceServer(workspace)
        await server.start()
        self._ends.append(server.stop)
        bolt = bolt_app(workspace.app, server.api_url)
        return Site(workspace, server, bolt.client, bolt)

    async def http(self, app: SlackApp | None = None, **how: Any) -> Site:
        """A served workspace whose events and presses reach a Bolt app over HTTP."""
        site = await self.workspace(app, **how)

        async def events(request: web.Request) -> web.Response:
            return await to_aiohttp_response(await site.bolt.async_dispatch(await to_bolt_request(request)))

        site.workspace.app.request_url = await self.serve(events)
        return site

    async def serve(self, handler: Any) -> str:
        """The URL at which `handler` now answers POST requests."""
        receiver = web.Application()
        receiver.router.add_post("/slack/events", handler)
        server = Server(receiver, "127.0.0.1", 0)
        await server.start()
        self._ends.append(server.stop)
        return f"http://127.0.0.1:{server.port}/slack/events"

    def at_end(self, end: Callable[[], Any]) -> None:
        """Await `end()` when the test is over."""
        self._ends.append(end)

    async def close(self) -> None:
        for end in reversed(self._ends):
            await end()


@pytest.fixture
async def bench() -> AsyncIterator[Bench]:
    bench = Bench()
    yield bench
    await bench.close()


@pytest.fixture
async def site(bench: Bench) -> Site:
    return await bench.http()
