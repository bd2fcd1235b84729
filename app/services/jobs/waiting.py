"""People who wait for an answer at this moment; what is owed to Slack lets a crowd of them pass."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

# One or two are answered beside any work in good time.
FEW = 2
PATIENCE_SECONDS = 2.0


@dataclass
class Waiting:
    """Counts the requests of people that are not answered yet."""

    count: int = 0
    _fewer: asyncio.Event = field(default_factory=asyncio.Event)

    @contextmanager
    def one_more(self) -> Iterator[None]:
        """Counts one in for as long as it is inside."""
        self.count += 1
        try:
            yield
        finally:
            self.count -= 1
            if self.count <= FEW:
                self._fewer.set()
                self._fewer = asyncio.Event()

    async def few(self) -> None:
        """Return once no more than a few wait, though not later than in two seconds."""
        with suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE_SECONDS):
                while self.count > FEW:
                    await self._fewer.wait()
