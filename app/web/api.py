"""The JSON API: the records of incidents, for whoever holds a token."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping, Sequence
from typing import Any, Protocol

import structlog
from aiohttp import web

from app.domain.errors import Invalid
from app.web.bearer import Bearers
from app.web.problems import problem

log = structlog.get_logger(__name__)

_MOST = 100


class ShowsRecords(Protocol):
    """What the API may show: nothing of restricted incidents."""

    def newest(self, limit: int) -> Awaitable[Sequence[Mapping[str, Any]]]:
        """The newest incidents in short, at most `limit`."""
        ...

    def record(self, key: str) -> Awaitable[Mapping[str, Any]]:
        """The whole record. Raises NotFound, for restricted incidents too."""
        ...


class IncidentApi:
    """GET /api/incidents and /api/incidents/{key}; without configured tokens everybody is refused."""

    def __init__(self, records: ShowsRecords, bearers: Bearers) -> None:
        self._records = records
        self._bearers = bearers

    async def incidents(self, request: web.Request) -> web.Response:
        """`{incidents: [...]}`, newest first; `?limit=` from 1 to 100, 50 unless told."""
        if self._bearers.name_of(request) is None:
            return _who_are_you()
        return web.json_response({"incidents": list(await self._records.newest(_limit(request)))})

    async def incident(self, request: web.Request) -> web.Response:
        """The record of one incident, as `export KEY --format json` prints it."""
        reader = self._bearers.name_of(request)
        if reader is None:
            return _who_are_you()
        record = await self._records.record(request.match_info["key"])
        log.info("record_read", reader=reader, incident=record["key"])
        return web.json_response(record)


def _limit(request: web.Request) -> int:
    text = request.query.get("limit", "50")
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:6]) <= _MOST):
        raise Invalid(f"limit must be a whole number from 1 to {_MOST}.")
    return int(text)


def _who_are_you() -> web.Response:
    return problem(
        401,
        "Send a token from API_TOKENS: Authorization: Bearer TOKEN.",
        headers={"WWW-Authenticate": 'Bearer realm="ai-incident"'},
    )
