"""What the handlers of these tests do, and the log they keep of it, which outlasts the process."""

from __future__ import annotations

import asyncio
import json
import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.domain.audit import AuditRecord
from app.domain.job import Job
from app.ports.chat import ChatBusy, ChatError, ChatRefused
from app.ports.clock import Clock
from app.ports.store import UnitOfWork
from app.services.jobs.runner import Finish

TEAM = "T1"


@dataclass(frozen=True)
class Effect:
    """One try of a job: when it began and, unless it was cut off, ended (Unix seconds), and in which process."""

    key: str
    attempt: int
    process: int
    began: float
    ended: float | None


class Log:
    """A file of lines that several processes append to."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def write(self, **line: Any) -> None:
        opened = os.open(self.file, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        os.write(opened, (json.dumps(line | {"process": os.getpid(), "at": time.time()}) + "\n").encode())
        os.close(opened)

    def effects(self) -> list[Effect]:
        """All tries in the order in which they began."""
        lines = [json.loads(line) for line in self.file.read_text().splitlines()] if self.file.exists() else []
        ends = {line["run"]: line["at"] for line in lines if line["what"] == "ended"}
        return [
            Effect(line["key"], line["attempt"], line["process"], line["at"], ends.get(line["run"]))
            for line in lines
            if line["what"] == "began"
        ]


class Work:
    """Carries out jobs as their payload says: `seconds` it takes, `busy` tries that are put off by `wait` seconds."""

    def __init__(self, log: Log, clock: Clock) -> None:
        self._log = log
        self._clock = clock

    async def perform(self, job: Job) -> Finish:
        run = os.urandom(8).hex()
        tries = sum(effect.key == job.key for effect in self._log.effects()) if job.payload.get("busy") else 0
        self._log.write(what="began", run=run, key=job.key, attempt=job.attempts)
        if tries < job.payload.get("busy", 0):
            raise ChatBusy("ratelimited", retry_after_seconds=job.payload["wait"])
        if job.payload.get("refused"):
            raise ChatRefused("not_allowed")
        await asyncio.sleep(job.payload.get("seconds", 0))
        self._log.write(what="ended", run=run)

        async def finish(uow: UnitOfWork) -> None:
            await uow.add(
                AuditRecord(team=TEAM, at=self._clock.now(), by="engine", action="job.ended", object=job.key, detail={})
            )

        return finish

    async def give_up(self, uow: UnitOfWork, job: Job, error: ChatError) -> None:
        self._log.write(what="gave_up", key=job.key, error=str(error))
