"""The composition root: builds the product from its settings."""

from __future__ import annotations

import time
from collections.abc import Mapping
from functools import partial

from app import __version__
from app.connectors.switchboard import switchboard
from app.domain.errors import BadSetup, Invalid
from app.engines import clock_for, engine_for
from app.llm.patterns import PatternProcess
from app.ports.chat import Chats
from app.ports.clock import Clock
from app.ports.observer import Observer
from app.product import Product
from app.scheduler.ticker import Ticker
from app.services import lifecycle
from app.services.board import Board
from app.services.clocks import rows as clock_rows
from app.services.clocks.clocks import Clocks
from app.services.clocks.reminders import ShowClocks, TellClock
from app.services.containment import owed as containment_owed
from app.services.containment.containments import Containments
from app.services.containment.review import ReviewContainment
from app.services.containment.throw import ShowContainment, TellContainment, ThrowSwitch
from app.services.declare import Begun, Declare
from app.services.drafts import catch_up
from app.services.drafts.catch_up import CatchUps, OfferCatchUp
from app.services.drafts.questions import Questions
from app.services.follow_ups import words as follow_up_words
from app.services.follow_ups.follow_ups import FollowUps
from app.services.follow_ups.words import PlanFollowUp, ShowFollowUp, TellFollowUp
from app.services.jobs.handlers import room_handlers
from app.services.jobs.owed import Effect
from app.services.jobs.runner import Handler, Runner
from app.services.jobs.waiting import Waiting
from app.services.lifecycle import Lifecycle
from app.services.playbooks import gates as playbook_gates
from app.services.playbooks.gates import AskGate, PlanGates, ShowGate, TellStep
from app.services.playbooks.playbooks import Playbooks
from app.services.postmortems import duty as postmortem_duty
from app.services.postmortems import postmortems
from app.services.postmortems.duty import PlanReminder, RemindOfPostmortem, TellReview
from app.services.postmortems.postmortems import DraftPostmortem, TellPostmortem
from app.services.postmortems.reviews import PostmortemReviews
from app.services.problems import Problems
from app.services.records.catalogue import LOCAL_TEAM
from app.services.records.public_records import PublicRecords
from app.services.reminders import promises
from app.services.reminders.nudges import ClearNudge, FireReminder, Nudges
from app.services.roles import Roles
from app.services.room import people
from app.services.room.people import LearnPerson
from app.services.room.room import CreateRoom
from app.services.signals import Signals
from app.services.suggestions import suggestions
from app.services.suggestions.suggestions import ReviewEvidence, Suggestions
from app.services.timeline import backfill
from app.services.timeline.backfill import Backfill, BackfillChannel
from app.services.timeline.capture import Capture
from app.services.timeline.marks import Marks
from app.services.timeline.unknowns import Unknowns
from app.services.triage import escalation
from app.services.triage import packs as triage
from app.services.triage import picture as triage_picture
from app.services.triage.escalation import CheckAnswer, Escalation, TellBroughtIn
from app.services.triage.packs import ShowTriage, Sources, Triage
from app.services.triage.picture import RemovePictures, SendPicture, SharePicture
from app.services.trials import owed as trial_owed
from app.services.trials.run import RunTrial, ShowTrial
from app.services.trials.trials import Limits, Trials
from app.services.updates import posts as update_posts
from app.services.updates import sending as update_sending
from app.services.updates.posts import PublishUpdate, ReviewUpdate
from app.services.updates.sending import SendUpdate
from app.services.updates.updates import Updates
from app.settings import Settings
from app.slack.acknowledging import timed
from app.slack.bolt_app import build_app
from app.slack.direct import DirectEvents, directly
from app.slack.events import parse_event
from app.slack.gateway.workspaces import Seconds, Workspaces
from app.slack.http import slack_events
from app.slack.listeners.ask import Desk
from app.slack.listeners.returning import returning
from app.slack.services import Services
from app.slack.socket_mode import SocketLink
from app.tenants import tenants_of
from app.watching import Watch
from app.web.api import IncidentApi
from app.web.application import build_application
from app.web.bearer import Bearers
from app.web.metrics import Metrics
from app.web.server import Server
from app.web.signals import SignalIntake, TeamOf
from app.workbench import Workbench, build_workbench


