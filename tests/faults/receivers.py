"""Receivers of containment webhooks that fail in every way, on one port, and one that does right."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from aiohttp import web

from app.web.server import Server

REDIRECTED = "/switches/penny/right"


class Receivers:
    """Each switch fails in the way that it is named after. `calls`: (switch, action) in order of arrival.

    `effects`: the idempotency keys of orders that had one. `losing`: so many acts from now on have their effect, and
    their answers are lost.
    """

    def __init__(self) -> None:
        self.calls: list[tuple[str, str]] = []
        self.contained: set[str] = set()
        self.effects: list[str] = []
        self.losing = 0
        self._dies: tuple[Callable[[], None], int, bool] | None = None
        self._readings = 0
        self._hung = asyncio.Event()

    def dies(self, die: Callable[[], None], *, at: int, acted: bool) -> None:
        """Whoever calls dies at the nth call from now, after it had its effect if `acted`, else before."""
        self._dies = (die, len(self.calls) + at, acted)

    async def start(self) -> None:
        app = web.Application()
        app.router.add_post("/switches/penny/{switch}", self._answer)
        app.router.add_post("/switches/penny/{switch}/{rest}", self._answer)
        self._server = Server(app, "127.0.0.1", 0, patience_seconds=0.1)
        await self._server.start()
        self.url = f"http://127.0.0.1:{self._server.port}"

    async def stop(self) -> None:
        self._hung.set()
        await self._server.stop()

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        order = await request.json()
        switch, action = request.match_info["switch"], order["action"]
        self.calls.append((switch, action))
        if self._dies and self._dies[1] == len(self.calls):
            self._strike(order)
        faulty = getattr(self, f"_{switch}", None)
        answer = await faulty(request, order) if faulty else None
        answer = answer or self._done(order)
        if action == "act" and self.losing > 0:
            self.losing -= 1
            _cut(request)
        return answer

    def _strike(self, order: dict[str, Any]) -> None:
        assert self._dies is not None
        die, _, acted = self._dies
        if acted:
            self._done(order)
        die()
        raise web.HTTPServiceUnavailable

    def _done(self, order: dict[str, Any]) -> web.Response:
        """One effect for one key, and the truth about it."""
        key, switch = order["idempotency_key"], order["switch"]
        if order["action"] != "verify" and key not in self.effects:
            self.effects.append(key)
            (self.contained.add if order["action"] == "act" else self.contained.discard)(switch)
        return _told(order, contained=switch in self.contained)

    async def _fails(self, _request: web.Request, order: dict[str, Any]) -> web.Response | None:
        return web.Response(status=500) if order["action"] == "act" else None

    async def _hangs(self, _request: web.Request, order: dict[str, Any]) -> None:
        if order["action"] == "act":
            await self._hung.wait()

    async def _redirects(self, _request: web.Request, order: dict[str, Any]) -> web.Response | None:
        return web.Response(status=307, headers={"Location": REDIRECTED}) if order["action"] == "act" else None

    async def _lies(self, _request: web.Request, order: dict[str, Any]) -> web.Response | None:
        """It says that it acts, and does nothing."""
        return web.Response() if order["action"] == "act" else None

    async def _mistakes(self, _request: web.Request, order: dict[str, Any]) -> web.Response:
        """It answers for another order, as a cache in between would."""
        return _told(order | {"idempotency_key": "another"}, contained=True)

    async def _wavers(self, _request: web.Request, order: dict[str, Any]) -> web.Response | None:
        """Asked twice, it answers twice differently: one of its two halves is contained."""
        if order["action"] != "verify":
            return None
        self._readings += 1
        return _told(order, contained=self._readings % 2 == 0)

    async def _stammers(self, request: web.Request, order: dict[str, Any]) -> web.StreamResponse | None:
        """It gives two whole answers to one question."""
        if order["action"] != "verify":
            return None
        yes, no = (_told(order, contained=said).text or "" for said in (True, False))
        return web.Response(text=yes + no)

    async def _blindfolds(self, _request: web.Request, order: dict[str, Any]) -> web.Response | None:
        """It acts, and can't say what came of it."""
        return web.Response(status=503) if order["action"] == "verify" else None


def _cut(request: web.Request) -> None:
    """The connection ends before the answer."""
    assert request.transport is not None
    request.transport.abort()


def _told(order: dict[str, Any], *, contained: bool) -> web.Response:
    about = {name: order[name] for name in ("idempotency_key", "system", "switch")}
    return web.json_response(about | {"state": "contained" if contained else "not_contained"})
