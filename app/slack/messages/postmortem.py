"""A stored postmortem draft, shown short."""

from __future__ import annotations

from app.domain.notices import PostmortemReady
from app.domain.postmortem import PART_TITLES, Part, Postmortem
from app.slack.blocks import actions, button, context, safe_line, section
from app.slack.ids import Action
from app.slack.messages.dispatch import Rendered, render
from app.slack.messages.status_update import drafter_name
from app.slack.words import counted


@render.register
def ready(notice: PostmortemReady) -> Rendered:
    """Short, with the way to the whole."""
    incident, postmortem = notice.incident, notice.postmortem
    point = f"The postmortem draft of {incident.key} is ready (version {postmortem.version})"
    return point, [
        section(f"📄 *{point}.*\n{summary(postmortem)}"),
        context(
            f"Drafted with {drafter_name(postmortem.drafter)}; every sentence cites the timeline. Read it critically."
        ),
        actions(
            button("Read it", Action.POSTMORTEM_OPEN, incident.key, "primary"),
            button("Draft again", Action.POSTMORTEM_DRAFT, incident.key),
        ),
    ]


def summary(postmortem: Postmortem) -> str:
    """What each part holds, and the first sentence of the root cause."""
    counts = [f"{title} {len(postmortem.sections.get(part, []))}" for part, title in PART_TITLES.items()]
    cause = next((one["text"] for one in postmortem.sections.get(Part.ROOT_CAUSE, [])), "")
    total = sum(len(sentences) for sentences in postmortem.sections.values())
    first = f"Root cause: {safe_line(cause, 500)}\n" if cause else "Nothing in the record names a root cause yet.\n"
    return first + f"{counted(total, 'sentence')}: " + " · ".join(counts)
