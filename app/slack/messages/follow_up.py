"""A follow-up, told to one person; changed in place as it goes on."""

from __future__ import annotations

from datetime import date

from app.domain.follow_up import FollowUp, FollowUpState, Moment
from app.domain.follow_up_notices import FollowUpWord
from app.slack.blocks import Block, actions, button, context, mention, safe_line, section
from app.slack.ids import Action
from app.slack.messages.dispatch import Rendered, render
from app.slack.words import counted, headline

_SIGNS: dict[FollowUpState, str] = {
    FollowUpState.OPEN: "▫️",
    FollowUpState.DONE: "✅",
    FollowUpState.DROPPED: "✖️",
}


@render.register
def word(notice: FollowUpWord) -> Rendered:
    """Why it comes up now, what it is, and what to do about it."""
    follow_up, incident = notice.follow_up, notice.incident
    point = f"{incident.key}: {_why(notice)}"
    blocks = [section(f"*{point}*\n{follow_up_line(follow_up)}")]
    # Its owner may be somebody who was never let into a restricted incident.
    if not incident.restricted:
        blocks.append(context(headline(incident)))
    if follow_up.open:
        return point, [*blocks, follow_up_buttons(follow_up)]
    return point, blocks


def follow_up_line(follow_up: FollowUp) -> str:
    """`▫️ 3. Title` with its owner and date; for one that ended, how."""
    first = f"{_SIGNS[follow_up.state]} *{follow_up.number}.* {safe_line(follow_up.title)}"
    owner = mention(follow_up.owner) if follow_up.owner else "no owner"
    if follow_up.open:
        due = f"due {day(follow_up.due_on)}" if follow_up.due_on else "no date"
        return f"{first}\n{owner}, {due}"
    reason = f": {safe_line(follow_up.reason, 1000)}" if follow_up.reason else ""
    return f"{first}\n{follow_up.state} by {mention(follow_up.done_by or '')}{reason}"


def follow_up_buttons(follow_up: FollowUp) -> Block:
    """What can be done about an open one."""
    value = str(follow_up.id)
    return actions(
        button("Done", Action.FOLLOW_UP_DONE, value, "primary"),
        button("Change", Action.FOLLOW_UP_CHANGE, value),
        button("Drop", Action.FOLLOW_UP_DROP, value),
    )


def day(on: date) -> str:
    """A date that reads the same everywhere: `Tue 1 Dec 2026`."""
    return f"{on:%a} {on.day} {on:%b %Y}"


def _why(notice: FollowUpWord) -> str:
    follow_up = notice.follow_up
    name = f"follow-up {follow_up.number}"
    if not follow_up.open:
        return f"{name} is {follow_up.state}"
    if notice.moment is Moment.GIVEN:
        return f"{name} is yours" if follow_up.owner == notice.reader else f"{name} is open"
    said = _when(name, follow_up.due_on, notice.today)
    return f"{said}; nobody owns it yet" if follow_up.owner is None else said


def _when(name: str, due_on: date | None, today: date) -> str:
    if due_on is None:
        return f"{name} is open and has no date"
    days = (due_on - today).days
    if days > 1:
        return f"{name} is due in {counted(days, 'day')}"
    if days >= 0:
        return f"{name} is due {'tomorrow' if days else 'today'}"
    return f"{name} is {counted(-days, 'day')} overdue"
