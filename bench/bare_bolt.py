"""What capture is compared to: a Bolt app with one message listener that does nothing, behind the same HTTP server."""

from __future__ import annotations

import asyncio
import os

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient


def build() -> web.Application:
    """The application; needs a running event loop."""
    token = os.environ["SLACK_BOT_TOKEN"]
    app = AsyncApp(
        signing_secret=os.environ["SLACK_SIGNING_SECRET"],
        client=AsyncWebClient(token=token, base_url=os.environ["SLACK_API_URL"]),
    )

    @app.event("message")
    async def heard() -> None:
        pass

    async def events(request: web.Request) -> web.Response:
        return await to_aiohttp_response(await app.async_dispatch(await to_bolt_request(request)))

    async def alive(_request: web.Request) -> web.Response:
        return web.Response(text="ok")

    served = web.Application()
    served.router.add_post("/slack/events", events)
    served.router.add_get("/healthz", alive)
    return served


async def main() -> None:
    runner = web.AppRunner(build(), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", int(os.environ["PORT"])).start()
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())
