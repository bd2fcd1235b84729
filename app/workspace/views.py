"""Modals and Home views: opened, pushed, updated, closed."""

import copy
import hashlib
import json

from app.workspace import elements
from app.workspace.blocks import check_view
from app.workspace.errors import SlackError
from app.workspace.model import Json, View
from app.workspace.numbering import name_parts
from app.workspace.state import State
from app.workspace.triggers import Trigger

STACK_LIMIT = 3
VIEW_BYTES = 250_000


def accept(state: State, definition: Json, kind: str, replaced: View | None = None) -> Json:
    """A checked copy of what the app sent, with every block and element named.

    Raises `SlackError` invalid_arguments, view_too_large or duplicate_external_id.
    """
    problems = check_view(definition, kind)
    if problems:
        raise SlackError("invalid_arguments", response_metadata={"messages": problems})
    if len(json.dumps(definition)) > VIEW_BYTES:
        raise SlackError("view_too_large")
    external = definition.get("external_id")
    if external and any(one.external_id == external and one is not replaced for one in _all(state)):
        raise SlackError("duplicate_external_id")
    accepted = copy.deepcopy(definition)
    name_parts(state.ids, accepted["blocks"])
    return accepted


def _all(state: State) -> list[View]:
    return [view for stack in state.modals.values() for view in stack] + list(state.homes.values())


def open_modal(state: State, trigger_id: str, definition: Json) -> View:
    """Show a modal to the person behind the trigger, in place of any open one."""
    trigger = state.triggers.redeem(trigger_id)
    view = _new(state, trigger, definition)
    state.modals[trigger.user] = [view]
    _tell(state, view, "opened")
    return view


def push(state: State, trigger_id: str, definition: Json) -> View:
    """Show a modal on top of the one the trigger was born in."""
    trigger = state.triggers.redeem(trigger_id)
    try:
        return push_for(state, trigger, definition)
    except SlackError:
        state.triggers.restore(trigger)
        raise


def push_for(state: State, trigger: Trigger, definition: Json) -> View:
    """Show a modal on top of the person's open ones; at most three."""
    stack = state.modals.get(trigger.user, [])
    if not stack:
        raise SlackError("not_found")
    if len(stack) >= STACK_LIMIT:
        raise SlackError("push_limit_reached")
    view = _new(state, trigger, definition)
    view.root_id, view.previous_id = stack[0].id, stack[-1].id
    stack.append(view)
    _tell(state, view, "opened")
    return view


def _new(state: State, trigger: Trigger, definition: Json) -> View:
    try:
        accepted = accept(state, definition, "modal")
    except SlackError:
        state.triggers.restore(trigger)
        raise
    return _build(state, trigger.user, accepted)


def _build(state: State, user: str, accepted: Json) -> View:
    view_id = state.ids.next("V")
    view = View(view_id, user, accepted, _hash(state, accepted), view_id)
    view.state = _first_state(accepted["blocks"])
    return view


def _first_state(blocks: list[Json]) -> dict[str, dict[str, Json]]:
    values: dict[str, dict[str, Json]] = {}
    for block, element in elements.inputs(blocks):
        values.setdefault(block["block_id"], {})[element["action_id"]] = elements.initial(element)
    return values


def update(state: State, view: View, definition: Json, expected_hash: str | None = None) -> View:
    """Show something else in a view; what was typed stays where block_id and action_id stay."""
    if expected_hash is not None and expected_hash != view.hash:
        raise SlackError("hash_conflict")
    accepted = accept(state, definition, view.type, view)
    before = view.state
    view.definition = accepted
    view.hash = _hash(state, accepted)
    view.errors = {}
    view.state = _first_state(accepted["blocks"])
    for block_id, fields in view.state.items():
        for action_id, fresh in fields.items():
            kept = before.get(block_id, {}).get(action_id)
            if kept is not None and kept["type"] == fresh["type"] and not elements.is_empty(kept):
                fields[action_id] = kept
    _tell(state, view, "changed")
    return view


def publish(state: State, user: str, definition: Json, expected_hash: str | None = None) -> View:
    """Set a person's Home view."""
    current = state.homes.get(user)
    if expected_hash is not None and current is not None and expected_hash != current.hash:
        raise SlackError("hash_conflict")
    if current is None:
        view = _build(state, user, accept(state, definition, "home"))
        state.homes[user] = view
    else:
        view = update(state, current, definition)
    state.changes.tell("home", user=user)
    return view


def remove(state: State, view: View) -> None:
    """Take a modal, and whatever lies on it, off the screen."""
    stack = state.modals.get(view.user, [])
    if view in stack:
        del stack[stack.index(view) :]
        _tell(state, view, "closed")


def clear(state: State, user: str) -> None:
    """Take every modal of a person off the screen."""
    for view in state.modals.pop(user, [])[:1]:
        _tell(state, view, "closed")


def top(state: State, user: str) -> View | None:
    """The modal a person sees, or None."""
    stack = state.modals.get(user)
    return stack[-1] if stack else None


def _hash(state: State, definition: Json) -> str:
    digest = hashlib.sha256(json.dumps(definition, sort_keys=True).encode()).hexdigest()
    return f"{state.now_seconds}.{state.ids.count('view_hash'):04x}{digest[:4]}"


def _tell(state: State, view: View, change: str) -> None:
    state.changes.tell("view", user=view.user, view=view.id, change=change)
