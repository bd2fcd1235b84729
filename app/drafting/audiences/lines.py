"""The lines of a draft that an audience is told, in its own words and order."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from app.domain.status_update import Audience, Section
from app.drafting.audiences.audiences import SHAPES, Rule
from app.drafting.audiences.breaches import WHY, broken
from app.drafting.audiences.insiders import Inside, inside_of
from app.drafting.audiences.plain_telling import told_outside
from app.drafting.reading.cues import Cue
from app.drafting.reading.guesses import Standing
from app.drafting.reading.situation import Situation
from app.drafting.telling.budget import Line
from app.ports.drafter import Dropped, Sentence

_READERS = re.compile(
    r"\b(?:customers?|users?|people|accounts?|orders?|data|patients?|applicants?|merchants?|players?|restored|refund\w*|"
    r"stopped|fixed|off|available|safe|contact|apolog\w+|sorry)\b",
    re.IGNORECASE,
)
_TEAM_TALK = re.compile(
    r"\b(?:please|pls|legal|vendor|ceo|luck|wording|the list|channel|thread|retro|claw|kill\w*|demo|freeze|macro|scope|"
    r"reproduction trial|tries|containment|contained|permissions|"
    r"merged|purged|replayed|revert\w*|gateway|service account|workspaces?|read only|internal docs|tool)\b|"
    r"^(?:plan|rule|root cause|correction|cause|why)\b|^\W*\d+ (?:done|of)\b|\bwe can't\b|\bjust\b|\[|\u201c|\"|^it\b",
    re.IGNORECASE,
)
_RAISED = 9.0
_INNER = re.compile(r"^(?:Asked \u201c|Suspected|Ruled out|Whether |A hostile prompt|Earlier:)|\bclaimed: \u201c")


def told_to(audience: Audience, situation: Situation, lines: Sequence[Line]) -> list[Line]:
    """`lines` as that audience is told them, without those that it isn't told."""
    if audience is Audience.RESPONDERS:
        return list(lines)
    inside = inside_of(situation.evidence)
    if audience is Audience.REGULATOR:
        lines = [_timed(situation, line) for line in lines if _is_fact(situation, line)]
    if audience is Audience.CUSTOMERS:
        lines = [_outside(line, inside) for line in lines if _is_told_outside(situation, line)]
    kept = [line for line in lines if not _breaks(audience, line, inside)]
    if audience is Audience.CUSTOMERS and not any(line.section is Section.WHAT_HAPPENED for line in kept):
        kept = [*_opening(situation, inside), *kept]
    return _at_most(audience, kept)


def _is_told_outside(situation: Situation, line: Line) -> bool:
    guessed = {guess.id for guess in situation.guesses if guess.standing is not Standing.CONFIRMED}
    cited = [one for one in map(situation.by_id, line.citations) if one is not None]
    hidden = any(one.speaking_system or Cue.HOSTILE in one.cues for one in cited)
    if line.section is Section.UNKNOWNS:
        return line.weight >= _RAISED and not hidden
    telling = line.section is Section.DOING or _READERS.search(line.short) is not None
    inner = _INNER.search(line.full) or _TEAM_TALK.search(line.short)
    return telling and not (hidden or inner or guessed & set(line.citations))


def _outside(line: Line, inside: Inside) -> Line:
    """The line in plain words, at its core; what readers can feel weighs more."""
    short = told_outside(line.short, inside)
    return replace(line, full=short, short=short, weight=line.weight + 1.5 * bool(_READERS.search(short)))


def _breaks(audience: Audience, line: Line, inside: Inside) -> bool:
    """True where either wording breaks a rule of the audience: any for customers, a hard one for the others."""
    rules = SHAPES[audience].rules
    return any(
        rules[rule] or rule is Rule.EXPLOIT or audience is Audience.CUSTOMERS
        for text in dict.fromkeys((line.full, line.short))
        for rule, _ in broken(audience, line.section, Sentence(text, line.citations), inside)
    )


def _opening(situation: Situation, inside: Inside) -> list[Line]:
    """What can always be said: that there is a problem, and since when it is being worked on."""
    entries = situation.evidence.entries
    if not entries:
        return []
    since = f"{entries[0].at.day} {entries[0].at:%b %Y, %H:%M} UTC"
    text = f"We have been working on a problem with {inside.system} since {since}."
    return [Line(Section.WHAT_HAPPENED, text, text, (entries[0].id,), 9.0, -1)]


def _is_fact(situation: Situation, line: Line) -> bool:
    """True unless all it rests on is a guess that nobody confirmed, or what the system says of itself."""
    if line.section is Section.UNKNOWNS:
        return True
    doubted = {guess.id for guess in situation.guesses if guess.standing is Standing.OPEN}
    cited = [one for one in map(situation.by_id, line.citations) if one is not None]
    return not all(one.id in doubted or one.speaking_system for one in cited)


def _timed(situation: Situation, line: Line) -> Line:
    """The line under the time at which the record has it; open questions have none."""
    one = situation.by_id(line.citations[0]) if line.citations else None
    if one is None or line.section is Section.UNKNOWNS:
        return line
    at = f"{one.entry.at.day} {one.entry.at:%b %Y %H:%M} UTC: "
    return replace(line, full=f"{at}{line.full}", short=f"{at}{line.short}", order=one.position)


def _at_most(audience: Audience, lines: Sequence[Line]) -> list[Line]:
    """The weightiest of each part, as many as the audience gets of it."""
    most = SHAPES[audience].most
    kept: list[Line] = []
    for section in Section:
        theirs = sorted((line for line in lines if line.section is section), key=lambda line: -line.weight)
        kept += theirs[: most.get(section, len(theirs))]
    return sorted(kept, key=lambda line: line.order)


def fitted(
    audience: Audience, sections: Mapping[Section, Sequence[Sentence]], inside: Inside
) -> tuple[dict[Section, list[Sentence]], list[Dropped]]:
    """A model's sentences as they may be told, in the audience's words; and those that break a hard rule, with why."""
    rules = SHAPES[audience].rules
    found: dict[Section, list[Sentence]] = {section: [] for section in Section}
    left_out: list[Dropped] = []
    for section, sentences in sections.items():
        for sentence in sentences:
            words = told_outside(sentence.text, inside) if audience is Audience.CUSTOMERS else sentence.text
            told = replace(sentence, text=words)
            hard = [rule for rule, _ in broken(audience, section, told, inside) if rules[rule]]
            if hard:
                left_out.append(Dropped(sentence.text, f"not for {audience.value}: {WHY[hard[0]]}"))
            else:
                found[section].append(told)
    return found, left_out
