"""A What We Know drafted from evidence alone, within a number of words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from app.domain.status_update import Section
from app.drafting.audiences.audiences import words_for
from app.drafting.audiences.lines import told_to
from app.drafting.reading.acts import spoken
from app.drafting.reading.situation import Situation, understand
from app.drafting.telling.budget import Line, within
from app.drafting.telling.lines import told_lines
from app.drafting.telling.unknowns import unknown_lines
from app.ports.drafter import Evidence, Sentence

WORDS = 350
_UNKNOWN_SHARE = 0.3


def draft_update(evidence: Evidence, words: int = WORDS) -> Mapping[Section, Sequence[Sentence]]:
    """The four cited sections of an update of at most `words` words; leadership and customers get fewer.

    What an audience isn't told is left out, see `audiences`.
    """
    situation = understand(spoken(evidence))
    budget = words_for(evidence.audience, words)
    chosen = _chosen(situation, budget)
    sections: dict[Section, list[Sentence]] = {section: [] for section in Section}
    for line, text in chosen:
        sections[line.section].append(Sentence(text, line.citations))
    return sections


def _chosen(situation: Situation, budget: int) -> list[tuple[Line, str]]:
    audience = situation.evidence.audience
    lines = told_to(audience, situation, [*told_lines(situation), *unknown_lines(situation)])
    told = [line for line in lines if line.section is not Section.UNKNOWNS]
    open_lines = [line for line in lines if line.section is Section.UNKNOWNS]
    needed = sum(len(line.short.split()) for line in told)
    for_unknowns = max(int(budget * _UNKNOWN_SHARE), budget - needed)
    unknowns = within(open_lines, for_unknowns)
    left = budget - sum(len(text.split()) for _, text in unknowns)
    return [*within(told, left), *unknowns]
