"""A postmortem, whole, to read and to work on."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.domain.incident import Incident
from app.domain.postmortem import PART_TITLES, Part, Postmortem, PostmortemStatus
from app.domain.postmortem_review import PostmortemComment, PostmortemReviewer
from app.drafting.blameless.blameless import Blame
from app.services.postmortems.details import PEOPLE
from app.slack.blocks import (
    OPTION_MAX,
    VIEW_BLOCKS_MAX,
    Block,
    actions,
    button,
    confirm,
    context,
    mention,
    paragraphs,
    plain,
    plain_words,
    safe,
    safe_line,
    safe_with_people,
    section,
    when,
)
from app.slack.ids import Action, View
from app.slack.inputs import modal, option
from app.slack.messages.cited import citation, cited_parts
from app.slack.messages.postmortem import answer_buttons, made_by, reviewer_lines
from app.slack.views.metadata import packed
from app.slack.words import headline

EMPTY = "_The record says nothing about this. Write it with Edit._"
SHOWN_BLAME = 3
SHOWN_COMMENTS = 5
SHOWN_EVIDENCE = 3
EVIDENCE_MAX = 2000
_STATES: dict[PostmortemStatus, str] = {
    PostmortemStatus.DRAFT: "draft",
    PostmortemStatus.IN_REVIEW: "in review",
    PostmortemStatus.COMPLETED: "✅ completed",
}


@dataclass(frozen=True)
class Page:
    """What the page shows. `links` maps entry ids to permalinks; `blame` is what makes a person the cause, by part.

    `owner` is whose task it is, `viewer` who reads; `evidence` what stands beside each part; `said` what the last act
    came to.
    """

    incident: Incident
    postmortem: Postmortem
    owner: str
    viewer: str
    links: Mapping[int, str] = field(default_factory=dict)
    reviewers: Sequence[PostmortemReviewer] = ()
    comments: Sequence[PostmortemComment] = ()
    blame: Mapping[Part, Sequence[Blame]] = field(default_factory=dict)
    evidence: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)
    said: str = ""


def postmortem_view(page: Page) -> Block:
    """All six parts with what can be done; where Slack's limit of blocks is reached, it says how to get the whole."""
    top = _top(page)
    room = (VIEW_BLOCKS_MAX - len(top) - 2) // len(Part)
    body = [block for part in Part for block in _part(page, part, room)]
    note = f"As a file: `ai-incident postmortem {page.incident.key} --format md` (or json, html, pdf)"
    return modal(
        View.POSTMORTEM,
        f"Postmortem {page.incident.key}",
        [*top, *body, context(note)],
        close="Close",
        private_metadata=packed(key=page.incident.key),
    )


def _top(page: Page) -> list[Block]:
    postmortem, key = page.postmortem, page.incident.key
    state = f"Version {postmortem.version}, {_STATES[postmortem.status]} · {made_by(postmortem)}, "
    lines = [
        f"{state}{when(postmortem.drafted_at)} · {mention(page.owner)} sees to it",
        *reviewer_lines(page.reviewers),
    ]
    blocks = [section(safe(page.said))] if page.said else []
    blocks.append(section(headline(page.incident)))
    blocks += [context(text) for text in paragraphs(lines, 2000)[:4]]
    theirs = answer_buttons(key) if page.viewer in {one.user for one in page.reviewers} else []
    reviewing = button("Reviewers", Action.POSTMORTEM_REVIEWERS, key)
    again = button("Draft again", Action.POSTMORTEM_DRAFT, key)
    if postmortem.status is PostmortemStatus.COMPLETED:
        asked = confirm("Work on it again?", "The completed version is kept; the new one is a draft.", "Draft", "Leave")
        return [*blocks, actions(reviewing, again | {"confirm": asked})]
    complete = button("Complete", Action.POSTMORTEM_COMPLETE, key, None if theirs else "primary")
    return [*blocks, actions(*theirs, reviewing, complete, again)]


