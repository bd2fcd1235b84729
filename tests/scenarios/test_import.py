"""Past incidents from Slack exports, by the command line alone: imported, drafted as of any time, exported, scored."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.commands.running import CommandLine
from tests.drafting import transcripts
from tests.scenarios.slack_export import CHANNEL, write_export

NAMES = ("dev-exchange-ml-20250425", "dev-replit-20250717", "dev-sycophancy-20250425")
WORDS = 350
SECTIONS = {
    "what_happened": "What happened",
    "testing": "What we are testing",
    "doing": "What we are doing",
    "unknowns": "What we don't know yet",
}
Document = Mapping[str, Any]


@dataclass(frozen=True)
class Imported:
    """One transcript after its import: the record, and a draft a checkpoint."""

    transcript: Document
    record: Document
    drafts: Sequence[Document]
    indices: Mapping[int, int]

    def cited(self, line: Document) -> list[int]:
        """A sentence's citations as indices of the transcript's messages; -1 for what is none."""
        return [self.indices.get(one, -1) for one in line["citations"]]

    def rows(self, draft: Document) -> list[dict[str, Any]]:
        """A draft as the scorer reads it."""
        return [
            {"section": SECTIONS[part], "text": line["text"], "citations": self.cited(line)}
            for part, lines in draft["sections"].items()
            for line in lines
        ]


async def imported(name: str, folder: Path, at_once: asyncio.Semaphore) -> Imported:
    transcript = transcripts.load(name)
    directory = folder / "export"
    directory.mkdir(parents=True)
    stamps = write_export(transcript, directory)
    line = CommandLine(folder)

    async def printed(*arguments: str) -> Document:
        async with at_once:
            ended = await line.run(*arguments, "--format", "json")
        assert (ended.code, ended.err) == (0, ""), ended
        document: Document = json.loads(ended.out)
        return document

    async with at_once:
        ended = await line.run("import-slack", str(directory), "--channel", CHANNEL)
    assert (ended.code, ended.out) == (0, "INC-1\n"), ended
    start = datetime.fromisoformat(transcript["started_at"].replace("Z", "+00:00"))
    moments = [start + timedelta(seconds=one["t"]) for one in transcript["truth"]["checkpoints"]]
    drafts = await asyncio.gather(*(printed("draft", "INC-1", "--as-of", one.isoformat()) for one in moments))
    record = await printed("export", "INC-1")
    index_of = {ts: index for index, ts in stamps.items()}
    indices = {entry["id"]: index_of[entry["source"]["ts"]] for entry in record["timeline"]}
    return Imported(transcript, record, drafts, indices)


@pytest.fixture(scope="module")
async def archive(tmp_path_factory: pytest.TempPathFactory) -> Sequence[Imported]:
    """The three transcripts, each imported into a database of its own."""
    at_once = asyncio.Semaphore(2)
    folder = tmp_path_factory.mktemp("imports")
    return await asyncio.gather(*(imported(name, folder / name, at_once) for name in NAMES))


def recall(one: Imported, draft: Document, checkpoint: Document) -> float:
    """The share of known facts that a draft tells, as the shared scorer counts.

    Where that isn't beside the checkout: of those whose message it cites.
    """
    scorer = transcripts.scorer()
    if scorer is not None:
        return float(scorer.score(one.transcript, one.rows(draft), checkpoint)["fact_recall"])
    cited = {index for row in one.rows(draft) for index in row["citations"]}
    facts = {fact["id"]: fact for fact in one.transcript["truth"]["facts"]}
    told = [cited & set(facts[known]["message_ids"]) for known in checkpoint["known_facts"]]
    return sum(map(bool, told)) / len(told)


def judged(archive: Sequence[Imported]) -> list[tuple[Imported, Document, Document]]:
    return [
        (one, draft, checkpoint)
        for one in archive
        for draft, checkpoint in zip(one.drafts, one.transcript["truth"]["checkpoints"], strict=True)
    ]


async def test_an_import_is_a_closed_incident_with_every_message_in_its_own_words(archive: Sequence[Imported]) -> None:
    for one in archive:
        assert one.record["kind"] == "imported"
        said = one.transcript["messages"]
        edits = {message["edit_of"]: message["text"] for message in said if "edit_of" in message}
        kept = {one.indices[entry["id"]]: entry["text"] for entry in one.record["timeline"]}
        gone = {message["delete_of"] for message in said if "delete_of" in message}
        expected = {
            index: edits.get(index, message["text"])
            for index, message in enumerate(said)
            if index not in gone and not {"edit_of", "delete_of"} & set(message)
        }
        assert kept == expected


async def test_every_sentence_of_every_draft_cites_what_had_been_said_by_then(archive: Sequence[Imported]) -> None:
    for one, draft, checkpoint in judged(archive):
        for row in one.rows(draft):
            assert row["citations"], row
            for index in row["citations"]:
                assert index >= 0
                assert one.transcript["messages"][index]["t"] <= checkpoint["t"]


async def test_drafts_tell_nine_of_ten_known_facts_within_the_words_that_people_read(
    archive: Sequence[Imported],
) -> None:
    told = [recall(*one) for one in judged(archive)]
    lengths = [sum(len(row["text"].split()) for row in one.rows(draft)) for one, draft, _ in judged(archive)]

    assert max(lengths) <= WORDS
    assert sum(told) / len(told) >= 0.90


async def test_drafts_say_nothing_that_is_known_to_be_wrong(archive: Sequence[Imported]) -> None:
    for one, draft, checkpoint in judged(archive):
        for rule in one.transcript["truth"]["must_not_say_rules"]:
            if checkpoint["t"] >= rule.get("after_t", 0):
                broken = [row["text"] for row in one.rows(draft) if asserts(row, rule)]
                assert broken == [], rule["text"]


def asserts(row: Document, rule: Document) -> bool:
    if row["section"] == SECTIONS["unknowns"] or "all" not in rule:
        return False
    if rule.get("unless") and re.search(rule["unless"], row["text"], re.IGNORECASE):
        return False
    hedged = re.search(r"\b(?:suspected|may|might|not|ruled out|whether|could)\b|n't\b", row["text"], re.IGNORECASE)
    return not hedged and all(re.search(one, row["text"], re.IGNORECASE) for one in rule["all"])


async def test_the_shared_scorer_finds_nothing_wrong_stale_or_leaked(archive: Sequence[Imported]) -> None:
    """Where the scorer isn't beside the checkout, the tests above hold what can be held without it."""
    scorer = transcripts.scorer()
    for one, draft, checkpoint in judged(archive) if scorer is not None else []:
        result = scorer.score(one.transcript, one.rows(draft), checkpoint)
        assert result["citation_validity_rate"] == 1.0
        assert result["uncited_sentence_share"] == 0.0
        assert (result["violations"], result["stale"], result["leaks"]) == ([], [], [])
        assert result["unknowns_non_empty"]


