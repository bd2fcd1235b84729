"""Questions about incidents and the people in their roles."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import func, text
from sqlalchemy import select as sql_select
from sqlmodel import col, select

from app.domain.audit import DECLARED, AuditRecord
from app.domain.errors import NotFound
from app.domain.incident import STILL_OPEN, Incident, Kind, Severity, Status, Visibility, number_of
from app.domain.roles import Role, RoleHolding
from app.store.query import Questions
from app.store.tables import IncidentCounter

# The largest number that the column can hold; a longer one names no incident.
LAST_NUMBER = 2**31 - 1


class IncidentQuestions(Questions):
    """Incidents. In a transaction that writes, one found by key, channel or id is locked until the end."""

    async def next_number(self, team: str) -> int:
        first = self._insert(IncidentCounter).values(team=team, last=1)
        counted = first.on_conflict_do_update(
            index_elements=["team"], set_={"last": col(IncidentCounter.last) + 1}
        ).returning(col(IncidentCounter.last))
        number: int = (await self._run(counted)).scalar_one()
        return number

    async def teams(self) -> Sequence[str]:
        return await self._all(select(IncidentCounter.team).order_by(col(IncidentCounter.team)))

    async def by_key(self, team: str, key: str) -> Incident | None:
        number = number_of(key)
        if number is None or number > LAST_NUMBER:
            return None
        return await self._first(self._held(select(Incident).where(Incident.team == team, Incident.number == number)))

    async def by_channel(self, team: str, channel: str) -> Incident | None:
        found = await self.by_channels(team, [channel])
        return found.get(channel)

    async def by_channels(self, team: str, channels: Collection[str]) -> Mapping[str, Incident]:
        wanted = select(Incident).where(Incident.team == team, col(Incident.channel_id).in_(channels))
        # Always in the same order, so that two transactions with several incidents never wait for each other.
        found = await self._all(self._held(wanted.order_by(col(Incident.id))))
        return {incident.channel_id: incident for incident in found if incident.channel_id is not None}

    async def locked(self, incident_id: int) -> Incident:
        incident = await self._first(self._held(select(Incident).where(Incident.id == incident_id)))
        if incident is None:
            raise NotFound("That incident no longer exists.")
        return incident

    async def open(self, team: str, *, limit: int = 50) -> Sequence[Incident]:
        found: list[Incident] = []
        # One question per severity reads straight from the index; sorting all open incidents would not stay flat.
        for severity in Severity:
            newest = (
                select(Incident)
                .where(Incident.team == team, Incident.severity == severity, text(STILL_OPEN))
                .order_by(col(Incident.number).desc())
            )
            found += await self._all(newest.limit(limit - len(found)))
            if len(found) >= limit:
                break
        return found

    async def recent(self, team: str, *, limit: int = 20, restricted: bool = True) -> Sequence[Incident]:
        newest = select(Incident).where(Incident.team == team).order_by(col(Incident.number).desc()).limit(limit)
        public = newest.where(col(Incident.visibility) == Visibility.PUBLIC)
        return await self._all(newest if restricted else public)

    async def of_form(self, team: str, user: str, form: str, *, above: int) -> Incident | None:
        declared = select(Incident).join(AuditRecord, col(AuditRecord.incident_id) == Incident.id)
        by_them = declared.where(Incident.team == team, Incident.number > above, Incident.declared_by == user)
        return await self._first(
            by_them.where(AuditRecord.action == DECLARED, col(AuditRecord.detail)["form"].as_string() == form)
        )

    async def of_system(self, team: str, system: str, *, limit: int = 20) -> Sequence[Incident]:
        of_it = select(Incident).where(Incident.team == team, Incident.system == system)
        return await self._all(of_it.order_by(col(Incident.number).desc()).limit(limit))

    async def open_counts(self) -> Mapping[Severity, int]:
        real = sql_select(col(Incident.severity), func.count()).where(text(STILL_OPEN), col(Incident.kind) == Kind.REAL)
        return dict((await self._run(real.group_by(col(Incident.severity)))).all())

    async def with_channel(self, *, open_only: bool = True) -> Sequence[Incident]:
        # In the order of the index of open incidents, so that the ended ones aren't read through.
        wanted = select(Incident).where(col(Incident.channel_id).is_not(None))
        wanted = wanted.order_by(col(Incident.team), col(Incident.severity), col(Incident.number))
        return await self._all(wanted.where(text(STILL_OPEN)) if open_only else wanted)

    async def resolved_with_channel(self, *, limit: int) -> Sequence[Incident]:
        wanted = select(Incident).where(Incident.status == Status.RESOLVED, col(Incident.channel_id).is_not(None))
        return await self._all(wanted.order_by(col(Incident.id).desc()).limit(limit))


class RoleQuestions(Questions):
    """Who holds and held which role."""

    async def holders(self, incident_id: int) -> Mapping[Role, RoleHolding]:
        held = select(RoleHolding).where(RoleHolding.incident_id == incident_id, col(RoleHolding.to_at).is_(None))
        return {holding.role: holding for holding in await self._all(held)}

    async def history(self, incident_id: int) -> Sequence[RoleHolding]:
        holdings = select(RoleHolding).where(RoleHolding.incident_id == incident_id)
        return await self._all(holdings.order_by(col(RoleHolding.from_at), col(RoleHolding.id)))

    async def incidents_of(self, team: str, user: str) -> frozenset[int]:
        held = select(RoleHolding.incident_id).where(
            RoleHolding.team == team, RoleHolding.user == user, col(RoleHolding.to_at).is_(None)
        )
        return frozenset(await self._all(held))
