"""A What We Know drafted from evidence alone, within a number of words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from app.domain.status_update import Audience, Section
from app.drafting.acts import spoken
from app.drafting.budget import Line, within
from app.drafting.lines import told_lines
from app.drafting.situation import Situation, understand
from app.drafting.unknowns import unknown_lines
from app.ports.drafter import Evidence, Sentence

WORDS = 350
_SHARE: dict[Audience, float] = {
    Audience.RESPONDERS: 1.0,
    Audience.LEADERSHIP: 0.75,
    Audience.CUSTOMERS: 0.55,
    Audience.REGULATOR: 1.0,
}
_UNKNOWN_SHARE = 0.3


def draft_update(evidence: Evidence, words: int = WORDS) -> Mapping[Section, Sequence[Sentence]]:
    """The four cited sections of an update of at most `words` words; leadership and customers get fewer."""
    situation = understand(spoken(evidence))
    budget = words_for(evidence.audience, words)
    chosen = _chosen(situation, budget)
    sections: dict[Section, list[Sentence]] = {section: [] for section in Section}
    for line, text in chosen:
        sections[line.section].append(Sentence(text, line.citations))
    return sections


def words_for(audience: Audience, words: int) -> int:
    """The words an update for `audience` may have where responders get `words`."""
    return int(words * _SHARE[audience])


def _chosen(situation: Situation, budget: int) -> list[tuple[Line, str]]:
    told = told_lines(situation)
    open_lines = unknown_lines(situation)
    needed = sum(len(line.short.split()) for line in told)
    for_unknowns = max(int(budget * _UNKNOWN_SHARE), budget - needed)
    unknowns = within(open_lines, for_unknowns)
    left = budget - sum(len(text.split()) for _, text in unknowns)
    return [*within(told, left), *unknowns]
