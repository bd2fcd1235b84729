"""The forms of a postmortem's review: a part to edit, a comment, reviewers, changes asked for, completion."""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.incident import Incident
from app.domain.postmortem import PART_TITLES, Part, Postmortem
from app.domain.postmortem_review import PostmortemReviewer
from app.services.updates.form import shown_line
from app.slack.blocks import Block, context, paragraphs, safe, section
from app.slack.ids import View
from app.slack.inputs import field, modal, people_box, person_box, text_box
from app.slack.messages.postmortem import reviewer_lines
from app.slack.views.metadata import packed
from app.slack.words import headline

BOX_MAX = 3000
# Room is left in each box for what the editor adds.
_FILLED = 2400
MOST_BOXES = 12
HOW_TO_WRITE = (
    "One sentence a line. Each ends with the timeline entries it rests on, such as [12] or [12, 15]. "
    "A line without any is kept as written by you, and marked so. Tell what happened, not who is to blame."
)
ASKED = {
    Part.TIMELINE: "What happened when, from the first sign to the end?",
    Part.ROOT_CAUSE: "What started it (trigger), what made it possible (root cause), and what added to it? "
    "Model and prompt version, sampling settings, data, guardrails, tools?",
    Part.IMPACT: "Who and what was harmed, how much, from when to when?",
    Part.DETECTION_REVIEW: "How was it noticed, how long did that take, and what should have shown it sooner?",
    Part.RESPONSE_REVIEW: "What went well, what did not, where did luck help?",
    Part.PREVENTION_PLAN: "What will keep it from happening again? Make each a follow-up with an owner and a date.",
}


def edit_form(incident: Incident, postmortem: Postmortem, part: Part) -> Block:
    """One part as text, in as many boxes as it takes."""
    lines = [shown_line(line) for line in postmortem.sections.get(part, [])]
    texts = (paragraphs(lines, _FILLED) or [""])[:MOST_BOXES]
    boxes = [
        field("text" if not number else f"text_{number + 1}", _label(part, number), _box(text))
        for number, text in enumerate(texts)
    ]
    metadata = packed(key=incident.key, part=part.value, version=postmortem.version)
    top = [context(safe(ASKED[part])), context(HOW_TO_WRITE)]
    return modal(View.POSTMORTEM_EDIT, "Edit a part", [*top, *boxes], submit="Save", private_metadata=metadata)


def comment_form(incident: Incident, part: Part) -> Block:
    """A remark about one part."""
    box = field("text", f"About “{PART_TITLES[part]}”", text_box(lines=True, max_length=BOX_MAX), required=True)
    metadata = packed(key=incident.key, part=part.value)
    return modal(View.POSTMORTEM_COMMENT, "Comment", [box], submit="Comment", private_metadata=metadata)


def reviewers_form(incident: Incident, reviewers: Sequence[PostmortemReviewer], owner: str | None) -> Block:
    """Whom to ask, with those asked already; `owner` is whom the postmortem was given to, None for nobody."""
    said = [context(text) for text in paragraphs(reviewer_lines(reviewers), 2000)[:5]]
    blocks = [
        section(headline(incident)),
        *said,
        field("reviewers", "Ask to review", people_box(), required=True, hint="Each is told privately."),
        field(
            "owner",
            "Who sees to it",
            person_box(initial=owner, placeholder="The commander"),
            hint="Reminded until the postmortem is completed; it is due five business days after the incident ended.",
        ),
    ]
    metadata = packed(key=incident.key)
    return modal(View.POSTMORTEM_REVIEWERS, "Reviewers", blocks, submit="Ask", private_metadata=metadata)


def changes_form(incident: Incident) -> Block:
    """What a reviewer wants changed."""
    box = field("comment", "What should change", text_box(lines=True, max_length=BOX_MAX), required=True)
    metadata = packed(key=incident.key)
    return modal(View.POSTMORTEM_CHANGES, "Ask for changes", [box], submit="Send", private_metadata=metadata)


def complete_form(incident: Incident, missing: str) -> Block:
    """Asks why, where something is missing."""
    blocks = [
        section(headline(incident)),
        section(safe(missing)),
        field("reason", "Why it is completed all the same", text_box(lines=True, max_length=BOX_MAX), required=True),
    ]
    metadata = packed(key=incident.key)
    return modal(View.POSTMORTEM_COMPLETE, "Complete", blocks, submit="Complete", private_metadata=metadata)


def _label(part: Part, number: int) -> str:
    return f"{PART_TITLES[part]}, continued" if number else PART_TITLES[part]


def _box(text: str) -> Block:
    return text_box(initial=text, lines=True, max_length=BOX_MAX)
