"""The runner performs owed effects side by side and settles each once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from app.domain.job import MAX_ATTEMPTS, Job, JobState, Urgency
from app.domain.person import Person
from app.ports.chat import ChatBusy, ChatError, ChatRefused, ChatUnsure
from app.ports.store import UnitOfWork
from app.services.jobs.runner import Finish, Runner, nothing_more
from app.store import SqlStore
from tests.services.set_clock import SetClock

LEASE = timedelta(seconds=30)
Performing = Callable[[Job], Awaitable[Finish]]


@dataclass
class Work:
    """A handler made of a function; it keeps what was performed and what was given up."""

    perform_one: Performing
    performed: list[str] = field(default_factory=list)
    given_up: list[str] = field(default_factory=list)

    async def perform(self, job: Job) -> Finish:
        self.performed.append(job.key)
        return await self.perform_one(job)

    async def give_up(self, uow: UnitOfWork, job: Job, error: ChatError) -> None:
        self.given_up.append(error.code)
        await uow.remember(Person(team=job.team, user="UTOLD", name=error.code))


@dataclass
class Bench:
    store: SqlStore
    clock: SetClock = field(default_factory=SetClock)

    def runner(self, work: Work, **kinds: Work) -> Runner:
        return Runner(self.store, self.clock, {"work": work, **kinds}, LEASE)

    async def owe(
        self, *keys: str, kind: str = "work", lock: str | None = None, urgency: Urgency = Urgency.SOON
    ) -> None:
        async with self.store.write() as uow:
            for key in keys:
                await uow.jobs.add(
                    Job(team="T1", kind=kind, key=key, lock=lock, urgency=urgency, due_at=self.clock.now())
                )

    async def job(self, job_id: int = 1) -> Job:
        async with self.store.read() as uow:
            job = await uow.get(Job, job_id)
        assert job is not None
        return job


@pytest.fixture
def bench(store: SqlStore) -> Bench:
    return Bench(store)


async def done(_job: Job) -> Finish:
    return nothing_more


def failing(*errors: Exception) -> Performing:
    """Fails in these ways, one after the other, then works."""
    left = list(errors)

    async def perform(_job: Job) -> Finish:
        if left:
            raise left.pop(0)
        return nothing_more

    return perform


async def test_due_jobs_run_side_by_side(bench: Bench) -> None:
    barrier = asyncio.Barrier(5)

    async def meet(_job: Job) -> Finish:
        await asyncio.wait_for(barrier.wait(), 5)
        return nothing_more

    await bench.owe("a", "b", "c", "d", "e")
    assert await bench.runner(Work(meet)).run_due() == 5


async def test_a_job_made_by_another_starts_while_a_slow_one_still_runs(bench: Bench) -> None:
    second_ran = asyncio.Event()

    async def slow(_job: Job) -> Finish:
        await asyncio.wait_for(second_ran.wait(), 5)
        return nothing_more

    async def first(_job: Job) -> Finish:
        async def owe_second(uow: UnitOfWork) -> None:
            await uow.jobs.add(Job(team="T1", kind="second", key="second", due_at=bench.clock.now()))

        return owe_second

    async def second(_job: Job) -> Finish:
        second_ran.set()
        return nothing_more

    await bench.owe("slow", kind="slow")
    await bench.owe("first")
    runner = bench.runner(Work(first), slow=Work(slow), second=Work(second))
    assert await runner.run_due() == 3


async def test_a_second_call_starts_new_work_without_waiting_for_the_slow(bench: Bench) -> None:
    may_end = asyncio.Event()

    async def slow(_job: Job) -> Finish:
        await may_end.wait()
        return nothing_more

    quick_ran = asyncio.Event()

    async def quick(_job: Job) -> Finish:
        quick_ran.set()
        return nothing_more

    runner = bench.runner(Work(quick), slow=Work(slow))
    await bench.owe("slow", kind="slow")
    first_call = asyncio.create_task(runner.run_due())
    await asyncio.sleep(0.1)
    await bench.owe("quick")
    assert await asyncio.wait_for(runner.run_due(), 5) == 1
    await asyncio.wait_for(quick_ran.wait(), 5)
    assert not first_call.done()
    may_end.set()
    await first_call


async def test_jobs_of_one_lock_never_run_side_by_side(bench: Bench) -> None:
    inside = 0

    async def alone(_job: Job) -> Finish:
        nonlocal inside
        inside += 1
        await asyncio.sleep(0.02)
        assert inside == 1
        inside -= 1
        return nothing_more

    await bench.owe("a", "b", "c", lock="card")
    work = Work(alone)
    assert await bench.runner(work).run_due() == 3
    assert not work.given_up


async def test_decoration_waits_for_what_responders_wait_for(bench: Bench) -> None:
    order = []

    async def note(job: Job) -> Finish:
        await asyncio.sleep(0.05 if job.key == "urgent" else 0)
        order.append(job.key)
        return nothing_more

    await bench.owe("decoration", urgency=Urgency.LATER)
    await bench.owe("urgent", urgency=Urgency.NOW)
    await bench.runner(Work(note)).run_due()
    assert order == ["urgent", "decoration"]


async def test_the_result_is_written_together_with_the_end_of_the_job(bench: Bench) -> None:
    """A result that can't be written leaves neither, and the job is tried again."""
    broken = True

    async def perform(_job: Job) -> Finish:
        async def write(uow: UnitOfWork) -> None:
            await uow.remember(Person(team="T1", user="U1", name="Ana"))
            if broken:
                raise RuntimeError("disk full")

        return write

    await bench.owe("a")
    runner = bench.runner(Work(perform))
    await runner.run_due()
    async with bench.store.read() as uow:
        assert not await uow.people("T1", ["U1"])
    assert (await bench.job()).state is JobState.PENDING
    broken = False
    bench.clock.pass_(seconds=2)
    await runner.run_due()
    async with bench.store.read() as uow:
        assert await uow.people("T1", ["U1"])
    assert (await bench.job()).state is JobState.DONE


