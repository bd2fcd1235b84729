"""The listeners at work: Bolt forgets them once Slack is answered, and a shutdown would cut them off."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class Running:
    """Knows every listener until it is done."""

    _tasks: set[asyncio.Task[object]] = field(default_factory=set)

    @contextmanager
    def one_more(self) -> Iterator[None]:
        """Counts the present task in for as long as it is inside."""
        task = asyncio.current_task()
        if task is None:
            raise RuntimeError("listeners run in tasks")
        self._tasks.add(task)
        try:
            yield
        finally:
            self._tasks.discard(task)

    async def idle(self) -> None:
        """Wait until none is under way, however long that takes."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    async def finish(self, patience_seconds: float) -> None:
        """Wait until all are done; those that take longer than that are cancelled."""
        if not self._tasks:
            return
        _, late = await asyncio.wait(self._tasks, timeout=patience_seconds)
        for task in late:
            task.cancel()
        if late:
            await asyncio.wait(late)
