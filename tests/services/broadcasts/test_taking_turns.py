"""Whoever steers a broadcast and the clock that carries it are there at the same moment: on PostgreSQL."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.clock.broadcasts import broadcasting
from bot.dialogs.broadcast_words import DRAWS
from bot.services import due
from bot.services.broadcasts import running
from bot.services.broadcasts.model import CANCELLED, FILL, START, WATCH
from bot.services.due import Due
from bot.store.database import Database
from bot.store.work import Work
from tests.clock.once import work_off
from tests.conftest import copy_postgres
from tests.services.broadcasts.conftest import TERMS, Office
from tests.transcript import small_shelf


@pytest.fixture
def database_url(postgres_server: str) -> str:
    """On SQLite there is one writer at a time."""
    return asyncio.run(copy_postgres(postgres_server))


async def in_hand(work: Work, kind: str) -> Due:
    """The clock takes the one thing of a kind that is due, and holds it."""
    (claimed,) = await due.claim(work, "clock", 10, [kind])
    (held,) = await due.hold(work, "clock", [claimed.id])
    return held


async def somebody_waits(database: Database) -> None:
    """Come back once one transaction waits for another."""
    async with database.engine.connect() as connection:
        while not (await connection.execute(_WAITING)).scalar_one():
            continue


_WAITING = sa.text(
    "SELECT count(*) FROM pg_locks WHERE NOT granted AND pid IN "
    "(SELECT pid FROM pg_stat_activity WHERE datname = current_database())"
)


async def stop(office: Office, number: int) -> bool:
    """The organizer taps [Stop]."""
    async with office.desk() as desk:
        return await desk.cancel(number)


async def begin(office: Office) -> int:
    """A broadcast whose audience is about to be written down."""
    number = await office.make()
    kinds = [kind for kind in broadcasting(TERMS, DRAWS, small_shelf().library) if kind.name == START]
    await work_off(office.city.database, kinds, office.now)
    return number


async def test_stopped_while_the_clock_looks_at_it(office: Office) -> None:
    """Each had what the other one waited for: PostgreSQL let one of them fail."""
    await office.riders(2)
    number = await office.started()
    office.city.now += timedelta(seconds=3)
    async with office.city.work() as work:
        thing = await in_hand(work, WATCH)
        stopping = asyncio.create_task(stop(office, number))
        await somebody_waits(office.city.database)
        await running.watch(work, thing, TERMS, DRAWS)
    assert await stopping
    assert (await office.get(number)).state == CANCELLED


async def test_stopped_while_it_is_filled_in_nobody_is_added(office: Office) -> None:
    """The page was begun before the stop and written down after it."""
    await office.riders(2)
    number = await begin(office)

    async def fill() -> None:
        async with office.city.work() as work:
            await running.fill(work, await in_hand(work, FILL), DRAWS)

    async with office.desk() as desk:
        assert await desk.cancel(number)
        filling = asyncio.create_task(fill())
        await somebody_waits(office.city.database)
    await filling
    assert await office.waiting() == []
    assert (await office.get(number)).state == CANCELLED
