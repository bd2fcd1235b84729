"""People: the names behind the IDs, learned when they first speak."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from app.domain.channel_event import ChannelEvent, Edited, Said
from app.domain.job import Job, Urgency
from app.domain.person import Person
from app.ports.chat import ChatError, Chats
from app.ports.store import UnitOfWork
from app.services.jobs.runner import Finish, nothing_more

LEARN = "person.learn"
_MENTION = re.compile(r"<@([A-Z0-9]{2,31})(?:\|[^>]*)?>")


def mentioned(text: str) -> frozenset[str]:
    """The IDs of the users whom a message mentions."""
    return frozenset(_MENTION.findall(text))


@dataclass
class Acquaintance:
    """Whom this process has met: each person is asked for once."""

    _met: set[tuple[str, str]] = field(default_factory=set)

    async def meet(self, uow: UnitOfWork, events: Iterable[ChannelEvent], now: datetime) -> None:
        """Remember names that come with messages, and owe a look at those of the others who speak or are mentioned."""
        strangers: dict[str, set[str]] = {}
        for event in events:
            if isinstance(event, Said) and event.author_name:
                await self._introduced(uow, event)
            for user in _people_in(event):
                if (event.team, user) not in self._met:
                    strangers.setdefault(event.team, set()).add(user)
        for team, users in strangers.items():
            known = await uow.people(team, users)
            for user in sorted(users - known.keys()):
                await uow.jobs.add(_look(team, user, now))
            self._met.update((team, user) for user in users)

    async def _introduced(self, uow: UnitOfWork, event: Said) -> None:
        if (event.team, event.author) in self._met or not event.author_name:
            return
        self._met.add((event.team, event.author))
        await uow.remember(
            Person(team=event.team, user=event.author, name=event.author_name[:200], is_bot=event.author_is_bot)
        )


@dataclass(frozen=True)
class LearnPerson:
    """Handler of `person.learn`: asks the chat who somebody is."""

    chats: Chats

    async def perform(self, job: Job) -> Finish:
        """Raises what the chat raises."""
        user = str(job.payload["user"])
        profile = await (await self.chats.of(job.team)).profile(user)
        if profile is None:
            return nothing_more
        person = Person(team=job.team, user=user, name=profile.name[:200], is_bot=profile.is_bot)

        async def finish(uow: UnitOfWork) -> None:
            await uow.remember(person)

        return finish

    async def give_up(self, uow: UnitOfWork, job: Job, error: ChatError) -> None:
        """Nothing to tell anybody: the ID stands for the name."""


async def names_of(uow: UnitOfWork, team: str, users: Iterable[str]) -> Mapping[str, str]:
    """Display names by ID; those not known are left out."""
    known = await uow.people(team, set(users))
    return {user: person.name for user, person in known.items()}


def _people_in(event: ChannelEvent) -> Sequence[str]:
    if not isinstance(event, Said | Edited):
        return ()
    return sorted({event.author, *mentioned(event.text)} - {""})


def _look(team: str, user: str, now: datetime) -> Job:
    return Job(team=team, kind=LEARN, key=f"person:{user}", urgency=Urgency.LATER, payload={"user": user}, due_at=now)
