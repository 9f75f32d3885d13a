"""The bot is killed at random moments while people use it: every update counts once, no reply is lost.

The bot is a process of its own (`python -m bot run`), the local Telegram lives in the test. Whatever the kill
interrupts, the update comes again, the database knows it, and what was decided is said. A message that was on
its way when the process died may arrive twice: at most one a kill.
"""

from __future__ import annotations

import asyncio
import os
import random
import signal
import socket
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import sqlalchemy as sa

from bot.sandbox import SandboxSettings, start_sandbox
from bot.store.database import Database, sqlite_url
from bot.store.tables import conversations, favourites, outbox, station_flags, stations, updates
from tests.office import KEYS
from tests.sandbox.driver import Driver

BOT = 700_000_001
TOKEN = f"{BOT}:" + "A" * 35
# Telegram's own limit: what is under way at any moment, and so what a kill may double, depends on it.
MESSAGES_PER_SECOND = 30
START_SECONDS = 30
PATIENCE_SECONDS = 60
SPEAKING = ("sendMessage", "sendVenue", "sendPhoto", "editMessageText", "editMessageReplyMarkup")

Json = dict[str, Any]
Shown = list[Json]


@dataclass
class Process:
    """The bot as a process that can be killed."""

    environment: dict[str, str]
    folder: Path
    running: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """Start; returns at once."""
        with (self.folder / "log").open("ab") as log:
            self.running = await asyncio.create_subprocess_exec(
                sys.executable,
                *("-m", "bot", "run"),
                env=self.environment,
                cwd=self.folder,
                stdout=asyncio.subprocess.PIPE,
                stderr=log,
            )

    async def ready(self) -> None:
        """Return when it says that it is ready."""
        assert self.running is not None
        assert self.running.stdout is not None
        async with asyncio.timeout(START_SECONDS):
            line = await self.running.stdout.readline()
        assert line == b"Ready\n", (self.folder / "log").read_text()

    async def end(self, how: signal.Signals) -> None:
        """Send a signal and wait for the end."""
        if self.running is not None and self.running.returncode is None:
            self.running.send_signal(how)
            await self.running.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _environment(path: Path, api_url: str, webhook: bool) -> dict[str, str]:
    settings = {
        "TOKEN": TOKEN,
        "DATABASE_URL": sqlite_url(path),
        "API_URL": api_url,
        "MESSAGES_PER_SECOND": str(MESSAGES_PER_SECOND),
    }
    if webhook:
        port = str(_free_port())
        settings |= {"WEBHOOK_URL": f"http://127.0.0.1:{port}/hook", "WEBHOOK_PORT": port}
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("WAYSIDE_")}
    settings.setdefault("KEYS", KEYS)
    return {**inherited, **{f"WAYSIDE_{name}": value for name, value in settings.items()}}


# -- People ----------------------------------------------------------------------


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
        await self._say(f"/start st_k{number % 5}", f"Station {number % 5}")
        await self._tap("☆ Favourite", lambda shown: _has_button(shown, "★ Favourite"))
        await self._say(f"/first{number}", f"I don't know /first{number}.")
        await self._tap("⚠ Something is wrong", lambda shown: _has_text(shown, "What is wrong with"))
        await self._tap("🚪 It is closed for good", lambda shown: _has_text(shown, "Tell us more"))
        await self._say(f"Boarded up {number}", "Thank you")
        await self._until(lambda shown: _has_button(shown, "★ Favourite"))
        await self._say(f"/second{number}", f"I don't know /second{number}.")
        if number % 2:
            await self._tap("★ Favourite", lambda shown: _has_button(shown, "☆ Favourite"))
        else:
            await self._say(f"/third{number}", f"I don't know /third{number}.")
        await self._say("/menu", "What do you need?")

    async def _say(self, words: str, answer: str) -> None:
        await self.telegram.say(self.number, words)
        await self._until(lambda shown: _has_text(shown, answer))

    async def _tap(self, label: str, answered: Callable[[Shown], bool]) -> None:
        message, data = _with_button(await self._shown(), label)[-1]
        press = {"from": self.number, "chat": self.number, "message_id": message, "data": data}
        # The word over a tapped button is not kept: after a kill nobody gives it, and the tap waits in vain.
        self.taps.append(asyncio.create_task(self.telegram.client("presses", **press)))
        await self._until(answered)

    async def _shown(self) -> Shown:
        messages: Shown = await self.telegram.look(f"chats/{self.number}/messages")
        return [message for message in messages if message["from"]["is_bot"]]

    async def _until(self, holds: Callable[[Shown], bool]) -> None:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not holds(await self._shown()):
                await self.telegram.look(f"chats/{self.number}/messages", after=10**9, wait=0.3)


