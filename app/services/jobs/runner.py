"""The runner: claims owed effects, carries them out side by side, and settles each once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Protocol

import structlog

from app.domain.job import MAX_ATTEMPTS, Job, JobState, Urgency, retry_delay
from app.journal import about
from app.ports.chat import ChatBusy, ChatError, ChatRefused, ChatUnsure
from app.ports.clock import Clock
from app.ports.store import Store, UnitOfWork
from app.services.jobs.run import Run, claim_of
from app.services.jobs.waiting import Waiting

log = structlog.get_logger(__name__)

Finish = Callable[[UnitOfWork], Awaitable[None]]
# A chat that says "not now" is asked for longer than one that leaves us in doubt: nothing can happen twice meanwhile.
MAX_BUSY_ATTEMPTS = 20
LATER_WAITS_SECONDS = 5.0
# Renewed every third of it; what a killed process had begun goes on after it.
LEASE = timedelta(seconds=12)


class Handler(Protocol):
    """Carries out one kind of job."""

    async def perform(self, job: Job) -> Finish:
        """Call the chat, outside any transaction, and return what to write once that is done.

        When `job.attempts` is more than 1 an earlier try may have reached the chat: look before asking again.
        Raises ChatBusy, ChatUnsure or ChatRefused.
        """
        ...

    async def give_up(self, uow: UnitOfWork, job: Job, error: ChatError) -> None:
        """Write, in the transaction that fails the job, what people need to know of it."""
        ...


async def nothing_more(_uow: UnitOfWork) -> None:
    """The finish of a job that has nothing to write."""


class NotSettled(Exception):
    """How a job ended could not be written; it has to be carried out again."""


class Runner:
    """Runs due jobs of this process, at most `limit` at a time.

    A job's effect is performed at least once, its result is written exactly once: only the holder of the job's token
    may settle it. A lease is renewed while its job runs; when the process dies, the job is claimed again after it.
    While more than a few people in `waiting` have no answer yet, no effect is begun.
    """

    def __init__(
        self,
        store: Store,
        clock: Clock,
        handlers: Mapping[str, Handler],
        lease: timedelta = LEASE,
        *,
        limit: int = 48,
        waiting: Waiting | None = None,
    ) -> None:
        self.handlers = handlers
        self._waiting = waiting or Waiting()
        self._store = store
        self._clock = clock
        self.lease = lease
        self.limit = limit
        self._running: dict[int, Run] = {}
        self._settled = asyncio.Event()
        self._watched = False
        self._closed = False

    def close(self) -> None:
        """Claim nothing more: what is handed over while the process stops is for others."""
        self._closed = True

    async def run_due(self) -> int:
        """Start every due job, and those that these make due, until none is due or running; how many were started.

        While another call is at it, this one starts what is due now and returns without waiting.
        """
        if self._watched:
            return await self._start_due()
        self._watched = True
        try:
            return await self.run_until_idle()
        except asyncio.CancelledError:
            await self._abandon()
            raise
        finally:
            self._watched = False

    async def run_until_idle(self) -> int:
        """Start every due job until none is due or running here; how many were started."""
        started = 0
        while True:
            settled = self._settled
            if just_started := await self._start_due():
                started += just_started
                continue
            if not self._running:
                return started
            await settled.wait()

    async def carry_out(self, job_id: int, entry_id: int) -> None:
        """Carry out the job that this entry of the queue stands for, unless the job no longer names the entry.

        Raises NotSettled when the entry has to be given again.
        """
        async with self._store.write() as uow:
            job = await uow.queue.take(job_id, entry_id, self._clock.now() + self.lease)
        if job is None:
            return
        run = self._enlist(job)
        if run is None:
            await self._running[job_id].over.wait()
        elif not await self._run(run):
            raise NotSettled(job_id)

    @property
    def free(self) -> int:
        """How many more jobs may begin; asked again in each transaction, which may have waited for its turn."""
        return 0 if self._closed else max(0, self.limit - len(self._running))

    async def finish(self, patience_seconds: float) -> None:
        """Wait for what runs in tasks of its own; what takes longer than that is handed over."""
        tasks = [run.task for run in self._running.values() if run.task is not None]
        if tasks and (await asyncio.wait(tasks, timeout=patience_seconds))[1]:
            await self._abandon()

    async def _start_due(self) -> int:
        if not self.free:
            return 0
        async with self._store.write() as uow:
            claimed = await uow.jobs.claim(self._clock.now(), lease=self.lease, limit=self.free)
        for job in claimed:
            self.begin(job)
        return len(claimed)

    def begin(self, job: Job) -> None:
        """Carry out a job that was claimed for this runner."""
        run = self._enlist(job)
        if run is not None:
            run.task = asyncio.create_task(self._run(run), name=f"job:{job.kind}:{job.id}")

    def _enlist(self, job: Job) -> Run | None:
        """The run of a job that was claimed; None if it still runs here, then it goes on under the new token."""
        job_id, token = claim_of(job)
        under_way = self._running.get(job_id)
        if under_way is not None:
            # The clock jumped, or the loop hung, and its lease or this replica was given up.
            under_way.token = token
            return None
        self._running[job_id] = Run(job, token)
        return self._running[job_id]

    async def _abandon(self) -> None:
        """Cut off what runs, and let others claim it at once."""
        runs = list(self._running.values())
        tasks = [run.task for run in runs if run.task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        now = self._clock.now()
        async with self._store.write() as uow:
            for run in runs:
                await uow.jobs.renew(claim_of(run.job)[0], run.token, now)

    async def _run(self, run: Run) -> bool:
        """Carry the job out; False when its outcome could not be written."""
        renewal = asyncio.create_task(self._renew(run))
        try:
            with about(team=run.job.team, job=run.job.id, job_kind=run.job.kind, attempt=run.job.attempts):
                await self._waiting.few()
                await self._let_urgent_ones_pass(run)
                await self._carry_out(run)
            return True
        except Exception:
            # The lease ends and the job is claimed again, or its entry is given again.
            log.exception("job_not_settled", job=run.job.id, job_kind=run.job.kind)
            return False
        finally:
            self._running.pop(claim_of(run.job)[0], None)
            settled, self._settled = self._settled, asyncio.Event()
            settled.set()
            # Not cancelled: that could hit it in the middle of a transaction.
            run.over.set()
            await renewal

    async def _let_urgent_ones_pass(self, run: Run) -> None:
        """Decoration waits while something runs here that responders wait for, though not for ever."""
        if run.job.urgency is not Urgency.LATER:
            return
        try:
            async with asyncio.timeout(LATER_WAITS_SECONDS):
                while any(other.job.urgency is Urgency.NOW for other in self._running.values()):
                    await self._settled.wait()
        except TimeoutError:
            log.debug("decoration_waited_long")

    async def _renew(self, run: Run) -> None:
        """Keep the lease of a running job until it is over; a lease that is lost stays lost."""
        while not await self._passes(self.lease / 3, run.over):
            try:
                async with self._store.write() as uow:
                    until = self._clock.now() + self.lease
                    if not await uow.jobs.renew(claim_of(run.job)[0], run.token, until):
                        return
            except Exception:
                log.exception("lease_not_renewed", job=run.job.id)

    async def _passes(self, time: timedelta, over: asyncio.Event) -> bool:
        """Wait that long; True as soon as it is over."""
        seconds = max(0.2, self._clock.seconds_until(self._clock.now() + time))
        try:
            await asyncio.wait_for(over.wait(), seconds)
        except TimeoutError:
            return False
        return True

    async def _carry_out(self, run: Run) -> None:
        if run.job.attempts > MAX_BUSY_ATTEMPTS:
            await self._fail(run, ChatUnsure("given_up", "every earlier try ended with the process"))
            return
        try:
            finish = await self._handler(run.job).perform(run.job)
            await self._settle(run, finish)
        except ChatRefused as error:
            await self._fail(run, error)
        except ChatError as error:
            await self._retry(run, error)
        except Exception as error:
            log.exception("job_broke")
            await self._retry(run, ChatUnsure("unexpected", type(error).__name__))

    def _handler(self, job: Job) -> Handler:
        if job.kind not in self.handlers:
            raise ChatRefused("no_handler", job.kind)
        return self.handlers[job.kind]

    async def _settle(self, run: Run, finish: Finish) -> None:
        async with self._store.write() as uow:
            job = await self._held(uow, run)
            if job is None:
                return
            await finish(uow)
            self._end(job, JobState.DONE)
        log.debug("job_done")

    async def _retry(self, run: Run, error: ChatError) -> None:
        asked_seconds = error.retry_after_seconds if isinstance(error, ChatBusy) else None
        if asked_seconds is None and run.job.attempts >= _patience(error):
            await self._fail(run, error)
            return
        async with self._store.write() as uow:
            job = await self._held(uow, run)
            if job is None:
                return
            delay = retry_delay(job.attempts, asked_seconds)
            if asked_seconds is not None:
                # Being told to wait is no failure, however often. The spread keeps those who wait from coming at once.
                job.attempts = max(1, job.attempts - 1)
                delay *= 1 + (run.job.id or 0) % 8 / 16
            await uow.jobs.put_back(job, self._clock.now() + delay, str(error))
        log.info("job_put_back", code=error.code, seconds=delay.total_seconds())

    async def _fail(self, run: Run, error: ChatError) -> None:
        async with self._store.write() as uow:
            job = await self._held(uow, run)
            if job is None:
                return
            handler = self.handlers.get(job.kind)
            if handler is not None:
                await handler.give_up(uow, job, error)
            self._end(job, JobState.FAILED, str(error))
        log.warning("job_failed", code=error.code)

    def _end(self, job: Job, state: JobState, error: str = "") -> None:
        job.state, job.error, job.finished_at = state, error, self._clock.now()
        job.lease_until = job.queued_id = None

    async def _held(self, uow: UnitOfWork, run: Run) -> Job | None:
        job = await uow.jobs.held(claim_of(run.job)[0], run.token)
        if job is None:
            log.warning("job_taken_over")
        return job


def _patience(error: ChatError) -> int:
    return MAX_BUSY_ATTEMPTS if isinstance(error, ChatBusy) else MAX_ATTEMPTS
