"""What a newcomer reads is true."""

from __future__ import annotations

import re
from pathlib import Path

from app.commands.parser import build_parser
from app.settings import Settings

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_there_are_exactly_two_commands_that_need_no_set_up_a_line_each() -> None:
    lines = [line for line in README.splitlines() if line.startswith("python3 -m venv")]
    assert lines == [
        "python3 -m venv .venv && .venv/bin/pip install -q --require-hashes -r requirements.lock"
        " && .venv/bin/python -m app demo",
        "python3 -m venv .venv && .venv/bin/pip install -q --require-hashes -r requirements-dev.lock"
        " && .venv/bin/python -m pytest",
    ]


def test_every_setting_is_in_the_readme() -> None:
    missing = [name.upper() for name in Settings.model_fields if f"`{name.upper()}`" not in README]
    assert not missing


def test_every_command_is_in_the_readme() -> None:
    (commands,) = [action for action in build_parser()._actions if action.dest == "command"]
    missing = [name for name in commands.choices or () if not re.search(rf"`{name}[` ]", README)]
    assert not missing


def test_every_file_that_the_readme_links_to_exists() -> None:
    links = [link for link in re.findall(r"\]\(([^)#]+)\)", README) if "://" not in link]
    missing = [link for link in links if not (ROOT / link).exists()]
    assert missing in ([], ["docs/workspace.png"])
