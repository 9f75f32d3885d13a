"""What organizers see of points where they may, and how they take back what was noted by mistake.

They see how many, not who; and of single entries only what people vouch for. What somebody learns is
recorded by itself, and nobody's business.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

import sqlalchemy as sa

from bot.services import audit
from bot.services.notices import Recipient, recipient
from bot.services.people import Person
from bot.services.points import ledger, rewards
from bot.services.points.desk import MOST_RANKED, RANKED_OVER, RANKING
from bot.services.points.ledger import Move
from bot.services.points.rules import PointBook
from bot.services.refusals import NotThere
from bot.services.roles.rules import Action, NotAllowed, Reach, reach
from bot.store.tables import (
    branch_paths,
    memberships,
    point_entries,
    point_moves,
    point_names,
    redemptions,
)
from bot.store.work import Work

VOUCHED: Final = ("volunteer_hour", "checkin", "hazard", "correction")
"""Rules whose entries somebody else saw to, and may take back."""
REASONS: Final = ("twice", "not_done", "other_person")
SUMMED_OVER: Final = timedelta(days=30)
FEWEST_TOLD: Final = 5
"""People: a smaller number may tell who."""


@dataclass(frozen=True, slots=True)
class Sum:
    """What a rule gave in the last weeks; `people` and `points` are None where so few tell who it was."""

    rule: str
    people: int | None
    points: int | None


@dataclass(frozen=True, slots=True)
class Stocked:
    """A reward: how many are left, wait to be picked up, and were given out."""

    reward: str
    left: int
    waiting: int
    handed: int


@dataclass(frozen=True, slots=True)
class TakenBack:
    """An entry that is no more, whose it was, and how many points they have now; below 0 they were spent."""

    to: Recipient
    move: Move
    reason: str
    balance: int


@dataclass(frozen=True, slots=True)
class Named:
    """A name in the ranking, and whose it is: for services, never shown."""

    person: int
    called: str


@dataclass(frozen=True, slots=True)
class Hidden:
    """A name that is in the ranking no more, and whose it was."""

    to: Recipient
    called: str


class PointMinding:
    """Points within an organizer's reach. Whoever has none gets NotAllowed."""

    def __init__(self, work: Work, person: Person, book: PointBook) -> None:
        self._work = work
        self._person = person
        self.book = book

    async def sums(self) -> list[Sum]:
        """What each rule gave within reach in the last weeks, in the order of the rules."""
        params = {"of": self._work.bot, "since": self._work.now - SUMMED_OVER}
        statement = _SUMS.where(_within(await self._reach()))
        rows = {row.kind: row for row in await self._work.fetch(statement, params)}
        return [_sum(rule, rows[rule]) for rule in self.book.earnings if rule in rows]

    async def entries(self, most: int, before: int | None = None) -> Sequence[Move]:
        """The latest entries within reach that can be taken back, or those before one."""
        params = {"of": self._work.bot, "most": most, "before_move": before or 2**62}
        rows = await self._work.fetch(_ENTRIES.where(_within(await self._reach())), params)
        return [_move(row) for row in rows]

    async def entry(self, number: int) -> Move:
        """One of them. Raises NotThere."""
        return _move(await self._row(number))

    async def take_back(self, number: int, reason: str) -> TakenBack:
        """Take an entry back; noted in the log, and told to whose it was. Raises NotThere, ValueError."""
        if reason not in REASONS:
            raise ValueError("no such reason")
        row = await self._row(number)
        if not await ledger.reverse(self._work, number, reason=reason):
            raise NotThere
        await audit.record(
            self._work, "points.taken_back", self._person.id, move=number, person=row.person, reason=reason
        )
        to = await recipient(self._work, row.person)
        assert to is not None  # noqa: S101 - `reverse` held their row
        left = await ledger.balance(self._work, row.person)
        return TakenBack(to, _move(row), reason, left)

    async def names(self) -> list[Named]:
        """Who among the first is within reach, by the names that everybody sees."""
        params = {"of": self._work.bot, "since": self._work.now - RANKED_OVER, "most": MOST_RANKED}
        statement = RANKING.where(_within(await self._reach(), point_names.c.person))
        return [Named(row.person, row.called) for row in await self._work.fetch(statement, params)]

    async def hide_name(self, person: int) -> Hidden:
        """Take a name out of the ranking; noted in the log, and told to whose it was. Raises NotThere."""
        called = next((one.called for one in await self.names() if one.person == person), None)
        to = await recipient(self._work, person)
        if called is None or to is None:
            raise NotThere
        await self._work.execute(_HIDE, {"of": self._work.bot, "whose": person})
        await audit.record(self._work, "ranking.name_hidden", self._person.id, person=person)
        return Hidden(to, called)

    async def stock(self) -> list[Stocked]:
        """Each reward; the stock is one for the whole city."""
        await self._reach()
        rows = await self._work.fetch(_REDEEMED, {"of": self._work.bot})
        counts = {(row.reward, row.state): int(row.number) for row in rows}
        return [
            Stocked(
                one.id,
                await rewards.left(self._work, one, self.book),
                counts.get((one.id, rewards.WAITING), 0),
                counts.get((one.id, rewards.HANDED), 0),
            )
            for one in self.book.rewards.values()
        ]

    async def pool_left(self) -> int:
        """What is left of the pool, in fen."""
        await self._reach()
        return await rewards.pool_left(self._work, self.book)

    async def _row(self, number: int) -> Any:
        statement = _ONE.where(_within(await self._reach()))
        row = await self._work.first(statement, {"of": self._work.bot, "which": number})
        if row is None:
            raise NotThere
        return row

    async def _reach(self) -> Reach:
        found = await reach(self._work, self._person.id, Action.MIND_POINTS)
        if not found:
            raise NotAllowed(Action.MIND_POINTS)
        return found


