"""The promised update: who is reminded when, and what moves or ends the reminders."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import timedelta

import pytest

from app.domain.errors import Conflict, Invalid, NotFound
from app.domain.incident import Incident, Severity, Status
from app.domain.notices import UpdateDue, UpdateLate, UpdateSoon
from app.domain.reminder import DEFAULT_CADENCE, ReminderState
from app.domain.roles import Role
from app.ports.chat import ChatBusy, ChatRefused, ChatUnsure
from app.services.actor import Actor
from app.services.jobs.runner import Runner
from app.services.reminders import promises
from app.services.reminders.nudges import ClearNudge, FireReminder, Nudges
from app.store import SqlStore
from tests.services.incident_channel import ANA, BEN, CHANNEL, CLEO, START, HandClock, declared, holding
from tests.services.paper_chat import PaperChat, Quiet


@dataclass
class Watch:
    """One sev1 incident (an update every 30 minutes) with its clock, chat and runner."""

    store: SqlStore
    incident: Incident
    clock: HandClock
    chat: PaperChat

    def __post_init__(self) -> None:
        self.nudges = Nudges(self.store, self.clock, DEFAULT_CADENCE)
        quiet = Quiet()
        handlers = {
            "reminder.fire": FireReminder(self.store, self.chat, self.clock, DEFAULT_CADENCE),
            "nudge.clear": ClearNudge(self.store, self.chat, self.clock),
            "card.refresh": quiet,
            "announcement.refresh": quiet,
            "tell.problem": quiet,
        }
        self.runner = Runner(self.store, self.clock, handlers, timedelta(seconds=30))

    async def at(self, minutes: float) -> None:
        """The clock stands that many minutes after the start, and what is due has been done."""
        self.clock.at = START + timedelta(minutes=minutes)
        await self.runner.run_due()

    async def promise(self) -> None:
        async with self.store.write() as uow:
            incident = await uow.incidents.locked(self.id)
            await promises.set_first(uow, incident, self.clock.now(), 30)

    @property
    def id(self) -> int:
        assert self.incident.id is not None
        return self.incident.id

    async def states(self) -> list[tuple[str, str, float]]:
        async with self.store.read() as uow:
            reminders = await uow.reminders.all(self.id)
        return [
            (one.kind.removeprefix("update_"), one.state, (one.due_at - START) / timedelta(minutes=1))
            for one in reminders
        ]

    async def due_in(self) -> float:
        async with self.store.read() as uow:
            incident = await uow.get(Incident, self.id)
        assert incident is not None
        assert incident.next_update_at is not None
        return (incident.next_update_at - START) / timedelta(minutes=1)

    async def texts(self) -> list[str]:
        async with self.store.read() as uow:
            return [entry.text for entry in await uow.timeline.entries(self.id)]


@pytest.fixture
async def watch(store: SqlStore) -> Watch:
    watch = Watch(store, await declared(store), HandClock(), PaperChat())
    await watch.promise()
    return watch


async def test_nobody_is_reminded_early(watch: Watch) -> None:
    await watch.at(19.9)
    assert watch.chat.messages == []


async def test_the_comms_lead_is_told_privately_before_an_update_is_due(watch: Watch) -> None:
    await holding(watch.store, watch.incident, Role.COMMS, CLEO)
    await watch.at(20)
    (soon,) = watch.chat.standing(UpdateSoon)
    assert soon.channel == f"D{CLEO.user}"
    assert isinstance(soon.notice, UpdateSoon)
    assert (soon.notice.due_at, soon.notice.standing_in) == (START + timedelta(minutes=30), False)


@pytest.mark.parametrize(("commander", "told"), [(BEN, BEN), (None, ANA)])
async def test_without_a_comms_lead_the_commander_is_told_and_without_one_the_declarer(
    watch: Watch, commander: Actor | None, told: Actor
) -> None:
    if commander is not None:
        await holding(watch.store, watch.incident, Role.COMMANDER, commander)
    await watch.at(20)
    (soon,) = watch.chat.standing(UpdateSoon, f"D{told.user}")
    assert isinstance(soon.notice, UpdateSoon)
    assert soon.notice.standing_in


async def test_when_due_one_nudge_stands_in_the_channel_in_place_of_the_private_one(watch: Watch) -> None:
    await watch.at(20)
    await watch.at(30)
    (message,) = watch.chat.messages
    assert message.channel == CHANNEL
    assert isinstance(message.notice, UpdateDue)
    assert not message.notice.late


async def test_when_late_the_channel_nudge_says_so_in_place_and_the_commander_is_told_once_a_period(
    watch: Watch,
) -> None:
    await holding(watch.store, watch.incident, Role.COMMANDER, BEN)
    for minutes in (20, 30, 35, 50, 64):
        await watch.at(minutes)
    (due,) = watch.chat.standing(UpdateDue)
    assert isinstance(due.notice, UpdateDue)
    assert due.notice.late
    (late,) = watch.chat.standing(UpdateLate)
    assert isinstance(late.notice, UpdateLate)
    assert (late.channel, late.notice.minutes_late) == (f"D{BEN.user}", 5)
    await watch.at(65)
    (late,) = watch.chat.standing(UpdateLate)
    assert isinstance(late.notice, UpdateLate)
    assert late.notice.minutes_late == 35
    assert len(watch.chat.messages) == 2


async def test_after_hours_of_downtime_one_truthful_nudge_is_sent_and_no_pile(watch: Watch) -> None:
    await watch.at(30 + 5 * 60)
    assert watch.chat.standing(UpdateSoon) == []
    (due,) = watch.chat.standing(UpdateDue)
    assert isinstance(due.notice, UpdateDue)
    assert due.notice.late
    (late,) = watch.chat.standing(UpdateLate)
    assert isinstance(late.notice, UpdateLate)
    assert late.notice.minutes_late == 300
    states = await watch.states()
    assert [(kind, state) for kind, state, _ in states] == [
        ("before", "cancelled"),
        ("due", "fired"),
        ("late", "fired"),
        ("late", "pending"),
    ]
    assert states[-1][2] > 330


async def test_a_reminder_fires_once_although_its_answer_was_lost(watch: Watch) -> None:
    watch.chat.fails["post"] = [ChatUnsure("timeout")]
    await watch.at(30)
    await watch.at(31)
    await watch.at(32)
    assert len(watch.chat.standing(UpdateDue)) == 1
    assert ("due", "fired", 30) in await watch.states()


async def test_a_restart_loses_no_reminder(watch: Watch) -> None:
    again = Watch(watch.store, watch.incident, watch.clock, watch.chat)
    await again.at(30)
    await watch.at(30)
    assert len(watch.chat.standing(UpdateDue)) == 1


async def test_snoozing_moves_this_promise_alone_and_takes_its_nudge_away(watch: Watch) -> None:
    await watch.at(30)
    (due,) = watch.chat.standing(UpdateDue)
    assert isinstance(due.notice, UpdateDue)
    await watch.nudges.snooze(BEN, due.notice.reminder_id)
    await watch.at(31)
    assert watch.chat.messages == []
    assert await watch.due_in() == 45
    assert "Snoozed the next update by 15 min: it is now promised for 09:45 UTC." in await watch.texts()
    await watch.at(44.9)
    assert watch.chat.standing(UpdateDue) == []
    await watch.at(45)
    assert len(watch.chat.standing(UpdateDue)) == 1
    async with watch.store.write() as uow:
        incident = await uow.incidents.locked(watch.id)
        await promises.set_first(uow, incident, watch.clock.now(), 30)
    assert await watch.due_in() == 75


async def test_a_second_press_of_snooze_changes_nothing_more(watch: Watch) -> None:
    await watch.at(30)
    (due,) = watch.chat.standing(UpdateDue)
    assert isinstance(due.notice, UpdateDue)
    await watch.nudges.snooze(BEN, due.notice.reminder_id)
    with pytest.raises(Conflict, match="snoozed already"):
        await watch.nudges.snooze(CLEO, due.notice.reminder_id)
    with pytest.raises(Conflict):
        await watch.nudges.dismiss(CLEO, due.notice.reminder_id)
    assert await watch.due_in() == 45


async def test_dismissing_ends_the_nudges_of_this_promise_and_the_promise_stands(watch: Watch) -> None:
    await watch.at(30)
    (due,) = watch.chat.standing(UpdateDue)
    assert isinstance(due.notice, UpdateDue)
    await watch.nudges.dismiss(BEN, due.notice.reminder_id)
    await watch.at(500)
    assert watch.chat.messages == []
    assert await watch.due_in() == 30
    assert "Dismissed the reminders of the update promised for 09:30 UTC." in await watch.texts()


async def test_an_answer_to_an_old_nudge_changes_nothing(watch: Watch) -> None:
    await watch.at(30)
    (due,) = watch.chat.standing(UpdateDue)
    assert isinstance(due.notice, UpdateDue)
    await watch.promise()
    with pytest.raises(Conflict, match="no longer current"):
        await watch.nudges.snooze(BEN, due.notice.reminder_id)
    with pytest.raises(NotFound):
        await watch.nudges.snooze(BEN, 99_999)
    with pytest.raises(NotFound):
        await watch.nudges.snooze(Actor("T9", BEN.user), due.notice.reminder_id)
    with pytest.raises(Invalid):
        await watch.nudges.snooze(BEN, due.notice.reminder_id, minutes=0)


async def test_a_new_severity_moves_the_promise_from_when_it_was_given(watch: Watch) -> None:
    async with watch.store.write() as uow:
        incident = await uow.incidents.locked(watch.id)
        await promises.retime(uow, incident, watch.clock.now(), promises.cadence({Severity.SEV2: 90}, Severity.SEV2))
    assert await watch.due_in() == 90
    await watch.at(31)
    assert watch.chat.messages == []
    async with watch.store.write() as uow:
        incident = await uow.incidents.locked(watch.id)
        await promises.retime(uow, incident, watch.clock.now(), 30)
    assert await watch.due_in() == 36
    await watch.at(36)
    assert len(watch.chat.standing(UpdateDue)) == 1


async def test_a_resolved_incident_is_not_nudged_and_its_nudge_goes(watch: Watch) -> None:
    await watch.at(30)
    async with watch.store.write() as uow:
        incident = await uow.incidents.locked(watch.id)
        incident.status = Status.RESOLVED
        await promises.cancel(uow, incident)
    await watch.at(31)
    await watch.at(600)
    assert watch.chat.messages == []
    assert ReminderState.PENDING not in [state for _, state, _ in await watch.states()]


async def test_reminders_of_one_incident_leave_those_of_others_alone(watch: Watch) -> None:
    """Ending the first promise ends no other, whatever the numbers look like."""
    for _ in range(10):
        other = await declared(watch.store, channel_id=None)
        async with watch.store.write() as uow:
            assert other.id is not None
            await promises.set_first(uow, await uow.incidents.locked(other.id), START, 30)
    async with watch.store.write() as uow:
        await promises.cancel(uow, await uow.incidents.locked(watch.id))
    await watch.at(30)
    assert len(watch.chat.standing(UpdateDue)) == 10


async def test_a_nudge_that_was_overtaken_while_under_way_is_taken_back(watch: Watch) -> None:
    watch.chat.fails["post"] = [ChatUnsure("timeout")]
    await watch.at(30)
    assert len(watch.chat.messages) == 1
    await watch.promise()
    await watch.at(30.5)
    assert watch.chat.messages == []


async def test_a_late_reminder_that_can_not_be_sent_is_tried_again_next_period(watch: Watch) -> None:
    await watch.at(30)
    watch.chat.fails["post"] = [ChatRefused("user_disabled")]
    await watch.at(35)
    assert watch.chat.standing(UpdateLate) == []
    assert any("reminder of the promised update could not be sent" in text for text in await watch.texts())
    await watch.at(65)
    assert len(watch.chat.standing(UpdateLate)) == 1


async def test_a_busy_chat_delays_a_nudge_and_doubles_none(watch: Watch) -> None:
    watch.chat.fails["post"] = [ChatBusy("ratelimited", 20), ChatBusy("ratelimited", 20)]
    for minutes in (30, 30.5, 31, 31.5):
        await watch.at(minutes)
    assert len(watch.chat.standing(UpdateDue)) == 1


@pytest.mark.parametrize("seed", range(8))
async def test_whatever_people_and_the_chat_do_nobody_is_nudged_early_or_twice(watch: Watch, seed: int) -> None:
    """A random story of time passing, presses, new severities, publishing and lost answers."""
    chance = random.Random(seed)
    for _ in range(25):
        await _something_happens(watch, chance)
        watch.clock.move(0.4)
        await watch.runner.run_due()
        # What the chat dropped is done again within minutes: let that settle before looking.
        for _ in range(3):
            watch.chat.fails.clear()
            watch.clock.move(0.2)
            await watch.runner.run_due()
        await _all_is_well(watch)


async def _something_happens(watch: Watch, chance: random.Random) -> None:
    what = chance.choice(["wait", "wait", "wait long", "press", "press", "severity", "publish", "lost", "busy"])
    if what == "wait":
        watch.clock.move(chance.uniform(1, 12))
    elif what == "wait long":
        watch.clock.move(chance.uniform(30, 400))
    elif what == "press":
        await _press(watch, chance)
    elif what == "lost":
        watch.chat.fails["post"] = [ChatUnsure("timeout")]
        watch.clock.move(chance.uniform(1, 30))
    elif what == "busy":
        watch.chat.fails["post"] = [ChatBusy("ratelimited", 2)]
        watch.clock.move(chance.uniform(1, 30))
    else:
        async with watch.store.write() as uow:
            incident = await uow.incidents.locked(watch.id)
            incident.severity = chance.choice([Severity.SEV1, Severity.SEV2])
            minutes = promises.cadence({}, incident.severity)
            change = promises.retime if what == "severity" else promises.set_first
            await change(uow, incident, watch.clock.now(), minutes)


async def _press(watch: Watch, chance: random.Random) -> None:
    shown = [one.notice for one in watch.chat.messages if isinstance(one.notice, UpdateSoon | UpdateDue | UpdateLate)]
    for notice in chance.sample(shown, min(2, len(shown))):
        press = chance.choice([watch.nudges.snooze, watch.nudges.snooze, watch.nudges.dismiss])
        try:
            await press(BEN, notice.reminder_id)
        except Conflict:
            assert len(shown) > 1


async def _all_is_well(watch: Watch) -> None:
    async with watch.store.read() as uow:
        incident = await uow.get(Incident, watch.id)
        reminders = await uow.reminders.all(watch.id)
    assert incident is not None
    assert incident.next_update_at is not None
    for kind in (UpdateSoon, UpdateDue, UpdateLate):
        assert len(watch.chat.standing(kind)) <= 1
    for message in watch.chat.messages:
        assert isinstance(message.notice, UpdateSoon | UpdateDue | UpdateLate)
        assert message.notice.due_at == incident.next_update_at
    if watch.clock.now() < incident.next_update_at:
        assert watch.chat.standing(UpdateDue) == []
        assert watch.chat.standing(UpdateLate) == []
    pending = [one for one in reminders if one.state is ReminderState.PENDING]
    assert all(one.promise == incident.promise and one.due_at > watch.clock.now() for one in pending)
    assert all(one.fired_at is None or one.fired_at >= one.due_at for one in reminders)
