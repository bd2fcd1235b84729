"""The web application: every route of the contract that this process answers."""

from __future__ import annotations

from collections.abc import Mapping

from aiohttp import web
from aiohttp.typedefs import Handler

from app.web.api import IncidentApi
from app.web.edge import answer_errors, say_little
from app.web.health import Readiness, alive
from app.web.metrics import Metrics
from app.web.signals import SignalIntake

_LARGEST_BODY_BYTES = 4 * 1024 * 1024


def build_application(
    *,
    slack_events: Handler | None,
    readiness: Readiness,
    metrics: Metrics,
    api: IncidentApi,
    signals: SignalIntake | None = None,
    pages: Mapping[str, Handler] | None = None,
) -> web.Application:
    """The application; `slack_events` is None in Socket Mode, where Slack sends no requests.

    `pages` are further ones for browsers, by path; each GET may have an effect, so HEAD is not answered by them.
    """
    application = web.Application(client_max_size=_LARGEST_BODY_BYTES, middlewares=[metrics.measure, answer_errors])
    application.on_response_prepare.append(say_little)
    if slack_events is not None:
        application.router.add_post("/slack/events", slack_events)
    application.router.add_get("/healthz", alive)
    application.router.add_get("/readyz", readiness.answer)
    application.router.add_get("/metrics", metrics.answer)
    application.router.add_get("/api/incidents", api.incidents)
    application.router.add_get("/api/incidents/{key}", api.incident)
    if signals is not None:
        application.router.add_post("/signals/{source}", signals.answer)
    for path, page in (pages or {}).items():
        application.router.add_get(path, page, allow_head=False)
    return application
