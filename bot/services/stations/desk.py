"""What one person can do with stations, for the length of one turn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from bot.home import SHANGHAI
from bot.services.people import Person
from bot.services.stations.board import StationBoard
from bot.services.stations.geo import in_china, metres_between, wgs84_from_gcj02
from bot.services.stations.model import Found, Point, Query, Station
from bot.services.stations.search import Asked
from bot.services.whereabouts import Whereabouts
from bot.store.tables import favourites, station_flags
from bot.store.work import Work

# Flags a person can raise; what they mean stands in the catalogs.
# Kinds of places that are a district, as content/places.csv names them.
DISTRICT_KINDS = ("district", "county")
FLAGS = ("closed", "moved", "broken", "other")
# What people do on an e-bike, among people.WORK_KINDS.
RIDING = ("rider", "courier")
# Of how many of the nearest it is asked whether most are closed, and among how many open ones are looked for.
FIRST = 5
NEARBY = 20


@dataclass(frozen=True, slots=True)
class Listed:
    """Stations in the order in which they are shown; `is_apart` where the open ones stand before the rest."""

    found: list[Found]
    is_apart: bool = False


class StationDesk:
    """Finds stations for a person, keeps their favourites and what they report."""

    def __init__(self, board: StationBoard, whereabouts: Whereabouts, work: Work, person: Person) -> None:
        self.index = board.index
        self.catalogue = board.catalogue
        self._whereabouts = whereabouts
        self._work = work
        self._person = person

    @property
    def now(self) -> datetime:
        """The moment of this turn, in the stations' time zone."""
        return self._work.now.astimezone(SHANGHAI)

    @property
    def today(self) -> date:
        """The day of this turn, in the stations' time zone."""
        return self.now.date()

    @property
    def rides(self) -> bool:
        """Whether the person said that they ride."""
        return self._person.work_kind in RIDING

    # -- Where the person is ----------------------------------------------------

    def remember(self, point: Point) -> None:
        """Know for some minutes where the person is. Kept in memory only."""
        self._whereabouts.remember(self._work.bot, self._person.id, point, self._work.now)

    def forget_place(self) -> None:
        """Know no more where the person is."""
        self._whereabouts.forget(self._work.bot, self._person.id)

    def whereabouts(self, *, shifted: bool = False) -> Point | None:
        """Where the person is, or None when that was forgotten.

        With `shifted` their app is taken to have sent GCJ-02 coordinates, as Chinese map apps do.
        """
        point = self._whereabouts.recall(self._work.bot, self._person.id, self._work.now)
        return wgs84_from_gcj02(point) if point and shifted else point

    def seems_shifted(self) -> bool:
        """Whether the shared place fits GCJ-02 clearly better: then a station is twice as near as it
        looks."""
        point = self.whereabouts()
        if point is None or not in_china(point):
            return False
        as_given = self.index.nearest_metres(point, self._work.now)
        as_shifted = self.index.nearest_metres(wgs84_from_gcj02(point), self._work.now)
        return as_given is not None and as_shifted is not None and 2 * as_shifted < as_given

    # -- Finding ------------------------------------------------------------------

    def read(self, text: str, *, surely: bool = False) -> Asked:
        """What a typed line asks for; `surely` where it is known to be a search."""
        return self.index.read(text, surely=surely)

    def near(self, point: Point, query: Query, limit: int, offset: int = 0) -> list[Found]:
        """The nearest stations that fit, nearest first."""
        return self.index.near(point, query, self._work.now, limit, offset)

    def listed(self, point: Point, query: Query, limit: int, offset: int = 0) -> Listed:
        """The stations that fit, nearest first; where most are closed, as at night, open ones come first."""
        found = self.near(point, query, max(FIRST, offset + limit))
        first = found[:FIRST]
        if 2 * sum(one.opening.open is False for one in first) <= len(first):
            return Listed(found[offset : offset + limit])
        found = self.near(point, query, max(NEARBY, offset + limit))
        nearby = sorted(found[:NEARBY], key=lambda one: not one.opening.open)
        return Listed([*nearby, *found[NEARBY:]][offset : offset + limit], is_apart=True)

    def opens_next(self, point: Point, query: Query) -> Found | None:
        """The station that fits and opens next."""
        return self.index.opens_next(point, query, self._work.now)

    def get(self, station: str) -> Station | None:
        """A station by its id, also one that is no longer there."""
        return self.index.get(station)

    def districts(self, near: Point | None = None) -> list[str]:
        """Districts by name, the nearest first to where the person is, or else to where they look."""
        seats = [place for place in self.index.places if place.kind in DISTRICT_KINDS]
        here = self.whereabouts() or near
        if here is not None:
            seats.sort(key=lambda place: metres_between(here, place.point))
        return list(dict.fromkeys(place.name for place in seats))

    def district_named(self, name: str) -> str | None:
        """The district that is called so, None if none is."""
        return name if name in self.districts() else None

    # -- Favourites ------------------------------------------------------------------

    async def favourites(self) -> list[Station]:
        """The person's favourites, the latest first."""
        rows = await self._work.fetch(_FAVOURITES, self._whose())
        found = (self.index.get(row.station) for row in rows)
        return [station for station in found if station is not None]

    async def is_favourite(self, station: str) -> bool:
        """Whether it is one of the person's favourites."""
        return await self._work.first(_IS_FAVOURITE, {**self._whose(), "station_id": station}) is not None

    async def set_favourite(self, station: str, wanted: bool) -> None:
        """Make it a favourite, or none any more."""
        if not wanted:
            await self._work.execute(_UNFAVOUR, {**self._whose(), "station_id": station})
            return
        values = {"bot": self._work.bot, "person": self._person.id, "station": station}
        await self._work.execute(_FAVOUR[self._work.dialect], {**values, "made_at": self._work.now})

    # -- Reports ----------------------------------------------------------------------

    async def flag(self, station: str, kind: str, note: str, photo: str | None) -> bool:
        """Tell organizers that something is wrong; False if the person told the same before.

        What they say now is then added to what they said.
        """
        values = {
            "bot": self._work.bot,
            "station": station,
            "person": self._person.id,
            "kind": kind,
            "note": note,
            "photo": photo,
            "made_at": self._work.now,
        }
        if await self._work.write(_FLAG[self._work.dialect], values):
            return True
        if note or photo:
            await self._add_to_flag(station, kind, note, photo)
        return False

    async def _add_to_flag(self, station: str, kind: str, note: str, photo: str | None) -> None:
        which = {**self._whose(), "where": station, "what": kind}
        told = await self._work.first(_TOLD, which)
        # A sealed note cannot be lengthened in the database.
        if told is not None:
            values = {"new_note": f"{told.note}\n{note}", "new_photo": photo}
            await self._work.execute(_ADD_TO_FLAG, which | values)

    async def open_flags(self, station: str) -> list[str]:
        """What somebody told about a station and nobody has settled yet, in the order of FLAGS."""
        rows = await self._work.fetch(_OPEN_FLAGS, {"whose_bot": self._work.bot, "where": station})
        told = {row.kind for row in rows}
        return [kind for kind in FLAGS if kind in told]

    def _whose(self) -> dict[str, int]:
        return {"whose_bot": self._work.bot, "whose": self._person.id}


