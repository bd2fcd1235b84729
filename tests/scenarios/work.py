"""Work on an incident that leaves a record of everything that the product keeps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from app.domain.channel_event import Deleted, Edited, Reacted, Said
from app.domain.clock_record import Decision
from app.domain.postmortem import Part
from app.domain.regime import Event
from app.domain.roles import Role
from app.domain.status_update import Audience, Section
from app.domain.timeline import Mark
from app.domain.trial import TrialPhase
from app.product import Product
from app.services.actor import Actor
from app.services.follow_ups.follow_ups import Wanted
from app.services.timeline.capture import Received
from app.services.trials.trials import Wish
from app.slack.services import Services
from app.store.tables import METADATA
from tests.scenarios.penny import BY_HAND, PHONE, REVOKE, TOOLS
from tests.scenarios.site import ADA, asked

# What `work` needs in the register: Penny, with one switch of each sort that people throw by hand.
SWITCHES = (
    PHONE | {"connector": BY_HAND, "emergency_stop": False},
    TOOLS | {"connector": BY_HAND, "emergency_stop": False},
    REVOKE | {"connector": BY_HAND},
)
TS = "1700000000.000100"
SECTIONS = {Section.WHAT_HAPPENED: "The agent deletes orders."}
TRIED = Wish(TrialPhase.BEFORE, "Delete order 1", 5, failures=4)


@dataclass(frozen=True)
class Ids:
    """What the records of one incident are known by."""

    incident: int
    entry: int
    draft: int
    update: int
    reminder: int
    job: int
    follow_up: int
    comment: int
    containment: int
    phase: int
    trial: int


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


async def decide(services: Services, actor: Actor) -> None:
    """Decide that a regime applies, whose deadline has passed already."""
    begun = {Event.AWARENESS: services.clocks.clock.now() - timedelta(hours=80)}
    await services.clocks.decide(actor, "INC-1", "gdpr_33", Decision.APPLIES, "Orders could be read", begun)


async def rows_of(product: Product, team: str) -> dict[str, list[Any]]:
    """Every row that the workspace has, by table."""
    url = product.settings.database_url
    return {
        table.name: await asked(url, f"SELECT * FROM {table.name} WHERE team = :team", team=team)
        for table in METADATA.sorted_tables
        if "team" in table.c
    }


async def work(product: Product, actor: Actor, channel: str) -> Ids:
    """Let somebody work on INC-1 of their workspace, so that there is something of everything."""
    services = product.services
    await services.roles.claim(actor, "INC-1", Role.COMMANDER)
    await services.roles.claim(actor, "INC-1", Role.COMMS)
    await heard(services, actor.team, channel)
    entry = await services.marks.note(actor, "INC-1", Mark.IMPACT, "Shops are closed")
    await services.unknowns.raise_(actor, "INC-1", "How many orders?")
    draft = await services.drafts.extractive(actor, "INC-1", Audience.RESPONDERS)
    update = await services.updates.store(actor, "INC-1", Audience.RESPONDERS, SECTIONS, 30, None)
    await services.postmortems.draft(actor, "INC-1")
    await services.reviews.ask(actor, "INC-1", [ADA])
    comment = await services.reviews.comment(actor, "INC-1", Part.IMPACT, "How many orders?")
    follow_up = await services.follow_ups.add(actor, "INC-1", Wanted("Limit what it may delete", ADA))
    await services.register.name(actor, "INC-1", "penny")
    containment = await services.containments.ask(actor, "INC-1", "phone", "It deletes orders")
    await decide(services, actor)
    (phase,) = (await services.clocks.board(actor, "INC-1")).duties.phases
    trial = await services.trials.submit(actor, "INC-1", TRIED)
    await product.settled()
    url, of = product.settings.database_url, {"team": actor.team}
    ((job,),) = await asked(url, "SELECT max(id) FROM job WHERE team = :team AND state = 'done'", **of)
    await asked(url, "UPDATE job SET state = 'failed' WHERE id = :job", job=job)
    ((reminder,),) = await asked(url, "SELECT max(id) FROM reminder WHERE team = :team", **of)
    return Ids(
        incident=update.incident_id,
        entry=stored(entry.id),
        draft=stored(draft.account.record_id),
        update=update.id,
        reminder=reminder,
        job=job,
        follow_up=follow_up.id,
        comment=comment.id,
        containment=stored(containment.id),
        phase=stored(phase.id),
        trial=stored(trial.id),
    )


def stored(given: int | None) -> int:
    """The id that a record was given."""
    assert given is not None
    return given