DEEDS = 10
# Messages that each deed brings: one, but for the report, where thanks come and the card again.
ANSWERS = [1, 1, 1, 1, 1, 1, 2, 1, 1, 1]


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


# -- The test ------------------------------------------------------------------------


async def _kill_often(bot: Process, times: int, chance: random.Random) -> None:
    """Kill at random moments, at work or while it starts; it always comes back."""
    for number in range(times):
        if number % 4 != 3:
            await bot.ready()
            await asyncio.sleep(chance.uniform(0.02, 1.5))
        else:
            await asyncio.sleep(chance.uniform(0.5, 2.5))
        await bot.end(signal.SIGKILL)
        await bot.start()
    await bot.ready()


@pytest.mark.parametrize(
    ("webhook", "couriers", "kills"), [(False, 24, 5), (True, 12, 2)], ids=["polling", "webhook"]
)
async def test_whenever_it_is_killed_every_update_counts_once_and_no_reply_is_lost(
    sqlite_path: Path, tmp_path: Path, webhook: bool, couriers: int, kills: int
) -> None:
    await _put_stations(sqlite_path)
    sandbox = await start_sandbox(SandboxSettings(port=0, flood="off", seed=1))
    bot = Process(_environment(sqlite_path, sandbox.url, webhook), tmp_path)
    async with aiohttp.ClientSession() as http:
        telegram = Driver(sandbox, http, TOKEN)
        await telegram.bot("getMe")
        numbers = [await telegram.person(language_code="en") for _ in range(couriers)]
        people = [Courier(telegram, number) for number in numbers]
        try:
            await bot.start()
            killing = asyncio.create_task(_kill_often(bot, kills, random.Random(7)))
            await asyncio.gather(*(one.use_the_bot() for one in people), killing)
            await bot.end(signal.SIGTERM)
            calls = Counter((await telegram.look("stats"))["calls"])
            talk = {number: await telegram.look(f"chats/{number}/messages") for number in numbers}
        finally:
            await bot.end(signal.SIGKILL)
            for one in people:
                for tap in one.taps:
                    tap.cancel()
            await sandbox.close()
    written = await _read_database(sqlite_path)
    _check_each_update_counted_once(written, couriers, numbers)
    rows = len(written["outbox"])
    doubles = sum(calls[method] for method in SPEAKING) - rows
    assert 0 <= doubles <= kills
    _check_no_reply_is_lost(talk, doubles)


async def _put_stations(path: Path) -> None:
    database = Database(sqlite_url(path))
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
        for number in range(5)
    ]
    async with database.work(BOT, now) as work:
        await work.execute(sa.insert(stations), values)
    await database.close()


async def _read_database(path: Path) -> dict[str, Any]:
    database = Database(sqlite_url(path))
    async with database.work(BOT, datetime.now(UTC)) as work:
        tables = (updates, outbox, conversations, favourites, station_flags)
        found = {table.name: await work.fetch(sa.select(table)) for table in tables}
    await database.close()
    return found


def _check_each_update_counted_once(written: dict[str, Any], couriers: int, numbers: list[int]) -> None:
    assert len(written["updates"]) == couriers * DEEDS
    assert {row.state for row in written["outbox"]} == {"sent"}
    answers = Counter(row.update_id for row in written["outbox"])
    assert sorted(answers.values()) == sorted(ANSWERS * couriers)
    # A conversation's revision counts how often it moved: the same deeds moved it equally often.
    moves = {(row.chat % 2, row.revision) for row in written["conversations"]}
    assert len(moves) == 2
    assert len(written["station_flags"]) == couriers
    assert len(written["favourites"]) == sum(1 for number in numbers if number % 2 == 0)


def _check_no_reply_is_lost(talk: dict[int, Shown], doubles: int) -> None:
    """What each courier reads is what they would have read without any kill, but for the doubles."""
    seen = 0
    for number, messages in talk.items():
        texts = [message["text"].split("\n")[0] for message in messages if message["from"]["is_bot"]]
        seen += len(texts) - len(set(texts))
        in_order = [text for text in dict.fromkeys(texts) if text.startswith("I don't know")]
        words = ("first", "second") if number % 2 else ("first", "second", "third")
        assert [text.split(".")[0] for text in in_order] == [
            f"I don't know /{word}{number}" for word in words
        ]
    assert seen <= doubles
