"""Modals and Home views live as they do in Slack."""

from typing import Any

import pytest
from slack_sdk.errors import SlackApiError

from app.workspace import AppFailureError, NotOnScreenError


def field(name: str, **more: Any) -> dict[str, Any]:
    element = {"type": "plain_text_input", "action_id": name} | more
    label = {"type": "plain_text", "text": name}
    return {"type": "input", "block_id": name, "optional": True, "label": label, "element": element}


def modal(*blocks: dict[str, Any], **more: Any) -> dict[str, Any]:
    view = {"type": "modal", "callback_id": "form", "blocks": list(blocks)}
    view |= {"title": {"type": "plain_text", "text": "Form"}, "submit": {"type": "plain_text", "text": "Send"}}
    return view | more


async def error(call: Any) -> str:
    with pytest.raises(SlackApiError) as refused:
        await call
    return str(refused.value.response["error"])


async def opened(site: Any, view: dict[str, Any], who: str = "ada") -> Any:
    person = site.workspace.person(who)
    trigger = site.workspace.triggers.issue(person.id)
    await site.client.views_open(trigger_id=trigger, view=view)
    return person.modal()


async def test_an_update_keeps_what_was_typed_where_the_field_stays(site: Any) -> None:
    ada = site.workspace.person("ada")
    view = await opened(site, modal(field("a"), field("b")))
    await ada.fill(view, {"a": "typed", "b": "also"})
    await site.client.views_update(
        view_id=view.id, view=modal(field("a", initial_value="draft"), field("c", initial_value="new"))
    )
    values = {block_id: next(iter(fields.values()))["value"] for block_id, fields in view.state.items()}
    assert values == {"a": "typed", "c": "new"}


async def test_a_stale_hash_conflicts(site: Any) -> None:
    view = await opened(site, modal(field("a")))
    stale = view.hash
    await site.client.views_update(view_id=view.id, view=modal(field("b")), hash=stale)
    update = site.client.views_update(view_id=view.id, view=modal(field("c")), hash=stale)
    assert await error(update) == "hash_conflict"


async def test_a_closed_view_is_not_found(site: Any) -> None:
    view = await opened(site, modal(field("a")))
    await site.workspace.person("ada").close(view)
    assert await error(site.client.views_update(view_id=view.id, view=modal())) == "not_found"


async def test_an_invalid_view_is_refused_with_the_places_and_leaves_the_trigger_usable(site: Any) -> None:
    trigger = site.workspace.triggers.issue(site.workspace.person("ada").id)
    with pytest.raises(SlackApiError) as refused:
        await site.client.views_open(trigger_id=trigger, view=modal(field("a", max_length=9999)))
    assert refused.value.response["error"] == "invalid_arguments"
    assert "/view/blocks/0/element/max_length" in str(refused.value.response["response_metadata"])
    await site.client.views_open(trigger_id=trigger, view=modal(field("a")))


async def test_at_most_three_modals_lie_on_each_other(site: Any) -> None:
    workspace, ada = site.workspace, site.workspace.person("ada")
    first = await opened(site, modal(field("a")))
    for name in ("b", "c"):
        pushed = await site.client.views_push(trigger_id=workspace.triggers.issue(ada.id), view=modal(field(name)))
    assert (pushed["view"]["root_view_id"], ada.modal().previous_id) == (first.id, workspace.modals[ada.id][1].id)
    fourth = site.client.views_push(trigger_id=workspace.triggers.issue(ada.id), view=modal(field("d")))
    assert await error(fourth) == "push_limit_reached"
    with pytest.raises(NotOnScreenError):
        await ada.submit(first, {})


@pytest.mark.parametrize(("action", "left"), [("update", 1), ("push", 2), ("clear", 0)])
async def test_a_submit_can_be_answered_with_another_screen(site: Any, action: str, left: int) -> None:
    @site.bolt.view("form")
    async def submitted(ack: Any) -> None:
        more = {} if action == "clear" else {"view": modal(field("next"), callback_id="second")}
        await ack(response_action=action, **more)

    ada = site.workspace.person("ada")
    view = await opened(site, modal(field("a")))
    done = await ada.submit(view, {"a": "x"})
    assert done.action == action
    assert len(site.workspace.modals.get(ada.id, [])) == left
    assert (done.view.callback_id if done.view else "") == ("" if action == "clear" else "second")


async def test_errors_must_name_fields_of_the_form(site: Any) -> None:
    @site.bolt.view("form")
    async def submitted(ack: Any) -> None:
        await ack(response_action="errors", errors={"nowhere": "bad"})

    view = await opened(site, modal(field("a")))
    with pytest.raises(AppFailureError, match="bad_answer"):
        await site.workspace.person("ada").submit(view, {})


