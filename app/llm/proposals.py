"""How a model's reading of a report is read, and asked for while its server is well."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.drafting.suggesting.proposing import CHOICES, MOST_QUOTES, proposal_schema
from app.llm.answers import Wanted, object_of
from app.llm.breaker import Breaker
from app.ports.proposer import Proposal, Proposed, Proposer


@dataclass(frozen=True)
class CarefulProposer:
    """Asks `proposer` unless the server that both it and `breaker` ask is in trouble."""

    proposer: Proposer
    breaker: Breaker

    async def propose(self, report: str) -> Proposal:
        return await self.breaker.through(lambda: self.proposer.propose(report))


def read_choices(completion: Any) -> Mapping[str, Proposed]:
    """What the model chose, by name; raises as `app.llm.answers.read_answer` does."""
    found = object_of(completion, list(CHOICES))
    return {name: _proposed(found.get(name)) for name in CHOICES}


def _proposed(given: Any) -> Proposed:
    if not isinstance(given, dict) or not isinstance(given.get("choice"), str):
        return Proposed()
    quotes = given.get("quotes")
    told = [one for one in quotes if isinstance(one, str)] if isinstance(quotes, list) else []
    return Proposed(given["choice"].strip().lower(), tuple(told[:MOST_QUOTES]))


PROPOSAL = Wanted("suggestion", proposal_schema(), read_choices)
