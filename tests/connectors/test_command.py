"""Commands run by name only, without a shell, with a deadline, and see nothing of the product's surroundings."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from app.connectors.command import Commands
from app.connectors.switchboard import Switchboard
from app.domain.containment import Reading
from app.domain.register import Connector, ConnectorKind
from app.ports.switches import Call, SwitchFailed
from tests.connectors.orders import order, switch

ANSWERING = """
import json, os, sys
order = json.load(sys.stdin)
print(json.dumps({**order, "state": "contained", "detail": " ".join([sys.argv[1], *sorted(os.environ)])}))
"""
CONNECTOR = Connector(kind=ConnectorKind.COMMAND, command="act", verify_command="read", undo_command=None)


def program(folder: Path, code: str) -> Path:
    path = folder / "program"
    path.write_text(f"#!{sys.executable} -IS\n{code}", encoding="utf-8")
    path.chmod(0o700)
    return path


async def test_an_allowed_command_gets_the_order_and_nothing_of_our_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-secret")
    commands = Commands({"read": program(tmp_path, ANSWERING)})
    answer = await commands.call(Call.VERIFY, order(CONNECTOR))
    assert answer.reading is Reading.CONTAINED
    assert answer.words.startswith("verify ")
    assert "SLACK" not in answer.words


async def test_a_command_that_is_not_allowed_is_never_run(tmp_path: Path) -> None:
    board = Switchboard(None, Commands({"read": program(tmp_path, ANSWERING)}))
    assert "does not allow" in board.obstacle(switch(CONNECTOR))
    with pytest.raises(SwitchFailed):
        await board.call(Call.ACT, order(CONNECTOR))
    with pytest.raises(SwitchFailed, match="not among those"):
        await Commands({}).call(Call.UNDO, order(CONNECTOR))


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("import sys; sys.exit(3)", "the code 3"),
        ("print('x' * 70_000)", "longer than 64 kB"),
        ("import time; time.sleep(30)", "did not end within"),
        ("print('all good')", "not one JSON object"),
    ],
)
async def test_a_command_that_fails_hangs_or_says_nothing_clear_is_no_verification(
    tmp_path: Path, code: str, why: str
) -> None:
    seconds = 0.3 if "sleep" in code else 10
    commands = Commands({"read": program(tmp_path, code)}, read_seconds=seconds)
    with pytest.raises(SwitchFailed, match=why):
        await commands.call(Call.VERIFY, order(CONNECTOR))


def test_without_a_secret_no_webhook_can_be_thrown() -> None:
    hooked = Connector(kind=ConnectorKind.WEBHOOK, url="https://x.example/a", verify_url="https://x.example/v")
    assert "CONTAINMENT_SECRET" in Switchboard(None, Commands({})).obstacle(switch(hooked))
    assert not Switchboard(None, Commands({})).obstacle(switch(Connector()))
