"""What is said, edited, deleted, threaded and marked in the channel becomes the timeline."""

from __future__ import annotations

from typing import Any

from tests.scenarios.scene import Scene, words


async def entries(scene: Scene, mark: str | None = None) -> list[dict[str, Any]]:
    timeline = (await scene.record())["timeline"]
    return [entry for entry in timeline if mark is None or entry["mark"] == mark]


async def entry_of(scene: Scene, ts: str) -> dict[str, Any]:
    (entry,) = [entry for entry in await entries(scene) if entry["source"]["ts"] == ts]
    return entry


async def test_a_message_is_an_entry_in_its_own_words_at_its_own_time(scene: Scene) -> None:
    room = await scene.declare()
    ts = await scene.person("ada").say(room.id, "Accuracy fell to 61 % at 09:40 <b>now</b> & then")
    await scene.settled()

    entry = await entry_of(scene, ts)

    assert entry["text"] in (
        "Accuracy fell to 61 % at 09:40 <b>now</b> & then",
        "Accuracy fell to 61 % at 09:40 &lt;b&gt;now&lt;/b&gt; &amp; then",
    )
    assert entry["author"] == scene.person("ada").id
    assert room.id in entry["permalink"]


async def test_an_edit_keeps_the_old_words_and_a_deletion_keeps_them_all(scene: Scene) -> None:
    room = await scene.declare()
    ada = scene.person("ada")
    ts = await ada.say(room.id, "14 customers are affected")
    await ada.edit(room.id, ts, "37 customers are affected")
    await ada.delete(room.id, ts)
    await scene.settled()

    entry = await entry_of(scene, ts)

    assert entry["text"] == "37 customers are affected"
    assert [revision["text"] for revision in entry["revisions"]] == ["14 customers are affected"]
    assert entry["deleted_at"] is not None


async def test_replies_and_files_are_kept_with_where_they_belong(scene: Scene) -> None:
    room = await scene.declare()
    ada, ben = scene.person("ada"), scene.person("ben")
    question = await ada.say(room.id, "Is the agent still running?")
    reply = await ben.say(room.id, "No, stopped at 10:02", thread_ts=question, files=[("stop.log", b"stopped")])
    await scene.settled()

    entry = await entry_of(scene, reply)

    assert entry["source"]["thread_ts"] == question
    assert [file["name"] for file in entry["files"]] == ["stop.log"]


async def test_a_bot_s_message_is_an_entry_and_our_own_routine_ones_are_not(scene: Scene) -> None:
    room = await scene.declare()
    await scene.person("ada").invite(room.id, "penny")
    ts = await scene.person("penny").say(room.id, "I only removed duplicates.")
    await scene.settled()

    assert (await entry_of(scene, ts))["author"] in ("U00000PENNY", "B00000PENNY")
    ours = {message.ts for message in scene.ours(room)}
    assert not ours & {entry["source"]["ts"] for entry in await entries(scene)}


async def test_a_reaction_marks_a_message_and_taking_it_off_unmarks_it(scene: Scene) -> None:
    room = await scene.declare()
    ada, ben = scene.person("ada"), scene.person("ben")
    ts = await ada.say(room.id, "Roll back to the old model")
    await ben.react(room.id, ts, "dart")
    await scene.settled()
    assert (await entry_of(scene, ts))["mark"] == "decision"

    await ben.unreact(room.id, ts, "dart")
    await scene.settled()

    assert (await entry_of(scene, ts))["mark"] == "note"


async def test_the_message_shortcut_gives_a_message_a_mark(scene: Scene) -> None:
    room = await scene.declare()
    ada = scene.person("ada")
    ts = await ada.say(room.id, "Revenue of 2 hours is lost")
    await scene.settled()

    await ada.message_shortcut("mark_entry", room.id, ts)
    form = await scene.workspace.until(ada.modal)
    await ada.submit(form, {"mark": "impact"})
    await scene.settled()

    assert (await entry_of(scene, ts))["mark"] == "impact"


async def test_subcommands_write_marked_entries(scene: Scene) -> None:
    room = await scene.declare()

    for subcommand in ("note", "decision", "action", "hypothesis", "ruled-out"):
        await scene.command("ada", f"{subcommand} words for {subcommand}", room.id)

    told = {entry["mark"]: entry["text"] for entry in await entries(scene) if "words for" in entry["text"]}
    assert set(told) == {"note", "decision", "action", "hypothesis", "ruled_out"}


async def test_unknowns_are_numbered_and_say_who_answered_where(scene: Scene) -> None:
    room = await scene.declare()
    await scene.command("ada", "unknown How many customers saw it?", room.id)
    await scene.command("ben", "unknown Since when?", room.id)

    await scene.command("ben", "answer 2 Since 08:12 UTC", room.id)

    first, second = (await scene.record())["unknowns"]
    assert (first["text"], first["answered_at"]) == ("How many customers saw it?", None)
    answer = next(entry for entry in await entries(scene) if entry["id"] == second["answer_entry"])
    assert answer["author"] == scene.person("ben").id
    assert "Since 08:12 UTC" in answer["text"]


