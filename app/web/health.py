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
    """GET /readyz: 200 when every check passes, else 503 with the reason of each that doesn't."""

    def __init__(self, checks: Mapping[str, Check]) -> None:
        self._checks = checks

    async def answer(self, _request: web.Request) -> web.Response:
        """200 `{status: "ready"}`, or 503 `{status: "not ready", reasons: {check: reason}}`."""
        reasons = await self.reasons()
        if reasons:
            return web.json_response({"status": "not ready", "reasons": reasons}, status=503)
        return web.json_response({"status": "ready"})

    async def reasons(self) -> dict[str, str]:
        """The reason of each check that doesn't pass; empty when ready. A check that raises or hangs doesn't pass."""
        found = await asyncio.gather(*map(self._ask, self._checks), return_exceptions=True)
        reasons = {name: _reason(name, said) for name, said in zip(self._checks, found, strict=True)}
        return {name: reason for name, reason in reasons.items() if reason is not None}

    async def _ask(self, name: str) -> str | None:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            return await self._checks[name]()


def _reason(check: str, said: str | BaseException | None) -> str | None:
    if isinstance(said, TimeoutError):
        return f"gave no answer within {_PATIENCE_SECONDS:.0f} seconds"
    if isinstance(said, BaseException):
        log.warning("readiness_check_failed", check=check, exc_info=said)
        return f"failed ({type(said).__name__})"
    return said
