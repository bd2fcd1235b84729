"""The one door to all renderers: a notice goes in, what Slack shows comes out."""

from __future__ import annotations

from functools import singledispatch

from app.domain.notices import Notice
from app.slack.blocks import Block

Rendered = tuple[str, list[Block]]


@singledispatch
def render(notice: Notice) -> Rendered:
    """The notification text (the point, alone) and the blocks of a notice."""
    raise TypeError(f"no renderer for {type(notice).__name__}")
