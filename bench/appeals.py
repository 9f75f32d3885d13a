"""Two thousand appeals over ninety days, on a fake clock: is a deadline missed in silence, do reports add up?

`python -m bench.appeals [APPEALS]` plays the season of tests/services/appeals on SQLite, looks for silent
deadlines, counts every weekly report a second time from the raw events, and prints what that took.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa

from bot.services.appeals import lives, report
from bot.services.roles.rules import Reach
from bot.store.database import Database, sqlite_url
from bot.store.migrations import upgrade
from bot.store.tables import appeal_events
from tests.services.appeals.recount import silences, weeks_that_differ
from tests.services.appeals.simulation import Season, season

APPEALS = 2_000
START = datetime(2026, 5, 13, 6, 20, tzinfo=UTC)


async def main(appeals: int) -> None:
    """Play, check, print."""
    with tempfile.TemporaryDirectory() as folder:
        database = Database(sqlite_url(Path(folder) / "appeals.sqlite"))
        await upgrade(database)
        began = time.process_time()
        played = await season(database, START, appeals)
        seconds = time.process_time() - began
        await _print(played, appeals, seconds)
        await database.close()


async def _print(played: Season, appeals: int, seconds: float) -> None:
    async with played.court.work() as work:
        row = await work.first(sa.select(sa.func.count()).select_from(appeal_events))
        events = int(row[0]) if row else 0
        silent = await silences(work, played.end)
        differing = await weeks_that_differ(work, played.start, played.end)
        began = time.process_time()
        found = await lives.within(work, Reach(everywhere=True), played.start, played.end)
        report.tally(found, played.start, played.end)
        counting = time.process_time() - began
    print(
        f"{appeals} appeals, {events} events: {seconds:.0f} s CPU, {1000 * seconds / events:.1f} ms an event"
    )
    print(f"a report over all of it: {counting * 1000:.0f} ms CPU")
    print(f"deadlines missed in silence: {len(silent)}; figures that differ from a recount: {len(differing)}")


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else APPEALS))
