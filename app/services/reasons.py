"""The chat's words for a refusal, as sentences: what happened and what to do."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.ports.chat import ChatError, Refusal


@dataclass(frozen=True)
class Explained:
    """What happened, and what to do about it; both whole sentences."""

    what: str
    todo: str


_AGAIN = "Then try again."
_LATER = "Try again in a few minutes."
_REINSTALL = f"Reinstall the app in Slack from `manifest.yml`. {_AGAIN}"
_ADMIN = f"Ask a workspace admin to allow it. {_AGAIN}"
_NO_SUCH_CHANNEL = Explained(
    "Slack knows no such channel, or the app can't see it.",
    f"Check the channel's name, and invite the app to it if it is private. {_AGAIN}",
)
_TOKEN = Explained(
    "Slack no longer accepts the app's token.",
    f"Reinstall the app and set the new token (`doctor` checks it). {_AGAIN}",
)
_TOO_LONG = Explained("Slack found the message too long.", "Its words are kept in the record; read them there.")
_MESSAGE_GONE = Explained("The message was deleted in Slack.", "Try again to have it posted anew.")
_SLOW = Explained("Slack did not answer in time, several times over.", _LATER)
_FORBIDDEN = Explained("Your Slack settings don't let the app do that.", _ADMIN)

_CAUSES: Mapping[str, Explained] = {
    "is_archived": Explained("The channel is archived.", f"Unarchive it in Slack. {_AGAIN}"),
    "channel_not_found": _NO_SUCH_CHANNEL,
    "channel_is_missing": _NO_SUCH_CHANNEL,
    "not_in_channel": Explained(
        "The app is not a member of the channel.", f"Invite it there with `/invite` and the app's name. {_AGAIN}"
    ),
    "name_taken": Explained(
        "Every name that would fit is taken by another channel.", f"Rename or delete the old channels. {_AGAIN}"
    ),
    "restricted_action": _FORBIDDEN,
    "restricted_action_read_only_channel": Explained(
        "Only some people may post in that channel.", f"Let the app post there in the channel's settings. {_AGAIN}"
    ),
    "user_is_restricted": _FORBIDDEN,
    "method_not_supported_for_channel_type": _FORBIDDEN,
    "no_permission": _FORBIDDEN,
    "not_authorized": _FORBIDDEN,
    "access_denied": _FORBIDDEN,
    "team_access_not_granted": _FORBIDDEN,
    "enterprise_is_restricted": _FORBIDDEN,
    "org_login_required": Explained(
        "The workspace is being moved within its organization.", "Wait until that is done, then try again."
    ),
    "max_members_limit_reached": Explained(
        "The channel has as many members as Slack allows.", f"Remove some members. {_AGAIN}"
    ),
    "too_many_convos_for_team": Explained(
        "The workspace has as many channels as Slack allows.", f"Delete old channels. {_AGAIN}"
    ),
    "user_not_found": Explained("Slack knows no such person in this workspace.", "Check who is meant."),
    "cannot_dm_bot": Explained("Slack does not let apps write to each other.", "Give the task to a person."),
    "messages_tab_disabled": Explained(
        "The app may not write to people directly.", f"Turn on the Messages tab of the app's home. {_REINSTALL}"
    ),
    "user_disabled": Explained("That person's Slack account is deactivated.", "Choose somebody else."),
    "invalid_auth": _TOKEN,
    "token_revoked": _TOKEN,
    "token_expired": _TOKEN,
    "account_inactive": _TOKEN,
    "not_authed": _TOKEN,
    "not_installed": Explained("The app is not installed in this workspace.", f"Install it. {_AGAIN}"),
    "message_not_found": _MESSAGE_GONE,
    "cant_update_message": _MESSAGE_GONE,
    "edit_window_closed": Explained(
        "Slack's settings forbid changing older messages.",
        f"Allow apps to edit messages without a time limit. {_AGAIN}",
    ),
    "msg_too_long": _TOO_LONG,
    "msg_blocks_too_long": _TOO_LONG,
    "too_many_pins": Explained("The channel has as many pins as Slack allows.", f"Unpin something. {_AGAIN}"),
    "too_many_bookmarks": Explained(
        "The channel has as many bookmarks as Slack allows.", f"Remove a bookmark. {_AGAIN}"
    ),
    "ratelimited": Explained("Slack asked to slow down, for longer than usual.", _LATER),
    "rate_limited": Explained("Slack asked to slow down, for longer than usual.", _LATER),
    "unexpected": Explained(
        "Something in the app broke.", "Try again; if it fails once more, the operator finds the cause in the log."
    ),
    "no_handler": Explained("This version of the app can't do that step.", "Ask the operator to update the app."),
    "given_up": Explained("The app stopped in the middle of it, every time.", "Ask the operator to look at the log."),
}
_SLOW_CODES = frozenset(
    {"timeout", "internal_error", "fatal_error", "service_unavailable", "request_timeout", "connection", "lost_answer"}
)

_STEPS: Mapping[str, str] = {
    "room.create": "The incident's channel could not be created.",
    "room.invite": "People could not be invited to the channel.",
    "room.topic": "The channel's topic could not be set.",
    "room.purpose": "The channel's purpose could not be set.",
    "room.bookmark": "A bookmark could not be added to the channel.",
    "opening.show": "The declarer could not be shown the way to the channel.",
    "card.post": "The incident card could not be posted.",
    "card.refresh": "The incident card could not be brought up to date.",
    "card.pin": "The incident card could not be pinned.",
    "announcement.post": "The incident could not be announced.",
    "announcement.refresh": "The announcement could not be brought up to date.",
    "role.checklist": "A role's checklist could not be sent to its holder.",
    "status.tell": "A change of status could not be posted in the channel; it stands all the same.",
    "reminder.fire": "A reminder of the promised update could not be sent.",
    "nudge.clear": "A reminder that is over could not be removed.",
    "update.review": "A draft could not be posted for approval; it is kept.",
    "update.publish": "A published update could not be posted in the channel; it is kept.",
    "postmortem.draft": "The postmortem draft could not be made.",
    "postmortem.tell": "The postmortem draft could not be shown in the channel; it is kept.",
    "postmortem.remind": "Somebody could not be reminded of the postmortem.",
    "postmortem.review": "A reviewer of the postmortem could not be told.",
    "follow_up.word": "Somebody could not be reminded of a follow-up.",
    "triage.show": "The triage pack could not be shown in the channel.",
    "escalation.tell": "A person who was brought in could not be told.",
    "escalation.check": "Nobody could be told that a person who was brought in stays silent.",
    "containment.act": "A containment could not be carried out; count the system as not contained.",
    "containment.show": "A containment could not be shown in the channel; what was decided goes on all the same.",
    "containment.tell": "Somebody could not be told of a containment; it is shown in the channel.",
    "containment.recheck": "Nobody could be told that a system is no longer contained.",
    "containment.review": "Nobody could be asked whether a containment is still right.",
    "backfill.channel": "The channel's earlier messages could not be read.",
}

# Which permission a step takes, for answers that don't say.
_SCOPES: Mapping[str, str] = {
    "room.create": "channels:manage` or `groups:write",
    "room.invite": "channels:manage` or `groups:write",
    "room.topic": "channels:manage` or `groups:write",
    "room.purpose": "channels:manage` or `groups:write",
    "room.bookmark": "bookmarks:write",
    "card.post": "chat:write",
    "card.refresh": "chat:write",
    "card.pin": "pins:write",
    "announcement.post": "chat:write",
    "announcement.refresh": "chat:write",
    "role.checklist": "im:write",
    "status.tell": "chat:write",
}

_NOT_INVITED: Mapping[str, Explained] = {
    "user_not_found": Explained("not known in this workspace", "check who is meant"),
    "user_disabled": Explained("deactivated in Slack", "choose somebody else"),
    "user_is_bot": Explained("an app", "add it in its own settings"),
    "cant_invite": Explained("not allowed in by Slack", "ask a workspace admin"),
    "cant_invite_self": Explained("the app itself", "nothing"),
    "ura_max_channels": Explained("a guest in too many channels already", "ask a workspace admin"),
    "user_is_restricted": Explained("a guest", "ask a workspace admin to add them"),
    "user_is_ultra_restricted": Explained("a single-channel guest", "ask a workspace admin to add them"),
    "user_team_not_in_channel": Explained("from another workspace", "ask a workspace admin to share the channel"),
    "org_user_not_in_team": Explained("not in this workspace of the organization", "ask a workspace admin to add them"),
    "external_team_not_found": Explained("from another organization", "ask a workspace admin"),
}


def what_failed(kind: str) -> str:
    """The sentence that says which step failed."""
    return _STEPS.get(kind, f"A step could not be done ({kind}).")


def explained(error: ChatError, kind: str = "") -> Explained:
    """Why the chat refused a step of that kind and what to do; codes that nobody foresaw are shown as they are."""
    if error.code == "missing_scope":
        scope = _scope(error.detail) or _SCOPES.get(kind, "")
        return Explained(f"The app lacks the Slack permission{f' `{scope}`' if scope else ''} for it.", _REINSTALL)
    if error.code in _SLOW_CODES:
        return _SLOW
    unknown = Explained(
        f"Slack answered `{error.code}`.", f"Look the word up in Slack's help, or ask an admin. {_AGAIN}"
    )
    return _CAUSES.get(error.code, unknown)


def _scope(detail: str) -> str:
    """The scope that an answer says is needed, empty when it names none."""
    told = re.search(r"needs ([\w:.,-]+?)(?:, has|$)", detail)
    return told[1] if told else detail if re.fullmatch(r"[a-z.]+:[a-z:.]+", detail) else ""


def not_invited(refusals: Sequence[Refusal]) -> Explained:
    """Who could not be invited, why, and what to do about each."""
    reasons: list[str] = []
    todos: list[str] = []
    for refusal in refusals:
        unknown = Explained(f"refused by Slack: `{refusal.code}`", "invite them by hand with `/invite`")
        cause = _NOT_INVITED.get(refusal.code, unknown)
        reasons.append(f"<@{refusal.user}> ({cause.what})")
        if cause.todo not in todos:
            todos.append(cause.todo)
    todo = "; ".join(todos)
    return Explained(f"Not invited to the channel: {', '.join(reasons)}.", f"{todo[:1].upper()}{todo[1:]}.")
