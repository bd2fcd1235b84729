"""A job under way in this process."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from app.domain.job import Job


@dataclass
class Run:
    """A claimed job that is carried out here; `token` changes when it is claimed here again meanwhile."""

    job: Job
    token: str
    task: asyncio.Task[bool] | None = None
    over: asyncio.Event = field(default_factory=asyncio.Event)


def claim_of(job: Job) -> tuple[int, str]:
    """The id and the token of a claimed job. Raises ValueError for another."""
    if job.id is None or job.token is None:
        raise ValueError("the job has not been claimed")
    return job.id, job.token
