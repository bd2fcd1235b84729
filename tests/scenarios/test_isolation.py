"""Nobody reaches from one workspace into another, whatever ids and names they use.

Both workspaces have an INC-1, in channels of one id, with messages of one time. One of them does everything that the
product lets a person do, with its own keys and with the other's ids; the other must not change by a single row.
"""

from __future__ import annotations

import inspect
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from typing import Any, get_type_hints

import pytest

from app.domain.channel_event import Deleted, Edited, Reacted, Said
from app.domain.errors import IncidentError
from app.domain.incident import Archetype, Severity
from app.domain.postmortem import Part, Postmortem
from app.domain.postmortem_review import Answer
from app.domain.roles import Role
from app.domain.status_update import Audience, Section
from app.domain.timeline import Mark
from app.ports.chat import ChatRefused
from app.product import Product
from app.services.actor import Actor
from app.services.capture import Received
from app.services.declare import Declaration
from app.services.follow_ups import Wanted
from app.services.suggestions import Choice
from app.slack.services import Services
from app.store.tables import METADATA
from tests.scenarios.site import ADA, Site, asked, declare, everything, room

GORAN = "U0000000007"
TS = "1700000000.000100"
ORDERS = {"name": "Orders", "system_type": "agent"}
SECTIONS = {Section.WHAT_HAPPENED: "The agent deletes orders."}


@dataclass(frozen=True)
class Ids:
    """What one workspace's records are known by."""

    incident: int
    update: int
    reminder: int
    job: int
    follow_up: int
    comment: int


@dataclass(frozen=True)
class Intruder:
    """Somebody of Northwind, with the ids of Meridian's records."""

    services: Services
    actor: Actor
    theirs: Ids
    channel: str


Act = Callable[[Intruder], Awaitable[object]]


async def looked_up(intruder: Intruder) -> None:
    """The register as other parts of the product ask it."""
    register = intruder.services.register
    async with register.store.read() as uow:
        assert await register.system(uow, intruder.actor.team, "orders") is not None
        assert [one.key for one in await register.systems(uow, intruder.actor.team)] == ["orders"]


