"""The app's manifest: valid, and exactly what the code needs."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from slack_sdk.web.async_client import AsyncWebClient

from app.slack import ids
from app.workspace.scopes import EVENT_SCOPES, SCOPES, scopes_for_kind

ROOT = Path(__file__).parents[2]
SCHEMAS = ROOT.parent / "shared" / "data" / "schemas"
MANIFEST: Mapping[str, Any] = yaml.safe_load((ROOT / "manifest.yml").read_text(encoding="utf-8"))
GRANTED = frozenset(MANIFEST["oauth_config"]["scopes"]["bot"])
EVENTS = frozenset(MANIFEST["settings"]["event_subscriptions"]["bot_events"])

_CLIENT_METHODS = {name for name in dir(AsyncWebClient) if "_" in name.strip("_") and not name.startswith("_")}
# Called with the app-level token, which the manifest does not grant.
_APP_LEVEL = {"apps.connections.open"}


def _called(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in _CLIENT_METHODS:
            yield node.attr.replace("_", ".", 1)
        elif isinstance(node, ast.Constant) and node.value in SCOPES:
            yield str(node.value)


def named_events() -> frozenset[str]:
    """Every event that the product's Slack room names; `message` stands for those of both kinds of channels."""
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in (ROOT / "app" / "slack").rglob("*.py")]
    words = {node.value for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Constant)}
    return frozenset(event for event in EVENT_SCOPES if event.partition(".")[0] in words and event not in ELSEWHERE)


def called_methods() -> frozenset[str]:
    """Every Web API method that the product's Slack room calls, as read from its source."""
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in (ROOT / "app" / "slack").rglob("*.py")]
    found = frozenset(method for tree in trees for method in _called(tree))
    return frozenset(method for method in found if method not in {"api.call"})


# The bot is told of direct messages to it by nobody: it has a command.
ELSEWHERE = frozenset({"message.im", "message.mpim"})
CALLED = called_methods()


@pytest.mark.parametrize("version", ["1.0.0", "2.0.0"])
def test_the_manifest_is_valid_by_slacks_own_schema(version: str) -> None:
    schema = SCHEMAS / f"manifest.schema.{version}.json"
    if not schema.is_file():
        pytest.skip(f"Slack's manifest schema is not in {SCHEMAS}")
    jsonschema.validate(MANIFEST, json.loads(schema.read_text(encoding="utf-8")))


def test_the_code_calls_slack() -> None:
    assert {"chat.postMessage", "chat.update", "conversations.create", "views.open"} <= CALLED


def test_every_called_method_is_known_to_the_scope_table() -> None:
    assert SCOPES.keys() >= CALLED


@pytest.mark.parametrize("method", sorted(CALLED - _APP_LEVEL))
def test_a_called_method_is_covered_by_the_granted_scopes(method: str) -> None:
    needed = SCOPES.get(method, frozenset())
    assert not needed or needed & GRANTED
    if method == "conversations.open":
        assert scopes_for_kind(method, "im") & GRANTED
        return
    for kind in ("public", "private"):
        of_kind = scopes_for_kind(method, kind)
        assert not of_kind or of_kind & GRANTED, f"{method} on {kind} channels needs one of {sorted(of_kind)}"


def _uses(scope: str) -> Iterator[str]:
    yield from (method for method in CALLED if scope in SCOPES.get(method, ()))
    yield from (event for event in EVENTS if scope in EVENT_SCOPES[event])
    if scope == "commands" and (MANIFEST["features"]["slash_commands"] or MANIFEST["features"]["shortcuts"]):
        yield "commands and shortcuts"


@pytest.mark.parametrize("scope", sorted(GRANTED))
def test_each_granted_scope_is_used(scope: str) -> None:
    assert list(_uses(scope))


def test_the_subscribed_events_are_those_that_the_code_hears() -> None:
    assert named_events() == EVENTS


@pytest.mark.parametrize("event", sorted(EVENTS))
def test_each_subscribed_event_is_covered_by_a_granted_scope(event: str) -> None:
    needed = EVENT_SCOPES[event]
    assert not needed or needed & GRANTED


def test_the_command_and_the_shortcuts_are_those_that_the_code_answers() -> None:
    features = MANIFEST["features"]
    assert [command["command"] for command in features["slash_commands"]] == [ids.COMMAND]
    assert {shortcut["callback_id"] for shortcut in features["shortcuts"]} == set(ids.Shortcut)
    assert {shortcut["type"] for shortcut in features["shortcuts"]} == {"global", "message"}


def test_names_in_the_command_arrive_as_ids() -> None:
    assert all(command["should_escape"] for command in MANIFEST["features"]["slash_commands"])


def test_every_request_goes_to_the_one_route() -> None:
    settings, features = MANIFEST["settings"], MANIFEST["features"]
    addresses = {
        settings["event_subscriptions"]["request_url"],
        settings["interactivity"]["request_url"],
        settings["interactivity"]["message_menu_options_url"],
        *(command["url"] for command in features["slash_commands"]),
    }
    assert addresses == {"https://example.com/slack/events"}
