"""(c) Reminders with 1,000 open incidents, fired by four replicas on PostgreSQL; then while one of them is killed.

Every third incident has an update that falls due in the round, five a second: faster ones would measure Slack's limit
on posting, which the product keeps. Counted is what the workspace got: how late each nudge came, whether any came
early, and whether each came once.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from app.domain.columns import instant
from app.domain.job import Job
from app.domain.reminder import Reminder, ReminderKind
from app.services.reminders import promises
from app.services.reminders.promises import nudge_lock
from app.workspace import channels
from app.workspace.workspace import Workspace
from bench.databases import POSTGRES, SQLITE, Databases, opened
from bench.processes import Serving
from bench.seeding import around, incident, last_number, put, set_counters
from bench.slack import Slack, local_slack
from bench.table import Line, ms, percentile

REPLICAS = 4
DUE_IN_ROUND = 3
PER_SECOND = 5
BEGIN_AFTER = timedelta(seconds=6)


@dataclass(frozen=True)
class Fired:
    """What came of one round: seconds late by channel, and how often each channel was nudged."""

    late: dict[str, float]
    times: Counter[str]
    wanted: int

    @property
    def wrong(self) -> int:
        """How many did not fire exactly once."""
        return sum(count > 1 for count in self.times.values()) + self.wanted - len(self.times)

    @property
    def early(self) -> int:
        # The workspace's clock and the database's are one machine's; a millisecond is their grain.
        return sum(late < -0.001 for late in self.late.values())


async def measure(databases: Databases, folder: Path, *, quick: bool) -> list[Line]:
    kind = POSTGRES if POSTGRES in databases.kinds else SQLITE
    replicas = REPLICAS if kind == POSTGRES else 1
    count = 120 if quick else 1000
    lines = []
    for killed in (False, True) if replicas > 1 else (False,):
        url = databases.make(kind)
        async with AsyncExitStack() as stack:
            slack = await stack.enter_async_context(local_slack())
            started = [await slack.product(url, folder / f"reminders-{n}-{killed}.log") for n in range(replicas)]
            for serving in started:
                stack.push_async_callback(serving.kill)
            fired = await _round(slack, url, count, started[0] if killed else None)
        name = f"{fired.wanted} of {count} incidents', {replicas} replicas{', one killed half-way' if killed else ''}"
        lines += _lines(name, fired, killed=killed)
    return lines


async def _round(slack: Slack, url: str, count: int, victim: Serving | None) -> Fired:
    made = [_room(slack.workspace, number) for number in range(count)]
    began, step = datetime.now(UTC) + BEGIN_AFTER, timedelta(seconds=1 / PER_SECOND)
    rooms = {room: began + number * step for number, room in enumerate(made[::DUE_IN_ROUND])}
    _seed(url, slack.workspace.team.id, {room: rooms.get(room, began + timedelta(hours=1)) for room in made})
    ends = began + len(rooms) * step
    if victim is not None:
        await asyncio.sleep((began + (ends - began) / 2 - datetime.now(UTC)).total_seconds())
        await victim.kill()
    patience_seconds = (ends - datetime.now(UTC)).total_seconds() + 60
    with suppress(TimeoutError):
        await slack.workspace.until(
            lambda: all(_nudges(slack.workspace, room) for room in rooms), timeout_seconds=patience_seconds
        )
    # A second nudge would come about now.
    await asyncio.sleep(3)
    late, times = {}, Counter[str]()
    for room, due_at in rooms.items():
        stamps = _nudges(slack.workspace, room)
        if stamps:
            times[room] = len(stamps)
            late[room] = min(stamps) - due_at.timestamp()
    return Fired(late, times, len(rooms))


def _room(workspace: Workspace, number: int) -> str:
    made = channels.create(workspace, f"inc-{number}", "public", "U0000000001")
    made.members.append(workspace.app.bot_user_id)
    return made.id


def _seed(url: str, team: str, rooms: dict[str, datetime]) -> None:
    """Incidents as if they had been declared half an hour ago, each with the reminder of its update and its job."""
    engine, now = opened(url), datetime.now(UTC)
    records: list[Any] = []
    for number, (room, due_at) in enumerate(rooms.items(), 1):
        made = incident(team, number, room, now, card_ts="1.000001", promise=1, promised_at=now, next_update_at=due_at)
        reminder = Reminder(
            id=number, team=team, incident_id=number, promise=1, kind=ReminderKind.UPDATE_DUE, due_at=due_at
        )
        job = Job(
            team=team,
            incident_id=number,
            kind=promises.FIRE,
            key=f"reminder:{number}",
            lock=nudge_lock(number),
            payload={"reminder_id": number, "owed_at": instant(due_at)},
            due_at=due_at,
        )
        records += [made, *around(made), reminder, job]
    put(engine, [*records, last_number(team, len(rooms))])
    set_counters(engine)
    engine.dispose()


def _nudges(workspace: Workspace, room: str) -> list[float]:
    ours = workspace.app.bot_id
    return [float(one.ts) for one in workspace.channels[room].messages.values() if one.bot_id == ours and one.blocks]


def _lines(name: str, fired: Fired, *, killed: bool) -> list[Line]:
    values = list(fired.late.values())
    p50, p99, worst = percentile(values, 50), percentile(values, 99), max(values, default=0.0)
    lateness = f"late p50 {ms(p50)}, p99 {ms(p99)}, at most {ms(worst)}"
    met = None if killed else p99 < 1.0
    return [
        Line("reminders", name, lateness, "" if killed else "p99 < 1 s", met),
        Line("reminders", f"{name}: not exactly once", str(fired.wrong), "0", fired.wrong == 0),
        Line("reminders", f"{name}: early", str(fired.early), "0", fired.early == 0),
    ]
