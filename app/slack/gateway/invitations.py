"""Inviting people: all at once, and what Slack says about each who can't be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from app.ports.chat import Refusal
from app.slack.gateway.calls import Calls, Refused

AT_ONCE = 100
_THERE = frozenset({"already_in_channel", "cant_invite_self"})
_ABOUT_PEOPLE = frozenset(
    {
        "cant_invite",
        "no_user",
        "org_user_not_in_team",
        "ura_max_channels",
        "user_disabled",
        "user_is_restricted",
        "user_is_ultra_restricted",
        "user_not_found",
        "user_team_not_in_channel",
        "users_not_found",
    }
)


async def invite(calls: Calls, channel: str, users: Sequence[str]) -> list[Refusal]:
    """Invite all, and return those who could not be. Raises when the channel itself is the trouble."""
    people = list(dict.fromkeys(users))
    refused: list[Refusal] = []
    for start in range(0, len(people), AT_ONCE):
        refused += await _some(calls, channel, people[start : start + AT_ONCE])
    return refused


async def _some(calls: Calls, channel: str, people: list[str]) -> list[Refusal]:
    try:
        answer = await calls.call("conversations.invite", channel=channel, users=people, force=len(people) > 1)
        return _refusals(answer)
    except Refused as error:
        if error.answer.get("errors"):
            return _refusals(error.answer)
        if error.code not in _ABOUT_PEOPLE | _THERE:
            raise
        if len(people) == 1:
            return [] if error.code in _THERE else [Refusal(people[0], error.code)]
    return [refusal for one in people for refusal in await _some(calls, channel, [one])]


def _refusals(answer: Mapping[str, Any]) -> list[Refusal]:
    told = answer.get("errors") or ()
    return [
        Refusal(str(one.get("user") or ""), str(one.get("error") or "unknown"))
        for one in told
        if one.get("user") and one.get("error") not in _THERE
    ]
