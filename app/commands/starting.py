"""What every command does first: read the settings and set up the log."""

from __future__ import annotations

from app.journal import set_up_log
from app.settings import Settings, load_settings


def begin(*, quiet: bool = True) -> Settings:
    """The settings, with the log set up; `quiet` keeps it to warnings unless debugging. Raises BadSetup."""
    settings = load_settings()
    level = "warning" if quiet and settings.log_level == "info" else settings.log_level
    set_up_log(level, settings.log_format)
    return settings
