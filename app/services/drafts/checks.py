"""What every draft is held to, whoever drafted it: it cites what there is, and tells readers what they may know."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import structlog

from app.domain.postmortem import Part
from app.domain.status_update import Audience, Section
from app.drafting.audiences.insiders import inside_of
from app.drafting.audiences.lines import fitted
from app.drafting.model.redaction import PERSONAL, Redactor
from app.ports.drafter import Draft, DrafterAccount, Evidence, PostmortemDraft, Sentence

log = structlog.get_logger(__name__)


def grounded(draft: Draft, evidence: Evidence) -> Draft:
    """The draft with every section present, no secrets, and no sentences that cite nothing in the evidence."""
    known = _citable(evidence)
    hide = _Hiding(evidence.audience)
    sections = {section: hide.of(_cited(draft.sections.get(section, ()), known)) for section in Section}
    return replace(draft, sections=sections, account=hide.of_account(draft.account))


def fitting(draft: Draft, evidence: Evidence) -> Draft:
    """A model's draft without what its audience may not be told; what was left out, and why, is in its account."""
    if draft.account.model is None:
        return draft
    told, left_out = fitted(evidence.audience, draft.sections, inside_of(evidence))
    account = replace(draft.account, dropped=(*draft.account.dropped, *left_out))
    return replace(draft, sections=told, account=account)


def grounded_postmortem(draft: PostmortemDraft, evidence: Evidence) -> PostmortemDraft:
    known = _citable(evidence)
    hide = _Hiding(Audience.RESPONDERS)
    parts = {part: hide.of(_cited(draft.parts.get(part, ()), known)) for part in Part}
    return replace(draft, parts=parts, account=hide.of_account(draft.account))


class _Hiding:
    """Placeholders for what opens something, and for what identifies people where others than the responders read."""

    def __init__(self, audience: Audience) -> None:
        self._redactor = Redactor(spared=PERSONAL if audience is Audience.RESPONDERS else frozenset())

    def of(self, sentences: Sequence[Sentence]) -> list[Sentence]:
        return [replace(one, text=self._redactor.text(one.text)) for one in sentences]

    def of_account(self, account: DrafterAccount) -> DrafterAccount:
        return replace(
            account, dropped=tuple(replace(one, text=self._redactor.text(one.text)) for one in account.dropped)
        )


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


def sentence_count(draft: Draft | PostmortemDraft) -> int:
    """How many sentences the draft has."""
    parts = draft.sections.values() if isinstance(draft, Draft) else draft.parts.values()
    return sum(len(sentences) for sentences in parts)
