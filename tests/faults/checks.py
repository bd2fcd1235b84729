"""What holds after everything that may happen: one of each, and the screens show what the record says."""

from __future__ import annotations

from collections import Counter

from app.domain.reminder import ReminderKind
from app.workspace.model import Channel
from tests.faults.world import World, key_of
from tests.scenarios.scene import words


async def expect_one_of_everything(world: World, *, newest: int | None = None) -> None:
    """One channel, card, announcement and one of each message; nothing failed, nothing is owed.

    `newest`: how many incidents are looked at closely; None for all.
    """
    assert await world.running() == 0
    keys = await world.keys()
    assert len([one for one in world.workspace.channels.values() if one.name.startswith("inc-")]) == len(keys)
    _expect_no_message_twice(world)
    for key in keys[:newest]:
        await _expect_one(world, key)
    assert errors_in(world) == []


def _expect_no_message_twice(world: World) -> None:
    keyed = [(one.channel_id, key) for one in world.ours() if (key := key_of(one))]
    assert [place for place, count in Counter(keyed).items() if count > 1] == []


async def _expect_one(world: World, key: str) -> None:
    incident = await world.incident(key)
    assert incident is not None
    assert await world.failed(key) == []
    room = world.room(key)
    assert incident.channel_id == room.id
    card = world.card(key)
    assert incident.card_ts == card.ts
    assert [pin.ts for pin in room.pins] == [card.ts]
    assert sorted(mark.title for mark in room.bookmarks) == ["Announcement", "Incident card"]
    announced = [
        one
        for one in world.workspace.channel("ai-incidents").messages.values()
        if (key_of(one) or "").startswith(f"{key}:announcement.post")
    ]
    assert [one.ts for one in announced] == [incident.announcement_ts]
    await _expect_the_screens_to_be_right(world, key, room)
    await _expect_reminders_once(world, incident.id or 0, room)


async def _expect_the_screens_to_be_right(world: World, key: str, room: Channel) -> None:
    record = await world.record(key)
    shown = words(world.card(key)).lower()
    assert record["status"] in shown
    holders = [holding for holding in record["roles"] if holding["to"] is None]
    assert len({holding["role"] for holding in holders}) == len(holders)
    for holding in holders:
        assert holding["user"].lower() in shown
        # The topic is written by name.
        assert world.workspace.user(holding["user"]).name in room.topic.value.lower()
    for update in record["updates"]:
        posts = [one for one in room.messages.values() if one.ts == update["published_ts"]]
        assert len(posts) == (update["status"] == "published")
    versions = [update["version"] for update in record["updates"]]
    assert versions == list(range(1, len(versions) + 1))


async def _expect_reminders_once(world: World, incident_id: int, room: Channel) -> None:
    async with world.store.read() as uow:
        reminders = await uow.reminders.all(incident_id)
    due = Counter(one.promise for one in reminders if one.kind is ReminderKind.UPDATE_DUE and one.ts)
    assert all(count == 1 for count in due.values())
    standing = {one.ts for one in reminders if one.channel_id == room.id and one.ts}
    shown = {one.ts for one in room.messages.values() if (key_of(one) or "").startswith("reminder:")}
    assert shown == standing


def errors_in(world: World) -> list[str]:
    """The lines of the product's log that tell of something unexpected."""
    if not world.log.exists():
        return []
    return [line for line in world.log.read_text().splitlines() if '"level": "error"' in line or "Traceback" in line]
