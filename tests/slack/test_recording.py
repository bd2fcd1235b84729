"""Events are acknowledged after they are stored, over HTTP and through a socket, and only when Slack signed them."""

from __future__ import annotations

import aiohttp
import pytest

from app.slack.bolt_app import build_app
from app.slack.http import slack_events
from app.slack.listeners.ask import Desk
from app.slack.listeners.capture import received_in
from app.slack.services import Services
from app.slack.socket_mode import SocketLink
from app.web.server import Server
from tests.slack.test_events import HUMAN, envelope


class Shelf:
    """Keeps what it is given, unless it is full."""

    def __init__(self):
        self.kept = []
        self.full = 0

    async def submit(self, received):
        if self.full:
            self.full -= 1
            raise OSError("disk full")
        self.kept.append(received)


@pytest.fixture
def shelf():
    return Shelf()


@pytest.fixture
def app(slack, workspace, shelf):
    services = Services(**dict.fromkeys(Services.__dataclass_fields__) | {"capture": shelf})
    return build_app(slack, Desk(services, slack, {}), workspace.app.signing_secret)


@pytest.fixture
async def address(app, workspace):
    from aiohttp import web

    served = web.Application()
    served.router.add_post("/slack/events", slack_events(app))
    server = Server(served, "127.0.0.1", 0)
    await server.start()
    url = f"http://127.0.0.1:{server.port}/slack/events"
    workspace.app.request_url = url
    yield url
    await server.stop()


async def test_a_message_is_stored_with_its_id_its_fingerprint_and_its_body(address, workspace, shelf):
    ts = await workspace.person("ada").say("general", "hello")
    await workspace.events.settled()
    (one,) = [received for received in shelf.kept if received.event.ts == ts]
    assert one.event.text == "hello"
    assert one.event_id.startswith("Ev")
    assert one.fingerprint.endswith(f":message:{ts}")
    assert one.body["event"]["text"] == "hello"


async def test_what_could_not_be_stored_is_delivered_again(address, workspace, shelf):
    shelf.full = 2
    ts = await workspace.person("ada").say("general", "hello")
    await workspace.events.settled()
    assert [received.event.ts for received in shelf.kept] == [ts]
    assert workspace.events.deliveries[-1].attempts == 3


async def test_through_a_socket_it_is_the_same(app, workspace, shelf):
    workspace.app.request_url = None
    link = SocketLink(app, workspace.app.app_token)
    await link.connect()
    try:
        assert await link.connected()
        shelf.full = 1
        ts = await workspace.person("ada").say("general", "hello")
        await workspace.events.settled()
        assert [received.event.ts for received in shelf.kept] == [ts]
    finally:
        await link.close()


async def test_events_that_nobody_hears_are_acknowledged(address, workspace, shelf):
    await workspace.person("ada").create_channel("elsewhere")
    ada = workspace.person("ada")
    await ada.join("support")
    ts = await ada.say("general", "x")
    await ada.pin("general", ts)
    await workspace.events.settled()
    assert {delivery.outcome for delivery in workspace.events.deliveries} == {"acknowledged"}


@pytest.mark.parametrize("headers", [{}, {"x-slack-request-timestamp": "1", "x-slack-signature": "v0=00"}])
async def test_what_slack_did_not_sign_is_refused(address, shelf, headers):
    async with (
        aiohttp.ClientSession() as session,
        session.post(address, json=envelope(**HUMAN), headers=headers) as sent,
    ):
        assert sent.status == 401
    assert shelf.kept == []


async def test_a_body_that_is_no_text_is_refused(address):
    async with aiohttp.ClientSession() as session, session.post(address, data=b"\xff\xfe\x00") as sent:
        assert sent.status in (400, 401)


def test_what_is_not_recorded_is_not_received():
    assert received_in(envelope(**(HUMAN | {"subtype": "channel_join"}))) is None
    assert received_in({"type": "block_actions"}) is None
    without_id = envelope(**HUMAN)
    del without_id["event_id"]
    assert received_in(without_id).event_id == "T1:C1:message:1.1"
