"""SIGTERM in the middle of work: over within ten seconds, nothing lost, and the next process goes on at once."""

from __future__ import annotations

import asyncio

import pytest

from tests.faults.checks import errors_in, expect_one_of_everything
from tests.faults.world import NOWHERE, World


@pytest.fixture(params=["sqlite", "postgresql"])
def database_kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.mark.parametrize("latency_seconds", [0.05, 8], ids=["quick_slack", "slow_slack"])
async def test_sigterm_under_load_loses_nothing(world: World, latency_seconds: float) -> None:
    await world.declare()
    events, people = world.workspace.events, [world.person(name) for name in ("ada", "ben", "chen", "dara")]
    events.retry_delays, events.timeout_seconds = (0.5, 1, 2, 4, 8), 3
    forms = [await world.opens_form(person.user.name, "", "support") for person in people]
    world.workspace.latency_seconds = latency_seconds
    declaring = [
        asyncio.create_task(world.tries(person.submit(form, {"title": f"Of {person.id}", "severity": "sev2"})))
        for person, form in zip(people, forms, strict=True)
        if form is not None
    ]
    said = [await people[number % 4].say(world.room().id, f"message {number}") for number in range(100)]
    await asyncio.sleep(0.3)
    world.life.terminate()
    await world.life.gone(within_seconds=10)
    world.workspace.app.request_url = NOWHERE
    world.workspace.latency_seconds = 0
    went = await asyncio.gather(*declaring)
    await world.live()
    await events.settled(timeout_seconds=30)
    await world.settled()
    assert {one.outcome for one in events.deliveries} == {"acknowledged"}
    # Whoever got no answer in time may have declared all the same; nobody who got one is missing.
    assert 1 + sum(went) <= len(await world.keys()) <= 1 + len(went)
    record = await world.record()
    assert [entry["source"]["ts"] for entry in record["timeline"] if entry["text"].startswith("message")] == said
    assert not [line for line in errors_in(world) if "Traceback" in line and "CancelledError" not in line]
    await expect_one_of_everything(world)
