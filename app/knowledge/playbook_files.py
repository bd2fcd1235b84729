"""The playbooks: the built-in ones in `playbooks/` beside this module, and the operator's on top of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from importlib.resources import files
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from app.domain.errors import BadSetup
from app.domain.incident import Archetype, SystemType
from app.domain.playbook import EVERY, Framework, Gate, Library, Part
from app.knowledge.marked_yaml import Fault, FaultyFile, Marked, named, read_marked, text_of, validated

NAMES = (EVERY, *SystemType, *(one for one in Archetype if one is not Archetype.UNSURE))
THRESHOLDS = "thresholds.yml"
# What else lies in the folder and is read elsewhere.
OTHERS = frozenset({THRESHOLDS, "clocks.yml"})
_HERE = files("app.knowledge")
_STEP = "{key: keep-logs, text: Save the logs, role: tech}"
EXAMPLES: Mapping[str, str] = {
    "playbook": "playbook: agent",
    "name": "name: Agent",
    "summary": "summary: It acts; take its access away first",
    "evidence": f"evidence: [{_STEP}]",
    "priorities": f"priorities: [{_STEP}]",
    "actions": f"actions: [{_STEP}]",
    "gates": "gates: a list, each with key, question, role, within_minutes and answers",
    "standards": 'standards: {owasp_llm_2026: ["LLM01:2026 Prompt Injection"]}',
    "extends": "extends: yes",
    "leaves_out": "leaves_out: [rate-limit]",
    "key": "key: keep-logs",
    "text": "text: Save the logs",
    "role": "role: tech",
    "at_once": "at_once: yes",
    "waits": "waits: yes",
    "changes": "changes: yes",
    "question": "question: Is the agent stopped?",
    "within_minutes": "within_minutes: 60",
    "answers": 'answers: [{key: "yes", label: "Yes"}, {key: "no", label: "No"}]',
    "label": "label: Yes, verified",
    "record": "record: The agent is unable to act, which was verified",
    "then": "then: {adds: [tell-owners], recommends: [legal], opens: [containment], severity: sev1, says: Act now}",
    "adds": "adds: [tell-owners]",
    "recommends": "recommends: [legal]",
    "opens": "opens: [containment]",
    "severity": "severity: sev1",
    "says": "says: Contain first",
}
_IDS: Mapping[str, str] = {
    "owasp_llm_2025": r"LLM\d\d:2025 \S.*",
    "owasp_llm_2026": r"LLM\d\d:2026 \S.*",
    "owasp_agentic": r"ASI\d\d:2026 \S.*",
    "atlas_techniques": r"AML\.T\d{4}(\.\d{3})? \S.*",
    "atlas_mitigations": r"AML\.M\d{4} \S.*",
    "csf": r"[A-Z]{2}\.[A-Z]{2} \S.*",
}


class _Framework(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: str
    edition: str
    source: str
    ids: bool = True


class _Frameworks(BaseModel):
    frameworks: dict[str, _Framework]


def load_playbooks(folder: Path | None = None) -> Library:
    """The built-in playbooks, with those of the operator's folder in place of them or added to them.

    Raises BadSetup with a line for each fault: the file, the line in it, the field, what is wrong, an example.
    """
    frameworks = _frameworks()
    parts = {}
    for name in NAMES:
        source = _HERE.joinpath("playbooks", f"{name}.yml").read_text(encoding="utf-8")
        parts[name] = _checked(f"{name}.yml", source, frameworks)
    for path in sorted(folder.glob("*.y*ml")) if folder else ():
        if path.name not in OTHERS:
            given = _checked(path.name, text_of(path, "PLAYBOOKS_DIR"), frameworks, parts)
            parts[given.playbook] = parts[given.playbook].extended(given) if given.extends else given
    _must_hold_together(parts)
    return Library(parts, frameworks)


def parse_part(text: str, frameworks: Mapping[str, Framework], before: Mapping[str, Part] | None = None) -> Part:
    """One file of a playbook; `before` holds the parts that it may extend. Raises FaultyFile."""
    marked = read_marked(text)
    part = validated(Part, marked, EXAMPLES)
    extended = (before or {}).get(part.playbook) if part.extends else None
    every = (before or {}).get(EVERY)
    known = {item.key for one in (part, extended, every) if one is not None for item in one.items()}
    faults = [*_faults_of_name(part, marked), *_faults_of_keys(part, marked, known)]
    faults += _faults_of_standards(part, marked, frameworks)
    if faults:
        raise FaultyFile(faults)
    return part


def _checked(
    name: str, text: str, frameworks: Mapping[str, Framework], before: Mapping[str, Part] | None = None
) -> Part:
    try:
        return parse_part(text, frameworks, before)
    except FaultyFile as error:
        raise BadSetup([f"PLAYBOOKS_DIR: {name} {fault}" for fault in error.faults]) from None


def _frameworks() -> Mapping[str, Framework]:
    marked = read_marked(_HERE.joinpath("standards.yml").read_text(encoding="utf-8"))
    found = _Frameworks.model_validate({"frameworks": marked.value})
    return {key: Framework(one.name, one.edition, one.source) for key, one in found.frameworks.items()}


def _faults_of_name(part: Part, marked: Marked) -> Iterator[Fault]:
    if part.playbook not in NAMES:
        said = f"must be one of {', '.join(NAMES)}, not “{part.playbook}”"
        yield Fault(marked.line(("playbook",)), "playbook", said, EXAMPLES["playbook"])


def _faults_of_keys(part: Part, marked: Marked, known: set[str]) -> Iterator[Fault]:
    """Keys that stand twice, and answers that add what is not there."""
    first: dict[str, int] = {}
    for group in ("evidence", "priorities", "gates", "actions"):
        for number, one in enumerate(getattr(part, group)):
            where = (group, number, "key")
            if one.key in first:
                said = f"is “{one.key}” again, as on line {first[one.key]}"
                yield Fault(marked.line(where), named(where), said, EXAMPLES["key"])
            first.setdefault(one.key, marked.line(where))
    for number, gate in enumerate(part.gates):
        yield from _faults_of_answers(gate, number, marked, known)


def _faults_of_answers(gate: Gate, number: int, marked: Marked, known: set[str]) -> Iterator[Fault]:
    answers = [answer.key for answer in gate.answers]
    if len(set(answers)) != len(answers):
        place = ("gates", number, "answers")
        yield Fault(marked.line(place), named(place), "has two answers with one key", EXAMPLES["answers"])
    for at, answer in enumerate(gate.answers):
        for last, added in enumerate(answer.then.adds):
            where_added = ("gates", number, "answers", at, "then", "adds", last)
            if added not in known:
                yield Fault(marked.line(where_added), named(where_added), f"names no step: “{added}”")


def _faults_of_standards(part: Part, marked: Marked, frameworks: Mapping[str, Framework]) -> Iterator[Fault]:
    for framework, identifiers in part.standards.items():
        where = ("standards", framework)
        if framework not in frameworks:
            said = f"is no framework here; there are {', '.join(frameworks)}"
            yield Fault(marked.line(where), named(where), said, EXAMPLES["standards"])
            continue
        for number, identifier in enumerate(identifiers):
            if framework in _IDS and not re.fullmatch(_IDS[framework], identifier):
                place = (*where, number)
                said = f"must be an identifier with its edition, then its name, not “{identifier[:60]}”"
                yield Fault(marked.line(place), named(place), said, EXAMPLES["standards"])


def _must_hold_together(parts: Mapping[str, Part]) -> None:
    """A key that stands in two parts has to be the same kind of thing. Raises BadSetup."""
    first = {item.key: (name, item.kind) for name, part in parts.items() for item in part.items()}
    problems = [
        f"PLAYBOOKS_DIR: {item.key} is {item.kind} in {name} and {first[item.key][1]} in {first[item.key][0]}"
        for name, part in parts.items()
        for item in part.items()
        if first[item.key][1] is not item.kind
    ]
    for name, part in parts.items():
        known = {item.key for one in (part, parts[EVERY]) for item in one.items()}
        added = {key for gate in part.gates for answer in gate.answers for key in answer.then.adds}
        problems += [f"PLAYBOOKS_DIR: an answer of {name} adds {key}, which is left out" for key in added - known]
    if problems:
        raise BadSetup(problems)
