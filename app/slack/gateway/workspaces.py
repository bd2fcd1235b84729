"""The workspaces that the product is installed in: one, whose token is configured."""

from __future__ import annotations

from dataclasses import dataclass

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from app.ports.chat import ChatRefused
from app.slack.gateway.calls import CALL_TIMEOUT_SECONDS, Calls, Observer
from app.slack.gateway.gateway import Gateway
from app.slack.gateway.identity import Identity, WhoAmI

SLACK_API_URL = "https://slack.com/api/"


@dataclass
class Workspace:
    """The one workspace of a bot token; implements app.ports.chat.Chats. Close it at the end."""

    calls: Calls
    who: WhoAmI
    gateway: Gateway
    session: aiohttp.ClientSession

    async def of(self, team: str) -> Gateway:
        if (await self.who.get()).team != team:
            raise ChatRefused("not_installed", team)
        return self.gateway

    async def identity(self) -> Identity:
        """Who we are, asked of Slack once. Raises ChatRefused, ChatBusy or ChatUnsure."""
        return await self.who.get()

    async def close(self) -> None:
        await self.session.close()


def open_workspace(token: str, *, api_url: str | None = None, observe: Observer | None = None) -> Workspace:
    """A workspace that has not been spoken to yet; needs a running event loop. `api_url` ends in a slash."""
    session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=CALL_TIMEOUT_SECONDS))
    client = AsyncWebClient(token=token, base_url=api_url or SLACK_API_URL, session=session, retry_handlers=[])
    calls = Calls(client, observe=observe)
    who = WhoAmI(calls)
    return Workspace(calls, who, Gateway(calls, who), session)
