"""The drafter that asks a model over the OpenAI API and keeps of its answer only what the record carries."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from app.domain.postmortem import Part
from app.domain.status_update import Section
from app.drafting.model.prompts import postmortem_instructions, schema, update_instructions, version_of
from app.drafting.reading.acts import spoken
from app.drafting.reading.situation import Situation, understand
from app.drafting.suggesting.proposing import fenced_report, proposing_instructions, shown_to_model
from app.drafting.telling.unknowns import unlisted
from app.drafting.telling.update import WORDS
from app.llm.answers import Answer, Read, Wanted, read_answer
from app.llm.faults import failed, worth_another_try
from app.llm.proposals import PROPOSAL
from app.llm.rounds import Drafting, Rounds
from app.llm.spent import Spent
from app.llm.wording import worded
from app.ports.drafter import Draft, DrafterAccount, DrafterFailed, Evidence, PostmortemDraft, Sentence
from app.ports.proposer import Proposal

if TYPE_CHECKING:
    from openai import AsyncOpenAI

_TIMEOUT_SECONDS = 30.0
_PAUSE_SECONDS = 0.3
_ANSWER_SECONDS = 8.0
_PROPOSAL_SECONDS = 20.0
_SHAPES = ("json_schema", "json_object", "none")
_READABLE_FAULTS = (ValueError, TypeError, AttributeError, LookupError, RuntimeError, OSError)


def _understood(evidence: Evidence) -> Situation:
    return understand(spoken(evidence))


class OpenAIDrafter:
    """Drafts with `model` on any server that speaks the OpenAI API. Raises DrafterFailed for whatever goes wrong.

    `api_key` may be None for servers that ask for none, `base_url` None for the vendor's own. `timeout_seconds` bounds
    the whole draft, retries included.
    """

    def __init__(
        self,
        model: str,
        api_key: str | None = None,
        base_url: str | None = None,
        timeout_seconds: float = _TIMEOUT_SECONDS,
        words: int = WORDS,
    ) -> None:
        self._model = model
        self._api_key = api_key
        self._base_url = base_url
        self._timeout_seconds = timeout_seconds
        self._words = words
        self._client: AsyncOpenAI | None = None
        self._shape = 0

    async def draft_update(self, evidence: Evidence) -> Draft:
        names = [section.value for section in Section]
        open_parts = frozenset({Section.TESTING.value, Section.UNKNOWNS.value})
        instructions = update_instructions(evidence.audience, self._words)
        situation, rounds, account = await self._drafted(evidence, "update", instructions, names, open_parts)
        sections = {section: list(rounds.grounded.parts.get(section.value, ())) for section in Section}
        sections[Section.UNKNOWNS] += unlisted(situation, sections[Section.UNKNOWNS])
        return Draft(sections, account)

    async def draft_postmortem(self, evidence: Evidence) -> PostmortemDraft:
        names = [part.value for part in Part]
        _, rounds, account = await self._drafted(evidence, "postmortem", postmortem_instructions(), names, frozenset())
        return PostmortemDraft({part: list(rounds.grounded.parts.get(part.value, ())) for part in Part}, account)

    async def answer(
        self, evidence: Evidence, question: str, found: Sequence[Sentence]
    ) -> tuple[Sequence[Sentence], int]:
        """Implements app.ports.drafter.Answerer; somebody waits, so it takes little time or is given up."""
        spent = Spent(min(self._timeout_seconds, _ANSWER_SECONDS))
        situation = await asyncio.to_thread(_understood, evidence)
        try:
            return await worded(situation, question, found, partial(self._ask, spent)), spent.tokens
        except DrafterFailed as error:
            error.tokens = spent.tokens
            raise

    async def propose(self, report: str) -> Proposal:
        """Implements app.ports.proposer.Proposer; nobody waits."""
        spent = Spent(min(self._timeout_seconds, _PROPOSAL_SECONDS))
        instructions, shown = proposing_instructions(), await asyncio.to_thread(shown_to_model, report)
        fenced = fenced_report(shown, secrets.token_hex(12))
        try:
            read = await self._asked(spent, instructions, fenced, PROPOSAL)
        except DrafterFailed as error:
            error.tokens = spent.tokens
            raise
        account = DrafterAccount(
            name="model",
            model=self._model,
            input_tokens=spent.input_tokens,
            output_tokens=spent.output_tokens,
            prompt=version_of("suggestion", instructions),
            estimated_tokens=spent.estimated,
        )
        return Proposal(**read, shown=shown, account=account)

    async def close(self) -> None:
        """Close the connections; the drafter may be used again."""
        client, self._client = self._client, None
        if client is not None:
            await client.close()

    async def _drafted(
        self, evidence: Evidence, what: str, instructions: str, names: Sequence[str], open_parts: frozenset[str]
    ) -> tuple[Situation, Rounds, DrafterAccount]:
        """Raises DrafterFailed with what was spent, also when nothing holds that says more than what is unknown."""
        spent = Spent(self._timeout_seconds)
        situation = await asyncio.to_thread(_understood, evidence)
        try:
            rounds = await Drafting(situation, instructions, names, open_parts, partial(self._ask, spent)).run()
        except DrafterFailed as error:
            error.tokens = spent.tokens
            raise
        if not any(sentences for name, sentences in rounds.grounded.parts.items() if name != Section.UNKNOWNS.value):
            raise DrafterFailed("nothing the model wrote is in the record", tokens=spent.tokens)
        return situation, rounds, self._account(rounds, spent, version_of(what, instructions))

    def _account(self, rounds: Rounds, spent: Spent, prompt: str) -> DrafterAccount:
        return DrafterAccount(
            name="model",
            model=self._model,
            input_tokens=spent.input_tokens,
            output_tokens=spent.output_tokens,
            note=_note(rounds),
            prompt=prompt,
            evidence_ids=rounds.fenced.entry_ids,
            passed=rounds.passed,
            repaired=rounds.repaired,
            dropped=rounds.dropped,
            estimated_tokens=spent.estimated,
        )

    async def _ask(self, spent: Spent, instructions: str, evidence: str, names: Sequence[str]) -> Answer:
        wanted = Wanted("draft", schema(names), partial(read_answer, names=names))
        return await self._asked(spent, instructions, evidence, wanted)

    async def _asked(self, spent: Spent, instructions: str, evidence: str, wanted: Wanted[Read]) -> Read:
        """Ask within the time that is left, once more after a fault that may pass. Raises DrafterFailed."""
        messages = [{"role": "system", "content": instructions}, {"role": "user", "content": evidence}]
        tries = 0
        while True:
            guess = spent.asked(messages)
            try:
                async with asyncio.timeout_at(spent.until):
                    completion = await self._completion(messages, wanted)
                spent.answered(completion, guess)
                return wanted.read(completion)
            except _faults() as error:
                told = failed(error)
            tries += 1
            if tries > 1 or not worth_another_try(told):
                raise told
            await asyncio.sleep(told.wait_seconds or _PAUSE_SECONDS)

    async def _completion(self, messages: Sequence[dict[str, str]], wanted: Wanted[Read]) -> Any:
        """Ask for the strictest shape that the server takes; what it refused once is not tried again."""
        import openai

        while True:
            try:
                return await self._connected().chat.completions.create(
                    model=self._model,
                    messages=messages,  # type: ignore[arg-type]
                    **_format(_SHAPES[self._shape], wanted),
                )
            except (openai.BadRequestError, openai.UnprocessableEntityError):
                if self._shape + 1 == len(_SHAPES):
                    raise
                self._shape += 1

    def _connected(self) -> AsyncOpenAI:
        if self._client is None:
            from openai import AsyncOpenAI

            self._client = AsyncOpenAI(
                api_key=self._api_key or "unused",
                base_url=self._base_url,
                timeout=self._timeout_seconds,
                max_retries=0,
            )
        return self._client


def _faults() -> tuple[type[Exception], ...]:
    import openai

    return openai.OpenAIError, TimeoutError, *_READABLE_FAULTS


def _format(shape: str, wanted: Wanted[Read]) -> dict[str, Any]:
    if shape == "json_schema":
        told = {"name": wanted.name, "strict": True, "schema": wanted.schema}
        return {"response_format": {"type": "json_schema", "json_schema": told}}
    return {"response_format": {"type": "json_object"}} if shape == "json_object" else {}


def _note(rounds: Rounds) -> str:
    notes = []
    if dropped := len(rounds.dropped):
        some = "sentence was" if dropped == 1 else "sentences were"
        notes.append(f"{dropped} {some} left out because the record does not carry what the model wrote.")
    if rounds.fenced.left_out:
        notes.append(f"The model did not see the {rounds.fenced.left_out} least weighty entries.")
    return " ".join(notes)
