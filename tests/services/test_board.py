"""People see public incidents, and restricted ones only when they belong to them."""

from __future__ import annotations

import pytest

from app.domain.errors import NotFound
from app.domain.incident import Severity, Status, Visibility
from app.domain.roles import Role
from app.services.actor import Actor
from tests.services.response import ANA, BEN, MEI, Response


async def test_open_incidents_come_ones_own_first_then_the_worst(response: Response) -> None:
    await response.declared("mild", severity=Severity.SEV4, view_id="V1")
    await response.declared("bad", severity=Severity.SEV1, view_id="V2")
    theirs = await response.declared("theirs", severity=Severity.SEV3, view_id="V3")
    over = await response.declared("over", view_id="V4")
    await response.lifecycle.change(ANA, over.key, status=Status.RESOLVED)
    await response.roles.claim(BEN, theirs.key, Role.TECH)
    assert [one.title for one in await response.board.open_incidents(BEN)] == ["theirs", "bad", "mild"]


async def test_a_restricted_incident_is_listed_for_its_people_alone(response: Response) -> None:
    incident = await response.declared(visibility=Visibility.RESTRICTED)
    await response.roles.give(ANA, incident.key, Role.LEGAL, "U2")
    for insider in (ANA, BEN, Actor("T1", "U3", incident.channel_id)):
        assert len(await response.board.open_incidents(insider)) == 1
        assert (await response.board.panel(insider, incident.key)).incident.key == incident.key
    assert not await response.board.open_incidents(MEI)
    for look in (response.board.incident, response.board.panel):
        with pytest.raises(NotFound, match="There is no incident INC-1"):
            await look(MEI, incident.key)


async def test_the_panel_shows_the_incident_of_the_channel(response: Response) -> None:
    incident = await response.declared()
    await response.roles.claim(BEN, incident.key, Role.SCRIBE)
    panel = await response.board.panel(BEN, channel=incident.channel_id)
    assert (panel.incident.key, panel.holders, panel.viewer) == ("INC-1", {Role.SCRIBE: "U2"}, "U2")
    with pytest.raises(NotFound, match="not an incident's channel"):
        await response.board.panel(BEN, channel="C00000001")


async def test_another_workspace_sees_nothing(response: Response) -> None:
    incident = await response.declared()
    stranger = Actor("T2", "U1")
    assert not await response.board.open_incidents(stranger)
    assert await response.board.by_channel("T2", incident.channel_id or "") is None
    with pytest.raises(NotFound):
        await response.board.incident(stranger, incident.key)


@pytest.mark.parametrize("key", ["INC-2", "inc1", "", "INC--1", "INC-99999999999999999999"])
async def test_what_is_no_incident_is_not_found(response: Response, key: str) -> None:
    await response.declared()
    with pytest.raises(NotFound):
        await response.board.incident(ANA, key)
