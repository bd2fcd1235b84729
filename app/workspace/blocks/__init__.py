"""Block Kit as Slack accepts it: tables of blocks, elements and limits, and the checks over them."""

from app.workspace.blocks.checks import check_blocks, check_options, check_view, too_long

__all__ = ["check_blocks", "check_options", "check_view", "too_long"]
