"""The page's own files: nothing from outside, nothing that turns text into markup, nothing missing."""

import re
from pathlib import Path
from typing import Any

import pytest

import app.workspace.page

STATIC = Path(app.workspace.page.__file__).parent / "static"
FILES = sorted(STATIC.iterdir())
SCRIPTS = [one for one in FILES if one.suffix == ".js"]

# Addresses that are names, not places to fetch from.
NAMES = {"http://www.w3.org/2000/svg"}
TURNS_TEXT_INTO_MARKUP = re.compile(
    r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|createContextualFragment|DOMParser|srcdoc|"
    r"\beval\(|new Function|setHTML|\.src\s*=|setAttribute\(\"on|setTimeout\(\s*[\"'`]"
)


@pytest.mark.parametrize("file", FILES, ids=lambda one: one.name)
def test_no_file_names_another_host(file: Path) -> None:
    found = set(re.findall(r"(?:https?:|wss?:)?//[a-z0-9.-]+\.[a-z]{2,}[^\s\"'`)]*", file.read_text()))
    assert found <= NAMES | {name.removeprefix("http:") for name in NAMES}


@pytest.mark.parametrize("file", SCRIPTS, ids=lambda one: one.name)
def test_no_script_turns_text_into_markup(file: Path) -> None:
    assert TURNS_TEXT_INTO_MARKUP.search(file.read_text()) is None


@pytest.mark.parametrize("file", SCRIPTS, ids=lambda one: one.name)
def test_scripts_stay_small_and_say_what_they_are_for(file: Path) -> None:
    lines = file.read_text().splitlines()
    assert len(lines) <= 300
    assert lines[0].startswith("// ")


@pytest.mark.parametrize("file", SCRIPTS, ids=lambda one: one.name)
def test_each_import_names_a_file_and_what_it_exports(file: Path) -> None:
    for names, source in re.findall(r"import \{([^}]+)\} from \"\./([\w.]+)\";", file.read_text()):
        exported = set(re.findall(r"export (?:async )?(?:function|class|const) (\w+)", (STATIC / source).read_text()))
        assert {name.split(" as ")[0].strip() for name in names.split(",") if name.strip()} <= exported


def test_scripts_import_one_another_in_one_direction() -> None:
    imports = {one.name: set(re.findall(r"from \"\./([\w.]+)\"", one.read_text())) for one in SCRIPTS}
    while leaves := [name for name, needed in imports.items() if not needed & imports.keys()]:
        for name in leaves:
            del imports[name]
    assert imports == {}


async def test_everything_the_page_asks_for_is_there(scene: Any) -> None:
    browser = scene.as_("ada")
    page = await (await browser.get("/page/")).text()
    for name in [*re.findall(r"(?:src|href)=\"(static/[^\"]+)\"", page), *(f"static/{one.name}" for one in SCRIPTS)]:
        answer = await browser.get(f"/page/{name}")
        assert answer.status == 200, name
        wanted = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}[Path(name).suffix]
        assert answer.content_type == wanted
