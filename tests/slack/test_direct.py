"""Messages and reactions go straight into the record, under the same rules as through Bolt."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from typing import Any

import pytest

from app.slack.direct import DirectEvents
from tests.slack.test_events import HUMAN, envelope

SECRET = "of the app"


class Shelf:
    """Keeps what it is given, unless it is full."""

    def __init__(self):
        self.kept = []
        self.full = False

    async def submit(self, received):
        if self.full:
            raise OSError("disk full")
        self.kept.append(received)


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


@pytest.fixture
def direct(slack, shelf) -> DirectEvents:
    return DirectEvents(slack, shelf, SECRET)


@pytest.fixture
def said(workspace) -> dict[str, Any]:
    """A message of ada's as Slack sends it."""
    team = workspace.team.id
    bot = {"team_id": team, "user_id": workspace.app.bot_user_id, "is_bot": True}
    return envelope(**HUMAN) | {"team_id": team, "authorizations": [bot]}


def signed(body: Any, secret: str = SECRET, *, age_seconds: float = 0) -> tuple[bytes, dict[str, str]]:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    at = str(int(time.time() - age_seconds))
    signature = hmac.new(secret.encode(), f"v0:{at}:".encode() + raw, hashlib.sha256).hexdigest()
    return raw, {"X-Slack-Request-Timestamp": at, "X-Slack-Signature": f"v0={signature}"}


async def test_a_signed_message_is_stored(direct, shelf, said):
    assert await direct.take(*signed(said))
    (one,) = shelf.kept
    assert (one.event.text, one.event_id) == (HUMAN["text"], said["event_id"])


async def test_what_is_said_without_being_recorded_is_settled_too(direct, shelf, said):
    said["event"] |= {"subtype": "channel_join"}
    assert await direct.take(*signed(said))
    assert shelf.kept == []


async def test_what_can_not_be_stored_is_not_acknowledged(direct, shelf, said):
    shelf.full = True
    with pytest.raises(OSError, match="disk full"):
        await direct.take(*signed(said))


@pytest.mark.parametrize("age_seconds", [301, -301])
async def test_what_was_signed_long_ago_or_later_is_left_to_bolt(direct, shelf, said, age_seconds):
    assert not await direct.take(*signed(said, age_seconds=age_seconds))
    assert shelf.kept == []


async def test_what_another_secret_signed_is_left_to_bolt(direct, shelf, said):
    assert not await direct.take(*signed(said, "somebody else's"))
    assert shelf.kept == []


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"X-Slack-Signature": ""},
        {"X-Slack-Signature": "v0=é"},
        {"X-Slack-Request-Timestamp": "soon"},
        {"X-Slack-Request-Timestamp": ""},
    ],
)
async def test_what_is_not_signed_is_left_to_bolt(direct, shelf, said, changed):
    body, headers = signed(said)
    assert not await direct.take(body, headers | changed if changed else {})
    assert shelf.kept == []


async def test_a_body_that_was_changed_on_the_way_is_left_to_bolt(direct, shelf, said):
    body, headers = signed(said)
    assert not await direct.take(body.replace(b"U", b"W"), headers)
    assert shelf.kept == []


async def test_other_kinds_of_requests_are_left_to_bolt(direct, shelf, said):
    challenge = {"type": "url_verification", "challenge": '"event_callback"'}
    opened = said | {"event": {"type": "app_home_opened", "user": "U1"}}
    for other in (challenge, opened, b'["event_callback"]', b'{"event_callback"', b'\xff\xfe "event_callback"'):
        assert not await direct.take(*signed(other))
    assert shelf.kept == []


async def test_a_connected_workspaces_message_is_left_to_bolt(direct, shelf, said):
    said["authorizations"][0]["team_id"] = "T0ELSEWHERE"
    assert not await direct.take(*signed(said))
    assert shelf.kept == []


@pytest.mark.parametrize("where", ["event", "message", "previous_message"])
async def test_what_we_did_ourselves_is_left_to_bolt(direct, shelf, said, workspace, where):
    event = {"type": "message", "channel": "C1", "ts": "1.1", "event_ts": "1.1", "subtype": "message_changed"}
    own = {"user": workspace.app.bot_user_id, "ts": "1.1", "text": "ours"}
    said["event"] = event | own if where == "event" else event | {where: own}
    assert not await direct.take(*signed(said))
    assert shelf.kept == []
