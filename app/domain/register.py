"""An entry of the AI system register: what a system is, who answers for it, what it touches, how it is contained."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from app.domain.incident import SystemType

KEY_PATTERN = r"^[a-z0-9][a-z0-9_-]{0,79}$"
MOST_NAMED = 50
_PERSON = re.compile(r"[UW][A-Z0-9]{2,30}")


def _person(value: str) -> str:
    if not _PERSON.fullmatch(value):
        raise ValueError(f"must be a Slack user ID such as U0123ABCD, not “{value[:40]}”")
    return value


Key = Annotated[str, Field(pattern=KEY_PATTERN)]
Words = Annotated[str, Field(min_length=1, max_length=500)]
Short = Annotated[str, Field(max_length=200)]
Names = Annotated[tuple[Annotated[str, Field(min_length=1, max_length=200)], ...], Field(max_length=MOST_NAMED)]
People = Annotated[tuple[Annotated[str, AfterValidator(_person)], ...], Field(max_length=MOST_NAMED)]
CommandName = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]


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
    tell how. None means that there is no such way. An address within a private network is refused unless
    `allow_private_network`; what a name resolves to is only known, and has to be checked, when it is called.
    """

    kind: ConnectorKind = ConnectorKind.MANUAL
    url: str | None = None
    verify_url: str | None = None
    undo_url: str | None = None
    command: CommandName | None = None
    verify_command: CommandName | None = None
    undo_command: CommandName | None = None
    allow_private_network: bool = False
    instructions: Annotated[str, Field(max_length=2000)] = ""

    @model_validator(mode="after")
    def _has_what_its_kind_needs(self) -> Self:
        if self.kind is ConnectorKind.WEBHOOK and not (self.url and self.verify_url):
            raise ValueError("a webhook needs url and verify_url")
        if self.kind is ConnectorKind.COMMAND and not (self.command and self.verify_command):
            raise ValueError("a command needs command and verify_command")
        return self

    @model_validator(mode="after")
    def _calls_only_what_may_be_called(self) -> Self:
        for name in ("url", "verify_url", "undo_url"):
            fault = fault_of_target(getattr(self, name) or "", private=self.allow_private_network)
            if getattr(self, name) is not None and fault:
                raise ValueError(f"{name} {fault}")
        return self


def fault_of_target(url: str, *, private: bool) -> str:
    """Why a switch may not call that address, empty when it may; `private` allows hosts of a private network."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return "is no address"
    if parts.scheme not in ("http", "https") or not host or re.search(r"[\s\\<>|]", url) or len(url) > 2000:
        return "must be an address that begins with https:// or http://"
    if parts.username is not None or parts.password is not None:
        return "must hold no user name or password; calls are signed with CONTAINMENT_SECRET"
    if not private and _is_private(host):
        return f"points into a private network ({host}); set allow_private_network: yes if that is meant"
    return ""


def _is_private(host: str) -> bool:
    if host == "localhost" or host.endswith((".localhost", ".local", ".internal")):
        return True
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        # Digits alone are an address to some libraries, such as 127.1 or 2130706433.
        return bool(re.fullmatch(r"[0-9.]+|0x[0-9a-f.x]+", host))


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
    name: Annotated[str, Field(min_length=1, max_length=200)]
    system_type: SystemType
    owner_team: Short = ""
    owners: People = ()
    on_call: People = ()
    risk_class: RiskClass | None = None
    purpose: Annotated[str, Field(max_length=1000)] = ""
    model: Short = ""
    model_version: Short = ""
    prompt_version: Short = ""
    guardrail_version: Short = ""
    data_classes: Names = ()
    jurisdictions: Names = ()
    upstream: Names = ()
    downstream: Names = ()
    runbooks: Annotated[tuple[Link, ...], Field(max_length=MOST_NAMED)] = ()
    monitors: Annotated[tuple[Link, ...], Field(max_length=MOST_NAMED)] = ()
    switches: Annotated[tuple[Switch, ...], Field(max_length=MOST_NAMED)] = ()

    @model_validator(mode="after")
    def _switches_have_keys_of_their_own(self) -> Self:
        keys = [switch.key for switch in self.switches]
        if len(set(keys)) != len(keys):
            raise ValueError("two switches have the same key")
        return self

    def switch(self, key: str) -> Switch | None:
        """The switch of that key, None if there is none."""
        return next((one for one in self.switches if one.key == key), None)

    def matches(self, words: str) -> bool:
        """True when every one of the words stands somewhere in the entry, whatever its case."""
        text = "\n".join(self._texts()).casefold()
        return all(word in text for word in words.casefold().split())

    def _texts(self) -> Iterator[str]:
        yield from (self.key, self.name, self.system_type, self.owner_team, self.purpose, self.risk_class or "")
        yield from (self.model, self.model_version, self.prompt_version, self.guardrail_version)
        yield from (*self.data_classes, *self.jurisdictions, *self.upstream, *self.downstream)


class RegisterFile(Frozen):
    """The register as the operator wrote it. `workspaces`: whose it is; empty means every workspace's."""

    workspaces: Names = ()
    systems: tuple[System, ...] = ()

    def of(self, team: str) -> dict[str, System]:
        """The entries that a workspace has from the file, by key."""
        if self.workspaces and team not in self.workspaces:
            return {}
        return {system.key: system for system in self.systems}
