"""What every account of an incident must answer and this one does not: extent, cause, end, restoring, claims, dates."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence

from app.drafting.reading.clauses import units
from app.drafting.reading.cues import Cue, has
from app.drafting.reading.guesses import TENTATIVE, Standing
from app.drafting.reading.situation import Situation
from app.drafting.reading.statements import Statement
from app.drafting.reading.tokens import content, word_set
from app.drafting.telling import phrasing

Missing = tuple[str, tuple[int, ...], float]

_VICTIMS = re.compile(
    r"\b(customers|users|players|patients|merchants|cardholders|accounts|clinics|readers|records|machines)\b"
)
_DURATIONS = word_set("""minut hour day week month year second min h d of % time""")
_COUNTED = re.compile(r"\bhow many\b|\bnumber of\b", re.IGNORECASE)
_DATA_LOSS = re.compile(
    r"\b(?:rows|data(?:base)?|tables?|records|files)\b.*\b(?:gone|empty|deleted|wiped|dropped|destroyed)\b|"
    r"\b(?:deleted|wiped|dropped|destroyed)\b.*\b(?:rows|data(?:base)?|tables?|records|files)\b",
    re.IGNORECASE,
)
_RESTORE = re.compile(r"\b(?:restor\w+|recover\w+|backup\w*|roll(?:ed)? ?back|data is back)\b", re.IGNORECASE)
_ANNOUNCED = re.compile(
    r"\b(?:is coming|coming|rolling out|in the works|promised|planned|will follow)\b", re.IGNORECASE
)
_CONTAINED = re.compile(r"^(?:The incident is contained:|Contained \S)")
_OURS = re.compile(r"^(?:ours|todo|to do|follow-?ups?|next|lessons?|root cause|cause)\b\W", re.IGNORECASE)
_ROOT_CAUSE = re.compile(r"(?:the )?root cause\b", re.IGNORECASE)
_REMEDY = re.compile(
    r"\b(?:roll\w* ?back|rollback|revert\w*|restor\w+|fix\w*|patch\w*|push\w*|disabl\w+|switch\w*|replay|retrain\w*|"
    r"pinn?\w*|deploy\w*|unban\w*|off)\b",
    re.IGNORECASE,
)


def _names(statements: Sequence[Statement]) -> str:
    found = Counter(word for one in statements for word in _VICTIMS.findall(one.text.lower()))
    return found.most_common(1)[0][0] if found else "users"


def _symptom(situation: Situation) -> Statement | None:
    """The statement that tells best what went wrong."""
    told = [
        one
        for one in situation.current()
        if situation.matters(one)
        and one.cues & {Cue.IMPACT, Cue.DETECTION}
        and not one.cues & {Cue.ROLES, Cue.DECISION, Cue.RESOLUTION}
    ]
    return next((one for one in told if situation.weight(one) >= 1.5), told[0] if told else None)


def _cause(situation: Situation) -> Missing | None:
    firm = [
        one
        for one in situation.current()
        if one.cues & {Cue.CAUSE} and not one.cues & {Cue.HEDGE, Cue.ROLES} and _explains(one)
    ]
    tentative = [one for one in situation.statements if TENTATIVE.search(one.text)]
    if tentative and not any(has(Cue.CONFIRMED, one.text) and one.position > tentative[-1].position for one in firm):
        text = "The cause is only an early assessment; how much each change weighs in it is not known."
        return text, tuple(one.id for one in tentative[-2:]), 4.2
    if firm or any(guess.standing is Standing.CONFIRMED for guess in situation.guesses):
        return None
    symptom = _symptom(situation)
    if symptom is None:
        return None
    told = phrasing.clipped(phrasing.sentence([max(symptom.says, key=lambda part: len(content(part)))]), 14)
    return f"What started or caused this is not known yet: {_lower(told)}.", (symptom.id,), 4.4


def _explains(one: Statement) -> bool:
    return Cue.QUESTION not in one.cues or len(one.says) > 1


def _lower(text: str) -> str:
    return text[0].lower() + text[1:] if text[1:2].islower() else text


def _extent(situation: Situation) -> Missing | None:
    for one in situation.current():
        counts = [a for a in one.amounts if len(a.unit) >= 4 and a.unit not in _DURATIONS and len(a.value) > 1]
        if counts and Cue.IMPACT in one.cues and not one.entry.author_is_bot:
            return None
    if any(one.settled and _COUNTED.search(one.clause) for one in situation.asked):
        return None
    symptom = _symptom(situation)
    if symptom is None:
        return None
    return f"The number of affected {_names(situation.statements)} is not known yet.", (symptom.id,), 4.0


def _end(situation: Situation) -> Missing | None:
    """Whether the last remedy is complete and works; nothing once somebody said that it is over."""
    if situation.review_from is not None or _looked_back(situation):
        return None
    remedies = [
        one
        for one in situation.current()
        if not one.cues & {Cue.ROLES, Cue.RULED_OUT}
        and one.cues & {Cue.ACTION, Cue.DECISION, Cue.PROGRESS}
        and Cue.PREVENTION not in one.cues
        and not _OURS.match(one.text)
        and _REMEDY.search(one.text)
        and situation.matters(one)
    ]
    news = [
        one
        for one in situation.current()
        if Cue.DETECTION in one.cues and not one.cues & {Cue.RESOLUTION, Cue.PROGRESS}
    ]
    over = [one for one in situation.current() if Cue.RESOLUTION in one.cues and _is_over(one)]
    over = [one for one in over if not news or one.position > news[-1].position]
    if over and (not remedies or over[-1].position >= remedies[-1].position - 2):
        return None
    if not remedies:
        symptom = _symptom(situation)
        contained = any(_CONTAINED.match(one.entry.text) for one in situation.current())
        what = "fixed" if contained else "stopped and fixed"
        return (f"When this will be {what} is not known yet.", (symptom.id,), 3.0) if symptom else None
    last = remedies[-1]
    told = phrasing.clipped(phrasing.sentence(last.says[:2]), 10)
    return f"When this is complete and whether it ends the impact is not known yet: {_lower(told)}.", (last.id,), 3.6


def _looked_back(situation: Situation) -> bool:
    """True when it was over and somebody has stated the root cause since."""
    ended = next((one.position for one in situation.current() if Cue.RESOLUTION in one.cues and _is_over(one)), None)
    stated = (one.position for one in situation.current() if any(_ROOT_CAUSE.match(part) for part in one.says))
    return ended is not None and any(position > ended for position in stated)


def _is_over(one: Statement) -> bool:
    return not re.search(r"\b(?:not?|n't|never|nearly|almost|until|before|first)\b", one.text, re.IGNORECASE)


def _restoring(situation: Situation) -> Missing | None:
    lost = [one for one in situation.current() if _DATA_LOSS.search(one.text)]
    if not lost or any(_RESTORE.search(" ".join((*one.says, *one.asks))) for one in situation.statements):
        return None
    return "Whether a backup exists and the data can be restored is not known yet.", (lost[-1].id,), 4.1


def _own_account(situation: Situation) -> Missing | None:
    claims = [
        one
        for one in situation.statements
        if one.speaking_system and one.says and not one.ack and situation.corrections.of(one) is None
    ]
    proven = [
        one
        for one in situation.current()
        if claims and one.position > claims[-1].position and Cue.CONFIRMED in one.cues
    ]
    if not claims or proven or situation.in_review(situation.statements[-1]):
        return None
    name = claims[-1].entry.author_name
    return (
        f"Whether {name}'s own account and explanation is true is not verified.",
        tuple(one.id for one in claims[-2:]),
        3.7,
    )


def _dates(situation: Situation) -> Missing | None:
    announced = [
        one for one in situation.current() if any(_ANNOUNCED.search(p) for p in one.says) and situation.matters(one)
    ]
    if not announced:
        return None
    told = "; ".join(_lower(phrasing.clipped(_announcement(one), 8)) for one in announced[-3:])
    return f"When what was announced will be available: {told}.", tuple(one.id for one in announced[-3:]), 3.1


def _announcement(one: Statement) -> str:
    part = next(part for part in one.says if _ANNOUNCED.search(part))
    return phrasing.sentence([re.sub(r"^they say: ", "", unit) for unit in units(part) if _ANNOUNCED.search(unit)][:1])


_FINDERS: tuple[Callable[[Situation], Missing | None], ...] = (_cause, _end, _restoring, _own_account, _dates)


def missing(situation: Situation, *, counted: bool) -> list[Missing]:
    """What is not known though nobody asked: text, citations, weight. `counted`: the extent is asked for already."""
    found = [finding for finder in _FINDERS if (finding := finder(situation)) is not None]
    if not counted and (extent := _extent(situation)) is not None:
        found.append(extent)
    return found
