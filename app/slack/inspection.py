"""What an operator wants to know of a set-up before it is used: who the tokens are, and what they may do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from app.ports.chat import ChatError, ChatRefused, ChatUnsure
from app.ports.clock import Clock
from app.slack.gateway.calls import CALL_TIMEOUT_SECONDS
from app.slack.gateway.exchange import Exchange
from app.slack.gateway.history import pages
from app.slack.gateway.installed import Client
from app.slack.gateway.workspaces import Workspace, Workspaces

Membership = Literal["member", "not_member", "missing"]


@dataclass(frozen=True)
class Granted:
    """Whom a bot token stands for, and the scopes it was granted; `scopes` is None where Slack did not say."""

    team_name: str
    bot_name: str
    scopes: frozenset[str] | None


async def granted(workspace: Workspace) -> Granted:
    """Ask Slack about the bot token. Raises ChatRefused when it is refused, ChatUnsure when Slack can't be reached."""
    answer, headers = await _asked(workspace.calls.client, "auth_test")
    listed = next((value for name, value in headers.items() if name.lower() == "x-oauth-scopes"), None)
    scopes = None if listed is None else frozenset(scope.strip() for scope in listed.split(",") if scope.strip())
    return Granted(str(answer.get("team") or ""), str(answer.get("user") or ""), scopes)


async def try_socket_mode(workspace: Workspaces, app_token: str) -> None:
    """Ask for a Socket Mode address. Raises like `granted`, of the app-level token."""
    await _asked(workspace.client, "apps_connections_open", app_token=app_token)


async def try_client(client: Client, clock: Clock) -> None:
    """Exchange a code that was never given: wrong credentials are told before that. Raises ChatError in any case."""
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=CALL_TIMEOUT_SECONDS)) as session:
        await Exchange(client.id, client.secret, client.api_url, session, clock).grant("never-given", "")


async def membership(workspace: Workspace, channel: str) -> Membership:
    """Whether the bot is in a channel given by name or ID; private ones it isn't in are missing. Raises ChatError."""
    if await _listed(workspace, channel, "users.conversations", "public_channel,private_channel"):
        return "member"
    return "not_member" if await _listed(workspace, channel, "conversations.list", "public_channel") else "missing"


async def _listed(workspace: Workspace, channel: str, method: str, kinds: str) -> bool:
    async for page in pages(workspace.calls.call, method, "channels", types=kinds, exclude_archived=True):
        if any(channel in (one.get("id"), one.get("name")) for one in page):
            return True
    return False


async def _asked(client: AsyncWebClient, method: str, **arguments: str) -> tuple[dict[str, Any], Mapping[str, str]]:
    try:
        response = await getattr(client, method)(**arguments)
    except SlackApiError as error:
        raise _refused(error) from error
    except (TimeoutError, aiohttp.ClientError, SlackClientError, ValueError) as error:
        raise ChatUnsure("not_reached", type(error).__name__) from error
    return (response.data if isinstance(response.data, dict) else {}), response.headers


def _refused(error: SlackApiError) -> ChatError:
    data = getattr(error.response, "data", None)
    code = data.get("error") if isinstance(data, dict) else None
    return ChatRefused(str(code)) if code else ChatUnsure("not_reached", "no answer that could be read")
