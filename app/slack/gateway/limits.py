"""The one place that paces calls: per workspace and method, and per channel for posting."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from app.ports.chat import ChatBusy
from app.slack.gateway.methods import CHANNEL_POSTS_BURST, CHANNEL_POSTS_PER_MINUTE, Method

PATIENCE_SECONDS = 5.0


@dataclass
class Bucket:
    """Lets `burst` calls through at once and then one every `interval_seconds`, in the order they asked."""

    interval_seconds: float
    burst: int
    _full_at: float = float("-inf")
    _closed_until: float = float("-inf")

    def wait_seconds(self, now: float) -> float:
        """How long a call that asks now has to wait; 0 or less for not at all."""
        spent_until = max(self._full_at, now) - (self.burst - 1) * self.interval_seconds
        return max(spent_until, self._closed_until) - now

    def take(self, now: float) -> None:
        self._full_at = max(self._full_at, now) + self.interval_seconds

    def close_until(self, at: float) -> None:
        self._closed_until = max(self._closed_until, at)

    def idle(self, now: float) -> bool:
        return self._full_at <= now and self._closed_until <= now


@dataclass
class Limits:
    """The buckets of one workspace. A call that would wait longer than our patience is refused as busy at once."""

    monotonic: Callable[[], float] = time.monotonic
    _buckets: dict[str, Bucket] = field(default_factory=dict)

    async def pass_through(self, method: Method, channel: str | None = None) -> None:
        """Wait until the call may be made. Raises ChatBusy with the time to wait when that is long."""
        now = self.monotonic()
        buckets = self._for(method, channel)
        wait = max(bucket.wait_seconds(now) for bucket in buckets)
        if wait > PATIENCE_SECONDS:
            raise ChatBusy("ratelimited", wait)
        for bucket in buckets:
            bucket.take(now)
        if wait > 0:
            await asyncio.sleep(wait)

    def asked_to_wait(self, method: Method, seconds: float) -> None:
        """Slack said Retry-After: nobody in this workspace calls that method before."""
        self._for(method, None)[0].close_until(self.monotonic() + seconds)

    def _for(self, method: Method, channel: str | None) -> list[Bucket]:
        burst = max(1, method.per_minute // 2)
        buckets = [self._bucket(method.name, 60 / method.per_minute, burst)]
        if method.name == "chat.postMessage" and channel:
            buckets.append(self._bucket(f"post:{channel}", 60 / CHANNEL_POSTS_PER_MINUTE, CHANNEL_POSTS_BURST))
        return buckets

    def _bucket(self, name: str, interval_seconds: float, burst: int) -> Bucket:
        bucket = self._buckets.get(name)
        if bucket is None:
            self._forget_idle()
            bucket = self._buckets[name] = Bucket(interval_seconds, burst)
        return bucket

    def _forget_idle(self) -> None:
        if len(self._buckets) < 500:
            return
        now = self.monotonic()
        self._buckets = {name: bucket for name, bucket in self._buckets.items() if not bucket.idle(now)}
