"""The slash command: which subcommand it is, and the bare one."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from app.slack.listeners import (
    catch_up,
    clocks,
    containment,
    declare,
    follow_up,
    lifecycle,
    panel,
    playbook,
    postmortem,
    question,
    register,
    roles,
    status_update,
    timeline,
    triage,
    trial,
    unknowns,
)
from app.slack.listeners.ask import Ask

Run = Callable[[Ask, str], Awaitable[None]]

RUN: Mapping[str, Run] = {
    "status": panel.status_command,
    "list": panel.list_command,
    "catchup": catch_up.command,
    "ask": question.command,
    "draft": status_update.draft_command,
    "update": status_update.update_command,
    "role": roles.command,
    "severity": lifecycle.severity_command,
    "note": timeline.note,
    "decision": timeline.decision,
    "action": timeline.action,
    "hypothesis": timeline.hypothesis,
    "ruled-out": timeline.ruled_out,
    "unknown": unknowns.raise_command,
    "answer": unknowns.answer_command,
    "contain": containment.command,
    "layer": timeline.layer_command,
    "trial": trial.command,
    "clocks": clocks.command,
    "resolve": lifecycle.resolve_command,
    "close": lifecycle.close_command,
    "follow-up": follow_up.command,
    "postmortem": postmortem.command,
    "triage": triage.command,
    "register": register.command,
    "playbook": playbook.command,
    "help": panel.help_command,
}
_ALSO: Mapping[str, str] = {
    "ruledout": "ruled-out",
    "ruled_out": "ruled-out",
    "roles": "role",
    "sev": "severity",
    "followup": "follow-up",
    "clock": "clocks",
    "catch-up": "catchup",
}


async def command(ask: Ask) -> None:
    """Bare: the declare form, or in an incident's channel its panel. Else the subcommand, or help with the nearest."""
    await ask.take()
    text = str(ask.body.get("text") or "").strip()
    if not text:
        await _bare(ask)
        return
    word, _, words = text.partition(" ")
    name = word.lower()
    run = RUN.get(_ALSO.get(name, name))
    if run is None:
        await panel.not_understood(ask, word)
    else:
        await run(ask, words.strip())


async def _bare(ask: Ask) -> None:
    actor = ask.actor
    here = await ask.services.board.by_channel(actor.team, actor.channel) if actor.channel else None
    if here is None:
        await declare.open_form(ask)
    else:
        await panel.show_panel(ask, here.key)
