"""People act, a real Bolt app over HTTP answers."""

from typing import Any

import pytest

from app.workspace import AppFailureError, FormRefusedError, NotOnScreenError, SlackError

MODAL = {
    "type": "modal",
    "callback_id": "declare.submit",
    "title": {"type": "plain_text", "text": "Declare"},
    "submit": {"type": "plain_text", "text": "Declare"},
    "private_metadata": "from-command",
    "blocks": [
        {
            "type": "input",
            "block_id": "title",
            "label": {"type": "plain_text", "text": "Title"},
            "element": {"type": "plain_text_input", "action_id": "title"},
        },
        {
            "type": "input",
            "block_id": "severity",
            "optional": True,
            "label": {"type": "plain_text", "text": "Severity"},
            "element": {
                "type": "static_select",
                "action_id": "severity",
                "options": [
                    {"text": {"type": "plain_text", "text": "SEV 1"}, "value": "sev1"},
                    {"text": {"type": "plain_text", "text": "SEV 2"}, "value": "sev2"},
                ],
            },
        },
        {
            "type": "input",
            "block_id": "owner",
            "optional": True,
            "label": {"type": "plain_text", "text": "Owner"},
            "element": {"type": "users_select", "action_id": "owner"},
        },
    ],
}


def button(action_id: str, value: str) -> dict[str, Any]:
    return {
        "type": "actions",
        "elements": [
            {
                "type": "button",
                "action_id": action_id,
                "value": value,
                "text": {"type": "plain_text", "text": value},
            }
        ],
    }


async def test_what_a_person_says_reaches_the_app_once(site: Any) -> None:
    @site.bolt.event("message")
    async def heard(event: dict[str, Any]) -> None:
        site.heard.append(event)

    ada = site.workspace.person("ada")
    ts = await ada.say("ai-incidents", "the bot says <b>refunds</b> are & were @ben's")
    await site.settled()
    await site.workspace.until(lambda: site.heard)
    ben = site.workspace.person("ben").id
    assert [(one["ts"], one["user"], one["text"]) for one in site.heard] == [
        (ts, ada.id, f"the bot says &lt;b&gt;refunds&lt;/b&gt; are &amp; were <@{ben}>'s")
    ]


async def test_a_command_opens_a_modal_and_a_submit_arrives_with_typed_values(site: Any) -> None:
    @site.bolt.command("/ai-incident")
    async def command(ack: Any, body: dict[str, Any], client: Any) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=MODAL)

    @site.bolt.view("declare.submit")
    async def submitted(ack: Any, view: dict[str, Any]) -> None:
        await ack()
        site.heard.append((view["state"]["values"], view["private_metadata"]))

    ada = site.workspace.person("ada")
    await ada.command("/ai-incident")
    modal = await site.workspace.until(ada.modal)
    with pytest.raises(FormRefusedError) as refused:
        await ada.submit(modal, {})
    assert set(refused.value.errors) == {"title"}
    done = await ada.submit(modal, {"title": "Leak", "severity": "sev2", "owner": ada.id})
    assert (done.action, ada.modal()) == ("closed", None)
    await site.workspace.until(lambda: site.heard)
    values, metadata = site.heard[0]
    assert values["title"]["title"] == {"type": "plain_text_input", "value": "Leak"}
    assert values["severity"]["severity"]["selected_option"]["value"] == "sev2"
    assert values["owner"]["owner"] == {"type": "users_select", "selected_user": ada.id}
    assert metadata == "from-command"


async def test_a_form_with_errors_stays_open_and_shows_them(site: Any) -> None:
    @site.bolt.shortcut("declare")
    async def shortcut(ack: Any, body: dict[str, Any], client: Any) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=MODAL)

    @site.bolt.view("declare.submit")
    async def submitted(ack: Any) -> None:
        await ack(response_action="errors", errors={"title": "too vague"})

    ada = site.workspace.person("ada")
    await ada.shortcut("declare")
    modal = await site.workspace.until(ada.modal)
    done = await ada.submit(modal, {"title": "x"})
    assert (done.action, done.errors) == ("errors", {"title": "too vague"})
    assert ada.modal() is modal


async def test_a_press_in_a_message_can_replace_it_through_the_response_url(site: Any) -> None:
    @site.bolt.action("role.claim")
    async def claim(ack: Any, action: dict[str, Any], respond: Any) -> None:
        await ack()
        await respond(text=f"claimed {action['value']}", replace_original=True)

    blocks = [button("role.claim", "INC-1:scribe"), button("role.claim", "INC-1:tech")]
    channel = site.workspace.channel("ai-incidents")
    posted = await site.client.chat_postMessage(channel=channel.id, text="roles", blocks=blocks)
    ada = site.workspace.person("ada")
    await ada.press(ada.message(channel.id, posted["ts"]), "role.claim", "INC-1:tech")
    await site.workspace.until(lambda: channel.messages[posted["ts"]].text == "claimed INC-1:tech")
    with pytest.raises(NotOnScreenError):
        await ada.press(ada.message(channel.id, posted["ts"]), "role.claim")


async def test_an_ephemeral_answer_is_seen_by_one_person_only(site: Any) -> None:
    @site.bolt.command("/ai-incident")
    async def command(ack: Any, respond: Any) -> None:
        await ack("working on it")
        await respond("done")

    ada, ben = site.workspace.person("ada"), site.workspace.person("ben")
    result = await ada.command("/ai-incident", "help", "ai-incidents")
    assert result.message is not None
    await site.workspace.until(lambda: len(ada.ephemerals("ai-incidents")) == 2)
    assert {one.text for one in ada.ephemerals("ai-incidents")} == {"working on it", "done"}
    assert ben.ephemerals("ai-incidents") == []


async def test_an_app_that_does_not_answer_is_shown_as_failed(site: Any) -> None:
    ada = site.workspace.person("ada")
    with pytest.raises(AppFailureError) as failed:
        await ada.command("/nobody-listens")
    assert failed.value.code == "dispatch_failed"
    site.workspace.answer_timeout_seconds = 0.05

    @site.bolt.command("/sleepy")
    async def sleepy() -> None:
        return

    with pytest.raises(AppFailureError) as late:
        await ada.command("/sleepy")
    assert late.value.code == "operation_timeout"


async def test_a_trigger_works_once_and_not_for_long(site: Any) -> None:
    workspace = site.workspace
    ada = workspace.person("ada").id
    first = workspace.triggers.issue(ada)
    await site.client.views_open(trigger_id=first, view=MODAL)
    late = workspace.triggers.issue(ada)
    workspace.triggers.expire_all()
    for trigger, error in ((first, "expired_trigger_id"), (late, "expired_trigger_id"), ("x", "invalid_trigger_id")):
        answer = await workspace_error(site.client.views_open(trigger_id=trigger, view=MODAL))
        assert answer == error


async def workspace_error(call: Any) -> str:
    from slack_sdk.errors import SlackApiError

    with pytest.raises(SlackApiError) as refused:
        await call
    return str(refused.value.response["error"])


def test_an_unknown_user_is_no_person(site: Any) -> None:
    with pytest.raises(LookupError):
        site.workspace.person("nobody")
    with pytest.raises(SlackError):
        site.workspace.user("nobody")
