"""People of a small city who wish, report and suggest; organizers and desks; a clock on a fake time."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

import sqlalchemy as sa

from bot.clock.neighbours import Words, neighbouring
from bot.dialogs import hazard_words, idea_words, wish_words
from bot.services import people
from bot.services.appeals.kinds import Desk, Rulebook
from bot.services.branches import members
from bot.services.hazards.desk import HazardDesk
from bot.services.ideas.desk import IdeaDesk
from bot.services.people import Person
from bot.services.roles.rules import Role
from bot.services.wishes.desk import WishDesk
from bot.store.database import Database
from bot.store.tables import outbox
from bot.store.work import Work
from tests.clock.once import work_off
from tests.services.people import City
from tests.transcript import small_handbook

ADMIN, EAST, WEST, CITY = 100, 61, 62, 63
"""Organizers of a branch each, and an admin of the whole city."""
LOW, TOP, FAR = 21, 41, 51
"""Who serves at east-1, at the city, and at west-1."""
HOME = "巴南区"
"""The district whose first desk is at east-1."""


class Quarter(City):
    """What people do there, each thing in a transaction of its own."""

    def __init__(self, database: Database, now: datetime) -> None:
        super().__init__(database, now)
        self._handbook = small_handbook()
        self._chance = random.Random(7)
        small = self._handbook.rules
        low = Desk("low", {"zh": "城东", "en": "East"}, "east-1", districts=frozenset({HOME}))
        desks = (low, small.desks[-1])
        self.book = Rulebook(small.hours, small.kinds, desks, small.ladder, ())

    async def build(self) -> None:
        """The branches, and who looks after what."""
        await super().build()
        boss = await self.admin(ADMIN)
        for account, branch in ((EAST, "east"), (WEST, "west"), (CITY, "city")):
            await self.granted(account, Role.ORGANIZER, branch, boss)
        for account, branch in ((LOW, "east-1"), (TOP, "city"), (FAR, "west-1")):
            await self.granted(account, Role.DESK, branch, boss)

    async def somebody(self, account: int) -> int:
        """The person with this account, who reads English."""
        async with self.work() as work:
            return (await self.person(work, account)).id

    async def join(self, account: int, branch: str) -> None:
        """Belong to a branch."""
        person = await self.somebody(account)
        async with self.work() as work:
            assert await members.join(work, person, branch)

    @asynccontextmanager
    async def wishes(self, account: int) -> AsyncIterator[WishDesk]:
        """Somebody's wishes."""
        async with self.work() as work:
            yield self.wish_desk(work, await self.person(work, account))

    def wish_desk(self, work: Work, person: Person) -> WishDesk:
        """Somebody's wishes, within a transaction."""
        return WishDesk(work, person, self.book, self._chance.randrange)

    @asynccontextmanager
    async def hazards(self, account: int) -> AsyncIterator[HazardDesk]:
        """Somebody's hazards."""
        async with self.work() as work:
            person = await self.person(work, account)
            yield HazardDesk(work, person, self.book, self._handbook.hazards)

    @asynccontextmanager
    async def ideas(self, account: int) -> AsyncIterator[IdeaDesk]:
        """Somebody's suggestions."""
        async with self.work() as work:
            yield IdeaDesk(work, await self.person(work, account), self.book)

    async def wait(self, **time: float) -> list[str]:
        """Let time pass and a clock run; gives what is said to whom: `account: first line`."""
        self.now += timedelta(**time)
        async with self.work() as work:
            row = await work.first(sa.select(sa.func.coalesce(sa.func.max(outbox.c.id), 0)))
        before = row[0] if row else 0
        words = Words(wish_words.worded, hazard_words.worded, idea_words.worded)
        kinds = neighbouring(self.book, self._handbook.hazards, words)
        await work_off(self.database, kinds, self.now)
        said = sa.select(outbox.c.chat, outbox.c.body).where(outbox.c.id > before).order_by(outbox.c.id)
        async with self.work() as work:
            rows = await work.fetch(said)
        return [f"{row.chat}: {row.body['text'].splitlines()[0]}" for row in rows]

    async def person(self, work: Work, account: int) -> Person:
        """Who has this account."""
        return (await people.welcome(work, {account: "en"}, "en"))[account]