OTHER = Choice(Archetype.OTHER, None, Severity.SEV2)
# With the key, channel or message that both workspaces have: it is their own incident that they reach.
OWN: Mapping[str, Act] = {
    "board.panel": lambda i: i.services.board.panel(i.actor, "INC-1"),
    "board.open_incidents": lambda i: i.services.board.open_incidents(i.actor),
    "board.by_channel": lambda i: i.services.board.by_channel(i.actor.team, i.channel),
    "board.incident": lambda i: i.services.board.incident(i.actor, "INC-1"),
    "declare.submit": lambda i: i.services.declare.submit(i.actor, Declaration("Another one", severity=Severity.SEV3)),
    "roles.claim": lambda i: i.services.roles.claim(i.actor, "INC-1", Role.TECH),
    "roles.give": lambda i: i.services.roles.give(i.actor, "INC-1", Role.LEGAL, "U0000000002"),
    "roles.history": lambda i: i.services.roles.history(i.actor, "INC-1"),
    "roles.release": lambda i: i.services.roles.release(i.actor, "INC-1", Role.TECH),
    "marks.note": lambda i: i.services.marks.note(i.actor, "INC-1", Mark.DECISION, "We stop it"),
    "marks.mark": lambda i: i.services.marks.mark(i.actor, i.channel, TS, Mark.IMPACT),
    "unknowns.raise_": lambda i: i.services.unknowns.raise_(i.actor, "INC-1", "Since when?"),
    "unknowns.answer": lambda i: i.services.unknowns.answer(i.actor, "INC-1", 1, "Since noon"),
    "unknowns.list": lambda i: i.services.unknowns.list(i.actor, "INC-1"),
    "drafts.extractive": lambda i: i.services.drafts.extractive(i.actor, "INC-1", Audience.RESPONDERS),
    "drafts.best": lambda i: i.services.drafts.best(i.actor, "INC-1", Audience.RESPONDERS),
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
    "escalation.bring_in": lambda i: i.services.escalation.bring_in(i.actor, "INC-1", "U0000000002"),
    "escalation.answer": lambda i: i.services.escalation.answer(i.actor, "INC-1"),
    "lifecycle.change": lambda i: i.services.lifecycle.change(i.actor, "INC-1", severity=Severity.SEV1, reason="worse"),
    "lifecycle.still_open": lambda i: i.services.lifecycle.still_open(i.actor, "INC-1"),
    "lifecycle.resolve": lambda i: i.services.lifecycle.resolve(i.actor, "INC-1", "it is over"),
    "lifecycle.close": lambda i: i.services.lifecycle.close(i.actor, "INC-1", "all is done"),
    "register.save": lambda i: i.services.register.save(i.actor, ORDERS),
    "register.name": lambda i: i.services.register.name(i.actor, "INC-1", "orders"),
    "register.entries": lambda i: i.services.register.entries(i.actor, "orders"),
    "register.sheet": lambda i: i.services.register.sheet(i.actor, "orders"),
    "register.system": looked_up,
    "register.systems": looked_up,
    "playbooks.progress": lambda i: i.services.playbooks.progress(i.actor, "INC-1"),
    "playbooks.done": lambda i: i.services.playbooks.done(i.actor, "INC-1", "keep-prompts"),
    "playbooks.skip": lambda i: i.services.playbooks.skip(i.actor, "INC-1", "keep-outputs", "gone"),
    "playbooks.assign": lambda i: i.services.playbooks.assign(i.actor, "INC-1", "keep-traces", ADA),
    "playbooks.reopen": lambda i: i.services.playbooks.reopen(i.actor, "INC-1", "keep-outputs"),
    "playbooks.answer": lambda i: i.services.playbooks.answer(i.actor, "INC-1", "harm-ongoing", "contained"),
    "capture.submit": lambda i: heard(i.services, i.actor.team, i.channel),
}
# With ids that are the other workspace's: there is no such thing.
FOREIGN: Mapping[str, Act] = {
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
}


def postmortem_of(incident_id: int) -> Postmortem:
    return Postmortem(
        team="", incident_id=incident_id, version=1, sections={}, drafted_by=ADA, drafted_at=datetime.now(UTC)
    )


async def heard(services: Services, team: str, channel: str) -> None:
    """A message, its edit, a reaction and its deletion, in a channel of that id."""
    for number, event in enumerate(
        (
            Said(team, channel, TS, ADA, "Orders 100 to 140 are gone"),
            Edited(team, channel, TS, "1700000000.000200", ADA, "Orders 100 to 150 are gone"),
            Reacted(team, channel, TS, "1700000000.000300", ADA, "eyes"),
            Deleted(team, channel, TS, "1700000000.000400"),
        )
    ):
        mark = f"{team}:{channel}:{number}"
        await services.capture.submit(Received(team, f"Ev{number}", mark, {}, event))


def acts_of_the_product() -> set[str]:
    """Every act that is done for somebody, or for some workspace, by its name in Services."""
    hints = get_type_hints(Services)
    return {
        f"{subject.name}.{name}"
        for subject in fields(Services)
        for name, member in inspect.getmembers(hints[subject.name], inspect.iscoroutinefunction)
        if not name.startswith("_") and {"actor", "team", "received"} & set(inspect.signature(member).parameters)
    }


async def rows_of(product: Product, team: str) -> dict[str, list[Any]]:
    """Every row that the workspace has, by table."""
    url = product.settings.database_url
    return {
        table.name: await asked(url, f"SELECT * FROM {table.name} WHERE team = :team", team=team)
        for table in METADATA.sorted_tables
        if "team" in table.c
    }


@pytest.fixture
async def site(database_url: str) -> AsyncIterator[Site]:
    """Both workspaces have installed the product and declared an incident."""
    site = Site(database_url)
    await site.server.start()
    try:
        product = await site.serve()
        for workspace in (site.meridian, site.northwind):
            await site.browser().install(workspace.team.id)
            await declare(workspace, "The agent deletes orders")
        await product.settled()
        yield site
    finally:
        await site.stop()


