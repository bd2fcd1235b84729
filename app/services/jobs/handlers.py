"""The handlers of the jobs around an incident's room, roles and status, by kind."""

from __future__ import annotations

from collections.abc import Mapping

from app.domain.playbook import Library
from app.ports.chat import Chats
from app.ports.clock import Clock
from app.ports.register import NO_REGISTER, Register
from app.ports.store import Store
from app.services.jobs.owed import Effect
from app.services.jobs.runner import Handler
from app.services.lifecycle import TellStatus
from app.services.room.announcement import PostAnnouncement, RefreshAnnouncement
from app.services.room.card import AddBookmark, PinCard, PostCard, RefreshCard
from app.services.room.checklists import TellChecklist
from app.services.room.room import CreateRoom, InviteToRoom, SetPurpose, SetTopic, ShowOpening
from app.services.telling import TellDeclarationFailed, TellProblem


def room_handlers(
    store: Store,
    chats: Chats,
    clock: Clock,
    announcements: str,
    register: Register = NO_REGISTER,
    playbooks: Library | None = None,
) -> Mapping[str, Handler]:
    """A handler for every Effect. `announcements`: name or ID of the channel where public incidents are announced."""
    return {
        Effect.ROOM_CREATE: CreateRoom(store, chats, clock),
        Effect.ROOM_INVITE: InviteToRoom(store, chats, clock),
        Effect.ROOM_TOPIC: SetTopic(store, chats, clock),
        Effect.ROOM_PURPOSE: SetPurpose(store, chats, clock),
        Effect.ROOM_BOOKMARK: AddBookmark(store, chats, clock),
        Effect.OPENING_SHOW: ShowOpening(store, chats, clock),
        Effect.DECLARATION_FAILED: TellDeclarationFailed(store, chats, clock),
        Effect.CARD_POST: PostCard(store, chats, clock, register, playbooks),
        Effect.CARD_REFRESH: RefreshCard(store, chats, clock, register, playbooks),
        Effect.CARD_PIN: PinCard(store, chats, clock),
        Effect.ANNOUNCEMENT_POST: PostAnnouncement(store, chats, clock, announcements),
        Effect.ANNOUNCEMENT_REFRESH: RefreshAnnouncement(store, chats, clock),
        Effect.ROLE_CHECKLIST: TellChecklist(store, chats, clock),
        Effect.STATUS_TELL: TellStatus(store, chats, clock),
        Effect.PROBLEM_TELL: TellProblem(store, chats, clock),
    }
