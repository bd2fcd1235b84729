"""A notification regime: whom the law obliges, by what facts, to tell whom, and counted from what."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time
from enum import StrEnum
from typing import Annotated, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

KEY = r"^[a-z0-9][a-z0-9_]{0,59}$"
Key = Annotated[str, Field(pattern=KEY)]
Words = Annotated[str, Field(min_length=1, max_length=500)]


class Event(StrEnum):
    """What a clock can count from. Each is stamped as a time of its own: regimes differ in which one they mean."""

    AWARENESS = "awareness"
    INVOLVEMENT = "involvement"
    DISCOVERY = "discovery"
    CLASSIFICATION = "classification"
    DETERMINATION = "determination"
    FIX_AVAILABLE = "fix_available"
    PAYMENT = "payment"
    LOGGED = "logged"
    RESOLUTION = "resolution"


EVENT_NAMES: Mapping[Event, str] = {
    Event.AWARENESS: "we became aware of it",
    Event.INVOLVEMENT: "we became aware that the model was involved",
    Event.DISCOVERY: "it was discovered",
    Event.CLASSIFICATION: "it was classified as major",
    Event.DETERMINATION: "we determined that it is material or reportable",
    Event.FIX_AVAILABLE: "a fix became available",
    Event.PAYMENT: "a ransom was paid",
    Event.LOGGED: "the authority logged our report",
    Event.RESOLUTION: "the incident was resolved",
}


class Standing(StrEnum):
    """Whether the regime binds, as far as the source goes."""

    IN_FORCE = "in_force"
    DISPUTED = "disputed"
    VOLUNTARY = "voluntary"
    UNKNOWN = "unknown"
    NO_CLOCK = "no_clock"


class Confidence(StrEnum):
    """How good the source is: the law's own text, good secondary sources, one weak one, or none."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    UNKNOWN = "unknown"


class Answer(StrEnum):
    YES = "yes"
    NO = "no"
    UNSURE = "unsure"


Answers = Mapping[str, Answer]


def _as_list(value: object) -> object:
    return [value] if isinstance(value, str) else value


OneOf = Annotated[tuple[Key, ...], BeforeValidator(_as_list), Field(min_length=1)]


class Frozen(BaseModel):
    """A part of the knowledge: read only, and refusing keys that it doesn't know."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Applies(Frozen):
    """Facts that something hangs on: every one of `when` (of a list, one suffices), and none of `unless`."""

    when: tuple[OneOf, ...] = ()
    unless: tuple[Key, ...] = ()

    def judge(self, answers: Answers) -> Answer:
        """Whether it is so by these answers; what nobody has answered is unsure."""
        needed = [_any(answers, options) for options in self.when] + [_not(answers, fact) for fact in self.unless]
        if Answer.NO in needed:
            return Answer.NO
        return Answer.UNSURE if Answer.UNSURE in needed else Answer.YES

    @property
    def facts(self) -> frozenset[str]:
        """Every fact that it names."""
        return frozenset(self.unless).union(*self.when)


class Limit(Applies):
    """So much time from an event, or from the submission of an earlier phase.

    Exactly one amount. `at_once`: no fixed time, without undue delay. `days` are calendar days at the same time of
    day, `months` end on the same day of a later month, or on its last where it is shorter. `days_after_year`: counted
    from the end of the calendar year of the start. `after` names events or one phase.
    """

    after: Key
    hours: Annotated[int, Field(ge=1)] | None = None
    days: Annotated[int, Field(ge=1)] | None = None
    business_days: Annotated[int, Field(ge=1)] | None = None
    months: Annotated[int, Field(ge=1)] | None = None
    days_after_year: Annotated[int, Field(ge=1)] | None = None
    at_once: bool | None = None

    @model_validator(mode="after")
    def _one_amount(self) -> Self:
        if len(self.amount) != 1:
            raise ValueError("needs exactly one of hours, days, business_days, months, days_after_year, at_once")
        return self

    @property
    def amount(self) -> tuple[tuple[str, int], ...]:
        """The amounts given, as (unit, count)."""
        units = ("hours", "days", "business_days", "months", "days_after_year", "at_once")
        return tuple((unit, int(given)) for unit in units if (given := getattr(self, unit)) is not None)

    @property
    def event(self) -> Event | None:
        """The event that it counts from; None where it counts from a phase."""
        return Event(self.after) if self.after in set(Event) else None

    def __str__(self) -> str:
        unit, count = self.amount[0]
        if unit == "at_once":
            return "without undue delay"
        if unit == "days_after_year":
            return f"{count} days after the end of the calendar year"
        name = unit.replace("_", " ")
        return f"{count} {name if count > 1 else name.removesuffix('s')}"


class Phase(Applies):
    """One thing to submit. The deadline is the earliest of its limits that has a start; none: no fixed time.

    `recipient` empty: the regime's. `repeats`: due again after each submission of it, until the last phase is sent.
    """

    key: Key
    name: Words
    recipient: str = ""
    limits: tuple[Limit, ...] = ()
    repeats: bool = False


class Regime(Applies):
    """One duty to notify, or the information that none was found (no phases).

    `applies_from`: days on which (parts of) it begin to apply, each with what begins then. `zone`: where its days are
    counted, None for the organisation's own. `calendar` names the holidays that its business days leave out; `closes`
    is the hour at which the last of them ends.
    """

    key: Key
    name: Words
    article: Words
    source: Words
    confidence: Confidence
    standing: Standing
    status: Words
    who: Words
    trigger: Words
    recipient: str = ""
    applies_from: Mapping[date, Words] = Field(default_factory=dict)
    zone: str | None = None
    calendar: str = ""
    closes: time | None = None
    phases: tuple[Phase, ...] = ()

    @model_validator(mode="after")
    def _counts_from_what_there_is(self) -> Self:
        keys = [phase.key for phase in self.phases]
        if len(set(keys)) != len(keys):
            raise ValueError("two phases have the same key")
        known = set(keys) | set(Event)
        for phase in self.phases:
            for limit in phase.limits:
                if limit.after not in known:
                    raise ValueError(f"{phase.key} counts from {limit.after}, which is neither an event nor a phase")
        if not self.phases and self.standing not in (Standing.NO_CLOCK, Standing.UNKNOWN):
            raise ValueError("needs phases")
        return self

    def phase(self, key: str) -> Phase | None:
        """The phase of that key, None if there is none."""
        return next((one for one in self.phases if one.key == key), None)

    @property
    def all_facts(self) -> frozenset[str]:
        """Every fact that the regime, its phases and their limits name."""
        parts: list[Applies] = [*self.phases, *(limit for phase in self.phases for limit in phase.limits)]
        return self.facts.union(*(part.facts for part in parts))

    def phases_for(self, answers: Answers) -> tuple[Phase, ...]:
        """The phases that these answers don't rule out."""
        return tuple(phase for phase in self.phases if phase.judge(answers) is not Answer.NO)

    def events(self, answers: Answers) -> tuple[Event, ...]:
        """The events that its deadlines count from, in the order in which they come."""
        phases = self.phases_for(answers)
        found = [limit.event for phase in phases for limit in phase.limits if limit.judge(answers) is not Answer.NO]
        return tuple(dict.fromkeys(event for event in found if event is not None))

    def begins(self, today: date) -> str:
        """What has not begun to apply by `today`; empty when nothing is outstanding."""
        coming = [f"{words} from {day:%-d %b %Y}" for day, words in sorted(self.applies_from.items()) if day > today]
        return "; ".join(coming)