_MINE = sa.and_(favourites.c.bot == sa.bindparam("whose_bot"), favourites.c.person == sa.bindparam("whose"))
_THIS = sa.and_(_MINE, favourites.c.station == sa.bindparam("station_id"))
_FAVOURITES = sa.select(favourites.c.station).where(_MINE).order_by(favourites.c.made_at.desc())
_IS_FAVOURITE = sa.select(favourites.c.station).where(_THIS)
_UNFAVOUR = sa.delete(favourites).where(_THIS)


def _favour(insert: Any) -> Any:
    return insert(favourites).on_conflict_do_nothing()


def _flag(insert: Any) -> Any:
    return insert(station_flags).on_conflict_do_nothing().returning(station_flags.c.id)


_OPEN_FLAGS = (
    sa.select(station_flags.c.kind)
    .distinct()
    .where(
        station_flags.c.bot == sa.bindparam("whose_bot"),
        station_flags.c.station == sa.bindparam("where"),
        station_flags.c.settled_at.is_(None),
    )
)
_MY_FLAG = sa.and_(
    station_flags.c.bot == sa.bindparam("whose_bot"),
    station_flags.c.person == sa.bindparam("whose"),
    station_flags.c.station == sa.bindparam("where"),
    station_flags.c.kind == sa.bindparam("what"),
    station_flags.c.settled_at.is_(None),
)
_TOLD = sa.select(station_flags.c.note).where(_MY_FLAG).with_for_update()
_ADD_TO_FLAG = (
    sa.update(station_flags)
    .where(_MY_FLAG)
    .values(
        note=sa.bindparam("new_note"),
        photo=sa.func.coalesce(sa.bindparam("new_photo", type_=sa.Text), station_flags.c.photo),
    )
)
_FAVOUR = {"sqlite": _favour(sqlite.insert), "postgresql": _favour(postgresql.insert)}
_FLAG = {"sqlite": _flag(sqlite.insert), "postgresql": _flag(postgresql.insert)}
