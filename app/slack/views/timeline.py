"""The forms that put something on the timeline: a mark on a message, an entry of one's own."""

from __future__ import annotations

from app.domain.incident import Incident
from app.domain.timeline import Mark
from app.slack.blocks import Block, safe, section
from app.slack.ids import View
from app.slack.inputs import choice, field, modal, text_box
from app.slack.views.metadata import packed
from app.slack.words import LAYER_NAMES, MARK_NAMES, headline

SHOWN_TEXT = 1000
OWN_MARKS = [mark for mark in Mark if mark is not Mark.ANSWERED]


def mark_form(channel: str, ts: str, text: str) -> Block:
    """Which mark the message gets; `text` shows which message it is."""
    marks = choice([(mark.value, name) for mark, name in MARK_NAMES.items()], placeholder="Choose a mark")
    shown = [section(safe(text, SHOWN_TEXT))] if text.strip() else []
    return modal(
        View.MARK_ENTRY,
        "Mark this message",
        [*shown, field("mark", "This message is", marks, required=True), _layer()],
        submit="Mark",
        private_metadata=packed(channel=channel, ts=ts),
    )


def entry_form(incident: Incident, mark: Mark = Mark.NOTE) -> Block:
    """An entry of one's own; answers to unknowns are given in the unknowns form instead."""
    marks = choice([(one.value, MARK_NAMES[one]) for one in OWN_MARKS], initial=mark)
    return modal(
        View.ADD_ENTRY,
        "Add an entry",
        [
            section(headline(incident)),
            field("mark", "It is", marks, required=True),
            field("text", "What happened", text_box(lines=True), required=True),
            _layer(),
        ],
        submit="Add",
        private_metadata=packed(key=incident.key),
    )


def _layer() -> Block:
    layers = choice([(one.value, name) for one, name in LAYER_NAMES.items()], placeholder="Where in the system")
    return field("layer", "Layer", layers, hint="The cascade is drawn from these: where it started, what it reached.")
