"""Notification duties: which regimes may apply, what legal decided, when each clock began, what was sent."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from app.domain.clock_record import (
    ClockAnswers,
    ClockPhase,
    ClockStart,
    Decision,
    NotificationClock,
    PhaseState,
)
from app.domain.columns import instant
from app.domain.errors import Conflict, Invalid, NotFound
from app.domain.incident import Incident
from app.domain.regime import EVENT_NAMES, Answer, Answers, Event, Question, Regime
from app.domain.visible_text import has_something_visible
from app.ports.clock import Clock
from app.ports.store import Store, UnitOfWork
from app.services.access import id_of, incident_for, locked_for, may_see
from app.services.actor import Actor
from app.services.clocks.legal import must_answer_for_law, must_decide
from app.services.clocks.rows import Duties, Law, duties_of, keep_in_step, sent_row, title_of
from app.services.record_keeping import keep_audit, keep_entry

WORDS_MAX = 3000
# People's clocks and ours differ a little, and pickers know whole minutes.
SLACK = timedelta(minutes=5)


@dataclass(frozen=True)
class ClockBoard:
    """The notification duties of an incident at a glance.

    `candidates`: regimes that the answers don't rule out or that were decided; `information`: those without a clock.
    """

    incident: Incident
    duties: Duties
    candidates: Sequence[Regime]
    information: Sequence[Regime]


@dataclass(frozen=True)
class Sent:
    """What was sent for a phase of a regime: a reference or a sentence, and when."""

    regime: str
    phase: str
    what: str
    at: datetime


@dataclass(frozen=True)
class Clocks:
    """What people do about notification duties. Legal decides, the commander while nobody is legal."""

    store: Store
    clock: Clock
    law: Law

    async def board(self, actor: Actor, key: str) -> ClockBoard:
        """Everything that is on record of it. Raises NotFound."""
        async with self.store.read() as uow:
            incident = await incident_for(uow, actor, key)
            duties = await duties_of(uow, incident)
        return ClockBoard(incident, duties, self._candidates(duties), self._information(duties))

    def questions(self, answers: Answers) -> Sequence[Question]:
        """The details that still decide something after the first answers."""
        return self.law.knowledge.still_to_ask(answers)

    def first_answers(self, ticked: Collection[str]) -> dict[str, Answer]:
        """What ticking these in the first lists says: yes to them, no to the others there.

        Raises Invalid where no place was ticked.
        """
        knowledge = self.law.knowledge
        if not {one.key for one in knowledge.where} & set(ticked):
            raise Invalid("Tick at least one place.", field="where")
        asked = (*knowledge.where, *knowledge.what)
        return {one.key: Answer.YES if one.key in ticked else Answer.NO for one in asked}

    async def answer(self, actor: Actor, key: str, answers: Answers) -> ClockBoard:
        """Keep the answers; what they rule out is no candidate any more, what was decided stays decided.

        Raises NotFound, NotAllowed naming who can, Invalid for a fact that nobody asks for.
        """
        self._must_be_asked(answers)
        now = self.clock.now()
        async with self.store.write() as uow:
            incident = await locked_for(uow, actor, key)
            await must_decide(uow, actor, incident, "answer for the legal liaison")
            given = {fact: Answer(answer).value for fact, answer in answers.items()}
            await uow.add(
                ClockAnswers(team=incident.team, incident_id=id_of(incident), answers=given, at=now, by=actor.user)
            )
            await keep_in_step(uow, incident, self.law, now)
            duties = await duties_of(uow, incident)
            found = self._candidates(duties)
            text = f"Notification duties: answered the questions. {_listed(found)}"
            await keep_entry(uow, incident, actor, now, text)
            await keep_audit(uow, incident, actor, now, ("clocks.answered", f"incident:{incident.key}"), given)
        return ClockBoard(incident, duties, found, self._information(duties))

    async def decide(
        self,
        actor: Actor,
        key: str,
        regime_key: str,
        decision: Decision,
        reason: str,
        starts: Mapping[Event, datetime],
    ) -> NotificationClock:
        """Decide whether a regime applies; `starts`: events stamped with it.

        Raises NotFound, NotAllowed naming who can, Invalid with the form's field.
        """
        reason = _worded(reason, "reason", "Say why, in a sentence.")
        regime = self._regime(regime_key)
        now = self.clock.now()
        async with self.store.write() as uow:
            incident = await locked_for(uow, actor, key)
            await must_decide(uow, actor, incident, "decide which regimes apply")
            decided = {"decision": decision, "reason": reason, "decided_at": now, "decided_by": actor.user}
            clock = await _keep_decision(uow, incident, regime, decided)
            verb = "applies" if decision is Decision.APPLIES else "does not apply"
            text = f"Notification duties: {regime.name} ({regime.article}) {verb}: {reason}"
            await keep_entry(uow, incident, actor, now, text)
            detail = {"decision": decision.value, "reason": reason, "source": regime.source}
            await keep_audit(uow, incident, actor, now, ("clocks.decided", f"regime:{regime.key}"), detail)
            await self._stamp(uow, incident, actor, starts, now)
            await keep_in_step(uow, incident, self.law, now)
        return clock

    async def stamp(self, actor: Actor, key: str, starts: Mapping[Event, datetime]) -> Incident:
        """Stamp when events happened; every deadline that counts from one moves with it.

        Raises NotFound, NotAllowed naming who can, Invalid with the event as field for one in the future.
        """
        now = self.clock.now()
        async with self.store.write() as uow:
            incident = await locked_for(uow, actor, key)
            await must_answer_for_law(uow, actor, incident, "stamp these times")
            await self._stamp(uow, incident, actor, starts, now)
            await keep_in_step(uow, incident, self.law, now)
        return incident

    async def record_sent(self, actor: Actor, key: str, sent: Sent) -> ClockPhase:
        """Record what was sent, when, by whom; what counts from it starts to tick.

        Raises NotFound, NotAllowed naming who can, Invalid with the form's field, Conflict for a regime not applying.
        """
        what = _worded(sent.what, "what", "Say what was sent, for example its reference number.")
        regime = self._regime(sent.regime)
        if regime.phase(sent.phase) is None:
            raise NotFound(f"{regime.name} has no such phase. Nothing was changed.")
        now = self.clock.now()
        if sent.at > now + SLACK:
            raise Invalid("That time lies in the future; record it once it is sent.", field="sent_at")
        async with self.store.write() as uow:
            incident = await locked_for(uow, actor, key)
            await must_answer_for_law(uow, actor, incident, "record what was sent")
            clock = await _decided(uow, incident, regime)
            if clock is None or clock.decision is not Decision.APPLIES:
                raise Conflict(f"{regime.name} has not been decided to apply. Decide that first; nothing was changed.")
            row = await sent_row(uow, incident, regime, sent.phase)
            row.state, row.what, row.recorded_at = PhaseState.SENT, what, now
            row.sent_at, row.sent_by = min(sent.at, now), actor.user
            text = (
                f"Notification duties: sent “{title_of(regime, sent.phase)}” to {recipient(regime, sent.phase)}: {what}"
            )
            await keep_entry(uow, incident, actor, now, text)
            detail = {"regime": regime.key, "sent_at": instant(row.sent_at), "what": what}
            await keep_audit(uow, incident, actor, now, ("clocks.sent", f"clock:{regime.key}:{sent.phase}"), detail)
            await keep_in_step(uow, incident, self.law, now)
        return row

    async def take_up(self, actor: Actor, phase_id: int) -> ClockPhase:
        """Answer a reminder: somebody is on it, so the commander need not be told of this one.

        Raises NotFound, NotAllowed, Conflict when nothing is due any more.
        """
        now = self.clock.now()
        async with self.store.write() as uow:
            row = await uow.get(ClockPhase, phase_id)
            incident = await uow.get(Incident, row.incident_id) if row is not None else None
            if row is None or incident is None or not await may_see(uow, actor, incident):
                raise NotFound("There is no such deadline. Nothing was changed.")
            await must_answer_for_law(uow, actor, incident, "answer this reminder")
            if row.state is not PhaseState.TICKING or row.told is None:
                raise Conflict("That deadline is no longer current. Nothing was changed.")
            row.answered = row.told
            await keep_entry(uow, incident, actor, now, f"Notification duties: on it: {row.title}.")
            await keep_audit(uow, incident, actor, now, ("clocks.taken_up", f"clock:{row.regime}:{row.phase}"))
        return row

    async def _stamp(
        self, uow: UnitOfWork, incident: Incident, actor: Actor, starts: Mapping[Event, datetime], now: datetime
    ) -> None:
        known = {one.event: one.at for one in await uow.of_incident(ClockStart, id_of(incident))}
        for event, at in starts.items():
            if at > now + SLACK:
                raise Invalid("That time lies in the future.", field=event.value)
            if known.get(event) == at:
                continue
            row = ClockStart(
                team=incident.team,
                incident_id=id_of(incident),
                event=event,
                at=at,
                stamped_at=now,
                stamped_by=actor.user,
            )
            await uow.add(row)
            text = f"Notification duties: stamped {at:%Y-%m-%d %H:%M} UTC as the time when {EVENT_NAMES[event]}."
            await keep_entry(uow, incident, actor, now, text)
            detail = {"at": instant(at), "before": instant(known[event]) if event in known else None}
            await keep_audit(uow, incident, actor, now, ("clocks.stamped", f"event:{event.value}"), detail)

    def _regime(self, key: str) -> Regime:
        regime = self.law.knowledge.regime(key)
        if regime is None:
            raise NotFound("There is no such regime any more. Nothing was changed.")
        return regime

    def _candidates(self, duties: Duties) -> Sequence[Regime]:
        """Nothing before anybody has answered, but for what was decided all the same."""
        may = self.law.knowledge.candidates(duties.answers) if duties.asked else ()
        keys = {one.key for one in may} | set(duties.clocks)
        return [one for one in self.law.knowledge.regimes if one.key in keys]

    def _information(self, duties: Duties) -> Sequence[Regime]:
        return self.law.knowledge.information(duties.answers) if duties.asked else ()

    def _must_be_asked(self, answers: Answers) -> None:
        knowledge = self.law.knowledge
        asked = {one.key for one in (*knowledge.where, *knowledge.what, *knowledge.details)}
        if not set(answers) <= asked:
            raise Invalid("The questions have changed meanwhile. Nothing was kept; open the form again.")


def recipient(regime: Regime, phase_key: str) -> str:
    """Whom the phase is sent to."""
    phase = regime.phase(phase_key)
    return (phase.recipient if phase else "") or regime.recipient or "the authority"


async def _keep_decision(
    uow: UnitOfWork, incident: Incident, regime: Regime, decided: Mapping[str, Any]
) -> NotificationClock:
    law = {name: getattr(regime, name) for name in ("name", "article", "source", "confidence")}
    clock = await _decided(uow, incident, regime)
    if clock is None:
        of: dict[str, Any] = {"team": incident.team, "incident_id": id_of(incident), "regime": regime.key}
        clock = NotificationClock(**of, **law, **decided)
    else:
        clock.sqlmodel_update({**law, **decided})
    await uow.add(clock)
    return clock


async def _decided(uow: UnitOfWork, incident: Incident, regime: Regime) -> NotificationClock | None:
    known = await uow.of_incident(NotificationClock, id_of(incident))
    return next((one for one in known if one.regime == regime.key), None)


def _worded(text: str, field: str, missing: str) -> str:
    words = text.strip()
    if not has_something_visible(words):
        raise Invalid(missing, field=field)
    if len(words) > WORDS_MAX:
        raise Invalid(f"That has {len(words)} characters; at most {WORDS_MAX} fit.", field=field)
    return words


def _listed(regimes: Sequence[Regime]) -> str:
    if not regimes:
        return "No regime that is known here seems to apply."
    return f"{len(regimes)} may apply: {', '.join(one.name for one in regimes)}."
