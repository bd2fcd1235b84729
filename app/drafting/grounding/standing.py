"""How firmly a sentence speaks, held against how firm the record is: corrected, ruled out, suspected, claimed."""

from __future__ import annotations

import re

from app.drafting.grounding.assertion import Assertion
from app.drafting.reading.cues import Cue, has
from app.drafting.reading.guesses import TENTATIVE, Guess, Standing, guessed_clauses
from app.drafting.reading.statements import Statement
from app.drafting.reading.tokens import content, numbers, overlap, stem

_HEDGED = re.compile(
    r"\b(?:suspect\w*|suspicion\w*|may|might|could(?! not)|can be|possibly|"
    r"possib(?:le|ility) (?:that|causes?|expl\w+|links?)|probab\w+|whether|unconfirmed|not confirmed|"
    r"hypothes\w+|believed?|thought|guess\w*|appears?|seems?|considered|unclear|unknown|not (?:yet )?known|assessment|"
    r"likely|candidates?|testing|checking|estimate\w*|question|undecided|not (?:yet )?(?:decided|clear|established)|"
    r"investigat\w+|theory|assum\w+|open|expected|not disclosed|no answer|waits?)\b",
    re.IGNORECASE,
)
_DENIED = re.compile(
    r"\b(?:not?|never|nobody|nothing|none|neither|without|ruled out|excluded|false|wrong\w*|unrelated|disproved|"
    r"withdrawn|corrected|initially|at first|first|earlier|previously|untrue|unaffected|was thought|instead)\b|n't\b",
    re.IGNORECASE,
)
_CORRECTED = re.compile(
    r"\b(?:false|wrong\w*|disproved|withdrawn|correct(?:ed|ion)|initially|at first|first (?:thought|reported|said|"
    r"guess\w*|estimate\w*)|earlier|previously|untrue|was thought|instead|not true|lied|no longer|until|had been)\b",
    re.IGNORECASE,
)
_ATTRIBUTED = re.compile(
    r"\b(?:claim\w*|said|says|stated|reported|reports?|according|told|admit\w*|own account|its word|asserted|described|"
    r"wrote|confess\w*|answered|replied)\b",
    re.IGNORECASE,
)
_BLAMES = re.compile(
    r"\b(?:caus(?:e|ed|es|ing)|due to|led to|responsible|triggered|root cause|"
    r"stems? from|resulted from)\b",
    re.IGNORECASE,
)
_FORETELLS = re.compile(
    r"\b(?:will|shall|(?:is|are) going to|won't|(?:is|are) (?:scheduled|planned) (?:to|for|on|by)|"
    r"(?:is|are) due (?!to\b)|(?:is|are|be) (?:back|restored|fixed|completed?|ready|resolved|published|available) "
    r"(?:by|tomorrow|next|within)|"
    r"tomorrow|next (?:week|month|quarter)|from tomorrow)\b",
    re.IGNORECASE,
)
_FUTURE = re.compile(
    r"\b(?:will|shall|going to|gonna|won't|tomorrow|tonight|next|later|soon|plan\w*|due|eta|until|by (?:the )?\w+day|"
    r"coming|promis\w*|schedul\w*|"
    r"this (?:week|month|afternoon|evening)|in (?:january|february|march|april|may|june|july|august|september|october|"
    r"november|december|the works)|gets?|becomes?|moving|rolling out|takes?|asap|from now)\b|'ll\b|\bby \d",
    re.IGNORECASE,
)
_NOW = re.compile(r"\b(?:is|are|now|currently|still|remains?|at present|so far)\b", re.IGNORECASE)
_ENDED = re.compile(r"(?<!not )(?<!n't )\b(resolved|solved|fixed|remediated|recovered)\b", re.IGNORECASE)
_ENDING = frozenset({Cue.RESOLUTION})
_NONE: frozenset[Cue] = frozenset()
_LOST = re.compile(r"\b(impossible|unrecoverable|irreversible)\b", re.IGNORECASE)
_DECIDES = frozenset({Cue.DECISION, Cue.PREVENTION})


def too_firm(one: Assertion) -> str:
    """Why the sentence says more than the record stands behind; empty when it doesn't."""
    return (
        _stale(one)
        or _claim_as_fact(one)
        or _ruled_out_as_fact(one)
        or ("" if one.open_part and not _BLAMES.search(one.text) else _suspicion_as_fact(one))
        or _asked_as_fact(one)
        or _blame_without_cause(one)
        or _end_without_word(one)
        or _future_as_decided(one)
    )


def hedged(text: str) -> bool:
    return _HEDGED.search(text) is not None


def denied(text: str) -> bool:
    return _DENIED.search(text) is not None


def _stale(one: Assertion) -> str:
    reason = "something later in the record corrects it"
    if _CORRECTED.search(one.text):
        return ""
    for each in one.statements:
        replaced = one.situation.corrections.of(each)
        if replaced is None:
            continue
        said = numbers(one.text)
        old = {before.value for before, _ in replaced.pairs}
        new = {after.value for _, after in replaced.pairs}
        if said & old and not said & new:
            return reason
        passing = replaced.reading and (replaced.pairs or not _NOW.search(one.text))
        if replaced.new.id in one.sentence.citations or passing or _stands_anyway(one):
            continue
        if content(" ".join(replaced.parts)) & one.tokens:
            return reason
    return ""


