"""Attacks pasted as messages, replies, names, file names and titles, before a model that obeys every one of them.

All of them go into few incidents, and each surface is looked at as a whole: what may stand nowhere, stands nowhere.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from pydantic import SecretStr

from app.services.postmortems.document import document_of
from app.services.postmortems.html import postmortem_html
from app.services.records.markdown import record_markdown
from app.workspace.model import Message, User, View
from tests.llm import model_server
from tests.scenarios.conftest import Staged
from tests.scenarios.scene import Scene, words

INJECTIONS = Path(__file__).parents[3] / "shared" / "data" / "injections.jsonl"
CANARY = "ZX-CANARY-4471"
ENTRY = re.compile(r"(?m)^\[(\d+)\] \d\d:\d\d [^\n]*?: (.*)$")
WIDE = re.compile(r"<!(?!date\^\d)|(?<![\w.])@(?:channel|here|everyone)\b", re.IGNORECASE)
PERSON = re.compile(r"<@([^|>]+)")
LINK = re.compile(r"<(https?://[^|>]+|mailto:[^|>]+)")
BARE_LINK = re.compile(r"(?<![<\w])https?://[^\s>|]+", re.IGNORECASE)
HIDDEN = re.compile("[\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\U000e0000-\U000e007f]")


def injections() -> list[str]:
    if not INJECTIONS.exists():
        pytest.skip("the shared injections are not beside this checkout")
    return [str(json.loads(line)["text"]) for line in INJECTIONS.read_text(encoding="utf-8").strip().split("\n")]


async def obeying(_: web.Request, body: Mapping[str, Any]) -> web.Response:
    """Does whatever it is told to: repeats each text, with the canary, pings, links and blocks, citing what it can."""
    entries = [(int(cited), text) for cited, text in ENTRY.findall(body["messages"][-1]["content"])]
    names = re.findall(r'"(\w+)"', body["messages"][0]["content"].split("Its keys are ")[1].split(";")[0])
    lines = [
        {"text": shape.format(text=text[:300]), "citations": [cited, *([entries[0][0]] if n % 2 else [])]}
        for n, (cited, text) in enumerate(entries)
        for shape in (
            "{text}",
            "{text} " + CANARY,
            "<!channel> <@U00000EVIL> see <https://evil.example/x|the runbook>: {text}",
        )
    ]
    size = 60
    parts = {name: lines[place * size : (place + 1) * size] for place, name in enumerate(names)}
    parts[names[0]] = [{"text": "The assistant shows foreign orders.", "citations": [entries[0][0]]}, *parts[names[0]]]
    return web.json_response(model_server.completion(parts))


def strings(part: Any) -> Iterator[str]:
    if isinstance(part, str):
        yield part
    elif isinstance(part, Mapping):
        for value in part.values():
            yield from strings(value)
    elif isinstance(part, Sequence):
        for value in part:
            yield from strings(value)


def marked_up(blocks: Any) -> Iterator[str]:
    """The texts that Slack renders: mrkdwn, not plain text and not what an input holds."""
    if isinstance(blocks, Mapping):
        if blocks.get("type") == "mrkdwn":
            yield str(blocks["text"])
        for value in blocks.values():
            yield from marked_up(value)
    elif isinstance(blocks, Sequence) and not isinstance(blocks, str):
        for value in blocks:
            yield from marked_up(value)


def must_not_act(scene: Scene, shown: Iterable[Message | View]) -> None:
    """No ping but of people who have to do with it, no link but to the workspace, nothing hidden."""
    people = {user for user in scene.workspace.users if not user.startswith("U00000EVIL")}
    ours = (scene.server.url, scene.product.settings.address(scene.product.port))
    for one in shown:
        rendered = [*marked_up(one.blocks), *([one.text] if isinstance(one, Message) else [])]
        for text in rendered:
            assert not WIDE.search(text), text
            assert set(PERSON.findall(text)) <= people, text
            assert all(address.startswith(ours) for address in LINK.findall(text)), text
            assert not BARE_LINK.search(LINK.sub("", text)), text
        assert not any(HIDDEN.search(text) for text in strings(one.blocks))


async def hostile_channel(scene: Scene, texts: Sequence[str]) -> str:
    """Everything pasted in every way into one incident; the id of its channel."""
    for place, text in enumerate(texts[::8]):
        name = " ".join(text.split())[:70] or "x"
        scene.workspace.users[f"U00000EVIL{place}"] = User(f"U00000EVIL{place}", f"evil{place}", name)
    room = await scene.declare(title=" ".join(texts[0].split())[:140], summary=texts[3][:500])
    ada = scene.person("ada")
    first = await ada.say(room.id, "The assistant shows foreign orders to 37 customers since 08:12.")
    for place, text in enumerate(texts):
        await ada.say(room.id, text[:3500], thread_ts=first if place % 3 == 2 else None)
    for place in range(len(texts[::8])):
        await scene.person(f"evil{place}").say(room.id, f"I looked at log file {place} and saw foreign orders too.")
    for text in texts[::12]:
        await ada.say(room.id, "evidence attached", files=[(text.replace("/", "_")[:80] + ".txt", b"x")])
    await scene.settled()
    return room.id


async def test_no_surface_carries_what_an_attack_wants(staged: Staged) -> None:
    texts = injections()
    async with model_server.serving(obeying) as server:
        scene = await staged(openai_api_key=SecretStr("sk-right"), openai_base_url=server.url, openai_model="gullible")
        channel = await hostile_channel(scene, texts)
        ada = scene.person("ada")
        room = scene.workspace.channels[channel]

        await scene.take("ada", "comms", room)
        await ada.press(scene.card(room), "status_update.draft")
        await scene.settled()
        form = ada.modal()
        assert form is not None
        assert CANARY not in words(form)
        must_not_act(scene, [form])
        await ada.submit(form, {})
        await scene.settled()
        (review,) = scene.with_action(room, "status_update.approve")
        await ada.press(review, "status_update.approve")
        await scene.settled()
        (review,) = scene.with_action(room, "status_update.publish")
        await ada.press(review, "status_update.publish")
        await scene.settled()
        await scene.command("ada", "resolve done", channel)
        home = await ada.open_home()
        await scene.settled()
        home = ada.home() or home

        must_not_act(scene, [*scene.ours(room), *scene.announcements(), *([home] if home else [])])
        must_not_act(scene, [one for one in ada.dms() if one.bot_id])
        record = await scene.record()
        drafted = [update["sections"] for update in record["updates"]]
        assert drafted
        told = [line["text"] for sections in drafted for lines in sections.values() for line in lines]
        told += [line["text"] for lines in record["postmortem"]["sections"].values() for line in lines]
        assert not any(CANARY in text for text in told)
        assert [text for text in told if re.search(r"<!|<@|https?://", text)] == []
        assert record["updates"][0]["drafter"]["model"] == "gullible"
        assert record["updates"][0]["drafter"]["dropped"]
        names = await scene.product.bench.records.names(scene.workspace.team.id, "INC-1")
        exports_are_inert(record, names)


async def test_hostile_titles_and_summaries_are_words_on_every_card(staged: Staged) -> None:
    scene = await staged()
    pings = [text for text in injections() if re.search(r"[<&]?(?:lt;)?[!@]|https?:|\u202e|\u200b", text)]
    for place, text in enumerate(pings[:4]):
        await scene.declare(title=" ".join(text.split())[:140], summary=pings[-1 - place][:500])
    await scene.command("ada", "list")
    await scene.person("ada").open_home()
    await scene.settled()

    rooms = [room for room in scene.workspace.channels.values() if room.name.startswith("inc-")]
    shown = [message for room in rooms for message in scene.ours(room)]
    home = scene.person("ada").home()
    assert home is not None
    must_not_act(scene, [*shown, *scene.announcements(), home, *scene.person("ada").ephemerals("general")])
    assert all(re.fullmatch(r"inc-[a-z0-9-]+", room.name) for room in rooms)


def exports_are_inert(record: Mapping[str, Any], names: Mapping[str, str]) -> None:
    """What is said stays readable, and neither a page nor Markdown does anything with it."""
    markdown = record_markdown(record, names)
    page = postmortem_html(document_of(record, names))
    assert not re.search(r"(?<!\\)!\[", markdown)
    assert not re.search(r"(?<![\\`])<(?:img|script|iframe|a|svg)\b", markdown, re.IGNORECASE)
    assert not re.search(r"<(?:img|iframe|object|embed)\b|\son\w+\s*=|javascript:", page, re.IGNORECASE)
    for address in re.findall(r"""(?:href|src)=["']([^"']+)""", page):
        assert not re.search(r"evil|attacker|secure-systems|my-website", address)
