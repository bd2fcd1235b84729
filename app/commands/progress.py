"""Telling on standard error that something takes its time."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from app.commands.output import tell

_PATIENCE_SECONDS = 2.0
_EVERY_SECONDS = 5.0


@asynccontextmanager
async def shown(what: str) -> AsyncIterator[None]:
    """While the body runs: after two seconds say `what`, then every five seconds how long it has taken."""
    teller = asyncio.create_task(_tell(what))
    try:
        yield
    finally:
        teller.cancel()
        await asyncio.wait({teller})


async def _tell(what: str) -> None:
    began = time.monotonic()
    await asyncio.sleep(_PATIENCE_SECONDS)
    while True:
        tell(f"{what} … {time.monotonic() - began:.0f} s")
        await asyncio.sleep(_EVERY_SECONDS)
