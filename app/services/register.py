"""The AI system register: what is in it, and changes to it on record."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pydantic import ValidationError

from app.domain.audit import AuditRecord
from app.domain.errors import Conflict, Invalid, NotFound
from app.domain.follow_up import FollowUp, FollowUpState
from app.domain.incident import Incident
from app.domain.register import RegisterFile, System
from app.domain.register_entry import (
    SWITCHES,
    RegisterChange,
    RegisterEntry,
    Standing,
    difference,
    fields_of,
    put_on_top,
    standing,
)
from app.knowledge.marked_yaml import said_plainly
from app.ports.clock import Clock
from app.ports.store import Store, UnitOfWork
from app.services.access import id_of, locked_for, may_see
from app.services.actor import Actor
from app.services.jobs.owed import owe_refresh
from app.services.playbooks.gates import owe_plan
from app.services.record_keeping import keep_audit, keep_entry

SHOWN_INCIDENTS = 20
KEY_MAX = 80
Given = Mapping[str, Any]


@dataclass(frozen=True)
class Sheet:
    """One entry with what hangs on it, as one person may see it: the newest come first."""

    standing: Standing
    incidents: Sequence[Incident] = ()
    changes: Sequence[RegisterChange] = ()
    follow_ups: Sequence[tuple[Incident, FollowUp]] = ()

    @property
    def to_do(self) -> Sequence[tuple[Incident, FollowUp]]:
        """Corrective actions that are still open, each with its incident."""
        return [one for one in self.follow_ups if one[1].state is FollowUpState.OPEN]

    @property
    def accepted(self) -> Sequence[tuple[Incident, FollowUp]]:
        """Risks that stay: corrective actions that were dropped, each with a reason."""
        return [one for one in self.follow_ups if one[1].state is FollowUpState.DROPPED]


@dataclass(frozen=True)
class SystemRegister:
    """The register of every workspace: the operator's file, and what people added and changed on top of it."""

    store: Store
    clock: Clock
    file: RegisterFile = field(default_factory=RegisterFile)

    async def system(self, uow: UnitOfWork, team: str, key: str) -> System | None:
        """The entry of that key, None if there is none."""
        found = await self._standing(uow, team, key)
        return found.system if found else None

    async def systems(self, uow: UnitOfWork, team: str) -> Sequence[System]:
        """All entries, in order of their names."""
        written = self.file.of(team)
        entries = {entry.key: entry for entry in await uow.register.entries(team)}
        found = [standing(written.get(key), entries.get(key)) for key in {**written, **entries}]
        systems = [one.system for one in found if one is not None]
        return sorted(systems, key=lambda system: (system.name.casefold(), system.key))

    async def entries(self, actor: Actor, words: str = "") -> Sequence[System]:
        """The entries in which all of `words` stand, in order of their names; all entries without words."""
        async with self.store.read() as uow:
            return [system for system in await self.systems(uow, actor.team) if system.matches(words)]

    async def sheet(self, actor: Actor, key: str) -> Sheet:
        """One entry with its incidents that the actor may see. Raises NotFound."""
        async with self.store.read() as uow:
            found = await self._standing(uow, actor.team, key.strip().lower())
            if found is None:
                raise NotFound(f"There is no system `{key.strip()[:40]}` in the register. `register list` shows them.")
            newest = await uow.incidents.of_system(actor.team, found.system.key, limit=SHOWN_INCIDENTS)
            seen = [one for one in newest if await may_see(uow, actor, one)]
            return Sheet(
                found,
                seen,
                await uow.register.changes(actor.team, found.system.key),
                [(one, action) for one in seen for action in await uow.of_incident(FollowUp, id_of(one))],
            )

    async def save(
        self, actor: Actor, given: Given, *, key: str | None = None, incident_key: str | None = None
    ) -> System:
        """Change the entry of that key by the fields `given`, or add one where `key` is None; the entry as it then is.

        `incident_key`: the incident during which somebody does so, which is then one of that system. An added entry
        gets its key from its name where none is given. Raises Invalid naming the field, NotFound, or Conflict.
        """
        now = self.clock.now()
        async with self.store.write() as uow:
            incident = await locked_for(uow, actor, incident_key) if incident_key else None
            before = await self._before(uow, actor, key)
            wanted = _wanted(before, given)
            if before is None:
                await self._must_be_free(uow, actor, wanted)
            elif before == wanted and (incident is None or incident.system == wanted.key):
                raise Invalid("Nothing would change. Change a field, or cancel.")
            await self._keep(uow, actor, before, wanted, (now, incident))
            if incident is not None:
                await _put_on_incident(uow, incident, actor, now, wanted, added=before is None)
        return wanted

    async def name(self, actor: Actor, incident_key: str, key: str) -> Incident:
        """Say which system of the register an incident is about. Raises NotFound; Conflict when it is that one."""
        now = self.clock.now()
        async with self.store.write() as uow:
            incident = await locked_for(uow, actor, incident_key)
            system = await self.system(uow, actor.team, key)
            if system is None:
                raise NotFound("That system is no longer in the register. Nothing was changed.", field="system")
            if incident.system == system.key:
                raise Conflict(f"{incident.key} is about {system.name} already.", field="system")
            await _put_on_incident(uow, incident, actor, now, system, added=False)
        return incident

    async def _standing(self, uow: UnitOfWork, team: str, key: str) -> Standing | None:
        return standing(self.file.of(team).get(key), await uow.register.entry(team, key))

    async def _before(self, uow: UnitOfWork, actor: Actor, key: str | None) -> System | None:
        if key is None:
            return None
        found = await self.system(uow, actor.team, key)
        if found is None:
            raise NotFound("That system is no longer in the register. Nothing was changed.")
        return found

    async def _must_be_free(self, uow: UnitOfWork, actor: Actor, wanted: System) -> None:
        there = await self.system(uow, actor.team, wanted.key)
        if there is not None:
            raise Conflict(
                f"The register has {wanted.key} already: {there.name}. Choose that one, or give this another key.",
                field="key",
            )

    async def _keep(
        self,
        uow: UnitOfWork,
        actor: Actor,
        before: System | None,
        wanted: System,
        when: tuple[datetime, Incident | None],
    ) -> None:
        if before == wanted:
            return
        now, incident = when
        entry = await uow.register.entry(actor.team, wanted.key)
        new = entry is None
        entry = entry or RegisterEntry(team=actor.team, key=wanted.key, entry={}, changed_at=now, changed_by=actor.user)
        put_on_top(entry, self.file.of(actor.team).get(wanted.key), wanted)
        entry.changed_at, entry.changed_by = now, actor.user
        was, now_is = difference(before, wanted)
        incident_id = incident.id if incident else None
        changed = RegisterChange(
            team=actor.team,
            key=wanted.key,
            at=now,
            by=actor.user,
            incident_id=incident_id,
            before=was,
            after=now_is,
        )
        audited = AuditRecord(
            team=actor.team,
            incident_id=incident_id,
            at=now,
            by=actor.user,
            action="register.changed" if before else "register.added",
            object=f"system:{wanted.key}",
            detail={"before": was, "after": now_is},
        )
        await uow.add_all([*([entry] if new else []), changed, audited])


