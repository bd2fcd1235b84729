"""Commands, presses and modals through the page, answered by a real Bolt app."""

import asyncio
from typing import Any

TITLE = {"type": "input", "block_id": "title", "label": {"type": "plain_text", "text": "What is happening?"}}
TITLE["element"] = {"type": "plain_text_input", "action_id": "title"}
LEVELS = [{"text": {"type": "plain_text", "text": level.upper()}, "value": level} for level in ("sev1", "sev2")]
SEVERITY = {"type": "input", "block_id": "severity", "label": {"type": "plain_text", "text": "Severity"}}
SEVERITY["element"] = {"type": "static_select", "action_id": "severity", "options": LEVELS}
CHECK = {"type": "button", "action_id": "check", "text": {"type": "plain_text", "text": "Check"}, "value": "all"}
ACTIONS = {"type": "actions", "block_id": "acts", "elements": [CHECK]}


def modal(title: str, *blocks: Any) -> dict[str, Any]:
    view: dict[str, Any] = {"type": "modal", "callback_id": "form", "blocks": list(blocks)}
    return view | {"title": {"type": "plain_text", "text": title}, "submit": {"type": "plain_text", "text": "Send"}}


def opens_a_form(scene: Any) -> None:
    async def opens(ack: Any, body: dict[str, Any], client: Any) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=modal("Declare", TITLE, SEVERITY, ACTIONS))

    scene.bolt.command("/ai-incident")(opens)
    scene.bolt.shortcut("declare")(opens)
    scene.bolt.shortcut("mark_entry")(opens)


def answers_forms_with(scene: Any, **answer: Any) -> list[Any]:
    heard: list[Any] = []

    @scene.bolt.view("form")
    async def submitted(ack: Any, view: dict[str, Any]) -> None:
        heard.append(view["state"]["values"])
        await ack(**answer)

    return heard


async def opened(scene: Any, browser: Any) -> Any:
    person = scene.workspace.person(browser.person)
    await scene.workspace.until(person.modal)
    return (await browser.look("modals"))["views"][-1]


async def declare(scene: Any, browser: Any) -> Any:
    opens_a_form(scene)
    await browser.act("command", name="/ai-incident", text="", channel=scene.channel("general"))
    return await opened(scene, browser)


ENTERED = {"title": {"title": "Refunds without approval"}, "severity": {"severity": "sev2"}}


async def test_a_command_opens_a_form_that_is_filled_in_and_sent(scene: Any) -> None:
    ada, heard = scene.as_("ada"), answers_forms_with(scene)
    view = await declare(scene, ada)
    assert [view["title"]["text"], view["submit"]["text"], view["errors"]] == ["Declare", "Send", {}]
    assert view["state"]["title"]["title"] == {"type": "plain_text_input", "value": None}
    assert (await ada.act("submit", view=view["id"], values=ENTERED))["action"] == "closed"
    assert heard[0]["title"]["title"]["value"] == "Refunds without approval"
    assert heard[0]["severity"]["severity"]["selected_option"]["value"] == "sev2"
    assert (await ada.look("modals"))["views"] == []


async def test_what_is_missing_is_told_before_anything_is_sent(scene: Any) -> None:
    ada, heard = scene.as_("ada"), answers_forms_with(scene)
    view = await declare(scene, ada)
    status, answer = await ada.send("submit", view=view["id"], values={"title": {"title": "Refunds"}})
    assert (status, list(answer["errors"])) == (422, ["severity"])
    assert heard == []


async def test_the_apps_errors_stand_at_their_fields_and_the_entries_stay(scene: Any) -> None:
    ada = scene.as_("ada")
    answers_forms_with(scene, response_action="errors", errors={"title": "Say a little more."})
    view = await declare(scene, ada)
    answer = await ada.act("submit", view=view["id"], values=ENTERED)
    assert answer == {"action": "errors", "errors": {"title": "Say a little more."}}
    shown = (await ada.look("modals"))["views"][0]
    assert shown["errors"] == {"title": "Say a little more."}
    assert shown["state"]["title"]["title"]["value"] == "Refunds without approval"


async def test_an_update_replaces_and_a_push_lies_on_top(scene: Any) -> None:
    ada = scene.as_("ada")
    answers_forms_with(scene, response_action="push", view=modal("More", TITLE))
    view = await declare(scene, ada)
    assert (await ada.act("submit", view=view["id"], values=ENTERED))["action"] == "push"
    stack = (await ada.look("modals"))["views"]
    assert [one["title"]["text"] for one in stack] == ["Declare", "More"]
    await ada.act("close", view=stack[1]["id"])
    assert [one["title"]["text"] for one in (await ada.look("modals"))["views"]] == ["Declare"]


