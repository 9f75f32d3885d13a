"""Housekeeping, and the role that keeps time and nothing else."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa

from bot.clock.tidy import KEEP_DUE, KEEP_OUTBOX, KEEP_UPDATES, plan_tidying, tidying
from bot.dialogs import serving
from bot.services import due, outbox
from bot.services.outbox import SENT, Outgoing, Settled
from bot.services.roles import grants
from bot.services.roles.rules import Role
from bot.store.tables import updates
from tests.clock.conftest import Stand
from tests.conftest import BOT
from tests.services.people import City

SECOND = timedelta(seconds=1)
KEEP_TIME = """
import asyncio, sys
from bot.app import Wayside
from bot.settings import Settings

async def main():
    async with Wayside(Settings()).running("clock"):
        print("Ready", "aiogram" in sys.modules)

asyncio.run(main())
"""


async def _tidy_up(stand: Stand) -> None:
    async with stand.database.work(BOT, stand.now) as work:
        await plan_tidying(work)
    await stand.clock(tidying(serving.lapsed)).work_off()


async def test_who_proposed_a_role_hears_that_nobody_confirmed_it(stand: Stand) -> None:
    city = City(stand.database, stand.now)
    await city.build()
    boss, person = await city.admin(1), await city.somebody(2)
    async with city.work() as work:
        await grants.propose(work, person, Role.ORGANIZER, "east", by=boss, called="小王")
    stand.now += grants.PROPOSED_FOR + SECOND
    await _tidy_up(stand)
    (said,) = await stand.said()
    assert "小王" in said
    assert "城东行业党委" in said


async def test_what_nobody_needs_is_forgotten(stand: Stand) -> None:
    async with stand.database.work(BOT, stand.now) as work:
        for number, kept in ((1, KEEP_UPDATES + SECOND), (2, KEEP_UPDATES)):
            values = {"bot": BOT, "update_id": number, "taken_at": stand.now - kept}
            await work.execute(sa.insert(updates), values)
    sent = Outgoing(BOT, 5, {"type": "text", "text": "hi", "spans": [], "rows": []})
    long_done = await stand.plan()
    async with stand.database.work(BOT, stand.now) as work:
        await due.cancel(work, long_done)
        await outbox.put(work, [sent])
        await outbox.settle(work, [Settled(sent.id, SENT)])
    await _tidy_up(stand)
    async with stand.database.work(BOT, stand.now) as work:
        assert [row.update_id for row in await work.fetch(sa.select(updates))] == [2]
    assert await stand.states() == ["cancelled", "waiting"]
    stand.now += max(KEEP_DUE, KEEP_OUTBOX) + SECOND
    await _tidy_up(stand)
    assert await stand.states() == ["waiting"]
    async with stand.database.work(BOT, stand.now) as work:
        row = await work.first(sa.text("SELECT count(*) AS n FROM outbox"))
    assert row is not None
    assert row.n == 0


async def test_tidying_is_planned_once_and_comes_every_hour(stand: Stand) -> None:
    for _ in range(3):
        await _tidy_up(stand)
    async with stand.database.work(BOT, stand.now) as work:
        assert [thing.at - stand.now for thing in await due.coming(work, 9)] == [timedelta(hours=1)]


def test_the_clock_role_needs_neither_telegram_nor_aiogram(tmp_path: Path) -> None:
    """No Bot API answers at this address, and a process without aiogram is 170 MB smaller."""
    settings = {
        "WAYSIDE_TOKEN": "700000001:abcdefghijklmnopqrstuvwxyz0123456789",
        "WAYSIDE_DATABASE_URL": f"sqlite:///{tmp_path}/wayside.sqlite",
        "WAYSIDE_API_URL": "http://127.0.0.1:9",
    }
    done = subprocess.run(
        [sys.executable, "-c", KEEP_TIME],
        env=os.environ | settings,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (done.stdout.splitlines()[-1], done.returncode) == ("Ready False", 0), done.stderr
