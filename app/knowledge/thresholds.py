"""The figures from which on a failing voice agent is how severe, read from `thresholds.yml` beside this module."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path

from pydantic import Field

from app.domain.errors import BadSetup
from app.domain.incident import Severity
from app.domain.register import Frozen
from app.knowledge.marked_yaml import FaultyFile, read_marked, text_of, validated

NAME = "thresholds.yml"
EXAMPLES: Mapping[str, str] = {
    "voice_agent": "voice_agent: {sev1: {p90_latency_seconds_above: 15, task_completion_percent_below: 10}}",
    "p90_latency_seconds_above": "p90_latency_seconds_above: 15",
    "task_completion_percent_below": "task_completion_percent_below: 10",
}


class VoiceThreshold(Frozen):
    """Past either figure a voice agent's failure is at least that severe."""

    p90_latency_seconds_above: float = Field(gt=0)
    task_completion_percent_below: float = Field(gt=0, le=100)


class Thresholds(Frozen):
    """The thresholds by severity; a severity that is left out has none."""

    voice_agent: dict[Severity, VoiceThreshold]


def load_thresholds(folder: Path | None = None) -> Thresholds:
    """The thresholds of the product, or in place of them those of a `thresholds.yml` in the operator's folder.

    Raises BadSetup with a line for each fault.
    """
    given = folder / NAME if folder is not None else None
    if given is not None and given.exists():
        text = text_of(given, "PLAYBOOKS_DIR")
    else:
        text = files("app.knowledge").joinpath(NAME).read_text(encoding="utf-8")
    try:
        return parse_thresholds(text)
    except FaultyFile as error:
        raise BadSetup([f"PLAYBOOKS_DIR: {NAME} {fault}" for fault in error.faults]) from None


def parse_thresholds(text: str) -> Thresholds:
    """The thresholds in that YAML text. Raises FaultyFile."""
    return validated(Thresholds, read_marked(text), EXAMPLES)
