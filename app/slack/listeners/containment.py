"""Containing the incident's system: asking, approving, stopping, retrying, undoing, keeping, doing it by hand."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from app.domain.containment import Containment, ContainmentState
from app.domain.errors import Invalid
from app.domain.incident import Status
from app.services.actor import Actor
from app.services.containment.options import Options
from app.slack.blocks import Block, safe_line, section
from app.slack.form_values import as_slack_sends, texts
from app.slack.ids import COMMAND, Action
from app.slack.listeners.ask import Again, Ask
from app.slack.listeners.place import key_and, meant, number_in
from app.slack.messages.register import gap_block
from app.slack.views.containment import by_hand_form, containment_form
from app.slack.views.lifecycle import lifecycle_form
from app.slack.views.notice import notice_view

Decide = Callable[[Actor, int], Awaitable[Containment]]


async def command(ask: Ask, words: str) -> None:
    """`contain`: the switches of the incident's system."""
    await ask.take()
    incident, _ = await meant(ask, words, "contain")
    await _open(ask, incident.key)


async def open_form(ask: Ask) -> None:
    await ask.take()
    await _open(ask, ask.value)


async def _open(ask: Ask, key: str) -> None:
    options = await ask.services.containments.options(ask.actor, key)
    if options.system is None or not options.system.switches:
        text = _nothing_to_throw(options)
        await ask.show("Contain", text, [section(text), *_ways_to_name(options)])
        return
    await ask.open(containment_form(options), Again("Contain", Action.CONTAINMENT_OPEN, options.incident.key))


def _ways_to_name(options: Options) -> list[Block]:
    return gap_block(options.incident, options.system)


def _nothing_to_throw(options: Options) -> str:
    key, system = options.incident.key, options.incident.system
    if options.system is not None:
        why = f"The register has no switch for {safe_line(options.system.name, 100)}."
    elif system:
        why = f"The register has no system {safe_line(system, 80)}, so {key} has no switch to throw."
    else:
        why = f"{key} names no system of the register, so there is no switch to throw. That is part of the problem."
    return (
        f"{why} Nothing was called.\n*What to do*  Have it stopped by whoever runs it, and put that on record with "
        f"`{COMMAND} action TEXT`. Switches come from the operator's register file (REGISTER_FILE)."
    )


async def submit(ask: Ask) -> None:
    """Commit it; the message in the channel tells the rest."""
    entered = texts(ask.view)
    switch = entered.get("switch", "")
    if not switch:
        raise Invalid("Choose a switch.", field="switch")
    await ask.services.containments.ask(ask.actor, ask.key, switch, as_slack_sends(entered.get("reason", "")))
    await ask.take()


async def stop(ask: Ask) -> None:
    """The emergency stop, confirmed in Slack's own dialog."""
    await ask.take()
    key, switch = key_and(ask.value)
    one = await ask.services.containments.stop(ask.actor, key, switch)
    text = f"Stopping {safe_line(one.system_name, 100)} now. The message in the channel says when that is verified."
    await ask.show("Emergency stop", text, [section(text)])


async def approve(ask: Ask) -> None:
    await _decide(ask, ask.services.containments.approve)


async def refuse(ask: Ask) -> None:
    await _decide(ask, ask.services.containments.refuse)


async def retry(ask: Ask) -> None:
    await _decide(ask, ask.services.containments.retry)


async def undo(ask: Ask) -> None:
    await _decide(ask, ask.services.containments.undo)


async def keep(ask: Ask) -> None:
    await _decide(ask, ask.services.containments.keep)


async def _decide(ask: Ask, decide: Decide) -> None:
    """The message in the channel changes in place; only from elsewhere a word of it is needed."""
    await ask.take()
    one = await decide(ask.actor, number_in(ask.value))
    incident = (await ask.services.containments.shown(ask.actor, one.id or 0))[1]
    if ask.channel != incident.channel_id:
        await ask.say(f"Noted. “{safe_line(one.name, 100)}” is in {incident.key}'s channel, as it stands.")


async def open_by_hand(ask: Ask) -> None:
    await ask.take()
    one, incident = await ask.services.containments.waiting(ask.actor, number_in(ask.value))
    await ask.open(by_hand_form(incident, one), Again("It is done…", Action.CONTAINMENT_BY_HAND, ask.value))


async def submit_by_hand(ask: Ask) -> None:
    entered, number = texts(ask.view), int(ask.remembered.get("containment") or 0)
    words, worked = as_slack_sends(entered.get("words", "")), entered.get("outcome") == "worked"
    await ask.services.containments.done_by_hand(ask.actor, number, worked=worked, words=words)
    await ask.take()


async def open_status(ask: Ask) -> None:
    """The form for the status, with contained chosen; a person still has to send it."""
    await ask.take()
    one, incident = await ask.services.containments.shown(ask.actor, number_in(ask.value))
    if one.state is not ContainmentState.CONTAINED:
        text = f"“{safe_line(one.name, 100)}” is no longer in force, so the status is not offered. Nothing was changed."
        await ask.open(notice_view("Status", [section(text)]))
        return
    still_open = await ask.services.lifecycle.still_open(ask.actor, incident.key)
    form = lifecycle_form(incident, still_open, status=Status.CONTAINED)
    await ask.open(form, Again("Set status to contained…", Action.CONTAINMENT_STATUS, ask.value))
