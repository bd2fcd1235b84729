"""Whatever a connector does, nothing is called contained that is not; whenever the process dies, one effect remains."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from app.connectors.command import Commands
from app.connectors.switchboard import Switchboard
from app.connectors.webhook import Webhook
from app.domain.containment import Containment, ContainmentState
from app.domain.containment_notices import ContainmentShown
from app.domain.incident import Incident
from app.domain.register import RegisterFile
from app.domain.roles import Role
from app.ports.store import Store
from app.services.access import id_of
from app.services.actor import Actor
from app.services.containment import owed as containment_owed
from app.services.containment.containments import Containments
from app.services.containment.review import ReviewContainment
from app.services.containment.throw import ShowContainment, TellContainment, ThrowSwitch
from app.services.register import SystemRegister
from app.slack.messages import render
from tests.faults.conftest import Begun
from tests.faults.receivers import Receivers
from tests.faults.world import World
from tests.scenarios.penny import REVOKE, SECRET, hook, penny, register_file
from tests.scenarios.scene import words
from tests.services.response import BEN, Response

FAULTS = {
    "fails": "it answered with the status 500",
    "hangs": "it did not answer within",
    "redirects": "it answered with a redirect (307)",
    "lies": "and then read as not contained",
    "mistakes": "its answer is about something else",
    "wavers": "asked twice, its switch gave two different answers",
    "stammers": "its answer is not one JSON object",
    "blindfolds": "it could not be verified: it answered with the status 503",
}


@pytest.fixture
async def receivers() -> AsyncIterator[Receivers]:
    receivers = Receivers()
    await receivers.start()
    yield receivers
    await receivers.stop()


@dataclass
class Containing(Response):
    """A response that can contain Penny, with little patience for its switches."""

    url: str = ""

    def __post_init__(self) -> None:
        switches = [
            REVOKE | {"key": name, "name": name, "connector": hook(self.url, name)} for name in [*FAULTS, "right"]
        ]
        file = RegisterFile.model_validate({"systems": [penny(*switches)]})
        self.register = SystemRegister(self.store, self.clock, file)
        self.board_of_switches = Switchboard(Webhook(SECRET, act_seconds=0.3, read_seconds=0.3), Commands({}))
        super().__post_init__()
        self.containments = Containments(self.store, self.clock, self.register, self.board_of_switches)

    def new_runner(self) -> Any:
        runner = super().new_runner()
        step = (self.store, self.chat, self.clock)
        runner.handlers = {
            **runner.handlers,
            containment_owed.ACT: ThrowSwitch(*step, self.register, self.board_of_switches),
            containment_owed.SHOW: ShowContainment(*step),
            containment_owed.TELL: TellContainment(*step),
            containment_owed.RECHECK: ReviewContainment(*step, self.register, self.board_of_switches),
        }
        return runner

    async def commanded(self) -> tuple[Incident, Actor]:
        incident = await self.declared(system="penny")
        await self.roles.claim(BEN, incident.key, Role.COMMANDER)
        await self.runner.run_due()
        return await self.now(incident), BEN

    async def all(self, incident: Incident) -> list[Containment]:
        async with self.store.read() as uow:
            return list(await uow.of_incident(Containment, id_of(incident)))


async def test_whatever_a_connector_does_wrong_is_shown_as_not_contained_with_what_to_do(
    store: Store, receivers: Receivers
) -> None:
    response = Containing(store, url=receivers.url)
    incident, ben = await response.commanded()
    for name in [*FAULTS, "right"]:
        await response.containments.ask(ben, incident.key, name, "it cancels orders")
    await response.runner.run_due()

    found = {one.switch: one for one in await response.all(incident)}
    shown = {
        one.containment.switch: render(one)
        for one in response.room(incident).notices(ContainmentShown)
        if isinstance(one, ContainmentShown)
    }
    for name, why in FAULTS.items():
        assert found[name].state is ContainmentState.NOT_CONTAINED, name
        assert why in found[name].problem
        assert found[name].verified_at is None
        text, blocks = shown[name]
        assert "NOT CONTAINED" in text
        assert "What to do" in str(blocks)
        assert "containment.retry" in str(blocks)
    assert found["right"].state is ContainmentState.CONTAINED
    assert ("right", "act") in receivers.calls
    assert len(response.room(incident).notices(ContainmentShown)) == len(FAULTS) + 1
    assert len(response.chat.told(ben.user, ContainmentShown)) == len(FAULTS)
    told = [entry.text for entry in await response.entries(incident)]
    assert sum(text.startswith("Not contained, Penny") for text in told) == len(FAULTS)
    # The redirect led there; nothing but its own order may have reached it.
    assert [one for one in receivers.calls if one[0] == "right"].count(("right", "act")) == 1


async def test_a_retry_is_the_same_order_and_a_lost_answer_has_one_effect(store: Store, receivers: Receivers) -> None:
    """The first answer is lost: the second try, and the person's retry, have nothing left to do."""
    response = Containing(store, url=receivers.url)
    incident, ben = await response.commanded()
    receivers.losing = 2
    one = await response.containments.ask(ben, incident.key, "right", "it cancels orders")
    await response.runner.run_due()
    (failed,) = await response.all(incident)
    assert failed.state is ContainmentState.NOT_CONTAINED
    assert failed.after is not None
    assert failed.after["reading"] == "contained"

    await response.containments.retry(ben, one.id or 0)
    await response.runner.run_due()
    (held,) = await response.all(incident)
    assert held.state is ContainmentState.CONTAINED
    assert receivers.effects == [held.idempotency_key]
    assert receivers.calls.count(("right", "act")) == 3


