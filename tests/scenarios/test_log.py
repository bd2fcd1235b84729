"""What a whole incident leaves in the log: which incident each line is about, and none of its words."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from contextlib import redirect_stderr
from dataclasses import dataclass
from typing import Any

import pytest
import structlog
from pydantic import SecretStr

from app.demo.screen import Screen
from app.demo.stage import Stage
from app.demo.story import play
from app.journal import set_up_log
from app.workspace import faults
from tests.scenarios.conftest import Staged
from tests.scenarios.scene import Scene, words

API_TOKEN = "reporting-token-of-forty-characters-0001"
# Shorter words may stand in a line by chance.
TELLING = 12


@dataclass
class Log:
    """Everything that is logged, from `start` on."""

    text: io.StringIO

    def start(self, level: str) -> None:
        with redirect_stderr(self.text):
            set_up_log(level, "json")

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.text.getvalue().splitlines() if line.startswith("{")]

    def of(self, event: str) -> list[dict[str, Any]]:
        return [line for line in self.lines if line["event"] == event]


@pytest.fixture
def log() -> Iterator[Log]:
    """The log in the form that collectors read; as before at the end."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    levels = {name: logging.getLogger(name).level for name in root.manager.loggerDict}
    config = structlog.get_config()
    yield Log(io.StringIO())
    root.handlers[:] = handlers
    root.setLevel(level)
    for name, before in levels.items():
        logging.getLogger(name).setLevel(before)
    structlog.configure(**config)


def said_in(scene: Scene) -> set[str]:
    """Every line of words in the workspace that is long enough to be recognised, people's and ours."""
    messages = [one for channel in scene.workspace.channels.values() for one in channel.messages.values()]
    lines = {line.strip() for one in messages for line in (one.text + "\n" + words(one)).splitlines()}
    return {line for line in lines if len(line) >= TELLING}


@pytest.mark.parametrize("level", ["info", "debug"])
async def test_no_line_from_info_on_repeats_what_was_said_and_no_line_at_all_a_secret(
    log: Log, staged: Staged, demo_register: dict[str, Any], level: str
) -> None:
    log.start(level)
    scene = await staged(api_tokens={"reporting": SecretStr(API_TOKEN)}, **demo_register)
    # Failures are what gets logged with all its circumstances.
    scene.workspace.faults.add("chat.postMessage", faults.lost_answer())
    scene.workspace.faults.add("chat.update", faults.ratelimited(1))
    scene.workspace.faults.add("bookmarks.add", faults.error("no_permission"))
    scene.workspace.faults.add("pins.add", faults.http_500())
    stage = Stage(scene.workspace, scene.clock, Screen(scene.workspace), settled=scene.settled)

    await play(stage, scene.monitor())

    news = [line for line in log.lines if line["level"] not in ("debug", "notset")]
    assert news
    told = json.dumps(news, ensure_ascii=False)
    spoken = said_in(scene)
    assert len(spoken) > 50
    assert not [line for line in spoken if line in told]
    app = scene.workspace.app
    for secret in (app.bot_token, app.signing_secret, app.app_token, API_TOKEN):
        assert secret not in log.text.getvalue()


async def test_every_request_of_slacks_is_one_line_with_its_kind_and_the_time_it_took(log: Log, staged: Staged) -> None:
    log.start("debug")
    scene = await staged()
    room = await scene.declare()
    await scene.person("ada").say(room.id, "The export job is stopped.")
    await scene.settled()
    requests = log.of("slack_request")
    assert {line["request"] for line in requests} == {"event", "command", "interactivity"}
    assert all(line["level"] == "debug" and line["status"] == 200 and line["ack_ms"] > 0 for line in requests)
    captured = [line for line in requests if "event_id" in line]
    assert captured
    assert all(line["team"] == scene.workspace.team.id for line in captured)


async def test_what_a_job_logs_names_its_incident_and_nobody_elses(log: Log, staged: Staged) -> None:
    log.start("debug")
    scene = await staged()
    await scene.declare(title="The agent deletes orders")
    await scene.declare("ben", title="The chatbot names customers")
    await scene.settled()
    done = log.of("job_done")
    async with scene.product.bench.store.read() as uow:
        ids = {key: (await uow.incidents.by_key(scene.workspace.team.id, key)).id for key in ("INC-1", "INC-2")}
    assert {line["incident"] for line in done if "incident" in line} == {"INC-1", "INC-2"}
    for line in done:
        assert line["team"] == scene.workspace.team.id
        if "incident" in line:
            job = await _job(scene, line["job"])
            assert job.incident_id == ids[line["incident"]]
            assert job.kind == line["job_kind"]
        assert "request" not in line
        assert "event_id" not in line
    assert {line["job_kind"] for line in done} - {line["job_kind"] for line in done if "incident" in line} <= {
        "person.learn"
    }


async def test_a_failure_at_the_edge_names_the_incident(log: Log, staged: Staged) -> None:
    log.start("info")
    scene = await staged()
    room = await scene.declare()
    scene.workspace.faults.add("views.open", faults.error("no_permission"), times=None)
    await scene.command("ada", "update", room.id)
    failed = log.of("listener_failed")
    assert [(line["incident"], line["team"]) for line in failed] == [("INC-1", scene.workspace.team.id)]


async def _job(scene: Scene, job_id: int) -> Any:
    from app.domain.job import Job

    async with scene.product.bench.store.read() as uow:
        return await uow.get(Job, job_id)
