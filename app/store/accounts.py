"""Questions about what is written of an incident: status updates, their reminders, postmortems."""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel import col, select

from app.domain.postmortem import Postmortem
from app.domain.reminder import Reminder, ReminderState
from app.domain.status_update import Audience, StatusUpdate, UpdateStatus
from app.store.query import Questions


class UpdateQuestions(Questions):
    """The versions of an incident's What We Know."""

    async def all(self, incident_id: int) -> Sequence[StatusUpdate]:
        return await self._all(
            select(StatusUpdate).where(StatusUpdate.incident_id == incident_id).order_by(col(StatusUpdate.version))
        )

    async def last_published(self, incident_id: int, audience: Audience | None = None) -> StatusUpdate | None:
        published = select(StatusUpdate).where(
            StatusUpdate.incident_id == incident_id, StatusUpdate.status == UpdateStatus.PUBLISHED
        )
        if audience is not None:
            published = published.where(StatusUpdate.audience == audience)
        return await self._first(
            published.order_by(col(StatusUpdate.published_at).desc(), col(StatusUpdate.version).desc())
        )

    async def waiting(self, incident_id: int) -> StatusUpdate | None:
        waiting = select(StatusUpdate).where(
            StatusUpdate.incident_id == incident_id,
            col(StatusUpdate.status).in_([UpdateStatus.DRAFT, UpdateStatus.APPROVED]),
        )
        return await self._first(waiting.order_by(col(StatusUpdate.version).desc()))


class ReminderQuestions(Questions):
    """The reminders of an incident's promises."""

    async def all(self, incident_id: int) -> Sequence[Reminder]:
        return await self._all(select(Reminder).where(Reminder.incident_id == incident_id).order_by(col(Reminder.id)))

    async def pending(self, incident_id: int) -> Sequence[Reminder]:
        pending = select(Reminder).where(Reminder.incident_id == incident_id, Reminder.state == ReminderState.PENDING)
        return await self._all(pending.order_by(col(Reminder.due_at), col(Reminder.id)))


class PostmortemQuestions(Questions):
    """The versions of an incident's postmortem."""

    async def all(self, incident_id: int) -> Sequence[Postmortem]:
        return await self._all(
            select(Postmortem).where(Postmortem.incident_id == incident_id).order_by(col(Postmortem.version))
        )

    async def latest(self, incident_id: int) -> Postmortem | None:
        return await self._first(
            select(Postmortem).where(Postmortem.incident_id == incident_id).order_by(col(Postmortem.version).desc())
        )
