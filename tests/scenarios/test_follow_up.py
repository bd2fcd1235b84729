"""What is to be done afterwards: put on the list, owned, reminded of, finished, on the record."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from app.services.records.markdown import record_markdown
from app.workspace.model import Message, View
from tests.scenarios.scene import Scene, actions, words
from tests.scenarios.site import asked

DAY = 24 * 60


def on(scene: Scene, days: int) -> str:
    return (scene.clock.now() + timedelta(days=days)).date().isoformat()


async def follow_ups(scene: Scene) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await scene.record())["follow_ups"]
    return found


async def opened(scene: Scene, who: str) -> View:
    view: View = await scene.workspace.until(scene.person(who).modal)
    return view


def word(scene: Scene, who: str) -> Message:
    """What this person was told of follow-ups: one message, whatever happened since."""
    (found,) = [one for one in scene.person(who).dms() if "follow-up" in one.text]
    return found


async def noon(scene: Scene) -> None:
    """Let it be noon UTC, so that a day later is after nine the next morning."""
    now = scene.clock.now()
    to_noon = (now.replace(hour=12, minute=0, second=0, microsecond=0) - now) % timedelta(days=1)
    scene.clock.advance(seconds=to_noon.total_seconds())


async def reminders(scene: Scene) -> list[datetime]:
    """When the reminders that are planned fall due."""
    planned = "SELECT due_at FROM job WHERE kind = 'follow_up.word' AND state = 'pending'"
    return [datetime.fromisoformat(row[0]) for row in await asked(scene.database_url, planned)]


async def test_one_is_added_by_form_and_its_owner_is_told_privately(scene: Scene) -> None:
    room = await scene.declare()
    ben = scene.person("ben")
    await scene.command("ada", "", room.id)
    (panel,) = scene.person("ada").ephemerals(room.id)
    await scene.person("ada").press(panel, "follow_up.open")
    form = await opened(scene, "ada")

    title = "Add refunds <script> to the evals"
    await scene.person("ada").submit(form, {"title": title, "owner": ben.id, "due_on": on(scene, 7)})
    await scene.settled()

    assert form.callback_id == "follow_up.edit"
    (one,) = await follow_ups(scene)
    assert {name: one[name] for name in ("title", "owner", "due_on", "state", "created_by", "done_at")} == {
        "title": title,
        "owner": ben.id,
        "due_on": on(scene, 7),
        "state": "open",
        "created_by": scene.person("ada").id,
        "done_at": None,
    }
    assert "follow-up 1 is yours" in word(scene, "ben").text
    assert "Follow-up 1 is on the list." in words(await opened(scene, "ada"))


async def test_one_is_added_by_command_with_its_owner_and_date(scene: Scene) -> None:
    room = await scene.declare()
    ben = scene.person("ben").id

    await scene.command("ada", f"follow-up Page when refunds > 50 <@{ben}|ben> by {on(scene, 3)}", room.id)
    await scene.command("ada", "follow-up Ask the vendor", room.id)

    found = [(one["title"], one["owner"], one["due_on"]) for one in await follow_ups(scene)]
    assert found == [("Page when refunds > 50", ben, on(scene, 3)), ("Ask the vendor", None, None)]
    await scene.command("ada", "", room.id)
    assert "2 open follow-ups" in scene.whispered("ada", room.id)[-1]


@pytest.mark.parametrize(
    ("fields", "field"),
    [({"title": "Too late", "due_on": "2020-01-01"}, "due_on"), ({"title": "\u200b"}, "title")],
)
async def test_what_cannot_be_used_is_said_at_the_field_and_nothing_is_lost(
    scene: Scene, fields: dict[str, str], field: str
) -> None:
    room = await scene.declare()
    await scene.person("ada").command("/ai-incident", "follow-up", room.id)
    form = await opened(scene, "ada")

    answer = await scene.person("ada").submit(form, fields)

    assert list(answer.errors) == [field]
    assert await follow_ups(scene) == []


async def test_its_owner_is_reminded_until_it_is_done_and_whoever_leads_hears_once(scene: Scene) -> None:
    await noon(scene)
    room = await scene.declare()
    ben = scene.person("ben")
    await scene.command("ada", f"follow-up Limit the refund tool <@{ben.id}|ben> {on(scene, 4)}", room.id)
    await scene.command("ada", "resolve over", room.id)
    seen = [word(scene, "ben").text]
    for days in (2, 2, 1, 7, 7):
        await scene.passes(minutes=days * DAY)
        seen.append(word(scene, "ben").text)

    assert [text.partition(": follow-up 1 is ")[2] for text in seen] == [
        "yours",
        "due in 2 days",
        "due today",
        "1 day overdue",
        "8 days overdue",
        "15 days overdue",
    ]
    assert sum("follow-up 1 is 1 day overdue" in one for one in scene.told("ada")) == 1

    await ben.press(word(scene, "ben"), "follow_up.done")
    await scene.passes(minutes=10 * DAY)

    (one,) = await follow_ups(scene)
    assert (one["state"], one["done_by"]) == ("done", ben.id)
    assert one["done_at"] is not None
    assert "follow-up 1 is done" in word(scene, "ben").text
    assert not actions(word(scene, "ben"))


async def test_reminders_come_at_nine_where_the_owner_lives(scene: Scene) -> None:
    room = await scene.declare()
    ben = scene.person("ben")
    scene.workspace.users[ben.id].tz = "Asia/Kolkata"
    await scene.command("ada", f"follow-up Limit the refund tool <@{ben.id}|ben> {on(scene, 5)}", room.id)

    assert [f"{at:%H:%M}" for at in await reminders(scene)] == ["03:30"]


async def test_one_without_an_owner_is_brought_up_with_whoever_leads(scene: Scene) -> None:
    room = await scene.declare()
    await scene.take("ben", "commander", room)
    await scene.command("ada", "follow-up Ask the vendor", room.id)
    await scene.command("ben", "resolve over", room.id)

    await scene.passes(minutes=8 * DAY)

    assert "has no date; nobody owns it yet" in word(scene, "ben").text


async def test_a_dropped_one_needs_a_reason_and_can_be_reopened(scene: Scene) -> None:
    room = await scene.declare()
    await scene.command("ada", "follow-up Retrain the model", room.id)
    added = scene.person("ada").ephemerals(room.id)[-1]
    await scene.person("ada").press(added, "follow_up.change")
    await scene.person("ada").submit(await opened(scene, "ada"), {"title": "Retrain the ranker"})
    await scene.settled()
    listed = await opened(scene, "ada")
    await scene.person("ada").press(listed, "follow_up.drop")
    await scene.person("ada").submit(await opened(scene, "ada"), {"reason": "The ranker is switched off"})
    await scene.settled()

    (one,) = await follow_ups(scene)
    assert (one["state"], one["title"], one["reason"]) == (
        "dropped",
        "Retrain the ranker",
        "The ranker is switched off",
    )

    await scene.person("ada").press(await opened(scene, "ada"), "follow_up.reopen")
    await scene.settled()

    (one,) = await follow_ups(scene)
    assert (one["state"], one["done_at"], one["reason"]) == ("open", None, "")


async def test_closing_names_those_still_open_and_the_record_tells_all_of_it(scene: Scene) -> None:
    room = await scene.declare()
    await scene.command("ada", f"follow-up Limit the refund tool {on(scene, 4)}", room.id)

    await scene.command("ada", "close done", room.id)

    assert any("Follow-up 1 is open, due" in words(one) for one in scene.ours(room))
    record = await scene.record()
    assert any(one["action"] == "follow_up.added" for one in record["audit"])
    assert "1. Limit the refund tool (open, no owner, due" in record_markdown(record, {})


async def test_an_owner_outside_a_restricted_incident_learns_only_what_is_theirs_to_do(scene: Scene) -> None:
    room = await scene.declare(title="Okapi agent sold client lists", visibility="restricted")
    ben = scene.person("ben")
    await scene.command("ada", f"follow-up Rotate the exporter's key <@{ben.id}|ben>", room.id)
    told = word(scene, "ben")

    await scene.command("ben", "follow-up INC-1")
    await ben.press(told, "follow_up.done")
    await scene.settled()

    assert "Rotate the exporter's key" in words(told)
    assert "Okapi" not in "".join([words(told), *scene.told("ben"), *scene.whispered("ben", "general")])
    assert (await follow_ups(scene))[0]["state"] == "done"
