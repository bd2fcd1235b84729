"""Numbers about the running process, in Prometheus' text format."""

from __future__ import annotations

import asyncio
import math
import platform
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

import structlog
from aiohttp import web
from aiohttp.typedefs import Handler
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    generate_latest,
)

from app.web.instruments import Instruments

log = structlog.get_logger(__name__)

# Asked at every scrape: the number for each combination of label values; the empty one for a gauge without labels.
Count = Callable[[], Awaitable[Mapping[tuple[str, ...], float]]]

_PATIENCE_SECONDS = 3.0
# Anybody can send any other, and each would be a series of its own.
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


@dataclass(frozen=True)
class _Counted:
    gauge: Gauge
    labels: int
    ask: Count
    otherwise: float


class Metrics:
    """The numbers of one product: requests by route, what `instruments` are told, and gauges counted when asked for.

    Labels hold routes, states and severities, never a title or a name.
    """

    def __init__(self, version: str = "") -> None:
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        self.instruments = Instruments(self._registry)
        self._requests = Counter(
            "ai_incident_http_requests", "Requests answered", ["method", "route", "status"], registry=self._registry
        )
        self._seconds = Histogram(
            "ai_incident_http_request_seconds", "Time to answer a request", ["route"], registry=self._registry
        )
        built = Gauge("ai_incident_build_info", "What runs here", ["version", "python"], registry=self._registry)
        built.labels(version, platform.python_version()).set(1)
        self._counted: list[_Counted] = []

    def count(self, name: str, what: str, labels: Sequence[str], ask: Count, *, otherwise: float = math.nan) -> None:
        """Show a gauge `ai_incident_<name>`, asked anew at every scrape.

        Where that fails, one without labels shows `otherwise`, and one with labels shows nothing.
        """
        gauge = Gauge(f"ai_incident_{name}", what, labels, registry=self._registry)
        self._counted.append(_Counted(gauge, len(labels), ask, otherwise))

    async def answer(self, _request: web.Request) -> web.Response:
        """GET /metrics. A gauge whose count fails or hangs keeps none of the others from being shown."""
        found = await asyncio.gather(*map(_asked, self._counted), return_exceptions=True)
        for counted, counts in zip(self._counted, found, strict=True):
            _show(counted, counts)
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
            method = request.method if request.method in _METHODS else "other"
            self._requests.labels(method, route, str(status)).inc()
            self._seconds.labels(route).observe(time.perf_counter() - began)


async def _asked(counted: _Counted) -> Mapping[tuple[str, ...], float]:
    async with asyncio.timeout(_PATIENCE_SECONDS):
        return await counted.ask()


def _show(counted: _Counted, counts: Mapping[tuple[str, ...], float] | BaseException) -> None:
    gauge = counted.gauge
    (family,) = gauge.describe()
    if isinstance(counts, BaseException):
        log.warning("metric_not_counted", metric=family.name, error=type(counts).__name__)
        counts = {(): counted.otherwise}
    gauge.clear()
    for values, number in counts.items():
        if len(values) == counted.labels:
            (gauge.labels(*values) if values else gauge).set(number)
