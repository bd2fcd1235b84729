"""What senders send, read as signals: each sender's own shape becomes the same few facts."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from app.domain.errors import Invalid, NotFound
from app.domain.signal import TITLE_MAX, SignalKind

TEXT_MAX = 4_000
MOST_AT_ONCE = 200
_KIND_WORDS: Sequence[tuple[SignalKind, tuple[str, ...]]] = (
    (SignalKind.DEPLOY, ("deploy", "release", "rollout")),
    (SignalKind.PROMPT, ("prompt",)),
    (SignalKind.MODEL, ("model", "retrain")),
    (SignalKind.FLAG, ("flag", "toggle")),
    (SignalKind.CONFIG, ("config",)),
    (SignalKind.REPORT, ("report", "feedback")),
)
Json = Mapping[str, Any]


@dataclass(frozen=True)
class SignalEvent:
    """One signal as it came in. `at` None: when it came in; `external_id` is the same when it is sent again."""

    external_id: str
    kind: SignalKind
    title: str
    text: str = ""
    system: str | None = None
    url: str = ""
    at: datetime | None = None


def events_of(sort: str, body: Any, headers: Mapping[str, str]) -> Sequence[SignalEvent]:
    """The signals in a request of that sort. Raises NotFound for a sort that isn't taken, Invalid for a bad body."""
    reader = _READERS.get(sort)
    if reader is None:
        raise NotFound(f"There are no signals of {sort[:40]!r}. Send {', '.join(_READERS)}.")
    if not isinstance(body, dict):
        raise Invalid("Send a JSON object.")
    found = reader(body, headers)
    if len(found) > MOST_AT_ONCE:
        raise Invalid(f"At most {MOST_AT_ONCE} signals can come in one request.")
    return found


def _generic(body: Json, _headers: Mapping[str, str]) -> Sequence[SignalEvent]:
    title = _words(body, "title")
    if not title:
        raise Invalid('Send "title": what happened, in a few words.')
    kind = _kind(_words(body, "kind") or _words(body, "type") or "alert")
    return [_event(body, kind, title, _words(body, "text") or _words(body, "description"))]


def _cloudevents(body: Json, _headers: Mapping[str, str]) -> Sequence[SignalEvent]:
    given = body.get("data")
    data: Json = given if isinstance(given, dict) else {}
    sort = _words(body, "type")
    if not sort or not _words(body, "id"):
        raise Invalid('A CloudEvent needs "id", "source" and "type".')
    title = _words(data, "title") or _words(body, "subject") or sort
    merged = {**data, "id": f"{_words(body, 'source')}:{_words(body, 'id')}", "at": body.get("time")}
    return [_event(merged, _kind(_words(data, "kind") or sort), title, _words(data, "text"))]


def _alertmanager(body: Json, _headers: Mapping[str, str]) -> Sequence[SignalEvent]:
    alerts = body.get("alerts")
    if not isinstance(alerts, list) or not all(isinstance(one, dict) for one in alerts):
        raise Invalid('An Alertmanager webhook needs "alerts", a list.')
    return [_alert(one) for one in alerts if one.get("status") != "resolved"]


def _alert(alert: Json) -> SignalEvent:
    labels, notes = _object(alert, "labels"), _object(alert, "annotations")
    title = _words(notes, "summary") or _words(labels, "alertname") or "An alert without a name"
    name = f"{alert.get('fingerprint') or json.dumps(labels, sort_keys=True)}:{alert.get('startsAt')}"
    merged = {
        "id": name,
        "system": labels.get("system") or labels.get("service"),
        "url": alert.get("generatorURL"),
        "at": alert.get("startsAt"),
    }
    return _event(merged, SignalKind.ALERT, title, _words(notes, "description"))


def _github(body: Json, headers: Mapping[str, str]) -> Sequence[SignalEvent]:
    repository = _words(_object(body, "repository"), "full_name") or "a repository"
    delivery = headers.get("X-GitHub-Delivery", "")
    if "deployment" in body:
        deployment = _object(body, "deployment")
        state = _words(_object(body, "deployment_status"), "state")
        where = _words(deployment, "environment") or "an environment"
        title = (
            f"{repository} to {where}: {_words(deployment, 'ref') or _words(deployment, 'sha')[:12]} {state}".strip()
        )
        merged = {
            "id": delivery,
            "system": _object(deployment, "payload").get("system"),
            "url": deployment.get("url"),
            "at": deployment.get("updated_at") or deployment.get("created_at"),
        }
        return [_event(merged, SignalKind.DEPLOY, title, _words(deployment, "description"))]
    if "release" in body:
        release = _object(body, "release")
        merged = {"id": delivery, "url": release.get("html_url"), "at": release.get("published_at")}
        return [_event(merged, SignalKind.DEPLOY, f"{repository} released {_words(release, 'tag_name')}", "")]
    return []


_READERS: Mapping[str, Callable[[Json, Mapping[str, str]], Sequence[SignalEvent]]] = {
    "generic": _generic,
    "alertmanager": _alertmanager,
    "cloudevents": _cloudevents,
    "github": _github,
}


def _event(body: Json, kind: SignalKind, title: str, text: str) -> SignalEvent:
    name = _words(body, "id") or hashlib.sha256(json.dumps(body, sort_keys=True, default=str).encode()).hexdigest()
    url = _words(body, "url")
    return SignalEvent(
        external_id=name[:200],
        kind=kind,
        title=" ".join(title.split())[:TITLE_MAX],
        text=text[:TEXT_MAX],
        system=_words(body, "system")[:80] or None,
        url=url[:2000] if url.startswith(("https://", "http://")) else "",
        at=_instant(body.get("at")),
    )


def _kind(word: str) -> SignalKind:
    lowered = word.lower()
    return next((kind for kind, words in _KIND_WORDS if any(one in lowered for one in words)), SignalKind.ALERT)


def _words(body: Json, name: str) -> str:
    value = body.get(name)
    return str(value).strip() if isinstance(value, str | int | float) else ""


def _object(body: Json, name: str) -> Json:
    value = body.get(name)
    return value if isinstance(value, dict) else {}


def _instant(value: Any) -> datetime | None:
    if not value:
        return None
    try:
        at = datetime.fromisoformat(str(value))
    except ValueError:
        raise Invalid(f'"{str(value)[:40]}" is no time. Write it like 2026-11-23T14:30:00Z.') from None
    return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
