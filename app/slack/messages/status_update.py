"""A What We Know: waiting for a decision, and published."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.domain.notices import UpdatePublished, UpdateReview
from app.domain.status_update import SECTION_TITLES, Audience, Section, StatusUpdate, UpdateStatus
from app.domain.update_notices import UpdateForAudience
from app.drafting.audiences.audiences import SHAPES
from app.slack.blocks import (
    Block,
    actions,
    button,
    channel_mention,
    confirm,
    context,
    mention,
    safe_line,
    section,
    when,
)
from app.slack.ids import Action
from app.slack.messages.approval import approval_lines, correction_lines, problem_lines
from app.slack.messages.cited import Parts, cited_parts, within_message
from app.slack.messages.dispatch import Rendered, render
from app.slack.words import AUDIENCE_NAMES, minutes

NOTHING = "_Nothing known that could be said here._"


@render.register
def review(notice: UpdateReview) -> Rendered:
    """The text with its sources, and the decisions that can be taken about it now."""
    update = notice.update
    title = f"*{_name(update)}* for {AUDIENCE_NAMES[update.audience].lower()}: {_STATES[update.status]}"
    blocks = within_message(
        lambda links: [
            section(title),
            *cited_parts(_parts(update), links, empty=NOTHING),
            context(_account(update)),
            *problem_lines(update.audience, update.problems),
            *correction_lines(update),
            *approval_lines(notice.needs),
        ],
        notice.links,
    )
    buttons = review_buttons(update, earlier=notice.earlier)
    point = f"{notice.incident.key} update {update.version}: {_STATES[update.status]}"
    return point, [*blocks, buttons] if buttons else blocks


_STATES: dict[UpdateStatus, str] = {
    UpdateStatus.DRAFT: "draft, waiting for approval",
    UpdateStatus.APPROVED: "approved, not published yet",
    UpdateStatus.PUBLISHED: "published",
    UpdateStatus.DISCARDED: "discarded",
}


def review_buttons(update: StatusUpdate, *, earlier: bool = False) -> Block | None:
    """What can be done with the update as it stands; None when nothing can. `earlier`: it can be compared."""
    value = str(update.id)
    question = confirm("Discard this update?", "Its text stays in the record.", "Discard", "Keep")
    edit = button("Edit", Action.UPDATE_DRAFT, value)
    rest = [button("What changed", Action.UPDATE_CHANGES, value)] if earlier or update.written_by else []
    rest.append(button("Discard", Action.UPDATE_DISCARD, value) | {"confirm": question})
    if update.status is UpdateStatus.DRAFT:
        return actions(button("Approve", Action.UPDATE_APPROVE, value, "primary"), edit, *rest)
    if update.status is UpdateStatus.APPROVED:
        return actions(button("Publish", Action.UPDATE_PUBLISH, value, "primary"), edit, *rest)
    return None


def _copy_button(update: StatusUpdate) -> list[Block]:
    """For readers who are not in this channel; none where the update stands in theirs."""
    if update.audience is Audience.RESPONDERS or update.sent_channel_id:
        return []
    return [actions(button("Copy text", Action.UPDATE_COPY, str(update.id)))]


@render.register
def published(notice: UpdatePublished) -> Rendered:
    """The text with its sources and the next promise."""
    incident, update = notice.incident, notice.update
    title = f"*{incident.key} · What we know* (update {update.version}, for {AUDIENCE_NAMES[update.audience].lower()})"
    if update.audience is Audience.RESPONDERS:
        title += f" · {incident.severity.upper()}, {incident.status.value}"
    blocks = within_message(
        lambda links: [
            section(title),
            *cited_parts(_parts(update), links, empty=NOTHING),
            section(_promise(update)),
            context(_account(update)),
        ],
        notice.links,
    )
    point = f"{incident.key} update {update.version}: {_first(update)}".rstrip(": ")
    return point, [*blocks, *_copy_button(update)]


@render.register
def for_audience(notice: UpdateForAudience) -> Rendered:
    """The text alone, in the audience's own channel; customers see neither key nor sources, others no buttons."""
    incident, update = notice.incident, notice.update
    outside = update.audience is Audience.CUSTOMERS
    title = "*What we know*" if outside else f"*{incident.key} · What we know* (update {update.version})"
    blocks = within_message(
        lambda links: [
            section(title),
            *cited_parts(_said(update, cited=not outside), links, empty=NOTHING),
            section(_promise(update)),
        ],
        notice.links,
    )
    return f"{'' if outside else f'{incident.key}: '}{_first(update)}" or "What we know", blocks


def _said(update: StatusUpdate, *, cited: bool) -> Parts:
    """The parts in which something is said, with or without sources."""
    kept = [(title, lines) for title, lines in _parts(update) if lines]
    return kept if cited else [(title, [{"text": one["text"]} for one in lines]) for title, lines in kept]


def _first(update: StatusUpdate) -> str:
    first = next((one["text"] for one in update.sections.get(Section.WHAT_HAPPENED, [])), "")
    return safe_line(first, 600)


def _parts(update: StatusUpdate) -> Parts:
    """The parts of its audience, in their order, and whatever else somebody wrote."""
    shape = SHAPES[update.audience]
    others = [(part, title) for part, title in SECTION_TITLES.items() if part not in shape.sections]
    parts = [(title, update.sections.get(part, [])) for part, title in shape.parts]
    return [*parts, *((title, update.sections[part]) for part, title in others if update.sections.get(part))]


def _promise(update: StatusUpdate) -> str:
    at = when(update.next_update_at) if update.next_update_at else f"in {minutes(update.next_update_minutes)}"
    return f"*Next update* {at}"


def _name(update: StatusUpdate) -> str:
    return f"What We Know {update.version}"


def _account(update: StatusUpdate) -> str:
    parts = [f"Drafted by {mention(update.drafted_by)} with {drafter_name(update.drafter)}"]
    if update.written_by and update.drafter.get("name"):
        parts.append(f"changed by {', '.join(mention(user) for user in update.written_by)}")
    if update.approved_by:
        approvers = dict.fromkeys([str(one["by"]) for one in update.approvals] or [update.approved_by])
        parts.append(f"approved by {', '.join(mention(user) for user in approvers)}")
    if update.published_by:
        parts.append(f"published by {mention(update.published_by)}")
    if update.sent_channel_id:
        parts.append(f"posted in {channel_mention(update.sent_channel_id)}")
    return " · ".join(parts)


def drafter_name(drafter: Mapping[str, Any]) -> str:
    """Who drafted, in words; "their own words" when nobody but the person did."""
    name, model = str(drafter.get("name") or ""), drafter.get("model")
    if not name:
        return "their own words"
    if name == "extractive":
        return "the bot's own rules, no model"
    return safe_line(f"the {name} drafter" + (f" ({model})" if model else ""), 120)
