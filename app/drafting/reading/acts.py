"""What people did through the product, told so that it makes sense in a draft; routine acts are left to the "
"timeline."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from app.domain.timeline import Mark
from app.ports.drafter import Evidence, EvidenceEntry

_DECLARED = re.compile(r"^Declared (?:this incident|a drill) as (\w+): (.+)$", re.DOTALL)
_STATUS = re.compile(r"^Changed the status from \w+ to (\w+)[:.] ?(?:Reason: )?(.*)$", re.DOTALL)
_ANSWER = re.compile(r"^Answer to unknown \d+ \(.*?\): (.+)$", re.DOTALL)
_YES_OR_NO = re.compile(r"^(?:yes|no|nope|yep)[.,;:!]? (?=\S+ \S+ \S+)", re.IGNORECASE)
_DECIDED = re.compile(r"^(?:we |i |it was )?(?:decided|agreed)\b|^decision\b", re.IGNORECASE)
_UNMARKED = frozenset({Mark.NOTE, Mark.MILESTONE})
_ROUTINE = re.compile(
    r"^(?:(?:took|gave|handed|released) the role|(?:drafted|approved|published|discarded) (?:update|version)|"
    r"changed the (?:status|severity)|set the kind of failure|brought in|is on it|snoozed the|dismissed the|withdrew|"
    r"(?:added|changed|finished|dropped|reopened) follow-up|"
    r"(?:edited|reviewed|completed|commented on) the postmortem|asked for (?:a review of|changes to) the postmortem|"
    r"resolved a comment on the postmortem|notification duties|"
    r"(?:finished|left out|reopened|decided) the playbook's)\b",
    re.IGNORECASE,
)


def spoken(evidence: Evidence) -> Evidence:
    """`evidence` with acts told as facts: the routine ones (roles, drafts, reminders) and our own accounts left out."""
    return replace(evidence, entries=[told for entry in evidence.entries if (told := _told(entry)) is not None])


def routine(evidence: Evidence) -> Sequence[EvidenceEntry]:
    """The acts that `spoken` leaves out, each with its subject: "Ben took the role of scribe."."""
    left_out = (entry for entry in evidence.entries if not entry.author_is_bot and _told(entry) is None)
    return [replace(entry, text=f"{entry.author_name} {entry.text[:1].lower()}{entry.text[1:]}") for entry in left_out]


def _told(entry: EvidenceEntry) -> EvidenceEntry | None:
    if entry.from_channel:
        return entry
    if entry.author_is_bot:
        return None
    if found := _DECLARED.match(entry.text):
        return replace(entry, text=f"{found[2]} (declared as {found[1]})")
    if found := _STATUS.match(entry.text):
        return replace(entry, text=f"The incident is {found[1]}: {found[2]}") if found[2].strip() else None
    if found := _ANSWER.match(entry.text):
        return replace(entry, text=_YES_OR_NO.sub("", found[1]))
    if entry.mark is Mark.DECISION and not _DECIDED.match(entry.text):
        return replace(entry, text=f"Decided: {entry.text[:1].lower()}{entry.text[1:]}")
    return None if entry.mark in _UNMARKED and _ROUTINE.match(entry.text) else entry
