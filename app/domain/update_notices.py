"""What an audience outside the incident's channel is shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.domain.incident import Incident
from app.domain.notices import Notice
from app.domain.status_update import StatusUpdate


@dataclass(frozen=True)
class UpdateForAudience(Notice):
    """A published What We Know in the audience's own channel. `links` maps entry ids to permalinks."""

    incident: Incident
    update: StatusUpdate
    links: Mapping[int, str] = field(default_factory=dict)
