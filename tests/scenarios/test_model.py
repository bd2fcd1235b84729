"""A model drafts too, over HTTP; whatever becomes of it, the person has a form with a draft in it."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from typing import Any

import pytest
from aiohttp import web
from pydantic import SecretStr

from app.workspace.model import Channel, View
from tests.llm import model_server
from tests.llm.model_server import Answering, ModelServer
from tests.scenarios.conftest import Staged
from tests.scenarios.scene import Scene, words

PLAIN = "37 customers saw orders of other customers since 08:12 UTC."
RETOLD = "Since 08:12 UTC, orders of other customers were seen by 37 customers."
WAITING = "A model is drafting too"


def entries_in(body: dict[str, Any]) -> list[dict[str, Any]]:
    """The timeline entries in what the model was asked."""
    found = re.findall(r"(?m)^\[(\d+)\] \d\d:\d\d (.*)$", body["messages"][-1]["content"])
    return [{"id": int(entry_id), "text": text} for entry_id, text in found]


async def honest(request: web.Request, body: dict[str, Any]) -> web.StreamResponse:
    """Retells the entry about customers, citing it; opens with the one key that it was given."""
    if request.headers.get("Authorization") != "Bearer sk-right":
        return web.json_response({"error": {"message": "Incorrect API key provided"}}, status=401)
    cited = next(entry["id"] for entry in entries_in(body) if "37 customers" in entry["text"])
    told: dict[str, Any] = {name: [] for name in ("what_happened", "testing", "doing", "unknowns")}
    told["what_happened"] = [{"text": RETOLD, "citations": [cited]}]
    return web.json_response(model_server.completion(told))


async def inventive(request: web.Request, body: dict[str, Any]) -> web.StreamResponse:
    """Says what nobody said, citing an entry that there is and one that there isn't."""
    cited = entries_in(body)[0]["id"]
    invented = [
        {"text": "The outage was caused by the vendor and 9,000 customers left.", "citations": [cited]},
        {"text": "Everything is fine again.", "citations": [999_999]},
    ]
    return web.json_response(model_server.completion({"what_happened": invented, "testing": [], "doing": []}))


async def half_true(request: web.Request, body: dict[str, Any]) -> web.StreamResponse:
    """Retells the entry about customers, and says what nobody said, however often it is asked."""
    cited = next(entry["id"] for entry in entries_in(body) if "37 customers" in entry["text"])
    told = [{"text": RETOLD, "citations": [cited]}, {"text": "9,000 customers left.", "citations": [cited]}]
    return web.json_response(model_server.completion({"what_happened": told}))


async def with_model(staged: Staged, server: ModelServer, *, key: str = "sk-right", **more: Any) -> Scene:
    return await staged(openai_api_key=SecretStr(key), openai_base_url=server.url, openai_model="test-model", **more)


async def with_evidence(scene: Scene, **fields: Any) -> Channel:
    room = await scene.declare(**fields)
    ts = await scene.person("ada").say(room.id, PLAIN)
    await scene.person("ada").react(room.id, ts, "eyes")
    await scene.settled()
    return room


async def opened(scene: Scene, room: Channel) -> View:
    """The form as it is first shown."""
    await scene.person("ada").press(scene.card(room), "status_update.draft")
    form: View = await scene.workspace.until(scene.person("ada").modal)
    return form


def happened(form: View | None) -> str:
    assert form is not None
    (text,) = [
        block["element"].get("initial_value", "") for block in form.blocks if block.get("block_id") == "what_happened"
    ]
    return str(text)


async def test_an_honest_model_s_text_takes_the_place_of_the_plain_one(staged: Staged) -> None:
    async with model_server.serving(honest) as server:
        scene = await with_model(staged, server)
        room = await with_evidence(scene)

        await opened(scene, room)
        await scene.settled()

        form = scene.person("ada").modal()
        assert happened(form).startswith(RETOLD)
        assert WAITING not in words(form)
        await scene.person("ada").submit(form, {})
        await scene.settled()
        (update,) = (await scene.record())["updates"]
        told = {name: update["drafter"][name] for name in ("name", "model", "tokens")}
        assert told == {"name": "model", "model": "test-model", "tokens": 154}


