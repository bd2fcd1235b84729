"""The file of a SQLite database, which an open connection outlives."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import URL

from app.store.url import is_sqlite, sqlite_file


class DatabaseFile:
    """Notices when the file that was first seen is there no more; there is nothing to notice on PostgreSQL.

    Connections go on working on a file that was deleted or replaced, and what they write is lost.
    """

    def __init__(self, url: URL) -> None:
        self._path: Path | None = sqlite_file(url).absolute() if is_sqlite(url) else None
        self._first: tuple[int, int] | None = None

    def check(self) -> None:
        """Raises FileNotFoundError when the file is gone, or another one has its name."""
        if self._path is None:
            return
        found = self._path.stat()
        self._first = self._first or (found.st_dev, found.st_ino)
        if (found.st_dev, found.st_ino) != self._first:
            raise FileNotFoundError("another file has its name")
