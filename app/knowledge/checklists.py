"""The checklist of each role, read from `checklists.yml` beside this module."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files

import yaml

from app.domain.roles import Role

MOST_STEPS = 10
STEP_MAX = 160


def load_checklists(source: str) -> Mapping[Role, tuple[str, ...]]:
    """The steps of every role from YAML text. Raises ValueError naming what is missing, unknown or too long."""
    given = yaml.safe_load(source)
    if not isinstance(given, dict) or set(given) != {role.value for role in Role}:
        raise ValueError(f"checklists need exactly the roles {', '.join(Role)}")
    return {role: _steps(role, given[role.value]) for role in Role}


def _steps(role: Role, given: object) -> tuple[str, ...]:
    if not isinstance(given, list) or not 1 <= len(given) <= MOST_STEPS:
        raise ValueError(f"the checklist of {role} needs 1 to {MOST_STEPS} steps")
    for number, step in enumerate(given, start=1):
        if not isinstance(step, str) or not step.strip() or len(step) > STEP_MAX:
            raise ValueError(f"step {number} of {role} must be a sentence of at most {STEP_MAX} characters")
    return tuple(given)


CHECKLISTS: Mapping[Role, tuple[str, ...]] = load_checklists(
    files("app.knowledge").joinpath("checklists.yml").read_text(encoding="utf-8")
)
