"""Reproduction trials: recorded by hand, run against the configured target, judged, and what they show."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime

from app.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from app.domain.incident import Incident
from app.domain.json_shape import parse_schema
from app.domain.roles import Role
from app.domain.timeline import Mark
from app.domain.trial import ACCEPTABLE_PERCENT, TrialPhase
from app.domain.trial_record import Outcome, Rule, Trial, TrialKind, TrialState, TrialTry, standing
from app.domain.visible_text import has_something_visible
from app.ports.clock import Clock
from app.ports.store import Store, UnitOfWork
from app.ports.trial import Target
from app.services.access import id_of, incident_for, locked_for, may_see
from app.services.actor import Actor
from app.services.record_keeping import keep_audit, keep_entry
from app.services.trials.owed import PHASES, end, owe_run, owe_show

PROMPT_MAX = 3000
BY_HAND_MOST = 100_000
RESUMABLE = frozenset({TrialState.CANCELLED, TrialState.CEILING, TrialState.FAILED})
Change = tuple[UnitOfWork, Incident, Trial, datetime]


@dataclass(frozen=True)
class Limits:
    """What one automatic trial may cost, and whether restricted incidents' prompts may be sent at all."""

    tries: int = 200
    tokens: int = 200_000
    restricted_allowed: bool = False


@dataclass(frozen=True)
class Wish:
    """What somebody wants recorded or run. `failures` None: to be run; then `rule` says when a try failed."""

    phase: TrialPhase
    prompt: str
    tries: int
    failures: int | None = None
    setting: str = ""
    acceptable_percent: int = ACCEPTABLE_PERCENT
    rule: Rule | None = None
    expected: str = ""


@dataclass(frozen=True)
class TrialBoard:
    """The trials of an incident. `target` None: nothing can be run here, and `why_not` says why."""

    incident: Incident
    trials: Sequence[Trial]
    target: str | None
    why_not: str