def build(settings: Settings, *, clock: Clock | None = None, monotonic: Seconds = time.monotonic) -> Product:
    """The product, wired and not started; needs a running event loop. `clock` None: the one for the database.

    `monotonic`: the seconds that pace calls to Slack, which in the demo go as fast as its clock.
    Raises BadSetup when credentials are missing or a setting can't be used.
    """
    metrics = Metrics(__version__)
    observer = metrics.instruments
    bench = build_workbench(settings, clock or clock_for(settings.database_url), observer)
    tenants = tenants_of(settings, bench, observer, lambda: settings.address(server.port), monotonic)
    workspace = tenants.workspaces
    store, now = bench.store, bench.clock
    capture = Capture(store, now, parse_event, workspace, observer)
    waiting = Waiting()
    runner = Runner(store, now, _handlers(settings, bench, workspace, observer), waiting=waiting)
    services = _services(settings, bench, workspace, capture)
    desk = Desk(services, workspace, settings.update_cadence)
    backfill = Backfill(store, now, many=settings.installs)
    first = (*tenants.first, returning(backfill, services.catch_ups))
    app = build_app(workspace, desk, _signing_secret(settings), first)
    direct = DirectEvents(workspace, capture, _signing_secret(settings))
    events = directly(direct, observer, otherwise=timed(slack_events(app), observer, waiting))
    app_token = settings.slack_app_token
    socket = SocketLink(app, app_token.get_secret_value(), observer, waiting) if app_token else None
    engine = engine_for(settings.database_url, store, runner, now)
    ticker = Ticker(engine.run_due, engine.next_due_at, now)
    watch = Watch(store, now, ticker, workspace, socket)
    web = build_application(
        slack_events=events if socket is None else None,
        readiness=watch.readiness(),
        metrics=metrics,
        api=_api(settings, bench),
        signals=SignalIntake(Signals(store, now), Bearers(settings.signals_tokens), _team_of(settings, workspace)),
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
        declare=Declare(
            store,
            clock,
            cadence,
            bench.register,
            begun=[playbook_gates.plan_owed, _first_review(bench)],
            suggester=bench.suggester,
        ),
        board=Board(store, bench.register),
        roles=Roles(store, chats, clock),
        lifecycle=Lifecycle(store, clock, cadence),
        marks=Marks(store, clock),
        unknowns=Unknowns(store, clock),
        drafts=bench.drafts,
        updates=Updates(store, clock, cadence, settings.audience_channels),
        nudges=Nudges(store, clock, cadence),
        postmortems=bench.postmortems,
        reviews=PostmortemReviews(store, clock),
        follow_ups=FollowUps(store, clock),
        suggestions=Suggestions(store, clock, Lifecycle(store, clock, cadence), bench.suggester),
        triage=Triage(store, clock),
        escalation=Escalation(store, clock, bench.register),
        capture=capture,
        problems=Problems(store, clock),
        containments=Containments(store, clock, bench.register, switchboard(settings)),
        trials=Trials(store, clock, _limits(settings), bench.target),
        clocks=Clocks(store, clock, bench.law),
        register=bench.register,
        playbooks=Playbooks(store, chats, clock, bench.playbooks),
        catch_ups=CatchUps(store, clock, bench.drafts),
        questions=Questions(store, bench.drafts, bench.model),
    )


def _first_review(bench: Workbench) -> Begun:
    """A model reads the report at once; what needs none has read it when it was declared."""
    return partial(suggestions.review_owed, look=suggestions.AT_ONCE) if bench.readings else suggestions.review_owed


