"""The Web API answers as Slack's does, to the real SDK client."""

from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from app.workspace import SlackApp, pictures
from app.workspace.scopes import SCOPES
from app.workspace.web_api.dispatch import METHODS


async def refusal(call: Any) -> Any:
    with pytest.raises(SlackApiError) as refused:
        await call
    return refused.value.response


async def error(call: Any) -> str:
    return str((await refusal(call))["error"])


@pytest.fixture
async def site(bench: Any) -> Any:
    return await bench.workspace()


def room(site: Any, name: str = "ai-incidents") -> str:
    return str(site.workspace.channel(name).id)


async def test_every_method_has_scopes_and_every_scope_row_a_method(site: Any) -> None:
    assert set(METHODS) == set(SCOPES)


async def test_auth_test_tells_whose_token_it_is_and_its_scopes(site: Any) -> None:
    answer = await site.client.auth_test()
    assert answer["user_id"] == site.workspace.app.bot_user_id
    assert set(answer.headers["x-oauth-scopes"].split(",")) == site.workspace.app.scopes


@pytest.mark.parametrize(("token", "expected"), [("", "not_authed"), ("xoxb-wrong", "invalid_auth")])
async def test_a_wrong_token_is_refused(site: Any, token: str, expected: str) -> None:
    client = AsyncWebClient(token=token, base_url=site.server.api_url)
    assert await error(client.auth_test()) == expected


async def test_tokens_are_for_their_own_methods(site: Any) -> None:
    app_client = AsyncWebClient(token=site.workspace.app.app_token, base_url=site.server.api_url)
    assert await error(app_client.users_list()) == "not_allowed_token_type"
    assert await error(site.client.api_call("apps.connections.open")) == "not_allowed_token_type"


async def test_unknown_methods_are_named(site: Any) -> None:
    assert await error(site.client.api_call("chat.shout")) == "unknown_method"


async def test_a_missing_scope_is_named_with_those_provided(bench: Any) -> None:
    site = await bench.workspace(SlackApp(scopes=frozenset({"channels:manage", "commands"})))
    answer = await refusal(site.client.chat_postMessage(channel=room(site), text="hi"))
    assert (answer["error"], answer["needed"]) == ("missing_scope", "chat:write")
    assert answer["provided"] == "channels:manage,commands"
    private = await refusal(site.client.conversations_create(name="secret", is_private=True))
    assert (private["error"], private["needed"]) == ("missing_scope", "groups:write")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("ai-incidents", "name_taken"),
        ("", "invalid_name_required"),
        ("x" * 81, "invalid_name_maxlength"),
        ("Big", "invalid_name_specials"),
        ("a b", "invalid_name_specials"),
        ("--", "invalid_name_punctuation"),
    ],
)
async def test_channel_names_are_checked(site: Any, name: str, expected: str) -> None:
    assert await error(site.client.conversations_create(name=name)) == expected


async def test_an_archived_channel_keeps_its_name_and_takes_no_messages(site: Any) -> None:
    made = await site.client.conversations_create(name="inc-1")
    channel = made["channel"]["id"]
    await site.client.conversations_archive(channel=channel)
    assert await error(site.client.conversations_create(name="inc-1")) == "name_taken"
    assert await error(site.client.chat_postMessage(channel=channel, text="x")) == "is_archived"
    assert await error(site.client.conversations_archive(channel=channel)) == "already_archived"
    await site.client.conversations_unarchive(channel=channel)
    await site.client.chat_postMessage(channel=channel, text="x")


async def test_a_private_channel_does_not_exist_for_a_bot_outside_it(site: Any) -> None:
    secret = await site.workspace.person("ada").create_channel("secret", private=True)
    assert await error(site.client.conversations_info(channel=secret.id)) == "channel_not_found"
    assert await error(site.client.chat_postMessage(channel=secret.id, text="x")) == "channel_not_found"
    listed = await site.client.conversations_list(types="public_channel,private_channel")
    assert secret.id not in {one["id"] for one in listed["channels"]}
    await site.workspace.person("ada").invite("secret", site.workspace.app.bot_user_id)
    assert (await site.client.conversations_info(channel=secret.id))["channel"]["is_private"]


async def test_inviting_names_everybody_who_could_not_be_invited(site: Any) -> None:
    channel = (await site.client.conversations_create(name="inc-2"))["channel"]["id"]
    ada, ben = site.workspace.person("ada").id, site.workspace.person("ben").id
    await site.client.conversations_invite(channel=channel, users=[ada])
    answer = await refusal(site.client.conversations_invite(channel=channel, users=[ada, ben]))
    assert answer["error"] == "already_in_channel"
    assert answer["errors"] == [{"user": ada, "ok": False, "error": "already_in_channel"}]
    forced = await site.client.conversations_invite(channel=channel, users=[ada, "U9", ben], force=True)
    assert {one["error"] for one in forced["errors"]} == {"already_in_channel", "user_not_found"}
    members = await site.client.conversations_members(channel=channel)
    assert set(members["members"]) == {ada, ben, site.workspace.app.bot_user_id}
    me = site.workspace.app.bot_user_id
    assert await error(site.client.conversations_invite(channel=channel, users=[me])) == "cant_invite_self"


