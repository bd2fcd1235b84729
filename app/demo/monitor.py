"""What watches the systems of the demo, and reports over HTTP as any sender of signals does."""

from __future__ import annotations

from dataclasses import dataclass

import aiohttp

SENDER = "monitor"


@dataclass(frozen=True)
class Monitor:
    """A sender of signals: where the product listens, and the token of `SIGNALS_TOKENS` that it sends with."""

    url: str
    token: str

    async def reports(self, **facts: str) -> None:
        """Send one signal. Raises aiohttp.ClientResponseError when it isn't taken."""
        asked = {"Authorization": f"Bearer {self.token}"}
        async with (
            aiohttp.ClientSession(raise_for_status=True) as session,
            session.post(f"{self.url}/signals/generic", json=facts, headers=asked),
        ):
            pass
