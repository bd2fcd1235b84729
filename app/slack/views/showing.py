"""What takes a form's place when it has an outcome."""

from __future__ import annotations

from app.domain.notices import DeclarationFailed, Notice, Opening
from app.slack.blocks import Block
from app.slack.messages import render
from app.slack.views.declare import failed_view, opening_view
from app.slack.views.notice import notice_view


def view_of(notice: Notice) -> Block:
    """The notice as a modal: with a form of its own where it has one, else what a message would show."""
    if isinstance(notice, Opening):
        return opening_view(notice)
    if isinstance(notice, DeclarationFailed):
        return failed_view(notice)
    return notice_view("Incident", render(notice)[1])