@dataclass(frozen=True)
class Trials:
    """What people do about trials. `target` None: none is configured."""

    store: Store
    clock: Clock
    limits: Limits
    target: Target | None = None

    async def board(self, actor: Actor, key: str) -> TrialBoard:
        """Raises NotFound."""
        async with self.store.read() as uow:
            incident = await incident_for(uow, actor, key)
            trials = await uow.of_incident(Trial, id_of(incident))
        why_not = self._why_not(incident)
        return TrialBoard(incident, trials, self.target.name if self.target and not why_not else None, why_not)

    async def standing(self, actor: Actor, key: str) -> str:
        """Whether the fix counts as verified, in a sentence. Raises NotFound."""
        return standing((await self.board(actor, key)).trials)[1]

    async def submit(self, actor: Actor, key: str, wish: Wish) -> Trial:
        """Record what was counted by hand, or begin to run it.

        Raises NotFound, NotAllowed, and Invalid with the form's field.
        """
        _must_make_sense(wish)
        now = self.clock.now()
        async with self.store.write() as uow:
            incident = await locked_for(uow, actor, key)
            if wish.failures is None:
                await self._must_run(uow, actor, incident, wish)
            trial = await self._keep(uow, incident, actor, wish, now)
            if trial.kind is TrialKind.BY_HAND:
                await end(uow, incident, trial, TrialState.DONE, now)
            else:
                text = f"Began reproduction trial {trial.number}, {PHASES[trial.phase]}: {trial.wanted} tries."
                await keep_entry(uow, incident, actor, now, text)
                await owe_run(uow, incident, trial, now)
                await owe_show(uow, incident, trial, now)
        return trial

    async def override(self, actor: Actor, key: str, reason: str) -> Trial:
        """Call the fix verified on a person's word, with a reason. Raises NotFound, NotAllowed, Invalid."""
        if not has_something_visible(reason):
            raise Invalid("Say why the fix counts as verified without a trial that shows it.", field="reason")
        now = self.clock.now()
        async with self.store.write() as uow:
            incident = await locked_for(uow, actor, key)
            await _must_try(uow, actor, incident, "call the fix verified")
            trial = await self._keep(uow, incident, actor, Wish(TrialPhase.AFTER, "", 0), now)
            trial.kind, trial.state, trial.reason, trial.ended_at = (
                TrialKind.OVERRIDE,
                TrialState.DONE,
                reason.strip(),
                now,
            )
            text = f"Called the fix verified on their own word, not by trials: {reason.strip()}"
            await keep_entry(uow, incident, actor, now, text, Mark.DECISION)
        return trial

    async def cancel(self, actor: Actor, trial_id: int) -> Trial:
        """Make no further try. Raises NotFound, Conflict when it isn't running."""
        async with self._changed(actor, trial_id) as (uow, incident, trial, now):
            if trial.state is not TrialState.RUNNING:
                raise Conflict(f"Trial {trial.number} is not running any more. Nothing was changed.")
            trial.reason = f"cancelled by <@{actor.user}>"
            await end(uow, incident, trial, TrialState.CANCELLED, now)
            await keep_audit(uow, incident, actor, now, ("trial.cancelled", f"trial:{trial.number}"))
        return trial

    async def resume(self, actor: Actor, trial_id: int) -> Trial:
        """Go on with the tries that have no outcome; one that met its ceiling gets as much again.

        Raises NotFound, NotAllowed, Invalid, Conflict.
        """
        async with self._changed(actor, trial_id) as (uow, incident, trial, now):
            if trial.kind is not TrialKind.AUTOMATIC or trial.state not in RESUMABLE:
                raise Conflict(f"Trial {trial.number} has nothing left to try. Nothing was changed.")
            await self._must_run(uow, actor, incident, None)
            if trial.state is TrialState.CEILING:
                trial.token_ceiling += self.limits.tokens
            trial.state, trial.reason, trial.ended_at, trial.errors = TrialState.RUNNING, "", None, 0
            await keep_audit(uow, incident, actor, now, ("trial.resumed", f"trial:{trial.number}"))
            await owe_run(uow, incident, trial, now)
            await owe_show(uow, incident, trial, now)
        return trial

    async def unjudged(self, actor: Actor, trial_id: int) -> tuple[Incident, Trial, Sequence[TrialTry]]:
        """The answers that a person has to judge, in order. Raises NotFound."""
        async with self.store.read() as uow:
            incident, trial = await _found(uow, actor, trial_id)
            return incident, trial, await _waiting(uow, incident, trial)

    async def judge(self, actor: Actor, trial_id: int, failed: Mapping[int, bool]) -> Trial:
        """Say of answers, by their number, whether they failed. Raises NotFound, Conflict."""
        async with self._changed(actor, trial_id) as (uow, incident, trial, now):
            waiting = await _waiting(uow, incident, trial)
            for one in waiting:
                if one.number in failed:
                    one.outcome = Outcome.FAILED if failed[one.number] else Outcome.PASSED
                    one.judged_by = actor.user
                    trial.tries, trial.failures = trial.tries + 1, trial.failures + failed[one.number]
            left = any(one.outcome is Outcome.UNJUDGED for one in waiting)
            if not left and trial.state is TrialState.JUDGING:
                await end(uow, incident, trial, TrialState.DONE, now)
            detail = {"failed": sum(failed.values()), "judged": len(failed)}
            await keep_audit(uow, incident, actor, now, ("trial.judged", f"trial:{trial.number}"), detail)
            await owe_show(uow, incident, trial, now)
        return trial

    @asynccontextmanager
    async def _changed(self, actor: Actor, trial_id: int) -> AsyncIterator[Change]:
        now = self.clock.now()
        async with self.store.write() as uow:
            incident, _ = await _found(uow, actor, trial_id)
            incident = await uow.incidents.locked(id_of(incident))
            yield uow, incident, (await _found(uow, actor, trial_id))[1], now

    async def _keep(self, uow: UnitOfWork, incident: Incident, actor: Actor, wish: Wish, now: datetime) -> Trial:
        by_hand = wish.failures is not None
        trial = Trial(
            team=incident.team,
            incident_id=id_of(incident),
            number=len(await uow.of_incident(Trial, id_of(incident))) + 1,
            kind=TrialKind.BY_HAND if by_hand else TrialKind.AUTOMATIC,
            phase=wish.phase,
            prompt=wish.prompt.strip(),
            setting=wish.setting.strip() or (self.target.name if self.target and not by_hand else ""),
            acceptable_percent=wish.acceptable_percent,
            wanted=wish.tries,
            made=wish.tries if by_hand else 0,
            tries=wish.tries if by_hand else 0,
            failures=wish.failures or 0,
            rule=None if by_hand else wish.rule,
            expected="" if by_hand else wish.expected,
            state=TrialState.DONE if by_hand else TrialState.RUNNING,
            token_ceiling=0 if by_hand else self.limits.tokens,
            asked_by=actor.user,
            asked_at=now,
        )
        await uow.add(trial)
        await keep_audit(uow, incident, actor, now, ("trial.kept", f"trial:{trial.number}"), {"kind": trial.kind.value})
        return trial

    async def _must_run(self, uow: UnitOfWork, actor: Actor, incident: Incident, wish: Wish | None) -> None:
        why_not = self._why_not(incident)
        if why_not:
            raise Invalid(f"{why_not} Count by hand and enter how many failed.", field="failures")
        await _must_try(uow, actor, incident, "run a trial against the system")
        if wish is not None:
            _must_be_judged(wish)
            if wish.tries > self.limits.tries:
                raise Invalid(f"One trial may make {self.limits.tries} tries (TRIAL_MAX_TRIES).", field="tries")

    def _why_not(self, incident: Incident) -> str:
        if self.target is None:
            return "You count: nothing is set up for the bot to try by itself (TRIAL_BASE_URL, TRIAL_MODEL)."
        if incident.restricted and not self.limits.restricted_allowed:
            return "This incident is restricted: its prompts may not be sent anywhere (LLM_RESTRICTED_INCIDENTS)."
        return ""


