"""Declaring: the incident is on record at once; its room follows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from app.domain.audit import DECLARED, AuditRecord
from app.domain.errors import Invalid
from app.domain.incident import (
    TITLE_MAX,
    Archetype,
    Incident,
    Kind,
    Severity,
    StatusChange,
    SystemType,
    Visibility,
)
from app.domain.job import Job
from app.domain.timeline import Mark, Origin, TimelineEntry
from app.domain.visible_text import has_something_visible, one_line
from app.drafting.suggesting.suggesting import Suggester, suggester
from app.ports.clock import Clock
from app.ports.register import NO_REGISTER, Register
from app.ports.store import Store, UnitOfWork
from app.services.access import id_of
from app.services.actor import Actor
from app.services.jobs.owed import Effect, owed
from app.services.reminders import promises
from app.services.suggestions.suggestions import first_offer

Begun = Callable[[Incident, datetime], Job]
SUMMARY_MAX = 10_000
SYSTEM_MAX = 80
# A form that got no answer in time is sent again by whoever waits before it.
_NEWEST_LOOKED_AT = 100


@dataclass(frozen=True)
class Declaration:
    """What somebody declares. `invite`: users besides the declarer; `view_id`: the form that waits for the outcome."""

    title: str
    severity: Severity
    summary: str = ""
    archetype: Archetype = Archetype.UNSURE
    system_type: SystemType | None = None
    system: str | None = None
    visibility: Visibility = Visibility.PUBLIC
    kind: Kind = Kind.REAL
    invite: tuple[str, ...] = ()
    view_id: str | None = None


class _DeclaredAlready(Exception):
    """Undoes a transaction that would have declared an incident for the second time."""

    def __init__(self, incident: Incident) -> None:
        super().__init__(incident.key)
        self.incident = incident


@dataclass(frozen=True)
class Declare:
    """Declares incidents. `cadence`: minutes between updates by severity; missing ones have defaults.

    `begun`: what else an incident's beginning owes, in the same transaction.
    """

    store: Store
    clock: Clock
    cadence: Mapping[Severity, int] = field(default_factory=dict)
    register: Register = NO_REGISTER
    begun: Sequence[Begun] = ()
    suggester: Suggester = field(default_factory=suggester)

    async def submit(self, actor: Actor, declaration: Declaration) -> Incident:
        """Put the incident on record; its channel, card and announcement follow. Raises Invalid, naming the field.

        The same form declares once: when it comes again, the incident is the one that it declared.
        """
        try:
            return await self._declare(actor, declaration)
        except _DeclaredAlready as already:
            return already.incident

    async def _declare(self, actor: Actor, declaration: Declaration) -> Incident:
        title = _title(declaration.title)
        summary = _summary(declaration.summary)
        system = _system(declaration.system)
        if declaration.kind is Kind.IMPORTED:
            raise Invalid("Imported incidents come from an export; declare a real one or a drill.", field="kind")
        now = self.clock.now()
        suggestion = self.suggester.suggest(f"{title}\n{summary}")
        async with self.store.write() as uow:
            # Counting locks the workspace's count: of two that come at once, the later one sees the other's incident.
            number = await uow.incidents.next_number(actor.team)
            await _must_be_new(uow, actor, declaration.view_id, number)
            incident = Incident(
                team=actor.team,
                number=number,
                kind=declaration.kind,
                title=title,
                summary=summary,
                severity=declaration.severity,
                archetype=declaration.archetype,
                system_type=declaration.system_type,
                system=system,
                visibility=declaration.visibility,
                declared_at=now,
                declared_by=actor.user,
            )
            await self._take_type(uow, incident)
            await uow.add(incident)
            await uow.add_all([*_record(incident, now, declaration.view_id), first_offer(incident, suggestion, now)])
            await uow.similar.index(incident, f"{title}\n{summary}")
            await promises.set_first(uow, incident, now, promises.cadence(self.cadence, incident.severity))
            users = list(dict.fromkeys([actor.user, *declaration.invite]))
            room = {"users": users, "view_id": declaration.view_id or ""}
            await uow.jobs.add_all(
                [
                    owed(incident, Effect.ROOM_CREATE, now, payload=room),
                    *(begin(incident, now) for begin in self.begun),
                ]
            )
        return incident

    async def _take_type(self, uow: UnitOfWork, incident: Incident) -> None:
        """A system of the register tells of what type it is, unless the declarer has."""
        system = await self.register.system(uow, incident.team, incident.system) if incident.system else None
        if system is not None:
            incident.system_type = incident.system_type or system.system_type


def _title(given: str) -> str:
    title = one_line(given)
    if not has_something_visible(title):
        raise Invalid("Give the incident a title: a few words on what is going wrong.", field="title")
    if len(title) > TITLE_MAX:
        raise Invalid(
            f"The title has {len(title)} characters; at most {TITLE_MAX} fit. The rest can go into the summary.",
            field="title",
        )
    return title


def _summary(given: str) -> str:
    summary = given.strip()
    if len(summary) > SUMMARY_MAX:
        raise Invalid(
            f"The summary has {len(summary)} characters; at most {SUMMARY_MAX} fit. Post the rest in the channel.",
            field="summary",
        )
    return summary if has_something_visible(summary) else ""


def _system(given: str | None) -> str | None:
    system = one_line(given or "")
    if len(system) > SYSTEM_MAX:
        raise Invalid(f"The system's key has {len(system)} characters; at most {SYSTEM_MAX} fit.", field="system")
    return system or None


async def _must_be_new(uow: UnitOfWork, actor: Actor, view_id: str | None, number: int) -> None:
    """Raises _DeclaredAlready when this form has declared an incident before."""
    if view_id is None:
        return
    before = await uow.incidents.of_form(actor.team, actor.user, view_id, above=number - _NEWEST_LOOKED_AT)
    if before is not None:
        raise _DeclaredAlready(before)


def _record(
    incident: Incident, now: datetime, view_id: str | None
) -> Iterator[TimelineEntry | StatusChange | AuditRecord]:
    kind = "a drill" if incident.kind is Kind.DRILL else "this incident"
    yield _entry(incident, now, f"Declared {kind} as {incident.severity.upper()}: {incident.title}", Mark.MILESTONE)
    if incident.summary:
        yield _entry(incident, now, incident.summary, Mark.OBSERVATION)
    yield StatusChange(
        team=incident.team,
        incident_id=id_of(incident),
        status=incident.status,
        severity=incident.severity,
        at=now,
        by=incident.declared_by,
        reason="Declared",
    )
    yield AuditRecord(
        team=incident.team,
        incident_id=incident.id,
        at=now,
        by=incident.declared_by,
        action=DECLARED,
        object=f"incident:{incident.key}",
        detail={
            "severity": incident.severity,
            "kind": incident.kind,
            "visibility": incident.visibility,
            **({"form": view_id} if view_id else {}),
        },
    )


def _entry(incident: Incident, now: datetime, text: str, mark: Mark) -> TimelineEntry:
    return TimelineEntry(
        team=incident.team,
        incident_id=id_of(incident),
        at=now,
        author=incident.declared_by,
        origin=Origin.PERSON,
        mark=mark,
        text=text,
    )
