"""All that is known of the stations at one moment, ready to be asked: made once, never changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.home import SHANGHAI
from bot.services.stations.catalogue import Catalogue
from bot.services.stations.hours import opening
from bot.services.stations.model import Found, Opening, Place, Point, Query, Station
from bot.services.stations.names import Match, NameIndex
from bot.services.stations.nearest import Nearest
from bot.services.stations.search import Asked, Reader

_EVERYTHING = Query()
_SEATS = {"district", "county"}  # kinds of places that stand for their whole district


class StationIndex:
    """Finds stations by place, name and what they offer. Retired ones are known by id, and found no more.

    Making one takes about 60 µs a station and may be done in a thread."""

    def __init__(
        self,
        stations: Iterable[Station],
        places: Sequence[Place],
        catalogue: Catalogue,
        zone: ZoneInfo = SHANGHAI,
    ) -> None:
        self.catalogue = catalogue
        self._zone = zone
        self._by_id = {station.id: station for station in stations}
        active = [station for station in self._by_id.values() if not station.retired]
        self.places: tuple[Place, ...] = (*places, *_districts(active, places))
        self._nearest = Nearest(active, zone)
        self._names = NameIndex(self.places, active)
        self._reader = Reader(catalogue, self._names)

    def __len__(self) -> int:
        """How many stations can be found."""
        return len(self._nearest.stations)

    def get(self, station_id: str) -> Station | None:
        """The station with this id, retired or not; None if there never was one."""
        return self._by_id.get(station_id)

    def near(self, point: Point, query: Query, now: datetime, limit: int = 5, offset: int = 0) -> list[Found]:
        """Up to `limit` stations that pass `query`, nearest to `point` first, after skipping `offset` of
        them.

        Raises ValueError where the point is not finite."""
        return self._nearest.find(point, query, now, limit, offset)

    def count(self, query: Query, now: datetime) -> int:
        """How many stations pass `query` but for the distance."""
        return self._nearest.count(query, now)

    def opens_next(self, point: Point, query: Query, now: datetime) -> Found | None:
        """Where nothing near is open: the near station that opens first, None if none does."""
        return self._nearest.opens_next(point, query, now)

    def opening(self, station: Station, now: datetime) -> Opening:
        """Whether a station is open at `now` (aware), until when, or when it opens."""
        return opening(station.opening_hours, now, self._zone)

    def nearest_metres(self, point: Point, now: datetime) -> float | None:
        """How far the nearest station of all is (metres), None where there is none: a measure of which
        datum a location fits."""
        found = self.near(point, _EVERYTHING, now, limit=1)
        return found[0].metres if found else None

    def search(self, text: str, limit: int = 5) -> list[Match]:
        """Places and stations by name, best first; see `names.clear_winner` for whether to ask."""
        return self._names.search(text, limit)

    def read(self, text: str, *, surely: bool = False) -> Asked:
        """What a courier's line asks for, and how sure that it asks for a station at all (see Reader)."""
        return self._reader.read(text, surely=surely)


def _districts(stations: Iterable[Station], places: Iterable[Place]) -> list[Place]:
    """The stations' districts that no place names, each in the middle of its stations."""
    known = {place.name for place in places}
    known |= {place.district for place in places if place.kind in _SEATS}
    points: dict[str, list[Point]] = defaultdict(list)
    for station in stations:
        if station.district and station.district not in known:
            points[station.district].append(station.point)
    return [
        Place(district, _middle(its_points), kind="district", district=district)
        for district, its_points in sorted(points.items())
    ]


def _middle(points: Sequence[Point]) -> Point:
    lat = sum(point.lat for point in points) / len(points)
    lon = sum(point.lon for point in points) / len(points)
    return Point(lat, lon)
