"""The playbook in Slack: one step after another, decided and recorded by people."""

from __future__ import annotations

from dataclasses import replace

from app.domain.errors import IncidentError
from app.domain.playbook_progress import Progress
from app.slack.form_values import as_slack_sends, texts
from app.slack.ids import Action
from app.slack.listeners.ask import Again, Ask
from app.slack.listeners.place import key_and, meant
from app.slack.views.playbook import Shown, all_steps_view, playbook_view, skip_form, standards_view


async def command(ask: Ask, words: str) -> None:
    """`playbook`: what comes next in this incident."""
    await ask.take()
    incident, _ = await meant(ask, words, "playbook")
    await _open(ask, incident.key)


async def open_next(ask: Ask) -> None:
    await ask.take()
    await _open(ask, ask.value)


async def open_all(ask: Ask) -> None:
    await ask.take()
    await ask.open(all_steps_view(await ask.services.playbooks.progress(ask.actor, ask.value)))


async def open_standards(ask: Ask) -> None:
    await ask.take()
    progress = await ask.services.playbooks.progress(ask.actor, ask.value)
    await ask.open(standards_view(progress, ask.services.playbooks.library.frameworks))


async def done(ask: Ask) -> None:
    await ask.take()
    key, step = key_and(ask.value)
    progress = await ask.services.playbooks.done(ask.actor, key, step)
    await _show(ask, progress, Shown(progress, ask.services.playbooks.clock.now(), said="Recorded as done.", undo=step))


async def open_skip(ask: Ask) -> None:
    """Why it is not done."""
    await ask.take()
    key, step = key_and(ask.value)
    progress = await ask.services.playbooks.progress(ask.actor, key)
    placed = progress.of(step)
    if placed is None or not placed.open:
        await _open(ask, key)
        return
    await ask.open(skip_form(progress, placed), Again("Playbook", Action.PLAYBOOK_OPEN, key))


async def submit_skip(ask: Ask) -> None:
    """Keep the reason, and go on with what comes next."""
    step = str(ask.remembered.get("step") or "")
    reason = as_slack_sends(texts(ask.view).get("reason", ""))
    progress = await ask.services.playbooks.skip(ask.actor, ask.key, step, reason)
    shown = Shown(progress, ask.services.playbooks.clock.now(), said="Left out; the reason is on record.", undo=step)
    await ask.answer_form(playbook_view(await _with_holders(ask, shown)))


async def assign(ask: Ask) -> None:
    """A choice in a step's users select; the block's id is the step."""
    await ask.take()
    step, user = str(ask.pressed.get("block_id") or ""), str(ask.pressed.get("selected_user") or "")
    if user:
        progress = await ask.services.playbooks.assign(ask.actor, ask.key, step, user)
        await _show(ask, progress, Shown(progress, ask.services.playbooks.clock.now(), said=f"Given to <@{user}>."))


async def reopen(ask: Ask) -> None:
    await ask.take()
    key, step = key_and(ask.value)
    progress = await ask.services.playbooks.reopen(ask.actor, key, step)
    await _show(ask, progress, Shown(progress, ask.services.playbooks.clock.now(), said="Open again."))


async def answer(ask: Ask) -> None:
    """A gate's answer, pressed in the playbook or where its question was asked."""
    await ask.take()
    key, rest = key_and(ask.value)
    gate, _, chosen = rest.partition(":")
    progress, given = await ask.services.playbooks.answer(ask.actor, key, gate, chosen)
    said = f"Decided: {given.label}."
    shown = Shown(progress, ask.services.playbooks.clock.now(), said=said, undo=gate, answer=given)
    await _show(ask, progress, shown)


async def _open(ask: Ask, key: str) -> None:
    progress = await ask.services.playbooks.progress(ask.actor, key)
    shown = await _with_holders(ask, Shown(progress, ask.services.playbooks.clock.now()))
    await ask.open(playbook_view(shown), Again("Playbook", Action.PLAYBOOK_OPEN, progress.incident.key))


async def _show(ask: Ask, progress: Progress, shown: Shown) -> None:
    """In place of what was pressed in a modal; from a message, in a modal of its own."""
    view = playbook_view(await _with_holders(ask, shown))
    await ask.open(view, Again("Playbook", Action.PLAYBOOK_OPEN, progress.incident.key))


async def _with_holders(ask: Ask, shown: Shown) -> Shown:
    try:
        panel = await ask.services.board.panel(ask.actor, shown.progress.incident.key)
    except IncidentError:
        return shown
    return replace(shown, holders=panel.holders)
