"""`doctor`: find what is wrong in a set-up before it hurts. One line a check; a fault says what to do."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import yaml

from app.commands.install_check import installing
from app.commands.model_check import model
from app.commands.output import say
from app.commands.progress import shown
from app.commands.starting import begin
from app.connectors.switchboard import switchboard
from app.database import AHEAD, BEHIND, state_of
from app.domain.errors import BadSetup
from app.knowledge.clocks import clocks_with
from app.knowledge.playbook_files import load_playbooks
from app.knowledge.register_file import load_register
from app.manifest import manifest_file
from app.ports.chat import ChatError, ChatRefused
from app.settings import Settings
from app.slack.gateway.workspaces import Workspace, open_workspace
from app.slack.inspection import Granted, granted, membership, try_socket_mode


@dataclass(frozen=True)
class Finding:
    """What one check found: `fault` is what is wrong and what to do, empty when all is well."""

    about: str
    well: str = ""
    fault: str = ""

    def __str__(self) -> str:
        return f"FAULT  {self.about}: {self.fault}" if self.fault else f"ok     {self.about}: {self.well}"


def run(_arguments: argparse.Namespace) -> int:
    """Check everything, print the findings as they come, and return 1 if there is any fault."""
    return asyncio.run(_examine(begin()))


async def _examine(settings: Settings) -> int:
    faults = 0
    async with shown("Checking"):
        async for finding in _findings(settings):
            say(str(finding))
            faults += bool(finding.fault)
    return 1 if faults else 0


async def _findings(settings: Settings) -> AsyncIterator[Finding]:
    yield await _database(settings)
    for problem in settings.missing_for_serve():
        variable, _, what = problem.partition(": ")
        yield Finding(variable, fault=what)
    for checked in _files(settings):
        yield checked
    if settings.slack_bot_token is not None:
        async with _slack(settings) as workspace:
            async for finding in _slack_findings(settings, workspace):
                yield finding
    if settings.installs:
        async for about, well, fault in installing(settings):
            yield Finding(about, well, fault)
    problem_with_model = await model(settings)
    yield Finding("Model", well=_drafter_of(settings), fault=problem_with_model)


def _files(settings: Settings) -> Iterator[Finding]:
    """The files that the operator wrote, those that are set."""
    if settings.register_file is not None:
        yield from _file("Register", partial(_register, settings.register_file))
        yield from _switches(settings, settings.register_file)
    if settings.playbooks_dir is not None:
        yield from _file("Playbooks", partial(_playbooks, settings.playbooks_dir))
        yield from _file("Clocks", partial(_clocks, settings.playbooks_dir))


def _file(about: str, read: Callable[[], str]) -> Iterator[Finding]:
    try:
        yield Finding(about, well=read())
    except BadSetup as bad:
        yield from (Finding(about, fault=problem) for problem in bad.problems)


def _register(path: Path) -> str:
    return f"{len(load_register(path).systems)} systems in {path.name}"


def _switches(settings: Settings, path: Path) -> Iterator[Finding]:
    """Switches of the register that could not be thrown when they are needed."""
    try:
        systems = load_register(path).systems
    except BadSetup:
        return
    board = switchboard(settings)
    for system in systems:
        for switch in system.switches:
            if obstacle := board.obstacle(switch):
                yield Finding(f"Switch {system.key}:{switch.key}", fault=f"can't be thrown: {obstacle}")


def _playbooks(folder: Path) -> str:
    return f"{len(load_playbooks(folder).parts)} parts, with those in {folder.name}"


def _clocks(folder: Path) -> str:
    return f"{len(clocks_with(folder).regimes)} notification regimes"


def _drafter_of(settings: Settings) -> str:
    return f"{settings.openai_model} answers" if settings.has_model else "none configured; the built-in drafter is used"


async def _database(settings: Settings) -> Finding:
    try:
        state = await state_of(settings.database_url)
    except BadSetup as problem:
        return Finding("Database", fault=str(problem))
    if state == "new" and settings.database_url.startswith("sqlite"):
        return Finding("Database", well="a new SQLite file will be created by `serve`")
    if state == "current":
        return Finding("Database", well="reachable and migrated")
    return Finding("Database", fault=AHEAD if state == "ahead" else BEHIND)


@asynccontextmanager
async def _slack(settings: Settings) -> AsyncIterator[Workspace]:
    token = settings.slack_bot_token
    workspace = open_workspace(token.get_secret_value() if token else "", api_url=settings.slack_api_url)
    try:
        yield workspace
    finally:
        await workspace.close()


async def _slack_findings(settings: Settings, workspace: Workspace) -> AsyncIterator[Finding]:
    try:
        identity = await granted(workspace)
    except ChatError as error:
        yield Finding(
            "Slack", fault=_why(error, "SLACK_BOT_TOKEN", "Copy the bot token from OAuth & Permissions again")
        )
        return
    yield Finding("Slack", well=f"the bot is {identity.bot_name} in {identity.team_name}")
    yield _scopes(identity)
    if settings.slack_app_token is not None:
        yield await _socket_mode(workspace, settings.slack_app_token.get_secret_value())
    yield await _announcements(workspace, settings.incidents_channel)


def _scopes(identity: Granted) -> Finding:
    if identity.scopes is None:
        return Finding("Scopes", fault="Slack did not say which are granted. Is SLACK_API_URL right?")
    wanted = manifest_scopes()
    missing, spare = sorted(wanted - identity.scopes), sorted(identity.scopes - wanted)
    if missing:
        todo = "Update the app from manifest.yml and install it to the workspace again"
        return Finding("Scopes", fault=f"missing {', '.join(missing)}. {todo}")
    more = f"; not needed: {', '.join(spare)}" if spare else ""
    return Finding("Scopes", well=f"all {len(wanted)} of manifest.yml are granted{more}")


async def _socket_mode(workspace: Workspace, app_token: str) -> Finding:
    try:
        await try_socket_mode(workspace, app_token)
    except ChatError as error:
        todo = "Make an app-level token with connections:write, and turn Socket Mode on in the app's settings"
        return Finding("Socket Mode", fault=_why(error, "SLACK_APP_TOKEN", todo))
    return Finding("Socket Mode", well="Slack gives a connection")


_MEMBERSHIP: dict[str, Callable[[str], Finding]] = {
    "member": lambda name: Finding("Announcements", well=f"the bot is in #{name}"),
    "not_member": lambda name: Finding(
        "Announcements", fault=f"the bot is not in #{name}. Write `/invite @AI Incident` there"
    ),
    "missing": lambda name: Finding(
        "Announcements",
        fault=f"there is no channel {name} that the bot can see. Create it and invite the bot, or change it",
    ),
}


async def _announcements(workspace: Workspace, channel: str) -> Finding:
    try:
        return _MEMBERSHIP[await membership(workspace, channel)](channel)
    except ChatError as error:
        return Finding("Announcements", fault=_why(error, "INCIDENTS_CHANNEL", "See the scopes above"))


def _why(error: ChatError, variable: str, todo: str) -> str:
    if isinstance(error, ChatRefused):
        return f"{variable} is refused ({error.code}). {todo}"
    return f"Slack can't be reached ({error.detail or error.code}). Check the network, proxies and SLACK_API_URL"


def manifest_scopes() -> frozenset[str]:
    """The bot scopes of manifest.yml."""
    manifest = yaml.safe_load(manifest_file().read_text(encoding="utf-8"))
    return frozenset(manifest["oauth_config"]["scopes"]["bot"])
