"""Catching up: an incident in a few cited lines for one person, made by rules alone and kept for a moment."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from app.domain.answer_notices import CatchUp, CatchUpOffered, Told
from app.domain.audit import AuditRecord
from app.domain.columns import instant
from app.domain.incident import Incident
from app.domain.job import Job
from app.domain.roles import Role
from app.domain.timeline import Origin
from app.drafting.telling.digest import Digest, digest
from app.ports.chat import ChatError
from app.ports.clock import Clock
from app.ports.drafter import Evidence, Sentence
from app.ports.store import Store, UnitOfWork
from app.services.access import id_of, incident_for
from app.services.actor import Actor
from app.services.drafts.drafts import Drafts
from app.services.jobs.runner import Finish, nothing_more
from app.services.jobs.step import Step
from app.services.record_keeping import keep_audit
from app.services.situation import holders_of
from app.services.updates.form import lines_of

OFFER = "catch_up.offer"
OFFERED = "catch_up.offered"
LATE_AFTER_MESSAGES = 10
KEPT_FOR = timedelta(minutes=2)
KEPT_MOST = 64


@dataclass(frozen=True)
class _Kept:
    """What was made of `evidence` at `at`."""

    evidence: Evidence
    at: datetime
    digest: Digest


@dataclass(frozen=True)
class CatchUps:
    """`_kept` holds the newest digest of an incident, for as long as its timeline says the same."""

    store: Store
    clock: Clock
    drafts: Drafts
    _kept: dict[int, _Kept] = field(default_factory=dict)

    async def of(self, actor: Actor, key: str) -> CatchUp:
        """The incident as it stands. Raises NotFound, also for restricted ones that the actor may not see."""
        async with self.store.read() as uow:
            incident = await incident_for(uow, actor, key)
            evidence = await self.drafts.evidence(uow, incident, as_of=None)
            lead = (await holders_of(uow, incident)).get(Role.COMMANDER)
        found = await self._digest(evidence)
        return CatchUp(incident, lead, told(found.known), told(found.last), told(found.open), links_in(evidence))

    async def joined(self, team: str, channel: str, user: str) -> None:
        """Owe the offer to somebody who comes into an incident's channel late; once a person and incident."""
        async with self.store.read() as uow:
            incident = await uow.incidents.by_channel(team, channel)
            if incident is None or not incident.open or not await _late(uow, incident):
                return
        now = self.clock.now()
        async with self.store.write() as uow:
            incident = await uow.incidents.locked(id_of(incident))
            if _was_offered(await uow.audit(id_of(incident)), user):
                return
            await keep_audit(uow, incident, Actor(team, user), now, (OFFERED, f"user:{user}"))
            await uow.jobs.add(
                Job(
                    team=team,
                    incident_id=incident.id,
                    kind=OFFER,
                    key=f"{incident.key}:{OFFER}:{user}",
                    payload={"user": user, "channel": channel, "owed_at": instant(now)},
                    due_at=now,
                )
            )

    async def _digest(self, evidence: Evidence) -> Digest:
        incident_id, now = id_of(evidence.incident), self.clock.now()
        kept = self._kept.get(incident_id)
        if kept is not None and now - kept.at < KEPT_FOR and _says_the_same(kept.evidence, evidence):
            return kept.digest
        made = await asyncio.to_thread(digest, evidence)
        if len(self._kept) >= KEPT_MOST:
            self._kept.clear()
        self._kept[incident_id] = _Kept(evidence, now, made)
        return made


@dataclass(frozen=True)
class OfferCatchUp(Step):
    """Handler of `catch_up.offer`: one line that only the person sees; apps get none."""

    async def perform(self, job: Job) -> Finish:
        """Raises what the chat raises."""
        incident = await self.incident(job)
        user = str(job.payload["user"])
        chat = await self.chats.of(job.team)
        profile = await chat.profile(user) if incident is not None else None
        if incident is not None and profile is not None and not profile.is_bot:
            await chat.whisper(str(job.payload["channel"]), user, CatchUpOffered(incident))
        return nothing_more

    async def give_up(self, uow: UnitOfWork, job: Job, error: ChatError) -> None:
        """Nothing to tell anybody: the command and the panel's button are there all the same."""


def told(sentences: Sequence[Sentence]) -> Told:
    """The sentences as notices carry them."""
    return lines_of(sentences)


def links_in(evidence: Evidence) -> Mapping[int, str]:
    """The addresses of the entries that have one."""
    return {entry.id: entry.permalink for entry in evidence.entries if entry.permalink}


def _says_the_same(one: Evidence, other: Evidence) -> bool:
    bare = replace(one, as_of=other.as_of, incident=other.incident)
    return bare == other


def _was_offered(rows: Sequence[AuditRecord], user: str) -> bool:
    return any(row.action == OFFERED and row.object == f"user:{user}" for row in rows)


async def _late(uow: UnitOfWork, incident: Incident) -> bool:
    entries = await uow.timeline.entries(id_of(incident))
    said = sum(one.origin is Origin.MESSAGE and one.deleted_at is None for one in entries)
    return said >= LATE_AFTER_MESSAGES
