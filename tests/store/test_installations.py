"""Installations, attempts at one, and the jobs of a workspace that is gone for a while."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from app.domain.errors import Conflict
from app.domain.installation import Installation, InstallAttempt
from app.domain.job import Job, JobState
from app.ports.store import Store
from tests.store.records import LEASE, NOW, job


def installation(team: str = "T1", **fields: Any) -> Installation:
    given: dict[str, Any] = {
        "team_name": "Meridian",
        "url": "https://meridian.slack.invalid/",
        "app_id": "A1",
        "bot_user_id": "U1",
        "bot_id": "B1",
        "bot_token": "sealed",
        "installed_at": NOW,
        "installed_by": "U2",
    }
    return Installation(team=team, **(given | fields))


async def added(store: Store, *records: Any) -> None:
    async with store.write() as uow:
        for record in records:
            await uow.add(record)


async def test_a_workspace_has_one_installation(store: Store) -> None:
    await added(store, installation("T1"), installation("T2"))
    with pytest.raises(Conflict):
        await added(store, installation("T1"))
    async with store.read() as uow:
        found = await uow.installations.of("T1")
        assert found is not None
        assert found.bot.bot_user_id == "U1"
        assert await uow.installations.of("T3") is None


async def test_those_that_ended_are_told_from_those_that_stand(store: Store) -> None:
    await added(store, installation("T1"), installation("T2", uninstalled_at=NOW), installation("T3"))
    async with store.read() as uow:
        assert await uow.installations.ended() == {"T2"}
        assert [one.team for one in await uow.installations.active()] == ["T1", "T3"]


async def test_an_attempt_is_taken_by_one_of_many(store: Store) -> None:
    await added(store, InstallAttempt(state_digest="s", browser_digest="b", expires_at=NOW))

    async def take() -> InstallAttempt | None:
        async with store.write() as uow:
            return await uow.installations.take_attempt("s")

    taken = [one for one in await asyncio.gather(*(take() for _ in range(5))) if one is not None]
    assert [one.browser_digest for one in taken] == ["b"]


async def test_expired_attempts_are_forgotten(store: Store) -> None:
    old = InstallAttempt(state_digest="old", browser_digest="b", expires_at=NOW - timedelta(seconds=1))
    await added(store, old, InstallAttempt(state_digest="new", browser_digest="b", expires_at=NOW))
    async with store.write() as uow:
        await uow.installations.forget_attempts(NOW)
        assert await uow.installations.take_attempt("old") is None
        assert await uow.installations.take_attempt("new") is not None


async def test_suspended_jobs_of_one_workspace_wait_and_come_back(store: Store) -> None:
    async with store.write() as uow:
        await uow.jobs.add(job("card", team="T1"))
        await uow.jobs.add(job("later", team="T1", due_at=NOW + timedelta(hours=1)))
        await uow.jobs.add(job("card", team="T2"))
    async with store.write() as uow:
        assert await uow.jobs.suspend("T1") == 2
        assert [one.team for one in await uow.jobs.claim(NOW, lease=LEASE)] == ["T2"]
    async with store.write() as uow:
        assert await uow.jobs.resume("T1") == 2
        assert await uow.jobs.resume("T1") == 0
        assert [(one.team, one.key) for one in await uow.jobs.claim(NOW, lease=LEASE)] == [("T1", "card")]


async def test_a_job_that_is_owed_anew_is_not_owed_twice_when_the_old_one_comes_back(store: Store) -> None:
    for _ in range(2):
        async with store.write() as uow:
            await uow.jobs.add(job("card"))
            await uow.jobs.suspend("T1")
    async with store.write() as uow:
        await uow.jobs.add(job("card"))
        await uow.jobs.resume("T1")
    async with store.write() as uow:
        assert len(await uow.jobs.claim(NOW, lease=LEASE)) == 1


async def test_suspended_jobs_are_not_forgotten(store: Store) -> None:
    async with store.write() as uow:
        await uow.jobs.add(job("card"))
        await uow.jobs.suspend("T1")
    async with store.write() as uow:
        await uow.jobs.forget(NOW + timedelta(days=365))
        assert await uow.jobs.resume("T1") == 1


async def test_a_running_job_of_another_workspace_hides_no_due_time(store: Store) -> None:
    """Locks are named after incident keys, which workspaces share."""
    running = {"state": JobState.RUNNING, "lease_until": NOW + timedelta(hours=1)}
    await added(store, Job(team="T1", kind="x", key="a", lock="INC-1:card", due_at=NOW, **running))
    await added(store, Job(team="T2", kind="x", key="a", lock="INC-1:card", due_at=NOW))
    async with store.read() as uow:
        assert await uow.jobs.next_due_at() == NOW
