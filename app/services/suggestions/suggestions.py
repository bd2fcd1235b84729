"""The suggestion of an incident: offered when it is declared, corrected as evidence arrives, decided by a person."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from app.domain.errors import Conflict, Invalid
from app.domain.incident import Archetype, Incident, Severity, Status, SystemType
from app.domain.job import Job, Urgency
from app.domain.suggestion import Suggestion
from app.domain.suggestion_offer import OfferState, SuggestionOffer, put_into, says_the_same, worth_saying
from app.drafting.suggesting.suggesting import Suggester, suggester
from app.ports.chat import ChatError
from app.ports.clock import Clock
from app.ports.store import Store, UnitOfWork
from app.services.access import id_of, incident_for, incident_of, locked_for, must_lead
from app.services.actor import Actor
from app.services.jobs.owed import owe_refresh
from app.services.jobs.runner import Finish
from app.services.lifecycle import Lifecycle
from app.services.playbooks.gates import owe_plan
from app.services.record_keeping import keep_act, keep_audit
from app.services.suggestions.first_report import report_of, words_of
from app.services.suggestions.readings import Look, Readings

REVIEW = "evidence.review"
# What has been said since is looked at again after so many minutes, less and less often.
_LOOKS = (1, 2, 4, 8, 15, 30, 60, 120, 240)
_MOST_LOOKS = 100
AT_ONCE = -1


@dataclass(frozen=True)
class Choice:
    """What a person makes of an incident."""

    archetype: Archetype
    system_type: SystemType | None
    severity: Severity


@dataclass(frozen=True)
class Suggestions:
    """Suggests, and lets people take or change what is suggested."""

    store: Store
    clock: Clock
    lifecycle: Lifecycle
    suggester: Suggester = field(default_factory=suggester)

    def of(self, report: str) -> Suggestion:
        """What a report suggests before anything is declared."""
        return self.suggester.suggest(report)

    async def standing(self, actor: Actor, key: str) -> tuple[Incident, SuggestionOffer | None]:
        """The incident and what is suggested for it. Raises NotFound."""
        async with self.store.read() as uow:
            incident = await incident_for(uow, actor, key)
            return incident, await offer_of(uow, incident)

    async def take(self, actor: Actor, key: str) -> Incident:
        """Take what is suggested.

        Raises NotAllowed unless the actor leads, Conflict when nothing is offered any more.
        """
        async with self.store.write() as uow:
            incident = await locked_for(uow, actor, key)
            offer = await offer_of(uow, incident)
            if offer is None or not offer.open:
                raise Conflict(f"There is no open suggestion for {incident.key} any more. Nothing was changed.")
            worse = min(offer.severity, incident.severity)
            choice = Choice(offer.archetype, offer.system_type or incident.system_type, worse)
            await self._decide(uow, incident, actor, choice, offer)
        return incident

    async def change(self, actor: Actor, key: str, choice: Choice) -> Incident:
        """Let the incident be what the actor says. Raises NotAllowed unless the actor leads."""
        async with self.store.write() as uow:
            incident = await locked_for(uow, actor, key)
            await self._decide(uow, incident, actor, choice, await offer_of(uow, incident))
        return incident

    async def _decide(
        self, uow: UnitOfWork, incident: Incident, actor: Actor, choice: Choice, offer: SuggestionOffer | None
    ) -> None:
        await must_lead(uow, actor, incident, "decide what kind of failure it is")
        if choice.archetype is Archetype.UNSURE and offer is None:
            raise Invalid("Choose a kind of failure, or cancel.", field="archetype")
        now = self.clock.now()
        detail = {
            "before": {"archetype": incident.archetype, "system_type": incident.system_type},
            "after": {"archetype": choice.archetype, "system_type": choice.system_type},
        }
        taken = offer is not None and (choice.archetype, choice.severity) == (offer.archetype, offer.severity)
        if choice.archetype is not incident.archetype or choice.system_type is not incident.system_type:
            how = "as suggested" if taken else "by hand"
            text = f"Set the kind of failure to {_words(choice.archetype)}, {how}."
            act = ("suggestion.taken" if taken else "suggestion.changed", f"incident:{incident.key}")
            await keep_act(uow, incident, actor, now, act, text)
            await keep_audit(uow, incident, actor, now, ("incident.kind", f"incident:{incident.key}"), detail)
            await owe_plan(uow, incident, now)
        incident.archetype, incident.system_type = choice.archetype, choice.system_type
        if choice.severity is not incident.severity:
            reason = "As suggested" if taken else ""
            await self.lifecycle.set_severity(uow, incident, actor, choice.severity, reason)
        if offer is not None:
            offer.state = OfferState.TAKEN if taken else OfferState.CHANGED
            offer.decided_by, offer.decided_at = actor.user, now
        await owe_refresh(uow, incident, now)


def first_offer(incident: Incident, suggestion: Suggestion, now: datetime) -> SuggestionOffer:
    """What the declaration suggests."""
    offer = SuggestionOffer(
        team=incident.team,
        incident_id=id_of(incident),
        archetype=Archetype.UNSURE,
        severity=incident.severity,
        phrases=[],
        because=[],
        severity_because=[],
        state=OfferState.QUIET,
        offered_at=now,
    )
    put_into(offer, suggestion, now, worth=worth_saying(suggestion, incident))
    return offer


async def offer_of(uow: UnitOfWork, incident: Incident) -> SuggestionOffer | None:
    """What is suggested for the incident, None for one that was declared before there were suggestions."""
    found = await uow.of_incident(SuggestionOffer, id_of(incident))
    return found[0] if found else None


def review_owed(incident: Incident, now: datetime, *, look: int = 0, asked: str = "") -> Job:
    """The job that looks at what was said since; `look` counts them, and the wait before it grows with it.

    `asked` names the report that a model has read last.
    """
    wait = timedelta() if look == AT_ONCE else timedelta(minutes=_LOOKS[min(look, len(_LOOKS) - 1)])
    return Job(
        team=incident.team,
        incident_id=incident.id,
        kind=REVIEW,
        key=f"{incident.key}:{REVIEW}",
        lock=f"{incident.key}:evidence",
        urgency=Urgency.LATER,
        payload={"look": look, "asked": asked},
        due_at=now + wait,
    )


@dataclass(frozen=True)
class ReviewEvidence:
    """evidence.review: what was learned since makes the incident findable, and may change what is suggested.

    `readings` is None where no model is configured.
    """

    store: Store
    clock: Clock
    suggester: Suggester = field(default_factory=suggester)
    readings: Readings | None = None

    async def perform(self, job: Job) -> Finish:
        async with self.store.read() as uow:
            incident = await incident_of(uow, job)
            report = await report_of(uow, incident) if incident is not None and incident.open else ""
        # Long talk takes a while to judge, and a model longer, so nobody's transaction waits for it.
        look = await self._look(incident, report, job) if incident is not None and report else None
        return partial(self._keep, job, look)

    async def give_up(self, uow: UnitOfWork, job: Job, error: ChatError) -> None:
        """Nothing is lost: the next look sees it all."""

    async def _look(self, incident: Incident, report: str, job: Job) -> Look:
        plain, asked = self.suggester.suggest(report), str(job.payload.get("asked", ""))
        return await self.readings.look(incident, report, plain, asked) if self.readings is not None else Look(plain)

    async def _keep(self, job: Job, look: Look | None, uow: UnitOfWork) -> None:
        incident = await incident_of(uow, job)
        if incident is None:
            return
        incident = await uow.incidents.locked(id_of(incident))
        now = self.clock.now()
        await uow.similar.index(incident, await words_of(uow, incident))
        if incident.open and look is not None:
            await _correct(uow, incident, look, now)
        count = int(job.payload.get("look", 0)) + 1
        # A resolved one is looked at on: its postmortem says what the causes were.
        if count < _MOST_LOOKS and incident.status not in (Status.CLOSED, Status.DECLINED):
            await uow.jobs.add(review_owed(incident, now, look=count, asked=look.asked if look is not None else ""))


async def _correct(uow: UnitOfWork, incident: Incident, look: Look, now: datetime) -> None:
    """Offer anew what is suggested by now, if that is something else than before."""
    offer = await offer_of(uow, incident)
    if offer is None:
        return
    suggestion = _by_now(offer, look)
    if suggestion is None or says_the_same(offer, suggestion) or not suggestion.sure:
        return
    worth = worth_saying(suggestion, incident)
    if offer.state in (OfferState.TAKEN, OfferState.CHANGED) and not worth:
        return
    was_open = offer.open
    put_into(offer, suggestion, now, worth=worth)
    if offer.open or was_open:
        await owe_refresh(uow, incident, now)


def _by_now(offer: SuggestionOffer, look: Look) -> Suggestion | None:
    """What is suggested by now; None where what stands is not to be touched.

    After a person has decided, a model's other opinion is no news; and what a model read stands until it reads more,
    or the rules find it graver.
    """
    if look.read is not None and offer.state not in (OfferState.TAKEN, OfferState.CHANGED):
        return look.read
    return look.plain if offer.used is None or look.plain.severity < offer.severity else None


def _words(archetype: Archetype) -> str:
    return archetype.value.replace("_", " ")
