"""News of what changed, for a page that shows the workspace and for tests that wait."""

import asyncio
from collections.abc import AsyncIterator

from app.workspace.model import Json


class Subscription:
    """A stream of changes from the moment it was made; iterate it, and `close()` it when done."""

    def __init__(self, feed: "Changes") -> None:
        self._feed = feed
        self._queue: asyncio.Queue[Json | None] = asyncio.Queue()

    def put(self, change: Json | None) -> None:
        """Add a change; None ends the stream."""
        self._queue.put_nowait(change)

    def close(self) -> None:
        """Stop listening; a waiting reader is let go."""
        self._feed.drop(self)
        self.put(None)

    async def next_within(self, seconds: float) -> Json | None:
        """The next change, or None if there is none in that time."""
        try:
            async with asyncio.timeout(seconds):
                return await self._queue.get()
        except TimeoutError:
            return None

    def __aiter__(self) -> AsyncIterator[Json]:
        return self

    async def __anext__(self) -> Json:
        change = await self._queue.get()
        if change is None:
            raise StopAsyncIteration
        return change


class Changes:
    """Tells every subscriber of each change; a change is a dict with a `kind`."""

    def __init__(self) -> None:
        self._subscriptions: list[Subscription] = []

    def subscribe(self) -> Subscription:
        """Listen from now on."""
        subscription = Subscription(self)
        self._subscriptions.append(subscription)
        return subscription

    def drop(self, subscription: Subscription) -> None:
        """Forget a subscriber; unknown ones are let pass."""
        if subscription in self._subscriptions:
            self._subscriptions.remove(subscription)

    def tell(self, kind: str, **what: object) -> None:
        """Announce a change of this kind."""
        for subscription in list(self._subscriptions):
            subscription.put({"kind": kind, **what})
