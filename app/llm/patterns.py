"""Patterns matched in a process of their own: one that would run for ever is killed, and nobody else waits for it."""

from __future__ import annotations

import asyncio
import json
import re
import sys

from app.ports.trial import TooSlow

SECONDS = 2.0
_SCRIPT = (
    "import json, re, sys; "
    "given = json.load(sys.stdin); "
    "sys.stdout.write('yes' if re.search(given['pattern'], given['text'], re.S) else 'no')"
)


class PatternProcess:
    """Implements app.ports.trial.Patterns. `seconds`: how long a match may take, starting the process included."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self._seconds = seconds

    async def found(self, pattern: str, text: str) -> bool:
        """Raises TooSlow, and ValueError for what is no pattern."""
        try:
            re.compile(pattern)
        except (re.error, OverflowError, RecursionError) as error:
            raise ValueError(f"that is no pattern: {error}") from None
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-I", "-S", "-c", _SCRIPT),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
        try:
            given = json.dumps({"pattern": pattern, "text": text}).encode()
            said, _ = await asyncio.wait_for(process.communicate(given), self._seconds)
        except TimeoutError:
            raise TooSlow(pattern) from None
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        return said == b"yes"
