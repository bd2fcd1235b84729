"""The App Homes that may be open just now: redrawn when what they show has changed."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

OPEN_SECONDS = 1800.0
FOLLOWED = 25


@dataclass
class _Shown:
    view: dict[str, Any]
    until: float


@dataclass
class Homes:
    """Who looked at App Home within the half hour, and what it shows them; at most 25 people, the latest ones.

    Slack tells when somebody opens App Home and never when they leave, and draws it anew for none but the one who opens
    it. What isn't followed here is right again as soon as it is opened.
    """

    monotonic: Callable[[], float] = time.monotonic
    _shown: OrderedDict[tuple[str, str], _Shown] = field(default_factory=OrderedDict)

    def opened(self, team: str, user: str, view: dict[str, Any]) -> None:
        """Remember that this person sees `view` since now."""
        self._shown[team, user] = _Shown(view, self.monotonic() + OPEN_SECONDS)
        self._shown.move_to_end((team, user))
        while len(self._shown) > FOLLOWED:
            self._shown.popitem(last=False)

    def viewers(self, team: str) -> list[str]:
        """Who may have it open in that workspace."""
        now = self.monotonic()
        for place in [place for place, shown in self._shown.items() if shown.until <= now]:
            del self._shown[place]
        return [user for workspace, user in self._shown if workspace == team]

    def changed(self, team: str, user: str, view: dict[str, Any]) -> bool:
        """True when the page differs from what is shown; it counts as shown from then on. False for who left."""
        shown = self._shown.get((team, user))
        if shown is None or shown.view == view:
            return False
        shown.view = view
        return True
