"""Declaring an incident furnishes its room."""

from __future__ import annotations

import asyncio

import pytest

from app.domain.incident import Kind, Severity, Visibility
from app.domain.notices import Announcement, Card, Opening, Problem
from app.domain.roles import Role
from app.ports.chat import ChatBusy, ChatRefused, ChatUnsure
from tests.services.response import ANA, BEN, Response


async def test_a_declared_incident_has_one_furnished_room(response: Response) -> None:
    incident = await response.declared(invite=("U2",))
    room = response.room(incident)
    assert incident.key == "INC-1"
    assert room.name == incident.channel_name == "inc-1-20261123-agent-deletes-orders"
    assert not room.private
    assert room.members == ["U1", "U2"]
    assert [message.ts for message in room.messages] == [incident.card_ts] == room.pins
    assert room.topic == "SEV2 · Investigating · No commander yet · Agent deletes orders"
    assert room.purpose == "Response to INC-1: Agent deletes orders"
    assert {title for title, _ in room.bookmarks} == {"Announcement", "Incident card"}
    assert len(room.bookmarks) == 2


async def test_it_is_announced_once_and_the_form_shows_the_way(response: Response) -> None:
    incident = await response.declared()
    announcements = response.chat.room("ai-incidents")
    assert [message.ts for message in announcements.messages] == [incident.announcement_ts]
    assert incident.announcement_channel_id == announcements.id
    shown = response.chat.open_forms["V1"]
    assert isinstance(shown, Opening)
    assert shown.incident.channel_id == incident.channel_id
    assert not response.chat.told("U1", Opening)


async def test_a_form_that_was_closed_is_replaced_by_a_message(response: Response) -> None:
    response.chat.open_forms.clear()
    await response.declared()
    assert len(response.chat.told("U1", Opening)) == 1


async def test_card_invitation_and_link_go_side_by_side_before_any_decoration(response: Response) -> None:
    all_three = response.chat.hold_until("post:Card", "invite", "show")
    await response.declared()
    assert all_three.is_set()
    calls = response.chat.calls
    assert calls[0] == "create_channel"
    urgent = max(calls.index(one) for one in ("post:Card", "invite", "show"))
    assert urgent < min(calls.index(one) for one in ("set_topic", "set_purpose", "pin", "add_bookmark"))


async def test_what_changes_while_the_card_is_posted_is_on_it(response: Response) -> None:
    # The card's posting ends only when the announcement is being refreshed, so the change falls into it.
    response.chat.hold_until("post:Card", "update:Announcement")
    declaring = asyncio.create_task(response.declared())
    async with asyncio.timeout(5):
        while "post:Card" not in response.chat.under_way or not response.chat.room("ai-incidents").messages:  # noqa: ASYNC110
            await asyncio.sleep(0.001)
    await response.lifecycle.change(ANA, "INC-1", severity=Severity.SEV1)
    await response.runner.run_due()
    incident = await declaring
    await response.runner.run_due()
    [card] = response.room(incident).notices(Card)
    assert isinstance(card, Card)
    assert card.incident.severity is Severity.SEV1


async def test_a_card_that_shows_all_is_left_alone(response: Response) -> None:
    await response.declared()
    assert "update:Card" not in response.chat.calls


async def test_a_drill_is_announced_as_the_drill_it_is(response: Response) -> None:
    incident = await response.declared(kind=Kind.DRILL)
    [notice] = response.chat.room("ai-incidents").notices(Announcement)
    assert isinstance(notice, Announcement)
    assert notice.incident.kind is Kind.DRILL
    assert response.room(incident).topic.startswith("DRILL · ")


async def test_a_restricted_incident_leaves_no_trace_elsewhere(response: Response) -> None:
    incident = await response.declared(visibility=Visibility.RESTRICTED)
    assert response.room(incident).private
    assert not response.chat.room("ai-incidents").messages
    assert [title for title, _ in response.room(incident).bookmarks] == ["Incident card"]


async def test_a_taken_name_gets_a_number(response: Response) -> None:
    response.chat.add_room("inc-1-20261123-agent-deletes-orders")
    incident = await response.declared()
    assert incident.channel_name == "inc-1-20261123-agent-deletes-orders-2"


async def test_a_room_whose_creation_was_not_confirmed_is_found_again(response: Response) -> None:
    response.chat.fail("create_channel", ChatUnsure("timeout"), times=1, afterwards=True)
    incident = await response.declared()
    await response.settle(minutes=1)
    assert len(response.chat.incident_rooms()) == 1
    assert (await response.now(incident)).channel_id == response.chat.incident_rooms()[0].id


