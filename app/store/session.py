"""Sessions whose calls reach SQLite whole, whoever is cancelled meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import Any, TypeVar

from sqlalchemy.ext.asyncio import AsyncSession

Result = TypeVar("Result")


class WholeCallsSession(AsyncSession):
    """A session in which being cancelled takes effect between two calls and never within one.

    SQLite works in a thread that can't be stopped. A call given up half-way leaves behind a connection that still
    holds the only write lock, and every other write then waits for seconds.
    """

    async def execute(self, *args: Any, **options: Any) -> Any:
        return await _to_the_end(super().execute(*args, **options))

    async def flush(self, *args: Any, **options: Any) -> None:
        await _to_the_end(super().flush(*args, **options))

    async def commit(self) -> None:
        await _to_the_end(super().commit())

    async def refresh(self, *args: Any, **options: Any) -> None:
        await _to_the_end(super().refresh(*args, **options))

    async def delete(self, instance: object) -> None:
        await _to_the_end(super().delete(instance))

    async def run_sync(self, *args: Any, **options: Any) -> Any:
        return await _to_the_end(super().run_sync(*args, **options))

    async def close(self) -> None:
        await _to_the_end(super().close())


async def _to_the_end(work: Awaitable[Result]) -> Result:
    """Wait for the work even when cancelled meanwhile; then raise the cancellation."""
    task = asyncio.ensure_future(work)
    cancelled: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.wait([task])
        except asyncio.CancelledError as error:
            cancelled = error
    if cancelled is not None:
        raise cancelled from task.exception()
    return task.result()
