"""Somebody sets the machine's clock while the bot runs: it goes on answering, and nothing comes twice.

A bot on PostgreSQL goes by the database's time and does not notice. For a bot on SQLite the machine's clock
is the only one: what lies between the two times is due at once when it is set forward.
"""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from tests.crash.conftest import LONG
from tests.crash.couriers import Crowd
from tests.crash.living import Life, living
from tests.crash.sleepers import Sleepers

HOUR = timedelta(hours=1)
# The clock looks every second, the speaker too.
LONG_ENOUGH_SECONDS = 2.5
PATIENCE_SECONDS = 30


async def _use_it(life: Life) -> None:
    crowd = await Crowd.gather(life.telegram, life.database, 3)
    await crowd.use_the_bot()
    assert await crowd.doubles() == 0
    await crowd.check_each_update_counted_once()
    await crowd.check_no_reply_is_lost(doubles=0)


async def _until_over(sleepers: Sleepers) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not await sleepers.is_over():  # noqa: ASYNC110 - the bot has no event for it
            await asyncio.sleep(0.05)


async def test_the_clock_is_set_back_and_everybody_is_still_answered(database_url: str) -> None:
    async with living(database_url) as life:
        await _use_it(life)
        life.clock.ahead = -HOUR
        await _use_it(life)


async def test_the_clock_is_set_forward_and_reminders_ring_once(database_url: str) -> None:
    async with living(database_url) as life:
        sleepers = await Sleepers.gather(life.telegram, life.database, 5)
        await sleepers.be_reminded(within=timedelta(minutes=5), after=timedelta(minutes=1))
        life.clock.ahead = HOUR
        if life.database.is_sqlite:
            await _until_over(sleepers)
            await sleepers.check_reminders(doubles=0)
        else:
            await asyncio.sleep(LONG_ENOUGH_SECONDS)
            assert await sleepers.heard() == 0
        await _use_it(life)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("jump", [pytest.param(HOUR, marks=LONG), -HOUR], ids=["forward", "back"])
async def test_a_broadcast_under_way_reaches_everybody_once(database_url: str, jump: timedelta) -> None:
    async with living(database_url) as life:
        sleepers = await Sleepers.gather(life.telegram, life.database, 60)
        await life.telegram.client("faults", method="sendMessage", times=60, delay=0.2)
        await sleepers.be_told(1)
        life.clock.ahead = jump
        await _until_over(sleepers)
        await sleepers.check_broadcast(1, uncertain=0)
