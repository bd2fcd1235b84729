"""When somebody is reminded of a follow-up."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from app.domain.follow_up import Moment, next_reminder, too_late, zone_named

MADE = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
DUE = date(2026, 12, 1)
UTC_ZONE = ZoneInfo("UTC")


def reminders(due_on: date | None, zone: ZoneInfo, count: int) -> list[tuple[Moment, datetime]]:
    """The first ones, each planned when the one before was sent."""
    found, now = [], MADE
    for _ in range(count):
        moment, now = next_reminder(due_on, MADE, now, zone)
        found.append((moment, now))
    return found


def test_its_owner_is_reminded_before_on_and_after_the_due_date_then_weekly():
    assert [(moment, f"{at:%m-%d %H:%M}") for moment, at in reminders(DUE, UTC_ZONE, 5)] == [
        (Moment.BEFORE, "11-29 09:00"),
        (Moment.DUE, "12-01 09:00"),
        (Moment.OVERDUE, "12-02 09:00"),
        (Moment.OVERDUE, "12-09 09:00"),
        (Moment.OVERDUE, "12-16 09:00"),
    ]


def test_without_a_date_it_comes_up_every_week():
    assert [(moment, f"{at:%m-%d}") for moment, at in reminders(None, UTC_ZONE, 3)] == [
        (Moment.UNDATED, "11-30"),
        (Moment.UNDATED, "12-07"),
        (Moment.UNDATED, "12-14"),
    ]


@pytest.mark.parametrize("zone", ["America/Los_Angeles", "Europe/Berlin", "Asia/Kolkata", "Pacific/Auckland"])
def test_it_is_nine_in_the_morning_where_they_live_in_winter_and_in_summer(zone: str):
    for due_on in (DUE, date(2027, 7, 1)):
        for _, at in reminders(due_on, ZoneInfo(zone), 4):
            assert at.astimezone(ZoneInfo(zone)).strftime("%H:%M") == "09:00"
            assert at.tzinfo is UTC


def test_the_next_one_is_always_still_to_come():
    for hours in range(0, 24 * 30, 5):
        now = MADE + timedelta(hours=hours)
        assert next_reminder(DUE, MADE, now, ZoneInfo("Asia/Tokyo"))[1] > now


def test_a_zone_that_nobody_knows_is_utc():
    assert zone_named("") == zone_named("Mars/Olympus") == zone_named("../etc") == UTC_ZONE


def test_a_date_is_too_late_once_it_is_over_everywhere():
    assert not too_late(date(2026, 11, 22), datetime(2026, 11, 23, 11, 0, tzinfo=UTC))
    assert too_late(date(2026, 11, 22), datetime(2026, 11, 23, 13, 0, tzinfo=UTC))
