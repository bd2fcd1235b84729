"""The numbered list of what nobody knows yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.errors import Invalid, NotFound
from app.domain.timeline import Mark, TimelineEntry, Unknown
from app.ports.clock import Clock
from app.ports.store import Store
from app.services.access import id_of, incident_for, locked_for
from app.services.actor import Actor
from app.services.drafts.asking import number_unknown, show_count
from app.services.record_keeping import keep_audit, keep_entry
from app.services.timeline.marks import worded

QUOTED_MAX = 120


@dataclass(frozen=True)
class Unknowns:
    """Raising and answering unknowns through the bot; messages do so by their marks (app.services.drafts.asking)."""

    store: Store
    clock: Clock

    async def raise_(self, actor: Actor, key: str, text: str) -> Unknown:
        """Put an unknown on the list under the next number. Raises NotFound, Invalid."""
        words = worded(text, Mark.UNKNOWN)
        now = self.clock.now()
        async with self.store.write() as uow:
            incident = await locked_for(uow, actor, key)
            entry = await keep_entry(uow, incident, actor, now, words, Mark.UNKNOWN)
            unknown = await number_unknown(uow, incident, entry, raised_at=now, raised_by=actor.user)
            await keep_audit(uow, incident, actor, now, ("unknown.raised", f"unknown:{unknown.number}"))
        return unknown

    async def answer(self, actor: Actor, key: str, number: int, text: str) -> Unknown:
        """Answer an unknown; one that has an answer gets this one instead, and both stay on the timeline.

        Raises NotFound when there is no unknown of that number, Invalid for an empty answer.
        """
        if not text.strip():
            raise Invalid(f"Write the answer after the number: `/ai-incident answer {number} …`", field="text")
        words = worded(text, Mark.ANSWERED)
        now = self.clock.now()
        async with self.store.write() as uow:
            incident = await locked_for(uow, actor, key)
            unknown = await uow.unknowns.by_number(id_of(incident), number)
            if unknown is None:
                raise NotFound(_no_such(number, incident.unknown_count))
            again = unknown.answer_entry_id is not None
            sentence = f"{'New answer' if again else 'Answer'} to unknown {number} ({_quoted(unknown.text)}): {words}"
            entry = await keep_entry(uow, incident, actor, now, sentence, Mark.ANSWERED)
            _answered(unknown, entry)
            await keep_audit(uow, incident, actor, now, ("unknown.answered", f"unknown:{number}"))
            await show_count(uow, incident, now)
        return unknown

    async def list(self, actor: Actor, key: str) -> Sequence[Unknown]:
        """All unknowns by number, answered ones too. Raises NotFound."""
        async with self.store.read() as uow:
            incident = await incident_for(uow, actor, key)
            return await uow.unknowns.all(id_of(incident))


def _answered(unknown: Unknown, entry: TimelineEntry) -> None:
    unknown.answered_at, unknown.answered_by, unknown.answer_entry_id = entry.at, entry.author, entry.id


def _quoted(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= QUOTED_MAX else f"{line[: QUOTED_MAX - 1].rstrip()}…"


def _no_such(number: int, count: int) -> str:
    if count == 0:
        return "No unknown has been raised in this incident yet. Raise one with `/ai-incident unknown …`"
    numbers = "1" if count == 1 else f"1 to {count}"
    return f"There is no unknown {number}; this incident has {numbers}. `/ai-incident status` lists them."
