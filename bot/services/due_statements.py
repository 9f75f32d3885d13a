"""The statements of `bot.services.due`, made once."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from bot.store.tables import due

WAITING = "waiting"
CANCELLED = "cancelled"
DEAD = "dead"

_OF_BOT = due.c.bot == sa.bindparam("of")
_IS_WAITING = due.c.state == sa.literal_column(f"'{WAITING}'")  # as the partial indexes word it
_ONE = sa.and_(_OF_BOT, due.c.id == sa.bindparam("row"), _IS_WAITING)
_MINE = sa.and_(due.c.leased_by == sa.bindparam("owner"), _IS_WAITING)
_THESE = due.c.id.in_(sa.bindparam("ids", expanding=True))
_OF_KINDS = due.c.kind.in_(sa.bindparam("kinds", expanding=True))
_FREE: dict[str, Any] = {"leased_by": None, "leased_until": None}

_COLUMNS = (
    due.c.id,
    due.c.kind,
    due.c.name,
    due.c.what,
    due.c.whose,
    due.c.at,
    due.c.zone,
    due.c.rule,
    due.c.starts,
    due.c.occurrence,
    due.c.not_before,
    due.c.state,
    due.c.leased_by,
    due.c.attempts,
    due.c.error,
)

# SQLite numbers the rows of one INSERT in their order; asked for that order, SQLAlchemy would insert them
# there one by one, at four times the cost.
PLAN = {
    "sqlite": sa.insert(due).returning(due.c.id),
    "postgresql": sa.insert(due).returning(due.c.id, sort_by_parameter_order=True),
}


def _plan_once(insert: Any) -> Any:
    names = [due.c.bot, due.c.kind, due.c.name]
    return (
        insert(due).on_conflict_do_nothing(index_elements=names, index_where=_IS_WAITING).returning(due.c.id)
    )


PLAN_ONCE = {"sqlite": _plan_once(sqlite.insert), "postgresql": _plan_once(postgresql.insert)}
NAMED = sa.select(due.c.id).where(
    _OF_BOT, due.c.kind == sa.bindparam("the_kind"), due.c.name == sa.bindparam("the_name"), _IS_WAITING
)

MOVE = (
    sa.update(due)
    .where(_ONE)
    .values(at=sa.bindparam("to"), not_before=sa.bindparam("to"), attempts=0, error=None, **_FREE)
)
MOVE_ONLY = MOVE.where(due.c.at == sa.bindparam("seen"))

_CANCELLED: dict[str, Any] = {
    "state": CANCELLED,
    "what": sa.null(),
    "settled_at": sa.bindparam("now"),
    **_FREE,
}
CANCEL = sa.update(due).where(_ONE).values(**_CANCELLED)
CANCEL_ALL = (
    sa.update(due).where(_OF_BOT, due.c.whose == sa.bindparam("the_whose"), _IS_WAITING).values(**_CANCELLED)
)
CANCEL_KIND = CANCEL_ALL.where(due.c.kind == sa.bindparam("the_kind"))

COMING = (
    sa.select(*_COLUMNS)
    .where(_OF_BOT, _IS_WAITING)
    .order_by(due.c.not_before, due.c.id)
    .limit(sa.bindparam("limit"))
)
COMING_TO = COMING.where(due.c.whose == sa.bindparam("the_whose"))
DEAD_ONES = (
    sa.select(*_COLUMNS)
    .where(_OF_BOT, due.c.state == DEAD)
    .order_by(due.c.settled_at.desc(), due.c.id.desc())
    .limit(sa.bindparam("limit"))
)

_PICKED = (
    sa.select(due.c.id)
    .where(
        _OF_BOT,
        _IS_WAITING,
        _OF_KINDS,
        due.c.not_before <= sa.bindparam("now"),
        sa.or_(
            due.c.leased_until.is_(None),
            due.c.leased_until <= sa.bindparam("now"),
            due.c.leased_by == sa.bindparam("owner"),
        ),
    )
    .order_by(due.c.not_before, due.c.id)
    .limit(sa.bindparam("limit"))
    .with_for_update(skip_locked=True)  # SQLite has one writer and leaves this out
    .cte("picked")
)
CLAIM = (
    sa.update(due)
    .where(due.c.id.in_(sa.select(_PICKED.c.id)))
    .values(leased_by=sa.bindparam("owner"), leased_until=sa.bindparam("until"))
    .returning(due.c.id, due.c.kind, due.c.not_before)
)

HOLD = (
    sa.select(*_COLUMNS)
    .where(_THESE, _MINE, due.c.not_before <= sa.bindparam("now"))
    .order_by(due.c.not_before, due.c.id)
    # Who waited here for a lock, with other rows in hand, could wait for somebody who waits for those.
    .with_for_update(skip_locked=True)
)

SETTLE = (
    sa.update(due)
    .where(_THESE, _MINE)
    .values(state=sa.bindparam("to"), settled_at=sa.bindparam("now"), what=sa.null(), **_FREE)
)
AGAIN = (
    sa.update(due)
    .where(due.c.id == sa.bindparam("row"), _MINE)
    .values(
        at=sa.bindparam("next"),
        occurrence=sa.bindparam("next"),
        not_before=sa.bindparam("next"),
        attempts=0,
        error=None,
        **_FREE,
    )
)

_FAILED: dict[str, Any] = {"attempts": sa.bindparam("tries"), "error": sa.bindparam("reason"), **_FREE}
POSTPONE = (
    sa.update(due)
    .where(due.c.id == sa.bindparam("row"), _MINE)
    .values(not_before=sa.bindparam("later"), **_FAILED)
)
BURY = (
    sa.update(due)
    .where(due.c.id == sa.bindparam("row"), _MINE)
    .values(state=DEAD, settled_at=sa.bindparam("now"), **_FAILED)
)
_COPIED = (
    due.c.bot,
    due.c.kind,
    due.c.what,
    due.c.whose,
    due.c.at,
    due.c.zone,
    due.c.occurrence,
    due.c.not_before,
    due.c.made_at,
)
BURY_OCCURRENCE = sa.insert(due).from_select(
    [*(column.name for column in _COPIED), "state", "attempts", "error", "settled_at"],
    sa.select(
        *_COPIED,
        sa.literal(DEAD),
        sa.bindparam("tries", type_=sa.Integer),
        sa.bindparam("reason", type_=sa.Text),
        sa.bindparam("now", type_=due.c.settled_at.type),
    ).where(due.c.id == sa.bindparam("row"), _MINE),
    include_defaults=False,
)

# Leases of rows that somebody is changing right now need no renewal, and nobody should wait for them.
_UNLOCKED = sa.select(due.c.id).where(_THESE, _MINE).with_for_update(skip_locked=True).cte("unlocked")
RENEW = (
    sa.update(due)
    .where(due.c.id.in_(sa.select(_UNLOCKED.c.id)))
    .values(leased_until=sa.bindparam("until"))
    .returning(due.c.id)
)
RELEASE = sa.update(due).where(due.c.id.in_(sa.select(_UNLOCKED.c.id))).values(**_FREE)

RECOVER_ALL = (
    sa.update(due).where(_OF_BOT, _IS_WAITING, due.c.leased_until < sa.bindparam("ends")).values(**_FREE)
)
RECOVER_OWN = RECOVER_ALL.where(due.c.leased_by == sa.bindparam("owner"))

NEXT_AT = (
    sa.select(due.c.not_before)
    .where(_OF_BOT, _IS_WAITING, _OF_KINDS, due.c.not_before > sa.bindparam("now"))
    .order_by(due.c.not_before)
    .limit(1)
)

PRUNE = sa.delete(due).where(_OF_BOT, due.c.settled_at < sa.bindparam("before"))
