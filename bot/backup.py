"""Backups of the database, taken while everything runs; and what a restored one must not do twice.

The keys of sealed columns are not in a backup, and without them nobody can read it.
"""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Sequence
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Final

import sqlalchemy as sa

from bot.services.outbox import UNCERTAIN, WAITING
from bot.services.privacy.forgotten import Forgotten, read
from bot.services.privacy.forgotten import forget_again as again
from bot.store.database import Database
from bot.store.migrations import upgrade
from bot.store.sealing import Key, Seal
from bot.store.tables import outbox

# PostgreSQL's own tools, found on the path: what they write, any later server reads.
DUMP: Final = "pg_dump"
RESTORE: Final = "pg_restore"
NOT_EMPTY: Final = "a backup goes into a database that is new. Nothing was changed"
RESTORED: Final = "restored from a backup: perhaps it was sent since"


class Failed(Exception):
    """A backup was not taken or not restored; the text says why and what to do."""


def take(url: str, target: Path) -> None:
    """Write a consistent copy of the database to a file that does not exist yet. Raises Failed."""
    if target.exists():
        raise Failed(f"{target} is there already: choose another name")
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_name(f"{target.name}.unfinished")
    made = sa.make_url(url)
    try:
        if made.drivername.startswith("sqlite"):
            _copy(Path(made.database or ""), unfinished)
        else:
            _run([DUMP, "--format=custom", f"--file={unfinished}"], made)
        # Half a backup never has the name of a whole one.
        unfinished.rename(target)
    finally:
        unfinished.unlink(missing_ok=True)


def bring_back(url: str, source: Path) -> None:
    """Fill a database that is not there yet (PostgreSQL: an empty one) from a backup. Raises Failed."""
    if not source.is_file():
        raise Failed(f"{source} is not there")
    made = sa.make_url(url)
    if not made.drivername.startswith("sqlite"):
        try:
            _run([RESTORE, "--no-owner", "--exit-on-error", "--single-transaction", str(source)], made)
        except Failed as error:
            if "already exists" in str(error):
                raise Failed(f"{made.database} is not empty: {NOT_EMPTY}") from None
            raise
        return
    path = Path(made.database or "")
    if path.exists():
        raise Failed(f"{path} is there already: move it away first, nothing is overwritten")
    path.parent.mkdir(parents=True, exist_ok=True)
    _copy(source, path)


def whom_to_forget(path: Path | None) -> list[Forgotten]:
    """Who was forgotten, by the file that says so. Raises Failed where there is none."""
    if path is None or not path.is_file():
        where = "WAYSIDE_FORGOTTEN_FILE is not set" if path is None else f"{path} is not there"
        raise Failed(
            f"{where}: who was forgotten since the backup would be back. Bring that file here, or, if you "
            "are sure that nobody was, add --nobody-was-forgotten"
        )
    try:
        return read(path)
    except (OSError, ValueError) as error:
        raise Failed(str(error)) from None


async def forget_again(url: str, keys: Sequence[Key], whom: Sequence[Forgotten], now: datetime) -> int:
    """Forget those whom a restored database brought back, of every bot; gives how many."""
    times = 0
    for bot in sorted({one.bot for one in whom}):
        database = Database(url, Seal(bot, keys))
        try:
            # A backup may be an earlier release's.
            await upgrade(database)
            async with database.work(bot, now) as work:
                times += await again(work, whom)
        finally:
            await database.close()
    return times


async def settle_doubts(database: Database, now: datetime) -> int:
    """What of broadcasts waited when the backup was taken may have been sent since: it counts as uncertain.

    It is listed in their reports and not sent again; gives how many. Answers and reminders that waited are
    sent: one of them twice is better than none.
    """
    async with database.transaction() as connection:
        result = await connection.execute(_DOUBT, {"now": now})
        return int(result.rowcount)


_DOUBT: Final = (
    sa.update(outbox)
    .where(outbox.c.broadcast.is_not(None), outbox.c.state == WAITING)
    .values(state=UNCERTAIN, error=RESTORED, settled_at=sa.bindparam("now", type_=outbox.c.settled_at.type))
)


def _copy(source: Path, target: Path) -> None:
    """SQLite's own online backup: one moment of the database, whoever writes meanwhile."""
    if not source.is_file():
        raise Failed(f"{source} is not there")
    try:
        with (
            closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as read,
            closing(sqlite3.connect(target)) as written,
        ):
            read.backup(written)
    except sqlite3.Error as error:
        raise Failed(f"{source}: {error}") from None


def _run(words: list[str], url: sa.URL) -> None:
    """Run one of PostgreSQL's tools. The password goes by the environment: lists of processes show words."""
    if shutil.which(words[0]) is None:
        raise Failed(f"{words[0]} is not on this machine: install PostgreSQL's client tools")
    place = {
        "PGHOST": url.host or url.query.get("host"),
        "PGPORT": str(url.port) if url.port else None,
        "PGUSER": url.username,
        "PGPASSWORD": url.password,
        "PGDATABASE": url.database,
    }
    environment = {**os.environ, **{name: str(value) for name, value in place.items() if value}}
    target = ["--dbname", url.database or ""] if words[0] == RESTORE else []
    done = subprocess.run(  # noqa: S603 - the words are ours
        [words[0], *target, *words[1:]], env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise Failed(f"{words[0]}: {_reason(done.stderr)}")


def _reason(said: str) -> str:
    """The line that says why: after it, the statement that failed is told over many lines."""
    lines = said.strip().splitlines() or ["failed"]
    why = next((line for line in lines if "ERROR:" in line or "error:" in line), lines[-1])
    return re.sub(r"^pg_\w+: (error: )?", "", why)
