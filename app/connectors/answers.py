"""What a connector answered, believed only as far as it is about the very order that was given."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from app.domain.containment import Reading
from app.ports.switches import Answer, Call, Order, SwitchFailed

LARGEST_ANSWER = 64 * 1024
WORDS_KEPT = 500


def order_body(call: Call, order: Order) -> bytes:
    """The order as JSON: all that a connector is told. `reason` is there only when the order has one."""
    told = {
        "action": call.value,
        "incident": order.incident,
        "system": order.system,
        "switch": order.switch.key,
        "idempotency_key": order.idempotency_key,
    }
    return json.dumps(told | ({"reason": order.reason} if order.reason else {}), ensure_ascii=False).encode()


def understood(call: Call, order: Order, body: bytes) -> Answer:
    """The answer in `body`: JSON with `state` and perhaps `detail`, about this system, switch and idempotency key.

    Acting and undoing may be answered with nothing at all; a reading may not. Raises SwitchFailed.
    """
    if call is not Call.VERIFY and not body.strip():
        return Answer()
    told = _told(body)
    if call is Call.VERIFY or told.keys() & {"idempotency_key", "system", "switch"}:
        _must_be_about(order, told)
    words = " ".join(str(told.get("detail") or "").split())[:WORDS_KEPT]
    if call is not Call.VERIFY:
        return Answer(words=words)
    if told.get("state") not in (Reading.CONTAINED.value, Reading.NOT_CONTAINED.value):
        raise SwitchFailed("its answer does not say whether the system is contained")
    return Answer(Reading(told["state"]), words)


def _told(body: bytes) -> Mapping[str, Any]:
    try:
        told = json.loads(body.decode("utf-8"), object_pairs_hook=_said_once)
    except (ValueError, RecursionError) as error:
        clause = str(error) if isinstance(error, _SaidTwiceError) else "its answer is not one JSON object"
        raise SwitchFailed(clause) from None
    if not isinstance(told, dict):
        raise SwitchFailed("its answer is not one JSON object")
    return told


class _SaidTwiceError(ValueError):
    """An answer that gives two values for one name, of which each reader takes the one it likes."""


def _said_once(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    told = dict(pairs)
    if len(told) != len(pairs):
        raise _SaidTwiceError("its answer says the same thing twice")
    return told


def _must_be_about(order: Order, told: Mapping[str, Any]) -> None:
    wanted = {"idempotency_key": order.idempotency_key, "system": order.system, "switch": order.switch.key}
    if any(told.get(name) != value for name, value in wanted.items()):
        raise SwitchFailed("its answer is about something else than what was asked")
