"""The forms of reproduction trials: a new one, answers to judge, a person's word."""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.incident import Incident
from app.domain.trial import ACCEPTABLE_PERCENT, TrialPhase
from app.domain.trial_record import Rule, Series, Trial, TrialTry, series_of, standing
from app.services.trials.trials import PROMPT_MAX, TrialBoard
from app.slack.blocks import Block, actions, button, context, preformatted, safe_line, section
from app.slack.ids import Action, View
from app.slack.inputs import choice, field, modal, number_box, text_box
from app.slack.messages.trial import PHASE_NAMES, RULE_NAMES
from app.slack.views.metadata import packed
from app.slack.words import headline

SHOWN_SERIES = 5
JUDGED_AT_ONCE = 20
ANSWER_SHOWN = 1500
FAILED, PASSED = "failed", "passed"


def trial_form(board: TrialBoard) -> Block:
    """What was shown so far, then a new trial: counted by hand, or run where a target is configured."""
    incident, last = board.incident, _last(board.trials)
    phases = [(phase.value, name.capitalize()) for phase, name in PHASE_NAMES.items()]
    phase = TrialPhase.AFTER if last is not None else TrialPhase.BEFORE
    run = f"Leave empty to run it against {board.target}." if board.target else board.why_not
    blocks = [section(headline(incident)), *_so_far(board)]
    blocks += [
        field("phase", "When", choice(phases, initial=phase), required=True),
        field("prompt", "Prompt", _prompt(last), required=True),
        field("tries", "Tries", number_box(initial=last.wanted if last else 10), required=True),
        field("failures", "Of these, failed", number_box(least=0), required=board.target is None, hint=run),
        field("setting", "Setting", text_box(placeholder="Model and prompt version, sampling")),
        field("acceptable_percent", "Acceptable failure rate in %", number_box(initial=ACCEPTABLE_PERCENT, most=50)),
    ]
    if board.target is not None:
        blocks += _judging(last)
    return modal(View.TRIAL, "Reproduction trial", blocks, submit="Keep", private_metadata=packed(key=incident.key))


def judge_form(incident: Incident, trial: Trial, tries: Sequence[TrialTry]) -> Block:
    """Answers that wait to be judged, at most twenty at a time."""
    shown = tries[:JUDGED_AT_ONCE]
    left = len(tries) - len(shown)
    blocks = [section(f"{headline(incident)}\nTrial {trial.number}: did it fail?"), preformatted(trial.prompt, 500)]
    verdicts = [(FAILED, "Failed"), (PASSED, "Did not fail")]
    for one in shown:
        blocks.append(preformatted(one.answer or "(an empty answer)", ANSWER_SHOWN))
        blocks.append(
            field(f"try_{one.number}", f"Answer {one.number}", choice(verdicts, placeholder="Your judgement"))
        )
    if left:
        blocks.append(context(f"{left} more come after these."))
    return modal(
        View.TRIAL_JUDGE,
        "Judge the answers",
        blocks,
        submit="Keep",
        private_metadata=packed(key=incident.key, trial=trial.id),
    )


def word_form(board: TrialBoard) -> Block:
    """A person's word, with a reason, in place of a trial."""
    return modal(
        View.TRIAL_OVERRIDE,
        "Call it verified",
        [
            section(f"{headline(board.incident)}\n🧪 {safe_line(standing(board.trials)[1], 600)}"),
            context("The record will say that a person said so, and why."),
            field("reason", "Why the fix holds all the same", text_box(lines=True), required=True),
        ],
        submit="Call it verified",
        private_metadata=packed(key=board.incident.key),
    )


def _so_far(board: TrialBoard) -> list[Block]:
    series = series_of(board.trials)
    lines = [f"🧪 {safe_line(one.prompt, 80)}\n{_totals(one)} {safe_line(one.verdict.sentence, 500)}" for one in series]
    blocks = [section(line) for line in lines[-SHOWN_SERIES:]]
    verified, said = standing(board.trials)
    if not series:
        blocks.append(context(safe_line(said)))
    if not verified and series:
        blocks.append(actions(button("Call it verified anyway", Action.TRIAL_OVERRIDE, board.incident.key)))
    return blocks


def _totals(series: Series) -> str:
    before, after = series.total(TrialPhase.BEFORE), series.total(TrialPhase.AFTER)
    return f"Before {before}, after {after}." if before.tries and after.tries else ""


def _prompt(last: Trial | None) -> Block:
    return text_box(lines=True, initial=last.prompt if last else "", max_length=PROMPT_MAX)


def _judging(last: Trial | None) -> list[Block]:
    rules = [(rule.value, name) for rule, name in RULE_NAMES.items()]
    rule = last.rule if last and last.rule else Rule.CONTAINS
    return [
        field("rule", "When run, a try failed when", choice(rules, initial=rule)),
        field("expected", "Text, pattern or schema", text_box(lines=True, initial=last.expected if last else "")),
    ]


def _last(trials: Sequence[Trial]) -> Trial | None:
    return next((one for one in reversed(trials) if one.prompt), None)
