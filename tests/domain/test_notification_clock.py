"""Deadlines against a table that was computed by hand; each row says how."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from app.domain.notification_clock import Days, Known, Level, Submission, days_of, deadlines, ends, reminder_times
from app.domain.regime import Answer, Event, Limit
from app.knowledge.clocks import built_in

HOLIDAYS = {
    "us": frozenset({date(2026, 11, 26), date(2026, 12, 25), date(2027, 1, 1), date(2026, 7, 3)}),
    "us-ca": frozenset({date(2026, 11, 26), date(2026, 11, 27)}),
    "": frozenset({date(2027, 5, 5)}),
}


def at(text: str) -> datetime:
    """An instant written in UTC."""
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=UTC)


# unit, count, zone, start (UTC), expected end (UTC)
TABLE = [
    # Hours run by the clock of the universe: nothing moves them.
    ("hours", 72, "Europe/Berlin", "2026-11-23 09:30", "2026-11-26 09:30"),  # plain
    ("hours", 24, "Europe/Berlin", "2026-12-31 22:15", "2027-01-01 22:15"),  # over New Year
    ("hours", 72, "Europe/Berlin", "2028-02-27 10:00", "2028-03-01 10:00"),  # 28 and 29 Feb 2028 lie between
    ("hours", 72, "Europe/Berlin", "2027-02-27 10:00", "2027-03-02 10:00"),  # no 29 Feb in 2027
    (
        "hours",
        72,
        "Europe/Berlin",
        "2027-03-27 10:00",
        "2027-03-30 10:00",
    ),  # over the summer-time change: 72 h stay 72 h
    ("hours", 72, "America/New_York", "2026-10-31 12:00", "2026-11-03 12:00"),  # over the change back in the US
    ("hours", 4, "Europe/Berlin", "2026-10-25 00:30", "2026-10-25 04:30"),  # in the doubled hour's night
    ("hours", 1, "Asia/Shanghai", "2026-11-23 23:59", "2026-11-24 00:59"),  # over midnight UTC
    ("hours", 96, "Europe/Berlin", "2026-04-02 16:00", "2026-04-06 16:00"),  # Easter counts
    # Calendar days: same wall-clock time, so that a change of the clock moves the instant by an hour.
    ("days", 15, "UTC", "2026-11-23 09:30", "2026-12-08 09:30"),  # Nov has 30: 23 + 15 = 38 = 8 Dec
    ("days", 2, "UTC", "2026-12-30 18:00", "2027-01-01 18:00"),  # onto New Year's Day, not moved
    ("days", 10, "Europe/Berlin", "2027-03-20 11:00", "2027-03-30 10:00"),  # 12:00 CET -> 12:00 CEST = 10:00 UTC
    ("days", 10, "Europe/Berlin", "2026-10-20 10:00", "2026-10-30 11:00"),  # 12:00 CEST -> 12:00 CET = 11:00 UTC
    (
        "days",
        15,
        "America/Los_Angeles",
        "2027-03-01 18:00",
        "2027-03-16 17:00",
    ),  # 10:00 PST -> 10:00 PDT (change 14 Mar)
    (
        "days",
        30,
        "America/Los_Angeles",
        "2026-10-15 17:00",
        "2026-11-14 18:00",
    ),  # 10:00 PDT -> 10:00 PST (change 1 Nov)
    ("days", 60, "America/New_York", "2026-01-01 14:00", "2026-03-02 14:00"),  # Jan 31, Feb 28: 1 Jan + 60 = 2 Mar, EST
    (
        "days",
        60,
        "America/New_York",
        "2028-01-01 14:00",
        "2028-03-01 14:00",
    ),  # leap year: one day earlier in the calendar
    ("days", 28, "UTC", "2028-02-01 08:00", "2028-02-29 08:00"),  # four weeks end on the leap day
    ("days", 28, "UTC", "2027-02-01 08:00", "2027-03-01 08:00"),  # and on 1 Mar otherwise
    ("days", 14, "UTC", "2026-12-24 12:00", "2027-01-07 12:00"),  # over the year, holidays count
    (
        "days",
        1,
        "Europe/Berlin",
        "2027-03-27 01:30",
        "2027-03-28 00:30",
    ),  # 02:30 CET next day is skipped: 01:30 CET counts
    ("days", 1, "Europe/Berlin", "2026-10-24 00:30", "2026-10-25 00:30"),  # 02:30 comes twice: the first, CEST
    ("days", 1, "America/New_York", "2026-11-01 03:30", "2026-11-02 04:30"),  # 31 Oct 23:30 EDT -> 1 Nov 23:30 EST
    ("days", 15, "Asia/Shanghai", "2026-11-23 20:00", "2026-12-08 20:00"),  # 24 Nov 04:00 there; no summer time
    # Months: the same day, or the last of a shorter month; same wall-clock time.
    ("months", 1, "UTC", "2026-11-26 09:30", "2026-12-26 09:30"),  # plain
    ("months", 1, "UTC", "2027-01-31 09:30", "2027-02-28 09:30"),  # February has no 31st
    ("months", 1, "UTC", "2028-01-31 09:30", "2028-02-29 09:30"),  # in a leap year its last day is the 29th
    ("months", 1, "UTC", "2028-01-29 09:30", "2028-02-29 09:30"),  # the 29th exists
    ("months", 1, "UTC", "2027-02-28 09:30", "2027-03-28 09:30"),  # same day, not the end of March
    ("months", 1, "UTC", "2026-12-31 23:00", "2027-01-31 23:00"),  # into the next year
    ("months", 1, "UTC", "2026-08-31 06:00", "2026-09-30 06:00"),  # September has 30
    ("months", 1, "Europe/Berlin", "2026-09-30 22:30", "2026-10-31 23:30"),  # 1 Oct 00:30 CEST -> 1 Nov 00:30 CET
    ("months", 1, "Europe/Berlin", "2027-02-28 02:30", "2027-03-28 01:30"),  # 03:30 CET -> 03:30 CEST
    # Business days: the first after the start is day one.
    ("business_days", 4, "America/New_York", "2026-11-16 15:00", "2026-11-20 15:00"),  # Mon -> Fri
    ("business_days", 4, "America/New_York", "2026-11-20 15:00", "2026-11-27 15:00"),  # Fri; Thu 26 Nov is Thanksgiving
    (
        "business_days",
        4,
        "America/New_York",
        "2026-11-21 15:00",
        "2026-11-27 15:00",
    ),  # Sat: the same, Monday is day one
    (
        "business_days",
        4,
        "America/New_York",
        "2026-11-22 03:00",
        "2026-11-28 03:00",
    ),  # Sat 22:00 there: Fri 27 Nov 22:00
    ("business_days", 4, "America/New_York", "2026-12-23 15:00", "2026-12-30 15:00"),  # Thu 24, Mon 28, Tue 29, Wed 30
    (
        "business_days",
        4,
        "America/New_York",
        "2026-12-28 15:00",
        "2027-01-04 15:00",
    ),  # 29, 30, 31, then 1 Jan off: Mon 4
    ("business_days", 1, "America/New_York", "2026-07-02 14:00", "2026-07-06 14:00"),  # Fri 3 Jul is observed: Mon 6
    ("business_days", 4, "America/New_York", "2026-10-29 14:00", "2026-11-04 15:00"),  # 10:00 EDT -> 10:00 EST
    # After the end of the calendar year: the last day is over at midnight there.
    ("days_after_year", 60, "America/New_York", "2026-05-10 12:00", "2027-03-02 05:00"),  # 31 + 28 + 1 = 1 Mar ends
    ("days_after_year", 60, "America/New_York", "2027-05-10 12:00", "2028-03-01 05:00"),  # leap year: 29 Feb ends
    ("days_after_year", 60, "America/New_York", "2027-01-01 03:00", "2027-03-02 05:00"),  # still 31 Dec 2026 there
    ("at_once", True, "UTC", "2026-11-23 09:30", "2026-11-23 09:30"),  # no time at all
]


@pytest.mark.parametrize(("unit", "count", "zone", "start", "expected"), TABLE)
def test_a_limit_ends_when_the_table_says(unit: str, count: int, zone: str, start: str, expected: str) -> None:
    days = Days(ZoneInfo(zone), HOLIDAYS["us"])
    assert ends(Limit(after="awareness", **{unit: count}), at(start), days) == at(expected)


def due(regime: str, answers: str, events: dict[Event, str], sent: tuple[tuple[str, str], ...] = ()) -> dict[str, str]:
    """What is due by the built-in knowledge; `answers` are the facts that hold, all others don't."""
    found = built_in().regime(regime)
    assert found is not None
    facts = dict.fromkeys(found.all_facts, Answer.NO) | dict.fromkeys(answers.split(), Answer.YES)
    known = Known(facts, {one: at(when) for one, when in events.items()}, [Submission(key, at(t)) for key, t in sent])
    days = days_of(found, ZoneInfo("Europe/Berlin"), HOLIDAYS)
    return {one.phase: f"{one.due_at:%Y-%m-%d %H:%M}" for one in deadlines(found, known, days)}


