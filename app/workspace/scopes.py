"""Which scopes let an app call a Web API method or hear of an event."""

_MANAGE = frozenset({"channels:manage", "groups:write", "im:write", "mpim:write"})
_READ = frozenset({"channels:read", "groups:read", "im:read", "mpim:read"})
_HISTORY = frozenset({"channels:history", "groups:history", "im:history", "mpim:history"})
_TOPIC = _MANAGE | {"channels:write.topic", "groups:write.topic", "im:write.topic", "mpim:write.topic"}
_INVITE = _MANAGE | {"channels:write.invites", "groups:write.invites"}
_NONE: frozenset[str] = frozenset()

# Any one scope of the set is enough to call the method; an empty set asks for none.
# On a conversation its kind then decides which of them is needed: see scopes_for_kind.
SCOPES: dict[str, frozenset[str]] = {
    "apps.connections.open": frozenset({"connections:write"}),
    "auth.test": _NONE,
    "bookmarks.add": frozenset({"bookmarks:write"}),
    "bookmarks.edit": frozenset({"bookmarks:write"}),
    "bookmarks.list": frozenset({"bookmarks:read"}),
    "bookmarks.remove": frozenset({"bookmarks:write"}),
    "chat.delete": frozenset({"chat:write"}),
    "chat.getPermalink": _NONE,
    "chat.postEphemeral": frozenset({"chat:write"}),
    "chat.postMessage": frozenset({"chat:write"}),
    "chat.update": frozenset({"chat:write"}),
    "conversations.archive": _MANAGE,
    "conversations.create": _MANAGE,
    "conversations.history": _HISTORY,
    "conversations.info": _READ,
    "conversations.invite": _INVITE,
    "conversations.join": frozenset({"channels:join"}),
    "conversations.kick": frozenset({"channels:manage", "groups:write"}),
    "conversations.leave": _MANAGE,
    "conversations.list": _READ,
    "conversations.members": _READ,
    "conversations.open": _MANAGE,
    "conversations.rename": _MANAGE,
    "conversations.replies": _HISTORY,
    "conversations.setPurpose": _TOPIC,
    "conversations.setTopic": _TOPIC,
    "conversations.unarchive": _MANAGE,
    "files.completeUploadExternal": frozenset({"files:write"}),
    "files.delete": frozenset({"files:write"}),
    "files.getUploadURLExternal": frozenset({"files:write"}),
    "files.info": frozenset({"files:read"}),
    "oauth.v2.access": _NONE,
    "pins.add": frozenset({"pins:write"}),
    "pins.list": frozenset({"pins:read"}),
    "pins.remove": frozenset({"pins:write"}),
    "reactions.add": frozenset({"reactions:write"}),
    "reactions.get": frozenset({"reactions:read"}),
    "reactions.remove": frozenset({"reactions:write"}),
    "team.info": frozenset({"team:read"}),
    "users.conversations": _READ,
    "users.info": frozenset({"users:read"}),
    "users.list": frozenset({"users:read"}),
    "users.lookupByEmail": frozenset({"users:read.email"}),
    "views.open": _NONE,
    "views.publish": _NONE,
    "views.push": _NONE,
    "views.update": _NONE,
}

# How the scopes that concern one kind of conversation begin.
_KIND_PREFIX = {"public": "channels:", "private": "groups:", "im": "im:", "mpim": "mpim:"}

# To hear of an event the app needs any one scope of the set.
EVENT_SCOPES: dict[str, frozenset[str]] = {
    "app_home_opened": _NONE,
    "app_mention": frozenset({"app_mentions:read"}),
    "app_uninstalled": _NONE,
    "channel_archive": frozenset({"channels:read"}),
    "channel_created": frozenset({"channels:read"}),
    "channel_rename": frozenset({"channels:read"}),
    "channel_unarchive": frozenset({"channels:read"}),
    "group_archive": frozenset({"groups:read"}),
    "group_rename": frozenset({"groups:read"}),
    "group_unarchive": frozenset({"groups:read"}),
    "member_joined_channel": frozenset({"channels:read", "groups:read"}),
    "member_left_channel": frozenset({"channels:read", "groups:read"}),
    "message.channels": frozenset({"channels:history"}),
    "message.groups": frozenset({"groups:history"}),
    "message.im": frozenset({"im:history"}),
    "message.mpim": frozenset({"mpim:history"}),
    "pin_added": frozenset({"pins:read"}),
    "pin_removed": frozenset({"pins:read"}),
    "reaction_added": frozenset({"reactions:read"}),
    "reaction_removed": frozenset({"reactions:read"}),
    "tokens_revoked": _NONE,
}


def scopes_for_kind(method: str, kind: str) -> frozenset[str]:
    """The scopes of which `method` needs one on a conversation of this kind.

    Empty where the kind makes no difference or the method asks for no scope.
    """
    if not method.startswith(("conversations.", "users.conversations")) or method == "conversations.join":
        return _NONE
    return frozenset(scope for scope in SCOPES[method] if scope.startswith(_KIND_PREFIX[kind]))
