"""A channel can be heard again: the bot was let in, or the channel was brought back from the archive."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.response import BoltResponse

from app.services.backfill import Backfill
from app.slack.listeners.capture import Middleware

JOINED = "member_joined_channel"
BROUGHT_BACK = frozenset({"channel_unarchive", "group_unarchive"})


def returning(backfill: Backfill) -> Middleware:
    """A Bolt middleware that has the channel read again; Slack is answered once that is owed."""

    async def come_back(
        body: Mapping[str, Any],
        context: AsyncBoltContext,
        next: Callable[[], Awaitable[None]],  # noqa: A002
    ) -> BoltResponse | None:
        event = body.get("event") or {}
        if body.get("type") != "event_callback" or event.get("type") not in {JOINED, *BROUGHT_BACK}:
            await next()
            return None
        if event["type"] != JOINED or event.get("user") == context.bot_user_id:
            await backfill.one(str(body.get("team_id") or ""), str(event.get("channel") or ""))
        return BoltResponse(status=200, body="")

    return come_back
