"""Modals filled in and sent by a person, with what Slack's own client checks."""

import re
from dataclasses import dataclass, field
from typing import Any

from app.workspace import elements, payloads, shapes, views
from app.workspace.asking import ask
from app.workspace.blocks import check_options
from app.workspace.errors import AppFailureError, FormRefusedError, NotOnScreenError, SlackError
from app.workspace.model import Json, Message, User, View
from app.workspace.state import State
from app.workspace.triggers import Trigger


@dataclass
class Submission:
    """What became of a form: `action` is `closed`, `errors`, `update`, `push` or `clear`.

    `errors` maps block_id to the app's words; `view` is the modal on screen now, None for none.
    """

    action: str
    errors: dict[str, str] = field(default_factory=dict)
    view: View | None = None


async def fill(state: State, user: User, view: View, values: dict[str, Any]) -> None:
    """Type and choose without sending; `values` maps block_id to a choice (see `elements.chosen`).

    An app that listens to an input is told of it.

    A block with several inputs takes a dict of action_id to choice.
    """
    for block_id, value in values.items():
        fields = {
            element["action_id"]: element
            for block, element in elements.inputs(view.blocks)
            if block["block_id"] == block_id
        }
        if not fields:
            there = [block["block_id"] for block, _ in elements.inputs(view.blocks)]
            raise NotOnScreenError(f"no field {block_id} in {view.callback_id}, only {there}")
        choices = value if len(fields) > 1 else {next(iter(fields)): value}
        for action_id, choice in choices.items():
            action = await choose(state, user, view, (block_id, fields[action_id]), choice)
            if _listens(view, block_id, fields[action_id]):
                await _tell(state, user, view, {"action_id": action_id, "block_id": block_id} | action)
    state.changes.tell("view", user=user.id, view=view.id, change="typed")


def _listens(view: View, block_id: str, element: Json) -> bool:
    """Whether the app asked to be told at once of what is typed or chosen in an input."""
    block = next(one for one, _ in elements.inputs(view.blocks) if one["block_id"] == block_id)
    if block["type"] == "input" and not block.get("dispatch_action"):
        return False
    config = element.get("dispatch_action_config") or {}
    return not element["type"].endswith("_input") or "on_character_entered" in config.get("trigger_actions_on", ())


async def _tell(state: State, user: User, view: View, action: Json) -> None:
    payload = payloads.interaction(state, "block_actions", user) | payloads.in_view(state, view)
    payload["trigger_id"] = state.triggers.issue(user.id, view.id)
    payload["actions"] = [action | {"action_ts": state.timestamps.next()}]
    await ask(state, "interactive", payload)


async def choose(state: State, user: User, where: View | Message, place: tuple[str, Json], choice: Any) -> Json:
    """Set one element of a view or message to a choice and return its new state.

    Options of an external menu are asked of the app by the choice's text.
    """
    block_id, element = place
    if element["type"].endswith("external_select"):
        choice = await _external(state, user, where, place, choice)
    chosen = elements.chosen(element, choice)
    mine = where.state if isinstance(where, View) else state.touched.setdefault((user.id, where.ts), {})
    mine.setdefault(block_id, {})[element["action_id"]] = chosen
    return chosen


async def _external(state: State, user: User, where: View | Message, place: tuple[str, Json], choice: Any) -> Any:
    wanted = choice if isinstance(choice, list) else [choice]
    found = []
    for one in wanted:
        if not isinstance(one, str) or not one:
            found.append(one)
            continue
        offered = await suggest(state, user, where, place, one)
        fitting = [option for option in offered if one in (option["value"], option["text"]["text"])]
        if not fitting:
            raise NotOnScreenError(f"{one!r} is not offered, only {[each['value'] for each in offered]}")
        found.append(fitting[0])
    return found if isinstance(choice, list) else found[0]


async def suggest(state: State, user: User, where: View | Message, place: tuple[str, Json], query: str) -> list[Json]:
    """The options that the app offers in an external menu for what a person has typed."""
    block_id, element = place
    place_in = payloads.in_view(state, where) if isinstance(where, View) else payloads.in_message(state, user, where)
    payload = payloads.interaction(state, "block_suggestion", user) | place_in
    payload |= {"action_id": element["action_id"], "block_id": block_id, "value": query}
    answer = await ask(state, "interactive", payload)
    problems = check_options(answer.body)
    if problems:
        raise AppFailureError("bad_answer", "; ".join(problems))
    offered: list[Json] = list(answer.body.get("options") or [])
    for group in answer.body.get("option_groups") or []:
        offered += group["options"]
    return offered


