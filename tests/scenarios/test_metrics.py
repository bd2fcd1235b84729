"""What a scrape of /metrics tells after something happened."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass

import pytest
from aiohttp import ClientSession
from prometheus_client.parser import text_string_to_metric_families
from pydantic import SecretStr

from app import __version__
from app.domain.inbox import InboxEvent
from app.domain.notices import StatusChanged
from app.ports.chat import ChatBusy
from app.workspace import SlackApp, faults
from tests.llm import model_server
from tests.scenarios.conftest import Staged
from tests.scenarios.scene import Scene
from tests.scenarios.test_model import honest, opened, with_evidence, with_model


@dataclass(frozen=True)
class Scrape:
    """One answer of the endpoint."""

    text: str
    samples: dict[tuple[str, frozenset[tuple[str, str]]], float]

    def value(self, name: str, **labels: str) -> float:
        """The sample; 0 where there is none, which is what a counter that was never touched shows."""
        return self.samples.get((f"ai_incident_{name}", frozenset(labels.items())), 0)

    def by(self, name: str, label: str) -> dict[str, float]:
        """The samples of that name summed by a label."""
        found: Counter[str] = Counter()
        for (family, labels), value in self.samples.items():
            if family == f"ai_incident_{name}":
                found[dict(labels)[label]] += value
        return dict(found)


async def scraped(scene: Scene) -> Scrape:
    async with ClientSession() as session, session.get(f"http://127.0.0.1:{scene.product.port}/metrics") as answer:
        assert answer.status == 200
        text = await answer.text()
    families = text_string_to_metric_families(text)
    samples = {(one.name, frozenset(one.labels.items())): one.value for family in families for one in family.samples}
    return Scrape(text, samples)


async def test_an_incident_is_seen_in_acknowledgements_capture_and_calls(scene: Scene) -> None:
    room = await scene.declare(title="The agent deletes orders")
    await scene.declare("ben", title="An exercise", kind="drill", severity="sev1")
    await scene.declare("ada", title="Okapi", visibility="restricted", severity="sev3")
    before = await scraped(scene)
    ts = await scene.person("ada").say(room.id, "The export job is stopped.")
    await scene.person("ben").react(room.id, ts, "eyes")
    await scene.person("ada").edit(room.id, ts, "The export job is stopped for good.")
    await scene.settled()

    now = await scraped(scene)

    assert now.value("capture_lag_seconds_count") - before.value("capture_lag_seconds_count") == 3
    assert now.value("capture_lag_seconds_sum") - before.value("capture_lag_seconds_sum") < 15
    counts = now.by("ack_seconds_count", "kind")
    # Each was declared by a command that opened a form and by the form's submission.
    assert (counts["command"], counts["event"] >= 3, counts["interactivity"] >= 3) == (3, True, True)
    assert now.by("open_incidents", "severity") == {"sev2": 1, "sev3": 1}
    made = Counter(call.method for call in scene.workspace.calls if call.outcome == "ok")
    told = {
        dict(labels)["method"]: value for (name, labels), value in now.samples.items() if ("outcome", "ok") in labels
    }
    assert told == made
    assert now.by("slack_call_seconds_count", "method") == made
    for word in ("Okapi", "deletes orders", "INC-", room.id, "ada"):
        assert word not in now.text


async def test_acknowledgements_through_a_socket_are_timed_too(staged: Staged) -> None:
    scene = await staged(slack_app_token=SecretStr(SlackApp().app_token))
    room = await scene.declare()
    before = await scraped(scene)
    await scene.person("ada").say(room.id, "The export job is stopped.")
    await scene.settled()
    found = await scraped(scene)
    counts = found.by("ack_seconds_count", "kind")
    assert (counts["command"], counts["interactivity"] >= 1) == (1, True)
    assert counts["event"] - before.by("ack_seconds_count", "kind")["event"] == 1


async def test_what_waits_in_the_outbox_is_told_by_urgency_and_state(scene: Scene) -> None:
    await scene.declare()
    quiet = await scraped(scene)
    # The three reminders of the promised update.
    assert quiet.samples.keys() & {("ai_incident_outbox_jobs", frozenset({("urgency", "soon"), ("state", "pending")}))}
    assert quiet.value("outbox_jobs", urgency="soon", state="pending") == 3
    assert quiet.value("outbox_oldest_due_seconds") == 0
    form = await scene.declare_form("ben")
    scene.workspace.latency_seconds = 4
    await scene.person("ben").submit(form, {"title": "The chatbot names customers", "severity": "sev2"})
    while not (await scraped(scene)).value("outbox_jobs", urgency="now", state="running"):
        pass
    scene.clock.advance(minutes=2)
    busy = await scraped(scene)
    assert 120 <= busy.value("outbox_oldest_due_seconds") < 180
    scene.workspace.latency_seconds = 0
    await scene.settled()
    scene.workspace.faults.add("chat.update", faults.ratelimited(30))
    await scene.command("ada", "severity sev1 it spreads", next(reversed(scene.workspace.channels)))
    waiting = await scraped(scene)
    assert sum(value for (name, labels), value in waiting.samples.items() if ("state", "retrying") in labels) >= 1


async def test_a_reminder_tells_how_late_it_was(scene: Scene) -> None:
    await scene.declare(severity="sev2")
    await scene.passes(minutes=60)
    found = await scraped(scene)
    assert found.value("reminder_lateness_seconds_count", kind="update_due") == 1
    assert found.value("reminder_lateness_seconds_sum", kind="update_due") < 60
    # It was overtaken, and said nothing.
    assert found.value("reminder_lateness_seconds_count", kind="update_before") == 0


async def test_slack_s_limits_are_seen_in_failures_waits_and_calls_that_were_put_off(scene: Scene) -> None:
    room = await scene.declare()
    chat = await scene.product.workspace.of(scene.workspace.team.id)
    incident = await scene.product.services.board.by_channel(scene.workspace.team.id, room.id)
    assert incident is not None
    notice = StatusChanged(incident, incident.status, incident.severity, incident.declared_by)
    posts = [chat.post(room.id, notice, key=f"test:{number}") for number in range(7)]
    await asyncio.gather(*posts)
    scene.workspace.faults.add("chat.postMessage", faults.ratelimited(60))
    with pytest.raises(ChatBusy):
        await chat.post(room.id, notice, key="test:limited")
    with pytest.raises(ChatBusy):
        await chat.post(room.id, notice, key="test:put-off")
    found = await scraped(scene)
    assert found.value("slack_limit_wait_seconds_count", method="chat.postMessage") >= 2
    assert found.value("slack_calls_total", method="chat.postMessage", outcome="ratelimited") == 1
    assert found.value("slack_put_off_total", method="chat.postMessage") == 1


async def test_a_model_tells_of_calls_and_tokens_and_its_failures_of_fallbacks(staged: Staged) -> None:
    async with model_server.serving(honest) as server:
        scene = await with_model(staged, server)
        room = await with_evidence(scene)
        await opened(scene, room)
        await scene.settled()
        found = await scraped(scene)
        # Once to read the report, once to draft.
        assert found.by("model_calls_total", "outcome") == {"ok": 2}
        assert found.by("model_tokens_total", "direction") == {"input": 240, "output": 68}
        assert found.value("model_call_seconds_count") == 2
        assert found.by("drafts_total", "drafter") == {"extractive": 1, "model": 1}
        assert found.by("model_fallbacks_total", "what") == {}
    await scene.command("ada", "postmortem", room.id)
    found = await scraped(scene)
    assert found.by("model_calls_total", "outcome") == {"ok": 2, "unreachable": 1}
    assert found.by("model_fallbacks_total", "what") == {"postmortem": 1}
    assert found.value("drafts_total", what="postmortem", drafter="extractive") == 1


async def test_the_process_tells_what_it_is_and_whether_its_parts_are_there(scene: Scene) -> None:
    async with scene.product.bench.store.write() as uow:
        team, now = scene.workspace.team.id, scene.clock.now()
        await uow.add(
            InboxEvent(team=team, event_id="Ev1", fingerprint="f", body={}, received_at=now, error="ValueError: ?")
        )
    found = await scraped(scene)
    assert f'version="{__version__}"' in found.text
    assert found.value("database_up") == 1
    assert found.value("scheduler_tick_age_seconds") < 5
    assert found.value("inbox_unapplied") == 1
