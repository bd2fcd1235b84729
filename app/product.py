"""The whole product in one process: how it starts, what it does by the clock, and how it stops."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import timedelta

import structlog

from app.database import ensure_migrated, reachable
from app.domain.errors import BadSetup
from app.engines import agree
from app.ports.chat import ChatError, ChatRefused
from app.ports.engine import JobEngine
from app.scheduler.ticker import Ticker
from app.services.timeline.backfill import Backfill
from app.services.timeline.capture import Capture
from app.settings import Settings
from app.slack.gateway.identity import Identity
from app.slack.gateway.workspaces import Workspaces
from app.slack.inspection import try_socket_mode
from app.slack.running import Running
from app.slack.services import Services
from app.slack.socket_mode import SocketLink
from app.tenants import Tenants
from app.web.server import Server
from app.workbench import Workbench

log = structlog.get_logger(__name__)

BACKFILL_SECONDS = 300.0
FORGET_SECONDS = 3600.0
ASK_AGAIN_SECONDS = 5.0
LOOK_AGAIN_SECONDS = 60.0
AGREE_SECONDS = 10.0
# Slack delivers an event again for about six minutes; a day leaves room for what it does on bad days.
EVENTS_KEPT = timedelta(days=1)
DONE_JOBS_KEPT = timedelta(days=7)


@dataclass
class Product:
    """The whole product, built and not yet started. `port` is the real one after `start`."""

    settings: Settings
    bench: Workbench
    tenants: Tenants
    services: Services
    capture: Capture
    backfill: Backfill
    engine: JobEngine
    ticker: Ticker
    server: Server
    socket: SocketLink | None
    linked: bool = False
    running: Running = field(default_factory=Running)

    @property
    def workspace(self) -> Workspaces:
        """The workspaces that are served: one, or all that install the app."""
        return self.tenants.workspaces

    @property
    def port(self) -> int:
        """The port that the HTTP server listens on."""
        return self.server.port

    async def start(self) -> Identity | None:
        """Start everything; who the bot is, None while Slack can't be reached (it is asked again until it can).

        Raises BadSetup, with nothing left running, when the database, a token or the address can't be used.
        """
        async with AsyncExitStack() as undone:
            undone.push_async_callback(self.stop)
            identity = await self._start()
            undone.pop_all()
        return identity

    async def stop(self) -> None:
        """Take nothing new, finish or hand over what is under way, and close everything; within ten seconds."""
        async with AsyncExitStack() as closing:
            # Whatever goes wrong before, nothing stays open.
            for close in (self.bench.close, self.workspace.close, self.capture.close):
                closing.push_async_callback(close)
            if self.socket is not None:
                await self.socket.close()
            # At once, for the sake of a busy machine: what listeners come to owe meanwhile is owed to the next process.
            await asyncio.gather(self._answer_the_last(), self.ticker.stop(patience_seconds=2.5), self.engine.stop())
            # The last listeners may have begun something after the engine had looked.
            await self.engine.hand_over()

    async def tick(self) -> int:
        """Carry out all that is due now; how many jobs were started."""
        return await self.engine.run_due()

    async def check_token(self) -> None:
        """See whether Slack still takes the token; readiness tells."""
        try:
            await self.workspace.look_again()
        except ChatError as error:
            log.info("token_not_checked", code=error.code)
        if self.workspace.refused is not None:
            log.warning("token_refused", code=self.workspace.refused)

    async def settled(self) -> None:
        """Return once nothing is due and nothing runs, listeners included; one of those can owe more."""
        await self.running.idle()
        await self.engine.settled()
        await self.running.idle()

    async def _answer_the_last(self) -> None:
        await self.server.stop()
        await self.running.finish(patience_seconds=2.5)

    async def _start(self) -> Identity | None:
        await ensure_migrated(self.settings.database_url)
        await self.tenants.unlock()
        with reachable():
            await self._agree_on_time()
            await self.capture.reapply()
        identity = await self._identity()
        await self.server.start()
        if self.workspace.known:
            await self._connect()
        await self._schedule()
        return identity

    async def _schedule(self) -> None:
        await self.engine.start()
        self.bench.store.on_jobs = self.ticker.wake
        self.ticker.every(AGREE_SECONDS, "agree_on_time", self._agree_on_time)
        self.ticker.every(BACKFILL_SECONDS, "backfill", self.backfill.all, at_once=True)
        self.ticker.every(FORGET_SECONDS, "forget", self._forget)
        self.ticker.every(ASK_AGAIN_SECONDS, "reach_slack", self._reach_slack)
        self.ticker.every(LOOK_AGAIN_SECONDS, "check_token", self.check_token)
        self.ticker.start()

    async def _identity(self) -> Identity | None:
        try:
            return await self.workspace.identity()
        except ChatRefused as error:
            raise BadSetup([f"SLACK_BOT_TOKEN: Slack refuses it ({error.code}). Run doctor to see more"]) from error
        except ChatError as error:
            log.warning("slack_not_reached", code=error.code)
            return None

    async def _connect(self) -> None:
        if self.socket is None or self.settings.slack_app_token is None or self.linked:
            return
        try:
            # Asked first, since the socket itself would try a refused token for ever.
            await try_socket_mode(self.workspace, self.settings.slack_app_token.get_secret_value())
        except ChatRefused as error:
            raise BadSetup([f"SLACK_APP_TOKEN: Slack refuses it ({error.code}). Run doctor to see more"]) from error
        except ChatError as error:
            log.warning("slack_not_reached", code=error.code)
            return
        self.linked = True
        await self.socket.connect()

    async def _reach_slack(self) -> None:
        if not self.workspace.known:
            await self._identity()
        await self._connect()

    async def _agree_on_time(self) -> None:
        await agree(self.bench.clock, self.bench.store)

    async def _forget(self) -> None:
        now = self.bench.clock.now()
        async with self.bench.store.write() as uow:
            await uow.inbox.forget(now - EVENTS_KEPT)
            await uow.jobs.forget(now - DONE_JOBS_KEPT)
