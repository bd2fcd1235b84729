"""Column types shared by the records: aware UTC instants, JSON documents, enumerations kept as text."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, DateTime, Enum
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine


class UTCDateTime(TypeDecorator[datetime]):
    """An instant that is aware and UTC on both sides of the database.

    Raises ValueError when given a naive datetime.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"naive datetime refused: {value!r}")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def json_type() -> TypeEngine[Any]:
    """The JSON column type: JSONB on PostgreSQL, JSON text elsewhere. Replace values, never mutate them."""
    return JSON().with_variant(JSONB(), "postgresql")


def text_enum(kind: type[StrEnum]) -> Enum:
    """A column type that stores the enumeration's value as text of at most 32 characters, without a CHECK."""
    return Enum(kind, native_enum=False, length=32, create_constraint=False, values_callable=_values)


def _values(kind: type[StrEnum]) -> list[str]:
    return [member.value for member in kind]


def instant(value: datetime) -> str:
    """The instant as ISO 8601 UTC with `Z`, to the second, or to the microsecond where it has a fraction."""
    text = value.astimezone(UTC).isoformat(timespec="microseconds" if value.microsecond else "seconds")
    return text.replace("+00:00", "Z")


JsonDict = Mapping[str, Any]
