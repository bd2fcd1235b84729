"""Each role has a checklist that can be read in one glance."""

from __future__ import annotations

import pytest
import yaml

from app.domain.roles import Role
from app.knowledge.checklists import CHECKLISTS, load_checklists


def test_every_role_has_steps() -> None:
    assert set(CHECKLISTS) == set(Role)
    assert all(5 <= len(steps) <= 10 for steps in CHECKLISTS.values())


def test_each_step_is_a_sentence() -> None:
    steps = [step for checklist in CHECKLISTS.values() for step in checklist]
    assert [step for step in steps if not step[0].isupper() or not step.endswith(".")] == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"scribe": None}, "the checklist of scribe needs 1 to 10 steps"),
        ({"scribe": []}, "the checklist of scribe needs 1 to 10 steps"),
        ({"scribe": ["Write.", 7]}, "step 2 of scribe"),
        ({"scribe": ["x" * 161]}, "step 1 of scribe"),
        ({"janitor": ["Sweep."]}, "exactly the roles"),
    ],
)
def test_a_checklist_that_cannot_be_used_is_named(change: dict[str, object], said: str) -> None:
    good: dict[str, object] = {role.value: ["Do it."] for role in Role}
    with pytest.raises(ValueError, match=said):
        load_checklists(yaml.safe_dump(good | change))
