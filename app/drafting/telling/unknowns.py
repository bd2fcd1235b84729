"""What nobody knows yet: raised by people, asked and unanswered, or missing from every account."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from app.domain.status_update import Section
from app.drafting.reading.answers import Asked, dodges, is_request
from app.drafting.reading.cues import Cue, has
from app.drafting.reading.guesses import Standing, asks_to_verify
from app.drafting.reading.situation import Situation
from app.drafting.reading.statements import Statement
from app.drafting.reading.tokens import content, overlap, word_set
from app.drafting.reading.wording import read
from app.drafting.telling import phrasing
from app.drafting.telling.budget import Line
from app.drafting.telling.missing import missing
from app.ports.drafter import Sentence

_WAITING = re.compile(
    r"(?:\bno (?:answer|reply|word|news|response)\b.*?\bfrom|\bwaiting for) (?:the |an? )?(\w+)", re.IGNORECASE
)
_AGAIN = re.compile(r"\b(?:can|could|might|will) (?:still )?(?:do|happen)\b.*\bagain\b|\bcan still\b", re.IGNORECASE)
_COUNT = re.compile(r"\bhow many\b|\bnumbers?\b|\bregions?\b|\bscope\b", re.IGNORECASE)
_COUNTING = word_set("many much number know known yet affect still public")
_LINK = re.compile(r"\b(?:caus\w+|related|connected|same|behind|linked)\b", re.IGNORECASE)
_OPEN_LEAD = re.compile(r"^(?:still )?open(?: from my side| question)?s?\b[:,]?\s*", re.IGNORECASE)


def _line(text: str, citations: Iterable[int], weight: float, order: float) -> Line:
    return Line(Section.UNKNOWNS, text, text, tuple(dict.fromkeys(citations)), weight, order)


def _raised(situation: Situation) -> list[Line]:
    """The unknowns on the list."""
    known = {entry.id for entry in situation.evidence.entries}
    lines = []
    for unknown in situation.evidence.unknowns:
        text = phrasing.guarded(read(unknown.text, situation.evidence.names).said)
        shown = phrasing.question(text) if text.endswith("?") else phrasing.finished(phrasing.tidy(text))
        cited = [unknown.entry_id] if unknown.entry_id in known else []
        lines.append(_line(shown, cited, 9.0, unknown.number))
    return lines


def _worth_asking(asked: Asked) -> bool:
    size = len(content(asked.clause))
    if size == 1 and any(Cue.UNKNOWN in reply.cues for reply in asked.replies):
        return True
    if asked.settled or asked.statement.speaking_system or has(Cue.SOCIAL, asked.clause):
        return False
    if is_request(asked.clause) and not any(Cue.UNKNOWN in reply.cues for reply in asked.replies):
        return False
    return size >= 2 or (size == 1 and _COUNT.search(asked.clause) is not None)


def _asked(situation: Situation) -> list[Line]:
    lines = []
    settled = {guess.clause for guess in situation.guesses if guess.standing is not Standing.OPEN}
    for one in situation.asked:
        if not _worth_asking(one) or one.clause in settled or asks_to_verify(one.clause):
            continue
        text = phrasing.question(phrasing.guarded(one.clause))
        if _LINK.search(text) and len(content(text)) >= 2:
            text = f"Whether there is a link: {text[0].lower()}{text[1:]}"
        if len(content(one.clause)) < 2 and one.statement.says:
            text = f"{text} {phrasing.sentence(one.statement.says)}"
        evasive = [reply for reply in one.replies if dodges(reply) and not reply.speaking_system][:1]
        extra = next((part for reply in evasive for part in reply.says if len(content(part)) >= 4), "")
        if evasive and (short := phrasing.sentence(evasive[0].says if extra else evasive[0].says[:1])):
            text = f"{text} {short}"
        cited = [one.id, *(reply.id for reply in evasive)]
        lines.append(_line(text, cited, 3.2 + _recency(situation, one.statement), one.statement.position))
    return lines


def _recency(situation: Situation, one: Statement) -> float:
    return one.position / max(1, len(situation.statements))


def _answered_since(situation: Situation, one: Statement) -> bool:
    if situation.corrections.of(one) is not None:
        return True
    later = [other for other in situation.statements if other.position > one.position and other.says]
    return any(_settles(one, other) for other in later if Cue.UNKNOWN not in other.cues)


def _settles(one: Statement, later: Statement) -> bool:
    """True when `later` tells what `one` did not know."""
    awaited = _WAITING.search(one.text)
    if awaited and awaited.group(1).lower() in later.tokens:
        return True
    if Cue.HEDGE in later.cues:
        return False
    if Cue.PROGRESS in one.cues and Cue.RESOLUTION in later.cues and one.tokens & later.tokens:
        return True
    root = one.entry.thread_of
    if root is not None and later.entry.thread_of == root and Cue.RESOLUTION in later.cues:
        return True
    return len(one.tokens & later.tokens) >= 3 and overlap(one.tokens, later.tokens) >= 0.6


def admitted(situation: Situation) -> list[Statement]:
    """The statements that say that something isn't known, decided or closed, and that nothing since has settled."""
    replies = {guess.by.id for guess in situation.guesses if guess.by is not None}
    replies |= {reply.id for one in situation.asked if not one.settled and _worth_asking(one) for reply in one.replies}
    return [
        one
        for one in situation.current()
        if Cue.UNKNOWN in one.cues
        and one.id not in replies
        and not one.ack
        and len(one.text.split()) >= 4
        and not one.entry.author_is_bot
        and not _answered_since(situation, one)
    ]


