"""A whole incident, from the slash command to the postmortem, as the demo plays it."""

from __future__ import annotations

from typing import Any

import pytest

from app.demo.screen import Screen
from app.demo.stage import Stage
from app.demo.story import play, play_the_past
from tests.scenarios.conftest import Staged
from tests.scenarios.scene import Scene


@pytest.fixture
async def scene(staged: Staged, demo_register: dict[str, Any]) -> Scene:
    """The workspace of the demo, with its register and a receiver for its switch."""
    return await staged(**demo_register)


@pytest.mark.parametrize("database_kind", ["sqlite", "postgresql"])
async def test_an_incident_runs_from_declaration_to_postmortem(scene: Scene) -> None:
    stage = Stage(scene.workspace, scene.clock, Screen(scene.workspace), settled=scene.settled)

    await play_the_past(stage)
    key = await play(stage, scene.monitor())

    record = await scene.record(key)
    assert not await _failed_jobs(scene)
    changes = [(change["status"], change["severity"]) for change in record["status_history"]]
    assert changes == [
        ("investigating", "sev2"),
        ("investigating", "sev1"),
        ("contained", "sev1"),
        ("resolved", "sev1"),
    ]
    assert "INC-2 SEV1 resolved" in scene.announcements()[-1].text
    assert {holding["role"] for holding in record["roles"]} == {"commander", "scribe", "tech", "comms", "legal"}
    assert (record["archetype"], record["severity"], record["suggestion"]["state"]) == (
        "prompt_injection",
        "sev1",
        "taken",
    )
    pack = record["triage"]["parts"]
    assert "prompt v12 live" in pack["changes"][0]
    assert "began 9 min after" in pack["anomalies"][0]
    assert pack["similar"][0].startswith("INC-1 ")
    layers = [entry["layer"] for entry in record["timeline"] if entry["layer"]]
    assert layers == ["input", "inference"]
    acts = {one["action"] for one in record["audit"]}
    assert {"escalation.invited", "escalation.answered", "suggestion.taken", "catch_up.offered"} <= acts
    (update,) = record["updates"]
    assert update["status"] == "published"
    said = {entry["id"] for entry in record["timeline"]}
    assert all(line["citations"] and set(line["citations"]) <= said for line in _lines(update["sections"]))
    # It was contained before the update was drafted.
    assert not [line for line in _lines(update["sections"]) if "stopped and fixed" in str(line["text"])]
    assert record["unknowns"][0]["answered_at"] is not None
    assert set(record["postmortem"]["sections"]) == {
        "timeline",
        "root_cause",
        "impact",
        "detection_review",
        "response_review",
        "prevention_plan",
    }


async def _failed_jobs(scene: Scene) -> list[str]:
    async with scene.product.bench.store.read() as uow:
        incident = await uow.incidents.by_key(scene.workspace.team.id, "INC-2")
        assert incident is not None
        return [job.kind for job in await uow.jobs.failed(incident.id or 0)]


def _lines(sections: dict[str, list[dict[str, object]]]) -> list[dict[str, object]]:
    return [line for lines in sections.values() for line in lines]
