"""Everything that the product lets a person do, by its name in Services."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from app.domain.cascade import Layer
from app.domain.channel_event import Said
from app.domain.incident import Archetype, Severity
from app.domain.postmortem import Part, Postmortem
from app.domain.postmortem_review import Answer
from app.domain.regime import Answer as Told
from app.domain.regime import Event
from app.domain.roles import Role
from app.domain.status_update import Audience
from app.domain.timeline import Mark
from app.services.actor import Actor
from app.services.clocks.clocks import Sent
from app.services.declare import Declaration
from app.services.follow_ups.follow_ups import Wanted
from app.services.suggestions.suggestions import Choice
from app.services.timeline.capture import Received
from app.slack.services import Services
from tests.scenarios.site import ADA
from tests.scenarios.work import SECTIONS, TRIED, TS, Ids, decide, heard

LONG_AGO = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
ORDERS = {"name": "Orders", "system_type": "agent"}
ANSWERS = {"eu": Told.YES, "personal_data": Told.YES, "controller": Told.YES}
SENT = Sent("gdpr_33", "notification", "Reference 7", LONG_AGO)
OTHER = Choice(Archetype.OTHER, None, Severity.SEV2)


@dataclass(frozen=True)
class Intruder:
    """Somebody with the ids of records that are not theirs; `ours` are those of their own INC-1, in `channel`."""

    services: Services
    actor: Actor
    theirs: Ids
    ours: Ids
    channel: str


Act = Callable[[Intruder], Awaitable[object]]


async def looked_up(intruder: Intruder) -> None:
    """The register as other parts of the product ask it."""
    register = intruder.services.register
    async with register.store.read() as uow:
        assert await register.system(uow, intruder.actor.team, "orders") is not None
        assert [one.key for one in await register.systems(uow, intruder.actor.team)] == ["orders", "penny"]


async def made_worse(intruder: Intruder) -> None:
    """The severity as another act changes it in its own transaction."""
    lifecycle = intruder.services.lifecycle
    async with lifecycle.store.write() as uow:
        incident = await uow.incidents.locked(intruder.ours.incident)
        await lifecycle.set_severity(uow, incident, intruder.actor, Severity.SEV1, "more are gone")


async def came_late(intruder: Intruder) -> None:
    """Somebody joins a channel of that id in which much was said."""
    team, channel = intruder.actor.team, intruder.channel
    for number in range(10):
        said = Said(team, channel, f"17000001{number:02}.000100", ADA, f"Order {number} is gone")
        await intruder.services.capture.submit(Received(team, f"EvL{number}", f"{team}:late:{number}", {}, said))
    await intruder.services.catch_ups.joined(team, channel, ADA)


def there(intruder: Intruder) -> Actor:
    """The same person, acting from the channel."""
    return replace(intruder.actor, channel=intruder.channel)


async def carried_out(services: Services, actor: Actor, containment_id: int) -> None:
    """Somebody says that they did what the switch asks for."""
    await services.containments.done_by_hand(actor, containment_id, worked=True, words="The greeting is changed")


def postmortem_of(incident_id: int) -> Postmortem:
    return Postmortem(
        team="", incident_id=incident_id, version=1, sections={}, drafted_by=ADA, drafted_at=datetime.now(UTC)
    )


# Of the workspace, or with a channel or message that both workspaces have.
OF_WORKSPACE: Mapping[str, Act] = {
    "board.open_incidents": lambda i: i.services.board.open_incidents(i.actor),
    "board.by_channel": lambda i: i.services.board.by_channel(i.actor.team, i.channel),
    "declare.submit": lambda i: i.services.declare.submit(i.actor, Declaration("Another one", severity=Severity.SEV3)),
    "marks.mark": lambda i: i.services.marks.mark(i.actor, i.channel, TS, Mark.IMPACT),
    "register.save": lambda i: i.services.register.save(i.actor, ORDERS),
    "register.entries": lambda i: i.services.register.entries(i.actor, "orders"),
    "register.sheet": lambda i: i.services.register.sheet(i.actor, "orders"),
    "register.system": looked_up,
    "register.systems": looked_up,
    "capture.submit": lambda i: heard(i.services, i.actor.team, i.channel),
    "catch_ups.joined": came_late,
    "lifecycle.set_severity": made_worse,
}
# With the key that an incident of either workspace has.
BY_KEY: Mapping[str, Act] = {
    "board.panel": lambda i: i.services.board.panel(i.actor, "INC-1"),
    "board.incident": lambda i: i.services.board.incident(i.actor, "INC-1"),
    "roles.claim": lambda i: i.services.roles.claim(i.actor, "INC-1", Role.TECH),
    "roles.give": lambda i: i.services.roles.give(i.actor, "INC-1", Role.SCRIBE, "U0000000002"),
    "roles.history": lambda i: i.services.roles.history(i.actor, "INC-1"),
    "roles.release": lambda i: i.services.roles.release(i.actor, "INC-1", Role.TECH),
    "marks.note": lambda i: i.services.marks.note(i.actor, "INC-1", Mark.DECISION, "We stop it"),
    "marks.place": lambda i: i.services.marks.place(i.actor, "INC-1", i.ours.entry, Layer.OUTPUT),
    "unknowns.raise_": lambda i: i.services.unknowns.raise_(i.actor, "INC-1", "Since when?"),
    "unknowns.answer": lambda i: i.services.unknowns.answer(i.actor, "INC-1", 1, "Since noon"),
    "questions.ask": lambda i: i.services.questions.ask(i.actor, "INC-1", "How many orders?"),
    "unknowns.list": lambda i: i.services.unknowns.list(i.actor, "INC-1"),
    "drafts.extractive": lambda i: i.services.drafts.extractive(i.actor, "INC-1", Audience.RESPONDERS),
    "drafts.best": lambda i: i.services.drafts.best(i.actor, "INC-1", Audience.RESPONDERS),
    "drafts.kept": lambda i: i.services.drafts.kept(i.actor, "INC-1", i.ours.draft),
    "drafts.note_edit": lambda i: i.services.drafts.note_edit(i.actor, "INC-1", i.ours.draft),
    "updates.store": lambda i: i.services.updates.store(i.actor, "INC-1", Audience.RESPONDERS, SECTIONS, 30, None),
    "postmortems.draft": lambda i: i.services.postmortems.draft(i.actor, "INC-1"),
    "postmortems.latest": lambda i: i.services.postmortems.latest(i.actor, "INC-1"),
    "reviews.state": lambda i: i.services.reviews.state(i.actor, "INC-1"),
    "reviews.edit": lambda i: i.services.reviews.edit(i.actor, "INC-1", Part.IMPACT, "41 orders", version=2),
    "reviews.ask": lambda i: i.services.reviews.ask(i.actor, "INC-1", [ADA]),
    "reviews.answer": lambda i: i.services.reviews.answer(i.actor, "INC-1", Answer.CHANGES, "Shorter"),
    "reviews.comment": lambda i: i.services.reviews.comment(i.actor, "INC-1", Part.IMPACT, "How many?"),
    "reviews.complete": lambda i: i.services.reviews.complete(i.actor, "INC-1", "It is late"),
    "follow_ups.add": lambda i: i.services.follow_ups.add(i.actor, "INC-1", Wanted("Limit the agent", "U0000000002")),
    "follow_ups.list": lambda i: i.services.follow_ups.list(i.actor, "INC-1"),
    "suggestions.standing": lambda i: i.services.suggestions.standing(i.actor, "INC-1"),
    "suggestions.take": lambda i: i.services.suggestions.take(i.actor, "INC-1"),
    "suggestions.change": lambda i: i.services.suggestions.change(i.actor, "INC-1", OTHER),
    "triage.ask": lambda i: i.services.triage.ask(i.actor, "INC-1"),
    "catch_ups.of": lambda i: i.services.catch_ups.of(i.actor, "INC-1"),
    "containments.options": lambda i: i.services.containments.options(i.actor, "INC-1"),
    "containments.ask": lambda i: i.services.containments.ask(i.actor, "INC-1", "tools", "It deletes more"),
    "containments.stop": lambda i: i.services.containments.stop(there(i), "INC-1", "revoke"),
    "clocks.board": lambda i: i.services.clocks.board(i.actor, "INC-1"),
    "clocks.answer": lambda i: i.services.clocks.answer(i.actor, "INC-1", ANSWERS),
    "clocks.decide": lambda i: decide(i.services, i.actor),
    "clocks.stamp": lambda i: i.services.clocks.stamp(i.actor, "INC-1", {Event.AWARENESS: LONG_AGO}),
    "clocks.record_sent": lambda i: i.services.clocks.record_sent(i.actor, "INC-1", SENT),
    "trials.board": lambda i: i.services.trials.board(i.actor, "INC-1"),
    "trials.standing": lambda i: i.services.trials.standing(i.actor, "INC-1"),
    "trials.submit": lambda i: i.services.trials.submit(i.actor, "INC-1", TRIED),
    "trials.override": lambda i: i.services.trials.override(i.actor, "INC-1", "Seen to hold"),
    "escalation.bring_in": lambda i: i.services.escalation.bring_in(i.actor, "INC-1", "U0000000002"),
    "escalation.answer": lambda i: i.services.escalation.answer(i.actor, "INC-1"),
    "lifecycle.change": lambda i: i.services.lifecycle.change(i.actor, "INC-1", severity=Severity.SEV1, reason="worse"),
    "lifecycle.still_open": lambda i: i.services.lifecycle.still_open(i.actor, "INC-1"),
    "lifecycle.resolve": lambda i: i.services.lifecycle.resolve(i.actor, "INC-1", "it is over"),
    "lifecycle.close": lambda i: i.services.lifecycle.close(i.actor, "INC-1", "all is done"),
    "register.name": lambda i: i.services.register.name(i.actor, "INC-1", "orders"),
    "playbooks.progress": lambda i: i.services.playbooks.progress(i.actor, "INC-1"),
    "playbooks.done": lambda i: i.services.playbooks.done(i.actor, "INC-1", "keep-prompts"),
    "playbooks.skip": lambda i: i.services.playbooks.skip(i.actor, "INC-1", "keep-outputs", "gone"),
    "playbooks.assign": lambda i: i.services.playbooks.assign(i.actor, "INC-1", "keep-traces", ADA),
    "playbooks.reopen": lambda i: i.services.playbooks.reopen(i.actor, "INC-1", "keep-outputs"),
    "playbooks.answer": lambda i: i.services.playbooks.answer(i.actor, "INC-1", "harm-ongoing", "contained"),
}
# With ids of records of an incident that is not theirs: there is no such thing.
BY_ID: Mapping[str, Act] = {
    "updates.approve": lambda i: i.services.updates.approve(i.actor, i.theirs.update),
    "updates.publish": lambda i: i.services.updates.publish(i.actor, i.theirs.update),
    "updates.discard": lambda i: i.services.updates.discard(i.actor, i.theirs.update),
    "updates.compared": lambda i: i.services.updates.compared(i.actor, i.theirs.update),
    "updates.outgoing": lambda i: i.services.updates.outgoing(i.actor, i.theirs.update),
    "updates.waiting": lambda i: i.services.updates.waiting(i.actor, i.theirs.update),
    "nudges.snooze": lambda i: i.services.nudges.snooze(i.actor, i.theirs.reminder, 15),
    "nudges.dismiss": lambda i: i.services.nudges.dismiss(i.actor, i.theirs.reminder),
    "postmortems.links": lambda i: i.services.postmortems.links(i.actor, postmortem_of(i.theirs.incident)),
    "reviews.resolve": lambda i: i.services.reviews.resolve(i.actor, i.theirs.comment),
    "follow_ups.one": lambda i: i.services.follow_ups.one(i.actor, i.theirs.follow_up),
    "follow_ups.change": lambda i: i.services.follow_ups.change(i.actor, i.theirs.follow_up, Wanted("Ours now")),
    "follow_ups.done": lambda i: i.services.follow_ups.done(i.actor, i.theirs.follow_up),
    "follow_ups.drop": lambda i: i.services.follow_ups.drop(i.actor, i.theirs.follow_up, "not theirs"),
    "follow_ups.reopen": lambda i: i.services.follow_ups.reopen(i.actor, i.theirs.follow_up),
    "problems.retry": lambda i: i.services.problems.retry(i.actor, i.theirs.job),
    "marks.place": lambda i: i.services.marks.place(i.actor, "INC-1", i.theirs.entry, Layer.OUTPUT),
    "drafts.kept": lambda i: i.services.drafts.kept(i.actor, "INC-1", i.theirs.draft),
    "drafts.note_edit": lambda i: i.services.drafts.note_edit(i.actor, "INC-1", i.theirs.draft),
    "containments.shown": lambda i: i.services.containments.shown(i.actor, i.theirs.containment),
    "containments.waiting": lambda i: i.services.containments.waiting(i.actor, i.theirs.containment),
    "containments.approve": lambda i: i.services.containments.approve(i.actor, i.theirs.containment),
    "containments.refuse": lambda i: i.services.containments.refuse(i.actor, i.theirs.containment),
    "containments.done_by_hand": lambda i: carried_out(i.services, i.actor, i.theirs.containment),
    "containments.keep": lambda i: i.services.containments.keep(i.actor, i.theirs.containment),
    "containments.undo": lambda i: i.services.containments.undo(i.actor, i.theirs.containment),
    "containments.retry": lambda i: i.services.containments.retry(i.actor, i.theirs.containment),
    "clocks.take_up": lambda i: i.services.clocks.take_up(i.actor, i.theirs.phase),
    "trials.unjudged": lambda i: i.services.trials.unjudged(i.actor, i.theirs.trial),
    "trials.judge": lambda i: i.services.trials.judge(i.actor, i.theirs.trial, {1: False}),
    "trials.resume": lambda i: i.services.trials.resume(i.actor, i.theirs.trial),
    "trials.cancel": lambda i: i.services.trials.cancel(i.actor, i.theirs.trial),
}
