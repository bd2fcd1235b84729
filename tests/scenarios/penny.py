"""Penny, an agent of the register, whose switches reach a receiver that the test has started."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml
from pydantic import SecretStr

from app.workspace.forms import Submission
from app.workspace.model import Channel, Message, View
from tests.scenarios.scene import Scene, actions

SECRET = "shared-with-the-receiver"
REVOKE = {
    "key": "revoke",
    "kind": "revoke_agent",
    "name": "Revoke Penny's permissions",
    "what_happens": "Penny can read, and do nothing else",
    "affects": "customers who want to change a standing order",
    "how_to_undo": "Undo gives the permissions back",
    "emergency_stop": True,
    "review_minutes": 30,
}
TOOLS = REVOKE | {"key": "tools", "kind": "disable_tools", "name": "Take Penny's tools away", "dangerous": True}
PHONE = REVOKE | {"key": "phone", "kind": "safe_fallback", "name": "Send customers to the phone line"}
BY_HAND = {"kind": "manual", "instructions": "Change the greeting in the console"}


def hook(url: str, switch: str = "revoke") -> dict[str, Any]:
    base = f"{url}/switches/penny/{switch}"
    return {
        "kind": "webhook",
        "url": base,
        "verify_url": f"{base}/state",
        "undo_url": f"{base}/undo",
        "allow_private_network": True,
    }


def penny(*switches: dict[str, Any]) -> dict[str, Any]:
    """Her entry, with these switches."""
    return {
        "key": "penny",
        "name": "Penny",
        "system_type": "agent",
        "model": "agent-medium",
        "model_version": "7.2",
        "prompt_version": "v12",
        "switches": list(switches),
    }


def register_file(folder: Path, *switches: dict[str, Any]) -> dict[str, Any]:
    """The settings of a product whose register has Penny with these switches."""
    file = folder / "register.yml"
    file.write_text(yaml.safe_dump({"systems": [penny(*switches)]}), encoding="utf-8")
    return {"register_file": file, "containment_secret": SecretStr(SECRET)}


def switches_at(url: str) -> Sequence[dict[str, Any]]:
    """One of each sort."""
    return (
        REVOKE | {"connector": hook(url)},
        TOOLS | {"connector": hook(url, "tools"), "emergency_stop": False},
        PHONE | {"connector": BY_HAND, "emergency_stop": False},
    )


async def opened(scene: Scene, who: str, room: Channel) -> View:
    """The form that the card's button opens."""
    await scene.person(who).press(scene.card(room), "containment.open")
    form: View = await scene.workspace.until(scene.person(who).modal)
    return form


async def asks(scene: Scene, who: str, room: Channel, switch: str, reason: str = "it cancels orders") -> Submission:
    form = await opened(scene, who, room)
    sent = await scene.person(who).submit(form, {"switch": switch, "reason": reason})
    await scene.settled()
    left = scene.person(who).modal()
    if left is not None:
        await scene.person(who).close(left)
    return sent


async def presses(scene: Scene, who: str, room: Channel, action: str) -> None:
    """The button on the containment's message."""
    await scene.person(who).press(scene.with_action(room, action)[-1], action)
    await scene.settled()


def containment_messages(scene: Scene, room: Channel) -> list[Message]:
    """What the channel shows of containments, oldest first."""
    return [
        one
        for one in scene.ours(room)
        if str(((one.metadata or {}).get("event_payload") or {}).get("key", "")).startswith("containment.")
    ]


def offered(scene: Scene, room: Channel) -> set[str]:
    """What can be done about the newest containment."""
    return {one for one in actions(containment_messages(scene, room)[-1]) if one.startswith("containment.")}
