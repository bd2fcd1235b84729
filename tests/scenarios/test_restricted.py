"""A restricted incident lives in a private channel and leaves no trace anywhere else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import aiohttp
import pytest
from pydantic import SecretStr

from app.domain.errors import NotFound
from app.services.actor import Actor
from app.workspace import faults
from app.workspace.model import Channel
from tests.scenarios.acts import BY_ID, BY_KEY, Intruder
from tests.scenarios.conftest import Staged
from tests.scenarios.penny import register_file
from tests.scenarios.scene import Scene, words
from tests.scenarios.work import SWITCHES, rows_of, work

SECRET = "Okapi agent sold client lists"
FIELDS: dict[str, Any] = {"title": SECRET, "visibility": "restricted", "severity": "sev2"}


def seen_by(scene: Scene, who: str) -> str:
    """All that this person can see anywhere in the workspace."""
    person = scene.person(who)
    shown = [person.modal(), person.home()]
    told = [one for channel in person.browse() for one in person.messages(channel.id)]
    names = [f"{one.name} {one.topic.value} {one.purpose.value}" for one in person.browse()]
    return "\n".join([*names, *(words(one) for one in (*told, *person.dms(), *shown) if one is not None)])


def rooms(scene: Scene) -> list[Channel]:
    return [one for one in scene.workspace.channels.values() if one.name.startswith("inc-")]


async def fetched(scene: Scene, path: str) -> tuple[int, str]:
    async with (
        aiohttp.ClientSession(headers={"Authorization": "Bearer let-me-in"}) as session,
        session.get(f"http://127.0.0.1:{scene.product.port}{path}") as answer,
    ):
        return answer.status, await answer.text()


async def test_it_has_a_private_channel_with_the_declarer_and_the_named_alone(scene: Scene) -> None:
    dara = scene.person("dara")

    room = await scene.declare(**FIELDS, invite=[dara.id])

    assert room.kind == "private"
    assert {user for user in room.members if user != scene.workspace.app.bot_user_id} == {
        scene.person("ada").id,
        dara.id,
    }
    assert SECRET in words(scene.card(room))
    assert [mark.title for mark in room.bookmarks] == ["Incident card"]


async def test_outsiders_see_it_nowhere_whatever_happens_in_it(scene: Scene) -> None:
    room = await scene.declare(**FIELDS)
    ada = scene.person("ada")
    await scene.take("ada", "commander", room)
    await ada.say(room.id, "Okapi sold 12 lists")
    await scene.command("ada", "severity sev1 worse", room.id)
    await scene.passes(minutes=31)
    await scene.command("ada", "resolve Okapi is off", room.id)
    for command in (
        "list",
        "status INC-1",
        "note INC-1 hello",
        "postmortem INC-1",
        "draft INC-1",
        "resolve INC-1",
        "follow-up INC-1",
        "follow-up INC-1 hello",
    ):
        await scene.command("ben", command)
    await scene.person("ben").open_home()
    await scene.workspace.until(scene.person("ben").home)

    assert scene.announcements() == []
    assert "Okapi" not in seen_by(scene, "ben")
    assert all("There is no incident INC-1 here" in text for text in scene.whispered("ben", "general")[1:])
    assert "hello" not in [entry["text"] for entry in (await scene.record())["timeline"]]


async def test_outsiders_are_told_of_every_act_that_there_is_no_such_incident(staged: Staged, tmp_path: Path) -> None:
    scene = await staged(**register_file(tmp_path, *SWITCHES))
    room = await scene.declare(**FIELDS)
    product, team = scene.product, scene.workspace.team.id
    ids = await work(product, Actor(team, scene.person("ada").id), room.id)
    before = await rows_of(product, team)

    outside = Actor(team, scene.person("goran").id)
    acting = Intruder(product.services, outside, ids, ids, scene.workspace.channel("general").id)
    for act in BY_KEY.values():
        with pytest.raises(NotFound, match="There is no incident INC-1 here"):
            await act(acting)
    for act in BY_ID.values():
        with pytest.raises(NotFound) as refused:
            await act(acting)
        assert "Okapi" not in str(refused.value)
    await scene.settled()

    assert await rows_of(product, team) == before


async def test_those_inside_find_it_on_their_list_and_home(scene: Scene) -> None:
    room = await scene.declare(**FIELDS)
    await scene.command("ada", "role @ben tech", room.id)

    for who in ("ada", "ben"):
        await scene.command(who, "list")
        await scene.person(who).open_home()
        await scene.workspace.until(scene.person(who).home)

        assert SECRET in scene.whispered(who, "general")[-1]
        assert SECRET in words(scene.person(who).home())


async def test_the_api_the_metrics_and_the_log_do_not_know_it(
    staged: Staged, capfd: pytest.CaptureFixture[str]
) -> None:
    scene = await staged(api_tokens={"reader": SecretStr("let-me-in")})
    await scene.declare(**FIELDS)
    await scene.declare("ben", title="A public one")

    status, listed = await fetched(scene, "/api/incidents")
    assert status == 200
    assert "A public one" in listed
    for path in ("/api/incidents", "/api/incidents/INC-1", "/metrics", "/readyz"):
        assert "Okapi" not in (await fetched(scene, path))[1]
    assert (await fetched(scene, "/api/incidents/INC-1"))[0] == 404
    assert "Okapi" not in capfd.readouterr().out


@pytest.mark.parametrize("code", ["restricted_action", "missing_scope"])
async def test_without_a_private_channel_nothing_is_declared_and_the_declarer_is_told_why(
    scene: Scene, code: str
) -> None:
    scene.workspace.faults.add("conversations.create", faults.error(code), times=None)
    form = await scene.declare_form("ada")
    await scene.person("ada").submit(form, FIELDS)
    await scene.settled()
    await scene.passes(minutes=1)

    shown = scene.person("ada").modal()
    assert shown is not None
    assert "Nothing was declared" in words(shown)
    assert SECRET in words(shown)
    await nothing_is_there(scene)
    assert scene.told("ada") == []


async def test_a_private_channel_that_slack_never_answers_about_is_given_up_and_told(scene: Scene) -> None:
    scene.workspace.faults.add("conversations.create", faults.http_500(), times=None)
    form = await scene.declare_form("ada")
    shown = await scene.person("ada").submit(form, FIELDS)
    assert shown.view is not None
    await scene.person("ada").close(shown.view)
    await scene.settled()
    for _ in range(8):
        await scene.passes(minutes=6)

    (told,) = scene.told("ada")
    assert "Nothing was declared" in told
    assert SECRET in told
    await nothing_is_there(scene)


async def nothing_is_there(scene: Scene) -> None:
    assert rooms(scene) == []
    tried = [one.args for one in scene.workspace.calls if one.method == "conversations.create"]
    assert tried
    assert all(str(args["is_private"]).lower() in ("true", "1") for args in tried)
    assert "Okapi" not in seen_by(scene, "ben")
    with pytest.raises(NotFound):
        await scene.record()
