"""What a draft has cost so far, and how long it may still take."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

_CHARACTERS_A_TOKEN = 4


@dataclass
class Spent:
    """`input_tokens` and `output_tokens` are None until a server counts them; `until` is on the loop's clock.

    `estimated` are the tokens of questions that no server counted.
    """

    seconds: float
    input_tokens: int | None = None
    output_tokens: int | None = None
    estimated: int = 0
    until: float = field(init=False)

    def __post_init__(self) -> None:
        self.until = asyncio.get_running_loop().time() + self.seconds

    @property
    def tokens(self) -> int:
        """All that was read and written, as far as it is known or can be guessed."""
        return (self.input_tokens or 0) + (self.output_tokens or 0) + self.estimated

    def asked(self, messages: Sequence[dict[str, Any]]) -> int:
        """Count a question by its length, until its answer tells; returns that count."""
        guess = sum(len(message["content"]) for message in messages) // _CHARACTERS_A_TOKEN
        self.estimated += guess
        return guess

    def answered(self, completion: Any, guess: int) -> None:
        """Put what the server counted in the place of `guess`."""
        usage = getattr(completion, "usage", None)
        read, written = _count(usage, "prompt_tokens"), _count(usage, "completion_tokens")
        if read is not None:
            self.estimated -= guess
            self.input_tokens = (self.input_tokens or 0) + read
        if written is not None:
            self.output_tokens = (self.output_tokens or 0) + written


def _count(usage: Any, name: str) -> int | None:
    value = getattr(usage, name, None)
    return value if isinstance(value, int) and value >= 0 else None
