"""What an operator may watch: whether the product can work, and how much it has to do."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.ports.clock import Clock
from app.scheduler.ticker import Ticker
from app.slack.gateway.workspaces import Workspaces
from app.slack.socket_mode import SocketLink
from app.store.backlog import Backlog
from app.store.sql_store import SqlStore
from app.web.health import Readiness
from app.web.metrics import Metrics

TICKS_WITHIN_SECONDS = 5.0
OUTBOX_OLD = timedelta(minutes=5)
Counts = Mapping[tuple[str, ...], float]


@dataclass(frozen=True)
class Watch:
    """Looks at the parts of the running product; `socket` is None where Slack sends its requests over HTTP."""

    store: SqlStore
    clock: Clock
    ticker: Ticker
    workspace: Workspaces
    socket: SocketLink | None

    def readiness(self) -> Readiness:
        """What keeps this process from its work, and what is only told."""
        checks = {"database": self._database, "scheduler": self._scheduler, "slack": self._slack}
        return Readiness(checks, {"outbox": self._outbox})

    def count(self, metrics: Metrics) -> None:
        """Let the metrics show what waits, what is open, and whether the database and the scheduler are there."""
        metrics.count("outbox_jobs", "Owed effects that are not done", ("urgency", "state"), self._jobs)
        metrics.count("outbox_oldest_due_seconds", "Time since the oldest of them fell due", (), self._oldest_seconds)
        metrics.count("inbox_unapplied", "Events that were stored and could not be applied", (), self._unapplied)
        metrics.count("open_incidents", "Open real incidents", ("severity",), self._open_incidents)
        metrics.count("database_up", "Whether the database answers", (), self._database_up, otherwise=0)
        metrics.count("scheduler_tick_age_seconds", "Time since the scheduler ticked last", (), self._tick_age)

    async def _database(self) -> str | None:
        try:
            state = await self.store.schema()
        except FileNotFoundError:
            return "its file is gone, or another has its name; what is written now is lost"
        # A newer version may be on its way in: its first step only adds to the schema.
        if state not in ("current", "ahead"):
            return "is not migrated to this version"
        await self.store.ping()
        return None

    async def _scheduler(self) -> str | None:
        seconds = self.ticker.seconds_since_tick
        late = seconds is None or seconds > TICKS_WITHIN_SECONDS
        return f"has not ticked for more than {TICKS_WITHIN_SECONDS:.0f} seconds" if late else None

    async def _slack(self) -> str | None:
        if self.workspace.refused is not None:
            return f"refuses the bot's token ({self.workspace.refused})"
        if not self.workspace.known:
            return "has not answered yet who the bot is"
        return "the socket is not connected" if self.socket and not await self.socket.connected() else None

    async def _outbox(self) -> str | None:
        now = self.clock.now()
        due_at = await self._oldest_due_at(now)
        if due_at is None or now - due_at <= OUTBOX_OLD:
            return None
        return f"the oldest effect has been due for {(now - due_at) // timedelta(minutes=1)} minutes"

    async def _oldest_due_at(self, now: datetime) -> datetime | None:
        async with self.store.read() as uow:
            return await Backlog.of(uow).oldest_due_at(now)

    async def _jobs(self) -> Counts:
        async with self.store.read() as uow:
            found = await Backlog.of(uow).outbox()
        return {(urgency.partition("_")[2], state): number for (urgency, state), number in found.items()}

    async def _oldest_seconds(self) -> Counts:
        now = self.clock.now()
        due_at = await self._oldest_due_at(now)
        return {(): 0.0 if due_at is None else (now - due_at).total_seconds()}

    async def _unapplied(self) -> Counts:
        async with self.store.read() as uow:
            return {(): await Backlog.of(uow).unapplied()}

    async def _open_incidents(self) -> Counts:
        async with self.store.read() as uow:
            return {(str(severity),): number for severity, number in (await uow.incidents.open_counts()).items()}

    async def _database_up(self) -> Counts:
        await self.store.ping()
        return {(): 1}

    async def _tick_age(self) -> Counts:
        seconds = self.ticker.seconds_since_tick
        return {(): math.nan if seconds is None else seconds}
