"""Follow-ups: the list, and adding, changing, finishing, dropping and reopening one."""

from __future__ import annotations

import re
from datetime import date

from app.domain.errors import Invalid, NotFound
from app.domain.follow_up import FollowUp, Layer
from app.domain.postmortem import Part
from app.services.follow_ups.follow_ups import Wanted
from app.slack.blocks import Block, actions, button, safe_line, section
from app.slack.form_values import texts
from app.slack.ids import Action
from app.slack.listeners.ask import Again, Ask
from app.slack.listeners.place import chosen, key_and, meant, number_in
from app.slack.messages.follow_up import follow_up_line
from app.slack.views.follow_up import change_form, drop_form, follow_ups_form
from app.slack.views.notice import notice_view

_OWNER = re.compile(r"<@([UW][A-Z0-9]{2,30})(?:\|[^>]*)?>")
_DUE = re.compile(r"\s*(?:\b(?:by|due|until|on)\s+)?\b(\d{4}-\d{2}-\d{2})\b")
_EXAMPLE = "follow-up Add the refund prompt to the evals @ben by 2026-12-01"


async def command(ask: Ask, words: str) -> None:
    """`follow-up [TEXT @owner YYYY-MM-DD]`; without a text, the list with a form."""
    await ask.take()
    incident, text = await meant(ask, words, _EXAMPLE)
    if not text.strip():
        await _open(ask, incident.key)
        return
    follow_up = await ask.services.follow_ups.add(ask.actor, incident.key, _typed(text))
    said = f"Follow-up {follow_up.number} of {incident.key} is on the list."
    change = actions(button("Owner and date", Action.FOLLOW_UP_CHANGE, str(follow_up.id)))
    await ask.say(said, [section(f"{said}\n{follow_up_line(follow_up)}"), change])


async def open_form(ask: Ask) -> None:
    await ask.take()
    await _open(ask, ask.value)


async def open_from_plan(ask: Ask) -> None:
    """A sentence of the postmortem's prevention plan, chosen to become a follow-up: the form holds its words."""
    await ask.take()
    key, number = key_and(str((ask.pressed.get("selected_option") or {}).get("value") or ""))
    postmortem = await ask.services.postmortems.latest(ask.actor, key)
    plan = postmortem.sections.get(Part.PREVENTION_PLAN, []) if postmortem is not None else []
    if postmortem is None or number_in(number) >= len(plan):
        raise NotFound("That sentence is no longer in the postmortem. Nothing was changed; open it again.")
    incident, follow_ups = await ask.services.follow_ups.list(ask.actor, key)
    title, source = str(plan[number_in(number)]["text"]), f"postmortem:{postmortem.version}"
    await ask.open(follow_ups_form(incident, follow_ups, title=title, source=source))


async def open_change(ask: Ask) -> None:
    """*Change* beside a follow-up, or on a reminder of it."""
    await ask.take()
    follow_up, incident = await ask.services.follow_ups.one(ask.actor, number_in(ask.value))
    again = Again(f"Follow-up {follow_up.number}", Action.FOLLOW_UP_CHANGE, ask.value)
    await ask.open(change_form(incident, follow_up), again)


async def open_drop(ask: Ask) -> None:
    await ask.take()
    follow_up, incident = await ask.services.follow_ups.one(ask.actor, number_in(ask.value))
    again = Again(f"Drop follow-up {follow_up.number}", Action.FOLLOW_UP_DROP, ask.value)
    await ask.open(drop_form(incident, follow_up), again)


async def submit(ask: Ask) -> None:
    """Add it, or change the one that the form remembers, and go on with the list."""
    entered = texts(ask.view)
    wanted = Wanted(
        entered.get("title", ""),
        entered.get("owner"),
        _day(entered.get("due_on")),
        chosen(Layer, entered["layer"]) if entered.get("layer") else None,
        str(ask.remembered.get("source") or ""),
    )
    known = ask.remembered.get("follow_up")
    if known is None:
        follow_up = await ask.services.follow_ups.add(ask.actor, ask.key, wanted)
        await _listed(ask, f"Follow-up {follow_up.number} is on the list.")
    else:
        follow_up = await ask.services.follow_ups.change(ask.actor, int(known), wanted)
        await _listed(ask, f"Follow-up {follow_up.number} is changed.")


async def submit_drop(ask: Ask) -> None:
    reason = texts(ask.view).get("reason", "")
    follow_up = await ask.services.follow_ups.drop(ask.actor, int(ask.remembered.get("follow_up") or 0), reason)
    await _listed(ask, f"Follow-up {follow_up.number} is dropped.")


async def done(ask: Ask) -> None:
    await ask.take()
    follow_up = await ask.services.follow_ups.done(ask.actor, number_in(ask.value))
    await _confirmed(ask, follow_up, f"Follow-up {follow_up.number} is done. Thank you.")


async def reopen(ask: Ask) -> None:
    await ask.take()
    follow_up = await ask.services.follow_ups.reopen(ask.actor, number_in(ask.value))
    await _confirmed(ask, follow_up, f"Follow-up {follow_up.number} is open again.")


async def _open(ask: Ask, key: str) -> None:
    incident, follow_ups = await ask.services.follow_ups.list(ask.actor, key)
    again = Again("Follow-ups", Action.FOLLOW_UP_OPEN, incident.key)
    await ask.open(follow_ups_form(incident, follow_ups), again)


async def _listed(ask: Ask, said: str) -> None:
    """The list in the form's place; for an owner who can't see the incident, only what came of it."""
    view = await _list_or(ask, ask.key, said)
    await ask.answer_form(view)


async def _confirmed(ask: Ask, follow_up: FollowUp, said: str) -> None:
    """In a form the list as it now is; else the word about it changes in place, or says so where it can't."""
    if ask.in_modal:
        _, incident = await ask.services.follow_ups.one(ask.actor, follow_up.id or 0)
        await ask.open(await _list_or(ask, incident.key, said))
    elif (ask.body.get("container") or {}).get("is_ephemeral"):
        await ask.say(said)


async def _list_or(ask: Ask, key: str, said: str) -> Block:
    try:
        incident, follow_ups = await ask.services.follow_ups.list(ask.actor, key)
    except NotFound:
        return notice_view("Follow-ups", [section(said)])
    return follow_ups_form(incident, follow_ups, said)


def _typed(text: str) -> Wanted:
    """What was typed: one mention is the owner, one date the due date, the rest says what to do."""
    owners = set(_OWNER.findall(text))
    if len(owners) > 1:
        raise Invalid(f"Name one owner. For example: `{_EXAMPLE}`. Nothing was added.")
    rest = _OWNER.sub(" ", text) if owners else text
    days = _DUE.findall(rest)
    if len(days) == 1:
        rest = _DUE.sub("", rest)
    plain = rest.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&").strip(" ,;")
    return Wanted(plain, next(iter(owners), None), _day(days[0]) if len(days) == 1 else None)


def _day(text: str | None) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Invalid(f"{safe_line(text, 40)} is no date. Write it like 2026-12-01.", field="due_on") from None
