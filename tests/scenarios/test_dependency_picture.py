"""What hangs on the failing system is a picture in the triage pack, once; where it can't be, the text stays."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.workspace import faults, pictures
from app.workspace.model import Channel, File, Message
from tests.scenarios.conftest import Staged
from tests.scenarios.scene import MARKED_DECLARATION, Scene, words
from tests.scenarios.test_triage import EXAMPLE, LEAK, pack

STEPS = ("files.getUploadURLExternal", "upload", "chat.update")


@pytest.fixture
async def equipped(staged: Staged) -> Scene:
    """A scene with a register file."""
    return await staged(register_file=EXAMPLE)


def shown(scene: Scene, room: Channel, who: str = "ada") -> list[File]:
    """The pictures that the person sees in the triage pack."""
    return pictures.seen(scene.workspace, scene.person(who).id, pack(scene, room))


def replies(room: Channel) -> list[Message]:
    return [one for one in room.messages.values() if one.is_reply]


def left_over(scene: Scene) -> list[File]:
    return [one for one in scene.workspace.files.values() if one.complete]


async def test_the_pack_is_there_at_once_and_gets_its_picture_in_place(equipped: Scene) -> None:
    room = await equipped.declare(title=LEAK, system="support-bot")
    first = pack(equipped, room)
    assert "• ← order-database" in words(first)
    assert shown(equipped, room) == []
    await equipped.passes(minutes=0.1)
    (picture,) = shown(equipped, room)
    assert picture.content.startswith(b"\x89PNG")
    now = pack(equipped, room)
    (block,) = [one for one in now.blocks if one["type"] == "image"]
    assert block["alt_text"].startswith("Support bot is failing (INC-1). It takes from: order-database; help-articles.")
    assert "← order-database · ← help-articles · ● Support bot" in words(now)
    assert "• ← order-database" not in words(now)
    assert now.ts == first.ts
    assert [one.files for one in replies(room)] == [[picture]]
    record = await equipped.record()
    assert "FAILING  INC-1" in record["triage"]["picture"]
    assert all(one["author"] != equipped.workspace.app.bot_user_id for one in record["timeline"])

    await equipped.command("ada", "triage", room.id)
    await equipped.passes(minutes=5)
    assert shown(equipped, room) == left_over(equipped) == [picture]
    assert len(equipped.calls("files.getUploadURLExternal")) == 1


@pytest.mark.parametrize("method", STEPS)
async def test_a_process_that_ends_half_way_leaves_one_picture_and_one_pack(equipped: Scene, method: str) -> None:
    lost = faults.lost_answer()
    equipped.workspace.faults.add(method, lost, when=lambda args: method != "chat.update" or "slack_file" in str(args))
    room = await equipped.declare(title=LEAK, system="support-bot")
    await equipped.stop_product()
    await equipped.start_product()
    await equipped.settled()
    for _ in range(3):
        await equipped.passes(minutes=1)
    assert shown(equipped, room) == left_over(equipped)
    assert len(left_over(equipped)) == 1
    assert len(replies(room)) == 1
    assert equipped.told("ada") == []


async def test_an_older_installation_keeps_the_text_and_nobody_is_bothered(equipped: Scene) -> None:
    equipped.workspace.app.scopes -= {"files:write"}
    room = await equipped.declare(title=LEAK, system="support-bot")
    before = words(pack(equipped, room))
    await equipped.passes(minutes=2)
    assert words(pack(equipped, room)) == before
    assert "• ← order-database" in before
    assert equipped.told("ada") == []
    assert len([one for one in equipped.workspace.calls if one.outcome == "missing_scope"]) == 1
    assert all("picture" not in one["text"] for one in (await equipped.record())["timeline"])

    equipped.workspace.app.scopes |= {"files:write"}
    await equipped.command("ada", "triage", room.id)
    await equipped.passes(minutes=1)
    assert len(shown(equipped, room)) == 1


@pytest.mark.parametrize(("refusals", "taken"), [(2, 1), (99, 0)])
async def test_a_file_that_slack_has_not_looked_at_is_shown_later_or_not_at_all(
    equipped: Scene, refusals: int, taken: int
) -> None:
    equipped.workspace.fresh_file_refusals = refusals
    room = await equipped.declare(title=LEAK, system="support-bot")
    await equipped.passes(minutes=0.1)
    assert "• ← order-database" in words(pack(equipped, room))
    for _ in range(12):
        await equipped.passes(minutes=1)
    assert len(shown(equipped, room)) == taken
    assert ("• ← order-database" in words(pack(equipped, room))) is not taken
    tried = [one for one in equipped.workspace.calls if one.method == "chat.update" and one.outcome == "invalid_blocks"]
    assert len(tried) == min(refusals, 5)


async def test_what_changes_around_the_system_is_drawn_anew_and_the_old_picture_goes(equipped: Scene) -> None:
    room = await equipped.declare(title=LEAK, system="support-bot")
    await equipped.passes(minutes=1)
    (before,) = shown(equipped, room)
    await equipped.declare(title="Penny pays twice", system="payments-agent")
    await equipped.command("ada", "triage", room.id)
    assert "→ Penny, the payments agent, Payments, in INC-2" in words(pack(equipped, room))
    await equipped.passes(minutes=1)
    (after,) = shown(equipped, room)
    assert after.content != before.content
    assert before.id not in equipped.workspace.files
    assert [one.files for one in replies(room)] == [[after]]


async def test_the_picture_of_a_restricted_incident_is_seen_in_its_channel_only(equipped: Scene) -> None:
    room = await equipped.declare(title=LEAK, system="support-bot", visibility="restricted")
    await equipped.passes(minutes=1)
    (picture,) = shown(equipped, room)
    assert picture.shared_in == {room.id}
    assert not pictures.visible(equipped.workspace, equipped.person("hana").id, picture)


@pytest.mark.parametrize("fields", [{}, {"system": "fraud-score"}])
async def test_nothing_is_drawn_where_nothing_is_known(staged: Staged, tmp_path: Path, fields: dict[str, str]) -> None:
    alone = tmp_path / "register.yml"
    alone.write_text("systems:\n  - {key: fraud-score, name: Fraud score, system_type: predictive}\n", encoding="utf-8")
    scene = await staged(register_file=alone)
    room = await scene.declare(**MARKED_DECLARATION | fields)
    await scene.passes(minutes=1)
    assert "*Dependencies:*" in words(pack(scene, room))
    assert scene.calls("files.getUploadURLExternal") == []
    assert (await scene.record())["triage"]["picture"] is None
