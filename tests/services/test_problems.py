"""What could not be done is on the timeline, told once to whoever leads, and can be tried again."""

from __future__ import annotations

import pytest

from app.domain.errors import Conflict, NotFound
from app.domain.incident import Severity, Visibility
from app.domain.notices import Card, DeclarationFailed, Problem
from app.domain.timeline import Origin
from app.ports.chat import ChatRefused, ChatUnsure, Refusal
from app.services.actor import Actor
from app.services.reasons import explained, not_invited
from tests.services.response import ANA, BEN, Response


async def test_a_failed_step_works_when_tried_again(response: Response) -> None:
    response.chat.fail("post:Card", ChatRefused("missing_scope", "needs chat:write, has nothing"))
    incident = await response.declared()
    [told] = response.chat.told("U1", Problem)
    assert isinstance(told, Problem)
    assert told.what.startswith("The incident card could not be posted.")
    assert "lacks the Slack permission `chat:write` for it" in told.what
    assert "manifest.yml" in told.todo
    response.chat.heal("post:Card")
    await response.problems.retry(ANA, told.job_id or 0)
    await response.runner.run_due()
    assert (await response.now(incident)).card_ts
    assert not await response.failed(incident)
    async with response.store.read() as uow:
        assert (await uow.audit(incident.id or 0))[-1].action == "job.retried"


async def test_trying_again_looks_for_what_the_first_try_did(response: Response) -> None:
    response.chat.fail("post:Card", ChatUnsure("timeout"), afterwards=True)
    response.chat.fail("find", ChatUnsure("timeout"))
    incident = await response.declared()
    await response.settle()
    [job] = await response.failed(incident)
    response.chat.heal("post:Card")
    response.chat.heal("find")
    await response.problems.retry(ANA, job.id or 0)
    await response.runner.run_due()
    assert len(response.room(incident).notices(Card)) == 1


async def test_a_step_that_did_not_fail_is_not_tried_again(response: Response) -> None:
    await response.declared()
    with pytest.raises(Conflict, match="nothing left to do"):
        await response.problems.retry(ANA, 4)


async def test_pressing_try_again_twice_tries_once(response: Response) -> None:
    response.chat.fail("pin", ChatRefused("missing_scope"))
    incident = await response.declared()
    [job] = await response.failed(incident)
    await response.problems.retry(ANA, job.id or 0)
    with pytest.raises(Conflict, match="being tried again already"):
        await response.problems.retry(BEN, job.id or 0)


async def test_failing_again_is_told_again(response: Response) -> None:
    response.chat.fail("pin", ChatRefused("missing_scope"))
    incident = await response.declared()
    [job] = await response.failed(incident)
    await response.problems.retry(ANA, job.id or 0)
    await response.runner.run_due()
    assert len(response.chat.told("U1", Problem)) == 2


async def test_steps_of_others_cannot_be_tried_again(response: Response) -> None:
    response.chat.fail("pin", ChatRefused("missing_scope"))
    incident = await response.declared(visibility=Visibility.RESTRICTED)
    [job] = await response.failed(incident)
    for stranger in (BEN, Actor("T2", "U1")):
        with pytest.raises(NotFound):
            await response.problems.retry(stranger, job.id or 0)
    with pytest.raises(NotFound):
        await response.problems.retry(ANA, 9999)


async def test_one_cause_is_told_once(response: Response) -> None:
    incident = await response.declared()
    response.chat.fail("update:Card", ChatRefused("is_archived"))
    for severity in (Severity.SEV1, Severity.SEV3, Severity.SEV1):
        await response.lifecycle.change(ANA, incident.key, severity=severity)
        await response.runner.run_due()
    assert len(response.chat.told("U1", Problem)) == 1
    told = [entry for entry in await response.entries(incident) if entry.origin is Origin.BOT]
    assert len(told) == 1


async def test_a_problem_that_cannot_be_told_stays_on_the_timeline(response: Response) -> None:
    response.chat.fail("pin", ChatRefused("missing_scope"))
    response.chat.fail("tell:Problem", ChatRefused("messages_tab_disabled"))
    incident = await response.declared()
    entries = [entry.text for entry in await response.entries(incident) if entry.origin is Origin.BOT]
    assert len(entries) == 1
    assert "could not be pinned" in entries[0]


async def test_without_a_private_channel_nothing_is_declared(response: Response) -> None:
    """Neither the incident nor anything that hangs on it stays, and no public channel takes its place."""
    response.chat.fail("create_channel", ChatRefused("restricted_action"))
    with pytest.raises(AssertionError):
        await response.declared(visibility=Visibility.RESTRICTED)
    with pytest.raises(NotFound):
        await response.board.incident(ANA, "INC-1")
    assert not response.chat.incident_rooms()
    await response.settle(minutes=200)
    shown = response.chat.open_forms["V1"]
    assert isinstance(shown, DeclarationFailed)
    assert shown.title == "Agent deletes orders"
    assert "don't let the app do that" in shown.reason
    assert response.chat.calls == ["create_channel", "show"]


async def test_the_declarer_is_told_directly_when_the_form_is_closed(response: Response) -> None:
    response.chat.open_forms.clear()
    response.chat.fail("create_channel", ChatRefused("missing_scope", "groups:write"))
    with pytest.raises(AssertionError):
        await response.declared(visibility=Visibility.RESTRICTED)
    await response.settle(minutes=1)
    assert len(response.chat.told("U1", DeclarationFailed)) == 1


async def test_the_next_incident_gets_a_number_of_its_own(response: Response) -> None:
    response.chat.fail("create_channel", ChatRefused("restricted_action"), times=1)
    with pytest.raises(AssertionError):
        await response.declared(visibility=Visibility.RESTRICTED)
    assert (await response.declared()).key == "INC-2"


@pytest.mark.parametrize(
    ("detail", "named"),
    [
        ("needs pins:write, has chat:write,commands", "`pins:write`"),
        ("needs channels:manage,groups:write, has nothing", "`channels:manage,groups:write`"),
        ("pins:write", "`pins:write`"),
        ("", "`pins:write`"),
        ("something <!channel> else", "`pins:write`"),
    ],
)
def test_a_missing_permission_is_named(detail: str, named: str) -> None:
    cause = explained(ChatRefused("missing_scope", detail), "card.pin")
    assert cause.what == f"The app lacks the Slack permission {named} for it."
    assert "manifest.yml" in cause.todo


def test_a_word_of_slack_that_nobody_foresaw_is_shown() -> None:
    assert "`brand_new_error`" in explained(ChatRefused("brand_new_error")).what


def test_each_person_who_was_not_invited_is_named_with_the_reason() -> None:
    told = not_invited([Refusal("U3", "user_not_found"), Refusal("U4", "odd_one")])
    assert (
        told.what
        == "Not invited to the channel: <@U3> (not known in this workspace), <@U4> (refused by Slack: `odd_one`)."
    )
    assert told.todo == "Check who is meant; invite them by hand with `/invite`."
