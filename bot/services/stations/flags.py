"""What people report of stations, for those who look after them: see what waits, and settle it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from bot.services import audit
from bot.services.appeals import desks
from bot.services.appeals.kinds import Rulebook
from bot.services.happenings import Happening, happened
from bot.services.notices import Recipient, recipient
from bot.services.people import Person
from bot.services.points import ledger
from bot.services.points.earning import CORRECTION
from bot.services.points.rules import PointBook
from bot.services.refusals import NotThere
from bot.services.roles.rules import Action, may, reach
from bot.services.stations.board import StationBoard
from bot.services.stations.model import Station
from bot.store.tables import station_flags
from bot.store.work import Work

MOST_LISTED: Final = 50


@dataclass(frozen=True, slots=True)
class Flagged:
    """What people say is wrong with a station: how many, since when, their words and their latest photo."""

    station: str
    kind: str
    people: int
    since: datetime
    notes: tuple[str, ...] = ()
    photo: str | None = None


@dataclass(frozen=True, slots=True)
class Thanked:
    """Somebody who was right, and the points that it brings them."""

    to: Recipient
    points: int


class FlagDesk:
    """What is reported of stations, for one person who looks after some."""

    def __init__(
        self, work: Work, person: Person, board: StationBoard, rules: Rulebook, points: PointBook
    ) -> None:
        self._work = work
        self._person = person
        self._board = board
        self._rules = rules
        self._points = points

    async def settles(self) -> bool:
        """Whether the person looks after any station."""
        return bool(await reach(self._work, self._person.id, Action.SETTLE_FLAGS))

    async def may_settle(self, station: str) -> bool:
        """Whether the person looks after this one."""
        return await may(self._work, self._person.id, Action.SETTLE_FLAGS, self._branch_of(station))

    def station(self, name: str) -> Station | None:
        """A station by its id."""
        return self._board.index.get(name)

    async def waiting(self, station: str | None = None) -> list[Flagged]:
        """What waits at the person's stations, or at one of them: what most people say comes first."""
        if not await self.settles():
            return []
        rows = await self._work.fetch(_WAITING, {"of": self._work.bot})
        theirs = [
            row for row in rows if station in (None, row.station) and await self.may_settle(row.station)
        ]
        return [Flagged(row.station, row.kind, row.people, row.since) for row in theirs[:MOST_LISTED]]

    async def get(self, station: str, kind: str) -> Flagged:
        """One of them, with what was written. Raises NotThere."""
        rows = await self._work.fetch(_ONE, {"of": self._work.bot, "where": station, "what": kind})
        if not rows or not await self.may_settle(station):
            raise NotThere
        photos = [row.photo for row in rows if row.photo]
        notes = tuple(row.note.strip() for row in rows if row.note.strip())
        return Flagged(station, kind, len(rows), rows[0].made_at, notes, photos[-1] if photos else None)

    async def settle(self, station: str, kind: str, *, right: bool) -> list[Thanked]:
        """It was right and is put right, or it was not so; gives who is to be thanked. Raises NotThere."""
        if not await self.may_settle(station):
            raise NotThere
        params = {"of": self._work.bot, "where": station, "what": kind, "now": self._work.now}
        rows = await self._work.write(_SETTLE, params)
        if not rows:
            raise NotThere
        flags: list[Any] = sorted(row.id for row in rows)
        await audit.record(self._work, "flag.settled", self._person.id, flags=flags, right=right)
        return [await self._thank(row.id, row.person) for row in rows] if right else []

    async def overseers(self, station: str) -> list[Recipient]:
        """Who looks after a station and is told of what is new."""
        return await desks.overseers(self._work, self._branch_of(station))

    async def _thank(self, flag: int, person: int) -> Thanked:
        about = f"flag:{flag}"
        earning = self._points.earnings.get(CORRECTION)
        points = await ledger.worth(self._work, person, earning, about) if earning else 0
        await happened(self._work, Happening("corrected", person, about, self._work.now))
        to = await recipient(self._work, person)
        assert to is not None  # noqa: S101 - their flags go when they go
        return Thanked(to, points)

    def _branch_of(self, station: str) -> str:
        return desks.of_station(self._rules, self.station(station))


async def open_flags(work: Work) -> Sequence[Any]:
    """All rows of `station_flags` that wait, the oldest first, for the operator."""
    return await work.fetch(_OPEN, {"of": work.bot})


_WAITS: Final = sa.and_(
    station_flags.c.bot == sa.bindparam("of"),
    station_flags.c.settled_at.is_(None),
)
_WHICH: Final = sa.and_(
    _WAITS, station_flags.c.station == sa.bindparam("where"), station_flags.c.kind == sa.bindparam("what")
)
_WAITING: Final = (
    sa.select(
        station_flags.c.station,
        station_flags.c.kind,
        sa.func.count().label("people"),
        sa.func.min(station_flags.c.made_at).label("since"),
    )
    .where(_WAITS)
    .group_by(station_flags.c.station, station_flags.c.kind)
    .order_by(sa.func.count().desc(), sa.func.min(station_flags.c.made_at), station_flags.c.station)
)
# Who told is not among the columns.
_OPEN: Final = (
    sa.select(
        station_flags.c.station,
        station_flags.c.kind,
        station_flags.c.note,
        station_flags.c.made_at,
    )
    .where(_WAITS)
    .order_by(station_flags.c.made_at)
)
_ONE: Final = (
    sa.select(station_flags.c.note, station_flags.c.photo, station_flags.c.made_at)
    .where(_WHICH)
    .order_by(station_flags.c.made_at, station_flags.c.id)
)
_SETTLE: Final = (
    sa.update(station_flags)
    .where(_WHICH)
    .values(settled_at=sa.bindparam("now"))
    .returning(station_flags.c.id, station_flags.c.person)
)
