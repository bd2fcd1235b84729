"""What people do with an incident's playbook: steps done or left out, gates decided."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from app.domain.incident import Incident
from app.domain.playbook import Answer, Gate, Library
from app.domain.playbook_progress import Placed, PlaybookStep, Progress, StepState
from app.domain.roles import ROLE_NAMES, Role
from app.domain.timeline import Mark
from app.domain.visible_text import has_something_visible
from app.ports.chat import Chats
from app.ports.clock import Clock
from app.ports.store import Store, UnitOfWork
from app.services.access import id_of, incident_for, locked_for
from app.services.actor import Actor
from app.services.jobs.owed import Effect, owe
from app.services.playbooks.gates import owe_shown, owe_word, progress_in, row_for
from app.services.receivers import receiver
from app.services.record_keeping import keep_audit, keep_entry

REASON_MAX = 2000
_GONE = "That step is no longer part of this incident's playbook. Nothing was changed; open the playbook again."


@dataclass(frozen=True)
class Playbooks:
    """An incident's playbook, one step after another. Whoever may see an incident may say what was done."""

    store: Store
    chats: Chats
    clock: Clock
    library: Library

    async def progress(self, actor: Actor, key: str) -> Progress:
        """How far the incident is. Raises NotFound."""
        async with self.store.read() as uow:
            return await progress_in(uow, await incident_for(uow, actor, key), self.library)

    async def done(self, actor: Actor, key: str, step: str) -> Progress:
        """A step was done. One that changed the system before the evidence was kept is recorded as a deviation."""
        now = self.clock.now()
        async with self.store.write() as uow:
            incident, progress, one = await self._open(uow, actor, key, step)
            row = await row_for(uow, incident, one.item)
            early = one.item.changes and progress.evidence_left > 0
            row.state, row.by, row.at = StepState.DONE, actor.user, now
            row.reason = "Done before the evidence was kept." if early else ""
            text = f"Finished the playbook's step “{one.item.text}”. {row.reason}".strip()
            await keep_entry(uow, incident, actor, now, text)
            await self._kept(uow, incident, actor, row, "playbook.done")
            return await progress_in(uow, incident, self.library)

    async def skip(self, actor: Actor, key: str, step: str, reason: str) -> Progress:
        """A step is left out, for a reason that is kept. Raises Invalid without one."""
        reason = reason.strip()
        if not has_something_visible(reason):
            raise Invalid("Say why it is not done; a deviation is fine, an unexplained one isn't.", field="reason")
        if len(reason) > REASON_MAX:
            raise Invalid(f"The reason has {len(reason)} characters; at most {REASON_MAX} fit.", field="reason")
        now = self.clock.now()
        async with self.store.write() as uow:
            incident, _, one = await self._open(uow, actor, key, step)
            row = await row_for(uow, incident, one.item)
            row.state, row.by, row.at, row.reason = StepState.SKIPPED, actor.user, now, reason
            text = f"Left out the playbook's step “{one.item.text}”, because: {reason}"
            await keep_entry(uow, incident, actor, now, text)
            await self._kept(uow, incident, actor, row, "playbook.skipped")
            return await progress_in(uow, incident, self.library)

    async def assign(self, actor: Actor, key: str, step: str, user: str) -> Progress:
        """Somebody takes care of a step: they are told, and brought into the channel. Raises Invalid for an app."""
        person = await receiver(self.chats, actor.team, user)
        now = self.clock.now()
        async with self.store.write() as uow:
            incident, _, one = await self._open(uow, actor, key, step)
            row = await row_for(uow, incident, one.item)
            if person.user not in (row.assignee, actor.user):
                row.assignee = person.user
                await owe_word(uow, incident, row, actor.user, now)
            row.assignee = person.user
            await self._kept(uow, incident, actor, row, "playbook.assigned")
            return await progress_in(uow, incident, self.library)

    async def reopen(self, actor: Actor, key: str, step: str) -> Progress:
        """What was done, left out or decided is open again; actions that only the answer had added go with it."""
        now = self.clock.now()
        async with self.store.write() as uow:
            incident, _, one = await self._placed(uow, actor, key, step)
            if one.row is None or one.open:
                raise Conflict("That step is open already.")
            if one.item.gate is not None:
                await _may_decide(uow, actor, incident, one.item.gate)
                await _take_back(uow, incident, one.item.key, ())
            one.row.state, one.row.answer, one.row.reason = StepState.OPEN, None, ""
            await keep_entry(uow, incident, actor, now, f"Reopened the playbook's step “{one.item.text}”.")
            await self._kept(uow, incident, actor, one.row, "playbook.reopened")
            return await progress_in(uow, incident, self.library)

    async def answer(self, actor: Actor, key: str, gate: str, answer: str) -> tuple[Progress, Answer]:
        """A gate is decided, and what the answer triggers is added.

        Only its role's holder and the commander decide; anybody where there is neither. Raises NotAllowed naming them.
        """
        now = self.clock.now()
        async with self.store.write() as uow:
            incident, _, one = await self._placed(uow, actor, key, gate)
            asked = one.item.gate
            chosen = asked.answer(answer) if asked is not None else None
            if asked is None or chosen is None:
                raise NotFound(_GONE)
            await _may_decide(uow, actor, incident, asked)
            row = await row_for(uow, incident, one.item)
            if row.answer == chosen.key:
                raise Conflict(f"That is decided already: {chosen.label}.")
            row.state, row.answer, row.by, row.at = StepState.ANSWERED, chosen.key, actor.user, now
            row.reason = chosen.label
            await _keep_decision(uow, incident, actor, now, asked, chosen)
            await self._trigger(uow, incident, asked, chosen)
            await self._kept(uow, incident, actor, row, "playbook.decided")
            return await progress_in(uow, incident, self.library), chosen

    async def _trigger(self, uow: UnitOfWork, incident: Incident, gate: Gate, chosen: Answer) -> None:
        """Add the actions of the answer; those of an earlier one that nobody has touched go."""
        await _take_back(uow, incident, gate.key, chosen.then.adds)
        playbook = self.library.of(incident)
        for key in chosen.then.adds:
            item = playbook.item(key)
            if item is not None:
                row = await row_for(uow, incident, item)
                row.added_by = row.added_by or gate.key

    async def _kept(self, uow: UnitOfWork, incident: Incident, actor: Actor, row: PlaybookStep, action: str) -> None:
        now = self.clock.now()
        detail = {"text": row.text, "answer": row.answer, "reason": row.reason, "assignee": row.assignee}
        told = {name: value for name, value in detail.items() if value}
        await keep_audit(uow, incident, actor, now, (action, f"playbook:{row.key}"), told)
        await owe_shown(uow, incident, row, now)
        await owe(uow, incident, Effect.CARD_REFRESH, now)

    async def _placed(self, uow: UnitOfWork, actor: Actor, key: str, step: str) -> tuple[Incident, Progress, Placed]:
        incident = await locked_for(uow, actor, key)
        progress = await progress_in(uow, incident, self.library)
        one = progress.of(step)
        if one is None:
            raise NotFound(_GONE)
        return incident, progress, one

    async def _open(self, uow: UnitOfWork, actor: Actor, key: str, step: str) -> tuple[Incident, Progress, Placed]:
        incident, progress, one = await self._placed(uow, actor, key, step)
        if one.item.gate is not None:
            raise NotFound(_GONE)
        if not one.open and one.row is not None:
            by = f" by <@{one.row.by}>" if one.row.by else ""
            raise Conflict(f"That step is {one.row.state} already{by}. Nothing was changed.")
        return incident, progress, one


