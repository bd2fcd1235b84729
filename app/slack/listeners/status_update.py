"""Drafting and storing a What We Know."""

from __future__ import annotations

import asyncio

from app.domain.errors import Invalid
from app.domain.status_update import Audience, Section, StatusUpdate
from app.ports.drafter import Draft
from app.services.drafts.ledger import account_record
from app.services.reminders import promises
from app.services.updates.authorship import unchanged
from app.slack.blocks import Block, section
from app.slack.form_values import texts as entered_texts
from app.slack.ids import Action
from app.slack.listeners.ask import Again, Ask
from app.slack.listeners.model_draft import account_of, put_better, whole_account
from app.slack.listeners.place import chosen, meant, number_in
from app.slack.views.notice import notice_view
from app.slack.views.status_update import UpdateForm, between_drafts, update_form

AT_ONCE_SECONDS = 1.0
READING = "Reading the timeline… The draft appears here in a few seconds."
NOT_DRAFTED = "The draft could not be made. Nothing was changed; close this and try again."


async def draft_pressed(ask: Ask) -> None:
    """*Draft* carries an incident's key; *Edit* carries the id of the update to edit."""
    await ask.take()
    if ask.value.isdigit():
        await _edit(ask, number_in(ask.value))
        return
    await _open_draft(ask, ask.value, Audience.RESPONDERS)


async def draft_command(ask: Ask, words: str) -> None:
    """`draft [audience]`: a new draft from the timeline as it stands."""
    await ask.take()
    incident, rest = await meant(ask, words, "draft leadership")
    audience = chosen(Audience, rest.strip().lower() or None, Audience.RESPONDERS)
    await _open_draft(ask, incident.key, audience)


async def open_for(ask: Ask, key: str, audience: Audience) -> None:
    """A new draft for that audience."""
    await _open_draft(ask, key, audience)


async def update_command(ask: Ask, words: str) -> None:
    """`update`: the update that waits for a decision, to edit; a new draft where none waits."""
    await ask.take()
    incident, _ = await meant(ask, words, "update")
    panel = await ask.services.board.panel(ask.actor, incident.key)
    if panel.waiting_update is None:
        await _open_draft(ask, incident.key, Audience.RESPONDERS)
    else:
        await _open_waiting(ask, incident.key, panel.waiting_update)


async def _open_draft(ask: Ask, key: str, audience: Audience) -> None:
    """Open the form with the extractive text at once; a model's text takes its place when it arrives."""
    incident = await ask.services.board.incident(ask.actor, key)
    again = Again("Draft update", Action.UPDATE_DRAFT, incident.key)
    drafting = asyncio.create_task(ask.services.drafts.extractive(ask.actor, incident.key, audience))
    await asyncio.wait({drafting}, timeout=AT_ONCE_SECONDS)
    early = None
    if not drafting.done():
        # Slack lets a form be opened for three seconds; a long timeline may take as long to read.
        early = await _opened_early(ask, drafting, incident.key, again)
        if early is None:
            return
    draft = drafting.result()
    texts = ask.services.updates.form_text(draft)
    form = UpdateForm(
        key=incident.key,
        texts=texts,
        audience=audience,
        next_update_minutes=promises.cadence(ask.desk.cadence, incident.severity),
        account=account_of(account_record(draft.account), texts, audience),
        waiting=ask.services.drafts.has_model,
    )
    view_id = await _shown(ask, early, update_form(form), again)
    if view_id and form.waiting:
        await put_better(ask, view_id, form, await ask.services.drafts.best(ask.actor, incident.key, audience))


async def _opened_early(ask: Ask, drafting: asyncio.Task[Draft], key: str, again: Again) -> str | None:
    """Open what the draft will replace, and wait for that; None when Slack's time for opening had passed."""
    try:
        early = await ask.open(between_drafts(key, READING), again)
        if early is None:
            return None
        await asyncio.wait({drafting})
    finally:
        drafting.cancel()
    if drafting.exception() is not None:
        await ask.replace(early, notice_view("What we know", [section(NOT_DRAFTED)]))
    return early


async def _shown(ask: Ask, early: str | None, form: Block, again: Again) -> str | None:
    """Show the form, in place of what was opened early; its view's id, None when that was closed or it is too late."""
    if early is None:
        return await ask.open(form, again)
    return early if await ask.replace(early, form) else None


async def _edit(ask: Ask, update_id: int) -> None:
    update, incident = await ask.services.updates.waiting(ask.actor, update_id)
    await _open_waiting(ask, incident.key, update)


async def _open_waiting(ask: Ask, key: str, update: StatusUpdate) -> None:
    form = UpdateForm(
        key=key,
        texts=ask.services.updates.form_text(update),
        audience=update.audience,
        next_update_minutes=update.next_update_minutes,
        account={**update.drafter, "edits": update.version},
        problems=update.problems,
    )
    await ask.open(update_form(form), Again("Edit update", Action.UPDATE_DRAFT, str(update.id)))


async def submit(ask: Ask) -> None:
    """Store the draft; approving and publishing are separate presses."""
    entered = entered_texts(ask.view)
    sections = {part: entered.get(part, "") for part in Section}
    minutes = entered.get("next_update_minutes", "")
    if not (minutes.isascii() and minutes.isdigit() and 1 <= int(minutes[:9]) <= 10_080):
        raise Invalid("Give whole minutes, from 1 to 10080 (a week).", field="next_update_minutes")
    audience = chosen(Audience, entered.get("audience"), Audience.RESPONDERS)
    account = await whole_account(ask)
    if account and account.get("for", audience) != audience and unchanged(sections, str(account.get("marks"))):
        # The drafter's own words for other readers: these get theirs, and see them before anything is approved.
        draft = await ask.services.drafts.extractive(ask.actor, ask.key, audience)
        sections = dict(ask.services.updates.form_text(draft))
        account = account_of(account_record(draft.account), sections, audience)
    await ask.services.updates.store(ask.actor, ask.key, audience, sections, int(minutes), account)
    await ask.take(response_action="clear")
