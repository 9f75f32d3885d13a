"""The database as one process sees it: word of what was written goes round after the commit."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from bot.store.common_time import CommonTime
from bot.store.database import Database
from bot.store.work import Note, Work
from tests.conftest import BOT


async def test_a_note_goes_out_after_the_commit(database: Database, now: datetime) -> None:
    heard: list[Note] = []
    database.listen(heard.append)
    async with database.work(BOT, now) as work:
        work.note("due", now)
        assert heard == []
    assert heard == [Note("due", now)]
    async with database.work(BOT, now):
        pass
    assert heard == [Note("due", now)]


async def test_what_was_taken_back_is_not_told(database: Database, now: datetime) -> None:
    heard: list[Note] = []
    database.listen(heard.append)
    with pytest.raises(RuntimeError):
        async with database.work(BOT, now) as work:
            work.note("due", now)
            raise RuntimeError
    async with database.work(BOT, now):
        pass
    assert heard == []


async def test_notes_of_works_that_share_a_transaction(database: Database, now: datetime) -> None:
    heard: list[Note] = []
    database.listen(heard.append)
    async with database.transaction() as connection:
        for about in ("one", "two"):
            Work(connection, BOT, now, shared=True).note(about, now)
    assert [note.about for note in heard] == ["one", "two"]


# -- Between processes -----------------------------------------------------------------------------------


@asynccontextmanager
async def _another(database_url: str) -> AsyncIterator[tuple[Database, list[Note]]]:
    """A database as another process has it, and what it hears."""
    other = Database(database_url)
    heard: list[Note] = []
    other.listen(heard.append)
    hearing = asyncio.create_task(other.hear())
    yield other, heard
    hearing.cancel()
    await asyncio.gather(hearing, return_exceptions=True)
    await other.close()


async def _until(seen: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(30):
        while not await seen():  # noqa: ASYNC110 - another connection hears it
            await asyncio.sleep(0.01)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_another_process_hears_of_a_commit_and_of_nothing_else(
    database: Database, database_url: str, now: datetime
) -> None:
    ours: list[Note] = []
    database.listen(ours.append)
    hearing = asyncio.create_task(database.hear())

    async with _another(database_url) as (_, heard):

        async def knocked() -> bool:
            async with database.work(BOT, now) as work:
                work.note("knock", now)
            return bool(heard)

        await _until(knocked)
        ours.clear()
        heard.clear()
        with pytest.raises(RuntimeError):
            async with database.work(BOT, now) as work:
                work.note("undone", now)
                raise RuntimeError
        async with database.work(BOT, now) as work:
            work.note("due", now + timedelta(hours=1))
            work.note("due", now)
            work.note("outbox", now)

        async def told() -> bool:
            return len(heard) >= 2

        await _until(told)
        assert sorted(heard, key=lambda note: note.about) == [Note("due", now), Note("outbox", now)]
        # What it said itself comes back to nobody.
        assert len(ours) == 3
    hearing.cancel()
    await asyncio.gather(hearing, return_exceptions=True)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_who_lost_the_connection_hears_again(
    database: Database, database_url: str, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.store.database.HEAR_AGAIN_SECONDS", 0.01)
    async with _another(database_url) as (_, heard):

        async def knocked() -> bool:
            async with database.work(BOT, now) as work:
                work.note("knock", now)
            return bool(heard)

        await _until(knocked)
        async with database.transaction() as connection:
            await connection.execute(
                sa.text(
                    "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
                    " WHERE query LIKE 'LISTEN%' AND datname = current_database()"
                )
            )
        heard.clear()
        await _until(knocked)


async def test_processes_go_by_the_time_of_the_database(database: Database) -> None:
    """A machine whose clock is five minutes slow plans and leases as the others do. A file has no clock."""

    def slow() -> datetime:
        return datetime.now(UTC) - timedelta(minutes=5)

    time = CommonTime(database, slow)
    await time.set()
    wrong = abs(time() - datetime.now(UTC))
    assert wrong < timedelta(seconds=1) or (database.is_sqlite and wrong > timedelta(minutes=4))


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
@pytest.mark.parametrize("jump", [timedelta(hours=1), timedelta(hours=-1)])
async def test_a_machine_whose_clock_is_set_goes_on_by_the_same_time(
    database: Database, jump: timedelta
) -> None:
    """For up to a minute every lease had run out: two speakers said the same, reminders rang early."""
    jumped = timedelta(0)
    time = CommonTime(database, lambda: datetime.now(UTC) + jumped)
    await time.set()
    before = time()
    jumped = jump
    assert timedelta(0) <= time() - before < timedelta(seconds=1)
    await time.set()
    assert abs(time() - datetime.now(UTC)) < timedelta(seconds=1)


async def test_whoever_is_cancelled_in_a_statement_leaves_a_database_that_works(sqlite: Database) -> None:
    """SQLAlchemy gives up a connection whose user was cancelled: the one writer was lost for good with it."""

    async def write() -> None:
        async with sqlite.transaction() as connection:
            await connection.execute(sa.text("CREATE TABLE numbers (n INTEGER)"))
            await connection.execute(sa.text("SELECT 1"))

    for turns in range(40):
        writing = asyncio.create_task(write())
        for _ in range(turns):
            await asyncio.sleep(0)
        writing.cancel()
        await asyncio.gather(writing, return_exceptions=True)
        async with sqlite.transaction() as connection:
            assert (await connection.execute(sa.text("SELECT 1"))).scalar_one() == 1
            await connection.execute(sa.text("DROP TABLE IF EXISTS numbers"))
