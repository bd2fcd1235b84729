"""The form for status and severity."""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.incident import Incident, Status
from app.slack.blocks import Block, context, safe_line, section
from app.slack.ids import View
from app.slack.inputs import choice, field, modal, text_box
from app.slack.views.metadata import packed
from app.slack.words import SEVERITY_MEANINGS, STATUS_MEANINGS, headline

SHOWN_OPEN = 10


def lifecycle_form(
    incident: Incident, still_open: Sequence[str] = (), *, status: Status | None = None, fix: str = ""
) -> Block:
    """The form as things stand; `status` is the one to offer first, None for the present one.

    `fix`: whether the fix is verified, in a sentence; empty leaves it out.
    """
    blocks = [section(headline(incident))]
    if still_open:
        lines = [f"• {safe_line(one)}" for one in still_open[:SHOWN_OPEN]]
        more = len(still_open) - SHOWN_OPEN
        lines += [f"• and {more} more"] if more > 0 else []
        blocks.append(section("\n".join(["*Still open*", *lines])))
    if fix:
        blocks.append(context(f"🧪 {safe_line(fix)}"))
    statuses = [(one.value, meaning) for one, meaning in STATUS_MEANINGS.items()]
    severities = [(one.value, meaning) for one, meaning in SEVERITY_MEANINGS.items()]
    reason = text_box(lines=True, placeholder="What changed, in a sentence")
    blocks += [
        field("status", "Status", choice(statuses, initial=status or incident.status), required=True),
        field("severity", "Severity", choice(severities, initial=incident.severity), required=True),
        field("reason", "Why", reason, hint="Needed for a step back; kept on the record in any case."),
    ]
    return modal(
        View.LIFECYCLE, "Status & severity", blocks, submit="Change", private_metadata=packed(key=incident.key)
    )
