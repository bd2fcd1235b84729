"""A playbook as people see it: the question of a gate, the line on the card, what an answer triggers."""

from __future__ import annotations

from collections.abc import Mapping

from app.domain.incident import Incident
from app.domain.playbook import Answer, Gate, Opening
from app.domain.playbook_notices import GateAsked, StepGiven
from app.domain.playbook_progress import PlaybookLine
from app.domain.roles import Role
from app.slack.blocks import Block, actions, button, channel_mention, mention, plain_words, safe_line, section, when
from app.slack.ids import Action
from app.slack.messages.dispatch import Rendered, render
from app.slack.words import SHORT_ROLES, headline

ANSWERS = (
    Action.PLAYBOOK_ANSWER_1,
    Action.PLAYBOOK_ANSWER_2,
    Action.PLAYBOOK_ANSWER_3,
    Action.PLAYBOOK_ANSWER_4,
)
_OPENS: Mapping[Opening, tuple[str, str]] = {
    Opening.CONTAINMENT: ("Contain…", "CONTAINMENT_OPEN"),
    Opening.TRIAGE: ("Triage", "TRIAGE_OPEN"),
    Opening.TRIAL: ("Trials", "TRIAL_OPEN"),
    Opening.CLOCKS: ("Notification clocks", "CLOCKS_OPEN"),
}


@render.register
def step_given(notice: StepGiven) -> Rendered:
    """What is to be done, and the buttons that say that it was, or why not."""
    incident = notice.incident
    where = f" in {channel_mention(incident.channel_id)}" if incident.channel_id else ""
    text = f"{mention(notice.given_by)} gave you a step of the playbook:\n*{safe_line(notice.text)}*"
    value = f"{incident.key}:{notice.key}"
    return f"{incident.key}: a step of the playbook is yours", [
        section(f"{text}\n{headline(incident)}{where}"),
        actions(
            button("Done", Action.PLAYBOOK_DONE, value, "primary"),
            button("Not done because…", Action.PLAYBOOK_SKIP, value),
            button("Playbook", Action.PLAYBOOK_OPEN, incident.key),
        ),
    ]


@render.register
def gate_asked(notice: GateAsked) -> Rendered:
    """The question and its answers; what was decided in their place."""
    incident, gate = notice.incident, notice.gate
    where = f" in {channel_mention(incident.channel_id)}" if incident.channel_id else ""
    about = f"{headline(incident)}{where}"
    question = safe_line(gate.question)
    if notice.answer is not None:
        by = f" by {mention(notice.answered_by)}" if notice.answered_by else ""
        text = f"*{question}*\nDecided{by}: {safe_line(notice.answer.label)}"
        return f"{incident.key}: decided: {question}", [section(f"{text}\n{about}")]
    if notice.late:
        point, time = f"{incident.key}: overdue: {question}", f"⏰ It was due {when(notice.due_at)}."
    else:
        point, time = f"{incident.key}: decide: {question}", f"Decide by {when(notice.due_at)}."
    why = f" You are asked because nobody is {SHORT_ROLES[gate.role]} yet." if notice.standing_in else ""
    playbook = button("Playbook", Action.PLAYBOOK_OPEN, incident.key)
    return point, [section(f"*{question}*\n{time}{why}\n{about}"), actions(*answer_buttons(incident, gate), playbook)]


def answer_buttons(incident: Incident, gate: Gate) -> list[Block]:
    """One for each answer; `value` is KEY:gate:answer."""
    return [
        button(plain_words(one.label, 70), action, f"{incident.key}:{gate.key}:{one.key}")
        for action, one in zip(ANSWERS, gate.answers, strict=False)
    ]


def playbook_line(line: PlaybookLine) -> str:
    """`Playbook: 3 of 9 · next: Save the raw outputs`."""
    then = f" · next: {safe_line(line.next, 120)}" if line.next else " · nothing is left"
    return f"Playbook: {line.done} of {line.total}{then}"


def outcome_blocks(incident: Incident, answer: Answer, holders: Mapping[Role, str]) -> list[Block]:
    """What the answer triggers, with a button for each screen that it points to; nothing when it triggers nothing."""
    then = answer.then
    lines = [safe_line(then.says)] if then.says else []
    lines += [f"Added {len(then.adds)} to the actions."] if then.adds else []
    vacant = [role for role in then.recommends if role not in holders]
    there = [f"{SHORT_ROLES[role]} {mention(holders[role])}" for role in then.recommends if role in holders]
    lines += [f"Needed now, and vacant: {', '.join(SHORT_ROLES[role] for role in vacant)}."] if vacant else []
    lines += [f"Bring in the {', '.join(there)}."] if there else []
    worse = then.severity is not None and incident.severity > then.severity
    lines += [f"That makes it {then.severity.upper()} at least."] if worse and then.severity else []
    buttons = [one for opening in then.opens for one in _opening(incident, opening)]
    buttons += [button("Roles", Action.ROLE_PANEL, incident.key)] if vacant else []
    buttons += [button("Status & severity", Action.LIFECYCLE_OPEN, incident.key)] if worse else []
    return [*([section("\n".join(lines))] if lines else []), *([actions(*buttons)] if buttons else [])]


def _opening(incident: Incident, opening: Opening) -> list[Block]:
    """Nothing for a screen that this version doesn't have."""
    label, name = _OPENS[opening]
    action = Action.__members__.get(name)
    return [button(label, action, incident.key)] if action is not None else []
