"""What the record tells of how an update was reviewed: who wrote, changed and approved it, what stood against it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app.domain.status_update import StatusUpdate, UpdateStatus
from app.drafting.grounding.differences import changes


def update_review(update: StatusUpdate | None, versions: Sequence[StatusUpdate] = ()) -> dict[str, Any]:
    """What an update of the record has beside its text: writers, approvals, problems, corrections, changes, copy sent.

    None stands for a draft that isn't stored. `versions`: the incident's updates, to tell what changed between them.
    """
    if update is None:
        nothing: dict[str, Any] = {name: [] for name in ("written_by", "approvals", "problems", "corrections")}
        return nothing | {"edited_from": None, "changes": None, "sent": None}
    sent = {"channel": update.sent_channel_id, "ts": update.sent_ts} if update.sent_channel_id else None
    return {
        "written_by": list(update.written_by),
        "approvals": [dict(one) for one in update.approvals],
        "problems": [dict(one) for one in update.problems],
        "corrections": [dict(one) for one in update.corrections],
        "edited_from": update.edited_from,
        "changes": _changes(update, version_before(update, versions)),
        "sent": sent,
    }


def version_before(update: StatusUpdate, versions: Sequence[StatusUpdate]) -> StatusUpdate | None:
    """What the update is read against: the version it was edited from, else the last one published to its audience."""
    if update.edited_from is not None:
        return next((one for one in versions if one.version == update.edited_from), None)
    published = [
        one
        for one in versions
        if one.audience is update.audience and one.version < update.version and one.status is UpdateStatus.PUBLISHED
    ]
    return max(published, key=lambda one: one.version, default=None)


def _changes(update: StatusUpdate, before: StatusUpdate | None) -> dict[str, Any] | None:
    if before is None:
        return None
    found = changes(before.sections, update.sections)
    lines = [
        {"section": one.section.value, "before": one.before, "after": one.after, "by": one.by or None} for one in found
    ]
    return {"from": before.version, "lines": lines}
