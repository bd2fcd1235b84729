"""What every set of questions shares: the session, and the few statements that SQLModel has no words for."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any, TypeVar

from sqlalchemy import Executable, inspect
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import SQLModel
from sqlmodel.sql.expression import SelectOfScalar

from app.domain.errors import Conflict

Record = TypeVar("Record", bound=SQLModel)
Scalar = TypeVar("Scalar")
Insert = postgresql.Insert | sqlite.Insert

FASTER = "Somebody else was faster, and nothing was changed. Look at how things stand now, then try again."


class Questions:
    """Questions asked in one transaction; `writing` says whether it may write."""

    def __init__(self, session: AsyncSession, *, writing: bool) -> None:
        self._session = session
        self._writing = writing

    async def _all(self, question: SelectOfScalar[Scalar]) -> Sequence[Scalar]:
        return (await self._session.scalars(question)).all()

    async def _first(self, question: SelectOfScalar[Scalar]) -> Scalar | None:
        return (await self._session.scalars(question.limit(1))).first()

    async def _run(self, statement: Executable) -> Any:
        return await self._session.execute(statement)

    def _insert(self, kind: type[SQLModel]) -> Insert:
        """An INSERT that knows ON CONFLICT, in the database's own words."""
        if self._session.get_bind().dialect.name == "postgresql":
            return postgresql.insert(kind)
        return sqlite.insert(kind)

    def _held(self, question: SelectOfScalar[Record]) -> SelectOfScalar[Record]:
        """The question, with the rows fresh and locked against other writers until the transaction ends.

        A plain read where nothing may be written. SQLite has one writer at a time and needs no lock.
        """
        if not self._writing:
            return question
        # NO KEY: rows that merely refer to a locked one may still be added.
        return question.with_for_update(key_share=True).execution_options(populate_existing=True)

    @asynccontextmanager
    async def _savepoint(self) -> AsyncIterator[None]:
        savepoint = await self._session.run_sync(lambda session: session.begin_nested())
        try:
            async with refusals_as_conflicts(), AsyncExitStack() as stack:
                stack.push_async_exit(lambda *raised: self._session.run_sync(lambda _: savepoint.__exit__(*raised)))
                yield
        finally:
            await self._reload_undone()

    async def _reload_undone(self) -> None:
        """Read again the records whose changes were undone: later, outside the database's turn, it can't be done."""
        if not self._session.is_active:
            return
        for record in list(self._session.identity_map.values()):
            if inspect(record).expired:
                await self._session.refresh(record)


@asynccontextmanager
async def refusals_as_conflicts() -> AsyncIterator[None]:
    """Turn a unique index's refusal into Conflict; other faults of integrity stay what they are."""
    try:
        yield
    except IntegrityError as error:
        if _is_duplicate(error):
            raise Conflict(FASTER) from error
        raise


def _is_duplicate(error: IntegrityError) -> bool:
    cause = error.orig
    if getattr(cause, "sqlstate", None) == "23505":
        return True
    return getattr(cause, "sqlite_errorname", "") in {"SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY"}
