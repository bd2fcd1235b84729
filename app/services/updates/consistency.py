"""What was published before, for every audience, and how a new text differs from it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from app.domain.incident import Incident
from app.domain.message_facts import instant_of
from app.domain.status_update import Audience, Section, StatusUpdate
from app.drafting.grounding.consistency import Difference, Told, correction, differences, stated
from app.drafting.reading.acts import spoken
from app.drafting.reading.situation import understand
from app.ports.drafter import Evidence, Sentence
from app.ports.store import UnitOfWork
from app.services.access import id_of
from app.services.drafts.evidence import evidence_of

Sections = Mapping[str, Sequence[Mapping[str, Any]]]
# Reading more would cost seconds; what is published rests on the entries that it cites and on what came after.
ENTRIES_MAX = 250


@dataclass(frozen=True)
class Before:
    """The last published text for each audience, and what the record has on it; `evidence` None where there is none."""

    told: Sequence[Told] = ()
    evidence: Evidence | None = None


async def published_before(uow: UnitOfWork, incident: Incident, now: datetime) -> Before:
    """What was published last for each audience, with the evidence for and against it."""
    last = [await uow.updates.last_published(id_of(incident), audience) for audience in Audience]
    told = [one for update in last if update is not None for one in _told(update)]
    if not told:
        return Before()
    last_ts = await uow.timeline.last_message_ts(id_of(incident))
    # The chat's clock may be a little ahead of ours: what was just said is no less said.
    known_at = max(now, instant_of(last_ts)) if last_ts else now
    evidence = await evidence_of(uow, incident, known_at, Audience.RESPONDERS)
    cited = {number for one in told for number in one.sentence.citations}
    since = min(update.drafted_at for update in last if update is not None)
    kept = [one for one in evidence.entries if one.id in cited or one.at >= since]
    older, newer = kept[:-ENTRIES_MAX], kept[-ENTRIES_MAX:]
    entries = [*(one for one in older if one.id in cited), *newer]
    return Before(told, replace(evidence, entries=entries))


async def compared(sections: Sections, before: Before) -> list[Difference]:
    """How `sections` (as stored) differ from what was published before; in a thread, since it reads the evidence."""
    if before.evidence is None:
        return []
    return await asyncio.to_thread(_compared, sections, before.told, before.evidence)


def with_corrections(
    audience: Audience,
    sections: Mapping[str, list[dict[str, Any]]],
    found: Sequence[Difference],
    earlier: StatusUpdate | None,
) -> tuple[dict[str, list[dict[str, Any]]], list[dict[str, Any]]]:
    """`sections` that say, first of all, what the same audience was told otherwise; and all differences as kept.

    What they say already isn't said twice. A correction that whoever edited the `earlier` version took out stays out;
    the difference is kept, not `stated`, for the approver to see.
    """
    offered = {one["was"] for one in earlier.corrections} if earlier is not None else set()
    said = [_sentence(line) for lines in sections.values() for line in lines]
    added = [
        correction(one, reason=audience is not Audience.CUSTOMERS)
        for one in found
        if one.audience is audience and one.was not in offered and not stated(one, said)
    ]
    happened = Section.WHAT_HAPPENED.value
    lines = [{"text": one.text, "citations": list(one.citations)} for one in added]
    whole = {**sections, happened: [*lines, *sections[happened]]}
    return whole, _with_statement(audience, found, [*added, *said])


def news(update: StatusUpdate, found: Sequence[Difference]) -> list[dict[str, Any]]:
    """The differences of a stored update that it does not have on record yet, as they are kept with it."""
    known = {(one["audience"], one["was"], one["now"]) for one in update.corrections}
    said = [_sentence(line) for lines in update.sections.values() for line in lines]
    every = _with_statement(update.audience, found, said)
    return [one for one in every if (one["audience"], one["was"], one["now"]) not in known]


def told(correction_kept: Mapping[str, Any]) -> str:
    """One kept difference as a clause."""
    now = f"now {correction_kept['now']}" if correction_kept["now"] else "which no longer holds"
    return f"{correction_kept['audience']} were told “{correction_kept['was']}”, {now}"


def _with_statement(audience: Audience, found: Sequence[Difference], said: Sequence[Sentence]) -> list[dict[str, Any]]:
    return [_kept(one, one.audience is audience and stated(one, said)) for one in found]


def _kept(difference: Difference, is_stated: bool) -> dict[str, Any]:
    return {
        "kind": difference.kind.value,
        "audience": difference.audience.value,
        "version": difference.version,
        "was": difference.was,
        "now": difference.now,
        "citations": list(difference.citations),
        "stated": is_stated,
    }


def _compared(sections: Sections, told: Sequence[Told], evidence: Evidence) -> list[Difference]:
    new = {Section(part): [_sentence(line) for line in lines] for part, lines in sections.items()}
    return differences(new, told, understand(spoken(evidence)))


def _told(update: StatusUpdate) -> list[Told]:
    return [
        Told(update.audience, update.version, section, _sentence(line))
        for section in Section
        for line in update.sections.get(section, [])
    ]


def _sentence(line: Mapping[str, Any]) -> Sentence:
    return Sentence(line["text"], tuple(line["citations"]), bool(line.get("by_hand")))
