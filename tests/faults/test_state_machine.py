"""Random people, events, hours and crashes; whatever happened, the invariants hold.

A crash is SIGKILL for the real process, between two acts or at some call in the middle of one. What people said is
known from the workspace; the machine itself remembers only what a channel no longer shows.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from app.workspace.model import Message
from tests.faults.checks import expect_one_of_everything
from tests.faults.flows import carry_out, publishing
from tests.faults.lives import Zygote
from tests.faults.world import Death, World, key_of

EVERYTHING = os.environ.get("FAULTS") == "all"
EXAMPLES, STEPS = (60, 50) if EVERYTHING else (5, 16)
people = st.sampled_from(["ada", "ben", "chen", "dara"])
roles = st.sampled_from(["commander", "scribe", "comms"])
places = st.integers(0, 5)


class Incidents(RuleBasedStateMachine):
    """One world; `gone` holds the deleted messages that the product heard before."""

    runner: ClassVar[asyncio.Runner]
    zygote: ClassVar[Zygote]
    database: ClassVar[Path]

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="world-"))
        file = self.folder / "incidents.db"
        shutil.copyfile(self.database, file)
        self.gone: dict[str, str] = {}
        self.published = 0
        self.world: World = self.run(self._began(f"sqlite+aiosqlite:///{file}"))

    async def _began(self, url: str) -> World:
        world = World(self.zygote, url, self.folder)
        await world.start()
        return world

    def run(self, act: Coroutine[Any, Any, Any]) -> Any:
        return self.runner.run(act)

    def teardown(self) -> None:
        self.run(self.world.stop())
        shutil.rmtree(self.folder, ignore_errors=True)

    # What people do

    @initialize()
    def first(self) -> None:
        self.run(self._act(self.world.declare()))

    @precondition(lambda self: len(self.world.rooms("INC-1")) == 1 and not self.world.rooms("INC-2"))
    @rule(who=people)
    def declare(self, who: str) -> None:
        self.run(self._act(self.world.declare(who)))

    @rule(who=people, count=st.integers(1, 4))
    def say(self, who: str, count: int) -> None:
        for number in range(count):
            self.run(self._act(self.world.person(who).say(self.room, f"{who} says {number}")))

    @rule(who=people, place=places)
    def reply(self, who: str, place: int) -> None:
        if (message := self.spoken(place)) is not None:
            parent = message.thread_ts or message.ts
            self.run(self._act(self.world.person(who).say(self.room, f"{who} answers", thread_ts=parent)))

    @rule(place=places, text=st.sampled_from(["other words", "*bold* & <b>", "x"]))
    def edit(self, place: int, text: str) -> None:
        if (message := self.spoken(place)) is not None:
            self.run(self._act(self.world.person(message.user).edit(self.room, message.ts, text)))

    @rule(place=places)
    def delete(self, place: int) -> None:
        message = self.spoken(place)
        if message is not None and message.thread_ts is None and not message.replies:
            self.gone[message.ts] = self.room
            self.run(self._act(self.world.person(message.user).delete(self.room, message.ts)))

    @rule(who=people, place=places, name=st.sampled_from(["question", "white_check_mark", "dart", "tada"]))
    def react(self, who: str, place: int, name: str) -> None:
        message, person = self.spoken(place), self.world.person(who)
        if message is None:
            return
        there = person.id in message.reactions.get(name, [])
        self.run(self._act((person.unreact if there else person.react)(self.room, message.ts, name)))

    @rule(who=people, role=roles)
    def take(self, who: str, role: str) -> None:
        self.run(self._act(self.world.command(who, f"role @{who} {role}", self.room)))

    @rule(who=people)
    def ask(self, who: str) -> None:
        self.run(self._act(self.world.command(who, "unknown Who saw it?", self.room)))

    @rule(number=st.integers(1, 4))
    def answer(self, number: int) -> None:
        self.run(self._act(self.world.command("ben", f"answer {number} Nobody did", self.room)))

    @rule(severity=st.integers(1, 4))
    def rate(self, severity: int) -> None:
        self.run(self._act(self.world.command("ada", f"severity sev{severity} as it looks now", self.room)))

    @rule(minutes=st.sampled_from([1, 11, 25, 61]))
    def pass_time(self, minutes: int) -> None:
        self.run(self._act(self.world.passes(minutes=minutes)))

    @rule(action=st.sampled_from(["reminder.snooze", "reminder.dismiss"]))
    def answer_nudge(self, action: str) -> None:
        nudges = self.world.with_action("INC-1", action) if self.world.rooms("INC-1") else []
        if nudges:
            self.run(self._act(self.world.press("dara", nudges[-1], action)))

    @rule()
    def publish(self) -> None:
        async def whole() -> None:
            await carry_out(self.world, await publishing(self.world))

        holder = self.run(self.world.record())["roles"]
        speakers = {one["role"]: one["user"] for one in holder if one["to"] is None}
        speaker = speakers.get("comms") or speakers.get("commander")
        if speaker in (None, self.world.person("dara").id) and not speakers.get("commander"):
            self.run(self._act(whole()))

    # What happens to the process

    @rule(call=st.integers(1, 6), acted=st.booleans())
    def plan_a_death(self, call: int, acted: bool) -> None:
        self.world.workspace.faults.clear()
        self.world.die_at(Death(call, acted))

    @rule(who=people)
    def crash_and_talk_meanwhile(self, who: str) -> None:
        self.world.die()
        self.run(self.world.person(who).say(self.room, "Is it dead?"))
        self.run(self._revived())

    @rule(count=st.integers(1, 6))
    def disturb_events(self, count: int) -> None:
        self.world.workspace.events.duplicate_next(count)

    # What holds

    @invariant()
    def the_invariants(self) -> None:
        self.run(self._hold())

    async def _hold(self) -> None:
        await expect_one_of_everything(self.world)
        for key in await self.world.keys():
            record = await self.world.record(key)
            self._expect_the_talk(record, key)
            assert [one["id"] for one in record["unknowns"]] == list(range(1, len(record["unknowns"]) + 1))
            published = [one["version"] for one in record["updates"] if one["status"] == "published"]
            assert published == sorted(published)
            nudges = [one for one in self.world.room(key).messages.values() if "reminder:" in (key_of(one) or "")]
            assert len(nudges) <= 1
        posted = Counter(self._posted())
        assert [key for key, count in posted.items() if count > 1] == []

    def _posted(self) -> list[tuple[str, str]]:
        """Place and key of everything that was ever posted; a request for approval is posted anew when it is gone."""
        calls = [one for one in self.world.workspace.calls if one.method == "chat.postMessage"]
        done = [one.args for one in calls if one.outcome in ("ok", "lost_answer")]
        return [(one["channel"], str(one.get("metadata"))) for one in done if one.get("metadata")]

    def _expect_the_talk(self, record: dict[str, Any], key: str) -> None:
        room = self.world.room(key)
        entries = {one["source"]["ts"]: one for one in record["timeline"] if one["source"]["ts"]}
        there = {one.ts: one for one in room.messages.values() if one.bot_id is None and not one.subtype}
        lost = {ts for ts, place in self.gone.items() if place == room.id}
        assert set(there) <= set(entries) <= set(there) | lost
        for ts, message in there.items():
            assert (entries[ts]["text"], entries[ts]["deleted_at"]) == (message.text, None)
            assert {name: sorted(users) for name, users in entries[ts]["reactions"].items()} == {
                name: sorted(users) for name, users in message.reactions.items() if users
            }
        assert all(entries[ts]["deleted_at"] for ts in lost & set(entries))

    # The rest

    @property
    def room(self) -> str:
        return self.world.room().id

    def spoken(self, place: int) -> Message | None:
        """One of the newest messages of people in the room."""
        said = [one for one in self.world.room().messages.values() if one.bot_id is None and not one.subtype]
        return said[-1 - place] if place < len(said) else None

    async def _act(self, act: Coroutine[Any, Any, Any]) -> None:
        await act
        await self.world.settled()
        if not self.world.life.alive:
            await self._revived()

    async def _revived(self) -> None:
        await self.world.revive()
        await self.world.settled()


@pytest.mark.parametrize("examples", [EXAMPLES])
def test_whatever_happens_the_invariants_hold(migrated_file: Path, examples: int) -> None:
    with asyncio.Runner() as runner:
        Incidents.runner, Incidents.zygote, Incidents.database = runner, Zygote(), migrated_file
        runner.run(Incidents.zygote.start())
        try:
            run_state_machine_as_test(
                Incidents,
                settings=settings(
                    max_examples=examples,
                    stateful_step_count=STEPS,
                    deadline=None,
                    derandomize=not EVERYTHING,
                    database=None,
                    print_blob=True,
                    suppress_health_check=list(HealthCheck),
                ),
            )
        finally:
            runner.run(Incidents.zygote.stop())
