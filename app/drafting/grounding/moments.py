"""Clock times, days, months and years of a sentence, held against what it cites."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TypeVar

from app.drafting.grounding.assertion import Assertion
from app.ports.drafter import EvidenceEntry

Named = TypeVar("Named")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_FULL = (
    "january|february|march|april|may|june|july|august|september|october|november|december|"
    "jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec"
)
_CLOCK = re.compile(r"(?<![\d:.])(\d{1,2}):(\d\d)(?::\d\d)?(?![\d:])\s?([ap]m)?", re.IGNORECASE)
_HOUR = re.compile(r"(?<![\d:.])(\d{1,2}) ?([ap])\.?m\b", re.IGNORECASE)
_DAY_MONTH = re.compile(rf"\b(\d{{1,2}})(?:st|nd|rd|th)?(?: of)? ({_FULL})\b", re.IGNORECASE)
_MONTH_DAY = re.compile(rf"\b({_FULL})\.? (\d{{1,2}})(?:st|nd|rd|th)?(?![\d:])\b", re.IGNORECASE)
_ISO = re.compile(r"\b(\d{4})-(\d\d)-(\d\d)\b")
_CAPITAL_MONTH = re.compile(
    r"(?<=\w )(January|February|March|April|May|June|July|August|September|October|November|December)\b(?! \d)"
)
_WEEKDAY_DATE = re.compile(rf"\b({'|'.join(_DAYS)}),? (?:the )?(\d{{1,2}})(?:st|nd|rd|th)?(?: of)? ({_FULL})\b", re.I)
_MONTH_YEAR = re.compile(rf"\b({_FULL}) (\d{{4}})\b", re.IGNORECASE)
_WEEKDAY = re.compile(rf"\b({'|'.join(_DAYS)})s?\b", re.IGNORECASE)
_YEAR = re.compile(r"\b(?:19|20)\d\d\b(?![-.:])")
_ZONES: dict[str, tuple[int, ...]] = {
    "pacific": (-8, -7),
    "pst": (-8,),
    "pdt": (-7,),
    "mountain": (-7, -6),
    "central": (-6, -5),
    "eastern": (-5, -4),
    "est": (-5,),
    "edt": (-4,),
    "bst": (1,),
    "cet": (1,),
    "cest": (2,),
    "ist": (5,),
    "jst": (9,),
}
_ZONE = re.compile(rf"\b({'|'.join(_ZONES)})\b", re.IGNORECASE)
_RELATIVE = re.compile(
    r"\b(yesterday|last night|tomorrow|today|tonight|this morning|this evening|over ?night|day before)\b", re.I
)
_SHIFTS = {"yesterday": -1, "last night": -1, "day before": -1, "tomorrow": 1}
# Until the morning people speak of the day before: what happened "on 17 July" may be the small hours of the 18th.
_LOCAL_HOURS = (0, -8)
_STAMP = re.compile(r"^(\d{1,2}) (\w{3})(?: \d{4})? (\d\d:\d\d) UTC:\s*")


def without_times(text: str) -> str:
    """`text` without its dates, clock times, weekdays and zones."""
    for pattern in (_ISO, _MONTH_YEAR, _DAY_MONTH, _MONTH_DAY, _CLOCK, _HOUR, _WEEKDAY, _ZONE):
        text = pattern.sub(" ", text)
    return text


def wrong_time(one: Assertion) -> str:
    """Why a time or a date of the sentence does not hold; empty when all do."""
    return _wrong_stamp(one) or _wrong_clock(one) or _wrong_day(one) or _wrong_month(one) or _wrong_year(one)


def _wrong_stamp(one: Assertion) -> str:
    """The time that a line of a timeline opens with is that of an entry it cites."""
    stamp = _STAMP.match(one.text)
    if stamp is None or any(f"{e.at.day} {e.at:%b} {e.at:%H:%M}" == " ".join(stamp.groups()) for e in one.cited):
        return ""
    return f"{' '.join(stamp.groups())} is not when what it cites was said"


def _clocks(text: str) -> set[str]:
    found = set()
    for hour, minute, half in _CLOCK.findall(text):
        found.add(f"{_on_the_clock(int(hour), half)}:{minute}")
    for hour, half in _HOUR.findall(text):
        found.add(f"{_on_the_clock(int(hour), half + 'm')}:00")
    return found


def _on_the_clock(hour: int, half: str) -> int:
    if half.lower().startswith("p") and hour < 12:
        return hour + 12
    return 0 if half.lower().startswith("a") and hour == 12 else hour


def _hours_apart(text: str) -> tuple[int, ...]:
    """How many hours the zone that `text` names is from UTC; 0 where it names none."""
    named = _ZONE.search(text)
    return _ZONES[named[1].lower()] if named else (0,)


def _wrong_clock(one: Assertion) -> str:
    carried = _clocks(one.body)
    for hours in _hours_apart(one.text):
        carried |= {_shown(entry, hours) for entry in one.cited}
    missing = sorted(_clocks(one.text) - carried)
    return f"the time {missing[0]} is not in what it cites" if missing else ""


def _shown(entry: EvidenceEntry, hours: int) -> str:
    at = entry.at + timedelta(hours=hours)
    return f"{at.hour}:{at:%M}"


def _month(name: str) -> int:
    return _MONTHS.index(name[:3].lower()) + 1


def _named_days(text: str) -> set[tuple[int, int]]:
    """The days that `text` names, as (month, day)."""
    found = {(_month(month), int(day)) for day, month in _DAY_MONTH.findall(text)}
    found |= {(_month(month), int(day)) for month, day in _MONTH_DAY.findall(text)}
    return found | {(int(month), int(day)) for _, month, day in _ISO.findall(text)}


def _days_meant(one: Assertion) -> set[date]:
    """The days of the cited entries, and those they speak of as yesterday, tomorrow, or by the name of a weekday."""
    hours = _hours_apart(one.text) if _ZONE.search(one.text) else _LOCAL_HOURS
    found: set[date] = set()
    for entry, body in zip(one.cited, one.bodies, strict=True):
        for offset in hours:
            day = (entry.at + timedelta(hours=offset)).date()
            found.add(day)
            found |= {day + timedelta(days=_SHIFTS.get(said.lower(), 0)) for said in _RELATIVE.findall(body)}
            for name in _WEEKDAY.findall(body):
                apart = (_DAYS.index(name.lower()) - day.weekday()) % 7
                found |= {day + timedelta(days=apart), day + timedelta(days=apart - 7)}
    return found


def _wrong_day(one: Assertion) -> str:
    text, meant = _STAMP.sub("", one.text), _days_meant(one)
    dates, written = _named_days(text), _named_days(one.body)
    if wrong := sorted(_unlike(dates, written, {(each.month, each.day) for each in meant})):
        return f"the date {wrong[0][1]} {_MONTHS[wrong[0][0] - 1].title()} is not in what it cites"
    said = {name.lower() for name in _WEEKDAY.findall(text)}
    named = {name.lower() for name in _WEEKDAY.findall(one.body)}
    if wrong_days := sorted(_unlike(said, named, {_DAYS[each.weekday()] for each in meant})):
        return f"{wrong_days[0].title()} is not the day in what it cites"
    year = one.cited[0].at.year
    for name, day, month in _WEEKDAY_DATE.findall(text):
        if not _falls_on(name, int(day), _month(month), year):
            return f"{day} {month} is no {name}"
    return ""


def _unlike(said: set[Named], written: set[Named], meant: set[Named]) -> set[Named]:
    """What is neither written in the cited entries nor the time they were said at.

    Where they write another time and the sentence leaves that out, the time they were said at does not do instead.
    """
    return said - written if written - said else said - written - meant


def _falls_on(name: str, day: int, month: int, year: int) -> bool:
    try:
        return _DAYS[date(year, month, day).weekday()] == name.lower()
    except ValueError:
        return False


def _wrong_month(one: Assertion) -> str:
    said = {_month(name) for name in _CAPITAL_MONTH.findall(one.text)}
    said |= {_month(name) for name, _ in _MONTH_YEAR.findall(one.text)}
    written = {_month(name) for name in re.findall(rf"\b({_FULL})\b", one.body, re.IGNORECASE)}
    wrong = sorted(_unlike(said, written, {each.month for each in _days_meant(one)}))
    return f"the month {_MONTHS[wrong[0] - 1].title()} is not in what it cites" if wrong else ""


def _wrong_year(one: Assertion) -> str:
    dated = {f"{each.year}" for each in _days_meant(one)} | set(_YEAR.findall(one.body))
    said = {year for _, year in _MONTH_YEAR.findall(one.text)}
    said |= set(re.findall(rf"\d{{1,2}} (?:{_FULL}),? (\d{{4}})\b", one.text, re.IGNORECASE))
    wrong = sorted(said - dated)
    return f"the year {wrong[0]} is not in what it cites" if wrong else ""
