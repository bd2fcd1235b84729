"""The numbered list of what nobody knows yet: read, answered, added to."""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.incident import Incident
from app.domain.timeline import Unknown
from app.slack.blocks import Block, actions, button, context, divider, mention, safe, safe_line, section, when
from app.slack.ids import Action, View
from app.slack.inputs import field, modal, text_box
from app.slack.views.metadata import packed
from app.slack.words import headline

SHOWN_OPEN = 60
SHOWN_ANSWERED = 20


def unknowns_form(incident: Incident, unknowns: Sequence[Unknown], said: str = "") -> Block:
    """The list with a button to answer each open one, and a box for a new one.

    `said` is what the last submission came to, shown first; then a button takes the place of the box, since Slack
    would keep the words in it.
    """
    still = [one for one in unknowns if one.answered_at is None]
    done = [one for one in unknowns if one.answered_at is not None]
    blocks = [section(safe(said))] if said else []
    blocks.append(section(headline(incident)))
    blocks += [_open(incident.key, one) for one in still[:SHOWN_OPEN]] or [section("No unknowns are open.")]
    if len(still) > SHOWN_OPEN:
        blocks.append(context(f"and {len(still) - SHOWN_OPEN} more; `/ai-incident answer NUMBER TEXT` answers any"))
    blocks += [divider(), _another(incident.key) if said else _box()]
    if done:
        blocks += [divider(), *[context(_answered(one)) for one in done[-SHOWN_ANSWERED:]]]
    buttons = {"close": "Done"} if said else {"submit": "Add"}
    return modal(View.UNKNOWNS, "Unknowns", blocks, private_metadata=packed(key=incident.key), **buttons)


def _box() -> Block:
    return field("text", "Something else nobody knows yet", text_box(lines=True), required=True)


def _another(key: str) -> Block:
    return actions(button("Add another", Action.UNKNOWN_OPEN, key))


def _open(key: str, unknown: Unknown) -> Block:
    answer = button("Answer", Action.UNKNOWN_ANSWER, f"{key}:{unknown.number}")
    raised = f"raised by {mention(unknown.raised_by)}, {when(unknown.raised_at)}"
    return section(f"*{unknown.number}.* {safe(unknown.text, 1500)}\n{raised}", answer)


def _answered(unknown: Unknown) -> str:
    by = f" by {mention(unknown.answered_by)}" if unknown.answered_by else ""
    at = f", {when(unknown.answered_at)}" if unknown.answered_at else ""
    return f"{unknown.number}. {safe_line(unknown.text)} – answered{by}{at}"


def answer_form(incident: Incident, unknown: Unknown) -> Block:
    """The unknown in its own words, and a box for what is known now."""
    return modal(
        View.ANSWER,
        f"Answer unknown {unknown.number}",
        [
            section(f"*{unknown.number}.* {safe(unknown.text, 2000)}"),
            field("text", "What is known now", text_box(lines=True), required=True),
        ],
        submit="Answer",
        private_metadata=packed(key=incident.key, number=unknown.number),
    )