async def test_what_was_said_while_the_product_was_down_is_in_the_record_after_its_start(scene: Scene) -> None:
    room = await scene.declare()
    ada = scene.person("ada")
    before = await ada.say(room.id, "first words")
    await scene.settled()
    await scene.stop_product()
    during = await ada.say(room.id, "said while the bot was down")
    await ada.edit(room.id, before, "better words")
    await scene.start_product()

    await scene.workspace.until(lambda: any(call.method == "conversations.history" for call in scene.workspace.calls))
    await scene.settled()

    assert (await entry_of(scene, during))["text"] == "said while the bot was down"
    assert (await entry_of(scene, before))["text"] == "better words"


async def test_a_message_of_forty_thousand_characters_is_kept_whole(scene: Scene) -> None:
    room = await scene.declare()
    ts = await scene.person("ada").say(room.id, "x" * 40_000)
    await scene.settled()

    assert len((await entry_of(scene, ts))["text"]) == 40_000


async def test_a_question_mark_makes_a_message_an_unknown_and_a_check_on_a_reply_answers_it(scene: Scene) -> None:
    room = await scene.declare()
    ada, ben = scene.person("ada"), scene.person("ben")
    question = await ada.say(room.id, "Was payment data shown?")
    await ben.react(room.id, question, "question")
    reply = await ben.say(room.id, "No, the tool log shows none.", thread_ts=question)
    await ada.react(room.id, reply, "white_check_mark")
    await scene.settled()

    (unknown,) = (await scene.record())["unknowns"]

    assert unknown["text"] == "Was payment data shown?"
    assert unknown["answer_entry"] == (await entry_of(scene, reply))["id"]
    assert "No open unknowns" in words(scene.card(room))


async def test_an_unknown_is_raised_and_answered_in_its_list(scene: Scene) -> None:
    room = await scene.declare()
    ada = scene.person("ada")
    await ada.press(scene.card(room), "unknown.open")
    listed = await scene.workspace.until(ada.modal)

    sent = await ada.submit(listed, {"text": "Who saw it?"})
    await ada.press(sent.view, "unknown.answer", value="INC-1:1")
    await scene.settled()
    await ada.submit(ada.modal(), {"text": "Nobody outside."})
    await scene.settled()

    (unknown,) = (await scene.record())["unknowns"]
    assert unknown["answered_at"] is not None
    assert "answered" in words(ada.modal())


async def test_an_entry_is_added_by_the_panel_s_form(scene: Scene) -> None:
    room = await scene.declare()
    ada = scene.person("ada")
    await scene.command("ada", "", room.id)
    (panel,) = ada.ephemerals(room.id)
    await ada.press(panel, "entry.open")
    form = await scene.workspace.until(ada.modal)

    await ada.submit(form, {"mark": "impact", "text": "Two hours of revenue are lost"})
    await scene.settled()

    (entry,) = await entries(scene, "impact")
    assert (entry["text"], entry["author"]) == ("Two hours of revenue are lost", ada.id)


async def test_a_deleted_question_keeps_its_thread(scene: Scene) -> None:
    room = await scene.declare()
    ada, ben = scene.person("ada"), scene.person("ben")
    question = await ada.say(room.id, "Is it the vendor?")
    reply = await ben.say(room.id, "Their status page is green.", thread_ts=question)
    await ada.delete(room.id, question)
    await scene.settled()

    assert (await entry_of(scene, question))["deleted_at"] is not None
    assert (await entry_of(scene, question))["text"] == "Is it the vendor?"
    assert (await entry_of(scene, reply))["deleted_at"] is None


async def test_events_that_come_twice_late_and_in_any_order_make_the_same_record(scene: Scene) -> None:
    room = await scene.declare()
    ada = scene.person("ada")
    scene.workspace.events.duplicate_next(2)
    scene.workspace.events.reorder_next(4)
    first = await ada.say(room.id, "14 customers")
    await ada.edit(room.id, first, "37 customers")
    await ada.edit(room.id, first, "41 customers")
    await ada.react(room.id, first, "eyes")
    await scene.settled()

    entry = await entry_of(scene, first)
    assert (entry["text"], entry["mark"]) == ("41 customers", "observation")
    assert [one["text"] for one in entry["revisions"]] == ["14 customers", "37 customers"]


async def test_a_link_preview_is_no_edit(scene: Scene) -> None:
    room = await scene.declare()
    ts = await scene.person("ada").say(room.id, "see https://example.com/run/7")
    scene.workspace.unfurl(room.id, ts)
    await scene.settled()

    assert (await entry_of(scene, ts))["revisions"] == []