def _admitted_text(one: Statement) -> str:
    if match := _AGAIN.search(one.text):
        part = next((part for part in one.says if _AGAIN.search(part)), match.group())
        part = part.rsplit(":", 1)[-1]
        return phrasing.sentence([part], "How to keep it from happening again:")
    parts = [part for part in one.says if has(Cue.UNKNOWN, part)] or list(one.says)
    parts[0] = _OPEN_LEAD.sub("", parts[0]) or parts[0]
    if re.match(r"^(?:is|are|was|were|does|do|did|can|will|has|have)\b", parts[0], re.IGNORECASE):
        return " ".join([phrasing.question(parts[0]), *([phrasing.sentence(parts[1:])] if parts[1:] else [])])
    rest = one.says[one.says.index(parts[-1]) + 1 :][:1] if parts[-1] in one.says else ()
    return phrasing.sentence([*parts, *rest] if len(content(" ".join(parts))) < 4 else parts)


def _said(situation: Situation) -> list[Line]:
    return [
        _line(_admitted_text(one), [one.id], 3.0 + _recency(situation, one) + (4 if one.marked else 0), one.position)
        for one in admitted(situation)
    ]


def _guessed(situation: Situation) -> list[Line]:
    lines = []
    for guess in situation.guesses:
        if (
            guess.standing is not Standing.OPEN
            or situation.overtaken(guess.statement)
            or situation.corrections.of(guess.statement) is not None
        ):
            continue
        if any(guess.clause == one.clause for one in situation.asked if not one.settled and _worth_asking(one)):
            continue
        text = phrasing.sentence(
            [phrasing.clipped(phrasing.without_hedge(phrasing.guarded(guess.clause)), 14)], "Whether this holds:"
        )
        lines.append(_line(text, [guess.id], 2.6 + _recency(situation, guess.statement), guess.statement.position))
    return lines


def _merged(lines: Sequence[Line]) -> list[Line]:
    """`lines` with those about the same thing made one: the weightiest wording, everybody's citations."""
    kept: list[Line] = []
    for line in sorted(lines, key=lambda one: -one.weight):
        twin = next((i for i, one in enumerate(kept) if _alike(one, line)), None)
        if twin is None:
            kept.append(line)
            continue
        one = kept[twin]
        fuller = line if len(content(line.full)) > len(content(one.full)) and line.weight > one.weight - 1 else one
        kept[twin] = _line(fuller.full, (*one.citations, *line.citations), one.weight + 0.3, one.order)
    return kept


def _alike(one: Line, other: Line) -> bool:
    if set(one.citations) & set(other.citations) and one.full == other.full:
        return True
    ours, theirs = content(one.full) - _COUNTING, content(other.full) - _COUNTING
    counted = bool(_COUNT.search(one.full)) and bool(_COUNT.search(other.full))
    if counted:
        return overlap(ours, theirs) >= 0.5
    return min(len(ours), len(theirs)) >= 2 and overlap(ours, theirs) >= 0.67


def unknown_lines(situation: Situation) -> list[Line]:
    """A line for everything that is open, without doubles, each citing where it was raised."""
    lines = [*_raised(situation), *_asked(situation), *_said(situation), *_guessed(situation)]
    counted = any(_COUNT.search(line.full) for line in lines)
    lines += [
        _line(text, cited, weight, 10_000 + index)
        for index, (text, cited, weight) in enumerate(missing(situation, counted=counted))
    ]
    return _merged(lines)


def unlisted(situation: Situation, sentences: Sequence[Sentence]) -> list[Sentence]:
    """The unknowns on the list that `sentences` don't mention; all that is open when `sentences` is empty."""
    lines = _raised(situation) if sentences else sorted(unknown_lines(situation), key=lambda line: -line.weight)[:6]
    said = [content(sentence.text) for sentence in sentences]
    return [
        Sentence(line.full, line.citations)
        for line in lines
        if not any(overlap(content(line.full), one) >= 0.5 for one in said)
    ]
