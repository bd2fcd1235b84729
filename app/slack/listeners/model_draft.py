"""What becomes of a model's draft that arrives while the form with the plain one is open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from app.domain.errors import NotFound
from app.domain.status_update import Audience, Section
from app.ports.drafter import Draft
from app.services.drafts.ledger import account_record
from app.services.reminders import promises
from app.services.updates.authorship import marks_of
from app.slack.blocks import clip
from app.slack.form_values import texts as entered_texts
from app.slack.listeners.ask import Ask
from app.slack.listeners.place import number_in
from app.slack.views.status_update import UpdateForm, between_drafts, shown_texts, update_form

NOTE_MAX = 400


def account_of(record: Mapping[str, Any], texts: Mapping[Section, str], audience: Audience) -> Mapping[str, Any]:
    """The account as the form remembers it, short enough for that: whom it is for, the marks of the lines it shows."""
    note = clip(str(record.get("note") or ""), NOTE_MAX)
    return {**record, "note": note, "marks": marks_of(shown_texts(texts)), "for": audience.value}


async def whole_account(ask: Ask) -> Mapping[str, Any] | None:
    """What the sent form remembers of its drafter, with what was too long to remember; None where a person began."""
    account = ask.remembered.get("account")
    if not account or not account.get("draft"):
        return account or None
    try:
        kept = await ask.services.drafts.kept(ask.actor, ask.key, int(account["draft"]))
    except NotFound:
        return dict(account)
    return {**account, **kept.drafter}


async def put_better(ask: Ask, view_id: str, form: UpdateForm, draft: Draft) -> None:
    """Show the model's text, or why there is none; a form that was closed stays closed, and one in which somebody has
    begun to type keeps what was typed and offers the text.
    """
    record = account_record(draft.account)
    if draft.account.model is None:
        account = account_of(record, form.texts, form.audience)
        await ask.replace(view_id, update_form(replace(form, account=account, waiting=False)))
        return
    if await _edited(ask, form):
        await ask.replace(view_id, update_form(replace(form, offered=draft.account.record_id, waiting=False)))
        return
    texts = ask.services.updates.form_text(draft)
    ready = replace(form, texts=texts, account=account_of(record, texts, form.audience), waiting=False)
    await _show_instead(ask, view_id, ready)


async def _edited(ask: Ask, form: UpdateForm) -> bool:
    shown = (form.account or {}).get("draft")
    if shown is None:
        return False
    return (await ask.services.drafts.kept(ask.actor, form.key, int(shown))).edited_at is not None


async def _show_instead(ask: Ask, view_id: str, form: UpdateForm) -> None:
    """Slack keeps what an input holds while the input is there, so it goes away for a moment."""
    if await ask.replace(view_id, between_drafts(form.key)):
        await ask.replace(view_id, update_form(form))


async def typed(ask: Ask) -> None:
    """Somebody types in the form while a model drafts: from now on its text must not replace theirs."""
    await ask.take()
    draft = (ask.remembered.get("account") or {}).get("draft")
    if draft is not None:
        await ask.services.drafts.note_edit(ask.actor, ask.key, int(draft))


async def use(ask: Ask) -> None:
    """*Use the model's draft*, in place of what was typed; the promise that was entered stays."""
    await ask.take()
    kept = await ask.services.drafts.kept(ask.actor, ask.key, number_in(ask.value))
    incident = await ask.services.board.incident(ask.actor, ask.key)
    texts = ask.services.updates.form_text(kept)
    audience = kept.audience or Audience.RESPONDERS
    minutes = entered_texts(ask.view).get("next_update_minutes", "")
    usual = promises.cadence(ask.desk.cadence, incident.severity)
    form = UpdateForm(
        key=incident.key,
        texts=texts,
        audience=audience,
        next_update_minutes=int(minutes) if minutes.isascii() and minutes.isdigit() else usual,
        account=account_of({**kept.drafter, "draft": kept.id}, texts, audience),
    )
    await _show_instead(ask, str(ask.view["id"]), form)
