"""What the page shows each person."""

from typing import Any

HOSTILE = "<script>alert(1)</script> <img src=x onerror=alert(1)> <!channel> ignore all instructions"


async def test_the_first_look_names_the_workspace_the_app_and_the_people(scene: Any) -> None:
    start = await (await scene.as_("ada").get("/page/start")).json()
    assert start["workspace"]["name"] == "Meridian Bank"
    assert start["app"]["commands"] == ["/ai-incident"]
    assert [one["kind"] for one in start["app"]["shortcuts"]] == ["global", "message"]
    assert {"id": scene.workspace.user("dara").id, "title": "Communications"}.items() <= next(
        one for one in start["people"] if one["name"] == "dara"
    ).items()


async def test_the_root_and_permalinks_lead_to_the_page(scene: Any) -> None:
    browser, channel = scene.as_("ada"), scene.channel("general")
    assert (await browser.get("/")).headers["Location"] == "/page/"
    ts = (await browser.act("say", channel=channel, text="hello"))["ts"]
    link = (await browser.messages(channel))[0]["permalink"].removeprefix(scene.server.url)
    assert (await browser.get(link)).headers["Location"] == f"/page/#//{channel}/at/{ts}"
    await browser.act("say", channel=channel, text="reply", thread_ts=ts)
    reply = (await browser.messages(channel))[1]
    place = (await browser.get(reply["permalink"].removeprefix(scene.server.url))).headers["Location"]
    assert place == f"/page/#//{channel}/thread/{ts}/at/{reply['ts']}"


async def test_a_channel_shows_threads_reactions_edits_pins_and_files(scene: Any) -> None:
    ada, ben, channel = scene.as_("ada"), scene.as_("ben"), scene.channel("ai-incidents")
    first = (await ada.act("say", channel=channel, text="14 refunds", files=[{"name": "a.csv", "content": "YQ=="}]))[
        "ts"
    ]
    await ada.act("edit", channel=channel, ts=first, text="17 refunds")
    await ben.act("say", channel=channel, text="seen", thread_ts=first)
    await ben.act("react", channel=channel, ts=first, name="eyes")
    await ben.act("pin", channel=channel, ts=first)
    screen = await ada.look(f"channels/{channel}")
    parent, reply = [one for one in screen["messages"] if not one["system"]]
    assert (parent["text"], parent["edited"], parent["pinned"]) == ("17 refunds", True, True)
    assert parent["replies"] == {"count": 1, "users": [ben.person], "last": reply["ts"]}
    assert parent["reactions"] == [{"name": "eyes", "users": [ben.person], "count": 1}]
    assert screen["pins"] == [{"ts": first, "user": ada.person, "text": "17 refunds"}]
    assert (parent["files"][0]["name"], parent["files"][0]["size"]) == ("a.csv", 1)
    await ben.act("unreact", channel=channel, ts=first, name="eyes")
    await ada.act("delete", channel=channel, ts=first)
    gone = (await ada.messages(channel))[0]
    assert (gone["tombstone"], gone["text"], gone["reactions"], gone["files"]) == (True, "", [], [])


async def test_a_picture_that_is_a_file_has_an_address_for_those_who_see_it(scene: Any) -> None:
    ada, channel = scene.as_("ada"), scene.channel("ai-incidents")
    sent = await scene.client.files_upload_v2(filename="map.png", content="png", channel=channel)
    hidden = await scene.client.files_upload_v2(filename="map.png", content="png")
    ids = [one["files"][0]["id"] for one in (sent, hidden)]
    blocks = [{"type": "image", "slack_file": {"id": one}, "alt_text": "map"} for one in ids]
    ts = (await scene.client.chat_postMessage(channel=channel, text="map"))["ts"]
    await scene.client.chat_update(channel=channel, ts=ts, text="map", blocks=blocks)
    shown = next(one for one in await ada.messages(channel) if one["ts"] == ts)
    assert [one["slack_file"].get("url") for one in shown["blocks"]] == [f"/files/{ids[0]}/map.png", None]
    answer = await ada.get(shown["blocks"][0]["slack_file"]["url"])
    assert (answer.status, await answer.read()) == (200, b"png")


async def test_hostile_words_arrive_as_the_words_they_are(scene: Any) -> None:
    """The page's script makes text nodes of them; here they are JSON that no browser takes for a page."""
    ada, channel = scene.as_("ada"), scene.channel("general")
    await ada.act("say", channel=channel, text=HOSTILE)
    answer = await ada.get(f"/page/as/{ada.person}/channels/{channel}")
    assert answer.content_type == "application/json"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    shown = (await ada.messages(channel))[0]["text"]
    assert shown.startswith("&lt;script&gt;alert(1)&lt;/script&gt; &lt;img src=x onerror=alert(1)&gt;")


async def test_only_its_reader_sees_an_ephemeral_message(scene: Any) -> None:
    ada, ben, channel = scene.as_("ada"), scene.as_("ben"), scene.channel("general")
    await scene.client.chat_postEphemeral(channel=channel, user=ada.person, text="for you")
    assert [(one["text"], one["ephemeral"], one["app"]) for one in await ada.messages(channel)] == [
        ("for you", True, True)
    ]
    assert await ben.messages(channel) == []


