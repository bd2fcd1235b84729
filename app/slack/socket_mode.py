"""Everything that Slack sends through a socket which we open: no public address is needed."""

from __future__ import annotations

from typing import Any

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError

from app.ports.chat import ChatRefused
from app.ports.observer import UNWATCHED, Observer, RequestKind
from app.services.jobs.waiting import Waiting
from app.slack.acknowledging import answering

_KINDS = {"events_api": RequestKind.EVENT, "slash_commands": RequestKind.COMMAND}


class SocketLink:
    """One connection to Slack, opened again whenever it breaks; needs a running event loop."""

    def __init__(
        self, app: AsyncApp, app_token: str, observer: Observer = UNWATCHED, waiting: Waiting | None = None
    ) -> None:
        self._handler = _Timed(app, app_token, observer, waiting or Waiting())

    async def connect(self) -> None:
        """Connect. Raises ChatRefused when Slack does not accept the app token."""
        try:
            await self._handler.connect_async()  # type: ignore[no-untyped-call]
        except SlackApiError as error:
            raise ChatRefused(str(error.response.get("error") or "not_connected"), "apps.connections.open") from error

    async def connected(self) -> bool:
        return bool(await self._handler.client.is_connected())

    async def close(self) -> None:
        await self._handler.close_async()  # type: ignore[no-untyped-call]


class _Timed(AsyncSocketModeHandler):
    """Tells the observer how long each request waited for its acknowledgement."""

    def __init__(self, app: AsyncApp, app_token: str, observer: Observer, waiting: Waiting) -> None:
        super().__init__(app, app_token)
        self._observer = observer
        self._waiting = waiting

    async def handle(self, client: Any, req: Any) -> None:
        with answering(_KINDS.get(req.type, RequestKind.INTERACTIVITY), self._observer, self._waiting) as answer:
            await super().handle(client, req)
            answer.status = 200