def _part(page: Page, part: Part, room: int) -> list[Block]:
    """At most `room` blocks."""
    sentences = page.postmortem.sections.get(part, [])
    still = [one for one in page.comments if one.part is part and one.resolved_at is None]
    below = [
        *_evidence(page.evidence.get(part, ()), page.links),
        *_blame(page.blame.get(part, ())),
        *[_comment(one) for one in still[-SHOWN_COMMENTS:]],
    ]
    value = f"{page.incident.key}:{part}"
    buttons = [button("Edit", Action.POSTMORTEM_EDIT, value), button("Comment", Action.POSTMORTEM_COMMENT, value)]
    if part is Part.PREVENTION_PLAN:
        buttons.append(button("Follow-ups", Action.FOLLOW_UP_OPEN, page.incident.key))
        buttons += _as_follow_up(page.incident, page.postmortem)
    body = cited_parts([(PART_TITLES[part], sentences)], page.links, empty=EMPTY)
    left = room - len(below) - 1
    if len(body) > left:
        body = [*body[: left - 1], context("… The rest does not fit here; Edit shows all of it.")]
    return [*body, *below, actions(*buttons)]


def _evidence(blocks: Sequence[Mapping[str, Any]], links: Mapping[int, str]) -> list[Block]:
    """One line for each kind of evidence; words of the system itself stand in the exports alone."""
    lines = [_evidence_line(one, links) for one in blocks]
    return [context(text) for text in paragraphs(lines, EVIDENCE_MAX)[:2]]


def _evidence_line(block: Mapping[str, Any], links: Mapping[int, str]) -> str:
    lines = block["lines"]
    title = f"*{safe_line(block['title'], 60)}*"
    if block["fenced"]:
        return f"{title}  {len(lines)}, word for word in the exports"
    # Who held which role is told in our own words; all else is people's.
    shorten = safe_with_people if block["title"] == PEOPLE else safe_line
    shown = [f"{shorten(' '.join(one['text'].split()), 160)}{_cites(one, links)}" for one in lines[:SHOWN_EVIDENCE]]
    more = [f"and {len(lines) - SHOWN_EVIDENCE} more"] if len(lines) > SHOWN_EVIDENCE else []
    return f"{title}  {' · '.join([*shown, *more])}"


def _cites(line: Mapping[str, Any], links: Mapping[int, str]) -> str:
    return "".join(f" {citation(one, links)}" for one in line["citations"][:2])


def _as_follow_up(incident: Incident, postmortem: Postmortem) -> list[Block]:
    """A menu of the plan's sentences, each to be made a follow-up."""
    lines = postmortem.sections.get(Part.PREVENTION_PLAN, [])[:100]
    options = [
        option(f"{incident.key}:{number}", plain_words(line["text"], OPTION_MAX)) for number, line in enumerate(lines)
    ]
    if not options:
        return []
    placeholder = plain("Make a follow-up of …", 150)
    menu = {"type": "static_select", "action_id": Action.FOLLOW_UP_FROM, "placeholder": placeholder}
    return [menu | {"options": options}]


def _blame(found: Collection[Blame]) -> list[Block]:
    lines = [f"⚠️ “{safe_line(one.words, 150)}” {safe_line(one.advice, 300)}" for one in list(found)[:SHOWN_BLAME]]
    return [context("\n".join(lines))] if lines else []


def _comment(comment: PostmortemComment) -> Block:
    text = f"💬 {mention(comment.by)} on version {comment.version}: {safe(comment.text, 1500)}"
    return section(text, button("Resolve", Action.POSTMORTEM_RESOLVE, str(comment.id)))


def no_postmortem_view(incident: Incident) -> Block:
    """That there is none yet, and a button to draft it."""
    blocks = [
        section(
            f"There is no postmortem of {safe_line(incident.key)} yet. It is drafted when the incident is resolved."
        ),
        actions(button("Draft it now", Action.POSTMORTEM_DRAFT, incident.key, "primary")),
    ]
    return modal(View.POSTMORTEM, "Postmortem", blocks, close="Close", private_metadata=packed(key=incident.key))
