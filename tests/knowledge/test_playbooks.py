"""Playbooks compose from parts, name standards as published, and are refused with file and line when faulty."""

from __future__ import annotations

import re
from itertools import product
from pathlib import Path

import pytest
import yaml

from app.domain.errors import BadSetup
from app.domain.incident import Archetype, Severity, SystemType
from app.domain.playbook import Library, StepKind
from app.knowledge.playbook_files import EXAMPLES, NAMES, load_playbooks

ATLAS = Path(__file__).parents[3] / "shared" / "data" / "ATLAS.yaml"
LIBRARY = load_playbooks()
COMBINATIONS = [
    (archetype, system_type) for archetype, system_type in product(Archetype, (None, *SystemType)) if archetype
]


@pytest.mark.parametrize(("archetype", "system_type"), COMBINATIONS)
def test_every_combination_has_evidence_priorities_gates_and_actions_once_each(
    archetype: Archetype, system_type: SystemType | None
) -> None:
    playbook = LIBRARY.playbook(archetype, system_type)
    kinds = {item.kind for item in playbook.items}
    both_known = archetype is not Archetype.UNSURE and system_type is not None
    assert kinds == set(StepKind) or not both_known
    keys = [item.key for item in playbook.items]
    assert len(keys) == len(set(keys))
    assert {StepKind.EVIDENCE, StepKind.GATE} <= kinds


def test_evidence_comes_before_every_step_that_changes_the_system() -> None:
    for archetype, system_type in COMBINATIONS:
        items = LIBRARY.playbook(archetype, system_type).items
        last_evidence = max(at for at, item in enumerate(items) if item.kind is StepKind.EVIDENCE)
        assert all(at > last_evidence for at, item in enumerate(items) if item.changes)


def test_an_agents_permissions_are_revoked_before_anything_else() -> None:
    assert LIBRARY.playbook(Archetype.UNSURE, SystemType.AGENT).items[0].key == "revoke-agent"


def test_personal_data_and_an_agent_that_still_acts_are_sev1() -> None:
    leak, agent = LIBRARY.parts["data_exfiltration"], LIBRARY.parts["agent"]
    assert {gate.key: gate.answers[0].then.severity for gate in leak.gates}["personal-data"] is Severity.SEV1
    stopped = next(gate for gate in agent.gates if gate.key == "agent-stopped")
    assert [answer.then.severity for answer in stopped.answers] == [None, Severity.SEV1]


def test_every_archetype_names_the_standards_with_their_editions() -> None:
    for archetype in set(Archetype) - {Archetype.OTHER, Archetype.UNSURE}:
        standards = LIBRARY.playbook(archetype, SystemType.AGENT).standards
        assert standards.keys() == LIBRARY.frameworks.keys()
    assert all(one.edition and one.source for one in LIBRARY.frameworks.values())


def test_every_atlas_identifier_exists_under_exactly_that_name() -> None:
    if not ATLAS.is_file():
        pytest.skip(f"the ATLAS data is not in {ATLAS}")
    data = yaml.load(ATLAS.read_text(encoding="utf-8"), getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    (matrix,) = data["matrices"]
    names = {one["id"]: one["name"] for one in matrix["techniques"] + matrix["mitigations"]}
    published = {
        identifier: f"{names[identifier.rpartition('.')[0]]}: {name}"
        if re.fullmatch(r"AML\.T\d{4}\.\d{3}", identifier)
        else name
        for identifier, name in names.items()
    }
    said = [
        identifier
        for part in LIBRARY.parts.values()
        for framework in ("atlas_techniques", "atlas_mitigations")
        for identifier in part.standards.get(framework, ())
    ]
    assert len(said) > 80
    wrong = [one for one in said if published.get(one.partition(" ")[0]) != one.partition(" ")[2]]
    assert wrong == []
    assert data["version"] in LIBRARY.frameworks["atlas_techniques"].edition


GOOD = "playbook: agent\nname: Our agents\nevidence:\n  - {key: keep-logs, text: Save the logs, role: tech}\n"


def loaded(folder: Path, text: str) -> Library:
    (folder / "agents.yml").write_text(text, encoding="utf-8")
    return load_playbooks(folder)


def test_the_operators_part_takes_the_place_of_the_built_in_one(tmp_path: Path) -> None:
    part = loaded(tmp_path, GOOD).parts["agent"]
    assert [item.key for item in part.items()] == ["keep-logs"]


def test_the_operators_part_adds_to_the_built_in_one_where_it_says_so(tmp_path: Path) -> None:
    text = GOOD + "extends: yes\nleaves_out: [review-goals]\npriorities:\n"
    text += "  - {key: audit-actions, text: Ask the auditors, role: legal}\n"
    items = {item.key: item.text for item in loaded(tmp_path, text).parts["agent"].items()}
    assert {"keep-logs", "revoke-agent"} <= items.keys()
    assert items["audit-actions"] == "Ask the auditors"
    assert "review-goals" not in items


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("playbook: robot\nname: R\n", "agents.yml line 1: playbook must be one of every, generative,"),
        (GOOD + "actions:\n  - {key: x, text: X, role: boss}\n", "agents.yml line 6: actions[1].role must be 'com"),
        (GOOD + "action: []\n", "agents.yml line 5: action is no field here; did you mean actions?"),
        (GOOD + "actions:\n  - {key: keep-logs, text: X, role: tech}\n", "agents.yml line 6: actions[1].key is “keep-"),
        (
            GOOD + "gates:\n  - key: g\n    question: Q?\n    role: tech\n    within_minutes: 5\n    answers:\n"
            "      - {key: a, label: A, then: {adds: [nothing]}}\n      - {key: b, label: B}\n",
            "agents.yml line 11: gates[1].answers[1].then.adds[1] names no step: “nothing”",
        ),
        (
            GOOD + "standards: {owasp_llm_2026: [LLM01 Prompt Injection]}\n",
            "agents.yml line 5: standards.owasp_llm_2026[",
        ),
        (GOOD + "standards: {soc2: [CC1]}\n", "agents.yml line 5: standards.soc2 is no framework here"),
        ("playbook: [agent", "agents.yml line 1: is not YAML"),
        ("playbook: agent\nextends: yes\nname: A\nleaves_out: [tell-owners]\n", "an answer of agent adds tell-owners"),
    ],
)
def test_a_fault_names_the_file_the_line_and_the_field(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(BadSetup) as refused:
        loaded(tmp_path, text)
    assert refused.value.problems[0].startswith(f"PLAYBOOKS_DIR: {said}")


def test_every_name_has_a_part_and_every_field_an_example() -> None:
    from app.domain.playbook import Answer, Effect, Gate, Part, Step

    assert set(LIBRARY.parts) == set(NAMES)
    assert {name for kind in (Part, Step, Gate, Answer, Effect) for name in kind.model_fields} == set(EXAMPLES)


def test_the_example_for_operators_adds_to_the_built_in_part() -> None:
    part = load_playbooks(Path(__file__).parents[2] / "docs" / "playbooks.example").parts["agent"]
    keys = {item.key for item in part.items()}
    assert {"keep-ledger", "payments-stopped", "call-bank", "revoke-agent"} <= keys
    assert "review-goals" not in keys
