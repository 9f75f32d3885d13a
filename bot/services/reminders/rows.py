"""The statements about reminders, made once."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from bot.services.due import WAITING
from bot.services.reminders.model import DONE, Reminder
from bot.store.tables import due, people, reminders

_OF_BOT = reminders.c.bot == sa.bindparam("of")
_IS_KEPT = reminders.c.deleted_at.is_(None)
_ID = sa.and_(_OF_BOT, reminders.c.id == sa.bindparam("row"))
_MINE = sa.and_(_OF_BOT, reminders.c.person == sa.bindparam("whose"))
_ONE_OF_MINE = sa.and_(_MINE, _ID)

_first = due.alias("first")
_again = due.alias("again_due")


def _is_waiting(thing: Any, number: Any) -> Any:
    return sa.and_(thing.c.id == number, thing.c.state == WAITING)


_PLANNED = reminders.outerjoin(_first, _is_waiting(_first, reminders.c.due)).outerjoin(
    _again, _is_waiting(_again, reminders.c.again)
)
_READ = sa.select(reminders, _first.c.at.label("first_at"), _again.c.at.label("again_at")).select_from(
    _PLANNED
)

ADD = sa.insert(reminders).returning(reminders.c.id)
COUNT = sa.select(sa.func.count()).select_from(reminders).where(_MINE, _IS_KEPT, reminders.c.state != DONE)
LIST = _READ.where(_MINE, _IS_KEPT, reminders.c.state != DONE)
ONE = _READ.where(_ONE_OF_MINE)
HOLD = sa.select(reminders).where(_ONE_OF_MINE).with_for_update()
DUE_AT = sa.select(due.c.at).where(due.c.bot == sa.bindparam("of"), due.c.id == sa.bindparam("row"))

ANSWER = (
    sa.update(reminders)
    .where(
        _ONE_OF_MINE,
        _IS_KEPT,
        reminders.c.answered < sa.bindparam("ring"),
        reminders.c.rings >= sa.bindparam("ring"),
    )
    .values(answered=sa.bindparam("ring"))
    .returning(reminders.c.due, reminders.c.again)
)


def _change(which: Any, *columns: str) -> sa.Update:
    """Set these columns, each from the parameter `new_<column>`."""
    values = {name: sa.bindparam(f"new_{name}", type_=reminders.c[name].type) for name in columns}
    return sa.update(reminders).where(which).values(**values)


PLANNED = _change(_ONE_OF_MINE, "due", "again", "state", "settled_at")
RESCHEDULED = _change(_ONE_OF_MINE, "at", "zone", "rule", "due", "again", "state", "settled_at")
MOVED = _change(_ONE_OF_MINE, "at", "zone", "due")
REPHRASED = _change(sa.and_(_ONE_OF_MINE, _IS_KEPT), "what")
DELETED = _change(_ONE_OF_MINE, "deleted_at")
RUNG = _change(_ID, "due", "again", "state", "settled_at", "rings", "rung_for")

RINGING = (
    sa.select(
        reminders,
        people.c.account,
        people.c.language,
        people.c.blocked_at,
    )
    .select_from(reminders.join(people, people.c.id == reminders.c.person))
    .where(_ID, _IS_KEPT, reminders.c.state != DONE)
    .with_for_update(of=reminders)
)

PRUNE = sa.delete(reminders).where(
    _OF_BOT,
    sa.or_(
        reminders.c.settled_at < sa.bindparam("done_before"),
        reminders.c.deleted_at < sa.bindparam("deleted_before"),
    ),
)


def reminder_from(row: Any) -> Reminder:
    """A reminder from a row of LIST or ONE."""
    planned = [at for at in (row.first_at, row.again_at) if at is not None]
    return Reminder(
        row.id,
        row.what,
        ZoneInfo(row.zone),
        row.at,
        row.rule,
        row.state,
        row.until_done,
        row.rings,
        row.answered,
        min(planned, default=None),
    )
