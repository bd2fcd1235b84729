"""Incidents found by their words, as use cases ask the store for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from app.domain.incident import Incident


@dataclass(frozen=True)
class Alike:
    """An incident that shares words with what was looked for, the rarest first."""

    incident: Incident
    shared: Sequence[str]


class SimilarIncidents(Protocol):
    """The words of incidents, and who shares them."""

    async def index(self, incident: Incident, text: str) -> None:
        """Let the incident be found by these words from now on, and by no others."""
        ...

    async def find(self, team: str, text: str, *, apart_from: int, limit: int = 3) -> Sequence[Alike]:
        """Incidents of the workspace that share the most telling words with the text, the likest first.

        Restricted incidents and drills are never among them. A word counts for more the fewer incidents have it; one
        that shares too little is left out.
        """
        ...
