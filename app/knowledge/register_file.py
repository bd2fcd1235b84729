"""The AI system register as the operator writes it: a YAML file, checked whole."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from app.domain.errors import BadSetup
from app.domain.register import RegisterFile
from app.knowledge.marked_yaml import Fault, FaultyFile, Marked, read_marked, text_of, validated

EXAMPLES: Mapping[str, str] = {
    "systems": "systems: [{key: support-bot, name: Support bot, system_type: generative}]",
    "workspaces": "workspaces: [T0123ABCD]",
    "key": "key: support-bot",
    "name": "name: Support bot",
    "system_type": "system_type: agent",
    "owner_team": "owner_team: Customer care",
    "owners": "owners: [U0123ABCD], the member IDs of their Slack profiles",
    "on_call": "on_call: [U0123ABCD], the member IDs of their Slack profiles",
    "risk_class": "risk_class: limited",
    "purpose": "purpose: Answers customers' questions about orders",
    "model": "model: the-model-it-uses",
    "model_version": "model_version: 2026-10-01",
    "prompt_version": "prompt_version: v41",
    "guardrail_version": "guardrail_version: v7",
    "data_classes": "data_classes: [personal data, order data]",
    "jurisdictions": "jurisdictions: [EU, US-CA]",
    "upstream": "upstream: [order-database]",
    "downstream": "downstream: [refund-agent]",
    "runbooks": "runbooks: [{name: Runbook, url: 'https://wiki.example.com/support-bot'}]",
    "monitors": "monitors: [{name: Quality, url: 'https://graphs.example.com/support-bot'}]",
    "switches": "switches: a list, each with key, kind, name, what_happens, affects and how_to_undo",
    "kind": "kind: safe_fallback for a switch, kind: webhook for a connector",
    "what_happens": "what_happens: Customers get fixed answers and a way to reach a person",
    "affects": "affects: Everybody who chats with the bot",
    "how_to_undo": "how_to_undo: Throw the undo of this switch",
    "dangerous": "dangerous: yes",
    "emergency_stop": "emergency_stop: yes",
    "review_minutes": "review_minutes: 60",
    "connector": "connector: {kind: manual, instructions: Turn the flag bot_enabled off}",
    "url": "url: https://gateway.example.com/switches/support-bot",
    "verify_url": "verify_url: https://gateway.example.com/switches/support-bot/state",
    "undo_url": "undo_url: https://gateway.example.com/switches/support-bot/undo",
    "command": "command: stop-support-bot",
    "verify_command": "verify_command: support-bot-state",
    "undo_command": "undo_command: start-support-bot",
    "allow_private_network": "allow_private_network: yes",
    "instructions": "instructions: Turn the flag bot_enabled off",
}


def load_register(path: Path | None) -> RegisterFile:
    """The register of that file, an empty one for None.

    Raises BadSetup with a line for each fault: the file, the line in it, the field, what is wrong, an example.
    """
    if path is None:
        return RegisterFile()
    text = text_of(path, "REGISTER_FILE")
    try:
        return parse_register(text)
    except FaultyFile as error:
        raise BadSetup([f"REGISTER_FILE: {path.name} {fault}" for fault in error.faults]) from None


def parse_register(text: str) -> RegisterFile:
    """The register in that YAML text. Raises FaultyFile."""
    marked = read_marked(text)
    register = validated(RegisterFile, marked, EXAMPLES)
    twice = _twice(register, marked)
    if twice:
        raise FaultyFile(twice)
    return register


def _twice(register: RegisterFile, marked: Marked) -> list[Fault]:
    first: dict[str, int] = {}
    faults = []
    for number, system in enumerate(register.systems):
        line = marked.line(("systems", number, "key"))
        if system.key in first:
            said = f"is “{system.key}” again, as on line {first[system.key]}; every system needs a key of its own"
            faults.append(Fault(line, f"systems[{number + 1}].key", said))
        first.setdefault(system.key, line)
    return faults
