"""All tables: importing this module registers every record with the metadata that migrations compare."""

from __future__ import annotations

import importlib
import pkgutil

from sqlmodel import Field, SQLModel

from app import domain

for _module in pkgutil.iter_modules(domain.__path__):
    importlib.import_module(f"{domain.__name__}.{_module.name}")


class IncidentCounter(SQLModel, table=True):
    """The last incident number that a workspace has given out."""

    __tablename__ = "incident_counter"

    team: str = Field(primary_key=True, max_length=32)
    last: int


METADATA = SQLModel.metadata
