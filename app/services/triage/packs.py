"""The triage pack: gathered when an incident's channel is there and whenever somebody asks, shown in one message."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial

from app.domain.dependency_map import DependencyMap
from app.domain.escalation import Candidate, Needs, RoleAdvice, candidates, roles_needed
from app.domain.incident import Archetype, Incident, Kind
from app.domain.job import Job, Urgency
from app.domain.playbook import Library
from app.domain.roles import Role
from app.domain.suggestion_offer import SuggestionOffer
from app.domain.triage_notices import TriageShown
from app.domain.triage_pack import PackPart, TriagePack
from app.ports.chat import ChatError, ChatRefused, Chats, Posted
from app.ports.clock import Clock
from app.ports.observer import UNWATCHED, Observer
from app.ports.register import NO_REGISTER, Register
from app.ports.similar import Alike
from app.ports.store import Store, UnitOfWork
from app.services.access import id_of, incident_of, locked_for
from app.services.actor import Actor
from app.services.jobs.runner import Finish, nothing_more
from app.services.jobs.step import post_once
from app.services.problems import report
from app.services.record_keeping import keep_audit
from app.services.room.card import GONE
from app.services.suggestions.first_report import words_of
from app.services.suggestions.suggestions import offer_of
from app.services.triage.parts import (
    Neighbourhood,
    anomalies,
    changes,
    dependencies,
    map_of,
    mitigations,
    neighbourhood,
    parts_of,
    similar,
)
from app.services.triage.picture import SHOW, picture_of, settle, showable, try_again

INVITED = "escalation.invited"
_PERSONAL = "personal data"
# Slack's word for blocks that it does not take, such as a file that it has not looked at yet.
_NOT_TAKEN = "invalid_blocks"


@dataclass(frozen=True)
class Sources:
    """Where a pack comes from beside the record; `playbooks` None: none are at hand."""

    register: Register = NO_REGISTER
    playbooks: Library | None = None


@dataclass(frozen=True)
class Gathered:
    """What was gathered around an incident at one moment."""

    parts: dict[str, list[str]]
    empty: dict[str, str]
    bring_in: Sequence[Candidate]
    roles: Sequence[RoleAdvice]
    owner_team: str
    map: DependencyMap | None


@dataclass(frozen=True)
class Shown:
    """Where the pack stands; `taken`: the picture's file and whether the chat took it, None without a picture."""

    posted: Posted
    taken: tuple[str, bool] | None


@dataclass(frozen=True)
class Triage:
    """Gathers triage packs for people."""

    store: Store
    clock: Clock

    async def ask(self, actor: Actor, key: str) -> Incident:
        """Have the pack gathered anew in the incident's channel. Raises NotFound."""
        async with self.store.write() as uow:
            incident = await locked_for(uow, actor, key)
            now = self.clock.now()
            await owe_pack(uow, incident, now)
            await try_again(uow, incident)
            await keep_audit(uow, incident, actor, now, ("triage.asked", f"incident:{incident.key}"))
        return incident


async def owe_pack(uow: UnitOfWork, incident: Incident, now: datetime) -> None:
    """Owe that the pack is gathered, and shown in the incident's channel."""
    await uow.jobs.add(pack_owed(incident, now))


def pack_owed(incident: Incident, now: datetime) -> Job:
    """The job that gathers the pack and shows it."""
    return Job(
        team=incident.team,
        incident_id=incident.id,
        kind=SHOW,
        key=f"{incident.key}:{SHOW}",
        lock=f"{incident.key}:triage",
        urgency=Urgency.SOON,
        payload={},
        due_at=now,
    )


async def owe_pack_again(uow: UnitOfWork, incident: Incident, now: datetime) -> None:
    """The same where a pack stands that says who is needed, and that has changed."""
    if incident.open and await pack_of(uow, incident) is not None:
        await owe_pack(uow, incident, now)


