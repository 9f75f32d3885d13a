"""A whole bot in the process of the test: where nothing needs to be killed, that is quicker."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import aiohttp

from bot.app import Wayside
from bot.sandbox import SandboxSettings, start_sandbox
from bot.settings import Settings
from bot.store.database import Database
from tests.crash.couriers import put_stations
from tests.crash.processes import TOKEN, looking_at
from tests.office import KEYS
from tests.sandbox.driver import Driver


@dataclass
class JumpingClock:
    """The machine's clock, which somebody may set."""

    ahead: timedelta = field(default_factory=timedelta)

    def __call__(self) -> datetime:
        """The time it shows."""
        return datetime.now(UTC) + self.ahead


@dataclass
class Life:
    """A bot that runs, in all roles. `database` looks at what it writes; `telegram` has the people."""

    wayside: Wayside
    database: Database
    telegram: Driver
    clock: JumpingClock


@asynccontextmanager
async def living(database_url: str) -> AsyncIterator[Life]:
    """As long as the block runs."""
    sandbox = await start_sandbox(SandboxSettings(port=0, flood="off", seed=1))
    database = looking_at(database_url)
    await put_stations(database)
    told = {
        "token": TOKEN,
        "keys": KEYS,
        "database_url": database_url,
        "api_url": sandbox.url,
        "messages_per_second": 0,
    }
    clock = JumpingClock()
    wayside = Wayside(Settings.model_validate(told), clock)
    try:
        async with aiohttp.ClientSession() as http, wayside.running():
            telegram = Driver(sandbox, http, TOKEN)
            await telegram.bot("getMe")
            yield Life(wayside, database, telegram, clock)
    finally:
        await database.close()
        await sandbox.close()
