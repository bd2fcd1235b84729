"""A What We Know, from Draft to published, by commands and buttons."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
from aiohttp import web

from app.domain.status_update import Section
from app.ports.drafter import Draft, DrafterAccount, DrafterFailed, Sentence
from app.services.drafts.drafts import Drafts
from app.slack.bolt_app import build_app
from app.slack.http import slack_events
from app.slack.listeners.ask import Desk
from app.web.server import Server
from tests.slack.conftest import shown


@pytest.fixture
async def room(stage):
    room = await stage.declare()
    await stage.close("ada")
    await stage.person("ada").say(room.id, "The agent deleted 40 orders at 09:12")
    await stage.workspace.events.settled()
    return room


def initial(view, field):
    block = next(one for one in view.blocks if one.get("block_id") == field)
    return block["element"].get("initial_value", "")


async def test_a_draft_is_stored_approved_by_somebody_else_and_published(stage, room):
    ada, ben = stage.person("ada"), stage.person("ben")
    await ben.join(room.id)
    await ben.press(stage.card(), "role.claim", "INC-1:tech")
    await ada.press(stage.card(), "role.claim", "INC-1:commander")
    await ada.press(stage.card(), "status_update.draft", "INC-1")
    form = await stage.modal("ada", "own rules")
    assert "40 orders" in initial(form, "what_happened")
    assert initial(form, "next_update_minutes") == "60"
    mine = initial(form, "what_happened") + "\nCustomers were told"
    sent = await ada.submit(form, {"what_happened": mine, "next_update_minutes": "45"})
    assert sent.action in {"clear", "closed"}
    review = await stage.posted(room.id, "draft, waiting for approval")
    assert "/archives/" in shown(review.blocks)
    assert "Customers were told (no source)" in shown(review.blocks)
    await ada.press(review, "status_update.approve")
    refused = await stage.whispered("ada", room.id, "You wrote this text alone")
    assert f"<@{ben.id}>" in refused.text
    await ben.press(review, "status_update.approve")
    approved = await stage.posted(room.id, "approved, not published yet")
    await ada.press(approved, "status_update.publish")
    published = await stage.posted(room.id, "What we know* (update 1")
    assert "Next update" in shown(published.blocks)
    announced = await stage.posted("ai-incidents", "40 orders")
    assert "INC-1" in shown(announced.blocks)


async def test_a_waiting_update_is_edited_and_a_discarded_one_is_gone(stage, room):
    ada = stage.person("ada")
    await ada.command("/ai-incident", "draft leadership", room.id)
    await ada.submit(await stage.modal("ada", "own rules"), {"doing": "Revoking the permission"})
    review = await stage.posted(room.id, "for leadership")
    await ada.press(review, "status_update.draft")
    again = await stage.modal("ada", "Revoking the permission")
    await ada.close(again)
    await ada.command("/ai-incident", "draft customers", room.id)
    await ada.submit(await stage.modal("ada", "own rules"), {"doing": "Telling you"})
    await ada.press(review, "status_update.draft")
    await ada.close(await stage.modal("ada", "Revoking the permission"))
    await ada.press(await stage.posted(room.id, "Telling you"), "status_update.discard")
    await stage.posted(room.id, "for customers: discarded")
    await ada.command("/ai-incident", "update", room.id)
    await ada.submit(await stage.modal("ada", "Revoking the permission"), {"doing": "Revoked the permission"})
    newer = await stage.posted(room.id, "Revoked the permission")
    await ada.press(newer, "status_update.discard")
    await stage.posted(room.id, "for leadership: discarded")
    await ada.command("/ai-incident", "update", room.id)
    fresh = await stage.modal("ada", "own rules")
    assert "Revoked the permission" not in initial(fresh, "doing")


async def test_what_can_not_be_stored_is_refused_at_its_field(stage, room):
    ada = stage.person("ada")
    await ada.command("/ai-incident", "draft", room.id)
    form = await stage.modal("ada", "own rules")
    refused = await ada.submit(form, {"testing": "the cache [99999]"})
    assert "99999" in refused.errors["testing"]
    await ada.command("/ai-incident", "draft nobody", room.id)
    await stage.whispered("ada", room.id, "responders, leadership, customers, regulator")


async def test_only_who_speaks_may_approve_and_is_named(stage, room):
    ada, ben = stage.person("ada"), stage.person("ben")
    await ben.join(room.id)
    await ada.press(stage.card(), "role.claim", "INC-1:comms")
    await ada.command("/ai-incident", "draft", room.id)
    await ada.submit(await stage.modal("ada", "own rules"), {})
    review = await stage.posted(room.id, "waiting for approval")
    await ben.press(review, "status_update.approve")
    refused = await stage.whispered("ben", room.id, "<@U0000000001>")
    assert "approve" in refused.text


class PaperDrafter:
    """A model that answers when it is let."""

    def __init__(self):
        self.let = asyncio.Event()
        self.fails = ""

    async def draft_update(self, evidence):
        await self.let.wait()
        if self.fails:
            raise DrafterFailed(self.fails)
        told = Sentence("The model says so.", (evidence.entries[-1].id,))
        sections = {section: [told] for section in Section}
        return Draft(sections, DrafterAccount("paper", "paper-1", 10, 5))


@asynccontextmanager
async def served(product, workspace, drafts):
    """The product's listeners with these drafts behind them, on an address of their own."""
    services = replace(product.services, drafts=drafts)
    app = build_app(product.workspace, Desk(services, product.workspace, {}), workspace.app.signing_secret)
    site = web.Application()
    site.router.add_post("/slack/events", slack_events(app))
    server = Server(site, "127.0.0.1", 0)
    await server.start()
    workspace.app.request_url = f"http://127.0.0.1:{server.port}/slack/events"
    yield
    await server.stop()


