"""Replicas, jobs owed to them, and what became of those."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlmodel import select

from app.domain.audit import AuditRecord
from app.domain.job import Job, JobState, Urgency
from app.store import SqlStore
from tests.engines.effects import TEAM, Effect, Log
from tests.engines.replica import Replica

ROOT = Path(__file__).parents[2]
PATIENCE_SECONDS = 30.0


class Crew:
    """Replicas that share one database. `store` only looks, and owes jobs as the command line would."""

    def __init__(self, url: str, store: SqlStore, file: Path) -> None:
        self.url = url
        self.store = store
        self.log = Log(file)
        self._replicas: list[Replica] = []
        self._processes: list[asyncio.subprocess.Process] = []

    async def join(self, **options: Any) -> Replica:
        """Start a replica in this process."""
        replica = Replica(self.url, self.log, **options)
        await replica.start()
        self._replicas.append(replica)
        return replica

    async def leave(self, replica: Replica) -> None:
        self._replicas.remove(replica)
        await replica.stop()

    async def join_as_process(self) -> asyncio.subprocess.Process:
        """Start a replica in a process of its own, which can be killed."""
        program = (sys.executable, "-m", "tests.engines.replica", self.url, str(self.log.file))
        process = await asyncio.create_subprocess_exec(*program, cwd=ROOT, stdout=asyncio.subprocess.PIPE)
        self._processes.append(process)
        assert process.stdout is not None
        assert await asyncio.wait_for(process.stdout.readline(), PATIENCE_SECONDS) == b"ready\n"
        return process

    async def kill(self, process: asyncio.subprocess.Process) -> None:
        self._processes.remove(process)
        process.kill()
        await process.wait()

    async def disband(self) -> None:
        for replica in self._replicas:
            await replica.stop()
        for process in self._processes:
            process.terminate()
        for process in self._processes:
            await asyncio.wait_for(process.wait(), 15)

    def effects(self, key: str | None = None) -> list[Effect]:
        return [effect for effect in self.log.effects() if key is None or effect.key == key]

    async def states(self) -> list[JobState]:
        """The states of all jobs, by id."""
        async with self.store.read() as uow:
            return list(await uow._all(select(Job.state).order_by(Job.id)))

    async def ended(self) -> list[str]:
        """The keys of the jobs whose end was written, each as often as it was."""
        async with self.store.read() as uow:
            written = select(AuditRecord.object).where(AuditRecord.action == "job.ended")
            return sorted(await uow._all(written))

    async def all_done(self, seconds: float = PATIENCE_SECONDS) -> None:
        """Return once no job is owed any more."""

        deadline = time.monotonic() + seconds
        while {JobState.PENDING, JobState.RUNNING} & set(await self.states()):
            assert time.monotonic() < deadline, "still owed"
            await asyncio.sleep(0.05)

    async def until(self, true: Callable[[], object], seconds: float = PATIENCE_SECONDS) -> None:
        deadline = time.monotonic() + seconds
        while not true():
            assert time.monotonic() < deadline, "never came true"
            await asyncio.sleep(0.02)


def job(key: str, *, due_in: float = 0, lock: str | None = None, urgency: Urgency = Urgency.SOON, **how: Any) -> Job:
    """A job that falls due in so many seconds."""
    due_at = datetime.now(UTC) + timedelta(seconds=due_in)
    return Job(team=TEAM, kind="work", key=key, lock=lock, urgency=urgency, payload=how, due_at=due_at)
