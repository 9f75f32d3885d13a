"""A clock that is looked at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.clock.kinds import Kind
from bot.clock.loop import Clock
from bot.store.database import Database
from tests.conftest import BOT


async def work_off(database: Database, kinds: Sequence[Kind], now: datetime) -> None:
    """Do all things of some kinds that are due by now."""
    await Clock(database, BOT, kinds, owner="clock", now=lambda: now).work_off()
