"""A model's reading of an incident's report, where one may be asked, held against the report."""

from __future__ import annotations

import asyncio
import hashlib
import time
from dataclasses import dataclass

import structlog

from app.domain.draft_record import Drafted
from app.domain.incident import Incident
from app.domain.suggestion import Suggestion
from app.drafting.suggesting.model_choice import held_against
from app.drafting.suggesting.suggesting import Suggester
from app.ports.drafter import DrafterFailed
from app.ports.proposer import Proposal, Proposer
from app.services.drafts.drafts import Drafts

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Look:
    """What a look at the evidence brought: what the rules suggest, and a model's checked reading.

    `read` is None where no model was asked, or nothing of what it said holds. `asked` names the report that a model
    read last, empty before the first.
    """

    plain: Suggestion
    read: Suggestion | None = None
    asked: str = ""


@dataclass(frozen=True)
class Readings:
    """Has reports read by a model, under the same bounds as drafts."""

    drafts: Drafts
    proposer: Proposer
    suggester: Suggester

    async def look(self, incident: Incident, report: str, plain: Suggestion, asked: str) -> Look:
        """Have the report read unless the model has read just that; where it can't be, rules alone speak."""
        digest = hashlib.sha256(report.encode(errors="replace")).hexdigest()[:16]
        if digest == asked or not await self.drafts.model_allowed(incident):
            return Look(plain, asked=asked)
        proposal = await self._proposed(incident, report)
        if proposal is None:
            return Look(plain, asked=asked)
        read = await asyncio.to_thread(held_against, proposal, report, plain, self.suggester)
        log.info("report_read", incident=incident.key, held=read is not None)
        return Look(plain, read, digest)

    async def _proposed(self, incident: Incident, report: str) -> Proposal | None:
        began = time.monotonic()
        try:
            proposal = await self.proposer.propose(report)
        except DrafterFailed as error:
            log.warning("report_not_read", incident=incident.key, reason=str(error))
            self.drafts.observer.model_failed(error.reason, time.monotonic() - began)
            await self.drafts.ledger.keep_failure(Drafted.SUGGESTION, incident, error)
            return None
        account = proposal.account
        self.drafts.observer.model_answered(time.monotonic() - began, account.input_tokens, account.output_tokens)
        await self.drafts.ledger.keep_proposal(incident, account)
        return proposal
