"""Two clocks on one database, killed in the middle of batches again and again."""

from __future__ import annotations

import asyncio
import random
import sys
from asyncio.subprocess import Process
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.services import due
from bot.services.due import Plan
from bot.store.database import Database
from bot.store.tables import outbox
from tests.clock.worker import EFFECTS
from tests.conftest import BOT, NOW

ROOT = Path(__file__).resolve().parent.parent.parent
THINGS = 1500
SERIES = 100
KILLS = 4
SECOND_TIME = timedelta(seconds=5)
MOST_SECONDS = 40


async def _start(url: str, owner: str) -> Process:
    command = (sys.executable, "-m", "tests.clock.worker", url, owner)
    process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdout=asyncio.subprocess.PIPE)
    assert process.stdout is not None
    assert await process.stdout.readline() == b"Ready\n"
    return process


async def _plan(database: Database) -> None:
    now = datetime.now(UTC)
    once = [Plan("bell", now - timedelta(milliseconds=n), {}) for n in range(THINGS)]
    # Due a while ago, and again in a few seconds.
    rule = "FREQ=MINUTELY;COUNT=2"
    first = now - timedelta(minutes=1) + SECOND_TIME
    twice = [Plan("bell", first + timedelta(milliseconds=n), {}, rule=rule) for n in range(SERIES)]
    async with database.work(BOT, now) as work:
        await due.plan_all(work, [*once, *twice])


async def _waiting(database: Database) -> int:
    async with database.work(BOT, NOW) as work:
        return len(await due.coming(work, THINGS + SERIES))


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_clocks_that_are_killed_do_everything_once(database: Database, database_url: str) -> None:
    async with database.work(BOT, NOW) as work:
        await work.execute(sa.text("CREATE TABLE effects (thing BIGINT, at TEXT)"))
    clocks = [await _start(database_url, f"clock {n}") for n in range(2)]
    await _plan(database)
    dice = random.Random(7)
    async with asyncio.timeout(MOST_SECONDS):
        for number in range(KILLS):
            await asyncio.sleep(dice.uniform(0.1, 0.5))
            clocks[number % 2].kill()
            await clocks[number % 2].wait()
            clocks[number % 2] = await _start(database_url, f"clock {number + 2}")
        left_at_last_kill = await _waiting(database)
        while await _waiting(database):  # noqa: ASYNC110 - other processes have no event
            await asyncio.sleep(0.1)
    for clock in clocks:
        clock.kill()
        await clock.wait()
    async with database.work(BOT, NOW) as work:
        effects = Counter((row.thing, row.at) for row in await work.fetch(sa.select(EFFECTS)))
        said = Counter(row.body["text"] for row in await work.fetch(sa.select(outbox.c.body)))
    assert left_at_last_kill > 0
    assert set(effects.values()) == {1}
    assert len({thing for thing, _ in effects}) == THINGS + SERIES
    # A first time that waited for a dead clock's lease until the second had come is not made up for.
    assert len(effects) <= THINGS + SERIES * 2
    assert sum(said.values()) == len(effects)
