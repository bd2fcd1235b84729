"""What a trial owes: its run, and its message in the channel; and how it ends on the record."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from app.domain.columns import instant
from app.domain.incident import Incident
from app.domain.job import Job
from app.domain.timeline import Mark
from app.domain.trial import TrialPhase
from app.domain.trial_record import Trial, TrialState, series_of, standing
from app.ports.store import UnitOfWork
from app.services.access import id_of
from app.services.actor import Actor
from app.services.record_keeping import keep_audit, keep_entry

RUN = "trial.run"
SHOW = "trial.show"
PHASES = {TrialPhase.BEFORE: "before the fix", TrialPhase.AFTER: "after the fix"}


async def owe_run(uow: UnitOfWork, incident: Incident, trial: Trial, now: datetime) -> None:
    """Owe that the tries which have no outcome yet are made."""
    await _owe(uow, incident, trial, RUN, now)


async def owe_show(uow: UnitOfWork, incident: Incident, trial: Trial, at: datetime) -> None:
    """Owe that the message shows the trial as it is at that time; asked again before, it is shown once."""
    if incident.channel_id is not None:
        await _owe(uow, incident, trial, SHOW, at)


async def verdict_of(uow: UnitOfWork, incident: Incident, trial: Trial) -> str:
    """What all trials of its prompt show; empty for an override."""
    trials: Sequence[Trial] = await uow.of_incident(Trial, id_of(incident))
    found = next((one for one in series_of(trials) if any(each.id == trial.id for each in one.trials)), None)
    return found.verdict.sentence if found else ""


async def fix_tried(uow: UnitOfWork, incident: Incident) -> str:
    """What the trials show of the fix; empty while nothing was tried."""
    trials = await uow.of_incident(Trial, id_of(incident))
    return standing(trials)[1] if trials else ""


async def fix_standing(uow: UnitOfWork, incident: Incident) -> str:
    """Whether the fix counts as verified, said also where nothing was tried."""
    return standing(await uow.of_incident(Trial, id_of(incident)))[1]


async def end(uow: UnitOfWork, incident: Incident, trial: Trial, state: TrialState, now: datetime) -> None:
    """The trial is over, or waits to be judged: an entry says what it came to, and the message shows it."""
    trial.state, trial.ended_at = state, now
    if state is not TrialState.JUDGING:
        actor = Actor(incident.team, trial.asked_by)
        text = f"{told(trial)} {await verdict_of(uow, incident, trial)}".strip()
        await keep_entry(uow, incident, actor, now, text, Mark.EVIDENCE)
        detail = {"state": state.value, "tries": trial.tries, "failures": trial.failures, "tokens": trial.tokens}
        await keep_audit(uow, incident, actor, now, ("trial.ended", f"trial:{trial.number}"), detail)
    await owe_show(uow, incident, trial, now)


def told(trial: Trial) -> str:
    """`Reproduction trial 2, after the fix: 0 of 5 tries failed.`"""
    early = f" It ended early: {trial.reason}." if trial.reason and trial.state is not TrialState.DONE else ""
    return f"Reproduction trial {trial.number}, {PHASES[trial.phase]}: {trial.count} tries failed.{early}"


async def _owe(uow: UnitOfWork, incident: Incident, trial: Trial, kind: str, at: datetime) -> None:
    await uow.jobs.add(
        Job(
            team=incident.team,
            incident_id=incident.id,
            kind=kind,
            key=f"{kind}:{trial.id}",
            lock=f"{kind}:{trial.id}",
            payload={"trial_id": trial.id, "owed_at": instant(at)},
            due_at=at,
        )
    )
