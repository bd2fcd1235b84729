"""What the record tells of how an update was reviewed: who wrote and approved it, what stood against it."""

from __future__ import annotations

from typing import Any

from app.domain.status_update import StatusUpdate


def update_review(update: StatusUpdate | None) -> dict[str, Any]:
    """`written_by`, `approvals`, `problems`, `corrections`, `edited_from` and `sent` of an update in the record.

    None stands for a draft that isn't stored.
    """
    if update is None:
        return {"written_by": [], "approvals": [], "problems": [], "corrections": [], "edited_from": None, "sent": None}
    sent = {"channel": update.sent_channel_id, "ts": update.sent_ts} if update.sent_channel_id else None
    return {
        "written_by": list(update.written_by),
        "approvals": [dict(one) for one in update.approvals],
        "problems": [dict(one) for one in update.problems],
        "corrections": [dict(one) for one in update.corrections],
        "edited_from": update.edited_from,
        "sent": sent,
    }
