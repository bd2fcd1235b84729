"""Questions about drafts: the last one by a model, and what models have cost."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func
from sqlmodel import col, select

from app.domain.draft_record import Drafted, DraftRecord
from app.domain.status_update import Audience
from app.store.query import Questions


class DraftQuestions(Questions):
    """See `app.ports.store.Drafts`."""

    async def spent_on(self, incident_id: int) -> int:
        spent = select(func.coalesce(func.sum(DraftRecord.tokens), 0))
        return await self._first(spent.where(col(DraftRecord.incident_id) == incident_id)) or 0

    async def spent_since(self, team: str, at: datetime) -> int:
        spent = select(func.coalesce(func.sum(DraftRecord.tokens), 0))
        since = spent.where(col(DraftRecord.team) == team, col(DraftRecord.drafted_at) >= at)
        return await self._first(since) or 0

    async def last_update_by_model(self, incident_id: int, audience: Audience, until: datetime) -> DraftRecord | None:
        drafts = select(DraftRecord).where(
            DraftRecord.incident_id == incident_id,
            DraftRecord.what == Drafted.UPDATE,
            DraftRecord.audience == audience,
            DraftRecord.tokens > 0,
            col(DraftRecord.drafted_at) <= until,
        )
        newest = await self._all(drafts.order_by(col(DraftRecord.id).desc()).limit(5))
        return next((one for one in newest if one.sections), None)