async def test_an_app_that_is_too_slow_is_told_and_the_form_stays(scene: Any) -> None:
    ada = scene.as_("ada")

    @scene.bolt.view("form")
    async def late(ack: Any) -> None:
        await asyncio.sleep(0.5)
        await ack()

    view = await declare(scene, ada)
    scene.workspace.answer_timeout_seconds = 0.1
    status, answer = await ada.send("submit", view=view["id"], values=ENTERED)
    assert (status, answer["code"]) == (502, "operation_timeout")
    assert answer["message"] == "That took longer than 0.1 seconds: the app did not answer in time."
    kept = (await ada.look("modals"))["views"][0]
    assert kept["state"]["severity"]["severity"]["selected_option"]["value"] == "sev2"


async def test_what_was_typed_goes_along_with_a_press_inside_a_form(scene: Any) -> None:
    ada, heard = scene.as_("ada"), []

    @scene.bolt.action("check")
    async def pressed(ack: Any, body: dict[str, Any]) -> None:
        await ack()
        heard.append((body["actions"][0]["value"], body["view"]["state"]["values"]["title"]["title"]["value"]))

    view = await declare(scene, ada)
    values = ENTERED | {"gone": {"gone": "a field of an earlier version"}}
    await ada.act("press", view=view["id"], block_id="acts", action_id="check", value="all", values=values)
    assert heard == [("all", "Refunds without approval")]


async def test_a_button_on_a_message_reaches_the_app_and_a_vanished_one_is_told(scene: Any) -> None:
    ada, channel, heard = scene.as_("ada"), scene.channel("ai-incidents"), []

    @scene.bolt.action("check")
    async def pressed(ack: Any, body: dict[str, Any]) -> None:
        await ack()
        heard.append(body["user"]["id"])

    card = {"channel": channel, "block_id": "acts", "action_id": "check"}
    card["ts"] = (await scene.client.chat_postMessage(channel=channel, text="card", blocks=[ACTIONS]))["ts"]
    await ada.act("press", **card, value="all")
    assert heard == [ada.person]
    await scene.client.chat_update(channel=channel, ts=card["ts"], text="done", blocks=[])
    status, answer = await ada.send("press", **card, value="all")
    assert (status, answer["code"]) == (404, "not_on_screen")


async def test_shortcuts_open_forms_too(scene: Any) -> None:
    ada, channel = scene.as_("ada"), scene.channel("general")
    opens_a_form(scene)
    await ada.act("shortcut", callback_id="declare")
    await ada.act("close", view=(await opened(scene, ada))["id"])
    ts = (await ada.act("say", channel=channel, text="look at this"))["ts"]
    await ada.act("message_shortcut", callback_id="mark_entry", channel=channel, ts=ts)
    assert (await opened(scene, ada))["title"]["text"] == "Declare"


async def test_an_unknown_command_is_answered_with_what_there_is(scene: Any) -> None:
    status, answer = await scene.as_("ada").send("command", name="/nope", text="", channel=scene.channel("general"))
    assert (status, answer["message"]) == (
        404,
        "This can't be done here: /nope is no command of this workspace; there is /ai-incident.",
    )


async def test_opening_home_lets_the_app_draw_it(scene: Any) -> None:
    ada = scene.as_("ada")

    @scene.bolt.event("app_home_opened")
    async def draw(event: dict[str, Any], client: Any) -> None:
        blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": "*Nothing is on fire.*"}}]
        await client.views_publish(user_id=event["user"], view={"type": "home", "blocks": blocks})

    await ada.act("open_home")
    await scene.workspace.until(scene.workspace.person("ada").home)
    assert (await ada.look("home"))["view"]["blocks"][0]["text"]["text"] == "*Nothing is on fire.*"


async def test_an_external_menu_offers_what_the_app_finds(scene: Any) -> None:
    ada, channel = scene.as_("ada"), scene.channel("ai-incidents")

    @scene.bolt.options("system")
    async def find(ack: Any, body: dict[str, Any]) -> None:
        await ack(options=[{"text": {"type": "plain_text", "text": f"{body['value']} agent"}, "value": "refund"}])

    menu = {"type": "external_select", "action_id": "system", "min_query_length": 1}
    blocks = [{"type": "actions", "block_id": "pick", "elements": [menu]}]
    ts = (await scene.client.chat_postMessage(channel=channel, text="pick", blocks=blocks))["ts"]
    answer = await ada.act("suggest", channel=channel, ts=ts, block_id="pick", action_id="system", query="Refund")
    assert [one["text"]["text"] for one in answer["options"]] == ["Refund agent"]


async def test_nobody_sends_somebody_elses_form(scene: Any) -> None:
    view = await declare(scene, scene.as_("ada"))
    status, answer = await scene.as_("ben").send("submit", view=view["id"], values=ENTERED)
    assert (status, answer["message"]) == (404, "This can't be done here: this form is closed already.")
