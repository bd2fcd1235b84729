"""Numbers about the running process, in Prometheus' text format."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping

import structlog
from aiohttp import web
from aiohttp.typedefs import Handler
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest

log = structlog.get_logger(__name__)

# Asked at every scrape: how many there are, by the value of the gauge's one label.
Count = Callable[[], Awaitable[Mapping[str, int]]]


class Metrics:
    """The numbers of one product: requests by route, calls to Slack, and gauges counted when somebody asks.

    Labels hold routes, states and severities, never a title or a name.
    """

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "ai_incident_http_requests", "Requests answered", ["method", "route", "status"], registry=self._registry
        )
        self._seconds = Histogram(
            "ai_incident_http_request_seconds", "Time to answer a request", ["route"], registry=self._registry
        )
        self._slack_calls = Counter(
            "ai_incident_slack_calls", "Calls to Slack's Web API", ["method", "outcome"], registry=self._registry
        )
        self._slack_seconds = Histogram(
            "ai_incident_slack_call_seconds", "Time until Slack answered", ["method"], registry=self._registry
        )
        self._counted: list[tuple[Gauge, str, Count]] = []

    def count(self, name: str, what: str, label: str, ask: Count) -> None:
        """Show a gauge `ai_incident_<name>` with one label, asked anew at every scrape."""
        gauge = Gauge(f"ai_incident_{name}", what, [label], registry=self._registry)
        self._counted.append((gauge, label, ask))

    def slack_call(self, method: str, outcome: str, seconds: float) -> None:
        """Count and time a call to Slack; `outcome` is `ok` or Slack's word for the failure."""
        self._slack_calls.labels(method, outcome).inc()
        self._slack_seconds.labels(method).observe(seconds)

    async def answer(self, _request: web.Request) -> web.Response:
        """GET /metrics. A gauge whose count fails is left out of this answer; the others stand."""
        found = await asyncio.gather(*(ask() for _, _, ask in self._counted), return_exceptions=True)
        for (gauge, label, _), counts in zip(self._counted, found, strict=True):
            gauge.clear()
            if isinstance(counts, BaseException):
                log.warning("metric_not_counted", label=label, exc_info=counts)
                continue
            for value, number in counts.items():
                gauge.labels(**{label: value}).set(number)
        return web.Response(body=generate_latest(self._registry), headers={"Content-Type": CONTENT_TYPE_LATEST})

    @web.middleware
    async def measure(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Count and time a request under its route, whatever comes of it."""
        resource = request.match_info.route.resource
        route = resource.canonical if resource is not None else "none"
        began = time.perf_counter()
        status = 500
        try:
            response = await handler(request)
            status = response.status
            return response
        finally:
            self._requests.labels(request.method, route, str(status)).inc()
            self._seconds.labels(route).observe(time.perf_counter() - began)
