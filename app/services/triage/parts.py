"""The parts of a triage pack, each from one source, in lines that people read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.domain.containment import Containment, ContainmentState
from app.domain.dependency_map import DependencyMap, Place
from app.domain.follow_up import FollowUp, FollowUpState
from app.domain.incident import Incident, Status
from app.domain.playbook import Playbook, StepKind
from app.domain.register import System
from app.domain.register_entry import RegisterChange
from app.domain.signal import CHANGES, Signal, SignalKind
from app.domain.timeline import Mark, TimelineEntry
from app.domain.triage_pack import PackPart
from app.ports.register import Register
from app.ports.similar import Alike
from app.ports.store import UnitOfWork
from app.services.access import id_of
from app.services.record_keeping import short_time

CHANGES_BACK = timedelta(hours=24)
REGISTER_BACK = timedelta(days=7)
ANOMALIES_BACK = timedelta(hours=6)
MOST_LINES = 5
LINE_MAX = 280
_KINDS: Mapping[SignalKind, str] = {
    SignalKind.CONFIG: "configuration change",
    SignalKind.FLAG: "flag change",
    SignalKind.MODEL: "model change",
    SignalKind.PROMPT: "prompt change",
}
_VERSIONS = ("model", "model_version", "prompt_version", "guardrail_version")
_SAID = re.compile(
    r"\b(deploy(ed|ment|s)?|rolled out|roll-?out|released?|shipped|merged|config(uration)? (change|push|update)|"
    r"feature flag|flag (was )?(flipped|enabled|turned)|new (model|prompt|version)|"
    r"(model|prompt) (update|change|version)|"
    r"upgrade[ds]?|migrat(ed|ion)|retrained|cut-?over)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Part:
    """The lines of a part, or why there are none."""

    lines: Sequence[str]
    empty: str = ""


@dataclass(frozen=True)
class Neighbourhood:
    """The incident's system and those beside it; `system` None where the register has none for it."""

    system: System | None
    upstream: Sequence[tuple[str, System | None]] = ()
    downstream: Sequence[tuple[str, System | None]] = ()

    @property
    def keys(self) -> frozenset[str]:
        beside = {key for key, system in (*self.upstream, *self.downstream) if system is not None}
        return frozenset(beside | ({self.system.key} if self.system else set()))

    def name(self, key: str) -> str:
        """The name of the system with that key; the key itself for one that is further away."""
        named = [self.system, *(system for _, system in (*self.upstream, *self.downstream))]
        return next((one.name for one in named if one is not None and one.key == key), key)

    @property
    def known(self) -> Sequence[tuple[str, System]]:
        named = [("upstream", one) for _, one in self.upstream] + [("downstream", one) for _, one in self.downstream]
        return [(relation, system) for relation, system in named if system is not None]


async def neighbourhood(uow: UnitOfWork, incident: Incident, register: Register) -> Neighbourhood:
    """What the register knows around the incident's system."""
    system = await register.system(uow, incident.team, incident.system) if incident.system else None
    if system is None:
        return Neighbourhood(None)
    up = [(name, await register.system(uow, incident.team, name)) for name in system.upstream]
    down = [(name, await register.system(uow, incident.team, name)) for name in system.downstream]
    return Neighbourhood(system, up, down)


async def changes(uow: UnitOfWork, incident: Incident, around: Neighbourhood, now: datetime) -> Part:
    """What changed before the incident was declared, and since: the nearest in kind and time first."""
    start = incident.declared_at
    signals = [
        one for one in await uow.signals.between(incident.team, start - CHANGES_BACK, now) if one.kind in CHANGES
    ]
    signals.sort(key=lambda one: (one.system not in around.keys, abs((one.at - start).total_seconds())))
    lines = [_change_line(one, start, around) for one in signals]
    if around.system is not None:
        for one in await uow.register.changes(incident.team, around.system.key):
            lines += list(_register_lines(one, start)) if one.at >= start - REGISTER_BACK else []
    said = [one for one in await uow.timeline.entries(id_of(incident)) if _tells_of_change(one)]
    lines += [f"{short_time(one.at)} said in the channel: {one.text}" for one in said]
    nothing = "No deploy, configuration, flag, model or prompt change is known from the 24 hours before."
    return _part(lines, nothing)


