"""Roles are taken, given, handed over and released; one holder each."""

from __future__ import annotations

import asyncio

import pytest

from app.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from app.domain.incident import Severity, Visibility
from app.domain.notices import Announcement, Card, Checklist
from app.domain.roles import Role
from app.ports.chat import ChatBusy
from app.services.actor import Actor
from app.services.declare import Declaration
from tests.services.response import ANA, BEN, MEI, Response


async def test_whoever_takes_a_role_is_shown_everywhere_and_gets_its_checklist(response: Response) -> None:
    incident = await response.declared()
    await response.roles.claim(BEN, incident.key, Role.COMMANDER)
    await response.runner.run_due()
    [card] = response.room(incident).notices(Card)
    [announcement] = response.chat.room("ai-incidents").notices(Announcement)
    assert isinstance(card, Card)
    assert isinstance(announcement, Announcement)
    assert card.holders == announcement.holders == {Role.COMMANDER: "U2"}
    assert "Commander: Person U2" in response.room(incident).topic
    [checklist] = response.chat.told("U2", Checklist)
    assert isinstance(checklist, Checklist)
    assert checklist.role is Role.COMMANDER
    assert checklist.steps
    assert (await response.entries(incident))[-1].text == "Took the role of incident commander."
    async with response.store.read() as uow:
        assert [act.action for act in await uow.audit(incident.id or 0)] == ["incident.declared", "role.taken"]


async def test_of_those_who_press_at_once_one_holds_the_role_and_the_others_are_told_who(response: Response) -> None:
    incident = await response.declared()
    actors = [ANA, BEN, MEI]
    claims = [response.roles.claim(actor, incident.key, Role.SCRIBE) for actor in actors]
    results = await asyncio.gather(*claims, return_exceptions=True)
    [holding] = [result for result in results if not isinstance(result, BaseException)]
    refused = [str(result) for result in results if isinstance(result, Conflict)]
    assert refused == [f"Scribe was just taken by <@{holding.user}>. Nothing was changed."] * 2
    assert len(await response.roles.history(ANA, incident.key)) == 1


async def test_taking_ones_own_role_again_changes_nothing(response: Response) -> None:
    incident = await response.declared()
    first = await response.roles.claim(BEN, incident.key, Role.SCRIBE)
    assert (await response.roles.claim(BEN, incident.key, Role.SCRIBE)).id == first.id


async def test_a_held_role_is_refused_with_how_to_get_it(response: Response) -> None:
    incident = await response.declared()
    await response.roles.claim(BEN, incident.key, Role.COMMS)
    response.clock.pass_(minutes=5)
    with pytest.raises(Conflict, match=r"Comms lead is held by <@U2>\. Ask them to hand it over"):
        await response.roles.claim(MEI, incident.key, Role.COMMS)


async def test_a_role_is_handed_over_with_a_note_and_the_history_stays(response: Response) -> None:
    incident = await response.declared()
    await response.roles.claim(ANA, incident.key, Role.TECH)
    await response.roles.give(ANA, incident.key, Role.TECH, "U3", "Rollback is half done")
    await response.runner.run_due()
    history = await response.roles.history(BEN, incident.key)
    assert [(one.user, one.given_by, one.to_at is None) for one in history] == [
        ("U1", "U1", False),
        ("U3", "U1", True),
    ]
    [checklist] = response.chat.told("U3", Checklist)
    assert isinstance(checklist, Checklist)
    assert (checklist.note, checklist.given_by) == ("Rollback is half done", "U1")
    assert (await response.entries(incident))[-1].text == (
        "Handed the role of technical lead over from <@U1> to <@U3>. Note: Rollback is half done"
    )
    assert "U3" in response.room(incident).members


async def test_a_checklist_does_not_go_to_somebody_who_lost_the_role_meanwhile(response: Response) -> None:
    incident = await response.declared()
    await response.roles.claim(ANA, incident.key, Role.TECH)
    await response.roles.give(ANA, incident.key, Role.TECH, "U3")
    await response.runner.run_due()
    assert not response.chat.told("U1", Checklist)


@pytest.mark.parametrize(
    ("user", "said"), [("UBOT", "is an app"), ("UNOBODY", "Slack knows nobody"), ("UGONE", "account is deactivated")]
)
async def test_only_people_who_are_there_can_hold_a_role(response: Response, user: str, said: str) -> None:
    incident = await response.declared()
    with pytest.raises(Invalid, match=said) as refused:
        await response.roles.give(ANA, incident.key, Role.SCRIBE, user)
    assert refused.value.field == "user"
    assert not await response.roles.history(ANA, incident.key)


async def test_a_role_can_be_taken_while_the_chat_does_not_say_who_it_is(response: Response) -> None:
    incident = await response.declared()
    response.chat.fail("profile", ChatBusy("ratelimited", 30))
    assert (await response.roles.claim(BEN, incident.key, Role.SCRIBE)).user == "U2"
    with pytest.raises(Invalid, match="Nothing was changed"):
        await response.roles.give(ANA, incident.key, Role.TECH, "U3")


async def test_a_role_given_to_its_holder_is_refused(response: Response) -> None:
    incident = await response.declared()
    await response.roles.claim(BEN, incident.key, Role.SCRIBE)
    with pytest.raises(Conflict, match="is the scribe already"):
        await response.roles.give(ANA, incident.key, Role.SCRIBE, "U2")


async def test_a_released_role_is_free_again(response: Response) -> None:
    incident = await response.declared()
    await response.roles.claim(BEN, incident.key, Role.SCRIBE)
    await response.roles.release(BEN, incident.key, Role.SCRIBE)
    assert (await response.roles.claim(MEI, incident.key, Role.SCRIBE)).user == "U3"


async def test_only_the_holder_and_the_commander_release_a_role(response: Response) -> None:
    incident = await response.declared()
    await response.roles.claim(ANA, incident.key, Role.COMMANDER)
    await response.roles.claim(BEN, incident.key, Role.SCRIBE)
    with pytest.raises(NotAllowed, match="<@U2>"):
        await response.roles.release(MEI, incident.key, Role.SCRIBE)
    await response.roles.release(ANA, incident.key, Role.SCRIBE)
    with pytest.raises(Conflict, match="Nobody is the scribe"):
        await response.roles.release(ANA, incident.key, Role.SCRIBE)


async def test_outsiders_cannot_take_roles_in_a_restricted_incident(response: Response) -> None:
    incident = await response.declared(visibility=Visibility.RESTRICTED)
    with pytest.raises(NotFound):
        await response.roles.claim(BEN, incident.key, Role.SCRIBE)
    inside = Actor("T1", "U2", incident.channel_id)
    assert (await response.roles.claim(inside, incident.key, Role.SCRIBE)).user == "U2"


async def test_a_role_given_before_there_is_a_room_brings_its_holder_in(response: Response) -> None:
    incident = await response.declare.submit(ANA, Declaration("Leak", Severity.SEV1))
    await response.roles.give(ANA, incident.key, Role.LEGAL, "U3")
    await response.runner.run_due()
    assert response.room(await response.now(incident)).members == ["U1", "U3"]
