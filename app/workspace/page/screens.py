"""What the page shows, as JSON: the workspace, a sidebar, a channel, a Home view, open modals."""

from collections import defaultdict

from app.workspace import pictures, shapes
from app.workspace.ids import ts_micros
from app.workspace.model import Channel, Json, Message, Pin, User, View
from app.workspace.page.unread import Unread
from app.workspace.person import Person
from app.workspace.workspace import Workspace


def start(workspace: Workspace) -> Json:
    """What is the same for everybody: the workspace, its app and the people."""
    app = workspace.app
    return {
        "workspace": {"name": workspace.team.name, "base_url": workspace.base_url},
        "app": {
            "user": app.bot_user_id,
            "name": app.name,
            "commands": sorted(app.commands),
            "shortcuts": [
                {"callback_id": one.callback_id, "name": one.name, "kind": one.kind} for one in app.shortcuts
            ],
        },
        "people": [_person(one) for one in workspace.users.values() if not one.deleted],
    }


def _person(user: User) -> Json:
    return {
        "id": user.id,
        "name": user.name,
        "real_name": user.real_name,
        "title": user.title,
        "is_bot": user.is_bot,
    }


def sidebar(workspace: Workspace, person: Person, unread: Unread) -> Json:
    """Where a person can go, what is unread there, how much waits for each person, and the time in unix seconds."""
    person.dm()
    directs = [one for one in workspace.channels.values() if one.kind == "im" and person.id in one.members]
    return {
        "channels": [_entry(one, person, unread) for one in [*person.browse(), *directs]],
        "now": workspace.now(),
        "waiting": {one.id: unread.waiting(one.id) for one in workspace.people()},
    }


def _entry(channel: Channel, person: Person, unread: Unread) -> Json:
    member = person.id in channel.members
    count, mentions = unread.count(person.id, channel) if member and not channel.archived else (0, 0)
    return {
        "id": channel.id,
        "name": channel.name,
        "kind": channel.kind,
        "with": _other(channel, person.id),
        "archived": channel.archived,
        "member": member,
        "unread": count,
        "mentions": mentions,
        "latest": next((one.ts for one in reversed(channel.messages.values()) if not _routine(one)), ""),
    }


def _routine(one: Message) -> bool:
    return (one.subtype or "").startswith("channel_")


def _other(channel: Channel, person: str) -> str | None:
    if channel.kind != "im":
        return None
    return next((one for one in channel.members if one != person), person)


def channel(workspace: Workspace, person: Person, ref: str, unread: Unread, limit: int) -> Json:
    """A channel with its last `limit` messages outside threads, and the threads of these.

    `earlier` counts the messages left out. Raises `NotOnScreenError` for what the person can't see.
    """
    room = person.channel(ref)
    seen = person.messages(room.id)
    top = [one for one in seen if not one.is_reply]
    shown = {one.ts for one in top[-limit:]}
    kept = [one for one in seen if one.ts in shown or one.thread_ts in shown]
    replies = _replies(seen)
    pinned = {pin.ts for pin in room.pins}
    return _entry(room, person, unread) | {
        "topic": room.topic.value,
        "purpose": room.purpose.value,
        "members": list(room.members),
        "bookmarks": [{"title": one.title, "link": one.link, "emoji": one.emoji} for one in room.bookmarks],
        "pins": [_pin(room, pin) for pin in reversed(room.pins) if pin.ts in room.messages],
        "last_read": unread.mark(person.id, room),
        "earlier": len(top) - len(shown),
        "messages": [_message(workspace, one, person, replies[one.ts]) | {"pinned": one.ts in pinned} for one in kept],
    }


def _replies(seen: list[Message]) -> dict[str, list[Message]]:
    replies: dict[str, list[Message]] = defaultdict(list)
    for one in seen:
        if one.is_reply and one.thread_ts is not None:
            replies[one.thread_ts].append(one)
    return replies


def _pin(room: Channel, pin: Pin) -> Json:
    message = room.messages[pin.ts]
    return {"ts": pin.ts, "user": message.user, "text": message.text}


def _message(workspace: Workspace, one: Message, person: Person, replies: list[Message]) -> Json:
    return {
        "ts": one.ts,
        "channel": one.channel_id,
        "user": one.user,
        "username": one.username,
        "app": one.bot_id is not None,
        "text": one.text,
        "blocks": pictures.addressed(workspace, person.id, one.blocks),
        "attachments": one.attachments,
        "thread_ts": one.thread_ts,
        "reply": one.is_reply,
        "broadcast": one.broadcast,
        "replies": _thread(replies),
        "edited": one.edited is not None,
        "files": [shapes.file(workspace, each) | {"url": f"/files/{each.id}/{each.name}"} for each in one.files],
        "reactions": shapes.reactions(one),
        "ephemeral": one.ephemeral_to is not None,
        "tombstone": one.tombstone,
        "system": one.subtype if _routine(one) else None,
        "permalink": shapes.permalink(workspace, one),
        "touched": workspace.touched.get((person.id, one.ts), {}),
    }


def _thread(replies: list[Message]) -> Json | None:
    if not replies:
        return None
    latest = max(replies, key=lambda one: ts_micros(one.ts))
    people = list(dict.fromkeys(one.user for one in replies))
    return {"count": len(replies), "users": people[:5], "last": latest.ts}


def home(workspace: Workspace, person: Person) -> Json:
    """The app's Home tab of a person, and the id of their conversation with the app."""
    view = person.home()
    return {"view": _view(workspace, view) if view else None, "direct": person.dm().id}


def modals(workspace: Workspace, person: Person) -> Json:
    """The open modals of a person, the topmost last."""
    return {"views": [_view(workspace, one) for one in workspace.modals.get(person.id, [])]}


def _view(workspace: Workspace, view: View) -> Json:
    return shapes.view(workspace, view) | {"state": view.state, "errors": view.errors}
