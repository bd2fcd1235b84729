"""Events on their way: signed, repeated, disturbed, over HTTP and sockets."""

import asyncio
import gc
from collections.abc import Callable
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler

from app.workspace import AppFailureError, SlackApp, WorkspaceServer, seed_workspace


class Receiver:
    """A bare request URL that answers with the statuses it is given, then 200."""

    def __init__(self, *statuses: int) -> None:
        self.statuses = list(statuses)
        self.requests: list[tuple[dict[str, str], dict[str, Any]]] = []

    async def handle(self, request: web.Request) -> web.Response:
        self.requests.append((dict(request.headers), await request.json()))
        return web.Response(status=self.statuses.pop(0) if self.statuses else 200)


async def test_a_badly_signed_request_is_rejected_by_the_app(site: Any) -> None:
    site.workspace.app.signing_secret = "another secret"
    with pytest.raises(AppFailureError) as refused:
        await site.workspace.person("ada").command("/ai-incident")
    assert "401" in refused.value.shown


async def test_the_signature_uses_real_time_whatever_the_workspace_clock_says(bench: Any) -> None:
    site = await bench.http(now=lambda: 1_000_000.0)

    @site.bolt.event("message")
    async def heard(event: dict[str, Any]) -> None:
        site.heard.append(event["ts"])

    ts = await site.workspace.person("ada").say("ai-incidents", "hello from 1970")
    await site.workspace.until(lambda: site.heard)
    assert ts.startswith("1000000.")
    assert site.heard == [ts]


async def test_an_unacknowledged_event_is_repeated_with_the_reason(bench: Any) -> None:
    site = await bench.workspace(retry_delays=(0.0, 0.01, 0.02))
    receiver = Receiver(500, 503)
    site.workspace.app.request_url = await bench.serve(receiver.handle)
    await site.workspace.person("ada").say("ai-incidents", "once")
    await site.settled()
    headers = [sent for sent, _ in receiver.requests]
    assert [one.get("X-Slack-Retry-Num") for one in headers] == [None, "1", "2"]
    assert headers[1]["X-Slack-Retry-Reason"] == "http_error"
    assert len({body["event_id"] for _, body in receiver.requests}) == 1
    assert site.workspace.events.deliveries[0].outcome == "acknowledged"


async def test_an_event_is_given_up_after_the_last_repetition(bench: Any) -> None:
    site = await bench.workspace(retry_delays=(0.0, 0.0, 0.0))
    site.workspace.app.request_url = "http://127.0.0.1:9/nobody"
    await site.workspace.person("ada").say("ai-incidents", "lost")
    await site.settled()
    delivery = site.workspace.events.deliveries[0]
    assert (delivery.attempts, delivery.outcome, delivery.last_error) == (4, "given_up", "connection_failed")


async def test_what_is_sent_after_the_server_has_stopped_leaves_nothing_open() -> None:
    """What is left open warns when it is collected."""
    workspace = seed_workspace(retry_delays=(0.0,))
    workspace.app.request_url = "http://127.0.0.1:9/nobody"
    async with WorkspaceServer(workspace):
        pass
    await workspace.person("ada").say("ai-incidents", "a word too late")
    await workspace.events.settled()
    assert workspace.events.deliveries[0].outcome == "given_up"
    del workspace
    gc.collect()


async def test_the_app_hears_only_of_channels_its_bot_is_in(bench: Any) -> None:
    site = await bench.workspace()
    receiver = Receiver()
    site.workspace.app.request_url = await bench.serve(receiver.handle)
    await site.workspace.person("ada").say("support", "unheard")
    await site.workspace.person("ada").say("ai-incidents", "heard")
    await site.settled()
    assert [body["event"]["text"] for _, body in receiver.requests] == ["heard"]


async def test_the_app_hears_what_it_subscribed_to_and_has_scopes_for(bench: Any) -> None:
    app = SlackApp(scopes=frozenset({"channels:history"}), events=frozenset({"message.channels", "reaction_added"}))
    site = await bench.workspace(app)
    receiver = Receiver()
    app.request_url = await bench.serve(receiver.handle)
    ada = site.workspace.person("ada")
    ts = await ada.say("ai-incidents", "words")
    await ada.react("ai-incidents", ts, "eyes")
    await ada.pin("ai-incidents", ts)
    await site.settled()
    assert [body["event"]["type"] for _, body in receiver.requests] == ["message"]


@pytest.mark.parametrize(
    ("disturb", "expected"),
    [
        (lambda events: events.duplicate_next(1), ["a", "a", "b", "c"]),
        (lambda events: events.drop_next(1), ["b", "c"]),
        (lambda events: events.reorder_next(2), ["b", "a", "c"]),
        (lambda events: events.delay_next(0.1), ["b", "c", "a"]),
    ],
)
async def test_deliveries_can_be_disturbed(bench: Any, disturb: Callable[[Any], None], expected: list[str]) -> None:
    site = await bench.workspace()
    receiver = Receiver()
    site.workspace.app.request_url = await bench.serve(receiver.handle)
    disturb(site.workspace.events)
    for text in "abc":
        await site.workspace.person("ada").say("ai-incidents", text)
        await asyncio.sleep(0.02)
    await site.settled()
    assert [body["event"]["text"] for _, body in receiver.requests] == expected


async def test_paused_events_wait_for_resume(bench: Any) -> None:
    site = await bench.workspace()
    receiver = Receiver()
    site.workspace.app.request_url = await bench.serve(receiver.handle)
    site.workspace.events.pause()
    await site.workspace.person("ada").say("ai-incidents", "held")
    await site.settled()
    assert receiver.requests == []
    site.workspace.events.resume()
    await site.settled()
    assert len(receiver.requests) == 1