async def _keep_decision(
    uow: UnitOfWork, incident: Incident, actor: Actor, now: datetime, gate: Gate, chosen: Answer
) -> None:
    if chosen.record:
        await keep_entry(uow, incident, actor, now, f"{chosen.record}.", Mark.DECISION)
        return
    question = gate.question.rstrip("?")
    await keep_entry(uow, incident, actor, now, f"Decided the playbook's question “{question}”: {chosen.label}.")


async def _may_decide(uow: UnitOfWork, actor: Actor, incident: Incident, gate: Gate) -> None:
    holders = {role: one.user for role, one in (await uow.roles.holders(id_of(incident))).items()}
    able = list(dict.fromkeys(holders[role] for role in (gate.role, Role.COMMANDER) if role in holders))
    if not able or actor.user in able:
        return
    names = " or ".join(f"<@{user}>" for user in able)
    raise NotAllowed(
        f"This is for the {ROLE_NAMES[gate.role].lower()} or the incident commander to decide: {names}. "
        "Nothing was changed."
    )


async def _take_back(uow: UnitOfWork, incident: Incident, gate: str, keep: tuple[str, ...]) -> None:
    for row in await uow.of_incident(PlaybookStep, id_of(incident)):
        untouched = row.state is StepState.OPEN and row.assignee is None
        if row.added_by == gate and row.key not in keep and untouched:
            await uow.delete(row)
