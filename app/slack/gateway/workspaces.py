"""The workspaces that the product serves: here the one whose token is configured."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from app.ports.chat import ChatRefused
from app.ports.observer import UNWATCHED, Observer
from app.slack.gateway.calls import CALL_TIMEOUT_SECONDS, Calls
from app.slack.gateway.gateway import Gateway
from app.slack.gateway.identity import Identity, WhoAmI
from app.slack.gateway.limits import Limits

SLACK_API_URL = "https://slack.com/api/"
Seconds = Callable[[], float]


class Workspaces(Protocol):
    """One workspace or many; a superset of app.ports.chat.Chats."""

    @property
    def client(self) -> AsyncWebClient:
        """A client at Slack's address, for what concerns no single workspace."""
        ...

    @property
    def known(self) -> bool:
        """Whether Slack has answered yet."""
        ...

    @property
    def refused(self) -> str | None:
        """Slack's word for why it no longer takes the token of the one workspace; None while it does, or for many."""
        ...

    async def look_again(self) -> None:
        """Ask Slack whether it still takes the token; `refused` tells. Raises ChatError when Slack can't be asked."""
        ...

    async def of(self, team: str) -> Gateway:
        """Raises ChatRefused (`not_installed`) for a workspace that is not served."""
        ...

    async def calls_of(self, team: str) -> Calls:
        """The Web API of the workspace. Raises like `of`."""
        ...

    async def bot_in(self, team: str) -> Identity | None:
        """Who the bot is there, None where it is not installed; costs no call once it is known."""
        ...

    async def identity(self) -> Identity | None:
        """Who the bot is, asked of Slack; None where it is installed nowhere yet. Raises ChatError."""
        ...

    async def close(self) -> None: ...


@dataclass
class Workspace:
    """The one workspace of a bot token; implements Workspaces. Close it at the end."""

    calls: Calls
    who: WhoAmI
    gateway: Gateway
    session: aiohttp.ClientSession
    refused: str | None = None

    @property
    def client(self) -> AsyncWebClient:
        return self.calls.client

    @property
    def known(self) -> bool:
        return self.who.known

    async def of(self, team: str) -> Gateway:
        if (await self.who.get()).team != team:
            raise ChatRefused("not_installed", team)
        return self.gateway

    async def calls_of(self, _team: str) -> Calls:
        """Its calls, whatever the team: an answer to somebody from a connected workspace goes the same way."""
        return self.calls

    async def bot_in(self, _team: str) -> Identity | None:
        return await self.who.get()

    async def identity(self) -> Identity:
        """Who we are, asked of Slack once. Raises ChatRefused, ChatBusy or ChatUnsure."""
        try:
            identity = await self.who.get()
        except ChatRefused as error:
            self.refused = error.code
            raise
        self.refused = None
        return identity

    async def look_again(self) -> None:
        try:
            await self.calls.call("auth.test")
        except ChatRefused as error:
            self.refused = error.code
        else:
            self.refused = None

    async def close(self) -> None:
        await self.session.close()


def open_workspace(
    token: str, *, api_url: str | None = None, observer: Observer = UNWATCHED, monotonic: Seconds = time.monotonic
) -> Workspace:
    """A workspace that has not been spoken to yet; needs a running event loop.

    `api_url` ends in a slash; `monotonic`: the seconds by which Slack counts calls.
    """
    session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=CALL_TIMEOUT_SECONDS))
    client = AsyncWebClient(token=token, base_url=api_url or SLACK_API_URL, session=session, retry_handlers=[])
    calls = Calls(client, Limits(monotonic), observer)
    who = WhoAmI(calls)
    return Workspace(calls, who, Gateway(calls, who), session)