async def test_a_suffixed_room_whose_creation_was_not_confirmed_is_found_again(response: Response) -> None:
    response.chat.add_room("inc-1-20261123-agent-deletes-orders", ours=False)
    response.chat.fail("create_channel", ChatUnsure("timeout"), times=1, afterwards=True)
    incident = await response.declared()
    await response.settle(minutes=1)
    assert [room.name for room in response.chat.incident_rooms()] == ["inc-1-20261123-agent-deletes-orders-2"]
    assert (await response.now(incident)).channel_name == "inc-1-20261123-agent-deletes-orders-2"


@pytest.mark.parametrize("method", ["post:Card", "post:Announcement"])
async def test_a_message_whose_posting_was_not_confirmed_is_not_posted_again(response: Response, method: str) -> None:
    response.chat.fail(method, ChatUnsure("timeout"), times=1, afterwards=True)
    incident = await response.declared()
    await response.settle(minutes=1)
    incident = await response.now(incident)
    assert len(response.room(incident).notices(Card)) == 1
    assert len(response.chat.room("ai-incidents").messages) == 1
    assert incident.card_ts
    assert incident.announcement_ts


async def test_a_busy_chat_is_asked_again_when_it_said(response: Response) -> None:
    response.chat.fail("post:Card", ChatBusy("ratelimited", 30), times=1)
    incident = await response.declared()
    assert incident.card_ts is None
    response.clock.pass_(seconds=60)
    await response.runner.run_due()
    assert (await response.now(incident)).card_ts


async def test_a_deleted_card_is_posted_anew(response: Response) -> None:
    incident = await response.declared()
    response.room(incident).messages.clear()
    await response.lifecycle.change(ANA, incident.key, severity=Severity.SEV1)
    await response.runner.run_due()
    incident = await response.now(incident)
    assert [message.ts for message in response.room(incident).messages if isinstance(message.notice, Card)] == [
        incident.card_ts
    ]


async def test_a_public_incident_stands_without_a_room(response: Response) -> None:
    """The declarer is told why, and trying again opens the room."""
    response.chat.fail("create_channel", ChatRefused("restricted_action"))
    incident = await response.declared()
    assert incident.channel_id is None
    [told] = response.chat.told("U1", Problem)
    assert isinstance(told, Problem)
    assert "could not be created" in told.what
    assert "INC-1 stands" in told.what
    assert "could not be created" in (await response.entries(incident))[-1].text
    response.chat.heal("create_channel")
    assert told.job_id is not None
    await response.problems.retry(ANA, told.job_id)
    await response.runner.run_due()
    assert (await response.now(incident)).card_ts


async def test_people_who_cannot_be_invited_are_named(response: Response) -> None:
    response.chat.uninvitable = {"U3": "user_disabled"}
    incident = await response.declared(invite=("U2", "U3"))
    assert response.room(incident).members == ["U1", "U2"]
    [told] = response.chat.told("U1", Problem)
    assert isinstance(told, Problem)
    assert "<@U3> (deactivated in Slack)" in told.what


@pytest.mark.parametrize(
    ("method", "code", "said"),
    [
        ("post:Announcement", "channel_not_found", "#ai-incidents"),
        ("post:Announcement", "is_archived", "archived"),
        ("post:Announcement", "not_in_channel", "not a member"),
        ("set_topic", "missing_scope", "permission"),
        ("set_purpose", "missing_scope", "permission"),
        ("pin", "missing_scope", "permission"),
        ("add_bookmark", "missing_scope", "permission"),
        ("invite", "missing_scope", "permission"),
        ("post:Card", "missing_scope", "permission"),
    ],
)
async def test_a_refused_step_is_on_the_timeline_and_told(
    response: Response, method: str, code: str, said: str
) -> None:
    """The incident stands, and everything else is done."""
    response.chat.fail(method, ChatRefused(code))
    incident = await response.declared()
    assert incident.channel_id
    told = response.chat.told("U1", Problem)
    assert len(told) == 1
    assert isinstance(told[0], Problem)
    assert said in told[0].what
    assert told[0].what in (await response.entries(incident))[-1].text
    assert [job.error for job in await response.failed(incident)][:1] == [code]


async def test_the_commander_is_told_once_there_is_one(response: Response) -> None:
    incident = await response.declared()
    await response.roles.claim(BEN, incident.key, Role.COMMANDER)
    response.chat.fail("update:Card", ChatRefused("is_archived"))
    await response.runner.run_due()
    assert len(response.chat.told("U2", Problem)) == 1
    assert not response.chat.told("U1", Problem)
