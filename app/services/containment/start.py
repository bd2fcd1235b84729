"""A containment begins: with what the person confirmed, and with what is kept before anything changes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import uuid4

from app.domain.containment import Containment, ContainmentState, Purpose, fingerprint, has_way
from app.domain.incident import Incident, Kind
from app.domain.register import Switch, System
from app.domain.timeline import Mark
from app.ports.store import UnitOfWork
from app.services.access import id_of
from app.services.actor import Actor
from app.services.containment.account import Said, keep
from app.services.containment.owed import owe_show, owe_throw, owe_word

EMERGENCY = "Emergency stop"


@dataclass(frozen=True)
class Asked:
    """Who asked for it, why, when, and whether by an emergency stop."""

    actor: Actor
    reason: str
    now: datetime
    emergency: bool = False


async def start(uow: UnitOfWork, incident: Incident, thrown: tuple[System, Switch], asked: Asked) -> Containment:
    """Keep it and owe what comes next: the throw, or the question to a second person."""
    system, switch = thrown
    waits = switch.dangerous and not asked.emergency
    one = Containment(
        team=incident.team,
        incident_id=id_of(incident),
        system=system.key,
        switch=switch.key,
        kind=switch.kind,
        connector=switch.connector.kind,
        terms=_terms(system, switch),
        fingerprint=fingerprint(switch),
        by_hand=incident.kind is Kind.DRILL or not has_way(switch.connector, Purpose.CONTAIN),
        dangerous=switch.dangerous,
        emergency=asked.emergency,
        asked_by=asked.actor.user,
        asked_at=asked.now,
        reason=asked.reason,
        state=ContainmentState.ASKED if waits else ContainmentState.CONFIRMED,
        idempotency_key=uuid4().hex,
        evidence_note=await _evidence(uow, incident, system),
        review_minutes=switch.review_minutes,
    )
    await uow.add(one)
    verb = (
        "Asked a second person to approve"
        if waits
        else "Pressed the emergency stop for"
        if asked.emergency
        else "Start"
    )
    await keep(uow, incident, asked.actor, one, Said("asked", verb, Mark.DECISION, asked.reason), asked.now)
    await (owe_question if waits else owe_throw)(uow, incident, one, asked.now)
    return one


async def owe_question(uow: UnitOfWork, incident: Incident, one: Containment, now: datetime) -> None:
    """Owe that the channel sees that a second person is needed, and that those who could be that one are told."""
    holders = (await uow.roles.holders(id_of(incident))).values()
    await owe_word(uow, incident, one, [each.user for each in holders if each.user != one.asked_by], now)
    await owe_show(uow, incident, one, now)


async def overtake(uow: UnitOfWork, incident: Incident, thrown: tuple[System, Switch], now: datetime) -> None:
    """One that only waits for a second person gives way to an emergency stop of the same switch."""
    system, switch = thrown
    for one in await uow.of_incident(Containment, id_of(incident)):
        if (one.system, one.switch, one.state) == (system.key, switch.key, ContainmentState.ASKED):
            one.state, one.problem = ContainmentState.REFUSED, "an emergency stop came first"
            await owe_show(uow, incident, one, now)


def _terms(system: System, switch: Switch) -> dict[str, str]:
    return {
        "system_name": system.name,
        "name": switch.name,
        "what_happens": switch.what_happens,
        "affects": switch.affects,
        "how_to_undo": switch.how_to_undo,
        "instructions": switch.connector.instructions,
        "model": system.model,
        "model_version": system.model_version,
        "prompt_version": system.prompt_version,
        "guardrail_version": system.guardrail_version,
    }


async def _evidence(uow: UnitOfWork, incident: Incident, system: System) -> str:
    """What was kept before anything changed."""
    last = await uow.timeline.last_message_ts(id_of(incident))
    kept = [f"the channel until {datetime.fromtimestamp(float(last), UTC):%H:%M} UTC" if last else "the declaration"]
    versions = {
        "model": f"{system.model} {system.model_version}".strip(),
        "prompt": system.prompt_version,
        "guardrail": system.guardrail_version,
    }
    named = ", ".join(f"{name} {version}" for name, version in versions.items() if version)
    kept.append(f"the versions that the register names ({named})" if named else "the register's entry")
    return f"Kept first: {' and '.join(kept)}."
