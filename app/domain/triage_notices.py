"""What people are told of triage and escalation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from app.domain.escalation import Candidate, RoleAdvice
from app.domain.incident import Incident
from app.domain.notices import Notice
from app.domain.triage_pack import TriagePack


@dataclass(frozen=True)
class ShownPicture:
    """A picture that is at hand in the chat as a file, and the same in words."""

    file: str
    words: str


@dataclass(frozen=True)
class TriageShown(Notice):
    """The triage pack in the incident's channel: one message, gathered anew in place."""

    incident: Incident
    pack: TriagePack
    bring_in: Sequence[Candidate] = field(default_factory=tuple)
    roles: Sequence[RoleAdvice] = field(default_factory=tuple)
    owner_team: str = ""
    picture: ShownPicture | None = None


@dataclass(frozen=True)
class BroughtIn(Notice):
    """Told to a person who was brought in: by whom, why, and that a word from them is awaited."""

    incident: Incident
    by: str
    reasons: Sequence[str]
    answer_minutes: int


@dataclass(frozen=True)
class NoAnswer(Notice):
    """Told to whoever leads: somebody who was brought in is silent; `next_one` could be asked instead."""

    incident: Incident
    user: str
    minutes: int
    next_one: Candidate | None = None
