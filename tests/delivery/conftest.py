"""A stage for speakers: a sandbox, a database, a bot with its people, and time that tests move."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import aiohttp
import pytest
import sqlalchemy as sa

from bot.delivery.pace import UNLIMITED
from bot.delivery.speaker import Speaker
from bot.sandbox import SandboxSettings, start_sandbox
from bot.services import letters, outbox
from bot.services.letters import Recipient
from bot.services.outbox import Outgoing
from bot.store.database import Database
from bot.store.tables import outbox as rows_table
from tests.conftest import BOT, NOW
from tests.delivery import speaking
from tests.sandbox.driver import Driver

# python-telegram-bot warns that seconds will be a timedelta some day; the limiter reads both.
TELLS_OF_SECONDS = pytest.mark.filterwarnings("ignore:.*retry_after.*:DeprecationWarning")
IN_HAND = ("waiting", "sending")
TOKEN, USERNAME = speaking.TOKEN, speaking.USERNAME


def text(words: str, **more: Any) -> dict[str, Any]:
    """A neutral text body."""
    return {"type": "text", "text": words, "spans": [], "rows": [], **more}


@dataclass
class Stage:
    """What a speaker's test needs."""

    database: Database
    driver: Driver
    now: datetime = NOW
    speakers: list[Speaker] = field(default_factory=list)
    rests: list[float] = field(default_factory=list)

    def speaker(self, owner: str = "one", tick_seconds: float = 0.01, **more: Any) -> Speaker:
        """A speaker against the sandbox; it waits for nothing but the pace."""
        speaker = Speaker(
            self.database,
            TOKEN,
            username=USERNAME,
            owner=owner,
            clock=lambda: self.now,
            api_url=self.driver.sandbox.url,
            rates=UNLIMITED,
            rest=self._rest,
            tick_seconds=tick_seconds,
            **more,
        )
        self.speakers.append(speaker)
        return speaker

    async def _rest(self, seconds: float) -> None:
        self.rests.append(seconds)
        await asyncio.sleep(0.001)

    async def put(self, messages: Sequence[Outgoing], owner: str | None = None) -> list[Outgoing]:
        """Commit messages to the outbox."""
        async with self.database.work(BOT, self.now) as work:
            await outbox.put(work, messages, owner)
        return list(messages)

    async def say(self, speaker: Speaker, messages: Sequence[Outgoing]) -> None:
        """Commit messages that the speaker sends at once."""
        speaker.take(await self.put(messages, speaker.owner))

    async def broadcast(self, chats: Sequence[int], words: str = "hello", number: int = 1) -> None:
        """Let a broadcast run."""
        async with self.database.work(BOT, self.now) as work:
            letter = await letters.write(work, number, text(words))
            await letters.fill(work, number, [Recipient(chat, letter) for chat in chats])
            await letters.resume(work, number)

    async def rows(self) -> list[sa.Row[Any]]:
        """The whole outbox, by id."""
        async with self.database.work(BOT, self.now) as work:
            return list(await work.fetch(sa.select(rows_table).order_by(rows_table.c.id)))

    async def settled(self, seconds: float = 30.0) -> list[sa.Row[Any]]:
        """The outbox once nothing waits any more."""
        async with asyncio.timeout(seconds):
            while any(row.state in IN_HAND for row in await self.rows()):  # noqa: ASYNC110 - another process may settle
                await asyncio.sleep(0.005)
        return await self.rows()

    async def until(self, seen: Callable[[], Awaitable[bool]], seconds: float = 30.0) -> None:
        """Wait for something to become visible."""
        async with asyncio.timeout(seconds):
            while not await seen():  # noqa: ASYNC110 - the sandbox shows it
                await asyncio.sleep(0.005)

    async def reached(self) -> None:
        """Wait until requests have met all faults that were ordered."""

        async def met() -> bool:
            return not self.driver.sandbox.stage.faults.ordered

        await self.until(met)

    async def texts(self, chat: int) -> list[str]:
        """What the bot's messages in a chat say, in order."""
        shown = await self.driver.look(f"chats/{chat}/messages")
        messages = shown["messages"] if isinstance(shown, dict) else shown
        return [message["text"] for message in messages if message["from"]["is_bot"] and "text" in message]

    def later(self, seconds: float) -> None:
        """Time passes."""
        self.now += timedelta(seconds=seconds)


async def _stage(database: Database, flood: Any) -> AsyncIterator[Stage]:
    sandbox = await start_sandbox(SandboxSettings(port=0, flood=flood, seed=1))
    async with aiohttp.ClientSession() as http:
        stage = Stage(database, Driver(sandbox, http, TOKEN))
        await stage.driver.bot("getMe")
        yield stage
        for speaker in stage.speakers:
            await speaker.stop(1)
    await sandbox.close()


@pytest.fixture
async def stage(database: Database) -> AsyncIterator[Stage]:
    """Without flood limits, on each database in turn."""
    async for stage in _stage(database, "off"):
        yield stage


@pytest.fixture
async def strict_stage(sqlite: Database) -> AsyncIterator[Stage]:
    """With Telegram's flood limits."""
    async for stage in _stage(sqlite, "telegram"):
        yield stage
