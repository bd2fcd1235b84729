"""Notification clocks: the questions, the decisions, the times, what was sent."""

from __future__ import annotations

from datetime import datetime

from app.domain.clock_record import Decision
from app.domain.errors import Invalid, NotFound
from app.domain.regime import Answer, Event, Regime
from app.domain.status_update import Audience
from app.services.clocks.clocks import ClockBoard, Sent
from app.slack.blocks import Block, safe_line
from app.slack.form_values import as_slack_sends, moments, several, texts
from app.slack.ids import Action
from app.slack.listeners import status_update
from app.slack.listeners.ask import Again, Ask
from app.slack.listeners.place import chosen, key_and, meant, number_in
from app.slack.views.clock_forms import decision_form, details_form, questions_form, sent_form, starts_form
from app.slack.views.clocks import clocks_view
from app.slack.words import counted


async def command(ask: Ask, words: str) -> None:
    """`clocks`: what ticks, and what waits for a decision."""
    await ask.take()
    incident, _ = await meant(ask, words, "clocks")
    await _open(ask, incident.key)


async def open_board(ask: Ask) -> None:
    await ask.take()
    await _open(ask, ask.value)


async def _open(ask: Ask, key: str) -> None:
    board = await ask.services.clocks.board(ask.actor, key)
    again = Again("Notification clocks", Action.CLOCKS_OPEN, board.incident.key)
    await ask.open(_drawn(ask, board), again)


async def open_questions(ask: Ask) -> None:
    await ask.take()
    board = await ask.services.clocks.board(ask.actor, ask.value)
    form = questions_form(board.incident, ask.services.clocks.law.knowledge, board.duties.answers)
    await ask.open(form, Again("Answer a few questions", Action.CLOCKS_ASK, board.incident.key))


async def submit_questions(ask: Ask) -> None:
    """Ask what these answers leave open, or show the result where nothing is."""
    clocks = ask.services.clocks
    ticked = (*several(ask.view, "where"), *several(ask.view, "what"))
    answers = clocks.first_answers(ticked)
    board = await clocks.board(ask.actor, ask.key)
    questions = clocks.questions(answers)
    if questions:
        await ask.answer_form(details_form(ask.key, ticked, questions, board.duties.answers))
    else:
        await _answered(ask, await clocks.answer(ask.actor, ask.key, answers))


async def submit_details(ask: Ask) -> None:
    """Keep all answers of both forms, and show what may apply."""
    clocks = ask.services.clocks
    answers = clocks.first_answers(ask.remembered.get("ticked") or ())
    answers |= {fact: chosen(Answer, given) for fact, given in texts(ask.view).items()}
    await _answered(ask, await clocks.answer(ask.actor, ask.key, answers))


async def open_decision(ask: Ask) -> None:
    await ask.take()
    key, regime_key = key_and(ask.value)
    board = await ask.services.clocks.board(ask.actor, key)
    await ask.open(decision_form(board, _regime(ask, regime_key)), Again("Decide", Action.CLOCKS_DECIDE, ask.value))


async def submit_decision(ask: Ask) -> None:
    """Decide, stamp the times given with it, and go on with the list."""
    regime = _regime(ask, str(ask.remembered.get("regime") or ""))
    entered = texts(ask.view)
    decision = chosen(Decision, entered.get("decision"))
    reason = as_slack_sends(entered.get("reason", ""))
    starts = _starts(ask) if decision is Decision.APPLIES else {}
    await ask.services.clocks.decide(ask.actor, ask.key, regime.key, decision, reason, starts)
    verb = "applies" if decision is Decision.APPLIES else "does not apply"
    await _board_again(ask, f"{safe_line(regime.name)} {verb}. That is on the record.")


async def open_starts(ask: Ask) -> None:
    """The times of the events that this incident's clocks count from."""
    await ask.take()
    board = await ask.services.clocks.board(ask.actor, ask.value)
    await ask.open(starts_form(board, _events(board)), Again("Stamp times", Action.CLOCKS_STAMP, board.incident.key))


async def submit_starts(ask: Ask) -> None:
    await ask.services.clocks.stamp(ask.actor, ask.key, _starts(ask))
    await _board_again(ask, "The times are stamped.")


async def open_sent(ask: Ask) -> None:
    """The form for what was sent; the button names regime and phase."""
    await ask.take()
    key, rest = key_and(ask.value)
    regime_key, _, phase = rest.partition(":")
    board = await ask.services.clocks.board(ask.actor, key)
    form = sent_form(board, _regime(ask, regime_key), phase, ask.services.clocks.clock.now())
    await ask.open(form, Again("Record as sent", Action.CLOCKS_SENT, ask.value))


async def submit_sent(ask: Ask) -> None:
    """Record it; what counts from it starts to tick."""
    place, at = ask.remembered, moments(ask.view).get("sent_at")
    if at is None:
        raise Invalid("Say when it was sent.", field="sent_at")
    what = as_slack_sends(texts(ask.view).get("what", ""))
    sent = Sent(str(place.get("regime") or ""), str(place.get("phase") or ""), what, at)
    row = await ask.services.clocks.record_sent(ask.actor, ask.key, sent)
    await _board_again(ask, f"“{safe_line(row.title)}” is recorded as sent.")


async def take_up(ask: Ask) -> None:
    """*On it*, on a reminder."""
    await ask.take()
    row = await ask.services.clocks.take_up(ask.actor, number_in(ask.value))
    await ask.say(f"Noted: you are on “{safe_line(row.title)}”.")


async def draft(ask: Ask) -> None:
    """A What We Know for the regulator, from the record."""
    await ask.take()
    await status_update.open_for(ask, ask.value, Audience.REGULATOR)


async def _answered(ask: Ask, board: ClockBoard) -> None:
    waiting = sum(one.key not in board.duties.clocks for one in board.candidates)
    said = f"{counted(waiting, 'duty', 'duties')} may apply. Legal decides each." if waiting else ""
    await ask.answer_form(_drawn(ask, board, said))


async def _board_again(ask: Ask, said: str) -> None:
    await ask.answer_form(_drawn(ask, await ask.services.clocks.board(ask.actor, ask.key), said))


def _drawn(ask: Ask, board: ClockBoard, said: str = "") -> Block:
    return clocks_view(board, ask.services.clocks.clock.now().date(), said)


def _regime(ask: Ask, key: str) -> Regime:
    regime = ask.services.clocks.law.knowledge.regime(key)
    if regime is None:
        raise NotFound("There is no such regime any more. Nothing was changed.")
    return regime


def _events(board: ClockBoard) -> list[Event]:
    """Those that a regime which applies counts from, in the order in which they come."""
    applying = [one for one in board.candidates if _applies(board, one)]
    wanted = {event for regime in applying for event in regime.events(board.duties.answers)}
    return [event for event in Event if event in wanted]


def _applies(board: ClockBoard, regime: Regime) -> bool:
    clock = board.duties.clocks.get(regime.key)
    return clock is not None and clock.decision is Decision.APPLIES


def _starts(ask: Ask) -> dict[Event, datetime]:
    return {Event(name): at for name, at in moments(ask.view).items() if name in set(Event)}
