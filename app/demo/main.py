"""Runs the demo: workspace, product, story; then says where everything is."""

from __future__ import annotations

import asyncio
import contextlib
import json
import secrets
import signal
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import yaml
from pydantic import SecretStr

from app.bootstrap import build
from app.demo.cast import add_agent
from app.demo.clock import MovedClock
from app.demo.monitor import SENDER, Monitor
from app.demo.receiver import sample_receiver
from app.demo.screen import Screen
from app.demo.stage import Stage
from app.demo.story import WEEKS_BETWEEN, play, play_the_past
from app.domain.errors import Conflict
from app.manifest import manifest_file
from app.product import Product
from app.services.records.markdown import postmortem_markdown
from app.settings import Settings
from app.workspace import AppFailureError, SlackApp, Workspace, WorkspaceServer, seed_workspace
from app.workspace.page import add_page

PACE_SECONDS = 0.5
PAGE_PORT = 8700


@dataclass(frozen=True)
class Switches:
    """The register file with the switches, the secret that their receiver knows, and the token of the monitor."""

    register: Path
    secret: SecretStr
    signals_token: SecretStr


@dataclass(frozen=True)
class Running:
    """What runs while the demo plays."""

    workspace: Workspace
    clock: MovedClock
    product: Product
    monitor: Monitor

    def stage(self, screen: Screen, pace_seconds: float = 0) -> Stage:
        return Stage(self.workspace, self.clock, screen, settled=self._settled, pace_seconds=pace_seconds)

    async def _settled(self) -> None:
        await self.workspace.events.settled()
        await self.product.settled()
        await self.workspace.events.settled()


def run(*, keep: bool, directory: Path | None = None, pace_seconds: float = PACE_SECONDS) -> int:
    """Play the demo and return the exit code. Files go into `directory` (None: ./demo-output)."""
    directory = directory or Path("demo-output")
    directory.mkdir(parents=True, exist_ok=True)
    for old in directory.glob("demo.db*"):
        old.unlink()
    return asyncio.run(_run(keep, directory, pace_seconds))


async def _run(keep: bool, directory: Path, pace_seconds: float) -> int:
    secret = secrets.token_hex(16)
    with sample_receiver(secret) as receiver:
        switches = Switches(register_file(directory, receiver.url), SecretStr(secret), SecretStr(secrets.token_hex(16)))
        return await _play(keep, directory, pace_seconds, switches)


async def _play(keep: bool, directory: Path, pace_seconds: float, switches: Switches) -> int:
    database = directory / "demo.db"
    clock = MovedClock(datetime.now(UTC) - timedelta(weeks=WEEKS_BETWEEN))
    workspace = _workspace(clock)
    server = WorkspaceServer(workspace, port=PAGE_PORT if keep else 0)
    if keep:
        add_page(server.aio_app, workspace)
    async with server:
        product = build(
            _settings(workspace, server.api_url, database, switches), clock=clock, monotonic=clock.monotonic
        )
        await product.start()
        workspace.app.request_url = f"http://127.0.0.1:{product.port}/slack/events"
        try:
            monitor = Monitor(f"http://127.0.0.1:{product.port}", switches.signals_token.get_secret_value())
            await _show(Running(workspace, clock, product, monitor), directory, pace_seconds)
            if keep:
                await _keep_open(server.url)
        except (TimeoutError, AppFailureError) as error:
            raise Conflict(
                f"The story stopped half-way: its next act took too long ({str(error) or 'no answer'}). "
                f"What was played is kept in {directory}. If this machine is busy with other work, play it again later."
            ) from error
        finally:
            await product.stop()
    return 0


def _workspace(clock: MovedClock) -> Workspace:
    app = SlackApp.from_manifest(yaml.safe_load(manifest_file().read_text(encoding="utf-8")))
    workspace = seed_workspace(app, now=clock.timestamp)
    add_agent(workspace)
    return workspace


def register_file(directory: Path, receiver_url: str) -> Path:
    """The demo's register, with the receiver's address in its switches."""
    file = directory / "register.yml"
    written = (Path(__file__).parent / "register.yml").read_text(encoding="utf-8")
    file.write_text(written.replace("RECEIVER", receiver_url), encoding="utf-8")
    return file


def _settings(workspace: Workspace, api_url: str, database: Path, switches: Switches) -> Settings:
    return Settings(
        slack_bot_token=SecretStr(workspace.app.bot_token),
        slack_signing_secret=SecretStr(workspace.app.signing_secret),
        slack_api_url=api_url,
        database_url=f"sqlite+aiosqlite:///{database}",
        register_file=switches.register,
        containment_secret=switches.secret,
        signals_tokens={SENDER: switches.signals_token},
        port=0,
        log_level="error",
    )


async def _show(running: Running, directory: Path, pace_seconds: float) -> None:
    screen = Screen(running.workspace)
    screen.say("A local Slack workspace, the product connected to it as to Slack, and one incident of an AI agent.")
    await play_the_past(running.stage(screen))
    screen.start()
    key = await play(running.stage(screen, pace_seconds), running.monitor)
    await screen.stop()
    await _write(running.product, key, running.workspace.team.id, directory)
    screen.say(f"\n{key} is resolved. What is left of it:")
    screen.say(f"  postmortem  {directory / f'{key}-postmortem.md'}")
    screen.say(f"  record      {directory / f'{key}.json'}")
    screen.say(f"  register    {directory / 'register.yml'}")
    screen.say(f"  database    {directory / 'demo.db'}")


async def _write(product: Product, key: str, team: str, directory: Path) -> None:
    records = product.bench.records
    record, names = await records.export(team, key), await records.names(team, key)
    (directory / f"{key}.json").write_text(json.dumps(record, indent=2, ensure_ascii=False), encoding="utf-8")
    postmortem = postmortem_markdown(record, names)
    (directory / f"{key}-postmortem.md").write_text(postmortem, encoding="utf-8")


async def _keep_open(url: str) -> None:
    print(f"\nOpen {url}/ in a browser and act as any of the people. Ctrl-C ends it.", flush=True)
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):
            loop.add_signal_handler(name, ended.set)
    await ended.wait()
