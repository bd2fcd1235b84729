"""Nobody reaches from one workspace into another, whatever ids and names they use.

Both workspaces have an INC-1, in channels of one id, with messages of one time. One of them does everything that the
product lets a person do, with its own keys and with the other's ids; the other must not change by a single row.
"""

from __future__ import annotations

import inspect
from collections.abc import AsyncIterator
from dataclasses import fields, replace
from pathlib import Path
from typing import get_type_hints

import pytest

from app.domain.errors import IncidentError, NotFound
from app.ports.chat import ChatRefused
from app.services.actor import Actor
from app.slack.services import Services
from tests.scenarios.acts import BY_ID, BY_KEY, OF_WORKSPACE, Intruder
from tests.scenarios.penny import register_file
from tests.scenarios.site import ADA, Site, declare, everything, room
from tests.scenarios.work import SWITCHES, rows_of, work

GORAN = "U0000000007"
# One act of its table needs what an act of the other did: that of the workspace comes first.
OWN = {**OF_WORKSPACE, **BY_KEY}
KEPT = (
    "timeline_entry",
    "role_holding",
    "unknown",
    "status_update",
    "postmortem",
    "follow_up",
    "draft_record",
    "containment",
    "notification_clock",
    "clock_phase",
    "trial",
)


def acts_of_the_product() -> set[str]:
    """Every act that is done for somebody, or for some workspace, by its name in Services."""
    hints = get_type_hints(Services)
    return {
        f"{subject.name}.{name}"
        for subject in fields(Services)
        for name, member in inspect.getmembers(hints[subject.name], inspect.iscoroutinefunction)
        if not name.startswith("_") and {"actor", "team", "received"} & set(inspect.signature(member).parameters)
    }


@pytest.fixture
async def site(database_url: str, tmp_path: Path) -> AsyncIterator[Site]:
    """Both workspaces have installed the product and declared an incident."""
    site = Site(database_url)
    await site.server.start()
    try:
        product = await site.serve(**register_file(tmp_path, *SWITCHES))
        for workspace in (site.meridian, site.northwind):
            await site.browser().install(workspace.team.id)
            await declare(workspace, "The agent deletes orders")
        await product.settled()
        yield site
    finally:
        await site.stop()


async def test_whatever_one_workspace_does_the_other_keeps_every_row_as_it_was(site: Site) -> None:
    product = site.products[-1]
    places = [room(workspace) for workspace in (site.meridian, site.northwind)]
    assert places[0] is not None
    assert places[1] is not None
    assert places[0].id == places[1].id
    victim, intruder = Actor(site.meridian.team.id, ADA), Actor(site.northwind.team.id, ADA)
    theirs = await work(product, victim, places[0].id)
    ours = await work(product, intruder, places[1].id)
    before, seen = await rows_of(product, victim.team), everything(site.meridian)
    assert all(before[table] for table in KEPT)

    acting = Intruder(product.services, intruder, theirs, ours, places[1].id)
    for act in OWN.values():
        await act(acting)
    for act in BY_ID.values():
        with pytest.raises(NotFound):
            await act(acting)
    await product.settled()

    assert await rows_of(product, victim.team) == before
    assert everything(site.meridian) == seen
    assert "catch_up.offered" in str((await rows_of(product, intruder.team))["audit_record"])
    await every_id_is_found_by(replace(acting, actor=victim))


async def every_id_is_found_by(owner: Intruder) -> None:
    """Nothing was refused for an id that nobody has: whoever it belongs to gets there, if only to hear `not now`."""
    for act in BY_ID.values():
        try:
            await act(owner)
        except NotFound:
            raise
        except IncidentError:
            continue


def test_every_act_of_the_product_is_tried() -> None:
    assert acts_of_the_product() == set(OWN) | set(BY_ID)


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
