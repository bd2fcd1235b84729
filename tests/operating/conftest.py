"""The fixtures of the tests of what operators are given."""

from tests.commands.running import command_line, slack
from tests.scenarios.conftest import scene, staged

__all__ = ["command_line", "scene", "slack", "staged"]