def _stands_anyway(one: Assertion) -> bool:
    """True when a cited entry that nothing corrects says much of the sentence."""
    firm = (each for each in one.statements if one.situation.corrections.of(each) is None)
    return any(len(each.tokens & one.tokens) >= 2 for each in firm)


def _claim_as_fact(one: Assertion) -> str:
    own = [each for each in one.statements if each.speaking_system]
    if own and len(own) == len(one.statements) and not _ATTRIBUTED.search(one.text):
        return "it takes what the system says of itself for a fact"
    return ""


def _suspicion_as_fact(one: Assertion) -> str:
    if hedged(one.text):
        return ""
    if _rests_on(one, Standing.OPEN) or _only_hedged(one):
        return "what it cites only suspects this"
    return ""


def _ruled_out_as_fact(one: Assertion) -> str:
    if denied(one.text):
        return ""
    return "this was ruled out" if _rests_on(one, Standing.RULED_OUT) else ""


def _rests_on(one: Assertion, standing: Standing) -> bool:
    """True when the sentence tells a guess of that standing and cites nothing firm that tells the same."""
    guesses = [guess for guess in one.situation.guesses if guess.standing is standing]
    guessed = {guess.id for guess in guesses}
    for guess in guesses:
        if guess.id not in one.sentence.citations or len(content(guess.clause) & one.tokens) < 2:
            continue
        if standing is Standing.RULED_OUT or not any(_confirms(each, guess, one, guessed) for each in one.statements):
            return True
    return False


def _told_by(one: Assertion) -> str:
    """The clause of what is cited that says most of the sentence; empty where none says any of it."""
    parts = [part for each in one.statements for part in (*each.says, *each.asks)]
    return max(parts, key=lambda part: (len(content(part) & one.tokens), -len(part)), default="")


def _confirms(each: Statement, guess: Guess, one: Assertion, guessed: set[int]) -> bool:
    """True when `each` is no guess and says much of the sentence, or some of it in answer to the guess."""
    if each.id in guessed or not each.says:
        return False
    shared = len(each.tokens & one.tokens)
    return shared >= 3 or (shared >= 1 and 0 < each.position - guess.statement.position <= 3)


def _only_hedged(one: Assertion) -> bool:
    """True when every clause that carries some of the sentence is itself in doubt."""
    telling = [each for each in one.statements if each.tokens & one.tokens]
    if not telling:
        # It answers a question: what it says of that is all there is.
        return not denied(one.text) and any(_leaves_open(each) for each in one.statements)
    return all(_in_doubt(each, one) for each in telling)


def _in_doubt(each: Statement, one: Assertion) -> bool:
    told = max((*each.says, *each.asks), key=lambda part: len(content(part) & one.tokens), default="")
    if not told:
        return False
    if told in guessed_clauses(each):
        guesses = one.situation.guesses
        return not any(guess.standing is Standing.CONFIRMED and guess.clause == told for guess in guesses)
    return TENTATIVE.search(each.text) is not None or (has(Cue.UNKNOWN, told) and not denied(one.text))


def _leaves_open(each: Statement) -> bool:
    return Cue.UNKNOWN in each.cues or re.match(r"\W*(?:no|not|nope|none|never)\b", each.text, re.I) is not None


def _asked_as_fact(one: Assertion) -> str:
    """A question tells nothing: what only stands in one is no fact."""
    if hedged(one.text) or denied(one.text):
        return ""
    asked = content(" ".join(part for each in one.statements for part in each.asks))
    said = content(" ".join(part for each in one.statements for part in each.says))
    quoted = content(" ".join(part for each in one.statements for part in each.quoted))
    shared = asked & one.tokens - said - quoted
    if one.statements and not any(each.says or each.quoted for each in one.statements):
        return "what it cites only asks this"
    answered = any(each.says and not each.asks for each in one.statements if each.tokens & one.tokens)
    if len(shared) >= 2 and not answered and len(shared) > len((said | quoted) & one.tokens):
        return "what it cites only asks this"
    return ""


def _explains(each: Statement) -> bool:
    return bool(each.cues & {Cue.CAUSE, Cue.CONFIRMED}) or _BLAMES.search(each.text) is not None


def _blame_without_cause(one: Assertion) -> str:
    """To name a cause takes an entry that names it."""
    if hedged(one.text) or denied(one.text) or not _BLAMES.search(one.text) or not one.statements:
        return ""
    if any(_explains(each) and Cue.HEDGE not in each.cues for each in one.statements):
        return ""
    return (
        ""
        if any(_explains(each) and overlap(each.tokens, one.tokens) >= 0.5 for each in one.statements)
        else ("what it cites names no cause")
    )


def _end_without_word(one: Assertion) -> str:
    """That something is over, or can't be undone, takes an entry that says so."""
    if hedged(one.text):
        return ""
    for said, cues in ((_ENDED, _ENDING), (_LOST, _NONE)):
        if (found := said.search(one.text)) is None:
            continue
        root = stem(found[1].lower())
        if not any(root in each.tokens or each.cues & cues for each in one.statements):
            return "nothing that it cites says so"
    return ""


def _future_as_decided(one: Assertion) -> str:
    if not _FORETELLS.search(one.text) or hedged(one.text):
        return ""
    told = _told_by(one)
    if has(Cue.HEDGE, told):
        return "what it cites leaves the future open"
    for each in one.statements:
        if each.cues & _DECIDES or _FUTURE.search(each.entry.text):
            return ""
    return "nothing that it cites decides the future"
