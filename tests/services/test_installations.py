"""Coming into a workspace, renewing its token, leaving it; on both databases."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from app.domain.errors import Invalid
from app.domain.installation import Bot, Grant, Tokens
from app.domain.job import Job
from app.ports.store import Store
from app.ports.vault import Unreadable
from app.services.installations import TURN_LASTS, Installations
from app.store.vault import KeyRing
from tests.services.set_clock import SetClock

KEY, OTHER = "a-key-that-is-long-enough-for-this-test", "another-key-that-is-long-enough-for-it"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_kind(request: pytest.FixtureRequest) -> str:
    kind: str = request.param
    return kind


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def installations(store: Store, clock: SetClock) -> Installations:
    return Installations(store, clock, KeyRing([KEY]))


def grant(team: str = "T1", token: str = "xoxb-1", refresh: str | None = None, **bot: Any) -> Grant:
    given = {"team_name": "Meridian", "url": "https://meridian.slack.invalid/", "bot_user_id": "U0", "bot_id": "B0"}
    return Grant(Bot(team, **(given | bot)), "A1", ("chat:write", "commands"), "U1", Tokens(token, refresh))


async def test_what_was_granted_is_kept_and_found_again(installations: Installations) -> None:
    assert await installations.of("T1") is None
    await installations.install(grant(refresh="xoxe-1"))
    found = await installations.of("T1")
    assert found is not None
    assert found.tokens == Tokens("xoxb-1", "xoxe-1")
    assert found.bot == grant().bot
    assert await installations.of("T2") is None


async def test_installing_again_replaces_the_tokens(installations: Installations) -> None:
    await installations.install(grant(token="xoxb-1"))
    await installations.install(grant(token="xoxb-2", bot_id="B9"))
    found = await installations.of("T1")
    assert found is not None
    assert (found.tokens.bot, found.bot.bot_id) == ("xoxb-2", "B9")


async def test_a_token_copied_into_another_workspaces_row_is_of_no_use(
    installations: Installations, store: Store
) -> None:
    await installations.install(grant("T1"))
    await installations.install(grant("T2", token="xoxb-2"))
    async with store.write() as uow:
        ours, theirs = await uow.installations.of("T1"), await uow.installations.of("T2")
        assert ours is not None
        assert theirs is not None
        ours.bot_token = theirs.bot_token
    with pytest.raises(Unreadable):
        await installations.of("T1")


async def test_of_many_who_want_to_renew_one_may_until_its_turn_is_over(
    installations: Installations, clock: SetClock
) -> None:
    await installations.install(grant(refresh="xoxe-1"))
    seen = Tokens("xoxb-1", "xoxe-1")
    turns = await asyncio.gather(*(installations.take_turn("T1", seen) for _ in range(5)))
    assert sorted(turn.mine for turn in turns if turn) == [False, False, False, False, True]
    clock.at += TURN_LASTS + timedelta(seconds=1)
    turn = await installations.take_turn("T1", seen)
    assert turn is not None
    assert turn.mine


async def test_who_asks_for_a_turn_after_the_renewal_gets_the_new_token_instead(installations: Installations) -> None:
    await installations.install(grant(refresh="xoxe-1"))
    await installations.renewed("T1", Tokens("xoxb-2", "xoxe-2"))
    turn = await installations.take_turn("T1", Tokens("xoxb-1", "xoxe-1"))
    assert turn is not None
    assert not turn.mine
    assert turn.installed.tokens == Tokens("xoxb-2", "xoxe-2")


async def test_a_renewal_that_comes_after_the_end_brings_nothing_back(installations: Installations) -> None:
    await installations.install(grant(refresh="xoxe-1"))
    await installations.end("T1", "app_uninstalled")
    await installations.renewed("T1", Tokens("xoxb-2", "xoxe-2"))
    assert await installations.of("T1") is None
    assert await installations.take_turn("T1", Tokens("xoxb-1")) is None
    assert await installations.ended() == {"T1"}


async def test_the_end_suspends_what_is_owed_and_coming_back_owes_it_again(
    installations: Installations, store: Store, clock: SetClock
) -> None:
    await installations.install(grant("T1"))
    await installations.install(grant("T2"))
    async with store.write() as uow:
        for team in ("T1", "T2"):
            await uow.jobs.add(Job(team=team, kind="reminder.fire", key="reminder:1", due_at=clock.now()))
    await installations.end("T1", "app_uninstalled")
    await installations.end("T1", "tokens_revoked")
    async with store.write() as uow:
        assert [one.team for one in await uow.jobs.claim(clock.now(), lease=timedelta(minutes=1))] == ["T2"]
    await installations.install(grant("T1"))
    async with store.write() as uow:
        assert [one.team for one in await uow.jobs.claim(clock.now(), lease=timedelta(minutes=1))] == ["T1"]


async def test_a_state_is_good_for_its_browser_once_and_for_ten_minutes(
    installations: Installations, clock: SetClock
) -> None:
    state = await installations.begin("my browser")
    await installations.redeem(state, "my browser")
    with pytest.raises(Invalid, match="used already"):
        await installations.redeem(state, "my browser")
    late = await installations.begin("my browser")
    clock.at += timedelta(minutes=10)
    with pytest.raises(Invalid, match="older than ten minutes"):
        await installations.redeem(late, "my browser")
    stolen = await installations.begin("my browser")
    with pytest.raises(Invalid, match="not started in this browser"):
        await installations.redeem(stolen, "another browser")
    with pytest.raises(Invalid):
        await installations.redeem(stolen, "my browser")


async def test_a_new_key_takes_over_and_the_old_one_may_go(installations: Installations) -> None:
    await installations.install(grant("T1", refresh="xoxe-1"))
    await installations.install(grant("T2"))
    both = replace(installations, vault=KeyRing([OTHER, KEY]))
    sealing = await both.reseal()
    assert (sealing.installed, sealing.resealed, sealing.unreadable) == (2, 2, ())
    assert (await both.reseal()).resealed == 0
    new = replace(installations, vault=KeyRing([OTHER]))
    found = await new.of("T1")
    assert found is not None
    assert found.tokens == Tokens("xoxb-1", "xoxe-1")
    assert await installations.legible() == (2, ("T1", "T2"))
    assert (await installations.reseal()).unreadable == ("T1", "T2")


def test_tokens_do_not_show_in_what_is_printed() -> None:
    assert "xox" not in repr(grant(token="xoxb-1", refresh="xoxe-1"))
