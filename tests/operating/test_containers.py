"""The container files, as far as they can be judged without an engine: what they name exists, and nothing is open."""

from __future__ import annotations

import asyncio
import json
import os
import re
import shlex
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from app.commands.parser import build_parser
from app.settings import Settings
from tests.commands.running import CommandLine
from tests.scenarios.scene import Scene

ROOT = Path(__file__).parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
REPLICAS = ("replica-1", "replica-2")
OURS = ("migrate", *REPLICAS)
CADDYFILE = (ROOT / "docs" / "Caddyfile").read_text(encoding="utf-8")
EXAMPLE = (ROOT / ".env.example").read_text(encoding="utf-8")


def steps() -> list[tuple[str, str]]:
    """The Dockerfile's instructions with their arguments, in order."""
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    text = re.sub(r"^#.*\n", "", text, flags=re.MULTILINE).replace("\\\n", " ")
    return [
        (line.split(maxsplit=1)[0], line.split(maxsplit=1)[1].strip()) for line in text.splitlines() if line.strip()
    ]


def step(name: str) -> str:
    """The arguments of the last instruction of that name."""
    return [argument for found, argument in steps() if found == name][-1]


def health_command() -> list[str]:
    command: list[str] = json.loads(step("HEALTHCHECK").partition("CMD ")[2])
    return command


def test_the_image_installs_what_the_lock_names_and_runs_as_nobody() -> None:
    assert [argument.split()[0] for name, argument in steps() if name == "FROM"] == ["python:3.13-slim"] * 2
    assert any(
        "--require-hashes -r /build/requirements.lock" in argument for name, argument in steps() if name == "RUN"
    )
    user, _, group = step("USER").partition(":")
    assert int(user) > 1000
    assert int(group) > 1000
    order = [name for name, _ in steps()]
    assert order.index("USER") > max(at for at, name in enumerate(order) if name in {"COPY", "RUN"})
    assert step("STOPSIGNAL") == "SIGTERM"


def test_what_is_copied_into_the_image_exists_and_nothing_else_reaches_the_builder() -> None:
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    let_in = {line[1:] for line in lines if line.startswith("!")}
    assert "*" in lines
    copied = {
        source
        for name, argument in steps()
        if name == "COPY" and not argument.startswith("--from")
        for source in argument.split()[:-1]
    }
    assert copied == let_in
    assert all((ROOT / source).exists() for source in copied)


async def test_the_image_starts_with_a_command_that_exists(command_line: CommandLine) -> None:
    assert json.loads(step("ENTRYPOINT")) == ["python", "-m", "app"]
    (command,) = json.loads(step("CMD"))
    assert (await command_line.run(command, "--help")).code == 0


async def test_the_health_check_passes_when_ready_and_fails_otherwise(scene: Scene) -> None:
    async def health() -> int:
        _, *arguments = health_command()
        surroundings = {**os.environ, "PORT": str(scene.product.port)}
        process = await asyncio.create_subprocess_exec(
            sys.executable, *arguments, env=surroundings, stderr=asyncio.subprocess.DEVNULL
        )
        return await process.wait()

    assert health_command()[0] == "python"
    assert await health() == 0
    token, scene.workspace.app.bot_token = scene.workspace.app.bot_token, "xoxb-another"
    await scene.product.check_token()
    assert await health() != 0
    scene.workspace.app.bot_token = token


def commands() -> set[str]:
    (found,) = [action for action in build_parser()._actions if action.dest == "command"]
    return set(found.choices or ())


@pytest.mark.parametrize("name", OURS)
def test_our_containers_run_known_commands_with_known_settings(name: str) -> None:
    service = SERVICES[name]
    assert service["build"] == "."
    assert service["env_file"] == ".env"
    (command,) = service["command"]
    assert command in commands()
    known = {field.upper() for field in Settings.model_fields}
    assert set(service["environment"]) <= known
    # The example's values for these are for a machine without containers.
    assert {"HOST", "PORT", "DATABASE_URL"} <= set(service["environment"])
    assert service["environment"]["DATABASE_URL"].startswith("postgresql+psycopg://")
    assert service["read_only"]
    assert service["cap_drop"] == ["ALL"]


def test_it_is_migrated_once_before_two_equal_replicas_start() -> None:
    first, second = (SERVICES[name] for name in REPLICAS)
    assert first == second
    assert first["command"] == ["serve"]
    assert first["depends_on"]["migrate"]["condition"] == "service_completed_successfully"
    assert SERVICES["migrate"]["command"] == ["migrate"]
    assert SERVICES["migrate"]["restart"] == "no"
    assert SERVICES["migrate"]["depends_on"]["database"]["condition"] == "service_healthy"
    assert int(first["stop_grace_period"].removesuffix("s")) > 10


def test_only_the_proxy_can_be_reached_and_the_database_reaches_nobody() -> None:
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["proxy"]
    assert SERVICES["database"]["networks"] == ["inside"]
    assert COMPOSE["networks"]["inside"]["internal"] is True
    assert "healthcheck" in SERVICES["database"]


def test_the_proxy_knows_the_replicas_and_keeps_in_what_operators_ask() -> None:
    upstreams = re.search(r"reverse_proxy (.+) \{", CADDYFILE)
    assert upstreams is not None
    port = SERVICES["replica-1"]["environment"]["PORT"]
    assert upstreams.group(1).split() == [f"{name}:{port}" for name in REPLICAS]
    assert "@inside path /metrics /readyz\n\trespond @inside 404" in CADDYFILE
    assert "health_uri /readyz" in CADDYFILE
    assert CADDYFILE.count("{") == CADDYFILE.count("}")


def test_every_variable_and_every_file_that_is_named_exists() -> None:
    text = (ROOT / "compose.yaml").read_text(encoding="utf-8") + CADDYFILE
    for name in re.findall(r"\$?\{\$?([A-Z_]+)[:}]", text):
        assert re.search(rf"^#?{name}=", EXAMPLE, flags=re.MULTILINE), name
    mounted = [volume.split(":")[0] for service in SERVICES.values() for volume in service.get("volumes", ())]
    files = [name for name in mounted if name.startswith(".")]
    assert files
    assert all((ROOT / name).is_file() for name in files)
    assert set(mounted) - set(files) == set(COMPOSE["volumes"])
    assert (ROOT / "Dockerfile").is_file()


def test_the_operators_page_names_only_commands_that_exist() -> None:
    text = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
    for line in re.findall(r"^.*-m app .*$", text, flags=re.MULTILINE):
        if line.startswith((".venv", "DATABASE_URL")):
            words = shlex.split(line)
            assert words[words.index("app") + 1] in commands(), line
    links = re.findall(r"\]\(([^)]+)\)", text)
    assert all((ROOT / "docs" / link).exists() for link in links)
