"""Containments in the exported record."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from app.domain.columns import instant
from app.domain.containment import Containment
from app.domain.incident import Incident
from app.ports.store import UnitOfWork
from app.services.access import id_of

Json = dict[str, Any]


async def containments_record(uow: UnitOfWork, incident: Incident) -> Sequence[Json]:
    """Every containment of the incident in the published shape, oldest first."""
    return [containment_record(one) for one in await uow.of_incident(Containment, id_of(incident))]


def containment_record(one: Containment) -> Json:
    """One containment in the published shape; `terms` is what was confirmed."""
    return {
        "id": one.id,
        "system": one.system,
        "switch": one.switch,
        "kind": one.kind.value,
        "connector": one.connector.value,
        "by_hand": one.by_hand,
        "state": one.state.value,
        "purpose": one.purpose.value,
        "terms": {name: text for name, text in one.terms.items() if text},
        "asked_by": one.asked_by,
        "asked_at": instant(one.asked_at),
        "reason": one.reason,
        "emergency": one.emergency,
        "dangerous": one.dangerous,
        "approved_by": one.approved_by,
        "approved_at": _instant(one.approved_at),
        "idempotency_key": one.idempotency_key,
        "attempts": one.attempts,
        "evidence_note": one.evidence_note,
        "before": one.before,
        "after": one.after,
        "answers": list(one.answers),
        "problem": one.problem,
        "contained_at": _instant(one.contained_at),
        "verified_at": _instant(one.verified_at),
        "review_at": _instant(one.review_at),
        "undo_by": one.undo_by,
        "undo_at": _instant(one.undo_at),
    }


def _instant(value: datetime | None) -> str | None:
    return instant(value) if value is not None else None