async def test_history_is_paged_newest_first_and_threads_oldest_first(site: Any) -> None:
    ada, channel = site.workspace.person("ada"), room(site)
    said = [await ada.say(channel, f"message {number}") for number in range(5)]
    replies = [await ada.say(channel, f"reply {number}", thread_ts=said[0]) for number in range(3)]
    seen: list[str] = []
    cursor = ""
    while True:
        page = await site.client.conversations_history(
            channel=channel, limit=2, oldest=said[0], inclusive=True, cursor=cursor
        )
        seen += [one["ts"] for one in page["messages"]]
        cursor = (page.get("response_metadata") or {}).get("next_cursor", "")
        if not cursor:
            break
    assert seen == said[::-1]
    thread = await site.client.conversations_replies(channel=channel, ts=said[0])
    assert [one["ts"] for one in thread["messages"]] == [said[0], *replies]
    assert thread["messages"][0]["reply_count"] == 3
    assert await error(site.client.conversations_history(channel=channel, cursor="rubbish")) == "invalid_cursor"


async def test_metadata_is_found_again_in_history(site: Any) -> None:
    metadata = {"event_type": "outbox", "event_payload": {"key": "INC-1:card"}}
    await site.client.chat_postMessage(channel=room(site), text="card", metadata=metadata)
    plain = await site.client.conversations_history(channel=room(site), limit=1)
    assert "metadata" not in plain["messages"][0]
    full = await site.client.conversations_history(channel=room(site), limit=1, include_all_metadata=True)
    assert full["messages"][0]["metadata"] == metadata


async def test_messages_have_limits(site: Any) -> None:
    client, channel = site.client, room(site)
    assert await error(client.api_call("chat.postMessage", json={"channel": channel})) == "no_text"
    cut = await client.chat_postMessage(channel=channel, text="x" * 40_001)
    assert len(site.workspace.message(channel, cut["ts"]).text) == 40_000
    assert await error(client.chat_update(channel=channel, ts=cut["ts"], text="x" * 4_001)) == "msg_too_long"
    sections = [{"type": "section", "text": {"type": "mrkdwn", "text": "x" * 2_900}}] * 5
    refused = client.chat_postMessage(channel=channel, text="x", blocks=sections)
    assert await error(refused) == "msg_blocks_too_long"
    bad = await refusal(client.chat_postMessage(channel=channel, text="x", blocks=[{"type": "shout"}]))
    assert bad["error"] == "invalid_blocks"
    assert "/blocks/0/type" in bad["response_metadata"]["messages"][0]


async def test_an_app_changes_only_its_own_messages(site: Any) -> None:
    channel = room(site)
    theirs = await site.workspace.person("ada").say(channel, "mine")
    assert await error(site.client.chat_update(channel=channel, ts=theirs, text="x")) == "cant_update_message"
    assert await error(site.client.chat_delete(channel=channel, ts=theirs)) == "cant_delete_message"
    assert await error(site.client.chat_update(channel=channel, ts="1.000001", text="x")) == "message_not_found"


async def test_marks_are_made_once(site: Any) -> None:
    channel = room(site)
    ts = (await site.client.chat_postMessage(channel=channel, text="card"))["ts"]
    await site.client.pins_add(channel=channel, timestamp=ts)
    assert await error(site.client.pins_add(channel=channel, timestamp=ts)) == "already_pinned"
    await site.client.reactions_add(channel=channel, timestamp=ts, name="eyes")
    assert await error(site.client.reactions_add(channel=channel, timestamp=ts, name="eyes")) == "already_reacted"
    mark = await site.client.bookmarks_add(channel_id=channel, title="Console", type="link", link="https://x.example")
    listed = await site.client.bookmarks_list(channel_id=channel)
    assert [one["title"] for one in listed["bookmarks"]] == ["Console"]
    await site.client.bookmarks_remove(channel_id=channel, bookmark_id=mark["bookmark"]["id"])
    assert site.workspace.channel(channel).bookmarks == []
    pins = await site.client.pins_list(channel=channel)
    assert pins["items"][0]["message"]["ts"] == ts


