"""Incidents by key for those who are in no workspace: the command line and the JSON API."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.errors import Conflict, Invalid, NotFound
from app.domain.incident import Incident, number_of
from app.ports.store import Store

# Where incidents live that were imported before any Slack was connected.
LOCAL_TEAM = "local"


@dataclass(frozen=True)
class Catalogue:
    """Finds incidents across workspaces. Whoever may ask it may see everything, restricted incidents included."""

    store: Store

    async def find(self, name: str) -> Incident:
        """The incident of a key, or of `TEAM/KEY` where several workspaces have that key.

        Raises Invalid for what is no key, NotFound, or Conflict when the workspace has to be named.
        """
        team, _, key = name.strip().rpartition("/")
        if number_of(key) is None:
            raise Invalid(f"{name!r} is no incident key. Keys look like INC-42.")
        found = [one for one in await self._of_every_team(key) if not team or one.team == team]
        connected = [one for one in found if one.team != LOCAL_TEAM] or found
        if not connected:
            raise NotFound(f"There is no incident {name.strip().upper()}.")
        if len(connected) > 1:
            names = " or ".join(f"{one.team}/{one.key}" for one in connected)
            raise Conflict(f"{len(connected)} workspaces have an incident {connected[0].key}. Write {names}.")
        return connected[0]

    async def newest(self, limit: int, *, restricted: bool = True) -> Sequence[Incident]:
        """The newest incidents of every workspace, whatever their status; without `restricted`, public ones only."""
        found: list[Incident] = []
        async with self.store.read() as uow:
            for team in await uow.incidents.teams():
                found += await uow.incidents.recent(team, limit=limit, restricted=restricted)
        return sorted(found, key=lambda one: one.declared_at, reverse=True)[:limit]

    async def home_team(self) -> str:
        """The workspace that an imported incident belongs to: the only one known so far, else `local`."""
        async with self.store.read() as uow:
            teams = [team for team in await uow.incidents.teams() if team != LOCAL_TEAM]
        return teams[0] if len(teams) == 1 else LOCAL_TEAM

    async def _of_every_team(self, key: str) -> list[Incident]:
        async with self.store.read() as uow:
            found = [await uow.incidents.by_key(team, key) for team in await uow.incidents.teams()]
        return [one for one in found if one is not None]