def _change_line(signal: Signal, start: datetime, around: Neighbourhood) -> str:
    about = f" of {around.name(signal.system)}" if signal.system else ""
    told = f"{signal.source}, {_apart(signal.at, start)}"
    return f"{short_time(signal.at)} {_kind(signal)}{about}: {signal.title} ({told})"


def _kind(signal: Signal) -> str:
    return _KINDS.get(signal.kind, signal.kind.value)


def _register_lines(change: RegisterChange, start: datetime) -> Iterator[str]:
    for name in _VERSIONS:
        was, now_is = change.before.get(name), change.after.get(name)
        if was != now_is and (was or now_is):
            what = name.replace("_", " ")
            step = f"{was or 'unknown'} → {now_is or 'unknown'}"
            yield f"{short_time(change.at)} register: {what} {step}, {_apart(change.at, start)}"


def _tells_of_change(entry: TimelineEntry) -> bool:
    wanted = entry.mark not in (Mark.HYPOTHESIS, Mark.RULED_OUT, Mark.UNKNOWN, Mark.MILESTONE, Mark.ACTION)
    return wanted and entry.seen and entry.deleted_at is None and bool(_SAID.search(entry.text))


async def anomalies(uow: UnitOfWork, incident: Incident, around: Neighbourhood, now: datetime) -> Part:
    """What sounded an alarm around the start: what it was, since when, and after which change it began."""
    signals = await uow.signals.between(incident.team, incident.declared_at - CHANGES_BACK, now)
    earlier = [one for one in signals if one.kind in CHANGES]
    alarms: dict[tuple[str, str | None], list[Signal]] = {}
    for one in signals:
        if one.kind not in CHANGES and one.at >= incident.declared_at - ANOMALIES_BACK:
            alarms.setdefault((one.title, one.system), []).append(one)
    ranked = sorted(alarms.values(), key=lambda same: (same[0].system not in around.keys, -len(same)))
    lines = [_alarm_line(same, earlier, around) for same in ranked]
    return _part(lines, "No alarm or monitor has reported anything here.")


def _alarm_line(same: Sequence[Signal], changed: Sequence[Signal], around: Neighbourhood) -> str:
    first = min(same, key=lambda one: one.at)
    times = f", {len(same)} times" if len(same) > 1 else ""
    about = f" on {around.name(first.system)}" if first.system else ""
    before = [one for one in changed if timedelta() <= first.at - one.at <= timedelta(hours=2)]
    cause = max(before, key=lambda one: one.at, default=None)
    after = f"; began {_minutes(first.at - cause.at)} after the {_kind(cause)} “{cause.title}”" if cause else ""
    return f"{short_time(first.at)} {first.title}{about} ({first.source}{times}){after}"


async def map_of(uow: UnitOfWork, incident: Incident, around: Neighbourhood) -> DependencyMap | None:
    """The system between what it takes from and what it gives to; None where the register names nothing."""
    if around.system is None or not (around.upstream or around.downstream):
        return None
    troubled = await _troubled(uow, incident)
    up, down = ([_place(*one, troubled) for one in side] for side in (around.upstream, around.downstream))
    return DependencyMap(incident.key, _place(around.system.key, around.system, {}), up, down)


def dependencies(incident: Incident, around: Neighbourhood, shown: DependencyMap | None) -> Part:
    """The map as a small tree."""
    if shown is not None:
        return Part(shown.lines)
    if around.system is None:
        named = f"{incident.system} is not in the register" if incident.system else "No system is named"
        return Part((), f"{named}, so what hangs on it is unknown.")
    return Part((), f"The register names nothing up- or downstream of {around.system.name}.")


async def _troubled(uow: UnitOfWork, incident: Incident) -> Mapping[str, str]:
    """Other open incidents that anybody may know of, by the system that they are about."""
    found = [one for one in await uow.incidents.open(incident.team) if not one.restricted and one.id != incident.id]
    return {one.system: one.key for one in found if one.system}


