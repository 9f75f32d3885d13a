"""The audit log: whatever is changed, moved or taken out of it is found."""

from __future__ import annotations

import asyncio
import hashlib
from datetime import timedelta

import orjson
import pytest
import sqlalchemy as sa

from bot.services import audit
from bot.store.database import Database
from bot.store.tables import audit as log
from tests.conftest import BOT
from tests.services.people import City

WRITTEN = 6


async def _write(city: City) -> str:
    async with city.work() as work:
        await work.execute(sa.delete(log))
        await work.execute(sa.text("DELETE FROM revisions WHERE name = 'audit'"))
        for number in range(WRITTEN):
            await audit.record(work, "role.proposed", number, branch="east", person=number)
        return (await audit.verify(work)).head


async def _flaws(city: City) -> tuple[str, ...]:
    async with city.work() as work:
        return (await audit.verify(work)).flaws


async def test_what_was_only_written_is_whole(city: City) -> None:
    head = await _write(city)
    async with city.work() as work:
        assert await audit.verify(work) == audit.Verdict(WRITTEN, head)
    async with city.database.work(BOT + 1, city.now) as work:
        assert await audit.verify(work) == audit.Verdict(0, audit.FIRST_PREVIOUS)


@pytest.mark.parametrize("number", range(1, WRITTEN + 1))
async def test_any_entry_that_was_touched_is_found(city: City, number: int) -> None:
    await _write(city)
    this = log.c.number == number
    tampering = [
        sa.update(log).where(this).values(entry=sa.func.replace(log.c.entry, "east", "west")),
        sa.update(log).where(this).values(entry="{"),
        sa.update(log).where(this).values(hash="0" * 64),
        sa.update(log).where(this).values(previous="1" * 64),
        sa.update(log).where(this).values(at=city.now.replace(year=2020)),
        sa.update(log).where(this).values(number=100),
        sa.delete(log).where(this),
    ]
    for statement in tampering:
        async with city.work() as work:
            assert await work.execute(statement) == 1
        assert await _flaws(city), statement
        await _write(city)
        assert not await _flaws(city)


async def test_an_entry_sealed_anew_breaks_the_next(city: City) -> None:
    await _write(city)
    async with city.work() as work:
        row = await work.first(sa.select(log).where(log.c.number == 3))
        assert row is not None
        entry = orjson.dumps({**orjson.loads(row.entry), "actor": 99}, option=orjson.OPT_SORT_KEYS).decode()
        sealed = hashlib.sha256((row.previous + entry).encode()).hexdigest()
        await work.execute(sa.update(log).where(log.c.number == 3).values(entry=entry, hash=sealed))
    assert await _flaws(city) == ("entry 4 does not follow the one before",)


async def test_the_hash_is_what_the_docstring_says(city: City) -> None:
    await _write(city)
    async with city.work() as work:
        rows = await work.fetch(sa.select(log).order_by(log.c.number))
    previous = "0" * 64
    for row in rows:
        previous = hashlib.sha256((previous + row.entry).encode()).hexdigest()
        assert row.hash == previous
        assert orjson.dumps(orjson.loads(row.entry), option=orjson.OPT_SORT_KEYS).decode() == row.entry


async def test_many_who_write_at_once_make_one_chain(city: City, database: Database) -> None:
    async def write(number: int) -> None:
        async with database.work(BOT, city.now) as work:
            await audit.record(work, "role.proposed", number)

    await asyncio.gather(*map(write, range(12)))
    async with city.work() as work:
        verdict = await audit.verify(work)
    assert verdict.flaws == ()
    assert verdict.entries == 1 + 12  # the tree's import wrote the first


# -- Cut off at the beginning --------------------------------------------------------------


YEAR = timedelta(days=365)


async def _write_for_years(city: City, years: int) -> None:
    await _write(city)
    for _ in range(years):
        city.now += YEAR
        async with city.work() as work:
            await audit.record(work, "role.revoked", 1, branch="east", person=2)


async def test_what_is_old_is_cut_off_and_the_rest_verifies(city: City) -> None:
    await _write_for_years(city, 3)
    async with city.work() as work:
        assert await audit.prune(work, city.now - YEAR) == WRITTEN + 1
        verdict = await audit.verify(work)
        assert (verdict.flaws, verdict.entries) == ((), WRITTEN + 4)
        # Nothing is old enough any more: no entry is written in vain.
        assert await audit.prune(work, city.now - YEAR) == 0
    city.now += 3 * YEAR
    async with city.work() as work:
        assert await audit.prune(work, city.now - YEAR) == 3
        assert (await audit.verify(work)).flaws == ()


async def test_who_cuts_off_more_than_the_log_says_is_found(city: City) -> None:
    await _write_for_years(city, 3)
    async with city.work() as work:
        await audit.prune(work, city.now - YEAR)
        await work.execute(sa.delete(log).where(log.c.number == WRITTEN + 2))
    assert await _flaws(city) == (f"the log begins after entry {WRITTEN + 2}, and no entry says so",)


async def test_who_puts_something_before_the_cut_is_found(city: City) -> None:
    await _write_for_years(city, 3)
    async with city.work() as work:
        old = (await work.fetch(sa.select(log).where(log.c.number == WRITTEN + 1)))[0]
        await audit.prune(work, city.now - YEAR)
        await work.execute(sa.insert(log), dict(old._mapping))
    assert await _flaws(city)
