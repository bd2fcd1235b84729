"""What the app is told when people act, and what it may still say afterwards."""

from dataclasses import replace
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError

from app.workspace import AppFailureError, NotOnScreenError, Shortcut, SlackApp, WorkspaceServer, seed_workspace
from app.workspace.model import Team

BUTTON = {"type": "button", "action_id": "ok", "value": "INC-1", "text": {"type": "plain_text", "text": "OK"}}
ACTIONS = [{"type": "actions", "block_id": "acts", "elements": [BUTTON]}]


def hears_presses(site: Any) -> None:
    @site.bolt.action("ok")
    async def pressed(ack: Any, body: dict[str, Any]) -> None:
        await ack()
        site.heard.append(body)


async def test_a_press_names_the_message_the_channel_and_the_person(site: Any) -> None:
    hears_presses(site)
    ada, channel = site.workspace.person("ada"), site.workspace.channel("ai-incidents")
    ts = (await site.client.chat_postMessage(channel=channel.id, text="card", blocks=ACTIONS))["ts"]
    await ada.press(ada.message(channel.id, ts), "ok")
    body = (await site.workspace.until(lambda: site.heard))[0]
    assert body["container"] == {"type": "message", "message_ts": ts, "channel_id": channel.id, "is_ephemeral": False}
    assert (body["channel"], body["user"]["id"]) == ({"id": channel.id, "name": "ai-incidents"}, ada.id)
    assert (body["message"]["ts"], body["actions"][0]["block_id"]) == (ts, "acts")


async def test_an_ephemeral_press_carries_no_message_but_can_replace_and_delete_it(site: Any) -> None:
    hears_presses(site)
    ada, channel = site.workspace.person("ada"), site.workspace.channel("ai-incidents")
    await site.client.chat_postEphemeral(channel=channel.id, user=ada.id, text="panel", blocks=ACTIONS)
    await ada.press(ada.ephemerals(channel.id)[0], "ok")
    body = (await site.workspace.until(lambda: site.heard))[0]
    assert body["container"]["is_ephemeral"]
    assert "message" not in body
    async with aiohttp.ClientSession() as session:
        await session.post(body["response_url"], json={"replace_original": True, "text": "changed"})
        assert [one.text for one in ada.ephemerals(channel.id)] == ["changed"]
        await session.post(body["response_url"], json={"delete_original": True})
        assert ada.ephemerals(channel.id) == []


async def test_private_channels_and_direct_messages_hide_their_names(site: Any) -> None:
    @site.bolt.command("/ai-incident")
    async def command(ack: Any, command: dict[str, Any]) -> None:
        await ack()
        site.heard.append(command["channel_name"])

    ada = site.workspace.person("ada")
    await ada.create_channel("secret", private=True)
    for channel in ("general", "secret", ada.dm().id):
        await ada.command("/ai-incident", "", channel)
    assert site.heard == ["general", "privategroup", "directmessage"]


async def test_a_response_url_takes_five_answers_and_then_no_more(site: Any) -> None:
    @site.bolt.command("/ai-incident")
    async def command(ack: Any) -> None:
        await ack()

    result = await site.workspace.person("ada").command("/ai-incident")
    async with aiohttp.ClientSession() as session:
        statuses = []
        for number in range(6):
            answer = await session.post(result.response_url, json={"text": f"answer {number}"})
            statuses.append(answer.status)
        assert statuses == [200] * 5 + [404]


async def test_a_response_url_grows_old(site: Any) -> None:
    @site.bolt.command("/ai-incident")
    async def command(ack: Any) -> None:
        await ack()

    result = await site.workspace.person("ada").command("/ai-incident")
    site.workspace.response_urls.expire_all()
    async with aiohttp.ClientSession() as session:
        answer = await session.post(result.response_url, json={"text": "late"})
        assert (await answer.json())["error"] == "expired_url"


async def test_an_answer_in_the_channel_is_seen_by_all(site: Any) -> None:
    @site.bolt.command("/ai-incident")
    async def command(ack: Any) -> None:
        await ack(text="declared", response_type="in_channel")

    result = await site.workspace.person("ada").command("/ai-incident", "", "ai-incidents")
    seen = site.workspace.person("ben").message("ai-incidents", result.message.ts)
    assert (seen.text, seen.bot_id) == ("declared", site.workspace.app.bot_id)


async def test_a_message_shortcut_brings_the_message_along(site: Any) -> None:
    @site.bolt.shortcut("mark_entry")
    async def mark(ack: Any, body: dict[str, Any]) -> None:
        await ack()
        site.heard.append((body["type"], body["message"]["text"], body["channel"]["name"]))

    ada = site.workspace.person("ada")
    ts = await ada.say("support", "it said something odd")
    await ada.message_shortcut("mark_entry", "support", ts)
    assert site.heard == [("message_action", "it said something odd", "support")]


