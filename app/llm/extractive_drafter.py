"""The drafter that needs no model: it chooses and rewords what people said."""

from __future__ import annotations

from app.drafting.postmortem import draft_postmortem
from app.drafting.update import WORDS, draft_update
from app.ports.drafter import Draft, DrafterAccount, Evidence, PostmortemDraft


class ExtractiveDrafter:
    """Drafts from the evidence by rules alone, the same every time. `words`: the length of an update."""

    def __init__(self, words: int = WORDS) -> None:
        self._words = words

    async def draft_update(self, evidence: Evidence) -> Draft:
        return Draft(draft_update(evidence, self._words), DrafterAccount(name="extractive"))

    async def draft_postmortem(self, evidence: Evidence) -> PostmortemDraft:
        return PostmortemDraft(draft_postmortem(evidence), DrafterAccount(name="extractive"))
