"""A postmortem, whole, to read."""

from __future__ import annotations

from collections.abc import Mapping

from app.domain.incident import Incident
from app.domain.postmortem import PART_TITLES, Postmortem
from app.slack.blocks import VIEW_BLOCKS_MAX, Block, actions, button, context, safe_line, section, when
from app.slack.ids import Action, View
from app.slack.inputs import modal
from app.slack.messages.cited import cited_parts
from app.slack.messages.status_update import drafter_name
from app.slack.views.metadata import packed
from app.slack.words import headline

EMPTY = "_The record says nothing about this. Fill it in at the review._"


def postmortem_view(incident: Incident, postmortem: Postmortem, links: Mapping[int, str] | None = None) -> Block:
    """All six parts; where Slack's limit of blocks is reached, it says how to get the whole."""
    parts = [(title, postmortem.sections.get(part, [])) for part, title in PART_TITLES.items()]
    drafted = f"Version {postmortem.version}, drafted {when(postmortem.drafted_at)} with "
    top = [section(headline(incident)), context(drafted + drafter_name(postmortem.drafter))]
    body = cited_parts(parts, links or {}, empty=EMPTY)
    room = VIEW_BLOCKS_MAX - len(top) - 2
    note = f"As a file: `ai-incident postmortem {incident.key} --format md`"
    if len(body) > room:
        body, note = body[:room], f"… The rest does not fit here. {note}"
    again = actions(button("Draft again", Action.POSTMORTEM_DRAFT, incident.key))
    return modal(
        View.POSTMORTEM,
        f"Postmortem {incident.key}",
        [*top, *body, context(note), again],
        close="Close",
        private_metadata=packed(key=incident.key),
    )


def no_postmortem_view(incident: Incident) -> Block:
    """That there is none yet, and a button to draft it."""
    blocks = [
        section(
            f"There is no postmortem of {safe_line(incident.key)} yet. It is drafted when the incident is resolved."
        ),
        actions(button("Draft it now", Action.POSTMORTEM_DRAFT, incident.key, "primary")),
    ]
    return modal(View.POSTMORTEM, "Postmortem", blocks, close="Close", private_metadata=packed(key=incident.key))