def _must_make_sense(wish: Wish) -> None:
    if not has_something_visible(wish.prompt):
        raise Invalid("Enter the prompt that is tried.", field="prompt")
    if len(wish.prompt) > PROMPT_MAX:
        raise Invalid(f"A prompt may have {PROMPT_MAX} characters.", field="prompt")
    if not 1 <= wish.tries <= BY_HAND_MOST:
        raise Invalid(f"Give the number of tries, from 1 to {BY_HAND_MOST:,}.", field="tries")
    if wish.failures is not None and not 0 <= wish.failures <= wish.tries:
        raise Invalid(f"Of {wish.tries} tries, 0 to {wish.tries} can have failed.", field="failures")
    if not 1 <= wish.acceptable_percent <= 50:
        raise Invalid("Between 1 and 50 percent.", field="acceptable_percent")


def _must_be_judged(wish: Wish) -> None:
    if wish.rule is None:
        raise Invalid("Choose when a try counts as failed, or enter how many failed.", field="rule")
    if wish.rule is not Rule.HUMAN and not wish.expected.strip():
        raise Invalid("Enter the text, pattern or schema to judge by.", field="expected")
    try:
        if wish.rule is Rule.REGEX:
            re.compile(wish.expected)
        elif wish.rule is Rule.SCHEMA:
            parse_schema(wish.expected)
    except (re.error, OverflowError, RecursionError, ValueError) as error:
        raise Invalid(f"That can't be used: {error}.", field="expected") from None


async def _must_try(uow: UnitOfWork, actor: Actor, incident: Incident, act: str) -> None:
    """Nothing for commander and technical lead, and for anybody while there is neither. Raises NotAllowed."""
    holders = await uow.roles.holders(id_of(incident))
    who = [holders[role].user for role in (Role.COMMANDER, Role.TECH) if role in holders]
    if who and actor.user not in who:
        named = " or ".join(f"<@{user}>" for user in dict.fromkeys(who))
        raise NotAllowed(f"Only the commander or the technical lead can {act}: ask {named}. Nothing was changed.")


async def _found(uow: UnitOfWork, actor: Actor, trial_id: int) -> tuple[Incident, Trial]:
    trial = await uow.get(Trial, trial_id)
    incident = await uow.get(Incident, trial.incident_id) if trial is not None else None
    if trial is None or incident is None or not await may_see(uow, actor, incident):
        raise NotFound("There is no such trial. Nothing was changed.")
    return incident, trial


async def _waiting(uow: UnitOfWork, incident: Incident, trial: Trial) -> Sequence[TrialTry]:
    tries = [one for one in await uow.of_incident(TrialTry, id_of(incident)) if one.trial_id == trial.id]
    return sorted((one for one in tries if one.outcome is Outcome.UNJUDGED), key=lambda one: one.number)
