"""What an operator may watch: whether the product can work, and how much it has to do."""

from __future__ import annotations

from collections.abc import Mapping

from app.ports.store import Store
from app.scheduler.ticker import Ticker
from app.slack.gateway.workspaces import Workspaces
from app.slack.socket_mode import SocketLink
from app.store.sql_store import SqlStore
from app.web.health import Check
from app.web.metrics import Metrics

TICKS_WITHIN_SECONDS = 5.0


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


def count(metrics: Metrics, store: Store) -> None:
    """Let the metrics show how many jobs are not done and how many incidents are open."""

    async def jobs() -> Mapping[str, int]:
        async with store.read() as uow:
            return {str(state): number for state, number in (await uow.jobs.counts()).items()}

    async def incidents() -> Mapping[str, int]:
        async with store.read() as uow:
            return {str(severity): number for severity, number in (await uow.incidents.open_counts()).items()}

    metrics.count("jobs", "Owed effects that are not done, by state", "state", jobs)
    metrics.count("open_incidents", "Open real incidents, by severity", "severity", incidents)
