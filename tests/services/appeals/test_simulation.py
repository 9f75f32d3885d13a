"""A season on a fake clock: no deadline is missed in silence, and reports equal a recount of the raw events.

Two thousand appeals take two minutes: `python -m bench.appeals`. A hundred are played here.
"""

from __future__ import annotations

from datetime import datetime

from bot.store.database import Database
from tests.services.appeals.recount import silences, weeks_that_differ
from tests.services.appeals.simulation import season

APPEALS = 100


async def test_a_season_of_appeals(sqlite: Database, now: datetime) -> None:
    played = await season(sqlite, now, APPEALS)
    async with played.court.work() as work:
        assert await silences(work, played.end) == []
        assert await weeks_that_differ(work, played.start, played.end) == []
