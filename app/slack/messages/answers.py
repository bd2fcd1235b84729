"""What one person is told privately of what the record says: the catch-up, and answers to questions."""

from __future__ import annotations

from app.domain.answer_notices import CatchUp, CatchUpOffered, Told
from app.slack.blocks import button, mention, section
from app.slack.ids import Action
from app.slack.messages.cited import cited_parts, within_message
from app.slack.messages.dispatch import Rendered, render
from app.slack.words import headline, point, promise_line, state_line

NOTHING_KNOWN = "_Nothing is on the record yet._"


@render.register
def catch_up(notice: CatchUp) -> Rendered:
    """What it is and how bad, who leads, what is known, done and open, each sentence with its sources."""
    incident = notice.incident
    lead = f"Led by {mention(notice.lead)}" if notice.lead else "Nobody leads it yet"
    promise = f" · {promise_line(incident.next_update_at)}" if incident.open else ""
    blocks = within_message(
        lambda links: [
            section(f"{headline(incident)}\n{state_line(incident)}\n{lead}{promise}"),
            *cited_parts(_parts(notice), links, empty=NOTHING_KNOWN),
        ],
        notice.links,
    )
    return point(incident), blocks


@render.register
def offered(notice: CatchUpOffered) -> Rendered:
    """One line with its button."""
    text = f"{notice.incident.key} has been going on for a while. Want the short version?"
    return text, [section(text, button("Catch up", Action.CATCH_UP, notice.incident.key))]


def _parts(notice: CatchUp) -> list[tuple[str, Told]]:
    others = (("Last decided or done", notice.last), ("Open", notice.open))
    return [("Known", notice.known), *((title, lines) for title, lines in others if lines)]