AWARE, CLASSIFIED, DISCOVERED = Event.AWARENESS, Event.CLASSIFICATION, Event.DISCOVERY
T0 = "2026-11-23 09:30"
REGIMES = [
    ("gdpr_33", "", {AWARE: T0}, (), {"notification": "2026-11-26 09:30"}),
    ("gdpr_33", "", {DISCOVERED: T0}, (), {}),  # discovery is another event: nothing runs
    ("gdpr_33", "", {AWARE: T0}, (("notification", "2026-11-24 08:00"),), {}),  # sent: what follows has no fixed time
    ("gdpr_34", "", {AWARE: T0}, (), {"communication": T0}),  # without undue delay: due at once
    ("nis2_23", "", {AWARE: T0}, (), {"early_warning": "2026-11-24 09:30", "notification": "2026-11-26 09:30"}),
    # The final report counts from the notification as it was sent, not from when it was due.
    (
        "nis2_23",
        "",
        {AWARE: T0},
        (("early_warning", T0), ("notification", "2026-11-25 16:00")),
        {"final": "2026-12-25 16:00"},
    ),
    # 4 h from classification are earlier than 24 h from awareness …
    ("dora_19", "", {AWARE: T0, CLASSIFIED: "2026-11-23 12:00"}, (), {"initial": "2026-11-23 16:00"}),
    # … unless it is classified late: 24 h from awareness hold …
    ("dora_19", "", {AWARE: T0, CLASSIFIED: "2026-11-24 08:00"}, (), {"initial": "2026-11-24 09:30"}),
    # … and without a classification too.
    ("dora_19", "", {AWARE: T0}, (), {"initial": "2026-11-24 09:30"}),
    ("dora_19", "", {AWARE: T0}, (("initial", "2026-11-23 20:00"),), {"intermediate": "2026-11-26 20:00"}),
    (
        "dora_19",
        "",
        {AWARE: T0},
        (("initial", T0), ("intermediate", "2027-01-31 10:00")),
        {"final": "2027-02-28 10:00"},
    ),
    (
        "cra_14",
        "exploited_vulnerability",
        {AWARE: T0, Event.FIX_AVAILABLE: "2026-12-01 10:00"},
        (("early_warning", T0), ("notification", T0)),
        {"final_vulnerability": "2026-12-15 10:00"},
    ),
    (
        "cra_14",
        "security_breach",
        {AWARE: T0},
        (("early_warning", T0), ("notification", "2026-11-25 10:00")),
        {"final_incident": "2026-12-25 10:00"},
    ),
    ("eu_ai_act_73_2", "", {AWARE: "2026-10-20 10:00"}, (), {"initial": "2026-11-04 11:00"}),  # Berlin: CET by then
    ("eu_ai_act_73_3", "", {AWARE: T0}, (), {"initial": "2026-11-25 09:30"}),
    ("eu_ai_act_73_4", "", {AWARE: T0}, (), {"initial": "2026-12-03 09:30"}),
    (
        "eu_gpai_55",
        "death security_breach",
        {Event.INVOLVEMENT: T0},
        (),
        {"initial": "2026-11-28 09:30"},
    ),  # 5 before 10
    ("eu_gpai_55", "", {Event.INVOLVEMENT: T0}, (), {"initial": "2026-12-08 09:30"}),
    # The intermediate report repeats from its last submission until the final one is sent.
    (
        "eu_gpai_55",
        "",
        {},
        (("initial", T0), ("intermediate", "2026-12-10 09:30")),
        {"intermediate": "2027-01-07 09:30"},
    ),
    ("eu_gpai_55", "", {Event.RESOLUTION: T0}, (("initial", T0), ("final", "2026-12-10 09:30")), {}),
    (
        "ca_sb53",
        "imminent_danger",
        {DISCOVERED: T0},
        (),
        {"imminent": "2026-11-24 09:30", "report": "2026-12-08 09:30"},
    ),
    ("ca_1798_82", "over_500_ca", {DISCOVERED: T0}, (), {"residents": "2026-12-23 09:30"}),
    (
        "ca_1798_82",
        "over_500_ca",
        {DISCOVERED: T0},
        (("residents", "2026-12-01 17:00"),),
        {"attorney_general": "2026-12-16 17:00"},
    ),
    # 10 business days from Mon 23 Nov 01:30 PST; 26 and 27 Nov are off in California: Wed 9 Dec.
    ("ca_sam_4986", "", {Event.LOGGED: T0}, (), {"follow_up": "2026-12-09 09:30"}),
    # Determined Mon 23 Nov: 24, 25, 27 (26 is Thanksgiving), Mon 30 Nov, 17:30 EST = 22:30 UTC.
    ("sec_8k_105", "", {Event.DETERMINATION: T0}, (), {"filing": "2026-11-30 22:30"}),
    (
        "hipaa",
        "over_500_phi",
        {DISCOVERED: "2026-02-01 15:00"},
        (),
        {"individuals": "2026-04-02 14:00", "hhs_large": "2026-04-02 14:00", "media": "2026-04-02 14:00"},
    ),
    (
        "hipaa",
        "",
        {DISCOVERED: "2026-02-01 15:00"},
        (("individuals", "2026-02-20 15:00"),),
        {"hhs_small": "2027-03-02 05:00"},
    ),
    ("cn_cybersecurity", "cii_operator", {AWARE: T0}, (), {"report": "2026-11-23 10:30"}),
    ("cn_cybersecurity", "", {AWARE: T0}, (), {"report": "2026-11-23 13:30"}),
    (
        "nydfs_500_17",
        "ransom_paid",
        {Event.DETERMINATION: T0, Event.PAYMENT: T0},
        (),
        {"notice": "2026-11-26 09:30", "payment": "2026-11-24 09:30", "payment_reasons": "2026-12-23 09:30"},
    ),
    (
        "ny_raise",
        "imminent_danger",
        {Event.DETERMINATION: T0},
        (),
        {"imminent": "2026-11-24 09:30", "report": "2026-11-26 09:30"},
    ),
]


