"""The app that is installed in the workspace: its credentials and what its manifest declares."""

from dataclasses import dataclass, field
from typing import Any

from app.workspace.model import Json

DEFAULT_SCOPES = frozenset(
    {
        "app_mentions:read",
        "bookmarks:read",
        "bookmarks:write",
        "channels:history",
        "channels:join",
        "channels:manage",
        "channels:read",
        "chat:write",
        "chat:write.public",
        "commands",
        "files:read",
        "files:write",
        "groups:history",
        "groups:read",
        "groups:write",
        "im:history",
        "im:read",
        "im:write",
        "pins:read",
        "pins:write",
        "reactions:read",
        "reactions:write",
        "team:read",
        "users:read",
        "users:read.email",
    }
)
DEFAULT_EVENTS = frozenset(
    {
        "app_home_opened",
        "app_mention",
        "channel_archive",
        "channel_rename",
        "channel_unarchive",
        "group_archive",
        "group_rename",
        "group_unarchive",
        "member_joined_channel",
        "member_left_channel",
        "message.channels",
        "message.groups",
        "message.im",
        "pin_added",
        "pin_removed",
        "reaction_added",
        "reaction_removed",
    }
)


@dataclass(frozen=True)
class Shortcut:
    """A shortcut the app declares; `kind` is `global` or `message`."""

    callback_id: str
    name: str
    kind: str


@dataclass
class SlackApp:
    """An app as its configuration page shows it.

    With a `request_url` the workspace speaks to the app over HTTP, without one over Socket Mode.
    `commands` and `shortcuts` may be empty, which means that any is let through. `scopes` are the
    bot scopes granted at installation and `events` the subscribed bot events. `token_lifetime_seconds` turns token
    rotation on; Slack's is 43,200. `escaped_commands` are
    those that get @names and #channels with their ids (`should_escape` in a manifest).
    """

    name: str = "AI Incident"
    app_id: str = "A0AIINCIDENT"
    bot_id: str = "B0AIINCIDENT"
    bot_user_id: str = "U0AIINCIDENT"
    bot_token: str = "xoxb-local-workspace-bot"  # noqa: S105 - a credential of the local workspace only
    app_token: str = "xapp-local-workspace-app"  # noqa: S105 - likewise
    signing_secret: str = "local-workspace-signing-secret"  # noqa: S105 - likewise
    client_id: str = "1000000001.2000000002"
    client_secret: str = "local-workspace-client-secret"  # noqa: S105 - likewise
    request_url: str | None = None
    scopes: frozenset[str] = DEFAULT_SCOPES
    events: frozenset[str] = DEFAULT_EVENTS
    commands: frozenset[str] = frozenset()
    escaped_commands: frozenset[str] = frozenset()
    shortcuts: tuple[Shortcut, ...] = field(default=())
    installed: bool = True
    token_lifetime_seconds: int | None = None

    @classmethod
    def from_manifest(cls, manifest: Json, **overrides: Any) -> "SlackApp":
        """The app that a parsed Slack manifest describes, with this workspace's credentials.

        `overrides` are fields of this class that go before the manifest's.
        """
        features = manifest.get("features", {})
        commands = features.get("slash_commands", [])
        declared: Json = {
            "name": manifest["display_information"]["name"],
            "scopes": frozenset(manifest["oauth_config"]["scopes"]["bot"]),
            "events": frozenset(manifest.get("settings", {}).get("event_subscriptions", {}).get("bot_events", [])),
            "commands": frozenset(one["command"] for one in commands),
            "escaped_commands": frozenset(one["command"] for one in commands if one.get("should_escape")),
            "shortcuts": tuple(
                Shortcut(one["callback_id"], one["name"], one["type"]) for one in features.get("shortcuts", [])
            ),
        }
        return cls(**(declared | overrides))
