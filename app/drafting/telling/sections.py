"""Which part of an update a statement belongs in."""

from __future__ import annotations

import re

from app.domain.status_update import Section
from app.domain.timeline import Mark
from app.drafting.reading.cues import IMPERATIVE, Cue
from app.drafting.reading.guesses import excludes
from app.drafting.reading.situation import Situation, looks_back
from app.drafting.reading.statements import Statement

_BY_MARK: dict[Mark, Section] = {
    Mark.HYPOTHESIS: Section.TESTING,
    Mark.RULED_OUT: Section.TESTING,
    Mark.DECISION: Section.DOING,
    Mark.ACTION: Section.DOING,
    Mark.IMPACT: Section.WHAT_HAPPENED,
    Mark.MILESTONE: Section.WHAT_HAPPENED,
    Mark.OBSERVATION: Section.WHAT_HAPPENED,
    Mark.EVIDENCE: Section.WHAT_HAPPENED,
    Mark.ANSWERED: Section.WHAT_HAPPENED,
    Mark.UNKNOWN: Section.UNKNOWNS,
}
_EVENT_SUBJECT = re.compile(
    r"^(?:(?:the|an?|our|some|three|two|many) )?(?:(?!we\b|i\b)\w+[ -]){0,2}?(?:agent|bot|model|users?|customers?|"
    r"people|ppl|players?|patients?|merchants?|"
    r"vendor|assistant|database|injection|attacker|alert|screenshots?|records|script|doctor|clinic)\b|^(?:it|they)\b",
    re.IGNORECASE,
)
_DOING_NOW = re.compile(
    r"\b(?:until (?:we|further)|we(?:'re| are|'ll| will)|i'?m|i'll|please|pls|plan|decision|let'?s|do both|do it|"
    r"go back|revert|"
    r"roll ?back|switch\w*|turn\w* off|off since|"
    r"disabl\w+|revok\w+|rotat\w+|restor\w+|pinn?\w*|deploy\w*|merged|fix is|push\w*|mitigat\w+|limit is|block\w*|"
    r"paus\w+|unban\w*|"
    r"purged|resum\w+|rollback|watching|monitoring|notice|advisory|notif\w+|^filed|^(?:the )?report (?:sent|filed)|"
    r"^sent|going out|posting|is out|"
    r"allow rules?|workaround|"
    r"starting|trying|working on|still looking|stays? (?:off|on)|ramp|back on|read only|gate|draft\w*)\b",
    re.IGNORECASE,
)
_RULE = re.compile(r"^(?:nobody|no one|everybody|everyone) (?!knows|has|is|was|does|uses)\w{3,}s\b", re.IGNORECASE)
_FINDING = {Cue.CAUSE, Cue.IMPACT, Cue.PUBLIC, Cue.DETECTION}


def section_of(situation: Situation, one: Statement) -> Section:
    """The part of the update in which `one` belongs; guesses and open questions are placed by who makes those lines."""
    if one.entry.mark in _BY_MARK:
        return _BY_MARK[one.entry.mark]
    if one.speaking_system:
        return Section.WHAT_HAPPENED
    if situation.in_review(one) and situation.plans(one):
        return Section.DOING
    if situation.in_review(one):
        return Section.DOING if Cue.PREVENTION in one.cues and not looks_back(one) else Section.WHAT_HAPPENED
    if one.entry.author_is_bot:
        return Section.WHAT_HAPPENED
    return Section.DOING if _RULE.match(one.text) else _by_words(one)


def _by_words(one: Statement) -> Section:
    if excludes(one.text):
        return Section.TESTING
    if (
        Cue.ROLES in one.cues
        or (Cue.CONFIRMED in one.cues and Cue.RULED_OUT not in one.cues)
        or (Cue.RESOLUTION in one.cues and not one.cues & {Cue.PROGRESS, Cue.DECISION})
    ):
        return Section.WHAT_HAPPENED
    eventful = _EVENT_SUBJECT.match(one.text) is not None
    if IMPERATIVE.match(one.text):
        return Section.DOING
    doing = _DOING_NOW.search(one.text) is not None or bool(one.cues & {Cue.DECISION, Cue.PREVENTION})
    if doing and not eventful and Cue.CAUSE not in one.cues:
        return Section.DOING
    if (
        Cue.RULED_OUT in one.cues
        and not one.cues & {Cue.CAUSE, Cue.CLAIM}
        and not one.cues >= {Cue.IMPACT, Cue.DETECTION}
    ):
        return Section.TESTING
    if Cue.DIAGNOSTIC in one.cues and not one.cues & _FINDING - {Cue.DETECTION} and not eventful:
        return Section.TESTING
    if doing and Cue.ACTION in one.cues and not eventful:
        return Section.DOING
    return Section.WHAT_HAPPENED
