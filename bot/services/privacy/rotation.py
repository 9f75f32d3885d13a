"""Bringing sealed columns under the newest key: in batches, each its own transaction.

What is done is seen in the rows themselves, so it may stop at any moment and go on later.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import sqlalchemy as sa

from bot.store.sealing import MARK, Sealed, SealedBytes, SealedJson
from bot.store.tables import metadata
from bot.store.work import Work

BATCH: Final = 500


def sealed_columns() -> Iterator[sa.Column[Any]]:
    """Every sealed column of every table."""
    for table in metadata.sorted_tables:
        for column in table.c:
            if isinstance(column.type, Sealed | SealedJson | SealedBytes):
                yield column


async def reseal(work: Work, column: sa.Column[Any], newest: str, most: int = BATCH) -> int:
    """Seal up to `most` of a column's values with the newest key; gives how many there were.

    0 means that none is left under another key, or in the clear. Raises CannotOpen where a key is missing.
    """
    table = column.table
    keys = list(table.primary_key.columns)
    of_bot = table.c.bot == work.bot
    chosen = sa.select(*keys, column.label("value")).where(of_bot, _is_stale(column, newest))
    rows = await work.fetch(chosen.order_by(*keys).limit(most).with_for_update())
    if not rows:
        return 0
    same = [key == sa.bindparam(f"key_{key.name}", type_=key.type) for key in keys]
    update = sa.update(table).where(*same).values({column.name: sa.bindparam("value", type_=column.type)})
    values = [
        {**{f"key_{key.name}": row._mapping[key.name] for key in keys}, "value": row.value} for row in rows
    ]
    await work.execute(update, values)
    return len(rows)


def _is_stale(column: sa.Column[Any], newest: str) -> sa.ColumnElement[bool]:
    """Whether a stored value, seen as the database sees it, is not under this key."""
    prefix = f"{MARK}{newest}{MARK}"
    if isinstance(column.type, SealedBytes):
        stored = sa.type_coerce(column, sa.LargeBinary)
        return sa.func.substr(stored, 1, len(prefix), type_=sa.LargeBinary) != prefix.encode()
    if isinstance(column.type, SealedJson):
        return ~sa.cast(sa.type_coerce(column, sa.JSON), sa.Text).startswith(f'"{prefix}')
    return ~sa.type_coerce(column, sa.Text).startswith(prefix)
