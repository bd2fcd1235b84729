"""The ledger of drafts: what each was made of and cost, what may still be spent, what the next one can build on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC
from typing import Any

from app.domain.draft_record import Drafted, DraftRecord
from app.domain.errors import NotFound
from app.domain.incident import Incident
from app.domain.status_update import Section
from app.ports.clock import Clock
from app.ports.drafter import (
    Carried,
    Draft,
    DrafterAccount,
    DrafterFailed,
    Evidence,
    PostmortemDraft,
    Sentence,
)
from app.ports.store import Store
from app.services.access import id_of, incident_for
from app.services.actor import Actor
from app.services.updates.form import lines_of

INCIDENT_SPENT = (
    "This incident has used the {limit:,} tokens that the model may cost it, so the model was not asked. "
    "This draft is made of what people said in the channel."
)
DAY_SPENT = (
    "Today's {limit:,} tokens for the model are used, so the model was not asked. "
    "This draft is made of what people said in the channel."
)


@dataclass(frozen=True)
class DraftLedger:
    """`per_incident` and `per_day` (a workspace's, UTC): the tokens after which no model is asked; 0 for no limit."""

    store: Store
    clock: Clock
    per_incident: int = 0
    per_day: int = 0

    async def why_not(self, incident: Incident) -> str:
        """What to tell people where the tokens are used up; empty while the model may be asked."""
        if not (self.per_incident or self.per_day):
            return ""
        midnight = self.clock.now().astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        async with self.store.read() as uow:
            if self.per_incident and await uow.drafts.spent_on(id_of(incident)) >= self.per_incident:
                return INCIDENT_SPENT.format(limit=self.per_incident)
            if self.per_day and await uow.drafts.spent_since(incident.team, midnight) >= self.per_day:
                return DAY_SPENT.format(limit=self.per_day)
        return ""

    async def carried(self, evidence: Evidence) -> Carried | None:
        """What the last draft by a model for the same audience established; None where there is none."""
        async with self.store.read() as uow:
            incident_id = id_of(evidence.incident)
            last = await uow.drafts.last_update_by_model(incident_id, evidence.audience, evidence.as_of)
        if last is None:
            return None
        changed = {
            entry.id
            for entry in evidence.entries
            if entry.changed_at is not None and entry.changed_at >= last.drafted_at
        }
        known = frozenset(last.drafter.get("evidence") or ()) - changed
        return Carried({section: _sentences(last.sections.get(section, ())) for section in Section}, known)

    async def keep(self, what: Drafted, evidence: Evidence, draft: Draft | PostmortemDraft) -> DrafterAccount:
        """Keep a draft; its account, with the id it is kept under."""
        parts: Mapping[Any, Sequence[Sentence]] = draft.sections if isinstance(draft, Draft) else draft.parts
        kept = self._row(what, evidence.incident, account_record(draft.account), draft.account.cost)
        kept.audience = evidence.audience if what is Drafted.UPDATE else None
        kept.sections = {part.value: lines_of(sentences) for part, sentences in parts.items()}
        async with self.store.write() as uow:
            await uow.add(kept)
        return replace(draft.account, record_id=kept.id)

    async def keep_answer(self, evidence: Evidence, tokens: int) -> None:
        """Keep what it cost to have an answer worded."""
        told = {"name": "model", "model": None, "tokens": tokens, "note": ""}
        async with self.store.write() as uow:
            await uow.add(self._row(Drafted.ANSWER, evidence.incident, told, tokens))

    async def keep_proposal(self, incident: Incident, account: DrafterAccount) -> None:
        """Keep what it cost to have a report read, and by which model."""
        async with self.store.write() as uow:
            await uow.add(self._row(Drafted.SUGGESTION, incident, account_record(account), account.cost))

    async def keep_failure(self, what: Drafted, incident: Incident, error: DrafterFailed) -> None:
        """Keep what a model cost that gave nothing usable."""
        if not error.tokens:
            return
        told = {"name": "model", "model": None, "tokens": error.tokens, "note": str(error)}
        async with self.store.write() as uow:
            await uow.add(self._row(what, incident, told, error.tokens))

    def _row(self, what: Drafted, incident: Incident, drafter: dict[str, Any], tokens: int) -> DraftRecord:
        return DraftRecord(
            team=incident.team,
            incident_id=id_of(incident),
            what=what,
            sections={},
            drafter=drafter,
            tokens=tokens,
            drafted_at=self.clock.now(),
        )

    async def find(self, actor: Actor, key: str, record_id: int) -> DraftRecord:
        """A draft of that incident. Raises NotFound."""
        async with self.store.read() as uow:
            incident = await incident_for(uow, actor, key)
            found = await uow.get(DraftRecord, record_id)
        if found is None or found.incident_id != id_of(incident):
            raise NotFound("That draft is not kept any more. Nothing was changed.")
        return found

    async def note_edit(self, actor: Actor, key: str, record_id: int) -> None:
        """Note that somebody has begun to change this draft in a form. Raises NotFound."""
        found = await self.find(actor, key, record_id)
        if found.edited_at is not None:
            return
        async with self.store.write() as uow:
            kept = await uow.get(DraftRecord, record_id)
            if kept is not None:
                kept.edited_at = self.clock.now()


def _sentences(lines: Sequence[Mapping[str, Any]]) -> list[Sentence]:
    return [Sentence(line["text"], tuple(line["citations"]), bool(line.get("by_hand"))) for line in lines]


def account_record(account: DrafterAccount) -> dict[str, Any]:
    """The account as it is stored with an update or a postmortem; `tokens` is the sum of what was read and written."""
    return {
        "name": account.name,
        "model": account.model,
        "tokens": account.tokens,
        "input_tokens": account.input_tokens,
        "output_tokens": account.output_tokens,
        "prompt": account.prompt,
        "evidence": list(account.evidence_ids),
        "checks": {"passed": account.passed, "repaired": account.repaired, "failed": len(account.dropped)},
        "dropped": [{"text": one.text, "reason": one.reason} for one in account.dropped],
        "note": account.note,
    } | ({"draft": account.record_id} if account.record_id is not None else {})
