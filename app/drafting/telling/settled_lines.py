"""Lines about guesses and questions: what is suspected, what was ruled out, what was answered."""

from __future__ import annotations

import re

from app.domain.status_update import Section
from app.drafting.reading.answers import Asked, is_request
from app.drafting.reading.cues import Cue
from app.drafting.reading.guesses import Guess, Standing, reason_alone, specific
from app.drafting.reading.situation import Situation
from app.drafting.reading.statements import Statement
from app.drafting.reading.tokens import content
from app.drafting.reading.weights import MENTION
from app.drafting.telling import phrasing
from app.drafting.telling.budget import Line
from app.drafting.telling.line_of import both, line_of
from app.drafting.telling.sections import section_of


def guess_lines(situation: Situation, used: set[int]) -> list[Line]:
    """A line for each guess, as what it is by now, and one for facts stated before a guess in the same message."""
    lines: list[Line] = []
    for guess in situation.guesses:
        withdrawn = situation.corrections.of(guess.statement) is not None
        if withdrawn and guess.standing is Standing.OPEN:
            continue
        lines.extend(_facts_before(situation, guess, used))
        if (line := _guess_line(situation, guess, used)) is not None:
            lines.append(line)
        used.add(guess.id)
    return lines


def _guess_line(situation: Situation, guess: Guess, used: set[int]) -> Line | None:
    if guess.standing is Standing.CONFIRMED or (
        guess.standing is Standing.OPEN and situation.overtaken(guess.statement)
    ):
        return _suspected(situation, guess, "Suspected early on:", -0.6)
    if guess.standing is Standing.OPEN:
        return _suspected(situation, guess, "Suspected, not confirmed:", 0.6)
    if guess.by is None or guess.by.id in used:
        return None
    line = _ruled_out(situation, guess, guess.by)
    if line is not None:
        used.add(guess.by.id)
    return line


def _suspected(situation: Situation, guess: Guess, lead: str, extra: float) -> Line:
    one = guess.statement
    said = phrasing.without_hedge(phrasing.guarded(guess.clause))
    reasons = list(one.says[one.says.index(guess.clause) + 1 :]) if guess.clause in one.says else []
    full = phrasing.sentence([said, *reasons] if extra > 0 else [said], lead)
    short = phrasing.sentence([phrasing.clipped(said, 18)], lead)
    weight = max(situation.weight(one), MENTION) + extra
    return line_of(Section.TESTING, (full, short), [one.id], weight, one.position)


def _ruled_out(situation: Situation, guess: Guess, by: Statement) -> Line | None:
    """ "Ruled out: …" with the reason, unless the statement that rules it out names what it rules out itself."""
    wanted = specific(guess.clause)
    if len(wanted & by.tokens) * 3 >= len(wanted) and len(by.tokens) >= 4:
        return None
    guessed = phrasing.clipped(phrasing.without_hedge(phrasing.guarded(guess.clause)), 12)
    reason = reason_alone(phrasing.sentence(phrasing.answer_text(by.says)))
    because = f" ({reason[0].lower()}{reason[1:].rstrip('.')})" if by.says else ""
    text = f"Ruled out: {guessed}{because}."
    weight = max(situation.weight(by), MENTION) + 0.8
    return line_of(Section.TESTING, (text, text), [guess.id, by.id], weight, by.position)


def _facts_before(situation: Situation, guess: Guess, used: set[int]) -> list[Line]:
    """What was stated as a fact before the guess in one message."""
    one = guess.statement
    if guess.clause in one.asks:
        facts = (
            list(one.says) if one.says and one.text and one.entry.text.find(one.says[0][:12]) < _place(guess) else []
        )
    else:
        facts = list(one.says[: one.says.index(guess.clause)]) if guess.clause in one.says else []
    if not facts or one.id in used or len(content(" ".join(facts))) < 4:
        return []
    return [line_of(section_of(situation, one), both(facts), [one.id], situation.weight(one), one.position)]


def _place(guess: Guess) -> int:
    return guess.statement.entry.text.find(guess.clause[:12])


def answer_lines(situation: Situation, used: set[int]) -> list[Line]:
    """Short answers told together with their question."""
    lines = []
    for one in situation.asked:
        reply = next((reply for reply in one.replies if not _dodged(reply)), None)
        reply = reply if reply is None else situation.corrections.newest(reply)
        if (
            not one.settled
            or reply is None
            or reply.id in used
            or not _needs_question(reply, one.clause)
            or is_request(one.clause)
        ):
            continue
        if len(content(one.clause)) < 2 and len(reply.tokens) < 2:
            continue
        line = _answer_line(situation, one, reply)
        used.add(reply.id)
        if line.weight >= MENTION:
            lines.append(line)
    return lines


def _dodged(reply: Statement) -> bool:
    return reply.speaking_system or Cue.UNKNOWN in reply.cues or not reply.says


def _needs_question(reply: Statement, clause: str) -> bool:
    """True when `reply` says too little without its question: a bare yes or no, a number of nothing in particular."""
    if re.search(r"\bhow many\b", clause, re.IGNORECASE) and reply.amounts and not reply.counted & content(clause):
        return len(reply.named) < 6
    opener = reply.says[0].split(" ")[0].strip(",.:;").lower()
    return len(reply.tokens) < 4 or (opener in {"no", "nope", "yes", "both", "all", "only"} and len(reply.tokens) < 6)


def _answer_line(situation: Situation, one: Asked, reply: Statement) -> Line:
    asked = phrasing.question(phrasing.guarded(one.clause))
    answer = "; ".join(phrasing.tidy(phrasing.guarded(part)) for part in reply.says)
    text = f"Asked \u201c{asked}\u201d: {answer}."
    section = section_of(situation, reply)
    weight = max(situation.weight(reply), situation.weight(one.statement) - 0.4)
    if len(content(asked)) >= 2:
        weight = max(weight, MENTION + 0.1)
    return line_of(section, (text, text), [one.id, reply.id], weight, reply.position)
