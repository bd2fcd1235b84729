"""POST /signals/{source}: what other systems report."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import structlog
from aiohttp import web

from app.domain.errors import Invalid
from app.services.signal_events import events_of
from app.services.signals import Signals
from app.web.bearer import Bearers
from app.web.problems import problem

log = structlog.get_logger(__name__)

TeamOf = Callable[[str | None], Awaitable[str]]
"""The workspace that a request is for, given the one that it names; raises Invalid when that can't be told."""


class SignalIntake:
    """Takes signals; without configured tokens everybody is refused."""

    def __init__(self, signals: Signals, bearers: Bearers, team_of: TeamOf) -> None:
        self._signals = signals
        self._bearers = bearers
        self._team_of = team_of

    async def answer(self, request: web.Request) -> web.Response:
        """202 with `{id, ids}` when something new was kept, 200 when all of it was there before."""
        sender = self._bearers.name_of(request)
        if sender is None:
            refusal = "Send a token from SIGNALS_TOKENS: Authorization: Bearer TOKEN."
            return problem(401, refusal, headers={"WWW-Authenticate": 'Bearer realm="ai-incident"'})
        events = events_of(request.match_info["source"], await _body(request), _headers(request))
        team = await self._team_of(request.query.get("team"))
        kept = await self._signals.keep(team, sender, events)
        log.info("signals_kept", sender=sender, new=kept.new, sent=len(events))
        ids = [str(one) for one in kept.ids]
        return web.json_response({"id": ids[0] if ids else None, "ids": ids}, status=202 if kept.new else 200)


async def _body(request: web.Request) -> Any:
    try:
        return json.loads(await request.text())
    except (ValueError, RecursionError, LookupError):
        raise Invalid("The body is no JSON.") from None


def _headers(request: web.Request) -> Mapping[str, str]:
    return {name: value for name, value in request.headers.items() if name.startswith("X-")} | {
        "X-GitHub-Delivery": request.headers.get("X-GitHub-Delivery", "")
    }
