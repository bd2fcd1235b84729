"""Drafts of a What We Know, by rules or by a model, from what was known at some instant."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

import structlog

from app.domain.draft_record import Drafted, DraftRecord
from app.domain.incident import Incident
from app.domain.message_facts import instant_of
from app.domain.status_update import Audience
from app.ports.clock import Clock
from app.ports.drafter import Draft, Drafter, DrafterFailed, Evidence, PostmortemDraft
from app.ports.observer import UNWATCHED, Observer
from app.ports.store import Store, UnitOfWork
from app.services.access import id_of, incident_for
from app.services.actor import Actor
from app.services.drafts.checks import fitting, grounded, grounded_postmortem, sentence_count
from app.services.drafts.evidence import evidence_of
from app.services.drafts.ledger import DraftLedger

log = structlog.get_logger(__name__)

AnyDraft = TypeVar("AnyDraft", Draft, PostmortemDraft)
RESTRICTED_NOTE = "This incident is restricted: none of its text was sent to the model."


@dataclass(frozen=True)
class Drafts:
    """`rules` needs no model and answers at once; `model` is None where none is configured.

    `restricted_allowed`: whether the text of restricted incidents may reach the model. `tokens_per_incident` and
    `tokens_per_day` bound what it may cost; 0 for no bound.
    """

    store: Store
    clock: Clock
    rules: Drafter
    model: Drafter | None = None
    restricted_allowed: bool = False
    observer: Observer = UNWATCHED
    tokens_per_incident: int = 0
    tokens_per_day: int = 0

    @property
    def ledger(self) -> DraftLedger:
        """Where every draft is kept, with what it cost."""
        return DraftLedger(self.store, self.clock, self.tokens_per_incident, self.tokens_per_day)

    @property
    def has_model(self) -> bool:
        """Whether `best` may differ from `extractive`."""
        return self.model is not None

    async def evidence(
        self, uow: UnitOfWork, incident: Incident, *, as_of: datetime | None, audience: Audience = Audience.RESPONDERS
    ) -> Evidence:
        """What was known at `as_of`; None for all that is known now."""
        # The chat's clock may be a little ahead of ours: what was just said counts as said.
        return await evidence_of(uow, incident, as_of or await self._latest(uow, incident), audience)

    async def extractive(self, actor: Actor, key: str, audience: Audience, as_of: datetime | None = None) -> Draft:
        """A draft without a model, at once. Raises NotFound."""
        evidence = await self._gather(actor, key, audience, as_of)
        draft = await self._kept(Drafted.UPDATE, evidence, await self._update(self.rules, evidence))
        self.observer.drafted(Drafted.UPDATE, draft.account.name, fell_back=False)
        return draft

    async def best(self, actor: Actor, key: str, audience: Audience, as_of: datetime | None = None) -> Draft:
        """A draft by the model where one is configured and allowed; by rules, with a note why, where it fails.

        Raises NotFound.
        """
        evidence = await self._gather(actor, key, audience, as_of)

        async def drafted_by(drafter: Drafter) -> Draft:
            carried = await self.ledger.carried(evidence) if drafter is self.model else None
            return await self._update(drafter, replace(evidence, carried=carried))

        return await self._best(Drafted.UPDATE, evidence, drafted_by)

    async def postmortem(self, evidence: Evidence) -> PostmortemDraft:
        """A postmortem draft, by the same choice of drafter as `best`."""

        async def drafted_by(drafter: Drafter) -> PostmortemDraft:
            return grounded_postmortem(await drafter.draft_postmortem(evidence), evidence)

        return await self._best(Drafted.POSTMORTEM, evidence, drafted_by)

    async def kept(self, actor: Actor, key: str, record_id: int) -> DraftRecord:
        """A draft of that incident as it was made. Raises NotFound."""
        return await self.ledger.find(actor, key, record_id)

    async def model_allowed(self, incident: Incident) -> bool:
        """Whether the model may be asked about this incident now."""
        return (await self._model_for(incident))[0] is not None

    async def note_edit(self, actor: Actor, key: str, record_id: int) -> None:
        """Note that a person has begun to change this draft, so that no other takes its place. Raises NotFound."""
        await self.ledger.note_edit(actor, key, record_id)

    async def _update(self, drafter: Drafter, evidence: Evidence) -> Draft:
        return fitting(grounded(await drafter.draft_update(evidence), evidence), evidence)

    async def _best(
        self, what: Drafted, evidence: Evidence, drafted_by: Callable[[Drafter], Awaitable[AnyDraft]]
    ) -> AnyDraft:
        model, note = await self._model_for(evidence.incident)
        if model is not None:
            try:
                return await self._kept(what, evidence, await self._by_model(what, drafted_by(model)))
            except DrafterFailed as error:
                note = failure_note(error)
                await self.ledger.keep_failure(what, evidence.incident, error)
        draft = await drafted_by(self.rules)
        self.observer.drafted(what, draft.account.name, fell_back=model is not None)
        noted = replace(draft, account=replace(draft.account, note=note or draft.account.note))
        return await self._kept(what, evidence, noted)

    async def _kept(self, what: Drafted, evidence: Evidence, draft: AnyDraft) -> AnyDraft:
        account = draft.account
        if account.model is None:
            # Who reads by rules reads everything, and leaves out nothing that the checks would.
            read = tuple(entry.id for entry in evidence.entries)
            account = replace(account, evidence_ids=read, passed=sentence_count(draft))
        return replace(draft, account=await self.ledger.keep(what, evidence, replace(draft, account=account)))

    async def _by_model(self, what: Drafted, drafting: Awaitable[AnyDraft]) -> AnyDraft:
        began = time.monotonic()
        try:
            draft = await drafting
        except DrafterFailed as error:
            self.observer.model_failed(error.reason, time.monotonic() - began)
            raise
        account = draft.account
        self.observer.model_answered(time.monotonic() - began, account.input_tokens, account.output_tokens)
        self.observer.drafted(what, account.name, fell_back=False)
        return draft

    async def _gather(self, actor: Actor, key: str, audience: Audience, as_of: datetime | None) -> Evidence:
        async with self.store.read() as uow:
            incident = await incident_for(uow, actor, key)
            return await self.evidence(uow, incident, as_of=as_of, audience=audience)

    async def _latest(self, uow: UnitOfWork, incident: Incident) -> datetime:
        last_ts = await uow.timeline.last_message_ts(id_of(incident))
        return max(self.clock.now(), instant_of(last_ts)) if last_ts else self.clock.now()

    async def _model_for(self, incident: Incident) -> tuple[Drafter | None, str]:
        """The model, if it may be used; else the note that says why it isn't, empty where there is none."""
        if self.model is None:
            return None, ""
        if incident.restricted and not self.restricted_allowed:
            return None, RESTRICTED_NOTE
        spent = await self.ledger.why_not(incident)
        return (None, spent) if spent else (self.model, "")


def failure_note(error: DrafterFailed) -> str:
    """What people read when the model could not be used."""
    log.warning("model_not_used", reason=str(error))
    return f"The model could not be used: {error}. This draft is made of what people said in the channel."
