"""An incident's evidence understood: statements, what became of guesses, questions and numbers, and what matters."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.drafting.reading import corrections
from app.drafting.reading.answers import Asked, asked
from app.drafting.reading.corrections import Corrections
from app.drafting.reading.cues import Cue
from app.drafting.reading.guesses import Guess, Standing, guesses
from app.drafting.reading.statements import Statement, read_all
from app.drafting.reading.weights import MENTION, weigh
from app.ports.drafter import Evidence

_ROOT_CAUSE = re.compile(r"^(?:the )?(?:(?:root |second |other )?cause(?: \d)?(?: is| was|:| =)|why:)", re.IGNORECASE)
_LOOKS_BACK = re.compile(
    r"^(?:the )?(?:root )?(?:cause|reason|detection|good|bad|slow)\b|\bbecause\b|\bwhat (?:worked|went)", re.IGNORECASE
)
_PLANS = re.compile(
    r"^(?:.*: me\b|prevention|preventive|actions?\b(?! taken)|action items|to-?dos?|next(?: steps)?:|going forward|"
    r"from now on|ours:|improvements?|follow-?ups?|(?:i'?m|we'?re) (?:moving|adding|going to)\b|"
    r"(?:i|we)(?:'ll| will)\b)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Situation:
    """What the rules made of the evidence; all sequences oldest first."""

    evidence: Evidence
    statements: Sequence[Statement]
    weights: Mapping[int, float]
    asked: Sequence[Asked]
    guesses: Sequence[Guess]
    corrections: Corrections
    review_from: int | None
    plans_from: int | None

    def weight(self, statement: Statement) -> float:
        return self.weights.get(statement.id, 0.0)

    def matters(self, statement: Statement) -> bool:
        return self.weight(statement) >= MENTION

    def by_id(self, entry_id: int) -> Statement | None:
        return next((one for one in self.statements if one.id == entry_id), None)

    def current(self) -> list[Statement]:
        """The statements that nothing has replaced, guesses and claims left out."""
        doubted = {guess.id for guess in self.guesses if guess.standing is not Standing.CONFIRMED}
        return [
            one
            for one in self.statements
            if one.says
            and one.id not in doubted
            and self.corrections.of(one) is None
            and not one.speaking_system
            and Cue.HOSTILE not in one.cues
        ]

    def plans(self, statement: Statement) -> bool:
        """True for a review's list of what will be done, once its heading was said."""
        told = statement.cues & {Cue.CAUSE, Cue.DETECTION, Cue.UNKNOWN} and Cue.PREVENTION not in statement.cues
        listed = self.plans_from is not None and statement.position >= self.plans_from
        return listed and not told and not looks_back(statement)

    def overtaken(self, statement: Statement) -> bool:
        """True for a guess made before somebody stated the root cause."""
        stated = next(
            (one.position for one in self.statements if any(_ROOT_CAUSE.match(part) for part in one.says)), -1
        )
        return statement.position < stated

    def in_review(self, statement: Statement) -> bool:
        """True for what was said once people had begun to look back."""
        return self.review_from is not None and statement.position >= self.review_from


def looks_back(statement: Statement) -> bool:
    """True for what a review says of the past: causes, detection, what worked."""
    return any(_LOOKS_BACK.search(part) for part in statement.says)


def _review_start(statements: Sequence[Statement]) -> int | None:
    """The position from which the talk is a review: a heading such as "retro" or "root cause:" late in the channel."""
    half = len(statements) // 2
    for one in statements[half:]:
        if Cue.REVIEW in one.cues and not one.entry.author_is_bot and Cue.PUBLIC not in one.cues:
            return one.position
    return None


def _plans_start(statements: Sequence[Statement], review_from: int | None) -> int | None:
    """The position of the heading ("prevention:", "actions") after which a review lists what will be done."""
    for one in statements:
        if review_from is not None and one.position >= review_from and any(_PLANS.match(part) for part in one.says):
            return one.position
    return None


def understand(evidence: Evidence) -> Situation:
    """Read `evidence` whole."""
    statements = read_all(evidence)
    cited = {citation for sentence in evidence.published for citation in sentence.citations}
    review_from = _review_start(statements)
    return Situation(
        evidence=evidence,
        statements=statements,
        weights=weigh(statements, frozenset(cited)),
        asked=asked(statements),
        guesses=guesses(statements),
        corrections=corrections.find(statements),
        review_from=review_from,
        plans_from=_plans_start(statements, review_from),
    )
