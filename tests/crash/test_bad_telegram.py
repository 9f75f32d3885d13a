"""Telegram is slow, refuses, hangs up: answers come in the end, and what people said counts once."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from bot.store.database import sqlite_url
from tests.crash.conftest import LONG
from tests.crash.couriers import Crowd
from tests.crash.living import living
from tests.crash.sleepers import Sleepers

Trouble = tuple[dict[str, Any], int]
"""A fault, and how many doubles it may bring."""

TIMES = 2
PATIENCE_SECONDS = 60

# An answer that was dropped "after" leaves a message that arrived and that nobody knows of.
TROUBLES: list[Trouble] = [
    ({"method": "*", "error_code": 502}, TIMES),
    ({"method": "*", "retry_after": 1}, 0),
    ({"method": "sendMessage", "drop": "after"}, TIMES),
]
FURTHER: list[Trouble] = [
    ({"method": "getUpdates", "drop": "after"}, 0),
    ({"method": "*", "delay": 0.5}, 0),
    ({"method": "*", "drop": "before"}, TIMES),
    ({"method": "getUpdates", "error_code": 409}, 0),
]


def _named(trouble: Trouble) -> str:
    return " ".join(str(value) for value in trouble[0].values())


@pytest.mark.parametrize(
    "trouble", [*TROUBLES, *(pytest.param(one, marks=LONG, id=_named(one)) for one in FURTHER)], ids=_named
)
async def test_people_are_answered_all_the_same(sqlite_path: Path, trouble: Trouble) -> None:
    fault, most_doubles = trouble
    async with living(sqlite_url(sqlite_path)) as life:
        crowd = await Crowd.gather(life.telegram, life.database, 3)
        await life.telegram.client("faults", times=TIMES, **fault)
        await crowd.use_the_bot()
        assert 0 <= await crowd.doubles() <= most_doubles
        await crowd.check_each_update_counted_once()
        await crowd.check_no_reply_is_lost(most_doubles)


async def test_of_a_broadcast_nobody_hears_twice_what_may_have_arrived(sqlite_path: Path) -> None:
    async with living(sqlite_url(sqlite_path)) as life:
        sleepers = await Sleepers.gather(life.telegram, life.database, 30)
        for drop in ("before", "after"):
            await life.telegram.client("faults", method="sendMessage", times=TIMES, drop=drop)
        await sleepers.be_told(broadcast=1)
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not await sleepers.is_over():  # noqa: ASYNC110 - the bot has no event for it
                await asyncio.sleep(0.05)
        await sleepers.check_broadcast(1, uncertain=2 * TIMES)
