"""When a postmortem is due, and when somebody is reminded of it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from app.domain.postmortem_review import business_days_after, due_after, next_reminder

FRIDAY = datetime(2026, 11, 20, 23, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "count", "then"),
    [
        (date(2026, 11, 23), 5, date(2026, 11, 30)),
        (date(2026, 11, 20), 1, date(2026, 11, 23)),
        (date(2026, 11, 21), 1, date(2026, 11, 23)),
        (date(2026, 11, 22), 0, date(2026, 11, 22)),
    ],
)
def test_weekends_are_no_business_days(day: date, count: int, then: date):
    assert business_days_after(day, count) == then


def test_it_is_due_five_business_days_after_the_end():
    assert due_after(FRIDAY) == datetime(2026, 11, 27, 17, 0, tzinfo=UTC)


def test_its_owner_is_reminded_two_business_days_before_that_day_and_every_five_after():
    at, found = FRIDAY, []
    for _ in range(4):
        at = next_reminder(due_after(FRIDAY), at, ZoneInfo("Europe/Berlin"))
        found.append(f"{at.astimezone(ZoneInfo('Europe/Berlin')):%a %m-%d %H:%M}")
    assert found == ["Wed 11-25 09:00", "Fri 11-27 09:00", "Fri 12-04 09:00", "Fri 12-11 09:00"]
