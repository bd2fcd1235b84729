"""The promised update: told before it is due, due, and late."""

from __future__ import annotations

from app.domain.notices import UpdateDue, UpdateLate, UpdateSoon
from app.slack.blocks import Block, actions, button, channel_mention, section, when
from app.slack.ids import Action
from app.slack.messages.dispatch import Rendered, render
from app.slack.words import headline, minutes


@render.register
def soon(notice: UpdateSoon) -> Rendered:
    """To the writer, in time to write it."""
    incident = notice.incident
    why = " You are told because nobody leads comms yet." if notice.standing_in else ""
    text = f"The next update of {incident.key} is promised for {when(notice.due_at)}.{why}"
    where = f"\n{headline(incident)}" + (f" in {channel_mention(incident.channel_id)}" if incident.channel_id else "")
    return f"{incident.key}: the next update is due soon", [
        section(text + where),
        _buttons(incident.key, notice.reminder_id),
    ]


@render.register
def due(notice: UpdateDue) -> Rendered:
    """In the channel; the same message turns late in place."""
    key = notice.incident.key
    if notice.late:
        point = f"{key}: the promised update is late"
        text = f"⏰ *The promised update is late.* It was due {when(notice.due_at)}."
    else:
        point = f"{key}: the promised update is due"
        text = f"⏰ *The promised update is due now* ({when(notice.due_at)})."
    return point, [section(text), _buttons(key, notice.reminder_id)]


@render.register
def late(notice: UpdateLate) -> Rendered:
    incident = notice.incident
    point = f"{incident.key}: the promised update is {minutes(max(1, notice.minutes_late))} late"
    where = f" in {channel_mention(incident.channel_id)}" if incident.channel_id else ""
    text = f"*{point}.* It was due {when(notice.due_at)}. People are waiting for word{where}."
    return point, [section(text), section(headline(incident)), _buttons(incident.key, notice.reminder_id)]


def _buttons(key: str, reminder_id: int) -> Block:
    return actions(
        button("Draft", Action.UPDATE_DRAFT, key, "primary"),
        button("Snooze", Action.REMINDER_SNOOZE, str(reminder_id)),
        button("Dismiss", Action.REMINDER_DISMISS, str(reminder_id)),
    )
