"""What an incident's record says happened: the words that a suggestion and a search for similar incidents rest on."""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.incident import Incident
from app.domain.postmortem import Part
from app.domain.timeline import Mark, Origin, TimelineEntry
from app.ports.store import UnitOfWork
from app.services.access import id_of

# Guesses and questions say what may be; decisions and actions say what is done about it.
_FACTS = frozenset({Mark.OBSERVATION, Mark.IMPACT, Mark.EVIDENCE, Mark.ANSWERED})
_TALK_READ = 40
_FACTS_READ = 100


async def report_of(uow: UnitOfWork, incident: Incident) -> str:
    """Title, summary, then the facts, then the first of what was said, each on a line of its own."""
    entries = [one for one in await uow.timeline.entries(id_of(incident)) if _counts(one)]
    facts = [one.text for one in entries if one.mark in _FACTS][:_FACTS_READ]
    talk = [one.text for one in entries if one.mark is Mark.NOTE and one.origin is Origin.MESSAGE][:_TALK_READ]
    return "\n".join([incident.title, incident.summary, *facts, *talk])


async def words_of(uow: UnitOfWork, incident: Incident) -> str:
    """Title, summary, facts and causes, by which others find the incident."""
    entries = [one for one in await uow.timeline.entries(id_of(incident)) if _counts(one) and one.mark in _FACTS]
    postmortem = await uow.postmortems.latest(id_of(incident))
    causes = _lines(postmortem.sections.get(Part.ROOT_CAUSE, []) if postmortem else [])
    return "\n".join([incident.title, incident.summary, *causes, *(one.text for one in entries[:_FACTS_READ])])


def _counts(entry: TimelineEntry) -> bool:
    return entry.seen and entry.deleted_at is None and not entry.author_is_bot


def _lines(section: Sequence[dict[str, object]]) -> list[str]:
    return [str(line.get("text", "")) for line in section]
