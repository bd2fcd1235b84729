"""The forms of the register: a system added or changed, and which system an incident is about."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.domain.incident import Incident
from app.domain.register import RiskClass, System
from app.slack.blocks import PLACEHOLDER_MAX, Block, actions, button, context, plain, plain_words, safe_line, section
from app.slack.ids import Action, View
from app.slack.inputs import Option, choice, field, modal, people_choice, text_box
from app.slack.views.metadata import packed
from app.slack.words import SYSTEM_TYPE_NAMES, headline

MOST_OPTIONS = 100
SYSTEM_FIELD = "system"
RISK_NAMES: Mapping[RiskClass, str] = {
    RiskClass.MINIMAL: "Minimal",
    RiskClass.LIMITED: "Limited – people must know that it is AI",
    RiskClass.HIGH: "High – touches safety or rights of people",
    RiskClass.UNACCEPTABLE: "Unacceptable – may not be used",
}


def system_choice(systems: Sequence[Option]) -> Block:
    """A select of systems; beyond what Slack lets a select hold, one that asks for its options while people type."""
    if len(systems) <= MOST_OPTIONS:
        return choice(systems, placeholder="From the register")
    placeholder = plain("Type a part of its name", PLACEHOLDER_MAX)
    return {"type": "external_select", "min_query_length": 0, "placeholder": placeholder}


def system_options(systems: Sequence[System]) -> list[Option]:
    """The pairs of key and name that a select shows."""
    return [(one.key, plain_words(f"{one.name} ({one.key})", 75)) for one in systems]


def name_system_form(incident: Incident, systems: Sequence[Option]) -> Block:
    """Which system of the register it is, and the way to add one that is not there."""
    blocks = [
        section(headline(incident)),
        field(SYSTEM_FIELD, "Which system", system_choice(systems), required=True),
        context("Not there? Then it is unregistered, which is part of the problem. Adding it takes a minute."),
        actions(button("Add it to the register", Action.REGISTER_ADD, incident.key)),
    ]
    metadata = packed(key=incident.key)
    return modal(View.REGISTER_NAME, "Which system is it?", blocks, submit="Save", private_metadata=metadata)


def add_form(incident: Incident | None = None) -> Block:
    """A new entry: what helps at once; the rest can be added to it later."""
    named = (incident.system or "") if incident else ""
    blocks = [section(headline(incident))] if incident else []
    blocks += [_drawn(one, named if one.name in ("name", "key") else None) for one in FIELDS if one.at_first]
    blocks.append(context("Everybody in the workspace can read the register: write nothing of the incident here."))
    metadata = packed(key=incident.key if incident else None)
    return modal(View.REGISTER_EDIT, "Add an AI system", blocks, submit="Add", private_metadata=metadata)


def system_form(system: System) -> Block:
    """Every field but the key, and the switches, which only the register file may hold."""
    blocks = [section(f"*{safe_line(system.name, 200)}*  `{system.key}`")]
    blocks += [_drawn(one, getattr(system, one.name)) for one in FIELDS if one.name != "key"]
    metadata = packed(system=system.key)
    return modal(View.REGISTER_EDIT, "Change an AI system", blocks, submit="Save", private_metadata=metadata)


def given_in(
    names: Sequence[str], texts: Mapping[str, str], people: Callable[[str], tuple[str, ...]]
) -> dict[str, Any]:
    """What a form with those fields says of a system; an emptied field is said to be empty."""
    given: dict[str, Any] = {}
    for one in FIELDS:
        if one.name in names:
            given[one.name] = people(one.name) if one.kind == "people" else _READ[one.kind](texts.get(one.name, ""))
    return given


@dataclass(frozen=True)
class _Field:
    name: str
    label: str
    kind: str = "line"
    at_first: bool = False
    required: bool = False
    hint: str = ""


FIELDS: tuple[_Field, ...] = (
    _Field("name", "Name", at_first=True, required=True),
    _Field("key", "Key", at_first=True, hint="Short, such as support-bot. Left empty, it is made from the name."),
    _Field("system_type", "Type", "type", at_first=True, required=True),
    _Field("owner_team", "Owning team", at_first=True),
    _Field("owners", "Owners", "people", at_first=True),
    _Field("on_call", "On call", "people", at_first=True),
    _Field("risk_class", "Risk class", "risk", at_first=True),
    _Field("model", "Model", at_first=True),
    _Field("model_version", "Model version", at_first=True),
    _Field("prompt_version", "Prompt version"),
    _Field("guardrail_version", "Guardrail version"),
    _Field("purpose", "What it is for", "words"),
    _Field("data_classes", "Data it touches", "names", at_first=True, hint="Separated by commas."),
    _Field("jurisdictions", "Where it is used", "names", hint="Such as EU, US-CA."),
    _Field("upstream", "Depends on", "names", hint="Keys of other systems, or plain words."),
    _Field("downstream", "Feeds into", "names", hint="Keys of other systems, or plain words."),
    _Field("runbooks", "Runbooks", "links", hint="One a line: a name, then its address."),
    _Field("monitors", "Monitors", "links", hint="One a line: a name, then its address."),
)


def _drawn(one: _Field, value: Any) -> Block:
    return field(one.name, one.label, _DRAW[one.kind](value), required=one.required, hint=one.hint)


def _people(value: Sequence[str] | None) -> Block:
    select = people_choice(placeholder="Choose people")
    return select | {"initial_users": list(value)} if value else select


def _link_lines(links: Any) -> str:
    return "\n".join(f"{one.name} {one.url}" for one in links or ())


def _read_link(line: str) -> dict[str, str]:
    name, _, url = line.rpartition(" ")
    return {"name": name.strip() or url, "url": url}


_DRAW: Mapping[str, Callable[[Any], Block]] = {
    "line": lambda value: text_box(initial=value or "", max_length=200),
    "words": lambda value: text_box(initial=value or "", lines=True, max_length=1000),
    "names": lambda value: text_box(initial=", ".join(value or ()), max_length=1000),
    "links": lambda value: text_box(initial=_link_lines(value), lines=True),
    "people": _people,
    "type": lambda value: choice([(one, name) for one, name in SYSTEM_TYPE_NAMES.items()], initial=value),
    "risk": lambda value: choice([(one, name) for one, name in RISK_NAMES.items()], initial=value),
}
_READ: Mapping[str, Callable[[str], Any]] = {
    "line": str.strip,
    "words": str.strip,
    "type": str.strip,
    "risk": lambda text: text or None,
    "names": lambda text: tuple(one.strip() for one in text.replace("\n", ",").split(",") if one.strip()),
    "links": lambda text: tuple(_read_link(line.strip()) for line in text.splitlines() if line.strip()),
}
