"""Units of work: alone, and several in one transaction."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.store.database import Database, sqlite_url
from bot.store.migrations import upgrade
from bot.store.tables import conversations, updates
from bot.store.work import Work
from tests.conftest import BOT


async def _take(work: Work, number: int) -> None:
    await work.execute(sa.insert(updates), {"bot": work.bot, "update_id": number, "taken_at": work.now})


async def _taken(database: Database, now: datetime) -> list[int]:
    async with database.work(BOT, now) as work:
        rows = await work.fetch(sa.select(updates.c.update_id).order_by(updates.c.update_id))
    return [row.update_id for row in rows]


async def test_an_error_takes_the_whole_work_back(database: Database, now: datetime) -> None:
    with pytest.raises(RuntimeError):
        async with database.work(BOT, now) as work:
            await _take(work, 1)
            raise RuntimeError
    assert await _taken(database, now) == []


async def test_one_of_several_works_is_undone_alone(database: Database, now: datetime) -> None:
    async with database.transaction() as connection:
        for number in (1, 2, 3):
            work = Work(connection, BOT, now, shared=True)
            await _take(work, number)
            await (work.undo() if number == 2 else work.keep())
    assert await _taken(database, now) == [1, 3]


async def test_a_broken_statement_leaves_the_neighbours_whole(database: Database, now: datetime) -> None:
    async with database.transaction() as connection:
        first, second, third = (Work(connection, BOT, now, shared=True) for _ in range(3))
        await _take(first, 1)
        await first.keep()
        with pytest.raises(sa.exc.IntegrityError):
            await _take(second, 1)
        await second.undo()
        await _take(third, 3)
        await third.keep()
    assert await _taken(database, now) == [1, 3]


async def test_moments_come_back_in_utc(database: Database, now: datetime) -> None:
    shanghai = now.astimezone(timezone(timedelta(hours=8)))
    async with database.work(BOT, shanghai) as work:
        await _take(work, 1)
    async with database.work(BOT, now) as work:
        row = await work.first(sa.select(updates.c.taken_at))
    assert row is not None
    assert row.taken_at == now
    assert row.taken_at.utcoffset() == timedelta(0)


async def test_a_naive_moment_is_refused(database: Database, now: datetime) -> None:
    with pytest.raises(sa.exc.StatementError, match="time zone"):
        async with database.work(BOT, now.replace(tzinfo=None)) as work:
            await _take(work, 1)


async def test_a_number_is_never_given_away_twice(database: Database, now: datetime) -> None:
    """An old button names its conversation by number: a reused one would open somebody else's."""
    values = {"bot": BOT, "chat": 1, "person": 1, "dialog": "x", "journal": {}, "touched_at": now}
    numbers = []
    for _ in range(2):
        async with database.work(BOT, now) as work:
            (row,) = await work.write(sa.insert(conversations).returning(conversations.c.id), values)
            numbers.append(row.id)
            await work.execute(sa.delete(conversations))
    assert numbers[0] < numbers[1]


async def test_a_journal_keeps_its_order(database: Database, now: datetime) -> None:
    journal = {"z": 1, "a": 2, "m": 3}
    values = {"bot": BOT, "chat": 1, "person": 1, "dialog": "x", "journal": journal, "touched_at": now}
    async with database.work(BOT, now) as work:
        await work.execute(sa.insert(conversations), values)
        row = await work.first(sa.select(conversations.c.journal))
    assert row is not None
    assert list(row.journal) == ["z", "a", "m"]


async def test_the_folder_of_a_file_is_made(tmp_path: Path) -> None:
    """`wayside run` in a fresh clone: there is no data/ yet."""
    database = Database(sqlite_url(tmp_path / "new" / "folder" / "wayside.sqlite"))
    await upgrade(database)
    await database.close()
