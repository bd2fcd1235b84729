"""When something has to be submitted: the arithmetic of notification deadlines, pure.

Where a rule could be read in two ways the earlier instant is taken: days and months end at the time of day at which
they began, no deadline is moved past a weekend or holiday unless it is counted in business days, and of the two
readings of an hour that a clock change doubles or skips the first one counts.
"""

from __future__ import annotations

import calendar
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from app.domain.regime import Answer, Answers, Event, Limit, Phase, Regime

ANY_CALENDAR = ""
Holidays = Mapping[str, frozenset[date]]
SATURDAY = 5


@dataclass(frozen=True)
class Days:
    """How days are counted: in which zone, without which holidays, and until what hour a business day lasts.

    `closes` None: business days end at the time of day at which the clock began.
    """

    zone: ZoneInfo
    holidays: frozenset[date] = frozenset()
    closes: time | None = None


@dataclass(frozen=True)
class Submission:
    """What was sent for a phase, and when."""

    phase: str
    at: datetime


@dataclass(frozen=True)
class Known:
    """What a regime's deadlines follow from."""

    answers: Answers
    events: Mapping[Event, datetime]
    sent: Sequence[Submission] = ()


@dataclass(frozen=True)
class Deadline:
    """A phase that is due: its `number`th submission, by `due_at`, counted from `counted_from` at `started_at`."""

    phase: str
    number: int
    started_at: datetime
    due_at: datetime
    counted_from: str


class Level(StrEnum):
    """How far a clock has run when people are told."""

    HALF = "half"
    QUARTER_LEFT = "quarter_left"
    END = "end"
    LATE = "late"


LEVELS = tuple(Level)


def days_of(regime: Regime, home: ZoneInfo, holidays: Holidays) -> Days:
    """How the regime counts days; `home`: the organisation's zone, for regimes without one of their own."""
    zone = ZoneInfo(regime.zone) if regime.zone else home
    days_off = holidays.get(ANY_CALENDAR, frozenset()) | holidays.get(regime.calendar, frozenset())
    return Days(zone, days_off, regime.closes)


def ends(limit: Limit, started_at: datetime, days: Days) -> datetime:
    """When the limit ends that began at `started_at`; aware and UTC."""
    unit, count = limit.amount[0]
    return _COUNTED[unit](started_at, count, days).astimezone(UTC)


def deadlines(regime: Regime, known: Known, days: Days) -> list[Deadline]:
    """What is due and not sent yet, by what is known: one for each phase whose clock has started."""
    found = (_deadline(regime, phase, known, days) for phase in regime.phases_for(known.answers))
    return [one for one in found if one is not None]


def reminder_times(started_at: datetime, due_at: datetime) -> dict[Level, datetime]:
    """When people are told: at half the time, at a quarter left, at the end, and once it is late."""
    whole = due_at - started_at
    grace = min(max(whole / 24, timedelta(minutes=5)), timedelta(hours=1))
    if not whole:
        return {Level.END: due_at, Level.LATE: due_at + timedelta(hours=1)}
    return {
        Level.HALF: started_at + whole / 2,
        Level.QUARTER_LEFT: due_at - whole / 4,
        Level.END: due_at,
        Level.LATE: due_at + grace,
    }


def _deadline(regime: Regime, phase: Phase, known: Known, days: Days) -> Deadline | None:
    times = sum(one.phase == phase.key for one in known.sent)
    if (times and not phase.repeats) or (phase.repeats and _is_over(regime, known)):
        return None
    limits = [limit for limit in phase.limits if limit.judge(known.answers) is not Answer.NO]
    options = [
        Deadline(phase.key, times + 1, start, ends(limit, start, days), limit.after)
        for limit in limits
        if (start := _start(limit, phase, known)) is not None
    ]
    return min(options, key=lambda one: one.due_at, default=None)


def _is_over(regime: Regime, known: Known) -> bool:
    """Whether the last phase was sent: then nothing is due again."""
    return any(one.phase == regime.phases[-1].key for one in known.sent)


def _start(limit: Limit, phase: Phase, known: Known) -> datetime | None:
    if limit.event is not None:
        return known.events.get(limit.event)
    counting = {limit.after, phase.key} if phase.repeats else {limit.after}
    return max((one.at for one in known.sent if one.phase in counting), default=None)


def _local(day: date, at: time, zone: ZoneInfo) -> datetime:
    """That wall-clock time in UTC: the earlier reading where the clock change makes two of it."""
    both = (datetime.combine(day, at, zone).replace(fold=fold).astimezone(UTC) for fold in (0, 1))
    return min(both)


def _hours(started_at: datetime, count: int, _days: Days) -> datetime:
    return started_at.astimezone(UTC) + timedelta(hours=count)


def _calendar_days(started_at: datetime, count: int, days: Days) -> datetime:
    local = started_at.astimezone(days.zone)
    return _local(local.date() + timedelta(days=count), local.time(), days.zone)


def _business_days(started_at: datetime, count: int, days: Days) -> datetime:
    """The day of the start doesn't count; the first business day after it is the first."""
    local = started_at.astimezone(days.zone)
    day, left = local.date(), count
    while left:
        day += timedelta(days=1)
        left -= day.weekday() < SATURDAY and day not in days.holidays
    return _local(day, days.closes or local.time(), days.zone)


def _months(started_at: datetime, count: int, days: Days) -> datetime:
    local = started_at.astimezone(days.zone)
    years, month = divmod(local.month - 1 + count, 12)
    year, month = local.year + years, month + 1
    last = calendar.monthrange(year, month)[1]
    return _local(date(year, month, min(local.day, last)), local.time(), days.zone)


def _days_after_year(started_at: datetime, count: int, days: Days) -> datetime:
    """The last day counts until the hour at which it would have begun to be the day after: its end."""
    year = started_at.astimezone(days.zone).year
    return _local(date(year, 12, 31) + timedelta(days=count + 1), time(0), days.zone)


def _at_once(started_at: datetime, _count: int, _days: Days) -> datetime:
    return started_at.astimezone(UTC)


_COUNTED: Mapping[str, Callable[[datetime, int, Days], datetime]] = {
    "hours": _hours,
    "days": _calendar_days,
    "business_days": _business_days,
    "months": _months,
    "days_after_year": _days_after_year,
    "at_once": _at_once,
}
