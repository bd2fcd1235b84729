"""Notification clocks: plain questions, legal's decisions, deadlines that tick, reminders, and what was sent."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from app.workspace.model import Channel, Message, View
from tests.scenarios.scene import Scene, actions, values, words

HOUR = 60


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


async def opened(scene: Scene, who: str, room: Channel) -> View:
    await scene.person(who).command("/ai-incident", "clocks", room.id)
    view: View = await scene.workspace.until(scene.person(who).modal)
    return view


async def pressed(scene: Scene, who: str, where: View | Message, action: str, value: str | None = None) -> View:
    """The modal that is on screen after the press."""
    before = scene.person(who).modal()
    shown = str(before.blocks) if before else ""
    await scene.person(who).press(where, action, value=value)

    def changed() -> View | None:
        now = scene.person(who).modal()
        return now if now is not None and str(now.blocks) != shown else None

    view: View = await scene.workspace.until(changed)
    return view


async def answered(scene: Scene, who: str, room: Channel, *, controller: str = "yes") -> View:
    """The board after answering that personal data of people in the EU was exposed."""
    view = await opened(scene, who, room)
    form = await pressed(scene, who, view, "clocks.ask")
    more = await scene.person(who).submit(form, {"where": ["eu"], "what": ["personal_data"]})
    assert more.view is not None
    done = await scene.person(who).submit(more.view, {"controller": controller, "processor": "no", "ai_provider": "no"})
    await scene.settled()
    assert done.view is not None
    return done.view


async def decided(scene: Scene, who: str, board: View, regime: str, **fields: Any) -> View:
    form = await pressed(scene, who, board, "clocks.decide", f"INC-1:{regime}")
    given = {"decision": "applies", "reason": "Orders of customers were readable."} | fields
    done = await scene.person(who).submit(form, given)
    await scene.settled()
    assert done.view is not None, done.errors
    return done.view


async def ticking(scene: Scene) -> Channel:
    """An incident with eli as legal liaison, ada as commander, and the clock of GDPR Art. 33 ticking."""
    room = await scene.declare()
    await scene.take("ada", "commander", room)
    await scene.take("eli", "legal", room)
    board = await answered(scene, "eli", room)
    await scene.person("eli").close(await decided_view(scene, board))
    return room


async def decided_view(scene: Scene, board: View) -> View:
    return await decided(scene, "eli", board, "gdpr_33")


def reminders(scene: Scene, who: str) -> list[Message]:
    return scene.with_action(scene.person(who).dm(), "clocks.take")


async def test_plain_questions_lead_to_candidates_with_article_source_and_confidence(scene: Scene) -> None:
    room = await scene.declare()
    await scene.take("eli", "legal", room)
    view = await opened(scene, "eli", room)
    form = await pressed(scene, "eli", view, "clocks.ask")
    assert {block["block_id"] for block in form.blocks if block["type"] == "input"} == {"where", "what"}

    more = await scene.person("eli").submit(form, {"where": ["eu"], "what": ["personal_data"]})

    assert more.view is not None
    asked = {block["block_id"] for block in more.view.blocks if block["type"] == "input"}
    assert "controller" in asked
    assert not asked & {"frontier_developer", "us_registrant", "financial_entity"}
    done = await scene.person("eli").submit(more.view, {"controller": "yes", "processor": "no", "ai_provider": "no"})
    assert done.view is not None
    shown = words(done.view)
    assert values(done.view, "clocks.decide") == ["INC-1:gdpr_33", "INC-1:gdpr_34"]
    for said in ("Art. 33(1)", "Supervisory authority", "72 hours after awareness", "Source: ", "Confidence: high"):
        assert said in shown
    assert shown.count("Not legal advice") >= 3


async def test_a_decision_starts_the_clock_from_its_own_event_and_is_on_the_record(scene: Scene) -> None:
    room = await ticking(scene)

    record = await scene.record()
    (clock,) = record["clocks"]
    (phase,) = clock["phases"]
    assert (clock["regime"], clock["decision"], clock["decided_by"]) == ("gdpr_33", "applies", scene.person("eli").id)
    assert clock["reason"] == "Orders of customers were readable."
    assert (phase["phase"], phase["counted_from"], phase["state"]) == ("notification", "awareness", "ticking")
    assert instant(phase["due_at"]) - instant(phase["started_at"]) == timedelta(hours=72)
    # Pickers know whole minutes.
    assert abs(instant(phase["started_at"]) - instant(record["declared_at"])) < timedelta(minutes=1)
    assert "Next notification deadline" in words(scene.card(room))
    assert {"clocks.answered", "clocks.decided", "clocks.stamped"} <= {one["action"] for one in record["audit"]}
    assert any("applies: Orders of customers" in one["text"] for one in record["timeline"])


async def test_legal_is_reminded_at_half_a_quarter_left_and_the_end_and_nothing_piles_up(scene: Scene) -> None:
    await ticking(scene)
    await scene.passes(minutes=35 * HOUR)
    assert reminders(scene, "eli") == []

    for hours, said in ((2, "half the time has passed"), (17, "a quarter of the time is left"), (18, "is over now")):
        await scene.passes(minutes=hours * HOUR)
        (reminder,) = reminders(scene, "eli")
        assert said in words(reminder)
        assert "Art. 33(1)" in words(reminder)
        assert "Not legal advice" in words(reminder)
        await scene.person("eli").press(reminder, "clocks.take")
        await scene.settled()
    assert reminders(scene, "ada") == []

    await scene.passes(minutes=2 * HOUR)
    (late,) = reminders(scene, "ada")
    assert "it is late" in words(late)
    assert len(reminders(scene, "eli")) == 1


async def test_an_unanswered_reminder_brings_in_the_commander_with_the_next(scene: Scene) -> None:
    await ticking(scene)
    await scene.passes(minutes=37 * HOUR)
    assert reminders(scene, "ada") == []

    await scene.passes(minutes=17 * HOUR)

    (told,) = reminders(scene, "ada")
    assert "has not taken it up" in words(told)
    assert len(reminders(scene, "eli")) == 1


async def test_what_was_sent_is_recorded_ends_the_reminders_and_starts_what_counts_from_it(scene: Scene) -> None:
    room = await scene.declare()
    await scene.take("eli", "legal", room)
    view = await opened(scene, "eli", room)
    form = await pressed(scene, "eli", view, "clocks.ask")
    more = await scene.person("eli").submit(form, {"where": ["eu"], "what": ["service_disruption"]})
    assert more.view is not None
    done = await scene.person("eli").submit(more.view, {"essential_entity": "yes", "financial_entity": "no"})
    assert done.view is not None
    board = await decided(scene, "eli", done.view, "nis2_23")
    await scene.person("eli").close(board)
    await scene.passes(minutes=13 * HOUR)
    (reminder,) = reminders(scene, "eli")

    for phase in ("early_warning", "notification"):
        form = await pressed(scene, "eli", reminder, "clocks.sent", None) if phase == "early_warning" else form
        done = await scene.person("eli").submit(form, {"what": f"CSIRT portal, reference {phase}"})
        assert done.view is not None, done.errors
        await scene.settled()
        if phase == "early_warning":
            form = await pressed(scene, "eli", done.view, "clocks.sent", "INC-1:nis2_23:notification")

    (clock,) = (await scene.record())["clocks"]
    phases = {one["phase"]: one for one in clock["phases"]}
    assert phases["early_warning"]["what"] == "CSIRT portal, reference early_warning"
    assert phases["early_warning"]["sent_by"] == scene.person("eli").id
    assert phases["final"]["state"] == "ticking"
    assert phases["final"]["started_at"] == phases["notification"]["sent_at"]
    assert reminders(scene, "eli") == []


async def test_with_legal_vacant_the_commander_decides_and_is_reminded(scene: Scene) -> None:
    room = await scene.declare()
    await scene.take("ada", "commander", room)
    await scene.person("ben").join(room.id)
    view = await opened(scene, "ben", room)
    form = await pressed(scene, "ben", view, "clocks.ask")
    more = await scene.person("ben").submit(form, {"where": ["eu"], "what": ["personal_data"]})
    assert more.view is not None
    refused = await scene.person("ben").submit(more.view, {})
    assert any(f"<@{scene.person('ada').id}>" in said for said in refused.errors.values())

    board = await answered(scene, "ada", room)
    await decided(scene, "ada", board, "gdpr_33")
    await scene.passes(minutes=37 * HOUR)

    (told,) = reminders(scene, "ada")
    assert "nobody is legal liaison" in words(told)


async def test_a_regime_that_does_not_apply_has_no_clock_and_its_reason_stays(scene: Scene) -> None:
    room = await scene.declare()
    await scene.take("eli", "legal", room)
    board = await answered(scene, "eli", room)

    board = await decided(scene, "eli", board, "gdpr_34", decision="does_not_apply", reason="The data was encrypted.")

    (clock,) = (await scene.record())["clocks"]
    assert (clock["decision"], clock["phases"]) == ("does_not_apply", [])
    assert "does not apply: The data was encrypted." in words(board)
    await scene.passes(minutes=3 * HOUR)
    assert reminders(scene, "eli") == []


async def test_a_time_stamped_anew_moves_the_deadline_and_one_in_the_future_is_refused(scene: Scene) -> None:
    room = await ticking(scene)
    view = await opened(scene, "eli", room)
    form = await pressed(scene, "eli", view, "clocks.stamp")
    now = int(scene.clock.now().timestamp())

    refused = await scene.person("eli").submit(form, {"awareness": now + 7200})
    assert "future" in refused.errors["awareness"]
    earlier = now - 40 * 3600
    await scene.person("eli").submit(form, {"awareness": earlier})
    await scene.settled()

    (clock,) = (await scene.record())["clocks"]
    (phase,) = clock["phases"]
    assert instant(phase["due_at"]).timestamp() == earlier + 72 * 3600
    assert len(clock["starts"]) == 2
    await scene.passes(minutes=15 * HOUR)
    assert len(reminders(scene, "eli")) == 1


async def test_a_deadline_that_passed_while_the_product_was_down_is_told_once_after_the_start(scene: Scene) -> None:
    await ticking(scene)
    await scene.stop_product()
    scene.clock.advance(minutes=80 * HOUR)

    await scene.start_product()
    await scene.workspace.until(lambda: reminders(scene, "ada"))
    await scene.settled()

    assert len(reminders(scene, "eli")) == len(reminders(scene, "ada")) == 1
    assert "it is late" in words(reminders(scene, "eli")[0])


async def test_a_draft_for_the_regulator_is_one_press_away(scene: Scene) -> None:
    room = await ticking(scene)
    view = await opened(scene, "eli", room)

    form = await pressed(scene, "eli", view, "clocks.draft")

    assert form.callback_id == "status_update.edit"
    (audience,) = [block["element"] for block in form.blocks if block.get("block_id") == "audience"]
    assert audience["initial_option"]["value"] == "regulator"
    assert "clocks.open" in actions(next(one for one in scene.person("eli").dms() if "legal" in words(one).lower()))


async def test_nobody_outside_a_restricted_incident_sees_its_clocks(scene: Scene) -> None:
    room = await scene.declare(visibility="restricted")
    await scene.take("ada", "commander", room)

    result = await scene.command("ben", "clocks INC-1", "general")

    told = str(result.body) + "".join(scene.whispered("ben", "general"))
    assert "There is no incident INC-1" in told
    assert scene.person("ben").modal() is None