async def test_a_switch_that_changed_since_it_was_confirmed_is_not_thrown(store: Store, receivers: Receivers) -> None:
    response = Containing(store, url=receivers.url)
    incident, ben = await response.commanded()
    await response.containments.ask(ben, incident.key, "right", "it cancels orders")
    changed = REVOKE | {"key": "right", "name": "right", "connector": hook(receivers.url, "wavers")}
    step = (store, response.chat, response.clock)
    register = SystemRegister(store, response.clock, RegisterFile.model_validate({"systems": [penny(changed)]}))
    handlers = response.runner.handlers
    response.runner.handlers = {
        **handlers,
        containment_owed.ACT: ThrowSwitch(*step, register, response.board_of_switches),
    }
    await response.runner.run_due()
    (one,) = await response.all(incident)
    assert one.state is ContainmentState.NOT_CONTAINED
    assert "was changed in the register" in one.problem
    assert receivers.calls == []
    assert not one.can_be_undone


# With FAULTS=all the process dies at every call, before and after it had its effect.
DEATHS = [(2, False), (2, True), (4, True)]
EVERY_DEATH = [(call, acted) for call in (1, 2, 3, 4) for acted in (False, True)]


@pytest.mark.parametrize(("call", "acted"), EVERY_DEATH if os.environ.get("FAULTS") == "all" else DEATHS)
async def test_a_containment_that_dies_half_way_ends_with_one_effect_and_one_message(
    begun: Begun, receivers: Receivers, tmp_path: Path, call: int, acted: bool
) -> None:
    """The process is killed as its nth call arrives: before the reading, the act, or either verification."""
    settings = register_file(tmp_path, REVOKE | {"connector": hook(receivers.url, "right")})
    world: World = await begun(register_file=str(settings["register_file"]), containment_secret=SECRET)
    await world.declare(system="penny")
    assert await world.take("ben", "commander")

    receivers.dies(world.die, at=call, acted=acted)
    await world.press("ben", world.card(), "containment.open")
    form = await world.shown(world.person("ben").modal)
    assert form is not None
    await world.tries(world.person("ben").submit(form, {"switch": "revoke", "reason": "it cancels orders"}))
    await world.settled()
    assert not world.life.alive
    await world.revive()

    (kept,) = (await world.record())["containments"]
    assert (kept["state"], kept["before"]["reading"]) == ("contained", "not_contained")
    assert receivers.effects == [kept["idempotency_key"]]
    (message,) = world.with_action("INC-1", "containment.undo")
    assert "Contained: Penny" in words(message)
    assert sum("Contained Penny" in one["text"] for one in (await world.record())["timeline"]) == 1
