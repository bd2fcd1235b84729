"""A postmortem shown short in the channel, and what people are told while it is reviewed."""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.notices import PostmortemReady
from app.domain.postmortem import PART_TITLES, Part, Postmortem, PostmortemStatus
from app.domain.postmortem_notices import PostmortemWord, ReviewMoment
from app.domain.postmortem_review import Answer, PostmortemReviewer
from app.slack.blocks import Block, actions, button, context, mention, safe_line, section, when
from app.slack.ids import Action
from app.slack.messages.dispatch import Rendered, render
from app.slack.messages.status_update import drafter_name
from app.slack.words import counted, headline

_STATES: dict[PostmortemStatus, str] = {
    PostmortemStatus.DRAFT: "draft of {key} is ready",
    PostmortemStatus.IN_REVIEW: "of {key} is being reviewed",
    PostmortemStatus.COMPLETED: "of {key} is completed",
}
_ANSWER_SIGNS: dict[Answer, str] = {Answer.WAITING: "⏳", Answer.REVIEWED: "✅", Answer.CHANGES: "✋"}


@render.register
def ready(notice: PostmortemReady) -> Rendered:
    """Short, with the way to the whole."""
    incident, postmortem = notice.incident, notice.postmortem
    state = _STATES[postmortem.status].format(key=incident.key)
    point = f"The postmortem {state} (version {postmortem.version})"
    blocks = [
        section(f"📄 *{point}.*\n{summary(postmortem)}"),
        context(f"{made_by(postmortem)}; every sentence cites the timeline or says who wrote it. Read it critically."),
    ]
    if notice.reviewers:
        blocks.append(context(" · ".join(_short(one) for one in notice.reviewers[:20])))
    buttons = [button("Read it", Action.POSTMORTEM_OPEN, incident.key, "primary")]
    if postmortem.status is PostmortemStatus.DRAFT:
        buttons.append(button("Ask for a review", Action.POSTMORTEM_REVIEWERS, incident.key))
    if postmortem.status is not PostmortemStatus.COMPLETED:
        buttons.append(button("Draft again", Action.POSTMORTEM_DRAFT, incident.key))
    return point, [*blocks, actions(*buttons)]


@render.register
def word(notice: PostmortemWord) -> Rendered:
    """To a reviewer, or to whoever has to see to it."""
    incident = notice.incident
    point, rest = _told(notice)
    blocks = [section(f"*{point}.*" + (f"\n{rest}" if rest else "")), context(headline(incident))]
    return point, [*blocks, actions(*_buttons(notice))]


def summary(postmortem: Postmortem) -> str:
    """What each part holds, and the first sentence of the root cause."""
    counts = [f"{title} {len(postmortem.sections.get(part, []))}" for part, title in PART_TITLES.items()]
    cause = next((one["text"] for one in postmortem.sections.get(Part.ROOT_CAUSE, [])), "")
    total = sum(len(sentences) for sentences in postmortem.sections.values())
    known = cause and not cause.startswith("Ruled out")
    first = f"Root cause: {safe_line(cause, 500)}\n" if known else "Nothing in the record names a root cause yet.\n"
    return first + f"{counted(total, 'sentence')}: " + " · ".join(counts)


def made_by(postmortem: Postmortem) -> str:
    """Who made this version, and how."""
    if postmortem.change:
        return f"{safe_line(postmortem.change, 200).rstrip('.')} by {mention(postmortem.drafted_by)}"
    return f"Drafted with {drafter_name(postmortem.drafter)}"


def reviewer_lines(reviewers: Sequence[PostmortemReviewer]) -> list[str]:
    """Each reviewer with what they said."""
    return [_line(one) for one in reviewers]


def _line(one: PostmortemReviewer) -> str:
    said = {
        Answer.WAITING: f"asked {when(one.asked_at)}",
        Answer.REVIEWED: f"reviewed version {one.version}",
        Answer.CHANGES: f"asks for changes to version {one.version}",
    }[one.answer]
    comment = f": {safe_line(one.comment, 500)}" if one.comment else ""
    return f"{_short(one)} {said}{comment}"


def _short(one: PostmortemReviewer) -> str:
    return f"{_ANSWER_SIGNS[one.answer]} {mention(one.user)}"


def _told(notice: PostmortemWord) -> tuple[str, str]:
    """The point, and what there is to say about it."""
    key, reviewer = notice.incident.key, notice.reviewer
    if reviewer is None:
        due_at = notice.due_at or notice.now
        late = notice.now.date() > due_at.date()
        point = f"The postmortem of {key} is {'overdue' if late else 'due soon'}"
        return point, f"It {'was' if late else 'is'} to be completed by {when(due_at)}."
    if notice.moment is ReviewMoment.ANSWERED:
        verb = "asks for changes to" if reviewer.answer is Answer.CHANGES else "has reviewed"
        return f"Somebody {verb} the postmortem of {key}", _line(reviewer)
    if reviewer.answer is Answer.WAITING:
        asked = f"{mention(reviewer.asked_by)} asks for your review of version {notice.postmortem.version}."
        return f"Please review the postmortem of {key}", asked
    return f"You have answered on the postmortem of {key}", _line(reviewer)


def _buttons(notice: PostmortemWord) -> list[Block]:
    key = notice.incident.key
    read = button("Read it", Action.POSTMORTEM_OPEN, key, "primary")
    if notice.moment is ReviewMoment.ASKED and notice.postmortem.status is not PostmortemStatus.COMPLETED:
        return [read, *answer_buttons(key)]
    if notice.moment is ReviewMoment.DUE:
        return [read, button("Complete it", Action.POSTMORTEM_COMPLETE, key)]
    return [read]


def answer_buttons(key: str) -> list[Block]:
    """What a reviewer can say."""
    return [
        button("Reviewed", Action.POSTMORTEM_REVIEWED, key),
        button("Ask for changes", Action.POSTMORTEM_CHANGES, key),
    ]
