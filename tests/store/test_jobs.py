from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest

from app.domain.job import Job, JobState, Urgency
from app.store import SqlStore
from tests.store.records import LEASE, NOW, job


async def owe(store: SqlStore, *jobs: Job) -> None:
    async with store.write() as uow:
        for one in jobs:
            await uow.jobs.add(one)


async def claim(store: SqlStore, now: datetime = NOW, limit: int = 20) -> Sequence[Job]:
    async with store.write() as uow:
        return await uow.jobs.claim(now, lease=LEASE, limit=limit)


async def end(store: SqlStore, job: Job, state: JobState = JobState.DONE) -> bool:
    """What a runner does when a job is over."""
    async with store.write() as uow:
        held = await uow.jobs.held(job.id, job.token)
        if held is not None:
            held.state = state
            held.finished_at = NOW
    return held is not None


async def the(store: SqlStore, job: Job) -> Job:
    async with store.read() as uow:
        found = await uow.get(Job, job.id)
    assert found is not None
    return found


async def test_a_due_job_is_taken_with_a_token_a_lease_and_an_attempt(store: SqlStore) -> None:
    await owe(store, job("due", payload={"key": "INC-1"}), job("later", due_at=NOW + timedelta(seconds=1)))
    [taken] = await claim(store)
    assert (taken.key, taken.state, taken.attempts, taken.lease_until) == ("due", JobState.RUNNING, 1, NOW + LEASE)
    assert taken.token
    assert taken.payload == {"key": "INC-1"}
    assert await claim(store) == []


async def test_the_urgent_go_first_then_the_older(store: SqlStore) -> None:
    late, soon, now = Urgency.LATER, Urgency.SOON, Urgency.NOW
    await owe(store, job("a", urgency=late), job("b", urgency=soon), job("c", urgency=now), job("d", urgency=soon))
    assert [taken.key for taken in await claim(store, limit=3)] == ["c", "b", "d"]
    assert [taken.key for taken in await claim(store)] == ["a"]


async def test_many_claimers_take_each_job_once(store: SqlStore, database_url: str) -> None:
    await owe(store, *(job(f"job {number}") for number in range(60)))
    replicas = [SqlStore(database_url) for _ in range(4)]
    taken = await asyncio.gather(*(claim(replicas[number % 4], limit=5) for number in range(16)))
    for replica in replicas:
        await replica.close()
    keys = [one.key for batch in taken for one in batch]
    assert sorted(keys) == sorted({f"job {number}" for number in range(60)})


async def test_claimers_see_each_others_locks_before_they_commit(store: SqlStore, database_url: str) -> None:
    """A more urgent job of the lock comes in while the first is being taken."""
    await owe(store, job("old", lock="L", urgency=Urgency.LATER))
    other = SqlStore(database_url)

    async def owe_and_claim() -> Sequence[Job]:
        await owe(other, job("new", lock="L", urgency=Urgency.NOW))
        return await claim(other)

    async with store.write() as uow:
        assert len(await uow.jobs.claim(NOW, lease=LEASE)) == 1
        claiming = asyncio.create_task(owe_and_claim())
        await asyncio.sleep(0.2)
    assert await claiming == []
    await other.close()


async def test_of_one_lock_one_job_runs_and_the_next_follows_when_it_is_over(store: SqlStore) -> None:
    await owe(store, job("a", lock="INC-1:card"), job("b", lock="INC-1:card", urgency=Urgency.NOW), job("c"))
    first = await claim(store)
    assert [taken.key for taken in first] == ["b", "c"]
    assert await claim(store) == []
    assert await end(store, first[0])
    assert [taken.key for taken in await claim(store)] == ["a"]


async def test_a_lock_holds_within_its_workspace(store: SqlStore) -> None:
    await owe(store, job("a", lock="INC-1:card"), job("a", lock="INC-1:card", team="T2"))
    assert len(await claim(store)) == 2


