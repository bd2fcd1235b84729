"""Whoever opens a new incident's channel finds what changed, what is odd, what hangs on it, and what helped before."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from pydantic import SecretStr

from app.workspace.model import Channel, Message
from tests.scenarios.conftest import Staged
from tests.scenarios.scene import Scene, values, words

EXAMPLE = Path(__file__).parents[2] / "docs" / "register.example.yml"
LEAK = "Support bot shows invoices of other tenants since the cache upgrade"
TOKEN = "s3cret-token"


@pytest.fixture
async def equipped(staged: Staged) -> Scene:
    """A scene with a register file, and a sender of signals."""
    return await staged(register_file=EXAMPLE, signals_tokens={"ci": SecretStr(TOKEN)})


def pack(scene: Scene, room: Channel) -> Message:
    (only,) = [one for one in scene.ours(room) if "*Triage pack*" in words(one)]
    return only


async def send(scene: Scene, sort: str, body: Any, token: str = TOKEN, **headers: str) -> tuple[int, Any]:
    url = f"http://127.0.0.1:{scene.product.port}/signals/{sort}"
    sent = {"Authorization": f"Bearer {token}", **headers}
    async with aiohttp.ClientSession() as session, session.post(url, json=body, headers=sent) as answer:
        return answer.status, await answer.json()


def minutes_ago(scene: Scene, minutes: int) -> str:
    return (scene.clock.now() - timedelta(minutes=minutes)).isoformat()


async def test_a_pack_says_what_is_known_and_of_what_nothing_is(equipped: Scene) -> None:
    deploy = {"id": "d1", "kind": "deploy", "title": "cache 2.3", "system": "support-bot"}
    await send(equipped, "generic", deploy | {"at": minutes_ago(equipped, 12)})
    alarm = {
        "alerts": [
            {"labels": {"alertname": "OddAnswers", "system": "support-bot"}, "startsAt": minutes_ago(equipped, 8)}
        ]
    }
    await send(equipped, "alertmanager", alarm)
    room = await equipped.declare(title=LEAK, system="support-bot")
    shown = words(pack(equipped, room))
    assert "deploy of Support bot: cache 2.3 (ci, 12 min before)" in shown
    assert "OddAnswers on Support bot (ci); began 4 min after the deploy “cache 2.3”" in shown
    assert "← order-database" in shown
    assert "→ Penny, the payments agent, Payments" in shown
    assert "Playbook: Stop the way out" in shown
    assert "Switch: Fixed answers" in shown
    assert "*Similar incidents:* No earlier incident shares enough with this one." in shown
    assert "Legal" in shown
    assert "data of persons may be involved" in shown
    record = (await equipped.record())["triage"]
    assert 0 <= record["seconds_to_context"] < 10
    assert len(record["parts"]["changes"]) == 1
    assert set(record["nothing"]) == {"similar"}
    assert record["picture"].startswith("<svg")


async def test_a_pack_is_gathered_again_in_place_and_finds_how_the_like_of_it_ended(equipped: Scene) -> None:
    earlier = await equipped.declare(title=LEAK, system="support-bot")
    await equipped.take("chen", "tech", earlier)
    await equipped.command("chen", "action Turned the cache off for all tenants", earlier.id)
    await equipped.passes(minutes=90)
    await equipped.command("ada", "resolve the fix holds", earlier.id)
    hidden = await equipped.declare(title=f"{LEAK}, third time", visibility="restricted")
    room = await equipped.declare(title="Invoices of other tenants shown by the support bot, cache suspected")
    before = pack(equipped, room)
    assert f"INC-1 {LEAK} – resolved after 1 h 30 min, SEV2; what helped: Turned the cache off" in words(before)
    assert "third time" not in words(before)
    assert "INC-1" in words(pack(equipped, hidden))
    chen = equipped.person("chen").id
    assert f"<@{chen}> led INC-1, which was similar" in words(before)

    await send(equipped, "generic", {"kind": "flag", "title": "strict_filter off"})
    await equipped.command("ada", "triage", room.id)
    after = pack(equipped, room)
    assert after.ts == before.ts
    assert "flag change: strict_filter off" in words(after)
    assert "time_to_context_seconds_count 3" in await metrics(equipped)


async def test_who_is_brought_in_and_stays_silent_is_not_waited_for(equipped: Scene) -> None:
    room = await equipped.declare(title=LEAK, system="support-bot", severity="sev1")
    ben = equipped.person("ben").id
    assert f"INC-1:{ben}" in values(pack(equipped, room), "escalation.invite")
    await equipped.person("ada").press(pack(equipped, room), "escalation.invite", value=f"INC-1:{ben}")
    await equipped.settled()
    assert ben in room.members
    assert "on call for Support bot" in equipped.told("ben")[-1]
    await equipped.passes(minutes=6)
    assert f"<@{ben}> has not answered for 5 min" in equipped.told("ada")[-1]
    acts = [one["action"] for one in (await equipped.record())["audit"]]
    assert {"escalation.invited", "escalation.unanswered"} <= set(acts)


async def test_who_answers_is_left_in_peace(equipped: Scene) -> None:
    room = await equipped.declare(title=LEAK, system="support-bot", severity="sev1")
    ben = equipped.person("ben")
    await equipped.person("ada").press(pack(equipped, room), "escalation.invite", value=f"INC-1:{ben.id}")
    await equipped.settled()
    told = next(one for one in ben.dms() if "brings you into" in words(one))
    await ben.press(told, "escalation.answer", value="INC-1")
    await equipped.passes(minutes=6)
    assert not any("has not answered" in one for one in equipped.told("ada"))


@pytest.mark.parametrize("sort", ["generic", "cloudevents", "github"])
async def test_a_signal_is_kept_once_and_senders_are_told_what_is_wrong(equipped: Scene, sort: str) -> None:
    body = {
        "generic": {"title": "model 7 rolled out", "kind": "model"},
        "cloudevents": {"id": "7", "source": "ci", "type": "com.example.deploy", "data": {"title": "gateway 4"}},
        "github": {"repository": {"full_name": "bank/bot"}, "deployment": {"ref": "v4", "environment": "prod"}},
    }[sort]
    first, again = [await send(equipped, sort, body, **{"X-GitHub-Delivery": "g1"}) for _ in range(2)]
    assert (first[0], again[0]) == (202, 200)
    assert first[1]["id"] == again[1]["id"]
    assert (await send(equipped, sort, body, token="wrong"))[0] == 401
    assert (await send(equipped, sort, ["not an object"]))[0] == 400
    assert (await send(equipped, "smoke", body))[0] == 404
    assert (await send(equipped, "generic", {"title": "x", "at": "noon"}))[1]["detail"].startswith('"noon" is no time')


async def metrics(scene: Scene) -> str:
    url = f"http://127.0.0.1:{scene.product.port}/metrics"
    async with aiohttp.ClientSession() as session, session.get(url) as answer:
        return await answer.text()
