"""The gateway does to a workspace what the chat port promises."""

from __future__ import annotations

import pytest

from app.domain.channel_event import Said
from app.domain.notices import Card, DeclarationFailed, Opening, Problem, UpdateDue
from app.ports.chat import Attachment, Channel, ChatBusy, ChatRefused, ChatUnsure, Posted, Profile, Refusal
from app.slack.gateway.files import trusted
from app.slack.views.declare import declare_form
from app.workspace import faults
from tests.slack.samples import NOW, SAMPLES

INCIDENT = SAMPLES["calm"].incident()
CARD = Card(INCIDENT, {})
NUDGE = UpdateDue(INCIDENT, NOW, 5)
ADA, BEN = "U0000000001", "U0000000002"


@pytest.fixture
def chat(slack):
    return slack.gateway


@pytest.fixture
async def room(chat):
    return await chat.create_channel("inc-7-20261123-agent", private=False)


def calls(workspace, method):
    return [call for call in workspace.calls if call.method == method]


async def test_only_the_configured_workspace_is_known(slack, workspace):
    assert await slack.of(workspace.team.id) is slack.gateway
    with pytest.raises(ChatRefused, match="not_installed"):
        await slack.of("T0OTHER")
    assert len(calls(workspace, "auth.test")) == 1


async def test_a_channel_is_created_and_found_again(chat, workspace, room):
    assert workspace.channel(room.id).kind == "public"
    assert await chat.find_channel(room.name, private=False) == room
    assert await chat.find_channel(room.name, private=True) is None
    secret = await chat.create_channel("inc-8-20261123", private=True)
    assert workspace.channel(secret.id).kind == "private"
    assert await chat.find_channel("inc-8-20261123", private=True) == secret


async def test_a_channel_of_somebody_else_is_not_found(chat, workspace):
    await workspace.person("ada").create_channel("inc-9-20261123")
    assert await chat.find_channel("inc-9-20261123", private=False) is None
    with pytest.raises(ChatRefused) as refused:
        await chat.create_channel("inc-9-20261123", private=False)
    assert refused.value.code == "name_taken"


async def test_those_who_can_be_invited_are_and_the_others_are_named(chat, workspace, room):
    workspace.user("ben").deleted = True
    refused = await chat.invite(room.id, [ADA, BEN, "U0000000003", "U0NOBODY", ADA])
    assert {ADA, "U0000000003"} <= set(workspace.channel(room.id).members)
    assert {one.user for one in refused} == {BEN, "U0NOBODY"}
    assert await chat.invite(room.id, [ADA]) == []
    assert await chat.invite(room.id, []) == []
    assert await chat.invite(room.id, ["U0NOBODY"]) == [Refusal("U0NOBODY", "user_not_found")]


async def test_an_invitation_into_a_channel_that_is_gone_is_refused_as_a_whole(chat):
    with pytest.raises(ChatRefused, match="channel_not_found"):
        await chat.invite("C0NOWHERE", [ADA])


async def test_topic_and_purpose_fit_into_slacks_limit(chat, workspace, room):
    await chat.set_topic(room.id, "SEV2 " * 100)
    await chat.set_purpose(room.id, "Response to INC-7")
    assert len(workspace.channel(room.id).topic.value) <= 250
    assert workspace.channel(room.id).purpose.value == "Response to INC-7"


async def test_what_was_posted_is_found_by_its_key(chat, room):
    posted = await chat.post(room.id, CARD, key="INC-7:card")
    await chat.post(room.id, NUDGE, key="INC-7:nudge")
    assert await chat.find(room.id, "INC-7:card") == posted
    assert await chat.find(room.id, "INC-7:nothing") is None
    assert await chat.find(room.id, "INC-7:card", since_ts="9999999999.000000") is None


async def test_a_post_into_a_channel_by_name_is_found_by_name(chat, workspace, slack):
    posted = await chat.post("ai-incidents", CARD, key="INC-7:announcement")
    assert posted.channel == workspace.channel("ai-incidents").id
    assert await chat.find("ai-incidents", "INC-7:announcement") == posted
    chat._channel_ids.clear()
    assert await chat.find("ai-incidents", "INC-7:announcement") == posted
    assert await chat.find("no-such-channel", "INC-7:announcement") is None


