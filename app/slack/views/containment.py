"""The forms of containment: which switch and why, with what that does; and what somebody did by hand."""

from __future__ import annotations

from app.domain.containment import STANDING, Containment, Purpose
from app.domain.incident import Incident
from app.domain.register import ConnectorKind, Switch
from app.services.containment.options import Options
from app.slack.blocks import Block, context, divider, plain_words, safe, safe_line, section
from app.slack.ids import View
from app.slack.inputs import choice, field, modal, text_box
from app.slack.messages.containment import stop_button, terms_lines
from app.slack.views.metadata import packed
from app.slack.words import headline

SHOWN_SWITCHES = 25
EVIDENCE = (
    "Evidence is kept first: the timeline, the versions in the register, and what the switch reads before. Prompts, "
    "traces and tool logs stay where they are: secure them now if this would erase them."
)
_STATES = {
    "asked": "waits for a second person",
    "confirmed": "is being carried out",
    "acting": "is being carried out",
    "verifying": "is being verified",
    "contained": "is in force",
}


def containment_form(options: Options) -> Block:
    """Every switch with what it does, to whom, and how it is undone; those that can be thrown can be chosen."""
    system = options.system
    switches = system.switches[:SHOWN_SWITCHES] if system else ()
    told = [_switch(options, switch) for switch in switches]
    blocks = [section(headline(options.incident)), *told, divider(), context(EVIDENCE)]
    if not options.may_act:
        blocks.append(context("Only the incident commander or the technical lead can send this form."))
    free = [one for one in switches if one.key not in options.obstacles and _standing(options, one) is None]
    metadata = packed(key=options.incident.key)
    if not free:
        return modal(View.CONTAINMENT, "Contain", blocks, close="Close", private_metadata=metadata)
    pairs = [(one.key, plain_words(one.name, 70)) for one in free]
    chosen = choice(pairs, initial=free[0].key if len(free) == 1 else None, placeholder="Which one")
    blocks += [
        field("switch", "Switch", chosen, required=True),
        field("reason", "Why", text_box(lines=True, placeholder="What it must stop, in a sentence"), required=True),
    ]
    return modal(View.CONTAINMENT, "Contain", blocks, submit="Contain", private_metadata=metadata)


def _switch(options: Options, switch: Switch) -> Block:
    terms = {"what_happens": switch.what_happens, "affects": switch.affects, "how_to_undo": switch.how_to_undo}
    title = f"*{safe_line(switch.name, 200)}*" + (" · needs a second person" if switch.dangerous else "")
    title += " · done by hand" if switch.connector.kind is ConnectorKind.MANUAL else ""
    obstacle, standing = options.obstacles.get(switch.key), _standing(options, switch)
    if standing is not None:
        return section(f"{title}\nIt {_STATES[standing.state]}; its message in the channel has the buttons.")
    if obstacle:
        return section(f"{title}\nCan't be thrown here: {safe_line(obstacle, 300)}.")
    stop = stop_button(options.incident, switch) if switch.emergency_stop else None
    return section("\n".join([title, *terms_lines(terms)]), stop)


def _standing(options: Options, switch: Switch) -> Containment | None:
    system = options.system.key if options.system else ""
    return next(
        (one for one in options.given if (one.system, one.switch) == (system, switch.key) and one.state in STANDING),
        None,
    )


def by_hand_form(incident: Incident, containment: Containment) -> Block:
    """What is to be done, whether it worked, and what was done and seen, in words."""
    terms, undoing = containment.terms, containment.purpose is Purpose.UNDO
    todo = terms["how_to_undo"] if undoing else terms["instructions"] or terms["what_happens"]
    outcomes = [("worked", "It is undone" if undoing else "It is contained"), ("failed", "It did not work")]
    words = text_box(lines=True, placeholder="What you did, and how you saw that it worked")
    return modal(
        View.CONTAINMENT_BY_HAND,
        "Undone by hand" if undoing else "Contained by hand",
        [
            section(f"{headline(incident)}\n*{safe_line(containment.name, 200)}*\n{safe(todo, 2000)}"),
            field("outcome", "What came of it", choice(outcomes, initial="worked"), required=True),
            field("words", "In your words", words, required=True, hint="Kept on the record as your word."),
        ],
        submit="Put on record",
        private_metadata=packed(key=incident.key, containment=containment.id),
    )
