"""A containment: a switch of a system thrown by a person, verified, reviewed, and taken back when it is over."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Index, Text
from sqlmodel import Field, SQLModel

from app.domain.columns import UTCDateTime, instant, json_type, text_enum
from app.domain.register import Connector, ConnectorKind, Switch, SwitchKind


class ContainmentState(StrEnum):
    """`asked` waits for a second person, `acting` may wait for hands; `not_contained` is whatever nobody verified."""

    ASKED = "asked"
    CONFIRMED = "confirmed"
    ACTING = "acting"
    VERIFYING = "verifying"
    CONTAINED = "contained"
    NOT_CONTAINED = "not_contained"
    UNDONE = "undone"
    REFUSED = "refused"


class Purpose(StrEnum):
    """Which way the switch is being thrown, or was last."""

    CONTAIN = "contain"
    UNDO = "undo"


class Reading(StrEnum):
    """What a switch reads; `unknown` whenever that can't be told for sure."""

    CONTAINED = "contained"
    NOT_CONTAINED = "not_contained"
    UNKNOWN = "unknown"


UNDER_WAY = frozenset({ContainmentState.CONFIRMED, ContainmentState.ACTING, ContainmentState.VERIFYING})
STANDING = UNDER_WAY | {ContainmentState.ASKED, ContainmentState.CONTAINED}
WANTED = {Purpose.CONTAIN: Reading.CONTAINED, Purpose.UNDO: Reading.NOT_CONTAINED}
# Kept of each containment, so that a connector that answers for ever doesn't fill the record.
ANSWERS_KEPT = 60


class Containment(SQLModel, table=True):
    """One throw of one switch.

    `terms`: what the person confirmed, {system_name, name, what_happens, affects, how_to_undo, instructions, model,
    model_version, prompt_version, guardrail_version}; `fingerprint` is of the whole switch then. `emergency`: pressed
    as an emergency stop, without role or second person. `idempotency_key` begins with 32 random characters. `before`
    and `after`: {at, reading, words} of the switch, None where it was never read. `answers`: {at, call, ok, words} of
    every call, oldest first. `problem` says in a clause why it is not (or no longer) as wanted. `contained_at` is when
    it last became contained; `verified_at` when what `state` says was last verified, None if it was not.
    `undo_by`: who took it back, or refused it. `review_at`: when somebody looks again whether it is still right, None
    while nothing is contained; `review_due` once they were asked.
    """

    __table_args__ = (Index("ux_containment_idempotency_key", "idempotency_key", unique=True),)

    id: int | None = Field(default=None, primary_key=True)
    team: str = Field(max_length=32)
    incident_id: int = Field(foreign_key="incident.id", ondelete="CASCADE", index=True)
    system: str = Field(max_length=80)
    switch: str = Field(max_length=80)
    kind: SwitchKind = Field(sa_type=text_enum(SwitchKind))
    connector: ConnectorKind = Field(sa_type=text_enum(ConnectorKind))
    terms: dict[str, str] = Field(sa_type=json_type())
    fingerprint: str = Field(max_length=64)
    by_hand: bool = False
    dangerous: bool = False
    emergency: bool = False
    asked_by: str = Field(max_length=32)
    asked_at: datetime = Field(sa_type=UTCDateTime)
    reason: str = Field(default="", sa_type=Text)
    approved_by: str | None = Field(default=None, max_length=32)
    approved_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    state: ContainmentState = Field(default=ContainmentState.ASKED, sa_type=text_enum(ContainmentState))
    purpose: Purpose = Field(default=Purpose.CONTAIN, sa_type=text_enum(Purpose))
    idempotency_key: str = Field(max_length=80)
    attempts: int = 0
    evidence_note: str = Field(default="", sa_type=Text)
    before: dict[str, Any] | None = Field(default=None, sa_type=json_type())
    after: dict[str, Any] | None = Field(default=None, sa_type=json_type())
    answers: list[dict[str, Any]] = Field(default_factory=list, sa_type=json_type())
    problem: str = Field(default="", sa_type=Text)
    contained_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    verified_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    undo_by: str | None = Field(default=None, max_length=32)
    undo_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    review_minutes: int = 60
    review_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    review_due: bool = False
    message_ts: str | None = Field(default=None, max_length=32)

    @property
    def name(self) -> str:
        """The switch's name as it was confirmed."""
        return self.terms["name"]

    @property
    def system_name(self) -> str:
        """The system's name as it was confirmed."""
        return self.terms["system_name"]

    @property
    def order_key(self) -> str:
        """The idempotency key of what is being done now: taking back is an order of its own."""
        return f"{self.idempotency_key}-undo" if self.purpose is Purpose.UNDO else self.idempotency_key

    @property
    def waits_for_hands(self) -> bool:
        """True while a person has to act and say so."""
        return self.by_hand and self.state is ContainmentState.ACTING

    @property
    def answered(self) -> bool:
        """True once a connector has answered for it; never where only people did anything."""
        return any(answer["call"] == "verify" for answer in self.answers)

    @property
    def order_done(self) -> bool:
        """True when the last order was answered as done: giving it again under its key would do nothing more."""
        acts = [answer for answer in self.answers if answer["call"] in {"act", "undo"}]
        return bool(acts) and bool(acts[-1]["ok"])

    @property
    def needs_two_again(self) -> bool:
        """True when trying it again would be a new order of a switch that takes two people."""
        return self.dangerous and not self.emergency and self.order_done and self.purpose is Purpose.CONTAIN

    def order_again(self) -> None:
        """The same order where nobody knows what became of it; a new one where it was done, and did not last."""
        if self.order_done:
            self.idempotency_key = f"{self.idempotency_key[:32]}-{self.attempts + 1}"

    def heard(self, called: Sequence[Called]) -> None:
        """Keep what was answered, the newest answers only."""
        self.answers = [*self.answers, *(one.answer() for one in called)][-ANSWERS_KEPT:]

    @property
    def can_be_undone(self) -> bool:
        """True once it may have had an effect, unless it is under way or taken back."""
        return self.attempts > 0 and self.state in {ContainmentState.CONTAINED, ContainmentState.NOT_CONTAINED}


