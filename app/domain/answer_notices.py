"""What one person is told privately of what an incident's record says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.domain.incident import Incident
from app.domain.notices import Notice

Told = Sequence[Mapping[str, Any]]
"""Sentences, each {text, citations: [entry id]}."""


@dataclass(frozen=True)
class CatchUp(Notice):
    """The incident in a few lines; `lead` is None while nobody commands it, `links` maps entry ids to addresses."""

    incident: Incident
    lead: str | None
    known: Told
    last: Told
    open: Told
    links: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class RecordAnswer(Notice):
    """What the record says to a question: `sentences`, none where it is not on the record.

    `nearest`: what is open about it, empty for nothing; `number`: its number on the list, None where it isn't on it.
    `deleted`: whether something that was said about it is deleted.
    """

    incident: Incident
    question: str
    sentences: Told
    nearest: Told = ()
    number: int | None = None
    deleted: bool = False
    links: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class CatchUpOffered(Notice):
    """One line for who comes into an incident's channel late."""

    incident: Incident
