"""What becomes of a containment, on the timeline and in the audit trail, and how it ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.domain.containment import Called, Containment, ContainmentState, Purpose, Reading, outcome
from app.domain.incident import Incident
from app.domain.job import Job
from app.domain.timeline import Mark
from app.ports.store import UnitOfWork
from app.services.access import incident_of, lead_of
from app.services.actor import Actor
from app.services.acts import Act, record_act
from app.services.containment.owed import end_review, owe_review, owe_show, owe_word
from app.services.jobs.owed import owe_refresh
from app.services.problems import BOT
from app.services.record_keeping import short_time


@dataclass(frozen=True)
class Said:
    """What a person did: `action` for the audit trail, `verb` for the timeline, `words` their own, empty for none."""

    action: str
    verb: str
    mark: Mark
    words: str = ""


async def keep(
    uow: UnitOfWork,
    incident: Incident,
    actor: Actor,
    one: Containment,
    said: Said,
    now: datetime,
) -> None:
    """Put what a person decided or did on record, with their own words where there are any."""
    what = "undoing of" if one.purpose is Purpose.UNDO and said.action == "by_hand" else "containment of"
    text = f"{said.verb} the {what} {one.system_name} with “{one.name}”" + (f": {said.words}" if said.words else ".")
    detail = {"switch": f"{one.system}:{one.switch}", "state": one.state.value, "idempotency_key": one.order_key}
    await record_act(
        uow, incident, actor.user, Act(f"containment.{said.action}", _object(one), text, said.mark, detail), now
    )


async def end(
    uow: UnitOfWork,
    incident: Incident,
    one: Containment,
    called: tuple[Called, Sequence[Called]],
    now: datetime,
) -> None:
    """Write what a throw came to; `called`: how acting ended, and every reading after it."""
    acted, readings = called
    found = outcome(one.purpose, acted, readings)
    one.state, one.problem = found.state, found.problem
    if readings:
        one.after = readings[-1].as_read()
    one.verified_at = now if not found.problem or found.state is ContainmentState.CONTAINED else None
    if found.state is ContainmentState.CONTAINED and not found.problem:
        one.contained_at = now
    await _time_review(uow, incident, one, now)
    detail = {
        "switch": f"{one.system}:{one.switch}",
        "state": one.state.value,
        "idempotency_key": one.order_key,
        "problem": one.problem,
        "after": one.after["reading"] if one.after else Reading.UNKNOWN.value,
    }
    by = one.undo_by if one.purpose is Purpose.UNDO and one.undo_by else one.approved_by or one.asked_by
    mark = Mark.OBSERVATION if found.problem else Mark.ACTION
    act = Act(f"containment.{one.state.value}", _object(one), told(one, now), mark, detail)
    await record_act(uow, incident, by, act, now)
    await owe_show(uow, incident, one, now)
    if one.problem:
        # A message that is changed in place calls nobody back to the channel.
        await owe_word(uow, incident, one, [await lead_of(uow, incident), by], now)
    await owe_refresh(uow, incident, now)


async def lose(uow: UnitOfWork, incident: Incident, one: Containment, now: datetime) -> None:
    """Write that what was contained is so no more, though nobody took it back here."""
    one.state, one.verified_at = ContainmentState.NOT_CONTAINED, None
    one.problem = "its switch no longer reads as contained: somebody or something took it back outside this incident"
    await _time_review(uow, incident, one, now)
    detail = {"switch": f"{one.system}:{one.switch}", "state": one.state.value, "problem": one.problem}
    act = Act("containment.lost", _object(one), told(one, now), Mark.OBSERVATION, detail)
    await record_act(uow, incident, BOT, act, now)
    await owe_show(uow, incident, one, now)
    await owe_refresh(uow, incident, now)


async def _time_review(uow: UnitOfWork, incident: Incident, one: Containment, now: datetime) -> None:
    if one.state is not ContainmentState.CONTAINED:
        await end_review(uow, incident, one)
        one.review_at, one.review_due = None, False
    else:
        one.review_at, one.review_due = await owe_review(uow, incident, one, now), False


def told(one: Containment, now: datetime) -> str:
    """What it came to, as the timeline tells it."""
    name = f"{one.system_name}: {one.name}"
    if one.state is ContainmentState.CONTAINED and not one.problem:
        how = "said so by who did it" if one.by_hand and one.connector == "manual" else "verified"
        return f"Contained {name}, {how} at {short_time(now)}."
    if one.state is ContainmentState.CONTAINED:
        return f"Not undone, still contained, {name}: {one.problem}."
    if one.state is ContainmentState.UNDONE:
        return f"Undone {name}, verified at {short_time(now)}."
    verb = "Not verified as undone, count it as not contained" if one.purpose is Purpose.UNDO else "Not contained"
    return f"{verb}, {name}: {one.problem}."


def _object(one: Containment) -> str:
    return f"containment:{one.id}"


async def looked_up(uow: UnitOfWork, job: Job) -> tuple[Incident, Containment] | None:
    """The containment that a job is about, and its incident; None when there is none any more."""
    incident = await incident_of(uow, job)
    one = await uow.get(Containment, int(job.payload["containment_id"]))
    return None if incident is None or one is None else (incident, one)


async def locked(uow: UnitOfWork, job: Job) -> tuple[Incident, Containment] | None:
    """Both, locked, always in that order: the incident first."""
    if job.incident_id is None or await incident_of(uow, job) is None:
        return None
    incident = await uow.incidents.locked(job.incident_id)
    one = await uow.get(Containment, int(job.payload["containment_id"]))
    return None if one is None else (incident, one)
