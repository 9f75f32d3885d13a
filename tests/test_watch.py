"""Seeing inside a process: health, readiness, and figures that say nothing of anybody."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

import aiohttp
import pytest
import sqlalchemy as sa

from bot import metrics
from bot.services import due, outbox
from bot.services.outbox import Outgoing
from bot.store.database import Database
from bot.watch import Sight, Watch, watched
from tests.conftest import BOT, NOW

SECRET = "龙洲湾下大雨"


class Clock:
    """A clock that tests move."""

    now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
async def clock() -> Clock:
    """Begins at the tests' moment."""
    return Clock()


@pytest.fixture
async def url(database: Database, clock: Clock) -> AsyncIterator[str]:
    """Where the process can be seen."""
    watch = Watch({BOT: Sight(database, clock)})
    async with watched(watch, "127.0.0.1", 0) as port:
        with watch.ready():
            yield f"http://127.0.0.1:{port}"


async def get(url: str) -> tuple[int, str]:
    """A page's status and text."""
    async with aiohttp.ClientSession() as http, http.get(url) as answer:
        return answer.status, await answer.text()


async def test_a_process_with_its_database_is_alive_and_ready(url: str) -> None:
    assert await get(f"{url}/healthz") == (200, "ok\n")
    assert await get(f"{url}/readyz") == (200, "ready\n")


async def test_what_starts_or_stops_is_alive_and_not_ready(database: Database, clock: Clock) -> None:
    """A process that was asked to end said that it was ready until the end."""
    watch = Watch({BOT: Sight(database, clock)})
    async with watched(watch, "127.0.0.1", 0) as port:
        readiness = [(await get(f"http://127.0.0.1:{port}/readyz"))[0]]
        with watch.ready():
            readiness.append((await get(f"http://127.0.0.1:{port}/readyz"))[0])
        readiness.append((await get(f"http://127.0.0.1:{port}/readyz"))[0])
        assert readiness == [503, 200, 503]
        assert (await get(f"http://127.0.0.1:{port}/healthz"))[0] == 200


async def test_another_schema_is_not_ready_but_alive(url: str, database: Database) -> None:
    async with database.transaction() as connection:
        await connection.execute(sa.text("UPDATE alembic_version SET version_num = '0001'"))
    assert (await get(f"{url}/healthz"))[0] == 200
    assert (await get(f"{url}/readyz"))[0] == 503


async def test_what_waits_and_how_long(url: str, database: Database, clock: Clock) -> None:
    body: dict[str, Any] = {"type": "text", "text": SECRET, "spans": [], "rows": []}
    async with database.work(BOT, NOW) as work:
        await outbox.put(work, [Outgoing(BOT, 1001, body), Outgoing(BOT, 1002, body)])
        await due.plan(work, "remind", NOW - timedelta(seconds=30), {"what": SECRET})
    clock.now = NOW + timedelta(seconds=90)
    status, text = await get(f"{url}/metrics")
    assert status == 200
    assert f'wayside_outbox_messages{{bot="{BOT}",state="waiting"}} 2.0' in text
    assert f'wayside_outbox_oldest_seconds{{bot="{BOT}"}} 90.0' in text
    assert f'wayside_due_lag_seconds{{bot="{BOT}"}} 120.0' in text
    assert SECRET not in text
    assert "1001" not in text


async def test_what_waits_for_later_is_not_late(url: str, database: Database) -> None:
    async with database.work(BOT, NOW) as work:
        await due.plan(work, "remind", NOW + timedelta(hours=1), {})
    assert f'wayside_due_lag_seconds{{bot="{BOT}"}} 0.0' in (await get(f"{url}/metrics"))[1]


async def test_the_database_is_looked_at_every_few_seconds_at_most(
    url: str, database: Database, clock: Clock
) -> None:
    await get(f"{url}/metrics")
    async with database.work(BOT, NOW) as work:
        await outbox.put(work, [Outgoing(BOT, 1001, {"type": "buttons", "rows": []})])
    waiting = f'wayside_outbox_messages{{bot="{BOT}",state="waiting"}}'
    assert f"{waiting} 0.0" in (await get(f"{url}/metrics"))[1]
    clock.now += timedelta(seconds=6)
    assert f"{waiting} 1.0" in (await get(f"{url}/metrics"))[1]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_look_waits_for_no_writer(url: str, database: Database) -> None:
    """Each scrape stood in line before everybody's updates, and read the whole outbox there."""
    async with database.work(BOT, NOW) as work:
        await outbox.put(work, [Outgoing(BOT, 1001, {"type": "buttons", "rows": []})])
    async with database.work(BOT, NOW) as work, asyncio.timeout(30):
        await outbox.put(work, [Outgoing(BOT, 1002, {"type": "buttons", "rows": []})])
        assert await get(f"{url}/readyz") == (200, "ready\n")
        text = (await get(f"{url}/metrics"))[1]
    assert f'wayside_outbox_messages{{bot="{BOT}",state="waiting"}} 1.0' in text


def test_nothing_that_is_counted_is_labelled_by_a_person() -> None:
    for family in metrics.REGISTRY.collect():
        for sample in family.samples:
            assert set(sample.labels) <= {"outcome", "state", "bot", "le"}
