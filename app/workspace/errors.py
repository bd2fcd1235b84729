"""What can go wrong in the workspace, for the app that calls it and for the people in it."""

from typing import Any


class SlackError(Exception):
    """A Web API call refused, as the app reads it.

    `code` is Slack's error word; `details` are further keys of the answer, such as `needed` or
    `response_metadata`.
    """

    def __init__(self, code: str, **details: Any) -> None:
        super().__init__(code)
        self.code = code
        self.details = details


class AppFailureError(Exception):
    """The app did not answer a person as it should, as Slack would show it to them.

    `code` is `dispatch_failed` (unreachable, or an answer other than 200), `operation_timeout` (no
    answer in time) or `bad_answer` (an answer Slack cannot use); `shown` says what was wrong.
    """

    def __init__(self, code: str, shown: str) -> None:
        super().__init__(f"{code}: {shown}")
        self.code = code
        self.shown = shown


class FormRefusedError(Exception):
    """Slack's own client refused to send a form; `errors` maps a block_id to what is wrong there."""

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__(f"the form was not sent: {errors}")
        self.errors = errors


class NotOnScreenError(LookupError):
    """A person reached for something they can't see: a channel, a button, a field, a command."""
