"""A drafter that never leaves people without a draft: the model first, the rules when it fails."""

from __future__ import annotations

from dataclasses import replace

import structlog

from app.ports.drafter import Draft, Drafter, DrafterAccount, DrafterFailed, Evidence, PostmortemDraft

log = structlog.get_logger(__name__)


class FallbackDrafter:
    """Drafts with `primary`; where it fails, with `fallback`, whose account then says why."""

    def __init__(self, primary: Drafter, fallback: Drafter) -> None:
        self._primary = primary
        self._fallback = fallback

    async def draft_update(self, evidence: Evidence) -> Draft:
        try:
            return await self._primary.draft_update(evidence)
        except DrafterFailed as error:
            draft = await self._fallback.draft_update(evidence)
            return replace(draft, account=_explained(draft.account, error))

    async def draft_postmortem(self, evidence: Evidence) -> PostmortemDraft:
        try:
            return await self._primary.draft_postmortem(evidence)
        except DrafterFailed as error:
            draft = await self._fallback.draft_postmortem(evidence)
            return replace(draft, account=_explained(draft.account, error))


def _explained(account: DrafterAccount, error: DrafterFailed) -> DrafterAccount:
    log.warning("drafter_fell_back", reason=str(error))
    reason = str(error).removeprefix("the model ")
    return replace(account, note=f"The model could not draft ({reason}); this draft was made without it.")
