"""A crowd of people who wait for an answer goes before what is owed to Slack."""

from __future__ import annotations

import asyncio
from contextlib import ExitStack
from datetime import timedelta

from app.domain.job import Job
from app.services.jobs.runner import Finish, Runner, nothing_more
from app.services.jobs.waiting import FEW, Waiting
from app.store import SqlStore
from tests.services.set_clock import SetClock


class Work:
    def __init__(self) -> None:
        self.performed: list[str] = []

    async def perform(self, job: Job) -> Finish:
        self.performed.append(job.key)
        return nothing_more

    async def give_up(self, *_: object) -> None: ...


async def begun(store: SqlStore, waiting: Waiting) -> tuple[Work, asyncio.Task[int]]:
    """A job that is due, and the task that carries it out, with time to begin."""
    work, clock = Work(), SetClock()
    async with store.write() as uow:
        await uow.jobs.add(Job(team="T1", kind="work", key="one", due_at=clock.now()))
    runner = Runner(store, clock, {"work": work}, timedelta(seconds=30), waiting=waiting)
    task = asyncio.create_task(runner.run_due())
    await asyncio.sleep(0.1)
    return work, task


async def test_nothing_is_begun_until_only_a_few_people_wait(store: SqlStore) -> None:
    waiting = Waiting()
    with ExitStack() as crowd:
        for _ in range(FEW + 1):
            crowd.enter_context(waiting.one_more())
        work, task = await begun(store, waiting)
        assert work.performed == []
    assert await task == 1
    assert work.performed == ["one"]


async def test_a_few_people_are_answered_beside_the_work(store: SqlStore) -> None:
    waiting = Waiting()
    with ExitStack() as people:
        for _ in range(FEW):
            people.enter_context(waiting.one_more())
        work, task = await begun(store, waiting)
        assert await task == 1
        assert work.performed == ["one"]


async def test_a_crowd_that_never_ends_holds_nothing_up_for_ever(store: SqlStore) -> None:
    waiting = Waiting()
    with ExitStack() as crowd:
        for _ in range(FEW + 1):
            crowd.enter_context(waiting.one_more())
        work, task = await begun(store, waiting)
        assert await task == 1
        assert work.performed == ["one"]