def _place(name: str, system: System | None, troubled: Mapping[str, str]) -> Place:
    trouble = troubled.get(name, "")
    if system is None:
        return Place(name, name, trouble=trouble, known=False)
    return Place(system.key, system.name, system.owner_team or "", trouble)


async def similar(uow: UnitOfWork, found: Sequence[Alike]) -> Part:
    """Incidents like this one: how they ended, and what helped."""
    lines = [await _similar_line(uow, one) for one in found]
    return _part(lines, "No earlier incident shares enough with this one.")


async def _similar_line(uow: UnitOfWork, alike: Alike) -> str:
    one = alike.incident
    outcome = await _outcome(uow, one)
    helped = await _helped(uow, one)
    return f"{one.key} {one.title} – {outcome}" + (f"; what helped: {helped}" if helped else "")


async def _outcome(uow: UnitOfWork, incident: Incident) -> str:
    if incident.open:
        return f"still {incident.status.value}"
    ended = [one for one in await uow.status_changes(id_of(incident)) if one.status in (Status.RESOLVED, Status.CLOSED)]
    took = f" after {_minutes(ended[0].at - incident.declared_at)}" if ended else ""
    return f"{incident.status.value}{took}, {incident.severity.value.upper()}"


async def _helped(uow: UnitOfWork, incident: Incident) -> str:
    """The switch that held, else what was done last before it was contained or over."""
    for one in await uow.of_incident(Containment, id_of(incident)):
        if one.state in (ContainmentState.CONTAINED, ContainmentState.UNDONE):
            return one.terms.get("name") or one.switch
    done = [
        one for one in await uow.timeline.entries(id_of(incident)) if one.mark is Mark.ACTION and one.deleted_at is None
    ]
    return done[-1].text[:120] if done else ""


async def mitigations(
    uow: UnitOfWork, around: Neighbourhood, found: Sequence[Alike], playbook: Playbook | None
) -> Part:
    """What is known to help: the playbook's first steps, switches, runbooks, what followed from similar incidents."""
    lines = [f"Playbook: {one}" for one in _first_steps(playbook)]
    if around.system is not None:
        lines += [f"Switch: {one.name} – {one.what_happens}" for one in around.system.switches[:2]]
        lines += [f"Runbook: {one.name} {one.url}" for one in around.system.runbooks[:2]]
    for alike in found:
        for task in (await uow.of_incident(FollowUp, id_of(alike.incident)))[:2]:
            if task.state is not FollowUpState.DROPPED:
                state = "done" if task.state is FollowUpState.DONE else "still open"
                lines.append(f"From {alike.incident.key}: {task.title} ({state})")
    return _part(lines, "No playbook step, switch, runbook or earlier follow-up is known for it.")


def _first_steps(playbook: Playbook | None) -> Sequence[str]:
    wanted = (StepKind.PRIORITY, StepKind.ACTION)
    items = [one for one in playbook.items if one.kind in wanted and not one.waits] if playbook is not None else []
    return [one.text for one in items[:2]]


def parts_of(found: Mapping[PackPart, Part]) -> tuple[dict[str, list[str]], dict[str, str]]:
    """The lines by part, and why a part has none, as they are kept."""
    lines = {name.value: list(part.lines) for name, part in found.items()}
    return lines, {name.value: part.empty for name, part in found.items() if not part.lines}


def _part(lines: Sequence[str], empty: str) -> Part:
    kept = [" ".join(line.split())[:LINE_MAX] for line in lines[:MOST_LINES]]
    if len(lines) > MOST_LINES:
        kept.append(f"and {len(lines) - MOST_LINES} more")
    return Part(kept, empty)


def _apart(at: datetime, start: datetime) -> str:
    if at <= start:
        return f"{_minutes(start - at)} before"
    return f"{_minutes(at - start)} after"


def _minutes(time: timedelta) -> str:
    """`5 min`, `3 h 20 min`, `2 days`."""
    minutes = max(0, round(time.total_seconds() / 60))
    if minutes < 60:
        return f"{minutes} min"
    if minutes < 48 * 60:
        return f"{minutes // 60} h" + (f" {minutes % 60} min" if minutes % 60 else "")
    return f"{minutes // 1440} days"
