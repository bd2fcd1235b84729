"""The review of a postmortem: edited part by part, read, commented on, completed, and reminded of until then."""

from __future__ import annotations

from typing import Any

import pytest

from app.services.records.markdown import postmortem_markdown
from app.workspace.model import Channel, Message, View
from tests.scenarios.scene import Scene, actions, values, words

DAY = 24 * 60


async def ended(scene: Scene, **fields: Any) -> Channel:
    """An incident that is over, commanded by Ada, with a postmortem draft."""
    room = await scene.declare(severity="sev2", **fields)
    await scene.take("ada", "commander", room)
    await scene.person("ben").join(room.id) if room.kind == "public" else None
    await scene.person("ada").say(room.id, "Root cause: the retrieval cache was shared between sessions.")
    await scene.command("ada", "resolve The cache is off", room.id)
    return room


async def page(scene: Scene, who: str, room: Channel) -> View:
    """The postmortem as this person opens it."""
    (ready,) = [one for one in scene.with_action(room, "postmortem.open") if "📄" in words(one)]
    await scene.person(who).press(ready, "postmortem.open")
    view: View = await scene.workspace.until(scene.person(who).modal)
    return view


async def shown(scene: Scene, who: str) -> View:
    await scene.settled()
    view: View = await scene.workspace.until(scene.person(who).modal)
    return view


async def asked(scene: Scene, room: Channel, *who: str) -> None:
    await scene.person("ada").press(await page(scene, "ada", room), "postmortem.reviewers")
    users = [scene.person(one).id for one in who]
    await scene.person("ada").submit(await shown(scene, "ada"), {"reviewers": users})
    await scene.settled()
    await scene.person("ada").close(await shown(scene, "ada"))


def request_to(scene: Scene, who: str) -> Message:
    (found,) = [one for one in scene.person(who).dms() if "postmortem.reviewed" in actions(one)]
    return found


async def postmortem(scene: Scene) -> dict[str, Any]:
    found: dict[str, Any] = (await scene.record())["postmortem"]
    return found


async def test_a_part_is_edited_in_slack_and_every_version_says_who_changed_what(scene: Scene) -> None:
    room = await ended(scene)
    view = await page(scene, "ben", room)
    await scene.person("ben").press(view, "postmortem.edit", value="INC-1:impact")
    form = await shown(scene, "ben")
    entry = (await scene.record())["timeline"][0]["id"]

    await scene.person("ben").submit(
        form, {"text": f"41 customers saw foreign orders [{entry}]\nNo payment data leaked"}
    )
    await scene.settled()

    found = await postmortem(scene)
    assert found["version"] == 2
    assert found["sections"]["impact"] == [
        {"text": "41 customers saw foreign orders", "citations": [entry]},
        {"text": "No payment data leaked", "citations": [], "by_hand": True},
    ]
    ben = scene.person("ben").id
    assert [(one["version"], one["by"], one["change"]) for one in found["versions"]][1:] == [(2, ben, "Edited impact.")]
    assert "No payment data leaked (no source)" in words(await shown(scene, "ben"))
    await scene.command("ada", "postmortem", room.id)
    await scene.person("ada").press(await shown(scene, "ada"), "postmortem.draft")
    await scene.settled()
    again = await postmortem(scene)
    assert again["version"] == 3
    assert again["sections"]["impact"] == found["sections"]["impact"]
    assert any("kept as edited: impact" in one["text"] for one in (await scene.record())["timeline"])


@pytest.mark.parametrize("text", ["It was bad [99999]", "[1]"])
async def test_an_edit_that_cannot_be_kept_is_refused_at_the_field(scene: Scene, text: str) -> None:
    room = await ended(scene)
    await scene.person("ben").press(await page(scene, "ben", room), "postmortem.edit", value="INC-1:impact")

    answer = await scene.person("ben").submit(await shown(scene, "ben"), {"text": text})

    assert list(answer.errors) == ["text"]
    assert (await postmortem(scene))["version"] == 1


async def test_two_who_edit_one_part_at_once_do_not_overwrite_each_other(scene: Scene) -> None:
    room = await ended(scene)
    for who in ("ada", "ben"):
        await scene.person(who).press(await page(scene, who, room), "postmortem.edit", value="INC-1:impact")
    first, second = await shown(scene, "ada"), await shown(scene, "ben")
    await scene.person("ada").submit(first, {"text": "About 40 customers"})

    answer = await scene.person("ben").submit(second, {"text": "About 50 customers"})

    assert "Somebody changed this part meanwhile" in answer.errors["text"]
    assert [line["text"] for line in (await postmortem(scene))["sections"]["impact"]] == ["About 40 customers"]


async def test_blame_is_pointed_out_with_a_way_to_say_it_instead(scene: Scene) -> None:
    room = await ended(scene)
    await scene.person("ben").press(await page(scene, "ben", room), "postmortem.edit", value="INC-1:root_cause")

    await scene.person("ben").submit(await shown(scene, "ben"), {"text": "Ada forgot to key the cache by customer"})

    told = words(await shown(scene, "ben"))
    assert "1 place may make a person the cause" in told
    assert "“key the cache by customer” was left to memory" in told


