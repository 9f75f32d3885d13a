"""The unit of work: one update's share of a database transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Executable, Row, Table, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncTransaction

Params = Mapping[str, Any] | Sequence[Mapping[str, Any]]

NOTES = "notes"

# So many new rows make PostgreSQL's figures about a table wrong enough to choose another plan: claiming from
# a table that it believes to be empty was 25 times as slow.
MANY_ROWS = 1000


@dataclass(frozen=True, slots=True)
class Note:
    """Word for others in this process: something of the kind `about` was written, to happen `at` a moment."""

    about: str
    at: datetime


class Work:
    """Reads and writes of one deed for one bot, at one moment.

    Several works may share a transaction: each opens a savepoint before its first
    write, so that one that fails is undone alone.
    """

    __slots__ = ("_connection", "_savepoint", "_shared", "bot", "now")

    def __init__(self, connection: AsyncConnection, bot: int, now: datetime, *, shared: bool = False) -> None:
        self._connection = connection
        self._shared = shared
        self._savepoint: AsyncTransaction | None = None
        self.bot = bot
        self.now = now

    @property
    def dialect(self) -> str:
        """`sqlite` or `postgresql`."""
        return self._connection.dialect.name

    def apart(self) -> Work:
        """Another work in the same transaction, at the same moment, that can be undone alone."""
        return Work(self._connection, self.bot, self.now, shared=True)

    async def fetch(self, statement: Executable, params: Params | None = None) -> Sequence[Row[Any]]:
        """All rows of a SELECT."""
        result = await self._connection.execute(statement, params)
        return result.fetchall()

    async def first(self, statement: Executable, params: Params | None = None) -> Row[Any] | None:
        """The first row of a SELECT, or None."""
        result = await self._connection.execute(statement, params)
        return result.first()

    async def execute(self, statement: Executable, params: Params | None = None) -> int:
        """Carry out a write; gives the number of rows it touched."""
        await self._guard()
        result = await self._connection.execute(statement, _alone(params))
        return result.rowcount

    async def write(self, statement: Executable, params: Params | None = None) -> Sequence[Row[Any]]:
        """Carry out a write that RETURNs rows."""
        await self._guard()
        result = await self._connection.execute(statement, _alone(params))
        return result.fetchall()

    async def grown(self, table: Table, rows: int = MANY_ROWS) -> None:
        """So many rows were just added: PostgreSQL is to look at the table anew if they are many."""
        if rows >= MANY_ROWS and self.dialect == "postgresql":
            await self._connection.execute(text(f"ANALYZE {table.name}"))

    def note(self, about: str, at: datetime) -> None:
        """Leave word for whoever listens to the database in this process; it goes out after the commit."""
        self._connection.info[NOTES].append(Note(about, at))

    async def keep(self) -> None:
        """The deed succeeded: its writes go with the transaction."""
        if self._savepoint is not None:
            await self._savepoint.commit()
            self._savepoint = None

    async def undo(self) -> None:
        """The deed failed: its writes are taken back, those of others stay."""
        if self._savepoint is not None:
            await self._savepoint.rollback()
            self._savepoint = None

    async def _guard(self) -> None:
        if self._shared and self._savepoint is None:
            self._savepoint = await self._connection.begin_nested()


def _alone(params: Params | None) -> Params | None:
    """A list of one without its list: lists take a longer way, twice as long for a single row."""
    return params[0] if isinstance(params, list) and len(params) == 1 else params
