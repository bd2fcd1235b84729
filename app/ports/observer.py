"""Whoever watches the product at work: told of what happened and how long it took, never of what was said."""

from __future__ import annotations

from enum import StrEnum
from typing import Protocol

from app.domain.draft_record import Drafted
from app.domain.reminder import ReminderKind


class RequestKind(StrEnum):
    """What Slack sent."""

    EVENT = "event"
    COMMAND = "command"
    INTERACTIVITY = "interactivity"


class Observer(Protocol):
    """Hears of single happenings. What it is told becomes labels, so it is told words of a fixed set and numbers."""

    def acknowledged(self, kind: RequestKind, seconds: float) -> None:
        """A request of Slack's was answered, so many seconds after it came in."""
        ...

    def captured(self, lag_seconds: float) -> None:
        """What happened in a channel is durably stored, so many seconds after it happened there."""
        ...

    def reminded(self, kind: ReminderKind, late_seconds: float) -> None:
        """A reminder was sent, so many seconds after it was due."""
        ...

    def slack_called(self, method: str, outcome: str, seconds: float) -> None:
        """Slack answered a call, or failed to; `outcome` is `ok` or Slack's word for the failure."""
        ...

    def slack_waited(self, method: str, seconds: float) -> None:
        """A call was held back, so that it stays within Slack's limits."""
        ...

    def slack_put_off(self, method: str) -> None:
        """A call was not made now, since it would have had to wait too long."""
        ...

    def model_answered(self, seconds: float, input_tokens: int | None, output_tokens: int | None) -> None:
        """The model gave a usable draft. Tokens are None where its server did not count them."""
        ...

    def model_failed(self, reason: str, seconds: float) -> None:
        """The model gave nothing usable; `reason` is one of app.ports.drafter.DrafterFailed's."""
        ...

    def drafted(self, what: Drafted, drafter: str, *, fell_back: bool) -> None:
        """A draft was made by the drafter of that name; `fell_back` when that was the second choice."""
        ...

    def gave_context(self, seconds: float) -> None:
        """The first triage pack of an incident was shown, so many seconds after it was declared."""
        ...


class NobodyWatches:
    """An observer for where nobody watches: commands, and tests of something else."""

    def acknowledged(self, kind: RequestKind, seconds: float) -> None:
        pass

    def captured(self, lag_seconds: float) -> None:
        pass

    def reminded(self, kind: ReminderKind, late_seconds: float) -> None:
        pass

    def slack_called(self, method: str, outcome: str, seconds: float) -> None:
        pass

    def slack_waited(self, method: str, seconds: float) -> None:
        pass

    def slack_put_off(self, method: str) -> None:
        pass

    def model_answered(self, seconds: float, input_tokens: int | None, output_tokens: int | None) -> None:
        pass

    def model_failed(self, reason: str, seconds: float) -> None:
        pass

    def drafted(self, what: Drafted, drafter: str, *, fell_back: bool) -> None:
        pass

    def gave_context(self, seconds: float) -> None:
        pass


UNWATCHED: Observer = NobodyWatches()