@pytest.fixture
async def model(product, workspace):
    """The product with a model behind it."""
    drafter, bench = PaperDrafter(), product.bench
    async with served(product, workspace, Drafts(bench.store, bench.clock, bench.drafts.rules, drafter)):
        yield drafter
        drafter.let.set()


@pytest.fixture
async def slow_rules(product, workspace):
    """The product with a timeline that takes long to read."""
    drafter, bench = PaperDrafter(), product.bench
    async with served(product, workspace, Drafts(bench.store, bench.clock, drafter)):
        yield drafter
        drafter.let.set()


async def test_a_timeline_that_takes_long_to_read_is_drafted_into_a_form_that_is_open_already(stage, room, slow_rules):
    await stage.person("ada").press(stage.card(), "status_update.draft", "INC-1")
    await stage.modal("ada", "Reading the timeline")
    slow_rules.let.set()
    form = await stage.modal("ada", "The model says so.")
    await stage.person("ada").submit(form, {})
    await stage.posted(room.id, "The model says so.")


async def test_a_form_that_waits_for_a_draft_says_when_there_is_none(stage, room, slow_rules):
    slow_rules.fails = "the rules broke"
    await stage.person("ada").press(stage.card(), "status_update.draft", "INC-1")
    await stage.modal("ada", "Reading the timeline")
    slow_rules.let.set()
    await stage.modal("ada", "The draft could not be made")


async def test_the_form_is_there_at_once_and_the_models_text_takes_its_place(stage, room, model):
    ada = stage.person("ada")
    await ada.press(stage.card(), "status_update.draft", "INC-1")
    early = await stage.modal("ada", "A model is drafting too")
    assert "40 orders" in initial(early, "what_happened")
    model.let.set()
    better = await stage.modal("ada", "The model says so.")
    assert initial(better, "what_happened").startswith("The model says so. [")
    assert "paper-1" in shown(better.blocks)
    await ada.submit(better, {})
    stored = await stage.posted(room.id, "The model says so.")
    assert "paper-1" in shown(stored.blocks)


async def test_a_model_that_fails_leaves_the_text_and_says_why(stage, room, model):
    model.fails = "the model timed out"
    model.let.set()
    await stage.person("ada").press(stage.card(), "status_update.draft", "INC-1")
    form = await stage.modal("ada", "the model timed out")
    assert "40 orders" in initial(form, "what_happened")


async def test_a_form_that_was_closed_meanwhile_stays_closed(stage, room, model):
    ada = stage.person("ada")
    await ada.press(stage.card(), "status_update.draft", "INC-1")
    await ada.close(await stage.modal("ada", "A model is drafting too"))
    await stage.workspace.events.settled()
    told = len(ada.dms())
    tried = len(stage.workspace.calls)
    model.let.set()
    await stage.workspace.until(lambda: any(call.method == "views.update" for call in stage.workspace.calls[tried:]))
    assert ada.modal() is None
    assert len(ada.dms()) == told
