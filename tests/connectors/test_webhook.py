"""A webhook goes only where the register says, is signed, and is believed only when it answers what was asked."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pytest

from app.connectors.addresses import is_public
from app.connectors.answers import order_body
from app.connectors.webhook import Webhook
from app.domain.containment import Reading
from app.ports.switches import Call, SwitchFailed
from tests.connectors.conftest import SECRET
from tests.connectors.orders import hook, http, order

ABOUT = {"idempotency_key": "order-1", "system": "penny", "switch": "revoke"}
CONTAINED = json.dumps(ABOUT | {"state": "contained"})


async def refused(call: Call, base: str, **fields: object) -> str:
    webhook = Webhook(SECRET, act_seconds=0.2, read_seconds=0.2)
    with pytest.raises(SwitchFailed) as failed:
        await webhook.call(call, order(hook(base, **fields)))
    return str(failed.value)


async def test_an_order_is_carried_out_verified_and_taken_back(receiver_url: str) -> None:
    webhook, orders = Webhook(SECRET), hook(receiver_url)
    readings = []
    for call, key in ((Call.ACT, "a"), (Call.VERIFY, "a"), (Call.UNDO, "a-undo"), (Call.VERIFY, "a-undo")):
        readings.append((await webhook.call(call, order(orders, key))).reading)
    assert readings[1] is Reading.CONTAINED
    assert readings[3] is Reading.NOT_CONTAINED


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (http("", "500 Internal Server Error"), "status 500"),
        (http("", "404 Not Found"), "status 404"),
        (http("", "302 Found", Location="http://127.0.0.1:9/"), "redirect (302)"),
        (http("done"), "not one JSON object"),
        (http(CONTAINED + CONTAINED), "not one JSON object"),
        (http(""), "not one JSON object"),
        (http("[" * 20_000), "not one JSON object"),
        (http('{"state": "contained", "state": "not_contained"}'), "says the same thing twice"),
        (http(json.dumps(ABOUT | {"state": "contained", "idempotency_key": "order-2"})), "about something else"),
        (http(json.dumps({"state": "contained"})), "about something else"),
        (http(json.dumps(ABOUT | {"state": "probably"})), "does not say whether"),
        (http(json.dumps(ABOUT | {"state": ["contained"]})), "does not say whether"),
        (http("x" * 70_000), "longer than 64 kB"),
        (b"", "could not be reached"),
        (b"SSH-2.0-nothing\r\n", "could not be reached"),
        (None, "did not answer within"),
    ],
)
async def test_whatever_is_no_clear_answer_is_no_verification(listening, answer: bytes | None, why: str) -> None:
    assert why in await refused(Call.VERIFY, await listening(answer))


async def test_acting_may_be_answered_with_nothing_but_never_about_something_else(listening) -> None:
    webhook = Webhook(SECRET)
    assert (await webhook.call(Call.ACT, order(hook(await listening(http("")))))).reading is Reading.UNKNOWN
    elsewhere = await listening(http(json.dumps(ABOUT | {"system": "other"})))
    assert "something else" in await refused(Call.ACT, elsewhere)


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "[::1]", "2130706433", "0x7f.1", "169.254.169.254", "10.0.0.1", "[fe80::1]"]
)
async def test_private_addresses_are_refused_however_they_are_written(host: str) -> None:
    why = await refused(Call.ACT, f"http://{host}:9", allow_private_network=False)
    assert "private network" in why or "not known" in why


@pytest.mark.parametrize(
    "address",
    ["0.0.0.0", "100.64.0.1", "224.0.0.1", "::ffff:10.0.0.1", "2002:7f00:1::", "64:ff9b::a00:1", "fd00::1", "nonsense"],
)
def test_an_address_inside_another_is_judged_too(address: str) -> None:
    assert not is_public(address)
    assert is_public("93.184.216.34")
    assert is_public("2606:2800:220:1::1")


async def test_a_name_is_looked_up_once_and_the_connection_goes_where_the_check_looked(listening) -> None:
    base = await listening(http(CONTAINED))
    port = base.rpartition(":")[2]
    asked: list[str] = []

    async def look(host: str, _port: int) -> Sequence[str]:
        asked.append(host)
        return ["127.0.0.1"]

    answer = await Webhook(SECRET, look=look).call(Call.VERIFY, order(hook(f"http://switches.test:{port}")))
    assert answer.reading is Reading.CONTAINED
    assert asked == ["switches.test"]


async def test_one_private_address_among_public_ones_refuses_the_name() -> None:
    async def look(_host: str, _port: int) -> Sequence[str]:
        return ["93.184.216.34", "127.0.0.1"]

    with pytest.raises(SwitchFailed, match="private network"):
        await Webhook(SECRET, look=look).call(
            Call.ACT, order(hook("https://switches.test", allow_private_network=False))
        )


async def test_a_public_address_without_https_is_refused() -> None:
    why = await refused(Call.ACT, "http://93.184.216.34", allow_private_network=False)
    assert "not https" in why


@pytest.mark.parametrize("base", ["ftp://example.com", "http://user:pass@127.0.0.1", "http://"])
async def test_an_address_that_is_none_is_refused(base: str) -> None:
    assert "can't be used" in await refused(Call.ACT, base)


def test_a_restricted_incident_gives_no_reason_away() -> None:
    body = json.loads(order_body(Call.ACT, order(hook("http://x"), reason="")))
    assert body == ABOUT | {"action": "act", "incident": "INC-1"}
