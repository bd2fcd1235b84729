"""Reading what stands in a channel: page by page, threads included."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

from app.domain.channel_event import Said
from app.slack.events import Place, parse_message
from app.slack.gateway.calls import Calls

PAGE = 200
FIND_PAGES = 5


Asking = Callable[..., Awaitable[dict[str, Any]]]


async def pages(ask: Asking, method: str, field: str, **arguments: Any) -> AsyncIterator[list[dict[str, Any]]]:
    """The list named `field` of each page of a paged method's answer; `ask` is one of the ways of Calls to call."""
    cursor: str | None = None
    while True:
        more = {"cursor": cursor} if cursor else {}
        answer = await ask(method, limit=PAGE, **arguments, **more)
        yield list(answer.get(field) or ())
        cursor = (answer.get("response_metadata") or {}).get("next_cursor")
        if not cursor:
            return


def later(ts: str, than: str) -> bool:
    return _number(ts) > _number(than)


def _number(ts: str) -> tuple[int, str]:
    seconds, _, fraction = ts.partition(".")
    return int(seconds or 0), fraction.ljust(9, "0")


async def said_since(calls: Calls, place: Place, since_ts: str) -> AsyncIterator[Said]:
    """Every message of others said or edited after `since_ts`, threads included, oldest first within a page.

    The whole channel is paged through: a reply in an old thread, or an edit of an old message, is new all the same.
    """
    async for page in pages(calls.patiently, "conversations.history", "messages", channel=place.channel):
        for message in reversed(page):
            said = parse_message(place, message)
            if said and _news(said, since_ts):
                yield said
            if message.get("reply_count"):
                async for reply in _replies(calls, place, str(message["ts"]), since_ts):
                    yield reply


async def _replies(calls: Calls, place: Place, parent: str, since_ts: str) -> AsyncIterator[Said]:
    arguments = {"channel": place.channel, "ts": parent}
    async for page in pages(calls.patiently, "conversations.replies", "messages", **arguments):
        for message in page:
            said = parse_message(place, message) if message.get("ts") != parent else None
            if said and _news(said, since_ts):
                yield said


def _news(said: Said, since_ts: str) -> bool:
    return later(said.ts, since_ts) or (said.edited_ts is not None and later(said.edited_ts, since_ts))
