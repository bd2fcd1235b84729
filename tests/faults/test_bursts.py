"""Too much at once: nothing is lost, and what responders wait for goes first."""

from __future__ import annotations

import asyncio
import time
from collections import Counter

from tests.faults.checks import expect_one_of_everything
from tests.faults.near import NearWorld
from tests.faults.world import World, key_of

PEOPLE = ("ada", "ben", "chen", "dara", "eli", "fatima", "goran", "hana")
MESSAGES_A_SECOND = 200
SECONDS = 3


async def test_twenty_declarations_at_once(world: World) -> None:
    """Slack's limits apply. Every room is usable within seconds; what adorns it may take minutes."""
    world.workspace.rate_limited = True
    keys = 20
    await asyncio.gather(*(_declares(world, who, number) for number, who in enumerate((PEOPLE * 3)[:keys])))
    assert await world.shown(lambda: len(cards(world)) == keys)
    assert len(await world.keys()) == keys
    assert Counter(cards(world)).most_common(1)[0][1] == 1


async def test_decoration_of_many_rooms_comes_after_their_cards(near: NearWorld) -> None:
    near.workspace.latency_seconds = 0.02
    await asyncio.gather(*(_declares(near, who, number) for number, who in enumerate(PEOPLE)))
    await near.calms_down()
    methods = [call.method for call in near.workspace.calls]
    created = [place for place, method in enumerate(methods) if method == "conversations.create"]
    adorned = [place for place, method in enumerate(methods) if method in ("pins.add", "bookmarks.add")]
    # Of what was owed at one time, the rooms came first.
    assert sum(place < adorned[0] for place in created) >= len(PEOPLE) // 2
    await expect_one_of_everything(near)


async def test_a_flood_of_messages_is_stored_and_people_are_answered_meanwhile(world: World) -> None:
    """An answer that takes more than Slack's three seconds is a failure of the command."""
    await world.declare()
    events, room = world.workspace.events, world.room().id
    people = [world.person(name) for name in PEOPLE]

    async def flood() -> None:
        began = time.monotonic()
        for number in range(MESSAGES_A_SECOND * SECONDS):
            await people[number % len(people)].say(room, f"message {number}")
            await asyncio.sleep(max(0.0, began + number / MESSAGES_A_SECOND - time.monotonic()))

    async def ask() -> None:
        for number in range(SECONDS * 2):
            assert await world.tries(people[0].command("/ai-incident", f"note asked {number}", room))
            await asyncio.sleep(0.4)

    await asyncio.gather(flood(), ask())
    await events.settled(timeout_seconds=60)
    await world.settled()
    assert {one.outcome for one in events.deliveries} == {"acknowledged"}
    texts = [entry["text"] for entry in (await world.record())["timeline"]]
    assert [text for text in texts if text.startswith("message")] == [
        f"message {number}" for number in range(MESSAGES_A_SECOND * SECONDS)
    ]
    assert [text for text in texts if text.startswith("asked")] == [f"asked {number}" for number in range(SECONDS * 2)]
    await expect_one_of_everything(world)


async def _declares(world: World, who: str, number: int) -> None:
    """One of several forms that a person fills in, one after the other."""
    person = world.person(who)
    async with _screen(who):
        await world.closes_forms(who)
        form = await world.opens_form(who, "", "support")
        assert form is not None
        values = {"title": f"Number {number}", "severity": "sev2"}
        # Whoever gets no answer in three seconds presses again, while the form is still there.
        while form.callback_id == "declare.submit":
            if await world.tries(person.submit(form, values)):
                break


def _screen(who: str) -> asyncio.Lock:
    return _SCREENS.setdefault(who, asyncio.Lock())


_SCREENS: dict[str, asyncio.Lock] = {}


def cards(world: World) -> list[str]:
    """The keys of the cards that stand in rooms."""
    return [key for one in world.ours() if (key := key_of(one) or "").endswith(":card.post")]
