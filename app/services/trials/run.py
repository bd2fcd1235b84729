"""An automatic trial under way: so many tries at a time, each kept as it comes, and its message."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial

from app.domain.errors import Conflict
from app.domain.incident import Incident
from app.domain.job import Job
from app.domain.json_shape import fits, parse_schema
from app.domain.trial_notices import TrialShown
from app.domain.trial_record import Outcome, Rule, Trial, TrialState, TrialTry
from app.ports.chat import ChatError, ChatRefused
from app.ports.store import UnitOfWork
from app.ports.trial import Patterns, Reply, Target, TargetFailed, TooSlow
from app.services.access import incident_of
from app.services.jobs.runner import Finish, nothing_more
from app.services.jobs.step import Step, post_once
from app.services.room.card import GONE
from app.services.trials.owed import end, owe_show, verdict_of

AT_A_TIME = 4
MOST_ERRORS = 5
# The message follows the tries at this distance, so that Slack is not called for each.
SHOWN_EVERY = timedelta(seconds=2)


@dataclass
class _Run:
    """The tries that are still to be made, and how many in a row gave no answer."""

    trial: Trial
    missing: deque[int]
    errors: int = 0
    over: bool = False
    why: str = field(default="")


@dataclass(frozen=True)
class RunTrial(Step):
    """Handler of `trial.run`: makes the tries that have no outcome yet.

    Every outcome is committed as it comes, so whoever takes the job over after a crash repeats none that was kept.
    """

    target: Target | None
    patterns: Patterns

    async def perform(self, job: Job) -> Finish:
        """A target that fails is an outcome here, not an error."""
        run = await self._begun(job)
        if run is None:
            return nothing_more
        async with asyncio.TaskGroup() as group:
            for _ in range(min(AT_A_TIME, len(run.missing))):
                group.create_task(self._work(job, run))
        return nothing_more

    async def give_up(self, uow: UnitOfWork, job: Job, error: ChatError) -> None:
        """Whatever broke: the trial ends with what it has."""
        found = await _locked(uow, job)
        if found is not None and found[1].state is TrialState.RUNNING:
            found[1].reason = f"the app broke on the way ({error.code})"
            await end(uow, *found, TrialState.FAILED, self.clock.now())

    async def _begun(self, job: Job) -> _Run | None:
        async with self.store.read() as uow:
            trial = await uow.get(Trial, int(job.payload["trial_id"]))
            if trial is None or trial.state is not TrialState.RUNNING:
                return None
            tries = await uow.of_incident(TrialTry, trial.incident_id)
        made = {one.number for one in tries if one.trial_id == trial.id}
        return _Run(trial, deque(number for number in range(1, trial.wanted + 1) if number not in made))

    async def _work(self, job: Job, run: _Run) -> None:
        while run.missing and not run.over:
            number = run.missing.popleft()
            try:
                reply = await self._asked(run.trial)
                outcome = await self._judged(run.trial, reply.text)
            except TargetFailed as failed:
                run.missing.append(number)
                await self._failed(job, run, str(failed))
            except TooSlow:
                await self._failed(job, run, "the pattern takes too long on an answer", at_once=True)
            else:
                run.errors = 0
                await self._kept(job, run, number, (reply, outcome))

    async def _asked(self, trial: Trial) -> Reply:
        if self.target is None:
            raise TargetFailed("no target is configured any more")
        return await self.target.ask(trial.prompt)

    async def _judged(self, trial: Trial, answer: str) -> Outcome:
        expected = trial.expected
        if trial.rule is Rule.HUMAN:
            return Outcome.UNJUDGED
        if trial.rule is Rule.REGEX:
            failed = await self.patterns.found(expected, answer)
        elif trial.rule is Rule.SCHEMA:
            failed = not fits(parse_schema(expected), answer)
        else:
            failed = (expected.casefold() in answer.casefold()) is (trial.rule is Rule.CONTAINS)
        return Outcome.FAILED if failed else Outcome.PASSED

    async def _kept(self, job: Job, run: _Run, number: int, made: tuple[Reply, Outcome]) -> None:
        try:
            async with self.store.write() as uow:
                found = await _locked(uow, job)
                if found is None or found[1].state is not TrialState.RUNNING:
                    run.over = True
                    return
                incident, trial = found
                await uow.add(self._try(trial, number, made))
                self._count(trial, made)
                await self._go_on(uow, incident, trial, run)
        except Conflict:
            # Another process made this try meanwhile: the job was taken over.
            run.over = True

    def _try(self, trial: Trial, number: int, made: tuple[Reply, Outcome]) -> TrialTry:
        reply, outcome = made
        return TrialTry(
            team=trial.team,
            incident_id=trial.incident_id,
            trial_id=trial.id or 0,
            number=number,
            outcome=outcome,
            answer=reply.text,
            tokens=reply.tokens,
            at=self.clock.now(),
        )

    def _count(self, trial: Trial, made: tuple[Reply, Outcome]) -> None:
        reply, outcome = made
        trial.made += 1
        trial.tokens += reply.tokens
        if outcome is not Outcome.UNJUDGED:
            trial.tries += 1
            trial.failures += outcome is Outcome.FAILED

    async def _go_on(self, uow: UnitOfWork, incident: Incident, trial: Trial, run: _Run) -> None:
        """End the trial when every try is made, or the ceiling is met; else let the message follow."""
        now = self.clock.now()
        if trial.made >= trial.wanted:
            run.over = True
            state = TrialState.JUDGING if trial.rule is Rule.HUMAN else TrialState.DONE
            await end(uow, incident, trial, state, now)
        elif trial.tokens >= trial.token_ceiling:
            run.over = True
            trial.reason = f"its ceiling of {trial.token_ceiling:,} tokens is met"
            await end(uow, incident, trial, TrialState.CEILING, now)
        else:
            await owe_show(uow, incident, trial, now + SHOWN_EVERY)

    async def _failed(self, job: Job, run: _Run, why: str, *, at_once: bool = False) -> None:
        """An answer that didn't come is no try; several in a row end the trial."""
        run.errors += 1
        async with self.store.write() as uow:
            found = await _locked(uow, job)
            if found is None or found[1].state is not TrialState.RUNNING:
                run.over = True
                return
            incident, trial = found
            trial.errors += 1
            if at_once or run.errors >= MOST_ERRORS:
                run.over = True
                trial.reason = why
                await end(uow, incident, trial, TrialState.FAILED, self.clock.now())


