"""An answer that the rules found, worded by a model and held against the same entries."""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import Sequence

from app.drafting.grounding.grounding import Record, ground
from app.drafting.model.fencing import fence_some
from app.drafting.model.prompts import ANSWER, answer_instructions
from app.drafting.model.redaction import Redactor
from app.drafting.reading.characters import with_hidden_shown
from app.drafting.reading.situation import Situation
from app.llm.rounds import Ask
from app.ports.drafter import DrafterFailed, Sentence

_MOST = 3


async def worded(situation: Situation, question: str, found: Sequence[Sentence], ask: Ask) -> Sequence[Sentence]:
    """`found` in the model's words, of its own entries alone. Raises DrafterFailed where one sentence does not hold."""
    record = await asyncio.to_thread(Record, situation)
    wanted = record.sources(found)
    redactor = Redactor()
    asked = json.dumps({"question": redactor.text(with_hidden_shown(question))}, ensure_ascii=False)
    evidence = fence_some(situation, wanted, redactor, secrets.token_hex(12), extra=asked)
    answer = await ask(answer_instructions(), evidence, [ANSWER])
    lines = [
        Sentence(redactor.restored(line.text), tuple(line.citations))
        for line in answer.sections.get(ANSWER, ())[:_MOST]
    ]
    checked = await asyncio.to_thread(ground, {ANSWER: lines}, record, open_parts=frozenset())
    kept = checked.parts[ANSWER]
    cited = {citation for one in kept for citation in one.citations}
    sources = {citation for one in found for citation in one.citations}
    if checked.refused or not kept or not cited <= wanted or not cited & sources:
        raise DrafterFailed("what the model wrote is not what the record says")
    return kept
