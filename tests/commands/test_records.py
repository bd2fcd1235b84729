"""A Slack export becomes an incident that can be drafted, exported and written up from the command line."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.commands.running import ROOT, CommandLine
from tests.scenarios.slack_export import CHANNEL, write_export

TRANSCRIPT = Path(__file__).parents[1] / "data" / "transcripts" / "dev-replit-20250717.json"
SECTIONS = {"what_happened", "testing", "doing", "unknowns"}
PARTS = {"timeline", "root_cause", "impact", "detection_review", "response_review", "prevention_plan"}
RECORD = {
    *("schema_version", "key", "kind", "title", "summary", "status", "severity", "archetype", "system_type", "system"),
    *("visibility", "channel", "declared_at", "declared_by", "status_history", "roles", "timeline", "unknowns"),
    *("updates", "reminders", "containments", "trials", "clocks", "follow_ups", "postmortem", "audit"),
    # Beyond the published contract.
    *("playbook", "suggestion", "triage"),
}


def written(folder: Path) -> Path:
    directory = folder / "export"
    directory.mkdir()
    write_export(json.loads(TRANSCRIPT.read_text(encoding="utf-8")), directory)
    return directory


@pytest.fixture
def export_dir(tmp_path: Path) -> Path:
    return written(tmp_path)


@pytest.fixture(scope="session")
async def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database into which the transcript was imported once, as INC-1."""
    folder = tmp_path_factory.mktemp("archive")
    ended = await CommandLine(folder).run("import-slack", str(written(folder)), "--channel", f"#{CHANNEL}")
    assert (ended.code, ended.out) == (0, "INC-1\n"), ended
    return folder / "ai-incident.db"


@pytest.fixture
def after_import(command_line: CommandLine, archive: Path) -> CommandLine:
    shutil.copy(archive, command_line.folder)
    return command_line


async def printed(command_line: CommandLine, *arguments: str) -> Mapping[str, Any]:
    ended = await command_line.run(*arguments, "--format", "json")
    assert ended.code == 0, ended
    assert ended.err == ""
    document: Mapping[str, Any] = json.loads(ended.out)
    return document


async def test_the_record_is_the_published_shape(after_import: CommandLine) -> None:
    record = await printed(after_import, "export", "INC-1")
    assert set(record) == RECORD
    assert (record["kind"], record["status"]) == ("imported", "closed")


async def test_every_sentence_of_a_draft_cites_entries_of_the_record(after_import: CommandLine) -> None:
    draft = await printed(after_import, "draft", "INC-1", "--audience", "leadership")
    record = await printed(after_import, "export", "INC-1")
    entries = {entry["id"] for entry in record["timeline"]}
    assert set(draft["sections"]) == SECTIONS
    sentences = [sentence for section in draft["sections"].values() for sentence in section]
    assert sentences
    assert all(sentence["citations"] and set(sentence["citations"]) <= entries for sentence in sentences)
    assert draft["audience"] == "leadership"


async def test_a_draft_as_of_an_earlier_time_knows_nothing_later(after_import: CommandLine) -> None:
    record = await printed(after_import, "export", "INC-1")
    moment = record["timeline"][len(record["timeline"]) // 3]["at"]
    draft = await printed(after_import, "draft", "INC-1", "--as-of", moment)
    at = {entry["id"]: entry["at"] for entry in record["timeline"]}
    cited = [at[one] for part in draft["sections"].values() for line in part for one in line["citations"]]
    assert cited
    assert max(cited) <= moment


async def test_a_postmortem_is_drafted_once_and_then_printed_again(after_import: CommandLine) -> None:
    postmortem = await printed(after_import, "postmortem", "INC-1")
    assert set(postmortem["sections"]) == PARTS
    assert postmortem["version"] == 1
    assert await printed(after_import, "postmortem", "inc-1") == postmortem


@pytest.mark.parametrize("command", ["export", "draft", "postmortem"])
async def test_markdown_is_what_people_get(after_import: CommandLine, command: str) -> None:
    ended = await after_import.run(command, "INC-1")
    assert ended.code == 0
    assert ended.out.startswith("# ")
    assert "INC-1" in ended.out.splitlines()[0]


async def test_a_second_import_gets_the_next_key(after_import: CommandLine, export_dir: Path) -> None:
    ended = await after_import.run("import-slack", str(export_dir), "--channel", CHANNEL)
    assert ended.out == "INC-2\n"


async def test_an_unknown_key_is_one_line(command_line: CommandLine) -> None:
    ended = await command_line.run("draft", "INC-9")
    assert (ended.code, ended.out) == (1, "")
    assert ended.err == "ai-incident: There is no incident INC-9.\n"


async def test_a_bad_time_is_one_line(command_line: CommandLine) -> None:
    ended = await command_line.run("draft", "INC-1", "--as-of", "yesterday")
    assert ended.code == 1
    assert ended.err == "ai-incident: --as-of 'yesterday' is no ISO time. For example: 2026-11-23T14:30:00Z\n"


async def test_broken_json_in_an_export_is_one_line_and_nothing_is_imported(
    command_line: CommandLine, export_dir: Path
) -> None:
    next((export_dir / CHANNEL).glob("*.json")).write_text('[{"ts": ', encoding="utf-8")
    ended = await command_line.run("import-slack", str(export_dir), "--channel", CHANNEL)
    assert ended.code == 1
    assert len(ended.err.splitlines()) == 1
    assert "broken JSON" in ended.err
    assert (await command_line.run("export", "INC-1")).code == 1


async def test_an_unknown_channel_names_those_that_there_are(command_line: CommandLine, export_dir: Path) -> None:
    ended = await command_line.run("import-slack", str(export_dir), "--channel", "nowhere")
    assert ended.code == 1
    assert CHANNEL in ended.err


async def test_a_folder_that_is_no_export_is_one_line(command_line: CommandLine, tmp_path: Path) -> None:
    ended = await command_line.run("import-slack", str(tmp_path / "missing"), "--channel", "x")
    assert ended.code == 1
    assert len(ended.err.splitlines()) == 1


async def test_a_postmortem_is_printed_as_a_page_and_as_pdf(after_import: CommandLine) -> None:
    page = await after_import.run("postmortem", "INC-1", "--format", "html")
    assert (page.code, page.err) == (0, ""), page.err
    assert page.out.startswith("<!doctype html>")
    assert "</html>" in page.out
    process = await after_import.start("postmortem", "INC-1", "--format", "pdf")
    out, err = await process.communicate()
    assert process.returncode == 0, err
    assert out.startswith(b"%PDF-")


async def test_without_the_extra_a_pdf_is_refused_in_one_line_that_says_how_to_get_it(
    after_import: CommandLine,
) -> None:
    hidden = after_import.folder / "hidden"
    (hidden / "sitecustomize.py").parent.mkdir()
    (hidden / "sitecustomize.py").write_text(
        "import importlib.util as u\nreal = u.find_spec\n"
        "u.find_spec = lambda name, package=None: None if name == 'fpdf' else real(name, package)\n"
    )
    ended = await after_import.run("postmortem", "INC-1", "--format", "pdf", PYTHONPATH=f"{hidden}:{ROOT}")
    assert ended.code == 1
    assert ended.out == ""
    assert ended.err.count("\n") == 1
    assert "pip install 'ai-incident[pdf]'" in ended.err
