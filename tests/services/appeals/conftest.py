"""Riders with appeals, the desks of a small city, and a clock on a fake time."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from bot.clock.appeals import appealing
from bot.dialogs import desk_words
from bot.services import outbox, people
from bot.services.appeals.absence import Absences
from bot.services.appeals.cases import Cases
from bot.services.appeals.counter import AppealDesk
from bot.services.appeals.deadlines import plan_rounds
from bot.services.appeals.handbook import Handbook
from bot.services.appeals.mine import MyAppeals
from bot.services.appeals.model import Appeal, Changed, Draft
from bot.services.appeals.posting import AppealPost
from bot.services.appeals.register import Register
from bot.services.appeals.unmasking import Unmasking
from bot.services.due import DEAD
from bot.services.people import Person
from bot.services.roles.rules import Role
from bot.store.database import Database
from bot.store.tables import due
from bot.store.tables import outbox as outbox_table
from bot.store.work import Work
from tests.clock.once import work_off
from tests.conftest import BOT
from tests.services.people import City
from tests.transcript import small_handbook

# Accounts: whose number stands in a message is seen at once.
RIDERS = (910_000_011, 910_000_012, 910_000_013, 910_000_014, 910_000_015)
CLERK, COLLEAGUE, CHIEF, TOP, WEST = 21, 22, 31, 41, 51
ORGANIZER, ADMIN = 61, 100
SERVING = {CLERK: "east-1", COLLEAGUE: "east-1", CHIEF: "east", TOP: "city", WEST: "west-1"}


@dataclass(frozen=True, slots=True)
class Said:
    """A message on its way: to which chat, what it says, and its buttons' data."""

    chat: int
    text: str
    data: tuple[str, ...]


@dataclass
class Counter:
    """All that one person can do, in one transaction."""

    work: Work
    person: Person
    handbook: Handbook

    @property
    def appeals(self) -> MyAppeals:
        """Their own appeals."""
        return MyAppeals(self.work, self.person, self.handbook)

    @property
    def desk(self) -> AppealDesk:
        """Where they serve."""
        return AppealDesk(self.work, self.person, self.handbook.rules)

    @property
    def unmasking(self) -> Unmasking:
        """Who wrote an appeal."""
        return Unmasking(self.work, self.person, self.handbook.rules)

    @property
    def cases(self) -> Cases:
        """Many appeals as one."""
        return Cases(self.work, self.person, self.handbook)

    @property
    def absences(self) -> Absences:
        """Being away."""
        return Absences(self.work, self.person, self.handbook.rules)

    async def tell(self, changed: Changed) -> Appeal:
        """Let those know who have to hear of it."""
        await AppealPost(self.work, self.handbook.rules).send(changed.news, desk_words.worded)
        return changed.appeal


class Court:
    """One database, one time, one small city."""

    def __init__(self, database: Database, now: datetime) -> None:
        self.database = database
        self.now = now
        self.handbook = replace(small_handbook(), randbelow=random.Random(3).randrange)
        self.city = City(database, now)
        self.persons: dict[int, int] = {}

    async def build(self) -> None:
        """Put up the tree, and let people serve in it."""
        await self.city.build()
        self.persons[ADMIN] = await self.city.admin(ADMIN)
        for account, branch in SERVING.items():
            self.persons[account] = await self.serve(account, branch)
        organizer = await self.city.granted(ORGANIZER, Role.ORGANIZER, "east", self.persons[ADMIN])
        self.persons[ORGANIZER] = organizer
        async with self.work() as work:
            await plan_rounds(work)

    async def serve(self, account: int, branch: str, role: Role = Role.DESK) -> int:
        """Let somebody serve at a branch; gives their number."""
        return await self.city.granted(account, role, branch, self.persons[ADMIN])

    @asynccontextmanager
    async def work(self) -> AsyncIterator[Work]:
        """One transaction."""
        async with self.database.work(BOT, self.now) as opened:
            yield opened

    @asynccontextmanager
    async def at(self, account: int) -> AsyncIterator[Counter]:
        """Somebody's turn. Riders ride in the east."""
        async with self.work() as work:
            met = await people.welcome(work, {account: "zh"}, "zh_CN")
            person = met[account]
            self.persons[account] = person.id
            if account in RIDERS:
                person.work_kind = "rider"
            yield Counter(work, person, self.handbook)

    async def file(self, account: int = RIDERS[0], **more: Any) -> Appeal:
        """An appeal of a rider's."""
        async with self.at(account) as counter:
            return await counter.tell(await counter.appeals.file(draft(**more)))

    async def see(self, number: int) -> Appeal:
        """An appeal as it stands."""
        async with self.work() as work:
            found = await Register(work, self.handbook.rules).get(number)
        assert found is not None
        return found

    async def wait(self, *, hours: float = 0, days: float = 0) -> list[Said]:
        """Let time pass, each thing done when it is due; gives what the clock said."""
        before = len(await self.said())
        until = self.now + timedelta(hours=hours, days=days)
        kinds = appealing(self.handbook.rules, desk_words.worded)
        names = [kind.name for kind in kinds]
        while (at := await self._next(names)) is not None and at <= until:
            self.now = max(self.now, at)
            await work_off(self.database, kinds, self.now)
        self.now = until
        assert await self._dead() == []
        return (await self.said())[before:]

    async def _next(self, names: list[str]) -> datetime | None:
        waiting = sa.and_(due.c.bot == BOT, due.c.state == "waiting", due.c.kind.in_(names))
        async with self.work() as work:
            row = await work.first(sa.select(sa.func.min(due.c.not_before)).where(waiting))
        return row[0] if row else None

    async def _dead(self) -> list[Any]:
        failed = sa.or_(due.c.state == DEAD, due.c.attempts > 0)
        async with self.work() as work:
            return [row.error for row in await work.fetch(sa.select(due.c.error).where(failed))]

    async def said(self) -> list[Said]:
        """All that was ever said and is not settled, in order."""
        async with self.work() as work:
            rows = await work.fetch(
                sa.select(outbox_table.c.chat, outbox_table.c.body).order_by(outbox_table.c.id)
            )
        return [_said(row) for row in rows if row.body is not None]

    async def settle(self, row: int, message: int) -> None:
        """The channel carried out what a row of the outbox asked for."""
        async with self.work() as work:
            await outbox.settle(work, [outbox.Settled(row, outbox.SENT, message)])


def _said(row: Any) -> Said:
    buttons = [button for line in row.body["rows"] for button in line]
    return Said(row.chat, row.body.get("text", ""), tuple(button.get("data", "") for button in buttons))


def draft(**more: Any) -> Draft:
    """What a rider in the east tells."""
    return Draft(**({"kind": "pay", "story": "平台欠我运费", "district": "巴南区"} | more))


@pytest.fixture
async def court(database: Database, now: datetime) -> Court:
    """On each kind of database."""
    made = Court(database, now)
    await made.build()
    return made


@pytest.fixture
async def small_court(sqlite: Database, now: datetime) -> Court:
    """On SQLite alone: test_histories plays the same deeds on each kind."""
    made = Court(sqlite, now)
    await made.build()
    return made
