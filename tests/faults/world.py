"""One local workspace, and the product beside it as a process that is killed and started again."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any, TypeVar

import psycopg
import yaml
from sqlalchemy import make_url

from app.demo.cast import add_agent
from app.domain.incident import Incident
from app.domain.job import Job, JobState
from app.manifest import manifest_file
from app.services.records.record import Records
from app.store import SqlStore
from app.workspace import AppFailureError, SlackApp, Workspace, WorkspaceServer, seed_workspace
from app.workspace.faults import dropped, lost_answer
from app.workspace.model import Channel, Json, Message, View
from app.workspace.person import Person
from tests.faults.child import SharedClock
from tests.faults.lives import DiedError, Life, Zygote
from tests.scenarios.scene import actions, values

COMMAND = "/ai-incident"
NOWHERE = "http://127.0.0.1:9/slack/events"
# How long what a killed process had begun stays its own.
LEASE = timedelta(seconds=31)
TITLE = "Support bot leaks order data"
Found = TypeVar("Found")


@dataclass
class Death:
    """A kill at the `call`th call of the Web API from when on it is planned; Slack carries the call out if `acted`.

    `struck`: the method of that call once it has happened, None before.
    """

    call: int
    acted: bool
    struck: str | None = None


@dataclass
class World:
    """Workspace and database outlive the product. `more` are settings that differ from the usual ones."""

    zygote: Zygote
    database_url: str
    folder: Path
    more: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.clock_file, self.log = self.folder / "clock", self.folder / "product.log"
        self.clock = SharedClock(self.clock_file)
        app = SlackApp.from_manifest(yaml.safe_load(manifest_file().read_text(encoding="utf-8")))
        self.workspace: Workspace = seed_workspace(app, now=self.clock.timestamp, retry_delays=(0, 0.05, 0.1))
        add_agent(self.workspace)
        self.server = WorkspaceServer(self.workspace)
        self.store = SqlStore(self.database_url)
        self.lives: list[Life] = []

    async def start(self) -> None:
        await self.server.start()
        await self.live()

    async def stop(self) -> None:
        for life in self.lives:
            life.kill()
            life.forget()
        await self.server.stop()
        await self.store.close()

    @property
    def life(self) -> Any:
        return self.lives[-1]

    async def live(self) -> None:
        """Start the product and wait until it is ready."""
        life = await self.zygote.bear(self.settings(), clock=self.clock_file, log=self.log)
        self.lives.append(life)
        self.workspace.app.request_url = f"http://127.0.0.1:{life.port}/slack/events"
        await life.ready()

    def settings(self) -> dict[str, Any]:
        """The product's settings, by their lower-case names."""
        app = self.workspace.app
        usual = {
            "slack_bot_token": app.bot_token,
            "slack_signing_secret": app.signing_secret,
            "slack_api_url": self.server.api_url,
            "database_url": self.database_url,
        }
        return usual | self.more

    def die(self) -> None:
        """Kill the product; nothing reaches it from now on."""
        self.life.kill()
        self.workspace.app.request_url = NOWHERE

    async def revive(self) -> None:
        """Start it again after it died, when the lease of what it had begun is over."""
        self.workspace.faults.clear()
        await self.workspace.events.settled()
        self.clock.advance(seconds=LEASE.total_seconds())
        self._pass_time_in_the_database()
        await self.live()
        await self.settled()

    def _pass_time_in_the_database(self) -> None:
        """Let the lease pass for PostgreSQL too, by whose clock dead workers are told from silent ones."""
        if not self.database_url.startswith("postgresql"):
            return
        with psycopg.connect(plain_address(self.database_url), autocommit=True) as connection:
            connection.execute("UPDATE procrastinate_workers SET last_heartbeat = last_heartbeat - interval '31 s'")

    def die_at(self, death: Death) -> None:
        """Plan it."""
        calls = self.workspace.calls
        seen = count(1)

        def strikes(_args: Json) -> bool:
            if next(seen) != death.call:
                return False
            self.die()
            death.struck = f"after {[one.method for one in calls[-3:]]}"
            return True

        self.workspace.faults.add("*", lost_answer() if death.acted else dropped(), when=strikes)

    async def shown(self, look: Callable[[], Found | None]) -> Found | None:
        """What is looked for, as soon as it is there; None when the product dies before."""
        async with asyncio.timeout(10):
            while self.life.alive:
                found = look()
                if found:
                    return found
                await asyncio.sleep(0.01)
        return None

    async def settled(self) -> None:
        """Return when every event has been taken and nothing due is left to do, or the product has died."""
        await self.workspace.events.settled()
        try:
            await self.life.settled()
        except DiedError:
            return
        await self.workspace.events.settled()

    async def passes(self, *, minutes: float) -> None:
        """Move the clock for everybody and let what falls due happen."""
        self.clock.advance(minutes=minutes)
        await self.settled()

    def person(self, who: str) -> Person:
        return self.workspace.person(who)

    async def tries(self, act: Any) -> bool:
        """Whether Slack showed the person that their act went through."""
        try:
            await act
        except AppFailureError:
            return False
        return True

    async def command(self, who: str, text: str, channel: str = "general") -> bool:
        went = await self.tries(self.person(who).command(COMMAND, text, channel))
        await self.settled()
        return went

    async def opens_form(self, who: str, text: str, channel: str) -> View | None:
        """The form that a command opens, by the button that is offered where Slack could not open it; None if dead."""
        person = self.person(who)
        offered = {one.ts for one in person.ephemerals(channel)}

        def offer() -> View | Message | None:
            new = (one for one in person.ephemerals(channel) if one.ts not in offered)
            return person.modal() or next(new, None)

        await self.tries(person.command(COMMAND, text, channel))
        while isinstance(message := await self.shown(offer), Message):
            offered.add(message.ts)
            await self.tries(person.press(message, next(iter(actions(message)))))
        return message

    async def declare(self, who: str = "ada", **fields: Any) -> bool:
        """Fill in the form and send it; whether Slack showed that it went through."""
        form = await self.opens_form(who, "", "support")
        assert form is not None
        went = await self.tries(self.person(who).submit(form, {"title": TITLE, "severity": "sev2"} | fields))
        await self.settled()
        await self.closes_forms(who)
        return went

    async def closes_forms(self, who: str) -> None:
        person = self.person(who)
        while (left := person.modal()) is not None:
            await self.tries(person.close(left))

    def rooms(self, key: str) -> list[Channel]:
        """The channels whose names begin as the incident's does."""
        return [one for one in self.workspace.channels.values() if one.name.startswith(f"{key.lower()}-")]

    def room(self, key: str = "INC-1") -> Channel:
        (room,) = self.rooms(key)
        return room

    def card(self, key: str = "INC-1") -> Message:
        (card,) = [one for one in self.room(key).messages.values() if key_of(one) == f"{key}:card.post"]
        return card

    async def press(self, who: str, where: Message, action: str, value: str | None = None) -> bool:
        went = await self.tries(self.person(who).press(where, action, value=value))
        await self.settled()
        return went

    async def take(self, who: str, role: str, key: str = "INC-1") -> bool:
        card = self.card(key)
        value = next(value for value in values(card, "role.claim") if value.endswith(f":{role}"))
        return await self.press(who, card, "role.claim", value)

    def with_action(self, key: str, action: str) -> list[Message]:
        """The messages in the incident's room that offer this action, oldest first."""
        return [one for one in self.room(key).messages.values() if action in actions(one)]

    def ours(self) -> list[Message]:
        """All that the product has posted and that still stands."""
        bot = self.workspace.app.bot_id
        return [one for room in self.workspace.channels.values() for one in room.messages.values() if one.bot_id == bot]

    async def record(self, key: str = "INC-1") -> dict[str, Any]:
        """The exported record."""
        return await Records(self.store).export(self.workspace.team.id, key)

    async def keys(self) -> list[str]:
        """The incidents, newest first."""
        async with self.store.read() as uow:
            return [one.key for one in await uow.incidents.recent(self.workspace.team.id, limit=500)]

    async def incident(self, key: str = "INC-1") -> Incident | None:
        async with self.store.read() as uow:
            return await uow.incidents.by_key(self.workspace.team.id, key)

    async def failed(self, key: str = "INC-1") -> list[str]:
        async with self.store.read() as uow:
            incident = await uow.incidents.by_key(self.workspace.team.id, key)
            jobs: list[Job] = [] if incident is None else list(await uow.jobs.failed(incident.id or 0))
        return [f"{job.kind}: {job.error}" for job in jobs]

    async def running(self) -> int:
        async with self.store.read() as uow:
            return (await uow.jobs.counts()).get(JobState.RUNNING, 0)


def plain_address(database_url: str) -> str:
    """The database's address as its own driver takes it."""
    return make_url(database_url).set(drivername="postgresql").render_as_string(hide_password=False)


def key_of(message: Message) -> str | None:
    """The key by which the product finds its own message again; None for what carries none."""
    payload = (message.metadata or {}).get("event_payload") or {}
    key = payload.get("key")
    return str(key) if key else None
