"""What each audience is told, and whose approval it takes before it is."""

from __future__ import annotations

from app.workspace.model import Channel, View
from tests.scenarios.conftest import Staged
from tests.scenarios.scene import Scene, words
from tests.scenarios.test_what_we_know import evidence, posted_updates, pressed, stored, texts, updates


async def customers_form(scene: Scene, who: str, room: Channel) -> View:
    await scene.command(who, "draft customers", room.id)
    form: View = await scene.workspace.until(scene.person(who).modal)
    return form


async def sent(scene: Scene, who: str, form: View, **fields: str) -> None:
    await scene.person(who).submit(form, fields)
    await scene.settled()


async def test_customers_read_plain_words_once_comms_and_legal_have_both_approved(scene: Scene) -> None:
    room = await evidence(scene)
    await scene.take("dara", "comms", room)
    await scene.take("eli", "legal", room)
    form = await customers_form(scene, "dara", room)
    shown = texts(form)
    assert "37 customers saw orders" in shown["what_happened"]
    assert shown["testing"] == ""
    assert "retrieval" not in str(shown)
    await sent(scene, "dara", form)

    (review,) = scene.with_action(room, "status_update.approve")
    assert "⏳ comms: waits for" in words(review)
    assert "⏳ legal: waits for" in words(review)
    await pressed(scene, "eli", "status_update.approve", room)
    assert (await updates(scene))[0]["status"] == "draft"
    (review,) = scene.with_action(room, "status_update.approve")
    assert f"✅ legal: <@{scene.person('eli').id}>" in words(review)
    await pressed(scene, "eli", "status_update.approve", room)
    assert any("You approved update 1 already" in text for text in scene.whispered("eli", room.id))
    await pressed(scene, "dara", "status_update.approve", room)
    await pressed(scene, "dara", "status_update.publish", room)

    (update,) = await updates(scene)
    assert update["written_by"] == []
    assert [(one["role"], one["by"]) for one in update["approvals"]] == [
        ("legal", scene.person("eli").id),
        ("comms", scene.person("dara").id),
    ]
    (post,) = posted_updates(scene, room)
    assert "What we are testing" not in words(post)


async def test_nobody_approves_alone_what_they_wrote_alone_and_a_changed_text_is_approved_anew(scene: Scene) -> None:
    room = await evidence(scene)
    await scene.take("dara", "comms", room)
    await scene.command("dara", "draft leadership", room.id)
    form = await scene.workspace.until(scene.person("dara").modal)
    await sent(scene, "dara", form, doing="We called every customer.")

    await pressed(scene, "dara", "status_update.approve", room)
    assert any("Nobody else has a role in this incident" in text for text in scene.whispered("dara", room.id))
    await scene.take("ben", "commander", room)
    (review,) = scene.with_action(room, "status_update.approve")
    assert f"wrote the text alone, so <@{scene.person('ben').id}> stands in" in words(review)
    await pressed(scene, "ben", "status_update.approve", room)
    assert (await updates(scene))[0]["status"] == "approved"
    stood_in = [entry["text"] for entry in (await scene.record())["timeline"] if "standing in" in entry["text"]]
    assert stood_in == [
        "Approved update 1 for leadership, standing in as commander for the comms lead: whoever has that role wrote "
        "the text alone."
    ]

    (review,) = scene.with_action(room, "status_update.publish")
    await scene.person("ben").press(review, "status_update.draft")
    await sent(scene, "ben", await scene.workspace.until(scene.person("ben").modal), doing="We called some customers.")

    assert scene.with_action(room, "status_update.publish") == []
    newer = (await updates(scene))[-1]
    assert (newer["status"], newer["approvals"], newer["edited_from"]) == ("draft", [], 1)
    await pressed(scene, "dara", "status_update.approve", room)
    assert (await updates(scene))[-1]["approved_by"] == scene.person("dara").id


async def test_a_hard_breach_keeps_a_text_from_customers_until_somebody_says_why(scene: Scene) -> None:
    room = await evidence(scene)
    await scene.take("dara", "comms", room)
    await scene.take("eli", "legal", room)
    form = await customers_form(scene, "ben", room)
    await sent(scene, "ben", form, doing="@ben restarted orders-db.internal for everybody.")
    (review,) = scene.with_action(room, "status_update.approve")
    assert "Not right for customers yet" in words(review)
    assert "orders-db.internal" in words(review)

    await pressed(scene, "dara", "status_update.approve", room)
    asked = await scene.workspace.until(scene.person("dara").modal)
    assert asked.callback_id == "status_update.override"
    assert (await updates(scene))[0]["approvals"] == []
    await sent(scene, "dara", asked, reason="The host is public on our status page")
    await pressed(scene, "eli", "status_update.approve", room)
    asked = await scene.workspace.until(scene.person("eli").modal)
    await sent(scene, "eli", asked, reason="Agreed")

    (update,) = await updates(scene)
    assert update["status"] == "approved"
    assert {one["rule"] for one in update["problems"] if one["hard"]} >= {"mention", "person", "address"}
    assert update["approvals"][0]["why"] == "The host is public on our status page"
    told = [entry["text"] for entry in (await scene.record())["timeline"]]
    assert any("in spite of what the rules for customers say: The host is public" in text for text in told)


