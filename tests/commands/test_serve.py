"""`serve` as an operator runs it."""

from __future__ import annotations

import os
import signal
import socket
import sqlite3
import time
from contextlib import closing

import pytest
from aiohttp import ClientSession

from tests.commands.running import CommandLine, LocalSlack
from tests.commands.serving import free_port, serving
from tests.databases import Postgres


async def test_it_says_where_it_listens_and_as_whom_and_is_ready(command_line: CommandLine, slack: LocalSlack) -> None:
    async with serving(command_line, **slack.settings) as bot:
        assert bot.said == f"Listening on {bot.address} as ai_incident in Meridian Bank\n"
        assert (await bot.get("/readyz"))[0] == 200
        code, err = await bot.stop()
    assert code == 0
    assert "Traceback" not in err


async def test_ctrl_c_stops_it_just_as_gracefully(command_line: CommandLine, slack: LocalSlack) -> None:
    async with serving(command_line, **slack.settings) as bot:
        began = time.monotonic()
        code, err = await bot.stop(signal.SIGINT)
    assert code == 0
    assert time.monotonic() - began < 10
    assert "Traceback" not in err


@pytest.mark.parametrize("mode", ["http", "socket"])
async def test_an_incident_can_be_declared(command_line: CommandLine, slack: LocalSlack, mode: str) -> None:
    workspace = slack.server.workspace
    port = free_port()
    settings = {**slack.settings, "PORT": str(port)}
    if mode == "socket":
        settings["SLACK_APP_TOKEN"] = slack.app.app_token
    else:
        workspace.app.request_url = f"http://127.0.0.1:{port}/slack/events"
    async with serving(command_line, **settings, API_TOKENS="test:token") as bot:
        ada = workspace.person("ada")
        await ada.command("/ai-incident", channel="general")
        form = await workspace.until(ada.modal)
        await ada.submit(form, {"title": "Agent deletes orders", "severity": "sev2"})
        await workspace.until(lambda: [one for one in workspace.channels.values() if one.name.startswith("inc-1-")])
        await workspace.until(lambda: [one for one in ada.messages("ai-incidents") if "INC-1" in one.text])
        async with ClientSession(headers={"Authorization": "Bearer token"}) as session:
            listed = await (await session.get(f"{bot.address}/api/incidents")).json()
            record = await (await session.get(f"{bot.address}/api/incidents/inc-1")).json()
        assert [one["title"] for one in listed["incidents"]] == ["Agent deletes orders"]
        assert (record["key"], record["severity"], record["declared_by"]) == ("INC-1", "sev2", ada.id)
        code, err = await bot.stop()
    assert code == 0
    assert "[error" not in err, err
    assert "Agent deletes orders" not in err


async def test_what_is_owed_is_done_by_the_next_process(command_line: CommandLine, slack: LocalSlack) -> None:
    workspace = slack.server.workspace
    port = free_port()
    workspace.app.request_url = f"http://127.0.0.1:{port}/slack/events"
    settings = {**slack.settings, "PORT": str(port)}
    async with serving(command_line, **settings) as bot:
        ada = workspace.person("ada")
        await ada.command("/ai-incident", channel="general")
        form = await workspace.until(ada.modal)
        workspace.latency_seconds = 1.5
        await ada.submit(form, {"title": "Agent deletes orders", "severity": "sev2"})
        os.kill(bot.process.pid, signal.SIGKILL)
        await bot.process.wait()
    workspace.latency_seconds = 0
    async with serving(command_line, **settings):
        # The lease of what the killed process had begun lasts half a minute.
        await workspace.until(
            lambda: [one for one in ada.messages("ai-incidents") if "INC-1" in one.text], timeout_seconds=50
        )
    assert len([one for one in workspace.channels.values() if one.name.startswith("inc-1-")]) == 1


async def test_it_stops_within_ten_seconds_while_slack_is_slow(command_line: CommandLine, slack: LocalSlack) -> None:
    workspace = slack.server.workspace
    port = free_port()
    workspace.app.request_url = f"http://127.0.0.1:{port}/slack/events"
    async with serving(command_line, **slack.settings, PORT=str(port)) as bot:
        ada = workspace.person("ada")
        await ada.command("/ai-incident", channel="general")
        form = await workspace.until(ada.modal)
        workspace.latency_seconds = 8
        await ada.submit(form, {"title": "Agent deletes orders", "severity": "sev2"})
        began = time.monotonic()
        code, err = await bot.stop()
        assert time.monotonic() - began < 10
    assert code == 0
    assert "Traceback" not in err


