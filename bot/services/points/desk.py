"""What one person can do with points, for the length of one turn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from bot.services.codes import Randbelow
from bot.services.people import Person
from bot.services.points import ledger, rewards
from bot.services.points.earning import LESSON, REVIEW
from bot.services.points.ledger import Move
from bot.services.points.rewards import Redeemed, Refused, Waiting
from bot.services.points.rules import PointBook
from bot.services.privacy.consents import POINTS, Consents, agreed
from bot.store.sealing import Seal
from bot.store.tables import point_entries, point_moves, point_names
from bot.store.work import Work

LONGEST_NAME: Final = 20
RANKED_OVER: Final = timedelta(days=30)
MOST_RANKED: Final = 10


@dataclass(frozen=True, slots=True)
class Ranked:
    """Somebody among the first: the name they chose, and the points they got in the last weeks."""

    called: str
    points: int
    is_me: bool


class PointDesk:
    """A person's points: how many, where from, what for; and the ranking, for those who want to be in it."""

    def __init__(self, work: Work, person: Person, book: PointBook, seal: Seal, randbelow: Randbelow) -> None:
        self._work = work
        self._person = person
        self._seal = seal
        self._randbelow = randbelow
        self._consents = Consents(work, person)
        self.book = book

    async def balance(self) -> int:
        """How many there are."""
        return await ledger.balance(self._work, self._person.id)

    async def history(self, most: int, before: int | None = None) -> Sequence[Move]:
        """Where they came from and went to, the latest first."""
        return await ledger.history(self._work, self._person.id, most, before)

    async def lesson_worth(self, lesson: str) -> int:
        """What finishing a lesson would give now; the clock gives it right after."""
        earning = self.book.earnings.get(LESSON)
        return await ledger.worth(self._work, self._person.id, earning, lesson) if earning else 0

    async def review_room(self) -> int:
        """How many points reviews can still give today."""
        earning = self.book.earnings.get(REVIEW)
        return await ledger.room(self._work, self._person.id, earning) if earning else 0

    def reviews_worth(self, reviews: int, room: int) -> int:
        """What so many reviews give where `room` points still fit into the day."""
        earning = self.book.earnings.get(REVIEW)
        return min(reviews * earning.points, room) if earning else 0

    # -- Exchanging ------------------------------------------------------------------

    async def left(self) -> dict[str, int]:
        """How many of each reward there are."""
        return {
            reward.id: await rewards.left(self._work, reward, self.book)
            for reward in self.book.rewards.values()
        }

    async def redeem(self, reward: str, station: str | None = None) -> Redeemed | Refused:
        """Exchange points for a reward, to be picked up at one of its stations, or at any."""
        wanted = self.book.rewards.get(reward)
        if wanted is None or (station is not None and station not in wanted.stations):
            return Refused.GONE
        return await rewards.redeem(
            self._work, self._person.id, wanted, self.book, self._seal, self._randbelow, station
        )

    async def waiting(self) -> list[Waiting]:
        """What waits to be picked up."""
        return await rewards.mine(self._work, self._person.id)

    # -- The ranking -------------------------------------------------------------------

    async def join_ranking(self, called: str) -> None:
        """Be shown among the first, under this name."""
        values = {
            "bot": self._work.bot,
            "person": self._person.id,
            "called": called.strip()[:LONGEST_NAME],
            "made_at": self._work.now,
        }
        await self._work.execute(_JOIN[self._work.dialect], values)
        await self._consents.decide(POINTS, True)

    async def leave_ranking(self) -> None:
        """Be shown no more; the name is forgotten."""
        mine = sa.and_(point_names.c.bot == self._work.bot, point_names.c.person == self._person.id)
        await self._work.execute(sa.delete(point_names).where(mine))
        await self._consents.decide(POINTS, False)

    async def is_ranked(self) -> bool:
        """Whether they are shown: they agreed, and chose a name."""
        mine = sa.and_(point_names.c.bot == self._work.bot, point_names.c.person == self._person.id)
        has_name = await self._work.first(sa.select(point_names.c.person).where(mine)) is not None
        return has_name and await self._consents.allows(POINTS)

    async def ranking(self) -> list[Ranked]:
        """Those who got most in the last weeks, of those who want to be shown."""
        params = {"of": self._work.bot, "since": self._work.now - RANKED_OVER, "most": MOST_RANKED}
        return [
            Ranked(row.called, int(row.points), row.person == self._person.id)
            for row in await self._work.fetch(RANKING, params)
        ]


def _join(insert: Any) -> Any:
    new = insert(point_names)
    return new.on_conflict_do_update(index_elements=["bot", "person"], set_={"called": new.excluded.called})


_JOIN: Final = {"sqlite": _join(sqlite.insert), "postgresql": _join(postgresql.insert)}
# What was exchanged does not count against anybody.
_GOT: Final = (
    sa.select(point_entries.c.person, sa.func.sum(point_entries.c.amount).label("points"))
    .select_from(
        point_entries.join(
            point_moves,
            sa.and_(point_moves.c.bot == point_entries.c.bot, point_moves.c.id == point_entries.c.move),
        )
    )
    .where(
        point_entries.c.bot == sa.bindparam("of"),
        point_entries.c.person.is_not(None),
        point_moves.c.kind.not_in((ledger.REDEEM, ledger.RETURN)),
        point_moves.c.made_at >= sa.bindparam("since"),
    )
    .group_by(point_entries.c.person)
    .subquery()
)
RANKING: Final = (
    sa.select(point_names.c.called, _GOT.c.person, _GOT.c.points)
    .select_from(point_names.join(_GOT, _GOT.c.person == point_names.c.person))
    .where(point_names.c.bot == sa.bindparam("of"), agreed(point_names.c.person, point_names.c.bot, POINTS))
    .where(_GOT.c.points > 0)
    .order_by(_GOT.c.points.desc(), _GOT.c.person)
    .limit(sa.bindparam("most"))
)
