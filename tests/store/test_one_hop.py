"""A statement's single trip gives what aiosqlite's four would."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.store.database import Database, sqlite_url


@pytest.fixture
async def opened(tmp_path: Path) -> Database:
    """A file with one table of three numbers."""
    database = Database(sqlite_url(tmp_path / "numbers.sqlite"))
    async with database.transaction() as connection:
        await connection.exec_driver_sql("CREATE TABLE numbers (n INTEGER PRIMARY KEY)")
        await connection.exec_driver_sql("INSERT INTO numbers VALUES (?)", [(1,), (2,), (3,)])
    return database


async def test_rows_counts_and_returned_values(opened: Database) -> None:
    async with opened.transaction() as connection:
        rows = await connection.execute(sa.text("SELECT n FROM numbers ORDER BY n"))
        assert [row.n for row in rows] == [1, 2, 3]
        changed = await connection.execute(sa.text("UPDATE numbers SET n = n + 10 WHERE n > 1"))
        assert changed.rowcount == 2
        returned = await connection.execute(sa.text("INSERT INTO numbers VALUES (7) RETURNING n"))
        assert returned.scalar_one() == 7
    await opened.close()


async def test_an_error_is_the_drivers_and_leaves_the_connection_sound(opened: Database) -> None:
    with pytest.raises(sa.exc.IntegrityError):
        async with opened.transaction() as connection:
            await connection.exec_driver_sql("INSERT INTO numbers VALUES (1)")
    async with opened.transaction() as connection:
        count = await connection.scalar(sa.text("SELECT count(*) FROM numbers"))
    assert count == 3
    await opened.close()
