"""The one place that paces calls: per workspace and method, and per channel for posting."""

from __future__ import annotations

import asyncio
import time
from bisect import bisect_right, insort
from collections.abc import Callable
from dataclasses import dataclass, field

from app.ports.chat import ChatBusy
from app.slack.gateway.methods import CHANNEL_POSTS_BURST, CHANNEL_POSTS_PER_MINUTE, Method

PATIENCE_SECONDS = 5.0
# Slack counts the calls of the last minute; the second more is for those that were long on their way.
WINDOW_SECONDS = 61.0
# Reading channels again must leave room for what responders wait for, and is in no hurry.
BACKGROUND_SHARE = 0.8
BACKGROUND_PATIENCE_SECONDS = 120.0


@dataclass
class Window:
    """Lets `limit` calls through in any `seconds`, at once or not."""

    limit: int
    seconds: float
    _taken_at: list[float] = field(default_factory=list)
    _closed_until: float = float("-inf")

    def wait_seconds(self, now: float, share: float = 1.0) -> float:
        """How long a call that asks now has to wait; 0 or less for not at all. `share`: its part of the limit."""
        del self._taken_at[: bisect_right(self._taken_at, now - self.seconds)]
        allowed = max(1, int(self.limit * share))
        free_at = self._taken_at[-allowed] + self.seconds if len(self._taken_at) >= allowed else now
        return max(free_at - now, self.closed_seconds(now))

    def closed_seconds(self, now: float) -> float:
        """How long nobody may call, because Slack said so; 0 or less when it did not."""
        return self._closed_until - now

    def take(self, at: float) -> None:
        insort(self._taken_at, at)

    def close_until(self, at: float) -> None:
        self._closed_until = max(self._closed_until, at)

    def idle(self, now: float) -> bool:
        return self.closed_seconds(now) <= 0 and (not self._taken_at or self._taken_at[-1] <= now - self.seconds)


@dataclass
class Limits:
    """The windows of one workspace. A call that would wait longer than our patience is refused as busy at once."""

    monotonic: Callable[[], float] = time.monotonic
    _windows: dict[str, Window] = field(default_factory=dict)

    async def pass_through(self, method: Method, channel: str | None = None, *, background: bool = False) -> None:
        """Wait until the call may be made. Raises ChatBusy with the time to wait when that is long.

        `background`: it leaves room for others, and waits for minutes.
        """
        now = self.monotonic()
        windows = self._for(method, channel)
        share = BACKGROUND_SHARE if background else 1.0
        wait = max(window.wait_seconds(now, share) for window in windows)
        patience = BACKGROUND_PATIENCE_SECONDS if background else PATIENCE_SECONDS
        _must_be_short(wait, patience)
        for window in windows:
            window.take(now + max(0.0, wait))
        while wait > 0:
            await asyncio.sleep(wait)
            # Slack may have said Retry-After to another call meanwhile.
            wait = windows[0].closed_seconds(self.monotonic())
            _must_be_short(wait, patience)

    def asked_to_wait(self, method: Method, seconds: float) -> None:
        """Slack said Retry-After: nobody in this workspace calls that method before."""
        self._for(method, None)[0].close_until(self.monotonic() + seconds)

    def _for(self, method: Method, channel: str | None) -> list[Window]:
        windows = [self._window(method.name, method.per_minute, WINDOW_SECONDS)]
        if method.name == "chat.postMessage" and channel:
            burst_seconds = CHANNEL_POSTS_BURST * 60 / CHANNEL_POSTS_PER_MINUTE
            windows.append(self._window(f"post:{channel}", CHANNEL_POSTS_BURST, burst_seconds))
        return windows

    def _window(self, name: str, limit: int, seconds: float) -> Window:
        window = self._windows.get(name)
        if window is None:
            self._forget_idle()
            window = self._windows[name] = Window(limit, seconds)
        return window

    def _forget_idle(self) -> None:
        if len(self._windows) < 500:
            return
        now = self.monotonic()
        self._windows = {name: window for name, window in self._windows.items() if not window.idle(now)}


def _must_be_short(wait_seconds: float, patience_seconds: float) -> None:
    if wait_seconds > patience_seconds:
        raise ChatBusy("ratelimited", wait_seconds)
