"""A clock on a fake time, whose deeds leave a mark in the database."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from bot.clock.kinds import Kind
from bot.clock.loop import Clock
from bot.services import due, outbox
from bot.services.due import Due
from bot.services.outbox import Outgoing
from bot.store.database import Database
from bot.store.tables import favourites
from bot.store.work import Work
from tests.conftest import BOT


@dataclass
class Marks:
    """What the deeds of a test say and when they fail."""

    broken: set[int] = field(default_factory=set)
    done: list[Due] = field(default_factory=list)

    async def leave(self, work: Work, thing: Due) -> Sequence[Outgoing]:
        """Leave a row for this occurrence; fail, with the row written, where the test says so."""
        station = f"{thing.id} {thing.at.isoformat()}"
        values = {"bot": work.bot, "person": thing.id, "station": station, "made_at": work.now}
        await work.execute(sa.insert(favourites), values)
        if thing.id in self.broken:
            raise ValueError(thing.id)
        self.done.append(thing)
        body = {"type": "text", "text": f"ding {thing.id}", "spans": [], "rows": []}
        return [Outgoing(work.bot, 5, body)]


class Stand:
    """A clock and its hands."""

    def __init__(self, database: Database, now: datetime) -> None:
        self.database = database
        self.now = now
        self.marks = Marks()

    def clock(self, *kinds: Kind, **more: Any) -> Clock:
        """A clock as after a start."""
        kinds = kinds or (Kind("bell", self.marks.leave),)
        return Clock(self.database, BOT, kinds, now=lambda: self.now, **({"owner": "one"} | more))

    async def plan(self, minutes: float = 0, kind: str = "bell", **more: Any) -> int:
        """Plan something so many minutes from now."""
        async with self.database.work(BOT, self.now) as work:
            at = self.now + timedelta(minutes=minutes)
            return await due.plan(work, kind, at, more.pop("what", {}), **more)

    async def marked(self) -> list[int]:
        """The numbers of the things that left a mark, one for each occurrence."""
        async with self.database.work(BOT, self.now) as work:
            rows = await work.fetch(sa.select(favourites.c.person).order_by(favourites.c.person))
        return [row.person for row in rows]

    async def said(self) -> list[str]:
        """What waits in the outbox for any speaker."""
        async with self.database.work(BOT, self.now) as work:
            return [row.body["text"] for row in await outbox.claim(work, "anybody", 100)]

    async def states(self) -> list[str]:
        """What became of each thing."""
        async with self.database.work(BOT, self.now) as work:
            rows = await work.fetch(sa.text("SELECT state FROM due ORDER BY id"))
        return [row.state for row in rows]

    async def jump(self, event: asyncio.Event, seconds: float) -> None:
        """Instead of waiting: time passes at once, unless the event comes first."""
        await asyncio.sleep(0)
        if not event.is_set():
            self.now += timedelta(seconds=seconds)


async def until(condition: Callable[[], object]) -> None:
    """Let others work until something holds; ten seconds at most."""
    async with asyncio.timeout(30):
        while not condition():  # noqa: ASYNC110 - what is waited for has no event
            await asyncio.sleep(0.001)


@pytest.fixture
def stand(database: Database, now: datetime) -> Stand:
    """A clock on each kind of database."""
    return Stand(database, now)