async def test_a_message_is_updated_and_deleted_and_gone_is_fine(chat, workspace, room):
    posted = await chat.post(room.id, NUDGE, key="k")
    await chat.update(room.id, posted.ts, UpdateDue(INCIDENT, NOW, 5, late=True))
    assert "late" in workspace.message(room.id, posted.ts).text
    await chat.delete(room.id, posted.ts)
    await chat.delete(room.id, posted.ts)
    assert posted.ts not in workspace.channel(room.id).messages
    with pytest.raises(ChatRefused, match="message_not_found"):
        await chat.update(room.id, posted.ts, CARD)


async def test_a_person_is_told_directly_and_it_is_found(chat, workspace):
    posted = await chat.tell(ADA, Problem(INCIDENT, "The channel has no topic.", "Set one."), key="p")
    ada = workspace.person("ada")
    assert [message.ts for message in ada.dms()] == [posted.ts]
    assert await chat.find(ADA, "p") == posted


async def test_pins_and_bookmarks_may_be_repeated(chat, workspace, room):
    posted = await chat.post(room.id, CARD, key="k")
    for _ in range(2):
        await chat.pin(room.id, posted.ts)
        await chat.add_bookmark(room.id, "Incident card", "https://x.example/1")
    channel = workspace.channel(room.id)
    assert len(channel.pins) == len(channel.bookmarks) == 1


async def test_an_open_form_shows_the_outcome_and_a_closed_one_refuses(chat, workspace, slack):
    ada = workspace.person("ada")
    trigger = workspace.triggers.issue(ada.id)
    view_id = (await slack.calls.call("views.open", trigger_id=trigger, view=declare_form()))["view"]["id"]
    shown = {
        "INC-7 is open": Opening(INCIDENT),
        "No channel.": Problem(INCIDENT, "No channel.", "Ask."),
        "Nothing was declared": DeclarationFailed("a", "b"),
    }
    for words, notice in shown.items():
        await chat.show(view_id, notice)
        assert words in str(ada.modal().blocks)
    await ada.close(ada.modal())
    with pytest.raises(ChatRefused):
        await chat.show(view_id, Opening(INCIDENT))


async def test_permalinks_are_worked_out_without_a_call(chat, server, workspace, room):
    link = await chat.permalink(room.id, "1700000000.000100", "1600000000.000100")
    assert link == (f"{server.url}/archives/{room.id}/p1700000000000100?thread_ts=1600000000.000100&cid={room.id}")
    assert "?" not in await chat.permalink(room.id, "1700000000.000100", "1700000000.000100")
    assert not calls(workspace, "chat.getPermalink")


async def test_people_are_known_and_asked_for_once(chat, workspace):
    ada = await chat.profile(ADA)
    assert ada == Profile(ADA, workspace.user("ada").name, zone="Etc/UTC")
    assert await chat.profile(ADA) == ada
    assert await chat.profile("U0NOBODY") is None
    assert (await chat.profile(workspace.app.bot_user_id)).is_bot
    assert len(calls(workspace, "users.info")) == 3


async def test_history_has_the_messages_of_others_with_threads_edits_and_files(chat, workspace, room):
    ada, ben = workspace.person("ada"), workspace.person("ben")
    await chat.post(room.id, CARD, key="k")
    first = await ada.say(room.id, "it deletes orders", files=[("log.txt", b"x")])
    reply = await ben.say(room.id, "since when?", thread_ts=first)
    later = await ada.say(room.id, "since nine")
    await ada.edit(room.id, later, "since ten")
    everything = [said async for said in chat.history(room.id, since_ts="0")]
    assert {said.ts for said in everything} == {first, reply, later}
    assert all(isinstance(said, Said) and said.team == workspace.team.id for said in everything)
    by_ts = {said.ts: said for said in everything}
    assert by_ts[first].files[0]["name"] == "log.txt"
    assert by_ts[reply].thread_ts == first
    assert by_ts[later].text == "since ten"
    assert by_ts[later].edited_ts


async def test_history_since_a_moment_has_late_replies_and_late_edits_of_old_messages(chat, workspace, room):
    ada = workspace.person("ada")
    old = await ada.say(room.id, "an old thread")
    wrong = await ada.say(room.id, "70%")
    since = await ada.say(room.id, "the last one we know")
    reply = await ada.say(room.id, "a late reply", thread_ts=old)
    await ada.edit(room.id, wrong, "17%")
    assert {said.ts async for said in chat.history(room.id, since_ts=since)} == {reply, wrong}


