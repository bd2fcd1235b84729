"""The gates of a playbook by the clock: each is asked of its role in time, and once more when its time is over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.domain.columns import instant
from app.domain.incident import Incident, Kind
from app.domain.job import Job, Urgency
from app.domain.playbook import Gate, Item, Library, StepKind
from app.domain.playbook_notices import GateAsked, StepGiven
from app.domain.playbook_progress import PlaybookLine, PlaybookStep, Progress, StepState, progress_of
from app.ports.chat import Chat, ChatError, ChatRefused, Posted
from app.ports.store import UnitOfWork
from app.services.access import id_of, incident_of, lead_of
from app.services.jobs.owed import Effect, owe, owe_refresh
from app.services.jobs.runner import Finish, nothing_more
from app.services.jobs.step import Step, tell_once
from app.services.problems import report

PLAN = "playbook.plan"
ASK = "playbook.gate"
SHOW = "playbook.show"
TELL = "playbook.tell"


async def owe_plan(uow: UnitOfWork, incident: Incident, now: datetime) -> None:
    """Owe a look at which gates hold: when an incident begins, and when its archetype or system type has changed."""
    if incident.kind is not Kind.IMPORTED:
        await uow.jobs.add(plan_owed(incident, now))


def plan_owed(incident: Incident, now: datetime) -> Job:
    """The job that looks at which gates hold."""
    return _job(PLAN, incident, now)


async def owe_shown(uow: UnitOfWork, incident: Incident, row: PlaybookStep, now: datetime) -> None:
    """Owe that the message that asked a gate's question shows what was decided."""
    if row.ts is not None:
        await uow.jobs.add(_job(SHOW, incident, now, row.key))


async def owe_word(uow: UnitOfWork, incident: Incident, row: PlaybookStep, by: str, now: datetime) -> None:
    """Owe whoever was given a step word of it, and a place in the incident's channel."""
    user = row.assignee or ""
    job = _job(TELL, incident, now, row.key)
    job.key, job.payload = f"{job.key}:{user}", job.payload | {"user": user, "by": by}
    await uow.jobs.add(job)
    if incident.channel_id is not None:
        await owe(uow, incident, Effect.ROOM_INVITE, now, about=f"{row.key}:{user}", payload={"users": [user]})


async def progress_in(uow: UnitOfWork, incident: Incident, library: Library) -> Progress:
    """How far the incident is with the playbook that holds for it now."""
    return progress_of(incident, library.of(incident), await uow.of_incident(PlaybookStep, id_of(incident)))


async def line_of(uow: UnitOfWork, incident: Incident, library: Library, now: datetime) -> PlaybookLine:
    """The progress in one line, for the card."""
    progress = await progress_in(uow, incident, library)
    return PlaybookLine(progress.done, progress.total, progress.next_line(now))


def new_row(incident: Incident, item: Item) -> PlaybookStep:
    """A row for a step or gate that nobody has touched yet."""
    return PlaybookStep(
        team=incident.team,
        incident_id=id_of(incident),
        key=item.key,
        kind=item.kind,
        text=item.text,
        role=item.step.role.value,
    )


@dataclass(frozen=True)
class PlanGates(Step):
    """Handler of `playbook.plan`: owes the question of every gate, and the reminder after its time."""

    library: Library

    async def perform(self, job: Job) -> Finish:
        """Asks the chat nothing."""

        async def finish(uow: UnitOfWork) -> None:
            incident = await incident_of(uow, job)
            if incident is None or not incident.open:
                return
            progress = await progress_in(uow, incident, self.library)
            for one in progress.placed:
                if one.open and one.item.gate is not None:
                    await _owe_asking(uow, incident, one.item.gate, one.row)

        return finish


