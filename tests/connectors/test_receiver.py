"""The sample receiver takes the bot's orders once, and nobody else's."""

from __future__ import annotations

import json
import runpy
import time
from typing import Any

import pytest
from aiohttp import ClientSession

from app.connectors.answers import order_body
from app.connectors.webhook import NONCE, SIGNATURE, TIMESTAMP, Webhook, signed
from app.ports.switches import Call
from tests.connectors.conftest import SAMPLE, SECRET
from tests.connectors.orders import hook, order

sample = runpy.run_path(str(SAMPLE), run_name="sample")


def headers(body: bytes, *, secret: str = SECRET, timestamp: int | None = None, nonce: str = "n1") -> dict[str, str]:
    at = int(time.time()) if timestamp is None else timestamp
    return {TIMESTAMP: str(at), NONCE: nonce, SIGNATURE: signed(secret, body, at, nonce)}


async def posted(url: str, body: bytes, sent: dict[str, str]) -> tuple[int, dict[str, Any]]:
    async with ClientSession() as session, session.post(url, data=body, headers=sent) as answer:
        return answer.status, await answer.json()


async def test_a_forged_stale_or_repeated_request_is_refused(receiver_url: str) -> None:
    body = order_body(Call.ACT, order(hook("http://x"), "forged"))
    url = f"{receiver_url}/switches/penny/revoke"
    now = int(time.time())
    assert (await posted(url, body, {}))[0] == 401
    assert (await posted(url, body, headers(body, secret="guessed")))[0] == 401
    assert (await posted(url, body + b" ", headers(body)))[0] == 401
    assert (await posted(url, body, headers(body, timestamp=now - 301)))[0] == 401
    assert (await posted(url, body, headers(body, timestamp=now + 302)))[0] == 401
    assert (await posted(f"{receiver_url}/switches/penny/revoke/undo", body, headers(body, nonce="n2")))[0] == 400
    assert (await posted(url, body, headers(body)))[0] == 200
    assert (await posted(url, body, headers(body)))[0] == 409
    assert (await posted(f"{receiver_url}/elsewhere", body, headers(body, nonce="n3")))[0] == 404


def test_an_order_given_often_has_one_effect() -> None:
    receiver = sample["Receiver"](SECRET)
    body = order_body(Call.ACT, order(hook("http://x")))
    answers = [receiver.take("act", headers(body, nonce=str(number)), body) for number in range(3)]
    assert [one["state"] for one in answers] == ["contained"] * 3
    assert len(receiver.effects) == 1


def test_one_key_for_two_orders_is_refused() -> None:
    receiver = sample["Receiver"](SECRET)
    for call in (Call.ACT, Call.UNDO):
        body = order_body(call, order(hook("http://x")))
        if call is Call.ACT:
            receiver.take("act", headers(body), body)
            continue
        with pytest.raises(sample["Refused"], match="another order"):
            receiver.take("undo", headers(body, nonce="n9"), body)


def test_a_nonce_is_remembered_as_long_as_its_timestamp_counts() -> None:
    clock = [1000.0]
    seal = sample["Seal"](SECRET, lambda: clock[0])
    body = json.dumps({}).encode()
    ahead = headers(body, timestamp=1290)
    seal.check(ahead, body)
    clock[0] = 1585.0
    with pytest.raises(sample["Refused"], match="before"):
        seal.check(ahead, body)


async def test_the_wrong_secret_is_told_apart(receiver_url: str) -> None:
    with pytest.raises(Exception, match="status 401"):
        await Webhook("another").call(Call.ACT, order(hook(receiver_url)))
