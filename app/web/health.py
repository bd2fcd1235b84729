"""Whether the process lives, and whether it can do its work."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping

import structlog
from aiohttp import web

log = structlog.get_logger(__name__)

# Says what is wrong in a few words, None when nothing is.
Check = Callable[[], Awaitable[str | None]]

_PATIENCE_SECONDS = 3.0


async def alive(_request: web.Request) -> web.Response:
    """GET /healthz: 200 as long as the process answers at all."""
    return web.json_response({"status": "ok"})


class Readiness:
    """GET /readyz: 200 when every check passes, else 503 with the reason of each that doesn't.

    `concerns` are checks too, but of what would not get better if requests went elsewhere: they are only told.
    """

    def __init__(self, checks: Mapping[str, Check], concerns: Mapping[str, Check] | None = None) -> None:
        self._checks = checks
        self._concerns = concerns or {}

    async def answer(self, _request: web.Request) -> web.Response:
        """200 `{status: "ready"}`, or 503 `{status: "not ready", reasons: {check: reason}}`.

        Either has `concerns: {check: reason}` where there are any.
        """
        reasons, concerns = await asyncio.gather(_failing(self._checks), _failing(self._concerns))
        told: dict[str, object] = {"status": "not ready", "reasons": reasons} if reasons else {"status": "ready"}
        if concerns:
            told["concerns"] = concerns
        return web.json_response(told, status=503 if reasons else 200)


async def _failing(checks: Mapping[str, Check]) -> dict[str, str]:
    """The reason of each check that doesn't pass. A check that raises or hangs doesn't pass."""
    found = await asyncio.gather(*map(_asked, checks.values()), return_exceptions=True)
    reasons = {name: _reason(name, said) for name, said in zip(checks, found, strict=True)}
    return {name: reason for name, reason in reasons.items() if reason is not None}


async def _asked(check: Check) -> str | None:
    async with asyncio.timeout(_PATIENCE_SECONDS):
        return await check()


def _reason(check: str, said: str | BaseException | None) -> str | None:
    if isinstance(said, TimeoutError):
        return f"gave no answer within {_PATIENCE_SECONDS:.0f} seconds"
    if isinstance(said, BaseException):
        log.warning("readiness_check_failed", check=check, exc_info=said)
        return f"failed ({type(said).__name__})"
    return said
