"""What speakers share: departures that are nobody else's, turns in chats, pauses that Telegram asks for."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from bot.services import paces
from bot.services.outbox import LEASE
from bot.store.database import Database
from tests.conftest import BOT

INTERVAL = 0.1


async def reserve(database: Database, now: datetime, count: int = 1) -> float:
    """Seconds from now to the first departure."""
    async with database.work(BOT, now) as work:
        return await paces.reserve(work, count, INTERVAL) - now.timestamp()


async def take(database: Database, now: datetime, owner: str, chats: Collection[int]) -> dict[int, float]:
    async with database.work(BOT, now) as work:
        return await paces.take_turns(work, owner, chats)


# -- Departures ------------------------------------------------------------------------------------------


async def test_departures_stand_behind_each_other(database: Database, now: datetime) -> None:
    found = [await reserve(database, now, count) for count in (3, 1, 2)]
    assert found == pytest.approx([0, 0.3, 0.4], abs=1e-6)


async def test_nothing_is_saved_up_while_nobody_speaks(database: Database, now: datetime) -> None:
    await reserve(database, now, 5)
    later = now + timedelta(hours=1)
    assert [await reserve(database, later), await reserve(database, later)] == pytest.approx(
        [0, 0.1], abs=1e-6
    )


async def test_speakers_that_ask_at_once_get_departures_of_their_own(
    database: Database, now: datetime
) -> None:
    found = await asyncio.gather(*(reserve(database, now, 2) for _ in range(8)))
    assert all(later - earlier == pytest.approx(0.2, abs=1e-5) for earlier, later in pairwise(sorted(found)))


# -- Turns -----------------------------------------------------------------------------------------------


async def test_a_turn_is_one_speakers_until_it_ends_it(database: Database, now: datetime) -> None:
    assert (await take(database, now, "one", [1, -2])).keys() == {1, -2}
    assert (await take(database, now, "two", [1, 3])).keys() == {3}
    assert (await take(database, now, "one", [1])).keys() == {1}
    async with database.work(BOT, now) as work:
        await paces.end_turns(work, "two", {1: 5.0})
        await paces.end_turns(work, "one", {-2: 5.0})
    assert (await take(database, now, "two", [1, -2])).keys() == {-2}


async def test_what_one_sent_counts_for_the_next(database: Database, now: datetime) -> None:
    await take(database, now, "one", [1])
    empty_at = now.timestamp() + 3
    async with database.work(BOT, now) as work:
        await paces.end_turns(work, "one", {1: empty_at})
    assert (await take(database, now, "two", [1]))[1] == pytest.approx(empty_at)


async def test_a_dead_speakers_turns_end_with_its_lease(database: Database, now: datetime) -> None:
    await take(database, now, "dead", [1])
    await take(database, now, "alive", [2])
    almost = now + LEASE / 2
    async with database.work(BOT, almost) as work:
        await paces.renew_turns(work, "alive", [1, 2])
    assert (await take(database, almost, "two", [1, 2])).keys() == set()
    assert (await take(database, now + LEASE, "two", [1, 2])).keys() == {1}


async def test_of_speakers_that_reach_for_a_chat_at_once_one_gets_it(
    database: Database, now: datetime
) -> None:
    chats = list(range(1, 30))
    found = await asyncio.gather(*(take(database, now, f"{n}", chats[n % 3 :]) for n in range(6)))
    taken = [chat for turns in found for chat in turns]
    assert sorted(taken) == chats


# -- Pauses ----------------------------------------------------------------------------------------------


async def test_a_refused_chat_waits_for_everybody(database: Database, now: datetime) -> None:
    until = now.timestamp() + 9
    async with database.work(BOT, now) as work:
        await paces.refuse(work, 1, until)
    assert (await take(database, now, "two", [1]))[1] == pytest.approx(until)
    assert await reserve(database, now) == pytest.approx(0, abs=1e-6)


async def test_a_second_refused_chat_pauses_the_whole_bot_for_everybody(
    database: Database, now: datetime
) -> None:
    async with database.work(BOT, now) as work:
        await paces.refuse(work, 1, now.timestamp() + 5)
        await paces.refuse(work, 1, now.timestamp() + 5)
    assert await reserve(database, now) == pytest.approx(0, abs=1e-6)
    async with database.work(BOT, now) as work:
        await paces.refuse(work, 2, now.timestamp() + 7)
    assert await reserve(database, now) == pytest.approx(7, abs=1e-6)


async def test_idle_chats_are_forgotten_and_held_ones_are_not(database: Database, now: datetime) -> None:
    await take(database, now, "one", [1, 2])
    async with database.work(BOT, now) as work:
        await paces.end_turns(work, "one", {1: now.timestamp() + 3})
    later = now + timedelta(seconds=5)
    async with database.work(BOT, later) as work:
        assert await paces.prune(work) == 1
    async with database.work(BOT, now + 2 * LEASE) as work:
        assert await paces.prune(work) == 1