class Question(Frozen):
    """A plain question for the legal liaison; its key is the fact that a yes states."""

    key: Key
    text: Annotated[str, Field(min_length=1, max_length=150)]
    hint: Annotated[str, Field(max_length=300)] = ""


class Knowledge(Frozen):
    """All regimes and the questions that tell which may apply.

    `where` and `what` are asked first, as lists to tick; what is not ticked there counts as no. `details` are asked
    one by one, only those that still decide something.
    """

    where: tuple[Question, ...] = Field(min_length=1, max_length=100)
    what: tuple[Question, ...] = Field(min_length=1, max_length=100)
    details: tuple[Question, ...] = Field(min_length=1)
    regimes: tuple[Regime, ...] = Field(min_length=1)

    def regime(self, key: str) -> Regime | None:
        """The regime of that key, None if there is none."""
        return next((one for one in self.regimes if one.key == key), None)

    def candidates(self, answers: Answers) -> tuple[Regime, ...]:
        """The regimes that these answers don't rule out, those without a clock left out."""
        return tuple(one for one in self.regimes if one.phases and one.judge(answers) is not Answer.NO)

    def information(self, answers: Answers) -> tuple[Regime, ...]:
        """The regimes in which no clock was found, as far as the answers don't rule them out."""
        return tuple(one for one in self.regimes if not one.phases and one.judge(answers) is not Answer.NO)

    def still_to_ask(self, answers: Answers) -> tuple[Question, ...]:
        """The details that still decide something after these answers, whether they were answered before or not."""
        first = {fact: answer for fact, answer in answers.items() if fact not in {one.key for one in self.details}}
        wanted = frozenset[str]().union(*(one.all_facts for one in self.candidates(first)))
        return tuple(one for one in self.details if one.key in wanted)


def _any(answers: Answers, options: tuple[str, ...]) -> Answer:
    given = [answers.get(fact, Answer.UNSURE) for fact in options]
    if Answer.YES in given:
        return Answer.YES
    return Answer.UNSURE if Answer.UNSURE in given else Answer.NO


def _not(answers: Answers, fact: str) -> Answer:
    opposite = {Answer.YES: Answer.NO, Answer.NO: Answer.YES, Answer.UNSURE: Answer.UNSURE}
    return opposite[answers.get(fact, Answer.UNSURE)]
