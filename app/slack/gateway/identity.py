"""Who the app is in one workspace, asked of Slack once."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from app.slack.events import Own
from app.slack.gateway.calls import Calls


@dataclass(frozen=True)
class Identity:
    """The app's bot in a workspace. `url` is the workspace's own address, with a slash at its end."""

    team: str
    team_name: str
    url: str
    bot_user_id: str
    bot_id: str
    bot_name: str = ""

    @property
    def own(self) -> Own:
        return Own(self.bot_user_id, self.bot_id)


@dataclass
class WhoAmI:
    """Asks `auth.test` the first time; keeps the answer, never a failure."""

    calls: Calls
    _known: Identity | None = None
    _asking: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def known(self) -> bool:
        """Whether Slack has answered yet."""
        return self._known is not None

    async def get(self) -> Identity:
        """The identity. Raises ChatRefused (`invalid_auth` …), ChatBusy or ChatUnsure."""
        async with self._asking:
            if self._known is None:
                answer = await self.calls.call("auth.test")
                self._known = Identity(
                    str(answer.get("team_id") or ""),
                    str(answer.get("team") or ""),
                    str(answer.get("url") or "").rstrip("/") + "/",
                    str(answer.get("user_id") or ""),
                    str(answer.get("bot_id") or ""),
                    str(answer.get("user") or ""),
                )
            return self._known
