"""The five roles: taken, given, handed over, released; one holder each, the history kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.domain.errors import Conflict, Invalid, NotAllowed
from app.domain.incident import Incident
from app.domain.person import Person
from app.domain.roles import ROLE_NAMES, Role, RoleHolding
from app.ports.chat import ChatError, Chats, Profile
from app.ports.clock import Clock
from app.ports.store import Store, UnitOfWork
from app.services.access import id_of, incident_for, locked_for
from app.services.actor import Actor
from app.services.acts import Act, record_act
from app.services.jobs.owed import Effect, owe, owe_refresh
from app.services.receivers import able, receiver
from app.services.triage.packs import owe_pack_again
from app.services.updates.posts import owe_waiting_reviews

NOTE_MAX = 2000
_JUST_NOW = timedelta(seconds=10)


@dataclass(frozen=True)
class _Handover:
    """A role on its way to somebody."""

    role: Role
    person: Profile
    given_by: str
    note: str = ""


@dataclass(frozen=True)
class Roles:
    """Takes, gives and releases roles."""

    store: Store
    chats: Chats
    clock: Clock

    async def claim(self, actor: Actor, key: str, role: Role) -> RoleHolding:
        """Take a role that is free; taking one's own changes nothing. Raises Conflict naming whoever holds it."""
        person = await self._claimer(actor)
        handover = _Handover(role, person, actor.user)
        try:
            async with self.store.write() as uow:
                incident = await locked_for(uow, actor, key)
                held = (await uow.roles.holders(id_of(incident))).get(role)
                if held is not None and held.user == actor.user:
                    return held
                if held is not None:
                    raise _held_by(held, self.clock.now())
                act = Act("role.taken", f"role:{role}", f"Took the role of {_named(role)}.")
                return await self._hand_over(uow, incident, handover, act)
        except Conflict as refused:
            raise await self._lost(actor, key, role) or refused from None

    async def give(self, actor: Actor, key: str, role: Role, user: str, note: str = "") -> RoleHolding:
        """Give a role to somebody; whoever held it hands it over, with the note.

        Raises Invalid for bots, unknown and deactivated users, and Conflict when they hold it already.
        """
        note = note.strip()
        if len(note) > NOTE_MAX:
            raise Invalid(f"The note has {len(note)} characters; at most {NOTE_MAX} fit.", field="note")
        async with self.store.read() as uow:
            await incident_for(uow, actor, key)
        handover = _Handover(role, await receiver(self.chats, actor.team, user), actor.user, note)
        async with self.store.write() as uow:
            incident = await locked_for(uow, actor, key)
            held = (await uow.roles.holders(id_of(incident))).get(role)
            if held is not None and held.user == user:
                raise Conflict(f"<@{user}> is the {_named(role)} already. Nothing was changed.")
            if held is not None:
                held.to_at = self.clock.now()
            return await self._hand_over(uow, incident, handover, _giving(handover, held))

    async def release(self, actor: Actor, key: str, role: Role) -> RoleHolding:
        """Free a role, as its holder or the commander. Raises Conflict when nobody holds it, NotAllowed for others."""
        async with self.store.write() as uow:
            incident = await locked_for(uow, actor, key)
            holders = await uow.roles.holders(id_of(incident))
            held = holders.get(role)
            if held is None:
                raise Conflict(f"Nobody is the {_named(role)} now. Nothing was changed.")
            commander = holders.get(Role.COMMANDER)
            if commander is not None and actor.user not in (held.user, commander.user):
                raise NotAllowed(
                    f"Only <@{held.user}>, who has the role, or the commander <@{commander.user}> can release it. "
                    "Nothing was changed."
                )
            now = self.clock.now()
            held.to_at = now
            whose = "" if held.user == actor.user else f" of <@{held.user}>"
            text = f"Released the role of {_named(role)}{whose}."
            await record_act(uow, incident, actor.user, Act("role.released", f"role:{role}", text), now)
            await owe_refresh(uow, incident, now, topic=True)
            await owe_waiting_reviews(uow, incident, now)
            await owe_pack_again(uow, incident, now)
            return held

    async def history(self, actor: Actor, key: str) -> Sequence[RoleHolding]:
        """Every holding of every role, oldest first. Raises NotFound."""
        async with self.store.read() as uow:
            return await uow.roles.history(id_of(await incident_for(uow, actor, key)))

    async def _hand_over(self, uow: UnitOfWork, incident: Incident, handover: _Handover, act: Act) -> RoleHolding:
        now = self.clock.now()
        person = handover.person
        holding = RoleHolding(
            team=incident.team,
            incident_id=id_of(incident),
            role=handover.role,
            user=person.user,
            from_at=now,
            given_by=handover.given_by,
            note=handover.note,
        )
        await uow.add(holding)
        await uow.remember(Person(team=incident.team, user=person.user, name=person.name, is_bot=person.is_bot))
        await record_act(uow, incident, handover.given_by, act, now)
        about = str(holding.id)
        await owe(uow, incident, Effect.ROLE_CHECKLIST, now, about=about, payload={"holding_id": holding.id})
        if incident.channel_id is not None:
            await owe(uow, incident, Effect.ROOM_INVITE, now, about=about, payload={"users": [person.user]})
        await owe_refresh(uow, incident, now, topic=True)
        await owe_waiting_reviews(uow, incident, now)
        await owe_pack_again(uow, incident, now)
        return holding

    async def _lost(self, actor: Actor, key: str, role: Role) -> Conflict | None:
        """Who has the role that this actor didn't get; None when nobody has."""
        async with self.store.read() as uow:
            incident = await incident_for(uow, actor, key)
            held = (await uow.roles.holders(id_of(incident))).get(role)
        return _held_by(held, self.clock.now()) if held is not None else None

    async def _claimer(self, actor: Actor) -> Profile:
        """The actor's profile; when the chat doesn't tell, they are known by their ID, since they did press."""
        try:
            profile = await (await self.chats.of(actor.team)).profile(actor.user)
        except ChatError:
            profile = None
        return able(profile) if profile is not None else Profile(actor.user, actor.user)


def _held_by(held: RoleHolding, now: datetime) -> Conflict:
    name = ROLE_NAMES[held.role]
    if now - held.from_at < _JUST_NOW:
        return Conflict(f"{name} was just taken by <@{held.user}>. Nothing was changed.")
    return Conflict(
        f"{name} is held by <@{held.user}>. Ask them to hand it over, "
        f"or give it to yourself with `/ai-incident role @you {held.role}`."
    )


def _giving(handover: _Handover, held: RoleHolding | None) -> Act:
    role, user = _named(handover.role), handover.person.user
    note = f" Note: {handover.note}" if handover.note else ""
    detail = {"to": user, "from": held.user if held is not None else None}
    if held is None:
        text = f"Gave the role of {role} to <@{user}>.{note}"
        return Act("role.given", f"role:{handover.role}", text, detail=detail)
    text = f"Handed the role of {role} over from <@{held.user}> to <@{user}>.{note}"
    return Act("role.handed_over", f"role:{handover.role}", text, detail=detail)


def _named(role: Role) -> str:
    name = ROLE_NAMES[role]
    return name[0].lower() + name[1:]
