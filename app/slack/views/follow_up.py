"""The list of follow-ups, and the forms to add, change and drop one."""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.follow_up import TITLE_MAX, FollowUp, Layer
from app.domain.incident import Incident
from app.slack.blocks import Block, actions, button, context, divider, plain_words, safe, safe_line, section
from app.slack.ids import Action, View
from app.slack.inputs import choice, date_box, field, modal, person_box, text_box
from app.slack.messages.follow_up import follow_up_buttons, follow_up_line
from app.slack.views.metadata import packed
from app.slack.words import headline

SHOWN_OPEN = 30
SHOWN_ENDED = 15
REASON_MAX = 3000
LAYER_NAMES: dict[Layer, str] = {
    Layer.DATA: "Data",
    Layer.MODEL: "Model",
    Layer.PROMPT: "Prompt",
    Layer.GUARDRAIL: "Guardrail",
    Layer.TOOLS: "Tools and permissions",
    Layer.OVERSIGHT: "Human oversight",
    Layer.MONITORING: "Monitoring",
    Layer.PROCESS: "Process",
}


def follow_ups_form(
    incident: Incident, follow_ups: Sequence[FollowUp], said: str = "", *, title: str = "", source: str = ""
) -> Block:
    """The list with what can be done about each, and a form for a new one.

    `said` is what the last submission came to, shown first; then a button takes the place of the form, since Slack
    would keep the words in it. `title` prefills the new one, which remembers its `source`.
    """
    still = [one for one in follow_ups if one.open]
    ended = [one for one in follow_ups if not one.open]
    blocks = [section(safe(said))] if said else []
    blocks.append(section(headline(incident)))
    for one in still[:SHOWN_OPEN]:
        blocks += [section(follow_up_line(one)), follow_up_buttons(one)]
    if not still:
        blocks.append(section("No follow-up is open."))
    if len(still) > SHOWN_OPEN:
        blocks.append(context(f"and {len(still) - SHOWN_OPEN} more, in the incident's record"))
    blocks += [divider(), *([_another(incident.key)] if said else _boxes(title=title))]
    if ended:
        blocks.append(divider())
        blocks += [_ended(one) for one in ended[-SHOWN_ENDED:]]
    buttons = {"close": "Done"} if said else {"submit": "Add"}
    return modal(
        View.FOLLOW_UP,
        "Follow-ups",
        blocks,
        private_metadata=packed(key=incident.key, source=source or None),
        **buttons,
    )


def change_form(incident: Incident, follow_up: FollowUp) -> Block:
    """One follow-up to change."""
    shown = context(f"Follow-up {follow_up.number} of {safe_line(incident.key)}")
    metadata = packed(key=incident.key, follow_up=follow_up.id)
    title = f"Follow-up {follow_up.number}"
    blocks = [shown, *_boxes(follow_up)]
    return modal(View.FOLLOW_UP, title, blocks, submit="Save", private_metadata=metadata)


def drop_form(incident: Incident, follow_up: FollowUp) -> Block:
    """Why it will not be done."""
    reason = text_box(lines=True, max_length=REASON_MAX, placeholder="What makes it unnecessary, or what replaces it")
    return modal(
        View.FOLLOW_UP_DROP,
        f"Drop follow-up {follow_up.number}",
        [section(follow_up_line(follow_up)), field("reason", "Why it will not be done", reason, required=True)],
        submit="Drop",
        private_metadata=packed(key=incident.key, follow_up=follow_up.id),
    )


def _boxes(follow_up: FollowUp | None = None, *, title: str = "") -> list[Block]:
    """The fields; with a follow-up as it stands."""
    shown = plain_words(title, TITLE_MAX) if follow_up is None else follow_up.title
    layers = [(one.value, name) for one, name in LAYER_NAMES.items()]
    what = text_box(initial=shown, max_length=TITLE_MAX, placeholder="An action that can be finished")
    owner = person_box(initial=follow_up.owner if follow_up else None, placeholder="Who sees to it")
    due = date_box(initial=follow_up.due_on if follow_up else None)
    layer = choice(
        layers, initial=follow_up.layer if follow_up else None, placeholder="Which line of defence it strengthens"
    )
    return [
        field("title", "What is to be done", what, required=True),
        field("owner", "Owner", owner, hint="They are reminded two days before, on the day, and weekly once overdue."),
        field("due_on", "Due", due),
        field("layer", "Strengthens", layer),
    ]


def _another(key: str) -> Block:
    return actions(button("Add another", Action.FOLLOW_UP_OPEN, key))


def _ended(follow_up: FollowUp) -> Block:
    reopen = button("Reopen", Action.FOLLOW_UP_REOPEN, str(follow_up.id))
    return section(follow_up_line(follow_up), reopen)
