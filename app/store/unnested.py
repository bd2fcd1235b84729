"""Many rows in one INSERT on PostgreSQL: a few arrays, since its driver is slow with thousands of parameters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import DateTime, Table, Text, bindparam, cast, func, select
from sqlalchemy.dialects.postgresql import ARRAY, Insert, insert
from sqlalchemy.types import TypeDecorator, TypeEngine

from app.domain.columns import UTCDateTime


def insert_of_arrays(table: Table, names: Sequence[str], constants: Mapping[str, Any]) -> Insert:
    """An INSERT into the columns `names` from one array each, and of the same `constants` into every row."""
    arrays = [bindparam(name, type_=ARRAY(_plain(table.c[name].type))) for name in names]
    given = func.unnest(*arrays).table_valued(*names).render_derived(name="given")
    same = (cast(value, table.c[name].type) for name, value in constants.items())
    chosen = select(*(given.c[name] for name in names), *same)
    return insert(table).from_select([*names, *constants], chosen)


def as_arrays(rows: Sequence[Mapping[str, Any]], names: Sequence[str]) -> Mapping[str, Sequence[Any]]:
    """The rows' values column by column, as that statement takes them."""
    return {name: [row[name] for row in rows] for name in names}


def _plain(kind: TypeEngine[Any]) -> TypeEngine[Any]:
    """The type without what Python does about it: the values are aware instants and texts already."""
    if isinstance(kind, UTCDateTime):
        return DateTime(timezone=True)
    return Text() if isinstance(kind, TypeDecorator) else kind
