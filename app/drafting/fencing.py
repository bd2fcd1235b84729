"""Evidence as a model gets it: redacted, hidden characters shown, one JSON line an entry, between fresh delimiters."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from app.drafting.characters import with_hidden_shown
from app.drafting.redaction import Redactor
from app.drafting.situation import Situation
from app.ports.drafter import Evidence, EvidenceEntry

CHARACTERS = 60_000
_ENTRY_CHARACTERS = 4_000


@dataclass(frozen=True)
class Fenced:
    """The text to send and how many entries did not fit; `redacted` counts what was taken out, by kind."""

    text: str
    left_out: int
    redacted: int


def fence(evidence: Evidence, situation: Situation, nonce: str) -> Fenced:
    """`evidence` as data between two lines that carry `nonce`, which must be fresh and unguessable.

    At most CHARACTERS of entries are sent: what people marked and what weighs most stays, in its order.
    """
    redactor = Redactor()
    rows = [_row(entry, redactor) for entry in evidence.entries]
    kept = _fitting(evidence.entries, rows, situation)
    unknowns = [
        {"number": one.number, "text": _clean(one.text, redactor), "entry": one.entry_id} for one in evidence.unknowns
    ]
    about = {
        "status": evidence.incident.status.value,
        "severity": evidence.incident.severity.value,
        "title": _clean(evidence.incident.title, redactor),
        "as_of": evidence.as_of.isoformat(timespec="minutes"),
        "open_unknowns": unknowns,
    }
    body = "\n".join([json.dumps(about, ensure_ascii=False), *(rows[index] for index in kept)])
    text = f"<evidence {nonce}>\n{body}\n</evidence {nonce}>"
    return Fenced(text, len(rows) - len(kept), sum(redactor.counts.values()))


def _clean(text: str, redactor: Redactor) -> str:
    return redactor.text(with_hidden_shown(text))


def _row(entry: EvidenceEntry, redactor: Redactor) -> str:
    row: dict[str, object] = {
        "id": entry.id,
        "at": entry.at.isoformat(timespec="minutes"),
        "by": _clean(entry.author_name, redactor),
        "text": _clean(entry.text[:_ENTRY_CHARACTERS], redactor),
    }
    if entry.mark.value != "note":
        row["mark"] = entry.mark.value
    if entry.author_is_bot:
        row["automation"] = True
    if entry.thread_of is not None:
        row["reply_to"] = entry.thread_of
    if entry.files:
        row["files"] = [_clean(name, redactor) for name in entry.files]
    return json.dumps(row, ensure_ascii=False)


def _fitting(entries: Sequence[EvidenceEntry], rows: Sequence[str], situation: Situation) -> list[int]:
    """The positions of the rows that fit, in order."""
    left = CHARACTERS
    kept: list[int] = []
    for index in sorted(range(len(rows)), key=lambda i: (-situation.weights.get(entries[i].id, -1.0), -i)):
        if len(rows[index]) <= left:
            kept.append(index)
            left -= len(rows[index])
    return sorted(kept)
