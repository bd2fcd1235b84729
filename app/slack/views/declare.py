"""The declare form, and what takes its place while the room is set up."""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.incident import Archetype, Kind, Severity, Visibility
from app.domain.notices import DeclarationFailed, Opening
from app.domain.suggestion import Suggestion
from app.slack.blocks import Block, actions, button, context, section
from app.slack.ids import Action, View
from app.slack.inputs import Option, choice, field, modal, people_choice, text_box
from app.slack.messages.declare import failed_blocks, opening_blocks
from app.slack.messages.suggestion import guess_line
from app.slack.views.metadata import packed
from app.slack.views.register import SYSTEM_FIELD, system_choice
from app.slack.words import ARCHETYPE_NAMES, SEVERITY_MEANINGS, SYSTEM_TYPE_NAMES

VISIBILITIES: Sequence[Option] = (
    (Visibility.PUBLIC, "Public – announced, anyone may follow"),
    (Visibility.RESTRICTED, "Restricted – a private channel, told nowhere else"),
)
KINDS: Sequence[Option] = ((Kind.REAL, "Real"), (Kind.DRILL, "Drill – practice, left out of the metrics"))


def declare_form(
    *, title: str = "", summary: str = "", systems: Sequence[Option] = (), suggestion: Suggestion | None = None
) -> Block:
    """The form; `systems` are the (key, name) pairs of the AI system register, without which the key is typed.

    `suggestion`: what the words typed so far suggest, None before anybody asked.
    """
    system = system_choice(systems) if systems else text_box(max_length=80)
    blocks = [
        field("title", "What is wrong?", _title(title), required=True),
        field("severity", "How bad is it now?", _severity(), required=True, hint="It can be changed at any time."),
        field("summary", "What was seen, where and since when", text_box(initial=summary, lines=True)),
        _suggestion(suggestion),
        field("archetype", "What kind of failure", _archetype()),
        field("system_type", "What kind of system", choice([(one, name) for one, name in SYSTEM_TYPE_NAMES.items()])),
        field(SYSTEM_FIELD, "Which system", system),
        field("visibility", "Who may see it", choice(VISIBILITIES, initial=Visibility.PUBLIC), required=True),
        field("kind", "Real or drill", choice(KINDS, initial=Kind.REAL), required=True),
        field("invite", "Who else should be there", people_choice(placeholder="People to invite")),
    ]
    return modal(View.DECLARE, "Declare an incident", blocks, submit="Declare", private_metadata=packed())


def _title(title: str) -> Block:
    return text_box(initial=title, placeholder="The agent deletes orders it should only read")


def _suggestion(suggestion: Suggestion | None) -> Block:
    says = guess_line(suggestion) if suggestion else "What does this look like?"
    return section(says, button("Suggest again" if suggestion else "Suggest", Action.SUGGESTION_ASK, "report"))


def _severity() -> Block:
    options = [(one, meaning) for one, meaning in SEVERITY_MEANINGS.items()]
    return choice(options, placeholder=f"{Severity.SEV1.upper()} to {Severity.SEV4.upper()}")


def _archetype() -> Block:
    return choice([(one, name) for one, name in ARCHETYPE_NAMES.items()], initial=Archetype.UNSURE)


def opening_view(notice: Opening) -> Block:
    """What the declarer sees from the moment of sending on; replaced when the channel is there."""
    ready = notice.incident.channel_id is not None
    blocks = opening_blocks(notice)
    if not ready:
        blocks.append(context("You may close this; the link is sent to you as well when it is closed."))
    return modal(View.DECLARE_STATUS, notice.incident.key, blocks, close="Done" if ready else "Close")


def failed_view(notice: DeclarationFailed) -> Block:
    again = actions(button("Declare again", Action.DECLARE_OPEN, "new", "primary"))
    return modal(View.DECLARE_STATUS, "Not declared", [*failed_blocks(notice), again], close="Close")
