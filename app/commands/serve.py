"""`serve`: run the bot until it is told to stop."""

from __future__ import annotations

import argparse
import asyncio
import gc
import os
import signal
from contextlib import suppress
from types import FrameType

import structlog

from app.bootstrap import build
from app.commands.output import say
from app.commands.starting import begin
from app.domain.errors import BadSetup
from app.product import Product
from app.settings import Settings
from app.slack.gateway.identity import Identity

log = structlog.get_logger(__name__)

STOP_WITHIN_SECONDS = 9.5


def run(_arguments: argparse.Namespace) -> int:
    """Serve until SIGTERM or SIGINT; a second one ends the process at once.

    Raises BadSetup, naming everything that is missing, when it can't start.
    """
    settings = begin(quiet=False)
    missing = settings.missing_for_serve()
    if missing:
        raise BadSetup(missing)
    asyncio.run(_serve(settings))
    return 0


async def _serve(settings: Settings) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        # Where a loop can't take signals, Ctrl-C still ends the process by its usual way.
        with suppress(NotImplementedError):
            loop.add_signal_handler(number, stop.set)
    product = build(settings)
    identity = await product.start()
    say(_announcement(settings, product, identity))
    _leave_alone_what_stays()
    await stop.wait()
    _end_at_the_next_signal(loop)
    log.info("stopping")
    try:
        async with asyncio.timeout(STOP_WITHIN_SECONDS):
            await product.stop()
    except TimeoutError:
        log.warning("stopped_late", seconds=STOP_WITHIN_SECONDS)
    log.info("stopped")


def _leave_alone_what_stays() -> None:
    """What is loaded by now stays: whenever it were looked through for garbage, everybody would wait 0.1 seconds."""
    gc.collect()
    gc.freeze()


def _end_at_the_next_signal(loop: asyncio.AbstractEventLoop) -> None:
    """Whoever tells the process to stop once more means now. What is under way is owed, and done by the next one."""
    for number in (signal.SIGTERM, signal.SIGINT):
        with suppress(NotImplementedError):
            loop.remove_signal_handler(number)
        # The default would not do: in a container the first process is not ended by it.
        signal.signal(number, _end)


def _end(number: int, _frame: FrameType | None) -> None:
    os._exit(128 + number)


def _announcement(settings: Settings, product: Product, identity: Identity | None) -> str:
    address = f"Listening on {settings.address(product.port)}"
    if settings.installs:
        return f"{address}. Workspaces install the app at {settings.address(product.port)}/slack/install"
    if identity is None:
        return f"{address}. Slack can't be reached yet; trying again"
    return f"{address} as {identity.bot_name} in {identity.team_name}"
