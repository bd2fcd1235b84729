"""Evidence as a model gets it: redacted, hidden characters shown, one line an entry, between fresh delimiters."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from app.drafting.characters import with_hidden_shown
from app.drafting.redaction import Redactor
from app.drafting.situation import Situation
from app.drafting.statements import Statement
from app.ports.drafter import EvidenceEntry

CHARACTERS = 60_000
NEWEST_CHARACTERS = 15_000
_ENTRY_CHARACTERS = 4_000


@dataclass(frozen=True)
class Fenced:
    """The text to send, the ids of the entries in it, and how many weighty ones did not fit."""

    text: str
    entry_ids: tuple[int, ...]
    left_out: int


def fence(situation: Situation, redactor: Redactor, nonce: str) -> Fenced:
    """The evidence as data between two lines that carry `nonce`, which must be fresh and unguessable.

    Mere acknowledgements are not sent. Of the rest the newest always is, up to NEWEST_CHARACTERS; then what people
    marked and what weighs most, up to CHARACTERS in all.
    """
    statements = {one.id: one for one in situation.statements}
    entries = [entry for entry in situation.evidence.entries if _tells(entry, statements.get(entry.id))]
    rows = [_row(entry, redactor) for entry in entries]
    kept = _fitting(entries, rows, situation)
    chosen = [(entries[place], rows[place]) for place in kept]
    body = "\n".join([_about(situation, redactor), *_dated(chosen)])
    ids = tuple(entry.id for entry, _ in chosen)
    return Fenced(_between(body, nonce), ids, len(rows) - len(kept))


def fence_some(
    situation: Situation, wanted: Collection[int], redactor: Redactor, nonce: str, *, extra: str = ""
) -> str:
    """The entries `wanted` alone, and `extra` after them, between the two lines."""
    entries = [entry for entry in situation.evidence.entries if entry.id in wanted]
    rows = [(entry, _row(entry, redactor)) for entry in entries]
    return _between("\n".join([*_dated(rows), *([extra] if extra else [])]), nonce)


def _between(body: str, nonce: str) -> str:
    return f"<evidence {nonce}>\n{body}\n</evidence {nonce}>"


def _about(situation: Situation, redactor: Redactor) -> str:
    evidence = situation.evidence
    about: dict[str, object] = {
        "status": evidence.incident.status.value,
        "severity": evidence.incident.severity.value,
        "title": _clean(evidence.incident.title, redactor),
        "as_of": evidence.as_of.strftime("%Y-%m-%d %H:%M UTC"),
    }
    if evidence.unknowns:
        about["open_unknowns"] = [f"[{one.entry_id}] {_clean(one.text, redactor)}" for one in evidence.unknowns]
    return json.dumps(about, ensure_ascii=False)


def _clean(text: str, redactor: Redactor) -> str:
    """`text` on one line, without secrets, with everything hidden shown."""
    return re.sub(r"\s*\n\s*", " / ", redactor.text(with_hidden_shown(text)).strip())


def _row(entry: EvidenceEntry, redactor: Redactor) -> str:
    """`[12] 08:02 mira (hypothesis, reply to 10): text`; the author and the text are data and on one line."""
    facts = []
    if entry.mark.value != "note":
        facts.append(entry.mark.value)
    if entry.author_role is not None:
        facts.append(entry.author_role.value)
    if entry.author_is_bot:
        facts.append("automation")
    if entry.earlier_texts:
        facts.append("edited")
    if entry.thread_of is not None:
        facts.append(f"reply to {entry.thread_of}")
    if entry.files:
        facts.append(f"files: {', '.join(_clean(name, redactor) for name in entry.files)}")
    told = f" ({', '.join(facts)})" if facts else ""
    name = _clean(entry.author_name, redactor)[:80]
    return f"[{entry.id}] {entry.at:%H:%M} {name}{told}: {_clean(entry.text[:_ENTRY_CHARACTERS], redactor)}"


def _dated(chosen: Sequence[tuple[EvidenceEntry, str]]) -> list[str]:
    """The rows, each day of them under its date (UTC)."""
    lines: list[str] = []
    day = None
    for entry, row in chosen:
        if entry.at.date() != day:
            day = entry.at.date()
            lines.append(f"{day:%A %Y-%m-%d}")
        lines.append(row)
    return lines


def _tells(entry: EvidenceEntry, one: Statement | None) -> bool:
    """True for all but mere acknowledgements."""
    return entry.mark.value != "note" or bool(entry.files) or (one is not None and not one.ack)


def _fitting(entries: Sequence[EvidenceEntry], rows: Sequence[str], situation: Situation) -> list[int]:
    """The positions of the rows that fit, in order: the newest first of all, then the weightiest."""
    left, newest = CHARACTERS, min(NEWEST_CHARACTERS, CHARACTERS)
    kept: set[int] = set()
    for place in range(len(rows) - 1, -1, -1):
        if len(rows[place]) > newest:
            break
        kept.add(place)
        newest -= len(rows[place])
        left -= len(rows[place])
    for place in sorted(range(len(rows)), key=lambda i: (-situation.weights.get(entries[i].id, -1.0), -i)):
        if place not in kept and len(rows[place]) <= left:
            kept.add(place)
            left -= len(rows[place])
    return sorted(kept)
