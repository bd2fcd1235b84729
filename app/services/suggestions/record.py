"""What was suggested for an incident and what a person made of it, in the exported record."""

from __future__ import annotations

from typing import Any

from app.domain.columns import instant
from app.domain.incident import Incident
from app.ports.store import UnitOfWork
from app.services.suggestions.suggestions import offer_of

Json = dict[str, Any]


async def suggestion_record(uow: UnitOfWork, incident: Incident) -> Json | None:
    """The standing suggestion, None for an incident that was declared before there were any."""
    offer = await offer_of(uow, incident)
    if offer is None:
        return None
    return {
        "archetype": offer.archetype.value,
        "system_type": offer.system_type.value if offer.system_type else None,
        "severity": offer.severity.value,
        "because": list(offer.because),
        "severity_because": list(offer.severity_because),
        "model": offer.used,
        "state": offer.state.value,
        "offered_at": instant(offer.offered_at),
        "decided_by": offer.decided_by,
        "decided_at": instant(offer.decided_at) if offer.decided_at else None,
    }
