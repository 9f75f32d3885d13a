"""The statements of `bot.services.letters`, made once."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from bot.services.outbox_statements import (
    CANCELLED,
    CLAIMED,
    IN_HAND,
    IS_FREE,
    SENDING,
    WAITING,
    claims,
)
from bot.store.tables import broadcast_runs, letters, outbox

PAUSED = "paused"
RUNNING = "running"
OVER = "over"

_OF_BROADCAST = sa.and_(outbox.c.bot == sa.bindparam("of"), outbox.c.broadcast == sa.bindparam("its"))
_IN_STATES = outbox.c.state.in_(sa.bindparam("states", expanding=True))

WRITE = sa.insert(letters).returning(letters.c.id)
BODIES = sa.select(letters.c.id, letters.c.body).where(
    letters.c.bot == sa.bindparam("of"), letters.c.id.in_(sa.bindparam("numbers", expanding=True))
)


def _fill(insert: Any) -> Any:
    return insert(outbox).on_conflict_do_nothing()


def _open(insert: Any) -> Any:
    return insert(broadcast_runs).on_conflict_do_nothing()


def _to_state(insert: Any) -> Any:
    made = insert(broadcast_runs)
    new = {"state": made.excluded.state, "changed_at": made.excluded.changed_at}
    # Who taps "resume" a moment after somebody else's "cancel" comes too late.
    may = sa.or_(broadcast_runs.c.state != CANCELLED, made.excluded.state == OVER)
    return made.on_conflict_do_update(index_elements=["bot", "broadcast"], set_=new, where=may)


_INSERTS = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
FILL = {name: _fill(insert) for name, insert in _INSERTS.items()}
OPEN = {name: _open(insert) for name, insert in _INSERTS.items()}
SET = {name: _to_state(insert) for name, insert in _INSERTS.items()}

_RUN = sa.and_(broadcast_runs.c.bot == sa.bindparam("of"), broadcast_runs.c.broadcast == sa.bindparam("its"))
PAUSE = (
    sa.update(broadcast_runs)
    .where(_RUN, broadcast_runs.c.state == RUNNING)
    .values(state=PAUSED, changed_at=sa.bindparam("now"))
)
STATE = sa.select(broadcast_runs.c.state).where(_RUN)
OPEN_RUNS = (
    sa.select(broadcast_runs.c.broadcast, broadcast_runs.c.state)
    .where(
        broadcast_runs.c.bot == sa.bindparam("of"),
        broadcast_runs.c.state != sa.literal_column(f"'{OVER}'"),  # as the partial index words it
    )
    .order_by(broadcast_runs.c.broadcast)
)

RETRY = (
    sa.update(outbox)
    .where(_OF_BROADCAST, _IN_STATES)
    .values(
        state=WAITING,
        not_before=sa.bindparam("now"),
        attempts=0,
        error=None,
        message_id=None,
        settled_at=None,
    )
)

_IS_WAITING = outbox.c.state == WAITING
_READY = (
    sa.select(outbox.c.id)
    .where(_OF_BROADCAST, _IS_WAITING, outbox.c.not_before <= sa.bindparam("now"), IS_FREE)
    .order_by(outbox.c.not_before, outbox.c.id)
    .limit(sa.bindparam("limit"))
)
CLAIM = claims(_READY, (*CLAIMED, outbox.c.letter, outbox.c.blanks, outbox.c.broadcast))

_RUNNING = sa.select(broadcast_runs.c.broadcast).where(
    broadcast_runs.c.bot == sa.bindparam("of"), broadcast_runs.c.state == RUNNING
)
LEAVE = (
    sa.update(outbox)
    .where(
        outbox.c.id.in_(sa.bindparam("ids", expanding=True)),
        outbox.c.leased_by == sa.bindparam("owner"),
        outbox.c.broadcast.in_(_RUNNING),
        IN_HAND,
    )
    .values(state=SENDING)
    .returning(outbox.c.id)
)

_CLEARED = (
    sa.select(outbox.c.id)
    .where(_OF_BROADCAST, _IS_WAITING)
    .limit(sa.bindparam("limit"))
    .with_for_update(skip_locked=True)
    .cte("cleared")
)
CLEAR = (
    sa.update(outbox)
    .where(outbox.c.id.in_(sa.select(_CLEARED.c.id)))
    .values(state=CANCELLED, settled_at=sa.bindparam("now"))
)

COUNTS = (
    sa.select(outbox.c.state, sa.func.count().label("number")).where(_OF_BROADCAST).group_by(outbox.c.state)
)

RESULTS = (
    sa.select(
        outbox.c.id,
        outbox.c.chat,
        outbox.c.letter,
        outbox.c.state,
        outbox.c.error,
        outbox.c.message_id,
        outbox.c.settled_at,
    )
    .where(_OF_BROADCAST, outbox.c.id > sa.bindparam("after"))
    .order_by(outbox.c.id)
    .limit(sa.bindparam("limit"))
)
RESULTS_IN = RESULTS.where(_IN_STATES)

_IS_GONE = sa.and_(
    broadcast_runs.c.bot == sa.bindparam("of"),
    broadcast_runs.c.state == OVER,
    ~sa.exists().where(
        outbox.c.bot == broadcast_runs.c.bot, outbox.c.broadcast == broadcast_runs.c.broadcast
    ),
)
PRUNE_LETTERS = sa.delete(letters).where(
    letters.c.bot == sa.bindparam("of"),
    letters.c.broadcast.in_(sa.select(broadcast_runs.c.broadcast).where(_IS_GONE)),
)
PRUNE_RUNS = sa.delete(broadcast_runs).where(_IS_GONE)
