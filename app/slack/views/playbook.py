"""The playbook of an incident: what comes next, all of it, why a step is left out, and the standards behind it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from app.domain.incident import Archetype
from app.domain.playbook import Answer, Framework, Gate, StepKind
from app.domain.playbook_progress import Placed, Progress, StepState
from app.domain.roles import Role
from app.slack.blocks import (
    Block,
    actions,
    button,
    context,
    divider,
    mention,
    safe_line,
    safe_with_people,
    section,
    sections,
    when,
)
from app.slack.ids import Action, View
from app.slack.inputs import field as input_field
from app.slack.inputs import modal, person_choice, text_box
from app.slack.messages.playbook import answer_buttons, outcome_blocks
from app.slack.views.metadata import packed
from app.slack.words import SHORT_ROLES, headline

SHOWN_GATES = 2
SHOWN_CLOSED = 60
KIND_NAMES: Mapping[StepKind, str] = {
    StepKind.EVIDENCE: "Keep the evidence",
    StepKind.PRIORITY: "Respond",
    StepKind.GATE: "Decide",
    StepKind.ACTION: "Mend",
}


@dataclass(frozen=True)
class Shown:
    """The progress as one person sees it now. `said`: what the last press came to; `undo`: the step it closed."""

    progress: Progress
    now: datetime
    holders: Mapping[Role, str] = field(default_factory=dict)
    said: str = ""
    undo: str = ""
    answer: Answer | None = None


def playbook_view(shown: Shown) -> Block:
    """The few things that come next, each with its buttons."""
    progress = shown.progress
    key = progress.incident.key
    blocks = [section(f"{headline(progress.incident)}\n{_top(progress)}"), *_said(shown)]
    for gate in progress.gates_due(shown.now)[:SHOWN_GATES]:
        blocks += _gate(shown, gate)
    steps = progress.next_steps()
    if progress.evidence_left and any(one.item.changes for one in steps):
        blocks.append(context(f"⚠️ {progress.evidence_left} pieces of evidence aren't kept: keep them before a change."))
    for step in steps:
        blocks += [divider(), *_step(shown, step)]
    if progress.done == progress.total:
        blocks.append(section("Everything is done or decided."))
    every = button("All steps", Action.PLAYBOOK_ALL, key)
    blocks += [divider(), actions(every, button("Standards", Action.PLAYBOOK_STANDARDS, key))]
    return modal(View.PLAYBOOK, f"{key} playbook", blocks, close="Close", private_metadata=packed(key=key))


def all_steps_view(progress: Progress) -> Block:
    """Everything, what is open in short, what is closed with the way to open it again."""
    key = progress.incident.key
    blocks = [section(f"{headline(progress.incident)}\n{_top(progress)}")]
    blocks.append(actions(button("What comes next", Action.PLAYBOOK_OPEN, key, "primary")))
    for kind, name in KIND_NAMES.items():
        still = [one for one in progress.placed if one.item.kind is kind and one.open]
        blocks += sections([f"*{name}*", *[f"⬜ {_told(one)}" for one in still]]) if still else []
    closed = [one for one in progress.placed if not one.open]
    for one in closed[:SHOWN_CLOSED]:
        again = button("Open again", Action.PLAYBOOK_REOPEN, f"{key}:{one.item.key}")
        blocks.append(section(_closed(one), again))
    return modal(View.PLAYBOOK, f"{key} playbook", blocks, close="Close", private_metadata=packed(key=key))


def skip_form(progress: Progress, step: Placed) -> Block:
    """Why a step is not done."""
    key = progress.incident.key
    box = text_box(lines=True, max_length=2000, placeholder="The export would take a day; the traces are kept instead")
    blocks = [
        section(f"*{safe_line(step.item.text)}*"),
        input_field("reason", "Not done because", box, required=True, hint="It goes on the timeline and the record."),
    ]
    metadata = packed(key=key, step=step.item.key)
    return modal(View.PLAYBOOK_SKIP, "Leave a step out", blocks, submit="Leave out", private_metadata=metadata)


def standards_view(progress: Progress, frameworks: Mapping[str, Framework]) -> Block:
    """Which published risks, techniques and mitigations it corresponds to, each list with its edition and source."""
    key = progress.incident.key
    blocks = [section(f"{headline(progress.incident)}\n{safe_line(progress.playbook.name)}")]
    for name, framework in frameworks.items():
        named = progress.playbook.standards.get(name, ())
        if named:
            blocks += sections([f"*{safe_line(framework.name)}*", *[f"• {safe_line(one)}" for one in named]])
            blocks.append(context(safe_line(f"{framework.edition} · {framework.source}", 500)))
    blocks.append(actions(button("What comes next", Action.PLAYBOOK_OPEN, key)))
    return modal(View.PLAYBOOK, "Standards", blocks, close="Close", private_metadata=packed(key=key))


def _top(progress: Progress) -> str:
    line = f"*Playbook: {progress.done} of {progress.total}*  {safe_line(progress.playbook.name)}"
    unsure = progress.incident.archetype is Archetype.UNSURE
    missing = [*(["kind of failure"] if unsure else []), *([] if progress.incident.system_type else ["system type"])]
    return line + (f"\nThe {' and '.join(missing)} would add more steps." if missing else "")


def _said(shown: Shown) -> list[Block]:
    if not shown.said:
        return []
    incident = shown.progress.incident
    value = f"{incident.key}:{shown.undo}"
    undo = button("Undo", Action.PLAYBOOK_REOPEN, value) if shown.undo else None
    then = outcome_blocks(incident, shown.answer, shown.holders) if shown.answer else []
    return [section(safe_with_people(shown.said), undo), *then]


def _gate(shown: Shown, placed: Placed) -> list[Block]:
    gate = placed.item.gate
    if gate is None:
        return []
    incident = shown.progress.incident
    due_at = gate.due_at(incident)
    time = f"⏰ overdue since {when(due_at)}" if due_at <= shown.now else f"by {when(due_at)}"
    text = f"*Decide* {time}\n{safe_line(gate.question)}  _{_who(gate.role, shown.holders)}_"
    return [divider(), section(text), actions(*answer_buttons(incident, gate), block_id=_block_id(gate))]


def _step(shown: Shown, placed: Placed) -> list[Block]:
    item = placed.item
    value = f"{shown.progress.incident.key}:{item.key}"
    assignee = placed.row.assignee if placed.row else None
    who = f"assigned to {mention(assignee)}" if assignee else _who(item.step.role, shown.holders)
    kind = "At once" if item.rank == 0 else KIND_NAMES[item.kind]
    return [
        section(f"*{kind}*\n{safe_line(item.text)}  _{who}_"),
        actions(
            button("Done", Action.PLAYBOOK_DONE, value, "primary"),
            button("Not done because…", Action.PLAYBOOK_SKIP, value),
            person_choice(Action.PLAYBOOK_ASSIGN, placeholder="Give to"),
            block_id=item.key,
        ),
    ]


def _block_id(gate: Gate) -> str:
    return f"gate:{gate.key}"


def _who(role: Role, holders: Mapping[Role, str]) -> str:
    return f"{SHORT_ROLES[role]} {mention(holders[role])}" if role in holders else f"{SHORT_ROLES[role]}, vacant"


def _told(placed: Placed) -> str:
    assignee = placed.row.assignee if placed.row else None
    return safe_line(placed.item.text) + (f" – {mention(assignee)}" if assignee else "")


def _closed(placed: Placed) -> str:
    row = placed.row
    if row is None:
        return _told(placed)
    by = f" – {mention(row.by)}" if row.by else ""
    if placed.item.gate is not None:
        label = placed.answer.label if placed.answer else row.answer or ""
        return f"🎯 {safe_line(placed.item.text)} *{safe_line(label)}*{by}"
    why = f"\n{safe_line(row.reason, 300)}" if row.reason else ""
    return f"{'✅' if row.state is StepState.DONE else '➖'} {safe_line(placed.item.text)}{by}{why}"
