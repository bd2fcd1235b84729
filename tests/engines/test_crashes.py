"""Replicas come, go and are killed, machines' clocks differ and the database goes away; every job is done once."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress

import psycopg
import pytest
from sqlalchemy import make_url
from sqlmodel import select

from app.domain.job import Job, JobState, Urgency
from app.scheduler.procrastinate_engine import SILENT_SECONDS
from tests.engines.crew import Crew, job

TAKEOVER_SECONDS = 60
only_postgres = pytest.mark.parametrize("database_kind", ["postgresql"])


async def test_every_job_ends_once_though_replicas_are_killed(crew: Crew) -> None:
    doomed = [await crew.join_as_process() for _ in range(2)]
    await crew.join_as_process()
    keys = sorted(f"job:{number:03}" for number in range(150))
    async with crew.store.write() as uow:
        for number, key in enumerate(keys):
            await uow.jobs.add(job(key, lock=f"INC-{number % 20}", seconds=0.05))
    for count, process in zip((30, 80), doomed, strict=True):
        await crew.until(lambda count=count: len(crew.effects()) > count)
        await crew.kill(process)
        await crew.join_as_process()
    await crew.all_done(60)
    assert await crew.ended() == keys
    # Only what was under way when its replica was killed was tried again.
    again = [effect.key for effect in crew.effects() if effect.attempt > 1]
    assert len(again) <= 2 * 20


async def test_what_a_killed_replica_had_begun_goes_on_elsewhere_before_long(crew: Crew) -> None:
    process = await crew.join_as_process()
    async with crew.store.write() as uow:
        await uow.jobs.add(job("room", lock="INC-1", seconds=3))
        await uow.jobs.add(job("card", lock="INC-1"))
    await crew.until(crew.effects)
    await crew.join()
    await crew.kill(process)
    killed_at = time.time()
    await crew.all_done()
    first, second, card = crew.effects()
    assert (first.key, second.key, card.key) == ("room", "room", "card")
    assert first.ended is None
    # An earlier try may have reached Slack: the handler looks first.
    assert second.attempt == 2
    assert second.began - killed_at < TAKEOVER_SECONDS
    assert (second.ended or 0) <= card.began
    assert await crew.ended() == ["card", "room"]


async def test_a_replica_that_stops_hands_over_in_time(crew: Crew) -> None:
    leaving = await crew.join()
    async with leaving.store.write() as uow:
        await uow.jobs.add(job("quick", seconds=1))
        await uow.jobs.add(job("slow", seconds=6))
    await crew.until(lambda: len(crew.effects()) == 2)
    await crew.leave(leaving)
    assert await crew.ended() == ["quick"]
    await crew.join()
    await crew.all_done()
    assert len(crew.effects("slow")) == 2
    assert await crew.ended() == ["quick", "slow"]


async def test_what_is_begun_while_a_replica_stops_is_handed_over_too(crew: Crew) -> None:
    """Taken by a transaction that was not over yet when the engine looked at what runs."""
    leaving = await crew.join()
    taker = leaving.store.taker
    assert taker is not None
    async with leaving.store.write() as uow:
        await uow.jobs.add(job("late", seconds=60, urgency=Urgency.NOW))
        taken = await taker.take(uow, uow.jobs.new)
        await leaving.engine.stop()
    taker.begin(taken)
    await crew.until(lambda: len(crew.effects("late")) == 1)
    await leaving.engine.hand_over()
    async with crew.store.read() as uow:
        (late,) = await uow._all(select(Job))
    assert late.lease_until is not None
    assert late.lease_until <= leaving.clock.now()


@only_postgres
async def test_replicas_with_wrong_clocks_fire_once_on_time_and_never_early(crew: Crew) -> None:
    """Due times are by the database's clock, on which all agree."""
    replicas = [await crew.join(seconds_ahead=ahead) for ahead in (0, 4, -4)]
    jobs = []
    for number in range(12):
        one = job(f"reminder:{number}", due_in=1 + number * 0.1)
        async with replicas[number % 3].store.write() as uow:
            await uow.jobs.add(one)
        jobs.append(one)
    due = {one.key: one.due_at.timestamp() for one in jobs}
    await crew.all_done()
    late = [effect.began - due[effect.key] for effect in crew.effects()]
    assert len(late) == len(jobs)
    assert min(late) >= -0.005
    assert max(late) < TAKEOVER_SECONDS


