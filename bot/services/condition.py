"""How a bot is doing, as its database tells: what waits, how long, and what was due."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from bot.store.tables import due, outbox
from bot.store.work import Work

WAITING: Final = "waiting"


@dataclass(frozen=True, slots=True)
class Condition:
    """Messages by state, seconds the oldest waiting one waits, seconds the most overdue thing is late."""

    messages: Mapping[str, int]
    oldest_seconds: float
    due_lag_seconds: float


async def look(work: Work) -> Condition:
    """How the bot of this work is doing now."""
    counted = await work.fetch(_MESSAGES, {"of": work.bot})
    oldest = await work.first(_OLDEST, {"of": work.bot, "now": work.now})
    overdue = await work.first(_OVERDUE, {"of": work.bot, "now": work.now})
    return Condition(
        {row.state: int(row.n) for row in counted},
        _since(work.now, oldest.since if oldest else None),
        _since(work.now, overdue.since if overdue else None),
    )


def _since(now: datetime, moment: datetime | None) -> float:
    return max(0.0, (now - moment).total_seconds()) if moment else 0.0


_MESSAGES: Final = (
    sa.select(outbox.c.state, sa.func.count().label("n"))
    .where(outbox.c.bot == sa.bindparam("of"))
    .group_by(outbox.c.state)
)
_OLDEST: Final = sa.select(sa.func.min(outbox.c.not_before).label("since")).where(
    outbox.c.bot == sa.bindparam("of"),
    outbox.c.state == WAITING,
    outbox.c.not_before <= sa.bindparam("now", type_=outbox.c.not_before.type),
)
_OVERDUE: Final = sa.select(sa.func.min(due.c.not_before).label("since")).where(
    due.c.bot == sa.bindparam("of"),
    due.c.state == WAITING,
    due.c.not_before <= sa.bindparam("now", type_=due.c.not_before.type),
)
