"""Statements turned into the lines a draft is chosen from: told once, current, attributed where they are claims."""

from __future__ import annotations

import re
from collections.abc import Sequence

from app.domain.status_update import Section
from app.drafting.reading.clauses import core
from app.drafting.reading.cues import Cue, is_ack
from app.drafting.reading.flow import comments_on, continues, told_parts
from app.drafting.reading.hostile import harmless_excerpt, opaque_tokens, order_like, quoted_spans
from app.drafting.reading.situation import Situation
from app.drafting.reading.statements import Statement
from app.drafting.reading.tokens import content, overlap
from app.drafting.telling import phrasing
from app.drafting.telling.budget import Line
from app.drafting.telling.corrected_lines import correction_lines, refuted_lines
from app.drafting.telling.line_of import SHORT_SHARE, both, line_of
from app.drafting.telling.sections import section_of
from app.drafting.telling.settled_lines import answer_lines, guess_lines
from app.drafting.telling.unknowns import admitted

_ASKING_FOR = re.compile(r"^\w+(?: \w+)? asks?\b", re.IGNORECASE)
_WORDING = re.compile(r"^[\"\u201c][^\"\u201d]{1,30}[\"\u201d](?:[.;,]|$)")
_A_CODE = "[code from the hostile text]"
_DENIES = re.compile(r"\b(?:no|not|never|nothing|nobody|none|neither|cannot)\b|n't\b", re.IGNORECASE)
_NEAR = 40


def told_lines(situation: Situation) -> list[Line]:
    """The lines of what happened, what is tested and what is done, oldest first, doubles left out."""
    still_open = {one.id for one in admitted(situation)}
    used: set[int] = still_open | {one.id for one in situation.statements if _passed(one)}
    used |= {
        reply.id for one in situation.asked if not one.settled for reply in one.replies if Cue.UNKNOWN in reply.cues
    }
    lines = [
        *guess_lines(situation, used),
        *answer_lines(situation, used),
        *refuted_lines(situation, used),
        *correction_lines(situation, used),
        *_hostile_lines(situation),
        *_statement_lines(situation, used),
    ]
    lines = [_without_codes(line, _hostile_codes(situation)) for line in lines]
    return _without_doubles(sorted(lines, key=lambda line: line.order))


def _passed(one: Statement) -> bool:
    """True for a "not yet" or a half-said aside, which is worth telling only while it is open."""
    waiting = Cue.UNKNOWN in one.cues and Cue.PROGRESS in one.cues
    aside = bool(one.asks) and (len(content(" ".join(one.says))) <= 2 or _ASKING_FOR.match(one.text) is not None)
    aside = aside or _WORDING.match(one.text) is not None
    return (waiting or aside) and not one.marked


def _hostile_lines(situation: Situation) -> list[Line]:
    """Pasted attacks, as evidence: that they were pasted and, in part, what they say."""
    lines = []
    for one in situation.statements:
        quoted = [block for block in one.quoted if order_like(block)]
        if Cue.HOSTILE not in one.cues and not quoted:
            continue
        excerpt = harmless_excerpt(" ".join(one.quoted)) if quoted and not one.says else ""
        who = "A hostile prompt was pasted as evidence and not followed"
        text = f"{who}; quoted in part: \u201c{excerpt}\u201d." if excerpt else f"{who}; its words are in the record."
        lines.append(line_of(Section.WHAT_HAPPENED, (text, text), [one.id], 2.6, one.position))
    return lines


def _hostile_codes(situation: Situation) -> frozenset[str]:
    """Codes that came in with hostile text and were not heard of before it."""
    codes: set[str] = set()
    known: set[str] = set()
    for one in situation.statements:
        quoted = [span for _, _, span in quoted_spans(" ".join(one.says)) if order_like(span)]
        blocks = [block for block in one.quoted if order_like(block)]
        if Cue.HOSTILE in one.cues:
            blocks.append(one.entry.text)
        fresh = opaque_tokens(" ".join([*quoted, *blocks]))
        codes |= fresh - known
        known |= opaque_tokens(one.text) - fresh
    return frozenset(codes)


def _without_codes(line: Line, codes: frozenset[str]) -> Line:
    if not any(code in line.full for code in codes):
        return line
    full, short = line.full, line.short
    for code in codes:
        full, short = full.replace(code, _A_CODE), short.replace(code, _A_CODE)
    return line_of(line.section, (full, short), line.citations, line.weight, line.order)


def _statement_lines(situation: Situation, used: set[int]) -> list[Line]:
    lines: list[Line] = []
    previous: list[Statement] = []
    for one in situation.statements:
        if one.id in used or not one.says or Cue.HOSTILE in one.cues or situation.corrections.of(one) is not None:
            continue
        if previous and lines and (continues(previous[-1], one) or comments_on(previous[-1], one)):
            previous.append(one)
            lines[-1] = _statement_line(situation, previous)
        elif situation.matters(one) and (len(one.tokens) > 2 or not is_ack(one.text.split()[0])):
            previous = [one]
            lines.append(_statement_line(situation, previous))
    return lines


def _statement_line(situation: Situation, run: Sequence[Statement]) -> Line:
    """One line of statements that their author made in one breath."""
    one = run[0]
    section = section_of(situation, one)
    cited = [each.id for each in run]
    weight = max(situation.weight(each) for each in run) + 0.3 * (len(run) - 1)
    said = [part for each in run for part in each.says]
    if one.speaking_system:
        name = one.entry.author_name
        wordings = phrasing.claim(name, said), phrasing.claim(name, core(said, SHORT_SHARE))
        return line_of(section, wordings, cited, weight, one.position)
    parts = [part for part in told_parts(one) if part] + [part for each in run[1:] for part in each.says]
    if section is Section.UNKNOWNS:
        section = Section.WHAT_HAPPENED
    full, short = both(parts)
    judged = len(run) > 1 and comments_on(one, run[1])
    return line_of(section, (full, full if judged else short), cited, weight, one.position)


def _agree(one: str, other: str) -> bool:
    """True when both deny or neither does, and neither is only claimed."""
    return bool(_DENIES.search(one)) == bool(_DENIES.search(other)) and not re.search(r"\bclaimed:", one + other)


def _without_doubles(lines: Sequence[Line]) -> list[Line]:
    """`lines` without those that a weightier one nearby already says."""
    kept: list[tuple[Line, frozenset[str]]] = []
    for line in lines:
        ours = content(line.full)
        near = range(max(0, len(kept) - _NEAR), len(kept))
        twin = next((i for i in near if overlap(ours, kept[i][1]) >= 0.8 and _agree(line.full, kept[i][0].full)), None)
        if twin is None:
            kept.append((line, ours))
            continue
        other, theirs = kept[twin]
        if line.weight > other.weight or len(ours) > len(theirs):
            cited = (*other.citations, *line.citations)
            kept[twin] = (line_of(line.section, (line.full, line.short), cited, line.weight, line.order), ours)
    return [line for line, _ in kept]
