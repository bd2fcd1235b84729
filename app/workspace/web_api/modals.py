"""views.*: modals and Home views."""

from app.workspace import shapes, views
from app.workspace.errors import SlackError
from app.workspace.model import Json, View
from app.workspace.web_api.invocation import Invocation, method, missing


def _definition(call: Invocation) -> Json:
    definition: Json | None = call.json("view")
    if definition is None:
        raise missing("view")
    return definition


def _answer(call: Invocation, view: View) -> Json:
    return {"view": shapes.view(call.state, view)}


@method("views.open")
def open_modal(call: Invocation) -> Json:
    """Open a modal."""
    definition = _definition(call)
    return _answer(call, views.open_modal(call.state, call.required("trigger_id"), definition))


@method("views.push")
def push(call: Invocation) -> Json:
    """Open a modal on top of another."""
    definition = _definition(call)
    return _answer(call, views.push(call.state, call.required("trigger_id"), definition))


def _found(call: Invocation) -> View:
    view_id, external_id = call.text("view_id"), call.text("external_id")
    if view_id:
        return call.state.view(view_id)
    if not external_id:
        raise missing("view_id")
    for stack in call.state.modals.values():
        for view in stack:
            if view.external_id == external_id:
                return view
    raise SlackError("not_found")


@method("views.update")
def update(call: Invocation) -> Json:
    """Change what a view shows."""
    definition = _definition(call)
    view = views.update(call.state, _found(call), definition, call.text("hash") or None)
    return _answer(call, view)


@method("views.publish")
def publish(call: Invocation) -> Json:
    """Set a person's Home view."""
    definition = _definition(call)
    user = call.required("user_id")
    if user not in call.state.users:
        raise SlackError("user_not_found")
    return _answer(call, views.publish(call.state, user, definition, call.text("hash") or None))