def client_errors(view: View) -> dict[str, str]:
    """What Slack's client would not send: block_id to the reason."""
    errors = {}
    for block, element in elements.inputs(view.blocks):
        if block["type"] != "input":
            continue
        entered = view.state[block["block_id"]][element["action_id"]]
        if elements.is_empty(entered):
            if not block.get("optional"):
                errors[block["block_id"]] = "Please complete this required field."
            continue
        reason = _unfit(element, entered.get("value"))
        if reason:
            errors[block["block_id"]] = reason
    return errors


def _unfit(element: Json, value: str | None) -> str:
    if value is None:
        return ""
    kind = element["type"]
    if kind == "plain_text_input":
        return _unfit_length(element, value)
    if kind == "number_input":
        return _unfit_number(element, value)
    if kind == "email_text_input" and re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", value) is None:
        return "Please enter a valid email address."
    if kind == "url_text_input" and re.fullmatch(r"https?://\S+", value) is None:
        return "Please enter a valid URL."
    return ""


def _unfit_length(element: Json, value: str) -> str:
    low, high = element.get("min_length", 0), element.get("max_length", 3000)
    return "" if low <= len(value) <= high else f"Please enter {low} to {high} characters."


def _unfit_number(element: Json, value: str) -> str:
    decimal = r"-?\d+(\.\d+)?" if element["is_decimal_allowed"] else r"-?\d+"
    if re.fullmatch(decimal, value) is None:
        return "Please enter a number."
    low, high = element.get("min_value"), element.get("max_value")
    if low is not None and float(value) < float(low):
        return f"Please enter a number from {low}."
    if high is not None and float(value) > float(high):
        return f"Please enter a number up to {high}."
    return ""


async def submit(state: State, user: User, view: View, values: dict[str, Any]) -> Submission:
    """Fill in a modal, send it, and show what the app answers."""
    if views.top(state, user.id) is not view:
        raise NotOnScreenError(f"the modal {view.callback_id or view.id} is not on top")
    await fill(state, user, view, values)
    errors = client_errors(view)
    if errors:
        raise FormRefusedError(errors)
    trigger_id = state.triggers.issue(user.id, view.id)
    payload = payloads.interaction(state, "view_submission", user)
    payload |= {"trigger_id": trigger_id, "view": shapes.view(state, view)}
    payload["response_urls"] = _response_urls(state, user, view)
    answer = await ask(state, "interactive", payload)
    return _show(state, user, view, answer.body)


def _response_urls(state: State, user: User, view: View) -> list[Json]:
    urls = []
    for block, element in elements.inputs(view.blocks):
        entered = view.state[block["block_id"]][element["action_id"]]
        channel_id = entered.get("selected_conversation") or entered.get("selected_channel")
        if element.get("response_url_enabled") and channel_id:
            token = state.response_urls.issue(user.id, channel_id)
            place = {"block_id": block["block_id"], "action_id": element["action_id"]}
            urls.append(place | {"channel_id": channel_id, "response_url": payloads.response_url(state, token)})
    return urls


def _show(state: State, user: User, view: View, body: Any) -> Submission:
    if body in (None, {}):
        views.remove(state, view)
        return Submission("closed", view=views.top(state, user.id))
    action = body.get("response_action") if isinstance(body, dict) else None
    if action == "clear":
        views.clear(state, user.id)
        return Submission("clear")
    if action == "errors":
        return _show_errors(state, view, body.get("errors"))
    if action in ("update", "push"):
        return _show_view(state, user, view, body)
    raise AppFailureError("bad_answer", f"the app answered {body!r} to a form")


def _show_errors(state: State, view: View, errors: Any) -> Submission:
    there = {block["block_id"] for block in view.blocks if block["type"] == "input"}
    if not isinstance(errors, dict) or not errors or not set(errors) <= there:
        raise AppFailureError("bad_answer", f"errors {errors!r} do not name the form's fields {there}")
    view.errors = errors
    state.changes.tell("view", user=view.user, view=view.id, change="errors")
    return Submission("errors", errors, view)


def _show_view(state: State, user: User, view: View, body: Json) -> Submission:
    try:
        if body["response_action"] == "update":
            shown = views.update(state, view, body.get("view") or {})
        else:
            trigger = Trigger("", user.id, 0.0, view.id)
            shown = views.push_for(state, trigger, body.get("view") or {})
    except SlackError as refused:
        raise AppFailureError("bad_answer", f"{refused.code}: {refused.details}") from refused
    return Submission(body["response_action"], view=shown)


async def close(state: State, user: User, view: View) -> None:
    """Dismiss a modal; the app hears of it if it asked to."""
    told = shapes.view(state, view)
    cleared = bool(view.definition.get("clear_on_close"))
    if cleared:
        views.clear(state, user.id)
    else:
        views.remove(state, view)
    if told["notify_on_close"]:
        payload = payloads.interaction(state, "view_closed", user) | {"view": told, "is_cleared": cleared}
        await ask(state, "interactive", payload)