async def test_only_what_the_manifest_declares_is_offered(bench: Any) -> None:
    manifest = {
        "display_information": {"name": "AI Incident"},
        "features": {
            "slash_commands": [{"command": "/ai-incident", "should_escape": True}],
            "shortcuts": [{"callback_id": "declare", "name": "Declare", "type": "global"}],
        },
        "oauth_config": {"scopes": {"bot": ["commands", "chat:write"]}},
        "settings": {"event_subscriptions": {"bot_events": ["message.channels"]}},
    }
    app = SlackApp.from_manifest(manifest)
    assert (app.scopes, app.shortcuts) == (
        frozenset({"commands", "chat:write"}),
        (Shortcut("declare", "Declare", "global"),),
    )
    site = await bench.http(app)

    @site.bolt.command("/ai-incident")
    async def command(ack: Any, command: dict[str, Any]) -> None:
        await ack()
        site.heard.append(command["text"])

    ada, ben = site.workspace.person("ada"), site.workspace.person("ben")
    with pytest.raises(NotOnScreenError):
        await ada.command("/other")
    with pytest.raises(NotOnScreenError):
        await ada.shortcut("undeclared")
    await ada.command("/ai-incident", "role @ben scribe")
    assert site.heard == [f"role <@{ben.id}|ben> scribe"]


async def test_the_request_url_is_verified_by_a_challenge(site: Any) -> None:
    assert await site.workspace.verify_request_url()
    site.workspace.app.request_url = site.server.url + "/nothing"
    assert not await site.workspace.verify_request_url()


async def test_choices_in_a_message_stay_chosen_for_the_next_press(site: Any) -> None:
    hears_presses(site)

    @site.bolt.action("who")
    async def chosen(ack: Any) -> None:
        await ack()

    menu = {"type": "users_select", "action_id": "who"}
    blocks = [{"type": "actions", "block_id": "acts", "elements": [menu, BUTTON]}]
    ada, channel = site.workspace.person("ada"), site.workspace.channel("ai-incidents")
    ts = (await site.client.chat_postMessage(channel=channel.id, text="card", blocks=blocks))["ts"]
    message = ada.message(channel.id, ts)
    await ada.press(message, "who", selected_user="U1")
    await ada.press(message, "ok")
    body = (await site.workspace.until(lambda: site.heard))[0]
    assert body["state"]["values"]["acts"]["who"]["selected_user"] == "U1"


async def test_one_server_holds_several_workspaces_apart_by_token(bench: Any) -> None:
    app = SlackApp()
    first = seed_workspace(app)
    second = seed_workspace(replace(app, bot_token="xoxb-second"), team=Team("T0SECOND01", "Second", "second"))
    server = WorkspaceServer(first, others=(second,))
    await server.start()
    bench.at_end(server.stop)
    async with aiohttp.ClientSession() as session:
        teams = []
        for token in (app.bot_token, "xoxb-second"):
            headers = {"Authorization": f"Bearer {token}"}
            answer = await session.post(server.api_url + "auth.test", headers=headers)
            teams.append((await answer.json())["team_id"])
    assert teams == ["T0LOCAL001", "T0SECOND01"]


async def test_changes_are_told_to_whoever_listens(site: Any) -> None:
    changes = site.workspace.subscribe()
    ada = site.workspace.person("ada")
    ts = await ada.say("ai-incidents", "news")
    first = await anext(changes)
    assert (first["kind"], first["change"], first["ts"]) == ("message", "posted", ts)
    changes.close()
    with pytest.raises(StopAsyncIteration):
        await anext(changes)


async def test_an_uninstalled_app_is_told_and_shut_out(bench: Any) -> None:
    app = SlackApp(events=frozenset({"app_uninstalled", "tokens_revoked"}))
    site = await bench.workspace(app)
    site.workspace.uninstall()
    assert [one.event["type"] for one in site.workspace.events.deliveries] == ["tokens_revoked", "app_uninstalled"]
    with pytest.raises(SlackApiError, match="account_inactive"):
        await site.client.auth_test()
    with pytest.raises(AppFailureError):
        await site.workspace.person("ada").command("/ai-incident")


async def test_the_app_hears_when_it_is_mentioned_or_written_to(bench: Any) -> None:
    site = await bench.workspace()
    ada = site.workspace.person("ada")
    await ada.say("ai-incidents", "@ai_incident are you there?")
    await ada.say(ada.dm().id, "psst")
    told = [one.event for one in site.workspace.events.deliveries]
    assert [(one["type"], one.get("channel_type")) for one in told] == [
        ("message", "channel"),
        ("app_mention", None),
        ("message", "im"),
    ]
    assert told[1]["text"] == f"<@{site.workspace.app.bot_user_id}> are you there?"


async def test_files_and_broadcast_replies_are_told_as_such(bench: Any) -> None:
    site = await bench.workspace()
    ada = site.workspace.person("ada")
    ts = await ada.say("ai-incidents", "look", files=[("log.txt", b"traceback")])
    await ada.say("ai-incidents", "and this", thread_ts=ts, broadcast=True)
    told = [one.event for one in site.workspace.events.deliveries]
    assert [one.get("subtype") for one in told] == ["file_share", "thread_broadcast"]
    assert (told[0]["files"][0]["name"], told[0]["files"][0]["mimetype"]) == ("log.txt", "text/plain")
    assert told[1]["thread_ts"] == ts
