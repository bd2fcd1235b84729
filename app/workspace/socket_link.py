"""Payloads to the app over Socket Mode: web sockets that the app has opened."""

import asyncio
import json
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web

from app.workspace.ids import Ids
from app.workspace.links import Answer, NotReachedError, PayloadKind, Retry
from app.workspace.model import Json
from app.workspace.slack_app import SlackApp

MAX_SOCKETS = 10


@dataclass(eq=False)
class _Socket:
    """One open web socket and the envelopes that wait for their acknowledgement on it."""

    connection: web.WebSocketResponse
    request: web.Request
    waiting: dict[str, asyncio.Future[Any]] = field(default_factory=dict)


class SocketLink:
    """Sends each payload as an envelope to one of the app's sockets, in turn."""

    def __init__(self, app: SlackApp, ids: Ids) -> None:
        self._app = app
        self._ids = ids
        self._sockets: list[_Socket] = []
        self._tickets: set[str] = set()
        self._connected = asyncio.Event()

    @property
    def connected(self) -> int:
        """How many sockets are open."""
        return len(self._sockets)

    def ticket(self) -> str:
        """A one-time right to open a socket."""
        ticket = f"{self._ids.count('ticket'):020x}"
        self._tickets.add(ticket)
        return ticket

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        """Hold a socket open for as long as the app wants it."""
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets:
            raise web.HTTPForbidden(text="unknown ticket")
        self._tickets.discard(ticket)
        connection = web.WebSocketResponse()
        await connection.prepare(request)
        if len(self._sockets) >= MAX_SOCKETS:
            await connection.send_json({"type": "disconnect", "reason": "too_many_websockets"})
            await connection.close()
            return connection
        socket = _Socket(connection, request)
        self._sockets.append(socket)
        try:
            await self._greet(socket)
            await self._listen(socket)
        finally:
            self._forget(socket)
        return connection

    async def _greet(self, socket: _Socket) -> None:
        hello = {
            "type": "hello",
            "num_connections": len(self._sockets),
            "connection_info": {"app_id": self._app.app_id},
            "debug_info": {"host": "local-workspace", "approximate_connection_time": 18060},
        }
        await socket.connection.send_json(hello)
        self._connected.set()

    async def _listen(self, socket: _Socket) -> None:
        async for message in socket.connection:
            if message.type is not WSMsgType.TEXT:
                continue
            try:
                frame = json.loads(message.data)
            except ValueError:
                continue
            waiting = socket.waiting.pop(frame.get("envelope_id", ""), None)
            if waiting is not None and not waiting.done():
                waiting.set_result(frame.get("payload"))

    def _forget(self, socket: _Socket) -> None:
        self._sockets.remove(socket)
        if not self._sockets:
            self._connected.clear()
        for waiting in socket.waiting.values():
            if not waiting.done():
                waiting.set_exception(NotReachedError("connection_failed"))

    async def send(
        self, kind: PayloadKind, payload: Json, timeout_seconds: float, retry: Retry | None = None
    ) -> Answer:
        """Deliver once and wait for the answer at most this long; also waits that long for a socket."""
        envelope = {
            "envelope_id": f"{self._ids.count('envelope'):08x}-local-workspace",
            "type": kind,
            "payload": payload,
            "accepts_response_payload": kind != "events_api",
        }
        if kind == "events_api":
            envelope |= {
                "retry_attempt": retry.number if retry else 0,
                "retry_reason": retry.reason if retry else "",
            }
        try:
            async with asyncio.timeout(timeout_seconds):
                return Answer(200, await self._exchange(envelope))
        except TimeoutError as late:
            raise NotReachedError("timeout") from late

    async def _exchange(self, envelope: Json) -> Any:
        await self._connected.wait()
        # The least recently used socket goes to the end, so that replicas share the load.
        socket = self._sockets.pop(0)
        self._sockets.append(socket)
        waiting: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        socket.waiting[envelope["envelope_id"]] = waiting
        try:
            await socket.connection.send_json(envelope)
        except ConnectionError as broken:
            raise NotReachedError("connection_failed") from broken
        try:
            return await waiting
        finally:
            socket.waiting.pop(envelope["envelope_id"], None)

    async def ask_to_reconnect(self, reason: str = "refresh_requested") -> None:
        """Send every socket a `disconnect` frame, as Slack does when it renews connections."""
        for socket in list(self._sockets):
            await socket.connection.send_json({"type": "disconnect", "reason": reason})
            await socket.connection.close()

    async def cut(self) -> None:
        """Break every socket without a word."""
        for socket in list(self._sockets):
            if socket.request.transport is not None:
                socket.request.transport.abort()

    async def close(self) -> None:
        """Close every socket."""
        for socket in list(self._sockets):
            await socket.connection.close()
