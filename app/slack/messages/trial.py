"""A reproduction trial in the channel: what it asks, how far it is, what it shows."""

from __future__ import annotations

from app.domain.trial import TrialPhase, wilson
from app.domain.trial_notices import TrialShown
from app.domain.trial_record import Rule, Trial, TrialKind, TrialState
from app.slack.blocks import Block, actions, button, context, mention, preformatted, safe, safe_line, section
from app.slack.ids import Action
from app.slack.messages.dispatch import Rendered, render
from app.slack.words import counted

PROMPT_SHOWN = 500
PHASE_NAMES = {TrialPhase.BEFORE: "before the fix", TrialPhase.AFTER: "after the fix"}
RULE_NAMES: dict[Rule, str] = {
    Rule.CONTAINS: "its answer contains the text",
    Rule.LACKS: "its answer lacks the text",
    Rule.REGEX: "its answer matches the pattern",
    Rule.SCHEMA: "its answer breaks the JSON schema",
    Rule.HUMAN: "a person says so",
}
_STATES: dict[TrialState, str] = {
    TrialState.RUNNING: "running",
    TrialState.JUDGING: "waits to be judged",
    TrialState.DONE: "done",
    TrialState.CANCELLED: "cancelled",
    TrialState.CEILING: "stopped at its ceiling",
    TrialState.FAILED: "could not go on",
}


@render.register
def shown(notice: TrialShown) -> Rendered:
    """The count first, then what it shows, the prompt in a box, and what can be done."""
    trial = notice.trial
    point = f"Trial {trial.number} {PHASE_NAMES[trial.phase]}: {_count(trial)}"
    blocks: list[Block] = [section(f"🧪 *{point}*\n{safe_line(notice.verdict, 600)}")]
    blocks.append(preformatted(trial.prompt, PROMPT_SHOWN))
    blocks.append(context(_how(trial)))
    buttons = _buttons(trial)
    if buttons:
        blocks.append(actions(*buttons))
    return f"{notice.incident.key}: {point}", blocks


def _count(trial: Trial) -> str:
    count = f"{trial.count} failed"
    interval = f" (likely {wilson(trial.count)})" if trial.tries else ""
    if trial.state is TrialState.DONE:
        return count + interval
    early = f": {safe(trial.reason, 200)}" if trial.reason else ""
    return f"{count}{interval}, {_STATES[trial.state]} ({trial.made} of {trial.wanted}){early}"


def _how(trial: Trial) -> str:
    how = ["counted by hand" if trial.kind is TrialKind.BY_HAND else "run against the configured target"]
    if trial.setting:
        how.append(safe_line(trial.setting, 200))
    if trial.rule is not None:
        expected = f" “{safe_line(trial.expected, 150)}”" if trial.expected else ""
        how.append(f"failed when {RULE_NAMES[trial.rule]}{expected}")
    if trial.tokens:
        how.append(f"{trial.tokens:,} tokens")
    if trial.errors:
        how.append(f"{counted(trial.errors, 'time')} without an answer")
    return " · ".join([*how, f"by {mention(trial.asked_by)}"])


def _buttons(trial: Trial) -> list[Block]:
    value = str(trial.id)
    if trial.state is TrialState.RUNNING:
        return [button("Cancel", Action.TRIAL_CANCEL, value, "danger")]
    buttons = []
    if trial.rule is Rule.HUMAN and trial.made > trial.tries:
        buttons.append(button("Judge the answers", Action.TRIAL_JUDGE, value, "primary"))
    if trial.state in (TrialState.CANCELLED, TrialState.CEILING, TrialState.FAILED):
        buttons.append(button("Go on", Action.TRIAL_RESUME, value))
    return buttons
