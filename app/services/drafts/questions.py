"""Questions to an incident's record: answered in people's own words with sources, or not at all."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import structlog

from app.domain.answer_notices import RecordAnswer
from app.domain.draft_record import Drafted
from app.domain.errors import Invalid
from app.domain.incident import Incident
from app.domain.timeline import Unknown
from app.drafting.telling.reply import Reply, Settled, reply_to
from app.ports.drafter import Answerer, DrafterFailed, Evidence
from app.ports.store import Store, UnitOfWork
from app.services.access import id_of, incident_for
from app.services.actor import Actor
from app.services.drafts.catch_up import links_in, told
from app.services.drafts.drafts import Drafts

log = structlog.get_logger(__name__)

QUESTION_MAX = 300
_ANSWER_LEAD = re.compile(r"^(?:New answer|Answer) to unknown \d+ \(.*?\): ", re.DOTALL)


@dataclass(frozen=True)
class _Asked:
    """A question with all that may answer it."""

    text: str
    evidence: Evidence
    settled: Sequence[Settled]
    deleted: Mapping[int, str]


@dataclass(frozen=True)
class Questions:
    """Answers from the record alone; the question is data, whatever it says.

    `model` may put into words what the rules found, where it may see the incident; it never finds anything itself.
    """

    store: Store
    drafts: Drafts
    model: Answerer | None = None

    async def ask(self, actor: Actor, key: str, question: str) -> RecordAnswer:
        """What the record says. Raises NotFound, also for restricted incidents that the actor may not see; Invalid."""
        text = " ".join(question.split())
        if not text:
            raise Invalid("Write the question after `ask`, for example: `/ai-incident ask how many customers saw it?`")
        if len(text) > QUESTION_MAX:
            raise Invalid(f"That question is too long: at most {QUESTION_MAX} characters. Nothing was kept of it.")
        async with self.store.read() as uow:
            incident = await incident_for(uow, actor, key)
            asked = await self._gathered(uow, incident, text)
        reply = await asyncio.to_thread(reply_to, asked.text, asked.evidence, asked.settled, asked.deleted)
        return _answer(incident, asked, await self._worded(incident, asked, reply))

    async def _worded(self, incident: Incident, asked: _Asked, reply: Reply) -> Reply:
        """The reply in the model's words where they hold; as it is otherwise."""
        if self.model is None or not reply.sentences or not await self.drafts.model_allowed(incident):
            return reply
        try:
            sentences, tokens = await self.model.answer(asked.evidence, asked.text, reply.sentences)
        except DrafterFailed as error:
            log.warning("answer_not_worded", reason=str(error))
            await self.drafts.ledger.keep_failure(Drafted.ANSWER, incident, error)
            return reply
        await self.drafts.ledger.keep_answer(asked.evidence, tokens)
        return replace(reply, sentences=sentences)

    async def _gathered(self, uow: UnitOfWork, incident: Incident, text: str) -> _Asked:
        evidence = await self.drafts.evidence(uow, incident, as_of=None)
        unknowns = await uow.unknowns.all(id_of(incident))
        stored = await uow.timeline.entries(id_of(incident))
        gone = {entry.id: entry.text for entry in stored if entry.deleted_at is not None and entry.id is not None}
        return _Asked(text, evidence, _settled(unknowns, evidence), gone)


def _settled(unknowns: Sequence[Unknown], evidence: Evidence) -> list[Settled]:
    """The unknowns that an entry answers which is still there."""
    said = {entry.id: entry.text for entry in evidence.entries}
    return [
        Settled(
            one.number, one.text, _ANSWER_LEAD.sub("", said[one.answer_entry_id]), one.entry_id, one.answer_entry_id
        )
        for one in unknowns
        if one.answered_at is not None and one.answer_entry_id is not None and one.answer_entry_id in said
    ]


def _answer(incident: Incident, asked: _Asked, reply: Reply) -> RecordAnswer:
    return RecordAnswer(
        incident,
        asked.text,
        told(reply.sentences),
        told([reply.nearest]) if reply.nearest is not None else (),
        reply.number,
        bool(reply.deleted),
        links_in(asked.evidence),
    )
