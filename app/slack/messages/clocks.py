"""Notification deadlines: the reminder of one, and the words that screens share about them."""

from __future__ import annotations

from app.domain.clock_notices import ClockDue
from app.domain.clock_record import ClockPhase
from app.domain.notification_clock import Level
from app.domain.regime import EVENT_NAMES, Confidence, Event, Regime, Standing
from app.slack.blocks import actions, button, channel_mention, context, safe_line, section, when
from app.slack.ids import Action
from app.slack.messages.dispatch import Rendered, render
from app.slack.words import headline

NOT_ADVICE = "Not legal advice"
SHOWN_OTHERS = 5
CONFIDENCE: dict[Confidence, str] = {
    Confidence.HIGH: "high (the law's own text)",
    Confidence.MEDIUM: "medium (good secondary sources)",
    Confidence.LOW: "low (one weak source)",
    Confidence.UNKNOWN: "unknown",
}
STANDING: dict[Standing, str] = {
    Standing.IN_FORCE: "",
    Standing.DISPUTED: "Disputed whether it binds yet. ",
    Standing.VOLUNTARY: "",
    Standing.UNKNOWN: "Unknown. ",
    Standing.NO_CLOCK: "",
}
_POINTS: dict[Level, str] = {
    Level.HALF: "half the time has passed",
    Level.QUARTER_LEFT: "a quarter of the time is left",
    Level.END: "the time is over now",
    Level.LATE: "it is late",
}


@render.register
def clock_due(notice: ClockDue) -> Rendered:
    """The point, the deadline, what it rests on, and what else ticks."""
    incident, phase = notice.incident, notice.phase
    point = f"{incident.key}: {safe_line(phase.title, 200)}: {_POINTS[notice.level]}"
    text = f"⏳ *{safe_line(phase.title)}: {_POINTS[notice.level]}.*\n{due_line(phase)}"
    where = f" in {channel_mention(incident.channel_id)}" if incident.channel_id else ""
    blocks = [section(text), section(f"{headline(incident)}{where}{_why(notice)}")]
    blocks.append(context(basis(notice.regime) if notice.regime else NOT_ADVICE + "."))
    if notice.others:
        blocks.append(context(_others(notice)))
    blocks.append(
        actions(
            button("Record as sent", Action.CLOCKS_SENT, f"{incident.key}:{phase.regime}:{phase.phase}", "primary"),
            button("On it", Action.CLOCKS_TAKE, str(phase.id)),
            button("Draft for the regulator", Action.CLOCKS_DRAFT, incident.key),
            button("All clocks", Action.CLOCKS_OPEN, incident.key),
        )
    )
    return point, blocks


def due_line(phase: ClockPhase) -> str:
    """When it is due, and what it counts from."""
    if phase.due_at is None:
        return "No fixed time."
    counted = f", counted from when {counted_from(phase)}" if phase.counted_from else ""
    began = f" ({when(phase.started_at)})" if phase.started_at else ""
    if phase.due_at == phase.started_at:
        return f"Due without undue delay{counted}{began}"
    return f"Due {when(phase.due_at)}{counted}{began}"


def counted_from(phase: ClockPhase) -> str:
    """What the deadline counts from, in words."""
    start = phase.counted_from or ""
    return EVENT_NAMES[Event(start)] if start in set(Event) else f"“{start.replace('_', ' ')}” was sent"


def deadline_line(phase: ClockPhase) -> str:
    """The one line of card and panel."""
    if phase.due_at is not None and phase.due_at == phase.started_at:
        return f"Next notification deadline: without undue delay ({safe_line(phase.title, 120)})"
    at = when(phase.due_at) if phase.due_at else "open"
    return f"Next notification deadline {at} ({safe_line(phase.title, 120)})"


def basis(regime: Regime) -> str:
    """What a clock rests on: always said with it."""
    return (
        f"{NOT_ADVICE}. {safe_line(regime.article, 200)} · Source: {safe_line(regime.source, 200)} · "
        f"Confidence: {CONFIDENCE[regime.confidence]}"
    )


def _why(notice: ClockDue) -> str:
    if notice.standing_in:
        return "\nYou are told because nobody is legal liaison yet."
    return "\nYou are told because the legal liaison has not taken it up." if notice.unanswered else ""


def _others(notice: ClockDue) -> str:
    shown = [f"{safe_line(one.title, 100)} {when(one.due_at)}" for one in notice.others[:SHOWN_OTHERS] if one.due_at]
    more = len(notice.others) - len(shown)
    return "Also running: " + " · ".join(shown) + (f" · and {more} more" if more > 0 else "")
