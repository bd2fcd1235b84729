"""The incident card: posted once in the channel, pinned, kept up to date in place."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial

from app.domain.incident import Incident
from app.domain.job import Job
from app.domain.notices import Card
from app.domain.playbook import Library
from app.ports.chat import ChatRefused, Posted
from app.ports.register import NO_REGISTER, Register
from app.ports.store import UnitOfWork
from app.services.access import incident_of
from app.services.jobs.owed import Effect, owe, owed
from app.services.jobs.runner import Finish, nothing_more
from app.services.jobs.step import Step, post_once
from app.services.playbooks.gates import line_of
from app.services.situation import card_of

_NOT_SHOWN = {"card_ts", "announcement_channel_id", "announcement_ts"}
GONE = frozenset({"message_not_found", "cant_update_message"})


@dataclass(frozen=True)
class _CardStep(Step):
    register: Register = NO_REGISTER
    playbooks: Library | None = None

    async def _card(self, job: Job) -> Card | None:
        """The card as it should look at this moment; None while there is no channel for it."""
        async with self.store.read() as uow:
            incident = await incident_of(uow, job)
            if incident is None or not incident.channel_id:
                return None
            return await self._drawn(uow, incident)

    async def _drawn(self, uow: UnitOfWork, incident: Incident) -> Card:
        card = await card_of(uow, incident, self.register)
        if self.playbooks is None:
            return card
        return replace(card, playbook=await line_of(uow, incident, self.playbooks, self.clock.now()))


class PostCard(_CardStep):
    """card.post"""

    async def perform(self, job: Job) -> Finish:
        card = await self._card(job)
        if card is None or card.incident.channel_id is None or card.incident.card_ts is not None:
            return nothing_more
        chat = await self.chats.of(job.team)
        posted = await post_once(chat, card.incident.channel_id, card, job)
        return partial(self._keep, job, card, posted)

    async def _keep(self, job: Job, card: Card, posted: Posted, uow: UnitOfWork) -> None:
        incident = await uow.incidents.locked(job.incident_id or 0)
        # What was found may have been posted before the last change; what was posted just now, too.
        stale = job.attempts > 1 or not _looks_alike(card, await self._drawn(uow, incident))
        incident.card_ts = posted.ts
        now = self.clock.now()
        effects = [owed(incident, Effect.CARD_PIN, now), owed(incident, Effect.ROOM_BOOKMARK, now, about="card")]
        await uow.jobs.add_all([*effects, *([owed(incident, Effect.CARD_REFRESH, now)] if stale else [])])


def _looks_alike(one: Card, other: Card) -> bool:
    """True when both show the same; where its messages stand is not shown."""
    facts = [card.incident.model_dump(exclude=_NOT_SHOWN) for card in (one, other)]
    return facts[0] == facts[1] and replace(one, incident=other.incident) == other


class RefreshCard(_CardStep):
    """card.refresh; a card that somebody deleted is posted anew."""

    async def perform(self, job: Job) -> Finish:
        card = await self._card(job)
        if card is None or card.incident.channel_id is None or card.incident.card_ts is None:
            return nothing_more
        chat = await self.chats.of(job.team)
        try:
            await chat.update(card.incident.channel_id, card.incident.card_ts, card)
        except ChatRefused as error:
            if error.code not in GONE:
                raise
            return partial(self._post_anew, job, card.incident.card_ts)
        return nothing_more

    async def _post_anew(self, job: Job, gone_ts: str, uow: UnitOfWork) -> None:
        incident = await uow.incidents.locked(job.incident_id or 0)
        if incident.card_ts == gone_ts:
            incident.card_ts = None
            await owe(uow, incident, Effect.CARD_POST, self.clock.now(), about=f"after:{gone_ts}")


class PinCard(Step):
    """card.pin"""

    async def perform(self, job: Job) -> Finish:
        incident = await self.incident(job)
        if incident is None or incident.channel_id is None or incident.card_ts is None:
            return nothing_more
        chat = await self.chats.of(job.team)
        await chat.pin(incident.channel_id, incident.card_ts)
        return nothing_more


class AddBookmark(Step):
    """room.bookmark: the way to the card or to the announcement, above the channel's messages."""

    async def perform(self, job: Job) -> Finish:
        incident = await self.incident(job)
        if incident is None or incident.channel_id is None:
            return nothing_more
        place = _places(incident)[job.payload.get("to", "card")]
        if place is None:
            return nothing_more
        chat = await self.chats.of(job.team)
        title, channel, ts = place
        await chat.add_bookmark(incident.channel_id, title, await chat.permalink(channel, ts))
        return nothing_more


def _places(incident: Incident) -> dict[str, tuple[str, str, str] | None]:
    card = (incident.channel_id, incident.card_ts)
    announcement = (incident.announcement_channel_id, incident.announcement_ts)
    return {
        "card": ("Incident card", card[0], card[1]) if card[0] and card[1] else None,
        "announcement": (
            ("Announcement", announcement[0], announcement[1]) if announcement[0] and announcement[1] else None
        ),
    }