class ShowTrial(Step):
    """Handler of `trial.show`: the one message, posted once and then changed in place."""

    async def perform(self, job: Job) -> Finish:
        """Raises what the chat raises. A message that somebody deleted is posted anew."""
        async with self.store.read() as uow:
            trial = await uow.get(Trial, int(job.payload["trial_id"]))
            incident = await incident_of(uow, job)
            if trial is None or incident is None or incident.channel_id is None:
                return nothing_more
            notice = TrialShown(incident, trial, await verdict_of(uow, incident, trial))
        chat = await self.chats.of(job.team)
        if trial.message_ts is not None:
            try:
                await chat.update(incident.channel_id, trial.message_ts, notice)
                return nothing_more
            except ChatRefused as error:
                if error.code not in GONE:
                    raise
        posted = await post_once(chat, incident.channel_id, notice, job)
        return partial(self._keep, job, posted.ts)

    async def _keep(self, job: Job, ts: str, uow: UnitOfWork) -> None:
        found = await _locked(uow, job)
        if found is not None:
            found[1].message_ts = ts
            if job.attempts > 1:
                # What was found may have been posted before the last change.
                await owe_show(uow, *found, self.clock.now())


async def _locked(uow: UnitOfWork, job: Job) -> tuple[Incident, Trial] | None:
    incident = await incident_of(uow, job)
    trial = await uow.get(Trial, int(job.payload["trial_id"]))
    return (incident, trial) if incident is not None and trial is not None else None
