"""Listeners, a speaker and a clock as processes on one PostgreSQL: replaced, and killed, under load.

Each update counts once, each reminder rings once, each message comes once. What was on its way when its
speaker was killed may come twice, if it is a reply or a reminder; of a broadcast it is listed as uncertain.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
import pytest_asyncio

from tests.crash.city import CLOCK, LISTEN, SPEAK, City, city
from tests.crash.conftest import LONG, Scale
from tests.crash.couriers import Crowd
from tests.crash.processes import MESSAGES_PER_SECOND
from tests.crash.sleepers import Sleepers

pytestmark = [pytest.mark.asyncio(loop_scope="module"), LONG]

PATIENCE_SECONDS = 90
AWAY_SECONDS = 1.0
PAUSE_SECONDS = 0.4
ROLES = (LISTEN, SPEAK, CLOCK)
# A speaker has less than a second's worth of a broadcast in hand.
HAND = MESSAGES_PER_SECOND


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def town(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[City]:
    """A listener, a speaker, a clock."""
    async with city(tmp_path_factory.mktemp("city")) as made:
        await made.start(*ROLES)
        yield made


async def _until_over(sleepers: Sleepers) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not await sleepers.is_over():  # noqa: ASYNC110 - other processes have no event
            await asyncio.sleep(0.1)


async def test_a_rolling_restart_loses_nothing_and_doubles_nothing(town: City, scale: Scale) -> None:
    """The next release starts beside the one before, whose processes are asked to end one by one."""
    await town.start(*ROLES)
    crowd = await Crowd.gather(town.telegram, town.database, scale.couriers)
    sleepers = await Sleepers.gather(town.telegram, town.database, scale.sleepers)
    await sleepers.be_told(broadcast=1)
    await sleepers.be_reminded(within=timedelta(seconds=3))
    people = asyncio.create_task(crowd.use_the_bot())
    for role in ROLES:
        await asyncio.sleep(PAUSE_SECONDS)
        await town.stop(town.oldest(role))
    await people
    await _until_over(sleepers)
    assert await crowd.doubles() == 0
    await crowd.check_each_update_counted_once()
    await crowd.check_no_reply_is_lost(doubles=0)
    await sleepers.check_reminders(doubles=0)
    await sleepers.check_broadcast(1, uncertain=0)


async def test_each_role_is_killed_and_the_database_under_them(town: City, scale: Scale) -> None:
    """What a dead speaker or clock had comes when its lease is over; a listener stands in for another."""
    await town.start(LISTEN)
    crowd = await Crowd.gather(town.telegram, town.database, scale.couriers)
    sleepers = await Sleepers.gather(town.telegram, town.database, scale.sleepers)
    await sleepers.be_told(broadcast=2)
    await sleepers.be_reminded(within=timedelta(seconds=10))
    people = asyncio.create_task(crowd.use_the_bot())
    for _ in range(scale.kills):
        for role in ROLES:
            await asyncio.sleep(PAUSE_SECONDS)
            await town.kill(town.oldest(role))
        await town.start(*ROLES)
        await town.crash_the_database(AWAY_SECONDS)
    await people
    await _until_over(sleepers)
    doubles = await crowd.doubles()
    uncertain = scale.kills * HAND
    assert 0 <= doubles <= scale.kills + uncertain
    await crowd.check_each_update_counted_once()
    await crowd.check_no_reply_is_lost(doubles)
    await sleepers.check_reminders(scale.kills)
    await sleepers.check_broadcast(2, uncertain)
