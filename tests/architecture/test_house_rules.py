"""The rules that keep the code readable, counted. When one rings, look for the missing idea; don't shuffle lines."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
APP = ROOT / "app"
# A migration is a record of what was done to the schema, as long as that was; nobody changes it any more.
MIGRATIONS = APP / "store" / "migrations" / "versions"
SOURCES = sorted(path for path in APP.rglob("*.py") if MIGRATIONS not in path.parents)
TREES = {path.relative_to(ROOT).as_posix(): ast.parse(path.read_text(encoding="utf-8")) for path in SOURCES}

LONGEST_MODULE = 300
LONGEST_FUNCTION = 50
MOST_PARAMETERS = 6
SPEAKS_FOR_ITSELF = 6
BANNED_NAMES = {"utils", "helpers", "common", "manager", "core", "misc", "util", "helper", "managers"}

Function = ast.FunctionDef | ast.AsyncFunctionDef

# Who may import an SDK: the rooms, as path prefixes.
CONFINED = {
    "slack_bolt": ("app/slack/",),
    "slack_sdk": ("app/slack/",),
    "alembic": ("app/store/",),
    "openai": ("app/llm/openai_drafter.py", "app/llm/trial_target.py"),
    "apscheduler": ("app/scheduler/",),
    "procrastinate": ("app/scheduler/", "app/store/"),
    "prometheus_client": ("app/web/",),
    "aiohttp": ("app/web/", "app/workspace/", "app/slack/", "app/demo/", "app/commands/doctor", "app/connectors/"),
    "PIL": ("app/services/triage/png.py",),
    "fpdf": ("app/commands/",),
    "cryptography": ("app/store/vault.py",),
}
CONFINED_NAMES = {"AsyncSession": ("app/store/",), "select": ("app/store/",), "create_async_engine": ("app/store/",)}

# The three edges, where an unexpected error becomes an answer and a log line; and the runner of jobs, where it becomes
# a retry and a log line.
EDGES = ("app/slack/", "app/web/", "app/__main__.py", "app/services/jobs/runner.py")


def functions(tree: ast.AST) -> Iterator[Function]:
    for node in ast.walk(tree):
        if isinstance(node, Function):
            yield node


def places(found: list[str]) -> str:
    return "\n" + "\n".join(sorted(found))


def test_there_is_code_to_judge() -> None:
    assert len(SOURCES) > 40


def test_no_module_is_longer_than_three_hundred_lines() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {lines}"
        for path in SOURCES
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST_MODULE
    ]
    assert not found, places(found)


def test_no_function_is_longer_than_fifty_lines() -> None:
    found = [
        f"{name}:{node.lineno} {node.name}: {length}"
        for name, tree in TREES.items()
        for node in functions(tree)
        if (length := (node.end_lineno or node.lineno) - node.lineno + 1) > LONGEST_FUNCTION
    ]
    assert not found, places(found)


def test_most_functions_are_shorter_than_twenty_lines() -> None:
    lengths = [(node.end_lineno or 0) - node.lineno + 1 for tree in TREES.values() for node in functions(tree)]
    assert sum(length < 20 for length in lengths) > 0.8 * len(lengths)


def test_no_function_takes_more_than_six_parameters() -> None:
    found = []
    for name, tree in TREES.items():
        for node in functions(tree):
            given = node.args
            names = [item.arg for item in (*given.posonlyargs, *given.args, *given.kwonlyargs)]
            count = len([item for item in names if item not in {"self", "cls"}])
            if count > MOST_PARAMETERS:
                found.append(f"{name}:{node.lineno} {node.name}: {count}")
    assert not found, places(found)


def test_no_module_has_a_name_that_says_nothing() -> None:
    found = [
        path.relative_to(ROOT).as_posix()
        for path in (*SOURCES, *(item for item in APP.rglob("*") if item.is_dir()))
        if path.stem in BANNED_NAMES
    ]
    assert not found, places(found)


def test_every_module_says_in_a_docstring_what_it_is() -> None:
    found = [name for name, tree in TREES.items() if tree.body and not ast.get_docstring(tree)]
    assert not found, places(found)


def _undocumented(name: str, body: list[ast.stmt]) -> Iterator[str]:
    for node in body:
        if not isinstance(node, ast.ClassDef | Function) or node.name.startswith("_"):
            continue
        if _speaks_for_itself(node):
            continue
        if not ast.get_docstring(node):
            yield f"{name}:{node.lineno} {node.name}"


def _speaks_for_itself(node: ast.ClassDef | Function) -> bool:
    """Enumerations and protocols, whose members say it; functions that are shorter than a sentence about them."""
    if isinstance(node, ast.ClassDef):
        names = {ast.unparse(base).split("[")[0].split(".")[-1] for base in node.bases}
        return bool(names & {"StrEnum", "Protocol", "TypedDict"})
    return (node.end_lineno or 0) - node.lineno < SPEAKS_FOR_ITSELF


def test_every_public_class_and_function_has_a_docstring() -> None:
    found = [place for name, tree in TREES.items() for place in _undocumented(name, tree.body)]
    assert not found, places(found)


def _imports(tree: ast.AST) -> Iterator[tuple[str, tuple[str, ...], int]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, (), node.lineno
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module, tuple(alias.name for alias in node.names), node.lineno


@pytest.mark.parametrize("sdk", CONFINED)
def test_an_sdk_is_imported_in_its_room_only(sdk: str) -> None:
    found = [
        f"{name}:{line}"
        for name, tree in TREES.items()
        for module, _, line in _imports(tree)
        if module.split(".")[0] == sdk and not name.startswith(CONFINED[sdk])
    ]
    assert not found, places(found)


@pytest.mark.parametrize("wanted", CONFINED_NAMES)
def test_questions_to_the_database_are_asked_in_the_store_only(wanted: str) -> None:
    found = [
        f"{name}:{line}"
        for name, tree in TREES.items()
        for module, names, line in _imports(tree)
        if wanted in names
        and module.split(".")[0] in {"sqlmodel", "sqlalchemy"}
        and not name.startswith(CONFINED_NAMES[wanted])
    ]
    assert not found, places(found)


@pytest.mark.parametrize("room", ["app/slack/views/", "app/slack/messages/"])
def test_what_is_drawn_in_slack_is_pure(room: str) -> None:
    found = [
        f"{name}:{line} {module}"
        for name, tree in TREES.items()
        if name.startswith(room)
        for module, _, line in _imports(tree)
        if module.split(".")[0] in {"slack_bolt", "slack_sdk", "aiohttp", "asyncio", "sqlalchemy"}
    ]
    assert not found, places(found)


def test_the_workspace_knows_nothing_of_the_rest() -> None:
    found = [
        f"{name}:{line} {module}"
        for name, tree in TREES.items()
        if name.startswith("app/workspace/")
        for module, _, line in _imports(tree)
        if module.split(".")[0] == "app" and not module.startswith("app.workspace")
    ]
    assert not found, places(found)


def _is_broad(kind: ast.expr | None) -> bool:
    names = [kind] if not isinstance(kind, ast.Tuple) else kind.elts
    return kind is None or any(isinstance(n, ast.Name) and n.id in {"Exception", "BaseException"} for n in names)


def _is_told(handler: ast.ExceptHandler) -> bool:
    """Logged or raised there, or handed on to whoever does so."""
    inside = [node for statement in handler.body for node in ast.walk(statement)]
    logged = any(isinstance(node, ast.Name) and node.id == "log" for node in inside)
    raised = any(isinstance(node, ast.Raise) for node in inside)
    handed_on = any(
        isinstance(node, ast.Call) and any(isinstance(one, ast.Name) and one.id == handler.name for one in node.args)
        for node in inside
    )
    return logged or raised or handed_on


def test_only_the_three_edges_catch_everything_and_they_log_it() -> None:
    found = []
    for name, tree in TREES.items():
        for node in ast.walk(tree):
            if not isinstance(node, ast.ExceptHandler) or not _is_broad(node.type):
                continue
            if not name.startswith(EDGES) or not _is_told(node):
                found.append(f"{name}:{node.lineno}")
    assert not found, places(found)


def test_the_environment_is_read_in_one_place() -> None:
    found = [
        f"{name}:{node.lineno}"
        for name, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and node.attr in {"environ", "getenv"}
        and isinstance(node.value, ast.Name)
        and node.value.id == "os"
    ]
    assert not found, places(found)


def test_log_events_are_constant_names_in_snake_case() -> None:
    levels = {"debug", "info", "warning", "error", "exception", "critical"}
    found = []
    for name, tree in TREES.items():
        for node in ast.walk(tree):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in levels):
                continue
            owner = node.func.value
            if not (isinstance(owner, ast.Name) and owner.id in {"log", "logger", "_log"}):
                continue
            event = node.args[0] if node.args else None
            constant = isinstance(event, ast.Constant) and isinstance(event.value, str)
            if not constant or not re.fullmatch(r"[a-z0-9]+(_[a-z0-9]+)*", str(event.value)):  # type: ignore[union-attr]
                found.append(f"{name}:{node.lineno}")
    assert not found, places(found)


def test_nothing_is_left_to_do_and_nothing_is_skipped() -> None:
    pattern = re.compile(r"\b(TO" r"DO|FIX" r"ME|X" r"XX)\b|mark\.xfail|unittest\.mock")
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in (*SOURCES, *sorted((ROOT / "tests").rglob("*.py")))
        if path != Path(__file__)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if pattern.search(line)
    ]
    assert not found, places(found)


def tracked_files() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True)
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def test_no_tracked_file_names_a_package_registry() -> None:
    hosts = re.compile(
        rb"py"
        rb"pi\.org|python"
        rb"hosted|registry\.np"
        rb"mjs|registry\.ya"
        rb"rnpkg|deb\.deb"
        rb"ian\.org"
        rb"|registry = \"http|--(extra-)?index-url|proxy\.gol"
        rb"ang"
    )
    found = [
        path.relative_to(ROOT).as_posix()
        for path in tracked_files()
        if path != Path(__file__) and hosts.search(path.read_bytes())
    ]
    assert not found, places(found)


def test_dependencies_are_locked_with_hashes_and_without_addresses() -> None:
    for name in ("requirements.lock", "requirements-dev.lock"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert "://" not in text
        pinned = re.findall(r"^[a-z0-9][^\s=]*==", text, flags=re.MULTILINE | re.IGNORECASE)
        assert pinned
        assert text.count("--hash=sha256:") >= len(pinned)
    assert (ROOT / "uv.lock") not in tracked_files()