async def test_a_job_whose_lease_is_over_is_taken_over_and_its_old_holder_shut_out(store: SqlStore) -> None:
    await owe(store, job())
    [first] = await claim(store)
    assert await claim(store, NOW + LEASE - timedelta(seconds=1)) == []
    [second] = await claim(store, NOW + LEASE)
    assert (second.id, second.attempts) == (first.id, 2)
    assert second.token != first.token
    assert not await end(store, first)
    assert (await the(store, first)).state is JobState.RUNNING
    assert await end(store, second)


async def test_what_was_begun_goes_before_more_urgent_jobs_of_its_lock(store: SqlStore) -> None:
    """Its runner may still live; then the renewed lease must find nothing else running."""
    await owe(store, job("begun", lock="L", urgency=Urgency.LATER))
    await claim(store)
    await owe(store, job("urgent", lock="L", urgency=Urgency.NOW))
    assert [taken.key for taken in await claim(store, NOW + LEASE)] == ["begun"]


async def test_a_renewed_lease_keeps_the_job(store: SqlStore) -> None:
    await owe(store, job())
    [taken] = await claim(store)
    async with store.write() as uow:
        assert await uow.jobs.renew(taken.id, taken.token, NOW + 2 * LEASE)
        assert not await uow.jobs.renew(taken.id, "somebody else's", NOW + 9 * LEASE)
    assert await claim(store, NOW + LEASE) == []
    assert len(await claim(store, NOW + 2 * LEASE)) == 1


async def test_asking_twice_owes_once_at_the_earlier_time_and_the_higher_urgency(store: SqlStore) -> None:
    async with store.write() as uow:
        assert await uow.jobs.add(job(due_at=NOW + timedelta(minutes=5), urgency=Urgency.LATER))
        assert not await uow.jobs.add(job(due_at=NOW, urgency=Urgency.NOW))
        assert not await uow.jobs.add(job(due_at=NOW + timedelta(minutes=9)))
        assert await uow.jobs.add(job(team="T2", due_at=NOW + timedelta(minutes=5)))
    [taken] = await claim(store)
    assert (taken.team, taken.due_at, taken.urgency) == ("T1", NOW, Urgency.NOW)


async def test_a_job_that_runs_does_not_answer_for_what_is_asked_meanwhile(store: SqlStore) -> None:
    await owe(store, job())
    [first] = await claim(store)
    async with store.write() as uow:
        assert await uow.jobs.add(job())
    assert await end(store, first)
    assert len(await claim(store)) == 1


async def test_a_job_asked_for_by_many_at_once_is_owed_once(store: SqlStore) -> None:
    await asyncio.gather(*(owe(store, job()) for _ in range(20)))
    assert len(await claim(store)) == 1


async def test_nobody_takes_a_job_that_is_being_asked_for_again(
    store: SqlStore, database_url: str, database_kind: str
) -> None:
    """Otherwise it could show how things stood before the change that asked for it."""
    await owe(store, job())
    other = SqlStore(database_url)
    async with store.write() as uow:
        assert not await uow.jobs.add(job())
        claiming = asyncio.create_task(claim(other))
        passes_over = database_kind == "postgresql"
        await asyncio.wait([claiming], timeout=10 if passes_over else 0.2)
        assert claiming.done() is passes_over
    assert len(await claiming) == (0 if passes_over else 1)
    await other.close()


async def test_a_job_put_back_waits_for_its_time_even_when_asked_for_again(store: SqlStore) -> None:
    await owe(store, job())
    [taken] = await claim(store)
    later = NOW + timedelta(seconds=30)
    async with store.write() as uow:
        held = await uow.jobs.held(taken.id, taken.token)
        assert held is not None
        assert await uow.jobs.put_back(held, later, "Slack is busy")
    async with store.write() as uow:
        assert not await uow.jobs.add(job())
        assert await uow.jobs.next_due_at() == later
    [again] = await claim(store, later)
    assert (again.id, again.attempts, again.error) == (taken.id, 2, "Slack is busy")


