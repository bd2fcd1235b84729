"""An entry of the AI system register: what a system is, who answers for it, what it touches, how it is contained."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from app.domain.incident import SystemType

KEY_PATTERN = r"^[a-z0-9][a-z0-9_-]{0,79}$"
Key = Annotated[str, Field(pattern=KEY_PATTERN)]
Words = Annotated[str, Field(min_length=1, max_length=500)]
Names = tuple[Annotated[str, Field(min_length=1, max_length=200)], ...]


class RiskClass(StrEnum):
    """How risky the system is to people; the classes of the EU AI Act, whose law doesn't follow from them here."""

    MINIMAL = "minimal"
    LIMITED = "limited"
    HIGH = "high"
    UNACCEPTABLE = "unacceptable"


class SwitchKind(StrEnum):
    REVOKE_AGENT = "revoke_agent"
    SAFE_FALLBACK = "safe_fallback"
    ROLLBACK_MODEL = "rollback_model"
    PAUSE_DECISIONS = "pause_decisions"
    RATE_LIMIT = "rate_limit"
    QUARANTINE_SOURCE = "quarantine_source"
    DISABLE_TOOLS = "disable_tools"


class ConnectorKind(StrEnum):
    WEBHOOK = "webhook"
    COMMAND = "command"
    MANUAL = "manual"


class Frozen(BaseModel):
    """A part of the register: read only, and refusing keys that it doesn't know."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Connector(Frozen):
    """How a switch is thrown and how it is verified.

    `webhook`: `url` is called to act, `verify_url` to see whether it worked, `undo_url` to take it back. `command`: the
    names of commands that the host allows, never a shell line. `manual`: a person acts and says so; `instructions`
    tell how. None means that there is no such way.
    """

    kind: ConnectorKind = ConnectorKind.MANUAL
    url: str | None = None
    verify_url: str | None = None
    undo_url: str | None = None
    command: str | None = None
    verify_command: str | None = None
    undo_command: str | None = None
    allow_private_network: bool = False
    instructions: str = ""

    @model_validator(mode="after")
    def _has_what_its_kind_needs(self) -> Self:
        if self.kind is ConnectorKind.WEBHOOK and not (self.url and self.verify_url):
            raise ValueError("a webhook needs url and verify_url")
        if self.kind is ConnectorKind.COMMAND and not (self.command and self.verify_command):
            raise ValueError("a command needs command and verify_command")
        return self


class Switch(Frozen):
    """A way to contain a system in one click. `review_minutes`: when somebody looks again whether it is still right.

    `dangerous`: two people are needed. `emergency_stop`: anybody in the incident's channel may throw it.
    """

    key: Key
    kind: SwitchKind
    name: Words
    what_happens: Words
    affects: Words
    how_to_undo: Words
    dangerous: bool = False
    emergency_stop: bool = False
    review_minutes: int = Field(default=60, ge=5, le=10_080)
    connector: Connector = Connector()


class Link(Frozen):
    """A named address: a runbook, a dashboard, a monitor."""

    name: Words
    url: str = Field(pattern=r"^https?://\S+$", max_length=2000)


class System(Frozen):
    """One AI system. People are Slack user IDs; `team` and the version fields are words of its owners.

    Empty text and empty tuples mean that nobody has said. `upstream` and `downstream` name other entries by key, or
    things outside the register in plain words.
    """

    key: Key
    name: Words
    system_type: SystemType
    owner_team: str = ""
    owners: Names = ()
    on_call: Names = ()
    risk_class: RiskClass | None = None
    purpose: str = ""
    model: str = ""
    model_version: str = ""
    prompt_version: str = ""
    guardrail_version: str = ""
    data_classes: Names = ()
    jurisdictions: Names = ()
    upstream: Names = ()
    downstream: Names = ()
    runbooks: tuple[Link, ...] = ()
    monitors: tuple[Link, ...] = ()
    switches: tuple[Switch, ...] = ()

    @model_validator(mode="after")
    def _switches_have_keys_of_their_own(self) -> Self:
        keys = [switch.key for switch in self.switches]
        if len(set(keys)) != len(keys):
            raise ValueError("two switches have the same key")
        return self

    def switch(self, key: str) -> Switch | None:
        """The switch of that key, None if there is none."""
        return next((one for one in self.switches if one.key == key), None)
