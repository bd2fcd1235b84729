"""How Alembic runs the migrations: within the transaction that it is given, on either database."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext

from app.domain.columns import UTCDateTime
from app.store.queue_schema import is_ours
from app.store.tables import METADATA


def plain_type(kind: str, value: Any, _: AutogenContext) -> str | Literal[False]:
    """Name the types of the records in SQLAlchemy's own words, so that old migrations need none of our code."""
    if kind != "type":
        return False
    if isinstance(value, UTCDateTime):
        return "sa.DateTime(timezone=True)"
    match type(value).__name__:
        case "AutoString":
            return f"sa.String(length={value.length})" if value.length else "sa.String()"
        case "Enum":
            return f"sa.String(length={value.length})"
        case "JSON":
            return 'sa.JSON().with_variant(JSONB(), "postgresql")'
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    render_as_batch=True,
    render_item=plain_type,
    include_name=lambda name, kind, _: is_ours(name, kind),
    compare_type=True,
    transactional_ddl=True,
)
context.run_migrations()
