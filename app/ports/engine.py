"""The engine that runs owed jobs, and the queue of a database that one of the engines works from.

The `job` rows are the record of what is owed, whichever engine runs: services write rows and handlers carry them out,
and neither knows the engine. An engine decides who takes a due row, and when.
"""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from app.domain.job import Job

# What the queue's entries of ours are called.
QUEUE = "jobs"
TASK = "carry_out"


class JobEngine(Protocol):
    """Carries out due jobs in this process; every replica has its own. A ticker tells it when something falls due."""

    async def start(self) -> None:
        """Be ready to run jobs, those that other processes owe too."""
        ...

    async def run_due(self) -> int:
        """See to it that all that is due now is carried out, here or elsewhere; how many jobs that were."""
        ...

    async def next_due_at(self) -> datetime | None:
        """When `run_due` should be called next; None while there is nothing to wait for."""
        ...

    async def settled(self) -> None:
        """Return once nothing is due and nothing runs, in any process that shares the database."""
        ...

    async def stop(self) -> None:
        """Take nothing new; what does not finish within four seconds is handed over."""
        ...

    async def hand_over(self) -> None:
        """Hand over at once what was begun while it stopped: a transaction may have taken a job just before."""
        ...


class Queue(Protocol):
    """The database's own queue. An entry stands for one due job; an entry that its job no longer names does nothing."""

    async def hand_over(self, now: datetime, *, limit: int = 200) -> int:
        """Queue jobs that are due and in no queue, most urgent first; how many."""
        ...

    async def next_due_at(self) -> datetime | None:
        """When the next job has to be queued; None if none will."""
        ...

    async def take(self, job_id: int, entry_id: int, lease_until: datetime) -> Job | None:
        """The job for the entry's worker, claimed as by `Jobs.claim`; None if it is not that entry's to carry out.

        One that runs already is taken over: the queue gives an entry again only when its worker has died.
        """
        ...

    async def recover(self, *, silent_seconds: float) -> int:
        """Give again the entries of workers not heard of for that long, and free jobs whose entry is gone; how many.

        One process does so at a time; for the others there is nothing to do.
        """
        ...

    async def is_idle(self) -> bool:
        """Whether no job waits in the queue or runs."""
        ...
