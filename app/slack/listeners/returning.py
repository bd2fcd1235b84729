"""Who comes into a channel: the bot, which can hear it again (as after the archive), or a person, perhaps late."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.response import BoltResponse

from app.services.drafts.catch_up import CatchUps
from app.services.timeline.backfill import Backfill
from app.slack.listeners.capture import Middleware

JOINED = "member_joined_channel"
BROUGHT_BACK = frozenset({"channel_unarchive", "group_unarchive"})


def returning(backfill: Backfill, catch_ups: CatchUps) -> Middleware:
    """A Bolt middleware that has the channel read again, or offers to catch up; Slack is answered once that is owed."""

    async def come_back(
        body: Mapping[str, Any],
        context: AsyncBoltContext,
        next: Callable[[], Awaitable[None]],  # noqa: A002
    ) -> BoltResponse | None:
        event = body.get("event") or {}
        if body.get("type") != "event_callback" or event.get("type") not in {JOINED, *BROUGHT_BACK}:
            await next()
            return None
        team, channel, user = (str(one or "") for one in (body.get("team_id"), event.get("channel"), event.get("user")))
        if event["type"] != JOINED or user == context.bot_user_id:
            await backfill.one(team, channel)
        else:
            await catch_ups.joined(team, channel, user)
        return BoltResponse(status=200, body="")

    return come_back