def written(folder: Path) -> Path:
    directory = folder / "export"
    directory.mkdir()
    write_export(transcripts.load(NAMES[0]), directory)
    return directory


BROKEN: Mapping[str, tuple[str, str, str]] = {
    "cut_day": ("day", '[{"ts": "1745313840.000000", "te', "broken JSON"),
    "no_ts": ("day", '[{"type": "message", "text": "hello"}]', "no valid ts"),
    "not_text": ("day", "\udcff\udcfe", "no readable JSON"),
    "cut_users": ("users.json", "[", "broken JSON"),
}


@pytest.mark.parametrize(("where", "content", "told"), BROKEN.values(), ids=BROKEN)
async def test_a_broken_export_is_told_in_one_line_that_names_the_file(
    tmp_path: Path, where: str, content: str, told: str
) -> None:
    directory = written(tmp_path)
    path = directory / where if where != "day" else sorted((directory / CHANNEL).glob("*.json"))[-1]
    path.write_bytes(content.encode(errors="surrogateescape"))

    ended = await CommandLine(tmp_path).run("import-slack", str(directory), "--channel", CHANNEL)

    assert ended.code == 1
    assert ended.out == ""
    assert len(ended.err.splitlines()) == 1
    assert path.name in ended.err
    assert told in ended.err
