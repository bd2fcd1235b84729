"""The triage pack in the exported record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from app.domain.columns import instant
from app.domain.dependency_map import DependencyMap, from_json, from_lines
from app.domain.incident import Incident
from app.domain.triage_pack import PART_TITLES, PackPart, TriagePack
from app.ports.store import UnitOfWork
from app.services.records.inert_markdown import inert
from app.services.triage.packs import pack_of
from app.services.triage.picture import picture_of
from app.services.triage.svg import svg_of

Json = dict[str, Any]


async def triage_record(uow: UnitOfWork, incident: Incident) -> Json | None:
    """The pack as it was last gathered, None before the first; `nothing` says why a part is empty."""
    pack = await pack_of(uow, incident)
    if pack is None:
        return None
    shown = await _map(uow, incident, pack)
    return {
        "gathered_at": instant(pack.gathered_at),
        "posted_at": instant(pack.posted_at) if pack.posted_at else None,
        "posted_ts": pack.ts,
        "seconds_to_context": pack.seconds_to_context,
        "parts": {part.value: list(pack.parts.get(part, [])) for part in PackPart},
        "nothing": dict(pack.empty),
        "picture": svg_of(shown) if shown is not None else None,
    }


async def _map(uow: UnitOfWork, incident: Incident, pack: TriagePack) -> DependencyMap | None:
    kept = await picture_of(uow, incident)
    if kept is not None:
        return from_json(kept.shows) if kept.shows else None
    return from_lines(incident.key, pack.parts.get(PackPart.DEPENDENCIES, []))


def triage_markdown(record: Mapping[str, Any]) -> Iterable[str]:
    """What was suggested and what the triage pack said, as Markdown; nothing where there was neither."""
    suggestion, triage = record.get("suggestion"), record.get("triage")
    if suggestion and suggestion["because"]:
        what = f"{suggestion['archetype'].replace('_', ' ')}, {suggestion['severity'].upper()}, {suggestion['state']}"
        yield "## Suggestion"
        yield "\n".join([what, "", *(f"- {inert(one)}" for one in suggestion["because"])])
    if triage:
        yield "## Triage pack"
        for part in PackPart:
            lines = [f"- {inert(one)}" for one in triage["parts"][part.value]]
            yield "\n".join([f"**{PART_TITLES[part]}**", "", *(lines or [triage["nothing"].get(part.value, "")])])
