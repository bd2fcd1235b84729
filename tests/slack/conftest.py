"""A local workspace and the product's gateway to it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.bootstrap import build
from app.product import Product
from app.settings import Settings
from app.slack.gateway.workspaces import Workspace as Slack
from app.slack.gateway.workspaces import open_workspace
from app.workspace import SlackApp, Workspace, WorkspaceServer, seed_workspace
from app.workspace.model import Channel, Message, View
from app.workspace.person import Person


@pytest.fixture
async def server() -> AsyncIterator[WorkspaceServer]:
    async with WorkspaceServer(seed_workspace(SlackApp(), retry_delays=(0, 0.05, 0.1))) as running:
        yield running


@pytest.fixture
def workspace(server: WorkspaceServer) -> Workspace:
    return server.workspace


@pytest.fixture
async def slack(server: WorkspaceServer) -> AsyncIterator[Slack]:
    opened = open_workspace(server.workspace.app.bot_token, api_url=server.api_url)
    yield opened
    await opened.close()


@pytest.fixture
async def product(server: WorkspaceServer, tmp_path: Path) -> AsyncIterator[Product]:
    """The whole product, connected to the local workspace over HTTP."""
    app = server.workspace.app
    settings = Settings(
        slack_bot_token=app.bot_token,
        slack_signing_secret=app.signing_secret,
        slack_api_url=server.api_url,
        database_url=f"sqlite+aiosqlite:///{tmp_path}/incidents.db",
        port=0,
    )
    running = build(settings)
    await running.start()
    app.request_url = f"http://127.0.0.1:{running.port}/slack/events"
    yield running
    await running.stop()


@dataclass
class Stage:
    """A product at work, the people around it, and the incident they are in."""

    product: Product
    workspace: Workspace

    def person(self, name: str) -> Person:
        return self.workspace.person(name)

    async def modal(self, name: str, words: str = "") -> View:
        """The modal that the person has before them, once it shows the words."""

        def there() -> View | None:
            view = self.person(name).modal()
            return view if view is not None and words in shown(view.blocks) else None

        return await self.workspace.until(there)

    async def declare(self, name: str = "ada", **fields: object) -> Channel:
        """Declare an incident as that person, and wait for its room with the card."""
        person = self.person(name)
        await person.command("/ai-incident", "", "general")
        given = {"title": "The agent deletes orders", "severity": "sev2"} | fields
        await person.submit(await self.modal(name, "What is wrong?"), given)
        return await self.workspace.until(self.room)

    async def close(self, name: str) -> None:
        """Close whatever modals the person has before them."""
        while (view := self.person(name).modal()) is not None:
            await self.person(name).close(view)

    def room(self) -> Channel | None:
        """The newest incident channel with a card in it."""
        rooms = [one for one in self.workspace.channels.values() if one.name.startswith("inc-")]
        return rooms[-1] if rooms and any(one.blocks for one in rooms[-1].messages.values()) else None

    def card(self) -> Message:
        room = self.room()
        assert room is not None
        return next(one for one in room.messages.values() if one.bot_id and "role.panel" in shown(one.blocks))

    async def whispered(self, name: str, channel: str, words: str) -> Message:
        """The message with those words that only this person sees."""

        def there() -> Message | None:
            found = [one for one in self.person(name).ephemerals(channel) if words in shown([one.text, one.blocks])]
            return found[-1] if found else None

        return await self.workspace.until(there)

    async def posted(self, channel: str, words: str) -> Message:
        """The message with those words that stands in the channel."""

        def there() -> Message | None:
            messages = self.workspace.channel(channel).messages.values()
            return next((one for one in messages if words in shown([one.text, one.blocks])), None)

        return await self.workspace.until(there)


def shown(drawn: object) -> str:
    return json.dumps(drawn, ensure_ascii=False)


@pytest.fixture
def stage(product: Product, workspace: Workspace) -> Stage:
    return Stage(product, workspace)
