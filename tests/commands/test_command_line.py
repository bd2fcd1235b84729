"""The command line itself: help, version, errors, and what goes through it."""

from __future__ import annotations

import json
import time

import pytest

from app import __version__
from app.commands.parser import AUDIENCES, build_parser
from app.domain.status_update import Audience
from tests.commands.running import CommandLine

COMMANDS = ("serve", "demo", "doctor", "migrate", "import-slack", "draft", "postmortem", "export", "redact", "suggest")


async def test_the_version_comes_at_once(command_line: CommandLine) -> None:
    began = time.monotonic()
    ended = await command_line.run("--version")
    assert ended.out == f"ai-incident {__version__}\n"
    # Three tenths of a second on an idle machine; tests may share theirs.
    assert time.monotonic() - began < 2


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        build_parser().parse_args([command, "--help"])
    assert ended.value.code == 0
    assert f"ai-incident {command}" in capsys.readouterr().out


@pytest.mark.parametrize(
    "arguments", [[], ["nothing"], ["draft"], ["draft", "INC-1", "--format", "pdf"], ["demo", "x"]]
)
def test_wrong_usage_exits_with_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        build_parser().parse_args(arguments)
    assert ended.value.code == 2
    assert "usage: ai-incident" in capsys.readouterr().err


def test_the_audiences_are_those_of_the_product() -> None:
    assert tuple(audience.value for audience in Audience) == AUDIENCES


async def test_a_bad_setting_stops_every_command_with_one_line(command_line: CommandLine) -> None:
    ended = await command_line.run("export", "INC-1", PORT="x")
    assert ended.code == 1
    assert ended.err == "ai-incident: PORT: must be a whole number. For example: PORT=3000\n"


async def test_migrate_creates_the_database_and_then_has_nothing_to_do(command_line: CommandLine) -> None:
    first = await command_line.run("migrate")
    assert first.code == 0
    assert first.out.startswith("The database was created: it is at revision ")
    second = await command_line.run("migrate")
    assert second.out == "The database is up to date. Nothing to do.\n"


async def test_a_database_that_can_not_be_opened_is_one_line(command_line: CommandLine) -> None:
    ended = await command_line.run("migrate", DATABASE_URL="sqlite+aiosqlite:////nowhere/at/all.db")
    assert ended.code == 1
    assert len(ended.err.splitlines()) == 1
    assert "DATABASE_URL" in ended.err


async def test_redact_takes_secrets_out_and_leaves_the_rest_as_it_is(command_line: CommandLine) -> None:
    text = "Write to ada.lovelace@example.org\r\n  about ünïcode 🙂, without a newline at the end"
    ended = await command_line.run("redact", stdin=text.encode())
    assert ended.code == 0
    assert "ada.lovelace@example.org" not in ended.out
    assert ended.out.endswith("ünïcode 🙂, without a newline at the end")


async def test_redact_by_line_keeps_other_fields(command_line: CommandLine) -> None:
    lines = [{"text": "call ada.lovelace@example.org", "id": 7}, {"text": "nothing here"}]
    ended = await command_line.run("redact", "--jsonl", stdin="\n".join(map(json.dumps, lines)).encode())
    first, second = map(json.loads, ended.out.splitlines())
    assert first["id"] == 7
    assert "ada.lovelace" not in first["text"]
    assert second == {"text": "nothing here"}


async def test_suggest_says_what_a_first_report_is_about(command_line: CommandLine) -> None:
    report = "Users can see titles of other people's chats in their sidebar."
    whole = json.loads((await command_line.run("suggest", stdin=report.encode())).out)
    assert set(whole) == {"archetypes", "system_type", "severity"}
    assert whole["archetypes"][0]["name"] == "data_exfiltration"
    assert set(whole["archetypes"][0]) == {"name", "score", "reasons"}
    assert (whole["system_type"], whole["severity"]["level"]) == ("generative", "sev1")
    by_line = await command_line.run("suggest", "--jsonl", stdin=json.dumps({"text": report}).encode())
    assert json.loads(by_line.out) == whole


@pytest.mark.parametrize("line", [b"{", b'{"text": 3}', b"\xff\xfe"])
async def test_redact_says_which_line_it_can_not_read(command_line: CommandLine, line: bytes) -> None:
    ended = await command_line.run("redact", "--jsonl", stdin=b'{"text": "fine"}\n' + line)
    assert ended.code == 1
    assert ended.err.startswith("ai-incident: Line 2 ")
    assert len(ended.err.splitlines()) == 1