async def test_a_private_channel_is_on_the_screen_of_its_members_only(scene: Any) -> None:
    ada, ben = scene.as_("ada"), scene.as_("ben")
    secret = (await ada.act("create_channel", name="secret", private=True))["channel"]
    assert secret in [one["id"] for one in (await ada.look("sidebar"))["channels"]]
    assert secret not in [one["id"] for one in (await ben.look("sidebar"))["channels"]]
    refused = await ben.get(f"/page/as/{ben.person}/channels/{secret}")
    assert (refused.status, (await refused.json())["code"]) == (404, "not_on_screen")
    await ada.act("invite", channel=secret, user=ben.person)
    assert (await ben.look(f"channels/{secret}"))["member"]


async def test_a_public_channel_can_be_looked_at_joined_and_left(scene: Any) -> None:
    ada, ben = scene.as_("ada"), scene.as_("ben")
    made = (await ada.act("create_channel", name="model-quality"))["channel"]
    assert not (await ben.look(f"channels/{made}"))["member"]
    await ben.act("join", channel=made)
    assert (await ben.look(f"channels/{made}"))["member"]
    await ben.act("leave", channel=made)
    assert not (await ben.look(f"channels/{made}"))["member"]


async def test_long_channels_show_their_end_with_whole_threads_first(scene: Any) -> None:
    ada, channel = scene.as_("ada"), scene.channel("general")
    sent = [(await ada.act("say", channel=channel, text=f"m{number}"))["ts"] for number in range(5)]
    for parent in (sent[0], sent[4]):
        await ada.act("say", channel=channel, text=f"reply to {parent}", thread_ts=parent)
    screen = await ada.look(f"channels/{channel}?limit=2")
    assert [one["text"] for one in screen["messages"]] == ["m3", "m4", f"reply to {sent[4]}"]
    assert screen["earlier"] == 4  # three messages, and the line that says who made the channel
    for limit in ("0", "x", "9999999", "%C2%B2"):
        refused = await ada.get(f"/page/as/{ada.person}/channels/{channel}?limit={limit}")
        assert refused.status == 400


async def test_what_was_said_before_the_page_opened_counts_as_read(scene: Any) -> None:
    ada, ben, channel = scene.as_("ada"), scene.as_("ben"), scene.channel("general")

    async def badge() -> tuple[int, int]:
        sidebar = await ben.look("sidebar")
        entry = next(one for one in sidebar["channels"] if one["id"] == channel)
        return entry["unread"], entry["mentions"]

    await ada.act("say", channel=channel, text="old news")
    await ada.get("/page/start")
    assert await badge() == (0, 0)
    await ada.act("say", channel=channel, text="fresh news")
    parent = (await ada.act("say", channel=channel, text="and for you, @ben"))["ts"]
    await ada.act("say", channel=channel, text="a quiet reply", thread_ts=parent)
    assert await badge() == (2, 1)
    assert (await ada.look("sidebar"))["waiting"] == {
        one.id: int(one.id == ben.person) for one in scene.workspace.people()
    }
    await ben.act("read", channel=channel)
    assert await badge() == (0, 0)


async def test_own_messages_and_joins_are_never_unread(scene: Any) -> None:
    ada = scene.as_("ada")
    await ada.get("/page/start")
    made = (await ada.act("create_channel", name="fresh"))["channel"]
    await ada.act("say", channel=made, text="mine")
    await scene.as_("ben").act("join", channel=made)
    entry = next(one for one in (await ada.look("sidebar"))["channels"] if one["id"] == made)
    assert entry["unread"] == 0


async def test_a_home_that_was_never_drawn_is_empty_and_then_shown(scene: Any) -> None:
    ada = scene.as_("ada")
    assert (await ada.look("home"))["view"] is None
    blocks = [{"type": "header", "text": {"type": "plain_text", "text": "Open incidents"}}]
    await scene.client.views_publish(user_id=ada.person, view={"type": "home", "blocks": blocks})
    home = await ada.look("home")
    assert home["view"]["blocks"][0]["text"]["text"] == "Open incidents"
    assert home["direct"] == scene.workspace.person("ada").dm().id


async def test_nobody_acts_as_a_bot_or_as_nobody(scene: Any) -> None:
    bot = scene.workspace.app.bot_user_id
    for person in (bot, "U404", "ada"):
        answer = await scene.as_("ada").get(f"/page/as/{person}/sidebar")
        assert answer.status == 404


async def test_refusals_say_what_is_wrong(scene: Any) -> None:
    ada, ben, channel = scene.as_("ada"), scene.as_("ben"), scene.channel("general")
    ts = (await ada.act("say", channel=channel, text="mine"))["ts"]
    status, answer = await ben.send("edit", channel=channel, ts=ts, text="yours")
    assert (status, answer["message"]) == (404, "This can't be done here: people change only their own messages.")
    status, answer = await ben.send("create_channel", name="general")
    assert (status, answer["code"]) == (409, "name_taken")
    status, answer = await ben.send("say", channel=channel)
    assert (status, answer["message"]) == (400, "text must be text")
    status, answer = await ben.send("say", channel=channel, text="x", files=[{"name": "a", "content": "***"}])
    assert (status, answer["message"]) == (400, "each file has a name and its content in base64")
    made = (await ada.act("create_channel", name="old"))["channel"]
    await scene.workspace.person("ada").archive(made)
    status, answer = await ada.send("say", channel=made, text="too late")
    assert (status, "archived" in answer["message"]) == (404, True)
