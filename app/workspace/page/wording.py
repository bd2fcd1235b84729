"""What went wrong, in the words the page shows."""

from app.workspace.errors import AppFailureError, FormRefusedError, NotOnScreenError, SlackError
from app.workspace.model import Json

_REFUSALS = {
    "already_pinned": "This message is pinned already.",
    "already_reacted": "You have reacted with this already.",
    "no_reaction": "That reaction is gone already.",
    "name_taken": "A channel by that name exists already, perhaps an archived one.",
    "invalid_name_required": "A channel needs a name.",
    "invalid_name_maxlength": "A channel's name has at most 80 characters.",
    "invalid_name_specials": "A channel's name has lowercase letters, digits, dashes and underscores only.",
    "invalid_name_punctuation": "A channel's name needs a letter or a digit.",
    "thread_not_found": "The message you are answering is gone.",
    "cannot_reply_to_message": "This message can't be answered in a thread.",
}
_SHOWN_CHARACTERS = 300


class BadRequestError(ValueError):
    """The page's own request lacks something or holds the wrong kind of thing; the text says what."""


def refusal(error: Exception, answer_timeout_seconds: float) -> tuple[int, Json]:
    """The HTTP status and the body {code, message, errors?} for an error of the workspace."""
    if isinstance(error, AppFailureError):
        return 502, {"code": error.code, "message": _app_failure(error, answer_timeout_seconds)}
    if isinstance(error, FormRefusedError):
        return 422, {"code": "form_refused", "message": "Some fields need another look.", "errors": error.errors}
    if isinstance(error, NotOnScreenError):
        return 404, {"code": "not_on_screen", "message": f"This can't be done here: {error}."}
    if isinstance(error, SlackError):
        words = _REFUSALS.get(error.code, f"The workspace refused this: {error.code}.")
        return 409, {"code": error.code, "message": words}
    return 400, {"code": "bad_request", "message": str(error)}


def _app_failure(error: AppFailureError, answer_timeout_seconds: float) -> str:
    if error.code == "operation_timeout":
        return f"That took longer than {answer_timeout_seconds:g} seconds: the app did not answer in time."
    if error.code == "bad_answer":
        return f"The app's answer can't be shown: {error.shown[:_SHOWN_CHARACTERS]}"
    return f"The app did not take this: {error.shown[:_SHOWN_CHARACTERS]}"
