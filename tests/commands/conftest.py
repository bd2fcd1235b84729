"""The fixtures of the command line's tests."""

from tests.commands.running import command_line, slack

__all__ = ["command_line", "slack"]
