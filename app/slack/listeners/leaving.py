"""The app is taken out of a workspace: noticed before Slack is told that the news arrived."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import structlog
from slack_bolt.response import BoltResponse

from app.ports.chat import ChatError, ChatRefused
from app.slack.gateway.calls import TOKEN_REFUSED
from app.slack.gateway.installed import InstalledWorkspaces
from app.slack.listeners.capture import Middleware

log = structlog.get_logger(__name__)

UNINSTALLED, REVOKED = "app_uninstalled", "tokens_revoked"


def leaving(workspaces: InstalledWorkspaces) -> Middleware:
    """A Bolt middleware that ends the installation of a workspace that uninstalled the app or revoked its token.

    What the store or Slack raise goes through, so that Slack delivers the news again.
    """

    async def leave(body: Mapping[str, Any], next: Callable[[], Awaitable[None]]) -> BoltResponse | None:  # noqa: A002
        reason = _reason(body)
        if reason is None:
            await next()
            return None
        team = str(body.get("team_id") or "")
        if await _true_still(workspaces, team, body.get("event_time")):
            await workspaces.installations.end(team, reason)
            workspaces.forget(team)
        return BoltResponse(status=200, body="")

    return leave


def _reason(body: Mapping[str, Any]) -> str | None:
    """The kind of a request that tells that the bot's token is gone; None for any other."""
    event = body.get("event") or {}
    if body.get("type") != "event_callback" or event.get("type") not in (UNINSTALLED, REVOKED):
        return None
    if event["type"] == REVOKED and not (event.get("tokens") or {}).get("bot"):
        return None
    return str(event["type"])


async def _true_still(workspaces: InstalledWorkspaces, team: str, event_time: Any) -> bool:
    """Whether the news is about the present installation: one that comes late may be of an earlier one."""
    since = await workspaces.installations.since(team)
    if since is None:
        return False
    if isinstance(event_time, int) and event_time >= int(since.timestamp()):
        return True
    try:
        await (await workspaces.calls_of(team)).call("auth.test")
    except ChatError as error:
        if isinstance(error, ChatRefused) or error.code in TOKEN_REFUSED:
            return True
        raise
    log.info("late_news_ignored", team=team)
    return False