def _handlers(settings: Settings, bench: Workbench, chats: Chats, observer: Observer) -> Mapping[str, Handler]:
    store, clock = bench.store, bench.clock
    review = ReviewContainment(store, chats, clock, bench.register, switchboard(settings))
    return {
        **room_handlers(store, chats, clock, settings.incidents_channel, bench.register, bench.playbooks),
        Effect.ROOM_CREATE: CreateRoom(store, chats, clock, furnished=[triage.pack_owed]),
        promises.FIRE: FireReminder(store, chats, clock, settings.update_cadence, observer),
        trial_owed.RUN: RunTrial(store, chats, clock, bench.target, PatternProcess()),
        trial_owed.SHOW: ShowTrial(store, chats, clock),
        clock_rows.TELL: TellClock(store, chats, clock, bench.law),
        clock_rows.SHOW: ShowClocks(store, chats, clock, bench.law),
        promises.CLEAR: ClearNudge(store, chats, clock),
        update_posts.REVIEW: ReviewUpdate(store, chats, clock),
        update_posts.PUBLISH: PublishUpdate(store, chats, clock),
        update_sending.SEND: SendUpdate(store, chats, clock),
        lifecycle.POSTMORTEM_DRAFT: DraftPostmortem(store, chats, clock, bench.drafts),
        postmortems.TELL: TellPostmortem(store, chats, clock),
        postmortem_duty.PLAN: PlanReminder(store, chats, clock),
        postmortem_duty.REMIND: RemindOfPostmortem(store, chats, clock),
        postmortem_duty.REVIEW: TellReview(store, chats, clock),
        follow_up_words.PLAN: PlanFollowUp(store, chats, clock),
        follow_up_words.WORD: TellFollowUp(store, chats, clock),
        follow_up_words.SHOW: ShowFollowUp(store, chats, clock),
        triage_picture.SHOW: ShowTriage(store, chats, clock, Sources(bench.register, bench.playbooks), observer),
        triage_picture.SEND: SendPicture(store, chats, clock),
        triage_picture.SHARE: SharePicture(store, chats, clock),
        triage_picture.REMOVE: RemovePictures(store, chats, clock),
        escalation.TELL: TellBroughtIn(store, chats, clock),
        escalation.CHECK: CheckAnswer(store, chats, clock, bench.register),
        suggestions.REVIEW: ReviewEvidence(store, clock, bench.suggester, bench.readings),
        backfill.CHANNEL: BackfillChannel(store, chats, clock),
        containment_owed.ACT: ThrowSwitch(store, chats, clock, bench.register, switchboard(settings)),
        containment_owed.SHOW: ShowContainment(store, chats, clock),
        containment_owed.TELL: TellContainment(store, chats, clock),
        containment_owed.REVIEW: review,
        containment_owed.RECHECK: review,
        people.LEARN: LearnPerson(chats),
        catch_up.OFFER: OfferCatchUp(store, chats, clock),
        playbook_gates.PLAN: PlanGates(store, chats, clock, bench.playbooks),
        playbook_gates.ASK: AskGate(store, chats, clock, bench.playbooks),
        playbook_gates.TELL: TellStep(store, chats, clock),
        playbook_gates.SHOW: ShowGate(store, chats, clock, bench.playbooks),
    }


def _limits(settings: Settings) -> Limits:
    allowed = settings.llm_restricted_incidents == "allow"
    return Limits(settings.trial_max_tries, settings.trial_max_tokens, allowed)


def _team_of(settings: Settings, workspaces: Workspaces) -> TeamOf:
    """The one workspace; where many are served, the one that the sender names."""

    async def team_of(named: str | None) -> str:
        if not settings.installs:
            identity = await workspaces.identity()
            return identity.team if identity else LOCAL_TEAM
        if not named or await workspaces.bot_in(named) is None:
            raise Invalid("Name the workspace that the signal is for: /signals/generic?team=T0123ABCD")
        return named

    return team_of


def _api(settings: Settings, bench: Workbench) -> IncidentApi:
    return IncidentApi(PublicRecords(bench.catalogue, bench.records), Bearers(settings.api_tokens))
