"""People of a branch, an organizer, and a clock that carries check-ins on a fake time."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from bot.deeds import checkin_deeds
from bot.services import audit, people
from bot.services.branches import members
from bot.services.branches.tree import import_branches
from bot.services.checkins.desk import CheckinDesk
from bot.services.checkins.model import Draft, Option, Question, Timing
from bot.services.checkins.organizing import RoundDesk
from bot.services.checkins.profile import ProfileDesk
from bot.services.checkins.safety import SafetyDesk
from bot.services.invitations import Links
from bot.services.people import Person
from bot.services.roles import grants
from bot.services.roles.rules import Role
from bot.store.database import Database
from bot.store.tables import outbox
from bot.store.work import Work
from tests.clock.once import work_off
from tests.conftest import BOT
from tests.services.people import TREE
from tests.transcript import small_shelf

ORGANIZER = 900
COMING = Question("q1", "options", "Coming?", (Option("Yes"), Option("No"), Option("Help", attention=True)))


class Stand:
    """One database, one time; `east-1` has the members that are asked."""

    def __init__(self, database: Database, now: datetime) -> None:
        self.database = database
        self.now = now
        self._tokens = itertools.count(1)

    async def build(self, members_of_east: int = 0) -> None:
        """The branches, an organizer of the east, and so many members."""
        async with self.work() as work:
            await import_branches(work, TREE)
            boss = await self._person(work, 901)
            organizer = await self._person(work, ORGANIZER)
            await grants.propose(work, boss.id, Role.ADMIN, None, by=audit.OPERATOR)
            grant = await grants.propose(work, organizer.id, Role.ORGANIZER, "east", by=boss.id)
            assert grant is not None
            await grants.confirm(work, grant.id, boss.id)
        for account in range(1, members_of_east + 1):
            await self.join(account)

    @asynccontextmanager
    async def work(self) -> AsyncIterator[Work]:
        """One transaction."""
        async with self.database.work(BOT, self.now) as opened:
            yield opened

    async def join(self, account: int) -> int:
        """Somebody belongs to the east from now on; gives their id."""
        async with self.work() as work:
            person = await self._person(work, account)
            await members.join(work, person.id, "east-1")
        return person.id

    @asynccontextmanager
    async def member(self, account: int) -> AsyncIterator[CheckinDesk]:
        """A member's desk, for one transaction."""
        async with self.work() as work:
            yield CheckinDesk(work, await self._person(work, account), self._token)

    @asynccontextmanager
    async def organizer(self, account: int = ORGANIZER) -> AsyncIterator[RoundDesk]:
        """An organizer's desk, for one transaction."""
        async with self.work() as work:
            yield RoundDesk(work, await self._person(work, account), small_shelf().library)

    @asynccontextmanager
    async def profile(self, account: int) -> AsyncIterator[ProfileDesk]:
        """What somebody set for check-ins."""
        async with self.work() as work:
            yield ProfileDesk(work, await self._person(work, account), Links("wayside_bot", self._token))

    @asynccontextmanager
    async def safety(self, account: int) -> AsyncIterator[SafetyDesk]:
        """What somebody can do about who stayed silent."""
        async with self.work() as work:
            yield SafetyDesk(work, await self._person(work, account))

    async def make(self, *questions: Question, **more: Any) -> int:
        """A check-in for the east, open for a day from now on."""
        timing = more.pop("timing", None) or Timing(self.now, "Asia/Shanghai", None, 24 * 60)
        draft = Draft("Coming?", questions or (COMING,), "east", "all", timing, **more)
        async with self.organizer() as desk:
            return await desk.make(draft)

    async def wait(self, **time: float) -> list[str]:
        """Let time pass and a clock run; gives what is said to whom: `account: first line`."""
        self.now += timedelta(**time)
        before = await self._last()
        await work_off(self.database, checkin_deeds(), self.now)
        async with self.work() as work:
            rows = await work.fetch(
                sa.select(outbox.c.chat, outbox.c.body).where(outbox.c.id > before).order_by(outbox.c.id)
            )
        return [f"{row.chat}: {row.body['text'].splitlines()[0]}" for row in rows]

    async def round(self, number: int = 1) -> int:
        """The id of a check-in's latest round."""
        async with self.organizer() as desk:
            return (await desk.latest(number, 1))[0].id

    def _token(self) -> str:
        return f"token-{next(self._tokens)}"

    async def _person(self, work: Work, account: int) -> Person:
        return (await people.welcome(work, {account: "en"}, "en"))[account]

    async def _last(self) -> int:
        async with self.work() as work:
            row = await work.first(sa.select(sa.func.max(outbox.c.id)))
        return (row[0] if row else 0) or 0


@pytest.fixture
async def stand(sqlite: Database, now: datetime) -> Stand:
    """An organizer and six members."""
    made = Stand(sqlite, now)
    await made.build(6)
    return made


@pytest.fixture
async def any_stand(database: Database, now: datetime) -> Stand:
    """The same, on each kind of database."""
    made = Stand(database, now)
    await made.build(6)
    return made
