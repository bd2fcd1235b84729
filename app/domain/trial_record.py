"""What is kept of reproduction trials: each trial, each of its tries, and a person's word that a fix holds."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, Text
from sqlmodel import Field, SQLModel

from app.domain.columns import UTCDateTime, text_enum
from app.domain.trial import ACCEPTABLE_PERCENT, Count, TrialPhase, Verdict, verdict


class TrialKind(StrEnum):
    """`override`: no trial, but a person's word, with a reason, that the fix is verified."""

    BY_HAND = "by_hand"
    AUTOMATIC = "automatic"
    OVERRIDE = "override"


class TrialState(StrEnum):
    RUNNING = "running"
    JUDGING = "judging"
    DONE = "done"
    CANCELLED = "cancelled"
    CEILING = "ceiling"
    FAILED = "failed"


class Rule(StrEnum):
    """When a try counts as failed: its answer contains the text, lacks it, matches, breaks the schema; a human says."""

    CONTAINS = "contains"
    LACKS = "lacks"
    REGEX = "regex"
    SCHEMA = "schema"
    HUMAN = "human"


class Outcome(StrEnum):
    FAILED = "failed"
    PASSED = "passed"
    UNJUDGED = "unjudged"
    ERROR = "error"


class Trial(SQLModel, table=True):
    """One trial of an incident; `number` counts per incident.

    `wanted` tries were asked for, `made` were answered; `tries` of these came to an outcome, `failures` of them failed;
    `errors` more gave no answer. `setting` tells what was tried, in words (model, version, sampling). `rule` and
    `expected` say when an automatic try counts as failed, None where people counted. `reason` is why it ended early, or
    of an override why the fix holds.
    """

    __table_args__ = (Index("ux_trial_number", "incident_id", "number", unique=True),)

    id: int | None = Field(default=None, primary_key=True)
    team: str = Field(max_length=32)
    incident_id: int = Field(foreign_key="incident.id", ondelete="CASCADE")
    number: int
    kind: TrialKind = Field(sa_type=text_enum(TrialKind))
    phase: TrialPhase = Field(sa_type=text_enum(TrialPhase))
    prompt: str = Field(default="", sa_type=Text)
    setting: str = Field(default="", sa_type=Text)
    acceptable_percent: int = ACCEPTABLE_PERCENT
    wanted: int = 0
    made: int = 0
    tries: int = 0
    failures: int = 0
    errors: int = 0
    rule: Rule | None = Field(default=None, sa_type=text_enum(Rule))
    expected: str = Field(default="", sa_type=Text)
    state: TrialState = Field(default=TrialState.DONE, sa_type=text_enum(TrialState))
    tokens: int = 0
    token_ceiling: int = 0
    reason: str = Field(default="", sa_type=Text)
    asked_by: str = Field(max_length=32)
    asked_at: datetime = Field(sa_type=UTCDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    message_ts: str | None = Field(default=None, max_length=32)

    @property
    def count(self) -> Count:
        return Count(self.failures, self.tries)

    @property
    def series(self) -> str:
        """What makes trials comparable: the same prompt, however its lines are broken."""
        return " ".join(self.prompt.split())


class TrialTry(SQLModel, table=True):
    """One try of an automatic trial, as it was answered; `number` counts within the trial."""

    __tablename__ = "trial_try"
    __table_args__ = (Index("ux_trial_try_number", "trial_id", "number", unique=True),)

    id: int | None = Field(default=None, primary_key=True)
    team: str = Field(max_length=32)
    incident_id: int = Field(foreign_key="incident.id", ondelete="CASCADE", index=True)
    trial_id: int = Field(foreign_key="trial.id", ondelete="CASCADE")
    number: int
    outcome: Outcome = Field(sa_type=text_enum(Outcome))
    answer: str = Field(default="", sa_type=Text)
    tokens: int = 0
    at: datetime = Field(sa_type=UTCDateTime)
    judged_by: str | None = Field(default=None, max_length=32)


class Series:
    """The trials of one prompt, before and after the fix."""

    def __init__(self, trials: Iterable[Trial]) -> None:
        self.trials = list(trials)

    @property
    def prompt(self) -> str:
        return self.trials[0].prompt

    def total(self, phase: TrialPhase) -> Count:
        """All tries of that phase together."""
        return sum((one.count for one in self.trials if one.phase is phase), Count(0, 0))

    @property
    def verdict(self) -> Verdict:
        """What they show, by the strictest rate that was called acceptable."""
        acceptable = min(one.acceptable_percent for one in self.trials) / 100
        return verdict(self.total(TrialPhase.BEFORE), self.total(TrialPhase.AFTER), acceptable)


def series_of(trials: Iterable[Trial]) -> list[Series]:
    """The trials by prompt, in the order in which the prompts were first tried; overrides left out."""
    found: dict[str, list[Trial]] = {}
    for one in trials:
        if one.kind is not TrialKind.OVERRIDE:
            found.setdefault(one.series, []).append(one)
    return [Series(each) for each in found.values()]


def standing(trials: Iterable[Trial]) -> tuple[bool, str]:
    """Whether the fix of an incident counts as verified, and the sentence that says why.

    Every prompt must be shown fixed, unless a person has said since that it is.
    """
    known = list(trials)
    last = known[-1] if known else None
    if last is not None and last.kind is TrialKind.OVERRIDE:
        return True, f"Called verified by a person, not by trials: {last.reason}"
    each = [one.verdict for one in series_of(known)]
    if not each:
        return False, "The fix is not verified: nothing was tried."
    worst = next((one for one in each if not one.verified), each[0])
    more = f" ({sum(one.verified for one in each)} of {len(each)} prompts are verified)" if len(each) > 1 else ""
    return worst.verified, worst.sentence + more
