"""The same product over Socket Mode: no public address, and a connection that may break at any time."""

from __future__ import annotations

import aiohttp
import pytest
from pydantic import SecretStr

from app.workspace import SlackApp
from app.workspace.model import Channel
from tests.scenarios.conftest import Staged
from tests.scenarios.scene import Scene, words


@pytest.fixture
async def scene(staged: Staged) -> Scene:
    scene = await staged(slack_app_token=SecretStr(SlackApp().app_token))
    await scene.workspace.until(lambda: scene.workspace.sockets.connected)
    return scene


async def said(scene: Scene) -> list[str]:
    return [entry["text"] for entry in (await scene.record())["timeline"]]


async def test_an_incident_is_declared_and_furnished(scene: Scene) -> None:
    room = await scene.declare()

    assert scene.workspace.app.request_url is None
    assert "Support bot leaks order data" in words(scene.card(room))
    assert len(scene.announcements()) == 1


async def test_messages_buttons_and_commands_arrive(scene: Scene) -> None:
    room = await scene.declare()

    await scene.person("ada").say(room.id, "Accuracy fell to 61 %")
    await scene.take("ada", "commander", room)
    await scene.command("ada", "severity sev1 payments too", room.id)

    assert "Accuracy fell to 61 %" in await said(scene)
    record = await scene.record()
    assert record["severity"] == "sev1"
    assert [one["role"] for one in record["roles"]] == ["commander"]


async def test_an_event_that_comes_twice_is_one_entry(scene: Scene) -> None:
    room = await scene.declare()
    scene.workspace.events.duplicate_next(1)

    await scene.person("ada").say(room.id, "said once")
    await scene.settled()

    assert (await said(scene)).count("said once") == 1


async def test_a_socket_that_slack_asks_to_renew_loses_nothing(scene: Scene) -> None:
    room = await scene.declare()

    await scene.workspace.sockets.ask_to_reconnect()
    await scene.person("ada").say(room.id, "said while it reconnects")
    await reconnected(scene, room)

    assert "said while it reconnects" in await said(scene)


async def test_a_socket_that_breaks_is_opened_again_and_loses_nothing(scene: Scene) -> None:
    room = await scene.declare()

    await scene.workspace.sockets.cut()
    await scene.person("ada").say(room.id, "said into the void")
    await reconnected(scene, room)

    assert "said into the void" in await said(scene)


async def reconnected(scene: Scene, room: Channel) -> None:
    """Wait for the link, and let what was missed be read from the channel."""
    await scene.workspace.until(lambda: scene.workspace.sockets.connected, timeout_seconds=20)
    await scene.product.backfill.all()
    await scene.settled()
    assert scene.person("ada").id in room.members


async def test_requests_over_http_are_not_taken(scene: Scene) -> None:
    address = f"http://127.0.0.1:{scene.product.port}/slack/events"

    async with aiohttp.ClientSession() as session, session.post(address, data="x") as refused:
        assert refused.status == 404