async def test_a_busy_chat_is_asked_again_after_the_time_it_named_and_never_given_up(bench: Bench) -> None:
    work = Work(failing(*[ChatBusy("ratelimited", 10)] * 30))
    await bench.owe("a")
    runner = bench.runner(work)
    await runner.run_due()
    bench.clock.pass_(seconds=9)
    assert await runner.run_due() == 0
    for _ in range(30):
        bench.clock.pass_(seconds=16)
        await runner.run_due()
    assert (await bench.job()).state is JobState.DONE


@pytest.mark.parametrize("error", [ChatUnsure("timeout"), KeyError("broken")])
async def test_a_job_is_given_up_after_its_last_attempt(bench: Bench, error: Exception) -> None:
    work = Work(failing(*[error] * 50))
    await bench.owe("a")
    runner = bench.runner(work)
    for _ in range(MAX_ATTEMPTS + 2):
        await runner.run_due()
        bench.clock.pass_(minutes=6)
    assert len(work.performed) == MAX_ATTEMPTS
    assert len(work.given_up) == 1
    assert (await bench.job()).state is JobState.FAILED


async def test_the_waits_grow(bench: Bench) -> None:
    work = Work(failing(*[ChatUnsure("timeout")] * 3))
    await bench.owe("a")
    runner = bench.runner(work)
    waits = []
    for _ in range(3):
        await runner.run_due()
        waits.append((await bench.job()).due_at - bench.clock.now())
        bench.clock.at = (await bench.job()).due_at
    assert [wait.total_seconds() for wait in waits] == [1, 4, 16]


