"""The statements of `bot.services.outbox`, made once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from bot.services.privacy.consents import REMINDERS, refused
from bot.store.tables import broadcast_runs, chats, outbox, paces, people

WAITING = "waiting"
SENDING = "sending"
DEAD = "dead"
UNCERTAIN = "uncertain"
CANCELLED = "cancelled"

_OF_BOT = outbox.c.bot == sa.bindparam("of")
# As the partial indexes word it.
IS_WAITING = outbox.c.state == sa.literal_column(f"'{WAITING}'")
IS_ORDINARY = sa.and_(IS_WAITING, outbox.c.broadcast.is_(None))
_OPEN_RUNS = sa.select(broadcast_runs.c.broadcast).where(
    broadcast_runs.c.bot == sa.bindparam("of"), broadcast_runs.c.state != sa.literal_column("'over'")
)
_IS_SENDING = sa.and_(outbox.c.broadcast.in_(_OPEN_RUNS), outbox.c.state == SENDING)
# Not `in_`: what expands cannot be carried out for many rows at once.
IN_HAND = sa.or_(outbox.c.state == WAITING, outbox.c.state == SENDING)
FREE: dict[str, Any] = {"leased_by": None, "leased_until": None}

# SQLite numbers the rows of one INSERT in their order; asked for that order, SQLAlchemy would insert them
# there one by one, at four times the cost.
PUT = {
    "sqlite": sa.insert(outbox).returning(outbox.c.id),
    "postgresql": sa.insert(outbox).returning(outbox.c.id, sort_by_parameter_order=True),
}

CLAIMED = (
    outbox.c.id,
    outbox.c.bot,
    outbox.c.chat,
    outbox.c.thread,
    outbox.c.priority,
    outbox.c.body,
    outbox.c.target,
    outbox.c.update_id,
    outbox.c.attempts,
    outbox.c.made_at,
)
_NOW = sa.bindparam("now", type_=outbox.c.not_before.type)
_ELSEWHERE = sa.exists().where(
    paces.c.bot == outbox.c.bot,
    paces.c.chat == outbox.c.chat,
    paces.c.held_by != sa.bindparam("owner"),
    paces.c.held_until > sa.bindparam("seconds", type_=sa.Float),
)


IS_FREE = sa.or_(outbox.c.leased_until.is_(None), outbox.c.leased_until <= _NOW)


def claims(ready: sa.Select[Any], columns: Sequence[sa.Column[Any]]) -> dict[bool, sa.Executable]:
    """Two statements that lease ready rows: for a speaker alone, and for one that shares the bot with others.

    The second leaves out chats in which another speaker has the turn, to the best of its knowledge: only
    taking the turn tells for sure.
    """
    return {False: _claiming(ready, columns), True: _claiming(ready.where(~_ELSEWHERE), columns)}


def _claiming(ready: sa.Select[Any], columns: Sequence[sa.Column[Any]]) -> sa.Executable:
    # SQLite has one writer and leaves the lock out.
    picked = ready.with_for_update(skip_locked=True, of=outbox).cte("picked")
    lease: dict[str, Any] = {"leased_by": sa.bindparam("owner"), "leased_until": sa.bindparam("until")}
    claim = sa.update(outbox).where(outbox.c.id.in_(sa.select(picked.c.id))).values(**lease)
    return claim.returning(*columns)


_READY = (
    sa.select(outbox.c.id)
    .where(_OF_BOT, IS_ORDINARY, outbox.c.not_before <= _NOW, IS_FREE)
    .order_by(outbox.c.priority, outbox.c.id)
    .limit(sa.bindparam("limit"))
)
CLAIM = claims(_READY, CLAIMED)
LEFT_BEHIND = sa.select(outbox.c.id, outbox.c.chat, outbox.c.priority).where(
    _OF_BOT,
    IS_ORDINARY,
    outbox.c.not_before <= _NOW,
    outbox.c.id < sa.bindparam("newest"),
    outbox.c.chat.in_(sa.bindparam("chats", expanding=True)),
    outbox.c.leased_by.is_distinct_from(sa.bindparam("owner")),
)

MESSAGE = sa.select(outbox.c.state, outbox.c.message_id).where(_OF_BOT, outbox.c.id == sa.bindparam("row"))

DEAF = sa.select(people.c.account.label("chat"), people.c.blocked_at, people.c.silenced_at).where(
    people.c.bot == sa.bindparam("of"),
    people.c.account.in_(sa.bindparam("chats", expanding=True)),
    sa.or_(
        people.c.blocked_at.is_not(None),
        people.c.silenced_at.is_not(None),
        refused(people.c.id, people.c.bot, REMINDERS),
    ),
)
LEFT = sa.select(chats.c.chat).where(
    chats.c.bot == sa.bindparam("of"),
    chats.c.chat.in_(sa.bindparam("chats", expanding=True)),
    chats.c.left_at.is_not(None),
)

_TO = sa.bindparam("to", type_=sa.String)
SETTLE_EACH = (
    sa.update(outbox)
    .where(outbox.c.id == sa.bindparam("row"))
    .values(
        state=_TO,
        message_id=sa.bindparam("message"),
        error=sa.bindparam("reason"),
        settled_at=sa.bindparam("now"),
        body=sa.case((_TO == DEAD, outbox.c.body)),
        **FREE,
    )
)
# PostgreSQL takes a batch in one statement at a third of what it needs for one after the other.
SETTLE_TOGETHER = sa.text(
    """
    UPDATE outbox
    SET state = result.state, message_id = result.message, error = result.reason, settled_at = :now,
        body = CASE WHEN result.state = 'dead' THEN outbox.body END, leased_by = NULL, leased_until = NULL
    FROM unnest(
        CAST(:rows AS bigint[]), CAST(:states AS text[]),
        CAST(:messages AS bigint[]), CAST(:reasons AS text[])
    ) AS result (id, state, message, reason)
    WHERE outbox.id = result.id
    """
).bindparams(sa.bindparam("now", type_=outbox.c.settled_at.type))

RENEW = (
    sa.update(outbox)
    .where(
        outbox.c.id.in_(sa.bindparam("ids", expanding=True)),
        outbox.c.leased_by == sa.bindparam("owner"),
        IN_HAND,
    )
    .values(leased_until=sa.bindparam("until"))
    .returning(outbox.c.id)
)
POSTPONE = (
    sa.update(outbox)
    .where(outbox.c.id == sa.bindparam("row"), outbox.c.leased_by == sa.bindparam("owner"), IN_HAND)
    .values(
        state=WAITING,
        attempts=sa.bindparam("tries"),
        not_before=sa.bindparam("later"),
        **FREE,
    )
)

RECOVER_ALL = (
    sa.update(outbox)
    .where(
        _OF_BOT,
        IS_WAITING,
        sa.or_(outbox.c.broadcast.is_(None), outbox.c.broadcast.in_(_OPEN_RUNS)),
        outbox.c.leased_until < sa.bindparam("ends"),
    )
    .values(**FREE)
)
RECOVER_OWN = RECOVER_ALL.where(outbox.c.leased_by == sa.bindparam("owner"))

_WONDERING = (
    sa.update(outbox)
    .where(_OF_BOT, _IS_SENDING)
    .values(state=UNCERTAIN, error=sa.bindparam("why"), settled_at=sa.bindparam("now"), **FREE)
)
WONDER = _WONDERING.where(outbox.c.leased_until <= sa.bindparam("now"))
WONDER_ALL = _WONDERING.where(outbox.c.leased_until < sa.bindparam("ends"))
WONDER_OWN = WONDER_ALL.where(outbox.c.leased_by == sa.bindparam("owner"))

TALLIES = (
    sa.select(
        outbox.c.state, sa.func.count().label("number"), sa.func.min(outbox.c.not_before).label("oldest")
    )
    .where(_OF_BOT)
    .group_by(outbox.c.state)
    .order_by(outbox.c.state)
)
_IS_DEAD = outbox.c.state == sa.literal_column(f"'{DEAD}'")
DEAD_ONES = (
    sa.select(
        outbox.c.id,
        outbox.c.chat,
        outbox.c.priority,
        outbox.c.broadcast,
        outbox.c.attempts,
        outbox.c.error,
        outbox.c.settled_at,
    )
    .where(_OF_BOT, _IS_DEAD)
    .order_by(outbox.c.id.desc())
    .limit(sa.bindparam("limit"))
)
SET_BACK = (
    sa.update(outbox)
    .where(
        _OF_BOT,
        outbox.c.state == WAITING,
        outbox.c.not_before > _NOW,
        outbox.c.not_before <= sa.bindparam("before"),
    )
    .values(not_before=_NOW)
)

REVIVE = (
    sa.update(outbox)
    .where(_OF_BOT, _IS_DEAD, outbox.c.broadcast.is_(None), outbox.c.id == sa.bindparam("row"))
    .values(state=WAITING, attempts=0, error=None, settled_at=None, not_before=sa.bindparam("now"))
)

_IS_ASKED_ABOUT = sa.or_(outbox.c.broadcast.is_not(None), outbox.c.state == DEAD)
# One that was paused for weeks is reported when it is over.
_IS_OF_OPEN_RUN = sa.and_(outbox.c.broadcast.is_not(None), outbox.c.broadcast.in_(_OPEN_RUNS))
PRUNE = sa.delete(outbox).where(
    _OF_BOT,
    sa.or_(
        sa.and_(outbox.c.settled_at < sa.bindparam("before"), ~_IS_ASKED_ABOUT),
        sa.and_(outbox.c.settled_at < sa.bindparam("reported"), ~_IS_OF_OPEN_RUN),
    ),
)