async def test_reviewers_are_told_answer_and_the_commander_completes_it(scene: Scene) -> None:
    room = await ended(scene)
    await asked(scene, room, "ben", "chen")
    await scene.person("ben").press(request_to(scene, "ben"), "postmortem.reviewed")
    await scene.settled()
    await scene.person("chen").press(request_to(scene, "chen"), "postmortem.changes")
    await scene.person("chen").submit(await shown(scene, "chen"), {"comment": "Say since when"})
    await scene.settled()

    found = await postmortem(scene)
    assert found["status"] == "in_review"
    assert [(one["answer"], one["comment"], one["version"]) for one in found["reviewers"]] == [
        ("reviewed", "", 1),
        ("changes", "Say since when", 1),
    ]
    assert any("asks for changes" in text and "Say since when" in text for text in scene.told("ada"))
    assert "You have answered" in words(request_to(scene, "ben"))

    await scene.person("ada").press(await page(scene, "ada", room), "postmortem.complete")
    form = await shown(scene, "ada")
    assert "A reviewer asks for changes" in words(form)
    await scene.person("ada").submit(form, {"reason": "Chen's point is answered in the timeline"})
    await scene.settled()

    found = await postmortem(scene)
    assert (found["status"], found["completed_by"]) == ("completed", scene.person("ada").id)
    assert found["reason"] == "Chen's point is answered in the timeline"
    assert any("is completed" in words(one) for one in scene.with_action(room, "postmortem.open"))


async def test_nobody_else_completes_it_and_nobody_else_answers(scene: Scene) -> None:
    room = await ended(scene)
    await asked(scene, room, "ben")
    await scene.person("ben").press(request_to(scene, "ben"), "postmortem.reviewed")
    await scene.settled()
    await scene.person("ben").press(await page(scene, "ben", room), "postmortem.complete")

    assert "can complete this postmortem" in words(await shown(scene, "ben"))
    assert (await postmortem(scene))["status"] == "in_review"

    await scene.person("ada").press(await page(scene, "ada", room), "postmortem.complete")
    await scene.settled()
    assert (await postmortem(scene))["status"] == "completed"


async def test_a_comment_stays_with_its_part_until_it_is_resolved(scene: Scene) -> None:
    room = await ended(scene)
    await scene.person("ben").press(await page(scene, "ben", room), "postmortem.comment", value="INC-1:impact")
    await scene.person("ben").submit(await shown(scene, "ben"), {"text": "How many <customers>?"})
    view = await shown(scene, "ben")
    assert "How many" in words(view)
    (value,) = values(view, "postmortem.resolve")
    await scene.person("ben").press(view, "postmortem.resolve", value=value)
    await scene.settled()

    (comment,) = (await postmortem(scene))["comments"]
    assert (comment["part"], comment["text"], comment["by"]) == (
        "impact",
        "How many <customers>?",
        scene.person("ben").id,
    )
    assert comment["resolved_by"] == scene.person("ben").id
    assert "postmortem.resolve" not in actions(await shown(scene, "ben"))


async def test_whose_task_it_is_is_reminded_until_it_is_completed(scene: Scene) -> None:
    room = await ended(scene)
    for _ in range(2):
        await scene.passes(minutes=8 * DAY)
    told = [text for text in scene.told("ada") if "postmortem of INC-1 is overdue" in text]
    assert len(told) == 2

    await scene.person("ada").press(await page(scene, "ada", room), "postmortem.complete")
    await scene.person("ada").submit(await shown(scene, "ada"), {"reason": "Small enough"})
    await scene.passes(minutes=20 * DAY)

    assert [text for text in scene.told("ada") if "postmortem of INC-1 is overdue" in text] == told
    record = await scene.record()
    assert "Completed" in postmortem_markdown(record, {})


async def test_nobody_outside_a_restricted_incident_is_asked_for_a_review(scene: Scene) -> None:
    room = await ended(scene, title="Okapi agent sold client lists", visibility="restricted")
    await scene.person("ada").press(await page(scene, "ada", room), "postmortem.reviewers")
    form = await shown(scene, "ada")

    answer = await scene.person("ada").submit(form, {"reviewers": [scene.person("ben").id]})

    assert "restricted" in answer.errors["reviewers"]
    assert not scene.person("ben").dms()


async def test_a_sentence_of_the_plan_becomes_a_follow_up_that_remembers_where_it_is_from(scene: Scene) -> None:
    room = await scene.declare(severity="sev2")
    await scene.person("ada").say(room.id, "To prevent this: every cache key must hold the customer's id.")
    await scene.command("ada", "resolve The cache is off", room.id)
    view = await page(scene, "ada", room)
    await scene.person("ada").press(view, "follow_up.from", selected_option="INC-1:0")
    form = await shown(scene, "ada")

    await scene.person("ada").submit(form, {})
    await scene.settled()

    (one,) = (await scene.record())["follow_ups"]
    assert "every cache key must hold the customer's id" in one["title"]
    assert one["source"] == "postmortem:1"


async def test_evidence_about_the_model_and_the_times_stand_beside_the_parts(scene: Scene) -> None:
    room = await ended(scene)
    await scene.person("ben").say(room.id, "Production runs model v4.2.1 at temperature 1.2")
    await scene.settled()

    told = words(await page(scene, "ben", room))

    for title in ("Model and prompt versions", "Sampling settings", "Milestones", "Who responded"):
        assert f"*{title}*" in told
    found = await postmortem(scene)
    assert {one["title"] for one in found["details"]["root_cause"]} >= {
        "Model and prompt versions",
        "Sampling settings",
    }
    assert [one["name"] for one in found["times"]["milestones"]][-1] == "Resolved"
