"""The picture in a triage pack: sent as a file, shared in the pack's thread, then shown in the pack.

Slack shows people a picture in a changed message only once its file was shared with the channel. What stands in the
record before each step lets the next process go on where this one stopped.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

import structlog

from app.domain.dependency_map import DependencyMap, from_json
from app.domain.dependency_picture import DependencyPicture, PictureState
from app.domain.incident import Incident
from app.domain.job import Job, Urgency
from app.domain.triage_notices import ShownPicture
from app.domain.triage_pack import TriagePack
from app.ports.chat import Attachment, ChatError, Chats, Posted
from app.ports.clock import Clock
from app.ports.store import Store, UnitOfWork
from app.services.access import id_of, incident_of
from app.services.jobs.runner import Finish, nothing_more
from app.services.triage.png import png_of

log = structlog.get_logger(__name__)

SEND, SHARE, REMOVE, SHOW = "picture.send", "picture.share", "picture.remove", "triage.show"
# A file that was just shared is not taken into a message before Slack has looked at it, mostly some seconds later.
SETTLES = timedelta(seconds=3)
MOST_REFUSALS = 5
_IN_CHANNEL = (PictureState.SHARED, PictureState.SHOWN)


async def picture_of(uow: UnitOfWork, incident: Incident) -> DependencyPicture | None:
    """The incident's picture, None where there never was anything to draw."""
    return next(iter(await uow.of_incident(DependencyPicture, id_of(incident))), None)


def showable(kept: DependencyPicture | None, wanted: DependencyMap | None) -> ShownPicture | None:
    """What the pack may show; None while no picture of just this map is in the channel."""
    if kept is None or wanted is None or kept.file_id is None:
        return None
    if kept.state not in _IN_CHANNEL or kept.digest != wanted.digest:
        return None
    return ShownPicture(kept.file_id, wanted.words)


async def settle(
    uow: UnitOfWork, incident: Incident, wanted: DependencyMap | None, taken: tuple[str, bool] | None, now: datetime
) -> None:
    """Keep what the pack's picture has to show, and owe what is left to do for it.

    `taken`: the file that the pack was to show just now, and whether the chat took it; None when it was to show none.
    """
    kept = await picture_of(uow, incident)
    if kept is None:
        if wanted is None:
            return
        kept = DependencyPicture(team=incident.team, incident_id=id_of(incident))
        await uow.add(kept)
    digest = wanted.digest if wanted is not None else ""
    if kept.digest != digest:
        _begin_anew(kept)
        kept.shows, kept.digest = (wanted.as_json() if wanted is not None else {}), digest
    elif taken is not None and taken[0] == kept.file_id:
        await _shown(uow, incident, kept, now, accepted=taken[1])
    if kept.digest and kept.state is PictureState.WANTED:
        await _owe(uow, incident, SEND, now)
    if kept.replaced:
        await _owe(uow, incident, REMOVE, now)


async def try_again(uow: UnitOfWork, incident: Incident) -> None:
    """A picture that could not be shown is made anew when the pack is next shown."""
    kept = await picture_of(uow, incident)
    if kept is not None and kept.state is PictureState.FAILED:
        _begin_anew(kept)


def _begin_anew(kept: DependencyPicture) -> None:
    if kept.file_id is not None:
        kept.replaced = [*kept.replaced, kept.file_id]
    kept.file_id, kept.state, kept.refusals = None, PictureState.WANTED, 0


async def _shown(
    uow: UnitOfWork, incident: Incident, kept: DependencyPicture, now: datetime, *, accepted: bool
) -> None:
    if accepted:
        kept.state, kept.refusals = PictureState.SHOWN, 0
        return
    kept.refusals += 1
    if kept.state is PictureState.SHOWN or kept.refusals >= MOST_REFUSALS:
        kept.state = PictureState.FAILED
        log.warning("picture_not_taken", incident=incident.key, file=kept.file_id)
        return
    await _owe(uow, incident, SHOW, now + timedelta(seconds=4**kept.refusals))


async def _owe(uow: UnitOfWork, incident: Incident, kind: str, due_at: datetime) -> None:
    await uow.jobs.add(
        Job(
            team=incident.team,
            incident_id=incident.id,
            kind=kind,
            key=f"{incident.key}:{kind}:picture",
            lock=f"{incident.key}:{'triage' if kind == SHOW else 'picture'}",
            urgency=Urgency.LATER,
            payload={},
            due_at=due_at,
        )
    )