async def test_the_app_hears_of_a_dismissed_modal_if_it_asked(site: Any) -> None:
    @site.bolt.view_closed("form")
    async def closed(ack: Any, body: dict[str, Any]) -> None:
        await ack()
        site.heard.append(body["view"]["callback_id"])

    ada = site.workspace.person("ada")
    await ada.close(await opened(site, modal(field("a"))))
    await ada.close(await opened(site, modal(field("a"), notify_on_close=True)))
    await site.workspace.until(lambda: site.heard)
    assert site.heard == ["form"]


async def test_a_home_view_is_published_when_somebody_looks(site: Any) -> None:
    @site.bolt.event("app_home_opened")
    async def home(event: dict[str, Any], client: Any) -> None:
        blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": f"Hello <@{event['user']}>"}}]
        await client.views_publish(user_id=event["user"], view={"type": "home", "blocks": blocks})

    ada = site.workspace.person("ada")
    assert await ada.open_home() is None
    shown = await site.workspace.until(ada.home)
    assert shown.blocks[0]["text"]["text"] == f"Hello <@{ada.id}>"
    assert site.workspace.person("ben").home() is None


async def test_a_press_in_a_modal_carries_what_was_typed(site: Any) -> None:
    @site.bolt.action("check")
    async def check(ack: Any, body: dict[str, Any], action: dict[str, Any]) -> None:
        await ack()
        site.heard.append(
            (body["view"]["state"]["values"]["a"]["a"]["value"], action["value"], body["container"]["type"])
        )

    button = {"type": "button", "action_id": "check", "value": "INC-1", "text": {"type": "plain_text", "text": "Check"}}
    ada = site.workspace.person("ada")
    view = await opened(site, modal(field("a"), {"type": "actions", "elements": [button]}))
    await ada.fill(view, {"a": "half a thought"})
    await ada.press(view, "check")
    await site.workspace.until(lambda: site.heard)
    assert site.heard == [("half a thought", "INC-1", "view")]


async def test_an_external_menu_asks_the_app_for_its_options(site: Any) -> None:
    @site.bolt.options("system")
    async def options(ack: Any, payload: dict[str, Any]) -> None:
        found = [name for name in ("support-bot", "credit-model") if payload["value"] in name]
        await ack(options=[{"text": {"type": "plain_text", "text": name.title()}, "value": name} for name in found])

    @site.bolt.view("form")
    async def submitted(ack: Any, view: dict[str, Any]) -> None:
        await ack()
        site.heard.append(view["state"]["values"]["system"]["system"]["selected_option"]["value"])

    label = {"type": "plain_text", "text": "System"}
    element = {"type": "external_select", "action_id": "system", "min_query_length": 0}
    ada = site.workspace.person("ada")
    view = await opened(site, modal({"type": "input", "block_id": "system", "label": label, "element": element}))
    offered = await ada.suggest(view, "system", "bot")
    assert [one["value"] for one in offered] == ["support-bot"]
    with pytest.raises(NotOnScreenError):
        await ada.fill(view, {"system": "unknown"})
    await ada.submit(view, {"system": "credit-model"})
    await site.workspace.until(lambda: site.heard)
    assert site.heard == ["credit-model"]


async def test_every_kind_of_field_takes_its_choice(site: Any) -> None:
    def option(value: str) -> dict[str, Any]:
        return {"text": {"type": "plain_text", "text": value}, "value": value}

    ada = site.workspace.person("ada")
    two = [option("x"), option("y")]
    kinds: dict[str, tuple[dict[str, Any], Any, Any]] = {
        "radio_buttons": ({"options": two}, "y", {"selected_option": option("y")}),
        "checkboxes": ({"options": two}, ["x", "y"], {"selected_options": two}),
        "multi_static_select": ({"options": two}, ["y"], {"selected_options": [option("y")]}),
        "multi_users_select": ({}, [ada.id], {"selected_users": [ada.id]}),
        "conversations_select": ({}, "C1", {"selected_conversation": "C1"}),
        "datepicker": ({}, "2026-12-01", {"selected_date": "2026-12-01"}),
        "timepicker": ({}, "09:30", {"selected_time": "09:30"}),
        "datetimepicker": ({}, 1_800_000_000, {"selected_date_time": 1_800_000_000}),
        "number_input": ({"is_decimal_allowed": False}, 7, {"value": "7"}),
        "email_text_input": ({}, "a@b.example", {"value": "a@b.example"}),
    }
    blocks = []
    for kind, (more, _, _) in kinds.items():
        block = field(kind)
        block["element"] = {"type": kind, "action_id": kind} | more
        blocks.append(block)
    view = await opened(site, modal(*blocks))
    await ada.fill(view, {kind: choice for kind, (_, choice, _) in kinds.items()})
    for kind, (_, _, expected) in kinds.items():
        assert view.state[kind][kind] == {"type": kind} | expected
    await ada.fill(view, {"radio_buttons": None, "checkboxes": []})
    assert view.state["radio_buttons"]["radio_buttons"]["selected_option"] is None
