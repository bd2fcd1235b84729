"""What is asked of the store about jobs: owed, claimed, settled and put back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from app.domain.job import Job, JobState


class Jobs(Protocol):
    async def add(self, job: Job) -> bool:
        """Owe the effect. False when a pending job has that key: it then takes the earlier time and the higher urgency.

        One that waits for a retry keeps its time, since Slack may have asked for the wait.
        """
        ...

    async def add_all(self, jobs: Sequence[Job]) -> None:
        """Owe all of them as `add` does, in one statement; no two may have the same key."""
        ...

    async def claim(self, now: datetime, *, lease: timedelta, limit: int = 20) -> Sequence[Job]:
        """Take due jobs (pending and due, or running with the lease over), most urgent first, then by id.

        Each taken job is `running`, with a new token, a lease and one attempt more. A job is passed over while another
        job with its `lock` is running under a valid lease, and of several with one lock only the first is taken.
        """
        ...

    async def claim_added(self, jobs: Sequence[Job], now: datetime, *, lease: timedelta) -> Sequence[Job]:
        """Take those of these jobs, new in this transaction, that are due and whose lock no running job has."""
        ...

    async def held(self, job_id: int, token: str) -> Job | None:
        """The job, locked for the transaction, if it still runs under that token; None if somebody took it over."""
        ...

    async def renew(self, job_id: int, token: str, until: datetime) -> bool: ...

    async def put_back(self, job: Job, due_at: datetime, error: str = "") -> bool:
        """Let a job that is held fall due again. False when a pending job has its key by now.

        That one then does for both: it takes over the attempts and the later time, and this one is cancelled.
        """
        ...

    async def cancel(self, team: str, key: str) -> None:
        """Cancel the pending job of that key, if there is one."""
        ...

    async def suspend(self, team: str) -> int:
        """Take back every pending job of the workspace until `resume`; how many. Those that run go on."""
        ...

    async def resume(self, team: str) -> int:
        """Owe again what was suspended, unless the same is pending by now; how many."""
        ...

    async def next_due_at(self) -> datetime | None:
        """When the earliest pending job falls due or the earliest lease ends, None if nothing is owed.

        A pending job behind a running one of its lock doesn't count.
        """
        ...

    async def failed(self, incident_id: int) -> Sequence[Job]: ...

    async def counts(self) -> Mapping[JobState, int]:
        """How many jobs of all workspaces are pending, running or failed; states without any are left out."""
        ...

    async def forget(self, before: datetime) -> None:
        """Delete jobs that were done or cancelled before."""
        ...
