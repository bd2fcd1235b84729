"""The Bolt app is ours alone, whatever the environment tells Bolt."""

from __future__ import annotations

from slack_bolt.request.async_request import AsyncBoltRequest

from app.slack.bolt_app import build_app
from app.slack.listeners.ask import Desk
from app.slack.services import Services
from tests.slack.test_events import HUMAN, envelope


async def test_credentials_in_the_environment_do_not_make_bolt_authorize_on_its_own(
    slack, workspace, monkeypatch, tmp_path
):
    monkeypatch.setenv("SLACK_CLIENT_ID", "1.2")
    monkeypatch.setenv("SLACK_CLIENT_SECRET", "secret")
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-other")
    monkeypatch.setenv("HOME", str(tmp_path))
    kept = []

    class Shelf:
        async def submit(self, received):
            kept.append(received)

    services = Services(**dict.fromkeys(Services.__dataclass_fields__) | {"capture": Shelf()})
    app = build_app(slack, Desk(services, slack, {}), "secret")
    body = envelope(**HUMAN) | {"team_id": workspace.team.id}
    answered = await app.async_dispatch(AsyncBoltRequest(body=body, mode="socket_mode"))
    assert answered.status == 200
    assert len(kept) == 1
    assert list(tmp_path.iterdir()) == []
