"""People with points, and the rules of the tests' own content."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime

import pytest

from bot.services import people
from bot.services.points import ledger, rewards
from bot.services.points.rules import PointBook, Reward, read_points
from bot.store.database import Database
from bot.store.sealing import Key, Seal
from bot.store.work import Work
from tests.conftest import BOT
from tests.transcript import small_content

SEAL = Seal(BOT, [Key("test", bytes(32))])


class Fund:
    """Points on a database, with people who come and get some."""

    def __init__(self, database: Database, now: datetime) -> None:
        self.database = database
        self.now = now
        self.book: PointBook = read_points(small_content())
        self._subjects = itertools.count()
        self._numbers = itertools.count()

    @asynccontextmanager
    async def work(self) -> AsyncIterator[Work]:
        """One transaction."""
        async with self.database.work(BOT, self.now) as opened:
            yield opened

    async def somebody(self, account: int, points: int = 0) -> int:
        """A person with so many points."""
        async with self.work() as work:
            person = (await people.welcome(work, {account: "zh"}, "zh_CN"))[account].id
            if points:
                await ledger.book(work, person, "gift", f"{next(self._subjects)}", points, "gifts")
        return person

    async def give(self, person: int, rule: str, subject: str) -> int:
        """Give what a rule gives."""
        async with self.work() as work:
            return await ledger.give(work, person, self.book.earnings[rule], subject)

    async def redeem(
        self, person: int, reward: Reward, randbelow: Callable[[int], int] | None = None
    ) -> rewards.Redeemed | rewards.Refused:
        """Exchange points."""
        numbers = randbelow or (lambda most: next(self._numbers) % most)
        async with self.work() as work:
            return await rewards.redeem(work, person, reward, self.book, SEAL, numbers)

    async def balance(self, person: int) -> int:
        """What somebody has."""
        async with self.work() as work:
            return await ledger.balance(work, person)


@pytest.fixture
def fund(database: Database, now: datetime) -> Fund:
    """Points on each kind of database."""
    return Fund(database, now)