@dataclass(frozen=True)
class _PictureStep:
    """A step whose failure leaves the text of the pack as it is: nobody is told, the job's own log line remains."""

    store: Store
    chats: Chats
    clock: Clock

    async def give_up(self, uow: UnitOfWork, job: Job, error: ChatError) -> None:
        kept = await self._held(uow, job)
        if kept is not None and kept.state is not PictureState.SHOWN:
            kept.state = PictureState.FAILED

    async def _held(self, uow: UnitOfWork, job: Job) -> DependencyPicture | None:
        """The picture, nobody else changing it meanwhile."""
        return await picture_of(uow, await uow.incidents.locked(job.incident_id or 0))

    async def _read(self, job: Job, state: PictureState) -> tuple[DependencyPicture, Posted] | None:
        """The picture and the pack's message; None unless the picture is in that state and there is a message."""
        async with self.store.read() as uow:
            incident = await incident_of(uow, job)
            if incident is None:
                return None
            kept = await picture_of(uow, incident)
            pack = next(iter(await uow.of_incident(TriagePack, id_of(incident))), None)
        if kept is None or kept.state is not state or pack is None or pack.channel_id is None or pack.ts is None:
            return None
        return kept, Posted(pack.channel_id, pack.ts)


class SendPicture(_PictureStep):
    """picture.send: the picture is drawn and becomes a file that nobody sees yet."""

    async def perform(self, job: Job) -> Finish:
        found = await self._read(job, PictureState.WANTED)
        if found is None or not found[0].shows:
            return nothing_more
        kept, _ = found
        shows = from_json(kept.shows)
        content = await asyncio.to_thread(png_of, shows)
        chat = await self.chats.of(job.team)
        name = f"{shows.incident.lower()}-dependencies.png"
        file = await chat.upload(Attachment(name, content, shows.words))
        return partial(self._keep, job, kept.digest, file)

    async def _keep(self, job: Job, digest: str, file: str, uow: UnitOfWork) -> None:
        kept = await self._held(uow, job)
        if kept is None or kept.digest != digest or kept.state is not PictureState.WANTED:
            # The chat discards what is never shared.
            return
        kept.file_id, kept.state = file, PictureState.SENT
        await _owe(uow, await uow.incidents.locked(job.incident_id or 0), SHARE, self.clock.now())


class SharePicture(_PictureStep):
    """picture.share: the file is shared in the thread of the pack, once; then the pack is due to show it."""

    async def perform(self, job: Job) -> Finish:
        found = await self._read(job, PictureState.SENT)
        if found is None or found[0].file_id is None:
            return nothing_more
        kept, where = found
        file = kept.file_id or ""
        chat = await self.chats.of(job.team)
        if job.attempts <= 1 or not await chat.is_shared(file, where):
            await chat.share(file, f"Dependencies of {from_json(kept.shows).system.name}", where)
        return partial(self._keep, job, file)

    async def _keep(self, job: Job, file: str, uow: UnitOfWork) -> None:
        kept = await self._held(uow, job)
        if kept is None:
            return
        incident = await uow.incidents.locked(job.incident_id or 0)
        if kept.file_id == file and kept.state is PictureState.SENT:
            kept.state = PictureState.SHARED
            await _owe(uow, incident, SHOW, self.clock.now() + SETTLES)
        elif kept.file_id != file:
            kept.replaced = [*kept.replaced, file]
            await _owe(uow, incident, REMOVE, self.clock.now())


class RemovePictures(_PictureStep):
    """picture.remove: files that a newer picture has replaced are deleted, wherever they were shown."""

    async def perform(self, job: Job) -> Finish:
        async with self.store.read() as uow:
            incident = await incident_of(uow, job)
            kept = await picture_of(uow, incident) if incident is not None else None
        if kept is None or not kept.replaced:
            return nothing_more
        chat = await self.chats.of(job.team)
        for file in kept.replaced:
            await chat.remove_file(file)
        return partial(self._keep, job, frozenset(kept.replaced))

    async def give_up(self, uow: UnitOfWork, job: Job, error: ChatError) -> None:
        """What is shown now is not touched by what could not be removed."""

    async def _keep(self, job: Job, removed: frozenset[str], uow: UnitOfWork) -> None:
        kept = await self._held(uow, job)
        if kept is not None:
            kept.replaced = [one for one in kept.replaced if one not in removed]