@dataclass(frozen=True)
class AskGate(Step):
    """Handler of `playbook.gate`: asks whoever decides, in place of what they were told before."""

    library: Library

    async def perform(self, job: Job) -> Finish:
        """Raises what the chat raises. A gate that was decided, or holds no longer, is not asked."""
        found = await self._asked(job)
        if found is None:
            return nothing_more
        reader, notice, row = found
        chat = await self.chats.of(job.team)
        posted = await tell_once(chat, reader, notice, job)
        await _take_away(chat, row, posted)

        async def finish(uow: UnitOfWork) -> None:
            await self._keep(uow, job, notice, posted)

        return finish

    async def give_up(self, uow: UnitOfWork, job: Job, error: ChatError) -> None:
        await report(uow, job, error, self.clock)

    async def _asked(self, job: Job) -> tuple[str, GateAsked, PlaybookStep | None] | None:
        async with self.store.read() as uow:
            incident = await incident_of(uow, job)
            if incident is None or not incident.open or incident.channel_id is None:
                return None
            one = (await progress_in(uow, incident, self.library)).of(job.payload["gate"])
            gate = one.item.gate if one is not None and one.open else None
            if one is None or gate is None:
                return None
            due_at, late = gate.due_at(incident), bool(job.payload["late"])
            if not late and self.clock.now() >= due_at:
                # The reminder is due as well, and says more.
                return None
            holding = (await uow.roles.holders(id_of(incident))).get(gate.role)
            reader = holding.user if holding else await lead_of(uow, incident)
            return reader, GateAsked(incident, gate, due_at, late, standing_in=holding is None), one.row

    async def _keep(self, uow: UnitOfWork, job: Job, notice: GateAsked, posted: Posted) -> None:
        now = self.clock.now()
        incident = await uow.incidents.locked(id_of(notice.incident))
        row = await row_for(uow, incident, Item(StepKind.GATE, notice.gate))
        row.asked_at = row.asked_at or now
        row.reminded_at = now if notice.late else row.reminded_at
        row.channel_id, row.ts = posted.channel, posted.ts
        if row.state is not StepState.OPEN:
            await owe_shown(uow, incident, row, now)
        if notice.late:
            await owe_refresh(uow, incident, now)


@dataclass(frozen=True)
class ShowGate(Step):
    """Handler of `playbook.show`: the message that asked shows what was decided, or asks again when that was undone."""

    library: Library

    async def perform(self, job: Job) -> Finish:
        """Raises what the chat raises; a message that is gone needs nothing."""
        async with self.store.read() as uow:
            incident = await incident_of(uow, job)
            one = (await progress_in(uow, incident, self.library)).of(job.payload["gate"]) if incident else None
        if incident is None or one is None or one.item.gate is None or one.row is None or not one.row.ts:
            return nothing_more
        gate, row = one.item.gate, one.row
        notice = GateAsked(incident, gate, gate.due_at(incident), answer=one.answer, answered_by=row.by or "")
        chat = await self.chats.of(job.team)
        try:
            await chat.update(row.channel_id or "", row.ts or "", notice)
        except ChatRefused:
            return nothing_more
        return nothing_more

    async def give_up(self, uow: UnitOfWork, job: Job, error: ChatError) -> None:
        """Nobody has to be told: the decision itself is on record."""


@dataclass(frozen=True)
class TellStep(Step):
    """Handler of `playbook.tell`: tells whoever was given a step, unless it is somebody else's or closed by then."""

    async def perform(self, job: Job) -> Finish:
        """Raises what the chat raises."""
        async with self.store.read() as uow:
            incident = await incident_of(uow, job)
            rows = await uow.of_incident(PlaybookStep, id_of(incident)) if incident is not None else ()
        row = next((one for one in rows if one.key == job.payload["gate"]), None)
        user = job.payload["user"]
        if incident is None or row is None or row.assignee != user or row.state is not StepState.OPEN:
            return nothing_more
        chat = await self.chats.of(job.team)
        await tell_once(chat, user, StepGiven(incident, row.key, row.text, job.payload["by"]), job)
        return nothing_more


async def row_for(uow: UnitOfWork, incident: Incident, item: Item) -> PlaybookStep:
    """The row of that step or gate, made where there was none."""
    rows = await uow.of_incident(PlaybookStep, id_of(incident))
    row = next((one for one in rows if one.key == item.key), None)
    if row is None:
        row = new_row(incident, item)
        await uow.add(row)
    return row


async def _owe_asking(uow: UnitOfWork, incident: Incident, gate: Gate, row: PlaybookStep | None) -> None:
    if row is None or row.asked_at is None:
        await uow.jobs.add(_job(ASK, incident, gate.asks_at(incident), gate.key, late=False))
    if row is None or row.reminded_at is None:
        await uow.jobs.add(_job(ASK, incident, gate.due_at(incident), gate.key, late=True))


async def _take_away(chat: Chat, row: PlaybookStep | None, posted: Posted) -> None:
    """Delete the question that the new one takes the place of."""
    if row is None or not row.channel_id or not row.ts or row.ts == posted.ts:
        return
    try:
        await chat.delete(row.channel_id, row.ts)
    except ChatRefused:
        return


def _job(kind: str, incident: Incident, due_at: datetime, gate: str = "", *, late: bool | None = None) -> Job:
    parts = [incident.key, kind, gate, *([] if late is None else ["late" if late else "ask"])]
    return Job(
        team=incident.team,
        incident_id=incident.id,
        kind=kind,
        key=":".join(part for part in parts if part),
        lock=f"{incident.key}:playbook" if gate else None,
        urgency=Urgency.LATER,
        payload={"gate": gate, "late": bool(late), "owed_at": instant(due_at)},
        due_at=due_at,
    )
