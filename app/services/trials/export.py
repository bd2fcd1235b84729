"""Reproduction trials as the record and its Markdown show them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from app.domain.columns import instant
from app.domain.trial import wilson
from app.domain.trial_record import Trial, TrialKind, TrialTry, series_of
from app.ports.store import UnitOfWork
from app.services.records.inert_markdown import inert

Json = dict[str, Any]


async def trial_records(uow: UnitOfWork, incident_id: int) -> list[Json]:
    """Every trial with its interval, what the trials of its prompt show together, and each try of an automatic one."""
    trials = await uow.of_incident(Trial, incident_id)
    tries = await uow.of_incident(TrialTry, incident_id) if any(one.rule for one in trials) else ()
    verdicts = {one.id: series.verdict.sentence for series in series_of(trials) for one in series.trials}
    return [_trial(one, verdicts.get(one.id), [each for each in tries if each.trial_id == one.id]) for one in trials]


def trials_markdown(record: Mapping[str, Any]) -> Iterable[str]:
    """A part of its own where something was tried; nothing otherwise."""
    if not record["trials"]:
        return
    yield "## Reproduction trials"
    yield "\n".join(_line(one) for one in record["trials"])


def _line(trial: Mapping[str, Any]) -> str:
    if trial["kind"] == TrialKind.OVERRIDE:
        return f"- **{trial['number']}.** Called verified without a trial: {inert(trial['reason'] or '')}"
    low, high = (round(share * 100) for share in trial["interval"])
    setting = f" ({inert(trial['setting'])})" if trial["setting"] else ""
    return (
        f"- **{trial['number']}.** {trial['phase']} the fix{setting}: {trial['failures']} of {trial['tries']} failed "
        f"({low}–{high} %), {trial['state']}. Prompt: {inert(trial['prompt'])}\n  - {inert(trial['verdict'] or '')}"
    )


def _trial(trial: Trial, verdict: str | None, tries: list[TrialTry]) -> Json:
    interval = wilson(trial.count)
    return {
        "number": trial.number,
        "kind": trial.kind.value,
        "phase": trial.phase.value,
        "prompt": trial.prompt,
        "setting": trial.setting,
        "acceptable_percent": trial.acceptable_percent,
        "rule": trial.rule.value if trial.rule else None,
        "expected": trial.expected or None,
        "state": trial.state.value,
        "tries": trial.tries,
        "failures": trial.failures,
        "errors": trial.errors,
        "interval": [round(interval.low, 4), round(interval.high, 4)],
        "verdict": verdict,
        "reason": trial.reason or None,
        "tokens": trial.tokens,
        "asked_by": trial.asked_by,
        "asked_at": instant(trial.asked_at),
        "ended_at": _instant(trial.ended_at),
        "answers": [
            {"number": one.number, "outcome": one.outcome.value, "answer": one.answer, "judged_by": one.judged_by}
            for one in sorted(tries, key=lambda each: each.number)
        ],
    }


def _instant(value: datetime | None) -> str | None:
    return instant(value) if value is not None else None
