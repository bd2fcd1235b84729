"""How long Slack waits for our answers, told to whoever watches."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field

import structlog
from aiohttp import web

from app.journal import about
from app.ports.observer import Observer, RequestKind
from app.services.jobs.waiting import Waiting
from app.slack.http import Handler

log = structlog.get_logger(__name__)


@dataclass
class Answering:
    """One request that is being answered; `status` is HTTP's, 500 until it is known."""

    kind: RequestKind
    status: int = 500
    began: float = field(default_factory=time.perf_counter)


@contextmanager
def answering(kind: RequestKind, observer: Observer, waiting: Waiting) -> Iterator[Answering]:
    """Times a request from here to the end of the block, and gives it a log of its own; people are counted in."""
    request = Answering(kind)
    with about(request=kind.value), nullcontext() if kind is RequestKind.EVENT else waiting.one_more():
        try:
            yield request
        finally:
            seconds = time.perf_counter() - request.began
            observer.acknowledged(request.kind, seconds)
            log.debug("slack_request", status=request.status, ack_ms=round(seconds * 1000, 1))


def timed(handler: Handler, observer: Observer, waiting: Waiting) -> Handler:
    """The handler of POST /slack/events, timed from when the request is read."""

    async def handle(request: web.Request) -> web.StreamResponse:
        with answering(_kind(request.content_type, await request.read()), observer, waiting) as answer:
            response = await handler(request)
            answer.status = response.status
        return response

    return handle


def _kind(content_type: str, body: bytes) -> RequestKind:
    if content_type == "application/json":
        return RequestKind.EVENT
    return RequestKind.INTERACTIVITY if body.startswith(b"payload=") else RequestKind.COMMAND
