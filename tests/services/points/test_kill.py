"""The process is killed while points are given and exchanged: everything still adds up."""

from __future__ import annotations

import asyncio
import random
import signal
import sys
from datetime import datetime

import sqlalchemy as sa

from bot.services.points import ledger
from bot.settings import ROOT
from bot.store.database import Database
from bot.store.tables import point_entries, point_moves, point_stocks, redemptions
from tests.conftest import BOT

KILLS = 2
LEAST_DEEDS = 10


async def _work_until_killed(url: str) -> int:
    """Gives how many deeds were told of."""
    worker = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.services.points.worker", url),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
    )
    assert worker.stdout is not None
    told = 0
    deeds = LEAST_DEEDS + random.randrange(20)
    async with asyncio.timeout(60):
        while told < deeds:
            told += bool(await worker.stdout.readline())
    worker.send_signal(signal.SIGKILL)
    rest = await worker.stdout.read()
    await worker.wait()
    return told + rest.count(b"\n")


async def test_whatever_a_kill_interrupts_adds_up(database_url: str, now: datetime) -> None:
    database = Database(database_url)
    told = 0
    for _ in range(KILLS):
        told += await _work_until_killed(database_url)
        async with database.work(BOT, now) as work:
            assert await ledger.flaws(work) == []
            moves = await work.fetch(sa.select(point_moves.c.id))
            entries = await work.fetch(sa.select(point_entries.c.move))
            assert len(entries) == 2 * len(moves)
            assert len(moves) >= told
            bought = await work.fetch(sa.select(redemptions.c.id))
            spent = [row for row in await work.fetch(sa.select(point_moves.c.kind)) if row.kind == "redeem"]
            assert len(bought) == len(spent)
            stocks = await work.fetch(sa.select(point_stocks.c.name, point_stocks.c.taken))
            assert dict(map(tuple, stocks)).get("reward.mug", 0) == len(bought)
    await database.close()
