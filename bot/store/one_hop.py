"""aiosqlite with one trip to its thread for each statement instead of four.

aiosqlite makes a cursor, runs the statement, fetches and closes in its connection's thread, one trip each;
the trips cost more than SQLite does. Here a statement is run and its rows are fetched together.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Any

import aiosqlite

Done = tuple[Any, int, int | None, list[Any]]
"""What became of a statement: description, row count, last row id, rows."""


class OneHopCursor:
    """The part of aiosqlite's cursor that SQLAlchemy uses: rows are fetched with their statement."""

    def __init__(self, connection: OneHopConnection) -> None:
        self._connection = connection
        self._rows: list[Any] = []
        self.description: Any = None
        self.rowcount = -1
        self.lastrowid: int | None = None
        self.arraysize = 1

    async def __aenter__(self) -> OneHopCursor:
        """Nothing has to be made beforehand."""
        return self

    async def execute(self, statement: str, parameters: Sequence[Any] = ()) -> OneHopCursor:
        """Run a statement, and fetch what it gives."""
        return await self._run("execute", statement, parameters)

    async def executemany(self, statement: str, parameters: Sequence[Sequence[Any]]) -> OneHopCursor:
        """Run a statement once for each set of parameters."""
        return await self._run("executemany", statement, parameters)

    async def fetchall(self) -> list[Any]:
        """The rows, once."""
        rows, self._rows = self._rows, []
        return rows

    async def close(self) -> None:
        """Nothing is held."""
        self._rows = []

    async def _run(self, how: str, statement: str, parameters: Sequence[Any]) -> OneHopCursor:
        done = await self._connection.at_once(how, statement, parameters)
        self.description, self.rowcount, self.lastrowid, self._rows = done
        return self


class OneHopConnection(aiosqlite.Connection):
    """A connection whose cursors need one trip a statement."""

    def cursor(self) -> OneHopCursor:  # type: ignore[override]  # no trip to make one
        """A cursor, made without asking the thread."""
        return OneHopCursor(self)

    async def at_once(self, how: str, statement: str, parameters: Sequence[Any]) -> Done:
        """Run a statement in the connection's thread, and fetch what it gives."""

        def run() -> Done:
            cursor = self._conn.cursor()
            try:
                getattr(cursor, how)(statement, parameters)
                rows = cursor.fetchall() if cursor.description else []
                return cursor.description, cursor.rowcount, cursor.lastrowid, rows
            finally:
                cursor.close()

        done: Done = await self._execute(run)  # type: ignore[no-untyped-call]
        return done


def connect(database: str, **options: Any) -> OneHopConnection:
    """Open a file as `aiosqlite.connect` does; its thread does not keep the process from ending."""
    connection = OneHopConnection(lambda: sqlite3.connect(database, **options), iter_chunk_size=64)
    connection._thread.daemon = True
    return connection
