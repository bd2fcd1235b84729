"""Open pages hear of changes as they happen."""

import asyncio
from typing import Any

from aiohttp import ClientWebSocketResponse, WSMsgType


async def listen(scene: Any, name: str) -> ClientWebSocketResponse:
    ada = scene.as_(name)
    return await scene.session.ws_connect(f"{scene.server.url}/page/as/{ada.person}/changes")


async def heard(line: ClientWebSocketResponse, wanted: str) -> Any:
    async with asyncio.timeout(2):
        while True:
            change = await line.receive_json()
            if change["kind"] == wanted:
                return change


async def test_a_message_is_heard_of_at_once(scene: Any) -> None:
    ada, channel = scene.as_("ada"), scene.channel("general")
    line = await listen(scene, "ben")
    ts = (await ada.act("say", channel=channel, text="hello"))["ts"]
    change = await heard(line, "message")
    assert (change["channel"], change["ts"], change["change"]) == (channel, ts, "posted")
    await line.close()


async def test_what_somebody_cannot_see_is_only_elsewhere(scene: Any) -> None:
    ada, ben = scene.as_("ada"), scene.as_("ben")
    secret = (await ada.act("create_channel", name="secret", private=True))["channel"]
    line = await listen(scene, "ben")
    await ada.act("say", channel=secret, text="hush")
    assert await heard(line, "elsewhere") == {"kind": "elsewhere", "channel": secret, "left": True}
    general = scene.channel("general")
    await scene.client.chat_postEphemeral(channel=general, user=ada.person, text="for ada")
    assert await heard(line, "elsewhere") == {"kind": "elsewhere", "channel": general, "left": False}
    await scene.client.chat_postEphemeral(channel=general, user=ben.person, text="for ben")
    assert (await heard(line, "message"))["user"] == ben.person
    await line.close()


async def test_a_page_that_leaves_is_forgotten(scene: Any) -> None:
    line = await listen(scene, "ada")
    await line.close()
    await scene.as_("ada").act("say", channel=scene.channel("general"), text="to nobody")
    again = await listen(scene, "ada")
    await scene.as_("ada").act("say", channel=scene.channel("general"), text="to somebody")
    assert (await heard(again, "message"))["change"] == "posted"
    await again.close()


async def test_open_pages_do_not_hold_up_the_end(scene: Any) -> None:
    line = await listen(scene, "ada")
    async with asyncio.timeout(5):
        stopping = asyncio.create_task(scene.server.stop())
        assert (await line.receive()).type in (WSMsgType.CLOSE, WSMsgType.CLOSED, WSMsgType.CLOSING)
        await stopping
