"""The forms of notification clocks: questions, a decision, start times, what was sent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from app.domain.clock_record import Decision
from app.domain.incident import Incident
from app.domain.regime import EVENT_NAMES, Answer, Answers, Event, Knowledge, Question, Regime
from app.services.clocks.clocks import ClockBoard, recipient
from app.slack.blocks import Block, context, safe_line, section
from app.slack.ids import View
from app.slack.inputs import choice, field, modal, moment, several, text_box
from app.slack.messages.clocks import basis
from app.slack.views.metadata import packed
from app.slack.words import headline

_ANSWERS = [(Answer.YES.value, "Yes"), (Answer.NO.value, "No"), (Answer.UNSURE.value, "Not sure")]
_DECISIONS = [(Decision.APPLIES.value, "It applies"), (Decision.DOES_NOT_APPLY.value, "It does not apply")]
# These lie near the declaration; the others are stamped when they happen.
_AS_DECLARED = frozenset({Event.AWARENESS, Event.DISCOVERY, Event.INVOLVEMENT})


def questions_form(incident: Incident, knowledge: Knowledge, answers: Answers) -> Block:
    """The first two questions, with what was ticked before."""
    ticked = [fact for fact, answer in answers.items() if answer is Answer.YES]
    where = several([(one.key, one.text) for one in knowledge.where], initial=ticked, placeholder="Tick all that fit")
    what = several([(one.key, one.text) for one in knowledge.what], initial=ticked, placeholder="Tick all that fit")
    return modal(
        View.CLOCK_QUESTIONS,
        "Which duties may apply?",
        [
            section(headline(incident)),
            field("where", "Where are people concerned, or where do we operate?", where, required=True),
            field("what", "What happened, or can't be ruled out yet?", what, hint="Nothing ticked: none of it."),
        ],
        submit="Next",
        private_metadata=packed(key=incident.key),
    )


def details_form(key: str, ticked: Sequence[str], questions: Sequence[Question], answers: Answers) -> Block:
    """The questions that still decide something; what is left open counts as not sure."""
    fields = [
        field(one.key, one.text, choice(_ANSWERS, initial=answers.get(one.key, Answer.UNSURE)), hint=one.hint)
        for one in questions
    ]
    return modal(
        View.CLOCK_DETAILS,
        "Which duties may apply?",
        [context("“Not sure” keeps a duty in sight."), *fields],
        submit="Show them",
        private_metadata=packed(key=key, ticked=list(ticked)),
    )


def decision_form(board: ClockBoard, regime: Regime) -> Block:
    """Applies or not, why, and when its start events happened, prefilled with what is known."""
    clock = board.duties.clocks.get(regime.key)
    decision = choice(_DECISIONS, initial=clock.decision if clock else None, placeholder="Legal decides")
    blocks = [
        section(f"*{safe_line(regime.name)}* · {safe_line(regime.article, 200)}\n{safe_line(regime.trigger, 600)}"),
        context(basis(regime)),
        field("decision", "Decision", decision, required=True),
        field("reason", "Why", text_box(lines=True, initial=clock.reason if clock else ""), required=True),
        *start_fields(board, regime.events(board.duties.answers)),
    ]
    return modal(
        View.CLOCK_DECISION,
        "Does it apply?",
        blocks,
        submit="Decide",
        private_metadata=packed(key=board.incident.key, regime=regime.key),
    )


def starts_form(board: ClockBoard, events: Sequence[Event]) -> Block:
    """Every event that a clock of this incident counts from."""
    shown = start_fields(board, events) or [section("No clock of this incident counts from an event yet.")]
    return modal(
        View.CLOCK_STARTS,
        "When did it happen?",
        [section(headline(board.incident)), *shown],
        submit="Stamp",
        private_metadata=packed(key=board.incident.key),
    )


def start_fields(board: ClockBoard, events: Sequence[Event]) -> list[Block]:
    """A date and time for each event: as stamped, else the time of the declaration where that is likely."""
    return [field(one.value, f"When {EVENT_NAMES[one]}", moment(initial=_suggested(board, one))) for one in events]


def sent_form(board: ClockBoard, regime: Regime, phase: str, now: datetime) -> Block:
    """What was sent, and when."""
    found = regime.phase(phase)
    name = found.name if found else phase
    to = safe_line(recipient(regime, phase), 200)
    return modal(
        View.CLOCK_SENT,
        "Record as sent",
        [
            section(f"*{safe_line(regime.name)}: {safe_line(name, 200)}*\nTo: {to}"),
            field(
                "what",
                "What was sent",
                text_box(lines=True, placeholder="Reference, channel, a sentence"),
                required=True,
            ),
            field("sent_at", "When", moment(initial=now), required=True),
        ],
        submit="Record",
        private_metadata=packed(key=board.incident.key, regime=regime.key, phase=phase),
    )


def _suggested(board: ClockBoard, event: Event) -> datetime | None:
    start = board.duties.starts.get(event)
    if start is not None:
        return start.at
    return board.incident.declared_at if event in _AS_DECLARED else None
