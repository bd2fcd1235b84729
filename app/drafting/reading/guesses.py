"""Guesses at what is going on, and whether they were confirmed or ruled out since."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto

from app.domain.timeline import Mark
from app.drafting.reading.answers import proposes_cause
from app.drafting.reading.cues import Cue, cues_of, has
from app.drafting.reading.statements import Statement
from app.drafting.reading.tokens import content, stem, word_set, words

_GENERIC = frozenset(
    stem(word)
    for word in word_set(
        """cause reason problem issue incident thing model agent system someth somebody someone today yesterday week
    last monday tuesday wednesday thursday friday saturday sunday time first guess bet theory think believe
    suspect maybe probab possib look seem real ther day night only new some ones"""
    )
)
_NEGATION = re.compile(r"^(?:not?|nope|never|nothing|neither|nor|wasn't|isn't|doesn't|didn't|aren't|don't|dont)$")
_ROUTINE = frozenset(
    {Cue.ACTION, Cue.RESOLUTION, Cue.DECISION, Cue.PREVENTION, Cue.REVIEW, Cue.PUBLIC, Cue.PROGRESS, Cue.ROLES}
)


TENTATIVE = re.compile(
    r"\b(?:early|first|preliminary|tentative|initial) (?:assessment|findings?|analysis|view)\b|\bmay have (?:played|"
    r"been)\b",
    re.IGNORECASE,
)


_VERIFYING = re.compile(
    r"^(?:is|are|was) (?:that|this|it|these) (?:true|right|correct|real|confirmed)\b",
    re.IGNORECASE,
)
_TAKEN_BACK = re.compile(r"\b(?:take|took) (?:my|that|it|this) [\w ]{0,12}back\b|\bi was wrong\b", re.IGNORECASE)
_NO_GUESS = re.compile(
    r"\b(?:take|took) (?:my|that|it|this) [\w ]{0,12}back\b|\bi was wrong\b|^(?:i|we) (?:think|guess|believe|"
    r"suppose),? (?:yes|no|so|not)\b",
    re.IGNORECASE,
)
_ALTERNATIVE = re.compile(r"^(?:hm+,? )?or\b(?!.*\?$)", re.IGNORECASE)
_EXCLUDES = re.compile(
    r"\bruled? (?:it |that |this )?out\b|\bnothing to do with\b|\bnot (?:the cause|at fault|to blame|related|"
    r"involved|behind)\b|\bunrelated\b|\bno (?:difference|effect)\b|\bnot (?:that|it)$",
    re.IGNORECASE,
)
_RULED_OUT_THING = re.compile(
    r"^(?:so )?(?:the |our |that |this |an? )?([^,.;:]{2,60}?) (?:is|was|are|were|has been|have been|"
    r"can be) (?:also |now )?"
    r"(?:ruled out|not the cause|unrelated|innocent|off the table)\b",
    re.IGNORECASE,
)


class Standing(Enum):
    """Where a guess stands."""

    OPEN = auto()
    CONFIRMED = auto()
    RULED_OUT = auto()


@dataclass(frozen=True)
class Guess:
    """A guess in the words `clause` of `statement`; `by` is the statement that settled it, None while it is open."""

    statement: Statement
    clause: str
    standing: Standing
    by: Statement | None = None

    @property
    def id(self) -> int:
        return self.statement.id


def excludes(text: str) -> bool:
    """True when `text` says in so many words that something is not the cause."""
    return _EXCLUDES.search(text) is not None


def guessed_clauses(statement: Statement) -> list[str]:
    """The clauses of `statement` that guess."""
    if statement.entry.mark is Mark.HYPOTHESIS:
        return [*statement.says, *statement.asks][:2]
    if statement.speaking_system or statement.entry.author_is_bot or TENTATIVE.search(statement.text):
        return []
    if (rumour := _rumour(statement)) is not None:
        return [rumour]
    guesses = [
        clause
        for clause in statement.says
        if has(Cue.HEDGE, clause)
        and not has(Cue.UNKNOWN, clause)
        and not excludes(clause)
        and not _NO_GUESS.search(clause)
    ]
    asked = [clause for clause in statement.asks if has(Cue.HEDGE, clause) or proposes_cause(clause)]
    return [clause for clause in (*asked, *guesses) if len(specific(clause)) >= 1]


def _rumour(statement: Statement) -> str | None:
    """What `statement` passes on and asks to be verified ("… Is that true?"); None when it does not."""
    for index, clause in enumerate(statement.asks):
        if _VERIFYING.match(clause):
            return statement.asks[index - 1] if index else next(iter(statement.says[-1:]), None)
    return None


def asks_to_verify(clause: str) -> bool:
    """True for "is that true?" and its like, which ask about what was said before."""
    return _VERIFYING.match(clause) is not None


def specific(text: str) -> frozenset[str]:
    """The stems of `text` that say which thing is meant."""
    return frozenset(token for token in content(text) if token not in _GENERIC and not has(Cue.HEDGE, token))


def _negates(text: str, tokens: frozenset[str]) -> bool:
    """True when a negation stands within six words before one of `tokens`."""
    since = 99
    for word in words(text):
        if stem(word) in tokens and since <= 6:
            return True
        since = 0 if _NEGATION.match(word) else since + 1
    return False


def _about(one: Statement, wanted: frozenset[str]) -> bool:
    shared = wanted & one.tokens
    return len(shared) >= 2 or (bool(shared) and len(shared) * 2 >= len(wanted))


def reason_alone(text: str) -> str:
    """What `text` gives as the reason after "the deploy is ruled out:"; `text` itself where it opens otherwise."""
    return _RULED_OUT_THING.sub("", text).lstrip(" :,;") or text


def _rules_out_by_name(one: Statement, wanted: frozenset[str]) -> bool:
    """True when `one` says "the deploy is ruled out" of a thing that the guess names."""
    found = _RULED_OUT_THING.search(one.text)
    named = specific(found[1]) if found is not None else frozenset()
    return bool(named) and named <= wanted and not one.speaking_system


def _verdict(guess: Statement, wanted: frozenset[str], one: Statement, adjacent: bool) -> Standing | None:
    """Where `one` leaves the guess; None when it says nothing about it."""
    if _rules_out_by_name(one, wanted):
        return Standing.RULED_OUT
    close = adjacent or one.entry.thread_of == guess.id
    if not (close or _about(one, wanted)):
        return None
    if one.entry.mark is Mark.RULED_OUT:
        return Standing.RULED_OUT
    if not _firm(one):
        return None
    if excludes(one.text) or _says_no(one, wanted, close, one.entry.thread_of == guess.id):
        return Standing.RULED_OUT
    return Standing.CONFIRMED if _says_yes(one, wanted) else None


def _firm(one: Statement) -> bool:
    """True when `one` can settle a guess: no claim, no doubt, no plan."""
    if not one.says or one.speaking_system or Cue.HOSTILE in one.cues:
        return False
    if excludes(one.text) or _TAKEN_BACK.search(one.text):
        return True
    if has(Cue.HEDGE, one.says[0]) or has(Cue.UNKNOWN, one.says[0]):
        return False
    if Cue.UNKNOWN in one.cues and Cue.RULED_OUT not in one.cues:
        return False
    settling = {Cue.RULED_OUT, Cue.CONFIRMED, Cue.CAUSE}
    return not one.cues & {Cue.PREVENTION, Cue.DECISION} or bool(one.cues & settling) or excludes(one.text)


def _says_no(one: Statement, wanted: frozenset[str], close: bool, replies: bool) -> bool:
    opens_no = re.match(r"\W*(?:no|nope|not|nah)\b", one.text, re.IGNORECASE) is not None
    if close and (opens_no or _TAKEN_BACK.search(one.text) or (replies and Cue.RULED_OUT in one.cues)):
        return True
    if not _about(one, wanted):
        return False
    meant = wanted | {"it", "this"} if Cue.RULED_OUT in one.cues else wanted
    return any(_negates(clause, meant) for clause in one.says)


def _says_yes(one: Statement, wanted: frozenset[str]) -> bool:
    if not wanted or len(wanted & one.tokens) * 2 < len(wanted):
        return False
    return (
        bool(one.cues & {Cue.CONFIRMED, Cue.CAUSE}) or re.match(r"\W*(?:yes|yep|indeed)\b", one.text, re.I) is not None
    )


def guesses(statements: Sequence[Statement]) -> list[Guess]:
    """Every guess in `statements`, oldest first, with where it stands by the end."""
    found: list[Guess] = []
    spread = Counter(token for one in statements for token in one.tokens)
    everywhere = frozenset(token for token, count in spread.items() if count >= max(5, len(statements) // 8))
    for index, one in enumerate(statements):
        clauses = guessed_clauses(one)
        if (
            not clauses
            and one.says
            and _ALTERNATIVE.match(one.says[0])
            and found
            and index - found[-1].statement.position <= 3
        ):
            clauses = [one.says[0]]
        settled = [
            _settled(one, clause, statements[index + 1 :], everywhere)
            for clause in clauses
            if not one.cues & _ROUTINE or proposes_cause(clause) or _leads(clause) or one.marked or _doubted(one)
        ]
        found.extend(_together(settled))
    return found


def _together(settled: Sequence[Guess]) -> Sequence[Guess]:
    """The guesses of one message: when one is ruled out, what was said along with it is no longer open."""
    out = next((guess for guess in settled if guess.standing is Standing.RULED_OUT), None)
    if out is None:
        return settled
    return [
        replace(guess, standing=Standing.RULED_OUT, by=out.by) if guess.standing is Standing.OPEN else guess
        for guess in settled
    ]


def _doubted(one: Statement) -> bool:
    return any(_VERIFYING.match(clause) for clause in one.asks)


def _leads(clause: str) -> bool:
    """True when the doubt comes first, so that all of the clause is in doubt."""
    return Cue.HEDGE in cues_of(" ".join(clause.split()[:5]))


def _settled(one: Statement, clause: str, later: Sequence[Statement], everywhere: frozenset[str]) -> Guess:
    wanted = specific(clause) - everywhere or specific(clause)
    main = [other for other in later if other.entry.thread_of is None and other.entry.author != one.entry.author]
    for other in later:
        verdict = _verdict(
            one, wanted, other, adjacent=bool(main) and other is main[0] and other.position - one.position <= 3
        )
        if verdict is not None:
            return Guess(one, clause, verdict, other)
    return Guess(one, clause, Standing.OPEN)
