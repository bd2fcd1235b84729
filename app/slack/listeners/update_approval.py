"""Approving, publishing and discarding a What We Know."""

from __future__ import annotations

from app.domain.status_update import StatusUpdate, UpdateStatus
from app.services.updates.approvals import hard_problems
from app.slack.blocks import section
from app.slack.form_values import texts
from app.slack.ids import Action
from app.slack.listeners.ask import Again, Ask
from app.slack.listeners.place import number_in
from app.slack.views.status_update import override_form
from app.slack.views.update_text import changes_view, copy_view


async def approve(ask: Ask) -> None:
    """Give one's approval; where the text breaks a hard rule of its audience, a form asks for the reason first."""
    await ask.take()
    update_id = number_in(ask.value)
    update, _ = await ask.services.updates.waiting(ask.actor, update_id)
    if update.status is UpdateStatus.DRAFT and hard_problems(update):
        await ask.open(override_form(update), Again("Approve anyway", Action.UPDATE_APPROVE, ask.value))
        return
    await _approved(ask, await ask.services.updates.approve(ask.actor, update_id))


async def submit_override(ask: Ask) -> None:
    """Approve with the reason that was given."""
    update_id = number_in(str(ask.remembered.get("update") or ""))
    await ask.services.updates.approve(ask.actor, update_id, texts(ask.view).get("reason", ""))
    await ask.take(response_action="clear")


async def publish(ask: Ask) -> None:
    await ask.take()
    update = await ask.services.updates.publish(ask.actor, number_in(ask.value))
    await _confirm(ask, f"Update {update.version} is on its way into the channel.")


async def discard(ask: Ask) -> None:
    await ask.take()
    update = await ask.services.updates.discard(ask.actor, number_in(ask.value))
    await _confirm(ask, f"Update {update.version} is discarded. Its text stays in the record.")


async def show_changes(ask: Ask) -> None:
    """What differs from the version before, word by word, and whose words they are."""
    await ask.take()
    update, before = await ask.services.updates.compared(ask.actor, number_in(ask.value))
    await ask.open(changes_view(update, before))


async def show_copy(ask: Ask) -> None:
    """The text to copy, for wherever the audience reads."""
    await ask.take()
    update, text = await ask.services.updates.outgoing(ask.actor, number_in(ask.value))
    await ask.open(copy_view(update, text))


async def _approved(ask: Ask, update: StatusUpdate) -> None:
    if update.status is UpdateStatus.APPROVED:
        await _confirm(ask, f"Update {update.version} is approved. Publish it when you are ready.")
    else:
        await _confirm(ask, f"Your approval of update {update.version} is kept. It needs one more.")


async def _confirm(ask: Ask, text: str) -> None:
    """Say so where the pressed message itself won't: the panel, which only the asker sees, never changes."""
    if ask.in_modal or (ask.body.get("container") or {}).get("is_ephemeral"):
        await ask.show("Done", text, [section(text)])
