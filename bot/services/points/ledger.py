"""The ledger of points: moves whose entries add up to nothing, never changed, taken back by another move.

Whoever moves somebody's points locks the row of that person first: moves of one person come one by one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from bot.home import SHANGHAI
from bot.services import due
from bot.services.points.rules import Earning
from bot.store.tables import people, point_entries, point_moves
from bot.store.work import Work

PERSON: Final = "person"
REDEEM: Final = "redeem"
REVERSE: Final = "reverse"
RETURN: Final = "return"
LONGEST_SUBJECT: Final = 80
EARN: Final = "earn"
"""The kind of due things that give points for what somebody did."""


@dataclass(frozen=True, slots=True)
class Move:
    """A change of somebody's points: what for, and by how many. `reason` says why one was taken back."""

    id: int
    kind: str
    subject: str
    amount: int
    made_at: datetime
    reverses: int | None = None
    reason: str | None = None


async def earned(work: Work, person: int, rule: str, subject: str) -> None:
    """Somebody did what gives points, once for each subject; they come right after this transaction."""
    what = {"person": person, "rule": rule, "subject": subject}
    await due.plan(work, EARN, work.now, what, whose=f"person:{person}")


async def give(work: Work, person: int, earning: Earning, subject: str) -> int:
    """Give points; gives how many: none twice for one subject, nor more in one day than the rule allows."""
    if not await hold(work, person):
        return 0
    points = min(earning.points, await room(work, person, earning))
    if points <= 0:
        return 0
    made = await book(work, person, earning.id, subject, points, f"rule.{earning.id}")
    return points if made is not None else 0


async def room(work: Work, person: int, earning: Earning) -> int:
    """How many points of a rule still fit into somebody's day."""
    params = {"of": work.bot, "whose": person, "the_kind": earning.id, "today": _today(work)}
    had = await work.first(_GIVEN_TODAY, params)
    return max(0, earning.per_day - int(had[0] if had else 0))


async def worth(work: Work, person: int, earning: Earning, subject: str) -> int:
    """How many points something would give now: none for what gave some before."""
    params = {"of": work.bot, "whose": person, "the_kind": earning.id, "what": subject}
    if await work.first(_GIVEN_BEFORE, params) is not None:
        return 0
    return min(earning.points, await room(work, person, earning))


async def book(
    work: Work,
    person: int,
    kind: str,
    subject: str,
    points: int,
    against: str,
    reverses: int | None = None,
    reason: str | None = None,
) -> int | None:
    """Write a move of somebody's points against another account; None where it was written before."""
    move = {
        "bot": work.bot,
        "person": person,
        "kind": kind,
        "subject": subject,
        "day": _today(work),
        "reverses": reverses,
        "reason": reason,
        "made_at": work.now,
    }
    rows = await work.write(_MOVE[work.dialect], move)
    if not rows:
        return None
    number = int(rows[0].id)
    entry = {"bot": work.bot, "move": number}
    await work.execute(
        sa.insert(point_entries),
        [
            {**entry, "account": PERSON, "person": person, "amount": points},
            {**entry, "account": against, "person": None, "amount": -points},
        ],
    )
    return number


async def reverse(work: Work, move: int, kind: str = REVERSE, reason: str | None = None) -> bool:
    """Take a move back by another one of a kind; False where that was done before, or there is none."""
    row = await work.first(_ONE, {"of": work.bot, "which": move})
    if row is None or not await hold(work, row.person):
        return False
    made = await book(work, row.person, kind, str(move), -row.amount, row.other, move, reason)
    return made is not None


async def balance(work: Work, person: int) -> int:
    """How many points somebody has: the sum of all their entries."""
    row = await work.first(_BALANCE, {"of": work.bot, "whose": person})
    return int(row[0]) if row else 0


async def history(work: Work, person: int, most: int, before: int | None = None) -> Sequence[Move]:
    """Their latest moves, or those before a move."""
    rows = await work.fetch(
        _HISTORY, {"of": work.bot, "whose": person, "most": most, "before_move": before or 2**62}
    )
    return [
        Move(row.id, row.kind, row.subject, row.amount, row.made_at, row.reverses, row.reason) for row in rows
    ]


async def flaws(work: Work) -> list[str]:
    """What does not add up, each as a sentence."""
    rows = await work.fetch(_UNEVEN, {"of": work.bot})
    return [f"the entries of move {row.move} add up to {row.total}" for row in rows]


async def hold(work: Work, person: int | None) -> bool:
    """Lock somebody's row until the transaction ends; False where they are not there (any more)."""
    return person is not None and await work.first(_HOLD, {"of": work.bot, "whose": person}) is not None


def _today(work: Work) -> date:
    return work.now.astimezone(SHANGHAI).date()


def _move(insert: Any) -> Any:
    return insert(point_moves).on_conflict_do_nothing().returning(point_moves.c.id)


_MOVE: Final = {"sqlite": _move(sqlite.insert), "postgresql": _move(postgresql.insert)}
_HOLD: Final = (
    sa.select(people.c.id)
    .where(people.c.bot == sa.bindparam("of"), people.c.id == sa.bindparam("whose"))
    .with_for_update()
)
_THEIRS: Final = sa.and_(
    point_entries.c.bot == sa.bindparam("of"), point_entries.c.person == sa.bindparam("whose")
)
_MOVED: Final = point_entries.join(
    point_moves,
    sa.and_(point_moves.c.bot == point_entries.c.bot, point_moves.c.id == point_entries.c.move),
)
_SUM: Final = sa.func.coalesce(sa.func.sum(point_entries.c.amount), 0)
_BALANCE: Final = sa.select(_SUM).where(_THEIRS)
_GIVEN_TODAY: Final = (
    sa.select(_SUM)
    .select_from(_MOVED)
    .where(
        _THEIRS, point_moves.c.kind == sa.bindparam("the_kind"), point_moves.c.day == sa.bindparam("today")
    )
)
_GIVEN_BEFORE: Final = sa.select(point_moves.c.id).where(
    point_moves.c.bot == sa.bindparam("of"),
    point_moves.c.person == sa.bindparam("whose"),
    point_moves.c.kind == sa.bindparam("the_kind"),
    point_moves.c.subject == sa.bindparam("what"),
)
_HISTORY: Final = (
    sa.select(
        *(point_moves.c[name] for name in ("id", "kind", "subject", "made_at", "reverses", "reason")),
        point_entries.c.amount,
    )
    .select_from(_MOVED)
    .where(_THEIRS, point_moves.c.id < sa.bindparam("before_move", type_=sa.BigInteger))
    .order_by(point_moves.c.id.desc())
    .limit(sa.bindparam("most"))
)
_other = point_entries.alias("other")
_ONE: Final = (
    sa.select(point_entries.c.person, point_entries.c.amount, _other.c.account.label("other"))
    .select_from(
        point_entries.join(
            _other,
            sa.and_(
                _other.c.bot == point_entries.c.bot,
                _other.c.move == point_entries.c.move,
                _other.c.account != PERSON,
            ),
        )
    )
    .where(
        point_entries.c.bot == sa.bindparam("of"),
        point_entries.c.move == sa.bindparam("which"),
        point_entries.c.account == PERSON,
    )
)
_UNEVEN: Final = (
    sa.select(point_entries.c.move, sa.func.sum(point_entries.c.amount).label("total"))
    .where(point_entries.c.bot == sa.bindparam("of"))
    .group_by(point_entries.c.move)
    .having(sa.func.sum(point_entries.c.amount) != 0)
)
