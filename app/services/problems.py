"""What went wrong between the product and the chat: said plainly, told to whoever leads, tried again when asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from app.domain.audit import AuditRecord
from app.domain.errors import Conflict, NotFound
from app.domain.incident import Incident
from app.domain.job import Job, JobState, Urgency
from app.domain.timeline import Origin, TimelineEntry
from app.ports.chat import ChatError
from app.ports.clock import Clock
from app.ports.store import Store, UnitOfWork
from app.services.access import id_of, incident_of, lead_of, may_see
from app.services.actor import Actor
from app.services.jobs.owed import Effect, owe
from app.services.reasons import Explained, explained, what_failed

log = structlog.get_logger(__name__)

# One cause, told once: the same step failing for the same reason again within this time adds nothing new.
SAME_CAUSE = timedelta(hours=1)
BOT = "bot"


async def report(uow: UnitOfWork, job: Job, error: ChatError, clock: Clock, *, what: str = "") -> None:
    """Put a job's failure on the timeline and owe whoever leads a Problem with a button to try again.

    `what`: the sentence that says what failed, where the job's kind alone doesn't tell enough.
    Nothing is written for jobs without an incident, for telling a problem, or when the same was told within the hour.
    """
    incident = await incident_of(uow, job)
    if incident is None or job.kind == Effect.PROBLEM_TELL or await _told_already(uow, job, error, clock):
        log.warning("problem_not_told", job=job.id, job_kind=job.kind, code=error.code)
        return
    cause = explained(error, job.kind)
    await tell(uow, incident, Explained(f"{what or what_failed(job.kind)} {cause.what}", cause.todo), clock, job=job)


async def tell(
    uow: UnitOfWork, incident: Incident, problem: Explained, clock: Clock, *, job: Job | None = None, view_id: str = ""
) -> None:
    """Put a problem on the timeline and owe it to whoever leads.

    `job`: the failed one, to be tried again by a button. `view_id`: the form that waits for it, empty if none does.
    """
    now = clock.now()
    await uow.add(
        TimelineEntry(
            team=incident.team,
            incident_id=id_of(incident),
            at=now,
            author=BOT,
            author_is_bot=True,
            origin=Origin.BOT,
            text=f"{problem.what} {problem.todo}",
        )
    )
    payload = {
        "user": await lead_of(uow, incident),
        "what": problem.what,
        "todo": problem.todo,
        "job_id": job.id if job else None,
        "view_id": view_id,
    }
    about = f"{job.id if job else ''}:{now.timestamp():.6f}"
    await owe(uow, incident, Effect.PROBLEM_TELL, now, about=about, payload=payload)


async def _told_already(uow: UnitOfWork, job: Job, error: ChatError, clock: Clock) -> bool:
    since = clock.now() - SAME_CAUSE
    return any(
        other.id != job.id
        and other.kind == job.kind
        and _cause(other) == error.code
        and other.finished_at is not None
        and other.finished_at >= since
        for other in await uow.jobs.failed(job.incident_id or 0)
    )


@dataclass(frozen=True)
class Problems:
    """Failed jobs, and trying them again."""

    store: Store
    clock: Clock

    async def retry(self, actor: Actor, job_id: int) -> Incident:
        """Try a failed job again, at once, and those that failed like it and were told as one with it.

        Raises NotFound, or Conflict when it is no longer failed.
        """
        async with self.store.write() as uow:
            job = await uow.get(Job, job_id)
            incident = await incident_of(uow, job) if job is not None and job.team == actor.team else None
            if job is None or incident is None or not await may_see(uow, actor, incident):
                raise NotFound("That step is no longer on record. Nothing was changed.")
            _must_have_failed(job)
            now = self.clock.now()
            for one in [job, *await _alike(uow, job)]:
                await _put_back(uow, one, now)
            await uow.add(
                AuditRecord(
                    team=actor.team,
                    incident_id=incident.id,
                    at=now,
                    by=actor.user,
                    action="job.retried",
                    object=f"job:{job_id}",
                    detail={"kind": job.kind},
                )
            )
            return incident


async def _alike(uow: UnitOfWork, job: Job) -> Sequence[Job]:
    """Other failed jobs of that kind and cause; of several with one key the last."""
    by_key = {
        other.key: other
        for other in await uow.jobs.failed(job.incident_id or 0)
        if other.kind == job.kind and _cause(other) == _cause(job) and other.key != job.key
    }
    return list(by_key.values())


async def _put_back(uow: UnitOfWork, job: Job, now: datetime) -> None:
    await uow.jobs.cancel(job.team, job.key)
    job.state = JobState.PENDING
    job.urgency = Urgency.NOW
    job.due_at = now
    # Counts as tried once, so that what an earlier try may have done is looked for first.
    job.attempts = 1
    job.token = None
    job.finished_at = None


def _cause(job: Job) -> str:
    return job.error.partition(":")[0]


_NOT_FAILED: Mapping[JobState, str] = {
    JobState.PENDING: "It is being tried again already.",
    JobState.RUNNING: "It is being tried again already.",
    JobState.DONE: "It has worked in the meantime; there is nothing left to do.",
    JobState.CANCELLED: "It is no longer needed; there is nothing left to do.",
}


def _must_have_failed(job: Job) -> None:
    if job.state is not JobState.FAILED:
        raise Conflict(_NOT_FAILED[job.state])