async def test_the_form_is_there_with_the_plain_text_while_the_model_thinks(staged: Staged) -> None:
    answer_now = asyncio.Event()

    async def slow(request: web.Request, body: dict[str, Any]) -> web.StreamResponse:
        await answer_now.wait()
        return await honest(request, body)

    async with model_server.serving(slow) as server:
        scene = await with_model(staged, server)
        room = await with_evidence(scene)

        form = await opened(scene, room)

        assert "37 customers" in happened(form)
        assert not happened(form).startswith(RETOLD)
        assert WAITING in words(form)
        answer_now.set()
        await scene.settled()
        assert happened(scene.person("ada").modal()).startswith(RETOLD)


async def test_a_form_sent_before_the_model_answers_is_kept_as_it_was_sent(staged: Staged) -> None:
    answer_now = asyncio.Event()

    async def slow(request: web.Request, body: dict[str, Any]) -> web.StreamResponse:
        await answer_now.wait()
        return await honest(request, body)

    async with model_server.serving(slow) as server:
        scene = await with_model(staged, server)
        room = await with_evidence(scene)
        form = await opened(scene, room)

        await scene.person("ada").submit(form, {"doing": "We switched it off."})
        answer_now.set()
        await scene.settled()

        assert scene.person("ada").modal() is None
        (update,) = (await scene.record())["updates"]
        assert update["sections"]["doing"][0]["text"] == "We switched it off."
        assert update["drafter"]["name"] == "extractive"


def held(form: View | None, field: str) -> str:
    """What a field of the form holds at present."""
    assert form is not None
    return str(form.state[field][field]["value"] or "")


async def test_what_a_person_types_meanwhile_stays_and_the_model_s_text_is_offered(staged: Staged) -> None:
    answer_now = asyncio.Event()

    async def slow(request: web.Request, body: dict[str, Any]) -> web.StreamResponse:
        await answer_now.wait()
        return await honest(request, body)

    async with model_server.serving(slow) as server:
        scene = await with_model(staged, server)
        room = await with_evidence(scene)
        ada = scene.person("ada")
        form = await opened(scene, room)

        await ada.fill(form, {"doing": "We switched it off.", "next_update_minutes": "20"})
        answer_now.set()
        await scene.settled()

        assert held(ada.modal(), "doing") == "We switched it off."
        assert "37 customers saw orders" in held(ada.modal(), "what_happened")
        assert "You had begun to edit" in words(ada.modal())

        await ada.press(ada.modal(), "status_update.use_model")
        await scene.settled()

        assert happened(ada.modal()).startswith(RETOLD)
        assert held(ada.modal(), "doing") == ""
        assert held(ada.modal(), "next_update_minutes") == "20"
        await ada.submit(ada.modal(), {})
        await scene.settled()
        (update,) = (await scene.record())["updates"]
        assert update["drafter"]["name"] == "model"


async def test_the_record_tells_what_a_draft_was_made_of(staged: Staged) -> None:
    async with model_server.serving(half_true) as server:
        scene = await with_model(staged, server)
        room = await with_evidence(scene)

        await opened(scene, room)
        await scene.settled()
        form = scene.person("ada").modal()
        assert "Left out" in words(form)
        assert "9,000 customers left" in words(form)
        await scene.person("ada").submit(form, {})
        await scene.settled()

        (update,) = (await scene.record())["updates"]
        drafter = update["drafter"]
        assert drafter["prompt"].startswith("update-")
        assert set(update["sections"]["what_happened"][0]["citations"]) <= set(drafter["evidence"])
        assert (drafter["input_tokens"], drafter["output_tokens"], drafter["tokens"]) == (240, 68, 308)
        assert drafter["checks"] == {"passed": 1, "repaired": 0, "failed": 1}
        assert drafter["dropped"] == [
            {"text": "9,000 customers left.", "reason": "the number 9000 is not in what it cites"}
        ]


