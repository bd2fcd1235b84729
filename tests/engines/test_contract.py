"""What either engine does with the jobs that are owed."""

from __future__ import annotations

import asyncio
import itertools
import time
from contextlib import suppress

from app.domain.job import JobState, Urgency
from tests.engines.crew import Crew, job
from tests.engines.effects import TEAM

# Milliseconds on a machine with nothing else to do.
# Far beyond what a busy machine needs: it tells a job that starts from one that hangs. The bench measures punctuality.
SOON_SECONDS = 20


async def test_a_job_owed_by_a_replica_starts_at_once(crew: Crew) -> None:
    replica = await crew.join()
    owed_at = time.time()
    async with replica.store.write() as uow:
        await uow.jobs.add(job("card"))
    await crew.all_done()
    (effect,) = crew.effects()
    assert effect.began - owed_at < SOON_SECONDS
    assert await crew.states() == [JobState.DONE]


async def test_a_job_owed_while_nobody_ran_starts_when_a_replica_does(crew: Crew) -> None:
    async with crew.store.write() as uow:
        await uow.jobs.add(job("missed", due_in=-3600))
    started_at = time.time()
    await crew.join()
    await crew.all_done()
    assert crew.effects()[0].began - started_at < SOON_SECONDS


async def test_a_transaction_that_fails_owes_nothing(crew: Crew) -> None:
    replica = await crew.join()
    with suppress(ZeroDivisionError):
        async with replica.store.write() as uow:
            await uow.jobs.add(job("card"))
            raise ZeroDivisionError
    async with replica.store.write() as uow:
        await uow.jobs.add(job("after"))
    await crew.all_done()
    assert [effect.key for effect in crew.effects()] == ["after"]
    assert await crew.states() == [JobState.DONE]


async def test_jobs_start_within_a_moment_of_their_time_and_never_before(crew: Crew) -> None:
    """Owed by one replica, carried out by any."""
    replica, _ = await crew.join(), await crew.join()
    jobs = [job(f"reminder:{number}", due_in=0.3 + number * 0.17) for number in range(12)]
    async with replica.store.write() as uow:
        for one in jobs:
            await uow.jobs.add(one)
    due = {one.key: one.due_at.timestamp() for one in jobs}
    await crew.all_done()
    late = [effect.began - due[effect.key] for effect in crew.effects()]
    assert len(late) == len(jobs)
    assert min(late) >= 0
    assert max(late) < SOON_SECONDS


async def test_jobs_owed_by_somebody_else_start_within_a_second_of_their_time(crew: Crew) -> None:
    """As those of a command, which tells no replica."""
    await crew.join()
    one = job("reminder", due_in=0.7)
    async with crew.store.write() as uow:
        await uow.jobs.add(one)
    await crew.all_done()
    assert 0 <= crew.effects()[0].began - one.due_at.timestamp() < SOON_SECONDS


async def test_jobs_of_one_lock_run_one_at_a_time_and_in_order(crew: Crew) -> None:
    replicas = [await crew.join() for _ in range(3)]
    async with replicas[0].store.write() as uow:
        for number in range(8):
            await uow.jobs.add(job(f"step:{number}", lock="INC-1", seconds=0.03))
            await uow.jobs.add(job(f"other:{number}", seconds=0.03))
    await crew.all_done()
    steps = [effect for effect in crew.effects() if effect.key.startswith("step")]
    assert [effect.key for effect in steps] == [f"step:{number}" for number in range(8)]
    assert all((one.ended or 0) <= after.began for one, after in itertools.pairwise(steps))


async def test_what_responders_wait_for_goes_before_decoration(crew: Crew) -> None:
    async with crew.store.write() as uow:
        for number in range(3):
            await uow.jobs.add(job(f"decoration:{number}", urgency=Urgency.LATER))
            await uow.jobs.add(job(f"soon:{number}", urgency=Urgency.SOON))
            await uow.jobs.add(job(f"now:{number}", urgency=Urgency.NOW))
    await crew.join(limit=1)
    await crew.all_done()
    kinds = [effect.key.partition(":")[0] for effect in crew.effects()]
    assert kinds == ["now"] * 3 + ["soon"] * 3 + ["decoration"] * 3


async def test_asking_twice_owes_once_even_while_the_first_waits_for_its_lock(crew: Crew) -> None:
    replica = await crew.join()
    async with replica.store.write() as uow:
        await uow.jobs.add(job("first", lock="card", seconds=0.4))
    await crew.until(crew.effects)
    for _ in range(5):
        async with replica.store.write() as uow:
            await uow.jobs.add(job("refresh", lock="card"))
    await crew.all_done()
    assert len(crew.effects("refresh")) == 1


