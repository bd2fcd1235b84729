"""Records for those outside the workspace: nothing of restricted incidents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.domain.columns import instant
from app.domain.errors import NotFound
from app.domain.incident import Incident
from app.services.records.catalogue import Catalogue
from app.services.records.record import Records


@dataclass(frozen=True)
class PublicRecords:
    """What the JSON API shows. A restricted incident is as good as not there."""

    catalogue: Catalogue
    records: Records

    async def newest(self, limit: int) -> Sequence[Mapping[str, Any]]:
        """The newest incidents in short, at most `limit`, in the words of the exported record."""
        return [_in_short(one) for one in await self.catalogue.newest(limit, restricted=False)]

    async def record(self, key: str) -> Mapping[str, Any]:
        """The whole record. Raises NotFound, for restricted incidents too; Invalid; Conflict."""
        incident = await self.catalogue.find(key)
        if incident.restricted:
            raise NotFound(f"There is no incident {key.strip().upper()}.")
        return await self.records.export(incident.team, incident.key)


def _in_short(incident: Incident) -> Mapping[str, Any]:
    return {
        "key": incident.key,
        "kind": incident.kind,
        "title": incident.title,
        "status": incident.status,
        "severity": incident.severity,
        "archetype": incident.archetype,
        "system_type": incident.system_type,
        "system": incident.system,
        "channel": {"id": incident.channel_id, "name": incident.channel_name},
        "declared_at": instant(incident.declared_at),
        "declared_by": incident.declared_by,
    }
