"""The two ways a payload travels to the app, seen from the sender's side."""

from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from app.workspace.model import Json

PayloadKind = Literal["events_api", "slash_commands", "interactive"]


@dataclass(frozen=True)
class Retry:
    """The how-manieth repetition this is, from 1, and what went wrong the time before."""

    number: int
    reason: str


@dataclass(frozen=True)
class Answer:
    """What the app said: an HTTP status, a body (parsed JSON, text, or None when empty), headers."""

    status: int
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        """True of a status that Slack takes for an acknowledgement."""
        return 200 <= self.status < 300


class NotReachedError(Exception):
    """No answer came; `reason` is Slack's word: `http_timeout`, `connection_failed` or `http_error`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Link(Protocol):
    """Carries one payload to the app and brings its answer back; raises `NotReachedError`."""

    async def send(
        self, kind: PayloadKind, payload: Json, timeout_seconds: float, retry: Retry | None = None
    ) -> Answer:
        """Deliver once and wait for the answer at most this long."""
        ...

    async def close(self) -> None:
        """Let go of every connection."""
        ...
