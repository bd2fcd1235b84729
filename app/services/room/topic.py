"""The lines above a channel's messages: its topic and its purpose."""

from __future__ import annotations

from collections.abc import Mapping

from app.domain.incident import Incident, Kind
from app.domain.roles import Role
from app.drafting.model.neutral import neutral

LINE_MAX = 250
_SHORT_NAMES: Mapping[Role, str] = {
    Role.COMMANDER: "Commander",
    Role.SCRIBE: "Scribe",
    Role.TECH: "Tech",
    Role.COMMS: "Comms",
    Role.LEGAL: "Legal",
}
_NAME_MAX = 24


def topic_text(incident: Incident, names: Mapping[Role, str]) -> str:
    """Severity, status, the role holders by name, then as much of the title as fits in 250 characters."""
    drill = ["DRILL"] if incident.kind is Kind.DRILL else []
    roles = [f"{short}: {_safe(names[role], _NAME_MAX)}" for role, short in _SHORT_NAMES.items() if role in names]
    head = " · ".join(
        [*drill, incident.severity.upper(), incident.status.capitalize(), *(roles or ["No commander yet"])]
    )
    return f"{head} · {_safe(incident.title, LINE_MAX - len(head) - 3)}"


def purpose_text(incident: Incident) -> str:
    """What the channel is for: the incident's key and title, then as much of the summary as fits in 250 characters."""
    head = f"Response to {incident.key}: {_safe(incident.title, 160)}"
    room = LINE_MAX - len(head) - 2
    if not incident.summary or room < 20:
        return head
    return f"{head}. {_safe(' '.join(incident.summary.split()), room)}"


def _safe(text: str, length: int) -> str:
    """`text` unable to act in Slack, in at most `length` characters as Slack counts them."""
    shown = neutral(text)
    cut = text
    while len(shown) > length and cut:
        cut = cut[: -max(1, (len(shown) - length) // 6)]
        shown = neutral(cut.rstrip()) + "…"
    return shown