async def test_edits_deletions_and_reactions_are_told_in_slacks_shape(bench: Any) -> None:
    site = await bench.workspace()
    receiver = Receiver()
    site.workspace.app.request_url = await bench.serve(receiver.handle)
    ada = site.workspace.person("ada")
    ts = await ada.say("ai-incidents", "first")
    await ada.edit("ai-incidents", ts, "second")
    await ada.react("ai-incidents", ts, ":eyes:")
    await ada.unreact("ai-incidents", ts, "eyes")
    await ada.delete("ai-incidents", ts)
    await site.settled()
    told = [body["event"] for _, body in receiver.requests]
    kinds = sorted((one["type"], one.get("subtype", "")) for one in told)
    assert kinds == [
        ("message", ""),
        ("message", "message_changed"),
        ("message", "message_deleted"),
        ("reaction_added", ""),
        ("reaction_removed", ""),
    ]
    changed = next(one for one in told if one.get("subtype") == "message_changed")
    assert (changed["previous_message"]["text"], changed["message"]["text"]) == ("first", "second")
    assert changed["message"]["edited"]["user"] == ada.id
    deleted = next(one for one in told if one.get("subtype") == "message_deleted")
    assert (deleted["deleted_ts"], deleted["previous_message"]["text"]) == (ts, "second")


async def test_deleting_a_thread_with_replies_leaves_a_tombstone(bench: Any) -> None:
    site = await bench.workspace()
    receiver = Receiver()
    site.workspace.app.request_url = await bench.serve(receiver.handle)
    ada = site.workspace.person("ada")
    ts = await ada.say("ai-incidents", "question")
    await ada.say("ai-incidents", "reply", thread_ts=ts)
    await ada.delete("ai-incidents", ts)
    await site.settled()
    changed = next(body["event"] for _, body in receiver.requests if body["event"].get("subtype"))
    assert (changed["subtype"], changed["message"]["subtype"]) == ("message_changed", "tombstone")
    history = await site.client.conversations_replies(channel=site.workspace.channel("ai-incidents").id, ts=ts)
    assert [one.get("subtype") for one in history["messages"]] == ["tombstone", None]


async def connected(bench: Any, site: Any) -> AsyncSocketModeHandler:
    handler = AsyncSocketModeHandler(site.bolt, site.workspace.app.app_token, ping_interval=0.5)
    await handler.connect_async()
    bench.at_end(handler.close_async)
    await site.workspace.until(lambda: site.workspace.sockets.connected)
    return handler


async def test_a_socket_mode_app_gets_events_commands_and_presses(bench: Any) -> None:
    site = await bench.workspace()

    @site.bolt.event("message")
    async def heard(event: dict[str, Any]) -> None:
        site.heard.append(event["text"])

    @site.bolt.command("/ai-incident")
    async def command(ack: Any, command: dict[str, Any]) -> None:
        await ack(f"you said {command['text']}")

    await connected(bench, site)
    ada = site.workspace.person("ada")
    await ada.say("ai-incidents", "over the socket")
    result = await ada.command("/ai-incident", "help")
    await site.settled()
    await site.workspace.until(lambda: site.heard)
    assert site.heard == ["over the socket"]
    assert result.message.text == "you said help"


async def test_an_event_on_a_broken_socket_is_delivered_on_the_next(bench: Any) -> None:
    site = await bench.workspace(retry_delays=(0.0, 0.1, 0.2))

    @site.bolt.event("message")
    async def heard(event: dict[str, Any]) -> None:
        site.heard.append(event["text"])

    await connected(bench, site)
    await site.workspace.sockets.cut()
    await site.workspace.person("ada").say("ai-incidents", "in between")
    await site.settled()
    await site.workspace.until(lambda: site.heard)
    assert site.heard == ["in between"]


async def test_an_app_asked_to_reconnect_opens_another_socket(bench: Any) -> None:
    site = await bench.workspace()
    await connected(bench, site)
    opened = len(site.workspace.calls)
    await site.workspace.sockets.ask_to_reconnect()
    await site.workspace.until(lambda: len(site.workspace.calls) > opened and site.workspace.sockets.connected)


async def test_a_command_without_any_socket_fails(bench: Any) -> None:
    site = await bench.workspace()
    site.workspace.answer_timeout_seconds = 0.05
    with pytest.raises(AppFailureError):
        await site.workspace.person("ada").command("/ai-incident")


async def test_a_socket_needs_a_ticket(bench: Any) -> None:
    site = await bench.workspace()
    async with aiohttp.ClientSession() as session, session.get(f"{site.server.url}/link?ticket=x") as answer:
        assert answer.status == 403


async def test_a_preview_is_a_change_without_an_edit(bench: Any) -> None:
    site = await bench.workspace()
    ts = await site.workspace.person("ada").say("ai-incidents", "see https://x.example/a")
    site.workspace.unfurl("ai-incidents", ts)
    event = site.workspace.events.deliveries[-1].event
    assert event["subtype"] == "message_changed"
    assert "edited" not in event["message"]
    assert event["message"]["text"] == event["previous_message"]["text"] == "see <https://x.example/a>"


async def test_an_event_can_come_again_with_its_own_id_or_another(bench: Any) -> None:
    site = await bench.workspace()
    receiver = Receiver()
    site.workspace.app.request_url = await bench.serve(receiver.handle)
    await site.workspace.person("ada").say("ai-incidents", "hello")
    first = site.workspace.events.deliveries[0]
    site.workspace.events.redeliver(first)
    site.workspace.events.echo(first)
    await site.settled()
    assert len({body["event_id"] for _, body in receiver.requests}) == 2
    assert len({body["event"]["ts"] for _, body in receiver.requests}) == 1
    assert len(receiver.requests) == 3
