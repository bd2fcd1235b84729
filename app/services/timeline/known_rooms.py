"""Which channels are incidents' own: remembered for a while, so that their messages need not look it up."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from app.domain.incident import Incident
from app.services.access import id_of

Room = tuple[str, str]
"""A workspace and a channel of it."""
Rooms = Mapping[Room, Incident]
KEPT_SECONDS = 30.0
MOST = 10_000


@dataclass
class KnownRooms:
    """Only what was found is remembered: another replica may give a channel its incident at any time."""

    monotonic: Callable[[], float] = time.monotonic
    _ids: dict[Room, tuple[float, int]] = field(default_factory=dict)

    def incident_id(self, room: Room) -> int | None:
        """The id of the channel's incident; None if it has to be looked up."""
        until, incident_id = self._ids.get(room, (0.0, 0))
        return incident_id if until > self.monotonic() else None

    def remember(self, rooms: Rooms) -> None:
        """These were just found."""
        if len(self._ids) > MOST:
            self._ids.clear()
        until = self.monotonic() + KEPT_SECONDS
        self._ids.update({room: (until, id_of(incident)) for room, incident in rooms.items()})

    def forget(self) -> None:
        """Look everything up again."""
        self._ids.clear()
