"""The incident's room: its channel is created, filled and furnished, each step once and on its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from app.domain.audit import AuditRecord
from app.domain.channel_name import channel_name, with_suffix
from app.domain.incident import Incident
from app.domain.job import Job, Urgency
from app.domain.notices import Opening
from app.domain.person import Person
from app.domain.roles import Role
from app.ports.chat import Channel, Chat, ChatError, ChatRefused, Refusal
from app.ports.store import UnitOfWork
from app.services.access import id_of, incident_of
from app.services.jobs.owed import Effect, announced, backfill_lock, owed
from app.services.jobs.runner import Finish, nothing_more
from app.services.jobs.step import Step, tell_once
from app.services.problems import tell
from app.services.reasons import Explained, explained, not_invited, what_failed
from app.services.room.topic import purpose_text, topic_text
from app.services.situation import holders_of
from app.services.telling import shown

NAMES_TRIED = 9
BACKFILL = "backfill.channel"
# The form's own answer may still be on its way to the screen; what is shown too early is hidden by it.
_FORM_DRAWN = timedelta(seconds=1)


Furnished = Callable[[Incident, datetime], Job]


@dataclass(frozen=True)
class CreateRoom(Step):
    """room.create: a channel of its own for the incident, private when it is restricted, never public then.

    `furnished`: what else is owed once the channel is there, in the same transaction.
    """

    furnished: Sequence[Furnished] = ()

    async def perform(self, job: Job) -> Finish:
        incident = await self.incident(job)
        if incident is None or incident.channel_id is not None:
            return nothing_more
        channel = await self._channel(incident, look_first=job.attempts > 1)
        return partial(self._furnish, job, channel)

    async def _channel(self, incident: Incident, *, look_first: bool) -> Channel:
        chat = await self.chats.of(incident.team)
        name = channel_name(incident.number, incident.declared_at.date(), incident.title)
        for turn in range(1, NAMES_TRIED + 1):
            wanted = with_suffix(name, turn)
            if look_first and (made := await self._made_before(chat, incident, wanted)):
                return made
            try:
                return await chat.create_channel(wanted, private=incident.restricted)
            except ChatRefused as error:
                if error.code != "name_taken":
                    raise
        raise ChatRefused("name_taken", name)

    async def _made_before(self, chat: Chat, incident: Incident, name: str) -> Channel | None:
        """The channel that an earlier try made; one that belongs to another incident doesn't count."""
        found = await chat.find_channel(name, private=incident.restricted)
        if found is None:
            return None
        async with self.store.read() as uow:
            other = await uow.incidents.by_channel(incident.team, found.id)
        return found if other is None else None

    async def _furnish(self, job: Job, channel: Channel, uow: UnitOfWork) -> None:
        incident = await uow.incidents.locked(job.incident_id or 0)
        incident.channel_id = channel.id
        incident.channel_name = channel.name
        now = self.clock.now()
        users = job.payload.get("users", [])
        opening = {"user": incident.declared_by, "view_id": job.payload.get("view_id") or ""}
        await uow.jobs.add_all(
            [
                owed(incident, Effect.CARD_POST, now),
                owed(incident, Effect.ROOM_INVITE, now, payload={"users": users}),
                owed(incident, Effect.OPENING_SHOW, now, payload=opening),
                *([owed(incident, Effect.ANNOUNCEMENT_POST, now)] if announced(incident) else []),
                owed(incident, Effect.ROOM_TOPIC, now),
                owed(incident, Effect.ROOM_PURPOSE, now),
                *(furnish(incident, now) for furnish in self.furnished),
                _backfill(incident, now),
            ]
        )

    async def give_up(self, uow: UnitOfWork, job: Job, error: ChatError) -> None:
        """A public incident stands without a channel; a restricted one is not declared at all."""
        incident = await incident_of(uow, job)
        if incident is None:
            return
        cause = explained(error, job.kind)
        if incident.restricted:
            await self._undeclare(uow, incident, cause, job)
            return
        what = f"{what_failed(job.kind)} {cause.what} {incident.key} stands, and everything about it is kept."
        await tell(
            uow, incident, Explained(what, cause.todo), self.clock, job=job, view_id=job.payload.get("view_id") or ""
        )

    async def _undeclare(self, uow: UnitOfWork, incident: Incident, cause: Explained, job: Job) -> None:
        now = self.clock.now()
        team, user, key, title = incident.team, incident.declared_by, incident.key, incident.title
        await uow.delete(incident)
        await uow.add(
            AuditRecord(
                team=team,
                at=now,
                by=user,
                action="incident.not_declared",
                object=f"incident:{key}",
                detail={"why": "no private channel"},
            )
        )
        reason = f"A private channel could not be created. {cause.what} {cause.todo}"
        await uow.jobs.add(
            Job(
                team=team,
                kind=Effect.DECLARATION_FAILED,
                key=f"{key}:{Effect.DECLARATION_FAILED}",
                urgency=Urgency.NOW,
                payload={
                    "user": user,
                    "view_id": job.payload.get("view_id") or "",
                    "title": title,
                    "reason": reason,
                },
                due_at=now + _FORM_DRAWN,
            )
        )


