"""SQLite at hand: statements run in the event loop's own thread, since SQLite is a library and no server.

aiosqlite hands each statement to a thread; to wake it and be woken costs several times what SQLite takes for
it. What may take longer goes to a thread all the same, so that nobody waits for it: many rows at once,
reading that is not done within a blink (it is broken off and begun again there), all that comes in a
transaction that `takes_time`, and moving the write-ahead log into the file.
"""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import URL, pool
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.util import await_only

DRIVER = "sqlite+athand"

# What is read within this time is not worth a thread.
BLINK_SECONDS = 0.01
# SQLite's own steps (opcodes) from one look at the time to the next: a fraction of a millisecond.
STEPS_PER_LOOK = 4000
# Rows that are written within a few milliseconds.
FEW_ROWS = 300
# Another process (an import) may hold the lock for so long; meanwhile others are served.
BUSY_SECONDS = 10.0
BUSY_LOOK_SECONDS = 0.01
# As large as SQLite lets the log grow by itself: 1000 pages.
LOG_BYTES = 4096 * 1000
COMMITS_PER_LOOK = 32

_NEVER = float("inf")


class _AtOnce:
    """Something to await that is there already: SQLAlchemy insists that a statement awaits something."""

    def __await__(self) -> Generator[None, None, None]:
        return
        yield


_AT_ONCE = _AtOnce()


class Cursor(sqlite3.Cursor):
    """A cursor whose rows are fetched with their statement."""

    connection: Connection

    def __init__(self, connection: sqlite3.Connection) -> None:
        super().__init__(connection)
        self._rows: deque[Any] = deque()

    def execute(self, statement: str, parameters: Any = ()) -> Cursor:
        """Run a statement and fetch what it gives."""
        run = partial(self._run, super().execute, statement, parameters)
        self.connection.carry_out(run, reads=statement.startswith("SELECT"))
        return self

    def executemany(self, statement: str, parameters: Iterable[Any]) -> Cursor:
        """Run a statement once for each set of parameters."""
        every = list(parameters)
        if len(every) > FEW_ROWS:
            self.connection.takes_time = True
        self.connection.carry_out(partial(self._run, super().executemany, statement, every))
        return self

    def _run(self, how: Callable[[str, Any], Any], statement: str, parameters: Any) -> None:
        how(statement, parameters)
        self._rows = deque(super().fetchall() if self.description else ())

    def __iter__(self) -> Iterator[Any]:  # type: ignore[override]  # the rows, which are here already
        """The rows that are left."""
        while self._rows:
            yield self._rows.popleft()

    def fetchone(self) -> Any:
        """The next row, or None."""
        return self._rows.popleft() if self._rows else None

    def fetchmany(self, size: int | None = None) -> list[Any]:
        """The next rows."""
        most = self.arraysize if size is None else size
        return [self._rows.popleft() for _ in range(min(most, len(self._rows)))]

    def fetchall(self) -> list[Any]:
        """All rows that are left."""
        rows, self._rows = list(self._rows), deque()
        return rows

    async def _async_soft_close(self) -> None:
        """SQLAlchemy tells that it reads nothing more from the database: all rows are here already."""


class Connection(sqlite3.Connection):
    """A connection for one task at a time. Once it `takes_time`, a transaction goes on in a thread."""

    def __init__(self, database: str, **options: Any) -> None:
        super().__init__(database, **options)
        self.takes_time = False
        self._deadline = _NEVER
        self._log = Path(f"{database}-wal")
        self._commits = 0
        self.set_progress_handler(self._is_overdue, STEPS_PER_LOOK)

    def cursor(self, _factory: Any = None) -> Cursor:  # type: ignore[override]  # one kind is enough
        """A cursor."""
        return super().cursor(Cursor)

    def commit(self) -> None:
        """Commit, and move the log into the file when it has grown."""
        self._end(super().commit)
        self._commits += 1
        if self._commits % COMMITS_PER_LOOK == 0 and self._log_is_long():
            await_only(
                self._in_thread(partial(sqlite3.Cursor(self).execute, "PRAGMA wal_checkpoint(TRUNCATE)"))
            )

    def rollback(self) -> None:
        """Take all back."""
        self._end(super().rollback)

    def _end(self, how: Callable[[], None]) -> None:
        try:
            if self.in_transaction:
                self.carry_out(how)
        finally:
            self.takes_time = False

    def carry_out(self, deed: Callable[[], Any], *, reads: bool = False) -> None:
        """Do something with the database: here and now, or in a thread where it may take time."""
        give_up_at = time.monotonic() + BUSY_SECONDS
        while True:
            try:
                self._do(deed, reads=reads)
                return
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > give_up_at:
                    raise
            await_only(asyncio.sleep(BUSY_LOOK_SECONDS))

    def _do(self, deed: Callable[[], Any], *, reads: bool) -> None:
        if self.takes_time:
            await_only(self._in_thread(deed))
            return
        await_only(_AT_ONCE)
        self._deadline = time.monotonic() + BLINK_SECONDS if reads else _NEVER
        try:
            deed()
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_INTERRUPT:
                raise
        else:
            return
        finally:
            self._deadline = _NEVER
        await_only(self._in_thread(deed))

    def _is_overdue(self) -> bool:
        """Asked by SQLite now and then; with True it breaks off, which undoes the transaction of a write."""
        return time.monotonic() > self._deadline

    async def _in_thread(self, deed: Callable[[], Any]) -> None:
        doing = asyncio.get_running_loop().run_in_executor(None, deed)
        try:
            await asyncio.shield(doing)
        except asyncio.CancelledError:
            # Nobody may use the connection before the thread lets go of it.
            self._deadline = 0.0
            await asyncio.gather(doing, return_exceptions=True)
            self._deadline = _NEVER
            raise

    def _log_is_long(self) -> bool:
        try:
            return self._log.stat().st_size > LOG_BYTES
        except OSError:
            return False


class AtHand(SQLiteDialect_pysqlite):
    """SQLAlchemy's SQLite over such connections."""

    driver = "athand"
    is_async = True
    has_terminate = True
    supports_statement_cache = True

    @classmethod
    def get_pool_class(cls, url: URL) -> type[pool.Pool]:
        """One that waits as coroutines do."""
        return pool.AsyncAdaptedQueuePool if cls._is_url_file_db(url) else pool.StaticPool

    def create_connect_args(self, url: URL) -> Any:
        """Waiting for locks and opening transactions is ours to do."""
        names, options = super().create_connect_args(url)
        ours = {"factory": Connection, "timeout": 0, "isolation_level": None, "check_same_thread": False}
        return names, {**options, **ours}

    def do_terminate(self, dbapi_connection: Any) -> None:
        """Close at once: SQLAlchemy gives up a connection whose user was cancelled."""
        # By itself it would keep its lock for as long as somebody has one of its cursors.
        sqlite3.Connection.rollback(dbapi_connection)
        dbapi_connection.close()


registry.register(DRIVER.replace("+", "."), __name__, AtHand.__name__)
