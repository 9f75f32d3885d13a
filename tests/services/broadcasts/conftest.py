"""A city with an organizer of the east, one of the west, an admin, and riders; time that tests move."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pytest
import sqlalchemy as sa

from bot.clock.broadcasts import broadcasting
from bot.dialogs import broadcast_words
from bot.services import letters, outbox
from bot.services.branches import members
from bot.services.broadcasts import rows
from bot.services.broadcasts.desk import BroadcastDesk
from bot.services.broadcasts.model import Broadcast, Button, Content, Progress, Report, Terms
from bot.services.outbox import SENT, Outgoing, Settled
from bot.services.people import Person
from bot.services.roles.rules import Role
from bot.store.database import Database
from bot.store.tables import chats
from bot.store.tables import outbox as outbox_table
from bot.store.tables import people as people_table
from tests.clock.once import work_off
from tests.conftest import BOT
from tests.services.people import City
from tests.transcript import small_shelf

BOSS, EAST, WEST = 1, 2, 3
TERMS = Terms(threshold=50, per_second=30)
HELLO = Content({"zh_CN": "你好，{name}！{branch}", "en": "Hello {name}! {branch}"})
BUTTON = Button("lesson", "heat_work", {"zh_CN": "学", "en": "Learn"})


@dataclass
class Office:
    """Who works where, by account; people are made as they are needed."""

    city: City
    people: dict[int, int] = field(default_factory=dict)

    @property
    def now(self) -> datetime:
        """The moment of everything that happens."""
        return self.city.now

    def at(self, moment: str) -> None:
        """Time passes until a moment in Shanghai."""
        self.city.now = datetime.fromisoformat(f"{moment}+08:00")

    @asynccontextmanager
    async def desk(self, account: int = EAST) -> AsyncIterator[BroadcastDesk]:
        """Somebody's desk, for one transaction."""
        async with self.city.work() as work:
            person = Person(self.people[account], account, "zh_CN", self.now.date())
            yield BroadcastDesk(work, person, TERMS, small_shelf().library)

    async def rider(self, account: int, branch: str = "east-1", **said: Any) -> int:
        """Somebody of a branch, with columns of `people`."""
        person = self.people[account] = await self.city.somebody(account)
        async with self.city.work() as work:
            await members.join(work, person, branch)
            if said:
                await work.execute(sa.update(people_table).where(people_table.c.id == person).values(**said))
        return person

    async def riders(self, count: int, branch: str = "east-1") -> list[int]:
        """So many people of a branch; gives their accounts."""
        first = 100 + len(self.people)
        for account in range(first, first + count):
            await self.rider(account, branch)
        return list(range(first, first + count))

    async def group(self, chat: int, branch: str = "east-1", **said: Any) -> int:
        """A group of a branch."""
        values = {"bot": BOT, "chat": chat, "kind": "group", "title": f"群 {chat}", "branch": branch}
        async with self.city.work() as work:
            await work.execute(sa.insert(chats).values(**values, **said))
        return chat

    async def make(
        self, segment: str = "all", content: Content = HELLO, topic: str = "notice", at: str | None = None
    ) -> int:
        """The organizer of the east makes a broadcast."""
        async with self.desk() as desk:
            made = await desk.make(segment, topic, content.to_json(), at and f"{at}+08:00")
        assert made is not None
        return made

    async def work_off(self) -> None:
        """The clock does what is due."""
        kinds = broadcasting(TERMS, broadcast_words.DRAWS, small_shelf().library)
        await work_off(self.city.database, kinds, self.now)

    async def send(self, limit: int = 1000, state: str = SENT) -> list[Outgoing]:
        """A speaker takes so many messages of broadcasts, and this becomes of them."""
        async with self.city.work() as work:
            claimed = await letters.claim(work, "speaker", limit)
            await outbox.settle(work, [Settled(row.id, state, row.id) for row in claimed])
            await letters.tend(work)
        return claimed

    async def told(self, message: int = 0) -> list[Outgoing]:
        """A speaker sends what organizers are told: it becomes that message, or the one it redraws."""
        async with self.city.work() as work:
            claimed = await outbox.claim(work, "speaker", 1000)
            for row in claimed:
                await outbox.aim(work, row)
                became = message or (row.target["edit"] if row.target else row.id)
                await outbox.settle(work, [Settled(row.id, SENT, became)])
        return claimed

    async def started(self, segment: str = "all", **more: Any) -> int:
        """A broadcast that runs."""
        number = await self.make(segment, **more)
        await self.work_off()
        return number

    async def get(self, number: int) -> Broadcast:
        """A broadcast, as its row says."""
        async with self.city.work() as work:
            found = await rows.get(work, number)
        assert found is not None
        return found

    async def progress(self, number: int) -> Progress:
        """How far it is."""
        broadcast = await self.get(number)
        async with self.desk() as desk:
            return await desk.progress(broadcast)

    async def report(self, number: int) -> Report:
        """What became of it."""
        broadcast = await self.get(number)
        async with self.desk() as desk:
            return await desk.report(broadcast)

    async def waiting(self) -> Sequence[Any]:
        """Rows of broadcasts, in order."""
        async with self.city.work() as work:
            asked = sa.select(outbox_table).where(outbox_table.c.broadcast.is_not(None))
            return await work.fetch(asked.order_by(outbox_table.c.id))


@pytest.fixture
async def office(database: Database, now: datetime) -> Office:
    """Two organizers and an admin, on each kind of database."""
    city = City(database, now)
    await city.build()
    made = Office(city)
    made.people[BOSS] = await city.admin(BOSS)
    made.people[EAST] = await city.granted(EAST, Role.ORGANIZER, "east", made.people[BOSS])
    made.people[WEST] = await city.granted(WEST, Role.ORGANIZER, "west", made.people[BOSS])
    return made
