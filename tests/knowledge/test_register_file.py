"""The register file is checked whole; every fault names the line, the field, what is wrong and an example."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.domain.errors import BadSetup
from app.domain.register import ConnectorKind, SwitchKind, fault_of_target
from app.knowledge.marked_yaml import FaultyFile, read_marked
from app.knowledge.register_file import EXAMPLES, load_register, parse_register

EXAMPLE = Path(__file__).parents[2] / "docs" / "register.example.yml"
GOOD = "systems:\n  - key: support-bot\n    name: Support bot\n    system_type: generative\n"


def test_the_example_is_a_register_with_every_type_of_system_and_every_kind_of_connector() -> None:
    register = load_register(EXAMPLE)
    assert {one.system_type.value for one in register.systems} == {"generative", "agent", "predictive"}
    switches = [switch for one in register.systems for switch in one.switches]
    assert {one.connector.kind for one in switches} == set(ConnectorKind)
    assert SwitchKind.REVOKE_AGENT in {one.kind for one in switches}


def test_no_file_is_an_empty_register() -> None:
    assert load_register(None).systems == ()
    assert parse_register("").systems == ()


def test_texts_stay_as_they_are_written() -> None:
    (system,) = parse_register(GOOD + "    model_version: 1.10\n    jurisdictions: [no, 2026-10-01]\n").systems
    assert (system.model_version, system.jurisdictions) == ("1.10", ("no", "2026-10-01"))


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("    system_typ: agent", "line 5: systems[1].system_typ is no field here; did you mean system_type?"),
        ("    risk_class: enormous", "line 5: systems[1].risk_class must be 'minimal', 'limited', 'high' or"),
        ("    owners: U0123ABCD", "line 5: systems[1].owners must be a list"),
        ("    owners:\n      - ada", "line 6: systems[1].owners[1] must be a Slack user ID such as U0123ABCD"),
        ("    runbooks: [{name: x, url: 'javascript:alert(1)'}]", "line 5: systems[1].runbooks[1].url is not written"),
        ("    name: Again", "line 5: systems[1].name stands there twice"),
        ("    purpose: [a", "line 6: is not YAML"),
        ("  - key: support-bot\n    name: B\n    system_type: agent", "line 5: systems[2].key is “support-bot” again"),
        ("  - key: Support Bot\n    name: B\n    system_type: agent", "line 5: systems[2].key is not written as"),
        ("  - key: b\n    system_type: agent", "line 5: systems[2].name is missing. For example: name: Support bot"),
    ],
)
def test_a_fault_is_told_with_its_line_and_field(lines: str, said: str) -> None:
    with pytest.raises(FaultyFile) as refused:
        parse_register(GOOD + lines + "\n")
    assert str(refused.value).startswith(said)


def test_every_fault_is_told_at_once_one_a_line_beginning_with_the_setting_and_the_file(tmp_path: Path) -> None:
    file = tmp_path / "systems.yml"
    file.write_text("systems:\n  - key: a\n    system_type: chatbot\n  - name: b\n    system_type: agent\n", "utf-8")
    with pytest.raises(BadSetup) as refused:
        load_register(file)
    assert [problem.split(" For ")[0] for problem in refused.value.problems] == [
        "REGISTER_FILE: systems.yml line 2: systems[1].name is missing.",
        "REGISTER_FILE: systems.yml line 3: systems[1].system_type must be 'generative', 'agent' or 'predictive', "
        "not “chatbot”.",
        "REGISTER_FILE: systems.yml line 4: systems[2].key is missing.",
    ]
    assert all(" For example: " in problem for problem in refused.value.problems)


def test_a_file_that_holds_itself_or_is_no_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FaultyFile, match="holds itself"):
        read_marked("a: &a [*a]")
    file = tmp_path / "systems.yml"
    file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BadSetup, match="UTF-8"):
        load_register(file)


def test_every_field_has_an_example() -> None:
    from app.domain.register import Connector, Link, RegisterFile, Switch, System

    fields = {name for kind in (RegisterFile, System, Switch, Connector, Link) for name in kind.model_fields}
    assert fields == set(EXAMPLES)


@pytest.mark.parametrize(
    ("url", "fault"),
    [
        ("https://gateway.example.com/x", ""),
        ("file:///etc/passwd", "begins with https"),
        ("gopher://example.com/", "begins with https"),
        ("https:///nowhere", "begins with https"),
        ("https://example.com/a b", "begins with https"),
        ("https://user:secret@example.com/", "no user name or password"),
        ("http://127.0.0.1/", "private network"),
        ("http://localhost:80/", "private network"),
        ("http://169.254.169.254/latest/meta-data", "private network"),
        ("http://10.1.2.3/", "private network"),
        ("http://[::1]/", "private network"),
        ("http://[::ffff:10.0.0.1]/", "private network"),
        ("http://2130706433/", "private network"),
        ("http://127.1/", "private network"),
        ("http://[bad/", "is no address"),
        ("http://example.com:99999/", "is no address"),
    ],
)
def test_a_switch_calls_only_addresses_of_the_web(url: str, fault: str) -> None:
    found = fault_of_target(url, private=False)
    assert (fault in found) if fault else not found


def test_a_private_host_may_be_called_where_the_operator_says_so() -> None:
    assert fault_of_target("http://10.1.2.3/", private=True) == ""
    assert fault_of_target("file:///etc/passwd", private=True)