@dataclass(frozen=True)
class Called:
    """How a call to a connector ended: `problem` is empty when it went well."""

    at: datetime
    call: str
    problem: str = ""
    reading: Reading = Reading.UNKNOWN
    words: str = ""

    @property
    def ok(self) -> bool:
        return not self.problem

    def answer(self) -> dict[str, Any]:
        """As it is kept among the answers."""
        return {"at": instant(self.at), "call": self.call, "ok": self.ok, "words": self.problem or self.words}

    def as_read(self) -> dict[str, Any]:
        """As it is kept of a reading."""
        return {"at": instant(self.at), "reading": self.reading.value, "words": self.problem or self.words}


@dataclass(frozen=True)
class Outcome:
    """What throwing the switch came to; `problem` is empty when it is as wanted."""

    state: ContainmentState
    problem: str = ""


def outcome(purpose: Purpose, acted: Called, readings: Sequence[Called]) -> Outcome:
    """Contained (or undone) only when the act went well and every reading says so; anything else is not contained.

    One exception: a failed undo leaves contained what every reading still calls contained.
    """
    problem = _problem(purpose, acted, readings)
    if not problem:
        return Outcome(ContainmentState.CONTAINED if purpose is Purpose.CONTAIN else ContainmentState.UNDONE)
    if purpose is Purpose.UNDO and _all_read(readings, Reading.CONTAINED):
        return Outcome(ContainmentState.CONTAINED, problem)
    return Outcome(ContainmentState.NOT_CONTAINED, problem)


def _all_read(readings: Sequence[Called], wanted: Reading) -> bool:
    return bool(readings) and all(one.ok and one.reading is wanted for one in readings)


_READ_WRONG = {
    Purpose.CONTAIN: "its switch said that it was done, and then read as not contained",
    Purpose.UNDO: "its switch said that it was taken back, and still reads as contained",
}


def _problem(purpose: Purpose, acted: Called, readings: Sequence[Called]) -> str:
    """Why it is not as wanted, in a clause; empty when it is."""
    if not acted.ok:
        return acted.problem
    failed = next((one for one in readings if not one.ok), None)
    if failed is not None:
        return f"it could not be verified: {failed.problem}"
    if _all_read(readings, WANTED[purpose]):
        return ""
    said = {one.reading for one in readings}
    if len(said) > 1:
        return "asked twice, its switch gave two different answers"
    return _READ_WRONG[purpose]


def fingerprint(switch: Switch) -> str:
    """The same for the same switch: name, terms, targets and all."""
    return hashlib.sha256(switch.model_dump_json().encode()).hexdigest()


def has_way(connector: Connector, purpose: Purpose) -> bool:
    """True when the connector itself can throw the switch that way; else a person has to do it."""
    if connector.kind is ConnectorKind.MANUAL:
        return False
    return purpose is Purpose.CONTAIN or bool(connector.undo_url or connector.undo_command)
