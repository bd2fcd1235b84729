"""Postmortems: drafted from the record in six parts, versioned, and shown in the channel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from typing import Any

from app.domain.columns import instant
from app.domain.errors import NotFound
from app.domain.incident import Incident
from app.domain.job import Job, Urgency
from app.domain.notices import PostmortemReady
from app.domain.postmortem import PART_TITLES, Part, Postmortem, PostmortemStatus
from app.domain.postmortem_review import PostmortemReviewer
from app.ports.clock import Clock
from app.ports.drafter import PostmortemDraft
from app.ports.store import Store, UnitOfWork
from app.services.access import id_of, incident_for, incident_of, may_see
from app.services.actor import Actor
from app.services.drafts.drafts import Drafts
from app.services.drafts.ledger import account_record
from app.services.jobs.runner import Finish, nothing_more
from app.services.jobs.step import Step
from app.services.postmortems.duty import begin
from app.services.record_keeping import keep_act
from app.services.updates.form import lines_of

TELL = "postmortem.tell"


@dataclass(frozen=True)
class NewVersion:
    """What a new version holds: `by` whom, `drafter` as stored (empty for a person), `change` in words."""

    sections: dict[str, list[dict[str, Any]]]
    by: str
    drafter: dict[str, Any] = field(default_factory=dict)
    change: str = ""


@dataclass(frozen=True)
class Postmortems:
    """The versions of an incident's postmortem."""

    store: Store
    clock: Clock
    drafts: Drafts

    async def draft(self, actor: Actor, key: str) -> Postmortem:
        """Draft a new version from what is known now. Raises NotFound."""
        async with self.store.read() as uow:
            incident = await incident_for(uow, actor, key)
            evidence = await self.drafts.evidence(uow, incident, as_of=None)
        draft = await self.drafts.postmortem(evidence)
        async with self.store.write() as uow:
            incident = await uow.incidents.locked(id_of(incident))
            return await keep_version(uow, incident, actor, draft, self.clock.now())

    async def latest(self, actor: Actor, key: str) -> Postmortem | None:
        """The newest version, None before the first. Raises NotFound."""
        async with self.store.read() as uow:
            incident = await incident_for(uow, actor, key)
            return await uow.postmortems.latest(id_of(incident))

    async def links(self, actor: Actor, postmortem: Postmortem) -> Mapping[int, str]:
        """Where the entries that it cites can be read, as far as they were messages. Raises NotFound."""
        cited = {entry for lines in postmortem.sections.values() for line in lines for entry in line["citations"]}
        async with self.store.read() as uow:
            incident = await uow.get(Incident, postmortem.incident_id)
            if incident is None or not await may_see(uow, actor, incident):
                raise NotFound("There is no such postmortem.")
            return await uow.timeline.permalinks(cited)


@dataclass(frozen=True)
class DraftPostmortem(Step):
    """Handler of `postmortem.draft`: the draft that is due when an incident is resolved."""

    drafts: Drafts

    async def perform(self, job: Job) -> Finish:
        """Calls no chat; a model may be asked."""
        async with self.store.read() as uow:
            incident = await incident_of(uow, job)
            if incident is None:
                return nothing_more
            evidence = await self.drafts.evidence(uow, incident, as_of=None)
        draft = await self.drafts.postmortem(evidence)
        actor = Actor(job.team, str(job.payload.get("by") or incident.declared_by))

        async def finish(uow: UnitOfWork) -> None:
            locked = await uow.incidents.locked(evidence.incident.id or 0)
            now = self.clock.now()
            await keep_version(uow, locked, actor, draft, now)
            if not locked.open:
                await begin(uow, locked, now, anew=True)

        return finish


@dataclass(frozen=True)
class TellPostmortem(Step):
    """Handler of `postmortem.tell`: one message in the channel, changed in place with every version."""

    async def perform(self, job: Job) -> Finish:
        """Raises what the chat raises."""
        async with self.store.read() as uow:
            incident = await incident_of(uow, job)
            newest = await uow.postmortems.latest(job.incident_id or 0)
            reviewers = await uow.of_incident(PostmortemReviewer, job.incident_id or 0)
        if incident is None or newest is None or incident.channel_id is None:
            return nothing_more
        chat = await self.chats.of(job.team)
        notice = PostmortemReady(incident, newest, reviewers)
        # Where it stands is asked of the chat: nothing else needs to know.
        standing = await chat.find(incident.channel_id, job.key)
        if standing is None:
            await chat.post(incident.channel_id, notice, key=job.key)
        else:
            await chat.update(standing.channel, standing.ts, notice)
        return nothing_more


async def keep_version(
    uow: UnitOfWork, incident: Incident, actor: Actor, draft: PostmortemDraft, now: datetime
) -> Postmortem:
    """Store a draft as the next version of a locked incident's postmortem, and owe the channel word of it.

    Parts that people have edited stay as they are, unless they were emptied to be drafted anew.
    """
    versions = await uow.postmortems.all(id_of(incident))
    before = versions[-1] if versions else None
    theirs = {part: before.sections[part] for part in _edited(versions) if before and before.sections.get(part)}
    sections = {part.value: lines_of(draft.parts.get(part, ())) for part in Part} | theirs
    version = NewVersion(sections, actor.user, account_record(draft.account))
    postmortem = await next_version(uow, incident, before, version, now)
    kept = ", ".join(PART_TITLES[Part(part)].lower() for part in theirs)
    text = f"Drafted version {postmortem.version} of the postmortem" + (f"; kept as edited: {kept}." if kept else ".")
    await keep_act(uow, incident, actor, now, ("postmortem.drafted", f"postmortem:{postmortem.version}"), text)
    return postmortem


async def next_version(
    uow: UnitOfWork,
    incident: Incident,
    before: Postmortem | None,
    version: NewVersion,
    now: datetime,
) -> Postmortem:
    """Store the version that follows `before` of a locked incident, and owe the channel word of it.

    It goes on being reviewed if that one was; what was completed is a draft again.
    """
    reviewed = before is not None and before.status is PostmortemStatus.IN_REVIEW
    postmortem = Postmortem(
        team=incident.team,
        incident_id=id_of(incident),
        version=before.version + 1 if before is not None else 1,
        status=PostmortemStatus.IN_REVIEW if reviewed else PostmortemStatus.DRAFT,
        sections=version.sections,
        drafted_by=version.by,
        drafted_at=now,
        drafter=version.drafter,
        change=version.change,
    )
    await uow.add(postmortem)
    if not incident.open and (before is None or before.status is not PostmortemStatus.IN_REVIEW):
        await begin(uow, incident, now)
    await owe_postmortem_word(uow, incident, now)
    return postmortem


def _edited(versions: Sequence[Postmortem]) -> Sequence[str]:
    """The parts that a person changed in any of the versions, in the order of the parts."""
    changed = {
        part.value
        for earlier, later in pairwise(versions)
        if not later.drafter
        for part in Part
        if earlier.sections.get(part, []) != later.sections.get(part, [])
    }
    return [part.value for part in Part if part.value in changed]


async def owe_postmortem_word(uow: UnitOfWork, incident: Incident, now: datetime) -> None:
    """Owe that the one message in the channel shows how the postmortem then stands."""
    if incident.channel_id is None:
        return
    await uow.jobs.add(
        Job(
            team=incident.team,
            incident_id=incident.id,
            kind=TELL,
            key=f"{TELL}:{incident.id}",
            lock=f"{TELL}:{incident.id}",
            urgency=Urgency.SOON,
            payload={"owed_at": instant(now)},
            due_at=now,
        )
    )
