"""Counts of what people corrected in how they were understood: by intent and day, never by words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from bot.home import SHANGHAI
from bot.store.tables import corrections
from bot.store.work import Work


@dataclass(frozen=True, slots=True)
class Correction:
    """How often an intent was understood since a day where another (or nothing known: empty) was meant."""

    intent: str
    meant: str
    times: int


async def count(work: Work, intent: str, meant: str = "") -> None:
    """Somebody corrected what was understood."""
    values = {
        "bot": work.bot,
        "day": work.now.astimezone(SHANGHAI).date(),
        "intent": intent,
        "meant": meant,
        "times": 1,
    }
    await work.execute(_COUNT[work.dialect], values)


async def counted(work: Work, since: date) -> Sequence[Correction]:
    """What was corrected since a day, the most frequent first."""
    rows = await work.fetch(_COUNTED, {"of": work.bot, "since": since})
    return [Correction(row.intent, row.meant, row.times) for row in rows]


def _count(insert: Any) -> Any:
    return insert(corrections).on_conflict_do_update(
        index_elements=["bot", "day", "intent", "meant"], set_={"times": corrections.c.times + 1}
    )


_COUNT = {"sqlite": _count(sqlite.insert), "postgresql": _count(postgresql.insert)}
_TIMES = sa.func.sum(corrections.c.times).label("times")
_COUNTED = (
    sa.select(corrections.c.intent, corrections.c.meant, _TIMES)
    .where(corrections.c.bot == sa.bindparam("of"), corrections.c.day >= sa.bindparam("since"))
    .group_by(corrections.c.intent, corrections.c.meant)
    .order_by(_TIMES.desc(), corrections.c.intent, corrections.c.meant)
)
