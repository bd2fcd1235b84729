"""How long an incident took, by its record: from the first sign to the end, and whether promises were kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import zip_longest
from typing import Any

from app.domain.columns import instant
from app.domain.incident import Status

Json = Mapping[str, Any]
# A promise is kept to the minute that people see.
_GRACE = timedelta(minutes=1)
_STEPS: dict[str, str] = {
    Status.CONTAINED: "Contained",
    Status.REMEDIATING: "Remediation begun",
    Status.MONITORING: "Fix in place, watched",
    Status.RESOLVED: "Resolved",
    Status.CLOSED: "Closed",
}


@dataclass(frozen=True)
class Milestone:
    """Something that was reached: `entry` is the timeline entry it is known from, None where it is no entry."""

    name: str
    at: datetime
    entry: int | None = None


@dataclass(frozen=True)
class Promises:
    """How many published updates had been promised for a time, and how many of those came by then."""

    promised: int
    kept: int


def milestones(record: Json) -> Sequence[Milestone]:
    """What was reached, in order of time; of each status the first time."""
    found = [*_signs(record), Milestone("Declared", _at(record["declared_at"])), *_steps(record), *_firsts(record)]
    return sorted(found, key=lambda one: one.at)


def detection_seconds(record: Json) -> int | None:
    """From the first sign to the declaration; None where nothing was said before it."""
    sign = next((one for one in milestones(record) if one.name == "First sign"), None)
    declared = _at(record["declared_at"])
    return int((declared - sign.at).total_seconds()) if sign is not None and sign.at < declared else None


def promises_kept(record: Json) -> Promises:
    """Each published update promises the next; the last one's promise counts only if something was due after it."""
    published = sorted(
        (one for one in record["updates"] if one["published_at"] and one["audience"] == "responders"),
        key=lambda one: str(one["published_at"]),
    )
    ended = next((_at(one["at"]) for one in record["status_history"] if one["status"] in _ENDINGS), None)
    promised = kept = 0
    for update, after in zip_longest(published, published[1:]):
        if not update["next_update_at"]:
            continue
        due = _at(update["next_update_at"])
        came = _at(after["published_at"]) if after is not None else ended
        if came is None or (after is None and came <= due):
            continue
        promised += 1
        kept += came <= due + _GRACE
    return Promises(promised, kept)


def times_record(record: Json) -> dict[str, Any]:
    """The same for the exported record."""
    declared, kept = _at(record["declared_at"]), promises_kept(record)
    return {
        "detection_seconds": detection_seconds(record),
        "milestones": [
            {
                "name": one.name,
                "at": instant(one.at),
                "entry": one.entry,
                "after_declared_seconds": int((one.at - declared).total_seconds()),
            }
            for one in milestones(record)
        ],
        "updates_promised": kept.promised,
        "updates_on_time": kept.kept,
    }


_ENDINGS = frozenset({Status.RESOLVED, Status.CLOSED, Status.DECLINED})


def _signs(record: Json) -> Iterable[Milestone]:
    """The first entry of the record, and the first that tells of something wrong."""
    entries = [one for one in record["timeline"] if not one["deleted_at"]]
    if not entries:
        return
    cited = {number for line in _sentences(record, "detection_review") for number in line["citations"]}
    seen = [one for one in entries if one["id"] in cited or one["mark"] in ("observation", "impact")]
    first = min(entries, key=lambda one: str(one["at"]))
    sign = min(seen, key=lambda one: str(one["at"])) if seen else first
    yield Milestone("First sign", _at(sign["at"]), sign["id"])
    if first["id"] != sign["id"]:
        yield Milestone("First entry", _at(first["at"]), first["id"])


def _steps(record: Json) -> Iterable[Milestone]:
    reached: set[str] = set()
    for change in record["status_history"]:
        if (name := _STEPS.get(change["status"])) and change["status"] not in reached:
            reached.add(change["status"])
            yield Milestone(name, _at(change["at"]))


def _firsts(record: Json) -> Iterable[Milestone]:
    commanders = [one for one in record["roles"] if one["role"] == "commander"]
    published = [one["published_at"] for one in record["updates"] if one["published_at"]]
    # A containment's own time is that of its last verification, which may be that of its undoing.
    verified = [one["at"] for one in record.get("audit", ()) if one["action"] == "containment.contained"]
    if commanders:
        yield Milestone("Commander took over", _at(commanders[0]["from"]))
    if published:
        yield Milestone("First update published", _at(min(published)))
    if verified:
        yield Milestone("First containment verified", _at(min(verified)))


def _sentences(record: Json, part: str) -> Sequence[Json]:
    postmortem = record.get("postmortem")
    return postmortem["sections"].get(part, []) if postmortem else []


def _at(value: str) -> datetime:
    return datetime.fromisoformat(value)
