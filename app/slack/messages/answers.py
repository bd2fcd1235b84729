"""What one person is told privately of what the record says: the catch-up, and answers to questions."""

from __future__ import annotations

from app.domain.answer_notices import CatchUp, CatchUpOffered, RecordAnswer, Told
from app.slack.blocks import Block, actions, button, mention, safe_line, section
from app.slack.ids import Action
from app.slack.messages.cited import cited_line, cited_parts, within_message
from app.slack.messages.dispatch import Rendered, render
from app.slack.words import headline, point, promise_line, state_line

NOT_ON_THE_RECORD = "Not on the record"
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


@render.register
def answer(notice: RecordAnswer) -> Rendered:
    """The question, and what the record says to it; else that it says nothing, what is open, and a way to raise it."""
    asked = f"*{safe_line(notice.question, 400)}*"
    if notice.sentences:
        blocks = within_message(
            lambda links: [section("\n".join([asked, *(cited_line(one, links) for one in notice.sentences)]))],
            notice.links,
        )
        return f"{notice.incident.key}: {safe_line(notice.sentences[0]['text'], 300)}", blocks
    lines = [asked, NOT_ON_THE_RECORD]
    if notice.deleted:
        lines.append("Something was said about it and deleted since.")
    drawn = within_message(
        lambda links: [
            section("\n".join([*lines, *(f"Open: {cited_line(one, links)[2:]}" for one in notice.nearest)]))
        ],
        notice.links,
    )
    return f"{notice.incident.key}: {NOT_ON_THE_RECORD}", [*drawn, _raising(notice)]


def _raising(notice: RecordAnswer) -> Block:
    key = notice.incident.key
    if notice.number is not None:
        return actions(button(f"Answer unknown {notice.number}", Action.UNKNOWN_ANSWER, f"{key}:{notice.number}"))
    return actions(button("Raise it as an unknown", Action.UNKNOWN_RAISE, f"{key}:{notice.question}"))


def _parts(notice: CatchUp) -> list[tuple[str, Told]]:
    others = (("Last decided or done", notice.last), ("Open", notice.open))
    return [("Known", notice.known), *((title, lines) for title, lines in others if lines)]