@pytest.mark.parametrize(("regime", "answers", "events", "sent", "expected"), REGIMES)
def test_a_regimes_phases_are_due_when_the_law_says(regime, answers, events, sent, expected) -> None:  # type: ignore[no-untyped-def]
    assert due(regime, answers, events, sent) == expected


def test_what_is_not_answered_is_counted_as_the_stricter_case() -> None:
    regime = built_in().regime("eu_gpai_55")
    assert regime is not None
    (one,) = deadlines(regime, Known({}, {Event.INVOLVEMENT: at(T0)}), Days(ZoneInfo("UTC")))
    assert one.due_at == at("2026-11-25 09:30")


def test_people_are_told_at_half_at_a_quarter_left_at_the_end_and_late() -> None:
    times = reminder_times(at(T0), at(T0) + timedelta(hours=72))
    assert [times[level] - at(T0) for level in Level] == [timedelta(hours=hours) for hours in (36, 54, 72, 73)]
    at_once = reminder_times(at(T0), at(T0))
    assert at_once == {Level.END: at(T0), Level.LATE: at(T0) + timedelta(hours=1)}
    one_hour = reminder_times(at(T0), at(T0) + timedelta(hours=1))
    assert one_hour[Level.LATE] - one_hour[Level.END] == timedelta(minutes=5)
