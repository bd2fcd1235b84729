"""One local workspace with the product connected to it over real sockets, and a clock that tests move."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from pydantic import SecretStr

from app.bootstrap import build
from app.demo.cast import add_agent
from app.demo.clock import MovedClock
from app.demo.monitor import Monitor
from app.manifest import manifest_file
from app.product import Product
from app.settings import Settings
from app.workspace import SlackApp, Workspace, WorkspaceServer, seed_workspace
from app.workspace.acting import CommandResult
from app.workspace.elements import used
from app.workspace.model import Channel, Message, View
from app.workspace.person import Person

COMMAND = "/ai-incident"
SIGNALS_TOKEN = "of-the-monitor"
MARKED_DECLARATION = {"title": "Support bot leaks order data", "severity": "sev2"}


@dataclass
class Scene:
    """The workspace, the product and the clock both share. `more` are settings that differ from the usual ones."""

    database_url: str
    more: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.clock = MovedClock()
        app = SlackApp.from_manifest(yaml.safe_load(manifest_file().read_text(encoding="utf-8")))
        self.workspace: Workspace = seed_workspace(app, now=self.clock.timestamp, retry_delays=(0, 0.05, 0.1))
        # Slack waits three seconds; a machine that is busy with other tests may need longer to say the same.
        self.workspace.answer_timeout_seconds = 15.0
        self.workspace.triggers.lifetime_seconds = 15.0
        add_agent(self.workspace)
        self.server = WorkspaceServer(self.workspace)

    async def start(self) -> None:
        """Start both; when the product does not start, neither runs."""
        await self.server.start()
        try:
            await self.start_product()
        except BaseException:
            await self.server.stop()
            raise

    async def start_product(self) -> None:
        """Start the product, or start it again after `stop_product`."""
        app = self.workspace.app
        usual: dict[str, Any] = {
            "slack_bot_token": SecretStr(app.bot_token),
            "slack_signing_secret": SecretStr(app.signing_secret),
            "slack_api_url": self.server.api_url,
            "database_url": self.database_url,
            "port": 0,
        }
        self.product: Product = build(Settings(**usual | self.more), clock=self.clock, monotonic=self.clock.monotonic)
        await self.product.start()
        over_sockets = "slack_app_token" in self.more
        app.request_url = None if over_sockets else f"http://127.0.0.1:{self.product.port}/slack/events"

    async def stop_product(self) -> None:
        self.workspace.app.request_url = "http://127.0.0.1:9/slack/events"
        await self.product.stop()

    async def stop(self) -> None:
        try:
            await self.product.stop()
        finally:
            await self.server.stop()

    def person(self, who: str) -> Person:
        return self.workspace.person(who)

    async def settled(self) -> None:
        """Return when every event has been taken and nothing due is left to do."""
        await self.workspace.events.settled()
        await self.product.settled()
        await self.workspace.events.settled()

    async def passes(self, *, minutes: float) -> None:
        """Move the clock for everybody and let what falls due happen."""
        self.clock.advance(minutes=minutes)
        await self.settled()

    async def command(self, who: str, text: str, channel: str = "general") -> CommandResult:
        result = await self.person(who).command(COMMAND, text, channel)
        await self.settled()
        return result

    async def declare_form(self, who: str = "ada", channel: str = "support") -> View:
        await self.person(who).command(COMMAND, "", channel)
        form: View = await self.workspace.until(self.person(who).modal)
        return form

    async def declare(self, who: str = "ada", **fields: Any) -> Channel:
        """Declare through the form and return the incident's channel, furnished."""
        known = set(self.workspace.channels)
        form = await self.declare_form(who)
        await self.person(who).submit(form, MARKED_DECLARATION | fields)
        room: Channel = await self.workspace.until(lambda: self._room_unlike(known))
        await self.settled()
        left = self.person(who).modal()
        if left is not None:
            await self.person(who).close(left)
        return room

    def _room_unlike(self, known: set[str]) -> Channel | None:
        rooms = (one for one in self.workspace.channels.values() if one.id not in known)
        return next((one for one in rooms if one.name.startswith("inc-")), None)

    async def take(self, who: str, role: str, room: Channel) -> None:
        """Press the role's button on the card."""
        card = self.card(room)
        value = next(value for value in values(card, "role.claim") if value.endswith(f":{role}"))
        await self.person(who).press(card, "role.claim", value=value)
        await self.settled()

    def monitor(self) -> Monitor:
        """What sends signals where `SIGNALS_TOKEN` is taken."""
        return Monitor(f"http://127.0.0.1:{self.product.port}", SIGNALS_TOKEN)

    def card(self, room: Channel) -> Message:
        """The pinned incident card."""
        (pin,) = room.pins
        return room.messages[pin.ts]

    def with_action(self, room: Channel, action: str) -> list[Message]:
        """The messages in the room that offer this action, oldest first."""
        return [one for one in room.messages.values() if action in actions(one)]

    def ours(self, room: Channel) -> list[Message]:
        """What the product posted in the room for all to see."""
        return [one for one in room.messages.values() if one.bot_id == self.workspace.app.bot_id and not one.subtype]

    def announcements(self) -> list[Message]:
        """What the product posted in the announcements channel."""
        return self.ours(self.workspace.channel("ai-incidents"))

    def told(self, who: str) -> list[str]:
        """The words of what the product told this person directly, oldest first."""
        return [words(one) for one in self.person(who).dms() if one.bot_id]

    def whispered(self, who: str, place: str) -> list[str]:
        """The words of what only this person sees in a channel, oldest first."""
        return [words(one) for one in self.person(who).ephemerals(place)]

    def calls(self, method: str) -> list[dict[str, Any]]:
        """The arguments of every call of this method of the Web API that went well."""
        return [one.args for one in self.workspace.calls if one.method == method and one.outcome == "ok"]

    async def record(self, key: str = "INC-1") -> dict[str, Any]:
        """The exported record."""
        record: dict[str, Any] = await self.product.bench.records.export(self.workspace.team.id, key)
        return record


def actions(where: Message | View) -> Sequence[str]:
    """The action ids in a message or view."""
    return [element["action_id"] for _, element in used(where.blocks)]


def values(where: Message | View, action: str) -> Sequence[str]:
    """The values of the elements with this action id."""
    return [str(element.get("value")) for _, element in used(where.blocks) if element["action_id"] == action]


def words(where: Message | View) -> str:
    """All text that a message or view shows, its blocks' and its own."""
    found: list[str] = [where.text] if isinstance(where, Message) else []
    pending: list[Any] = list(where.blocks)
    while pending:
        part = pending.pop(0)
        if isinstance(part, dict):
            pending.extend(part.values())
            found.extend(
                value for name, value in part.items() if name in ("text", "initial_value") and isinstance(value, str)
            )
        elif isinstance(part, list):
            pending.extend(part)
    return "\n".join(found)


def database_in(folder: Path) -> str:
    """The URL of a SQLite file in the folder."""
    return f"sqlite+aiosqlite:///{folder / 'incidents.db'}"
