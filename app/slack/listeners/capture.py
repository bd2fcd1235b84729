"""Events are stored before Slack is told that they arrived."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from slack_bolt.response import BoltResponse

from app.journal import also_about
from app.services.timeline.capture import Capture, Received
from app.slack.events import fingerprint, is_channel_event, parse_event

HEARD = frozenset({"app_home_opened"})
Middleware = Callable[..., Awaitable[BoltResponse | None]]


def recording(capture: Capture) -> Middleware:
    """A Bolt middleware that stores what happens in channels and answers 200 only after that.

    What the store raises goes through: Slack gets a 5xx, or in Socket Mode no acknowledgement, and delivers again.
    Events that no listener hears are answered here too, since Slack repeats what goes unanswered.
    """

    async def record(body: Mapping[str, Any], next: Callable[[], Awaitable[None]]) -> BoltResponse | None:  # noqa: A002
        received = received_in(body)
        if received is not None:
            also_about(team=received.team, event_id=received.event_id)
            await capture.submit(received)
        elif body.get("type") != "event_callback" or body.get("event", {}).get("type") in HEARD:
            await next()
            return None
        return BoltResponse(status=200, body="")

    return record


def received_in(body: Mapping[str, Any]) -> Received | None:
    """The event to store; None for what isn't one, and for what isn't recorded."""
    event = parse_event(body) if is_channel_event(body) else None
    if event is None:
        return None
    mark = fingerprint(body)
    return Received(event.team, str(body.get("event_id") or mark)[:64], mark, dict(body), event)