async def work(product: Product, actor: Actor, channel: str) -> Ids:
    """Let somebody work on INC-1 of their workspace, so that there is something of everything."""
    services = product.services
    await services.roles.claim(actor, "INC-1", Role.COMMANDER)
    await services.roles.claim(actor, "INC-1", Role.COMMS)
    await heard(services, actor.team, channel)
    await services.unknowns.raise_(actor, "INC-1", "How many orders?")
    update = await services.updates.store(actor, "INC-1", Audience.RESPONDERS, SECTIONS, 30, None)
    await services.postmortems.draft(actor, "INC-1")
    await services.reviews.ask(actor, "INC-1", [ADA])
    comment = await services.reviews.comment(actor, "INC-1", Part.IMPACT, "How many orders?")
    follow_up = await services.follow_ups.add(actor, "INC-1", Wanted("Limit what it may delete", ADA))
    await product.settled()
    url, of = product.settings.database_url, {"team": actor.team}
    ((job,),) = await asked(url, "SELECT max(id) FROM job WHERE team = :team AND state = 'done'", **of)
    await asked(url, "UPDATE job SET state = 'failed' WHERE id = :job", job=job)
    ((reminder,),) = await asked(url, "SELECT max(id) FROM reminder WHERE team = :team", **of)
    return Ids(update.incident_id, update.id, reminder, job, follow_up.id, comment.id)


async def test_whatever_one_workspace_does_the_other_keeps_every_row_as_it_was(site: Site) -> None:
    product = site.products[-1]
    places = [room(workspace) for workspace in (site.meridian, site.northwind)]
    assert places[0] is not None
    assert places[1] is not None
    assert places[0].id == places[1].id
    victim, intruder = Actor(site.meridian.team.id, ADA), Actor(site.northwind.team.id, ADA)
    theirs = await work(product, victim, places[0].id)
    await work(product, intruder, places[1].id)
    before, seen = await rows_of(product, victim.team), everything(site.meridian)
    assert all(
        before[table]
        for table in ("timeline_entry", "role_holding", "unknown", "status_update", "postmortem", "follow_up")
    )

    acting = Intruder(product.services, intruder, theirs, places[1].id)
    for act in OWN.values():
        await act(acting)
    for act in FOREIGN.values():
        with pytest.raises(IncidentError):
            await act(acting)
    await product.settled()

    assert await rows_of(product, victim.team) == before
    assert everything(site.meridian) == seen


def test_every_act_of_the_product_is_tried() -> None:
    assert acts_of_the_product() == set(OWN) | set(FOREIGN)


async def test_a_message_in_a_channel_of_the_same_id_reaches_its_own_workspace_only(site: Site) -> None:
    product, places = site.products[-1], [room(site.meridian), room(site.northwind)]
    assert places[0] is not None
    await site.meridian.person("ben").say(places[0].id, "Only Meridian may read this")
    await site.meridian.events.settled()
    assert "Only Meridian may read this" in str((await rows_of(product, site.meridian.team.id))["timeline_entry"])
    assert "Only Meridian may read this" not in str(await rows_of(product, site.northwind.team.id))


async def test_names_are_those_of_the_own_workspace(site: Site) -> None:
    product = site.products[-1]
    site.northwind.users[GORAN].name = "beatrice"
    for workspace, name in ((site.meridian, "goran"), (site.northwind, "beatrice")):
        profile = await (await product.workspace.of(workspace.team.id)).profile(GORAN)
        assert profile is not None
        assert profile.name == name


async def test_a_call_goes_out_with_the_token_of_its_own_workspace(site: Site) -> None:
    product = site.products[-1]
    for workspace in (site.meridian, site.northwind):
        before = len(workspace.calls)
        await (await product.workspace.calls_of(workspace.team.id)).call("users.info", user=ADA)
        assert len(workspace.calls) == before + 1


async def test_a_workspace_that_never_installed_is_not_served(site: Site) -> None:
    product = site.products[-1]
    with pytest.raises(ChatRefused, match="not_installed"):
        await product.workspace.of("T0STRANGER")
