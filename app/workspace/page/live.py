"""Telling open pages what changed, each from the eyes of its person."""

import asyncio

from aiohttp import WSCloseCode, web

from app.workspace.changes import Subscription
from app.workspace.model import Json
from app.workspace.person import Person
from app.workspace.workspace import Workspace

HEARTBEAT_SECONDS = 20.0


def seen_by(workspace: Workspace, person: str, change: Json) -> Json:
    """A change as a person may hear of it: what they can't see becomes `elsewhere`, naming the place only."""
    channel = workspace.channels.get(change.get("channel", ""))
    reader = change.get("user")
    hidden = channel is not None and channel.kind != "public" and person not in channel.members
    whispered = change["kind"] == "message" and reader not in (None, person)
    if hidden or whispered:
        return {"kind": "elsewhere", "channel": change["channel"], "left": hidden}
    return change


class Live:
    """The open connections of all pages."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._open: set[web.WebSocketResponse] = set()

    async def serve(self, request: web.Request, person: Person) -> web.WebSocketResponse:
        """Send changes to one page until it leaves."""
        socket = web.WebSocketResponse(heartbeat=HEARTBEAT_SECONDS)
        subscription = self._workspace.subscribe()
        await socket.prepare(request)
        self._open.add(socket)
        sender = asyncio.create_task(self._send(socket, subscription, person))
        try:
            async for _ in socket:
                pass  # The page has nothing to say; reading notices when it leaves.
        finally:
            self._open.discard(socket)
            subscription.close()
            await sender
        return socket

    async def _send(self, socket: web.WebSocketResponse, subscription: Subscription, person: Person) -> None:
        async for change in subscription:
            try:
                await socket.send_json(seen_by(self._workspace, person.id, change))
            except ConnectionError:
                return

    async def close(self, _: web.Application) -> None:
        """Say goodbye to every page."""
        for socket in list(self._open):
            await socket.close(code=WSCloseCode.GOING_AWAY)
