"""What people do, in stages that each can be done again when the product died in the middle."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from app.domain.incident import Status
from app.domain.reminder import Reminder, ReminderKind, ReminderState
from app.domain.roles import Role
from app.domain.status_update import StatusUpdate, UpdateStatus
from app.workspace.model import Message
from tests.faults.world import TITLE, World


@dataclass(frozen=True)
class Stage:
    """An act of people (or of time), and whether what it is to bring about is on record."""

    act: Callable[[], Awaitable[object]]
    done: Callable[[], Awaitable[bool]]


Flow = Callable[[World], Awaitable[Sequence[Stage]]]
"""Prepares one more run of what people do, undisturbed, and returns its stages."""


async def carry_out(world: World, stages: Sequence[Stage]) -> bool:
    """Do what is not done yet; False when the product died meanwhile."""
    for stage in stages:
        if not await stage.done():
            await stage.act()
        if not world.life.alive:
            return False
        assert await stage.done()
    return True


async def declaring(world: World) -> Sequence[Stage]:
    """A new incident each time. The form is open when it begins: nothing is owed to anybody before."""
    ada = world.person("ada")
    await world.closes_forms("ada")
    number = await _incidents(world) + 1
    form = await world.opens_form("ada", "", "support")
    assert form is not None

    async def submit() -> None:
        await world.tries(ada.submit(form, {"title": TITLE, "severity": "sev2"}))
        await world.settled()

    async def declared() -> bool:
        return await _incidents(world) == number

    return [Stage(submit, declared)]


async def changing_a_role(world: World) -> Sequence[Stage]:
    """The scribe hands over, back and forth."""
    await _one_incident(world)
    now = await _holder(world, Role.SCRIBE)
    other = world.person("chen" if now == world.person("ben").id else "ben")

    async def give() -> None:
        await world.command("ada", f"role @{other.user.name} scribe", world.room().id)

    async def given() -> bool:
        return await _holder(world, Role.SCRIBE) == other.id

    return [Stage(give, given)]


async def publishing(world: World) -> Sequence[Stage]:
    """An update is drafted, approved and published by whoever commands."""
    await _one_incident(world)
    if await _holder(world, Role.COMMANDER) is None:
        assert await world.take("dara", "commander")
    dara, version = world.person("dara"), len(await _updates(world)) + 1
    await world.closes_forms("dara")

    async def draft() -> None:
        form = await world.opens_form("dara", "draft", world.room().id)
        if form is not None:
            await world.tries(dara.submit(form, {}))
            await world.settled()

    def reached(*statuses: UpdateStatus) -> Callable[[], Awaitable[bool]]:
        async def now() -> bool:
            found = [one for one in await _updates(world) if one.version == version]
            return bool(found) and found[0].status in statuses

        return now

    return [
        Stage(draft, reached(UpdateStatus.DRAFT, UpdateStatus.APPROVED, UpdateStatus.PUBLISHED)),
        Stage(_pressed(world, "status_update.approve"), reached(UpdateStatus.APPROVED, UpdateStatus.PUBLISHED)),
        Stage(_pressed(world, "status_update.publish"), reached(UpdateStatus.PUBLISHED)),
    ]


async def nudging(world: World) -> Sequence[Stage]:
    """A promise comes near, falls due and is late; then it is snoozed, which makes it a new one to be kept."""
    await _one_incident(world)
    if await _holder(world, Role.COMMANDER) is None:
        assert await world.take("dara", "commander")
    begun = {one.id for one in await _reminders(world) if one.state is not ReminderState.PENDING}

    async def current(kind: ReminderKind) -> Reminder:
        return next(one for one in await _reminders(world) if one.kind is kind and one.id not in begun)

    def comes(kind: ReminderKind) -> Stage:
        async def pass_time() -> None:
            due_at = (await current(kind)).due_at
            world.clock.advance(seconds=max(0.0, world.clock.seconds_until(due_at)) + 0.01)
            await world.settled()

        async def fired() -> bool:
            return (await current(kind)).state is not ReminderState.PENDING

        return Stage(pass_time, fired)

    async def snoozed() -> bool:
        return (await current(ReminderKind.UPDATE_DUE)).state is ReminderState.SNOOZED

    kinds = (ReminderKind.UPDATE_BEFORE, ReminderKind.UPDATE_DUE, ReminderKind.UPDATE_LATE)
    return [*(comes(kind) for kind in kinds), Stage(_pressed(world, "reminder.snooze"), snoozed)]


async def resolving(world: World) -> Sequence[Stage]:
    """A new incident is resolved, and its postmortem drafted and told of."""
    (declare,) = await declaring(world)
    await declare.act()
    key = f"INC-{await _incidents(world)}"
    room = world.room(key)
    await world.person("ben").say(room.id, "The order tool answers for every customer. It is switched off now.")
    await world.settled()

    async def resolve() -> None:
        await world.command("ada", "resolve The tool is off, and 20 of 20 tries held", room.id)

    async def resolved() -> bool:
        incident = await world.incident(key)
        return incident is not None and incident.status is Status.RESOLVED

    return [Stage(resolve, resolved)]


def _pressed(world: World, action: str) -> Callable[[], Awaitable[None]]:
    """Dara presses the newest such button in the room, as soon as there is one."""

    async def press() -> None:
        message = await world.shown(lambda: _newest(world.with_action("INC-1", action)))
        if message is not None:
            await world.press("dara", message, action)

    return press


async def _one_incident(world: World) -> None:
    if await _incidents(world) == 0:
        (declare,) = await declaring(world)
        await declare.act()


async def _incidents(world: World) -> int:
    async with world.store.read() as uow:
        return len(await uow.incidents.recent(world.workspace.team.id, limit=200))


async def _id(world: World, key: str = "INC-1") -> int:
    incident = await world.incident(key)
    assert incident is not None
    return incident.id or 0


async def _holder(world: World, role: Role) -> str | None:
    incident_id = await _id(world)
    async with world.store.read() as uow:
        held = (await uow.roles.holders(incident_id)).get(role)
    return held.user if held else None


async def _updates(world: World) -> Sequence[StatusUpdate]:
    incident_id = await _id(world)
    async with world.store.read() as uow:
        return await uow.updates.all(incident_id)


async def _reminders(world: World) -> Sequence[Reminder]:
    incident_id = await _id(world)
    async with world.store.read() as uow:
        return await uow.reminders.all(incident_id)


def _newest(messages: Sequence[Message]) -> Message | None:
    return messages[-1] if messages else None
