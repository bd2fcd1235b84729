"""The edit form of a What We Know."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.domain.status_update import SECTION_TITLES, Audience, Section, StatusUpdate
from app.slack.blocks import Block, button, confirm, context, safe_line, section
from app.slack.ids import Action, View
from app.slack.inputs import choice, field, heard, modal, number_box, text_box, within
from app.slack.messages.approval import problem_lines
from app.slack.messages.status_update import drafter_name
from app.slack.views.metadata import packed
from app.slack.words import AUDIENCE_NAMES

NEXT_UPDATE_MAX_MINUTES = 7 * 24 * 60
SECTION_TEXT_MAX = 3000
REASON_MAX = 500
OVERRIDE_PROBLEMS_MAX = 10
LEFT_OUT_MAX = 5
HOW_TO_CITE = (
    "One sentence a line. Each ends with the timeline entries it rests on, such as [12] or [12, 15]. "
    "A line without any is kept as your own words and marked so."
)


@dataclass(frozen=True)
class UpdateForm:
    """What the form shows. `texts` is form text by section; `account` says who drafted (None, or without a name: a
    person did), and what the text is told apart by once it comes back (see `services.authorship`).

    `waiting`: a model is still drafting and its text will replace this one, unless somebody types meanwhile. `offered`:
    the id of the model's draft that waits to be used instead, None for none.
    """

    key: str
    texts: Mapping[Section, str]
    audience: Audience
    next_update_minutes: int
    account: Mapping[str, Any] | None = None
    waiting: bool = False
    offered: int | None = None
    problems: Sequence[Mapping[str, Any]] = ()


def update_form(form: UpdateForm) -> Block:
    """The form, each section prefilled; a section longer than Slack takes is cut at a line and said to be."""
    blocks = [
        context(_who(form)),
        *_offer(form),
        *_left_out(form),
        *problem_lines(form.audience, form.problems),
        context(HOW_TO_CITE),
    ]
    cut = [SECTION_TITLES[part] for part, text in form.texts.items() if len(text) > SECTION_TEXT_MAX]
    if cut:
        blocks.append(context(f"Too long for this form, so the end was left out: {', '.join(cut)}."))
    blocks += [heard(one) for one in _fields(form)] if form.waiting else _fields(form)
    remembered = packed(key=form.key, account=_remembered(form.account) if form.account else None)
    return modal(View.STATUS_UPDATE, "What we know", blocks, submit="Store draft", private_metadata=remembered)


def _fields(form: UpdateForm) -> list[Block]:
    audiences = [(one.value, name) for one, name in AUDIENCE_NAMES.items()]
    minutes = number_box(initial=form.next_update_minutes, least=1, most=NEXT_UPDATE_MAX_MINUTES)
    return [
        *(
            field(part, title, text_box(initial=form.texts.get(part, ""), lines=True))
            for part, title in SECTION_TITLES.items()
        ),
        field("next_update_minutes", "Next update in (minutes)", minutes, required=True),
        field("audience", "For", choice(audiences, initial=form.audience), required=True),
    ]


def override_form(update: StatusUpdate) -> Block:
    """Asked before a text is approved that breaks hard rules of its audience: why, in one's own words."""
    blocks = [
        *problem_lines(update.audience, update.problems, most=OVERRIDE_PROBLEMS_MAX),
        section("*Edit* the update to put this right. To approve it as it is, say why; your reason goes on record."),
        field("reason", "Why it goes out as it is", text_box(lines=True, max_length=REASON_MAX), required=True),
    ]
    remembered = packed(update=update.id)
    return modal(View.STATUS_UPDATE_OVERRIDE, "Approve anyway?", blocks, submit="Approve", private_metadata=remembered)


def shown_texts(texts: Mapping[Section, str]) -> Mapping[Section, str]:
    """The texts as the form shows them, the end of a section too long for Slack left out."""
    return {part: within(text, SECTION_TEXT_MAX) for part, text in texts.items()}


def _remembered(account: Mapping[str, Any]) -> dict[str, Any]:
    """The account without its lists, which are too long for what a form can remember."""
    return {name: value for name, value in account.items() if not isinstance(value, list)}


def between_drafts(key: str, said: str = "The model's draft is here…") -> Block:
    """Shown until there is a draft, and between two: Slack keeps what an input held while the input is there."""
    return modal(View.STATUS_UPDATE, "What we know", [section(said)], private_metadata=packed(key=key))


def _offer(form: UpdateForm) -> list[Block]:
    """The model's draft, offered where taking it would undo what a person has typed."""
    if form.offered is None:
        return []
    replaces = confirm("Use the model's draft?", "What you typed in this form is lost.", "Use it", "Keep mine")
    use = button("Use the model's draft", Action.UPDATE_USE_MODEL, str(form.offered)) | {"confirm": replaces}
    return [section("The model's draft is here. You had begun to edit, so your text stays.", use)]


def _left_out(form: UpdateForm) -> list[Block]:
    """What the drafter wrote that the record does not carry, and why: the editor may know better."""
    dropped = (form.account or {}).get("dropped") or []
    lines = [f"• {safe_line(one['text'], 200)} – _{safe_line(one['reason'], 100)}_" for one in dropped[:LEFT_OUT_MAX]]
    if len(dropped) > LEFT_OUT_MAX:
        lines.append(f"… and {len(dropped) - LEFT_OUT_MAX} more, in the record.")
    return [context("Left out:\n" + "\n".join(lines))] if lines else []


def _who(form: UpdateForm) -> str:
    if form.account is None or not form.account.get("name"):
        return "The text as it was stored last."
    note = str(form.account.get("note") or "")
    parts = [f"Drafted with {drafter_name(form.account)}."]
    if note:
        parts.append(safe_line(note, 400))
    if form.waiting:
        parts.append("A model is drafting too; its text replaces this one in a few seconds, unless you edit it.")
    return " ".join(parts)