async def test_a_limit_is_told_as_busy_and_keeps_everybody_from_that_method(chat, workspace, room):
    workspace.faults.add("chat.postMessage", faults.ratelimited(30))
    with pytest.raises(ChatBusy) as busy:
        await chat.post(room.id, CARD, key="k")
    assert busy.value.retry_after_seconds == 30
    before = len(workspace.calls)
    with pytest.raises(ChatBusy) as still:
        await chat.post("ai-incidents", CARD, key="k2")
    assert 25 < still.value.retry_after_seconds <= 30
    assert len(workspace.calls) == before
    await chat.set_topic(room.id, "other methods go on")


@pytest.mark.parametrize(
    "fault", [faults.lost_answer(), faults.dropped(), faults.http_500()], ids=lambda fault: fault.name
)
async def test_a_lost_answer_leaves_a_doubt_about_posting_and_none_about_updating(chat, workspace, room, fault):
    posted = await chat.post(room.id, CARD, key="k")
    workspace.faults.add("chat.postMessage", fault)
    workspace.faults.add("chat.update", fault)
    with pytest.raises(ChatUnsure):
        await chat.post(room.id, CARD, key="k2")
    with pytest.raises(ChatBusy):
        await chat.update(room.id, posted.ts, CARD)


async def test_a_server_that_is_away_is_busy(server, slack):
    await server.stop()
    with pytest.raises(ChatBusy, match="not_connected"):
        await slack.gateway.create_channel("inc-1", private=False)


async def test_a_missing_scope_is_refused_naming_it(chat, workspace):
    workspace.app.scopes = workspace.app.scopes - {"channels:manage"}
    with pytest.raises(ChatRefused) as refused:
        await chat.create_channel("inc-1", private=False)
    assert refused.value.code == "missing_scope"
    assert "channels:manage" in refused.value.detail


async def test_the_types_are_those_of_the_port(chat, room):
    assert isinstance(room, Channel)
    assert isinstance(await chat.post(room.id, CARD, key="k"), Posted)


PNG = Attachment("map.png", b"\x89PNG drawn", "Support bot takes from the ledger. " * 50)


async def test_a_file_is_handed_over_unseen_then_shared_in_a_thread_and_removed(chat, workspace, room):
    where = await chat.post(room.id, CARD, key="k")
    file = await chat.upload(PNG)
    assert workspace.files[file].content == PNG.content
    assert workspace.files[file].shared_in == set()
    assert len(calls(workspace, "files.getUploadURLExternal")[0].args["alt_txt"]) <= 1000
    assert not await chat.is_shared(file, where)
    await chat.share(file, "Dependencies", where)
    assert await chat.is_shared(file, where)
    assert workspace.files[file].shared_in == {room.id}
    await chat.remove_file(file)
    assert not await chat.is_shared(file, where)
    await chat.remove_file(file)


@pytest.mark.parametrize("fault", [faults.http_500(), faults.dropped(), faults.lost_answer()], ids=lambda one: one.name)
async def test_a_file_that_may_not_have_arrived_may_be_handed_over_again(chat, workspace, fault):
    workspace.faults.add("upload", fault)
    with pytest.raises(ChatBusy):
        await chat.upload(PNG)
    assert await chat.upload(PNG)


async def test_a_lost_answer_leaves_in_doubt_whether_a_file_was_shared(chat, workspace, room):
    where = await chat.post(room.id, CARD, key="k")
    file = await chat.upload(PNG)
    workspace.faults.add("files.completeUploadExternal", faults.lost_answer())
    with pytest.raises(ChatUnsure):
        await chat.share(file, "Dependencies", where)
    assert await chat.is_shared(file, where)


async def test_a_file_goes_nowhere_but_to_slack(chat, workspace):
    workspace.base_url = "http://127.0.0.2:9"
    with pytest.raises(ChatRefused, match="upload_address_refused"):
        await chat.upload(PNG)


@pytest.mark.parametrize(
    ("address", "fits"),
    [
        ("https://files.slack.com/upload/v1/abc", True),
        ("https://slack.com/upload", True),
        ("https://files.slack-gov.com/upload/v1/abc", True),
        ("http://127.0.0.1:8700/upload/F1", True),
        ("http://files.slack.com/upload/v1/abc", False),
        ("https://files.slack.com:8443/upload", False),
        ("https://files.slack.com@evil.example/upload", False),
        ("https://notslack.com/upload", False),
        ("https://slack.com.evil.example/upload", False),
        ("http://127.0.0.1:8701/upload/F1", False),
        ("https://127.0.0.1:8700/upload/F1", False),
        ("https://[broken/upload", False),
        ("/upload", False),
        ("", False),
    ],
)
def test_an_address_for_files_is_slacks_own_or_the_configured_one(address, fits):
    assert trusted(address, "http://127.0.0.1:8700/api/") is fits
