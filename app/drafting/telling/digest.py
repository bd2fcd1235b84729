"""An incident in a few lines, for somebody who comes to it late."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.domain.status_update import Section
from app.drafting.reading.acts import spoken
from app.drafting.reading.situation import understand
from app.drafting.telling import phrasing
from app.drafting.telling.budget import Line, within
from app.drafting.telling.lines import told_lines
from app.drafting.telling.unknowns import unknown_lines
from app.ports.drafter import Evidence, Sentence

_KNOWN_WORDS = 55
_KNOWN_MOST = 4
_LAST_WORDS = 20
_OPEN_MOST = 2
_OPEN_WORDS = 12
# Whoever comes late asks first how many are hit.
_HOW_MANY = re.compile(
    r"\b\d[\d,.]*k?\+? (?:[\w-]+ ){0,2}(?:customers?|users?|people|patients?|players?|merchants?|accounts?|tenants?|"
    r"applicants?|clinics|orders?|records?)\b",
    re.IGNORECASE,
)
_HOW_MANY_WEIGHT = 4.0
_NO_FACT = ("Earlier:", "Suspected", "Ruled out:")


@dataclass(frozen=True)
class Digest:
    """What is `known`, what was decided or done `last`, what is `open`: cited sentences, each possibly none."""

    known: Sequence[Sentence]
    last: Sequence[Sentence]
    open: Sequence[Sentence]


def digest(evidence: Evidence) -> Digest:
    """The few things that matter most, at most about a hundred words; only what still holds is told as known."""
    situation = understand(spoken(evidence))
    told = told_lines(situation)
    last = _last([line for line in told if line.section is Section.DOING])
    facts = [line for line in told if line.section is Section.WHAT_HAPPENED and not line.full.startswith(_NO_FACT)]
    facts = [_weighed(line) for line in facts]
    known = sorted(within(facts, _KNOWN_WORDS), key=lambda chosen: -chosen[0].weight)[:_KNOWN_MOST]
    unknowns = sorted(unknown_lines(situation), key=lambda line: -line.weight)[:_OPEN_MOST]
    return Digest(
        known=[Sentence(text, line.citations) for line, text in sorted(known, key=lambda chosen: chosen[0].order)],
        last=[Sentence(line.short, line.citations) for line in last],
        open=[Sentence(_clipped(line.full), line.citations) for line in unknowns],
    )


def _weighed(line: Line) -> Line:
    return replace(line, weight=line.weight + _HOW_MANY_WEIGHT) if _HOW_MANY.search(line.full) else line


def _last(done: Sequence[Line]) -> list[Line]:
    """The newest that is short enough to be told whole."""
    fitting = [line for line in done if len(line.short.split()) <= _LAST_WORDS]
    return sorted(fitting, key=lambda line: line.order)[-1:]


def _clipped(text: str) -> str:
    clipped = phrasing.clipped(text, _OPEN_WORDS)
    return text if clipped.rstrip(".?") == text.rstrip(".?") else f"{clipped.rstrip(',;:. ')} …"
