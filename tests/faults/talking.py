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


def plan(seed: int, messages: int, *, said_before: Sequence[str] = ()) -> list[Step]:
    """Steps in which that many messages are said. `said_before`: who said the messages that there are already."""
    chance = random.Random(seed)
    authors, steps = list(said_before), []
    gone: set[int] = set()
    reacted: list[tuple[str, str, int]] = []
    while len(authors) < messages + len(said_before):
        alive = [place for place in range(len(authors)) if place not in gone]
        kind = chance.choices(("say", "reply", "edit", "delete", "react", "unreact"), (60, 12, 10, 4, 12, 2))[0]
        about = chance.choice(alive[-40:]) if alive and kind != "say" else None
        who = chance.choice(PEOPLE)
        if kind == "say" or about is None:
            steps.append(Step("say", who, f"message {len(authors)}: {chance.choice(REACTIONS)} & <{seed}>"))
            authors.append(who)
        elif kind == "reply":
            steps.append(Step("reply", who, f"reply {len(authors)}", about))
            authors.append(who)
        elif kind == "edit":
            steps.append(Step("edit", authors[about], f"words {len(steps)} of {about}", about))
        elif kind == "delete":
            steps.append(Step("delete", authors[about], "", about))
            gone.add(about)
            reacted = [one for one in reacted if one[2] != about]
        elif kind == "react":
            one = (who, chance.choice(REACTIONS), about)
            if one not in reacted:
                reacted.append(one)
                steps.append(Step("react", who, one[1], about))
        elif reacted:
            who, name, about = reacted.pop(chance.randrange(len(reacted)))
            steps.append(Step("unreact", who, name, about))
    return steps


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
