"""How a process ends in time, whatever hangs."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, cast

from pydantic import SecretStr

from bot.app import Wayside
from bot.fleet import fleet
from bot.settings import Settings
from bot.stopping import Grace, ended_by_force


def test_all_parts_share_the_time_from_the_moment_that_stopping_begins() -> None:
    now = 100.0
    grace = Grace(4.5, lambda: now)
    now = 200.0
    assert grace.left() == 4.5
    now = 201.0
    grace.begin()
    assert grace.left() == 3.5
    assert grace.left(less=1.5) == 2.0
    now = 210.0
    assert grace.left() == 0.0


def test_what_hangs_for_ever_is_ended_by_force() -> None:
    ended: list[int] = []
    over = threading.Event()

    def end(code: int) -> None:
        ended.append(code)
        over.set()

    ended_by_force(0, end)
    assert over.wait(10)
    assert ended == [1]


class Slow:
    """A bot that takes its time to stop: until all others are about to stop, too."""

    def __init__(self, settings: Settings, together: asyncio.Barrier) -> None:
        self.settings = settings
        self._together = together

    @asynccontextmanager
    async def running(self, _role: Any, _doors: Any, _grace: Any) -> AsyncIterator[None]:
        """As a bot does."""
        yield
        await self._together.wait()


async def test_several_bots_stop_side_by_side() -> None:
    """One after the other, the last of three began after twelve seconds: it was killed long before."""
    bots = [Settings.model_validate({"token": SecretStr(f"{number}:x")}) for number in (1, 2, 3)]
    together = asyncio.Barrier(len(bots))
    async with asyncio.timeout(30):
        async with fleet(bots, "clock", lambda settings: cast(Wayside, Slow(settings, together))):
            assert together.n_waiting == 0
        assert together.n_waiting == 0
