"""The drafter that needs no model: it chooses and rewords what people said."""

from __future__ import annotations

import asyncio

from app.drafting.telling.postmortem import draft_postmortem
from app.drafting.telling.update import WORDS, draft_update
from app.ports.drafter import Draft, DrafterAccount, Evidence, PostmortemDraft


class ExtractiveDrafter:
    """Drafts from the evidence by rules alone, the same every time. `words`: the length of an update.

    A long incident takes seconds to read: that happens in a thread, so that everybody else is answered meanwhile.
    """

    def __init__(self, words: int = WORDS) -> None:
        self._words = words

    async def draft_update(self, evidence: Evidence) -> Draft:
        sections = await asyncio.to_thread(draft_update, evidence, self._words)
        return Draft(sections, DrafterAccount(name="extractive"))

    async def draft_postmortem(self, evidence: Evidence) -> PostmortemDraft:
        parts = await asyncio.to_thread(draft_postmortem, evidence)
        return PostmortemDraft(parts, DrafterAccount(name="extractive"))
