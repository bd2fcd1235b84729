"""A model that keeps failing is left alone for a while, then asked once to see whether it is back."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TypeVar

import structlog

from app.ports.drafter import Draft, Drafter, DrafterFailed, Evidence, Failure, PostmortemDraft

log = structlog.get_logger(__name__)

Answered = TypeVar("Answered")
FAILURES = 3
PAUSE_SECONDS = 60.0
LONGEST_PAUSE_SECONDS = 3600.0
# What a model made of one question says nothing about the next; these say that its server is in trouble.
_TROUBLE = frozenset({Failure.TIMED_OUT, Failure.UNREACHABLE, Failure.LIMITED, Failure.BROKEN, Failure.REFUSED})


@dataclass
class Breaker:
    """A drafter in front of `drafter` that fails at once while its server is in trouble.

    After FAILURES such failures in a row nobody asks for PAUSE_SECONDS, or for as long as the server wants, at most an
    hour; then one draft is the probe, and the others go on without. `now` is a clock in seconds that never goes back.
    """

    drafter: Drafter
    now: Callable[[], float] = time.monotonic
    _failures: int = field(default=0, init=False)
    _closed_until: float = field(default=0.0, init=False)
    _probing: bool = field(default=False, init=False)

    async def draft_update(self, evidence: Evidence) -> Draft:
        return await self.through(lambda: self.drafter.draft_update(evidence))

    async def draft_postmortem(self, evidence: Evidence) -> PostmortemDraft:
        return await self.through(lambda: self.drafter.draft_postmortem(evidence))

    async def through(self, drafting: Callable[[], Awaitable[Answered]]) -> Answered:
        """Ask the same server for something. Raises DrafterFailed."""
        probe = self._admitted()
        try:
            draft = await drafting()
        except DrafterFailed as error:
            self._failed(error)
            raise
        else:
            self._recovered()
            return draft
        finally:
            if probe:
                self._probing = False

    def _admitted(self) -> bool:
        """True for the one that probes. Raises DrafterFailed for who must not ask."""
        if self._closed_until == 0.0:
            return False
        if self._probing or self.now() < self._closed_until:
            raise DrafterFailed("the model has failed repeatedly and is left alone for now", Failure.UNREACHABLE)
        self._probing = True
        return True

    def _failed(self, error: DrafterFailed) -> None:
        if error.reason not in _TROUBLE:
            self._recovered()
            return
        self._failures += 1
        wanted = min(error.wait_seconds or 0.0, LONGEST_PAUSE_SECONDS)
        if self._failures >= FAILURES or wanted > PAUSE_SECONDS:
            self._closed_until = self.now() + max(PAUSE_SECONDS, wanted)
            log.warning("model_left_alone", seconds=max(PAUSE_SECONDS, wanted), reason=error.reason.value)

    def _recovered(self) -> None:
        if self._closed_until:
            log.info("model_is_back")
        self._failures, self._closed_until = 0, 0.0
