"""What a drafter is given and what it must give back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from app.domain.incident import Incident
from app.domain.postmortem import Part
from app.domain.roles import Role
from app.domain.status_update import Audience, Section
from app.domain.timeline import Mark


@dataclass(frozen=True)
class EvidenceEntry:
    """One timeline entry as it stood at `Evidence.as_of`.

    `author_name` is a display name, `author_role` the role held when it was said, None if none. `thread_of` is the id
    of the entry whose thread it is in, None outside threads. `earlier_texts` are the words it replaced, oldest first.
    `from_channel` is False for what a person did through the bot (role, status, severity, note).
    Deleted messages are not in the evidence; `changed_at` is when it was last edited or marked, None for never.
    `author_is_bot`: said by an automation or a system, possibly the one
    under incident. `files` are names; `reactions` maps a reaction to how many people gave it.
    """

    id: int
    at: datetime
    author: str
    author_name: str
    text: str
    mark: Mark = Mark.NOTE
    author_role: Role | None = None
    author_is_bot: bool = False
    from_channel: bool = True
    thread_of: int | None = None
    earlier_texts: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    reactions: Mapping[str, int] = field(default_factory=dict)
    permalink: str | None = None
    changed_at: datetime | None = None


@dataclass(frozen=True)
class OpenUnknown:
    """An unknown that no entry answers yet. `entry_id` is where it was raised."""

    number: int
    text: str
    entry_id: int


@dataclass(frozen=True)
class Carried:
    """What an earlier draft for the same audience established: its sentences, each checked then, and the entries that
    its drafter knows as they still stand.
    """

    sections: Mapping[Section, Sequence[Sentence]]
    known: frozenset[int]


@dataclass(frozen=True)
class Evidence:
    """All that a draft may rest on, in order of `at`, as it was known at `as_of`.

    `names` maps Slack user IDs to display names, for mentions in the texts. `published` are the sentences of the last
    published update, empty before the first. `carried` is None for a first draft, and for who reads everything anyway.
    """

    incident: Incident
    as_of: datetime
    entries: Sequence[EvidenceEntry]
    unknowns: Sequence[OpenUnknown] = ()
    audience: Audience = Audience.RESPONDERS
    names: Mapping[str, str] = field(default_factory=dict)
    published: Sequence[Sentence] = ()
    carried: Carried | None = None


@dataclass(frozen=True)
class Sentence:
    """One sentence and the ids of the entries it rests on; `by_hand` when a person wrote it without citing anything."""

    text: str
    citations: tuple[int, ...]
    by_hand: bool = False


@dataclass(frozen=True)
class Dropped:
    """A sentence that a drafter wrote and that was left out, and why, in one plain clause."""

    text: str
    reason: str


@dataclass(frozen=True)
class DrafterAccount:
    """Who drafted: `model`, `input_tokens`, `output_tokens` are None where no model was used or it did not say.

    `note` tells a person why the draft isn't what they may expect (for example that the model failed), empty otherwise.
    `prompt` is the version of the instructions, None where there were none; `evidence_ids` are the entries that the
    drafter was given. Of the checked sentences `passed` stood at once, `repaired` were written again and stood then,
    and `dropped` were left out. `record_id`: under which the draft is kept, None before it is.
    `estimated_tokens` were spent on questions that no server counted.
    """

    name: str
    model: str | None = None
    input_tokens: int | None = None
    output_tokens: int | None = None
    note: str = ""
    prompt: str | None = None
    evidence_ids: tuple[int, ...] = ()
    passed: int = 0
    repaired: int = 0
    dropped: tuple[Dropped, ...] = ()
    record_id: int | None = None
    estimated_tokens: int = 0

    @property
    def tokens(self) -> int | None:
        """All that was read and written; None without a model, or where its server did not count."""
        counted = [tokens for tokens in (self.input_tokens, self.output_tokens) if tokens is not None]
        return sum(counted) if counted else None

    @property
    def cost(self) -> int:
        """The tokens spent, those that nobody counted estimated; 0 without a model."""
        return (self.tokens or 0) + self.estimated_tokens


@dataclass(frozen=True)
class Draft:
    """A What We Know draft; every section is present, possibly empty."""

    sections: Mapping[Section, Sequence[Sentence]]
    account: DrafterAccount


@dataclass(frozen=True)
class PostmortemDraft:
    """A postmortem draft; every part is present, possibly empty."""

    parts: Mapping[Part, Sequence[Sentence]]
    account: DrafterAccount


class Failure(StrEnum):
    """Why a drafter gave nothing usable."""

    TIMED_OUT = "timed_out"
    UNREACHABLE = "unreachable"
    REFUSED = "refused"
    LIMITED = "limited"
    BROKEN = "broken"
    UNUSABLE = "unusable"


class DrafterFailed(Exception):
    """The drafter gave nothing usable; `str(error)` is one short plain clause such as "the model timed out".

    `tokens` were spent all the same. `wait_seconds`: how long the server asks to be left alone, None where it doesn't.
    """

    def __init__(
        self, clause: str, reason: Failure = Failure.UNUSABLE, tokens: int = 0, wait_seconds: float | None = None
    ) -> None:
        super().__init__(clause)
        self.reason = reason
        self.tokens = tokens
        self.wait_seconds = wait_seconds


class Answerer(Protocol):
    """Words an answer that was found in the record."""

    async def answer(
        self, evidence: Evidence, question: str, found: Sequence[Sentence]
    ) -> tuple[Sequence[Sentence], int]:
        """The answer in other words, each sentence checked, and the tokens spent. Raises DrafterFailed."""
        ...


class Drafter(Protocol):
    """Drafts from evidence alone. Raises DrafterFailed; lets nothing else out."""

    async def draft_update(self, evidence: Evidence) -> Draft: ...

    async def draft_postmortem(self, evidence: Evidence) -> PostmortemDraft: ...