async def test_after_its_tokens_are_used_an_incident_is_drafted_without_the_model(staged: Staged) -> None:
    async with model_server.serving(honest) as server:
        # The report was read for 154 of them.
        scene = await with_model(staged, server, llm_tokens_per_incident=300)
        room = await with_evidence(scene)
        await opened(scene, room)
        await scene.settled()
        assert happened(scene.person("ada").modal()).startswith(RETOLD)
        await scene.person("ada").close(scene.person("ada").modal())

        await opened(scene, room)
        await scene.settled()

        form = scene.person("ada").modal()
        assert "37 customers" in happened(form)
        assert "has used the 300 tokens" in words(form)
        assert len(server.asked) == 1


FAILING: Mapping[str, tuple[Answering, str]] = {
    "http_500": (model_server.sends("{}", status=500), "the model's server failed"),
    "ratelimited": (model_server.sends("{}", status=429), "over its limit"),
    "bad_json": (model_server.answers('{"what_happened": [{"te'), "could not be read"),
    "wrong_shape": (model_server.answers({"answer": 42}), "wrong shape"),
    "no_json_at_all": (model_server.sends("<html>gateway</html>", content_type="text/html"), "something else"),
    "hangs_up": (model_server.hangs_up_midway(), "could not be reached"),
    "invents": (inventive, "nothing the model wrote is in the record"),
}


@pytest.mark.parametrize(("answer", "told"), FAILING.values(), ids=FAILING)
async def test_when_the_model_fails_the_plain_text_stays_with_a_note_that_says_why(
    staged: Staged, answer: Answering, told: str
) -> None:
    async with model_server.serving(answer) as server:
        scene = await with_model(staged, server)
        room = await with_evidence(scene)

        await plain_text_stays(scene, room, told)


async def test_a_key_that_is_refused_leaves_the_plain_text_too(staged: Staged) -> None:
    async with model_server.serving(honest) as server:
        scene = await with_model(staged, server, key="sk-wrong")
        room = await with_evidence(scene)

        await plain_text_stays(scene, room, "refused the key")


async def plain_text_stays(scene: Scene, room: Channel, told: str) -> None:
    """The form settles on the plain text, says why there is no other, and can be sent."""
    await opened(scene, room)
    await scene.settled()

    form = scene.person("ada").modal()
    assert form is not None
    assert "37 customers" in happened(form)
    shown = words(form)
    assert WAITING not in shown
    assert told in shown
    assert "9,000" not in shown
    sent = await scene.person("ada").submit(form, {})
    assert sent.action == "clear"


async def test_without_a_server_the_plain_text_stays(staged: Staged) -> None:
    scene = await with_model(staged, ModelServer("http://127.0.0.1:9/v1"))
    room = await with_evidence(scene)

    await opened(scene, room)
    await scene.settled()

    assert "could not be reached" in words(scene.person("ada").modal())


async def test_nothing_of_a_restricted_incident_reaches_the_model(staged: Staged) -> None:
    async with model_server.serving(honest) as server:
        scene = await with_model(staged, server)
        room = await with_evidence(scene, visibility="restricted")

        await opened(scene, room)
        await scene.settled()
        form = scene.person("ada").modal()
        await scene.person("ada").submit(form, {})
        await scene.command("ada", "resolve done", room.id)

        assert server.asked == []
        assert "none of its text was sent to the model" in words(form)
        assert (await scene.record())["postmortem"]["version"] == 1


async def test_the_operator_may_allow_the_model_for_restricted_incidents(staged: Staged) -> None:
    async with model_server.serving(honest) as server:
        scene = await with_model(staged, server, llm_restricted_incidents="allow")
        room = await with_evidence(scene, visibility="restricted")

        await opened(scene, room)
        await scene.settled()

        assert happened(scene.person("ada").modal()).startswith(RETOLD)


async def test_what_looks_like_a_secret_does_not_reach_the_model(staged: Staged) -> None:
    async with model_server.serving(honest) as server:
        scene = await with_model(staged, server)
        room = await with_evidence(scene)
        await scene.person("ada").say(room.id, "Key sk-live-4fT9aQ7zP2mX8vK1cB6nR3wY was pasted by max@example.org")
        await scene.settled()

        await opened(scene, room)
        await scene.settled()

        assert "sk-live-4fT9aQ7zP2mX8vK1cB6nR3wY" not in server.prompt
        assert "max@example.org" not in server.prompt
