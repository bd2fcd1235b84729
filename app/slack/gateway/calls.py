"""One call to the Web API: paced, timed out, and its failure told in the product's own three ways."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from app.ports.chat import ChatBusy, ChatError, ChatRefused, ChatUnsure
from app.ports.observer import UNWATCHED, Observer
from app.slack.gateway.limits import Limits
from app.slack.gateway.methods import METHODS, Method

log = structlog.get_logger(__name__)

CALL_TIMEOUT_SECONDS = 10
PATIENT_TRIES = 5
PATIENT_REST_SECONDS = 1.0
_BUSY = frozenset({"ratelimited", "rate_limited", "message_limit_exceeded"})
_SHAKEN = frozenset({"internal_error", "fatal_error", "service_unavailable", "request_timeout", "team_added_to_org"})
# What Slack says of a token that it no longer takes. Nothing was done then, so the call may be made again.
TOKEN_REFUSED = frozenset({"token_expired", "token_revoked", "invalid_auth", "account_inactive"})
# A shorter hold is the event loop's doing and not the limit's.
_HELD_BACK_SECONDS = 0.005


class Refused(ChatRefused):
    """A refusal with Slack's whole answer, for the callers that need more than its code."""

    def __init__(self, code: str, detail: str, answer: Mapping[str, Any]) -> None:
        super().__init__(code, detail)
        self.answer = answer


class TokenSource(Protocol):
    """Where the token of a workspace comes from when it may change."""

    async def token(self) -> str:
        """The token to use now. Raises ChatError."""
        ...

    async def instead_of(self, stale: str, code: str) -> str | None:
        """Another token after that one was refused with `code`; None if there is no other. Raises ChatError."""
        ...


@dataclass
class Calls:
    """The Web API of one workspace. `observer` hears of each call.

    `tokens` None: the client's own token, which never changes.
    """

    client: AsyncWebClient
    limits: Limits = field(default_factory=Limits)
    observer: Observer = UNWATCHED
    tokens: TokenSource | None = None

    async def call(self, name: str, /, **arguments: Any) -> dict[str, Any]:
        """Slack's answer. Raises ChatRefused (as Refused), ChatBusy or ChatUnsure, and nothing else."""
        return await self._call(METHODS[name], arguments)

    async def patiently(self, name: str, /, **arguments: Any) -> dict[str, Any]:
        """Slack's answer to one of many calls of a long piece of work, which would be lost with the call.

        Waits its turn behind everybody else, and asks again while Slack is busy. Raises like `call`.
        """
        for _ in range(PATIENT_TRIES - 1):
            try:
                return await self._call(METHODS[name], arguments, background=True)
            except ChatBusy as error:
                # A time that Slack named is waited for by the limits.
                await asyncio.sleep(0 if error.retry_after_seconds else PATIENT_REST_SECONDS)
        return await self._call(METHODS[name], arguments, background=True)

    async def _call(self, method: Method, arguments: Mapping[str, Any], *, background: bool = False) -> dict[str, Any]:
        channel = arguments.get("channel")
        await self._pass_limits(method, channel, background=background)
        started = time.monotonic()
        outcome = "ok"
        try:
            return await self._with_token(method, arguments)
        except ChatError as error:
            outcome = error.code
            if isinstance(error, ChatBusy) and error.retry_after_seconds:
                self.limits.asked_to_wait(method, error.retry_after_seconds)
            log.info("slack_call_failed", method=method.name, code=error.code, channel=channel)
            raise
        finally:
            self.observer.slack_called(method.name, outcome, time.monotonic() - started)

    async def _pass_limits(self, method: Method, channel: str | None, *, background: bool) -> None:
        started = time.monotonic()
        try:
            await self.limits.pass_through(method, channel, background=background)
        except ChatBusy:
            self.observer.slack_put_off(method.name)
            raise
        held_back_seconds = time.monotonic() - started
        if held_back_seconds > _HELD_BACK_SECONDS:
            self.observer.slack_waited(method.name, held_back_seconds)

    async def _with_token(self, method: Method, arguments: Mapping[str, Any]) -> dict[str, Any]:
        if self.tokens is None:
            return await self._answer(method, arguments)
        token = await self.tokens.token()
        self.client.token = token
        try:
            return await self._answer(method, arguments)
        except ChatRefused as error:
            if error.code not in TOKEN_REFUSED:
                raise
            other = await self.tokens.instead_of(token, error.code)
            if other is None:
                # The app is about to learn that it was uninstalled; what it owes there may wait for that.
                raise ChatBusy(error.code) from error
        self.client.token = other
        return await self._answer(method, arguments)

    async def _answer(self, method: Method, arguments: Mapping[str, Any]) -> dict[str, Any]:
        send = getattr(self.client, method.name.replace(".", "_"))
        try:
            response = await send(**arguments)
        except SlackApiError as error:
            raise _told(method, error) from error
        except aiohttp.ClientConnectorError as error:
            raise ChatBusy("not_connected") from error
        except (TimeoutError, aiohttp.ClientError, SlackClientError, ValueError) as error:
            raise _lost(method, type(error).__name__) from error
        if not isinstance(response.data, dict):
            raise _lost(method, "unreadable_answer")
        return response.data

    async def answer_to(self, response_url: str, body: Mapping[str, Any]) -> None:
        """Answer an interaction through its response URL. Raises like `call`; a URL works five times in 30 minutes."""
        session = self.client.session
        if session is None:
            raise ChatRefused("no_session")
        try:
            async with session.post(response_url, json=body) as response:
                if response.status >= 400:
                    raise ChatRefused("response_url_refused", str(response.status))
        except (TimeoutError, aiohttp.ClientError) as error:
            raise ChatUnsure("answer_lost", type(error).__name__) from error


def _told(method: Method, error: SlackApiError) -> ChatError:
    answer = error.response
    status = int(getattr(answer, "status_code", None) or getattr(answer, "status", None) or 0)
    headers = getattr(answer, "headers", {}) or {}
    data = getattr(answer, "data", None)
    told = data if isinstance(data, dict) else {}
    code = str(told.get("error") or f"http_{status}")
    if status == 429 or code in _BUSY:
        return ChatBusy("ratelimited", _seconds(headers.get("Retry-After") or headers.get("retry-after")))
    if status >= 500 or code in _SHAKEN or (not told.get("error") and status < 400):
        return _lost(method, code)
    needed = f"needs {told['needed']}, has {told.get('provided', 'nothing')}" if told.get("needed") else ""
    detail = needed or "; ".join(map(str, (told.get("response_metadata") or {}).get("messages") or ()))
    return Refused(code, detail, told)


def _lost(method: Method, code: str) -> ChatError:
    """The answer is lost: harmless where the call may be repeated, a doubt where it may not."""
    return ChatBusy(code) if method.repeatable else ChatUnsure(code)


def _seconds(header: str | None) -> float:
    try:
        return max(1.0, float(header or 1))
    except ValueError:
        return 1.0
