"""A postmortem drafted from evidence alone, in six parts, without blame."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta

from app.domain.postmortem import Part
from app.domain.status_update import Section
from app.domain.timeline import Mark
from app.drafting.reading.acts import routine, spoken
from app.drafting.reading.cues import Cue
from app.drafting.reading.situation import Situation, understand
from app.drafting.reading.statements import Statement
from app.drafting.telling import phrasing
from app.drafting.telling.budget import Line, within
from app.drafting.telling.chronology import detection_sentences, moment, response_sentences
from app.drafting.telling.lines import told_lines
from app.drafting.telling.unknowns import unknown_lines
from app.ports.drafter import Evidence, Sentence

_ALL_WORDS = 860
_WORDS: dict[Part, int] = {
    Part.ROOT_CAUSE: 140,
    Part.IMPACT: 110,
    Part.DETECTION_REVIEW: 70,
    Part.RESPONSE_REVIEW: 120,
    Part.PREVENTION_PLAN: 110,
}
_TIMELINE_CLIP = 24
_ACTS_TOLD = 16
_DIGIT = re.compile(r"\d")
_RESPONSE_ACT = re.compile(r"\b(?:took|gave|handed) the role\b|\bpublished update\b")
_JUDGED = re.compile(
    r"^(?:good|bad|slow|best|worst|went well|going well|what helped|helped|hard)\b[\w ]{0,12}:|\b(?:went (?:well|"
    r"badly)|what worked|what did(?: not|n't)|"
    r"lost \d+ min\w*|wrong call|in hindsight|took \d+ min\w*|too (?:late|long|slow)|"
    r"\d+ min\w* (?:after|until))\b",
    re.IGNORECASE,
)
_FOUND = re.compile(
    r"\bdetect\w*|\bfound (?:it|by)\b|\bnoticed\b|\btold us\b|\bflagged\b|\balert\b.*\b(?:nobody|no owner|unread|"
    r"channel|fired)\b|\bno (?:alert|monitor)\w*|"
    r"\bbefore (?:us|any alert)\b|\bdashboard stayed\b",
    re.IGNORECASE,
)
_MEANT = re.compile(
    r"^to prevent\b|\b(?:i|we)(?:'ll| will| are going to)\b|\bprevention\b|\bgoing forward\b|\bfrom now on\b|"
    r"\bto-? ?do\b|"
    r"\bmoving\b|\bcoming\b|\brolling out\b|\bin the works\b|"
    r"\bpromised\b|\bdue\b|\bgets?\b|\bbecomes?\b|\bthis week\b|\bby friday\b|\bcan block\b|\blook into\b|\bours\b|"
    r"\balready\b",
    re.IGNORECASE,
)
_CONFIRMS = re.compile(r"^(?:confirmed|we found|found|it turns out|turns out|verified|yes)\b", re.IGNORECASE)
_ESTABLISHED = re.compile(r"^(?:the )?(?:root )?cause\b", re.IGNORECASE)
_MODEL_LEVEL = re.compile(
    r"\b(?:model|prompt|training|reward|eval\w*|feature|tokenizer|classifier|transcript|context|memory|agent|"
    r"fine-?tun\w+|drift|threshold|data)\b",
    re.IGNORECASE,
)


def draft_postmortem(evidence: Evidence) -> Mapping[Part, Sequence[Sentence]]:
    """The six parts, each a list of cited sentences; a part about which nothing was said is empty."""
    situation = understand(spoken(evidence))
    lines = told_lines(situation)
    parts: dict[Part, list[Sentence]] = {part: [] for part in Part}
    sorted_lines: dict[Part, list[Line]] = {part: [] for part in Part}
    for line in lines:
        sorted_lines[_part_of(situation, line)].append(line)
    for part in (Part.ROOT_CAUSE, Part.IMPACT, Part.DETECTION_REVIEW, Part.RESPONSE_REVIEW, Part.PREVENTION_PLAN):
        parts[part] = [Sentence(text, line.citations) for line, text in within(sorted_lines[part], _WORDS[part])]
    parts[Part.ROOT_CAUSE].sort(key=_standing_of_cause)
    parts[Part.DETECTION_REVIEW][:0] = detection_sentences(situation)
    parts[Part.RESPONSE_REVIEW][:0] = response_sentences(situation)
    _add_unknowns(situation, parts)
    used = sum(len(sentence.text.split()) for sentences in parts.values() for sentence in sentences)
    parts[Part.TIMELINE] = _with_acts(_timeline(situation, lines, _ALL_WORDS - used), evidence)
    return parts


def _standing_of_cause(sentence: Sentence) -> int:
    """What is established comes first, then the rest as it was, then what is suspected, then what was ruled out."""
    openings = (_ESTABLISHED, re.compile(""), re.compile("Suspected"), re.compile("Ruled out"))
    standing = [place for place, opening in enumerate(openings) if opening.match(sentence.text)]
    return standing[0] if standing[0] == 0 else standing[-1]


def _with_acts(dated: Sequence[Sentence], evidence: Evidence) -> list[Sentence]:
    """The timeline with who took which role and what was published, each in its place."""
    at = {entry.id: entry.at for entry in evidence.entries}
    acts = [
        Sentence(f"{moment(act.at)}: {phrasing.finished(act.text)}", (act.id,))
        for act in routine(evidence)
        if _RESPONSE_ACT.search(act.text)
    ][:_ACTS_TOLD]
    return sorted([*dated, *acts], key=lambda one: max(at[citation] for citation in one.citations))


def _statement_of(situation: Situation, line: Line) -> Statement | None:
    """The statement a line is mostly about: the last it cites."""
    return next((one for one in reversed(situation.statements) if one.id in line.citations), None)


def _part_of(situation: Situation, line: Line) -> Part:
    one = _statement_of(situation, line)
    if one is None:
        return Part.TIMELINE
    if (plain := _plainly(line, one)) is not None:
        return plain
    looking_back = situation.in_review(one)
    if _planned(situation, line, one):
        return Part.PREVENTION_PLAN
    if looking_back and _FOUND.search(line.full):
        return Part.DETECTION_REVIEW
    if looking_back and _JUDGED.search(line.full):
        return Part.RESPONSE_REVIEW
    if Cue.PUBLIC in one.cues and not line.full.lower().startswith(("cause", "root cause")):
        return Part.TIMELINE
    if line.full.startswith(("Suspected", "Ruled out")) or _explains(situation, one):
        return Part.ROOT_CAUSE
    return _by_cues(line, one, looking_back)


def _plainly(line: Line, one: Statement) -> Part | None:
    """The part of what was declared or reported as a status, and of a corrected number; None for all else."""
    if not one.entry.from_channel and one.entry.mark in (Mark.MILESTONE, Mark.OBSERVATION):
        return Part.TIMELINE if line.full.startswith("The incident is") else Part.IMPACT
    if line.full.startswith("Correction") and one.amounts:
        return Part.IMPACT
    explained = one.cues & {Cue.CAUSE, Cue.HEDGE, Cue.RULED_OUT}
    return Part.IMPACT if one.corrects and not explained and _DIGIT.search(one.text) else None


def _explains(situation: Situation, one: Statement) -> bool:
    """True when `one` gives a cause, or goes on from its author's message that does."""
    if Cue.CAUSE in one.cues and Cue.ROLES not in one.cues:
        return True
    near = [
        other
        for other in situation.statements[max(0, one.position - 2) : one.position + 2]
        if other.entry.author == one.entry.author and abs(other.entry.at - one.entry.at) <= timedelta(minutes=5)
    ]
    return not one.amounts and any(Cue.CAUSE in other.cues and Cue.HEDGE not in other.cues for other in near)