@dataclass(frozen=True)
class ShowTriage:
    """triage.show"""

    store: Store
    chats: Chats
    clock: Clock
    sources: Sources = field(default_factory=Sources)
    observer: Observer = UNWATCHED

    async def perform(self, job: Job) -> Finish:
        now = self.clock.now()
        async with self.store.read() as uow:
            incident = await incident_of(uow, job)
            if incident is None or incident.channel_id is None:
                return nothing_more
            gathered = await gather(uow, incident, self.sources, now)
            before = await pack_of(uow, incident)
            picture = showable(await picture_of(uow, incident), gathered.map)
        pack = _pack(incident, gathered, before, now)
        notice = TriageShown(incident, pack, gathered.bring_in, gathered.roles, gathered.owner_team, picture)
        shown = await self._shown(job, incident.channel_id, notice, before)
        return partial(self._keep, job, pack, gathered.map, shown)

    async def give_up(self, uow: UnitOfWork, job: Job, error: ChatError) -> None:
        await report(uow, job, error, self.clock)

    async def _shown(self, job: Job, channel: str, notice: TriageShown, before: TriagePack | None) -> Shown:
        """With its picture, or without it when the chat does not take that."""
        taken = (notice.picture.file, True) if notice.picture is not None else None
        try:
            return Shown(await self._put(job, channel, notice, before), taken)
        except ChatRefused as error:
            if taken is None or error.code != _NOT_TAKEN:
                raise
        bare = replace(notice, picture=None)
        return Shown(await self._put(job, channel, bare, before), (taken[0], False))

    async def _put(self, job: Job, channel: str, notice: TriageShown, before: TriagePack | None) -> Posted:
        chat = await self.chats.of(job.team)
        if before is not None and before.ts is not None and before.channel_id == channel:
            try:
                await chat.update(channel, before.ts, notice)
                return Posted(channel, before.ts)
            except ChatRefused as error:
                if error.code not in GONE:
                    raise
        return await post_once(chat, channel, notice, job)

    async def _keep(
        self, job: Job, pack: TriagePack, shows: DependencyMap | None, shown: Shown, uow: UnitOfWork
    ) -> None:
        incident = await uow.incidents.locked(job.incident_id or 0)
        kept = await pack_of(uow, incident)
        if kept is None:
            await uow.add(pack)
            kept = pack
        kept.parts, kept.empty, kept.gathered_at = pack.parts, pack.empty, pack.gathered_at
        kept.channel_id, kept.ts = shown.posted.channel, shown.posted.ts
        await settle(uow, incident, shows, shown.taken, self.clock.now())
        if kept.posted_at is None:
            kept.posted_at = self.clock.now()
            kept.seconds_to_context = max(0.0, (kept.posted_at - incident.declared_at).total_seconds())
            if incident.kind is Kind.REAL:
                self.observer.gave_context(kept.seconds_to_context)


async def gather(uow: UnitOfWork, incident: Incident, sources: Sources, now: datetime) -> Gathered:
    """Everything that is known around the incident at this moment."""
    around = await neighbourhood(uow, incident, sources.register)
    kind = likely_archetype(incident, await offer_of(uow, incident))
    playbook = sources.playbooks.playbook(kind, incident.system_type) if sources.playbooks else None
    found = await uow.similar.find(incident.team, await words_of(uow, incident), apart_from=id_of(incident))
    shown = await map_of(uow, incident, around)
    parts, empty = parts_of(
        {
            PackPart.CHANGES: await changes(uow, incident, around, now),
            PackPart.ANOMALIES: await anomalies(uow, incident, around, now),
            PackPart.DEPENDENCIES: dependencies(incident, around, shown),
            PackPart.SIMILAR: await similar(uow, found),
            PackPart.MITIGATIONS: await mitigations(uow, around, found, playbook),
        }
    )
    bring_in, roles = await advice(uow, incident, around, found)
    return Gathered(parts, empty, bring_in, roles, around.system.owner_team if around.system else "", shown)


async def advice(
    uow: UnitOfWork, incident: Incident, around: Neighbourhood, found: Sequence[Alike]
) -> tuple[Sequence[Candidate], Sequence[RoleAdvice]]:
    """Whom to bring in, and which vacant roles to fill."""
    holders = await uow.roles.holders(id_of(incident))
    there = {holding.user for holding in holders.values()} | {incident.declared_by}
    there |= await asked(uow, incident)
    people = candidates(around.system, around.known, await _resolvers(uow, found), there)
    vacant = [role for role in Role if role not in holders]
    offer = await offer_of(uow, incident)
    personal = offer is not None and any(_PERSONAL in one for one in offer.severity_because)
    needed = Needs(likely_archetype(incident, offer), incident.severity, around.system, personal_data=personal)
    return people, roles_needed(needed, vacant)


async def asked(uow: UnitOfWork, incident: Incident) -> set[str]:
    """Whom somebody has brought in."""
    rows = await uow.audit(id_of(incident))
    return {one.object.removeprefix("user:") for one in rows if one.action == INVITED}


def likely_archetype(incident: Incident, offer: SuggestionOffer | None) -> Archetype:
    """What people say that it is; what is suggested while they are unsure."""
    return incident.archetype if offer is None or incident.archetype is not Archetype.UNSURE else offer.archetype


async def pack_of(uow: UnitOfWork, incident: Incident) -> TriagePack | None:
    """The incident's pack, None before the first."""
    return next(iter(await uow.of_incident(TriagePack, id_of(incident))), None)


async def _resolvers(uow: UnitOfWork, found: Sequence[Alike]) -> Mapping[str, Sequence[str]]:
    """Who led similar incidents that are over, with the keys of those."""
    led: dict[str, list[str]] = {}
    for alike in found:
        if alike.incident.open:
            continue
        for holding in await uow.roles.history(id_of(alike.incident)):
            keys = led.setdefault(holding.user, []) if holding.role in (Role.TECH, Role.COMMANDER) else []
            if alike.incident.key not in keys:
                keys.append(alike.incident.key)
    return led


def _pack(incident: Incident, gathered: Gathered, before: TriagePack | None, now: datetime) -> TriagePack:
    return TriagePack(
        team=incident.team,
        incident_id=id_of(incident),
        parts=gathered.parts,
        empty=gathered.empty,
        gathered_at=now,
        posted_at=before.posted_at if before else None,
        seconds_to_context=before.seconds_to_context if before else None,
    )