async def test_it_refuses_to_start_without_credentials_naming_all(command_line: CommandLine) -> None:
    ended = await command_line.run("serve")
    assert ended.code == 1
    assert [line.split(":")[1].strip() for line in ended.err.splitlines()] == [
        "SLACK_BOT_TOKEN",
        "SLACK_SIGNING_SECRET",
    ]


async def test_every_bad_setting_is_a_line(command_line: CommandLine) -> None:
    ended = await command_line.run("serve", PORT="x", LOG_LEVEL="loud")
    assert ended.code == 1
    assert [line.split(":")[1].strip() for line in ended.err.splitlines()] == ["PORT", "LOG_LEVEL"]


async def test_an_invalid_token_is_one_clear_line(command_line: CommandLine, slack: LocalSlack) -> None:
    ended = await command_line.run("serve", **{**slack.settings, "SLACK_BOT_TOKEN": "xoxb-wrong"}, PORT="0")
    assert ended.code == 1
    assert last_line(ended.err) == (
        "ai-incident: SLACK_BOT_TOKEN: Slack refuses it (invalid_auth). Run doctor to see more"
    )
    assert "Traceback" not in ended.err


async def test_an_invalid_app_level_token_is_one_clear_line(command_line: CommandLine, slack: LocalSlack) -> None:
    ended = await command_line.run("serve", **slack.settings, SLACK_APP_TOKEN="xapp-wrong", PORT="0")
    assert ended.code == 1
    assert last_line(ended.err).startswith("ai-incident: SLACK_APP_TOKEN: Slack refuses it")
    assert "Traceback" not in ended.err


async def test_an_address_in_use_is_one_clear_line(command_line: CommandLine, slack: LocalSlack) -> None:
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        ended = await command_line.run("serve", **slack.settings, PORT=str(port))
    assert ended.code == 1
    assert last_line(ended.err).startswith(f"ai-incident: PORT: {port} is in use on 127.0.0.1.")
    assert "Traceback" not in ended.err


async def test_a_database_out_of_reach_is_one_clear_line(command_line: CommandLine, slack: LocalSlack) -> None:
    url = "postgresql+psycopg://me:hunter2@127.0.0.1:1/x"
    ended = await command_line.run("serve", **slack.settings, DATABASE_URL=url)
    assert ended.code == 1
    assert len(ended.err.splitlines()) == 1
    assert "the database can't be reached" in ended.err
    assert "hunter2" not in ended.err


async def test_a_database_that_is_not_migrated_is_refused(command_line: CommandLine, slack: LocalSlack) -> None:
    await command_line.run("migrate")
    with closing(sqlite3.connect(command_line.folder / "ai-incident.db")) as database:
        database.execute("UPDATE alembic_version SET version_num = 'from-the-future'")
        database.commit()
    ended = await command_line.run("serve", **slack.settings)
    assert ended.code == 1
    assert "migrated by a newer version" in ended.err


async def test_postgresql_is_served_once_it_is_migrated(
    command_line: CommandLine, slack: LocalSlack, postgres: Postgres
) -> None:
    url = postgres.create()
    settings = {**slack.settings, "DATABASE_URL": url}
    try:
        refused = await command_line.run("serve", **settings)
        assert (refused.code, refused.err) == (
            1,
            "ai-incident: DATABASE_URL: the database is not migrated to this version. Run the command migrate first\n",
        )
        migrated = await command_line.run("migrate", DATABASE_URL=url)
        assert migrated.out.startswith("The database was created")
        async with serving(command_line, **settings) as bot:
            assert (await bot.get("/readyz"))[0] == 200
            code, err = await bot.stop()
        assert code == 0
        assert "Traceback" not in err
    finally:
        postgres.drop(url)


async def test_slack_out_of_reach_is_waited_for(command_line: CommandLine, slack: LocalSlack) -> None:
    port = free_port()
    later = {**slack.settings, "SLACK_API_URL": f"http://127.0.0.1:{port}/api/"}
    async with serving(command_line, **later) as bot:
        assert "Slack can't be reached yet" in bot.said
        status, reasons = await bot.get("/readyz")
        assert status == 503
        assert "slack" in reasons
        assert (await bot.get("/healthz"))[0] == 200
        code, err = await bot.stop()
    assert code == 0
    assert "Traceback" not in err


def last_line(text: str) -> str:
    return text.strip().splitlines()[-1]
