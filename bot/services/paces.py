"""Paces: how fast the bot may speak, and whose turn it is in a chat, where several speakers share one bot.

A bucket is one number, the time at which it would be empty (GCRA, ITU-T I.371), in seconds since 1970 by the
database's clock. The whole bot's stands in the row of chat 0 and is moved by whoever reserves departures.
A chat's is in the hands of one speaker at a time, with the right to send there: it takes the turn before it
sends, and ends it with what the bucket holds by then. So two speakers never send to one chat at the same
time, and what one of them sent counts for the next. A turn whose speaker died ends with its lease.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from bot.services.outbox import LEASE
from bot.store.tables import paces
from bot.store.work import Work

WHOLE_BOT = 0


async def reserve(work: Work, count: int, interval: float) -> float:
    """Reserve so many departures of the whole bot, `interval` seconds apart; gives the time of the first.

    They begin now or behind what others reserved: nothing is saved up during a pause.
    """
    values = {"of": work.bot, "now": work.now.timestamp(), "spent": count * interval}
    rows = await work.write(_RESERVE, values)
    if not rows:
        await work.execute(_MAKE[work.dialect], _pace(work, WHOLE_BOT))
        rows = await work.write(_RESERVE, values)
    return float(rows[0].empty_at) - count * interval


async def take_turns(work: Work, owner: str, chats: Collection[int]) -> dict[int, float]:
    """Take the turn in chats where nobody else has it; gives these with the time their bucket is empty.

    Whoever is about to take or end the same turns is waited for.
    """
    if not chats:
        return {}
    turn = {"held_by": owner, "held_until": _lease_ends(work)}
    rows = await work.write(_TAKE[work.dialect], [_pace(work, chat) | turn for chat in sorted(chats)])
    return {row.chat: row.empty_at for row in rows}


async def renew_turns(work: Work, owner: str, chats: Collection[int]) -> None:
    """Prolong the turns in these chats."""
    if chats:
        values = {"of": work.bot, "owner": owner, "chats": sorted(chats), "ends": _lease_ends(work)}
        await work.execute(_RENEW, values)


async def end_turns(work: Work, owner: str, empty_at: Mapping[int, float]) -> None:
    """Let others send to these chats, from what their buckets hold now."""
    turn = {"held_by": owner, "held_until": 0.0}
    values = [_pace(work, chat) | turn | {"empty_at": at} for chat, at in sorted(empty_at.items())]
    if values:
        await work.write(_END[work.dialect], values)


async def refuse(work: Work, chat: int, until: float) -> None:
    """Telegram asked to wait, in answer to a message to this chat: nobody sends there until then.

    Where another chat was refused that still has to wait, all of the bot is meant: nobody sends at all.
    """
    values = {"of": work.bot, "where": chat, "until": until, "now": work.now.timestamp()}
    await work.execute(_MAKE[work.dialect], _pace(work, chat))
    await work.execute(_REFUSE, values)
    if await work.first(_OTHERS_REFUSED, values):
        await work.execute(_MAKE[work.dialect], _pace(work, WHOLE_BOT))
        await work.execute(_REFUSE, values | {"where": WHOLE_BOT})


async def prune(work: Work) -> int:
    """Forget chats whose buckets are empty and whose turn nobody has; gives their number."""
    return await work.execute(_PRUNE, {"of": work.bot, "now": work.now.timestamp()})


def _pace(work: Work, chat: int) -> dict[str, Any]:
    return {"bot": work.bot, "chat": chat, "empty_at": 0.0}


def _lease_ends(work: Work) -> float:
    return (work.now + LEASE).timestamp()


_OF_BOT = paces.c.bot == sa.bindparam("of")
_NOW = sa.bindparam("now", type_=sa.Float)
_UNTIL = sa.bindparam("until", type_=sa.Float)


def _later(time: Any) -> Any:
    return sa.case((paces.c.empty_at > time, paces.c.empty_at), else_=time)


_RESERVE = (
    sa.update(paces)
    .where(_OF_BOT, paces.c.chat == WHOLE_BOT)
    .values(empty_at=_later(_NOW) + sa.bindparam("spent", type_=sa.Float))
    .returning(paces.c.empty_at)
)
_HERE = sa.and_(_OF_BOT, paces.c.chat == sa.bindparam("where"))
_REFUSE = sa.update(paces).where(_HERE).values(empty_at=_later(_UNTIL), refused_until=_UNTIL)
_OTHERS_REFUSED = (
    sa.select(paces.c.chat)
    .where(
        _OF_BOT,
        paces.c.chat.not_in([WHOLE_BOT, sa.bindparam("where")]),
        paces.c.refused_until > _NOW,
    )
    .limit(1)
)
_RENEW = (
    sa.update(paces)
    .where(
        _OF_BOT,
        paces.c.chat.in_(sa.bindparam("chats", expanding=True)),
        paces.c.held_by == sa.bindparam("owner"),
    )
    .values(held_until=sa.bindparam("ends", type_=sa.Float))
)
_PRUNE = sa.delete(paces).where(
    _OF_BOT,
    paces.c.empty_at < _NOW,
    sa.or_(paces.c.held_until.is_(None), paces.c.held_until < _NOW),
)


# A statement of many rows can't be told the time: a lease was over that now ends a whole one later.
_LEASE_SECONDS: sa.ColumnElement[float] = sa.literal_column(str(LEASE.total_seconds()))


def _make(insert: Any) -> Any:
    return insert(paces).on_conflict_do_nothing()


def _take(insert: Any) -> Any:
    made = insert(paces)
    is_free = sa.or_(
        paces.c.held_by.is_(None),
        paces.c.held_by == made.excluded.held_by,
        paces.c.held_until + _LEASE_SECONDS <= made.excluded.held_until,
    )
    turn = {"held_by": made.excluded.held_by, "held_until": made.excluded.held_until}
    return made.on_conflict_do_update(index_elements=["bot", "chat"], set_=turn, where=is_free).returning(
        paces.c.chat, paces.c.empty_at
    )


def _end(insert: Any) -> Any:
    made = insert(paces)
    free = {"empty_at": made.excluded.empty_at, "held_by": sa.null(), "held_until": sa.null()}
    is_mine = paces.c.held_by == made.excluded.held_by
    # For the sake of the many rows of one statement, which only a RETURNING brings about.
    return made.on_conflict_do_update(index_elements=["bot", "chat"], set_=free, where=is_mine).returning(
        paces.c.chat
    )


_INSERTS = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
_MAKE = {name: _make(insert) for name, insert in _INSERTS.items()}
_TAKE = {name: _take(insert) for name, insert in _INSERTS.items()}
_END = {name: _end(insert) for name, insert in _INSERTS.items()}
