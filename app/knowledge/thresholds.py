"""The figures from which on a failing voice agent is how severe, read from `thresholds.yml` beside this module."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files

from pydantic import Field

from app.domain.incident import Severity
from app.domain.register import Frozen
from app.knowledge.marked_yaml import FaultyFile, read_marked, validated

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


def load_thresholds() -> Thresholds:
    """The thresholds of the product. Raises ValueError with the file's name and lines."""
    text = files("app.knowledge").joinpath("thresholds.yml").read_text(encoding="utf-8")
    try:
        return parse_thresholds(text)
    except FaultyFile as error:
        raise ValueError("\n".join(f"thresholds.yml {fault}" for fault in error.faults)) from None


def parse_thresholds(text: str) -> Thresholds:
    """The thresholds in that YAML text. Raises FaultyFile."""
    return validated(Thresholds, read_marked(text), EXAMPLES)
