"""People talking: a plan of who says, edits, deletes, answers and reacts to what, to be followed in several worlds."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass

from tests.faults.world import World

PEOPLE = ("ada", "ben", "chen", "dara", "eli", "fatima")
THREADS = 20
REACTIONS = ("eyes", "bulb", "dart", "pushpin", "question", "tada")


@dataclass(frozen=True)
class Step:
    """One thing somebody does. `about`: the place of the message it is about among all that were said."""

    kind: str
    who: str
    text: str = ""
    about: int | None = None


class _Plan:
    """A plan in the making, which goes on after another. `authors`: who said each message, also those of before."""

    def __init__(self, seed: int, before: Sequence[Step]) -> None:
        self.chance = random.Random(seed)
        self.authors = list(spoken(before))
        self.steps: list[Step] = []
        self.gone = {step.about for step in before if step.kind == "delete"}
        self.reactions: list[tuple[str, str, int]] = []
        self.threads: list[int] = []

    def say(self, about: int | None) -> None:
        who, number = self.chance.choice(PEOPLE), len(self.authors)
        kind = "say" if about is None else "reply"
        self.steps.append(Step(kind, who, f"{kind} {number}: {self.chance.choice(REACTIONS)} & <b>", about))
        self.authors.append(who)

    def thread(self, alive: Sequence[int]) -> int:
        """Where to answer: in one of a few threads, as people do."""
        talked_in = [place for place in self.threads if place in alive]
        if (len(self.threads) < THREADS and self.chance.random() < 0.3) or not talked_in:
            self.threads.append(self.chance.choice(alive[-40:]))
            return self.threads[-1]
        return self.chance.choice(talked_in)

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


def plan(seed: int, messages: int, *, after: Sequence[Step] = ()) -> list[Step]:
    """Steps in which that many messages are said. `after`: the plan that was followed before."""
    made, wanted = _Plan(seed, after), messages + len(list(spoken(after)))
    deeds = {"say": 60, "reply": 12, "edit": 10, "delete": 4, "react": 12, "unreact": 2}
    while len(made.authors) < wanted:
        alive = [place for place in range(len(made.authors)) if place not in made.gone]
        (deed,) = made.chance.choices([*deeds], [*deeds.values()])
        if deed == "say" or not alive:
            made.say(None)
        elif deed == "reply":
            made.say(made.thread(alive))
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
