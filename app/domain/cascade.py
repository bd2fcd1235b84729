"""Layers of an AI system, and how a failure went through them. Pure."""

from __future__ import annotations

from enum import StrEnum


class Layer(StrEnum):
    """Where a failure sits in a cascade, in the order in which it runs through."""

    INPUT = "input"
    INFERENCE = "inference"
    OUTPUT = "output"
    INTEGRATION = "integration"
