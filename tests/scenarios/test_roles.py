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


async def test_the_panel_hands_a_role_over_with_a_note_that_only_the_receiver_gets(scene: Scene) -> None:
    room = await scene.declare()
    await scene.take("ada", "scribe", room)
    ada = scene.person("ada")
    await ada.press(scene.card(room), "role.panel")
    panel = await scene.workspace.until(ada.modal)

    await ada.fill(panel, {"note": "The timeline is complete up to 10:40."})
    await ada.press(panel, "role.assign", block_id="scribe", selected_user=scene.person("ben").id)
    await scene.settled()

    assert any("complete up to 10:40" in text for text in scene.told("ben"))
    assert f"<@{scene.person('ben').id}>" in words(ada.modal())
    first, second = (await scene.record())["roles"]
    assert (first["to"] is None, second["user"]) == (False, scene.person("ben").id)


async def test_a_released_role_can_be_taken_from_the_card_again(scene: Scene) -> None:
    room = await scene.declare()
    await scene.take("ada", "tech", room)
    ada = scene.person("ada")
    await ada.press(scene.card(room), "role.panel")
    panel = await scene.workspace.until(ada.modal)

    await ada.press(panel, "role.release", value="INC-1:tech")
    await scene.settled()
    await ada.close(await scene.workspace.until(ada.modal))

    assert "INC-1:tech" in values(scene.card(room), "role.claim")
    await scene.take("ben", "tech", room)
    assert f"<@{scene.person('ben').id}>" in words(scene.card(room))


async def test_only_the_holder_or_the_commander_releases_a_role(scene: Scene) -> None:
    room = await scene.declare()
    await scene.take("ada", "commander", room)
    await scene.take("chen", "tech", room)
    ben = scene.person("ben")
    await ben.join(room.id)
    await ben.press(scene.card(room), "role.panel")
    panel = await scene.workspace.until(ben.modal)

    await ben.press(panel, "role.release", value="INC-1:tech")
    await scene.settled()

    shown = words(ben.modal())
    assert f"<@{scene.person('chen').id}>" in shown
    assert "Nothing was changed" in shown
    assert [one["to"] for one in (await scene.record())["roles"]] == [None, None]


async def test_a_held_role_that_somebody_presses_on_an_old_card_says_who_has_it(scene: Scene) -> None:
    room = await scene.declare()
    await scene.person("ben").join(room.id)
    card = scene.card(room)
    panels = [scene.person(who) for who in ("ada", "ben")]
    for person in panels:
        await person.press(card, "role.panel")
        await scene.workspace.until(person.modal)

    for person in panels:
        await person.press(person.modal(), "role.claim", value="INC-1:legal")
        await scene.settled()

    assert f"<@{panels[0].id}>" in words(panels[1].modal())
    assert [one["user"] for one in (await scene.record())["roles"]] == [panels[0].id]
