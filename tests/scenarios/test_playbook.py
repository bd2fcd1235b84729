"""A playbook is gone through step by step: evidence first, gates decided in time, deviations with their reasons."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.domain.errors import BadSetup, Invalid
from app.domain.incident import Archetype, Severity, SystemType
from app.domain.status_update import Audience
from app.services.actor import Actor
from app.services.suggestions.suggestions import Choice
from app.workspace.model import Channel, View
from tests.scenarios.conftest import Staged
from tests.scenarios.scene import Scene, actions, values, words

CHATBOT = {"archetype": "prompt_injection", "system_type": "generative"}


async def opened(scene: Scene, who: str, room: Channel) -> View:
    """The playbook, from the button on the card."""
    person = scene.person(who)
    await person.press(scene.card(room), "playbook.open", value="INC-1")
    view: View = await scene.workspace.until(person.modal)
    return view


def actor_of(scene: Scene, who: str) -> Actor:
    return Actor(scene.workspace.team.id, scene.person(who).id)


def showing(view: View | None, text: str) -> View | None:
    return view if view is not None and text in words(view) else None


async def steps(scene: Scene) -> dict[str, dict[str, object]]:
    return {one["key"]: one for one in (await scene.record())["playbook"]["steps"]}


async def test_it_shows_the_few_next_steps_beginning_with_the_evidence(scene: Scene) -> None:
    room = await scene.declare(**CHATBOT)
    assert "Playbook: 0 of 22 · next: Save the prompts" in words(scene.card(room))

    view = await opened(scene, "ada", room)

    assert [value.partition(":")[2] for value in values(view, "playbook.done")] == [
        "keep-prompts",
        "keep-outputs",
        "keep-versions",
    ]
    assert "Prompt injection · Generative system" in words(view)
    assert "harm right now?" in words(view)


async def test_a_step_done_is_on_the_timeline_and_the_card_and_can_be_undone(scene: Scene) -> None:
    room = await scene.declare(**CHATBOT)
    view = await opened(scene, "ada", room)

    await scene.person("ada").press(view, "playbook.done", value="INC-1:keep-prompts")
    await scene.settled()

    assert "Playbook: 1 of 22 · next: Save the raw outputs" in words(scene.card(room))
    marked = [(one["mark"], one["text"]) for one in (await scene.record())["timeline"]]
    assert any("Finished the playbook's step “Save the prompts" in text for _, text in marked)
    shown = scene.person("ada").modal()
    assert shown is not None
    assert "INC-1:keep-prompts" not in values(shown, "playbook.done")
    await scene.person("ada").press(shown, "playbook.reopen", value="INC-1:keep-prompts")
    await scene.settled()
    assert "Playbook: 0 of 22" in words(scene.card(room))


async def test_a_step_left_out_needs_a_reason_and_keeps_it(scene: Scene) -> None:
    room = await scene.declare(**CHATBOT)
    ada = scene.person("ada")
    view = await opened(scene, "ada", room)
    await ada.press(view, "playbook.skip", value="INC-1:keep-outputs")
    form = await scene.workspace.until(lambda: showing(ada.modal(), "It goes on the timeline"))

    refused = await ada.submit(form, {"reason": "  \u200b "})
    assert list(refused.errors) == ["reason"]
    await ada.submit(form, {"reason": "The provider deletes them <!channel>"})
    await scene.settled()

    assert (await steps(scene))["keep-outputs"]["reason"] == "The provider deletes them &lt;!channel&gt;"
    assert any("because: The provider" in one["text"] for one in (await scene.record())["timeline"])
    shown = ada.modal()
    assert shown is not None
    assert "INC-1:keep-versions" in values(shown, "playbook.done")


async def test_a_change_made_before_the_evidence_was_kept_is_recorded_as_a_deviation(scene: Scene) -> None:
    room = await scene.declare(archetype="other", system_type="generative")
    playbooks, actor = scene.product.services.playbooks, actor_of(scene, "ada")
    await playbooks.done(actor, "INC-1", "isolate-model")
    assert (await steps(scene))["isolate-model"]["reason"] == "Done before the evidence was kept."
    assert room.members


async def test_a_gate_asks_its_role_in_time_reminds_it_once_and_shows_what_was_decided(scene: Scene) -> None:
    room = await scene.declare(**CHATBOT)
    await scene.take("eli", "legal", room)
    assert not [text for text in scene.told("eli") if "rights touched" in text]

    await scene.passes(minutes=31)
    assert len([text for text in scene.told("eli") if "rights touched" in text]) == 1
    await scene.passes(minutes=31)
    (asked,) = [one for one in scene.person("eli").dms() if "rights touched" in words(one)]
    assert "overdue" in asked.text
    await scene.passes(minutes=120)
    assert len([text for text in scene.told("eli") if "rights touched" in text]) == 1

    await scene.person("eli").press(asked, "playbook.answer_1")
    await scene.settled()

    (decided,) = [one for one in scene.person("eli").dms() if "rights touched" in words(one)]
    assert "Decided by" in words(decided)
    assert "playbook.answer_1" not in actions(decided)
    step = (await steps(scene))["people-affected"]
    assert (step["answer"], step["by"]) == ("yes", scene.person("eli").id)
    audit = [one for one in (await scene.record())["audit"] if one["action"] == "playbook.decided"]
    assert [one["object"] for one in audit] == ["playbook:people-affected"]


async def test_an_answer_adds_its_actions_and_another_answer_takes_them_back(scene: Scene) -> None:
    await scene.declare(**CHATBOT)
    playbooks, actor = scene.product.services.playbooks, actor_of(scene, "ada")
    before = (await playbooks.progress(actor, "INC-1")).total

    progress, given = await playbooks.answer(actor, "INC-1", "source-known", "stored")
    assert given.then.adds == ("quarantine-source", "clean-memory")
    assert progress.total == before + 2
    await playbooks.done(actor, "INC-1", "clean-memory")
    progress, _ = await playbooks.answer(actor, "INC-1", "source-known", "yes")

    assert progress.total == before + 1
    assert progress.of("quarantine-source") is None


async def test_a_draft_tells_what_was_decided_and_leaves_the_handling_of_the_playbook_out(scene: Scene) -> None:
    room = await scene.declare(**CHATBOT)
    await scene.person("ada").say(room.id, "14 customers saw orders of others since 08:41 UTC.")
    await scene.settled()
    services, actor = scene.product.services, actor_of(scene, "ada")
    await services.playbooks.done(actor, "INC-1", "keep-prompts")
    await services.playbooks.skip(actor, "INC-1", "keep-settings", "The provider does not tell them")
    await services.playbooks.answer(actor, "INC-1", "harm-ongoing", "contained")

    draft = await services.drafts.extractive(actor, "INC-1", Audience.RESPONDERS)

    said = "\n".join(line.text for lines in draft.sections.values() for line in lines)
    assert "can no longer do harm" in said
    assert "playbook" not in said
    assert "sampling settings" not in said


async def test_an_answer_points_to_containment_and_to_the_roles_that_are_missing(scene: Scene) -> None:
    room = await scene.declare(severity="sev4")
    ada = scene.person("ada")
    view = await opened(scene, "ada", room)

    await ada.press(view, "playbook.answer_1", value="INC-1:harm-ongoing:yes")
    await scene.settled()

    shown = ada.modal()
    assert shown is not None
    assert {"containment.open", "role.panel", "lifecycle.open"} <= set(actions(shown))
    assert "That makes it SEV2 at least." in words(shown)
    assert "vacant: technical lead" in words(shown)


async def test_only_the_gates_role_or_the_commander_decides(scene: Scene) -> None:
    room = await scene.declare()
    await scene.take("eli", "legal", room)
    ben = scene.person("ben")
    await ben.join(room.id)
    await scene.product.services.playbooks.answer(actor_of(scene, "ben"), "INC-1", "harm-ongoing", "contained")
    view = await opened(scene, "ben", room)

    await ben.press(view, "playbook.answer_1", value="INC-1:people-affected:yes")
    await scene.settled()

    refused = ben.modal()
    assert refused is not None
    assert f"<@{scene.person('eli').id}>" in words(refused)
    assert "people-affected" not in await steps(scene)


async def test_what_was_done_stays_when_the_kind_of_system_becomes_known(scene: Scene) -> None:
    room = await scene.declare(system="penny", archetype="prompt_injection")
    playbooks, actor = scene.product.services.playbooks, actor_of(scene, "ada")
    await playbooks.done(actor, "INC-1", "keep-prompts")
    before = (await playbooks.progress(actor, "INC-1")).total

    await scene.product.services.register.save(
        actor, {"name": "Penny", "key": "penny", "system_type": "agent"}, incident_key="INC-1"
    )
    await scene.settled()

    progress = await playbooks.progress(actor, "INC-1")
    assert progress.done == 1
    assert progress.total > before
    assert "next: Revoke the agent's permissions" in words(scene.card(room))
    await scene.passes(minutes=6)
    assert any("unable to act" in text for text in scene.told("ada"))


async def test_a_kind_of_failure_that_is_chosen_later_brings_its_gates_in_time(scene: Scene) -> None:
    await scene.declare(system_type="generative")
    await scene.product.services.playbooks.done(actor_of(scene, "ada"), "INC-1", "keep-prompts")
    choice = Choice(Archetype.TOXICITY_ABUSE, SystemType.GENERATIVE, Severity.SEV2)
    await scene.product.services.suggestions.change(actor_of(scene, "ada"), "INC-1", choice)
    await scene.settled()

    await scene.passes(minutes=11)

    assert any("Are minors involved" in text for text in scene.told("ada"))
    assert (await scene.product.services.playbooks.progress(actor_of(scene, "ada"), "INC-1")).done == 1


async def test_a_person_given_a_step_stands_with_it_and_everything_can_be_looked_up(scene: Scene) -> None:
    room = await scene.declare(**CHATBOT)
    ada = scene.person("ada")
    view = await opened(scene, "ada", room)
    chen = scene.person("chen").id
    await ada.press(view, "playbook.assign", block_id="keep-outputs", selected_user=chen)
    await scene.settled()
    shown = ada.modal()
    assert shown is not None
    assert f"assigned to <@{chen}>" in words(shown)
    assert chen in room.members
    assert any("gave you a step" in text and "Save the raw outputs" in text for text in scene.told("chen"))

    penny = scene.workspace.user("penny").id
    with pytest.raises(Invalid, match="is an app"):
        await scene.product.services.playbooks.assign(actor_of(scene, "ada"), "INC-1", "keep-prompts", penny)

    await ada.press(shown, "playbook.all")
    every = await scene.workspace.until(lambda: showing(ada.modal(), "⬜"))
    assert "Rotate" not in words(every)
    await ada.press(every, "playbook.open", value="INC-1")
    again = await scene.workspace.until(lambda: showing(ada.modal(), "Not done because"))
    await ada.press(again, "playbook.standards")
    standards = await scene.workspace.until(lambda: showing(ada.modal(), "AML.T0051"))
    assert "LLM01:2026 Prompt Injection" in words(standards)
    assert "data version 5.6.0" in words(standards)


async def test_a_restricted_incidents_playbook_is_for_its_people_alone(scene: Scene) -> None:
    await scene.declare(visibility="restricted")
    result = await scene.command("ben", "playbook INC-1")
    said = [*scene.whispered("ben", "general"), str(result.body)]
    assert any("There is no incident INC-1" in text for text in said)
    assert scene.person("ben").modal() is None


async def test_a_faulty_playbook_keeps_the_product_from_starting(staged: Staged, tmp_path: Path) -> None:
    (tmp_path / "ours.yml").write_text("playbook: agent\nnam: Ours\n", encoding="utf-8")
    with pytest.raises(BadSetup) as refused:
        await staged(playbooks_dir=tmp_path)
    assert refused.value.problems[0].startswith("PLAYBOOKS_DIR: ours.yml line ")
