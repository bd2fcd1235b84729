"""A containment in the channel, from asking to undoing; and the question whether it is still right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from app.domain.containment import STANDING, Containment, ContainmentState, Purpose
from app.domain.containment_notices import ContainmentReview, ContainmentShown
from app.domain.incident import Incident, Status
from app.domain.register import Switch, System
from app.slack.blocks import (
    Block,
    actions,
    button,
    channel_mention,
    confirm,
    context,
    mention,
    plain_words,
    safe,
    safe_line,
    section,
    when,
)
from app.slack.ids import Action
from app.slack.messages.dispatch import Rendered, render
from app.slack.words import headline

# One that only waits for a second person gives way to an emergency stop.
STOPPED = STANDING - {ContainmentState.ASKED}
STOPS_SHOWN = 3
READS = {"contained": "contained", "not_contained": "not contained", "unknown": "not known"}


@render.register
def shown(notice: ContainmentShown) -> Rendered:
    """How it stands first, then what that means, and what can be done about it now."""
    one, incident = notice.containment, notice.incident
    point = _point(one)
    blocks = [section(f"{_SIGNS[one.state]} *{point}*\n{_account(one)}")]
    buttons = _buttons(incident, one)
    if buttons:
        blocks.append(actions(*buttons))
    blocks.append(context(_who(one)))
    if notice.private:
        blocks.append(section(_where(incident)))
    return f"{incident.key}: {point}", blocks


def _where(incident: Incident) -> str:
    """The incident, and the way into its channel."""
    return headline(incident) + (f" in {channel_mention(incident.channel_id)}" if incident.channel_id else "")


_SIGNS = {
    ContainmentState.ASKED: "✋",
    ContainmentState.CONFIRMED: "⏳",
    ContainmentState.ACTING: "⏳",
    ContainmentState.VERIFYING: "⏳",
    ContainmentState.CONTAINED: "🛑",
    ContainmentState.NOT_CONTAINED: "⚠️",
    ContainmentState.UNDONE: "↩️",
    ContainmentState.REFUSED: "✖️",
}


def _point(one: Containment) -> str:
    name, undoing = safe_line(one.system_name, 100), one.purpose is Purpose.UNDO
    if one.state is ContainmentState.CONTAINED and one.problem:
        return f"Not undone: {name} is still contained"
    if one.waits_for_hands:
        return f"To be undone by hand: {name}" if undoing else f"To be contained by hand: {name}"
    if one.state in (ContainmentState.CONFIRMED, ContainmentState.ACTING):
        return f"Undoing the containment of {name}…" if undoing else f"Containing {name}…"
    if one.state is ContainmentState.NOT_CONTAINED and undoing:
        return f"NOT CONTAINED, and not verified as undone: {name}"
    return {
        ContainmentState.ASKED: f"A second person is needed to contain {name}",
        ContainmentState.VERIFYING: f"Verifying what {name} does now…",
        ContainmentState.CONTAINED: f"Contained: {name}",
        ContainmentState.NOT_CONTAINED: f"NOT CONTAINED: {name}",
        ContainmentState.UNDONE: f"Containment undone: {name}",
        ContainmentState.REFUSED: f"Not contained, refused: {name}",
    }[one.state]


def _account(one: Containment) -> str:
    """What is known of it, in as few lines as hold it."""
    name, terms = safe_line(one.name, 200), one.terms
    if one.state is ContainmentState.ASKED:
        return "\n".join([f"{name}: {safe_line(one.reason, 500)}", *terms_lines(terms)])
    if one.waits_for_hands:
        todo = terms["how_to_undo"] if one.purpose is Purpose.UNDO else terms["instructions"] or terms["what_happens"]
        return f"{name}: {safe(todo, 1500)}\nWhoever has done it says so with the button, in words."
    if one.state is ContainmentState.CONTAINED:
        return _in_force(one, name)
    if one.state is ContainmentState.NOT_CONTAINED:
        return _failed(one, name)
    if one.state is ContainmentState.UNDONE:
        return f"{name}, taken back. {_verified(one)}"
    if one.state is ContainmentState.REFUSED:
        return f"{name}. Nothing was called. {safe_line(one.problem, 200)}".strip()
    return f"{name}. It counts as contained only when that is verified."


def terms_lines(terms: Mapping[str, str]) -> list[str]:
    """What will happen, to whom, and how it is taken back."""
    return [
        f"*What happens*  {safe_line(terms['what_happens'], 500)}",
        f"*Who is affected*  {safe_line(terms['affects'], 500)}",
        f"*To undo*  {safe_line(terms['how_to_undo'], 500)}",
    ]


def _in_force(one: Containment, name: str) -> str:
    lines = [f"{name}. {_verified(one)}"]
    if one.problem:
        lines.append(f"What happened: {safe_line(one.problem, 600)}. To undo: {safe_line(one.terms['how_to_undo'])}")
    if one.review_due:
        lines.append("*Is it still right?* It has stood as long as the register says; somebody has to decide.")
    elif one.review_at:
        lines.append(f"To be looked at again {when(one.review_at)}.")
    return "\n".join(lines)


def _verified(one: Containment) -> str:
    at = when(one.verified_at) if one.verified_at else "never"
    how = "By the word of who did it" if one.by_hand and one.connector == "manual" else "Verified"
    return f"{how} {at}. {_readings(one)}".strip()


def _readings(one: Containment) -> str:
    parts = [
        f"{label}: {READS[read['reading']]}{_quoted(read)}"
        for label, read in (("Before", one.before), ("after", one.after))
        if read
    ]
    return "; ".join(parts) + "." if parts else ""


def _quoted(read: Mapping[str, Any]) -> str:
    return f" (“{safe_line(str(read['words']), 150)}”)" if read["words"] else ""


def _failed(one: Containment, name: str) -> str:
    again = "" if one.order_done else " Retry gives the very same order, which can't take effect twice."
    todo = f"Have it stopped by hand meanwhile.{again}"
    return f"{name}. What happened: {safe_line(one.problem, 600)}. {_readings(one)}\n*What to do*  {todo}"


def _buttons(incident: Incident, one: Containment) -> list[Block]:
    value = str(one.id)
    if one.state is ContainmentState.ASKED:
        return [_approve(one, value), button("Refuse", Action.CONTAINMENT_REFUSE, value)]
    if one.waits_for_hands:
        return [button("It is done…", Action.CONTAINMENT_BY_HAND, value, "primary")]
    if one.state is ContainmentState.NOT_CONTAINED:
        again = button("Retry", Action.CONTAINMENT_RETRY, value, "primary")
        anew = button("Contain…", Action.CONTAINMENT_OPEN, incident.key)
        return [again, anew, *([_undo(one, value)] if one.can_be_undone else [])]
    if one.state is ContainmentState.CONTAINED:
        return [*_offers(incident, one, value), _undo(one, value)]
    return []


def _offers(incident: Incident, one: Containment, value: str) -> list[Block]:
    keep = [button("Keep it", Action.CONTAINMENT_KEEP, value, "primary")] if one.review_due else []
    investigating = incident.status is Status.INVESTIGATING and not one.problem
    status = [button("Set status to contained…", Action.CONTAINMENT_STATUS, value)] if investigating else []
    return [*keep, *status]


def _approve(one: Containment, value: str) -> Block:
    text = f"{safe_line(one.terms['what_happens'], 130)}\nAffected: {safe_line(one.terms['affects'], 120)}"
    question = confirm(f"Contain with “{plain_words(one.name, 60)}”?", text, "Approve", "Not yet")
    return button("Approve", Action.CONTAINMENT_APPROVE, value, "primary") | {"confirm": question}


def _undo(one: Containment, value: str) -> Block:
    text = f"{safe_line(one.terms['how_to_undo'], 200)}\nWhat it stopped can then happen again."
    question = confirm("Undo this containment?", text, "Undo", "Keep it")
    return button("Undo", Action.CONTAINMENT_UNDO, value, "danger") | {"confirm": question}


def _who(one: Containment) -> str:
    parts = [f"{'Emergency stop' if one.emergency else 'Asked'} by {mention(one.asked_by)}, {when(one.asked_at)}"]
    if not one.emergency and one.state is not ContainmentState.ASKED:
        parts.append(safe_line(one.reason, 200))
    if one.approved_by:
        parts.append(f"approved by {mention(one.approved_by)}")
    if one.undo_by:
        word = "refused" if one.state is ContainmentState.REFUSED else "undone" if not one.problem else "undo asked"
        parts.append(f"{word} by {mention(one.undo_by)}")
    parts.append(safe_line(one.evidence_note, 300))
    return " · ".join(part for part in parts if part)


def containment_lines(containments: Sequence[Containment]) -> list[Block]:
    """What is contained and what is not, on one line of the card; nothing while nothing was tried."""
    newest = {(one.system, one.switch): one for one in containments if one.state in _ON_CARD}
    if not newest:
        return []
    parts = [f"{_SIGNS[one.state]} {_ON_CARD[one.state]}: {safe_line(one.name, 80)}" for one in newest.values()]
    return [context(" · ".join(parts))]


_ON_CARD = {
    ContainmentState.CONTAINED: "contained",
    ContainmentState.NOT_CONTAINED: "NOT contained",
    ContainmentState.UNDONE: "undone",
}


def stop_lines(incident: Incident, system: System | None, containments: Sequence[Containment]) -> list[Block]:
    """The emergency stops that can be pressed now, by anybody in the channel, each with its own dialog."""
    if system is None or not incident.open:
        return []
    thrown = {one.switch for one in containments if one.system == system.key and one.state in STOPPED}
    stops = [one for one in system.switches if one.emergency_stop and one.key not in thrown][:STOPS_SHOWN]
    return [
        section(f"*{safe_line(one.name, 150)}* – anybody here may press it", stop_button(incident, one))
        for one in stops
    ]


def stop_button(incident: Incident, switch: Switch) -> Block:
    """One emergency stop, asked about once more in Slack's own dialog."""
    text = f"{safe_line(switch.what_happens, 150)}\nAffected: {safe_line(switch.affects, 130)}"
    question = confirm(f"Emergency stop: {plain_words(switch.name, 60)}?", text, "Stop it now", "Cancel")
    return button("Emergency stop", Action.CONTAINMENT_STOP, f"{incident.key}:{switch.key}", "danger") | {
        "confirm": question
    }


@render.register
def review(notice: ContainmentReview) -> Rendered:
    """To whoever leads: is it still right, or is it so no longer."""
    one = notice.containment
    if one.state is ContainmentState.NOT_CONTAINED:
        return _lost(notice)
    point = f"Is the containment of {safe_line(one.system_name, 100)} still right?"
    text = f"*{point}*\n{safe_line(one.name, 200)}, in force since {when(one.contained_at or one.asked_at)}."
    text += f" {safe_line(one.terms['affects'], 400)}"
    buttons = [button("Keep it", Action.CONTAINMENT_KEEP, str(one.id), "primary"), _undo(one, str(one.id))]
    return f"{notice.incident.key}: {point}", [section(text), section(_where(notice.incident)), actions(*buttons)]


def _lost(notice: ContainmentReview) -> Rendered:
    one, key = notice.containment, notice.incident.key
    point = f"NOT CONTAINED any more: {safe_line(one.system_name, 100)}"
    text = f"⚠️ *{point}*\n{safe_line(one.name, 200)} was in force and no longer reads so. Nobody took it back here."
    retry = button("Contain it again", Action.CONTAINMENT_RETRY, str(one.id), "primary")
    return f"{key}: {point}", [section(text), section(_where(notice.incident)), actions(retry)]
