"""Broadcasts as rows."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from bot.services.broadcasts.model import Broadcast, content_from
from bot.services.outbox import WAITING
from bot.store.tables import broadcast_taps, broadcasts, chats, outbox
from bot.store.work import Work


async def add(work: Work, values: dict[str, Any]) -> int:
    """Keep a new broadcast; gives its number."""
    rows = await work.write(_ADD, {"bot": work.bot, "made_at": work.now, **values})
    return int(rows[0].id)


async def get(work: Work, number: int) -> Broadcast | None:
    """A broadcast by its number."""
    row = await work.first(_ONE, {"of": work.bot, "its": number})
    return _broadcast(row) if row else None


async def hold(work: Work, number: int) -> Broadcast | None:
    """The same, with its row locked until the transaction ends: two who decide come one after the other."""
    row = await work.first(_HOLD, {"of": work.bot, "its": number})
    return _broadcast(row) if row else None


async def latest(work: Work, made_by: int | None, limit: int, state: str | None = None) -> list[Broadcast]:
    """The latest ones of an organizer, or of everybody for None; all, or those in a state."""
    statement = _LATEST if made_by is None else _LATEST.where(broadcasts.c.made_by == made_by)
    if state is not None:
        statement = statement.where(broadcasts.c.state == state)
    return [_broadcast(row) for row in await work.fetch(statement, {"of": work.bot, "limit": limit})]


async def with_old_rows(work: Work, before: datetime) -> list[Broadcast]:
    """Those that are over and began before a moment, as long as they have recipients' rows."""
    return [_broadcast(row) for row in await work.fetch(_WITH_OLD_ROWS, {"of": work.bot, "before": before})]


async def change(work: Work, number: int, **values: Any) -> None:
    """Write columns of a broadcast anew."""
    of_number = (broadcasts.c.bot == work.bot, broadcasts.c.id == number)
    await work.execute(sa.update(broadcasts).where(*of_number).values(values))


async def asleep(work: Work, number: int) -> tuple[int, datetime | None]:
    """How many wait for the end of their quiet hours, and when the first of them is over."""
    row = await work.first(_ASLEEP, {"of": work.bot, "its": number, "now": work.now})
    return (row.number, row.first) if row else (0, None)


async def came(work: Work, number: int, chat: int) -> bool:
    """Whether a broadcast went to a chat; of a group by the number it has, or had before it moved."""
    return await work.first(_CAME, {"of": work.bot, "its": number, "where": chat}) is not None


async def tap(work: Work, number: int, button: int, person: int, chat: int | None) -> None:
    """Note that somebody tapped a button: once each, however often they do."""
    values = {
        "bot": work.bot,
        "broadcast": number,
        "button": button,
        "person": person,
        "chat": chat,
        "made_at": work.now,
    }
    await work.execute(_TAP[work.dialect], values)


async def prune(work: Work, before: datetime) -> None:
    """Forget who tapped what in broadcasts that were over by then; the numbers stay in the report."""
    await work.execute(_FORGET_TAPS, {"of": work.bot, "before": before})


def _broadcast(row: Any) -> Broadcast:
    return Broadcast(
        row.id,
        row.made_by,
        row.segment,
        row.topic,
        content_from(row.content),
        row.state,
        row.starts_at,
        row.made_at,
        row.decided_by,
        row.started_at,
        row.ended_at,
        row.left_out or {},
        row.screen,
        row.shown or {},
        row.report or {},
    )


def _tap(insert: Any) -> Any:
    return insert(broadcast_taps).on_conflict_do_nothing()


_OF = broadcasts.c.bot == sa.bindparam("of")
_ADD = sa.insert(broadcasts).returning(broadcasts.c.id)
_ONE = sa.select(broadcasts).where(_OF, broadcasts.c.id == sa.bindparam("its"))
_HOLD = _ONE.with_for_update()
_LATEST = sa.select(broadcasts).where(_OF).order_by(broadcasts.c.id.desc()).limit(sa.bindparam("limit"))
_WITH_OLD_ROWS = (
    sa.select(broadcasts)
    .where(
        _OF,
        broadcasts.c.started_at < sa.bindparam("before"),
        broadcasts.c.ended_at.is_not(None),
        sa.exists().where(outbox.c.bot == broadcasts.c.bot, outbox.c.broadcast == broadcasts.c.id),
    )
    .order_by(broadcasts.c.id)
)
_ASLEEP = sa.select(sa.func.count().label("number"), sa.func.min(outbox.c.not_before).label("first")).where(
    outbox.c.bot == sa.bindparam("of"),
    outbox.c.broadcast == sa.bindparam("its"),
    outbox.c.state == WAITING,
    outbox.c.not_before > sa.bindparam("now"),
)
_MOVED_TO = sa.select(chats.c.became).where(
    chats.c.bot == sa.bindparam("of"), chats.c.chat == sa.bindparam("where"), chats.c.became.is_not(None)
)
_CAME = sa.select(outbox.c.id).where(
    outbox.c.bot == sa.bindparam("of"),
    outbox.c.broadcast == sa.bindparam("its"),
    sa.or_(outbox.c.chat == sa.bindparam("where"), outbox.c.chat.in_(_MOVED_TO)),
)
_TAP = {"sqlite": _tap(sqlite.insert), "postgresql": _tap(postgresql.insert)}
_FORGET_TAPS = sa.delete(broadcast_taps).where(
    broadcast_taps.c.bot == sa.bindparam("of"),
    broadcast_taps.c.broadcast.in_(
        sa.select(broadcasts.c.id).where(_OF, broadcasts.c.ended_at < sa.bindparam("before"))
    ),
)
