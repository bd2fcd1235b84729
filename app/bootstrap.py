"""The composition root: builds the product from its settings, starts it and stops it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import timedelta

import structlog

from app import __version__
from app.database import ensure_migrated, reachable
from app.domain.errors import BadSetup
from app.engines import agree, clock_for, engine_for
from app.ports.chat import ChatError, ChatRefused, Chats
from app.ports.clock import Clock
from app.ports.engine import JobEngine
from app.ports.observer import Observer
from app.scheduler.ticker import Ticker
from app.services import backfill, lifecycle, people, postmortems, promises, update_posts
from app.services.backfill import Backfill, BackfillChannel
from app.services.board import Board
from app.services.capture import Capture
from app.services.declare import Declare
from app.services.handlers import room_handlers
from app.services.jobs import Handler, Runner
from app.services.lifecycle import Lifecycle
from app.services.marks import Marks
from app.services.nudges import ClearNudge, FireReminder, Nudges
from app.services.people import LearnPerson
from app.services.postmortems import DraftPostmortem, TellPostmortem
from app.services.problems import Problems
from app.services.public_records import PublicRecords
from app.services.roles import Roles
from app.services.unknowns import Unknowns
from app.services.update_posts import PublishUpdate, ReviewUpdate
from app.services.updates import Updates
from app.settings import Settings
from app.slack.acknowledging import timed
from app.slack.bolt_app import build_app
from app.slack.direct import DirectEvents, directly
from app.slack.events import parse_event
from app.slack.gateway.identity import Identity
from app.slack.gateway.workspaces import Workspaces
from app.slack.http import slack_events
from app.slack.inspection import try_socket_mode
from app.slack.listeners.ask import Desk
from app.slack.listeners.returning import returning
from app.slack.running import Running
from app.slack.services import Services
from app.slack.socket_mode import SocketLink
from app.tenants import Tenants, tenants_of
from app.watching import Watch
from app.web.api import IncidentApi
from app.web.application import build_application
from app.web.bearer import Bearers
from app.web.metrics import Metrics
from app.web.server import Server
from app.workbench import Workbench, build_workbench

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
        if self.socket is not None:
            await self.socket.close()
        # All at once, for the sake of a machine that is busy: what listeners come to owe meanwhile is owed to the next.
        await asyncio.gather(self._answer_the_last(), self.ticker.stop(patience_seconds=2.5), self.engine.stop())
        await self.capture.close()
        await self.workspace.close()
        await self.bench.close()

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


def build(settings: Settings, *, clock: Clock | None = None) -> Product:
    """The product, wired and not started; needs a running event loop. `clock` None: the one for the database.

    Raises BadSetup when credentials are missing or a setting can't be used.
    """
    metrics = Metrics(__version__)
    observer = metrics.instruments
    bench = build_workbench(settings, clock or clock_for(settings.database_url), observer)
    tenants = tenants_of(settings, bench, observer, lambda: settings.address(server.port))
    workspace = tenants.workspaces
    store, now = bench.store, bench.clock
    capture = Capture(store, now, parse_event, workspace, observer)
    runner = Runner(store, now, _handlers(settings, bench, workspace, observer))
    services = _services(settings, bench, workspace, capture)
    desk = Desk(services, workspace, settings.update_cadence)
    backfill = Backfill(store, now, many=settings.installs)
    app = build_app(workspace, desk, _signing_secret(settings), (*tenants.first, returning(backfill)))
    direct = DirectEvents(workspace, capture, _signing_secret(settings))
    events = directly(direct, observer, otherwise=timed(slack_events(app), observer))
    app_token = settings.slack_app_token
    socket = SocketLink(app, app_token.get_secret_value(), observer) if app_token else None
    engine = engine_for(settings.database_url, store, runner, now)
    ticker = Ticker(engine.run_due, engine.next_due_at, now)
    watch = Watch(store, now, ticker, workspace, socket)
    web = build_application(
        slack_events=events if socket is None else None,
        readiness=watch.readiness(),
        metrics=metrics,
        api=_api(settings, bench),
        pages=tenants.pages,
    )
    watch.count(metrics)
    server = Server(web, settings.host, settings.port)
    return Product(
        settings,
        bench,
        tenants,
        services,
        capture,
        backfill,
        engine,
        ticker,
        server,
        socket,
        running=desk.running,
    )


def _signing_secret(settings: Settings) -> str:
    if settings.slack_signing_secret is None:
        raise BadSetup(settings.missing_for_serve())
    return settings.slack_signing_secret.get_secret_value()


def _services(settings: Settings, bench: Workbench, chats: Chats, capture: Capture) -> Services:
    store, clock, cadence = bench.store, bench.clock, settings.update_cadence
    return Services(
        declare=Declare(store, clock, cadence),
        board=Board(store),
        roles=Roles(store, chats, clock),
        lifecycle=Lifecycle(store, clock, cadence),
        marks=Marks(store, clock),
        unknowns=Unknowns(store, clock),
        drafts=bench.drafts,
        updates=Updates(store, clock, cadence),
        nudges=Nudges(store, clock, cadence),
        postmortems=bench.postmortems,
        capture=capture,
        problems=Problems(store, clock),
    )


def _handlers(settings: Settings, bench: Workbench, chats: Chats, observer: Observer) -> Mapping[str, Handler]:
    store, clock = bench.store, bench.clock
    return {
        **room_handlers(store, chats, clock, settings.incidents_channel),
        promises.FIRE: FireReminder(store, chats, clock, settings.update_cadence, observer),
        promises.CLEAR: ClearNudge(store, chats, clock),
        update_posts.REVIEW: ReviewUpdate(store, chats, clock),
        update_posts.PUBLISH: PublishUpdate(store, chats, clock),
        lifecycle.POSTMORTEM_DRAFT: DraftPostmortem(store, chats, clock, bench.drafts),
        postmortems.TELL: TellPostmortem(store, chats, clock),
        backfill.CHANNEL: BackfillChannel(store, chats, clock),
        people.LEARN: LearnPerson(chats),
    }


def _api(settings: Settings, bench: Workbench) -> IncidentApi:
    return IncidentApi(PublicRecords(bench.catalogue, bench.records), Bearers(settings.api_tokens))
