"""Messages out: put, commit, speak, settle, against bare loops that keep nothing. One peer, one core each.

`python -m bench.sending` prints messages per second and milliseconds of CPU per message of the sending
process. The peer is the sandbox in a process of its own, without flood limits. All contenders run on the same
event loop (uvloop) in turn, the best of several rounds counts: the machine's other work only ever slows down.
"""

from __future__ import annotations

import asyncio
import gc
import resource
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import aiohttp
import uvloop
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer

from bench.crowd import BOT, TOKEN, crowd
from bot.delivery.limiter import FLIGHTS
from bot.delivery.pace import UNLIMITED
from bot.delivery.speaker import Speaker
from bot.services import outbox
from bot.services.outbox import REMINDER, Outgoing
from bot.store.database import Database, sqlite_url
from bot.store.migrations import upgrade

PEOPLE = 1000
MESSAGES = 3000
ROUNDS = 3
BATCH = 100
WORDS = "您的诉求 AB-17 有了新进展：承办单位已经答复，点下面的按钮查看。"


@dataclass(frozen=True, slots=True)
class Figure:
    """What one contender reached."""

    name: str
    per_second: float
    cpu_ms: float


async def _measure(name: str, count: int, deed: Callable[[], Awaitable[None]]) -> Figure:
    best = Figure(name, 0, 0)
    for _ in range(ROUNDS):
        gc.collect()
        cpu, wall = _cpu_seconds(), time.perf_counter()
        await deed()
        wall, cpu = time.perf_counter() - wall, _cpu_seconds() - cpu
        if count / wall > best.per_second:
            best = Figure(name, count / wall, cpu / count * 1000)
    return best


def _cpu_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


async def _spread(send: Callable[[int], Awaitable[object]], workers: int) -> None:
    """Send to everybody in turn from so many loops at once."""

    async def loop(first: int) -> None:
        for number in range(first, MESSAGES, workers):
            await send(number % PEOPLE + 1)

    await asyncio.gather(*(loop(first) for first in range(workers)))


async def bare_posts(url: str) -> list[Figure]:
    """The floor of floors: aiohttp posts a JSON body and reads the answer."""
    async with aiohttp.ClientSession() as http:

        async def send(chat: int) -> None:
            body = {"chat_id": chat, "text": WORDS}
            async with http.post(f"{url}/bot{TOKEN}/sendMessage", json=body) as response:
                await response.json()

        return await _one_and_many("aiohttp, bare POST", send)


async def bare_aiogram(url: str) -> list[Figure]:
    """aiogram's `send_message`, as a broadcast script would call it."""
    async with Bot(TOKEN, AiohttpSession(api=TelegramAPIServer.from_base(url))) as bot:

        async def send(chat: int) -> object:
            return await bot.send_message(chat, WORDS)

        return await _one_and_many("aiogram, bare send_message", send)


async def _one_and_many(name: str, send: Callable[[int], Awaitable[object]]) -> list[Figure]:
    return [
        await _measure(f"{name}, {workers} at a time", MESSAGES, partial(_spread, send, workers))
        for workers in (1, FLIGHTS)
    ]


def _messages(count: int, first: int = 0, priority: int = outbox.REPLY) -> list[Outgoing]:
    body = {"type": "text", "text": WORDS, "spans": [], "rows": []}
    return [Outgoing(BOT, number % PEOPLE + 1, body, priority) for number in range(first, first + count)]


@asynccontextmanager
async def _speaker(url: str, database: Database) -> AsyncIterator[Speaker]:
    speaker = Speaker(
        database,
        TOKEN,
        username="BenchBot",
        owner="bench",
        clock=lambda: datetime.now(UTC),
        api_url=url,
        rates=UNLIMITED,
    )
    running = asyncio.create_task(speaker.run())
    yield speaker
    await speaker.stop(10)
    await running


async def _put(database: Database, messages: list[Outgoing], owner: str | None) -> None:
    async with database.work(BOT, datetime.now(UTC)) as work:
        await outbox.put(work, messages, owner)


async def wayside(url: str, database: Database) -> list[Figure]:
    """Rows included: written, committed, sent, settled."""
    async with _speaker(url, database) as speaker:

        async def in_batches(size: int) -> None:
            for first in range(0, MESSAGES, size):
                messages = _messages(size, first)
                await _put(database, messages, "bench")
                speaker.take(messages)
            await speaker.idle()

        async def claimed() -> None:
            for first in range(0, MESSAGES, BATCH):
                await _put(database, _messages(BATCH, first, REMINDER), None)
            await speaker.idle()

        return [
            await _measure(f"Wayside, {BATCH} rows a transaction", MESSAGES, partial(in_batches, BATCH)),
            await _measure("Wayside, one row a transaction", MESSAGES, partial(in_batches, 1)),
            await _measure("Wayside, claimed from the outbox", MESSAGES, claimed),
        ]


async def figures() -> list[Figure]:
    """Every contender, in turn."""
    with tempfile.TemporaryDirectory() as folder:
        database = Database(sqlite_url(Path(folder) / "bench.sqlite"))
        await upgrade(database)
        async with crowd(PEOPLE) as url:
            gc.freeze()
            found = [*await bare_posts(url), *await bare_aiogram(url), *await wayside(url, database)]
        await database.close()
    return found


def table() -> str:
    """All figures as text."""
    return drawn(uvloop.run(figures()))


def drawn(found: list[Figure]) -> str:
    """Figures as text, each also as a ratio to a bare aiogram loop."""
    floor = next(figure for figure in found if figure.name.startswith("aiogram"))
    lines = [f"{'messages out':44}{'msg/s':>8}{'CPU ms/msg':>12}{'x aiogram':>11}"]
    lines += [
        f"{figure.name:44}{figure.per_second:8.0f}{figure.cpu_ms:12.3f}"
        f"{figure.per_second / floor.per_second:11.2f}"
        for figure in found
    ]
    return "\n".join(lines)


async def main() -> None:
    """Measure and print."""
    print(drawn(await figures()))


if __name__ == "__main__":
    uvloop.run(main())
