"""`demo`: play an incident in a local Slack workspace."""

from __future__ import annotations

import argparse

from app.demo import main
from app.journal import set_up_log


def run(arguments: argparse.Namespace) -> int:
    """Play it and return its exit code; with `--keep` the workspace stays until Ctrl-C."""
    set_up_log("error", "console")
    return main.run(keep=arguments.keep)
