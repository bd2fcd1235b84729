"""The database fails for a while: nothing is acknowledged that isn't stored; all is in the record afterwards."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest
from aiohttp import ClientSession, web

from app.web.server import Server
from app.workspace.model import View
from tests.faults.checks import expect_one_of_everything
from tests.faults.conftest import Begun
from tests.faults.outages import End, full, locked, out_of_reach
from tests.faults.world import World

OUTAGES = [("sqlite", locked), ("sqlite", full), ("postgresql", out_of_reach)]


@pytest.mark.parametrize(("database_kind", "outage"), OUTAGES, ids=lambda one: getattr(one, "__name__", one))
async def test_what_is_said_meanwhile_is_in_the_record_once_it_is_back(
    world: World, outage: Callable[[World], End]
) -> None:
    await world.declare()
    ben, events = world.person("ben"), world.workspace.events
    events.retry_delays, events.timeout_seconds = (0.2, 1, 1, 1, 2, 2), 1.5
    end = outage(world)
    try:
        said = [await ben.say(world.room().id, f"message {number}") for number in range(5)]
        await world.shown(lambda: all(one.attempts > 1 for one in events.deliveries[-5:]))
        assert [one.outcome for one in events.deliveries[-5:]] == ["waiting"] * 5
        status, reasons = await readiness(world)
        assert status == 503
        assert "database" in reasons
    finally:
        end()
    await events.settled(timeout_seconds=30)
    assert {one.outcome for one in events.deliveries} == {"acknowledged"}
    await world.settled()
    record = await world.record()
    assert [entry["source"]["ts"] for entry in record["timeline"] if entry["text"].startswith("message")] == said
    await world.life.ready()
    assert await world.take("ben", "scribe")
    await world.settled()
    world.log.unlink()
    await expect_one_of_everything(world)


async def test_people_are_answered_in_time_while_the_database_is_slow(world: World) -> None:
    """Somebody else holds the database most of the time, two seconds each; an answer after three would be an error."""
    await world.declare()
    slow = asyncio.create_task(hold_again_and_again(world))
    ben = world.person("ben")
    try:
        await ben.command("/ai-incident", "note The cache was warm", world.room().id)
        await ben.press(world.card(), "role.claim", value="INC-1:scribe")
        await ben.command("/ai-incident", "", "general")
        form: View | None = await world.shown(ben.modal)
        assert form is not None
        sent = await ben.submit(form, {"title": "Another one", "severity": "sev1"})
        assert sent.action == "update"
    finally:
        slow.cancel()
        await asyncio.gather(slow, return_exceptions=True)
    await world.settled()
    record = await world.record()
    assert "The cache was warm" in [entry["text"] for entry in record["timeline"]]
    assert [holding["user"] for holding in record["roles"]] == [ben.id]
    await expect_one_of_everything(world)


async def test_a_form_that_was_sent_twice_declares_once(world: World) -> None:
    """Slack gives up after three seconds, says so, and the person presses Submit again."""
    ada, workspace = world.person("ada"), world.workspace
    form = await world.opens_form("ada", "", "support")
    assert form is not None
    workspace.answer_timeout_seconds = 1.0
    end = locked(world)
    try:
        assert not await world.tries(ada.submit(form, {"title": "Once", "severity": "sev1"}))
        again = asyncio.create_task(world.tries(ada.submit(form, {"title": "Once", "severity": "sev1"})))
        await asyncio.sleep(0.2)
    finally:
        end()
    assert await again
    await world.settled()
    assert await world.keys() == ["INC-1"]
    await expect_one_of_everything(world)


async def test_people_are_answered_in_time_while_the_model_hangs(begun: Begun) -> None:
    async with hanging_server() as address:
        world = await begun(openai_base_url=address, openai_model="any", openai_api_key="none")
        await world.declare()
        ben = world.person("ben")
        await ben.say(world.room().id, "The order tool answers for everybody, we switch it off.")
        await world.workspace.events.settled()
        await ben.command("/ai-incident", "draft", world.room().id)
        assert await world.shown(ben.modal)
        await ben.command("/ai-incident", "decision We roll back", world.room().id)
        await ben.command("/ai-incident", "resolve It is off", world.room().id)
        await world.shown(lambda: "resolved" in world.room().topic.value.lower())


async def hold_again_and_again(world: World) -> None:
    while True:
        end = locked(world)
        try:
            await asyncio.sleep(2)
        finally:
            end()
        await asyncio.sleep(0.3)


async def readiness(world: World) -> tuple[int, str]:
    """What /readyz answers, as soon as it isn't 200."""
    async with asyncio.timeout(10), ClientSession() as session:
        while True:
            async with session.get(f"http://127.0.0.1:{world.life.port}/readyz") as answer:
                if answer.status != 200:
                    return answer.status, await answer.text()
            await asyncio.sleep(0.1)


class hanging_server:
    """A server that takes every request and answers none; gives its address."""

    async def __aenter__(self) -> str:
        async def hang(_request: web.Request) -> web.Response:
            await asyncio.Event().wait()
            return web.Response()

        app = web.Application()
        app.router.add_route("*", "/{path:.*}", hang)
        self._server = Server(app, "127.0.0.1", 0, patience_seconds=0.1)
        await self._server.start()
        return f"http://127.0.0.1:{self._server.port}/v1"

    async def __aexit__(self, *_: object) -> None:
        await self._server.stop()
