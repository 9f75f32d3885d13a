"""The time that all processes of a bot go by: that of the database.

Leases, due moments and budgets are compared across machines whose clocks differ. Everybody reads the time
from a clock of their own, set by the database's: that costs no question and is right to a few milliseconds.
Between two settings it goes by a steady clock: when this machine's time is set, no lease runs out by it and
no reminder rings early.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from sqlalchemy.exc import SQLAlchemyError

from bot.store.database import Database

# Quartz is wrong by a second in a day, a millisecond in two minutes; machines sleep and are set.
SET_SECONDS = 60.0
WORTH_A_WORD = timedelta(seconds=1)

log = structlog.get_logger()


class CommonTime:
    """A clock, aware and in UTC.

    `own` is the clock of this machine, which on SQLite is the only one; `steady` gives seconds since some
    moment, whatever happens to that clock.
    """

    def __init__(
        self, database: Database, own: Callable[[], datetime], steady: Callable[[], float] = time.monotonic
    ) -> None:
        self._database = database
        self._own = own
        self._steady = steady
        self._begun = own() - timedelta(seconds=steady())
        self._ahead = timedelta(0)

    def __call__(self) -> datetime:
        """The time."""
        return self._read() + self._ahead

    def _read(self) -> datetime:
        if self._database.is_sqlite:
            return self._own()
        return self._begun + timedelta(seconds=self._steady())

    async def set(self) -> None:
        """Set it by the database's."""
        before, self._ahead = self._ahead, await self._database.ahead(self._read)
        if abs(self._ahead - before) > WORTH_A_WORD:
            log.warning("clock_differs", seconds=self._ahead.total_seconds())

    async def keep_right(self) -> None:
        """Set it again and again, until cancelled."""
        while not self._database.is_sqlite:
            await asyncio.sleep(SET_SECONDS)
            try:
                await self.set()
            except (SQLAlchemyError, OSError) as error:
                log.warning("clock_not_set", error=type(error).__name__)
