"""What the doctor says of a set-up that workspaces install themselves; and how such a one is served."""

from __future__ import annotations

import pytest

from tests.commands.running import CommandLine, LocalSlack


@pytest.fixture
def settings(slack: LocalSlack) -> dict[str, str]:
    app = slack.server.workspace.app
    given = dict(slack.settings)
    del given["SLACK_BOT_TOKEN"]
    return given | {"SLACK_CLIENT_ID": app.client_id, "SLACK_CLIENT_SECRET": app.client_secret}


async def test_a_good_set_up_has_no_fault(command_line: CommandLine, settings: dict[str, str]) -> None:
    ended = await command_line.run("doctor", **settings)
    assert "ok     OAuth client: Slack knows it" in ended.out
    assert "ok     Install page: http://127.0.0.1:3000/slack/install" in ended.out
    assert "FAULT" not in ended.out
    assert ended.code == 0


async def test_after_migrating_it_counts_the_workspaces(command_line: CommandLine, settings: dict[str, str]) -> None:
    await command_line.run("migrate", **settings)
    assert "ok     Workspaces: none has installed it yet" in (await command_line.run("doctor", **settings)).out


@pytest.mark.parametrize("name", ["SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET"])
async def test_wrong_credentials_are_named(command_line: CommandLine, settings: dict[str, str], name: str) -> None:
    ended = await command_line.run("doctor", **settings | {name: "wrong"})
    assert f"FAULT  OAuth client: {name} is refused" in ended.out
    assert ended.code == 1


async def test_a_bot_token_beside_it_is_one_too_many(command_line: CommandLine, settings: dict[str, str]) -> None:
    both = settings | {"SLACK_BOT_TOKEN": "xoxb-1"}
    assert "FAULT  SLACK_BOT_TOKEN: must be unset" in (await command_line.run("doctor", **both)).out
    ended = await command_line.run("serve", **both)
    assert ended.code != 0
    assert "SLACK_BOT_TOKEN: must be unset" in ended.err


async def test_a_short_key_is_refused_without_showing_it(command_line: CommandLine, settings: dict[str, str]) -> None:
    ended = await command_line.run("doctor", **settings | {"TOKEN_ENCRYPTION_KEY": "hunter2"})
    assert ended.code != 0
    assert "TOKEN_ENCRYPTION_KEY: must be random and have at least 32 characters" in ended.err
    assert "hunter2" not in ended.err + ended.out
