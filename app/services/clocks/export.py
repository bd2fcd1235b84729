"""Notification clocks as the record and its Markdown show them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from app.domain.clock_record import ClockPhase, ClockStart, NotificationClock
from app.domain.columns import instant
from app.ports.store import UnitOfWork
from app.services.records.inert_markdown import inert

Json = dict[str, Any]
NOT_ADVICE = "Not legal advice: each clock names its source and how good that is; legal decided."


async def clock_records(uow: UnitOfWork, incident_id: int) -> list[Json]:
    """Every regime that was decided, with why, what its clocks count from, what was due and what was sent."""
    phases = await uow.of_incident(ClockPhase, incident_id)
    starts = await uow.of_incident(ClockStart, incident_id)
    return [_clock(one, phases, starts) for one in await uow.of_incident(NotificationClock, incident_id)]


def clocks_markdown(record: Mapping[str, Any], names: Mapping[str, str]) -> Iterable[str]:
    """A part of its own where something was decided; nothing otherwise."""
    if not record["clocks"]:
        return
    yield "## Notification clocks"
    yield NOT_ADVICE
    for clock in record["clocks"]:
        verb = "applies" if clock["decision"] == "applies" else "does not apply"
        who = names.get(clock["decided_by"], clock["decided_by"])
        lines = [
            f"- **{inert(clock['name'])}** ({inert(clock['article'])}) {verb}, decided {_time(clock['decided_at'])} "
            f"by {inert(who)}: {inert(clock['reason'])}",
            f"  - source: {inert(clock['source'])}; confidence: {clock['confidence']}",
            *(f"  - {_phase(one, names)}" for one in clock["phases"]),
        ]
        yield "\n".join(lines)


def _clock(clock: NotificationClock, phases: Iterable[ClockPhase], starts: Iterable[ClockStart]) -> Json:
    mine = [one for one in phases if one.regime == clock.regime]
    return {
        "regime": clock.regime,
        "name": clock.name,
        "article": clock.article,
        "source": clock.source,
        "confidence": clock.confidence.value,
        "decision": clock.decision.value,
        "reason": clock.reason,
        "decided_at": instant(clock.decided_at),
        "decided_by": clock.decided_by,
        "starts": [
            {
                "event": one.event.value,
                "at": instant(one.at),
                "stamped_at": instant(one.stamped_at),
                "by": one.stamped_by,
            }
            for one in starts
        ],
        "phases": [_phase_record(one) for one in mine],
        "not_legal_advice": True,
    }


def _phase_record(row: ClockPhase) -> Json:
    return {
        "phase": row.phase,
        "number": row.number,
        "title": row.title,
        "state": row.state.value,
        "counted_from": row.counted_from,
        "started_at": _instant(row.started_at),
        "due_at": _instant(row.due_at),
        "sent_at": _instant(row.sent_at),
        "sent_by": row.sent_by,
        "what": row.what or None,
    }


def _phase(phase: Mapping[str, Any], names: Mapping[str, str]) -> str:
    due = f"due {_time(phase['due_at'])}" if phase["due_at"] else "no fixed time"
    if phase["state"] == "sent":
        who = names.get(phase["sent_by"], phase["sent_by"])
        return f"{inert(phase['title'])}, {due}: sent {_time(phase['sent_at'])} by {inert(who)}: {inert(phase['what'])}"
    return f"{inert(phase['title'])}, {due}: {phase['state']}"


def _instant(value: datetime | None) -> str | None:
    return instant(value) if value is not None else None


def _time(value: str) -> str:
    return f"{datetime.fromisoformat(value):%Y-%m-%d %H:%M} UTC"
