"""A model server on a real socket: it answers what it is told to, faults included, and keeps what it was asked."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from app.web.server import Server

Answering = Callable[[web.Request, dict[str, Any]], Awaitable[web.StreamResponse]]


@dataclass
class ModelServer:
    """`url` is what a drafter gets as base URL; `asked` are the bodies of all requests, oldest first."""

    url: str
    asked: list[dict[str, Any]] = field(default_factory=list)

    @property
    def prompt(self) -> str:
        return "\n".join(message["content"] for message in self.asked[-1]["messages"])


def completion(content: Any, **choice: Any) -> dict[str, Any]:
    """A chat completion with `content` as the model's words; a dict is sent as its JSON."""
    text = json.dumps(content) if isinstance(content, dict | list) else content
    message = {"role": "assistant", "content": text, **choice.pop("message", {})}
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1,
        "model": "test-model",
        "choices": [{"index": 0, "finish_reason": "stop", "message": message, **choice}],
        "usage": {"prompt_tokens": 120, "completion_tokens": 34, "total_tokens": 154},
    }


def answers(content: Any, **choice: Any) -> Answering:
    async def answer(_: web.Request, __: dict[str, Any]) -> web.Response:
        return web.json_response(completion(content, **choice))

    return answer


def sends(body: str | bytes, status: int = 200, content_type: str = "application/json") -> Answering:
    async def answer(_: web.Request, __: dict[str, Any]) -> web.Response:
        raw = body.encode() if isinstance(body, str) else body
        return web.Response(body=raw, status=status, content_type=content_type)

    return answer


def refuses(status: int, then: Answering, while_asked_for: tuple[str, ...]) -> Answering:
    """`status` for requests whose response format is one of `while_asked_for`, `then` for others."""

    async def answer(request: web.Request, body: dict[str, Any]) -> web.StreamResponse:
        if body.get("response_format", {}).get("type") in while_asked_for:
            return web.json_response({"error": {"message": "response_format is not supported"}}, status=status)
        return await then(request, body)

    return answer


def sleeps(seconds: float) -> Answering:
    async def answer(_: web.Request, __: dict[str, Any]) -> web.Response:
        await asyncio.sleep(seconds)
        return web.json_response(completion({}))

    return answer


def hangs_up_midway() -> Answering:
    async def answer(request: web.Request, _: dict[str, Any]) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "application/json", "Content-Length": "5000"})
        await response.prepare(request)
        await response.write(b'{"choices": [')
        if request.transport is not None:
            request.transport.close()
        return response

    return answer


def stalls_midway() -> Answering:
    async def answer(request: web.Request, _: dict[str, Any]) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "application/json"})
        await response.prepare(request)
        await response.write(b'{"choices": [')
        await asyncio.sleep(5)
        return response

    return answer


def reads_a_report(body: dict[str, Any]) -> bool:
    """Whether it is asked for what a report suggests, in the background, and not for a draft."""
    return "`archetype`:" in body["messages"][0]["content"]


@asynccontextmanager
async def serving(answer: Answering, reading: Answering | None = None) -> AsyncIterator[ModelServer]:
    """A server at some free port that gives `answer` to every chat completion.

    What a report suggests is answered by `reading`, None: with nothing, and not among `asked`.
    """
    server = ModelServer("")

    async def handle(request: web.Request) -> web.StreamResponse:
        body = await request.json()
        if reads_a_report(body) and reading is None:
            return web.json_response(completion({"archetype": {"choice": "unsure", "quotes": []}}))
        server.asked.append(body)
        return await (reading if reading is not None and reads_a_report(body) else answer)(request, body)

    application = web.Application(client_max_size=8 * 1024 * 1024)
    application.router.add_post("/v1/chat/completions", handle)
    listening = Server(application, "127.0.0.1", 0, patience_seconds=0.1)
    await listening.start()
    server.url = f"http://127.0.0.1:{listening.port}/v1"
    try:
        yield server
    finally:
        await listening.stop()
