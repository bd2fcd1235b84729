"""Changing status and severity, resolving and closing."""

from __future__ import annotations

from app.domain.errors import Invalid
from app.domain.incident import Severity, Status
from app.slack.form_values import texts
from app.slack.ids import Action
from app.slack.listeners.ask import Again, Ask
from app.slack.listeners.place import chosen, meant
from app.slack.views.lifecycle import lifecycle_form


async def open_form(ask: Ask) -> None:
    """Open the form for status and severity, with what is still open."""
    await ask.take()
    incident = await ask.services.board.incident(ask.actor, ask.value)
    still_open = await ask.services.lifecycle.still_open(ask.actor, incident.key)
    fix = await ask.services.trials.standing(ask.actor, incident.key)
    await ask.open(
        lifecycle_form(incident, still_open, fix=fix), Again("Status & severity", Action.LIFECYCLE_OPEN, incident.key)
    )


async def submit(ask: Ask) -> None:
    """Change what differs from what is; a form that changes nothing is handed back."""
    entered = texts(ask.view)
    incident = await ask.services.board.incident(ask.actor, ask.key)
    status = chosen(Status, entered.get("status"), incident.status)
    severity = chosen(Severity, entered.get("severity"), incident.severity)
    if status is incident.status and severity is incident.severity:
        raise Invalid("Nothing would change. Choose another status or severity, or cancel.", field="status")
    await ask.services.lifecycle.change(
        ask.actor,
        incident.key,
        status=status if status is not incident.status else None,
        severity=severity if severity is not incident.severity else None,
        reason=entered.get("reason", ""),
    )
    await ask.take()


async def severity_command(ask: Ask, words: str) -> None:
    """`severity sevN [why]`"""
    await ask.take()
    incident, rest = await meant(ask, words, "severity sev2 fewer users than feared")
    level, _, reason = rest.strip().partition(" ")
    severity = _severity(level)
    await ask.services.lifecycle.change(ask.actor, incident.key, severity=severity, reason=reason.strip())
    await ask.say(f"{incident.key} is now {severity.upper()}.")


def _severity(word: str) -> Severity:
    level = word.lower().removeprefix("sev").strip("-: ")
    if level not in ("1", "2", "3", "4"):
        raise Invalid("Severities are sev1, sev2, sev3 and sev4. For example: `severity sev2 fewer users than feared`.")
    return Severity(f"sev{level}")


async def resolve_command(ask: Ask, words: str) -> None:
    await _end(ask, words, Status.RESOLVED)


async def close_command(ask: Ask, words: str) -> None:
    await _end(ask, words, Status.CLOSED)


async def _end(ask: Ask, words: str, status: Status) -> None:
    """What is still open is told in the channel together with the change."""
    await ask.take()
    command = "resolve" if status is Status.RESOLVED else "close"
    incident, reason = await meant(ask, words, f"{command} the fix holds")
    await ask.services.lifecycle.change(ask.actor, incident.key, status=status, reason=reason.strip())
    await ask.say(f"{incident.key} is {status}.")
