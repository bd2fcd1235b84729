"""The deadlines of an incident kept in step with what is known: rows that tick, and the jobs that remind of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from app.domain.clock_record import (
    ClockAnswers,
    ClockMessage,
    ClockPhase,
    ClockStart,
    Decision,
    NotificationClock,
    PhaseState,
)
from app.domain.columns import instant
from app.domain.incident import Incident
from app.domain.job import Job
from app.domain.notification_clock import (
    LEVELS,
    Deadline,
    Holidays,
    Known,
    Level,
    Submission,
    days_of,
    deadlines,
    reminder_times,
)
from app.domain.regime import Answer, Answers, Event, Knowledge, Regime
from app.ports.store import UnitOfWork
from app.services.access import id_of
from app.services.jobs.owed import owe_refresh

TELL = "clock.tell"
SHOW = "clock.show"
# Told whatever the hour; the earlier ones only while they still lie ahead.
_ALWAYS = frozenset({Level.END, Level.LATE})


@dataclass(frozen=True)
class Law:
    """What is known of the law, and how this organisation counts days: its zone and its holidays by calendar."""

    knowledge: Knowledge
    home: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))
    holidays: Holidays = field(default_factory=dict)


@dataclass(frozen=True)
class Duties:
    """All that is on record of an incident's notification duties."""

    answers: Answers
    asked: bool
    starts: Mapping[Event, ClockStart]
    clocks: Mapping[str, NotificationClock]
    phases: Sequence[ClockPhase]

    def known_of(self, regime: Regime) -> Known:
        """What the regime's deadlines follow from."""
        sent = [Submission(one.phase, one.sent_at) for one in self.phases if one.regime == regime.key and one.sent_at]
        return Known(self.answers, {event: start.at for event, start in self.starts.items()}, sent)


async def duties_of(uow: UnitOfWork, incident: Incident) -> Duties:
    """What is on record."""
    incident_id = id_of(incident)
    answered = await uow.of_incident(ClockAnswers, incident_id)
    return Duties(
        answers={fact: Answer(given) for fact, given in answered[-1].answers.items()} if answered else {},
        asked=bool(answered),
        starts={one.event: one for one in await uow.of_incident(ClockStart, incident_id)},
        clocks={one.regime: one for one in await uow.of_incident(NotificationClock, incident_id)},
        phases=await uow.of_incident(ClockPhase, incident_id),
    )


async def keep_in_step(uow: UnitOfWork, incident: Incident, law: Law, now: datetime) -> None:
    """Let tick what is due by what is on record now, and nothing else; a deadline that moved is reminded of anew."""
    duties = await duties_of(uow, incident)
    rows = {(one.regime, one.phase, one.number): one for one in duties.phases}
    due = {(regime.key, one.phase, one.number): (regime, one) for regime, one in _due(duties, law)}
    for place, row in rows.items():
        if row.state is PhaseState.TICKING and place not in due:
            row.state = PhaseState.WITHDRAWN
            await _disarm(uow, row)
    for place, (regime, deadline) in due.items():
        await _tick(uow, incident, rows.get(place) or _row(incident, regime, deadline), deadline, now)
    await _owe_show(uow, incident, now)
    await owe_refresh(uow, incident, now)


async def sent_row(uow: UnitOfWork, incident: Incident, regime: Regime, phase: str) -> ClockPhase:
    """The row on which the next submission of a phase is recorded, whether it was due or not."""
    mine = [one for one in await uow.of_incident(ClockPhase, id_of(incident)) if one.regime == regime.key]
    of_phase = [one for one in mine if one.phase == phase]
    open_row = next((one for one in of_phase if one.state is not PhaseState.SENT), None)
    if open_row is not None:
        await _disarm(uow, open_row)
        return open_row
    row = ClockPhase(
        team=incident.team,
        incident_id=id_of(incident),
        regime=regime.key,
        phase=phase,
        number=len(of_phase) + 1,
        title=title_of(regime, phase),
    )
    await uow.add(row)
    return row


def title_of(regime: Regime, phase: str) -> str:
    """`GDPR, supervisory authority: Notification`"""
    found = regime.phase(phase)
    return f"{regime.name}: {found.name if found else phase}"


async def next_deadline(uow: UnitOfWork, incident: Incident) -> ClockPhase | None:
    """The deadline that comes first, None while none ticks."""
    ticking = [one for one in await uow.of_incident(ClockPhase, id_of(incident)) if one.state is PhaseState.TICKING]
    return min(ticking, key=lambda one: (one.due_at or one.started_at, one.id), default=None)


def lock_of(incident_id: int) -> str:
    """The lock that keeps reminders of one incident's clocks from running side by side."""
    return f"clocks:{incident_id}"


def _due(duties: Duties, law: Law) -> list[tuple[Regime, Deadline]]:
    found: list[tuple[Regime, Deadline]] = []
    for key, clock in duties.clocks.items():
        regime = law.knowledge.regime(key)
        if regime is None or clock.decision is not Decision.APPLIES:
            continue
        days = days_of(regime, law.home, law.holidays)
        found += [(regime, one) for one in deadlines(regime, duties.known_of(regime), days)]
    return found


def _row(incident: Incident, regime: Regime, deadline: Deadline) -> ClockPhase:
    return ClockPhase(
        team=incident.team,
        incident_id=id_of(incident),
        regime=regime.key,
        phase=deadline.phase,
        number=deadline.number,
        title=title_of(regime, deadline.phase),
    )


async def _tick(uow: UnitOfWork, incident: Incident, row: ClockPhase, deadline: Deadline, now: datetime) -> None:
    ticks_as_before = row.id is not None and row.state is PhaseState.TICKING and row.due_at == deadline.due_at
    row.counted_from, row.started_at = deadline.counted_from, deadline.started_at
    if ticks_as_before:
        return
    row.state, row.due_at, row.told, row.answered = PhaseState.TICKING, deadline.due_at, None, None
    if row.id is None:
        await uow.add(row)
    await _disarm(uow, row)
    await _arm(uow, incident, row, deadline, now)


async def _arm(uow: UnitOfWork, incident: Incident, row: ClockPhase, deadline: Deadline, now: datetime) -> None:
    for level, at in reminder_times(deadline.started_at, deadline.due_at).items():
        if at < now and level not in _ALWAYS:
            continue
        await uow.jobs.add(
            Job(
                team=incident.team,
                incident_id=incident.id,
                kind=TELL,
                key=_key(row, level),
                lock=lock_of(id_of(incident)),
                payload={
                    "phase_id": row.id,
                    "level": level.value,
                    "due_at": instant(deadline.due_at),
                    "owed_at": instant(max(at, now)),
                },
                due_at=at,
            )
        )


async def _disarm(uow: UnitOfWork, row: ClockPhase) -> None:
    for level in LEVELS:
        await uow.jobs.cancel(row.team, _key(row, level))


async def _owe_show(uow: UnitOfWork, incident: Incident, now: datetime) -> None:
    """Owe that the reminders which stand show what still ticks, or go."""
    if not await uow.of_incident(ClockMessage, id_of(incident)):
        return
    await uow.jobs.add(
        Job(
            team=incident.team,
            incident_id=incident.id,
            kind=SHOW,
            key=f"{incident.key}:{SHOW}",
            lock=lock_of(id_of(incident)),
            due_at=now,
        )
    )


def _key(row: ClockPhase, level: Level) -> str:
    return f"clock:{row.id}:{level.value}"
