"""What the product remembers of a Slack user: a name to read in drafts and exports."""

from __future__ import annotations

from sqlmodel import Field, SQLModel


class Person(SQLModel, table=True):
    """One user or bot of a workspace as last seen."""

    team: str = Field(primary_key=True, max_length=32)
    user: str = Field(primary_key=True, max_length=32)
    name: str = Field(max_length=200)
    is_bot: bool = False
