"""Lines about what was put right: corrected numbers, older readings, claims that proved false."""

from __future__ import annotations

import re

from app.domain.status_update import Section
from app.drafting.reading.clauses import core
from app.drafting.reading.corrections import Replaced
from app.drafting.reading.cues import Cue
from app.drafting.reading.flow import is_address
from app.drafting.reading.situation import Situation
from app.drafting.reading.statements import Statement
from app.drafting.reading.tokens import content
from app.drafting.reading.weights import MENTION
from app.drafting.telling import phrasing
from app.drafting.telling.budget import Line
from app.drafting.telling.line_of import SHORT_SHARE, both, line_of
from app.drafting.telling.sections import section_of

_CALLS_FALSE = re.compile(
    r"^(?:no,? )?(?:that'?s|thats|this is) (?:not true|false|a lie|wrong)\b[,.:;]?\s*",
    re.IGNORECASE,
)
_MOVED = re.compile(r"\b(?:back|down|up|over) to\b|\bnow\b", re.IGNORECASE)
_SO_FAR = re.compile(r"^(?:so far|at least|already|up to now|by now)\b", re.IGNORECASE)
_JUDGEMENT = frozenset({"claim", "false", "fals", "wrong", "lie", "lied", "true", "untru"})


def correction_lines(situation: Situation, used: set[int]) -> list[Line]:
    """The old sentence with the new number, where the correction alone says too little; older readings as such."""
    lines = []
    for replaced in situation.corrections.by_old.values():
        old, new = replaced.old, replaced.new
        if situation.corrections.of(new) is not None or old.id in used or old.speaking_system:
            continue
        kept = [part for part in old.says if part not in replaced.parts]
        if len(content(" ".join(kept))) >= 3:
            weight = situation.weight(old) - 0.4
            lines.append(line_of(section_of(situation, old), both(kept), [old.id], weight, old.position))
        if replaced.reading and _only_a_count_of_then(replaced):
            used.add(old.id)
        elif replaced.reading:
            lines.append(_reading(situation, replaced))
        elif new.id not in used and (text := _with_new_numbers(replaced)):
            used.add(new.id)
            weight = max(situation.weight(new), situation.weight(old)) + 0.5
            lines.append(line_of(section_of(situation, old), (text, text), [new.id, old.id], weight, new.position))
        used.add(old.id)
    return [line for line in lines if line.weight >= MENTION]


def _only_a_count_of_then(replaced: Replaced) -> bool:
    """True for "so far 14 customers", and for a number that had itself been put right: telling it again misleads."""
    counted = bool(replaced.pairs) and all(before.unit.isalpha() for before, _ in replaced.pairs)
    return counted and (replaced.old.corrects or any(_SO_FAR.match(part) for part in replaced.parts))


def _reading(situation: Situation, replaced: Replaced) -> Line:
    old = replaced.old
    wordings = both(replaced.parts, "Earlier:")
    weight = situation.weight(old) - (0.3 if old.cues & {Cue.DETECTION, Cue.ACTION} else 1.2)
    return line_of(section_of(situation, old), wordings, [old.id, replaced.new.id], weight, old.position)


def _with_new_numbers(replaced: Replaced) -> str:
    """The first replaced clause with its numbers put right; empty where the correction stands well alone."""
    old, new = replaced.old, replaced.new
    bare = frozenset(token for token in new.tokens if not token[0].isdigit())
    if len(bare) >= 5 or not replaced.parts or _MOVED.search(new.text):
        return ""
    part = replaced.parts[0]
    changed = part
    for before, after in replaced.pairs:
        if before.unit == "of" or (not before.unit and len(old.named & new.named) < 2 and len(new.amounts) > 1):
            continue
        shown = _shown(old, before.value)
        if shown in changed:
            changed = changed.replace(shown, _shown(new, after.value), 1)
    return phrasing.sentence([f"{changed} (corrected)"]) if changed != part else ""


def _shown(statement: Statement, value: str) -> str:
    """`value` as `statement` writes it, with its separators."""
    text = statement.text
    found = next((a for a in statement.amounts if a.value == value), None)
    written = (
        ""
        if found is None
        else next((w for w in text.replace("(", " ").split() if w.strip("$€£%,.;:)").replace(",", "") == value), "")
    )
    return written.strip("$€£%;:).") or value


def refuted_lines(situation: Situation, used: set[int]) -> list[Line]:
    """A system's claim together with what proved it false."""
    lines = []
    for replaced in situation.corrections.by_old.values():
        old, new = replaced.old, replaced.new
        if not old.speaking_system or new.id in used or new.speaking_system:
            continue
        claimed = phrasing.claim(
            old.entry.author_name, [phrasing.clipped(part, 14) for part in core(old.says, 0.4)]
        ).rstrip(".")
        truth, sources = _truth(situation, old, new)
        wordings = (
            phrasing.sentence(truth, f"{claimed}; this was not true:"),
            phrasing.sentence(core(truth, SHORT_SHARE), f"{claimed}; this was not true:"),
        )
        used |= {old.id, *sources}
        told = [one for one in situation.statements if one.id in sources]
        # That it is over after all is what everybody waits for.
        ended = 1.6 if any(Cue.RESOLUTION in one.cues for one in told) else 0.0
        weight = max(situation.weight(old), situation.weight(new)) + 0.8 + ended
        lines.append(line_of(Section.WHAT_HAPPENED, wordings, [old.id, *sources], weight, new.position))
    return lines


def _truth(situation: Situation, old: Statement, new: Statement) -> tuple[list[str], list[int]]:
    """What is true instead, and who says so: `new`, or what was said just before it where `new` only calls the "
    "claim false."""
    truth = [part for part in new.says if not is_address(part)] or list(new.says)
    truth = [bare for part in truth if (bare := _CALLS_FALSE.sub("", part))] or truth
    if len(content(" ".join(truth)) - _JUDGEMENT) >= 2:
        return truth, [new.id]
    root = new.entry.thread_of
    before = [
        one for one in situation.statements if old.position < one.position < new.position and one.says and not one.ack
    ]
    mates = [one for one in before if root is not None and one.entry.thread_of == root and Cue.RESOLUTION in one.cues]
    if not mates:
        return truth, [new.id]
    return list(mates[-1].says), [mates[-1].id, new.id]
