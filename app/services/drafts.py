"""Drafts of a What We Know, by rules or by a model, from what was known at some instant."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeVar

import structlog

from app.domain.incident import Incident
from app.domain.message_facts import instant_of
from app.domain.postmortem import Part
from app.domain.status_update import Audience, Section
from app.drafting.audience_lines import fitted
from app.drafting.insiders import inside_of
from app.ports.clock import Clock
from app.ports.drafter import Draft, Drafter, DrafterAccount, DrafterFailed, Evidence, PostmortemDraft, Sentence
from app.ports.observer import UNWATCHED, Drafted, Observer
from app.ports.store import Store, UnitOfWork
from app.services.access import id_of, incident_for
from app.services.actor import Actor
from app.services.evidence import evidence_of

log = structlog.get_logger(__name__)

AnyDraft = TypeVar("AnyDraft", Draft, PostmortemDraft)
RESTRICTED_NOTE = "This incident is restricted: none of its text was sent to the model."


@dataclass(frozen=True)
class Drafts:
    """`rules` needs no model and answers at once; `model` is None where none is configured.

    `restricted_allowed`: whether the text of restricted incidents may reach the model.
    """

    store: Store
    clock: Clock
    rules: Drafter
    model: Drafter | None = None
    restricted_allowed: bool = False
    observer: Observer = UNWATCHED

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
        draft = grounded(await self.rules.draft_update(evidence), evidence)
        self.observer.drafted(Drafted.UPDATE, draft.account.name, fell_back=False)
        return draft

    async def best(self, actor: Actor, key: str, audience: Audience, as_of: datetime | None = None) -> Draft:
        """A draft by the model where one is configured and allowed; by rules, with a note why, where it fails.

        Raises NotFound.
        """
        evidence = await self._gather(actor, key, audience, as_of)

        async def drafted_by(drafter: Drafter) -> Draft:
            return fitting(grounded(await drafter.draft_update(evidence), evidence), evidence)

        return await self._best(Drafted.UPDATE, evidence.incident, drafted_by)

    async def postmortem(self, evidence: Evidence) -> PostmortemDraft:
        """A postmortem draft, by the same choice of drafter as `best`."""

        async def drafted_by(drafter: Drafter) -> PostmortemDraft:
            return _grounded_postmortem(await drafter.draft_postmortem(evidence), evidence)

        return await self._best(Drafted.POSTMORTEM, evidence.incident, drafted_by)

    async def _best(
        self, what: Drafted, incident: Incident, drafted_by: Callable[[Drafter], Awaitable[AnyDraft]]
    ) -> AnyDraft:
        model, note = self._model_for(incident)
        if model is not None:
            try:
                return await self._by_model(what, drafted_by(model))
            except DrafterFailed as error:
                note = failure_note(error)
        draft = await drafted_by(self.rules)
        self.observer.drafted(what, draft.account.name, fell_back=model is not None)
        return replace(draft, account=replace(draft.account, note=note or draft.account.note))

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

    def _model_for(self, incident: Incident) -> tuple[Drafter | None, str]:
        """The model, if it may be used; else the note that says why it isn't, empty where there is none."""
        if self.model is None:
            return None, ""
        if incident.restricted and not self.restricted_allowed:
            return None, RESTRICTED_NOTE
        return self.model, ""


def account_record(account: DrafterAccount) -> dict[str, Any]:
    """The account as it is stored with an update or a postmortem; `tokens` is the sum of what was read and written."""
    counted = [tokens for tokens in (account.input_tokens, account.output_tokens) if tokens is not None]
    return {
        "name": account.name,
        "model": account.model,
        "tokens": sum(counted) if counted else None,
        "input_tokens": account.input_tokens,
        "output_tokens": account.output_tokens,
        "prompt": account.prompt,
        "evidence": list(account.evidence_ids),
        "checks": {"passed": account.passed, "repaired": account.repaired, "failed": len(account.dropped)},
        "dropped": [{"text": one.text, "reason": one.reason} for one in account.dropped],
        "note": account.note,
    }


def failure_note(error: DrafterFailed) -> str:
    """What people read when the model could not be used."""
    log.warning("model_not_used", reason=str(error))
    return f"The model could not be used: {error}. This draft is made of what people said in the channel."


def grounded(draft: Draft, evidence: Evidence) -> Draft:
    """The draft with every section present, and without sentences that cite nothing in the evidence."""
    known = _citable(evidence)
    sections = {section: _cited(draft.sections.get(section, ()), known) for section in Section}
    return replace(draft, sections=sections)


def fitting(draft: Draft, evidence: Evidence) -> Draft:
    """A model's draft without what its audience may not be told, and a note of how much that was; others stay."""
    if draft.account.model is None:
        return draft
    told = fitted(evidence.audience, draft.sections, inside_of(evidence))
    left_out = sum(map(len, draft.sections.values())) - sum(map(len, told.values()))
    if not left_out:
        return replace(draft, sections=told)
    note = f"{left_out} of the model's sentences were left out: {evidence.audience.value} are not told such things."
    return replace(draft, sections=told, account=replace(draft.account, note=f"{draft.account.note} {note}".strip()))


def _grounded_postmortem(draft: PostmortemDraft, evidence: Evidence) -> PostmortemDraft:
    known = _citable(evidence)
    return replace(draft, parts={part: _cited(draft.parts.get(part, ()), known) for part in Part})


def _citable(evidence: Evidence) -> set[int]:
    """What was said, and where each unknown was raised: that one stays on the list when its message is deleted."""
    return {entry.id for entry in evidence.entries} | {unknown.entry_id for unknown in evidence.unknowns}


def _cited(sentences: Sequence[Sentence], known: set[int]) -> list[Sentence]:
    kept = []
    for sentence in sentences:
        citations = tuple(one for one in sentence.citations if one in known)
        if citations:
            kept.append(replace(sentence, citations=citations))
    if dropped := len(sentences) - len(kept):
        log.warning("uncited_sentences_dropped", count=dropped)
    return kept
