"""Taking, giving, handing over and releasing roles with buttons and the command."""

from __future__ import annotations

import asyncio

from tests.scenarios.scene import Scene, values, words


async def test_the_card_offers_five_roles_and_shows_who_took_one(scene: Scene) -> None:
    room = await scene.declare()
    assert {value.split(":")[1] for value in values(scene.card(room), "role.claim")} == {
        "commander",
        "scribe",
        "tech",
        "comms",
        "legal",
    }

    await scene.take("ada", "commander", room)

    assert f"<@{scene.person('ada').id}>" in words(scene.card(room))
    assert "INC-1:commander" not in values(scene.card(room), "role.claim")
    assert "ada" in room.topic.value


async def test_of_two_who_press_at_the_same_instant_one_gets_the_role_and_the_other_is_told_who_has_it(
    scene: Scene,
) -> None:
    room = await scene.declare()
    for who in ("ben", "chen"):
        await scene.person(who).join(room.id)
    card = scene.card(room)

    await asyncio.gather(
        *(scene.person(who).press(card, "role.claim", value="INC-1:scribe") for who in ("ben", "chen"))
    )
    await scene.settled()

    record = await scene.record()
    (holding,) = [one for one in record["roles"] if one["role"] == "scribe"]
    winner = scene.workspace.user(holding["user"]).name
    loser = {"ben": "chen", "chen": "ben"}[winner]
    (told,) = scene.person(loser).ephemerals(room.id)
    assert f"<@{holding['user']}>" in words(told)


async def test_whoever_takes_a_role_gets_its_checklist_in_private(scene: Scene) -> None:
    room = await scene.declare()
    await scene.take("ada", "comms", room)

    (checklist,) = [message for message in scene.person("ada").dms() if "Comms lead" in words(message)]

    assert "update" in words(checklist).lower()


async def test_the_command_gives_a_role_to_someone_and_brings_them_in(scene: Scene) -> None:
    room = await scene.declare()

    await scene.command("ada", "role @eli legal", room.id)

    eli = scene.person("eli")
    assert eli.id in room.members
    record = await scene.record()
    assert [(one["role"], one["user"]) for one in record["roles"]] == [("legal", eli.id)]
    assert any("Legal" in words(message) for message in eli.dms())


async def test_a_role_is_not_given_to_a_bot_and_the_asker_is_told(scene: Scene) -> None:
    room = await scene.declare()

    result = await scene.command("ada", "role @penny tech", room.id)

    assert (await scene.record())["roles"] == []
    said = [words(message) for message in scene.person("ada").ephemerals(room.id)] + [str(result.body)]
    assert any("is an app" in text for text in said)


async def test_a_role_handed_over_keeps_both_holders_in_the_history(scene: Scene) -> None:
    room = await scene.declare()
    await scene.take("ada", "commander", room)

    await scene.command("ada", "role @ben commander", room.id)

    first, second = (await scene.record())["roles"]
    assert (first["user"], second["user"]) == (scene.person("ada").id, scene.person("ben").id)
    assert first["to"] is not None
    assert second["to"] is None
