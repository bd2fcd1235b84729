"""As whom the command line acts: the operator, who may see every incident."""

from __future__ import annotations

from app.domain.incident import Incident
from app.services.actor import Actor

OPERATOR = "operator"


def operator(incident: Incident) -> Actor:
    """The operator at the machine, who stands in the incident's own channel as it were."""
    return Actor(incident.team, OPERATOR, incident.channel_id)
