"""The store: records in SQLite or PostgreSQL, and the migrations of their tables."""

from app.store.schema import SchemaState, migrate, schema_state
from app.store.sql_store import SqlStore

__all__ = ["SchemaState", "SqlStore", "migrate", "schema_state"]
