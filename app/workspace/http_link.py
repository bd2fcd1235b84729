"""Payloads to the app as signed HTTP requests."""

import asyncio
import hashlib
import hmac
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlencode

import aiohttp

from app.workspace.links import Answer, NotReachedError, PayloadKind, Retry
from app.workspace.model import Json
from app.workspace.slack_app import SlackApp


def signature(secret: str, timestamp: str, body: str) -> str:
    """Slack's `v0=` signature of a request body sent at `timestamp` (unix seconds)."""
    base = f"v0:{timestamp}:{body}".encode()
    return "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()


def encode(kind: PayloadKind, payload: Json) -> tuple[str, str]:
    """A payload as request body and content type, as Slack encodes its kind."""
    if kind == "events_api":
        return json.dumps(payload), "application/json"
    form = payload if kind == "slash_commands" else {"payload": json.dumps(payload)}
    return urlencode(form), "application/x-www-form-urlencoded"


class HttpLink:
    """Posts to the app's request URL; the signature uses real time, whatever the workspace's clock says."""

    def __init__(self, app: SlackApp) -> None:
        self._app = app
        self._sessions: set[aiohttp.ClientSession] = set()

    async def send(
        self, kind: PayloadKind, payload: Json, timeout_seconds: float, retry: Retry | None = None
    ) -> Answer:
        """Deliver once and wait for the answer at most this long."""
        if self._app.request_url is None:
            raise NotReachedError("connection_failed")
        body, content_type = encode(kind, payload)
        headers = self._headers(body, content_type, retry)
        try:
            async with (
                asyncio.timeout(timeout_seconds),
                self._session() as session,
                session.post(self._app.request_url, data=body, headers=headers) as response,
            ):
                return Answer(response.status, _parsed(await response.text()), dict(response.headers))
        except TimeoutError as late:
            raise NotReachedError("http_timeout") from late
        except (aiohttp.ClientError, OSError) as broken:
            raise NotReachedError("connection_failed") from broken

    def _headers(self, body: str, content_type: str, retry: Retry | None) -> dict[str, str]:
        timestamp = str(int(time.time()))
        headers = {
            "Content-Type": content_type,
            "User-Agent": "Slackbot 1.0 (local workspace)",
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": signature(self._app.signing_secret, timestamp, body),
        }
        if retry is not None:
            headers |= {"X-Slack-Retry-Num": str(retry.number), "X-Slack-Retry-Reason": retry.reason}
        return headers

    @asynccontextmanager
    async def _session(self) -> AsyncIterator[aiohttp.ClientSession]:
        """A session for one payload, so that none is left behind by what is sent after the last `close`."""
        # A kept connection may belong to an app that has been restarted since.
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(force_close=True)) as session:
            self._sessions.add(session)
            try:
                yield session
            finally:
                self._sessions.discard(session)

    async def close(self) -> None:
        """Let go of every connection."""
        for session in list(self._sessions):
            await session.close()


def _parsed(text: str) -> object:
    if not text.strip():
        return None
    try:
        return json.loads(text)
    except ValueError:
        return text