def _planned(situation: Situation, line: Line, one: Statement) -> bool:
    if _JUDGED.search(line.full) or line.full.startswith("Suspected"):
        return False
    if situation.plans(one) and line.section is Section.DOING:
        return True
    return Cue.PREVENTION in one.cues and _MEANT.search(line.full) is not None


def _by_cues(line: Line, one: Statement, looking_back: bool) -> Part:
    if _CONFIRMS.match(line.full):
        return Part.ROOT_CAUSE
    if Cue.IMPACT in one.cues and line.section is Section.WHAT_HAPPENED and (one.amounts or one.cues & {Cue.DETECTION}):
        return Part.IMPACT
    if Cue.DECISION in one.cues and line.section is Section.DOING and not looking_back:
        return Part.RESPONSE_REVIEW
    return Part.ROOT_CAUSE if looking_back and _MODEL_LEVEL.search(line.full) else Part.TIMELINE


def _timeline(situation: Situation, lines: Sequence[Line], words: int) -> list[Sentence]:
    """The key events, each opening with its time."""
    dated: list[Line] = []
    for line in lines:
        one = _statement_of(situation, line)
        if one is None or (
            situation.in_review(one)
            and Cue.RESOLUTION not in one.cues
            and _part_of(situation, line) is not Part.TIMELINE
        ):
            continue
        text = phrasing.finished(phrasing.clipped(line.short, _TIMELINE_CLIP))
        stamped = f"{moment(one.entry.at)}: {text}"
        only_here = 0.6 * (_part_of(situation, line) is Part.TIMELINE)
        dated.append(
            Line(line.section, stamped, stamped, line.citations, line.weight + only_here, one.entry.at.timestamp())
        )
    return [Sentence(text, line.citations) for line, text in within(dated, words)]


def _add_unknowns(situation: Situation, parts: dict[Part, list[Sentence]]) -> None:
    """What is still open, in the part it concerns, said as open."""
    for line in sorted(unknown_lines(situation), key=lambda one: -one.weight)[:5]:
        if line.full.startswith("Whether this holds"):
            continue
        if re.search(r"\b(?:cause|link|why)\b", line.full, re.IGNORECASE):
            part = Part.ROOT_CAUSE
        elif re.search(r"\b(?:available|again)\b", line.full):
            part = Part.PREVENTION_PLAN
        else:
            part = Part.IMPACT
        parts[part].append(Sentence(f"Not known: {phrasing.finished(line.full)}", line.citations))
