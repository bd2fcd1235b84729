"""The edge to Slack: whatever a listener raises becomes a calm answer, and the unexpected one log line."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import structlog
from slack_bolt.context.ack.async_ack import AsyncAck

from app.domain.errors import IncidentError
from app.journal import about
from app.ports.chat import ChatError
from app.slack.listeners.ask import Ask, Desk
from app.slack.listeners.home import follow_homes

log = structlog.get_logger(__name__)

Handler = Callable[[Ask], Awaitable[None]]
Listener = Callable[..., Awaitable[None]]


def at_the_edge(desk: Desk, handler: Handler) -> Listener:
    """The handler as a Bolt listener that lets nothing out; the desk knows of it until it is done."""

    async def listener(ack: AsyncAck, body: Mapping[str, Any]) -> None:
        ask = Ask(body, ack, desk)
        with desk.running.one_more(), about(team=ask.actor.team, event_id=body.get("event_id")):
            await _carry_out(ask, handler)

    return listener


async def _carry_out(ask: Ask, handler: Handler) -> None:
    try:
        try:
            await handler(ask)
        except IncidentError as error:
            await ask.refuse(str(error), error.field)
        await ask.take()
        if ask.body.get("type") != "event_callback":
            await follow_homes(ask)
    except Exception as error:  # noqa: BLE001 - the edge: logged once, and answered
        await _apologise(ask, handler, error)


async def _apologise(ask: Ask, handler: Handler, error: Exception) -> None:
    reference = secrets.token_hex(4)
    name = f"{handler.__module__.rpartition('.')[2]}.{handler.__name__}"
    code = error.code if isinstance(error, ChatError) else None
    log.error("listener_failed", reference=reference, listener=name, code=code, exc_info=error)
    if ask.body.get("type") == "event_callback":
        return
    try:
        await ask.refuse(
            "That did not work, and the fault is ours. What was stored before stays; please try again. "
            f"If it happens again, give whoever runs this app the reference {reference}."
        )
    except ChatError as silent:
        log.warning("person_not_told", reference=reference, code=silent.code)
