"""The triage pack, and the words about people who are brought in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from app.domain.escalation import Candidate, RoleAdvice
from app.domain.triage_notices import BroughtIn, NoAnswer, ShownPicture, TriageShown
from app.domain.triage_pack import PART_TITLES, PackPart, TriagePack
from app.slack.blocks import (
    Block,
    actions,
    button,
    channel_mention,
    clip,
    context,
    file_picture,
    mention,
    safe_line,
    section,
    when,
)
from app.slack.ids import Action
from app.slack.messages.dispatch import Rendered, render
from app.slack.words import counted, headline, point, role_name

_COUNTED = (
    (PackPart.CHANGES, "change", "changes"),
    (PackPart.ANOMALIES, "anomaly", "anomalies"),
    (PackPart.SIMILAR, "similar incident", "similar incidents"),
)


@render.register
def triage(notice: TriageShown) -> Rendered:
    """What was found, part by part; then who is needed."""
    pack, key = notice.pack, notice.incident.key
    found = ", ".join(_found(pack))
    blocks: list[Block] = [section(f"*Triage pack* – {found}" if found else "*Triage pack*")]
    for part in PackPart:
        if pack.parts.get(part) and part is PackPart.DEPENDENCIES and notice.picture is not None:
            blocks += _drawn(pack, notice.picture)
        elif pack.parts.get(part):
            blocks.append(_part(pack, part))
    nothing = [_nothing(pack, part) for part in PackPart if not pack.parts.get(part)]
    blocks += [context("\n".join(nothing))] if nothing else []
    blocks += _people(notice)
    blocks.append(actions(button("Gather again", Action.TRIAGE_OPEN, key)))
    blocks.append(context(_gathered(pack)))
    return f"{key}: triage pack{f': {found}' if found else ''}", blocks


def _found(pack: TriagePack) -> Iterator[str]:
    """`1 change`, `2 anomalies`: what there is to read, in one breath."""
    for part, one, many in _COUNTED:
        lines = pack.parts.get(part) or []
        more = "more than " if lines and lines[-1].startswith("and ") else ""
        count = len(lines) - bool(more)
        if count:
            yield f"{more}{counted(count, one, many)}"


def _drawn(pack: TriagePack, picture: ShownPicture) -> list[Block]:
    """The picture, and its text in small print for where pictures are folded away or searched for."""
    tree = " · ".join(safe_line(line, 120) for line in pack.parts[PackPart.DEPENDENCIES])
    return [file_picture(picture.file, PART_TITLES[PackPart.DEPENDENCIES], picture.words), context(clip(tree, 900))]


def _part(pack: TriagePack, part: PackPart) -> Block:
    lines = [f"*{PART_TITLES[part]}*", *(f"• {safe_line(line, 280)}" for line in pack.parts[part])]
    return section("\n".join(lines))


def _nothing(pack: TriagePack, part: PackPart) -> str:
    return f"*{PART_TITLES[part]}:* {safe_line(pack.empty.get(part, 'Nothing is known.'), 280)}"


def _gathered(pack: TriagePack) -> str:
    took = pack.seconds_to_context
    first = f" · first shown {_seconds(took)} after declaring" if took is not None else ""
    return f"Gathered {when(pack.gathered_at)}{first}"


def _seconds(took: float) -> str:
    return f"{took:.0f} s" if took >= 1 else "less than 1 s"


def _people(notice: TriageShown) -> list[Block]:
    key = notice.incident.key
    blocks: list[Block] = []
    if notice.owner_team or notice.bring_in:
        owner = f" – {safe_line(notice.owner_team, 80)} owns the system" if notice.owner_team else ""
        blocks.append(section(f"*Who to bring in*{owner}" if notice.bring_in else f"*Owner*{owner}"))
    for one in notice.bring_in:
        bring = button("Bring in", Action.ESCALATION_INVITE, f"{key}:{one.user}")
        blocks.append(section(f"{mention(one.user)} {_because(one)}", bring))
    return blocks + ([section(_roles(notice.roles))] if notice.roles else [])


def _because(one: Candidate) -> str:
    return safe_line("; ".join(one.reasons), 200)


def _roles(roles: Sequence[RoleAdvice]) -> str:
    lines = ["*Roles to fill*"]
    for one in roles:
        at_once = " *at once*" if one.at_once else ""
        lines.append(f"• {role_name(one.role)}{at_once} – {one.why}")
    return "\n".join(lines)


@render.register
def brought_in(notice: BroughtIn) -> Rendered:
    """Private: what is wanted of them, and what tells that they are there."""
    incident = notice.incident
    text = f"{mention(notice.by)} brings you into {headline(incident)}"
    why = f"Why you: {safe_line('; '.join(notice.reasons), 200)}.\n" if notice.reasons else ""
    where = channel_mention(incident.channel_id) if incident.channel_id else "its channel"
    wanted = (
        f"{why}Press the button, say a word in {where} or take a role within {notice.answer_minutes} min, "
        "or somebody else is asked."
    )
    here = actions(button("I'm on it", Action.ESCALATION_ANSWER, incident.key, "primary"))
    return f"{mention(notice.by)} brings you into {point(incident)}", [section(text), section(wanted), here]


@render.register
def no_answer(notice: NoAnswer) -> Rendered:
    """Private to whoever leads: the silence, and whom to ask next."""
    key = notice.incident.key
    text = f"{mention(notice.user)} has not answered for {notice.minutes} min in {headline(notice.incident)}"
    blocks = [section(text)]
    if notice.next_one is not None:
        bring = button("Bring in", Action.ESCALATION_INVITE, f"{key}:{notice.next_one.user}")
        blocks.append(section(f"Next: {mention(notice.next_one.user)} {_because(notice.next_one)}", bring))
    else:
        blocks.append(section("Nobody else is known for it. Ask around, or take it yourself."))
    return f"No answer yet: {point(notice.incident)}", blocks
