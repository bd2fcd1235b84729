"""Messages and reactions straight from Slack's request into the record: by the rules of Bolt, without its long way.

They are nearly all that Slack sends, and nobody listens to them but capture. Whatever is in any way unusual (badly
signed, of another kind, from a shared channel, about ourselves) is left to Bolt and the middleware behind it.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Mapping
from typing import Any

import structlog
from aiohttp import web
from slack_sdk.signature import SignatureVerifier

from app.journal import about
from app.ports.observer import Observer, RequestKind
from app.services.timeline.capture import Capture
from app.slack.events import is_channel_event
from app.slack.gateway.identity import Identity
from app.slack.gateway.workspaces import Workspaces
from app.slack.http import Handler
from app.slack.listeners.capture import received_in

log = structlog.get_logger(__name__)
debugging = logging.getLogger(__name__)

Json = Mapping[str, Any]

_EVENT = b'"event_callback"'


def directly(events: DirectEvents, observer: Observer, otherwise: Handler) -> Handler:
    """The handler of POST /slack/events that tries the direct way first; `otherwise` times what it answers itself."""

    async def handle(request: web.Request) -> web.StreamResponse:
        body = await request.read()
        began, taken, status = time.perf_counter(), True, 500
        try:
            taken = await events.take(body, request.headers)
            status = 200
        finally:
            if taken:
                seconds = time.perf_counter() - began
                observer.acknowledged(RequestKind.EVENT, seconds)
                if debugging.isEnabledFor(logging.DEBUG):
                    _tell(body, status, seconds)
        return web.Response() if taken else await otherwise(request)

    return handle


def _tell(body: bytes, status: int, seconds: float) -> None:
    """The line that `answering` logs for other requests; it would take a tenth of the time of this one."""
    envelope = _read(body) or {}
    with about(request=RequestKind.EVENT.value, team=envelope.get("team_id"), event_id=envelope.get("event_id")):
        log.debug("slack_request", status=status, ack_ms=round(seconds * 1000, 1))


class DirectEvents:
    """Takes in what was signed with the app's secret and not long ago, as Bolt would have it."""

    def __init__(self, workspaces: Workspaces, capture: Capture, signing_secret: str) -> None:
        self._workspaces = workspaces
        self._capture = capture
        self._verifier = SignatureVerifier(signing_secret)

    async def take(self, body: bytes, headers: Mapping[str, str]) -> bool:
        """True once the request's event is stored, or is none to be recorded; False when Bolt has to look at it.

        Raises what the store raises: Slack has to deliver again then.
        """
        if _EVENT not in body or not self._signed(body, headers):
            return False
        envelope = _read(body)
        if envelope is None or not is_channel_event(envelope):
            return False
        team = envelope.get("team_id")
        bot = await self._workspaces.bot_in(team) if isinstance(team, str) and _is_at_home(envelope, team) else None
        if bot is None or _is_own(envelope["event"], bot):
            return False
        received = received_in(envelope)
        if received is not None:
            await self._capture.submit(received)
        return True

    def _signed(self, body: bytes, headers: Mapping[str, str]) -> bool:
        timestamp, signature = headers.get("X-Slack-Request-Timestamp"), headers.get("X-Slack-Signature")
        try:
            return self._verifier.is_valid(body, timestamp, signature)
        except (ValueError, TypeError):
            return False


def _read(body: bytes) -> dict[str, Any] | None:
    try:
        envelope = json.loads(body)
    except ValueError:
        return None
    return envelope if isinstance(envelope, dict) and isinstance(envelope.get("event"), dict) else None


def _is_at_home(envelope: Json, team: str) -> bool:
    """Whether the event is delivered for the workspace that it happened in."""
    named = envelope.get("authorizations") or ()
    return all(isinstance(one, dict) and one.get("team_id") == team for one in named[:1])


def _is_own(event: Json, bot: Identity) -> bool:
    """Whether we did it ourselves, as far as Bolt would see that."""
    told = (event, event.get("message"), event.get("previous_message"))
    return any(
        part.get("user") == bot.bot_user_id or part.get("bot_id") == bot.bot_id
        for part in told
        if isinstance(part, dict)
    )