async def test_choosing_customers_in_the_form_gives_an_untouched_draft_their_shape(scene: Scene) -> None:
    room = await evidence(scene)
    await scene.person("ada").press(scene.card(room), "status_update.draft")
    form = await scene.workspace.until(scene.person("ada").modal)
    assert "retrieval service" in texts(form)["testing"]

    await sent(scene, "ada", form, audience="customers")

    (update,) = await updates(scene)
    assert (update["audience"], update["sections"]["testing"], update["problems"]) == ("customers", [], [])
    assert update["written_by"] == []
    assert any("37 customers" in line["text"] for line in update["sections"]["what_happened"])


async def published(scene: Scene, room: Channel, who: str = "dara") -> None:
    for action in ("status_update.approve", "status_update.publish"):
        await pressed(scene, who, action, room)


async def test_a_number_that_changed_since_is_shown_to_the_approver_and_stated_as_a_correction(scene: Scene) -> None:
    room = await evidence(scene)
    await scene.take("dara", "comms", room)
    for audience in ("responders", "leadership"):
        await scene.command("dara", f"draft {audience}", room.id)
        await sent(scene, "dara", await scene.workspace.until(scene.person("dara").modal))
        await published(scene, room)
    said = await scene.person("ada").say(room.id, "Correction: 41 customers, not 37. I had missed the German shop.")
    await scene.settled()

    await scene.command("dara", "draft responders", room.id)
    await sent(scene, "dara", await scene.workspace.until(scene.person("dara").modal), what_happened="It is over.")
    (review,) = scene.with_action(room, "status_update.approve")
    assert "Differs from what was published" in words(review)
    assert "Leadership were told “37 customers” (update 2), now 41: they need an update" in words(review)
    entry = next(one["id"] for one in (await scene.record())["timeline"] if one["source"]["ts"] == said)
    update = (await updates(scene))[-1]
    first, mine = update["sections"]["what_happened"]
    assert first == {"text": "Correction: earlier we said 37 customers; it is 41.", "citations": [entry]}
    assert mine["text"] == "It is over."
    assert [(one["audience"], one["stated"]) for one in update["corrections"]] == [
        ("responders", True),
        ("leadership", False),
    ]
    # Whoever edits may leave it out; the approver still sees the difference.
    await scene.person("dara").press(review, "status_update.draft")
    await sent(scene, "dara", await scene.workspace.until(scene.person("dara").modal), what_happened="It is over.")
    edited = (await updates(scene))[-1]
    assert [line["text"] for line in edited["sections"]["what_happened"]] == ["It is over."]
    assert not any(one["stated"] for one in edited["corrections"])
    (review,) = scene.with_action(room, "status_update.approve")
    assert "Responders were told “37 customers” (update 1), now 41: not stated here" in words(review)


async def test_what_changed_is_shown_word_by_word_with_whose_words_they_are(scene: Scene) -> None:
    room = await evidence(scene)
    await stored(scene, "ada", room, doing="We called every customer.")
    (review,) = scene.with_action(room, "status_update.changes")
    await scene.person("ben").press(review, "status_update.draft")
    form = await scene.workspace.until(scene.person("ben").modal)
    await sent(scene, "ben", form, doing="We called most customers.")

    (review,) = scene.with_action(room, "status_update.changes")
    await scene.person("dara").press(review, "status_update.changes")
    shown = words(await scene.workspace.until(scene.person("dara").modal))

    assert f"We called ~every customer.~ *most customers.* – <@{scene.person('ben').id}>" in shown
    change = (await updates(scene))[-1]["changes"]
    assert change["from"] == 1
    assert [(one["before"], one["after"], one["by"]) for one in change["lines"]] == [
        ("We called every customer.", "We called most customers.", scene.person("ben").id)
    ]


async def test_what_is_published_goes_to_its_audiences_channel_too_but_never_from_a_restricted_incident_or_a_drill(
    staged: Staged,
) -> None:
    scene = await staged(audience_channels={"leadership": "general", "customers": "general"})
    outside = scene.workspace.channel("general")
    await scene.workspace.person("ada").invite(outside.id, scene.workspace.app.bot_user_id)
    for number, fields in enumerate(({}, {"visibility": "restricted"}, {"kind": "drill"}), start=1):
        room = await scene.declare(**fields)
        await scene.person("ada").say(room.id, "All 37 customers have their orders back since 10:20 UTC.")
        await scene.settled()
        await scene.take("ada", "comms", room)
        await scene.command("ada", "draft leadership", room.id)
        await sent(scene, "ada", await scene.workspace.until(scene.person("ada").modal))
        await published(scene, room, "ada")
        (post,) = posted_updates(scene, room)
        update = (await scene.record(f"INC-{number}"))["updates"][0]
        sent_there = [one for one in scene.ours(outside) if "37 customers" in words(one)]
        assert len(sent_there) == 1
        assert (update["sent"] is not None) == (number == 1)
        assert (f"posted in <#{outside.id}>" in words(post)) == (number == 1)


async def test_the_text_for_customers_is_copied_out_without_ids_and_links(scene: Scene) -> None:
    room = await evidence(scene)
    for who, role in (("dara", "comms"), ("eli", "legal")):
        await scene.take(who, role, room)
    await sent(scene, "dara", await customers_form(scene, "dara", room))
    for who in ("dara", "eli"):
        await pressed(scene, who, "status_update.approve", room)
    await pressed(scene, "dara", "status_update.publish", room)

    await pressed(scene, "dara", "status_update.copy", room)
    text = words(await scene.workspace.until(scene.person("dara").modal))

    assert "- 37 customers saw orders of other customers since 08:12 UTC." in text
    assert "Next update: " in text
    assert "INC-1" not in text
    assert "http" not in text
    assert "[" not in text
