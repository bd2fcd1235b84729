"""Status and severity: changed by whoever leads, with who, when and why on record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from app.domain.errors import Conflict, Invalid
from app.domain.incident import ENDED, Incident, Severity, Status, StatusChange, is_step_back
from app.domain.job import Job, Urgency
from app.domain.notices import StatusChanged
from app.domain.timeline import Mark
from app.ports.clock import Clock
from app.ports.store import Store, UnitOfWork
from app.services.access import id_of, incident_for, locked_for, must_lead
from app.services.actor import Actor
from app.services.acts import Act, record_act
from app.services.jobs.owed import Effect, owe, owe_refresh
from app.services.jobs.runner import Finish, nothing_more
from app.services.jobs.step import Step, post_once
from app.services.reminders import promises
from app.services.trials.owed import fix_standing
from app.services.unfinished import unfinished

REASON_MAX = 3000
POSTMORTEM_DRAFT = "postmortem.draft"
_CALLS_FOR_A_FIX = frozenset({Status.MONITORING, Status.RESOLVED, Status.CLOSED})
_NAMING_WHAT_IS_OPEN = frozenset({Status.RESOLVED, Status.CLOSED})


@dataclass(frozen=True)
class _Change:
    """A change of an incident from what it was to what it becomes."""

    status_before: Status
    severity_before: Severity
    status: Status
    severity: Severity
    reason: str

    @property
    def ends(self) -> bool:
        return self.status in ENDED and self.status_before not in ENDED

    @property
    def reopens(self) -> bool:
        return self.status not in ENDED and self.status_before in ENDED

    @property
    def text(self) -> str:
        changed = []
        if self.status is not self.status_before:
            changed.append(f"the status from {self.status_before} to {self.status}")
        if self.severity is not self.severity_before:
            changed.append(f"the severity from {self.severity_before.upper()} to {self.severity.upper()}")
        # A word such as "reason" or "because" would read as the incident's cause in drafts.
        return f"Changed {' and '.join(changed)}" + (f": {self.reason}" if self.reason else ".")


@dataclass(frozen=True)
class Lifecycle:
    """Changes status and severity. `cadence`: minutes between updates by severity; missing ones have defaults."""

    store: Store
    clock: Clock
    cadence: Mapping[Severity, int] = field(default_factory=dict)

    async def change(
        self,
        actor: Actor,
        key: str,
        *,
        status: Status | None = None,
        severity: Severity | None = None,
        reason: str = "",
    ) -> StatusChange:
        """Change status, severity or both; None leaves it as it is.

        Raises NotAllowed unless the actor commands (anyone may while nobody does), Invalid for a step back without a
        reason, Conflict when nothing would change.
        """
        reason = _reason(reason)
        async with self.store.write() as uow:
            incident = await locked_for(uow, actor, key)
            await must_lead(uow, actor, incident, "change status and severity")
            change = _Change(
                incident.status, incident.severity, status or incident.status, severity or incident.severity, reason
            )
            _must_be_possible(incident, change)
            return await self._carry_out(uow, incident, actor, change)

    async def resolve(self, actor: Actor, key: str, reason: str = "") -> StatusChange:
        """Resolve: the harm is over. Raises like `change`."""
        return await self.change(actor, key, status=Status.RESOLVED, reason=reason)

    async def close(self, actor: Actor, key: str, reason: str = "") -> StatusChange:
        """Close: nothing is left to do. Raises like `change`."""
        return await self.change(actor, key, status=Status.CLOSED, reason=reason)

    async def set_severity(
        self, uow: UnitOfWork, incident: Incident, actor: Actor, severity: Severity, reason: str
    ) -> None:
        """Change the severity in a transaction that holds the incident, whose caller has seen that the actor may."""
        change = _Change(incident.status, incident.severity, incident.status, severity, reason)
        await self._carry_out(uow, incident, actor, change)

    async def still_open(self, actor: Actor, key: str) -> Sequence[str]:
        """What is unfinished, one line each; empty when nothing is. Raises NotFound."""
        async with self.store.read() as uow:
            incident = await incident_for(uow, actor, key)
            return await unfinished(uow, incident, postmortem=not incident.open)

    async def _carry_out(self, uow: UnitOfWork, incident: Incident, actor: Actor, change: _Change) -> StatusChange:
        now = self.clock.now()
        incident.status = change.status
        incident.severity = change.severity
        row = StatusChange(
            team=incident.team,
            incident_id=id_of(incident),
            status=change.status,
            severity=change.severity,
            at=now,
            by=actor.user,
            reason=change.reason,
        )
        await uow.add(row)
        detail = {"status": change.status, "severity": change.severity, "reason": change.reason}
        act = Act("status.changed", f"incident:{incident.key}", change.text, Mark.MILESTONE, detail)
        await record_act(uow, incident, actor.user, act, now)
        await self._keep_promise(uow, incident, change, now)
        if change.ends and change.status is not Status.DECLINED:
            await _owe_postmortem(uow, incident, actor, now)
        await owe_refresh(uow, incident, now, topic=True)
        await self._owe_word(uow, incident, change, row)
        return row

    async def _keep_promise(self, uow: UnitOfWork, incident: Incident, change: _Change, now: datetime) -> None:
        minutes = promises.cadence(self.cadence, incident.severity)
        if change.status in ENDED:
            await promises.cancel(uow, incident, now)
        elif change.reopens:
            await promises.set_first(uow, incident, now, minutes)
        elif change.severity is not change.severity_before:
            await promises.retime(uow, incident, now, minutes)

    async def _owe_word(self, uow: UnitOfWork, incident: Incident, change: _Change, row: StatusChange) -> None:
        moved = change.status is not change.status_before
        named = change.status in _NAMING_WHAT_IS_OPEN and moved
        payload = {
            "status": change.status,
            "severity": change.severity,
            "status_before": change.status_before,
            "severity_before": change.severity_before,
            "by": row.by,
            "reason": change.reason,
            "fix": await fix_standing(uow, incident) if moved and change.status in _CALLS_FOR_A_FIX else "",
            "still_open": list(await unfinished(uow, incident, postmortem=not change.ends)) if named else [],
        }
        await owe(uow, incident, Effect.STATUS_TELL, row.at, about=str(row.id), payload=payload)


class TellStatus(Step):
    """status.tell: in the incident's channel."""

    async def perform(self, job: Job) -> Finish:
        incident = await self.incident(job)
        if incident is None or incident.channel_id is None:
            return nothing_more
        told = job.payload
        # The message tells this change, whatever has followed it since.
        then = {"status": Status(told["status"]), "severity": Severity(told["severity"])}
        as_changed = Incident(**(incident.model_dump() | then))
        notice = StatusChanged(
            incident=as_changed,
            before=Status(told["status_before"]),
            severity_before=told["severity_before"],
            by=told["by"],
            reason=told["reason"],
            still_open=told["still_open"],
            fix=told.get("fix", ""),
        )
        await post_once(await self.chats.of(job.team), incident.channel_id, notice, job)
        return nothing_more


def _reason(given: str) -> str:
    reason = given.strip()
    if len(reason) > REASON_MAX:
        raise Invalid(f"The reason has {len(reason)} characters; at most {REASON_MAX} fit.", field="reason")
    return reason


def _must_be_possible(incident: Incident, change: _Change) -> None:
    if change.status is change.status_before and change.severity is change.severity_before:
        raise Conflict(f"{incident.key} is {change.status} and {change.severity.upper()} already. Nothing was changed.")
    if is_step_back(change.status_before, change.status) and not change.reason:
        raise Invalid(
            f"Going back from {change.status_before} to {change.status} needs a reason. Nothing was changed.",
            field="reason",
        )


async def _owe_postmortem(uow: UnitOfWork, incident: Incident, actor: Actor, now: datetime) -> None:
    await uow.jobs.add(
        Job(
            team=incident.team,
            incident_id=incident.id,
            kind=POSTMORTEM_DRAFT,
            key=f"{incident.key}:{POSTMORTEM_DRAFT}",
            lock=f"{incident.key}:postmortem",
            urgency=Urgency.LATER,
            payload={"by": actor.user},
            due_at=now,
        )
    )
