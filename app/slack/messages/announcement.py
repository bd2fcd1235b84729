"""The one message about a public incident in the announcements channel."""

from __future__ import annotations

from app.domain.notices import Announcement
from app.domain.roles import Role
from app.domain.status_update import SECTION_TITLES, Section, StatusUpdate
from app.slack.blocks import Block, channel_mention, context, mention, safe_line, section, when
from app.slack.messages.dispatch import Rendered, render
from app.slack.words import headline, point, promise_line, state_line

SHOWN_SENTENCES = 3


@render.register
def announcement(notice: Announcement) -> Rendered:
    """Short: the state, the first words of the last update, and where to follow."""
    incident = notice.incident
    blocks = [section(f"{headline(incident)}\n{state_line(incident)}")]
    if notice.last_update:
        blocks.append(_latest(notice.last_update))
    elif incident.summary.strip():
        blocks.append(section(safe_line(incident.summary, 600)))
    where = [f"Follow it in {channel_mention(incident.channel_id)}"] if incident.channel_id else []
    commander = notice.holders.get(Role.COMMANDER)
    where.append(f"commander {mention(commander)}" if commander else "no commander yet")
    if incident.open:
        where.append(promise_line(incident.next_update_at))
    blocks.append(context(" · ".join(where)))
    return point(incident), blocks


def _latest(update: StatusUpdate) -> Block:
    """The first words of the last published update, without citations: those lead into the incident's channel."""
    at = f", {when(update.published_at)}" if update.published_at else ""
    lines = [f"*What we know*{at}"]
    for part in (Section.WHAT_HAPPENED, Section.DOING):
        sentences = update.sections.get(part, [])[:SHOWN_SENTENCES]
        if sentences:
            lines.append(f"_{SECTION_TITLES[part]}_ " + " ".join(safe_line(one["text"], 350) for one in sentences))
    return section("\n".join(lines))
