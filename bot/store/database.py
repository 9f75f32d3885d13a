"""The database: SQLite in one process by default, PostgreSQL for many."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
import sqlalchemy as sa
import structlog
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from bot.store import wire
from bot.store.one_hop import connect
from bot.store.sealing import UNSEALED, Seal, seal_with
from bot.store.work import NOTES, Note, Work

HEAR_AGAIN_SECONDS = 1.0
ONLY_READS = "only_reads"
SQLITE_BUSY_MS = 10_000
SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    # In WAL mode NORMAL loses nothing when the process dies, only (some commits) when the power does.
    "PRAGMA synchronous=NORMAL",
    f"PRAGMA busy_timeout={SQLITE_BUSY_MS}",
    "PRAGMA foreign_keys=ON",
)
# Classes of PostgreSQL's error codes (manual, appendix A) for what is no fault of the statement: lost
# connections, deadlocks and serialization, too few resources, locks, an operator at work, the system.
PASSING_STATES = ("08", "40", "53", "55", "57", "58")
DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg", "postgres": "postgresql+asyncpg"}

log = structlog.get_logger()


def file_of(url: str) -> Path | None:
    """The file of a SQLite URL; None for a server, or a database in memory."""
    name = sa.make_url(url).database if url.startswith("sqlite") else None
    return Path(name) if name and name != ":memory:" else None


def sqlite_url(path: Path) -> str:
    """The URL of a SQLite file."""
    return f"sqlite+aiosqlite:///{path}"


class Database:
    """Opens units of work. SQLite wants one writer: there they queue behind a lock.

    `seal` is that of the bot whose rows are read and written; without one nothing is sealed.
    """

    def __init__(self, url: str, seal: Seal = UNSEALED) -> None:
        scheme, rest = url.split("://", 1)
        self.engine = create_engine(f"{DRIVERS.get(scheme, scheme)}://{rest}")
        self.seal = seal
        seal_with(self.engine, seal)
        self.is_sqlite = self.engine.dialect.name == "sqlite"
        self._turnstile = asyncio.Lock()
        self._writer: AsyncConnection | None = None
        self._listeners: list[Callable[[Note], None]] = []
        # By which a process knows its own notes among those that it hears.
        self._name = secrets.token_hex(8)

    def listen(self, heard: Callable[[Note], None]) -> None:
        """Hear the notes that works leave, each after the commit of what it tells of.

        Those of this process; while `hear` runs, those of other processes too.
        """
        self._listeners.append(heard)

    async def hear(self) -> None:
        """Hand on the notes of other processes, until cancelled. On SQLite there are none."""
        while not self.is_sqlite:
            try:
                await wire.hear(self.engine, self._name, self._hand_on)
            except Exception as error:
                # Notes only save time: whatever is wrong with them, the bot goes on.
                log.warning("notes_not_heard", error=type(error).__name__)
            await asyncio.sleep(HEAR_AGAIN_SECONDS)

    def _hand_on(self, note: Note) -> None:
        for heard in self._listeners:
            heard(note)

    async def ahead(self, now: Callable[[], datetime]) -> timedelta:
        """How far the clock of the database's machine is ahead of ours; a file has no clock of its own."""
        if self.is_sqlite:
            return timedelta(0)
        async with self.engine.connect() as connection:
            await connection.execute(sa.text("SELECT 1"))
            asked = now()
            theirs: datetime = (await connection.execute(sa.text("SELECT clock_timestamp()"))).scalar_one()
            return theirs - asked - (now() - asked) / 2

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncConnection]:
        """One write transaction: committed at the end, rolled back on any error."""
        notes: list[Note] = []
        async with self._connection() as connection:
            # The connection outlives the transaction: what an earlier one noted is not of this one.
            connection.info[NOTES] = notes
            async with connection.begin():
                yield connection
                if notes and not self.is_sqlite:
                    await wire.tell(connection, self._name, notes)
        for note in notes:
            self._hand_on(note)

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[AsyncConnection]:
        if not self.is_sqlite:
            async with self.engine.connect() as connection:
                yield connection
            return
        async with self._turnstile:
            yield await self._one_writer()

    async def _one_writer(self) -> AsyncConnection:
        if self._writer is not None and self._writer.invalidated:
            # Somebody was cancelled in the middle of a statement: SQLAlchemy has closed it.
            await self._writer.close()
            self._writer = None
        if self._writer is None:
            self._writer = await self.engine.connect()
        return self._writer

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """A transaction that only reads: it waits for no writer, and no writer for it."""
        async with self.engine.connect() as connection:
            await connection.execution_options(**{ONLY_READS: True})
            async with connection.begin():
                yield connection

    @asynccontextmanager
    async def work(self, bot: int, now: datetime) -> AsyncIterator[Work]:
        """A unit of work with a transaction of its own."""
        async with self.transaction() as connection:
            yield Work(connection, bot, now)

    @asynccontextmanager
    async def look(self, bot: int, now: datetime) -> AsyncIterator[Work]:
        """A unit of work that only reads."""
        async with self.reading() as connection:
            yield Work(connection, bot, now)

    async def close(self) -> None:
        """Give all connections back."""
        async with self._turnstile:
            if self._writer is not None:
                await self._writer.close()
                self._writer = None
        await self.engine.dispose()


def may_pass(error: BaseException) -> bool:
    """Whether the same work may succeed a moment later: the database was away, or others were in the way."""
    if isinstance(error, OSError | OperationalError):
        return True
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return True
    state = _state_of(error)
    return state is not None and state.startswith(PASSING_STATES)


def name_of(error: BaseException) -> str:
    """An error by its class and the database's code for it; never its text, which may quote what was said."""
    state = _state_of(error)
    return type(error).__name__ if state is None else f"{type(error).__name__} {state}"


def _state_of(error: BaseException) -> str | None:
    # The driver's own errors come bare from a failed connection, wrapped from a statement.
    state = getattr(getattr(error, "orig", error), "sqlstate", None)
    return state if isinstance(state, str) else None


def create_engine(url: str) -> AsyncEngine:
    """An engine with what each dialect needs."""
    is_sqlite = url.startswith("sqlite")
    engine = create_async_engine(
        url,
        connect_args={"async_creator_fn": connect} if is_sqlite else {},
        json_serializer=_dump,
        json_deserializer=orjson.loads,
        # What people wrote must not come out in an error text.
        hide_parameters=True,
    )
    if is_sqlite:
        # SQLite makes the file, but not the folder it is to stand in.
        Path(engine.url.database or "").parent.mkdir(parents=True, exist_ok=True)
        _prepare_sqlite(engine)
    return engine


def _dump(value: object) -> str:
    return orjson.dumps(value).decode()


def _prepare_sqlite(engine: AsyncEngine) -> None:
    @sa.event.listens_for(engine.sync_engine, "connect")
    def _connected(raw: Any, _record: object) -> None:
        # The driver must not open transactions by itself: savepoints and IMMEDIATE are ours to say.
        raw.isolation_level = None
        cursor = raw.cursor()
        for pragma in SQLITE_PRAGMAS:
            cursor.execute(pragma)
        cursor.close()

    @sa.event.listens_for(engine.sync_engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        # A deferred transaction that turns writer half-way may fail with "database is locked".
        only_reads = connection.get_execution_options().get(ONLY_READS)
        connection.exec_driver_sql("BEGIN" if only_reads else "BEGIN IMMEDIATE")
