"""Procrastinate's dealings with its tables, made to outlast an outage and to miss no entry.

The worker asks for everything through its JobManager, whose answers are put right here:

- The worker ends when a heartbeat, a listener or a look for work fails; a job whose end it could not write stays its
  own for ever. Here they are logged and tried again until the database is back.
- A notice that arrives while the worker looks for work is forgotten by it; here it makes for one more look.
- A free lock gives no notice. The worker is told when it has ended a job that held one, so the next follows at once.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime

import psycopg
import structlog
from procrastinate.connector import BaseConnector
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Job as Entry
from procrastinate.jobs import Notification, Status
from procrastinate.manager import JobManager, NotificationCallback

log = structlog.get_logger(__name__)

TRY_AGAIN_SECONDS = 1.0


class SteadyEntries(JobManager):
    """The queue's entries, for one worker."""

    def __init__(self, connector: BaseConnector) -> None:
        super().__init__(connector)
        self._noticed = False
        self._given_up = False
        self._tell: NotificationCallback | None = None

    def give_up(self) -> None:
        """Wait for the database no longer; entries whose end is not written are given again by others."""
        self._given_up = True

    async def look_again(self) -> None:
        """Let the worker look for work now."""
        self._noticed = True
        if self._tell is not None:
            await self._tell(channel="", notification={"type": "job_inserted", "job_id": 0})

    async def fetch_job(self, queues: Iterable[str] | None, worker_id: int) -> Entry | None:
        """The next entry to carry out; None too while the database is away, which is asked again a moment later."""
        while True:
            self._noticed = False
            try:
                entry = await super().fetch_job(queues, worker_id)
            except ConnectorException as error:
                if not is_outage(error):
                    raise
                log.warning("queue_not_reached", doing="fetch")
                return None
            if entry is not None or not self._noticed:
                return entry

    async def finish_job(self, job: Entry, status: Status, delete_job: bool) -> None:
        """Write that the entry is done with."""
        finish = super().finish_job
        await self._surely("finish", lambda: finish(job, status, delete_job))
        if job.lock is not None:
            await self.look_again()

    async def retry_job_by_id_async(
        self,
        job_id: int,
        retry_at: datetime,
        priority: int | None = None,
        queue: str | None = None,
        lock: str | None = None,
    ) -> None:
        """Write that the entry is to be given again."""
        again = super().retry_job_by_id_async
        await self._surely("retry", lambda: again(job_id, retry_at, priority, queue, lock))

    async def update_heartbeat(self, worker_id: int) -> None:
        """Write that the worker lives; a heartbeat that fails is left out."""
        try:
            await super().update_heartbeat(worker_id)
        except ConnectorException as error:
            log.warning("heartbeat_failed", error=str(error.__cause__ or error))

    async def listen_for_jobs(
        self, *, on_notification: NotificationCallback, queues: Iterable[str] | None = None
    ) -> None:
        """Pass on the notices of new entries, until cancelled."""

        async def told(*, channel: str, notification: Notification) -> None:
            self._noticed = True
            await on_notification(channel=channel, notification=notification)

        self._tell = on_notification
        while True:
            try:
                await super().listen_for_jobs(on_notification=told, queues=queues)
            except ConnectorException as error:
                log.warning("notices_not_heard", error=str(error.__cause__ or error))
            await asyncio.sleep(TRY_AGAIN_SECONDS)

    async def _surely(self, doing: str, write: Callable[[], Awaitable[None]]) -> None:
        """Write as soon as the database can be reached. What it refuses was taken over and ended by another worker."""
        while True:
            try:
                return await write()
            except ConnectorException as error:
                if not is_outage(error):
                    log.warning("entry_taken_over", doing=doing, error=str(error.__cause__ or error))
                    return None
                log.warning("queue_not_reached", doing=doing)
                if self._given_up:
                    return None
            await asyncio.sleep(TRY_AGAIN_SECONDS)


def is_outage(error: ConnectorException) -> bool:
    """Whether the database could not be reached, as opposed to refusing what was asked."""
    return isinstance(error.__cause__, psycopg.OperationalError | psycopg.InterfaceError)
