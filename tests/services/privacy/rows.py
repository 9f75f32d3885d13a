"""Rows for every table, made up from its columns, each value unlike any other: for two people side by side.

A new table needs nothing here, unless it names people in a way of its own.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import orjson
import sqlalchemy as sa

from bot.services.privacy.holdings import Whom
from bot.services.privacy.register import REGISTER
from bot.store.database import Database
from bot.store.sealing import Sealed, SealedBytes, SealedJson
from bot.store.types import Moment

EPOCH = datetime(2026, 5, 1, tzinfo=UTC)

Row = dict[str, Any]


class Maker:
    """Makes rows that are about one person, and one row of every table that is about nobody."""

    def __init__(self, whom: Whom, first: int) -> None:
        self.whom = whom
        self._first = first
        self._numbers = itertools.count(first + 100)
        # In a table that is about people by way of another, by the name of the column.
        self._shared = {"appeal": first + 1, "appeals.id": first + 1}

    def all(self) -> Iterator[tuple[sa.Table, Row]]:
        """A row for each table."""
        for holding in REGISTER:
            yield holding.table, {column.name: self._value(column) for column in holding.table.c}

    def _value(self, column: sa.Column[Any]) -> Any:
        place = f"{column.table.name}.{column.name}"
        special = self._special(place, column.name)
        if special is not None:
            return special
        return self._any(column.type, next(self._numbers), self._names(column))

    def _special(self, place: str, name: str) -> Any:
        whom = self.whom
        if name == "bot":
            return whom.bot
        told = {
            "people.id": whom.person,
            "people.account": whom.account,
            "outbox.chat": whom.account,
            "paces.chat": whom.account,
            "due.whose": f"person:{whom.person}",
            "audit.entry": orjson.dumps({"actor": whom.person, "event": f"e{self._first}"}).decode(),
        }
        return told.get(place) or self._shared.get(place) or self._shared.get(name)

    def _names(self, column: sa.Column[Any]) -> bool:
        """Whether the column says whose row it is."""
        holding = next(one for one in REGISTER if one.table is column.table)
        return column.name in holding.names

    def _any(self, kind: Any, number: int, is_theirs: bool) -> Any:
        if isinstance(kind, SealedBytes | sa.LargeBinary):
            return f"canary{number}".encode()
        if isinstance(kind, SealedJson | sa.JSON):
            return [f"canary{number}"]
        if isinstance(kind, Sealed | sa.String):
            return f"canary{number}"[-(getattr(kind, "length", None) or 99) :]
        if isinstance(kind, Moment):
            return EPOCH + timedelta(seconds=number)
        if isinstance(kind, sa.DateTime):
            return datetime(2026, 5, 1) + timedelta(seconds=number)  # noqa: DTZ001 - a wall time
        if isinstance(kind, sa.Date):
            return date(2026, 5, 1) + timedelta(days=number % 1000)
        if isinstance(kind, sa.Boolean):
            return True
        if isinstance(kind, sa.BigInteger) and is_theirs:
            return self.whom.person
        return float(number) if isinstance(kind, sa.Float) else number


async def fill(database: Database, whom: Whom, first: int) -> list[tuple[sa.Table, Row]]:
    """Put a person's rows into every table."""
    made = list(Maker(whom, first).all())
    async with database.work(whom.bot, EPOCH) as work:
        for table, row in made:
            await work.execute(sa.insert(table), row)
    return made


async def everything(database: Database, bot: int) -> dict[str, list[Row]]:
    """All rows of all tables."""
    async with database.work(bot, EPOCH) as work:
        return {
            holding.table.name: [dict(row._mapping) for row in await work.fetch(sa.select(holding.table))]
            for holding in REGISTER
        }