async def test_files_are_uploaded_in_three_steps_and_read_back(site: Any) -> None:
    channel = room(site)
    await site.client.files_upload_v2(channel=channel, filename="report.txt", content="k of n failed", title="Trial")
    message = site.workspace.person("ada").messages(channel)[-1]
    assert [file.title for file in message.files] == ["Trial"]
    history = await site.client.conversations_history(channel=channel, limit=1)
    address = history["messages"][0]["files"][0]["url_private"]
    async with aiohttp.ClientSession() as session, session.get(address) as answer:
        assert await answer.text() == "k of n failed"


async def uploaded(site: Any, name: str = "map.png", **to: Any) -> str:
    """The id of a picture that the app has uploaded."""
    given = await site.client.files_getUploadURLExternal(filename=name, length=3)
    async with aiohttp.ClientSession() as session, session.post(given["upload_url"], data=b"png") as answer:
        assert answer.status == 200
    await site.client.files_completeUploadExternal(files=[{"id": given["file_id"], "title": "Map"}], **to)
    return str(given["file_id"])


def picture(file: str) -> list[Any]:
    return [{"type": "image", "slack_file": {"id": file}, "alt_text": "map"}]


async def test_a_picture_in_a_posted_message_is_seen_by_who_sees_the_message(site: Any) -> None:
    channel, ada = room(site), site.workspace.person("ada")
    file = await uploaded(site)
    assert not pictures.visible(site.workspace, ada.id, site.workspace.files[file])
    await site.client.chat_postMessage(channel=channel, text="map", blocks=picture(file))
    assert [one.id for one in pictures.seen(site.workspace, ada.id, ada.messages(channel)[-1])] == [file]


async def test_a_changed_message_shows_a_picture_only_once_it_was_shared_there(site: Any) -> None:
    channel, ada = room(site), site.workspace.person("ada")
    ts = (await site.client.chat_postMessage(channel=channel, text="map"))["ts"]
    unshared = await uploaded(site)
    await site.client.chat_update(channel=channel, ts=ts, text="map", blocks=picture(unshared))
    assert pictures.seen(site.workspace, ada.id, ada.message(channel, ts)) == []
    shared = await uploaded(site, channel_id=channel, thread_ts=ts)
    await site.client.chat_update(channel=channel, ts=ts, text="map", blocks=picture(shared))
    assert [one.id for one in pictures.seen(site.workspace, ada.id, ada.message(channel, ts))] == [shared]


async def test_a_file_that_is_unknown_no_picture_or_too_fresh_is_refused_in_blocks(site: Any) -> None:
    channel = room(site)
    site.workspace.fresh_file_refusals = 1
    file = await uploaded(site)
    for wrong in ("F0NOWHERE", await uploaded(site, "report.txt"), file):
        refused = site.client.chat_postMessage(channel=channel, text="map", blocks=picture(wrong))
        assert await error(refused) == "invalid_blocks"
    assert (await site.client.chat_postMessage(channel=channel, text="map", blocks=picture(file)))["ok"]


async def test_a_deleted_file_takes_the_message_along_that_had_nothing_else(site: Any) -> None:
    channel, ada = room(site), site.workspace.person("ada")
    file = await uploaded(site, channel_id=channel)
    (message,) = [one for one in ada.messages(channel) if one.files]
    await site.client.files_delete(file=file)
    assert message.ts not in {one.ts for one in ada.messages(channel)}
    assert await error(site.client.files_delete(file=file)) == "file_not_found"


async def test_direct_messages_go_to_one_person(site: Any) -> None:
    ada = site.workspace.person("ada")
    opened = await site.client.conversations_open(users=[ada.id])
    await site.client.chat_postMessage(channel=opened["channel"]["id"], text="one")
    await site.client.chat_postMessage(channel=ada.id, text="two")
    assert [one.text for one in ada.dms()] == ["one", "two"]


async def test_an_ephemeral_message_needs_a_member_and_stays_out_of_history(site: Any) -> None:
    channel, ada = room(site), site.workspace.person("ada")
    await site.client.chat_postEphemeral(channel=channel, user=ada.id, text="psst")
    assert [one.text for one in ada.ephemerals(channel)] == ["psst"]
    history = await site.client.conversations_history(channel=channel)
    assert "psst" not in {one.get("text") for one in history["messages"]}
    await ada.leave(channel)
    refused = site.client.chat_postEphemeral(channel=channel, user=ada.id, text="psst")
    assert await error(refused) == "user_not_in_channel"


async def test_people_are_found_by_id_and_address(site: Any) -> None:
    ada = site.workspace.person("ada")
    found = await site.client.users_lookupByEmail(email="ada@meridian.example")
    assert found["user"]["id"] == ada.id
    assert (await site.client.users_info(user=ada.id))["user"]["real_name"] == "Ada Okafor"
    assert await error(site.client.users_info(user="U9")) == "user_not_found"
    first = await site.client.users_list(limit=5)
    rest = await site.client.users_list(limit=5, cursor=first["response_metadata"]["next_cursor"])
    assert len(first["members"]) + len(rest["members"]) == 9


