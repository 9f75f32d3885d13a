"""People who use the bot while it is having a bad day, and what must be true of them afterwards."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from bot.services.outbox import SENDING, SENT, WAITING
from bot.store.database import Database
from bot.store.tables import conversations, favourites, outbox, station_flags, stations, updates
from tests.conftest import BOT
from tests.sandbox.driver import Driver

# On a busy machine a process takes half a minute to start, and some are killed one after the other.
PATIENCE_SECONDS = 300
STATIONS = 5
# Calls of the Bot API that show something to a person.
SPEAKING = ("sendMessage", "sendVenue", "sendPhoto", "editMessageText", "editMessageReplyMarkup")
DEEDS = 10
# Messages that each deed brings: one, but for the report, where thanks come and the card again.
ANSWERS = [1, 1, 1, 1, 1, 1, 2, 1, 1, 1]

Json = dict[str, Any]
Shown = list[Json]


@dataclass
class Courier:
    """Somebody who uses the bot. Each deed waits for its answer, as a person does."""

    telegram: Driver
    number: int
    taps: list[asyncio.Task[Any]] = field(default_factory=list)

    async def use_the_bot(self) -> None:
        """Ten updates: words, links, taps, a favourite, a report."""
        number = self.number
        await self._say("/start", "I'm Wayside")
        await self._say(f"/start st_k{number % STATIONS}", f"Station {number % STATIONS}")
        await self._tap("☆ Favourite", lambda shown: _has_button(shown, "★ Favourite"))
        await self._say(f"/first{number}", f"I don't know /first{number}.")
        await self._tap("⚠ Something is wrong", lambda shown: _has_text(shown, "What is wrong with"))
        await self._tap("🚪 It is closed for good", lambda shown: _has_text(shown, "Tell us more"))
        await self._say(f"Boarded up {number}", "Thank you")
        await self._until(lambda shown: _has_button(shown, "★ Favourite"))
        await self._say(f"/second{number}", f"I don't know /second{number}.")
        if self.keeps_it:
            await self._say(f"/third{number}", f"I don't know /third{number}.")
        else:
            await self._tap("★ Favourite", lambda shown: _has_button(shown, "☆ Favourite"))
        await self._say("/menu", "What do you need?")

    @property
    def keeps_it(self) -> bool:
        """Whether they keep the favourite; every other one takes it back."""
        return self.number % 2 == 0

    @property
    def words(self) -> list[str]:
        """What they read about their unknown commands, in order."""
        words = ("first", "second", "third") if self.keeps_it else ("first", "second")
        return [f"I don't know /{word}{self.number}" for word in words]

    async def read(self) -> list[str]:
        """The first lines of what the bot said to them."""
        shown = await self._shown()
        return [message["text"].split("\n")[0] for message in shown if "text" in message]

    async def _say(self, words: str, answer: str) -> None:
        await self.telegram.say(self.number, words)
        await self._until(lambda shown: _has_text(shown, answer))

    async def _tap(self, label: str, answered: Callable[[Shown], bool]) -> None:
        await self._until(lambda shown: _has_button(shown, label))
        # A message that came twice, after a kill, shows what was: the newest revision's buttons count.
        message, data = max(_with_button(await self._shown(), label), key=lambda found: _revision(found[1]))
        press = {"from": self.number, "chat": self.number, "message_id": message, "data": data}
        # The word over a tapped button is not kept: after a kill nobody gives it, and the tap waits in vain.
        self.taps.append(asyncio.create_task(self.telegram.client("presses", **press)))
        await self._until(answered)

    async def _shown(self) -> Shown:
        messages: Shown = await self.telegram.look(f"chats/{self.number}/messages")
        return [message for message in messages if message["from"]["is_bot"]]

    async def _until(self, holds: Callable[[Shown], bool], seconds: float = PATIENCE_SECONDS) -> None:
        async with asyncio.timeout(seconds):
            while not holds(await self._shown()):
                await self.telegram.look(f"chats/{self.number}/messages", after=10**9, wait=0.3)


def _has_text(shown: Shown, words: str) -> bool:
    return any(words in message.get("text", "") for message in shown)


def _has_button(shown: Shown, label: str) -> bool:
    return bool(_with_button(shown, label))


def _with_button(shown: Shown, label: str) -> list[tuple[int, str]]:
    return [
        (message["message_id"], button["callback_data"])
        for message in shown
        for row in message.get("reply_markup", {}).get("inline_keyboard", [])
        for button in row
        if button["text"] == label
    ]


def _revision(data: str) -> int:
    """Of the conversation whose button it is: `t:conversation:revision:index`."""
    return int(data.split(":")[2])


@dataclass
class Crowd:
    """Couriers who use the bot at the same time.

    What was there before them: `updates` taken, messages `sent` by the database, `calls` by Telegram.
    """

    telegram: Driver
    database: Database
    people: list[Courier]
    updates: int
    sent: int
    calls: int

    @classmethod
    async def gather(cls, telegram: Driver, database: Database, size: int) -> Crowd:
        """New people."""
        numbers = [await telegram.person(language_code="en") for _ in range(size)]
        people = [Courier(telegram, number) for number in numbers]
        before = (await _taken(database), await _sent(database), await _calls(telegram))
        return cls(telegram, database, people, *before)

    async def use_the_bot(self) -> None:
        """All of them, to the end, and until the database knows that they were told."""
        try:
            await asyncio.gather(*(one.use_the_bot() for one in self.people))
            async with asyncio.timeout(PATIENCE_SECONDS):
                while await self._is_waiting():  # noqa: ASYNC110 - nobody tells of it
                    await asyncio.sleep(0.05)
        finally:
            for tap in (tap for one in self.people for tap in one.taps):
                tap.cancel()

    async def _is_waiting(self) -> bool:
        to_them = outbox.c.chat.in_([one.number for one in self.people])
        statement = sa.select(outbox.c.id).where(to_them, outbox.c.state.in_((WAITING, SENDING))).limit(1)
        # While the database is away it is not known.
        with suppress(sa.exc.SQLAlchemyError, OSError):
            return bool(await _read(self.database, statement))
        return True

    async def doubles(self) -> int:
        """How much more Telegram was told since the beginning than the database knows of."""
        calls = await _calls(self.telegram) - self.calls
        return calls - (await _sent(self.database) - self.sent)

    async def check_each_update_counted_once(self) -> None:
        """In the database: updates, answers, favourites, reports, and how often each conversation moved."""
        database = self.database
        chats = [one.number for one in self.people]
        assert await _taken(database) - self.updates == len(chats) * DEEDS
        rows = await _read(database, sa.select(outbox).where(outbox.c.chat.in_(chats)))
        answers = Counter(row.update_id for row in rows if row.update_id is not None)
        assert sorted(answers.values()) == sorted(ANSWERS * len(chats))
        assert {row.state for row in rows} == {SENT}
        talks = await _read(database, sa.select(conversations).where(conversations.c.chat.in_(chats)))
        # A conversation's revision counts how often it moved: the same deeds moved it equally often.
        assert len({(row.chat % 2, row.revision) for row in talks}) == len({chat % 2 for chat in chats})
        people = sorted({row.person for row in talks})
        flags = await _read(database, sa.select(station_flags).where(station_flags.c.person.in_(people)))
        assert sorted(row.person for row in flags) == people
        kept = await _read(database, sa.select(favourites).where(favourites.c.person.in_(people)))
        assert len(kept) == sum(one.keeps_it for one in self.people)

    async def check_no_reply_is_lost(self, doubles: int) -> None:
        """What each reads is what they would have read on a good day, but for so many doubles in all."""
        seen = 0
        for one in self.people:
            lines = await one.read()
            seen += len(lines) - len(set(lines))
            in_order = [line.split(".")[0] for line in dict.fromkeys(lines) if "I don't know" in line]
            assert in_order == one.words
        assert seen <= doubles


async def _calls(telegram: Driver) -> int:
    calls = Counter((await telegram.look("stats"))["calls"])
    return sum(calls[method] for method in SPEAKING)


async def put_stations(database: Database) -> None:
    """Stations for everybody to look at."""
    now = datetime.now(UTC)
    values = [
        {
            "bot": BOT,
            "id": f"k{number}",
            "name": f"驿站{number}",
            "name_en": f"Station {number}",
            "kind": "station",
            "lat": 29.4 + number / 1000,
            "lon": 106.5,
            "services": ["water"],
            "opening_hours": "24/7",
            "changed_at": now,
        }
        for number in range(STATIONS)
    ]
    async with database.work(BOT, now) as work:
        await work.execute(sa.insert(stations), values)


async def _taken(database: Database) -> int:
    return int((await _read(database, sa.select(sa.func.count()).select_from(updates)))[0][0])


async def _sent(database: Database) -> int:
    counted = sa.select(sa.func.count()).select_from(outbox).where(outbox.c.state == SENT)
    return int((await _read(database, counted))[0][0])


async def _read(database: Database, statement: sa.Select[Any]) -> Sequence[sa.Row[Any]]:
    async with database.work(BOT, datetime.now(UTC)) as work:
        return await work.fetch(statement)
