"""A mixed load against Telegram's flood limits: no refusal, no loss, no reply that waits.

Time runs ten times as fast on both sides, so a minute takes six seconds and every millisecond of delay on the
way weighs ten.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable

import aiohttp
import pytest

from bot.delivery.limiter import LoopTimer
from bot.delivery.pace import Rates
from bot.delivery.speaker import Speaker
from bot.sandbox import SandboxSettings, start_sandbox
from bot.services.outbox import BROADCAST, Outgoing
from bot.store.database import Database
from tests.conftest import BOT
from tests.delivery.conftest import TOKEN, USERNAME, Stage, text
from tests.sandbox.driver import Driver

SPEED = 10


class FastTimer(LoopTimer):
    """A clock that runs ten times as fast."""

    def now(self) -> float:
        return time.monotonic() * SPEED

    def ring(self, seconds: float, callback: Callable[[], None]) -> asyncio.TimerHandle:
        return super().ring(seconds / SPEED, callback)


@pytest.fixture
async def fast(sqlite: Database) -> AsyncIterator[Stage]:
    """A sandbox with Telegram's limits on the fast clock."""
    settings = SandboxSettings(
        port=0, flood="telegram", seed=1, clock=lambda: 1.8e9 + time.monotonic() * SPEED
    )
    sandbox = await start_sandbox(settings)
    async with aiohttp.ClientSession() as http:
        yield Stage(sqlite, Driver(sandbox, http, TOKEN))
    await sandbox.close()


async def test_a_mixed_load_earns_no_refusal(fast: Stage) -> None:
    people = [await fast.driver.started() for _ in range(60)]
    group = await fast.driver.group(people[0])
    speaker = Speaker(
        fast.database,
        TOKEN,
        username=USERNAME,
        owner="one",
        clock=lambda: fast.now,
        api_url=fast.driver.sandbox.url,
        rates=Rates(),
        timer=FastTimer(),
    )
    await fast.put([Outgoing(BOT, who, text("all"), BROADCAST) for who in people * 5])
    running = asyncio.create_task(speaker.run())
    waits = []
    for number in range(12):
        chatty, other = people[number % 3], people[number + 10]
        replies = [Outgoing(BOT, who, text(f"reply {number}")) for who in (chatty, chatty, other, group)]
        await fast.say(speaker, replies)
        asked = time.monotonic()
        while f"reply {number}" not in await fast.texts(other):  # noqa: ASYNC110 - the sandbox shows it
            await asyncio.sleep(0.005)
        waits.append((time.monotonic() - asked) * SPEED)
    rows = await fast.settled(60)
    stats = await fast.driver.look("stats")
    await speaker.stop(1)
    await running
    assert stats["floods_refused"] == 0
    assert {row.state for row in rows} == {"sent"}
    assert len(rows) == stats["calls"]["sendMessage"]
    assert sorted(waits)[len(waits) // 2] < 1.0
