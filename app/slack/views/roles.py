"""The role panel: who holds which role; take, give, hand over with a note, release."""

from __future__ import annotations

from app.domain.notices import Panel
from app.domain.roles import Role, RoleHolding
from app.slack.blocks import Block, actions, button, context, divider, mention, safe_with_people, section, when
from app.slack.ids import Action, View
from app.slack.inputs import field, modal, person_choice, text_box
from app.slack.views.metadata import packed
from app.slack.words import headline, role_name

NOTE_MAX = 1000
SHOWN_HISTORY = 10


def role_panel(panel: Panel, said: str = "", *, with_note: bool = True) -> Block:
    """The panel; `said` is what the last press came to, shown first.

    Without the note once it was used: Slack would keep its words, and the next one given a role would get them too.
    """
    incident = panel.incident
    note = _note() if with_note else context("To hand over with another note, open Roles again.")
    blocks = [section(safe_with_people(said))] if said else []
    blocks += [section(headline(incident)), note, divider()]
    for role in Role:
        blocks += _role(panel, role)
    past = [one for one in panel.role_history if one.to_at is not None][-SHOWN_HISTORY:]
    if past:
        blocks += [divider(), context("\n".join(_past(one) for one in past))]
    # Slack wants a submit button wherever there is an input; this one has nothing left to do.
    metadata = packed(key=incident.key)
    return modal(View.ROLE_PANEL, "Roles", blocks, submit="Done", close="Close", private_metadata=metadata)


def _note() -> Block:
    box = text_box(lines=True, max_length=NOTE_MAX, placeholder="What they need to know")
    return field("note", "Handing over? Write a note first", box, hint="It goes to whoever you give the role to.")


def _role(panel: Panel, role: Role) -> list[Block]:
    """One role: its holder, and what can be done with it. The block's id says whose role the users select gives."""
    holder = panel.holders.get(role)
    value = f"{panel.incident.key}:{role}"
    elements = [person_choice(Action.ROLE_ASSIGN, placeholder="Hand over to" if holder else "Give to")]
    if holder is None:
        elements.append(button("Take it", Action.ROLE_CLAIM, value))
    else:
        elements.append(button("Release", Action.ROLE_RELEASE, value))
    who = mention(holder) if holder else "nobody yet"
    return [section(f"*{role_name(role)}*  {who}"), actions(*elements, block_id=role.value)]


def _past(holding: RoleHolding) -> str:
    until = when(holding.to_at) if holding.to_at else "now"
    return f"{role_name(holding.role)}: {mention(holding.user)}, {when(holding.from_at)} to {until}"
