"""SQLite in the event loop's own thread: what it gives, and that nobody waits for what takes time."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from bot.store import at_hand
from bot.store.database import Database, sqlite_url
from tests.conftest import NOW

# Some seconds of counting, were nobody to break it off.
LONG_READING = sa.text(
    "SELECT count(*) AS n FROM numbers a, numbers b, numbers c, numbers d, numbers e, numbers f, numbers g"
)
MANY = at_hand.FEW_ROWS + 1


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Of the file."""
    return tmp_path / "numbers.sqlite"


@pytest.fixture
async def opened(path: Path) -> AsyncIterator[Database]:
    """A file with one table of three numbers."""
    database = Database(sqlite_url(path))
    async with database.transaction() as connection:
        await connection.exec_driver_sql("CREATE TABLE numbers (n INTEGER PRIMARY KEY)")
        await connection.exec_driver_sql("INSERT INTO numbers VALUES (?)", [(1,), (2,), (3,)])
    yield database
    await database.close()


@pytest.fixture
def threads(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """For each statement: whether it ran in the loop's own thread."""
    here, seen = threading.get_ident(), list[bool]()
    run = at_hand.Cursor._run

    def noting(cursor: at_hand.Cursor, *arguments: Any) -> None:
        seen.append(threading.get_ident() == here)
        run(cursor, *arguments)

    monkeypatch.setattr(at_hand.Cursor, "_run", noting)
    return seen


async def test_rows_counts_and_returned_values(opened: Database) -> None:
    async with opened.transaction() as connection:
        rows = await connection.execute(sa.text("SELECT n FROM numbers ORDER BY n"))
        assert [row.n for row in rows] == [1, 2, 3]
        changed = await connection.execute(sa.text("UPDATE numbers SET n = n + 10 WHERE n > 1"))
        assert changed.rowcount == 2
        returned = await connection.execute(sa.text("INSERT INTO numbers VALUES (7) RETURNING n"))
        assert returned.scalar_one() == 7


async def test_rows_are_given_in_pieces_too(opened: Database) -> None:
    async with opened.transaction() as connection:
        result = await connection.execute(sa.text("SELECT n FROM numbers ORDER BY n"))
        assert result.fetchmany(2) == [(1,), (2,)]
        assert result.fetchone() == (3,)
        assert result.fetchone() is None


async def test_an_error_is_the_drivers_and_leaves_the_connection_sound(opened: Database) -> None:
    with pytest.raises(sa.exc.IntegrityError):
        async with opened.transaction() as connection:
            await connection.exec_driver_sql("INSERT INTO numbers VALUES (1)")
    assert await _count(opened) == 3


async def _count(database: Database) -> int:
    async with database.transaction() as connection:
        return int(await connection.scalar(sa.text("SELECT count(*) FROM numbers")) or 0)


async def test_a_statement_is_run_where_it_is(opened: Database, threads: list[bool]) -> None:
    await _count(opened)
    assert threads == [True, True]


async def test_reading_that_takes_long_goes_on_in_a_thread_and_undoes_nothing(
    opened: Database, threads: list[bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(at_hand, "BLINK_SECONDS", 0)
    async with opened.transaction() as connection:
        await connection.exec_driver_sql("INSERT INTO numbers VALUES (4), (5), (6), (7)")
        counted = await connection.execute(LONG_READING)
        assert counted.scalar_one() == 7**7
    assert threads == [True, True, True, False]
    assert await _count(opened) == 7


async def test_many_rows_and_all_after_them_are_written_in_a_thread(
    opened: Database, threads: list[bool]
) -> None:
    async with opened.transaction() as connection:
        rows = [(number,) for number in range(10, 10 + MANY)]
        await connection.exec_driver_sql("INSERT INTO numbers VALUES (?)", rows)
        await connection.exec_driver_sql("UPDATE numbers SET n = -n")
    assert threads == [True, False, False]
    threads.clear()
    assert await _count(opened) == 3 + MANY
    assert threads == [True, True]


async def test_others_go_on_while_another_process_writes(opened: Database, path: Path) -> None:
    """An import holds the lock: who wants to write waits for it, and nobody else does."""
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    waiting = asyncio.create_task(_count(opened))
    for _ in range(10):
        await asyncio.sleep(0)
    assert not waiting.done()
    other.execute("COMMIT")
    other.close()
    assert await waiting == 3


async def test_whoever_is_cancelled_leaves_the_connection_to_nobody_else(
    opened: Database, threads: list[bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The thread is broken off and waited for: the next transaction finds the connection free."""
    monkeypatch.setattr(at_hand, "BLINK_SECONDS", 0)
    async with opened.transaction() as connection:
        await connection.exec_driver_sql("INSERT INTO numbers VALUES (?)", [(n,) for n in range(4, 40)])

    async def read() -> None:
        async with opened.transaction() as connection:
            await connection.execute(LONG_READING)

    reading = asyncio.create_task(read())
    while False not in threads:  # noqa: ASYNC110 - a thread tells
        await asyncio.sleep(0)
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    assert await _count(opened) == 39


async def test_the_log_is_moved_into_the_file_before_it_grows_large(
    opened: Database, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(at_hand, "LOG_BYTES", 0)
    log = path.with_name(f"{path.name}-wal")
    for number in range(at_hand.COMMITS_PER_LOOK):
        async with opened.transaction() as connection:
            await connection.exec_driver_sql("INSERT INTO numbers VALUES (?)", (100 + number,))
        if log.stat().st_size == 0:
            break
    assert log.stat().st_size == 0
    assert await _count(opened) > 3


async def test_a_work_that_takes_time_holds_nobody_up(opened: Database, threads: list[bool]) -> None:
    async with opened.work(1, NOW) as work:
        await work.take_time()
        await work.execute(sa.text("DELETE FROM numbers"))
    await _count(opened)
    assert threads == [True, False, True, True]
