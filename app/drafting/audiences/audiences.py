"""What each audience is told, as data: which parts in which order, under which titles, how long, by which rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from app.domain.status_update import SECTION_TITLES, Audience, Section


class Rule(StrEnum):
    """What a text for an audience may be held against."""

    MENTION = "mention"
    PERSON = "person"
    INTERNAL = "internal_name"
    ADDRESS = "address"
    IDENTIFIER = "identifier"
    EXPLOIT = "exploit"
    SUSPICION = "suspicion"
    BLAME = "blame"
    JARGON = "jargon"
    TIME = "time"
    SOURCE = "source"
    LENGTH = "length"


@dataclass(frozen=True)
class Shape:
    """How an audience's update looks.

    `parts`: the parts it has, in order, with their titles; `most`: at most so many sentences in a part; `share`: its
    words as a share of what responders get; `rules`: what it is held against, True where a breach is hard: it keeps
    the text from being approved until it is changed, or approved with a reason.
    """

    parts: Sequence[tuple[Section, str]]
    share: float
    rules: Mapping[Rule, bool] = field(default_factory=dict)
    most: Mapping[Section, int] = field(default_factory=dict)

    @property
    def sections(self) -> frozenset[Section]:
        return frozenset(section for section, _ in self.parts)


SHAPES: Mapping[Audience, Shape] = {
    Audience.RESPONDERS: Shape(parts=list(SECTION_TITLES.items()), share=1.0),
    Audience.LEADERSHIP: Shape(
        parts=[
            (Section.WHAT_HAPPENED, "What happened, and how far it reaches"),
            (Section.DOING, "What we are doing and have decided"),
            (Section.UNKNOWNS, "What we don't know yet"),
            (Section.TESTING, "What we are testing"),
        ],
        share=0.6,
        rules={Rule.MENTION: False, Rule.EXPLOIT: False, Rule.BLAME: False, Rule.LENGTH: False},
        most={Section.TESTING: 2, Section.UNKNOWNS: 4},
    ),
    Audience.CUSTOMERS: Shape(
        parts=[
            (Section.WHAT_HAPPENED, "What happened"),
            (Section.DOING, "What we are doing"),
            (Section.UNKNOWNS, "What we are still finding out"),
        ],
        share=0.4,
        rules={
            Rule.MENTION: True,
            Rule.PERSON: True,
            Rule.INTERNAL: True,
            Rule.ADDRESS: True,
            Rule.IDENTIFIER: True,
            Rule.EXPLOIT: True,
            Rule.SUSPICION: True,
            Rule.BLAME: True,
            Rule.JARGON: False,
            Rule.LENGTH: False,
        },
        most={Section.WHAT_HAPPENED: 4, Section.DOING: 4, Section.UNKNOWNS: 3},
    ),
    Audience.REGULATOR: Shape(
        parts=[
            (Section.WHAT_HAPPENED, "Facts"),
            (Section.DOING, "Measures"),
            (Section.UNKNOWNS, "Not established yet"),
            (Section.TESTING, "Examined"),
        ],
        share=1.0,
        rules={
            Rule.MENTION: True,
            Rule.PERSON: False,
            Rule.EXPLOIT: False,
            Rule.SUSPICION: False,
            Rule.BLAME: True,
            Rule.TIME: False,
            Rule.SOURCE: False,
            Rule.LENGTH: False,
        },
    ),
}


def words_for(audience: Audience, words: int) -> int:
    """The words an update for `audience` may have where responders get `words`."""
    return int(words * SHAPES[audience].share)
