"""How users, channels, messages, files and views look in Slack's JSON."""

from app.workspace.model import Bookmark, Channel, File, Json, Message, Note, User, View
from app.workspace.state import State


def user(state: State, one: User) -> Json:
    """A user as users.info shows it; the e-mail address only with its scope."""
    profile: Json = {
        "real_name": one.real_name,
        "display_name": one.name,
        "title": one.title,
        "team": state.team.id,
    }
    if one.email and "users:read.email" in state.app.scopes:
        profile["email"] = one.email
    if one.is_bot:
        profile |= {"bot_id": one.bot_id, "api_app_id": one.app_id or ""}
    return {
        "id": one.id,
        "team_id": state.team.id,
        "name": one.name,
        "real_name": one.real_name,
        "deleted": one.deleted,
        "profile": profile,
        "tz": one.tz,
        "tz_offset": one.tz_offset_seconds,
        "is_admin": one.is_admin,
        "is_bot": one.is_bot,
        "is_app_user": False,
        "updated": 0,
    }


def _note(note: Note) -> Json:
    return {"value": note.value, "creator": note.creator, "last_set": note.last_set}


def channel(state: State, one: Channel) -> Json:
    """A conversation as conversations.info shows it to the app's bot."""
    common: Json = {"id": one.id, "created": one.created, "is_archived": one.archived}
    common |= {"context_team_id": state.team.id, "updated": one.created * 1000}
    if one.kind == "im":
        others = [member for member in one.members if member != state.app.bot_user_id]
        return common | {"is_im": True, "is_org_shared": False, "user": others[0] if others else ""}
    return common | {
        "name": one.name,
        "name_normalized": one.name,
        "is_channel": one.kind == "public",
        "is_group": one.kind == "private",
        "is_im": False,
        "is_mpim": False,
        "is_private": one.kind == "private",
        "is_general": one.general,
        "is_shared": False,
        "is_ext_shared": False,
        "is_org_shared": False,
        "is_member": state.app.bot_user_id in one.members,
        "creator": one.creator,
        "num_members": len(one.members),
        "topic": _note(one.topic),
        "purpose": _note(one.purpose),
        "previous_names": list(one.previous_names),
    }


def file(state: State, one: File) -> Json:
    """A file as it hangs on a message."""
    address = f"{state.base_url}/files/{one.id}/{one.name}"
    return {
        "id": one.id,
        "created": one.created,
        "timestamp": one.created,
        "name": one.name,
        "title": one.title or one.name,
        "mimetype": one.mimetype,
        "filetype": one.name.rpartition(".")[2] if "." in one.name else "text",
        "user": one.user,
        "size": len(one.content),
        "mode": "hosted",
        "is_external": False,
        "url_private": address,
        "url_private_download": address,
        "permalink": address,
    }


def permalink(state: State, one: Message) -> str:
    """The address of a message."""
    address = f"{state.base_url}/archives/{one.channel_id}/p{one.ts.replace('.', '')}"
    return f"{address}?thread_ts={one.thread_ts}&cid={one.channel_id}" if one.is_reply else address


def _thread(state: State, one: Message) -> Json:
    replies = [
        reply
        for reply in state.channels[one.channel_id].messages.values()
        if reply.is_reply and reply.thread_ts == one.ts
    ]
    if not replies:
        return {"thread_ts": one.ts}
    people = list(dict.fromkeys(reply.user for reply in replies))
    return {
        "thread_ts": one.ts,
        "reply_count": len(replies),
        "reply_users_count": len(people),
        "reply_users": people[:5],
        "latest_reply": replies[-1].ts,
        "is_locked": False,
        "subscribed": False,
    }


def _threading(state: State, one: Message) -> Json:
    if one.thread_ts is None:
        return {}
    if not one.is_reply:
        return _thread(state, one)
    parent = state.channels[one.channel_id].messages.get(one.thread_ts)
    return {"thread_ts": one.thread_ts, "parent_user_id": parent.user if parent else ""}


def _bot_name(state: State, one: Message) -> str:
    if one.bot_id == state.app.bot_id or one.user not in state.users:
        return state.app.name
    return state.users[one.user].real_name


def _author(state: State, one: Message) -> Json:
    if one.bot_id is None:
        return {"user": one.user}
    profile = {"id": one.bot_id, "app_id": one.app_id, "name": _bot_name(state, one), "team_id": state.team.id}
    author: Json = {"user": one.user, "bot_id": one.bot_id, "app_id": one.app_id, "bot_profile": profile}
    return author | {"username": one.username} if one.username else author


def _subtype(one: Message) -> str | None:
    if one.subtype:
        return one.subtype
    if one.broadcast:
        return "thread_broadcast"
    return "bot_message" if one.username else None


def message(state: State, one: Message, with_metadata: bool = False) -> Json:
    """A message as conversations.history shows it."""
    if one.tombstone:
        shape: Json = {"type": "message", "subtype": "tombstone", "hidden": True, "ts": one.ts}
        shape |= {"user": "USLACKBOT", "text": "This message was deleted."}
        return shape | _threading(state, one)
    shape = {"type": "message", "text": one.text, "ts": one.ts, "team": state.team.id}
    shape |= _author(state, one) | _threading(state, one) | one.extra
    optional: Json = {
        "subtype": _subtype(one),
        "client_msg_id": one.client_msg_id,
        "blocks": one.blocks,
        "attachments": one.attachments,
        "edited": one.edited,
        "files": [file(state, each) for each in one.files],
        "reactions": reactions(one),
        "pinned_to": [one.channel_id] if _pinned(state, one) else None,
        "metadata": one.metadata if with_metadata else None,
    }
    return shape | {key: value for key, value in optional.items() if value}


def _pinned(state: State, one: Message) -> bool:
    return any(pin.ts == one.ts for pin in state.channels[one.channel_id].pins)


def reactions(one: Message) -> list[Json]:
    """A message's reactions: name, who, how many."""
    return [{"name": name, "users": list(users), "count": len(users)} for name, users in one.reactions.items()]


def bookmark(one: Bookmark) -> Json:
    """A bookmark as bookmarks.list shows it."""
    return {
        "id": one.id,
        "channel_id": one.channel_id,
        "title": one.title,
        "link": one.link,
        "emoji": one.emoji,
        "icon_url": "",
        "type": "link",
        "entity_id": None,
        "date_created": one.created,
        "date_updated": one.updated,
        "rank": "i",
        "last_updated_by_user_id": one.by,
    }


def view(state: State, one: View) -> Json:
    """A view as the Web API and payloads show it, with what the person has entered."""
    shown = one.definition
    return {
        "id": one.id,
        "team_id": state.team.id,
        "type": one.type,
        "blocks": one.blocks,
        "private_metadata": one.private_metadata,
        "callback_id": one.callback_id,
        "external_id": one.external_id,
        "state": {"values": one.state},
        "hash": one.hash,
        "title": shown.get("title"),
        "close": shown.get("close"),
        "submit": shown.get("submit"),
        "clear_on_close": bool(shown.get("clear_on_close")),
        "notify_on_close": bool(shown.get("notify_on_close")),
        "submit_disabled": bool(shown.get("submit_disabled")),
        "previous_view_id": one.previous_id,
        "root_view_id": one.root_id,
        "app_id": state.app.app_id,
        "app_installed_team_id": state.team.id,
        "bot_id": state.app.bot_id,
    }