def _backfill(incident: Incident, now: datetime) -> Job:
    return Job(
        team=incident.team,
        incident_id=incident.id,
        kind=BACKFILL,
        key=f"{incident.key}:{BACKFILL}",
        lock=backfill_lock(incident),
        urgency=Urgency.LATER,
        due_at=now,
    )


class InviteToRoom(Step):
    """room.invite: the people of the payload, and whoever holds a role by now."""

    async def perform(self, job: Job) -> Finish:
        incident = await self.incident(job)
        if incident is None or incident.channel_id is None:
            return nothing_more
        chat = await self.chats.of(job.team)
        users = await self._users(incident, job.payload.get("users", []))
        refusals = await chat.invite(incident.channel_id, users)
        people = await _people(chat, job.team, users)
        return partial(self._remember, incident, people, refusals)

    async def _users(self, incident: Incident, named: Sequence[str]) -> Sequence[str]:
        async with self.store.read() as uow:
            holders = await holders_of(uow, incident)
        return list(dict.fromkeys([*named, *holders.values()]))

    async def _remember(
        self, incident: Incident, people: Sequence[Person], refusals: Sequence[Refusal], uow: UnitOfWork
    ) -> None:
        # Everybody locks in this order, so that nobody waits for one who waits for them: the incident, people by name.
        incident = await uow.incidents.locked(id_of(incident))
        for person in sorted(people, key=lambda one: one.user):
            await uow.remember(person)
        if refusals:
            await tell(uow, incident, not_invited(refusals), self.clock)


async def _people(chat: Chat, team: str, users: Sequence[str]) -> Sequence[Person]:
    """Who they are, for drafts and exports to name them; a name that can't be had now is had another time."""
    found = []
    for user in users:
        try:
            profile = await chat.profile(user)
        except ChatError:
            continue
        if profile is not None:
            found.append(Person(team=team, user=user, name=profile.name, is_bot=profile.is_bot))
    return found


class ShowOpening(Step):
    """opening.show: the declarer's form turns into the way to the channel; where it was closed, a message says it."""

    async def perform(self, job: Job) -> Finish:
        incident = await self.incident(job)
        if incident is None:
            return nothing_more
        chat = await self.chats.of(job.team)
        notice = Opening(incident)
        if not await shown(chat, job.payload["view_id"], notice):
            await tell_once(chat, job.payload["user"], notice, job)
        return nothing_more


class SetTopic(Step):
    """room.topic: severity, status and who has which role."""

    async def perform(self, job: Job) -> Finish:
        incident = await self.incident(job)
        if incident is None or incident.channel_id is None:
            return nothing_more
        chat = await self.chats.of(job.team)
        async with self.store.read() as uow:
            holders = await holders_of(uow, incident)
        await chat.set_topic(incident.channel_id, topic_text(incident, await self._names(chat, holders)))
        return nothing_more

    async def _names(self, chat: Chat, holders: Mapping[Role, str]) -> Mapping[Role, str]:
        profiles = {role: await chat.profile(user) for role, user in holders.items()}
        return {role: profile.name if profile else holders[role] for role, profile in profiles.items()}


class SetPurpose(Step):
    """room.purpose: what the channel is for."""

    async def perform(self, job: Job) -> Finish:
        incident = await self.incident(job)
        if incident is None or incident.channel_id is None:
            return nothing_more
        chat = await self.chats.of(job.team)
        await chat.set_purpose(incident.channel_id, purpose_text(incident))
        return nothing_more
