"""One process on SQLite is killed at random moments while people use it: nothing is lost or counts twice.

The bot is a process of its own (`wayside run`), the local Telegram lives in the test. Whatever the kill
interrupts, the update comes again, the database knows it, and what was decided is said. What was on its way
when the process died may arrive twice: one message in each chat, no more than what goes out in a second.
"""

from __future__ import annotations

import asyncio
import random
import signal
from pathlib import Path

import aiohttp
import pytest

from bot.sandbox import SandboxSettings, start_sandbox
from bot.store.database import sqlite_url
from tests.crash.conftest import LONG, Scale
from tests.crash.couriers import Crowd, put_stations
from tests.crash.processes import MESSAGES_PER_SECOND, TOKEN, Process, environment, free_port, looking_at
from tests.sandbox.driver import Driver

# Every so often it is killed while it starts.
EARLY = 4


async def _kill_often(bot: Process, times: int, chance: random.Random) -> None:
    """Kill at random moments, at work or while it starts; it always comes back."""
    for number in range(1, times + 1):
        if number % EARLY:
            await bot.ready()
            await asyncio.sleep(chance.uniform(0.02, 1.5))
        else:
            await asyncio.sleep(chance.uniform(0.5, 2.5))
        await bot.end(signal.SIGKILL)
        await bot.start()
    await bot.ready()


def _webhook() -> dict[str, str]:
    port = str(free_port())
    return {"WEBHOOK_URL": f"http://127.0.0.1:{port}/hook", "WEBHOOK_PORT": port}


@pytest.mark.parametrize("webhook", [False, pytest.param(True, marks=LONG)], ids=["polling", "webhook"])
async def test_whenever_it_is_killed_every_update_counts_once_and_no_reply_is_lost(
    sqlite_path: Path, tmp_path: Path, webhook: bool, scale: Scale
) -> None:
    sandbox = await start_sandbox(SandboxSettings(port=0, flood="off", seed=1))
    url = sqlite_url(sqlite_path)
    database = looking_at(url)
    await put_stations(database)
    told = environment(url, sandbox.url, **(_webhook() if webhook else {}))
    bot = Process("bot", "all", told, tmp_path)
    async with aiohttp.ClientSession() as http:
        telegram = Driver(sandbox, http, TOKEN)
        await telegram.bot("getMe")
        crowd = await Crowd.gather(telegram, database, scale.couriers)
        try:
            await bot.start()
            killing = _kill_often(bot, scale.kills, random.Random(7))
            await asyncio.gather(crowd.use_the_bot(), killing)
            await bot.end(signal.SIGTERM)
            doubles = await crowd.doubles()
            assert 0 <= doubles <= scale.kills * min(scale.couriers, MESSAGES_PER_SECOND)
            await crowd.check_each_update_counted_once()
            await crowd.check_no_reply_is_lost(doubles)
        finally:
            await bot.end(signal.SIGKILL)
            await sandbox.close()
            await database.close()
