"""The disk is full, SQLite refuses to grow: what people say meanwhile counts later, and once.

It is simulated with `PRAGMA max_page_count` on the bot's own connection: SQLite then answers any write that
needs another page with SQLITE_FULL, as it does on a full disk, and no root is needed. What this does not show
is a disk so full that not even the write-ahead log can be written; SQLite reports that with the same error.
"""

from __future__ import annotations

import asyncio
from pathlib import Path

import sqlalchemy as sa
from structlog.testing import capture_logs

from bot.store.database import Database, sqlite_url
from tests.crash.couriers import Crowd
from tests.crash.living import living

# SQLite's own bound, far above any file.
ANY_NUMBER = 4_294_967_294
PATIENCE_SECONDS = 20


async def _allow_pages(database: Database, pages: int) -> None:
    """SQLite never sets the bound below what the file has already."""
    async with database.transaction() as connection:
        await connection.execute(sa.text(f"PRAGMA max_page_count={pages}"))


async def test_a_full_disk_loses_nothing_and_the_bot_goes_on_when_there_is_room(sqlite_path: Path) -> None:
    """Updates that could not be written are put off, not skipped: they come again and count once."""
    async with living(sqlite_url(sqlite_path)) as life:
        crowd = await Crowd.gather(life.telegram, life.database, 6)
        with capture_logs() as logs:
            await _allow_pages(life.wayside.database, 1)
            people = asyncio.create_task(crowd.use_the_bot())
            async with asyncio.timeout(PATIENCE_SECONDS):
                while not any(line["event"] == "updates put off" for line in logs):  # noqa: ASYNC110
                    await asyncio.sleep(0.05)
            await _allow_pages(life.wayside.database, ANY_NUMBER)
            await people
        assert not [line for line in logs if line["event"] == "update skipped"]
        assert await crowd.doubles() == 0
        await crowd.check_each_update_counted_once()
        await crowd.check_no_reply_is_lost(doubles=0)
