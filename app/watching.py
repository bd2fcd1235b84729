"""What an operator may watch: whether the product can work, and how much it has to do."""

from __future__ import annotations

import math
from collections.abc import Mapping

from app.ports.clock import Clock
from app.scheduler.ticker import Ticker
from app.slack.gateway.workspaces import Workspaces
from app.slack.socket_mode import SocketLink
from app.store.backlog import Backlog
from app.store.sql_store import SqlStore
from app.web.health import Check
from app.web.metrics import Metrics

TICKS_WITHIN_SECONDS = 5.0
Counts = Mapping[tuple[str, ...], float]


def checks(store: SqlStore, ticker: Ticker, workspace: Workspaces, socket: SocketLink | None) -> Mapping[str, Check]:
    """The checks of readiness, by what they are about."""

    async def database() -> str | None:
        await store.ping()
        return None

    async def scheduler() -> str | None:
        seconds = ticker.seconds_since_tick
        late = seconds is None or seconds > TICKS_WITHIN_SECONDS
        return "has not ticked for more than five seconds" if late else None

    async def slack() -> str | None:
        if not workspace.known:
            return "has not answered yet who the bot is"
        return "the socket is not connected" if socket is not None and not await socket.connected() else None

    return {"database": database, "scheduler": scheduler, "slack": slack}


def count(metrics: Metrics, store: SqlStore, clock: Clock, ticker: Ticker) -> None:
    """Let the metrics show what waits, what is open, and whether the database and the scheduler are there."""

    async def outbox() -> Counts:
        async with store.read() as uow:
            found = await Backlog.of(uow).outbox()
        return {(urgency.partition("_")[2], str(state)): number for (urgency, state), number in found.items()}

    async def oldest() -> Counts:
        now = clock.now()
        async with store.read() as uow:
            due_at = await Backlog.of(uow).oldest_due_at(now)
        return {(): 0.0 if due_at is None else (now - due_at).total_seconds()}

    async def unapplied() -> Counts:
        async with store.read() as uow:
            return {(): await Backlog.of(uow).unapplied()}

    async def incidents() -> Counts:
        async with store.read() as uow:
            return {(str(severity),): number for severity, number in (await uow.incidents.open_counts()).items()}

    async def database() -> Counts:
        await store.ping()
        return {(): 1}

    async def tick() -> Counts:
        seconds = ticker.seconds_since_tick
        return {(): math.nan if seconds is None else seconds}

    metrics.count("outbox_jobs", "Owed effects that are not done", ("urgency", "state"), outbox)
    metrics.count("outbox_oldest_due_seconds", "How long the oldest effect has been due that is not done", (), oldest)
    metrics.count("inbox_unapplied", "Events that were stored and could not be applied", (), unapplied)
    metrics.count("open_incidents", "Open real incidents", ("severity",), incidents)
    metrics.count("database_up", "Whether the database answers", (), database, otherwise=0)
    metrics.count("scheduler_tick_age_seconds", "Time since the scheduler ticked last", (), tick)
