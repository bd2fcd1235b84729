"""A model's draft in two rounds: what does not hold is sent back once with the reasons, then left out."""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

import structlog

from app.drafting.grounding.grounding import Grounded, Record, Refused, ground
from app.drafting.model.fencing import Fenced, State, fence, fence_some
from app.drafting.model.prompts import repair_request
from app.drafting.model.redaction import Redactor
from app.drafting.reading.situation import Situation
from app.llm.answers import Answer
from app.ports.drafter import Carried, DrafterFailed, Dropped, Sentence

log = structlog.get_logger(__name__)

_SENT_BACK = 20

Ask = Callable[[str, str, Sequence[str]], Awaitable[Answer]]


@dataclass(frozen=True)
class Rounds:
    """What came of a draft: the sentences that hold, and what it took."""

    grounded: Grounded
    fenced: Fenced
    passed: int
    repaired: int
    dropped: tuple[Dropped, ...]


@dataclass(frozen=True)
class Drafting:
    """One draft of the parts `names` by whoever `ask` reaches (instructions, evidence, names)."""

    situation: Situation
    instructions: str
    names: Sequence[str]
    open_parts: frozenset[str]
    ask: Ask

    async def run(self) -> Rounds:
        """Draft, check, repair once, check again. Raises DrafterFailed when the first round gives nothing usable."""
        redactor = Redactor()
        record = await asyncio.to_thread(Record, self.situation)
        state = await asyncio.to_thread(_state, record, self.situation.evidence.carried, self.open_parts)
        fenced = await asyncio.to_thread(fence, self.situation, redactor, secrets.token_hex(8), state)
        answer = await self.ask(self.instructions, fenced.text, self.names)
        first = await asyncio.to_thread(self._checked, record, answer, redactor)
        again = [one for one in first.refused if not one.obeys][:_SENT_BACK]
        final = await self._repaired(record, first, again, redactor) if again else first
        repaired = final.kept - first.kept
        log.info("model_drafted", kept=final.kept, repaired=repaired, dropped=len(final.refused))
        dropped = tuple(Dropped(record.shown(one), one.reason) for one in final.refused)
        return Rounds(final, fenced, first.kept, repaired, dropped)

    async def _repaired(
        self, record: Record, first: Grounded, again: Sequence[Refused], redactor: Redactor
    ) -> Grounded:
        """`first` with what could be repaired of `again`; as it is where the model does not answer a second time."""
        wanted = await asyncio.to_thread(record.sources, [one.sentence for one in again])
        nonce = secrets.token_hex(8)
        evidence = fence_some(self.situation, wanted, redactor, nonce, extra=_listed(again, redactor))
        try:
            answer = await self.ask(repair_request(self.instructions), evidence, self.names)
        except DrafterFailed as error:
            log.warning("model_did_not_repair", reason=str(error))
            return first
        second = await asyncio.to_thread(self._checked, record, answer, redactor)
        gone = [one for one in first.refused if not _told(one, second)]
        return Grounded(first.joined(second).parts, [*second.refused, *gone])

    def _checked(self, record: Record, answer: Answer, redactor: Redactor) -> Grounded:
        return ground(_sentences(answer, redactor), record, open_parts=self.open_parts)


def _state(record: Record, carried: Carried | None, open_parts: frozenset[str]) -> State | None:
    """What was carried over, checked against the record as it is by now; None where nothing was."""
    if carried is None:
        return None
    holding: dict[str, list[Sentence]] = {}
    fallen: list[tuple[Sentence, str]] = []
    for section, sentences in carried.sections.items():
        for one in sentences:
            reason = record.against(one, open_part=section.value in open_parts)
            if reason:
                fallen.append((one, reason))
            else:
                holding.setdefault(section.value, []).append(one)
    # What put a sentence in doubt is sent again, and so is what it rested on.
    doubted = record.sources([one for one, _ in fallen]) if fallen else frozenset()
    return State(holding, fallen, carried.known - doubted)


def _listed(refused: Sequence[Refused], redactor: Redactor) -> str:
    """The refused sentences with the reasons, one JSON line each."""
    rows = (
        {
            "section": one.part,
            "text": redactor.text(one.sentence.text),
            "citations": one.sentence.citations,
            "refused": one.reason,
        }
        for one in refused
    )
    return "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)


def _told(one: Refused, second: Grounded) -> bool:
    """True when the second round has a sentence in place of `one`: of the same part, with one of its citations."""
    cited = set(one.sentence.citations)
    answers = [*second.parts.get(one.part, ()), *(each.sentence for each in second.refused if each.part == one.part)]
    return any(cited & set(each.citations) or each.text == one.sentence.text for each in answers)


def _sentences(answer: Answer, redactor: Redactor) -> Mapping[str, Sequence[Sentence]]:
    """What the model wrote, with what was taken out of its evidence put back, so that it can be checked."""
    return {
        name: [Sentence(redactor.restored(line.text), tuple(line.citations)) for line in lines]
        for name, lines in answer.sections.items()
    }
