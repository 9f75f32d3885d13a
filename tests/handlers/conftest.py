"""Telegram in, on a real database: a feed for raw updates, a webhook on loopback, and outages to order."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import aiohttp
import pytest
import sqlalchemy as sa
from aiohttp import web

from bot.handlers.feed import Feed
from bot.handlers.webhook import SECRET_HEADER, Door, Doors
from bot.store.database import Database
from tests.conftest import BOT
from tests.handlers.updates import USERNAME
from tests.services.conftest import Stand

SECRET = "only-telegram-knows"
PATH = "/telegram/hook"


@dataclass
class Ears:
    """An intake at work behind aiogram's routers."""

    stand: Stand
    feed: Feed
    asked_inline: list[tuple[str, str, str | None]] = field(default_factory=list)

    async def hear(self, *raw: Any) -> list[str]:
        """Take raw updates one after the other; gives the texts that came back."""
        before = len(self.stand.heard.texts)
        for update in raw:
            await self.feed.take(update)
        return self.stand.heard.texts[before:]

    async def count(self, table: sa.Table) -> int:
        """How many rows a table holds."""
        async with self.stand.database.work(BOT, self.stand.now) as work:
            return len(await work.fetch(sa.select(table)))


@asynccontextmanager
async def listening(database: Database, now: datetime) -> AsyncIterator[Ears]:
    """Ears on a database, open as long as the block runs."""
    stand = Stand(database, now)
    asked: list[tuple[str, str, str | None]] = []

    async def offers(query: str, text: str, language: str | None) -> None:
        asked.append((query, text, language))

    ears = Ears(stand, Feed(stand.intake, USERNAME, offers), asked)
    playing = asyncio.create_task(stand.intake.run())
    try:
        yield ears
    finally:
        playing.cancel()
        with suppress(asyncio.CancelledError):
            await playing


@pytest.fixture
async def ears(sqlite: Database, now: datetime) -> AsyncIterator[Ears]:
    """Ears on SQLite, for what is not about the database."""
    async with listening(sqlite, now) as open_ears:
        yield open_ears


@pytest.fixture
async def ears_on_each(database: Database, now: datetime) -> AsyncIterator[Ears]:
    """Ears on each kind of database."""
    async with listening(database, now) as open_ears:
        yield open_ears


@dataclass
class Hook:
    """The webhook as somebody on the network sees it."""

    url: str
    http: aiohttp.ClientSession

    async def post(self, body: bytes | Any, secret: str | None = SECRET) -> int:
        """Deliver a body (JSON unless bytes); gives the status."""
        headers = {} if secret is None else {SECRET_HEADER: secret}
        sent = {"data": body} if isinstance(body, bytes) else {"json": body}
        async with self.http.post(self.url, headers=headers, **sent) as response:
            await response.read()
            return response.status


@asynccontextmanager
async def serving(ears: Ears) -> AsyncIterator[Hook]:
    """A webhook on a free port of loopback."""
    doors = Doors()
    runner = web.ServerRunner(doors.server())
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    with doors.opened(PATH, Door(ears.feed, SECRET)):
        async with aiohttp.ClientSession() as http:
            yield Hook(f"http://127.0.0.1:{runner.addresses[0][1]}{PATH}", http)
    await runner.cleanup()


@pytest.fixture
async def hook(ears: Ears) -> AsyncIterator[Hook]:
    """A webhook whose updates go to `ears`."""
    async with serving(ears) as open_hook:
        yield open_hook


@pytest.fixture
async def hook_on_each(ears_on_each: Ears) -> AsyncIterator[Hook]:
    """A webhook whose updates go to `ears_on_each`."""
    async with serving(ears_on_each) as open_hook:
        yield open_hook


Outage = Callable[[], AbstractAsyncContextManager[None]]


@pytest.fixture
def outage(database: Database) -> Outage:
    """The database is away as long as the block runs."""
    return lambda: _sqlite_away(database) if database.is_sqlite else _postgres_away(database)


@asynccontextmanager
async def _sqlite_away(database: Database) -> AsyncIterator[None]:
    """SQLite calls a missing table what it calls a full disk: an operational error."""
    async with database.transaction() as connection:
        await connection.execute(sa.text("ALTER TABLE outbox RENAME TO outbox_away"))
    yield
    async with database.transaction() as connection:
        await connection.execute(sa.text("ALTER TABLE outbox_away RENAME TO outbox"))


@asynccontextmanager
async def _postgres_away(database: Database) -> AsyncIterator[None]:
    """All connections are cut and no new ones are let in, as while a server restarts."""
    name = database.engine.url.database
    admin = sa.make_url(database.engine.url).set(database="postgres")
    other = Database(admin.render_as_string(hide_password=False))
    async with other.engine.connect() as connection:
        free = await connection.execution_options(isolation_level="AUTOCOMMIT")
        await free.execute(sa.text(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false"))
        cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name"
        await free.execute(sa.text(cut), {"name": name})
        try:
            yield
        finally:
            await free.execute(sa.text(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true"))
    await other.close()
