"""Where commands write: results on standard output, everything else on standard error."""

from __future__ import annotations

import sys


def say(text: str) -> None:
    """Write a result, ended by one newline."""
    sys.stdout.write(text if text.endswith("\n") else f"{text}\n")
    sys.stdout.flush()


def say_bytes(content: bytes) -> None:
    """Write a result that is no text, as it is."""
    sys.stdout.buffer.write(content)
    sys.stdout.flush()


def on_a_screen() -> bool:
    """True when results go to a terminal."""
    return sys.stdout.isatty()


def tell(text: str) -> None:
    """Write a line that is not part of the result."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()
