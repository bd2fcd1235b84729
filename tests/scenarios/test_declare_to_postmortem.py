"""A whole incident, from the slash command to the postmortem, as the demo plays it."""

from __future__ import annotations

from typing import Any

import pytest

from app.demo.screen import Screen
from app.demo.stage import Stage
from app.demo.story import play
from tests.scenarios.conftest import Staged
from tests.scenarios.scene import Scene


@pytest.fixture
async def scene(staged: Staged, demo_register: dict[str, Any]) -> Scene:
    """The workspace of the demo, with its register and a receiver for its switch."""
    return await staged(**demo_register)


@pytest.mark.parametrize("database_kind", ["sqlite", "postgresql"])
async def test_an_incident_runs_from_declaration_to_postmortem(scene: Scene) -> None:
    stage = Stage(scene.workspace, scene.clock, Screen(scene.workspace), settled=scene.settled)

    key = await play(stage)

    record = await scene.record(key)
    assert not await _failed_jobs(scene)
    assert [change["status"] for change in record["status_history"]] == ["investigating", "contained", "resolved"]
    assert {holding["role"] for holding in record["roles"]} == {"commander", "scribe", "tech", "comms", "legal"}
    (update,) = record["updates"]
    assert update["status"] == "published"
    said = {entry["id"] for entry in record["timeline"]}
    assert all(line["citations"] and set(line["citations"]) <= said for line in _lines(update["sections"]))
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
        incident = await uow.incidents.by_key(scene.workspace.team.id, "INC-1")
        assert incident is not None
        return [job.kind for job in await uow.jobs.failed(incident.id or 0)]


def _lines(sections: dict[str, list[dict[str, object]]]) -> list[dict[str, object]]:
    return [line for lines in sections.values() for line in lines]