@pytest.mark.filterwarnings("ignore:BasicAuth is deprecated:DeprecationWarning")
async def test_a_code_is_exchanged_once_for_the_token(site: Any) -> None:
    app = site.workspace.app
    client = AsyncWebClient(base_url=site.server.api_url)
    code = site.workspace.oauth_code()
    answer = await client.oauth_v2_access(client_id=app.client_id, client_secret=app.client_secret, code=code)
    assert (answer["access_token"], answer["team"]["id"]) == (app.bot_token, site.workspace.team.id)
    again = client.oauth_v2_access(client_id=app.client_id, client_secret=app.client_secret, code=code)
    assert await error(again) == "invalid_code"


async def test_every_call_is_on_the_log(site: Any) -> None:
    await site.client.chat_postMessage(channel=room(site), text="hi")
    await error(site.client.chat_postMessage(channel="C0", text="hi"))
    assert [(one.method, one.outcome) for one in site.workspace.calls] == [
        ("chat.postMessage", "ok"),
        ("chat.postMessage", "channel_not_found"),
    ]
    assert site.workspace.calls[0].args["text"] == "hi"


async def test_rate_limits_are_off_until_asked_for(site: Any) -> None:
    site.workspace.rate_limited = True
    await site.client.chat_postMessage(channel=room(site), text="one")
    answer = await refusal(site.client.chat_postMessage(channel=room(site), text="two"))
    assert (answer["error"], answer.status_code) == ("ratelimited", 429)
    assert int(answer.headers["Retry-After"]) >= 1


async def test_an_update_keeps_what_it_does_not_name(site: Any) -> None:
    channel = room(site)
    blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": "card"}}]
    metadata = {"event_type": "card", "event_payload": {}}
    posted = await site.client.chat_postMessage(channel=channel, text="one", blocks=blocks, metadata=metadata)
    message = site.workspace.message(channel, posted["ts"])
    await site.client.chat_update(channel=channel, ts=message.ts, text="two")
    assert (message.text, message.blocks[0]["text"]["text"], message.metadata) == ("two", "card", metadata)
    await site.client.chat_update(channel=channel, ts=message.ts, text="three", blocks=[], metadata={})
    assert (message.text, message.blocks, message.metadata) == ("three", [], None)


async def test_the_apps_own_posts_come_back_as_events_with_its_ids(bench: Any) -> None:
    site = await bench.workspace()
    await site.client.chat_postMessage(channel=room(site), text="mine")
    event = site.workspace.events.deliveries[-1].event
    app = site.workspace.app
    assert (event["user"], event["bot_id"], event["app_id"]) == (app.bot_user_id, app.bot_id, app.app_id)


async def test_channel_life_is_told_as_events_and_lines(bench: Any) -> None:
    site = await bench.workspace()
    channel = (await site.client.conversations_create(name="inc-3"))["channel"]["id"]
    ada = site.workspace.person("ada")
    await site.client.conversations_invite(channel=channel, users=[ada.id])
    await site.client.conversations_setTopic(channel=channel, topic="SEV 1")
    await site.client.conversations_rename(channel=channel, name="inc-3-leak")
    await ada.archive(channel)
    told = [(one.event["type"], one.event.get("subtype")) for one in site.workspace.events.deliveries]
    assert told == [
        ("message", "channel_join"),
        ("member_joined_channel", None),
        ("message", "channel_join"),
        ("member_joined_channel", None),
        ("message", "channel_topic"),
        ("message", "channel_name"),
        ("channel_rename", None),
        ("message", "channel_archive"),
        ("channel_archive", None),
    ]


async def test_with_rotation_each_token_expires_and_is_renewed_once(bench: Any) -> None:
    app = SlackApp(token_lifetime_seconds=43_200)
    site = await bench.workspace(app)
    client = AsyncWebClient(base_url=site.server.api_url)

    def access(**what: str) -> Any:
        credentials = {"client_id": app.client_id, "client_secret": app.client_secret}
        return client.api_call("oauth.v2.access", data=credentials | what)

    first = await access(code=site.workspace.oauth_code())
    assert first["expires_in"] == 43_200
    await client.auth_test(token=first["access_token"])
    site.workspace.tokens.expire_all()
    assert await error(client.auth_test(token=first["access_token"])) == "token_expired"
    renewal = {"grant_type": "refresh_token", "refresh_token": first["refresh_token"]}
    second = await access(**renewal)
    assert second["access_token"] != first["access_token"]
    await client.auth_test(token=second["access_token"])
    assert await error(access(**renewal)) == "invalid_refresh_token"
    site.workspace.uninstall()
    assert await error(client.auth_test(token=second["access_token"])) == "invalid_auth"
