"""The command line as people run it: a process of its own, in a folder of its own."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from app.workspace import SlackApp, WorkspaceServer, seed_workspace

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Ended:
    """How a command ended and what it wrote."""

    code: int
    out: str
    err: str


@dataclass(frozen=True)
class CommandLine:
    """Runs commands in one folder; nothing of the tests' own environment reaches them."""

    folder: Path

    async def start(self, *arguments: str, **settings: str) -> asyncio.subprocess.Process:
        return await asyncio.create_subprocess_exec(
            sys.executable,
            *("-W", "error::ResourceWarning", "-m", "app"),
            *arguments,
            cwd=self.folder,
            env=self._surroundings(settings),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )

    async def run(self, *arguments: str, stdin: bytes = b"", **settings: str) -> Ended:
        process = await self.start(*arguments, **settings)
        async with asyncio.timeout(60):
            out, err = await process.communicate(stdin)
        return Ended(process.returncode or 0, out.decode(), err.decode())

    @staticmethod
    def _surroundings(settings: Mapping[str, str]) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "SYSTEMROOT") if name in os.environ}
        return {**kept, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8", **settings}


@pytest.fixture
def command_line(tmp_path: Path) -> CommandLine:
    return CommandLine(tmp_path)


@dataclass(frozen=True)
class LocalSlack:
    """A local Slack workspace with the app installed as manifest.yml says."""

    server: WorkspaceServer
    app: SlackApp

    @property
    def settings(self) -> dict[str, str]:
        return {
            "SLACK_API_URL": self.server.api_url,
            "SLACK_BOT_TOKEN": self.app.bot_token,
            "SLACK_SIGNING_SECRET": self.app.signing_secret,
        }


@pytest.fixture
async def slack() -> AsyncIterator[LocalSlack]:
    manifest = yaml.safe_load((ROOT / "manifest.yml").read_text(encoding="utf-8"))
    app = SlackApp.from_manifest(manifest)
    async with WorkspaceServer(seed_workspace(app)) as server:
        yield LocalSlack(server, app)
