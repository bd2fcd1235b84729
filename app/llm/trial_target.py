"""The system under trial, asked over the OpenAI API like its users do."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from app.llm.faults import failed
from app.ports.trial import Reply, TargetFailed

if TYPE_CHECKING:
    from openai import AsyncOpenAI

_TIMEOUT_SECONDS = 60.0
_ANSWER_TOKENS = 1000
_LONGEST = 20_000
_READABLE_FAULTS = (ValueError, TypeError, AttributeError, LookupError, RuntimeError, OSError)


class OpenAITarget:
    """Asks `model` at `base_url`. `api_key` may be None for servers that ask for none."""

    def __init__(
        self, base_url: str, model: str, api_key: str | None = None, timeout_seconds: float = _TIMEOUT_SECONDS
    ) -> None:
        self._base_url = base_url
        self._model = model
        self._api_key = api_key
        self._timeout_seconds = timeout_seconds
        self._client: AsyncOpenAI | None = None

    @property
    def name(self) -> str:
        return self._model

    async def ask(self, prompt: str) -> Reply:
        import openai

        try:
            async with asyncio.timeout(self._timeout_seconds):
                completion = await self._connected().chat.completions.create(
                    model=self._model,
                    messages=[{"role": "user", "content": prompt}],
                    max_completion_tokens=_ANSWER_TOKENS,
                )
            message = completion.choices[0].message
            text = message.content or getattr(message, "refusal", None) or ""
            usage = completion.usage
            tokens = usage.total_tokens if usage else (len(prompt) + len(text)) // 4
            return Reply(text[:_LONGEST], max(1, tokens))
        except (TimeoutError, openai.OpenAIError, *_READABLE_FAULTS) as error:
            raise TargetFailed(str(failed(error))) from error

    async def close(self) -> None:
        """Close the connections; the target may be asked again."""
        client, self._client = self._client, None
        if client is not None:
            await client.close()

    def _connected(self) -> AsyncOpenAI:
        if self._client is None:
            from openai import AsyncOpenAI

            self._client = AsyncOpenAI(
                api_key=self._api_key or "unused",
                base_url=self._base_url,
                timeout=self._timeout_seconds,
                max_retries=2,
            )
        return self._client
