"""Evidence as a model gets it: redacted, hidden characters shown, one line an entry, between fresh delimiters."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from app.drafting.model.redaction import Redactor
from app.drafting.reading.characters import with_hidden_shown
from app.drafting.reading.cues import is_ack
from app.drafting.reading.guesses import Standing
from app.drafting.reading.situation import Situation
from app.drafting.reading.wording import read
from app.ports.drafter import EvidenceEntry, Sentence

CHARACTERS = 60_000
NEWEST_CHARACTERS = 15_000
STATE_CHARACTERS = 1_900
_ENTRY_CHARACTERS = 4_000
_HEAD = 70
_HEADS = 2
_FALLEN = 8


@dataclass(frozen=True)
class State:
    """What the last draft established: the sentences still `holding`, by section, those `fallen` with the reason, and
    the ids of the entries that its drafter was given and that have not changed since.
    """

    holding: Mapping[str, Sequence[Sentence]]
    fallen: Sequence[tuple[Sentence, str]]
    known: frozenset[int]

    @property
    def cited(self) -> frozenset[int]:
        return frozenset(citation for lines in self.holding.values() for one in lines for citation in one.citations)


@dataclass(frozen=True)
class Fenced:
    """The text to send, the ids of the entries in it, and how many weighty ones did not fit."""

    text: str
    entry_ids: tuple[int, ...]
    left_out: int


def fence(situation: Situation, redactor: Redactor, nonce: str, state: State | None = None) -> Fenced:
    """The evidence as data between two lines that carry `nonce`, which must be fresh and unguessable.

    Mere acknowledgements are not sent, nor what the drafter knows by `state`, which stands in its place. Of the rest
    the newest always is, up to NEWEST_CHARACTERS; then what people marked and what weighs most, up to CHARACTERS.
    """
    known = state.known if state is not None else frozenset()
    fresh = [entry for entry in situation.evidence.entries if entry.id not in known and _tells(entry)]
    rows = [_row(entry, redactor) for entry in fresh]
    kept = _fitting(fresh, rows, situation)
    chosen = [(fresh[place], rows[place]) for place in kept]
    lines = [_about(situation, redactor)]
    if state is not None:
        lines += _told_before(state, situation, redactor)
        lines += _seen_before([entry for entry, _ in chosen], state, situation, redactor)
        lines.append("New entries:")
    body = "\n".join([*lines, *_dated(chosen)])
    ids = tuple(sorted(known | {entry.id for entry, _ in chosen}))
    return Fenced(_between(body, nonce), ids, len(rows) - len(kept))


def _told_before(state: State, situation: Situation, redactor: Redactor) -> list[str]:
    """The weightiest sentences of the last draft, by section, and those that do not hold any more."""
    weighed = sorted(
        ((name, one) for name, sentences in state.holding.items() for one in sentences),
        key=lambda told: -max(situation.weights.get(citation, 0.0) for citation in told[1].citations),
    )
    left, kept = STATE_CHARACTERS, set()
    for name, one in weighed:
        left -= len(one.text) + 8
        if left >= 0:
            kept.add((name, one))
    lines = ["Last draft, checked; keep, change or leave out, citing the same numbers."]
    for name, sentences in state.holding.items():
        lines += [f"{name}:", *(f"- {_line(one, redactor)}" for one in sentences if (name, one) in kept)]
    if state.fallen:
        lines.append("No longer true:")
        lines += [f"- {_line(one, redactor)} ({reason})" for one, reason in state.fallen[:_FALLEN]]
    return lines


def _line(sentence: Sentence, redactor: Redactor) -> str:
    return f"{_clean(sentence.text, redactor)} [{', '.join(str(citation) for citation in sentence.citations)}]"


def _seen_before(chosen: Sequence[EvidenceEntry], state: State, situation: Situation, redactor: Redactor) -> list[str]:
    """The heads of known entries that new ones answer, and of open guesses that the last draft left out."""
    answered = {entry.thread_of for entry in chosen if entry.thread_of in state.known}
    guessed = {guess.id for guess in situation.guesses if guess.standing is Standing.OPEN} & state.known
    wanted = (answered | (guessed - state.cited)) - {entry.id for entry in chosen}
    rows = [_row(entry, redactor, _HEAD) for entry in situation.evidence.entries if entry.id in wanted]
    return ["Seen before:", *rows[-_HEADS:]] if rows else []


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


def _row(entry: EvidenceEntry, redactor: Redactor, most: int = _ENTRY_CHARACTERS) -> str:
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
    return f"[{entry.id}] {entry.at:%H:%M} {name}{told}: {_clean(entry.text[:most], redactor)}"


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


def _tells(entry: EvidenceEntry) -> bool:
    """True for all but mere acknowledgements."""
    return entry.mark.value != "note" or bool(entry.files) or not is_ack(read(entry.text, {}).said)


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
