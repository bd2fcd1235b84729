"""Slack's OAuth end: a code becomes what a workspace grants, a refresh token becomes the next tokens."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from app.domain.installation import Bot, Grant, Tokens
from app.ports.chat import ChatRefused, ChatUnsure
from app.ports.clock import Clock
from app.ports.observer import UNWATCHED, Observer
from app.slack.gateway.calls import Calls
from app.slack.gateway.identity import WhoAmI

# Our own word for an installation in a whole organisation, which we refuse.
ORGANISATION = "org_install"


class _OAuthClient(AsyncWebClient):
    """Sends the app's credentials with the other arguments; the SDK sends them in a way that aiohttp gives up."""

    async def oauth_v2_access(self, **arguments: Any) -> AsyncSlackResponse:
        return await self.api_call("oauth.v2.access", data=arguments)


@dataclass(frozen=True)
class Exchange:
    """oauth.v2.access for one app. `observer` hears of each call."""

    client_id: str
    client_secret: str = field(repr=False)
    api_url: str
    session: aiohttp.ClientSession
    clock: Clock
    observer: Observer = UNWATCHED

    async def grant(self, code: str, redirect_uri: str) -> Grant:
        """What the workspace granted. Raises ChatError; ChatRefused `org_install` when a whole organisation did."""
        answer = await self._access(code=code, redirect_uri=redirect_uri)
        if answer.get("is_enterprise_install") or not isinstance(answer.get("team"), Mapping):
            raise ChatRefused(ORGANISATION)
        tokens = _tokens(answer, self.clock.now())
        # Slack names the bot and the workspace's address only to whoever has the token.
        client = AsyncWebClient(token=tokens.bot, base_url=self.api_url, session=self.session, retry_handlers=[])
        who = await WhoAmI(Calls(client, observer=self.observer)).get()
        if who.team != str(answer["team"].get("id")):
            raise ChatUnsure("unreadable_answer", "two workspaces")
        return Grant(
            bot=Bot(who.team, who.team_name, who.url, who.bot_user_id, who.bot_id, who.bot_name),
            app_id=str(answer.get("app_id") or ""),
            scopes=tuple(scope for scope in str(answer.get("scope") or "").split(",") if scope),
            installed_by=str((answer.get("authed_user") or {}).get("id") or ""),
            tokens=tokens,
        )

    async def refresh(self, refresh_token: str) -> Tokens:
        """The next tokens; the refresh token is used up. Raises ChatRefused, ChatBusy or ChatUnsure."""
        answer = await self._access(grant_type="refresh_token", refresh_token=refresh_token)
        return _tokens(answer, self.clock.now())

    async def _access(self, **arguments: str) -> dict[str, Any]:
        client = _OAuthClient(base_url=self.api_url, session=self.session, retry_handlers=[])
        calls = Calls(client, observer=self.observer)
        credentials = {"client_id": self.client_id, "client_secret": self.client_secret}
        return await calls.call("oauth.v2.access", **credentials, **arguments)


def _tokens(answer: Mapping[str, Any], now: datetime) -> Tokens:
    token, refresh, seconds = answer.get("access_token"), answer.get("refresh_token"), answer.get("expires_in")
    if not isinstance(token, str) or not token or answer.get("token_type", "bot") != "bot":
        raise ChatUnsure("unreadable_answer", "no bot token")
    if not refresh or not isinstance(seconds, int):
        return Tokens(token)
    return Tokens(token, str(refresh), now + timedelta(seconds=seconds))
