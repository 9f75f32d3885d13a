"""A fresh sandbox on a free port for each test, with a clock that stands still."""

from __future__ import annotations

from collections.abc import AsyncIterator

import aiohttp
import pytest

from bot.sandbox import SandboxSettings, start_sandbox
from tests.sandbox.driver import Driver, FakeClock


@pytest.fixture
def clock() -> FakeClock:
    """The sandbox's time."""
    return FakeClock()


@pytest.fixture
async def driver(clock: FakeClock) -> AsyncIterator[Driver]:
    """A sandbox without flood limits, driven from both sides."""
    sandbox = await start_sandbox(SandboxSettings(port=0, flood="off", clock=clock, seed=1))
    async with aiohttp.ClientSession() as http:
        yield Driver(sandbox, http)
    await sandbox.close()


@pytest.fixture
async def strict(clock: FakeClock) -> AsyncIterator[Driver]:
    """A sandbox with Telegram's flood limits."""
    sandbox = await start_sandbox(SandboxSettings(port=0, flood="telegram", clock=clock, seed=1))
    async with aiohttp.ClientSession() as http:
        yield Driver(sandbox, http)
    await sandbox.close()
