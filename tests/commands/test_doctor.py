"""The doctor finds what is wrong in a set-up and says what to do."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web
from aiohttp.test_utils import TestServer

from app.workspace import faults
from tests.commands.running import CommandLine, LocalSlack


async def test_a_good_set_up_has_a_line_for_each_check_and_no_fault(
    command_line: CommandLine, slack: LocalSlack
) -> None:
    ended = await command_line.run("doctor", **slack.settings, SLACK_APP_TOKEN=slack.app.app_token)
    assert ended.code == 0, ended
    lines = ended.out.splitlines()
    assert [line.split(":")[0] for line in lines] == [
        "ok     Database",
        "ok     Slack",
        "ok     Scopes",
        "ok     Socket Mode",
        "ok     Announcements",
        "ok     Model",
    ]
    assert ended.err == ""


async def test_the_doctor_changes_nothing(command_line: CommandLine, slack: LocalSlack) -> None:
    await command_line.run("doctor", **slack.settings)
    assert list(command_line.folder.iterdir()) == []
    assert all(call.method in READING for call in slack.server.workspace.calls)


@asynccontextmanager
async def model_server(answer: str, *, status: int = 200) -> AsyncIterator[str]:
    """A server that speaks the OpenAI API and always answers the same; its base address."""

    async def complete(_request: web.Request) -> web.Response:
        if status != 200:
            return web.json_response({"error": {"message": answer, "type": "x", "code": "y"}}, status=status)
        choice = {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": answer}}
        return web.json_response(
            {"id": "1", "object": "chat.completion", "created": 1, "model": "local", "choices": [choice]}
        )

    app = web.Application()
    app.router.add_post("/v1/chat/completions", complete)
    async with TestServer(app) as server:
        yield str(server.make_url("/v1"))


async def test_a_model_that_drafts_is_well(command_line: CommandLine) -> None:
    said = {"text": "The assistant stopped answering.", "citations": [1]}
    async with model_server(json.dumps({"what_happened": [said]})) as address:
        ended = await command_line.run("doctor", OPENAI_BASE_URL=address, OPENAI_MODEL="local")
    assert "ok     Model: local answers" in ended.out


async def test_a_model_that_refuses_the_key_is_told(command_line: CommandLine) -> None:
    async with model_server("no such key", status=401) as address:
        ended = await command_line.run(
            "doctor", OPENAI_BASE_URL=address, OPENAI_MODEL="local", OPENAI_API_KEY="sk-hush"
        )
    assert ended.code == 1
    assert "FAULT  Model: " in ended.out
    assert "OPENAI_API_KEY" in ended.out
    assert "sk-hush" not in ended.out + ended.err


READING = {"auth.test", "users.conversations", "conversations.list"}


async def test_missing_credentials_are_all_named(command_line: CommandLine) -> None:
    ended = await command_line.run("doctor")
    assert ended.code == 1
    for name in ("SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET"):
        assert f"FAULT  {name}: is not set." in ended.out


async def test_a_refused_token_is_told_with_what_to_do(command_line: CommandLine, slack: LocalSlack) -> None:
    ended = await command_line.run("doctor", **{**slack.settings, "SLACK_BOT_TOKEN": "xoxb-wrong"})
    assert ended.code == 1
    assert "FAULT  Slack: SLACK_BOT_TOKEN is refused (invalid_auth)." in ended.out
    assert "xoxb-wrong" not in ended.out + ended.err


async def test_missing_scopes_are_named(command_line: CommandLine, slack: LocalSlack) -> None:
    slack.app.scopes -= {"pins:write", "groups:write"}
    ended = await command_line.run("doctor", **slack.settings)
    assert ended.code == 1
    assert "FAULT  Scopes: missing groups:write, pins:write. Update the app from manifest.yml" in ended.out


async def test_scopes_beyond_the_manifest_are_mentioned_and_no_fault(
    command_line: CommandLine, slack: LocalSlack
) -> None:
    slack.app.scopes |= {"users:read.email"}
    ended = await command_line.run("doctor", **slack.settings)
    assert ended.code == 0
    assert "not needed: users:read.email" in ended.out


async def test_a_refused_app_level_token_is_told(command_line: CommandLine, slack: LocalSlack) -> None:
    ended = await command_line.run("doctor", **slack.settings, SLACK_APP_TOKEN="xapp-wrong")
    assert ended.code == 1
    assert "FAULT  Socket Mode: SLACK_APP_TOKEN is refused" in ended.out


async def test_a_missing_announcement_channel_is_told(command_line: CommandLine, slack: LocalSlack) -> None:
    ended = await command_line.run("doctor", **slack.settings, INCIDENTS_CHANNEL="nowhere")
    assert ended.code == 1
    assert "FAULT  Announcements: there is no channel nowhere" in ended.out


async def test_an_announcement_channel_without_the_bot_is_told(command_line: CommandLine, slack: LocalSlack) -> None:
    ended = await command_line.run("doctor", **slack.settings, INCIDENTS_CHANNEL="support")
    assert ended.code == 1
    assert "the bot is not in #support. Write `/invite @AI Incident` there" in ended.out


async def test_slack_out_of_reach_is_told(command_line: CommandLine, slack: LocalSlack) -> None:
    slack.server.workspace.faults.add("*", faults.dropped(), times=None)
    ended = await command_line.run("doctor", **slack.settings)
    assert ended.code == 1
    assert "FAULT  Slack: Slack can't be reached" in ended.out


async def test_a_database_out_of_reach_is_told_without_its_password(command_line: CommandLine) -> None:
    ended = await command_line.run("doctor", DATABASE_URL="postgresql+psycopg://me:hunter2@127.0.0.1:1/x")
    assert ended.code == 1
    assert "FAULT  Database: DATABASE_URL: the database can't be reached" in ended.out
    assert "hunter2" not in ended.out + ended.err


async def test_a_file_that_is_no_database_is_told(command_line: CommandLine) -> None:
    (command_line.folder / "notes.db").write_text("hello " * 100, encoding="utf-8")
    ended = await command_line.run("doctor", DATABASE_URL="sqlite+aiosqlite:///notes.db")
    assert "FAULT  Database: DATABASE_URL: the database can't be reached or used" in ended.out


async def test_a_migrated_database_is_well(command_line: CommandLine) -> None:
    await command_line.run("migrate")
    assert "ok     Database: reachable and migrated" in (await command_line.run("doctor")).out


async def test_a_register_with_faults_is_told_a_line_a_fault(command_line: CommandLine) -> None:
    (command_line.folder / "systems.yml").write_text(
        "systems:\n- key: a\n  name: A\n  system_type: robot\n- {}\n", "utf-8"
    )
    ended = await command_line.run("doctor", REGISTER_FILE="systems.yml")
    assert ended.code == 1
    told = [line for line in ended.out.splitlines() if "REGISTER_FILE: systems.yml line " in line]
    assert len(told) == 4
    assert all(line.startswith("FAULT  Register: ") for line in told)