async def test_a_refusal_is_given_up_at_once_with_what_people_need_to_know(bench: Bench) -> None:
    work = Work(failing(ChatRefused("missing_scope", "pins:write")))
    await bench.owe("a")
    await bench.runner(work).run_due()
    job = await bench.job()
    assert (job.state, job.error) == (JobState.FAILED, "missing_scope: pins:write")
    async with bench.store.read() as uow:
        assert "UTOLD" in await uow.people("T1", ["UTOLD"])


async def test_a_job_that_nobody_can_do_fails(bench: Bench) -> None:
    await bench.owe("a", kind="from_the_future")
    await bench.runner(Work(done)).run_due()
    assert (await bench.job()).state is JobState.FAILED


async def test_a_result_that_comes_after_the_lease_was_lost_is_dropped(bench: Bench) -> None:
    may_end = asyncio.Event()
    names = iter(["first", "second"])

    async def perform(_job: Job) -> Finish:
        name = next(names)
        if name == "first":
            await may_end.wait()

        async def write(uow: UnitOfWork) -> None:
            await uow.remember(Person(team="T1", user="U1", name=name))

        return write

    await bench.owe("a")
    work = Work(perform)
    hung = asyncio.create_task(bench.runner(work).run_due())
    await asyncio.sleep(0.1)
    bench.clock.pass_(seconds=31)
    await bench.runner(work).run_due()
    may_end.set()
    await hung
    async with bench.store.read() as uow:
        assert (await uow.people("T1", ["U1"]))["U1"].name == "second"


async def test_a_clock_that_jumps_does_not_make_a_job_run_twice_here(bench: Bench) -> None:
    may_end = asyncio.Event()

    async def slow(_job: Job) -> Finish:
        await may_end.wait()
        return nothing_more

    await bench.owe("a")
    work = Work(slow)
    runner = bench.runner(work)
    running = asyncio.create_task(runner.run_due())
    await asyncio.sleep(0.1)
    bench.clock.pass_(minutes=30)
    await runner.run_due()
    may_end.set()
    await running
    assert work.performed == ["a"]
    assert (await bench.job()).state is JobState.DONE


async def test_two_runners_do_each_job_once(bench: Bench) -> None:
    async def perform(_job: Job) -> Finish:
        await asyncio.sleep(0.005)
        return nothing_more

    work = Work(perform)
    await bench.owe(*(f"job {number}" for number in range(40)))
    await asyncio.gather(*(bench.runner(work).run_due() for _ in range(2)))
    assert len(work.performed) == len(set(work.performed)) == 40


async def test_what_a_stopped_process_left_is_done_by_the_next_at_once(bench: Bench) -> None:
    async def for_ever(_job: Job) -> Finish:
        await asyncio.Event().wait()
        return nothing_more

    await bench.owe("a")
    running = asyncio.create_task(bench.runner(Work(for_ever)).run_due())
    await asyncio.sleep(0.1)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    next_one = bench.runner(Work(done))
    assert await next_one.run_due() == 1
    job = await bench.job()
    assert (job.state, job.attempts) == (JobState.DONE, 2)


async def test_a_retry_gives_way_to_the_same_effect_asked_for_meanwhile(bench: Bench) -> None:
    async def perform(job: Job) -> Finish:
        if job.id == 1:
            await bench.owe("card")
            raise ChatUnsure("timeout")
        return nothing_more

    await bench.owe("card")
    runner = bench.runner(Work(perform))
    await runner.run_due()
    bench.clock.pass_(seconds=5)
    await runner.run_due()
    assert [(await bench.job(1)).state, (await bench.job(2)).state] == [JobState.CANCELLED, JobState.DONE]
    assert (await bench.job(2)).attempts == 2


async def test_a_closed_runner_leaves_what_is_due_to_others(bench: Bench) -> None:
    work = Work(done)
    stopping = bench.runner(work)
    await bench.owe("card")
    stopping.close()
    assert await stopping.run_due() == 0
    assert (await bench.job()).state is JobState.PENDING
    assert await bench.runner(work).run_due() == 1
    assert work.performed == ["card"]
