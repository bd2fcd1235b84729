"""A person's act on its way to the app, and the app's answer."""

from app.workspace.errors import AppFailureError
from app.workspace.links import Answer, NotReachedError, PayloadKind
from app.workspace.model import Json
from app.workspace.state import State


async def ask(state: State, kind: PayloadKind, payload: Json) -> Answer:
    """Send a payload once and return a 200 answer; raises `AppFailureError` for anything else."""
    if not state.app.installed:
        raise AppFailureError("dispatch_failed", "the app is not installed")
    try:
        answer = await state.link.send(kind, payload, state.answer_timeout_seconds)
    except NotReachedError as failure:
        late = "timeout" in failure.reason
        raise AppFailureError(
            "operation_timeout" if late else "dispatch_failed",
            "the app did not answer in time" if late else "the app could not be reached",
        ) from failure
    if answer.status != 200:
        raise AppFailureError("dispatch_failed", f"the app answered {answer.status}: {answer.body}")
    return answer
