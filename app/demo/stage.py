"""Where the story plays: the local workspace, the product connected to it, and the acts of people."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TypeVar

from app.demo.clock import MovedClock
from app.demo.screen import Screen
from app.workspace import Workspace
from app.workspace.elements import used
from app.workspace.model import Channel, Message, View
from app.workspace.person import Person

COMMAND = "/ai-incident"
Found = TypeVar("Found")


class Stage:
    """Lets people act in the workspace at a pace that a spectator can follow.

    `settled` returns when all that an act brought about has happened; `pace_seconds`: the pause after each act. After
    `declares`, acts happen in the incident's channel unless another one is named.
    """

    def __init__(
        self,
        workspace: Workspace,
        clock: MovedClock,
        screen: Screen,
        *,
        settled: Callable[[], Awaitable[None]],
        pace_seconds: float = 0,
    ) -> None:
        self.workspace = workspace
        self._clock = clock
        self._screen = screen
        self._everything_settled = settled
        self._pace_seconds = pace_seconds
        self._room = "general"

    def heading(self, text: str) -> None:
        """Tell the spectator what comes."""
        self._screen.heading(text)

    def passes(self, *, minutes: float) -> None:
        """Let time go by for the workspace and the product alike."""
        self._clock.advance(minutes=minutes)

    async def says(self, who: str, text: str, channel: str | None = None, thread_ts: str | None = None) -> str:
        """Somebody posts a message; its ts."""
        ts = await self._person(who).say(channel or self._room, text, thread_ts=thread_ts)
        await self._settled()
        return ts

    async def reacts(self, who: str, ts: str, reaction: str) -> None:
        """Somebody marks a message with a reaction."""
        await self._person(who).react(self._room, ts, reaction)
        self._screen.act(who, f"reacts with :{reaction}:")
        await self._settled()

    async def commands(self, who: str, text: str) -> None:
        """Somebody uses the slash command in the incident's channel."""
        self._screen.act(who, f"{COMMAND} {text}")
        await self._person(who).command(COMMAND, text, self._room)
        await self._settled()

    async def brings(self, who: str, *others: str) -> None:
        """Somebody brings others into the incident's channel."""
        for other in others:
            await self._person(who).invite(self._room, other)
        self._screen.act(who, f"brings {', '.join(others)} into the channel")
        await self._settled()

    async def declares(self, who: str, **fields: str) -> str:
        """Somebody declares an incident through the form; its key."""
        person = self._person(who)
        known = set(self.workspace.channels)
        self._screen.act(who, COMMAND)
        await person.command(COMMAND, "", "support")
        form = await self._until(person.modal)
        self._screen.act(who, f"fills in “{form.title}”: {fields['title']} ({fields['severity'].upper()})")
        await person.submit(form, fields)
        room = await self._until(lambda: self._new_room(known))
        self._room = room.id
        await self._card()
        await self._settled()
        ready = person.modal()
        if ready is not None:
            await person.close(ready)
        return "-".join(room.name.upper().split("-")[:2])

    async def takes(self, who: str, role: str) -> None:
        """Somebody takes a role with its button on the incident card."""
        card = await self._card()
        value = next(value for value in _values(card, "role.claim") if value.endswith(f":{role}"))
        self._screen.act(who, f"presses Take for {role}")
        await self._person(who).press(card, "role.claim", value=value)
        await self._settled()

    async def changes_status(self, who: str, status: str, reason: str) -> None:
        """Somebody changes the status through the form that the card opens."""
        person = self._person(who)
        await person.press(await self._card(), "lifecycle.open")
        form = await self._until(person.modal)
        self._screen.act(who, f"sets the status to {status}: {reason}")
        await person.submit(form, {"status": status, "reason": reason})
        await self._settled()

    async def contains(self, who: str, switch: str, reason: str) -> None:
        """Somebody throws a switch of the register through the form that says what will happen."""
        person = self._person(who)
        await person.press(await self._card(), "containment.open")
        form = await self._until(person.modal)
        self._screen.act(who, f"presses Contain, reads what will happen, and confirms: {reason}")
        await person.submit(form, {"switch": switch, "reason": reason})
        await self._settled()

    async def gives_back(self, who: str) -> None:
        """Somebody undoes the containment."""
        message = await self._until(lambda: self._with_action("containment.undo"))
        self._screen.act(who, "presses Undo on the containment")
        await self._person(who).press(message, "containment.undo")
        await self._settled()

    async def tries(self, who: str, phase: str, prompt: str, *, failures: int, tries: int) -> None:
        """Somebody puts on record how often it failed, before or after the fix."""
        person = self._person(who)
        await person.command(COMMAND, "trial", self._room)
        form = await self._until(person.modal)
        self._screen.act(who, f"{COMMAND} trial: {failures} failures in {tries} tries {phase} the fix")
        given = {"phase": phase, "prompt": prompt, "tries": str(tries), "failures": str(failures)}
        await person.submit(form, given)
        await self._settled()

    async def starts_clock(self, who: str, facts: Mapping[str, Sequence[str]], regime: str, reason: str) -> None:
        """Somebody answers the plain questions and decides that a regime applies.

        `facts`: what to choose on the first page, by field; under `yes` what is answered with yes on the second.
        """
        person = self._person(who)
        self._screen.act(who, f"{COMMAND} clocks, and answers a few questions")
        await person.command(COMMAND, "clocks", self._room)
        await self._presses_in_form(person, "clocks.ask")
        first = await self._until(person.modal)
        await person.submit(first, {name: list(facts[name]) for name in _inputs(first)})
        second = await self._until(person.modal)
        await person.submit(second, {name: "yes" if name in facts["yes"] else "no" for name in _inputs(second)})
        await self._presses_in_form(person, "clocks.decide", f":{regime}")
        self._screen.act(who, f"decides that {regime.upper().replace('_', ' ')} applies: {reason}")
        await person.submit(await self._until(person.modal), {"decision": "applies", "reason": reason})
        await self._settled()
        await person.close(await self._until(person.modal))

    async def update_falls_due(self) -> None:
        """The promised time comes, and the nudge with it."""
        self._clock.advance(minutes=14)
        await self._settled()
        await self._until(lambda: self._with_action("reminder.snooze"))
        await self._settled()

    async def publishes_update(self, who: str) -> None:
        """Somebody drafts the update from the nudge, submits it, approves it and publishes it."""
        person = self._person(who)
        nudge = await self._until(lambda: self._with_action("reminder.snooze"))
        self._screen.act(who, "presses Draft on the nudge")
        await person.press(nudge, "status_update.draft")
        form = await self._until(person.modal)
        self._screen.form(form)
        await person.submit(form, {})
        for action, word in (("status_update.approve", "Approve"), ("status_update.publish", "Publish")):
            review = await self._until(lambda wanted=action: self._with_action(wanted))  # type: ignore[misc]
            self._screen.act(who, f"presses {word}")
            await person.press(review, action)
            await self._settled()

    async def follows_playbook(self, who: str, *presses: tuple[str, str]) -> None:
        """Somebody opens the playbook from the card and presses buttons of it: their action, and the step or answer."""
        person = self._person(who)
        await person.press(await self._card(), "playbook.open")
        for action_id, ending in presses:
            self._screen.act(who, f"in the playbook: {ending.replace(':', ' ').replace('-', ' ')}")
            await self._presses_in_form(person, action_id, ending)
            await self._settled()
        await person.close(await self._until(person.modal))

    async def resolves(self, who: str, reason: str) -> None:
        """Somebody resolves the incident; the postmortem draft follows."""
        await self.commands(who, f"resolve {reason}")
        await self._until(lambda: self._with_action("postmortem.open"))
        await self._settled()

    async def _presses_in_form(self, person: Person, action_id: str, ending: str = "") -> None:
        """Press a button of the form on screen, the one whose value ends so, and wait for what takes its place."""
        form = await self._until(lambda: _form_with(person, action_id))
        shown = str(form.blocks)
        value = next(value for value in _values(form, action_id) if value.endswith(ending))
        await person.press(form, action_id, value=value)
        await self._until(lambda: (now := person.modal()) is not None and str(now.blocks) != shown)

    def _person(self, who: str) -> Person:
        return self.workspace.person(who)

    def _new_room(self, known: set[str]) -> Channel | None:
        rooms = (one for one in self.workspace.channels.values() if one.id not in known)
        return next((one for one in rooms if one.name.startswith("inc-")), None)

    async def _card(self) -> Message:
        return await self._until(lambda: self._with_action("lifecycle.open"))

    def _with_action(self, action_id: str) -> Message | None:
        """The newest message in the room that has an element with this action."""
        messages = list(self.workspace.channel(self._room).messages.values())
        return next((one for one in reversed(messages) if action_id in _actions(one)), None)

    async def _until(self, look: Callable[[], Found | None]) -> Found:
        found: Found | None = await self.workspace.until(look, timeout_seconds=20)
        if found is None:
            raise LookupError("the workspace never showed what the story waits for")
        return found

    async def _settled(self) -> None:
        await self._everything_settled()
        await asyncio.sleep(self._pace_seconds)


def _inputs(form: View) -> Sequence[str]:
    return [block["block_id"] for block in form.blocks if block["type"] == "input"]


def _form_with(person: Person, action_id: str) -> View | None:
    form = person.modal()
    return form if form is not None and action_id in _actions(form) else None


def _actions(where: Message | View) -> Sequence[str]:
    return [element["action_id"] for _, element in used(where.blocks)]


def _values(where: Message | View, action_id: str) -> Sequence[str]:
    return [str(element.get("value")) for _, element in used(where.blocks) if element["action_id"] == action_id]
