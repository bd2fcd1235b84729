"""What happens in the product, as Prometheus' counters and histograms."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Histogram, disable_created_metrics

from app.domain.draft_record import Drafted
from app.domain.reminder import ReminderKind
from app.ports.observer import RequestKind

# Slack waits three seconds for an answer.
_ACK_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3, 5)
_CALL_SECONDS = (0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
_LAG_SECONDS = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60, 300, 1800, 7200)
_LATE_SECONDS = (0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60, 300, 1800)
_MODEL_SECONDS = (0.5, 1, 2.5, 5, 10, 20, 30, 60)
# They would double the series, and no question about these numbers needs them.
disable_created_metrics()  # type: ignore[no-untyped-call]


class Instruments:
    """Implements app.ports.observer.Observer. Labels hold words of fixed sets, never a title, a name or a key."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._registry = registry
        self._acks = self._histogram(
            "ack_seconds", "Time until a request of Slack's was answered", "kind", _ACK_SECONDS
        )
        self._lag = Histogram(
            "ai_incident_capture_lag_seconds",
            "Time from what happened in a channel until it was durably stored",
            buckets=_LAG_SECONDS,
            registry=registry,
        )
        self._late = self._histogram(
            "reminder_lateness_seconds", "Time from when a reminder was due until it was sent", "kind", _LATE_SECONDS
        )
        self._slack_calls = self._counter("slack_calls", "Calls to Slack's Web API", "method", "outcome")
        self._slack_seconds = self._histogram(
            "slack_call_seconds", "Time until Slack answered a call", "method", _CALL_SECONDS
        )
        self._waits = self._histogram(
            "slack_limit_wait_seconds",
            "Time that calls were held back for Slack's rate limits",
            "method",
            _CALL_SECONDS,
        )
        self._put_off = self._counter("slack_put_off", "Calls put off for Slack's rate limits", "method")
        self._context = Histogram(
            "ai_incident_time_to_context_seconds",
            "Time from declaring an incident until its first triage pack was shown",
            buckets=_LAG_SECONDS,
            registry=registry,
        )
        self._add_drafting()

    def _add_drafting(self) -> None:
        self._model_calls = self._counter("model_calls", "Drafts asked of the model", "outcome")
        self._model_seconds = Histogram(
            "ai_incident_model_call_seconds",
            "Time until the model had drafted or failed",
            buckets=_MODEL_SECONDS,
            registry=self._registry,
        )
        self._tokens = self._counter("model_tokens", "Tokens the model read and wrote", "direction")
        self._fallbacks = self._counter("model_fallbacks", "Drafts made without the model since it failed", "what")
        self._drafts = self._counter("drafts", "Drafts made", "what", "drafter")

    def acknowledged(self, kind: RequestKind, seconds: float) -> None:
        self._acks.labels(kind.value).observe(seconds)

    def captured(self, lag_seconds: float) -> None:
        # Slack's clock may be a little ahead of ours.
        self._lag.observe(max(0.0, lag_seconds))

    def reminded(self, kind: ReminderKind, late_seconds: float) -> None:
        self._late.labels(kind.value).observe(max(0.0, late_seconds))

    def slack_called(self, method: str, outcome: str, seconds: float) -> None:
        self._slack_calls.labels(method, outcome).inc()
        self._slack_seconds.labels(method).observe(seconds)

    def slack_waited(self, method: str, seconds: float) -> None:
        self._waits.labels(method).observe(seconds)

    def slack_put_off(self, method: str) -> None:
        self._put_off.labels(method).inc()

    def model_answered(self, seconds: float, input_tokens: int | None, output_tokens: int | None) -> None:
        self._model_calls.labels("ok").inc()
        self._model_seconds.observe(seconds)
        self._tokens.labels("input").inc(input_tokens or 0)
        self._tokens.labels("output").inc(output_tokens or 0)

    def model_failed(self, reason: str, seconds: float) -> None:
        self._model_calls.labels(reason).inc()
        self._model_seconds.observe(seconds)

    def drafted(self, what: Drafted, drafter: str, *, fell_back: bool) -> None:
        self._drafts.labels(what.value, drafter).inc()
        if fell_back:
            self._fallbacks.labels(what.value).inc()

    def gave_context(self, seconds: float) -> None:
        self._context.observe(seconds)

    def _counter(self, name: str, what: str, *labels: str) -> Counter:
        return Counter(f"ai_incident_{name}", what, labels, registry=self._registry)

    def _histogram(self, name: str, what: str, label: str, buckets: tuple[float, ...]) -> Histogram:
        return Histogram(f"ai_incident_{name}", what, [label], buckets=buckets, registry=self._registry)
