"""What people do in the story: the acts, each through the workspace as a person's would be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from app.demo.monitor import Monitor
from app.demo.place import Place, values_in
from app.domain.triage_pack import PART_TITLES, PackPart
from app.workspace.model import Channel, View

COMMAND = "/ai-incident"


class Stage(Place):
    """Lets people act in the workspace at a pace that a spectator can follow.

    After `declares`, acts happen in the incident's channel unless another one is named.
    """

    def heading(self, text: str) -> None:
        """Tell the spectator what comes."""
        self.screen.heading(text)

    def passes(self, *, minutes: float) -> None:
        """Let time go by for the workspace and the product alike."""
        self.clock.advance(minutes=minutes)

    def time_ago(self, *, minutes: float) -> str:
        """The time of day so many minutes ago, in UTC: people speak of what happened in the story's own time."""
        return f"{self.clock.now() - timedelta(minutes=minutes):%H:%M}"

    async def signals(self, monitor: Monitor, **facts: str) -> None:
        """A machine reports something over HTTP, as happening now."""
        self.screen.report(f"{facts['kind']} of {facts['system']}: {facts['title']}")
        await monitor.reports(**facts, at=self.clock.now().isoformat())
        await self.settled()

    async def says(self, who: str, text: str, channel: str | None = None, thread_ts: str | None = None) -> str:
        """Somebody posts a message; its ts."""
        ts = await self.person(who).say(channel or self.room, text, thread_ts=thread_ts)
        await self.settled()
        return ts

    async def reacts(self, who: str, ts: str, reaction: str) -> None:
        """Somebody marks a message with a reaction."""
        await self.person(who).react(self.room, ts, reaction)
        self.screen.act(who, f"reacts with :{reaction}:")
        await self.settled()

    async def commands(self, who: str, text: str) -> None:
        """Somebody uses the slash command in the incident's channel."""
        self.screen.act(who, f"{COMMAND} {text}")
        await self.person(who).command(COMMAND, text, self.room)
        await self.settled()

    async def brings(self, who: str, *others: str) -> None:
        """Somebody brings others into the incident's channel."""
        for other in others:
            await self.person(who).invite(self.room, other)
        self.screen.act(who, f"brings {', '.join(others)} into the channel")
        await self.settled()

    async def declares(self, who: str, **fields: str) -> str:
        """Somebody declares an incident through the form; its key."""
        person = self.person(who)
        known = set(self.workspace.channels)
        self.screen.act(who, COMMAND)
        await person.command(COMMAND, "", "support")
        form = await self.until(person.modal)
        self.screen.act(who, f"fills in “{form.title}”: {fields['title']} ({fields['severity'].upper()})")
        sent_at = self.clock.timestamp()
        await person.submit(form, fields)
        room = await self.until(lambda: self._new_room(known))
        self.room = room.id
        pack = await self.until(lambda: self.newest_with("triage.open"))
        await self.settled()
        shown = [PART_TITLES[part] for part in (PackPart.CHANGES, PackPart.ANOMALIES, PackPart.SIMILAR)]
        self.screen.quote(pack, *(f"*{title}*" for title in shown))
        self.screen.note(f"declared → triage pack after {float(pack.ts) - sent_at:.1f} s")
        ready = person.modal()
        if ready is not None:
            await person.close(ready)
        return "-".join(room.name.upper().split("-")[:2])

    async def takes(self, who: str, role: str) -> None:
        """Somebody takes a role with its button on the incident card."""
        card = await self.card()
        value = next(value for value in values_in(card, "role.claim") if value.endswith(f":{role}"))
        self.screen.act(who, f"presses Take for {role}")
        await self.person(who).press(card, "role.claim", value=value)
        await self.settled()

    async def takes_suggestion(self, who: str) -> None:
        """Somebody takes what the card says that it looks like."""
        card = await self.until(lambda: self.newest_with("suggestion.take"))
        self.screen.quote(card, "Looks like")
        self.screen.act(who, "presses Take on the suggestion")
        await self.person(who).press(card, "suggestion.take")
        await self.settled()

    async def brings_in(self, who: str, other: str) -> None:
        """Somebody brings in whom the triage pack names, and that person says that they are on it."""
        pack = await self.until(lambda: self.newest_with("escalation.invite"))
        comer = self.person(other)
        value = next(one for one in values_in(pack, "escalation.invite") if one.endswith(f":{comer.id}"))
        self.screen.act(who, f"presses Bring in for {other}")
        await self.person(who).press(pack, "escalation.invite", value=value)
        await self.settled()
        asked = await self.until(lambda: next((one for one in comer.dms() if "escalation.answer" in str(one)), None))
        self.screen.act(other, "presses I'm on it")
        await comer.press(asked, "escalation.answer")
        await self.settled()

    async def joins(self, who: str) -> None:
        """Somebody comes into the incident's channel by themselves."""
        await self.person(who).join(self.room)
        self.screen.act(who, "joins the channel")
        await self.settled()

    async def catches_up(self, who: str) -> None:
        """Somebody who comes late takes the offer of the short version."""
        late = self.person(who)
        offer = await self.until(
            lambda: next((one for one in late.ephemerals(self.room) if "catch_up.show" in str(one.blocks)), None)
        )
        self.screen.act(who, "presses Catch up")
        await late.press(offer, "catch_up.show")
        await self.settled()
        self.screen.quote(late.ephemerals(self.room)[-1])

    async def marks(self, who: str, ts: str, mark: str, layer: str) -> None:
        """Somebody gives a message a mark and says where in the system it happened, through the message's menu."""
        await self.person(who).message_shortcut("mark_entry", self.room, ts)
        form = await self.form_of(who)
        self.screen.act(who, f"marks it: {mark}, {layer}")
        await self.person(who).submit(form, {"mark": mark, "layer": layer})
        await self.settled()

    async def asks(self, who: str, question: str) -> None:
        """Somebody asks the record; the answer is for them alone."""
        await self.commands(who, f"ask {question}")

    async def changes_status(self, who: str, status: str, reason: str) -> None:
        """Somebody changes the status through the form that the card opens."""
        person = self.person(who)
        await person.press(await self.card(), "lifecycle.open")
        form = await self.until(person.modal)
        self.screen.act(who, f"sets the status to {status}: {reason}")
        await person.submit(form, {"status": status, "reason": reason})
        await self.settled()

    async def contains(self, who: str, switch: str, reason: str) -> None:
        """Somebody throws a switch of the register through the form that says what will happen."""
        person = self.person(who)
        await person.press(await self.card(), "containment.open")
        form = await self.until(person.modal)
        self.screen.act(who, f"presses Contain, reads what will happen, and confirms: {reason}")
        await person.submit(form, {"switch": switch, "reason": reason})
        await self.settled()

    async def gives_back(self, who: str) -> None:
        """Somebody undoes the containment."""
        message = await self.until(lambda: self.newest_with("containment.undo"))
        self.screen.act(who, "presses Undo on the containment")
        await self.person(who).press(message, "containment.undo")
        await self.settled()

    async def tries(self, who: str, phase: str, prompt: str, *, failures: int, tries: int) -> None:
        """Somebody puts on record how often it failed, before or after the fix."""
        person = self.person(who)
        await person.command(COMMAND, "trial", self.room)
        form = await self.until(person.modal)
        self.screen.act(who, f"{COMMAND} trial: {failures} failures in {tries} tries {phase} the fix")
        given = {"phase": phase, "prompt": prompt, "tries": str(tries), "failures": str(failures)}
        await person.submit(form, given)
        await self.settled()

    async def starts_clock(self, who: str, facts: Mapping[str, Sequence[str]], regime: str, reason: str) -> None:
        """Somebody answers the plain questions and decides that a regime applies.

        `facts`: what to choose on the first page, by field; under `yes` what is answered with yes on the second.
        """
        person = self.person(who)
        self.screen.act(who, f"{COMMAND} clocks, and answers a few questions")
        await person.command(COMMAND, "clocks", self.room)
        await self.presses_in_form(person, "clocks.ask")
        first = await self.until(person.modal)
        await person.submit(first, {name: list(facts[name]) for name in _inputs(first)})
        second = await self.until(person.modal)
        await person.submit(second, {name: "yes" if name in facts["yes"] else "no" for name in _inputs(second)})
        await self.presses_in_form(person, "clocks.decide", f":{regime}")
        self.screen.act(who, f"decides that {regime.upper().replace('_', ' ')} applies: {reason}")
        await person.submit(await self.until(person.modal), {"decision": "applies", "reason": reason})
        await self.settled()
        await person.close(await self.until(person.modal))

    async def update_falls_due(self) -> None:
        """The promised time comes, and the nudge with it."""
        self.clock.advance(minutes=14)
        await self.settled()
        await self.until(lambda: self.newest_with("reminder.snooze"))
        await self.settled()

    async def publishes_update(self, who: str) -> None:
        """Somebody drafts the update from the nudge, submits it, approves it and publishes it."""
        person = self.person(who)
        nudge = await self.until(lambda: self.newest_with("reminder.snooze"))
        self.screen.act(who, "presses Draft on the nudge")
        await person.press(nudge, "status_update.draft")
        form = await self.until(person.modal)
        self.screen.form(form)
        await person.submit(form, {})
        for action, word in (("status_update.approve", "Approve"), ("status_update.publish", "Publish")):
            review = await self.until(lambda wanted=action: self.newest_with(wanted))  # type: ignore[misc]
            self.screen.act(who, f"presses {word}")
            await person.press(review, action)
            await self.settled()

    async def follows_playbook(self, who: str, *presses: tuple[str, str]) -> None:
        """Somebody opens the playbook from the card and presses buttons of it: their action, and the step or answer."""
        person = self.person(who)
        await person.press(await self.card(), "playbook.open")
        for action_id, ending in presses:
            self.screen.act(who, f"in the playbook: {ending.replace(':', ' ').replace('-', ' ')}")
            await self.presses_in_form(person, action_id, ending)
            await self.settled()
        await person.close(await self.until(person.modal))

    async def resolves(self, who: str, reason: str) -> None:
        """Somebody resolves the incident; the postmortem draft follows."""
        await self.commands(who, f"resolve {reason}")
        await self.until(lambda: self.newest_with("postmortem.open"))
        await self.settled()

    def _new_room(self, known: set[str]) -> Channel | None:
        rooms = (one for one in self.workspace.channels.values() if one.id not in known)
        return next((one for one in rooms if one.name.startswith("inc-")), None)


def _inputs(form: View) -> Sequence[str]:
    return [block["block_id"] for block in form.blocks if block["type"] == "input"]