def key_for(name: str) -> str:
    """A key made from a name: `Support bot (EU)` becomes `support-bot-eu`; empty where nothing of it is left."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9_]+", "-", plain).strip("-_")[:KEY_MAX].rstrip("-_")


def _wanted(before: System | None, given: Given) -> System:
    fields = {name: value for name, value in given.items() if name != SWITCHES}
    if before is None:
        fields["key"] = fields.get("key") or key_for(str(fields.get("name", "")))
        if not fields["key"]:
            raise Invalid("Give it a key of lower-case letters and digits, such as support-bot.", field="key")
    else:
        fields = fields_of(before) | fields | {"key": before.key}
    try:
        return System.model_validate(fields)
    except ValidationError as error:
        detail = error.errors(include_url=False)[0]
        name = str(detail["loc"][0]) if detail["loc"] else "name"
        raise Invalid(f"This {said_plainly(detail)}. Nothing was changed.", field=name) from None


async def _put_on_incident(
    uow: UnitOfWork, incident: Incident, actor: Actor, now: datetime, system: System, *, added: bool
) -> None:
    if incident.system == system.key and not added:
        return
    text = f"The system is {system.name} ({system.key})."
    if added:
        text = f"Added {system.name} ({system.key}) to the register of AI systems; it was not in it."
    await keep_entry(uow, incident, actor, now, text)
    detail = {"before": incident.system, "after": system.key}
    await keep_audit(uow, incident, actor, now, ("incident.system", f"system:{system.key}"), detail)
    incident.system = system.key
    if incident.system_type is None:
        incident.system_type = system.system_type
        await owe_plan(uow, incident, now)
    await owe_refresh(uow, incident, now)
