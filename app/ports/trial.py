"""What a trial asks of the outside: the system under trial, and a pattern matched within a time limit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


class TargetFailed(Exception):
    """The target gave no answer; `str(error)` is one short plain clause such as "the model timed out"."""


class TooSlow(Exception):
    """A pattern did not come to an end within its time."""


@dataclass(frozen=True)
class Reply:
    """The target's answer and the tokens that asking cost, estimated where the server didn't say."""

    text: str
    tokens: int


class Target(Protocol):
    """The one system that trials may ask; the operator configured it, nobody else can name another."""

    @property
    def name(self) -> str:
        """What it is, for screens and records."""
        ...

    async def ask(self, prompt: str) -> Reply:
        """One fresh answer to the prompt alone. Raises TargetFailed."""
        ...


class Patterns(Protocol):
    async def found(self, pattern: str, text: str) -> bool:
        """Whether the pattern matches anywhere in the text. Raises TooSlow, and ValueError for what is no pattern."""
        ...
