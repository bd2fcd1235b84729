"""The demo plays its whole story, and leaves behind what it says."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from app.demo import main


@pytest.fixture(scope="module")
async def left_behind(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a demo that was played without pauses."""
    folder = tmp_path_factory.mktemp("demo")
    code = await asyncio.to_thread(main.run, keep=False, directory=folder, pace_seconds=0)
    assert code == 0
    return folder


@pytest.fixture(scope="module")
def record(left_behind: Path) -> dict[str, Any]:
    told: dict[str, Any] = json.loads((left_behind / "INC-2.json").read_text(encoding="utf-8"))
    return told


async def test_the_incident_ends_resolved_with_its_update_and_postmortem(
    left_behind: Path, record: dict[str, Any]
) -> None:
    assert record["status"] == "resolved"
    assert [update["status"] for update in record["updates"]] == ["published"]
    assert record["postmortem"]["sections"]["root_cause"]
    assert "Root cause" in (left_behind / "INC-2-postmortem.md").read_text(encoding="utf-8")


async def test_the_agent_was_contained_until_the_fix_was_measured_and_a_clock_ticks(record: dict[str, Any]) -> None:
    assert [one["state"] for one in record["containments"]] == ["undone"]
    assert [(one["phase"], one["failures"], one["tries"]) for one in record["trials"]] == [
        ("before", 7, 20),
        ("after", 0, 20),
        ("after", 0, 80),
    ]
    assert [one["regime"] for one in record["clocks"]] == ["dora_19"]


async def test_the_playbook_was_begun_and_the_agent_is_known_to_be_stopped(record: dict[str, Any]) -> None:
    steps = {one["key"]: one["state"] for one in record["playbook"]["steps"]}
    assert steps["revoke-agent"] == steps["keep-prompts"] == "done"
    assert steps["agent-stopped"] == steps["harm-ongoing"] == "answered"


async def test_the_hostile_prompt_is_evidence_and_no_sentence_of_a_draft_has_it(
    left_behind: Path, record: dict[str, Any]
) -> None:
    assert any("Ignore all previous" in entry["text"] for entry in record["timeline"])
    written = [update["sections"] for update in record["updates"]] + [record["postmortem"]["sections"]]
    assert "Ignore all previous" not in json.dumps(written)
    assert "<!channel>" not in (left_behind / "INC-2-postmortem.md").read_text(encoding="utf-8")