async def test_a_job_that_becomes_urgent_while_it_waits_overtakes(crew: Crew) -> None:
    replica = await crew.join(limit=1)
    async with replica.store.write() as uow:
        await uow.jobs.add(job("first", seconds=0.4))
    await crew.until(crew.effects)
    for key, urgency in [("a", Urgency.SOON), ("b", Urgency.LATER), ("b", Urgency.NOW)]:
        async with replica.store.write() as uow:
            await uow.jobs.add(job(key, urgency=urgency))
    await crew.all_done()
    assert [effect.key for effect in crew.effects()] == ["first", "b", "a"]


async def test_a_job_asked_for_again_while_it_runs_runs_again(crew: Crew) -> None:
    """The card may have changed after it was drawn."""
    replica = await crew.join()
    async with replica.store.write() as uow:
        await uow.jobs.add(job("refresh", lock="card", seconds=0.3))
    await crew.until(crew.effects)
    async with replica.store.write() as uow:
        await uow.jobs.add(job("refresh", lock="card"))
    await crew.all_done()
    one, again = crew.effects("refresh")
    assert one.ended is not None
    assert one.ended <= again.began


async def test_a_retry_waits_as_long_as_was_asked_and_holds_up_nobody(crew: Crew) -> None:
    replica = await crew.join()
    async with replica.store.write() as uow:
        await uow.jobs.add(job("limited", lock="channel", busy=1, wait=0.8))
    await crew.until(crew.effects)
    async with replica.store.write() as uow:
        await uow.jobs.add(job("meanwhile", lock="channel"))
    await crew.all_done()
    first, meanwhile, second = crew.effects()
    assert [first.key, meanwhile.key, second.key] == ["limited", "meanwhile", "limited"]
    assert 0.8 <= second.began - first.began < 0.8 * 1.5 + SOON_SECONDS
    assert await crew.states() == [JobState.DONE, JobState.DONE]


async def test_a_job_that_is_refused_fails_and_stays_on_record(crew: Crew) -> None:
    replica = await crew.join()
    async with replica.store.write() as uow:
        await uow.jobs.add(job("invite", refused=True))
    await crew.all_done()
    await asyncio.sleep(0.7)
    assert await crew.states() == [JobState.FAILED]
    assert len(crew.effects()) == 1


async def test_a_cancelled_job_does_not_run_and_its_successor_runs_at_its_own_time(crew: Crew) -> None:
    replica = await crew.join()
    async with replica.store.write() as uow:
        await uow.jobs.add(job("reminder", due_in=0.4))
    later = job("reminder", due_in=0.9)
    async with replica.store.write() as uow:
        await uow.jobs.cancel(TEAM, "reminder")
        await uow.jobs.add(later)
    await crew.all_done()
    (effect,) = crew.effects()
    assert effect.began >= later.due_at.timestamp()
    assert await crew.states() == [JobState.CANCELLED, JobState.DONE]


async def test_a_job_cancelled_while_it_waits_for_its_lock_does_not_run(crew: Crew) -> None:
    replica = await crew.join()
    async with replica.store.write() as uow:
        await uow.jobs.add(job("first", lock="card", seconds=0.4))
    await crew.until(crew.effects)
    async with replica.store.write() as uow:
        await uow.jobs.add(job("second", lock="card"))
    async with replica.store.write() as uow:
        await uow.jobs.cancel(TEAM, "second")
        await uow.jobs.add(job("third", lock="card"))
    await crew.all_done()
    assert [effect.key for effect in crew.effects()] == ["first", "third"]


async def test_suspended_jobs_wait_until_they_are_resumed(crew: Crew) -> None:
    replica = await crew.join()
    async with replica.store.write() as uow:
        await uow.jobs.add(job("first", lock="card", seconds=0.3))
    await crew.until(crew.effects)
    async with replica.store.write() as uow:
        await uow.jobs.add(job("second", lock="card"))
    async with replica.store.write() as uow:
        assert await uow.jobs.suspend(TEAM) == 1
    await asyncio.sleep(0.8)
    assert not crew.effects("second")
    async with replica.store.write() as uow:
        assert await uow.jobs.resume(TEAM) == 1
    await crew.all_done()
    assert len(crew.effects("second")) == 1


async def test_settled_means_that_nothing_is_due_and_nothing_runs(crew: Crew) -> None:
    replica = await crew.join()
    async with replica.store.write() as uow:
        await uow.jobs.add(job("slow", seconds=0.4))
        await uow.jobs.add(job("tomorrow", due_in=86400))
    await replica.engine.settled()
    assert await crew.states() == [JobState.DONE, JobState.PENDING]
