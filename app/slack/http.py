"""Everything that Slack sends over HTTP, on one route of the product's own server."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncApp

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def slack_events(app: AsyncApp) -> Handler:
    """The handler of POST /slack/events; a body that isn't text is answered 400."""

    async def handle(request: web.Request) -> web.StreamResponse:
        try:
            asked = await to_bolt_request(request)
        except (UnicodeDecodeError, LookupError):
            return web.Response(status=400, text="not readable")
        return await to_aiohttp_response(await app.async_dispatch(asked))

    return handle