async def test_a_job_put_back_gives_way_to_a_newer_one_of_its_key(store: SqlStore) -> None:
    """The newer one inherits the attempts, so that it looks for a message that may have been sent."""
    await owe(store, job())
    [taken] = await claim(store)
    await owe(store, job())
    later = NOW + timedelta(seconds=30)
    async with store.write() as uow:
        held = await uow.jobs.held(taken.id, taken.token)
        assert held is not None
        assert not await uow.jobs.put_back(held, later)
    assert (await the(store, taken)).state is JobState.CANCELLED
    [newer] = await claim(store, later)
    assert newer.id != taken.id
    assert newer.attempts == 2


async def test_a_job_put_back_while_another_transaction_owes_the_same_gives_way_too(
    store: SqlStore, database_url: str
) -> None:
    await owe(store, job())
    [taken] = await claim(store)
    other = SqlStore(database_url)
    added = asyncio.Event()

    async def owe_slowly() -> None:
        async with other.write() as uow:
            await uow.jobs.add(job())
            added.set()
            await asyncio.sleep(0.2)

    owing = asyncio.create_task(owe_slowly())
    await added.wait()
    async with store.write() as uow:
        held = await uow.jobs.held(taken.id, taken.token)
        assert held is not None
        assert not await uow.jobs.put_back(held, NOW)
        assert held.state is JobState.CANCELLED
    await owing
    await other.close()
    assert [one.attempts for one in await claim(store)] == [2]


async def test_a_cancelled_job_is_not_taken_but_a_running_one_goes_on(store: SqlStore) -> None:
    await owe(store, job("pending"), job("running", urgency=Urgency.NOW), job("pending", team="T2"))
    [running] = await claim(store, limit=1)
    async with store.write() as uow:
        await uow.jobs.cancel("T1", "pending")
        await uow.jobs.cancel("T1", "running")
        await uow.jobs.cancel("T1", "unheard of")
    assert [taken.team for taken in await claim(store)] == ["T2"]
    assert await end(store, running)


async def test_the_next_due_time_is_that_of_the_earliest_job_or_lease(store: SqlStore) -> None:
    async def next_due_at() -> datetime | None:
        async with store.read() as uow:
            return await uow.jobs.next_due_at()

    assert await next_due_at() is None
    hour = timedelta(hours=1)
    await owe(store, job("far", due_at=NOW + 2 * hour), job("near", due_at=NOW + hour))
    assert await next_due_at() == NOW + hour
    await owe(store, job("first", lock="L"), job("behind it", lock="L"))
    [first] = await claim(store)
    assert await next_due_at() == NOW + LEASE
    await end(store, first)
    assert await next_due_at() == NOW


async def test_failed_jobs_are_found_by_incident_and_old_ones_that_are_over_forgotten(store: SqlStore) -> None:
    await owe(store, job("done"), job("failed"), job("running"), job("pending", due_at=NOW + LEASE))
    done, failed, _ = await claim(store)
    await end(store, done)
    await end(store, failed, JobState.FAILED)
    for before, left in ((NOW, True), (NOW + timedelta(seconds=1), False)):
        async with store.write() as uow:
            await uow.jobs.forget(before)
            assert (await uow.get(Job, done.id) is not None) is left
            assert await uow.get(Job, failed.id) is not None
            assert await uow.jobs.next_due_at() == NOW + LEASE


@pytest.mark.parametrize("limit", [1, 7])
async def test_a_long_queue_behind_one_lock_does_not_hide_what_others_need(store: SqlStore, limit: int) -> None:
    await owe(store, *(job(f"queued {number}", lock="L") for number in range(30)), job("free"))
    first = await claim(store, limit=limit)
    second = await claim(store, limit=limit)
    assert {taken.key for taken in [*first, *second]} == {"queued 0", "free"}
