"""`serve` told to stop, while there is work."""

from __future__ import annotations

import asyncio
import signal
import time
from collections import Counter
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import ClientSession

from app.workspace.model import Channel
from tests.commands.running import CommandLine, LocalSlack
from tests.commands.serving import free_port, serving
from tests.databases import Postgres

# What we log when something of ours breaks. (Connections that come in while the server closes are asyncio's to tell.)
OURS = ("listener_failed", "request_failed", "job_broke", "job_not_settled", "scheduled_work_failed", "stopped_late")
SPEAKERS = ("ada", "ben", "chen", "dara")


@pytest.fixture(params=["sqlite", "postgres"])
async def address_of_database(request: pytest.FixtureRequest, tmp_path: Any) -> AsyncIterator[str]:
    if request.param == "sqlite":
        yield f"sqlite+aiosqlite:///{tmp_path / 'incidents.db'}"
        return
    server: Postgres = request.getfixturevalue("postgres")
    url = await server.create_migrated()
    yield url
    server.drop(url)


async def declare(slack: LocalSlack, who: str, title: str) -> None:
    person = slack.server.workspace.person(who)
    await person.command("/ai-incident", channel="general")
    form = await slack.server.workspace.until(person.modal)
    await person.submit(form, {"title": title, "severity": "sev2"})


def rooms(slack: LocalSlack, number: int) -> list[Channel]:
    channels = slack.server.workspace.channels.values()
    return [one for one in channels if one.name.startswith(f"inc-{number}-")]


def carded(slack: LocalSlack, number: int) -> bool:
    return any(message.blocks for room in rooms(slack, number) for message in room.messages.values())


async def talking(slack: LocalSlack, room: Channel, said: list[str]) -> None:
    """Everybody talks in turn, some forty messages a second, until cancelled."""
    for number in range(100_000):
        text = f"Observation number {number} of many"
        said.append(text)
        await slack.server.workspace.person(SPEAKERS[number % 4]).say(room.id, text)
        await asyncio.sleep(0.025)


async def timeline(address: str) -> Counter[str]:
    async with ClientSession(headers={"Authorization": "Bearer token"}) as session:
        record = await (await session.get(f"{address}/api/incidents/INC-1")).json()
    return Counter(entry["text"] for entry in record["timeline"] if entry["text"].startswith("Observation"))


async def test_under_load_it_stops_within_ten_seconds_and_the_next_process_goes_on(
    command_line: CommandLine, slack: LocalSlack, address_of_database: str
) -> None:
    workspace, port = slack.server.workspace, free_port()
    workspace.app.request_url = f"http://127.0.0.1:{port}/slack/events"
    workspace.events.retry_delays = (0, 1, 2, 4, 8)
    settings = {**slack.settings, "PORT": str(port), "DATABASE_URL": address_of_database, "API_TOKENS": "test:token"}
    said: list[str] = []
    async with serving(command_line, **settings) as bot:
        await declare(slack, "ada", "The agent deletes orders")
        await workspace.until(lambda: carded(slack, 1), timeout_seconds=20)
        workspace.latency_seconds = 0.3
        talk = asyncio.create_task(talking(slack, rooms(slack, 1)[0], said))
        await asyncio.sleep(1.5)
        await declare(slack, "ben", "The chatbot names customers")
        began = time.monotonic()
        code, err = await bot.stop()
        seconds = time.monotonic() - began
    await asyncio.sleep(0.5)
    talk.cancel()
    workspace.latency_seconds = 0
    assert (code, seconds < 10) == (0, True), (seconds, err)
    assert not [event for event in OURS if event in err], err

    async with serving(command_line, **settings) as bot:
        await workspace.until(lambda: carded(slack, 2), timeout_seconds=50)
        await workspace.events.settled(30)
        until = time.monotonic() + 20
        while (kept := await timeline(bot.address)) != Counter(said) and time.monotonic() < until:
            pass
        assert kept == Counter(said)
        assert (await bot.stop())[0] == 0
    assert len(said) > 20
    assert len(rooms(slack, 2)) == 1


async def test_told_twice_it_ends_at_once(command_line: CommandLine, slack: LocalSlack) -> None:
    workspace, port = slack.server.workspace, free_port()
    workspace.app.request_url = f"http://127.0.0.1:{port}/slack/events"
    async with serving(command_line, **slack.settings, PORT=str(port)) as bot:
        workspace.latency_seconds = 8
        asking = asyncio.create_task(workspace.person("ada").command("/ai-incident", channel="general"))
        await asyncio.sleep(0.5)
        bot.process.send_signal(signal.SIGTERM)
        await asyncio.sleep(0.5)
        assert bot.process.returncode is None
        began = time.monotonic()
        code, _ = await bot.stop()
        assert time.monotonic() - began < 1
        assert code == 128 + signal.SIGTERM
    await asyncio.gather(asking, return_exceptions=True)
