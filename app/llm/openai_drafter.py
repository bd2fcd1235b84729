"""The drafter that asks a model over the OpenAI API and keeps of its answer only what the record carries."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import structlog

from app.domain.postmortem import Part
from app.domain.status_update import Section
from app.drafting.acts import spoken
from app.drafting.fencing import Fenced, fence
from app.drafting.grounding import Grounded, ground
from app.drafting.prompts import postmortem_instructions, schema, update_instructions
from app.drafting.situation import Situation, understand
from app.drafting.unknowns import unlisted
from app.drafting.update import WORDS
from app.llm.answers import Answer, read_answer
from app.llm.faults import failed
from app.ports.drafter import Draft, DrafterAccount, DrafterFailed, Evidence, PostmortemDraft, Sentence

if TYPE_CHECKING:
    from openai import AsyncOpenAI

log = structlog.get_logger(__name__)

_TIMEOUT_SECONDS = 30.0
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
        situation = await asyncio.to_thread(_understood, evidence)
        instructions = update_instructions(evidence.audience, self._words)
        open_parts = frozenset({Section.TESTING.value, Section.UNKNOWNS.value})
        grounded, account = await self._drafted(
            situation, instructions, [section.value for section in Section], open_parts
        )
        sections = {section: list(grounded.parts.get(section.value, ())) for section in Section}
        if not any(sections[section] for section in Section if section is not Section.UNKNOWNS):
            raise DrafterFailed("nothing the model wrote is in the record")
        sections[Section.UNKNOWNS] += unlisted(situation, sections[Section.UNKNOWNS])
        return Draft(sections, account)

    async def draft_postmortem(self, evidence: Evidence) -> PostmortemDraft:
        situation = await asyncio.to_thread(_understood, evidence)
        names = [part.value for part in Part]
        grounded, account = await self._drafted(situation, postmortem_instructions(), names, frozenset())
        parts = {part: list(grounded.parts.get(part.value, ())) for part in Part}
        if not any(parts.values()):
            raise DrafterFailed("nothing the model wrote is in the record")
        return PostmortemDraft(parts, account)

    async def close(self) -> None:
        """Close the connections; the drafter may be used again."""
        client, self._client = self._client, None
        if client is not None:
            await client.close()

    async def _drafted(
        self, situation: Situation, instructions: str, names: list[str], open_parts: frozenset[str]
    ) -> tuple[Grounded, DrafterAccount]:
        fenced = await asyncio.to_thread(fence, situation.evidence, situation, secrets.token_hex(12))
        answer = await self._answer(instructions, fenced, names)
        grounded = await asyncio.to_thread(ground, _sentences(answer), situation, open_parts=open_parts)
        log.info("model_drafted", kept=grounded.kept, dropped=grounded.dropped, left_out=fenced.left_out)
        return grounded, DrafterAccount(
            "model", self._model, answer.input_tokens, answer.output_tokens, _note(grounded, fenced)
        )

    async def _answer(self, instructions: str, fenced: Fenced, names: list[str]) -> Answer:
        try:
            async with asyncio.timeout(self._timeout_seconds):
                return await self._ask(instructions, fenced.text, names)
        except TimeoutError as error:
            raise failed(error) from error

    async def _ask(self, instructions: str, evidence: str, names: list[str]) -> Answer:
        """Ask for the strictest shape that the server takes; what it refused once is not tried again."""
        import openai

        messages = [{"role": "system", "content": instructions}, {"role": "user", "content": evidence}]
        while True:
            try:
                completion = await self._connected().chat.completions.create(
                    model=self._model,
                    messages=messages,  # type: ignore[arg-type]
                    **_format(_SHAPES[self._shape], names),
                )
                return read_answer(completion, names)
            except (openai.BadRequestError, openai.UnprocessableEntityError) as error:
                if self._shape + 1 == len(_SHAPES):
                    raise failed(error) from error
                self._shape += 1
            except (openai.OpenAIError, *_READABLE_FAULTS) as error:
                raise failed(error) from error

    def _connected(self) -> AsyncOpenAI:
        if self._client is None:
            from openai import AsyncOpenAI

            self._client = AsyncOpenAI(
                api_key=self._api_key or "unused",
                base_url=self._base_url,
                timeout=self._timeout_seconds,
                max_retries=1,
            )
        return self._client


def _format(shape: str, names: list[str]) -> dict[str, Any]:
    if shape == "json_schema":
        wanted = {"name": "draft", "strict": True, "schema": schema(names)}
        return {"response_format": {"type": "json_schema", "json_schema": wanted}}
    return {"response_format": {"type": "json_object"}} if shape == "json_object" else {}


def _sentences(answer: Answer) -> Mapping[str, Sequence[Sentence]]:
    return {
        name: [Sentence(line.text, tuple(line.citations)) for line in lines] for name, lines in answer.sections.items()
    }


def _note(grounded: Grounded, fenced: Fenced) -> str:
    notes = []
    if grounded.dropped:
        some = "sentence was" if grounded.dropped == 1 else "sentences were"
        notes.append(f"{grounded.dropped} {some} left out because the record does not carry what the model wrote.")
    if fenced.left_out:
        notes.append(f"The model did not see the {fenced.left_out} least weighty entries.")
    return " ".join(notes)
