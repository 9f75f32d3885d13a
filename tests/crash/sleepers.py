"""People who only get messages: a reminder each that rings while the bot has a bad day, and a broadcast."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from bot.sandbox.people import User
from bot.services import due, letters, outbox, people
from bot.services.letters import Recipient
from bot.services.reminders.desk import ReminderDesk
from bot.services.reminders.model import REMIND
from bot.services.reminders.timing import to_json
from bot.services.when import When
from bot.store.database import Database
from bot.store.tables import due as due_table
from tests.conftest import BOT
from tests.sandbox.driver import Driver

FIRST_NUMBER = 500_000
BROADCAST = "The bridge is closed tonight"
SOON = timedelta(seconds=1)


@dataclass
class Sleepers:
    """So many people, by their numbers."""

    telegram: Driver
    database: Database
    numbers: list[int]
    since: datetime

    @classmethod
    async def gather(cls, telegram: Driver, database: Database, size: int) -> Sleepers:
        """People who have started the bot and are known to it."""
        world = telegram.sandbox.stage.world
        first = max([FIRST_NUMBER, *world.users]) + 1
        numbers = list(range(first, first + size))
        for number in numbers:
            user = User(number, "Ann", language_code="en", started={BOT})
            world.add_user(user)
            world.private_chat(world.bots[BOT], user)
        async with database.work(BOT, datetime.now(UTC)) as work:
            await people.welcome(work, dict.fromkeys(numbers, "en"), "en")
        return cls(telegram, database, numbers, datetime.now(UTC))

    async def be_reminded(self, within: timedelta, after: timedelta = SOON) -> None:
        """Each sets a reminder; they ring one after the other."""
        now = datetime.now(UTC)
        zone = ZoneInfo("Asia/Shanghai")
        async with self.database.work(BOT, now) as work:
            known = await people.welcome(work, dict.fromkeys(self.numbers, "en"), "en")
            for place, number in enumerate(self.numbers):
                at = now + after + within * place / len(self.numbers)
                timing = to_json(When("moment", zone, at.astimezone(zone)))
                assert await ReminderDesk(work, known[number]).create(_bell(number), timing)

    async def be_told(self, broadcast: int) -> None:
        """A broadcast to all of them begins."""
        body = {"type": "text", "text": BROADCAST, "spans": [], "rows": []}
        async with self.database.work(BOT, datetime.now(UTC)) as work:
            letter = await letters.write(work, broadcast, body)
            await letters.fill(work, broadcast, [Recipient(number, letter) for number in self.numbers])
            await letters.resume(work, broadcast)

    async def is_over(self) -> bool:
        """Whether nothing is left to do or to say."""
        async with self.database.work(BOT, datetime.now(UTC)) as work:
            tallies = {tally.state for tally in await outbox.tallies(work)}
            waiting = [thing for thing in await due.coming(work, len(self.numbers)) if thing.kind == REMIND]
        return not waiting and not tallies & {outbox.WAITING, outbox.SENDING}

    async def check_reminders(self, doubles: int) -> None:
        """Each rang once, but for so many in all that were under way when a speaker was killed."""
        heard = await self._bells()
        assert min(heard.values()) == 1
        assert sum(heard.values()) - len(heard) <= doubles
        rung = await self._rung()
        assert Counter(rung.values()) == Counter({due.DONE: len(self.numbers)})

    async def heard(self) -> int:
        """How many reminders rang so far."""
        return sum((await self._bells()).values())

    async def check_broadcast(self, broadcast: int, uncertain: int) -> None:
        """Everybody has it once; who is uncertain, at most so many, once or not at all."""
        async with self.database.work(BOT, datetime.now(UTC)) as work:
            results = await letters.results(work, broadcast, limit=len(self.numbers) + 1)
        states = {one.chat: one.state for one in results}
        heard = {number: await self._times(number, BROADCAST) for number in self.numbers}
        assert states.keys() == heard.keys()
        assert {heard[number] for number in heard if states[number] == outbox.SENT} == {1}
        assert max(heard.values()) == 1
        assert set(states.values()) <= {outbox.SENT, outbox.UNCERTAIN}
        assert Counter(states.values())[outbox.UNCERTAIN] <= uncertain

    async def _bells(self) -> dict[int, int]:
        return {number: await self._times(number, _bell(number)) for number in self.numbers}

    async def _times(self, number: int, words: str) -> int:
        shown = await self.telegram.look(f"chats/{number}/messages")
        return sum(words in message.get("text", "") for message in shown)

    async def _rung(self) -> dict[int, str]:
        """The states of their reminders' due things."""
        theirs = sa.and_(due_table.c.kind == REMIND, due_table.c.made_at >= self.since)
        statement = sa.select(due_table.c.id, due_table.c.state).where(theirs)
        async with self.database.work(BOT, datetime.now(UTC)) as work:
            return {row.id: row.state for row in await work.fetch(statement)}


def _bell(number: int) -> str:
    return f"Bell {number} rings"
