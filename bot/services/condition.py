"""How a bot is doing, as its database tells: what waits, how long, and what was due.

Only what is not settled is looked at, by indexes that hold nothing else: what was ever sent costs nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from bot.services.letter_statements import OVER, RUNNING
from bot.services.outbox_statements import DEAD, IS_ORDINARY, SENDING, WAITING
from bot.store.tables import broadcast_runs, due, outbox
from bot.store.work import Work


@dataclass(frozen=True, slots=True)
class Condition:
    """Messages by state, seconds the oldest waiting one waits, seconds the most overdue thing is late."""

    messages: Mapping[str, int]
    oldest_seconds: float
    due_lag_seconds: float


async def look(work: Work) -> Condition:
    """How the bot of this work is doing now."""
    values = {"of": work.bot, "now": work.now}
    ordinary = await _one(work, _ORDINARY, values)
    letters = {row.state: int(row.n) for row in await work.fetch(_LETTERS, values)}
    letters_since = (await _one(work, _LETTERS_SINCE, values)).since
    dead = (await _one(work, _DEAD, values)).n
    overdue = (await _one(work, _OVERDUE, values)).since
    waits = [since for since in (ordinary.since, letters_since) if since]
    return Condition(
        {
            WAITING: int(ordinary.n) + letters.get(WAITING, 0),
            SENDING: letters.get(SENDING, 0),
            DEAD: int(dead),
        },
        _since(work.now, min(waits, default=None)),
        _since(work.now, overdue),
    )


async def _one(work: Work, statement: sa.Executable, values: Mapping[str, Any]) -> sa.Row[Any]:
    """The row of a statement that always gives one."""
    (row,) = await work.fetch(statement, values)
    return row


def _since(now: datetime, moment: datetime | None) -> float:
    return max(0.0, (now - moment).total_seconds()) if moment else 0.0


# States are written out, as the indexes word them: for a bound value no partial index is used.
_OF: Final = sa.bindparam("of", type_=outbox.c.bot.type)
_NOW: Final = sa.bindparam("now", type_=outbox.c.not_before.type)


def _letters_of(runs: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    """Rows of broadcasts whose runs are such."""
    these = sa.select(broadcast_runs.c.broadcast).where(broadcast_runs.c.bot == _OF, runs)
    return sa.and_(outbox.c.bot == _OF, outbox.c.broadcast.is_not(None), outbox.c.broadcast.in_(these))


_ORDINARY: Final = sa.select(
    sa.func.count().label("n"),
    sa.func.min(sa.case((outbox.c.not_before <= _NOW, outbox.c.not_before))).label("since"),
).where(outbox.c.bot == _OF, IS_ORDINARY)
_LETTERS: Final = (
    sa.select(outbox.c.state, sa.func.count().label("n"))
    .where(
        _letters_of(broadcast_runs.c.state != sa.literal_column(f"'{OVER}'")),
        outbox.c.state.in_((WAITING, SENDING)),
    )
    .group_by(outbox.c.state)
)
# What is paused waits for a person, not for us.
_LETTERS_SINCE: Final = sa.select(sa.func.min(outbox.c.not_before).label("since")).where(
    _letters_of(broadcast_runs.c.state == sa.literal_column(f"'{RUNNING}'")),
    outbox.c.state == WAITING,
    outbox.c.not_before <= _NOW,
)
_DEAD: Final = sa.select(sa.func.count().label("n")).where(
    outbox.c.bot == _OF, outbox.c.state == sa.literal_column(f"'{DEAD}'")
)
_OVERDUE: Final = sa.select(sa.func.min(due.c.not_before).label("since")).where(
    due.c.bot == _OF, due.c.state == sa.literal_column(f"'{WAITING}'"), due.c.not_before <= _NOW
)
