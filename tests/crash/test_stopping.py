"""A process that is asked to end does so within five seconds, however Telegram hangs."""

from __future__ import annotations

import asyncio
import signal
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import aiohttp
import pytest

from bot.sandbox import SandboxSettings, start_sandbox
from bot.services import outbox
from bot.services.outbox import Outgoing
from bot.store.database import sqlite_url
from tests.conftest import BOT
from tests.crash.conftest import LONG
from tests.crash.processes import TOKEN, Process, environment, free_port, looking_at
from tests.sandbox.driver import Driver

# What is measured is the promise itself; it needs the machine for itself.
pytestmark = LONG
MOST_SECONDS = 5.0
HANGS_SECONDS = 60
PEOPLE = 20
CALLS = 10_000


@asynccontextmanager
async def telegram() -> AsyncIterator[Driver]:
    """A local Telegram."""
    sandbox = await start_sandbox(SandboxSettings(port=0, flood="off", seed=1))
    async with aiohttp.ClientSession() as http:
        opened = Driver(sandbox, http, TOKEN)
        await opened.bot("getMe")
        yield opened
    await sandbox.close()


async def _hang(telegram: Driver) -> None:
    await telegram.client("faults", method="*", times=CALLS, delay=HANGS_SECONDS)


async def _ends(process: Process) -> float:
    begun = time.monotonic()
    await process.end(signal.SIGTERM)
    return time.monotonic() - begun


def _webhook() -> dict[str, str]:
    port = str(free_port())
    return {"WEBHOOK_URL": f"http://127.0.0.1:{port}/hook", "WEBHOOK_PORT": port}


@pytest.mark.parametrize(
    ("role", "webhook"),
    [("all", False), ("all", True), ("listen", True), ("speak", False), ("clock", False)],
)
async def test_it_ends_in_time_while_telegram_hangs(
    sqlite_path: Path, tmp_path: Path, role: str, webhook: bool
) -> None:
    url = sqlite_url(sqlite_path)
    async with telegram() as people:
        numbers = [await people.started() for _ in range(PEOPLE)]
        told = environment(url, people.sandbox.url, **(_webhook() if webhook else {}))
        process = Process(role, role, told, tmp_path)
        await process.start()
        try:
            await process.ready()
            await _hang(people)
            database = looking_at(url)
            async with database.work(BOT, datetime.now(UTC)) as work:
                await outbox.put(
                    work, [Outgoing(BOT, who, {"type": "buttons", "rows": []}) for who in numbers]
                )
            await database.close()
            for who in numbers:
                await people.say(who, "/start")
            await asyncio.sleep(1.5)
            assert await _ends(process) < MOST_SECONDS
            assert process.running is not None
            assert process.running.returncode == 0
        finally:
            await process.end(signal.SIGKILL)


@pytest.mark.parametrize("role", ["all", "listen", "speak"])
async def test_it_ends_in_time_while_it_starts_and_telegram_hangs(
    sqlite_path: Path, tmp_path: Path, role: str
) -> None:
    """It used to look at the signal once it was ready: Telegram's patience is half a minute a call."""
    async with telegram() as people:
        await _hang(people)
        process = Process(role, role, environment(sqlite_url(sqlite_path), people.sandbox.url), tmp_path)
        await process.start()
        try:
            (fault,) = people.sandbox.stage.faults.ordered
            async with asyncio.timeout(HANGS_SECONDS):
                while fault.times == CALLS:  # noqa: ASYNC110 - another process calls
                    await asyncio.sleep(0.1)
            assert await _ends(process) < MOST_SECONDS
        finally:
            await process.end(signal.SIGKILL)
