"""A model's answer read and checked, whatever a server may send in place of one."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, TypeAdapter

from app.ports.drafter import DrafterFailed

Read = TypeVar("Read")
_LONGEST = 100_000
_LINES = 60


class Line(BaseModel):
    """One sentence of an answer, as the model gave it."""

    model_config = ConfigDict(extra="ignore", strict=True)

    text: str
    citations: list[int]


@dataclass(frozen=True)
class Wanted(Generic[Read]):
    """The shape of an answer by its name and JSON schema, and how a completion is read as one."""

    name: str
    schema: dict[str, Any]
    read: Callable[[Any], Read]


_LINES_OF = TypeAdapter(list[Line])


@dataclass(frozen=True)
class Answer:
    """The sections of an answer."""

    sections: Mapping[str, Sequence[Line]]


def read_answer(completion: Any, names: Sequence[str]) -> Answer:
    """The answer in `completion`. Raises DrafterFailed for a refusal or a cut answer, ValueError for an unreadable "
    "one."""
    found = object_of(completion, names)
    sections = {name: _LINES_OF.validate_python(found.get(name) or [])[:_LINES] for name in names}
    return Answer(sections)


def object_of(completion: Any, names: Sequence[str]) -> dict[str, Any]:
    """The JSON object of an answer that has any of the names; raises as `read_answer` does."""
    text = _text(completion)
    if len(text) > _LONGEST:
        raise DrafterFailed("the model's answer was far too long")
    found = json.loads(_object_in(text))
    if not isinstance(found, dict) or not any(name in found for name in names):
        raise DrafterFailed("the model's answer had the wrong shape")
    return found


def _text(completion: Any) -> str:
    choices = getattr(completion, "choices", None)
    if not isinstance(choices, list) or not choices:
        raise DrafterFailed("the model's server sent something else than an answer")
    message = getattr(choices[0], "message", None)
    if getattr(message, "refusal", None):
        raise DrafterFailed("the model refused")
    if getattr(choices[0], "finish_reason", None) == "length":
        raise DrafterFailed("the model's answer was cut off")
    if getattr(choices[0], "finish_reason", None) == "content_filter":
        raise DrafterFailed("the model's answer was withheld by its filter")
    text = getattr(message, "content", None)
    if not isinstance(text, str) or not text.strip():
        raise DrafterFailed("the model's answer was empty")
    return text


def _object_in(text: str) -> str:
    """The outermost JSON object in `text`, which may stand in a code block or after some words."""
    bare = re.sub(r"<think>.*?</think>", "", text, flags=re.DOTALL)
    start, end = bare.find("{"), bare.rfind("}")
    return bare[start : end + 1] if 0 <= start < end else bare
