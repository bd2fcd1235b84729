"""Playbooks to draw, in the words of a sample."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from app.domain.incident import Severity
from app.domain.notices import Notice
from app.domain.playbook import Answer, Effect, Gate, Opening, Part, Playbook, Step, StepKind
from app.domain.playbook_notices import GateAsked, StepGiven
from app.domain.playbook_progress import PlaybookStep, Progress, StepState, progress_of
from app.domain.roles import Role

DUE_AT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


def gates_asked(sample: Any) -> Iterator[Notice]:
    gate = gate_of(sample)
    yield StepGiven(sample.incident(), "step-1", sample.text(min(sample.length, 300)), "U0ADA")
    yield GateAsked(sample.incident(), gate, DUE_AT, standing_in=True)
    yield GateAsked(sample.incident(channel_id=None), gate, DUE_AT, late=True)
    yield GateAsked(sample.incident(), gate, DUE_AT, answer=gate.answers[0], answered_by="U0BEN")


def gate_of(sample: Any) -> Gate:
    then = Effect(
        adds=("one",),
        recommends=(Role.LEGAL, Role.COMMANDER),
        opens=tuple(Opening),
        severity=Severity.SEV1,
        says=sample.text(min(sample.length, 300)),
    )
    label = sample.text(min(sample.length, 40))
    answers = tuple(Answer(key=f"answer-{number}", label=label, then=then) for number in range(4))
    question = sample.text(min(sample.length, 300))
    return Gate(key="gate", question=question, role=Role.COMMANDER, within_minutes=30, answers=answers)


def progress_in(sample: Any, **changed: Any) -> Progress:
    """A gate, steps of every kind, and every state."""
    words = sample.text(min(sample.length, 300))
    steps = [Step(key=f"step-{number}", text=words, role=Role.TECH, changes=True) for number in range(8)]
    part = Part(
        playbook="every",
        name=sample.text(min(sample.length, 60)),
        evidence=tuple(steps[:2]),
        priorities=tuple(steps[2:5]),
        gates=(gate_of(sample), gate_of(sample).model_copy(update={"key": "decided"})),
        actions=tuple(steps[5:]),
        standards={"csf": (words,)},
    )
    of: dict[str, Any] = {"team": "T1", "incident_id": 7, "text": words, "role": Role.TECH, "by": "U0ADA"}
    rows = [
        PlaybookStep(**of, key="step-0", kind=StepKind.EVIDENCE, state=StepState.DONE),
        PlaybookStep(**of, key="step-2", kind=StepKind.PRIORITY, state=StepState.SKIPPED, reason=sample.text()),
        PlaybookStep(**of, key="step-3", kind=StepKind.PRIORITY, assignee="U0BEN"),
        PlaybookStep(**of, key="decided", kind=StepKind.GATE, state=StepState.ANSWERED, answer="answer-1"),
    ]
    return progress_of(sample.incident(**changed), Playbook((part,)), rows)
