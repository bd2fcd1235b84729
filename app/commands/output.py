"""Where commands write: results on standard output, everything else on standard error."""

from __future__ import annotations

import sys


def say(text: str) -> None:
    """Write a result, ended by one newline."""
    sys.stdout.write(text if text.endswith("\n") else f"{text}\n")
    sys.stdout.flush()


def tell(text: str) -> None:
    """Write a line that is not part of the result."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()
