"""Reproduction trials: recorded, run, cancelled, judged, or overridden by a person's word."""

from __future__ import annotations

from app.domain.errors import Invalid
from app.domain.trial import ACCEPTABLE_PERCENT, TrialPhase
from app.domain.trial_record import Rule
from app.services.trials.trials import Wish
from app.slack.form_values import texts
from app.slack.ids import Action
from app.slack.listeners.ask import Again, Ask
from app.slack.listeners.place import chosen, meant, number_in
from app.slack.views.trial import FAILED, judge_form, trial_form, word_form

DIGITS_MOST = 9


async def command(ask: Ask, words: str) -> None:
    """`trial`: what the trials show so far, and a form for another."""
    await ask.take()
    incident, _ = await meant(ask, words, "trial")
    await _open(ask, incident.key)


async def open_form(ask: Ask) -> None:
    await ask.take()
    await _open(ask, ask.value)


async def _open(ask: Ask, key: str) -> None:
    board = await ask.services.trials.board(ask.actor, key)
    await ask.open(trial_form(board), Again("Reproduction trial", Action.TRIAL_OPEN, board.incident.key))


async def submit(ask: Ask) -> None:
    """Keep what was counted, or begin to run it; the message in the channel tells the rest."""
    entered = texts(ask.view)
    failures = entered.get("failures", "")
    board = await ask.services.trials.board(ask.actor, ask.key)
    if not failures and board.target is None:
        raise Invalid(f"Enter how many failed. {board.why_not}", field="failures")
    wish = Wish(
        phase=chosen(TrialPhase, entered.get("phase")),
        prompt=entered.get("prompt", ""),
        tries=_number(entered.get("tries", ""), "tries"),
        failures=_number(failures, "failures") if failures else None,
        setting=entered.get("setting", ""),
        acceptable_percent=_number(entered.get("acceptable_percent", str(ACCEPTABLE_PERCENT)), "acceptable_percent"),
        rule=chosen(Rule, entered["rule"]) if entered.get("rule") else None,
        expected=entered.get("expected", ""),
    )
    await ask.services.trials.submit(ask.actor, ask.key, wish)
    await ask.take(response_action="clear")


async def cancel(ask: Ask) -> None:
    await ask.take()
    await ask.services.trials.cancel(ask.actor, number_in(ask.value))


async def resume(ask: Ask) -> None:
    await ask.take()
    await ask.services.trials.resume(ask.actor, number_in(ask.value))


async def open_judge(ask: Ask) -> None:
    """The answers that wait for a person's judgement."""
    await ask.take()
    incident, trial, tries = await ask.services.trials.unjudged(ask.actor, number_in(ask.value))
    if not tries:
        await ask.say(f"Every answer of trial {trial.number} is judged.")
        return
    await ask.open(judge_form(incident, trial, tries), Again("Judge the answers", Action.TRIAL_JUDGE, ask.value))


async def submit_judge(ask: Ask) -> None:
    """Keep the judgements given; those left open can be given later."""
    given = {name: said for name, said in texts(ask.view).items() if name.startswith("try_")}
    failed = {_number(name.removeprefix("try_"), name): said == FAILED for name, said in given.items()}
    await ask.services.trials.judge(ask.actor, number_in(str(ask.remembered.get("trial") or "")), failed)
    await ask.take(response_action="clear")


async def open_override(ask: Ask) -> None:
    await ask.take()
    board = await ask.services.trials.board(ask.actor, ask.value)
    await ask.open(word_form(board), Again("Call it verified", Action.TRIAL_OVERRIDE, board.incident.key))


async def submit_override(ask: Ask) -> None:
    await ask.services.trials.override(ask.actor, ask.key, texts(ask.view).get("reason", ""))
    await ask.take(response_action="clear")


def _number(text: str, name: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= DIGITS_MOST):
        raise Invalid("Give a whole number.", field=name)
    return int(text)