def _within(found: Reach, person: sa.Column[Any] = point_moves.c.person) -> sa.ColumnElement[bool]:
    """What is of people who belong below one of these branches now."""
    if found.everywhere:
        return sa.true()
    belongs = (
        sa.select(memberships.c.person)
        .join(
            branch_paths,
            sa.and_(branch_paths.c.bot == memberships.c.bot, branch_paths.c.below == memberships.c.branch),
        )
        .where(
            memberships.c.bot == person.table.c.bot,
            memberships.c.left_at.is_(None),
            branch_paths.c.above.in_(found.branches),
        )
    )
    return person.in_(belongs)


def _sum(rule: str, row: Any) -> Sum:
    if row.people < FEWEST_TOLD:
        return Sum(rule, None, None)
    return Sum(rule, int(row.people), int(row.points))


def _move(row: Any) -> Move:
    return Move(row.id, row.kind, row.subject, row.amount, row.made_at, row.reverses)


_MOVED: Final = point_moves.join(
    point_entries,
    sa.and_(
        point_entries.c.bot == point_moves.c.bot,
        point_entries.c.move == point_moves.c.id,
        point_entries.c.account == ledger.PERSON,
    ),
)
_OF_SOMEBODY: Final = sa.and_(point_moves.c.bot == sa.bindparam("of"), point_moves.c.person.is_not(None))
_LATER: Final = point_moves.alias("later")
_STANDS: Final = ~sa.exists().where(
    _LATER.c.bot == point_moves.c.bot,
    _LATER.c.person == point_moves.c.person,
    _LATER.c.reverses == point_moves.c.id,
)
_SUMS: Final = (
    sa.select(
        point_moves.c.kind,
        sa.func.count(point_moves.c.person.distinct()).label("people"),
        sa.func.sum(point_entries.c.amount).label("points"),
    )
    .select_from(_MOVED)
    .where(_OF_SOMEBODY, point_moves.c.made_at >= sa.bindparam("since"), _STANDS)
    .group_by(point_moves.c.kind)
)
_VOUCHED: Final = (
    sa.select(
        *(point_moves.c[name] for name in ("id", "person", "kind", "subject", "made_at", "reverses")),
        point_entries.c.amount,
    )
    .select_from(_MOVED)
    .where(_OF_SOMEBODY, point_moves.c.kind.in_(VOUCHED), _STANDS)
)
_ONE: Final = _VOUCHED.where(point_moves.c.id == sa.bindparam("which"))
_ENTRIES: Final = (
    _VOUCHED.where(point_moves.c.id < sa.bindparam("before_move", type_=sa.BigInteger))
    .order_by(point_moves.c.id.desc())
    .limit(sa.bindparam("most"))
)
_REDEEMED: Final = (
    sa.select(redemptions.c.reward, redemptions.c.state, sa.func.count().label("number"))
    .where(redemptions.c.bot == sa.bindparam("of"))
    .group_by(redemptions.c.reward, redemptions.c.state)
)
_HIDE: Final = sa.delete(point_names).where(
    point_names.c.bot == sa.bindparam("of"), point_names.c.person == sa.bindparam("whose")
)
