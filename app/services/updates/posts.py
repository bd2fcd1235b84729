"""Updates in the channel: the one message that asks for approval, and the published text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from app.domain.approval import needs_of
from app.domain.columns import instant
from app.domain.incident import Incident
from app.domain.job import Job, Urgency
from app.domain.notices import UpdatePublished, UpdateReview
from app.domain.roles import Role
from app.domain.status_update import StatusUpdate, UpdateStatus
from app.journal import also_about
from app.ports.chat import Chat, ChatRefused
from app.ports.store import UnitOfWork
from app.services.jobs.runner import Finish, nothing_more
from app.services.jobs.step import Step, post_once
from app.services.situation import holders_of
from app.services.updates.review import version_before

REVIEW = "update.review"
PUBLISH = "update.publish"
SUPERSEDED = "Superseded by update"


async def owe_review(uow: UnitOfWork, incident: Incident, update: StatusUpdate, now: datetime) -> None:
    """Owe that the message in the channel shows the draft as it then is; a superseded one goes."""
    await uow.jobs.add(_job(REVIEW, incident, update, now))


async def owe_waiting_reviews(uow: UnitOfWork, incident: Incident, now: datetime) -> None:
    """Owe that every message which asks for approval names who can give it now: a role has changed hands."""
    for update in await uow.updates.all(incident.id or 0):
        if update.status is UpdateStatus.DRAFT:
            await owe_review(uow, incident, update, now)


async def owe_publication(uow: UnitOfWork, incident: Incident, update: StatusUpdate, now: datetime) -> None:
    """Owe the published update in the channel, in place of the message that asked for approval."""
    await uow.jobs.add(_job(PUBLISH, incident, update, now))


@dataclass(frozen=True)
class _Found:
    incident: Incident
    update: StatusUpdate
    links: Mapping[int, str]
    holders: Mapping[Role, str]
    earlier: StatusUpdate | None = None

    def review(self) -> UpdateReview:
        """The request for approval as it should look now."""
        needs = needs_of(self.update, self.holders)
        return UpdateReview(self.incident, self.update, self.links, needs, self.earlier is not None)


@dataclass(frozen=True)
class ReviewUpdate(Step):
    """Handler of `update.review`."""

    async def perform(self, job: Job) -> Finish:
        """Raises what the chat raises. Published updates have no review any more."""
        found = await _find(self, job)
        if found is None or found.incident.channel_id is None or found.update.status is UpdateStatus.PUBLISHED:
            return nothing_more
        chat = await self.chats.of(job.team)
        if found.update.status is UpdateStatus.DISCARDED:
            await _close_review(
                chat, found, found.incident.channel_id, remove=found.update.discarded_reason.startswith(SUPERSEDED)
            )
            return nothing_more
        if found.update.review_ts and await _shown_in_place(chat, found, found.incident.channel_id):
            return nothing_more
        posted = await post_once(chat, found.incident.channel_id, found.review(), job)

        async def finish(uow: UnitOfWork) -> None:
            update = await uow.get(StatusUpdate, int(job.payload["update_id"]))
            if update is not None:
                update.review_ts = posted.ts

        return finish


@dataclass(frozen=True)
class PublishUpdate(Step):
    """Handler of `update.publish`."""

    async def perform(self, job: Job) -> Finish:
        """Raises what the chat raises. What is posted already is brought up to date: it tells where a copy went."""
        found = await _find(self, job)
        if found is None or found.incident.channel_id is None:
            return nothing_more
        channel = found.incident.channel_id
        chat = await self.chats.of(job.team)
        published = UpdatePublished(found.incident, found.update, found.links)
        if found.update.published_ts is not None:
            if found.update.sent_ts is not None:
                await _kept_current(chat, channel, found.update.published_ts, published)
            return nothing_more
        posted = await post_once(chat, channel, published, job)
        await _close_review(chat, found, channel, remove=True)

        async def finish(uow: UnitOfWork) -> None:
            update = await uow.get(StatusUpdate, int(job.payload["update_id"]))
            if update is not None:
                update.published_ts, update.review_ts = posted.ts, None

        return finish


async def _find(step: Step, job: Job) -> _Found | None:
    async with step.store.read() as uow:
        update = await uow.get(StatusUpdate, int(job.payload["update_id"]))
        incident = await uow.get(Incident, update.incident_id) if update is not None else None
        if update is None or incident is None:
            return None
        also_about(incident=incident.key)
        cited = {number for lines in update.sections.values() for line in lines for number in line["citations"]}
        links, holders = await uow.timeline.permalinks(cited), await holders_of(uow, incident)
        return _Found(incident, update, links, holders, await _before(uow, update))


async def _before(uow: UnitOfWork, update: StatusUpdate) -> StatusUpdate | None:
    return version_before(update, await uow.updates.all(update.incident_id))


async def _shown_in_place(chat: Chat, found: _Found, channel: str) -> bool:
    try:
        await chat.update(channel, found.update.review_ts or "", found.review())
    except ChatRefused as error:
        if error.code != "message_not_found":
            raise
        return False
    return True


async def _kept_current(chat: Chat, channel: str, ts: str, published: UpdatePublished) -> None:
    try:
        await chat.update(channel, ts, published)
    except ChatRefused:
        # Somebody removed it, or it can't be changed any more: the record tells where the copy went.
        return


async def _close_review(chat: Chat, found: _Found, channel: str, *, remove: bool) -> None:
    """Take the request for approval away, or let it say that the update was discarded."""
    if found.update.review_ts is None:
        return
    try:
        if remove:
            await chat.delete(channel, found.update.review_ts)
        else:
            await chat.update(channel, found.update.review_ts, found.review())
    except ChatRefused:
        # It was removed by somebody, or can't be changed any more: its buttons answer that it is over.
        return


def _job(kind: str, incident: Incident, update: StatusUpdate, now: datetime) -> Job:
    return Job(
        team=incident.team,
        incident_id=incident.id,
        kind=kind,
        key=f"{kind}:{update.id}",
        lock=f"update:{update.id}",
        urgency=Urgency.NOW,
        payload={"update_id": update.id, "owed_at": instant(now)},
        due_at=now,
    )
