"""People with reminders, and a clock that rings them on a fake time."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from bot.clock.reminders import reminding
from bot.dialogs import reminder_words
from bot.home import SHANGHAI
from bot.services import people
from bot.services.reminders.desk import ReminderDesk
from bot.services.reminders.timing import Json, to_json
from bot.services.when import When
from bot.store.database import Database
from bot.store.tables import outbox
from tests.clock.once import work_off
from tests.conftest import BOT

ME, SOMEBODY = 5, 6


class Stand:
    """One database, one time, any number of people."""

    def __init__(self, database: Database, now: datetime) -> None:
        self.database = database
        self.now = now

    @asynccontextmanager
    async def desk(self, account: int = ME) -> AsyncIterator[ReminderDesk]:
        """A person's desk, for one transaction."""
        async with self.database.work(BOT, self.now) as work:
            met = await people.welcome(work, {account: "zh"}, "zh_CN")
            yield ReminderDesk(work, met[account])

    def timing(self, minutes: float, rule: str | None = None) -> Json:
        """A time so many minutes from now."""
        at = (self.now + timedelta(minutes=minutes)).astimezone(SHANGHAI)
        return to_json(When("recurring" if rule else "moment", SHANGHAI, at, rule))

    async def create(self, minutes: float = 10, rule: str | None = None, **more: Any) -> int:
        """A reminder of mine."""
        async with self.desk() as desk:
            number = await desk.create("换电池", self.timing(minutes, rule), **more)
        assert number is not None
        return number

    async def ring(self, minutes: float = 0) -> list[str]:
        """Let time pass and a clock start; gives what it says."""
        self.now += timedelta(minutes=minutes)
        before = len(await self.said())
        kinds = [reminding(reminder_words.rung)]
        await work_off(self.database, kinds, self.now)
        return (await self.said())[before:]

    async def said(self) -> list[str]:
        """All that was ever said, in the order in which it goes out."""
        async with self.database.work(BOT, self.now) as work:
            rows = await work.fetch(sa.select(outbox.c.body).order_by(outbox.c.priority, outbox.c.id))
        return [row.body["text"] for row in rows]


@pytest.fixture
def stand(database: Database, now: datetime) -> Stand:
    """On each kind of database."""
    return Stand(database, now)
