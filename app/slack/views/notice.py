"""Something to read in a modal: a panel, a list, an answer."""

from __future__ import annotations

from collections.abc import Sequence

from app.slack.blocks import Block
from app.slack.ids import View
from app.slack.inputs import modal


def notice_view(title: str, blocks: Sequence[Block]) -> Block:
    return modal(View.NOTICE, title, blocks, close="Close")
