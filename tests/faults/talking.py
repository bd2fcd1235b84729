"""People talking: a plan of who says, edits, deletes, answers and reacts to what, to be followed in several worlds."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass

from tests.faults.world import World

PEOPLE = ("ada", "ben", "chen", "dara", "eli", "fatima")
REACTIONS = ("eyes", "bulb", "dart", "pushpin", "question", "tada")


@dataclass(frozen=True)
class Step:
    """One thing somebody does. `about`: the place of the message it is about among all that were said."""

    kind: str
    who: str
    text: str = ""
    about: int | None = None


class _Plan:
    """A plan in the making. `authors`: who said each message, also those of before."""

    def __init__(self, seed: int, authors: list[str]) -> None:
        self.chance = random.Random(seed)
        self.authors = authors
        self.steps: list[Step] = []
        self.gone: set[int] = set()
        self.reactions: list[tuple[str, str, int]] = []

    def say(self, about: int | None) -> None:
        who, number = self.chance.choice(PEOPLE), len(self.authors)
        kind = "say" if about is None else "reply"
        self.steps.append(Step(kind, who, f"{kind} {number}: {self.chance.choice(REACTIONS)} & <b>", about))
        self.authors.append(who)

    def edit(self, about: int) -> None:
        self.steps.append(Step("edit", self.authors[about], f"other words {len(self.steps)}", about))

    def delete(self, about: int) -> None:
        self.steps.append(Step("delete", self.authors[about], "", about))
        self.gone.add(about)
        self.reactions = [one for one in self.reactions if one[2] != about]

    def react(self, about: int) -> None:
        one = (self.chance.choice(PEOPLE), self.chance.choice(REACTIONS), about)
        if one not in self.reactions:
            self.reactions.append(one)
            self.steps.append(Step("react", *one))

    def unreact(self, _about: int) -> None:
        if self.reactions:
            who, name, about = self.reactions.pop(self.chance.randrange(len(self.reactions)))
            self.steps.append(Step("unreact", who, name, about))


def plan(seed: int, messages: int, *, said_before: Sequence[str] = ()) -> list[Step]:
    """Steps in which that many messages are said. `said_before`: who said the messages that there are already."""
    made = _Plan(seed, list(said_before))
    deeds = {"say": 60, "reply": 12, "edit": 10, "delete": 4, "react": 12, "unreact": 2}
    while len(made.authors) < messages + len(said_before):
        alive = [place for place in range(len(made.authors)) if place not in made.gone]
        (deed,) = made.chance.choices([*deeds], [*deeds.values()])
        if deed == "say" or not alive:
            made.say(None)
        elif deed == "reply":
            made.say(made.chance.choice(alive[-40:]))
        else:
            getattr(made, deed)(made.chance.choice(alive[-40:]))
    return made.steps


class Talk:
    """What was said in one room of a world, by its place."""

    def __init__(self, world: World, room: str) -> None:
        self.world = world
        self.room = room
        self.said: list[tuple[str, str | None]] = []

    async def follow(self, steps: Sequence[Step], between: Callable[[], Awaitable[None]] | None = None) -> None:
        """Do what the plan says; `between` is called after each step."""
        for step in steps:
            await self._do(step)
            if between is not None:
                await between()

    async def _do(self, step: Step) -> None:
        person = self.world.person(step.who)
        ts, thread = self.said[step.about] if step.about is not None else ("", None)
        if step.kind in ("say", "reply"):
            parent = (thread or ts) or None
            self.said.append((await person.say(self.room, step.text, thread_ts=parent), parent))
        elif step.kind == "edit":
            await person.edit(self.room, ts, step.text)
        elif step.kind == "delete":
            await person.delete(self.room, ts)
        elif step.kind == "react":
            await person.react(self.room, ts, step.text)
        else:
            await person.unreact(self.room, ts, step.text)


def spoken(steps: Sequence[Step]) -> Iterator[str]:
    """Who says each message of the plan."""
    return (step.who for step in steps if step.kind in ("say", "reply"))
