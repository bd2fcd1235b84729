"""A model that reads a report and says what kind of failure it sees, as use cases ask for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from app.ports.drafter import DrafterAccount


@dataclass(frozen=True)
class Proposed:
    """What a model chose, unchecked, and the phrases of the report that it says this rests on."""

    choice: str = ""
    quotes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Proposal:
    """All that a model chose. `shown` is the report as the model got it: without secrets."""

    archetype: Proposed
    system_type: Proposed
    severity: Proposed
    shown: str
    account: DrafterAccount


class Proposer(Protocol):
    """Reads a report. Raises DrafterFailed; lets nothing else out."""

    async def propose(self, report: str) -> Proposal: ...
