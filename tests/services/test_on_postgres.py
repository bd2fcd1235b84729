"""What depends on locks and on the database's word holds on PostgreSQL as well."""

from __future__ import annotations

import asyncio

import pytest

from app.domain.errors import Conflict
from app.domain.incident import Severity
from app.domain.notices import Announcement, Card
from app.domain.roles import Role
from tests.services.response import ANA, BEN, MEI, Response


@pytest.fixture
def database_kind() -> str:
    return "postgresql"


async def test_two_replicas_furnish_each_room_once(response: Response) -> None:
    incidents = await asyncio.gather(*(response.declared(f"Leak {number}", view_id=None) for number in range(3)))
    replicas = [response.new_runner() for _ in range(2)]
    for role in (Role.COMMANDER, Role.SCRIBE):
        await asyncio.gather(*(response.roles.claim(BEN, one.key, role) for one in incidents))
        await asyncio.gather(*(replica.run_due() for replica in replicas))
    assert len(response.chat.incident_rooms()) == 3
    for incident in incidents:
        now = await response.now(incident)
        assert len(response.room(now).notices(Card)) == 1
        [card] = response.room(now).notices(Card)
        assert isinstance(card, Card)
        assert card.holders == {Role.COMMANDER: "U2", Role.SCRIBE: "U2"}
    assert len(response.chat.room("ai-incidents").notices(Announcement)) == 3


async def test_of_those_who_press_at_once_one_holds_the_role(response: Response) -> None:
    incident = await response.declared()
    claims = [response.roles.claim(actor, incident.key, Role.SCRIBE) for actor in (ANA, BEN, MEI)]
    results = await asyncio.gather(*claims, return_exceptions=True)
    assert sum(isinstance(result, Conflict) for result in results) == 2
    assert len(await response.roles.history(ANA, incident.key)) == 1


async def test_roles_and_status_change_side_by_side_without_waiting_for_each_other_for_ever(response: Response) -> None:
    incident = await response.declared()
    await asyncio.wait_for(
        asyncio.gather(
            response.roles.claim(ANA, incident.key, Role.COMMANDER),
            response.roles.give(ANA, incident.key, Role.TECH, "U3"),
            response.roles.give(BEN, incident.key, Role.LEGAL, "U4"),
            response.lifecycle.change(ANA, incident.key, severity=Severity.SEV1),
            response.runner.run_due(),
            return_exceptions=True,
        ),
        20,
    )
    await response.runner.run_due()
    [card] = response.room(incident).notices(Card)
    assert isinstance(card, Card)
    assert card.holders == {Role.COMMANDER: "U1", Role.TECH: "U3", Role.LEGAL: "U4"}
