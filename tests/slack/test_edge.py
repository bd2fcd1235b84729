"""Whatever goes wrong, the person gets one calm answer and the log one line."""

from __future__ import annotations

import pytest
from structlog.testing import capture_logs

from app.domain.errors import Conflict, Invalid
from app.slack.listeners.ask import Desk
from app.slack.listeners.edge import at_the_edge
from app.workspace import faults

ADA = "U0000000001"


class Acks:
    """What Slack was told, in order."""

    def __init__(self):
        self.given = []

    async def __call__(self, **answer):
        self.given.append(answer)


@pytest.fixture
def acks():
    return Acks()


@pytest.fixture
def run(slack, acks):
    async def through_the_edge(error, body):
        async def handler(_ask):
            raise error

        with capture_logs() as logs:
            await at_the_edge(Desk(None, slack, {}), handler)(acks, body)
        return [one for one in logs if one["event"] == "listener_failed"]

    return through_the_edge


def press(channel="C0000000001"):
    return {"type": "block_actions", "team": {"id": "T1"}, "user": {"id": ADA}, "channel": {"id": channel}}


FORM = {
    "type": "view_submission",
    "team": {"id": "T1"},
    "user": {"id": ADA},
    "view": {
        "type": "modal",
        "blocks": [{"type": "input", "block_id": "title"}, {"type": "input", "block_id": "severity"}],
    },
}


def told(workspace):
    channels = (workspace.person("ada").ephemerals(channel.id) for channel in workspace.person("ada").channels())
    return [message.text for found in channels for message in found]


async def test_a_refusal_is_told_privately_and_is_no_failure(run, acks, workspace):
    assert await run(Conflict("Scribe was just taken by <@U0000000002>."), press(workspace.channel("general").id)) == []
    assert told(workspace) == ["Scribe was just taken by <@U0000000002>."]
    assert acks.given == [{}]


async def test_a_refusal_of_a_form_stands_at_its_field(run, acks):
    await run(Invalid("Choose one.", field="severity"), FORM)
    assert acks.given == [{"response_action": "errors", "errors": {"severity": "Choose one."}}]


async def test_a_refusal_that_names_no_field_of_the_form_stands_at_the_first(run, acks):
    await run(Invalid("No.", field="elsewhere"), FORM)
    assert acks.given == [{"response_action": "errors", "errors": {"title": "No."}}]


async def test_the_unexpected_is_logged_once_and_answered_with_its_reference(run, workspace):
    (line,) = await run(ZeroDivisionError("boom"), press(workspace.channel("general").id))
    (answer,) = told(workspace)
    assert line["reference"] in answer
    assert "please try again" in answer
    assert "boom" not in answer


async def test_where_the_channel_can_not_be_written_to_the_person_is_told_directly(run, workspace):
    workspace.faults.add("chat.postEphemeral", faults.error("not_in_channel"))
    await run(Conflict("No."), press(workspace.channel("general").id))
    assert [message.text for message in workspace.person("ada").dms()] == ["No."]


async def test_an_answer_that_can_not_be_given_ends_there(run, workspace):
    workspace.faults.add("*", faults.error("account_inactive"), times=None)
    (line,) = await run(ZeroDivisionError(), press())
    assert line["listener"].endswith("handler")


async def test_a_refusal_can_not_ping_anybody_but_those_it_names(run, workspace):
    await run(Invalid("There is no role <!channel> `role @user scribe`"), press(workspace.channel("general").id))
    assert told(workspace) == ["There is no role @ channel `role @user scribe`"]
