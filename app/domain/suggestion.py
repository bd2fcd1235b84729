"""What a first report suggests: which archetypes, which type of system, how severe, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.incident import Archetype, Severity, SystemType


@dataclass(frozen=True)
class Reason:
    """One thing that speaks for it: in plain words, and the phrases of the report that it rests on."""

    because: str
    phrases: tuple[str, ...] = ()

    def __str__(self) -> str:
        quoted = ", ".join(f"“{phrase}”" for phrase in self.phrases)
        return f"{self.because}: {quoted}" if quoted else self.because


@dataclass(frozen=True)
class Guess:
    """An archetype with its share of the evidence, from 0 to 1, and what speaks for it."""

    name: Archetype
    score: float
    reasons: Sequence[Reason] = ()


@dataclass(frozen=True)
class ModelUsed:
    """Which model was asked, and the version of what it was told."""

    model: str
    prompt: str


@dataclass(frozen=True)
class Suggestion:
    """What a report suggests. `archetypes`: best first, `unsure` first where too little speaks for any.

    `system_type` None: the report doesn't tell. `used` None: by rules alone.
    """

    archetypes: Sequence[Guess]
    system_type: SystemType | None
    severity: Severity
    severity_reasons: Sequence[Reason]
    used: ModelUsed | None = None

    @property
    def best(self) -> Guess:
        return self.archetypes[0]

    @property
    def sure(self) -> bool:
        """False where no archetype can be told."""
        return self.best.name is not Archetype.UNSURE