@only_postgres
async def test_jobs_go_on_after_the_database_was_away(crew: Crew, database_url: str) -> None:
    """As when it is restarted: every connection is cut, the worker's and the runner's too, while jobs run."""
    replica = await crew.join()
    async with replica.store.write() as uow:
        await uow.jobs.add(job("under way", lock="INC-1", seconds=1.5))
        await uow.jobs.add(job("behind", lock="INC-1"))
        await uow.jobs.add(job("later", due_in=2.5))
    await crew.until(crew.effects)
    _cut_connections(database_url)
    await asyncio.sleep(1.4)
    _cut_connections(database_url)
    await crew.all_done()
    async with replica.store.write() as uow:
        await uow.jobs.add(job("after"))
    await crew.all_done()
    assert await crew.ended() == ["after", "behind", "later", "under way"]


@only_postgres
async def test_a_replica_that_only_hung_cannot_settle_what_was_taken_from_it(crew: Crew, database_url: str) -> None:
    hung, other = await crew.join(), None
    async with hung.store.write() as uow:
        await uow.jobs.add(job("card", lock="INC-1", seconds=SILENT_SECONDS))
    await crew.until(crew.effects)
    # As the others see it when its loop stands still: it was not heard of for long.
    with _plain(database_url) as connection:
        connection.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 hour'")
        other = await crew.join()
        await crew.until(lambda: len(crew.effects()) == 2, 5)
    assert other is not None
    await crew.all_done()
    await asyncio.sleep(0.5)
    assert await crew.ended() == ["card"]


@only_postgres
async def test_jobs_whose_entry_was_lost_are_queued_again(crew: Crew, database_url: str) -> None:
    """As after somebody emptied the queue, or restored half a backup."""
    replica = await crew.join()
    async with replica.store.write() as uow:
        await uow.jobs.add(job("first", lock="card", seconds=1))
    await crew.until(crew.effects)
    async with replica.store.write() as uow:
        await uow.jobs.add(job("second", lock="card"))
    with _plain(database_url) as connection:
        connection.execute("DELETE FROM procrastinate_jobs WHERE status = 'todo'")
    await crew.all_done()
    assert await crew.ended() == ["first", "second"]


@only_postgres
async def test_nothing_stays_behind_in_the_queue(crew: Crew, database_url: str) -> None:
    replica = await crew.join()
    async with replica.store.write() as uow:
        await uow.jobs.add(job("fine"))
        await uow.jobs.add(job("refused", refused=True))
        await uow.jobs.add(job("limited", busy=1, wait=0.3))
    await crew.all_done()
    await asyncio.sleep(0.3)
    with _plain(database_url) as connection:
        for name in ("procrastinate_jobs", "procrastinate_events"):
            assert connection.execute(f"SELECT count(*) FROM {name}".encode()).fetchone() == (0,)
    assert await crew.states() == [JobState.DONE, JobState.FAILED, JobState.DONE]


@only_postgres
async def test_a_transaction_that_fails_leaves_nothing_in_the_queue(crew: Crew, database_url: str) -> None:
    replica = await crew.join()
    with suppress(ZeroDivisionError):
        async with replica.store.write() as uow:
            await uow.jobs.add(job("card"))
            assert await uow.queue.hand_over(replica.clock.now()) == 1
            raise ZeroDivisionError
    with _plain(database_url) as connection:
        assert connection.execute("SELECT count(*) FROM procrastinate_jobs").fetchone() == (0,)
    assert await crew.states() == []


def _plain(url: str) -> psycopg.Connection[tuple[object, ...]]:
    address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    return psycopg.connect(address, autocommit=True)


def _cut_connections(url: str) -> None:
    with _plain(url) as other:
        other.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
